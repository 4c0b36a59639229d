"""The worksheet of a cluster: what a person does, in the order of work."""

from __future__ import annotations

from datetime import date

import pytest

from migrator.checking import CheckSettings
from migrator.diagnostic import Severity
from migrator.migrations.migrating import migrate
from migrator.migrations.model import Goal
from migrator.migrations.report import report
from migrator.migrations.result import Item, Migration
from migrator.migrations.worksheet import Task, Worksheet, worksheet
from migrator.providers import providers
from migrator.reporters.migration import until
from migrator.rules.model import Circumstances
from tests.migrations.test_steps import version
from tests.rules.tables import AS_OF, section

MICROSOFT = {
    "Host": "smtp.office365.com",
    "LoginMethod": "AuthLoginMethod",
    "User": "noc@example.com",
    "Password": "canary+on+tulips",
    "From": "noc@example.com",
}
GOOGLE = {**MICROSOFT, "Host": "smtp.gmail.com"}
OAUTH: dict[str, str | None] = {
    **MICROSOFT,
    "LoginMethod": "XOAUTH2",
    "Password": None,
    "OAuthClientID": "7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10",
    "OAuthTokenEndpoint": "https://login.microsoftonline.com/example.com/oauth2/v2.0/token",
}
OTHER = "Other ways out"


def agent(number: int, **settings: str | None) -> tuple[str, str]:
    path = f"agents/{number}/DataMiner.xml"
    return path, f'<DataMiner id="{number}">\n{section(**settings)}\n</DataMiner>'


def sheet(
    *agents: tuple[str, str], to: str = "10.6.4", origin: str | None = None, as_of: date = AS_OF
) -> Worksheet | None:
    goal = Goal(version(to), as_of, None if origin is None else version(origin))
    migrations = [migrate(path, text.encode(), goal, CheckSettings()).migration for path, text in agents]
    return worksheet(migrations, goal)


def filled(*agents: tuple[str, str], **more: str) -> Worksheet:
    one = sheet(*agents, **more)  # type: ignore[arg-type] # texts are all that is given here
    assert one is not None
    assert "canary" not in repr(one)
    return one


def task(one: Worksheet, beginning: str) -> Task:
    (found,) = (task for task in one.tasks if task.title.startswith(beginning))
    return found


def words(one: Task) -> str:
    return " ".join(one.sentences)


@pytest.mark.parametrize(
    "agents",
    [
        [],
        [agent(1)],
        [agent(1, **OAUTH)],
        [agent(1, **{**GOOGLE, "Password": "abcd efgh ijkl mnop"})],
        [agent(1, HostPort="587-STARTTLS")],
    ],
)
def test_where_nothing_is_left_to_people_there_is_no_worksheet(agents: list[tuple[str, str]]) -> None:
    assert sheet(*agents) is None


@pytest.mark.parametrize("host", ["smtp.gmail.com:587", "smtp://smtp.gmail.com", " smtp.gmail.com "])
def test_the_host_for_cube_is_a_host_alone(host: str) -> None:
    fields = task(filled(agent(1, **{**GOOGLE, "Host": host, "HostPort": None})), "Fill in Cube's page").table

    assert dict(fields)["Host"] == "smtp.gmail.com"


def test_a_login_in_host_is_shown_nowhere() -> None:
    filled(agent(1, **{**GOOGLE, "Host": "noc:canary-two@smtp.gmail.com"}))


@pytest.mark.parametrize(
    ("host", "shown"),
    [("smtp.gmail.com:465", "smtp.gmail.com:465"), ("noc:canary-two@smtp.gmail.com", "••••")],
)
def test_what_differs_in_host_is_shown(host: str, shown: str) -> None:
    agents = agent(1, **GOOGLE), agent(2, **GOOGLE), agent(3, **{**GOOGLE, "Host": host})

    ((_, told),) = task(filled(*agents), "Look at the agents that differ").table

    assert told == f"Host {shown} (most: smtp.gmail.com)"


def test_files_that_cannot_be_migrated_come_first() -> None:
    broken = ("a.xml", "<SMTP><Host>")
    gone = Migration("gone.xml", failure="it does not exist")
    goal = Goal(version("10.6.4"), AS_OF)
    migrations = [
        *(migrate(path, text.encode(), goal, CheckSettings()).migration for path, text in (broken, agent(1))),
        gone,
    ]
    one = worksheet(migrations, goal)

    assert one is not None
    (mend,) = one.tasks
    assert mend.title == "Mend these files, and run this again"
    assert [name for name, _ in mend.table] == ["a.xml", "gone.xml"]
    assert mend.table[0][1].startswith("D001 at line 1: ")
    assert mend.table[1][1] == "it does not exist"
    with_work = filled(broken, agent(2, **MICROSOFT))
    assert with_work.tasks[0].title == mend.title


def test_a_file_that_could_be_read_and_not_be_written_counts() -> None:
    goal = Goal(version("10.6.4"), AS_OF)
    path, text = agent(1, **{**MICROSOFT, "HostPort": "587-STARTTLS"})
    fine = migrate(path, text.encode(), goal, CheckSettings()).migration
    one = fine._replace(failure="it is held open")
    gone = Migration("gone.xml", failure="it does not exist")

    sheets = [worksheet(migrations, goal) for migrations in ([one], [one, gone], [gone], [fine, gone])]

    assert [None if sheet is None else len(sheet.agents) for sheet in sheets] == [1, 1, 0, 1]
    said = [words(task(sheet, "Mend these files")) for sheet in sheets if sheet is not None]
    assert ["counts those that could be read" in sentence for sentence in said] == [True, True, False, False]
    assert ["does not count them" in sentence for sentence in said] == [False, False, True, True]


def test_the_order_of_work_at_microsoft() -> None:
    one = filled(agent(1, **MICROSOFT), agent(2, **MICROSOFT))

    assert one.title == "From passwords to OAuth 2.0 at Microsoft"
    assert one.agents == ("agents/1/DataMiner.xml", "agents/2/DataMiner.xml")
    assert [task.title for task in one.tasks] == [
        "Look at the agents that differ: Cube overwrites them",
        "Upgrade DataMiner, and Cube",
        "Register an application with the permission SMTP.Send in your Microsoft tenant",
        "Have SMTP AUTH enabled for noc@example.com",
        "Fill in Cube's page System Center > System settings > SMTP",
        'Click "Retrieve tokens", and log in as the user above',
        "Apply, which writes to all agents of the cluster, without a restart",
        'Click "Send test email"',
        "Whenever an agent is added, do this again",
        "Export again, lint and compare",
        OTHER,
    ]
    assert task(one, "Fill in").table == (
        ("Preset", "Microsoft OAuth 2.0"),
        ("Host", "smtp.office365.com"),
        ("Port", "587"),
        ("Connection security", "STARTTLS"),
        ("Authentication type", "XOAUTH2"),
        ("Tenant ID", "(yours)"),
        ("Application ID", "(yours)"),
        ("Username", "noc@example.com"),
        ("From", "noc@example.com"),
    )


def test_google_has_a_client_secret() -> None:
    one = filled(agent(1, **GOOGLE))

    assert "https://mail.google.com/" in words(task(one, "Register an OAuth client at Google"))
    fields = dict(task(one, "Fill in").table)
    assert fields["Client secret"] == "(yours)"
    assert "Tenant ID" not in fields
    assert one.deadline is None
    assert "app password" in words(task(one, OTHER))


def test_two_providers_are_a_choice() -> None:
    one = filled(agent(1, **MICROSOFT), agent(2, **GOOGLE))

    assert one.title == "From passwords to OAuth 2.0 at Google and Microsoft"
    assert "Google and at Microsoft" in words(task(one, "Choose one provider"))
    assert [task.title for task in one.tasks if "Register" in task.title] == [
        "Google: Register an OAuth client at Google",
        "Microsoft: Register an application with the permission SMTP.Send in your Microsoft tenant",
    ]


def test_two_mailboxes_are_a_choice() -> None:
    other = {**MICROSOFT, "User": "other@example.com"}
    one = filled(agent(1, **MICROSOFT), agent(2, **MICROSOFT), agent(3, **other))

    rows = task(one, "Choose the mailbox").table
    assert rows == (("noc@example.com", "2 agents"), ("other@example.com", "1 agent"))
    assert dict(task(one, "Fill in").table)["Username"] == "noc@example.com"
    without = task(filled(agent(1, **MICROSOFT), agent(2, **{**MICROSOFT, "User": ""})), "Choose the mailbox")
    assert without.table == (("noc@example.com", "1 agent"), ("(empty)", "1 agent"))


def test_what_goes_into_cube_is_that_of_the_chosen_mailbox() -> None:
    other = {**MICROSOFT, "User": "other@example.com", "From": "other@example.com"}
    without = agent(2, **{**MICROSOFT, "From": None})
    one = filled(agent(1, **MICROSOFT), without, agent(3, **other), agent(4, **other))

    fields = dict(task(one, "Fill in").table)
    assert task(one, "Choose the mailbox").table[0] == ("noc@example.com", "2 agents")
    assert (fields["Username"], fields["From"]) == ("noc@example.com", "noc@example.com")


def test_no_user_is_not_the_mailbox_to_choose() -> None:
    nobody = {**MICROSOFT, "User": ""}
    one = filled(agent(1, **nobody), agent(2, **nobody), agent(3, **MICROSOFT))

    rows = task(one, "Choose the mailbox").table
    assert rows == (("noc@example.com", "1 agent"), ("(empty)", "2 agents"))


def test_a_mailbox_that_is_spelled_otherwise_is_no_other_one() -> None:
    one = filled(agent(1, **MICROSOFT), agent(2, **{**MICROSOFT, "User": "noc@EXAMPLE.com"}))

    assert not [task for task in one.tasks if task.title.startswith("Choose the mailbox")]


def test_what_is_left_in_the_files_comes_first() -> None:
    choice = agent(2, HostPort="587-tls")
    clear = agent(3, HostPort="25", LoginMethod="AuthLoginMethod", User="a", Password="canary+on+tulips")

    alone = filled(choice, clear)
    both = filled(choice, clear, agent(1, **MICROSOFT))

    assert (alone.title, alone.agents, alone.deadline) == ("What is left to people", (), None)
    assert alone.undated == 0
    wait, settle = alone.tasks
    assert wait.sentences[0].startswith("1 change: each")
    ((name, said),) = settle.table
    assert name == "ID 3, agents/3/DataMiner.xml"
    assert said.startswith("line 5, SMTP/LoginMethod: AuthLoginMethod sends the password readable")
    assert "RFC 8314" in said
    assert both.tasks[:2] == alone.tasks
    assert both.agents == ("agents/1/DataMiner.xml",)


def test_what_has_no_place_in_the_section_is_told_with_what_it_has() -> None:
    path, text = agent(1)
    comment = text.replace("<SMTP>", "<SMTP><!-- dmsmtp: ignore[H299] -->")
    failed = Item("rule-crashed", "D007", Severity.ERROR, "H208 failed", "please report it")

    one = filled((path, comment))
    two = worksheet([Migration(path, manual=(failed,))], Goal(version("10.6.4"), AS_OF))

    ((_, said),) = task(one, "Settle in the files").table
    assert said == 'line 2: no rule has the code or name "H299": was H209 meant?'
    assert two is not None
    assert task(two, "Settle in the files").table == ((path, "H208 failed: please report it"),)


def test_secrets_that_one_variable_would_stand_for_are_kept_apart() -> None:
    pairs = (("a.yaml", "1"), ("b.yaml", "2"), ("c.yaml", "1"))
    migrations = [Migration(path, variables=(("DMSMTP_PASSWORD", mark),)) for path, mark in pairs]
    alike = worksheet(migrations[::2], Goal(version("10.6.4"), AS_OF))

    one = worksheet(migrations, Goal(version("10.6.4"), AS_OF))

    assert alike is None
    assert one is not None
    apart = task(one, "Keep apart the secrets that one variable stands for")
    assert apart.table == (
        ("DMSMTP_PASSWORD, value 1", "a.yaml; c.yaml"),
        ("DMSMTP_PASSWORD, value 2", "b.yaml"),
    )
    for sentence, begin in zip(
        apart.sentences, ("These files name one variable", "Set it to each", "Keep the values"), strict=True
    ):
        assert sentence.startswith(begin)


def test_what_most_agents_have_goes_into_cube() -> None:
    more = {
        **MICROSOFT,
        "Host": "smtp-legacy.office365.com",
        "From": "alarms@example.com",
        "Helo": "dma",
        "MaxSubjectLength": "80",
    }
    one = filled(agent(1, **MICROSOFT), agent(2, **more), agent(3, **more))

    fields = dict(task(one, "Fill in").table)
    assert fields["Host"] == "smtp-legacy.office365.com"
    assert fields["From"] == "alarms@example.com"
    assert fields["Helo"] == "dma"
    assert fields["Max Subject Length"] == "80"


def test_what_is_no_mail_address_does_not_go_into_cube() -> None:
    odd = {**MICROSOFT, "User": "CORP\\noc", "From": "NOC &lt;noc@example.com&gt;"}
    one = filled(agent(1, **odd))

    fields = dict(task(one, "Fill in").table)
    assert (fields["Username"], fields["From"]) == ("(yours)", "noc@example.com")
    assert task(one, "Have SMTP AUTH enabled for the mailbox")


def test_the_name_of_one_machine_is_not_told_to_be_entered_for_all() -> None:
    own = [agent(number, **MICROSOFT, Helo=f"dma{number}.example.com") for number in (1, 2)]
    same = agent(3, **MICROSOFT, Helo="DMA1.example.com")

    fields = dict(task(filled(*own, same, agent(4, **MICROSOFT)), "Fill in").table)
    assert fields["Helo"] == "(one for all agents, which have 2 different ones)"
    alone = dict(task(filled(own[0], same, agent(4, **MICROSOFT)), "Fill in").table)
    assert alone["Helo"] == "dma1.example.com"


@pytest.mark.parametrize(
    ("day", "left"), [(date(2026, 11, 23), 38), (date(2026, 12, 31), 0), (date(2027, 1, 5), -5)]
)
def test_the_deadline(day: date, left: int) -> None:
    one = sheet(agent(1, **MICROSOFT), as_of=day)

    assert one is not None
    assert (one.deadline, one.days_left) == (date(2026, 12, 31), left)


def test_the_first_of_two_deadlines_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    later = [one._replace(last_day=date(2027, 6, 30)) if one.name == "Gmail" else one for one in providers()]
    monkeypatch.setattr("migrator.migrations.worksheet.providers", lambda: later)

    assert filled(agent(1, **MICROSOFT), agent(2, **GOOGLE)).deadline == date(2026, 12, 31)
    assert filled(agent(2, **GOOGLE)).deadline == date(2027, 6, 30)


def test_where_passwords_are_turned_on_again_there_is_no_deadline() -> None:
    goal = Goal(version("10.6.4"), AS_OF)
    again = CheckSettings(circumstances=Circumstances(AS_OF, microsoft_basic_auth=True))
    path, text = agent(1, **MICROSOFT)

    one = worksheet([migrate(path, text.encode(), goal, again).migration], goal)

    assert one is not None
    assert (one.agents, one.deadline, one.days_left) == ((path,), None, None)
    assert "administrator has turned on again" in words(task(one, OTHER))
    assert "turns password logins on again" not in words(task(one, OTHER))
    assert "turns password logins on again" in words(task(filled((path, text)), OTHER))
    mild = CheckSettings(severities={"P501": Severity.INFO})  # which does not say that they are
    one = worksheet([migrate(path, text.encode(), goal, mild).migration], goal)
    assert one is not None
    assert one.deadline == date(2026, 12, 31)
    assert "turns password logins on again" in words(task(one, OTHER))


@pytest.mark.parametrize(
    ("other", "way"),
    [
        pytest.param(MICROSOFT, "turns password logins on again", id="not at another tenant"),
        pytest.param(GOOGLE, "administrator has turned on again", id="whatever agents at Google do"),
    ],
)
def test_passwords_are_turned_on_again_where_they_are_for_all_at_exchange(
    other: dict[str, str], way: str
) -> None:
    goal = Goal(version("10.6.4"), AS_OF)
    again = CheckSettings(circumstances=Circumstances(AS_OF, microsoft_basic_auth=True))
    agents = (agent(1, **MICROSOFT), again), (agent(2, **other), CheckSettings())

    one = worksheet(
        [migrate(path, text.encode(), goal, checks).migration for (path, text), checks in agents], goal
    )

    assert one is not None
    assert way in words(task(one, OTHER))


def test_where_the_tenant_takes_no_passwords_there_is_no_deadline() -> None:
    goal = Goal(version("10.6.4"), AS_OF)
    off = CheckSettings(circumstances=Circumstances(AS_OF, microsoft_basic_auth=False))
    path, text = agent(1, **MICROSOFT)

    one = worksheet([migrate(path, text.encode(), goal, off).migration], goal)

    assert one is not None
    assert (one.agents, one.deadline, one.undated) == ((path,), None, 1)
    assert "turns password logins on again" in words(task(one, OTHER))


def test_what_has_ended_has_no_deadline() -> None:
    one = filled(agent(1, **{**MICROSOFT, "User": "noc@outlook.com"}))

    assert one.deadline is None
    assert "administrator" not in words(task(one, OTHER))


def test_a_deadline_is_not_that_of_agents_that_have_none() -> None:
    ended = agent(3, **{**MICROSOFT, "User": "noc@outlook.com"})
    one = filled(agent(1, **MICROSOFT), agent(2, **GOOGLE), ended)

    assert (one.deadline, one.undated) == (date(2026, 12, 31), 2)
    assert until(one) == (
        "works by default until the end of 2026-12-31 (38 days left); for 2 agents it has ended, or may end "
        "on any day"
    )
    assert "2 agents" not in until(filled(agent(1, **MICROSOFT)))


def test_agents_that_differ_are_named_with_what_differs() -> None:
    usual = [agent(number, **MICROSOFT) for number in (1, 2, 3)]
    one = filled(
        *usual,
        agent(4, **{**MICROSOFT, "From": "dma4@example.com", "Helo": "dma4.example.com"}),
        agent(5),
        ("6/DataMiner.xml", '<DataMiner id="6"/>'),
    )

    table = dict(task(one, "Look at").table)
    assert table == {
        "ID 4, agents/4/DataMiner.xml": "From dma4@example.com (most: noc@example.com)",
        "ID 5, agents/5/DataMiner.xml": (
            "Host smtp.example.com (most: smtp.office365.com), "
            "LoginMethod NoLoginMethod (most: AuthLoginMethod), "
            "User (empty) (most: noc@example.com), "
            "From dma@example.com (most: noc@example.com)"
        ),
        "ID 6, 6/DataMiner.xml": "has no SMTP section, and gets one",
    }


def test_agents_that_all_have_a_section_may_differ() -> None:
    other = {**MICROSOFT, "From": "x@example.com", "MaxSubjectLength": "80"}
    one = filled(agent(1, **MICROSOFT), agent(2, **MICROSOFT), agent(3, **other))

    said = "From x@example.com (most: noc@example.com), MaxSubjectLength 80 (most: (empty))"
    assert task(one, "Look at").table == (("ID 3, agents/3/DataMiner.xml", said),)


def test_what_most_have_is_told_wherever_they_stand() -> None:
    without = ("1/DataMiner.xml", '<DataMiner id="1"/>')
    odd = agent(2, **{**MICROSOFT, "From": "x@example.com"})
    one = filled(without, odd, agent(3, **MICROSOFT), agent(4, **MICROSOFT))

    assert task(one, "Look at").table == (
        ("ID 1, 1/DataMiner.xml", "has no SMTP section, and gets one"),
        ("ID 2, agents/2/DataMiner.xml", "From x@example.com (most: noc@example.com)"),
    )


def test_an_agent_without_a_section_differs_from_the_only_other_one() -> None:
    one = filled(agent(1, **MICROSOFT), ("2/DataMiner.xml", '<DataMiner id="2"/>'))

    assert task(one, "Look at").table == (("ID 2, 2/DataMiner.xml", "has no SMTP section, and gets one"),)
    assert "Cube always writes the same settings" in words(task(one, "Look at"))


def test_agents_without_a_section_are_not_what_most_have() -> None:
    without = [(f"{number}/DataMiner.xml", f'<DataMiner id="{number}"/>') for number in (2, 3)]

    table = task(filled(agent(1, **MICROSOFT), *without), "Look at").table

    assert [name for name, _ in table] == ["ID 2, 2/DataMiner.xml", "ID 3, 3/DataMiner.xml"]


def test_what_is_spelled_otherwise_does_not_differ() -> None:
    one = filled(
        agent(1, **{**MICROSOFT, "HostPort": "587-STARTTLS", "LoginMethod": "LOGIN"}),
        agent(
            2,
            **{
                **MICROSOFT,
                "Helo": "dma2.example.com",
                "Host": "SMTP.Office365.com",
                "From": "noc@EXAMPLE.com",
            },
        ),
    )

    assert task(one, "Look at").table == ()
    helo = ", but for Helo, of which Cube writes one to all."
    assert f"all 2 have the same settings{helo}" in words(task(one, "Look at"))
    same = filled(*(agent(number, **MICROSOFT, Helo=name) for number, name in enumerate(("a", "A"))))
    assert "all 2 have the same settings." in words(task(same, "Look at"))


def test_a_failover_pair_is_told_by_its_id() -> None:
    pair = [agent(7, **MICROSOFT), ("7b.xml", agent(7, **MICROSOFT)[1])]
    other = [agent(8, **MICROSOFT), ("8b.xml", agent(8, **MICROSOFT)[1])]

    one, both = filled(*pair, other[0]), filled(*other, *pair)

    assert "Two files have the DataMiner ID 7: taken for a Failover pair" in words(task(one, "Look at"))
    assert "Two files have the DataMiner ID 7, 8: taken for" in words(task(both, "Look at"))
    assert "More than two files" not in words(task(both, "Look at"))


def test_more_than_two_files_of_one_id_are_no_pair() -> None:
    copies = [(f"{place}{number}.xml", agent(number, **MICROSOFT)[1]) for number in (8, 7) for place in "abc"]
    said = words(task(filled(*copies), "Look at"))

    assert "More than two files have the DataMiner ID 7, 8: some are copies, perhaps" in said
    assert "taken for a Failover pair" not in said


@pytest.mark.parametrize(
    ("origin", "title", "said"),
    [
        ("10.5.0 CU13", "Upgrades", "DataMiner 10.5.0 CU13 knows XOAUTH2"),
        ("10.5.0", "Upgrade DataMiner, and Cube", "upgrade all agents to 10.6.4 first"),
        ("10.5.12", "Upgrade DataMiner, and Cube", "DataMiner 10.5.12 does not know XOAUTH2"),
    ],
)
def test_what_must_be_upgraded_first(origin: str, title: str, said: str) -> None:
    one = filled(agent(1, **MICROSOFT), origin=origin)

    assert said in words(task(one, title))
    assert "Cube" in words(task(one, title))


def test_a_file_that_cannot_be_read_is_no_agent_to_upgrade() -> None:
    one = filled(agent(1, **MICROSOFT), ("broken.xml", "<SMTP>"))

    upgrade = task(one, "Upgrade DataMiner")
    assert "look it up in System Center for all agents" in words(upgrade)
    assert upgrade.table == ()


def test_an_agent_with_oauth_is_new_enough() -> None:
    one = filled(agent(1, **MICROSOFT), agent(2, **OAUTH), agent(3, LoginMethod="Auto"))

    assert task(one, "Upgrade DataMiner").table == (
        ("ID 1, agents/1/DataMiner.xml", ""),
        ("ID 3, agents/3/DataMiner.xml", ""),
    )


@pytest.mark.parametrize("origin", [None, "10.5.0"])
@pytest.mark.parametrize(
    ("count", "who"), [(1, "The file shows that the agent knows"), (2, "The files show that all agents know")]
)
def test_agents_that_all_have_oauth_need_no_upgrade(count: int, who: str, origin: str | None) -> None:
    former = {**MICROSOFT, "OAuthClientID": str(OAUTH["OAuthClientID"])}
    one = sheet(*(agent(number, **former) for number in range(count)), origin=origin)

    assert one is not None
    assert f"{who} XOAUTH2." in words(task(one, "Upgrade"))


@pytest.mark.parametrize("to", ["10.5.0 CU12", "10.6.0", "10.6.3", "10.4.0"])
def test_where_there_is_no_oauth_the_other_ways_remain(to: str) -> None:
    one = filled(agent(1, **MICROSOFT), agent(2, **GOOGLE), to=to)

    assert one.title == f"Passwords end at Google and Microsoft, and DataMiner {to} knows no OAuth 2.0"
    assert [task.title for task in one.tasks] == [OTHER]
    said = words(one.tasks[0])
    for way in ("turns password logins on again", "relay connector", "app password", "relay of your own"):
        assert way in said
    assert [name for name, _ in one.tasks[0].table] == [
        "ID 1, agents/1/DataMiner.xml",
        "ID 2, agents/2/DataMiner.xml",
    ]


def test_where_a_file_comes_from_is_given_or_derived() -> None:
    goal = Goal(version("10.6.4"), AS_OF)
    migrations = [
        migrate(path, text.encode(), goal, CheckSettings()).migration
        for path, text in (agent(1), agent(2, **OAUTH), agent(3, LoginMethod="Auto"))
    ]
    told = report(migrations, goal, is_written=False)
    bounds = "main release 10.5.0 CU13, main release 10.6.0 CU1, feature release 10.6.4"

    assert [told.origin(one) for one in migrations] == [
        "from a version that nothing in the file tells",
        f"from a version that the file tells: at least {bounds}",
        "from a version that the file tells: at least version 5.0",
    ]
    given = report(migrations, goal._replace(origin=version("10.5.0")), is_written=False)
    assert [given.origin(one) for one in migrations] == [
        "from DataMiner 10.5.0",
        f"from DataMiner 10.5.0 by --from, but the file tells another version: at least {bounds}",
        "from DataMiner 10.5.0",
    ]
