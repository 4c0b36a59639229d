"""What people write where they mean rules: codes, the beginnings of codes, and names."""

from __future__ import annotations

import pytest

from migrator.rules import BY_CODE
from migrator.rules.selectors import is_always_reported, matching, nearest_selector


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("H207", {"H207"}),
        ("h207", {"H207"}),
        ("port-suffix-case", {"H207"}),
        ("Port-Suffix-Case", {"H207"}),
        ("H2071", set()),
        ("207", set()),
        ("port", set()),
        ("A30", {f"A30{number}" for number in range(1, 10)}),
        ("p", {f"P50{number}" for number in range(1, 6)}),
        ("Z", set()),
        ("", set()),
    ],
)
def test_which_rules_a_text_means(text: str, codes: set[str]) -> None:
    assert matching(text) == codes


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("port-sufix-case", "port-suffix-case"),
        ("Unknown-Seting", "unknown-setting"),
        ("missing-hsots", "missing-host"),
        ("H2077", "H207"),
        ("H 2 07", "H207"),
        ("misig-hosst", None),
        ("helo-fqdn", None),
        ("H220", None),  # as near to several
    ],
)
def test_what_was_probably_meant(text: str, meant: str | None) -> None:
    assert nearest_selector(text) == meant


def test_that_a_file_was_not_checked_is_always_reported() -> None:
    always = {code for code in BY_CODE if is_always_reported(code)}
    assert {"D001", "D005", "D007"} < always
    assert always == matching("D")
