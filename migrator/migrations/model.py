"""What a migration step is, and what is asked of a migration."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from migrator.diagnostic import Diagnostic
from migrator.rules import BY_CODE
from migrator.rules.model import Availability, Finding
from migrator.section import Configuration
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from migrator.rules.model import Rule
    from migrator.values.version import Since, Version


class StepKind(StrEnum):
    """Who takes a step: the program, the program when told so, either by what is found, or a person."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    EITHER = "safe or unsafe"
    MANUAL = "manual"


class Wish(Enum):
    """What is done only where somebody asks for it, and the option that does."""

    SECRETS_TO_VARIABLES = "--secrets env"
    ADD_NAMESPACE = "--namespace add"
    REMOVE_NAMESPACE = "--namespace remove"


Plan = Callable[[Configuration], Iterable[Finding]]
"""What a step of its own finds in a configuration, with the changes that mend it."""
Wording = Callable[[Diagnostic], Diagnostic]
"""How a step says what a rule found, which a person has to mend."""


class Step(NamedTuple):
    """A line of the registry.

    Without `plan` and `wording` the step is the rules that `codes` names, and their fixes. With `wording` it
    is what these rules find, for a person to mend. With `plan` it is what that finds, in
    place of what these rules find in the same place, or of all that they find (`in_place_of_all`). It is
    taken where the target version is within `since` and before `until`, and with a `wish` only where that is
    asked for. Where `is_complete`, it is also what these rules find and lint leaves out, as another finding
    on the same mistake wins. What the rules of `settles` find beside it goes without saying: taking the step
    mends that, too. The docstring of `page` is the step's page, or the rule's.
    """

    name: str
    kind: StepKind
    page: object
    codes: tuple[str, ...] = ()
    plan: Plan | None = None
    wording: Wording | None = None
    in_place_of_all: bool = False
    is_complete: bool = False
    settles: tuple[str, ...] = ()
    since: Since | None = None
    until: Since | None = None
    wish: Wish | None = None

    @property
    def rule(self) -> Rule | None:
        """The rule that the step is, None for a step of its own."""
        return BY_CODE[self.codes[0]] if self.plan is None and self.wording is None else None

    def belongs_to(self, target: Version) -> bool:
        """Whether it is a step to this version."""
        return (self.since is None or self.since.includes(target)) and (
            self.until is None or not self.until.includes(target)
        )


def of_rule(name: str, code: str, *, settles: tuple[str, ...] = ()) -> Step:
    """The step that is a rule with its fix."""
    kinds = {
        Availability.NONE: StepKind.MANUAL,
        Availability.SAFE: StepKind.SAFE,
        Availability.UNSAFE: StepKind.UNSAFE,
        Availability.SOMETIMES_SAFE: StepKind.EITHER,
    }
    rule = BY_CODE[code]
    return Step(name, kinds[rule.fix], rule.page, (code,), settles=settles)


class Goal(NamedTuple):
    """What is asked for: the version to migrate to, and from, where that is known; the day; wishes.

    With `unsafe`, steps are taken that may change what a file means. `key` is random, and one for a run:
    secrets are compared with its help, so that nothing else can be told of them.
    """

    target: Version
    as_of: date
    origin: Version | None = None
    unsafe: bool = False
    wishes: frozenset[Wish] = frozenset()
    key: bytes = b""
