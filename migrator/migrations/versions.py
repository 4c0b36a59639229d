"""Steps to a version that knows less than the file needs: nothing is dropped, everything is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.rules.versions import faultless_from

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
    return found._replace(help=help_)


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
    return found._replace(
        help="keep a copy of the file, then remove it; going forward again, enter it in Cube",
    )


def affected_release(found: Diagnostic) -> Diagnostic:
    """The version does not always encrypt mail as HostPort says, or sends some of it not at all.

    ## Why
    Feature releases 10.1.10 and 10.1.11 send no mail of Automation scripts with STARTTLS or SSL on a port
    other than the default one. Before main releases 10.0.0 CU20 and 10.1.0 CU9 and feature release 10.1.12,
    STARTTLS and SSL could be dropped for generic mails, those that SLASPConnection sends.

    ## Before
    With `--to 10.1.11`:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Safety
    Manual: no setting mends it, so a person decides whether this version will do.

    ## Source
    - DataMiner release notes, main releases 10.0.0 CU20 and 10.1.0 CU9, feature release 10.1.12
    """
    help_ = (
        f"no setting mends this: choose another version to migrate to, without it ({faultless_from()}); or "
        "find out whether such mail may fail, or cross the network readable"
    )
    return found._replace(help=help_)
