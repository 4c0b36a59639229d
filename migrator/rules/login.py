"""A rules: how the agent logs in to the mail server, and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import definition
from migrator.diagnostic import Safety, Severity
from migrator.document.model import RemoveNode
from migrator.rules.model import Finding, PlannedFix, at_name, at_value, write
from migrator.rules.transport import sent_readable
from migrator.values.login_method import LoginMethod, LoginMethodProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.section import Section

_CREDENTIALS = ("User", "Password")


def unknown_login_method(section: Section) -> Iterator[Finding]:
    """LoginMethod is none of the seven that DataMiner documents.

    ## Why
    The names are DataMiner's own, and case-sensitive. Cube and the SLNetClientTest tool show other ones
    (LOGIN, None, NoLogin), which do not belong in the file. What DataMiner makes of a name that it does not
    know is not documented.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>LOGIN</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
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
    Safe where only the case differs, and for the names of Cube, SLNetClientTest and the mechanisms of servers
    (PLAIN, CRAM-MD5). None otherwise.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    - DataMiner documentation, "Configuring SMTP" (SLNetClientTest)
    """
    setting, reading = section.get("LoginMethod"), section.login_method
    if setting is None or reading is None or reading.is_valid:
        return
    quoted, method, fix = section.quote(setting.text), reading.value, None
    any_of_them = f"write one of {', '.join(definition.login_methods())}"
    if not setting.text:
        message, help_ = "LoginMethod is empty", any_of_them
    elif method is None:
        message, help_ = f"{quoted} is not a LoginMethod", any_of_them
    elif LoginMethodProblem.UNKNOWN in reading.problems:
        message = f"{quoted} is not a LoginMethod; {method} was probably meant"
        help_ = any_of_them
    else:
        is_case = LoginMethodProblem.CASE in reading.problems
        message = f"{quoted} is not a LoginMethod: " + (
            f"it is written {method}, and case counts" if is_case else f"DataMiner's name for it is {method}"
        )
        help_, fix = f"write {method}", write(setting, method)
    target = at_value(setting) if setting.text else at_name(setting.node)
    yield Finding(target, message, help_, fix=fix)


def missing_login_method(section: Section) -> Iterator[Finding]:
    """There is no LoginMethod.

    ## Why
    What DataMiner does without a LoginMethod is not documented, so whether the agent logs in cannot be told
    from the file. A method that is written down says so to DataMiner and to the next reader. Without a user,
    a password or OAuth settings this is only advice.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
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
    None: what your server wants is not known. Write `NoLoginMethod` if it wants no login, else the method
    that it offers, such as `AuthLoginMethod`. `XOAUTH2` is set in Cube.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    if section.get("LoginMethod") is not None:
        return
    given = [
        name for name in (*_CREDENTIALS, *definition.oauth_settings()) if section.given(name) is not None
    ]
    message = "there is no LoginMethod, and what DataMiner does without one is not documented"
    if not definition.oauth_settings().isdisjoint(given):
        help_ = "set XOAUTH2 in Cube (System Center > System settings > SMTP), not by hand"
    elif given:
        help_ = "add the LoginMethod that the server offers, such as AuthLoginMethod"
    else:
        help_ = "add NoLoginMethod if the server wants no login"
    yield Finding(
        at_name(section.node),
        message,
        help_,
        severity=None if given else Severity.INFO,
        subjects=("LoginMethod",),
    )


def missing_user(section: Section) -> Iterator[Finding]:
    """The login method needs a User, and there is none.

    ## Why
    A server knows a login by its user, with a password and with OAuth 2.0 alike, and refuses one without.
    With `NTLM` this is a warning, because Windows can log in as the account of a service; that DataMiner does
    is not documented. With `Auto` it is a warning where there is a password.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
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
    None: only you know the user. Add the User, or write `NoLoginMethod` if the server wants no login. With
    `XOAUTH2` it is set in Cube.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    - RFC 4954, section 4
    """
    if section.method is LoginMethod.XOAUTH2 and section.given("User") is None:
        yield _missing(section, "User", "set it in Cube, with the other OAuth settings", None)
    elif section.given("User") is None:
        yield from _missing_credential(section, "User")


def missing_password(section: Section) -> Iterator[Finding]:
    """The login method needs a Password, and there is none.

    ## Why
    A server refuses a login without its password. With `NTLM` this is a warning, because Windows can log in
    as the account of a service; that DataMiner does is not documented. With `Auto` it is a warning where
    there is a user. `XOAUTH2` needs no Password.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
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
    None: only you know the password. Add the Password, or write `NoLoginMethod` if the server wants no login.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    - RFC 4954, section 4
    """
    if section.given("Password") is None:
        yield from _missing_credential(section, "Password")


def _missing_credential(section: Section, name: str) -> Iterator[Finding]:
    """What there is to say of a missing User or Password: the method needs it, or Auto has the other one."""
    method = section.method
    if method is None:
        return
    if method.uses_password:
        help_ = f"add the {name}, or write NoLoginMethod if the server wants no login"
        if method is LoginMethod.NTLM:
            yield _missing(section, name, help_, Severity.WARNING)
        else:
            yield _missing(section, name, help_, None)
    elif method is LoginMethod.AUTO and section.has_credentials:
        yield _missing(
            section, name, f"give both User and Password, or neither: add the {name}", Severity.WARNING
        )


def _missing(section: Section, name: str, help_: str, severity: Severity | None) -> Finding:
    there = section.get(name)
    other = "Password" if name == "User" else "User"
    if section.method is LoginMethod.AUTO:
        message = f"there is a {other} for Auto but no {name}"
    elif section.method is LoginMethod.NTLM:
        message = f"NTLM has no {name}, and that DataMiner can log in without one is not documented"
    else:
        message = f"{section.method} needs a {name}"
    target = at_name(section.node if there is None else there.node)
    return Finding(target, message, help_, severity, subjects=(name,))


def unused_credentials(section: Section) -> Iterator[Finding]:
    """There is a User or a Password, but no login.

    ## Why
    With `NoLoginMethod` the agent does not log in, so User and Password are not used. Either the login is
    missing, and the server may refuse the mail, or a password lies around that nobody needs.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password />
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
    Unsafe: the setting is removed; the login may be what was meant. None where a comment stands inside it.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    if section.method is not LoginMethod.NONE:
        return
    for name in _CREDENTIALS:
        setting = section.given(name)
        if setting is not None:
            yield Finding(
                at_name(setting.node),
                f"{name} is not used with NoLoginMethod",
                f"write the LoginMethod that the server wants, or remove {name}",
                fix=PlannedFix(f"remove {name}", Safety.UNSAFE, (RemoveNode(setting.node),)),
            )


def credentials_in_clear(section: Section) -> Iterator[Finding]:
    """The password crosses the network in clear text.

    ## Why
    `LoginPlainMethod` and `AuthLoginMethod` send user and password readable to everyone on the way: base64 is
    no encryption. Only TLS protects them, and the DataMiner documentation names TLS for port 465 and for the
    suffixes `-ssl` and `-starttls` alone. That any other HostPort is clear text follows from this. With
    `Auto` and a user or password it is a warning: the server may choose such a method.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>25</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
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
    None: what your server offers is not known. Write a HostPort with TLS that it offers, such as
    `587-starttls` or `465`.

    ## See
    - RFC 4954, sections 4 and 9
    - RFC 8314, section 3
    - CWE-319
    """
    method = section.method
    help_ = "write the HostPort with TLS that the server offers, such as 587-starttls or 465"
    if method is LoginMethod.AUTO and section.has_credentials:
        yield from sent_readable(section, f"{method} may send the password", help_, Severity.WARNING)
    elif method is not None and method.shows_password:
        yield from sent_readable(section, f"{method} sends the password", help_)


def cram_md5_weak(section: Section) -> Iterator[Finding]:
    """LoginMethod is CRAM-MD5.

    ## Why
    CRAM-MD5 does not send the password, but rests on MD5, and who records one login can try passwords against
    it. The server must store the password, or something as good as it. Behind TLS a plain login is no weaker,
    and more servers offer it.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>CramMD5Method</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
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
    None: what your server offers is not known. Use `AuthLoginMethod` with TLS where it offers both; else
    leave it.

    ## See
    - RFC 2195, section 4
    """
    if section.method is LoginMethod.CRAM_MD5:
        yield _advice(
            section,
            "CRAM-MD5 rests on MD5, and the server must store the password",
            "use AuthLoginMethod with TLS where the server offers it",
        )


def ntlm_deprecated(section: Section) -> Iterator[Finding]:
    """LoginMethod is NTLM.

    ## Why
    Microsoft has deprecated NTLM. It is normal with an Exchange server on premises, and few other mail
    servers know it. A login behind TLS, or a relay that needs none, will outlive it.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NTLM</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
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
    None: what your server offers is not known. Use `AuthLoginMethod` with TLS where it offers both; else
    leave it.

    ## See
    - Microsoft documentation, "Deprecated features for Windows client"
    """
    if section.method is LoginMethod.NTLM:
        yield _advice(
            section,
            "Microsoft has deprecated NTLM",
            "use AuthLoginMethod with TLS where the server offers it",
        )


def auto_login_method(section: Section) -> Iterator[Finding]:
    """LoginMethod is Auto.

    ## Why
    With `Auto` the agent and the server agree on a method. Which one that is depends on the server, may
    change with its next version, and cannot be told from the file.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>Auto</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
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
    None: what your server offers is not known. Write the method that it offers, if you know it.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    if section.method is LoginMethod.AUTO:
        yield _advice(
            section,
            "which method Auto uses depends on the server",
            "write the method that the server offers",
        )


def _advice(section: Section, message: str, help_: str) -> Finding:
    """A finding about the method, which is there if it is known."""
    return Finding(at_value(section.settings["LoginMethod"]), message, help_)
