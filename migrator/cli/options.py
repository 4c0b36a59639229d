"""Options that several commands share, and what their values mean."""

from __future__ import annotations

import codecs
import sys
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

import migrator
from migrator.cli.output import Refusal, deliver
from migrator.diagnostic import Severity
from migrator.document.limits import Limits
from migrator.files import DEFAULT_PATH, STANDARD_INPUT, Selection, is_there, why_unreadable
from migrator.values.version import Version as DataMinerVersion
from migrator.values.version import VersionProblem, parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from typer.models import OptionInfo

_INPUT, _RULES, _OUTPUT, _LIMITS = "Files", "Rules", "Output", "Limits"


class ReportFormat(StrEnum):
    """Formats of a report of findings."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"


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


def limits(size: int, depth: int, nodes: int) -> Limits:
    """The limits that the options name; a size that somebody chose counts for YAML too."""
    usual = Limits()
    return Limits(size, depth, nodes, usual.yaml_size if size == usual.size else size)


def target_version(text: str | None) -> DataMinerVersion | None:
    """The version that an option names; one that is not clear is asked back."""
    if text is None:
        return None
    reading = parse_version(text)
    if reading.value is not None and VersionProblem.NOT_A_VERSION not in reading.problems:
        return reading.value
    if VersionProblem.AMBIGUOUS in reading.problems:
        main, feature = f"{text}.0", f"{text}.4"
        raise Refusal(
            f"--target-version {text}: the main release {main}, or a feature release such as {feature}?"
        )
    raise Refusal(f'--target-version {text}: no DataMiner version; write it as 10.6.4 or "10.5.0 CU13"')


def as_of(text: str | None) -> date:
    """The day that an option names; today where it names none."""
    if text is None:
        return date.today()  # noqa: DTZ011 - the day where the user is
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(f"--as-of {text}: no date; write it as 2026-12-31") from error


def _show_version(value: bool) -> None:
    if value:
        deliver([f"dmsmtp {migrator.__version__}\n"], None, machine=False)
        raise typer.Exit


def version_option(*, hidden: bool) -> OptionInfo:
    """The option --version, which commands take without naming it."""
    info: OptionInfo = typer.Option(
        "--version", callback=_show_version, is_eager=True, hidden=hidden, help="Show the version and end."
    )
    return info


Version = Annotated[bool, version_option(hidden=True)]
Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH...",
        help=f"Files, folders, patterns, or - for standard input [default: {DEFAULT_PATH}].",
        show_default=False,
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        metavar="GLOB",
        help="Check these files in folders too, not only DataMiner.xml and *.smtp.*.",
        rich_help_panel=_INPUT,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        metavar="GLOB", help="Leave out these files and folders, where searched.", rich_help_panel=_INPUT
    ),
]
ForceExclude = Annotated[
    bool,
    typer.Option("--force-exclude", help="Leave them out even when given by name.", rich_help_panel=_INPUT),
]
FilesFrom = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="Read more paths from FILE (or -), one a line.", rich_help_panel=_INPUT
    ),
]
StdinFilename = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="What to call standard input in the report.", rich_help_panel=_INPUT),
]


def _whole_number(most: int) -> Callable[[str | int], int]:
    def parse(text: str | int) -> int:
        try:
            number = int(text)
        except ValueError:
            number = 0
        if not 1 <= number <= most:
            raise typer.BadParameter(f"{text} is not a whole number from 1 to {most:,}")
        return number

    return parse


MaxSize = Annotated[
    int,
    typer.Option(
        parser=_whole_number(2**31 - 2),
        metavar="BYTES",
        help="Do not read larger files [default: 16 MiB].",
        show_default=False,
        rich_help_panel=_LIMITS,
    ),
]
MaxDepth = Annotated[
    int,
    typer.Option(
        parser=_whole_number(2000),
        metavar="N",
        help="Nor such as are nested deeper.",
        rich_help_panel=_LIMITS,
    ),
]
MaxNodes = Annotated[
    int,
    typer.Option(
        parser=_whole_number(2**31 - 2),
        metavar="N",
        help="Nor such as hold more nodes.",
        rich_help_panel=_LIMITS,
    ),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODES",
        help="Report only these codes, prefixes or names, as in H,A301.",
        rich_help_panel=_RULES,
    ),
]
ExtendSelect = Annotated[
    list[str] | None,
    typer.Option(metavar="CODES", help="Report these as well as the selected ones.", rich_help_panel=_RULES),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODES", help="Do not report these; D codes always are reported.", rich_help_panel=_RULES
    ),
]
TargetVersion = Annotated[
    str | None,
    typer.Option(
        metavar="VERSION",
        help='The DataMiner version that the files are for, such as 10.6.4 or "10.5.0 CU13".',
        rich_help_panel=_RULES,
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="The day for which deadlines count, as YYYY-MM-DD; today where not given.",
        rich_help_panel=_RULES,
    ),
]
WholeFile = Annotated[
    bool,
    typer.Option("--whole-file", help="Check the rest of DataMiner.xml, too.", rich_help_panel=_RULES),
]
Fail = Annotated[
    FailOn,
    typer.Option(
        "--fail-on",
        metavar="LEVEL",
        help="End with 1 from error, warning or info on, or never.",
        rich_help_panel=_RULES,
    ),
]
Format = Annotated[
    ReportFormat,
    typer.Option(
        "--output-format",
        metavar="FORMAT",
        help="full, concise, json, sarif, github, gitlab or junit.",
        rich_help_panel=_OUTPUT,
    ),
]
OtherFormat = Annotated[
    TextFormat,
    typer.Option("--output-format", metavar="FORMAT", help="full or json.", rich_help_panel=_OUTPUT),
]
OutputFile = Annotated[
    str | None,
    typer.Option(
        "--output-file",
        "-o",
        metavar="FILE",
        help="Write to FILE, all of it or nothing.",
        rich_help_panel=_OUTPUT,
    ),
]
MinSeverity = Annotated[
    Severity,
    typer.Option(
        metavar="LEVEL",
        help="Show from error, warning or info on. What is hidden still counts for the exit code.",
        rich_help_panel=_OUTPUT,
    ),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="No summary on standard error.", rich_help_panel=_OUTPUT),
]
NoColor = Annotated[bool, typer.Option("--no-color", help="Never write colour.", rich_help_panel=_OUTPUT)]


ConfigFile = Annotated[
    str | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The configuration file for everything; otherwise the nearest dmsmtp.toml counts.",
        rich_help_panel=_RULES,
    ),
]
Isolated = Annotated[
    bool, typer.Option("--isolated", help="Read no configuration file.", rich_help_panel=_RULES)
]


def given(context: typer.Context, values: Mapping[str, object]) -> dict[str, object]:
    """Those of some options that were written on the command line; lists as tuples."""
    found = {}
    for name, value in values.items():
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            found[name] = tuple(value) if isinstance(value, list) else value
    return found


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
    named = [*(paths or ()), *(_read_list(files_from, sys.stdin) if files_from is not None else ())]
    if not named:
        if files_from is not None:
            raise Refusal(f"--files-from {files_from}: the list is empty, so there is nothing to check")
        if not is_there(DEFAULT_PATH):
            raise Refusal(
                f"no path given, and there is no {DEFAULT_PATH}: name a DataMiner.xml or a folder, "
                "or - for standard input"
            )
        named = [DEFAULT_PATH]
    if stdin_filename is not None and STANDARD_INPUT not in named:
        raise Refusal("--stdin-filename names standard input: give - as the path with it")
    if named.count(STANDARD_INPUT) + (files_from == STANDARD_INPUT) > 1:
        raise Refusal("standard input can be read once: give - once")
    return Selection(tuple(named), tuple(include or ()), tuple(exclude or ()), force_exclude, stdin_filename)


def _read_list(files_from: str, stream: TextIO | None) -> list[str]:
    """Paths in UTF-8, or as Windows PowerShell writes them, in UTF-16."""
    try:
        if files_from != STANDARD_INPUT:
            with open(files_from, "rb") as file:  # noqa: PTH123 - as given
                data = file.read()
        elif stream is None:
            raise Refusal("--files-from -: standard input is closed")
        else:
            data = stream.buffer.read()
    except OSError as error:
        raise Refusal(f"--files-from {files_from}: {why_unreadable(error)}") from error
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        # On Linux a file's name may be no UTF-8; that is what surrogateescape is for
        text = data.decode("utf-16") if is_wide else data.decode("utf-8-sig", _NAME_ERRORS)
    except UnicodeDecodeError as error:
        raise Refusal(f"--files-from {files_from}: the list is not UTF-8") from error
    if "\0" in text:
        raise Refusal(f"--files-from {files_from}: this is no list of paths: it holds a zero byte")
    return [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


_NAME_ERRORS = sys.getfilesystemencodeerrors() if sys.platform != "win32" else "strict"


def codes(
    select: Sequence[str] | None,
    extend_select: Sequence[str] | None,
    ignore: Sequence[str] | None,
    available: Iterable[str],
    *,
    whole_file: bool,
) -> frozenset[str]:
    """The codes to report; those of files that cannot be read are always among them."""
    from migrator.rules import RULES

    everything = frozenset(available)
    beyond = frozenset(rule.code for rule in RULES if rule.whole_file_only and not whole_file)
    chosen = _expand("--select", select, everything, beyond) if select else everything
    chosen |= _expand("--extend-select", extend_select, everything, beyond)
    ignored = _expand("--ignore", ignore)
    always = frozenset(code for code in everything if code.startswith("D"))
    if ignored & always:
        raise Refusal("--ignore: D codes cannot be ignored, they say that a file was not checked")
    return ((chosen & everything) - ignored) | always


def _expand(
    option: str,
    given: Sequence[str] | None,
    available: frozenset[str] | None = None,
    beyond: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """Codes that are meant by codes, prefixes and names; each of them must mean one that can be reported."""
    from migrator.rules import BY_CODE, BY_NAME

    found: set[str] = set()
    for text in (part.strip() for one in given or () for part in one.split(",")):
        if not text:
            continue
        named = BY_NAME.get(text.lower())
        matching = (
            {code for code in BY_CODE if code.startswith(text.upper())} if named is None else {named.code}
        )
        if not matching:
            raise Refusal(f'{option}: there is no code "{text}"{_suggestion(text)}')
        if available is not None and not matching & available:
            raise Refusal(f"{option}: this command does not report {text}; `dmsmtp lint` does")
        if matching <= beyond:
            raise Refusal(f"{option}: {text} is found with --whole-file only")
        found |= matching
    return frozenset(found)


def _suggestion(text: str) -> str:
    from migrator.rules import BY_CODE, BY_NAME
    from migrator.values.nearest import nearest

    near = nearest(text, [*BY_NAME, *BY_CODE], limit=2)
    return f'; did you mean "{near}"?' if near is not None else "; `dmsmtp rules` lists them"
