"""The corpus in fixtures/: real files, and beside each one what must be found in it.

fixtures/README.md says how the expectations are written. They come from the rule catalogue, not from the
program: where the two differ, one of them is wrong.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from migrator.checking import CheckSettings, check, read_document
from migrator.diagnostic import Severity
from migrator.document.limits import Limits
from migrator.document.source import Unreadable
from migrator.live.probing import server_of
from migrator.rules import BY_CODE, CLUSTER_RULES, LIVE_RULES, NO_SERVER_CODES, RULES
from migrator.rules.model import Circumstances
from migrator.section import read_configuration
from migrator.values.version import parse_version
from tests.cli.running import unmeasured
from tests.rules.tables import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrator.diagnostic import Diagnostic

REPOSITORY = Path(__file__).resolve().parents[1]
FIXTURES = REPOSITORY / "fixtures"
ENDING = ".expected"
WHOLE_FILE = "whole-file"  # what lies in a folder of this name is checked with the option of this name
TARGET_VERSIONS = "target-versions"  # what lies in VERSION/ in it is checked as a file for this version
CLUSTER = "cluster"  # what lies in this folder is compared: see tests/cluster/
AS_OF_DAY = "as-of"  # what lies in DATE/ in it is checked as on this day
MIGRATE = "migrate"  # has tests of its own
ORDINARY = ("ordinary", "providers")
NO_FIXTURE = {
    "D007": "a rule that fails is a mistake in dmsmtp: no file should bring it about",
    **{rule.code: "it is about what a server does" for rule in LIVE_RULES},
    **{rule.code: f"it is about several files: see {CLUSTER}/" for rule in CLUSTER_RULES},
}

LINE = re.compile(
    r"(?P<start>\d+:\d+)-(?P<end>\d+:\d+) (?P<severity>error|warning|info) "
    r"(?P<code>[A-Z]\d{3}) (?P<place>\S+)"
)
CODE = re.compile(r"\b[A-Z]\d{3}\b")
# What dataminer.xsd refuses. S107 and S110 do so in some places, S109 where it is an error, S112 sometimes.
REFUSED = frozenset(
    {
        *("D005", "S101", "S102", "S106"),
        *("H204", "H205", "H207", "H215", "A301", "M604"),
    }
)
# Not the schema's business, and other programs go on where ours stops: at an undeclared prefix, a DOCTYPE, …
NO_VERDICT = frozenset({"D001", "D002", "D003", "D006"})
SECRETS = (
    re.compile(
        r"<(?:\w+:)?\w*(?:pass|pwd|secret)\w*\b[^<>]*>(?:<!\[CDATA\[)?([^<>]*?\S)(?:\]\]>)?<", re.IGNORECASE
    ),
    re.compile(r"\b\w*(?:password|secret|community)=[\"']([^\"']{4,})[\"']", re.IGNORECASE),
    re.compile(r"\b\w*(?:pass|pwd|secret)\w*[\"']?: *(?:![a-z]+ )?[\"'@*]?([^\"'\s{}]{4,})", re.IGNORECASE),
)
# Behind an @, in an address of the web, or as Host
NAMES_OF_HOSTS = re.compile(
    r"""(?:@|://|Host>\s*|Host["']?:\s*["']?)([a-z0-9][\w-]*(?:\.[\w-]+)*\.[a-z]{2,})(?![\w.-])""",
    re.IGNORECASE,
)
ADDRESSES = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
NOBODYS = re.compile(r"(?:.*\.)?(?:example(?:\.com|\.net|\.org)?|local)")
PUBLIC = re.compile(  # of mail providers, and of documentation
    r"(?:.*\.)?(?:amazonaws\.com|gmail\.com|googleapis\.com|hotmail\.com|mail\.com|mail\.me\.com|mailgun\.org"
    r"|microsoftonline\.c(?:om|n)|office\.com|office365\.com|outlook\.c(?:om|n)|postmarkapp\.com|sendgrid\.net"
    r"|skyline\.be|w3\.org|yahoo\.com|zoho\.eu)"
)
SECRETS_THAT_DO_NOT_PARSE = {"salt", "pepper", "i <3 mail", "<3", "frost+on+tulips"}


@dataclass(frozen=True, order=True)
class Found:
    """One line of an .expected file."""

    start: str
    end: str
    severity: str
    code: str
    place: str


LEFT_TO_OTHERS = {  # in lint, to M601 and M603
    "codes/M601-trimmed-is-wrong-too.xml": Found("16:15", "16:26", "warning", "S109", "SMTP/From"),
    "codes/M603-trimmed-is-wrong-too.xml": Found("13:11", "13:20", "warning", "S109", "SMTP/Helo"),
}


@dataclass(frozen=True)
class Fixture:
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(REPOSITORY).as_posix()

    @property
    def is_whole_file(self) -> bool:
        return WHOLE_FILE in self.path.parts

    @property
    def options(self) -> dict[str, str]:
        """What it is checked for, where its folder says so: a version of DataMiner, a day."""
        folders = dict(zip(self.path.parts, self.path.parts[1:], strict=False))
        return {name: folders[name] for name in (TARGET_VERSIONS, AS_OF_DAY) if name in folders}

    @property
    def settings(self) -> CheckSettings:
        day = date.fromisoformat(self.options.get(AS_OF_DAY, str(AS_OF)))
        version = parse_version(self.options.get(TARGET_VERSIONS, ""))
        assert version.is_valid == (TARGET_VERSIONS in self.options), f"{self.name}: not a version"
        return CheckSettings(whole_file=self.is_whole_file, circumstances=Circumstances(day, version.value))

    @property
    def expected(self) -> list[Found]:
        return _expected(self.path)

    @property
    def codes(self) -> set[str]:
        return {one.code for one in self.expected}

    @property
    def worst(self) -> str:
        found = {one.severity for one in self.expected}
        return next((severity for severity in ("error", "warning", "info") if severity in found), "nothing")


@cache
def _expected(path: Path) -> list[Found]:
    lines = path.with_name(path.name + ENDING).read_text("utf-8").splitlines()
    matches = [LINE.fullmatch(line) for line in lines]
    assert all(matches), f"{path.name}{ENDING} has a line that is not as fixtures/README.md says"
    return [Found(**match.groupdict()) for match in matches if match is not None]


def _files() -> list[Path]:
    return sorted(
        file
        for file in FIXTURES.rglob("*")
        if file.is_file()
        and file.name != "README.md"
        and not {CLUSTER, MIGRATE} & set(file.relative_to(FIXTURES).parts)
    )


CORPUS = [Fixture(path) for path in _files() if path.suffix != ENDING]
XML = [one for one in CORPUS if one.path.suffix == ".xml"]
GROUPS = {
    "section": [one for one in CORPUS if not one.is_whole_file and not one.options],
    WHOLE_FILE: [one for one in CORPUS if one.is_whole_file and not one.options],
}
OPTIONS = {"section": [], WHOLE_FILE: ["--whole-file"]}
each = pytest.mark.parametrize("fixture", [pytest.param(one, id=one.name) for one in CORPUS])
each_group = pytest.mark.parametrize("group", GROUPS)


def _found(one: Diagnostic) -> Found:
    assert one.span is not None
    start, end = one.span.start, one.span.end
    return Found(
        f"{start.line}:{start.column}", f"{end.line}:{end.column}", one.severity, one.code, one.place or "-"
    )


def _reported(one: dict[str, Any]) -> tuple[str, Found]:
    start, end = (f"{one[side]['line']}:{one[side]['column']}" for side in ("start", "end"))
    return one["path"], Found(start, end, one["severity"], one["code"], one["place"] or "-")


def _run(command: str, files: Iterable[Fixture], *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "migrator", command, *options, *(one.name for one in files)],
        cwd=REPOSITORY,
        env=unmeasured(PYTHONIOENCODING="utf-8"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def _with(*severities: str) -> list[Fixture]:
    return [one for one in GROUPS["section"] if one.worst in severities]


class TestCorpus:
    def test_every_file_has_its_expectations_and_they_their_file(self) -> None:
        files = set(_files())
        expectations = {file for file in files if file.suffix == ENDING}

        assert {file.with_name(file.name + ENDING) for file in files - expectations} == expectations

    def test_every_rule_has_a_fixture(self) -> None:
        reached = set(chain.from_iterable(one.codes for one in CORPUS))

        assert {rule.code for rule in RULES} - reached == set(NO_FIXTURE)

    @pytest.mark.parametrize(
        "fixture", [pytest.param(one, id=one.name) for one in CORPUS if CODE.search(one.path.name)]
    )
    def test_codes_in_its_name_are_expected(self, fixture: Fixture) -> None:
        assert set(CODE.findall(fixture.path.name)) <= fixture.codes

    @each
    def test_expectations_are_in_order(self, fixture: Fixture) -> None:
        def position(one: Found) -> tuple[list[int], list[int], str]:
            return (
                [int(part) for part in one.start.split(":")],
                [int(part) for part in one.end.split(":")],
                one.code,
            )

        assert fixture.expected == sorted(fixture.expected, key=position)


class TestFindings:
    @each
    def test_through_the_api(self, fixture: Fixture) -> None:
        report = check(fixture.name, fixture.path.read_bytes(), fixture.settings)

        assert [_found(one) for one in report.diagnostics] == fixture.expected

    @pytest.mark.parametrize("fixture", [pytest.param(one, id=one.name) for one in GROUPS[WHOLE_FILE]])
    def test_without_the_whole_file(self, fixture: Fixture) -> None:
        report = check(fixture.name, fixture.path.read_bytes(), CheckSettings())

        kept = [one for one in fixture.expected if one.code not in ("S112", "S113")]
        assert [_found(one) for one in report.diagnostics] == kept

    @each
    def test_why_there_is_no_server_to_connect_to(self, fixture: Fixture) -> None:
        document = read_document(fixture.name, fixture.path.read_bytes(), Limits())
        configuration = None if isinstance(document, Unreadable) else read_configuration(document)
        section = None if configuration is None else configuration.section

        if section is None or server_of(section) is None:
            assert fixture.codes & NO_SERVER_CODES

    @each_group
    @pytest.mark.parametrize("command", ["lint", "validate"])
    def test_through_the_command(self, command: str, group: str) -> None:
        outcome = _run(command, GROUPS[group], "--output-format", "json", *OPTIONS[group])
        report = json.loads(outcome.stdout)

        assert [_reported(one) for one in report["diagnostics"]] == [
            (fixture.name, one)
            for fixture in GROUPS[group]
            for one in (fixture.expected if command == "lint" else _to_validate(fixture))
        ]
        assert report["failures"] == []
        assert report["summary"]["files"] == len(GROUPS[group])
        assert outcome.returncode == 1

    @pytest.mark.parametrize(
        ("severities", "options", "code"),
        [
            pytest.param(["nothing"], ["--fail-on", "info"], 0, id="nothing found"),
            pytest.param(["info", "nothing"], ["--fail-on", "warning"], 0, id="advice"),
            pytest.param(["info", "nothing"], ["--fail-on", "info"], 1, id="advice that fails"),
            pytest.param(["warning", "info", "nothing"], [], 0, id="warnings"),
            pytest.param(
                ["warning", "info", "nothing"], ["--fail-on", "warning"], 1, id="warnings that fail"
            ),
            pytest.param(["error"], [], 1, id="errors"),
            pytest.param(["error"], ["--fail-on", "never"], 0, id="errors that do not fail"),
        ],
    )
    def test_exit_code(self, severities: list[str], options: list[str], code: int) -> None:
        assert _run("lint", _with(*severities), "--output-format", "concise", *options).returncode == code


def _to_validate(fixture: Fixture) -> list[Found]:
    """What `validate` finds: what its rules find in `lint`, and what they leave to a rule that it lacks."""
    found = [one for one in fixture.expected if BY_CODE[one.code].in_validate]
    return [*found, *(one for name, one in LEFT_TO_OTHERS.items() if fixture.name == f"fixtures/{name}")]


def test_ordinary_files_get_advice_at_most() -> None:
    ordinary = [one for one in CORPUS if one.path.parent.name in ORDINARY]

    assert len(ordinary) >= 30
    assert [one.name for one in ordinary if one.worst not in ("nothing", "info")] == []
    for fixture in ordinary:
        assert fixture.settings.circumstances == Circumstances(AS_OF)
        found = check(fixture.name, fixture.path.read_bytes(), fixture.settings).diagnostics
        assert {one.severity for one in found} <= {Severity.INFO}, fixture.name


def _secrets(fixture: Fixture) -> set[str]:
    text = fixture.path.read_bytes().decode("latin-1")
    return {match[1] for secret in SECRETS for match in secret.finditer(text)}


@each_group
@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
def test_no_secret_is_shown(output_format: str, group: str) -> None:
    outcome = _run("lint", GROUPS[group], "--output-format", output_format, *OPTIONS[group])
    secrets = set(chain.from_iterable(map(_secrets, GROUPS[group]))) | SECRETS_THAT_DO_NOT_PARSE
    shown = outcome.stdout + outcome.stderr

    assert len(secrets) > len(SECRETS_THAT_DO_NOT_PARSE)
    assert [secret for secret in sorted(secrets) if secret in shown] == []


def _is_refused(one: Found) -> bool:
    """Whether dataminer.xsd refuses what this finding is about."""
    match one.code:
        case "S107":  # text and elements; processing instructions mean nothing to it
            return one.place == "SMTP" or one.place.count("/") > 1
        case "S109":
            return one.severity == "error"
        case "S110":  # it takes a whole section in either namespace
            return one.place != "SMTP"
        case _:
            return one.code in REFUSED


@pytest.fixture(scope="module")
def accepted() -> set[str]:
    """Names of the fixtures that xmllint accepts by the schema."""
    program = shutil.which("xmllint")
    if program is None:
        pytest.skip("install xmllint (libxml2-utils), or run make tools")
    outcome = subprocess.run(
        [program, "--noout", "--nonet", "--schema", "schemas/dataminer.xsd", *(one.name for one in XML)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    assert outcome.returncode in (1, 3), outcome.stderr  # one is not well-formed, others not valid
    return {
        line.removesuffix(" validates") for line in outcome.stderr.splitlines() if line.endswith(" validates")
    }


def _has_verdict(fixture: Fixture) -> bool:
    """Whether XSD 1.0 settles it; of S112 it can say some, dataminer-1.1.xsd all."""
    return not fixture.codes & NO_VERDICT and (
        "S112" not in fixture.codes or any(map(_is_refused, fixture.expected))
    )


@pytest.mark.parametrize("fixture", [pytest.param(one, id=one.name) for one in XML if _has_verdict(one)])
def test_xmllint_agrees(fixture: Fixture, accepted: set[str]) -> None:
    assert (fixture.name in accepted) != any(map(_is_refused, fixture.expected))


def test_hosts_and_addresses_are_nobodys_or_public() -> None:
    texts = [
        path.read_bytes().replace(b"\0", b"").decode("latin-1")
        for path in FIXTURES.rglob("*")
        if path.is_file() and path.name != "README.md"
    ]
    hosts = {name.lower() for text in texts for name in NAMES_OF_HOSTS.findall(text)}
    addresses = {one for text in texts for one in ADDRESSES.findall(text)}

    assert {one for one in hosts if not (NOBODYS.fullmatch(one) or PUBLIC.fullmatch(one))} == set()
    assert {one for one in addresses if not one.startswith("192.0.2.")} == {"127.0.0.1", "255.255.255.0"}
