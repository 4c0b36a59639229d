"""The schemas work alone, with the programs that docs/editors.md names."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import unmeasured

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMESPACE = 'xmlns="http://www.skyline.be/config/dataminer"'
XML = '<DataMiner {} id="7"><SMTP><Host>smtp.example.com</Host><{}>25</{}></SMTP></DataMiner>'
YAML = "SMTP:\n  Host: smtp.example.com\n  {}\n"
JSON = '{{"SMTP": {{"Host": "smtp.example.com", {}}}}}'


def _check_jsonschema(*arguments: str | Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "check_jsonschema", *arguments]
    outcome = subprocess.run(
        command, env=unmeasured(), capture_output=True, text=True, encoding="utf-8", check=False
    )
    return outcome.returncode, outcome.stdout + outcome.stderr


@pytest.mark.parametrize("namespace", ["", NAMESPACE], ids=["no namespace", "namespace"])
@pytest.mark.parametrize(("name", "expected"), [("HostPort", True), ("Port", False)])
def test_xmllint(
    name: str,
    expected: bool,
    namespace: str,
    xmllint: Callable[[Path, list[Path]], set[Path]],
    schemas: Path,
    tmp_path: Path,
) -> None:
    file = tmp_path / "DataMiner.xml"
    file.write_text(XML.format(namespace, name, name), "utf-8")

    assert (file in xmllint(schemas / "dataminer.xsd", [file])) == expected


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        pytest.param("smtp.yaml", YAML.format("HostPort: 587-starttls"), "", id="yaml"),
        pytest.param("smtp.yaml", YAML.format("HostPort: 587"), "", id="yaml, a number"),
        pytest.param("smtp.yaml", YAML.format("User:"), "", id="yaml, null"),
        pytest.param(
            "smtp.yaml", YAML.format("Port: 587"), "'Port' was unexpected", id="yaml, not a setting"
        ),
        pytest.param("smtp.yaml", YAML.format("HostPort: 587-tls"), "587-tls", id="yaml, no port"),
        pytest.param("smtp.json", JSON.format('"LoginMethod": "Auto"'), "", id="json"),
        pytest.param("smtp.json", JSON.format('"LoginMethod": "auto"'), "auto", id="json, no login method"),
        pytest.param(
            "smtp.json", JSON.format('"MaxSubjectLength": "78"'), "'78' is not of type", id="json, a text"
        ),
    ],
)
def test_check_jsonschema(name: str, text: str, says: str, schemas: Path, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")

    code, output = _check_jsonschema("--schemafile", schemas / "smtp.schema.json", file)
    assert code == (1 if says else 0), output
    assert says in output


def test_check_jsonschema_takes_the_schemas(schemas: Path) -> None:
    found = sorted(schemas.glob("*.schema.json"))
    code, output = _check_jsonschema("--check-metaschema", *found)

    assert len(found) == 4

    assert code == 0, output
