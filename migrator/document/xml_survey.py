"""A look at XML that has not been parsed: its version, a DOCTYPE, more than the limits allow, markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.document.limits import DEEPEST, MOST_ATTRIBUTES, advice
from migrator.document.source import Fault, Unreadable

if TYPE_CHECKING:
    from migrator.document.limits import Limits
    from migrator.document.source import Source

# A value holds no `<`, so a quote that does not end stops the match at the next tag.
_START_TAG = re.compile(r"""<(?P<name>[^ \t\r\n/<>"'=?!]++)(?:[^"'<>]++|"[^"<]*+"|'[^'<]*+')*+>""")
_END_TAG = re.compile(r"</(?P<name>[^ \t\r\n<>]+)[ \t\r\n]*>")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_OTHER_VERSION = re.compile(
    r"""<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(["'])(?!1\.0\1)(?P<version>[0-9]+\.[0-9]+)\1"""
)
_DOCTYPE = "<!DOCTYPE"
_NO_START_TAGS = ("<!", "<?", "</")
_OTHERS = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"))


def survey(source: Source, limits: Limits) -> Unreadable | None:
    """Another version than 1.0, a DOCTYPE, or too much of depth, nodes or attributes: what comes first.

    None where there is none of it.

    Nodes are elements, attributes, comments, CDATA sections and instructions. The survey ends at the first
    tag that is none or that closes another element than it should: what is wrong there, the parser says.
    """
    return _other_version(source) or _beyond(source, limits)


def _beyond(source: Source, limits: Limits) -> Unreadable | None:
    text = source.text
    deepest = min(limits.depth, DEEPEST)
    nodes = attributes = 0
    is_prolog = True
    names: list[str] = []
    at = text.find("<")
    while at >= 0:
        if (tag := _START_TAG.match(text, at)) is not None:
            end = tag.end()
            if len(names) >= deepest:
                return _too_large(source, at, f"elements are nested more than {deepest} deep", "--max-depth")
            if text[end - 2] != "/":
                names.append(tag["name"])
            nodes += 1 + (attributes := _attributes(text, at, end))
            is_prolog = False
        elif (tag := _END_TAG.match(text, at)) is not None:
            end = tag.end()
            if not names or names.pop() != tag["name"]:
                return None
        elif is_prolog and text.startswith(_DOCTYPE, at):
            return Unreadable(
                Fault.DOCTYPE,
                source.span(at, at + len(_DOCTYPE)),
                "a DOCTYPE is not allowed: it can define entities, and DataMiner.xml needs none",
                "remove the DOCTYPE declaration",
            )
        else:
            end = _end_of_other(text, at)
            if end < 0:
                return _too_full(source, at, limits, 0, _attributes_of_open_tag(text, at))
            nodes += 1
        if (unreadable := _too_full(source, at, limits, nodes, attributes)) is not None:
            return unreadable
        at = text.find("<", end)
    return None


def _attributes(text: str, start: int, end: int) -> int:
    """How many attributes stand in a start tag; `end` is -1 where nothing follows it."""
    return sum(1 for _ in _QUOTED.finditer(text, start, end if end >= 0 else len(text)))


def _attributes_of_open_tag(text: str, at: int) -> int:
    """How many there are where a start tag begins and does not end; 0 for other markup."""
    return 0 if text.startswith(_NO_START_TAGS, at) else _attributes(text, at, text.find("<", at + 1))


def _too_full(source: Source, at: int, limits: Limits, nodes: int, attributes: int) -> Unreadable | None:
    """More nodes up to a place than are read, or more attributes there; None where there are not."""
    if nodes > limits.nodes:
        return _too_large(source, at, f"the file holds more than {limits.nodes} nodes", "--max-nodes")
    if attributes <= MOST_ATTRIBUTES:
        return None
    return Unreadable(
        Fault.TOO_LARGE,
        source.span(at, at + 1),
        f"an element has more than {MOST_ATTRIBUTES:,} attributes",
        "check that this is a configuration of DataMiner: an element of it has a few",
    )


def _other_version(source: Source) -> Unreadable | None:
    declared = _OTHER_VERSION.match(source.text)
    if declared is None:
        return None
    return Unreadable(
        Fault.NOT_WELL_FORMED,
        source.span(*declared.span("version")),  # 1.1 has other line ends and characters
        "the declaration names a version of XML that is not 1.0, and so is not read",
        'write version="1.0"',
    )


def markup_around(text: str, place: int) -> tuple[int, bool]:
    """Where the tag, comment, CDATA section or instruction begins that `place` is in, and True.

    In character data it is where that begins, and False. All markup before `place` has to be well-formed.
    """
    behind = 0
    at = text.find("<")
    while 0 <= at < place:
        tag = _START_TAG.match(text, at) or _END_TAG.match(text, at)
        end = tag.end() if tag is not None else _end_of_other(text, at)
        if not 0 <= end <= place:
            return at, True
        behind = end
        at = text.find("<", end)
    return behind, False


def _end_of_other(text: str, at: int) -> int:
    """Where a comment, CDATA section or instruction ends; -1 where it does not, or is none of them."""
    for opening, closing in _OTHERS:
        if text.startswith(opening, at):
            found = text.find(closing, at + len(opening))
            return -1 if found < 0 else found + len(closing)
    return -1


def _too_large(source: Source, at: int, what: str, option: str) -> Unreadable:
    return Unreadable(Fault.TOO_LARGE, source.span(at, at + 1), what, advice(option))
