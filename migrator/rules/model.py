"""What a rule is, and what it has to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from migrator.diagnostic import Safety, Severity
from migrator.document.model import Change, Part, ReplaceValue, Target
from migrator.section import Configuration, Section, Setting

if TYPE_CHECKING:
    from migrator.document.model import Node


class PlannedFix(NamedTuple):
    """A fix in terms of nodes; the document turns it into edits of bytes."""

    title: str
    safety: Safety
    changes: tuple[Change, ...]


class Finding(NamedTuple):
    """One thing that a rule found.

    `message` says what is wrong, the key fact first, and `help` what to do. `severity` is given where it
    differs from the rule's own. `subjects` are the names of the settings it is about, for rules that yield
    to each other; where empty, it is the target's own name.
    """

    target: Target
    message: str
    help: str
    severity: Severity | None = None
    fix: PlannedFix | None = None
    related: tuple[tuple[Target, str], ...] = ()
    subjects: tuple[str, ...] = ()


class Availability(Enum):
    """Whether a rule has a fix."""

    NONE = "none"
    SAFE = "safe"
    UNSAFE = "unsafe"
    SOMETIMES_SAFE = "safe or unsafe"


SectionCheck = Callable[[Section], Iterable[Finding]]
FileCheck = Callable[[Configuration], Iterable[Finding]]


class Rule(NamedTuple):
    """A line of the registry.

    `check_section` sees one SMTP section, `check_file` the whole configuration; a rule has one of them, or
    neither where the finding comes from reading the file. The docstring of `page` is the rule's page.
    `schema_refuses` says that the schema refuses every section in which the rule finds something, so that it
    need not look at one that the schema accepts.
    """

    code: str
    name: str
    severity: Severity
    page: object
    fix: Availability = Availability.NONE
    in_validate: bool = False
    check_section: SectionCheck | None = None
    check_file: FileCheck | None = None
    whole_file_only: bool = False
    schema_refuses: bool = False


def at_value(setting: Setting) -> Target:
    """The value of a setting; of a secret or empty one its name."""
    return Target(setting.node, Part.NAME if setting.is_secret else Part.VALUE)


def at_name(node: Node) -> Target:
    """The name of a node."""
    return Target(node, Part.NAME)


def write(setting: Setting, text: str, safety: Safety = Safety.SAFE) -> PlannedFix:
    """The fix that gives a setting another value."""
    return PlannedFix(f'write "{text}"', safety, (ReplaceValue(setting.node, text),))
