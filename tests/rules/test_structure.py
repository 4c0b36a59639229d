"""S rules: rows are files with one mistake, its place marked, or that only look as if they had one."""

from __future__ import annotations

import re

import pytest

from migrator.checking import CheckSettings, check
from migrator.diagnostic import Safety, Severity
from tests.document.reading import applied
from tests.rules.sections import NAMESPACE, SMTP, dataminer, in_default, in_prefix, inside
from tests.rules.tables import codes, findings, fixed, only, section

XSI = "http://www.w3.org/2001/XMLSchema-instance"
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
SAFE, UNSAFE = Safety.SAFE, Safety.UNSAFE
SECRET = "correct-horse-battery"
SETTINGS = [
    *("Host", "HostPort", "LoginMethod", "User", "Password", "OAuthClientID", "OAuthClientSecret"),
    *("OAuthTokenEndpoint", "OAuthConfigData", "Helo", "MaxSubjectLength", "From"),
]


class TestNamespaces:
    """The same in no namespace, in DataMiner's, and with a prefix; under DataMiner, and alone."""

    @pytest.mark.parametrize("dress", [str, in_default, in_prefix])
    @pytest.mark.parametrize("file", [str, dataminer])
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            (section(**{"HostPort": None, "«Port»": "587-starttls"}), "S101"),
            (inside("<«Host»>relay.example.com</Host>"), "S102"),
            (section(HostPort=None, **{'HostPort «tls»="true"': "587-starttls"}), "S106"),
            (inside("«NoLoginMethod»"), "S107"),
            (section(Host="smtp.example.com<«b»/>"), "S107"),
            (inside("<«Helo»/>"), "S108"),
            (section(HostPort="« 587-starttls»"), "S109"),
        ],
    )
    def test_hit(self, dress: type[str], file: type[str], text: str, code: str) -> None:
        dressed = dress(file(text.replace('</HostPort «tls»="true">', "</HostPort>")))
        only(dressed, code)
        assert codes(dressed) == [code]

    @pytest.mark.parametrize("dress", [str, in_default, in_prefix])
    @pytest.mark.parametrize("file", [str, dataminer])
    def test_nothing(self, dress: type[str], file: type[str]) -> None:
        assert codes(dress(file(SMTP))) == []

    def test_a_section_alone_is_a_configuration(self) -> None:
        assert codes("<SMTP/>") == ["H201"]


class TestUnknownSetting:
    @pytest.mark.parametrize(
        "name",
        [
            *("ConnectionSecurity", "Security", "Encryption", "Secure", "SSL", "Tls", "Ssl-Tls", "STARTTLS"),
            *("useSSL", "use_tls", "UseStartTls", "EnableSsl", "EnableTls", "EnableStartTls"),
        ],
    )
    def test_the_security_stands_in_host_port(self, name: str) -> None:
        help_ = only(inside(f"<«{name}»>true</{name}>"), "S101").help
        assert help_ == (
            'remove it, and say in HostPort how the connection is secured, as in "587-starttls" or "465"'
        )

    @pytest.mark.parametrize(
        ("name", "meant", "safety"),
        [
            ("hostport", "HostPort", SAFE),
            ("HOSTPORT", "HostPort", SAFE),
            ("Hostport", "HostPort", SAFE),
            ("Port", "HostPort", UNSAFE),
            ("SmtpPort", "HostPort", UNSAFE),
            ("SMTP_Port", "HostPort", UNSAFE),
            ("smtp-port", "HostPort", UNSAFE),
            ("HosPort", "HostPort", None),
            ("HostProt", "HostPort", None),
        ],
    )
    def test_a_port_by_another_name(self, name: str, meant: str, safety: Safety | None) -> None:
        text = section(**{"HostPort": None, f"«{name}»": "587-starttls"})
        one = only(text, "S101")
        assert one.severity is ERROR
        assert one.place == f"SMTP/{name}"
        assert one.message == f"{name} is not a setting of SMTP; {meant} was probably meant"
        assert one.help == f"write {meant}"
        assert codes(text) == ["S101"]
        if safety is None:
            assert one.fix is None
        else:
            assert one.fix is not None
            assert one.fix.safety is safety
            written = section(HostPort=None).replace(
                "</SMTP>", "  <HostPort>587-starttls</HostPort>\n</SMTP>"
            )
            assert fixed(text, "S101") == written

    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("Server", "Host"),
            ("SmtpHost", "Host"),
            ("Hots", "Host"),
            ("Username", "User"),
            ("User_Name", "User"),
            ("EHLO", "Helo"),
            ("Hello", "Helo"),
            ("MailFrom", "From"),
            ("Form", "From"),
            ("Sender", "From"),
            ("AuthenticationType", "LoginMethod"),
            ("LoginMethode", "LoginMethod"),
            ("MaxSubjectLenght", "MaxSubjectLength"),
            ("OAuthClientId", "OAuthClientID"),
            ("OauthTokenEndPoint", "OAuthTokenEndpoint"),
            ("Pasword", "Password"),
            ("SmtpPassword", "Password"),
            ("MailPassphrase", "Password"),
            ("ClientSecret", "OAuthClientSecret"),
            ("OAuthClientSecrets", "OAuthClientSecret"),
        ],
    )
    def test_says_what_was_meant(self, name: str, meant: str) -> None:
        one = only(f"<SMTP><«{name}»>x</{name}></SMTP>", "S101")
        assert one.message.endswith(f"; {meant} was probably meant")

    @pytest.mark.parametrize(
        ("meant", "names"),
        [
            ("HostPort", ["port", "serverPort"]),
            ("Host", ["server", "SMTPServer", "Host_Name", "Mail-Server", "MailHost", "Relay"]),
            ("User", ["UserName", "UserID", "SmtpUser", "login"]),
            ("Password", ["Pass", "passwd", "PWD", "SMTP_PASSWORD"]),
            ("LoginMethod", ["Authentication", "AuthMethod", "AuthType", "auth", "AuthenticationType"]),
            ("Helo", ["EHLO", "HeloName"]),
            ("From", ["MailFrom", "Sender", "FromAddress", "Sender_Address"]),
            ("MaxSubjectLength", ["SubjectLength", "MaxSubject"]),
            ("OAuthClientID", ["ClientId", "client_id", "OAuthClient"]),
            ("OAuthClientSecret", ["client_secret"]),
            ("OAuthTokenEndpoint", ["TokenEndpoint", "OAuthTokenURL"]),
            ("OAuthConfigData", ["ConfigData"]),
        ],
    )
    def test_a_name_that_other_programs_have_is_replaced_on_request(
        self, meant: str, names: list[str]
    ) -> None:
        for name in names:
            text = f"<SMTP><«{name}»>x</{name}></SMTP>"
            fix = only(text, "S101").fix
            assert fix is not None, name
            assert (fix.safety, fixed(text, "S101")) == (UNSAFE, f"<SMTP><{meant}>x</{meant}></SMTP>")

    @pytest.mark.parametrize(
        "name",
        [
            *("Timeout", "Sms", "UserSecretary", "_", "Müller"),
            *("Port25", "BypassProxy"),  # neither a port nor a password
            *("ApiKey", "AccessToken", "SecretPassphrase"),  # taken for secrets, but for none of the settings
        ],
    )
    def test_says_which_there_are(self, name: str) -> None:
        one = only(inside(f"<«{name}»>x</{name}>"), "S101")
        assert one.message == f"{name} is not a setting of SMTP"
        assert one.fix is None
        assert one.help is not None
        assert set(SETTINGS) <= set(re.findall(r"\w+", one.help))

    @pytest.mark.parametrize(
        ("text", "help_"),
        [
            (inside("<«Port»>25</Port>"), "remove it: HostPort is there already"),
            (inside("<«hostport»>25</hostport>"), "remove it: HostPort is there already"),
            (
                section(**{"HostPort": "", "«Port»": "25"}),
                "give its value to HostPort, which is there without one, and remove it",
            ),
        ],
    )
    def test_no_fix_where_the_setting_is_there(self, text: str, help_: str) -> None:
        one = only(text, "S101")
        assert (one.help, one.fix) == (help_, None)

    def test_no_fix_where_two_look_alike(self) -> None:
        found = findings(section(Host=None, host="smtp.example.com", HOST="relay.example.com"))
        assert [(one.code, one.fix) for one in found] == [("S101", None), ("S101", None)]
        assert {one.help for one in found} == {"keep one of those that look like Host, and write Host"}

    def test_no_fix_in_another_namespace(self) -> None:
        text = section(Host=None).replace(
            "</SMTP>", '<«x:host» xmlns:x="urn:example:x">smtp.example.com</x:host></SMTP>'
        )
        assert only(text, "S101").fix is None

    def test_the_fix_keeps_prefix_and_attributes(self) -> None:
        text = f'<d:SMTP xmlns:d="{NAMESPACE}"><«d:host»  xml:lang="en" >a</d:host ></d:SMTP>'
        wanted = f'<d:SMTP xmlns:d="{NAMESPACE}"><d:Host  xml:lang="en" >a</d:Host ></d:SMTP>'
        assert fixed(text, "S101") == wanted

    def test_the_fix_keeps_an_empty_tag(self) -> None:
        assert fixed("<SMTP><«host» /></SMTP>", "S101") == "<SMTP><Host /></SMTP>"

    def test_a_section_in_the_section_is_said_once(self) -> None:
        text = f"<SMTP><«SMTP»{SMTP.removeprefix('<SMTP')}</SMTP>"
        assert only(text, "S101").message == "an SMTP section stands inside the SMTP section"
        assert codes(text) == ["S101"]
        assert codes(dataminer(text)) == ["S101"]

    def test_a_value_that_is_there_is_still_judged(self) -> None:
        assert codes(section(HostPort="25", Port="587-starttls")) == ["H211", "S101"]

    @pytest.mark.parametrize("name", ["Pasword", "SmtpPassword", "ApiKey", "AccessToken", "MailPassphrase"])
    def test_what_may_be_secret_is_not_shown(self, name: str) -> None:
        text = section(Host=SECRET, **{f"«{name}»": SECRET}).encode()
        data = text.replace("«".encode(), b"").replace("»".encode(), b"")
        report = check("x.xml", data, CheckSettings(excerpts=True))
        assert "S101" in [one.code for one in report.diagnostics]
        assert SECRET not in repr([(one.message, one.help, one.place, one.fix) for one in report.diagnostics])
        assert SECRET not in repr(report.excerpts)

    @pytest.mark.parametrize("name", SETTINGS)
    def test_near_miss_documented(self, name: str) -> None:
        assert "S101" not in codes(f"<SMTP><{name}>x</{name}></SMTP>")

    @pytest.mark.parametrize(
        "text",
        [
            inside("<!-- <Port>25</Port> -->"),
            inside("<?Port 25?>"),
            inside("<Helo><![CDATA[<Port>25</Port>]]></Helo>"),
            dataminer(SMTP, "<Port>25</Port>"),
            dataminer(SMTP, "<MobileGateway><User>x</User><Server/></MobileGateway>"),
            '<SMTP><x:Host xmlns:x="urn:example:x">a</x:Host></SMTP>',  # S110
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "S101" not in codes(text)


class TestDuplicateSetting:
    @pytest.mark.parametrize(
        "text",
        [
            inside("<«Host»>relay.example.com</Host>"),
            inside("<«Host»>smtp.example.com</Host>"),
            inside("<«Host»/>"),
            inside("<!-- Host --><«Helo»/>", Helo="agent7.example.com"),
            inside("<«Password»>a</Password>", LoginMethod="Auto", User="dma", Password="b"),
            inside("<Timeout/><«Host»>relay.example.com</Host>"),
            inside('<Host xmlns="urn:example:x"/><«Host»>relay.example.com</Host>'),
        ],
    )
    def test_hit(self, text: str) -> None:
        one = only(text, "S102")
        assert (one.severity, one.fix) == (ERROR, None)
        (first,) = one.related
        assert first.message == "the first one"
        assert first.place == one.place
        assert first.span is not None
        assert one.span is not None
        assert first.span < one.span

    def test_each_further_one(self) -> None:
        found = [one for one in findings(inside("<Host>a</Host><Host>b</Host>")) if one.code == "S102"]
        assert [one.message for one in found] == ["Host is there more than once"] * 2
        assert len({one.related for one in found}) == 1

    def test_the_first_one_is_judged(self) -> None:
        assert codes(section(HostPort="25")) == ["H211"]
        assert codes(inside("<HostPort>587-starttls</HostPort>", HostPort="25")) == ["H211", "S102"]
        assert codes(inside("<HostPort>25</HostPort>")) == ["S102"]

    @pytest.mark.parametrize(
        "text",
        [
            SMTP,
            inside("<host>relay.example.com</host>"),  # S101
            inside("<Timeout/><Timeout/>"),  # S101, twice
            inside("<!-- <Host>relay.example.com</Host> -->"),
            inside('<x:Host xmlns:x="urn:example:x">relay.example.com</x:Host>'),  # S110
            dataminer("<LDAP><Host>a</Host></LDAP>", SMTP),
            dataminer(SMTP, SMTP),  # S104
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "S102" not in codes(text)


class TestUnexpectedAttribute:
    @pytest.mark.parametrize(
        ("tag", "wanted", "name"),
        [
            ('<SMTP «enabled»="true">', "<SMTP>", "SMTP"),
            ('<SMTP\n   «enabled» = "a > b"\n>', "<SMTP\n>", "SMTP"),
            ('<SMTP xmlns:x="urn:example:x" «x:on»="1">', '<SMTP xmlns:x="urn:example:x">', "SMTP"),
            (f'<SMTP xmlns:i="{XSI}" «i:type»="x">', f'<SMTP xmlns:i="{XSI}">', "SMTP"),
            (f'<SMTP xmlns:i="{XSI}" «i:nil»="true">', f'<SMTP xmlns:i="{XSI}">', "SMTP"),
            ('<SMTP xml:lang="en" «lang»="en">', '<SMTP xml:lang="en">', "SMTP"),
            ('<SMTP «xmlnsHost»="a" xml:lang="en">', '<SMTP xml:lang="en">', "SMTP"),
            ("<SMTP «Host»='smtp.example.com' xml:space='preserve'>", "<SMTP xml:space='preserve'>", "SMTP"),
        ],
    )
    def test_hit_on_the_section(self, tag: str, wanted: str, name: str) -> None:
        text = SMTP.replace("<SMTP>", tag)
        one = only(text, "S106")
        assert one.severity is ERROR
        assert one.message.startswith(f'{name} has an attribute "')
        assert one.fix is not None
        assert one.fix.safety is UNSAFE
        assert fixed(text, "S106") == SMTP.replace("<SMTP>", wanted)
        assert codes(text) == ["S106"]

    @pytest.mark.parametrize("name", SETTINGS)
    def test_hit_on_a_setting(self, name: str) -> None:
        one = only(f'<SMTP><{name} «a»="b">x</{name}></SMTP>', "S106")
        assert one.place == f"SMTP/{name}/@a"
        assert one.message == f'{name} has an attribute "a"; it takes none'

    def test_each_of_them(self) -> None:
        text = '<SMTP a="1"><Host b="2" c="3">smtp.example.com</Host></SMTP>'
        places = [one.place for one in findings(text) if one.code == "S106"]
        assert places == ["SMTP/@a", "SMTP/Host/@b", "SMTP/Host/@c"]

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("a.json", '{"SMTP": {"Host": {"@a": "b", "$": "smtp.example.com"}}}'),
            ("a.json", '{"SMTP": {"Host": {"@a": "b", "@c": "d", "$": "smtp.example.com"}}}'),
            ("a.yaml", "SMTP:\n  Host:\n    '@a': b\n    $: smtp.example.com\n"),
        ],
    )
    def test_no_fix_that_leaves_a_mapping_in_a_setting(self, path: str, text: str) -> None:
        found = [one for one in check(path, text.encode(), CheckSettings()).diagnostics if one.code == "S106"]
        assert {(one.help, one.fix) for one in found} == {
            ("write the value alone, without a mapping around it", None)
        }

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("a.json", '{"SMTP": {"@a": "b", "Host": "smtp.example.com"}}'),
            ("a.xml", '<SMTP><Host a="b">smtp.example.com</Host></SMTP>'),
        ],
    )
    def test_a_fix_where_none_is_left(self, path: str, text: str) -> None:
        found = check(path, text.encode(), CheckSettings()).diagnostics
        (one,) = [one for one in found if one.code == "S106"]
        assert one.help == "remove it; a value stands between the tags"
        assert one.fix is not None

    @pytest.mark.parametrize(
        "text",
        [
            '<SMTP «password»="{}"/>',
            '<SMTP><User «Passwd»="{}">dma</User></SMTP>',
            '<SMTP><Password «value»="{}"/></SMTP>',
            '<SMTP><OAuthClientSecret «x»="{}"/></SMTP>',
        ],
    )
    def test_no_fix_touches_a_secret(self, text: str) -> None:
        one = only(text.format(SECRET), "S106")
        assert one.fix is None
        assert SECRET not in repr(one)

    @pytest.mark.parametrize(
        "text",
        [
            in_default(SMTP),
            in_prefix(SMTP),
            SMTP.replace("<SMTP>", '<SMTP xmlns:x="urn:example:x" xml:lang="en" xml:space="preserve">'),
            SMTP.replace("<Host>", '<Host xml:lang="en" xml:id="h" xmlns:x="urn:example:x">'),
            SMTP.replace("<SMTP>", f'<SMTP xmlns:xsi="{XSI}" xsi:schemaLocation="urn:example:x x.xsd">'),
            SMTP.replace("<SMTP>", f'<SMTP xmlns:i="{XSI}" i:noNamespaceSchemaLocation="smtp.xsd">'),
            SMTP.replace("<Host>", f'<Host xmlns:i="{XSI}" i:schemaLocation="urn:example:x x.xsd">'),
            dataminer(SMTP, attributes='id="7" SMTP="1"'),
            dataminer("<DMA Host='x'/>", SMTP),
            inside('<Timeout unit="s">3</Timeout>'),  # S101
            inside('<!-- <Helo a="b"/> -->'),
            inside('<?x a="b"?>'),
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "S106" not in codes(text)


class TestUnexpectedContent:
    @pytest.mark.parametrize(
        "text",
        [
            inside("«NoLoginMethod»"),
            inside("\n  «two\n  lines»\n"),
            inside("«&#160;»"),
            inside("«\u00a0»"),
            inside("«<![CDATA[x]]>»"),
            inside("«.»<Helo>agent7.example.com</Helo>"),
            SMTP.replace("<SMTP>", "<SMTP>«x»"),
        ],
    )
    def test_text_between_settings(self, text: str) -> None:
        one = only(text, "S107")
        assert (one.severity, one.place, one.fix) == (ERROR, "SMTP", None)
        assert one.message == "text between the settings"

    def test_each_stretch_of_text(self) -> None:
        text = "<SMTP>a<Host>smtp.example.com</Host>b<!-- -->c</SMTP>"
        assert codes(text).count("S107") == 3

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            ("smtp<«b»>.example</b>.com", "more than text inside the value of Host"),
            ("<«value»>smtp.example.com</value>", "more than text inside the value of Host"),
            ("smtp.example.com<«x:b» xmlns:x='urn:example:x'/>", "more than text inside the value of Host"),
            ("<«SMTP»/>", "more than text inside the value of Host"),
            ("smtp.example.com«<?pi x?>»", "a processing instruction inside the value of Host"),
            ("«<?pi?>»", "a processing instruction inside the value of Host"),
        ],
    )
    def test_markup_in_a_value(self, value: str, message: str) -> None:
        text = section(Host=value)
        one = only(text, "S107")
        assert (one.severity, one.message, one.fix) == (ERROR, message, None)
        assert codes(text) == ["S107"]

    @pytest.mark.parametrize(
        ("text", "help_"),
        [
            ("<SMTP><Host>a<«b»/></Host></SMTP>", "a setting holds text alone: is an end tag missing?"),
            (
                "<SMTP><«Password»>a<b/></Password></SMTP>",
                "a setting holds text alone: write < inside a value as &lt;",
            ),
            ('{"SMTP": {"Host": {"«b»": "c"}}}', "a setting holds text alone"),
            ('{"SMTP": {"«Password»": {"b": "c"}}}', "a setting holds text alone: put it into quotes"),
            ("SMTP: {«Password»: {b}}", "a setting holds text alone: put it into quotes"),
        ],
    )
    def test_says_of_tags_what_may_have_gone_wrong(self, text: str, help_: str) -> None:
        assert only(text, "S107").help == help_

    @pytest.mark.parametrize(
        ("value", "literal"), [("true", "true or false"), ("[587]", "a list"), ("{}", "a mapping")]
    )
    @pytest.mark.parametrize(
        ("name", "what", "help_"),
        [
            ("HostPort", 'a number, or text such as "587-starttls"', "write the port"),
            ("MaxSubjectLength", "a number", "write a number such as 78"),
            ("Helo", "text", None),
        ],
    )
    def test_another_type_in_json(
        self, value: str, literal: str, name: str, what: str, help_: str | None
    ) -> None:
        one = only(f'{{"SMTP": {{"Host": "smtp.example.com", "«{name}»": {value}}}}}', "S107")
        assert one.message == f"{literal} as the value of {name}, which is {what}"
        assert one.help == (
            help_ or ("put the value into quotes" if value == "true" else "write one value, in quotes")
        )

    @pytest.mark.parametrize(
        "text",
        [
            '{"DataMiner": {"@id": "7", "«SMTP»": null}}',
            '{"DataMiner": {"«SMTP»": ""}}',
            '{"DataMiner": {"«SMTP»": " "}}',
            "DataMiner:\n  «SMTP»:\n",
            "DataMiner:\n  «SMTP»: ''\n",
        ],
    )
    def test_nothing_where_the_settings_should_be(self, text: str) -> None:
        one = only(text, "S107")
        assert one.message == "nothing stands where the settings should be"
        assert codes(text) == ["S107"]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("<SMTP>«smtp.example.com»</SMTP>", "text where the settings should be"),
            ('{"DataMiner": {"SMTP": "«smtp.example.com»"}}', "text where the settings should be"),
            ("DataMiner:\n  SMTP: «smtp.example.com»\n", "text where the settings should be"),
            ('{"DataMiner": {"SMTP": «587»}}', "text where the settings should be"),
            ('{"DataMiner": {"«SMTP»": []}}', "a list where the settings should be"),
            ('{"DataMiner": {"«SMTP»": ["smtp.example.com"]}}', "a list where the settings should be"),
        ],
    )
    def test_something_else_where_the_settings_should_be(self, text: str, message: str) -> None:
        one = only(text, "S107")
        assert (one.place, one.message) == ("SMTP", message)
        assert codes(text) == ["S107"]

    def test_settings_in_a_list_are_looked_at(self) -> None:
        text = '{"DataMiner": {"«SMTP»": [{"Host": "smtp..example.com"}]}}'
        assert only(text, "S107").message == "a list where the settings should be"
        assert "H202" in codes(text)

    def test_text_beside_settings_hides_nothing_that_is_missing(self) -> None:
        assert "H201" in codes("<SMTP>smtp.example.com<HostPort>587-starttls</HostPort></SMTP>")

    @pytest.mark.parametrize(
        ("value", "literal"), [("7", "a number"), ("null", "null"), ('{"a": "b"}', "a mapping")]
    )
    def test_a_schema_that_is_no_text(self, value: str, literal: str) -> None:
        one = only(f'{{"«$schema»": {value}, "SMTP": {{"Host": "smtp.example.com"}}}}', "S107")
        assert one.message == f"{literal} as the value of $schema, which is text"

    def test_a_list_in_json_whatever_it_holds(self) -> None:
        one = only('{"SMTP": {"Host": "smtp.example.com", "«Helo»": [[{"@a": "b"}]]}}', "S107")
        assert one.message == "a list as the value of Helo, which is text"

    def test_a_number_in_json_that_should_be_text(self) -> None:
        one = only('{"SMTP": {"Host": "smtp.example.com", "«User»": 7}}', "S107")
        assert one.message == "a number as the value of User, which is text"
        assert one.help == "put the value into quotes"

    @pytest.mark.parametrize(
        "text",
        [
            '{"SMTP": {"Host": "a", "HostPort": 587}}',
            '{"SMTP": {"Host": "a", "MaxSubjectLength": 78}}',
            '{"SMTP": {"Host": "a", "MaxSubjectLength": "78"}}',
            '{"SMTP": {"Host": "a", "Helo": null}}',  # S108
            '{"SMTP": {"Host": "a", "Helo": {"@a": "b"}}}',  # S106
            '{"SMTP": {"Host": "a", "Timeout": true}}',  # S101
            "SMTP:\n  Host: a\n  User: 7\n  Helo: true\n",
            '{"$schema": "a", "SMTP": {"Host": "a"}}',
            "$schema: a\nSMTP:\n  Host: a\n",
        ],
    )
    def test_near_miss_of_another_type(self, text: str) -> None:
        assert "S107" not in codes(text)

    @pytest.mark.parametrize(
        ("key", "expected"),
        [
            ('"«Host»": "smtp.example.com"', ["S107"]),
            ('"«Relay»": "smtp.example.com"', ["S107", "H201"]),
        ],
    )
    def test_a_key_at_the_top_is_said_once(self, key: str, expected: list[str]) -> None:
        rest = '"HostPort": "587-starttls", "LoginMethod": "NoLoginMethod", "From": "dma@example.com"'
        text = f'{{{key}, "SMTP": {{{rest}}}}}'
        name = key.partition("«")[2].partition("»")[0]
        assert only(text, "S107").message == f"{name} stands at the top of the file"
        assert codes(text) == expected

    def test_a_key_at_the_top_that_is_in_the_section_too_hides_nothing_there(self) -> None:
        assert codes('{"SMTP": {"Host": "smtp..example.com"}, "Host": "a"}').count("H202") == 1

    @pytest.mark.parametrize("before", ["smtp.example.com", ""])
    def test_a_lost_end_tag_is_said_once(self, before: str) -> None:
        text = section(HostPort=None, Host=f"{before}<«HostPort»>587-starttls</HostPort>")
        only(text, "S107")
        assert codes(text) == ["S107"]

    def test_a_setting_in_a_value_hides_nothing_about_the_one_that_is_there(self) -> None:
        inner = "smtp.example.com<HostPort>587-starttls</HostPort>"
        assert codes(section(Host=inner, HostPort="25")) == ["S107", "H211"]

    @pytest.mark.parametrize("name", ["Password", "OAuthClientSecret"])
    @pytest.mark.parametrize(
        "value", ["<correct>horse</correct>battery", "a<?correct horse?>b", "<a/><b/><?c?>", "a<correct/>"]
    )
    def test_markup_in_a_secret_may_be_a_part_of_it(self, name: str, value: str) -> None:
        text = section(**{"LoginMethod": "Auto", "User": "dma", "Password": "x", name: value})
        one = only(text.replace(f"<{name}>", f"<«{name}»>", 1), "S107")
        assert (one.place, one.message) == (f"SMTP/{name}", f"markup inside the value of {name}")
        assert "correct" not in repr(one)

    @pytest.mark.parametrize(
        "text",
        [
            SMTP,
            "<SMTP/>",
            "<SMTP>\n\t \r\n</SMTP>",
            inside("<!-- NoLoginMethod -->"),
            inside("<?dmsmtp x?>"),
            inside("&#32;&#10;<![CDATA[ ]]>"),
            section(Host="<!-- old: a.example.com -->smtp.example.com"),
            section(Host="smtp.<!-- x -->example.com"),
            section(Host="<![CDATA[smtp.example.com]]>"),
            section(Host="smtp<![CDATA[.example.]]>com"),
            section(Host="smtp&#46;example.com"),
            inside("<Helo><![CDATA[<b/>]]></Helo>"),
            inside("<Timeout>a<b/></Timeout>"),  # S101
            dataminer("text", SMTP, "text"),
            dataminer("<DMA>a<b/></DMA>", SMTP),
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "S107" not in codes(text)


class TestEmptySetting:
    @pytest.mark.parametrize(
        "written", ["<«Helo» />", "<«Helo»></Helo>", "<«Helo»>\n  </Helo>", "<«Helo»>&#9;</Helo>"]
    )
    def test_hit(self, written: str) -> None:
        text = SMTP.replace("<SMTP>", f"<SMTP>\n  {written}")
        one = only(text, "S108")
        assert (one.severity, one.message, one.place) == (INFO, "Helo is empty", "SMTP/Helo")
        assert one.help == "give it a value, or remove it"
        assert one.fix is not None
        assert one.fix.safety is UNSAFE
        assert fixed(text, "S108") == SMTP
        assert codes(text) == ["S108"]

    @pytest.mark.parametrize(
        "name", ["OAuthClientID", "OAuthClientSecret", "OAuthTokenEndpoint", "OAuthConfigData"]
    )
    def test_hit_on_settings_of_cube(self, name: str) -> None:
        one = only(inside(f"<«{name}»/>"), "S108")
        assert one.severity is INFO
        assert one.help == "remove it: what OAuth needs is set in Cube, not by hand"
        assert fixed(inside(f"<«{name}»/>"), "S108") == SMTP

    @pytest.mark.parametrize("value", ["<!-- later -->", " <!-- later -->\n", "<![CDATA[]]><!-- later -->"])
    def test_no_fix_that_deletes_a_comment(self, value: str) -> None:
        assert only(section(Helo=value).replace("<Helo>", "<«Helo»>", 1), "S108").fix is None

    def test_no_fix_where_white_space_may_be_the_secret(self) -> None:
        text = section(LoginMethod="AuthLoginMethod", User="a", Password="b", OAuthClientSecret="  ")
        one = only(text.replace("<OAuthClientSecret>", "<«OAuthClientSecret»>", 1), "S108")
        assert one.fix is None

    @pytest.mark.parametrize(
        ("method", "empty", "expected"),
        [
            ("AuthLoginMethod", "User", {"A303"}),
            ("AuthLoginMethod", "Password", {"A304"}),
            ("XOAUTH2", "User", {"A303"}),
            ("XOAUTH2", "Password", set()),
            ("NoLoginMethod", "User", set()),
            ("NoLoginMethod", "Password", set()),
            ("nologinmethod", "User", set()),
            ("nologinmethod", "Password", set()),
            ("Auto", "User", {"A303"}),
            ("Auto", "Password", {"A304"}),
            ("Unheard", "User", {"S108"}),
            ("Unheard", "Password", {"S108"}),
        ],
    )
    def test_user_and_password(self, method: str, empty: str, expected: set[str]) -> None:
        given = {"User": "x", "Password": "x", empty: ""}

        assert {"S108", "A303", "A304"} & set(codes(section(LoginMethod=method, **given))) == expected

    @pytest.mark.parametrize(
        ("name", "method", "expected"),
        [
            ("User", "NoLoginMethod", []),
            ("User", "Auto", []),
            ("User", "XOAUTH2", ["S108"]),
            ("User", "NTLM", ["S108"]),
            ("Password", "NoLoginMethod", []),
            ("Password", "Auto", []),
            ("Password", "XOAUTH2", []),
            ("Password", "NTLM", ["S108"]),
            ("OAuthClientSecret", "XOAUTH2", ["S108"]),
        ],
    )
    def test_where_one_may_be_empty_whatever_else_is_looked_for(
        self, name: str, method: str, expected: list[str]
    ) -> None:
        alone = CheckSettings(codes=frozenset({"S108"}))
        assert codes(section(**{"LoginMethod": method, name: ""}), alone) == expected

    @pytest.mark.parametrize(
        "text",
        [
            section(Host=""),  # H201
            section(HostPort=""),  # H204
            section(LoginMethod=""),  # A301
            section(MaxSubjectLength=""),  # M604
            section(LoginMethod="AuthLoginMethod", User="", Password="x"),  # A303
            section(LoginMethod="AuthLoginMethod", User="x", Password=""),  # A304
            inside("<Timeout/>"),  # S101
            inside("<Helo><x/></Helo>"),  # S107
            inside("<Helo><?x?></Helo>"),  # S107
            inside('<x:Helo xmlns:x="urn:example:x"/>'),  # S110
            inside("<Helo><![CDATA[x]]></Helo>"),
            inside("<Helo>&#46;</Helo>"),
            inside("<Helo>0</Helo>"),
            inside("<!-- <Helo/> -->"),
            "<SMTP/>",
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "S108" not in codes(text)


class TestSurroundingWhitespace:
    @pytest.mark.parametrize(
        ("name", "value", "severity"),
        [
            ("HostPort", "587-starttls", ERROR),
            ("LoginMethod", "NoLoginMethod", ERROR),
            ("MaxSubjectLength", "78", ERROR),
            ("Host", "smtp.example.com", WARNING),
            ("Helo", "agent7.example.com", WARNING),
            ("From", "dma@example.com", WARNING),
            ("OAuthConfigData", "x", WARNING),
        ],
    )
    @pytest.mark.parametrize(
        "around",
        [
            "« {}»",
            "«{} »",
            "«\n    {}\n  »",
            "«\t{}»",
            "«&#160;{}»",
            "«\u00a0{}»",
            "«{}\u200b»",
            "«\ufeff {}»",
            "«\u200e{}»",
            "«\u202a{}\u202c»",
            "«{}\u2069 »",
            "«\u00ad{}»",
        ],
    )
    def test_hit(self, name: str, value: str, severity: Severity, around: str) -> None:
        text = section(**{name: around.format(value)})
        one = only(text, "S109")
        assert one.severity is severity
        assert one.message == f'{name} has white space around "{value}"'
        assert one.fix is not None
        assert one.fix.safety is SAFE
        assert fixed(text, "S109") == section(**{name: value})
        assert not {"H202", "H204", "A301", "M604"} & set(codes(text))

    def test_the_fix_keeps_cdata_and_references(self) -> None:
        text = section(Helo="<![CDATA[« agent7.example.com »]]>")
        assert fixed(text, "S109") == section(Helo="<![CDATA[agent7.example.com]]>")
        text = section(From="« R&amp;D@example.com »")
        assert fixed(text, "S109") == section(From="R&amp;D@example.com")

    def test_no_fix_that_deletes_a_comment(self) -> None:
        assert only(section(Helo="« agent7<!-- x -->.example.com»"), "S109").fix is None

    def test_a_password_is_not_shown(self) -> None:
        text = section(LoginMethod="Auto", User=f"« {SECRET}»", Password=SECRET)
        assert SECRET not in only(text, "S109").message

    @pytest.mark.parametrize(
        "text",
        [
            SMTP,
            section(LoginMethod="Auto", User="dma", Password=" secret "),
            section(OAuthClientSecret="\nsecret"),
            section(User="two words", LoginMethod="Auto", Password="x"),
            section(Helo=" "),  # S108
            section(HostPort=" 587-startls "),  # H204
            section(HostPort=" 587-STARTTLS "),  # H207
            section(HostPort=" 0587-starttls"),  # H215
            section(HostPort=" 99999"),  # H205
            section(LoginMethod=" Basic "),  # A301
            section(MaxSubjectLength=" 078"),  # M604
            section(Host=" smtp..example.com"),  # H202
            section(Host=" smtp.example.com:587 "),  # H203
            section(Host=" smtp_relay.example.com"),  # H217
            section(Host="\n<!-- x --> <b/> a"),  # S107
            inside("<Timeout> 3 </Timeout>"),  # S101
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "S109" not in codes(text)


class TestFixes:
    """What a fix of this module leaves behind can be read, and has the finding no more."""

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            (section(HostPort=None, Port="587-starttls"), "S101"),
            (SMTP.replace("<SMTP>", '<SMTP a="b">'), "S106"),
            (inside("<Helo/>"), "S108"),
            (inside("<Helo\n/>"), "S108"),
            (section(Host=" smtp.example.com"), "S109"),
            (SMTP.replace("<Host>", '<Host xmlns="urn:example:x">'), "S110"),
            (dataminer(SMTP.replace("SMTP", "Smtp")), "S111"),
        ],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_nothing_is_left(self, text: str, code: str, encoding: str) -> None:
        data = text.replace("\n", "\r\n").encode(encoding)
        (one,) = check("x.xml", data, CheckSettings()).diagnostics
        assert one.code == code
        assert one.fix is not None
        assert check("x.xml", applied(data, one.fix.edits), CheckSettings()).diagnostics == ()
