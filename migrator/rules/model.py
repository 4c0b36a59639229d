"""What a rule is, and what it has to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from migrator import definition
from migrator.diagnostic import Diagnostic, Related, Safety, Severity
from migrator.document.format import Format
from migrator.document.model import Change, Literal, Part, ReplaceValue, Target
from migrator.section import Configuration, Section, Setting
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from migrator.agents import Cluster
    from migrator.diagnostic import Span
    from migrator.document.model import Node
    from migrator.observations import Observations
    from migrator.values.version import Version


class PlannedFix(NamedTuple):
    """A fix in terms of nodes; the document turns it into edits of bytes."""

    title: str
    safety: Safety
    changes: tuple[Change, ...]


class Finding(NamedTuple):
    """One thing that a rule found.

    `message` says what is wrong, the key fact first, and `help` what to do. `severity` is given where it
    differs from the rule's own. `subjects` are the names of the settings it is about, for rules that yield
    to each other; where empty, it is the target's own name. `elsewhere` are places in other files.
    """

    target: Target
    message: str
    help: str
    severity: Severity | None = None
    fix: PlannedFix | None = None
    related: tuple[tuple[Target, str], ...] = ()
    subjects: tuple[str, ...] = ()
    elsewhere: tuple[Related, ...] = ()


class AgentFinding(NamedTuple):
    """One thing that a rule found on one of several agents, by its number among them.

    It is about a setting of that agent, or (None) its section. `related` are agents, settings of theirs and
    what there is to say of them; the rest is as for `Finding`.
    """

    agent: int
    setting: str | None
    message: str
    help: str
    severity: Severity | None = None
    related: tuple[tuple[int, str | None, str], ...] = ()


class Availability(Enum):
    """Whether a rule has a fix."""

    NONE = "none"
    SAFE = "safe"
    UNSAFE = "unsafe"
    SOMETIMES_SAFE = "safe or unsafe"


class Circumstances(NamedTuple):
    """What a rule may need to know beside the file.

    `as_of` is the day for which deadlines count, `target` the DataMiner version that the file is for (None:
    not known), `microsoft_basic_auth` whether the Microsoft 365 tenant takes passwords (None: not known).
    """

    as_of: date
    target: Version | None = None
    microsoft_basic_auth: bool | None = None


SectionCheck = Callable[[Section], Iterable[Finding]]
CircumstancesCheck = Callable[[Section, Circumstances], Iterable[Finding]]
FileCheck = Callable[[Configuration], Iterable[Finding]]
LiveCheck = Callable[[Section, "Observations"], Iterable[Finding]]
ClusterCheck = Callable[["Cluster"], Iterable[AgentFinding]]


class Later:
    """A check whose module is imported when somebody asks for it: most runs do without most of them.

    It is the function of a module of this package that is called as the rule is.
    """

    def __init__(self, module: str, rule_name: str) -> None:
        self._module = module
        self._name = rule_name.replace("-", "_")

    def __call__(self, *arguments: Any) -> Iterable[Any]:  # noqa: ANN401 - any of the checks above
        """What the check finds."""
        return self.function(*arguments)

    @cached_property
    def function(self) -> Callable[..., Iterable[Any]]:
        """The check itself."""
        from importlib import import_module

        check: Callable[..., Iterable[Any]] = getattr(
            import_module(f"migrator.rules.{self._module}"), self._name
        )
        return check


class Rule(NamedTuple):
    """A line of the registry.

    `check_section` sees one SMTP section, `check_in` a section and the circumstances, `check_file` the whole
    configuration, `check_live` a section and what was seen of its server, `check_cluster` all agents of a
    cluster; a rule has one of them, or none where the finding comes from reading the file. The docstring of
    `page` is the rule's page. `need` is what must be there before it can find anything (see `needs`).
    `formats` are those of the files that it finds something in.
    """

    code: str
    name: str
    severity: Severity
    check: object
    fix: Availability = Availability.NONE
    in_validate: bool = False
    check_section: SectionCheck | None = None
    check_in: CircumstancesCheck | None = None
    check_file: FileCheck | None = None
    check_live: LiveCheck | None = None
    check_cluster: ClusterCheck | None = None
    whole_file_only: bool = False
    need: int = 0
    formats: tuple[Format, ...] = tuple(Format)

    @property
    def page(self) -> object:
        """What has the rule's page as its docstring."""
        return self.check.function if isinstance(self.check, Later) else self.check

    def findings(
        self, configuration: Configuration, section: Section | None, circumstances: Circumstances
    ) -> Iterable[Finding]:
        """What the rule finds in a configuration, or in the section of it that is checked."""
        if self.check_file is not None:
            return self.check_file(configuration)
        if section is not None:
            if self.check_section is not None:
                return self.check_section(section)
            if self.check_in is not None:
                return self.check_in(section, circumstances)
        return ()

    def diagnostic(
        self, path: str, span: Span | None, message: str, help_: str, place: str | None = None
    ) -> Diagnostic:
        """What is said of a file, or of a place in it, in the name of this rule."""
        return Diagnostic(path, span, self.code, self.name, self.severity, message, help_, place)

    def seen(self, section: Section, observations: Observations) -> Iterable[Finding]:
        """What the rule finds in what was seen of a section's server."""
        return () if self.check_live is None else self.check_live(section, observations)


def at_value(setting: Setting) -> Target:
    """The value of a setting; of a secret or empty one its name."""
    return Target(setting.node, Part.NAME if setting.is_secret else Part.VALUE)


def at_name(node: Node) -> Target:
    """The name of a node."""
    return Target(node, Part.NAME)


def write(setting: Setting, text: str, safety: Safety = Safety.SAFE) -> PlannedFix:
    """The fix that gives a setting another value."""
    return PlannedFix(f'write "{text}"', safety, (replace(setting, text),))


def replace(setting: Setting, text: str) -> ReplaceValue:
    """The change that gives a setting another value, of the type that it has in JSON and YAML."""
    is_number = definition.settings()[setting.name].is_number
    return ReplaceValue(setting.node, text, Literal.NUMBER if is_number else Literal.STRING)
