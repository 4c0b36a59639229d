"""What the registry of steps promises, and what the page of each step says: its examples are run."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from itertools import pairwise

import pytest

from migrator.checking import CheckSettings
from migrator.migrations import BY_NAME, STEPS, login, secrets, structure, transport, versions
from migrator.migrations.migrating import Result, migrate
from migrator.migrations.model import Goal, Step, StepKind
from migrator.migrations.pages import by_train, page, taken
from migrator.migrations.pages import versions as words
from migrator.rules import BY_CODE
from migrator.rules.pages import BlockKind
from migrator.values.version import Version, parse_version, since
from tests.rules.tables import AS_OF

MODULES = (login, secrets, structure, transport, versions)
OWN = [step for step in STEPS if step.rule is None]
each_step = pytest.mark.parametrize("step", STEPS, ids=[step.name for step in STEPS])
each_own = pytest.mark.parametrize("step", OWN, ids=[step.name for step in OWN])
OPTION = re.compile(r"`--(to|target-version|as-of) ([^`]+)`")


def version(text: str) -> Version:
    value = parse_version(text).value
    assert value is not None
    return value


def target_for(step: Step, text: str = "") -> Version:
    options = dict(OPTION.findall(text))
    named = options.get("to") or options.get("target-version")
    if named is not None:
        return version(named)
    return next(one for one in map(version, ("10.6.4", "10.5.0", "10.1.11")) if step.belongs_to(one))


def taking(step: Step, example: str, words: str = "") -> Result:
    wishes = frozenset() if step.wish is None else frozenset({step.wish})
    path = "x.yaml" if re.match(r"\w+:", example) else "x.json" if example.startswith("{") else "x.xml"
    goal = Goal(target_for(step, words), AS_OF, unsafe=True, wishes=wishes)
    return migrate(path, example.encode(), goal, CheckSettings())


def steps_of(result: Result) -> set[str]:
    found = result.migration
    return {item.step for item in (*found.changes, *found.waiting, *found.manual)}


def examples(heading: str, *, own: bool) -> list[object]:
    found: list[object] = []
    for step in STEPS:
        for section in page(step).sections if (step.rule is None) == own else ():
            text, number = "", 0
            for block in section.blocks if section.heading == heading else ():
                if block.kind is not BlockKind.EXAMPLE:
                    text = block.text
                    continue
                number += 1
                found.append(pytest.param(step, block.text, text, id=f"{step.name}-{number}"))
    return found


def test_names_are_unique_and_look_like_one() -> None:
    assert len(BY_NAME) == len(STEPS)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in BY_NAME)


@each_step
def test_a_step_names_rules_that_there_are(step: Step) -> None:
    assert set(step.codes) <= set(BY_CODE)
    assert step.codes or step.wish is not None
    assert step.plan is None or step.wording is None


@each_step
def test_a_page_is_complete(step: Step) -> None:
    content = page(step)
    assert content.title.endswith(".")
    assert content.headings == tuple(
        heading
        for heading in ("Why", "Before", "After", "Safety", "Source")
        if heading != "After" or step.rule is not None or step.kind is not StepKind.MANUAL
    )
    assert all(section.blocks for section in content.sections)


@each_own
def test_a_page_says_how_safe_the_step_is(step: Step) -> None:
    (safety,) = [section for section in page(step).sections if section.heading == "Safety"]
    starts = {StepKind.SAFE: "Safe", StepKind.UNSAFE: "Unsafe", StepKind.MANUAL: "Manual"}
    assert safety.blocks[0].text.startswith(starts[step.kind])
    assert step.wish is None or step.wish.value in safety.blocks[0].text


@pytest.mark.parametrize("module", MODULES, ids=[module.__name__ for module in MODULES])
def test_no_body_mentions_a_version(module: object) -> None:
    tree = ast.parse(textwrap.dedent(inspect.getsource(module)))  # type: ignore[arg-type] # it is a module
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.Module) and isinstance(node.body[0], ast.Expr)
    }
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]
    assert texts
    assert not [text for text in texts if re.search(r"\b\d+\.\d+\.\d+|\bCU\d", text)]


@pytest.mark.parametrize(("step", "before", "text"), examples("Before", own=True))
def test_an_example_is_migrated(step: Step, before: str, text: str) -> None:
    result = taking(step, before, text)

    assert steps_of(result) & BY_NAME.keys() == {step.name}
    after = page(step).examples("After")
    assert [result.data.decode()] == list(after or (before,))
    assert bool(result.migration.manual) == (step.kind is StepKind.MANUAL)


@pytest.mark.parametrize(("step", "after", "text"), examples("After", own=True))
def test_an_example_stays_migrated(step: Step, after: str, text: str) -> None:
    result = taking(step, after, text)

    assert steps_of(result) == set()
    assert result.data == after.encode()


@pytest.mark.parametrize(("step", "before", "text"), examples("Before", own=False))
def test_an_example_of_a_rule_is_its_step(step: Step, before: str, text: str) -> None:
    assert step.name in steps_of(taking(step, before, text))


@pytest.mark.parametrize(("step", "after", "text"), examples("After", own=False))
def test_a_good_example_of_a_rule_needs_no_step(step: Step, after: str, text: str) -> None:
    assert step.name not in steps_of(taking(step, after, text))


@pytest.mark.parametrize("other", ["a.example.com", "b.example.com"])
def test_a_step_leaves_what_its_rules_find_elsewhere(other: str) -> None:
    twice = f'"SMTP": {{"Host": "a.example.com", "Host": "{other}"}}'
    text = f'{{"DataMiner": {{"DMA": {{"id": 1, "id": 2}}, {twice}}}}}'

    result = taking(BY_NAME["duplicate-setting"], text)

    assert "duplicate-setting" in steps_of(result)
    assert "duplicate-key" in steps_of(result)
    assert '"id": 1, "id": 2' in result.data.decode()


@pytest.mark.parametrize(
    ("name", "target", "belongs"),
    [
        ("password-login", "10.5.0 CU13", True),
        ("password-login", "10.5.0 CU14", True),
        ("password-login", "10.5.0 CU12", False),
        ("password-login", "10.6.0", False),
        ("password-login", "10.6.0 CU1", True),
        ("password-login", "10.6.3", False),
        ("password-login", "10.6.4", True),
        ("password-login", "10.5.12", False),
        ("password-login", "10.7.0", True),
        ("password-login-without-oauth", "10.5.0 CU12", True),
        ("password-login-without-oauth", "10.6.4", False),
        ("login-method-unknown", "5.0", True),
        ("login-method-unknown", "10.6.4", False),
        ("setting-unknown", "10.6.3", True),
        ("setting-unknown", "10.6.4", False),
        ("affected-release", "10.1.11", True),
        ("affected-release", "10.1.12", False),
        ("add-namespace", "10.0.0 CU2", False),
        ("add-namespace", "10.0.0 CU3", True),
        ("add-namespace", "10.0.7", False),
        ("add-namespace", "10.0.8", True),
        ("remove-namespace", "4.2", True),
        ("port-suffix-case", "4.2", True),
    ],
)
def test_a_step_belongs_to_versions(name: str, target: str, belongs: bool) -> None:
    assert BY_NAME[name].belongs_to(version(target)) is belongs


def test_every_version_has_one_step_for_a_password_login() -> None:
    for text in ("4.2", "10.0.0", "10.5.0 CU12", "10.5.0 CU13", "10.5.12", "10.6.0", "10.6.4", "11.0.0"):
        names = {step.name for step in STEPS if "P501" in step.codes and step.belongs_to(version(text))}
        assert len(names) == 1


def test_steps_are_listed_by_train() -> None:
    listed = by_train(STEPS)
    assert sorted(one.name for one in listed) == sorted(BY_NAME)
    headings = [words(step) for step in listed]
    assert headings[0] == "every version"
    changes = sum(one != other for one, other in pairwise(headings))
    assert changes == len(set(headings)) - 1  # each heading once
    assert "from main release 10.0.0 CU3, feature release 10.0.8 on" in headings
    assert taken(BY_NAME["add-namespace"]) == "with --write and --namespace add"
    assert taken(BY_NAME["port-suffix-case"]) == "with --write"


def test_a_step_may_begin_and_end_with_a_version() -> None:
    first, last = since({"main": ["10.4.0"]}), since({"main": ["10.5.0 CU1"]})
    step = Step("between", StepKind.SAFE, None, since=first, until=last)

    assert words(step) == "from main release 10.4.0 on and before main release 10.5.0 CU1"
    assert [step.belongs_to(version(one)) for one in ("10.3.0", "10.4.0", "10.5.0", "10.5.0 CU1")] == [
        *(False, True, True, False)
    ]


def test_steps_to_one_branch_are_listed_by_cumulative_update() -> None:
    named = ("10.5.0 CU2", "10.4.0 CU9", "10.5.0 CU1")
    steps = [Step(name, StepKind.SAFE, None, since=since({"main": [name]})) for name in named]

    assert [step.name for step in by_train(steps)] == ["10.4.0 CU9", "10.5.0 CU1", "10.5.0 CU2"]
