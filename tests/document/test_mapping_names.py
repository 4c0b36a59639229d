"""Keys that stand for names of XML: with prefixes, and in a list of content."""

from __future__ import annotations

import json

import pytest

from migrator.document.json import parse
from migrator.document.limits import Limits
from migrator.document.mapping import MappingDocument, MappingNode
from migrator.document.model import Attribute, Part, Target
from migrator.document.source import Source, decode

XML = "http://www.w3.org/XML/1998/namespace"


def _document(value: object) -> MappingDocument:
    source = decode(json.dumps(value).encode())
    assert isinstance(source, Source)
    document = parse(source, Limits())
    assert isinstance(document, MappingDocument)
    return document


def _root(value: object) -> MappingNode:
    return _document({"R": value}).root.children()[0]


@pytest.mark.parametrize(
    ("key", "content", "expected"),
    [
        ("A", {}, (None, "A")),
        ("A", {"@xmlns": "urn:a"}, ("urn:a", "A")),
        ("A", {"@xmlns": ""}, (None, "A")),
        ("p:A", {"@xmlns:p": "urn:p"}, ("urn:p", "A")),
        ("p:A", {"@xmlns:q": "urn:p"}, (None, "p:A")),
        ("p:A", "text", (None, "p:A")),
    ],
)
def test_a_name_is_in_the_namespace_of_its_prefix(
    key: str, content: object, expected: tuple[str | None, str]
) -> None:
    (node,) = _root({key: content}).children()

    assert (node.namespace, node.name) == expected


def test_a_declaration_counts_for_what_is_inside() -> None:
    root = _root({"@xmlns": "urn:a", "@xmlns:p": "urn:p", "A": {"p:B": {"@xmlns": "", "C": ""}}, "p:D": ""})

    a, d = root.children()
    (b,) = a.children()
    (c,) = b.children()
    found = [(one.namespace, one.name) for one in (root, a, b, c, d)]
    assert found == [("urn:a", "R"), ("urn:a", "A"), ("urn:p", "B"), (None, "C"), ("urn:p", "D")]
    assert root.names() == ["A", "D"]


def test_a_declaration_is_no_attribute() -> None:
    root = _root({"@xmlns": "urn:a", "@xmlns:p": "urn:p", "@a": "1", "@p:b": "2", "@xml:c": "3", "@q:d": "4"})

    assert root.attributes() == [
        Attribute(None, "a", "1"),
        Attribute("urn:p", "b", "2"),
        Attribute(XML, "c", "3"),
        Attribute(None, "q:d", "4"),
    ]


def test_the_place_of_an_attribute_with_a_prefix() -> None:
    document = _document({"R": {"@xmlns:p": "urn:p", "@p:b": "2"}})
    node = document.root.children()[0]

    span = document.span(Target(node, Part.VALUE, node.attributes()[0]))

    assert document.source.text[span.start.offset : span.end.offset] == "2"


def test_keys_of_one_local_name_are_no_duplicates() -> None:
    names = {"@xmlns:p": "urn:p", "@xmlns:q": "urn:q", "p:A": "", "q:A": "", "A": ""}

    assert list(_document({"R": names}).duplicates()) == []


def test_content_in_a_list_belongs_to_the_node_around_it() -> None:
    document = _document({"R": {"@a": "1", "$children": ["text", {"A": "1"}, {"B": ""}, {"A": "2"}]}})
    (root,) = document.root.children()

    assert [(one.name, one.text()) for one in root.children()] == [("A", "1"), ("B", ""), ("A", "2")]
    assert [one.path() for one in document.find("A")] == [("R", "A"), ("R", "A")]
    assert all(one.parent() == root for one in document.find("A"))


@pytest.mark.parametrize("value", ["text", {"A": ""}, None])
def test_only_a_list_holds_content(value: object) -> None:
    assert _root({"$children": value}).names() == ["$children"]


@pytest.mark.parametrize(
    ("content", "count"), [(["text", {"A": ""}], 1), ([{"A": ""}, " "], 0), ([{"A": "text"}], 0)]
)
def test_text_between_children_is_astray(content: list[object], count: int) -> None:
    assert len(_root({"$children": content}).strays()) == count
