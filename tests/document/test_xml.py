from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from migrator.document import xml
from migrator.document.model import Attribute, Part, Stray, StrayKind, Target
from tests.document.places import parsed, stretch, unmarked
from tests.document.written import WHITE_SPACE, documents

if TYPE_CHECKING:
    from migrator.diagnostic import Span
    from migrator.document.model import Node
    from tests.document.written import Bounds, WrittenDocument, WrittenElement

_LARGE_EXAMPLES = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def _value_bounds(element: WrittenElement) -> Bounds:
    """The value as it stands in the file; the name where there is none that could be pointed at."""
    values = [piece for piece in element.pieces if piece.is_data and not piece.is_blank]
    if not values and [piece.is_data for piece in element.pieces] == [True]:
        values = element.pieces
    if len(values) == 1:
        start, end = values[0].inner
        return (start, end) if start < end else element.name_at
    return (values[0].at[0], values[-1].at[1]) if values else element.name_at


def _strays(element: WrittenElement, text: str) -> list[tuple[Stray, Bounds]]:
    """Processing instructions, and each run of character data that is not white space alone."""
    found: list[tuple[Stray, Bounds]] = []
    counts = {"text": 0, "processing instruction": 0}

    def add(kind: str, name: str, bounds: Bounds) -> None:
        found.append((Stray(StrayKind(kind), name, counts[kind]), bounds))
        counts[kind] += 1

    for is_data, group in groupby(element.pieces, lambda piece: piece.is_data):
        pieces = list(group)
        if is_data and not all(piece.is_blank for piece in pieces):
            start, end = pieces[0].at[0], pieces[-1].at[1]
            start += len(text[start:end]) - len(text[start:end].lstrip(WHITE_SPACE))
            add("text", "", (start, start + len(text[start:end].rstrip(WHITE_SPACE))))
        for piece in pieces:
            if piece.kind == "instruction":
                add("processing instruction", piece.plain, piece.at)
    return found


@_LARGE_EXAMPLES
@given(documents())
def test_everything_means_and_stands_what_and_where_it_was_written(written: WrittenDocument) -> None:
    document = parsed(written.data)
    nodes = [document.root]
    for node in nodes:
        nodes += node.children()
    ordered = sorted(nodes, key=lambda node: document.span(Target(node)))

    def at(target: Target) -> Span:
        return document.span(target)

    def expected(bounds: Bounds) -> Span:
        return stretch(written.text, bounds, written.encoding, len(written.mark))

    assert document.source.text == written.text
    assert document.source.encoding == written.encoding
    for node, element in zip(ordered, written.elements(), strict=True):
        assert (node.namespace, node.name, node.text()) == (element.namespace, element.name, element.value)
        assert at(Target(node, Part.NAME)) == expected(element.name_at)
        assert at(Target(node, Part.VALUE)) == expected(_value_bounds(element))
        attributes = [Attribute(one.namespace, one.name, one.value) for one in element.attributes]
        assert node.attributes() == attributes
        for attribute, one in zip(attributes, element.attributes, strict=True):
            assert at(Target(node, Part.NAME, attribute)) == expected(one.name_at)
            assert at(Target(node, Part.VALUE, attribute)) == expected(one.value_at)
        strays = _strays(element, written.text)
        assert node.strays() == [stray for stray, _ in strays]
        for stray, bounds in strays:
            assert at(Target(node, stray=stray)) == expected(bounds)
    comments = [(one.text, one.inside, (one.start, one.end)) for one in document.comments()]
    by_element = {id(element): node for node, element in zip(ordered, written.elements(), strict=True)}
    assert comments == [
        (one.text, None if one.inside is None else by_element[id(one.inside)], one.at)
        for one in written.comments
    ]


# The same by example

_Pointer = tuple[str, int]  # what of the Host, and which one of them
_PLACES: list[tuple[str, _Pointer]] = [
    ("<SMTP><«Host»/></SMTP>", ("name", 0)),
    ("<SMTP xmlns:p-1.é='u'><«p-1.é:Host» /></SMTP>", ("name", 0)),
    ("<SMTP><«Host»></Host></SMTP>", ("value", 0)),
    ("<SMTP><«Host»><!-- a --></Host></SMTP>", ("value", 0)),
    ("<SMTP><«Host»><![CDATA[]]></Host></SMTP>", ("value", 0)),
    ("<SMTP><«Host»> <!-- a --> </Host></SMTP>", ("value", 0)),
    ("<SMTP><Host a='>'\r\n b=\"/>\">«smtp»</Host></SMTP>", ("value", 0)),
    ("<SMTP><Host>« \r\n smtp\t»</Host></SMTP>", ("value", 0)),
    ("<SMTP><Host>« »</Host></SMTP>", ("value", 0)),
    ("<SMTP><Host><![CDATA[«smtp»]]></Host></SMTP>", ("value", 0)),
    ("<SMTP><Host>\n<![CDATA[«smtp»]]>\n</Host></SMTP>", ("value", 0)),
    ("<SMTP><Host><!-- a -->«smtp»<!-- b --></Host></SMTP>", ("value", 0)),
    ("<SMTP><Host> <!-- a -->« smtp »<!-- b --> </Host></SMTP>", ("value", 0)),
    ("<SMTP><Host>«sm<!-- a -->tp»</Host></SMTP>", ("value", 0)),
    ("<SMTP><Host>«sm<![CDATA[tp]]>»</Host></SMTP>", ("value", 0)),
    ("<SMTP><Host «b»='2' a='1'/></SMTP>", ("attribute name", 0)),
    ("<SMTP><Host xmlns:p='u' xmlnsa='' «p:b» = '2'/></SMTP>", ("attribute name", 1)),
    ("<SMTP><Host a='&#10;' b=\"«'>'\n»\"/></SMTP>", ("attribute value", 1)),
    ("<SMTP><Host a='«»'/></SMTP>", ("attribute value", 0)),
    ("<SMTP><Host>«\u00a0»</Host></SMTP>", ("stray", 0)),
    ("<SMTP><Host>a<b/>\n «b<![CDATA[ c]]>»\n<!----></Host></SMTP>", ("stray", 1)),
    ("<SMTP><Host>a<?b?>c«<?d e?>»</Host></SMTP>", ("stray", 3)),
]


def _target(host: Node, pointer: _Pointer) -> Target:
    what, number = pointer
    part = Part.VALUE if what.endswith("value") else Part.NAME
    attribute = host.attributes()[number] if what.startswith("attribute") else None
    return Target(host, part, attribute, host.strays()[number] if what == "stray" else None)


@pytest.mark.parametrize(("marked", "pointer"), _PLACES)
def test_places(marked: str, pointer: _Pointer) -> None:
    text, bounds = unmarked(marked)
    document = parsed(text.encode())
    (host,) = document.find("Host")

    assert document.span(_target(host, pointer)) == stretch(text, bounds)


@pytest.mark.parametrize("name", ["utf-16-le", "windows-31j", "UTF-8"])
def test_the_parser_gets_no_name_of_an_encoding_where_it_looks_at_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml, "_IS_RECENT", False)
    fromstring = Mock(wraps=etree.fromstring)
    monkeypatch.setattr(etree, "fromstring", fromstring)
    text = f"<?xml version='1.0'\tencoding = '{name}' standalone='yes'?>\n<a>encoding='x'</a>"
    codec = {"windows-31j": "cp932"}.get(name, name)

    document = parsed(text.encode(codec))

    (data, _parser), _ = fromstring.call_args
    assert document.root.text() == "encoding='x'"
    assert document.span(Target(document.root)).start.line == 2
    assert data.split() == [b"<?xml", b"version='1.0'", b"standalone='yes'?>", b"<a>encoding='x'</a>"]
    assert len(data) == len(text)


def test_an_element_has_a_parent_and_a_path() -> None:
    document = parsed(b"<p:a xmlns:p='u'><b><p:c/></b></p:a>")
    (c,) = document.find("c")
    above = c.parent()

    assert c.path() == ("a", "b", "c")
    assert above is not None
    assert above.parent() == document.root
    assert document.root.parent() is None


def test_elements_are_found_by_local_name_in_file_order() -> None:
    document = parsed(b"<a xmlns:p='u'><p:b x='1'/><c><b x='2'/></c><!-- <b/> --><b x='3'/></a>")

    assert [node.attributes()[0].value for node in document.find("b")] == ["1", "2", "3"]


def test_values_of_nodes_and_attributes_and_of_all_inside_them() -> None:
    inside = "3<!-- -->4<b c='5'>6<s s='7'>8</s></b>9"
    text = f"<a s='1' t='2'><s>{inside}</s><b x='10' s='11'>12</b><p:s xmlns:p='u'/></a>"
    document = parsed(text.encode())

    found = list(document.values_of(lambda name: name == "s"))

    assert found == ["1", "349", "6", "5", "8", "7", "11", ""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a/>", True),
        ("<a xmlns='u'> <b>1</b>\n<!-- c --><b>2<!-- d --></b><![CDATA[ ]]><e xmlns:p='v'/></a>", True),
        ("<a f='1'><b>1</b></a>", False),
        ("<a><b>1</b><b xml:lang='en'>2</b></a>", False),
        ("<a>1<b>2</b></a>", False),
        ("<a><b>1</b><![CDATA[2]]></a>", False),
        ("<a><b>1<c/></b></a>", False),
        ("<a><?p q?><b>1</b></a>", False),
        ("<a><b>1<?p q?></b></a>", False),
        ("<a>\u00a0<b>1</b></a>", False),
    ],
)
def test_whether_nodes_hold_texts_alone(text: str, expected: bool) -> None:
    assert parsed(text.encode()).root.holds_texts_alone() is expected


def test_values_inside_each_other_are_looked_at_once() -> None:
    document = parsed(("<s>" * 250 + "<a/>" * 10_000 + "</s>" * 250).encode())

    assert sum(1 for _ in document.values_of(lambda name: name == "s")) == 250 + 10_000


def test_many_attributes_are_read_like_few() -> None:
    few = "xmlns:p='u' b='&#10;\n' a='' p:c='>' xml:lang='d'"
    more = " ".join(f"e{number}='{number}'" for number in range(100))

    attributes = parsed(f"<a {few} {more}/>".encode()).root.attributes()

    assert attributes[:4] == parsed(f"<a {few}/>".encode()).root.attributes()
    assert attributes[4:] == [Attribute(None, f"e{number}", str(number)) for number in range(100)]


def test_a_document_without_comments_has_none() -> None:
    assert not list(parsed(b"<a><![CDATA[<!-- -->]]></a>").comments())
