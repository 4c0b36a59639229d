"""Where our own code failed: all that is told of it, as an error's own text might quote a secret."""

from __future__ import annotations

import traceback


def sentence(error: BaseException) -> str:
    """What is said of a mistake of ours to whoever can only report it."""
    return f"this should not happen ({words(error)}); please report it"


def of_rule(code: str, name: str, error: BaseException) -> tuple[str, str]:
    """What is said of a rule that failed, and what to do."""
    return (
        f"the rule {code} ({name}) failed with {words(error)}",
        f"please report it; --ignore {code} leaves the rule out",
    )


def words(error: BaseException) -> str:
    """The kind of an error and the deepest place of this package that it came through."""
    where = ""
    for frame in traceback.extract_tb(error.__traceback__):
        path = "/" + frame.filename.replace("\\", "/")  # where it is frozen, it begins with the package
        if "/migrator/" in path:
            where = f" in {path.rpartition('/migrator/')[2]}:{frame.lineno}"
    return f"{type(error).__name__}{where}"
