from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xmlschema
from jsonschema import Draft202012Validator
from lxml import etree

from schemas import generate

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMAS = generate.FOLDER
MODULES = Path(__file__).resolve().parents[2] / ".tools" / "node" / "node_modules"
SCRIPT = Path(__file__).with_name("ajv_strict.mjs")


def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SCHEMAS / name).read_text("utf-8"))
    return document


@pytest.fixture(scope="session")
def schemas() -> Path:
    return SCHEMAS


@pytest.fixture(scope="session")
def definition() -> dict[str, Any]:
    return _read("smtp.schema.json")


@pytest.fixture(scope="session")
def section(definition: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = definition["$defs"]["section"]
    return found


@pytest.fixture(scope="session")
def report_schema() -> dict[str, Any]:
    return _read("report.schema.json")


@pytest.fixture(scope="session")
def nodes() -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = _read("dataminer.nodes.json")["nodes"]
    return table


@pytest.fixture(scope="session")
def json_schema(definition: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(definition)


@pytest.fixture(scope="session")
def fast() -> etree.XMLSchema:
    """The XSD 1.0 as the program's fast verdict loads it."""
    return etree.XMLSchema(file=str(SCHEMAS / "dataminer.xsd"))


@pytest.fixture(scope="session")
def second() -> xmlschema.XMLSchema10:
    """The same XSD 1.0, read by another validator."""
    return xmlschema.XMLSchema10(SCHEMAS / "dataminer.xsd")


@pytest.fixture(scope="session")
def exact() -> xmlschema.XMLSchema11:
    return xmlschema.XMLSchema11(SCHEMAS / "dataminer-1.1.xsd")


@pytest.fixture(scope="session")
def xmllint() -> Callable[[Path, list[Path]], set[Path]]:
    """The files that xmllint accepts by a schema."""
    program = shutil.which("xmllint")
    if program is None:
        pytest.skip("install xmllint (libxml2-utils), or run make tools")

    def judge(schema: Path, files: list[Path]) -> set[Path]:
        command: list[str | Path] = [program, "--noout", "--nonet", "--schema", schema, *files]
        outcome = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        assert outcome.returncode in (0, 3), outcome.stderr  # 3: not valid; others: it could not judge
        lines = outcome.stderr.splitlines()
        return {file for file in files if f"{file} validates" in lines}

    return judge


@pytest.fixture(scope="session")
def ajv(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, list[Any]], list[bool]]:
    """Judge documents by a JSON Schema with ajv, which must compile it in strict mode without a word."""
    node = shutil.which("node")
    if node is None or not (MODULES / "ajv").is_dir():
        pytest.skip("install node and ajv (npm install --prefix .tools/node ajv@8), or run make tools")
    file = tmp_path_factory.mktemp("ajv") / "instances.json"

    def judge(schema: Path, instances: list[Any]) -> list[bool]:
        file.write_text(json.dumps(instances), "utf-8")
        command: list[str | Path] = [node, SCRIPT, MODULES, schema, file]
        outcome = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        assert outcome.returncode == 0, outcome.stderr
        verdicts: list[bool] = json.loads(outcome.stdout)
        return verdicts

    return judge
