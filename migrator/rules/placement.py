"""S rules on where the section stands: once, under DataMiner, with its name, in the namespace of the root."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from migrator import definition
from migrator.diagnostic import Safety, Severity
from migrator.document.model import Rename, UseNamespaceOfParent
from migrator.rules.model import Finding, PlannedFix, at_name
from migrator.values.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.document.model import Document, Node
    from migrator.section import Configuration

# What two edits make of SMTP, or one, without being it.
_OTHER_PROTOCOLS = frozenset(
    {"ftp", "http", "imap", "ntp", "rtp", "sftp", "sip", "smb", "smpp", "sms", "snmp", "sntp", "stp", "tftp"}
)
_START_TAG = r"<(?:[\w.-]+:)?SMTP(?:\s[^<>]*)?(?<!/)>"
_SECTION_KEY = r"""\s*["']?SMTP["']?\s*:\s*(?:\Z|[{#])"""  # settings follow it, and not words
_END_TAG = r"</(?:[\w.-]+:)?SMTP\s*>"
_MOST_EDITS = 2
_LINE_END = r"\r\n|\r|\n"
_DECLARATION = "xmlns"


def missing_section(configuration: Configuration) -> Iterator[Finding]:
    """A DataMiner.xml has no SMTP section.

    ## Why
    Each agent reads its own DataMiner.xml, and an agent without the section sends no mail. That may be meant
    (only some agents of a cluster send mail), or the section is there but inside a comment, which the finding
    then says.

    ## Bad
        <DataMiner id="7">
          <DMA>
            <DMAName>Agent 7</DMAName>
          </DMA>
        </DataMiner>

    ## Good
        <DataMiner id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Fix
    None: the settings of your mail server are not known. Add the section (`dmsmtp new` makes one), or
    configure outgoing mail in Cube; where the agent is to send no mail, leave it.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    if configuration.sections:
        return
    message = "there is no SMTP section: this agent sends no mail"
    help_ = "add an SMTP section under DataMiner, or configure it in Cube"
    line = _line_in_comment(configuration.document)
    if line is not None:
        message = f"the SMTP section stands in a comment (line {line}): this agent sends no mail"
        help_ = "remove the comment marks around it"
    yield Finding(at_name(configuration.root), message, help_)


def _line_in_comment(document: Document) -> int | None:
    """Line of a start tag of SMTP in a comment, if its end tag stands in that one or a later one.

    In YAML it is the line of the key.
    """
    line = None
    for comment in document.comments():
        if not document.root.name and re.match(_SECTION_KEY, comment.text):
            return document.source.position(comment.start).line
        match = re.search(_START_TAG, comment.text) if line is None else None
        if match is not None:
            before = comment.text[: match.start()]
            line = document.source.position(comment.start).line + len(re.findall(_LINE_END, before))
        if line is not None and re.search(_END_TAG, comment.text[match.end() if match is not None else 0 :]):
            return line
    return None


def duplicate_section(configuration: Configuration) -> Iterator[Finding]:
    """There are two SMTP sections under DataMiner.

    ## Why
    Which of them DataMiner uses is not documented. Only the first one is checked here.

    ## Bad
        <DataMiner id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
          <SMTP>
            <Host>relay.example.com</Host>
          </SMTP>
        </DataMiner>

    ## Good
        <DataMiner id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Fix
    None: only you know which section is the right one. Merge them into one.

    ## See
    - DataMiner documentation, DataMiner schema, SMTP
    """
    for node in configuration.sections[1:]:
        yield Finding(
            at_name(node),
            "another SMTP section; only the first one is checked",
            "merge the two into one; which of them DataMiner uses is not documented",
            related=((at_name(configuration.sections[0]), "the first one"),),
        )


def misplaced_section(configuration: Configuration) -> Iterator[Finding]:
    """An SMTP section stands somewhere else than directly under DataMiner.

    ## Why
    DataMiner documents the section as a child of the root. Inside another element it is not the agent's mail
    configuration. Where a section stands under DataMiner as well, this is a warning.

    ## Bad
        <DataMiner id="7">
          <DMA>
            <SMTP>
              <Host>smtp.example.com</Host>
              <HostPort>587-starttls</HostPort>
              <LoginMethod>NoLoginMethod</LoginMethod>
              <From>dma@example.com</From>
            </SMTP>
          </DMA>
        </DataMiner>

    ## Good
        <DataMiner id="7">
          <DMA />
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Fix
    None. Move the section so that it stands directly under DataMiner.

    ## See
    - DataMiner documentation, DataMiner schema, SMTP
    """
    checked = configuration.section.node if configuration.section is not None else None
    for node in configuration.misplaced:
        above = node.parent()
        if _is_inside(node, checked):
            continue  # what stands in the section that is checked is the business of S101 and S107
        where = (
            above.name if above is not None and above.name in definition.known_names() else "another element"
        )
        yield Finding(
            at_name(node),
            f"the SMTP section stands inside {where}, not directly under DataMiner",
            "move it directly under DataMiner",
            severity=Severity.WARNING if configuration.sections else None,
        )


def _is_inside(node: Node, outer: Node | None) -> bool:
    above = node.parent()
    while above is not None and above != outer:
        above = above.parent()
    return above is not None


def foreign_namespace(configuration: Configuration) -> Iterator[Finding]:
    """SMTP or a setting is in another XML namespace than the root.

    ## Why
    All of DataMiner.xml is in one namespace, or in none. An element in another one is a different element
    that only looks the same. An `xmlns=""` or a copied `xmlns="…"` on a single element is the usual cause.

    ## Bad
        <DataMiner xmlns="http://www.skyline.be/config/dataminer" id="7">
          <SMTP xmlns="">
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Good
        <DataMiner xmlns="http://www.skyline.be/config/dataminer" id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Fix
    Safe where it is one `xmlns` on that element: it is removed. None otherwise, and none where the
    setting would be there twice then.

    ## See
    - Namespaces in XML 1.0, section 6.2
    """
    wanted = configuration.root.namespace
    for node in configuration.sections[:1]:
        if node.namespace != wanted:
            yield _foreign(node, "the root", wanted)
    section = configuration.section
    if section is None or len(section.entries) == len(section.settings):
        return
    foreign = [
        entry
        for entry in section.entries
        if entry.namespace != section.node.namespace and entry.name in definition.settings()
    ]
    times = Counter(entry.name for entry in section.entries) if foreign else {}
    for entry in foreign:
        found = _foreign(entry, definition.SECTION, wanted)
        yield found._replace(
            fix=found.fix if times[entry.name] == 1 else None,
            subjects=(entry.name,) if section.given(entry.name) is None else (_DECLARATION,),
        )


def _foreign(node: Node, around: str, wanted: str | None) -> Finding:
    expected = "in no namespace" if wanted is None else f"in {wanted}"
    if node.namespace == wanted:
        help_ = f"leave it there: {around} should be {expected}"
    elif node.namespace is None:
        help_ = f"take away its xmlns declaration, or give it the prefix of {around}: it should be {expected}"
    else:
        help_ = f"take away its xmlns declaration or prefix: it should be {expected}"
    return Finding(
        at_name(node),
        f"{node.name} is in no namespace, {around} is in one"
        if node.namespace is None
        else f"{node.name} is in another namespace than {around}",
        help_,
        fix=PlannedFix("remove the xmlns declaration", Safety.SAFE, (UseNamespaceOfParent(node),)),
    )


def misspelled_section(configuration: Configuration) -> Iterator[Finding]:
    """A child of DataMiner is named almost like SMTP.

    ## Why
    Names are case-sensitive: `Smtp` or `SMPT` is not the SMTP section, and the agent sends no mail.
    Documented neighbours such as `SNMP` and other protocols such as `HTTP` are not meant, and a name with two
    wrong letters only where the element holds settings of SMTP.

    ## Bad
        <DataMiner id="7">
          <Smtp>
            <Host>smtp.example.com</Host>
          </Smtp>
        </DataMiner>

    ## Good
        <DataMiner id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Fix
    Unsafe: the element is renamed, which turns on what is configured in it. None where a section is there, or
    where two elements are named like it.

    ## See
    - DataMiner documentation, DataMiner schema, SMTP
    """
    if configuration.root.name != definition.ROOT:
        return
    if not any(map(_is_near_section, configuration.root.names())):
        return
    found = [node for node in configuration.root.children() if is_misspelled_section(node)]
    for node in found:
        rename = PlannedFix("rename to SMTP", Safety.UNSAFE, (Rename(node, definition.SECTION),))
        yield Finding(
            at_name(node),
            f"{node.name} is not read as the SMTP section",
            "remove it: the SMTP section is there already" if configuration.sections else "write SMTP",
            fix=None if configuration.sections or len(found) > 1 else rename,
        )


def is_misspelled_section(node: Node) -> bool:
    """Whether a child of DataMiner looks like an SMTP section whose name went wrong."""
    return _is_near_section(node.name) and (
        nearest(node.name, (definition.SECTION,)) is not None
        or any(name in definition.settings() for name in node.names())
    )


@lru_cache(maxsize=1024)
def _is_near_section(name: str) -> bool:
    """Whether a name is one or two edits from SMTP, and nothing else that is known."""
    return (
        name != definition.SECTION
        and name.lower() not in _OTHER_PROTOCOLS
        and nearest(name, (definition.SECTION,), limit=_MOST_EDITS) is not None
    )
