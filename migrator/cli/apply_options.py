"""Options of `apply`, and groups of them."""

from typing import Annotated

import typer

from migrator.cli import cluster_options, options
from migrator.tuples import NamedTuple

_APPLY = "Apply"

Source = Annotated[
    str | None,
    typer.Argument(
        metavar="SOURCE",
        help="The file whose section is applied; --rollback takes none.",
        show_default=False,
    ),
]
AgentPaths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH...",
        help="The agents, as for compare [default: those of the configuration].",
        show_default=False,
    ),
]


def _setting_names(help_: str, name: str | None = None) -> object:
    return typer.Option(*([name] if name else []), metavar="SETTING", help=help_, rich_help_panel=_APPLY)


class ApplyOptions(NamedTuple):
    """What is applied, and how."""

    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Write the files; otherwise show what would change.", rich_help_panel=_APPLY
        ),
    ] = False
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Show what would change, and write nothing.", rich_help_panel=_APPLY),
    ] = False
    only: Annotated[list[str] | None, _setting_names("Apply this setting, and others named so, alone.")] = (
        None
    )
    except_: Annotated[list[str] | None, _setting_names("Apply all but this setting.", "--except")] = None
    replace: Annotated[
        list[str] | None,
        _setting_names(
            "Apply Helo, which otherwise stays each agent's own; {agent} in it is the agent's name. Or "
            "LoginMethod, to replace XOAUTH2 as well."
        ),
    ] = None
    ask_secrets: Annotated[
        bool,
        typer.Option(
            "--ask-secrets",
            help="Ask for the secrets once, for all agents; or read them from standard input, a line each.",
            rich_help_panel=_APPLY,
        ),
    ] = False
    rollback: Annotated[
        bool,
        typer.Option(
            "--rollback",
            help="Bring back what was there before the last run; again goes back further.",
            rich_help_panel=_APPLY,
        ),
    ] = False
    no_backup: Annotated[
        bool, typer.Option("--no-backup", help="Keep no copy of the files.", rich_help_panel=_APPLY)
    ] = False
    failover: cluster_options.Failover = None


class ApplyReportOptions(NamedTuple):
    """What is said of it, how, and where to."""

    output_format: options.OtherFormat = options.TextFormat.FULL
    output_file: options.OutputFile = None
    quiet: options.Quiet = None
    no_color: options.NoColor = False
