"""L rules on what the server lets in: the login, the sender, the recipient, the message.

The examples of their pages are settings; what the server does stands in the words before each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.diagnostic import Severity
from migrator.observations import Stage, TroubleKind
from migrator.rules.live_findings import ASK_SERVER, at, at_host, help_for, reply_words, server
from migrator.rules.model import Finding, at_value
from migrator.values.host_port import Security
from migrator.values.login_method import MECHANISMS, LoginMethod
from migrator.values.mail_address import parse_mail_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.document.model import Target
    from migrator.observations import Observations
    from migrator.section import Section, Setting


def login_method_not_offered(section: Section, seen: Observations) -> Iterator[Finding]:
    """The server does not offer the LoginMethod.

    ## Why
    A server says in its reply to EHLO which mechanisms it takes; any other is refused. Many offer none before
    the connection is encrypted.

    ## Bad
    The server offers PLAIN and LOGIN:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>CramMD5Method</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The server offers PLAIN and LOGIN:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: which of those offered the account may use is not known. Write a LoginMethod that the server offers;
    if it offers none, try a HostPort with `-starttls`.

    ## See
    - RFC 4954, section 3
    """
    method, offers = section.method, seen.offers
    if method is None or method is LoginMethod.NONE or offers is None:
        return
    wanted = MECHANISMS.get(method)
    has_user = section.given("User") is not None
    if wanted in offers.mechanisms or (wanted is None and (_passwords(offers.mechanisms) or not has_user)):
        return
    has = ", ".join(section.name(one) for one in offers.mechanisms)
    before = seen.before.mechanisms if seen.before is not None else ()
    is_hidden = not offers.mechanisms and seen.server.security is Security.CLEAR_TEXT and offers.starttls
    yield Finding(
        at(section, "LoginMethod"),
        f"{server(section, seen)} does not offer {wanted or 'a login with a password'}: "
        f"it offers {has or 'no login at all'}"
        + (f", and {', '.join(before)} before TLS" if before and not has else ""),
        "it may offer a login after STARTTLS: write a HostPort with -starttls"
        if is_hidden
        else _what_to_write(offers.mechanisms),
    )


def login_failed(section: Section, seen: Observations) -> Iterator[Finding]:
    """The server refuses the login.

    ## Why
    User, Password or token are wrong, or the account may not log in like this. The reply says which, as far
    as servers tell.

    ## Bad
    The server answers 535:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The server answers 235:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: what is right is not known, and no fix touches a secret. Check User and Password, and whether the
    account may log in like this; `dmsmtp explain` says what a reply means.

    ## See
    - RFC 4954, section 6
    """
    trouble = seen.trouble
    if trouble is None or trouble.stage is not Stage.LOGIN or trouble.kind is not TroubleKind.REPLY:
        return
    yield Finding(
        at(section, "User", "LoginMethod"),
        f"the login is refused{reply_words(section, trouble.reply)}",
        help_for(trouble.reply, "check User and Password, and whether the account may log in like this"),
    )


def sender_refused(section: Section, seen: Observations) -> Iterator[Finding]:
    """The server does not take mail from this sender.

    ## Why
    MAIL is refused: From is not an address that this login, or this machine, may send as, or its domain does
    not exist.

    ## Bad
    The server answers 550 to MAIL:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>somebody@example.net</From>
        </SMTP>

    ## Good
    The server answers 250 to MAIL:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: which address may be used is not known. Write one into From that this login may send as.

    ## See
    - RFC 5321, section 3.3
    """
    yield from _refused_mail(
        section,
        seen,
        Stage.SENDER,
        at(section, "From", "LoginMethod"),
        "mail from this sender is refused",
        "write an address into From that this login may send as",
    )


def recipient_refused(section: Section, seen: Observations) -> Iterator[Finding]:
    """The server does not take mail for this recipient.

    ## Why
    RCPT is refused: the mailbox does not exist, or the server relays mail only for those who log in, or from
    machines that it knows. A refusal that begins with 4 may be greylisting: minutes later it is accepted.

    ## Bad
    The server answers 550 to RCPT:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The server answers 250 to RCPT:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: what the server wants is not known. Check the address; a server may want a login, or to know this
    machine, before it relays.

    ## See
    - RFC 5321, section 3.3
    - RFC 6647 (greylisting)
    """
    yield from _refused_mail(
        section,
        seen,
        Stage.RECIPIENT,
        at(section, "LoginMethod"),
        "mail for this recipient is refused",
        "check the address; a server may want a login, or to know this machine, before it relays",
    )


def message_refused(section: Section, seen: Observations) -> Iterator[Finding]:
    """The server does not take the message.

    ## Why
    What was refused is the message itself: too large, or taken for spam, or not allowed by a policy.

    ## Bad
    The server answers 554 to the message:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The server answers 250 to the message:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: what the server does not like is not known. `dmsmtp explain` says what its reply means; else ask
    whoever runs the mail server.

    ## See
    - RFC 5321, section 4.1.1.4
    - RFC 1870
    """
    trouble = seen.trouble
    if trouble is not None and trouble.kind is TroubleKind.TOO_LARGE:
        yield Finding(
            at_host(section),
            f"{server(section, seen)} takes messages of at most {trouble.words}, "
            "which is less than a test email",
            f"{ASK_SERVER} to take larger messages",
        )
    yield from _refused_mail(
        section,
        seen,
        Stage.MESSAGE,
        at_host(section),
        "the message is refused",
        f"{ASK_SERVER} what it does not like about it",
    )


def smtputf8_not_offered(section: Section, seen: Observations) -> Iterator[Finding]:
    """An address is outside ASCII, and the server does not take such addresses.

    ## Why
    Addresses with other letters need the extension SMTPUTF8 on every server on the way. A User that only logs
    in needs none. Where there is no From, mail comes from the default address, which is set in System Center
    and often that of the User: then User is looked at, as a warning.

    ## Bad
    The server does not offer SMTPUTF8:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>größe@example.com</From>
        </SMTP>

    ## Good
    The server does not offer SMTPUTF8, and no address needs it:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: which other address could be used is not known. Use one of ASCII letters, or a server that offers
    SMTPUTF8.

    ## See
    - RFC 6531, section 3
    """
    if seen.offers is None or seen.offers.smtputf8:
        return
    lacks = f"{server(section, seen)} does not offer SMTPUTF8, which"
    help_ = "use an address of ASCII letters, or a server that offers SMTPUTF8"
    sender, user = section.given("From"), section.given("User")
    if sender is not None and _is_international(sender):
        yield Finding(at_value(sender), f"{lacks} {section.quote(sender.text)} needs", help_)
    elif seen.trouble is not None and seen.trouble.kind is TroubleKind.NO_SMTPUTF8:
        yield Finding(at_host(section), f"{lacks} an address of this mail needs", help_)
    elif sender is None and user is not None and _is_international(user):
        message = f"{lacks} {section.quote(user.text)} needs if mail comes from it"
        yield Finding(at_value(user), message, help_, Severity.WARNING)


def _is_international(setting: Setting) -> bool:
    address = parse_mail_address(setting.text).value
    return address is not None and address.is_international


def _passwords(mechanisms: tuple[str, ...]) -> list[str]:
    return [one for one in mechanisms if one in MECHANISMS.values() and one != "XOAUTH2"]


def _what_to_write(mechanisms: tuple[str, ...]) -> str:
    """Which login method, by what a server offers."""
    known = [str(method) for method, mechanism in MECHANISMS.items() if mechanism in mechanisms]
    if known:
        return f"write a LoginMethod that it offers: {' or '.join(known)}"
    return f"write {LoginMethod.NONE} if it takes mail without a login, or a HostPort on which it offers one"


def _refused_mail(
    section: Section, seen: Observations, stage: Stage, target: Target, what: str, otherwise: str
) -> Iterator[Finding]:
    trouble = seen.trouble
    if trouble is not None and trouble.stage is stage and trouble.kind is TroubleKind.REPLY:
        yield Finding(
            target, f"{what}{reply_words(section, trouble.reply)}", help_for(trouble.reply, otherwise)
        )
