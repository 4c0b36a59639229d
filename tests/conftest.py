"""What holds for all tests: those for another system are left out, and none may be skipped in CI."""

from __future__ import annotations

import contextlib
import gc
import os
import pkgutil
import shutil
import signal
import sys
import tempfile
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import is_hypothesis_test, settings

import migrator

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

settings.register_profile("any machine", deadline=None)  # no test asserts a time but a generous limit
settings.load_profile("any machine")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a script: all would ignore it
    signal.signal(signal.SIGINT, signal.default_int_handler)

_FOREIGN_MARKS = {"posix" if sys.platform == "win32" else "windows"}
if sys.platform != "linux":
    _FOREIGN_MARKS |= {"linux", "root"}
elif os.geteuid() != 0:
    _FOREIGN_MARKS.add("root")
if sys.version_info[:2] != (3, 11):
    _FOREIGN_MARKS.add("python_3_11")
if find_spec("atheris") is None:  # `dev` installs it where there is one
    _FOREIGN_MARKS.add("atheris")


@pytest.fixture
def untraced() -> Iterator[None]:
    """For tests that hold a time, or go over very much: measuring coverage makes code much slower."""
    with _without_tracing():
        yield


@contextlib.contextmanager
def _without_tracing() -> Iterator[None]:
    _import_what_is_imported_late()
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


@cache
def _import_what_is_imported_late() -> None:
    """Import all modules while that is measured, or what they define is shown as never reached."""
    for module in pkgutil.walk_packages(migrator.__path__, "migrator."):
        import_module(module.name)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that every user may enter and write to, unlike pytest's own."""
    with _folder_outside(0o777) as folder:
        yield folder


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, for servers that run under accounts of their own."""
    with _folder_outside(0o755) as folder:
        yield folder


@contextlib.contextmanager
def _folder_outside(mode: int) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="dmsmtp-test-"))
    folder.chmod(mode)
    yield folder
    for path in folder.rglob("*"):
        if path.is_dir():
            path.chmod(0o700)
    shutil.rmtree(folder)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="write the expected reports anew")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Have no garbage looked for among the tests: they are very many, and stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    foreign = [item for item in items if any(map(item.get_closest_marker, _FOREIGN_MARKS))]
    if foreign:
        config.hook.pytest_deselected(items=foreign)
        items[:] = [item for item in items if item not in foreign]


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Leave properties out where coverage is measured: what they reach is chance, and takes twice as long."""
    is_measured = pyfuncitem.config.getoption("cov_source", default=None)  # or else a debugger may be at work
    is_left_out = is_measured and is_hypothesis_test(pyfuncitem.obj)
    with _without_tracing() if is_left_out else contextlib.nullcontext():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _fail_where_skipped_in_ci(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _fail_where_skipped_in_ci(report)
    return report


def _fail_where_skipped_in_ci(report: pytest.TestReport | pytest.CollectReport) -> None:
    expected_to_fail = hasattr(report, "wasxfail")  # pytest reports these as skipped, too
    if os.environ.get("CI") and report.skipped and not expected_to_fail:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: a test may not be skipped in CI: {reason}"
