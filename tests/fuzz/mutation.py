"""Changes of an input that keep its shape: whole words are replaced, doubled, moved and taken out.

A change of single bytes mostly gives a file that does not parse, of which there is little to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

_TOKEN = re.compile(r"\w+|[ \t]+|\r\n|[^\w \t]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1")
_LONGEST_RUN = 12
_RARELY = 40

_Change = Callable[[list[str], Sequence[str], Random], None]


def mutated(data: bytes, words: Sequence[str], random: Random) -> bytes:
    """The input after one to four such changes, now and then in another encoding or with other line ends."""
    text = data.decode(errors="surrogateescape")
    for _ in range(random.randint(1, 4)):
        pattern = random.choice((_TOKEN, _TOKEN, _LINE))
        pieces = pattern.findall(text) or [""]
        random.choice(_CHANGES)(pieces, words, random)
        text = "".join(pieces)
    if random.randrange(_RARELY) == 0:
        text = re.sub("\r\n|\r|\n", random.choice(("\n", "\r\n", "\r")), text)
    if random.randrange(_RARELY) == 0:
        return text.encode(random.choice(_ENCODINGS), "ignore")
    return text.encode(errors="surrogateescape")


def _replace(pieces: list[str], words: Sequence[str], random: Random) -> None:
    pieces[random.randrange(len(pieces))] = random.choice(words)


def _insert(pieces: list[str], words: Sequence[str], random: Random) -> None:
    pieces.insert(random.randint(0, len(pieces)), random.choice(words))


def _take_out(pieces: list[str], _words: Sequence[str], random: Random) -> None:
    start, end = _run(pieces, random)
    del pieces[start:end]


def _double(pieces: list[str], _words: Sequence[str], random: Random) -> None:
    start, end = _run(pieces, random)
    at = random.randint(0, len(pieces))
    pieces[at:at] = pieces[start:end]


def _swap(pieces: list[str], _words: Sequence[str], random: Random) -> None:
    first, second = random.randrange(len(pieces)), random.randrange(len(pieces))
    pieces[first], pieces[second] = pieces[second], pieces[first]


def _other_case(pieces: list[str], _words: Sequence[str], random: Random) -> None:
    at = random.randrange(len(pieces))
    pieces[at] = pieces[at].swapcase()


def _run(pieces: list[str], random: Random) -> tuple[int, int]:
    start = random.randrange(len(pieces))
    return start, min(len(pieces), start + random.randint(1, _LONGEST_RUN))


_CHANGES: tuple[_Change, ...] = (_replace, _replace, _insert, _take_out, _double, _swap, _other_case)
