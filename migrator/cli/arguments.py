"""What the values of options mean: files, rules, versions, days. What means nothing is refused."""

from __future__ import annotations

import codecs
import re
import sys
from datetime import date
from typing import TYPE_CHECKING

from migrator.cli.output import Refusal, say
from migrator.cli.progress import clear
from migrator.config.effective import codes_of
from migrator.files import DEFAULT_PATH, STANDARD_INPUT, Selection, find, is_there, why_unreadable
from migrator.rules import BY_CODE
from migrator.rules.selectors import is_always_reported, matching, nearest_selector
from migrator.values.secret import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.files import InputFile, Missing
    from migrator.values.version import Version

_NAME_ERRORS = sys.getfilesystemencodeerrors() if sys.platform != "win32" else "strict"


def selection(
    paths: Sequence[str] | None,
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    force_exclude: bool = False,
    files_from: str | None = None,
    stdin_filename: str | None = None,
) -> Selection:
    """The files that are meant by paths and options."""
    for option, patterns in (("--include", include), ("--exclude", exclude)):
        if "" in patterns:
            raise Refusal(f"{option} is empty: was a variable not set?")
    named = [*(paths or ()), *(_read_list(files_from) if files_from is not None else ())]
    if not named:
        if files_from is not None:
            raise Refusal(f"--files-from {files_from}: the list is empty, so there is nothing to check")
        if not is_there(DEFAULT_PATH):
            raise Refusal(
                f"no path given, and there is no {DEFAULT_PATH}: name a DataMiner.xml or a folder, "
                "or - for standard input"
            )
        named = [DEFAULT_PATH]
    if stdin_filename is not None and STANDARD_INPUT not in named:
        raise Refusal("--stdin-filename names standard input: give - as the path with it")
    if named.count(STANDARD_INPUT) + (files_from == STANDARD_INPUT) > 1:
        raise Refusal("standard input can be read once: give - once")
    return Selection(tuple(named), tuple(include), tuple(exclude), force_exclude, stdin_filename)


def found(chosen: Selection) -> Iterator[InputFile | Missing]:
    """The files that are meant; behind the last of them it is told which links were not followed."""
    links: list[str] = []
    yield from find(chosen, links)
    if links:
        lead = "a link leads" if len(links) == 1 else f"{len(links):,} links lead"
        clear()
        such_as = "" if len(links) == 1 else "such as "
        say(
            f"{lead} out of the folder that is searched, {such_as}{printable(links[0])}: not followed; "
            "to check what is there, name it"
        )


def _read_list(files_from: str) -> list[str]:
    """Paths in UTF-8, or as Windows PowerShell writes them, in UTF-16."""
    try:
        if files_from != STANDARD_INPUT:
            with open(files_from, "rb") as file:  # noqa: PTH123 - as given
                data = file.read()
        elif sys.stdin is None:
            raise Refusal("--files-from -: standard input is closed")
        else:
            data = sys.stdin.buffer.read()
    except OSError as error:
        raise Refusal(f"--files-from {files_from}: {why_unreadable(error, files_from)}") from error
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        # On Linux a file's name may be no UTF-8; that is what surrogateescape is for
        text = data.decode("utf-16") if is_wide else data.decode("utf-8-sig", _NAME_ERRORS)
    except UnicodeDecodeError as error:
        raise Refusal(f"--files-from {files_from}: the list is not UTF-8") from error
    if "\0" in text:
        raise Refusal(f"--files-from {files_from}: this is no list of paths: it holds a zero byte")
    if _is_configuration(text):
        # To name the lines as paths that do not exist would show the secrets in them
        raise Refusal(
            f"--files-from {files_from}: this is a file to check, no list of paths: leave out --files-from"
        )
    return [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def _is_configuration(text: str) -> bool:
    """Whether this is XML, or has a key of a configuration in JSON or YAML where a list has a path."""
    from migrator.definition import ROOT, SECTION, settings

    if text.lstrip().startswith("<"):
        return True
    keys = "|".join((SECTION, ROOT, *settings()))
    return (
        re.search(rf"""(?im)(?:^|[{{,])[ \t]*+["']?(?:{keys})["']?[ \t]*+:(?:\s|["'{{]|$)""", text)
        is not None
    )


def target_version(text: str | None, option: str = "--target-version") -> Version | None:
    """The version that an option names; one that is not clear is asked back, or what it is taken for told."""
    if text is None:
        return None
    from migrator.values.version import VersionProblem, parse_version

    reading = parse_version(text)
    if reading.value is not None and VersionProblem.NOT_A_VERSION not in reading.problems:
        if VersionProblem.UNKNOWN_UPDATE in reading.problems:
            say(
                f"{option} {text}: no cumulative update (CU) is named, so this is taken for {reading.value} "
                f'without one; if there is one, write it, as in "{reading.value} CU1"'
            )
        return reading.value
    if VersionProblem.AMBIGUOUS in reading.problems:
        main, feature = f"{text}.0", f"{text}.4"
        raise Refusal(f"{option} {text}: the main release {main}, or a feature release such as {feature}?")
    raise Refusal(f'{option} {text}: no DataMiner version; write it as 10.6.4 or "10.5.0 CU13"')


def as_of(text: str | None) -> date | None:
    """The day that an option names."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(f"--as-of {text}: no date; write it as 2026-12-31") from error


def selectors(
    option: str,
    texts: Sequence[str] | None,
    available: frozenset[str] = frozenset(BY_CODE),
    *,
    whole_file: bool = True,
) -> tuple[str, ...] | None:
    """Codes, prefixes and names as they were given; each must mean a rule that can be reported."""
    if texts is None:
        return None
    given = tuple(part for text in texts for one in text.split(",") if (part := one.strip()))
    for text in given:
        meant = matching(text)
        if not meant:
            raise Refusal(f'{option}: there is no code "{text}"{_suggestion(text)}')
        if not meant & available:
            other = _command_of(meant)
            raise Refusal(f"{option}: this command does not report {text}; `dmsmtp {other}` does")
        if not whole_file and all(BY_CODE[code].whole_file_only for code in meant):
            raise Refusal(f"{option}: {text} is found with --whole-file only")
    return given


def _command_of(codes: frozenset[str]) -> str:
    """A command that reports these codes."""
    rules = [BY_CODE[code] for code in codes]
    if all(rule.check_live is not None for rule in rules):
        return "probe"
    return "compare" if all(rule.check_cluster is not None for rule in rules) else "lint"


def ignored(texts: Sequence[str] | None) -> tuple[str, ...] | None:
    """Codes, prefixes and names not to report, as they were given."""
    given = selectors("--ignore", texts)
    if any(map(is_always_reported, codes_of(given or ()))):
        raise Refusal("--ignore: D codes cannot be ignored, they say that a file was not checked")
    return given


def _suggestion(text: str) -> str:
    near = nearest_selector(text)
    return f'; did you mean "{near}"?' if near is not None else "; `dmsmtp rules` lists them"
