"""JSON and YAML documents made up at random, with the true place and meaning of everything in them.

As in `written`, each token comes with what must be read in it.
"""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass, field

from hypothesis import strategies as st

Bounds = tuple[int, int]
NOWHERE: Bounds = (0, 0)
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
}


@dataclass
class WrittenValue:
    """`at` is all of it, `inner` what a finding about it points at; None: there is nothing, so at the key."""

    kind: str
    text: str = ""
    at: Bounds = NOWHERE
    inner: Bounds | None = None
    entries: list[WrittenEntry] = field(default_factory=list)


@dataclass
class WrittenEntry:
    key: str
    key_at: Bounds
    value: WrittenValue


@dataclass
class WrittenFile:
    """`is_narrow` says that readers read it alike which know YAML 1.1 alone, with tabs in few places."""

    encoding: str
    mark: bytes
    text: str
    top: WrittenValue
    comments: list[Bounds]
    is_narrow: bool = True

    @property
    def data(self) -> bytes:
        return self.mark + self.text.encode(self.encoding)


class _Writer:
    is_narrow = True

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.parts: list[str] = []
        self.at = 0
        self.left = 12  # values
        self.comments: list[Bounds] = []

    def write(self, token: str) -> Bounds:
        start = self.at
        self.parts.append(token)
        self.at += len(token)
        return start, self.at

    def choose(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def flip(self) -> bool:
        return self.draw(st.booleans())

    def some(self, *choices: str, most: int = 4) -> list[str]:
        return self.draw(st.lists(st.sampled_from(choices), max_size=most))

    def keys(self, *choices: str) -> list[str]:
        return self.draw(st.lists(st.sampled_from(choices), max_size=4, unique=True))

    def file(self, top: WrittenValue) -> WrittenFile:
        encoding = self.choose(*MARKS)
        mark = MARKS[encoding] if encoding != "utf-8" or self.flip() else b""
        text = "".join(self.parts)
        is_narrow = self.is_narrow and "\\ud83d" not in text  # an emoji as in JSON; in YAML 1.1 two halves
        return WrittenFile(encoding, mark, text, top, self.comments, is_narrow)


_CHARACTERS = "ab #:,[]{}'/é日\u2028\x7f\x85\U0001f600\ufeff-?&*!|>%@`"
_KEYS = (
    "SMTP",
    "Host",
    "a b",
    "#",
    "é",
    "\U0001f600",
    'q"q',
    "x\\y",
    "a\nb",
    "c/d",
    "it's",
    "no",
    "012",
    "@a",
)
_NUMBERS = {"0": "0", "-1": "-1", "587": "587", "78.0": "78", "7.8e1": "78", "780e-1": "78", "1E2": "100"}
_NUMBERS |= {
    "-0": "0",
    "-0.0e5": "0",
    "7.85e1": "7.85e1",
    "1e-1": "1e-1",
    "-2.50e1": "-25",
    "1e9999": "1e9999",
}
_LITERALS = {"true": "boolean", "false": "boolean", "null": "null"}


class _JsonWriter(_Writer):
    def space(self) -> None:
        self.write("".join(self.some(" ", "\n", "\r\n", "\t", "\r", most=2)))

    def string(self, text: str) -> Bounds:
        """In quotes, each character as it is or escaped."""
        raw = "".join(
            self.choose(json.dumps(one)[1:-1], json.dumps(one, ensure_ascii=False)[1:-1])
            if one != "/"
            else self.choose("/", "\\/", "\\u002F")
            for one in text
        )
        return self.write(f'"{raw}"')

    def value(self) -> WrittenValue:
        self.left -= 1
        kinds = ("string", "string", "number", "literal", "mapping", "mapping", "list")
        kind = self.choose(*kinds[: None if self.left > 0 else 4])
        if kind == "string":
            text = "".join(self.some(*_CHARACTERS, '"', "\\", "\n", "\0", "\t", most=6))
            start, end = self.string(text)
            inner = (start + 1, end - 1) if end - start > len('""') else None
            return WrittenValue(kind, text, (start, end), inner)
        if kind in ("number", "literal"):
            raw = self.choose(*(_NUMBERS if kind == "number" else _LITERALS))
            at = self.write(raw)
            if kind == "number":
                return WrittenValue(kind, _NUMBERS[raw], at, at)
            return WrittenValue(_LITERALS[raw], "" if raw == "null" else raw, at, at)
        written = WrittenValue(kind)
        start, _ = self.write("{" if kind == "mapping" else "[")
        self.space()
        keys = self.keys(*_KEYS) if kind == "mapping" else [""] * len(self.some("", most=3))
        for number, key in enumerate(keys):
            if number:
                self.write(",")
                self.space()
            key_at = NOWHERE
            if kind == "mapping":
                key_start, key_end = self.string(key)
                key_at = (key_start + 1, key_end - 1)
                self.space()
                self.write(":")
                self.space()
            written.entries.append(WrittenEntry(key, key_at, self.value()))
            self.space()
        written.at = (start, self.write("}" if kind == "mapping" else "]")[1])
        return written


@st.composite
def json_files(draw: st.DrawFn) -> WrittenFile:
    """Well-formed JSON in all encodings."""
    writer = _JsonWriter(draw)
    writer.space()
    top = writer.value()
    writer.space()
    return writer.file(top)


_PLAIN: tuple[str, ...] = (
    "a",
    "587-starttls",
    "no",
    "012345",
    "1e3",
    "a b",
    "x#y",
    "a:b",
    "日本",
    "\U0001f600",
    "it's",
    'q"q',
)
_PLAIN += (
    "C:\\x",
    "-x",
    ".inf",
    "1:20",
    "2001-01-01",
    "true",
    "0x1F",
    "<",
    "=",
    "a&b",
    "c*",
    "d!",
    "a\xa0b",
)
_PLAIN_OF_1_2 = ("?x", "y?z", ":x", "::a", "a:b:c")  # in brackets; in blocks everywhere
_PLAIN_IN_BLOCK = ("a,b", "a]", "b}c", "c{d")
_EMPTY = ("null", "~", "Null", "NULL")
_QUOTED = "ab #:,[]{}é日\U0001f600-?&*!|>%@`"
_IN_BLOCKS = ("a", "# no comment", "b: c", "é \U0001f600", "- x", "'", '"', "  more", "x #y")
_ESCAPES = {
    "\\n": "\n",
    "\\t": "\t",
    "\\x41": "A",
    "\\u00e9": "é",
    "\\U0001F600": "\U0001f600",
    "\\ud83d\\ude00": "\U0001f600",
}
_ESCAPES |= {'\\"': '"', "\\\\": "\\", "\\/": "/", "\\0": "\0", "\\_": "\xa0"}


class _YamlWriter(_Writer):
    def __init__(self, draw: st.DrawFn) -> None:
        super().__init__(draw)
        self.line_end = self.choose("\n", "\r\n", "\r")
        self.is_narrow = self.flip() or self.flip()
        self.anchors: list[tuple[str, WrittenValue]] = []
        self.named = 0

    def separate(self) -> None:
        """White space between two tokens in one line."""
        self.write(" " if self.is_narrow else self.choose(" ", "\t", " \t ", "\t\t"))

    def indentation(self, indent: int) -> str:
        """What begins another line of a value."""
        return " " * (indent + 1) + ("" if self.is_narrow else self.choose("", "\t", " \t"))

    def comment(self, before: str | None = None) -> None:
        if before is None:
            self.separate()
        else:
            self.write(before)
        text = self.choose("# c", "#", "# a: 'b", "#\U0001f600", '# "')
        self.comments.append(self.write(text))

    def end_line(self) -> None:
        if self.flip() and self.flip():
            self.comment()
        self.write(self.line_end)

    def own_lines(self, indent: int) -> None:
        """Blank lines and comments that stand alone."""
        for kind in self.some("blank", "comment", "", "", "", most=2):
            if kind == "comment":
                self.comment(" " * self.draw(st.integers(0, indent)))
            if kind:
                self.write(self.line_end)

    def plain(self, indent: int, *, in_flow: bool, is_key: bool) -> WrittenValue:
        words = _PLAIN if in_flow and self.is_narrow else _PLAIN + _PLAIN_OF_1_2
        if not in_flow:
            words += _PLAIN_IN_BLOCK
        text = self.choose(*words)
        raw = text
        if not is_key and self.flip() and self.flip():
            second = self.choose("b", "c d", "e")
            raw, text = f"{text}{self.line_end}{self.indentation(indent)}{second}", f"{text} {second}"
        at = self.write(raw)
        return WrittenValue("untyped", text, at, at)

    def empty(self) -> WrittenValue:
        at = self.write(self.choose(*_EMPTY))
        return WrittenValue("null", "", at, at)

    def quoted(self, indent: int, *, is_key: bool) -> WrittenValue:
        quote = self.choose("'", '"')
        raw = text = ""
        kinds = ("text", "escape") if is_key else ("text", "escape", "line")
        for kind in self.some(*kinds, most=4):
            if kind == "text":
                part = "x" + "".join(self.some(*_QUOTED, most=3)) + "y"
                raw, text = raw + part, text + part
            elif kind == "line" and raw.endswith("y"):
                raw, text = f"{raw}{self.line_end}{self.indentation(indent)}z", text + " z"
            elif kind == "escape" and quote == "'":
                raw, text = raw + "''", text + "'"
            elif kind == "escape":
                escape = self.choose(*_ESCAPES)
                raw, text = raw + escape, text + _ESCAPES[escape]
        start, end = self.write(f"{quote}{raw}{quote}")
        inner = (start + 1, end - 1) if raw else None
        return WrittenValue("string", text, (start, end), inner)

    def key(self, text: str) -> Bounds:
        style = self.choose("plain", "single", "double")
        if style == "plain" and text not in ("#", "a\nb", "@a"):
            return self.write(text)
        if style == "single" and "\n" not in text:
            start, end = self.write("'" + text.replace("'", "''") + "'")
        else:
            start, end = self.write(json.dumps(text, ensure_ascii=self.flip()))
        return start + 1, end - 1

    def anchor(self) -> str | None:
        if not (self.flip() and self.flip()):
            return None
        self.named += 1
        name = f"{self.choose('a', 'B-', '_x')}{self.named}"
        self.write(f"&{name}")
        self.separate()
        return name

    def alias(self) -> WrittenValue | None:
        if not self.anchors or self.flip():
            return None
        name, value = self.draw(st.sampled_from(self.anchors))
        at = self.write(f"*{name}")
        return WrittenValue(value.kind, value.text, at, at, value.entries)

    def name(self, anchor: str | None, value: WrittenValue) -> WrittenValue:
        if anchor is not None:
            self.anchors.append((anchor, value))
        return value

    def scalar(self, indent: int, *, in_flow: bool) -> WrittenValue:
        found = self.alias()
        if found is not None:
            return found
        anchor = self.anchor()
        match self.choose("plain", "quoted", "empty"):
            case "plain":
                value = self.plain(indent, in_flow=in_flow, is_key=False)
            case "quoted":
                value = self.quoted(indent, is_key=False)
            case _:
                value = self.empty()
        return self.name(anchor, value)

    def flow(self, indent: int) -> WrittenValue:
        """A mapping or list in brackets, or a scalar."""
        self.left -= 1
        if self.left < 0 or self.flip():
            return self.scalar(indent, in_flow=True)
        anchor = self.anchor()
        kind = self.choose("mapping", "list")
        written = WrittenValue(kind)
        start, _ = self.write("{" if kind == "mapping" else "[")
        keys = self.keys(*_KEYS) if kind == "mapping" else [""] * len(self.some("", most=3))
        for number, key in enumerate(keys):
            if number:
                self.write(",")
            self.flow_space(indent)
            key_at = NOWHERE
            if kind == "mapping":
                key_at = self.key(key)
                if not self.is_narrow:
                    self.flow_space(indent)
                self.write(":")
            if kind == "mapping" and self.flip() and self.flip():
                written.entries.append(
                    WrittenEntry(key, key_at, WrittenValue("null", "", (self.at, self.at)))
                )
            else:
                self.separate()
                written.entries.append(WrittenEntry(key, key_at, self.flow(indent)))
            self.separate()
        if keys and self.flip() and self.flip():
            self.write(",")
        self.flow_space(indent)
        written.at = (start, self.write("}" if kind == "mapping" else "]")[1])
        return self.name(anchor, written)

    def flow_space(self, indent: int) -> None:
        if self.flip() and self.flip():
            self.end_line()
            self.write(self.indentation(indent))
        elif self.flip():
            self.separate()

    def block_scalar(self, indent: int) -> WrittenValue:
        """A literal or folded one, with its line end."""
        anchor = self.anchor()
        style, chomp = self.choose("|", ">"), self.choose("", "-")  # + would take the blank lines behind it
        columns = self.choose("", "", "2")
        start, _ = self.write(style + (columns + chomp if self.flip() else chomp + columns))
        self.end_line()
        lines = [
            self.choose("a", "x: y", *([" b"] if columns and style == "|" else [])),
            *self.some(*(_IN_BLOCKS if style == "|" else _IN_BLOCKS[:7]), most=2),
        ]
        end = start
        for line in lines:
            self.write(" " * indent)
            _, end = self.write(line)
            self.write(self.line_end)
        text = ("\n" if style == "|" else " ").join(lines) + ("" if chomp == "-" else "\n")
        return self.name(anchor, WrittenValue("string", text, (start, end), (start, end)))

    def block(self, indent: int) -> WrittenValue:
        """What stands behind a colon or dash in block style, up to the end of its lines."""
        self.left -= 1
        kinds = ("scalar", "flow", "block scalar", "nothing", "mapping", "mapping", "list")
        match self.choose(*kinds[: None if self.left > 0 else 4]):
            case "nothing":
                value = WrittenValue("null", "", (self.at, self.at))
                self.end_line()
                return value
            case "block scalar":
                self.separate()
                return self.block_scalar(indent + 2)
            case "mapping":
                self.separate()
                anchor = self.anchor()
                self.end_line()
                return self.name(anchor, self.mapping(indent + 2))
            case "list":
                self.separate()
                anchor = self.anchor()
                self.end_line()
                return self.name(anchor, self.list(indent + self.draw(st.integers(1, 3))))
            case kind:
                self.separate()
                value = self.scalar(indent, in_flow=False) if kind == "scalar" else self.flow(indent)
                self.end_line()
                return value

    def mapping(self, indent: int, *, is_behind_dash: bool = False) -> WrittenValue:
        written = WrittenValue("mapping")
        for key in self.keys(*_KEYS) or ["Host"]:
            if written.entries or not is_behind_dash:
                self.own_lines(indent)
                self.write(" " * indent)
            key_at = self.key(key)
            self.write(":")
            written.entries.append(WrittenEntry(key, key_at, self.block(indent)))
        return written

    def list(self, indent: int) -> WrittenValue:
        written = WrittenValue("list")
        for _ in range(self.draw(st.integers(1, 3))):
            self.own_lines(indent)
            self.write(" " * indent + "-")
            if self.left > 0 and self.flip():
                self.left -= 1
                self.write(" ")
                value = self.mapping(indent + 2, is_behind_dash=True)
            else:
                value = self.block(indent)
            written.entries.append(WrittenEntry("", NOWHERE, value))
        return written


@st.composite
def yaml_files(draw: st.DrawFn) -> WrittenFile:
    """Well-formed YAML that is read, in all encodings; a mapping at the top."""
    writer = _YamlWriter(draw)
    writer.own_lines(0)
    if writer.flip() and writer.flip():
        writer.write("---")
        writer.end_line()
    top = writer.mapping(0)
    writer.own_lines(0)
    return writer.file(top)
