"""P rules: rows are sections with one mistake, its place marked, or that only look as if they had one."""

from __future__ import annotations

from datetime import date

import pytest

from migrator.checking import CheckSettings
from migrator.diagnostic import Safety, Severity
from migrator.rules.model import Circumstances
from migrator.rules.provider import provider_of_login
from migrator.values.version import parse_version
from tests.rules.observed import configuration
from tests.rules.tables import AS_OF, codes, findings, fixed, only, section

REFERENCE = "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77"
SECRET = "correct-horse-battery"
APP_PASSWORD = "abcdefghijklmnop"
EXCHANGE, OUTLOOK, GMAIL = "smtp.office365.com", "smtp-mail.outlook.com", "smtp.gmail.com"
SENDGRID, DIRECT = "smtp.sendgrid.net", "example-com.mail.protection.outlook.com"
SES = "email-smtp.eu-west-1.amazonaws.com"
LOGIN = {"LoginMethod": "AuthLoginMethod", "User": "dma@example.com", "Password": REFERENCE}
PASSWORD_METHODS = ("LoginPlainMethod", "AuthLoginMethod", "CramMD5Method", "NTLM")
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


def login(host: str, **settings: str | None) -> str:
    """A section that logs in to a host with a password."""
    return section(**{"Host": host, **LOGIN, **settings})


def on(year: int, month: int, day: int, *, turned_on: bool | None = None) -> CheckSettings:
    return CheckSettings(circumstances=Circumstances(date(year, month, day), microsoft_basic_auth=turned_on))


@pytest.mark.parametrize(
    ("host", "user", "name"),
    [
        (GMAIL, "dma@hotmail.com", "Gmail"),
        (EXCHANGE, "dma@example.com", "Exchange Online"),
        (EXCHANGE, "dma@hotmail.com", "Outlook.com"),
        ("smtp.example.com", "dma@hotmail.com", None),
    ],
)
def test_whose_word_counts_for_a_login(host: str, user: str, name: str | None) -> None:
    own = configuration(login(host, User=user)).section
    assert own is not None
    found = provider_of_login(own)
    assert (None if found is None else found.name) == name


class TestMicrosoftBasicAuth:
    @pytest.mark.parametrize("method", [*PASSWORD_METHODS, "Auto", "LOGIN", " NTLM"])
    @pytest.mark.parametrize("host", [EXCHANGE, "smtp-legacy.office365.com", "SMTP.Office365.com."])
    def test_exchange_online(self, method: str, host: str) -> None:
        text = login(host, LoginMethod=f"«{method}»")
        one = only(text, "P501")
        assert (one.severity, one.fix) == (WARNING, None)

    @pytest.mark.parametrize(
        ("settings", "severity", "words"),
        [
            (on(2026, 1, 1), WARNING, "(364 days left)"),
            (on(2026, 11, 23), WARNING, "(38 days left)"),
            (on(2026, 12, 29), WARNING, "(2 days left)"),
            (on(2026, 12, 30), WARNING, "(1 day left)"),
            (on(2026, 12, 31), WARNING, "(the last day)"),
            (on(2027, 1, 1), ERROR, "since the end of 2026-12-31"),
            (on(2031, 5, 5), ERROR, "since the end of 2026-12-31"),
            (on(2026, 11, 23, turned_on=True), INFO, "which your administrator has turned on"),
            (on(2027, 1, 1, turned_on=True), INFO, "which your administrator has turned on"),
        ],
    )
    def test_by_day(self, settings: CheckSettings, severity: Severity, words: str) -> None:
        one = only(login(EXCHANGE, LoginMethod="«AuthLoginMethod»"), "P501", settings)
        assert one.severity is severity
        assert words in one.message
        assert "does not offer" not in one.message
        assert severity is INFO or "unless your administrator turned them on again" in one.message

    @pytest.mark.parametrize("settings", [on(2026, 11, 23, turned_on=False), on(2027, 1, 1, turned_on=False)])
    def test_a_tenant_that_takes_no_passwords(self, settings: CheckSettings) -> None:
        one = only(login(EXCHANGE, LoginMethod="«AuthLoginMethod»"), "P501", settings)
        assert one.severity is ERROR
        assert one.message.startswith("Exchange Online takes no passwords in your tenant")
        assert "have your administrator turn password logins on again" in str(one.help)
        assert codes(login(EXCHANGE, LoginMethod="NTLM"), settings) == ["P501"]

    def test_names_all_four_ways_out(self) -> None:
        help_ = only(login(EXCHANGE, LoginMethod="«AuthLoginMethod»"), "P501").help
        assert help_ is not None
        for words in (
            *("XOAUTH2", "Cube", "10.5.0 CU13", "10.6.0 CU1", "10.6.4", "SMTP AUTH enabled for the mailbox"),
            *("administrator", "port 25 without a login", "relay connector", "direct send"),
            "relay of your own",
        ):
            assert words in help_

    @pytest.mark.parametrize("turned_on", [True, None])
    def test_asks_the_administrator_for_nothing_that_is_done(self, turned_on: bool | None) -> None:
        text = login(EXCHANGE, LoginMethod="«AuthLoginMethod»")
        help_ = str(only(text, "P501", on(2027, 1, 1, turned_on=turned_on)).help)
        assert ("administrator" in help_) is (turned_on is None)
        assert all(words in help_ for words in ("XOAUTH2", "; or send on port 25", "; or through a relay"))

    @pytest.mark.parametrize("method", ["LoginPlainMethod", "CramMD5Method", "NTLM"])
    def test_a_method_that_it_does_not_offer(self, method: str) -> None:
        text, marked = login(EXCHANGE, LoginMethod=method), login(EXCHANGE, LoginMethod=f"«{method}»")
        until_then = {one.code: one for one in findings(text, on(2026, 11, 23))}
        assert set(until_then) == {"P501", "P505"}  # it fails today, not when passwords end
        assert until_then["P501"].severity is Severity.WARNING
        assert until_then["P505"].severity is Severity.ERROR
        assert "does not offer" not in until_then["P501"].message
        after = only(marked, "P501", on(2027, 1, 1))
        assert after.severity is Severity.ERROR
        assert after.message.endswith(f", and it does not offer {method}")
        assert codes(text, on(2027, 1, 1)) == ["P501"]
        turned_on = findings(text, on(2026, 11, 23, turned_on=True))
        assert "P501" not in [one.code for one in turned_on]
        assert "P505" in [one.code for one in turned_on]

    @pytest.mark.parametrize("settings", [on(2025, 1, 1), on(2026, 11, 23), on(2027, 1, 1, turned_on=True)])
    @pytest.mark.parametrize(
        ("host", "user"),
        [
            (OUTLOOK, "dma@example.com"),
            (OUTLOOK, "dma"),
            (OUTLOOK, "dma@outlook.com"),
            (EXCHANGE, "dma@outlook.com"),
            (EXCHANGE, "dma@hotmail.com"),
            (EXCHANGE, "dma@live.nl"),
            (EXCHANGE, "dma@outlook.com.au"),
            (EXCHANGE, "dma@live.com"),
            (EXCHANGE, "DMA@MSN.com"),
            ("smtp.live.com", "dma@hotmail.com"),
        ],
    )
    def test_outlook_com(self, settings: CheckSettings, host: str, user: str) -> None:
        text = login(host, LoginMethod="«AuthLoginMethod»", User=user, From=user)
        one = only(text, "P501", settings)
        assert (one.severity, one.fix) == (ERROR, None)
        assert one.message.startswith("Outlook.com has ended logins with a password")
        assert one.help is not None
        assert "XOAUTH2" in one.help
        assert "relay of your own" in one.help
        assert "administrator" not in one.help  # there is none

    def test_a_host_that_was_seen_second_hand_is_advice(self) -> None:
        one = only(login("smtp.live.com", LoginMethod="«AuthLoginMethod»"), "P501")
        assert one.severity is INFO
        assert one.message.startswith("Outlook.com has ended logins with a password")

    @pytest.mark.parametrize("method", ["XOAUTH2", "NoLoginMethod", "", "nonsense", None])
    @pytest.mark.parametrize("host", [EXCHANGE, OUTLOOK])
    def test_near_miss_no_password(self, host: str, method: str | None) -> None:
        assert "P501" not in codes(login(host, LoginMethod=method))

    def test_near_miss_auto_without_a_password(self) -> None:
        assert "P501" not in codes(login(EXCHANGE, LoginMethod="Auto", Password=None))
        assert "P501" not in codes(login(EXCHANGE, LoginMethod="Auto", User="", Password=""))

    @pytest.mark.parametrize(
        "host",
        [
            *("smtp.example.com", "office365.com", "smtp.office365.com.example.com", "mysmtp.office365.com"),
            *("192.0.2.7", "smtp.office365.us", "outlook.office365.com", DIRECT, GMAIL),
        ],
    )
    @pytest.mark.parametrize("user", ["dma@example.com", "dma@hotmail.com"])
    def test_near_miss_another_host(self, host: str, user: str) -> None:
        assert "P501" not in codes(login(host, User=user))


class TestGooglePassword:
    @pytest.mark.parametrize("method", [*PASSWORD_METHODS, "Auto"])
    @pytest.mark.parametrize(
        ("password", "severity"),
        [
            (REFERENCE, INFO),
            ("{" + REFERENCE + "}", INFO),
            (SECRET, WARNING),
            (APP_PASSWORD[:-1], WARNING),
            (APP_PASSWORD + "q", WARNING),
            ("abcdefghijklmn0p", WARNING),
            ("abcd-efgh-ijkl-mnop", WARNING),
        ],
    )
    def test_hit(self, method: str, password: str, severity: Severity) -> None:
        text = login(GMAIL, LoginMethod=method, Password=password).replace("<Password>", "<«Password»>", 1)
        one = only(text, "P502")
        assert (one.severity, one.fix) == (severity, None)
        assert password not in f"{one.message} {one.help}"
        assert ("whether this reference is one" in one.message) == (severity is INFO)

    def test_of_a_host_seen_second_hand_it_is_advice(self) -> None:
        text = login("smtp.googlemail.com", Password=SECRET).replace("<Password>", "<«Password»>", 1)
        assert only(text, "P502").severity is INFO

    @pytest.mark.parametrize(
        "password",
        [
            APP_PASSWORD,
            "abcd efgh ijkl mnop",
            " abcd efgh ijkl mnop ",
            "ABCDEFGHIJKLMNOP",
            "abcd\u00a0efgh\u00a0ijkl\u00a0mnop",
        ],
    )
    def test_near_miss_an_app_password(self, password: str) -> None:
        assert "P502" not in codes(login(GMAIL, Password=password))

    @pytest.mark.parametrize(
        ("password", "severity"),
        [
            ("${env:DMSMTP_PASSWORD}", INFO),
            ("${env:A}${env:B}", INFO),
            ("$${env:DMSMTP_PASSWORD}", WARNING),  # which is ${env:DMSMTP_PASSWORD} itself
            ("${DMSMTP_PASSWORD}", WARNING),
        ],
    )
    def test_what_a_variable_holds_cannot_be_seen(self, password: str, severity: Severity) -> None:
        text = f'{{"SMTP": {{"Host": "{GMAIL}", "LoginMethod": "NTLM", "«Password»": "{password}"}}}}'
        one = only(text, "P502")
        assert one.severity is severity
        assert password not in f"{one.message} {one.help}"
        assert ("whether this variable holds one" in one.message) == (severity is INFO)

    @pytest.mark.parametrize("password", ["", " ", None])
    def test_near_miss_none(self, password: str | None) -> None:
        assert "P502" not in codes(login(GMAIL, Password=password))

    @pytest.mark.parametrize("method", ["XOAUTH2", "NoLoginMethod", "", None])
    def test_near_miss_another_method(self, method: str | None) -> None:
        assert "P502" not in codes(login(GMAIL, LoginMethod=method, Password=SECRET))

    @pytest.mark.parametrize(
        "host",
        [
            *("smtp.example.com", "smtp-relay.gmail.com", "gmail.com", "smtp.mail.me.com"),
            *("smtp.mail.yahoo.com", EXCHANGE, "192.0.2.7"),
        ],
    )
    def test_near_miss_another_host(self, host: str) -> None:
        assert "P502" not in codes(login(host, Password=SECRET))


class TestProviderPort:
    @pytest.mark.parametrize(
        ("host", "port", "severity", "better"),
        [
            (EXCHANGE, "465", ERROR, "587-starttls"),
            (EXCHANGE, "465-starttls", ERROR, "587-starttls"),
            (EXCHANGE, "587", ERROR, "587-starttls"),
            (EXCHANGE, "587-ssl", ERROR, "587-starttls"),
            (EXCHANGE, "25", ERROR, "25-starttls"),
            (EXCHANGE, "2525-starttls", WARNING, "587-starttls"),
            (OUTLOOK, "465", WARNING, "587-starttls"),
            (GMAIL, "25-starttls", WARNING, "587-starttls"),
            (GMAIL, "465-starttls", ERROR, "465"),
            (GMAIL, "465-nossl", ERROR, "465"),
            (GMAIL, "993-ssl", WARNING, "587-starttls"),
            (DIRECT, "587-starttls", WARNING, "25-starttls"),
            (DIRECT, "25-ssl", ERROR, "25-starttls"),
            (SES, "2465", ERROR, "2465-ssl"),
            (SES, "2587-ssl", ERROR, "2587-starttls"),
            (SES, "2525-starttls", WARNING, "587-starttls"),
            (SENDGRID, "587-ssl", ERROR, "587-starttls"),
            (SENDGRID, "26", WARNING, "587-starttls"),
            ("smtp.mailgun.org", "2525-ssl", ERROR, "2525-starttls"),
            ("smtp.eu.mailgun.org", "2525-ssl", INFO, "2525-starttls"),
            ("smtp.postmarkapp.com", "465", ERROR, "587-starttls"),
            ("smtp.mail.me.com", "25", WARNING, "587-starttls"),
            ("smtp.mail.yahoo.com", "25", WARNING, "465"),
            ("smtp-relay.gmail.com", "2525", WARNING, "587-starttls"),
            ("smtp-relay.gmail.com", "587-ssl", ERROR, "587-starttls"),
            ("smtp.zoho.eu", "587", ERROR, "587-starttls"),
            ("smtppro.zoho.eu", "587", INFO, "587-starttls"),
        ],
    )
    def test_hit(self, host: str, port: str, severity: Severity, better: str) -> None:
        text = section(Host=host, HostPort=f"«{port}»")
        one = only(text, "P503")
        assert one.severity is severity
        assert one.message.startswith(f'"{port}": ')
        assert one.fix is not None
        assert one.fix.safety is Safety.UNSAFE
        assert fixed(text, "P503") == section(Host=host, HostPort=better)
        assert "P503" not in codes(section(Host=host, HostPort=better))

    @pytest.mark.parametrize(("host", "severity"), [(EXCHANGE, ERROR), (GMAIL, WARNING), (SES, ERROR)])
    def test_without_host_port(self, host: str, severity: Severity) -> None:
        one = only(section(Host=host, HostPort=None).replace("<SMTP>", "<«SMTP»>", 1), "P503")
        assert (one.severity, one.fix, one.place) == (severity, None, "SMTP")
        assert one.message.startswith("without HostPort it is port 25: ")
        assert str(one.help).startswith(
            'write "587-starttls"; '
        )  # the provider's own choice, as nobody chose 25

    @pytest.mark.parametrize(
        ("host", "port", "words"),
        [
            (EXCHANGE, "587", "does not take mail in clear text on port 587"),
            (EXCHANGE, "587-ssl", "does not take mail with TLS from the first byte on port 587"),
            (GMAIL, "465-starttls", "does not take mail with STARTTLS on port 465"),
            (EXCHANGE, "465", "does not offer port 465: it has no TLS from the first byte"),
            (GMAIL, "26", "does not list port 26"),
        ],
    )
    def test_says_what_is_wrong(self, host: str, port: str, words: str) -> None:
        assert only(section(Host=host, HostPort=f"«{port}»"), "P503").message.endswith(f" {words}")

    @pytest.mark.parametrize(
        ("host", "help_"),
        [
            (GMAIL, 'write "587-starttls"; Gmail takes 587-starttls, 465'),
            ("smtp.mail.yahoo.com", 'write "465"; Yahoo Mail takes 465'),
        ],
    )
    def test_says_what_the_provider_takes(self, host: str, help_: str) -> None:
        assert only(section(Host=host, HostPort="«26»"), "P503").help == help_

    @pytest.mark.parametrize("host", [DIRECT, SENDGRID, "smtp.mailgun.org"])
    def test_near_miss_without_host_port(self, host: str) -> None:
        assert "P503" not in codes(section(Host=host, HostPort=None))

    @pytest.mark.parametrize(
        ("host", "port"),
        [
            ("smtp.mail.me.com", "465"),  # nobody has looked
            ("smtp.mail.me.com", "465-starttls"),
            ("smtp.mail.yahoo.com", "587-starttls"),
            ("smtp.mail.yahoo.com", "587"),
            ("smtp-relay.gmail.com", "25-starttls"),
            ("smtp-relay.gmail.com", "465"),
            ("smtp-relay.gmail.com", "587"),
            ("smtp.office365.us", "465"),
            ("smtp.example.com", "26"),
            ("192.0.2.7", "26"),
            ("localhost", "26"),
            (EXCHANGE, "587-STARTTLS"),
            (EXCHANGE, "0587-starttls"),
            (EXCHANGE, " 587-starttls "),
            (GMAIL, "465-ssl"),
        ],
    )
    def test_near_miss(self, host: str, port: str) -> None:
        assert "P503" not in codes(section(Host=host, HostPort=port))

    @pytest.mark.parametrize("port", ["", "465 ssl", "0", "70000", "smtp"])
    def test_near_miss_no_port(self, port: str) -> None:
        assert "P503" not in codes(section(Host=EXCHANGE, HostPort=port))


class TestProviderUser:
    @pytest.mark.parametrize("method", [*PASSWORD_METHODS, "Auto"])
    @pytest.mark.parametrize("user", ["dma@example.com", "apikeys", "SG.abcdef", "ApiKey"])
    def test_sendgrid(self, method: str, user: str) -> None:
        text = login(SENDGRID, LoginMethod=method, User=f"«{user}»")
        one = only(text, "P504")
        assert one.severity is ERROR
        assert user not in one.message  # it may be the key
        assert one.fix is not None
        assert one.fix.safety is Safety.UNSAFE
        assert one.help == 'enter the API key as Password, and write "apikey" here'
        assert fixed(text, "P504") == login(SENDGRID, LoginMethod=method, User="apikey")

    @pytest.mark.parametrize("host", [EXCHANGE, OUTLOOK, GMAIL])
    @pytest.mark.parametrize("user", ["dma", "EXAMPLE\\dma", "@example.com", "NOC &lt;dma@example.com&gt;"])
    def test_no_address(self, host: str, user: str) -> None:
        one = only(login(host, User=f"«{user}»"), "P504")
        assert (one.severity, one.fix) == (WARNING, None)

    def test_a_password_in_the_wrong_place_is_not_shown(self) -> None:
        one = only(login(GMAIL, User=f"«{SECRET}»", Password=SECRET), "P504")
        assert SECRET not in one.message

    @pytest.mark.parametrize(
        ("host", "user"),
        [
            (SENDGRID, "apikey"),
            (SENDGRID, " apikey "),
            (SENDGRID, ""),
            (EXCHANGE, "dma@example.com"),
            (EXCHANGE, "dma@corp"),
            (GMAIL, "d.m+a@example.com"),
            (GMAIL, None),
            ("smtp.example.com", "EXAMPLE\\dma"),
            ("smtp-relay.gmail.com", "dma"),
            ("smtp.mailgun.org", "dma"),
            ("smtp.postmarkapp.com", REFERENCE),
            (SES, "AKIAEXAMPLE"),
        ],
    )
    def test_near_miss(self, host: str, user: str | None) -> None:
        assert "P504" not in codes(login(host, User=user))

    @pytest.mark.parametrize("method", ["XOAUTH2", "NoLoginMethod", "", None])
    @pytest.mark.parametrize("host", [SENDGRID, EXCHANGE, GMAIL])
    def test_near_miss_no_password_method(self, host: str, method: str | None) -> None:
        assert "P504" not in codes(login(host, LoginMethod=method, User="EXAMPLE\\dma"))


class TestProviderLoginMethod:
    @pytest.mark.parametrize("host", [EXCHANGE, GMAIL, SES, SENDGRID])
    @pytest.mark.parametrize("method", ["NoLoginMethod", "None", "nologinmethod"])
    def test_a_login_is_required(self, host: str, method: str) -> None:
        one = only(section(Host=host, LoginMethod=f"«{method}»"), "P505")
        assert (one.severity, one.fix) == (ERROR, None)
        assert one.message.endswith("takes no mail without a login")

    @pytest.mark.parametrize(
        ("host", "help_"),
        [
            (EXCHANGE, "write AuthLoginMethod, or set up XOAUTH2 in Cube"),
            (GMAIL, "write the LoginMethod for your login"),  # nobody has looked which it offers
        ],
    )
    def test_says_which_login_there_is(self, host: str, help_: str) -> None:
        assert only(section(Host=host, LoginMethod="«NoLoginMethod»"), "P505").help == help_

    @pytest.mark.parametrize("empty", [None, "", " "])
    @pytest.mark.parametrize(
        ("host", "help_"),
        [
            (EXCHANGE, "add both, or set up XOAUTH2 in Cube"),
            (GMAIL, "add both, or set up XOAUTH2 in Cube"),
            (SES, "add both"),
            (SENDGRID, "add both"),
        ],
    )
    def test_auto_with_nothing_to_log_in_with(self, host: str, help_: str, empty: str | None) -> None:
        one = only(section(Host=host, LoginMethod="«Auto»", User=empty, Password=empty), "P505")
        assert (one.severity, one.fix, one.help) == (ERROR, None, help_)
        assert one.message.endswith(
            "takes no mail without a login, and Auto has neither User nor Password to log in with"
        )

    @pytest.mark.parametrize(
        ("host", "given"),
        [
            (EXCHANGE, {"User": "dma@example.com"}),  # A304
            (GMAIL, {"Password": REFERENCE}),  # A303
            (DIRECT, {}),
            ("smtp-relay.gmail.com", {}),
            ("smtp.mailgun.org", {}),
            ("smtp.office365.us", {}),
            ("smtp.example.com", {}),
        ],
    )
    def test_near_miss_auto(self, host: str, given: dict[str, str]) -> None:
        assert "P505" not in codes(section(Host=host, LoginMethod="Auto", **given))

    @pytest.mark.parametrize("method", [*PASSWORD_METHODS, "XOAUTH2"])
    def test_no_login_is_taken(self, method: str) -> None:
        one = only(login(DIRECT, HostPort="25-starttls", LoginMethod=f"«{method}»"), "P505")
        assert (one.severity, one.message) == (ERROR, "Exchange Online direct send takes no login")

    @pytest.mark.parametrize("method", ["LoginPlainMethod", "CramMD5Method", "NTLM"])
    def test_not_offered(self, method: str) -> None:
        text = login(EXCHANGE, LoginMethod=f"«{method}»")
        one = only(text, "P505", on(2026, 11, 23, turned_on=True))
        help_ = "write AuthLoginMethod, or set up XOAUTH2 in Cube"
        assert (one.severity, one.help) == (ERROR, help_)

    @pytest.mark.parametrize(
        ("host", "method"),
        [
            (EXCHANGE, "AuthLoginMethod"),
            (EXCHANGE, "LOGIN"),
            (EXCHANGE, "XOAUTH2"),
            (EXCHANGE, "Auto"),
            (DIRECT, "NoLoginMethod"),
            (DIRECT, "Auto"),
            (OUTLOOK, "NTLM"),  # nobody has looked
            (GMAIL, "LoginPlainMethod"),
            (GMAIL, "CramMD5Method"),
            ("smtp-relay.gmail.com", "NoLoginMethod"),
            ("smtp-relay.gmail.com", "AuthLoginMethod"),
            ("smtp.mailgun.org", "NoLoginMethod"),
            ("smtp.office365.us", "NoLoginMethod"),
            ("smtp.office365.us", "NTLM"),
            ("smtp.example.com", "NoLoginMethod"),
            ("mail.protection.outlook.com", "AuthLoginMethod"),
            ("a.b.mail.protection.outlook.com", "AuthLoginMethod"),
        ],
    )
    def test_near_miss(self, host: str, method: str) -> None:
        assert "P505" not in codes(login(host, LoginMethod=method))

    @pytest.mark.parametrize("method", [None, "", "Nonsense"])
    def test_near_miss_no_known_method(self, method: str | None) -> None:
        assert "P505" not in codes(section(Host=EXCHANGE, LoginMethod=method))


@pytest.mark.parametrize(
    ("text", "code", "without"),
    [
        (login(EXCHANGE, LoginMethod="NTLM", User="CORP", Password="x"), "P505", "write AuthLoginMethod"),
        (section(Host=EXCHANGE, LoginMethod="NoLoginMethod"), "P505", "write AuthLoginMethod"),
        (section(Host=GMAIL, LoginMethod="Auto"), "P505", "add both"),
        (login(GMAIL, Password=SECRET), "P502", "use an app password of the account"),
    ],
)
def test_nobody_is_sent_to_cube_for_what_the_version_does_not_know(
    text: str, code: str, without: str
) -> None:
    for version, expected in (
        ("10.5.0", without),
        ("10.6.3", without),
        ("10.6.4", f"{without}, or set up XOAUTH2 in Cube"),
    ):
        target = parse_version(version).value
        settings = CheckSettings(circumstances=Circumstances(AS_OF, target))
        (found,) = (one for one in findings(text, settings) if one.code == code)
        assert found.help == expected


def test_the_user_of_postmark_is_a_secret() -> None:
    # one of its two ways to log in has a key as user
    text = section(
        Host="smtp.postmarkapp.com", LoginMethod=SECRET, User=SECRET, Password=REFERENCE, From=f"{SECRET}@a b"
    )
    for one in findings(text):
        assert SECRET not in f"{one.message} {one.help}"


def test_the_day_of_the_tests_is_before_the_deadline() -> None:
    assert date(2026, 12, 31) > AS_OF
