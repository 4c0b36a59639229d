"""What a suite is, and what becomes of its cases in our readers."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from migrator.checking import read_document
from migrator.document.limits import Limits
from migrator.document.source import Fault, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from migrator.document.model import Document


class Label(Enum):
    """What a suite says of a case: that a reader takes it, that it refuses it, or nothing."""

    TAKE = "take"
    REFUSE = "refuse"
    OPEN = "open"


class Case(NamedTuple):
    """One file of a suite; `reference` reads its values in another way than we do."""

    name: str
    data: bytes
    label: Label
    reference: Callable[[], object] | None = None


class Restriction(NamedTuple):
    """What is refused on purpose, well-formed or not; told by the fault and by one of the words for it."""

    what: str
    why: str
    fault: Fault
    words: tuple[str, ...] = ("",)

    def says(self, refusal: Unreadable) -> bool:
        return refusal.fault is self.fault and any(words in refusal.message for words in self.words)


class Deviation(Enum):
    """How a case comes out otherwise than its label says."""

    TAKEN = "taken"
    REFUSED = "refused"
    MISREAD = "read otherwise"


class Exceptions(NamedTuple):
    """Cases that deviate in the same way for the same reason."""

    deviation: Deviation
    why: str
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Suite:
    """Cases with labels, in an npm package; `values` is what we read, in the shape of the references."""

    title: str
    package: str
    file_name: str
    cases: Callable[[Path], Iterable[Case]]
    values: Callable[[Any], object]
    restrictions: tuple[Restriction, ...] = ()
    exceptions: tuple[Exceptions, ...] = ()

    def expected(self) -> dict[str, Deviation]:
        return {name: group.deviation for group in self.exceptions for name in group.names}


@dataclass
class Outcome:
    """What became of all cases of a suite; `slowest` is in seconds of processor time."""

    cases: int = 0
    as_labelled: int = 0
    open: int = 0
    compared: int = 0
    slowest: float = 0
    restricted: Counter[str] = field(default_factory=Counter)
    deviations: dict[str, Deviation] = field(default_factory=dict)


def run(suite: Suite, folder: Path) -> Outcome:
    """Read all cases of a suite."""
    outcome = Outcome()
    for case in suite.cases(folder):
        outcome.cases += 1
        begun = time.process_time()
        read = read_document(suite.file_name, case.data, Limits())
        outcome.slowest = max(outcome.slowest, time.process_time() - begun)
        if isinstance(read, Unreadable):
            _count_refusal(outcome, suite, case, read)
        else:
            _count_document(outcome, suite, case, read)
    return outcome


def _count_refusal(outcome: Outcome, suite: Suite, case: Case, refusal: Unreadable) -> None:
    assert 0 <= refusal.span.start.offset <= refusal.span.end.offset <= len(case.data), case.name
    restriction = next((one for one in suite.restrictions if one.says(refusal)), None)
    if case.label is Label.OPEN:
        outcome.open += 1
    elif restriction is not None:
        outcome.restricted[restriction.what] += 1
    elif case.label is Label.REFUSE:
        outcome.as_labelled += 1
    else:
        outcome.deviations[case.name] = Deviation.REFUSED


def _count_document(outcome: Outcome, suite: Suite, case: Case, document: Document) -> None:
    if case.label is Label.REFUSE:
        outcome.deviations[case.name] = Deviation.TAKEN
        return
    if case.reference is not None:
        outcome.compared += 1
        if suite.values(document) != case.reference():
            outcome.deviations[case.name] = Deviation.MISREAD
            return
    if case.label is Label.OPEN:
        outcome.open += 1
    else:
        outcome.as_labelled += 1
