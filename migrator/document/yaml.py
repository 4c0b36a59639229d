"""YAML documents, with the place of every key and value.

The grammar is PyYAML's, with the tokens of YAML 1.2; its events give the places. What a scalar says is its
own text: `012345` and `no` stay as they are, and only `null`, `~` and nothing at all are empty. Where the
section may hold a number, one without a fraction is whole, as it is in JSON: `78.0` is 78.
"""
# ruff: noqa: D102 - what overrides a method of model.py or mapping.py is documented there

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

import yaml

from migrator.document.convention import NUMBER_KEYS, SECTION_KEY
from migrator.document.limits import advice
from migrator.document.mapping import Entry, MappingDocument, StoppedReading, Value
from migrator.document.model import Literal
from migrator.document.numbers import whole
from migrator.document.source import Fault, Source, Unreadable
from migrator.document.yaml_loader import Loader
from migrator.document.yaml_scalars import BREAKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.document.limits import Limits
    from migrator.document.mapping import Stretch
    from migrator.document.yaml_edits import YamlWriter

_REST_OF_LINE: Final = re.compile(f"[^{BREAKS}]*+")
_LABEL: Final = re.compile("[&*][0-9A-Za-z_-]+")
_SEPARATION: Final = re.compile(f"(?:[ \t{BREAKS}]++|#[^{BREAKS}]*+)*+")
_BEHIND_LABEL: Final = ("", *f" \t{BREAKS},]}}")
_END_OF_BLOCK: Final = f" \t{BREAKS}"
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_MERGE: Final = "<<"
_BLOCKS: Final = ("|", ">")
# Without what only some readers of YAML take for this number
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++(?:[eE][+-][0-9]++)?+)?+")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class _Key:
    """A key whose value comes next."""

    text: str
    start: int
    end: int
    has_anchor: bool


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read; `depth` is that of what is in it so far."""

    value: Value
    anchor: str | None
    nodes_before: int
    key: _Key | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A finished value with an anchor; `nodes` and `depth` say how much an alias to it brings along.

    `text` is its own, also where the value is read as a number: an alias elsewhere may be text.
    """

    value: Value
    text: str
    nodes: int
    depth: int


class YamlDocument(MappingDocument):
    """A parsed YAML file."""

    def writer(self) -> YamlWriter:
        from migrator.document.yaml_edits import YamlWriter

        return YamlWriter(self)


def parse(source: Source, limits: Limits) -> YamlDocument | Unreadable:
    """The document, or why there is none. Tags, merge keys and several documents are not supported."""
    try:
        return _Reader(source, limits).read()
    except StoppedReading as stop:
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
        self.names: set[str] = set()
        self.labels: list[Stretch] = []
        self.nodes = 0
        self.documents = 0
        self.scalars: list[Stretch] = []

    def read(self) -> YamlDocument:
        """Read the whole text."""
        for event in self.events():
            if isinstance(event, yaml.DocumentStartEvent):
                self.begin(event)
            elif isinstance(event, yaml.AliasEvent):
                self.alias(event)
            elif isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
                self.node(event)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self.close(event)
        if self.top is None:
            end = len(self.text)
            self.stop(
                Fault.NOT_WELL_FORMED, end, end, "the file is empty", "it should hold a mapping with SMTP"
            )
        return YamlDocument(self.source, self.top, self.comments(), self.labels)

    def events(self) -> Iterator[yaml.Event]:
        """What PyYAML reads. On odd input it raises more than its own errors, from `chr` and `int` say."""
        loader: Loader | None = None
        try:
            loader = Loader(self.text)
            while loader.check_event():
                event = loader.get_event()  # type: ignore[no-untyped-call]
                yield event
        except yaml.reader.ReaderError as error:
            self.stop(
                Fault.NOT_WELL_FORMED,
                error.position,
                error.position + 1,
                f"the character U+{ord(self.text[error.position]):04X} is not allowed in YAML",
                'remove it, or write it as an escape in "double quotes"',
            )
        except yaml.MarkedYAMLError as error:
            self.refused(error, loader)
        except Exception:  # noqa: BLE001 - whatever it is: nothing of PyYAML's gets out
            place = loader.get_mark().index if loader is not None else 0
            self.stop(Fault.NOT_WELL_FORMED, place, place + 1, *_OTHER_WORDS)

    def begin(self, event: yaml.DocumentStartEvent) -> None:
        """Begin a document."""
        self.documents += 1
        if self.documents > 1:
            self.unsupported(event, *_SECOND_DOCUMENT)
        if event.tags:
            self.unsupported(event, "a %TAG directive", "remove it")

    def node(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        """Take a scalar, or the beginning of a mapping or list."""
        start = _start(event)
        if event.tag is not None:
            help_ = "remove it: every value is read as its own text; put one that begins with ! into quotes"
            self.unsupported(event, "a tag", help_)
        self.count(start, 1)
        if event.anchor is not None:
            start = self.behind_anchor(event)
        if isinstance(event, yaml.ScalarEvent):
            value = self.scalar(event, start)
            if event.anchor is not None:
                self.anchors[event.anchor] = _Anchored(value, value.text, 1, 0)
            if not self.take_as_key(event, value):
                self.attach(event, value)
            return
        literal = Literal.MAPPING if isinstance(event, yaml.MappingStartEvent) else Literal.LIST
        value = Value(literal, "", start, _end(event), is_block=not event.flow_style)
        self.attach(event, value)
        self.open.append(_Open(value, event.anchor, self.nodes))
        if len(self.open) > self.limits.depth:
            self.too_deep(start, start + 1)

    def behind_anchor(self, event: yaml.NodeEvent) -> int:
        """Where the value stands that an anchor names."""
        start = _start(event)
        label = _LABEL.match(self.text, start)
        if label is None:
            return start
        self.labels.append((start + 1, label.end()))
        if event.anchor in self.names:
            self.unsupported(event, "a second anchor of the same name", "give it another name")
        self.names.add(event.anchor or "")
        if self.text[label.end() : label.end() + 1] not in _BEHIND_LABEL:
            help_ = "use letters of ASCII, digits, - and _; if & begins the value, put it into quotes"
            self.unsupported(event, "an anchor with other characters in its name", help_)
        if isinstance(event, yaml.ScalarEvent) and _end(event) == label.end():
            help_ = "give it a value; if & is the beginning of the value, put it into quotes"
            self.unsupported(event, "an anchor without a value", help_)
        separation = _SEPARATION.match(self.text, label.end())
        return separation.end() if separation is not None else label.end()

    def scalar(self, event: yaml.ScalarEvent, start: int) -> Value:
        """The value that a scalar is."""
        end = _end(event)
        style = event.style or ""
        if style in _BLOCKS:
            end = start + len(self.text[start:end].rstrip(_END_OF_BLOCK))
            header = _REST_OF_LINE.match(self.text, start)
            self.scalars.append((header.end() if header is not None else start, end))
        else:
            self.scalars.append((start, end))
        literal = Literal.STRING if style else Literal.NULL if event.value in _NULLS else Literal.UNTYPED
        text = "" if literal is Literal.NULL else event.value
        if _SURROGATE.search(text):
            try:
                text = text.encode("utf-16", "surrogatepass").decode("utf-16")
            except UnicodeDecodeError:
                message = r"a \u escape in this value names half a character"
                help_ = "write both halves, or the character itself"
                self.stop(Fault.NOT_WELL_FORMED, start, start + 1, message, help_)
        return Value(literal, text, start, end, quote=style)

    def may_be_number(self) -> bool:
        """Whether the next value is that of a setting which may be a number."""
        key = self.open[-1].key if len(self.open) > 1 else None
        if key is None or key.text not in NUMBER_KEYS:
            return False
        around = self.open[-2].value.entries[-1]
        return around.key == SECTION_KEY

    def take_as_key(self, event: yaml.NodeEvent, value: Value) -> bool:
        """Whether a value is the key of the next one."""
        if not self.open or self.open[-1].value.literal is not Literal.MAPPING:
            return False
        if self.open[-1].key is not None:
            return False
        key = self.text[value.start : value.end] if value.literal is Literal.NULL else value.text
        if key == _MERGE and not value.quote:
            self.unsupported(event, "a merge key", "write out the values that it would bring")
        self.open[-1].key = _Key(key, value.start, value.end, event.anchor is not None)
        return True

    def alias(self, event: yaml.AliasEvent) -> None:
        """Take an alias for what it stands for."""
        start, end = _start(event), _end(event)
        found = self.anchors.get(event.anchor or "")
        if found is None:
            is_open = any(one.anchor == event.anchor for one in self.open)
            message = "an alias to an anchor that is not there before it"
            if is_open:
                message = "an alias stands inside the value that it stands for"
            help_ = "write the value itself; if * is the beginning of the value, put it into quotes"
            self.stop(Fault.NOT_WELL_FORMED, start, end, message, help_)
        self.count(start, found.nodes)
        if len(self.open) + found.depth > self.limits.depth:
            self.too_deep(start, end)
        origin = found.value
        origin.is_shared = True
        value = Value(
            origin.literal, found.text, start, end, origin.entries, quote=origin.quote, is_alias=True
        )
        self.attach(event, value)
        if self.open:
            self.open[-1].depth = max(self.open[-1].depth, found.depth)

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
            key = parent.key
            if value.literal is Literal.UNTYPED and self.may_be_number():
                value.text = whole(value.text) if _NUMBER.fullmatch(value.text) else value.text
            parent.value.entries.append(Entry(key.text, key.start, key.end, value, key.has_anchor))
            parent.key = None

    def close(self, event: yaml.Event) -> None:
        """End the mapping or list that is open."""
        done = self.open.pop()
        done.value.end = max(_end(event), done.value.end)
        depth = done.depth + 1
        if self.open:
            self.open[-1].depth = max(self.open[-1].depth, depth)
        if done.anchor is not None:
            self.anchors[done.anchor] = _Anchored(done.value, "", self.nodes - done.nodes_before + 1, depth)

    def count(self, at: int, nodes: int) -> None:
        """Count values, those that an alias brings along included."""
        self.nodes += nodes
        if self.nodes > self.limits.nodes:
            message = f"the file holds more than {self.limits.nodes} values"
            self.stop(Fault.TOO_LARGE, at, at + 1, message, advice("--max-nodes"))

    def comments(self) -> Iterator[Stretch]:
        """Where comments stand: from a # that no scalar holds to the end of its line."""
        at = 0
        for start, end in [*self.scalars, (len(self.text), len(self.text))]:
            while (place := self.text.find("#", at, start)) >= 0:
                rest = _REST_OF_LINE.match(self.text, place)
                at = rest.end() if rest is not None else start
                yield place, at
            at = max(at, end)

    def too_deep(self, start: int, end: int) -> NoReturn:
        """Say that something is nested too deep."""
        message = f"values are nested more than {self.limits.depth} deep"
        self.stop(Fault.TOO_LARGE, start, end, message, advice("--max-depth"))

    def unsupported(self, event: yaml.Event, what: str, help_: str) -> NoReturn:
        """Say that this is YAML which is not read, at the first line of it."""
        start = _start(event)
        line = _REST_OF_LINE.match(self.text, start)
        end = min(max(_end(event), start), line.end() if line is not None else start)
        self.unsupported_at(start, end, what, help_)

    def unsupported_at(self, start: int, end: int, what: str, help_: str) -> NoReturn:
        """Say that this is YAML which is not read."""
        self.stop(Fault.UNSUPPORTED, start, end, f"{what}; this is YAML that is not read here", help_)

    def refused(self, error: yaml.MarkedYAMLError, loader: Loader | None) -> NoReturn:
        """Say in our words what PyYAML found."""
        mark = error.problem_mark or error.context_mark
        place = min(mark.index if mark is not None else 0, len(self.text))
        problem = error.problem or ""
        if problem.endswith(_NO_KEY):
            self.unsupported_at(place, place + 1, "a colon without a key before it", _NO_KEY_HELP)
        has_ended = loader is not None and loader.has_ended and self.documents
        if has_ended and problem.startswith(_NO_DOCUMENT_START):
            self.unsupported_at(place, place + 1, *_SECOND_DOCUMENT)
        if loader is not None and loader.tab is not None and problem.endswith("not allowed here"):
            line, _ = self.source.line_and_column(place)
            place = loader.tab if self.source.line_and_column(loader.tab)[0] == line else place
        message, help_ = _words(error, self.text[place : place + 1])
        self.stop(Fault.NOT_WELL_FORMED, place, place + 1, message, help_)

    def stop(self, fault: Fault, start: int, end: int, message: str, help_: str) -> NoReturn:
        """End the reading."""
        length = len(self.text)
        span = self.source.span(min(start, length), min(max(start, end), length))
        raise StoppedReading(Unreadable(fault, span, message, help_))


_SECOND_DOCUMENT = ("a second document begins here", "keep one document a file")
_NO_DOCUMENT_START = "expected '<document start>'"
_NO_KEY = ("expected <block end>, but found ':'", "expected the node content, but found ':'")
_NO_KEY_HELP = "write the key; put a value that begins with a colon into quotes"
_RESERVED = ("a value begins with a character that YAML reserves", "put the value into quotes")
_ESCAPE_WORDS = (
    "a backslash that begins no escape of YAML",
    "use 'single quotes', or write the backslash twice",
)
_ENDS_OF_FLOW = (",", "]", "}")
_END_OF_FLOW = (
    "a comma or a closing bracket stands where a value should begin",
    "put a value that begins so into quotes; remove what is there by mistake",
)
_OTHER_WORDS = (
    "the YAML is not well-formed here",
    "look at this place in the file, and at what stands right before it",
)
# Parts of what PyYAML and our loader say, and what that means to a user.
_WORDS: Final = {
    "a comment without": (
        "a # stands right behind something else",
        "put a space before a comment; put a value that holds a # into quotes",
    ),
    "found '<document end>'": ("the document ends here before anything stands in it", "remove this line"),
    "mapping values are not allowed": (
        "a colon stands where no key can be",
        "put a value that holds a colon and a space into quotes; check the indentation",
    ),
    "could not find expected ':'": (
        "a colon is missing behind a key, or a value continues with a wrong indentation",
        "write key: value",
    ),
    "unexpected end of stream": (
        "the file ends inside a quoted value",
        "end the value with the quote that it began with",
    ),
    "unexpected document separator": (
        "--- or ... stands inside a quoted value",
        "end the value with the quote that it began with",
    ),
    "cannot start any token": _RESERVED,
    "mapping keys are not allowed": _RESERVED,
    "alphabetic or numeric character": _RESERVED,
    "indentation indicator": _RESERVED,
    "unknown escape": _ESCAPE_WORDS,
    "escape sequence": _ESCAPE_WORDS,
    "undefined tag handle": _RESERVED,
    "sequence entries are not allowed": ("a list begins where none can be", "put the value into quotes"),
    "expected <block end>": (
        "the indentation does not fit what stands above, or something follows a quoted value",
        "indent all keys of a mapping alike",
    ),
    "expected ',' or": (
        "a comma is missing here, or a { or [ before it is not closed",
        "close what is open; put a value that holds one of , [ ] { } into quotes",
    ),
}


def _start(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark is not None else 0


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark is not None else 0


def _words(error: yaml.MarkedYAMLError, character: str) -> tuple[str, str]:
    """Our words for what PyYAML found; its own may quote what stands in the file."""
    if character == "\t":
        return "a tab stands where YAML wants spaces", "indent with spaces"
    if (error.context or "").endswith("a tag"):
        return _RESERVED
    problem = error.problem or ""
    if problem.startswith("expected the node content") and character in _ENDS_OF_FLOW:
        return _END_OF_FLOW
    return next((words for part, words in _WORDS.items() if part in problem), _OTHER_WORDS)
