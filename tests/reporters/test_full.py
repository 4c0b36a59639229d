"""Excerpts at a terminal: every caret under the character that it means."""

from __future__ import annotations

import pytest

from migrator.checking import FileReport
from migrator.diagnostic import Diagnostic, Position, Related, Severity, Span
from migrator.document.model import Excerpt
from tests.reporters.reports import MASK, report, written

ACUTE = "\u0301"
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
    assert carets.startswith('    |               ^^^^^^^^^^^^ write "587-starttls"')


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
