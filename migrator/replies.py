"""A reply of an SMTP server in plain words; `schemas/replies.json` has the words.

Of what was pasted, nothing but the codes is given back.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from migrator.definition import schema_path

_LONGEST = 65_536  # characters that are looked at
_ENHANCED = re.compile(r"(?<![\d.])([245])\.([0-7])\.(\d{1,3})(?!\d|\.\d)")
_BASIC = re.compile(r"(?<![\w.:/@-])([2-5][0-5]\d)(?![\w/@]|\.\d)")
_WORD = re.compile(r"[a-z]{3,}")
_CUT = " .,…'\")]"  # what may follow where a line of a log was cut, or quoted
_FAILED = "45"
_UNDEFINED = "0"
_LATER = "try again later"


@dataclass(frozen=True, slots=True)
class ReplyExplanation:
    """What a reply means and what to do about it.

    `provider` is whose reply it is, None where any server may give it.
    """

    code: str | None
    enhanced: str | None
    provider: str | None
    meaning: str
    help: str
    source: str


@dataclass(slots=True)
class _Reply:
    code: str | None
    enhanced: str | None
    text: str

    @property
    def failed(self) -> bool:
        return (self.enhanced or self.code or "")[:1] in _FAILED

    def continues(self, other: _Reply) -> bool:
        """Whether this is the next line of a reply of several lines."""
        return self.code == other.code and self.enhanced in (None, other.enhanced)


def explain_reply(text: str, *, is_whole: bool = False) -> tuple[ReplyExplanation, ...]:
    """What a server's reply means, the best explanation first; empty where the text holds no reply.

    The reply may be whole or in part, of one line or several, or a dialogue that holds it: then only what
    failed is explained, where something did. Without a code its words count, where they are known. Nothing
    was cut off of one that `is_whole`.
    """
    text = text[:_LONGEST].casefold()
    replies = _replies(text)
    if not replies:
        return _known_by_words(" ".join(text.split()))
    has_failed = any(reply.failed for reply in replies)
    found: dict[ReplyExplanation, None] = {}
    for reply in replies:
        if reply.failed or not has_failed or _rows(reply, certain=True):
            found |= dict.fromkeys(_explanations(reply, may_be_cut=not is_whole))
    return tuple(found)


def _replies(text: str) -> list[_Reply]:
    replies: list[_Reply] = []
    for line in text.splitlines():
        reply = _reply(line)
        if reply is None:
            if replies:
                replies[-1].text += f" {line}"
        elif replies and reply.continues(replies[-1]):
            replies[-1].text += f" {reply.text}"
        else:
            replies.append(reply)
    for reply in replies:
        reply.text = " ".join(reply.text.split())
    return replies


def _reply(line: str) -> _Reply | None:
    """The first reply in a line."""
    basics = [match for match in _BASIC.finditer(line) if _is_code(line, match)]
    for enhanced in _ENHANCED.finditer(line):
        before = [match for match in basics if match.end() <= enhanced.start()]
        if not before:
            return _Reply(None, enhanced[0], line[enhanced.end() :])
        if before[-1][1][0] == enhanced[1]:
            return _Reply(before[-1][1], enhanced[0], line[enhanced.end() :])
    return _Reply(basics[0][1], None, line[basics[0].end() :]) if basics else None


def _is_code(line: str, match: re.Match[str]) -> bool:
    """Whether a number is a reply code: a known one, or one at the beginning of the line."""
    return match[1] in _table()["codes"] or not line[: match.start()].strip()


def _explanations(reply: _Reply, *, may_be_cut: bool) -> list[ReplyExplanation]:
    certain = _rows(reply, certain=True)
    if certain:
        return certain
    found = _rows(reply, certain=False, may_be_cut=may_be_cut)
    if reply.enhanced is None:
        return found if reply.code is None else [*found, _basic(reply.code)]
    _, subject, detail = reply.enhanced.split(".")
    is_told = detail != _UNDEFINED and f"{subject}.{detail}" in _table()["details"]
    basic = _table()["codes"].get(reply.code)
    is_meant = basic is not None and subject in basic.get("subjects", subject)
    if not is_told and not found and reply.code is not None and is_meant:
        found = [_basic(reply.code, reply.enhanced)]
    return [*found, _generic(reply.code, reply.enhanced)] if is_told or not found else found


def _rows(reply: _Reply, *, certain: bool, may_be_cut: bool = False) -> list[ReplyExplanation]:
    """The replies with a meaning of their own that this one is: by its text, or else may be by its codes."""
    found = []
    has_words = _WORD.search(reply.text) is not None
    for row in _table()["replies"]:
        if reply.code not in (None, row["code"]) or reply.enhanced not in (None, row.get("enhanced")):
            continue
        if reply.enhanced is None and "enhanced" in row:  # a basic code alone says too little
            words = row.get("contains" if certain else "says")
            is_meant = words is not None and words in reply.text
            if not is_meant:
                continue
        elif "contains" in row:
            begins = row.get("begins", row["contains"])
            is_cut = may_be_cut and has_words and begins.startswith(reply.text.rstrip(_CUT))
            is_meant = is_cut or row["contains"] in reply.text
        else:
            is_meant = not certain or reply.code is not None
        if is_meant or not (certain or has_words):
            found.append(
                ReplyExplanation(
                    reply.code, reply.enhanced, row.get("provider"), row["means"], row["do"], row["source"]
                )
            )
    return found


def _known_by_words(text: str) -> tuple[ReplyExplanation, ...]:
    """What the replies mean of which the text holds the most; one word alone says too little."""
    rows = [
        (len(words), row)
        for row in _table()["replies"]
        for words in (row.get("says", row.get("contains", "")),)
        if " " in words and words in text
    ]
    longest = max((length for length, _ in rows), default=0)
    return tuple(
        ReplyExplanation(
            *(row["code"], row.get("enhanced"), row.get("provider"), row["means"], row["do"], row["source"])
        )
        for length, row in rows
        if length == longest
    )


def _generic(code: str | None, enhanced: str) -> ReplyExplanation:
    kind, subject, detail = enhanced.split(".")
    table = _table()
    general = table["subjects"][subject]
    row = table["details"].get(f"{subject}.{detail}", general)
    do = table["classes"][kind]["do"] if kind == "2" else row.get("do", general["do"])
    if kind == "4" and not do.startswith(_LATER):  # greylisting says this of what is in order
        do = f"{_LATER}; if it stays, {do}"
    return ReplyExplanation(
        code,
        enhanced,
        None,
        f"{table['classes'][kind]['means']}: {row['means']}",
        do,
        row.get("source", "RFC 3463"),
    )


def _basic(code: str, enhanced: str | None = None) -> ReplyExplanation:
    general = _table()["classes"][code[0]]
    row = _table()["codes"].get(code, general)
    return ReplyExplanation(
        code,
        enhanced,
        None,
        row["means"],
        row.get("do", general["do"]),
        row.get("source", "RFC 5321, section 4.2"),
    )


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(schema_path("replies.json").read_bytes())
    return table
