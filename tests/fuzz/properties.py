"""What must hold whatever bytes a file holds. Each function takes bytes and fails where it does not."""

from __future__ import annotations

import json
import re
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape
from zlib import crc32

from lxml import etree

from migrator.checking import CheckSettings, FileReport, check, check_document, read_document
from migrator.cluster.comparing import findings, matrix
from migrator.cluster.reading import interpret as read_agent
from migrator.cluster.topology import Declared, Topology, topology
from migrator.config.effective import codes_for, merge, target_version_for
from migrator.config.model import Config, ConfigError
from migrator.config.reading import interpret as read_config
from migrator.conversion.convert import ConvertSettings, OutputFormat, convert
from migrator.describe import describe
from migrator.diagnostic import Safety, Severity
from migrator.diff import masked_diff
from migrator.document.edits import apply
from migrator.document.source import Source, Unreadable, decode
from migrator.files import InputFile
from migrator.fixing import fix
from migrator.migrations.migrating import migrate
from migrator.migrations.model import Goal, Wish
from migrator.reporters import CLUSTER_FORMATS, FORMATS, cluster_reporter, pieces, reporter
from migrator.rules import OFFLINE_CODES
from migrator.rules.model import Circumstances
from migrator.summary import Tally
from migrator.values.version import Train, Version, parse_version
from tests.cluster.clusters import DIGEST, KEY
from tests.cluster.clusters import document as agent_file
from tests.document.reading import inverse
from tests.rules.tables import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrator.cluster.reading import FileRead
    from migrator.diagnostic import Diagnostic, Span

_FAULT_OF_OURS = "D007"
_NOT_READ = frozenset({"D001", "D002", "D003", "D005", "D006", "D010"})
_ABOUT_COMMENTS = frozenset({"D008", "D009"})
# What is not read under the name or in the place it has is read, and judged, once that is mended.
_BRINGS_TO_LIGHT = frozenset({"S101", "S105", "S111"})
_LINE_END = re.compile("\r\n|\r|\n")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_VERSIONS = (None, *(parse_version(one).value for one in ("9.6.0", "10.0.0 CU5", "10.5.0 CU13", "10.6.4")))
_FORMATS = (OutputFormat.XML, OutputFormat.JSON, OutputFormat.YAML)
_TO_XML = ConvertSettings(OutputFormat.XML, force=True)
_ONE_WAY_TO_WRITE = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_TARGET = Version(Train.FEATURE, 10, 6, 4)
_WISHES: tuple[tuple[Wish, ...], ...] = (
    (),
    (Wish.SECRETS_TO_VARIABLES,),
    (Wish.ADD_NAMESPACE,),
    (Wish.REMOVE_NAMESPACE,),
)
_WHOLE_FILE_IN = 4  # one of so many: it takes several times as long
_REWRITTEN_IN = 4


def settings_for(data: bytes) -> CheckSettings:
    """How a file is checked: the same for the same bytes, and for all of them in every way there is."""
    lot = crc32(data)
    return CheckSettings(
        whole_file=lot % _WHOLE_FILE_IN == 0,
        excerpts=True,
        fingerprints=True,
        fix_spans=True,
        circumstances=Circumstances(AS_OF, _VERSIONS[lot // _WHOLE_FILE_IN % len(_VERSIONS)]),
    )


# A file of settings


def document(path: str, data: bytes) -> None:
    """A file is checked, described, reported and mended, and what is said of it is true of its bytes."""
    settings = settings_for(data)
    read = read_document(path, data, settings.limits)
    report, configuration = check_document(path, read, settings)

    assert report.failure is None
    _no_fault_of_ours(report)
    assert len(report.excerpts) == len(report.diagnostics)
    _places(data, report)
    _reports(report)
    if configuration is not None and configuration.section is not None:
        describe(path, configuration, configuration.section)
    if any(one.fix is not None for one in report.diagnostics):
        _edits(data, report)
        _mended(path, data, report, settings)
    if configuration is not None:
        _rewritten(path, data)


def _no_fault_of_ours(report: FileReport) -> None:
    for one in report.diagnostics:
        assert one.code != _FAULT_OF_OURS, one.message


def _places(data: bytes, report: FileReport) -> None:
    source = decode(data)
    for one in report.diagnostics + tuple(quiet.diagnostic for quiet in report.suppressed):
        assert one.span is not None, one
        _place(data, source, one.span)
        for related in one.related:
            assert related.path is None
            assert related.span is not None, one
            _place(data, source, related.span)


def _place(data: bytes, source: Source | Unreadable, span: Span) -> None:
    assert 0 <= span.start.offset <= span.end.offset <= len(data), span
    for position in span:
        if isinstance(source, Unreadable):  # nobody can tell more
            assert position.line >= 1
            assert position.column >= 1
        else:
            assert (position.line, position.column) == line_and_column(source, position.offset), position


def line_and_column(source: Source, offset: int) -> tuple[int, int]:
    """Where a byte stands, worked out from the text before it and nothing else."""
    before = source.data[source.bom : offset].decode(source.encoding)
    assert source.text.startswith(before), "this is inside a character"
    ends = [0, *(one.end() for one in _LINE_END.finditer(source.text) if one.end() <= len(before))]
    return len(ends), len(before) - ends[-1] + 1


def _reports(report: FileReport) -> None:
    for name in FORMATS:
        tally = Tally()
        _well_formed(name, "".join(pieces(reporter(name), tally.follow([report]), tally)))


def _well_formed(name: str, text: str) -> None:
    written = text.encode()  # no half characters
    if name in ("json", "sarif", "gitlab"):
        json.loads(written)
    elif name == "junit":
        etree.fromstring(written)


def _edits(data: bytes, report: FileReport) -> None:
    """Each fix can be made, and taken back."""
    source = decode(data)
    assert isinstance(source, Source)
    for one in report.diagnostics:
        if one.fix is None:
            continue
        edits = one.fix.edits
        assert edits, one
        after = apply(source, edits)
        backwards = inverse(source, edits)
        assert after is not None, one
        if backwards is None:
            assert source.encoding not in _ONE_WAY_TO_WRITE, one
        else:
            mended = decode(after)
            assert isinstance(mended, Source)
            assert apply(mended, backwards) == data, one
        for edit, span in zip(edits, one.fix.spans, strict=bool(one.fix.spans)):
            _place(data, source, span)
            assert (edit.start, edit.end) == (span.start.offset, span.end.offset)


def _mended(path: str, data: bytes, before: FileReport, settings: CheckSettings) -> None:
    """The fixes together come to an end, and the file is no worse for them."""
    look = partial(check, path, settings=settings)
    for unsafe in (False, True):
        after, report = fix(data, look, unsafe=unsafe)
        _no_fault_of_ours(report)
        assert (after == data) == (not report.fixed)
        assert _fixable(report, unsafe=unsafe) == []
        masked_diff(path, data, after, settings.limits)
        if not _BRINGS_TO_LIGHT & {one.code for one in report.fixed}:
            assert _errors(report) <= _errors(before), (_codes(before), _codes(report))


def _rewritten(path: str, data: bytes) -> None:
    """Some files are migrated, and some converted as a whole, into something that can be read."""
    lot = crc32(data) // _WHOLE_FILE_IN
    if lot % _REWRITTEN_IN == 0:
        _migrated(path, data, frozenset(_WISHES[lot // _REWRITTEN_IN % len(_WISHES)]))
    elif lot % _REWRITTEN_IN == 1:
        _converted(path, data, _FORMATS[lot // _REWRITTEN_IN % len(_FORMATS)])


def _converted(path: str, data: bytes, output: OutputFormat) -> None:
    made = convert(path, data, ConvertSettings(output, whole_file=True, force=True)).document
    if made is not None:  # what has no section has none there either
        assert not (_NOT_READ - {"D005"}) & set(_codes(check(f"x.{output}", made, CheckSettings()))), made


def _migrated(path: str, data: bytes, wishes: frozenset[Wish]) -> None:
    goal = Goal(_TARGET, AS_OF, unsafe=True, wishes=wishes, key=b"a key for tests")
    after, migration = migrate(path, data, goal, CheckSettings())
    for item in (*migration.changes, *migration.waiting, *migration.manual):
        assert item.code != _FAULT_OF_OURS, item
    assert migration.waiting == ()
    assert not _NOT_READ & set(_codes(check(path, after, CheckSettings()))), after
    assert migrate(path, after, goal, CheckSettings()).data == after


def _fixable(report: FileReport, *, unsafe: bool) -> list[str]:
    return [
        one.code
        for one in report.diagnostics
        if one.fix is not None and (unsafe or one.fix.safety is Safety.SAFE)
    ]


def _codes(report: FileReport) -> list[str]:
    return [one.code for one in report.diagnostics]


def _errors(report: FileReport) -> int:
    return sum(one.severity is Severity.ERROR for one in report.diagnostics)


# A large file

_LARGE = 64 * 1024


def repeated(data: bytes) -> None:
    """A beginning, something that stands there very often, and an end, with NUL between them.

    What takes time that grows with the square of a file's size takes too long here. The format is what the
    text looks like.
    """
    head, unit, tail, *_ = [*data.split(b"\0"), b"", b""]
    large = head + unit * (_LARGE // max(len(unit), 1)) + tail
    report = check("x", large, settings_for(data)._replace(whole_file=False))
    _no_fault_of_ours(report)
    config(large)


# A section of any settings


def section(data: bytes) -> None:
    """Lines of settings, as `Host=smtp.example.com`, hold in a format, and say there what they do in XML."""
    lines = (line.partition("=") for line in data.decode(errors="replace").split("\n"))
    inside = "".join(f"<{name}>{_xml_text(text)}</{name}>" for name, _, text in lines if name.isalpha())
    written = f"<SMTP>{inside}</SMTP>".encode()
    output = _FORMATS[crc32(data) % len(_FORMATS)]
    made = convert("x.xml", written, ConvertSettings(output, force=True)).document
    if output is OutputFormat.XML or made is None:
        document("x.xml", written)
    else:
        path = f"x.{output}"
        document(path, made)
        assert _settings(path, made) == _settings("x.xml", written)


def _settings(path: str, data: bytes) -> list[tuple[str, str]]:
    root = convert(path, data, _TO_XML).root
    return [] if root is None else [(one.local_name, one.text) for one in root.children]


def _xml_text(text: str) -> str:
    return escape(re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", text))


# Ignore comments

_XML_COMMENTS = """\
<!--{}-->
<SMTP>
  <!--{}-->
  <Host>smtp.example.com</Host>
  <HostPort>587</HostPort> <!--{}-->
  <LoginMethod>NoLoginMethod<!--{}--></LoginMethod>
</SMTP>
<!--{}-->
"""
_YAML_COMMENTS = """\
#{}
SMTP:
  #{}
  Host: smtp.example.com
  HostPort: 587 #{}
  #{}
  LoginMethod: NoLoginMethod
#{}
"""
_COMMENTS = _XML_COMMENTS.count("{}")


def comments(data: bytes) -> None:
    """Texts, with NUL between them, are comments of a file: they keep findings quiet and make none vanish."""
    texts = (data.decode(errors="replace").split("\0") + [""] * _COMMENTS)[:_COMMENTS]
    if crc32(data) % 2:
        _quieted("x.xml", _XML_COMMENTS.format(*texts))
    else:
        _quieted("x.yaml", _YAML_COMMENTS.format(*(re.sub("[\n\r]", "\n#", one) for one in texts)))


def _quieted(path: str, text: str) -> None:
    data = text.encode()
    document(path, data)
    settings = settings_for(data)
    unmarked = check(path, data.replace(b"dmsmtp", b"dmsmtq"), settings)
    report = check(path, data, settings)
    found = [*report.diagnostics, *(quiet.diagnostic for quiet in report.suppressed)]
    assert _found(found) == _found(unmarked.diagnostics)


def _found(diagnostics: Iterable[Diagnostic]) -> list[tuple[int, str]]:
    return sorted(
        (-1 if one.span is None else one.span.start.offset, one.code)
        for one in diagnostics
        if one.code not in _ABOUT_COMMENTS
    )


# A configuration


def config(data: bytes) -> None:
    """A configuration file gives a configuration, or sentences that say what is wrong in which line."""
    for name in ("dmsmtp.toml", "pyproject.toml"):
        path = Path("a", name).absolute()
        read = read_config(path, data)
        if isinstance(read, ConfigError):
            _problems(data, read)
        elif read is None:
            assert name == "pyproject.toml"
        else:
            _usable(read, path)


def _problems(data: bytes, read: ConfigError) -> None:
    assert read.problems
    for problem, sentence in zip(read.problems, read.sentences, strict=True):
        assert problem.line is None or 1 <= problem.line <= data.count(b"\n") + 1
        assert sentence.encode()


def _usable(read: Config, path: Path) -> None:
    for put_over in (read, merge(read), merge(None, read.rules, read.run)):
        for file in (None, "DataMiner.xml", str(path.parent / "lab" / "DataMiner.xml")):
            assert codes_for(put_over, file, OFFLINE_CODES) <= OFFLINE_CODES
            target_version_for(put_over, file)


# DMS.xml, and a cluster around it


def members(data: bytes) -> None:
    """A DMS.xml beside agents is a list of agents, or not; either way there is a cluster to compare."""
    settings = settings_for(data)
    found = read_agent(InputFile("DMS.xml", "DMS.xml"), data, settings, KEY)
    if found.report is not None:
        _no_fault_of_ours(found.report)
    known = topology([*_agents(), found], Declared(), DIGEST)
    assert isinstance(known, Topology), known
    for note in known.notes:
        assert not _CONTROL.search(note), note
    for one in findings(known.cluster):
        assert one.finding.message.encode()
    table = matrix(known.cluster, known.notes)
    for name in CLUSTER_FORMATS:
        text = "".join(pieces(cluster_reporter(name, table), [FileReport("DMS.xml")], Tally()))
        _well_formed(name, text)


@cache
def _agents() -> tuple[FileRead, ...]:
    texts = {"a": agent_file({}, 7), "b": agent_file({"HostPort": "25", "name": "other"}, 7)}
    return tuple(
        read_agent(InputFile(f"{name}/DataMiner.xml", None), text.encode(), CheckSettings(), KEY)
        for name, text in texts.items()
    )
