"""From the settings of files to what was seen of their servers: each distinct question once, side by side."""

from __future__ import annotations

from collections import deque
from enum import Enum
from threading import Semaphore, Thread
from typing import TYPE_CHECKING, cast

from migrator.live.session import Wishes, observe
from migrator.observations import Observations, Server
from migrator.tuples import NamedTuple
from migrator.values.host import HostProblemKind
from migrator.values.secret import mask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from migrator.section import Section

_LONGEST_HELO = 255
_PAUSE = 0.1  # seconds; Windows lets nobody interrupt who waits without an end
_MOST_SECTIONS = 16  # whose secrets are looked for in what is shown of one server


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
    """The Helo of a section, None where it has none, empty where it cannot be said to a server.

    That takes one word of printable ASCII letters.
    """
    helo = section.text("Helo")
    is_sayable = helo.isascii() and helo.isprintable() and " " not in helo and len(helo) <= _LONGEST_HELO
    return (helo if is_sayable else "") if helo else None


def ask_all(
    questions: Iterable[Question], most: int, watch: Callable[[Iterator[None]], Iterable[None]] = iter
) -> dict[Question, Observations]:
    """What was seen, as the answer to each distinct question, so many at once at most.

    `watch` is given something for each that has been asked, when it has.
    """
    distinct = dict.fromkeys(questions)
    waiting = list(reversed(distinct))
    answers: dict[Question, Observations] = {}
    faults: list[Exception] = []
    asked = Semaphore(0)

    def work() -> None:
        while True:
            try:
                question = waiting.pop()
            except IndexError:
                return
            try:
                answers[question] = observe(question.server, question.wishes)
            except Exception as error:  # noqa: BLE001 - raised again below, where somebody sees it
                faults.append(error)
            asked.release()

    def finished() -> Iterator[None]:
        left = len(distinct)
        while left:
            if asked.acquire(timeout=_PAUSE):
                left -= 1
                yield

    # Unlike those of a pool, these threads keep nobody waiting who presses Ctrl-C
    threads = [Thread(target=work, daemon=True) for _ in range(min(most, len(distinct)))]
    for thread in threads:
        thread.start()
    deque(watch(finished()), maxlen=0)
    if faults:
        raise faults[0]
    return {question: answers[question] for question in distinct}


def by_server(
    asked: Sequence[tuple[str, Section, Question]], seen: dict[Question, Observations]
) -> Iterator[tuple[list[str], Observations]]:
    """What was seen of each server, to be shown, with the paths of the files that name it."""
    files: dict[Question, list[tuple[str, Section]]] = {}
    for path, section, question in asked:
        files.setdefault(question, []).append((path, section))
    for question, observations in seen.items():
        own = files.get(question, [])
        secrets = frozenset().union(*(section.secrets for _, section in own[:_MOST_SECTIONS]))
        yield [path for path, _ in own], _veiled(observations, secrets)


def _veiled(seen: Observations, secrets: frozenset[str]) -> Observations:
    """The same without what is a secret of the files: a Host or Helo may be one by mistake."""
    return cast("Observations", _shown(seen, secrets))


def _shown(value: object, secrets: frozenset[str]) -> object:
    """A value with every text in it masked; words of our own, which are those of enumerations, stay."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return mask(value, secrets)
    if isinstance(value, tuple):
        make = getattr(value, "_make", tuple)  # that of a named tuple
        return make(_shown(part, secrets) for part in value)
    return value
