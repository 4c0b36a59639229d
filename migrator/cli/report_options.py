"""Options on what is reported of findings, how, and where to; groups of them. None: it was not given."""

from enum import StrEnum
from typing import Annotated

import typer

from migrator.cli import completion
from migrator.cli.options import OUTPUT, RULES, NoColor, OutputFile, Quiet, named
from migrator.diagnostic import Severity
from migrator.tuples import NamedTuple


class ReportFormat(StrEnum):
    """Formats of a report of findings."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"


Format = Annotated[
    ReportFormat | None,
    typer.Option(
        "--output-format",
        metavar="FORMAT",
        help="full, concise, json, sarif, github, gitlab or junit.",
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


class BaselineOptions(NamedTuple):
    """Findings that are known already."""

    baseline: Baseline = None
    no_baseline: NoBaseline = False
    write_baseline: WriteBaseline = None


class ReportOptions(NamedTuple):
    """What is reported, how, and where to."""

    output_format: Format = None
    output_file: OutputFile = None
    report: Report = None
    min_severity: MinSeverity = None
    statistics: Statistics = None
    quiet: Quiet = None
    no_color: NoColor = False
