"""Baselines: what is known from before is left out, what is new or more of it is reported."""

from __future__ import annotations

import json
import ntpath
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from migrator.baseline import Baseline, BaselineError, Entry, apply, collect, read, relative, write
from migrator.checking import CheckSettings, FileReport, check
from migrator.definition import schema_path
from migrator.diagnostic import Diagnostic, Position, Quieted, Severity, Span
from migrator.rules import BY_CODE, RULES
from migrator.rules.model import Circumstances
from tests.rules.tables import section
from tests.test_fixtures import CORPUS

SCHEMA = Draft202012Validator(json.loads(schema_path("baseline.schema.json").read_bytes()))
LINT = CheckSettings(circumstances=Circumstances(date(2026, 11, 23)), fingerprints=True, excerpts=True)
ALL = frozenset(rule.code for rule in RULES)
HASH = "0" * 32


def report(text: str | bytes, path: str = "a/x.xml") -> FileReport:
    return check(path, text if isinstance(text, bytes) else text.encode(), LINT)


def made_up(*codes: str, path: str = "a/x.xml") -> FileReport:
    """A report with these findings, each on a line of its own."""
    return FileReport(
        path,
        tuple(
            Diagnostic(
                path,
                Span(Position(line, 1, line), Position(line, 2, line + 1)),
                code,
                "name",
                Severity.ERROR,
                "message",
                place="SMTP/Host",
                fingerprint=HASH,
            )
            for line, code in enumerate(codes, 1)
        ),
    )


def known(codes: dict[str, int], path: str = "a/x.xml") -> Baseline:
    entries = (Entry(path, code, "SMTP/Host", HASH, count) for code, count in codes.items())
    return Baseline(str(Path.cwd()), tuple(entries))


def baseline_of(text: str, folder: str = ".") -> Baseline:
    found = read(text.encode(), folder)
    assert isinstance(found, Baseline), found
    return found


@pytest.mark.parametrize(
    ("found", "entries", "left", "gone"),
    [
        ("H202", {"H202": 1}, [], 0),
        ("H202", {}, [1], 0),
        ("H202 H202 H202", {"H202": 2}, [3], 0),
        ("H202 M601 H202", {"H202": 1}, [2, 3], 0),
        ("H202", {"H202": 3}, [], 2),
        ("H202", {"M601": 1}, [1], 1),
        ("", {"M601": 2, "H202": 1}, [], 3),
        ("D004", {"D004": 1}, [1], 1),
        ("D008 D009", {"D008": 1, "D009": 1}, [1, 2], 2),
        ("D001", {"H202": 1}, [1], 0),
        ("D007 H202", {"H202": 1, "M601": 1}, [1], 0),
    ],
)
def test_counts_are_used_up(found: str, entries: dict[str, int], left: list[int], gone: int) -> None:
    given_report = made_up(*found.split())
    compared = apply(given_report, known(entries), ALL)
    assert [one.span and one.span.start.line for one in compared.report.diagnostics] == left
    assert compared.gone == gone
    assert {one.by for one in compared.report.suppressed} <= {Quieted.BASELINE}
    assert len(compared.report.suppressed) == len(found.split()) - len(left)


def test_what_this_run_does_not_look_for_is_not_gone() -> None:
    assert apply(made_up(), known({"H202": 2, "M601": 1}), ALL - {"H202"}).gone == 1


def test_what_is_left_to_another_finding_is_not_gone() -> None:
    text = section(HostPort="587", LoginMethod="NoLoginMethod", From="dma@example.com")
    alone = check("x.xml", text.encode(), CheckSettings(codes=frozenset({"H211"}), fingerprints=True))
    with_all = report(text, "x.xml")
    assert [one.code for one in alone.diagnostics] == ["H211"]
    assert [one.code for one in with_all.diagnostics] == ["H208"]

    assert apply(with_all, collect([alone], "."), ALL) == (with_all, 0)
    assert apply(with_all, collect([alone, alone], "."), ALL).gone == 1


def test_what_an_ignore_comment_keeps_quiet_is_not_gone() -> None:
    text = section(Host="a..b")
    quiet = text.replace("<Host>", "<!-- dmsmtp: ignore[H202] the relay is so called --><Host>")
    with_comment = report(quiet)
    assert [one.diagnostic.code for one in with_comment.suppressed] == ["H202"]

    assert apply(with_comment, collect([report(text)], "."), ALL) == (with_comment, 0)
    assert apply(with_comment, collect([report(text), report(text)], "."), ALL).gone == 1


def test_another_file_and_one_that_cannot_be_read_are_left_alone() -> None:
    for one in (made_up("H202", path="a/y.xml"), FileReport("a/x.xml", failure="it is gone")):
        assert apply(one, known({"H202": 1}), ALL) == (one, 0)


def test_excerpts_stay_with_their_findings() -> None:
    old, new = section(Host="smtp..example.com"), section(Host="smtp..example.com", From="dma")
    compared = apply(report(new), collect([report(old)], "."), ALL)
    assert [one.code for one in compared.report.diagnostics] == ["M601"]
    (excerpt,) = compared.report.excerpts
    assert excerpt is not None
    assert "dma" in excerpt.text


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        (section(HostPort="587"), section(HostPort="25"), ["H211"]),  # another value, another rule
        (section(Host="a..b"), section(Host="c..d"), ["H202"]),
        (section(Host="a..b", HostPort="587"), section(HostPort="587"), []),
        (section(User="dma", Password="a"), section(User="dma", Password="b"), []),  # a secret's value
    ],
)
def test_a_value_counts_unless_it_is_a_secret(before: str, after: str, left: list[str]) -> None:
    compared = apply(report(after), collect([report(before)], "."), ALL)
    assert [one.code for one in compared.report.diagnostics] == left


def test_written_again_with_what_is_known() -> None:
    first = report(section(Host="smtp..example.com", From="dma"))
    baseline = collect([first], ".")
    assert collect([apply(first, baseline, ALL).report], ".") == baseline


def test_nothing_secret_is_written() -> None:
    secret = "frost+on+tulips"
    text = section(LoginMethod="AuthLoginMethod", User="dma", Password=secret, Pasword=secret, From=secret)
    assert secret not in write(collect([report(text)], "."))


@pytest.mark.parametrize("fixture", [pytest.param(one, id=one.name) for one in CORPUS])
def test_a_baseline_just_written_leaves_d_codes_alone(fixture: Any) -> None:
    chosen = fixture.settings._replace(fingerprints=True)
    found = check(fixture.name, fixture.path.read_bytes(), chosen)
    text = write(collect([found], "fixtures"))
    assert SCHEMA.is_valid(json.loads(text))
    compared = apply(found, baseline_of(text, "fixtures"), ALL)
    assert [one.code for one in compared.report.diagnostics if not one.code.startswith("D")] == []
    assert [one for one in found.diagnostics if one.code[0] == "D"] == list(compared.report.diagnostics)
    assert compared.gone == 0


MOVABLE = [one for one in CORPUS if one.path.suffix == ".xml" and one.path.parent.name != "encodings"]


def test_a_line_above_changes_nothing() -> None:
    tried = 0
    for fixture in MOVABLE:
        data = fixture.path.read_bytes()
        head, mark, rest = data.partition(b"?>") if data.startswith(b"<?xml") else (b"", b"", data)
        if fixture.codes & {"D001", "D002", "D003", "D006", "D009"}:
            continue
        tried += 1
        moved = report(head + mark + b"\n\n<!-- moved -->\n" + rest, "x.xml")
        compared = apply(moved, collect([report(data, "x.xml")], "."), ALL)
        assert [one for one in compared.report.diagnostics if not one.code.startswith("D")] == []
        assert compared.gone == 0
    assert tried > 200


entries = st.builds(
    Entry,
    st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=9),
    st.sampled_from([code for code in BY_CODE if code[0] != "D"]),
    st.none() | st.text(max_size=9),
    st.none() | st.sampled_from([HASH, "0123456789abcdef" * 2]),
    st.integers(1, 9),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(entries, max_size=5))
def test_what_is_written_is_read(some: list[Entry]) -> None:
    baseline = Baseline(str(Path.cwd()), tuple(sorted(some, key=Entry.sort_key)))
    text = write(baseline)
    assert baseline_of(text) == baseline
    assert write(baseline_of(text)) == text
    assert len(text.split("\n")) == (6 + len(some) if some else 5)
    SCHEMA.validate(json.loads(text))


def test_the_text() -> None:
    reports = [made_up("M601", "H202", "H202", path="b/x.xml"), made_up("H202", path="\u00e4/x.xml")]
    rest = f'"place": "SMTP/Host", "fingerprint": "{HASH}", "count"'
    assert write(collect(reports, ".")).splitlines() == [
        "{",
        '  "version": 1,',
        '  "entries": [',
        f'    {{"path": "b/x.xml", "code": "H202", {rest}: 2}},',
        f'    {{"path": "b/x.xml", "code": "M601", {rest}: 1}},',
        f'    {{"path": "\u00e4/x.xml", "code": "H202", {rest}: 1}}',
        "  ]",
        "}",
    ]


@pytest.mark.posix  # Windows has no such names
def test_a_name_of_any_bytes_can_be_written() -> None:
    path = os.fsdecode(b"st\xf6rung.xml")
    text = write(collect([made_up("H202", path=path)], "."))
    assert text.encode().isascii()
    assert apply(made_up("H202", path=path), baseline_of(text), ALL).report.diagnostics == ()


PATHS = [
    ("C:\\conf\\a\\x.xml", "C:\\conf", "a/x.xml"),
    ("C:\\conf\\x.xml", "C:\\conf\\ci", "../x.xml"),
    ("c:\\CONF\\x.xml", "C:\\conf", "x.xml"),
    ("D:\\conf\\x.xml", "C:\\conf", "D:/conf/x.xml"),
    ("\\\\server\\share\\x.xml", "C:\\conf", "//server/share/x.xml"),
    ("\\\\server\\share\\a\\x.xml", "\\\\server\\share", "a/x.xml"),
]


@pytest.mark.parametrize(("path", "folder", "shown"), PATHS)
def test_paths_of_windows(path: str, folder: str, shown: str) -> None:
    assert relative(path, folder, ntpath) == shown


def test_paths_count_from_the_folder(tmp_path: Path) -> None:
    assert relative(str(tmp_path / "a" / "x.xml"), str(tmp_path / "ci")) == "../a/x.xml"
    assert relative("a/../b/x.xml", ".") == "b/x.xml"


@pytest.mark.posix
def test_links_on_the_way_to_the_folder_count_for_nothing(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    (real / "a").mkdir(parents=True)
    (real / "b").symlink_to("a")
    link.symlink_to("real")

    for path, folder in ((real, link), (link, real), (link, link)):
        assert relative(str(path / "a" / "x.xml"), str(folder)) == "a/x.xml"
        assert relative(str(path / "..x.xml"), str(folder)) == "..x.xml"
        assert relative(str(path / "new" / "x.xml"), str(folder)) == "new/x.xml"
    assert relative(str(link / "b" / "x.xml"), str(link)) == "b/x.xml"
    assert relative(str(tmp_path / "x.xml"), str(link)) == "../x.xml"


def text_of(**changes: Any) -> str:
    """A baseline with an entry that is right on its third line, and one with changes on its fourth."""
    right = {"path": "x", "code": "H202", "place": None, "fingerprint": None, "count": 1}
    changed = {name: value for name, value in {**right, **changes}.items() if value is not ...}
    return f'{{"version": 1,\n"entries": [\n{json.dumps(right)},\n{json.dumps(changed)}\n]}}'


WRONG = [
    ("", 1, "not well-formed"),
    ("{", 1, "not well-formed"),
    ('{\n"version": 1,\n"entries": [\n,]}', 4, "not well-formed"),
    ("[" * 100_000, None, "not well-formed"),
    ('{\n"version": 1,\n<<<<<<< a\n"entries": []}\n=======\n>>>>>>> b\n', 3, "a merge was not finished"),
    ("[]", None, "no baseline"),
    ("{}", None, "no baseline"),
    ('{"entries": []}', None, "no baseline"),
    ('{"version": 1}', None, "no baseline"),
    ('{"version": 1, "entries": {}}', None, "no baseline"),
    ('{\n"version": 2, "entries": [{"x": 1}]}', 2, "newer dmsmtp"),
    ('{\n"entries": [],\n"version": "1"}', 3, "not known"),
    ('{"version": true, "entries": []}', 1, "not known"),
    ('{"version": 1,\n"entries": [\n1]}', 3, "no object"),
    (text_of(code=...), 4, "code is missing"),
    (text_of(path=""), 4, "value of path"),
    (text_of(code="h202"), 4, "value of code"),
    (text_of(code="H202\n"), 4, "value of code"),
    (text_of(code="D001"), 4, "D codes"),
    (text_of(place=1), 4, "value of place"),
    (text_of(fingerprint="x"), 4, "value of fingerprint"),
    (text_of(count=0), 4, "value of count"),
    (text_of(count=True), 4, "value of count"),
    (text_of(count=1.0), 4, "value of count"),
    ("\u00e4".encode("latin-1"), 1, "not UTF-8"),
]


@pytest.mark.parametrize(("text", "line", "message"), WRONG)
def test_a_wrong_baseline_is_an_error(text: str | bytes, line: int | None, message: str) -> None:
    found = read(text if isinstance(text, bytes) else text.encode(), ".")
    assert isinstance(found, BaselineError)
    assert (found.line, message in found.message) == (line, True), found
    assert "--write-baseline" in found.help


@pytest.mark.parametrize(
    "text", ['{"version": 1, "entries": []}', text_of(), text_of(more=[1]), "\ufeff" + text_of()]
)
def test_what_later_versions_may_add_is_passed_over(text: str) -> None:
    baseline_of(text)


def test_the_schema_takes_what_is_read_and_nothing_else() -> None:
    for text, _, message in WRONG:
        if isinstance(text, str) and "well-formed" not in message and "merge" not in message:
            value = json.loads(text)
            # 1.0 is an integer and true is 1 to JSON Schema
            assert not SCHEMA.is_valid(value) or "1.0" in text or '"version": true' in text, text
    assert SCHEMA.is_valid(json.loads(text_of()))
