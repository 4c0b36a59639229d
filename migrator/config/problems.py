"""What is wrong with the keys and values of a configuration, by its schema and by what they mean."""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from migrator import definition
from migrator.config.model import PYPROJECT, TABLE
from migrator.rules import BY_CODE, BY_NAME
from migrator.rules.selectors import NEVER_IGNORED, is_always_reported, matching, nearest_selector
from migrator.values.nearest import nearest
from migrator.values.version import VersionProblem, parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from migrator.config.toml_places import KeyPath

    Faults = Iterator[tuple[KeyPath, str]]
    """Where something is wrong, and in which words."""

_LONGEST_QUOTE = 40


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(definition.schema_path("config.schema.json").read_bytes())
    return schema


def faults(table: object) -> Faults:
    """What is wrong with a configuration, whose keys come first and then what two of them say together."""
    return chain(_faults(table, _schema(), ()), _repeated(table) if isinstance(table, dict) else ())


def _faults(value: object, schema: dict[str, Any], path: KeyPath) -> Faults:
    """Where a value is not what the schema wants, or has no meaning to us, and in which words."""
    kind, schema = _resolved(schema)
    if isinstance(value, dt.date | dt.time):
        value = value.isoformat()
    type_ = schema["type"]
    if not _TYPES[type_](value):
        yield _fault(path, f"this must be {_TYPE_NAMES[type_]}{_as_in(schema)}")
    elif isinstance(value, dict):
        yield from _table_faults(value, schema, path)
    elif isinstance(value, list):
        yield from _list_faults(value, schema, path)
    elif isinstance(value, str):
        message = _choice_problem(value, schema) or _MEANINGS.get(kind, _no_problem)(value)
        if message is not None:
            yield _fault(path, message)
    elif type_ == "integer" and not schema["minimum"] <= value <= schema["maximum"]:
        least, most = schema["minimum"], schema["maximum"]
        yield _fault(path, f"{_shortened(str(value))} is not a number from {least} to {most:,}")


def _list_faults(members: list[Any], schema: dict[str, Any], path: KeyPath) -> Faults:
    least, number = schema.get("minItems", 0), len(members)
    if least and not members:
        yield _fault(path, f"this list is empty; leave out the key, or fill it{_as_in(schema)}")
    elif not least <= number <= schema.get("maxItems", number):
        yield _fault(path, f"this list must have {least} members{_as_in(schema)}")
    for index, member in enumerate(members):
        yield from _faults(member, schema["items"], (*path, index))


def _resolved(schema: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The name of the definition that a schema refers to, if it does, and the schema with it."""
    kind = schema.get("$ref", "").rpartition("/")[2]
    return kind, (_schema()["$defs"][kind] | schema if kind else schema)


def _table_faults(table: dict[str, Any], schema: dict[str, Any], path: KeyPath) -> Faults:
    known = schema.get("properties", {})
    for key, value in table.items():
        where = (*path, key)
        if "propertyNames" in schema:
            kind, _ = _resolved(schema["propertyNames"])
            message = _MEANINGS[kind](key)
            if message is not None:
                if key in _schema()["properties"]:
                    message = f"the key {_quoted(key)} belongs above this table"
                yield _fault(path, message, key=key)
            else:
                yield from _faults(value, schema["additionalProperties"], where)
        elif key in known:
            yield from _faults(value, known[key], where)
        elif key == TABLE[0]:
            yield where, f"write the keys of [{'.'.join(TABLE)}] without it: that is for {PYPROJECT}"
        else:
            yield where, f"there is no key {_quoted(key)}; {_key_hint(key, known)}"
    for key in schema.get("required", ()):
        if key not in table:
            yield _fault(path, f"there is no {_quoted(key)}{_as_in(schema)}")


def _fault(path: KeyPath, message: str, *, key: str | None = None) -> tuple[KeyPath, str]:
    """What is wrong with a value, or with the name of a key in a table."""
    keys = [one for one in path if isinstance(one, str)]
    shown = ".".join(one if re.fullmatch("[A-Za-z0-9_-]+", one) else _quoted(one) for one in keys)
    return path if key is None else (*path, key), f"{shown}: {message}" if shown else message


_TYPES: dict[str, Callable[[object], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and value % 1 == 0
    ),
}
_TYPE_NAMES = {
    "object": "a table",
    "array": "a list",
    "string": "text in quotes",
    "boolean": "true or false, without quotes",
    "integer": "a whole number",
}


def _as_in(schema: dict[str, Any]) -> str:
    examples = schema.get("examples") or schema.get("enum")
    return f", as in {_toml(examples[0])}" if examples and schema["type"] != "boolean" else ""


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_toml(key)} = {_toml(member)}' for key, member in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value)


def _choice_problem(text: str, schema: dict[str, Any]) -> str | None:
    choices: list[str] = schema.get("enum", [text])
    if text in choices:
        return None
    near = nearest(text, choices)
    hint = f"did you mean {_quoted(near)}?" if near else f"choose {_or(map(_quoted, choices))}"
    return f"there is no {_quoted(text)}; {hint}"


def _or(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}"


def _quoted(text: str) -> str:
    return f'"{_shortened(text)}"'


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def _key_hint(key: str, known: Iterable[str]) -> str:
    near = nearest(key.lstrip("-").replace("_", "-"), known)
    return f"did you mean {_quoted(near)}?" if near else "`dmsmtp schema config.schema.json` lists the keys"


def _no_problem(_text: str) -> str | None:
    return None


def _selector_problem(text: str) -> str | None:
    if matching(text):
        return None
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 1 and all(map(matching, parts)):
        return f"each rule has its own quotes: {', '.join(map(_quoted, parts))}"
    near = nearest_selector(text)
    hint = f"did you mean {_quoted(near)}?" if near is not None else "`dmsmtp rules` lists them"
    return f"there is no rule {_quoted(text)}; {hint}"


def _ignorable_problem(text: str) -> str | None:
    if any(map(is_always_reported, matching(text))):
        return f"{_quoted(text)} {NEVER_IGNORED}"
    return _selector_problem(text)


def _rule_problem(text: str) -> str | None:
    if matching(text) and text.lower() not in BY_NAME and text.upper() not in BY_CODE:
        return f"{_quoted(text)} is more than one rule; name each of them"
    return _selector_problem(text)


def _version_problem(text: str) -> str | None:
    value, problems = parse_version(text)
    if VersionProblem.AMBIGUOUS in problems:
        return (
            f'{_quoted(text)} could be a main or a feature release: write "{text.strip()}.0", '
            "or the feature release with its number"
        )
    if VersionProblem.NOT_A_VERSION not in problems:
        return None
    hint = f'did you mean "{value}"?' if value is not None else 'write it as in "10.5.0 CU13" or "10.6.4"'
    return f"{_quoted(text)} is no DataMiner version; {hint}"


def _date_problem(text: str) -> str | None:
    return None if date_of(text) else f"{_quoted(text)} is no date; write it as in 2026-12-31"


def date_of(text: str) -> dt.date | None:
    """The day that a text names; None where it is no date."""
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _glob_problem(text: str) -> str | None:
    if not text.strip("/"):
        return "this pattern is empty"
    slashed = text.replace("\\", "/")
    parts = slashed.split("/")
    if slashed.startswith("/") or ":" in parts[0] or ".." in parts:
        return f"{_quoted(text)} leads elsewhere: patterns count from the folder of this file"
    if slashed != text:
        return f"write / between folders, as in {_quoted(slashed)}"
    if any("**" in part and part != "**" for part in parts):
        return f"{_quoted(text)} is no pattern: ** stands between slashes, for folders of any depth"
    return None


def _pattern_problem(text: str) -> str | None:
    return None if text else "this pattern is empty"


def _path_problem(text: str) -> str | None:
    if "\0" in text:
        return "this is no path: it holds a zero byte"
    return None if text else "this path is empty"


def _agent_problem(text: str) -> str | None:
    return None if text else "this name is empty"


_MEANINGS: dict[str, Callable[[str], str | None]] = {  # by the name of the definition in the schema
    "selector": _selector_problem,
    "ignorable": _ignorable_problem,
    "rule": _rule_problem,
    "version": _version_problem,
    "date": _date_problem,
    "glob": _glob_problem,
    "pattern": _pattern_problem,
    "path": _path_problem,
    "agent": _agent_problem,
}


def _repeated(table: dict[str, Any]) -> Faults:
    """Rules that are given two severities, by code and by name."""
    seen: dict[frozenset[str], str] = {}
    severities = table.get("severity")
    for key in severities if isinstance(severities, dict) else ():
        codes = matching(key)
        if codes in seen and not _rule_problem(key):
            message = f"{_quoted(key)} is {_quoted(seen[codes])}, which stands there already"
            yield _fault(("severity",), message, key=key)
        seen.setdefault(codes, key)
