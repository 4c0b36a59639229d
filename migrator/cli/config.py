"""What the command line and the configuration files together make of a run, and of each file in it."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.cli import arguments
from migrator.cli.output import Refusal
from migrator.config.effective import codes_for, codes_of, merge, selected_codes, target_version_for
from migrator.config.model import (
    NAME,
    PYPROJECT,
    ClusterConfig,
    Config,
    ConfigError,
    RuleConfig,
    RunConfig,
)
from migrator.diagnostic import Severity
from migrator.document.limits import Limits
from migrator.files import may_be_there
from migrator.rules.model import Circumstances
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.checking import CheckSettings
    from migrator.cli.cluster_options import AgentFileOptions
    from migrator.cli.file_options import FileOptions, LimitOptions, SearchOptions
    from migrator.cli.rule_options import RuleOptions
    from migrator.config.lookup import Configs
    from migrator.files import InputFile, Missing, Selection

_MOST_FOLDERS = 1024  # of which is kept whether there is one of these files
_LIMITS = Limits()


class RunSettings(NamedTuple):
    """What counts for a run, whichever file it is about: the command line, over the configuration."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    jobs: int | None = None
    baseline: str | None = None
    unsafe_fixes: bool = False
    no_backup: bool = False
    exit_non_zero_on_fix: bool = False
    output_format: str = "full"
    statistics: bool = False
    min_severity: Severity = Severity.INFO
    fail_on: str = "error"
    quiet: bool = False
    max_size: int = _LIMITS.size
    max_depth: int = _LIMITS.depth
    max_nodes: int = _LIMITS.nodes
    cluster: ClusterConfig = ClusterConfig()

    @property
    def limits(self) -> Limits:
        """Limits of a document; a size that somebody chose counts for YAML too."""
        yaml_size = _LIMITS.yaml_size if self.max_size == _LIMITS.size else self.max_size
        return Limits(self.max_size, self.max_depth, self.max_nodes, yaml_size)


_DEFAULT = RunSettings()


class LazyConfigs:
    """The configuration files of a run: the nearest one of each file, or the one that was given.

    What reads them is imported only where there is one.
    """

    def __init__(self, given: str | None, *, isolated: bool) -> None:
        self._given = given
        self._is_isolated = isolated
        self._configs: Configs | None = None
        self._has_config: dict[str, bool] = {}

    def of_run(self) -> Config | None:
        """The configuration whose run settings count."""
        if self._given is not None and self._is_isolated:
            raise Refusal("--isolated reads no configuration file, and --config names one: give one of them")
        found = self._found("", None)
        if isinstance(found, ConfigError):
            raise Refusal(*found.sentences)
        return found

    def of_file(self, path: str | None) -> Config | ConfigError | None:
        """The configuration whose rules count for a file; path None is nameless input."""
        return self._found("" if path is None else os.path.dirname(path), path)  # noqa: PTH120 - a text

    def _found(self, folder: str, path: str | None) -> Config | ConfigError | None:
        if self._is_isolated or (self._given is None and not self._is_there(folder)):
            return None
        if self._configs is None:
            from migrator.config.lookup import Configs

            self._configs = Configs(None if self._given is None else Path(self._given))
        return self._configs.for_file(path)

    def _is_there(self, folder: str) -> bool:
        """Whether a folder (empty: this one), or one above it, may hold a configuration: reading it tells."""
        found = self._has_config.get(folder)
        if found is None:
            above = _above(folder)
            found = any(may_be_there(os.path.join(folder, name)) for name in (NAME, PYPROJECT)) or (  # noqa: PTH118
                above is not None and self._is_there(above)
            )
            if len(self._has_config) >= _MOST_FOLDERS:
                self._has_config.clear()
            self._has_config[folder] = found
        return found


def _above(folder: str) -> str | None:
    """The folder around one, relative as long as that can be told from the text; None for a root."""
    is_plain = folder and ".." not in folder and (":" not in folder or os.path.isabs(folder))  # noqa: PTH117
    above = os.path.dirname(folder if is_plain else os.path.abspath(folder))  # noqa: PTH100, PTH120
    return None if above == folder else above


class FileSettings:
    """The settings of each file: what the command line gives, over the configuration nearest to it.

    `available` are the codes that the command has, `base` is what no configuration can say. With `must_find`
    there are none for a file in which the rules that are selected can find nothing.
    """

    def __init__(
        self,
        configs: LazyConfigs,
        given: RuleConfig,
        available: frozenset[str],
        base: CheckSettings,
        *,
        must_find: bool = False,
    ) -> None:
        self._configs = configs
        self._given = given
        self._available = available
        self._base = base
        self._must_find = must_find
        self._today = date.today()  # noqa: DTZ011 - the day where the user is
        self._unconfigured = self._merged(None, None)

    def __call__(self, path: str | None) -> CheckSettings | str:
        """The settings for a file (None: nameless input); a sentence where there are none."""
        found = self._configs.of_file(path)
        if found is None:
            return self._unconfigured
        if isinstance(found, ConfigError):
            return f"its configuration cannot be used: {'; '.join(found.sentences)}"
        return self._merged(found, path)

    def _merged(self, found: Config | None, path: str | None) -> CheckSettings | str:
        config = merge(found, self._given)
        rules, codes = config.rules, codes_for(config, path, self._available)
        selected = selected_codes(config, self._available)
        settings = self._base._replace(
            codes=codes,
            ignored=selected - codes,
            severities=rules.severity or {},
            whole_file=bool(rules.whole_file),
            circumstances=Circumstances(
                rules.as_of or self._today,
                target_version_for(config, path),
                None if rules.microsoft_basic_auth is None else rules.microsoft_basic_auth == "enabled",
            ),
        )
        if self._must_find and rules.select is not None:
            named = codes_of((*rules.select, *(rules.extend_select or ()))) & self._available
            if named and named.isdisjoint(settings._replace(codes=selected).asked):
                where = "--select" if self._given.select is not None else f"select in {config.path}"
                return (
                    f"nothing could be found: what {where} names is found with --target-version or "
                    "--whole-file only"
                )
        return settings


def run_settings(configs: LazyConfigs, given: RunConfig, default: RunSettings = _DEFAULT) -> RunSettings:
    """What counts for the run, with what the command line gives, over what the command does by itself."""
    run = merge(configs.of_run(), run=given).run
    return default._replace(**{key: value for key, value in run._asdict().items() if value is not None})


def file_config(files: FileOptions | SearchOptions | AgentFileOptions, limits: LimitOptions) -> RunConfig:
    """What the command line says about the files of a run and their limits."""
    return RunConfig(
        include=None if files.include is None else tuple(files.include),
        exclude=None if files.exclude is None else tuple(files.exclude),
        force_exclude=files.force_exclude,
        jobs=files.jobs,
        max_size=limits.max_size,
        max_depth=limits.max_depth,
        max_nodes=limits.max_nodes,
    )


def selection(
    paths: Sequence[str] | None,
    run: RunSettings,
    *,
    files_from: str | None = None,
    stdin_filename: str | None = None,
) -> Selection:
    """The files that are meant by paths, options and the configuration of the run."""
    return arguments.selection(
        paths,
        include=run.include,
        exclude=run.exclude,
        force_exclude=run.force_exclude,
        files_from=files_from,
        stdin_filename=stdin_filename,
    )


def only_file(
    path: str | None, run: RunSettings, verb: str, *, stdin_filename: str | None = None
) -> InputFile | Missing:
    """The one file that is meant, for a command that takes one; `verb` says what is done with it."""
    named = None if path is None else [path]
    files = list(arguments.found(selection(named, run, stdin_filename=stdin_filename)))
    if len(files) > 1:
        raise Refusal(f"{path}: {len(files)} files are there, and one at a time can be {verb}: name it")
    return files[0]


def rule_config(
    options: RuleOptions, available: frozenset[str], configs: LazyConfigs | None = None
) -> RuleConfig:
    """What the command line says about rules; `configs` may say that all of a file is checked."""
    of_run = None if configs is None else configs.of_run()
    whole_file = bool(options.whole_file or (of_run is not None and of_run.rules.whole_file))
    select = arguments.selectors("--select", options.select, available, whole_file=whole_file)
    if select == ():
        raise Refusal("--select names no rule, so nothing would be found: was a variable not set?")
    return RuleConfig(
        select=select,
        extend_select=arguments.selectors(
            "--extend-select", options.extend_select, available, whole_file=whole_file
        ),
        ignore=arguments.ignored(options.ignore),
        target_version=arguments.target_version(options.target_version),
        as_of=arguments.as_of(options.as_of),
        whole_file=options.whole_file,
    )
