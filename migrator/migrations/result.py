"""What became of one file: what was or would be changed, what waits, what a person has to do."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from migrator.diagnostic import in_a_sentence
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from migrator.diagnostic import Severity
    from migrator.migrations.agent_facts import AgentFacts


class State(StrEnum):
    """How far a file is; the gravest that holds."""

    FAILED = "failed"
    PENDING = "pending"
    MANUAL = "manual"
    DONE = "done"


class Item(NamedTuple):
    """One thing in a file that a step is about, or a rule that no step is; everything in it may be shown.

    `line` and `column` count from 1 in the file as it is, those of a change in the file as it was when the
    change was made. `before` and `after` are the lines that a change replaces and writes, as far as they may
    be seen; `change` says in words what it does. `code` is the rule's, None for a step of its own.
    """

    step: str
    code: str | None
    severity: Severity
    message: str
    help: str
    place: str | None = None
    line: int | None = None
    column: int | None = None
    change: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


class Migration(NamedTuple):
    """One file migrated, or shown what would be.

    `changes` are made in the file where `is_written`, or in `document`, which is kept of standard input
    alone, and passed on then; `waiting` are those that need `--unsafe-fixes`; `manual` is for a person.
    `others` counts the advice of `lint` beyond all steps, by code. `suppressed` counts what ignore comments
    in the file keep out. `failure` says why a file could not be read, migrated or written; one that could not
    be parsed has it in `unreadable`. `variables` are those whose names took the place of secrets, with the
    marks of these. `microsoft_basic_auth` is that of the circumstances.
    """

    path: str
    changes: tuple[Item, ...] = ()
    waiting: tuple[Item, ...] = ()
    manual: tuple[Item, ...] = ()
    others: tuple[tuple[str, int], ...] = ()
    suppressed: int = 0
    agent: AgentFacts | None = None
    diff: str = ""
    document: bytes | None = None
    is_written: bool = False
    backup: str | None = None
    unreadable: Item | None = None
    failure: str | None = None
    variables: tuple[tuple[str, str], ...] = ()
    microsoft_basic_auth: bool | None = None

    @property
    def is_file_written(self) -> bool:
        """Whether there is a file that was written, and not standard input passed on."""
        return self.is_written and self.document is None

    @property
    def is_pending(self) -> bool:
        """Whether something can still be changed by the program."""
        return bool(self.waiting) or (bool(self.changes) and not self.is_written)

    @property
    def reason(self) -> str | None:
        """Why the file could not be read, parsed, migrated or written; None where it could."""
        if self.unreadable is None:
            return self.failure
        item = self.unreadable
        return in_a_sentence(item.code, item.line, item.message, item.help)

    @property
    def state(self) -> State:
        """How far the file is."""
        if self.reason is not None:
            return State.FAILED
        if self.is_pending:
            return State.PENDING
        return State.MANUAL if self.manual else State.DONE
