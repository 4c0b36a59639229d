"""From the settings of files to what was seen of their servers: each distinct server once, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrator.live.session import Wishes, observe
from migrator.observations import Observations, Server
from migrator.values.host import HostProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from migrator.section import Section

_LONGEST_HELO = 255


class Question(NamedTuple):
    """A server, and what is to be done there."""

    server: Server
    wishes: Wishes


def server_of(section: Section) -> Server | None:
    """The server that a section names; None where its Host or HostPort cannot be one."""
    host = section.host
    if host is None or host.value is None or section.transport is None:
        return None
    if any(one.kind is not HostProblemKind.UNDERSCORE for one in host.problems):
        return None
    return Server(host.value.name, section.transport.port, section.transport.security)


def helo_of(section: Section) -> str | None:
    """The Helo of a section, where it can be said to a server: one word of printable ASCII letters."""
    helo = section.text("Helo")
    is_sayable = helo.isascii() and helo.isprintable() and " " not in helo and len(helo) <= _LONGEST_HELO
    return helo if helo and is_sayable else None


def ask_all(questions: Iterable[Question], most: int) -> dict[Question, Observations]:
    """What was seen of each distinct server, so many at once at most."""
    from concurrent.futures import ThreadPoolExecutor

    distinct = list(dict.fromkeys(questions))
    if len(distinct) == 1:
        return {distinct[0]: _ask(distinct[0])}
    with ThreadPoolExecutor(most) as pool:
        return dict(zip(distinct, pool.map(_ask, distinct), strict=True))


def _ask(question: Question) -> Observations:
    return observe(question.server, question.wishes)


def by_server(
    asked: Sequence[tuple[str, Question]], seen: dict[Question, Observations]
) -> Iterator[tuple[list[str], Observations]]:
    """What was seen of each server, with the paths of the files that name it."""
    for question, observations in seen.items():
        yield [path for path, own in asked if own == question], observations
