"""What would change on each of many agents that get one section; nothing is written here."""

from __future__ import annotations

import contextlib
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from migrator import definition
from migrator.agents import are_alike
from migrator.checking import configuration_in, new_errors
from migrator.cluster.backups import backups, backups_in
from migrator.cluster.desired import AGENT, names_agent, names_variable
from migrator.cluster.meaning import digest_of, digest_with, is_as_documented, values_of
from migrator.cluster.read_timeout import load_within, read_within
from migrator.cluster.reading import section_in, shown_name
from migrator.conversion.into import LOGIN, NotRewritten, as_literal, write_settings
from migrator.diff import masked_diff
from migrator.document.source import Source, decode
from migrator.files import InputFile, Missing
from migrator.tuples import NamedTuple
from migrator.values.login_method import LoginMethod
from migrator.values.secret import MASK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from migrator.agents import Cluster
    from migrator.checking import CheckSettings
    from migrator.cluster.backups import Listing
    from migrator.cluster.desired import DesiredSection
    from migrator.conversion.into import SettingChange
    from migrator.loading import SettingsOf
    from migrator.section import Configuration, Section

_CHANGED = "it changed while the agents were read: try again"
_OAUTH = (
    "it logs in with XOAUTH2, which Cube has set up and can alone set up again: leave it out with --exclude, "
    "or give --replace LoginMethod"
)
_NAMELESS = f"its name is not known, which {AGENT} stands for"
_SECRET_NAME = (
    f"its name, which {AGENT} stands for, holds what is a secret elsewhere: name it otherwise in "
    "[cluster] of dmsmtp.toml"
)
_WITHOUT_SECRET = frozenset({"A304"})  # what lint says until the secret is entered
_WITHOUT_PASSWORD = (LoginMethod.NONE, LoginMethod.XOAUTH2)
_WHERE = LOGIN - {"LoginMethod"}  # another method may take the same secret


class State(StrEnum):
    """What becomes of an agent's file."""

    ALIKE = "alike already"
    LEFT = "left alone"
    CHANGES = "would change"
    WRITTEN = "written"
    REFUSED = "not written"


class Planned(NamedTuple):
    """An agent, by its number, and what becomes of its file.

    `old` and `new` are the contents of the file, `diff` shows the change to people, `kind` is equal for equal
    changes. `enter` are secrets that must be entered again on this agent, `stay` those that were left out and
    stand beside another login now. `backup` is the path of its backup, `mark` what the name of that holds.
    """

    number: int
    label: str
    path: str
    state: State
    reason: str = ""
    changes: tuple[SettingChange, ...] = ()
    enter: tuple[str, ...] = ()
    stay: tuple[str, ...] = ()
    kind: tuple[object, ...] = ()
    diff: str = ""
    old: bytes = b""
    new: bytes = b""
    backup: str | None = None
    mark: str = ""

    def refused(self, reason: str) -> Planned:
        """The same agent, its file left as it is."""
        return self._replace(state=State.REFUSED, reason=reason)


class ToPlan(NamedTuple):
    """An agent whose change is to be planned; `digest` is that of its file as it was read before."""

    number: int
    label: str
    name: str | None
    file: InputFile
    digest: bytes


class Planner(NamedTuple):
    """How changes are planned; it can be handed to another process. `key` is that of the run's digests."""

    desired: DesiredSection
    settings_of: SettingsOf
    max_size: int
    key: bytes
    timeout: int | None = None

    def plan_all(self, agents: Iterable[ToPlan]) -> Iterator[Planned]:
        """What each agent's file would hold; nothing is written."""
        listing = cache(backups_in)  # once for all files of a folder
        for one in agents:
            yield self._planned(one, listing)

    def _planned(self, one: ToPlan, listing: Listing) -> Planned:
        try:
            return self._plan(one, listing)
        except Exception as error:  # noqa: BLE001 - the other agents still count
            from migrator import crash

            return _start(one).refused(crash.sentence(error))

    def _plan(self, one: ToPlan, listing: Listing) -> Planned:
        start = _start(one)
        loaded = load_within(one.file, self.settings_of, self.max_size, self.timeout)
        if isinstance(loaded, Missing):
            return start.refused(loaded.reason)
        _, settings, data = loaded
        if digest_of(data, self.key) != one.digest:
            return start.refused(_CHANGED)
        templates = {name for name, text in self.desired.wanted.items() if names_agent(name, text)}
        configuration = configuration_in(one.file.shown, data, settings.limits)
        agent = _name(one, configuration)
        if templates and (agent is None or MASK in agent):
            return start.refused(_NAMELESS if agent is None else _SECRET_NAME)
        wanted = {
            name: text.replace(AGENT, agent or "") if name in templates else text
            for name, text in self.desired.wanted.items()
        }
        section = None if configuration is None else configuration.section
        alike = self._alike(section)
        result = write_settings(
            one.file.shown,
            data,
            as_literal(one.file.shown, _text(data), wanted),
            keep=self.desired.keep | {name for name, is_sure in alike.items() if is_sure},
            limits=settings.limits,
            secrets=self.desired.secrets,
        )
        if isinstance(result, NotRewritten):
            return start.refused(f"{result.message}; {result.help}")
        changes = result.changed
        there = {change.name for change in result.changes if change.after is not None}
        changed = {change.name for change in changes if change.name not in alike}
        kept_before = self._kept_before(one.file.path or "", section, settings, listing)
        enter = tuple(self._to_enter(changed, there, kept_before))
        if not result.is_changed:
            return start._replace(state=State.ALIKE, reason=result.about_unknown, enter=enter)
        if result.loses_oauth and not self.desired.replaces_oauth:
            return start.refused(_OAUTH)
        wrong = new_errors(one.file.shown, data, result.data, settings)
        if wrong and not (wrong <= _WITHOUT_SECRET and enter):
            codes = sorted(wrong)
            return start.refused(
                f"lint would find errors in it that are not there now: {', '.join(codes)}; "
                f"`dmsmtp explain {codes[0]}` says what that is"
            )
        return start._replace(
            reason="; ".join(filter(None, (_about_variables(section, changes), result.about_unknown))),
            changes=changes,
            enter=enter,
            stay=self._staying(section, section_in(one.file.shown, result.data, settings), changed),
            kind=(result.has_new_section, enter, *map(self._kind, changes)),
            diff=masked_diff(one.file.shown, data, result.data, settings.limits, self.desired.secrets),
            old=data,
            new=result.data,
        )

    def _alike(self, section: Section | None) -> Mapping[str, bool]:
        """The settings that mean already what they should, and whether that is sure: of misspelt ones not."""
        if section is None:
            return {}
        values = values_of(section, digest_with(b""))
        found = {}
        for name in definition.settings():
            if name not in values:  # one that is empty says no more than one that is missing
                if not self.desired.wanted.get(name, "").strip():
                    found[name] = True
            elif self.desired.meanings.get(name) == values[name].meaning:
                found[name] = name not in section.texts or is_as_documented(section, name)
        for name, text in self.desired.variables.items():
            if section.values.get(name) == text and names_variable(section, name):
                found[name] = True
        return found

    def _kept_before(
        self, path: str, section: Section | None, settings: CheckSettings, listing: Listing
    ) -> frozenset[str]:
        """Secrets that are as they were when a run before gave them another login."""
        newest = None
        if section is not None and self.desired.entered:
            with contextlib.suppress(OSError):
                newest = next(iter(backups(path, listing)), None)
        if newest is None:
            return frozenset()
        data = read_within(InputFile(newest.path, newest.path), self.max_size, self.timeout)
        before = section_in(path, data, settings) if isinstance(data, bytes) else None
        if section is None or before is None:
            return frozenset()
        was, now = (values_of(one, digest_with(b"")) for one in (before, section))
        if all(are_alike(was.get(name), now.get(name)) for name in LOGIN):
            return frozenset()
        return frozenset(name for name in self.desired.entered if name in now and was.get(name) == now[name])

    def _to_enter(
        self, changed: Collection[str], there: Collection[str], kept_before: Collection[str]
    ) -> Iterator[str]:
        """Secrets that stay the agent's own and are missing, or belong to another login now."""
        for name in definition.settings():
            if name in self.desired.entered and (
                name not in there or name in kept_before or LOGIN & set(changed)
            ):
                yield name

    def _staying(
        self, before: Section | None, after: Section | None, changed: Collection[str]
    ) -> tuple[str, ...]:
        """Secrets that are not applied, and are those of another server or user now."""
        if before is None or after is None or after.method in _WITHOUT_PASSWORD or not _WHERE & set(changed):
            return ()
        left_out = self.desired.keep - self.desired.entered - definition.oauth_settings()
        known = definition.settings()
        return tuple(
            name for name in known if name in left_out and known[name].is_secret and before.given(name)
        )

    def _kind(self, change: SettingChange) -> tuple[object, ...]:
        is_template = names_agent(change.name, self.desired.wanted.get(change.name, ""))
        return change.name, change.kind, change.before, AGENT if is_template else change.after


def _about_variables(section: Section | None, changes: Sequence[SettingChange]) -> str:
    """What is said where secrets come into a file that had none."""
    names = [
        change.name
        for change in changes
        if section is not None
        and change.after
        and definition.settings()[change.name].is_secret
        and names_variable(section, change.name)
    ]
    if not names:
        return ""
    return (
        f"the secret itself takes the place of the variable that {' and '.join(names)} names; to keep that, "
        f"give --except {','.join(names)}"
    )


def _start(one: ToPlan) -> Planned:
    return Planned(one.number, one.label, one.file.shown, State.CHANGES)


def _name(one: ToPlan, configuration: Configuration | None) -> str | None:
    """The agent's name: what is shown of that in its file may be cut, and has some characters written out."""
    own = None if configuration is None else configuration.agent_name
    if configuration is None or own is None or MASK in (one.name or ""):
        return one.name
    return own if shown_name(own, configuration) == one.name else one.name


def _text(data: bytes) -> str:
    source = decode(data)
    return source.text if isinstance(source, Source) else ""


def restart_plan(written: Sequence[Planned], cluster: Cluster) -> Iterator[tuple[str, ...]]:
    """Agents to restart, each by itself; the two of a pair together, one after the other."""
    by_number = {one.number: one for one in written if one.state in (State.WRITTEN, State.CHANGES)}
    done: set[int] = set()
    for number, one in by_number.items():
        if number in done:
            continue
        partner = by_number.get(cluster.partners.get(number, -1))
        done |= {number} if partner is None else {number, partner.number}
        yield (one.label,) if partner is None else (one.label, partner.label)
