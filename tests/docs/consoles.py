"""The consoles of the documentation, played: each command is run, in order, its output compared."""

from __future__ import annotations

import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.cli.running import dmsmtp, unmeasured
from tests.docs.reading import REPOSITORY, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.docs.reading import Block

NOT_RUN = {
    "git": "it would commit to this repository",
    "make": "it runs these tests",
    "pre-commit": "it installs hooks, and fetches them over the network",
    "pipx": "it asks a registry over the network; tests/packaging run it",
    "uv": "it asks a registry over the network; tests/packaging run it",
    "dmsmtp.exe": "Windows alone has it",
    "gh": "it asks the public workflow's results over the network",
    "sha256sum": "it checks a file that was downloaded",
    "py": "Windows alone has it",
    "python": "pip asks a registry over the network, and pytest runs these tests",
    "activate": "Windows alone has it",
}
HOME = "/srv/agents"  # where the pages say that their commands are run
_PROGRAMS = ("xmllint", "check-jsonschema", "node")
_MODULES = REPOSITORY / ".tools" / "node" / "node_modules"
_PROMPT = "$ "
_GAP = "…"
_FIXTURE = re.compile(r"\bfixtures/[\w.-]+")
_ASSIGNMENT = re.compile(r"[A-Z_]+=")
_VARIES = tuple(  # what is something else at another time, or in another version
    re.compile(pattern)
    for pattern in (
        r"(?<=\bdmsmtp )\d+\.\d+\.\d+\b",
        r"(?<= ) *\d+ (?=ms )",
        r"\b\d{4}-\d\d-\d\d to\s+\d{4}-\d\d-\d\d\s+\(\d+ days left\)",  # a certificate
        r"(?<=\nDate: ).*",
        r"(?<=\nMessage-ID: ).*",
        r"(?<=redirect_uri=http%3A%2F%2Flocalhost%3A)\d+",
        r"(?<=&state=)[\w-]+",
        r"(?<=&code_challenge=)[\w-]+",
        r"(?<= SIZE=)\d+",
        r"(?<=C: \()\d+(?= bytes)",
    )
)


class Step(NamedTuple):
    """A command, as it is typed, and what is shown below it."""

    command: str
    shown: str


class Outcome(NamedTuple):
    """What a command came to; standard error is shown behind standard output."""

    code: int
    out: bytes = b""
    err: str = ""


def steps(block: Block) -> list[Step]:
    """The commands of a console; a line that ends with a backslash goes on."""
    _, *parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    found = []
    for part in parts:
        command, shown = part.split("\n", 1)
        while command.endswith("\\"):
            more, shown = shown.split("\n", 1)
            command += "\n" + more
        found.append(Step(command, shown))
    return found


def is_run(step: Step) -> bool:
    """Whether the command is one that can be run here."""
    return program_of(step.command) not in NOT_RUN


def program_of(command: str) -> str:
    """The name of the program that a command calls first, wherever it lies."""
    words = itertools.dropwhile(_ASSIGNMENT.match, command.split())
    return re.split(r"[/\\]", next(words))[-1]


def played(text: str, folder: Path, names: Mapping[str, str]) -> str:
    """The page as it should be: with what its commands really write in this folder, which is the working one.

    What `names` has is written otherwise in a page.
    """
    prepare(text, folder)
    shell = Shell(folder, {os.path.realpath(folder): HOME, str(folder): HOME, **names})
    pieces, end = [], 0
    for block in blocks(text):
        if block.language == "console":
            pieces += [text[end : block.start], "".join(_replayed(block, shell))]
            end = block.start + len(block.text)
        elif block.language == "diff":
            apply_diff(block.text, folder)
        elif block.file_name is not None:
            path = folder / block.file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8", newline="\n")
    return "".join((*pieces, text[end:]))


def prepare(text: str, folder: Path) -> None:
    """Copy the fixtures and schemas that the commands of a page name."""
    commands = "\n".join(step.command for block in consoles(text) for step in steps(block))
    for name in {*_FIXTURE.findall(commands), *(["schemas"] if "schemas/" in commands else [])}:
        shutil.copytree(REPOSITORY / name, folder / name)


def consoles(text: str) -> list[Block]:
    """The blocks of a page in which commands are typed, and what they write is shown."""
    return [block for block in blocks(text) if block.language == "console"]


def _replayed(block: Block, shell: Shell) -> Iterator[str]:
    for step in steps(block):
        shown = step.shown
        if is_run(step):
            written = shell.run(step.command)
            shown = step.shown if are_alike(step.shown, written) else written
        yield f"{_PROMPT}{step.command}\n{shown}"


def are_alike(shown: str, written: str) -> bool:
    """Whether a page shows what was written, but for what varies, and lines that dots stand for."""
    parts = re.split(rf"^{_GAP}\n", _constant(shown), flags=re.MULTILINE)
    pattern = r"(?:.*\n)+".join(map(re.escape, parts))
    return re.fullmatch(pattern, _constant(written)) is not None


def _constant(text: str) -> str:
    for pattern in _VARIES:
        text = pattern.sub("N", text)
    return text


def apply_diff(diff: str, folder: Path) -> None:
    """Do what a diff shows: one line for one line, or such as are added or go."""
    old, new, *lines = diff.splitlines()
    assert old.removeprefix("--- a/") == new.removeprefix("+++ b/")
    path = folder / new.removeprefix("+++ b/")
    data = path.read_bytes()
    (before,) = [line[1:].encode() for line in lines if line.startswith("-")]
    (after,) = [line[1:].encode() for line in lines if line.startswith("+")]
    assert data.count(before) == 1
    path.write_bytes(data.replace(before, after))


class Shell:
    """As much of a shell as the pages need: pipes, files to read and write, variables, the last exit code."""

    def __init__(self, folder: Path, names: Mapping[str, str]) -> None:
        self._folder = folder
        self._names = names
        self._code = 0

    def run(self, command: str) -> str:
        """What a command writes, as a page shows it."""
        lexer = shlex.shlex(command.replace("\\\n", " "), posix=True, punctuation_chars="|<>")
        lexer.whitespace_split = True
        lexer.commenters = ""
        out, errors = b"", ""
        for words in _split(list(lexer)):
            outcome = self._program(words, out)
            self._code, out = outcome.code, outcome.out
            errors += outcome.err
        text = out.decode() + errors
        for mine, shown in self._names.items():
            text = text.replace(mine, shown)
        return text

    def _program(self, words: list[str], given: bytes) -> Outcome:
        variables: dict[str, str] = {}
        while _ASSIGNMENT.match(words[0]):
            name, _, value = words.pop(0).partition("=")
            variables[name] = value
        target = None
        while len(words) > 2 and words[-2] in "<>":
            *words, direction, file = words
            if direction == "<":
                given = (self._folder / file).read_bytes()
            else:
                target = self._folder / file
        outcome = self._outcome(words, given, variables)
        if target is not None:
            target.write_bytes(outcome.out)
            return outcome._replace(out=b"")
        return outcome

    def _outcome(self, words: list[str], given: bytes, variables: dict[str, str]) -> Outcome:
        match words:
            case ["dmsmtp", *arguments]:
                made = dmsmtp(*arguments, stdin=given, env=variables)
                return Outcome(made.code, made.out, made.err)
            case ["echo", "$?"]:
                return Outcome(0, f"{self._code}\n".encode())
            case ["mkdir", name]:
                (self._folder / name).mkdir()
                return Outcome(0)
            case ["cat", *files]:
                return Outcome(0, b"".join((self._folder / file).read_bytes() for file in files))
            case [program, *arguments] if program in _PROGRAMS:
                return self._foreign(program, arguments)
        raise AssertionError(f"{words[0]}: no test can run this; see NOT_RUN")

    def _foreign(self, program: str, arguments: list[str]) -> Outcome:
        """What a program of somebody else's says; where it is not there, the test is skipped."""
        command = [program]
        if program == "check-jsonschema":
            command = [sys.executable, "-m", "check_jsonschema"]
        elif shutil.which(program) is None:
            pytest.skip(f"{program} is not there")
        if program == "node":
            if not _MODULES.is_dir():
                pytest.skip("modules for node are not there")
            (self._folder / "node_modules").symlink_to(_MODULES)
        made = subprocess.run([*command, *arguments], capture_output=True, env=unmeasured(), check=False)
        return Outcome(made.returncode, made.stdout, made.stderr.decode())


def _split(words: list[str]) -> list[list[str]]:
    """The programs of a pipe."""
    programs: list[list[str]] = [[]]
    for word in words:
        if word == "|":
            programs.append([])
        else:
            programs[-1].append(word)
    return programs
