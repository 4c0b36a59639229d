"""Steps to a version that knows less than the file needs: nothing is dropped, everything is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.diagnostic import Diagnostic


def login_method_unknown(found: Diagnostic) -> Diagnostic:
    """The version does not know the login method, so the way back has to be chosen.

    ## Why
    Which other method the server takes is known to whoever runs it, and it may need a password that is not
    in the file. A method that is dropped without a word would leave an agent that sends nothing.

    ## Before
    With `--to 10.5.0`:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>XOAUTH2</LoginMethod>
          <User>dma@example.com</User>
          <OAuthClientID>dataminer-agents</OAuthClientID>
          <OAuthClientSecret>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</OAuthClientSecret>
          <OAuthTokenEndpoint>https://login.example.com/oauth2/token</OAuthTokenEndpoint>
          <From>dma@example.com</From>
        </SMTP>

    ## Safety
    Manual: `lint --target-version` finds it until it is done.

    ## Source
    - DataMiner documentation, "Configuring outgoing email"
    """
    help_ = (
        "keep a copy of the file, then write a method that this version and the server know, with "
        "its User and Password; or do not go back to this version"
    )
    return replace(found, help=help_)


def setting_unknown(found: Diagnostic) -> Diagnostic:
    """The version does not know a setting, and only Cube could restore what it holds.

    ## Why
    The settings of OAuth 2.0 are written by Cube. Removed by hand they are gone, and nothing says what an
    older version makes of them.

    ## Before
    With `--to 10.5.0`:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <OAuthClientID>dataminer-agents</OAuthClientID>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Safety
    Manual: `lint --target-version` finds it until it is done.

    ## Source
    - DataMiner documentation, "Configuring outgoing email"
    """
    return replace(
        found,
        help="keep a copy of the file, then remove it; going forward again, enter it in Cube",
    )
