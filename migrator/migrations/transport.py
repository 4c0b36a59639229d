"""Steps from clear text to encrypted connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.diagnostic import Safety, Severity
from migrator.rules.model import Finding, at_name, at_value, write
from migrator.values.host_port import Security

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.diagnostic import Diagnostic
    from migrator.section import Configuration

_REQUEST = (
    "ask whoever runs the mail server which port it takes encrypted mail on, and write that "
    "(465, or 587-starttls); RFC 8314 calls clear text obsolete, and prefers 465"
)


def provider_in_clear_text(configuration: Configuration) -> Iterator[Finding]:
    """A known provider takes mail encrypted on this port, too: HostPort says so then.

    ## Why
    Some providers still take mail in clear text on a port on which they offer STARTTLS. A bare `587` or `25`
    sends the mail, and with most methods the password, readable over the network.

    ## Before
        <SMTP>
          <Host>smtp.sendgrid.net</Host>
          <HostPort>587</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>apikey</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## After
        <SMTP>
          <Host>smtp.sendgrid.net</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>apikey</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Safety
    Unsafe: something between the agent and the provider may keep encrypted connections from working. Where
    HostPort is missing it is for a person to add. Ports on which the provider takes nothing in clear text are
    those of rule P503.

    ## Source
    - the provider's own page; `dmsmtp schema providers.json` names it
    - RFC 8314, section 3.3
    """
    section = configuration.section
    if section is None or section.provider is None or section.transport is None:
        return
    setting, provider = section.get("HostPort"), section.provider
    offered = provider.securities(section.transport.port)
    encrypted = next((one for one in offered if one.security is not Security.CLEAR_TEXT), None)
    if encrypted is None:
        return
    port = f"port {encrypted.port}, without a HostPort," if setting is None else section.quote(setting.text)
    yield Finding(
        at_name(section.node) if setting is None else at_value(setting),
        f"{port} means clear text, and {provider.name} offers {encrypted.security} on this port",
        f'write "{encrypted}"' if setting is not None else f'write HostPort, as "{encrypted}"',
        fix=None if setting is None else write(setting, str(encrypted), Safety.UNSAFE),
    )


def clear_text(found: Diagnostic) -> Diagnostic:
    """Mail or a password crosses the network readable, and the server is not one whose ports are known.

    ## Why
    Which encrypted port the server offers is known to whoever runs it. RFC 8314 calls clear text obsolete,
    prefers port 465 with TLS from the first byte, and keeps 587 with STARTTLS for a transition. Where the
    agent logs in to nothing, as at many relays inside a company, this is advice.

    ## Before
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Safety
    Manual: `dmsmtp probe` shows what the server offers.

    ## Source
    - RFC 8314, sections 3.3 and 4.1
    - DataMiner documentation, "Configuring outgoing email"
    """
    is_advice = found.severity is Severity.INFO
    return found._replace(help=f"advice: {_REQUEST}" if is_advice else _REQUEST)
