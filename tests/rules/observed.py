"""What rules about servers are told, made up: an orderly server, with something changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from migrator.checking import CheckSettings, judge, read_document
from migrator.document.limits import Limits
from migrator.document.source import Unreadable
from migrator.live.probing import server_of
from migrator.observations import Certificate, Observations, Offers, Reply, Stage, Tls, Trouble, TroubleKind
from migrator.rules import CRASHED, LIVE_RULES
from migrator.section import read_configuration
from migrator.values.host_port import Security

if TYPE_CHECKING:
    from migrator.diagnostic import Diagnostic
    from migrator.section import Configuration, Section

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIVE = CheckSettings(codes=frozenset(rule.code for rule in (*LIVE_RULES, CRASHED)))
CERTIFICATE = Certificate(
    "smtp.example.com",
    "An authority",
    ("smtp.example.com",),
    NOW - timedelta(days=30),
    NOW + timedelta(days=60),
    "EC secp256r1",
    "SHA256",
)
TLS = Tls("TLSv1.3", "TLS_AES_256_GCM_SHA384", CERTIFICATE)
OFFERS = Offers(("PLAIN", "LOGIN"), 1_000_000)


def configuration(text: str) -> Configuration:
    """The configuration in a text."""
    document = read_document("x", text.encode(), Limits())
    assert not isinstance(document, Unreadable)
    found = read_configuration(document)
    assert found is not None
    return found


def section_of(text: str) -> Section:
    """The section in a text."""
    section = configuration(text).section
    assert section is not None
    return section


def trouble(stage: Stage, kind: TroubleKind, words: str = "", reply: str | None = None) -> Trouble:
    """What ended a dialogue; a reply as the server wrote it."""
    said = None if reply is None else Reply(int(reply[:3]), (reply[4:],))
    return Trouble(stage, kind, words, said)


def refused(stage: Stage, reply: str) -> Trouble:
    """A refusal of the server."""
    return trouble(stage, TroubleKind.REPLY, reply=reply)


def seen(text: str, **changes: Any) -> Observations:
    """What is seen of an orderly server that the settings in a text name, and what is otherwise there."""
    server = server_of(section_of(text))
    assert server is not None
    tls = None if server.security is Security.CLEAR_TEXT else TLS
    ordinary = Observations(server, NOW, ("192.0.2.1",), offers=OFFERS, tls=tls)
    stops = changes.get("trouble")
    if stops is not None and list(Stage).index(stops.stage) < list(Stage).index(Stage.LOGIN):
        ordinary = ordinary._replace(offers=None, tls=None)
    return ordinary._replace(**changes)


def findings(text: str, **changes: Any) -> list[Diagnostic]:
    """What is found at such a server."""
    plain = text.replace("«", "").replace("»", "")
    return list(judge("x", configuration(plain), seen(plain, **changes), LIVE).diagnostics)
