"""The cases as they could stand in a file of a user: as the value of a setting, and around the section."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from migrator.checking import CheckSettings, check, read_document
from migrator.conversion.convert import ConvertSettings, OutputFormat, convert
from migrator.document.limits import Limits
from migrator.document.source import Unreadable, decode
from migrator.document.xml_characters import forbidden_character
from migrator.fixing import fix
from tests.conversion.comparing import canonical, through
from tests.suites.json_suite import JSON
from tests.suites.packages import folder_of
from tests.suites.xml_suite import XML_WITHOUT_DOCTYPE
from tests.suites.yaml_suite import YAML

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.suites.suite import Suite

pytestmark = pytest.mark.usefixtures("untraced")

SECRET = "Kx7QvWz93TmPbY2d"
_OUTPUTS = (OutputFormat.XML, OutputFormat.JSON, OutputFormat.YAML)
_DECLARATION = re.compile(r"\ufeff?<\?xml[ \t\r\n].*?\?>", re.DOTALL)
_LONGEST = 10_000  # characters: longer ones are made up to cost time, which is tested elsewhere


def _texts(suite: Suite, step: int = 1) -> Iterator[tuple[str, str]]:
    """Names of cases, of every so manieth, and their texts, without a declaration of XML."""
    for case in islice(suite.cases(folder_of(suite.package)), None, None, step):
        source = decode(case.data)
        if not isinstance(source, Unreadable) and len(source.text) < _LONGEST:
            yield case.name, _DECLARATION.sub("", source.text, count=1)


def _in_json(text: str) -> str:
    return f'{{"SMTP": {{"Host": {text}, "Password": "{SECRET}", "HostPort": "587-STARTTLS"}}}}'


def _in_yaml(text: str) -> str:
    lines = "\n".join(f"    {line}" if line else "" for line in text.split("\n"))
    return f"SMTP:\n  HostPort: 587-STARTTLS\n  Password: {SECRET}\n  Host:\n{lines}\n"


def _in_xml(text: str) -> str:
    port = "<HostPort>587-STARTTLS</HostPort>"
    return f"<SMTP><Host>{text}</Host><Password>{SECRET}</Password>{port}</SMTP>"


@pytest.mark.parametrize(
    ("suite", "path", "around"),
    [(JSON, "x.json", _in_json), (YAML, "x.yaml", _in_yaml), (XML_WITHOUT_DOCTYPE, "x.xml", _in_xml)],
    ids=["json", "yaml", "xml"],
)
def test_a_case_under_a_setting_breaks_nothing_and_shows_no_secret(
    suite: Suite, path: str, around: Callable[[str], str]
) -> None:
    settings = CheckSettings(excerpts=True)
    mended = 0
    for name, text in _texts(suite, 4 if suite is XML_WITHOUT_DOCTYPE else 1):
        data = around(text).encode("utf-8", "surrogatepass")
        report = check(path, data, settings)
        after = fix(data, lambda new: check(path, new, settings), unsafe=True)
        mended += bool(after.report.fixed)

        for one, excerpt in zip(report.diagnostics, report.excerpts, strict=True):
            assert one.code != "D007", name
            assert SECRET not in f"{one.message} {one.help} {one.fix} {excerpt}", name
        assert "D007" not in [one.code for one in after.report.diagnostics], name
        for output in _OUTPUTS:
            made = convert(path, data, ConvertSettings(output, force=True)).document
            assert made is None or not isinstance(
                read_document(f"y.{output.value}", made, Limits()), Unreadable
            ), name
    assert mended > 0


@pytest.mark.parametrize("suite", [JSON, YAML], ids=["json", "yaml"])
def test_the_text_of_a_case_is_the_same_value_in_every_format(suite: Suite) -> None:
    for name, text in _texts(suite):
        if forbidden_character(text) is not None:
            continue
        document = json.dumps({"SMTP": {"User": text}}).encode()
        for before, output in zip(("json", "yaml", "xml"), ("yaml", "xml", "json"), strict=True):
            made = convert(f"x.{before}", document, ConvertSettings(OutputFormat(output), force=True))
            assert made.document is not None, name
            document = made.document

        assert json.loads(document) == {"SMTP": {"User": text}}, name


@pytest.mark.parametrize("output", [OutputFormat.JSON, OutputFormat.YAML])
def test_the_whole_of_an_xml_case_comes_back(output: OutputFormat) -> None:
    count = 0
    for name, text in _texts(XML_WITHOUT_DOCTYPE, 2):
        data = f"<DataMiner>{text}<SMTP><Host>a</Host></SMTP></DataMiner>".encode()
        if isinstance(read_document("x.xml", data, Limits()), Unreadable) or not _has_canonical_form(data):
            continue
        count += 1
        _, back = through(data, output, whole_file=True, in_file_order=True)

        assert canonical(back) == canonical(data), name
    assert count > 100


def _has_canonical_form(data: bytes) -> bool:
    """Canonical XML has no names of namespaces that are relative."""
    names = (uri for element in etree.fromstring(data).iter("*") for uri in element.nsmap.values())
    return all(":" in uri for uri in names)
