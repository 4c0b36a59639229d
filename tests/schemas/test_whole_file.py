"""The nodes around SMTP: the table, the exact schema made from it, and what XSD 1.0 sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

if TYPE_CHECKING:
    from pathlib import Path

    import xmlschema

Nodes: TypeAlias = dict[str, dict[str, Any]]

NAMESPACE = "http://www.skyline.be/config/dataminer"
SECRETS = {
    *("AzureAD/@clientSecret", "AzureAD/@password", "Crowd/@password"),
    *("ExternalAuthentication/@password", "ExternalAuthentication/@sharedSecret", "LDAP/@password"),
    *("SNMP/@readCommunity", "SNMP/@writeCommunity"),
}
SAMPLES = {"string": "text", "integer": "7", "boolean": "true", "decimal": "0.5"}
SETTINGS = {"Host": "smtp.example.com", "HostPort": "587-starttls", "LoginMethod": "Auto"}

WRONG = {
    "id missing": "<DataMiner/>",
    "id not a number": '<DataMiner id="seven"/>',
    "id empty": '<DataMiner id=""/>',
    "boolean attribute": '<DataMiner id="7" safeMode="yes"/>',
    "integer attribute": '<DataMiner id="7"><SNMP port="snmp"/></DataMiner>',
    "word of an attribute": '<DataMiner id="7"><LDAP auth="simple"/></DataMiner>',
    "number or word": '<DataMiner id="7"><ProcessOptions protocolProcesses="many"/></DataMiner>',
    "colour out of range": '<DataMiner id="7"><Colors><Color value="256,0,0"/></Colors></DataMiner>',
    "colour with two parts": '<DataMiner id="7"><Colors><Color value="1,2"/></Colors></DataMiner>',
    "word of an element": '<DataMiner id="7"><QOS>Loud</QOS></DataMiner>',
    "boolean element": '<DataMiner id="7"><SnmpTrapDistribution>on</SnmpTrapDistribution></DataMiner>',
    "decimal element": '<DataMiner id="7"><WarningThreshold>0,5</WarningThreshold></DataMiner>',
    "deeper integer": '<DataMiner id="7"><Logging><Debug>high</Debug></Logging></DataMiner>',
    "deeper attribute": '<DataMiner id="7"><DMA><DMAName mode="auto">x</DMAName></DMA></DataMiner>',
    "text among elements": '<DataMiner id="7"><LDAP>x</LDAP></DataMiner>',
    "element in a text": '<DataMiner id="7"><DataMinerGuid><x/></DataMinerGuid></DataMiner>',
}
WRONG_FOR_THE_EXACT_SCHEMA = {
    "twice": '<DataMiner id="7"><QOS>Voice</QOS><Other/><QOS>Voice</QOS></DataMiner>',
    "section twice": '<DataMiner id="7"><SMTP/><SMTP/></DataMiner>',
    "deeper twice": '<DataMiner id="7"><LDAP><User/><User/></LDAP></DataMiner>',
    "out of order": '<DataMiner id="7"><DMA><Location1/><DMAName/></DMA></DataMiner>',
    "too few": '<DataMiner id="7"><NetworkAdapters/></DataMiner>',
    "element in a deeper text": '<DataMiner id="7"><DMA><Location1><x/></Location1></DMA></DataMiner>',
    "text in another's name": '<DataMiner id="7"><IP>192.0.2.1</IP></DataMiner>',
}
TOLERATED = {
    "element": '<DataMiner id="7"><Other a="b">text<x/></Other></DataMiner>',
    "attribute": '<DataMiner id="7" other="x"/>',
    "attribute in a namespace": '<DataMiner id="7" xmlns:o="urn:other" o:other="x"/>',
    "element in a namespace": '<DataMiner id="7"><o:Other xmlns:o="urn:other" id="x"/></DataMiner>',
    "the same element twice": '<DataMiner id="7"><Other/><QOS>Voice</QOS><Other/></DataMiner>',
    "deeper element": '<DataMiner id="7"><LDAP><Other/></LDAP><DaaS><Other/></DaaS></DataMiner>',
    "deeper attribute": '<DataMiner id="7"><LDAP other="x"><Group other="x"/></LDAP></DataMiner>',
    "attribute of a text": '<DataMiner id="7"><QOS other="x">Voice</QOS></DataMiner>',
    "among ordered ones": '<DataMiner id="7"><DMA><o/><DMAName/><o/><o/><Location2/><o/></DMA></DataMiner>',
    "name of one, elsewhere": '<DataMiner id="7"><MobileGateway><IP>::1</IP></MobileGateway></DataMiner>',
    "comments": '<DataMiner id="7"><!-- a --><?b?></DataMiner>',
}


def _with_namespace(document: str) -> str:
    return document.replace("<DataMiner", f'<DataMiner xmlns="{NAMESPACE}"', 1)


def _both(cases: dict[str, str]) -> list[pytest.ParameterSet]:
    return [
        pytest.param(change(document), id=f"{name}, {kind}")
        for name, document in cases.items()
        for kind, change in (("no namespace", str), ("namespace", _with_namespace))
    ]


def _complete(nodes: Nodes, *, copies: int = 1) -> etree._Element:
    """Build a document with every documented node; what may be repeated stands in it ``copies`` times."""
    built: dict[str, list[etree._Element]] = {}
    for path, node in nodes.items():
        parent, _, name = path.rpartition("/")
        value = (node.get("enum") or node.get("or") or [SAMPLES.get(node.get("type", ""))])[-1]
        if node["kind"] == "attribute":
            for element in built[parent]:
                element.set(name.removeprefix("@"), "0,99,255" if "pattern" in node else value)
        elif not parent:
            built[path] = [etree.Element(name)]
        else:
            times = 1 if node["occurs"][1] == 1 else copies
            built[path] = [etree.SubElement(element, name) for element in built[parent] for _ in range(times)]
            for element in built[path]:
                element.text = value
    for name, text in SETTINGS.items():
        etree.SubElement(built["DataMiner/SMTP"][0], name).text = text
    return built["DataMiner"][0]


def test_the_table_is_in_order(nodes: Nodes) -> None:
    for path, node in nodes.items():
        parent, _, name = path.rpartition("/")
        assert (node["kind"] == "attribute") == name.startswith("@"), path
        assert ("occurs" in node) == (node["kind"] == "element" and path != "DataMiner"), path
        assert not parent or list(nodes).index(parent) < list(nodes).index(path), path
        assert node.get("type", "string") in SAMPLES, path
        assert "type" in node or node["kind"] == "element", path


def test_the_table_uses_no_other_words(nodes: Nodes) -> None:
    words = {word for node in nodes.values() for word in node}

    assert words == {
        *("kind", "occurs", "type", "enum", "or", "pattern", "required", "default", "deprecated"),
        *("ordered", "secret", "schema", "note"),
    }


def test_the_inside_of_smtp_is_defined_elsewhere(nodes: Nodes) -> None:
    assert nodes["DataMiner/SMTP"] == {"kind": "element", "occurs": [0, 1], "schema": "smtp.schema.json"}
    assert not [path for path in nodes if path.startswith("DataMiner/SMTP/")]


def test_secrets_are_marked(nodes: Nodes) -> None:
    assert {path for path, node in nodes.items() if node.get("secret")} == {
        f"DataMiner/{path}" for path in SECRETS
    }


@pytest.mark.parametrize("copies", [1, 3])
def test_every_documented_node(
    copies: int, nodes: Nodes, fast: etree.XMLSchema, exact: xmlschema.XMLSchema11
) -> None:
    document = etree.tostring(_complete(nodes, copies=copies), encoding="unicode")

    for text in (document, _with_namespace(document)):
        exact.validate(text)
        fast.assertValid(etree.fromstring(text))


@pytest.mark.parametrize("document", _both(TOLERATED))
def test_undocumented_nodes_are_tolerated(
    document: str, fast: etree.XMLSchema, exact: xmlschema.XMLSchema11
) -> None:
    exact.validate(document)
    fast.assertValid(etree.fromstring(document))


@pytest.mark.parametrize("document", _both(WRONG))
def test_wrong_values(document: str, fast: etree.XMLSchema, exact: xmlschema.XMLSchema11) -> None:
    assert not exact.is_valid(document)
    assert not fast.validate(etree.fromstring(document))


@pytest.mark.parametrize("document", _both(WRONG_FOR_THE_EXACT_SCHEMA))
def test_wrong_for_the_exact_schema(
    document: str, fast: etree.XMLSchema, exact: xmlschema.XMLSchema11
) -> None:
    assert not exact.is_valid(document)
    fast.assertValid(etree.fromstring(document))


def test_colours_reach_from_0_to_255(exact: xmlschema.XMLSchema11) -> None:
    for number in range(300):
        for value in (f"{number},0,0", f"0,{number},0", f"0,0,{number}"):
            document = f'<DataMiner id="7"><Colors><Color value="{value}"/></Colors></DataMiner>'
            assert exact.is_valid(document) == (number <= 255), value


@given(names=st.lists(st.sampled_from(["Other", "Another", "QOS", "SNMP", "SMTP", "Logging"]), max_size=9))
def test_any_order_among_undocumented_nodes(names: list[str], exact: xmlschema.XMLSchema11) -> None:
    children = "".join("<QOS>Voice</QOS>" if name == "QOS" else f"<{name}/>" for name in names)
    documented = [name for name in names if "ther" not in name]

    expected = len(set(documented)) == len(documented)
    assert exact.is_valid(f'<DataMiner id="7">{children}</DataMiner>') == expected


def test_the_schema_without_a_namespace_stands_alone(schemas: Path) -> None:
    alone = etree.XMLSchema(file=str(schemas / "dataminer-no-namespace.xsd"))

    for document in TOLERATED.values():
        alone.assertValid(etree.fromstring(document))
        assert not alone.validate(etree.fromstring(_with_namespace(document)))
