from __future__ import annotations

from migrator.reporters import Layout
from migrator.reporters.catalogue import page_as_text, rules_as_text
from migrator.reporters.style import width
from migrator.rules import BY_CODE, RULES


def test_the_list_is_wrapped_on_a_terminal_and_not_in_a_pipe() -> None:
    piped = "".join(rules_as_text(RULES, Layout(width=80))).splitlines()
    shown = "".join(rules_as_text(RULES, Layout(width=80, is_terminal=True))).splitlines()

    assert len(piped) == len(RULES) + 1
    assert len(shown) > len(piped)
    assert max(map(width, shown)) <= 80
    start = shown[0].index("finds")
    assert all(line[:start].isspace() for line in shown[1:] if line.startswith(" "))


def test_a_narrow_terminal_is_left_to_wrap_by_itself() -> None:
    shown = "".join(rules_as_text(RULES, Layout(width=60, is_terminal=True))).splitlines()

    assert len(shown) == len(RULES) + 1


def test_colours_do_not_move_columns() -> None:
    plain = "".join(rules_as_text(RULES, Layout()))
    coloured = "".join(rules_as_text(RULES, Layout(colour=True)))

    for code in ("1", "1;31", "1;33", "1;36", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


def test_a_page_is_as_wide_as_the_terminal_and_80_columns_at_most() -> None:
    narrow, wide = (
        "".join(page_as_text(BY_CODE["H207"], Layout(width=columns))).splitlines() for columns in (50, 200)
    )

    assert max(len(line) for line in narrow if not line.startswith("    ")) <= 50
    assert max(map(len, wide)) <= 80


def test_headings_of_a_page_are_bold() -> None:
    lines = "".join(page_as_text(BY_CODE["H207"], Layout(colour=True))).splitlines()

    assert lines[0] == "\x1b[1mH207 port-suffix-case\x1b[0m"
    assert {"\x1b[1mWhy\x1b[0m", "\x1b[1mBad\x1b[0m", "\x1b[1mGood\x1b[0m", "\x1b[1mFix\x1b[0m"} <= set(lines)
