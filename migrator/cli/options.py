"""Options that nearly all commands have, and what those of several modules need. None: it was not given."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer
from typer.models import OptionInfo

import migrator
from migrator.cli.output import Refusal, deliver

INPUT, RULES, OUTPUT = "Files", "Rules", "Output"
"""Headings in the help under which options of several modules stand."""


class TextFormat(StrEnum):
    """Formats of what is no report of findings."""

    FULL = "full"
    JSON = "json"


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
Quiet = Annotated[
    bool | None,
    typer.Option("--quiet", "-q", help="No summary on standard error.", rich_help_panel=OUTPUT),
]
NoColor = Annotated[bool, typer.Option("--no-color", help="Never write colour.", rich_help_panel=OUTPUT)]
