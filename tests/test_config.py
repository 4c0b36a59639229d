"""The configuration file: what it may hold, what is wrong with it and where, and which one counts."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from migrator.cli.report_options import ReportFormat
from migrator.cli.rule_options import FailOn
from migrator.config import lookup, problems
from migrator.config.effective import (
    codes_for,
    codes_of,
    ignores_for,
    matching_globs,
    merge,
    selected_codes,
    target_version_for,
)
from migrator.config.lookup import Configs
from migrator.config.model import (
    ClusterAgent,
    ClusterConfig,
    Config,
    ConfigError,
    Problem,
    RuleConfig,
    RunConfig,
)
from migrator.config.reading import load
from migrator.config.toml_places import TomlPlaces
from migrator.definition import schema_path
from migrator.diagnostic import Severity
from migrator.rules import BY_CODE, RULES
from migrator.values.version import Train, Version
from tests.cli.running import unmeasured
from tests.disk import fail_at
from tests.docs.reading import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import SearchStrategy

ROOT = Path(__file__).resolve().parents[1]
SCHEMA_FILE = schema_path("config.schema.json")
SCHEMA: dict[str, Any] = json.loads(SCHEMA_FILE.read_text("utf-8"))
KEYS: dict[str, dict[str, Any]] = SCHEMA["properties"]
CU13 = Version(Train.MAIN, 10, 5, 13)
FEATURE = Version(Train.FEATURE, 10, 6, 4)
EVERYTHING = frozenset(BY_CODE)
ALWAYS = frozenset(code for code in BY_CODE if code.startswith("D"))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for tests of many examples, which overwrite each other's file."""
    return tmp_path_factory.mktemp("shared")


def write(folder: Path, text: str | bytes, name: str = "dmsmtp.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return file


def good(folder: Path, text: str | bytes, name: str = "dmsmtp.toml") -> Config:
    loaded = load(write(folder, text, name))
    assert isinstance(loaded, Config), loaded
    return loaded


def bad(folder: Path, text: str | bytes, name: str = "dmsmtp.toml") -> list[str]:
    """What is wrong, as `LINE: MESSAGE`."""
    file = write(folder, text, name)
    loaded = load(file)
    assert isinstance(loaded, ConfigError), loaded
    assert loaded.path == file
    return [sentence.removeprefix(f"{file}:").lstrip() for sentence in loaded.sentences]


# What it may hold

RULE_VALUES = [
    ('select = ["H", "A301"]', "select", ("H", "A301")),
    ('select = ["h2", "Port-Suffix-Case"]', "select", ("h2", "Port-Suffix-Case")),
    ('extend-select = ["M"]', "extend_select", ("M",)),
    ("extend-select = []", "extend_select", ()),
    ('ignore = ["H208"]', "ignore", ("H208",)),
    ("ignore = []", "ignore", ()),
    ('severity = { H208 = "error" }', "severity", {"H208": Severity.ERROR}),
    ('severity.missing-section = "info"', "severity", {"S103": Severity.INFO}),
    ('[severity]\nh208 = "warning"', "severity", {"H208": Severity.WARNING}),
    ("[severity]", "severity", {}),
    ('[per-file-ignores]\n"lab/**" = ["A306"]', "per_file_ignores", {"lab/**": ("A306",)}),
    ('target-version = "10.5.0 CU13"', "target_version", CU13),
    ('target-version = "10.5.0 [CU13]"', "target_version", CU13),
    ('target-version = "10.6.4"', "target_version", FEATURE),
    (
        'target-version = "10.5.4.0-15588-20250319-release"',
        "target_version",
        Version(Train.FEATURE, 10, 5, 4),
    ),
    ('target-version = "10.5.0.0-15588-CU13"', "target_version", CU13),
    (
        'target-version = "10.5.0.0-15588-20250319-release"',
        "target_version",
        Version(Train.MAIN, 10, 5, 0),
    ),
    (
        '[per-file-target-version]\n"*.xml" = "10.6.4"',
        "per_file_target_version",
        {"*.xml": FEATURE},
    ),
    ("as-of = 2026-12-31", "as_of", dt.date(2026, 12, 31)),
    ('as-of = "2026-12-31"', "as_of", dt.date(2026, 12, 31)),
    ('microsoft-basic-auth = "enabled"', "microsoft_basic_auth", "enabled"),
    ('microsoft-basic-auth = "disabled"', "microsoft_basic_auth", "disabled"),
    ("whole-file = true", "whole_file", True),
    ("whole-file = false", "whole_file", False),
]
RUN_VALUES = [
    ('include = ["*.xml"]', "include", ("*.xml",)),
    ('exclude = ["backup", "*.old.xml"]', "exclude", ("backup", "*.old.xml")),
    ("force-exclude = true", "force_exclude", True),
    ("jobs = 4", "jobs", 4),
    ("unsafe-fixes = true", "unsafe_fixes", True),
    ("no-backup = true", "no_backup", True),
    ("exit-non-zero-on-fix = true", "exit_non_zero_on_fix", True),
    ('output-format = "concise"', "output_format", "concise"),
    ("statistics = true", "statistics", True),
    ('min-severity = "warning"', "min_severity", Severity.WARNING),
    ('fail-on = "never"', "fail_on", "never"),
    ("quiet = true", "quiet", True),
    ("max-size = 16_777_216", "max_size", 16_777_216),
    ("max-size = 2147483646", "max_size", 2147483646),
    ("max-depth = 2000", "max_depth", 2000),
    ("max-nodes = 1", "max_nodes", 1),
    ("max-nodes = 0x10", "max_nodes", 16),
    ("max-nodes = 5.0", "max_nodes", 5),
    ("[cluster]", "cluster", ClusterConfig()),
    ('cluster.failover = [["a", "b"], ["c", "d"]]', "cluster", ClusterConfig((), (("a", "b"), ("c", "d")))),
]


@pytest.mark.parametrize(("text", "field", "value"), RULE_VALUES)
def test_a_key_for_the_rules(text: str, field: str, value: object, tmp_path: Path) -> None:
    config = good(tmp_path, text)

    assert config.rules == RuleConfig(**{field: value})  # type: ignore[arg-type]
    assert config.run == RunConfig()
    assert config.path == tmp_path / "dmsmtp.toml"


@pytest.mark.parametrize(("text", "field", "value"), RUN_VALUES)
def test_a_key_for_the_run(text: str, field: str, value: object, tmp_path: Path) -> None:
    config = good(tmp_path, text)

    assert config.run == RunConfig(**{field: value})  # type: ignore[arg-type]
    assert type(getattr(config.run, field)) is type(value)
    assert config.rules == RuleConfig()


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "﻿", "﻿quiet = true", "quiet = true\r\n"])
def test_nothing_has_to_be_set(text: str, tmp_path: Path) -> None:
    assert good(tmp_path, text).rules == RuleConfig()


def test_every_key_is_read_and_tested() -> None:
    fields = [*RuleConfig._fields, *RunConfig._fields]

    assert [field.replace("_", "-") for field in fields] == list(KEYS)
    assert {field for _, field, _ in [*RULE_VALUES, *RUN_VALUES]} | {"baseline"} == set(fields)


def test_a_baseline_counts_from_the_folder_of_the_file(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.json"

    assert good(tmp_path, 'baseline = "known/a.json"').run.baseline == str(tmp_path / "known" / "a.json")
    assert good(tmp_path, f"baseline = '{elsewhere}'").run.baseline == str(elsewhere)


def test_the_agents_of_a_cluster(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.xml"
    text = (
        "[[cluster.agents]]\nname = 'DMA-7'\nid = 7\npath = 'a/DataMiner.xml'\n"
        f"[[cluster.agents]]\nname = 'DMA-8'\npath = '{elsewhere}'\n"
    )

    assert good(tmp_path, text).run.cluster == ClusterConfig(
        (
            ClusterAgent("DMA-7", str(tmp_path / "a" / "DataMiner.xml"), "7"),
            ClusterAgent("DMA-8", str(elsewhere)),
        )
    )


# What is wrong, and where

AGENT = '{ "name" = "DMA-7", "path" = "agents/dma7/DataMiner.xml" }'
PAIR = '["DMA-7", "DMA-7B"]'
FORMATS = '"full", "concise", "json", "sarif", "github", "gitlab" or "junit"'
LIST_OF_RULES = 'this must be a list, as in ["H", "A301"]'
A301_HINT = 'there is no rule "A3O1"; did you mean "A301"?'
AMBIGUOUS = 'could be a main or a feature release: write "10.6.0", or the feature release with its number'
PATTERN_HINT = "patterns count from the folder of this file"
WRONG_VALUES = [
    ('select = "H"', f"select: {LIST_OF_RULES}"),
    ("select = 3", f"select: {LIST_OF_RULES}"),
    ("select = []", 'select: this list is empty; leave out the key, or fill it, as in ["H", "A301"]'),
    ("select = [208]", 'select: this must be text in quotes, as in "H2"'),
    ('select = [["H"]]', 'select: this must be text in quotes, as in "H2"'),
    ('select = ["A3O1"]', f"select: {A301_HINT}"),
    ('select = [""]', 'select: there is no rule ""; `dmsmtp rules` lists them'),
    ('select = ["Q999"]', 'select: there is no rule "Q999"; `dmsmtp rules` lists them'),
    ('select = ["H,A301"]', 'select: each rule has its own quotes: "H", "A301"'),
    ('select = ["H, Q"]', 'select: there is no rule "H, Q"; `dmsmtp rules` lists them'),
    ("[select]", f"select: {LIST_OF_RULES}"),
    ('extend-select = "M"', 'extend-select: this must be a list, as in ["M"]'),
    (
        'extend-select = ["port-sufix-case"]',
        'extend-select: there is no rule "port-sufix-case"; did you mean "port-suffix-case"?',
    ),
    ("ignore = true", 'ignore: this must be a list, as in ["H208", "auto-login-method"]'),
    ('ignore = ["A3O1"]', f"ignore: {A301_HINT}"),
    ('ignore = ["D"]', 'ignore: "D" cannot be ignored: D codes say that a file was not checked'),
    (
        'ignore = ["not-well-formed"]',
        'ignore: "not-well-formed" cannot be ignored: D codes say that a file was not checked',
    ),
    (
        'severity = "error"',
        'severity: this must be a table, as in { "H208" = "error", "missing-section" = "info" }',
    ),
    ('severity.H208 = "eror"', 'severity.H208: there is no "eror"; did you mean "error"?'),
    (
        'severity.H208 = "fatal"',
        'severity.H208: there is no "fatal"; choose "error", "warning" or "info"',
    ),
    ("severity.H208 = 2", 'severity.H208: this must be text in quotes, as in "error"'),
    ('severity.A3O1 = "info"', f"severity: {A301_HINT}"),
    ('severity.H2 = "info"', 'severity: "H2" is more than one rule; name each of them'),
    (
        '[per-file-ignores]\n"lab/**" = "A301"',
        '2: per-file-ignores."lab/**": this must be a list, as in ["A306", "S108"]',
    ),
    ('[per-file-ignores]\n"lab/**" = ["A3O1"]', f'2: per-file-ignores."lab/**": {A301_HINT}'),
    (
        '[per-file-ignores]\nlab = ["D001"]',
        '2: per-file-ignores.lab: "D001" cannot be ignored: D codes say that a file was not checked',
    ),
    (
        "per-file-ignores = []",
        'per-file-ignores: this must be a table, as in { "lab/**" = ["A306", "S108"] }',
    ),
    ('[per-file-ignores]\n"" = []', "2: per-file-ignores: this pattern is empty"),
    ('[per-file-ignores]\n"/" = []', "2: per-file-ignores: this pattern is empty"),
    (
        "[per-file-ignores]\n'a\\b' = []",
        '2: per-file-ignores: write / between folders, as in "a/b"',
    ),
    (
        '[per-file-ignores]\n"/srv/a" = []',
        f'2: per-file-ignores: "/srv/a" leads elsewhere: {PATTERN_HINT}',
    ),
    ("[per-file-ignores]\n'C:\\a' = []", f'2: per-file-ignores: "C:\\a" leads elsewhere: {PATTERN_HINT}'),
    ('[per-file-ignores]\n"../a" = []', f'2: per-file-ignores: "../a" leads elsewhere: {PATTERN_HINT}'),
    (
        '[per-file-ignores]\n"a**/b" = []',
        '2: per-file-ignores: "a**/b" is no pattern: ** stands between slashes, for folders of any depth',
    ),
    ("target-version = 10.6", 'target-version: this must be text in quotes, as in "10.5.0 CU13"'),
    (
        'target-version = "10.6"',
        f'target-version: "10.6" {AMBIGUOUS}',
    ),
    (
        'target-version = "10.5 CU13"',
        'target-version: "10.5 CU13" is no DataMiner version; did you mean "10.5.0 CU13"?',
    ),
    (
        'target-version = "latest"',
        'target-version: "latest" is no DataMiner version; write it as in "10.5.0 CU13" or "10.6.4"',
    ),
    (
        "[per-file-target-version]\n'*.xml' = 10",
        '2: per-file-target-version."*.xml": this must be text in quotes, as in "10.5.0 CU13"',
    ),
    (
        "[per-file-target-version]\na = 'x'",
        '2: per-file-target-version.a: "x" is no DataMiner version; write it as in "10.5.0 CU13" or "10.6.4"',
    ),
    ("[per-file-target-version]\n'' = '10.6.4'", "2: per-file-target-version: this pattern is empty"),
    (
        "per-file-target-version = '10.6.4'",
        'per-file-target-version: this must be a table, as in { "agents/old/*.xml" = "10.5.0 CU13" }',
    ),
    ("as-of = 2026", 'as-of: this must be text in quotes, as in "2026-12-31"'),
    ('as-of = "today"', 'as-of: "today" is no date; write it as in 2026-12-31'),
    ('as-of = "2026-02-30"', 'as-of: "2026-02-30" is no date; write it as in 2026-12-31'),
    ('as-of = "20261231"', 'as-of: "20261231" is no date; write it as in 2026-12-31'),
    ("as-of = 2026-12-31T10:00:00", 'as-of: "2026-12-31T10:00:00" is no date; write it as in 2026-12-31'),
    ("as-of = 10:00:00", 'as-of: "10:00:00" is no date; write it as in 2026-12-31'),
    ("microsoft-basic-auth = true", 'microsoft-basic-auth: this must be text in quotes, as in "enabled"'),
    (
        'microsoft-basic-auth = "Enabled"',
        'microsoft-basic-auth: there is no "Enabled"; did you mean "enabled"?',
    ),
    (
        'microsoft-basic-auth = "off"',
        'microsoft-basic-auth: there is no "off"; choose "enabled" or "disabled"',
    ),
    ('whole-file = "true"', "whole-file: this must be true or false, without quotes"),
    ("whole-file = 1", "whole-file: this must be true or false, without quotes"),
    ('include = "*.xml"', 'include: this must be a list, as in ["*.xml"]'),
    ('include = [""]', "include: this pattern is empty"),
    ("exclude = [1]", 'exclude: this must be text in quotes, as in "*.xml"'),
    ('exclude = "backup"', 'exclude: this must be a list, as in ["backup", "*.old.xml"]'),
    ("force-exclude = 0", "force-exclude: this must be true or false, without quotes"),
    ("jobs = 0", "jobs: 0 is not a number from 1 to 64"),
    ("jobs = 65", "jobs: 65 is not a number from 1 to 64"),
    ("baseline = true", 'baseline: this must be text in quotes, as in "dmsmtp.baseline.json"'),
    ('baseline = ""', "baseline: this path is empty"),
    (r'baseline = "a\u0000"', "baseline: this is no path: it holds a zero byte"),
    ("unsafe-fixes = 1", "unsafe-fixes: this must be true or false, without quotes"),
    ('no-backup = "yes"', "no-backup: this must be true or false, without quotes"),
    ("exit-non-zero-on-fix = 1", "exit-non-zero-on-fix: this must be true or false, without quotes"),
    ("statistics = 1", "statistics: this must be true or false, without quotes"),
    ('output-format = "jsn"', 'output-format: there is no "jsn"; did you mean "json"?'),
    ('output-format = "xml"', f'output-format: there is no "xml"; choose {FORMATS}'),
    ("output-format = []", 'output-format: this must be text in quotes, as in "full"'),
    ('min-severity = "warn"', 'min-severity: there is no "warn"; choose "error", "warning" or "info"'),
    ('min-severity = "waring"', 'min-severity: there is no "waring"; did you mean "warning"?'),
    ('fail-on = "nevr"', 'fail-on: there is no "nevr"; did you mean "never"?'),
    ("fail-on = 1", 'fail-on: this must be text in quotes, as in "error"'),
    ('quiet = "yes"', "quiet: this must be true or false, without quotes"),
    ('max-size = "16 MiB"', "max-size: this must be a whole number, as in 33554432"),
    ("max-size = 0", "max-size: 0 is not a number from 1 to 2,147,483,646"),
    ("max-size = 2147483647", "max-size: 2147483647 is not a number from 1 to 2,147,483,646"),
    ("max-size = 1.5", "max-size: this must be a whole number, as in 33554432"),
    ("max-size = nan", "max-size: this must be a whole number, as in 33554432"),
    ("max-size = inf", "max-size: this must be a whole number, as in 33554432"),
    ("max-depth = 2001", "max-depth: 2001 is not a number from 1 to 2,000"),
    ("max-depth = true", "max-depth: this must be a whole number, as in 64"),
    ("max-nodes = -1", "max-nodes: -1 is not a number from 1 to 2,147,483,646"),
    ("max-nodes = []", "max-nodes: this must be a whole number, as in 500000"),
    ("cluster = []", 'cluster: this must be a table, as in { "failover" = [["DMA-7", "DMA-7B"]] }'),
    ("cluster.failover = []\ncluster.agents = 1", f"2: cluster.agents: this must be a list, as in [{AGENT}]"),
    ('cluster.failover = ["a"]', f"cluster.failover: this must be a list, as in {PAIR}"),
    ('cluster.failover = [["a"]]', f"cluster.failover: this list must have 2 members, as in {PAIR}"),
    (
        'cluster.failover = [["a", "b", "c"]]',
        f"cluster.failover: this list must have 2 members, as in {PAIR}",
    ),
    (
        "cluster.failover = [[]]",
        f"cluster.failover: this list is empty; leave out the key, or fill it, as in {PAIR}",
    ),
    ('cluster.failover = [["a", ""]]', "cluster.failover: this name is empty"),
    ('[[cluster.agents]]\nname = "a"', f'cluster.agents: there is no "path", as in {AGENT}'),
]
WRONG_MEMBERS = [
    (
        '[[cluster.agents]]\nname = "a"\npath = "b"\n[[cluster.agents]]\nname = "c"\npath = ""',
        "6: cluster.agents.path: this path is empty",
    ),
    (
        '[[cluster.agents]]\nname = "a"\npath = "b"\n\n[[cluster.agents]]\nid = 0\npath = "c"\nname = "d"',
        "6: cluster.agents.id: 0 is not a number from 1 to 2,147,483,647",
    ),
    ("[cluster]\nagent = []", '2: there is no key "agent"; did you mean "agents"?'),
    (
        '[[cluster.agents]]\nnmae = "a"\nname = "b"\npath = "c"',
        '2: there is no key "nmae"; did you mean "name"?',
    ),
]
WRONG_KEYS = [
    ('slect = ["H"]', 'there is no key "slect"; did you mean "select"?'),
    (
        "per_file_target_version = {}",
        'there is no key "per_file_target_version"; did you mean "per-file-target-version"?',
    ),
    ("--quiet = true", 'there is no key "--quiet"; did you mean "quiet"?'),
    ("Quiet = true", 'there is no key "Quiet"; did you mean "quiet"?'),
    ("workers = 4", 'there is no key "workers"; `dmsmtp schema config.schema.json` lists the keys'),
    ('password = "hush"', 'there is no key "password"; `dmsmtp schema config.schema.json` lists the keys'),
    ("[tool.dmsmtp]\nquiet = true", "write the keys of [tool.dmsmtp] without it: that is for pyproject.toml"),
    ('[severity]\nexclude = ["x"]', '2: severity: the key "exclude" belongs above this table'),
    (
        '[severity]\nH208 = "info"\nsubmission-without-starttls = "info"',
        '3: severity: "submission-without-starttls" is "H208", which stands there already',
    ),
    ('[severity]\nH208 = "info"\nh208 = "info"', '3: severity: "h208" is "H208", which stands there already'),
]


@pytest.mark.parametrize(("text", "expected"), [*WRONG_VALUES, *WRONG_MEMBERS, *WRONG_KEYS])
@pytest.mark.parametrize("before", ["", "# a comment = [\n\n'quiet'=false\r\n"])
def test_what_is_wrong(before: str, text: str, expected: str, tmp_path: Path) -> None:
    if before and "quiet" in expected:
        before = "#\n\n#\r\n"
    line, message = (int(expected[0]), expected[3:]) if re.match(r"[0-9]: ", expected) else (1, expected)

    assert bad(tmp_path, before + text) == [f"{line + before.count(chr(10))}: {message}"]


def test_every_key_is_refused_something() -> None:
    assert {re.split(r"[: .]", text.removeprefix("2: "))[0] for _, text in WRONG_VALUES} == set(KEYS)


def test_everything_wrong_is_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = '[severity]\nA3O1 = "eror"\n\n[other]\n[per-file-ignores]\nlab = ["H208", 1,\n\n  "Q" ]\n'

    assert [problem.partition(" ")[0] for problem in bad(tmp_path, text)] == ["2:", "4:", "6:", "8:"]


def test_a_lot_that_is_wrong_is_cut(tmp_path: Path) -> None:
    problems = bad(tmp_path, "".join(f"wrong-{number} = 1\n" for number in range(30)))

    assert len(problems) == 11
    assert problems[-1] == "there is more that is wrong; mend this first"


def test_what_is_quoted_is_cut(tmp_path: Path) -> None:
    (problem,) = bad(tmp_path, f'fail-on = "{"x" * 5000}"')

    assert len(problem) < 200


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('select = [\n  "H", # one\n\n  # "Q"\n  "Q",\n]', 5),
        ('select = ["H",\n"""\nQ""", "A301"]', 2),
        ("include = ['''\n[\n''', \"]\", '#',\n 1]", 4),
        ('include = ["\\"", "a\\\\", \'\\\',\n 1]', 2),
        ("include = [\"\"\"a\"\"\"\"\", '''b''''', \"c\", 'd',\n 1]", 2),
        ('include = ["""\\""""\n, 1]', 2),
        ("\n[per-file-ignores]\na = []\n'b' = [\n 'Q']", 5),
        ('\n\n"severity".\'H208\' = "x"', 3),
        ('\n"sever\\u0069ty" . "H208" = "x"', 2),
        ('severity = { H207 = "info", H208 = "x" }', 1),
        ('\nper-file-ignores = { a = [\n"H"], "b" = [\n\n"Q"] }', 5),
        ("\nper-file-ignores = { a.b = [] }", 2),
        ("quiet = true\n\n[[select]]\nx = 1\n[[select]]", 3),
        ("as-of = 2026-12-31 # [\nquiet = 3\n", 2),
        ("max-size = 1   \t\n\nmax-depth = -1", 3),
        ("[ severity ] # x\n[ per-file-ignores ]\n\na = 1", 4),
        ("a.b.c = 1\n", 1),
        ("exclude = [ [ ],\n { } ]", 1),
    ],
)
def test_the_line_in_every_way_to_write_it(text: str, line: int, tmp_path: Path) -> None:
    problem = bad(tmp_path, text)[0]
    in_table = re.sub(r"^(\[+ ?)(\w)", r"\1tool.dmsmtp.\2", f"[tool.dmsmtp]\n{text}", flags=re.MULTILINE)
    in_table = in_table.replace("[tool.dmsmtp.tool.dmsmtp]", "[tool.dmsmtp]")

    assert problem.startswith(f"{line}: "), problem
    assert bad(tmp_path, in_table, "pyproject.toml")[0].startswith(f"{line + 1}: ")


MEMBER = 'include: this must be text in quotes, as in "*.xml"'


@st.composite
def _statements(draw: st.DrawFn) -> tuple[str, int]:
    """A file with one wrong member, and its line."""
    filling = st.sampled_from(["\n", "# [x]\n", " \t\n", '# """\n', "\r\n"])
    values = ['"a"', "'#'", '"""\n[a]\n"""', "'''\nb = 1\n'''", '"\\""', '"]"', "'\\'"]
    members = draw(st.lists(st.sampled_from(values), max_size=6))
    place = draw(st.integers(0, len(members)))
    text, line = draw(filling) + "include = [", 0
    for index, member in enumerate([*members[:place], "1", *members[place:]]):
        text += draw(filling)
        line = text.count("\n") + 1 if index == place else line
        text += f"{member} , "
    return f"{text}]\n{draw(filling)}quiet = true\n", line


@given(_statements())
def test_the_line_in_lists_of_any_make(shared: Path, case: tuple[str, int]) -> None:
    text, line = case

    assert bad(shared, text) == [f"{line}: {MEMBER}"]


# Files that are no TOML

BROKEN = [
    ("select = [H]", '1: this is no value: text stands in quotes, as in "H208", and true and false without'),
    ('\nselect = ["H"', "2: a comma or ] is missing here or before"),
    ('\nselect = ["H"\nquiet = true', "3: a comma or ] is missing here or before"),
    ('severity = { H208 = "info" H207 = "info" }', "1: a comma or } is missing: the table ends in its line"),
    ("exclude = ['x']\nexclude = []", "2: this key or table stands in the file already"),
    ("[severity]\n[severity]", "2: this key or table stands in the file already"),
    ("quiet = true\n[quiet]", "2: this key or table stands in the file already"),
    ("severity = { H208 = 'info', H208 = 'info' }", "1: this key or table stands in the file already"),
    ('exclude = ["C:\\Skyline"]', "1: write a backslash twice in double quotes, or take single quotes"),
    ('exclude = ["C:\\Users"]', "1: write a backslash twice in double quotes, or take single quotes"),
    ('fail-on = "error\nquiet = true', "1: a quote is missing at the end of the line"),
    ("fail-on = 'error\nquiet = true", "1: a quote is missing: the text that begins here does not end"),
    ('\nfail-on = """error\nquiet = true\n', "2: a quote is missing: the text that begins here does not end"),
    ("\nfail-on = '''error\nquiet = true\n", "2: a quote is missing: the text that begins here does not end"),
    ('fail-on = "er\x07ror"', "1: this holds a control character"),
    ("quiet = true # \x07", "1: this holds a control character"),
    (
        "target-version = 10.5.0",
        "1: the line goes on after the value: text stands in quotes, each key in its own line",
    ),
    ("[severity\nx = 1", "1: a ] is missing at the end of the table's name"),
    ("quiet: true", "1: = is missing after the key, which stands in quotes if it is a pattern"),
    ("lab/** = 1", "1: = is missing after the key, which stands in quotes if it is a pattern"),
    ("quiet = True", '1: this is no value: text stands in quotes, as in "H208", and true and false without'),
    ("quiet", "1: = is missing after the key, which stands in quotes if it is a pattern"),
    ("[]", "1: a key is missing or holds characters that must stand in quotes"),
    ("= 3", "1: this is neither a key nor a table; a key that is a pattern stands in quotes"),
    ("{}", "1: this is neither a key nor a table; a key that is a pattern stands in quotes"),
    ("as-of = 2026-02-30", "1: there is no such date or time"),
    ("quiet =", "1: the file ends where a value should stand"),
    ("\nselect = [\n'H',\n", "4: the file ends where a value should stand"),
    ("fail-on = 'error\n[severity]\nH208 = 'info'", "1: a quote is missing at the end of the line"),
    ('"a\\q" = 1', "1: write a backslash twice in double quotes, or take single quotes"),
    ("*.xml = 1", "1: this is neither a key nor a table; a key that is a pattern stands in quotes"),
    ("=======", "1: this is neither a key nor a table; a key that is a pattern stands in quotes"),
    (
        "quiet = true\nselect = [\n<<<<<<< HEAD\n'H',\n=======\n'A',\n>>>>>>> main\n]",
        "3: a merge was not finished: both sides of a conflict stand here",
    ),
]


@pytest.mark.parametrize(("text", "expected"), BROKEN)
@pytest.mark.parametrize("before", ["", "# x\n\r\n"])
def test_broken_toml(before: str, text: str, expected: str, tmp_path: Path) -> None:
    line, _, message = expected.partition(": ")

    assert bad(tmp_path, before + text) == [f"{int(line) + before.count(chr(10))}: {message}"]


@pytest.mark.parametrize("name", ["dmsmtp.toml", "any.txt"])
def test_a_file_that_is_not_there(name: str, tmp_path: Path) -> None:
    assert load(tmp_path / name) == ConfigError(tmp_path / name, (Problem(None, "there is no such file"),))


@pytest.mark.parametrize("name", ["dmsmtp.toml", "pyproject.toml", "any"])
def test_a_folder_is_no_file(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    loaded = load(tmp_path / name)

    assert isinstance(loaded, ConfigError)
    assert loaded.sentences == [f"{tmp_path / name}: this is no file"]


@pytest.mark.posix
def test_a_link_that_leads_nowhere_is_called_one(tmp_path: Path) -> None:
    (tmp_path / "dmsmtp.toml").symlink_to("gone.toml")
    loaded = Configs().for_file(str(tmp_path / "DataMiner.xml"))

    assert isinstance(loaded, ConfigError)
    assert loaded.sentences == [
        f"{tmp_path / 'dmsmtp.toml'}: it is a link, and what it leads to does not exist"
    ]


@pytest.mark.posix
def test_a_pipe_under_our_name_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "dmsmtp.toml")
    loaded = Configs().for_file(str(tmp_path / "DataMiner.xml"))

    assert isinstance(loaded, ConfigError)
    assert loaded.sentences == [f"{tmp_path / 'dmsmtp.toml'}: this is no file"]


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path, "quiet = true")

    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "secret words of the system")

    monkeypatch.setattr(Path, "open", refuse)
    loaded = load(file)

    assert isinstance(loaded, ConfigError)
    assert loaded.sentences[0].startswith(f"{file}: it may not be read")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"quiet = true\nfail-on = '\xff'", "2: this is not UTF-8: save the file in this encoding"),
        ("quiet = true".encode("utf-16"), "1: this is not UTF-8: save the file in this encoding"),
        (
            "quiet = true".encode("utf-16-le"),
            "1: = is missing after the key, which stands in quotes if it is a pattern",
        ),
        (b"\x00" * 10, "1: this is neither a key nor a table; a key that is a pattern stands in quotes"),
        (b"\x89PNG\r\n\x1a\n", "1: this is not UTF-8: save the file in this encoding"),
        (b"#" * 1_048_577, "the file is larger than 1 MiB"),
        (b"a" * 1_048_576, "1: = is missing after the key, which stands in quotes if it is a pattern"),
        (b".".join([b"a"] * 500_000) + b" = 1", "1: this key has too many parts"),
        (b"[" + b".".join([b"a"] * 500_000) + b"]", "1: this key has too many parts"),
        (b"quiet = " + b"[" * 1_000_000, "1: this is nested too deeply"),
        (b"quiet = " + b"{a=" * 300_000, "1: this is nested too deeply"),
        (b"a = {" + b".".join([b"'a'"] * 200_000) + b" = 1}", "1: this key has too many parts"),
        (b"\nmax-size = " + b"9" * 1_000_000, "2: this value is too long"),
        (b"max-size = " + b"9" * 500, f"1: max-size: {'9' * 40}… is not a number from 1 to 2,147,483,646"),
        (
            b"max-size = 9" + b" " * 5000 + b"\nquiet = 1",
            "2: quiet: this must be true or false, without quotes",
        ),
        (b"select = [" + b"\n" * 1_000_000, "1000001: the file ends where a value should stand"),
        (
            b'fail-on = """' + b'\\"' * 20_000,
            "1: a quote is missing: the text that begins here does not end",
        ),
        (b"include = [" + b'"' * 20_000, "1: a comma or ] is missing here or before"),
    ],
    ids=range(18),
)
def test_hostile_files(data: bytes, expected: str, tmp_path: Path) -> None:
    assert bad(tmp_path, data) == [expected]


@pytest.mark.parametrize(
    "data",
    [
        b'select = ["Q",' + b'"Q",' * 20_000 + b"]",
        b'select = ["H",' + b'"H",' * 20_000 + b"]",
        b"".join(b"a%d = 1\n" % number for number in range(8_000)),
        b"".join(b"[a%d]\n" % number for number in range(8_000)),
        b"[[a]]\n" * 15_000,
        b"exclude = [" + b"{}," * 30_000 + b"]",
        b"exclude = [" + b"[],'',1," * 10_000 + b"]",
    ],
    ids=range(7),
)
def test_files_of_many_things(data: bytes, tmp_path: Path) -> None:
    assert isinstance(load(write(tmp_path, data)), Config | ConfigError)


@given(st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-8", "replace"))))
def test_no_bytes_are_an_exception(shared: Path, data: bytes) -> None:
    assert isinstance(load(write(shared, data)), Config | ConfigError)


SCALARS = [
    *('""', "''", '"]"', "'#'", '"\\\\"', '"""\n[x]\n"\\""""', "'''\n\\'''", '"""a"""""', "'''b'''''"),
    *("1", "-1_0.5e+3", "true", "inf", "10:00:00", "2026-12-31 10:00:00.5", "1979-05-27T00:32:00-07:00"),
]


def _toml_values() -> SearchStrategy[str]:
    blank = st.sampled_from(["", " ", "\n", "# ]}\n", "\r\n\t"])

    def around(inner: SearchStrategy[str]) -> SearchStrategy[str]:
        members = st.lists(st.builds("{}{}{}".format, blank, inner, blank), max_size=3)
        lists = st.builds("[{}{}]".format, members.map(",".join), blank)
        pairs = st.lists(inner, max_size=3).map(
            lambda values: [f" k{n}.'x' = {one}" for n, one in enumerate(values)]
        )
        return lists | pairs.map(lambda pairs: f"{{{','.join(pairs)} }}")

    return st.recursive(st.sampled_from(SCALARS), around, max_leaves=8)


def _toml_documents() -> SearchStrategy[str]:
    makes = [
        "k{} = {}",
        "  \"k{}\" . 'y' = {} # x",
        "[t{}]\nx = {}",
        "[[ 't{}' . u ]]\r\n\r\nx.y.z={}",
        "# {}\n#{{",
    ]
    lines = st.lists(st.tuples(st.sampled_from(makes), _toml_values()), max_size=5)
    return lines.map(
        lambda lines: "\n".join(
            make.format(n, one) if make[0] != "#" else "#" for n, (make, one) in enumerate(lines)
        )
    )


@given(_toml_documents())
def test_what_is_toml_is_read_to_its_end(text: str) -> None:
    tomllib.loads(text)
    places = TomlPlaces(f"{text}\nlast-of-all = 1")
    lines = {places.line((*base, "last-of-all")) for base in _bases(tomllib.loads(text), ())}

    assert text.count("\n") + 2 in lines


def _bases(table: object, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Paths of all tables."""
    if isinstance(table, list):
        for index, member in enumerate(table):
            yield from _bases(member, (*path, index))
    if isinstance(table, dict):
        yield path
        for key, value in table.items():
            yield from _bases(value, (*path, key))


def test_every_truncation_of_a_file_is_a_value(tmp_path: Path) -> None:
    text = _examples()[-2].encode()
    for length in range(len(text)):
        write(tmp_path, text[:length])
        loaded = load(tmp_path / "dmsmtp.toml")

        assert isinstance(loaded, Config) or all(one.line for one in loaded.problems)  # type: ignore[union-attr]


# The schema

ANNOTATIONS = {"$schema", "$defs", "$ref", "title", "description", "examples"}
CHECKED = {
    "type", "enum", "properties", "additionalProperties", "propertyNames", "items",
    "minItems", "maxItems", "minimum", "maximum", "required",
}  # fmt: skip
VALIDATOR = Draft202012Validator(SCHEMA)


def _schemas(schema: Any) -> Iterator[dict[str, Any]]:
    yield schema
    for name in ("properties", "$defs"):
        for member in schema.get(name, {}).values():
            yield from _schemas(member)
    for name in ("items", "additionalProperties", "propertyNames"):
        if isinstance(schema.get(name), dict):
            yield from _schemas(schema[name])


def test_the_schema_says_nothing_that_the_code_does_not_read() -> None:
    for schema in _schemas(SCHEMA):
        assert set(schema) <= ANNOTATIONS | CHECKED | {"pattern", "minLength"}
    with_text = {name for name, one in SCHEMA["$defs"].items() if {"pattern", "minLength"} & set(one)}

    assert with_text <= set(problems._MEANINGS)  # noqa: SLF001
    assert set(SCHEMA["$defs"]) == {*problems._MEANINGS, "severity"}  # noqa: SLF001


def test_the_schema_describes_and_shows_everything() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for schema in _schemas(SCHEMA):
        assert "$ref" in schema or schema["description"].endswith(".")
    for key, schema in KEYS.items():
        for example in schema.get("examples", ()):
            VALIDATOR.validate({key: example})


def test_the_schema_has_the_words_of_the_program() -> None:
    assert SCHEMA["$defs"]["severity"]["enum"] == [one.value for one in Severity]
    assert KEYS["fail-on"]["enum"] == [one.value for one in FailOn]
    assert KEYS["output-format"]["enum"] == [one.value for one in ReportFormat]


def test_the_schema_takes_every_rule() -> None:
    rules = [name for rule in RULES for name in (rule.code, rule.name, rule.code[:2], rule.code[0])]
    for word in [*rules, *(rule.lower() for rule in rules)]:
        VALIDATOR.validate({"select": [word], "ignore": [word]})
    VALIDATOR.validate({"severity": dict.fromkeys((rule.code for rule in RULES), "info")})
    VALIDATOR.validate({"severity": dict.fromkeys((rule.name for rule in RULES), "info")})


# Words with a meaning in each place; whether others have one, the schema does not know
WORDS = {
    "select": "H208", "extend-select": "A3", "ignore": "auto-login-method", "per-file-ignores": "H208",
    "target-version": "10.6.4", "per-file-target-version": "10.6.4", "as-of": "2026-12-31",
}  # fmt: skip
KEY_WORDS = {
    "cluster": ["agents", "failover", "name", "path", "id"],
    "severity": ["H208", "H207"],
    "per-file-ignores": ["*.xml"],
    "per-file-target-version": ["lab"],
}
CHOICES = [
    "error",
    "warning",
    "info",
    "never",
    "full",
    "concise",
    "json",
    "enabled",
    "disabled",
    "Error",
    "x",
]


def _values(key: str) -> SearchStrategy[Any]:
    texts = st.just(WORDS[key]) if key in WORDS else st.sampled_from(CHOICES)
    numbers = st.integers(-(2**40), 2**40) | st.sampled_from([0, 1, 2000, 2001, 2147483646, 2147483647])
    scalars = st.one_of(texts, numbers, st.booleans(), st.floats(), st.just(dt.date(2026, 12, 31)))
    if key not in ("as-of", "include", "exclude"):
        scalars = scalars.filter(lambda value: not isinstance(value, dt.date))  # is no rule, and no version
    keys = st.sampled_from(KEY_WORDS.get(key, ["a"]))
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=2),
        max_leaves=5,
    )


def _documents() -> SearchStrategy[dict[str, Any]]:
    known = st.sampled_from(sorted(KEYS)).flatmap(lambda key: st.tuples(st.just(key), _values(key)))
    unknown = st.tuples(st.text(min_size=1).filter(lambda key: key not in KEYS), _values("quiet"))
    return st.lists(known | known | known | unknown, max_size=3).map(dict)


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_json(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_as_json(member) for member in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=True) if value.isascii() else _quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value) if "e" not in repr(value) else f"{value:e}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _quoted(text: str) -> str:
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'


@given(_documents())
def test_the_code_and_the_schema_agree(shared: Path, document: dict[str, Any]) -> None:
    text = "".join(f"{_toml(key)} = {_toml(value)}\n" for key, value in document.items())
    is_good = isinstance(load(write(shared, text)), Config)

    assert is_good == VALIDATOR.is_valid(_as_json(document)), text


def _check_jsonschema(*files: Path) -> int:
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--schemafile",
        SCHEMA_FILE,
        *files,
    ]
    return subprocess.run(command, env=unmeasured(), capture_output=True, check=False).returncode


def test_check_jsonschema_takes_good_files(tmp_path: Path) -> None:
    texts = [text for text, _, _ in [*RULE_VALUES, *RUN_VALUES]]
    texts += [text for text in _examples() if "tool.dmsmtp" not in text]

    assert _check_jsonschema(*(write(tmp_path / str(n), text) for n, text in enumerate(texts))) == 0


@pytest.mark.parametrize(
    "text",
    ["slect = ['H']", "select = 'H'", "select = []", "fail-on = 'eror'", "max-depth = 0", "as-of = 2026",
     "severity.H208 = 1", "severity.'8' = 'info'", "per-file-ignores.'a\\b' = []", "as-of = 10:00:00"],
)  # fmt: skip
def test_check_jsonschema_refuses_bad_files(text: str, tmp_path: Path) -> None:
    assert _check_jsonschema(write(tmp_path, text)) == 1
    assert isinstance(load(tmp_path / "dmsmtp.toml"), ConfigError)


# Which file counts


def test_a_pyproject_without_our_table_is_none(tmp_path: Path) -> None:
    for text in ("", "[project]\nname = 'x'", "[tool.other]", "dmsmtp = 1", "tool = 'dmsmtp'", "not TOML"):
        assert load(write(tmp_path, text, "pyproject.toml")) is None, text


def test_a_pyproject_with_our_table(tmp_path: Path) -> None:
    text = "[project]\nname = 'x'\n[tool.dmsmtp]\nquiet = true\n[tool.dmsmtp.severity]\nH208 = 'info'\n"
    config = good(tmp_path, text, "pyproject.toml")

    assert config.run == RunConfig(quiet=True)
    assert config.rules == RuleConfig(severity={"H208": Severity.INFO})
    assert good(tmp_path, "[tool.dmsmtp]", "pyproject.toml").rules == RuleConfig()
    assert bad(tmp_path, "\ntool.dmsmtp = 3", "pyproject.toml") == ["2: this must be a table"]
    assert bad(tmp_path, "[tool.dmsmtp]\nquite = 1", "pyproject.toml") == [
        '2: there is no key "quite"; did you mean "quiet"?'
    ]
    assert bad(tmp_path, "[tool.dmsmtp]\nquiet 1", "pyproject.toml") == [
        "2: = is missing after the key, which stands in quotes if it is a pattern"
    ]


def nearest(folder: Path) -> Path | None:
    """The configuration file that counts for files of a folder."""
    found = Configs().for_file(str(folder / "DataMiner.xml"))
    return found and found.path


def test_our_file_wins_over_a_pyproject_beside_it(tmp_path: Path) -> None:
    write(tmp_path, "[tool.dmsmtp]\nquiet = true", "pyproject.toml")
    assert nearest(tmp_path) == tmp_path / "pyproject.toml"

    own = write(tmp_path, "whole-file = true")
    found = Configs().for_file(str(tmp_path / "DataMiner.xml"))

    assert nearest(tmp_path) == own
    assert found == Config(own, RuleConfig(whole_file=True), RunConfig())


def test_the_nearest_file_counts_alone(tmp_path: Path) -> None:
    write(tmp_path, 'ignore = ["H208"]')
    write(tmp_path / "a/b", "whole-file = true")
    write(tmp_path / "a/b/c", "[project]", "pyproject.toml")
    configs = Configs()

    for folder, expected in [
        ("", RuleConfig(ignore=("H208",))),
        ("a", RuleConfig(ignore=("H208",))),
        ("a/b", RuleConfig(whole_file=True)),
        ("a/b/c/d", RuleConfig(whole_file=True)),
        ("x/../a/b/c", RuleConfig(whole_file=True)),
        ("not/there", RuleConfig(ignore=("H208",))),
    ]:
        found = configs.for_file(str(tmp_path / folder / "DataMiner.xml"))
        assert isinstance(found, Config), folder
        assert found.rules == expected, folder


def test_relative_paths_count_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer = write(tmp_path, "quiet = true")
    inner = write(tmp_path / "a", "quiet = false")
    monkeypatch.chdir(tmp_path / "a")
    configs = Configs()

    def path(of: Config | ConfigError | None) -> Path | None:
        return of and of.path

    assert path(configs.for_run()) == path(configs.for_file(None)) == inner
    assert path(configs.for_file("DataMiner.xml")) == path(configs.for_file("./x/DataMiner.xml")) == inner
    assert path(configs.for_file("../DataMiner.xml")) == outer


def test_no_file_anywhere(tmp_path: Path) -> None:
    if nearest(tmp_path) is not None:
        pytest.skip("a configuration lies above the temporary folder")

    assert Configs().for_file(str(tmp_path / "DataMiner.xml")) is None


def test_one_file_for_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a", "quiet = true")
    monkeypatch.chdir(tmp_path / "a")
    given_file = write(tmp_path, "quiet = false", "any name")
    configs = Configs(given_file)

    for found in (configs.for_run(), configs.for_file(None), configs.for_file("DataMiner.xml")):
        assert found == Config(given_file, RuleConfig(), RunConfig(quiet=False))


def test_a_file_given_by_name_must_be_one(tmp_path: Path) -> None:
    project = write(tmp_path, "[project]", "pyproject.toml")
    errors = [Configs(path).for_run() for path in (project, tmp_path / "none.toml", tmp_path)]

    assert [error.sentences for error in errors if isinstance(error, ConfigError)] == [
        [f"{project}: it holds no [tool.dmsmtp]"],
        [f"{tmp_path / 'none.toml'}: there is no such file"],
        [f"{tmp_path}: this is no file"],
    ]


def test_a_wrong_file_is_never_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "quiet = true")
    write(tmp_path / "a", "quite = true")
    write(tmp_path / "b", "[tool.dmsmtp", "pyproject.toml")

    for folder in ("a", "b"):
        assert isinstance(Configs().for_file(str(tmp_path / folder / "x.xml")), ConfigError)
    assert nearest(tmp_path / "a/c") == tmp_path / "a/dmsmtp.toml"


@pytest.mark.posix
def test_a_link_to_nowhere_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "dmsmtp.toml").symlink_to(tmp_path / "gone")

    assert isinstance(Configs().for_file(str(tmp_path / "x.xml")), ConfigError)


NAMES = ("dmsmtp.toml", "pyproject.toml")


@pytest.mark.parametrize("name", NAMES)
def test_what_a_failing_disk_hides_is_not_passed_over(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(tmp_path / name, monkeypatch)
    found = Configs().for_file(str(tmp_path / "a/x.xml"))

    assert isinstance(found, ConfigError)
    assert found.sentences == [f"{tmp_path / name}: it cannot be read: {os.strerror(errno.EIO)}"]


@pytest.mark.parametrize("fault", [errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENAMETOOLONG])
def test_a_folder_that_nobody_can_look_into_holds_no_configuration(
    fault: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "quiet = true")
    for name in NAMES:
        fail_at(tmp_path / "a" / name, monkeypatch, fault=fault)

    assert nearest(tmp_path / "a/b") == tmp_path / "dmsmtp.toml"


@pytest.mark.posix
def test_a_project_file_that_leads_to_itself_is_none(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").symlink_to("pyproject.toml")

    assert Configs().for_file(str(tmp_path / "x.xml")) is None


@pytest.mark.posix
def test_a_working_folder_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()

    assert Configs().for_run() is None
    assert Configs().for_file("a/DataMiner.xml") is None


def test_each_folder_is_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "quiet = true")
    looked: list[str] = []
    original = lookup._of_folder  # noqa: SLF001

    def count(folder: str) -> Config | ConfigError | None:
        looked.append(folder)
        return original(folder)

    monkeypatch.setattr(lookup, "_of_folder", count)
    configs = Configs()
    paths = [str(tmp_path / f"{number % 100}/{number}/DataMiner.xml") for number in range(10_000)]
    found = {id(configs.for_file(path)) for path in paths * 2}

    assert len(found) == 1
    assert len(looked) == len(set(looked)) == 10_000 + 100 + 1


# What it means for a file

POSIX, WINDOWS = PurePosixPath("/srv/conf"), PureWindowsPath(r"C:\Conf")
MATCHING = [
    ("DataMiner.xml", "DataMiner.xml"),
    ("DataMiner.xml", "a/b/DataMiner.xml"),
    ("./DataMiner.xml", "DataMiner.xml"),
    ("*.xml", "a/DataMiner.xml"),
    ("a/*.xml", "a/DataMiner.xml"),
    ("a/**", "a/DataMiner.xml"),
    ("a/**", "a/b/c/DataMiner.xml"),
    ("a/**/*.xml", "a/DataMiner.xml"),
    ("a/**/*.xml", "a/b/c/DataMiner.xml"),
    ("**/b/*", "a/b/DataMiner.xml"),
    ("**/b/*", "b/DataMiner.xml"),
    ("**/**/b/**/**", "a/b/DataMiner.xml"),
    ("**", "DataMiner.xml"),
    ("*", "a/DataMiner.xml"),
    ("a", "a/b/DataMiner.xml"),
    ("b/", "a/b/DataMiner.xml"),
    ("a/b", "a/b/DataMiner.xml"),
    ("a//b/./", "a/b/DataMiner.xml"),
    ("agent-?", "agent-7/DataMiner.xml"),
    ("[old]/x(1)+.xml", "[old]/x(1)+.xml"),
    ("ä*", "äö/DataMiner.xml"),
    ("*ab*b.xml", "aabbb.xml"),
    ("**/a/b/**/a/c", "a/a/b/b/a/a/c/DataMiner.xml"),
    ("*a*/**/*b*b/c", "xa/b/bab/c"),
]
NOT_MATCHING = [
    ("./DataMiner.xml", "a/DataMiner.xml"),
    ("ataMiner.xml", "DataMiner.xml"),
    ("DataMiner", "DataMiner.xml"),
    ("DataMiner?xml", "DataMiner/xml"),
    ("a/*.xml", "a/b/DataMiner.xml"),
    ("a/*.xml", "b/a/DataMiner.xml"),
    ("b/*.xml", "a/b/DataMiner.xml"),
    ("a/**/b", "a/bc/DataMiner.xml"),
    ("a", "ab/DataMiner.xml"),
    ("[ab]", "a/DataMiner.xml"),
    ("*.xml", "a.xml.bak"),
    ("DataMiner.xml", "DataMinerAxml"),
    ("agent-?", "agent-17/DataMiner.xml"),
    ("*ab*b.xml", "ab.xml"),
    ("**/a/b/**/a/c", "a/b/c/a/b/a/DataMiner.xml"),
    ("x/*a*/*b", "x/ab"),
]


def matches(glob: str, path: PurePath, folder: PurePath) -> bool:
    return list(matching_globs([glob], path, folder)) == [glob]


@pytest.mark.posix
def test_a_file_behind_a_link_to_the_folder_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "real" / "lab").mkdir(parents=True)
    (tmp_path / "real" / "other").symlink_to("lab")
    (tmp_path / "link").symlink_to("real")
    rules = RuleConfig(per_file_ignores={"lab/**": ("A306",), "other/**": ("H208",)})

    for folder, root in (("real", "link"), ("link", "real"), ("link", "link")):
        config = Config(tmp_path / folder / "dmsmtp.toml", rules)
        for inside, ignored in (("lab", {"A306"}), ("other", {"H208"})):
            path = str(tmp_path / root / inside / "DataMiner.xml")
            assert ignores_for(config, path) == ignored


@pytest.mark.parametrize("folder", [POSIX, WINDOWS], ids=["posix", "windows"])
@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [*((*one, True) for one in MATCHING), *((*one, False) for one in NOT_MATCHING)],
)
def test_globs(glob: str, path: str, expected: bool, folder: PurePath) -> None:
    assert matches(glob, folder / path, folder) == expected


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("**/x/" * 30 + "b", "x/" * 60 + "c"),
        ("*a" * 500 + "b", "a" * 3000),
        ("**/*a*a/" * 30 + "b", "aaa/" * 60),
    ],
)
def test_no_glob_takes_long(glob: str, path: str) -> None:
    begun = time.perf_counter()
    assert not matches(glob, POSIX / path, POSIX)
    assert time.perf_counter() - begun < 5


def test_letters_in_either_case_are_the_same_on_windows_alone() -> None:
    assert matches("AGENTS/*.XML", WINDOWS / r"agents\dataminer.xml", WINDOWS)
    assert matches("agents/*.xml", PureWindowsPath(r"c:\conf\AGENTS\DATAMINER.XML"), WINDOWS)
    assert not matches("AGENTS/*.XML", POSIX / "agents/dataminer.xml", POSIX)


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        (PurePosixPath("/other/a/DataMiner.xml"), POSIX),
        (PureWindowsPath(r"D:\other\a\DataMiner.xml"), WINDOWS),
        (PureWindowsPath(r"\\server\share\a\DataMiner.xml"), WINDOWS),
    ],
)
def test_outside_of_the_folder_only_names_match(path: PurePath, folder: PurePath) -> None:
    assert matches("DataMiner.xml", path, folder)
    assert matches("**/a/*", path, folder)
    assert matches("a", path, folder)
    assert not matches("a/*", path, folder)
    assert not matches("other/**", path, folder)


def test_ignores_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = good(tmp_path, '[per-file-ignores]\n"lab/**" = ["A30"]\n"*.xml" = ["H208"]\n"lab/x" = ["S108"]')
    monkeypatch.chdir(tmp_path)

    assert ignores_for(config, "DataMiner.xml") == {"H208"}
    assert ignores_for(config, str(tmp_path / "lab/DataMiner.xml")) == {"H208"} | codes_of(["A30"])
    assert ignores_for(config, "lab/../other/DataMiner.json") == frozenset()
    assert ignores_for(config, None) == ignores_for(None, "DataMiner.xml") == frozenset()
    assert ignores_for(Config(), "DataMiner.xml") == frozenset()


def test_thousands_of_globs_are_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "\n".join(f'"lab/{number}/once.xml" = ["H208"]' for number in range(2_000))
    config = good(tmp_path, f"[per-file-ignores]\n{lines}")
    compiled = Mock(wraps=re.compile)
    monkeypatch.setattr(re, "compile", compiled)
    for file in ("lab/7/once.xml", "lab/1999/once.xml"):
        assert ignores_for(config, str(tmp_path / file)) == {"H208"}
    assert compiled.call_count == 2_000


def test_target_version_of_a_file(tmp_path: Path) -> None:
    versions = '[per-file-target-version]\n"a/**" = "10.6.4"\n"a/old" = "10.5.0 CU13"\n'
    config = good(tmp_path, f'target-version = "10.4.0"\n{versions}')

    def version(path: str) -> Version | None:
        return target_version_for(config, str(tmp_path / path))

    assert version("a/DataMiner.xml") == FEATURE
    assert version("a/old/DataMiner.xml") == CU13  # the last that matches
    assert version("b/DataMiner.xml") == target_version_for(config, None) == Version(Train.MAIN, 10, 4)
    assert target_version_for(good(tmp_path, versions), str(tmp_path / "b.xml")) is None
    assert target_version_for(None, "DataMiner.xml") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", EVERYTHING),
        ('select = ["H"]', codes_of(["H"])),
        ('select = ["h208", "unknown-setting"]', {"H208", "S101"}),
        ('select = ["H"]\nextend-select = ["A301"]', codes_of(["H", "A301"])),
        ('extend-select = ["A301"]', EVERYTHING),
        ('ignore = ["H2"]', EVERYTHING - codes_of(["H2"])),
        ('select = ["H"]\nignore = ["H208"]', codes_of(["H"]) - {"H208"}),
        ('select = ["H"]\n[per-file-ignores]\n"*.xml" = ["H20"]', codes_of(["H"]) - codes_of(["H20"])),
    ],
)
def test_the_codes_to_report(text: str, expected: frozenset[str], tmp_path: Path) -> None:
    config, path = good(tmp_path, text), str(tmp_path / "DataMiner.xml")
    available = frozenset(rule.code for rule in RULES if rule.in_validate)

    assert codes_for(config, path, EVERYTHING) == expected | ALWAYS
    assert codes_for(config, path, available) == (expected & available) | (ALWAYS & available)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", EVERYTHING),
        ('select = ["H"]', codes_of(["H"])),
        ('ignore = ["H2"]', EVERYTHING),
        ('select = ["H"]\nignore = ["H208", "A301"]', codes_of(["H"])),
        ('select = ["H"]\nextend-select = ["A301"]\nignore = ["A301"]', codes_of(["H", "A301"])),
        ('select = ["H"]\n[per-file-ignores]\n"*.xml" = ["H20", "A3"]', codes_of(["H"])),
    ],
)
def test_the_codes_that_are_selected(text: str, expected: frozenset[str], tmp_path: Path) -> None:
    config = good(tmp_path, text)

    assert selected_codes(config, EVERYTHING) == expected | ALWAYS
    assert selected_codes(config, codes_of(["A", "H"])) == expected & codes_of(["A", "H"])
    assert selected_codes(None, EVERYTHING) == EVERYTHING


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('select = ["H", "D"]', {"A301", "A302"}),
        ('select = ["H"]\nextend-select = ["S"]', {"A301", "A302"}),
        ('select = ["H"]\nignore = ["A302"]', {"A301"}),
        ('select = ["H"]\nextend-select = ["A301"]', {"A301", "A302"}),
        ('select = ["D"]\nextend-select = ["A301"]', {"A301"}),
    ],
)
def test_what_is_selected_for_other_commands_alone_does_not_count(
    text: str, expected: set[str], tmp_path: Path
) -> None:
    available = frozenset({"A301", "A302", "D001"})

    assert codes_for(good(tmp_path, text), "DataMiner.xml", available) == expected | {"D001"}


# The command line wins


def test_without_a_file_the_command_line_counts() -> None:
    rules, run = RuleConfig(select=("H",)), RunConfig(quiet=True)

    assert merge(None, rules, run) == Config(None, rules, run)
    assert merge(None) == Config()
    assert codes_for(None, "DataMiner.xml", EVERYTHING) == EVERYTHING


@pytest.mark.parametrize(
    ("below", "above"),
    [
        (RunConfig(fail_on="error"), RunConfig(fail_on="never")),
        (RunConfig(exclude=("a",)), RunConfig(exclude=())),
        (RunConfig(quiet=True), RunConfig(quiet=False)),
        (RunConfig(quiet=False), RunConfig(quiet=True)),
        (RunConfig(max_size=1), RunConfig(max_size=2)),
    ],
)
def test_the_command_line_wins_key_by_key(below: RunConfig, above: RunConfig) -> None:
    config = Config(Path("dmsmtp.toml"), RuleConfig(whole_file=True), below._replace(include=("x",)))

    assert merge(config, run=above) == config._replace(run=above._replace(include=("x",)))
    assert merge(config) == config


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (RuleConfig(), codes_of(["H", "A3"]) - {"H208", "H209"}),
        (RuleConfig(select=("S",)), codes_of(["S"])),
        (RuleConfig(select=("H208",)), {"H208"}),
        (RuleConfig(select=("H20,M", "S1")), codes_of(["H20", "M", "S1"])),
        (RuleConfig(extend_select=("S",)), codes_of(["H", "A3", "S"]) - {"H208", "H209"}),
        (RuleConfig(extend_select=("H208",)), codes_of(["H", "A3"]) - {"H209"}),
        (RuleConfig(ignore=("A3",)), codes_of(["H"])),
        (RuleConfig(ignore=()), codes_of(["H", "A3"])),
        (RuleConfig(select=("H",), ignore=("H2",)), frozenset()),
        (RuleConfig(select=("S",), extend_select=("H208",)), codes_of(["S", "H208"])),
        (RuleConfig(extend_select=("S",), ignore=("H,A",)), codes_of(["S"])),
    ],
)
def test_rules_of_the_command_line(rules: RuleConfig, expected: frozenset[str]) -> None:
    below = RuleConfig(select=("H",), extend_select=("A3",), ignore=("H208", "H209"))
    config = merge(Config(Path("dmsmtp.toml"), below), rules)

    assert codes_for(config, "DataMiner.xml", EVERYTHING) == expected | ALWAYS


def test_the_target_version_of_the_command_line_is_that_of_all_files(tmp_path: Path) -> None:
    config = good(tmp_path, '[per-file-target-version]\n"*" = "10.6.4"')
    path = str(tmp_path / "DataMiner.xml")

    assert target_version_for(config, path) == FEATURE
    assert target_version_for(merge(config, RuleConfig(whole_file=True)), path) == FEATURE
    assert target_version_for(merge(config, RuleConfig(target_version=CU13)), path) == CU13


# The page

PAGE = ROOT / "docs" / "configuration.md"


def _examples() -> list[str]:
    """The examples of what is right; what is wrong stands there as a file that a command is given."""
    shown = blocks(PAGE.read_text("utf-8"))
    return [one.text for one in shown if one.language == "toml" and one.file_name is None]


def test_the_examples_of_the_page_are_good(tmp_path: Path) -> None:
    examples = _examples()
    assert len(examples) == 4
    for text in examples:
        name = "pyproject.toml" if "tool.dmsmtp" in text else "dmsmtp.toml"
        assert good(tmp_path, text, name)


def test_the_page_shows_every_key_with_a_good_example(tmp_path: Path) -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)

    assert [key for key, _, _ in rows] == list(KEYS)
    for key, _, example in rows:
        assert example == "see below" or good(tmp_path, f"{key} = {example.strip('`')}")
    for key, text, _ in rows:
        _, schema = problems._resolved(KEYS[key])  # noqa: SLF001
        assert all(f'`"{choice}"`' in text for choice in schema.get("enum", ()))
