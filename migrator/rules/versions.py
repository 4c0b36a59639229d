"""V rules: what the DataMiner version that the file is for does not know, or does wrong.

They find something only where that version is given, with --target-version.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from migrator import definition
from migrator.rules.model import Finding, at_name, at_value
from migrator.tuples import NamedTuple
from migrator.values.host_port import DEFAULT_PORT, Security
from migrator.values.version import Since, Train, since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.rules.model import Circumstances
    from migrator.section import Section
    from migrator.values.version import Version


class _Fault(NamedTuple):
    """A fault of DataMiner with encrypted connections.

    It is found from the first bounds on (None: not known since when) until the second ones.
    """

    message: str
    found_from: Since | None
    mended_from: Since
    on_default_port: bool = True

    def affects(self, version: Version) -> bool:
        """Whether a version has it."""
        is_there = self.found_from is None or self.found_from.includes(version)
        return is_there and not self.mended_from.includes(version)


@cache
def _faults() -> tuple[_Fault, ...]:
    return (
        _Fault(
            "mails of Automation scripts fail with STARTTLS or SSL on a port other than the default one",
            since({"feature": "10.1.10"}),
            since({"feature": "10.1.12"}),
            on_default_port=False,
        ),
        _Fault(
            "STARTTLS and SSL can be dropped for generic mails, those that SLASPConnection sends",
            None,
            since({"main": ["10.0.0 CU20", "10.1.0 CU9"], "feature": "10.1.12"}),
        ),
    )


def login_method_too_new(section: Section, circumstances: Circumstances) -> Iterator[Finding]:
    """The DataMiner version that the file is for does not know the login method.

    ## Why
    `NTLM` came with DataMiner 4.2, `Auto` with 5.0, `XOAUTH2` with main releases 10.5.0 CU13 and 10.6.0 CU1
    and feature release 10.6.4. Main and feature releases are two lines: feature release 10.5.12 does not know
    it. What a version makes of a method that it does not know is not documented. Looked at only where the
    version is given.

    ## Bad
    With `--target-version 10.5.0`:

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

    ## Good
    With `--target-version 10.5.0`:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: which other method the server offers is not known. Write one that this version knows, or update
    DataMiner first.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    setting, method, target = section.get("LoginMethod"), section.method, circumstances.target
    if setting is None or method is None or target is None:
        return
    bounds = definition.login_methods()[method].since
    if bounds is not None and not (known := since(bounds)).includes(target):
        yield Finding(
            at_value(setting),
            f"DataMiner {target} does not know {method}: it came with {known}",
            "write a method that this version knows, or update DataMiner first",
        )


def setting_too_new(section: Section, circumstances: Circumstances) -> Iterator[Finding]:
    """The DataMiner version that the file is for does not know a setting.

    ## Why
    The settings for OAuth 2.0 came with main releases 10.5.0 CU13 and 10.6.0 CU1 and feature release 10.6.4.
    What an older version makes of elements that it does not know is not documented. Looked at only where the
    version is given.

    ## Bad
    With `--target-version 10.5.0`:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <OAuthClientID>dataminer-agents</OAuthClientID>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    With `--target-version 10.5.0`:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: only Cube can restore what these settings hold. Update DataMiner first, or remove them where OAuth
    2.0 is given up.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    target = circumstances.target
    if target is None:
        return
    known = definition.settings()
    for setting in section.settings.values():
        bounds = known[setting.name].since
        if bounds is not None and not (first := since(bounds)).includes(target):
            yield Finding(
                at_name(setting.node),
                f"DataMiner {target} does not know {setting.name}: it came with {first}",
                "update DataMiner first, or remove it where OAuth 2.0 is given up: only Cube can restore it",
            )


def affected_release(section: Section, circumstances: Circumstances) -> Iterator[Finding]:
    """The DataMiner version that the file is for has a known fault with STARTTLS or SSL.

    ## Why
    Feature releases 10.1.10 and 10.1.11 send no mail of Automation scripts with STARTTLS or SSL on a port
    other than the default one. Before main releases 10.0.0 CU20 and 10.1.0 CU9 and feature release 10.1.12,
    STARTTLS and SSL could be dropped for generic mails, those that SLASPConnection sends. Looked at only
    where the version is given.

    ## Bad
    With `--target-version 10.1.11`:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
    With `--target-version 10.1.12`:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: it takes an update of DataMiner. Update it to a version that the finding names.

    ## See
    - DataMiner release notes, main releases 10.0.0 CU20 and 10.1.0 CU9, feature release 10.1.12
    """
    host_port, transport, target = section.get("HostPort"), section.transport, circumstances.target
    if host_port is None or transport is None or target is None:
        return
    if transport.security is Security.CLEAR_TEXT:
        return
    is_default = transport.port == DEFAULT_PORT
    found = [
        fault for fault in _faults() if fault.affects(target) and (fault.on_default_port or not is_default)
    ]
    if found:
        yield Finding(
            at_value(host_port),
            f"in DataMiner {target} {'; and '.join(fault.message for fault in found)}",
            f"update DataMiner, at least to {found[-1].mended_from}",
        )


def faultless_from() -> Since:
    """The first versions without any of the faults."""
    return _faults()[-1].mended_from


def named_versions() -> tuple[Version, ...]:
    """The versions from which on DataMiner knows a setting or a login method, or has or lacks a fault.

    Train by train, the newest first: versions of two trains have no order.
    """
    named = [
        *(setting.since for setting in definition.settings().values()),
        *(method.since for method in definition.login_methods().values()),
    ]
    bounds = [since(one) for one in named if one is not None]
    bounds += [
        bound for fault in _faults() for bound in (fault.found_from, fault.mended_from) if bound is not None
    ]
    versions = {
        version for bound in bounds for version in (*bound.main, bound.feature) if version is not None
    }
    trains = list(Train)
    return tuple(
        sorted(versions, key=lambda one: (-trains.index(one.train), one.branch, one.number), reverse=True)
    )
