"""What was probably meant: the nearest of the names that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_NO = "no"
_TWO_EDITS_FROM = 5  # names shorter than this take one edit: two would make them anything


def distance(one: str, other: str, limit: int) -> int:
    """Edits between two words (insert, delete, replace, swap of neighbours); `limit + 1` where more.

    The optimal string alignment distance, see https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance
    """
    more = limit + 1
    if abs(len(one) - len(other)) > limit:
        return more
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, above, row = row, before, [i] + [more] * len(other)
        for j in range(max(i - limit, 1), min(i + limit, len(other)) + 1):  # farther off, it is more anyway
            right = other[j - 1]
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                row[j] = min(row[j], above[j - 2] + 1)
        if min(row) > limit:
            return more
    return min(row[-1], more)


def nearest(word: str, names: Iterable[str], limit: int | None = None) -> str | None:
    """The name nearest to a word, case aside; None where none is near or two are equally near.

    `limit` is the number of edits allowed: by default 2, or 1 for names under five characters.
    """
    best: tuple[int, str] | None = None
    is_tied = False
    for name in names:
        allowed = limit if limit is not None else (2 if min(len(name), len(word)) >= _TWO_EDITS_FROM else 1)
        edits = distance(word.lower(), name.lower(), allowed)
        if edits > allowed:
            continue
        if best is None or edits < best[0]:
            best, is_tied = (edits, name), False
        elif edits == best[0] and name != best[1]:
            is_tied = True
    return None if best is None or is_tied else best[1]


def may_mean(word: str, *, is_no: bool) -> bool:
    """Whether a word may mean a name, which says no to something or not: no never means yes, however near."""
    return is_no or not word.startswith(_NO)


def hint(word: str, names: Collection[str], limit: int | None = None) -> str:
    """What to say behind a word that is none of the names: the nearest of them, or else all there are."""
    near = nearest(word, names, limit)
    return f'did you mean "{near}"?' if near is not None else f"there are: {', '.join(names)}"
