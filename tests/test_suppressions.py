"""Ignore comments: what they keep quiet, and what is said about the comments themselves (D008, D009)."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

import pytest

from migrator.checking import CheckSettings, check
from migrator.diagnostic import Quieted, Safety, Severity
from migrator.fixing import fix
from migrator.rules import RULES
from migrator.rules.model import Circumstances
from migrator.values.version import parse_version
from tests.document.reading import applied

if TYPE_CHECKING:
    from migrator.checking import FileReport
    from migrator.diagnostic import Diagnostic
    from migrator.rules.model import Finding

LINT = CheckSettings(circumstances=Circumstances(date(2026, 11, 23)))
CODES = LINT.codes


def xml(port_line: str = "<HostPort>587</HostPort>", *, before: str = "", inside: str = "") -> str:
    """An ordinary section on lines of its own, with something before it and at its beginning."""
    return (
        f"{before}<SMTP>\n{inside}  <Host>smtp.example.com</Host>\n  {port_line}\n"
        "  <LoginMethod>NoLoginMethod</LoginMethod>\n  <From>dma@example.com</From>\n</SMTP>\n"
    )


def yaml(port_line: str = "HostPort: 587", *, before: str = "", inside: str = "") -> str:
    return (
        f"{before}SMTP:\n{inside}  Host: smtp.example.com\n  {port_line}\n"
        "  LoginMethod: NoLoginMethod\n  From: dma@example.com\n"
    )


def report(text: str, settings: CheckSettings = LINT) -> FileReport:
    """What is found in a text, its marks taken out."""
    plain = text.replace("«", "").replace("»", "")
    return check("x.xml" if plain.lstrip().startswith("<") else "x.yaml", plain.encode(), settings)


def codes(text: str, settings: CheckSettings = LINT) -> list[str]:
    return [one.code for one in report(text, settings).diagnostics]


def quiet(text: str, settings: CheckSettings = LINT) -> list[tuple[str, str | None]]:
    found = report(text, settings).suppressed
    assert {one.by for one in found} <= {Quieted.COMMENT}
    return [(one.diagnostic.code, one.reason) for one in found]


def only(marked: str, code: str) -> Diagnostic:
    """The one finding of a code; it must stand exactly where the marks are."""
    (one,) = [one for one in report(marked).diagnostics if one.code == code]
    assert one.span is not None
    start = len(marked.partition("«")[0].encode())
    end = len(marked.partition("»")[0].replace("«", "").encode())
    assert (one.span.start.offset, one.span.end.offset) == (start, end)
    return one


KEPT_QUIET = [
    ("on the same line", xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H208] -->")),
    ("before it on the same line", xml("<!-- dmsmtp: ignore[H208] --> <HostPort>587</HostPort>")),
    ("in the value", xml("<HostPort>587<!-- dmsmtp: ignore[H208] --></HostPort>")),
    ("without spaces", xml("<HostPort>587</HostPort><!--dmsmtp:ignore[H208]-->")),
    ("the line before", xml("<!-- dmsmtp: ignore[H208] -->\n  <HostPort>587</HostPort>")),
    ("a blank line between", xml("<!-- dmsmtp: ignore[H208] -->\n\n  <HostPort>587</HostPort>")),
    ("stacked", xml("<!-- dmsmtp: ignore[H208] -->\n  <!-- why -->\n  <HostPort>587</HostPort>")),
    ("two on a line", xml("<!-- dmsmtp: ignore[H208] --><!-- why -->\n  <HostPort>587</HostPort>")),
    ("on several lines", xml("<!-- dmsmtp: ignore[\n H208\n] because\n -->\n  <HostPort>587</HostPort>")),
    ("its end on the line", xml("<!-- dmsmtp: ignore[H208] because\n of it --> <HostPort>587</HostPort>")),
    ("lower case", xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[h208] -->")),
    ("a prefix", xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H2] -->")),
    ("a name", xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[submission-without-starttls] -->")),
    ("the whole file", xml(before="<!-- dmsmtp: ignore-file[H208] -->\n")),
    (
        "behind the declaration",
        xml(before='<?xml version="1.0"?>\r\n<!-- dmsmtp: ignore-file[H208] -->\r\n'),
    ),
    ("the whole file, on its line", xml(before="<!-- dmsmtp: ignore-file[H208] -->")),
    ("yaml", yaml("HostPort: 587 # dmsmtp: ignore[H208]")),
    ("yaml, the line before", yaml("# dmsmtp: ignore[H208]\n  HostPort: 587")),
    (
        "yaml, less indented",
        yaml("HostPort: 587").replace("  HostPort", "# dmsmtp: ignore[H208]\n  HostPort"),
    ),
    ("yaml, the whole file", yaml(before="# dmsmtp: ignore-file[H208]\n")),
    ("yaml, behind ---", yaml(before="---\n# dmsmtp: ignore-file[H208]\n")),
    ("yaml, without spaces", yaml("HostPort: 587 #dmsmtp:ignore[H208]")),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in KEPT_QUIET])
def test_kept_quiet(text: str) -> None:
    assert codes(text) == []
    assert [code for code, _ in quiet(text)] == ["H208"]


def test_a_value_that_begins_behind_the_comment_on_its_line_is_kept_quiet() -> None:
    text = xml("<HostPort>\n<!-- dmsmtp: ignore[H208, S109] -->\n587</HostPort>")

    assert codes(text) == []
    assert sorted(code for code, _ in quiet(text)) == ["H208", "S109"]


NOT_KEPT_QUIET = [
    ("the line behind", xml("<HostPort>587</HostPort>\n  <!-- dmsmtp: ignore[H208] -->")),
    ("two lines before", xml(inside="  <!-- dmsmtp: ignore[H208] -->\n")),
    ("behind something else", xml(inside="  <Helo>a.example.com</Helo> <!-- dmsmtp: ignore[H208] -->\n")),
    ("another rule", xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H209] -->")),
    ("nothing follows", xml() + "<!-- dmsmtp: ignore[H208] -->"),
    ("yaml, the line behind", yaml("HostPort: 587\n  # dmsmtp: ignore[H208]")),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in NOT_KEPT_QUIET])
def test_not_kept_quiet(text: str) -> None:
    assert sorted(codes(text)) == ["D008", "H208"]
    assert quiet(text) == []


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("dmsmtp: ignore[H208]", None),
        ("dmsmtp: ignore[H208]   ", None),
        ("dmsmtp: ignore[H208] the relay\n  is in  the rack ", "the relay is in the rack"),
        ("dmsmtp: ignore[H208]: see [4711]", ": see [4711]"),
        ("dmsmtp: ignore[H208] a\u202eb", "a\\u202eb"),
    ],
)
def test_the_reason_is_kept(comment: str, reason: str | None) -> None:
    assert quiet(xml(f"<HostPort>587</HostPort> <!-- {comment} -->")) == [("H208", reason)]


def test_a_secret_in_the_reason_is_masked() -> None:
    text = xml(
        "<HostPort>25</HostPort> <!-- dmsmtp: ignore[H211] as frost+on+tulips says -->",
        inside="  <Pasword>frost+on+tulips</Pasword>\n",
    )
    assert quiet(text) == [("H211", "as \u2022\u2022\u2022\u2022 says")]


UNUSED = [
    (
        "alone",
        xml("<HostPort>465</HostPort> «<!-- dmsmtp: ignore[H208] why -->»"),
        None,
    ),
    ("on its line", xml("«<!-- dmsmtp: ignore[H208] -->»\n  <HostPort>465</HostPort>"), None),
    (
        "in a value",
        xml("<HostPort>465«<!-- dmsmtp: ignore[H208] -->»</HostPort>"),
        "<HostPort>465</HostPort>",
    ),
    ("on its line in a value", xml("<Helo>\n«<!-- dmsmtp: ignore[H208] -->»\n</Helo>"), ">\n\n<"),
    ("first of two", xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[«H209», H208] a -->"), "[H208] a"),
    ("last of two", xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H208 , «H209» ] -->"), "[H208 ]"),
    ("in between", xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H2,«A301»,H208] -->"), "[H2,H208]"),
    ("around", xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[«H209,H208,M601»] -->"), "[H208]"),
    (
        "both",
        xml("<HostPort>465</HostPort> «<!-- dmsmtp: ignore[H208,H211] -->»"),
        None,
    ),
    ("the file", xml("<HostPort>465</HostPort>", before="«<!-- dmsmtp: ignore-file[H208] -->»\n"), None),
    ("behind", xml("<HostPort>465</HostPort>") + "«<!-- dmsmtp: ignore[H208] -->»", None),
    ("yaml", yaml("HostPort: 465  «# dmsmtp: ignore[H208]»"), "  HostPort: 465\n"),
    ("yaml, on its line", yaml("«# dmsmtp: ignore[H208]»\n  HostPort: 465"), None),
    ("yaml, the file", yaml("HostPort: 465", before="«# dmsmtp: ignore-file[H208]»\n"), None),
    ("yaml, one of two", yaml("HostPort: 587  # dmsmtp: ignore[H208, «P5»] a"), "# dmsmtp: ignore[H208] a\n"),
]


@pytest.mark.parametrize(("marked", "wanted"), [pytest.param(*row, id=name) for name, *row in UNUSED])
def test_unused(marked: str, wanted: str | None) -> None:
    one = only(marked, "D008")
    plain = marked.replace("«", "").replace("»", "")
    assert (one.severity, one.name, one.place) == (Severity.INFO, "unused-suppression", None)
    assert one.fix is not None
    assert one.fix.safety is Safety.SAFE
    fixed = applied(plain.encode(), one.fix.edits).decode()
    expected = xml("<HostPort>465</HostPort>") if plain.lstrip().startswith("<") else yaml("HostPort: 465")
    if wanted is None:
        assert fixed == expected
    else:
        assert wanted in fixed
    assert "D008" not in codes(fixed)
    assert [code for code, _ in quiet(fixed)] == [code for code, _ in quiet(plain)]


NOT_UNUSED = [
    ("not selected", "H209", LINT._replace(codes=CODES - {"H209"})),
    ("a prefix, part of it not selected", "H2", LINT._replace(codes=CODES - {"H209"})),
    ("without --whole-file", "S113", LINT),
    ("without --target-version", "V803", LINT),
]


@pytest.mark.parametrize(("selector", "settings"), [pytest.param(*row, id=name) for name, *row in NOT_UNUSED])
def test_what_was_not_asked_is_not_unused(selector: str, settings: CheckSettings) -> None:
    text = xml(f"<HostPort>587-starttls</HostPort> <!-- dmsmtp: ignore[{selector}] -->")
    asked = CheckSettings(
        whole_file=True, circumstances=Circumstances(date(2026, 11, 23), parse_version("10.6.4").value)
    )
    assert codes(text, settings) == []
    assert codes(text, asked) == ["D008"]


def test_two_that_ignore_the_same_are_both_of_use() -> None:
    text = xml(
        "<HostPort>587</HostPort> <!-- dmsmtp: ignore[H208] line -->",
        before="<!-- dmsmtp: ignore-file[H] file -->\n",
    )
    assert codes(text) == []
    assert quiet(text) == [("H208", "line")]


def test_who_yields_is_not_back_where_the_winner_is_ignored() -> None:
    text = xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H208] -->")
    assert codes(text) == []  # H211 yields to H208
    assert codes(text.replace("H208", "H211")) == ["H208"]


def with_login(text: str) -> str:
    """The same with a login, whose password A306 finds to be sent in clear: H208 and H211 yield to it."""
    return text.replace("NoLoginMethod", "AuthLoginMethod")


# A comment for a finding that yields: once the other one is mended, it is what keeps this one quiet.
OF_USE_LATER = [
    (
        "on the same line",
        with_login(xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H208] in the rack -->")),
    ),
    ("the line before", with_login(xml("<!-- dmsmtp: ignore[H208] -->\n  <HostPort>587</HostPort>"))),
    ("two that yield", with_login(xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H208, H211] -->"))),
    ("a prefix", with_login(xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H2] -->"))),
    ("the file", with_login(xml(before="<!-- dmsmtp: ignore-file[H208] -->\n"))),
    ("yaml", with_login(yaml("HostPort: 587  # dmsmtp: ignore[H208]"))),
    ("as documented", xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H208, cleartext-transport] -->")),
    ("yaml, as documented", yaml("# dmsmtp: ignore[H208, cleartext-transport]\n  HostPort: 587")),
    ("the loser alone", xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H211] -->")),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in OF_USE_LATER])
def test_a_comment_for_what_yields_is_not_unused(text: str) -> None:
    assert "D008" not in codes(text)


OF_NO_USE = [
    ("another line", with_login(xml("<HostPort>587</HostPort>\n  <!-- dmsmtp: ignore[H208] -->"))),
    ("found nowhere", with_login(xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H209] -->"))),
    ("mended", with_login(xml("<HostPort>587-starttls</HostPort> <!-- dmsmtp: ignore[H208] -->"))),
    ("one of two", with_login(xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H208, H209] -->"))),
    ("the file", with_login(xml(before="<!-- dmsmtp: ignore-file[H209] -->\n"))),
    ("yaml", with_login(yaml("HostPort: 587  # dmsmtp: ignore[H209]"))),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in OF_NO_USE])
def test_a_comment_for_what_is_not_found_there_is_unused(text: str) -> None:
    assert "D008" in codes(text)


def test_the_fix_leaves_a_comment_for_what_yields() -> None:
    text = xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H208] the relay is in the rack -->")
    mended = fix(with_login(text).encode(), lambda data: check("x.xml", data, LINT), unsafe=True)
    assert mended.data == with_login(text).encode()
    assert codes(text) == []


def test_a_rule_that_is_not_selected_wins_over_nothing() -> None:
    text = with_login(xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H208] -->"))
    assert codes(text, LINT._replace(codes=frozenset({"H208", "D008"}))) == []
    assert quiet(text, LINT._replace(codes=frozenset({"H208", "D008"}))) == [("H208", None)]


def test_no_fix_in_a_secret() -> None:
    text = xml("<Pasword>a«<!-- dmsmtp: ignore[H208] -->»</Pasword>")
    assert only(text, "D008").fix is None


def test_no_fix_where_line_ends_are_kept() -> None:
    text = "SMTP:\n  Helo: |+\n    a\n«# dmsmtp: ignore[H208]»\n\n  Host: smtp.example.com\n"
    assert only(text, "D008").fix is None


def test_a_rule_that_failed_might_have_found_something(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_configuration: object) -> list[Finding]:
        raise ValueError

    broken = [
        rule._replace(check_file=fail) if rule.code == "S103" else rule
        for rule in RULES
        if rule.check_file is not None
    ]
    monkeypatch.setattr("migrator.rules.asking.rules_to_ask", lambda *_, **__: tuple(broken))
    assert codes(xml("<HostPort>465</HostPort> <!-- dmsmtp: ignore[H208] -->")) == ["D007"]


def test_codes_and_severities_count_for_comments_too() -> None:
    text = xml("<HostPort>465</HostPort> <!-- dmsmtp: ignore[H208] -->")
    assert codes(text, LINT._replace(codes=CODES - {"D008"})) == []
    (one,) = report(text, LINT._replace(severities={"D008": Severity.ERROR})).diagnostics
    assert one.severity is Severity.ERROR


INVALID = [
    (
        "D code",
        xml("<HostPort>465</HostPort> <!-- dmsmtp: ignore[«D001»] -->"),
        "D001 cannot be ignored: D codes say",
    ),
    (
        "all D codes",
        xml("<HostPort>465</HostPort> <!-- dmsmtp: ignore[«d»] -->"),
        "d cannot be ignored: D codes say",
    ),
    (
        "its own code",
        xml("<HostPort>465</HostPort> <!-- dmsmtp: ignore[«D008»] -->"),
        "D008 cannot be ignored: D codes say",
    ),
    (
        "no such code",
        xml("<HostPort>587</HostPort> <!-- dmsmtp: ignore[H208, «Z99»] -->"),
        'no rule has the code or name "Z99"',
    ),
    (
        "no such name",
        xml("<HostPort>465</HostPort> <!-- dmsmtp: ignore[«mising-host»] -->"),
        'no rule has the code or name "mising-host"',
    ),
    (
        "a secret",
        xml("<HostPort>465</HostPort> <!-- dmsmtp: ignore[«hunter2»] -->"),
        "no rule has this code or name",
    ),
    ("nothing", xml("<HostPort>465</HostPort> «<!-- dmsmtp: ignore[] -->»"), "names no rule"),
    ("blank", xml("<HostPort>465</HostPort> «<!-- dmsmtp: ignore[ \n ] -->»"), "names no rule"),
    ("a comma too many", xml("<HostPort>587</HostPort> «<!-- dmsmtp: ignore[H208,] -->»"), "two commas"),
    ("no brackets", xml("<HostPort>465</HostPort> «<!-- dmsmtp: ignore H208 -->»"), "as it stands"),
    ("no colon", xml("<HostPort>465</HostPort> «<!-- dmsmtp ignore[H208] -->»"), "as it stands"),
    ("neither", xml("<HostPort>465</HostPort> «<!-- dmsmtp ignore H208 -->»"), "as it stands"),
    ("nothing behind", xml("<HostPort>465</HostPort> «<!-- dmsmtp: ignore -->»"), "as it stands"),
    ("not closed", xml("<HostPort>465</HostPort> «<!-- dmsmtp: ignore[H208 -->»"), "as it stands"),
    ("round", xml("<HostPort>465</HostPort> «<!-- dmsmtp: ignore(H208) -->»"), "as it stands"),
    ("a space", xml("<HostPort>465</HostPort> «<!-- dmsmtp: ignore [H208] -->»"), "as it stands"),
    ("capitals", xml("<HostPort>465</HostPort> «<!-- dmsmtp: IGNORE[H208] -->»"), "as it stands"),
    ("misspelt", xml("<HostPort>465</HostPort> «<!-- dmsmtp: ingore[H208] -->»"), "as it stands"),
    ("another word", xml("<HostPort>465</HostPort> «<!-- dmsmtp: disable[H208] -->»"), "as it stands"),
    ("another word, no brackets", xml("«<!-- dmsmtp: disable H208 -->»"), "as it stands"),
    ("upper case", xml("«<!-- DMSMTP: ignore[H208] -->»"), "as it stands"),
    ("yaml, with a capital", yaml("HostPort: 465 «# Dmsmtp: ignore[H208]»"), "as it stands"),
    (
        "two in one",
        xml("<HostPort>465</HostPort> «<!-- dmsmtp: ignore[H208] dmsmtp: ignore[M602] -->»"),
        "two ignore comments",
    ),
    (
        "two in one, the file",
        xml(before="«<!-- dmsmtp: ignore-file[M602] why,\ndmsmtp:ignore[H208] -->»\n"),
        "two ignore comments",
    ),
    (
        "yaml, two in one",
        yaml("HostPort: 465 «# dmsmtp: ignore[H208] # dmsmtp: ignore-file[M602]»"),
        "two ignore comments",
    ),
    ("ignorefile", xml(before="«<!-- dmsmtp: ignorefile[H208] -->»\n"), "as it stands"),
    ("ignore_file", xml(before="«<!-- dmsmtp: ignore_file[H208] -->»\n"), "as it stands"),
    ("too late", xml(inside="  «<!-- dmsmtp: ignore-file[H208] -->»\n"), "before the first element"),
    ("at the end", xml() + "«<!-- dmsmtp: ignore-file[H208] -->»", "before the first element"),
    ("yaml", yaml("HostPort: 465 «# dmsmtp: ignore H208»"), "as it stands"),
    (
        "yaml, no such code",
        yaml("HostPort: 465 # dmsmtp: ignore[«X999»]"),
        'no rule has the code or name "X999"',
    ),
    ("yaml, too late", yaml(inside="  «# dmsmtp: ignore-file[H208]»\n"), "before the first element or key"),
]


@pytest.mark.parametrize(("marked", "message"), [pytest.param(*row, id=name) for name, *row in INVALID])
def test_invalid(marked: str, message: str) -> None:
    one = only(marked, "D009")
    assert message in one.message
    assert (one.severity, one.name, one.fix) == (Severity.ERROR, "invalid-suppression", None)


NOT_MEANT = [
    "dmsmtp",
    "dmsmtp converted this",
    "dmsmtp: converted from JSON",
    "dmsmtp ignores comments like this one",
    "dmsmtp ignore, as agreed",
    "dmsmtp-hook: ignore[H208]",
    "see dmsmtp: ignore[H208]",
    "# dmsmtp: ignore[H208]",
    "DMSMTPD: ignore[H208]",
    "dmsmtp: off by one",
    "dmsmtp.toml has the rest",
]


@pytest.mark.parametrize("comment", NOT_MEANT)
def test_prose_is_left_alone(comment: str) -> None:
    assert codes(xml(f"<HostPort>465</HostPort> <!-- {comment} -->")) == []
    assert codes(yaml(f"HostPort: 465 # {comment}")) == []


@pytest.mark.parametrize(
    ("selector", "near"),
    [
        ("H20B", "`dmsmtp rules`"),
        ("mising-host", "missing-host"),
        ("A3O1", "A301"),
        ("hunter2hunter2", "`dmsmtp rules`"),
    ],
)
def test_a_selector_is_quoted_where_it_is_near_to_a_rule_and_no_more_of_the_comment(
    selector: str, near: str
) -> None:
    text = xml(f"<HostPort>465</HostPort> <!-- dmsmtp: ignore[{selector}] hunter2 -->")
    (one,) = report(text, LINT._replace(excerpts=True)).diagnostics
    assert near in (one.help or "")
    assert (f'"{selector}"' in one.message) == (near != "`dmsmtp rules`")
    assert "hunter2" not in f"{one}"
    (excerpt,) = report(text, LINT._replace(excerpts=True)).excerpts
    assert excerpt is not None
    assert "hunter2" not in excerpt.text


def test_nothing_is_said_of_a_file_that_is_no_configuration() -> None:
    assert codes("<!-- dmsmtp: ignore-file[D005] -->\n<Other/>") == ["D005"]
    assert codes("<!-- dmsmtp: ignore-file[D001] -->\n<SMTP>") == ["D001"]


def test_a_finding_of_the_whole_file_can_be_ignored() -> None:
    text = "<!-- dmsmtp: ignore-file[S103] a front end -->\n<DataMiner/>"
    assert codes(text) == []
    assert quiet(text) == [("S103", "a front end")]


def test_json_has_no_comments() -> None:
    data = b'{"SMTP": {"Host": "smtp.example.com", "Helo": "# dmsmtp: ignore[H214]"}}'
    assert "D009" not in [one.code for one in check("x.json", data, LINT).diagnostics]
    assert check("x.json", data, LINT).suppressed == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_encoding_and_line_end(encoding: str, line_end: str) -> None:
    text = xml(
        "<HostPort>465</HostPort>", inside="  <!-- dmsmtp: ignore[H208] störung -->\n", before="\n"
    ).replace("\n", line_end)
    data = text.encode(encoding)
    (one,) = check("x.xml", data, LINT).diagnostics
    assert one.fix is not None
    (edit,) = one.fix.edits
    fixed = data[: edit.start] + data[edit.end :]
    assert fixed.decode(encoding) == text.replace(f"  <!-- dmsmtp: ignore[H208] störung -->{line_end}", "")


@pytest.mark.usefixtures("untraced")
def test_very_many_of_them_are_read_in_time() -> None:
    wrong = ",".join(f"foo{number}" for number in range(2_000))
    lines = "  <!-- dmsmtp: ignore[H209, D001] -->\n" * 2_000
    began = time.process_time()
    found = codes(xml(inside=f"{lines}  <!-- dmsmtp: ignore[{wrong}] -->\n"))
    assert found.count("D009") == 4_000
    assert time.process_time() - began < 30
