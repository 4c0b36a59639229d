"""What a person has to do in a cluster, in the order of work: OAuth 2.0 is set up in Cube alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from migrator.agents import OF_A_PAIR
from migrator.migrations.agent_facts import SHARED
from migrator.migrations.variables import disputed
from migrator.providers import PasswordStatus, providers
from migrator.tuples import NamedTuple
from migrator.values.login_method import oauth_since
from migrator.values.mail_address import parse_mail_address
from migrator.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from migrator.migrations.agent_facts import AgentFacts
    from migrator.migrations.model import Goal
    from migrator.migrations.result import Item, Migration
    from migrator.providers import Provider

_PASSWORD_STEPS = frozenset({"password-login", "password-login-without-oauth"})
_EMPTY, _YOURS = "(empty)", "(yours)"


class Task(NamedTuple):
    """Something that a person does: what, in sentences, and a table of names and values, if it has one."""

    title: str
    sentences: tuple[str, ...] = ()
    table: tuple[tuple[str, str], ...] = ()


class Worksheet(NamedTuple):
    """The tasks of a cluster in the order of work.

    `agents` are the paths of the files whose agents log in with a password where that ends; `deadline` is the
    last day on which that works by default, None where it is not known; `days_left` are counted to it from
    the day of the report, below 0 where it is over. For `undated` of these agents there is no such day.
    """

    title: str
    deadline: date | None
    days_left: int | None
    agents: tuple[str, ...]
    tasks: tuple[Task, ...]
    undated: int = 0


class _Concerned(NamedTuple):
    """An agent that logs in with a password where that ends, what was found of it, who gives out tokens."""

    migration: Migration
    agent: AgentFacts
    item: Item
    provider: Provider
    issuer: str


def worksheet(migrations: Sequence[Migration], goal: Goal) -> Worksheet | None:
    """The worksheet for the files of one cluster; None where nothing is left to people."""
    by_hand = list(_by_hand(migrations))
    concerned = list(_concerned(migrations))
    if not concerned:
        return Worksheet("What is left to people", None, None, (), tuple(by_hand)) if by_hand else None
    places = " and ".join(sorted({one.issuer for one in concerned}))
    has_oauth = oauth_since().includes(goal.target)
    tasks = list(_through_cube(migrations, concerned, goal)) if has_oauth else []
    days = [
        one.provider.last_day
        for one in concerned
        if one.provider.last_day is not None and one.migration.microsoft_basic_auth is None
    ]
    deadline = min(days, default=None)
    return Worksheet(
        f"From passwords to OAuth 2.0 at {places}"
        if has_oauth
        else f"Passwords end at {places}, and DataMiner {goal.target} knows no OAuth 2.0",
        deadline,
        None if deadline is None else (deadline - goal.as_of).days,
        tuple(one.migration.path for one in concerned),
        (*by_hand, *tasks, _other_ways(concerned, is_only=not has_oauth)),
        len(concerned) - len(days),
    )


def _by_hand(migrations: Sequence[Migration]) -> Iterator[Task]:
    """What else a person has to settle in the files, those first of which nothing else is known."""
    failed = tuple((label(one), reason) for one in migrations if (reason := one.reason) is not None)
    if failed:
        is_any_read = any(one.reason is not None and one.agent is not None for one in migrations)
        yield Task(
            "Mend these files, and run this again",
            (
                "Nothing of them was migrated; what follows counts those that could be read, as planned."
                if is_any_read
                else "Nothing of them was migrated, and what follows does not count them.",
            ),
            failed,
        )
    waiting = sum(len(one.waiting) for one in migrations)
    if waiting:
        yield Task(
            "Look at the changes that wait, and make them",
            (
                f"{counted(waiting, 'change')}: each is a choice, or may change what a file means.",
                "Run this again with --write --unsafe-fixes; an ignore comment in a file keeps one out.",
            ),
        )
    shared = disputed(migrations)
    if shared:
        yield Task(
            "Keep apart the secrets that one variable stands for",
            (
                "These files name one variable for secrets that differ: its value would go into all of them.",
                "Set it to each value in turn, for the files of that value alone, or write other names.",
                "Keep the values in a password safe: once written, the files hold them no longer.",
            ),
            tuple(
                (f"{variable}, value {number}", "; ".join(map(label, same)))
                for variable, values in shared.items()
                for number, same in enumerate(values, 1)
            ),
        )
    rows = tuple(
        (label(one), f"{_where(item)}{item.message}: {item.help}")
        for one in migrations
        for item in one.manual
        if item.step not in _PASSWORD_STEPS
    )
    if rows:
        yield Task("Settle in the files what no program can", (), rows)


def _where(item: Item) -> str:
    """The place of an item; a comment has a line alone, and a rule that failed nothing."""
    line = None if item.line is None else f"line {item.line}"
    place = ", ".join(filter(None, (line, item.place)))
    return f"{place}: " if place else ""


def label(one: Migration) -> str:
    """How the agent of a file is called: by its name where it has one, and its path."""
    name = None if one.agent is None else one.agent.name
    return one.path if name is None else f"{name}, {one.path}"


def _concerned(migrations: Sequence[Migration]) -> Iterator[_Concerned]:
    known = {one.name: (one, one.issuer.name) for one in providers() if one.issuer is not None}
    for one in migrations:
        item = next((item for item in one.manual if item.step in _PASSWORD_STEPS), None)
        if item is not None and one.agent is not None and one.agent.provider in known:
            yield _Concerned(one, one.agent, item, *known[one.agent.provider])


def _through_cube(migrations: Sequence[Migration], concerned: list[_Concerned], goal: Goal) -> Iterator[Task]:
    yield _differences(migrations)
    yield _upgrades(migrations, goal)
    by_issuer: dict[str, list[_Concerned]] = {}
    for one in concerned:
        by_issuer.setdefault(one.issuer, []).append(one)
    if len(by_issuer) > 1:
        yield Task(
            "Choose one provider",
            (
                f"Agents of this cluster log in at {' and at '.join(sorted(by_issuer))}.",
                "Cube writes one configuration to all agents: choose whose mailbox the cluster sends from.",
                "Do what follows for that one. An agent that must stay with another needs a relay of yours.",
            ),
        )
    for issuer, some in sorted(by_issuer.items()):
        lead = f"{issuer}: " if len(by_issuer) > 1 else ""
        for task in _at_provider(issuer, some):
            yield task._replace(title=f"{lead}{task.title}")
    yield Task(
        "Export again, lint and compare",
        (
            "Copy DataMiner.xml of every agent again: Cube has written to all of them.",
            (
                f'`dmsmtp lint --target-version "{goal.target}" PATH…` finds no P501, P502 or V801 any '
                "more, and `dmsmtp compare PATH…` no agent that differs."
            ),
        ),
    )


def _differences(migrations: Sequence[Migration]) -> Task:
    """Which agents are not like most, and what Cube will overwrite there."""
    agents = [(one, one.agent) for one in migrations if one.agent is not None]
    with_section = [agent for _, agent in agents if agent.has_section]
    groups = Counter(agent.meant for agent in with_section)
    title = "Look at the agents that differ: Cube overwrites them"
    pair = _pairs([agent for _, agent in agents])
    if len(groups) == 1 and len(with_section) == len(agents):
        is_own = len({agent.get("Helo").lower() for agent in with_section}) > 1
        helo = ", but for Helo, of which Cube writes one to all" if is_own else ""
        sentence = (
            f"None: all {len(agents)} have the same settings{helo}." if len(agents) > 1 else "One agent only."
        )
        return Task(title, (sentence, *pair))
    usual = groups.most_common()[0][0] if groups else ()
    rows = []
    for one, agent in agents:
        if not agent.has_section:
            rows.append((label(one), "has no SMTP section, and gets one"))
        elif agent.meant != usual:
            like = next(other for other in with_section if other.meant == usual)
            told = [
                f"{name} {agent.get(name) or _EMPTY} (most: {like.get(name) or _EMPTY})"
                for name, own, most in zip(SHARED, agent.meant, usual, strict=True)
                if own != most
            ]
            rows.append((label(one), ", ".join(told)))
    return Task(
        title,
        (
            (
                "Cube always writes the same settings to all agents of the cluster. What these have of "
                "their own is lost then: keep a copy of their files, and find out whether somebody relies "
                "on it. Only by hand in DataMiner.xml, or with the SLNetClientTest tool, has an agent "
                "other settings than the rest."
            ),
            *pair,
        ),
        tuple(rows),
    )


def _pairs(agents: Sequence[AgentFacts]) -> tuple[str, ...]:
    counts = Counter(agent.identity for agent in agents if agent.identity)
    pairs = sorted(identity for identity, number in counts.items() if number == OF_A_PAIR)
    copies = sorted(identity for identity, number in counts.items() if number > OF_A_PAIR)
    told = []
    if pairs:
        told.append(
            f"Two files have the DataMiner ID {', '.join(pairs)}: taken for a Failover pair, whose two "
            "agents must be configured alike."
        )
    if copies:
        told.append(
            f"More than two files have the DataMiner ID {', '.join(copies)}: some are copies, perhaps, as an "
            "ID belongs to one agent, or to the two of a Failover pair."
        )
    return tuple(told)


def _upgrades(migrations: Sequence[Migration], goal: Goal) -> Task:
    """What has to be newer first."""
    oauth = oauth_since()
    needed = f"XOAUTH2 and its page in Cube came with {oauth}; feature releases below that do not know it."
    cube = "Update Cube, too: its SMTP page must be there."
    if goal.origin is not None and oauth.includes(goal.origin):
        return Task("Upgrades", (f"DataMiner {goal.origin} knows XOAUTH2. {needed}", cube))
    agents = [(one, one.agent) for one in migrations if one.agent is not None]
    unknown = [one for one, agent in agents if not _has_oauth(agent)]
    if not unknown:
        show = (
            "The file shows that the agent knows"
            if len(agents) == 1
            else "The files show that all agents know"
        )
        return Task("Upgrades", (f"{show} XOAUTH2. {needed}", cube))
    which = "all agents" if len(unknown) == len(agents) else "these agents"
    first = (
        f"DataMiner {goal.origin} does not know XOAUTH2: upgrade {which} to {goal.target} first."
        if goal.origin is not None
        else f"Which version an agent has does not stand in its file: look it up in System Center for "
        f"{which}, and upgrade what is older to {goal.target}. --from tells it to dmsmtp."
    )
    rows = () if len(unknown) == len(agents) else tuple((label(one), "") for one in unknown)
    return Task("Upgrade DataMiner, and Cube", (first, needed, cube), rows)


def _at_provider(issuer: str, some: list[_Concerned]) -> Iterator[Task]:
    """What is done at the provider and in Cube, with what most agents of the chosen mailbox have now."""
    mailboxes = _by_mailbox(some)
    chosen = mailboxes[0]

    def most(name: str) -> str:
        return _most(one.agent.get(name) for one in chosen)

    if len(mailboxes) > 1:
        rows = tuple((one[0].agent.get("User") or _EMPTY, counted(len(one), "agent")) for one in mailboxes)
        yield Task(
            "Choose the mailbox",
            ("Cube keeps one login for the whole cluster. What follows is for the first of these.",),
            rows,
        )
    from migrator.conversion.presets import Answers, Preset
    from migrator.conversion.presets import worksheet as in_cube

    answers = Answers(
        host=_most(one.agent.server for one in chosen),
        user=_address(most("User")),
        sender=_address(most("From")),
        helo=_helo(some),
        max_subject_length=most("MaxSubjectLength"),
    )
    _about_versions, *steps = in_cube(Preset(issuer.lower()), answers)  # those are told agent by agent
    for step in steps:
        yield Task(step.what, step.details, tuple((one.name, one.value or _YOURS) for one in step.fields))


def _most(values: Iterable[str]) -> str:
    """The value that is there most often; empty where there is none."""
    found = Counter(filter(None, values)).most_common(1)
    return found[0][0] if found else ""


def _address(text: str) -> str:
    """The mail address in a value, as Cube's page wants it; empty where there is none."""
    address = parse_mail_address(text).value
    return "" if address is None else str(address)


def _by_mailbox(some: list[_Concerned]) -> list[list[_Concerned]]:
    """The agents that log in as the same user together, most first; no user is nobody's mailbox, and last."""
    found: dict[str, list[_Concerned]] = {}
    for one in some:
        found.setdefault(one.agent.meant[SHARED.index("User")], []).append(one)
    return [found[user] for user in sorted(found, key=lambda user: (not user, -len(found[user])))]


def _helo(some: list[_Concerned]) -> str:
    """What all agents have as Helo; it is each machine's own name, and Cube's page has one for all."""
    values = [value for one in some if (value := one.agent.get("Helo"))]
    number = len({value.lower() for value in values})
    if number > 1:
        return f"(one for all agents, which have {number} different ones)"
    return values[0] if values else ""


def _other_ways(concerned: list[_Concerned], *, is_only: bool) -> Task:
    """What is left to agents that cannot have XOAUTH2."""
    ways = []
    statuses = {one.provider.passwords for one in concerned}
    if PasswordStatus.ENDING in statuses:
        ending = [one.migration for one in concerned if one.provider.passwords is PasswordStatus.ENDING]
        ways += [
            "Exchange Online: password logins, which the tenant's administrator has turned on again, for now."
            if all(one.microsoft_basic_auth for one in ending)
            else (
                "Exchange Online: the tenant's administrator turns password logins on again, for now; "
                '`microsoft-basic-auth = "enabled"` in dmsmtp.toml tells it to dmsmtp.'
            ),
            (
                "Exchange Online: mail goes out on port 25 without a login, through a relay connector, or "
                "by direct send to recipients of the tenant (Host ….mail.protection.outlook.com, HostPort "
                "25-starttls, NoLoginMethod)."
            ),
        ]
    if PasswordStatus.APP in statuses:
        ways.append(
            "Google: an app password of 16 letters, which needs 2-step verification and may be forbidden "
            "by an administrator."
        )
    ways.append("A relay of your own, to which the agents send without the provider's login.")
    rows = tuple((label(one.migration), one.item.message) for one in concerned) if is_only else ()
    first = (
        f"These agents log in with a password. OAuth 2.0 came with {oauth_since()}; without it there remain:"
        if is_only
        else "For agents that cannot be upgraded there remain, by hand in each DataMiner.xml; Cube must not "
        "be used for SMTP then, as it writes to all agents:"
    )
    return Task("Other ways out", (first, *ways), rows)


def _has_oauth(agent: AgentFacts) -> bool:
    """Whether something in the file of an agent tells that its version knows OAuth 2.0."""
    return agent.oldest == oauth_since()
