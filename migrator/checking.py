"""One file from its bytes to its findings."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from migrator import definition
from migrator.diagnostic import Diagnostic, Fix, Position, Related, Severity, Shortfall, Span, Undone
from migrator.document.format import Format, format_of, format_of_name
from migrator.document.limits import Limits, advice
from migrator.document.model import Excerpt, Part, RemoveNode, Target, Veil, written_texts
from migrator.document.source import Fault, Unreadable, decode
from migrator.document.xml import parse as parse_xml
from migrator.rules import (
    BY_NAME,
    CRASHED,
    LIVE_RULES,
    NOT_A_CONFIGURATION,
    OFFLINE_CODES,
    RULES,
    needs,
)
from migrator.rules.model import Circumstances, Finding, Rule
from migrator.rules.precedence import settle
from migrator.schema_validation import is_valid, sees_all
from migrator.section import Configuration, is_secret_entry, read_configuration
from migrator.tuples import NamedTuple
from migrator.values.secret import MASK, certain, mask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from migrator.diagnostic import Kind, Suppressed
    from migrator.document.model import Attribute, Document, Node
    from migrator.document.source import Source
    from migrator.observations import Observations

_NOWHERE = Span(Position(1, 1, 0), Position(1, 1, 0))
_IGNORE_MARK = "dmsmtp"  # a text without it, in either case, holds nothing meant as an ignore comment
_MEBIBYTE = 1024 * 1024
_LONG = 1024  # characters of a value that goes into fingerprints as it is
_AS_UTF_8 = "save the file as UTF-8"  # JSON and YAML name no encoding


class CheckSettings(NamedTuple):
    """What to look for in a file.

    `codes` are to be reported, some with another severity than their own (`severities`). `ignored` are those
    that somebody chose not to have reported: other findings yield to theirs all the same, while a rule that
    is in neither has no say. `whole_file` says whether the rest of DataMiner.xml counts. Without
    `circumstances` it is today, and no version is known. `format` is that of the file, where it is not to be
    told from its name or content.
    """

    codes: frozenset[str] = OFFLINE_CODES
    ignored: frozenset[str] = frozenset()
    whole_file: bool = False
    excerpts: bool = False
    fingerprints: bool = False
    fix_spans: bool = False
    limits: Limits = Limits()
    circumstances: Circumstances | None = None
    severities: Mapping[str, Severity] | None = None
    format: Format | None = None

    @property
    def asked(self) -> frozenset[str]:
        """The codes of rules that can find something with these settings."""
        has_target = self.circumstances is not None and self.circumstances.target is not None
        return self.codes - _idle(whole_file=self.whole_file, has_target=has_target)


@cache
def _idle(*, whole_file: bool, has_target: bool) -> frozenset[str]:
    """The codes of rules that find nothing without the whole file, or without a target version."""
    return frozenset(
        rule.code
        for rule in RULES
        if (rule.whole_file_only and not whole_file) or (rule.need == needs.TARGET and not has_target)
    )


class Rewrite(NamedTuple):
    """What the fixes made of a file: a diff for people, the bytes, and where its former content was kept.

    `document` is there where nothing was written to the file itself. `before` is what was found in a file
    whose fixes are only shown.
    """

    diff: str = ""
    document: bytes | None = None
    backup: str | None = None
    is_written: bool = False
    before: FileReport | None = None


class FileReport(NamedTuple):
    """What was found in one file.

    `excerpts` belong to `diagnostics`, one each, where they were asked for. `failure` says why the file
    could not be read, and then nothing else is known of it; `shortfalls` say what else was asked for and
    could not be done, beside findings that stand. `suppressed` are findings that an ignore comment or the
    baseline keeps quiet, `fixed` those that were mended in this run, as they were before; `rewrite` says what
    became of them. `gone` counts what the baseline knows of this file and is no longer found. `yielding` is
    what was found and left to other findings, where fingerprints were asked for.
    """

    path: str
    diagnostics: tuple[Diagnostic, ...] = ()
    excerpts: tuple[Excerpt | None, ...] = ()
    failure: str | None = None
    suppressed: tuple[Suppressed, ...] = ()
    fixed: tuple[Diagnostic, ...] = ()
    rewrite: Rewrite | None = None
    gone: int = 0
    shortfalls: tuple[Shortfall, ...] = ()
    yielding: tuple[Kind, ...] = ()

    @property
    def undone(self) -> tuple[Shortfall, ...]:
        """All that could not be done, reading it included."""
        return self.shortfalls if self.failure is None else (Shortfall(Undone.CHECK, self.failure),)

    @property
    def on_disk(self) -> FileReport:
        """The report on the file as it lies on disk: without the fixes that are only shown."""
        before = None if self.rewrite is None else self.rewrite.before
        return self if before is None else before

    def at_least(self, severity: Severity) -> FileReport:
        """The same without findings that are less grave."""
        rewrite = self.rewrite
        if rewrite is not None and rewrite.before is not None:
            rewrite = rewrite._replace(before=rewrite.before.at_least(severity))
        kept = [place for place, one in enumerate(self.diagnostics) if one.severity.rank >= severity.rank]
        if len(kept) == len(self.diagnostics):
            return self._replace(rewrite=rewrite)
        return self._replace(
            rewrite=rewrite,
            diagnostics=tuple(self.diagnostics[place] for place in kept),
            excerpts=tuple(self.excerpts[place] for place in kept) if self.excerpts else (),
        )


def read_document(
    path: str, data: bytes, limits: Limits, format_: Format | None = None
) -> Document | Unreadable:
    """Bytes to a document, in a format or as the path's ending, or else the text's beginning, tells."""
    if len(data) > limits.size:
        return _too_large(limits.size)
    source = decode(data)
    if isinstance(source, Unreadable):
        is_named = (format_ or format_of_name(path)) in (Format.JSON, Format.YAML)
        return source._replace(help=_AS_UTF_8) if is_named else source
    document = _parsed(path, source, limits, format_)
    if isinstance(document, Unreadable) and document.fault is Fault.NOT_WELL_FORMED:
        from migrator.document.conflict import merge_conflict

        return merge_conflict(source) or document
    return document


def _parsed(path: str, source: Source, limits: Limits, format_: Format | None) -> Document | Unreadable:
    match format_ or format_of(path, source.text):
        case Format.JSON:
            from migrator.document.json import parse as parse_json

            return parse_json(source, limits)
        case Format.YAML:
            if len(source.data) > limits.yaml_size:
                return _too_large(limits.yaml_size)
            from migrator.document.yaml import parse as parse_yaml

            return parse_yaml(source, limits)
        case Format.XML:
            return parse_xml(source, limits, lambda name: name in definition.known_names())


def configuration_in(path: str, data: bytes, limits: Limits) -> Configuration | None:
    """The configuration in a file with these bytes; None where there is none, or it cannot be read."""
    document = read_document(path, data, limits)
    return None if isinstance(document, Unreadable) else read_configuration(document)


def _too_large(limit: int) -> Unreadable:
    return Unreadable(
        Fault.TOO_LARGE,
        _NOWHERE,
        f"the file is larger than {_size(limit)}",
        advice("--max-size"),
    )


def _size(number: int) -> str:
    return f"{number // _MEBIBYTE} MiB" if number % _MEBIBYTE == 0 else f"{number:,} bytes"


def check(path: str, data: bytes, settings: CheckSettings) -> FileReport:
    """All findings of one file, in order."""
    report, _ = check_document(path, read_document(path, data, settings.limits, settings.format), settings)
    return report


def new_errors(path: str, before: bytes, after: bytes, settings: CheckSettings) -> frozenset[str]:
    """The codes of errors that are in a file now, and none of which was before."""
    old, new = (
        {one.code for one in check(path, data, settings).diagnostics if one.severity is Severity.ERROR}
        for data in (before, after)
    )
    return frozenset(new - old)


def check_document(
    path: str, document: Document | Unreadable, settings: CheckSettings
) -> tuple[FileReport, Configuration | None]:
    """All findings of a file that was read, in order, and the configuration that it is, if it is one."""
    if isinstance(document, Unreadable):
        diagnostics = [_unreadable(path, document)]
        configuration = None
    else:
        configuration = read_configuration(document)
        if configuration is not None:
            return _check_configuration(path, configuration, settings), configuration
        diagnostics = [_not_a_configuration(path, document)]
    return _report(path, diagnostics, document, configuration, settings), configuration


def judge(
    path: str, configuration: Configuration, observations: Observations, settings: CheckSettings
) -> FileReport:
    """What was seen of a server, as findings on the file that names it."""
    section = configuration.section
    found: list[tuple[Rule, Finding]] = []
    crashed: list[Diagnostic] = []
    if section is not None:
        crashed += _run(path, LIVE_RULES, lambda rule: rule.seen(section, observations), found, settings)
    return report_on(path, configuration, found, settings, crashed)


def report_on(
    path: str,
    configuration: Configuration,
    found: Sequence[tuple[Rule, Finding]],
    settings: CheckSettings,
    others: Iterable[Diagnostic] = (),
) -> FileReport:
    """What was found in this file, or by looking at more than it, as a report on it."""
    standing = [one for one in found if one[0].code in settings.codes or one[0].code in settings.ignored]
    settled = settle(standing, settings.severities)
    diagnostics = [locate(path, configuration, rule, finding, settings) for rule, finding in settled]
    diagnostics += others
    yielding: Sequence[tuple[Rule, Finding]] = ()
    if len(settled) < len(standing):
        left = {id(finding) for _, finding in settled}
        yielding = [one for one in standing if id(one[1]) not in left]
    report = _report(path, diagnostics, configuration.document, configuration, settings, yielding)
    if not (yielding and settings.fingerprints):
        return report
    return report._replace(yielding=tuple(_kind(rule, finding, configuration) for rule, finding in yielding))


def _report(
    path: str,
    diagnostics: Sequence[Diagnostic],
    document: Document | Unreadable,
    configuration: Configuration | None,
    settings: CheckSettings,
    yielding: Iterable[tuple[Rule, Finding]] = (),
) -> FileReport:
    """The findings that are to be reported, in order, with what is to be shown beside them.

    `yielding` is what was found, too, and is left to the others.
    """
    is_marked = configuration is not None and _may_ask_to_ignore(configuration.document.source.text)
    if not diagnostics and not is_marked:
        return FileReport(path)
    reported = _to_report(diagnostics, settings)
    suppressed: tuple[Suppressed, ...] = ()
    if configuration is not None and is_marked:
        reported, suppressed = _suppress(path, reported, configuration, settings, yielding)
    excerpts: Iterable[Excerpt | None] = ()
    if settings.excerpts:
        excerpts = _excerpts(reported, None if isinstance(document, Unreadable) else document, configuration)
    return FileReport(path, tuple(reported), tuple(excerpts), suppressed=suppressed)


def _may_ask_to_ignore(text: str) -> bool:
    """Whether a text may hold an ignore comment."""
    if not text.isascii():  # `lower` would take long over it
        text = text.encode("ascii", "replace").decode("ascii")
    return _IGNORE_MARK in text.lower()


def _suppress(
    path: str,
    found: Sequence[Diagnostic],
    configuration: Configuration,
    settings: CheckSettings,
    yielding: Iterable[tuple[Rule, Finding]],
) -> tuple[list[Diagnostic], tuple[Suppressed, ...]]:
    """What ignore comments leave, with what is wrong with them, in order."""
    from migrator.suppressions import suppress

    span_of = configuration.document.span
    unsaid = [(rule.code, span_of(finding.target).start.line) for rule, finding in yielding]
    left, suppressed = suppress(path, found, configuration, settings.asked, unsaid)
    return _to_report(left, settings), suppressed


def _to_report(found: Iterable[Diagnostic], settings: CheckSettings) -> list[Diagnostic]:
    """What of it is to be reported, as gravely as the configuration says, in order."""
    severities = settings.severities or {}
    reported = (
        one._replace(severity=severities[one.code]) if one.code in severities else one
        for one in found
        if one.code in settings.codes
    )
    return sorted(reported, key=Diagnostic.sort_key)


def _check_configuration(path: str, configuration: Configuration, settings: CheckSettings) -> FileReport:
    from migrator.rules.asking import rules_to_ask

    section = configuration.section
    valid = section is None or is_valid(section.node)
    circumstances = settings.circumstances or Circumstances(date.today())  # noqa: DTZ011 - the day here
    found: list[tuple[Rule, Finding]] = []
    rules = rules_to_ask(
        configuration,
        circumstances,
        whole_file=settings.whole_file,
        is_accepted=valid and section is not None and sees_all(section),
    )
    others = list(
        _run(path, rules, lambda rule: rule.findings(configuration, section, circumstances), found, settings)
    )
    if not valid and not any(rule.in_validate for rule, _ in found):
        others.append(_unexplained(path, configuration))
    return report_on(path, configuration, found, settings, others)


def _run(
    path: str,
    rules: Iterable[Rule],
    find: Callable[[Rule], Iterable[Finding]],
    found: list[tuple[Rule, Finding]],
    settings: CheckSettings,
) -> Iterator[Diagnostic]:
    """Ask the rules and collect what they find; what crashed is a finding itself."""
    for rule in rules:
        try:
            for finding in find(rule):
                found.append((rule, finding))  # noqa: PERF401 - what came before a crash counts
        except Exception as error:  # noqa: BLE001 - the other rules still count
            yield from _crashed(path, rule, error, settings)


def locate(
    path: str,
    configuration: Configuration,
    rule: Rule,
    finding: Finding,
    settings: CheckSettings,
) -> Diagnostic:
    """Turn what a rule says about nodes into places of the file."""
    document = configuration.document
    place = place_of(finding.target, configuration)
    return Diagnostic(
        path,
        document.span(finding.target),
        rule.code,
        rule.name,
        (settings.severities or {}).get(rule.code) or finding.severity or rule.severity,
        finding.message,
        finding.help,
        place=place,
        related=tuple(
            Related(message, place_of(target, configuration), document.span(target))
            for target, message in finding.related
        )
        + finding.elsewhere,
        fix=_fix(finding, configuration, settings),
        fingerprint=_kind(rule, finding, configuration)[-1] if settings.fingerprints else None,
    )


def _kind(rule: Rule, finding: Finding, configuration: Configuration) -> Kind:
    place = place_of(finding.target, configuration)
    return rule.code, place, fingerprint(rule.code, place, _shown_value(finding.target, configuration))


def fingerprint(code: str, place: str, value: str | None) -> str:
    """A short hash that is the same for the same mistake, wherever in whichever file it stands."""
    return _hash(code, place) if value is None else _hash(code, place, value)


def _hash(*texts: str) -> str:
    from hashlib import sha256

    return sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _shown_value(target: Target, configuration: Configuration) -> str | None:
    """What a fingerprint takes of a finding's value; None where it may not be shown, or is no text.

    That is a hash where the value is long: it may be as long as the file, with thousands of findings in it.
    """
    known, key = configuration.shown_values, (target.node, target.attribute)
    if key not in known:
        known[key] = _value_if_shown(*key, configuration)
    return known[key]


def _value_if_shown(node: Node, attribute: Attribute | None, configuration: Configuration) -> str | None:
    if attribute is None and node.children():
        return None
    value = node.text() if attribute is None else attribute.value
    name = None if attribute is None else attribute.name
    if not veil_of(configuration).shows(node.path(), name, value):
        return None
    return value if len(value) <= _LONG else _hash(value)


def _fix(finding: Finding, configuration: Configuration, settings: CheckSettings) -> Fix | None:
    """The fix as edits of bytes; none where it would show a secret, in its title or in what it writes."""
    planned = finding.fix
    if planned is None:
        return None
    edits = configuration.document.edits(planned.changes)
    if edits is None:
        return None
    written = (text for change in planned.changes for text in written_texts(change))
    if any(mask(one, configuration.secrets) != one for one in (planned.title, *written)):
        return None
    spans: tuple[Span, ...] = ()
    if settings.fix_spans:
        source = configuration.document.source
        spans = tuple(source.span(source.index_at(one.start), source.index_at(one.end)) for one in edits)
    tells_length = any(isinstance(one, RemoveNode) and _holds_secret(one.node) for one in planned.changes)
    return Fix(planned.title, planned.safety, edits, spans, tells_length)


def _holds_secret(node: Node) -> bool:
    pending = [node]
    while pending:
        one = pending.pop()
        if is_secret_entry(one.name):
            return True
        pending += one.children()
    return False


def place_of(target: Target, configuration: Configuration) -> str:
    """Path of a target without indices: from SMTP on inside a section, from the root elsewhere."""
    names = target.node.path()
    if definition.SECTION in names:
        names = names[names.index(definition.SECTION) :]
    secrets = configuration.secrets
    documented = definition.known_names()  # to mask such a name would tell that it is the secret
    place = "/".join(name if name in documented else mask(name, secrets) for name in names)
    return place if target.attribute is None else f"{place}/@{mask(target.attribute.name, secrets)}"


def _unreadable(path: str, problem: Unreadable) -> Diagnostic:
    return BY_NAME[problem.fault].diagnostic(path, problem.span, problem.message, problem.help)


def _not_a_configuration(path: str, document: Document) -> Diagnostic:
    from migrator.rules.documents import not_a_configuration

    found = not_a_configuration(document)
    return NOT_A_CONFIGURATION.diagnostic(path, document.span(found.target), found.message, found.help)


def _crashed(path: str, rule: Rule, error: Exception, settings: CheckSettings) -> Iterator[Diagnostic]:
    """Say which rule failed and where in our code; the error's own text might quote a secret."""
    if rule.code not in settings.codes:
        return
    from migrator import crash

    yield CRASHED.diagnostic(path, None, *crash.of_rule(rule.code, rule.name, error))


def _unexplained(path: str, configuration: Configuration) -> Diagnostic:
    """The schema refuses a section in which no rule finds anything: never a silent yes."""
    section = configuration.section
    span = None if section is None else configuration.document.span(Target(section.node, Part.NAME))
    return CRASHED.diagnostic(
        path,
        span,
        "the schema refuses this SMTP section, and no rule says why",
        "please report it; compare the section with `dmsmtp schema smtp.xsd`",
        definition.SECTION,
    )


def _excerpts(
    diagnostics: Iterable[Diagnostic], document: Document | None, configuration: Configuration | None
) -> Iterator[Excerpt | None]:
    veil = veil_of(configuration)
    for one in diagnostics:
        if document is None or one.span is None:
            yield None
        else:
            yield document.excerpts(veil).excerpt(one.span)


def veil_of(configuration: Configuration | None, also: frozenset[str] = frozenset()) -> Veil:
    """Show values of settings and documented nodes that are no secret, and nothing else.

    `also` are secrets from elsewhere that must not be shown either.
    """
    secrets = also if configuration is None else configuration.secrets | also
    is_read = configuration is not None  # the document keeps the veil: holding it here would be a circle

    def shows(path: tuple[str, ...], attribute: str | None, value: str) -> bool:
        if not is_read or mask(value, secrets) != value:
            return False
        if attribute is None and len(path) > 1 and path[-2] == definition.SECTION:
            return path[-1] in definition.settings() and not is_secret_entry(path[-1])
        node = definition.nodes().get("/".join(path) + (f"/@{attribute}" if attribute else ""))
        return node is not None and "type" in node and not node.get("secret", False)

    return Veil(MASK, shows, is_secret_entry, certain(secrets))
