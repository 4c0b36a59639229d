from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings

from migrator.document.limits import Limits
from migrator.document.model import Attribute, Part, Stray, Target
from migrator.document.source import Source, decode
from migrator.document.xml import XmlDocument, parse
from tests.document.places import stretch
from tests.document.written import WHITE_SPACE, documents

if TYPE_CHECKING:
    from migrator.diagnostic import Span
    from tests.document.written import Bounds, WrittenDocument, WrittenElement

_LARGE_EXAMPLES = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def _parsed(data: bytes) -> XmlDocument:
    source = decode(data)
    assert isinstance(source, Source), source
    document = parse(source, Limits(), lambda _: True)
    assert isinstance(document, XmlDocument), document
    return document


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
        found.append((Stray(kind, name, counts[kind]), bounds))
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
    document = _parsed(written.data)
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
