"""Excerpts at a terminal: every caret under the character that it means."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from migrator.checking import FileReport
from migrator.diagnostic import Diagnostic, Edit, Fix, Position, Related, Safety, Severity, Span
from migrator.document.model import Excerpt
from migrator.reporters import Layout, reporter
from migrator.summary import Tally
from tests.reporters.reports import MASK, finding, hostile, report, written
from tests.reporters.reports import shown as shown_by

ACUTE = "\u0301"
QUOTE = '"' if sys.platform == "win32" else "'"
CUT = "\u2026"
WIDE = "中文\U0001f600\uff21"


def show(excerpt: Excerpt, *, help_: str = "do it", width: int = 80, colour: bool = False) -> list[str]:
    """The lines under the headline."""
    one = Diagnostic("x.xml", None, "H207", "port-suffix-case", Severity.ERROR, "wrong", help_)
    text = written("full", FileReport("x.xml", (one,), (excerpt,)), width=width, colour=colour)
    assert text.endswith("\n")
    return text.splitlines()[1:]


def columns(text: str) -> str:
    """The text with a character for each column that it takes."""
    return "".join("" if one == ACUTE else one + one if one in WIDE else one for one in text)


def under_carets(lines: list[str]) -> str:
    """What of the excerpt stands above the carets, a character a column."""
    line, carets = columns(lines[0]), lines[1]
    start, end = carets.index("^"), carets.rindex("^") + 1
    assert set(carets[start:end]) == {"^"}
    return line[start:end]


def marked(text: str) -> Excerpt:
    """An excerpt whose mark stands between guillemets."""
    before, _, rest = text.partition("«")
    inside, _, after = rest.partition("»")
    return Excerpt(4, before + inside + after, len(before), len(before) + len(inside))


def test_a_block() -> None:
    text = (
        "<SMTP>\n"
        "  <Host>smtp.example.com</Host>\n"
        "    <HostPort>587-STARTTLS</HostPort>\n"
        "  <LoginMethod>NoLoginMethod</LoginMethod>\n"
        "  <From>dma@example.com</From>\n"
        "</SMTP>\n"
    )

    headline, line, carets = written("full", report(text)).splitlines()

    assert headline.startswith("x.xml:3:15: error[H207] port-suffix-case: ")
    assert line == "  3 |     <HostPort>587-STARTTLS</HostPort>"
    assert carets == '    |               ^^^^^^^^^^^^ write "587-starttls" (--fix)'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a>«bc»</a>", "bc"),
        ("\t\t<a>«b»</a>", "b"),
        ("<a>\t«b\tc»</a>", "b    c"),
        ("<a>中文«bc»</a>", "bc"),
        ("<a>\U0001f600\uff21«bc»中</a>", "bc"),
        ("<a>«中文b»</a>", "中中文文b"),
        (f"<a>e{ACUTE}e{ACUTE}«bc»</a>", "bc"),
        (f"<a>«e{ACUTE}b»</a>", "eb"),
        ("<a>\x1b[31m«b»</a>", "b"),
        ("<a>«b\u200bc»</a>", "b\\u200bc"),
        ("<a>\u202e\u00a0«b»</a>", "b"),
        ("«<a>»", "<a>"),
        ("<a>«b»", "b"),
    ],
)
def test_carets_stand_under_the_mark(text: str, expected: str) -> None:
    assert under_carets(show(marked(text))) == expected


@pytest.mark.parametrize("width", [20, 40, 79, 80, 81, 120])
@pytest.mark.parametrize("filling", ["x", "中", "\t", f"e{ACUTE}"])
@pytest.mark.parametrize(
    ("before", "after"), [(0, 500), (500, 0), (500, 500), (30, 500), (500, 30), (37, 37)]
)
def test_a_long_line_is_cut_around_the_mark(before: int, after: int, filling: str, width: int) -> None:
    lines = show(marked(f"{filling * before}«MARK»{filling * after}"), width=width, help_="help")

    assert under_carets(lines) == "MARK"
    assert max(len(columns(line)) for line in lines) <= max(width, 31)
    fits = len(columns(filling.replace("\t", "    "))) * (before + after) + len("MARK") <= max(width - 6, 24)
    assert (CUT in lines[0]) != fits


def test_a_mark_longer_than_the_line_is_cut_as_well() -> None:
    lines = show(marked(f"<a>«{'b' * 500}»</a>"))

    assert len(lines[0]) <= 80
    assert set(under_carets(lines)) == {"b", CUT}


@pytest.mark.parametrize("line", [1, 10, 99_999])
def test_the_number_of_the_line_moves_both_lines(line: int) -> None:
    excerpt = Excerpt(line, "abc", 1, 2)

    lines = show(excerpt)

    assert lines[0] == f"  {line} | abc"
    assert under_carets(lines) == "b"


def test_a_place_without_text_has_one_caret() -> None:
    assert show(Excerpt(7, "abc", 3, 3))[1] == "    |    ^ do it"
    assert show(Excerpt(7, "", 0, 0)) == ["  7 |", "    | ^ do it"]


def test_help_that_does_not_fit_beside_the_carets_stands_below() -> None:
    assert show(marked(f"{' ' * 60}«abc»"), help_="do this and that")[1:] == [
        f"    | {' ' * 60}^^^",
        "    do this and that",
    ]
    assert show(marked(f"{' ' * 53}«abc»"), help_="do this and that")[1:] == [
        f"    | {' ' * 53}^^^ do this and that"
    ]


def test_without_an_excerpt_the_help_stands_alone() -> None:
    shown = written("full", report("<SMTP>\n  <Host>a & b</Host>\n</SMTP>"))

    headline, help_ = shown.splitlines()
    assert headline.startswith("x.xml:2:11: error[D001] not-well-formed: ")
    assert help_.startswith("    write & ")


def test_related_places() -> None:
    span = Span(Position(2, 3, 10), Position(2, 7, 14))
    related = (
        Related("the first one", "SMTP/Host", span),
        Related("the other agent's", "SMTP/Host", span, "other.xml"),
        Related("nowhere", None, None),
    )
    one = Diagnostic(
        "x.xml", span, "S102", "duplicate-setting", Severity.ERROR, "twice", None, related=related
    )

    assert written("full", FileReport("x.xml", (one,))).splitlines() == [
        "x.xml:2:3: error[S102] duplicate-setting: twice",
        "    x.xml:2:3: the first one",
        "    other.xml:2:3: the other agent's",
        "    x.xml: nowhere",
    ]


def test_colours() -> None:
    lines = show(marked("<a>«bc»</a>"), colour=True)

    assert lines == [
        "\x1b[2m  4 |\x1b[0m <a>bc</a>",
        "\x1b[2m    |\x1b[0m    \x1b[1;31m^^\x1b[0m do it",
    ]


def test_nothing_but_what_is_known_to_be_harmless_is_shown() -> None:
    text = (
        "<SMTP><!-- a comment --><Host>smtp.example.com</Host><HostPort>587-STARTTLS</HostPort>"
        "<LoginMethod>NoLoginMethod</LoginMethod><Helo a='b'>pc.example.com</Helo><Other>thing</Other>"
        "<Password>pass</Password></SMTP>"
    )

    shown = written("full", report(text), width=1000)

    assert f"<!--{MASK}--><Host>smtp.example.com</Host><HostPort>587-STARTTLS</HostPort>" in shown
    assert f"<Helo a='{MASK}'>pc.example.com</Helo><Other>{MASK}</Other><Password>{MASK}</Password>" in shown


def test_messages_cannot_steer_a_terminal() -> None:
    one = Diagnostic("\x1b[2Jx.xml", None, "H207", "x", Severity.ERROR, "\x1b[31mred", "\u202ehelp\n")

    assert written("full", FileReport("x.xml", (one,))).splitlines() == [
        "\\x1b[2Jx.xml: error[H207] x: \\x1b[31mred",
        "    \\u202ehelp\\n",
    ]


def fix(safety: Safety) -> Fix:
    return Fix("remove it", safety, (Edit(10, 14, ""),))


@pytest.mark.parametrize(
    ("help_", "safety", "expected"),
    [
        ("mend it", Safety.SAFE, ["    mend it (--fix)"]),
        ("mend it", Safety.UNSAFE, ["    mend it (--unsafe-fixes)"]),
        (None, Safety.SAFE, ["    remove it (--fix)"]),
        ("mend it", None, ["    mend it"]),
        (None, None, []),
    ],
)
def test_which_fix_waits(help_: str | None, safety: Safety | None, expected: list[str]) -> None:
    one = finding(help=help_, fix=None if safety is None else fix(safety))

    assert written("full", FileReport("x.xml", (one,))).splitlines()[1:] == expected


def test_the_option_of_a_fix_counts_for_the_width() -> None:
    one = finding(help="do this", fix=fix(Safety.SAFE))
    excerpt = marked(f"{' ' * 50}«abc»")

    def lines(width: int) -> list[str]:
        return written("full", FileReport("x.xml", (one,), (excerpt,)), width=width).splitlines()[2:]

    assert lines(75) == [f"    | {' ' * 50}^^^ do this (--fix)"]
    assert lines(74) == [f"    | {' ' * 50}^^^", "    do this (--fix)"]


def at_terminal(*reports: FileReport, width: int = 80, colour: bool = False, hints: bool = True) -> list[str]:
    """The lines that a terminal shows."""
    layout = Layout(colour, width, is_terminal=True, hints=hints)
    return shown_by(reporter("full", layout), *reports).splitlines()


def in_files(number: int, *found: Diagnostic) -> list[FileReport]:
    """These findings in so many files."""
    return [
        FileReport(f"{place}.xml", tuple(one._replace(path=f"{place}.xml") for one in found))
        for place in range(1, number + 1)
    ]


def test_equal_findings_of_several_files_are_one_block() -> None:
    excerpt = marked("<a>«bc»</a>")
    reports = [
        one._replace(excerpts=(excerpt,))
        for one in in_files(40, finding(help="mend it", fix=fix(Safety.SAFE)))
    ]

    assert at_terminal(*reports) == [
        "40 files: error[H207] port-suffix-case: wrong",
        "  4 | <a>bc</a>",
        "    |    ^^ mend it (--fix)",
        "    1.xml:2:3",
        "    2.xml:2:3",
        "    3.xml:2:3",
        "    … and 37 more",
    ]


@pytest.mark.parametrize(("files", "rest"), [(2, []), (3, []), (4, ["    … and 1 more"])])
def test_few_places_are_all_named(files: int, rest: list[str]) -> None:
    lines = at_terminal(*in_files(files, finding()))

    assert lines[0] == f"{files} files: error[H207] port-suffix-case: wrong"
    named = min(files, 3)
    assert lines[1 : named + 1] == [f"    {number}.xml:2:3" for number in range(1, named + 1)]
    assert lines[named + 1 :] == rest


@pytest.mark.parametrize(
    "members",
    [
        {"code": "H208"},
        {"message": "else"},
        {"help": "else"},
        {"place": "SMTP/Host"},
        {"severity": Severity.INFO},
        {"fix": fix(Safety.SAFE)},
    ],
)
def test_findings_that_differ_stay_apart(members: dict[str, Any]) -> None:
    first, second = finding(help="mend it"), finding(path="y.xml", **{"help": "mend it", **members})

    lines = at_terminal(FileReport("x.xml", (first,)), FileReport("y.xml", (second,)))

    assert [line.split(":")[0] for line in lines if not line.startswith(" ")] == ["x.xml", "y.xml"]


def test_equal_findings_of_one_file_stay_apart() -> None:
    lines = at_terminal(FileReport("x.xml", (finding(), finding())))

    assert lines == ["x.xml:2:3: error[H207] port-suffix-case: wrong"] * 2


def test_each_of_several_equal_findings_of_a_file_meets_its_like() -> None:
    lines = at_terminal(*in_files(2, finding(), finding()))

    assert [line for line in lines if not line.startswith(" ")] == [
        "2 files: error[H207] port-suffix-case: wrong"
    ] * 2


def test_in_a_pipe_each_finding_is_a_block() -> None:
    reports = in_files(5, finding())

    lines = written("full", *reports).splitlines()
    assert lines == [f"{number}.xml:2:3: error[H207] port-suffix-case: wrong" for number in range(1, 6)]


def test_very_many_different_findings_are_not_kept() -> None:
    reports = [FileReport("x.xml", (finding(message=f"wrong {number}"),)) for number in range(700)]
    chosen, tally = reporter("full", Layout(is_terminal=True)), Tally()

    at_once = "".join(chosen.file(one) for one in tally.follow([*reports, *reports]))
    kept = chosen.end(tally)

    assert "wrong 499" not in at_once
    assert at_once.count("wrong 500\n") == at_once.count("wrong 699\n") == 2
    assert kept.count("2 files: ") == 500


def test_long_help_is_wrapped_on_a_terminal() -> None:
    help_ = " ".join(["words"] * 40)

    lines = at_terminal(FileReport("x.xml", (finding(help=help_),)), width=60)
    assert max(map(len, lines)) <= 60
    assert " ".join(line.strip() for line in lines[1:]) == help_
    assert len(written("full", FileReport("x.xml", (finding(help=help_),))).splitlines()) == 2


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("x.xml", "dmsmtp describe x.xml"),
        ("a b.xml", f"dmsmtp describe {QUOTE}a b.xml{QUOTE}"),
        ("a&b.xml", f"dmsmtp describe {QUOTE}a&b.xml{QUOTE}"),
        ("<stdin>", None),
    ],
)
def test_after_a_clean_file_a_terminal_shows_what_to_try_next(path: str, command: str | None) -> None:
    lines = at_terminal(FileReport(path))

    assert lines[0].startswith("Not in this file: the default From address, ")
    commands = [] if command is None else [command, command.replace("describe", "probe")]
    assert [line.partition(": ")[2] for line in lines[1:]] == commands


@pytest.mark.parametrize(
    "reports",
    [
        [],
        [FileReport("x.xml"), FileReport("y.xml")],
        [FileReport("x.xml", failure="it is gone")],
        [FileReport("x.xml"), FileReport("y.xml", failure="it is gone")],
    ],
)
def test_no_hint_where_there_is_not_one_clean_file(reports: list[FileReport]) -> None:
    assert at_terminal(*reports) == []


def test_no_hint_where_findings_are_hidden_or_hints_unwanted_or_nobody_reads_them() -> None:
    hidden = FileReport("x.xml", (finding(Severity.INFO),))
    chosen, tally = reporter("full", Layout(is_terminal=True)), Tally()
    for one in tally.follow([hidden]):
        chosen.file(one.at_least(Severity.ERROR))

    assert chosen.end(tally) == ""
    assert at_terminal(FileReport("x.xml"), hints=False) == []
    assert written("full", FileReport("x.xml")) == ""


def test_hostile_texts_cannot_steer_a_terminal() -> None:
    for text in (written("full", *hostile()), "\n".join(at_terminal(*hostile()))):
        assert all(line.isprintable() for line in text.split("\n"))
