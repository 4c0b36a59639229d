"""Changes of YAML documents as edits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from migrator.document import yaml_insertions
from migrator.document.edits import Replacement
from migrator.document.mapping_edits import Writer, complete
from migrator.document.model import Literal
from migrator.document.yaml_scalars import BREAKS, double_quoted, fits_one_line, is_plain, single_quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.document.bracket_insertions import Style
    from migrator.document.mapping import Entry, Value
    from migrator.document.mapping_edits import Run
    from migrator.document.model import NewNode

_IN_BRACKETS: Final = f"(?:[ \t{BREAKS}]++|#[^{BREAKS}]*+)*+"
_TO_END_OF_LINE: Final = re.compile(f"[^{BREAKS}]*+")
_REST_OF_LINE: Final = rf"[ \t]*+(?:\r\n|[{BREAKS}]"
_LAST_REST: Final = re.compile(rf"{_REST_OF_LINE}|\Z)")
_COMMENT_TO_END: Final = re.compile(rf"[ \t]*+(?:(?<=[ \t])#[^{BREAKS}]*+)?+(?=[{BREAKS}]|\Z)")
_SPACE_BEFORE_COMMENT: Final = re.compile("[ \t]++(?=#)")
_BLANK: Final = re.compile(f"[ \t{BREAKS}]*+")
_LINE_BREAK: Final = re.compile(f"\r\n|[{BREAKS}]")
_COLON: Final = re.compile("[ ]*+:")
_NEXT_AT_ONCE: Final = re.compile(rf"[ ]*+[^ #{BREAKS}]|\Z")
_BLOCKS: Final = ("|", ">")
_HEADER: Final = re.compile("[|>][0-9+-]*+")
_NUMBER: Final = re.compile("0|[1-9][0-9]*")


class YamlWriter(Writer):
    """How changes are written in YAML."""

    blanks = " \t"
    breaks = BREAKS
    rest_of_line = re.compile(f"{_REST_OF_LINE})")
    space = re.compile(_IN_BRACKETS)
    comma = re.compile(f"{_IN_BRACKETS},{_IN_BRACKETS}")
    comment = re.compile("[ \t]*+,?+[ \t]*+#")

    def value(self, entry: Entry, text: str, literal: Literal) -> list[Replacement] | None:
        """In the quotes or the block that is there; without any where each reader takes it as this text."""
        value = entry.value
        is_number = literal is Literal.NUMBER and _NUMBER.fullmatch(text) is not None
        if value.quote in _BLOCKS:
            inside = None if is_number else self._inside_block(value, text)
            content = text if is_number else _plain_or_quoted(text)
            return self._instead_of_block(entry, content) if inside is None else [inside]
        if is_number:
            return self.instead_of_flow(value, text)
        if value.quote == '"' or (value.quote == "'" and fits_one_line(text)):
            return [Replacement(value.start + 1, value.end - 1, _quoted(text, value.quote)[1:-1])]
        return self.instead_of_flow(value, double_quoted(text) if value.quote else _plain_or_quoted(text))

    def key(self, entry: Entry, name: str) -> Replacement | None:
        """In the quotes that are there."""
        start, end = entry.key_start, entry.key_end
        quote = yaml_insertions.key_quote(self, entry)
        if quote:
            content = _quoted(name, quote)[1:-1]
            return Replacement(start + 1, end - 1, content) if fits_one_line(name) else None
        if start == end or self.text[start] in _BLOCKS:
            return None
        return Replacement(start, end, name) if is_plain(name) else None

    def removals(self, owner: Entry, runs: Sequence[Run]) -> list[Replacement] | None:
        """From brackets with their commas, from a block with their lines; one that is left empty is {}."""
        mapping, entries = owner.value, owner.value.entries
        if not mapping.is_block:
            is_fit = self.text[mapping.start] == "{" and not any(
                first and self._is_mark_alone(entries[first - 1]) for first, _ in runs
            )
            return super().removals(owner, runs) if is_fit else None
        if runs[0] == (0, len(entries) - 1):
            return complete([self._emptied(owner)])
        written: list[Replacement | None] = []
        for first, last in runs:
            if first == 0 and self.line_start(entries[0].key_start) is None:
                written.append(self._removal_before(mapping, entries[last], entries[last + 1]))
            else:
                before = entries[first - 1] if first else None
                written += [self._removal_of_lines(entry, before) for entry in entries[first : last + 1]]
        return complete(written)

    def new_key(self, name: str, style: Style) -> str:
        """In the quotes of the style, where there are any or it needs some."""
        return name if not style.key_quote and is_plain(name) else _quoted_as(name, style.key_quote)

    def new_scalar(self, node: NewNode, style: Style) -> str:
        """As a number where that is asked for and it is one; else as text, in quotes where it needs some."""
        is_number = node.literal is Literal.NUMBER and _NUMBER.fullmatch(node.text) is not None
        if is_number or (style.is_plain and is_plain(node.text)):
            return node.text
        return _quoted_as(node.text, style.value_quote)

    def insertion(self, owner: Entry, place: int, nodes: Sequence[NewNode]) -> list[Replacement] | None:
        """In lines of a block, or with commas in brackets."""
        return yaml_insertions.insertion(self, owner, place, nodes)

    def filling(self, owner: Entry, nodes: Sequence[NewNode]) -> list[Replacement] | None:
        """As a block where the owner is in one, in brackets where it is in brackets."""
        return yaml_insertions.filling(self, owner, nodes)

    def end_of_lines(self, entry: Entry) -> int | None:
        """Where lines can follow those of an entry of a block, a comment behind its value kept beside it.

        None where what follows would become part of it, or take something away from it.
        """
        value, end = last_of(entry).value, self.end_of(entry)
        if value.quote in _BLOCKS:
            header, _ = self._header(value)
            tail = self._tail(value)
            stays = "-" in header or tail.startswith(("\r", "\n"))  # others are part of it as they are
            return end if stays and "+" not in header and not tail.strip(BREAKS) else None
        return self.end_of_line(end)

    def end_of_line(self, at: int) -> int | None:
        """Where a line ends if nothing but a comment follows in it."""
        rest = _COMMENT_TO_END.match(self.text, at)
        return None if rest is None else rest.end()

    def end_of(self, entry: Entry) -> int:
        """Where what stands of an entry in the file ends; nothing at all stands right behind its colon."""
        last = last_of(entry)
        value = last.value
        is_missing = value.start == value.end and self.text[value.end - 1] not in ":-"
        return last.key_end if is_missing else value.end

    def instead_of_flow(self, value: Value, content: str) -> list[Replacement] | None:
        """In the place of the whole of a value in one piece; nothing at all stands right behind its colon."""
        if value.start < value.end:
            return [Replacement(value.start, value.end, content)]
        is_behind_colon = self.text[value.start - 1 : value.start] == ":"
        return [Replacement(value.start, value.end, " " + content)] if is_behind_colon else None

    def _inside_block(self, value: Value, text: str) -> Replacement | None:
        """The text as lines of the block that is there, if what stands before and behind them can stay."""
        header, line_end = self._header(value)
        line_break = _LINE_BREAK.match(self.text, line_end)
        if line_break is None or line_break[0] not in ("\r\n", "\r", "\n") or "+" in header:
            return None
        tail = self._tail(value)
        if "-" not in header:
            if not text.endswith("\n") or not tail.startswith(("\r", "\n")):
                return None
            text = text.removesuffix("\n")
        indent = _indent(self.text[line_break.end() : value.end]) - _indent(value.text)
        lines = text.split("\n")
        is_fit = lines[0] and lines[-1] and not text.startswith(" ") and (len(lines) == 1 or header[0] == "|")
        if not is_fit or tail.strip(BREAKS) or indent < 1:
            return None
        if not all(fits_one_line(line) and not line.endswith(" ") for line in lines):
            return None
        content = line_break[0].join(" " * indent + line if line else "" for line in lines)
        return Replacement(line_break.end(), value.end, content)

    def _instead_of_block(self, entry: Entry, content: str) -> list[Replacement] | None:
        """In the place of the sign that begins a block, what stands behind it in its line kept."""
        if not self._is_indented(entry):
            return None
        value = entry.value
        header, line_end = self._header(value)
        end = value.end + len(self._tail(value).rstrip(BREAKS))
        written = [Replacement(value.start, value.start + len(header), content)]
        return [*written, Replacement(line_end, end, "")] if end > line_end else written

    def _is_indented(self, entry: Entry) -> bool:
        """Whether a value stands behind its colon, or in a line that is indented more than its key.

        The sign of a block scalar alone may do neither.
        """
        home = self.document.homes.get(entry)
        line = _LINE_BREAK.split(self.text[entry.key_end : entry.value.start])[-1]
        if home is None or ":" in line:
            return True
        _, column = self.document.source.line_and_column(home.owner.value.start)
        return len(line) >= column

    def _header(self, value: Value) -> tuple[str, int]:
        """What begins a block, and where its line ends."""
        header = _HEADER.match(self.text, value.start)
        line = _TO_END_OF_LINE.match(self.text, value.start)
        return (header[0], line.end()) if header and line else ("", value.end)

    def _tail(self, value: Value) -> str:
        """White space that is part of a block behind its last word."""
        blank = self._blank_behind(value.end)
        is_at_end = value.end + len(blank) == len(self.text)
        return blank if is_at_end else blank.rstrip(" \t")  # which indents what comes next

    def _blank_behind(self, at: int) -> str:
        blank = _BLANK.match(self.text, at)
        return blank[0] if blank else ""

    def _is_mark_alone(self, entry: Entry) -> bool:
        """Whether an entry is a question mark alone, which would be a key without white space behind it."""
        return entry.key_start == self.end_of(entry)

    def _emptied(self, owner: Entry) -> Replacement | None:
        """{} in the place of a whole block."""
        start, end = owner.value.start, self.end_of(owner)
        if start != owner.value.entries[0].key_start or "\t" in self._blank_behind(end):
            return None
        colon = _COLON.match(self.text, owner.key_end) if owner.key_end else None
        if colon is not None and _BLANK.fullmatch(self.text, colon.end(), start):
            return self.without_comments(Replacement(colon.end(), end, " {}"), end)
        return self.without_comments(Replacement(start, end, "{}"), end)

    def _removal_before(self, mapping: Value, last: Entry, behind: Entry) -> Replacement | None:
        """The beginning of a block goes that stands behind a dash; the next key comes in its place."""
        start, end = mapping.start, self.end_of(last)
        is_clear = start == mapping.entries[0].key_start and _BLANK.fullmatch(
            self.text, end, behind.key_start
        )
        if not is_clear or "\t" in self._blank_behind(end):
            return None
        return self.without_comments(Replacement(start, behind.key_start, ""), end)

    def _removal_of_lines(self, entry: Entry, before: Entry | None) -> Replacement | None:
        """The lines of an entry go; what comes next may not become part of a block scalar before them."""
        start, end = self.line_start(entry.key_start), self.end_of(entry)
        if start is None or not _COLON.match(self.text, entry.key_end):
            return None
        rest = _LAST_REST.match(self.text, end)
        if rest is None:
            space = _SPACE_BEFORE_COMMENT.match(self.text, end)
            is_left = entry in self.leaving_comments
            if space is None or not is_left or self.document.comments_between(start, end):
                return None
            return Replacement(entry.key_start, space.end(), "")
        is_behind_block = before is not None and last_of(before).value.quote in _BLOCKS
        if is_behind_block and not _NEXT_AT_ONCE.match(self.text, rest.end()):
            return None
        if "\t" in self._blank_behind(end):  # it can be part of a block scalar, and stand nowhere else
            return None
        return self.without_comments(Replacement(start, rest.end(), ""), end)


def last_of(entry: Entry) -> Entry:
    """The entry that ends what stands of another in block style."""
    while entry.value.is_block:
        entry = entry.value.entries[-1]
    return entry


def _indent(text: str) -> int:
    """How far the first line is indented in which something stands."""
    line = next((line for line in _LINE_BREAK.split(text) if line.strip(" \t")), "")
    return len(line) - len(line.lstrip(" "))


def _plain_or_quoted(text: str) -> str:
    if is_plain(text):
        return text
    return _quoted_as(text, "'")


def _quoted_as(text: str, quote: str) -> str:
    """In these quotes if they can hold it: on one line, single ones."""
    return double_quoted(text) if quote == '"' or not fits_one_line(text) else single_quoted(text)


def _quoted(text: str, quote: str) -> str:
    return single_quoted(text) if quote == "'" else double_quoted(text)
