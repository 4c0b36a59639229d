"""Steps about where things stand: sections and settings that are there twice, the namespace of the root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import definition
from migrator.diagnostic import Safety
from migrator.document.model import DeclareNamespace, RemoveNode, StrayKind
from migrator.document.xml import XmlDocument
from migrator.rules.model import Finding, PlannedFix, at_name
from migrator.rules.structure import repeated_settings
from migrator.section import is_secret_entry, read_section, trim
from migrator.values.secret import printable, quote, shown_instead_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.diagnostic import Diagnostic
    from migrator.document.model import Node
    from migrator.section import Configuration

_TOGETHER = "a section holds each setting once; which of two DataMiner uses is not documented"


def duplicate_section(configuration: Configuration) -> Iterator[Finding]:
    """There is a second SMTP section: one that says the same goes, of two that differ a person chooses.

    ## Why
    A DataMiner.xml holds the section once. Which of two DataMiner uses is not documented, so two that differ
    are shown side by side, with secrets masked, and left alone.

    ## Before
        <DataMiner id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
          <SMTP>
            <HostPort>587-starttls</HostPort>
            <Host>smtp.example.com</Host>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## After
        <DataMiner id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Safety
    Safe where both hold the same settings with the same values, in whatever order, and the second holds no
    comment; white space around values counts in secrets alone. Manual otherwise.

    ## Source
    - DataMiner documentation, DataMiner schema, SMTP
    """
    if configuration.sections:
        first, *others = configuration.sections
        yield from (_section_again(configuration, first, other) for other in others)


def misplaced_section(configuration: Configuration) -> Iterator[Finding]:
    """An SMTP section stands elsewhere than under DataMiner: it goes where the right place says the same.

    ## Why
    DataMiner documents the section as a child of the root. One inside another element is not the agent's mail
    configuration; where none stands in the right place, or another one, a person has to say what was meant.

    ## Before
        <DataMiner id="7">
          <DMA>
            <SMTP>
              <Host>smtp.example.com</Host>
              <HostPort>587-starttls</HostPort>
              <LoginMethod>NoLoginMethod</LoginMethod>
              <From>dma@example.com</From>
            </SMTP>
          </DMA>
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## After
        <DataMiner id="7">
          <DMA>
          </DMA>
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Safety
    Safe where the section under DataMiner holds the same settings with the same values, and the misplaced one
    holds no comment. Manual otherwise.

    ## Source
    - DataMiner documentation, DataMiner schema, SMTP
    """
    for node in configuration.misplaced:
        if configuration.sections:
            yield _section_again(configuration, configuration.sections[0], node)
        else:
            yield Finding(
                at_name(node),
                f"the SMTP section stands in the wrong place: {_shown(configuration, node)}",
                "move it, as it is, directly under DataMiner: nothing says that DataMiner finds it here",
            )


def missing_section(found: Diagnostic) -> Diagnostic:
    """The agent has no SMTP section, and sends no mail.

    ## Why
    It may be meant so. Where the agent is to send mail, nothing in the file says by which server.

    ## Before
        <DataMiner id="7">
          <DMA/>
        </DataMiner>

    ## Safety
    Manual: `dmsmtp new` makes a section, and Cube writes the same one to all agents of a cluster.

    ## Source
    - DataMiner documentation, "Configuring outgoing email"
    """
    return found._replace(help=f"nothing, where that is meant; else {found.help}")


def duplicate_setting(configuration: Configuration) -> Iterator[Finding]:
    """A setting is there twice: one that says the same goes, of two that differ a person chooses.

    ## Why
    A section holds each setting once. Which of two DataMiner uses is not documented.

    ## Before
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
          <Host>smtp.example.com</Host>
        </SMTP>

    ## After
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Safety
    Safe where both hold the same text; white space around it counts in secrets alone. Manual otherwise.

    ## Source
    - DataMiner documentation, DataMiner schema, SMTP
    """
    section = configuration.section
    if section is None:
        return
    for before, entry in repeated_settings(section):
        is_same = _content(before) is not None and _content(before) == _content(entry)
        values = " and ".join(_value(configuration, one) for one in (before, entry))
        yield Finding(
            at_name(entry),
            f"{entry.name} is there a second time, "
            + ("with the same value" if is_same else f"with another value: {values}"),
            "keep one of them; " + _TOGETHER,
            fix=PlannedFix("remove the second one", Safety.SAFE, (RemoveNode(entry),)) if is_same else None,
            related=((at_name(before), "the first one"),),
        )


def add_namespace(configuration: Configuration) -> Iterator[Finding]:
    """The root gets the default namespace that DataMiner's installer gives it.

    ## Why
    Files of older installations have none, and both kinds are in the field: nothing says that DataMiner needs
    the namespace. Editors find the schema by it, and files of a cluster look alike.

    ## Before
        <DataMiner id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## After
        <DataMiner xmlns="http://www.skyline.be/config/dataminer" id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Safety
    Safe: all elements without a prefix come along. Only with `--namespace add`. Manual where an element
    inside declares a namespace of its own.

    ## Source
    - DataMiner release notes, main release 10.0.0 CU3, feature release 10.0.8
    """
    root = configuration.root
    if not isinstance(configuration.document, XmlDocument) or root.namespace is not None:
        return
    is_plain = "xmlns" not in configuration.document.source.text
    change = DeclareNamespace(root, definition.NAMESPACE)
    yield Finding(
        at_name(root),
        f"{root.name} has no default namespace",
        f'write xmlns="{definition.NAMESPACE}" on it',
        fix=PlannedFix("declare it", Safety.SAFE, (change,)) if is_plain else None,
    )


def remove_namespace(configuration: Configuration) -> Iterator[Finding]:
    """The root loses its default namespace, as files of older installations have none.

    ## Why
    Both kinds are in the field, and nothing says that DataMiner needs the namespace. Programs that look for
    elements by their bare names find them then.

    ## Before
        <DataMiner xmlns="http://www.skyline.be/config/dataminer" id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## After
        <DataMiner id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Safety
    Safe: all elements without a prefix come along. Only with `--namespace remove`. Manual where the namespace
    has a prefix, or is declared again inside.

    ## Source
    - DataMiner release notes, main release 10.0.0 CU3, feature release 10.0.8
    """
    root, document = configuration.root, configuration.document
    if not isinstance(document, XmlDocument) or root.namespace is None:
        return
    is_plain = document.source.text.count("xmlns") == 1
    yield Finding(
        at_name(root),
        f"{root.name} is in the namespace {definition.NAMESPACE}",
        "remove its declaration, and what is declared with a prefix",
        fix=PlannedFix("remove its declaration", Safety.SAFE, (DeclareNamespace(root, None),))
        if is_plain
        else None,
    )


def _section_again(configuration: Configuration, kept: Node, other: Node) -> Finding:
    """What becomes of a section when there is another one."""
    is_same = _settings(kept) is not None and _settings(kept) == _settings(other)
    related = ((at_name(kept), "the one that is checked"),)
    if is_same:
        return Finding(
            at_name(other),
            "a second SMTP section holds the same settings",
            "remove one of them, with the comments that nobody needs",
            fix=PlannedFix("remove the second one", Safety.SAFE, (RemoveNode(other),)),
            related=related,
        )
    return Finding(
        at_name(other),
        f"two SMTP sections differ: {_shown(configuration, kept)} against {_shown(configuration, other)}",
        "keep the right one, directly under DataMiner, and remove the other; which DataMiner uses is not "
        "documented",
        related=related,
    )


def _settings(section: Node) -> list[tuple[str, str]] | None:
    """The settings of a section with their values, in any order; None where it holds something else."""
    if section.attributes() or section.strays():
        return None
    found: list[tuple[str, str]] = []
    for entry in section.children():
        content = _content(entry)
        if content is None or entry.namespace != section.namespace:
            return None
        found.append((entry.name, content))
    return sorted(found)


def _content(entry: Node) -> str | None:
    """The text of a setting that holds nothing else, without white space around it if that is no secret."""
    is_plain = not entry.children() and not entry.attributes()
    if not is_plain or any(one.kind is not StrayKind.TEXT for one in entry.strays()):
        return None
    return entry.text() if is_secret_entry(entry.name) else trim(entry.text())


def _shown(configuration: Configuration, node: Node) -> str:
    """The settings of a section in a few words, with nothing secret in them."""
    section = read_section(configuration.document, node)
    words = [f"{setting.name} {_value(configuration, setting.node)}" for setting in section.settings.values()]
    return f"({', '.join(words) or 'no settings'})"


def _value(configuration: Configuration, entry: Node) -> str:
    if is_secret_entry(entry.name):
        return printable(shown_instead_of(entry.text())) if entry.text() else '""'
    return quote(entry.text(), configuration.secrets)
