"""Several reports of one run: the files pass by once, and each report is there whole or not at all."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from migrator.checking import CheckSettings, FileReport, check
from migrator.cli import delivery
from migrator.cli.delivery import Output, deliver_all
from migrator.cli.output import ClosedPipe, Refusal, Unwritable
from migrator.reporters import FORMATS, pieces, reporter
from migrator.summary import Tally
from tests.cli.running import CLEAN, ERROR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FILES = [("a.xml", CLEAN), ("b.xml", ERROR), ("\udcff.xml", ERROR), ("é.xml", ERROR)]


def found() -> Iterator[FileReport]:
    """Results to report."""
    settings = CheckSettings(excerpts=True, fingerprints=True, fix_spans=True)
    for path, text in FILES:
        yield check(path, text.encode(), settings)
    yield FileReport("gone.xml", failure="it is gone")


def output(name: str, target: Path | str | None) -> Output:
    return Output(reporter(name), target if target is None else str(target), FORMATS[name].is_machine)


def alone(name: str) -> bytes:
    """What a format comes to where it is the only one."""
    tally = Tally()
    return "".join(pieces(reporter(name), tally.follow(found()), tally)).encode("utf-8", "backslashreplace")


@pytest.fixture
def stdout() -> io.BytesIO:
    """What takes the place of standard output."""
    return io.BytesIO()


def deliver(stdout: io.BytesIO, outputs: list[Output], reports: Iterable[FileReport] | None = None) -> None:
    tally = Tally()
    stream = io.TextIOWrapper(stdout, "utf-8", newline="\n", write_through=True)
    with mock.patch.object(sys, "stdout", stream):
        try:
            deliver_all(tally.follow(found() if reports is None else reports), tally, outputs)
        finally:
            stream.detach()


class Closed(io.BytesIO):
    """A pipe that nobody reads any more."""

    def write(self, _data: object, /) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize("in_memory", [1, 1024 * 1024])
def test_each_report_is_as_if_it_were_alone(
    in_memory: int, tmp_path: Path, stdout: io.BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_IN_MEMORY", in_memory)

    deliver(stdout, [output("full", None), *(output(name, tmp_path / name) for name in FORMATS)])

    assert stdout.getvalue() == alone("full")
    for name in FORMATS:
        assert (tmp_path / name).read_bytes() == alone(name), name
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FORMATS)


def test_the_first_may_be_a_file_too(tmp_path: Path, stdout: io.BytesIO) -> None:
    deliver(stdout, [output("json", tmp_path / "a"), output("concise", "-"), output("sarif", tmp_path / "b")])

    assert (tmp_path / "a").read_bytes() == alone("json")
    assert (tmp_path / "b").read_bytes() == alone("sarif")
    assert stdout.getvalue() == alone("concise")


def test_a_run_that_breaks_off_leaves_all_old_reports(tmp_path: Path, stdout: io.BytesIO) -> None:
    def interrupted() -> Iterator[FileReport]:
        yield from found()
        raise KeyboardInterrupt

    (tmp_path / "a").write_text("old", "utf-8")
    with pytest.raises(KeyboardInterrupt):
        deliver(stdout, [output("json", tmp_path / "a"), output("sarif", tmp_path / "b")], interrupted())

    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text("utf-8") == "old"
    assert stdout.getvalue() == b""


def test_a_target_that_cannot_be_written_is_refused(tmp_path: Path, stdout: io.BytesIO) -> None:
    with pytest.raises(Refusal, match="was not written: its folder does not exist"):
        deliver(stdout, [output("full", None), output("json", tmp_path / "missing" / "a")])

    assert list(tmp_path.iterdir()) == []


def test_where_one_cannot_be_written_the_others_are_and_each_is_told(
    tmp_path: Path, stdout: io.BytesIO
) -> None:
    names = ["missing/a", "b", "missing/c", "d"]

    with pytest.raises(Unwritable) as refused:
        deliver(stdout, [output("full", None), *(output("json", tmp_path / name) for name in names)])

    assert [text.partition(" was not written")[0] for text in refused.value.sentences] == [
        str(tmp_path / "missing/a"),
        str(tmp_path / "missing/c"),
    ]
    assert stdout.getvalue() == alone("full")
    assert (tmp_path / "b").read_bytes() == (tmp_path / "d").read_bytes() == alone("json")


@pytest.mark.parametrize(("first", "second"), [("a", "a"), ("a", "b/../a"), (None, "-"), ("-", None)])
def test_two_reports_at_one_place_are_refused(
    first: str | None,
    second: str | None,
    tmp_path: Path,
    stdout: io.BytesIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b").mkdir()

    with pytest.raises(Refusal, match="two reports would be written there"):
        deliver(stdout, [output("full", first), output("json", second)])
    assert not (tmp_path / "a").exists()


def test_where_nobody_reads_the_first_the_others_are_written(tmp_path: Path) -> None:
    with pytest.raises(ClosedPipe):
        deliver(
            Closed(), [output("full", None), output("json", tmp_path / "a"), output("junit", tmp_path / "b")]
        )
    with pytest.raises(ClosedPipe):
        deliver(Closed(), [output("full", None)])

    assert (tmp_path / "a").read_bytes() == alone("json")
    assert (tmp_path / "b").read_bytes() == alone("junit")


@pytest.mark.parametrize("fault", [BlockingIOError, BrokenPipeError])
@pytest.mark.parametrize("name", ["full", "json"])
@pytest.mark.parametrize("to_file", [False, True])
def test_what_fails_in_the_work_is_not_told_of_the_output(
    fault: type[OSError], name: str, to_file: bool, tmp_path: Path, stdout: io.BytesIO
) -> None:
    """As where another process cannot be started, or is gone."""

    def failing() -> Iterator[FileReport]:
        yield from found()
        raise fault(11, "try again")

    with pytest.raises(fault, match="try again"):
        deliver(stdout, [output(name, tmp_path / "a" if to_file else None)], failing())

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("is_full_at_once", [True, False])
def test_where_nothing_can_be_put_aside_is_a_sentence(
    is_full_at_once: bool, tmp_path: Path, stdout: io.BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written last stays in memory until it is read; a file that is closed tries it again."""

    class Full:
        def write(self, _text: str) -> None:
            if is_full_at_once:
                self.seek(0)

        def seek(self, _place: int) -> None:
            raise OSError(28, "No space left on device")

        def close(self) -> None:
            self.seek(0)

    monkeypatch.setattr(delivery, "_spool", Full)
    monkeypatch.setattr("tempfile.tempdir", "/tmp")  # noqa: S108 - it is only named

    with pytest.raises(Refusal) as refusal:
        deliver(stdout, [output("full", None), output("json", tmp_path / "a")])
    assert refusal.value.sentences == (
        "a report could not be put aside in a temporary file in /tmp: No space left on device",
        *(["the run ended there, perhaps before all files were looked at"] if is_full_at_once else []),
    )
    assert list(tmp_path.iterdir()) == []


def test_files_pass_by_one_at_a_time(tmp_path: Path, stdout: io.BytesIO) -> None:
    """What is printed of one is there before the next is looked at."""
    seen = []

    def slowly() -> Iterator[FileReport]:
        for one in found():
            seen.append(stdout.getvalue().count(b"\n"))
            yield one

    deliver(stdout, [output("concise", None), output("json", tmp_path / "a")], slowly())

    assert seen == [0, 0, 1, 2, 3]
    assert len(json.loads((tmp_path / "a").read_bytes())["diagnostics"]) == 3
