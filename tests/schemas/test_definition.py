"""What smtp.schema.json promises to its readers, and which documents it takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SETTINGS = [
    "Host",
    "HostPort",
    "LoginMethod",
    "User",
    "Password",
    "OAuthClientID",
    "OAuthClientSecret",
    "OAuthTokenEndpoint",
    "OAuthConfigData",
    "Helo",
    "MaxSubjectLength",
    "From",
]
TEXTS = [name for name in SETTINGS if name not in {"HostPort", "LoginMethod", "MaxSubjectLength"}]
OAUTH_SINCE = {"main": ["10.5.0 CU13", "10.6.0 CU1"], "feature": "10.6.4"}

GOLDEN = {
    "Host": "smtp.mail.com",
    "HostPort": "587-starttls",
    "LoginMethod": "AuthLoginMethod",
    "User": "someone@mail.com",
    "Password": "not a real one",
}

VALID = [
    pytest.param({"SMTP": GOLDEN}, id="golden"),
    pytest.param({"$schema": "smtp.schema.json", "SMTP": GOLDEN}, id="names its schema"),
    pytest.param({"DataMiner": {"SMTP": GOLDEN}}, id="whole file"),
    pytest.param({"DataMiner": {"@id": "7", "SMTP": GOLDEN, "LDAP": {"@port": "x"}}}, id="others are free"),
    pytest.param({"SMTP": {}}, id="empty section"),
    pytest.param({"SMTP": dict.fromkeys(TEXTS)}, id="null is empty"),
    pytest.param({"SMTP": dict.fromkeys(TEXTS, "")}, id="empty texts"),
    pytest.param({"SMTP": {"HostPort": 587}}, id="port as a number"),
    pytest.param({"SMTP": {"MaxSubjectLength": 0}}, id="no subject"),
    pytest.param({"SMTP": dict(reversed(GOLDEN.items()))}, id="any order"),
]
INVALID = [
    pytest.param({}, id="nothing"),
    pytest.param([], id="a list"),
    pytest.param(None, id="null"),
    pytest.param(GOLDEN, id="settings without their section"),
    pytest.param({"SMTP": None}, id="null section"),
    pytest.param({"SMTP": [GOLDEN]}, id="list of sections"),
    pytest.param({"smtp": GOLDEN}, id="section in lower case"),
    pytest.param({"SMTP": GOLDEN, "Other": 1}, id="something beside the section"),
    pytest.param({"SMTP": GOLDEN, "DataMiner": {"SMTP": GOLDEN}}, id="two sections"),
    pytest.param({"DataMiner": {"@id": "7"}}, id="file without a section"),
    pytest.param({"DataMiner": None}, id="null file"),
    pytest.param({"DataMiner": {"SMTP": {"Hots": ""}}}, id="misspelt in a file"),
    pytest.param({"$schema": 1, "SMTP": GOLDEN}, id="schema as a number"),
    pytest.param({"SMTP": {"Port": "25"}}, id="not a setting"),
    pytest.param({"SMTP": {"host": "x"}}, id="setting in lower case"),
    pytest.param({"SMTP": {"@lang": "x"}}, id="attribute"),
    pytest.param({"SMTP": {"Host": 25}}, id="number for a text"),
    pytest.param({"SMTP": {"Host": True}}, id="boolean for a text"),
    pytest.param({"SMTP": {"Host": ["x"]}}, id="list for a text"),
    pytest.param({"SMTP": {"Host": {"$": "x"}}}, id="mapping for a text"),
    pytest.param({"SMTP": {"HostPort": None}}, id="null port"),
    pytest.param({"SMTP": {"HostPort": True}}, id="boolean port"),
    pytest.param({"SMTP": {"HostPort": 0}}, id="port 0"),
    pytest.param({"SMTP": {"HostPort": 65536}}, id="port above the last"),
    pytest.param({"SMTP": {"LoginMethod": None}}, id="null login method"),
    pytest.param({"SMTP": {"LoginMethod": 1}}, id="number for a login method"),
    pytest.param({"SMTP": {"MaxSubjectLength": None}}, id="null length"),
    pytest.param({"SMTP": {"MaxSubjectLength": "78"}}, id="text for a length"),
    pytest.param({"SMTP": {"MaxSubjectLength": -1}}, id="negative length"),
    pytest.param({"SMTP": {"MaxSubjectLength": 7.5}}, id="broken length"),
]


@pytest.mark.parametrize(
    "name", ["smtp.schema.json", "report.schema.json", "baseline.schema.json", "config.schema.json"]
)
def test_schemas_are_valid_and_their_references_resolve(name: str, schemas: Path) -> None:
    schema = json.loads((schemas / name).read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    resolver = Registry().resolver_with_root(DRAFT202012.create_resource(schema))

    references = [value for key, value in _members(schema) if key == "$ref"]
    assert references
    for reference in references:
        resolver.lookup(reference)


@pytest.mark.parametrize("name", ["smtp.schema.json", "report.schema.json", "baseline.schema.json"])
def test_patterns_mean_the_same_in_every_validator(name: str, schemas: Path) -> None:
    schema = json.loads((schemas / name).read_text("utf-8"))

    patterns = [value for key, value in _members(schema) if key == "pattern"]
    assert patterns
    for pattern in patterns:
        assert pattern.startswith("^")
        assert pattern.endswith(r"$(?!\n)")
        assert "\\" not in pattern.removesuffix(r"$(?!\n)")


def test_settings_stand_in_the_documented_order(section: dict[str, Any]) -> None:
    assert list(section["properties"]) == SETTINGS


def test_every_setting_is_described(section: dict[str, Any]) -> None:
    for name, setting in section["properties"].items():
        assert setting["title"], name
        assert setting["description"].endswith("."), name
        assert setting["examples"], name
    for method in section["properties"]["LoginMethod"]["oneOf"]:
        assert method["title"]
        assert method["description"].endswith(".")


def test_examples_and_defaults_are_valid(section: dict[str, Any], json_schema: Draft202012Validator) -> None:
    for name, setting in section["properties"].items():
        for value in [*setting["examples"], setting.get("default", setting["examples"][0])]:
            json_schema.validate({"SMTP": {name: value}})
    assert section["properties"]["HostPort"]["default"] == "25"


def test_secrets_are_write_only(section: dict[str, Any]) -> None:
    secrets = {name for name, setting in section["properties"].items() if setting.get("writeOnly")}

    assert secrets == {"Password", "OAuthClientSecret"}


def test_versions_are_bounds_for_both_trains(section: dict[str, Any]) -> None:
    properties = section["properties"]
    since = {name: setting["x-since"] for name, setting in properties.items() if "x-since" in setting}
    methods = properties["LoginMethod"]["oneOf"]

    assert since == {name: OAUTH_SINCE for name in SETTINGS if name.startswith("OAuth")}
    assert {method["const"]: method.get("x-since") for method in methods} == {
        "NoLoginMethod": None,
        "LoginPlainMethod": None,
        "AuthLoginMethod": None,
        "CramMD5Method": None,
        "NTLM": {"main": ["4.2"], "feature": "4.2"},
        "Auto": {"main": ["5.0"], "feature": "5.0"},
        "XOAUTH2": OAUTH_SINCE,
    }


def test_descriptions_name_the_versions(section: dict[str, Any]) -> None:
    properties = section["properties"]
    for described in [*properties.values(), *properties["LoginMethod"]["oneOf"]]:
        if bounds := described.get("x-since"):
            for version in [*bounds["main"], bounds["feature"]]:
                assert version in described["description"]


@pytest.mark.parametrize("document", VALID)
def test_valid_documents(document: Any, json_schema: Draft202012Validator) -> None:
    json_schema.validate(document)


@pytest.mark.parametrize("document", INVALID)
def test_invalid_documents(document: Any, json_schema: Draft202012Validator) -> None:
    assert not json_schema.is_valid(document)


def test_ajv_agrees_in_strict_mode(ajv: Callable[[Path, list[Any]], list[bool]], schemas: Path) -> None:
    documents = [case.values[0] for case in [*VALID, *INVALID]]

    verdicts = ajv(schemas / "smtp.schema.json", documents)
    assert verdicts == [True] * len(VALID) + [False] * len(INVALID)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param({"x-sinse": 1}, "x-sinse", id="unknown keyword"),
        pytest.param({"type": ["string", "integer"]}, "allowUnionTypes", id="list of types"),
        pytest.param({"properties": {}}, "missing type", id="properties without their type"),
        pytest.param(
            {"type": "string", "pattern": r"^a\-b$"}, "Invalid regular expression", id="needless escape"
        ),
    ],
)
def test_ajv_is_as_strict_as_we_think(
    change: dict[str, Any],
    complaint: str,
    ajv: Callable[[Path, list[Any]], list[bool]],
    definition: dict[str, Any],
    tmp_path: Path,
) -> None:
    schema = definition | {"$defs": definition["$defs"] | {"text": change}}
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(schema), "utf-8")

    with pytest.raises(AssertionError, match=complaint):
        ajv(file, [])


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
        for member in value.values():
            yield from _members(member)
    elif isinstance(value, list):
        for member in value:
            yield from _members(member)
