"""L rules: what a server does gives the finding that names it, at its place, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from migrator import observations
from migrator.checking import CheckSettings, check
from migrator.diagnostic import Safety, Severity
from migrator.observations import Offers, Stage, TroubleKind, host_port
from migrator.rules import BY_CODE, LIVE_RULES
from migrator.rules.model import Availability
from migrator.rules.pages import page
from migrator.values.host_port import Security, parse_host_port
from tests.document.reading import applied
from tests.rules.observed import CERTIFICATE, NOW, OFFERS, TLS, findings, refused, trouble
from tests.rules.tables import section

if TYPE_CHECKING:
    from migrator.diagnostic import Diagnostic
    from migrator.observations import Trouble
    from migrator.rules.model import Rule

SILENT_TO_HELLO = trouble(Stage.GREETING, TroubleKind.SILENT)
NO_TLS = trouble(Stage.TLS, TroubleKind.TLS_FAILED, "wrong version number")
LOGIN = {"LoginMethod": "AuthLoginMethod", "User": "dma@example.com", "Password": "Tr0ub4dor"}

# What the server does in the bad example of each page.
BAD: dict[str, dict[str, Any]] = {
    "L101": {"trouble": trouble(Stage.NAMES, TroubleKind.NO_ADDRESS)},
    "L102": {"trouble": trouble(Stage.TCP, TroubleKind.REFUSED, "192.0.2.1: connection refused")},
    "L103": {"trouble": trouble(Stage.TCP, TroubleKind.SILENT)},
    "L104": {"trouble": NO_TLS, "spoken": (Security.STARTTLS,)},
    "L105": {"trouble": trouble(Stage.STARTTLS, TroubleKind.NO_STARTTLS)},
    "L106": {"offers": OFFERS._replace(starttls=True), "spoken": (Security.STARTTLS,)},
    "L107": {"trouble": trouble(Stage.TLS, TroubleKind.TLS_FAILED, "unsupported protocol")},
    "L108": {"tls": TLS._replace(untrusted="self-signed certificate", verify_code=18)},
    "L109": {"tls": TLS._replace(misnamed="it is for smtp.example.com")},
    "L110": {"tls": TLS._replace(outdated="it expired on 2026-11-22")},
    "L111": {"tls": TLS._replace(weak="nothing newer than TLS 1.1 is spoken")},
    "L112": {},
    "L113": {"trouble": refused(Stage.LOGIN, "535 5.7.8 no")},
    "L114": {"trouble": refused(Stage.SENDER, "550 5.7.1 no")},
    "L115": {"trouble": refused(Stage.RECIPIENT, "550 5.1.1 no")},
    "L116": {"trouble": refused(Stage.MESSAGE, "554 5.6.0 no")},
    "L117": {"trouble": trouble(Stage.GREETING, TroubleKind.NOT_SMTP, "* OK IMAP4rev1")},
    "L118": {"trouble": trouble(Stage.EHLO, TroubleKind.CLOSED)},
    "L119": {},
    "L120": {"trouble": refused(Stage.GREETING, "554 5.7.1 no")},
}

each_live_rule = pytest.mark.parametrize("rule", LIVE_RULES, ids=lambda rule: rule.code)


def codes(text: str, **changes: Any) -> list[str]:
    return [one.code for one in findings(text, **changes)]


def only(text: str, code: str, **changes: Any) -> Diagnostic:
    """The one finding; it stands exactly where the marks are."""
    (one,) = findings(text, **changes)
    assert one.code == code
    assert one.span is not None
    start = len(text.partition("«")[0].encode())
    inside = text.partition("«")[2].partition("»")[0]
    assert (one.span.start.offset, one.span.end.offset) == (start, start + len(inside.encode()))
    return one


@each_live_rule
def test_the_bad_example_of_its_page_gives_this_finding_alone(rule: Rule) -> None:
    (example,) = page(rule).examples("Bad")

    assert codes(example, **BAD[rule.code]) == [rule.code]


@each_live_rule
def test_the_good_example_of_its_page_gives_nothing(rule: Rule) -> None:
    (example,) = page(rule).examples("Good")

    assert codes(example) == []


@each_live_rule
def test_no_fix_but_the_promised_one(rule: Rule) -> None:
    (example,) = page(rule).examples("Bad")
    (one,) = findings(example, **BAD[rule.code])

    assert (one.fix is not None) == (rule.fix is Availability.UNSAFE)
    assert one.fix is None or one.fix.safety is Safety.UNSAFE


@each_live_rule
def test_they_never_run_in_lint(rule: Rule) -> None:
    for heading in ("Bad", "Good"):
        for example in page(rule).examples(heading):
            assert all(
                one.code[0] != "L" for one in check("x", example.encode(), CheckSettings()).diagnostics
            )


PLACES = [
    ("L101", section(Host="«smpt.example.com»"), BAD["L101"]),
    ("L102", section(HostPort="«588-starttls»"), BAD["L102"]),
    ("L103", section(HostPort="«587-starttls»"), {"trouble": trouble(Stage.EHLO, TroubleKind.SILENT)}),
    ("L104", section(HostPort="«587-ssl»"), BAD["L104"]),
    ("L105", section(HostPort="«587-starttls»"), BAD["L105"]),
    (
        "L105",
        section(HostPort="«587-starttls»"),
        {"trouble": trouble(Stage.STARTTLS, TroubleKind.NO_STARTTLS, reply="502 no")},
    ),
    ("L106", section(HostPort="«587»"), BAD["L106"]),
    ("L107", section(HostPort="«465»"), BAD["L107"]),
    ("L108", section(Host="«smtp.example.com»"), BAD["L108"]),
    ("L109", section(Host="«smtp.example.com»"), BAD["L109"]),
    ("L110", section(Host="«smtp.example.com»"), BAD["L110"]),
    ("L111", section(HostPort="«465»"), BAD["L111"]),
    ("L112", section(LoginMethod="«CramMD5Method»", User="dma", Password="Tr0ub4dor"), {}),
    ("L112", section(LoginMethod="«NTLM»", User="dma", Password="Tr0ub4dor"), {}),
    ("L112", section(**{**LOGIN, "LoginMethod": "«AuthLoginMethod»"}), {"offers": Offers()}),
    ("L112", section(**{**LOGIN, "LoginMethod": "«Auto»"}), {"offers": Offers(("XOAUTH2",))}),
    ("L112", section(**{**LOGIN, "LoginMethod": "«Auto»"}), {"offers": Offers(("GSSAPI",))}),
    ("L113", section(**{**LOGIN, "User": "«dma@example.com»"}), BAD["L113"]),
    ("L114", section(From="«dma@example.com»"), BAD["L114"]),
    ("L115", section(LoginMethod="«NoLoginMethod»"), BAD["L115"]),
    ("L116", section(Host="«smtp.example.com»"), BAD["L116"]),
    (
        "L116",
        section(Host="«smtp.example.com»"),
        {"trouble": trouble(Stage.MESSAGE, TroubleKind.TOO_LARGE, "100 bytes")},
    ),
    ("L117", section(HostPort="«587-starttls»"), BAD["L117"]),
    ("L118", section(Host="«smtp.example.com»"), BAD["L118"]),
    ("L118", section(Host="«smtp.example.com»"), {"trouble": trouble(Stage.GREETING, TroubleKind.ENDLESS)}),
    ("L118", section(Host="«smtp.example.com»"), {"trouble": trouble(Stage.STARTTLS, TroubleKind.INJECTED)}),
    ("L118", section(Host="«smtp.example.com»"), {"trouble": trouble(Stage.EHLO, TroubleKind.MALFORMED)}),
    ("L119", section(From="«größe@example.com»"), {}),
    ("L119", section(**{**LOGIN, "User": "«größe@example.com»", "From": None}), {}),
    ("L120", section(Host="«smtp.example.com»"), BAD["L120"]),
    ("L120", section(Host="«smtp.example.com»"), {"refusal": refused(Stage.GREETING, "421 4.3.2 busy")}),
]


@pytest.mark.parametrize(
    ("code", "text", "changes"), PLACES, ids=lambda one: one if isinstance(one, str) and len(one) < 5 else ""
)
def test_where_it_points(code: str, text: str, changes: dict[str, Any]) -> None:
    one = only(text, code, **changes)

    assert one.message
    assert one.help
    assert one.place is not None
    assert one.place.startswith("SMTP/")


NEAR_MISSES: list[tuple[str, str, dict[str, Any]]] = [
    ("an orderly server", section(), {}),
    ("implicit TLS", section(HostPort="465"), {}),
    ("clear text, and no STARTTLS offered", section(HostPort="25"), {}),
    ("LOGIN is offered", section(**LOGIN), {}),
    ("PLAIN is offered", section(**{**LOGIN, "LoginMethod": "LoginPlainMethod"}), {}),
    ("Auto with a mechanism for passwords", section(**{**LOGIN, "LoginMethod": "Auto"}), {}),
    ("Auto with nobody to log in", section(LoginMethod="Auto"), {"offers": Offers()}),
    ("no login wanted, none offered", section(), {"offers": Offers()}),
    (
        "an address that the server takes",
        section(From="größe@example.com"),
        {"offers": OFFERS._replace(smtputf8=True)},
    ),
    (
        "a certificate for 31 days more",
        section(),
        {"tls": TLS._replace(certificate=CERTIFICATE._replace(not_after=NOW + timedelta(days=31, hours=1)))},
    ),
    ("a certificate that nothing can read", section(), {"tls": TLS._replace(certificate=None)}),
    ("STARTTLS where it is used", section(), {"before": OFFERS._replace(starttls=True)}),
    ("STARTTLS once more where all is encrypted", section(), {"offers": OFFERS._replace(starttls=True)}),
    ("a login that went well", section(**LOGIN), {"logged_in": "LOGIN"}),
]


@pytest.mark.parametrize(("text", "changes"), [pytest.param(*row[1:], id=row[0]) for row in NEAR_MISSES])
def test_nothing_is_found(text: str, changes: dict[str, Any]) -> None:
    assert codes(text, **changes) == []


IN_A_DIALOGUE = [stage for stage in Stage if stage not in (Stage.NAMES, Stage.TCP)]


@pytest.mark.parametrize("stage", IN_A_DIALOGUE)
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (TroubleKind.SILENT, "L103"),
        (TroubleKind.CLOSED, "L118"),
        (TroubleKind.ENDLESS, "L118"),
        (TroubleKind.MALFORMED, "L118"),
    ],
)
def test_a_dialogue_that_breaks_off_has_one_finding(stage: Stage, kind: TroubleKind, code: str) -> None:
    assert codes(section(**LOGIN), trouble=trouble(stage, kind)) == [code]


@pytest.mark.parametrize("reply", ["451 4.7.1 later", "550 5.7.1 no"])
@pytest.mark.parametrize(
    ("stage", "code"),
    [
        (Stage.GREETING, "L120"),
        (Stage.EHLO, "L120"),
        (Stage.STARTTLS, "L120"),
        (Stage.LOGIN, "L113"),
        (Stage.SENDER, "L114"),
        (Stage.RECIPIENT, "L115"),
        (Stage.MESSAGE, "L116"),
    ],
)
def test_a_refusal_has_one_finding(stage: Stage, code: str, reply: str) -> None:
    assert codes(section(**LOGIN), trouble=refused(stage, reply)) == [code]


@pytest.mark.parametrize(
    ("stage", "kind", "code"),
    [(Stage.SENDER, TroubleKind.NO_SMTPUTF8, "L119"), (Stage.MESSAGE, TroubleKind.TOO_LARGE, "L116")],
)
def test_a_mail_that_is_not_sent_has_one_finding(stage: Stage, kind: TroubleKind, code: str) -> None:
    (one,) = findings(section(**LOGIN), trouble=trouble(stage, kind))

    assert (one.code, one.place) == (code, "SMTP/Host")


ONE_MISTAKE = [
    (
        section(HostPort="465-starttls"),
        {"trouble": SILENT_TO_HELLO, "spoken": (Security.IMPLICIT_TLS,)},
        "465",
    ),
    (section(HostPort="465-nossl"), {"trouble": SILENT_TO_HELLO, "spoken": (Security.IMPLICIT_TLS,)}, "465"),
    (section(HostPort="587"), {"trouble": SILENT_TO_HELLO, "spoken": (Security.IMPLICIT_TLS,)}, "587-ssl"),
    (section(HostPort="587-ssl"), {"trouble": NO_TLS, "spoken": (Security.STARTTLS,)}, "587-starttls"),
    (section(HostPort="465"), {"trouble": NO_TLS, "spoken": (Security.STARTTLS,)}, "465-starttls"),
    (section(HostPort="2525-ssl"), {"trouble": NO_TLS, "spoken": (Security.CLEAR_TEXT,)}, None),
    (
        section(HostPort="587-ssl"),
        {"trouble": trouble(Stage.TLS, TroubleKind.SILENT), "spoken": (Security.STARTTLS,)},
        "587-starttls",
    ),
]


@pytest.mark.parametrize(("text", "changes", "right"), ONE_MISTAKE)
def test_the_wrong_transport_wins_over_what_follows_from_it(
    text: str, changes: dict[str, Any], right: str | None
) -> None:
    (one,) = findings(text, **changes)

    assert one.code == "L104"
    if right is None:
        assert one.fix is None
        assert one.help == "use a port that is encrypted, or have encryption switched on there"
    else:
        assert one.help == f'write "{right}", which was seen to work'
        assert one.fix is not None
        assert f"<HostPort>{right}</HostPort>" in applied(text.encode(), one.fix.edits).decode()


def test_a_refusal_in_the_transport_that_was_asked_for_is_none_of_the_transport() -> None:
    changes = {"trouble": refused(Stage.LOGIN, "535 5.7.8 no"), "spoken": (Security.IMPLICIT_TLS,)}

    assert codes(section(**LOGIN), **changes) == ["L113"]


@pytest.mark.parametrize("code", ["L102", "L103", "L104", "L105", "L106", "L107", "L111", "L117"])
def test_without_host_port_it_points_at_host_and_has_no_fix(code: str) -> None:
    one = only(section(Host="«smtp.example.com»", HostPort=None), code, **BAD[code])

    assert one.fix is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (section(**{**LOGIN, "User": None}), "SMTP/LoginMethod"),
        (section(**LOGIN), "SMTP/User"),
    ],
)
def test_a_refused_login_points_at_the_user_or_at_the_login_method(text: str, place: str) -> None:
    (one,) = findings(text, **BAD["L113"])

    assert (one.code, one.place) == ("L113", place)


@pytest.mark.parametrize("code", ["L114", "L115"])
def test_without_the_setting_that_it_is_about_it_points_at_host(code: str) -> None:
    text = section(Host="«smtp.example.com»", LoginMethod=None, From=None)

    assert only(text, code, **BAD[code]).fix is None


def test_starttls_that_nobody_saw_work_is_advice_without_a_fix() -> None:
    offered = OFFERS._replace(starttls=True)
    (one,) = findings(section(HostPort="25"), offers=offered)
    (other,) = findings(section(HostPort="25"), offers=offered, spoken=(Security.STARTTLS,))

    assert (one.code, one.fix, one.help) == ("L106", None, 'write "25-starttls" and try again')
    assert other.help == 'write "25-starttls", which was seen to work'


@pytest.mark.parametrize(
    ("code", "stops", "words"),
    [
        ("L105", trouble(Stage.STARTTLS, TroubleKind.NO_STARTTLS), "does not offer STARTTLS"),
        (
            "L105",
            trouble(Stage.STARTTLS, TroubleKind.NO_STARTTLS, reply="454 4.7.0 no"),
            "offers STARTTLS and then refuses it: 454 4.7.0 no",
        ),
        ("L120", refused(Stage.GREETING, "554 5.7.1 no"), "refuses at the stage greeting: 554 5.7.1 no"),
        (
            "L117",
            trouble(Stage.GREETING, TroubleKind.NOT_SMTP),
            "does not speak SMTP: it begins with an empty line",
        ),
        (
            "L117",
            trouble(Stage.GREETING, TroubleKind.NOT_SMTP, "+OK"),
            'does not speak SMTP: it begins with "+OK"',
        ),
    ],
)
def test_says_what_the_server_did(code: str, stops: Trouble, words: str) -> None:
    (one,) = findings(section(), trouble=stops)

    assert (one.code, one.message) == (code, f"smtp.example.com:587 {words}")


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("tlsv1 unrecognized name", "into Host"),
        ("tlsv13 alert certificate required", "a certificate of who connects"),
        *((words, "is no TLS") for words in observations.NO_TLS),
        (observations.ALWAYS_CLOSED, "the server's log"),
        ("the server closes the connection where TLS is as strict as usual", "TLS 1.2 or 1.3"),
        ("tlsv1 alert protocol version", "TLS 1.2 or 1.3"),
        ("", "TLS 1.2 or 1.3"),
    ],
)
def test_why_there_is_no_agreement_says_what_to_do(reason: str, advice: str) -> None:
    stops = trouble(Stage.TLS, TroubleKind.TLS_FAILED, reason)
    (one,) = findings(section(), trouble=stops)

    assert (one.code, advice in (one.help or "")) == ("L107", True)


@pytest.mark.parametrize("stage", Stage)
def test_who_answered_before_was_reached(stage: Stage) -> None:
    """A firewall that lets through what comes before a login is not why nothing comes after it."""
    (one,) = findings(section(), trouble=trouble(stage, TroubleKind.SILENT))

    is_late = stage in (Stage.LOGIN, Stage.SENDER, Stage.RECIPIENT, Stage.MESSAGE)
    assert ("firewalls" in (one.help or ""), "until then" in (one.help or "")) == (not is_late, is_late)
    assert "--timeout" in (one.help or "")


@pytest.mark.parametrize("code", ["L103", "L118"])
def test_where_a_whole_mail_was_sent_the_mailbox_comes_first(code: str) -> None:
    kind = TroubleKind.SILENT if code == "L103" else TroubleKind.CLOSED
    (one,) = findings(section(), trouble=trouble(Stage.MESSAGE, kind), is_sent=True)
    (other,) = findings(section(), trouble=trouble(Stage.MESSAGE, kind))

    assert (one.code, other.code) == (code, code)
    first, _, then = (one.help or "").partition("; ")
    assert "look into the mailbox" in first
    assert "mailbox" not in (other.help or "")
    assert then == other.help or "--timeout" in then


@pytest.mark.parametrize(
    "text", ["25", "465", "465-nossl", "465-starttls", "587-starttls", "2525-ssl", "2525"]
)
def test_the_host_port_that_asks_for_a_security(text: str) -> None:
    value = parse_host_port(text).value
    assert value is not None

    assert str(host_port(value.port, value.security)) == text


@pytest.mark.parametrize(
    ("days", "words"), [(0, "in 0 days"), (1, "in 1 day"), (2, "in 2 days"), (30, "in 30 days")]
)
def test_a_certificate_that_expires_soon_is_a_warning(days: int, words: str) -> None:
    soon = TLS._replace(certificate=CERTIFICATE._replace(not_after=NOW + timedelta(days=days, hours=1)))
    (one,) = findings(section(), tls=soon)

    assert (one.code, one.severity, one.place) == ("L110", Severity.WARNING, "SMTP/Host")
    assert one.message.endswith(words)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (2, "have the server send the certificates between"),
        (18, "have Windows trust"),
        (19, "have Windows trust"),
        (20, "have the server send the certificates between"),
        (21, "have the server send the certificates between"),
        (26, "give the server another certificate"),
        (34, "give the server another certificate"),
        (24, "to trust who issued this one would not mend it"),
    ],
)
def test_what_to_do_about_a_certificate_goes_by_what_is_wrong_with_it(code: int, words: str) -> None:
    """Who leaves out what stands between has a certificate of a known authority already."""
    (one,) = findings(section(), tls=TLS._replace(untrusted="OpenSSL's words", verify_code=code))

    assert one.help is not None
    assert words in one.help
    assert ("have Windows trust" in one.help) == ("another" not in one.help)
    assert ("have the server send" in one.help) == (code in (2, 20, 21))


def test_a_certificate_that_has_expired_has_one_finding() -> None:
    over = CERTIFICATE._replace(not_after=NOW - timedelta(days=1))
    (one,) = findings(section(), tls=TLS._replace(certificate=over, outdated="it expired on 2026-11-22"))

    assert (one.code, one.severity) == ("L110", Severity.ERROR)


def test_a_refusal_that_did_not_last_is_a_warning() -> None:
    (one,) = findings(section(), refusal=refused(Stage.GREETING, "421 4.3.2 busy"))

    assert (one.code, one.severity) == ("L120", Severity.WARNING)
    assert "accepted later" in one.message


def test_several_things_can_be_wrong_with_a_certificate() -> None:
    bad = TLS._replace(untrusted="a", misnamed="b", outdated="c", weak="d")

    assert sorted(codes(section(), tls=bad)) == ["L108", "L109", "L110", "L111"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("535 5.7.139 Authentication unsuccessful, basic authentication is disabled", "XOAUTH2"),
        ("535 5.7.8 Username and Password not accepted", "app password"),
        ("535 5.7.3 Authentication unsuccessful", "retrieve tokens"),
    ],
)
def test_a_refused_login_is_explained(reply: str, words: str) -> None:
    (one,) = findings(section(**LOGIN), trouble=refused(Stage.LOGIN, reply))

    assert words in (one.help or "")


def test_what_a_server_says_was_not_cut_off() -> None:
    """So none of the longer replies that begin like it is told as what it means."""
    (one,) = findings(
        section(**LOGIN), trouble=refused(Stage.LOGIN, "535 5.7.139 Authentication unsuccessful")
    )

    assert (one.help or "").startswith("user, password or token were refused")


def test_a_method_that_is_offered_after_starttls_alone() -> None:
    (one, other) = findings(
        section(**{**LOGIN, "HostPort": "587"}), offers=Offers((), None, True), spoken=(Security.STARTTLS,)
    )

    assert (one.code, other.code) == ("L106", "L112")
    assert "-starttls" in (other.help or "")


@pytest.mark.parametrize(
    ("offered", "before", "words"),
    [
        ((), ("PLAIN", "LOGIN"), "it offers no login at all, and PLAIN, LOGIN before TLS"),
        ((), (), "it offers no login at all"),
        (("PLAIN",), ("PLAIN", "LOGIN"), "it offers PLAIN"),
    ],
)
def test_says_what_was_offered_before_tls_where_nothing_is_offered_after(
    offered: tuple[str, ...], before: tuple[str, ...], words: str
) -> None:
    (one,) = findings(section(**LOGIN), offers=Offers(offered), before=Offers(before, starttls=True))

    assert one.code == "L112"
    assert one.message == f"smtp.example.com:587 does not offer LOGIN: {words}"


@pytest.mark.parametrize("code", ["L102", "L103"])
@pytest.mark.parametrize(
    ("elsewhere", "words"),
    [
        ((), ""),
        (("587-starttls",), '; on this host "587-starttls" was seen to work'),
        (("587-starttls", "465"), '; on this host "587-starttls" and "465" were seen to work'),
    ],
)
def test_names_the_host_ports_that_work_where_this_one_does_not(
    code: str, elsewhere: tuple[str, ...], words: str
) -> None:
    text, nothing_answers = section(HostPort="588-starttls"), BAD[code]
    (alone,) = findings(text, **nothing_answers)
    (one,) = findings(text, **nothing_answers, elsewhere=tuple(parse_host_port(it).value for it in elsewhere))

    assert alone.help is not None
    assert alone.help.endswith(("let this machine reach it", "a longer --timeout"))
    assert one.help == f"{alone.help}{words}"


def test_a_secret_is_not_shown_though_the_server_says_it() -> None:
    text = section(**LOGIN)
    (one,) = findings(text, trouble=refused(Stage.LOGIN, "535 Tr0ub4dor is wrong"))

    assert "Tr0ub4dor" not in one.message
    assert BY_CODE[one.code].name == "login-failed"


def test_ignore_comments_count() -> None:
    text = section(HostPort="587-starttls<!-- dmsmtp: ignore[L102] known -->")

    assert codes(text, **BAD["L102"]) == []
    assert all(one.code != "D008" for one in check("x", text.encode(), CheckSettings()).diagnostics)
