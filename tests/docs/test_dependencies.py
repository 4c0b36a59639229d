"""docs/dependencies.md: a row for all that is asked for anywhere, and for nothing else."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import metadata
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

from tests.docs.reading import DOCS, REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
_EXTRAS = _PROJECT["project"]["optional-dependencies"]
_FAMILY = re.compile("Apache|BSD|GPL|MIT|MPL|Unlicense")
_WITHOUT_LICENCE = {"atheris"}  # its package names none, and not every system has it
_COLUMNS = ["package", "for", "why this one", "instead", "costs", "licence"]


def _tables() -> dict[str, dict[str, dict[str, str]]]:
    """The rows by heading and package."""
    tables: dict[str, dict[str, dict[str, str]]] = {}
    for part in (DOCS / "dependencies.md").read_text("utf-8").split("\n## ")[1:]:
        lines = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
        cells = [[cell.strip() for cell in line] for line in lines]
        assert cells[0] == _COLUMNS
        rows = [dict(zip(_COLUMNS, row, strict=True)) for row in cells[2:]]
        tables[part.partition("\n")[0]] = {row["package"].strip("`"): row for row in rows}
    return tables


TABLES = _tables()
RUN, LIVE, DEVELOP, PROGRAMS = TABLES.values()


def _names(requirements: Iterable[str]) -> set[str]:
    return {Requirement(text).name for text in requirements}


def test_packages_have_a_row_where_they_belong() -> None:
    live, develop = _names(_EXTRAS["live"]), _names(_EXTRAS["dev"]) - {"dmsmtp"} | _names(_EXTRAS["docs"])

    assert set(RUN) == _names(_PROJECT["project"]["dependencies"])
    assert set(LIVE) == live
    assert set(DEVELOP) == (develop - live) | _names(_PROJECT["build-system"]["requires"])
    assert live <= develop


def test_programs_have_a_row() -> None:
    tools = (REPOSITORY / ".ci" / "install-tools").read_text("utf-8")
    create = (REPOSITORY / ".ci" / "create-venv").read_text("utf-8")
    by_apt = re.findall(r"\.ci/apt-install (?:--idle )?([^&;]*?) &&", tools + create)
    by_npm = re.findall(r"^(?:packages|suites)='([^']+)'", tools, re.MULTILINE)
    by_pip = re.search(r"--target \.tools/python \\\n.*?tests/constraints.txt ([^;]+); then", tools)
    assert by_apt
    assert by_npm
    assert by_pip
    values = {'"$package"': "python3-venv", '"$python_library"': "libpython3"}

    assert set(PROGRAMS) == {
        *(values.get(name, name) for names in by_apt for name in names.split()),
        *(name.rpartition("@")[0] for names in by_npm for name in names.split()),
        *by_pip[1].split(),
    }


@pytest.mark.parametrize("heading", TABLES)
def test_rows_say_all(heading: str) -> None:
    assert [row["package"] for row in TABLES[heading].values() if not all(row.values())] == []


@pytest.mark.parametrize("name", [one for one in (*RUN, *LIVE, *DEVELOP) if one not in _WITHOUT_LICENCE])
def test_licences_are_those_that_the_packages_name(name: str) -> None:
    told = (RUN | LIVE | DEVELOP)[name]["licence"]
    said = metadata(name).json
    named = said.get("license_expression")

    older = [line for line in said.get("classifier", []) if line.startswith("License ::")]
    families = set(_FAMILY.findall(f"{said.get('license')} {older}"))
    assert told == named if named else families
    assert named or families <= set(_FAMILY.findall(told))
