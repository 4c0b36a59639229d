"""One file from its bytes to the bytes of another format, or why there are none."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from migrator import definition
from migrator.checking import CheckSettings, FileReport, check_document, read_document
from migrator.conversion.secrets import (
    Secrets,
    escaped,
    holds_secret,
    holds_text,
    resolved,
    with_variables,
    without_secrets,
)
from migrator.conversion.section import read_settings
from migrator.conversion.serialising import as_json, as_xml, as_yaml
from migrator.conversion.tree import Element, Note, Problem, Remark, Tree
from migrator.diagnostic import Severity
from migrator.document.limits import Limits
from migrator.document.source import Unreadable
from migrator.document.xml import XmlDocument
from migrator.rules import RULES
from migrator.tuples import NamedTuple
from migrator.values.secret import mask

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from migrator.document.format import Format
    from migrator.document.model import Document
    from migrator.section import Configuration

_AS_USUAL = CheckSettings()
_ABOUT_COMMENTS = ("D008", "D009")  # which say nothing of the settings
_OF_SCHEMA = frozenset(rule.code for rule in RULES if rule.in_validate and rule.code not in _ABOUT_COMMENTS)

_TOO_DEEP = Problem(
    "elements are nested too deep to be converted", "convert the section alone, without --whole-file"
)


class OutputFormat(StrEnum):
    """The formats that are written."""

    XML = "xml"
    JSON = "json"
    YAML = "yaml"
    SLNET = "slnet"
    SLNET_JSON = "slnet-json"

    @property
    def is_message(self) -> bool:
        """Whether it is the fields of a message, and no configuration that could be read again."""
        return self in (OutputFormat.SLNET, OutputFormat.SLNET_JSON)

    @property
    def holds_variables(self) -> bool:
        """Whether the name of a variable may stand in the place of a secret."""
        return self in (OutputFormat.JSON, OutputFormat.YAML)


class ConvertSettings(NamedTuple):
    """What to make of a file.

    `schema` is what JSON and YAML name as theirs, None for nothing; `namespace` puts DataMiner's on the root
    of XML that has none. `force` goes on where the input is invalid. `environment` is where variables stand.
    `tells_secrets` asks for the texts that must not be shown of what changes with the document.
    """

    output: OutputFormat
    whole_file: bool = False
    namespace: bool = False
    schema: str | None = None
    secrets: Secrets = Secrets.KEEP
    in_file_order: bool = False
    force: bool = False
    input_format: Format | None = None
    limits: Limits = Limits()
    environment: Mapping[str, str] = MappingProxyType({})
    tells_secrets: bool = False


class Converted(NamedTuple):
    """What became of a file.

    `document` is None where there is none: `problems` say why, or the findings of `report` do. `notes` say
    what the document lacks that the input has. `is_valid` says so of the input, `is_read` whether it could be
    read at all. `root` is what the document was written from, and `left_out` are settings of a section that
    are not in it. `secrets`, where they were asked for, are the texts of the input that must not be shown.
    """

    report: FileReport
    document: bytes | None = None
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_valid: bool = True
    holds_secret: bool = False
    root: Element | None = None
    secrets: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    is_read: bool = True


def convert(path: str, data: bytes, settings: ConvertSettings, look: CheckSettings = _AS_USUAL) -> Converted:
    """The file in another format; what lint finds in it with `look` comes along."""
    look = look._replace(limits=settings.limits, format=settings.input_format)
    document = read_document(path, data, settings.limits, settings.input_format)
    report, configuration = check_document(path, document, look)
    is_valid = not any(
        one.code in _OF_SCHEMA and one.severity is Severity.ERROR for one in report.diagnostics
    )
    if not is_valid:  # only now is there something to show
        shown = look._replace(excerpts=True, whole_file=look.whole_file or settings.whole_file)
        report, configuration = check_document(path, document, shown)
    if configuration is None or not (is_valid or settings.force):
        return Converted(report, is_valid=False, is_read=configuration is not None)
    try:
        return _converted(configuration, settings, report, is_valid=is_valid)
    except RecursionError:
        return Converted(report, problems=(_TOO_DEEP,), is_valid=is_valid)


def _converted(
    configuration: Configuration, settings: ConvertSettings, report: FileReport, *, is_valid: bool
) -> Converted:
    """The document, or the problems."""
    notes: list[Note] = []
    problems: list[Problem] = []
    tree = _read(configuration, settings, notes, problems)
    if tree is None:
        return Converted(report, problems=tuple(problems), is_valid=is_valid)
    tree = _with_secrets(tree, configuration, settings, notes, problems)
    if settings.output is OutputFormat.XML:
        tree = _with_xml_characters(tree, configuration.document, settings, notes, problems)
    text = _written(tree, configuration.document, settings, notes, problems)
    said = tuple(one._replace(message=mask(one.message, configuration.secrets)) for one in notes)
    if problems:
        wrong = dict.fromkeys(
            one._replace(message=mask(one.message, configuration.secrets)) for one in problems
        )
        return Converted(report, None, said, tuple(wrong), is_valid)
    is_secret = holds_secret(tree) or holds_text(tree, configuration.secrets)
    secrets = configuration.secrets if settings.tells_secrets else frozenset()
    section = None if settings.whole_file else configuration.section
    given = () if section is None else section.values
    left_out = frozenset(given) - {child.local_name for child in tree.root.children}
    return Converted(report, text.encode(), said, (), is_valid, is_secret, tree.root, secrets, left_out)


def _read(
    configuration: Configuration, settings: ConvertSettings, notes: list[Note], problems: list[Problem]
) -> Tree | None:
    """The part that is to be converted; None where it is not there."""
    if settings.whole_file:
        from migrator.conversion.whole_file import read_whole

        tree = read_whole(configuration, notes, problems)
    elif configuration.section is None:
        help_ = "give --whole-file to convert the rest of the file"
        problems.append(Problem("there is no SMTP section to convert", help_))
        return None
    else:
        tree = read_settings(
            configuration, configuration.section, notes, in_file_order=settings.in_file_order
        )
    is_literal = isinstance(configuration.document, XmlDocument)
    return escaped(tree) if is_literal and _may_hold_mark(configuration.document.source.text) else tree


def _may_hold_mark(xml: str) -> bool:
    """Whether what marks variables may stand in a value: a quick look, as references can hide it."""
    return "$" in xml or "&#" in xml


def _with_secrets(
    tree: Tree,
    configuration: Configuration,
    settings: ConvertSettings,
    notes: list[Note],
    problems: list[Problem],
) -> Tree:
    """The tree with what is to become of its secrets; they are resolved where the format has no variables."""
    document, secrets = configuration.document, configuration.secrets
    match settings.secrets:
        case Secrets.OMIT:
            keeps_variables = settings.output.holds_variables
            tree = without_secrets(tree, document, secrets, notes, keeps_variables=keeps_variables)
        case Secrets.ENV:
            tree = with_variables(tree, document, secrets, notes)
        case Secrets.KEEP:
            pass
    if settings.output.holds_variables or settings.secrets is Secrets.OMIT:
        return tree
    return resolved(tree, settings.environment, document.span, problems)


def _with_xml_characters(
    tree: Tree, document: Document, settings: ConvertSettings, notes: list[Note], problems: list[Problem]
) -> Tree:
    """The tree without what XML cannot hold, which is a problem unless it is to be left out."""
    from migrator.conversion.characters import forbidden, without_forbidden

    if settings.force:
        return tree._replace(root=without_forbidden(tree.root, document, notes))
    problems += forbidden(tree.root, document)
    return tree


def _written(
    tree: Tree, document: Document, settings: ConvertSettings, notes: list[Note], problems: list[Problem]
) -> str:
    match settings.output:
        case OutputFormat.JSON:
            return as_json(tree, settings.schema, notes)
        case OutputFormat.YAML:
            return as_yaml(tree, settings.schema, notes)
        case OutputFormat.XML:
            return _xml(tree, document, settings, notes, problems)
        case OutputFormat.SLNET | OutputFormat.SLNET_JSON:
            from migrator.conversion import slnet

            found = slnet.fields(tree.root, document.span, notes, problems)
            is_text = settings.output is OutputFormat.SLNET
            return slnet.as_text(found) if is_text else slnet.as_json(found)


def _xml(
    tree: Tree, document: Document, settings: ConvertSettings, notes: list[Note], problems: list[Problem]
) -> str:
    root = tree.root
    if (
        settings.namespace
        and ":" not in root.name
        and not any(name == "xmlns" for name, _ in root.attributes)
    ):
        root = root._replace(attributes=(("xmlns", definition.NAMESPACE), *root.attributes))
    notes += (
        Note("two hyphens in a comment are set apart, as XML allows none there", one.span)
        for one in (*tree.head, *_remarks(root), *tree.tail)
        if "--" in one.text
    )
    text = as_xml(tree._replace(root=root), declares=settings.whole_file)
    if not problems and settings.whole_file and not isinstance(document, XmlDocument):
        # A prefix may be declared nowhere, or an attribute be there twice
        outcome = read_document("result.xml", text.encode(), settings.limits._replace(size=len(text) * 4 + 1))
        if isinstance(outcome, Unreadable):
            problems.append(Problem(f"the XML would not be well-formed: {outcome.message}", outcome.help))
    return text


def _remarks(element: Element) -> Iterator[Remark]:
    for one in element.content:
        if isinstance(one, Remark):
            yield one
        elif isinstance(one, Element):
            yield from _remarks(one)
