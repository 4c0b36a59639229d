"""Print how dmsmtp compares with other programs; exit 1 where a ratio is over its limit."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import dataclass
from itertools import chain
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from benchmarks import corpus
from benchmarks.install import ROOT, install_once
from benchmarks.measure import Command, Comparison, compare, peak_memory, processor_seconds, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

_FINDINGS = frozenset({1})
_AGENTS = 1000
_MOST_MEMORY = 300  # megabytes
_LARGE = 5_000_000  # bytes
_XMLLINT_ANSWERS = frozenset({0, 3, 4})  # 3 and 4: a file is not valid


@dataclass(frozen=True)
class _Row:
    what: str
    peer: str
    limit: float
    unit: str
    result: Comparison

    @property
    def is_over(self) -> bool:
        return self.result.ratio > self.limit

    def __str__(self) -> str:
        result = self.result
        return (
            f"{self.what:<27}{result.ours:>8.2f} {self.unit:<2}{result.peer:>9.2f} {self.unit:<2}"
            f"{result.ratio:>8.2f} ({min(result.ratios):.2f} to {max(result.ratios):.2f})"
            f"{self.limit:>8.2f}  {'over' if self.is_over else 'ok':<4}  {self.peer}"
        )


def main() -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--files", type=int, default=10_000, help="how many files to lint (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the files' content (%(default)s)")
    options = parser.parse_args()
    few = options.files // 10
    if few < corpus.MISTAKE_EVERY:
        parser.error(f"--files must be {10 * corpus.MISTAKE_EVERY} or more")

    commands = install_once(ROOT / ".tools" / "bench")
    over = False
    with tempfile.TemporaryDirectory(prefix="dmsmtp-bench-") as name:
        folder = Path(name)
        corpus.write_agents(folder / "few", few, seed=options.seed)
        names = corpus.write_agents(folder / "many", options.files, seed=options.seed)
        print(f"{'':27}{'dmsmtp':>11}{'peer':>12}{'ratio (min to max)':>22}{'limit':>10}        peer")
        corpus.write_cluster(folder / "cluster", _AGENTS, seed=options.seed)
        for row in chain(_rows(commands, folder, names, few), _cluster_rows(commands, folder)):
            print(row, flush=True)
            over |= row.is_over
    return int(over)


def _rows(commands: Path, folder: Path, names: list[str], few: int) -> Iterator[_Row]:
    dmsmtp = commands / "dmsmtp"
    lint_few = Command([dmsmtp, "lint", "few"], folder, _FINDINGS)
    lint_many = Command([dmsmtp, "lint", "many"], folder, _FINDINGS)

    lint_one = Command([dmsmtp, "lint", names[0]], folder / "many")
    imports = "import typer, lxml.etree"
    import_only = Command([commands / "python", "-c", imports], folder)
    result = compare(lint_one, import_only, seconds, pairs=20)
    yield _Row("start: lint 1 file", f"python -c '{imports}'", limit=1.3, unit="s", result=result)
    if sys.platform != "win32":
        result = compare(lint_one, import_only, processor_seconds, pairs=20)
        yield _Row("  processor time of it", f"python -c '{imports}'", limit=inf, unit="s", result=result)

    if xmllint := shutil.which("xmllint"):
        # One process for all files; their names are short enough for one command, seen from their folder.
        arguments = [xmllint, "--noout", "--schema", str(ROOT / "schemas" / "dataminer.xsd"), *names]
        validate = Command(arguments, folder / "many", _XMLLINT_ANSWERS)
        result = compare(lint_many, validate, seconds, pairs=5)
        yield _Row(f"speed: lint {len(names):,} files", "xmllint --schema", limit=3, unit="s", result=result)
        if sys.platform != "win32":
            result = compare(lint_many, validate, processor_seconds, pairs=5)
            yield _Row("  processor time of it", "xmllint --schema", limit=inf, unit="s", result=result)
    else:
        print("speed: not measured, as xmllint is not installed")

    yield from _conversions(commands, folder, lint_many, len(names))

    if sys.platform == "win32":
        print("memory: not measured, as Windows does not tell the peak of a process that has ended")
    else:
        result = compare(lint_many, lint_few, peak_memory, pairs=3)
        yield _Row(
            f"memory: lint {len(names):,} files", f"lint {few:,} files", limit=1.25, unit="MB", result=result
        )


def _cluster_rows(commands: Path, folder: Path) -> Iterator[_Row]:
    compare_all = Command([commands / "dmsmtp", "compare", "cluster"], folder, _FINDINGS)
    lint_all = Command([commands / "dmsmtp", "lint", "cluster"], folder, frozenset({0, 1}))
    result = compare(compare_all, lint_all, seconds, pairs=9)
    what = f"{_AGENTS:,} agents"
    yield _Row(f"speed: compare {what}", f"lint {what}", limit=1.5, unit="s", result=result)
    if sys.platform != "win32":
        peak = peak_memory(compare_all)
        fixed = Comparison(peak, _MOST_MEMORY, [peak / _MOST_MEMORY])
        yield _Row(f"memory: compare {what}", "what is allowed", limit=1, unit="MB", result=fixed)


def _conversions(commands: Path, folder: Path, lint_many: Command, count: int) -> Iterator[_Row]:
    dmsmtp, out = commands / "dmsmtp", folder / "out"

    def into_nothing(command: Command) -> float:
        # What was written is moved away: for some seconds a file system pays for what was removed
        if out.exists():
            out.rename(folder / f"out{uuid4()}")
        out.mkdir()
        return seconds(command)

    into: list[str | Path] = ["--output-dir", out, "--format", "yaml", "--quiet"]
    convert_many = Command([dmsmtp, "convert", "many", *into], folder, _FINDINGS)
    result = compare(convert_many, lint_many, into_nothing, pairs=3)
    yield _Row(f"speed: convert {count:,} files", f"lint {count:,} files", limit=4, unit="s", result=result)

    (folder / "large.xml").write_text(corpus.large_document(_LARGE), "utf-8")
    convert_one = Command([dmsmtp, "convert", "large.xml", "--whole-file", "-o", out / "ours.json"], folder)
    schema = ROOT / "schemas" / "dataminer.xsd"
    peer = Command(
        [commands / "xmlschema-xml2json", "--schema", schema, "-f", "-o", out, "large.xml"], folder
    )
    result = compare(convert_one, peer, into_nothing, pairs=3)
    size = f"{_LARGE // 1_000_000} MB"
    yield _Row(f"speed: convert {size} of XML", "xmlschema-xml2json", limit=2, unit="s", result=result)


if __name__ == "__main__":
    sys.exit(main())
