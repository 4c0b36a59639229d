"""Where secrets come from that stand in no file: a variable, a line, a terminal that does not show them."""

from __future__ import annotations

import sys

from migrator.cli.output import Refusal
from migrator.values.secret import printable

PASSWORD_VARIABLE = "DMSMTP_PASSWORD"
_LONGEST = 65_536  # bytes of a secret


def secret_line(option: str) -> str:
    """The next line of standard input, a secret by that option: in UTF-8, whatever the console has."""
    if sys.stdin is None:
        raise Refusal(f"{option}: standard input is closed")
    line = sys.stdin.buffer.readline(_LONGEST + 1)
    if len(line) > _LONGEST:
        raise Refusal(f"{option}: the line on standard input is too long for a secret")
    try:
        text = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise Refusal(f"{option}: standard input is not UTF-8: send the secret in UTF-8") from error
    if "\0" in text:
        raise Refusal(f"{option}: a zero byte is on standard input: send the secret as text, in UTF-8")
    return text


def typed_secret(words: str) -> str | None:
    """What is typed behind these words; None where it would be shown, or the input ends before it."""
    import warnings
    from getpass import GetPassWarning, getpass

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", GetPassWarning)
            return getpass(printable(words), sys.stderr)
    except (EOFError, GetPassWarning):
        return None
