"""Where passwords come from that stand in no file: a variable, or a terminal that does not show them."""

from __future__ import annotations

import sys

from migrator.values.secret import printable

PASSWORD_VARIABLE = "DMSMTP_PASSWORD"


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
