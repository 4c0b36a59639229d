from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.document.model import (
    Change,
    DeclareNamespace,
    RemoveAttribute,
    RemoveNode,
    Rename,
    ReplaceValue,
    UseNamespaceOfParent,
)
from migrator.document.xml import XmlDocument, XmlNode
from tests.document.places import parsed
from tests.document.reading import edited
from tests.document.written import documents

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.document.written import WrittenDocument


def _changed(data: bytes, make: Callable[[XmlNode], Change], name: str = "b") -> bytes | None:
    """The data after a change of its first element of a name."""
    document = parsed(data)
    node = next(document.find(name))
    assert isinstance(node, XmlNode)
    return edited(document, make(node))


_STYLES = {
    "UTF-8": (b"", "utf-8", ""),
    "UTF-8 with a mark": (codecs.BOM_UTF8, "utf-8", "<?xml version='1.0' encoding='utf-8'?>\n"),
    "UTF-16": (codecs.BOM_UTF16_LE, "utf-16-le", "<!-- \u00e9 \U0001f600 -->"),
    "UTF-16, big": (codecs.BOM_UTF16_BE, "utf-16-be", '<?xml version="1.0" encoding="UTF-16"?>\r\n'),
    "Latin-1": (b"", "latin-1", '<?xml version="1.0" encoding="iso-8859-1"?><!-- \u00e9 -->'),
    "GB 18030": (b"", "gb18030", '<?xml version="1.0" encoding="gb18030"?><!-- \u00e9 \u65e5 \U0001f600 -->'),
}


@pytest.fixture(params=_STYLES, name="style")
def _style(request: pytest.FixtureRequest) -> Callable[[str], bytes]:
    """A way to write a text as a file."""
    mark, encoding, head = _STYLES[request.param]
    return lambda text: mark + (head + text).encode(encoding)


_VALUES = [
    pytest.param("<a><b>old</b>\n</a>", "<a><b>new</b>\n</a>", id="text"),
    pytest.param("<b> old\r\n</b>", "<b>new</b>", id="white space belongs to the value"),
    pytest.param("<b>o&lt;l&#100;</b>", "<b>new</b>", id="references"),
    pytest.param("<b>&#32;&#x9;</b>", "<b>new</b>", id="referenced white space"),
    pytest.param("<b></b>", "<b>new</b>", id="two tags"),
    pytest.param("<b/>", "<b>new</b>", id="empty tag"),
    pytest.param("<b />", "<b>new</b>", id="empty tag with a space"),
    pytest.param("<b c='1'\r\n\t/>", "<b c='1'>new</b>", id="empty tag with an attribute"),
    pytest.param("<p:b xmlns:p='u'/>", "<p:b xmlns:p='u'>new</p:b>", id="empty tag with a prefix"),
    pytest.param("<b c='>'>old</b >", "<b c='>'>new</b >", id="tags stay as they are"),
    pytest.param("<b><![CDATA[old]]></b>", "<b><![CDATA[new]]></b>", id="CDATA"),
    pytest.param("<b> <![CDATA[old]]>\n</b>", "<b><![CDATA[new]]></b>", id="white space around CDATA"),
    pytest.param("<b><![CDATA[]]></b>", "<b><![CDATA[new]]></b>", id="empty CDATA"),
    pytest.param("<b>ol<![CDATA[d]]></b>", "<b>new</b>", id="text and CDATA"),
    pytest.param("<b><![CDATA[o]]><![CDATA[ld]]></b>", "<b><![CDATA[new]]></b>", id="CDATA twice"),
    pytest.param("<b><!-- c -->old</b>", "<b><!-- c -->new</b>", id="comment before"),
    pytest.param("<b>old<!-- c --></b>", "<b>new<!-- c --></b>", id="comment behind"),
    pytest.param("<b>\n <!-- c -->\n old\n</b>", "<b><!-- c -->\n new</b>".replace("\n ", ""), id="lines"),
    pytest.param("<b><!-- c --></b>", "<b>new<!-- c --></b>", id="comment alone"),
    pytest.param("<b> <!-- c --> </b>", "<b>new<!-- c --></b>", id="comment in white space"),
    pytest.param("<b><?c?>old<?d?></b>", "<b><?c?>new<?d?></b>", id="instructions"),
]


@pytest.mark.parametrize(("before", "after"), _VALUES)
def test_a_value_is_replaced(before: str, after: str, style: Callable[[str], bytes]) -> None:
    result = _changed(style(before), lambda node: ReplaceValue(node, "new"))

    assert result == style(after)
    assert next(parsed(result).find("b")).text() == "new"


@pytest.mark.parametrize(
    "before", ["<b>o<!-- c -->ld</b>", "<b>o<?c?>ld</b>", "<b>old<c/></b>", "<b><c/></b>"]
)
def test_a_value_is_not_replaced_where_something_stands_in_it(before: str) -> None:
    assert _changed(before.encode(), lambda node: ReplaceValue(node, "new")) is None


_WRITTEN = [  # declared encoding, old content, new value, new content
    ("utf-8", "x", "", ""),
    ("utf-8", "x", "a<b>&\"'", "a&lt;b&gt;&amp;\"'"),
    ("utf-8", "x", "]]>", "]]&gt;"),
    ("utf-8", "x", "\n\t\r\r\n", "\n\t&#13;&#13;\n"),
    ("utf-8", "x", "\u00e9\u65e5\U0001f600\x85\u2028", "\u00e9\u65e5\U0001f600\x85\u2028"),
    ("utf-8", "<![CDATA[x]]>", "a<b>&", "<![CDATA[a<b>&]]>"),
    ("utf-8", "<![CDATA[x]]>", "]]>", "]]&gt;"),
    ("utf-8", "<![CDATA[x]]>", "a\rb", "a&#13;b"),
    ("iso-8859-1", "x", "\u00e9\u20ac&\U0001f600", "\u00e9&#8364;&amp;&#128512;"),
    ("iso-8859-1", "<![CDATA[x]]>", "\u00e9", "<![CDATA[\u00e9]]>"),
    ("iso-8859-1", "<![CDATA[x]]>", "\u20ac<", "&#8364;&lt;"),
    ("us-ascii", "x", "\u00e9", "&#233;"),
    ("Shift_JIS", "x", "\u65e5\u00a5\u203e", "\u65e5&#165;&#8254;"),  # these two would be read as \ and ~
]


@pytest.mark.parametrize(("encoding", "before", "value", "after"), _WRITTEN)
def test_a_value_is_written_so_that_it_is_read_again(
    encoding: str, before: str, value: str, after: str
) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>'

    result = _changed(f"{head}<b>{before}</b>".encode(encoding), lambda node: ReplaceValue(node, value))

    assert result == f"{head}<b>{after}</b>".encode(encoding)
    assert parsed(result).root.text() == value


@pytest.mark.parametrize("value", ["\0", "a\x1b", "\ufffe", "\uffff", "\ud800"])
def test_what_xml_cannot_hold_is_not_written(value: str) -> None:
    assert _changed(b"<b>x</b>", lambda node: ReplaceValue(node, value)) is None


_NAMES = [
    ("<a><b>x</b></a>", "<a><new>x</new></a>"),
    ("<b/>", "<new/>"),
    ("<b\r\n c='b'>b</b\t>", "<new\r\n c='b'>b</new\t>"),
    ("<p:b xmlns:p='b'><c/></p:b>", "<p:new xmlns:p='b'><c/></p:new>"),
    ("<p:b xmlns:p='b' p:b=''/>", "<p:new xmlns:p='b' p:b=''/>"),
]


@pytest.mark.parametrize(("before", "after"), _NAMES)
def test_a_node_is_renamed(before: str, after: str, style: Callable[[str], bytes]) -> None:
    result = _changed(style(before), lambda node: Rename(node, "new"))

    assert result == style(after)
    assert next(parsed(result).find("new")).name == "new"


def test_a_name_that_cannot_be_written_is_not_given() -> None:
    data = b'<?xml version="1.0" encoding="us-ascii"?><b/>'

    assert _changed(data, lambda node: Rename(node, "n\u00e9w")) is None


_REMOVALS = [
    pytest.param("<a>\n  <b>x</b>\n  <c/>\n</a>", "<a>\n  <c/>\n</a>", id="its line"),
    pytest.param("<a>\r\n\t<b/>\r\n\t<c/>\r\n</a>", "<a>\r\n\t<c/>\r\n</a>", id="its line, CRLF"),
    pytest.param("<a>\r<b/>\r<c/>\r</a>", "<a>\r<c/>\r</a>", id="its line, CR"),
    pytest.param("<a>\n  <b/> \t\n</a>", "<a>\n</a>", id="white space behind"),
    pytest.param("<a>\n  <b>\n    <d/>\n  </b>\n</a>", "<a>\n</a>", id="its lines"),
    pytest.param("<a>\n  <b/><c/>\n</a>", "<a>\n  <c/>\n</a>", id="something behind"),
    pytest.param("<a>\n  <c/> <b/>\n</a>", "<a>\n  <c/> \n</a>", id="something before"),
    pytest.param("<a>\n  <b/><!-- c -->\n</a>", "<a>\n  <!-- c -->\n</a>", id="comment behind"),
    pytest.param("<a>\n  \u00a0<b/>\n</a>", "<a>\n  \u00a0\n</a>", id="no-break space is text"),
    pytest.param("<a>\n  <b/></a>", "<a>\n  </a>", id="end tag behind"),
    pytest.param("<a><b/>\n</a>", "<a>\n</a>", id="start tag before"),
    pytest.param("<a><b/></a>", "<a></a>", id="one line"),
    pytest.param("<a>\n<b><![CDATA[<!-- x -->]]></b>\n</a>", "<a>\n</a>", id="no comment inside"),
    pytest.param("<a>\n<b c='x'>&lt;!--</b>\n</a>\n", "<a>\n</a>\n", id="last line end"),
]


@pytest.mark.parametrize(("before", "after"), _REMOVALS)
def test_a_node_is_removed(before: str, after: str, style: Callable[[str], bytes]) -> None:
    result = _changed(style(before), RemoveNode)

    assert result == style(after)
    assert not list(parsed(result).find("b"))


@pytest.mark.parametrize("before", ["<b/>", "<a><b><!-- c --></b></a>", "<a><b><c><!----></c></b></a>"])
def test_a_root_and_a_node_with_a_comment_are_not_removed(before: str) -> None:
    assert _changed(before.encode(), RemoveNode) is None


_ATTRIBUTES = [
    ("<b x='1'/>", "<b/>"),
    ("<b x='1' />", "<b />"),
    ("<b y='1' x='>' z='2'>x</b>", "<b y='1' z='2'>x</b>"),
    ("<b\r\n  x = \"'\"\r\n  y='1'/>", "<b\r\n  y='1'/>"),
    ("<b xmlns='u' xmlnsx='x' xmlns:p='v' p:x='1' x='2'/>", "<b xmlns='u' xmlnsx='x' xmlns:p='v' p:x='1'/>"),
]


@pytest.mark.parametrize(("before", "after"), _ATTRIBUTES)
def test_an_attribute_is_removed(before: str, after: str, style: Callable[[str], bytes]) -> None:
    def last_x(node: XmlNode) -> Change:
        found = [one for one in node.attributes() if one.name == "x" and one.namespace is None]
        return RemoveAttribute(node, found[0])

    result = _changed(style(before), last_x)

    assert result == style(after)
    names = [one.name for one in next(parsed(result).find("b")).attributes() if one.namespace is None]
    assert "x" not in names


_NAMESPACES = [
    ("<a><b xmlns='u'/></a>", "<a><b/></a>"),
    ("<a xmlns='u'><b xmlns=''><c/></b></a>", "<a xmlns='u'><b><c/></b></a>"),
    ("<a xmlns='u'><b x=''\n xmlns = \"v\" xmlns:p='w'/></a>", "<a xmlns='u'><b x='' xmlns:p='w'/></a>"),
]


@pytest.mark.parametrize(("before", "after"), _NAMESPACES)
def test_a_node_uses_the_namespace_of_its_parent(
    before: str, after: str, style: Callable[[str], bytes]
) -> None:
    result = _changed(style(before), UseNamespaceOfParent)

    assert result == style(after)
    document = parsed(result)
    assert next(document.find("b")).namespace == document.root.namespace


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("<b xmlns='u'/>", id="root"),
        pytest.param("<a><b/></a>", id="no declaration"),
        pytest.param("<a><p:b xmlns:p='u' xmlns='v'/></a>", id="prefix"),
        pytest.param("<p:a xmlns:p='u'><b xmlns='v'/></p:a>", id="prefix of the parent"),
    ],
)
def test_a_declaration_stays_where_removing_it_would_not_help(before: str) -> None:
    assert _changed(before.encode(), UseNamespaceOfParent) is None


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [
        ("<a/>", "u", '<a xmlns="u"/>'),
        ("<a id='1'>\n<b/></a>", "urn:a&b", "<a xmlns=\"urn:a&amp;b\" id='1'>\n<b/></a>"),
        ("<a x='1' xmlns='u'><b/></a>", "v", "<a x='1' xmlns='v'><b/></a>"),
        ("<a x='1' xmlns='u' y='2'/>", None, "<a x='1' y='2'/>"),
        ('<a xmlns:p="w" xmlns = "u" />', None, '<a xmlns:p="w" />'),
    ],
)
def test_a_default_namespace_is_declared(
    before: str, name: str | None, after: str, style: Callable[[str], bytes]
) -> None:
    document = parsed(style(before))

    result = edited(document, DeclareNamespace(document.root, name))

    assert result == style(after)
    assert result is not None
    assert parsed(result).root.namespace == name


@pytest.mark.parametrize(
    ("before", "name"), [("<a/>", None), ('<p:a xmlns:p="u"/>', None), ('<p:a xmlns:p="u"/>', "v")]
)
def test_no_default_namespace_is_declared_where_there_is_none(before: str, name: str | None) -> None:
    document = parsed(before.encode())

    assert edited(document, DeclareNamespace(document.root, name)) is None


# Several changes at once


def test_several_changes_are_made_in_file_order() -> None:
    data = b"<a>\n<b x='1'>old</b>\n<c/>\n<d/>\n</a>"
    document = parsed(data)
    b, c, d = document.root.children()

    result = edited(
        document,
        RemoveNode(d),
        ReplaceValue(b, "new"),
        Rename(b, "e"),
        RemoveAttribute(b, b.attributes()[0]),
        Rename(c, "f"),
    )

    assert result == b"<a>\n<e>new</e>\n<f/>\n</a>"


def test_changes_that_contradict_each_other_are_refused() -> None:
    document = parsed(b"<a><b x='1'><c/></b><d></d></a>")
    b, d = document.root.children()
    (c,) = b.children()

    contradictions: list[tuple[Change, Change]] = [
        (ReplaceValue(c, "x"), ReplaceValue(c, "y")),
        (ReplaceValue(d, "x"), ReplaceValue(d, "y")),
        (ReplaceValue(c, "x"), Rename(c, "y")),
        (Rename(b, "x"), Rename(b, "y")),
        (RemoveNode(b), RemoveNode(b)),
        (RemoveNode(b), Rename(c, "x")),
        (RemoveNode(b), RemoveAttribute(b, b.attributes()[0])),
    ]

    assert [document.edits(changes) for changes in contradictions] == [None] * len(contradictions)


def test_nothing_is_edited_in_an_encoding_with_shift_states() -> None:
    data = '<?xml version="1.0" encoding="iso-2022-jp"?><b>\u65e5</b>'.encode("iso2022_jp")

    assert _changed(data, lambda node: ReplaceValue(node, "x")) is None


def test_no_changes_are_no_edits() -> None:
    assert parsed(b"<a/>").edits([]) == ()


# Whatever the document


def _nodes(document: XmlDocument) -> list[XmlNode]:
    return [node for node in document.find("*") if isinstance(node, XmlNode)]


def _records(nodes: list[XmlNode]) -> list[list[object]]:
    return [[node.namespace, node.name, node.text(), node.attributes()] for node in nodes]


def _change(kind: str, node: XmlNode, text: str) -> Change:
    if kind == "attribute" and node.attributes():
        return RemoveAttribute(node, node.attributes()[len(text) % len(node.attributes())])
    if kind == "name":
        return Rename(node, "x" + "".join(filter(str.isalpha, text)))
    if kind == "namespace":
        return UseNamespaceOfParent(node)
    return RemoveNode(node) if kind == "removal" else ReplaceValue(node, text)


_TEXTS = st.text(st.sampled_from("ab <>&'\"]\t\n\r\u00e9\u65e5\u20ac\U0001f600"), max_size=8)
_KINDS = st.sampled_from(["value", "name", "attribute", "namespace", "removal"])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents(), st.integers(0, 9), _KINDS, _TEXTS)
def test_a_change_does_what_it_says_and_can_be_undone(
    written: WrittenDocument, ordinal: int, kind: str, text: str
) -> None:
    document = parsed(written.data)
    nodes = _nodes(document)
    node = nodes[ordinal % len(nodes)]
    change = _change(kind, node, text)
    comments = [comment.text for comment in document.comments()]
    expected = _records(nodes)
    place = nodes.index(node)

    result = edited(document, change)

    if result is None:
        return
    after = parsed(result)
    assert [comment.text for comment in after.comments()] == comments
    found = _records(_nodes(after))
    parent = node.parent()
    match change:
        case ReplaceValue(text=value):
            expected[place][2] = value
        case Rename(name=name):
            expected[place][1] = name
        case RemoveAttribute(attribute=attribute):
            expected[place][3] = [one for one in node.attributes() if one != attribute]
        case UseNamespaceOfParent():
            assert parent is not None
            assert found[place][0] == parent.namespace
            expected = [[None, *record[1:]] for record in expected]
            found = [[None, *record[1:]] for record in found]
        case RemoveNode():
            assert parent is not None
            del expected[place : place + sum(1 for _ in node.element.iter("*"))]
            at_parent = nodes.index(parent)
            for records in (expected, found):  # white space around the node may have gone with it
                records[at_parent][2] = "".join(str(records[at_parent][2]).split())
    assert found == expected
