"""What may stand in SMTP: the same for every validator, for both namespaces, with and without DataMiner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import xmlschema

NAMESPACE = "http://www.skyline.be/config/dataminer"
ROOTS = {
    "section": "<SMTP {attributes}>{content}</SMTP>",
    "section with its namespace": f'<SMTP xmlns="{NAMESPACE}" {{attributes}}>{{content}}</SMTP>',
    "file": '<DataMiner id="7"><Other/><SMTP {attributes}>{content}</SMTP><DaaS/></DataMiner>',
    "file with its namespace": (
        f'<DataMiner id="7" xmlns="{NAMESPACE}"><Other/><SMTP {{attributes}}>{{content}}</SMTP></DataMiner>'
    ),
}
SETTINGS = [
    *("Host", "HostPort", "LoginMethod", "User", "Password", "OAuthClientID", "OAuthClientSecret"),
    *("OAuthTokenEndpoint", "OAuthConfigData", "Helo", "MaxSubjectLength", "From"),
]
VALUES = {"HostPort": "587-starttls", "LoginMethod": "Auto", "MaxSubjectLength": "78"}
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def _settings(*names: str) -> str:
    return "".join(f"<{name}>{VALUES.get(name, 'x')}</{name}>" for name in names)


VALID = [
    pytest.param(_settings(*SETTINGS), "", id="all settings"),
    pytest.param(_settings(*reversed(SETTINGS)), "", id="in another order"),
    pytest.param(_settings("Host"), "", id="one setting"),
    pytest.param("", "", id="empty"),
    pytest.param(" \t\r\n ", "", id="white space"),
    pytest.param("<!-- a --><?b c?>", "", id="comment and instruction"),
    pytest.param("<Host/><User></User><Password/><Helo/><From/>", "", id="empty texts"),
    pytest.param("<Host><![CDATA[a&b]]></Host>", "", id="CDATA in a value"),
    pytest.param("<HostPort>58<!-- -->7</HostPort>", "", id="comment in a value"),
    pytest.param("<HostPort>&#53;87</HostPort>", "", id="character reference in a value"),
    pytest.param(_settings("Host"), 'xml:lang="en" xml:space="preserve"', id="XML attributes"),
    pytest.param(
        _settings("Host"), 'xml:lang="" xml:space="no such word" xml:other="x"', id="odd XML attributes"
    ),
    pytest.param('<Host xml:lang="en">x</Host>', "", id="XML attribute on a text"),
    pytest.param('<HostPort xml:lang="en">25</HostPort>', "", id="XML attribute on a port"),
    pytest.param(_settings("Host"), 'xmlns:other="urn:other"', id="namespace declaration"),
    pytest.param(_settings("Host"), f'{XSI} xsi:schemaLocation="urn:other none.xsd"', id="schema location"),
    pytest.param(_settings("Host"), f'{XSI} xsi:noNamespaceSchemaLocation="none.xsd"', id="schema named"),
]
INVALID = [
    pytest.param(_settings("Host", "Host"), "", id="setting twice"),
    pytest.param(_settings("Host", "User", "Host"), "", id="setting twice, apart"),
    pytest.param("<Hots/>", "", id="misspelt"),
    pytest.param("<host/>", "", id="lower case"),
    pytest.param(_settings(*SETTINGS) + "<Port>25</Port>", "", id="unknown setting"),
    pytest.param("<SMTP/>", "", id="section in the section"),
    pytest.param('<Host xmlns="urn:other"/>', "", id="setting in a foreign namespace"),
    pytest.param('<Other xmlns="urn:other"/>', "", id="element in a foreign namespace"),
    pytest.param(_settings("Host"), 'enabled="true"', id="attribute"),
    pytest.param(_settings("Host"), 'xmlns:o="urn:other" o:enabled="true"', id="attribute in a namespace"),
    pytest.param('<Host port="25"/>', "", id="attribute on a text"),
    pytest.param('<HostPort tls="true">25</HostPort>', "", id="attribute on a port"),
    pytest.param('<LoginMethod a="b">Auto</LoginMethod>', "", id="attribute on a login method"),
    pytest.param(f'<Host {XSI} xsi:nil="true"/>', "", id="nil"),
    pytest.param(f'<Host {XSI} xsi:nil="false"/>', "", id="not nil"),
    pytest.param("x" + _settings("Host"), "", id="text before"),
    pytest.param(_settings("Host") + "x", "", id="text after"),
    pytest.param("<Host>a<b/></Host>", "", id="element in a text"),
    pytest.param("<Host><Host>a</Host></Host>", "", id="setting in itself"),
    pytest.param("<HostPort>25<b/></HostPort>", "", id="element in a port"),
    pytest.param("<HostPort/>", "", id="empty port"),
    pytest.param("<LoginMethod/>", "", id="empty login method"),
    pytest.param("<MaxSubjectLength/>", "", id="empty length"),
    pytest.param("<HostPort><![CDATA[ 25]]></HostPort>", "", id="space in CDATA"),
    pytest.param("<HostPort>25&#10;</HostPort>", "", id="line end in a reference"),
]


def _section(document: etree._Element) -> etree._Element:
    return next(document.iter("{*}SMTP"))


@pytest.mark.parametrize("root", ROOTS.values(), ids=ROOTS)
class TestStructure:
    @pytest.mark.parametrize(("content", "attributes"), VALID)
    def test_valid(
        self,
        root: str,
        content: str,
        attributes: str,
        fast: etree.XMLSchema,
        second: xmlschema.XMLSchema10,
        exact: xmlschema.XMLSchema11,
    ) -> None:
        text = root.format(content=content, attributes=attributes)
        document = etree.fromstring(text)

        fast.assertValid(document)
        fast.assertValid(_section(document))
        second.validate(text)
        exact.validate(text)

    @pytest.mark.parametrize(("content", "attributes"), INVALID)
    def test_invalid(
        self,
        root: str,
        content: str,
        attributes: str,
        fast: etree.XMLSchema,
        second: xmlschema.XMLSchema10,
        exact: xmlschema.XMLSchema11,
    ) -> None:
        text = root.format(content=content, attributes=attributes)
        document = etree.fromstring(text)

        assert not fast.validate(document)
        assert not fast.validate(_section(document))
        assert not second.is_valid(text)
        assert not exact.is_valid(text)

    def test_xmllint_agrees(
        self, root: str, xmllint: Callable[[Path, list[Path]], set[Path]], schemas: Path, tmp_path: Path
    ) -> None:
        files = {tmp_path / f"{number}.xml": case for number, case in enumerate([*VALID, *INVALID])}
        for file, case in files.items():
            content, attributes = case.values
            file.write_text(root.format(content=content, attributes=attributes), "utf-8")

        accepted = xmllint(schemas / "dataminer.xsd", list(files))

        assert [files[file].id for file in files if file in accepted] == [case.id for case in VALID]

    @settings(max_examples=40)
    @given(names=st.lists(st.sampled_from([*SETTINGS, "Hots"]), max_size=14))
    def test_any_order_and_each_at_most_once(
        self,
        root: str,
        names: list[str],
        fast: etree.XMLSchema,
        second: xmlschema.XMLSchema10,
        exact: xmlschema.XMLSchema11,
    ) -> None:
        text = root.format(content=_settings(*names), attributes="")
        document = etree.fromstring(text)
        expected = "Hots" not in names and len(set(names)) == len(names)

        assert fast.validate(document) == expected
        assert fast.validate(_section(document)) == expected
        assert second.is_valid(text) == expected
        assert exact.is_valid(text) == expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(f'<d:SMTP xmlns:d="{NAMESPACE}"><d:Host/></d:SMTP>', True, id="prefix"),
        pytest.param(f'<d:SMTP xmlns:d="{NAMESPACE}"><Host/></d:SMTP>', False, id="prefix left out"),
        pytest.param(f'<SMTP><Host xmlns="{NAMESPACE}"/></SMTP>', False, id="namespace on the setting alone"),
        pytest.param(
            f'<SMTP xmlns="{NAMESPACE}"><Host xmlns=""/></SMTP>', False, id="no namespace on the setting"
        ),
        pytest.param('<SMTP xmlns="urn:other"/>', False, id="foreign namespace"),
        pytest.param('<DataMiner xmlns="urn:other" id="7"/>', False, id="file in a foreign namespace"),
        pytest.param("<Host/>", False, id="a setting alone"),
        pytest.param("<DMS/>", False, id="another root"),
    ],
)
def test_roots(
    document: str,
    expected: bool,
    fast: etree.XMLSchema,
    second: xmlschema.XMLSchema10,
    exact: xmlschema.XMLSchema11,
) -> None:
    tree = etree.fromstring(document)

    assert fast.validate(tree) == expected
    assert second.is_valid(tree) == expected
    assert exact.is_valid(tree) == expected


@pytest.mark.parametrize(
    "document",
    [
        # xmlschema takes this for white space.
        pytest.param("<SMTP>&#160;<Host/></SMTP>", id="no-break space between settings"),
        # xmlschema gives no verdict on a type that it does not know, but an exception.
        pytest.param(f'<SMTP><Host {XSI} xsi:type="none"/></SMTP>', id="another type"),
        # xmlschema takes any attribute of this namespace.
        pytest.param(f'<SMTP><Host {XSI} xsi:none="x"/></SMTP>', id="unknown attribute of XML Schema"),
    ],
)
def test_where_xmlschema_is_no_judge(
    document: str,
    fast: etree.XMLSchema,
    xmllint: Callable[[Path, list[Path]], set[Path]],
    schemas: Path,
    tmp_path: Path,
) -> None:
    file = tmp_path / "smtp.xml"
    file.write_text(document, "utf-8")

    assert not fast.validate(etree.fromstring(document))
    assert not xmllint(schemas / "dataminer.xsd", [file])


def test_smtp_xsd_stands_alone(schemas: Path) -> None:
    alone = etree.XMLSchema(file=str(schemas / "smtp.xsd"))

    alone.assertValid(etree.fromstring(f"<SMTP>{_settings(*SETTINGS)}</SMTP>"))
    assert not alone.validate(etree.fromstring("<SMTP><Hots/></SMTP>"))
    assert not alone.validate(etree.fromstring(f'<SMTP xmlns="{NAMESPACE}"/>'))


@pytest.mark.parametrize("name", ["dataminer.xsd", "dataminer-no-namespace.xsd", "smtp.xsd"])
def test_schemas_load_from_an_awkward_folder(name: str, schemas: Path, tmp_path: Path) -> None:
    folder = tmp_path / "Program Files & d\u00e9p\u00f4t #1 100%"
    folder.mkdir()
    for file in schemas.glob("*.xsd"):
        (folder / file.name).write_bytes(file.read_bytes())

    schema = etree.XMLSchema(file=str(folder / name))
    assert schema.validate(etree.fromstring("<SMTP/>"))
    offline = etree.XMLParser(no_network=True)
    assert etree.XMLSchema(etree.parse(str(folder / name), offline)).validate(etree.fromstring("<SMTP/>"))


def test_a_schema_named_in_the_document_is_not_fetched(fast: etree.XMLSchema, tmp_path: Path) -> None:
    lax = tmp_path / "lax.xsd"
    lax.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="SMTP"/></xs:schema>',
        "utf-8",
    )
    document = f'<SMTP {XSI} xsi:noNamespaceSchemaLocation="{lax.as_uri()}"><Hots/></SMTP>'

    assert not fast.validate(etree.fromstring(document))
