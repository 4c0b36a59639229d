"""Reports to write in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migrator.checking import CheckSettings, FileReport, check
from migrator.diagnostic import (
    Diagnostic,
    Edit,
    Fix,
    Position,
    Quieted,
    Related,
    Safety,
    Severity,
    Shortfall,
    Span,
    Suppressed,
    Undone,
)
from migrator.reporters import Layout, Reporter, pieces, reporter
from migrator.summary import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = CheckSettings(excerpts=True, fingerprints=True, fix_spans=True, whole_file=True)
MASK = "\u2022" * 4
SPAN = Span(Position(2, 3, 10), Position(2, 7, 14))
CLEAN = """\
<SMTP>
  <Host>smtp.example.com</Host>
  <HostPort>587-starttls</HostPort>
  <LoginMethod>NoLoginMethod</LoginMethod>
  <From>dma@example.com</From>
</SMTP>
"""
BROKEN = (
    CLEAN.replace("587-starttls", "587-STARTTLS")
    .replace("<Host>", "<Host> ")
    .replace("</SMTP>", "  <Helo />\n  <Password>x</Password>\n</SMTP>")
)
UNWRITTEN = Shortfall(Undone.WRITE, "it was not mended: it has a second name")
HOSTILE = (
    "two\nlines\r\nand\rmore",
    "100% %0A %25",
    "::error file=x::y",
    "##[error]z ::add-mask::w",
    "a,b:c;d=e",
    "\"double\" 'single' `back`",
    "\U0001f600 \u4e2d\u6587 e\u0301",
    "\x00\x01\x1b[31m\x7f\x85\u2028\u202e\ufeff\ufffe\uffff",
    "]]> <![CDATA[ </failure> &amp; &#10; -->",
    "\udcff\udc80 \ud800",
    "\\u0041 \\n {0} {{1}} %SRCROOT%",
    "[click](https://example.com) [1](1)",
    "",
    " ",
)


def report(text: str, path: str = "x.xml") -> FileReport:
    """What is found in a text, with all that a report can tell."""
    return check(path, text.encode(), SETTINGS)


def finding(severity: Severity = Severity.ERROR, path: str = "x.xml", **members: Any) -> Diagnostic:
    """A finding with these members."""
    given = {"span": SPAN, "code": "H207", "name": "port-suffix-case", "message": "wrong", **members}
    return Diagnostic(path, severity=severity, **given)


def hostile() -> Iterator[FileReport]:
    """Files whose paths, and all texts of whose findings, are such as trip a careless writer."""
    for text in HOSTILE:
        fix = Fix(text, Safety.UNSAFE, (Edit(10, 14, text),), (SPAN,))
        related = (Related(text, text, SPAN, text), Related(text, None, None))
        for severity in Severity:
            one = finding(severity, text, message=text, help=text, place=text, agent=text)
            full = finding(severity, text, message=text, help=text, related=related, fix=fix)
            quiet = (Suppressed(one, Quieted.COMMENT, text), Suppressed(full, Quieted.BASELINE))
            short = (
                Shortfall(Undone.WRITE, f"not mended: {text}"),
                Shortfall(Undone.LOGIN, f"no login: {text}"),
            )
            yield FileReport(text, (one, full), suppressed=quiet, fixed=(one,), shortfalls=short)
        yield FileReport(text, failure=text)


def written(
    name: str, *reports: FileReport, colour: bool = False, width: int = 100, has_baseline: bool = False
) -> str:
    """Reports in a format."""
    return shown(reporter(name, Layout(colour, width), has_baseline=has_baseline), *reports)


def shown(one: Reporter, *reports: FileReport) -> str:
    """What a reporter makes of reports."""
    tally = Tally()
    return "".join(pieces(one, tally.follow(reports), tally))


def as_bytes(text: str) -> bytes:
    """The text as it is written to a file or to standard output."""
    return text.encode("utf-8", "backslashreplace")
