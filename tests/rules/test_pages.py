"""What the page of each rule says: its examples are run."""

from __future__ import annotations

import re
from datetime import date

import pytest

from migrator.checking import CheckSettings, check
from migrator.rules import BY_CODE, CLUSTER_RULES, LIVE_RULES, RULES
from migrator.rules.model import Availability, Circumstances, Rule
from migrator.rules.pages import BlockKind, as_text, page, page_of
from migrator.values.version import parse_version
from tests.rules.tables import AS_OF

HEADINGS = ("Why", "Bad", "Good", "Fix", "See")
WITHOUT_EXAMPLE = {"D006", "D007"}  # nobody writes such a file on purpose
WITHOUT_SOURCE = {"D007"}

each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])


OPTION = re.compile(r"`--(target-version|as-of) (\S+)`")


def settings_for(rule: Rule, words: str) -> CheckSettings:
    """The settings for an example; the words before it may name the options it is for."""
    options = dict(OPTION.findall(words))
    day = date.fromisoformat(options["as-of"]) if "as-of" in options else AS_OF
    target = parse_version(options["target-version"]).value if "target-version" in options else None
    return CheckSettings(whole_file=rule.whole_file_only, circumstances=Circumstances(day, target))


def codes(example: str, settings: CheckSettings) -> list[str]:
    """Codes of everything that is found in an example."""
    return [one.code for one in check("x", example.encode(), settings).diagnostics]


def examples(heading: str) -> list[object]:
    """Every example under a heading of the pages of what is found in one file, with what it is checked with.

    Those of what is found at a server, or in a cluster, have tests of their own.
    """
    found: list[object] = []
    for rule in (one for one in RULES if one not in (*LIVE_RULES, *CLUSTER_RULES)):
        for section in page(rule).sections:
            words, number = "", 0
            for block in section.blocks if section.heading == heading else ():
                if block.kind is not BlockKind.EXAMPLE:
                    words = block.text
                    continue
                number += 1
                settings = settings_for(rule, words)
                found.append(pytest.param(rule, block.text, settings, id=f"{rule.code}-{number}"))
    return found


@each_rule
def test_a_page_is_complete(rule: Rule) -> None:
    content = page(rule)
    assert content.title.endswith(".")
    assert "\n" not in content.title
    assert content.headings == tuple(
        heading for heading in HEADINGS if heading != "See" or rule.code not in WITHOUT_SOURCE
    )
    for section in content.sections:
        assert section.blocks, section.heading
        if section.heading == "See":
            assert {block.kind for block in section.blocks} == {BlockKind.ITEM}
        if section.heading not in ("Bad", "Good"):
            assert not section.examples


@each_rule
def test_a_page_has_examples(rule: Rule) -> None:
    content = page(rule)
    assert content.examples("Good")
    assert bool(content.examples("Bad")) == (rule.code not in WITHOUT_EXAMPLE)


@each_rule
def test_a_page_says_whether_there_is_a_fix(rule: Rule) -> None:
    (fix,) = [section for section in page(rule).sections if section.heading == "Fix"]
    words = fix.blocks[0].text
    starts = {
        Availability.NONE: "None",
        Availability.SAFE: "Safe",
        Availability.UNSAFE: "Unsafe",
        Availability.SOMETIMES_SAFE: "Safe",
    }
    assert words.startswith(starts[rule.fix])
    assert (rule.fix is Availability.SOMETIMES_SAFE) == ("Safe" in words and "unsafe" in words.lower())


@pytest.mark.parametrize(
    "rule", [one for one in RULES if one.fix is Availability.NONE], ids=lambda one: one.code
)
def test_a_page_without_a_fix_says_what_to_do(rule: Rule) -> None:
    (fix,) = [section for section in page(rule).sections if section.heading == "Fix"]
    _, _, what_to_do = " ".join(block.text for block in fix.blocks).partition(". ")
    assert what_to_do.endswith(".")


@pytest.mark.parametrize(("rule", "example", "settings"), examples("Bad"))
def test_a_bad_example_gives_this_finding_alone(rule: Rule, example: str, settings: CheckSettings) -> None:
    assert codes(example, settings) == [rule.code]


@pytest.mark.parametrize(("rule", "example", "settings"), examples("Good"))
def test_a_good_example_gives_nothing(rule: Rule, example: str, settings: CheckSettings) -> None:
    assert codes(example, settings) == [], rule.code


@pytest.mark.parametrize(("rule", "example", "settings"), examples("Bad"))
def test_no_fix_but_the_promised_one(rule: Rule, example: str, settings: CheckSettings) -> None:
    promised = {
        Availability.NONE: set(),
        Availability.SAFE: {"safe"},
        Availability.UNSAFE: {"unsafe"},
        Availability.SOMETIMES_SAFE: {"safe", "unsafe"},
    }
    for one in check("x", example.encode(), settings).diagnostics:
        assert one.fix is None or one.fix.safety.value in promised[rule.fix]


@each_rule
@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_page_as_text(rule: Rule, width: int) -> None:
    text = as_text(rule, width)
    content = page(rule)
    assert text.startswith(f"{rule.code} {rule.name}\n\n")
    assert f"severity: {rule.severity}\n" in text
    assert re.search(r"^fix: +(none|safe|unsafe)", text, re.MULTILINE)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "##" not in text
    for heading in content.headings:
        assert f"\n\n{heading}\n" in text
    words = " ".join(text.split())
    for section in content.sections:
        for block in section.blocks:
            assert " ".join(block.text.split()) in words
        for example in section.examples:
            assert all(f"    {line}\n" in text for line in example.split("\n") if line)


def test_examples_keep_their_lines() -> None:
    (example,) = page(BY_CODE["S101"]).examples("Good")
    assert example.startswith("<SMTP>\n  <Host>smtp.example.com</Host>\n")
    assert example.endswith("\n</SMTP>")


def something() -> None:
    """Say what
    stands on two lines.

    ## Why
    First
    paragraph.

    Second one.
    - an item
      that goes on
    - another

    ## Bad
    With words before:

        <SMTP>

          <Host />
        </SMTP>

    ## Good
        <SMTP />
    """


def test_blocks() -> None:
    made_up = Rule("Z999", "made-up", BY_CODE["S101"].severity, something)
    content = page(made_up)
    assert content.headings == ("Why", "Bad", "Good")
    why, bad, good = content.sections
    assert [(block.kind, block.text) for block in why.blocks] == [
        (BlockKind.PROSE, "First paragraph."),
        (BlockKind.PROSE, "Second one."),
        (BlockKind.ITEM, "an item that goes on"),
        (BlockKind.ITEM, "another"),
    ]
    assert [(block.kind, block.text) for block in bad.blocks] == [
        (BlockKind.PROSE, "With words before:"),
        (BlockKind.EXAMPLE, "<SMTP>\n\n  <Host />\n</SMTP>"),
    ]
    assert good.examples == ("<SMTP />",)
    text = as_text(made_up)
    assert "\n  Second one.\n\n  - an item that goes on\n  - another\n\nBad\n" in text
    assert (
        "\n  With words before:\n\n    <SMTP>\n\n      <Host />\n    </SMTP>\n\nGood\n    <SMTP />\n" in text
    )


def several() -> None:
    """Say it.

    ## Bad
    First, for those who read it:

        <a>

        </a>

    Then
        further in:

        <b />
    - an item
          that goes on further in

    ## Good
        <c />
    """


def test_examples_stand_between_words() -> None:
    bad, good = page_of(several).sections
    assert [(block.kind, block.text) for block in bad.blocks] == [
        (BlockKind.PROSE, "First, for those who read it:"),
        (BlockKind.EXAMPLE, "<a>\n\n</a>"),
        (BlockKind.PROSE, "Then further in:"),
        (BlockKind.EXAMPLE, "<b />"),
        (BlockKind.ITEM, "an item that goes on further in"),
    ]
    assert good.examples == ("<c />",)


def test_lines_that_are_broken_stay_below_their_beginning() -> None:
    rule = Rule("Z999", "made-up", BY_CODE["S101"].severity, several)
    assert as_text(rule, 20).partition("\nBad\n")[2] == (
        "  First, for those\n"
        "  who read it:\n\n"
        "    <a>\n\n    </a>\n\n"
        "  Then further in:\n\n"
        "    <b />\n\n"
        "  - an item that\n"
        "    goes on further\n"
        "    in\n\n"
        "Good\n    <c />\n"
    )


@pytest.mark.parametrize(("length", "lines"), [(80, 1), (81, 2)])
def test_a_line_takes_80_characters(length: int, lines: int) -> None:
    def documented() -> None: ...

    documented.__doc__ = "x " * (length // 2 - 1) + "." * (2 + length % 2)
    rule = Rule("Z999", "made-up", BY_CODE["S101"].severity, documented)
    assert as_text(rule).split("\n\n")[1].count("\n") == lines - 1


def test_what_says_nothing_has_an_empty_page() -> None:
    content = page_of(object.__new__(type("Silent", (), {})))  # as with python -OO
    assert content == ("", ())


@pytest.mark.parametrize(
    ("code", "severity", "fix", "commands", "formats"),
    [
        (
            *("S101", "error", "safe with lint --fix, or unsafe with --unsafe-fixes added"),
            *("lint, validate and check", "XML, JSON, YAML"),
        ),
        ("S108", "info", "unsafe, with lint --fix --unsafe-fixes", "lint and check", "XML, JSON, YAML"),
        ("S110", "error", "safe, with lint --fix", "lint, validate and check", "XML"),
        ("S112", "warning", "none", "lint, validate and check, with --whole-file", "XML, JSON, YAML"),
        ("S113", "info", "none", "lint and check, with --whole-file", "XML, JSON, YAML"),
        ("D004", "error", "none", "lint, validate and check", "JSON, YAML"),
        (
            *("L106", "warning", "unsafe, with probe --fix --unsafe-fixes"),
            *("probe, check and send-test-email", "XML, JSON, YAML"),
        ),
        ("C901", "warning", "none", "compare", "XML, JSON, YAML"),
    ],
)
def test_what_the_registry_says_of_a_rule(
    code: str, severity: str, fix: str, commands: str, formats: str
) -> None:
    text = as_text(BY_CODE[code])
    assert text.split("\n\n")[2].splitlines() == [
        f"severity: {severity}",
        f"fix:      {fix}",
        f"found by: {commands}",
        f"formats:  {formats}",
    ]
