"""H rules on HostPort: the port, and whether the connection is encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.diagnostic import Safety, Severity
from migrator.rules.model import Finding, at_name, at_value, write
from migrator.values.host import READING_HOSTS, is_named_for_reading
from migrator.values.host_port import (
    OTHER_SERVICES,
    SSL_ON_465,
    SSL_ON_587,
    STARTTLS_ON_465,
    HostPort,
    HostPortProblem,
    Suffix,
)
from migrator.values.login_method import LoginMethod

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.section import Section, Setting

_SUBMISSION_PORT, _IMPLICIT_TLS_PORT = 587, 465
_587, _465_NOSSL = HostPort(_SUBMISSION_PORT), HostPort(_IMPLICIT_TLS_PORT, Suffix.NOSSL)
_STARTTLS = HostPort(_SUBMISSION_PORT, Suffix.STARTTLS)
_IMPLICIT_TLS = HostPort(_IMPLICIT_TLS_PORT)


def invalid_host_port(section: Section) -> Iterator[Finding]:
    """HostPort is not a port with an optional suffix.

    ## Why
    Documented are a port alone (`25`, `465`) and a port with `-ssl`, `-nossl` or `-starttls` behind it,
    without a space. What DataMiner makes of anything else is not documented: if it took the port and dropped
    the rest, mail and passwords would go out in clear text.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587 starttls</HostPort>
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
    Unsafe, where one reading is near (`587-startls`, `587-tls`): it is a guess. None otherwise.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    host_port = _host_port_with(section, HostPortProblem.NOT_A_HOST_PORT)
    if host_port is None:
        return
    help_ = 'write a port, with its suffix where it needs one: "587-starttls", "465"'
    near = section.host_port.value if section.host_port is not None else None
    if not host_port.text:
        yield Finding(at_name(host_port.node), "HostPort is empty", help_)
    else:
        yield Finding(
            at_value(host_port),
            f"{section.quote(host_port.text)} is not a port with an optional -ssl, -nossl or -starttls",
            help_ if near is None else f"write {section.quote(str(near))}, if that was meant",
            fix=None if near is None else write(host_port, str(near), Safety.UNSAFE),
        )


def port_out_of_range(section: Section) -> Iterator[Finding]:
    """The port is not a number from 1 to 65535.

    ## Why
    TCP has no other ports, so no connection can be made.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>70587-starttls</HostPort>
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
    None: which port was meant is not known. Write that of your mail server, usually 587, 465 or 25.

    ## See
    - RFC 9293, section 3.1 (a port has 16 bits)
    """
    host_port = _host_port_with(section, HostPortProblem.OUT_OF_RANGE)
    if host_port is not None:
        yield Finding(
            at_value(host_port),
            f"{section.quote(host_port.text)}: a port is a number from 1 to 65535",
            "write the port of the mail server, usually 587, 465 or 25",
        )


def redundant_port_suffix(section: Section) -> Iterator[Finding]:
    """The suffix says what the port says already.

    ## Why
    Port 465 without a suffix means TLS from the first byte, so `-ssl` adds nothing there. It does no harm.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>465-ssl</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>465</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    Safe: the suffix is removed.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    host_port = section.get("HostPort")
    if host_port is not None and section.transport == SSL_ON_465:
        yield Finding(
            at_value(host_port),
            f"{section.quote(host_port.text)} means the same as 465 alone",
            f"write {section.quote(str(_IMPLICIT_TLS))}",
            fix=write(host_port, str(_IMPLICIT_TLS)),
        )


def port_suffix_case(section: Section) -> Iterator[Finding]:
    """The suffix of HostPort is not in lower case.

    ## Why
    Only `-ssl`, `-nossl` and `-starttls` in lower case are documented. If DataMiner compares exactly, another
    case means no encryption.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-STARTTLS</HostPort>
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
    Safe: the suffix is written in lower case.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    yield from _spelled_otherwise(
        section, HostPortProblem.SUFFIX_CASE, "DataMiner documents this suffix in lower case"
    )


def submission_without_starttls(section: Section) -> Iterator[Finding]:
    """HostPort is 587 without a suffix.

    ## Why
    Servers take mail on port 587 with STARTTLS. DataMiner documents TLS without a suffix for port 465 alone,
    so a bare 587 probably sends the mail, and the login, in clear text. Servers may refuse that: the reply
    530 5.7.0 says that STARTTLS must come first. A connection to this machine itself (`localhost`,
    `127.0.0.1`, `::1`), such as to a relay beside DataMiner, is left alone.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587</HostPort>
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
    Unsafe: a server without STARTTLS refuses it.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    - RFC 6409 (submission on port 587); RFC 8314, section 3 (clear text is obsolete)
    """
    if section.transport == _587 and not section.is_loopback:
        yield from _rather(section, _STARTTLS, "no TLS is documented for port 587 without a suffix")


def implicit_tls_on_587(section: Section) -> Iterator[Finding]:
    """HostPort is 587-ssl.

    ## Why
    A server starts in clear text on port 587 and waits for STARTTLS. A client that starts with TLS waits for
    an answer that does not come: the connection hangs.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-ssl</HostPort>
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
    Unsafe: your server may be set up otherwise.

    ## See
    - RFC 6409; RFC 8314, section 3.3
    """
    if section.transport == SSL_ON_587:
        yield from _rather(
            section, _STARTTLS, "servers expect STARTTLS on port 587, not TLS from the first byte"
        )


def starttls_on_465(section: Section) -> Iterator[Finding]:
    """HostPort is 465-starttls.

    ## Why
    A server expects TLS from the first byte on port 465. A client that waits for its greeting in clear text
    waits for ever: the connection hangs.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>465-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>465</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    Unsafe: your server may be set up otherwise.

    ## See
    - RFC 8314, section 3.3
    """
    if section.transport == STARTTLS_ON_465:
        yield from _rather(
            section, _IMPLICIT_TLS, "servers expect TLS from the first byte on port 465, not STARTTLS"
        )


def cleartext_transport(section: Section) -> Iterator[Finding]:
    """The mail probably crosses the network in clear text.

    ## Why
    TLS is documented for port 465 without a suffix, for `-ssl` and for `-starttls`. That any other HostPort
    means clear text is inferred from this; then everybody on the way can read the mail, and change it.
    Without a login this is advice: a relay inside your own network may offer nothing else. A connection to
    this machine itself (`localhost`, `127.0.0.1`, `::1`) is left alone.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>25</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>25-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: what your server offers is not known. Write a HostPort with TLS if it offers one, such as
    `587-starttls` or `25-starttls`.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    - RFC 8314, section 3 (clear text is obsolete)
    """
    transport = section.transport
    if transport is None or not section.is_clear_text or section.is_loopback:
        return
    host_port = section.get("HostPort")
    said = f"port {transport}" if host_port is None else section.quote(host_port.text)
    port = _SUBMISSION_PORT if transport.port in OTHER_SERVICES else transport.port
    encrypted = _IMPLICIT_TLS if port == _IMPLICIT_TLS_PORT else HostPort(port, Suffix.STARTTLS)
    yield Finding(
        at_name(section.node) if host_port is None else at_value(host_port),
        f"no TLS is documented for {said}: mail probably crosses the network in clear text",
        f"use TLS if the server offers it, such as {section.quote(str(encrypted))}",
        severity=None if _may_log_in(section) else Severity.INFO,
        subjects=("HostPort",),
    )


def _may_log_in(section: Section) -> bool:
    if section.method is LoginMethod.AUTO:
        return section.has_credentials
    return section.method is not LoginMethod.NONE


def tls_disabled_on_465(section: Section) -> Iterator[Finding]:
    """HostPort is 465-nossl.

    ## Why
    `-nossl` turns TLS off on the port where servers expect it from the first byte. The connection hangs or is
    closed; if the server does take it, mail and login go out in clear text.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>465-nossl</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>465</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    Unsafe: somebody turned TLS off on purpose.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    - RFC 8314, section 3.3
    """
    if section.transport == _465_NOSSL:
        yield from _rather(section, _IMPLICIT_TLS, "TLS is turned off on port 465, where servers expect it")


def missing_host_port(section: Section) -> Iterator[Finding]:
    """There is no HostPort.

    ## Why
    The documented default is port 25, for which no TLS is documented. Servers that want a login take mail on
    587 or 465, and many networks block port 25. Where a login makes clear text more than advice, H211 or A306
    says so instead; where the port stands in Host, H203 does.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
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
    None: which port your server has is not known. Write it, such as `587-starttls` or `465`.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    - RFC 8314, section 3
    """
    if section.get("HostPort") is not None:
        return
    in_clear = "" if section.is_loopback else ", for which no TLS is documented"
    listed = () if section.provider is None else section.provider.host_ports
    usual = " or ".join(f'"{one}"' for one in listed[:1] or (_STARTTLS, _IMPLICIT_TLS))
    yield Finding(
        at_name(section.node),
        f"HostPort is missing: the default is port 25{in_clear}",
        f"write the server's port into HostPort, such as {usual}",
        subjects=("HostPort",),
    )


def non_canonical_port(section: Section) -> Iterator[Finding]:
    """The port has leading zeros, a sign, or digits that are not ASCII.

    ## Why
    A port is written as a plain number. What DataMiner makes of `0587`, `+587` or digits of another script,
    which come along when text is copied, is not documented.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>0587-starttls</HostPort>
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
    Safe: the same number is written plainly.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    yield from _spelled_otherwise(
        section, HostPortProblem.NOT_CANONICAL, "a port has plain digits, no sign and no leading zeros"
    )


def not_a_submission_port(section: Section) -> Iterator[Finding]:
    """The port or the host is one of a web server, or of a server that mail is read from.

    ## Why
    Ports 80 and 443 are those of the web, 110, 143, 993 and 995 those of POP3 and IMAP, by which mail is
    read. Hosts named `imap.…`, `pop.…` and `pop3.…` are for reading, too, as are `outlook.office365.com`,
    beside which `smtp.office365.com` takes mail, and `imap-mail.outlook.com` and `pop-mail.outlook.com`,
    beside `smtp-mail.outlook.com`. What answers there takes no mail.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>993-ssl</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>465</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: which server and port you send through is not known. Write the name of the server that takes mail,
    and its port, usually `587-starttls` or `465`.

    ## See
    - IANA, Service Name and Transport Protocol Port Number Registry
    - RFC 8314, section 3.3 (465 and 587)
    """
    host, transport = section.host, section.transport
    has_login = host is not None and any(problem.extras.has_login for problem in host.problems)
    named = None if host is None or has_login else host.value  # of a login nothing is told
    if named is not None and is_named_for_reading(named.name):
        sender = READING_HOSTS.get(named.name.removesuffix(".").lower())
        yield Finding(
            at_value(section.settings["Host"]),
            f"{section.quote(section.text('Host'))} looks like a server that mail is read from",
            "write the name of the server that mail is sent through"
            if sender is None
            else f'write "{sender}"',
        )
    service = OTHER_SERVICES.get(transport.port) if transport is not None else None
    if service is not None:
        host_port = section.settings["HostPort"]  # without one it is port 25, which is none of these
        yield Finding(
            at_value(host_port),
            f"{section.quote(host_port.text)}: this port is that of {service}, which takes no mail",
            'write the port that the server takes mail on, usually "587-starttls" or "465"',
        )


def why_clear_text(section: Section) -> str | None:
    """Why the connection is taken to be in clear text; None where it is not, or to this machine."""
    transport = section.transport
    if transport is None or not section.is_clear_text or section.is_loopback:
        return None
    port = section.get("HostPort")
    if port is None:
        return "without HostPort it is port 25, for which no TLS is documented"
    if transport.is_security_documented:
        return f"HostPort {section.quote(port.text)} turns TLS off"
    return f"no TLS is documented for HostPort {section.quote(port.text)}"


def sent_readable(
    section: Section, what: str, help_: str, severity: Severity | None = None
) -> Iterator[Finding]:
    """What the login method sends in clear text, if the connection is; LoginMethod must be there."""
    method, port, why = section.settings["LoginMethod"], section.get("HostPort"), why_clear_text(section)
    if why is not None:
        yield Finding(
            at_value(method),
            f"{what} readable: {why}",
            help_,
            severity=severity,
            related=() if port is None else ((at_value(port), "the HostPort"),),
            subjects=("LoginMethod", "HostPort") if port is None else ("LoginMethod",),
        )


def _host_port_with(section: Section, problem: HostPortProblem) -> Setting | None:
    """HostPort, where it has this problem."""
    reading = section.host_port
    return section.get("HostPort") if reading is not None and problem in reading.problems else None


def _spelled_otherwise(section: Section, problem: HostPortProblem, message: str) -> Iterator[Finding]:
    """What HostPort means is clear, but it is not written as documented."""
    host_port, meant = _host_port_with(section, problem), section.transport
    if host_port is not None and meant is not None:
        yield Finding(
            at_value(host_port),
            f"{section.quote(host_port.text)}: {message}",
            f"write {section.quote(str(meant))}",
            fix=write(host_port, str(meant)),
        )


def _rather(section: Section, better: HostPort, message: str) -> Iterator[Finding]:
    """HostPort is documented, but what it says seldom works, or is not safe."""
    host_port = section.get("HostPort")
    if host_port is not None:
        yield Finding(
            at_value(host_port),
            f"{section.quote(host_port.text)}: {message}",
            f"write {section.quote(str(better))}, if the server offers it",
            fix=write(host_port, str(better), Safety.UNSAFE),
        )
