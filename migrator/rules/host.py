"""H rules on Host: whether it is a name or an address, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import definition
from migrator.diagnostic import Safety
from migrator.document.model import InsertNodes, NewNode
from migrator.rules.model import Finding, PlannedFix, at_name, at_value, replace, write
from migrator.values.host import HostProblemKind
from migrator.values.host_port import HostPort, Security, parse_host_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.section import Section, Setting
    from migrator.values.host import Extras, HostProblem

_WITH_TLS = ("smtps", "ssl")  # the schemes that ask for TLS from the first byte
_ENCRYPTED = (*_WITH_TLS, "tls")  # which some programs take for STARTTLS, and others for the same


def missing_host(section: Section) -> Iterator[Finding]:
    """There is no Host, or it is empty.

    ## Why
    Host names the mail server. Without it the agent does not know where to send mail; no default is
    documented.

    ## Bad
        <SMTP>
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
    None: the name of your mail server is not known. Write its name or address into Host, or configure
    outgoing mail in Cube.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    if section.given("Host") is not None:
        return
    help_ = "write the name or address of the mail server into Host"
    host = section.get("Host")
    if host is not None:
        yield Finding(at_name(host.node), "Host is empty", help_)
    elif section.entries:
        yield Finding(at_name(section.node), "Host is missing", help_, subjects=("Host",))
    else:
        # Everything is missing: said once.
        yield Finding(
            at_name(section.node),
            "the SMTP section is empty: Host is missing",
            "write at least Host, HostPort and LoginMethod, or configure outgoing mail in Cube",
            subjects=tuple(definition.settings()),
        )


def invalid_host(section: Section) -> Iterator[Finding]:
    """Host is neither a host name nor an IP address.

    ## Why
    A host name is made of parts with dots between them. A part has 1 to 63 letters, digits and hyphens, with
    no hyphen at its ends; the name has at most 253 characters, and its last part is not a number. A name
    outside ASCII is looked up by its ASCII form (`xn--…`), which the finding gives. A single part is fine,
    and so is a dot at the end.

    ## Bad
        <SMTP>
          <Host>smtp..example.com</Host>
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
    None: which server was meant is not known. Write the name or address of the mail server, and nothing else.

    ## See
    - RFC 1123, section 2.1; RFC 1035, section 2.3.4 (lengths)
    - RFC 4291, section 2.2 (IPv6 addresses)
    - RFC 5890, section 2.3.2.1 (A-labels)
    """
    for host, problem in _problems(section, HostProblemKind.INVALID):
        name = section.quote(problem.suggestion) if problem.suggestion is not None else None
        yield Finding(
            at_value(host),
            f"{section.quote(host.text)} is neither a host name nor an address: {problem.reason}",
            "write the name or address of the mail server" if name is None else f"write {name}",
        )


def host_with_extras(section: Section) -> Iterator[Finding]:
    """Host holds more than a name or an address.

    ## Why
    Host is a name or an IP address, and HostPort has the port. A scheme (`smtp://`), a port (`:587`),
    brackets around an address, a path or a login (`user:password@`) is not documented there, and may be
    looked up as part of the name.

    A Host with a login is a secret like a password, and is never shown.

    ## Bad
        <SMTP>
          <Host>smtp://smtp.example.com:587</Host>
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
    Safe where what is dropped says nothing that HostPort does not say. Unsafe where its port or scheme
    differs from HostPort, which then counts, where a path is dropped, which may have been meant as a port,
    and where HostPort is missing or empty and the port goes there.
    None where a scheme for TLS (`smtps`, `ssl`, `tls`) stands in Host alone, because it would be lost, nor
    where HostPort is no port; none for a port in Host alone where something else in the section may be the
    HostPort; none for a login, which no fix touches; none where what is left is no host.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    for host, problem in _problems(section, HostProblemKind.EXTRAS):
        extras = problem.extras
        yield Finding(
            at_name(host.node) if extras.has_login else at_value(host),
            f"{section.quote(host.text)} {problem.reason}: Host is a name or an address alone",
            _instead_of_extras(section, problem, extras),
            fix=_without_extras(section, host, problem, extras),
            subjects=("Host", "HostPort") if _has_host_port(section, extras) else ("Host",),
        )


def _instead_of_extras(section: Section, problem: HostProblem, extras: Extras) -> str:
    if extras.has_login:
        return "write the server's name alone, and the login into User and Password"
    name = "the server's name" if problem.suggestion is None else section.quote(problem.suggestion)
    said = _said_in_host_port(section)
    if said is not None:
        rest = f", if {section.quote(str(said))} in HostPort is right"
        return f"write {name}" + ("" if _is_said_by_host_port(section, extras) else rest)
    if not _is_same_port(section, extras.port):
        return f"write {name}, and the port into HostPort"
    if extras.scheme in _WITH_TLS:
        return f"write {name}, and 465 into HostPort"
    if extras.scheme in _ENCRYPTED:
        return f"write {name}, and 587-starttls or 465 into HostPort"
    return f"write {name}"


def _without_extras(
    section: Section, host: Setting, problem: HostProblem, extras: Extras
) -> PlannedFix | None:
    if problem.suggestion is None or extras.has_login:
        return None
    is_same = _is_said_by_host_port(section, extras)
    if not is_same and _says_how(extras):
        if section.given("HostPort") is None:
            return _with_its_port(section, host, problem.suggestion, extras)
        if _said_in_host_port(section) is None:
            return None  # nothing else says how
    return write(host, problem.suggestion, Safety.SAFE if is_same else Safety.UNSAFE)


def _said_in_host_port(section: Section) -> HostPort | None:
    """What HostPort says, or was probably meant to say."""
    return None if section.host_port is None else section.host_port.value


def _says_how(extras: Extras) -> bool:
    """Whether a Host says how to connect, as HostPort should."""
    return bool(extras.port) or extras.scheme in _ENCRYPTED


def _has_host_port(section: Section, extras: Extras) -> bool:
    """Whether what HostPort should say stands in Host, so that the two are one mistake.

    Of a Host with a login nothing is told, so HostPort is missing then as well.
    """
    is_told = section.get("HostPort") is None and not extras.has_login and _says_how(extras)
    return is_told and not _is_said_by_host_port(section, extras)


def _with_its_port(section: Section, host: Setting, name: str, extras: Extras) -> PlannedFix | None:
    """The fix that moves the port from Host into HostPort.

    None where there is no port, or a scheme for TLS beside it, or another setting that may be HostPort.
    """
    port = extras.port if extras.scheme in (None, "smtp") else None
    if port is None or not parse_host_port(port).is_valid or len(section.entries) != len(section.settings):
        return None
    empty = section.get("HostPort")
    moved = (
        InsertNodes(section.node, (NewNode("HostPort", port),), after=host.node)
        if empty is None
        else replace(empty, port)
    )
    return PlannedFix(
        f'write "{name}", and "{port}" into HostPort', Safety.UNSAFE, (replace(host, name), moved)
    )


def _is_said_by_host_port(section: Section, extras: Extras) -> bool:
    """Whether what stands around the name says nothing that HostPort does not say."""
    is_same_port = not extras.has_path and _is_same_port(section, extras.port)
    return is_same_port and _is_same_security(section, extras.scheme)


def _is_same_port(section: Section, port: str | None) -> bool:
    """Whether a port in Host says nothing that HostPort, or its documented default, does not say."""
    if not port:
        return True
    said, transport = parse_host_port(port), section.transport
    return said.is_valid and transport is not None and said.value in (transport, HostPort(transport.port))


def _is_same_security(section: Section, scheme: str | None) -> bool:
    if scheme in (None, "smtp"):
        return True
    transport = section.transport
    return scheme in _WITH_TLS and transport is not None and transport.security is Security.IMPLICIT_TLS


def address_with_tls(section: Section) -> Iterator[Finding]:
    """Host is an IP address, and the connection is encrypted.

    ## Why
    A certificate names the hosts it is for, and seldom has an address. A client that compares the two refuses
    the server, one that does not cannot tell whether it is the right one. Whether DataMiner compares them is
    not documented. Addresses of this machine itself are left alone.

    ## Bad
        <SMTP>
          <Host>192.0.2.25</Host>
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
    None: the name of the server is not known. Write the host name that its certificate has.

    ## See
    - RFC 9525 (service identity in TLS)
    """
    host, reading, transport = section.given("Host"), section.host, section.transport
    if host is None or reading is None or not reading.is_valid or transport is None:
        return
    is_address = reading.value is not None and reading.value.address is not None
    if is_address and not section.is_loopback and transport.security is not Security.CLEAR_TEXT:
        yield Finding(
            at_value(host),
            f"{section.quote(host.text)} is an address, and certificates usually name hosts",
            "write the host name that the server's certificate has",
        )


def underscore_in_host(section: Section) -> Iterator[Finding]:
    """The host name has an underscore.

    ## Why
    Windows and some DNS servers take such a name, but a host name has letters, digits and hyphens only. Other
    DNS servers refuse it, and the name in a certificate should not have one either.

    ## Bad
        <SMTP>
          <Host>mail_relay.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>mail-relay.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: another name is another server. Use another name that it has, or its address.

    ## See
    - RFC 1123, section 2.1; RFC 952
    """
    for host, _ in _problems(section, HostProblemKind.UNDERSCORE):
        yield Finding(
            at_value(host),
            f"{section.quote(host.text)} has an underscore, which host names do not have (RFC 1123)",
            "use another name of the server, or its address",
        )


def _problems(section: Section, kind: HostProblemKind) -> Iterator[tuple[Setting, HostProblem]]:
    """Host and what is wrong with it, where it is of this kind."""
    host, reading = section.given("Host"), section.host
    if host is not None and reading is not None:
        for problem in reading.problems:
            if problem.kind is kind:
                has_secret = section.has_secret_in(host.text)
                yield host, problem._replace(suggestion=None) if has_secret else problem
