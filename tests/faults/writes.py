"""All that dmsmtp writes: each command with each option that has it write a file, in a folder of its own."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.cli.running import CLEAN, ERROR, dmsmtp
from tests.cluster.clusters import document
from tests.live.provider import ACCESS, CLIENT, GIVEN, REFRESH, SCOPE

FILE = "DataMiner.xml"
PASSWORD = "hunter2-canary"
_LOGIN = f"<LoginMethod>AuthLoginMethod</LoginMethod>\n  <User>dma</User>\n  <Password>{PASSWORD}</Password>"
WRONG = ERROR.replace("<LoginMethod>NoLoginMethod</LoginMethod>", _LOGIN).replace("\n", "\r\n").encode()
RIGHT = WRONG.replace(b"STARTTLS", b"starttls")
_WHOLE = b'\xef\xbb\xbf<?xml version="1.0"?>\r\n<DataMiner id="7"><!-- mine -->\r\n' + WRONG + b"</DataMiner>"
_OLD_REPORT = b"what another run said\n" * 200
_SOURCE = CLEAN.replace("smtp.example.com", "new.example.com").encode()
_AGENTS = ("agent0/DataMiner.xml", "agent1/DataMiner.xml")
_PAIR = ("--failover", "DMA-0=DMA-1")
_NEW = (
    "new",
    "custom",
    "--no-input",
    "--host",
    "smtp.example.com",
    "--user",
    "dma",
    "--from",
    "d@example.com",
)
_STAMP = re.compile(rb"\d{8}T\d{6}Z(?:-\d+)?|(?<=\"expires_at\": )\d+| +\d+ ms")

SECRETS = (PASSWORD.encode(), ACCESS.encode(), REFRESH.encode())

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Write:
    """A command, and what it writes; paths are relative to the folder that it runs in.

    `files` are there before. `targets` are written, and so are `reports`, which tell what a run did.
    `covered` are the commands and options that have them written. `keeps` says that a target which is
    replaced is kept as a backup.
    """

    name: str
    arguments: tuple[str, ...]
    files: Callable[[], Files]
    targets: tuple[str, ...]
    covered: tuple[tuple[str, str], ...]
    reports: tuple[str, ...] = ()
    code: int = 0
    keeps: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def written(self) -> tuple[str, ...]:
        """All that is written, documents and reports."""
        return self.targets + self.reports

    def prepare(self, folder: Path) -> None:
        """Make the folder what it is before the command, whatever is in it."""
        if folder.is_symlink():
            folder.unlink()
        shutil.rmtree(folder, ignore_errors=True)
        for name, data in self.files().items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(mode_of(name))


def mode_of(name: str) -> int:
    """The permissions of a file that is there before."""
    return 0o600 if name == "tokens.json" else 0o640


def content(data: bytes) -> bytes:
    """What is written but for the time, of which nobody can tell the future."""
    return _STAMP.sub(b"TIME", data)


def _fixed(files: Files) -> Callable[[], Files]:
    return lambda: files


@cache
def _agents() -> Files:
    settings: dict[str, str | None] = {"LoginMethod": "AuthLoginMethod", "User": "dma", "Password": PASSWORD}
    return {
        name: document({**settings, "From": "dma@example.com"}, at).encode()
        for at, name in enumerate(_AGENTS)
    } | {"source.smtp.xml": _SOURCE}


@cache
def _applied() -> Files:
    """The same agents after a run, with their backups."""
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder).resolve()
        for name, data in _agents().items():
            (there / name).parent.mkdir(exist_ok=True)
            (there / name).write_bytes(data)
        agents = [there / name for name in _AGENTS]
        assert dmsmtp("apply", "--write", *_PAIR, there / "source.smtp.xml", *agents).code == 0
        return {
            path.relative_to(there).as_posix(): path.read_bytes()
            for path in there.rglob("*")
            if path.is_file()
        }


_TOKENS = json.dumps({**GIVEN, "access_token": "former", "refresh_token": REFRESH, "client_id": CLIENT})
_ONE = _fixed({FILE: WRONG})
_REPORT = _fixed({FILE: WRONG, "report": _OLD_REPORT})
_OFFLINE = CLEAN.replace("smtp.example.com", "127.0.0.1").replace("587-starttls", "1").encode()
_UNREACHABLE = _fixed({FILE: _OFFLINE, "report": _OLD_REPORT})


def _report(command: str, *arguments: str, files: Callable[[], Files] = _REPORT, code: int = 0) -> Write:
    return Write(
        f"{command} -o",
        (command, *arguments, "-o", "report"),
        files,
        (),
        ((command, "-o"),),
        ("report",),
        code,
    )


WRITES = (
    Write("lint --fix", ("lint", "--fix", FILE), _ONE, (FILE,), (("lint", "--fix"),), keeps=True),
    Write("lint --fix --no-backup", ("lint", "--fix", "--no-backup", FILE), _ONE, (FILE,), ()),
    Write(
        "lint --fix, a whole file with a report beside it",
        ("lint", "--fix", "--report", "json=new.json", "-o", "report", FILE),
        _fixed({FILE: _WHOLE, "report": _OLD_REPORT}),
        (FILE,),
        (("lint", "--report"), ("lint", "-o")),
        ("report", "new.json"),
        keeps=True,
    ),
    Write(
        "lint --write-baseline",
        ("lint", "--write-baseline", "baseline.json", FILE),
        _fixed({FILE: WRONG, "baseline.json": _OLD_REPORT}),
        (),
        (("lint", "--write-baseline"),),
        ("baseline.json",),
    ),
    Write(
        "validate --report",
        ("validate", "--report", "sarif=report", FILE),
        _REPORT,
        (),
        (("validate", "--report"),),
        ("report",),
        code=1,
    ),
    Write(
        "convert -o, a new file",
        ("convert", "--force", FILE, "-o", "new.smtp.yaml"),
        _ONE,
        ("new.smtp.yaml",),
        (("convert", "-o"),),
    ),
    Write(
        "convert -o, over another one",
        ("convert", "--force", FILE, "-o", "a.smtp.json"),
        _fixed({FILE: WRONG, "a.smtp.json": b'{"SMTP": {"Host": "old.example.com"}}'}),
        ("a.smtp.json",),
        (("convert", "-o"),),
        keeps=True,
    ),
    Write(
        "convert --output-dir",
        ("convert", "a.smtp.xml", "b.smtp.xml", "--output-dir", ".", "--format", "yaml"),
        _fixed(
            {"a.smtp.xml": RIGHT, "b.smtp.xml": RIGHT, "b.smtp.yaml": b"SMTP:\n  Host: old.example.com\n"}
        ),
        ("a.smtp.yaml", "b.smtp.yaml"),
        (("convert", "--output-dir"),),
        keeps=True,
    ),
    Write(
        "convert --into",
        ("convert", "source.smtp.xml", "--into", FILE),
        _fixed({FILE: _WHOLE, "source.smtp.xml": _SOURCE}),
        (FILE,),
        (("convert", "--into"),),
        keeps=True,
    ),
    Write(
        "new -o",
        (*_NEW, "-o", "new.smtp.xml"),
        _fixed({"other": b"not ours"}),
        ("new.smtp.xml",),
        (("new", "-o"),),
        environment={"DMSMTP_PASSWORD": PASSWORD},
    ),
    Write(
        "new --into",
        (*_NEW, "--into", FILE),
        _fixed({FILE: _WHOLE}),
        (FILE,),
        (("new", "--into"),),
        keeps=True,
        environment={"DMSMTP_PASSWORD": PASSWORD},
    ),
    Write(
        "migrate --write",
        ("migrate", "--to", "10.6.4", "--as-of", "2026-11-23", "--write", "-o", "report", FILE),
        _fixed({FILE: _WHOLE, "report": _OLD_REPORT}),
        (FILE,),
        (("migrate", "--write"), ("migrate", "-o")),
        ("report",),
        keeps=True,
    ),
    Write(
        "apply --write",
        ("apply", "--write", *_PAIR, "source.smtp.xml", *_AGENTS, "-o", "report"),
        _agents,
        _AGENTS,
        (("apply", "--write"), ("apply", "-o")),
        ("report",),
        keeps=True,
    ),
    Write(
        "apply --rollback",
        ("apply", "--rollback", "--write", *_PAIR, *_AGENTS),
        _applied,
        _AGENTS,
        (("apply", "--rollback"),),
        keeps=True,
    ),
    _report("validate", FILE, code=1),
    _report("describe", FILE),
    _report("compare", *_AGENTS, files=lambda: {**_agents(), "report": _OLD_REPORT}, code=0),
    Write(
        "compare --report",
        ("compare", *_AGENTS, "--report", "html=new.html"),
        _agents,
        (),
        (("compare", "--report"),),
        ("new.html",),
    ),
    Write(
        "compare --write-baseline",
        ("compare", *_AGENTS, "--write-baseline", "new.json"),
        _agents,
        (),
        (("compare", "--write-baseline"),),
        ("new.json",),
    ),
    Write(
        "probe --report",
        ("probe", FILE, "--report", "github=new.txt"),
        _UNREACHABLE,
        (),
        (("probe", "--report"),),
        ("new.txt",),
        code=1,
    ),
    _report("explain", "H207"),
    _report("rules"),
    _report("schema", "smtp.xsd"),
    _report("probe", FILE, files=_UNREACHABLE, code=1),
    _report("check", FILE, files=_UNREACHABLE, code=1),
    _report("send-test-email", FILE, "--to", "a@example.com", files=_UNREACHABLE, code=1),
)


def of_tokens(issuer: str) -> tuple[Write, ...]:
    """What is written with the tokens of a provider."""
    arguments = (
        *("retrieve-tokens", "--issuer", issuer, "--client-id", CLIENT, "--scope", SCOPE),
        *("--token-file", "tokens.json"),
    )
    return (
        Write(
            "retrieve-tokens --token-file, a new file",
            (*arguments, "-o", "report"),
            _fixed({"other": b"not ours"}),
            ("tokens.json",),
            (("retrieve-tokens", "--token-file"), ("retrieve-tokens", "-o")),
            ("report",),
        ),
        Write(
            "retrieve-tokens --token-file, in the place of others",
            arguments,
            _fixed({"tokens.json": _TOKENS.encode()}),
            ("tokens.json",),
            (("retrieve-tokens", "--token-file"),),
        ),
    )


NAMES = tuple(one.name for one in (*WRITES, *of_tokens("")))
_REPORTING = [one.name for one in WRITES if not one.targets]
DISTINCT = tuple(name for name in NAMES if name not in _REPORTING[2:])
"""Without commands that write a report in the same way as others."""
