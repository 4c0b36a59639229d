"""S rules on where the section stands: files with one mistake, or that only look as if they had one."""

from __future__ import annotations

import re

import pytest

from migrator import definition
from migrator.checking import CheckSettings, check
from migrator.diagnostic import Safety, Severity
from tests.rules.sections import NAMESPACE, SMTP, dataminer, in_default, in_prefix, inside
from tests.rules.tables import codes, findings, fixed, only, section

ERROR, WARNING = Severity.ERROR, Severity.WARNING
SAFE, UNSAFE = Safety.SAFE, Safety.UNSAFE
SECRET = "correct-horse-battery"


class TestMissingSection:
    @pytest.mark.parametrize(
        "text",
        [
            "<«DataMiner»/>",
            "<«DataMiner»></DataMiner>",
            '<?xml version="1.0"?>\n<!-- nothing --><«DataMiner» id="7"><DMA/></DataMiner>',
            f'<«DataMiner» xmlns="{NAMESPACE}"/>',
            f'<«d:DataMiner» xmlns:d="{NAMESPACE}"/>',
            "<«DataMiner»><!-- SMTP is on the other agent --></DataMiner>",
            "<«DataMiner»><!-- SMTP: see the other agent --></DataMiner>",
            "<«DataMiner»><!-- add <SMTP> here --></DataMiner>",
            "<«DataMiner»><!-- was <SMTP/> --></DataMiner>",
            "<«DataMiner»><!-- <SMTPS>a</SMTPS> --></DataMiner>",
            "<«DataMiner»><!-- <SMTP a='b'/> > </SMTP> --></DataMiner>",
            "<«DataMiner»><!-- <SMTP <Host></SMTP> --></DataMiner>",
            "<«DataMiner»><!-- <:SMTP></SMTP> --></DataMiner>",
            "<«DataMiner»><!-- <SMTP></:SMTP> --></DataMiner>",
            "<«DataMiner»><!-- </SMTP> <SMTP> --></DataMiner>",
            "<«DataMiner»><DMA><![CDATA[<SMTP></SMTP>]]></DMA></DataMiner>",
            "<«DataMiner»><?SMTP?></DataMiner>",
            "<«DataMiner»><SNMP/></DataMiner>",
            "<«DataMiner»><SMTPServer/></DataMiner>",
        ],
    )
    def test_hit(self, text: str) -> None:
        one = only(text, "S103")
        assert (one.severity, one.fix) == (WARNING, None)
        assert one.message == "there is no SMTP section: this agent sends no mail"

    @pytest.mark.parametrize(
        ("comment", "line"),
        [
            ("<!--<SMTP><Host>a</Host></SMTP>-->", 2),
            ("<!-- the relay is down\n<SMTP>\n  <Host>a</Host>\n</SMTP>\n-->", 3),
            ("\r\n<!-- x\r\n\r\n<SMTP>\r\n</SMTP>-->", 5),
            ("<!-- <d:SMTP>\n</d:SMTP > -->", 2),
            ("<!-- <SMTP xml:space='preserve'></SMTP> -->", 2),
            ("<!-- <SMTP ></SMTP\t> -->", 2),
            ("<!-- <a.b-c_d:SMTP></a.b-c_d:SMTP> -->", 2),
            ("<DMA><!-- x --><!--\n<SMTP></SMTP>--></DMA>", 3),
            ("<!-- <SMTP> -->\n<!-- <Host>a</Host> -->\n<!-- </SMTP> -->", 2),
            ("<!--<SMTP>-->\n<!--</SMTP>-->", 2),
            ("<!-- </SMTP> -->\n<!-- <SMTP></SMTP> -->", 3),
        ],
    )
    def test_says_where_a_comment_holds_it(self, comment: str, line: int) -> None:
        one = only(f"<«DataMiner»>\n{comment}</DataMiner>", "S103")
        assert one.message == f"the SMTP section stands in a comment (line {line}): this agent sends no mail"

    @pytest.mark.parametrize(
        ("comment", "line"),
        [
            ("# SMTP:\n#   Host: a", 2),
            ("# the relay is down\n# SMTP:\n#   Host: a", 3),
            ("#SMTP :\n#  Host : a", 2),
            ("# 'SMTP': {Host: a}", 2),
            ('# "SMTP" : {Host: a}', 2),
            ("# SMTP: # of the relay\n#   Host: a", 2),
            ("# SMTP:  \n#   Host: a", 2),
            ("# SMTP: not used on this agent", None),
            ("# SMTP: ask the NOC\n# SMTP:\n#   Host: a", 3),
            ("# was SMTP: a", None),
            ("# SMTP is on the other agent", None),
            ("# SMTPS:\n#   Host: a", None),
            ("# smtp:\n#   Host: a", None),
            ("# Host: a", None),
        ],
    )
    def test_says_where_a_comment_of_yaml_holds_it(self, comment: str, line: int | None) -> None:
        where = "there is no SMTP section"
        if line is not None:
            where = f"the SMTP section stands in a comment (line {line})"
        assert only(f"«DataMiner»:\n{comment}\n  DMA:\n    DMAName: a\n", "S103").message == (
            f"{where}: this agent sends no mail"
        )

    def test_a_comment_of_xml_holds_no_key(self) -> None:
        one = only("<«DataMiner»><!-- SMTP: --></DataMiner>", "S103")
        assert one.message == "there is no SMTP section: this agent sends no mail"

    def test_what_the_comment_holds_is_not_shown(self) -> None:
        text = f"<DataMiner><!-- <SMTP><Password>{SECRET}</Password></SMTP> --></DataMiner>"
        report = check("x.xml", text.encode(), CheckSettings(excerpts=True))
        assert [one.code for one in report.diagnostics] == ["S103"]
        assert SECRET not in repr(report)

    @pytest.mark.parametrize(
        "text",
        [
            dataminer(SMTP),
            dataminer("<SMTP/>"),
            dataminer("<!-- <SMTP></SMTP> -->", SMTP),
            SMTP,
            f"<!-- <SMTP></SMTP> -->{SMTP}",
            dataminer(f"<DMA>{SMTP}</DMA>"),  # S105
            dataminer(SMTP.replace("SMTP", "Smtp")),  # S111
            dataminer('<SMTP xmlns="urn:example:x"/>'),  # S110
            "<DMS/>",  # D005
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "S103" not in codes(text)


class TestDuplicateSection:
    @pytest.mark.parametrize(
        "text",
        [
            dataminer(SMTP, "<«SMTP»/>"),
            dataminer("<SMTP/>", SMTP.replace("<SMTP>", "<«SMTP»>")),
            dataminer(SMTP, "<DMA/>", '<«SMTP» xmlns="urn:example:x"/>'),
            in_default(dataminer(SMTP, "<«SMTP»/>")),
        ],
    )
    def test_hit(self, text: str) -> None:
        one = only(text, "S104")
        assert (one.severity, one.place, one.fix) == (ERROR, "SMTP", None)
        assert [other.message for other in one.related] == ["the first one"]
        assert "S110" not in codes(text)

    def test_each_further_one(self) -> None:
        found = findings(dataminer("<SMTP>", SMTP.removeprefix("<SMTP>"), "<SMTP/>", "<SMTP/>"))
        assert [one.code for one in found] == ["S104", "S104"]
        related = [other.span for one in found for other in one.related]
        assert [span.start.line for span in related if span is not None] == [2, 2]

    @pytest.mark.parametrize(
        "text",
        [
            dataminer(SMTP),
            dataminer(SMTP, "<!-- <SMTP/> -->"),
            dataminer(SMTP, "<Smtp/>"),  # S111
            dataminer(SMTP, "<DMA><SMTP/></DMA>"),  # S105
            dataminer("<DMA><SMTP/></DMA>", "<IP><SMTP/></IP>"),  # S105
            dataminer(inside("<SMTP/>")),  # S101
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "S104" not in codes(text)


class TestMisplacedSection:
    @pytest.mark.parametrize(
        ("text", "severity", "where"),
        [
            (dataminer("<DMA>", SMTP.replace("<SMTP>", "<«SMTP»>"), "</DMA>"), ERROR, "DMA"),
            (dataminer("<Own>", SMTP.replace("<SMTP>", "<«SMTP»>"), "</Own>"), ERROR, "another element"),
            (dataminer("<DMA><X><«SMTP»/></X></DMA>"), ERROR, "another element"),
            (dataminer(SMTP, "<DMA><«SMTP»/></DMA>"), WARNING, "DMA"),
            (dataminer("<DMA><«SMTP»/></DMA>", SMTP), WARNING, "DMA"),
            (in_default(dataminer("<DMA><«SMTP»/></DMA>")), ERROR, "DMA"),
            (in_prefix(dataminer("<DMA><«SMTP»/></DMA>")), ERROR, "DMA"),
            (dataminer('<DMA><«x:SMTP» xmlns:x="urn:example:x"/></DMA>'), ERROR, "DMA"),
        ],
    )
    def test_hit(self, text: str, severity: Severity, where: str) -> None:
        one = only(text, "S105")
        assert (one.severity, one.fix) == (severity, None)
        assert one.message == f"the SMTP section stands inside {where}, not directly under DataMiner"

    def test_its_settings_are_judged(self) -> None:
        assert codes(dataminer("<DMA>", section(HostPort="25"), "</DMA>")) == ["S105", "H211"]
        assert codes(dataminer("<DMA>", section(HostPort="25"), "</DMA>", SMTP)) == ["S105"]

    def test_each_of_two(self) -> None:
        assert codes(dataminer("<DMA>", SMTP, "</DMA><IP>", SMTP, "</IP>")) == ["S105", "S105"]
        assert codes(dataminer(SMTP, "<SMTP><DMA><SMTP/></DMA></SMTP>")) == ["S104", "S105"]
        inner = dataminer(inside("<Helo><SMTP/></Helo>"), "<DMA><SMTP/></DMA>")
        assert codes(inner) == ["S107", "S105"]

    @pytest.mark.parametrize(
        "text",
        [
            SMTP,
            dataminer(SMTP),
            in_default(dataminer(SMTP)),
            in_prefix(dataminer(SMTP)),
            dataminer("<DMA><!-- <SMTP/> --></DMA>", SMTP),
            dataminer("<DMA><Smtp/><SMTPS/></DMA>", SMTP),
            dataminer('<DMA SMTP="x"/>', SMTP),
            dataminer(SMTP, "<SMTP/>"),  # S104
            inside("<SMTP/>"),  # S101
            inside("<Timeout><SMTP/></Timeout>"),  # S101
            inside("<Helo><SMTP/></Helo>"),  # S107
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "S105" not in codes(text)


class TestForeignNamespace:
    @pytest.mark.parametrize(
        ("text", "wanted", "message"),
        [
            (
                in_default(dataminer('<«SMTP» xmlns="">', "<Host>a</Host></SMTP>")),
                in_default(dataminer("<SMTP>", "<Host>a</Host></SMTP>")),
                "SMTP is in no namespace, the root is in one",
            ),
            (
                dataminer('<«SMTP» xmlns="urn:example:x">', "<Host>a</Host></SMTP>"),
                dataminer("<SMTP>", "<Host>a</Host></SMTP>"),
                "SMTP is in another namespace than the root",
            ),
            (
                dataminer(f'<«SMTP»\n  xmlns="{NAMESPACE}" xml:lang="en"/>'),
                dataminer('<SMTP xml:lang="en"/>'),
                "SMTP is in another namespace than the root",
            ),
            (
                in_default(section().replace("<Host>", '<«Host» xmlns="">')),
                in_default(SMTP),
                "Host is in no namespace, SMTP is in one",
            ),
            (
                SMTP.replace("<Host>", '<«Host» xmlns="urn:example:x">'),
                SMTP,
                "Host is in another namespace than SMTP",
            ),
        ],
    )
    def test_one_declaration_is_removed_safely(self, text: str, wanted: str, message: str) -> None:
        one = only(text, "S110")
        assert (one.severity, one.message) == (ERROR, message)
        assert one.fix is not None
        assert one.fix.safety is SAFE
        assert fixed(text, "S110") == wanted
        assert "S110" not in codes(wanted)

    @pytest.mark.parametrize(
        "text",
        [
            dataminer('<«x:SMTP» xmlns:x="urn:example:x"/>'),
            inside('<«x:Host» xmlns:x="urn:example:x">a</x:Host>'),
            f'<d:SMTP xmlns:d="{NAMESPACE}"><«Host»>a</Host></d:SMTP>',
            f'<d:DataMiner xmlns:d="{NAMESPACE}"><«SMTP»/></d:DataMiner>',
            f'<d:DataMiner xmlns:d="{NAMESPACE}"><«SMTP» xmlns="urn:example:x"/></d:DataMiner>',
            dataminer('<«x:SMTP» xmlns:x="urn:example:x" xmlns="urn:example:y"/>'),
        ],
    )
    def test_no_fix_where_no_declaration_is_the_cause(self, text: str) -> None:
        one = only(text, "S110")
        assert (one.severity, one.fix) == (ERROR, None)

    @pytest.mark.parametrize(
        ("text", "way", "where"),
        [
            (SMTP.replace("<Host>", '<«Host» xmlns="urn:x">'), " or prefix", "no namespace"),
            (in_default(SMTP.replace("<Host>", '<«Host» xmlns="urn:x">')), " or prefix", NAMESPACE),
            (inside('<«x:Host» xmlns:x="urn:x">a</x:Host>', Host=None), " or prefix", "no namespace"),
            (
                in_default(SMTP.replace("<Host>", '<«Host» xmlns="">')),
                *(", or give it the prefix of SMTP", NAMESPACE),
            ),
            (
                f'<d:DataMiner xmlns:d="{NAMESPACE}"><«SMTP»/></d:DataMiner>',
                *(", or give it the prefix of the root", NAMESPACE),
            ),
        ],
    )
    def test_says_where_it_should_be(self, text: str, way: str, where: str) -> None:
        assert only(text, "S110").help == f"take away its xmlns declaration{way}: it should be in {where}"

    @pytest.mark.parametrize(
        ("attributes", "expected"), [("", "no namespace"), (f' xmlns="{NAMESPACE}"', NAMESPACE)]
    )
    def test_a_setting_that_is_where_the_section_should_be_is_left_there(
        self, attributes: str, expected: str
    ) -> None:
        text = '<DataMiner><x:SMTP xmlns:x="urn:example:x"><Host>a</Host></x:SMTP></DataMiner>'
        found = findings(text.replace("<DataMiner", f"<DataMiner{attributes}"))
        assert [(one.place, one.help) for one in found if one.code == "S110"] == [
            ("SMTP", f"take away its xmlns declaration or prefix: it should be in {expected}"),
            ("SMTP/Host", f"leave it there: SMTP should be in {expected}"),
        ]

    @pytest.mark.parametrize(
        "text",
        [
            '<SMTP><«Host» xmlns="urn:x">a</Host><Host>smtp.example.com</Host></SMTP>',
            '<SMTP><Host></Host><«Host» xmlns="urn:x">a</Host></SMTP>',
        ],
    )
    def test_no_fix_that_would_make_a_setting_twice(self, text: str) -> None:
        assert only(text, "S110").fix is None

    def test_a_setting_there_in_another_namespace_is_said_once(self) -> None:
        text = section(Host=None).replace(
            "</SMTP>", '<Host xmlns="urn:example:x">smtp.example.com</Host></SMTP>'
        )
        assert codes(text) == ["S110"]

    def test_a_setting_in_another_namespace_hides_nothing_about_the_one_that_is_there(self) -> None:
        text = inside('<HostPort xmlns="urn:example:x">465</HostPort>', HostPort="25")
        assert codes(text) == ["H211", "S110"]

    def test_a_whole_section_in_another_namespace_is_said_once(self) -> None:
        text = in_default(dataminer(SMTP.replace("<SMTP>", '<SMTP xmlns="">')))
        assert codes(text) == ["S110"]

    @pytest.mark.parametrize(
        "text",
        [
            SMTP,
            in_default(SMTP),
            in_prefix(SMTP),
            in_default(dataminer(SMTP)),
            in_prefix(dataminer(SMTP)),
            in_default(dataminer(SMTP.replace("<SMTP>", f'<SMTP xmlns="{NAMESPACE}">'))),
            in_default(dataminer(f'<d:SMTP xmlns:d="{NAMESPACE}"><d:Host>a</d:Host></d:SMTP>')),
            in_default(dataminer(f'<d:SMTP xmlns:d="{NAMESPACE}"><Host>a</Host></d:SMTP>')),
            dataminer(SMTP.replace("<SMTP>", '<SMTP xmlns="">')),
            SMTP.replace("<SMTP>", '<SMTP xmlns:x="urn:example:x">'),
            dataminer('<x:DMA xmlns:x="urn:example:x"/>', SMTP),
            inside('<x:Timeout xmlns:x="urn:example:x"/>'),  # S101
            dataminer('<DMA><SMTP xmlns="urn:example:x"/></DMA>'),  # S105
            dataminer(SMTP, '<SMTP xmlns="urn:example:x"/>'),  # S104
            '<DataMiner xmlns="urn:example:x"/>',  # D005
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "S110" not in codes(text)


class TestMisspelledSection:
    @pytest.mark.parametrize(
        "name", ["Smtp", "smtp", "SMPT", "STMP", "SMT", "SMTPS", "SMTP2", "MTP", "SMTTP"]
    )
    def test_hit(self, name: str) -> None:
        text = dataminer(SMTP.replace("SMTP", name).replace(f"<{name}>", f"<«{name}»>", 1))
        one = only(text, "S111")
        assert one.severity is WARNING
        assert (one.message, one.help) == (f"{name} is not read as the SMTP section", "write SMTP")
        assert one.fix is not None
        assert one.fix.safety is UNSAFE
        assert fixed(text, "S111") == dataminer(SMTP)
        assert codes(text) == ["S111"]

    @pytest.mark.parametrize(("name", "expected"), [("SPMTS", True), ("STMPS", True), ("SMAIL", False)])
    def test_two_wrong_letters_count_with_settings_inside(self, name: str, *, expected: bool) -> None:
        assert ("S111" in codes(dataminer(SMTP.replace("SMTP", name)))) == expected
        assert "S111" not in codes(dataminer(f"<{name}/>"))

    @pytest.mark.parametrize("dress", [in_default, in_prefix])
    def test_hit_in_a_namespace(self, dress: type[str]) -> None:
        text = dress(dataminer(SMTP.replace("<SMTP", "<«Smtp»").replace("</SMTP", "</Smtp")))
        assert fixed(text, "S111") == dress(dataminer(SMTP))

    def test_no_fix_where_the_section_is_there(self) -> None:
        one = only(dataminer(SMTP, "<«Smtp»/>"), "S111")
        assert (one.help, one.fix) == ("remove it: the SMTP section is there already", None)

    def test_no_fix_where_there_are_two(self) -> None:
        found = findings(dataminer("<Smtp/>", "<SMPT/>"))
        assert [(one.code, one.fix) for one in found] == [("S111", None), ("S111", None)]

    @pytest.mark.parametrize(
        "name",
        [
            *(path.split("/")[1] for path in definition.nodes() if re.fullmatch(r"\w+/\w+", path)),
            *("HTTP", "http", "FTP", "SFTP", "TFTP", "NTP", "SNTP", "SMS", "SIP", "SMPP", "IMAP", "RTP"),
            *("Snmp", "SMB", "STP"),
            *("SMTPServer", "Mail", "TCP", "X", "S"),
        ],
    )
    @pytest.mark.parametrize("content", ["", "<Host>a</Host><User>b</User>"])
    def test_near_miss_of_another_name(self, name: str, content: str) -> None:
        assert "S111" not in codes(dataminer(f"<{name}>{content}</{name}>"))

    @pytest.mark.parametrize(
        "text",
        [
            dataminer(SMTP),
            dataminer("<!-- <Smtp/> -->"),
            dataminer("<DMA><Smtp/></DMA>"),
            dataminer('<DMA Smtp="x"/>'),
            inside("<Smtp/>"),  # S101
            "<Smtp/>",  # D005
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "S111" not in codes(text)
