"""What backups beside the agents' files would bring back: one run of `apply`, a Failover pair as one."""

from __future__ import annotations

import contextlib
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from migrator import definition
from migrator.agents import OWN, are_alike
from migrator.checking import read_document
from migrator.cluster.backups import UNDONE, all_backups, backups, backups_in
from migrator.cluster.meaning import digest_with, values_of
from migrator.cluster.planning import Planned, State
from migrator.cluster.read_timeout import read_within
from migrator.cluster.reading import section_in
from migrator.diff import masked_diff
from migrator.document.source import Unreadable
from migrator.files import InputFile, Missing, why_unreadable
from migrator.tuples import NamedTuple
from migrator.writing import time_of_change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from migrator.agents import Cluster, Value
    from migrator.checking import CheckSettings
    from migrator.cluster.backups import Backup, Listing
    from migrator.cluster.planning import ToPlan
    from migrator.cluster.reading import AgentReader

_NS_OF_A_SECOND = 1_000_000_000
_TOO_LARGE = "it is larger than dmsmtp reads: raise --max-size"


class _Found(NamedTuple):
    """What an agent's file holds, and the backup to bring back; None where there is no other content."""

    path: str
    settings: CheckSettings
    old: bytes
    reader: AgentReader
    listing: Listing
    backup: Backup | None = None
    new: bytes = b""


def plan_rollback(
    agents: Sequence[ToPlan], cluster: Cluster, reader: AgentReader, *, keeps_backup: bool
) -> Iterator[Planned]:
    """What the backups of the last run among these agents would bring back.

    The two of a Failover pair go back together. Where one alone would, it does so if the pair is alike then,
    or was as different before the run, which wrote one of them alone; else both go back, if that makes them
    alike, or it is refused.
    """
    listing = cache(backups_in)  # once for all files of a folder
    found = {one.number: _found(one, reader, listing) for one in agents}
    time = max(
        (one.backup.time for one in found.values() if isinstance(one, _Found) and one.backup), default=""
    )
    for one in agents:
        own = found[one.number]
        start = Planned(one.number, one.label, one.file.shown, State.LEFT)
        partner = cluster.partners.get(one.number, -1)
        if isinstance(own, str):
            yield start.refused(own)
        elif own.backup is None:
            yield start._replace(reason="there is no backup beside it that holds anything else")
        else:
            goes = _goes_back(own, found.get(partner), time)
            if goes is None:
                yield start.refused(_alone(cluster.agents[partner].label, own.backup))
            elif goes:
                planned = _brought_back(start, own, own.backup, keeps_backup=keeps_backup)
                yield _with_difference(planned, own, found.get(partner), cluster.agents[partner].label, time)
            else:
                yield start._replace(
                    reason=f"its newest backup is that of another run ({own.backup.time}): "
                    "once this one is brought back, the same again goes back further"
                )


def _goes_back(own: _Found, partner: _Found | str | None, time: str) -> bool | None:
    """Whether an agent's backup is to be brought back; None where that would split its pair."""
    is_of_run = own.backup is not None and own.backup.time == time
    if not isinstance(partner, _Found):
        return is_of_run
    is_partner_of_run = partner.backup is not None and partner.backup.time == time
    if is_of_run == is_partner_of_run:
        return is_of_run
    moved, resting = (own, partner) if is_of_run else (partner, own)
    if _is_back(resting, time) or _are_alike(moved, moved.new, resting, resting.old):
        return is_of_run
    if resting.backup is not None and _are_alike(moved, moved.new, resting, resting.new):
        return True
    if _is_older(resting, time):
        return is_of_run
    return None if is_of_run else False


def _is_older(one: _Found, time: str) -> bool:
    """Whether an agent's file was written before a run, and so not by it, nor by anybody since."""
    try:
        began = datetime.strptime(time, "%Y%m%dT%H%M%S%z").timestamp()
    except ValueError:  # no time at all, as in a name that somebody made up
        return False
    written = time_of_change(one.path)
    return written is not None and written < began * _NS_OF_A_SECOND


def _with_difference(
    planned: Planned, own: _Found, partner: _Found | str | None, label: str, time: str
) -> Planned:
    """The plan for one of a pair, which says so where the two differ afterwards, as they did before."""
    if planned.state is not State.CHANGES or not isinstance(partner, _Found):
        return planned
    goes_back = partner.backup is not None and _goes_back(partner, own, time)
    if _are_alike(own, own.new, partner, partner.new if goes_back else partner.old):
        return planned
    difference = f"it then differs from {label}, as it did before that run"
    return planned._replace(reason="; ".join(filter(None, (planned.reason, difference))))


def _is_back(one: _Found, time: str) -> bool:
    """Whether an agent's file holds what it held before a run, as after a rollback that was cut short."""
    return _is_in_backup(one, lambda backup: backup.time == time)


def _is_in_backup(one: _Found, is_meant: Callable[[Backup], bool]) -> bool:
    """Whether one of the backups that are meant holds what an agent's file does."""
    with contextlib.suppress(OSError):
        return any(
            _content(backup, one.reader) == one.old
            for backup in filter(is_meant, all_backups(one.path, one.listing)[0])
        )
    return False


def _alone(partner: str, backup: Backup) -> str:
    return (
        f"{partner}, the other one of its Failover pair, has no backup of that run ({backup.time}), and they "
        f"would differ: leave both out with --exclude, or put {backup.path} in its place by hand"
    )


def _are_alike(one: _Found, data: bytes, other: _Found, other_data: bytes) -> bool:
    """Whether the files of two agents mean the same with these contents, as far as anybody can tell."""
    left, right = _values(one, data), _values(other, other_data)
    if left is None or right is None:
        return left is right
    return all(
        are_alike(left.get(name), right.get(name)) for name in definition.settings() if name not in OWN
    )


def _values(one: _Found, data: bytes) -> Mapping[str, Value] | None:
    section = section_in(one.path, data, one.settings)
    return None if section is None else values_of(section, digest_with(b""))


def _found(one: ToPlan, reader: AgentReader, listing: Listing) -> _Found | str:
    """What there is to bring back; or why nobody can tell."""
    loaded = reader.load(one.file)
    if isinstance(loaded, Missing):
        return loaded.reason
    file, settings, old = loaded
    if len(old) > reader.max_size:
        return _TOO_LARGE
    path = file.path or ""
    try:
        there = backups(path, listing)
    except OSError as error:
        return f"its backups cannot be looked for: {why_unreadable(error)}"
    for backup in there:
        new = _content(backup, reader)
        if isinstance(new, Missing):
            return f"{new.shown}: {new.reason}"
        if new != old:  # else it was brought back, or put back, before
            return _Found(path, settings, old, reader, listing, backup, new)
    return _Found(path, settings, old, reader, listing)


def _content(backup: Backup, reader: AgentReader) -> bytes | Missing:
    """What a backup holds: all of it, or why not."""
    data = read_within(InputFile(backup.path, backup.path), reader.max_size, reader.timeout)
    if isinstance(data, bytes) and len(data) > reader.max_size:
        return Missing(backup.path, _TOO_LARGE)
    return data


def _brought_back(start: Planned, own: _Found, backup: Backup, *, keeps_backup: bool) -> Planned:
    limits = own.settings.limits
    is_readable = all(
        not isinstance(read_document(start.path, data, limits), Unreadable) for data in (own.old, own.new)
    )
    diff = masked_diff(start.path, own.old, own.new, limits) if is_readable else ""
    planned = start._replace(
        state=State.CHANGES,
        kind=(diff.partition("\n@@")[2] or (own.old, own.new),),  # what cannot be shown is not all alike
        diff=diff,
        old=own.old,
        new=own.new,
        mark=backup.mark + UNDONE,
    )
    if not _was_changed(start.path, backup.path) or _is_kept(own, backup):
        return planned
    if keeps_backup:
        return planned._replace(
            reason="it was changed after that run wrote it; what it holds now is kept in an .undone.bak file"
        )
    return planned.refused(
        "it was changed after that run wrote it, which would be lost: give no --no-backup, or leave it out"
    )


def _is_kept(one: _Found, backup: Backup) -> bool:
    """Whether a newer backup holds what an agent's file does, as after the rollback of a later run."""
    return _is_in_backup(one, lambda other: other > backup)


def _was_changed(path: str, backup: str) -> bool:
    """Whether a file was written after its backup was made, which has the time of what was written then."""
    written = time_of_change(path)
    return written is None or written != time_of_change(backup)
