"""The pages of the rules in docs/rules/, which are generated."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docs import generate
from migrator.rules import BY_CODE, RULES
from migrator.rules.pages import FORMATS, facts, formats, page

if TYPE_CHECKING:
    from migrator.rules.model import Rule

REPOSITORY = Path(__file__).resolve().parents[2]
ENDINGS = {".xml": "XML", ".json": "JSON", ".yaml": "YAML", ".yml": "YAML"}
LINK = re.compile(r"\]\(([^)]+)\)")
each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "rules"
    shutil.copytree(generate.FOLDER, folder)
    monkeypatch.setattr(generate, "FOLDER", folder)
    return folder


def test_pages_are_up_to_date() -> None:
    assert generate.stale() == [], "run python docs/generate.py"


def test_check_names_stale_pages_and_writing_mends_them(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy / "H207.md").unlink()
    (copy / "S101.md").write_text("changed\n", "utf-8")
    (copy / "Z999.md").write_text("of a rule that is gone\n", "utf-8")

    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"docs/rules/{name}.md is stale: run python docs/generate.py" for name in ("S101", "H207", "Z999")
    ]
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    assert b"\r" not in (copy / "H207.md").read_bytes()


def test_an_unknown_option_is_refused(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "H207.md").unlink()

    assert generate.main(["--chek"]) == 2
    assert "usage" in capsys.readouterr().err
    assert not (copy / "H207.md").exists()


@pytest.mark.parametrize("name", sorted(generate.generated()))
def test_links_lead_somewhere(name: str) -> None:
    text = generate.generated()[name]
    links = LINK.findall(text)

    assert links
    assert set(links) <= set(generate.generated())
    assert name not in links


def test_the_index_leads_to_every_page() -> None:
    pages = generate.generated()

    assert set(LINK.findall(pages[generate.INDEX])) == set(pages) - {generate.INDEX}
    assert pages[generate.INDEX].count("\n## ") == len({rule.code[0] for rule in RULES})


@each_rule
def test_a_page_says_all_that_the_rule_does(rule: Rule) -> None:
    text = generate.generated()[f"{rule.code}.md"]

    assert f"\n# {rule.code} {rule.name}\n" in text
    assert all(f"\n| {name} | {value} |\n" in text for name, value in facts(rule).items())
    assert text.count("\n```") == 2 * sum(len(section.examples) for section in page(rule).sections)
    for section in page(rule).sections:
        assert f"\n## {section.heading}\n" in text
        assert all(f"\n{example}\n```\n" in text for example in section.examples)


def test_languages_of_examples() -> None:
    languages = set(re.findall(r"^```(\w+)$", "".join(generate.generated().values()), re.MULTILINE))

    assert languages == {"xml", "json", "yaml"}


def test_no_file_shows_a_finding_in_a_format_that_its_page_leaves_out() -> None:
    expected = [
        (path, ENDINGS[path.with_suffix("").suffix])
        for path in (REPOSITORY / "fixtures").rglob("*.expected")
        if path.with_suffix("").suffix in ENDINGS
    ]
    found = {
        (code, format_)
        for path, format_ in expected
        for code in re.findall(r"^\d+:\d+-\d+:\d+ \w+ ([A-Z]\d{3}) ", path.read_text("utf-8"), re.MULTILINE)
    }

    assert {format_ for _, format_ in found} == set(FORMATS)
    assert not [(code, format_) for code, format_ in found if format_ not in formats(BY_CODE[code])]
