"""S rules on what stands in the SMTP section: known settings, each once, and text alone in them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from migrator import definition
from migrator.diagnostic import Safety, Severity
from migrator.document.convention import SCHEMA_KEY, XML_NAMESPACE
from migrator.document.model import (
    Literal,
    Part,
    RemoveAttribute,
    RemoveNode,
    Rename,
    StrayKind,
    Target,
)
from migrator.document.xml import XSI
from migrator.rules.model import Finding, PlannedFix, at_name, at_value, replace
from migrator.section import Section, is_secret_entry
from migrator.values.nearest import nearest
from migrator.values.secret import is_secret_name, shown_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.document.model import Attribute, Node

_SCHEMA_LOCATIONS = ("schemaLocation", "noNamespaceSchemaLocation")
# Names that other programs, Cube and SLNetClientTest have for the settings (letters and digits, lower case).
_OTHER_NAMES = {
    "port": "HostPort",
    "smtpport": "HostPort",
    "serverport": "HostPort",
    "server": "Host",
    "smtphost": "Host",
    "smtpserver": "Host",
    "hostname": "Host",
    "mailserver": "Host",
    "mailhost": "Host",
    "relay": "Host",
    "username": "User",
    "userid": "User",
    "smtpuser": "User",
    "login": "User",
    "pass": "Password",
    "passwd": "Password",
    "pwd": "Password",
    "smtppassword": "Password",
    "authenticationtype": "LoginMethod",
    "authentication": "LoginMethod",
    "authmethod": "LoginMethod",
    "authtype": "LoginMethod",
    "auth": "LoginMethod",
    "ehlo": "Helo",
    "heloname": "Helo",
    "mailfrom": "From",
    "sender": "From",
    "fromaddress": "From",
    "senderaddress": "From",
    "subjectlength": "MaxSubjectLength",
    "maxsubject": "MaxSubjectLength",
    "clientid": "OAuthClientID",
    "oauthclient": "OAuthClientID",
    "clientsecret": "OAuthClientSecret",
    "tokenendpoint": "OAuthTokenEndpoint",
    "oauthtokenurl": "OAuthTokenEndpoint",
    "configdata": "OAuthConfigData",
}
# Cube's "Connection security", and what other programs have for it.
_NAMES_OF_SECURITY = frozenset(
    {
        *("connectionsecurity", "security", "encryption", "secure", "ssl", "tls", "ssltls", "starttls"),
        *("usessl", "usetls", "usestarttls", "enablessl", "enabletls", "enablestarttls"),
    }
)
_EMPTY_ON_PURPOSE = {
    "User": ("NoLoginMethod", "Auto"),
    "Password": ("NoLoginMethod", "Auto", "XOAUTH2"),
}
# What a value is that may be a number in JSON and YAML, and what to do about one that is something else.
_NUMBERS = {
    "HostPort": ('a number, or text such as "587-starttls"', "write the port"),
    "MaxSubjectLength": ("a number", "write a number such as 78"),
}
_EMPTY_OAUTH = "remove it: what OAuth needs is set in Cube, not by hand"
_TEXT_ALONE = "a setting holds text alone"
_QUOTE_IT = ": put it into quotes"
_ESCAPE_IT = ": write < inside a value as &lt;"
_EXACT_SETTINGS = ("HostPort", "LoginMethod", "MaxSubjectLength")


def unknown_setting(section: Section) -> Iterator[Finding]:
    """An element of the SMTP section is none of its settings.

    ## Why
    DataMiner documents twelve settings. A misspelt one is none of them, and mail goes out without it or not
    at all. Names are case-sensitive.

    An element whose name looks like that of a secret (`Pasword`, `SmtpPassword`) is taken to hold one, and is
    never shown.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <Port>587-starttls</Port>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    Safe where only the case of the name differs, unsafe where it is the name that another program has for a
    setting (`Port`, `Username`). None for any other misspelt name (`Pasword`), as that would be a guess; none
    where that setting is there already, or where two elements look like the same one.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    unknown = [
        (entry, *_meant(entry.name)) for entry in section.entries if entry.name not in definition.settings()
    ]
    taken = Counter([*(entry.name for entry in section.entries), *(meant for _, meant, _ in unknown)])
    for entry, meant, safety in unknown:
        if meant is not None:
            is_only = taken[meant] == 1
            is_sure = is_only and entry.namespace == section.node.namespace
            yield _other_name(section, entry, meant, safety if is_sure else None, is_only=is_only)
        elif entry.name == definition.SECTION:
            yield Finding(
                at_name(entry),
                "an SMTP section stands inside the SMTP section",
                "move its settings up and remove it: settings stand directly in SMTP",
                subjects=tuple(child.name for child in entry.children()),
            )
        else:
            is_of_security = _folded(entry.name) in _NAMES_OF_SECURITY
            yield Finding(
                at_name(entry),
                f"{shown_name(entry.name, section.secrets)} is not a setting of SMTP",
                'remove it, and say in HostPort how the connection is secured, as in "587-starttls" or "465"'
                if is_of_security
                else f"remove it; the settings are {', '.join(definition.settings())}",
            )


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _other_name(
    section: Section, entry: Node, meant: str, safety: Safety | None, *, is_only: bool
) -> Finding:
    there = section.get(meant)
    if there is None:
        help_ = (
            f"write {meant}" if is_only else f"keep one of those that look like {meant}, and write {meant}"
        )
    elif there.text:
        help_ = f"remove it: {meant} is there already"
    else:
        help_ = f"give its value to {meant}, which is there without one, and remove it"
    return Finding(
        at_name(entry),
        f"{shown_name(entry.name, section.secrets)} is not a setting of SMTP; {meant} was probably meant",
        help_,
        fix=None if safety is None else PlannedFix(f"rename to {meant}", safety, (Rename(entry, meant),)),
        subjects=() if section.given(meant) is not None else (meant,),
    )


def _meant(name: str) -> tuple[str | None, Safety | None]:
    """The setting that was probably meant, and how safe it is to say so."""
    for known in definition.settings():
        if name.lower() == known.lower():
            return known, Safety.SAFE
    other = _OTHER_NAMES.get(_folded(name))
    if other is not None:
        return other, Safety.UNSAFE
    near = nearest(name, definition.settings())
    if near is None and is_secret_entry(name) and "secret" not in name.lower():
        return ("Password", None) if "pass" in name.lower() else (None, None)
    return near, None


def duplicate_setting(section: Section) -> Iterator[Finding]:
    """A setting is there twice.

    ## Why
    Each setting may be there once. Which of two values DataMiner uses is not documented, so the one that you
    see first may not be the one that counts.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <Host>relay.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: only you know which value is the right one. Keep that one, and remove the others.

    ## See
    - DataMiner documentation, DataMiner schema, SMTP
    """
    for first, again in repeated_settings(section):
        yield Finding(
            at_name(again),
            f"{again.name} is there more than once",
            "keep one; which of them DataMiner uses is not documented",
            related=((at_name(first), "the first one"),),
        )


def repeated_settings(section: Section) -> Iterator[tuple[Node, Node]]:
    """The first entry of a setting, and another one of the same setting: a pair for each that is too many."""
    if len(section.entries) == len(section.settings):
        return
    first: dict[str, Node] = {}
    for entry in section.entries:
        if entry.name not in definition.settings() or entry.namespace != section.node.namespace:
            continue
        before = first.setdefault(entry.name, entry)
        if before is not entry:
            yield before, entry


def unexpected_attribute(section: Section) -> Iterator[Finding]:
    """SMTP or one of its settings has an attribute.

    ## Why
    The section has no attributes: values stand between the tags. A value in an attribute is not read.
    Namespace declarations, `xml:…` and the schema locations of `xsi:…` are allowed; `xsi:type` and `xsi:nil`
    are not, because they change how a schema reads the element.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort secure="true">587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    Unsafe: the attribute is removed, and with it what somebody wanted to say. None where it may hold a
    secret, nor in a setting of JSON or YAML, which would hold a mapping still.

    ## See
    - DataMiner documentation, DataMiner schema, SMTP
    """
    known = [entry for entry in section.entries if entry.name in definition.settings()]
    for node in (section.node, *known):
        for attribute in node.attributes():
            if _is_expected(attribute):
                continue
            is_secret = is_secret_entry(node.name) or is_secret_name(attribute.name)
            is_beside_key = node is not section.node and node.literal() is Literal.MAPPING
            removal = PlannedFix("remove the attribute", Safety.UNSAFE, (RemoveAttribute(node, attribute),))
            yield Finding(
                Target(node, Part.NAME, attribute),
                f'{node.name} has an attribute "{section.name(attribute.name)}"; it takes none',
                "write the value alone, without a mapping around it"
                if is_beside_key
                else "remove it; a value stands between the tags",
                fix=None if is_secret or is_beside_key else removal,
            )


def _is_expected(attribute: Attribute) -> bool:
    if attribute.namespace == XSI:
        return attribute.name in _SCHEMA_LOCATIONS
    return attribute.namespace == XML_NAMESPACE


def unexpected_content(section: Section) -> Iterator[Finding]:
    """There is markup inside a value, or text between the settings.

    ## Why
    A setting holds plain text, and the section holds settings. An element or a processing instruction inside
    a value, or text between two settings, is usually a tag that was lost or pasted into the wrong place.
    Comments are allowed everywhere.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          NoLoginMethod
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <!-- the relay wants no login -->
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: what was meant is not known. Close the tag that lost its end, or put what stands there where it
    belongs: into a setting or a comment.

    ## See
    - DataMiner documentation, DataMiner schema, SMTP
    """
    yield from _beside_the_section(section)
    # Where no setting stands, what stands there instead is the whole mistake: none of them is missing beside.
    subjects = () if section.entries else (definition.SECTION, *definition.settings())
    strays = section.node.strays()
    if not strays and section.node.literal() in (Literal.NULL, Literal.STRING):
        yield Finding(
            at_name(section.node),
            "nothing stands where the settings should be",
            "write the settings under it",
            subjects=subjects,
        )
    for stray in strays:
        if stray.kind is StrayKind.TEXT:
            yield Finding(
                Target(section.node, stray=stray),
                "text between the settings" if section.entries else "text where the settings should be",
                "put it into the setting that it belongs to, or into a comment",
                subjects=subjects,
            )
        elif stray.kind is StrayKind.LIST:
            yield Finding(
                at_name(section.node),
                "a list where the settings should be",
                "write a mapping",
                subjects=subjects,
            )
    for entry in section.entries:
        if entry.name in definition.settings():
            yield from _markup_in_value(section, entry)
            yield from _other_type(entry)


def _beside_the_section(section: Section) -> Iterator[Finding]:
    """Keys at the top of JSON or YAML that belong nowhere."""
    top = section.document.root
    if top.name:
        return
    for entry in top.children():
        if entry.name == SCHEMA_KEY:
            if entry.literal() not in (Literal.STRING, Literal.UNTYPED):
                message = f"{entry.literal().value} as the value of {entry.name}, which is text"
                yield Finding(at_name(entry), message, "write where the schema is, or remove it")
        elif entry.name not in (definition.ROOT, definition.SECTION):
            is_lost = section.get(entry.name) is None
            yield Finding(
                at_name(entry),
                f"{shown_name(entry.name, section.secrets)} stands at the top of the file",
                "remove it, or move it to where it belongs: the top holds SMTP or DataMiner alone",
                subjects=(entry.name,) if is_lost else (SCHEMA_KEY,),
            )


def _markup_in_value(section: Section, entry: Node) -> Iterator[Finding]:
    if entry.literal() is Literal.LIST:
        return
    children = entry.children()
    instructions = [stray for stray in entry.strays() if stray.kind is not StrayKind.TEXT]
    if is_secret_entry(entry.name):
        if children or instructions:  # its names may be part of the secret
            yield Finding(
                at_name(entry),
                f"markup inside the value of {entry.name}",
                _TEXT_ALONE + (_QUOTE_IT if entry.literal() is Literal.MAPPING else _ESCAPE_IT),
            )
        return
    for child in children:
        is_lost = section.get(child.name) is None
        yield Finding(
            at_name(child),
            f"more than text inside the value of {entry.name}",
            _TEXT_ALONE + ("" if entry.literal() is Literal.MAPPING else ": is an end tag missing?"),
            subjects=(entry.name, child.name) if is_lost else (entry.name,),
        )
    for stray in instructions:
        yield Finding(
            Target(entry, stray=stray),
            f"a {stray.kind} inside the value of {entry.name}",
            "remove it: a setting holds text alone",
        )


def _other_type(entry: Node) -> Iterator[Finding]:
    """A value that JSON says is something else than text."""
    literal = entry.literal()
    if literal is Literal.MAPPING and (entry.children() or entry.attributes()):
        return  # which have findings of their own
    is_several = literal in (Literal.MAPPING, Literal.LIST)
    if is_several or literal is Literal.BOOLEAN or (literal is Literal.NUMBER and entry.name not in _NUMBERS):
        text = ("text", "write one value, in quotes" if is_several else "put the value into quotes")
        what, help_ = _NUMBERS.get(entry.name, text)
        yield Finding(at_name(entry), f"{literal.value} as the value of {entry.name}, which is {what}", help_)


def empty_setting(section: Section) -> Iterator[Finding]:
    """A setting is there without a value.

    ## Why
    An empty setting says nothing that a missing one does not say, and makes a reader wonder. `User` and
    `Password` are left alone where they may be empty (with `NoLoginMethod` the documentation has them so).

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <Helo />
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <User />
          <Password />
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    Unsafe: the setting is removed. That DataMiner takes an empty setting and a missing one for the same is
    not documented. None where a comment stands inside it, or where white space may be a secret.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    method = section.method
    for name, text in section.texts.items():
        if text or method in _EMPTY_ON_PURPOSE.get(name, ()):
            continue
        setting = section.settings[name]
        removal = PlannedFix(f"remove {setting.name}", Safety.UNSAFE, (RemoveNode(setting.node),))
        yield Finding(
            at_name(setting.node),
            f"{setting.name} is empty",
            _EMPTY_OAUTH if name in definition.oauth_settings() else "give it a value, or remove it",
            fix=None if setting.is_secret and setting.value else removal,
        )


def surrounding_whitespace(section: Section) -> Iterator[Finding]:
    """A value begins or ends with white space.

    ## Why
    `<HostPort> 587-starttls </HostPort>` is not the same text as `587-starttls`, and what DataMiner does with
    the difference is not documented. For HostPort, LoginMethod and MaxSubjectLength, which have a fixed form,
    this is an error. Invisible characters that come along when a value is copied from a page or a window
    count as well. Secrets are left out: white space may belong to them.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort> 587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    Safe: the white space is removed, the value stays.

    ## See
    - XML Schema Part 2: Datatypes, section 4.3.6 (white space)
    """
    for setting in section.settings.values():
        if setting.value == setting.text or setting.is_secret or not setting.text:
            continue
        yield Finding(
            at_value(setting),
            f"{setting.name} has white space around {section.quote(setting.text)}",
            "remove the white space",
            severity=Severity.ERROR if setting.name in _EXACT_SETTINGS else None,
            fix=PlannedFix("remove the white space", Safety.SAFE, (replace(setting, setting.text),)),
        )
