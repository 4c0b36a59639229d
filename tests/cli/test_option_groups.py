from __future__ import annotations

from typing import Annotated

import typer
from typer.testing import CliRunner

from migrator.cli.option_groups import spread
from migrator.tuples import NamedTuple


class Colours(NamedTuple):
    front: Annotated[str, typer.Option(help="In front.")] = "black"
    back: Annotated[bool, typer.Option("--back")] = False


class Sizes(NamedTuple):
    width: Annotated[int | None, typer.Option()] = None


def invoke(*arguments: str) -> tuple[str, int]:
    app = typer.Typer(add_completion=False)

    @app.command()
    @spread
    def paint(name: str, *, colours: Colours, sizes: Sizes, loud: bool = False) -> None:
        """Paint it."""
        typer.echo(f"{name} {colours} {sizes} {loud}")

    outcome = CliRunner().invoke(app, list(arguments))
    return outcome.output.strip(), outcome.exit_code


def test_a_group_stands_for_its_options() -> None:
    assert invoke("x") == (f"x {Colours()} {Sizes()} False", 0)
    assert invoke("x", "--front", "red", "--back", "--width", "3", "--loud") == (
        f"x {Colours('red', back=True)} {Sizes(3)} True",
        0,
    )


def test_the_options_of_a_group_are_in_the_help() -> None:
    text, code = invoke("--help")

    assert code == 0
    assert all(word in text for word in ("Paint it.", "--front", "In front.", "--back", "--width", "--loud"))


def test_a_wrong_value_is_refused() -> None:
    assert invoke("x", "--width", "wide")[1] == 2
    assert invoke("x", "--colours", "red")[1] == 2
