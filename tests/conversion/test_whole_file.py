from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from migrator.conversion.convert import OutputFormat
from migrator.document.limits import Limits
from tests.conversion.comparing import BETWEEN, FORMATS, canonical, comments_in, converted, through
from tests.conversion.test_values import texts

OTHER = "urn:example:other"
NAMES = ["Colors", "Color", "Password", "A", f"{{{OTHER}}}A"]
ATTRIBUTES = ["id", "value", "password", f"{{{OTHER}}}id", "{http://www.w3.org/XML/1998/namespace}space"]


@st.composite
def _documents(draw: st.DrawFn) -> bytes:
    """DataMiner.xml as lxml writes it: repeated and scattered names, mixed content, two namespaces."""
    is_declared = draw(st.booleans())
    root = etree.Element("DataMiner", {"id": "7"}, {"p": OTHER} if is_declared else None)
    _fill(draw, root, 3)
    return etree.tostring(root)


def _fill(draw: st.DrawFn, element: etree._Element, depth: int) -> None:
    is_mixed = draw(st.integers(0, 3)) == 0
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=4 if depth else 0)):
        child = etree.SubElement(element, name)
        for attribute in draw(st.sets(st.sampled_from(ATTRIBUTES), max_size=2)):
            child.set(attribute, draw(texts))
        _fill(draw, child, depth - 1)
        child.tail = draw(texts) if is_mixed else draw(st.sampled_from(["", "\n  "]))
    if not len(element) or is_mixed:
        element.text = draw(texts)


@settings(max_examples=80)
@given(data=_documents())
def test_any_file_comes_back(data: bytes) -> None:
    for output in BETWEEN:
        there, back = through(data, output, whole_file=True)
        assert canonical(back) == canonical(data)
        if output is OutputFormat.YAML:
            as_json, _ = through(data, OutputFormat.JSON, whole_file=True)
            assert yaml.safe_load(there.decode()) == json.loads(as_json)


def _json(xml: str) -> Any:
    result = converted("a.xml", xml.encode(), OutputFormat.JSON, whole_file=True, force=True)
    return json.loads(result.document or b"null")["DataMiner"]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        pytest.param("<DataMiner/>", {}, id="documented as without text"),
        pytest.param("<DataMiner> \n </DataMiner>", {}, id="white space where no text belongs"),
        pytest.param("<DataMiner><X/></DataMiner>", {"X": ""}, id="empty"),
        pytest.param("<DataMiner><X> </X></DataMiner>", {"X": " "}, id="white space that may be a value"),
        pytest.param("<DataMiner><X>007</X></DataMiner>", {"X": "007"}, id="its own text"),
        pytest.param("<DataMiner id='7'/>", {"@id": "7"}, id="attribute"),
        pytest.param(
            "<DataMiner><X a='1'>b</X></DataMiner>", {"X": {"@a": "1", "$": "b"}}, id="text beside it"
        ),
        pytest.param("<DataMiner><X a='1'/></DataMiner>", {"X": {"@a": "1"}}, id="no text beside it"),
        pytest.param("<DataMiner><X>1</X><X>2</X></DataMiner>", {"X": ["1", "2"]}, id="repeated"),
        pytest.param(
            "<DataMiner><NetworkAdapters><MAC>1</MAC></NetworkAdapters></DataMiner>",
            {"NetworkAdapters": {"MAC": ["1"]}},
            id="may be repeated",
        ),
        pytest.param(
            "<DataMiner><DMA><Own/><DMAName>a</DMAName><Location2>b</Location2></DMA></DataMiner>",
            {"DMA": {"Own": "", "DMAName": "a", "Location2": "b"}},
            id="in the documented order",
        ),
        pytest.param(
            "<DataMiner><DMA><Location2>b</Location2><DMAName>a</DMAName></DMA></DataMiner>",
            {"DMA": {"$children": [{"Location2": "b"}, {"DMAName": "a"}]}},
            id="in another order",
        ),
        pytest.param(
            "<DataMiner><X>1</X><Y/><X>2</X></DataMiner>",
            {"$children": [{"X": "1"}, {"Y": ""}, {"X": "2"}]},
            id="scattered",
        ),
        pytest.param(
            "<DataMiner><X>a<Y/> b </X></DataMiner>",
            {"X": {"$children": ["a", {"Y": ""}, " b "]}},
            id="mixed",
        ),
        pytest.param(
            "<DataMiner><X>a<Y/> <Y/></X></DataMiner>",
            {"X": {"$children": ["a", {"Y": ""}, " ", {"Y": ""}]}},
            id="white space in mixed content",
        ),
        pytest.param(
            "<DataMiner><SMTP><MaxSubjectLength>78</MaxSubjectLength></SMTP></DataMiner>",
            {"SMTP": {"MaxSubjectLength": 78}},
            id="the one number",
        ),
        pytest.param(
            "<DataMiner><SMTP><MaxSubjectLength>078</MaxSubjectLength></SMTP></DataMiner>",
            {"SMTP": {"MaxSubjectLength": "078"}},
            id="no plain number",
        ),
        pytest.param(
            "<p:DataMiner xmlns:p='http://www.skyline.be/config/dataminer'/>", None, id="a root with a prefix"
        ),
    ],
)
def test_the_convention(xml: str, expected: object) -> None:
    if expected is None:
        result = converted("a.xml", xml.encode(), OutputFormat.JSON, whole_file=True, force=True)
        assert json.loads(result.document or b"null") == {
            "p:DataMiner": {"@xmlns:p": "http://www.skyline.be/config/dataminer"}
        }
    else:
        assert _json(xml) == expected


def test_yaml_keeps_comments_between_elements() -> None:
    xml = b"""<?xml version="1.0"?>
<!-- one -->
<DataMiner id="7">
  <!-- two
       lines -->
  <DMA><!-- three --><DMAName>Agent 7</DMAName></DMA> <!-- four -->
  <NetworkAdapters>
    <!-- five -->
    <MAC>1</MAC> <!-- six -->
    <MAC>2</MAC>
    <!-- seven -->
  </NetworkAdapters>
  <QOS>Voice</QOS> <!-- eight -->
</DataMiner>
<!-- nine -->
"""
    _, back = through(xml, OutputFormat.YAML, whole_file=True)

    numbers = ["three", "four", "five", "six", "seven", "eight", "nine"]
    assert comments_in(back) == ["one", "two", "lines", *numbers]
    assert b"<MAC>1</MAC> <!-- six -->" in back
    assert canonical(back) == canonical(xml)


def test_comments_come_back_from_yaml_where_they_stood() -> None:
    xml = b"""<?xml version="1.0" encoding="utf-8"?>
<DataMiner id="7">
  <DMA><!-- nothing else is in it --></DMA>
  <Crowd id="1"><!-- nothing but an attribute --></Crowd>
  <SMTP>
    <Host>a</Host>
    <User>b</User> <!-- behind User, the last one -->
    <!-- <Password>c</Password> -->
  </SMTP>
  <!-- before QOS -->
  <QOS>Voice</QOS> <!-- behind QOS, the last one -->
  <!-- at the end of DataMiner -->
</DataMiner>
<!-- after all -->
"""
    assert through(xml, OutputFormat.YAML, whole_file=True)[1] == xml


def test_comments_of_yaml_are_in_the_element_that_they_stand_in() -> None:
    yaml_text = b"""DataMiner:
  X:
  - a: 1
    # in the first X
  # before the second X
  - a: 2  # behind a
  # before Y
  Y: {a: 1,
    b: 2  # behind b
    # in Y
   }  # behind Y
  Z:
    '@a': b
    $: c  # behind Z, as no comment stands in a text
"""
    result = converted("a.yaml", yaml_text, OutputFormat.XML, whole_file=True)

    assert (
        (result.document or b"").decode()
        == """<?xml version="1.0" encoding="utf-8"?>
<DataMiner>
  <X>
    <a>1</a>
    <!-- in the first X -->
  </X>
  <!-- before the second X -->
  <X>
    <a>2</a> <!-- behind a -->
  </X>
  <!-- before Y -->
  <Y>
    <a>1</a>
    <b>2</b> <!-- behind b -->
    <!-- in Y -->
  </Y> <!-- behind Y -->
  <Z a="b">c</Z> <!-- behind Z, as no comment stands in a text -->
</DataMiner>
"""
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"a b": ""}, "this key cannot be the name of an element"),
        ({"": ""}, "this key cannot be the name of an element"),
        ({"@a b": ""}, "this key cannot be the name of an attribute"),
        ({"@a": {}}, "a mapping or list stands where only a text can"),
        ({"$": []}, "a mapping or list stands where only a text can"),
        ({"X": [["1"]]}, "a list in a list stands for no element"),
        ({"p:X": ""}, "the XML would not be well-formed: "),
    ],
)
def test_what_is_no_xml_is_a_problem(document: dict[str, object], message: str) -> None:
    data = json.dumps({"DataMiner": {**document, "SMTP": {"Host": "smtp.example.com"}}}).encode()

    result = converted("a.json", data, OutputFormat.XML, whole_file=True, force=True)

    assert result.document is None
    assert [one.message.startswith(message) for one in result.problems] == [True]


@pytest.mark.parametrize("output", FORMATS)
def test_what_is_nested_too_deep_is_a_problem(output: OutputFormat) -> None:
    depth = 2_000
    xml = f"<DataMiner>{'t<b>' * depth}{'</b>' * depth}</DataMiner>".encode()

    result = converted("a.xml", xml, output, whole_file=True, limits=Limits(depth=depth + 1))

    assert result.document is None
    assert [one.message for one in result.problems] == ["elements are nested too deep to be converted"]


@pytest.mark.parametrize("output", FORMATS)
def test_what_is_nested_deep_is_converted(output: OutputFormat) -> None:
    xml = f"<DataMiner>{'t<b>' * 100}{'</b>' * 100}</DataMiner>".encode()

    assert converted("a.xml", xml, output, whole_file=True).document is not None


def test_what_cannot_travel_is_noted() -> None:
    xml = b"""<!-- one --><DataMiner id="7"><?pi two?><X>a<!-- three -->b</X></DataMiner><?pi four?>"""

    result = converted("a.xml", xml, OutputFormat.JSON, whole_file=True)

    assert sorted((one.span.start.column, one.message) for one in result.notes if one.span) == [
        (1, "JSON has no comments: this one is left out"),
        (31, "a processing instruction is left out"),
        (45, "JSON has no comments: this one is left out"),
        (76, "a processing instruction is left out"),
    ]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (
            "    Location2: b  # 2\n    # 1\n    DMAName: a\n    # 3\n",
            "<!-- 1 -->\n    <DMAName>a</DMAName>\n    <Location2>b</Location2> <!-- 2 -->\n    <!-- 3 -->",
        ),
        (
            "    Location2: b\n    Own: c\n    DMAName: a\n",
            "<DMAName>a</DMAName>\n    <Location2>b</Location2>\n    <Own>c</Own>",
        ),
        (
            "    $children:\n    - Location2: b\n    - DMAName: a\n",
            "<Location2>b</Location2>\n    <DMAName>a</DMAName>",
        ),
    ],
)
def test_keys_come_back_in_the_documented_order(inside: str, expected: str) -> None:
    text = f"DataMiner:\n  DMA:\n{inside}  SMTP: {{}}\n"
    result = converted("a.yaml", text.encode(), OutputFormat.XML, whole_file=True, force=True)
    assert f"<DMA>\n    {expected}\n  </DMA>" in (result.document or b"").decode()
