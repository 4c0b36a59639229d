"""L rules on encryption: the transport that a port speaks, TLS, and the certificate.

The examples of their pages are settings; what the server does stands in the words before each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.diagnostic import Safety, Severity
from migrator.observations import ALWAYS_CLOSED, NO_ISSUER, NO_TLS, NOBODY_KNOWN, TroubleKind, host_port
from migrator.rules.live_findings import ASK_SERVER, at, at_host, in_brackets, reply_words, server
from migrator.rules.model import Finding, write
from migrator.values.host_port import Security
from migrator.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.observations import Observations
    from migrator.section import Section

_SOON = 30  # days
_ENCRYPTED = (Security.IMPLICIT_TLS, Security.STARTTLS)
_IS_NO_TLS = "what came back is no TLS: look whether something stands between, and into the server's log"
_FAILURES = {  # by what OpenSSL calls them
    "unrecognized name": "the server knows no host of this name: write the one that it has into Host",
    "certificate required": "the server wants a certificate of who connects, which these settings cannot "
    "name: have it want none from this machine",
    ALWAYS_CLOSED: "look into the server's log why, and whether something stands between",
    **dict.fromkeys(NO_TLS, _IS_NO_TLS),
}
_SPOKEN = {
    Security.IMPLICIT_TLS: "implicit TLS, from the first byte",
    Security.STARTTLS: "clear text first, then STARTTLS",
    Security.CLEAR_TEXT: "clear text alone, without STARTTLS",
}


def wrong_transport(section: Section, seen: Observations) -> Iterator[Finding]:
    """The port speaks another transport than HostPort says.

    ## Why
    With implicit TLS the client speaks first, with STARTTLS the server does. Where one side expects the one
    and the other side the other, the connection fails, or hangs until somebody gives up. What the port does
    speak was found out by trying.

    ## Bad
    The port waits for STARTTLS:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-ssl</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The port waits for STARTTLS:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    Unsafe: the HostPort is written that was seen to work. There is none where the port knows no encryption.

    ## See
    - RFC 3207
    - RFC 8314, section 3
    """
    if not seen.spoken or seen.trouble is None or not seen.trouble.may_be_transport:
        return
    security = seen.spoken[0]
    host_port_setting = section.get("HostPort")
    right = str(host_port(seen.server.port, security))
    is_encrypted = security in _ENCRYPTED
    yield Finding(
        at(section, "HostPort"),
        f"port {seen.server.port} does not speak {seen.server.security}: it speaks {_SPOKEN[security]}",
        f'write "{right}", which was seen to work'
        if is_encrypted
        else "use a port that is encrypted, or have encryption switched on there",
        fix=write(host_port_setting, right, Safety.UNSAFE)
        if is_encrypted and host_port_setting is not None
        else None,
    )


def starttls_not_offered(section: Section, seen: Observations) -> Iterator[Finding]:
    """HostPort asks for STARTTLS, and the server does not offer it.

    ## Why
    Either the server has none on this port, or something between here and there takes the offer out, as some
    firewalls and attackers do. Going on in clear text would show the mail, and often the password.

    ## Bad
    The server does not offer STARTTLS:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>25-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The server offers STARTTLS:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: to give up encryption is no way to mend this. Use a port with encryption that the server has, and
    find out whether something on the way takes the offer out.

    ## See
    - RFC 3207, section 6
    - RFC 8314, section 5.2
    """
    trouble = seen.trouble
    if trouble is None or trouble.kind is not TroubleKind.NO_STARTTLS:
        return
    what = "does not offer STARTTLS" if trouble.reply is None else "offers STARTTLS and then refuses it"
    yield Finding(
        at(section, "HostPort"),
        f"{server(section, seen)} {what}{reply_words(section, trouble.reply)}",
        "use a port with encryption, such as 587-starttls or 465, and find out whether something on the way "
        "takes the offer out",
    )


def tls_offered_unused(section: Section, seen: Observations) -> Iterator[Finding]:
    """The server offers STARTTLS, and HostPort asks for clear text.

    ## Why
    Mail goes out where everybody on the way can read and change it, though the server could encrypt it.

    ## Bad
    The server offers STARTTLS:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>2525-nossl</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The server offers STARTTLS, which is used:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>2525-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    Unsafe, where STARTTLS was seen to work: whether DataMiner takes the server's certificate is not known.

    ## See
    - RFC 3207
    - RFC 8314, section 3
    """
    if seen.server.security is not Security.CLEAR_TEXT or seen.offers is None or not seen.offers.starttls:
        return
    setting = section.get("HostPort")
    right = str(host_port(seen.server.port, Security.STARTTLS))
    works = Security.STARTTLS in seen.spoken
    yield Finding(
        at(section, "HostPort"),
        f"{server(section, seen)} offers STARTTLS, and the connection stays in clear text",
        f'write "{right}"{", which was seen to work" if works else " and try again"}',
        fix=write(setting, right, Safety.UNSAFE) if works and setting is not None else None,
    )


def tls_handshake_failed(section: Section, seen: Observations) -> Iterator[Finding]:
    """The two sides do not agree on TLS.

    ## Why
    The server refuses every protocol and cipher that this machine's OpenSSL has, or the other way round.
    Which TLS DataMiner uses is not documented: it may agree where OpenSSL does not, and fail where OpenSSL
    does not.

    ## Bad
    The server speaks a TLS that this machine does not:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The server speaks TLS 1.2 or 1.3:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: it is the server that must change. Have it speak TLS 1.2 or 1.3; the finding has OpenSSL's reason.

    ## See
    - RFC 8446, section 4.1
    - RFC 9325
    """
    trouble = seen.trouble
    if trouble is None or trouble.kind is not TroubleKind.TLS_FAILED:
        return
    usual = "have the server speak TLS 1.2 or 1.3; which TLS DataMiner uses is not documented"
    yield Finding(
        at(section, "HostPort"),
        f"no agreement on TLS with {server(section, seen)}{in_brackets(section, trouble.words)}",
        next((help_ for part, help_ in _FAILURES.items() if part in trouble.words), usual),
    )


def certificate_untrusted(section: Section, seen: Observations) -> Iterator[Finding]:
    """The server's certificate comes from nobody whom this machine trusts.

    ## Why
    Anybody can make a certificate with any name; who signed it is what counts. Certificates that a server
    made for itself, and those of a company's own authority, are trusted only where somebody says so. What
    DataMiner trusts, and whether it looks at all, is not documented.

    ## Bad
    The certificate is the server's own making:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The certificate comes from an authority that is trusted:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: the trouble is on the server, or in what this machine trusts. Have Windows trust the authority that
    issued the certificate (here: `--ca-file`), or give the server one of a known authority. Where it is of
    a known one already, the server may leave out the certificates between the two: have it send them. What
    is wrong in itself, such as a certificate for another purpose, only another one mends.

    ## See
    - RFC 5280, section 6
    - RFC 8314, section 5.3
    """
    if seen.tls is None or seen.tls.untrusted is None:
        return
    yield Finding(
        at_host(section),
        f"the certificate of {server(section, seen)} is not trusted on this machine"
        f"{in_brackets(section, seen.tls.untrusted)}; what DataMiner trusts is not documented",
        _how_to_be_trusted(seen.tls.verify_code),
    )


def _how_to_be_trusted(code: int | None) -> str:
    if code not in NOBODY_KNOWN:
        return "give the server another certificate: to trust who issued this one would not mend it"
    trust = (
        "have Windows trust the authority that issued it (here: --ca-file), or give the server a certificate "
        "of a known one"
    )
    if code in NO_ISSUER:
        return f"{trust}; if it is of a known one, have the server send the certificates between, too"
    return trust


def certificate_name_mismatch(section: Section, seen: Observations) -> Iterator[Finding]:
    """The server's certificate is for another name than Host.

    ## Why
    A certificate proves that a server is the one of a name. For another name, or an address, it proves
    nothing: this may be anybody's server.

    ## Bad
    The certificate is for `smtp.example.com`:

        <SMTP>
          <Host>mail.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The certificate is for `smtp.example.com`:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: which of its names is meant is not known. Write one of them into Host, if that is the server you
    mean.

    ## See
    - RFC 9525, section 6
    - RFC 7817
    """
    if seen.tls is None or seen.tls.misnamed is None:
        return
    yield Finding(
        at_host(section),
        f"the certificate is not for {section.quote(seen.server.host)}: {section.name(seen.tls.misnamed)}",
        "write one of its names into Host, if that is the server you mean",
    )


def certificate_expires(section: Section, seen: Observations) -> Iterator[Finding]:
    """The server's certificate has expired, or soon will.

    ## Why
    After its last day a careful client refuses the connection. Many authorities issue for 90 days or less,
    and renewal is automatic, until it fails.

    ## Bad
    The certificate expired yesterday:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The certificate is good for another 60 days:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: whoever runs the server renews it. Ask them to, and check this machine's clock.

    ## See
    - RFC 5280, section 4.1.2.5
    """
    if seen.tls is None:
        return
    if seen.tls.outdated is not None:
        yield Finding(
            at_host(section),
            f"the certificate of {server(section, seen)} is out of date: {seen.tls.outdated}",
            f"{ASK_SERVER} to renew it, and check this machine's clock",
        )
        return
    certificate = seen.tls.certificate
    if certificate is None:
        return
    days = (certificate.not_after - seen.at).days
    if days <= _SOON:
        yield Finding(
            at_host(section),
            f"the certificate of {server(section, seen)} expires on "
            f"{certificate.not_after:%Y-%m-%d}, in {counted(days, 'day')}",
            f"{ASK_SERVER} whether it will be renewed in time",
            Severity.WARNING,
        )


def weak_tls(section: Section, seen: Observations) -> Iterator[Finding]:
    """The connection is encrypted, and weakly.

    ## Why
    TLS below 1.2 is deprecated, and OpenSSL's security level 2 refuses short keys (RSA below 2048 bits) and
    signatures with SHA-1 or MD5, which can be forged or soon will be. Windows may refuse them, too.

    ## Bad
    The server speaks nothing newer than TLS 1.1:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    The server speaks TLS 1.2 or 1.3:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: the server must change. Ask whoever runs it for TLS 1.2 or newer, with a key of 2048 bits or more.

    ## See
    - RFC 8996
    - RFC 9325, section 4
    """
    if seen.tls is None or seen.tls.weak is None:
        return
    yield Finding(
        at(section, "HostPort"),
        f"the encryption of {server(section, seen)} is weak: {section.name(seen.tls.weak)}",
        f"{ASK_SERVER} for TLS 1.2 or newer, with a key of 2048 bits or more",
    )
