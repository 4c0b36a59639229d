"""Options on which files are taken, and how much one may hold; groups of them. None: it was not given."""

from typing import Annotated

import typer

from migrator.cli.options import INPUT, named, whole_number
from migrator.document.limits import Limits
from migrator.files import DEFAULT_PATH
from migrator.tuples import NamedTuple

MOST_JOBS = 64
_LIMITS = "Limits"
_DEFAULTS = Limits()

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH...",
        help=f"Files, folders, patterns, or - for standard input [default: {DEFAULT_PATH}].",
        show_default=False,
    ),
]
OnePath = Annotated[
    str | None,
    typer.Argument(
        metavar="PATH",
        help=f"A DataMiner.xml, or - for standard input [default: {DEFAULT_PATH}].",
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
    typer.Option(
        metavar="NAME",
        callback=named,
        help="The file that standard input is taken for, in the report and by the configuration.",
        rich_help_panel=INPUT,
    ),
]
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


class LimitOptions(NamedTuple):
    """How much a file may hold."""

    max_size: MaxSize = None
    max_depth: MaxDepth = None
    max_nodes: MaxNodes = None
