"""The page of a rule or a step as Markdown (CommonMark), for programs that show such text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.rules.pages import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.rules.pages import Page, PageSection

_CODE = re.compile(r"(`[^`]*`)")
_SPECIAL = re.compile(r"([\\*_<>\[\]#&|~])")


def as_markdown(content: Page) -> str:
    """A page; its examples are code blocks."""
    parts = [escaped(content.title)]
    for section in content.sections:
        parts += [f"## {escaped(section.heading)}", *_blocks(section)]
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """The text with what Markdown takes for markup escaped, except code between backticks."""
    return "".join(
        part if part.startswith("`") else _SPECIAL.sub(r"\\\1", part) for part in _CODE.split(text)
    )


def _blocks(section: PageSection) -> Iterator[str]:
    items: list[str] = []
    for block in section.blocks:
        if block.kind is BlockKind.ITEM:
            items.append(f"- {escaped(block.text)}")
            continue
        if items:
            yield "\n".join(items)
            items = []
        yield f"```\n{block.text}\n```" if block.kind is BlockKind.EXAMPLE else escaped(block.text)
    if items:
        yield "\n".join(items)
