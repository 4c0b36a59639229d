"""`migrate`."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from migrator.checking import CheckSettings
from migrator.cli import arguments, completion, file_options, options, rule_options
from migrator.cli.config import FileSettings, LazyConfigs, file_config, run_settings, selection
from migrator.cli.output import (
    ExitCode,
    Refusal,
    deliver,
    deliver_document,
    is_standard_output,
    layout,
    refuse_beside_document,
    refuse_unwritable,
    say,
)
from migrator.cli.processes import processes_for, refused_where_lost
from migrator.cli.progress import watched
from migrator.cli.reporting import once, spare_used, spared_by
from migrator.cli.written import after_writing, told_where_cut_short
from migrator.config.model import RuleConfig
from migrator.files import STANDARD_INPUT
from migrator.migrations import STEPS
from migrator.migrations.model import Goal, Wish
from migrator.migrations.pages import versions
from migrator.migrations.report import report as report_on
from migrator.migrations.result import State
from migrator.migrations.running import MigrationRun
from migrator.migrations.variables import disputed
from migrator.parallel import in_order
from migrator.rules import codes_of_command
from migrator.tuples import NamedTuple
from migrator.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.cli.config import RunSettings
    from migrator.files import Selection
    from migrator.migrations.report import Report
    from migrator.migrations.result import Migration
    from migrator.values.version import Version

_STEPS, _CHANGES = "Steps", "Changes"


class MigrationFormat(StrEnum):
    """Formats of a report on a migration."""

    FULL = "full"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


class Secrets(StrEnum):
    """What becomes of secrets in plain text."""

    KEEP = "keep"
    ENV = "env"


class Namespace(StrEnum):
    """What becomes of the default namespace of the root."""

    KEEP = "keep"
    ADD = "add"
    REMOVE = "remove"


_To = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="VERSION",
        help='The DataMiner version that the files shall suit, such as 10.6.4 or "10.5.0 CU13".',
        rich_help_panel=_STEPS,
        autocompletion=completion.versions,
    ),
]
_From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="VERSION",
        help="The version that the agents have now; where not given, what the files tell of it.",
        rich_help_panel=_STEPS,
        autocompletion=completion.versions,
    ),
]
_AsOf = Annotated[str | None, rule_options.day_option(_STEPS)]
_Secrets = Annotated[
    Secrets,
    typer.Option(
        metavar="WHAT",
        help="keep, or env: a variable's name in place of each secret, before a commit (JSON, YAML).",
        rich_help_panel=_STEPS,
        show_default=False,
    ),
]
_Namespace = Annotated[
    Namespace,
    typer.Option(
        metavar="WHAT",
        help="keep, add or remove the default namespace of the root.",
        rich_help_panel=_STEPS,
        show_default=False,
    ),
]
_List = Annotated[
    bool,
    typer.Option(
        "--list", help="List all steps with the versions they belong to, and end.", rich_help_panel=_STEPS
    ),
]
_Write = Annotated[
    bool, typer.Option("--write", help="Change the files; each is backed up.", rich_help_panel=_CHANGES)
]
_Check = Annotated[
    bool,
    typer.Option(
        "--check", help="Show no diff; end with 1 where a change is pending.", rich_help_panel=_CHANGES
    ),
]
_Diff = Annotated[
    bool,
    typer.Option("--diff", help="Show the diff alone, and write nothing.", rich_help_panel=_CHANGES),
]
_Unsafe = Annotated[
    bool | None,
    typer.Option(
        "--unsafe-fixes",
        help="Take also steps that are a choice, or may change what a file means.",
        rich_help_panel=_CHANGES,
    ),
]
_NoBackup = Annotated[
    bool | None,
    typer.Option(
        "--no-backup", help="Keep no copy of a file that --write changes.", rich_help_panel=_CHANGES
    ),
]
_Format = Annotated[
    MigrationFormat,
    typer.Option(
        "--output-format",
        metavar="FORMAT",
        help="full, json, markdown or html.",
        rich_help_panel=options.OUTPUT,
    ),
]


class StepOptions(NamedTuple):
    """Which steps are taken, and for which version and day."""

    to: _To = None
    from_: _From = None
    as_of: _AsOf = None
    secrets: _Secrets = Secrets.KEEP
    namespace: _Namespace = Namespace.KEEP
    list_: _List = False


class ChangeOptions(NamedTuple):
    """What is done with the changes."""

    write: _Write = False
    check: _Check = False
    diff: _Diff = False
    unsafe_fixes: _Unsafe = None
    no_backup: _NoBackup = None


class OutputOptions(NamedTuple):
    """How it is reported, and where to."""

    output_format: _Format = MigrationFormat.FULL
    output_file: options.OutputFile = None
    quiet: options.Quiet = None
    no_color: options.NoColor = False


def migrate(
    paths: file_options.Paths = None,
    *,
    steps: StepOptions,
    changes: ChangeOptions,
    output: OutputOptions,
    files: file_options.SearchOptions,
    config: rule_options.ConfigOptions,
    limits: file_options.LimitOptions,
    _version: options.Version = False,
) -> None:
    """Bring legacy settings to what a DataMiner version wants.

    Says what only a person can do. Shows what would change, and changes files with --write alone. The files
    of one run are one cluster.
    """
    if steps.list_:
        raise typer.Exit(_list(output))
    _refuse_contradictions(changes, output)
    configs = LazyConfigs(config.config, isolated=bool(config.isolated))
    typed = file_config(files, limits)._replace(
        unsafe_fixes=changes.unsafe_fixes,
        no_backup=changes.no_backup,
        quiet=output.quiet,
    )
    run = run_settings(configs, typed)
    chosen = selection(paths, run, files_from=files.files_from, stdin_filename=files.stdin_filename)
    spare_used([output.output_file], configs, files_from=files.files_from)
    goal = _goal(steps, configs, unsafe=run.unsafe_fixes)
    file_settings = FileSettings(
        configs, RuleConfig(), codes_of_command("lint"), CheckSettings(limits=run.limits)
    )
    work = MigrationRun(file_settings, run.max_size, goal, changes.write, not run.no_backup)
    raise typer.Exit(_run(chosen, work, run, changes, output))


def _run(
    chosen: Selection, work: MigrationRun, run: RunSettings, changes: ChangeOptions, output: OutputOptions
) -> ExitCode:
    passes_on = STANDARD_INPUT in chosen.paths and changes.write
    if passes_on:
        refuse_beside_document([output.output_file])
    processes = processes_for(chosen, run.jobs)
    refuse_unwritable(output.output_file)
    files = spared_by(once(arguments.found(chosen)), [output.output_file])
    migrations: list[Migration] = []
    cut_short = told_where_cut_short(
        lambda: sum(one.is_file_written for one in migrations), backup=not run.no_backup
    )
    migrated = in_order(work.result_of, files, processes, migrations.append)
    with cut_short, refused_where_lost(), closing(migrated):
        for one in watched(migrated, "migrated"):
            migrations.append(one)  # noqa: PERF402 - what was done counts, whatever comes
        result = report_on(migrations, work.goal, is_written=changes.write)
        documents = [one.document for one in migrations if changes.write and one.document is not None]
        _deliver(result, changes, output, to_error=passes_on)
    for document in documents:
        deliver_document(document)
    for one in migrations:
        if one.reason is not None and (changes.diff or one.unreadable is None):  # a diff says no reason
            say(f"{one.path}: {one.reason}")
    if not run.quiet:
        for sentence in _closing_words(result, run, changes):
            say(sentence)
    return _exit_code(result, changes)


def _goal(steps: StepOptions, configs: LazyConfigs, *, unsafe: bool) -> Goal:
    """What was typed, over the day that the configuration of the run gives."""
    target = arguments.target_version(steps.to, "--to")
    if target is None:
        raise Refusal(
            'say which DataMiner version the files shall suit, as in --to 10.6.4 or --to "10.5.0 CU13"'
        )
    config = configs.of_run()
    as_of = arguments.as_of(steps.as_of) or (None if config is None else config.rules.as_of)
    return Goal(
        target,
        as_of or date.today(),  # noqa: DTZ011 - the day where the user is
        arguments.target_version(steps.from_, "--from"),
        unsafe,
        frozenset(_wishes(steps, target)),
        os.urandom(32),
    )


def _wishes(steps: StepOptions, target: Version) -> Iterator[Wish]:
    if steps.secrets is Secrets.ENV:
        yield Wish.SECRETS_TO_VARIABLES
    if steps.namespace is Namespace.REMOVE:
        yield Wish.REMOVE_NAMESPACE
    if steps.namespace is Namespace.ADD:
        step = next(step for step in STEPS if step.wish is Wish.ADD_NAMESPACE)
        if not step.belongs_to(target):
            raise Refusal(f"--namespace add: DataMiner {target} sets none; the step is for {versions(step)}")
        yield Wish.ADD_NAMESPACE


def _refuse_contradictions(changes: ChangeOptions, output: OutputOptions) -> None:
    """Say which options cannot be meant together."""
    if changes.write and (changes.check or changes.diff):
        other = "--check" if changes.check else "--diff"
        raise Refusal(f"{other} changes nothing, and --write does: give one of them")
    if changes.check and changes.diff:
        raise Refusal("--check shows a report alone, and --diff a diff alone: give one of them")
    if changes.diff and output.output_format is not MigrationFormat.FULL:
        raise Refusal("--diff shows a diff alone: leave out --output-format")


def _list(output: OutputOptions) -> ExitCode:
    from migrator.reporters.steps import steps_as_json, steps_as_text

    shape = layout(no_color=output.no_color, to_file=output.output_file is not None)
    match output.output_format:
        case MigrationFormat.JSON:
            deliver([steps_as_json(STEPS)], output.output_file, machine=True)
        case MigrationFormat.FULL:
            deliver(steps_as_text(STEPS, shape), output.output_file, machine=False)
        case other:
            raise Refusal(f"--list: there is no list as {other}; write full or json")
    return ExitCode.DONE


def _deliver(result: Report, changes: ChangeOptions, output: OutputOptions, *, to_error: bool) -> None:
    """Write the report; a document that is passed on has standard output for itself."""
    target = output.output_file
    to_error = to_error and is_standard_output(target)
    match output.output_format:
        case MigrationFormat.JSON:
            from migrator.reporters.migration_json import as_json

            deliver([as_json(result)], target, machine=True, to_error=to_error)
        case MigrationFormat.MARKDOWN:
            from migrator.reporters.migration_markdown import as_markdown

            deliver([as_markdown(result)], target, machine=True, to_error=to_error)
        case MigrationFormat.HTML:
            from migrator.reporters.migration_html import as_html

            deliver(as_html(result), target, machine=True, to_error=to_error)
        case MigrationFormat.FULL:
            from migrator.reporters.migration import as_text, diffs_as_text

            shape = layout(no_color=output.no_color, to_file=target is not None, to_error=to_error)
            shows_diffs = not (changes.check or changes.write)
            pieces = (
                diffs_as_text(result, shape) if changes.diff else as_text(result, shape, diffs=shows_diffs)
            )
            deliver(pieces, target, machine=False, to_error=to_error)


def _closing_words(result: Report, run: RunSettings, changes: ChangeOptions) -> Iterator[str]:
    """How it went, and what is left to do."""
    figures = ", ".join(
        f"{number} {'failed' if state is State.FAILED else state}"
        for state, number in reversed(result.states.items())
        if number
    )
    yield f"{counted(len(result.migrations), 'file')}: {figures}"
    waiting = sum(len(one.waiting) for one in result.migrations)
    if waiting:
        yield f"{counted(waiting, 'change')} {'waits' if waiting == 1 else 'wait'} for --unsafe-fixes"
    for variable, values in disputed(result.migrations).items():
        yield f"{variable} stands for {len(values)} secrets that differ: the worksheet says in which files"
    written = sum(one.is_file_written for one in result.migrations)
    yield from after_writing(written, backup=not run.no_backup)
    if not changes.write and any(one.changes for one in result.migrations):
        yield "nothing was written: --write makes the changes"


def _exit_code(result: Report, changes: ChangeOptions) -> ExitCode:
    """2 where a file could not be read or written; 1 where one cannot be parsed, or something is pending."""
    if any(one.failure is not None for one in result.migrations):
        return ExitCode.REFUSED
    if any(one.unreadable is not None for one in result.migrations):
        return ExitCode.FOUND
    if changes.write:
        return ExitCode.DONE
    is_pending = [one.is_pending if changes.check else bool(one.changes) for one in result.migrations]
    return ExitCode.FOUND if any(is_pending) else ExitCode.DONE
