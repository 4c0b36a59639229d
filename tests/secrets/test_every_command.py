"""No command gives a secret away: streams, files, log, arguments of other programs, in every format.

Each way to call a command is run over files that hold secrets everywhere, in two worlds that differ in the
secrets alone. What comes out must be the same, but for the documents that were asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.cli.app import application
from migrator.cli.options import TextFormat
from tests.secrets.canaries import WORLDS, filled
from tests.secrets.commands import FILE, LIVE, LIVE_TOKENS, WAYS
from tests.secrets.files import (
    COPIES,
    ENCODINGS,
    EVERYTHING,
    EVERYTHING_TWICE,
    FOR_TOKENS,
    PLACES,
    SPICES,
    damages,
)
from tests.secrets.watching import complaint, seen_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.secrets.commands import Way

_COMMANDS: dict[str, Any] = vars(typer.main.get_command(application()))["commands"]
_OF_NO_FILE = ("--config", "--provider")  # the first is tried in a test of its own


def run(
    way: Way,
    path: str,
    template: str,
    folder: Path,
    spice: str = "",
    encoding: str = "utf-8",
    change: Callable[[bytes], bytes] = bytes,
) -> int:
    """Fails where something of a secret is seen; the exit code."""
    seen = {}
    for world in WORLDS:
        data = change(filled(template, world, spice).encode(encoding, "xmlcharrefreplace"))
        seen[world] = seen_of(way, path, data, world, folder)
    fault = complaint(way, path, template, seen, spice)
    assert fault is None, f"{way.arguments}: {fault}"
    return int(seen[WORLDS[0]]["exit code"])


@pytest.mark.parametrize("command", WAYS)
def test_no_way_to_call_it_shows_anything(command: str, tmp_path: Path) -> None:
    for way in WAYS[command]:
        others = FOR_TOKENS if command in ("retrieve-tokens", "check", "describe") else {}
        codes = [
            run(way, path, template, tmp_path / "desk")
            for path, template in {**EVERYTHING, **EVERYTHING_TWICE, **others}.values()
        ]
        assert {0, 1} & set(codes), f"{way.arguments}: it is always refused, so that it proves nothing"


_ALL_WAYS = [way for ways in WAYS.values() for way in ways if FILE in (*way.arguments.split(), way.stdin)]
_CHANGEABLE = {**PLACES, **EVERYTHING, **FOR_TOKENS}


@settings(max_examples=150, derandomize=True, database=None)
@given(data=st.data())
def test_no_command_shows_anything_of_any_file(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    way = data.draw(st.sampled_from(_ALL_WAYS))
    name = data.draw(st.sampled_from([*_CHANGEABLE, *COPIES]))
    path, template = {**_CHANGEABLE, **COPIES}[name]
    damage = data.draw(st.sampled_from(list(damages(path).values())))
    encoding = data.draw(st.sampled_from(ENCODINGS))
    may_change = name in _CHANGEABLE
    spice = data.draw(st.sampled_from(SPICES)) if may_change and "instruction" not in name else ""
    end = data.draw(st.none() | st.floats(0, 1)) if may_change else None

    def change(text: bytes) -> bytes:
        return text if end is None else text[: int(end * len(text))]

    run(way, path, damage(template), tmp_path_factory.getbasetemp() / "desk", spice, encoding, change)


def test_every_command_is_tried() -> None:
    """What is added to the program is added here as well."""
    assert set(WAYS) == set(_COMMANDS)


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_format_of_a_command_is_tried(command: str) -> None:
    tried = {word for way in WAYS[command] for word in way.arguments.split()}
    for option in _COMMANDS[command].params:
        choices = getattr(option.type, "choices", ())
        if command in ("check", "retrieve-tokens"):
            choices = list(TextFormat)  # which they say where another one is asked for
        if option.opts[0] in ("--output-format", "--format", "--input-format", "--secrets"):
            assert set(choices) <= tried, f"{command} {option.opts[0]}"


def test_every_option_is_tried_with_some_command() -> None:
    calls = [way.arguments for ways in WAYS.values() for way in ways] + [*LIVE, *LIVE_TOKENS]
    tried = {word for call in calls for word in call.split()}
    options = {
        opts: one.opts
        for command in _COMMANDS.values()
        for one in command.params
        if one.param_type_name == "option" and not one.hidden and (opts := one.opts[0]) not in _OF_NO_FILE
    }

    assert not [name for name, opts in options.items() if not tried & set(opts)]
