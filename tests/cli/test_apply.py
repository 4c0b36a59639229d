"""`apply`: one section into many agents' files, all checked first, and what is left where something fails."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from migrator import writing
from migrator.cli.output import Unwritable
from migrator.cluster.backups import backups as backups_of
from tests.cli.running import dmsmtp
from tests.cli.test_compare import CANARY, FIXTURE, OTHER_CANARY, written
from tests.cluster.clusters import NONE, OTHER_REFERENCE, REFERENCE, document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.cli.running import Outcome

LOGIN: dict[str, str | None] = {
    "LoginMethod": "AuthLoginMethod",
    "User": "dma@example.com",
    "From": "dma@example.com",
}
SOURCE = {**LOGIN, "Host": "smtp2.example.com", "Password": CANARY}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.xml"))}


def backups(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.bak"))


def source(folder: Path, settings: Mapping[str, str | None]) -> Path:
    path = folder / "source.smtp.xml"
    text = document({**settings, "id": "", "name": ""}, 0)
    path.write_text(text[text.index("<SMTP>") : text.index("</DataMiner>")], "utf-8")
    return path


def told(*arguments: str | Path, stdin: bytes = b"") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        dmsmtp("apply", *arguments, "--output-format", "json", stdin=stdin).out
    )
    return found


def states(*arguments: str | Path) -> list[str]:
    return [one["state"] for one in told(*arguments)["agents"]]


def differs(folder: Path) -> int:
    return dmsmtp("compare", folder).code


@pytest.fixture
def agents(tmp_path: Path) -> Path:
    old = {**LOGIN, "Password": OTHER_CANARY}
    return written(tmp_path / "agents", old, old, {**SOURCE, "Helo": "c.example.com"}, NONE)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return source(tmp_path, SOURCE)


def test_without_write_nothing_is_written(agents: Path, new: Path) -> None:
    before = contents(agents)

    outcome = dmsmtp("apply", new, agents)

    assert outcome.code == 1
    assert contents(agents) == before
    assert outcome.text.count("+++ ") == 2  # one diff for the two that change alike, one for the new section
    assert "2 agents, the same change: DMA-0 (ID 0), DMA-1 (ID 1)" in outcome.text
    assert "alike already: DMA-2 (ID 2)" in outcome.text
    assert CANARY not in outcome.text + outcome.err
    assert OTHER_CANARY not in outcome.text + outcome.err
    assert dmsmtp("apply", "--diff", new, agents) == outcome


def test_a_diff_has_its_colours(agents: Path, new: Path) -> None:
    plain = dmsmtp("apply", new, agents).text

    coloured = dmsmtp("apply", new, agents, env={"FORCE_COLOR": "1"}).text

    assert coloured.count("\x1b[1m+++ ") == 2
    assert "\x1b[32m+" in coloured
    assert re.sub(r"\x1b\[[0-9]*m", "", coloured) == plain


def test_nothing_is_written_where_the_report_could_not_be(agents: Path, new: Path) -> None:
    before = contents(agents)

    outcome = dmsmtp("apply", "--write", new, agents, "-o", agents / "missing" / "report")

    assert outcome.code == 2
    assert "the report could not be written there: there is no folder" in outcome.err
    assert contents(agents) == before


def test_what_was_written_is_told_once_where_nobody_takes_the_report(
    agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise Unwritable("there is no room")

    monkeypatch.setattr("migrator.cli.apply.deliver_told", full)

    outcome = dmsmtp("apply", "--write", new, agents)

    assert outcome.code == 2
    assert outcome.err.count("3 files written") == 1
    assert outcome.err.endswith("dmsmtp: there is no room\n")


@pytest.mark.parametrize(
    "target", ["source.smtp.xml", "./agents/../source.smtp.xml", "agents/agent0/DataMiner.xml"]
)
def test_the_report_takes_no_place_of_a_file(target: str, agents: Path, new: Path, tmp_path: Path) -> None:
    before, section = contents(agents), new.read_bytes()

    outcome = dmsmtp("apply", "--write", new, agents, "-o", tmp_path / target)

    assert outcome.code == 2
    assert "the report would overwrite this file" in outcome.err
    assert (contents(agents), new.read_bytes()) == (before, section)


def test_writing_brings_the_agents_in_line(agents: Path, new: Path) -> None:
    before = contents(agents)

    outcome = dmsmtp("apply", "--write", new, agents)

    assert outcome.code == 0
    assert differs(agents) == 0
    assert len(backups(agents)) == 3
    assert {path.read_bytes() for path in backups(agents)} <= set(before.values())
    assert "c.example.com" in (agents / "agent2" / "DataMiner.xml").read_text("utf-8")
    assert (
        "Restart, DataMiner being stopped while its file changes:\n  DMA-0 (ID 0), DMA-1 (ID 1)"
        in outcome.text
    )
    assert states(new, agents) == ["alike already"] * 4
    assert dmsmtp("apply", "--write", new, agents).code == 0
    assert len(backups(agents)) == 3


def test_no_backup(agents: Path, new: Path) -> None:
    assert dmsmtp("apply", "--write", "--no-backup", new, agents).code == 0
    assert backups(agents) == []


def test_rollback_brings_back_what_was_there(agents: Path, new: Path) -> None:
    before = contents(agents)
    dmsmtp("apply", "--write", new, agents)
    after = contents(agents)

    assert dmsmtp("apply", "--rollback", agents).code == 1
    assert contents(agents) == after
    assert dmsmtp("apply", "--rollback", "--write", agents).code == 0
    assert contents(agents) == before
    assert dmsmtp("apply", "--rollback", "--write", agents).code == 0
    assert contents(agents) == before


def test_rollback_mends_a_file_that_can_no_longer_be_read(agents: Path, new: Path) -> None:
    before = contents(agents)
    dmsmtp("apply", "--write", new, agents)
    (agents / "agent0" / "DataMiner.xml").write_bytes(b"<DataMiner")

    outcome = dmsmtp("apply", "--rollback", "--write", agents)

    assert outcome.code == 0
    assert contents(agents) == before


@pytest.mark.parametrize("is_backup_larger", [True, False])
def test_rollback_brings_back_no_part_of_a_file(is_backup_larger: bool, agents: Path, new: Path) -> None:
    dmsmtp("apply", "--write", new, agents)
    file = agents / "agent0" / "DataMiner.xml"
    (backup,) = file.parent.glob("*.bak")
    larger, other = (backup, file) if is_backup_larger else (file, backup)
    larger.write_bytes(larger.read_bytes() + b" " * 3000)
    other.write_bytes(b"<DataMiner/>")
    before = contents(agents)

    outcome = dmsmtp("apply", "--rollback", "--write", "--max-size", "2000", agents)

    assert outcome.code == 2
    assert "it is larger than dmsmtp reads: raise --max-size" in outcome.text
    assert contents(agents) == before


@pytest.mark.posix  # there are no such pipes on Windows
def test_rollback_waits_no_longer_than_it_may(agents: Path, new: Path) -> None:
    dmsmtp("apply", "--write", new, agents)
    (backup,) = (agents / "agent0").glob("*.bak")
    backup.unlink()
    os.mkfifo(backup)

    outcome = dmsmtp("apply", "--rollback", "--timeout", "1", agents)

    assert outcome.code == 2
    assert f"DMA-0 (ID 0): {backup}: it did not come within 1 s" in outcome.text


@pytest.mark.posix  # as above
def test_a_backup_is_waited_for_no_longer_than_it_may(tmp_path: Path) -> None:
    folder = written(tmp_path / "agents", {**LOGIN, "Password": OTHER_REFERENCE})
    os.mkfifo(folder / "agent0" / "DataMiner.xml.20261123T100000Z.bak")
    new = source(tmp_path, {**LOGIN, "Password": REFERENCE})

    assert dmsmtp("apply", "--timeout", "1", new, folder).code == 0


@pytest.mark.posix  # as above
def test_the_source_is_waited_for_no_longer_than_it_may(agents: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "source.smtp.xml"
    os.mkfifo(pipe)

    outcome = dmsmtp("apply", "--timeout", "1", pipe, agents)

    assert outcome.code == 2
    assert f"dmsmtp: {pipe}: it did not come within 1 s" in outcome.err


def test_what_cannot_be_shown_is_not_said_to_be_the_same(agents: Path, new: Path) -> None:
    dmsmtp("apply", "--write", new, agents)
    for number in (0, 1):
        (agents / f"agent{number}" / "DataMiner.xml").write_text(f"<DataMiner {number}", "utf-8")

    outcome = dmsmtp("apply", "--rollback", agents)

    assert outcome.text.count("(what it holds cannot be shown)") == 2
    assert "the same change" not in outcome.text


def test_rollback_keeps_what_was_there(agents: Path, new: Path) -> None:
    file = agents / "agent0" / "DataMiner.xml"
    before = contents(agents)
    dmsmtp("apply", "--write", new, agents)
    file.write_text(file.read_text("utf-8").replace("smtp2", "by-hand"), "utf-8")
    edited = file.read_bytes()

    shown = dmsmtp("apply", "--rollback", agents)
    refused = dmsmtp("apply", "--rollback", "--write", "--no-backup", agents)
    assert file.read_bytes() == edited
    outcome = dmsmtp("apply", "--rollback", "--write", agents)

    assert shown.text.count("it was changed after that run wrote it; what it holds now is kept") == 1
    assert "DMA-0 (ID 0): it was changed" in shown.text
    assert refused.code == 2
    assert "it was changed after that run wrote it, which would be lost" in refused.text
    assert outcome.code == 0
    assert contents(agents) == before
    kept = sorted(agents.rglob("*.undone.bak"))
    assert len(kept) == 3
    assert edited in [path.read_bytes() for path in kept]


def test_rollback_of_the_agents_that_the_configuration_names(
    agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(agents)
    Path("dmsmtp.toml").write_text(
        '[[cluster.agents]]\nname = "A"\npath = "agent0"\n[[cluster.agents]]\nname = "B"\npath = "agent1"\n',
        "utf-8",
    )
    before = contents(agents)
    dmsmtp("apply", "--write", new)
    assert contents(agents) != before

    outcome = dmsmtp("apply", "--rollback", "--write")

    assert outcome.code == 0
    assert "written: A (ID 0), B (ID 1)\n" in outcome.text
    assert contents(agents) == before


def test_without_a_source() -> None:
    outcome = dmsmtp("apply", "--write")

    assert outcome.code == 2
    assert "no source given: name the file whose section is applied" in outcome.err
    assert "the path of the source is empty" in dmsmtp("apply", "", "x.xml").err


@pytest.mark.posix  # links take a privilege on Windows
def test_rollback_of_what_a_link_leads_to(agents: Path, new: Path, tmp_path: Path) -> None:
    before = contents(agents)
    link = tmp_path / "DataMiner.xml"
    link.symlink_to(agents / "agent0" / "DataMiner.xml")
    dmsmtp("apply", "--write", new, link)
    assert contents(agents) != before

    outcome = dmsmtp("apply", "--rollback", "--write", link)

    assert outcome.code == 0
    assert "it was changed" not in outcome.text
    assert contents(agents) == before
    assert link.is_symlink()


def test_rollback_without_backups(agents: Path, new: Path) -> None:
    before = contents(agents)
    dmsmtp("apply", "--write", new, agents)

    assert dmsmtp("apply", "--rollback", "--write", "--no-backup", agents).code == 0
    assert contents(agents) == before
    assert not list(agents.rglob("*.undone.bak"))


def at(monkeypatch: pytest.MonkeyPatch, hour: int) -> None:
    """Have backups made from now on say this hour."""
    monkeypatch.setattr(writing, "time_mark", lambda: f"20261123T{hour:02}0000Z")


def test_rollback_goes_back_run_by_run(agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(agents)
    pair = ("--failover", "DMA-0=DMA-1")
    at(monkeypatch, 10)
    monkeypatch.setattr(writing, "replace_file", Failing("agent3"))
    dmsmtp("apply", "--write", *pair, new, agents)
    monkeypatch.setattr(writing, "replace_file", writing_as_ever)
    between = contents(agents)
    at(monkeypatch, 11)
    assert dmsmtp("apply", "--write", *pair, new, agents).code == 0
    after = contents(agents)

    first = dmsmtp("apply", "--rollback", "--write", *pair, agents)
    assert contents(agents) == between
    assert "left alone: DMA-0 (ID 0), DMA-1 (ID 1), DMA-2 (ID 2)\n" in first.text
    assert first.text.count("that of another run (20261123T100000Z): once this one is brought back") == 2
    assert "alike already" not in first.text
    second = dmsmtp("apply", "--rollback", "--write", *pair, agents)
    assert second.code == 0
    assert contents(agents) == before
    assert dmsmtp("apply", "--rollback", "--write", *pair, agents).code == 0
    assert contents(agents) == before
    at(monkeypatch, 12)
    assert dmsmtp("apply", "--write", *pair, new, agents).code == 0
    assert contents(agents) == after
    assert dmsmtp("apply", "--rollback", "--write", *pair, agents).code == 0
    assert contents(agents) == before


def test_rollback_brings_nothing_back_twice(
    agents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a run wrote again what was there before another, the file holds what a rollback kept."""
    states = [contents(agents)]
    for hour, host in enumerate(("smtp2.example.com", "smtp3.example.com", "smtp2.example.com"), 10):
        at(monkeypatch, hour)
        dmsmtp("apply", "--write", source(tmp_path, {**SOURCE, "Host": host}), agents)
        states.append(contents(agents))

    for former in (*states[-2::-1], states[0], states[0]):
        outcome = dmsmtp("apply", "--rollback", "--write", agents)
        assert outcome.code == 0
        assert "it was changed" not in outcome.text
        assert contents(agents) == former


def test_rollback_goes_on_where_it_was_taken_back_by_hand(agents: Path, new: Path) -> None:
    before = contents(agents)
    dmsmtp("apply", "--write", new, agents)
    dmsmtp("apply", "--rollback", "--write", agents)
    for kept in agents.rglob("*.undone.bak"):
        (kept.parent / "DataMiner.xml").write_bytes(kept.read_bytes())
    assert contents(agents) != before

    assert dmsmtp("apply", "--rollback", "--write", agents).code == 0
    assert contents(agents) == before


def test_runs_within_one_second_are_two(
    agents: Path, new: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([10, 10, 11, 12])
    monkeypatch.setattr(writing, "time_mark", lambda: f"20261123T1000{next(seconds)}Z")
    dmsmtp("apply", "--write", new, agents)
    between = contents(agents)
    other = source(tmp_path, {**SOURCE, "Host": "smtp3.example.com"})
    dmsmtp("apply", "--write", other, agents / "agent0")

    outcome = dmsmtp("apply", "--rollback", "--write", agents)

    assert outcome.code == 0
    assert contents(agents) == between


def test_runs_within_one_second_that_write_other_agents_are_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([10, 10, 11, 12])
    monkeypatch.setattr(writing, "time_mark", lambda: f"20261123T1000{next(seconds)}Z")
    folder = written(tmp_path / "agents", {"Host": "old.example.com"}, {"From": "old@example.com"})
    new = source(tmp_path, {})
    dmsmtp("apply", "--write", "--only", "Host", new, folder)
    between = contents(folder)
    dmsmtp("apply", "--write", "--only", "From", new, folder)
    assert contents(folder) != between

    outcome = dmsmtp("apply", "--rollback", "--write", folder)

    assert outcome.code == 0
    assert contents(folder) == between


def test_a_run_that_writes_nothing_waits_for_no_other_second(
    agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 10)
    dmsmtp("apply", "--write", new, agents)
    monkeypatch.setattr("time.sleep", None)

    assert dmsmtp("apply", "--write", new, agents).code == 0


@pytest.mark.parametrize("more", [(), ("--no-backup",)])
def test_what_a_rollback_brought_back_was_not_changed_by_hand(
    more: tuple[str, ...], agents: Path, new: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(agents)
    at(monkeypatch, 10)
    dmsmtp("apply", "--write", new, agents)
    at(monkeypatch, 11)
    dmsmtp("apply", "--write", source(tmp_path, {**SOURCE, "Host": "smtp3.example.com"}), agents)
    assert dmsmtp("apply", "--rollback", "--write", *more, agents).code == 0

    outcome = dmsmtp("apply", "--rollback", "--write", *more, agents)

    assert outcome.code == 0
    assert "it was changed" not in outcome.text
    assert contents(agents) == before


@pytest.mark.parametrize("failing", ["agent0", "agent1"])
def test_rollback_brings_back_a_pair_or_leaves_it(
    failing: str, agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(agents)
    pair = ("--failover", "DMA-0=DMA-1")
    dmsmtp("apply", "--write", *pair, new, agents)
    after = contents(agents)
    monkeypatch.setattr(writing, "replace_file", Failing(failing))

    outcome = dmsmtp("apply", "--rollback", "--write", *pair, agents)

    assert outcome.code == 2
    changed = contents(agents)
    assert [name for name in after if changed[name] == before[name]] == [
        str(Path(f"agent{number}", "DataMiner.xml")) for number in (2, 3)
    ]
    monkeypatch.undo()
    again = dmsmtp("apply", "--rollback", "--write", *pair, agents)
    assert again.code == 0
    assert "it was changed" not in again.text
    assert contents(agents) == before


def test_rollback_splits_no_pair(agents: Path, new: Path) -> None:
    pair = ("--failover", "DMA-0=DMA-1")
    dmsmtp("apply", "--write", *pair, new, agents)
    next((agents / "agent1").glob("*.bak")).unlink()
    after = contents(agents)

    outcome = dmsmtp("apply", "--rollback", "--write", *pair, agents)

    assert outcome.code == 2
    assert contents(agents) == after
    assert "DMA-1 (ID 1), the other one of its Failover pair, has no backup of that run" in outcome.text
    assert dmsmtp("apply", "--rollback", "--write", "--exclude", "agent[01]", agents).code == 0


@pytest.mark.parametrize(
    "other", ["DMA-1", "DMA-3"]
)  # which was like the first one before, and which was not
def test_rollback_finishes_a_pair_that_was_cut_short(other: str, agents: Path, new: Path) -> None:
    """As where the process was ended between the two."""
    before = contents(agents)
    pair = ("--failover", f"DMA-0={other}")
    dmsmtp("apply", "--write", *pair, new, agents)
    (agents / "agent0" / "DataMiner.xml").write_bytes(before[str(Path("agent0", "DataMiner.xml"))])

    assert dmsmtp("apply", "--rollback", "--write", *pair, agents).code == 0
    assert contents(agents) == before


def is_written_at(path: Path, seconds: float) -> None:
    """Have a file say that it was written then, counted from now."""
    when = time.time() + seconds
    os.utime(path, (when, when))


def test_rollback_brings_back_a_pair_that_differed(agents: Path, new: Path) -> None:
    """The other one was as wanted already, so that the run has not written it."""
    before, pair = contents(agents), ("--failover", "DMA-0=DMA-2")
    is_written_at(agents / "agent2" / "DataMiner.xml", -60)
    dmsmtp("apply", "--write", *pair, new, agents)

    outcome = dmsmtp("apply", "--rollback", "--write", *pair, agents)

    assert outcome.code == 0
    assert contents(agents) == before
    assert "it then differs from DMA-2 (ID 2), as it did before that run" in outcome.text


def test_rollback_says_that_a_pair_differs_also_of_a_file_that_was_changed(agents: Path, new: Path) -> None:
    pair = ("--failover", "DMA-0=DMA-2")
    is_written_at(agents / "agent2" / "DataMiner.xml", -60)
    dmsmtp("apply", "--write", *pair, new, agents)
    changed = agents / "agent0" / "DataMiner.xml"
    text = changed.read_text("utf-8").replace("</SMTP>", "<Helo>dma0.example.com</Helo></SMTP>")
    changed.write_text(text, "utf-8")

    outcome = dmsmtp("apply", "--rollback", *pair, agents)

    assert "it was changed after that run wrote it" in outcome.text
    assert "; it then differs from DMA-2 (ID 2), as it did before that run" in outcome.text


def test_rollback_says_that_a_pair_differs_that_another_run_wrote(agents: Path, tmp_path: Path) -> None:
    """The other one has a backup of that run, and stays as it is."""
    one, pair = agents / "agent2", ("--failover", "DMA-0=DMA-2")
    dmsmtp("apply", "--write", source(tmp_path, {**SOURCE, "Host": "smtp3.example.com"}), one)
    is_written_at(one / "DataMiner.xml", -60)
    before = contents(agents)
    new = source(tmp_path, {**SOURCE, "Host": "smtp3.example.com"})
    dmsmtp("apply", "--write", *pair, new, one, agents / "agent0")

    outcome = dmsmtp("apply", "--rollback", "--write", *pair, one, agents / "agent0")

    assert outcome.code == 0
    assert contents(agents) == before
    assert "it then differs from DMA-2 (ID 2), as it did before that run" in outcome.text


def test_a_backup_of_no_time_at_all_splits_no_pair(agents: Path, new: Path) -> None:
    pair = ("--failover", "DMA-0=DMA-2")
    is_written_at(agents / "agent2" / "DataMiner.xml", -60)
    dmsmtp("apply", "--write", *pair, new, agents)
    for backup in backups(agents):
        backup.rename(backup.with_name("DataMiner.xml.20269999T999999Z.bak"))

    assert dmsmtp("apply", "--rollback", "--write", *pair, agents).code == 2


def test_rollback_leaves_a_pair_alone_that_would_differ(agents: Path, new: Path) -> None:
    """The other one was as wanted already, or written by the run, and its backup is gone: nobody can tell."""
    pair = ("--failover", "DMA-0=DMA-2")
    dmsmtp("apply", "--write", *pair, new, agents)
    is_written_at(agents / "agent2" / "DataMiner.xml", 1)
    after = contents(agents)

    outcome = dmsmtp("apply", "--rollback", "--write", *pair, agents)

    assert outcome.code == 2
    assert contents(agents) == after
    assert "leave both out with --exclude, or put " in outcome.text


@pytest.mark.parametrize("ending", ["json", "yaml"])
def test_rollback_leaves_a_pair_alone_that_would_differ_in_other_formats(
    ending: str, new: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "agents"
    folder.mkdir()
    for name, host in (("a", "smtp2.example.com"), ("b", "smtp.example.com")):
        section = {"SMTP": {**SOURCE, "HostPort": "587-starttls", "Host": host}}
        (folder / f"{name}.smtp.{ending}").write_text(json.dumps(section), "utf-8")
    pair = ("--failover", f"{folder / f'a.smtp.{ending}'}={folder / f'b.smtp.{ending}'}")
    assert dmsmtp("apply", "--write", *pair, new, folder).code == 0
    is_written_at(folder / f"a.smtp.{ending}", 1)

    outcome = dmsmtp("apply", "--rollback", "--write", *pair, folder)

    assert outcome.code == 2
    assert "leave both out with --exclude, or put " in outcome.text


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.20261123T100000Z.bak", "a.20261122T110000Z.bak"], "a.20261123T100000Z.bak"),
        (["a.20261123T100000Z.bak", "a.20261123T100000Z-2.bak"], "a.20261123T100000Z-2.bak"),
        (["a.20261123T100000Z-2.bak", "a.20261123T100000Z-10.bak"], "a.20261123T100000Z-10.bak"),
        (
            ["a.20261123T100000Z.bak", "a.20261123T100000Z.undone.bak", "a.20261122T110000Z.bak"],
            "a.20261122T110000Z.bak",
        ),
        (["a.20261123T100000Z-2.bak", "a.20261123T100000Z.undone.bak"], "a.20261123T100000Z-2.bak"),
        (["b.20261123T100000Z.bak", "a.bak", "a.20261123.bak", "ab.20261123T100000Z.bak"], None),
    ],
)
def test_the_newest_backup(names: list[str], expected: str | None, tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).touch()

    found = [one.path for one in backups_of(str(tmp_path / "a"))]

    assert found[:1] == ([] if expected is None else [str(tmp_path / expected)])


def test_windows_finds_the_backup_of_a_file_in_whatever_case_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "DataMiner.xml.20261123T100000Z.bak"
    backup.touch()
    monkeypatch.setattr("os.path.normcase", str.lower)

    assert [one.path for one in backups_of(str(tmp_path / "dataminer.XML"))] == [str(backup)]


@pytest.mark.parametrize("password", [CANARY, REFERENCE])
def test_a_folder_of_many_agents_is_listed_once(
    password: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = source(tmp_path, {**SOURCE, "Password": password})
    files = [tmp_path / f"{number:02}.xml" for number in range(20)]
    for number, file in enumerate(files):
        file.write_text(document(LOGIN, number), "utf-8")
    listed: list[str] = []
    real = os.listdir

    def counting(path: str) -> list[str]:
        listed.append(path)
        return real(path)

    monkeypatch.setattr("migrator.cluster.backups.os.listdir", counting)

    assert dmsmtp("apply", "--write", new, *files, "--jobs", "1").code == 0
    assert len(listed) < 5
    assert dmsmtp("apply", "--rollback", *files, "--jobs", "1").code == 1
    assert len(listed) < 5


def test_rollback_leaves_what_another_run_wrote(agents: Path, new: Path) -> None:
    before = contents(agents)
    old = agents / "agent2" / "DataMiner.xml.20200101T000000Z.bak"
    old.write_text(document({"Host": "old.example.com"}, 2), "utf-8")
    dmsmtp("apply", "--write", new, agents)

    outcome = dmsmtp("apply", "--rollback", "--write", agents)

    assert outcome.code == 0
    assert contents(agents) == before
    assert "DMA-2 (ID 2): its newest backup is that of another run (20200101T000000Z)" in outcome.text
    assert dmsmtp("apply", "--rollback", "--write", agents / "agent2").code == 0
    assert "old.example.com" in (agents / "agent2" / "DataMiner.xml").read_text("utf-8")


def test_the_configuration_can_say_that_no_backup_is_wanted(
    agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(agents)
    (agents / "dmsmtp.toml").write_text("no-backup = true", "utf-8")

    assert dmsmtp("apply", "--write", new, ".").code == 0
    assert backups(agents) == []


def test_what_means_the_same_stays_and_needs_no_restart(tmp_path: Path) -> None:
    folder = written(tmp_path / "agents", {"Host": "SMTP2.example.com"}, {"Host": "smtp3.example.com"})

    assert states(source(tmp_path, {"Host": "smtp2.example.com"}), folder) == [
        "alike already",
        "would change",
    ]


@pytest.mark.parametrize(
    ("name", "wanted", "there"),
    [
        ("HostPort", "587-starttls", "587-STARTTLS"),
        ("HostPort", "587-starttls", "0587-starttls"),
        ("HostPort", "587-starttls", " 587-starttls "),
        ("LoginMethod", "NoLoginMethod", "None"),
        ("MaxSubjectLength", "78", "078"),
        ("Host", "smtp2.example.com", " smtp2.example.com"),
    ],
)
def test_what_dataminer_may_not_read_is_written(name: str, wanted: str, there: str, tmp_path: Path) -> None:
    mail: dict[str, str | None] = {"LoginMethod": "NoLoginMethod", "From": "dma@example.com"}
    folder = written(tmp_path / "agents", {**mail, name: there})
    new = source(tmp_path, {**mail, name: wanted})

    assert dmsmtp("apply", new, folder, "--write").code == 0

    (content,) = contents(folder).values()
    assert f"<{name}>{wanted}</{name}>".encode() in content
    assert states(new, folder) == ["alike already"]


def test_a_length_in_quotes_is_written_as_a_number(tmp_path: Path) -> None:
    mail = {"Host": "smtp2.example.com", "LoginMethod": "NoLoginMethod", "From": "dma@example.com"}
    agent = tmp_path / "agent.smtp.json"
    agent.write_text(json.dumps({"SMTP": {**mail, "MaxSubjectLength": "78"}}), "utf-8")
    new = source(tmp_path, {**mail, "HostPort": None, "MaxSubjectLength": "78"})

    assert dmsmtp("apply", new, agent, "--write").code == 0

    assert json.loads(agent.read_text("utf-8"))["SMTP"]["MaxSubjectLength"] == 78
    assert states(new, agent) == ["alike already"]


@pytest.mark.parametrize("is_source_empty", [True, False])
def test_an_empty_setting_means_the_same_as_a_missing_one(is_source_empty: bool, tmp_path: Path) -> None:
    missing: dict[str, str | None] = {"LoginMethod": "NoLoginMethod", "From": "dma@example.com"}
    empty = {**missing, "User": "", "Password": ""}
    folder = written(tmp_path / "agents", missing, empty)
    new = source(tmp_path, empty if is_source_empty else missing)

    assert differs(folder) == 0
    assert states(new, folder) == ["alike already"] * 2


def test_an_empty_port_is_not_the_default_one(tmp_path: Path) -> None:
    folder = written(tmp_path / "agents", {"HostPort": None}, {"HostPort": ""})

    assert differs(folder) == 1
    assert states(source(tmp_path, {"HostPort": None}), folder) == ["alike already", "would change"]


def test_only_and_except(agents: Path, new: Path) -> None:
    def changed(*options: str) -> set[str]:
        return {
            one["setting"]
            for agent in told(new, agents / "agent0", *options)["agents"]
            for one in agent["changes"]
        }

    assert changed() == {"Host", "Password"}
    assert changed("--only", "Host") == {"Host"}
    assert changed("--only", "Host,From") == {"Host"}
    assert changed("--except", "Password") == {"Host"}
    assert changed("--only", "HostPort") == set()


def test_helo_is_replaced_where_that_is_asked_for(agents: Path, tmp_path: Path) -> None:
    new = source(tmp_path, {**SOURCE, "Helo": "{agent}.example.com"})

    assert dmsmtp("apply", "--write", "--replace", "Helo", new, agents).code == 0

    for number in range(4):
        text = (agents / f"agent{number}" / "DataMiner.xml").read_text("utf-8")
        assert f"<Helo>DMA-{number}.example.com</Helo>" in text


def test_what_the_names_of_all_agents_come_from_gets_none(tmp_path: Path) -> None:
    """Or the same once more would give all agents the name of that one."""
    folder = written(tmp_path / "agents", {"Helo": "{agent}.example.com"}, {})
    new, before = folder / "agent0" / "DataMiner.xml", contents(folder)

    refused = dmsmtp("apply", "--write", "--replace=Helo", new, folder)

    assert refused.code == 2
    assert "DataMiner.xml: it is among the agents, and would get a name in the place of" in refused.err
    assert contents(folder) == before
    assert dmsmtp("apply", "--write", new, folder).code == 0
    copy = shutil.copy(new, tmp_path / "copy.xml")
    assert dmsmtp("apply", "--write", "--replace=Helo", copy, folder).code == 0
    assert states("--replace=Helo", copy, folder) == ["alike already"] * 2


@pytest.mark.parametrize("replaced", [[], ["--replace", "Helo"]])
def test_no_other_value_names_the_agent(replaced: list[str], tmp_path: Path) -> None:
    folder = written(tmp_path / "agents", {**LOGIN, "Password": OTHER_CANARY}, {"name": None})
    given = {**SOURCE, "Password": CANARY + "{agent}", "User": "{agent}"}

    assert dmsmtp("apply", "--write", *replaced, source(tmp_path, given), folder).code == 0

    for text in contents(folder).values():
        assert f"<Password>{CANARY}{{agent}}</Password>".encode() in text
        assert b"<User>{agent}</User>" in text


def test_the_agents_name_must_be_known(tmp_path: Path) -> None:
    folder = written(tmp_path / "agents", {"name": None}, {})
    new = source(tmp_path, {"Helo": "{agent}.example.com"})

    outcome = dmsmtp("apply", "--replace", "Helo", new, folder)

    assert outcome.code == 2
    assert "its name is not known, which {agent} stands for" in outcome.text


def test_the_agents_name_is_written_in_full(tmp_path: Path) -> None:
    name = "dma-" * 20 + "7"  # longer than what is shown of a name
    folder = written(tmp_path / "agents", {"name": name}, {"name": "LISBOA-MÃE"})
    new = source(tmp_path, {"Helo": "{agent}.example.com"})

    assert dmsmtp("apply", "--write", "--replace", "Helo", new, folder).code == 0

    first, second = (text.decode() for text in contents(folder).values())
    assert f"<Helo>{name}.example.com</Helo>" in first
    assert "<Helo>LISBOA-MÃE.example.com</Helo>" in second


@pytest.mark.parametrize("own", [{"Password": CANARY, "LoginMethod": "AuthLoginMethod"}, {}])
def test_a_name_that_is_a_secret_is_not_written(own: dict[str, str | None], tmp_path: Path) -> None:
    """A mask would be written instead, or a secret shown."""
    login = {"Password": CANARY, "LoginMethod": "AuthLoginMethod", "User": "dma@example.com"}
    folder = written(tmp_path / "agents", {**own, "name": CANARY}, login)
    new = source(tmp_path, {"Helo": "{agent}.example.com"})
    before = contents(folder)

    outcome = dmsmtp("apply", "--write", "--replace", "Helo", new, folder)

    assert outcome.code == 2
    assert "its name, which {agent} stands for, holds what is a secret elsewhere" in outcome.text
    assert contents(folder) == before
    assert CANARY not in outcome.text + outcome.err


# Secrets


def test_a_reference_is_never_copied(tmp_path: Path) -> None:
    own = {**LOGIN, "Password": OTHER_REFERENCE}
    folder = written(
        tmp_path / "agents", own, {**own, "User": "old@example.com"}, {**LOGIN, "Host": "x.example.com"}
    )
    new = source(tmp_path, {**LOGIN, "Password": REFERENCE})

    outcome = dmsmtp("apply", "--write", new, folder)

    assert outcome.code == 0
    assert REFERENCE.encode() not in b"".join(contents(folder).values())
    assert "Password must be entered again on: DMA-1 (ID 1), DMA-2 (ID 2)\n" in outcome.text
    assert OTHER_REFERENCE not in outcome.text + outcome.err


def test_secrets_are_asked_for_once(agents: Path, tmp_path: Path) -> None:
    new = source(tmp_path, {**LOGIN, "Password": REFERENCE})
    password = b"a & b <c> " + OTHER_CANARY.encode()

    outcome = dmsmtp("apply", "--write", "--ask-secrets", new, agents, stdin=password + b"\n")

    assert outcome.code == 0
    assert "must be entered" not in outcome.text
    assert OTHER_CANARY not in outcome.text + outcome.err
    assert all(b"a &amp; b &lt;c&gt; " + OTHER_CANARY.encode() in one for one in contents(agents).values())
    assert differs(agents) == 0


@pytest.mark.parametrize("stdin", [b"", b"frost+on+tulips"])
def test_no_agent_is_called_by_the_secret_of_the_source(stdin: bytes, tmp_path: Path) -> None:
    secret = stdin.decode() or CANARY
    folder = written(tmp_path / "agents", {"name": secret, "User": secret}, {})
    new = source(tmp_path, SOURCE)

    outcome = dmsmtp("apply", *(["--ask-secrets"] if stdin else []), new, folder, stdin=stdin)

    assert "would change: •••• (ID 0), DMA-1 (ID 1)\n" in outcome.text
    assert secret not in outcome.text + outcome.err


@pytest.mark.parametrize(
    ("stdin", "expected"),
    [
        (b"", "Password is empty"),
        (REFERENCE.encode(), "looks like a reference"),
        (b"\xef\xbb\xbf" + REFERENCE.encode(), "looks like a reference"),
        (b"h\xfcnter2-hunter2\n", "standard input is not UTF-8"),
    ],
)
def test_a_secret_that_is_none(stdin: bytes, expected: str, agents: Path, new: Path) -> None:
    outcome = dmsmtp("apply", "--ask-secrets", new, agents, stdin=stdin)

    assert outcome.code == 2
    assert expected in outcome.err


def test_what_is_asked_for_may_be_a_placeholder_in_the_source(agents: Path, tmp_path: Path) -> None:
    in_xml = source(tmp_path, {**SOURCE, "Password": "%PASSWORD%"})
    in_json = tmp_path / "new.json"
    settings = {**SOURCE, "HostPort": "587-starttls", "Password": "${env:NOT-A-NAME}"}
    in_json.write_text(json.dumps({"SMTP": settings}), "utf-8")
    for new in (in_xml, in_json):
        plain = dmsmtp("apply", new, agents)
        asked = dmsmtp("apply", "--ask-secrets", new, agents, stdin=b"another\n")

        assert "lint finds errors in it, which would go to all agents: X704" in plain.err
        assert (asked.code, "would change" in asked.err) == (1, True)


@pytest.mark.parametrize("options", [["--only", "Host"], ["--except", "Password"]])
def test_nobody_is_asked_for_a_secret_that_is_not_applied(
    options: list[str], agents: Path, new: Path
) -> None:
    outcome = dmsmtp("apply", "--ask-secrets", *options, new, agents, stdin=b"another\n")

    assert outcome.code == 2
    assert outcome.err == "dmsmtp: --ask-secrets: Password is not among the settings that are applied\n"


def test_nobody_is_asked_for_a_secret_that_the_source_does_not_need(agents: Path, tmp_path: Path) -> None:
    outcome = dmsmtp("apply", "--ask-secrets", source(tmp_path, {}), agents, stdin=b"another\n")

    assert outcome.code == 2
    assert "--ask-secrets: the source logs in to nothing" in outcome.err


def section_in_yaml(folder: Path, password: str) -> Path:
    path = folder / "source.smtp.yaml"
    path.write_text(
        "SMTP:\n  Host: smtp2.example.com\n  HostPort: 587-starttls\n  LoginMethod: AuthLoginMethod\n"
        f"  User: dma@example.com\n  Password: '{password}'\n  From: dma@example.com\n",
        "utf-8",
    )
    return path


@pytest.mark.parametrize("password", [CANARY + "${cd}", CANARY + "${env:NAME}", CANARY + "$${"])
def test_xml_has_no_variables(password: str, agents: Path, tmp_path: Path) -> None:
    new = source(tmp_path, {**SOURCE, "Password": password})

    outcome = dmsmtp("apply", "--write", new, agents)

    assert outcome.code == 0
    assert all(f"<Password>{password}</Password>".encode() in one for one in contents(agents).values())


@pytest.mark.parametrize(
    ("text", "password"),
    [
        ("${env:SMTP_TEST}", CANARY),
        ("x${env:SMTP_TEST}y", f"x{CANARY}y"),
        ("a$${cd}", "a${cd}"),
        ("a${cd}", "a${cd}"),
    ],
)
def test_variables_are_looked_up(text: str, password: str, agents: Path, tmp_path: Path) -> None:
    new = section_in_yaml(tmp_path, text)

    outcome = dmsmtp("apply", "--write", new, agents, env={"SMTP_TEST": CANARY})

    assert outcome.code == 0
    assert CANARY not in outcome.text + outcome.err
    assert all(f"<Password>{password}</Password>".encode() in one for one in contents(agents).values())


def test_the_same_variable_stays_in_a_file_that_names_it(tmp_path: Path) -> None:
    """Else the secret would stand in a file of a repository, and that of the source itself."""
    new = section_in_yaml(tmp_path, "${env:SMTP_TEST}")
    other = tmp_path / "other.smtp.json"
    login = {**SOURCE, "Host": "smtp.example.com", "Password": "${env:SMTP_TEST}"}
    other.write_text(json.dumps({"SMTP": login}), "utf-8")
    xml = source(tmp_path, {**SOURCE, "HostPort": "587-starttls", "Password": "${env:SMTP_TEST}"})
    before = new.read_bytes()

    outcome = dmsmtp("apply", "--write", new, tmp_path, env={"SMTP_TEST": CANARY})

    assert outcome.code == 0
    assert new.read_bytes() == before
    there = json.loads(other.read_bytes())["SMTP"]
    assert (there["Host"], there["Password"]) == ("smtp2.example.com", "${env:SMTP_TEST}")
    assert f"<Password>{CANARY}</Password>".encode() in xml.read_bytes()  # no variable, but a text


def test_a_secret_in_the_place_of_a_variable_is_told(new: Path, tmp_path: Path) -> None:
    """Where the file is in a repository, the secret would be, too."""
    login = {**SOURCE, "Host": "smtp.example.com"}
    for name, password in (("a", "${env:SMTP_TEST}"), ("b", OTHER_CANARY)):
        section = {"SMTP": {**login, "Password": password}}
        (tmp_path / f"{name}.smtp.json").write_text(json.dumps(section), "utf-8")
    files = [tmp_path / "a.smtp.json", tmp_path / "b.smtp.json"]

    outcome = dmsmtp("apply", new, *files)

    assert outcome.text.count("the secret itself takes the place of the variable that Password names") == 1
    kept = dmsmtp("apply", "--except", "Password", "--write", new, *files)
    assert "the secret itself" not in kept.text
    assert "${env:SMTP_TEST}" in files[0].read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "env", "expected"),
    [
        (
            "${env:NOT_SET_AT_ALL}",
            {},
            "the environment variable NOT_SET_AT_ALL is not set: set NOT_SET_AT_ALL",
        ),
        ("${env:NOT-A-NAME}", {}, "lint finds errors in it, which would go to all agents: X704"),
        ("${env:SMTP_TEST}", {"SMTP_TEST": ""}, "the variable that Password names is empty"),
    ],
)
def test_variables_that_stand_for_nothing(
    text: str, env: dict[str, str], expected: str, agents: Path, tmp_path: Path
) -> None:
    before = contents(agents)

    outcome = dmsmtp("apply", "--write", section_in_yaml(tmp_path, text), agents, env=env)

    assert outcome.code == 2
    assert expected in outcome.err
    assert contents(agents) == before


def test_a_variable_may_stand_for_a_reference(agents: Path, tmp_path: Path) -> None:
    new = section_in_yaml(tmp_path, "${env:SMTP_TEST}")

    outcome = dmsmtp("apply", new, agents, env={"SMTP_TEST": REFERENCE})

    assert "Password must be entered again on: " in outcome.text


def test_where_to_enter_a_secret_is_said_again(tmp_path: Path) -> None:
    own = {**LOGIN, "Password": OTHER_REFERENCE, "Host": "old.example.com"}
    folder = written(tmp_path / "agents", own, {**LOGIN, "Password": OTHER_REFERENCE})
    new = source(tmp_path, {**LOGIN, "Password": REFERENCE})
    words = "Password must be entered again on: DMA-0 (ID 0)\n"

    assert words in dmsmtp("apply", "--write", new, folder).text
    again = dmsmtp("apply", "--write", new, folder)

    assert "alike already: DMA-0 (ID 0), DMA-1 (ID 1)\n" in again.text
    assert words in again.text
    file = folder / "agent0" / "DataMiner.xml"
    file.write_text(file.read_text("utf-8").replace(OTHER_REFERENCE, OTHER_CANARY), "utf-8")
    assert "must be entered" not in dmsmtp("apply", "--write", new, folder).text


@pytest.mark.parametrize(
    ("options", "own", "stays"),
    [
        (["--only=Host"], {"Host": "old.example.com"}, ["Password"]),
        (["--except=Password"], {"User": "old@example.com"}, ["Password"]),
        (["--only=Host"], {"Host": "old.example.com", "LoginMethod": "Auto"}, ["Password"]),
        (["--only=Host"], {"Host": "old.example.com", "LoginMethod": None}, ["Password"]),
        (["--only=Host"], {"Host": "old.example.com", "Password": None}, []),
        (["--only=Host"], {"Host": "old.example.com", "LoginMethod": "NoLoginMethod"}, []),
        (["--only=Host"], {"Host": "SMTP2.example.com ", "From": "old@example.com"}, []),
        (["--only=LoginMethod,From"], {"LoginMethod": "LoginPlainMethod", "From": "old@example.com"}, []),
        ([], {"Host": "old.example.com"}, []),
    ],
)
def test_a_secret_that_is_left_beside_another_login_is_told(
    options: list[str], own: dict[str, str | None], stays: list[str], tmp_path: Path
) -> None:
    folder = written(tmp_path / "agents", {**SOURCE, "Password": OTHER_CANARY, **own})
    new = source(tmp_path, SOURCE)

    (agent,) = told(new, folder, *options)["agents"]
    outcome = dmsmtp("apply", "--write", new, folder, *options)

    assert (agent["state"], agent["stay"], agent["enter"]) == ("would change", stays, [])
    words = (
        "Password stays, and belongs to the login before; enter what the new one has, where that is another"
    )
    assert (f"{words}, on: DMA-0 (ID 0)\n" in outcome.text) == bool(stays)


def test_a_login_that_was_only_misspelt_keeps_its_secret(tmp_path: Path) -> None:
    own = {**LOGIN, "Password": OTHER_REFERENCE, "Host": "relay.example.com"}
    misspelt = {**own, "LoginMethod": "authloginmethod", "Host": " relay.example.com"}
    folder = written(tmp_path / "agents", misspelt)

    outcome = dmsmtp("apply", "--write", source(tmp_path, {**own, "Password": REFERENCE}), folder)

    assert "written: DMA-0 (ID 0)" in outcome.text
    assert "must be entered" not in outcome.text


def test_all_that_were_written_are_named(tmp_path: Path) -> None:
    folder = written(tmp_path / "agents", *[{"Host": "old.example.com"}] * 11)

    outcome = dmsmtp("apply", "--write", source(tmp_path, {}), folder)

    assert "written: " + ", ".join(f"DMA-{n} (ID {n})" for n in (0, 1, 10, *range(2, 10))) in outcome.text


def test_what_is_no_setting_is_told_to_stay(tmp_path: Path) -> None:
    folder = written(tmp_path / "agents", {"Host": "old.example.com"}, {"Host": "old.example.com"})
    file = folder / "agent0" / "DataMiner.xml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("<SMTP>", f"<SMTP><Port>25</Port><Pasword>{CANARY}</Pasword>"), "utf-8")

    one, other = told(source(tmp_path, {}), folder)["agents"]

    assert (one["state"], one["reason"]) == ("would change", "Port, Pasword: no settings, so they stay")
    assert other["reason"] is None

    (alike, _) = told(source(tmp_path, {"Host": "old.example.com"}), folder)["agents"]
    assert (alike["state"], alike["reason"]) == ("alike already", one["reason"])


# What cannot be done


OAUTH: dict[str, str | None] = {
    "LoginMethod": "XOAUTH2",
    "User": "dma@example.com",
    "OAuthClientID": "a0b1c2d3-0000-4000-8000-000000000001",
    "OAuthClientSecret": OTHER_REFERENCE,
    "From": "dma@example.com",
}


def test_the_host_of_a_login_that_cube_has_set_up_may_be_spelt_right(tmp_path: Path) -> None:
    folder = written(tmp_path / "agents", {**OAUTH, "Host": " smtp.example.com"})

    outcome = dmsmtp(
        "apply", "--write", "--only", "Host", source(tmp_path, {"Host": "smtp.example.com"}), folder
    )

    assert outcome.code == 0
    (content,) = contents(folder).values()
    assert b"<Host>smtp.example.com</Host>" in content


def test_a_login_that_cube_has_set_up_stays(tmp_path: Path) -> None:
    folder = written(tmp_path / "agents", {**LOGIN, "Password": OTHER_CANARY}, OAUTH)
    before = contents(folder)
    new = source(tmp_path, {**SOURCE, "From": "other@example.com"})

    outcome = dmsmtp("apply", "--write", new, folder)
    assert outcome.code == 2
    assert contents(folder) == before
    assert "DMA-1 (ID 1): it logs in with XOAUTH2, which Cube has set up" in outcome.text
    assert "DMA-0 (ID 0): " not in outcome.text

    assert dmsmtp("apply", "--write", "--only", "From", new, folder).code == 0
    assert "XOAUTH2" in (folder / "agent1" / "DataMiner.xml").read_text("utf-8")
    assert dmsmtp("apply", "--write", "--replace", "LoginMethod", new, folder).code == 0
    assert "XOAUTH2" not in (folder / "agent1" / "DataMiner.xml").read_text("utf-8")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            {**LOGIN, "HostPort": "587-STARTTLS"},
            "lint finds errors in it, which would go to all agents: H207",
        ),
        ({**LOGIN, "LoginMethod": "XOAUTH2"}, "it logs in with XOAUTH2, which Cube alone configures"),
    ],
)
def test_nobody_is_asked_for_a_secret_of_a_source_that_is_refused(
    settings: dict[str, str | None], expected: str, agents: Path, tmp_path: Path
) -> None:
    outcome = dmsmtp("apply", "--ask-secrets", source(tmp_path, settings), agents)

    assert outcome.code == 2
    assert expected in outcome.err
    assert "is empty" not in outcome.err


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--except", "HostPort"], 0),
        (["--only", "Host"], 0),
        (["--only", "Host,HostPort"], 2),
        (["--except", "Host"], 2),
    ],
)
def test_an_error_in_a_setting_that_is_not_applied_stops_nothing(
    options: list[str], code: int, agents: Path, tmp_path: Path
) -> None:
    new = source(tmp_path, {**SOURCE, "HostPort": "587-STARTTLS"})

    assert dmsmtp("apply", "--write", *options, new, agents / "agent0").code == code


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({**SOURCE, "LoginMethod": "XOAUTH2"}, "it logs in with XOAUTH2, which Cube alone configures"),
        ({**SOURCE, "LoginMethod": "XOAUTH2"}, "enter the client secret again where there is one"),
        (
            {**SOURCE, "HostPort": "587-STARTTLS"},
            "lint finds errors in it, which would go to all agents: H207",
        ),
        ({"SMTP": "<Other/>"}, "it holds no SMTP section to apply"),
    ],
)
def test_a_source_that_is_refused(
    settings: dict[str, str | None], expected: str, agents: Path, tmp_path: Path
) -> None:
    new = tmp_path / "Skyline DataMiner.xml"
    new.write_text(document(settings, 0), "utf-8")

    outcome = dmsmtp("apply", "--write", new, agents)

    assert outcome.code == 2
    assert expected in outcome.err
    assert outcome.err.count(new.name) == 1  # in no command, whose shell would take it for two paths
    assert backups(agents) == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--write", "--diff"], "give one of them"),
        (["--only", "Host", "--except", "From"], "give one of them"),
        (["--only", ""], "--only: no setting is named; there are: Host, HostPort, "),
        (["--except", " , "], "--except: no setting is named"),
        (["--only", "Hots"], 'there is no setting "Hots"; did you mean "Host"?'),
        (["--only", "Helo"], "--only Helo: it stays each agent's own; to apply it, add --replace Helo"),
        (["--only", "Host,Helo"], "--only Helo: it stays"),
        (["--only", "OAuthClientID"], "--only OAuthClientID: settings of OAuth 2.0 are entered in Cube"),
        (["--replace", "Host"], "--replace: Host is applied anyway"),
        (["--rollback", "--only", "Host"], "--rollback brings back whole files"),
        (["--ask-secrets", "--files-from", "-"], "standard input can be read once: --ask-secrets reads it"),
        (["--failover", "DMA-0=x"], "x: no agent has this name, path or ID"),
    ],
)
def test_options_that_cannot_be_meant(arguments: list[str], expected: str, agents: Path, new: Path) -> None:
    outcome = dmsmtp("apply", *arguments, new, agents)

    assert outcome.code == 2
    assert expected in outcome.err


def test_of_a_file_that_cannot_be_read_is_said_where_and_what_to_do(agents: Path, new: Path) -> None:
    file = agents / "agent1" / "DataMiner.xml"
    file.write_text(f"<DataMiner>\n<SMTP>\n<Password>{CANARY}</Passwort>", "utf-8")

    outcome = dmsmtp("apply", new, agents)

    assert outcome.code == 2
    assert f"  {file}: D001 at line 3: " in outcome.text
    assert "; " in outcome.text.partition("D001 at line 3: ")[2].partition("\n")[0]
    assert CANARY not in outcome.text + outcome.err


def test_all_agents_are_checked_first(agents: Path, new: Path) -> None:
    (agents / "agent1" / "DataMiner.xml").write_text("<DataMiner><SMTP/><SMTP/></DataMiner>", "utf-8")
    before = contents(agents)

    outcome = dmsmtp("apply", "--write", new, agents, agents / "gone.xml")

    assert outcome.code == 2
    assert contents(agents) == before
    assert "there are 2 SMTP sections" in outcome.text
    assert "there is no such file" in outcome.text
    assert "nothing was written: first, every agent must be in order, or left out" in outcome.err


# Where a write fails


writing_as_ever = writing.replace_file


class Failing:
    """Writes files but for some, as on a disk that is full or a share that is gone."""

    def __init__(self, *failing: str) -> None:
        self.failing = failing
        self.original = writing.replace_file

    def __call__(self, path: str, new: bytes, **how: Any) -> writing.Written | writing.NotWritten:
        if any(name in path for name in self.failing):
            return writing.NotWritten(path, "the disk is full")
        return self.original(path, new, **how)


def test_a_file_that_cannot_be_written_does_not_stop_the_others(
    agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "replace_file", Failing("agent0"))
    outcome = dmsmtp("apply", "--write", new, agents)

    assert outcome.code == 2
    assert "written: DMA-1 (ID 1), DMA-3 (ID 3)\n" in outcome.text
    assert "not written: DMA-0 (ID 0)\n" in outcome.text
    assert "DMA-0 (ID 0): the disk is full" in outcome.text
    assert "run the same again" in outcome.err
    monkeypatch.undo()
    assert dmsmtp("apply", "--write", new, agents).code == 0
    assert differs(agents) == 0


@pytest.mark.parametrize("failing", ["agent0", "agent1"])
def test_a_pair_is_written_together_or_not_at_all(
    failing: str, agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(agents)
    monkeypatch.setattr(writing, "replace_file", Failing(failing))

    outcome = dmsmtp("apply", "--write", "--failover", "DMA-0=DMA-1", new, agents)

    after = contents(agents)
    assert outcome.code == 2
    assert "not written: DMA-0 (ID 0), DMA-1 (ID 1)\n" in outcome.text
    assert [name for name in before if before[name] != after[name]] == [str(Path("agent3", "DataMiner.xml"))]
    assert "the other one of its Failover pair, could not be written" in outcome.text
    assert [path.parent.name for path in backups(agents)] == ["agent3"]
    monkeypatch.undo()
    assert dmsmtp("apply", "--rollback", "--write", "--failover", "DMA-0=DMA-1", agents).code == 0
    assert contents(agents) == before


def test_the_two_of_a_pair_are_restarted_one_after_the_other(agents: Path, new: Path) -> None:
    found = told("--write", "--failover", "DMA-0=DMA-1", new, agents)

    assert found["written"]
    assert found["restarts"] == [["DMA-0 (ID 0)", "DMA-1 (ID 1)"], ["DMA-3 (ID 3)"]]
    assert all(Path(one["backup"]).exists() for one in found["agents"] if one["state"] == "written")


def test_a_run_that_is_interrupted_is_finished_by_the_next(
    agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = writing.replace_file
    calls: list[str] = []

    def interrupted(path: str, new: bytes, **how: Any) -> object:
        calls.append(path)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return original(path, new, **how)

    monkeypatch.setattr(writing, "replace_file", interrupted)
    outcome = dmsmtp("apply", "--write", new, agents)
    assert outcome.code == 130
    assert "interrupted; written until then: DMA-0 (ID 0); run the same again for the others" in outcome.err
    monkeypatch.undo()
    assert states(new, agents).count("would change") == 2
    assert dmsmtp("apply", "--write", new, agents).code == 0
    assert differs(agents) == 0


def test_a_pair_that_is_interrupted_is_put_back(
    agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(agents)
    original = writing.replace_file

    def interrupted(path: str, new: bytes, **how: Any) -> object:
        if "agent1" in path:
            raise KeyboardInterrupt
        return original(path, new, **how)

    monkeypatch.setattr(writing, "replace_file", interrupted)
    outcome = dmsmtp("apply", "--write", "--failover", "DMA-0=DMA-1", new, agents)

    assert outcome.code == 130
    assert contents(agents) == before
    assert "interrupted; written until then: none" in outcome.err


@pytest.mark.parametrize("is_impatient", [False, True])
@pytest.mark.parametrize("after", ["agent0", "agent1"])
def test_a_pair_that_is_interrupted_after_a_write_is_not_left_split(
    after: str, agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch, *, is_impatient: bool
) -> None:
    """Ctrl-C may come when the file is there, and before anybody knows."""
    before = contents(agents)
    calls: list[str] = []

    def interrupted(path: str, new: bytes, **how: Any) -> object:
        calls.append(path)
        if is_impatient and path in calls[:-1] and calls.count(path) == 2:
            raise KeyboardInterrupt
        outcome = writing_as_ever(path, new, **how)
        if after in path and calls.count(path) == 1:
            raise KeyboardInterrupt
        return outcome

    monkeypatch.setattr(writing, "replace_file", interrupted)
    outcome = dmsmtp("apply", "--write", "--failover", "DMA-0=DMA-1", new, agents)

    changed = [name for name, data in contents(agents).items() if data != before[name]]
    assert outcome.code == 130
    if after == "agent0":
        assert changed == []
        assert backups(agents) == []
        assert "interrupted; written until then: none;" in outcome.err
    else:
        assert len(changed) == 2
        assert "interrupted; written until then: DMA-0 (ID 0), DMA-1 (ID 1);" in outcome.err


def test_half_a_pair_that_cannot_be_put_back_is_named(
    agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def interrupted(path: str, new: bytes, **how: Any) -> object:
        calls.append(path)
        if "agent1" in path:
            raise KeyboardInterrupt
        if len(calls) > 1:
            return writing.NotWritten(path, "the disk is full")
        return writing_as_ever(path, new, **how)

    monkeypatch.setattr(writing, "replace_file", interrupted)
    outcome = dmsmtp("apply", "--write", "--failover", "DMA-0=DMA-1", new, agents)

    assert outcome.code == 130
    assert "interrupted; written until then: DMA-0 (ID 0);" in outcome.err


def test_a_pair_of_which_one_cannot_be_read_is_known_by_paths(
    agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(agents)
    dmsmtp("apply", "--write", new, ".")
    Path("agent1/DataMiner.xml").write_text("<DataMiner>", "utf-8")

    def rolled_back(pair: str) -> Outcome:
        Path("dmsmtp.toml").write_text(f"[cluster]\nfailover = [{pair}]\n", "utf-8")
        return dmsmtp("apply", "--write", "--rollback", ".")

    by_name, by_path = rolled_back('["DMA-0", "DMA-1"]'), rolled_back('["DMA-0", "agent1"]')

    assert by_name.code == 2
    assert "DataMiner.xml was not read: D001 not-well-formed; if that is of DMA-1" in by_name.err
    assert by_path.code == 0, by_path.err


@pytest.mark.parametrize(
    "pair", ['["DMA-0", "B"]', '["DMA-1", "A"]', '["agent0", "B"]', '["DMA-0", "DMA-1"]']
)
@pytest.mark.parametrize("path", ["agent{}/DataMiner.xml", "agent{}"])
def test_half_a_pair_is_not_written(
    path: str, pair: str, agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever way the configuration names the agents."""
    monkeypatch.chdir(agents)
    Path("dmsmtp.toml").write_text(
        f"[cluster]\nfailover = [{pair}]\n"
        f'[[cluster.agents]]\nname = "A"\npath = "{path.format(0)}"\n'
        f'[[cluster.agents]]\nname = "B"\npath = "{path.format(1)}"\n',
        "utf-8",
    )

    shown = dmsmtp("apply", new, "agent0", "agent2")
    outcome = dmsmtp("apply", "--write", new, "agent0", "agent2")
    rolled_back = dmsmtp("apply", "--write", "--rollback", "agent1")

    assert shown.code == 1
    assert "A (ID 0) is in a Failover pair with " in shown.err
    assert "whose file was not given" in shown.err
    assert outcome.code == rolled_back.code == 2
    assert "A (ID 0) and " in outcome.err
    assert "B (ID 1) and " in rolled_back.err
    for one in (outcome, rolled_back):
        assert "are a Failover pair, and written together: give both files" in one.err
    assert backups(agents) == []
    assert dmsmtp("apply", "--write", new).code == 0
    assert len(backups(agents)) == 2


def test_a_file_that_changes_before_it_is_written_is_left_alone(
    agents: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = agents / "agent0" / "DataMiner.xml"
    original = writing.replace_file

    def late(path: str, new: bytes, **how: Any) -> object:
        if "agent0" in path:
            file.write_text(document({"From": "late@example.com"}, 0), "utf-8")
        return original(path, new, **how)

    monkeypatch.setattr(writing, "replace_file", late)
    outcome = dmsmtp("apply", "--write", new, agents)

    assert outcome.code == 2
    assert "late@example.com" in file.read_text("utf-8")
    assert "it changed since it was read" in outcome.text


def test_other_encodings_and_namespaces(tmp_path: Path) -> None:
    folder = tmp_path / "cluster"
    shutil.copytree(FIXTURE, folder)
    new = source(tmp_path, {**LOGIN, "Password": REFERENCE})

    assert dmsmtp("apply", "--write", new, folder, stdin=b"").code == 0

    after = folder / "oslo-1" / "DataMiner.xml"
    assert after.read_bytes().startswith(b"\xff\xfe<\0")
    assert "587-starttls" in after.read_text("utf-16")
    assert "LISBOA-M\u00c3E" in (folder / "lisbon-2" / "DataMiner.xml").read_text("cp1252")
    assert b"\r\n  <SMTP>\r\n" in (folder / "oslo-2" / "DataMiner.xml").read_bytes()


def test_forty_agents_are_brought_in_line_with_two_commands(tmp_path: Path) -> None:
    usual: dict[str, str | None] = {**LOGIN, "Password": CANARY}
    drift: list[dict[str, str | None]] = [
        {**usual, "Host": "old.example.com"},
        {**usual, "HostPort": "25"},
        {**usual, "From": None},
        NONE,
    ]
    settings = [{**drift[n % 4]} if n % 5 == 0 else {**usual} for n in range(40)]
    settings[7]["Password"], settings[8]["Password"] = REFERENCE, OTHER_REFERENCE
    pairs = {2 * n + 1: 2 * n for n in range(10, 16)}
    for second, first in pairs.items():
        settings[second] |= {"id": str(first), "name": f"DMA-{first}"}
    folder = written(tmp_path / "agents", *settings)
    new = source(tmp_path, {**LOGIN, "Password": REFERENCE})
    password = f"{CANARY}\n".encode()
    assert differs(folder) == 1

    shown = dmsmtp("apply", "--ask-secrets", new, folder, stdin=password)
    done = told("--write", "--ask-secrets", new, folder, stdin=password)

    assert shown.code == 1
    assert len([one for one in done["agents"] if one["state"] == "written"]) == 10
    assert differs(folder) == 0
    found = json.loads(dmsmtp("compare", folder, "--output-format", "json").out)
    assert len(found["cluster"]["pairs"]) == 6
    assert not [row for row in found["cluster"]["settings"] if row["differs"]]
