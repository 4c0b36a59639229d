"""Options of commands that report findings on servers as `lint` does on files, and groups of them."""

from typing import Annotated

import typer

from migrator.cli import file_options, live_options, options, report_options
from migrator.cli.live_options import SERVER
from migrator.tuples import NamedTuple

_AT_ONCE = 16  # servers


class PathOptions(NamedTuple):
    """Which files are meant, and how many of their servers are asked at once."""

    paths: file_options.Paths = None
    include: file_options.Include = None
    exclude: file_options.Exclude = None
    force_exclude: file_options.ForceExclude = None
    files_from: file_options.FilesFrom = None
    stdin_filename: file_options.StdinFilename = None
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs",
            "-j",
            min=1,
            max=file_options.MOST_JOBS,
            metavar="N",
            help="Connect to N servers at once.",
            rich_help_panel=SERVER,
        ),
    ] = _AT_ONCE


class OutputOptions(NamedTuple):
    """How findings are reported, and where to."""

    output_format: report_options.Format = None
    output_file: options.OutputFile = None
    verbose: live_options.Verbose = False
    quiet: options.Quiet = None
    no_color: options.NoColor = False


class FurtherOptions(NamedTuple):
    """More reports of the same run, and what all of them leave out."""

    report: report_options.Report = None
    min_severity: report_options.MinSeverity = None
