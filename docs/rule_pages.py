"""The pages of the rules, and their index: what the docstrings say, the rest from the registry."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from docs.parts import Neighbour, fact_table, foot, joined, remark, table, with_languages
from migrator.rules import RULES
from migrator.rules.markdown import as_markdown, escaped
from migrator.rules.model import Availability
from migrator.rules.pages import facts, page

if TYPE_CHECKING:
    from migrator.rules.model import Rule

SUBJECTS: Final = {
    "D": "the file itself",
    "S": "structure",
    "H": "server, port and encryption",
    "A": "login",
    "O": "OAuth 2.0",
    "P": "mail providers",
    "M": "the mail itself",
    "X": "secrets and placeholders",
    "V": "DataMiner versions",
    "C": "agents of a cluster",
    "L": "what the server answers",
}
_INDEX: Final = Neighbour("all rules", "README.md")
_REMARK: Final = remark("the rules' docstrings")
_INTRODUCTION: Final = (
    "What `dmsmtp lint` finds; the C rules are those of `dmsmtp compare`, the L rules those of "
    "`dmsmtp probe`. `dmsmtp explain H207` shows the same page at the prompt, `dmsmtp rules` this list. "
    "A code once released keeps its meaning; a rule's name may be written wherever its code may."
)


def pages() -> dict[str, str]:
    """Give the text of every page by its file's name in docs/rules/."""
    return {_INDEX.file: _index()} | {
        _neighbour(rule).file: _page(rule, before, after)
        for before, rule, after in zip((None, *RULES), RULES, (*RULES[1:], None), strict=False)
    }


def _neighbour(rule: Rule) -> Neighbour:
    return Neighbour(f"{rule.code} {rule.name}", f"{rule.code}.md")


def _page(rule: Rule, before: Rule | None, after: Rule | None) -> str:
    title, _, sections = as_markdown(page(rule)).partition("\n\n")
    return joined(
        (
            _REMARK,
            f"# {rule.code} {rule.name}",
            title,
            fact_table(facts(rule)),
            with_languages(sections).rstrip("\n"),
            foot(before and _neighbour(before), _INDEX, after and _neighbour(after)),
        )
    )


def _index() -> str:
    parts = [_REMARK, "# Rules", _INTRODUCTION]
    for letter, rules in groupby(RULES, key=lambda rule: rule.code[0]):
        head = ("code", "name", "severity", "fix", "finds")
        parts += [f"## {letter}: {SUBJECTS[letter]}", table(head, map(_row, rules))]
    return joined(parts)


def _row(rule: Rule) -> tuple[str, ...]:
    fix = "" if rule.fix is Availability.NONE else rule.fix.value
    link = f"[{rule.code}]({_neighbour(rule).file})"
    return link, rule.name, rule.severity.value, fix, escaped(page(rule).title)
