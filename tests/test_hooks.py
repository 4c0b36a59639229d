"""The hooks for pre-commit, run by it in a repository made here with what is installed already."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.cli.running import CLEAN, ERROR, INFO, unmeasured

MANIFEST = Path(__file__).parents[1] / ".pre-commit-hooks.yaml"
HOOKS: dict[str, dict[str, Any]] = {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text("utf-8"))}
IDS = ["dmsmtp-validate", "dmsmtp-lint", "dmsmtp-fix", "dmsmtp-secrets"]
SECRET = "plain-Text#4711"
INSECURE = CLEAN.replace("NoLoginMethod", "AuthLoginMethod").replace(
    "  <From>", f"  <User>dma@example.com</User>\n  <Password>{SECRET}</Password>\n  <From>"
)
WITHOUT_HOST = CLEAN.replace("  <Host>smtp.example.com</Host>\n", "")  # H201: valid to the schema

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


class Commit(NamedTuple):
    """What came of trying to commit."""

    is_done: bool
    output: str


class Repository(NamedTuple):
    """A repository in which all hooks are installed."""

    folder: Path
    env: dict[str, str]

    def run(self, *command: str, check: bool = True, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.env | env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=check,
            timeout=120,
        )

    def commit(self, files: dict[str, str], *hooks: str) -> Commit:
        """Write, add and commit files with these hooks; afterwards there are none of them."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
        self.run("git", "add", "--all")
        others = ",".join(one for one in IDS if one not in hooks)
        outcome = self.run("git", "commit", "--message", "files", check=False, SKIP=others)
        return Commit(outcome.returncode == 0, outcome.stdout + outcome.stderr)

    def clear(self) -> None:
        self.run("git", "checkout", "--quiet", "--force", "start")
        self.run("git", "reset", "--quiet", "--hard")
        self.run("git", "clean", "--quiet", "-d", "--force", "-x")


def _here(hook: dict[str, Any]) -> dict[str, Any]:
    """A hook whose command is the one under test: nothing is to be installed for it."""
    command, rest = hook["entry"].split(" ", 1)
    assert command == "dmsmtp"
    return hook | {"language": "system", "entry": f'"{Path(sys.executable).as_posix()}" -m migrator {rest}'}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    folder = tmp_path_factory.mktemp("repository")
    env = {name: value for name, value in unmeasured().items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    env |= {
        "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit")),
        "PRE_COMMIT_COLOR": "never",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_NAME": "dmsmtp" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "dmsmtp@example.com" for who in ("AUTHOR", "COMMITTER")},
    }
    repository = Repository(folder, env)
    config = {"repos": [{"repo": "local", "hooks": [_here(hook) for hook in HOOKS.values()]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    repository.run("git", "init", "--quiet")
    repository.run("git", "add", "--all")
    repository.run("git", "commit", "--quiet", "--message", "hooks")
    repository.run("git", "tag", "start")
    repository.run(sys.executable, "-m", "pre_commit", "install")
    return repository


@pytest.fixture
def repository(made: Repository) -> Repository:
    made.clear()
    return made


def test_the_manifest_is_valid_to_pre_commit() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(MANIFEST)]
    outcome = subprocess.run(command, env=unmeasured(), capture_output=True, text=True, check=False)

    assert (outcome.returncode, outcome.stdout) == (0, "")
    assert list(HOOKS) == IDS


@pytest.mark.parametrize("hook", HOOKS.values(), ids=list(HOOKS))
def test_a_hook_is_installed_with_pip_and_gets_all_files_at_once(hook: dict[str, Any]) -> None:
    assert hook["language"] == "python"
    assert hook["require_serial"] is True
    assert hook["types"] == ["file"]
    assert hook["args"] == ["--"]  # what a user gives takes its place, so nothing else may stand there


@pytest.mark.parametrize(
    "name",
    [
        "DataMiner.xml",
        "dataminer.XML",
        "agents/7/DATAMINER.XML",
        "relay.smtp.xml",
        "relay.smtp.json",
        "a b/relay.smtp.yaml",
        "Relay.SMTP.yml",
    ],
)
def test_files_that_are_checked(name: str) -> None:
    assert all(re.search(hook["files"], name) for hook in HOOKS.values())


@pytest.mark.parametrize(
    "name",
    [
        "DataMiner.xml.bak",
        "MyDataMiner.xml",
        "DataMiner-xml",
        "DataMiner.json",
        "DataMiner.xml/readme.md",
        "relaysmtp.xml",
        "relay.smtp.xsd",
        "relay.smtp.ymal",
        "smtp.xml",
        "relay.smtp.xml.20261125T101010Z.bak",
    ],
)
def test_files_that_are_not(name: str) -> None:
    assert not any(re.search(hook["files"], name) for hook in HOOKS.values())


def test_what_is_right_passes_every_hook(repository: Repository) -> None:
    commit = repository.commit({"7/DataMiner.xml": CLEAN, "notes.xml": "<broken"}, *IDS)

    assert commit.is_done, commit.output
    assert commit.output.count("Passed") == len(IDS)


def test_nothing_to_check_is_no_failure(repository: Repository) -> None:
    commit = repository.commit({"notes.xml": "<broken"}, *IDS)

    assert commit.is_done
    assert commit.output.count("(no files to check)") == len(IDS)


@pytest.mark.parametrize(
    ("hook", "text", "code"),
    [
        ("dmsmtp-validate", ERROR, "H207"),
        ("dmsmtp-lint", WITHOUT_HOST, "H201"),
        ("dmsmtp-secrets", INSECURE, "X701"),
    ],
)
def test_what_is_wrong_is_not_committed(repository: Repository, hook: str, text: str, code: str) -> None:
    commit = repository.commit({"agents/DataMiner.xml": text}, hook)

    assert not commit.is_done
    assert f"[{code}]" in commit.output
    assert "agents/DataMiner.xml:" in commit.output
    assert SECRET not in commit.output
    assert (repository.folder / "agents/DataMiner.xml").read_bytes() == text.encode()


def test_a_name_that_begins_with_a_dash_is_no_option(repository: Repository) -> None:
    commit = repository.commit({"-o.smtp.xml": ERROR, "DataMiner.xml": CLEAN}, *IDS)

    assert not commit.is_done
    assert "-o.smtp.xml:" in commit.output
    assert not (repository.folder / ".smtp.xml").exists()


def test_a_secret_is_shown_whatever_the_configuration_hides(repository: Repository) -> None:
    files = {"DataMiner.xml": INSECURE, "dmsmtp.toml": 'min-severity = "warning"\n'}

    commit = repository.commit(files, "dmsmtp-secrets")

    assert not commit.is_done
    assert "[X701]" in commit.output


def test_each_hook_leaves_the_rest_to_others(repository: Repository) -> None:
    assert repository.commit(
        {"1/DataMiner.xml": WITHOUT_HOST, "2/DataMiner.xml": INFO}, "dmsmtp-validate"
    ).is_done
    assert repository.commit({"3/DataMiner.xml": ERROR}, "dmsmtp-secrets").is_done
    assert repository.commit({"4/DataMiner.xml": INSECURE}, "dmsmtp-lint", "dmsmtp-validate").is_done


def test_the_fix_is_made_and_the_next_commit_passes(repository: Repository) -> None:
    path = repository.folder / "DataMiner.xml"
    mistaken = INSECURE.replace("587-starttls", "587-STARTTLS").replace("\n", "\r\n")

    first = repository.commit({"DataMiner.xml": mistaken}, "dmsmtp-fix")

    assert not first.is_done
    assert "files were modified by this hook" in first.output
    assert SECRET not in first.output
    mended = path.read_bytes()
    assert mended == mistaken.encode().replace(b"STARTTLS", b"starttls")
    assert sorted(one.name for one in repository.folder.iterdir()) == [
        ".git",
        ".pre-commit-config.yaml",
        "DataMiner.xml",
    ]

    second = repository.commit({}, "dmsmtp-fix")

    assert second.is_done, second.output
    assert path.read_bytes() == mended


def test_a_fix_that_leaves_errors_behind_still_fails(repository: Repository) -> None:
    commit = repository.commit({"DataMiner.xml": WITHOUT_HOST}, "dmsmtp-fix")

    assert not commit.is_done
    assert "[H201]" in commit.output
    assert "files were modified" not in commit.output
