"""What the L rules share: where their findings point, and how they tell what a server said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from migrator.observations import Stage, TroubleKind
from migrator.values.host_port import Security
from tests.rules.observed import findings, refused, trouble
from tests.rules.tables import section

if TYPE_CHECKING:
    from migrator.diagnostic import Diagnostic

LOGIN = {"LoginMethod": "AuthLoginMethod", "User": "dma@example.com", "Password": "Tr0ub4dor"}


def only(text: str, **changes: Any) -> Diagnostic:
    (one,) = findings(text, **changes)
    return one


@pytest.mark.parametrize(("words", "said"), [("", ""), ("connection refused", " (connection refused)")])
def test_further_facts_stand_in_brackets(words: str, said: str) -> None:
    one = only(section(), trouble=trouble(Stage.TCP, TroubleKind.REFUSED, words))

    assert one.message == f"smtp.example.com:587 refuses the connection{said}"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (None, "smtp.example.com:587 does not offer STARTTLS"),
        ("502 5.5.1 no", "smtp.example.com:587 offers STARTTLS and then refuses it: 502 5.5.1 no"),
    ],
)
def test_a_reply_stands_behind_what_happened(reply: str | None, said: str) -> None:
    one = only(section(), trouble=trouble(Stage.STARTTLS, TroubleKind.NO_STARTTLS, reply=reply))

    assert one.message == said


@pytest.mark.parametrize(
    ("reply", "beginning", "what_to_do"),
    [
        ("535 5.7.8 no", "user, password or token were refused", ": use an app password"),
        ("999 what", "check User and Password", ", and whether"),
    ],
)
def test_a_reply_is_explained_or_what_usually_helps_is_said(
    reply: str, beginning: str, what_to_do: str
) -> None:
    one = only(section(**LOGIN), trouble=refused(Stage.LOGIN, reply))

    assert one.help is not None
    assert one.help.startswith(beginning)
    assert what_to_do in one.help


@pytest.mark.parametrize(
    ("text", "place"), [(section(HostPort="587"), "SMTP/HostPort"), (section(HostPort=None), "SMTP/Host")]
)
def test_points_at_host_where_the_setting_is_missing(text: str, place: str) -> None:
    silent = trouble(Stage.GREETING, TroubleKind.SILENT)
    one = only(text, trouble=silent, spoken=(Security.IMPLICIT_TLS,))

    assert (one.code, one.place) == ("L104", place)
