"""JSON documents (RFC 8259), with the place of every key and value."""
# ruff: noqa: D102 - what overrides a method of model.py or mapping.py is documented there

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NoReturn

from migrator.document.limits import advice
from migrator.document.mapping import Entry, MappingDocument, StoppedReading, Value
from migrator.document.model import Literal
from migrator.document.numbers import whole
from migrator.document.source import Fault, Source, Unreadable

if TYPE_CHECKING:
    from migrator.document.json_edits import JsonWriter
    from migrator.document.limits import Limits

_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_IN_STRING: Final = r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*+)*+'
_STRING: Final = re.compile(_IN_STRING + '"')
_STRING_BEGUN: Final = re.compile(_IN_STRING)
NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+(?![0-9A-Za-z_.+-])")
_WORD: Final = re.compile(r"(?:true|false|null)(?![0-9A-Za-z_])")
_ESCAPE: Final = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|(["\\/bfnrt]))')
_ESCAPES: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_OPENING: Final = {"{": Literal.MAPPING, "[": Literal.LIST}
_CLOSING: Final = {Literal.MAPPING: "}", Literal.LIST: "]"}
_Key = tuple[str, int, int]
_NO_KEY: Final[_Key] = ("", 0, 0)


class JsonDocument(MappingDocument):
    """A parsed JSON file."""

    def writer(self) -> JsonWriter:
        from migrator.document.json_edits import JsonWriter

        return JsonWriter(self)


def parse(source: Source, limits: Limits) -> JsonDocument | Unreadable:
    """The document, or why there is none. Comments and trailing commas are no JSON."""
    try:
        return JsonDocument(source, _Reader(source, limits).read())
    except StoppedReading as stop:
        return stop.unreadable


class _Reader:
    """Reads one JSON text with a stack of its own: how deep a text may be is a limit, not an accident."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.text = source.text
        self.limits = limits
        self.at = 0
        self.nodes = 0
        self.open: list[Value] = []

    def read(self) -> Value:
        """Read the whole text."""
        top: Value | None = None
        key = _NO_KEY
        while True:
            value = self.value()
            top = top or value
            if self.open:
                self.open[-1].entries.append(Entry(*key, value))
            if value.literal in _CLOSING:
                self.enter(value)
                if self.next_character() != _CLOSING[value.literal]:
                    key = self.key()
                    continue
            if not self.another():
                break
            key = self.key()
        if self.next_character():
            self.no_comments()
            self.fail("something follows the end of the document", "keep a single document")
        return top

    def value(self) -> Value:
        """A scalar, or an opening brace or bracket alone."""
        character = self.next_character()
        start = self.at
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            message = f"the file holds more than {self.limits.nodes} values"
            self.stop(Fault.TOO_LARGE, 1, message, advice("--max-nodes"))
        if character in _OPENING:
            self.at += 1
            return Value(_OPENING[character], "", start, self.at)
        if character == '"':
            return Value(Literal.STRING, self.string(), start, self.at, quote='"')
        if match := NUMBER.match(self.text, start):
            self.at = match.end()
            return Value(Literal.NUMBER, whole(match[0]), start, self.at)
        match = _WORD.match(self.text, start)
        if match is None:
            self.no_value(character)
        self.at = match.end()
        literal = Literal.NULL if match[0] == "null" else Literal.BOOLEAN
        return Value(literal, "" if literal is Literal.NULL else match[0], start, self.at)

    def enter(self, value: Value) -> None:
        """Go into a mapping or list."""
        self.open.append(value)
        if len(self.open) > self.limits.depth:
            self.at = value.start
            message = f"values are nested more than {self.limits.depth} deep"
            self.stop(Fault.TOO_LARGE, 1, message, advice("--max-depth"))

    def another(self) -> bool:
        """Behind a value: close what ends here; whether another value follows a comma."""
        while self.open:
            closing = _CLOSING[self.open[-1].literal]
            character = self.next_character()
            if character == closing:
                self.at += 1
                self.open.pop().end = self.at
            elif character == ",":
                comma = self.at
                self.at += 1
                if self.next_character() in ("}", "]"):
                    self.at = comma
                    self.fail("a comma stands before the end; JSON allows none there", "remove the comma")
                return True
            elif not character:
                self.fail("the file ends before everything that is open is closed", "it looks cut short")
            else:
                self.no_comments()
                self.fail(f"a comma or {closing} is missing before this", "put a comma between two values")
        return False

    def key(self) -> _Key:
        """The key before a value of a mapping, with the colon; nothing in a list."""
        if self.open[-1].literal is Literal.LIST:
            return _NO_KEY
        character = self.next_character()
        start = self.at
        if not character:
            self.fail("the file ends before everything that is open is closed", "it looks cut short")
        if character != '"':
            self.no_comments()
            self.fail(
                "a key is missing here, or it has no double quotes", 'write keys in quotes, as in "Host"'
            )
        name = self.string()
        end = self.at
        if self.next_character() != ":":
            self.no_comments()
            self.fail("a colon is missing behind this key", "write : between a key and its value")
        self.at += 1
        return name, start, end

    def string(self) -> str:
        """The text of the string that begins here."""
        match = _STRING.match(self.text, self.at)
        if match is None:
            self.wrong_string()
        start = self.at
        self.at = match.end()
        if "\\" not in match[0]:
            return match[0][1:-1]
        text = _ESCAPE.sub(
            lambda escape: _ESCAPES[escape[2]] if escape[2] else chr(int(escape[1], 16)), match[0]
        )
        try:
            return text[1:-1].encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self.at = start + _half_character(match[0])
            self.stop(
                Fault.NOT_WELL_FORMED,
                len(r"\ud83d"),
                r"this \u escape names half a character",
                "write both halves, or the character itself",
            )

    def next_character(self) -> str:
        """Skip white space; the character there, empty at the end."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def wrong_string(self) -> NoReturn:
        """Say what is wrong in the string that begins here."""
        begun = _STRING_BEGUN.match(self.text, self.at)
        self.at = begun.end() if begun else self.at
        character = self.text[self.at : self.at + 1]
        if not character:
            self.fail("the file ends inside a string", "it looks cut short")
        if character == "\\":
            self.fail("a backslash that begins no escape of JSON", r"write a backslash inside a value as \\")
        if character in "\r\n":
            self.fail("the line ends inside a string", 'end the string with ", or write a new line as \\n')
        self.fail(
            f"the character U+{ord(character):04X} stands in a string as it is", "write it as an escape"
        )

    def no_value(self, character: str) -> NoReturn:
        """Say why no value begins here."""
        if not character and not self.open:
            self.fail("the file is empty", "it should hold a mapping with SMTP")
        if not character:
            self.fail("the file ends where a value should be", "it looks cut short")
        self.no_comments()
        if character == "'":
            self.fail("a value in single quotes; JSON has double quotes alone", 'write "…"')
        self.fail("no JSON value begins here", "write text in double quotes")

    def no_comments(self) -> None:
        """Say so where a comment begins."""
        if self.text.startswith(("//", "/*", "#"), self.at):
            self.fail("JSON has no comments", "remove it, or keep the file as YAML")

    def fail(self, message: str, help_: str) -> NoReturn:
        """Stop at the next character, or at the end."""
        self.stop(Fault.NOT_WELL_FORMED, 1 if self.at < len(self.text) else 0, message, help_)

    def stop(self, fault: Fault, length: int, message: str, help_: str) -> NoReturn:
        """End the reading."""
        raise StoppedReading(Unreadable(fault, self.source.span(self.at, self.at + length), message, help_))


def _half_character(raw: str) -> int:
    r"""Where in a string the first \u escape stands that is half of a character without its other half."""
    high: re.Match[str] | None = None
    for escape in _ESCAPE.finditer(raw):
        code = int(escape[1] or "0", 16)
        is_low = 0xDC00 <= code <= 0xDFFF  # noqa: PLR2004 - RFC 2781, section 2.1
        if high is not None and (not is_low or escape.start() != high.end()):
            return high.start()
        if high is None and is_low:
            return escape.start()
        high = escape if 0xD800 <= code <= 0xDBFF else None  # noqa: PLR2004 - likewise
    return high.start() if high is not None else 0
