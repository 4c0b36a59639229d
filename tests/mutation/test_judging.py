"""A mutant is noticed where a test fails, and only there."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.cli.running import unmeasured
from tests.mutation.judging import _Function, _nearest, _Test
from tests.mutation.mutants import ROOT, mutants

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
@pytest.mark.python_3_11
def test_a_mutant_is_noticed_where_a_test_fails_and_only_there() -> None:
    run = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=ROOT,
        env=unmeasured(),
        capture_output=True,
        text=True,
        check=False,
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


def test_a_table_is_tried_by_the_file_named_after_its_module_though_that_calls_nothing_of_it() -> None:
    # a package has the name of its folder
    caller = frozenset({_Function("migrator.migrations", "steps_for")})
    tests = [
        _Test("tests/migrations/test_steps.py::test_slow", 9.0, caller),
        _Test("tests/migrations/test_login.py::test_fast", 0.1, caller),
        _Test("tests/migrations/test_migrations.py::test_names", 0.1, frozenset()),
        _Test("tests/migrations/test_migrations.py::test_order", 7.0, frozenset()),
    ]

    tried = _nearest(tests, mutants(ROOT / "migrator/migrations/__init__.py")[0])

    assert {one.name.partition("::")[2] for one in tried} == {"test_fast", "test_names", "test_order"}
