"""What the shell offers where somebody presses Tab: rules, versions, schemas, formats of reports.

What is offered is imported here where it is asked for: options name these functions at every start. A pair is
a text and what a shell may show beside it. What does not begin with what was typed is left out by typer.
It looks at the annotations of these functions at every start, too: texts would have to be compiled then.
"""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.rules.model import Rule

Offer = tuple[str, str]

_WIDEST = 70  # a longer text would be broken into lines, and each line taken for an offer of its own


def selectors(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Codes and names for `--select`, after the last comma: of the rules that the command has."""
    from migrator.rules import RULES, codes_of_command

    available = codes_of_command(ctx.info_name or "")
    return _after_comma((rule for rule in RULES if rule.code in available), incomplete)


def ignorable(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Codes and names for `--ignore`, which takes no D codes."""
    from migrator.rules.selectors import is_always_reported, matching

    return [
        (text, title)
        for text, title in selectors(ctx, incomplete)
        if not any(map(is_always_reported, matching(text.rpartition(",")[2])))
    ]


def pages(incomplete: str) -> list[Offer]:
    """Codes and names for `explain`."""
    from migrator.rules import RULES

    return list(_rules(RULES, incomplete))


def versions() -> list[Offer]:
    """The versions in which something about mail changed, in a form without spaces."""
    from migrator.rules.versions import named_versions

    trains = {"main": "main release", "feature": "feature release"}
    return [(str(one).replace(" ", "-"), trains.get(one.train, one.train)) for one in named_versions()]


def schemas() -> list[str]:
    """The names of the schemas."""
    from migrator.definition import schema_names

    return schema_names()


def reports() -> list[Offer]:
    """The formats of `--report`, up to the file's name."""
    from migrator.reporters import FORMATS

    return _reports(FORMATS)


def cluster_reports() -> list[Offer]:
    """The same for reports on a cluster."""
    from migrator.reporters import CLUSTER_FORMATS

    return _reports(CLUSTER_FORMATS)


def _reports(formats: "Iterable[str]") -> list[Offer]:
    return [(f"{name}=", f"a report in the format {name}, to the file named behind it") for name in formats]


def _after_comma(rules: "Iterable[Rule]", incomplete: str) -> list[Offer]:
    before, comma, last = incomplete.rpartition(",")
    return [(before + comma + text, title) for text, title in _rules(rules, last)]


def _rules(rules: "Iterable[Rule]", typed: str) -> "Iterator[Offer]":
    """Codes that begin with what was typed, in either case, and names once something was typed."""
    from textwrap import shorten

    from migrator.rules.pages import page

    for rule in rules:
        title = shorten(page(rule).title, _WIDEST, placeholder=" …")
        if rule.code.startswith(typed.upper()):
            yield typed + rule.code[len(typed) :], title
        if typed and rule.name.startswith(typed):
            yield rule.name, title
