"""A made-up repository of configurations: agents and relays in all formats, some with mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

AGENTS, RELAYS = 480, 20
SECRET = "Winter#Mail-2026"
_NAMESPACE = ' xmlns="http://www.skyline.be/config/dataminer"'


def write_mixed(folder: Path) -> None:
    """Write the files, always the same ones."""
    for number in range(1, AGENTS + 1):
        path = folder / f"agents/{number:03}/DataMiner.xml"
        path.parent.mkdir(parents=True)
        path.write_bytes(_agent(number))
    (folder / "relays").mkdir()
    for number in range(1, RELAYS + 1):
        ending, text = _relay(number)
        (folder / f"relays/{number:02}.smtp.{ending}").write_bytes(text.encode())


def _settings(number: int) -> dict[str, str]:
    """The section of one agent; by its number it has a mistake, or more than one."""
    settings = {
        "Host": f"smtp{number % 7}.example.net",
        "HostPort": "587-starttls",
        "LoginMethod": "AuthLoginMethod",
        "User": f"dma{number:03}@example.net",
        "Password": f"0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2{number:03x}",
        "From": f"dma{number:03}@example.net",
    }
    if number % 10 == 0:
        settings["HostPort"] = "587-STARTTLS"
    if number % 25 == 3:
        settings["HostPort"] = "587"
    if number % 40 == 5:
        settings["HostPort"] = "25"
    if number % 16 == 0:
        settings["Password"] = SECRET
    if number % 60 == 7:
        settings["Host"] += " "
    return settings


def _agent(number: int) -> bytes:
    """A DataMiner.xml, in one of several encodings and with either line end."""
    lines = "\n".join(f"    <{name}>{value}</{name}>" for name, value in _settings(number).items())
    namespace = _NAMESPACE if number % 2 else ""
    encoding = "utf-16" if number % 50 == 0 else "utf-8"
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<DataMiner id="{number}"{namespace}>\n'
        f"  <SMTP>\n{lines}\n  </SMTP>\n</DataMiner>\n"
    )
    if number % 7 == 0:
        text = text.replace("\n", "\r\n")
    return text.encode(encoding)


def _relay(number: int) -> tuple[str, str]:
    port = "587" if number == 9 else "587-starttls"
    if number % 2:
        lines = (
            "SMTP:",
            f"  Host: relay{number}.example.net",
            f"  HostPort: {port}",
            "  LoginMethod: NoLoginMethod",
        )
        return "yaml", "\n".join((*lines, f"  From: relay{number}@example.net", ""))
    members = {"Host": f"relay{number}.example.net", "HostPort": port, "LoginMethod": "NoLoginMethod"}
    inside = ",\n".join(
        f'    "{name}": "{value}"'
        for name, value in (members | {"From": f"relay{number}@example.net"}).items()
    )
    return "json", f'{{\n  "SMTP": {{\n{inside}\n  }}\n}}\n'
