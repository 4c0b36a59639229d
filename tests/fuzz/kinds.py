"""What is fuzzed: of each kind the property, words that mean something in it, and where it begins."""

from __future__ import annotations

import json
import re
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from migrator import definition
from migrator.rules import RULES
from tests.fuzz import properties

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).parent
CORPUS = FOLDER / "corpus"
"""Kept inputs, in a folder for each kind: together they reach all that fuzzing has reached."""
FOUND = FOLDER / "found"
"""Kept inputs that once showed a mistake, likewise."""

SECONDS_EACH = 10
"""Of the processor, for one input; most take some milliseconds."""

_SETTINGS = tuple(definition.settings())
_VALUES = (
    *("587-starttls", "465", "465-ssl", "25-nossl", "587-STARTTLS", "0587", "65536", "-starttls", "none"),
    *("NoLoginMethod", "AuthLoginMethod", "LoginPlainMethod", "CramMD5Method", "NTLM", "XOAUTH2", "Auto"),
    *("smtp.office365.com", "smtp.gmail.com", "localhost", "127.0.0.1", "[::1]", "smtp.example.com:25"),
    *("https://login.microsoftonline.com/common/oauth2/v2.0/token", "smtp://me:pw@smtp.example.com"),
    *("dma@example.com", "Ops <dma@example.com>", "EXAMPLE\\dma", "${env:DMSMTP_PASSWORD}", "changeme"),
    *("b7594298-4945-5181-8976-81348c8ad7f7", "78", "078", "998", " ", "\u200b", "\u00e9", "\U0001f600"),
)
_CODES = (*(rule.code for rule in RULES), *(rule.name for rule in RULES), "H", "S1")
_COMMENTS = ("dmsmtp: ignore[H208] ", "dmsmtp: ignore-file[", "dmsmtp:", "ignore", "]", ",", "\n")
_NODES = tuple(sorted({*definition.known_names(), "DMS", "Cluster", "Failover"}))
_XML = (
    *("<", "</", "/>", ">", "<!--", "-->", "<![CDATA[", "]]>", "<?x ?>", "&amp;", "&#10;", "&#x41;", "&x;"),
    *(f' xmlns="{definition.NAMESPACE}"', ' xmlns=""', ' xmlns:p="x"', "p:", ' xml:space="preserve"'),
    *('<?xml version="1.0" encoding="utf-8"?>', ' encoding="windows-1252"', ' encoding="Shift_JIS"'),
    *("<!DOCTYPE SMTP>", ' xsi:nil="true"', "<SMTP>", "</SMTP>", ' a="b"', "'", '"'),
)
_JSON = ("{", "}", "[", "]", ":", ",", '"', "null", "true", "1e3", "-0", "\\u0000", "\\ud800", "$", "@id")
_YAML = (
    *("---", "...", "- ", ": ", "? ", "# ", "|", ">-", "|2+", "&a ", "*a", "!!str ", "<<: ", "{", "}"),
    *("[", "]", ",", "'", '"', "%YAML 1.1\n---\n", "\t", "  ", "~", "null", "0o17", "\\x41", "$children"),
)
_TOML = (
    *("[severity]\n", "[[cluster.agents]]\n", "[per-file-ignores]\n", "[per-file-target-version]\n"),
    *("[tool.dmsmtp]\n", "[cluster]\n", '"""', "'''", "true", "1_000", "0x10", "1e3", "nan", "inf"),
    *("2026-12-31", "07:32:00", "=", ".", '"lab/**"', '"10.5.0 CU13"', '"error"', "{", "}", "[", "]", "#"),
)
_OPTIONS: dict[str, Any] = json.loads(definition.schema_path("config.schema.json").read_bytes())["properties"]


class Kind(NamedTuple):
    """What is given to the fuzzer: what must hold for any bytes, words to put in, inputs to begin with."""

    property: Callable[[bytes], None]
    words: tuple[str, ...]
    seeds: Callable[[], Iterable[bytes]]

    def holds(self, data: bytes) -> None:
        """Fail where the property does not hold for these bytes, or takes too long to say so."""
        started = time.process_time()
        self.property(data)
        took = time.process_time() - started
        assert took < SECONDS_EACH, f"it took {took:.1f} seconds"


def _files(*endings: str) -> Iterator[bytes]:
    for path in sorted((REPOSITORY / "fixtures").rglob("*")):
        if path.suffix in endings and path.name != "DMS.xml":
            yield path.read_bytes()


def _sections() -> Iterator[bytes]:
    """The settings of the fixtures, as far as a line holds one."""
    setting = re.compile(rb"<(?P<name>[A-Za-z0-9]+)>(?P<text>[^<>\n]*)</(?P=name)>")
    for data in _files(".xml"):
        yield b"\n".join(b"%b=%b" % (one["name"], one["text"]) for one in setting.finditer(data))


def _ignores() -> Iterator[bytes]:
    yield b"\0dmsmtp: ignore[H208] why"
    yield b"\0\0dmsmtp: ignore[H208,H2, submission-without-starttls] why"
    yield b"dmsmtp: ignore-file[H208]\0dmsmtp: ignore-file[H208]"
    yield b"\0dmsmtp: ignore[\n H208\n] because\n\0dmsmtp ignore (H208)\0dmsmtp: ingore[H208]"
    yield b"dmsmtp: ignore-file[A,H,M,O,P,S,V,X]\0dmsmtp: ignore[H, M]"
    yield b"\0dmsmtp: ignore[D001,X999,,]\0\0dmsmtp: ignore[H211]"


def _large() -> Iterator[bytes]:
    yield b"<SMTP>\0x<Host/>\0</SMTP>"
    yield b"<SMTP><HostPort>\0<?x ?>\0</HostPort></SMTP>"
    yield b"<SMTP><Host>a</Host>\0<!-- dmsmtp: ignore[H208] -->\n\0<HostPort>587</HostPort></SMTP>"
    yield b'{"SMTP": {"Host": "a"\0, "Retries": "b"\0}}'
    yield b"SMTP:\n\0  Host: a # dmsmtp: ignore[H208]\n\0"
    yield b"\0[[cluster.agents]]\n\0"
    yield b'ignore = [\0"H208", \0]'


def _configs() -> Iterator[bytes]:
    """The examples in the documentation."""
    for path in sorted((REPOSITORY / "docs").glob("*.md")):
        for example in re.findall(r"```toml\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
            yield example.encode()
            yield f"[tool.dmsmtp]\n{example}".encode()
    for key, one in _OPTIONS.items():
        for example in one.get("examples", ()):
            yield f"{key} = {_toml(example)}\n".encode()


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _members() -> Iterator[bytes]:
    for path in sorted((REPOSITORY / "fixtures").rglob("DMS.xml")):
        yield path.read_bytes()
    yield b'<DMS><Cluster name="A"/><Failover/><DMA id="7" ip="192.0.2.7"/><DMA ip="x"/></DMS>'
    yield b'<DMS><DMA id="8" ip="a&#10;b"/><DMA id="8"/></DMS>'
    yield b'<DataMiner id="7"><DMA><DMAName>x</DMAName></DMA><SMTP><Host>a.example.com</Host></SMTP>'


KINDS = {
    "xml": Kind(
        partial(properties.document, "x.xml"),
        (*_SETTINGS, *_VALUES, *_COMMENTS, *_NODES, *_XML),
        partial(_files, ".xml"),
    ),
    "json": Kind(
        partial(properties.document, "x.json"),
        (*_SETTINGS, *_VALUES, *_NODES, *_JSON),
        partial(_files, ".json"),
    ),
    "yaml": Kind(
        partial(properties.document, "x.yaml"),
        (*_SETTINGS, *_VALUES, *_COMMENTS, *_YAML),
        partial(_files, ".yaml", ".yml"),
    ),
    "repeated": Kind(
        properties.repeated,
        (*_SETTINGS, *_VALUES, *_COMMENTS, *_XML, *_JSON, *_YAML, *_TOML, "\0"),
        _large,
    ),
    "section": Kind(
        properties.section, (*(f"\n{one}=" for one in _SETTINGS), *_SETTINGS, *_VALUES), _sections
    ),
    "comments": Kind(properties.comments, (*_CODES, *_COMMENTS, "\0"), _ignores),
    "config": Kind(properties.config, (*_OPTIONS, *_CODES, *_TOML), _configs),
    "members": Kind(
        properties.members,
        (*_XML, "DMS", "Cluster", "Failover", "DMA", "id", "ip", "name", *_SETTINGS),
        _members,
    ),
}
