from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migrator.rules import RULES
from migrator.rules.markdown import as_markdown, escaped, escaped_in_cell
from migrator.rules.pages import Block, BlockKind, Page, PageSection, page

if TYPE_CHECKING:
    from migrator.rules.model import Rule


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain (text), 1.5!", "plain (text), 1.5!"),
        ("a * b_c <d> [e] #f &g |h ~i", r"a \* b\_c \<d\> \[e\] \#f \&g \|h \~i"),
        ("`a * b_c <d>` and <e>", r"`a * b_c <d>` and \<e\>"),
        ("`<a>` and <b>, `<c>` and `<d>`", r"`<a>` and \<b\>, `<c>` and `<d>`"),
        ("back\\slash", r"back\\slash"),
        ("`<i> is not code", r"\`\<i\> is not code"),
        ("```<i>` is none, either", r"\`\`\`\<i\>\` is none, either"),
        ("a` <i> `b` <i>", r"a` <i> `b\` \<i\>"),
        ("", ""),
    ],
)
def test_markup_is_escaped_outside_of_code(text: str, expected: str) -> None:
    assert escaped(text) == expected


def test_a_bar_ends_no_cell() -> None:
    assert escaped_in_cell("`a|b` | <i>") == r"`a\|b` \| \<i\>"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_page_has_all_its_parts(rule: Rule) -> None:
    content = page(rule)

    lines = as_markdown(content).splitlines()

    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == list(content.headings)
    assert lines[0] == escaped(content.title)
    assert lines.count("```") == 2 * sum(len(section.examples) for section in content.sections)
    items = sum(block.kind.name == "ITEM" for section in content.sections for block in section.blocks)
    assert sum(line.startswith("- ") for line in lines) == items


def test_blocks_stand_apart_and_items_together() -> None:
    blocks = (
        Block(BlockKind.PROSE, "A * word:"),
        Block(BlockKind.ITEM, "<a>"),
        Block(BlockKind.ITEM, "`<b>`"),
        Block(BlockKind.EXAMPLE, "<c>\n  *d*"),
        Block(BlockKind.PROSE, "Then"),
        Block(BlockKind.ITEM, "e"),
    )
    content = Page("An <x>", (PageSection("Why * not", blocks), PageSection("See", blocks[1:3])))

    assert as_markdown(content).split("\n\n") == [
        r"An \<x\>",
        r"## Why \* not",
        r"A \* word:",
        "- \\<a\\>\n- `<b>`",
        "```\n<c>\n  *d*\n```",
        "Then",
        "- e",
        "## See",
        "- \\<a\\>\n- `<b>`\n",
    ]
