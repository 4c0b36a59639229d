"""A careful look at XML that is suspicious or does not parse: what is wrong, and exactly where."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.parsers import expat

from migrator.document.limits import Limits
from migrator.document.source import Fault, Source, Unreadable

_ERRORS = expat.errors.codes
_WHITE_SPACE = " \t\r\n"
_TAG_NAME = re.compile(r"""[^\s<>/="'&]+""")


class _Stop(Exception):  # noqa: N818 - it ends the survey, it is no error
    """Carries the finding that ends the survey."""

    def __init__(self, unreadable: Unreadable) -> None:
        super().__init__()
        self.unreadable = unreadable


class _Survey:
    """One pass of expat over the text, keeping the open elements and counting nodes."""

    def __init__(self, source: Source, limits: Limits, nameable: Callable[[str], bool]) -> None:
        self.source = source
        self.limits = limits
        self.nameable = nameable
        self.data = source.text.encode("utf-8", "surrogatepass")
        self.nodes = 0
        self.open: list[tuple[str, int]] = []
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CommentHandler = self._count
        self.parser.ProcessingInstructionHandler = self._count
        self.parser.StartDoctypeDeclHandler = self._doctype

    def run(self) -> Unreadable | expat.ExpatError | None:
        try:
            self.parser.Parse(self.data, True)
        except _Stop as stop:
            return stop.unreadable
        except expat.ExpatError as error:
            return error
        return None

    def index(self, offset: int) -> int:
        """Index in the text of a byte of the UTF-8 that expat reads."""
        return len(self.data[: max(offset, 0)].decode("utf-8", "surrogatepass"))

    def named(self, name: str) -> str:
        """The element in words; by its name only where that is known not to be part of a value."""
        return f"<{name}>" if self.nameable(name) else "an element"

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.open.append((name.rpartition(" ")[2], self.parser.CurrentByteIndex))
        if len(self.open) > self.limits.depth:
            raise _Stop(self._too_large(f"elements are nested more than {self.limits.depth} deep"))
        self._count()

    def _end(self, _name: str) -> None:
        self.open.pop()

    def _count(self, *_: object) -> None:
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            raise _Stop(self._too_large(f"the file holds more than {self.limits.nodes} nodes"))

    def _doctype(self, *_: object) -> None:
        start = self.index(self.data.rfind(b"<!DOCTYPE", 0, self.parser.CurrentByteIndex + 9))
        raise _Stop(
            Unreadable(
                Fault.DOCTYPE,
                self.source.span(start, start + len("<!DOCTYPE")),
                "a DOCTYPE is not allowed: it can define entities, and DataMiner.xml needs none",
                "remove the DOCTYPE declaration",
            )
        )

    def _too_large(self, what: str) -> Unreadable:
        start = self.index(self.parser.CurrentByteIndex)
        return Unreadable(
            Fault.TOO_LARGE,
            self.source.span(start, start + 1),
            what,
            "check that this is a DataMiner.xml; raise the limit if it is",
        )


def survey(source: Source, limits: Limits) -> Unreadable | None:
    """A DOCTYPE, too many nodes or too much depth; whether it is well-formed is not asked here."""
    result = _Survey(source, limits, lambda _: False).run()
    return result if isinstance(result, Unreadable) else None


def explain(
    source: Source, limits: Limits, nameable: Callable[[str], bool], stopped: tuple[int, int]
) -> Unreadable:
    """Say why text that does not parse is not well-formed.

    `nameable` tells the element names that are known, and so cannot be part of an unescaped value.
    `stopped` is the line and column where another parser stopped, used where expat finds nothing wrong.
    """
    look = _Survey(source, limits, nameable)
    result = look.run()
    if isinstance(result, Unreadable):
        return result
    if result is None:
        line = min(max(stopped[0], 1), source.position(len(source.text)).line)
        start, end = source.line_bounds(line)
        place = min(start + max(stopped[1] - 1, 0), end)
        return _not_well_formed(source, place, place, "the XML is not well-formed here", _GENERAL_HELP)
    return _describe(look, result)


_GENERAL_HELP = "look at this place in the file, and at what stands right before it"


def _describe(look: _Survey, error: expat.ExpatError) -> Unreadable:
    source, text = look.source, look.source.text
    place = look.index(look.parser.ErrorByteIndex)
    if error.code == _ERRORS[expat.errors.XML_ERROR_NO_ELEMENTS]:
        return _ends_early(look)
    if error.code == _ERRORS[expat.errors.XML_ERROR_TAG_MISMATCH]:
        return _mismatch(look, place)
    if error.code in _AMPERSAND_ERRORS:
        return _ampersand(source, place)
    if error.code == _ERRORS[expat.errors.XML_ERROR_INVALID_TOKEN]:
        return _invalid_token(source, place)
    if error.code == _ERRORS[expat.errors.XML_ERROR_UNCLOSED_TOKEN] and text[place : place + 1] == "&":
        return _ampersand(source, place)
    message, help_ = _MESSAGES.get(error.code, ("the XML is not well-formed here", _GENERAL_HELP))
    return _not_well_formed(source, place, place + 1, message, help_)


def _not_well_formed(source: Source, start: int, end: int, message: str, help_: str) -> Unreadable:
    length = len(source.text)
    span = source.span(min(start, length), min(max(start, end), length))
    return Unreadable(Fault.NOT_WELL_FORMED, span, message, help_)


def _ends_early(look: _Survey) -> Unreadable:
    source, end = look.source, len(look.source.text)
    if look.open:
        name, start = look.open[-1]
        line = source.position(look.index(start)).line
        message = f"the file ends inside {look.named(name)}, opened in line {line}"
        help_ = "the file looks cut short: take it from its source again, or close what is open"
    elif source.text.strip(_WHITE_SPACE):
        message, help_ = "the file holds no element", "it should hold <DataMiner> or <SMTP>"
    else:
        message, help_ = "the file is empty", "it should hold <DataMiner> or <SMTP>"
    return _not_well_formed(source, end, end, message, help_)


def _mismatch(look: _Survey, place: int) -> Unreadable:
    source, text = look.source, look.source.text
    start = text.rfind("</", 0, place + 2) + 2
    match = _TAG_NAME.match(text, start)
    closing = match[0] if match else ""
    name, opened = look.open[-1]
    line = source.position(look.index(opened)).line
    is_known = look.nameable(closing.rpartition(":")[2])
    message = (
        f"{f'</{closing}>' if is_known else 'this end tag'} does not close {look.named(name)}, "
        f"opened in line {line}"
    )
    help_ = f"close {look.named(name)} first"
    if not look.nameable(name):
        help_ += "; a < inside a value is written &lt;"
    return _not_well_formed(source, start, start + len(closing), message, help_)


def _ampersand(source: Source, place: int) -> Unreadable:
    start = source.text.rfind("&", 0, place + 1)
    start = place if start < 0 else start
    return _not_well_formed(
        source, start, start + 1, "an & that begins no known reference", "write & inside a value as &amp;"
    )


def _invalid_token(source: Source, place: int) -> Unreadable:
    text = source.text
    character = text[place : place + 1]
    run = max(text.rfind(mark, 0, place) for mark in ";<>")
    ampersand = text.rfind("&", 0, place + 1)
    if ampersand > run or character == "&":
        return _ampersand(source, place)
    if (
        character
        and character not in _WHITE_SPACE
        and (ord(character) < ord(" ") or character in "\ufffe\uffff")
    ):
        message = f"the character U+{ord(character):04X} is not allowed in XML"
        return _not_well_formed(source, place, place + 1, message, "remove it")
    if text[place - 2 : place + 1] == "]]>":
        return _not_well_formed(
            source, place - 2, place + 1, "]]> is not allowed inside a value", "write it as ]]&gt;"
        )
    bracket = text.rfind("<", 0, place + 1)
    if bracket >= 0 and text.find(">", bracket, place) < 0:
        return _not_well_formed(
            source, bracket, bracket + 1, "a < that begins no tag", "write < inside a value as &lt;"
        )
    return _not_well_formed(source, place, place + 1, "the XML is not well-formed here", _GENERAL_HELP)


_AMPERSAND_ERRORS = frozenset({_ERRORS[expat.errors.XML_ERROR_UNDEFINED_ENTITY]})
_MESSAGES = {
    _ERRORS[getattr(expat.errors, name)]: words
    for name, words in {
        "XML_ERROR_UNCLOSED_TOKEN": ("a tag, comment or reference begins here and does not end", "end it"),
        "XML_ERROR_UNCLOSED_CDATA_SECTION": (
            "a CDATA section begins here and does not end",
            "end it with ]]>",
        ),
        "XML_ERROR_DUPLICATE_ATTRIBUTE": ("an attribute is given twice in this tag", "keep one of them"),
        "XML_ERROR_JUNK_AFTER_DOC_ELEMENT": (
            "something follows the end of the root element",
            "keep a single root element; was the file pasted together?",
        ),
        "XML_ERROR_BAD_CHAR_REF": (
            "a character reference names a character that XML does not allow",
            "remove it",
        ),
        "XML_ERROR_MISPLACED_XML_PI": (
            "the XML declaration stands behind the beginning of the file",
            "move <?xml …?> to the very first character, or remove it",
        ),
        "XML_ERROR_XML_DECL": (
            "the XML declaration is wrong here",
            'write it as <?xml version="1.0" encoding="utf-8"?>',
        ),
        "XML_ERROR_UNBOUND_PREFIX": (
            "a namespace prefix is used that nothing declares",
            "declare it with xmlns:prefix, or remove the prefix",
        ),
        "XML_ERROR_UNDECLARING_PREFIX": (
            "a namespace prefix is declared with an empty name",
            "give the namespace its name, or remove the declaration",
        ),
        "XML_ERROR_PARTIAL_CHAR": ("the file ends inside a character", "take it from its source again"),
    }.items()
}
