"""Writing what is planned for many agents: one after the other, the two of a Failover pair both or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.cluster.planning import Planned, State
from migrator.files import InputFile, read
from migrator.writing import NotWritten, remove_backup, time_of_change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from migrator.agents import Cluster
    from migrator.writing import Written

    Replace = Callable[[str, bytes, bytes, str | None, int | None], Written | NotWritten]
    """Puts new content (second) in the place of old content (third) of a file.

    The fourth stands in the name of the backup; None: there is to be none. The fifth is the time of change
    that the file gets; None: now.
    """
    Times = dict[str, int | None]
    """When files were changed, by path, before they were written; None where nobody can tell."""

_TRIES = 5  # to put a file back that somebody interrupts


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
    times = {one.path: time_of_change(one.path) for one in pair}
    try:
        return _both_or_none(pair, replace, times)
    except BaseException:  # somebody interrupts
        _undo_half(pair, replace, times)
        raise


def _both_or_none(pair: Sequence[Planned], replace: Replace, times: Times) -> list[Planned]:
    outcomes: list[Planned] = []
    for one in pair:
        if one.state is not State.CHANGES:
            outcomes.append(one)
            continue
        outcome, backup = replace(one.path, one.new, one.old, one.mark, None), None
        if not isinstance(outcome, NotWritten):
            backup = outcome.backup
        elif not holds(one.path, one.new):  # unless another run wrote the same
            failed = one.refused(outcome.reason)
            words = f"{failed.label}, the other one of its Failover pair, could not be written"
            before = [_put_back(other, words, replace, times) for other in outcomes]
            return [*before, failed, *(other.refused(words) for other in pair[len(outcomes) + 1 :])]
        outcomes.append(one._replace(state=State.WRITTEN, backup=backup))
    return outcomes


def _put_back(one: Planned, words: str, replace: Replace, times: Times) -> Planned:
    if one.state is not State.WRITTEN:
        return one
    if _has_old_again(one, replace, times):
        return one._replace(backup=None).refused(f"{words}, so it was put back")
    return one._replace(reason=f"{words}, and this one could not be put back: run the same again")


def _undo_half(pair: Sequence[Planned], replace: Replace, times: Times) -> None:
    """Where one of a pair alone has its new content, give it the old one; the disk knows which has."""
    to_write = [one for one in pair if one.state is State.CHANGES]
    for _ in range(_TRIES):
        try:
            there = [one for one in to_write if holds(one.path, one.new)]
            if len(there) < len(to_write):
                for one in there:
                    _has_old_again(one, replace, times)
        except KeyboardInterrupt:  # again: this takes a moment only
            continue
        return


def _has_old_again(one: Planned, replace: Replace, times: Times) -> bool:
    """Whether a file that was written could be put back; its backup goes, as the file holds the same.

    It gets its former time, too, or a rollback would take it for one that was changed by hand.
    """
    if not _is_written(replace(one.path, one.old, one.new, None, times[one.path])):
        return False
    remove_backup(one.backup or f"{one.path}.{one.mark}.bak", one.old)
    return True


def holds(path: str, data: bytes) -> bool:
    """Whether a file has this content: that alone tells for certain what was written."""
    return read(InputFile(path, path), len(data)) == data


def _is_written(outcome: Written | NotWritten) -> bool:
    return not isinstance(outcome, NotWritten)
