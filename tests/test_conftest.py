from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_CONFTEST = Path(__file__).with_name("conftest.py")


def _run_pytest(folder: Path, tests: str, *, ci: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(_CONFTEST, folder)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    windows\n    posix\n", encoding="utf-8")
    (folder / "test_it.py").write_text(f"import pytest\n{tests}\n", encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-ra", "--continue-on-collection-errors"],
        cwd=folder,
        env={**os.environ, "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


_PASSING = "def test_passes(): pass"

_SKIPPED_TESTS = f"""\
{_PASSING}
def test_skips(): pytest.skip('no tool in the test')
@pytest.mark.skipif(True, reason='no tool by a mark')
def test_is_skipped(): pass
"""
_SKIPPED_MODULE = "import pytest\npytest.skip('no tool for the module', allow_module_level=True)\n"


def _run_skips(folder: Path, *, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_module.py").write_text(_SKIPPED_MODULE, encoding="utf-8")
    return _run_pytest(folder, _SKIPPED_TESTS, ci=ci)


def test_skips_fail_in_ci_and_say_why(tmp_path: Path) -> None:
    outcome = _run_skips(tmp_path, ci="true")

    assert outcome.returncode == 1
    assert "1 failed, 1 passed, 2 errors" in outcome.stdout
    for where in ("in the test", "by a mark", "for the module"):
        assert f"a test may not be skipped in CI: Skipped: no tool {where}" in outcome.stdout


def test_skips_are_skips_elsewhere(tmp_path: Path) -> None:
    outcome = _run_skips(tmp_path, ci="")

    assert outcome.returncode == 0
    assert "1 passed, 3 skipped" in outcome.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    outcome = _run_pytest(tmp_path, "@pytest.mark.xfail\ndef test_fails(): assert False", ci="true")

    assert outcome.returncode == 0
    assert "1 xfailed" in outcome.stdout


def test_a_test_for_another_system_is_left_out_and_not_skipped(tmp_path: Path) -> None:
    both = "@pytest.mark.windows\ndef test_one(): pass\n@pytest.mark.posix\ndef test_other(): pass"

    outcome = _run_pytest(tmp_path, both, ci="true")

    assert outcome.returncode == 0
    assert "1 passed, 1 deselected" in outcome.stdout
