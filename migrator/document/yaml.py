"""YAML documents (YAML 1.1 as PyYAML reads it), with the place of every key and value.

The grammar is PyYAML's; its events give the places. What a scalar says is its own text: `012345` and `no` stay
as they are, and only `null`, `~` and nothing at all are empty.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

import yaml

from migrator.document.mapping import Entry, MappingDocument, Value
from migrator.document.model import Literal
from migrator.document.source import Fault, Source, Unreadable

if TYPE_CHECKING:
    from migrator.document.limits import Limits

MAX_SIZE: Final = 1024 * 1024
_ANCHOR: Final = re.compile(r"&[^\s,\[\]{}]+\s*")
_COMMENT: Final = re.compile(r"(?:^|(?<=[ \t\r\n]))#[^\r\n]*")
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_MERGE: Final = "<<"
_LIMIT_HELP: Final = "check that this is a configuration; raise the limit if it is"


class _Stop(Exception):  # noqa: N818 - it ends the reading, it is no error
    """Carries what ends the reading."""

    def __init__(self, unreadable: Unreadable) -> None:
        super().__init__()
        self.unreadable = unreadable


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read; `key` is the key whose value comes next."""

    value: Value
    key: tuple[str, int, int] | None
    anchor: str | None
    nodes_before: int


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A finished value with an anchor; `nodes` and `depth` say how much an alias to it brings along."""

    value: Value
    nodes: int
    depth: int


def parse(source: Source, limits: Limits) -> MappingDocument | Unreadable:
    """The document, or why there is none. Tags, merge keys and several documents are not supported."""
    try:
        return _Reader(source, limits).read()
    except _Stop as stop:
        return stop.unreadable


class _Reader:
    """Builds the values of one YAML document from PyYAML's events."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.text = source.text
        self.limits = limits
        self.open: list[_Open] = []
        self.top: Value | None = None
        self.anchors: dict[str, _Anchored] = {}
        self.nodes = 0
        self.scalars: list[tuple[int, int]] = []

    def read(self) -> MappingDocument:
        """Read the whole text."""
        documents = 0
        try:
            for event in yaml.parse(self.text, Loader=yaml.SafeLoader):
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        self.unsupported(event, "a second document begins here", "keep one document a file")
                    if event.tags:
                        self.unsupported(event, "a %TAG directive", "remove it")
                elif isinstance(event, yaml.AliasEvent):
                    self.alias(event)
                elif isinstance(event, yaml.NodeEvent):
                    self.node(event)
                elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                    self.close(event)
        except yaml.reader.ReaderError as error:
            self.stop(
                Fault.NOT_WELL_FORMED,
                error.position,
                error.position + 1,
                f"the character U+{_code_point(error.character):04X} is not allowed in YAML",
                'remove it, or write it as an escape in "double quotes"',
            )
        except yaml.MarkedYAMLError as error:
            self.not_well_formed(error)
        if self.top is None:
            end = len(self.text)
            self.stop(
                Fault.NOT_WELL_FORMED, end, end, "the file is empty", "it should hold a mapping with SMTP"
            )
        return MappingDocument(self.source, self.top, tuple(self.comments()))

    def node(self, event: yaml.NodeEvent) -> None:
        """A scalar, or the beginning of a mapping or list."""
        start = event.start_mark.index
        if event.tag is not None:
            self.unsupported(event, "a tag", "remove it: every value is read as its own text")
        self.count(start, 1)
        if event.anchor is not None and (match := _ANCHOR.match(self.text, start)):
            start = match.end()
        if isinstance(event, yaml.ScalarEvent):
            value = self.scalar(event, start)
            if self.take_as_key(event, value):
                return
            self.attach(event, value)
            if event.anchor is not None:
                self.anchors[event.anchor] = _Anchored(value, 1, 0)
            return
        literal = Literal.MAPPING if isinstance(event, yaml.MappingStartEvent) else Literal.LIST
        value = Value(literal, "", start, event.end_mark.index)
        self.attach(event, value)
        self.open.append(_Open(value, None, event.anchor, self.nodes))
        if len(self.open) > self.limits.depth:
            message = f"values are nested more than {self.limits.depth} deep"
            self.stop(Fault.TOO_LARGE, start, start + 1, message, _LIMIT_HELP)

    def scalar(self, event: yaml.ScalarEvent, start: int) -> Value:
        end = event.end_mark.index
        style = event.style or ""
        if style in ("|", ">"):
            end = start + len(self.text[start:end].rstrip())
        self.scalars.append((start, end))
        if style:
            literal = Literal.STRING
        else:
            literal = Literal.NULL if event.value in _NULLS else Literal.UNTYPED
        text = "" if literal is Literal.NULL else event.value
        return Value(literal, text, start, max(end, start), quote=style)

    def take_as_key(self, event: yaml.NodeEvent, value: Value) -> bool:
        """Whether a value is the key of the next one."""
        if not self.open or self.open[-1].value.literal is not Literal.MAPPING:
            return False
        if self.open[-1].key is not None:
            return False
        key = self.text[value.start : value.end] if value.literal is Literal.NULL else value.text
        if key == _MERGE and not value.quote:
            self.unsupported(event, "a merge key", "write out the values that it would bring")
        self.open[-1].key = (key, value.start, value.end)
        return True

    def alias(self, event: yaml.AliasEvent) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        found = self.anchors.get(event.anchor or "")
        if found is None:
            is_open = any(one.anchor == event.anchor for one in self.open)
            message = (
                "an alias stands inside the value that it stands for"
                if is_open
                else ("an alias to an anchor that is not there before it")
            )
            self.stop(Fault.NOT_WELL_FORMED, start, end, message, "write the value itself")
        self.count(start, found.nodes)
        if len(self.open) + found.depth > self.limits.depth:
            message = f"values are nested more than {self.limits.depth} deep"
            self.stop(Fault.TOO_LARGE, start, end, message, _LIMIT_HELP)
        origin = found.value
        value = Value(
            origin.literal, origin.text, start, end, origin.entries, is_alias=True, quote=origin.quote
        )
        self.attach(event, value)

    def attach(self, event: yaml.NodeEvent, value: Value) -> None:
        """Put a value where it belongs."""
        if not self.open:
            self.top = value
            return
        parent = self.open[-1]
        if parent.value.literal is Literal.LIST:
            parent.value.entries.append(Entry("", 0, 0, value))
        elif parent.key is None:
            self.unsupported(event, "a key that is no plain text", "write keys as text")
        else:
            parent.value.entries.append(Entry(*parent.key, value))
            parent.key = None

    def close(self, event: yaml.Event) -> None:
        done = self.open.pop()
        done.value.end = max(event.end_mark.index, done.value.end)
        if done.anchor is not None:
            depth = _depth(done.value)
            self.anchors[done.anchor] = _Anchored(done.value, self.nodes - done.nodes_before + 1, depth)

    def count(self, at: int, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > self.limits.nodes:
            message = f"the file holds more than {self.limits.nodes} values"
            self.stop(Fault.TOO_LARGE, at, at + 1, message, _LIMIT_HELP)

    def comments(self) -> list[tuple[int, int]]:
        """Where comments stand: a # that no scalar holds, behind white space or at the beginning of a line."""
        starts = [start for start, _ in self.scalars]
        found = []
        for match in _COMMENT.finditer(self.text):
            place = bisect_right(starts, match.start()) - 1
            if place >= 0 and match.start() < self.scalars[place][1]:
                start, _ = self.scalars[place]
                header = re.compile(r"[^\r\n]*").match(self.text, start)
                is_header = self.text[start] in "|>" and header is not None and match.start() < header.end()
                if not is_header:
                    continue
            found.append(match.span())
        return found

    def unsupported(self, event: yaml.Event, what: str, help_: str) -> NoReturn:
        start = event.start_mark.index
        end = max(event.end_mark.index, start)
        line_end = self.text.find("\n", start)
        end = min(end, line_end) if line_end >= 0 else end
        self.stop(Fault.UNSUPPORTED, start, end, f"{what}; this is YAML that is not read here", help_)

    def not_well_formed(self, error: yaml.MarkedYAMLError) -> NoReturn:
        mark = error.problem_mark or error.context_mark
        place = min(mark.index if mark is not None else 0, len(self.text))
        message, help_ = _words(error, self.text[place : place + 1])
        self.stop(Fault.NOT_WELL_FORMED, place, place + 1, message, help_)

    def stop(self, fault: Fault, start: int, end: int, message: str, help_: str) -> NoReturn:
        length = len(self.text)
        span = self.source.span(min(start, length), min(max(start, end), length))
        raise _Stop(Unreadable(fault, span, message, help_))


def _depth(value: Value) -> int:
    """How many mappings and lists are nested in a value, itself included."""
    depth, level = 0, [value]
    while level:
        level = [
            entry.value
            for one in level
            if one.literal in (Literal.MAPPING, Literal.LIST)
            for entry in one.entries
        ]
        depth += 1
    return depth


def _code_point(character: object) -> int:
    return character if isinstance(character, int) else ord(str(character)[:1] or "\0")


def _words(error: yaml.MarkedYAMLError, character: str) -> tuple[str, str]:
    """Our words for what PyYAML found; its own may quote what stands in the file."""
    problem = error.problem or ""
    if character == "\t":
        return "a tab stands where YAML wants spaces", "indent with spaces"
    if "mapping values are not allowed" in problem:
        return (
            "a colon stands where no key can be",
            "put a value that holds a colon and a space into quotes; check the indentation",
        )
    if "could not find expected ':'" in problem:
        return (
            "a colon is missing behind a key, or a value continues with a wrong indentation",
            "write key: value",
        )
    if "unexpected end of stream" in problem:
        return "the file ends inside a quoted value", "end the value with the quote that it began with"
    if "cannot start any token" in problem:
        return "a value begins with a character that YAML reserves", "put the value into quotes"
    if "unknown escape" in problem or "escape sequence" in problem:
        return (
            "a backslash that begins no escape of YAML",
            "use 'single quotes', or write the backslash twice",
        )
    if "expected <block end>" in problem:
        return "the indentation does not fit what stands above", "indent all keys of a mapping alike"
    return (
        "the YAML is not well-formed here",
        "look at this place in the file, and at what stands right before it",
    )
