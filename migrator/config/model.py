"""What a configuration says: about rules, about the run; or what is wrong with its file."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.diagnostic import Severity
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from migrator.values.version import Version

NAME = "dmsmtp.toml"
PYPROJECT = "pyproject.toml"
TABLE = ("tool", "dmsmtp")
"""Where the configuration is in a `pyproject.toml`."""


class RuleConfig(NamedTuple):
    """What concerns rules; None where it is not set.

    Lists of rules are codes, prefixes and names, as they were given; `severity` is by code.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    severity: Mapping[str, Severity] | None = None
    per_file_ignores: Mapping[str, tuple[str, ...]] | None = None
    target_version: "Version | None" = None
    per_file_target_version: "Mapping[str, Version] | None" = None
    as_of: dt.date | None = None
    microsoft_basic_auth: str | None = None
    whole_file: bool | None = None


class ClusterAgent(NamedTuple):
    """An agent of a cluster: its name in reports, where its file is, and its DataMiner ID if that is said."""

    name: str
    path: str
    identity: str | None = None


class ClusterConfig(NamedTuple):
    """A cluster: its agents, and Failover pairs as two names or paths each."""

    agents: tuple[ClusterAgent, ...] = ()
    failover: tuple[tuple[str, str], ...] = ()


class RunConfig(NamedTuple):
    """What concerns the run, whichever file is checked; None where it is not set."""

    include: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None
    force_exclude: bool | None = None
    jobs: int | None = None
    baseline: str | None = None
    unsafe_fixes: bool | None = None
    no_backup: bool | None = None
    exit_non_zero_on_fix: bool | None = None
    output_format: str | None = None
    statistics: bool | None = None
    min_severity: Severity | None = None
    fail_on: str | None = None
    quiet: bool | None = None
    max_size: int | None = None
    max_depth: int | None = None
    max_nodes: int | None = None
    cluster: ClusterConfig | None = None


NO_RULES, NO_RUN = RuleConfig(), RunConfig()


class Config(NamedTuple):
    """A configuration and the file that holds it, from whose folder its globs count (None: there is none)."""

    path: Path | None = None
    rules: RuleConfig = NO_RULES
    run: RunConfig = NO_RUN


class Problem(NamedTuple):
    """One thing that is wrong, and the line where, if it is about one."""

    line: int | None
    message: str


class ConfigError(NamedTuple):
    """A configuration file that cannot be used."""

    path: Path
    problems: tuple[Problem, ...]

    @property
    def sentences(self) -> list[str]:
        """What to tell the user, a line each, in the order of the file."""
        return [
            f"{self.path}:{one.line}: {one.message}" if one.line else f"{self.path}: {one.message}"
            for one in self.problems
        ]
