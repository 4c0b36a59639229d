"""Ignore comments: findings that whoever wrote the file asked to be left out.

`dmsmtp: ignore[H208] why` in a comment counts for the lines that the comment stands on. A comment that stands
alone on its lines counts for the next line that holds something else than comments, however many of them
stand there one below the other. `dmsmtp: ignore-file[H208] why` before the first element or key counts for
the whole file. Several codes, prefixes and names stand between the brackets with commas.

What a comment says may hold a secret: nothing of it is quoted but selectors that mean a rule, and those that
are near to one or look like its code.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from migrator.diagnostic import Diagnostic, Fix, Quieted, Safety, Suppressed
from migrator.document.model import CutComment, RemoveComment, Target
from migrator.document.source import WHITE_SPACE
from migrator.rules import BY_CODE, CRASHED
from migrator.rules.selectors import NEVER_IGNORED, is_always_reported, matching, nearest_selector
from migrator.section import is_secret_entry
from migrator.tuples import NamedTuple
from migrator.values.nearest import nearest
from migrator.values.secret import mask, printable, quote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from migrator.diagnostic import Span
    from migrator.document.model import Change, Comment, Document
    from migrator.section import Configuration

_UNUSED, _INVALID = BY_CODE["D008"], BY_CODE["D009"]
_MOST_HINTS = 100
_SHORT = 4  # a word no longer than this is near to too many others
_VERBS = ("ignore", "ignore-file")
_OF_FILE = "ignore-file"
_DIRECTIVE = re.compile(
    r"\s*+dmsmtp:\s*+(?P<verb>ignore(?:-file)?)\[(?P<selectors>[^\[\]]*+)\](?P<reason>.*+)", re.DOTALL
)
_ANOTHER = re.compile(r"\bdmsmtp:\s*+ignore(?:-file)?\[")
# Begins as an ignore comment might, and is none.
_NEARLY = re.compile(
    r"\s*+dmsmtp(?![\w-])\s*+(?P<colon>:?)\s*+(?P<verb>[a-z]*+(?:[-_ ]file\b)?+)\s*+(?P<rest>.*+)",
    re.DOTALL | re.IGNORECASE,
)
_BRACKETS = ("[", "(", "{", "<")
_CODE = re.compile(r"\b[A-Za-z][0-9]{3}\b")
_LIKE_CODE = re.compile("[A-Za-z]{1,2}[0-9]{1,4}")
_LINE_END = re.compile("\r\n|\r|\n")
_NOT_LINE_END = re.compile(r"[^\r\n]")
_HOW = "write dmsmtp: ignore[H208] with the code of the finding, and the reason behind it"
_TWO = (
    "these are two ignore comments in one, which is none",
    "put all codes between one pair of brackets, with commas, or write a comment for each",
)
_TOO_LATE = (
    "ignore-file counts before the first element or key alone",
    "move it there, or write ignore for what stands on the next line",
)


@dataclass(eq=False)
class _Selector:
    """What stands between two commas: its stretch of the text and, where it is right, the codes it means."""

    start: int
    end: int
    text: str = field(repr=False)
    codes: frozenset[str] = frozenset()
    is_used: bool = False


class _Directive(NamedTuple):
    """An ignore comment. `lines` are the stretches of lines it counts for, None for the whole file."""

    comment: Comment
    selectors: tuple[_Selector, ...]
    lines: tuple[range, ...] | None
    reason: str | None


def suppress(
    path: str,
    diagnostics: Sequence[Diagnostic],
    configuration: Configuration,
    wanted: Collection[str],
    unsaid: Collection[tuple[str, int]] = (),
) -> tuple[list[Diagnostic], tuple[Suppressed, ...]]:
    """The findings that are left, and those that ignore comments keep quiet, each in their order.

    What is wrong with the comments themselves (D008, D009) is among those left, behind the others. `wanted`
    are the codes that this run could find: of others nobody knows whether they are suppressed. `unsaid` are
    code and line of what was found and yields to another finding: a comment that would keep it quiet is of
    use, as it is said once that other one is mended.
    """
    directives, problems = _read(path, configuration)
    lines = {one.span.start.line for one in diagnostics if one.span is not None}
    by_line = _by_line(directives, lines.union(line for _, line in unsaid))
    of_file = [one for one in directives if one.lines is None]
    left: list[Diagnostic] = []
    quiet: list[Suppressed] = []

    @cache  # there may be very many findings beside very many comments
    def of_line(code: str, line: int | None) -> _Directive | None:
        return _use([] if line is None else by_line.get(line, []), code)

    @cache
    def of_whole(code: str) -> _Directive | None:
        return _use(of_file, code)

    def asking(code: str, line: int | None) -> _Directive | None:
        found = of_line(code, line), of_whole(code)
        return found[0] or found[1]

    for code, line in unsaid:
        asking(code, line)
    for one in diagnostics:
        if is_always_reported(one.code):
            left.append(one)
            continue
        asked = asking(one.code, None if one.span is None else one.span.start.line)
        if asked is None:
            left.append(one)
            continue
        quiet.append(Suppressed(one, Quieted.COMMENT, asked.reason))
    if all(one.code != CRASHED.code for one in diagnostics):  # a rule that failed might have found something
        problems += _unused(path, directives, configuration.document, frozenset(wanted))
    return left + problems, tuple(quiet)


def _by_line(directives: Iterable[_Directive], lines: Iterable[int]) -> dict[int, list[_Directive]]:
    """What counts for these lines, and no others: a comment may stand on millions."""
    known = sorted(lines)
    found: dict[int, list[_Directive]] = {}
    for directive in directives:
        for stretch in directive.lines or ():
            for line in known[bisect_left(known, stretch.start) : bisect_left(known, stretch.stop)]:
                found.setdefault(line, []).append(directive)
    return found


def _use(directives: Iterable[_Directive], code: str) -> _Directive | None:
    """The first that asks for a code; whatever else asks for it is used as well."""
    first = None
    for directive in directives:
        for selector in directive.selectors:
            if code in selector.codes:
                selector.is_used = True
                first = first or directive
    return first


# Reading


def _read(path: str, configuration: Configuration) -> tuple[list[_Directive], list[Diagnostic]]:
    """The ignore comments of a file in order, and what is wrong with them."""
    directives: list[_Directive] = []
    problems: list[Diagnostic] = []
    document = configuration.document
    lines = _Lines(document)
    hints = _Hints()
    for comment in document.comments():
        match = _DIRECTIVE.fullmatch(comment.text)
        if match is None and not _is_meant(comment.text):
            continue
        whole = document.source.span(comment.start, comment.end)
        if match is None:
            problems.append(_problem(path, whole, "this is no ignore comment as it stands", _HOW))
            continue
        if _ANOTHER.search(match["reason"]):
            problems.append(_problem(path, whole, *_TWO))
            continue
        is_of_file = match["verb"] == _OF_FILE
        if is_of_file and not lines.is_before_everything(comment):
            problems.append(_problem(path, whole, *_TOO_LATE))
            continue
        if not match["selectors"].strip():
            problems.append(_problem(path, whole, "this ignore comment names no rule", _HOW))
            continue
        selectors = tuple(_selectors(document.source.text, comment, *match.span("selectors")))
        problems += (
            _problem(
                path,
                document.source.span(one.start, one.end) if one.text else whole,
                *_wrong_words(one.text, hints, configuration.secrets),
            )
            for one in selectors
            if not one.codes
        )
        reason = printable(mask(" ".join(match["reason"].split()), configuration.secrets))
        counts_for = None if is_of_file else lines.of(comment)
        directives.append(_Directive(comment, selectors, counts_for, reason or None))
    return directives, problems


def _selectors(text: str, comment: Comment, start: int, end: int) -> Iterator[_Selector]:
    """What stands between the brackets, which are at these indices of the comment's text."""
    at = text.index(comment.text, comment.start) + start
    for part in comment.text[start:end].split(","):
        word = part.strip()
        begin = at + len(part) - len(part.lstrip())
        codes = matching(word)
        can_be = not any(map(is_always_reported, codes))
        yield _Selector(begin, begin + len(word), word, codes if can_be else frozenset())
        at += len(part) + 1


def _wrong_words(selector: str, hints: _Hints, secrets: Collection[str]) -> tuple[str, str]:
    """What is wrong with a selector that does not count, and what to do."""
    if matching(selector):
        message = f"{selector} {NEVER_IGNORED}"
        return message, "remove it from the comment"
    if not selector:
        return "there is no code between two commas", "remove one of the commas"
    near = hints.nearest(selector)
    is_shown = near is not None or _LIKE_CODE.fullmatch(selector)
    named = f"the code or name {quote(selector, secrets)}" if is_shown else "this code or name"
    return f"no rule has {named}", ("`dmsmtp rules` lists them" if near is None else f"was {near} meant?")


class _Hints:
    """What was probably meant, for so many wrong selectors that a file cannot keep us busy with them."""

    def __init__(self) -> None:
        self._known: dict[str, str | None] = {}

    def nearest(self, selector: str) -> str | None:
        """The nearest code or name; None where none is near, and after very many wrong ones."""
        if selector not in self._known:
            is_looked_up = len(self._known) < _MOST_HINTS
            self._known[selector] = nearest_selector(selector) if is_looked_up else None
        return self._known[selector]


def _is_meant(text: str) -> bool:
    """Whether a comment that is no ignore comment seems to be meant as one, and not as prose."""
    match = _NEARLY.fullmatch(text)
    if match is None:
        return False
    verb = re.sub("[_ ]", "-", match["verb"].lower())
    is_near = verb in _VERBS or (len(verb) > _SHORT and nearest(verb, _VERBS) is not None)
    opens = match["rest"].startswith(_BRACKETS)
    names_rule = any(code.upper() in BY_CODE for code in _CODE.findall(match["rest"]))
    if match["colon"]:
        return is_near or opens or names_rule
    return is_near and (opens or names_rule)


class _Lines:
    """The lines of a file, and which of them hold something else than comments."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._next: list[int] = []

    def of(self, comment: Comment) -> tuple[range, ...]:
        """The stretches of lines that a comment counts for; one behind the last where nothing follows."""
        source = self._document.source
        first, last = (source.line_and_column(place)[0] for place in (comment.start, comment.end))
        following = self._following()[first - 1]
        own = range(first, last + 1)
        # Standing alone, its own too: a value with white space around it may begin there
        return (own,) if following <= last else (own, range(following, following + 1))

    def is_before_everything(self, comment: Comment) -> bool:
        """Whether a comment stands before the first element or key."""
        root = self._document.root
        first = root if root.name else next(iter(root.children()), None)
        if first is None:
            return True
        return self._document.source.position(comment.start) < self._document.span(Target(first)).start

    def _following(self) -> list[int]:
        """For each line the number of the first one from it on that holds something."""
        if not self._next:
            text, pieces, at = self._document.source.text, [], 0
            for comment in self._document.comments():
                pieces += [
                    text[at : comment.start],
                    _NOT_LINE_END.sub(" ", text[comment.start : comment.end]),
                ]
                at = comment.end
            lines = _LINE_END.split("".join([*pieces, text[at:]]))
            found = len(lines) + 1
            for number in range(len(lines), 0, -1):
                found = number if lines[number - 1].strip(WHITE_SPACE) else found
                self._next.append(found)
            self._next.reverse()
        return self._next


# What is wrong


def _problem(path: str, span: Span, message: str, help_: str) -> Diagnostic:
    return _INVALID.diagnostic(path, span, message, help_)


def _unused(
    path: str, directives: Iterable[_Directive], document: Document, wanted: frozenset[str]
) -> Iterator[Diagnostic]:
    for directive in directives:
        unused = [one for one in directive.selectors if one.codes and not one.is_used and one.codes <= wanted]
        if unused:
            yield _unused_in(path, directive, document, unused)


def _unused_in(
    path: str, directive: _Directive, document: Document, unused: Sequence[_Selector]
) -> Diagnostic:
    comment, text = directive.comment, ", ".join(one.text for one in unused)
    changes: tuple[Change, ...] = (RemoveComment(comment),)
    verb = "is" if len(unused) == 1 else "are"
    title, span = "remove the comment", document.source.span(comment.start, comment.end)
    if len(unused) < len(directive.selectors):
        changes = tuple(_cuts(directive, frozenset(unused)))
        title, span = f"remove {text}", document.source.span(unused[0].start, unused[-1].end)
    edits = None if _is_in_secret(comment) else document.edits(changes)
    where = "in this file" if directive.lines is None else "here"
    found = _UNUSED.diagnostic(path, span, f"nothing to ignore: {text} {verb} not found {where}", title)
    return found._replace(fix=None if edits is None else Fix(title, Safety.SAFE, edits))


def _cuts(directive: _Directive, unused: frozenset[_Selector]) -> Iterator[CutComment]:
    """What goes of the list between the brackets, with the commas that go along."""
    selectors = directive.selectors
    kept = [position for position, one in enumerate(selectors) if one not in unused]
    if kept[0] > 0:
        yield CutComment(directive.comment, selectors[0].start, selectors[kept[0]].start)
    for position, following in zip(kept, [*kept[1:], len(selectors)], strict=True):
        if following > position + 1:
            yield CutComment(directive.comment, selectors[position].end, selectors[following - 1].end)


def _is_in_secret(comment: Comment) -> bool:
    around = comment.inside
    while around is not None:
        if is_secret_entry(around.name):
            return True
        around = around.parent()
    return False
