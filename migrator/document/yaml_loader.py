"""PyYAML's loader, with the tokens of YAML 1.2 where its own are narrower, or would be misread.

It reads what people write: a tab between tokens (section 6.2), `?` and `:` in plain scalars in brackets
(7.3.3), a colon in another line than its key in braces (7.4.2). And it refuses what PyYAML passes over: a
comment without a space before it (6.6). A tab still indents nothing (6.1).
"""
# ruff: noqa: D102 - what overrides a method of PyYAML is documented by what it does there
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import re
from typing import Final

import yaml
from yaml.scanner import ScannerError

from migrator.document.source import BOM
from migrator.document.yaml_scalars import BREAKS

_END: Final = "\0"  # what PyYAML puts behind the text
_BLANK_OR_END: Final = f"{_END} \t{BREAKS}"


def _plain(*, brackets: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a plain scalar begins with, and the part of one that stands in one line (YAML 1.2, section 7.3.3).

    `brackets` are the characters that end one inside of brackets.
    """
    ends = _BLANK_OR_END + brackets
    inner = f"(?:[^{ends}:]|:(?![{ends}]))"
    start = rf"""[^{_BLANK_OR_END},\[\]{{}}?:#&*!|>'"%@`-]|[?:-](?![{ends}])"""
    return re.compile(start), re.compile(rf"{inner}++(?:[ \t]++(?!#){inner}++)*+")


_START, _LINE = _plain(brackets="")
_START_IN_BRACKETS, _LINE_IN_BRACKETS = _plain(brackets=r",\[\]{}")
_BLANKS: Final = re.compile("[ \t]++")
_COMMENT: Final = re.compile(f"#[^{_END}{BREAKS}]*+")
_BREAK: Final = re.compile(f"\r\n|[{BREAKS}]")
_FOLD: Final = re.compile(rf"(?:[ \t]*+(?:\r\n|[{BREAKS}]))++(?P<indent>[ ]*+)(?P<rest>[ \t]*+)")
_INDICATORS: Final = re.compile(f"(?:[+-][1-9]?|[1-9][+-]?)?+(?=[{_BLANK_OR_END}])")
_MARKER: Final = re.compile(rf"(?:---|\.\.\.)(?=[{_BLANK_OR_END}])")


class Loader(yaml.SafeLoader):
    """Reads one text.

    `tab` is the place of the last tab after which no key and no entry of a list can begin; `has_ended` tells
    that a document was ended by a line with three dots.
    """

    def __init__(self, text: str) -> None:
        self.tab: int | None = None
        self.has_ended = False
        self._in_braces: list[bool] = []
        self._tokens_with_quoted = 0
        super().__init__(text)

    def scan_to_next_token(self) -> None:
        if self.index == 0 and self.peek() == BOM:
            self.forward()
        while True:
            start = self.index
            self._pass(_BLANKS)
            if self.peek() == "#":
                self._refuse_comment_at_once(start)
                self._pass(_COMMENT)
            if not self.scan_line_break():
                break
            if not self.flow_level:
                self.allow_simple_key = True
        if self.peek() != _END and "\t" in self.buffer[start : self.index]:
            self._behind_tab(start)

    def scan_plain(self) -> yaml.ScalarToken:
        line = _LINE_IN_BRACKETS if self.flow_level else _LINE
        start = self.get_mark()
        end, chunks = start, [""]
        found = line.match(self.buffer, self.index)
        while found is not None:
            chunks.append(found[0])
            self.forward(len(found[0]))
            end = self.get_mark()
            fold = _FOLD.match(self.buffer, self.index)
            if fold is None or not self._continues(fold):
                break
            found = line.match(self.buffer, fold.end())
            if found is not None:
                chunks.append(_folded(fold[0]))
                self.forward(len(fold[0]))
        self.allow_simple_key = False
        return yaml.ScalarToken("".join(chunks), True, start, end)

    def scan_block_scalar_indicators(self, start_mark: yaml.Mark) -> tuple[bool | None, int | None]:
        found = _INDICATORS.match(self.buffer, self.index)
        if found is None:
            return super().scan_block_scalar_indicators(start_mark)  # which says what is wrong
        self.forward(len(found[0]))
        keeps_breaks = True if "+" in found[0] else False if "-" in found[0] else None
        columns = found[0].strip("+-")
        return keeps_breaks, int(columns) if columns else None

    def scan_block_scalar_ignored_line(self, start_mark: yaml.Mark) -> None:
        self._pass(_BLANKS)
        super().scan_block_scalar_ignored_line(start_mark)

    def check_plain(self) -> bool:
        start = _START_IN_BRACKETS if self.flow_level else _START
        return start.match(self.buffer, self.index) is not None

    def check_key(self) -> bool:
        return bool(self.peek(1) in _BLANK_OR_END)

    def check_value(self) -> bool:
        if not self.flow_level:
            return bool(self.peek(1) in _BLANK_OR_END)
        is_behind_quoted = self._tokens_with_quoted == self._token_count()
        return bool(self.peek(1) in _BLANK_OR_END + ",[]{}") or is_behind_quoted

    def fetch_flow_scalar(self, style: str) -> None:
        super().fetch_flow_scalar(style)
        self._tokens_with_quoted = self._token_count()

    def fetch_flow_collection_start(self, TokenClass: type[yaml.Token]) -> None:  # noqa: N803 - PyYAML's name
        super().fetch_flow_collection_start(TokenClass)
        self._in_braces.append(TokenClass is yaml.FlowMappingStartToken)

    def fetch_flow_collection_end(self, TokenClass: type[yaml.Token]) -> None:  # noqa: N803 - PyYAML's name
        super().fetch_flow_collection_end(TokenClass)
        self._tokens_with_quoted = self._token_count()
        if self._in_braces:
            self._in_braces.pop()

    def fetch_document_end(self) -> None:
        super().fetch_document_end()
        self.has_ended = True

    def stale_possible_simple_keys(self) -> None:
        """In braces a key may end in another line than it began."""
        if not self.possible_simple_keys:
            return
        kept = None
        if self._in_braces and self._in_braces[-1]:
            kept = self.possible_simple_keys.pop(self.flow_level, None)
        super().stale_possible_simple_keys()
        if kept is not None:
            self.possible_simple_keys[self.flow_level] = kept

    def _pass(self, what: re.Pattern[str]) -> None:
        found = what.match(self.buffer, self.index)
        if found is not None:
            self.forward(found.end() - self.index)

    def _token_count(self) -> int:
        return self.tokens_taken + len(self.tokens)

    def _continues(self, fold: re.Match[str]) -> bool:
        """Whether a plain scalar goes on behind line breaks."""
        next_ = fold.end()
        if not fold["indent"] and _MARKER.match(self.buffer, fold.start("indent")):
            return False
        is_indented = len(fold["indent"]) > self.indent or (bool(self.flow_level) and not fold["rest"])
        return is_indented and self.buffer[next_] != "#"

    def _refuse_comment_at_once(self, start: int) -> None:
        """Refuse a comment that begins right behind something else."""
        if start == self.index > 0 and self.buffer[start - 1] not in BREAKS + " \t" + BOM:
            raise ScannerError(None, None, "a comment without a space before it", self.get_mark())

    def _behind_tab(self, start: int) -> None:
        """Take the blanks before a token that there is a tab in: they separate, but indent nothing."""
        while start and self.buffer[start - 1] == " ":  # those that a block scalar has taken
            start -= 1
        self.tab = self.buffer.index("\t", start)
        is_first = not start or self.buffer[start - 1] in BREAKS + BOM
        if is_first and self.tab - start <= self.indent:
            raise ScannerError(None, None, "a tab as indentation", self._mark_at(self.tab))
        if not self.flow_level:
            self.allow_simple_key = False

    def _mark_at(self, place: int) -> yaml.Mark:
        return yaml.Mark(self.name, place, self.line, 0, None, 0)


def _folded(fold: str) -> str:
    """What line breaks inside of a scalar become: a single one a space (YAML 1.2, section 6.5)."""
    first, *others = ("\n" if one in ("\r\n", "\r", "\x85") else one for one in _BREAK.findall(fold))
    if first == "\n":
        return "".join(others) or " "
    return first + "".join(others)
