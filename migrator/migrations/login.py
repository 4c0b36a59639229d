"""Steps away from logins with a password where a provider ends them. OAuth 2.0 is set up in Cube alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.diagnostic import Diagnostic

_WORKSHEET = "work through the worksheet: XOAUTH2 is set up in Cube, once for the whole cluster"
_OTHER_WAYS = "this version knows no XOAUTH2: the worksheet names the other ways out"


def password_login(found: Diagnostic) -> Diagnostic:
    """The agent logs in to Microsoft or Google with a password; XOAUTH2 takes its place.

    ## Why
    Exchange Online turns password logins off by default at the end of 2026, Outlook.com and Google have ended
    them (Google but for app passwords). OAuth 2.0 needs a registration at the provider and a login in a
    browser, and DataMiner takes its settings from Cube alone, for all agents of the cluster at once.

    ## Before
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Safety
    Manual: the report ends with a worksheet for the cluster, in the order of work.

    ## Source
    - DataMiner documentation, "Configuring outgoing email"
    - Exchange Team blog, "Updated Exchange Online SMTP AUTH Basic Authentication Deprecation Timeline"
    """
    return found._replace(help=_WORKSHEET)


def password_login_without_oauth(found: Diagnostic) -> Diagnostic:
    """The agent logs in to Microsoft or Google with a password, and its version knows nothing else.

    ## Why
    Such an agent has the ways out that need no OAuth 2.0: the tenant's administrator turns password logins on
    again for now, a relay connector or direct send on port 25 without a login, a relay of one's own, or at
    Google an app password.

    ## Before
        <SMTP>
          <Host>smtp.office365.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Safety
    Manual: the report ends with a worksheet that names them.

    ## Source
    - DataMiner documentation, "Configuring outgoing email"
    - Exchange Team blog, "Updated Exchange Online SMTP AUTH Basic Authentication Deprecation Timeline"
    """
    return found._replace(help=_OTHER_WAYS)
