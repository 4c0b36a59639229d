"""What is offered at Tab, asked as shells ask: with what was typed in environment variables."""

from __future__ import annotations

import pytest

from migrator.definition import schema_names
from migrator.reporters import CLUSTER_FORMATS, FORMATS
from migrator.rules import BY_CODE, CLUSTER_RULES, OFFLINE_CODES, RULES
from migrator.rules.pages import page
from migrator.rules.versions import named_versions
from migrator.values.version import parse_version
from tests.cli.running import dmsmtp


def offered(typed: str) -> list[str]:
    """What bash is told for a line with the cursor at its end."""
    position = len(typed.split(" ")) - 1
    env = {"_DMSMTP_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(position)}
    outcome = dmsmtp(env=env)
    assert (outcome.code, outcome.err) == (0, "")
    return [line for line in outcome.lines if line]


def with_help(shell: str, typed: str) -> list[str]:
    """The lines that another shell is told."""
    env = {
        "_DMSMTP_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": typed,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": typed.rpartition(" ")[2],
    }
    outcome = dmsmtp(env=env)
    assert (outcome.code, outcome.err) == (0, "")
    return outcome.lines


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("dmsmtp li", ["lint"]),
        ("dmsmtp xy", []),
        ("dmsmtp lint --write-b", ["--write-baseline"]),
        ("dmsmtp lint --select H207", ["H207"]),
        ("dmsmtp lint --select h207", ["h207"]),
        ("dmsmtp lint --select port-suf", ["port-suffix-case"]),
        ("dmsmtp lint --select H208,H207", ["H208,H207"]),
        ("dmsmtp lint --select H208,port-suf", ["H208,port-suffix-case"]),
        ("dmsmtp lint --select H207,", [f"H207,{rule.code}" for rule in RULES if rule.code in OFFLINE_CODES]),
        ("dmsmtp lint --select Port-suf", []),
        ("dmsmtp lint --select H999", []),
        ("dmsmtp lint --extend-select V80", ["V801", "V802", "V803"]),
        ("dmsmtp lint --ignore D00", []),
        ("dmsmtp lint --ignore doctype", []),
        ("dmsmtp lint --ignore H207,doctype", []),
        ("dmsmtp lint --ignore du", ["duplicate-setting", "duplicate-section"]),
        ("dmsmtp lint --ignore V80", ["V801", "V802", "V803"]),
        ("dmsmtp validate --select H2", ["H204", "H205", "H207", "H215"]),
        ("dmsmtp explain H207", ["H207"]),
        ("dmsmtp explain port-suf", ["port-suffix-case"]),
        ("dmsmtp explain 535", []),
        ("dmsmtp schema smtp.", ["smtp.schema.json", "smtp.xsd"]),
        ("dmsmtp lint --output-format git", ["github", "gitlab"]),
        ("dmsmtp lint --fail-on n", ["never"]),
        ("dmsmtp lint --report sa", ["sarif="]),
        ("dmsmtp lint --report sarif=out", []),
        ("dmsmtp lint --target-version 10.5", ["10.5.0-CU13"]),
        ("dmsmtp lint ag", []),
    ],
)
def test_what_begins_so(typed: str, expected: list[str]) -> None:
    assert offered(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("dmsmtp explain ", list(BY_CODE)),
        ("dmsmtp lint --select ", [code for code in BY_CODE if code in OFFLINE_CODES]),
        (
            "dmsmtp lint --ignore ",
            [code for code in BY_CODE if code in OFFLINE_CODES and not code.startswith("D")],
        ),
        ("dmsmtp compare --ignore ", [rule.code for rule in CLUSTER_RULES]),
        ("dmsmtp compare --report ", [f"{name}=" for name in CLUSTER_FORMATS]),
        ("dmsmtp validate --extend-select ", [rule.code for rule in RULES if rule.in_validate]),
        ("dmsmtp schema ", schema_names()),
        ("dmsmtp lint --report ", [f"{name}=" for name in FORMATS]),
    ],
)
def test_all_there_is(typed: str, expected: list[str]) -> None:
    assert offered(typed) == expected


def test_every_version_is_one_that_the_option_takes_and_holds_no_space() -> None:
    found = offered("dmsmtp lint --target-version ")

    assert [parse_version(text).value for text in found] == list(named_versions())
    assert not any(" " in text for text in found)


def test_named_versions_are_sorted_in_each_train() -> None:
    shown = [str(one) for one in named_versions()]

    assert shown.index("10.6.0 CU1") < shown.index("10.5.0 CU13") < shown.index("10.1.0 CU9")
    assert shown.index("10.6.4") < shown.index("10.1.12") < shown.index("10.1.10")
    assert shown.index("5.0") < shown.index("4.2")
    assert len(set(shown)) == len(shown)


@pytest.mark.parametrize(("shell", "between"), [("fish", "\t"), ("powershell", ":::")])
def test_each_code_stands_on_a_line_of_its_own_with_its_title(shell: str, between: str) -> None:
    lines = with_help(shell, "dmsmtp explain ")

    assert [line.partition(between)[0] for line in lines] == list(BY_CODE)
    for line in lines:
        code, _, title = line.partition(between)
        assert page(BY_CODE[code]).title.startswith(title.rstrip().removesuffix(" …"))


def test_zsh_is_told_titles_and_versions() -> None:
    assert '"H207":"The suffix of HostPort is not in lower case."' in "\n".join(
        with_help("zsh", "dmsmtp lint --select H20")
    )
    assert '"10.6.4":"feature release"' in "\n".join(with_help("zsh", "dmsmtp lint --target-version 10.6"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_has_its_script(shell: str) -> None:
    env = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    outcome = dmsmtp("--show-completion", shell, env=env)

    assert outcome.code == 0
    assert "_DMSMTP_COMPLETE" in outcome.text
