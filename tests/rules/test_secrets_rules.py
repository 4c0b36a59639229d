"""X rules: rows are sections with a secret or a value that nobody filled in, or that only look so."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.diagnostic import Severity
from migrator.rules.secrets import PARTS_OF_EXAMPLES
from tests.rules.tables import ORDINARY, codes, findings, only, section

REFERENCE = "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77"
SECRET = "frost+on+tulips"
OAUTH = {
    "Host": "mail.example.org",
    "LoginMethod": "XOAUTH2",
    "User": "dma@example.com",
    "OAuthClientID": "dataminer-agents",
    "OAuthClientSecret": REFERENCE,
    "OAuthTokenEndpoint": "https://login.example.org/oauth2/token",
}


def login(method: str = "AuthLoginMethod", **settings: str | None) -> str:
    """A section that logs in with a password."""
    return section(**{"LoginMethod": method, "User": "dma@example.com", "Password": REFERENCE, **settings})


def oauth(**settings: str | None) -> str:
    """A section that logs in with OAuth 2.0."""
    return section(**{**OAUTH, **settings})


def named(text: str, name: str = "Password") -> str:
    """The section with marks around the name of a setting."""
    return text.replace(f"<{name}>", f"<«{name}»>", 1)


class TestPlaintextSecret:
    @pytest.mark.parametrize(
        "text",
        [
            login(Password=SECRET),
            login("LoginPlainMethod", Password=SECRET),
            login("CramMD5Method", Password=SECRET),
            login("NTLM", Password=SECRET),
            login("Auto", Password=SECRET),
            login("authloginmethod", Password=SECRET),
            login("LOGIN", Password=SECRET),
            login("Nonsense", Password=SECRET),  # which may use it
            login("", Password=SECRET),
            section(LoginMethod=None, Password=SECRET),
            section(LoginMethod=None, Password=SECRET, OAuthClientSecret=REFERENCE),
            login(Password=f"<![CDATA[{SECRET}]]>"),
            login(Password=f"{REFERENCE}0"),
            login(Password=REFERENCE[:-1]),
            login(Password="0"),
            login(Password="${env:SMTP_USER}${env:SMTP_REST}"),  # XML has no variables
        ],
    )
    def test_password(self, text: str) -> None:
        one = only(named(text), "X701")
        assert (one.severity, one.place, one.fix) == (Severity.INFO, "SMTP/Password", None)
        assert one.message == "Password stands in plain text"

    @pytest.mark.parametrize(
        "text",
        [
            oauth(OAuthClientSecret=SECRET),
            oauth(OAuthClientSecret=SECRET, LoginMethod="Nonsense"),  # which may use it
            section(LoginMethod=None, OAuthClientSecret=SECRET),
        ],
    )
    def test_client_secret(self, text: str) -> None:
        one = only(named(text, "OAuthClientSecret"), "X701")
        assert one.message == "OAuthClientSecret stands in plain text"

    @pytest.mark.parametrize(
        "text",
        [
            login(),
            login(Password=REFERENCE.upper()),
            login(Password=f"{{{REFERENCE}}}"),
            login(Password=f" {REFERENCE} "),
            login(Password=f"<!-- of the agent -->{REFERENCE}"),
            login(Password=""),
            login(Password="  "),
            login(Password=None),
            section(Password=SECRET),  # A305
            oauth(Password=SECRET),  # not used
            login(OAuthClientSecret=SECRET),  # O405
            login("Nonsense"),
            login("Nonsense", Password="changeme"),
            section(LoginMethod=None, Password=REFERENCE),
            section(LoginMethod=None, Password=""),
            login(Password="${env:DMSMTP_PASSWORD}"),
            oauth(),
            oauth(OAuthClientSecret=None),
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "X701" not in codes(text)

    @pytest.mark.parametrize(
        ("secret", "is_found"),
        [
            ("${env:DMSMTP_PASSWORD}", False),
            (" ${env:DMSMTP_PASSWORD}", False),
            ("${env:USER_PART}${env:OTHER_PART}", False),
            ("${env:DMSMTP-PASSWORD}", False),  # X704, as `convert` and `apply` refuse it
            ("${env:DMSMTP.PASSWORD}", False),
            ("${env:USER_PART}-${env:OTHER_PART}", True),
            ("${env:}", False),
            ("$${env:DMSMTP_PASSWORD}", True),
            ("${env:DMSMTP_PASSWORD}1", True),
        ],
    )
    def test_a_variable_is_no_secret_in_json_and_yaml(self, secret: str, is_found: bool) -> None:
        text = f'{{"SMTP": {{"LoginMethod": "NTLM", "Password": "{secret}"}}}}'
        assert ("X701" in codes(text)) is is_found


class TestPlaceholderSecret:
    @pytest.mark.parametrize(
        "secret",
        [
            *(
                "changeme",
                "ChangeMe",
                "CHANGE_ME",
                "change-me",
                "change me",
                "password",
                "PASSWORD",
                "passwd",
            ),
            *("YourPassword", "your_password", "your-password-here", "&lt;password&gt;", "[password]"),
            *("{password}", "(password)", "'password'", "&lt;your password&gt;", "secret", "TODO", "tbd"),
            *('"password"', "change.me"),
            *(
                "***",
                "********",
                "\u2022\u2022\u2022\u2022",
                "reference \u2022\u2022\u2022\u2022",
                "xxx",
                "XXXXXXXX",
            ),
            *("xxxx xxxx xxxx xxxx", "XXXX XXXX XXXX XXXX", "x x x", "* * * *", "\u2022\u2022 \u2022\u2022"),
            *("...", "---", "???", "###", "____", '""', "''", "\u201c\u201d", "n/a", "REDACTED", "[hidden]"),
            *("\u25cf\u25cf\u25cf", "\u00b7\u00b7\u00b7\u00b7", "***REMOVED***", "**(password)**"),
            *(" changeme ", "<![CDATA[changeme]]>", "<![CDATA[<password>]]>", "change<!-- -->me"),
        ],
    )
    @pytest.mark.parametrize("method", ["AuthLoginMethod", "NTLM", "Auto", None])
    def test_password(self, method: str | None, secret: str) -> None:
        text = named(login(LoginMethod=method, Password=secret))
        one = only(text, "X702")
        assert (one.severity, one.place, one.fix) == (Severity.ERROR, "SMTP/Password", None)
        assert one.message == "Password holds a word that stands for a secret, not one"
        assert not {"X701", "X703"} & set(codes(text))

    @pytest.mark.parametrize(
        "secret",
        [
            *("changeme", "Change it", "change-this", "changed", "Replace me", "replace-this", "fill me in"),
            *("fill-in", "Passwort", "Wachtwoord", "Kennwort", "pwd", "Your Secret", "your-secret-here"),
            *("your-client-secret", "clientsecret", "password here", "Enter password", "enter-password-here"),
            *("Enter your password", "insert password", "SMTP password", "mail-password", "email password"),
            *(
                "the password",
                "my password",
                "App password",
                "***",
                "TODO",
                "TBA",
                "FIXME",
                "N/A",
                "placeholder",
            ),
            *("dummy", "example", "removed", "masked", "omitted", "censored", "scrubbed", "(encrypted)"),
            *("\u2018\u2019", "``"),
        ],
    )
    def test_client_secret(self, secret: str) -> None:
        one = only(named(oauth(OAuthClientSecret=secret), "OAuthClientSecret"), "X702")
        assert one.place == "SMTP/OAuthClientSecret"

    @pytest.mark.parametrize(
        "secret",
        [
            *(
                REFERENCE,
                SECRET,
                "changeme1",
                "Changeme!",
                "password1",
                "P@ssw0rd",
                "Password!",
                "notasecret",
            ),
            *("mysecretword", "xx", "**", "xxxy", "x" * 3 + "1", "1111", "aaaa", "0000", '"a"', "to do list"),
            *("hsyq tzmw vbfe kdlo", "SG.kX3vQ9tR7mZ1wB5n", "", "  ", "todos", "a-password-of-mine"),
            *("'", '"', "()", "&lt;password", "[password&gt;", "***frost***", "re**moved", "*", "'*"),
        ],
    )
    def test_near_miss(self, secret: str) -> None:
        assert "X702" not in codes(login(Password=secret))

    @pytest.mark.parametrize(
        "text",
        [
            section(Password="changeme"),
            oauth(Password="changeme"),
            login(OAuthClientSecret="changeme"),
            login(User="changeme"),
            section(From="password@example.com"),
        ],
    )
    def test_not_a_secret_in_use(self, text: str) -> None:
        assert "X702" not in codes(text)


class TestSecretWithWhitespace:
    @pytest.mark.parametrize(
        "around",
        [
            *(" {}", "{} ", " {} ", "\t{}", "{}\n", "\n    {}\n  ", "\u00a0{}", "{}\u200b", "&#32;{}"),
            *("\u200e{}", "\u202a{}\u202c"),
        ],
    )
    @pytest.mark.parametrize("secret", [REFERENCE, SECRET])
    def test_password(self, secret: str, around: str) -> None:
        text = named(login(Password=around.format(secret)))
        one = only(text, "X703")
        assert (one.severity, one.place, one.fix) == (Severity.WARNING, "SMTP/Password", None)
        assert one.message == "Password has white space at its beginning or end"

    def test_client_secret(self) -> None:
        text = oauth(OAuthClientSecret=f"{REFERENCE} ")
        assert only(named(text, "OAuthClientSecret"), "X703").place == "SMTP/OAuthClientSecret"

    @pytest.mark.parametrize(
        "text",
        [
            login(),
            login(Password="frost on tulips"),
            login(Password=" "),
            login(Password="\n  "),
            login(Password=f"<!-- -->{REFERENCE}<!-- -->"),
            login(Password=f"<![CDATA[{REFERENCE}]]>"),
            login(User=" dma"),
            section(Password=f" {REFERENCE}"),
            oauth(Password=f" {REFERENCE}"),
            login(OAuthClientSecret=f" {REFERENCE}"),
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "X703" not in codes(text)

    def test_both_are_said(self) -> None:
        assert codes(login(Password=f" {SECRET}")) == ["X701", "X703"]


PLACEHOLDERS = [
    *("${env:SMTP_HOST}", "${SMTP_HOST}", "${smtp.host}", "${SMTP-HOST}", "${SMTP_HOST:-relay}"),
    *("%SMTP_HOST%", "%SmtpHost%", "$(SMTP_HOST)", "{{SMTP_HOST}}", "{{ smtp.host }}", "#{SmtpHost}#"),
    *("%SMTP2%", "${_RELAY}", "$(R)"),
]


class TestSecretCutShort:
    @pytest.mark.parametrize(
        "lines",
        [
            f"  «Password»: {SECRET} #1",
            f"  «Password»: {SECRET}\t##1 # changed",
            f'  "«Password»": {SECRET} #1',
            f"  «Password»:\n    {SECRET}\n    still #1",
            f"  «Password»: {REFERENCE} #1",
            "  «Password»: a${env:MAIL_PASSWORD} #1",
            "  «Password»: 12345 #6",
        ],
    )
    def test_password(self, lines: str) -> None:
        one = only(yaml_login(lines), "X706")
        assert (one.severity, one.place, one.fix) == (Severity.WARNING, "SMTP/Password", None)

    def test_client_secret(self) -> None:
        text = yaml_login(f"  «OAuthClientSecret»: {SECRET} #1").replace("NTLM", "XOAUTH2")
        assert only(text, "X706").place == "SMTP/OAuthClientSecret"

    @pytest.mark.parametrize(
        "lines",
        [
            f"  Password: {SECRET}",
            f"  Password: {SECRET}#1",
            f"  Password: {SECRET} # 1",
            "  Password: ${env:MAIL_PASSWORD} #from the vault",
            f"  Password: {SECRET} ## 1",
            f"  Password: {SECRET} #",
            f"  Password: {SECRET} ##",
            f"  Password: '{SECRET}' #1",
            f'  Password: "{SECRET}" #1',
            f"  Password: |-\n    {SECRET} #1",
            f"  Password: >- #1\n    {SECRET}",
            f"  Password: {SECRET} #dmsmtp: ignore[X701] why",
            f"  Password: {SECRET} #gitleaks:allow",
            f"  Password: {SECRET} #trufflehog:ignore",
            f"  Password: {SECRET} #pragma: allowlist secret",
            f"  Password: {SECRET}\n  #1",
            f"  OAuthConfigData: &it {SECRET}\n  Password: *it #1",
            "  Password: #1",  # A304
            f"  Password: {SECRET}\n  Helo: dma.example.com #1",
            f"  OAuthClientSecret: {SECRET} #1",  # not used
        ],
    )
    def test_near_miss(self, lines: str) -> None:
        assert "X706" not in codes(yaml_login(lines))

    @pytest.mark.parametrize("rest", [", User: a #1\n", ", #1\n  User: a", "} #1\n"])
    def test_a_comment_behind_something_else_in_braces(self, rest: str) -> None:
        text = f"SMTP: {{Host: a, LoginMethod: NTLM, Password: {SECRET}{rest}"
        assert "X706" not in codes(text if "}" in rest else text + "}\n")

    def test_it_is_found_in_braces_and_json_has_no_comments(self) -> None:
        text = f"SMTP: {{LoginMethod: NTLM, «Password»: {SECRET} #1\n}}"
        assert only(text, "X706").place == "SMTP/Password"
        assert "X706" not in codes(f'{{"SMTP": {{"LoginMethod": "NTLM", "Password": "{SECRET} #1"}}}}')


def yaml_login(lines: str) -> str:
    """A section in YAML that logs in, with some lines."""
    return f"SMTP:\n  Host: smtp.example.com\n  LoginMethod: NTLM\n  User: dma@example.com\n{lines}\n"


class TestUnresolvedPlaceholder:
    @pytest.mark.parametrize("placeholder", PLACEHOLDERS)
    @pytest.mark.parametrize("around", ["{}", "smtp.{}", "{}.example.com", " {} "])
    def test_host(self, around: str, placeholder: str) -> None:
        text = section(Host=f"«{around.replace('{}', placeholder)}»")
        one = only(text, "X704")
        assert (one.severity, one.place, one.fix) == (Severity.ERROR, "SMTP/Host", None)
        value = around.replace("{}", placeholder).strip()
        assert one.message.startswith(f'"{value}" holds a placeholder that was not filled in')
        assert codes(text) == ["X704"]

    @pytest.mark.parametrize("placeholder", PLACEHOLDERS)
    @pytest.mark.parametrize("name", ["From", "Helo"])
    def test_other_settings(self, name: str, placeholder: str) -> None:
        text = section(**{name: f"«{placeholder}»"})
        assert only(text, "X704").place == f"SMTP/{name}"
        assert codes(text) == ["X704"]

    @pytest.mark.parametrize("placeholder", PLACEHOLDERS)
    def test_user(self, placeholder: str) -> None:
        assert only(login(User=f"«DOMAIN\\{placeholder}»"), "X704").place == "SMTP/User"

    @pytest.mark.parametrize("placeholder", PLACEHOLDERS)
    def test_password(self, placeholder: str) -> None:
        text = named(login(Password=placeholder))
        one = only(text, "X704")
        assert one.place == "SMTP/Password"
        assert one.message.startswith("Password holds a placeholder that was not filled in")
        assert placeholder not in str(one)
        assert codes(text) == ["X704"]

    @pytest.mark.parametrize("placeholder", PLACEHOLDERS)
    def test_a_secret_that_is_not_used(self, placeholder: str) -> None:
        assert "X704" in codes(section(Password=placeholder))
        assert "X704" in codes(oauth(OAuthClientSecret=placeholder))

    @pytest.mark.parametrize(
        "name", ["M%C3%BCnchen", "%C3%BCber%C3%A4", "M%C3%BCnch%C3%A9n", "%E2%82%AC", "Gr%c3%bcn", "%C3%BC"]
    )
    def test_percent_encoding_is_none(self, name: str) -> None:
        text = oauth(OAuthTokenEndpoint=f"https://login.example.com/realms/{name}/token")
        assert "X704" not in codes(text)

    @pytest.mark.parametrize(
        "name", ["%REALM%", "%DC%", "%DATE%", "a%20%REALM%", "%C3%BC%REALM%", "%BC_REALM%", "%REALM%%C3%BC"]
    )
    def test_beside_percent_encoding(self, name: str) -> None:
        text = oauth(OAuthTokenEndpoint=f"«https://login.example.com/realms/{name}/token»")
        assert only(text, "X704").place == "SMTP/OAuthTokenEndpoint"

    def test_configuration_data(self) -> None:
        assert "X704" in codes(oauth(OAuthConfigData="{{config_data}}"))

    @pytest.mark.parametrize(
        "value",
        [
            *(
                "smtp.example.com",
                "$smtp",
                "${}",
                "${ }",
                "${1}",
                "$SMTP_HOST",
                "%SMTP_HOST",
                "100%",
                "50% %",
            ),
            *("%20smtp%20", "%%", "{SMTP_HOST}", "{{}}", "{{ }}", "{{a b}}", "$()", "$(a b)", "#{}#", "#{a}"),
            *("@SMTP_HOST@", "&lt;SMTP_HOST&gt;", "__SMTP_HOST__", "%a b%", "<!-- ${SMTP_HOST} -->relay"),
        ],
    )
    @pytest.mark.parametrize("name", ["Host", "Helo", "From"])
    def test_near_miss(self, name: str, value: str) -> None:
        assert "X704" not in codes(section(**{name: value}))

    @pytest.mark.parametrize(
        "secret", ["a${b}", "%a%b", "x$(y)", "{{a}}b", "#{a}#b", "$2b$10$abc", "%", "${", "a%b%c", SECRET]
    )
    def test_a_secret_may_hold_such_signs(self, secret: str) -> None:
        assert "X704" not in codes(login(Password=secret))

    @pytest.mark.parametrize("data", ['{"token":"${x}"}', "a{{b}}c", "eyJwcmVzZXQiOiJDdXN0b20ifQ=="])
    def test_so_may_configuration_data(self, data: str) -> None:
        assert "X704" not in codes(oauth(OAuthConfigData=data))

    @pytest.mark.parametrize(
        ("name", "code"), [("HostPort", "H204"), ("LoginMethod", "A301"), ("MaxSubjectLength", "M604")]
    )
    def test_where_the_schema_refuses_it(self, name: str, code: str) -> None:
        assert codes(section(**{name: "${VALUE}"})) == [code]

    @pytest.mark.parametrize(
        ("name", "value", "is_found"),
        [
            ("User", "${env:SMTP_USER}", True),
            ("User", "DOMAIN\\\\${env:SMTP_USER}", True),
            ("User", "${env:SMTP-USER}", True),
            ("User", "$${env:SMTP_USER}", False),
            ("User", "${SMTP_USER}", False),  # a tool may still fill it in
            ("User", "%SMTP_USER%", False),
            ("Helo", "${env:HOSTNAME}.example.com", True),
            ("OAuthConfigData", "${env:DATA}", True),
            ("OAuthConfigData", "a${env:DATA}", False),
            ("Password", "${env:DMSMTP_PASSWORD}", False),
            ("OAuthClientSecret", "x${env:DMSMTP_SECRET}", False),
        ],
    )
    def test_in_json_and_yaml_variables_stand_for_secrets_alone(
        self, name: str, value: str, is_found: bool
    ) -> None:
        for text in (f'{{"SMTP": {{"{name}": "«{value}»"}}}}', f'SMTP:\n  {name}: "«{value}»"\n'):
            if is_found:
                one = only(text, "X704")
                assert one.place == f"SMTP/{name}"
                assert "for secrets alone" in one.message
            else:
                assert "X704" not in codes(text.replace("«", "").replace("»", ""))

    @pytest.mark.parametrize("value", ["${env:SMTP-PASSWORD}", "${env:}", "a${env:A B}", "${env:A}${env:B"])
    def test_what_names_no_variable_for_a_secret(self, value: str) -> None:
        for text in (f'{{"SMTP": {{"«Password»": "{value}"}}}}', f'SMTP:\n  «Password»: "{value}"\n'):
            one = only(text, "X704")
            assert one.message == "Password has ${env: without a variable's name behind it"
            assert one.help == "write ${env:NAME} (letters, digits and _), or $${ for ${ itself"

    @pytest.mark.parametrize("value", ["$${env:SMTP-PASSWORD}", "${SMTP-PASSWORD}", "${ENV:A-B}", "$${env:"])
    def test_what_is_a_secret_itself(self, value: str) -> None:
        for text in (f'{{"SMTP": {{"Password": "{value}"}}}}', f'SMTP:\n  Password: "{value}"\n'):
            assert "X704" not in codes(text)

    def test_what_names_no_variable_is_no_plain_text(self) -> None:
        settings = {**ORDINARY, "LoginMethod": "AuthLoginMethod", "User": "dma", "Password": "${env:A-B}"}
        assert codes(json.dumps({"SMTP": settings})) == ["X704"]

    def test_what_is_said_of_a_host_that_is_a_variable(self) -> None:
        found = codes('{"SMTP": {"Host": "«${env:SMTP_HOST}»", "HostPort": "587", "From": "a@b.example"}}')
        assert "X704" in found
        assert "H202" not in found

    def test_a_placeholder_that_is_that_of_the_secret_too(self) -> None:
        text = login(Password="${USER_NAME}", From="${USER_NAME}@example.com")
        found = [(one.place, one.message) for one in findings(text) if one.code == "X704"]
        assert sorted(str(place) for place, _ in found) == ["SMTP/From", "SMTP/Password"]
        assert not any("USER_NAME" in message for _, message in found)

    def test_a_login_in_host_is_not_shown(self) -> None:
        text = section(Host=f"dma:${{X}}{SECRET}@smtp.example.com").replace("<Host>", "<«Host»>")
        assert only(text, "H203")
        assert "X704" not in codes(text)

    def test_what_follows_a_login_in_host_is_looked_at(self) -> None:
        text = section(Host=f"dma:${{X}}{SECRET}@smtp.example.com", From="«${FROM}»")
        assert only(text, "X704").place == "SMTP/From"


class TestExampleValue:
    @pytest.mark.parametrize(
        ("text", "name", "severity"),
        [
            (login(User="«MyMailName@mail.com»"), "User", Severity.ERROR),
            (login(User="«mymailname@mail.com»"), "User", Severity.ERROR),
            (login(User="«address@example.com»"), "User", Severity.ERROR),
            (section(From="«MyMailName@mail.com»"), "From", Severity.ERROR),
            (section(From="«address@example.com»"), "From", Severity.ERROR),
            (section(From="« address@example.com »"), "From", Severity.ERROR),
            (named(login(Password="MyMailPassword")), "Password", Severity.ERROR),
            (section(Helo="«pc.company.local»"), "Helo", Severity.WARNING),
            (section(Helo="«PC.company.local»"), "Helo", Severity.WARNING),
            (section(Host="«mail.skyline.be»"), "Host", Severity.WARNING),
            (
                oauth(OAuthClientID=f"«888888888888-{'x' * 32}.apps.googleusercontent.com»"),
                "OAuthClientID",
                Severity.ERROR,
            ),
            (
                named(oauth(OAuthClientSecret=f"GOCSPX-{'x' * 28}"), "OAuthClientSecret"),
                "OAuthClientSecret",
                Severity.ERROR,
            ),
            (oauth(OAuthClientID="«72f988bf-86f1-41af-91ab-2d7cd011db47»"), "OAuthClientID", Severity.ERROR),
            (
                oauth(
                    OAuthTokenEndpoint="«https://login.microsoftonline.com/"
                    "72f988bf-86f1-41af-91ab-2d7cd011db47/oauth2/v2.0/token»"
                ),
                "OAuthTokenEndpoint",
                Severity.ERROR,
            ),
            (
                oauth(OAuthTokenEndpoint="«https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47»"),
                "OAuthTokenEndpoint",
                Severity.ERROR,
            ),
        ],
    )
    def test_hit(self, text: str, name: str, severity: Severity) -> None:
        one = only(text, "X705")
        assert (one.severity, one.place, one.fix) == (severity, f"SMTP/{name}", None)
        assert one.message.endswith(" is an example of the DataMiner documentation")
        assert one.message.startswith(f"{name} is" if name in ("Password", "OAuthClientSecret") else '"')
        assert any(part in text.lower() for part in PARTS_OF_EXAMPLES)

    def test_no_part_of_an_example_stands_in_ordinary_sections(self) -> None:
        for text in (section(), login(), oauth()):
            assert not any(part in text.lower() for part in PARTS_OF_EXAMPLES)

    @pytest.mark.parametrize(
        "text",
        [
            section(),
            section(Host="smtp.mail.com"),
            section(Host="mail.skyline.be.example.com"),
            section(Host="relay.skyline.be"),
            section(From="mail.skyline.be"),
            section(From="address@example.org"),
            section(From="address@mail.example.com"),
            section(From="dma@mail.com"),
            section(Helo="dma.company.local"),
            section(Helo="pc2.company.local"),
            section(Host="pc.company.local"),
            login(User="MyMailName"),
            login(User="MyMailPassword"),
            login(Password="mymailpassword"),
            login(Password="MyMailPassword2"),
            login(Password="NotMyMailPassword"),
            login(Password="MyMailName@mail.com"),
            login(Password="GOCSPX-" + "x" * 28),
            oauth(OAuthClientSecret="GOCSPX-k3v9e7q2xxxxxxxx"),
            oauth(OAuthClientSecret="GOCSPX-xxxxxxxxk3v9e7q2"),
            oauth(OAuthClientSecret="xGOCSPX-xxxxxxxx"),
            oauth(OAuthClientSecret="GOCSPX-"),
            oauth(OAuthClientID="888888888888-x8.apps.googleusercontent.com"),
            oauth(OAuthClientID="8888888888888-xx.apps.googleusercontent.com"),
            oauth(OAuthClientID="888888888888-.apps.googleusercontent.com"),
            oauth(OAuthClientID="888888888888-xx.apps.googleusercontent.com.example.com"),
            oauth(OAuthClientID="407408718192-k3v9e7q2m5t1x8b4.apps.googleusercontent.com"),
            oauth(OAuthTokenEndpoint="https://login.microsoftonline.com/common/oauth2/v2.0/token"),
            oauth(OAuthTokenEndpoint="https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db470"),
            oauth(OAuthTokenEndpoint="https://sts.windows.net/x72f988bf-86f1-41af-91ab-2d7cd011db47"),
            section(MaxSubjectLength="78"),
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "X705" not in codes(text)

    def test_the_example_of_the_documentation(self) -> None:
        text = login(Host="smtp.mail.com", User="MyMailName@mail.com", Password="MyMailPassword", From=None)
        assert codes(text) == ["M602", "X705", "X705"]


@given(
    before=st.text("abc$%{}()#. *x\u2022", max_size=8),
    after=st.text("abc$%{}()#. *x\u2022", max_size=8),
    method=st.sampled_from(["AuthLoginMethod", "Auto", "NTLM", "NoLoginMethod", "XOAUTH2"]),
)
def test_nothing_is_said_about_a_secret(before: str, after: str, method: str) -> None:
    text = section(
        LoginMethod=method,
        User="dma@example.com",
        Password=f"{before}{SECRET}{after}",
        OAuthClientSecret=f"{after}{SECRET}{before}",
    )
    found = findings(text)
    assert SECRET not in str(found)
    for one in found:
        if one.code.startswith("X"):
            assert one.span is not None
            name = (one.place or "").removeprefix("SMTP/")
            assert one.span.end.offset - one.span.start.offset == len(name)


def test_a_secret_behind_one_that_a_variable_holds_may_be_cut_short() -> None:
    text = "SMTP:\n  Host: h\n  Password: ${env:P} #x\n  «OAuthClientSecret»: frost #tulips\n"
    assert only(text, "X706").place == "SMTP/OAuthClientSecret"
