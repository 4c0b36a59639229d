"""The list of mutants that no test notices, each with the reason why that is right."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.mutation.mutants import Key

if TYPE_CHECKING:
    from collections.abc import Iterable

PATH = Path(__file__).with_name("survivors.toml")


class Comparison(NamedTuple):
    """What a run says about the list."""

    unlisted: list[Key]  # survived, and nobody has said why
    stale: list[Key]  # listed, but noticed now, or no mutant any more


def listed() -> dict[Key, str]:
    """Reasons of all that are listed."""
    entries = tomllib.loads(PATH.read_text("utf-8")).get("survivor", [])
    found = {Key(one["module"], one["function"], one["change"]): one["reason"] for one in entries}
    if len(found) != len(entries):
        raise ValueError(f"{PATH.name} lists a survivor twice")
    return found


def compare(
    reasons: Iterable[Key], *, made: Iterable[Key], killed: Iterable[Key], survived: Iterable[Key]
) -> Comparison:
    """Compare the list with a run; `made` are all mutants of the modules, tried or not."""
    reasons, made, killed = list(reasons), set(made), set(killed)
    modules = {key.module for key in made}
    stale = [key for key in reasons if key in killed or (key.module in modules and key not in made)]
    return Comparison([key for key in survived if key not in reasons], stale)


def entry(key: Key) -> str:
    """Lines for the list, whose reason is still to be written."""
    change = json.dumps(key.change, ensure_ascii=False) if "'" in key.change else f"'{key.change}'"
    return (
        f'[[survivor]]\nmodule = "{key.module}"\nfunction = "{key.function}"\n'
        f'change = {change}\nreason = ""\n'
    )
