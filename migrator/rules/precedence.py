"""One mistake, one finding: which rules yield to which."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from migrator.rules.model import Finding, Rule

# In each chain, what stands further left wins over all that stands right of it.
_SAME_SETTING = (
    "S107 S110 > H201 H202 H203 H204 H205 H207 H214 H215 H217 A301 A302 A303 A304 M604 > S108 S109",
    "S101 > H201 H211 H214 A302 A303 A304 A306",
    "H201 > H214 A302",
    "H203 > H202",
    "H217 > H202",
    "H204 > H205 > H215 > H207 > H206",
)
_SAME_SECTION = (
    "S105 S111 > S103",
    "A306 > H208 H209 H210 H212 > H214 > H211 > H206",
    "A306 > A309",
)


def settle(findings: Sequence[tuple[Rule, Finding]]) -> list[tuple[Rule, Finding]]:
    """Leave out every finding that names the same mistake as one that wins over it."""
    if len(findings) < 2:  # noqa: PLR2004 - a single one has nothing to yield to
        return list(findings)
    present: dict[str, set[str]] = {}
    for rule, finding in findings:
        present.setdefault(rule.code, set()).update(subjects(finding))
    kept = []
    for rule, finding in findings:
        own = subjects(finding)
        yields = any(
            winner in present and (not is_same_setting or present[winner].intersection(own))
            for winner, is_same_setting in _winners().get(rule.code, ())
        )
        if not yields:
            kept.append((rule, finding))
    return kept


def subjects(finding: Finding) -> tuple[str, ...]:
    """Names of the settings that a finding is about."""
    return finding.subjects or (finding.target.node.name,)


@cache
def _winners() -> dict[str, list[tuple[str, bool]]]:
    """For each code, the codes that win over it, and whether only on the same setting."""
    winners: dict[str, list[tuple[str, bool]]] = {}
    for chains, is_same_setting in ((_SAME_SETTING, True), (_SAME_SECTION, False)):
        for chain in chains:
            links = [link.split() for link in chain.split(">")]
            for position, link in enumerate(links):
                for winner in link:
                    for losers in links[position + 1 :]:
                        for loser in losers:
                            winners.setdefault(loser, []).append((winner, is_same_setting))
    return winners
