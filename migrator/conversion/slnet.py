"""The fields of SLNetClientTest's message UpdateSmtpConfigMessage, as they are to be filled in.

Names, order and what a field holds at first are those of the tool (documentation, "Configuring SMTP").
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from migrator.conversion.scalars import is_whole_number
from migrator.conversion.tree import Note, Problem
from migrator.definition import oauth_settings, settings
from migrator.values.login_method import LoginMethod
from migrator.values.secret import is_reference, json_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.conversion.tree import Element
    from migrator.diagnostic import Span
    from migrator.document.model import Target

MESSAGE: Final = "UpdateSmtpConfigMessage"
_FIRST: Final[dict[str, str | int]] = {  # what the fields hold before anything is filled in
    "DataMinerID": -1,
    "ExtraXml": "",
    "From": "",
    "Helo": "",
    "Host": "",
    "HostingDataMinerID": -1,
    "LoginMethod": "Auto",
    "MaxSubjectLength": 0,
    "Password": "",
    "Port": "25",
    "TraceInfo": "",
    "User": "",
}
_FIELDS: Final = {"HostPort": "Port"}  # where a field has another name than the setting
_NO_LOGIN: Final = "NoLogin"
_REFERENCE: Final = "{0} looks like a reference, which the agent alone can read: fill in what is behind it"
_NAMES_ALIKE: Final = (LoginMethod.AUTO, LoginMethod.NONE)  # whose names in the tool are documented


def fields(
    root: Element, span_of: Callable[[Target], Span], notes: list[Note], problems: list[Problem]
) -> dict[str, str | int]:
    """The fields by name, in the order of the tool; what the message cannot carry is a problem."""
    found = dict(_FIRST)
    given = {child.name: child for child in root.children}
    for name, element in given.items():
        span = None if element.target is None else span_of(element.target)
        if name in oauth_settings():
            if element.text:
                problems.append(Problem(f"{MESSAGE} has no field for {name}", _OAUTH_HELP, span))
        elif name == "LoginMethod":
            found[name] = _login_method(element.text, span, notes, problems)
        elif name == "MaxSubjectLength":
            found[name] = _length(element.text, span, notes)
        else:
            found[_FIELDS.get(name, name)] = element.text
            if settings()[name].is_secret and is_reference(element.text):
                notes.append(Note(_REFERENCE.format(name), span))
    if "LoginMethod" not in given:
        notes.append(
            Note("LoginMethod is not in the section: the message is sent with Auto unless you change it")
        )
    if "HostPort" not in given:
        notes.append(
            Note(f"HostPort is not in the section: Port is {settings()['HostPort'].default}, its default")
        )
    return found


def as_text(found: dict[str, str | int]) -> str:
    """One field a line; a value that does not fit on one, or looks so, is written as JSON has it."""
    width = max(map(len, found))
    lines = [f"  {name:<{width}}  {_shown(value)}".rstrip() for name, value in found.items()]
    return "\n".join([MESSAGE, *lines, ""])


def as_json(found: dict[str, str | int]) -> str:
    """The fields under the name of the message."""
    return json.dumps({MESSAGE: found}, ensure_ascii=False, indent=2) + "\n"


_OAUTH_HELP: Final = (
    "set up OAuth 2.0 in DataMiner Cube: System Center > System settings > SMTP, which writes to all agents"
)


def _login_method(text: str, span: Span | None, notes: list[Note], problems: list[Problem]) -> str:
    if text == LoginMethod.NONE:
        return _NO_LOGIN
    if text == LoginMethod.XOAUTH2:
        problems.append(Problem(f"{MESSAGE} cannot carry the login method XOAUTH2", _OAUTH_HELP, span))
    elif not text:
        notes.append(Note("LoginMethod is empty: choose one in the tool's list", span))
    elif text not in _NAMES_ALIKE:
        words = (
            "how the tool names this LoginMethod is not documented: choose the one in its list that is alike"
        )
        notes.append(Note(words, span))
    return text


def _length(text: str, span: Span | None, notes: list[Note]) -> str | int:
    if is_whole_number(text):
        return int(text)
    if text:
        notes.append(Note("MaxSubjectLength is no whole number: the field stays as it is", span))
    return _FIRST["MaxSubjectLength"]


def _shown(value: str | int) -> str:
    text = str(value)
    is_plain = text.isprintable() and text == text.strip() and not text.startswith('"')
    return text if is_plain else json_text(text)
