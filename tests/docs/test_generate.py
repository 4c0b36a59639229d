"""What is generated in docs/: the pages of rules and steps, the options of commands, the settings."""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docs import command_pages, generate
from migrator import definition
from migrator.document.format import Format
from migrator.migrations import STEPS
from migrator.migrations.pages import page as page_of_step
from migrator.migrations.pages import taken, versions
from migrator.rules import BY_CODE, RULES
from migrator.rules.markdown import escaped
from migrator.rules.pages import facts, page
from migrator.values.variable import known_variables
from tests.cli.running import dmsmtp, unmeasured
from tests.docs.reading import blocks

if TYPE_CHECKING:
    from migrator.migrations.model import Step
    from migrator.rules.model import Rule

REPOSITORY = Path(__file__).resolve().parents[2]
ENDINGS = {".xml": Format.XML, ".json": Format.JSON, ".yaml": Format.YAML, ".yml": Format.YAML}
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
PAGES = generate.generated()
each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])


def found(name: str) -> list[str]:
    """The links on a page, without their anchors."""
    return LINK.findall(PAGES[name])


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "docs"
    shutil.copytree(generate.FOLDER, folder)
    monkeypatch.setattr(generate, "FOLDER", folder)
    return folder


def test_pages_are_up_to_date() -> None:
    assert generate.stale() == [], "run python docs/generate.py"


def test_check_names_stale_pages_and_writing_mends_them(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy / "rules/H207.md").unlink()
    (copy / "rules/S101.md").write_text("changed\n", "utf-8")
    (copy / "rules/Z999.md").write_text("of a rule that is gone\n", "utf-8")
    (copy / "steps/password-login.md").unlink()
    (copy / "settings.md").write_text("changed\n", "utf-8")
    lint = (copy / "commands/lint.md").read_text("utf-8")
    (copy / "commands/lint.md").write_text(lint.replace("| `--fix` |", "| `--mend` |"), "utf-8")
    (copy / "commands/mend.md").write_text("of a command that is gone\n", "utf-8")

    assert generate.main(["--check"]) == 1
    names = ("settings", "commands/lint", "rules/S101", "rules/H207", "steps/password-login")
    assert capsys.readouterr().out.splitlines() == [
        f"docs/{name}.md is stale: run python docs/generate.py"
        for name in (*names, "commands/mend", "rules/Z999")
    ]
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    assert b"\r" not in (copy / "rules/H207.md").read_bytes()
    assert (copy / "commands/lint.md").read_text("utf-8") == lint


def test_an_unknown_option_is_refused(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "rules/H207.md").unlink()

    assert generate.main(["--chek"]) == 2
    assert "usage" in capsys.readouterr().err
    assert not (copy / "rules/H207.md").exists()


def test_it_runs_as_a_script(tmp_path: Path) -> None:
    command = [sys.executable, str(generate.FOLDER / "generate.py"), "--check"]
    outcome = subprocess.run(
        command, cwd=tmp_path, env=unmeasured(), capture_output=True, text=True, check=False
    )

    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")


@pytest.mark.parametrize("name", sorted(PAGES))
def test_links_lead_somewhere(name: str) -> None:
    links = {posixpath.normpath(posixpath.join(posixpath.dirname(name), one)) for one in found(name)}

    assert links
    assert all((generate.FOLDER / link).is_file() for link in links)
    assert name not in links


@pytest.mark.parametrize("folder", ["commands", "rules", "steps"])
def test_an_index_leads_to_every_page_of_its_folder(folder: str) -> None:
    index = f"{folder}/README.md"
    links = {link for link in found(index) if "/" not in link}

    assert {f"{folder}/{link}" for link in links} == {
        name for name in PAGES if name.startswith(f"{folder}/") and name != index
    }


def test_the_index_of_the_rules_has_a_heading_for_each_letter() -> None:
    assert PAGES["rules/README.md"].count("\n## ") == len({rule.code[0] for rule in RULES})


def plain(cell: str) -> str:
    """A cell of a table without its Markdown."""
    return re.sub(r"`|\\(?=[\W_])", "", cell)


def squeezed(text: str) -> str:
    """A text without white space: the help breaks its lines, within words with hyphens too."""
    return "".join(text.split())


@pytest.mark.parametrize("name", command_pages.commands())
def test_the_page_of_a_command_says_what_its_help_says(name: str) -> None:
    text = PAGES[f"commands/{name}.md"]
    help_ = dmsmtp(name, "--help").text
    words = squeezed(help_.replace("`", ""))
    rows = [
        tuple(map(plain, re.split(r"(?<!\\) \| ", row)))
        for row in re.findall(r"^\| (`.+) \|$", text, re.MULTILINE)
    ]

    assert [row for row in rows if squeezed("".join(row)) not in words] == []
    names = [option for option, _ in rows]
    assert re.findall(r"^  (-.+?)(?=  |$)", help_, re.MULTILINE) == [
        option for option in names if option.startswith("-")
    ]
    headings = re.findall(r"^### (.+)$", text, re.MULTILINE)
    assert re.findall(r"^(\w+):$", help_, re.MULTILINE) == headings
    usage, told = re.findall(r"```text\n(.+)\n```\n\n([^<]*)", text)[0]
    assert squeezed(f"Usage: {usage}") in words
    assert squeezed(plain(told)) in words


def test_a_page_of_a_command_without_its_marks_is_refused(copy: Path) -> None:
    path = copy / "commands/lint.md"
    path.write_text(path.read_text("utf-8").replace("<!-- end of options -->", ""), "utf-8")

    with pytest.raises(ValueError, match=r"commands/lint\.md: it lacks the marks of its options"):
        generate.generated()


def test_a_command_that_has_no_page_gets_one(copy: Path) -> None:
    whole = (copy / "commands/rules.md").read_text("utf-8")
    (copy / "commands/rules.md").unlink()

    begun = generate.generated()["commands/rules.md"]
    assert begun.startswith("# dmsmtp rules\n\n<!-- usage: ")
    assert set(begun.splitlines()) < set(whole.splitlines())


@pytest.mark.parametrize("step", STEPS, ids=[step.name for step in STEPS])
def test_the_page_of_a_step_says_all_that_the_step_does(step: Step) -> None:
    text = PAGES[f"steps/{step.name}.md"]
    content = page_of_step(step)

    assert f"\n# {step.name}\n\n{escaped(content.title)}\n" in text
    assert f"| versions | {versions(step)} |\n| taken | {taken(step)} |\n" in text
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == list(content.headings)
    assert ("Before" in content.headings) is bool(content.examples("Before"))
    for section in content.sections:
        assert all(f"\n{example}\n```\n" in text for example in section.examples)
    if step.rule is not None:
        assert f"| rule | [{step.rule.code}](../rules/{step.rule.code}.md) |" in text


def test_the_page_of_the_settings_has_them_all_and_which_are_secret() -> None:
    text = PAGES["settings.md"]

    names = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert names == [*definition.settings(), *definition.login_methods()]
    secrets = re.findall(r"^\| `(\w+)` \|.*\| `(\w+)` \|$", text, re.MULTILINE)
    assert dict(secrets) == known_variables()


@each_rule
def test_a_page_says_all_that_the_rule_does(rule: Rule) -> None:
    text = PAGES[f"rules/{rule.code}.md"]

    assert f"\n# {rule.code} {rule.name}\n" in text
    assert all(f"\n| {name} | {value} |\n" in text for name, value in facts(rule).items())
    assert text.count("\n```") == 2 * sum(len(section.examples) for section in page(rule).sections)
    for section in page(rule).sections:
        assert f"\n## {section.heading}\n" in text
        assert all(f"\n{example}\n```\n" in text for example in section.examples)


def test_languages_of_examples() -> None:
    generated = "".join(text for name, text in PAGES.items() if name.startswith(("rules/", "steps/")))
    languages = set(re.findall(r"^```(\w*)$", generated, re.MULTILINE)) - {""}

    assert languages == {"xml", "json", "yaml"}


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith(("rules/", "steps/"))])
def test_each_example_has_a_language(name: str) -> None:
    assert [block.text for block in blocks(PAGES[name]) if not block.language] == []


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

    assert {format_ for _, format_ in found} == set(Format)
    assert not [(code, format_) for code, format_ in found if format_ not in BY_CODE[code].formats]
