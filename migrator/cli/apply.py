"""`apply`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import typer

from migrator import definition
from migrator.agents import OWN
from migrator.checking import CheckSettings, check
from migrator.cli import apply_options, cluster_options, file_options, options, rule_options
from migrator.cli.agents import KEY_SIZE, read_files, selection_of_agents, topology_of
from migrator.cli.config import FileSettings, LazyConfigs, file_config, rule_config, run_settings
from migrator.cli.output import ExitCode, Refusal, deliver_told, refuse_unwritable, say, spare
from migrator.cli.processes import processes_for, refused_where_lost
from migrator.cli.progress import watched
from migrator.cli.prompt import secret_line, typed_secret
from migrator.cli.reporting import spare_used
from migrator.cli.written import former_content, told_already, told_where_cut_short
from migrator.cluster.backups import time_of_run
from migrator.cluster.desired import AGENT, Choice, Refused, desired_section, names_agent
from migrator.cluster.planning import Planned, Planner, State, ToPlan, restart_plan
from migrator.cluster.reading import AgentReader, section_in
from migrator.diagnostic import Severity, in_a_sentence
from migrator.files import STANDARD_INPUT, InputFile, Missing
from migrator.parallel import together_in_order
from migrator.reporters.apply_report import ApplyReport, as_json, as_text
from migrator.rules import codes_of_command
from migrator.values.login_method import LoginMethod
from migrator.values.nearest import hint
from migrator.values.secret import is_reference
from migrator.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from migrator.cli.apply_options import ApplyOptions
    from migrator.cli.cluster_options import AgentFileOptions
    from migrator.cluster.desired import DesiredSection
    from migrator.cluster.reading import FileRead
    from migrator.cluster.rollout import Replace
    from migrator.cluster.topology import Topology
    from migrator.diagnostic import Diagnostic
    from migrator.section import Section
    from migrator.writing import NotWritten, Written

_NO_PASSWORD, _PLACEHOLDER = "A304", "X704"  # in place of which --ask-secrets gives a secret


def apply(
    source: apply_options.Source = None,
    paths: apply_options.AgentPaths = None,
    *,
    given: apply_options.ApplyOptions,
    report: apply_options.ApplyReportOptions,
    config: rule_options.ConfigOptions,
    files: cluster_options.AgentFileOptions,
    limits: file_options.LimitOptions,
    _version: options.Version = False,
) -> None:
    """Write one section into the files of many agents.

    Shows what would change; --write writes, after all agents were checked.
    """
    _refuse_contradictions(given, files)
    refuse_unwritable(report.output_file)
    spare(source, report.output_file)
    configs = LazyConfigs(config.config, isolated=bool(config.isolated))
    run = run_settings(
        configs,
        file_config(files, limits)._replace(
            no_backup=given.no_backup or None,
            quiet=report.quiet,
        ),
    )
    spare_used([report.output_file], configs, files_from=files.files_from)
    available = codes_of_command("lint")
    settings = FileSettings(
        configs,
        rule_config(rule_options.RuleOptions(), available),
        available,
        CheckSettings(limits=run.limits),
    )
    named = [*([source] if source is not None else ()), *(paths or ())] if given.rollback else paths
    key = os.urandom(KEY_SIZE)
    reader = AgentReader(settings, run.max_size, key, files.timeout)
    desired = None if given.rollback else _desired(_source(source), given, reader)
    with refused_where_lost():
        chosen = selection_of_agents(named, files, run)
        if files.show_files:
            from migrator.cli.inspection import show_files

            raise typer.Exit(show_files(chosen, report.output_file))
        processes = processes_for(chosen, run.jobs)
        found = read_files(chosen, reader, processes, [report.output_file])
        if desired is not None:
            _refuse_own_template(_source(source), desired, found)
        secrets = () if desired is None else desired.secrets
        known = topology_of(found, run, configs, key, failover=given.failover or (), secrets=secrets)
        if given.write and known.halves:
            label, other = known.halves[0]
            mend = f"; if that is of {other}, mend it, or name it by its path in the configuration"
            raise Refusal(
                f"{label} and {other} are a Failover pair, and written together: give both files"
                + (known.unread and known.unread + mend)
            )
        agents = [one for one in found if one.agent is not None]
        planner = None if desired is None else Planner(desired, *reader)
        to_plan = _to_plan(agents, known, given)
        keeps_backup = not run.no_backup
        if planner is None:
            from migrator.cluster.rollback import plan_rollback

            plans = plan_rollback(to_plan, known.cluster, reader, keeps_backup=keeps_backup)
        else:
            plans = watched(together_in_order(planner.plan_all, to_plan, processes), "planned")
        told = _applied(_planned(plans, agents, known), known, given, backup=keeps_backup)
    machine = report.output_format is options.TextFormat.JSON
    written = sum(one.state is State.WRITTEN for one in told.agents)
    with told_where_cut_short(lambda: written, backup=keeps_backup):
        deliver_told(told, as_text, as_json, report.output_file, machine=machine, no_color=report.no_color)
    if not run.quiet:
        for sentence in (*known.notes, *_closing_words(told, given)):
            say(sentence)
    raise typer.Exit(_exit_code(told, given))


def _refuse_contradictions(given: ApplyOptions, files: AgentFileOptions) -> None:
    if given.write and given.diff:
        raise Refusal("--diff shows what --write would change, and writes nothing: give one of them")
    if given.rollback and (given.only or given.except_ or given.replace or given.ask_secrets):
        raise Refusal("--rollback brings back whole files: name the agents alone")
    if given.ask_secrets and files.files_from == STANDARD_INPUT:
        # The first path would become the password of all agents
        raise Refusal("standard input can be read once: --ask-secrets reads it, so give --files-from a file")
    if given.only and given.except_:
        raise Refusal("--only and --except say the same in two ways: give one of them")


def _source(source: str | None) -> str:
    if source is None:
        raise Refusal("no source given: name the file whose section is applied, and then the agents")
    if not source:
        raise Refusal("the path of the source is empty: was a variable not set?")
    return source


def _desired(source: str, given: ApplyOptions, reader: AgentReader) -> DesiredSection:
    """What the source asks for; refused where it cannot be applied."""
    if source == STANDARD_INPUT:
        raise Refusal("the source is read from a file: give its path")
    loaded = reader.load(InputFile(source, source))
    if isinstance(loaded, Missing):
        raise Refusal(f"{source}: {loaded.reason}")
    _, own, data = loaded
    section = section_in(source, data, own)
    if section is None:
        raise Refusal(f"{source}: it holds no SMTP section to apply; `dmsmtp lint` says what it holds")
    choice = Choice(
        None if given.only is None else _settings_named("--only", given.only),
        _settings_named("--except", given.except_ or ()),
        _settings_named("--replace", given.replace or ()),
    )
    _refuse_what_stays(choice)
    errors = sorted(
        {
            one.code
            for one in check(source, data, own).diagnostics
            if _counts(one, choice) and not (given.ask_secrets and _is_asked_for(one))
        }
    )
    is_for_cube = section.method is LoginMethod.XOAUTH2  # which is refused below, with what to do
    if errors and not is_for_cube:
        raise Refusal(
            f"{source}: lint finds errors in it, which would go to all agents: {', '.join(errors)}; "
            "mend them first; `dmsmtp lint` says where"
        )
    secrets = _asked(section, choice) if given.ask_secrets and not is_for_cube else {}
    desired = desired_section(section, choice, secrets, os.environ)
    if isinstance(desired, Refused):
        raise Refusal(f"{source}: {desired.reason}")
    return desired


def _refuse_own_template(source: str, desired: DesiredSection, files: Iterable[FileRead]) -> None:
    """Refuse to write the name of one agent in the place of what all others are to get theirs from."""
    if not any(names_agent(name, text) for name, text in desired.wanted.items()):
        return
    own, *agents = (
        os.path.normcase(os.path.realpath(path))
        for path in (source, *(one.file.path for one in files if isinstance(one.file, InputFile)))
        if path is not None
    )
    if own in agents:
        raise Refusal(
            f"{source}: it is among the agents, and would get a name in the place of its {AGENT}: the same "
            "command would give that to all of them; take a copy elsewhere as the source"
        )


def _counts(one: Diagnostic, choice: Choice) -> bool:
    """Whether it is an error of the source, and not of a setting that is not applied."""
    section, _, name = (one.place or "").partition("/")
    is_left = section == definition.SECTION and name in definition.settings() and not choice.means(name)
    return one.severity is Severity.ERROR and not is_left


def _is_asked_for(one: Diagnostic) -> bool:
    """Whether it is gone where a secret is asked for: there is none, or what stands there for it is none."""
    setting = definition.settings().get((one.place or "").rpartition("/")[2])
    is_secret = setting is not None and setting.is_secret
    return one.code == _NO_PASSWORD or (one.code == _PLACEHOLDER and is_secret)


def _refuse_what_stays(choice: Choice) -> None:
    for name in sorted(choice.only or ()):
        if name in OWN - choice.replace:
            raise Refusal(f"--only {name}: it stays each agent's own; to apply it, add --replace {name}")
        if name in definition.oauth_settings():
            raise Refusal(f"--only {name}: settings of OAuth 2.0 are entered in Cube, and stay as they are")


def _settings_named(option: str, names: Sequence[str]) -> frozenset[str]:
    known = definition.settings()
    given = [part for name in names for one in name.split(",") if (part := one.strip())]
    if names and not given:  # as of a variable that is not set: all would be said to be alike
        raise Refusal(f"{option}: no setting is named; there are: {', '.join(known)}")
    for name in given:
        if name not in known:
            raise Refusal(f'{option}: there is no setting "{name}"; {hint(name, known)}')
        if option == "--replace" and name not in OWN | {"LoginMethod"}:
            raise Refusal(
                f"--replace: {name} is applied anyway; only Helo stays each agent's own, and LoginMethod "
                "where an agent logs in with XOAUTH2"
            )
    return frozenset(given)


def _asked(section: Section, choice: Choice) -> dict[str, str]:
    """The secrets of the source, typed at a prompt that shows nothing, or from standard input.

    One that is not applied is not asked for: it would go nowhere, and nobody would know.
    """
    needs_login = section.method is None or section.method.uses_password
    names = [
        name
        for name, meaning in definition.settings().items()
        if meaning.is_secret
        and name not in definition.oauth_settings()
        and (needs_login or section.given(name) is not None)
    ]
    if not names:
        raise Refusal("--ask-secrets: the source logs in to nothing, so there is no secret to ask for")
    for name in names:
        if not choice.means(name):
            raise Refusal(f"--ask-secrets: {name} is not among the settings that are applied")
    return {name: _secret(name) for name in names}


def _secret(name: str) -> str:
    is_terminal = sys.stdin is not None and sys.stdin.isatty()
    text = typed_secret(f"{name} for all agents: ") if is_terminal else secret_line("--ask-secrets")
    if text is None:
        raise Refusal(f"{name} could not be read without showing it: give it on standard input")
    if not text:
        raise Refusal(f"--ask-secrets: {name} is empty")
    if is_reference(text):
        raise Refusal(f"--ask-secrets: {name} looks like a reference to a secret, and not like the secret")
    return text


def _to_plan(files: list[FileRead], known: Topology, given: ApplyOptions) -> list[ToPlan]:
    """The agents whose change can be planned; a backup can be brought back over a file nobody can read."""
    agents = known.cluster.agents
    return [
        ToPlan(number, agents[number].label, agents[number].name, one.file, one.digest)
        for number, one in enumerate(files)
        if isinstance(one.file, InputFile) and (given.rollback or agents[number].problem is None)
    ]


def _planned(plans: Iterable[Planned], files: Sequence[FileRead], known: Topology) -> list[Planned]:
    """What becomes of each agent, in the order of the files."""
    found = {one.number: one for one in plans}
    return [
        found[number]
        if number in found
        else Planned(number, agent.label, agent.path, State.REFUSED, _why_unread(files[number]))
        for number, agent in enumerate(known.cluster.agents)
    ]


def _why_unread(file: FileRead) -> str:
    """Why nothing is known of an agent, where that is in its file, and what to do."""
    found = () if file.report is None else file.report.diagnostics
    if not found:
        return (None if file.agent is None else file.agent.problem) or "it was not read"
    first = found[0]
    line = None if first.span is None else first.span.start.line
    return in_a_sentence(first.code, line, first.message, first.help)


def _applied(planned: list[Planned], known: Topology, given: ApplyOptions, *, backup: bool) -> ApplyReport:
    """The plan, written where that is asked for and every agent could be checked."""
    is_sound = all(one.state is not State.REFUSED for one in planned)
    if given.write and is_sound:
        if not given.rollback and any(one.state is State.CHANGES for one in planned):
            mark = time_of_run(one.path for one in planned)
            planned = [one._replace(mark=mark) for one in planned]
        planned = _written(planned, known, _replacing(backup=backup))
    restarts = tuple(restart_plan(planned, known.cluster))
    return ApplyReport(tuple(planned), restarts, given.write and is_sound)


def _written(planned: list[Planned], known: Topology, replace: Replace) -> list[Planned]:
    """What became of the files, in their order; where somebody interrupts, which are written is said."""
    from migrator.cluster.rollout import holds, write_all

    done: list[Planned] = []
    try:
        for one in write_all(planned, known.cluster, replace):
            done.append(one)  # noqa: PERF402 - what was done counts, whatever comes
    except KeyboardInterrupt:
        told_already()
        labels = [one.label for one in planned if one.state is State.CHANGES and holds(one.path, one.new)]
        names = ", ".join(labels) or "none"
        say(f"interrupted; written until then: {names}; run the same again for the others")
        raise
    return sorted(done, key=lambda one: one.number)


def _replacing(*, backup: bool) -> Replace:
    """How a file is written, with a backup or without."""
    from migrator.writing import replace_file

    def replace(
        path: str, new: bytes, old: bytes, mark: str | None, changed: int | None
    ) -> Written | NotWritten:
        keeps = backup and mark is not None
        return replace_file(path, new, old=old, backup=keeps, mark=mark, changed=changed)

    return replace


def _closing_words(one: ApplyReport, given: ApplyOptions) -> list[str]:
    count = {state: sum(agent.state is state for agent in one.agents) for state in State}
    told = [f"{counted(number, 'agent')} {state.value}" for state, number in count.items() if number]
    words = ["; ".join(told)]
    if given.write and not one.is_written:
        words.append("nothing was written: first, every agent must be in order, or left out")
    elif any(agent.backup and agent.state is State.WRITTEN for agent in one.agents) and not given.rollback:
        words.append(former_content())
    if given.rollback and one.is_written and any(agent.backup for agent in one.agents):
        words.append("what was there is in an .undone.bak file beside each, with the same secrets")
    if count[State.REFUSED] and one.is_written:
        words.append("run the same again for those that were not written")
    return words


def _exit_code(one: ApplyReport, given: ApplyOptions) -> ExitCode:
    states = {agent.state for agent in one.agents}
    if State.REFUSED in states:
        return ExitCode.REFUSED
    return ExitCode.FOUND if State.CHANGES in states and not given.write else ExitCode.DONE
