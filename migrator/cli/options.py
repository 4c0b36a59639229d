"""Options that several commands share, and what their values mean."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from migrator.cli.output import Refusal
from migrator.diagnostic import Severity
from migrator.files import DEFAULT_PATH, STANDARD_INPUT, Selection

_INPUT, _RULES, _OUTPUT, _LIMITS = "Which files", "Which rules", "Output", "Limits"


class ReportFormat(StrEnum):
    """Formats of a report of findings."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"


class TextFormat(StrEnum):
    """Formats of everything else."""

    FULL = "full"
    JSON = "json"


class FailOn(StrEnum):
    """From which severity on findings make the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH]...",
        help=f"Files, folders, patterns, or - for standard input. Without any: {DEFAULT_PATH}, where it exists.",
        show_default=False,
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        metavar="GLOB",
        help="Files to take from folders besides DataMiner.xml and *.smtp.xml.",
        rich_help_panel=_INPUT,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(metavar="GLOB", help="Files and folders to leave out.", rich_help_panel=_INPUT),
]
ForceExclude = Annotated[
    bool,
    typer.Option(
        "--force-exclude", help="Let --exclude count for files given by name too.", rich_help_panel=_INPUT
    ),
]
FilesFrom = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Read more paths from a file, one a line; - for standard input.",
        rich_help_panel=_INPUT,
    ),
]
StdinFilename = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="What to call standard input in the report.", rich_help_panel=_INPUT),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODES", help="Report these codes or prefixes alone, as in H,A301.", rich_help_panel=_RULES
    ),
]
ExtendSelect = Annotated[
    list[str] | None,
    typer.Option(metavar="CODES", help="Report these besides the selected ones.", rich_help_panel=_RULES),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(metavar="CODES", help="Leave these codes or prefixes out.", rich_help_panel=_RULES),
]
WholeFile = Annotated[
    bool,
    typer.Option(
        "--whole-file", help="Check the rest of DataMiner.xml too (S112, S113).", rich_help_panel=_RULES
    ),
]
Format = Annotated[
    ReportFormat, typer.Option("--output-format", help="How to write findings.", rich_help_panel=_OUTPUT)
]
OtherFormat = Annotated[TextFormat, typer.Option("--output-format", help="For people, or for programs.")]
OutputFile = Annotated[
    str | None,
    typer.Option("--output-file", "-o", metavar="FILE", help="Write to this file.", rich_help_panel=_OUTPUT),
]
MinSeverity = Annotated[Severity, typer.Option(help="Leave out what is less grave.", rich_help_panel=_OUTPUT)]
Fail = Annotated[
    FailOn,
    typer.Option(
        "--fail-on", help="From which severity on to end with exit code 1.", rich_help_panel=_OUTPUT
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="No summary on standard error.", rich_help_panel=_OUTPUT)
]
NoColor = Annotated[bool, typer.Option("--no-color", help="Never write colour.", rich_help_panel=_OUTPUT)]
MaxSize = Annotated[
    int, typer.Option(min=1, metavar="BYTES", help="Largest file to read.", rich_help_panel=_LIMITS)
]
MaxDepth = Annotated[
    int, typer.Option(min=1, max=2000, help="Deepest nesting to read.", rich_help_panel=_LIMITS)
]
MaxNodes = Annotated[int, typer.Option(min=1, help="Most nodes to read.", rich_help_panel=_LIMITS)]


def selection(
    paths: Sequence[str] | None,
    include: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
    *,
    force_exclude: bool = False,
    files_from: str | None = None,
    stdin_filename: str | None = None,
) -> Selection:
    """The files that the options mean."""
    named = [*(paths or ()), *(_read_list(files_from) if files_from is not None else ())]
    if not named:
        if files_from is not None:
            raise Refusal(f"--files-from {files_from}: the list is empty, so there is nothing to check")
        if not Path(DEFAULT_PATH).is_file():
            raise Refusal(
                f"no path given, and there is no {DEFAULT_PATH} here: name a DataMiner.xml, a folder, or -"
            )
        named = [DEFAULT_PATH]
    if stdin_filename is not None and STANDARD_INPUT not in named:
        raise Refusal("--stdin-filename names standard input: give - as the path with it")
    if named.count(STANDARD_INPUT) + (files_from == STANDARD_INPUT) > 1:
        raise Refusal("standard input can be read once: give - once")
    return Selection(tuple(named), tuple(include or ()), tuple(exclude or ()), force_exclude, stdin_filename)


def _read_list(files_from: str) -> list[str]:
    try:
        if files_from == STANDARD_INPUT:
            data = sys.stdin.buffer.read()
        else:
            data = Path(files_from).read_bytes()
    except OSError as error:
        raise Refusal(f"--files-from {files_from}: {error.strerror}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(f"--files-from {files_from}: the list is not UTF-8") from error
    return [line for line in text.splitlines() if line.strip()]


def codes(
    select: Sequence[str] | None,
    extend_select: Sequence[str] | None,
    ignore: Sequence[str] | None,
    available: Iterable[str],
) -> frozenset[str]:
    """The codes to report; those of files that cannot be read are always among them."""
    everything = frozenset(available)
    chosen = _expand("--select", select, everything) if select else everything
    chosen |= _expand("--extend-select", extend_select, everything)
    ignored = _expand("--ignore", ignore, everything)
    always = frozenset(code for code in everything if code.startswith("D"))
    if ignore and ignored & always:
        raise Refusal("--ignore: D codes cannot be ignored, they say that a file was not checked")
    return (chosen - ignored) | always


def _expand(option: str, given: Sequence[str] | None, everything: frozenset[str]) -> frozenset[str]:
    from migrator.rules import BY_CODE, BY_NAME

    found: set[str] = set()
    for text in (part.strip() for one in given or () for part in one.split(",")):
        if not text:
            continue
        if text.lower() in BY_NAME:
            found.add(BY_NAME[text.lower()].code)
            continue
        matching = [code for code in BY_CODE if code.startswith(text.upper())]
        if not matching:
            raise Refusal(f'{option}: there is no code "{text}"{_suggestion(text)}')
        found.update(matching)
    return frozenset(found & everything)


def _suggestion(text: str) -> str:
    from migrator.rules import BY_CODE, BY_NAME
    from migrator.values.nearest import nearest

    near = nearest(text, [*BY_NAME, *BY_CODE], limit=2)
    return f'; did you mean "{near}"?' if near is not None else "; `dmsmtp rules` lists them"
