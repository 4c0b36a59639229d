"""The page of a rule or a step as Markdown (CommonMark), for programs that show such text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.rules.pages import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.rules.pages import Page, PageSection

_CODE = re.compile(r"((?<!`)`(?!`)[^`]+(?<!`)`(?!`))")  # of two single backticks, as CommonMark pairs them
_SPECIAL = re.compile(r"([\\*_<>\[\]#&|~`])")


def as_markdown(content: Page) -> str:
    """A page; its examples are code blocks."""
    parts = [escaped(content.title)]
    for section in content.sections:
        parts += [f"## {escaped(section.heading)}", *_blocks(section)]
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """The text with what Markdown takes for markup escaped, except code between backticks."""
    return "".join(part if is_code else _SPECIAL.sub(r"\\\1", part) for is_code, part in _parts(text))


def escaped_in_cell(text: str) -> str:
    """The same for a cell of a table, which a bar would end even in code."""
    return "".join(
        part.replace("|", r"\|") if is_code else _SPECIAL.sub(r"\\\1", part) for is_code, part in _parts(text)
    )


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    return ((number % 2 == 1, part) for number, part in enumerate(_CODE.split(text)))


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
