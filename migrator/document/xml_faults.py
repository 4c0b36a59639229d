"""Text that does not parse: what is wrong with it, exactly where, in words that quote no value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from migrator.document.source import BOM, WHITE_SPACE, Fault, Unreadable
from migrator.document.xml_survey import markup_around, survey

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.document.limits import Limits
    from migrator.document.source import Source

_BEFORE_NAME = "\x01"  # stands between a namespace and a name; no character of XML, as expat wants none
_TAG_NAME = re.compile(r"""[^ \t\r\n<>/="'&]+""")
_ATTRIBUTE_NAME = re.compile(r"[^ \t\r\n=]+")
_QUOTED_OR_NOT = re.compile(r"""(?:[^"']++|"[^"]*+"|'[^']*+')*+""")
_NO_REFERENCE = re.compile(r"&(?!(?:lt|gt|amp|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);)")
_NAMED_REFERENCE = re.compile("&([A-Za-z0-9]{1,31};)")
_DECLARATION = re.compile(r"[ \t\r\n]xmlns(?::[^ \t\r\n=]+)?[ \t\r\n]*=[ \t\r\n]*\Z")
_LESS_THAN = "write < inside a value as &lt;"
_UNCLOSED = (
    ("<!--", "comment", "-->"),
    ("<![CDATA[", "CDATA section", "]]>"),
    ("<?", "processing instruction", "?>"),
    ("", "tag", ">"),
)


def explain(
    source: Source, limits: Limits, nameable: Callable[[str], bool], stopped: tuple[int, int]
) -> Unreadable:
    """Say why text that does not parse is not well-formed.

    `nameable` tells the element names that are known, and so cannot be part of an unescaped value.
    `stopped` is the line and column where another parser stopped, used where expat finds nothing wrong.
    """
    if (unreadable := survey(source, limits)) is not None:
        return unreadable
    if source.text.startswith(BOM):
        return _fault(source, 0, 1, "a second byte order mark stands at the beginning", "remove it")
    reading = _Reading(source, nameable)
    error = reading.run()
    if error is not None:
        return _describe(reading, error)
    line = min(max(stopped[0], 1), source.line_and_column(len(source.text))[0])
    start, end = source.line_bounds(line)
    place = min(start + max(stopped[1] - 1, 0), end)
    name = _namespace_before(source.text, place)
    return _fault(source, place, place, *_SOMEHOW) if name is None else _fault(source, *name, *_NO_URI)


def _namespace_before(text: str, place: int) -> tuple[int, int] | None:
    """Where the name of a namespace stands whose declaration ends here; None where none does."""
    end = place - 1
    if text[end:place] not in ('"', "'"):
        return None
    start = text.rfind(text[end], 0, end)
    declared = _DECLARATION.search(text, text.rfind("<", 0, start), start)
    return None if declared is None else (start + 1, end)


class _Reading:
    """One pass of expat over the text, which keeps the open elements."""

    def __init__(self, source: Source, nameable: Callable[[str], bool]) -> None:
        self.source = source
        self.nameable = nameable
        self.data = source.text.encode("utf-8")
        self.open: list[tuple[str, int]] = []
        self.has_root = False
        self.parser = expat.ParserCreate("utf-8", _BEFORE_NAME)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def run(self) -> expat.ExpatError | None:
        try:
            self.parser.Parse(self.data, True)
        except expat.ExpatError as error:
            return error
        return None

    def index(self, offset: int) -> int:
        """Index in the text of a byte of the UTF-8 that expat reads."""
        return len(self.data[: max(offset, 0)].decode("utf-8", "ignore"))

    def innermost(self) -> tuple[str, int]:
        """The element that is open, by its name only where that cannot be part of a value, and its line."""
        name, offset = self.open[-1]
        shown = f"<{name}>" if self.nameable(name) else "an element"
        return shown, self.source.line_and_column(self.index(offset))[0]

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.has_root = True
        self.open.append((name.rpartition(_BEFORE_NAME)[2], self.parser.CurrentByteIndex))

    def _end(self, _name: str) -> None:
        self.open.pop()


def _describe(reading: _Reading, error: expat.ExpatError) -> Unreadable:
    place = reading.index(reading.parser.ErrorByteIndex)
    code = expat.errors.messages[error.code]
    if code in _DESCRIBED:
        return _DESCRIBED[code](reading, place)
    return _fault(reading.source, place, place + 1, *_WORDS.get(code, _SOMEHOW))


def _fault(source: Source, start: int, end: int, message: str, help_: str) -> Unreadable:
    length = len(source.text)
    span = source.span(min(start, length), min(max(start, end), length))
    return Unreadable(Fault.NOT_WELL_FORMED, span, message, help_)


def _ends_early(reading: _Reading, _place: int) -> Unreadable:
    source, end = reading.source, len(reading.source.text)
    if reading.open:
        name, line = reading.innermost()
        message = f"the file ends inside {name}, opened in line {line}"
        help_ = "the file looks cut short: take it from its source again, or close what is open"
    else:
        is_empty = not source.text.strip(WHITE_SPACE)
        message = "the file is empty" if is_empty else "the file holds no element"
        help_ = "it should hold <DataMiner> or <SMTP>"
    return _fault(source, end, end, message, help_)


def _unclosed(reading: _Reading, place: int) -> Unreadable:
    source, text = reading.source, reading.source.text
    if text.startswith("&", place):
        return _ampersand(source, place)
    kind, closing = next(
        (kind, closing) for opening, kind, closing in _UNCLOSED if text.startswith(opening, place)
    )
    help_ = f"end it with {closing}" + (f", or {_LESS_THAN}" if kind == "tag" else "")
    return _fault(source, place, place + 1, f"a {kind} begins here and does not end", help_)


def _unclosed_cdata(reading: _Reading, place: int) -> Unreadable:
    return _unclosed(reading, reading.source.text.rfind("<![CDATA[", 0, place))


def _mismatch(reading: _Reading, place: int) -> Unreadable:
    source, text = reading.source, reading.source.text
    start = text.rfind("</", 0, place + 2) + 2
    match = _TAG_NAME.match(text, start)
    closing = match[0] if match else ""
    name, line = reading.innermost()
    this = f"</{closing}>" if reading.nameable(closing) else "this end tag"
    is_named = reading.nameable(reading.open[-1][0])
    help_ = f"close {name} first" if is_named else f"close it first, or {_LESS_THAN}"
    message = f"{this} does not close {name}, opened in line {line}"
    return _fault(source, start, start + len(closing), message, help_)


def _undefined_entity(reading: _Reading, place: int) -> Unreadable:
    found = _NO_REFERENCE.search(reading.source.text, place)  # in an attribute expat points at the tag
    return _ampersand(reading.source, place if found is None else found.start())


def _duplicate_attribute(reading: _Reading, place: int) -> Unreadable:
    source = reading.source
    name = None if source.text.startswith("<", place) else _ATTRIBUTE_NAME.match(source.text, place)
    end = place + 1 if name is None else name.end()
    return _fault(source, place, end, "an attribute is given twice in this tag", "keep one of them")


def _ampersand(source: Source, place: int) -> Unreadable:
    from html.entities import html5

    help_ = "write & inside a value as &amp;"
    name = _NAMED_REFERENCE.match(source.text, place)
    if name is not None and name[1] in html5:
        help_ += ", or the character itself where it is a name that only HTML has, such as &nbsp;"
    return _fault(source, place, place + 1, "an & that begins no known reference", help_)


def _unexpected(reading: _Reading, place: int) -> Unreadable:
    """What expat calls an invalid token, told by what is around it."""
    source, text = reading.source, reading.source.text
    character = text[place : place + 1]
    if (character < " " and character not in WHITE_SPACE) or character in ("\ufffe", "\uffff"):
        message = f"the character U+{ord(character):04X} is not allowed in XML"
        return _fault(source, place, place + 1, message, "remove it")
    begin, is_markup = markup_around(text, place)
    if is_markup:
        return _unexpected_in_markup(reading, begin, place)
    if not reading.open and (stands := text[begin:].lstrip(WHITE_SPACE)):
        begin = len(text) - len(stands)
        what = "a declaration" if stands.startswith("<!") and not stands.startswith("<![") else "text"
        words = _JUNK if reading.has_root else (f"{what} stands before the root element", "remove it")
        if not reading.has_root and "<" not in stands:
            words = _NO_XML
        return _fault(source, begin, begin + 1, *words)
    if text.endswith("]]", begin, place) and character == ">":
        return _fault(source, place - 2, place + 1, "]]> is not allowed inside a value", "write it as ]]&gt;")
    return _ampersand_or_other(source, begin, place)


def _unexpected_in_markup(reading: _Reading, begin: int, place: int) -> Unreadable:
    source, text = reading.source, reading.source.text
    if text.startswith("<!--", begin):
        start = place - 2 if text.endswith("--", begin + 4, place) else place
        return _fault(source, start, place, "-- is not allowed inside a comment", "write a single -")
    if text.startswith("<?", begin):
        help_ = f"{_LESS_THAN}; the name of an instruction has no colon and is not xml"
        return _fault(source, begin, begin + 2, "a <? that begins no processing instruction", help_)
    if text.startswith("</", begin) and not reading.open:
        return _fault(source, begin, begin + 2, "an end tag closes what was never opened", "remove it")
    return _unexpected_in_tag(reading, begin, place)


def _unexpected_in_tag(reading: _Reading, begin: int, place: int) -> Unreadable:
    source, text = reading.source, reading.source.text
    quoted = _QUOTED_OR_NOT.match(text, begin, place)
    quote = begin if quoted is None else quoted.end()
    if quote < place and text[begin:quote].rstrip(WHITE_SPACE).endswith("="):
        return _unexpected_in_attribute(source, quote, place)
    name = _TAG_NAME.match(text, begin + (2 if text.startswith("</", begin) else 1))
    if name is not None and reading.nameable(name[0]):
        help_ = "look for a missing quote, equals sign, space or >"
        return _fault(source, place, place + 1, "this tag is not well-formed here", help_)
    help_ = _LESS_THAN if name is None else f"{_LESS_THAN}; in a tag, look for a missing quote"
    return _fault(source, begin, begin + 1, "a < that begins no tag", help_)


def _unexpected_in_attribute(source: Source, quote: int, place: int) -> Unreadable:
    if source.text.startswith("<", place):
        return _fault(source, place, place + 1, "a < inside the value of an attribute", "write it as &lt;")
    return _ampersand_or_other(source, quote, place)


def _ampersand_or_other(source: Source, begin: int, place: int) -> Unreadable:
    found = _NO_REFERENCE.search(source.text, begin)
    if found is not None and found.start() <= place:
        return _ampersand(source, found.start())
    return _fault(source, place, place + 1, *_SOMEHOW)


_SOMEHOW = (
    "the XML is not well-formed here",
    "look at this place in the file, and at what stands right before it",
)
_NO_XML = (
    "the file is no XML: it holds text and no element",
    "name a DataMiner.xml; JSON and YAML are read where the file's name ends in .json or .yaml",
)
_NO_URI = (
    "the name of a namespace is no URI",
    "remove what no URI holds, such as a space or a letter with an accent",
)
_JUNK = (
    "something follows the end of the root element",
    "keep a single root element; was the file pasted together?",
)
_RESERVED = ("a namespace prefix or name that XML reserves is declared here", "remove the declaration")
_WORDS = {
    expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: _JUNK,
    expat.errors.XML_ERROR_BAD_CHAR_REF: (
        "a character reference names a character that XML does not allow",
        "remove it",
    ),
    expat.errors.XML_ERROR_MISPLACED_XML_PI: (
        "the XML declaration stands behind the beginning of the file",
        "move <?xml …?> to the very first character, or remove it",
    ),
    expat.errors.XML_ERROR_XML_DECL: (
        "the XML declaration is wrong here",
        'write it as <?xml version="1.0" encoding="utf-8"?>',
    ),
    expat.errors.XML_ERROR_UNBOUND_PREFIX: (
        "a namespace prefix is used that nothing declares",
        "declare it with xmlns:prefix, or remove the prefix",
    ),
    expat.errors.XML_ERROR_UNDECLARING_PREFIX: (
        "a namespace prefix is declared with an empty name",
        "give the namespace its name, or remove the declaration",
    ),
    expat.errors.XML_ERROR_RESERVED_PREFIX_XML: _RESERVED,
    expat.errors.XML_ERROR_RESERVED_PREFIX_XMLNS: _RESERVED,
    expat.errors.XML_ERROR_RESERVED_NAMESPACE_URI: _RESERVED,
}
_DESCRIBED = {
    expat.errors.XML_ERROR_NO_ELEMENTS: _ends_early,
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: _unclosed,
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION: _unclosed_cdata,
    expat.errors.XML_ERROR_TAG_MISMATCH: _mismatch,
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: _undefined_entity,
    expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE: _duplicate_attribute,
    expat.errors.XML_ERROR_INVALID_TOKEN: _unexpected,
    expat.errors.XML_ERROR_SYNTAX: _unexpected,
}
