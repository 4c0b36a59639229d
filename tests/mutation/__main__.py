"""Change one thing at a time in the code, and see whether a test notices; exit 1 where the list is wrong."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from tests.mutation import survivors
from tests.mutation.configuration import Subject, subjects
from tests.mutation.forking import fork_each
from tests.mutation.judging import judge
from tests.mutation.mutants import ROOT, mutants

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.mutation.forking import Say
    from tests.mutation.judging import Verdict
    from tests.mutation.mutants import Key


def main() -> int:
    """Run, and print the score of each subject and what survived."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument(
        "subjects", nargs="*", help="names from pyproject.toml, folders or files (default: everything)"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at once (%(default)s)")
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the mutants to try, 0 to 1 (%(default)s)"
    )
    parser.add_argument("--listed", action="store_true", help="try only what is listed as a survivor")
    options = parser.parse_args()
    chosen = [(subject, _paths(subject, options.subjects)) for subject in subjects()]
    if not any(paths for _, paths in chosen):
        parser.error("no module is chosen")
    tasks = [(subject, paths, options) for subject, paths in chosen if paths]
    worst = 0
    for (subject, _, _), code, said in fork_each(tasks, 1, _run, quiet=False):
        if said:
            print(f"{subject.name}: {said}", file=sys.stderr)
        worst = max(worst, code)
    return worst


def _paths(subject: Subject, chosen: Sequence[str]) -> list[Path]:
    if not chosen or subject.name in chosen:
        return subject.paths
    folders = [ROOT / one for one in chosen]
    return [path for path in subject.paths if any(path.is_relative_to(folder) for folder in folders)]


def _run(task: tuple[Subject, Sequence[Path], argparse.Namespace], _say: Say) -> int:
    subject, paths, options = task
    made = [mutant for path in paths for mutant in mutants(path)]
    reasons = survivors.listed()
    tried = [mutant for mutant in made if mutant.is_in(options.share)]
    if options.listed:
        tried = [mutant for mutant in made if mutant.key in reasons]
    print(f"{subject.name}: {len(tried)} of {len(made)} mutants", flush=True)
    killed: list[Key] = []
    survived: list[Key] = []

    def hear(verdict: Verdict) -> None:
        key = verdict.mutant.key
        (killed if verdict.is_killed else survived).append(key)
        if not verdict.is_killed and key not in reasons:
            print(survivors.entry(key), flush=True)

    judge(subject, tried, options.jobs, hear)
    comparison = survivors.compare(
        reasons, made=[mutant.key for mutant in made], killed=killed, survived=survived
    )
    for key in comparison.stale:
        print(f"listed, but no survivor: {key.module} {key.function}: {key.change}")
    print(
        f"{subject.name}: {len(killed)} of {len(tried)} noticed, "
        f"{100 * len(killed) / max(1, len(tried)):.1f} %; "
        f"{len(survived)} survived, {len(comparison.unlisted)} of them not listed"
    )
    return int(bool(comparison.unlisted or comparison.stale))


if __name__ == "__main__":
    sys.exit(main())
