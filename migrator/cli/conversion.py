"""`convert`."""

from __future__ import annotations

import os
from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from migrator.cli import arguments, options
from migrator.cli.output import ExitCode, Refusal, deliver, deliver_document, layout, say
from migrator.cli.progress import watched
from migrator.conversion.convert import Converted, ConvertSettings, OutputFormat
from migrator.conversion.convert import convert as convert_document
from migrator.conversion.secrets import Secrets
from migrator.document.format import Format
from migrator.document.limits import Limits
from migrator.files import STANDARD_INPUT, InputFile, Missing, find, read
from migrator.reporters import pieces, reporter
from migrator.reporters.concise import place_of
from migrator.summary import Tally, counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.conversion.tree import Note, Problem

_HEADING = "Conversion"
_SUFFIXES = {
    ".xml": OutputFormat.XML,
    ".json": OutputFormat.JSON,
    ".yaml": OutputFormat.YAML,
    ".yml": OutputFormat.YAML,
}
_FILE_ENDINGS = {
    OutputFormat.XML: "smtp.xml",
    OutputFormat.JSON: "smtp.json",
    OutputFormat.YAML: "smtp.yaml",
    OutputFormat.SLNET: "slnet.txt",
    OutputFormat.SLNET_JSON: "slnet.json",
}
_WHOLE_FILE_ENDINGS = {OutputFormat.XML: "xml", OutputFormat.JSON: "json", OutputFormat.YAML: "yaml"}
_AGENT_FILE = "dataminer"


class InputFormat(StrEnum):
    """Formats that are read."""

    XML = "xml"
    JSON = "json"
    YAML = "yaml"


class ConversionOptions(NamedTuple):
    """Into what, and how it is written."""

    format: Annotated[
        OutputFormat | None,
        typer.Option(
            metavar="FORMAT",
            help="xml, json, yaml, or slnet or slnet-json: the fields of SLNetClientTest's message. "
            "Without it the ending of the output's name counts.",
            rich_help_panel=_HEADING,
        ),
    ] = None
    input_format: Annotated[
        InputFormat | None,
        typer.Option(
            metavar="FORMAT",
            help="xml, json or yaml, where name and content of the input do not tell.",
            rich_help_panel=_HEADING,
        ),
    ] = None
    whole_file: Annotated[
        bool,
        typer.Option(
            "--whole-file",
            help="Convert all of DataMiner.xml, not the section alone.",
            rich_help_panel=_HEADING,
        ),
    ] = False
    namespace: Annotated[
        bool,
        typer.Option(
            "--namespace", help="Put DataMiner's namespace on the root of XML.", rich_help_panel=_HEADING
        ),
    ] = False
    schema: Annotated[
        str | None,
        typer.Option(
            metavar="LOCATION",
            help="Where editors find smtp.schema.json: $schema in JSON, the first line in YAML.",
            rich_help_panel=_HEADING,
        ),
    ] = None
    keep_order: Annotated[
        bool,
        typer.Option(
            "--keep-order",
            help="Keep the order of the settings, instead of the documented one.",
            rich_help_panel=_HEADING,
        ),
    ] = False
    secrets: Annotated[
        Secrets | None,
        typer.Option(
            metavar="HOW",
            help="keep, omit, or env: ${env:DMSMTP_PASSWORD} in their place "
            "[default: keep; omit on a terminal].",
            show_default=False,
            rich_help_panel=_HEADING,
        ),
    ] = None
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Write nothing where something would be left out.", rich_help_panel=_HEADING
        ),
    ] = False
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Convert what can be of an invalid file, too.", rich_help_panel=_HEADING
        ),
    ] = False


class DestinationOptions(NamedTuple):
    """Where to."""

    output: Annotated[
        str | None,
        typer.Option(
            "--output-file",
            "-o",
            metavar="FILE",
            help="Write to FILE, or - for standard output, which is the default.",
            rich_help_panel="Output",
        ),
    ] = None
    output_dir: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Write a file for each input to FOLDER, as in NAME.smtp.yaml; "
            "a DataMiner.xml goes by the name of its folder.",
            rich_help_panel="Output",
        ),
    ] = None
    diff: Annotated[
        bool,
        typer.Option(
            "--diff",
            help="Show what would change in the output file, write nothing.",
            rich_help_panel="Output",
        ),
    ] = False
    no_backup: Annotated[
        bool,
        typer.Option(
            "--no-backup", help="Keep no copy of a file that is overwritten.", rich_help_panel="Output"
        ),
    ] = False
    quiet: options.Quiet = None
    no_color: options.NoColor = False


class SourceOptions(NamedTuple):
    """Which files."""

    include: options.Include = None
    exclude: options.Exclude = None
    force_exclude: options.ForceExclude = None
    files_from: options.FilesFrom = None
    stdin_filename: options.StdinFilename = None
    max_size: options.MaxSize = None
    max_nodes: options.MaxNodes = None


class _Request(NamedTuple):
    """What was typed, and what it means."""

    destination: DestinationOptions
    settings: ConvertSettings
    is_strict: bool


def convert(
    paths: options.Paths = None,
    *,
    conversion: ConversionOptions,
    destination: DestinationOptions,
    sources: SourceOptions,
    _version: options.Version = False,
) -> None:
    """Convert between XML, JSON, YAML and a message of SLNetClientTest.

    Takes the SMTP section alone, unless --whole-file is given. What has no place in the other format is said
    on standard error, item by item. Nothing is written where the input is not valid.
    """
    _refuse_contradictions(conversion, destination)
    output = _output_format(conversion, destination)
    chosen = arguments.selection(
        paths,
        include=sources.include or (),
        exclude=sources.exclude or (),
        force_exclude=bool(sources.force_exclude),
        files_from=sources.files_from,
        stdin_filename=sources.stdin_filename,
    )
    files = list(find(chosen))
    if len(files) > 1 and destination.output_dir is None:
        raise Refusal(
            f"{len(files)} files are to be converted: give --output-dir FOLDER to write each to a file"
        )
    request = _Request(destination, _settings(conversion, destination, sources, output), conversion.strict)
    targets = _targets(files, request)
    run = _Run(request)
    for file in watched(files, "converted"):
        run.take(file, targets.get(file.shown))
    raise typer.Exit(run.end())


class _Run:
    """Files on their way, one by one, and how it went."""

    def __init__(self, request: _Request) -> None:
        self.request = request
        self.tally = Tally()
        self.written: list[str] = []
        self.backups = 0
        self.is_refused = False
        self.is_found = False
        self.unchanged: list[str] = []

    def take(self, file: InputFile | Missing, target: str | None) -> None:
        """Convert a file and deliver what comes of it, or say why nothing does."""
        if isinstance(file, Missing):
            self.refuse(file.shown, file.reason)
            return
        settings = self.request.settings
        data = read(file, settings.limits.size)
        if isinstance(data, Missing):
            self.refuse(data.shown, data.reason)
            return
        try:
            result = convert_document(file.shown, data, settings)
        except Exception as error:  # noqa: BLE001 - the other files still count
            from migrator import crash

            self.refuse(file.shown, f"this should not happen ({crash.words(error)}); please report it")
            return
        self.follow(file.shown, result)
        if result.document is not None and not (self.request.is_strict and result.notes):
            self.deliver(file, result.document, target, holds_secret=result.holds_secret)

    def follow(self, shown: str, result: Converted) -> None:
        """Say what was found, what is left out, and why there may be no document."""
        if result.is_valid:
            list(self.tally.follow([result.report]))
        else:
            destination = self.request.destination
            shape = layout(no_color=destination.no_color, to_file=False, hints=False, to_error=True)
            deliver(
                pieces(reporter("full", shape), [result.report], Tally()), None, machine=False, to_error=True
            )
            if result.document is None and not result.problems:
                self.is_found = True
                hint = "" if self.request.settings.force else ", or give --force to convert what can be"
                say(f"{shown}: not converted, as it is not valid: mend what is listed above{hint}")
        for line in _sentences(shown, result.notes, result.problems):
            say(line)
        if result.problems:
            self.is_refused = True
        elif self.request.is_strict and result.notes and result.document is not None:
            self.is_refused = True
            say(f"{shown}: not converted, as --strict lets nothing be left out")

    def deliver(self, file: InputFile, document: bytes, target: str | None, *, holds_secret: bool) -> None:
        """Write the document where it belongs, or show what would change there."""
        from migrator.writing import NotWritten, create_file, replace_file

        destination = self.request.destination
        if target is None:
            deliver_document(document)
            return
        before = self.before(file, target)
        if before is not None and isinstance(before, Missing):
            self.refuse(before.shown, before.reason)
            return
        if before == document:
            self.unchanged.append(target)
            return
        if destination.diff:
            self.show(target, before, document)
            return
        if before is None:
            outcome = create_file(target, document, holds_secret=holds_secret)
        else:
            outcome = replace_file(target, document, old=before, backup=not destination.no_backup)
        if isinstance(outcome, NotWritten):
            self.refuse(outcome.path, outcome.reason)
        else:
            self.written.append(target)
            self.backups += outcome.backup is not None

    def before(self, file: InputFile, target: str) -> bytes | Missing | None:
        """What the output file holds now; None where there is none; why it must stay as it is."""
        if not os.path.isfile(target):  # noqa: PTH113 - as given
            return None
        if file.path is not None and os.path.samefile(file.path, target):  # noqa: PTH121 - as given
            return Missing(target, "this is the file that is converted: name another one")
        settings = self.request.settings
        before = read(InputFile(target, target), settings.limits.size)
        if not isinstance(before, Missing) and not settings.whole_file and _is_whole_file(target, before):
            reason = "it holds a whole DataMiner.xml, and the section alone would take its place"
            return Missing(target, f"{reason}: name another file")
        return before

    def show(self, target: str, before: bytes | None, document: bytes) -> None:
        """Show what would change."""
        from migrator.checking import FileReport, Rewrite
        from migrator.diff import masked_diff
        from migrator.reporters.diff import DiffReport

        self.is_found = True
        diff = masked_diff(target, before, document, self.request.settings.limits)
        shape = layout(no_color=self.request.destination.no_color, to_file=False)
        deliver([DiffReport(shape).file(FileReport(target, rewrite=Rewrite(diff)))], None, machine=False)

    def refuse(self, shown: str, reason: str) -> None:
        """Say that something could not be done."""
        self.is_refused = True
        say(f"{shown}: {reason}")

    def end(self) -> ExitCode:
        """Say how it went."""
        if not self.request.destination.quiet:
            for sentence in self.closing_words():
                say(sentence)
        if self.is_refused:
            return ExitCode.REFUSED
        return ExitCode.FOUND if self.is_found else ExitCode.DONE

    def closing_words(self) -> Iterator[str]:
        """What was written, and what is left to do."""
        destination = self.request.destination
        if self.tally.worst is not None:
            yield f"{self.tally.found()}: `dmsmtp lint` shows what"
        is_one = destination.output_dir is None
        if self.written:
            count = counted(len(self.written), "file")
            yield f"written: {self.written[0] if is_one else f'{count} in {destination.output_dir}'}"
        if self.unchanged:
            count = counted(len(self.unchanged), "file")
            yield f"{self.unchanged[0] if is_one else count}: nothing to change"
        if self.backups:
            beside = "it" if is_one else "each"
            yield f"the former content is in a .bak file beside {beside}, with the same secrets"
        if any(_is_of_agent(target) for target in self.written):
            yield (
                "on an agent, DataMiner is stopped while its file changes, and started again for it to count"
            )
        if self.request.settings.output.is_message and not self.is_refused and not self.is_found:
            yield "send the message once for each agent of the cluster; no restart is needed"


def _refuse_contradictions(conversion: ConversionOptions, destination: DestinationOptions) -> None:
    """Say which options cannot be meant together."""
    to_file = destination.output not in (None, STANDARD_INPUT)
    if destination.output is not None and destination.output_dir is not None:
        raise Refusal("--output-file is for one file, --output-dir for many: give one of them")
    if destination.diff and not to_file and destination.output_dir is None:
        raise Refusal("--diff shows what would change in a file: name it with -o, or give --output-dir")
    if conversion.namespace and conversion.format not in (None, OutputFormat.XML):
        raise Refusal("--namespace is for XML: leave it out, or give --format xml")


def _output_format(conversion: ConversionOptions, destination: DestinationOptions) -> OutputFormat:
    """The format that is asked for, or that the ending of the output's name tells."""
    target = destination.output if destination.output != STANDARD_INPUT else None
    ending = None if target is None else _SUFFIXES.get(os.path.splitext(target)[1].lower())  # noqa: PTH122
    found = conversion.format or ending
    if found is None:
        if target is not None:
            raise Refusal(
                f"{target}: its ending tells no format: name it .xml, .json or .yaml, or give --format"
            )
        raise Refusal("into which format? give --format, or -o with a name that ends in .xml, .json or .yaml")
    if found is OutputFormat.SLNET and ending is OutputFormat.JSON:
        found = OutputFormat.SLNET_JSON
    if found.is_message and conversion.whole_file:
        raise Refusal("--whole-file: the message has fields for the SMTP section alone; leave it out")
    if found.is_message and destination.diff:
        raise Refusal("--diff shows changes of configurations, and the message is none: leave it out")
    if conversion.secrets is Secrets.ENV and not found.holds_variables:
        raise Refusal(
            "--secrets env is for JSON and YAML: nothing would put the secret in its place elsewhere"
        )
    if conversion.schema is not None and not found.holds_variables:
        raise Refusal("--schema is for JSON and YAML: leave it out")
    if conversion.namespace and found is not OutputFormat.XML:
        raise Refusal("--namespace is for XML: leave it out")
    return found


def _settings(
    conversion: ConversionOptions,
    destination: DestinationOptions,
    sources: SourceOptions,
    output: OutputFormat,
) -> ConvertSettings:
    default = Limits()
    size = sources.max_size or default.size
    is_shown = destination.output in (None, STANDARD_INPUT) and destination.output_dir is None
    is_terminal = is_shown and layout(no_color=True, to_file=False).is_terminal
    limits = default._replace(
        size=size,
        yaml_size=default.yaml_size if sources.max_size is None else size,
        nodes=sources.max_nodes or default.nodes,
    )
    return ConvertSettings(
        output,
        conversion.whole_file,
        conversion.namespace,
        conversion.schema,
        conversion.secrets or (Secrets.OMIT if is_terminal else Secrets.KEEP),
        conversion.keep_order,
        conversion.force,
        None if conversion.input_format is None else Format[conversion.input_format.name],
        limits,
        os.environ,
    )


def _targets(files: list[InputFile | Missing], request: _Request) -> dict[str, str]:
    """The output file of each input, by how the input is shown; none where it is standard output."""
    destination = request.destination
    if destination.output_dir is None:
        is_shown = destination.output in (None, STANDARD_INPUT)
        return {} if is_shown else {file.shown: str(destination.output) for file in files}
    if not os.path.isdir(destination.output_dir):  # noqa: PTH112 - as given
        raise Refusal(f"{destination.output_dir}: there is no such folder: create it, and try again")
    targets: dict[str, str] = {}
    inputs: dict[str, list[str]] = defaultdict(list)
    for file in files:
        if isinstance(file, InputFile):
            name = f"{_name_of(file)}.{_ending(request.settings)}"
            targets[file.shown] = os.path.join(destination.output_dir, name)  # noqa: PTH118 - as given
            inputs[os.path.normcase(name).lower()].append(file.shown)
    for name, shown in inputs.items():
        if len(shown) > 1:
            others = f" and {len(shown) - 2:,} more" if len(shown) > 2 else ""  # noqa: PLR2004 - named already
            raise Refusal(
                f"{name}: {shown[0]} and {shown[1]}{others} would all be written there, so nothing was: "
                "convert them in several calls, into a folder each"
            )
    return targets


def _ending(settings: ConvertSettings) -> str:
    return (_WHOLE_FILE_ENDINGS if settings.whole_file else _FILE_ENDINGS)[settings.output]


def _name_of(file: InputFile) -> str:
    """What the output of an input is called, without its ending."""
    if file.path is None and file.shown == "<stdin>":
        raise Refusal("what is the output to be called? give --stdin-filename with --output-dir")
    folder, name = os.path.split(file.shown)
    stem, _ = os.path.splitext(name)  # noqa: PTH122 - a text
    stem = stem[: -len(".smtp")] if stem.lower().endswith(".smtp") else stem
    if stem.lower() == _AGENT_FILE:
        return os.path.basename(os.path.abspath(folder)) or stem  # noqa: PTH100, PTH119 - a text
    return stem


def _is_of_agent(target: str) -> bool:
    return os.path.basename(target).lower() == f"{_AGENT_FILE}.xml"  # noqa: PTH119 - a text


def _is_whole_file(path: str, data: bytes) -> bool:
    """Whether a file holds more than the section."""
    from migrator import definition
    from migrator.checking import read_document
    from migrator.document.source import Unreadable
    from migrator.section import read_configuration

    document = read_document(path, data, Limits())
    found = None if isinstance(document, Unreadable) else read_configuration(document)
    return found is not None and found.root.name == definition.ROOT


def _sentences(shown: str, notes: tuple[Note, ...], problems: tuple[Problem, ...]) -> Iterator[str]:
    """What is left out, and why nothing could be written, each with its place."""
    for note in notes:
        yield f"{place_of(shown, note.span)}: {note.message}"
    for problem in problems:
        yield f"{place_of(shown, problem.span)}: {problem.message}; {problem.help}"
