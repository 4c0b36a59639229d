"""The tables of docs/conformance.md, made of what a run gives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.suites.packages import version_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.suites.suite import Outcome, Suite

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "conformance.md"
_MARK: Final = "<!-- The tables below are written by `pytest tests/suites --write-golden`. -->\n"


def tables(outcomes: Mapping[Suite, Outcome], folders: Mapping[Suite, Path]) -> str:
    """All tables; `folders` are those of the packages."""
    lines = [
        "| suite | package | cases | left open | as labelled | by a restriction | exceptions | compared |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for suite, outcome in outcomes.items():
        package = f"`{suite.package}` {version_of(folders[suite])}"
        figures = (
            outcome.cases,
            outcome.open,
            outcome.as_labelled,
            outcome.restricted.total(),
            len(outcome.deviations),
            outcome.compared,
        )
        lines.append(" | ".join([f"| {suite.title}", package, *map(_figure, figures)]) + " |")
    lines += ["", "## Restrictions", "", "| suite | refused | cases | why |", "|---|---|--:|---|"]
    for suite, outcome in outcomes.items():
        lines += [
            f"| {suite.title} | {one.what} | {_figure(outcome.restricted[one.what])} | {one.why} |"
            for one in suite.restrictions
        ]
    lines += ["", "## Exceptions", "", "| suite | case | comes out | why |", "|---|---|---|---|"]
    lines += [line for suite in outcomes for line in _exceptions(suite)]
    return "\n".join(lines) + "\n"


def written() -> str:
    """What the page says now."""
    return PAGE.read_text("utf-8")


def page(text: str, found: str) -> str:
    """A page with other tables than it has."""
    return text[: text.index(_MARK) + len(_MARK)] + "\n" + found


def _exceptions(suite: Suite) -> Iterator[str]:
    for group in suite.exceptions:
        yield f"| {suite.title} | {', '.join(group.names)} | {group.deviation.value} | {group.why} |"


def _figure(number: int) -> str:
    return f"{number:,}"
