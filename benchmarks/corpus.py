"""Make folders of different DataMiner.xml files, each as it could come from an agent."""

from __future__ import annotations

import random
import uuid
from typing import TYPE_CHECKING

from benchmarks.install import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MISTAKE_EVERY = 10
_IN_ONE_FOLDER = 1000

_DOCUMENTED = ROOT / "fixtures" / "whole-file" / "documented.xml"

_NAMESPACE = ' xmlns="http://www.skyline.be/config/dataminer"'
_SITES = ("antwerp", "izegem", "lisbon", "singapore", "denver", "oslo")
_ENCRYPTED_PORTS = ("465", "587-starttls", "2525-starttls", "25-starttls", "8465-ssl")
_LOGIN_METHODS = ("NoLoginMethod", "LoginPlainMethod", "AuthLoginMethod", "XOAUTH2")

# What a file with a mistake has in place of the right value; None: the setting is missing.
_MISTAKES: tuple[dict[str, str | None], ...] = (
    {"HostPort": "587-STARTTLS"},
    {"HostPort": "465-starttls"},
    {"HostPort": "70000"},
    {"HostPort": "25", "LoginMethod": "AuthLoginMethod", "User": "dma", "Password": str(uuid.UUID(int=1))},
    {"LoginMethod": "Login"},
    {"Host": None},
    {"Port": "587"},
    {"From": "the agent"},
    {"MaxSubjectLength": "long"},
)

_DOCUMENT = """\
<?xml version="1.0" encoding="utf-8"?>
<DataMiner id="{id}"{namespace} storeLastPollTimes="{flag}">
  <DataMinerGuid>{guid}</DataMinerGuid>
  <DMA>
    <DMAName mode="manual">{name}</DMAName>
    <Location1>{site}</Location1>
    <Location2>Room {room}</Location2>
  </DMA>
  <!-- Ports of this agent, see the sheet of {site} -->
  <AlarmSocket port="{alarm_port}"/>
  <PollSocket port="{poll_port}" allowSets="{flag}"/>
  <SNMP port="{snmp_port}" enableDataMinerAgentPolling="true" informCacheSize="{cache}"/>
  <SNMPv1 trapPort="162"/>
  <SNMPv2 trapPort="162"/>
  <SNMPv3 trapPort="162" generateNoticeOnIncorrectTrapReceived="{flag}"/>
  <SMTP>
{settings}
  </SMTP>
  <ProcessOptions protocolProcesses="{processes}" scriptingProcesses="{processes}" portProcesses="1"/>
  <ClearableAlarmStormProtection max="{storm}" min="100"/>
  <Logging>
    <Info>{level}</Info>
    <Error>{level}</Error>
    <Debug>0</Debug>
    <DaysToKeep>{days}</DaysToKeep>
  </Logging>
  <IP skipMAC="">
    <VirtualIPFrom>10.{net}.0.10</VirtualIPFrom>
    <VirtualIPTo>10.{net}.0.250</VirtualIPTo>
    <VirtualIPMask>255.255.0.0</VirtualIPMask>
  </IP>
  <Telnet active="false"/>
  <QOS>BestEffort</QOS>
</DataMiner>
"""


_LARGE_DOCUMENT = """\
<DataMiner id="7">
  <ProcessOptions>
    <SeparateProcesses>
      <Protocols>
{items}      </Protocols>
    </SeparateProcesses>
  </ProcessOptions>
  <SMTP>
    <Host>smtp.example.net</Host>
    <HostPort>587-starttls</HostPort>
    <LoginMethod>NoLoginMethod</LoginMethod>
    <From>dma@example.net</From>
  </SMTP>
</DataMiner>
"""


def write_agents(folder: Path, count: int, *, seed: int, size: int = 0) -> list[str]:
    """Write DataMiner.xml of so many agents, a folder each, a thousand of which lie in one.

    Gives the files' names, relative and sorted.
    Where a size in bytes is given, each is a whole file of about that size, with every documented node.
    """
    source = random.Random(seed)  # noqa: S311 - the same files at every run, nothing to guess
    names = []
    for number in range(1, count + 1):
        name = f"cluster{number // _IN_ONE_FOLDER:03}/agent{number:06}/DataMiner.xml"
        path = folder / name
        path.parent.mkdir(parents=True)
        mistaken = number % MISTAKE_EVERY == 0
        text = (
            _whole_document(number, source, size, mistaken=mistaken)
            if size
            else document(number, source, mistaken=mistaken)
        )
        path.write_bytes(text.encode())
        names.append(name)
    return names


def write_cluster(folder: Path, count: int, *, seed: int) -> None:
    """Write DataMiner.xml of the agents of one cluster, alike but for a few."""
    source = random.Random(seed)  # noqa: S311 - as above
    shared = _settings("", "antwerp", random.Random(seed)) | {"HostPort": "587-starttls"}  # noqa: S311
    for number in range(1, count + 1):
        own: dict[str, str | None] = {"Helo": f"dma{number:05}.example.net", "Password": _guid(source)}
        if number % MISTAKE_EVERY == 0:
            own |= {"Host": f"smtp{number}.example.net"} if number % 20 else {"From": None}
        path = folder / f"agent{number:05}" / "DataMiner.xml"
        path.parent.mkdir(parents=True)
        path.write_bytes(document(number, source, mistaken=False, settings={**shared, **own}).encode())


def large_document(size: int) -> str:
    """Give a DataMiner.xml of about so many bytes, most of them in elements that are not documented."""
    item = (
        "        <Protocol><Name>Example Protocol {number:06}</Name>"
        '<Note kind="a" seen="2026-11-25">what somebody wrote, number {number:06}</Note></Protocol>\n'
    )
    items = "".join(item.format(number=number) for number in range(size // len(item.format(number=0))))
    return _LARGE_DOCUMENT.format(items=items)


def _whole_document(number: int, source: random.Random, size: int, *, mistaken: bool) -> str:
    site = source.choice(_SITES)
    settings = _settings(f"dma{number:06}.{site}.example.net", site, source)
    if mistaken:
        settings |= source.choice(_MISTAKES)
    around = _DOCUMENTED.read_text("utf-8")
    before, _, rest = around.partition("<SMTP>")
    _, _, after = rest.partition("</SMTP>")
    text = f"{before}<SMTP>\n{_elements(settings)}\n  </SMTP>{after}"
    head, mark, tail = text.partition("<Protocols>")
    item = "\n          <Protocol><Name>Protocol {number:04} of {agent:06}</Name></Protocol>"
    count = (size - len(text)) // len(item.format(number=0, agent=0))
    return head + mark + "".join(item.format(number=one, agent=number) for one in range(count)) + tail


def document(
    number: int,
    source: random.Random,
    *,
    mistaken: bool,
    settings: dict[str, str | None] | None = None,
) -> str:
    """Give the DataMiner.xml of one agent; without a mistake there is nothing to find in it."""
    site = source.choice(_SITES)
    if settings is None:
        settings = _settings(f"dma{number:05}.{site}.example.net", site, source)
    if mistaken:
        settings |= source.choice(_MISTAKES)
    return _DOCUMENT.format(
        id=number,
        namespace=source.choice(("", _NAMESPACE)),
        flag=source.choice(("true", "false")),
        guid=_guid(source),
        name=f"DMA-{site.upper()}-{number:05}",
        site=site.capitalize(),
        room=source.randint(1, 99),
        alarm_port=source.randint(8000, 8999),
        poll_port=source.randint(9000, 9999),
        snmp_port=source.choice((161, 1161, 362)),
        cache=source.randint(10, 999),
        settings=_elements(settings),
        processes=source.randint(1, 10),
        storm=source.randint(500, 5000),
        level=source.randint(0, 5),
        days=source.randint(7, 365),
        net=source.randint(0, 255),
    )


def _settings(agent: str, site: str, source: random.Random) -> dict[str, str | None]:
    method = source.choice(_LOGIN_METHODS)
    user = f"mail-{source.randint(1, 999)}@{site}.example.net"
    login: dict[str, str | None] = {"User": user, "Password": _guid(source)}
    if method == "NoLoginMethod":
        login = {"User": "", "Password": ""}
    elif method == "XOAUTH2":
        login = {
            "User": user,
            "OAuthClientID": _guid(source),
            "OAuthClientSecret": _guid(source),
            "OAuthTokenEndpoint": f"https://login.{site}.example.net/oauth2/token",
        }
    return {
        "Host": f"smtp{source.randint(1, 99)}.{site}.example.net",
        "HostPort": source.choice(_ENCRYPTED_PORTS),
        "LoginMethod": method,
        **login,
        "Helo": agent,
        "MaxSubjectLength": str(source.randint(60, 250)),
        "From": user,
    }


def _elements(settings: Mapping[str, str | None]) -> str:
    written = ((name, value) for name, value in settings.items() if value is not None)
    return "\n".join(
        f"    <{name}>{value}</{name}>" if value else f"    <{name}/>" for name, value in written
    )


def _guid(source: random.Random) -> str:
    return str(uuid.UUID(int=source.getrandbits(128), version=4))
