"""What the options of fixes come to, for the commands that mend files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.cli.output import Refusal
from migrator.linting import Mending

if TYPE_CHECKING:
    from migrator.cli.fix_options import FixOptions


def mending(fixes: FixOptions) -> Mending:
    """What happens to the fixes of findings."""
    if fixes.fix:
        return Mending.WRITE
    return Mending.SHOW if fixes.diff else Mending.NONE


def refuse_contradictions(fixes: FixOptions) -> None:
    """Say which options of fixes cannot be meant together."""
    if fixes.diff and fixes.fix:
        raise Refusal("--diff shows what --fix would change, and writes nothing: give one of them")
    if fixes.unsafe_fixes and not (fixes.fix or fixes.diff):
        raise Refusal("--unsafe-fixes goes with --fix, or with --diff to see first what it would change")
