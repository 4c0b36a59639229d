"""One mistake, one finding: which rules yield to which.

A finding never yields to a milder one: advice about a provider's port must not hide a password that is sent
readable. Where the graver one would have to yield, both are said, or it alone.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from migrator.diagnostic import Severity
    from migrator.rules.model import Finding, Rule

# In each chain, what stands further left wins over all that stands right of it.
_SAME_SETTING = (
    "D004 > S102 S104",
    "S107 > H201 H202 H203 H204 H205 H207 H214 H215 H217 A301 A302 A303 A304 > S108 S109",
    "S107 > M601 M602 M603 M604 M606 > S108 S109",
    "S107 > O401 O402 O403 O406 O408 O409 O411 P504 > S108 S109",
    "S107 > H211 A306 O404 P503",
    "S107 > O405 O407 O410 P501 P502 P505",
    "S107 > H206 H208 H209 H210 H212 H213 H216 M605 M607 S114 X701 X702 X703",
    "S101 S110 > H201 H211 H214 A302 A303 A304 A306 O401 O402 O403 O404 O409 P503 P505 M602 S108",
    "H201 > H211 H214 A302 M602",
    "H203 > H202 H211 H214 A306 O404 P503",
    "H217 > H202",
    "H204 > H205 > H215 > H207 > H206",
    "O409 > M602",
    "P503 > H216",
    "H204 A301 M604 > X704 > X705 > X702 > P502 > X701",
    "X704 > H202 H203 H217 O406 O408 O411 P504 M601 M603 M606 S109",
    "X705 > O411 S109",
    "X704 X705 X702 > X703",
    "S114 > O406 O408 O411 P504",
    "V802 > O405 S108",
    "C902 > C901",
)
_SAME_SECTION = (
    "S105 S111 > S103",
    "P503 > O404 > A306 > H208 H209 H210 H212 > H214 > H211 > H206",
    "A306 > A309",
    "P501 > P505 > A305 A307 A308",
    "O407 > O403 O409 O411",
    "O408 > O410",
    "V801 > V802",
    "C904 > C901",
)
_SAME_SERVER = ("L104 > L103 L107 L117 L118",)
# Of these the graver one is said alone; of two that are equally grave, what wins above.
_GRAVER_ALONE = (
    "H211 > H214",
    "S109 > M603",
)


def settle(
    findings: Sequence[tuple[Rule, Finding]], severities: Mapping[str, Severity] | None = None
) -> list[tuple[Rule, Finding]]:
    """Leave out every finding that names the same mistake as one that wins; who yields wins over nothing.

    How grave a finding is, is for its rule to say; `severities` are those of the configuration, which can
    make it graver. One that the configuration makes milder wins as before, as one does that is ignored.
    """
    if len(findings) < 2:  # noqa: PLR2004 - a single one has nothing to yield to
        return list(findings)
    places, winners = _places(), _winners()
    taken: dict[str, set[str]] = {}  # of each code that is left, the settings it is found in
    left: set[int] = set()

    def turn(found: tuple[Rule, Finding]) -> tuple[int, int]:
        rule, finding = found
        return -_rank(rule, finding, severities or {}), places.get(rule.code, 0)

    for rule, finding in sorted(findings, key=turn):
        own = subjects(finding)
        if any(
            winner in taken and not (is_same_setting and taken[winner].isdisjoint(own))
            for winner, is_same_setting in winners.get(rule.code, ())
        ):
            continue
        taken.setdefault(rule.code, set()).update(own)
        left.add(id(finding))
    return [(rule, finding) for rule, finding in findings if id(finding) in left]


def _rank(rule: Rule, finding: Finding, severities: Mapping[str, Severity]) -> int:
    own = (finding.severity or rule.severity).rank
    return max(own, severities[rule.code].rank) if rule.code in severities else own


def subjects(finding: Finding) -> tuple[str, ...]:
    """Names of the settings that a finding is about."""
    return finding.subjects or (finding.target.node.name,)


@cache
def _winners() -> dict[str, list[tuple[str, bool]]]:
    """For each code, the codes that win over it, and whether only on the same setting."""
    winners: dict[str, list[tuple[str, bool]]] = {}
    for chains, is_same_setting in (
        (_SAME_SETTING, True),
        (_SAME_SECTION, False),
        (_SAME_SERVER, False),
        (_GRAVER_ALONE, True),
    ):
        for winner, loser in _pairs(chains):
            winners.setdefault(loser, []).append((winner, is_same_setting))
    return winners


@cache
def _places() -> dict[str, int]:
    """Of findings that are equally grave, which codes have their turn first: the winners."""
    from graphlib import TopologicalSorter

    over: dict[str, set[str]] = {}
    for winner, loser in _pairs(_SAME_SETTING + _SAME_SECTION + _SAME_SERVER):
        over.setdefault(loser, set()).add(winner)
    return {code: place for place, code in enumerate(TopologicalSorter(over).static_order())}


def _pairs(chains: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each winner of the chains with each loser."""
    for chain in chains:
        links = [link.split() for link in chain.split(">")]
        for position, winners in enumerate(links):
            for losers in links[position + 1 :]:
                yield from ((winner, loser) for winner in winners for loser in losers)
