from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_CONFTEST = Path(__file__).with_name("conftest.py")


def _run_pytest(folder: Path, tests: str, *, ci: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(_CONFTEST, folder)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    windows\n    posix\n", encoding="utf-8")
    (folder / "test_it.py").write_text(f"import pytest\n{tests}\n", encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-ra"],
        cwd=folder,
        env={**os.environ, "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


_PASSING = "def test_passes(): pass"

_SKIPS = [
    pytest.param("def test_skips(): pytest.skip('no tool')", id="in the test"),
    pytest.param("@pytest.mark.skipif(True, reason='no tool')\ndef test_skips(): pass", id="by a mark"),
    pytest.param("pytest.skip('no tool', allow_module_level=True)", id="of a whole module"),
]


@pytest.mark.parametrize("skip", _SKIPS)
def test_a_skipped_test_fails_in_ci_and_says_why(tmp_path: Path, skip: str) -> None:
    outcome = _run_pytest(tmp_path, f"{_PASSING}\n{skip}", ci="true")

    assert outcome.returncode not in (0, 5)
    assert "a test may not be skipped in CI" in outcome.stdout
    assert "no tool" in outcome.stdout


@pytest.mark.parametrize("skip", _SKIPS)
def test_a_skipped_test_is_one_elsewhere(tmp_path: Path, skip: str) -> None:
    outcome = _run_pytest(tmp_path, f"{_PASSING}\n{skip}", ci="")

    assert outcome.returncode in (0, 5)  # 5: the whole module was skipped
    assert "1 skipped" in outcome.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    outcome = _run_pytest(tmp_path, "@pytest.mark.xfail\ndef test_fails(): assert False", ci="true")

    assert outcome.returncode == 0
    assert "1 xfailed" in outcome.stdout


def test_a_test_for_another_system_is_left_out_and_not_skipped(tmp_path: Path) -> None:
    both = "@pytest.mark.windows\ndef test_one(): pass\n@pytest.mark.posix\ndef test_other(): pass"

    outcome = _run_pytest(tmp_path, both, ci="true")

    assert outcome.returncode == 0
    assert "1 passed, 1 deselected" in outcome.stdout
