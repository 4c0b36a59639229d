"""`describe`."""

from __future__ import annotations

from typing import Annotated

import typer

from migrator.checking import CheckSettings, check, read_document
from migrator.cli import arguments, options
from migrator.cli.output import ExitCode, Refusal, deliver, layout, say, spare
from migrator.describe import describe as describe_section
from migrator.document.source import Unreadable
from migrator.files import Missing, find, read
from migrator.reporters.concise import place_of
from migrator.reporters.description import as_json, as_text
from migrator.section import read_configuration
from migrator.summary import Tally

_Path = Annotated[
    str | None,
    typer.Argument(metavar="PATH", help="A DataMiner.xml, or - for standard input.", show_default=False),
]


def describe(
    path: _Path = None,
    *,
    output_format: options.OtherFormat = options.TextFormat.FULL,
    output_file: options.OutputFile = None,
    quiet: options.Quiet = False,
    no_color: options.NoColor = False,
    stdin_filename: options.StdinFilename = None,
    _version: options.Version = False,
) -> None:
    """Say in plain words what the settings make DataMiner do."""
    shown, data = _only_file(path, stdin_filename, output_file)
    settings = CheckSettings()
    report = check(shown, data, settings)
    document = read_document(shown, data, settings.limits)
    configuration = None if isinstance(document, Unreadable) else read_configuration(document)
    section = None if configuration is None else configuration.section
    if configuration is None or section is None:
        for finding in report.diagnostics:
            place = place_of(finding.path, finding.span)
            say(f"{place}: {finding.severity}[{finding.code}] {finding.message}; {finding.help}")
        raise typer.Exit(ExitCode.FOUND)
    words = describe_section(shown, configuration, section)
    if output_format is options.TextFormat.JSON:
        deliver([as_json(words)], output_file, machine=True)
    else:
        shape = layout(no_color=no_color, to_file=output_file is not None)
        deliver(as_text(words, shape), output_file, machine=False)
    if report.diagnostics and not quiet:
        tally = Tally()
        list(tally.follow([report]))
        say(f"{tally.found()}: `dmsmtp lint` shows what")


def _only_file(path: str | None, stdin_filename: str | None, output_file: str | None) -> tuple[str, bytes]:
    """The one file that is meant, and its bytes."""
    chosen = arguments.selection([path] if path is not None else None, stdin_filename=stdin_filename)
    files = list(find(chosen))
    if len(files) > 1:
        raise Refusal(f"{path}: {len(files)} files are there, and one at a time can be described: name it")
    file = files[0]
    if not isinstance(file, Missing):
        spare(file.path, output_file)
    data = file if isinstance(file, Missing) else read(file, CheckSettings().limits.size)
    if isinstance(data, Missing):
        raise Refusal(f"{data.shown}: {data.reason}")
    return file.shown, data
