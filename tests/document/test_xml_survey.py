"""What cannot be read: the place and the words, for files that are broken, forbidden or made to cost much."""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
import textwrap
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrator.checking import CheckSettings, check
from migrator.document.limits import Limits
from migrator.document.model import Target
from migrator.document.source import Fault, Source, Unreadable, decode
from migrator.document.xml import XmlDocument, parse
from tests.document.places import stretch, unmarked

if TYPE_CHECKING:
    from pathlib import Path

_SECRET = "hunter2"
_NAMEABLE = frozenset({"DataMiner", "SMTP", "Host", "Password"})


def _read(data: bytes, limits: Limits = Limits()) -> XmlDocument | Unreadable:  # noqa: B008 - a value
    source = decode(data)
    return parse(source, limits, _NAMEABLE.__contains__) if isinstance(source, Source) else source


def _problem(data: bytes, limits: Limits = Limits()) -> Unreadable:  # noqa: B008 - a value
    problem = _read(data, limits)
    assert isinstance(problem, Unreadable), problem
    assert _SECRET not in problem.message + problem.help
    start, end = problem.span.start.offset, problem.span.end.offset
    assert 0 <= start <= end <= len(data)
    return problem


_AMPERSAND = ("an & that begins no known reference", "write & inside a value as &amp;")
_ESCAPE = "write < inside a value as &lt;"
_LESS_THAN = ("a < that begins no tag", _ESCAPE)
_NO_TAG = ("a < that begins no tag", f"{_ESCAPE}; in a tag, look for a missing quote")
_BAD_TAG = ("this tag is not well-formed here", "look for a missing quote, equals sign, space or >")
_IN_ATTRIBUTE = ("a < inside the value of an attribute", "write it as &lt;")
_NO_INSTRUCTION = (
    "a <? that begins no processing instruction",
    f"{_ESCAPE}; the name of an instruction has no colon and is not xml",
)
_BAD_REFERENCE = ("a character reference names a character that XML does not allow", "remove it")
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
    ("«&»LT;", _AMPERSAND),
    ("«&»nbsp;", _AMPERSAND),
    ("a&lt;b «&» c", _AMPERSAND),
    ("&amp;&#65; ]]«&» x", _AMPERSAND),
    ("<![CDATA[&]]>&amp;<!-- & -->«&» c", _AMPERSAND),
    ("<Host a='x «&» y'/>", _AMPERSAND),
    ("<Host a=\"'«&»hunter2;\"/>", _AMPERSAND),
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
    ("«h»unter2", _TEXT_FIRST),
    ("\n «h»unter2 <SMTP/>", _TEXT_FIRST),
    ("«{»}", _TEXT_FIRST),
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
    ("«<»>", _LESS_THAN),
    ("«<» SMTP/>", _LESS_THAN),
    ("«<»1/>", _NO_TAG),
    ("<SMTP«\x00»/>", _forbidden("0000")),
    ("«\x00»\x01\x02", _forbidden("0000")),
    ("<SMTP><Host></«SMTP»></Host>", _mismatch("</SMTP>", "<Host>", 1)),
    ("<hunter2></«SMTP»>", _mismatch("</SMTP>", "an element", 1)),
]


@pytest.mark.parametrize(("marked", "words"), _BROKEN_DOCUMENTS)
def test_a_broken_document_is_found(marked: str, words: tuple[str, str]) -> None:
    text, bounds = unmarked(marked)

    problem = _problem(text.encode())

    assert (problem.message, problem.help) == words
    assert problem.span == stretch(text, bounds)
    assert problem.fault is Fault.NOT_WELL_FORMED
