"""Options on what is mended, and their group. None: it was not given."""

from typing import Annotated

import typer

from migrator.tuples import NamedTuple

_FIXES = "Fixes"

Fix = Annotated[
    bool,
    typer.Option(
        "--fix", help="Mend what can be mended safely, and write the files.", rich_help_panel=_FIXES
    ),
]
UnsafeFixes = Annotated[
    bool | None,
    typer.Option(
        "--unsafe-fixes",
        help="With --fix or --diff: mend also where that is a choice, or may change what the file means.",
        rich_help_panel=_FIXES,
    ),
]
Diff = Annotated[
    bool,
    typer.Option("--diff", help="Show what --fix would change, and write nothing.", rich_help_panel=_FIXES),
]
NoBackup = Annotated[
    bool | None,
    typer.Option("--no-backup", help="Keep no copy of a file that --fix changes.", rich_help_panel=_FIXES),
]
ExitNonZeroOnFix = Annotated[
    bool | None,
    typer.Option(
        "--exit-non-zero-on-fix", help="End with 1 where something was mended.", rich_help_panel=_FIXES
    ),
]


class FixOptions(NamedTuple):
    """What is mended, and where to."""

    fix: Fix = False
    unsafe_fixes: UnsafeFixes = None
    diff: Diff = False
    no_backup: NoBackup = None
    exit_non_zero_on_fix: ExitNonZeroOnFix = None
