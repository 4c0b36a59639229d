"""What was sent to log in is not shown again, whoever says it: not in part, and in no form.

A server may repeat what it was told: decoded, encoded otherwise, cut to the length of its own lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.values.secret import MASK, mask

if TYPE_CHECKING:
    from collections.abc import Iterator

# Characters one after the other that are taken for a part: of a secret itself, of a form of it that is as
# long as it is or longer, and of its bytes in hexadecimal, which are digits as those of other numbers
_OF_TEXT, _OF_FORM, _OF_BYTES = 6, 8, 12
_LONGEST = 2_000  # characters of a text that are looked at; no more than a part of them is shown


class Concealment:
    """Texts that are masked in others."""

    def __init__(self) -> None:
        self._whole: set[str] = set()
        self._parts: dict[tuple[str, int, bool], None] = {}

    def add(self, secret: str) -> None:
        """From now on this text is masked, in whole and in part, and in all forms in which one writes it."""
        if secret and secret not in self._whole:
            self._whole |= {secret, _base64(secret), _base64(secret).rstrip("=")}
            self._parts |= dict.fromkeys(_parts(secret))

    def add_sent(self, line: str) -> None:
        """From now on this line, in which a secret has a form of its own, is masked, in whole and in part."""
        self._parts |= {(_folded(line), _OF_FORM, False): None}
        self._whole |= {part for part in line.split() if len(part) >= _OF_FORM // 2}

    def masked(self, text: str) -> str:
        """The text without them; where it is very long, its beginning."""
        text = mask(text[:_LONGEST], self._whole)
        folded = _folded(text)
        hidden = bytearray(len(text))
        for form, length, is_exact in self._parts:
            looked_at = text if is_exact else folded
            for start in range(len(text) - length + 1):
                if looked_at[start : start + length] in form:
                    hidden[start : start + length] = b"\1" * length
        for match in reversed(list(re.finditer(b"\1+", hidden))):
            text = text[: match.start()] + MASK + text[match.end() :]
        return re.sub(f"(?:{MASK})+", MASK, text)


def _parts(secret: str) -> Iterator[tuple[str, int, bool]]:
    """Forms of a secret, how much of each is taken for a part, and whether small letters are not capitals."""
    from base64 import b64encode
    from html import escape
    from json import dumps
    from urllib.parse import quote, quote_plus

    data = secret.encode("utf-8", "surrogatepass")
    yield secret, _OF_TEXT, True
    for form in (
        secret,
        escape(secret),
        "".join(f"&#{ord(one)};" for one in secret),
        "".join(f"&#x{ord(one):x};" for one in secret),
        dumps(secret)[1:-1],
        quote(data, safe=""),
        quote_plus(data),
        "".join(f"%{one:02x}" for one in data),
    ):
        yield _folded(form), _OF_FORM, False
    for before in range(3):  # wherever it begins in a longer text
        first, last = -(-before * 8 // 6), (before + len(data)) * 8 // 6
        yield b64encode(b"\0" * before + data).decode("ascii")[first:last].lower(), _OF_FORM, False
    yield data.hex(), _OF_BYTES, False
    yield data.hex(" "), _OF_BYTES, False


def _folded(text: str) -> str:
    """In small letters, as long as it was: a letter that would be two then, as İ would, stays as it is."""
    return "".join(small if len(small := one.lower()) == 1 else one for one in text)


def _base64(secret: str) -> str:
    from base64 import b64encode

    return b64encode(secret.encode("utf-8", "surrogatepass")).decode("ascii")
