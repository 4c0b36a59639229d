"""A rules: rows are sections with one mistake, its place marked, or that only look as if they had one."""

from __future__ import annotations

import pytest

from migrator.diagnostic import Safety, Severity
from tests.rules.tables import codes, findings, fixed, only, section

REFERENCE = "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77"
SECRET = "correct-horse-battery"
LOGIN = {"User": "dma@example.com", "Password": REFERENCE}
OAUTH = {
    "LoginMethod": "XOAUTH2",
    "User": "dma@example.com",
    "OAuthClientID": "7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10",
    "OAuthTokenEndpoint": "https://login.example.com/token",
}
METHODS = (
    *("NoLoginMethod", "LoginPlainMethod", "AuthLoginMethod", "CramMD5Method"),
    *("NTLM", "Auto", "XOAUTH2"),
)
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


def login(method: str | None = "AuthLoginMethod", **settings: str | None) -> str:
    """A section with a method, a user and a reference to a password, and settings given otherwise."""
    return section(**{"LoginMethod": method, **LOGIN, **settings})


def in_section(text: str) -> str:
    """The text with the name of its section marked."""
    return text.replace("<SMTP>", "<«SMTP»>", 1)


class TestUnknownLoginMethod:
    @pytest.mark.parametrize(
        ("written", "method"),
        [
            ("authloginmethod", "AuthLoginMethod"),
            ("nologinmethod", "NoLoginMethod"),
            ("CRAMMD5METHOD", "CramMD5Method"),
            ("ntlm", "NTLM"),
            ("AUTO", "Auto"),
            ("XOAuth2", "XOAUTH2"),
            ("LOGIN", "AuthLoginMethod"),
            ("None", "NoLoginMethod"),
            ("NoLogin", "NoLoginMethod"),
            ("PLAIN", "LoginPlainMethod"),
            ("CRAM-MD5", "CramMD5Method"),
            ("Auth Login", "AuthLoginMethod"),
            (" authloginmethod ", "AuthLoginMethod"),
        ],
    )
    def test_another_spelling_is_fixed_safely(self, written: str, method: str) -> None:
        text = login(f"«{written}»")
        one = only(text, "A301")
        assert one.severity is ERROR
        assert method in one.message
        assert one.fix is not None
        assert one.fix.safety is Safety.SAFE
        assert fixed(text, "A301") == login(method)

    def test_says_whether_it_is_the_case_or_the_name(self) -> None:
        case = only(login("«ntlm»"), "A301").message
        name = only(login("«LOGIN»"), "A301").message
        assert case == '"ntlm" is not a LoginMethod: it is written NTLM, and case counts'
        assert name == '"LOGIN" is not a LoginMethod: DataMiner\'s name for it is AuthLoginMethod'

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("AuthLogniMethod", "AuthLoginMethod"),
            ("NoLoginnMethod", "NoLoginMethod"),
            ("XOAUTH3", "XOAUTH2"),
            ("CramMD4Method", "CramMD5Method"),
            ("NTLN", "NTLM"),
            ("Basic", None),
            ("GSSAPI", None),
            ("AuthLoginMethod;Auto", None),
            ("true", None),
            ("x" * 1000, None),
        ],
    )
    def test_an_unknown_one_is_not_fixed(self, written: str, meant: str | None) -> None:
        one = only(login(f"«{written}»"), "A301")
        assert one.severity is ERROR
        assert one.fix is None
        assert ("probably meant" in one.message) == (meant is not None)
        assert (meant or "") in one.message
        assert one.help is not None
        assert set(METHODS) <= set(one.help.replace(",", " ").split())

    @pytest.mark.parametrize("written", ["", " ", "\n  ", "<!-- Auto -->"])
    def test_an_empty_one_is_none_of_them(self, written: str) -> None:
        one = only(section(LoginMethod=written).replace("<LoginMethod>", "<«LoginMethod»>", 1), "A301")
        assert (one.severity, one.message, one.fix) == (ERROR, "LoginMethod is empty", None)
        assert codes(section(LoginMethod=written)) == ["A301"]

    @pytest.mark.parametrize("method", METHODS)
    def test_near_miss_documented(self, method: str) -> None:
        assert "A301" not in codes(login(method))

    @pytest.mark.parametrize(
        "written",
        [
            " NTLM",  # S109
            "<![CDATA[NTLM]]>",
            "NT<!-- -->LM",
            "&#78;TLM",
        ],
    )
    def test_near_miss_written_otherwise(self, written: str) -> None:
        assert "A301" not in codes(login(written))

    def test_near_miss_missing(self) -> None:
        assert "A301" not in codes(section(LoginMethod=None))

    def test_a_password_in_the_wrong_place_is_not_shown(self) -> None:
        one = only(login(f"«{SECRET}»", Password=SECRET), "A301")
        assert SECRET not in one.message


class TestMissingLoginMethod:
    @pytest.mark.parametrize(
        ("settings", "severity"),
        [
            ({}, INFO),
            ({"User": ""}, INFO),
            ({"User": " ", "Password": " "}, INFO),
            ({"OAuthClientID": ""}, INFO),
            ({"User": "dma"}, WARNING),
            ({"Password": REFERENCE}, WARNING),
            (LOGIN, WARNING),
            ({"OAuthClientID": "x"}, WARNING),
            ({"OAuthClientSecret": REFERENCE}, WARNING),
            ({"OAuthTokenEndpoint": "https://login.example.com/token"}, WARNING),
            ({"OAuthConfigData": "x"}, WARNING),
        ],
    )
    def test_hit(self, settings: dict[str, str], severity: Severity) -> None:
        one = only(in_section(section(LoginMethod=None, **settings)), "A302")
        assert one.severity is severity
        assert one.place == "SMTP"
        assert "not documented" in one.message

    @pytest.mark.parametrize(
        ("settings", "words"),
        [({}, "NoLoginMethod"), (LOGIN, "AuthLoginMethod"), ({**LOGIN, "OAuthClientID": "x"}, "Cube")],
    )
    def test_says_what_to_do(self, settings: dict[str, str], words: str) -> None:
        one = only(in_section(section(LoginMethod=None, **settings)), "A302")
        assert one.help is not None
        assert words in one.help

    @pytest.mark.parametrize(
        "text",
        [
            section(),
            login("auto"),
            section(LoginMethod=""),
            login(None, AuthenticationType="LOGIN"),
            login(None, loginMethod="AuthLoginMethod"),
            "<SMTP/>",
            "<SMTP> <!-- nothing --> </SMTP>",
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "A302" not in codes(text)


NEEDS = [  # a method, and the severity where User and Password are missing, and where User alone is
    ("LoginPlainMethod", ERROR, ERROR),
    ("AuthLoginMethod", ERROR, ERROR),
    ("CramMD5Method", ERROR, ERROR),
    ("NTLM", WARNING, WARNING),
    ("Auto", None, WARNING),
    ("XOAUTH2", ERROR, ERROR),
    ("NoLoginMethod", None, None),
    ("authloginmethod", ERROR, ERROR),
    ("None", None, None),
    ("Unheard", None, None),
]


@pytest.mark.parametrize(("method", "without_both", "without_one"), NEEDS)
class TestMissingUser:
    def test_neither(self, method: str, without_both: Severity | None, without_one: Severity | None) -> None:
        del without_one
        self.judge(method, without_both, User=None, Password=None)

    def test_no_user(self, method: str, without_both: Severity | None, without_one: Severity | None) -> None:
        del without_both
        self.judge(method, without_one, User=None)

    @pytest.mark.parametrize("written", ["", " ", "<!-- who? -->"])
    def test_empty_user(
        self, method: str, without_both: Severity | None, without_one: Severity | None, written: str
    ) -> None:
        del without_both
        text = login(method, User=written)
        if without_one is None:
            assert "A303" not in codes(text)
        else:
            one = only(text.replace("<User>", "<«User»>", 1), "A303")
            assert one.severity is without_one
            assert "S108" not in codes(text)

    def test_near_miss(
        self, method: str, without_both: Severity | None, without_one: Severity | None
    ) -> None:
        del without_both, without_one
        assert "A303" not in codes(login(method))
        assert "A303" not in codes(login(method, User=None, Username="dma"))
        assert "A303" not in codes(login(method, User=" dma "))

    @staticmethod
    def judge(method: str, severity: Severity | None, **settings: None) -> None:
        text = login(method, **settings)
        if severity is None:
            assert "A303" not in codes(text)
        else:
            one = only(in_section(text), "A303")
            assert (one.severity, one.place, one.fix) == (severity, "SMTP", None)


@pytest.mark.parametrize(
    ("code", "missing", "given"), [("A303", "User", "Password"), ("A304", "Password", "User")]
)
def test_says_what_there_is_for_auto(code: str, missing: str, given: str) -> None:
    one = only(in_section(login("Auto", **{missing: None})), code)
    assert one.message == f"there is a {given} for Auto but no {missing}"


@pytest.mark.parametrize("method", ["LoginPlainMethod", "AuthLoginMethod", "CramMD5Method", "NTLM"])
@pytest.mark.parametrize(("code", "missing"), [("A303", "User"), ("A304", "Password")])
def test_says_whether_the_method_is_known_to_need_it(method: str, code: str, missing: str) -> None:
    one = only(in_section(login(method, **{missing: None})), code)
    assert ("is not documented" in one.message) == (method == "NTLM")
    assert (one.message == f"{method} needs a {missing}") == (method != "NTLM")


class TestMissingPassword:
    @pytest.mark.parametrize(
        ("method", "severity"),
        [
            ("LoginPlainMethod", ERROR),
            ("AuthLoginMethod", ERROR),
            ("CramMD5Method", ERROR),
            ("NTLM", WARNING),
            ("Auto", WARNING),
            ("LOGIN", ERROR),
        ],
    )
    def test_hit(self, method: str, severity: Severity) -> None:
        missing = only(in_section(login(method, Password=None)), "A304")
        empty = only(login(method, Password="").replace("<Password>", "<«Password»>", 1), "A304")
        blank = only(login(method, Password="  ").replace("<Password>", "<«Password»>", 1), "A304")
        assert {missing.severity, empty.severity, blank.severity} == {severity}
        assert (missing.place, empty.place) == ("SMTP", "SMTP/Password")

    @pytest.mark.parametrize(
        "text",
        [
            login(),
            login("Auto"),
            login("Auto", User=None, Password=None),
            login("Auto", User="", Password=""),
            login("Auto", User=None),
            login("XOAUTH2", Password=None),
            login("XOAUTH2", Password=""),
            login("XOAUTH2", User=None, Password=None),
            login("NoLoginMethod", Password=None),
            login("Unheard", Password=None),
            login(None, Password=None),
            login(Password=None, Pasword=REFERENCE),
            login(Password=None, Pwd=REFERENCE),
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "A304" not in codes(text)

    def test_both_missing_are_two_findings(self) -> None:
        assert codes(login(User=None, Password=None)) == ["A303", "A304"]
        oauth = section(**{**OAUTH, "User": None, "OAuthClientSecret": REFERENCE})
        assert codes(oauth) == ["A303"]
        assert codes(login("Auto", User=None, Password=None)) == ["A309"]


class TestUnusedCredentials:
    @pytest.mark.parametrize("method", ["NoLoginMethod", "None", "nologinmethod"])
    @pytest.mark.parametrize("name", ["User", "Password"])
    def test_hit(self, method: str, name: str) -> None:
        text = section(LoginMethod=method, **{name: "whatever"}).replace(f"<{name}>", f"<«{name}»>", 1)
        one = only(text, "A305")
        assert (one.severity, one.place) == (WARNING, f"SMTP/{name}")
        assert one.fix is not None
        assert one.fix.safety is Safety.UNSAFE
        assert str(one.help).endswith(f"or remove {name}")  # which option does that stands behind it
        assert fixed(text, "A305") == section(LoginMethod=method)

    def test_one_for_each(self) -> None:
        found = [one for one in findings(login("NoLoginMethod")) if one.code == "A305"]
        assert [one.place for one in found] == ["SMTP/User", "SMTP/Password"]

    def test_no_fix_that_deletes_a_comment(self) -> None:
        text = section(User="dma<!-- for later -->").replace("<User>", "<«User»>", 1)
        assert only(text, "A305").fix is None

    def test_the_password_is_not_shown(self) -> None:
        text = section(Password=SECRET).replace("<Password>", "<«Password»>", 1)
        assert SECRET not in repr(only(text, "A305"))

    @pytest.mark.parametrize(
        "text",
        [
            section(),
            section(User="", Password=""),
            section(User=" ", Password="\n"),
            section(User="<!-- dma -->"),
            login("Auto"),
            login("XOAUTH2"),
            login("Unheard"),
            login(None),
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "A305" not in codes(text)


class TestCredentialsInClear:
    @pytest.mark.parametrize("method", ["LoginPlainMethod", "AuthLoginMethod", "LOGIN"])
    @pytest.mark.parametrize(
        ("port", "words"),
        [
            ("25", 'no TLS is documented for HostPort "25"'),
            ("587", 'no TLS is documented for HostPort "587"'),
            ("0587", 'no TLS is documented for HostPort "0587"'),
            ("2525-nossl", 'no TLS is documented for HostPort "2525-nossl"'),
            ("465-nossl", 'HostPort "465-nossl" turns TLS off'),
            ("465-NOSSL", 'HostPort "465-NOSSL" turns TLS off'),
            (None, "without HostPort it is port 25"),
        ],
    )
    def test_hit(self, method: str, port: str | None, words: str) -> None:
        one = only(login(f"«{method}»", HostPort=port), "A306")
        assert one.severity is ERROR
        assert words in one.message
        assert [other.place for other in one.related] == ([] if port is None else ["SMTP/HostPort"])

    @pytest.mark.parametrize(
        "settings",
        [{"User": "dma"}, {"Password": REFERENCE}, LOGIN],
    )
    def test_auto_with_credentials_is_a_warning(self, settings: dict[str, str]) -> None:
        one = only(section(HostPort="25", LoginMethod="«Auto»", **settings), "A306")
        assert one.severity is WARNING
        assert "may send" in one.message

    @pytest.mark.parametrize("host", ["mail", "192.0.2.25", "2001:db8::25", "localhost.example.com"])
    def test_hit_on_other_hosts(self, host: str) -> None:
        assert only(login("«AuthLoginMethod»", Host=host, HostPort="25"), "A306").severity is ERROR

    @pytest.mark.parametrize(
        "text",
        [
            login(HostPort="465"),
            login(HostPort="465-ssl"),
            login(HostPort="2465-ssl"),
            login(HostPort="587-starttls"),
            login(HostPort="587-STARTTLS"),
            login(HostPort="25-starttls"),
            login(HostPort="587 startls"),
            login(HostPort="smtp"),
            login(HostPort="99999"),
            login(HostPort=""),
            login(HostPort=None, Port="587-starttls"),
            login(HostPort="25", Host="localhost"),
            login(HostPort="25", Host="127.0.0.1"),
            login(HostPort="25", Host="::1"),
            login("CramMD5Method", HostPort="25"),
            login("NTLM", HostPort="25"),
            login("NoLoginMethod", HostPort="25"),
            login("Auto", HostPort="25", User=None, Password=None),
            login("Auto", HostPort="25", User="", Password=""),
            login("XOAUTH2", HostPort="25"),
            login("Unheard", HostPort="25"),
            login("AuthLoginMethod<b/>", HostPort="25"),  # S107: who knows what is meant
            login("AuthLoginMethod<b/>", HostPort=None),
            login(None, HostPort="25"),
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "A306" not in codes(text)


class TestAdvice:
    @pytest.mark.parametrize(
        ("method", "code"),
        [
            ("CramMD5Method", "A307"),
            ("NTLM", "A308"),
            ("Auto", "A309"),
            ("ntlm", "A308"),
            ("CRAM-MD5", "A307"),
        ],
    )
    def test_hit(self, method: str, code: str) -> None:
        one = only(login(f"«{method}»"), code)
        assert (one.severity, one.fix, one.place) == (INFO, None, "SMTP/LoginMethod")

    @pytest.mark.parametrize(
        "method", ["NoLoginMethod", "LoginPlainMethod", "AuthLoginMethod", "NTLMv2", "Automatic", None]
    )
    def test_near_miss(self, method: str | None) -> None:
        assert not {"A307", "A308", "A309"} & set(codes(login(method)))

    def test_near_miss_xoauth2(self) -> None:
        assert not {"A307", "A308", "A309"} & set(codes(section(**OAUTH)))

    def test_auto_in_clear_is_said_once(self) -> None:
        found = codes(login("Auto", HostPort="25"))
        assert "A306" in found
        assert "A309" not in found
