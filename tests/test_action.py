"""action.yml: what it names exists, and its steps do what they say, run here without GitHub."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from migrator.reporters import FORMATS
from tests.cli.running import CLEAN, ERROR, WARNING, environment
from tests.docs.reading import options

FILE = Path(__file__).parents[1] / "action.yml"
TEXT = FILE.read_text("utf-8")
ACTION: dict[str, Any] = yaml.safe_load(TEXT)
STEPS: dict[str, dict[str, Any]] = {step["id"]: step for step in ACTION["runs"]["steps"]}
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
INPUT = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")


def test_every_option_that_it_names_exists() -> None:
    named = set(OPTION.findall(STEPS["lint"]["run"]))
    described = {option for one in ACTION["inputs"].values() for option in OPTION.findall(one["description"])}

    assert {"--files-from", "--report", "--baseline"} <= named
    assert named | described <= options("lint")


def test_every_input_is_used_and_none_stands_in_a_script() -> None:
    assert set(INPUT.findall(TEXT)) == set(ACTION["inputs"])
    assert not any("${{" in step.get("run", "") for step in STEPS.values())
    assert {"description", "default"} == {key for one in ACTION["inputs"].values() for key in one}


def test_defaults_are_what_the_command_takes() -> None:
    defaults = {name: one["default"] for name, one in ACTION["inputs"].items()}

    assert defaults["format"] in FORMATS
    assert tuple(map(int, defaults["python-version"].split("."))) >= (3, 11)
    assert [name for name, default in defaults.items() if not default] == [
        "config",
        "baseline",
        "target-version",
        "fail-on",
        "args",
    ]


def test_outputs_come_from_the_step_that_sets_them() -> None:
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.lint.outputs.{name} }}}}"
        assert f'echo "{name}=' in STEPS["lint"]["run"]
    assert STEPS["lint"]["env"]["DMSMTP"] == "${{ steps.install.outputs.command }}"
    assert 'echo "command=' in STEPS["install"]["run"]


@pytest.fixture
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the step before would have installed."""
    path = tmp_path_factory.mktemp("bin") / "dmsmtp"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m migrator "$@"\n', "utf-8")
    path.chmod(0o700)
    return path


def linted(folder: Path, command: Path, **inputs: str) -> tuple[int, str, dict[str, str]]:
    """Run the step as GitHub does: exit code, what is in the log, the outputs that it sets."""
    given = {name: one["default"] for name, one in ACTION["inputs"].items()}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    variables = {
        name: INPUT.sub(lambda match: given[match[1]], value)
        for name, value in STEPS["lint"]["env"].items()
        if name != "DMSMTP"
    }
    outputs = folder / "outputs"
    bash = shutil.which("bash")
    assert bash is not None
    outcome = subprocess.run(
        [bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS["lint"]["run"]],
        cwd=folder,
        env=environment(
            **variables,
            DMSMTP=str(command),
            GITHUB_OUTPUT=str(outputs),
            GITHUB_ACTIONS="true",
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    pairs = [line.partition("=") for line in outputs.read_text("utf-8").splitlines()]
    return outcome.returncode, outcome.stdout, {name: value for name, _, value in pairs}


needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


@pytest.mark.posix
@needs_bash
def test_findings_are_annotated_and_reported(tmp_path: Path, command: Path) -> None:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "DataMiner.xml").write_text(ERROR, "utf-8")
    (tmp_path / "two.xml").write_text(WARNING, "utf-8")

    code, shown, outputs = linted(tmp_path, command, paths="a b\ntwo.xml\n", args="--ignore S109 --quiet")

    assert code == 1
    assert "::error file=a b/DataMiner.xml,line=3," in shown
    assert outputs == {"sarif-file": "dmsmtp.sarif", "exit-code": "1"}
    (run,) = json.loads((tmp_path / "dmsmtp.sarif").read_text("utf-8"))["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["H207"]


@pytest.mark.posix
@needs_bash
def test_every_input_reaches_the_command(tmp_path: Path, command: Path) -> None:
    (tmp_path / "DataMiner.xml").write_text(CLEAN, "utf-8")
    (tmp_path / "other config.toml").write_text('ignore = ["H208"]\n', "utf-8")

    code, shown, outputs = linted(
        tmp_path,
        command,
        config="other config.toml",
        target_version="10.5.0 CU13",
        fail_on="warning",
        format="concise",
        sarif_file="",
        args="--show-settings",
    )

    assert code == 0
    assert 'ignore = ["H208"]' in shown
    assert 'target-version = "10.5.0 CU13"  # command line' in shown
    assert 'fail-on = "warning"  # command line' in shown
    assert 'output-format = "concise"  # command line' in shown
    assert outputs == {"sarif-file": "", "exit-code": "0"}


@pytest.mark.posix
@needs_bash
def test_what_cannot_be_done_is_2_and_names_no_report(tmp_path: Path, command: Path) -> None:
    code, _, outputs = linted(tmp_path, command, args="--no-such-option $(touch harm) ; touch harm")

    assert code == 2
    assert outputs == {"sarif-file": "", "exit-code": "2"}
    assert not (tmp_path / "harm").exists()


@pytest.mark.posix
@needs_bash
def test_a_report_into_a_folder_is_refused(tmp_path: Path, command: Path) -> None:
    (tmp_path / "DataMiner.xml").write_text(CLEAN, "utf-8")
    (tmp_path / "reports").mkdir()

    code, shown, outputs = linted(tmp_path, command, sarif_file="reports")

    assert code == 2
    assert "reports: the report could not be written there: it is a folder" in shown
    assert outputs == {"sarif-file": "", "exit-code": "2"}


@pytest.mark.posix
@needs_bash
def test_what_leads_to_a_device_stays(tmp_path: Path, command: Path) -> None:
    (tmp_path / "DataMiner.xml").write_text(CLEAN, "utf-8")
    (tmp_path / "nowhere").symlink_to("/dev/null")

    code, _, outputs = linted(tmp_path, command, sarif_file="nowhere")

    assert code == 0
    assert outputs == {"sarif-file": "", "exit-code": "0"}
    assert (tmp_path / "nowhere").is_symlink()


@pytest.mark.posix
@needs_bash
@pytest.mark.parametrize("format_", FORMATS)
def test_no_name_of_a_file_is_a_command_to_github(format_: str, tmp_path: Path, command: Path) -> None:
    (tmp_path / "::error::x").mkdir()
    (tmp_path / "::error::x" / "DataMiner.xml").write_text(ERROR, "utf-8")
    (tmp_path / "##[error]x.smtp.xml").symlink_to("nowhere")

    _, shown, _ = linted(tmp_path, command, paths="*", format=format_)

    lines = shown.splitlines()
    if format_ != "github":
        name, _, token = lines[0].lstrip(":").partition("::")
        assert (name, token.isdecimal()) == ("stop-commands", True)
        lines = lines[lines.index(f"::{token}::") + 1 :]
    assert not [
        line for line in lines if line.startswith("::error::") or ("##[" in line and line[:2] != "::")
    ]


@pytest.mark.posix
@needs_bash
def test_sentences_are_no_command_to_github(tmp_path: Path, command: Path) -> None:
    (tmp_path / "##[error]x.smtp.xml").symlink_to("nowhere")

    _, shown, _ = linted(tmp_path, command)

    assert "dmsmtp: ./## [error]x.smtp.xml: it is a link" in shown
