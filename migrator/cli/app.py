"""The command `dmsmtp`: its commands, and the last guard before a traceback."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from migrator.cli import options
from migrator.cli.option_groups import spread
from migrator.cli.output import ClosedPipe, ExitCode, Refusal, abandon, deliver, say
from migrator.cli.written import told_of_all

if TYPE_CHECKING:
    from collections.abc import Collection

    from typer._click import Command as AnyCommand
    from typer._click import Context, HelpFormatter, Parameter

_COMMANDS = {  # and the modules that hold them
    "validate": "lint",
    "lint": "lint",
    "migrate": "migrate",
    "describe": "describe",
    "convert": "convert",
    "new": "new",
    "compare": "compare",
    "apply": "apply",
    "probe": "probe",
    "check": "check",
    "send-test-email": "send_test_email",
    "retrieve-tokens": "retrieve_tokens",
    "explain": "catalogue",
    "rules": "catalogue",
    "schema": "catalogue",
}
_SHORT_HELP = {  # where it is not the first line of the help
    "retrieve-tokens": "Get OAuth 2.0 tokens, to prove the registration at the provider."
}
_EVERYWHERE: tuple[tuple[list[str], type[bool | int | str]], ...] = (
    (["--quiet", "-q"], bool),
    (["--no-color"], bool),
    (["--isolated"], bool),
    (["--config"], str),
    (["--jobs", "-j"], int),
)
ARGUMENTS = "Arguments"
"""The heading in the help under which paths and the like stand."""
_Version = Annotated[bool, options.version_option(hidden=False)]


class Group(TyperGroup):
    """The commands, whose help is written as a report is."""

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """The option `--help`."""
        return _written_as_a_report(super().get_help_option(ctx))


class Command(TyperCommand):
    """A command whose help lists the options by subject, and is written as a report is.

    It takes what scripts give to all commands alike, also where that says nothing to it.
    """

    def get_params(self, ctx: Context) -> list[Parameter]:
        """All options and arguments."""
        own = super().get_params(ctx)
        taken = {name for one in own for name in one.opts}
        return own + [
            TyperOption(param_decls=names, type=kind, is_flag=kind is bool, hidden=True, expose_value=False)
            for names, kind in _EVERYWHERE
            if names[0] not in taken
        ]

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """The option `--help`."""
        return _written_as_a_report(super().get_help_option(ctx))

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the options under the headings that they name."""
        for heading, rows in by_heading(self, ctx).items():
            with formatter.section(heading):
                formatter.write_dl(rows)


def by_heading(command: AnyCommand, ctx: Context) -> dict[str, list[tuple[str, str]]]:
    """The arguments and options of a command with what their helps say, under the headings that they name."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for parameter in command.get_params(ctx):
        row = parameter.get_help_record(ctx)
        if row is not None:
            other = ARGUMENTS if parameter.param_type_name == "argument" else "Other"
            groups.setdefault(getattr(parameter, "rich_help_panel", None) or other, []).append(row)
    return groups


def _written_as_a_report(help_: TyperOption | None) -> TyperOption | None:
    if help_ is not None:
        help_.callback = _show_help
    return help_


def _show_help(ctx: Context, _help: Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        deliver([f"{ctx.get_help()}\n"], None, machine=False)
        ctx.exit()


def _common(_version: _Version = False) -> None:
    """Validate, lint and explain the outgoing-mail (SMTP) section of DataMiner.xml.

    Exit code: 0 done, 1 something was found, 2 it could not be done.
    """


def application(names: Collection[str] = _COMMANDS) -> typer.Typer:
    """The application with these commands; building one takes time, at every start."""
    app = typer.Typer(
        name="dmsmtp",
        cls=Group,
        callback=_common,
        no_args_is_help=True,
        add_completion=len(names) > 1,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    for name in names:
        module = import_module(f"migrator.cli.{_COMMANDS[name]}")
        app.command(name, cls=Command, short_help=_SHORT_HELP.get(name))(
            spread(getattr(module, name.replace("-", "_")))
        )
    return app


def run() -> int:
    """Run the command; the exit code. No traceback ever reaches a user."""
    first = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        # Patterns are ours to expand, --exclude's not at all: typer would expand both, on Windows alone
        app = application([first] if first in _COMMANDS else _COMMANDS)
        with told_of_all():
            app(prog_name="dmsmtp", windows_expand_args=False)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.REFUSED
    except Refusal as refusal:
        for sentence in refusal.sentences:
            say(sentence)
        return ExitCode.REFUSED
    except ClosedPipe:
        return ExitCode.CLOSED_PIPE
    except OSError as error:
        abandon(sys.stdout)
        say(_why_not_done(error))
        return ExitCode.REFUSED
    except Exception as error:  # noqa: BLE001 - the last guard; the error's own text might quote a secret
        from migrator import crash

        say(crash.sentence(error))
        return ExitCode.REFUSED
    return ExitCode.DONE


def _why_not_done(error: OSError) -> str:
    """What the system said where nobody expected it, and of which file."""
    try:
        os.getcwd()  # noqa: PTH109 - only whether there is one
    except OSError:
        return "the working folder is gone: change to another one, and try again"
    where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
    return f"{where}this could not be done: {error.strerror or type(error).__name__}"
