"""A configuration file read: `dmsmtp.toml`, or the table `tool.dmsmtp` of a `pyproject.toml`.

What is wrong with a file is a value, never an exception.
"""

from __future__ import annotations

import os
import re
import stat
from itertools import islice
from typing import TYPE_CHECKING, Any

from migrator.config.model import (
    NAME,
    PYPROJECT,
    TABLE,
    ClusterAgent,
    ClusterConfig,
    Config,
    ConfigError,
    Problem,
    RuleConfig,
    RunConfig,
)
from migrator.config.problems import date_of, faults
from migrator.config.toml_places import TomlPlaces
from migrator.diagnostic import Severity
from migrator.files import why_unreadable
from migrator.rules.selectors import matching
from migrator.values.version import parse_version

if TYPE_CHECKING:
    from pathlib import Path

    from migrator.config.toml_places import KeyPath

_LARGEST = 1024 * 1024
_MOST_PROBLEMS = 10  # that are told of one file


def load(path: Path) -> Config | ConfigError | None:
    """Read a configuration file; None for a `pyproject.toml` that is none."""
    data = _read(path)
    return ConfigError(path, (data,)) if isinstance(data, Problem) else interpret(path, data)


def interpret(path: Path, data: bytes) -> Config | ConfigError | None:
    """What a configuration file with these bytes says; None for a `pyproject.toml` that is none."""
    prefix = TABLE if path.name.lower() == PYPROJECT else ()
    if prefix and prefix[-1].encode() not in data:
        return None  # so that its other faults are no business of ours
    document = _parse(data)
    if isinstance(document, Problem):
        return ConfigError(path, (document,))
    table, places = document
    for name in prefix:
        table = table.get(name) if isinstance(table, dict) else None
    if table is None:
        return None
    problems = _problems(table, places, prefix)
    return (
        ConfigError(path, problems)
        if problems
        else Config(path, _rule_config(table), _run_config(table, path))
    )


def _read(path: Path) -> bytes | Problem:
    try:
        # Anything can be given by name, such as a pipe; what lies in a folder under our name must be a file
        if path.name.lower() in (NAME, PYPROJECT) and not stat.S_ISREG(path.stat().st_mode):
            return Problem(None, "this is no file")
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        is_link = os.path.islink(path)  # noqa: PTH114 - as below
        return Problem(
            None, "it is a link, and what it leads to does not exist" if is_link else "there is no such file"
        )
    except OSError as error:
        is_folder = os.path.isdir(path)  # noqa: PTH112 - that of Path fails where a disk does
        return Problem(None, "this is no file" if is_folder else why_unreadable(error))
    return data if len(data) <= _LARGEST else Problem(None, "the file is larger than 1 MiB")


def _parse(data: bytes) -> tuple[Any, TomlPlaces] | Problem:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(line, "this is not UTF-8: save the file in this encoding")
    places = TomlPlaces(text)
    if places.refusal is not None:
        return _conflict(text) or places.refusal
    import tomllib

    try:
        return tomllib.loads(text), places
    except ValueError as error:
        if (conflict := _conflict(text)) is not None:
            return conflict
        place = re.search(r"\(at line ([0-9]+)", str(error))
        line = int(place[1]) if place is not None else places.last_line()
        messages = (told for said, told in _TOML_MESSAGES.items() if str(error).startswith(said))
        return Problem(line, next(messages, "this is not TOML"))


def _conflict(text: str) -> Problem | None:
    """That a merge was not finished, where a text that is no TOML shows its marks."""
    from migrator.document.conflict import UNFINISHED, marks_of_conflict

    first = marks_of_conflict(text)
    return None if first is None else Problem(text.count("\n", 0, first.start()) + 1, UNFINISHED)


def _problems(table: object, places: TomlPlaces, prefix: KeyPath) -> tuple[Problem, ...]:
    """What is wrong with the keys and values, in the order of the file; the first few where it is a lot."""
    found = islice(faults(table), _MOST_PROBLEMS + 1)
    problems = [Problem(places.line((*prefix, *where)), message) for where, message in found]
    told = sorted(problems[:_MOST_PROBLEMS], key=lambda problem: problem.line or 0)
    if len(problems) > len(told):
        told.append(Problem(None, "there is more that is wrong; mend this first"))
    return tuple(told)


_TWICE = "this key or table stands in the file already"
_BACKSLASH = "write a backslash twice in double quotes, or take single quotes"
_NO_QUOTE_IN_LINE = "a quote is missing at the end of the line"
_NO_QUOTE = "a quote is missing: the text that begins here does not end"
_TOML_MESSAGES = {  # by how those of tomllib begin
    "Cannot": _TWICE,
    "Duplicate": _TWICE,
    "Unescaped": _BACKSLASH,
    "Invalid hex": _BACKSLASH,
    "Escaped": _BACKSLASH,
    "Illegal character '\\n'": _NO_QUOTE_IN_LINE,
    "Illegal character '\\r'": _NO_QUOTE_IN_LINE,
    "Found invalid character '\\n'": _NO_QUOTE_IN_LINE,
    "Unterminated": _NO_QUOTE,
    "Expected \"'": _NO_QUOTE,
    "Illegal": "this holds a control character",
    "Found invalid": "this holds a control character",
    "Unclosed array": "a comma or ] is missing here or before",
    "Unclosed inline": "a comma or } is missing: the table ends in its line",
    "Expected newline": "the line goes on after the value: text stands in quotes, each key in its own line",
    "Expected ']": "a ] is missing at the end of the table's name",
    "Expected '='": "= is missing after the key, which stands in quotes if it is a pattern",
    "Invalid initial": "a key is missing or holds characters that must stand in quotes",
    "Invalid value (at end": "the file ends where a value should stand",
    "Invalid value": 'this is no value: text stands in quotes, as in "H208", and true and false without',
    "Invalid statement": "this is neither a key nor a table; a key that is a pattern stands in quotes",
    "Invalid date": "there is no such date or time",
}


def _rule_config(table: dict[str, Any]) -> RuleConfig:
    severity = table.get("severity")
    ignores = table.get("per-file-ignores")
    version = table.get("target-version")
    versions = table.get("per-file-target-version")
    as_of = table.get("as-of")
    return RuleConfig(
        select=_texts(table, "select"),
        extend_select=_texts(table, "extend-select"),
        ignore=_texts(table, "ignore"),
        severity=severity
        and {code: Severity(one) for key, one in severity.items() for code in matching(key)},
        per_file_ignores=ignores and {glob: tuple(map(str, rules)) for glob, rules in ignores.items()},
        target_version=version and parse_version(version).value,
        per_file_target_version=versions
        and {glob: found for glob, one in versions.items() if (found := parse_version(one).value)},
        as_of=as_of and date_of(str(as_of)),
        microsoft_basic_auth=table.get("microsoft-basic-auth"),
        whole_file=table.get("whole-file"),
    )


def _run_config(table: dict[str, Any], path: Path) -> RunConfig:
    min_severity = table.get("min-severity")
    baseline = table.get("baseline")
    return RunConfig(
        include=_texts(table, "include"),
        exclude=_texts(table, "exclude"),
        force_exclude=table.get("force-exclude"),
        jobs=_number(table, "jobs"),
        baseline=baseline and str(path.parent / baseline),
        unsafe_fixes=table.get("unsafe-fixes"),
        no_backup=table.get("no-backup"),
        exit_non_zero_on_fix=table.get("exit-non-zero-on-fix"),
        output_format=table.get("output-format"),
        statistics=table.get("statistics"),
        min_severity=min_severity and Severity(min_severity),
        fail_on=table.get("fail-on"),
        quiet=table.get("quiet"),
        max_size=_number(table, "max-size"),
        max_depth=_number(table, "max-depth"),
        max_nodes=_number(table, "max-nodes"),
        cluster=_cluster(table["cluster"], path.parent) if "cluster" in table else None,
    )


def _cluster(table: dict[str, Any], folder: Path) -> ClusterConfig:
    return ClusterConfig(
        tuple(
            ClusterAgent(one["name"], str(folder / one["path"]), str(int(one["id"])) if "id" in one else None)
            for one in table.get("agents", ())
        ),
        tuple((first, second) for first, second in table.get("failover", ())),
    )


def _texts(table: dict[str, Any], key: str) -> tuple[str, ...] | None:
    return tuple(map(str, table[key])) if key in table else None


def _number(table: dict[str, Any], key: str) -> int | None:
    return int(table[key]) if key in table else None
