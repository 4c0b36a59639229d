"""`describe`."""

from __future__ import annotations

from typing import Annotated

import typer

from migrator.checking import CheckSettings, check, read_document
from migrator.cli import options
from migrator.cli.options import TextFormat
from migrator.cli.output import ExitCode, Refusal, deliver, layout, say
from migrator.document.source import Unreadable
from migrator.files import Missing, find, read
from migrator.section import read_configuration

_Path = Annotated[
    str | None,
    typer.Argument(metavar="[PATH]", help="A DataMiner.xml, or - for standard input.", show_default=False),
]


def describe(
    path: _Path = None,
    output_format: options.OtherFormat = TextFormat.FULL,
    stdin_filename: options.StdinFilename = None,
    no_color: options.NoColor = False,
) -> None:
    """Say in plain words what the settings of a file make DataMiner do."""
    from migrator.describe import describe as describe_section
    from migrator.reporters.description import as_json, as_text

    chosen = options.selection([path] if path is not None else None, stdin_filename=stdin_filename)
    files = list(find(chosen))
    if len(files) > 1:
        raise Refusal(f"{path}: {len(files)} files are there, and one can be described: name it")
    file = files[0]
    settings = CheckSettings()
    data = file if isinstance(file, Missing) else read(file, settings.limits.size)
    if isinstance(data, Missing):
        raise Refusal(f"{data.shown}: {data.reason}")
    document = read_document(data, settings.limits)
    configuration = None if isinstance(document, Unreadable) else read_configuration(document)
    section = None if configuration is None else configuration.section
    if configuration is None or section is None:
        for one in check(file.shown, data, settings).diagnostics:
            place = f":{one.span.start.line}:{one.span.start.column}" if one.span is not None else ""
            say(f"{one.path}{place}: {one.severity}[{one.code}] {one.message}; {one.help}")
        raise typer.Exit(ExitCode.FOUND)
    one = describe_section(file.shown, configuration, section)
    if output_format is TextFormat.JSON:
        deliver([as_json(one)], None, machine=True)
    else:
        deliver(as_text(one, layout(no_color=no_color, to_file=False)), None, machine=False)
