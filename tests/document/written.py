"""Whole XML documents made up at random, with the true place and meaning of everything in them.

The writer puts a document together token by token. Each token comes with what a parser must read in it, so
that the expectations owe nothing to the code under test.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field

from hypothesis import strategies as st
from lxml import etree

# An older libxml2, as in lxml for Windows, reads the name of a namespace with an ampersand wrongly
NAMESPACE = "urn:two&" if etree.LIBXML_VERSION >= (2, 14) else "urn:two"
WHITE_SPACE = " \t\r\n"
Bounds = tuple[int, int]


@dataclass
class WrittenAttribute:
    namespace: str | None
    name: str
    value: str
    name_at: Bounds
    value_at: Bounds


@dataclass
class WrittenPiece:
    """Something directly inside an element: text, cdata, comment, instruction or element."""

    kind: str
    at: Bounds
    inner: Bounds
    plain: str = ""
    """Of text and CDATA what a parser reads, of an instruction its target."""

    @property
    def is_blank(self) -> bool:
        return not self.plain.strip(WHITE_SPACE)

    @property
    def is_data(self) -> bool:
        return self.kind in ("text", "cdata")


@dataclass
class WrittenElement:
    namespace: str | None
    name: str
    name_at: Bounds = (0, 0)
    at: Bounds = (0, 0)
    attributes: list[WrittenAttribute] = field(default_factory=list)
    pieces: list[WrittenPiece] = field(default_factory=list)
    children: list[WrittenElement] = field(default_factory=list)

    @property
    def value(self) -> str:
        return "".join(piece.plain for piece in self.pieces if piece.is_data)


@dataclass
class WrittenComment:
    text: str
    inside: WrittenElement | None
    at: Bounds


@dataclass
class WrittenDocument:
    encoding: str
    mark: bytes
    text: str = ""
    root: WrittenElement = field(default_factory=lambda: WrittenElement(None, ""))
    comments: list[WrittenComment] = field(default_factory=list)

    @property
    def data(self) -> bytes:
        return self.mark + self.text.encode(self.encoding)

    def elements(self) -> list[WrittenElement]:
        """All of them, in the order of their start tags."""
        found = []
        pending = [self.root]
        while pending:
            found.append(pending.pop())
            pending += reversed(found[-1].children)
        return found


_MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
_DECLARED = {
    **dict.fromkeys(_MARKS, ""),
    "iso8859-1": "iso-8859-1",
    "cp1252": "windows-1252",
    "shift_jis": "Shift_JIS",
    "gb18030": "gb18030",
    "ascii": "us-ascii",
}
_FIRST_IN_NAMES = "ahPé日ᚠ\u1680\U00020000"
_IN_NAMES = _FIRST_IN_NAMES + "-.7_·"
_CHARACTERS = "ab .,;:=/'\"]>\u00a0\u0085\u2028\u3000éßж日本\U0001f600\ufeff?!-"
_REFERENCED = "<&>\"'\r\n\t x\x80\x7fé\U0001f600"
_ENTITIES = {"<": "&lt;", "&": "&amp;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_XML = "http://www.w3.org/XML/1998/namespace"
_PREFIXES = {"": "urn:default", "p": "urn:one", "x-1.é": NAMESPACE}
_Scope = dict[str, str | None]


class _Writer:
    def __init__(self, draw: st.DrawFn, document: WrittenDocument) -> None:
        self.draw = draw
        self.document = document
        self.parts: list[str] = []
        self.at = 0
        self.elements_left = 10

    def write(self, token: str) -> Bounds:
        start = self.at
        self.parts.append(token)
        self.at += len(token)
        return start, self.at

    def choose(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def some(self, *choices: str, least: int = 0, most: int = 3) -> list[str]:
        return self.draw(st.lists(st.sampled_from(choices), min_size=least, max_size=most))

    def flip(self) -> bool:
        return self.draw(st.booleans())

    def can_write(self, text: str) -> bool:
        return text.encode(self.document.encoding, "ignore").decode(self.document.encoding) == text

    def string(self, characters: str, least: int = 0, most: int = 6) -> str:
        return "".join(self.some(*filter(self.can_write, characters), least=least, most=most))

    def white_space(self, least: int = 0) -> str:
        return "".join(self.some(" ", "\t", "\n", "\r\n", "\r", least=least, most=2))

    def name(self) -> str:
        return self.string(_FIRST_IN_NAMES, 1, 1) + self.string(_IN_NAMES, most=3)

    def reference(self, character: str) -> str:
        zeros = self.choose("", "0", "00000")
        numbers = (
            f"&#{zeros}{ord(character)};",
            f"&#x{zeros}{ord(character):x};",
            f"&#x{zeros}{ord(character):X};",
        )
        return self.choose(*numbers, _ENTITIES.get(character, numbers[0]))

    def data(self, characters: str, *, is_plain: bool = False, in_attribute: bool = False) -> tuple[str, str]:
        """A stretch of character data without markup, and what a parser hands on of it."""
        characters = characters.replace(self.choose("]", ">"), "")  # together they could end CDATA
        raw = plain = ""
        for kind in self.some("characters", "white space", "characters" if is_plain else "reference", most=4):
            if kind == "characters":
                token = meaning = self.string(characters)
            elif kind == "white space":
                token = self.choose("\n", "\r\n", "\r", " ", "\t")
                meaning = token if token in " \t" else "\n"
                if token == "\n" and raw.endswith("\r"):
                    meaning = ""  # the two are one line end
                if in_attribute and meaning:
                    meaning = " "
            else:
                meaning = self.choose(*_REFERENCED)
                token = self.reference(meaning)
            raw, plain = raw + token, plain + meaning
        return raw, plain

    def comment(self, owner: WrittenElement | None) -> WrittenPiece:
        text = self.string(_CHARACTERS + "<&\n\r").replace("--", "- ").removesuffix("-")
        at = self.write(f"<!--{text}-->")
        self.document.comments.append(WrittenComment(text, owner, at))
        return WrittenPiece("comment", at, (at[0] + len("<!--"), at[1] - len("-->")))

    def instruction(self) -> WrittenPiece:
        target = "q" + self.name()
        data = self.string(_CHARACTERS + "<&\n").replace("?", "!")
        at = self.write(f"<?{target} {data}?>" if data or self.flip() else f"<?{target}?>")
        return WrittenPiece("instruction", at, at, target)

    def text(self) -> WrittenPiece:
        raw, plain = self.data(_CHARACTERS)
        at = self.write(raw)
        return WrittenPiece("text", at, at, plain)

    def cdata(self) -> WrittenPiece:
        raw, plain = self.data(_CHARACTERS + "<&", is_plain=True)
        at = self.write(f"<![CDATA[{raw}]]>")
        return WrittenPiece("cdata", at, (at[0] + len("<![CDATA["), at[1] - len("]]>")), plain)

    def element(self, scope: _Scope) -> WrittenElement:
        self.elements_left -= 1
        start, _ = self.write("<")
        declared = [prefix for prefix in self.some(*_PREFIXES, most=2) if self.can_write(prefix)]
        scope = {**scope, **{prefix: _PREFIXES[prefix] for prefix in declared}}
        if "" in declared and self.flip():
            scope[""] = None  # declared as no namespace
        prefix, name = self.choose(*(prefix for prefix in scope if prefix != "xml")), self.name()
        qualified = f"{prefix}:{name}" if prefix else name
        element = WrittenElement(scope[prefix], name, self.write(qualified))
        written = self.draw(
            st.permutations(
                [*(("xmlns", one) for one in dict.fromkeys(declared)), *self.attribute_names(scope)]
            )
        )
        for attribute_prefix, attribute_name in written:
            self.write(self.white_space(1))
            if attribute_prefix == "xmlns":
                namespace = (scope[attribute_name] or "").replace("&", "&amp;")
                self.write(f"xmlns:{attribute_name}" if attribute_name else "xmlns")
                self.write(f'{self.white_space()}={self.white_space()}"{namespace}"')
            else:
                element.attributes.append(self.attribute(scope, attribute_prefix, attribute_name))
        self.write(self.white_space())
        if self.flip() and self.flip():
            self.write("/>")
        else:
            self.write(">")
            self.content(element, scope)
            self.write(f"</{qualified}{self.white_space()}>")
        element.at = (start, self.at)
        return element

    def attribute_names(self, scope: _Scope) -> list[tuple[str, str]]:
        """Prefixes and names, no two of them of the same namespace and name."""
        names = {}
        for prefix in self.some(*scope, most=3):
            name = self.choose("lang", "id") if prefix == "xml" else self.name()
            names[scope[prefix] if prefix else None, name] = (prefix, name)
        return list(names.values())

    def attribute(self, scope: _Scope, prefix: str, name: str) -> WrittenAttribute:
        name_at = self.write(f"{prefix}:{name}" if prefix else name)
        quote = self.choose("'", '"')
        self.write(f"{self.white_space()}={self.white_space()}{quote}")
        raw, plain = self.data(_CHARACTERS.replace(quote, ""), in_attribute=True)
        value_at = self.write(raw)
        self.write(quote)
        return WrittenAttribute(scope[prefix] if prefix else None, name, plain, name_at, value_at)

    def content(self, owner: WrittenElement, scope: _Scope) -> None:
        for kind in self.some(
            "text", "text", "text", "cdata", "comment", "instruction", "element", "element", most=6
        ):
            if kind == "element" and self.elements_left > 0:
                child = self.element(scope)
                owner.children.append(child)
                owner.pieces.append(WrittenPiece("element", child.at, child.at))
            elif kind == "comment":
                owner.pieces.append(self.comment(owner))
            elif kind == "instruction":
                owner.pieces.append(self.instruction())
            elif kind == "cdata":
                owner.pieces.append(self.cdata())
            elif not (owner.pieces and owner.pieces[-1].kind == "text"):
                piece = self.text()
                if piece.at[0] < piece.at[1]:
                    owner.pieces.append(piece)

    def declaration(self) -> None:
        encoding = _DECLARED[self.document.encoding]
        if not encoding and self.flip():
            return
        quote = self.choose("'", '"')
        self.write(f"<?xml{self.white_space(1)}version={quote}1.0{quote}")
        encoding = encoding or self.choose(
            "", self.document.encoding, self.document.encoding.removesuffix("-le").removesuffix("-be")
        )
        if encoding:
            self.write(
                f"{self.white_space(1)}encoding{self.white_space()}={self.white_space()}{quote}{encoding}{quote}"
            )
        if self.flip():
            self.write(f"{self.white_space(1)}standalone={quote}yes{quote}")
        self.write(f"{self.white_space()}?>")

    def misc(self) -> None:
        for kind in self.some("comment", "instruction", "white space", most=2):
            if kind == "comment":
                self.comment(None)
            elif kind == "instruction":
                self.instruction()
            else:
                self.write(self.white_space())


@st.composite
def documents(draw: st.DrawFn) -> WrittenDocument:
    """Well-formed documents in all encodings."""
    encoding = draw(st.sampled_from(list(_DECLARED)))
    mark = _MARKS[encoding] if encoding in _MARKS and draw(st.booleans()) else b""
    document = WrittenDocument(encoding, mark)
    writer = _Writer(draw, document)
    writer.declaration()
    writer.misc()
    document.root = writer.element({"": None, "xml": _XML})
    writer.misc()
    document.text = "".join(writer.parts)
    return document
