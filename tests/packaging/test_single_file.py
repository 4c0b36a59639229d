"""The single file, run as on a server: no PATH, no Python, a folder for temporary files of its own.

It is built here on Linux. Elsewhere these tests run where SINGLE_FILE names a file that was built before.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from importlib.metadata import Distribution, packages_distributions
from multiprocessing import resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PyInstaller.archive.readers import CArchiveReader

from benchmarks.install import ROOT
from migrator.parallel import FEWEST
from migrator.reporters import FORMATS
from tests.cli.running import CLEAN, COMMANDS, ERROR, Outcome, dmsmtp
from tests.live.asking import settings
from tests.live.certificates import Authority
from tests.live.servers import Smtp, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

pytestmark = [] if os.environ.get("SINGLE_FILE") else [pytest.mark.linux]

FIXTURES = ROOT / "fixtures"
TIMEOUT = 120


class Machine:
    """A machine with nothing on it but the single file."""

    def __init__(self, command: Path, folder: Path) -> None:
        self.command = command
        self.folder = folder
        self.temporary = folder / "temporary"
        self.temporary.mkdir()

    @property
    def env(self) -> dict[str, str]:
        system = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.temporary))
        return {"PATH": "", "HOME": str(self.folder), "COLUMNS": "80"} | system | places

    def start(self, *arguments: str | Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [self.command, *arguments],
            cwd=self.folder,
            env=self.env | dict(env or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def run(
        self, *arguments: str | Path, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> Outcome:
        with self.start(*arguments, env=env) as process:
            out, err = process.communicate(stdin, timeout=TIMEOUT)
        return Outcome(process.returncode, out, err.decode("utf-8").replace(os.linesep, "\n"))


@pytest.fixture(name="machine")
def _machine(single_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    machine = Machine(single_file, tmp_path)
    for name in ("clean", "broken"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "DataMiner.xml").write_bytes((FIXTURES / name / "DataMiner.xml").read_bytes())
    yield machine
    # What was unpacked is gone, and so is all that the runs were given.
    assert list(machine.temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("--version", 0),
        ("--help", 0),
        *((f"{command} --help", 0) for command in COMMANDS),
        ("lint clean", 0),
        *((f"lint broken --output-format {name}", 1) for name in FORMATS),
        ("lint --whole-file clean broken", 1),
        ("validate --whole-file broken", 1),
        ("migrate --check --to 10.6.4 broken", 1),
        ("migrate --to 10.6.4 --output-format html broken", 1),
        ("compare clean broken", 1),
        ("compare clean broken --output-format html", 1),
        ("explain H207", 0),
        ("explain '535 5.7.139 Authentication unsuccessful'", 0),
        ("rules --output-format json", 0),
        ("schema dataminer-1.1.xsd", 0),
        ("lint no-such-file.xml", 2),
        ("--no-such-option", 2),
    ],
)
def test_it_says_what_the_command_says(machine: Machine, typed: str, code: int) -> None:
    arguments = shlex.split(typed)
    told, expected = machine.run(*arguments), dmsmtp(*arguments)

    assert told.code == expected.code == code
    assert told.lines == expected.lines
    assert told.err == expected.err


@pytest.mark.parametrize("name", ["agent.smtp.json", "agent.smtp.yaml"])
def test_it_converts_as_the_command_does(machine: Machine, name: str) -> None:
    source = Path("clean", "DataMiner.xml")
    assert machine.run("convert", source, "-o", name).code == 0
    assert dmsmtp("convert", source, "-o", f"expected-{name}").code == 0

    assert Path(name).read_bytes() == Path(f"expected-{name}").read_bytes()
    assert machine.run("lint", name).code == dmsmtp("lint", name).code


def test_it_mends_a_file(machine: Machine) -> None:
    Path("agent.smtp.xml").write_text(ERROR, "utf-8")

    assert machine.run("lint", "--fix", "--no-backup", "agent.smtp.xml").code == 0
    assert Path("agent.smtp.xml").read_text("utf-8") == CLEAN


def test_it_proves_the_certificate_of_a_server(machine: Machine) -> None:
    authority = Authority(machine.folder)
    smtp = Smtp(starttls=authority.issue("good").context())
    options = ("probe", "--output-format", "json", "agent.smtp.xml", "--ca-file", authority.file)
    with serving(smtp) as port:
        Path("agent.smtp.xml").write_text(settings(port, "-starttls"), "utf-8")
        told, expected = machine.run(*options), dmsmtp(*options)

    assert "STARTTLS" in smtp.received
    assert told.code == expected.code == 0
    (server,) = json.loads(told.out)["servers"]
    assert server["security"] == "STARTTLS"
    assert json.loads(told.out)["diagnostics"] == json.loads(expected.out)["diagnostics"]


def test_it_distrusts_an_authority_that_it_was_not_given(machine: Machine) -> None:
    authority = Authority(machine.folder)
    with serving(Smtp(starttls=authority.issue("good").context())) as port:
        Path("agent.smtp.xml").write_text(settings(port, "-starttls"), "utf-8")
        told = machine.run("probe", "--output-format", "json", "agent.smtp.xml")

    assert told.code == 1
    assert "L108" in {one["code"] for one in json.loads(told.out)["diagnostics"]}


def test_several_processes_give_the_same_and_end(machine: Machine) -> None:
    Path("many").mkdir()
    for number in range(FEWEST + 50):
        Path("many", f"{number}.smtp.xml").write_text(ERROR if number % 3 else CLEAN, "utf-8")

    told, expected = machine.run("lint", "--jobs", "2", "many"), dmsmtp("lint", "--jobs", "1", "many")

    assert (told.code, told.lines, told.err) == (1, expected.lines, expected.err)


def test_a_shell_is_taught_what_it_offers(machine: Machine) -> None:
    anywhere = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # tests may be started by no shell
    assert b"_DMSMTP_COMPLETE" in machine.run("--show-completion", "bash", env=anywhere).out
    typed = {"_DMSMTP_COMPLETE": "complete_bash", "COMP_WORDS": "dmsmtp lint --select H20", "COMP_CWORD": "3"}

    offered = machine.run(env=typed)

    assert offered.lines == dmsmtp(env=typed).lines
    assert b"H207" in offered.out


class TestAnotherProcess:
    """One that --jobs starts anew, as everywhere but on Linux: this file, begun with other arguments."""

    def test_runs_what_it_is_given(self, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
        assert _spawned(machine, monkeypatch, sys.exit, (42,)) == 42

    def test_tells_a_mistake_of_ours_by_kind_and_place(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = """\
import os, sys
within = sys._MEIPASS  # sys.path came from the test
modules = f"{within}/python{sys.version_info[0]}.{sys.version_info[1]}/lib-dynload"
sys.path = [within + "/base_library.zip", modules, within]
import migrator.definition
from migrator.cli.app import run
sys.argv = ["dmsmtp", "schema", "smtp.xsd"]
migrator.definition.schema_path = None
sys.stderr = open("told", "w", encoding="utf-8")
os._exit(run())
"""
        assert _spawned(machine, monkeypatch, exec, (program,)) == 2

        told = Path("told").read_text("utf-8")
        assert told.startswith("dmsmtp: this should not happen (TypeError in definition.py:")
        assert told.endswith("); please report it\n")


def _spawned(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, target: Callable[..., Any], arguments: tuple[Any, ...]
) -> int | None:
    """Start the single file as multiprocessing does where that is frozen; the exit code."""
    if sys.platform != "win32":
        resource_tracker.ensure_running()  # a process of Python's, not of the single file
    context = multiprocessing.get_context("spawn")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(machine.command))
    command = os.fsdecode(machine.command) if sys.platform == "win32" else os.fsencode(machine.command)
    monkeypatch.setattr("multiprocessing.spawn._python_exe", command)
    for name, value in machine.env.items():
        monkeypatch.setenv(name, value)
    process = context.Process(target=target, args=arguments)
    process.start()
    process.join(TIMEOUT)
    return process.exitcode


@pytest.mark.posix
@pytest.mark.parametrize("kill", ["kill", "killpg"])  # one process, or all at a terminal
def test_ctrl_c_ends_at_130_and_leaves_nothing(machine: Machine, kill: str) -> None:
    os.mkfifo("pipe")
    with machine.start("lint", "-o", "report", "pipe") as process:
        until = time.monotonic() + TIMEOUT
        while not any(Path().glob(".dmsmtp-*")):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        getattr(os, kill)(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT)

    assert (process.returncode, out, err) == (130, b"", b"")
    assert {path.name for path in Path().iterdir()} == {"clean", "broken", "pipe", "temporary"}


@pytest.mark.posix
def test_a_browser_gets_the_libraries_of_the_system(machine: Machine) -> None:
    browser, seen = machine.folder / "browser", machine.folder / "seen"
    browser.write_text(f"#!/bin/sh\nset >'{seen}'\necho done >>'{seen}'\n", "utf-8")
    browser.chmod(0o700)
    env = {"BROWSER": f"{browser} %s", "LD_LIBRARY_PATH": "/srv/lib", "DMSMTP_CLIENT_SECRET": "made-up"}
    with machine.start("retrieve-tokens", "--provider", "google", "--client-id", "id", env=env) as process:
        until = time.monotonic() + TIMEOUT
        while not (seen.is_file() and seen.read_text("utf-8").endswith("done\n")):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=TIMEOUT)

    libraries = [line for line in seen.read_text("utf-8").splitlines() if line.startswith("LD_LIBRARY_PATH")]
    assert libraries == ["LD_LIBRARY_PATH='/srv/lib'"]


class TestLicences:
    """Of all that is inside."""

    def test_each_package_inside_has_its_licence(self, machine: Machine) -> None:
        told = machine.run("--licenses").text
        titles = {canonicalize_name(line.partition(" ")[0]) for line in told.splitlines()}

        assert titles >= _packages_in(machine.command) | {"dmsmtp", "python", "pyinstaller"}
        assert "Permission is hereby granted" in told
        assert "PYTHON SOFTWARE FOUNDATION LICENSE" in told

    def test_nothing_is_inside_that_dmsmtp_does_not_ask_for(self, machine: Machine) -> None:
        inside = _packages_in(machine.command)

        assert {"lxml", "cryptography", "xmlschema"} <= inside
        assert inside <= _needed_by("dmsmtp", "live")
        assert not {"rich", "pygments", "dnspython"} & inside


def _packages_in(command: Path) -> set[str]:
    """The packages that modules in a single file belong to."""
    outer = CArchiveReader(str(command))
    (name,) = (name for name, entry in outer.toc.items() if entry[-1] == "z")
    names = [*outer.open_embedded_archive(name).toc, *outer.toc]
    tops = {re.split(r"[./\\]", name)[0] for name in names} - {"migrator"}
    owners = packages_distributions()
    return {canonicalize_name(owner) for top in tops for owner in owners.get(top, [])}


def _needed_by(name: str, extra: str = "") -> set[str]:
    """What a package requires here, and what that requires, and so on."""
    needed: set[str] = set()
    waiting = [(name, extra)]
    while waiting:
        name, extra = waiting.pop()
        for text in Distribution.from_name(name).requires or ():
            required = Requirement(text)
            is_wanted = required.marker is None or required.marker.evaluate({"extra": extra})
            if is_wanted and canonicalize_name(required.name) not in needed:
                needed.add(canonicalize_name(required.name))
                waiting += [(required.name, one) for one in required.extras or {""}]
    return needed
