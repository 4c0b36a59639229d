"""One section for many agents: what would change on each, planned for all before anything is written."""

from __future__ import annotations

import contextlib
from enum import StrEnum
from typing import TYPE_CHECKING

from migrator import definition
from migrator.agents import OWN, are_alike
from migrator.checking import check, read_document
from migrator.cluster.backups import backups
from migrator.cluster.meaning import digest_of, digest_with, values_of
from migrator.cluster.patience import read_within
from migrator.conversion.into import ChangeKind, NotRewritten, as_literal, write_settings
from migrator.conversion.secrets import resolved_text
from migrator.conversion.tree import Problem
from migrator.diagnostic import Severity
from migrator.diff import masked_diff
from migrator.document.source import Source, Unreadable, decode
from migrator.document.xml import XmlDocument
from migrator.files import InputFile, Missing, read
from migrator.section import read_configuration
from migrator.tuples import NamedTuple
from migrator.values.login_method import LoginMethod
from migrator.values.secret import is_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from migrator.agents import Cluster
    from migrator.checking import CheckSettings
    from migrator.conversion.into import SettingChange
    from migrator.loading import SettingsOf
    from migrator.section import Section, Setting
    from migrator.writing import NotWritten, Written

    Replace = Callable[[str, bytes, bytes, str | None], Written | NotWritten]
    """Puts new content (second) in the place of old content (third) of a file.

    The fourth stands in the name of the backup; None: there is to be none.
    """

AGENT = "{agent}"
"""In a value: the name of the agent that it goes to."""
_CHANGED = "it changed while the agents were read: try again"
_OAUTH = (
    "it logs in with XOAUTH2, which Cube has set up and can alone set up again: leave it out with --exclude, "
    "or give --replace LoginMethod"
)
_TRIES = 5  # to put a file back that somebody interrupts
_LOGIN = frozenset({"Host", "LoginMethod", "User"})  # a secret belongs to these


class Order(NamedTuple):
    """What the section of an agent is to hold.

    Settings in `keep` stay each agent's own, there or not. `entered` are secrets of the source that only its
    own agent can read: agents keep theirs, and those that have none need it entered. `meanings` are those of
    the source: where an agent's setting means the same already, its text stays. With `replaces_oauth`, agents
    that log in with XOAUTH2 get it, too. `secrets` are all texts of the source that must not be shown.
    """

    wanted: Mapping[str, str]
    keep: frozenset[str]
    entered: frozenset[str]
    meanings: Mapping[str, str]
    replaces_oauth: bool = False
    secrets: frozenset[str] = frozenset()


class Choice(NamedTuple):
    """Which settings of the source are meant; without `only`, all but `without`.

    `replace` may name Helo, and LoginMethod: agents that log in with XOAUTH2 get another method then.
    """

    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    replace: frozenset[str] = frozenset()


class Refused(NamedTuple):
    """Why the section of the source cannot be applied, with what to do."""

    reason: str


def order_of(
    section: Section, choice: Choice, secrets: Mapping[str, str], environment: Mapping[str, str]
) -> Order | Refused:
    """What a source asks for.

    `secrets` are values that take the place of its own; `environment` is where variables stand, which JSON
    and YAML may name.
    """
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
        elif setting is not None and known[name].is_secret:
            secret = _secret_of(section, setting, environment)
            if isinstance(secret, Refused):
                return secret
            if is_reference(secret):
                entered.add(name)
            else:
                wanted[name] = secret
        elif setting is not None:
            wanted[name] = setting.value
    meanings = {
        name: value.meaning
        for name, value in values_of(section, digest_with(b"")).items()
        if name in meant and not known[name].is_secret and AGENT not in value.text
    }
    return Order(
        wanted,
        frozenset(known) - (frozenset(meant) - entered),
        frozenset(entered),
        meanings,
        "LoginMethod" in choice.replace,
        section.secrets,
    )


def _secret_of(section: Section, setting: Setting, environment: Mapping[str, str]) -> str | Refused:
    """The secret itself; XML has no variables, so that it holds nothing else."""
    if isinstance(section.document, XmlDocument):
        return setting.value
    found = resolved_text(setting.name, setting.value, environment)
    if isinstance(found, Problem):
        return Refused(f"{found.message}: {found.help}, or enter {setting.name} with --ask-secrets")
    if not found and setting.value:
        return Refused(f"the variable that {setting.name} names is empty: enter it with --ask-secrets")
    return found


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
    changes. `enter` are secrets that must be entered again on this agent. `backup` is the path of its backup,
    `mark` what the name of that holds.
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
        if isinstance(settings, str):
            return start.refused(settings)
        data = self._read(one)
        if isinstance(data, Missing):
            return start.refused(data.reason)
        if one.name is None and any(AGENT in text for text in self.order.wanted.values()):
            return start.refused(f"its name is not known, which {AGENT} stands for")
        wanted = {name: text.replace(AGENT, one.name or "") for name, text in self.order.wanted.items()}
        section = _section(one.file.shown, data, settings)
        result = write_settings(
            one.file.shown,
            data,
            as_literal(one.file.shown, _text(data), wanted),
            keep=self.order.keep | frozenset(self._alike(section)),
            limits=settings.limits,
            secrets=self.order.secrets,
        )
        if isinstance(result, NotRewritten):
            return start.refused(f"{result.message}; {result.help}")
        changes = tuple(change for change in result.changes if change.kind is not ChangeKind.UNCHANGED)
        there = {change.name for change in result.changes if change.after is not None}
        changed = {change.name for change in changes}
        kept_before = self._kept_before(one.file.path or "", section, settings)
        enter = tuple(self._to_enter(changed, there, kept_before))
        if not result.is_changed:
            return start._replace(state=State.ALIKE, enter=enter)
        if self._loses_oauth(section, changed):
            return start.refused(_OAUTH)
        wrong = _new_errors(one.file.shown, data, result.data, settings)
        if wrong and not (wrong <= _WITHOUT_SECRET and enter):
            return start.refused(f"lint would find errors in it that are not there now: {', '.join(wrong)}")
        return start._replace(
            changes=changes,
            enter=enter,
            kind=(result.has_new_section, enter, *map(self._kind, changes)),
            diff=masked_diff(one.file.shown, data, result.data, settings.limits, self.order.secrets),
            old=data,
            new=result.data,
        )

    def _read(self, one: ToPlan) -> bytes | Missing:
        """What the file holds, if that is the same as before."""
        data = read_within(one.file, self.max_size, self.timeout)
        if isinstance(data, Missing) or digest_of(data, self.key) == one.digest:
            return data
        return Missing(one.file.shown, _CHANGED)

    def _alike(self, section: Section | None) -> Iterator[str]:
        """The settings that mean already what they should."""
        if section is None:
            return
        for name, value in values_of(section, digest_with(b"")).items():
            if self.order.meanings.get(name) == value.meaning:
                yield name

    def _loses_oauth(self, section: Section | None, changed: Collection[str]) -> bool:
        """Whether a login that Cube has set up would go."""
        if section is None or section.method is not LoginMethod.XOAUTH2 or self.order.replaces_oauth:
            return False
        return any(name in _LOGIN or definition.settings()[name].is_secret for name in changed)

    def _kept_before(self, path: str, section: Section | None, settings: CheckSettings) -> frozenset[str]:
        """Secrets that are as they were when a run before gave them another login."""
        newest = None
        if section is not None and self.order.entered:
            with contextlib.suppress(OSError):
                newest = next(iter(backups(path)), None)
        data = None if newest is None else read(InputFile(newest.path, newest.path), settings.limits.size)
        before = _section(path, data, settings) if isinstance(data, bytes) else None
        if section is None or before is None:
            return frozenset()
        was, now = (values_of(one, digest_with(b"")) for one in (before, section))
        if all(are_alike(was.get(name), now.get(name)) for name in _LOGIN):
            return frozenset()
        return frozenset(name for name in self.order.entered if name in now and was.get(name) == now[name])

    def _to_enter(
        self, changed: Collection[str], there: Collection[str], kept_before: Collection[str]
    ) -> Iterator[str]:
        """Secrets that stay the agent's own and are missing, or belong to another login now."""
        for name in definition.settings():
            if name in self.order.entered and (
                name not in there or name in kept_before or _LOGIN & set(changed)
            ):
                yield name

    def _kind(self, change: SettingChange) -> tuple[object, ...]:
        template = self.order.wanted.get(change.name, "")
        return change.name, change.kind, change.before, AGENT if AGENT in template else change.after


_WITHOUT_SECRET = frozenset({"A304"})  # what lint says until the secret is entered


def _start(one: ToPlan) -> Planned:
    return Planned(one.number, one.label, one.file.shown, State.CHANGES)


def _section(path: str, data: bytes, settings: CheckSettings) -> Section | None:
    document = read_document(path, data, settings.limits)
    found = None if isinstance(document, Unreadable) else read_configuration(document)
    return None if found is None else found.section


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


def _written(pair: Sequence[Planned], replace: Replace) -> list[Planned]:
    try:
        return _both_or_none(pair, replace)
    except BaseException:  # somebody interrupts
        _undo_half(pair, replace)
        raise


def _both_or_none(pair: Sequence[Planned], replace: Replace) -> list[Planned]:
    from migrator.writing import NotWritten

    outcomes: list[Planned] = []
    for one in pair:
        if one.state is not State.CHANGES:
            outcomes.append(one)
            continue
        outcome, backup = replace(one.path, one.new, one.old, one.mark), None
        if not isinstance(outcome, NotWritten):
            backup = outcome.backup
        elif not holds(one.path, one.new):  # unless another run wrote the same
            failed = one.refused(outcome.reason)
            words = f"{failed.label}, the other one of its Failover pair, could not be written"
            before = [_put_back(other, words, replace) for other in outcomes]
            return [*before, failed, *(other.refused(words) for other in pair[len(outcomes) + 1 :])]
        outcomes.append(one._replace(state=State.WRITTEN, backup=backup))
    return outcomes


def _put_back(one: Planned, words: str, replace: Replace) -> Planned:
    if one.state is not State.WRITTEN:
        return one
    if _has_old_again(one, replace):
        return one._replace(backup=None).refused(f"{words}, so it was put back")
    return one._replace(reason=f"{words}, and this one could not be put back: run the same again")


def _undo_half(pair: Sequence[Planned], replace: Replace) -> None:
    """Where one of a pair alone has its new content, give it the old one; the disk knows which has."""
    to_write = [one for one in pair if one.state is State.CHANGES]
    for _ in range(_TRIES):
        try:
            there = [one for one in to_write if holds(one.path, one.new)]
            if len(there) < len(to_write):
                for one in there:
                    _has_old_again(one, replace)
        except KeyboardInterrupt:  # again: this takes a moment only
            continue
        return


def _has_old_again(one: Planned, replace: Replace) -> bool:
    """Whether a file that was written could be put back; its backup goes, as the file holds the same."""
    from migrator.writing import remove_backup

    if not _is_written(replace(one.path, one.old, one.new, None)):
        return False
    remove_backup(one.backup or f"{one.path}.{one.mark}.bak", one.old)
    return True


def holds(path: str, data: bytes) -> bool:
    """Whether a file has this content: that alone tells for certain what was written."""
    return read(InputFile(path, path), len(data)) == data


def _is_written(outcome: Written | NotWritten) -> bool:
    from migrator.writing import NotWritten

    return not isinstance(outcome, NotWritten)


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
