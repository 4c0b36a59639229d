"""Print how dmsmtp compares with other programs; exit 1 where a ratio is over its limit."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from benchmarks import corpus, starts
from benchmarks.install import ROOT, install_once
from benchmarks.measure import Command, Comparison, compare, peak_memory, processor_seconds, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FINDINGS = frozenset({0, 1})
_REFUSED = frozenset({2})
_AGENTS = 1000
_MOST_MEMORY = 300  # megabytes
_WHOLE, _LARGE, _HUGE = 20_000, 5_000_000, 16 * 2**20  # bytes
_XMLLINT_ANSWERS = frozenset({0, 3, 4})  # 3 and 4: a file is not valid
_MIB = 2**20
_IMPORTS = "import typer, lxml.etree"
_VALIDATION = (
    "import sys; from lxml import etree;"
    "schema = etree.XMLSchema(etree.parse(sys.argv[1]));"
    "schema.validate(etree.parse(sys.argv[2], etree.XMLParser(huge_tree=True)))"
)
_LEAST = ROOT / "benchmarks" / "least.py"
_SCHEMA = ROOT / "schemas" / "dataminer.xsd"


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
            f"{self.what:<31}{result.ours:>8.2f} {self.unit:<2}{result.peer:>9.2f} {self.unit:<2}"
            f"{result.ratio:>8.2f} ({min(result.ratios):.2f} to {max(result.ratios):.2f})"
            f"{self.limit:>8.2f}  {'over' if self.is_over else 'ok':<4}  {self.peer}"
        )


@dataclass(frozen=True)
class _Bench:
    """What is measured: the installed commands, a folder to work in, how many files, and their seed."""

    commands: Path
    folder: Path
    files: int
    seed: int

    @property
    def few(self) -> int:
        return self.files // 10

    def dmsmtp(self, *arguments: str | Path, folder: str = "", codes: frozenset[int] = _FINDINGS) -> Command:
        return Command([self.commands / "dmsmtp", *arguments], self.folder / folder, codes)

    def python(self, program: str, *arguments: str | Path) -> Command:
        return Command([self.commands / "python", "-c", program, *arguments], self.folder)

    def agents(self, name: str, count: int, *, size: int = 0) -> list[str]:
        """Write the files, unless they are there; give their names."""
        folder = self.folder / name
        if folder.exists():
            return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.xml"))
        return corpus.write_agents(folder, count, seed=self.seed, size=size)


def main() -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--files", type=int, default=10_000, help="how many files to lint (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the files' content (%(default)s)")
    parser.add_argument("--only", choices=_PARTS, action="append", help="measure this alone; may be repeated")
    options = parser.parse_args()
    if options.files < 100 * corpus.MISTAKE_EVERY:
        parser.error(f"--files must be {100 * corpus.MISTAKE_EVERY} or more")

    commands = install_once(ROOT / ".tools" / "bench")
    over = False
    print(f"{'':31}{'dmsmtp':>11}{'peer':>12}{'ratio (min to max)':>22}{'limit':>10}        peer")
    for name in options.only or _PARTS:
        with tempfile.TemporaryDirectory(prefix="dmsmtp-bench-") as folder:
            for row in _PARTS[name](_Bench(commands, Path(folder), options.files, options.seed)):
                print(row, flush=True)
                over |= row.is_over
    return int(over)


def _starts(bench: _Bench) -> Iterator[_Row]:
    """Each command once, against importing the two libraries that all of them need."""
    starts.prepare(bench.folder / "calls")
    imports = bench.python(_IMPORTS)
    for name, arguments in starts.CALLS.items():
        command = bench.dmsmtp(name, *arguments, folder="calls", codes=_FINDINGS | _REFUSED)
        result = compare(command, imports, seconds, pairs=25)
        yield _Row(f"start: {name}", f"python -c '{_IMPORTS}'", limit=1.3, unit="s", result=result)


def _bulk(bench: _Bench) -> Iterator[_Row]:
    """Many files, against the program in C that validates them, and against fewer of them."""
    for what, size, pairs in (("files", 0, 7), (f"files of {_WHOLE // 1000} kB", _WHOLE, 3)):
        names = bench.agents(what, bench.files, size=size)
        lint = bench.dmsmtp("lint", ".", "--jobs", "2", folder=what)
        if shutil.which("xmllint"):
            # One process for all files; their names are short enough for one command, seen from their folder
            arguments: list[str | Path] = ["xmllint", "--noout", "--schema", _SCHEMA, *names]
            validate = Command(arguments, bench.folder / what, _XMLLINT_ANSWERS)
            label = f"speed: lint {len(names):,} {what}"
            yield _Row(label, "xmllint --schema", 1.5, "s", compare(lint, validate, seconds, pairs=pairs))
            if sys.platform == "linux":
                result = compare(lint, validate, processor_seconds, pairs=3)
                yield _Row("  processor time of it", "xmllint --schema", inf, "s", result)
                least = Command([bench.commands / "python", _LEAST, _SCHEMA], bench.folder / what)
                result = compare(least, validate, seconds, pairs=pairs)
                yield _Row("  lxml alone, two processes", "xmllint --schema", inf, "s", result)
        else:
            print("speed: not measured against xmllint, which is not installed")


def _scale(bench: _Bench) -> Iterator[_Row]:
    """Ten times as many files, against these ten times over; their memory against that of a hundredth."""
    few, some, many = bench.few, bench.files, 10 * bench.files
    bench.agents("few", few)
    bench.agents("some", some)
    bench.agents("many", many)
    lint_few, lint_some, lint_many = (
        bench.dmsmtp("lint", ".", "--jobs", "2", folder=folder) for folder in ("few", "some", "many")
    )
    measured = compare(lint_many, lint_some, seconds, pairs=2)
    result = Comparison(measured.ours / 10, measured.peer, [ratio / 10 for ratio in measured.ratios])
    yield _Row(f"speed: a tenth of {many:,} files", f"lint {some:,} files", 1.1, "s", result)
    if sys.platform == "win32":
        print("memory: not measured, as Windows does not tell the peak of a process that has ended")
        return
    result = compare(lint_many, lint_few, peak_memory, pairs=2)
    yield _Row(f"memory: lint {many:,} files", f"lint {few:,} files", 1.1, "MB", result)


def _huge(bench: _Bench) -> Iterator[_Row]:
    """One file as large as any may be, against parsing and validating it."""
    (bench.folder / "huge.xml").write_text(corpus.large_document(_HUGE - 1000), "utf-8")
    lint = bench.dmsmtp("lint", "huge.xml", "--max-nodes", "10000000")
    validate = bench.python(_VALIDATION, _SCHEMA, "huge.xml")
    what = f"{_HUGE // _MIB} MiB"
    yield _Row(
        f"speed: lint {what}", "lxml: parse, validate", 2, "s", compare(lint, validate, seconds, pairs=5)
    )


def _conversions(bench: _Bench) -> Iterator[_Row]:
    """Many files to YAML, against linting them; one large file, against another converter."""
    out = bench.folder / "out"

    def into_nothing(command: Command) -> float:
        # What was written is moved away: for some seconds a file system pays for what was removed
        if out.exists():
            out.rename(bench.folder / f"out{uuid4()}")
        out.mkdir()
        return seconds(command)

    count = len(bench.agents("many", bench.files))
    convert = bench.dmsmtp("convert", "many", "--output-dir", out, "--format", "yaml", "--quiet")
    result = compare(convert, bench.dmsmtp("lint", "many"), into_nothing, pairs=3)
    yield _Row(f"speed: convert {count:,} files", f"lint {count:,} files", 4, "s", result)

    (bench.folder / "large.xml").write_text(corpus.large_document(_LARGE), "utf-8")
    convert = bench.dmsmtp("convert", "large.xml", "--whole-file", "-o", out / "ours.json")
    arguments: list[str | Path] = ["--schema", _SCHEMA, "-f", "-o", out, "large.xml"]
    peer = Command([bench.commands / "xmlschema-xml2json", *arguments], bench.folder)
    result = compare(convert, peer, into_nothing, pairs=3)
    yield _Row(f"speed: convert {_LARGE // 1_000_000} MB of XML", "xmlschema-xml2json", 2, "s", result)


def _clusters(bench: _Bench) -> Iterator[_Row]:
    """The agents of one cluster, against linting them."""
    corpus.write_cluster(bench.folder / "cluster", _AGENTS, seed=bench.seed)
    command = bench.dmsmtp("compare", "cluster")
    what = f"{_AGENTS:,} agents"
    result = compare(command, bench.dmsmtp("lint", "cluster"), seconds, pairs=25)
    yield _Row(f"speed: compare {what}", f"lint {what}", 1.5, "s", result)
    if sys.platform != "win32":
        peak = peak_memory(command)
        fixed = Comparison(peak, _MOST_MEMORY, [peak / _MOST_MEMORY])
        yield _Row(f"memory: compare {what}", "what is allowed", 1, "MB", fixed)


_PARTS: dict[str, Callable[[_Bench], Iterator[_Row]]] = {
    "starts": _starts,
    "bulk": _bulk,
    "scale": _scale,
    "huge": _huge,
    "conversions": _conversions,
    "clusters": _clusters,
}

if __name__ == "__main__":
    sys.exit(main())
