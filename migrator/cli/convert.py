"""`convert`."""

from __future__ import annotations

import os
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from migrator import definition
from migrator.checking import CheckSettings
from migrator.cli import file_options, options, rule_options  # noqa: TC001 - typer looks at the types
from migrator.cli.config import FileSettings, LazyConfigs, file_config, run_settings, selection
from migrator.cli.convert_options import (  # noqa: TC001 - typer looks at the types
    ConversionOptions,
    DestinationOptions,
)
from migrator.cli.file_formats import told_by_ending
from migrator.cli.output import ExitCode, Refusal, deliver, deliver_document, is_standard_output, layout, say
from migrator.cli.processes import processes_for, refused_where_lost
from migrator.cli.progress import watched
from migrator.cli.reporting import found_once, spare_used
from migrator.cli.written import RESTART, count_told_where_cut_short, former_content
from migrator.config.model import RuleConfig
from migrator.conversion.convert import ConvertSettings, OutputFormat
from migrator.conversion.job import Job, ToConvert
from migrator.conversion.secrets import Secrets
from migrator.document.format import Format, format_of
from migrator.files import NAMELESS, InputFile, Missing, is_folder, why_unreadable
from migrator.parallel import together_in_order
from migrator.reporters import pieces, reporter
from migrator.reporters.concise import place_of
from migrator.rules import codes_of_command
from migrator.summary import Tally
from migrator.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.cli.into import IntoFile
    from migrator.conversion.convert import Converted
    from migrator.conversion.job import Outcome
    from migrator.conversion.tree import Note, Problem
    from migrator.document.limits import Limits

_FILE_ENDINGS = {
    OutputFormat.XML: "smtp.xml",
    OutputFormat.JSON: "smtp.json",
    OutputFormat.YAML: "smtp.yaml",
    OutputFormat.SLNET: "slnet.txt",
    OutputFormat.SLNET_JSON: "slnet.json",
}
_WHOLE_FILE_ENDINGS = {OutputFormat.XML: "xml", OutputFormat.JSON: "json", OutputFormat.YAML: "yaml"}
_AGENT_FILE = "dataminer"


def convert(
    paths: file_options.Paths = None,
    *,
    conversion: ConversionOptions,
    destination: DestinationOptions,
    sources: file_options.SearchOptions,
    config: rule_options.ConfigOptions,
    limits: file_options.LimitOptions,
    _version: options.Version = False,
) -> None:
    """Convert between XML, JSON, YAML and SLNetClientTest.

    Takes the SMTP section alone, unless --whole-file is given. What has no place in the other format is said
    on standard error, item by item. Nothing is written where the input is not valid.
    """
    _refuse_contradictions(conversion, destination)
    configs = LazyConfigs(config.config, isolated=bool(config.isolated))
    typed = file_config(sources, limits)._replace(no_backup=destination.no_backup, quiet=destination.quiet)
    run = run_settings(configs, typed)
    spare_used([destination.output], configs, files_from=sources.files_from, what="the document")
    destination = destination._replace(no_backup=run.no_backup, quiet=run.quiet)
    settings_of = FileSettings(
        configs, RuleConfig(), codes_of_command("lint"), CheckSettings(limits=run.limits)
    )
    chosen = selection(paths, run, files_from=sources.files_from, stdin_filename=sources.stdin_filename)
    files = list(found_once(chosen))
    if destination.into is not None:
        from migrator.cli.into import read_into_file

        into = read_into_file(destination.into, run.limits)
        settings = _settings(conversion, destination, run.limits, _format_into(into))
        _refuse_variables(conversion, settings.output)
        job = Job(settings, conversion.strict, settings_of=settings_of)
        raise typer.Exit(_write_into(into, files, job, destination))
    output = _output_format(conversion, destination)
    if len(files) > 1 and destination.output_dir is None:
        raise Refusal(
            f"{len(files)} files are to be converted: give --output-dir FOLDER to write each to a file"
        )
    job = Job(
        _settings(conversion, destination, run.limits, output),
        conversion.strict,
        destination.diff,
        not run.no_backup,
        settings_of,
    )
    converting = _Run(job, destination)
    processes = processes_for(chosen, run.jobs, wait_for_disk=True)
    items = _with_targets(files, destination, job.settings)
    converted = together_in_order(job.run_all, items, processes, converting.count)
    cut_short = count_told_where_cut_short(lambda: len(converting.written))
    with cut_short, refused_where_lost(), closing(converted):
        for outcome in watched(converted, "converted"):
            converting.follow(outcome)
    raise typer.Exit(converting.end())


class _Run:
    """What became of the files, one by one, and how it went."""

    def __init__(self, job: Job, destination: DestinationOptions) -> None:
        self.job = job
        self.destination = destination
        self.tally = Tally()
        self.written: list[str] = []
        self.unchanged: list[str] = []
        self.backups = 0
        self.left = 0
        self.is_refused = False
        self.is_found = False

    def follow(self, outcome: Outcome) -> None:
        """Say what became of a file; hand the document on, or show what would change."""
        converted, target = outcome.converted, outcome.target
        if converted is not None:
            self.explain(outcome.shown, converted)
        if outcome.failure is not None:
            self.is_refused = True
            say(f"{outcome.failed}: {outcome.failure}")
        elif outcome.diff:
            self.show(outcome.shown, outcome.diff)
        elif target is None and converted is not None and self.job.lets_pass(converted):
            deliver_document(converted.document or b"")
        self.count(outcome)
        if outcome.failure is not None or (converted is not None and not self.job.lets_pass(converted)):
            self.left += 1

    def count(self, outcome: Outcome) -> None:
        """Note what became of the target."""
        target = outcome.target
        if target is not None and outcome.is_written:
            self.written.append(target)
            self.backups += outcome.backup is not None
        if target is not None and outcome.is_unchanged:
            self.unchanged.append(target)

    def explain(self, shown: str, result: Converted) -> None:
        """Say what was found, what is left out, and why there may be no document."""
        if result.is_valid:
            list(self.tally.follow([result.report]))
        else:
            shape = layout(no_color=self.destination.no_color, to_file=False, hints=False, to_error=True)
            found = pieces(reporter("full", shape), [result.report], Tally())
            deliver(found, None, machine=False, to_error=True)
            if result.document is None and not result.problems:
                self.is_found = True
                may_force = result.is_read and not self.job.settings.force
                hint = ", or give --force to convert what can be" if may_force else ""
                say(f"{shown}: not converted, as it is not valid: mend what is listed above{hint}")
        for line in _sentences(shown, result.notes, result.problems):
            say(line)
        if result.problems:
            self.is_refused = True
        elif result.document is not None and not self.job.lets_pass(result):
            self.is_refused = True
            say(f"{shown}: not converted, as --strict lets nothing be left out")

    def show(self, shown: str, diff: str) -> None:
        """Show what would change."""
        from migrator.checking import FileReport, Rewrite
        from migrator.reporters.diff import DiffReport

        self.is_found = True
        shape = layout(no_color=self.destination.no_color, to_file=False)
        deliver([DiffReport(shape).file(FileReport(shown, rewrite=Rewrite(diff)))], None, machine=False)

    def end(self) -> ExitCode:
        """Have the names of new files on the disk, and say how it went."""
        if self.written:
            from migrator.writing import sync_folder

            sync_folder(Path(self.written[0]))
        if not self.destination.quiet:
            for sentence in self.closing_words():
                say(sentence)
        if self.is_refused:
            return ExitCode.REFUSED
        return ExitCode.FOUND if self.is_found else ExitCode.DONE

    def closing_words(self) -> Iterator[str]:
        """What was written, and what is left to do."""
        if self.tally.worst is not None:
            yield f"{self.tally.found()}: `dmsmtp lint` shows what"
        is_one = self.destination.output_dir is None
        if self.written:
            count = counted(len(self.written), "file")
            yield f"written: {self.written[0] if is_one else f'{count} in {self.destination.output_dir}'}"
        if self.left and not is_one:
            yield f"not converted: {counted(self.left, 'file')}, each told above"
        if self.unchanged:
            count = counted(len(self.unchanged), "file")
            yield f"{self.unchanged[0] if is_one else count}: nothing to change"
        if self.backups:
            yield former_content("a .bak file beside it") if is_one else former_content()
        if any(_is_of_agent(target) for target in self.written):
            yield RESTART
        if self.job.settings.output.is_message and not self.is_refused and not self.is_found:
            yield "send the message once for each agent of the cluster; no restart is needed"


def _write_into(
    into: IntoFile,
    files: list[InputFile | Missing],
    job: Job,
    destination: DestinationOptions,
) -> ExitCode:
    """Write the settings of one file into the section of another."""
    from migrator.cli.into import IntoOptions, write_into

    if len(files) > 1:
        raise Refusal(f"{len(files)} files are given, and --into takes the settings of one: name it")
    look = job.settings_of(into.path)
    if isinstance(look, str):
        raise Refusal(f"{into.path}: {look}")
    run = _Run(job, destination)
    outcome = job.run(ToConvert(files[0], None))
    converted = outcome.converted
    if converted is None:
        raise Refusal(f"{outcome.failed}: {outcome.failure}")
    run.explain(outcome.shown, converted)
    if converted.root is None or not job.lets_pass(converted):
        return run.end()
    is_quiet = bool(destination.quiet)
    keep = converted.left_out  # nobody asked for them to go
    if job.settings.secrets is Secrets.OMIT:
        keep |= {name for name, one in definition.settings().items() if one.is_secret}
    return write_into(
        {one.local_name: one.text for one in converted.root.children},
        into,
        IntoOptions(
            destination.diff,
            not destination.no_backup,
            is_quiet,
            secrets=converted.secrets,
            look=look,
        ),
        keep=keep,
    )


def _format_into(into: IntoFile) -> OutputFormat:
    """What is converted into before it goes into a file: the format by its name, or else what it holds."""
    return OutputFormat[format_of(into.path, into.beginning).name]


def _refuse_contradictions(conversion: ConversionOptions, destination: DestinationOptions) -> None:
    """Say which options cannot be meant together."""
    if destination.into is not None:
        _refuse_beside_into(conversion, destination)
        return
    to_file = not is_standard_output(destination.output)
    if destination.output is not None and destination.output_dir is not None:
        raise Refusal("--output-file is for one file, --output-dir for many: give one of them")
    if destination.diff and not to_file and destination.output_dir is None:
        raise Refusal("--diff shows what would change in a file: name it with -o, or give --output-dir")
    if conversion.namespace and conversion.format not in (None, OutputFormat.XML):
        raise Refusal("--namespace is for XML: leave it out, or give --format xml")


def _refuse_beside_into(conversion: ConversionOptions, destination: DestinationOptions) -> None:
    """Say which options mean nothing where the settings go into a file that is there."""
    given = {
        "--output-file": destination.output is not None,
        "--output-dir": destination.output_dir is not None,
        "--format": conversion.format is not None,
        "--whole-file": conversion.whole_file,
        "--namespace": conversion.namespace,
        "--schema": conversion.schema is not None,
        "--keep-order": conversion.keep_order,
    }
    for option, is_given in given.items():
        if is_given:
            raise Refusal(
                f"{option} has no meaning beside --into, which keeps the file as it is: leave it out"
            )


def _refuse_variables(conversion: ConversionOptions, output: OutputFormat) -> None:
    """Say that a format has no variables for secrets."""
    if conversion.secrets is Secrets.ENV and not output.holds_variables:
        raise Refusal(
            "--secrets env is for JSON and YAML: nothing would put the secret in its place elsewhere"
        )


def _output_format(conversion: ConversionOptions, destination: DestinationOptions) -> OutputFormat:
    """The format that is asked for, or that the ending of the output's name tells."""
    wanted = conversion.format
    is_message = wanted is not None and wanted.is_message
    ending = told_by_ending(destination.output, wanted, fitting=("json",) if is_message else ())
    if wanted is not None:
        found = OutputFormat.SLNET_JSON if is_message and ending is not None else wanted
    elif ending is not None:
        found = OutputFormat(ending)
    else:
        raise Refusal("into which format? give --format, or -o with a name that ends in .xml, .json or .yaml")
    if found.is_message and conversion.whole_file:
        raise Refusal("--whole-file: the message has fields for the SMTP section alone; leave it out")
    if found.is_message and destination.diff:
        raise Refusal("--diff shows changes of configurations, and the message is none: leave it out")
    _refuse_variables(conversion, found)
    if conversion.schema is not None and not found.holds_variables:
        raise Refusal("--schema is for JSON and YAML: leave it out")
    if conversion.schema is not None and not (conversion.schema and conversion.schema.isprintable()):
        raise Refusal("--schema: a location is one line of text, without control characters")
    if conversion.namespace and found is not OutputFormat.XML:
        raise Refusal("--namespace is for XML: leave it out")
    return found


def _settings(
    conversion: ConversionOptions,
    destination: DestinationOptions,
    limits: Limits,
    output: OutputFormat,
) -> ConvertSettings:
    is_file = destination.output_dir is not None or destination.into is not None
    is_shown = is_standard_output(destination.output) and not is_file
    is_terminal = is_shown and layout(no_color=True, to_file=False).is_terminal
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
        dict(os.environ),
        tells_secrets=destination.diff or destination.into is not None,
    )


def _with_targets(
    files: list[InputFile | Missing], destination: DestinationOptions, settings: ConvertSettings
) -> list[ToConvert]:
    """The files, each with the one that it is converted into."""
    if destination.output_dir is None:
        target = None if is_standard_output(destination.output) else destination.output
        return [ToConvert(file, target) for file in files]
    try:
        is_there = is_folder(destination.output_dir)
    except OSError as error:
        raise Refusal(f"{destination.output_dir}: {why_unreadable(error)}") from error
    if not is_there:
        raise Refusal(f"{destination.output_dir}: there is no such folder: create it, and try again")
    items: list[ToConvert] = []
    inputs: dict[str, list[str]] = defaultdict(list)
    for file in files:
        if isinstance(file, Missing):
            items.append(ToConvert(file, None))
        else:
            name = f"{_name_of(file)}.{_ending(settings)}"
            target = os.path.join(destination.output_dir, name)  # noqa: PTH118 - as given
            items.append(ToConvert(file, target))
            inputs[os.path.normcase(name).lower()].append(file.shown)
    for name, shown in inputs.items():
        if len(shown) > 1:
            others = f" and {len(shown) - 2:,} more" if len(shown) > 2 else ""  # noqa: PLR2004 - named already
            raise Refusal(
                f"{name}: {shown[0]} and {shown[1]}{others} would all be written there, so nothing was: "
                "convert them in several calls, into a folder each"
            )
    return items


def _ending(settings: ConvertSettings) -> str:
    return (_WHOLE_FILE_ENDINGS if settings.whole_file else _FILE_ENDINGS)[settings.output]


def _name_of(file: InputFile) -> str:
    """What the output of an input is called, without its ending."""
    if file.path is None and file.shown == NAMELESS:
        raise Refusal("what is the output to be called? give --stdin-filename with --output-dir")
    folder, name = os.path.split(file.shown)
    stem, _ = os.path.splitext(name)  # noqa: PTH122 - a text
    stem = stem[: -len(".smtp")] if stem.lower().endswith(".smtp") else stem
    if stem.lower() == _AGENT_FILE:
        last = os.path.basename(folder)  # noqa: PTH119 - a text
        if last in ("", os.curdir, os.pardir):
            last = os.path.basename(os.path.abspath(folder))  # noqa: PTH100, PTH119 - a text
        return last or stem
    return stem


def _is_of_agent(target: str) -> bool:
    return os.path.basename(target).lower() == f"{_AGENT_FILE}.xml"  # noqa: PTH119 - a text


def _sentences(shown: str, notes: tuple[Note, ...], problems: tuple[Problem, ...]) -> Iterator[str]:
    """What is left out, and why nothing could be written, each with its place."""
    for note in notes:
        yield f"{place_of(shown, note.span)}: {note.message}"
    for problem in problems:
        yield f"{place_of(shown, problem.span)}: {problem.message}; {problem.help}"
