"""C rules: what differs between the agents of a cluster that should be alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import definition
from migrator.agents import OF_A_PAIR, OWN, are_alike, are_comparable, with_one_identity
from migrator.diagnostic import Severity
from migrator.rules.model import AgentFinding
from migrator.values.login_method import LoginMethod

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.agents import Agent, Cluster, Value

_SHARED = "Cube writes the SMTP configuration to all agents of a cluster"
_ONE_TO_OTHERS = "; `dmsmtp apply` writes the section of one agent to others"
_OAUTH_AGAIN = ": enter the client secret again there where there is one, retrieve tokens, and apply"
_MOVE = "move it, as it is, directly under DataMiner: nothing says that DataMiner finds it here"
_IF_A_PAIR = "if they are a Failover pair"
_BY_APPLY, _IN_CUBE = "as `dmsmtp apply` does", "in Cube, which alone sets up OAuth 2.0"


def agents_differ(cluster: Cluster) -> Iterator[AgentFinding]:
    """A setting means something else on this agent than on most of the cluster.

    ## Why
    Each agent sends its mail by its own DataMiner.xml, which is not synchronized. Where one differs, mail
    from that agent goes another way, or none, and nobody notices before an alarm is missed. What counts is
    the meaning: `465` and `465-ssl` are alike. Helo is each machine's own, and of two different references to
    a secret nobody can tell what is behind them: neither is compared. With `--reference` it is that agent
    with which the others are compared.

    ## Bad
    On one agent:

        <DataMiner id="1">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
          </SMTP>
        </DataMiner>

    On another one:

        <DataMiner id="2">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
          </SMTP>
        </DataMiner>

    On a third one:

        <DataMiner id="3">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>25</HostPort>
          </SMTP>
        </DataMiner>

    ## Good
    On one agent:

        <DataMiner id="1">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>465</HostPort>
            <Helo>dma1.example.com</Helo>
          </SMTP>
        </DataMiner>

    On another one:

        <DataMiner id="2">
          <SMTP>
            <Host>SMTP.example.com</Host>
            <HostPort>465-ssl</HostPort>
            <Helo>dma2.example.com</Helo>
          </SMTP>
        </DataMiner>

    ## Fix
    None: which agent is right, only somebody who knows the cluster can say. `dmsmtp apply` then writes its
    section to the others; OAuth 2.0 is set up in Cube alone, which writes to all of them.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    for setting in definition.settings() if cluster.senders else ():
        if setting in OWN:
            continue
        *odd, usual = cluster.groups(setting)
        for group in odd:
            if not are_comparable(group.value, usual.value):
                continue
            where = _usual_words(cluster, usual.agents)
            like = usual.agents[0] if cluster.reference is None else cluster.reference
            there = cluster.agents[like].values.get(setting)
            is_for_cube = setting in definition.oauth_settings() or _has_oauth(cluster.agents[like])
            how = _IN_CUBE if is_for_cube else _BY_APPLY
            for number in group.agents:
                here = cluster.agents[number].values.get(setting)
                yield AgentFinding(
                    number,
                    setting,
                    _differing(setting, here, there, where),
                    f"make them alike, {how}, unless this agent is meant to differ",
                    related=((like, setting, f"{setting} is {_told(there)} here"),),
                )


def failover_pair_differs(cluster: Cluster) -> Iterator[AgentFinding]:
    """A setting means something else on the other agent of the Failover pair.

    ## Why
    The two agents of a pair must be configured alike: after a switch the other one sends the mail, and where
    it differs, mail stops then. Helo is each machine's own, so that a difference is said, and no mistake. Of
    two different references to a secret nobody can tell what is behind them, so they are not compared.

    ## Bad
    On the one agent:

        <DataMiner id="7">
          <DMA><DMAName>DMA-7</DMAName></DMA>
          <SMTP>
            <Host>smtp.example.com</Host>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    On the other, which has the same DataMiner ID:

        <DataMiner id="7">
          <DMA><DMAName>DMA-7</DMAName></DMA>
          <SMTP>
            <Host>smtp.example.com</Host>
            <From>dma@example.net</From>
          </SMTP>
        </DataMiner>

    ## Good
    On the one agent:

        <DataMiner id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    On another one:

        <DataMiner id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Fix
    None: which of the two is right, only somebody who knows them can say. Configure both alike: `dmsmtp
    apply` writes the section of one to the other; OAuth 2.0 is set up in Cube.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    for pair in cluster.pairs:
        one, other = cluster.agents[pair.first], cluster.agents[pair.second]
        if one.problem is not None or other.problem is not None:
            continue
        if one.can_send != other.can_send:
            odd, partner = (pair.first, pair.second) if other.can_send else (pair.second, pair.first)
            agent, label = cluster.agents[odd], cluster.agents[partner].label
            other_one = f"the other one of its Failover pair, {label}"
            yield AgentFinding(
                odd,
                None,
                f"this agent {_why_not(agent)}, and {other_one}, can send mail",
                _MOVE if agent.is_misplaced else "configure both alike: after a switch, no mail goes out",
                related=((partner, None, "the section of the other agent"),),
            )
            continue
        if not one.can_send:
            continue
        for setting in definition.settings():
            if are_alike(one.values.get(setting), other.values.get(setting)):
                continue
            odd, partner = _odd_first(cluster, setting, pair.first, pair.second)
            here, there = (cluster.agents[number].values.get(setting) for number in (odd, partner))
            label = cluster.agents[partner].label
            yield AgentFinding(
                odd,
                setting,
                _differing(setting, here, there, f"the other agent of its Failover pair, {label}"),
                "each machine may have its own" if setting in OWN else "configure both alike",
                Severity.INFO if setting in OWN else None,
                related=((partner, setting, f"{setting} is {_told(there)} here"),),
            )


def duplicate_agent(cluster: Cluster) -> Iterator[AgentFinding]:
    """Several files have one DataMiner ID, and are not a known Failover pair.

    ## Why
    An ID belongs to one agent, or to the two of a Failover pair. More files with one ID, or two that name
    different agents, are usually copies: one file was laid over that of another agent, or an old one was left
    in the folder. What is compared is then not the cluster. Agents of two clusters, as the DMS.xml beside
    each of them says, may have one ID.

    ## Bad
    On the one agent:

        <DataMiner id="7">
          <DMA><DMAName>DMA-7</DMAName></DMA>
          <SMTP>
            <Host>smtp.example.com</Host>
          </SMTP>
        </DataMiner>

    On another one:

        <DataMiner id="7">
          <DMA><DMAName>DMA-8</DMAName></DMA>
          <SMTP>
            <Host>smtp.example.com</Host>
          </SMTP>
        </DataMiner>

    ## Good
    Each has an ID of its own:

        <DataMiner id="7">
          <DMA><DMAName>DMA-7</DMAName></DMA>
          <SMTP>
            <Host>smtp.example.com</Host>
          </SMTP>
        </DataMiner>

    On another one:

        <DataMiner id="8">
          <DMA><DMAName>DMA-8</DMAName></DMA>
          <SMTP>
            <Host>smtp.example.com</Host>
          </SMTP>
        </DataMiner>

    ## Fix
    None. Where the two are a Failover pair, say so with `--failover A=B`, or in the configuration.

    ## See
    - DataMiner documentation, "DataMiner.xml"
    """
    declared = [set(pair[:2]) for pair in cluster.pairs if not pair.is_assumed]
    assumed = {pair[:2] for pair in cluster.pairs if pair.is_assumed}
    for identity, numbers in with_one_identity(cluster.agents):
        if len(numbers) <= OF_A_PAIR and not _names_differ(cluster, numbers):
            continue
        right = next((pair for pair in declared if pair <= set(numbers)), {numbers[0]})
        first = min(right)
        label = cluster.agents[first].label
        is_first = "is the first" if len(right) == 1 else "is one of the declared Failover pair"
        for number in numbers:
            if number in right:
                continue
            if len(numbers) > OF_A_PAIR:
                message = f"{len(numbers)} files have the DataMiner ID {identity}, and {label} {is_first}"
                help_ = "leave out copies, and give each agent the ID that it has in the cluster"
            else:
                message = f"the DataMiner ID {identity} is also that of {label}, which has another name"
                is_taken = tuple(numbers) in assumed
                taken = "they were compared as a Failover pair: if they are one" if is_taken else _IF_A_PAIR
                help_ = f"{taken}, say so with --failover; if one is a copy, leave it out"
            yield AgentFinding(number, None, message, help_, related=((first, None, "the first of them"),))


def agent_without_section(cluster: Cluster) -> Iterator[AgentFinding]:
    """This agent cannot send mail, and others of the cluster can.

    ## Why
    Each agent needs the SMTP section in its own DataMiner.xml, which is not synchronized. An agent without
    one sends no mail: no alarm that it finds, no report that it makes. It was perhaps added to the cluster
    after mail was set up. A section that stands elsewhere than directly under DataMiner counts as none.

    ## Bad
    On the one agent:

        <DataMiner id="1">
          <SMTP>
            <Host>smtp.example.com</Host>
          </SMTP>
        </DataMiner>

    On the other:

        <DataMiner id="2">
        </DataMiner>

    ## Good
    On the one agent:

        <DataMiner id="1">
          <SMTP>
            <Host>smtp.example.com</Host>
          </SMTP>
        </DataMiner>

    On another one:

        <DataMiner id="2">
          <SMTP>
            <Host>smtp.example.com</Host>
          </SMTP>
        </DataMiner>

    ## Fix
    None here. In Cube, enter the password or client secret again, where there is one, then apply: that writes
    to all agents. Or `dmsmtp apply` writes the section of one file to others.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    if not cluster.senders:
        return
    sender = cluster.senders[0]
    for number, agent in enumerate(cluster.agents):
        partner = cluster.partners.get(number)
        if agent.problem is not None or agent.can_send:
            continue
        if partner is not None and cluster.agents[partner].can_send:
            continue  # that the pair differs is graver, and said
        others = f"{len(cluster.senders)} of {len(cluster.agents)} agents can send mail"
        help_ = f"{_SHARED}{_OAUTH_AGAIN if _has_oauth(cluster.agents[sender]) else _ONE_TO_OTHERS}"
        yield AgentFinding(
            number,
            None,
            f"this agent {_why_not(agent)}, and {others}",
            _MOVE if agent.is_misplaced else help_,
            related=((sender, None, "an agent that can"),),
        )


def copied_secret_reference(cluster: Cluster) -> Iterator[AgentFinding]:
    """Two agents have the same reference to a secret.

    ## Why
    A secret in the form of a GUID is probably a reference to a value that DataMiner keeps encrypted on that
    agent alone. Another agent with the same reference got it with a copied file, or by a synchronization that
    was forced, and most likely cannot read it: its logins fail. That this holds for the SMTP section, the
    documentation does not say; it says so of other passwords in the file, and that the password must be
    entered again where a configuration was copied. Within a Failover pair it is advice.

    ## Bad
    On the one agent:

        <DataMiner id="1">
          <SMTP>
            <Host>smtp.example.com</Host>
            <Password>d3b07384-d113-4ec6-a5d2-7c1f0e9b8a76</Password>
          </SMTP>
        </DataMiner>

    On the other:

        <DataMiner id="2">
          <SMTP>
            <Host>smtp.example.com</Host>
            <Password>d3b07384-d113-4ec6-a5d2-7c1f0e9b8a76</Password>
          </SMTP>
        </DataMiner>

    ## Good
    On the one agent:

        <DataMiner id="1">
          <SMTP>
            <Host>smtp.example.com</Host>
            <Password>d3b07384-d113-4ec6-a5d2-7c1f0e9b8a76</Password>
          </SMTP>
        </DataMiner>

    On the other:

        <DataMiner id="2">
          <SMTP>
            <Host>smtp.example.com</Host>
            <Password>8f14e45f-ceea-467f-a0e6-1d3c5b7a9f02</Password>
          </SMTP>
        </DataMiner>

    ## Fix
    None: no fix touches a secret. Enter the password or client secret again, in Cube or in the file with
    DataMiner stopped.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    for setting, meaning in definition.settings().items():
        if not meaning.is_secret:
            continue
        seen: dict[str, int] = {}
        for number, agent in enumerate(cluster.agents):
            value = agent.values.get(setting)
            if value is None or not value.is_reference:
                continue
            first = seen.setdefault(value.meaning, number)
            if first == number:
                continue
            is_pair = cluster.partners.get(number) == first
            yield AgentFinding(
                number,
                setting,
                f"{setting} is the same reference as on {cluster.agents[first].label}: was the file copied?",
                "probably only one agent can read it: enter the secret again on this one",
                Severity.INFO if is_pair else None,
                related=((first, setting, "the same reference"),),
            )


def _why_not(agent: Agent) -> str:
    """Why an agent cannot send mail, as far as that is in its file."""
    if agent.has_section:
        return "names no Host"
    return "has its SMTP section in the wrong place" if agent.is_misplaced else "has no SMTP section"


def _has_oauth(agent: Agent) -> bool:
    """Whether an agent has a login that nothing but Cube can set up."""
    method = agent.values.get("LoginMethod")
    return method is not None and method.meaning == LoginMethod.XOAUTH2


def _names_differ(cluster: Cluster, numbers: list[int]) -> bool:
    return len({agent.name for number in numbers if (agent := cluster.agents[number]).name}) > 1


def _odd_first(cluster: Cluster, setting: str, first: int, second: int) -> tuple[int, int]:
    """Two agents, the one first that has not what is usual in the cluster, or else the second."""
    usual = cluster.groups(setting)[-1].agents
    return (first, second) if second in usual else (second, first)


def _usual_words(cluster: Cluster, usual: tuple[int, ...]) -> str:
    if cluster.reference is not None:
        return cluster.agents[cluster.reference].label
    if len(usual) == 1:
        return cluster.agents[usual[0]].label
    return f"{len(usual)} of {len(cluster.senders)} agents"


def _told(value: Value | None) -> str:
    """A value in words."""
    if value is None:
        return "missing"
    if value.is_hidden:
        return "given"
    return f'"{value.text}"' if value.text else f"not set ({value.meaning})"


def _differing(setting: str, here: Value | None, there: Value | None, where: str) -> str:
    """In which way two values differ, the second of which is found somewhere else."""
    if here is not None and there is not None and here.is_hidden and there.is_hidden:
        return f"{setting} is another one here than on {where}"
    return f"{setting} is {_told(here)} here and {_told(there)} on {where}"
