"""L112 to L116 and L119: rows are settings, and what the server does; what is said of it, and where."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.diagnostic import Severity
from migrator.observations import Offers, Stage, TroubleKind
from tests.rules.observed import OFFERS, findings, refused, trouble
from tests.rules.tables import section

SECRET = "Tr0ub4dor"
NOTHING = Offers()
BEFORE_STARTTLS = Offers(starttls=True)


def login(method: str | None = "AuthLoginMethod", **settings: str | None) -> str:
    """A section that logs in."""
    return section(**{"LoginMethod": method, "User": "dma@example.com", "Password": SECRET, **settings})


def places(text: str, **changes: Any) -> list[tuple[str, str | None]]:
    """Code and place of all that is found."""
    return [(one.code, one.place) for one in findings(text, **changes)]


class TestLoginMethodNotOffered:
    @pytest.mark.parametrize(
        ("method", "offered", "wanted"),
        [
            ("AuthLoginMethod", ("PLAIN",), "LOGIN: it offers PLAIN"),
            ("LoginPlainMethod", ("LOGIN", "NTLM"), "PLAIN: it offers LOGIN, NTLM"),
            ("CramMD5Method", ("CRAM-SHA1",), "CRAM-MD5: it offers CRAM-SHA1"),
            ("NTLM", (), "NTLM: it offers no login at all"),
            ("XOAUTH2", ("OAUTHBEARER",), "XOAUTH2: it offers OAUTHBEARER"),
            ("Auto", ("XOAUTH2", "GSSAPI"), "a login with a password: it offers XOAUTH2, GSSAPI"),
            ("authloginmethod", (), "LOGIN: it offers no login at all"),
        ],
    )
    def test_hit(self, method: str, offered: tuple[str, ...], wanted: str) -> None:
        (one,) = findings(login(method), offers=Offers(offered))
        assert (one.code, one.place) == ("L112", "SMTP/LoginMethod")
        assert one.message == f"smtp.example.com:587 does not offer {wanted}"

    @pytest.mark.parametrize(
        ("offered", "methods"),
        [
            (("PLAIN", "LOGIN", "CRAM-MD5"), "LoginPlainMethod or AuthLoginMethod or CramMD5Method"),
            (("XOAUTH2", "GSSAPI"), "XOAUTH2"),
        ],
    )
    def test_names_the_methods_that_would_do(self, offered: tuple[str, ...], methods: str) -> None:
        (one,) = findings(login("NTLM"), offers=Offers(offered))
        assert (one.help or "").endswith(f": {methods}")

    @pytest.mark.parametrize("offered", [("GSSAPI",), ()])
    def test_offers_no_login_as_none(self, offered: tuple[str, ...]) -> None:
        """A server that offers none may refuse all mail here."""
        (one,) = findings(login("NTLM"), offers=Offers(offered))
        assert (one.help or "").startswith("write NoLoginMethod if it takes mail without a login, or")

    @pytest.mark.parametrize(
        ("port", "offers", "is_hidden"),
        [
            ("587", BEFORE_STARTTLS, True),
            ("25", BEFORE_STARTTLS, True),
            ("587-nossl", BEFORE_STARTTLS, True),
            ("587", NOTHING, False),
            ("587", Offers(("PLAIN",), starttls=True), False),
            ("587-starttls", BEFORE_STARTTLS, False),
            ("465", BEFORE_STARTTLS, False),
        ],
    )
    def test_a_login_may_be_offered_after_starttls(self, port: str, offers: Offers, is_hidden: bool) -> None:
        (one,) = [one for one in findings(login(HostPort=port), offers=offers) if one.code == "L112"]
        assert ("-starttls" in (one.help or "")) is is_hidden

    @pytest.mark.parametrize(
        ("text", "offers"),
        [
            (login(), Offers(("LOGIN",))),
            (login("XOAUTH2"), Offers(("XOAUTH2",))),
            (login("NoLoginMethod"), NOTHING),  # A305
            (login("Nonsense"), NOTHING),  # A301
            (login(None), NOTHING),  # A302
            (login(), None),
            *((login("Auto"), Offers((one,))) for one in ("PLAIN", "LOGIN", "CRAM-MD5", "NTLM")),
            (login("Auto"), Offers(("XOAUTH2", "GSSAPI", "NTLM"))),
            (login("Auto", User=None), NOTHING),
            (login("Auto", User=" "), Offers(("XOAUTH2",))),
        ],
    )
    def test_near_miss(self, text: str, offers: Offers | None) -> None:
        assert places(text, offers=offers) == []

    def test_a_mechanism_that_is_called_as_a_secret_is_not_shown(self) -> None:
        (one,) = findings(login(), offers=Offers((SECRET,)))
        assert SECRET not in one.message


REFUSALS = {Stage.LOGIN: "L113", Stage.SENDER: "L114", Stage.RECIPIENT: "L115", Stage.MESSAGE: "L116"}
BARE: dict[str, str | None] = {"From": None, "LoginMethod": None, "User": None}


class TestRefusals:
    @pytest.mark.parametrize(
        ("stage", "settings", "place"),
        [
            (Stage.LOGIN, {}, "SMTP/User"),
            (Stage.LOGIN, {"User": None}, "SMTP/LoginMethod"),
            (Stage.LOGIN, BARE, "SMTP/Host"),
            (Stage.SENDER, {}, "SMTP/From"),
            (Stage.SENDER, {"From": None}, "SMTP/LoginMethod"),
            (Stage.SENDER, BARE, "SMTP/Host"),
            (Stage.RECIPIENT, {}, "SMTP/LoginMethod"),
            (Stage.RECIPIENT, BARE, "SMTP/Host"),
            (Stage.MESSAGE, {}, "SMTP/Host"),
        ],
    )
    def test_where_it_points(self, stage: Stage, settings: dict[str, str | None], place: str) -> None:
        found = places(login(**settings), trouble=refused(stage, "550 5.0.0 no"))
        assert found == [(REFUSALS[stage], place)]

    @pytest.mark.parametrize("stage", REFUSALS)
    def test_the_reply_is_quoted_without_the_secret(self, stage: Stage) -> None:
        (one,) = findings(login(), trouble=refused(stage, f"554 so {SECRET} is it"))
        assert one.message.endswith(": 554 so •••• is it")

    @pytest.mark.parametrize("stage", REFUSALS)
    def test_a_reply_that_is_known_is_explained(self, stage: Stage) -> None:
        known, unknown = (
            findings(login(), trouble=refused(stage, reply))[0].help
            for reply in ("535 5.7.139 Authentication unsuccessful", "599 qwxz")
        )
        assert known
        assert unknown
        assert known != unknown

    @pytest.mark.parametrize("stage", REFUSALS)
    @pytest.mark.parametrize("kind", [TroubleKind.SILENT, TroubleKind.CLOSED, TroubleKind.MALFORMED])
    def test_what_is_no_reply_is_no_refusal(self, stage: Stage, kind: TroubleKind) -> None:
        assert REFUSALS[stage] not in [code for code, _ in places(login(), trouble=trouble(stage, kind))]

    def test_a_message_that_is_too_large(self) -> None:
        (one,) = findings(login(), trouble=trouble(Stage.MESSAGE, TroubleKind.TOO_LARGE, "100 bytes"))
        assert (one.code, one.place) == ("L116", "SMTP/Host")
        assert one.message.startswith("smtp.example.com:587 takes messages of at most 100 bytes")
        assert (one.help or "").endswith("to take larger messages")


NO_SMTPUTF8 = trouble(Stage.SENDER, TroubleKind.NO_SMTPUTF8)


class TestSmtputf8:
    @pytest.mark.parametrize(
        ("settings", "stopped", "expected"),
        [
            ({"From": "größe@example.com"}, False, ["From"]),
            ({"From": "dma@größe.example.com"}, False, ["From"]),
            ({"From": "größe@example.com", "User": "größe@example.com"}, False, ["From"]),
            ({"From": "größe@example.com"}, True, ["From"]),
            ({}, True, ["Host"]),
            ({"User": "größe@example.com"}, True, ["Host"]),
            ({"From": None, "User": "größe@example.com"}, True, ["Host"]),
            ({"User": "größe"}, True, ["Host"]),
        ],
    )
    def test_hit(self, settings: dict[str, str | None], stopped: bool, expected: list[str]) -> None:
        found = findings(login(**settings), **({"trouble": NO_SMTPUTF8} if stopped else {}))
        assert sorted((one.code, one.place) for one in found) == [("L119", f"SMTP/{it}") for it in expected]
        for one in found:
            assert one.message.startswith("smtp.example.com:587 does not offer SMTPUTF8")
            assert "server that offers SMTPUTF8" in (one.help or "")
            assert one.severity is Severity.ERROR

    @pytest.mark.parametrize("sender", [None, ""])
    def test_a_user_that_mail_may_come_from_is_a_warning(self, sender: str | None) -> None:
        (one,) = findings(login(From=sender, User="größe@example.com"))
        assert (one.code, one.place, one.severity) == ("L119", "SMTP/User", Severity.WARNING)
        assert one.message.endswith('SMTPUTF8, which "größe@example.com" needs if mail comes from it')

    @pytest.mark.parametrize("sender", ["dma@example.com", "nobody"])
    def test_a_user_that_only_logs_in_needs_none(self, sender: str) -> None:
        assert findings(login(From=sender, User="größe@example.com")) == []

    @pytest.mark.parametrize(
        ("settings", "changes"),
        [
            ({}, {}),
            ({"User": "größe"}, {}),
            ({"Helo": "größe.example.com"}, {}),
            ({"From": "größe@example.com"}, {"offers": OFFERS._replace(smtputf8=True)}),
            ({"From": "größe@example.com"}, {"offers": None}),
        ],
    )
    def test_near_miss(self, settings: dict[str, str | None], changes: dict[str, Any]) -> None:
        assert places(login(**settings), **changes) == []
