"""Options of the commands that look at a cluster, and groups of them. None: it was not given."""

from typing import Annotated

import typer

from migrator.cli import file_options, options
from migrator.tuples import NamedTuple

CLUSTER = "Cluster"
"""The heading in the help of what the agents are to each other."""


Failover = Annotated[
    list[str] | None,
    typer.Option(
        metavar="A=B",
        help="These two agents, by name or path, are a Failover pair; may be repeated.",
        rich_help_panel=CLUSTER,
    ),
]

Timeout = Annotated[
    int | None,
    typer.Option(
        parser=options.whole_number(86_400),
        metavar="SECONDS",
        help="Wait for a file no longer than this, such as for one on a share that is gone.",
        rich_help_panel=options.INPUT,
    ),
]


class AgentFileOptions(NamedTuple):
    """Which files are those of agents."""

    include: file_options.Include = None
    exclude: file_options.Exclude = None
    force_exclude: file_options.ForceExclude = None
    files_from: file_options.FilesFrom = None
    jobs: file_options.Jobs = None
    timeout: Timeout = None
    show_files: file_options.ShowFiles = False
