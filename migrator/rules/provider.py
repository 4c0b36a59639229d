"""P rules: what a known mail provider does not take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.diagnostic import Safety, Severity
from migrator.providers import LoginNeed, PasswordStatus, provider_of_mailbox
from migrator.rules.model import Finding, at_name, at_value, write
from migrator.rules.oauth import is_full_address
from migrator.rules.secrets import is_variable
from migrator.values.host_port import HostPort, Security
from migrator.values.login_method import LoginMethod, oauth_since
from migrator.values.mail_address import parse_mail_address
from migrator.values.secret import is_reference
from migrator.wording import days_left

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from migrator.providers import Provider
    from migrator.rules.model import Circumstances
    from migrator.section import Section

_APP_PASSWORD = r"[A-Za-z]{16}"
_HOW = {
    Security.CLEAR_TEXT: "in clear text",
    Security.STARTTLS: "with STARTTLS",
    Security.IMPLICIT_TLS: "with TLS from the first byte",
}
_NO_LASTING_PASSWORDS = (PasswordStatus.ENDING, PasswordStatus.ENDED)


def microsoft_basic_auth(section: Section, circumstances: Circumstances) -> Iterator[Finding]:
    """The agent logs in to Microsoft with a password, which is about to end or has ended.

    ## Why
    Exchange Online turns password logins for SMTP off by default at the end of December 2026, unless the
    tenant's administrator turned them on again. Until then this is a warning that says how many days are
    left, from 2027 on an error. `--as-of` sets the day; `microsoft-basic-auth = "enabled"` in the
    configuration of dmsmtp says that the administrator did, and makes it advice, and `"disabled"` that the
    tenant takes no passwords, whatever the day, and makes it an error. Outlook.com (also hotmail.com,
    live.com, msn.com, and those of countries, such as live.nl) ended them in 2024: an error, or advice where
    its former host alone (smtp.live.com) speaks of it. App passwords help with neither.

    There are four ways out:
    - `XOAUTH2`, where DataMiner is new enough: set it in Cube, and have SMTP AUTH enabled for the mailbox.
      Which redirect address Cube registers is not documented.
    - The tenant's administrator turns password logins on again, for now.
    - A relay connector, or direct send, on port 25 without a login.
    - A relay of your own.

    The last three need a tenant or a server of yours; with an Outlook.com mailbox the first and last remain.

    ## Bad
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
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
    None: each way out needs somebody to set it up. Choose one of those above.

    ## See
    - Exchange Team blog, "Updated Exchange Online SMTP AUTH Basic Authentication Deprecation Timeline"
    - DataMiner documentation, "Configuring outgoing email"
    """
    provider, setting = provider_of_login(section), section.get("LoginMethod")
    if provider is None or setting is None or not _uses_password(section):
        return
    if provider.passwords not in _NO_LASTING_PASSWORDS:
        return
    oauth = f"use XOAUTH2, which {_versions()} and Cube"
    if provider.passwords is PasswordStatus.ENDED or provider.last_day is None:
        yield Finding(
            at_value(setting),
            f"{provider.name} has ended logins with a password, app passwords included",
            f"{oauth}, or send through a relay of your own",
            severity=_at_most_advice(provider, Severity.ERROR),
        )
        return
    is_offered = section.method in provider.login_methods
    if circumstances.microsoft_basic_auth and not is_offered:
        return  # turned on again or not, this method is not there
    severity, message = _deadline(provider, provider.last_day, circumstances)
    if severity is None and not is_offered:  # P505 is no graver and yields: its fact is said here
        message += f", and it does not offer {section.method}"
    again = (
        ""
        if circumstances.microsoft_basic_auth
        else "or have your administrator turn password logins on again for now; "
    )
    yield Finding(
        at_value(setting),
        message,
        f"{oauth}, and SMTP AUTH enabled for the mailbox; {again}or send on port 25 without a login, by "
        "relay connector or direct send; or through a relay of your own",
        severity=severity,
    )


def provider_of_login(section: Section) -> Provider | None:
    """The provider whose word counts for a login: that of Host, or of User's own mailbox (outlook.com)."""
    provider = section.provider
    if provider is None or provider.passwords not in _NO_LASTING_PASSWORDS:
        return provider
    user = parse_mail_address(section.text("User")).value
    own = None if user is None else provider_of_mailbox(user.domain)
    return own if own is not None and own.issuer is provider.issuer else provider


def _deadline(
    provider: Provider, last_day: date, circumstances: Circumstances
) -> tuple[Severity | None, str]:
    """How bad it is that a provider turns password logins off after a day, and how that is said."""
    if circumstances.microsoft_basic_auth:
        message = f"{provider.name} will end logins with a password, which your administrator has turned on"
        return Severity.INFO, message
    if circumstances.microsoft_basic_auth is False:
        return None, f'{provider.name} takes no passwords in your tenant (microsoft-basic-auth = "disabled")'
    off = f"{provider.name} has password logins off by default"
    unless = "unless your administrator turned them on again"
    days = (last_day - circumstances.as_of).days
    if days < 0:
        return None, f"{off} since the end of {last_day}, {unless}"
    return Severity.WARNING, f"{off} from the end of {last_day} on ({days_left(days)}), {unless}"


def google_password(section: Section, circumstances: Circumstances) -> Iterator[Finding]:
    """The agent logs in to Gmail with what is no app password.

    ## Why
    Google refuses the password of the account itself (535 5.7.8). What works is an app password, which has 16
    letters, needs 2-step verification, and may be forbidden by an administrator; or XOAUTH2. Of a reference
    (a GUID), or of `${env:NAME}` in JSON and YAML, nobody can see from the file what it stands for: then this
    is advice.

    ## Bad
        <SMTP>
          <Host>smtp.gmail.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
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
    None: only the owner of the account can make an app password. Use one, or set up `XOAUTH2` in Cube.

    ## See
    - Google, "Sign in with app passwords"
    - DataMiner documentation, "Configuring outgoing email"
    """
    provider, password = section.provider, section.given("Password")
    if provider is None or password is None or not _uses_password(section):
        return
    if provider.passwords is not PasswordStatus.APP or provider.issuer is None:
        return  # the app passwords of providers without OAuth here have other forms
    if re.fullmatch(_APP_PASSWORD, "".join(password.text.split())):
        return
    in_cube = ", or set up XOAUTH2 in Cube" if _has_oauth(circumstances) else ""
    help_ = f"use an app password of the account{in_cube}"
    if is_reference(password.text) or is_variable(password, section):
        what = "this reference is" if is_reference(password.text) else "this variable holds"
        yield Finding(
            at_value(password),
            f"{provider.name} takes app passwords alone; whether {what} one cannot be seen",
            f"if mail fails with 535 5.7.8, {help_}",
            severity=Severity.INFO,
        )
    else:
        yield Finding(
            at_value(password),
            f"{provider.name} takes app passwords alone, which have 16 letters, and this is none",
            help_,
            severity=_at_most_advice(provider, Severity.WARNING),
        )


def provider_port(section: Section) -> Iterator[Finding]:
    """The provider does not take mail on this port, or not this way.

    ## Why
    What the provider says it does not offer, and a port with a security that it does not have there, hang or
    are refused: an error. A port that it merely does not list may work, and nobody promises it: a warning.

    ## Bad
        <SMTP>
          <Host>email-smtp.eu-west-1.amazonaws.com</Host>
          <HostPort>587-ssl</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>AKIAEXAMPLE</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>email-smtp.eu-west-1.amazonaws.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>AKIAEXAMPLE</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    Unsafe: a HostPort that the provider lists is written, on the same port where there is one. None where
    HostPort is missing.

    ## See
    - the provider's own page; `dmsmtp schema providers.json` names it
    - RFC 8314, section 3.3
    """
    provider, transport = section.provider, section.transport
    if provider is None or transport is None or not provider.host_ports:
        return
    port = transport.port
    if port in provider.unknown_ports or _is_taken(provider, transport):
        return
    on_this_port, setting = provider.securities(port), section.get("HostPort")
    if on_this_port:
        message = f"{provider.name} does not take mail {_HOW[transport.security]} on port {port}"
    elif port in provider.not_offered:
        message = f"{provider.name} does not offer port {port}: {provider.not_offered[port]}"
    else:
        message = f"{provider.name} does not list port {port}"
    severity = Severity.ERROR if on_this_port or port in provider.not_offered else Severity.WARNING
    chosen = () if setting is None else on_this_port  # nobody chose the default port
    better = str((chosen or provider.host_ports)[0])
    yield Finding(
        at_name(section.node) if setting is None else at_value(setting),
        f"without HostPort it is port {port}: {message}"
        if setting is None
        else f"{section.quote(setting.text)}: {message}",
        f'write "{better}"; {provider.name} takes {", ".join(map(str, provider.host_ports))}',
        severity=_at_most_advice(provider, severity),
        fix=None if setting is None else write(setting, better, Safety.UNSAFE),
        subjects=("HostPort",),
    )


def _is_taken(provider: Provider, transport: HostPort) -> bool:
    return any(one.security is transport.security for one in provider.securities(transport.port))


def provider_user(section: Section) -> Iterator[Finding]:
    r"""User is not what the provider wants there.

    ## Why
    Every login to SendGrid has the user `apikey`, in these letters; the key itself is the password. Microsoft
    and Google want the whole address of a mailbox, and `DOMAIN\user` is none. With XOAUTH2 that is rule O408.

    ## Bad
        <SMTP>
          <Host>smtp.sendgrid.net</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.sendgrid.net</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>apikey</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    Unsafe, where there is only one right user (SendGrid's `apikey`): the password may belong to the other.

    ## See
    - SendGrid documentation, "Integrating with the SMTP API"
    - Microsoft documentation, "How to set up a multifunction device or application to send email"
    """
    provider, user, method = section.provider, section.given("User"), section.method
    if provider is None or user is None or method is None or not (method.uses_password or _is_auto(section)):
        return
    if provider.user is not None and user.text != provider.user:
        yield Finding(
            at_value(user),
            f'the user of every login to {provider.name} is "{provider.user}"',
            f'enter the API key as Password, and write "{provider.user}" here',
            severity=_at_most_advice(provider, Severity.ERROR),
            fix=write(user, provider.user, Safety.UNSAFE),
        )
    elif provider.user_is_address and not is_full_address(user.text):
        yield Finding(
            at_value(user),
            f"{section.quote(user.text)} is not a mail address, and {provider.name} wants one as User",
            "write the whole address of the mailbox",
            severity=_at_most_advice(provider, Severity.WARNING),
        )


def provider_login_method(section: Section, circumstances: Circumstances) -> Iterator[Finding]:
    """The provider does not take this login method.

    ## Why
    A server refuses a method that it does not offer (504 5.7.4), mail without a login where it wants one (530
    5.7.57), and a login where it takes none. `Auto` with neither User nor Password is no login either.
    `smtp.office365.com` offers LOGIN, which is AuthLoginMethod, and XOAUTH2;
    `….mail.protection.outlook.com` takes mail without a login.

    ## Bad
        <SMTP>
          <Host>example-com.mail.protection.outlook.com</Host>
          <HostPort>25-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>example-com.mail.protection.outlook.com</Host>
          <HostPort>25-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: what the mailbox or the connector is set up for is not known. Write a method that the finding names,
    or the Host that your login is for.

    ## See
    - Microsoft documentation, "How to set up a multifunction device or application to send email"
    - Amazon SES developer guide, "Using the Amazon SES SMTP interface to send email"
    """
    provider, setting, method = section.provider, section.get("LoginMethod"), section.method
    if provider is None or setting is None or method is None:
        return
    left_out = {LoginMethod.AUTO} if _has_oauth(circumstances) else {LoginMethod.AUTO, LoginMethod.XOAUTH2}
    offered = [one for one in provider.login_methods if one not in left_out]
    has_no_login = method is LoginMethod.AUTO and not section.has_credentials
    if method is LoginMethod.NONE or has_no_login:
        if provider.login is not LoginNeed.REQUIRED:
            return
        message, help_ = (
            f"{provider.name} takes no mail without a login",
            "write the LoginMethod for your login",
        )
        if offered:
            help_ = _one_of(offered)
        if has_no_login:
            message += ", and Auto has neither User nor Password to log in with"
            is_in_cube = provider.issuer is not None and _has_oauth(circumstances)
            help_ = "add both" + (", or set up XOAUTH2 in Cube" if is_in_cube else "")
    elif provider.login is LoginNeed.NONE:
        if method is LoginMethod.AUTO:
            return  # it may see that no login is offered
        message = f"{provider.name} takes no login"
        help_ = "write NoLoginMethod, or the Host that your login is for"
    elif provider.login_methods and method not in provider.login_methods:
        message, help_ = f"{provider.name} does not offer {method}", _one_of(offered)
    else:
        return
    yield Finding(
        at_value(setting),
        message,
        help_,
        severity=_at_most_advice(provider, Severity.ERROR),
        subjects=("LoginMethod", "User", "Password") if has_no_login else (),
    )


def _has_oauth(circumstances: Circumstances) -> bool:
    """Whether the version that the file is for knows XOAUTH2, as far as anybody said which that is."""
    return circumstances.target is None or oauth_since().includes(circumstances.target)


def _one_of(methods: Iterable[LoginMethod]) -> str:
    """What to do to have one of these methods: OAuth is never written by hand."""
    return ", or ".join(
        "set up XOAUTH2 in Cube" if one is LoginMethod.XOAUTH2 else f"write {one}" for one in methods
    )


def _uses_password(section: Section) -> bool:
    method = section.method
    return method is not None and (
        method.uses_password or (method is LoginMethod.AUTO and section.given("Password") is not None)
    )


def _is_auto(section: Section) -> bool:
    return section.method is LoginMethod.AUTO


def _at_most_advice(provider: Provider, severity: Severity) -> Severity:
    """A severity, where what is known of a provider is certain; advice where it was seen second-hand."""
    return Severity.INFO if provider.is_unverified else severity


def _versions() -> str:
    """What XOAUTH2 needs: the first DataMiner versions that know it."""
    return f"needs DataMiner ({oauth_since()} or later)"
