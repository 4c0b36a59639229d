"""Clusters for tests, made of the settings of their agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.checking import CheckSettings
from migrator.cluster.comparing import findings
from migrator.cluster.meaning import digest_with
from migrator.cluster.reading import FileRead, interpret
from migrator.cluster.topology import Declared, Topology, topology
from migrator.files import InputFile
from migrator.rules import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.agents import Cluster

KEY = b"a key for tests"
DIGEST = digest_with(KEY)
REFERENCE, OTHER_REFERENCE = "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77", "5f0c8a1e-2d4b-4e6f-8a9c-1b3d5e7f9a0b"
ORDINARY = {"Host": "smtp.example.com", "HostPort": "587-starttls", "LoginMethod": "NoLoginMethod"}
NONE: dict[str, str | None] = {"SMTP": None}
"""Instead of settings: an agent without a section."""


def document(settings: Mapping[str, str | None], number: int) -> str:
    """The DataMiner.xml of an agent; settings are ordinary but for these, `id` and `name` are its own."""
    identity = settings.get("id", str(number))
    name = settings.get("name", f"DMA-{identity}")
    attribute = f' id="{identity}"' if identity else ""
    about = f"<DMA><DMAName>{name}</DMAName></DMA>" if name else ""
    if "SMTP" in settings:
        return f"<DataMiner{attribute}>{about}{settings['SMTP'] or ''}</DataMiner>"
    values = {**ORDINARY, **{key: one for key, one in settings.items() if key not in ("id", "name")}}
    inside = "".join(f"<{key}>{one}</{key}>" for key, one in values.items() if one is not None)
    return f"<DataMiner{attribute}>{about}<SMTP>{inside}</SMTP></DataMiner>"


def read(text: str, path: str = "x/DataMiner.xml") -> FileRead:
    """What a file with this text is."""
    return interpret(InputFile(path, path), text.encode(), CheckSettings(), KEY)


def known(*agents: Mapping[str, str | None] | str, declared: Declared | None = None) -> Topology:
    """A cluster of agents in folders a0, a1, …"""
    texts = [one if isinstance(one, str) else document(one, number) for number, one in enumerate(agents)]
    files = [read(text, f"a{number}/DataMiner.xml") for number, text in enumerate(texts)]
    found = topology(files, declared or Declared(), DIGEST)
    assert isinstance(found, Topology), found
    return found


def cluster(*agents: Mapping[str, str | None] | str, declared: Declared | None = None) -> Cluster:
    """The same, alone."""
    return known(*agents, declared=declared).cluster


def found(one: Cluster) -> list[tuple[str, int, str | None, str]]:
    """Code, agent, setting and severity of all findings, before one yields to the other."""
    return [
        (code, finding.agent, finding.setting, (finding.severity or BY_CODE[code].severity).value)
        for code, finding in findings(one)
    ]
