"""The configuration file: `dmsmtp.toml`, or the table `tool.dmsmtp` of a `pyproject.toml`.

Which keys there are, with their types and choices, stands in `schemas/config.schema.json` alone. What is
wrong with a file is a value, never an exception.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import chain, islice
from pathlib import Path, PurePath, PureWindowsPath
from typing import Any, NamedTuple, TypeVar

from migrator import definition
from migrator.diagnostic import Severity
from migrator.files import why_unreadable
from migrator.rules import BY_CODE, BY_NAME
from migrator.rules.selection import is_always_reported, matching, nearest_selector
from migrator.values.nearest import nearest
from migrator.values.version import Version, VersionProblem, parse_version

NAME = "dmsmtp.toml"
PYPROJECT = "pyproject.toml"
_TABLE = ("tool", "dmsmtp")
_LARGEST = 1024 * 1024
_DEEPEST = 32  # levels, in a file whose own keys need three
_LONGEST_NUMBER = 500  # characters; Python reads some thousand digits
_LONGEST_QUOTE = 40
_MOST_PROBLEMS = 10  # that are told of one file

_Path = tuple[str | int, ...]
_Value = TypeVar("_Value")


class RuleConfig(NamedTuple):
    """What concerns rules; None where it is not set.

    Lists of rules are codes, prefixes and names, as they were given; `severity` is by code.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    severity: Mapping[str, Severity] | None = None
    per_file_ignores: Mapping[str, tuple[str, ...]] | None = None
    target_version: Version | None = None
    per_file_target_version: Mapping[str, Version] | None = None
    as_of: dt.date | None = None
    microsoft_basic_auth: str | None = None
    whole_file: bool | None = None


class RunConfig(NamedTuple):
    """What concerns the run, whichever file is checked; None where it is not set."""

    include: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None
    force_exclude: bool | None = None
    output_format: str | None = None
    min_severity: Severity | None = None
    fail_on: str | None = None
    quiet: bool | None = None
    max_size: int | None = None
    max_depth: int | None = None
    max_nodes: int | None = None


_NO_RULES, _NO_RUN = RuleConfig(), RunConfig()


class Config(NamedTuple):
    """A configuration and the file that holds it, from whose folder its globs count (None: there is none)."""

    path: Path | None = None
    rules: RuleConfig = _NO_RULES
    run: RunConfig = _NO_RUN


class Problem(NamedTuple):
    """One thing that is wrong, and the line where, if it is about one."""

    line: int | None
    message: str


class ConfigError(NamedTuple):
    """A configuration file that cannot be used."""

    path: Path
    problems: tuple[Problem, ...]

    @property
    def sentences(self) -> list[str]:
        """What to tell the user, a line each, in the order of the file."""
        return [
            f"{self.path}:{one.line}: {one.message}" if one.line else f"{self.path}: {one.message}"
            for one in self.problems
        ]


def load(path: Path) -> Config | ConfigError | None:
    """Read a configuration file; None for a `pyproject.toml` that is none."""
    data = _read(path)
    prefix = _TABLE if path.name.lower() == PYPROJECT else ()
    if prefix and isinstance(data, bytes) and prefix[-1].encode() not in data:
        return None  # so that its other faults are no business of ours
    document = _parse(data) if isinstance(data, bytes) else data
    if isinstance(document, Problem):
        return ConfigError(path, (document,))
    table, places = document
    for name in prefix:
        table = table.get(name) if isinstance(table, dict) else None
    if table is None:
        return None
    problems = _problems(table, places, prefix)
    return ConfigError(path, problems) if problems else Config(path, _rule_config(table), _run_config(table))


def _read(path: Path) -> bytes | Problem:
    try:
        # Anything can be given by name, such as a pipe; what lies in a folder under our name must be a file
        if path.name.lower() in (NAME, PYPROJECT) and not stat.S_ISREG(path.stat().st_mode):
            return Problem(None, "this is no file")
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        return Problem(None, "there is no such file")
    except OSError as error:
        return Problem(None, "this is no file" if path.is_dir() else why_unreadable(error))
    return data if len(data) <= _LARGEST else Problem(None, "the file is larger than 1 MiB")


def _parse(data: bytes) -> tuple[Any, _Places] | Problem:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(line, "this is not UTF-8: save the file in this encoding")
    places = _Places(text)
    if places.refusal is not None:
        return places.refusal
    import tomllib

    try:
        return tomllib.loads(text), places
    except ValueError as error:
        place = re.search(r"\(at line ([0-9]+)", str(error))
        line = int(place[1]) if place is not None else places.last_line()
        messages = (told for said, told in _TOML_MESSAGES.items() if str(error).startswith(said))
        return Problem(line, next(messages, "this is not TOML"))


def _problems(table: object, places: _Places, prefix: _Path) -> tuple[Problem, ...]:
    """What is wrong with the keys and values, in the order of the file; the first few where it is a lot."""
    repeated = _repeated(table) if isinstance(table, dict) else ()
    faults = islice(chain(_faults(table, _schema(), ()), repeated), _MOST_PROBLEMS + 1)
    problems = [Problem(places.line((*prefix, *where)), message) for where, message in faults]
    told = sorted(problems[:_MOST_PROBLEMS], key=lambda problem: problem.line or 0)
    if len(problems) > len(told):
        told.append(Problem(None, "there is more that is wrong; mend this first"))
    return tuple(told)


# Where it is wrong, and whether it is TOML


_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_SPACE = re.compile(r"[ \t]*+")
_KEY = re.compile(r"""[ \t]*+("(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'|[A-Za-z0-9_-]++)[ \t]*+""")
_SCALAR = re.compile(
    r'''"""(?:[^"\\]++|\\[\s\S]|"{1,2}(?!"))*+"{3,5}|"(?!"")(?:[^"\\\n]++|\\.)*+"'''
    r"""|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}|'(?!'')[^'\n]*+'"""
    r"""|(?P<bare>[^\s,\]}#"'][^,\]}#\n]*+)"""
)


class _Places:
    """The places of all keys and members of lists in a text, as far as it is TOML: `tomllib` tells none.

    It takes all that is TOML and more, so `refusal` guards `tomllib`, which takes hours for a key of many
    parts and as many levels as Python has.
    """

    def __init__(self, text: str) -> None:
        self.refusal: Problem | None = None
        self._text, self._at = text, 0
        self._base: _Path = ()
        self._offsets: dict[_Path, int] = {}
        while self._statement():
            pass

    def line(self, path: _Path) -> int:
        """The line of a key or member, or else of what is around it."""
        while path and path not in self._offsets:
            path = path[:-1]
        return self._line_of(self._offsets.get(path, 0))

    def last_line(self) -> int:
        """The line up to which it was read."""
        return self._line_of(self._at)

    def _line_of(self, offset: int) -> int:
        return self._text.count("\n", 0, offset) + 1

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
        return match

    def _take(self, mark: str) -> bool:
        is_there = self._text.startswith(mark, self._at)
        self._at += is_there
        return is_there

    def _statement(self) -> bool:
        """Read a line `[table]` or `key = value`; False where there is none."""
        self._match(_BLANK)
        start = self._at
        if not self._take("["):
            return self._pair(self._base)
        self._take("[")
        keys = self._keys()
        if keys is None:
            return False
        self._base = keys
        self._note(keys, start)
        is_closed = self._take("]")
        self._take("]")
        return is_closed

    def _pair(self, base: _Path) -> bool:
        start = self._at
        keys = self._keys()
        if keys is None or not self._take("="):
            return False
        self._note((*base, *keys), start)
        return self._value((*base, *keys))

    def _keys(self) -> _Path | None:
        keys: list[str] = []
        while key := self._match(_KEY):
            keys.append(_unquoted(key[1]))
            if len(keys) > _DEEPEST:
                self._refuse("this key has too many parts")
                break
            if not self._take("."):
                return tuple(keys)
        return None

    def _value(self, path: _Path) -> bool:
        if len(path) > 2 * _DEEPEST:  # of a table's name, and of what stands in it
            self._refuse("this is nested too deeply")
            return False
        self._match(_SPACE)
        if self._take("["):
            return self._members(path)
        if self._take("{"):
            return self._inline_table(path)
        start = self._at
        scalar = self._match(_SCALAR)
        if scalar is not None and len((scalar["bare"] or "").rstrip()) > _LONGEST_NUMBER:
            self._at = start
            self._refuse("this value is too long")
            return False
        return scalar is not None

    def _members(self, path: _Path) -> bool:
        index = 0
        while True:
            self._match(_BLANK)
            if self._take("]"):
                return True
            self._note((*path, index), self._at)
            if not self._value((*path, index)):
                return False
            self._match(_BLANK)
            self._take(",")
            index += 1

    def _inline_table(self, path: _Path) -> bool:
        while True:
            self._match(_BLANK)
            if self._take("}"):
                return True
            if not self._pair(path):
                return False
            self._match(_BLANK)
            self._take(",")

    def _note(self, path: _Path, offset: int) -> None:
        for length in range(len(path), 0, -1):
            if path[:length] in self._offsets:
                break
            self._offsets[path[:length]] = offset

    def _refuse(self, message: str) -> None:
        self.refusal = Problem(self.last_line(), message)


def _unquoted(key: str) -> str:
    if key[0] not in "\"'":
        return key
    if "\\" not in key:
        return key[1:-1]
    import tomllib

    try:
        text: str = tomllib.loads(f"key = {key}")["key"]
    except ValueError:
        return key
    return text


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
    "Expected '='": "= is missing after the key",
    "Invalid initial": "a key is missing or holds characters that must stand in quotes",
    "Invalid value (at end": "the file ends where a value should stand",
    "Invalid value": 'this is no value: text stands in quotes, as in "H208"',
    "Invalid statement": "this is neither a key nor a table",
    "Invalid date": "there is no such date or time",
}


# What is wrong


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(definition.schema_path("config.schema.json").read_bytes())
    return schema


_Faults = Iterator[tuple[_Path, str]]


def _faults(value: object, schema: dict[str, Any], path: _Path) -> _Faults:
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
        if len(value) < schema.get("minItems", 0):
            yield _fault(path, f"this list is empty; leave out the key, or fill it{_as_in(schema)}")
        for index, member in enumerate(value):
            yield from _faults(member, schema["items"], (*path, index))
    elif isinstance(value, str):
        message = _choice_problem(value, schema) or _MEANINGS.get(kind, _no_problem)(value)
        if message is not None:
            yield _fault(path, message)
    elif type_ == "integer" and not schema["minimum"] <= value <= schema["maximum"]:
        least, most = schema["minimum"], schema["maximum"]
        yield _fault(path, f"{_shortened(str(value))} is not a number from {least} to {most:,}")


def _resolved(schema: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The name of the definition that a schema refers to, if it does, and the schema with it."""
    kind = schema.get("$ref", "").rpartition("/")[2]
    return kind, (_schema()["$defs"][kind] | schema if kind else schema)


def _table_faults(table: dict[str, Any], schema: dict[str, Any], path: _Path) -> _Faults:
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
        elif key == _TABLE[0]:
            yield where, f"write the keys of [{'.'.join(_TABLE)}] without it: that is for {PYPROJECT}"
        else:
            yield where, f"there is no key {_quoted(key)}; {_key_hint(key, known)}"


def _fault(path: _Path, message: str, *, key: str | None = None) -> tuple[_Path, str]:
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
        return f"{_quoted(text)} cannot be ignored: D codes say that a file was not checked"
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
    return None if _date(text) else f"{_quoted(text)} is no date; write it as in 2026-12-31"


def _date(text: str) -> dt.date | None:
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


_MEANINGS: dict[str, Callable[[str], str | None]] = {  # by the name of the definition in the schema
    "selector": _selector_problem,
    "ignorable": _ignorable_problem,
    "rule": _rule_problem,
    "version": _version_problem,
    "date": _date_problem,
    "glob": _glob_problem,
    "pattern": _pattern_problem,
}


def _repeated(table: dict[str, Any]) -> _Faults:
    """Rules that are given two severities, by code and by name."""
    seen: dict[frozenset[str], str] = {}
    severities = table.get("severity")
    for key in severities if isinstance(severities, dict) else ():
        codes = matching(key)
        if codes in seen and not _rule_problem(key):
            message = f"{_quoted(key)} is {_quoted(seen[codes])}, which stands there already"
            yield _fault(("severity",), message, key=key)
        seen.setdefault(codes, key)


# What it means


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
        as_of=as_of and _date(str(as_of)),
        microsoft_basic_auth=table.get("microsoft-basic-auth"),
        whole_file=table.get("whole-file"),
    )


def _run_config(table: dict[str, Any]) -> RunConfig:
    min_severity = table.get("min-severity")
    return RunConfig(
        include=_texts(table, "include"),
        exclude=_texts(table, "exclude"),
        force_exclude=table.get("force-exclude"),
        output_format=table.get("output-format"),
        min_severity=min_severity and Severity(min_severity),
        fail_on=table.get("fail-on"),
        quiet=table.get("quiet"),
        max_size=_number(table, "max-size"),
        max_depth=_number(table, "max-depth"),
        max_nodes=_number(table, "max-nodes"),
    )


def _texts(table: dict[str, Any], key: str) -> tuple[str, ...] | None:
    return tuple(map(str, table[key])) if key in table else None


def _number(table: dict[str, Any], key: str) -> int | None:
    return int(table[key]) if key in table else None


# What counts


def merge(config: Config | None, rules: RuleConfig = _NO_RULES, run: RunConfig = _NO_RUN) -> Config:
    """A configuration with what the command line gives put over it, key by key.

    What is not key by key: `--select` starts anew, so that select, extend-select and ignore of the file do
    not count; `--extend-select` adds to the file's, and takes what it names out of the file's ignore; and
    `--target-version` is that of all files.
    """
    path, below, below_run = config or Config()
    if rules.select is not None:
        below = below._replace(select=None, extend_select=None, ignore=None)
    if rules.extend_select is not None:
        kept = codes_of(below.ignore or ()) - codes_of(rules.extend_select)
        below = below._replace(ignore=tuple(sorted(kept)))
        rules = rules._replace(extend_select=(*(below.extend_select or ()), *rules.extend_select))
    if rules.target_version is not None:
        below = below._replace(per_file_target_version=None)
    return Config(
        path,
        below._replace(**{key: value for key, value in rules._asdict().items() if value is not None}),
        below_run._replace(**{key: value for key, value in run._asdict().items() if value is not None}),
    )


def codes_of(texts: Iterable[str]) -> frozenset[str]:
    """The codes that are meant by codes, prefixes and names; commas may stand between them."""
    return frozenset(code for text in texts for one in text.split(",") for code in matching(one.strip()))


def codes_for(config: Config | None, path: str | None, available: frozenset[str]) -> frozenset[str]:
    """The codes to report in a file, of those that the command has; path None is for nameless input."""
    rules = config.rules if config is not None else _NO_RULES
    selected = _selected(rules.select, rules.extend_select or (), rules.ignore or (), available)
    return selected - ignores_for(config, path)


@lru_cache(maxsize=1024)
def _selected(
    select: tuple[str, ...] | None,
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    available: frozenset[str],
) -> frozenset[str]:
    chosen = available if select is None else codes_of(select)
    always = frozenset(filter(is_always_reported, available))
    return ((chosen | codes_of(extend_select)) - codes_of(ignore)) & available | always


def ignores_for(config: Config | None, path: str | None) -> frozenset[str]:
    """The codes that `per-file-ignores` names for a file."""
    globs = config.rules.per_file_ignores if config is not None else None
    return frozenset(code for texts in _of_file(config, globs, path) for code in codes_of(texts))


def target_version_for(config: Config | None, path: str | None) -> Version | None:
    """The DataMiner version that a file is for; None where nothing says it."""
    if config is None:
        return None
    versions = _of_file(config, config.rules.per_file_target_version, path)
    return versions[-1] if versions else config.rules.target_version


def _of_file(config: Config | None, globs: Mapping[str, _Value] | None, path: str | None) -> list[_Value]:
    """What belongs to the globs that match a file, in their order."""
    if config is None or config.path is None or not globs or path is None:
        return []
    folder, file = PurePath(_absolute(config.path)).parent, PurePath(_absolute(path))
    return [value for glob, value in globs.items() if matches(glob, file, folder)]


def matches(glob: str, path: PurePath, folder: PurePath) -> bool:
    """Whether a glob of a configuration in a folder matches a file; both paths are absolute.

    See the definition `glob` in the schema; letters match in either case where paths are those of Windows.
    """
    try:
        relative = path.relative_to(folder)
    except ValueError:  # the configuration was given by name; now only a name in any folder can match
        relative = path
    return _expression(glob, isinstance(path, PureWindowsPath)).match(f"{relative.as_posix()}/") is not None


@lru_cache(maxsize=1024)
def _expression(glob: str, ignore_case: bool) -> re.Pattern[str]:
    """Matches the beginning of a path that ends in a slash: what is in a folder, too."""
    parts = [part for part in glob.split("/") if part not in ("", ".")]
    if "/" not in glob.rstrip("/"):
        parts.insert(0, "**")
    steps = [
        "(?:[^/]*/)*" if part == "**" else f"{_part_expression(part)}/"
        for part, before in zip(parts, ["", *parts], strict=False)
        if not part == before == "**"
    ]
    return re.compile("".join(steps), re.IGNORECASE if ignore_case else re.NOFLAG)


def _part_expression(part: str) -> str:
    return "".join({"*": "[^/]*", "?": "[^/]"}.get(mark, re.escape(mark)) for mark in part)


class Configs:
    """The configurations of a run, each read once.

    With `given`, that file is the configuration of everything; `isolated`, there is none.
    """

    def __init__(self, given: Path | None = None, *, isolated: bool = False) -> None:
        self._given = None if given is None or isolated else _load_given(given)
        self._is_fixed = isolated or given is not None
        self._by_folder: dict[str, Config | ConfigError | None] = {}

    def for_run(self) -> Config | ConfigError | None:
        """The configuration whose `run` counts: the nearest one from the working folder upwards."""
        return self._given if self._is_fixed else self._nearest(_absolute(""))

    def for_file(self, path: str | None) -> Config | ConfigError | None:
        """The configuration whose `rules` count for a file: the nearest one from its folder upwards.

        For nameless input (None) it is that of the working folder.
        """
        if self._is_fixed or path is None:
            return self.for_run()
        return self._nearest(os.path.dirname(_absolute(path)))  # noqa: PTH120 - a folder many times

    def _nearest(self, folder: str) -> Config | ConfigError | None:
        passed: list[str] = []
        while folder not in self._by_folder:
            own, parent = _of_folder(folder), os.path.dirname(folder)  # noqa: PTH120
            if own is not None or parent == folder:
                self._by_folder[folder] = own
            else:
                passed.append(folder)
                folder = parent
        found = self._by_folder[folder]
        self._by_folder.update(dict.fromkeys(passed, found))
        return found


def find(folder: Path) -> Path | None:
    """The nearest configuration file, from a folder upwards; it may hold errors."""
    found = Configs().for_file(str(folder / NAME))
    return None if found is None else found.path


def _load_given(path: Path) -> Config | ConfigError:
    found = load(path)
    if found is None:
        return ConfigError(path, (Problem(None, f"it holds no [{'.'.join(_TABLE)}]"),))
    return found


def _of_folder(folder: str) -> Config | ConfigError | None:
    own = os.path.join(folder, NAME)  # noqa: PTH118 - as above
    if os.path.lexists(own):
        return load(Path(own))
    shared = os.path.join(folder, PYPROJECT)  # noqa: PTH118
    return load(Path(shared)) if os.path.isfile(shared) else None  # noqa: PTH113


def _absolute(path: str | Path) -> str:
    try:
        return os.path.abspath(path)  # noqa: PTH100 - does not resolve links
    except OSError:  # the working folder is gone
        return str(path)
