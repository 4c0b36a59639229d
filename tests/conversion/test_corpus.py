from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from migrator.checking import read_document
from migrator.conversion.convert import OutputFormat
from migrator.definition import schema_path
from migrator.document.limits import Limits
from migrator.document.source import Unreadable
from migrator.document.xml import XmlDocument
from migrator.section import Configuration, Section, read_configuration
from tests.conversion.comparing import (
    BETWEEN,
    FORMATS,
    as_utf8,
    canonical,
    comments_in,
    converted,
    settings_of,
    through,
)
from tests.test_fixtures import CORPUS, Fixture

pytestmark = pytest.mark.usefixtures("untraced")

DEFINITION: dict[str, Any] = json.loads(schema_path("smtp.schema.json").read_bytes())
SCHEMA = Draft202012Validator(DEFINITION)


def _configuration(path: str, data: bytes) -> Configuration | None:
    document = read_document(path, data, Limits())
    return None if isinstance(document, Unreadable) else read_configuration(document)


def _section(path: str, data: bytes) -> Section:
    found = _configuration(path, data)
    assert found is not None
    assert found.section is not None
    return found.section


READ = [
    (one, found) for one in CORPUS if (found := _configuration(one.name, one.path.read_bytes())) is not None
]
SECTIONS = [one for one, found in READ if found.section is not None]
XML = [one for one, found in READ if isinstance(found.document, XmlDocument)]
each_section = pytest.mark.parametrize("fixture", [pytest.param(one, id=one.name) for one in SECTIONS])
each_xml = pytest.mark.parametrize("fixture", [pytest.param(one, id=one.name) for one in XML])


def test_most_of_the_corpus_is_here() -> None:
    assert len(SECTIONS) > 400
    assert len(XML) > 400


@each_section
def test_a_section_says_the_same_in_every_format(fixture: Fixture) -> None:
    data = fixture.path.read_bytes()
    before = settings_of(_section(fixture.name, data))

    for output, ending in FORMATS.items():
        result = converted(fixture.name, data, output, force=True, in_file_order=True)
        assert result.document is not None, result.problems
        back = converted(f"x.{ending}", result.document, OutputFormat.XML, force=True, in_file_order=True)
        assert back.document is not None, back.problems
        assert settings_of(_section("x.xml", back.document)) == before


@each_section
def test_what_is_valid_is_valid_to_the_schema(fixture: Fixture) -> None:
    data = fixture.path.read_bytes()
    documents = [
        json.loads(converted(fixture.name, data, OutputFormat.JSON).document or b"null"),
        yaml.safe_load(converted(fixture.name, data, OutputFormat.YAML).document or b"null"),
    ]

    assert documents[0] == documents[1]
    if documents[0] is not None:
        assert list(SCHEMA.iter_errors(documents[0])) == []
        names = list(documents[0]["SMTP"])
        assert names == [name for name in DEFINITION["$defs"]["section"]["properties"] if name in names]


@each_xml
def test_a_whole_file_comes_back(fixture: Fixture) -> None:
    data = fixture.path.read_bytes()

    for output in BETWEEN:
        _, back = through(data, output, whole_file=True)
        assert canonical(back) == canonical(as_utf8(data))


@pytest.mark.parametrize("fixture", [pytest.param(one, id=one.name) for one in XML if one in SECTIONS])
def test_yaml_keeps_the_comments_between_settings(fixture: Fixture) -> None:
    data = fixture.path.read_bytes()
    section = _section(fixture.name, data)
    comments = [
        line.strip()
        for one in section.document.comments()
        if one.inside == section.node or (one.inside is None and section.node.parent() is None)
        for line in one.text.strip().splitlines() or [""]
    ]
    _, back = through(data, OutputFormat.YAML, in_file_order=True)

    assert comments_in(back) == comments
