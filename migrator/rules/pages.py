"""The page of a rule, as its docstring has it: for `dmsmtp explain`, the documentation and its tests."""

from __future__ import annotations

import inspect
import re
import textwrap
from enum import Enum
from typing import TYPE_CHECKING

from migrator.rules.model import Availability
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.rules.model import Rule

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_INDENT = "    "
_ITEM = "- "
_WIDTH = 80
_FIXES = {
    Availability.NONE: "none",
    Availability.SAFE: "safe, with lint --fix",
    Availability.UNSAFE: "unsafe, with lint --fix --unsafe-fixes",
    Availability.SOMETIMES_SAFE: "safe with lint --fix, or unsafe with --unsafe-fixes added",
}


class BlockKind(Enum):
    """What a block of a page is."""

    PROSE = "prose"
    ITEM = "item of a list"
    EXAMPLE = "example"


class Block(NamedTuple):
    """A paragraph or an item of a list on one line, or an example as it stands, without its indentation."""

    kind: BlockKind
    text: str


class PageSection(NamedTuple):
    """What stands under one heading."""

    heading: str
    blocks: tuple[Block, ...]

    @property
    def examples(self) -> tuple[str, ...]:
        """The examples in it."""
        return tuple(block.text for block in self.blocks if block.kind is BlockKind.EXAMPLE)


class Page(NamedTuple):
    """What a rule says about itself: one line, then sections in order."""

    title: str
    sections: tuple[PageSection, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings in order."""
        return tuple(section.heading for section in self.sections)

    def examples(self, heading: str) -> tuple[str, ...]:
        """The examples under a heading."""
        return tuple(
            example for section in self.sections if section.heading == heading for example in section.examples
        )


def page(rule: Rule) -> Page:
    """The page of a rule."""
    return page_of(rule.page)


def page_of(documented: object) -> Page:
    """The page that a docstring holds: one line, then sections with their headings."""
    title, *parts = _HEADING.split(inspect.cleandoc(documented.__doc__ or ""))
    return Page(
        title.strip(),
        tuple(
            PageSection(heading, tuple(_blocks(text)))
            for heading, text in zip(parts[::2], parts[1::2], strict=True)
        ),
    )


def facts(rule: Rule) -> dict[str, str]:
    """What the registry says of a rule, in words: severity, fix, the commands that find it, formats."""
    commands = "lint, validate and check" if rule.in_validate else "lint and check"
    if rule.check_live is not None:
        commands = "probe, check and send-test-email"
    if rule.check_cluster is not None:
        commands = "compare"
    if rule.whole_file_only:
        commands += ", with --whole-file"
    return {
        "severity": rule.severity.value,
        "fix": _FIXES[rule.fix] if rule.check_live is None else _FIXES[rule.fix].replace("lint", "probe"),
        "found by": commands,
        "formats": ", ".join(one.value for one in rule.formats),
    }


def as_text(rule: Rule, width: int = _WIDTH) -> str:
    """The page of a rule as plain text for a terminal."""
    content = page(rule)
    parts = [
        f"{rule.code} {rule.name}",
        textwrap.fill(content.title, width),
        "\n".join(f"{name + ':':<10}{value}" for name, value in facts(rule).items()),
    ]
    for section in content.sections:
        parts += [section.heading + "\n" + _laid_out(section.blocks, width)]
    return "\n\n".join(parts) + "\n"


def _laid_out(blocks: tuple[Block, ...], width: int) -> str:
    text, before = "", None
    for block in blocks:
        if block.kind is BlockKind.EXAMPLE:
            lines = textwrap.indent(block.text, _INDENT)
        else:
            lead = _ITEM if block.kind is BlockKind.ITEM else ""
            lines = textwrap.fill(
                block.text,
                width,
                initial_indent="  " + lead,
                subsequent_indent="  " + " " * len(lead),
                break_long_words=False,
                break_on_hyphens=False,
            )
        is_list = before is block.kind is BlockKind.ITEM
        text += lines if before is None else ("\n" if is_list else "\n\n") + lines
        before = block.kind
    return text


def _blocks(text: str) -> Iterator[Block]:
    """Blocks of the text under a heading; an example may hold empty lines."""
    example: list[str] = []
    words: list[str] = []
    kind = BlockKind.PROSE
    for line in [*text.split("\n"), ""]:
        if line.startswith(_INDENT) and not words:
            example.append(line.removeprefix(_INDENT))
            continue
        if example and not line:
            example.append("")
            continue
        if example:
            yield Block(BlockKind.EXAMPLE, "\n".join(example).strip("\n"))
            example = []
        if words and (not line or line.startswith(_ITEM)):
            yield Block(kind, " ".join(words))
            words = []
        if line:
            if not words:
                kind = BlockKind.ITEM if line.startswith(_ITEM) else BlockKind.PROSE
            words.append(line.removeprefix(_ITEM).strip())
    if example:
        yield Block(BlockKind.EXAMPLE, "\n".join(example).strip("\n"))
