"""Options of `convert`."""

from typing import Annotated

import typer

from migrator.cli import options
from migrator.cli.file_formats import FileFormat
from migrator.conversion.convert import OutputFormat
from migrator.conversion.secrets import Secrets
from migrator.tuples import NamedTuple

_HEADING = "Conversion"


Into = Annotated[
    OutputFormat | None,
    typer.Option(
        metavar="FORMAT",
        help="xml, json, yaml, or slnet or slnet-json: the fields of SLNetClientTest's message. "
        "Without it the ending of the output's name counts.",
        rich_help_panel=_HEADING,
    ),
]
InputFormat = Annotated[
    FileFormat | None,
    typer.Option(
        metavar="FORMAT",
        help="xml, json or yaml, where name and content of the input do not tell.",
        rich_help_panel=_HEADING,
    ),
]
WholeFile = Annotated[
    bool,
    typer.Option(
        "--whole-file",
        help="Convert all of DataMiner.xml, not the section alone.",
        rich_help_panel=_HEADING,
    ),
]
Namespace = Annotated[
    bool,
    typer.Option(
        "--namespace", help="Put DataMiner's namespace on the root of XML.", rich_help_panel=_HEADING
    ),
]
Schema = Annotated[
    str | None,
    typer.Option(
        metavar="LOCATION",
        help="Where editors find smtp.schema.json: $schema in JSON, the first line in YAML.",
        rich_help_panel=_HEADING,
    ),
]
KeepOrder = Annotated[
    bool,
    typer.Option(
        "--keep-order",
        help="Keep the order of the settings, instead of the documented one.",
        rich_help_panel=_HEADING,
    ),
]
SecretsHow = Annotated[
    Secrets | None,
    typer.Option(
        metavar="HOW",
        help="keep, omit, or env: ${env:DMSMTP_PASSWORD} in their place [default: keep; omit on a terminal].",
        show_default=False,
        rich_help_panel=_HEADING,
    ),
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", help="Write nothing where something would be left out.", rich_help_panel=_HEADING
    ),
]
Force = Annotated[
    bool,
    typer.Option("--force", help="Convert what can be of an invalid file, too.", rich_help_panel=_HEADING),
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output-file",
        "-o",
        metavar="FILE",
        callback=options.named,
        help="Write to FILE, or - for standard output, which is the default.",
        rich_help_panel=options.OUTPUT,
    ),
]
OutputDir = Annotated[
    str | None,
    typer.Option(
        metavar="FOLDER",
        callback=options.named,
        help="Write a file for each input to FOLDER, as in NAME.smtp.yaml; "
        "a DataMiner.xml goes by the name of its folder.",
        rich_help_panel=options.OUTPUT,
    ),
]
IntoFile = Annotated[
    str | None,
    typer.Option(
        "--into",
        metavar="FILE",
        callback=options.named,
        help="Write the settings into the section of FILE, and nothing else of it.",
        rich_help_panel=options.OUTPUT,
    ),
]
Diff = Annotated[
    bool,
    typer.Option(
        "--diff",
        help="Show what would change in the output file, write nothing.",
        rich_help_panel=options.OUTPUT,
    ),
]
NoBackup = Annotated[
    bool | None,
    typer.Option(
        "--no-backup", help="Keep no copy of a file that is overwritten.", rich_help_panel=options.OUTPUT
    ),
]


class ConversionOptions(NamedTuple):
    """Into what, and how it is written."""

    format: Into = None
    input_format: InputFormat = None
    whole_file: WholeFile = False
    namespace: Namespace = False
    schema: Schema = None
    keep_order: KeepOrder = False
    secrets: SecretsHow = None
    strict: Strict = False
    force: Force = False


class DestinationOptions(NamedTuple):
    """Where to."""

    output: Output = None
    output_dir: OutputDir = None
    into: IntoFile = None
    diff: Diff = False
    no_backup: NoBackup = None
    quiet: options.Quiet = None
    no_color: options.NoColor = False
