"""A mutant is noticed where a test fails, and only there."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.cli.running import unmeasured
from tests.mutation.judging import _callers, _Function, _nearest, _Test
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
        _Test("tests/rules/test_host.py::test_slow", 9.0, caller),
        _Test("tests/rules/test_login.py::test_fast", 0.1, caller),
        _Test("tests/migrations/test_migrations.py::test_names", 0.1, frozenset()),
        _Test("tests/migrations/test_migrations.py::test_order", 7.0, frozenset()),
    ]

    tried = _nearest(tests, mutants(ROOT / "migrator/migrations/__init__.py")[0])

    assert {one.name.partition("::")[2] for one in tried} == {"test_fast", "test_names", "test_order"}


def test_files_that_import_a_module_are_about_it_however_few_of_their_tests_call_it() -> None:
    caller = frozenset({_Function("migrator.rules.asking", "needs_met")})
    tests = [
        *(_Test(f"tests/rules/test_transport.py::test_{number}", 0.1, caller) for number in range(100)),
        _Test("tests/rules/test_needs.py::test_slow", 9.0, caller),
    ]
    mutant = next(
        one for one in mutants(ROOT / "migrator/rules/asking.py") if one.key.function == "needs_met"
    )

    tried = [one.name for one in _callers(tests, mutant)]

    assert tried[0] == "tests/rules/test_needs.py::test_slow"
    assert 1 < len(tried) < len(tests)
