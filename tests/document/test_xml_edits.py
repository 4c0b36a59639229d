from __future__ import annotations

import codecs
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.document.model import (
    Change,
    CutComment,
    DeclareNamespace,
    InsertNodes,
    NewNode,
    RemoveAttribute,
    RemoveComment,
    RemoveNode,
    Rename,
    ReplaceValue,
    UseNamespaceOfParent,
)
from migrator.document.xml import XmlDocument, XmlNode
from tests.document.places import parsed
from tests.document.reading import edited
from tests.document.written import NAMESPACE, documents

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
    ("utf-8", "<![CDATA[]]><![CDATA[]]>", "", "<![CDATA[]]>"),
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


# Insertions

_NEW = (NewNode("x", "1 < 2"), NewNode("y", children=(NewNode("z", "3"), NewNode("e"))))
_ONE = (NewNode("x", "1"),)

_FILLED = [
    pytest.param("<a/>", "<a>\n  <x>1</x>\n</a>", id="empty tag"),
    pytest.param("<a b='' />", "<a b=''>\n  <x>1</x>\n</a>", id="empty tag with an attribute"),
    pytest.param("<a></a>", "<a>\n  <x>1</x>\n</a>", id="two tags"),
    pytest.param("<a >\r\n</a>\r\n", "<a >\r\n  <x>1</x>\r\n</a>\r\n", id="white space"),
    pytest.param("<r><a/></r>", "<r><a><x>1</x></a></r>", id="one line"),
    pytest.param("<r>\n<a> </a></r>", "<r>\n<a>\n  <x>1</x>\n</a></r>", id="a line of its own"),
    pytest.param("<r>\r\t<a/>\r</r>", "<r>\r\t<a>\r\t\t<x>1</x>\r\t</a>\r</r>", id="tabs, CR"),
    pytest.param(
        "<r>\n <s>\n    <t/>\n </s>\n <a/>\n</r>",
        "<r>\n <s>\n    <t/>\n </s>\n <a>\n  <x>1</x>\n </a>\n</r>",
        id="indented as elsewhere",
    ),
    pytest.param(
        "<r>\n  <s>\n    <a/>\n  </s>\n</r>",
        "<r>\n  <s>\n    <a>\n      <x>1</x>\n    </a>\n  </s>\n</r>",
        id="indented as what is around it",
    ),
    pytest.param("<a>\n    <!-- c -->\n</a>", "<a>\n    <!-- c -->\n    <x>1</x>\n</a>", id="comment"),
    pytest.param("<r><a><!-- c --></a></r>", "<r><a><!-- c --><x>1</x></a></r>", id="comment, one line"),
    pytest.param("<a>\n <?i?> <!-- c -->\n</a>", "<a>\n <?i?> <!-- c --><x>1</x>\n</a>", id="instruction"),
    pytest.param("<p:a xmlns:p='u'/>", "<p:a xmlns:p='u'>\n  <p:x>1</p:x>\n</p:a>", id="prefix"),
    pytest.param("<a xmlns='u'/>", "<a xmlns='u'>\n  <x>1</x>\n</a>", id="default namespace"),
]


@pytest.mark.parametrize(("before", "after"), _FILLED)
def test_nodes_are_inserted_where_there_are_none(
    before: str, after: str, style: Callable[[str], bytes]
) -> None:
    write = style if "\n" in before or "\r" in before else str.encode  # else the line ends of the head count

    result = _changed(write(before), lambda node: InsertNodes(node, _ONE), "a")

    assert result == write(after)
    document = parsed(result)
    assert next(document.find("x")).namespace == next(document.find("a")).namespace


_BEHIND = [  # of the element b, or behind all
    pytest.param("<a>\n  <b/>\n</a>", "<a>\n  <b/>\n  <x>1</x>\n</a>", id="line"),
    pytest.param("<a>\r\n\t<b/>  \r\n</a>", "<a>\r\n\t<b/>  \r\n\t<x>1</x>\r\n</a>", id="white space, CRLF"),
    pytest.param(
        "<a>\n  <b/> <!-- c -->\n</a>", "<a>\n  <b/> <!-- c -->\n  <x>1</x>\n</a>", id="its comment"
    ),
    pytest.param(
        "<a>\n  <b/>\n  <!-- c -->\n  <c/>\n</a>",
        "<a>\n  <b/>\n  <x>1</x>\n  <!-- c -->\n  <c/>\n</a>",
        id="comment of the next",
    ),
    pytest.param(
        "<a>\n  <b/> <!--\n--></a>", "<a>\n  <b/> <!--\n-->\n  <x>1</x></a>", id="comment of two lines"
    ),
    pytest.param("<a>\n  <b/></a>", "<a>\n  <b/>\n  <x>1</x></a>", id="end tag behind"),
    pytest.param(
        "<a>\n  <b/><![CDATA[ ]]>\n</a>", "<a>\n  <b/>\n  <x>1</x><![CDATA[ ]]>\n</a>", id="CDATA behind"
    ),
    pytest.param("<a>\n  <b/><c/>\n</a>", "<a>\n  <b/>\n  <x>1</x><c/>\n</a>", id="another behind"),
    pytest.param(
        "<a>\n  <b>\n    <d/>\n  </b>\n</a>", "<a>\n  <b>\n    <d/>\n  </b>\n  <x>1</x>\n</a>", id="lines"
    ),
    pytest.param("<a><b/></a>", "<a><b/><x>1</x></a>", id="one line"),
    pytest.param("<a><c/> <b/></a>", "<a><c/> <b/> <x>1</x></a>", id="spaces in one line"),
    pytest.param("<a>\n\n  <b/>\n\n</a>", "<a>\n\n  <b/>\n  <x>1</x>\n\n</a>", id="blank lines"),
    pytest.param("<a>\n  t<b/>\n</a>", "<a>\n  t<b/><x>1</x>\n</a>", id="text before"),
    pytest.param("<a>\n  <b/> t\n</a>", "<a>\n  <b/>\n  <x>1</x> t\n</a>", id="text behind"),
    pytest.param("<a><c/> t <b/></a>", "<a><c/> t <b/><x>1</x></a>", id="text before, one line"),
    pytest.param(
        "<p:a xmlns:p='u'>\n <b/>\n</p:a>", "<p:a xmlns:p='u'>\n <b/>\n <p:x>1</p:x>\n</p:a>", id="prefix"
    ),
]


@pytest.mark.parametrize(("before", "after"), _BEHIND)
def test_nodes_are_inserted_behind(before: str, after: str, style: Callable[[str], bytes]) -> None:
    def behind(node: XmlNode) -> Change:
        parent = node.parent()
        assert parent is not None
        return InsertNodes(parent, _ONE, after=node)

    assert _changed(style(before), behind) == style(after)
    if parsed(style(before)).root.names()[-1] == "b":
        assert _changed(style(before), lambda node: InsertNodes(node, _ONE), "a") == style(after)


_BEFORE = [  # the element b
    pytest.param("<a>\n  <b/>\n</a>", "<a>\n  <x>1</x>\n  <b/>\n</a>", id="line"),
    pytest.param(
        "<a>\r\n\t<c/>\r\n\t<b/>\r\n</a>", "<a>\r\n\t<c/>\r\n\t<x>1</x>\r\n\t<b/>\r\n</a>", id="CRLF"
    ),
    pytest.param(
        "<a>\n  <!-- c -->\n  <b/>\n</a>", "<a>\n  <x>1</x>\n  <!-- c -->\n  <b/>\n</a>", id="its comment"
    ),
    pytest.param(
        "<a>\n  <!-- c\n-->\n\t<!-- d -->\n  <b/>\n</a>",
        "<a>\n  <x>1</x>\n  <!-- c\n-->\n\t<!-- d -->\n  <b/>\n</a>",
        id="its comments",
    ),
    pytest.param(
        "<a>\n  <!-- c -->\n\n  <b/>\n</a>",
        "<a>\n  <!-- c -->\n\n  <x>1</x>\n  <b/>\n</a>",
        id="comment and a blank line",
    ),
    pytest.param(
        "<a>\n  <!-- c -->\n \t\n  <b/>\n</a>",
        "<a>\n  <!-- c -->\n \t\n  <x>1</x>\n  <b/>\n</a>",
        id="comment and a line of white space",
    ),
    pytest.param(
        "<a>\n  <!-- c -->\n  <!-- d -->\n\n  <!-- e -->\n  <b/>\n</a>",
        "<a>\n  <!-- c -->\n  <!-- d -->\n\n  <x>1</x>\n  <!-- e -->\n  <b/>\n</a>",
        id="comments above a blank line",
    ),
    pytest.param(
        "<a>\n  <c/> <!-- c -->\n  <b/>\n</a>",
        "<a>\n  <c/> <!-- c -->\n  <x>1</x>\n  <b/>\n</a>",
        id="comment of another",
    ),
    pytest.param("<a><b/></a>", "<a><x>1</x><b/></a>", id="one line"),
    pytest.param("<a><c/> <b/></a>", "<a><c/> <x>1</x> <b/></a>", id="spaces in one line"),
]


@pytest.mark.parametrize(("before", "after"), _BEFORE)
def test_nodes_are_inserted_before(before: str, after: str, style: Callable[[str], bytes]) -> None:
    def ahead(node: XmlNode) -> Change:
        parent = node.parent()
        assert parent is not None
        return InsertNodes(parent, _ONE, before=node)

    assert _changed(style(before), ahead) == style(after)


def test_nodes_are_inserted_with_nodes_inside() -> None:
    assert _changed(b"<a>\n\t<b/>\n</a>", lambda node: InsertNodes(node, _NEW), "a") == (
        b"<a>\n\t<b/>\n\t<x>1 &lt; 2</x>\n\t<y>\n\t\t<z>3</z>\n\t\t<e/>\n\t</y>\n</a>"
    )
    assert _changed(b"<r>\n  <a>\n    <b/>\n  </a>\n</r>", lambda node: InsertNodes(node, _NEW[1:]), "a") == (
        b"<r>\n  <a>\n    <b/>\n    <y>\n      <z>3</z>\n      <e/>\n    </y>\n  </a>\n</r>"
    )
    assert _changed(b"<a><b/></a>", lambda node: InsertNodes(node, _NEW), "a") == (
        b"<a><b/><x>1 &lt; 2</x><y><z>3</z><e/></y></a>"
    )
    assert _changed(b"<a/>", lambda node: InsertNodes(node, (NewNode("s", children=()),)), "a") == (
        b"<a>\n  <s/>\n</a>"
    )
    assert _changed(b"<a/>", lambda node: InsertNodes(node, ()), "a") == b"<a/>"
    assert _changed(b"\t<a/>", lambda node: InsertNodes(node, _ONE), "a") == (b"\t<a>\n\t\t<x>1</x>\n\t</a>")


@pytest.mark.parametrize(
    ("before", "after"),  # how far y is indented more than x
    [
        pytest.param("<a>\n   <b/>\n</a>", "<x>\n      <y/>\n   </x>", id="as b is more than a"),
        pytest.param(
            "<r>\n  <a>\n\t<b/>\n  </a>\n</r>",
            "<x>\n\t  <y/>\n\t</x>",
            id="as a is more than r, b being astray",
        ),
        pytest.param(
            "<r>\n  <a>\n  <b/>\n  </a>\n</r>", "<x>\n    <y/>\n  </x>", id="as a is more than r, b being not"
        ),
        pytest.param(
            "<r>\n\t<a>\n \t<b/>\n\t</a>\n</r>", "<x>\n \t\t<y/>\n \t</x>", id="as a is more than r, not as b"
        ),
        pytest.param(
            "<r><a>\n <b/>\n</a><c>\n   <d>\n    <e/>\n   </d>\n</c></r>",
            "<x>\n  <y/>\n </x>",
            id="as e is more than d where a begins no line",
        ),
        pytest.param(
            "<r><a>\n  <b/>\n</a><c>\n<d/>\n</c></r>", "<x>\n    <y/>\n  </x>", id="nothing to go by"
        ),
        pytest.param(
            "<r><a>\n\t<b/>\n</a></r>", "<x>\n\t\t<y/>\n\t</x>", id="nothing to go by but that b has a tab"
        ),
        pytest.param(
            "<r>\n <s>\n\t <t/>\n </s><a>\n <b/>\n</a>\n</r>", "<x>\n  <y/>\n </x>", id="as s is more than r"
        ),
    ],
)
def test_nodes_inside_are_indented_as_nodes_elsewhere(before: str, after: str) -> None:
    document = parsed(before.encode())
    (b,) = document.find("b")
    parent = b.parent()
    assert parent is not None

    result = edited(document, InsertNodes(parent, (NewNode("x", children=(NewNode("y"),)),), after=b))

    start = before.index("<b/>")
    indent = before[before.rindex("\n", 0, start) : start]
    assert result == before.replace("<b/>", f"<b/>{indent}{after}").encode()


def test_what_is_inserted_is_written_for_the_encoding() -> None:
    data = b'<?xml version="1.0" encoding="us-ascii"?><a/>'
    new = (NewNode("x", "\u20ac\r\n"),)

    result = _changed(data, lambda node: InsertNodes(node, new), "a")

    assert result == data.replace(b"<a/>", b"<a>\n  <x>&#8364;&#13;\n</x>\n</a>")


@pytest.mark.parametrize(
    ("before", "new"),
    [
        ("<a>text</a>", NewNode("x")),
        ("<a><![CDATA[text]]></a>", NewNode("x")),
        ("<a/>", NewNode("x", "\0")),
        ("<a/>", NewNode("x", children=(NewNode("y", "\ufffe"),))),
        ("<a/>", NewNode("")),
        ("<a/>", NewNode("x y")),
        ("<a/>", NewNode("1x")),
        ("<a/>", NewNode("-x")),
        ("<?xml version='1.0' encoding='us-ascii'?><a/>", NewNode("\u00e9")),
    ],
)
def test_what_cannot_be_inserted(before: str, new: NewNode) -> None:
    assert _changed(before.encode(), lambda node: InsertNodes(node, (new,)), "a") is None


def test_nodes_are_inserted_beside_children_of_the_parent_alone() -> None:
    document = parsed(b"<a><b><c/></b><d/></a>")
    b, d = document.root.children()
    (c,) = b.children()

    assert document.edits([InsertNodes(document.root, _ONE, after=c)]) is None
    assert document.edits([InsertNodes(d, _ONE, before=c)]) is None
    assert document.edits([InsertNodes(d, _ONE, after=c)]) is None
    assert document.edits([InsertNodes(document.root, _ONE, after=document.root)]) is None


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [
        ("<a/>", "u", '<a xmlns="u"/>'),
        ("<a id='1'>\n<b/></a>", NAMESPACE, f"<a xmlns=\"{escape(NAMESPACE)}\" id='1'>\n<b/></a>"),
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


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<r><a/></r>", b"<r><a><x>1 &lt; 2</x><y><z>3</z><e/></y></a></r>"),
        (b"<a><!-- c --></a>", b"<a><!-- c --><x>1 &lt; 2</x><y><z>3</z><e/></y></a>"),
    ],
)
def test_several_nodes_are_inserted_in_one_line(before: bytes, after: bytes) -> None:
    assert _changed(before, lambda node: InsertNodes(node, _NEW), "a") == after


def test_several_nodes_are_inserted_in_lines() -> None:
    new = (NewNode("x"), NewNode("y"))
    document = parsed(b"<a>\n\t<b/>\n</a>")
    (b,) = document.root.children()

    assert _changed(b"<a></a>", lambda node: InsertNodes(node, new), "a") == b"<a>\n  <x/>\n  <y/>\n</a>"
    assert edited(document, InsertNodes(document.root, new, before=b)) == b"<a>\n\t<x/>\n\t<y/>\n\t<b/>\n</a>"
    assert edited(document, InsertNodes(document.root, new, after=b)) == b"<a>\n\t<b/>\n\t<x/>\n\t<y/>\n</a>"


def test_an_apostrophe_is_written_in_a_namespace() -> None:
    assert _changed(b"<a xmlns='u'/>", lambda node: DeclareNamespace(node, "it's"), "a") == (
        b"<a xmlns='it&apos;s'/>"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<a>\n  <!-- c -->\n  <b/>\n</a>", "<a>\n  <x>1</x>\n  <!-- c -->\n  <b/>\n</a>"),
        ("<a>\n  <!-- c -->\n  <d/>\n  <b/>\n</a>", "<a>\n  <!-- c -->\n  <d/>\n  <x>1</x>\n  <b/>\n</a>"),
        ("<a>\n  <!-- c -->\n  t\n  <b/>\n</a>", "<a>\n  <!-- c -->\n  t\n  <x>1</x>\n  <b/>\n</a>"),
        ("<a>\n  <!-- c -->&#10;\n  <b/>\n</a>", "<a>\n  <!-- c -->&#10;\n  <x>1</x>\n  <b/>\n</a>"),
    ],
)
def test_comments_right_above_stay_with_what_they_are_about(before: str, after: str) -> None:
    document = parsed(before.encode())
    b = document.root.children()[-1]

    assert edited(document, InsertNodes(document.root, _ONE, before=b)) == after.encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<a>b <!-- c --> d</a>", b"<a>b  d</a>"),
        (b"<a>b <!-- c -->\n</a>", b"<a>b \n</a>"),
        (b"<a>\n<!-- c -->\n</a>", b"<a>\n\n</a>"),
        (b"<!-- c -->\n<a/>", b"<a/>"),
        (b"<a/> <!-- c -->\n", b"<a/>\n"),
        (b"<a>\n  <b/> <!-- c -->\n</a>", b"<a>\n  <b/>\n</a>"),
        (b"<a>\n  <!-- c -->\n  <b/>\n</a>", b"<a>\n  <b/>\n</a>"),
    ],
)
def test_a_comment_is_removed(before: bytes, after: bytes) -> None:
    document = parsed(before)
    (comment,) = document.comments()

    assert edited(document, RemoveComment(comment)) == after


@pytest.mark.parametrize(
    "before",
    [
        "<a>]]<b/>></a>",
        "<a>]<b>]</b>]></a>",
        "<a>]<b/>]<b/>></a>",
        "<a>]<b/><b/>]<b/>></a>",
        "<a>]]<b/>></a><!-- c -->",
        "<a>]]<!-- c -->></a>",
        "<a>]]<!-- c --><b/>></a>",
    ],
)
def test_what_would_leave_the_end_of_a_cdata_section_behind_is_not_removed(before: str) -> None:
    document = parsed(before.encode())
    changes: list[Change] = [RemoveNode(node) for node in document.find("b")]
    changes += [RemoveComment(comment) for comment in document.comments()]

    assert edited(document, *changes) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<a>]]<b/>&gt;</a>", "<a>]]&gt;</a>"),
        ("<a>]<b/>></a>", "<a>]></a>"),
        ("<a>]]<b/> ></a>", "<a>]] ></a>"),
        ("<a>]] <b/>></a>", "<a>]] ></a>"),
        ("<a>]]x<b/>]x<b/>></a>", "<a>]]x]x></a>"),
        ("<a>]<b/>xx<b/>]></a>", "<a>]xx]></a>"),
        ("<a><![CDATA[]]]]><b/>></a>", "<a><![CDATA[]]]]>></a>"),
        ("<a>]]<b/><![CDATA[>]]></a>", "<a>]]<![CDATA[>]]></a>"),
        ("<a>]<b/>x<![CDATA[y]]><b/></a>", "<a>]x<![CDATA[y]]></a>"),
    ],
)
def test_what_only_looks_like_the_end_of_a_cdata_section_is_left_behind(before: str, after: str) -> None:
    document = parsed(before.encode())

    assert edited(document, *map(RemoveNode, document.find("b"))) == after.encode()
    parsed(after.encode())


def test_a_comment_is_cut() -> None:
    document = parsed(b"<a><!-- c, d --></a>")
    (comment,) = document.comments()

    assert edited(document, CutComment(comment, 9, 12)) == b"<a><!-- c --></a>"


@pytest.mark.parametrize("name", ["x", "x1", "x.y", "x-y", "_", "\u00e9"])
def test_a_name_of_a_new_element_is_one_of_xml(name: str) -> None:
    expected = f"<a>\n  <{name}/>\n</a>".encode()
    assert _changed(b"<a/>", lambda node: InsertNodes(node, (NewNode(name),)), "a") == expected


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
        (RemoveNode(b), InsertNodes(b, _ONE)),
        (ReplaceValue(d, "x"), InsertNodes(d, _ONE)),
        (ReplaceValue(c, "x"), InsertNodes(c, _ONE)),
        (InsertNodes(b, _ONE), InsertNodes(b, _ONE)),
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


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents(), st.integers(0, 9), st.sampled_from(["inside", "behind", "before"]), _TEXTS)
def test_an_insertion_does_what_it_says_and_can_be_undone(
    written: WrittenDocument, ordinal: int, where: str, text: str
) -> None:
    document = parsed(written.data)
    nodes = _nodes(document)
    node = nodes[ordinal % len(nodes)]
    around = node if where == "inside" else node.parent()
    if around is None:
        return
    new = (NewNode("x", text), NewNode("y", children=(NewNode("z", text),)))[: len(text) % 2 + 1]
    anchor = {"behind": {"after": node}, "before": {"before": node}, "inside": {}}[where]
    comments = [comment.text for comment in document.comments()]
    expected = _records(nodes)

    result = edited(document, InsertNodes(around, new, **anchor))

    if result is None:  # a text of its own, or a white space beside which nothing may stand
        assert where == "inside"
        assert around.text().strip(" \t\r\n")
        assert not around.children()
        return
    after = parsed(result)
    assert [comment.text for comment in after.comments()] == comments
    at = nodes.index(node) if where == "before" else nodes.index(node) + len(list(node.element.iter("*")))
    found = _nodes(after)
    assert [one.text() for one in found[at : at + len(new) * 2 - 1] if one.name in "xz"] == [text] * len(new)
    assert {one.namespace for one in found[at : at + len(new) * 2 - 1]} == {around.namespace}
    others = _records(found[:at] + found[at + len(new) * 2 - 1 :])
    for records in (expected, others):  # white space comes along
        records[nodes.index(around)][2] = "".join(str(records[nodes.index(around)][2]).split())
    assert others == expected
