"""What cannot be read: the place and the words, for files that are broken, forbidden or made to cost much."""

from __future__ import annotations

import socket
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrator.checking import CheckSettings, check
from migrator.document.limits import MOST_ATTRIBUTES, Limits
from migrator.document.model import Target
from migrator.document.source import Fault, Source, Unreadable, decode
from migrator.document.xml import XmlDocument, parse
from tests.document.places import stretch, unmarked

if TYPE_CHECKING:
    from pathlib import Path

_LIMITS = Limits()
_SECRET = "hunter2"
_NAMEABLE = frozenset({"DataMiner", "SMTP", "Host", "Password"})


def _read(data: bytes, limits: Limits = _LIMITS) -> XmlDocument | Unreadable:
    source = decode(data)
    return parse(source, limits, _NAMEABLE.__contains__) if isinstance(source, Source) else source


def _problem(data: bytes, limits: Limits = _LIMITS) -> Unreadable:
    problem = _read(data, limits)
    assert isinstance(problem, Unreadable), problem
    assert _SECRET not in problem.message + problem.help
    start, end = problem.span.start.offset, problem.span.end.offset
    assert 0 <= start <= end <= len(data)
    return problem


_AMPERSAND = ("an & that begins no known reference", "write & inside a value as &amp;")
_ESCAPE = "write < inside a value as &lt;"
_NAME_OF_HTML = (
    _AMPERSAND[0],
    f"{_AMPERSAND[1]}, or the character itself where it is a name that only HTML has, such as &nbsp;",
)
_LESS_THAN = ("a < that begins no tag", _ESCAPE)
_NO_TAG = ("a < that begins no tag", f"{_ESCAPE}; in a tag, look for a missing quote")
_BAD_TAG = ("this tag is not well-formed here", "look for a missing quote, equals sign, space or >")
_IN_ATTRIBUTE = ("a < inside the value of an attribute", "write it as &lt;")
_NO_INSTRUCTION = (
    "a <? that begins no processing instruction",
    f"{_ESCAPE}; the name of an instruction has no colon and is not xml",
)
_BAD_REFERENCE = ("a character reference names a character that XML does not allow", "remove it")
_OTHER_VERSION = (
    "the declaration names a version of XML that is not 1.0, and so is not read",
    'write version="1.0"',
)
_NO_URI = (
    "the name of a namespace is no URI",
    "remove what no URI holds, such as a space or a letter with an accent",
)
_OPEN_TAG = ("a tag begins here and does not end", f"end it with >, or {_ESCAPE}")
_OPEN_COMMENT = ("a comment begins here and does not end", "end it with -->")
_OPEN_CDATA = ("a CDATA section begins here and does not end", "end it with ]]>")
_OPEN_INSTRUCTION = ("a processing instruction begins here and does not end", "end it with ?>")
_DASHES = ("-- is not allowed inside a comment", "write a single -")
_BRACKETS = ("]]> is not allowed inside a value", "write it as ]]&gt;")
_UNBOUND = (
    "a namespace prefix is used that nothing declares",
    "declare it with xmlns:prefix, or remove the prefix",
)
_TWICE = ("an attribute is given twice in this tag", "keep one of them")
_UNDECLARED = (
    "a namespace prefix is declared with an empty name",
    "give the namespace its name, or remove the declaration",
)
_RESERVED = ("a namespace prefix or name that XML reserves is declared here", "remove the declaration")
_MISPLACED = (
    "the XML declaration stands behind the beginning of the file",
    "move <?xml …?> to the very first character, or remove it",
)
_DECLARATION = ("the XML declaration is wrong here", 'write it as <?xml version="1.0" encoding="utf-8"?>')
_JUNK = (
    "something follows the end of the root element",
    "keep a single root element; was the file pasted together?",
)
_TEXT_FIRST = ("text stands before the root element", "remove it")
_NO_XML = (
    "the file is no XML: it holds text and no element",
    "name a DataMiner.xml; JSON and YAML are read where the file's name ends in .json or .yaml",
)
_NOTHING_OPEN = ("an end tag closes what was never opened", "remove it")
_EMPTY = ("the file is empty", "it should hold <DataMiner> or <SMTP>")
_NO_ELEMENT = ("the file holds no element", "it should hold <DataMiner> or <SMTP>")


def _mismatch(this: str, name: str, line: int) -> tuple[str, str]:
    if name == "an element":
        return f"{this} does not close {name}, opened in line {line}", f"close it first, or {_ESCAPE}"
    return f"{this} does not close {name}, opened in line {line}", f"close {name} first"


def _cut(name: str, line: int) -> tuple[str, str]:
    return (
        f"the file ends inside {name}, opened in line {line}",
        "the file looks cut short: take it from its source again, or close what is open",
    )


def _forbidden(number: str) -> tuple[str, str]:
    return f"the character U+{number} is not allowed in XML", "remove it"


# The text of a Password, with guillemets around what the finding must point at.
_BROKEN_VALUES = [
    ("hunter2«&»x", _AMPERSAND),
    ("hunter2 «&» x", _AMPERSAND),
    ("«&»hunter2", _AMPERSAND),
    ("«&»hunter2;", _AMPERSAND),
    ("«&»", _AMPERSAND),
    ("«&»&", _AMPERSAND),
    ("«&»amp", _AMPERSAND),
    ("«&»#;", _AMPERSAND),
    ("«&»#x;", _AMPERSAND),
    ("«&»#12", _AMPERSAND),
    ("«&»LT;", _NAME_OF_HTML),
    ("«&»nbsp;", _NAME_OF_HTML),
    ("a&lt;b «&» c", _AMPERSAND),
    ("&amp;&#65; ]]«&» x", _AMPERSAND),
    ("<![CDATA[&]]>&amp;<!-- & -->«&» c", _AMPERSAND),
    ("<Host a='x «&» y'/>", _AMPERSAND),
    ('<Host a="\'«&»hunter2;"/>', _AMPERSAND),
    ("<hunter2 a = 'x «&»hunter2'/>", _AMPERSAND),
    ("<hunter2 a='&amp;' b='«&»hunter2;'/>", _AMPERSAND),
    ("«&»#0;", _BAD_REFERENCE),
    ("&#65;«&»#xD800;", _BAD_REFERENCE),
    ("<Host a='&#65;«&»#x110000;'/>", _BAD_REFERENCE),
    ("hunter2«<»x", _NO_TAG),
    ("«<»hunter2", _NO_TAG),
    ("«<»hunter2 x", _NO_TAG),
    ("«<»hunter2 x=y>", _NO_TAG),
    ("don't«<»hunter2", _NO_TAG),
    ("<Host/>«<»3hunter2", _NO_TAG),
    ("«<»!hunter2>", _NO_TAG),
    ("«<»/3", _NO_TAG),
    ("«<»a:b:c/>", _NO_TAG),
    ("«<»!DOCTYPE hunter2>", _NO_TAG),
    ("hunter2«<»", _LESS_THAN),
    ("«<» hunter2", _LESS_THAN),
    ("«<»=", _LESS_THAN),
    ("«<»<", _LESS_THAN),
    ("«<»'hunter2", _LESS_THAN),
    ('«<»"hunter2', _LESS_THAN),
    ("<Host a=«b»>", _BAD_TAG),
    ("<Host a«>»", _BAD_TAG),
    ("<Host a='x'«b»='y'/>", _BAD_TAG),
    ("<Host «<»hunter2", _BAD_TAG),
    ("<Host/«<»", _BAD_TAG),
    ("<Host></Host «a»='1'>", _BAD_TAG),
    ("<Host a='«<»hunter2'/>", _IN_ATTRIBUTE),
    ('<hunter2 a="hunter2«<»"/>', _IN_ATTRIBUTE),
    ("«<?»", _NO_INSTRUCTION),
    ("«<?» hunter2?>", _NO_INSTRUCTION),
    ("«<?»XmL?>", _NO_INSTRUCTION),
    ("«<?»a:b?>", _NO_INSTRUCTION),
    ("«<»!-- hunter2", _OPEN_COMMENT),
    ("<!-- a «--» hunter2 -->", _DASHES),
    ("<!-- & < > «--»->", _DASHES),
    ("«<»![CDATA[hunter2]>", _OPEN_CDATA),
    ("hunter2«]]>»", _BRACKETS),
    ("a&amp;«]]>»", _BRACKETS),
    ("<![CDATA[x]]>«]]>»", _BRACKETS),
    ("«\x00»", _forbidden("0000")),
    ("a&amp;«\x0b»", _forbidden("000B")),
    ("«\ufffe»", _forbidden("FFFE")),
    ("<Host a='hunter2«\x1f»'/>", _forbidden("001F")),
    ("<!-- «\x01» -->", _forbidden("0001")),
    ("<![CDATA[«\uffff»]]>", _forbidden("FFFF")),
    ("«<»hunter2:Host/>", _UNBOUND),
    ("«<»Host hunter2:a='1'/>", _UNBOUND),
    ("<Host hunter2='1' «hunter2»='2'/>", _TWICE),
    ("«<»Host xmlns:b='x' xmlns:c='x' b:d='' c:d=''/>", _TWICE),
    ("«<»Host xmlns:hunter2=''/>", _UNDECLARED),
    ("«<»Host xmlns:xml='hunter2'/>", _RESERVED),
    ("«<»Host xmlns:xmlns='hunter2'/>", _RESERVED),
    ("«<»Host xmlns='http://www.w3.org/2000/xmlns/'/>", _RESERVED),
    ("«<»?xml version='1.0'?>", _MISPLACED),
    ("<Host></«hunter2»>", _mismatch("this end tag", "<Host>", 2)),
    ("<Host></«hunter2:Host» >", _mismatch("this end tag", "<Host>", 2)),
    ("<hunter2></«hunter3»>", _mismatch("this end tag", "an element", 2)),
    ("<hunter2>\n</«Host»>", _mismatch("</Host>", "an element", 2)),
    ("</«hunter2»>", _mismatch("this end tag", "<Password>", 2)),
    ("</«Host»\n>", _mismatch("</Host>", "<Password>", 2)),
]


@pytest.mark.parametrize(("value", "words"), _BROKEN_VALUES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_broken_value_is_found_and_not_shown(value: str, words: tuple[str, str], encoding: str) -> None:
    text, bounds = unmarked(f"<SMTP>\r\n <Password>ü\U0001f600{value}</Password>\r\n</SMTP>")
    codec, mark = ("utf-8", 0) if encoding == "utf-8" else (f"utf-16-{sys.byteorder[0]}e", 2)

    problem = _problem(text.encode(encoding))

    assert (problem.message, problem.help) == words
    assert problem.span == stretch(text, bounds, codec, mark)
    assert problem.fault is Fault.NOT_WELL_FORMED


_BROKEN_DOCUMENTS = [
    ("«»", _EMPTY),
    ("  \r\n«»", _EMPTY),
    ("<!-- hunter2 -->«»", _NO_ELEMENT),
    ("<?xml version='1.0'?>«»", _NO_ELEMENT),
    ("«h»unter2", _NO_XML),
    ("«S»MTP:\n  Host: a", _NO_XML),
    ("\n «h»unter2 <SMTP/>", _TEXT_FIRST),
    ("«{»}", _NO_XML),
    ("«&»amp;<SMTP/>", _TEXT_FIRST),
    ("«<»![CDATA[hunter2]]><SMTP/>", _TEXT_FIRST),
    ("«<»!ELEMENT hunter2><SMTP/>", ("a declaration stands before the root element", "remove it")),
    ("<SMTP/>«h»unter2", _JUNK),
    ("<SMTP/>\n«<»SMTP/>", _JUNK),
    ("<SMTP/>«&»amp;", _JUNK),
    ("<SMTP/>«<»![CDATA[hunter2]]>", _JUNK),
    ("<SMTP/>«</»SMTP>", _NOTHING_OPEN),
    ("«</»SMTP>", _NOTHING_OPEN),
    ("«</»", _NOTHING_OPEN),
    ("<SMTP>\n<Host>«»", _cut("<Host>", 2)),
    ("<SMTP>\n<hunter2>hunter2\n«»", _cut("an element", 2)),
    ("«<»", _OPEN_TAG),
    ("«<»SMTP", _OPEN_TAG),
    ("«<»SMTP a='hunter2", _OPEN_TAG),
    ("<SMTP>hunter2«<»/SMTP", _OPEN_TAG),
    ("<SMTP>hunter2«&»", _AMPERSAND),
    ("<SMTP>hunter2«&»amp", _AMPERSAND),
    ("<SMTP/>«<»!-- hunter2", _OPEN_COMMENT),
    ("<SMTP>«<»![CDATA[hunter2", _OPEN_CDATA),
    ("«<»?xml version='1.0'", _OPEN_INSTRUCTION),
    ("\n«<»?xml version='1.0'?><SMTP/>", _MISPLACED),
    ("<?xml version='1.0' «f»oo='1'?><SMTP/>", _DECLARATION),
    ("<?xml version='1.0' standalone='«m»aybe'?><SMTP/>", _DECLARATION),
    ("<?xml«?»><SMTP/>", _DECLARATION),
    ('<?xml version="«1.1»"?>\n<SMTP/>', _OTHER_VERSION),
    ("<?xml\tversion = '«1.1»' encoding='utf-8'?><SMTP/>", _OTHER_VERSION),
    ("<?xml version='«42.88»'?><!DOCTYPE SMTP><SMTP/>", _OTHER_VERSION),
    ("<SMTP xmlns='«http://www.skyline.be/config/DataMiner »'/>", _NO_URI),
    ("<SMTP\n xmlns:a='urn:a'\n xmlns:b = \"«urn:'hunter2'\té»\"><Host/></SMTP>", _NO_URI),
    ("<SMTP><Host xmlns='«&#10;»' xmlnsa=' '/></SMTP>", _NO_URI),
    ("«<»>", _LESS_THAN),
    ("«<» SMTP/>", _LESS_THAN),
    ("«<»1/>", _NO_TAG),
    ("<SMTP«\x00»/>", _forbidden("0000")),
    ("«\x01»\x02", _forbidden("0001")),
    ("<SMTP><Host></«SMTP»></Host>", _mismatch("</SMTP>", "<Host>", 1)),
    ("<hunter2></«SMTP»>", _mismatch("</SMTP>", "an element", 1)),
    # lxml warns of the second, and forgets the first, and does not read what stands behind the root
    ("«<»SMTP p:a='1'><Host xml:space='hunter2'/></SMTP>", _UNBOUND),
    ("«<»p:SMTP><Host xmlns='relative'/></p:SMTP>", _UNBOUND),
    ("«<»SMTP p:a='1'><Host xmlns='relative'/></SMTP><SMTP/>", _UNBOUND),
]


@pytest.mark.parametrize(("marked", "words"), _BROKEN_DOCUMENTS)
def test_a_broken_document_is_found(marked: str, words: tuple[str, str]) -> None:
    text, bounds = unmarked(marked)

    problem = _problem(text.encode())

    assert (problem.message, problem.help) == words
    assert problem.span == stretch(text, bounds)
    assert problem.fault is Fault.NOT_WELL_FORMED


_SAMPLE = textwrap.dedent(
    """\
    <?xml version="1.0" encoding="{encoding}"?>
    <!-- hunter2 -->
    <?hunter2 hunter2?>
    <DataMiner id="7" xmlns:p='urn:hunter2'>
      <SMTP p:note='hunter2 &gt; "x"'>
        <Host>smtp.ex\u00e4mple.com</Host>
        <Password>hunter2 &amp; &#x1F600; \U0001f600<!-- hunter2 --></Password>
        <p:Hunter><![CDATA[hunter2 < & ]]></p:Hunter ><User />
      </SMTP>
    </DataMiner>"""
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_a_file_cut_short_anywhere_is_a_finding_in_what_is_left_of_it(encoding: str) -> None:
    data = _SAMPLE.replace("{encoding}", encoding.removesuffix("-sig")).encode(encoding)
    assert isinstance(_read(data), XmlDocument)

    for length in range(len(data)):
        assert _problem(data[:length]).fault in (Fault.NOT_WELL_FORMED, Fault.UNDECODABLE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_byte_lost_anywhere_shows_no_secret(encoding: str) -> None:
    data = _SAMPLE.replace("{encoding}", encoding).encode(encoding)

    for place in range(len(data)):
        report = check("x.xml", data[:place] + data[place + 1 :], CheckSettings(excerpts=True))
        shown = [one.message + (one.help or "") for one in report.diagnostics]
        shown += [excerpt.text for excerpt in report.excerpts if excerpt is not None]
        assert _SECRET not in "".join(shown)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=80))
@example(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
@example(b"PK\3\4\x14\0\0\0\x08\0")
@example(b"MZ\x90\0\3\0\0\0")
@example(b"\0" * 1000)
def test_any_bytes_are_a_document_or_a_finding(data: bytes) -> None:
    read = _read(data)

    assert isinstance(read, XmlDocument) or read == _problem(data)


_PIECES = [
    *"<>&;\"'=/?!-[] \n\0", "<a", "</a>", "<a>", "<a/>", "a:b", "xmlns:a", "<!--", "-->", "<![CDATA[", "]]>",
    "<?", "?>", "<?xml version='1.0'", " encoding='", "utf-16'", "&amp;", "&#", "&#x41;", "<!DOCTYPE a",
    "[<!ENTITY b 'c'>]", "é", "\u1680", "\ufeff", "\uffff", "\U00020000",
]  # fmt: skip


@settings(deadline=None, max_examples=1500)
@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
@example("<?a:b?><a/>")
@example("<?xml version='2.0'?><a/>")
@example("<?\u1680?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
@example("<?\U00020000?><!DOCTYPE a><a/>")
def test_any_text_is_a_document_without_doctype_or_a_finding(text: str) -> None:
    read = _read(text.encode())

    if isinstance(read, XmlDocument):
        assert read.root.element.getroottree().docinfo.internalDTD is None
        for node in read.find("*"):  # expat and libxml2 may disagree, but not about places
            span = read.span(Target(node))
            assert text.encode()[span.start.offset : span.end.offset].decode().rpartition(":")[2] == node.name
    else:
        assert read == _problem(text.encode())


def test_a_second_byte_order_mark_is_a_finding() -> None:
    problem = _problem("\ufeff\ufeff<SMTP/>".encode())

    assert problem.message == "a second byte order mark stands at the beginning"
    assert (problem.span.start.offset, problem.span.end.offset) == (3, 6)


def test_xml_ids_are_no_business_of_ours() -> None:
    assert isinstance(_read(b"<a xml:id='1'><b xml:id='1'/></a>"), XmlDocument)


@pytest.mark.parametrize(
    "declaration",
    ["<?xml version='1.0'?>", '<?xml  version="1.0"?>', "<?xml\r\nversion\t=\t'1.0' encoding='UTF-8' ?>"],
)
def test_version_1_0_may_be_written_as_xml_allows(declaration: str) -> None:
    assert isinstance(_read(f"{declaration}<SMTP/>".encode()), XmlDocument)


# DOCTYPE

_BOMB = "<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 10))
_DOCTYPES = [
    "«<!DOCTYPE» SMTP><SMTP/>",
    "«<!DOCTYPE» SMTP []><SMTP/>",
    "«<!DOCTYPE» SMTP [<!ELEMENT SMTP ANY>]><SMTP/>",
    "«<!DOCTYPE» SMTP [<!ENTITY x 'hunter2'>]><SMTP>&x;</SMTP>",
    f"«<!DOCTYPE» SMTP [{_BOMB}]><SMTP>&a9;</SMTP>",
    "«<!DOCTYPE» SMTP [<!ENTITY % x '<!ENTITY y \"z\">'> %x;]><SMTP>&y;</SMTP>",
    "«<!DOCTYPE» SMTP [<!ENTITY x '<!DOCTYPE'>]><SMTP/>",
    "«<!DOCTYPE» SMTP SYSTEM '<!DOCTYPE'><SMTP/>",
    "«<!DOCTYPE» SMTP SYSTEM 'file:///etc/passwd'><SMTP/>",
    "«<!DOCTYPE» html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd'><SMTP/>",
    "<?xml version='1.0'?>\r\n<!-- <!DOCTYPE x> --><?x <!DOCTYPE x>?>\r\n «<!DOCTYPE» SMTP><SMTP/>",
    "<?\u1680?><!-- é\U0001f600 -->«<!DOCTYPE» SMTP [<!ENTITY x 'y'>]><SMTP>&x;</SMTP>",
    "«<!DOCTYPE»",
    "«<!DOCTYPE»hunter2 <SMTP/>",
]  # fmt: skip


@pytest.mark.parametrize("marked", _DOCTYPES)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le"])
def test_a_doctype_is_refused(marked: str, codec: str) -> None:
    text, bounds = unmarked(marked)

    problem = _problem(text.encode(codec))

    assert problem.fault is Fault.DOCTYPE
    assert problem.span == stretch(text, bounds, codec)
    assert problem.help == "remove the DOCTYPE declaration"


@pytest.mark.parametrize(
    "text",
    [
        "<SMTP><!-- <!DOCTYPE x> --></SMTP>",
        "<!-- <!DOCTYPE x> --><SMTP/>",
        "<SMTP/><!-- <!DOCTYPE x> -->",
        "<?x <!DOCTYPE x>?><SMTP/>",
        "<SMTP><![CDATA[<!DOCTYPE x>]]></SMTP>",
        "<SMTP a='&lt;!DOCTYPE x>'/>",
        "<SMTP a='!DOCTYPE x>'>&lt;!DOCTYPE x></SMTP>",
    ],
)
def test_what_only_looks_like_a_doctype_is_none(text: str) -> None:
    assert isinstance(_read(text.encode()), XmlDocument)


def test_nothing_is_fetched() -> None:
    """No DOCTYPE, entity, schema location, style sheet or inclusion is looked up: a server would hear it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        for text in (
            f"<!DOCTYPE SMTP SYSTEM '{place}'><SMTP/>",
            f"<!DOCTYPE SMTP [<!ENTITY x SYSTEM '{place}'>]><SMTP>&x;</SMTP>",
            f"<!DOCTYPE SMTP [<!ENTITY % x SYSTEM '{place}'> %x;]><SMTP/>",
            f"<?\u1680?><!DOCTYPE SMTP SYSTEM '{place}'><SMTP/>",
            f"<?xml-stylesheet href='{place}'?><SMTP/>",
            f"<?xml-model href='{place}'?><SMTP/>",
            f"<SMTP xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='{place}'/></SMTP>",
            f"<SMTP xml:base='{place}'/>",
            _located(place),
        ):
            check("x.xml", text.encode(), CheckSettings(whole_file=True, excerpts=True))
        server.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has called
            server.accept()


def _located(place: str, extra: str = "") -> str:
    """An ordinary section with a hint to a schema, in a namespace and in none."""
    return (
        '<SMTP xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="urn:x {place}" xsi:noNamespaceSchemaLocation="{place}">'
        "<Host>smtp.example.com</Host><HostPort>587-starttls</HostPort>"
        f"<LoginMethod>NoLoginMethod</LoginMethod><From>dma@example.com</From>{extra}</SMTP>"
    )


def test_a_schema_that_the_file_names_changes_no_verdict(tmp_path: Path) -> None:
    """One that allows everything and one that allows nothing: what is found stays the same."""
    xs = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    any_ = tmp_path / "any.xsd"
    any_.write_text(
        f'<xs:schema {xs}><xs:element name="SMTP" type="xs:anyType"/></xs:schema>', encoding="utf-8"
    )
    none = tmp_path / "none.xsd"
    none.write_text(
        f'<xs:schema {xs}><xs:element name="SMTP" type="xs:integer"/></xs:schema>', encoding="utf-8"
    )

    def codes(text: str) -> list[str]:
        report = check("x.xml", text.encode(), CheckSettings(whole_file=True))
        return [one.code for one in report.diagnostics if one.code.startswith("S")]

    assert codes(_located(none.as_uri())) == codes(_located(str(none))) == []
    assert codes(_located(any_.as_uri(), "<Hots/>")) == codes(_located("nowhere", "<Hots/>")) == ["S101"]


# Limits

_NODES = Limits(nodes=10)


@pytest.mark.parametrize(
    ("ten", "eleventh"),
    [
        ("<a/>" * 9, "«<»a/>"),
        ("<a></a >" * 9, "«<»b></b>"),
        ("<!-- < & <b/> -->" * 9, "«<»!---->"),
        ("<?x < & <b/>?>" * 9, "«<»?x?>"),
        ("<![CDATA[<b/>]]>" * 9, "«<»![CDATA[]]>"),
        ("<a b='' c=\"'='\" d='>'/>" * 2 + "<a/>", "«<»a/>"),
        ("x&lt;==" * 100 + "<a>b</a><?c?><!-- d --><![CDATA[e]]>" * 2 + "<f/>", "«<»g/>"),
    ],
)
def test_nodes_are_counted(ten: str, eleventh: str) -> None:
    text, bounds = unmarked(f"<SMTP>{ten}{eleventh}</SMTP>")

    assert isinstance(_read(f"<SMTP>{ten}</SMTP>".encode(), _NODES), XmlDocument)
    problem = _problem(text.encode(), _NODES)

    assert problem.fault is Fault.TOO_LARGE
    assert problem.message == "the file holds more than 10 nodes"
    assert problem.span == stretch(text, bounds)


def test_attributes_count_as_nodes() -> None:
    attributes = " ".join(f"a{i}='='" for i in range(9))

    assert isinstance(_read(f"<SMTP {attributes}/>".encode(), _NODES), XmlDocument)
    assert _problem(f"<SMTP {attributes} b=''/>".encode(), _NODES).fault is Fault.TOO_LARGE


def test_attributes_of_one_element_are_limited() -> None:
    def elements(*counts: int) -> bytes:
        names = (" ".join(f"b{number}=''" for number in range(count)) for count in counts)
        return f"<SMTP>{''.join(f'<a {one}>c = d</a>' for one in names)}</SMTP>".encode()

    most = MOST_ATTRIBUTES
    assert isinstance(_read(elements(most, most)), XmlDocument)
    assert isinstance(_read(b"<SMTP>" + b"=" * 9 * most + b"</SMTP>"), XmlDocument)
    assert _problem(b"<SMTP><!--" + b"a='' " * 2 * most).fault is Fault.NOT_WELL_FORMED
    for full in (elements(1, most + 1), elements(1, most + 1).replace(b"''>c = d</a></SMTP>", b"''")):
        problem = _problem(full)
        assert problem.fault is Fault.TOO_LARGE
        assert problem.message == "an element has more than 10,000 attributes"
        assert problem.span.start.offset == len(elements(1)) - len("</SMTP>")


@pytest.mark.parametrize(("limit", "deepest"), [(256, 256), (3, 3), (2048, 2048), (100_000, 2048)])
@pytest.mark.parametrize("innermost", ["<a></a>", "<a/>"])
def test_depth_is_limited_to_what_the_parser_can_do(limit: int, deepest: int, innermost: str) -> None:
    def nested(depth: int) -> bytes:
        return ("<a>" * (depth - 1) + innermost + "</a>" * (depth - 1)).encode()

    limits = Limits(depth=limit)

    document = _read(nested(deepest), limits)
    assert isinstance(document, XmlDocument)
    assert len(list(document.find("a"))) == deepest
    problem = _problem(nested(deepest + 1), limits)
    assert problem.fault is Fault.TOO_LARGE
    assert problem.message == f"elements are nested more than {deepest} deep"
    assert problem.span.start.offset == 3 * deepest


@pytest.mark.parametrize("closing", ["", "</a>" * 100_000])
def test_a_hundred_thousand_levels(closing: str) -> None:
    problem = _problem(("<a>" * 100_000 + closing).encode())

    assert problem.fault is Fault.TOO_LARGE
    assert problem.span.start.offset == 3 * 256


def test_a_limit_is_not_told_where_something_else_is_wrong_before() -> None:
    assert _problem(b"<SMTP></Host>" + b"<a>" * 300).fault is Fault.NOT_WELL_FORMED
    assert _problem(b"<SMTP>&" + b"<br>" * 200 + b"</SMTP>").fault is Fault.NOT_WELL_FORMED
