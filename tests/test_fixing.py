"""Files mended: what fixes do together, whatever the file looks like."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrator.checking import CheckSettings, FileReport, check, read_document
from migrator.diagnostic import Diagnostic, Edit, Fix, Position, Safety, Severity, Span
from migrator.document.limits import Limits
from migrator.document.source import Unreadable
from migrator.fixing import MOST_ROUNDS, Outcome, fix
from migrator.rules.model import Circumstances
from migrator.section import read_configuration
from tests.rules.tables import section
from tests.test_fixtures import CORPUS
from tests.test_formats import AS_OF, WRITERS, around, sections

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.test_fixtures import Fixture

LINT = CheckSettings(circumstances=Circumstances(AS_OF))
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "windows-1252")


def mended(data: bytes, path: str = "x.xml", *, unsafe: bool = False) -> Outcome:
    return fix(data, partial(check, path, settings=LINT), unsafe=unsafe)


def codes(report: FileReport) -> list[str]:
    return [one.code for one in report.diagnostics]


def fixable(report: FileReport, *, unsafe: bool) -> list[str]:
    """Codes of the findings left that the same run could still mend."""
    return [
        one.code
        for one in report.diagnostics
        if one.fix is not None and (unsafe or one.fix.safety is Safety.SAFE)
    ]


# Rounds


def test_everything_safe_is_mended_in_one_call() -> None:
    text = section(Host=" smtp.example.com", HostPort=" 0587-STARTTLS ", LoginMethod="none")

    data, report = mended(text.encode())

    assert data.decode() == section(Host="smtp.example.com", LoginMethod="NoLoginMethod")
    assert codes(report) == []
    assert {one.code for one in report.fixed} >= {"S109", "A301"}


def test_nothing_is_mended_where_nothing_is_wrong() -> None:
    data = section().encode()

    assert mended(data) == (data, FileReport("x.xml"))


def test_unsafe_fixes_wait_to_be_asked_for() -> None:
    data = section(HostPort="587").encode()

    assert mended(data).data == data
    assert b"587-starttls" in mended(data, unsafe=True).data


def test_a_file_that_is_not_read_stays() -> None:
    data = b"<SMTP><Host>"

    assert mended(data).data == data
    assert codes(mended(data).report) == ["D001"]


# Whatever rules offer


_NOWHERE = Span(Position(1, 1, 0), Position(1, 1, 0))


def offering(*fixes: tuple[str, Edit], safety: Safety = Safety.SAFE) -> Callable[[bytes], FileReport]:
    """A check of whatever file that always finds the same; what is no text it cannot read."""

    def look(data: bytes) -> FileReport:
        if b"<" in data:
            return FileReport("x", (Diagnostic("x", _NOWHERE, "D001", "n", Severity.ERROR, "broken"),))
        found = [
            Diagnostic("x", _NOWHERE, code, "n", Severity.INFO, code, fix=Fix(code, safety, (edit,)))
            for code, edit in fixes
            if edit.content.encode() != data[edit.start : edit.end]
        ]
        return FileReport("x", tuple(found))

    return look


def test_fixes_that_touch_wait_for_the_next_round() -> None:
    data, report = fix(
        b"abcd", offering(("X1", Edit(0, 2, "AB")), ("X2", Edit(1, 3, "BC")), ("X3", Edit(3, 4, "D")))
    )

    assert data == b"ABCD"
    assert [one.code for one in report.fixed] == ["X1", "X3", "X2"]


def test_fixes_that_undo_each_other_end() -> None:
    data, report = fix(b"a", offering(("X1", Edit(0, 1, "b")), ("X2", Edit(0, 1, "a"))))

    assert data in (b"a", b"b")
    assert len(report.fixed) <= MOST_ROUNDS


def test_a_fix_that_never_ends_is_made_a_few_times() -> None:
    def look(data: bytes) -> FileReport:
        edit = Edit(len(data), len(data), "x")
        return FileReport("x", offering(("X1", edit))(data).diagnostics)

    data, report = fix(b"", look)

    assert data == b"x" * MOST_ROUNDS
    assert len(report.fixed) == MOST_ROUNDS


def test_a_fix_that_breaks_the_file_is_not_made_and_told() -> None:
    data, report = fix(b"ab", offering(("X1", Edit(0, 1, "<")), ("X2", Edit(1, 2, "B"))))

    assert data == b"aB"
    assert [one.code for one in report.fixed] == ["X2"]
    (told, left) = report.diagnostics
    assert (told.code, told.message) == ("D007", "the fix of X1 (n) would break the file, and was not made")
    assert left.code == "X1"


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4)), max_size=8))
def test_fixes_of_one_round_are_apart(bounds: list[tuple[int, int]]) -> None:
    """Those that are left out touch one that is made; each is made in its turn."""
    edits = [Edit(start, start + length, "x" * length) for start, length in bounds]
    found = offering(*[(f"X{at}", edit) for at, edit in enumerate(edits)])

    data, report = fix(b"." * 20, found)

    expected = bytearray(b"." * 20)
    for edit in edits:
        expected[edit.start : edit.end] = b"x" * (edit.end - edit.start)
    assert data == bytes(expected)
    assert len(report.fixed) <= len(edits)


# Any section in any format and encoding


def written(tree: Any, form: str, encoding: str, line_end: str, remark: str) -> bytes | None:
    """The section as a file; None where it cannot be written so."""
    text: str = WRITERS[form](tree)
    if remark and form == "xml":
        text = re.sub(r"(\n *)<", rf"\1<!-- {remark} -->\1<", text, count=2)
    elif remark and form == "yaml":
        text = re.sub(r"\n( +)", rf"\n\1# {remark}\n\1", text, count=2)
    if form == "xml" and encoding == "windows-1252":
        text = f'<?xml version="1.0" encoding="windows-1252"?>\n{text}'
    elif encoding == "windows-1252":
        return None
    try:
        return text.replace("\n", line_end).encode(encoding)
    except UnicodeEncodeError:
        return None


def meaning(path: str, data: bytes) -> object:
    """What the settings in a file say, however they are spelled."""
    document = read_document(path, data, Limits())
    assert not isinstance(document, Unreadable)
    configuration = read_configuration(document)
    assert configuration is not None
    section = configuration.section
    assert section is not None
    texts = {name: one.text for name, one in section.settings.items() if name not in PARSED}
    port = section.transport
    return section.host and section.host.value, port and (port.port, port.security), section.method, texts


def errors(report: FileReport) -> int:
    return sum(one.severity is Severity.ERROR for one in report.diagnostics)


GMAIL = "smtp.gmail.com"  # which takes nothing without a login


@pytest.mark.parametrize("name", ["host", "SmtpHost"])
def test_what_takes_away_waits_for_all_others(name: str) -> None:
    login = section(Host=GMAIL, LoginMethod="NoLoginMethod", User="bob@example.com", Password="pw")
    misspelt = login.replace("Host>", f"{name}>", 2).replace(f"{name}Port>", "HostPort>")

    assert mended(misspelt.encode(), unsafe=True).data.decode() == login


PARSED = ("Host", "HostPort", "LoginMethod", "MaxSubjectLength")
# What is not read under the name it has is read, and judged, from then on
BRINGS_TO_LIGHT = frozenset({"S101", "S111"})


@settings(max_examples=150)
@given(
    sections,
    st.booleans(),
    st.sampled_from(("xml", "json", "yaml")),
    st.sampled_from(ENCODINGS),
    st.sampled_from(("\n", "\r\n")),
    st.sampled_from(("", "why", "dmsmtp")),
    st.booleans(),
)
@example([("HostPort", "587-STARTTLS"), ("Host", " a")], True, "xml", "utf-16", "\r\n", "why", False)
def test_what_holds_for_fixes(
    tree: Any, in_file: bool, form: str, encoding: str, line_end: str, remark: str, unsafe: bool
) -> None:
    path = f"x.{form}"
    data = written(around(tree, is_in_file=in_file), form, encoding, line_end, remark)
    if data is None or "D001" in codes(check(path, data, LINT)):
        return
    before = check(path, data, LINT)

    after, report = mended(data, path, unsafe=unsafe)

    assert fixable(report, unsafe=unsafe) == []
    assert mended(after, path, unsafe=unsafe).data == after
    assert "D007" not in codes(report)
    assert after.count(line_end.encode()) <= data.count(line_end.encode())
    assert (after == data) == (not report.fixed)
    if BRINGS_TO_LIGHT & {one.code for one in report.fixed}:
        return
    assert errors(report) <= errors(before)
    if not unsafe:
        assert meaning(path, after) == meaning(path, data)


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("unsafe", [False, True])
@pytest.mark.parametrize("fixture", [pytest.param(one, id=one.name) for one in CORPUS])
def test_fixtures_are_mended(fixture: Fixture, unsafe: bool) -> None:
    data = fixture.path.read_bytes()
    look = partial(check, fixture.path.name, settings=fixture.settings)

    after, report = fix(data, look, unsafe=unsafe)

    assert fixable(report, unsafe=unsafe) == []
    assert "D007" not in codes(report)
    assert errors(report) <= errors(look(data)) or "S111" in {one.code for one in report.fixed}
    assert fix(after, look, unsafe=unsafe).data == after
