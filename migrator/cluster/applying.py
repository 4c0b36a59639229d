"""One section for many agents: what would change on each, planned for all before anything is written."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from migrator import definition
from migrator.agents import OWN
from migrator.checking import check, read_document
from migrator.cluster.meaning import digest_with, values_of
from migrator.cluster.patience import read_within
from migrator.cluster.reading import digest_of
from migrator.conversion.into import ChangeKind, NotRewritten, as_literal, write_settings
from migrator.diagnostic import Severity
from migrator.diff import masked_diff
from migrator.document.source import Source, Unreadable, decode
from migrator.files import InputFile, Missing, read
from migrator.section import read_configuration
from migrator.values.login_method import LoginMethod
from migrator.values.secret import is_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from migrator.agents import Cluster
    from migrator.checking import CheckSettings
    from migrator.conversion.into import SettingChange
    from migrator.linting import SettingsOf
    from migrator.section import Section
    from migrator.writing import NotWritten, Written

    Replace = Callable[[str, bytes, bytes], Written | NotWritten]
    """Puts new content (second) in the place of old content (third) of a file."""

AGENT = "{agent}"
"""In a value: the name of the agent that it goes to."""
_CHANGED = "it changed while the agents were read: try again"
_BACKUP = re.compile(r"\.([0-9]{8}T[0-9]{6}Z)(?:-([0-9]+))?\.bak")
_LOGIN = frozenset({"Host", "LoginMethod", "User"})  # a secret belongs to these


class Order(NamedTuple):
    """What the section of an agent is to hold.

    Settings in `keep` stay each agent's own, there or not. `entered` are secrets of the source that only its
    own agent can read: agents keep theirs, and those that have none need it entered. `meanings` are those of
    the source: where an agent's setting means the same already, its text stays.
    """

    wanted: Mapping[str, str]
    keep: frozenset[str]
    entered: frozenset[str]
    meanings: Mapping[str, str]


class Choice(NamedTuple):
    """Which settings of the source are meant; without `only`, all but `without`. `replace` may name Helo."""

    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    replace: frozenset[str] = frozenset()


class Refused(NamedTuple):
    """Why the section of the source cannot be applied, with what to do."""

    reason: str


def order_of(section: Section, choice: Choice, secrets: Mapping[str, str]) -> Order | Refused:
    """What a source asks for; `secrets` are values that take the place of its own."""
    if section.method is LoginMethod.XOAUTH2:
        return Refused(
            "it logs in with XOAUTH2, which Cube alone configures, on all agents: in Cube, enter the client "
            "secret again, retrieve tokens, and apply"
        )
    known = definition.settings()
    names = [name for name in known if choice.only is None or name in choice.only]
    names = [name for name in names if name not in choice.without | definition.oauth_settings()]
    meant = [name for name in names if name not in OWN or name in choice.replace]
    wanted: dict[str, str] = {}
    entered: set[str] = set()
    for name in meant:
        setting = section.get(name)
        if name in secrets:
            wanted[name] = secrets[name]
        elif setting is not None and known[name].is_secret and is_reference(setting.text):
            entered.add(name)
        elif setting is not None and known[name].is_secret and "${" in setting.value:
            return Refused(f"{name} names a variable: enter it with --ask-secrets")
        elif setting is not None:
            wanted[name] = setting.value
    meanings = {
        name: value.meaning
        for name, value in values_of(section, digest_with(b"")).items()
        if name in meant and not known[name].is_secret and AGENT not in value.text
    }
    return Order(wanted, frozenset(known) - (frozenset(meant) - entered), frozenset(entered), meanings)


class State(StrEnum):
    """What becomes of an agent's file."""

    ALIKE = "alike already"
    CHANGES = "would change"
    WRITTEN = "written"
    REFUSED = "not written"


class Planned(NamedTuple):
    """An agent, by its number, and what becomes of its file.

    `old` and `new` are the contents of the file, `diff` shows the change to people, `kind` is equal for equal
    changes. `enter` are secrets that must be entered again on this agent.
    """

    number: int
    label: str
    path: str
    state: State
    reason: str = ""
    changes: tuple[SettingChange, ...] = ()
    enter: tuple[str, ...] = ()
    kind: tuple[object, ...] = ()
    diff: str = ""
    old: bytes = b""
    new: bytes = b""
    backup: str | None = None

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

    order: Order
    settings_of: SettingsOf
    max_size: int
    key: bytes
    timeout: int | None = None

    def plan(self, one: ToPlan) -> Planned:
        """What the order makes of an agent; nothing is written."""
        try:
            return self._plan(one)
        except Exception as error:  # noqa: BLE001 - the other agents still count
            from migrator import crash

            return _start(one).refused(crash.sentence(error))

    def _plan(self, one: ToPlan) -> Planned:
        start = _start(one)
        settings = self.settings_of(one.file.path)
        data = read_within(one.file, self.max_size, self.timeout)
        if isinstance(settings, str):
            return start.refused(settings)
        if isinstance(data, Missing):
            return start.refused(data.reason)
        if digest_of(data, digest_with(self.key)) != one.digest:
            return start.refused(_CHANGED)
        if one.name is None and any(AGENT in text for text in self.order.wanted.values()):
            return start.refused(f"its name is not known, which {AGENT} stands for")
        wanted = {name: text.replace(AGENT, one.name or "") for name, text in self.order.wanted.items()}
        result = write_settings(
            one.file.shown,
            data,
            as_literal(one.file.shown, _text(data), wanted),
            keep=self.order.keep | frozenset(self._alike(one.file.shown, data, settings)),
            limits=settings.limits,
        )
        if isinstance(result, NotRewritten):
            return start.refused(f"{result.message}; {result.help}")
        changes = tuple(change for change in result.changes if change.kind is not ChangeKind.UNCHANGED)
        there = {change.name for change in result.changes if change.after is not None}
        enter = tuple(self._to_enter({change.name for change in changes}, there))
        if not result.is_changed:
            return start._replace(state=State.ALIKE, enter=enter)
        wrong = _new_errors(one.file.shown, data, result.data, settings)
        if wrong and not (wrong <= _WITHOUT_SECRET and enter):
            return start.refused(f"lint would find errors in it that are not there now: {', '.join(wrong)}")
        return start._replace(
            changes=changes,
            enter=enter,
            kind=(result.has_new_section, enter, *map(self._kind, changes)),
            diff=masked_diff(one.file.shown, data, result.data, settings.limits),
            old=data,
            new=result.data,
        )

    def _alike(self, path: str, data: bytes, settings: CheckSettings) -> Iterator[str]:
        """The settings that mean already what they should."""
        document = read_document(path, data, settings.limits)
        configuration = None if isinstance(document, Unreadable) else read_configuration(document)
        if configuration is None or configuration.section is None:
            return
        for name, value in values_of(configuration.section, digest_with(b"")).items():
            if self.order.meanings.get(name) == value.meaning:
                yield name

    def _to_enter(self, changed: Collection[str], there: Collection[str]) -> Iterator[str]:
        """Secrets that stay the agent's own and are missing, or belong to another login now."""
        for name in definition.settings():
            if name in self.order.entered and (name not in there or _LOGIN & set(changed)):
                yield name

    def _kind(self, change: SettingChange) -> tuple[object, ...]:
        template = self.order.wanted.get(change.name, "")
        return change.name, change.kind, change.before, AGENT if AGENT in template else change.after


_WITHOUT_SECRET = frozenset({"A304"})  # what lint says until the secret is entered


def _start(one: ToPlan) -> Planned:
    return Planned(one.number, one.label, one.file.shown, State.CHANGES)


def _text(data: bytes) -> str:
    source = decode(data)
    return source.text if isinstance(source, Source) else ""


def _new_errors(path: str, before: bytes, after: bytes, settings: CheckSettings) -> frozenset[str]:
    old, new = (
        frozenset(
            one.code for one in check(path, data, settings).diagnostics if one.severity is Severity.ERROR
        )
        for data in (before, after)
    )
    return new - old


class Backup(NamedTuple):
    """A backup of a file: when it was made, as its name says, and its path. One run has one time for all."""

    time: str
    ordinal: int
    path: str


def plan_rollback(one: ToPlan, time: str, settings: CheckSettings) -> Planned:
    """What the newest backup beside an agent's file would bring back, if it is of this time."""
    start = _start(one)
    path = one.file.path or ""
    backup = newest_backup(path)
    if backup is None:
        return start._replace(state=State.ALIKE, reason="there is no backup beside it")
    if backup.time != time:
        reason = f"its newest backup is that of another run ({backup.time}): to bring it back, name it alone"
        return start._replace(state=State.ALIKE, reason=reason)
    old, new = (read(InputFile(file, file), settings.limits.size) for file in (path, backup.path))
    for data in (old, new):
        if isinstance(data, Missing):
            return start.refused(f"{data.shown}: {data.reason}")
    if not isinstance(old, bytes) or not isinstance(new, bytes) or old == new:
        return start._replace(state=State.ALIKE, reason="it is as the newest backup has it")
    is_readable = all(
        not isinstance(read_document(path, data, settings.limits), Unreadable) for data in (old, new)
    )
    diff = masked_diff(one.file.shown, old, new, settings.limits) if is_readable else ""
    return start._replace(kind=(diff.partition("\n@@")[2],), diff=diff, old=old, new=new, backup=backup.path)


def newest_backup(path: str) -> Backup | None:
    """The backup of a file that was made last; None where there is none."""
    folder, name = os.path.split(path)
    try:
        names = os.listdir(folder or ".")  # noqa: PTH208 - a folder many times
    except OSError:
        return None
    found = [
        Backup(match[1], int(match[2] or 0), os.path.join(folder, other))  # noqa: PTH118 - as above
        for other in names
        if other.startswith(name) and (match := _BACKUP.fullmatch(other[len(name) :])) is not None
    ]
    return max(found, default=None)


def write_all(planned: Sequence[Planned], cluster: Cluster, replace: Replace) -> Iterator[Planned]:
    """Write what is planned, agent by agent; the two of a Failover pair both or none.

    A file that cannot be written does not stop the others. Where the second of a pair cannot, the first gets
    its old content back.
    """
    by_number = {one.number: one for one in planned}
    done: set[int] = set()
    for one in planned:
        if one.number in done:
            continue
        partner = by_number.get(cluster.partners.get(one.number, -1))
        pair = [one] if partner is None else [one, partner]
        done |= {member.number for member in pair}
        yield from _written(pair, replace)


def _written(pair: Sequence[Planned], replace: Replace) -> Iterator[Planned]:
    outcomes: list[Planned] = []
    for one in pair:
        if one.state is not State.CHANGES:
            outcomes.append(one)
            continue
        try:
            outcome = replace(one.path, one.new, one.old)
        except BaseException:  # somebody interrupts
            for before in outcomes:
                if before.state is State.WRITTEN:
                    replace(before.path, before.old, before.new)
            raise
        if not _is_written(outcome):
            outcomes.append(one.refused(getattr(outcome, "reason", "")))
            break
        outcomes.append(one._replace(state=State.WRITTEN, backup=getattr(outcome, "backup", None)))
    else:
        yield from outcomes
        return
    failed = outcomes[-1]
    for one in outcomes[:-1]:
        yield _put_back(one, failed, replace)
    yield failed
    for one in pair[len(outcomes) :]:
        yield one.refused(f"{failed.label}, the other one of its Failover pair, could not be written")


def _put_back(one: Planned, failed: Planned, replace: Replace) -> Planned:
    if one.state is not State.WRITTEN:
        return one
    words = f"{failed.label}, the other one of its Failover pair, could not be written"
    outcome = replace(one.path, one.old, one.new)
    if _is_written(outcome):
        return one.refused(f"{words}, so it was put back")
    return one._replace(reason=f"{words}, and this one could not be put back: run the same again")


def _is_written(outcome: Written | NotWritten) -> bool:
    return not hasattr(outcome, "reason")


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
