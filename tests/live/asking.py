"""Asking a server of a test, through the command and through the session below it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from migrator.live.probing import server_of
from migrator.live.session import Wishes, observe
from tests.cli.running import dmsmtp
from tests.live.servers import LOOPBACK
from tests.rules.observed import section_of
from tests.rules.tables import section

if TYPE_CHECKING:
    from pathlib import Path

    from migrator.observations import Observations
    from tests.cli.running import Outcome
    from tests.live.certificates import Authority

SHORT = 2.1  # seconds, for servers that let one wait; a stage has a third of it
LONG = 20.0  # for those that do not, on however busy a machine


def settings(port: int, suffix: str = "-nossl", **others: str | None) -> str:
    """The settings of an agent whose server is one of the test."""
    return section(**{"Host": LOOPBACK, "HostPort": f"{port}{suffix}", **others})


def see(text: str, authority: Authority | None = None, **wishes: Any) -> Observations:
    """What is seen of the server that the settings name."""
    server = server_of(section_of(text))
    assert server is not None
    ca_file = None if authority is None else str(authority.file)
    return observe(server, Wishes(**{"timeout": LONG, "ca_file": ca_file, **wishes}))


def probe(
    path: Path, text: str, authority: Authority, *options: str, timeout: float = LONG
) -> tuple[list[str], Outcome]:
    """The codes that `probe` reports, and how it went."""
    path.write_text(text, "utf-8")
    outcome = dmsmtp(
        "probe",
        path,
        "--output-format",
        "json",
        "--timeout",
        str(timeout),
        "--ca-file",
        authority.file,
        *options,
    )
    return [one["code"] for one in json.loads(outcome.out)["diagnostics"]], outcome
