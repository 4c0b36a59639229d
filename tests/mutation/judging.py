"""Whether the tests notice a mutant.

The tests of a subject run once without any change, which tells how long each takes and what it calls. Most
mutants are of code in functions: for these the tests are collected once, and every mutant is a fork of that
process in which one function is given its changed code, and in which tests that call this function are run up
to the first that fails. What that cannot do (tables, patterns, classes, what runs when a module is imported)
is tried in a fork of a process that has imported nothing of ours yet.
"""

from __future__ import annotations

import ast
import functools
import gc
import importlib
import json
import signal
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.mutation.forking import fork_each
from tests.mutation.mutants import ROOT, module_name
from tests.mutation.swapping import import_changed, swap

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from types import FrameType

    from tests.mutation.configuration import Subject
    from tests.mutation.forking import Say
    from tests.mutation.mutants import Mutant

_SURVIVED, _KILLED = 0, 1
_ENOUGH = 5.0  # seconds of processor time that tests of other files may take, together
_FAST = 3.0  # seconds of processor time that any test may take
_SLOWER = 5  # times its usual time that a test may take beyond that
_WAITING = 120  # seconds that a test may take, waiting included, beyond the same of its usual time
_UNKNOWN = 60.0  # seconds, of a test that was not run yet
_ARGUMENTS = ("-o", "addopts=", "-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:xdist")
# Plugins are imported before pytest starts.
_WARNINGS = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
# What tests import and nobody here changes, loaded before anything is forked.
_LIBRARIES = ("lxml.etree", "yaml", "idna", "email_validator", "jsonschema", "xmlschema", "typer")


class Verdict(NamedTuple):
    """What the tests made of a mutant, and the first that failed, where one did."""

    mutant: Mutant
    is_killed: bool
    by: str


class _Function(NamedTuple):
    module: str
    name: str


@dataclass(frozen=True)
class _Test:
    """A test as it runs without any change."""

    name: str
    seconds: float  # of processor time
    calls: frozenset[_Function]

    @property
    def file(self) -> str:
        return self.name.partition("::")[0]


def judge(subject: Subject, mutants: Sequence[Mutant], jobs: int, heard: Callable[[Verdict], None]) -> None:
    """Judge mutants of modules of a subject, in any order. Imports them: nobody may have done so before."""
    for name in _LIBRARIES:
        importlib.import_module(name)
    tests = _unchanged(subject)
    swapped = [mutant for mutant in mutants if mutant.in_function and _callers(tests, mutant)]
    others = [(mutant, _nearest(tests, mutant)) for mutant in mutants if mutant not in swapped]
    for (mutant, _), code, said in fork_each(others, jobs, _run_anew):
        heard(Verdict(mutant, code != _SURVIVED, said.strip()))
    if swapped:
        code = _pytest(subject.tests, _Swapping(tests, swapped, jobs, heard))
        if code != pytest.ExitCode.OK:
            raise RuntimeError(f"pytest ended with {code}")


def _unchanged(subject: Subject) -> list[_Test]:
    def work(_: None, say: Say) -> int:
        return int(_pytest(subject.tests, _Measuring(subject, say)))

    (_, code, said), *_ = fork_each([None], 1, work)
    if code:
        raise RuntimeError(f"tests of {subject.name} fail where nothing is changed:\n{said}")
    lines = [json.loads(line) for line in said.splitlines()]
    return [
        _Test(line["name"], line["seconds"], frozenset(_Function(*one) for one in line["calls"]))
        for line in lines
    ]


def _run_anew(task: tuple[Mutant, list[_Test]], say: Say) -> int:
    mutant, tests = task
    import_changed(mutant)
    watch = _Watch(tests)
    code = _pytest(["-x", *dict.fromkeys(test.file for test in tests)], watch)
    say(watch.failed)
    return _SURVIVED if code == pytest.ExitCode.OK else _KILLED


def _pytest(arguments: Iterable[str], plugin: object) -> int:
    return pytest.main([*_ARGUMENTS, *_WARNINGS, *arguments], plugins=[plugin])


def _callers(tests: Iterable[_Test], mutant: Mutant) -> list[_Test]:
    """Tests that call the function of a mutant: those of its own module, and some of the others."""
    function = _Function(mutant.key.module, mutant.key.function)
    found = sorted((test for test in tests if function in test.calls), key=lambda test: test.seconds)
    if not found:
        return []
    own = _own_files(found, mutant)
    return _some_more([test for test in found if test.file in own], found)


def _nearest(tests: Iterable[_Test], mutant: Mutant) -> list[_Test]:
    """Tests of the files that are about the module of a mutant, and some of the others that call it."""
    module = mutant.key.module
    ordered = sorted(tests, key=lambda test: test.seconds)
    callers = [test for test in ordered if any(function.module == module for function in test.calls)]
    # Tests of a table may call nothing of the module.
    about = [test for test in ordered if _is_about(test.file, module)]
    own = _own_files(about or callers or ordered, mutant)
    return _some_more([test for test in ordered if test.file in own], callers or ordered)


def _own_files(tests: Sequence[_Test], mutant: Mutant) -> set[str]:
    """The files of tests that are about the module of a mutant, or else the one that most of them are in."""
    count = Counter(test.file for test in tests)
    about = {file for file in count if _is_about(file, mutant.key.module)}
    return about or {max(count, key=lambda file: count[file])}


@functools.cache
def _is_about(file: str, module: str) -> bool:
    """Whether a file of tests is named after a module, or imports it."""
    package, _, name = module.rpartition(".")
    return Path(file).stem.startswith(f"test_{name}") or any(
        isinstance(node, ast.ImportFrom)
        and (node.module == module or (node.module == package and name in {one.name for one in node.names}))
        for node in ast.walk(ast.parse(Path(ROOT, file).read_text("utf-8")))
    )


def _some_more(own: list[_Test], others: Iterable[_Test]) -> list[_Test]:
    seconds = 0.0
    chosen = dict.fromkeys(own)
    for test in others:
        seconds += test.seconds
        if seconds > _ENOUGH:
            break
        chosen[test] = None
    return list(chosen)


class _Watch:
    """Has pytest run some tests in a certain order, each for as long as it may take at most."""

    def __init__(self, tests: Iterable[_Test]) -> None:
        self._tests = {test.name: (at, test) for at, test in enumerate(tests)}
        self.failed = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        settings.register_profile(
            "mutation",
            settings.default,
            max_examples=25,
            database=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        settings.load_profile("mutation")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self._tests]
        items.sort(key=lambda item: self._tests[item.nodeid][0])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        usual = self._tests[item.nodeid][1].seconds if self._tests else _UNKNOWN
        signal.setitimer(signal.ITIMER_PROF, _FAST + _SLOWER * usual)
        signal.setitimer(signal.ITIMER_REAL, _WAITING + _WAITING * usual)
        result = yield
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = report.nodeid


class _Measuring(_Watch):
    """Runs the tests of a subject, and says of each how long it took and what it called."""

    def __init__(self, subject: Subject, say: Say) -> None:
        super().__init__([])
        self._subject, self._say = subject, say

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if not item.nodeid.startswith(self._subject.deselect)]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        files = {str(path): module_name(path) for path in self._subject.paths}
        kind = type(functools.lru_cache(int))
        gc.unfreeze()  # what tests/conftest.py has set aside is not among the objects otherwise
        caches: list[Any] = [found for found in gc.get_objects() if isinstance(found, kind)]
        calls: set[tuple[str, str]] = set()

        def note(frame: FrameType, event: str, _argument: object) -> None:
            if event == "call" and frame.f_code.co_filename in files:
                name = frame.f_code.co_qualname.partition(".<locals>")[0]
                calls.add((files[frame.f_code.co_filename], name))

        for item, following in zip_longest(session.items, session.items[1:]):
            for cache in caches:  # or what was called by a test before is not called again
                cache.cache_clear()
            calls.clear()
            started = time.process_time()
            sys.setprofile(note)
            _run(item, following)
            sys.setprofile(None)
            seconds = time.process_time() - started
            if self.failed:
                self._say(self.failed)
                raise pytest.Session.Failed
            self._say(json.dumps({"name": item.nodeid, "seconds": seconds, "calls": sorted(calls)}))
        return True


class _Swapping(_Watch):
    """Collects tests, and tries mutants instead of running them."""

    def __init__(
        self,
        tests: Sequence[_Test],
        mutants: Sequence[Mutant],
        jobs: int,
        heard: Callable[[Verdict], None],
    ) -> None:
        super().__init__(tests)
        self._mutants, self._jobs, self._heard = mutants, jobs, heard
        self._all = tests
        self._killers: dict[str, list[str]] = defaultdict(list)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = {item.nodeid: item for item in session.items}
        gc.collect()
        gc.freeze()  # so that forked processes share what is there
        for mutant, code, said in fork_each(self._mutants, self._jobs, self._try):
            by = said.strip()
            if by in self._items:
                self._killers[mutant.key.function].append(by)
            elif code == _KILLED:  # by no test, nor by a signal: something is wrong here
                raise RuntimeError(by)
            self._heard(Verdict(mutant, code != _SURVIVED, by))
        return True

    def _try(self, mutant: Mutant, say: Say) -> int:
        swap(mutant)
        # What noticed the last mutants is likely to notice this one.
        lately = dict.fromkeys(reversed(self._killers[mutant.key.function]))
        names = dict.fromkeys([*lately, *(test.name for test in _callers(self._all, mutant))])
        items = [self._items[name] for name in names]
        for item, following in zip_longest(items, items[1:]):
            _run(item, following)
            if self.failed:
                say(self.failed)
                return _KILLED
        return _SURVIVED


def _run(item: pytest.Item, following: pytest.Item | None) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
