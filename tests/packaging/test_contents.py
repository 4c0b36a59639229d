"""What is in the wheel and in the source distribution, and what their metadata say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt
from packaging.metadata import Metadata
from packaging.requirements import Requirement

from benchmarks.install import ROOT
from tests.cli.running import unmeasured

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NO_SOURCES = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")
_WHEEL = re.compile(r"dmsmtp-[\w.]+-py3-none-any\.whl")
_BACKEND_ADDS = {"PKG-INFO", "setup.cfg"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NAME = f"dmsmtp-{PROJECT['version']}"


@pytest.fixture(name="built", scope="module")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a source distribution, and a wheel that was built from it."""
    folder = tmp_path_factory.mktemp("built")
    sources = folder / "sources"  # a copy, as a build leaves files beside what it builds
    shutil.copytree(ROOT, sources, ignore=_NO_SOURCES)
    command = (sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, sources)
    outcome = subprocess.run(
        command, env=unmeasured(), capture_output=True, text=True, errors="replace", check=False
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return folder


@pytest.fixture(name="metadata", scope="module")
def _metadata(wheel: Path) -> Metadata:
    """The wheel's, validated as registries do."""
    return Metadata.from_email(_in_wheel(wheel)[f"{NAME}.dist-info/METADATA"], validate=True)


def test_the_wheel_holds_the_program_and_its_schemas_and_nothing_else(wheel: Path) -> None:
    about = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE", "top_level.txt"}
    ours = {*_files("migrator", ".py", ".typed"), *_files("schemas", ".py", ".json", ".xsd")}

    assert set(_in_wheel(wheel)) == {
        *(f"{NAME}.dist-info/{name}" for name in about),
        *(f"migrator/{name}" if name.startswith("schemas/") else name for name in ours),
    }
    assert {"migrator/py.typed", "schemas/smtp.schema.json", "schemas/dataminer-1.1.xsd"} <= ours


def test_the_source_distribution_holds_what_the_wheel_is_built_from(built: Path) -> None:
    with tarfile.open(built / f"{NAME}.tar.gz") as archive:
        names = {one.name.removeprefix(f"{NAME}/") for one in archive if one.isfile()}
    ours = {*_files("migrator", ".py", ".typed"), *_files("schemas", ".py", ".json", ".xsd")}
    files = {"LICENSE", "MANIFEST.in", "README.md", "pyproject.toml"}

    assert {name for name in names if not name.startswith("dmsmtp.egg-info/")} == ours | files | _BACKEND_ADDS


def test_a_wheel_from_the_source_distribution_is_the_same(built: Path, wheel: Path) -> None:
    (other,) = built.glob("*.whl")

    assert other.name == wheel.name
    assert _in_wheel(other) == _in_wheel(wheel)


def test_the_wheel_is_for_every_system_and_every_python_3(wheel: Path) -> None:
    assert wheel.name == f"{NAME}-py3-none-any.whl"


def test_metadata_are_those_of_the_project(metadata: Metadata) -> None:
    assert metadata.license_expression == PROJECT["license"] == "MIT"
    assert metadata.license_files == ["LICENSE"]
    assert metadata.provides_extra == sorted(PROJECT["optional-dependencies"], reverse=True)
    assert str(metadata.requires_python) == PROJECT["requires-python"]
    base = {requirement for requirement in metadata.requires_dist or () if requirement.marker is None}
    assert base == set(map(Requirement, PROJECT["dependencies"]))


def test_the_readme_that_registries_show_is_ours_and_renders(metadata: Metadata) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert metadata.description_content_type == "text/markdown"
    assert metadata.description == text

    page = MarkdownIt("commonmark").enable("table").render(text)

    assert page.startswith("<h1>dmsmtp</h1>")
    assert page.count("<h2>") == sum(line.startswith("## ") for line in text.splitlines())
    assert page.count("<pre>") == text.count("\n```") / 2
    assert "<table>" in page


def test_pages_name_the_wheel_as_it_is_called(wheel: Path) -> None:
    pages = ("README.md", "docs/single-file.md")
    named = {name for page in pages for name in _WHEEL.findall((ROOT / page).read_text("utf-8"))}

    assert named == {wheel.name}


def _in_wheel(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def _files(folder: str, *suffixes: str) -> Iterator[str]:
    for path in (ROOT / folder).rglob("*"):
        if path.suffix in suffixes:
            yield path.relative_to(ROOT).as_posix()
