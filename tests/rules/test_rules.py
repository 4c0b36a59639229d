"""What the registry promises of each rule: its code, its name, its check, and that tests find it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrator.diagnostic import Severity
from migrator.document.format import Format
from migrator.live.probing import server_of
from migrator.rules import NO_SERVER_CODES, RULES, SECTION_RULES, SHORT_FILE_RULES, codes_of_command, needs
from migrator.rules.asking import rules_to_ask
from migrator.rules.model import Circumstances
from migrator.values.version import parse_version
from tests.rules.observed import configuration
from tests.rules.tables import AS_OF, codes, section

if TYPE_CHECKING:
    from migrator.rules.model import Rule

NOT_TABLES = {Path(__file__).name, "test_pages.py", "test_precedence.py", "test_precedence_pairs.py"}
GROUPS = "DSHAOPMXVCL"  # as in the catalogue
TESTS = Path(__file__).parents[1]

each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)


@each_rule
def test_a_code_and_a_name_look_like_one(rule: Rule) -> None:
    assert re.fullmatch(rf"[{GROUPS}][0-9]{{3}}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)


def test_codes_stand_in_order() -> None:
    listed = [rule.code for rule in RULES]
    assert listed == sorted(listed, key=lambda code: (GROUPS.index(code[0]), code))


def test_a_letter_has_its_hundred() -> None:
    hundreds: dict[str, set[str]] = {}
    for rule in RULES:
        hundreds.setdefault(rule.code[0], set()).add(rule.code[1])
    assert all(len(found) == 1 for found in hundreds.values())


FROM_READING = ("D001", "D002", "D003", "D005", "D006", "D007", "D008", "D009", "D010")


@each_rule
def test_a_rule_has_one_check_or_comes_from_reading(rule: Rule) -> None:
    all_checks = (rule.check_section, rule.check_in, rule.check_file, rule.check_live, rule.check_cluster)
    checks = [one for one in all_checks if one is not None]
    assert len(checks) == (0 if rule.code in FROM_READING else 1)
    assert all(one is rule.check for one in checks)


@each_rule
def test_what_finds_it_is_called_as_the_rule(rule: Rule) -> None:
    assert getattr(rule.page, "__name__", None) == rule.name.replace("-", "_")


@each_rule
def test_a_check_takes_what_it_is_given(rule: Rule) -> None:
    wanted = {
        "check_section": ["Section"],
        "check_in": ["Section", "Circumstances"],
        "check_file": ["Configuration"],
        "check_live": ["Section", "Observations"],
        "check_cluster": ["Cluster"],
    }
    for kind, types in wanted.items():
        check = getattr(rule, kind)
        if check is not None:
            taken = inspect.signature(check.function).parameters.values()
            assert [one.annotation for one in taken] == types


@each_rule
def test_a_rule_has_a_table(rule: Rule) -> None:
    # what comes from reading the file is tested where files are read
    folder = TESTS if rule.code.startswith("D") else TESTS / "rules"
    tables = [path for path in folder.rglob("test_*.py") if path.name not in NOT_TABLES]
    assert any(f'"{rule.code}"' in path.read_text("utf-8") for path in tables)  # a comment is none


@pytest.mark.parametrize(
    ("severity", "rules"),
    [
        (Severity.ERROR, ["D001", "S101", "H204", "P501", "V801", "C902", "L101"]),
        (Severity.WARNING, ["S109", "S112", "H208", "V803", "C901", "L106"]),
        (Severity.INFO, ["D008", "S108", "S113", "H206", "X701"]),
    ],
)
def test_how_grave_it_is(severity: Severity, rules: list[str]) -> None:
    assert {rule.severity for rule in RULES if rule.code in rules} == {severity}


def test_what_one_format_alone_has_is_found_there_alone() -> None:
    xml, json, yaml = Format.XML, Format.JSON, Format.YAML
    assert {rule.code: rule.formats for rule in RULES if rule.formats != tuple(Format)} == {
        **dict.fromkeys(("D002", "S102", "S110"), (xml,)),
        **dict.fromkeys(("D008", "D009"), (xml, yaml)),
        "D004": (json, yaml),
        **dict.fromkeys(("D010", "X706"), (yaml,)),
    }


def test_validate_finds_what_is_wrong_without_doubt() -> None:
    assert codes_of_command("validate") == {
        *FROM_READING,
        *("D004", "S101", "S102", "S104", "S105", "S106", "S107", "S109", "S110", "S112"),
        *("H204", "H205", "H207", "H215", "A301", "M604"),
    }


def test_compare_finds_what_differs_and_what_cannot_be_read() -> None:
    found = codes_of_command("compare")
    assert {code for code in found if code.startswith("C")} == {f"C90{number}" for number in range(1, 6)}
    assert {code for code in found if not code.startswith("C")} == {
        *("D001", "D002", "D003", "D005", "D006", "D007", "D010"),
    }


@pytest.mark.parametrize("name", ["lint", "check"])
def test_lint_finds_all_that_one_file_tells(name: str) -> None:
    assert codes_of_command(name) == {rule.code for rule in RULES if rule.code[0] not in "CL"}


@pytest.mark.parametrize("is_accepted", [True, False])
@pytest.mark.parametrize(("target", "met"), [(None, needs.NOTHING), ("10.5.0", needs.TARGET)])
def test_few_rules_are_asked_about_an_ordinary_section(
    target: str | None, met: int, *, is_accepted: bool
) -> None:
    circumstances = Circumstances(AS_OF, None if target is None else parse_version(target).value)
    asked = rules_to_ask(configuration(section()), circumstances, whole_file=False, is_accepted=is_accepted)

    assert list(asked) == [
        rule for rule in (*SHORT_FILE_RULES, *SECTION_RULES) if rule.need in (needs.NOTHING, met)
    ]


def test_few_rules_are_always_asked() -> None:
    always = [rule for rule in (*SHORT_FILE_RULES, *SECTION_RULES) if rule.need == needs.NOTHING]

    assert len(always) <= 5  # each of them is asked about every file


@pytest.mark.parametrize("text", ["<DataMiner/>", f"<DataMiner>{section()}</DataMiner>"])
def test_rules_on_the_whole_file_are_asked_where_that_counts(text: str) -> None:
    for whole_file in (False, True):
        asked = rules_to_ask(
            configuration(text), Circumstances(AS_OF), whole_file=whole_file, is_accepted=True
        )
        assert ({"S112", "S113"} <= {rule.code for rule in asked}) is whole_file
        assert bool({"S112", "S113"} & {rule.code for rule in asked}) is whole_file


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"SMTP": {"Host": "", "Host": "smtp.example.com"}}', "D004 H201"),
        ("<DataMiner><DMA><SMTP/></DMA></DataMiner>", "H201 S105"),
        (section(HostPort=None, Host=None, host="smtp.example.com"), "S101"),
        ("<DataMiner/>", "S103"),
        ('{"SMTP": {"Host": "smtp.example.com", "HostPort": true}}', "S107"),
        ('<SMTP><x:Host xmlns:x="urn:example:x">smtp.example.com</x:Host></SMTP>', "S110"),
        ("<DataMiner><Smtp/></DataMiner>", "S111"),
        (section(Host=None), "H201"),
        (section(Host="smtp..example.com"), "H202"),
        (section(Host="smtp.example.com:25"), "H203"),
        (section(HostPort="587-startls"), "H204"),
        (section(HostPort="70000"), "H205"),
        (section(Host="${HOST}"), "X704"),
    ],
)
def test_why_a_file_names_no_server(text: str, expected: str) -> None:
    one = configuration(text).section

    assert one is None or server_of(one) is None
    assert NO_SERVER_CODES.intersection(codes(text)) == set(expected.split())
