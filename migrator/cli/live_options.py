"""Options of the commands that connect to a server."""

from typing import Annotated

import typer

from migrator.cli import file_options, options, rule_options
from migrator.tuples import NamedTuple

SERVER, _LOGIN, _MAIL = "Server", "Login", "Mail"
_DEFAULT_TIMEOUT = 30.0
_MOST_SECONDS = 3600.0


def seconds(text: str | float) -> float:
    """A length of time as an option gives it."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= _MOST_SECONDS:
        raise typer.BadParameter(f"{text} is not a number of seconds, more than 0 and at most 3,600")
    return number


class ServerOptions(NamedTuple):
    """How a server is connected to."""

    timeout: Annotated[
        float,
        typer.Option(
            parser=seconds,
            metavar="SECONDS",
            help="Give a server up after this time; each stage gets a third of it [default: 30].",
            show_default=False,
            rich_help_panel=SERVER,
        ),
    ] = _DEFAULT_TIMEOUT
    ca_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            callback=options.named,
            help="Trust the certificates in FILE (PEM), too.",
            rich_help_panel=SERVER,
        ),
    ] = None


class LoginOptions(NamedTuple):
    """What a login is made with."""

    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin",
            help="Read the password from standard input, one line. Else DMSMTP_PASSWORD in the "
            "environment counts, then the file, then you are asked.",
            rich_help_panel=_LOGIN,
        ),
    ] = False
    token_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            callback=options.named,
            help="The access token for XOAUTH2: alone, in JSON, or as retrieve-tokens keeps it, which is "
            "refreshed where it has expired.",
            rich_help_panel=_LOGIN,
        ),
    ] = None
    allow_cleartext: Annotated[
        bool,
        typer.Option(
            "--allow-cleartext",
            help="Log in to another machine even where the connection is not encrypted.",
            rich_help_panel=_LOGIN,
        ),
    ] = False


class FindingOptions(NamedTuple):
    """Which findings count, of files of which size."""

    select: rule_options.Select = None
    extend_select: rule_options.ExtendSelect = None
    ignore: rule_options.Ignore = None
    fail_on: rule_options.Fail = None
    config: rule_options.ConfigFile = None
    isolated: rule_options.Isolated = None
    max_size: file_options.MaxSize = None
    max_depth: file_options.MaxDepth = None
    max_nodes: file_options.MaxNodes = None

    @property
    def rules(self) -> rule_options.RuleOptions:
        """What it says of rules, as all options of these."""
        return rule_options.RuleOptions(
            self.select,
            self.extend_select,
            self.ignore,
            fail_on=self.fail_on,
            config=self.config,
            isolated=self.isolated,
        )


Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose",
        "-v",
        help="Show the dialogue with the server, without its secrets.",
        rich_help_panel=options.OUTPUT,
    ),
]


class OtherOutputOptions(NamedTuple):
    """How more than findings is reported, and where to; the format of the configuration is not for it."""

    output_format: options.OtherFormat = options.TextFormat.FULL
    output_file: options.OutputFile = None
    verbose: Verbose = False
    quiet: options.Quiet = None
    no_color: options.NoColor = False


Login = Annotated[
    bool,
    typer.Option("--login", help="Log in, too, with the settings' LoginMethod.", rich_help_panel=_LOGIN),
]
To = Annotated[
    str,
    typer.Option("--to", metavar="ADDRESS", help="Who gets the mail.", rich_help_panel=_MAIL),
]
Sender = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="ADDRESS",
        help="The sender where the settings have no From: DataMiner's default address is not in the file.",
        rich_help_panel=_MAIL,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Print the message, and connect to nothing.", rich_help_panel=_MAIL),
]
