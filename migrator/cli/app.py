"""The command `dmsmtp`: all commands in one place, and the last guard before a traceback."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

import migrator
from migrator.cli import catalogue, checks, description
from migrator.cli.output import ExitCode, Refusal, say

app = typer.Typer(
    name="dmsmtp",
    help="Validate, lint and explain the outgoing-mail (SMTP) section of DataMiner.xml.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"dmsmtp {migrator.__version__}")
        raise typer.Exit


@app.callback()
def _common(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    pass


app.command("validate", help=checks.VALIDATE_HELP)(checks.validate)
app.command("lint", help=checks.LINT_HELP)(checks.lint)
app.command("describe")(description.describe)
app.command("explain")(catalogue.explain)
app.command("rules")(catalogue.rules)
app.command("schema")(catalogue.schema)


def run() -> int:
    """Run the command; the exit code. No traceback ever reaches a user."""
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.REFUSED
    except Refusal as refusal:
        say(str(refusal))
        return ExitCode.REFUSED
    except BrokenPipeError:
        # Python flushes standard output once more at its end, and would complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.CLOSED_PIPE
    except OSError as error:
        say(f"the output could not be written: {error.strerror or type(error).__name__}")
        return ExitCode.REFUSED
    except Exception as error:  # noqa: BLE001 - the last guard; the error's own text might quote a secret
        say(f"this should not happen ({type(error).__name__}{_where(error)}); please report it")
        return ExitCode.REFUSED
    return ExitCode.DONE


def _where(error: Exception) -> str:
    trace, line = error.__traceback__, 0
    place = ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename.replace("\\", "/")
        if "/migrator/" in name:
            place, line = name.rpartition("/migrator/")[2], trace.tb_lineno
        trace = trace.tb_next
    return f" in {place}:{line}" if place else ""
