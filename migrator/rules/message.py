"""M rules: what the messages look like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.diagnostic import Safety, Severity
from migrator.document.model import Literal
from migrator.rules.model import Finding, at_name, at_value, write
from migrator.rules.needs import MANY_DIGITS, USUAL_LENGTHS
from migrator.values.host import HostProblemKind, parse_host
from migrator.values.mail_address import MailAddressProblem, parse_mail_address, why_no_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.section import Section, Setting

_LENGTH = r"0|[1-9][0-9]*"
_LENGTH_OTHERWISE = r"\+?(\d{1,64})"
_ADDRESS_LITERAL = r"\[(?P<version>IPv6:)?(?P<address>.*)\]"


def invalid_from(section: Section) -> Iterator[Finding]:
    """From is not one mail address.

    ## Why
    From stands in the envelope and in the header of every message. Mail servers refuse a message whose sender
    is no mail address, and a sender is one address, never a list. The domain need not exist: `dma@corp` and
    `dma@company.local` are fine here. An underscore in the domain is a warning: some servers take it. So is
    an IP address as the domain without brackets: `dma@[192.0.2.7]` is right.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>DataMiner</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@corp</From>
        </SMTP>

    ## Fix
    None: which address was meant is not known. Write one address alone, such as `dma@example.com`.

    ## See
    - RFC 5321, section 4.1.2 (Mailbox)
    - RFC 6531, section 3.3 (addresses outside ASCII)
    """
    setting = section.given("From")
    if setting is None:
        return
    address, problems = parse_mail_address(setting.text)
    quoted = section.quote(setting.text)
    if MailAddressProblem.SEVERAL in problems:
        message, help_ = f"{quoted} is more than one mail address", "write the one that mail should come from"
    elif MailAddressProblem.NOT_AN_ADDRESS in problems:
        why = None if section.has_secret_in(setting.text) else why_no_address(setting.text)
        message = f"{quoted} is not a mail address" + ("" if why is None else f": {why}")
        help_ = "write an address such as dma@example.com"
    elif MailAddressProblem.UNDERSCORE in problems:
        message = f"{quoted} has an underscore in its domain, and mail servers may refuse it"
        help_ = "use an address in a domain without one"
    elif MailAddressProblem.BARE_IP_ADDRESS in problems and address is not None:
        message = f"{quoted} has an IP address as its domain, and mail servers may refuse it"
        help_, in_brackets = "use an address in a domain with a name", f"{address.local}@[{address.domain}]"
        if parse_mail_address(in_brackets).is_valid and not section.has_secret_in(setting.text):
            help_ += f", or write {section.quote(in_brackets)}"
    else:
        return
    severity = None if address is None else Severity.WARNING
    yield Finding(at_value(setting), message, help_, severity)


def missing_from(section: Section) -> Iterator[Finding]:
    """There is no From.

    ## Why
    Mail then comes from the default address, which is set in Cube (System Center > Agents > system > Email)
    and not in this file. Without that one either, DataMiner reports "No e-mail address found to use as
    sender", and mails may come from `notifications@example.com`, which servers may refuse. The notice is in
    SLSNMPAgent.txt since DataMiner 10.2.0 CU19, 10.3.0 CU7 and 10.3.10, and before in the Alarm Console.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: which address mail should come from is not known. Check that a default one is set in System Center,
    or write it into From.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    if section.given("From") is not None:
        return
    setting = section.get("From")
    yield Finding(
        at_name(section.node if setting is None else setting.node),
        f"{'there is no From' if setting is None else 'From is empty'}: "
        "mail comes from the default address, which is set in System Center",
        "check that one is set there (System Center > Agents > system > Email), or write it into From",
        subjects=("From",),
    )


def helo_not_fqdn(section: Section) -> Iterator[Finding]:
    """Helo is neither a fully qualified domain name nor an address literal.

    ## Why
    By this name the agent greets the mail server. It should be the agent's full name, such as
    `dma1.example.com`, or where it has none its address in brackets: `[192.0.2.7]`, `[IPv6:2001:db8::7]`.
    Servers may refuse a greeting with anything else, or take the mail for spam. A name without a domain
    (`DMA01`) is only advice, because a relay of your own seldom minds.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <Helo>192.0.2.7</Helo>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <Helo>[192.0.2.7]</Helo>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: the full name of the agent is not known. Write it, such as `dma1.example.com`, or its address in
    brackets.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    - RFC 5321, sections 2.3.5, 4.1.1.1 and 4.1.3
    """
    setting = section.given("Helo")
    if setting is None or _is_address_literal(setting.text):
        return
    reading = parse_host(setting.text)
    host, severity = reading.value, None
    is_name = reading.is_valid and host is not None and host.address is None
    if is_name and "." in setting.text.rstrip("."):
        return
    quoted = section.quote(setting.text)
    help_ = "write the agent's full name, such as dma1.example.com"
    address = None if host is None or host.address is None else host.name
    if address is not None:
        tag = "IPv6:" if ":" in address else ""
        help_ += f", or [{tag}{section.name(address.partition('%')[0])}]"
    if address is not None and reading.is_valid:
        message = f"{quoted} is an address, and Helo takes one in brackets"
    elif address is not None and setting.text.startswith("[") and setting.text.endswith("]"):
        message = f"{quoted} is an address in brackets, but not in the form that Helo takes"
    elif is_name:
        message, severity = f"{quoted} is not a full name: it has no domain", Severity.INFO
    elif any(problem.kind is HostProblemKind.UNDERSCORE for problem in reading.problems):
        message = f"{quoted} has an underscore, which host names do not have (RFC 1123)"
    else:
        message = f"{quoted} is neither a full host name nor an address in brackets"
        ascii_name = _ascii_form(section, setting, setting.text)
        if ascii_name is not None and address is None:
            message = f"{quoted} has characters outside ASCII, which host names do not have (RFC 1123)"
            help_ = f"write {section.quote(ascii_name)}"
    yield Finding(at_value(setting), message, help_, severity)


def _ascii_form(section: Section, setting: Setting, name: str) -> str | None:
    """The form in ASCII (`xn--…`) of a full name outside it; None where a secret would be shown by it."""
    suggested = [one.suggestion for one in parse_host(name).problems if one.kind is HostProblemKind.INVALID]
    if not suggested or suggested[0] is None or "." not in suggested[0].rstrip("."):
        return None
    return None if section.has_secret_in(setting.text) else suggested[0]


def _is_address_literal(text: str) -> bool:
    match = re.fullmatch(_ADDRESS_LITERAL, text, flags=re.IGNORECASE)
    if match is None:
        return False
    try:
        from ipaddress import IPv4Address, IPv6Address

        IPv6Address(match["address"]) if match["version"] else IPv4Address(match["address"])
    except ValueError:
        return False
    return "%" not in match["address"]


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
    Safe for leading zeros, a plus sign and digits that are not ASCII, and in JSON and YAML for a number in
    quotes. None otherwise.

    ## See
    - DataMiner documentation, DataMiner schema, SMTP
    """
    setting = section.get("MaxSubjectLength")
    if setting is None:
        return
    if re.fullmatch(_LENGTH, setting.text):
        if setting.node.literal() is Literal.STRING and setting.text == setting.value:
            message = f"{section.quote(setting.text)} is written as text, not as a number"
            yield Finding(
                at_value(setting), message, "write it without quotes", fix=write(setting, setting.text)
            )
        return
    if not setting.text:
        help_ = "write a number such as 78, or remove the setting"
        yield Finding(at_name(setting.node), "MaxSubjectLength is empty", help_)
        return
    quoted = section.quote(setting.text)
    match = re.fullmatch(_LENGTH_OTHERWISE, setting.text)
    if match is None:
        help_ = "write digits alone, such as 78"
        yield Finding(at_value(setting), f"{quoted} is not a whole number of 0 or more", help_)
        return
    number = str(int(match[1]))
    message = f"{quoted} is not in plain digits, without leading zeros or a sign"
    yield Finding(at_value(setting), message, f"write {number}", fix=write(setting, number))


def unusual_max_subject_length(section: Section) -> Iterator[Finding]:
    """MaxSubjectLength is unusually short or long.

    ## Why
    Of fewer than 20 characters nothing readable is left. Subjects of more than 255 characters are cut by
    Microsoft 365, so a higher limit may have no effect. The limits of 78 and 998 characters that one reads
    about are those of a line, and a long subject is folded onto several lines. `0`, which the SLNetClientTest
    tool shows where nothing is set, is left alone.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <MaxSubjectLength>7</MaxSubjectLength>
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
    None: which length was meant is not known. Write 78, or 255 at most, unless your server keeps more.

    ## See
    - RFC 5322, sections 2.1.1 and 2.2.3 (lines and folding)
    - Microsoft documentation, "Exchange Online limits"
    """
    setting = section.get("MaxSubjectLength")
    if setting is None or not re.fullmatch(_LENGTH, setting.text):
        return
    length, longest = int(setting.text[:MANY_DIGITS]), USUAL_LENGTHS.stop - 1
    if 0 < length < USUAL_LENGTHS.start:
        quoted = section.quote(setting.text)
        yield Finding(at_value(setting), f"{quoted} characters leave nothing readable", "write 78, or 255")
    elif length > longest:
        yield Finding(
            at_value(setting),
            f"{section.quote(setting.text)} is more than the {longest} characters that Microsoft 365 keeps",
            f"write {longest}, unless your server keeps more",
            severity=Severity.INFO,
        )


def from_with_display_name(section: Section) -> Iterator[Finding]:
    """From holds a name before the mail address.

    ## Why
    DataMiner documents From as an address. If it puts the whole text into the envelope, which takes an
    address alone, mail servers refuse the message.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>NOC &lt;noc@example.com&gt;</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>noc@example.com</From>
        </SMTP>

    ## Fix
    Unsafe: the address is kept, the name is lost. None where a comment stands inside it.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    - RFC 5321, section 4.1.2
    """
    setting = section.given("From")
    if setting is None:
        return
    reading = parse_mail_address(setting.text)
    if MailAddressProblem.DISPLAY_NAME not in reading.problems:
        return
    address = str(reading.value)
    beside = "angle brackets" if setting.text.startswith("<") else "a name"
    yield Finding(
        at_value(setting),
        f"{section.quote(setting.text)} holds {beside} beside the address",
        f"write {section.quote(address)}",
        fix=write(setting, address, Safety.UNSAFE),
    )


def international_from(section: Section) -> Iterator[Finding]:
    """From is an address with characters outside ASCII.

    ## Why
    Such an address can be sent to servers that offer SMTPUTF8 alone, and many do not. What DataMiner does
    with it is not documented. Where only the domain is outside ASCII, the finding gives its form in ASCII
    (`xn--…`): the mailbox is the same, and every server takes it.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>störung@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>stoerung@example.com</From>
        </SMTP>

    ## Fix
    None: another address is another mailbox. Use one in ASCII, or check that the server offers SMTPUTF8.

    ## See
    - RFC 6531, section 3 (SMTPUTF8)
    """
    setting = section.given("From")
    if setting is None:
        return
    address = parse_mail_address(setting.text).value
    if address is None or not address.is_international:
        return
    domain = _ascii_form(section, setting, address.domain) if address.local.isascii() else None
    instead = "use an address in ASCII"
    if domain is not None:
        instead = f"write {section.quote(f'{address.local}@{domain}')}"
    yield Finding(
        at_value(setting),
        f"{section.quote(setting.text)} has characters outside ASCII: the server must offer SMTPUTF8",
        f"{instead}, or check that the server offers SMTPUTF8",
    )
