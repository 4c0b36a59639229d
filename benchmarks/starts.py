"""How each command is called where there is next to nothing to do: what it takes is its start."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Nobody listens on the port: the connection is refused at once.
_SECTION = """\
<SMTP>
  <Host>127.0.0.1</Host>
  <HostPort>1-nossl</HostPort>
  <LoginMethod>NoLoginMethod</LoginMethod>
  <From>dma@example.net</From>
</SMTP>
"""
CALLS = {
    "validate": ["one.xml"],
    "lint": ["one.xml"],
    "migrate": ["one.xml", "--check", "--to", "10.6.4"],
    "describe": ["one.xml"],
    "convert": ["one.xml", "--format", "yaml"],
    "new": ["custom", "--host", "smtp.example.net", "--host-port", "465", "--from", "dma@example.net"],
    "compare": ["one.xml", "other.xml"],
    "apply": ["one.xml", "other.xml"],
    "probe": ["one.xml"],
    "check": ["one.xml"],
    "send-test-email": ["one.xml", "--to", "somebody@example.net"],
    "retrieve-tokens": ["one.xml"],
    "explain": ["H207"],
    "rules": [],
    "schema": ["smtp.schema.json"],
}
"""The arguments of each command."""


def prepare(folder: Path) -> None:
    """Write the files that the calls name."""
    folder.mkdir()
    (folder / "one.xml").write_text(_SECTION, "utf-8")
    (folder / "other.xml").write_text(_SECTION.replace("dma@", "other@"), "utf-8")
