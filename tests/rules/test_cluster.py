"""C rules: what is found on agents side by side, and the examples of their pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from migrator.cluster.comparing import findings
from migrator.cluster.topology import Declared
from migrator.rules import CLUSTER_RULES
from migrator.rules.pages import page
from tests.cli.running import dmsmtp
from tests.cluster.clusters import NONE, OTHER_REFERENCE, REFERENCE, cluster, found

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from migrator.agents import Cluster
    from migrator.rules.model import AgentFinding, Rule

each_rule = pytest.mark.parametrize("rule", CLUSTER_RULES, ids=lambda rule: rule.code)
PLAIN, OTHER_PLAIN = "frost+on+tulips", "rain+on+roses"
SAME: dict[str, str | None] = {}
Told = tuple[int, str, str, tuple[int, str | None]]
PAIR = Declared(pairs=(("DMA-0", "DMA-1"),))


def of(code: str, *agents: Mapping[str, str | None], declared: Declared | None = None) -> list[object]:
    return [rest for one, *rest in found(cluster(*agents, declared=declared)) if one == code]


@pytest.mark.parametrize(
    ("setting", "usual", "odd"),
    [
        ("Host", "smtp.example.com", "smtp2.example.com"),
        ("Host", "192.0.2.1", "192.0.2.2"),
        ("Host", "relay", "relay."),
        ("HostPort", "587-starttls", "587"),
        ("HostPort", "465", "465-starttls"),
        ("HostPort", "465", "465-nossl"),
        ("HostPort", "587-starttls", None),
        ("HostPort", "25", ""),
        ("LoginMethod", "NoLoginMethod", "Auto"),
        ("LoginMethod", "NoLoginMethod", None),
        ("User", "dma@example.com", "DMA@example.com"),
        ("User", "dma", "DMA"),
        ("User", "dma@example.com", None),
        ("User", None, "dma@example.com"),
        ("Password", PLAIN, OTHER_PLAIN),
        ("Password", PLAIN, f"{PLAIN} "),
        ("Password", PLAIN, None),
        ("Password", None, PLAIN),
        ("Password", REFERENCE, None),
        ("OAuthClientID", "abc", "ABC"),
        ("OAuthTokenEndpoint", "https://a.example.com/token", "https://a.example.com/Token"),
        ("OAuthConfigData", "a", "b"),
        ("MaxSubjectLength", "78", "79"),
        ("MaxSubjectLength", None, "0"),
        ("From", "dma@example.com", "DMA@example.com"),
        ("From", "dma@example.com", None),
    ],
)
def test_a_setting_that_differs(setting: str, usual: str | None, odd: str | None) -> None:
    assert of("C901", {setting: usual}, {setting: odd}, {setting: usual}) == [[1, setting, "warning"]]
    assert of("C902", {setting: usual}, {setting: odd}, declared=PAIR) == [[1, setting, "error"]]


@pytest.mark.parametrize(
    ("setting", "usual", "other"),
    [
        ("Host", "smtp.example.com", "SMTP.Example.com"),
        ("Host", "smtp.example.com", "smtp.example.com."),
        ("Host", "smtp.example.com", " smtp.example.com\n"),
        ("Host", "2001:db8::1", "2001:0DB8:0::1"),
        ("HostPort", "465", "465-ssl"),
        ("HostPort", "25", None),
        ("HostPort", "25", "25-nossl"),
        ("HostPort", "587-starttls", "0587-STARTTLS"),
        ("LoginMethod", "NoLoginMethod", "nologinmethod"),
        ("LoginMethod", "AuthLoginMethod", "LOGIN"),
        ("User", None, ""),
        ("User", "dma@example.com", "dma@EXAMPLE.com"),
        ("Password", PLAIN, PLAIN),
        ("Password", REFERENCE, OTHER_REFERENCE),
        ("Password", REFERENCE, PLAIN),
        ("Password", PLAIN, REFERENCE),
        ("OAuthClientID", REFERENCE, REFERENCE.upper()),
        ("OAuthTokenEndpoint", "https://a.example.com/token", "HTTPS://A.example.com/token"),
        ("MaxSubjectLength", "78", "078"),
        ("From", "dma@example.com", "dma@Example.COM"),
    ],
)
def test_what_means_the_same_or_cannot_be_compared(
    setting: str, usual: str | None, other: str | None
) -> None:
    assert of("C901", {setting: usual}, {setting: other}, {setting: usual}) == []
    assert of("C902", {setting: usual}, {setting: other}, declared=PAIR) == []


def test_each_machine_has_its_own_helo() -> None:
    own, other = {"Helo": "a.example.com"}, {"Helo": "b.example.com"}

    assert of("C901", own, own, other) == []
    assert of("C902", own, other, declared=PAIR) == [[1, "Helo", "info"]]
    assert of("C902", own, {"Helo": "A.example.com"}, declared=PAIR) == []


def test_what_most_agents_have_is_usual() -> None:
    a, b, c = ({"From": f"{name}@example.com"} for name in "abc")

    assert of("C901", a, b, b) == [[0, "From", "warning"]]
    assert of("C901", a, b) == [[1, "From", "warning"]]
    assert of("C901", a, a, b, b, c) == [[number, "From", "warning"] for number in (4, 2, 3)]
    assert of("C901", a, b, b, declared=Declared(reference="DMA-0")) == [
        [1, "From", "warning"],
        [2, "From", "warning"],
    ]


def test_an_agent_alone_differs_from_none() -> None:
    assert found(cluster(SAME)) == []
    assert found(cluster()) == []
    assert found(cluster(NONE, NONE)) == []


def test_the_odd_one_of_a_pair_is_named() -> None:
    odd = {"From": "dma@example.com"}

    assert of("C902", odd, SAME, SAME, declared=PAIR) == [[0, "From", "error"]]
    assert of("C902", SAME, odd, SAME, declared=PAIR) == [[1, "From", "error"]]
    assert of("C902", odd, {"From": "b@example.com"}, SAME, declared=PAIR) == [[1, "From", "error"]]
    assert of("C902", odd, {"From": "b@example.com"}, SAME, SAME, declared=PAIR) == [[1, "From", "error"]]


def test_a_section_that_one_of_a_pair_lacks() -> None:
    both = found(cluster(SAME, NONE, SAME, declared=PAIR))

    assert both == [("C902", 1, None, "error")]
    assert found(cluster(SAME, {"Host": None}, declared=PAIR)) == [("C902", 1, None, "error")]
    assert found(cluster(NONE, SAME, declared=PAIR)) == [("C902", 0, None, "error")]
    assert of("C902", NONE, NONE, SAME, declared=PAIR) == []


def test_an_agent_that_cannot_send() -> None:
    assert found(cluster(SAME, NONE)) == [("C904", 1, None, "warning")]
    assert found(cluster({"Host": ""}, SAME)) == [("C904", 0, None, "warning")]
    assert of("C904", NONE, NONE, SAME, declared=PAIR) == [[0, None, "warning"], [1, None, "warning"]]
    assert of("C904", NONE, NONE) == []
    assert of("C901", {"Host": None, "From": "a@example.com"}, SAME, SAME) == []


@pytest.mark.parametrize(
    ("agents", "expected"),
    [
        ([{"id": "7"}, {"id": "8"}], []),
        ([{"id": "7", "name": "A"}, {"id": "7", "name": "A"}], []),
        ([{"id": "7", "name": "A"}, {"id": "7", "name": None}], []),
        ([{"id": None, "name": "A"}, {"id": None, "name": "B"}], []),
        ([{"id": "7", "name": "A"}, {"id": "7", "name": "B"}], [1]),
        ([{"id": "8"}, {"id": "7", "name": "A"}, {"id": "7", "name": "B"}], [2]),
        ([{"id": "7", "name": "A"}] * 3, [1, 2]),
        ([{"id": "7"}, {"id": "8"}, {"id": "7", "name": "B"}, {"id": "7"}], [2, 3]),
    ],
)
def test_files_with_one_id(agents: list[Mapping[str, str | None]], expected: list[int]) -> None:
    assert of("C903", *agents) == [[number, None, "warning"] for number in expected]


def test_a_declared_pair_may_have_two_names() -> None:
    agents = {"id": "7", "name": "A"}, {"id": "7", "name": "B"}

    assert of("C903", *agents, declared=Declared(pairs=(("A", "B"),))) == []


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (("A", "B"), [(2, "A (ID 7) is one of the declared Failover pair")]),
        (("B", "C"), [(0, "B (ID 7) is one of the declared Failover pair")]),
        (("C", "A"), [(1, "A (ID 7) is one of the declared Failover pair")]),
        (None, [(1, "A (ID 7) is the first"), (2, "A (ID 7) is the first")]),
        (("A", "D"), [(1, "A (ID 7) is the first"), (2, "A (ID 7) is the first")]),
    ],
)
def test_a_copy_beside_a_declared_pair(pair: tuple[str, str] | None, expected: list[tuple[int, str]]) -> None:
    agents = [{"id": "7", "name": name} for name in ("A", "B", "C")] + [{"id": "8", "name": "D"}]
    declared = None if pair is None else Declared(pairs=(pair,))
    said = [
        (one.agent, one.message.removeprefix("3 files have the DataMiner ID 7, and "))
        for code, one in findings(cluster(*agents, declared=declared))
        if code == "C903"
    ]
    assert said == expected


def test_a_rule_that_fails_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_cluster: Cluster) -> list[AgentFinding]:
        raise ValueError("frost+on+tulips")

    broken = [one._replace(check_cluster=fail) if one.code == "C901" else one for one in CLUSTER_RULES]
    monkeypatch.setattr("migrator.cluster.comparing.CLUSTER_RULES", broken)
    (crashed, alone) = findings(cluster({"Host": "a.example.com"}, NONE))

    assert (crashed.code, crashed.finding.agent, alone.code) == ("D007", 0, "C904")
    assert crashed.finding.message.startswith("the rule C901 (agents-differ) failed with ValueError")
    assert "tulips" not in str(crashed)


@pytest.mark.parametrize("setting", ["Password", "OAuthClientSecret"])
def test_a_reference_that_was_copied(setting: str) -> None:
    own, other = {setting: REFERENCE}, {setting: OTHER_REFERENCE}

    assert of("C905", own, other) == []
    assert of("C905", {setting: PLAIN}, {setting: PLAIN}) == []
    assert of("C905", own, other, own, own) == [[2, setting, "warning"], [3, setting, "warning"]]
    assert of("C905", own, own, declared=PAIR) == [[1, setting, "info"]]
    assert of("C905", own, own, own, declared=PAIR) == [[1, setting, "info"], [2, setting, "warning"]]
    assert of("C905", {"Password": REFERENCE}, {"OAuthClientSecret": REFERENCE}) == []


MESSAGES = [
    ("C901", 1, 'From is "b@example.com" here and "a@example.com" on 2 of 3 agents', "From"),
    ("C901", 1, "Password is another one here than on 2 of 3 agents", "Password"),
    ("C901", 1, "OAuthClientSecret is missing here and given on 2 of 3 agents", "OAuthClientSecret"),
    ("C901", 1, 'HostPort is not set (25, clear text) here and "587-starttls" on 2 of 3 agents', "HostPort"),
]


def test_messages_say_what_and_show_no_secret() -> None:
    usual: dict[str, str | None] = {"From": "a@example.com", "Password": PLAIN, "OAuthClientSecret": PLAIN}
    odd: dict[str, str | None] = {"From": "b@example.com", "Password": OTHER_PLAIN, "HostPort": None}
    told = [(code, one.agent, one.message, one.setting) for code, one in findings(cluster(usual, odd, usual))]

    assert sorted(told) == sorted(MESSAGES)


def told(code: str, *agents: Mapping[str, str | None] | str, declared: Declared | None = None) -> list[Told]:
    """What a rule says: of which agent, in which words, what to do, and the other place it points at."""
    return [
        (one.agent, one.message, one.help, one.related[0][:2])
        for found_code, one in findings(cluster(*agents, declared=declared))
        if found_code == code
    ]


A, B, C = ({"From": f"{name}@example.com"} for name in "abc")
BROKEN = '<DataMiner id="1">'
TWO_PAIRS = Declared(pairs=(("a0", "a1"), ("a2", "a3")))


@pytest.mark.parametrize(
    ("agents", "reference", "expected"),
    [
        ((A, B), None, [(1, "DMA-0 (ID 0)", 0)]),
        ((B, A, A), None, [(0, "2 of 3 agents", 1)]),
        ((NONE, A, B, B), None, [(1, "2 of 3 agents", 2)]),  # of those that can send mail
        ((A, B, B), "DMA-0", [(1, "DMA-0 (ID 0)", 0), (2, "DMA-0 (ID 0)", 0)]),
        ((A, A, B), "DMA-1", [(2, "DMA-1 (ID 1)", 1)]),
        ((A, B, B, C), "DMA-3", [(0, "DMA-3 (ID 3)", 3), (1, "DMA-3 (ID 3)", 3), (2, "DMA-3 (ID 3)", 3)]),
    ],
)
def test_with_whom_an_agent_is_compared(
    agents: tuple[Mapping[str, str | None], ...],
    reference: str | None,
    expected: list[tuple[int, str, int]],
) -> None:
    found = told("C901", *agents, declared=Declared(reference=reference))

    assert [
        (agent, message.rpartition(" on ")[2], other) for agent, message, _, (other, _) in found
    ] == expected
    assert {setting for *_, (_, setting) in found} == {"From"}


@pytest.mark.parametrize(
    ("usual", "odd", "is_for_cube"),
    [
        ({}, {"Host": "smtp2.example.com"}, False),
        ({}, {"LoginMethod": "XOAUTH2"}, False),  # the others may be meant to have what most have
        ({}, {"OAuthClientID": "abc"}, True),
        ({"LoginMethod": "XOAUTH2"}, {"LoginMethod": "XOAUTH2", "Host": "smtp2.example.com"}, True),
        ({}, NONE, False),
        ({"LoginMethod": "XOAUTH2"}, NONE, True),
    ],
)
def test_nobody_is_sent_to_apply_for_what_cube_alone_sets_up(
    usual: Mapping[str, str | None], odd: Mapping[str, str | None], is_for_cube: bool
) -> None:
    (told,) = (finding.help for _, finding in findings(cluster(usual, usual, odd)))

    assert ("`dmsmtp apply`" in (told or "")) is not is_for_cube
    asked = "client secret again there where there is one, retrieve tokens"  # Microsoft's preset has none
    assert ("Cube, which alone" in told or asked in told) is is_for_cube


def test_the_value_that_is_said_is_that_of_the_agent_to_compare_with() -> None:
    agents = {"HostPort": "465-ssl"}, {"HostPort": "465"}, {"HostPort": "587"}
    ((_, message, _, other),) = told("C901", *agents, declared=Declared(reference="DMA-1"))

    assert message == 'HostPort is "587" here and "465" on DMA-1 (ID 1)'
    assert other == (1, "HostPort")


def test_a_reference_that_cannot_be_compared_hides_no_other_secret() -> None:
    reference, usual, odd = {"Password": REFERENCE}, {"Password": PLAIN}, {"Password": OTHER_PLAIN}

    assert of("C901", reference, odd, usual, usual, usual) == [[1, "Password", "warning"]]


def test_all_settings_that_differ_are_said() -> None:
    odd = {"Host": "a.example.com", "Helo": "a.example.com", "MaxSubjectLength": "9", "From": "a@example.com"}
    settings = [[1, "Host", "warning"], [1, "MaxSubjectLength", "warning"], [1, "From", "warning"]]

    assert of("C901", SAME, odd, SAME) == settings
    assert [other[1] for *_, other in told("C902", SAME, odd, declared=PAIR)] == [*odd]


@pytest.mark.parametrize(
    ("agents", "expected"),
    [
        ((A, B, SAME), [(1, "From", 0, "From")]),
        ((A, B, B), [(0, "From", 1, "From")]),
        ((NONE, A), [(0, "has no SMTP section", 1, None)]),
        ((A, {"Host": None}), [(1, "names no Host", 0, None)]),
        ((A, {"Host": ""}, B), [(1, "names no Host", 0, None)]),
        ((A, BROKEN), []),
        ((BROKEN, A), []),
        ((NONE, NONE), []),
        ((NONE, {"Host": None}), []),
    ],
)
def test_what_is_said_of_a_pair(
    agents: tuple[Mapping[str, str | None] | str, ...], expected: list[tuple[int, str, int, str | None]]
) -> None:
    found = told("C902", *agents, declared=Declared(pairs=(("a0", "a1"),)))

    assert [(agent, other, setting) for agent, _, _, (other, setting) in found] == [
        (agent, other, setting) for agent, _, other, setting in expected
    ]
    for (_, message, _, (other, _)), (_, words, _, _) in zip(found, expected, strict=True):
        assert words in message
        assert f"DMA-{other} (ID {other})" in message


@pytest.mark.parametrize("first", [(A, BROKEN), (NONE, A), (NONE, NONE), (A, A)])
def test_each_pair_is_looked_at(first: tuple[Mapping[str, str | None] | str, ...]) -> None:
    found = told("C902", *first, A, B, A, declared=TWO_PAIRS)

    assert found[-1][0] == 3
    assert found[-1][3] == (2, "From")


def test_a_machine_may_have_its_own_helo() -> None:
    odd = {"Helo": "a.example.com", "From": "a@example.com"}
    helps = {other[1]: help_ for _, _, help_, other in told("C902", SAME, odd, declared=PAIR)}

    assert "its own" in helps["Helo"]
    assert "alike" in helps["From"]


def test_which_agents_cannot_send_and_which_can() -> None:
    found = told("C904", NONE, SAME, BROKEN, {"Host": None}, SAME)

    assert [(agent, other) for agent, _, _, other in found] == [(0, (1, None)), (3, (1, None))]
    (_, no_section, *_), (_, no_host, *_) = found
    assert "has no SMTP section" in no_section
    assert "names no Host" in no_host
    assert all("2 of 5 agents can send mail" in message for _, message, *_ in found)


def test_a_section_in_the_wrong_place_is_none() -> None:
    """To lint it is an error, and apply does not write beside it."""
    section = "<SMTP><Host>smtp.example.com</Host></SMTP>"
    inside: Mapping[str, str | None] = {"SMTP": f"<Logging>{section}</Logging>"}
    both: Mapping[str, str | None] = {"SMTP": f"{section}<Logging>{section}</Logging>"}

    ((agent, message, help_, _),) = told("C904", inside, both, SAME)
    ((odd, of_pair, help_of_pair, _),) = told("C902", SAME, inside, declared=PAIR)

    assert (agent, odd) == (0, 1)
    assert message == "this agent has its SMTP section in the wrong place, and 2 of 3 agents can send mail"
    assert "directly under DataMiner" in (help_ or "")
    assert help_of_pair == help_
    assert of_pair.startswith("this agent has its SMTP section in the wrong place, and the other one")


def test_an_agent_whose_partner_can_send_is_left_to_the_rule_on_pairs() -> None:
    assert of("C904", SAME, NONE, NONE, declared=PAIR) == [[2, None, "warning"]]
    assert of("C904", NONE, SAME, NONE, declared=PAIR) == [[2, None, "warning"]]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("AB", [(1, "A (ID 7), which has another name", 0)]),
        ("AAA", [(1, "3 files have the DataMiner ID 7", 0), (2, "3 files have the DataMiner ID 7", 0)]),
        ("A B", [(1, "3 files", 0), (2, "3 files", 0)]),
    ],
)
def test_which_file_was_the_first_with_an_id(names: str, expected: list[tuple[int, str, int]]) -> None:
    found = told("C903", *({"id": "7", "name": name.strip() or None} for name in names))

    assert [(agent, other) for agent, _, _, (other, _) in found] == [
        (one, first) for one, _, first in expected
    ]
    for (_, message, help_, _), (_, words, _) in zip(found, expected, strict=True):
        assert words in message
        assert ("--failover" in help_) is (len(names) == 2)


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (None, "they were compared as a Failover pair: if they are one, say so with --failover; "),
        (Declared(pairs=(("A", "C"),)), "if they are a Failover pair, say so with --failover; "),
    ],
)
def test_what_two_files_with_one_id_were_taken_for(declared: Declared | None, words: str) -> None:
    agents = [{"id": "7", "name": "A"}, {"id": "7", "name": "B"}, {"id": "8", "name": "C"}]

    ((_, _, help_, _),) = told("C903", *agents, declared=declared)

    assert help_ == f"{words}if one is a copy, leave it out"


def test_where_the_same_reference_is() -> None:
    found = told("C905", SAME, {"Password": REFERENCE}, {"Password": PLAIN}, {"Password": REFERENCE})

    assert [(agent, other) for agent, _, _, other in found] == [(3, (1, "Password"))]
    assert "DMA-1 (ID 1)" in found[0][1]


@pytest.mark.parametrize(
    ("usual", "odd", "words"),
    [
        ("dma", PLAIN, 'User is given here and "dma" on 2 of 3 agents'),
        (PLAIN, "dma", 'User is "dma" here and given on 2 of 3 agents'),
        (PLAIN, OTHER_PLAIN, "User is another one here than on 2 of 3 agents"),
        (PLAIN, None, "User is missing here and given on 2 of 3 agents"),
        (None, PLAIN, "User is given here and missing on 2 of 3 agents"),
    ],
)
def test_a_user_that_is_a_secret_elsewhere_is_not_shown(
    usual: str | None, odd: str | None, words: str
) -> None:
    most = {"Password": PLAIN, "OAuthClientSecret": OTHER_PLAIN, "User": usual}
    (one,) = told("C901", most, {**most, "User": odd}, most)

    assert (one[0], one[1]) == (1, words)


@each_rule
def test_bad_examples_give_this_finding_alone(rule: Rule, tmp_path: Path) -> None:
    for number, text in enumerate(page(rule).examples("Bad")):
        folder = tmp_path / f"agent{number}"
        folder.mkdir()
        (folder / "DataMiner.xml").write_text(text, "utf-8")

    outcome = dmsmtp("compare", tmp_path, "--output-format", "json")

    assert [one["code"] for one in json.loads(outcome.out)["diagnostics"]] == [rule.code]


@each_rule
def test_good_examples_give_nothing(rule: Rule) -> None:
    good = page(rule).examples("Good")

    assert len(good) > 1
    assert found(cluster(*good)) == []
