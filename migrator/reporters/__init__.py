"""One module a format. Each turns the files of a run into text, one after the other, and decides nothing."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from migrator.checking import FileReport
    from migrator.cluster.comparing import Matrix
    from migrator.summary import Tally


class Layout(NamedTuple):
    """How a person will read it.

    In colour or not, how many columns there are, whether on a terminal, whether hints on what to do next are
    wanted there, and the name of the command that makes fixes, where another one was called.
    """

    colour: bool = False
    width: int = 100
    is_terminal: bool = False
    hints: bool = True
    fixing: str = ""


class Reporter(Protocol):
    """Turns one run into text: `start` once, `file` for each file in order, `end` once.

    They return pieces of one text, which may be empty. What is kept between them does not grow with the
    number of files. The tally is complete when `end` is called.
    """

    def start(self) -> str:
        """What stands before the first file."""
        ...

    def file(self, report: FileReport) -> str:
        """What there is to say of a file."""
        ...

    def end(self, tally: Tally) -> str:
        """What stands behind the last file."""
        ...


class FormatTraits(NamedTuple):
    r"""What a format is for, and what it needs of `CheckSettings`.

    A format for machines is UTF-8 with `\n` on every system.
    """

    is_machine: bool = True
    excerpts: bool = False
    fingerprints: bool = False
    fix_spans: bool = False


FORMATS: Mapping[str, FormatTraits] = MappingProxyType(
    {
        "full": FormatTraits(is_machine=False, excerpts=True),
        "concise": FormatTraits(is_machine=False),
        "json": FormatTraits(),
        "sarif": FormatTraits(fingerprints=True, fix_spans=True),
        "github": FormatTraits(),
        "gitlab": FormatTraits(fingerprints=True),
        "junit": FormatTraits(),
    }
)
"""The formats of a report of findings, by name."""


def reporter(name: str, layout: Layout | None = None, *, has_baseline: bool = False) -> Reporter:
    """A reporter of one of `FORMATS`, for one run; `has_baseline` says whether a baseline is in use."""
    shape = layout or Layout()
    match name:
        case "json":
            from migrator.reporters.json_report import JsonReport

            return JsonReport()
        case "sarif":
            from migrator.reporters.sarif import SarifReport

            return SarifReport(has_baseline=has_baseline)
        case "github":
            from migrator.reporters.github import GitHubReport

            return GitHubReport()
        case "gitlab":
            from migrator.reporters.gitlab import GitLabReport

            return GitLabReport()
        case "junit":
            from migrator.reporters.junit import JUnitReport

            return JUnitReport()
        case "concise":
            from migrator.reporters.concise import ConciseReport

            return ConciseReport(shape)
        case _:
            from migrator.reporters.full import FullReport

            return FullReport(shape)


CLUSTER_FORMATS: Mapping[str, FormatTraits] = MappingProxyType(
    {**FORMATS, "markdown": FormatTraits(), "html": FormatTraits()}
)
"""The formats of a report on a cluster, by name."""


def cluster_reporter(
    name: str, matrix: Matrix, layout: Layout | None = None, *, has_baseline: bool = False
) -> Reporter:
    """A reporter of one of `CLUSTER_FORMATS`; where people read it, or asked for all, with the table."""
    match name:
        case "full":
            from migrator.reporters.matrix import MatrixReport

            return MatrixReport(matrix, layout or Layout())
        case "json":
            from migrator.reporters.matrix import JsonMatrixReport

            return JsonMatrixReport(matrix)
        case "markdown":
            from migrator.reporters.matrix import MarkdownReport

            return MarkdownReport(matrix)
        case "html":
            from migrator.reporters.matrix_page import PageReport

            return PageReport(matrix)
        case _:
            return reporter(name, layout, has_baseline=has_baseline)


def statistics_reporter(layout: Layout | None = None, *, as_json: bool) -> Reporter:
    """A reporter that says how often each code was found, for people or for programs."""
    from migrator.reporters.statistics import JsonStatistics, TextStatistics

    return JsonStatistics() if as_json else TextStatistics(layout or Layout())


def pieces(one: Reporter, reports: Iterable[FileReport], tally: Tally) -> Iterator[str]:
    """A whole report, a piece at a time; whoever passes the files on fills the tally."""
    yield one.start()
    for report in reports:
        yield one.file(report)
    yield one.end(tally)
