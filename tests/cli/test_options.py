"""Options: which rules and severities are reported, help, version, limits."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
import typer

import migrator
from migrator.cli.app import application
from migrator.rules import SECTION_RULES, SHORT_FILE_RULES
from tests.cli.running import CLEAN, COMMANDS, dmsmtp, in_process_of_its_own

if TYPE_CHECKING:
    from pathlib import Path

    from migrator.rules.model import Finding
    from migrator.section import Section

MIXED = """\
<SMTP>
  <Host> smtp.example.com</Host>
  <HostPort>587-STARTTLS</HostPort>
  <LoginMethod>NoLoginMethod</LoginMethod>
  <Helo />
  <From>dma@example.com</From>
</SMTP>
"""  # S109 warning, H207 error, S108 info


def codes(*arguments: str | Path) -> list[str]:
    """Codes that are reported, in order."""
    outcome = dmsmtp(*arguments, "--output-format", "json")
    return [one["code"] for one in json.loads(outcome.out)["diagnostics"]]


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    path = tmp_path / "DataMiner.xml"
    path.write_text(MIXED, "utf-8")
    return path


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["S109", "H207", "S108"]),
        (["--select", "H"], ["H207"]),
        (["--select", "S1"], ["S109", "S108"]),
        (["--select", "s109,h207"], ["S109", "H207"]),
        (["--select", " S109 , "], ["S109"]),
        (["--select", "port-suffix-case"], ["H207"]),
        (["--select", "S109", "--select", "S108"], ["S109", "S108"]),
        (["--select", "A"], []),
        (["--select", "S109", "--extend-select", "H"], ["S109", "H207"]),
        (["--extend-select", "H"], ["S109", "H207", "S108"]),
        (["--ignore", "S"], ["H207"]),
        (["--ignore", "S108,H207"], ["S109"]),
        (["--select", "S", "--ignore", "S109"], ["S108"]),
        (["--select", "S", "--extend-select", "H", "--ignore", "H207"], ["S109", "S108"]),
        (["--min-severity", "info"], ["S109", "H207", "S108"]),
        (["--min-severity", "warning"], ["S109", "H207"]),
        (["--min-severity", "error"], ["H207"]),
    ],
)
def test_what_is_reported(options: list[str], expected: list[str], mixed: Path) -> None:
    assert codes("lint", *options, mixed) == expected


def test_validate_reports_what_lint_does_but_for_what_no_schema_knows(mixed: Path) -> None:
    assert codes("validate", mixed) == ["S109", "H207"]
    assert codes("validate", "--select", "S", mixed) == ["S109"]
    assert codes("validate", "--ignore", "H201,S108", mixed) == ["S109", "H207"]


LOGIN = CLEAN.replace("NoLoginMethod", "AuthLoginMethod").replace(
    "  <From>", "  <User>dma@example.com</User>\n  <Password>frost+on+tulips</Password>\n  <From>"
)
IN_CLEAR = CLEAN.replace("587-starttls", "587")  # H208 speaks for H211
GOOGLE = LOGIN.replace("smtp.example.com", "smtp.gmail.com")  # P502 for X701
AMAZON = LOGIN.replace("smtp.example.com", "email-smtp.eu-west-1.amazonaws.com").replace(
    "587-starttls", "587"
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_what_scripts_give_to_all(command: str) -> None:
    outcome = dmsmtp(
        *(command, "--quiet", "--no-color", "--isolated", "--config", "none.toml", "--jobs", "1", "--huh")
    )

    assert "No such option: --huh" in outcome.err


@pytest.mark.parametrize("command", [("explain", "H207"), ("rules",), ("schema",)])
def test_what_says_nothing_to_a_command_changes_nothing(command: tuple[str, ...]) -> None:
    plain = dmsmtp(*command)

    assert dmsmtp(*command, "-q", "--no-color", "--isolated", "-j", "2").out == plain.out != b""


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        (IN_CLEAR, [], ["H208"]),
        (IN_CLEAR, ["--select", "H211"], ["H211"]),
        (IN_CLEAR, ["--select", "H208"], ["H208"]),
        (IN_CLEAR, ["--select", "H2"], ["H208"]),
        (IN_CLEAR, ["--select", "H211", "--extend-select", "H208"], ["H208"]),
        # what is ignored on purpose does not bring the other one in its place
        (IN_CLEAR, ["--ignore", "H208"], []),
        (IN_CLEAR, ["--select", "H2", "--ignore", "H208"], []),
        (IN_CLEAR, ["--select", "H211", "--ignore", "H208"], ["H211"]),
        (GOOGLE, [], ["P502"]),
        (GOOGLE, ["--select", "X701,X702"], ["X701"]),  # the hook for secrets
        (GOOGLE, ["--ignore", "P502"], []),
        (AMAZON, [], ["P503", "X701"]),
        (AMAZON, ["--ignore", "P503"], ["X701"]),
        (AMAZON, ["--select", "D,S,H,A,O,P501,P502,P504,P505,M,X,V"], ["A306", "X701"]),
        (AMAZON, ["--select", "A306"], ["A306"]),
        (AMAZON, ["--select", "A"], ["A306"]),
        (AMAZON, ["--select", "A,P"], ["P503"]),
    ],
)
def test_only_what_is_selected_speaks_for_others(
    text: str, options: list[str], expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "DataMiner.xml").write_text(text, "utf-8")

    assert codes("lint", "--as-of", "2026-11-23", *options, tmp_path) == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ('ignore = ["H208"]', []),
        ('[per-file-ignores]\n"*.xml" = ["H208"]', []),
        ('select = ["H211"]', ["H211"]),
        ('select = ["H211"]\nignore = ["H208"]', ["H211"]),
        ('select = ["H208", "H211"]\nignore = ["H208"]', []),
    ],
)
def test_what_a_configuration_ignores_still_speaks_for_others(
    config: str, expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "DataMiner.xml").write_text(IN_CLEAR, "utf-8")
    (tmp_path / "dmsmtp.toml").write_text(config, "utf-8")

    assert codes("lint", tmp_path) == expected


@pytest.mark.parametrize(
    ("config", "severity"),
    [
        ("", "warning"),
        ('microsoft-basic-auth = "enabled"', "info"),
        ('microsoft-basic-auth = "disabled"', "error"),
    ],
)
def test_whether_the_tenant_takes_passwords(config: str, severity: str, tmp_path: Path) -> None:
    text = GOOGLE.replace("smtp.gmail.com", "smtp.office365.com")
    (tmp_path / "DataMiner.xml").write_text(text, "utf-8")
    (tmp_path / "dmsmtp.toml").write_text(f"as-of = 2026-11-23\n{config}\n", "utf-8")
    outcome = dmsmtp("lint", "--select", "P501", "--output-format", "json", tmp_path)

    assert [one["severity"] for one in json.loads(outcome.out)["diagnostics"]] == [severity]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<SMTP>", "D001"),
        ("<!DOCTYPE SMTP><SMTP/>", "D002"),
        ("<Configuration/>", "D005"),
        (CLEAN.replace("<Host>", "<!-- dmsmtp: ignore[H208] --><Host>"), "D008"),
        (CLEAN.replace("<Host>", "<!-- dmsmtp: ignore[D001] --><Host>"), "D009"),
    ],
)
@pytest.mark.parametrize("severity", ["error", "warning", "info"])
def test_how_grave_it_is_that_a_file_was_not_checked(
    severity: str, text: str, code: str, tmp_path: Path
) -> None:
    (tmp_path / "DataMiner.xml").write_text(text, "utf-8")
    (tmp_path / "dmsmtp.toml").write_text(f'[severity]\n{code} = "{severity}"', "utf-8")
    outcome = dmsmtp("lint", tmp_path, "--output-format", "json")

    assert [(one["code"], one["severity"]) for one in json.loads(outcome.out)["diagnostics"]] == [
        (code, severity)
    ]
    assert outcome.code == (1 if severity == "error" else 0)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (" smtp..example.com", ["S109"]),  # to lint it is H202
        (" smtp_relay.example.com", ["S109"]),
        (" smtp.example.com", ["S109"]),
        ("smtp..example.com", []),
    ],
)
def test_what_validate_does_not_report_speaks_for_nothing_there(
    host: str, expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "DataMiner.xml").write_text(CLEAN.replace("smtp.example.com", host), "utf-8")

    assert codes("validate", tmp_path) == expected


@pytest.mark.parametrize("options", [["--select", "H"], ["--ignore", "S"], ["--min-severity", "error"]])
def test_a_file_that_cannot_be_read_is_reported_whatever_is_selected(
    options: list[str], tmp_path: Path
) -> None:
    (tmp_path / "DataMiner.xml").write_text("<SMTP>", "utf-8")

    assert codes("lint", *options, tmp_path) == ["D001"]


def test_hidden_findings_are_in_the_figures_of_the_json_report(mixed: Path) -> None:
    report = json.loads(dmsmtp("lint", "--min-severity", "error", "--output-format", "json", mixed).out)

    assert len(report["diagnostics"]) == 1
    assert [report["summary"][name] for name in ("errors", "warnings", "infos")] == [1, 1, 1]


def test_the_whole_file(tmp_path: Path) -> None:
    (tmp_path / "DataMiner.xml").write_text(f"<DataMiner><Nonsense />{CLEAN}</DataMiner>", "utf-8")

    assert codes("lint", tmp_path) == []
    assert "S113" in codes("lint", "--whole-file", tmp_path)
    assert codes("lint", "--whole-file", "--select", "S113", tmp_path) == ["S113"]


def test_rules_of_the_whole_file_are_there_where_the_configuration_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "DataMiner.xml").write_text(f"<DataMiner><Nonsense />{CLEAN}</DataMiner>", "utf-8")
    (tmp_path / "dmsmtp.toml").write_text("whole-file = true", "utf-8")

    assert codes("lint", "--select", "S113", tmp_path) == ["S113"]
    assert dmsmtp("lint", "--isolated", "--select", "S113", tmp_path).code == 2


def test_the_limit_of_yaml(tmp_path: Path) -> None:
    (tmp_path / "relay.smtp.yaml").write_text("#" * 1_048_577, "utf-8")
    outcome = dmsmtp("lint", tmp_path)

    assert "the file is larger than 1 MiB" in outcome.text
    assert "check that this is a configuration of DataMiner; raise the limit with --max-size" in outcome.text


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--max-size", "100"], "the file is larger than 100 bytes"),
        (["--max-size", "1048576"], "the file is larger than 1 MiB"),
        (["--max-depth", "2"], "elements are nested more than 2 deep"),
        (["--max-nodes", "5"], "the file holds more than 5 nodes"),
    ],
)
def test_limits(options: list[str], says: str, tmp_path: Path) -> None:
    (tmp_path / "DataMiner.xml").write_text(
        f"<DataMiner><DMA><DMAName /></DMA>{CLEAN}{'<!-- - -->' * 110_000}</DataMiner>", "utf-8"
    )

    outcome = dmsmtp("lint", *options, "--output-format", "concise", tmp_path)

    assert outcome.code == 1
    assert f"error[D006] file-too-large: {says}\n" in outcome.text


@pytest.mark.parametrize("arguments", [["--version"], *([command, "--version"] for command in COMMANDS)])
def test_version(arguments: list[str]) -> None:
    outcome = dmsmtp(*arguments)

    assert (outcome.code, outcome.text, outcome.err) == (0, f"dmsmtp {migrator.__version__}\n", "")


def test_without_a_command_the_help_is_shown() -> None:
    outcome = dmsmtp()

    assert outcome.code == 2
    assert "Usage: dmsmtp" in outcome.err
    assert all(f"\n  {command} " in outcome.err for command in COMMANDS)


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(command: str, flag: str) -> None:
    outcome = dmsmtp(*([command] if command else []), flag)

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.text.startswith("Usage: ")
    assert max(map(len, outcome.lines)) <= 80
    assert not any(line.endswith("-") for line in outcome.lines)  # no command or option is cut
    assert "..." not in outcome.text.partition("Commands:")[2]  # no summary is cut
    assert all(ord(one) < 128 for one in outcome.text)  # any code page has it


@pytest.mark.parametrize(
    "command",
    [
        *(["lint"], ["validate"], ["describe"], ["check"], ["probe"], ["retrieve-tokens"]),
        *(["convert", "--format", "json"], ["compare"], ["migrate", "--to", "10.6.4"]),
        ["send-test-email", "--to", "noc@example.com", "--dry-run"],
        ["new", "custom", "--host", "smtp.example.com", "--into"],
    ],
)
def test_what_a_limit_says_to_raise_can_be_raised(command: list[str], tmp_path: Path) -> None:
    path = tmp_path / "DataMiner.xml"
    path.write_text("<DataMiner id='7'><SMTP><Host>127.0.0.1</Host></SMTP></DataMiner>", "utf-8")

    refused = dmsmtp(*command, path, "--max-nodes", "2")
    assert refused.code in (1, 2)
    said = refused.text + refused.err
    assert "more than 2 nodes" in said
    assert "raise the limit with --max-nodes" in said


def test_the_help_of_lint_names_options_by_subject() -> None:
    headings = re.findall(r"^(\w+):$", dmsmtp("lint", "--help").text, re.MULTILINE)

    assert headings == ["Arguments", "Rules", "Fixes", "Output", "Files", "Limits", "Other"]


def test_the_help_says_that_hidden_findings_count() -> None:
    text = " ".join(dmsmtp("lint", "--help").text.split())

    assert "What is hidden still counts for the exit code." in text


def test_python_m_migrator_is_the_same_command(mixed: Path) -> None:
    assert in_process_of_its_own("lint", mixed).text == dmsmtp("lint", mixed).text


@pytest.mark.parametrize("first", ["lint", "--version"])
def test_a_command_is_built_alone_where_it_is_the_first_argument(
    first: str, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []

    def build(names: list[str]) -> object:
        built.append(list(names))
        return application(names)

    monkeypatch.setattr("migrator.cli.app.application", build)
    dmsmtp(first, clean)

    assert built == [["lint"] if first == "lint" else list(COMMANDS)]


def test_a_crash_of_a_rule_is_a_finding_and_the_others_still_run(
    mixed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_section: Section) -> list[Finding]:
        raise ValueError("hunter2-in-the-error")

    rules = [rule._replace(check_section=fail) if rule.code == "H201" else rule for rule in SECTION_RULES]
    monkeypatch.setattr("migrator.rules.asking.rules_to_ask", lambda *_, **__: (*SHORT_FILE_RULES, *rules))

    outcome = dmsmtp("lint", mixed)

    assert codes("lint", mixed) == ["D007", "S109", "H207", "S108"]
    assert (
        f"{mixed}: error[D007] rule-crashed: the rule H201 (missing-host) failed with ValueError"
        in outcome.text
    )
    assert "hunter2" not in outcome.text + outcome.err
    assert codes("lint", "--ignore", "H201", mixed) == ["S109", "H207", "S108"]


def test_patterns_are_expanded_by_us_and_not_by_typer(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows typer would expand every argument, the pattern of --exclude too."""
    options: dict[str, object] = {}
    monkeypatch.setattr(typer.Typer, "__call__", lambda _self, **given: options.update(given))

    dmsmtp("lint", "--exclude", "*.xml", clean)

    assert options["windows_expand_args"] is False
