"""O rules: logging in with OAuth 2.0, which Cube sets up."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from migrator import definition
from migrator.diagnostic import Severity
from migrator.rules.model import Finding, at_name, at_value
from migrator.rules.transport import sent_readable
from migrator.values.guid import is_guid
from migrator.values.login_method import LoginMethod
from migrator.values.mail_address import MailAddressProblem, parse_mail_address
from migrator.values.secret import is_reference
from migrator.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.providers import Issuer
    from migrator.section import Section

_NOT_IN_A_URL = '<>{}"|\\^`'  # RFC 3986, appendix A: none of its characters
_BRACKETED = r"[<{].*[>}]"
_IN_CUBE = "configure OAuth in Cube (System Center > System settings > SMTP), not by hand"


def missing_client_id(section: Section) -> Iterator[Finding]:
    """There is no OAuthClientID for XOAUTH2.

    ## Why
    The client ID names the program to whoever gives out the tokens; without it there is none. It is not
    written by hand: Cube (System Center > System settings > SMTP) writes it together with the tokens, which
    are not in this file.

    ## Bad
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: OAuth is configured in Cube, not by hand. Do it there: System Center > System settings > SMTP.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    - RFC 6749, section 2.2
    """
    yield from _missing(section, "OAuthClientID", None)


def missing_token_endpoint(section: Section) -> Iterator[Finding]:
    """There is no OAuthTokenEndpoint for XOAUTH2.

    ## Why
    The agent gets its tokens from this address; without it there are none. It is not written by hand: Cube
    (System Center > System settings > SMTP) writes it, from the preset or from what you enter there.

    ## Bad
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: OAuth is configured in Cube, not by hand. Do it there: System Center > System settings > SMTP.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    - RFC 6749, section 3.2
    """
    yield from _missing(section, "OAuthTokenEndpoint", None)


def missing_client_secret(section: Section) -> Iterator[Finding]:
    """There is no OAuthClientSecret for XOAUTH2.

    ## Why
    Google wants a client secret with every request for a token. With Microsoft there is none: its preset in
    Cube has no field for it. For any other provider this is advice: some want one, some do not.

    ## Bad
        <SMTP>
          <Host>smtp.gmail.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>407408-k2m9.apps.googleusercontent.com</OAuthClientID>
          <OAuthTokenEndpoint>https://oauth2.googleapis.com/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.gmail.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>407408-k2m9.apps.googleusercontent.com</OAuthClientID>
          <OAuthClientSecret>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</OAuthClientSecret>
          <OAuthTokenEndpoint>https://oauth2.googleapis.com/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: OAuth is configured in Cube, not by hand. Enter the client secret there: System Center > System
    settings > SMTP.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    - RFC 6749, section 2.3
    """
    issuer, likely = _issuer(section), None if section.provider is None else section.provider.issuer
    if issuer is not None:
        if issuer.has_client_secret:
            yield from _missing(section, "OAuthClientSecret", None, at=f" at {issuer.name}")
    elif likely is None or likely.has_client_secret:  # of a host seen second-hand, or of none
        yield from _missing(section, "OAuthClientSecret", Severity.INFO)


def oauth_without_tls(section: Section) -> Iterator[Finding]:
    """The OAuth token crosses the network in clear text.

    ## Why
    A token lets everybody who reads it send mail as this user until it expires. Only TLS protects it, and the
    DataMiner documentation names TLS for port 465 and for the suffixes `-ssl` and `-starttls` alone. That any
    other HostPort is clear text follows from this. A connection to this machine itself is left alone.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: what your server offers is not known. Choose a port with TLS that it offers, such as `587-starttls`
    or `465`.

    ## See
    - RFC 6750, section 5.3
    - RFC 8314, section 3
    """
    if section.method is LoginMethod.XOAUTH2:
        help_ = "choose a port with TLS that the server offers, such as 587-starttls or 465"
        yield from sent_readable(section, "XOAUTH2 sends the token", help_)


def unused_oauth_settings(section: Section) -> Iterator[Finding]:
    """There are OAuth settings, but another login method.

    ## Why
    DataMiner uses them with `XOAUTH2` alone. They may be left over, or the login method was changed by hand
    and the agent now logs in with a password. Do not remove them before you know: only Cube can bring them
    back.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: only Cube can restore them. Leave them where you are not sure; where OAuth was meant, configure it
    in Cube again.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    method = section.method
    if method is None or method is LoginMethod.XOAUTH2:
        return
    known = [name for name in definition.settings() if name in definition.oauth_settings()]
    unused = [setting for name in known if (setting := section.given(name)) is not None]
    if unused:
        names = listed([one.name for one in unused])
        yield Finding(
            at_name(unused[0].node),
            f"{names} {'is' if len(unused) == 1 else 'are'} not used with {method}",
            "choose XOAUTH2 in Cube (System Center > System settings > SMTP), if that was meant",
            related=tuple((at_name(one.node), "not used either") for one in unused[1:]),
        )


def insecure_token_endpoint(section: Section) -> Iterator[Finding]:
    """OAuthTokenEndpoint is not an https URL.

    ## Why
    Tokens are asked for with the client secret and the refresh token, which lets its owner send mail for
    months. They go over https alone, and every provider's endpoint is such a URL. What a template has for
    people to fill in, such as `{tenant}` or `<tenant-id>`, stands in no URL.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthClientSecret>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</OAuthClientSecret>
          <OAuthTokenEndpoint>http://login.example.com/oauth2/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthClientSecret>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</OAuthClientSecret>
          <OAuthTokenEndpoint>https://login.example.com/oauth2/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: OAuth is configured in Cube, not by hand. Enter the provider's https URL there: System Center >
    System settings > SMTP.

    ## See
    - RFC 6749, section 3.2
    """
    text = section.text("OAuthTokenEndpoint")
    if not text or section.method is not LoginMethod.XOAUTH2 or _is_https(text):
        return
    setting, message = section.settings["OAuthTokenEndpoint"], "OAuthTokenEndpoint is not an https URL"
    if text.lower().startswith("http://"):
        message = "OAuthTokenEndpoint is an http URL: the client secret and the tokens go in clear text"
    elif re.search(_BRACKETED, text) and not is_reference(text):
        message += ": what stands in brackets was not filled in"
    yield Finding(at_value(setting), message, _IN_CUBE)


def provider_mismatch(section: Section) -> Iterator[Finding]:
    """Host and token endpoint belong to two providers.

    ## Why
    A server takes the tokens of its own provider alone, so the login is refused. Usually one of the two was
    left from an earlier configuration, or from the other preset in Cube.

    ## Bad
        <SMTP>
          <Host>smtp.gmail.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: OAuth is configured in Cube, not by hand. Correct Host, or choose the other preset there: System
    Center > System settings > SMTP.

    ## See
    - RFC 6750, section 3.1 (invalid_token)
    """
    if section.method is not LoginMethod.XOAUTH2:
        return
    provider, issuer, setting = section.provider, section.token_issuer, section.given("OAuthTokenEndpoint")
    if provider is None or issuer is None or setting is None or provider.issuer is issuer:
        return
    yield Finding(
        at_value(setting),
        f"the tokens are {issuer.name}'s, and Host is a server of {provider.name}, which does not take them",
        f"correct Host, or {_IN_CUBE}",
        severity=Severity.INFO if provider.is_unverified else None,
        related=((at_value(section.settings["Host"]), "the Host"),),
    )


def user_not_mailbox(section: Section) -> Iterator[Finding]:
    r"""User is not a mail address, and XOAUTH2 needs one.

    ## Why
    With OAuth 2.0 the user is the address of the mailbox whose consent was given, and the server compares the
    two. An account such as `DOMAIN\dma`, or a name alone, is refused.

    ## Bad
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>EXAMPLE\dma</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: only you know the mailbox. Enter its whole address, in Cube: System Center > System settings > SMTP.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    - Google, "OAuth 2.0 Mechanism"
    """
    text = section.text("User")
    if not text or section.method is not LoginMethod.XOAUTH2 or is_full_address(text):
        return
    setting = section.settings["User"]
    yield Finding(
        at_value(setting),
        f"{section.quote(setting.text)} is not a mail address, and XOAUTH2 needs one as User",
        f"enter the address of the mailbox; {_IN_CUBE}",
    )


def microsoft_from_required(section: Section) -> Iterator[Finding]:
    """There is no From, and Microsoft OAuth requires one.

    ## Why
    With Microsoft's OAuth 2.0 DataMiner needs a From, and it must be an address of the user. Without one the
    default address of System Center would be used, which Exchange refuses unless the mailbox may send as it.

    ## Bad
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: only you know the address. Enter an address of the user as From, in Cube: System Center > System
    settings > SMTP.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    issuer = _issuer(section)
    if issuer is not None and issuer.needs_from:
        yield from _missing(
            section,
            "From",
            None,
            "enter an address of the user as From in Cube (System Center > System settings > SMTP)",
            at=f" at {issuer.name}",
        )


def microsoft_from_differs(section: Section) -> Iterator[Finding]:
    """From is not the User that logs in to Exchange Online.

    ## Why
    Exchange takes mail from the addresses of the mailbox that logs in, and from those that it may send as.
    Any other is refused (5.7.60, 5.2.252). An address of another domain is probably none of them; for one of
    the same domain this is advice.

    ## Bad
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
          <From>noc@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: whether the mailbox may send as this address is not in the file. Write the User's address, or let an
    administrator allow the mailbox to send as this one.

    ## See
    - Microsoft documentation, "Fix issues with printers, scanners, and LOB applications that send email"
    """
    provider, method, setting = section.provider, section.method, section.given("From")
    if provider is None or not provider.from_is_mailbox or setting is None:
        return
    if method is None or method is LoginMethod.NONE:
        return
    user, sender = parse_mail_address(section.text("User")).value, parse_mail_address(setting.text).value
    if user is None or sender is None or str(user).lower() == str(sender).lower():
        return
    is_near = user.domain.lower() == sender.domain.lower()
    yield Finding(
        at_value(setting),
        f"From is not the User that logs in, and {provider.name} takes only addresses of that mailbox"
        + ("" if is_near else "; this one is in another domain"),
        "write the User's address, or let the mailbox send as this one (else: 5.7.60 or 5.2.252)",
        severity=Severity.INFO if is_near or provider.is_unverified else None,
        related=((at_value(section.settings["User"]), "the User"),),
    )


def malformed_client_id(section: Section) -> Iterator[Finding]:
    """OAuthClientID does not look like one of its provider.

    ## Why
    Microsoft's client IDs (application IDs) are GUIDs, Google's end in `.apps.googleusercontent.com`. Usually
    the name of the application, or its secret, was entered instead.

    ## Bad
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>dataminer</OAuthClientID>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10</OAuthClientID>
          <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: OAuth is configured in Cube, not by hand. Enter the client ID there as the provider shows it: System
    Center > System settings > SMTP.

    ## See
    - Microsoft documentation, "Register an application"
    - Google documentation, "Using OAuth 2.0 to Access Google APIs"
    """
    setting, issuer = section.given("OAuthClientID"), _issuer(section)
    if setting is None or issuer is None:
        return
    suffix = issuer.client_id_suffix
    if suffix is None:
        is_right, form = is_guid(setting.text), f"is no GUID, as those of {issuer.name} are"
    else:
        is_right = setting.text.lower().endswith(suffix) and setting.text.lower() != suffix
        form = f"does not end in {suffix}, as those of {issuer.name} do"
    if not is_right:
        yield Finding(at_value(setting), f"OAuthClientID {form}", _IN_CUBE)


def is_full_address(text: str) -> bool:
    """Whether a User is a whole mail address, and nothing else."""
    reading = parse_mail_address(text)
    return reading.value is not None and MailAddressProblem.DISPLAY_NAME not in reading.problems


def _issuer(section: Section) -> Issuer | None:
    """Who gives out the tokens of a section with XOAUTH2, as its endpoint says, or else its Host."""
    if section.method is not LoginMethod.XOAUTH2:
        return None
    if section.token_issuer is not None:
        return section.token_issuer
    provider = section.provider
    return None if provider is None or provider.is_unverified else provider.issuer


def _missing(
    section: Section, name: str, severity: Severity | None, help_: str = _IN_CUBE, *, at: str = ""
) -> Iterator[Finding]:
    if section.method is not LoginMethod.XOAUTH2 or section.given(name) is not None:
        return
    there = section.get(name)
    yield Finding(
        at_name(section.node if there is None else there.node),
        f"there is no {name}, which XOAUTH2 needs{at}"
        if severity is None
        else f"there is no {name}, which some providers want with XOAUTH2",
        help_,
        severity,
        subjects=(name,),
    )


@lru_cache(maxsize=256)
def _is_https(text: str) -> bool:
    """Whether a text is a URL with https and a host."""
    from urllib.parse import urlsplit

    try:
        url = urlsplit(text)
        port_is_right = url.port is None or url.port > 0
    except ValueError:
        return False
    is_complete = url.scheme == "https" and bool(url.hostname) and port_is_right
    return is_complete and not any(one.isspace() or one in _NOT_IN_A_URL for one in text)
