"""What the documentation shows can be typed: commands with their options, YAML, TOML, links, jobs of CI."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer._click.exceptions import UsageError

from docs.command_pages import commands
from migrator import migrations
from migrator.checking import CheckSettings
from migrator.migrations import migrating, pages, transport
from migrator.migrations.migrating import migrate
from migrator.migrations.model import Goal
from migrator.reporters import FORMATS
from migrator.rules import BY_CODE, message
from migrator.rules.pages import page_of
from migrator.section import Section
from migrator.values.version import parse_version
from tests.cli.running import ERROR, dmsmtp
from tests.docs.agents import AGENTS, RELAYS
from tests.docs.reading import (
    DOCS,
    PAGES,
    REPOSITORY,
    Block,
    arguments,
    blocks,
    invocations,
    mentions,
    options,
)
from tests.rules.observed import section_of
from tests.rules.tables import AS_OF, findings

TEXTS = {path.relative_to(REPOSITORY).as_posix(): path.read_text("utf-8") for path in PAGES}
CI = {name: text for name, text in TEXTS.items() if name.startswith("docs/ci/")}
INVOCATIONS = sorted({(name, call) for name, text in TEXTS.items() for call in invocations(text)})
MENTIONS = sorted({(name, call) for name, text in TEXTS.items() for call in mentions(text)})
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
REPORT = re.compile(r"--report (\w+)=(\S+)")


def snippets(*languages: str) -> list[object]:
    found: list[object] = []
    for name, text in TEXTS.items():
        wanted = [block for block in blocks(text) if block.language in languages]
        found += [pytest.param(block, id=f"{name}-{number}") for number, block in enumerate(wanted, 1)]
    return found


def test_there_is_something_to_test() -> None:
    assert len(CI) == 4
    assert len(INVOCATIONS) > 10
    assert len(MENTIONS) > 20
    assert len(snippets("yaml")) > 5


@pytest.mark.parametrize(("page", "call"), INVOCATIONS)
def test_a_command_takes_what_is_shown(page: str, call: str) -> None:
    assert page
    name, *rest = arguments(call)
    commands()[name].make_context(name, rest)


@pytest.mark.parametrize(("page", "call"), MENTIONS)
def test_options_that_are_spoken_of_exist(page: str, call: str) -> None:
    assert page
    name, *rest = arguments(call)
    assert {word for word in rest if word.startswith("-") and word != "-"} <= options(name)


@pytest.mark.parametrize(
    "call", ["lint --fixx .", "lint --output-format xml .", "schema a b", "lint --jobs many ."]
)
def test_a_command_that_does_not_exist_would_be_noticed(call: str) -> None:
    name, *rest = arguments(call)
    with pytest.raises(UsageError):
        commands()[name].make_context(name, rest)


def test_commands_are_found_wherever_they_stand() -> None:
    text = (
        "Say `dmsmtp lint --fix` or `dmsmtp.toml`.\n\n```console\n$ dmsmtp rules | head\ndmsmtp: no\n```\n\n"
        '```yaml\n- dmsmtp lint \\\n  --diff .\n- run: "$T/bin/dmsmtp" validate x\n```\n'
    )

    assert [arguments(call) for call in invocations(text)] == [
        ["rules"],
        ["lint", "--diff", "."],
        ["validate", "x"],
    ]
    assert mentions(text) == ["lint --fix"]


@pytest.mark.parametrize("block", snippets("yaml"))
def test_yaml_parses(block: Block) -> None:
    assert list(yaml.safe_load_all(block.text))


@pytest.mark.parametrize("block", snippets("toml"))
def test_toml_parses(block: Block) -> None:
    assert tomllib.loads(block.text)


@pytest.mark.parametrize("page", TEXTS)
def test_links_lead_somewhere(page: str) -> None:
    for target, heading in LINK.findall(TEXTS[page]):
        path = ((REPOSITORY / page).parent / target).resolve() if target else REPOSITORY / page
        assert path.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", CI)
def test_a_job_keeps_every_report_that_it_has_written(page: str) -> None:
    written = [(block, found) for block in blocks(CI[page]) for found in REPORT.findall(block.text)]
    assert written or page == "docs/ci/github.md"  # whose action writes them
    for block, (format_, file) in written:
        assert format_ in FORMATS
        is_fragment = block.file_name is None  # a part that takes the place of another one
        assert is_fragment or block.text.count(file) > 1, file


def test_every_job_installs_from_what_is_in_the_repository() -> None:
    published = re.compile(r"pip install (?:--\S+ )*dmsmtp(?!\S)")
    for page, text in TEXTS.items():
        for block in blocks(text):
            assert not published.search(block.text), page
    assert all("tools/dmsmtp-*.whl" in text for text in CI.values())
    assert Path(DOCS / "adopting.md").read_text("utf-8").count("--wheel-dir tools") == 1


@pytest.mark.parametrize(("page", "call"), [one for one in INVOCATIONS if one[0] in CI])
def test_a_job_writes_the_reports_that_it_names(
    page: str, call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page
    (tmp_path / "DataMiner.xml").write_text(ERROR, "utf-8")
    monkeypatch.chdir(tmp_path)

    assert dmsmtp(*arguments(call)).code == 1
    assert all((tmp_path / file).read_text("utf-8") for _, file in REPORT.findall(call))


def test_the_repository_that_is_adopted_is_described_as_it_is() -> None:
    page = TEXTS["docs/adopting.md"]

    assert f"repository with {AGENTS + RELAYS} configurations" in page
    assert f"`agents/{AGENTS}`" in page
    assert f"{RELAYS} relays" in page


def test_the_inputs_of_the_action_are_all_described() -> None:
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text("utf-8"))
    described = re.findall(r"^\| `([\w-]+)` \|", CI["docs/ci/github.md"], re.MULTILINE)

    assert described == list(action["inputs"])
    assert all(f"`{name}`" in CI["docs/ci/github.md"] for name in action["outputs"])


def test_the_rule_that_is_shown_is_one() -> None:
    rule, line = (one.text for one in blocks(TEXTS["docs/adding-a-rule.md"]) if one.language == "python")
    names = {**vars(message), "Iterator": Iterator, "Section": Section}
    exec(rule, names)  # noqa: S102 - it stands in this repository
    helo_in_capitals = names["helo_in_capitals"]

    shown = page_of(helo_in_capitals)
    assert shown.headings == page_of(message.invalid_from).headings
    (bad,), (good,) = shown.examples("Bad"), shown.examples("Good")
    (finding,) = helo_in_capitals(section_of(bad))
    assert finding.message == '"DMA7.EXAMPLE.COM" is written in capitals'
    assert finding.fix is not None
    assert list(helo_in_capitals(section_of(good))) == []
    assert [one.code for one in findings(bad)] == [one.code for one in findings(good)] == []
    assert line.startswith("_section(")
    code = re.findall(r'_section\("(\w)(\d+)", "helo-in-capitals"', line)[0]
    assert f"{code[0]}{int(code[1]) - 1}" in BY_CODE
    assert "".join(code) not in BY_CODE


def test_the_step_that_is_shown_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    code = [one.text for one in blocks(TEXTS["docs/adding-a-step.md"]) if one.language == "python"]
    exec(code[0], names := {**vars(message), **vars(transport)})  # noqa: S102 - it stands in this repository
    monkeypatch.setattr(transport, "helo_address", names["helo_address"], raising=False)
    step = eval(code[1], vars(migrations))  # noqa: S307 - as above
    monkeypatch.setattr(migrating, "STEPS", (step, *migrations.STEPS))
    monkeypatch.setitem(migrations.BY_NAME, step.name, step)
    target = parse_version("10.6.4").value
    assert target is not None
    goal = Goal(target, AS_OF, unsafe=True)

    shown = pages.page(step)
    assert shown.headings == pages.page(migrations.BY_NAME["provider-in-clear-text"]).headings
    (before,), (after,) = shown.examples("Before"), shown.examples("After")
    result = migrate("x.xml", before.encode(), goal, CheckSettings())
    assert [one.step for one in result.migration.changes] == [step.name]
    assert result.data == after.encode()
    assert migrate("x.xml", after.encode(), goal, CheckSettings()).migration.changes == ()


def test_the_changelog_tells_of_each_thing_once() -> None:
    """Two branches that changed one line may be merged into both."""
    heads = [line.partition(":")[0] for line in TEXTS["CHANGELOG.md"].splitlines() if line.startswith("- `")]
    assert sorted(set(heads)) == sorted(heads)
