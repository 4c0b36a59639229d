"""A mutant is noticed where a test fails, and only there."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.mutation.mutants import ROOT

_SCRIPT = """
import json
from tests.mutation.configuration import Subject
from tests.mutation.judging import judge
from tests.mutation.mutants import ROOT, mutants

subject = Subject("nearest", ("migrator/values/nearest.py",), ("tests/values/test_nearest.py",))
wanted = ("[5 → 6]", "[> → >=] allowed", "is_tied = [False → True]")
made = mutants(ROOT / "migrator/values/nearest.py")
tried = [one for one in made if any(part in one.key.change for part in wanted)]
judge(subject, tried, 2, lambda one: print(json.dumps([one.mutant.key.change, one.is_killed, one.by])))
"""
_TABLE, _FUNCTION, _EQUIVALENT = (
    "_TWO_EDITS_FROM = [5 → 6]",
    "if edits [> → >=] allowed:",
    "is_tied = [False → True]",
)


@pytest.mark.posix
def test_a_mutant_is_noticed_where_a_test_fails_and_only_there() -> None:
    run = subprocess.run(
        [sys.executable, "-c", _SCRIPT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    verdicts = {change: (killed, by) for change, killed, by in map(json.loads, run.stdout.splitlines())}
    assert {change: killed for change, (killed, _) in verdicts.items()} == {
        _TABLE: True,
        _FUNCTION: True,
        _EQUIVALENT: False,
    }
    tests = "tests/values/test_nearest.py::"
    assert verdicts[_TABLE][1] == f"{tests}test_two_edits_are_near_from_five_characters_on"
    assert verdicts[_FUNCTION][1].startswith(tests)
