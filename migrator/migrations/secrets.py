"""The step that takes secrets out of a file before it is committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.diagnostic import Safety
from migrator.document.xml import XmlDocument
from migrator.rules.model import Finding, PlannedFix, at_name, replace
from migrator.section import is_secret_entry
from migrator.values.secret import is_reference, mask
from migrator.values.variable import as_variable, known_variables, names_variables_alone, unescape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.section import Configuration, Setting


def secrets_to_variables(configuration: Configuration) -> Iterator[Finding]:
    """In JSON and YAML the name of an environment variable takes the place of a secret in plain text.

    ## Why
    What is committed once is there for good. `convert` and whatever else needs the value read it from the
    environment. In DataMiner.xml itself DataMiner would take such a name literally. A GUID is left alone: it
    is probably a reference to a secret that the agent keeps elsewhere.

    ## Before
        SMTP:
          Host: smtp.example.com
          HostPort: 587-starttls
          LoginMethod: AuthLoginMethod
          User: dma@example.com
          Password: frost+on+tulips
          From: dma@example.com

    ## After
        SMTP:
          Host: smtp.example.com
          HostPort: 587-starttls
          LoginMethod: AuthLoginMethod
          User: dma@example.com
          Password: '${env:DMSMTP_PASSWORD}'
          From: dma@example.com

    ## Safety
    Safe, and only with `--secrets env`: keep the value in a password safe first, as only the backup has it
    then. Manual in XML, and where the secret stands in a comment or another value, too.

    ## Source
    - CWE-256, CWE-312
    """
    section = configuration.section
    if section is None:
        return
    is_xml = isinstance(configuration.document, XmlDocument)
    for name, own in known_variables().items():
        setting = section.given(name)
        if setting is None or is_reference(setting.text):
            continue
        if is_xml:
            yield Finding(
                at_name(setting.node),
                f"{name} stands in plain text, and DataMiner reads no variables",
                "commit the file without it, or convert it to JSON or YAML with --secrets env",
            )
        elif names_variables_alone(setting.text):
            continue
        elif (other := _elsewhere(configuration, setting)) is not None:
            yield Finding(
                at_name(setting.node),
                f"{name} stands in plain text, and once more {other}",
                "take it out there, which would be committed as it is, and run this again",
            )
        else:
            written = as_variable(own)
            keep = f"keep its value in a password safe, and set {own} to it where it is needed"
            to_do = f'write "{written}"; {keep}'
            yield Finding(
                at_name(setting.node),
                f"{name} stands in plain text",
                to_do,
                fix=PlannedFix(to_do, Safety.SAFE, (replace(setting, written),)),
            )


def _elsewhere(configuration: Configuration, setting: Setting) -> str | None:
    """Where else a secret can be read, in words; None where that is nowhere."""
    document, texts = configuration.document, {setting.value, setting.text, unescape(setting.text)}
    for comment in document.comments():
        if mask(comment.text, texts) != comment.text:
            return f"in a comment, line {document.source.position(comment.start).line}"
    section = configuration.section
    for entry in () if section is None else section.entries:
        if not is_secret_entry(entry.name) and mask(entry.text(), texts) != entry.text():
            return f"in another value, line {document.span(at_name(entry)).start.line}"
    return None


def secrets_of(configuration: Configuration) -> dict[str, str]:
    """The secrets of a section as they stand there, by the variables that may take their places."""
    section = configuration.section
    found = {} if section is None else {own: section.given(one) for one, own in known_variables().items()}
    return {own: one.value for own, one in found.items() if one is not None}
