"""Numbers as JSON and YAML write them."""

from __future__ import annotations

from typing import Final

_MOST_EXPONENT: Final = 3  # digits: nothing that could be meant here is larger


def whole(number: str) -> str:
    """A number as text; one without a fraction as an integer, however it is written (JSON Schema, 6.1.1)."""
    mantissa, _, exponent = number.lower().partition("e")
    before, _, after = mantissa.removeprefix("-").partition(".")
    digits = before + after
    if not digits.strip("0"):
        return "0"
    if len(exponent.lstrip("+-")) > _MOST_EXPONENT:
        return number
    point = len(before) + int(exponent or 0)
    if digits[max(point, 0) :].strip("0"):
        return number
    whole = digits[: max(point, 0)].ljust(point, "0").lstrip("0")
    return f"-{whole}" if number.startswith("-") else whole
