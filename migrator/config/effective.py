"""What counts for a file: which rules and which version, with the command line over the configuration."""

from __future__ import annotations

import os
import re
from functools import cache, lru_cache
from pathlib import PurePath, PureWindowsPath
from typing import TYPE_CHECKING, TypeVar

from migrator.config.model import NO_RULES, NO_RUN, Config, RuleConfig, RunConfig
from migrator.files import as_named_in
from migrator.rules.selectors import is_always_reported, matching

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from migrator.values.version import Version

_Value = TypeVar("_Value")


def merge(config: Config | None, rules: RuleConfig = NO_RULES, run: RunConfig = NO_RUN) -> Config:
    """A configuration with what the command line gives put over it, key by key.

    What is not key by key: `--select` starts anew, so that select, extend-select and ignore of the file do
    not count; `--extend-select` adds to the file's, and takes what it names out of the file's ignore; and
    `--target-version` is that of all files.
    """
    path, below, below_run = config or Config()
    if rules.select is not None:
        below = below._replace(select=None, extend_select=None, ignore=None)
    if rules.extend_select is not None:
        kept = codes_of(below.ignore or ()) - codes_of(rules.extend_select)
        below = below._replace(ignore=tuple(sorted(kept)))
        rules = rules._replace(extend_select=(*(below.extend_select or ()), *rules.extend_select))
    if rules.target_version is not None:
        below = below._replace(per_file_target_version=None)
    return Config(
        path,
        below._replace(**{key: value for key, value in rules._asdict().items() if value is not None}),
        below_run._replace(**{key: value for key, value in run._asdict().items() if value is not None}),
    )


def codes_of(texts: Iterable[str]) -> frozenset[str]:
    """The codes that are meant by codes, prefixes and names; commas may stand between them."""
    return frozenset(code for text in texts for one in text.split(",") for code in matching(one.strip()))


def codes_for(config: Config | None, path: str | None, available: frozenset[str]) -> frozenset[str]:
    """The codes to report in a file, of those that the command has; path None is for nameless input."""
    rules = config.rules if config is not None else NO_RULES
    selected = _selected(rules.select, rules.extend_select or (), rules.ignore or (), available)
    return selected - ignores_for(config, path)


def selected_codes(config: Config | None, available: frozenset[str]) -> frozenset[str]:
    """The codes that a configuration selects, those included that it ignores."""
    rules = config.rules if config is not None else NO_RULES
    return _selected(rules.select, rules.extend_select or (), (), available)


@lru_cache(maxsize=1024)
def _selected(
    select: tuple[str, ...] | None,
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    available: frozenset[str],
) -> frozenset[str]:
    always = frozenset(filter(is_always_reported, available))
    chosen = available if select is None else codes_of(select)
    to_find = [code for code in chosen if not is_always_reported(code)]
    if to_find and available.isdisjoint(to_find):
        chosen = available  # a configuration is for several commands, and selects for others alone
    return ((chosen | codes_of(extend_select)) - codes_of(ignore)) & available | always


def ignores_for(config: Config | None, path: str | None) -> frozenset[str]:
    """The codes that `per-file-ignores` names for a file."""
    globs = config.rules.per_file_ignores if config is not None else None
    return frozenset(code for texts in _of_file(config, globs, path) for code in codes_of(texts))


def target_version_for(config: Config | None, path: str | None) -> Version | None:
    """The DataMiner version that a file is for; None where nothing says it."""
    if config is None:
        return None
    versions = _of_file(config, config.rules.per_file_target_version, path)
    return versions[-1] if versions else config.rules.target_version


def _of_file(config: Config | None, globs: Mapping[str, _Value] | None, path: str | None) -> list[_Value]:
    """What belongs to the globs that match a file, in their order."""
    if config is None or config.path is None or not globs or path is None:
        return []
    file = absolute(path)
    folder = as_named_in(file, os.path.dirname(absolute(config.path)))  # noqa: PTH120 - a text
    return [globs[glob] for glob in matching_globs(globs, PurePath(file), PurePath(folder))]


def matching_globs(globs: Iterable[str], path: PurePath, folder: PurePath) -> Iterator[str]:
    """The globs of a configuration in a folder that match a file, in their order; both paths are absolute.

    See the definition `glob` in the schema; letters match in either case where paths are those of Windows.
    """
    try:
        relative = path.relative_to(folder)
    except ValueError:  # the configuration was given by name; now only a name in any folder can match
        relative = path
    text, ignore_case = f"{relative.as_posix()}/", isinstance(path, PureWindowsPath)
    return (glob for glob in globs if _expression(glob, ignore_case).match(text))


@cache  # a configuration, which is kept as well, may have thousands, and each file is held against all
def _expression(glob: str, ignore_case: bool) -> re.Pattern[str]:
    """Matches the beginning of a path that ends in a slash: what is in a folder, too.

    What stands behind a `*` or `**` is taken where it comes first, and no other place is tried: that finds a
    match where there is one, in little time.
    """
    parts = [part for part in glob.split("/") if part not in ("", ".")]
    if "/" not in glob.rstrip("/"):
        parts.insert(0, "**")
    text, behind = "", ""
    for part in reversed(parts):
        if part == "**":
            text, behind = (f"(?>(?:[^/]*/)*?{behind}){text}" if behind else text), ""
        else:
            behind = f"{_part_expression(part)}/{behind}"
    return re.compile(f"{behind}{text}", re.IGNORECASE if ignore_case else re.NOFLAG)


def _part_expression(part: str) -> str:
    first, *others = (
        "".join("[^/]" if mark == "?" else re.escape(mark) for mark in piece) for piece in part.split("*")
    )
    if not others:
        return first
    return f"{first}{''.join(f'(?>[^/]*?{piece})' for piece in others[:-1] if piece)}[^/]*{others[-1]}"


def absolute(path: str | Path) -> str:
    """The path from the root on, without looking at what it leads to."""
    try:
        return os.path.abspath(path)  # noqa: PTH100 - does not resolve links
    except OSError:  # the working folder is gone
        return str(path)
