"""The definition in `schemas/` as Python values; what a setting is called and is stands there alone."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import migrator.schemas
from migrator.tuples import NamedTuple

SECTION = "SMTP"
ROOT = "DataMiner"
NAMESPACE = "http://www.skyline.be/config/dataminer"


class SettingDefinition(NamedTuple):
    """One of the settings of the SMTP section, as `smtp.schema.json` defines it.

    `example` is the first of the schema's. `since` is the schema's `x-since`: the first versions that know
    the setting, None where all do.
    `is_number` says that JSON and YAML hold it as one.
    """

    name: str
    title: str
    description: str
    example: str
    is_secret: bool
    default: str | None
    since: dict[str, Any] | None
    is_number: bool


class LoginMethodDefinition(NamedTuple):
    """A documented value of LoginMethod; `since` as for a setting."""

    name: str
    title: str
    description: str
    since: dict[str, Any] | None


def schema_path(name: str) -> Path:
    """Where a file of `schemas/` lies on this machine."""
    return Path(migrator.schemas.__path__[0]) / name


def schema_names() -> list[str]:
    """The schemas that are there, and the tables that lie beside them, by file name."""
    return sorted(path.name for path in schema_path("").iterdir() if path.suffix in (".json", ".xsd"))


@cache
def _smtp_properties() -> dict[str, Any]:
    schema = json.loads(schema_path("smtp.schema.json").read_bytes())
    properties: dict[str, Any] = schema["$defs"]["section"]["properties"]
    return properties


@cache
def settings() -> dict[str, SettingDefinition]:
    """All settings by name, in the documented order."""
    return {
        name: SettingDefinition(
            name,
            member.get("title", name),
            member["description"],
            str(member["examples"][0]),
            bool(member.get("writeOnly", False)),
            member.get("default"),
            member.get("x-since"),
            member.get("type") == "integer",
        )
        for name, member in _smtp_properties().items()
    }


@cache
def oauth_settings() -> frozenset[str]:
    """The names of the settings of OAuth 2.0."""
    return frozenset(name for name in settings() if name.startswith("OAuth"))


@cache
def login_methods() -> dict[str, LoginMethodDefinition]:
    """The documented values of LoginMethod by name, in the documented order."""
    return {
        member["const"]: LoginMethodDefinition(
            member["const"], member["title"], member["description"], member.get("x-since")
        )
        for member in _smtp_properties()["LoginMethod"]["oneOf"]
    }


@cache
def nodes() -> dict[str, dict[str, Any]]:
    """Every documented node of DataMiner.xml outside SMTP, by its path (`DataMiner/DMA/@publicDNS`)."""
    table: dict[str, dict[str, Any]] = json.loads(schema_path("dataminer.nodes.json").read_bytes())["nodes"]
    return table


@cache
def known_names() -> frozenset[str]:
    """Names of all documented elements and attributes."""
    names = {part.lstrip("@") for path in nodes() for part in path.split("/")}
    return frozenset(names | set(settings()) | {SECTION, ROOT})
