"""M rules: what the messages look like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.document.model import Literal
from migrator.rules.model import Finding, at_name, at_value, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.section import Section

_LENGTH = re.compile(r"0|[1-9][0-9]*")
_LENGTH_OTHERWISE = re.compile(r"\+?(\d{1,64})")


def invalid_max_subject_length(section: Section) -> Iterator[Finding]:
    """MaxSubjectLength is not a number of characters.

    ## Why
    It is a whole number of 0 or more, in digits alone. The schema refuses anything else, an empty setting
    included; what DataMiner makes of it is not documented.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <MaxSubjectLength>078</MaxSubjectLength>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <MaxSubjectLength>78</MaxSubjectLength>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    Safe for leading zeros, a plus sign and digits that are not ASCII. None otherwise.

    ## See
    - DataMiner documentation, DataMiner schema, SMTP
    """
    setting = section.get("MaxSubjectLength")
    if setting is None:
        return
    if _LENGTH.fullmatch(setting.text):
        if setting.node.literal() is Literal.STRING:
            message = f"{section.quote(setting.text)} is written as text, not as a number"
            yield Finding(at_value(setting), message, "write it without quotes")
        return
    if not setting.text:
        help_ = "write a number such as 78, or remove the setting"
        yield Finding(at_name(setting.node), "MaxSubjectLength is empty", help_)
        return
    quoted = section.quote(setting.text)
    match = _LENGTH_OTHERWISE.fullmatch(setting.text)
    if match is None:
        help_ = "write digits alone, such as 78"
        yield Finding(at_value(setting), f"{quoted} is not a whole number of 0 or more", help_)
        return
    number = str(int(match[1]))
    message = f"{quoted} is not in plain digits, without leading zeros or a sign"
    yield Finding(at_value(setting), message, f"write {number}", fix=write(setting, number))
