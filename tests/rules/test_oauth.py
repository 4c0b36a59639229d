"""O rules: rows are sections with one mistake, its place marked, or that only look as if they had one."""

from __future__ import annotations

import re

import pytest

from migrator.diagnostic import Severity
from tests.rules.tables import codes, findings, only, section

REFERENCE = "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77"
CLIENT = "7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10"
MICROSOFT_ENDPOINT = "https://login.microsoftonline.com/example.com/oauth2/v2.0/token"
GOOGLE_ENDPOINT = "https://oauth2.googleapis.com/token"
MICROSOFT = {
    "Host": "smtp.office365.com",
    "LoginMethod": "XOAUTH2",
    "User": "dma@example.com",
    "OAuthClientID": CLIENT,
    "OAuthTokenEndpoint": MICROSOFT_ENDPOINT,
}
GOOGLE = {
    "Host": "smtp.gmail.com",
    "LoginMethod": "XOAUTH2",
    "User": "dma@example.com",
    "OAuthClientID": "407408-k2m9.apps.googleusercontent.com",
    "OAuthClientSecret": REFERENCE,
    "OAuthTokenEndpoint": GOOGLE_ENDPOINT,
}
CUSTOM = {
    "LoginMethod": "XOAUTH2",
    "User": "dma@example.com",
    "OAuthClientID": "dataminer",
    "OAuthClientSecret": REFERENCE,
    "OAuthTokenEndpoint": "https://login.example.com/token",
}
PRESETS = {"microsoft": MICROSOFT, "google": GOOGLE, "custom": CUSTOM}
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

each_preset = pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
each_other_method = pytest.mark.parametrize(
    "method",
    ["NoLoginMethod", "LoginPlainMethod", "AuthLoginMethod", "CramMD5Method", "NTLM", "Auto", "", "nonsense"],
)


def oauth(preset: dict[str, str], **settings: str | None) -> str:
    """A section as a preset has it, with settings given otherwise or left out."""
    return section(**{**preset, **settings})


def in_section(text: str) -> str:
    """The text with the name of its section marked."""
    return text.replace("<SMTP>", "<«SMTP»>", 1)


def at_name(text: str, name: str) -> str:
    """The text with the name of a setting marked."""
    return text.replace(f"<{name}>", f"<«{name}»>", 1)


@each_preset
def test_near_miss_complete(preset: dict[str, str]) -> None:
    assert codes(oauth(preset)) == []
    assert codes(oauth(preset, LoginMethod="xoauth2")) == ["A301"]
    assert codes(oauth(preset, HostPort=" 587-starttls")) == ["S109"]


MISSING = [
    ("O401", "OAuthClientID", MICROSOFT, ERROR),
    ("O401", "OAuthClientID", GOOGLE, ERROR),
    ("O401", "OAuthClientID", CUSTOM, ERROR),
    ("O402", "OAuthTokenEndpoint", MICROSOFT, ERROR),
    ("O402", "OAuthTokenEndpoint", GOOGLE, ERROR),
    ("O402", "OAuthTokenEndpoint", CUSTOM, ERROR),
    ("O403", "OAuthClientSecret", GOOGLE, ERROR),
    ("O403", "OAuthClientSecret", CUSTOM, INFO),
    ("O403", "OAuthClientSecret", {**GOOGLE, "Host": "smtp.example.com"}, ERROR),
    ("O403", "OAuthClientSecret", {**GOOGLE, "OAuthTokenEndpoint": "https://login.example.com/t"}, ERROR),
    ("O403", "OAuthClientSecret", {**CUSTOM, "Host": "smtp.zoho.com"}, INFO),
    ("O403", "OAuthClientSecret", {**CUSTOM, "Host": "smtp.googlemail.com"}, INFO),
]


class TestMissing:
    @pytest.mark.parametrize(("code", "name", "preset", "severity"), MISSING)
    def test_missing(self, code: str, name: str, preset: dict[str, str], severity: Severity) -> None:
        text = oauth(preset, **{name: None})
        one = only(in_section(text), code)
        assert (one.severity, one.fix, one.place) == (severity, None, "SMTP")
        needed = re.search("which XOAUTH2 needs(?: at .*)?$", one.message)
        assert (needed is not None) == (severity is ERROR)
        assert ("which some providers want" in one.message) == (severity is INFO)
        assert one.message.endswith(" at Google") == (code == "O403" and severity is ERROR)
        assert one.help is not None
        assert "Cube (System Center > System settings > SMTP), not by hand" in one.help
        assert codes(text) == [code]

    @pytest.mark.parametrize("value", ["", " \n ", "<!-- later -->"])
    @pytest.mark.parametrize(("code", "name", "preset", "severity"), MISSING)
    def test_empty(
        self, code: str, name: str, preset: dict[str, str], severity: Severity, value: str
    ) -> None:
        text = oauth(preset, **{name: value})
        one = only(at_name(text, name), code)
        assert (one.severity, one.place) == (severity, f"SMTP/{name}")
        assert codes(text) == [code]

    def test_all_are_missing(self) -> None:
        text = section(LoginMethod="XOAUTH2", User="dma@example.com")
        assert codes(text) == ["O401", "O402", "O403"]
        assert codes(oauth(GOOGLE, OAuthClientSecret=None, OAuthTokenEndpoint=None)) == ["O402", "O403"]

    @pytest.mark.parametrize(
        "preset",
        [
            MICROSOFT,
            {**MICROSOFT, "Host": "smtp.example.com"},
            {**MICROSOFT, "Host": "192.0.2.7", "HostPort": "25-starttls"},
            {**MICROSOFT, "Host": "smtp.partner.outlook.cn"},
            {**MICROSOFT, "OAuthTokenEndpoint": "https://login.microsoftonline.us/common/oauth2/v2.0/token"},
            {**MICROSOFT, "OAuthTokenEndpoint": "https://login.example.com/token"},
        ],
    )
    def test_near_miss_microsoft_has_no_client_secret(self, preset: dict[str, str]) -> None:
        assert "O403" not in codes(oauth(preset))

    @pytest.mark.parametrize("host", ["smtp.office365.com", "smtp-mail.outlook.com", "smtp.office365.us"])
    def test_near_miss_microsoft_without_a_token_endpoint(self, host: str) -> None:
        assert codes(oauth(MICROSOFT, Host=host, OAuthTokenEndpoint=None)) == ["O402"]

    @each_other_method
    def test_near_miss_another_method(self, method: str) -> None:
        assert not {"O401", "O402", "O403"} & set(codes(section(LoginMethod=method, User="a@example.com")))

    @pytest.mark.parametrize(
        ("written", "code"),
        [("oAuthClientId", "O401"), ("TokenEndpoint", "O402"), ("ClientSecret", "O403")],
    )
    def test_near_miss_misspelt(self, written: str, code: str) -> None:
        name = {"O401": "OAuthClientID", "O402": "OAuthTokenEndpoint", "O403": "OAuthClientSecret"}[code]
        text = oauth(CUSTOM, **{name: None, written: REFERENCE})
        assert code not in codes(text)
        assert "S101" in codes(text)


class TestOAuthWithoutTls:
    @pytest.mark.parametrize("port", ["25", "587", "465-nossl", "587-nossl", "2525"])
    def test_hit(self, port: str) -> None:
        text = oauth(CUSTOM, LoginMethod="«XOAUTH2»", HostPort=port)
        one = only(text, "O404")
        assert (one.severity, one.fix) == (ERROR, None)
        assert f'HostPort "{port}"' in one.message
        assert [related.message for related in one.related] == ["the HostPort"]
        assert codes(text) == ["O404"]

    def test_without_host_port(self) -> None:
        one = only(oauth(CUSTOM, LoginMethod="«XOAUTH2»", HostPort=None), "O404")
        assert "without HostPort it is port 25" in one.message
        assert codes(oauth(CUSTOM, HostPort=None)) == ["O404"]

    @pytest.mark.parametrize(
        "port", ["465", "465-ssl", "587-starttls", "25-starttls", "2465-ssl", "587-STARTTLS"]
    )
    def test_near_miss_tls(self, port: str) -> None:
        assert "O404" not in codes(oauth(CUSTOM, HostPort=port))

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
    def test_near_miss_loopback(self, host: str) -> None:
        assert codes(oauth(CUSTOM, Host=host, HostPort="25")) == []

    @pytest.mark.parametrize("port", ["", "587 starttls", "0", "smtp"])
    def test_near_miss_no_port(self, port: str) -> None:
        assert "O404" not in codes(oauth(CUSTOM, HostPort=port))

    @each_other_method
    def test_near_miss_another_method(self, method: str) -> None:
        assert "O404" not in codes(section(LoginMethod=method, HostPort="25"))


class TestUnusedOAuthSettings:
    @pytest.mark.parametrize(
        "name", ["OAuthClientID", "OAuthClientSecret", "OAuthTokenEndpoint", "OAuthConfigData"]
    )
    @pytest.mark.parametrize("method", ["NoLoginMethod", "AuthLoginMethod", "NTLM", "Auto", "LOGIN"])
    def test_hit(self, name: str, method: str) -> None:
        text = section(LoginMethod=method, **{name: REFERENCE})
        one = only(at_name(text, name), "O405")
        assert (one.severity, one.fix) == (INFO, None)
        assert one.message.startswith(f"{name} is not used with ")

    def test_one_finding_names_all(self) -> None:
        text = oauth(CUSTOM, LoginMethod="NoLoginMethod", User=None)
        one = only(at_name(text, "OAuthClientID"), "O405")
        assert one.message == (
            "OAuthClientID, OAuthClientSecret and OAuthTokenEndpoint are not used with NoLoginMethod"
        )
        assert [related.place for related in one.related] == [
            "SMTP/OAuthClientSecret",
            "SMTP/OAuthTokenEndpoint",
        ]

    @each_preset
    def test_near_miss_used(self, preset: dict[str, str]) -> None:
        assert "O405" not in codes(oauth(preset))

    @pytest.mark.parametrize("method", [None, "", "OAuth3", "nonsense"])
    def test_near_miss_no_known_method(self, method: str | None) -> None:
        assert "O405" not in codes(oauth(CUSTOM, LoginMethod=method))

    @pytest.mark.parametrize("value", ["", " ", None])
    def test_near_miss_empty(self, value: str | None) -> None:
        assert "O405" not in codes(section(OAuthClientID=value, OAuthConfigData=value))


class TestInsecureTokenEndpoint:
    @pytest.mark.parametrize(
        "url",
        [
            "http://login.example.com/token",
            "HTTP://login.example.com/token",
            "http://localhost:8080/token",
            "login.example.com/token",
            "//login.example.com/token",
            "ftp://login.example.com/token",
            "https:/login.example.com/token",
            "https://",
            "https:///token",
            "https://[::1/token",
            "https://login.example.com:https/token",
            "https://login.example.com:0/token",
            "https://login example.com/token",
            "https://login.example.com/a\\token",
            "https://login.example.com/a|b",
            "token",
            REFERENCE,
            f"{{{REFERENCE}}}",
        ],
    )
    def test_hit(self, url: str) -> None:
        text = oauth(CUSTOM, OAuthTokenEndpoint=f"«{url}»")
        one = only(text, "O406")
        assert (one.severity, one.fix) == (ERROR, None)
        assert ("http URL" in one.message) == url.lower().startswith("http://")
        assert "filled in" not in one.message
        assert codes(text) == ["O406"]

    @pytest.mark.parametrize("part", ["{tenant}", "&lt;tenant-id&gt;", "{}", "&lt;your tenant&gt;"])
    def test_what_was_not_filled_in(self, part: str) -> None:
        url = MICROSOFT_ENDPOINT.replace("example.com", part)
        one = only(oauth(MICROSOFT, OAuthTokenEndpoint=f"«{url}»"), "O406")
        assert one.message.endswith("is not an https URL: what stands in brackets was not filled in")

    @pytest.mark.parametrize(
        "url",
        [
            MICROSOFT_ENDPOINT,
            GOOGLE_ENDPOINT,
            "HTTPS://login.example.com/token",
            "https://login.example.com:8443/realms/a/protocol/openid-connect/token",
            "https://login.example.com:1/token",
            "https://192.0.2.7/token",
            "https://[2001:db8::7]:8443/token",
            "https://login.example.com/token?a=b&amp;c=d",
            " https://login.example.com/token ",
            "https://login.example.com/%7Btenant%7D/token",
            "https://login.example.com/realms/(a)/token?b=[c]&amp;d='e'",
        ],
    )
    def test_near_miss(self, url: str) -> None:
        assert "O406" not in codes(oauth(CUSTOM, OAuthTokenEndpoint=url))

    @each_other_method
    def test_near_miss_another_method(self, method: str) -> None:
        assert "O406" not in codes(section(LoginMethod=method, OAuthTokenEndpoint="http://login.example.com"))


class TestProviderMismatch:
    @pytest.mark.parametrize(
        ("host", "url", "severity"),
        [
            ("smtp.gmail.com", MICROSOFT_ENDPOINT, ERROR),
            ("SMTP.GMAIL.COM.", MICROSOFT_ENDPOINT, ERROR),
            ("smtp.gmail.com", "https://LOGIN.microsoftonline.us/common/oauth2/v2.0/token", ERROR),
            ("smtp.gmail.com", "https://login.partner.microsoftonline.cn/a/oauth2/v2.0/token", ERROR),
            ("smtp.office365.com", GOOGLE_ENDPOINT, ERROR),
            ("smtp-mail.outlook.com", "https://accounts.google.com/o/oauth2/token", ERROR),
            ("smtp.sendgrid.net", MICROSOFT_ENDPOINT, ERROR),
            ("smtp.office365.us", GOOGLE_ENDPOINT, INFO),
        ],
    )
    def test_hit(self, host: str, url: str, severity: Severity) -> None:
        text = oauth(MICROSOFT, Host=host, OAuthTokenEndpoint=f"«{url}»")
        one = only(text, "O407")
        assert (one.severity, one.fix) == (severity, None)
        assert [(related.message, related.place) for related in one.related] == [("the Host", "SMTP/Host")]

    @pytest.mark.parametrize(
        ("host", "url"),
        [
            ("smtp.office365.com", "https://login.partner.microsoftonline.cn/a/oauth2/v2.0/token"),
            ("smtp.partner.outlook.cn", "https://login.partner.microsoftonline.cn/a/oauth2/v2.0/token"),
            ("smtp.office365.us", "https://login.microsoftonline.us/a/oauth2/v2.0/token"),
            ("smtp-mail.outlook.com", "https://login.microsoftonline.com/consumers/oauth2/v2.0/token"),
            ("smtp.gmail.com", "https://www.googleapis.com/oauth2/v3/token"),
            ("smtp.gmail.com", "https://accounts.google.com/o/oauth2/token"),
            ("smtp-relay.gmail.com", GOOGLE_ENDPOINT),
            ("smtp.example.com", MICROSOFT_ENDPOINT),  # a relay of one's own
            ("192.0.2.7", GOOGLE_ENDPOINT),
            ("smtp.office365.com", "https://login.example.com/token"),
            ("smtp.office365.com", "https://login.microsoftonline.com.example.com/token"),
            ("smtp.office365.com", "oauth2.googleapis.com"),
            ("smtp.gmail.com.example.com", MICROSOFT_ENDPOINT),
        ],
    )
    def test_near_miss(self, host: str, url: str) -> None:
        assert "O407" not in codes(oauth(MICROSOFT, Host=host, OAuthTokenEndpoint=url))

    @each_other_method
    def test_near_miss_another_method(self, method: str) -> None:
        text = oauth(MICROSOFT, Host="smtp.gmail.com", LoginMethod=method)
        assert "O407" not in codes(text)


class TestUserNotMailbox:
    @pytest.mark.parametrize(
        "user", ["dma", "EXAMPLE\\dma", "example.com", "@example.com", "a@b@c", REFERENCE]
    )
    @each_preset
    def test_hit(self, user: str, preset: dict[str, str]) -> None:
        text = oauth(preset, User=f"«{user}»")
        one = only(text, "O408")
        assert (one.severity, one.fix) == (ERROR, None)
        assert codes(text) == ["O408"]

    def test_a_name_before_the_address(self) -> None:
        assert codes(oauth(CUSTOM, User="NOC &lt;noc@example.com&gt;")) == ["O408"]

    @pytest.mark.parametrize(
        "user",
        [
            "dma@corp",
            "d.m+a@agents.example.com",
            " dma@example.com",
            "d\u00fcma@example.com",
            "DMA@EXAMPLE.COM",
        ],
    )
    def test_near_miss(self, user: str) -> None:
        assert "O408" not in codes(oauth(CUSTOM, User=user))

    @pytest.mark.parametrize("user", ["", None])
    def test_near_miss_missing(self, user: str | None) -> None:
        assert codes(oauth(CUSTOM, User=user)) == ["A303"]

    @each_other_method
    def test_near_miss_another_method(self, method: str) -> None:
        assert "O408" not in codes(section(LoginMethod=method, User="dma", Password=REFERENCE))


class TestMicrosoftFromRequired:
    @pytest.mark.parametrize(
        "preset",
        [
            MICROSOFT,
            {**MICROSOFT, "Host": "smtp.example.com"},
            {**MICROSOFT, "Host": "smtp-mail.outlook.com"},
            {**MICROSOFT, "OAuthTokenEndpoint": "https://login.example.com/token"},
        ],
    )
    def test_hit(self, preset: dict[str, str]) -> None:
        text = oauth(preset, From=None)
        one = only(in_section(text), "O409")
        assert (one.severity, one.fix) == (ERROR, None)
        assert one.message == "there is no From, which XOAUTH2 needs at Microsoft"
        assert "Microsoft" not in str(one.help)  # O410 says which other addresses it takes
        assert codes(text) == ["O409"]
        assert only(at_name(oauth(preset, From=""), "From"), "O409").place == "SMTP/From"
        assert codes(oauth(preset, From="")) == ["O409"]

    @pytest.mark.parametrize("preset", [GOOGLE, CUSTOM, {**CUSTOM, "Host": "smtp.office365.us"}])
    def test_near_miss_not_microsoft(self, preset: dict[str, str]) -> None:
        assert codes(oauth(preset, From=None)) == ["M602"]

    def test_near_miss_a_password(self) -> None:
        text = oauth(MICROSOFT, LoginMethod="AuthLoginMethod", Password=REFERENCE, From=None)
        assert "O409" not in codes(text)

    def test_near_miss_from_is_there(self) -> None:
        assert codes(oauth(MICROSOFT, From=" dma@example.com")) == ["S109"]
        assert "O409" not in codes(oauth(MICROSOFT, From="nobody"))


class TestMicrosoftFromDiffers:
    @pytest.mark.parametrize(
        ("sender", "severity"),
        [
            ("noc@example.com", INFO),
            ("noc@EXAMPLE.com", INFO),
            ("dma+7@example.com", INFO),
            ("dma@agents.example.com", WARNING),
            ("dma@example.net", WARNING),
            ("dma@corp", WARNING),
        ],
    )
    @pytest.mark.parametrize("method", ["XOAUTH2", "AuthLoginMethod", "LOGIN", "Auto"])
    def test_hit(self, sender: str, severity: Severity, method: str) -> None:
        text = oauth(MICROSOFT, LoginMethod=method, Password=REFERENCE, From=f"«{sender}»")
        one = only(text, "O410")
        assert (one.severity, one.fix) == (severity, None)
        assert [(related.message, related.place) for related in one.related] == [("the User", "SMTP/User")]
        what, _, more = one.message.partition("; ")
        assert what.endswith("takes only addresses of that mailbox")
        assert more == ("this one is in another domain" if severity is WARNING else "")

    def test_a_domain_counts_as_the_same_however_the_user_writes_it(self) -> None:
        text = oauth(MICROSOFT, User="dma@EXAMPLE.COM", From="«noc@example.com»")
        assert only(text, "O410").severity is INFO

    def test_second_hand_hosts_are_advice(self) -> None:
        (one,) = findings(oauth(MICROSOFT, Host="smtp.office365.us", From="dma@example.net"))
        assert (one.code, one.severity) == ("O410", INFO)

    @pytest.mark.parametrize("sender", ["dma@example.com", "DMA@Example.COM", " dma@example.com "])
    def test_near_miss_the_same(self, sender: str) -> None:
        assert "O410" not in codes(oauth(MICROSOFT, From=sender))
        assert "O410" not in codes(oauth(MICROSOFT, User="DMA@example.com", From=sender))

    @pytest.mark.parametrize(
        "host", ["smtp.example.com", "smtp-mail.outlook.com", "smtp.gmail.com", "192.0.2.7"]
    )
    def test_near_miss_another_host(self, host: str) -> None:
        assert "O410" not in codes(oauth(MICROSOFT, Host=host, From="noc@example.net"))

    @pytest.mark.parametrize(
        ("user", "sender"),
        [("EXAMPLE\\dma", "noc@example.com"), ("dma@example.com", "noc"), ("", "noc@example.com")],
    )
    def test_near_miss_no_addresses(self, user: str, sender: str) -> None:
        assert "O410" not in codes(oauth(MICROSOFT, User=user, From=sender))

    def test_near_miss_no_login(self) -> None:
        assert "O410" not in codes(oauth(MICROSOFT, LoginMethod="NoLoginMethod", From="noc@example.net"))
        assert "O410" not in codes(oauth(MICROSOFT, LoginMethod=None, From="noc@example.net"))

    def test_near_miss_a_name_before_the_same_address(self) -> None:
        assert codes(oauth(MICROSOFT, From="NOC &lt;dma@example.com&gt;")) == ["M606"]


class TestMalformedClientId:
    @pytest.mark.parametrize(
        ("preset", "written"),
        [
            (MICROSOFT, "dataminer"),
            (MICROSOFT, CLIENT[:-1]),
            (MICROSOFT, "{" + CLIENT + "}"),
            (MICROSOFT, GOOGLE["OAuthClientID"]),
            ({**MICROSOFT, "Host": "smtp.example.com"}, "dataminer"),
            ({**MICROSOFT, "OAuthTokenEndpoint": "https://login.example.com/t"}, "dataminer"),
            (GOOGLE, CLIENT),
            (GOOGLE, "407408-k2m9"),
            (GOOGLE, ".apps.googleusercontent.com"),
            (GOOGLE, ".apps.GoogleUserContent.com"),
            (GOOGLE, "407408-k2m9.apps.googleusercontent.com/"),
        ],
    )
    def test_hit(self, preset: dict[str, str], written: str) -> None:
        text = oauth(preset, OAuthClientID=f"«{written}»")
        one = only(text, "O411")
        assert (one.severity, one.fix) == (WARNING, None)
        assert written not in one.message.replace("in .apps.googleusercontent.com", "")  # it may be a secret
        assert codes(text) == ["O411"]

    @pytest.mark.parametrize(
        ("preset", "message"),
        [
            (MICROSOFT, "OAuthClientID is no GUID, as those of Microsoft are"),
            (
                GOOGLE,
                "OAuthClientID does not end in .apps.googleusercontent.com, as those of Google do",
            ),
        ],
    )
    def test_says_what_it_should_look_like(self, preset: dict[str, str], message: str) -> None:
        assert only(oauth(preset, OAuthClientID="«dataminer»"), "O411").message == message

    @pytest.mark.parametrize(
        ("preset", "written"),
        [
            (MICROSOFT, CLIENT.upper()),
            (MICROSOFT, f" {CLIENT}\n"),
            (GOOGLE, "407408-K2M9.apps.GoogleUserContent.com"),
            (CUSTOM, "anything"),
            ({**CUSTOM, "Host": "smtp.zoho.com"}, "anything"),
        ],
    )
    def test_near_miss(self, preset: dict[str, str], written: str) -> None:
        assert "O411" not in codes(oauth(preset, OAuthClientID=written))

    @each_other_method
    def test_near_miss_another_method(self, method: str) -> None:
        assert "O411" not in codes(oauth(MICROSOFT, LoginMethod=method, OAuthClientID="dataminer"))
