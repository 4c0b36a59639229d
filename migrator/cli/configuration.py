"""What the command line and the configuration files together make of a run, and of each file in it."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.cli.output import Refusal

if TYPE_CHECKING:
    from migrator.checking import CheckSettings
    from migrator.config import Config, ConfigError, Configs, RuleConfig, RunConfig

_NAMES = ("dmsmtp.toml", "pyproject.toml")


class Settings:
    """The settings of each file: those of the command line, over those of the configuration nearest to it.

    `base` are the settings without a configuration, and `available` the codes that the command has.
    """

    def __init__(self, config: str | None, *, isolated: bool) -> None:
        self._given = config
        self._isolated = isolated
        self._configs: Configs | None = None

    def run(self, over: dict[str, object]) -> RunConfig | None:
        """What the configuration and the command line say about the run; None without a configuration."""
        if not self._is_there(os.getcwd()):  # noqa: PTH109 - a text
            return None
        from migrator.config import RunConfig, merge

        given = RunConfig(**over)  # type: ignore[arg-type]
        return merge(_usable(self._loaded().for_run()), run=given).run

    def of_file(
        self, path: str | None, base: CheckSettings, over: dict[str, object], available: frozenset[str]
    ) -> CheckSettings | str:
        """The settings for one file; a sentence where its configuration cannot be used."""
        folder = os.path.dirname(os.path.abspath(path)) if path is not None else os.getcwd()  # noqa: PTH100, PTH109, PTH120
        if not self._is_there(folder):
            return base
        from migrator.config import ConfigError

        found = self._loaded().for_file(path)
        if found is None:
            return base
        if isinstance(found, ConfigError):
            return "; ".join(found.sentences)
        return _merged(found, path, base, over, available)

    def _is_there(self, folder: str) -> bool:
        return not self._isolated and (self._given is not None or _has_config(folder))

    def _loaded(self) -> Configs:
        if self._configs is None:
            from migrator.config import Configs

            self._configs = Configs(None if self._given is None else Path(self._given))
        return self._configs


def _merged(
    found: Config, path: str | None, base: CheckSettings, over: dict[str, object], available: frozenset[str]
) -> CheckSettings:
    from migrator.config import RuleConfig, codes_for, merge, target_version_for
    from migrator.rules.model import Circumstances

    given: RuleConfig = RuleConfig(**over)  # type: ignore[arg-type]
    config = merge(found, given)
    rules, circumstances = config.rules, base.circumstances
    if circumstances is None:
        raise TypeError(base)
    return base._replace(
        codes=codes_for(config, path, available),
        severities=rules.severity or {},
        whole_file=bool(rules.whole_file),
        circumstances=Circumstances(
            rules.as_of or circumstances.as_of,
            target_version_for(config, path),
            rules.microsoft_basic_auth == "enabled",
        ),
    )


def _usable(found: Config | ConfigError | None) -> Config | None:
    from migrator.config import ConfigError

    if isinstance(found, ConfigError):
        raise Refusal("\ndmsmtp: ".join(found.sentences))
    return found


@lru_cache(maxsize=1024)
def _has_config(folder: str) -> bool:
    """Whether a file that may hold a configuration lies in a folder, or above it."""
    for name in _NAMES:
        if os.path.lexists(f"{folder}{os.sep}{name}"):
            return True
    above = os.path.dirname(folder)  # noqa: PTH120
    return above != folder and _has_config(above)
