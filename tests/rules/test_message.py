"""M rules: rows are sections with one mistake, its place marked, or that only look as if they had one."""

from __future__ import annotations

import pytest

from migrator.diagnostic import Safety, Severity
from tests.rules.tables import codes, findings, fixed, only, section

JSON = """{{"SMTP": {{"Host": "smtp.example.com", "HostPort": "587-starttls",
  "LoginMethod": "NoLoginMethod", "From": "dma@example.com", "MaxSubjectLength": {}}}}}"""
YAML = """SMTP:
  Host: smtp.example.com
  HostPort: 587-starttls
  LoginMethod: NoLoginMethod
  From: dma@example.com
  MaxSubjectLength: {}
"""


class TestInvalidMaxSubjectLength:
    @pytest.mark.parametrize(
        ("written", "number"),
        [
            ("078", "78"),
            ("000", "0"),
            ("00", "0"),
            ("+78", "78"),
            ("+0", "0"),
            ("+078", "78"),
            (" 078 ", "78"),
            ("\uff17\uff18", "78"),
            ("0" * 61 + "255", "255"),
        ],
    )
    def test_one_reading_is_written(self, written: str, number: str) -> None:
        text = section(MaxSubjectLength=f"«{written}»")
        one = only(text, "M604")
        assert one.severity is Severity.ERROR
        assert one.fix is not None
        assert one.fix.safety is Safety.SAFE
        assert fixed(text, "M604") == section(MaxSubjectLength=number)
        assert "S109" not in codes(text)

    @pytest.mark.parametrize(
        "written",
        [
            *("-1", "-0", "- 1", "++78", "78.0", "78,5", "7 8", "1e3", "0x4E", "1_000", "78 characters"),
            *("unlimited", "\u00b2", "7" * 64 + "x", "0" * 62 + "255", "0" * 5000 + "1"),
        ],
    )
    def test_no_reading(self, written: str) -> None:
        one = only(section(MaxSubjectLength=f"«{written}»"), "M604")
        assert one.severity is Severity.ERROR
        assert one.message.endswith("is not a whole number of 0 or more")
        assert one.fix is None

    @pytest.mark.parametrize("written", ["", "  ", "\n", "<!-- 78 -->"])
    def test_empty(self, written: str) -> None:
        text = section(MaxSubjectLength=written)
        one = only(text.replace("<MaxSubjectLength>", "<«MaxSubjectLength»>", 1), "M604")
        assert (one.message, one.fix) == ("MaxSubjectLength is empty", None)
        assert codes(text) == ["M604"]

    @pytest.mark.parametrize(
        "written",
        [
            *("0", "1", "78", "255", "998", "10", "9" * 5000),
            *(" 78", "78\n"),  # S109
            *("<![CDATA[78]]>", "&#55;8", "7<!-- -->8"),
        ],
    )
    def test_near_miss(self, written: str) -> None:
        assert "M604" not in codes(section(MaxSubjectLength=written))

    def test_near_miss_missing(self) -> None:
        assert "M604" not in codes(section())

    @pytest.mark.parametrize(("written", "number"), [('"«78»"', "78"), ('"«0»"', "0"), ('"«078»"', "78")])
    @pytest.mark.parametrize("text", [JSON, YAML], ids=["JSON", "YAML"])
    def test_a_number_in_quotes_is_written_without(self, text: str, written: str, number: str) -> None:
        one = only(text.format(written), "M604")
        assert one.fix is not None
        assert one.fix.safety is Safety.SAFE
        assert fixed(text.format(written), "M604") == text.format(number)

    @pytest.mark.parametrize(("written", "found"), [("78", []), ('" 78 "', ["S109"]), ("null", ["M604"])])
    @pytest.mark.parametrize("text", [JSON, YAML], ids=["JSON", "YAML"])
    def test_near_miss_in_quotes(self, text: str, written: str, found: list[str]) -> None:
        assert codes(text.format(written)) == found


class TestInvalidFrom:
    @pytest.mark.parametrize(
        ("written", "why"),
        [
            *[("«DataMiner»", ": it has no @"), ("«EXAMPLE\\svc-dataminer»", ": it has no @")],
            *[
                ("«@example.com»", ": nothing stands before the @"),
                ("«dma@»", ": nothing stands behind the @"),
            ],
            *[
                ("« dma@»", ": nothing stands behind the @"),
                ("«dma@@example.com»", ": it has more than one @"),
            ],
            ("«dma..noc@example.com»", ": two dots stand together in it"),
            ("«dma @example.com»", ": it has white space in it"),
            ("«dma@example.com.»", ": it ends with a dot"),
            ("«dma.@example.com»", ": what stands before the @ begins or ends with a dot"),
            ("«" + "a" * 65 + "@example.com»", ": it is too long"),
            *[("«mailto:dma@example.com»", ""), ("«dma@[192.0.2.256]»", ""), ("«&quot;dma@example.com»", "")],
            *[("<![CDATA[«NOC <noc>»]]>", ": it has no @"), ("<!-- of the NOC -->«noc»", ": it has no @")],
            *[("«NOC &lt;noc&gt;»", ": it has no @"), ("« noc »", ": it has no @")],
        ],
    )
    def test_not_an_address(self, written: str, why: str) -> None:
        text = section(From=written)
        one = only(text, "M601")
        assert (one.severity, one.place, one.fix) == (Severity.ERROR, "SMTP/From", None)
        assert one.message.endswith(f" is not a mail address{why}")
        assert codes(text) == ["M601"]

    @pytest.mark.parametrize(
        "written",
        [
            "«dma@example.com; noc@example.com»",
            "«dma@example.com,noc@example.com»",
            "«NOC &lt;noc@example.com&gt;, DMA &lt;dma@example.com&gt;»",
        ],
    )
    def test_several(self, written: str) -> None:
        one = only(section(From=written), "M601")
        assert one.message.endswith(" is more than one mail address")
        assert one.help == "write the one that mail should come from"

    @pytest.mark.parametrize("written", ["«dma@my_company.local»", "«dma@_x.example.com»"])
    def test_an_underscore_is_a_warning(self, written: str) -> None:
        one = only(section(From=written), "M601")
        assert (one.severity, one.fix) == (Severity.WARNING, None)

    def test_an_address_as_the_domain_is_a_warning(self) -> None:
        one = only(section(From="«dma@192.0.2.7»"), "M601")
        assert (one.severity, one.fix) == (Severity.WARNING, None)
        assert one.help == 'use an address in a domain with a name, or write "dma@[192.0.2.7]"'
        other = only(section(From="«dma@192.0.2.256»"), "M601")
        assert other.help == "use an address in a domain with a name"

    @pytest.mark.parametrize(
        "written",
        [
            *("dma@example.com", "dma@corp", "dma@company.local", "dma@localhost", "dma_7@example.com"),
            *("&quot;the dma&quot;@example.com", "dma@[192.0.2.1]", "dma@[IPv6:2001:db8::1]"),
            *("R&amp;D@example.com", "<![CDATA[R&D@example.com]]>", "dma@<!-- ours -->example.com"),
            *(" dma@example.com", "NOC &lt;noc@example.com&gt;", "m\u00fcller@example.com", ""),
        ],
    )
    def test_near_miss(self, written: str) -> None:
        assert "M601" not in codes(section(From=written))

    def test_a_secret_is_not_shown(self) -> None:
        text = section(
            LoginMethod="AuthLoginMethod", User="dma", Password="correct-horse", From="«correct-horse»"
        )
        assert only(text, "M601").message == '"••••" is not a mail address'

    def test_a_secret_is_not_shown_in_another_form(self) -> None:
        text = section(LoginMethod="NTLM", User="dma", Password="dma@192.0.2.7", From="«dma@192.0.2.7»")
        assert only(text, "M601").help == "use an address in a domain with a name"


class TestMissingFrom:
    def test_hit(self) -> None:
        one = only(section(From=None).replace("<SMTP>", "<«SMTP»>"), "M602")
        assert (one.severity, one.place, one.fix) == (Severity.INFO, "SMTP", None)
        assert one.message.startswith("there is no From: ")

    @pytest.mark.parametrize("written", ["", "  ", "\n", "<!-- dma@example.com -->"])
    def test_empty(self, written: str) -> None:
        text = section(From=written)
        one = only(text.replace("<From>", "<«From»>"), "M602")
        assert (one.severity, one.place) == (Severity.INFO, "SMTP/From")
        assert one.message.startswith("From is empty: ")
        assert codes(text) == ["M602"]

    @pytest.mark.parametrize(
        "text",
        [
            section(),
            section(From="nonsense"),
            section(From=" dma@example.com"),
            section(From="<![CDATA[dma@example.com]]>"),
            section(From=None, MailFrom="dma@example.com"),
            section(From=None, from_="dma@example.com").replace("from_", "from"),
            section(From="<b>dma@example.com</b>"),
            section().replace("<From>", '<From xmlns="urn:other">'),
            "<SMTP/>",
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "M602" not in codes(text)


class TestHeloNotFqdn:
    @pytest.mark.parametrize("written", ["«DMA01»", "«localhost»", "«dma-7.»", "<![CDATA[«DMA01»]]>"])
    def test_a_single_label_is_advice(self, written: str) -> None:
        one = only(section(Helo=written), "M603")
        assert (one.severity, one.place, one.fix) == (Severity.INFO, "SMTP/Helo", None)
        assert one.message.endswith(" is not a full name: it has no domain")

    @pytest.mark.parametrize(
        ("written", "literal"),
        [
            ("«192.0.2.7»", "192.0.2.7"),
            ("«2001:db8::7»", "IPv6:2001:db8::7"),
            ("« ::1 »", "IPv6:::1"),
            ("«[2001:db8::7]»", "IPv6:2001:db8::7"),
            ("«[IPv6:192.0.2.7]»", "192.0.2.7"),
            ("«fe80::7%12»", "IPv6:fe80::7"),
            ("«[IPv6:fe80::7%12]»", "IPv6:fe80::7"),
        ],
    )
    def test_an_address_needs_brackets(self, written: str, literal: str) -> None:
        text = section(Helo=written)
        one = only(text, "M603")
        assert one.severity is Severity.WARNING
        assert str(one.help).endswith(f", or [{literal}]")
        assert codes(text) == ["M603"]

    @pytest.mark.parametrize("written", ["«192.0.2.7»", "«2001:db8::7»", "«fe80::7%12»"])
    def test_says_where_brackets_are_missing(self, written: str) -> None:
        message = only(section(Helo=written), "M603").message
        assert message.endswith(" is an address, and Helo takes one in brackets")

    @pytest.mark.parametrize("written", ["«[2001:db8::7]»", "«[IPv6:192.0.2.7]»", "«[IPv6:fe80::7%12]»"])
    def test_does_not_ask_for_brackets_that_are_there(self, written: str) -> None:
        message = only(section(Helo=written), "M603").message
        assert message.endswith(" is an address in brackets, but not in the form that Helo takes")

    @pytest.mark.parametrize(
        ("written", "literal"),
        [
            ("«192.0.2.7:25»", "192.0.2.7"),
            ("«[192.0.2.7]:25»", "192.0.2.7"),
            ("«http://192.0.2.7»", "192.0.2.7"),
            ("«https://[2001:db8::7]/»", "IPv6:2001:db8::7"),
            ("«https://[2001:db8::7]»", "IPv6:2001:db8::7"),
        ],
    )
    def test_more_than_an_address_is_none(self, written: str, literal: str) -> None:
        one = only(section(Helo=written), "M603")
        assert one.message.endswith(" is neither a full host name nor an address in brackets")
        assert str(one.help).endswith(f", or [{literal}]")

    @pytest.mark.parametrize(
        ("written", "end"),
        [
            ("«dma.b\u00fccher.example»", 'write "dma.xn--bcher-kva.example"'),
            ("«b\u00fccher»", "such as dma1.example.com"),
            ("«b\u00fccher.»", "such as dma1.example.com"),
            ("«\uff11\uff12\uff17.0.0.1»", "or [127.0.0.1]"),
        ],
    )
    def test_a_name_outside_ascii(self, written: str, end: str) -> None:
        assert str(only(section(Helo=written), "M603").help).endswith(end)

    def test_a_secret_is_not_shown_in_another_form(self) -> None:
        text = section(LoginMethod="NTLM", User="dma", Password="b\u00fccher", Helo="dma.b\u00fccher.example")
        assert "xn--" not in "".join(one.help or "" for one in findings(text))

    @pytest.mark.parametrize("written", ["«dma_7.example.com»", "«DMA_7»"])
    def test_an_underscore(self, written: str) -> None:
        one = only(section(Helo=written), "M603")
        assert one.severity is Severity.WARNING
        assert "underscore" in one.message

    @pytest.mark.parametrize(
        "written",
        [
            *("«dma 7.example.com»", "«dma..example.com»", "«-dma.example.com»", "«192.0.2»", "« x y »"),
            *("«[192.0.2.256]»", "«[IPv6:2001:db8::g]»", "«[dma.example.com]»", "«[]»"),
            *("«[192.0.2.7»", "«[192.0.2.7].»"),
            *("«https://dma.example.com»", "«dma.example.com:25»", "«dma@example.com»"),
            *("«b\u00fccher»", "«R&amp;D»"),
        ],
    )
    def test_nothing_of_the_kind(self, written: str) -> None:
        one = only(section(Helo=written), "M603")
        assert (one.severity, one.fix) == (Severity.WARNING, None)
        assert one.message.endswith(" is neither a full host name nor an address in brackets")

    @pytest.mark.parametrize(
        "written",
        [
            *("dma.example.com", "DMA7.Company.local", "dma.example.com.", "localhost.localdomain"),
            *("a.b", "7.example", "3com.example.com", "xn--bcher-kva.example", "smtp.example.com"),
            *("[192.0.2.7]", "[IPv6:2001:db8::7]", "[ipv6:::1]", "[IPv6:::ffff:192.0.2.7]"),
            *(" dma.example.com", "dma.<!-- 7 -->example.com", "<![CDATA[dma.example.com]]>", ""),
            " DMA01 ",  # S109
        ],
    )
    def test_near_miss(self, written: str) -> None:
        assert "M603" not in codes(section(Helo=written))

    def test_near_miss_missing(self) -> None:
        assert "M603" not in codes(section())


class TestUnusualMaxSubjectLength:
    @pytest.mark.parametrize("written", ["«1»", "«7»", "«19»", "<![CDATA[«19»]]>", "«1&#57;»"])
    def test_too_short(self, written: str) -> None:
        one = only(section(MaxSubjectLength=written), "M605")
        assert (one.severity, one.place, one.fix) == (Severity.WARNING, "SMTP/MaxSubjectLength", None)
        assert one.message.endswith(" leave nothing readable")

    @pytest.mark.parametrize("written", ["«256»", "«998»", "«1000»", "«2550»", "«" + "9" * 5000 + "»"])
    def test_too_long(self, written: str) -> None:
        one = only(section(MaxSubjectLength=written), "M605")
        assert (one.severity, one.fix) == (Severity.INFO, None)
        assert one.message.endswith(" is more than the 255 characters that Microsoft 365 keeps")

    @pytest.mark.parametrize(
        "written", ["0", "20", "78", "100", "254", "255", "007", "+7", "-7", "7.5", "seven", "", "0256"]
    )
    def test_near_miss(self, written: str) -> None:
        assert "M605" not in codes(section(MaxSubjectLength=written))

    def test_white_space_is_still_an_error(self) -> None:
        assert codes(section(MaxSubjectLength=" 7")) == ["M605", "S109"]


class TestFromWithDisplayName:
    @pytest.mark.parametrize(
        ("written", "after"),
        [
            ("«NOC &lt;noc@example.com&gt;»", "noc@example.com"),
            ("«&quot;NOC&quot; &lt;noc@example.com&gt;»", "noc@example.com"),
            ("«Night, Operations &lt;noc@example.com&gt;»", "noc@example.com"),
            ("«&lt;noc@example.com&gt;»", "noc@example.com"),
            ("«noc@example.com &lt;noc@example.com&gt;»", "noc@example.com"),
            ("« NOC &lt;noc@corp&gt; »", "noc@corp"),
            ("<![CDATA[«NOC <R&D@example.com>»]]>", "<![CDATA[R&D@example.com]]>"),
            ("«NOC &lt;R&amp;D@example.com&gt;»", "R&amp;D@example.com"),
        ],
    )
    def test_hit(self, written: str, after: str) -> None:
        text = section(From=written)
        one = only(text, "M606")
        assert (one.severity, one.place) == (Severity.WARNING, "SMTP/From")
        assert one.fix is not None
        assert one.fix.safety is Safety.UNSAFE
        assert fixed(text, "M606") == section(From=after)
        assert codes(text) == ["M606"]

    @pytest.mark.parametrize(
        ("written", "beside"),
        [
            ("«NOC &lt;noc@example.com&gt;»", "a name"),
            ("«&lt;noc@example.com&gt;»", "angle brackets"),
        ],
    )
    def test_says_what_stands_beside_the_address(self, written: str, beside: str) -> None:
        one = only(section(From=written), "M606")
        assert one.message.endswith(f" holds {beside} beside the address")

    def test_no_fix_that_deletes_a_comment(self) -> None:
        assert only(section(From="«NOC <!-- night -->&lt;noc@example.com&gt;»"), "M606").fix is None

    @pytest.mark.parametrize(
        "written",
        [
            *("noc@example.com", "&quot;NOC&quot;@example.com", "&quot;a&lt;b&quot;@example.com", "NOC"),
            *("NOC &lt;noc&gt;", "NOC noc@example.com", "noc@example.com (NOC)", "&lt;noc@example.com"),
            *("a@example.com &lt;b@example.com&gt;", "noc@example.com<!-- <noc@example.com> -->", ""),
        ],
    )
    def test_near_miss(self, written: str) -> None:
        assert "M606" not in codes(section(From=written))


class TestInternationalFrom:
    @pytest.mark.parametrize(
        "written",
        [
            "«st\u00f6rung@example.com»",
            "«dma@b\u00fccher.example»",
            "«st&#246;rung@example.com»",
            "«\u7528\u6237@example.com»",
        ],
    )
    def test_hit(self, written: str) -> None:
        text = section(From=written)
        one = only(text, "M607")
        assert (one.severity, one.place, one.fix) == (Severity.INFO, "SMTP/From", None)
        assert codes(text) == ["M607"]

    @pytest.mark.parametrize(
        "written",
        [
            *("stoerung@example.com", "dma@xn--bcher-kva.example", "St\u00f6rung &lt;dma@example.com&gt;"),
            *(
                "st\u00f6rung",
                "st\u00f6 rung@example.com",
                "\u200bdma@example.com",
                "<!-- \u00f6 -->dma@corp",
            ),
        ],
    )
    def test_near_miss(self, written: str) -> None:
        assert "M607" not in codes(section(From=written))

    @pytest.mark.parametrize(
        ("written", "instead"),
        [
            ("dma@b\u00fccher.example", 'write "dma@xn--bcher-kva.example"'),
            ("st\u00f6rung@b\u00fccher.example", "use an address in ASCII"),
            ("st\u00f6rung@example.com", "use an address in ASCII"),
        ],
    )
    def test_a_domain_has_a_form_in_ascii(self, written: str, instead: str) -> None:
        help_ = only(section(From=f"«{written}»"), "M607").help
        assert help_ == f"{instead}, or check that the server offers SMTPUTF8"

    def test_a_secret_is_not_shown_in_another_form(self) -> None:
        text = section(LoginMethod="NTLM", User="dma", Password="b\u00fccher", From="dma@b\u00fccher.example")
        assert "xn--" not in "".join(one.help or "" for one in findings(text))

    def test_a_name_is_another_matter(self) -> None:
        assert codes(section(From="NOC &lt;st\u00f6rung@example.com&gt;")) == ["M606", "M607"]
