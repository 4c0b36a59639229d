"""Options that several commands share, and groups of them. None stands for one that was not given."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer
from typer.models import OptionInfo

import migrator
from migrator.cli import completion
from migrator.cli.output import Refusal, deliver
from migrator.diagnostic import Severity
from migrator.document.limits import Limits
from migrator.files import DEFAULT_PATH
from migrator.tuples import NamedTuple

MOST_JOBS = 64
INPUT, RULES, OUTPUT = "Files", "Rules", "Output"
"""Headings in the help under which options of several modules stand."""
_FIXES, _LIMITS = "Fixes", "Limits"
_DEFAULTS = Limits()


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


class FileFormat(StrEnum):
    """Formats of configurations."""

    XML = "xml"
    JSON = "json"
    YAML = "yaml"


class FailOn(StrEnum):
    """From which severity on findings make the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


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


def named(option: typer.CallbackParam, value: str | None) -> str | None:
    """What an option names, which has to have a name."""
    if value == "":
        raise Refusal(f"{option.opts[0]} is empty: was a variable not set?")
    return value


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
        rich_help_panel=INPUT,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        metavar="GLOB", help="Leave out these files and folders, where searched.", rich_help_panel=INPUT
    ),
]
ForceExclude = Annotated[
    bool | None,
    typer.Option("--force-exclude", help="Leave them out even when given by name.", rich_help_panel=INPUT),
]
FilesFrom = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        callback=named,
        help="Read more paths from FILE (or -), one a line.",
        rich_help_panel=INPUT,
    ),
]
StdinFilename = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="What to call standard input in the report.", rich_help_panel=INPUT),
]


def whole_number(most: int) -> Callable[[str | int], int]:
    """What reads a number of 1 to `most`, and refuses everything else."""

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
    int | None,
    typer.Option(
        parser=whole_number(2**31 - 2),
        metavar="BYTES",
        help="Do not read larger files [default: 16 MiB].",
        show_default=False,
        rich_help_panel=_LIMITS,
    ),
]
MaxDepth = Annotated[
    int | None,
    typer.Option(
        parser=whole_number(2000),
        metavar="N",
        help=f"Do not read files that are nested deeper [default: {_DEFAULTS.depth}].",
        show_default=False,
        rich_help_panel=_LIMITS,
    ),
]
MaxNodes = Annotated[
    int | None,
    typer.Option(
        parser=whole_number(2**31 - 2),
        metavar="N",
        help=f"Do not read files with more nodes [default: {_DEFAULTS.nodes:,}].",
        show_default=False,
        rich_help_panel=_LIMITS,
    ),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODES",
        help="Report only these codes, prefixes or names, with commas between them.",
        rich_help_panel=RULES,
        autocompletion=completion.selectors,
    ),
]
ExtendSelect = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODES",
        help="Report these as well as the selected ones.",
        rich_help_panel=RULES,
        autocompletion=completion.selectors,
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODES",
        help="Do not report these, nor others on the same mistake; D codes always are reported.",
        rich_help_panel=RULES,
        autocompletion=completion.ignorable,
    ),
]
TargetVersion = Annotated[
    str | None,
    typer.Option(
        metavar="VERSION",
        help='The DataMiner version that the files are for, such as 10.6.4 or "10.5.0 CU13".',
        rich_help_panel=RULES,
        autocompletion=completion.versions,
    ),
]


def day_option(panel: str) -> OptionInfo:
    """The option --as-of, among other options of its subject."""
    info: OptionInfo = typer.Option(
        metavar="DATE",
        help="The day for which deadlines count, as YYYY-MM-DD; today where not given.",
        rich_help_panel=panel,
    )
    return info


AsOf = Annotated[str | None, day_option(RULES)]
WholeFile = Annotated[
    bool | None,
    typer.Option("--whole-file", help="Check the rest of DataMiner.xml, too.", rich_help_panel=RULES),
]
Fail = Annotated[
    FailOn | None,
    typer.Option(
        "--fail-on",
        metavar="LEVEL",
        help="End with 1 from error, warning or info on, or never [default: error].",
        show_default=False,
        rich_help_panel=RULES,
    ),
]
Format = Annotated[
    ReportFormat | None,
    typer.Option(
        "--output-format",
        metavar="FORMAT",
        help="full, concise, json, sarif, github, gitlab or junit.",
        rich_help_panel=OUTPUT,
    ),
]
OtherFormat = Annotated[
    TextFormat,
    typer.Option("--output-format", metavar="FORMAT", help="full or json.", rich_help_panel=OUTPUT),
]
OutputFile = Annotated[
    str | None,
    typer.Option(
        "--output-file",
        "-o",
        metavar="FILE",
        callback=named,
        help="Write to FILE, all of it or nothing.",
        rich_help_panel=OUTPUT,
    ),
]
MinSeverity = Annotated[
    Severity | None,
    typer.Option(
        metavar="LEVEL",
        help="Show from error, warning or info on. What is hidden still counts for the exit code.",
        rich_help_panel=OUTPUT,
    ),
]
Quiet = Annotated[
    bool | None,
    typer.Option("--quiet", "-q", help="No summary on standard error.", rich_help_panel=OUTPUT),
]
NoColor = Annotated[bool, typer.Option("--no-color", help="Never write colour.", rich_help_panel=OUTPUT)]


ConfigFile = Annotated[
    str | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The configuration file for everything; otherwise the nearest dmsmtp.toml counts.",
        rich_help_panel=RULES,
    ),
]
Isolated = Annotated[
    bool | None, typer.Option("--isolated", help="Read no configuration file.", rich_help_panel=RULES)
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        parser=whole_number(MOST_JOBS),
        metavar="N",
        help="Check files in N processes at most [default: by the number of processors].",
        show_default=False,
        rich_help_panel=INPUT,
    ),
]
ShowFiles = Annotated[
    bool,
    typer.Option(
        "--show-files", help="List the files that would be checked, and end.", rich_help_panel=INPUT
    ),
]
ShowSettings = Annotated[
    bool,
    typer.Option(
        "--show-settings",
        help="Show what counts for the first file, from where, and end.",
        rich_help_panel=RULES,
    ),
]
Baseline = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        callback=named,
        help="Do not report the known findings that FILE lists.",
        rich_help_panel=RULES,
    ),
]
NoBaseline = Annotated[
    bool,
    typer.Option("--no-baseline", help="Take known findings like all others.", rich_help_panel=RULES),
]
WriteBaseline = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        callback=named,
        help="Write what is found to FILE, as a baseline, and end with 0.",
        rich_help_panel=RULES,
    ),
]
Fix = Annotated[
    bool,
    typer.Option(
        "--fix", help="Mend what can be mended safely, and write the files.", rich_help_panel=_FIXES
    ),
]
UnsafeFixes = Annotated[
    bool | None,
    typer.Option(
        "--unsafe-fixes",
        help="With --fix or --diff: mend also where that is a choice, or may change what the file means.",
        rich_help_panel=_FIXES,
    ),
]
Diff = Annotated[
    bool,
    typer.Option("--diff", help="Show what --fix would change, and write nothing.", rich_help_panel=_FIXES),
]
NoBackup = Annotated[
    bool | None,
    typer.Option("--no-backup", help="Keep no copy of a file that --fix changes.", rich_help_panel=_FIXES),
]
ExitNonZeroOnFix = Annotated[
    bool | None,
    typer.Option(
        "--exit-non-zero-on-fix", help="End with 1 where something was mended.", rich_help_panel=_FIXES
    ),
]
Report = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FORMAT=FILE",
        help="Write this report as well; may be repeated.",
        rich_help_panel=OUTPUT,
        autocompletion=completion.reports,
    ),
]
Statistics = Annotated[
    bool | None,
    typer.Option(
        "--statistics",
        help="Show how often each rule found something, and nothing else.",
        rich_help_panel=OUTPUT,
    ),
]


class FileOptions(NamedTuple):
    """Which files are checked."""

    include: Include = None
    exclude: Exclude = None
    force_exclude: ForceExclude = None
    files_from: FilesFrom = None
    stdin_filename: StdinFilename = None
    jobs: Jobs = None
    show_files: ShowFiles = False


class SearchOptions(NamedTuple):
    """Which files are taken."""

    include: Include = None
    exclude: Exclude = None
    force_exclude: ForceExclude = None
    files_from: FilesFrom = None
    stdin_filename: StdinFilename = None
    jobs: Jobs = None


class ConfigOptions(NamedTuple):
    """Which configuration counts."""

    config: ConfigFile = None
    isolated: Isolated = None


class RuleOptions(NamedTuple):
    """Which rules count, and for which version and day."""

    select: Select = None
    extend_select: ExtendSelect = None
    ignore: Ignore = None
    target_version: TargetVersion = None
    as_of: AsOf = None
    whole_file: WholeFile = None
    fail_on: Fail = None
    config: ConfigFile = None
    isolated: Isolated = None
    show_settings: ShowSettings = False


class BaselineOptions(NamedTuple):
    """Findings that are known already."""

    baseline: Baseline = None
    no_baseline: NoBaseline = False
    write_baseline: WriteBaseline = None


class FixOptions(NamedTuple):
    """What is mended, and where to."""

    fix: Fix = False
    unsafe_fixes: UnsafeFixes = None
    diff: Diff = False
    no_backup: NoBackup = None
    exit_non_zero_on_fix: ExitNonZeroOnFix = None


class ReportOptions(NamedTuple):
    """What is reported, how, and where to."""

    output_format: Format = None
    output_file: OutputFile = None
    report: Report = None
    min_severity: MinSeverity = None
    statistics: Statistics = None
    quiet: Quiet = None
    no_color: NoColor = False


class LimitOptions(NamedTuple):
    """How much a file may hold."""

    max_size: MaxSize = None
    max_depth: MaxDepth = None
    max_nodes: MaxNodes = None
