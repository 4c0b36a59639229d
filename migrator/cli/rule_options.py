"""Options on which rules and which configuration count, and groups of them. None: it was not given."""

from enum import StrEnum
from typing import Annotated

import typer
from typer.models import OptionInfo

from migrator.cli import completion
from migrator.cli.options import RULES, named
from migrator.tuples import NamedTuple


class FailOn(StrEnum):
    """From which severity on findings make the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


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
ConfigFile = Annotated[
    str | None,
    typer.Option(
        "--config",
        metavar="FILE",
        callback=named,
        help="The configuration file for everything; otherwise the nearest dmsmtp.toml counts.",
        rich_help_panel=RULES,
    ),
]
Isolated = Annotated[
    bool | None, typer.Option("--isolated", help="Read no configuration file.", rich_help_panel=RULES)
]
ShowSettings = Annotated[
    bool,
    typer.Option(
        "--show-settings",
        help="Show what counts for the first file, from where, and end.",
        rich_help_panel=RULES,
    ),
]


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
