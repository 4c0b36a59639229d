"""Files are written whole or not at all, whatever happens and whenever it happens."""

from __future__ import annotations

import errno
import io
import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from itertools import count, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator import writing
from migrator.files import InputFile, Selection, find
from migrator.writing import (
    NewFile,
    NotWritten,
    Written,
    create_file,
    create_files,
    replace_file,
    write_pieces,
)
from tests.cli.running import without_privileges

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

OLD, NEW = b"<SMTP>\r\n  <Password>old</Password>\r\n</SMTP>", b"<SMTP>\n</SMTP>\n" * 300
MARK = "20250309T080706Z"
BACKUP = f"DataMiner.xml.{MARK}.bak"
CHANGED = "it changed since it was read, and was left as it is: try again"
ADMINISTRATOR = 'it may not be written: open a prompt with "Run as administrator" and type the same there'
HELD = "another program, such as DataMiner, holds it open: stop it or close the file, and try again"
NO_FILE = "it is a device or a pipe: name a file"

replace = partial(replace_file, new=NEW, old=OLD, mark=MARK)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "DataMiner.xml"
    path.write_bytes(OLD)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def reason(outcome: Written | NotWritten) -> str:
    assert isinstance(outcome, NotWritten), outcome
    return outcome.reason


def holds(path: Path, data: bytes) -> bool:
    return path.read_bytes() == data


# What is written


def test_a_file_is_replaced_and_the_old_one_kept(file: Path) -> None:
    outcome = replace(str(file))

    assert outcome == Written(str(file), str(file.parent / BACKUP))
    assert names(file.parent) == ["DataMiner.xml", BACKUP]
    assert holds(file, NEW)
    assert holds(file.parent / BACKUP, OLD)


def test_without_a_backup_there_is_none(file: Path) -> None:
    assert replace(str(file), backup=False) == Written(str(file), None)
    assert names(file.parent) == ["DataMiner.xml"]
    assert holds(file, NEW)


def test_a_relative_path(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)

    assert replace("DataMiner.xml") == Written("DataMiner.xml", BACKUP)
    assert create_file("new.xml", NEW, holds_secret=True) == Written("new.xml")
    assert names(file.parent) == ["DataMiner.xml", BACKUP, "new.xml"]


def test_a_backup_is_named_by_the_time_in_utc(file: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)

    outcome = replace_file(str(file), NEW, old=OLD)

    assert isinstance(outcome, Written)
    assert outcome.backup is not None
    stamp = outcome.backup.removeprefix(f"{file}.").removesuffix(".bak")
    assert before <= datetime.strptime(stamp, "%Y%m%dT%H%M%S%z") <= datetime.now(UTC)


def test_a_former_content_may_have_its_former_time(file: Path) -> None:
    before = file.stat().st_mtime_ns - 10**10

    assert isinstance(replace(str(file), changed=before), Written)
    assert file.stat().st_mtime_ns == before


@pytest.mark.parametrize("failing", ["stat", "utime"])
def test_a_time_that_cannot_be_given_stops_no_write(
    failing: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = getattr(os, failing)

    def refusing(path: Any, *rest: Any, **more: Any) -> Any:
        if ".dmsmtp-" in str(path):
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        return look(path, *rest, **more)

    monkeypatch.setattr(os, failing, refusing)

    assert isinstance(replace_file(str(file), b"new", old=file.read_bytes(), changed=5), Written)
    assert file.read_bytes() == b"new"


def test_no_backup_is_ever_overwritten(file: Path) -> None:
    data = [OLD, NEW, b"1", b"2", b""]

    kept = [replace(str(file), new=new, old=old) for old, new in pairwise(data)]

    expected = ["DataMiner.xml.20250309T080706Z" + one for one in (".bak", "-1.bak", "-2.bak", "-3.bak")]
    assert kept == [Written(str(file), str(file.parent / name)) for name in expected]
    assert [(file.parent / name).read_bytes() for name in expected] == data[:-1]


@pytest.mark.posix
@pytest.mark.parametrize("links", [True, False])
def test_a_backup_spares_even_a_link_that_leads_nowhere(
    links: bool, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file.parent / BACKUP).symlink_to("nowhere")
    if not links:
        monkeypatch.setattr(os, "link", _failing(errno.EPERM))

    outcome = replace(str(file))

    assert outcome == Written(str(file), f"{file}.20250309T080706Z-1.bak")
    assert names(file.parent) == ["DataMiner.xml", "DataMiner.xml.20250309T080706Z-1.bak", BACKUP]


@settings(max_examples=15)
@given(
    old=st.binary(max_size=200),
    new=st.binary(max_size=200),
    name=st.from_regex(r"[a-zé0-9 .]{1,20}x", fullmatch=True),
)
def test_any_content_in_a_file_of_any_name(
    old: bytes, new: bytes, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / name

    assert create_file(str(path), old, holds_secret=False) == Written(str(path))
    outcome = replace_file(str(path), new, old=old)

    assert isinstance(outcome, Written)
    assert outcome.backup is not None
    assert holds(path, new)
    assert holds(Path(outcome.backup), old)
    assert len(names(path.parent)) == 2


def test_what_is_being_written_is_no_file_to_check(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []

    def look(_handle: int) -> None:
        seen.extend(find(Selection((str(file.parent),))))

    monkeypatch.setattr(os, "fsync", look)

    replace(str(file))

    assert len(seen) > 1
    assert set(seen) == {InputFile(str(file), str(file))}
    assert list(find(Selection((str(file.parent),)))) == [InputFile(str(file), str(file))]


@pytest.mark.posix
def test_all_is_on_the_disk_before_the_old_file_goes(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[bytes, int] | None] = []

    def sync(handle: int) -> None:
        status = os.fstat(handle)
        inodes = {path.stat().st_ino: path for path in file.parent.iterdir()}
        is_file = status.st_ino in inodes
        synced.append((inodes[status.st_ino].read_bytes(), stat.S_IMODE(status.st_mode)) if is_file else None)

    def put(source: Path, target: Path) -> None:
        assert holds(file.parent / BACKUP, OLD)
        assert [*synced] == [(NEW, 0o640), (OLD, 0o640), None]  # the last is the folder
        original(source, target)

    original = os.replace
    file.chmod(0o640)
    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", put)

    assert isinstance(replace(str(file)), Written)
    assert len(synced) == 4


# What is refused


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    assert reason(replace(str(tmp_path / "x.xml"))) == "it is gone since it was read"
    assert (
        reason(replace(str(tmp_path / "y" / "x.xml")))
        == "its folder does not exist: create it, and try again"
    )
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "change", [b"", OLD[:-1], OLD + b"\n", OLD.replace(b"old", b"odd"), OLD.lower(), NEW]
)
def test_a_file_that_changed_since_it_was_read(change: bytes, file: Path) -> None:
    file.write_bytes(change)

    assert reason(replace(str(file))) == CHANGED
    assert names(file.parent) == ["DataMiner.xml"]
    assert holds(file, change)


def _at_last_moment(monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
    """Have something happen when all is written but nothing replaced."""
    look = writing._replace_if_unchanged  # noqa: SLF001 - there is no later moment

    def late(*arguments: Any) -> bool:
        change()
        return look(*arguments)

    monkeypatch.setattr(writing, "_replace_if_unchanged", late)


def test_a_file_that_changes_while_the_new_one_is_written(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _at_last_moment(monkeypatch, lambda: file.write_bytes(b"by another program"))

    assert reason(replace(str(file))) == CHANGED
    assert names(file.parent) == ["DataMiner.xml"]
    assert holds(file, b"by another program")


def test_a_file_that_goes_while_the_new_one_is_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _at_last_moment(monkeypatch, file.unlink)

    assert reason(replace(str(file))) == "it is gone since it was read"
    assert names(file.parent) == []


@pytest.mark.posix
@pytest.mark.parametrize("becomes", ["a link to the same content", "a pipe", "a folder", "a file for others"])
def test_a_file_that_becomes_another_thing(becomes: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def change() -> None:
        file.rename(twin)
        if becomes == "a pipe":
            os.mkfifo(file)
        elif becomes == "a folder":
            file.mkdir()
        elif becomes == "a file for others":
            file.write_bytes(OLD)
            file.chmod(0o777)
        else:
            file.symlink_to(twin)

    twin = file.parent / "twin.xml"
    _at_last_moment(monkeypatch, change)

    assert reason(replace(str(file))) == CHANGED
    assert names(file.parent) == ["DataMiner.xml", "twin.xml"]
    assert holds(twin, OLD)


@pytest.mark.posix
def test_a_link_put_in_place_of_a_file_that_was_read(file: Path) -> None:
    other = file.parent / "other.xml"
    other.write_bytes(b"other")
    file.unlink()
    file.symlink_to(other)

    assert reason(replace(str(file))) == CHANGED
    assert names(file.parent) == ["DataMiner.xml", "other.xml"]
    assert holds(other, b"other")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    for outcome in (replace(str(tmp_path)), create_file(str(tmp_path), NEW, holds_secret=False)):
        assert reason(outcome) == "it is a folder: name a file in it"


@pytest.mark.posix
@pytest.mark.parametrize("link", [False, True])
def test_a_device_or_pipe_is_no_file(link: bool, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in ("/dev/null", tmp_path / "pipe"):
        shown = Path(path)
        if link:
            shown = tmp_path / f"link to {shown.name}"
            shown.symlink_to(path)
        assert reason(replace(str(shown))) == NO_FILE
        assert reason(create_file(str(shown), NEW, holds_secret=False)) == NO_FILE
        assert not shown.is_file()


@pytest.mark.parametrize("name", ["a\0b", "\0"])
def test_a_name_that_none_can_have(name: str) -> None:
    for outcome in (replace(name), create_file(name, NEW, holds_secret=False)):
        assert reason(outcome) == "no file can have such a name: name another one"


# Links


@pytest.mark.posix
@pytest.mark.parametrize(
    "target", ["real/DataMiner.xml", "other link", "{}/real/DataMiner.xml", "real/../real/DataMiner.xml"]
)
def test_a_link_stays_one_and_the_backup_lies_beside_what_it_leads_to(target: str, tmp_path: Path) -> None:
    real, link = tmp_path / "real" / "DataMiner.xml", tmp_path / "link"
    real.parent.mkdir()
    real.write_bytes(OLD)
    (tmp_path / "other link").symlink_to("real/DataMiner.xml")
    link.symlink_to(target.format(tmp_path))

    outcome = replace(str(link))

    assert outcome == Written(str(link), str(real.resolve().parent / BACKUP))
    assert str(link.readlink()) == target.format(tmp_path)
    assert not real.is_symlink()
    assert holds(real, NEW)
    assert names(tmp_path / "real") == ["DataMiner.xml", BACKUP]
    assert names(tmp_path) == ["link", "other link", "real"]


@pytest.mark.posix
def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")

    assert reason(replace(str(tmp_path / "link"))) == "it is a link, and what it leads to does not exist"
    assert reason(replace(str(tmp_path / "loop"))).startswith("it cannot be written: ")
    for name in ("link", "loop"):
        outcome = create_file(str(tmp_path / name), NEW, holds_secret=False)
        assert reason(outcome) == "it is a link that leads nowhere: remove it, or name another file"
    assert names(tmp_path) == ["link", "loop"]


@pytest.mark.parametrize("backup", [True, False])
def test_a_file_with_several_names_is_left_alone(backup: bool, file: Path) -> None:
    os.link(file, file.parent / "other")

    assert reason(replace(str(file), backup=backup)) == (
        "it has another name elsewhere (a hard link), which would keep the old content: "
        "put a copy in the place of this one, and try again"
    )
    assert names(file.parent) == ["DataMiner.xml", "other"]
    assert file.samefile(file.parent / "other")
    assert holds(file, OLD)


def test_a_name_that_a_killed_process_left_is_none(file: Path) -> None:
    os.link(file, file.parent / ".dmsmtp-0123456789abcdef")
    (file.parent / ".dmsmtp-of-another").write_bytes(OLD)

    assert isinstance(replace(str(file), backup=False), Written)
    assert names(file.parent) == [".dmsmtp-of-another", "DataMiner.xml"]


# New files


@pytest.mark.posix
@pytest.mark.parametrize(
    ("mask", "holds_secret", "mode"),
    [
        (0o022, True, 0o600),
        (0o000, True, 0o600),
        (0o022, False, 0o644),
        (0o027, False, 0o640),
        (0o077, False, 0o600),
        (0o002, False, 0o664),
    ],
)
def test_a_new_file_is_private_where_it_holds_a_secret(
    mask: int, holds_secret: bool, mode: int, tmp_path: Path
) -> None:
    before = os.umask(mask)
    try:
        outcome = create_file(str(tmp_path / "x"), NEW, holds_secret=holds_secret)
    finally:
        os.umask(before)

    assert outcome == Written(str(tmp_path / "x"), None)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == mode
    assert holds(tmp_path / "x", NEW)
    assert names(tmp_path) == ["x"]


def test_a_new_file_takes_nobodys_place(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = "it is there already: remove it, or name another file"
    assert reason(create_file(str(file), NEW, holds_secret=True)) == expected

    def sync(handle: int) -> None:
        if not file.exists():  # somebody else is quicker
            file.write_bytes(OLD)
        original(handle)

    original = os.fsync
    file.unlink()
    monkeypatch.setattr(os, "fsync", sync)
    assert reason(create_file(str(file), NEW, holds_secret=True)) == expected
    assert holds(file, OLD)
    assert names(file.parent) == ["DataMiner.xml"]


@pytest.mark.posix
def test_a_file_system_without_links(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", _failing(errno.EPERM))

    assert isinstance(create_file(str(file.with_name("x")), NEW, holds_secret=True), Written)
    monkeypatch.setattr(os, "fsync", _then(os.fsync, file.with_name("y").touch))
    assert reason(create_file(str(file.with_name("y")), NEW, holds_secret=True)).startswith(
        "it is there already"
    )
    assert isinstance(replace(str(file)), Written)
    assert names(file.parent) == ["DataMiner.xml", BACKUP, "x", "y"]
    assert holds(file.with_name("y"), b"")


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    outcome = create_file(str(tmp_path / "missing" / "x"), NEW, holds_secret=False)

    assert reason(outcome) == "its folder does not exist: create it, and try again"


# Permissions


@pytest.mark.posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o666, 0o755, 0o400, 0o604])
def test_permissions_and_owner_stay_and_the_backup_has_the_same(mode: int, file: Path) -> None:
    file.chmod(mode)
    if os.geteuid() == 0:
        os.chown(file, 1234, 4321)
    if os.geteuid() != 0 and not mode & stat.S_IWUSR:
        file.chmod(mode | stat.S_IWUSR)
    before = file.stat()

    assert isinstance(replace(str(file)), Written)

    for path in (file, file.parent / BACKUP):
        after = path.stat()
        assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


@pytest.mark.posix
@pytest.mark.parametrize(("mode", "left"), [(0o660, 0o600), (0o664, 0o644), (0o666, 0o666), (0o646, 0o646)])
def test_a_group_that_cannot_be_kept_lets_no_other_one_in(
    mode: int, left: int, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_another_group(handle: int) -> os.stat_result:
        real = list(original(handle))
        real[stat.ST_GID] += 1
        return os.stat_result(real)

    def give_away(_handle: int, owner: int, group: int) -> None:
        tried.append((owner, group))
        raise PermissionError

    original = os.fstat
    tried: list[tuple[int, int]] = []
    file.chmod(mode)
    before = file.stat()
    monkeypatch.setattr(os, "fstat", of_another_group)
    monkeypatch.setattr(os, "fchown", give_away)

    assert isinstance(replace(str(file)), Written)

    assert {stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent / BACKUP)} == {left}
    assert tried == [(before.st_uid, before.st_gid), (-1, before.st_gid)] * 2


@pytest.mark.posix
@pytest.mark.parametrize("has_list", [True, False])
def test_an_access_list_stays(has_list: bool, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "system.posix_acl_access"
    lists = {file.stat().st_ino: b"who may read"} if has_list else {}

    def read(path: Path, attribute: str) -> bytes:
        assert attribute == name
        if path.stat().st_ino not in lists:
            raise OSError(errno.ENODATA, "No data available")
        return lists[path.stat().st_ino]

    def write(handle: int, attribute: str, value: bytes) -> None:
        assert attribute == name
        lists[os.fstat(handle).st_ino] = value

    def remove(handle: int, attribute: str) -> None:
        assert attribute == name
        removed.append(handle)

    removed: list[int] = []
    monkeypatch.setattr(sys, "platform", "linux")
    for function, fake in (("getxattr", read), ("setxattr", write), ("removexattr", remove)):
        monkeypatch.setattr(os, function, fake, raising=False)

    assert isinstance(replace(str(file)), Written)

    for path in (file, file.parent / BACKUP):
        assert lists.get(path.stat().st_ino) == (b"who may read" if has_list else None)
    assert len(removed) == (0 if has_list else 2)  # what the folder passed on


@pytest.mark.posix
def test_an_access_list_that_cannot_be_kept_is_a_refusal(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "getxattr", _failing(errno.EIO), raising=False)

    assert reason(replace(str(file))) == "it cannot be written: Input/output error"
    assert names(file.parent) == ["DataMiner.xml"]


@pytest.mark.posix
def test_what_may_not_be_written(public_folder: Path) -> None:
    def made(name: str, mode: int) -> str:
        path = public_folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(OLD)
        path.chmod(mode)
        return str(path)

    read_only, shut_in, unreadable = made("x", 0o444), made("closed/x", 0o666), made("y", 0o600)
    if os.geteuid() != 0:
        Path(unreadable).chmod(0o000)
    (public_folder / "closed").chmod(0o555)
    before = sorted(public_folder.rglob("*"))

    with without_privileges():
        reasons = [
            reason(replace(read_only)),
            reason(replace(unreadable)),
            reason(replace(shut_in)),
            reason(create_file(str(public_folder / "closed/new"), NEW, holds_secret=False)),
        ]

    assert reasons[:2] == ["it may not be written: you lack the permission"] * 2
    assert (
        reasons[2:] == ["its folder may not be written to, as a safe write must: you lack the permission"] * 2
    )
    assert sorted(public_folder.rglob("*")) == before
    assert holds(Path(read_only), OLD)
    assert holds(Path(shut_in), OLD)


@pytest.mark.posix
def test_a_file_of_somebody_else_that_may_be_written(public_folder: Path) -> None:
    path = public_folder / "DataMiner.xml"
    path.write_bytes(OLD)
    path.chmod(0o666)

    with without_privileges():
        outcome = replace(str(path))

    assert isinstance(outcome, Written)
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, public_folder / BACKUP)] == [0o666] * 2


# Long names


@pytest.mark.posix
def test_names_as_long_as_they_may_be(tmp_path: Path) -> None:
    for length, backup, expected in (
        (255 - 21, True, None),
        (
            255 - 20,
            True,
            "the name of its backup would be too long: shorten its name, or do without (--no-backup)",
        ),
        (255, False, None),
    ):
        path = tmp_path / ("x" * length)
        assert isinstance(create_file(str(path), OLD, holds_secret=False), Written)
        outcome = replace(str(path), backup=backup)
        assert (outcome.reason if isinstance(outcome, NotWritten) else None) == expected
        assert holds(path, NEW if expected is None else OLD)
    assert len(names(tmp_path)) == 4

    outcome = create_file(str(tmp_path / ("y" * 256)), NEW, holds_secret=False)
    assert reason(outcome) == "its path is too long: shorten it, or move the file to another folder"
    assert len(names(tmp_path)) == 4


# A disk that is full


@pytest.mark.posix
@pytest.mark.parametrize(("old", "new"), [(b"short", b"x" * 100_000), (b"x" * 100_000, b"short")])
def test_no_room_for_the_new_file_or_the_backup(old: bytes, new: bytes, tmp_path: Path) -> None:
    import resource

    path = tmp_path / "DataMiner.xml"
    path.write_bytes(old)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))  # Python ignores SIGXFSZ
    try:
        outcome = replace_file(str(path), new, old=old)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert reason(outcome) == "it cannot be written: File too large"
    assert names(tmp_path) == ["DataMiner.xml"]
    assert holds(path, old)


@pytest.mark.posix
def test_pieces_for_a_device(tmp_path: Path) -> None:
    write_pieces("/dev/null", [NEW])
    if Path("/dev/full").exists():
        with pytest.raises(OSError, match="No space left"):
            write_pieces("/dev/full", [NEW])
    with pytest.raises(IsADirectoryError):
        write_pieces(str(tmp_path), [NEW])


@pytest.mark.parametrize("number", [errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)])
def test_no_room_at_all(number: int, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", _failing(number))

    assert reason(replace(str(file))) == "the disk is full: make room on it, and try again"
    assert reason(create_file(f"{file}.new", NEW, holds_secret=True)) == (
        "the disk is full: make room on it, and try again"
    )
    assert names(file.parent) == ["DataMiner.xml"]


# Reports


def test_pieces_that_end_in_an_error_leave_the_old_file(file: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield NEW
        raise LookupError

    for path in (file, file.with_name("new")):
        with pytest.raises(LookupError):
            write_pieces(str(path), pieces())

    assert names(file.parent) == ["DataMiner.xml"]
    assert holds(file, OLD)


@pytest.mark.posix
def test_a_report_goes_where_a_link_leads_be_it_there_or_not(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("real")

    for pieces in ([OLD], [NEW, OLD]):
        write_pieces(str(tmp_path / "link"), pieces)

        assert (tmp_path / "link").is_symlink()
        assert holds(tmp_path / "real", b"".join(pieces))
    assert names(tmp_path) == ["link", "real"]


@pytest.mark.posix
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_report_goes_behind_what_is_in_the_file_of_a_standard_stream(stream: str, file: Path) -> None:
    code = (
        "import os, sys; from migrator.writing import write_pieces; "
        f"os.write(sys.{stream}.fileno(), b'first '); "
        f"write_pieces('/dev/{stream}', [b'report ']); "
        f"os.write(sys.{stream}.fileno(), b'last')"
    )
    with file.open("ab") as log:
        streams: dict[str, Any] = {stream: log}
        outcome = subprocess.run([sys.executable, "-c", code], check=False, timeout=60, **streams)

    assert outcome.returncode == 0
    assert holds(file, OLD + b"first report last")
    assert names(file.parent) == ["DataMiner.xml"]


@pytest.mark.posix
@pytest.mark.parametrize("folder", ["/dev/fd", pytest.param("/proc/self/fd", marks=pytest.mark.linux)])
def test_a_report_goes_into_what_is_open(folder: str, file: Path) -> None:
    with file.open("ab") as log:
        write_pieces(f"{folder}/{log.fileno()}", [b"report "])
        log.write(b"last")

    assert holds(file, OLD + b"report last")
    assert names(file.parent) == ["DataMiner.xml"]


@pytest.mark.posix
def test_a_number_that_no_descriptor_can_have_names_no_file() -> None:
    with pytest.raises(OSError, match="No such file"):
        write_pieces("/dev/fd/99999999999999999999", [b"report"])


# Faults at every step


class Fault(NamedTuple):
    """What happens at which step: before it is taken, or after it."""

    strike: Callable[[], None]
    is_after: bool = False


CALLS = (
    *("close", "fchmod", "fchown", "fstat", "fsync", "getxattr", "link", "lstat", "open", "readlink"),
    *("removexattr", "rename", "replace", "scandir", "setxattr", "stat", "unlink"),
)


class Steps:
    """Counts what a write asks of the system, and lets one step go wrong."""

    def __init__(self, fault: Fault, at: int, patch: pytest.MonkeyPatch) -> None:
        self.taken: list[str] = []
        self.fault, self.at = fault, at
        for name in CALLS:
            if hasattr(os, name):
                patch.setattr(os, name, self.wrapped(name, getattr(os, name)))
        self._open = io.open
        patch.setattr(io, "open", self.open)
        patch.setattr(writing, "open", self.open, raising=False)

    @property
    def struck(self) -> str | None:
        """The step that went wrong, if it was reached."""
        return self.taken[self.at] if self.at < len(self.taken) else None

    def step(self, name: str, take: Callable[[], Any]) -> Any:
        self.taken.append(name)
        is_here = len(self.taken) == self.at + 1
        if is_here and not self.fault.is_after:
            self.fault.strike()
        result = None
        try:
            if name != "fsync":  # what it does shows nowhere, and takes time
                result = take()
        finally:
            if is_here and self.fault.is_after:
                if isinstance(result, Stream):
                    result.stream.close()
                self.fault.strike()
        return result

    def wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments, **options: self.step(name, lambda: function(*arguments, **options))

    def open(self, path: Path, mode: str, *_: Any, opener: Any = None) -> Stream:
        make = partial(self._open, path, mode, buffering=0, opener=opener)
        stream: Stream = self.step(f"open {mode}", lambda: Stream(make(), self))
        return stream


class Stream:
    """A file that is written to in two steps, so that one can be half-written."""

    def __init__(self, stream: Any, steps: Steps) -> None:
        self.stream, self.steps = stream, steps
        self.fileno, self.flush = stream.fileno, stream.flush

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.stream.close()
        self.steps.step("closing", lambda: None)

    def read(self, size: int) -> bytes:
        data: bytes = self.steps.step("read", lambda: self.stream.read(size))
        return data

    def writelines(self, pieces: Sequence[bytes]) -> None:
        data = b"".join(pieces)
        half = len(data) // 2
        self.steps.step("write half", lambda: self.stream.write(data[:half]))
        self.steps.step("write rest", lambda: self.stream.write(data[half:]))


def _raising(error: BaseException) -> Callable[..., None]:
    def strike(*_: object, **__: object) -> None:
        raise error

    return strike


def _failing(number: int) -> Callable[..., None]:
    return _raising(OSError(number, os.strerror(number)))


def _then(function: Callable[..., Any], event: Callable[[], object]) -> Callable[..., Any]:
    def both(*arguments: Any, **options: Any) -> Any:
        result = function(*arguments, **options)
        event()
        return result

    return both


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


WRITES: dict[str, Callable[[str], Written | NotWritten | None]] = {
    "replace": replace,
    "replace without backup": partial(replace, backup=False),
    "create": partial(create_file, data=NEW, holds_secret=True),
    "report": partial(write_pieces, pieces=[NEW]),
    "new report": partial(write_pieces, pieces=[NEW]),
}
is_new = {name: name in ("create", "new report") for name in WRITES}
each_write = pytest.mark.parametrize("name", WRITES)


def _prepared(folder: Path, name: str) -> Path:
    """A folder of its own with the file to be written, there or not yet."""
    folder.mkdir()
    path = folder / "DataMiner.xml"
    if not is_new[name]:
        path.write_bytes(OLD)
    return path


def _faulty(
    name: str, path: Path, fault: Fault, at: int
) -> tuple[Written | NotWritten | KeyboardInterrupt | None, Steps]:
    """What comes of a write that something happens to; reports tell errors by raising them."""
    with pytest.MonkeyPatch.context() as patch:
        steps = Steps(fault, at, patch)
        try:
            return WRITES[name](str(path)), steps
        except KeyboardInterrupt as interrupt:
            return interrupt, steps
        except OSError as error:
            assert name.endswith("report")
            return NotWritten(str(path), str(error)), steps


def _assert_whole(name: str, path: Path) -> None:
    """The file is the old or the new one, and a backup is the old one."""
    if path.exists() or not is_new[name]:
        assert path.read_bytes() in ([NEW] if is_new[name] else [OLD, NEW])
    for backup in path.parent.glob("*.bak"):
        assert holds(backup, OLD)


def _beside(path: Path) -> list[str]:
    """Names of what should not be there: temporary files, and a backup beside an old file."""
    return [one for one in names(path.parent) if one != path.name and (one != BACKUP or holds(path, OLD))]


@each_write
@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EACCES, errno.EINTR, errno.EIO], ids=lambda number: errno.errorcode[number]
)
def test_an_error_at_any_step_is_told_and_changes_nothing(number: int, name: str, tmp_path: Path) -> None:
    for at in count():
        path = _prepared(tmp_path / str(at), name)

        outcome, steps = _faulty(name, path, Fault(_failing(number)), at)

        _assert_whole(name, path)
        if isinstance(outcome, NotWritten):
            assert outcome.reason
            assert not path.exists() if is_new[name] else holds(path, OLD), steps.taken
        else:
            assert holds(path, NEW), steps.taken
        assert _beside(path) == [] or steps.struck == "unlink", steps.taken
        if steps.struck is None:
            assert not isinstance(outcome, NotWritten)
            assert {"open xb", "write half", "fsync", "closing", "unlink"} < set(steps.taken)
            break


@each_write
@pytest.mark.parametrize("is_after", [False, True])
def test_ctrl_c_at_any_step_leaves_nothing_behind(is_after: bool, name: str, tmp_path: Path) -> None:
    for at in count():
        path = _prepared(tmp_path / str(at), name)

        outcome, steps = _faulty(name, path, Fault(_raising(KeyboardInterrupt()), is_after=is_after), at)

        _assert_whole(name, path)
        if steps.struck is None:
            assert not isinstance(outcome, NotWritten | KeyboardInterrupt)
            break
        assert isinstance(outcome, KeyboardInterrupt)
        beside = _beside(path)
        # A backup that is just getting its name may stay: it is whole. Windows lets no open file be removed
        is_open = sys.platform == "win32" and steps.struck == "open"
        assert (
            beside == []
            or steps.struck == "unlink"
            or (steps.struck in ("link", "rename") and beside == [BACKUP])
            or (is_open and [Path(path.parent, name).read_bytes() for name in beside] == [b""])
        )


@pytest.mark.posix
@each_write
def test_the_end_of_the_process_at_any_step_leaves_whole_files(name: str, tmp_path: Path) -> None:
    for at in count():
        path = _prepared(tmp_path / str(at), name)

        is_killed = _is_killed(partial(_faulty, name, path, Fault(_die), at))

        _assert_whole(name, path)
        assert _checked(path.parent) == ([path.name] if path.exists() else [])
        if name == "create":
            assert {stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()} <= {0o600}
        again = (
            replace_file(str(path), b"again", old=path.read_bytes())
            if path.exists()
            else WRITES[name](str(path))
        )
        assert not isinstance(again, NotWritten)
        assert path.read_bytes() in (b"again", NEW)
        if not is_killed:
            assert at > 8  # they do count
            break


def _checked(folder: Path) -> list[str]:
    """Names of the files that a search of a folder finds."""
    return [Path(one.shown).name for one in find(Selection((str(folder),))) if isinstance(one, InputFile)]


def _is_killed(action: Callable[[], object]) -> bool:
    """Whether a process of its own is killed while it does something; it must not fail."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            action()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


# Several new files at once

MANY = 20  # more than one thread puts on the disk


def _new_files(folder: Path, how_many: int) -> list[NewFile]:
    return [NewFile(str(folder / f"{number:02}"), NEW, holds_secret=True) for number in range(how_many)]


def test_each_of_many_is_created_or_told_why_not(tmp_path: Path) -> None:
    (tmp_path / "03").write_bytes(OLD)
    files = _new_files(tmp_path, MANY)
    files[7] = files[7]._replace(path=str(tmp_path / "missing" / "x"))

    outcomes = create_files(files)

    wrong = {
        3: "it is there already: remove it, or name another file",
        7: "its folder does not exist: create it, and try again",
    }
    assert outcomes == [
        NotWritten(one.path, wrong[number]) if number in wrong else Written(one.path)
        for number, one in enumerate(files)
    ]
    assert names(tmp_path) == [f"{number:02}" for number in range(MANY) if number != 7]
    assert {path.name for path in tmp_path.iterdir() if holds(path, NEW)} == set(names(tmp_path)) - {"03"}


def test_none_of_many_gets_its_name_before_all_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    monkeypatch.setattr(os, "fsync", _then(os.fsync, lambda: steps.append("on the disk")))
    monkeypatch.setattr(writing, "_give_name", _then(writing._give_name, lambda: steps.append("named")))  # noqa: SLF001

    create_files(_new_files(tmp_path, MANY))

    assert steps == ["on the disk"] * MANY + ["named"] * MANY


def test_one_of_many_that_does_not_reach_the_disk_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sync(handle: int) -> None:
        if next(number) == 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        original(handle)

    number, original = count(), os.fsync
    monkeypatch.setattr(os, "fsync", sync)

    outcomes = create_files(_new_files(tmp_path, MANY))

    (failed,) = (one for one in outcomes if isinstance(one, NotWritten))
    assert failed.reason == "the disk is full: make room on it, and try again"
    assert names(tmp_path) == [Path(one.path).name for one in outcomes if isinstance(one, Written)]
    assert len(names(tmp_path)) == MANY - 1


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()], ids=["full", "ctrl-c"]
)
def test_whatever_happens_while_some_are_created_leaves_whole_files(
    error: BaseException, tmp_path: Path
) -> None:
    for at in count():
        folder = tmp_path / str(at)
        folder.mkdir()
        outcomes = None
        with pytest.MonkeyPatch.context() as patch:
            steps = Steps(Fault(_raising(error)), at, patch)
            try:
                outcomes = create_files(_new_files(folder, 3))
            except KeyboardInterrupt:
                assert isinstance(error, KeyboardInterrupt)
        if outcomes is not None:
            written = [Path(one.path).name for one in outcomes if isinstance(one, Written)]
            assert written == [one for one in names(folder) if not one.startswith(".")]
            assert len(written) >= 2
        left = [path.name for path in folder.iterdir() if path.name.startswith(".")]
        assert not left or steps.struck == "unlink", steps.taken
        assert all(holds(path, NEW) for path in folder.iterdir())
        if steps.struck is None:
            break


# Windows


class _WindowsError(PermissionError):
    """As Python raises it there; opening a file gives no code."""

    def __init__(self, code: int | None, *paths: Path) -> None:
        super().__init__(errno.EACCES, "Access is denied")
        self.filename, self.filename2 = (*map(str, paths), None, None)[:2]
        if code is not None:
            self.winerror = code


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """On Windows, as far as that can be played; the pauses made there."""
    made: list[float] = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr("time.sleep", made.append)
    return made


@pytest.mark.posix
@pytest.mark.parametrize(("times", "code"), [(1, 5), (2, 32), (4, 5)])
def test_a_file_that_a_scanner_holds_for_a_moment(
    times: int, code: int, file: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(source: Path, target: Path) -> None:
        if len(pauses) < times:
            raise _WindowsError(code, source, target)
        original(source, target)

    original = os.replace
    monkeypatch.setattr(os, "replace", put)

    assert isinstance(replace(str(file)), Written)
    assert pauses == [0.05, 0.1, 0.2, 0.4][:times]
    assert holds(file, NEW)


@pytest.mark.posix
@pytest.mark.parametrize("code", [5, 32, 33])
def test_a_file_that_another_program_holds_open(
    code: int, file: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(source: Path, target: Path) -> None:
        raise _WindowsError(code, source, target)

    monkeypatch.setattr(os, "replace", put)

    assert reason(replace(str(file))) == HELD
    assert sum(pauses) < 1
    assert names(file.parent) == ["DataMiner.xml"]
    assert holds(file, OLD)


@pytest.mark.posix
def test_a_file_that_changes_while_another_program_holds_it_open(
    file: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(source: Path, target: Path) -> None:
        file.write_bytes(b"by that program")
        raise _WindowsError(32, source, target)

    monkeypatch.setattr(os, "replace", put)

    assert reason(replace(str(file))) == CHANGED
    assert len(pauses) == 1
    assert names(file.parent) == ["DataMiner.xml"]


@pytest.mark.posix
@pytest.mark.usefixtures("pauses")
@pytest.mark.parametrize(
    ("code", "expected"), [(32, HELD), (33, HELD), (5, ADMINISTRATOR), (None, ADMINISTRATOR)]
)
def test_a_file_that_cannot_be_opened_for_writing(
    code: int | None, expected: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(io, "open", _raising(_WindowsError(None, file)))
    if code is not None:
        monkeypatch.setattr(os, "rename", _raising(_WindowsError(code, file, file)))

    assert reason(replace(str(file))) == expected
    assert names(file.parent) == ["DataMiner.xml"]


@pytest.mark.posix
@pytest.mark.usefixtures("pauses")
def test_a_folder_that_needs_an_administrator(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        writing, "open", _raising(_WindowsError(None, file.parent / ".dmsmtp-x")), raising=False
    )

    assert reason(replace(str(file))) == ADMINISTRATOR
    assert reason(create_file(f"{file}.new", NEW, holds_secret=True)) == ADMINISTRATOR


@pytest.mark.posix
@pytest.mark.usefixtures("pauses")
def test_a_read_only_attribute_counts(file: Path) -> None:
    file.chmod(0o444)

    assert reason(replace(str(file))) == "it is write-protected: clear its read-only attribute, and try again"
    assert names(file.parent) == ["DataMiner.xml"]


@pytest.mark.posix
@pytest.mark.usefixtures("pauses")
def test_a_path_that_is_too_long_for_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / ("x" * 200) / ("y" * 50)
    path.parent.mkdir()
    monkeypatch.setattr(
        writing, "open", _raising(FileNotFoundError(errno.ENOENT, "No such", str(path))), raising=False
    )

    outcome = create_file(str(path), NEW, holds_secret=False)

    assert reason(outcome) == "its path is too long: shorten it, or move the file to another folder"


@pytest.mark.windows
def test_on_windows_itself(file: Path) -> None:
    with file.open("rb"):
        assert reason(replace(str(file))) == HELD
    file.chmod(0o444)
    assert reason(replace(str(file))) == "it is write-protected: clear its read-only attribute, and try again"
    file.chmod(0o644)
    assert names(file.parent) == ["DataMiner.xml"]
    assert holds(file, OLD)
