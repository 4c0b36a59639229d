"""One file migrated: the steps that belong to the target version, taken until nothing is left to change."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from migrator.checking import FileReport, check_document, configuration_in, locate, read_document, report_on
from migrator.diagnostic import Diagnostic, Severity
from migrator.migrations import BY_NAME, STEPS
from migrator.migrations.agent_facts import facts_of
from migrator.migrations.model import Wish
from migrator.migrations.result import Item, Migration
from migrator.migrations.secrets import secrets_of
from migrator.migrations.variables import mark
from migrator.rules import BY_CODE
from migrator.rules.model import Circumstances, Rule
from migrator.tuples import NamedTuple
from migrator.values.variable import as_variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.checking import CheckSettings
    from migrator.diff import Content
    from migrator.document.limits import Limits
    from migrator.migrations.model import Goal, Step
    from migrator.section import Configuration


class Result(NamedTuple):
    """A file after its steps, and what is to be said of it."""

    data: bytes
    migration: Migration


def migrate(path: str, data: bytes, goal: Goal, settings: CheckSettings) -> Result:
    """Take the steps to a goal with one file.

    `settings` say which rules count and how large a file may be; the day and the target are the goal's. A
    rule that is left out there, or an ignore comment in the file, leaves out its step as well.
    """
    look = _Look(path, goal, settings)
    if configuration_in(path, data, settings.limits) is None:
        (unreadable,) = look(data).diagnostics
        return Result(data, Migration(path, unreadable=_item(unreadable)))
    from migrator.fixing import fix

    outcome = fix(data, look, unsafe=goal.unsafe)
    report = outcome.report
    left = [one for one in report.diagnostics if _is_told(one)]
    others = Counter(one.code for one in report.diagnostics if not _is_told(one))
    changes = tuple(look.change(one) for one in report.fixed)
    after = configuration_in(path, outcome.data, settings.limits)
    assert after is not None  # noqa: S101 - it was before, and fixes leave it so
    return Result(
        outcome.data,
        Migration(
            path,
            changes,
            tuple(look.change(one) for one in left if one.fix is not None),
            tuple(_item(one) for one in left if one.fix is None),
            tuple(sorted(others.items())),
            len(report.suppressed),
            facts_of(after),
            _diff(path, data, outcome.data, settings.limits),
            variables=tuple(look.variables(after)),
            microsoft_basic_auth=look.circumstances.microsoft_basic_auth,
        ),
    )


class _Look:
    """What steps find in the bytes of one file; it keeps the bytes in which it found what can be changed."""

    def __init__(self, path: str, goal: Goal, settings: CheckSettings) -> None:
        given = settings.circumstances
        self.circumstances = Circumstances(
            goal.as_of, goal.target, None if given is None else given.microsoft_basic_auth
        )
        self._path = path
        self._settings = settings._replace(circumstances=self.circumstances)
        self._steps = [
            step
            for step in STEPS
            if step.belongs_to(goal.target) and (step.wish is None or step.wish in goal.wishes)
        ]
        self._found_in: dict[Diagnostic, bytes] = {}
        self._before: Content | None = None
        self._key = goal.key
        self._secrets: dict[str, str] = {}

    def __call__(self, data: bytes) -> FileReport:
        """The findings of steps under the steps' names, and all others under their rules'."""
        document = read_document(self._path, data, self._settings.limits)
        report, configuration = check_document(self._path, document, self._settings)
        if configuration is None:
            return report
        report = self._completed(configuration, report)
        found = sorted(self._found(configuration, report), key=Diagnostic.sort_key)
        self._found_in |= dict.fromkeys(found, data)
        return report._replace(diagnostics=tuple(found))

    def _completed(self, configuration: Configuration, report: FileReport) -> FileReport:
        """The report with what lint leaves out in favour of other findings, and a step is about."""
        for code in (code for step in self._steps if step.is_complete for code in step.codes):
            rule = BY_CODE[code]
            found = rule.findings(configuration, configuration.section, self.circumstances)
            alone = report_on(self._path, configuration, [(rule, one) for one in found], self._settings)
            more = [one for one in alone.diagnostics if one.code == code and one not in report.diagnostics]
            ignored = [one for one in alone.suppressed if one not in report.suppressed]
            report = report._replace(
                diagnostics=(*report.diagnostics, *more), suppressed=(*report.suppressed, *ignored)
            )
        return report

    def change(self, one: Diagnostic) -> Item:
        """What is said of a change: in words, and by the lines that it replaces and writes."""
        assert one.fix is not None  # noqa: S101 - who calls has looked
        before, after = self._lines_of(self._found_in[one], one)
        return _item(one)._replace(change=one.fix.title, before=before, after=after)

    def variables(self, configuration: Configuration) -> Iterator[tuple[str, str]]:
        """The variables whose names stand in the place of secrets now, with the marks of these."""
        for variable, value in secrets_of(configuration).items():
            if value == as_variable(variable) and variable in self._secrets:
                yield variable, mark(self._secrets[variable], self._key)

    def _found(self, configuration: Configuration, report: FileReport) -> Iterator[Diagnostic]:
        left = list(report.diagnostics)
        for step in self._steps:
            own = [one for one in left if one.code in step.codes]
            if not own and step.wish is None:
                continue
            if step.plan is not None:
                planned = list(self._planned(step, configuration, own))
                if step.wish is Wish.SECRETS_TO_VARIABLES:
                    self._secrets |= {
                        variable: value
                        for variable, value in secrets_of(configuration).items()
                        if value != as_variable(variable)
                    }
                if step.wish is None and not step.in_place_of_all:
                    places = {one.span for one in own}
                    planned = [one for one in planned if one.span in places]
                places = {one.span for one in planned}
                own = [one for one in own if planned and (step.in_place_of_all or one.span in places)]
                yield from planned
            else:
                for one in own:
                    yield _named(one if step.wording is None else _by_hand(step.wording(one)), step)
            gone = set(map(id, own))
            settled = step.settles if own else ()
            left = [one for one in left if id(one) not in gone and one.code not in settled]
        yield from map(_by_hand, left)  # no step changes these

    def _planned(
        self, step: Step, configuration: Configuration, own: Sequence[Diagnostic]
    ) -> Iterator[Diagnostic]:
        """What a step of its own finds, in places of the file, with the code of what `lint` finds there."""
        assert step.plan is not None  # noqa: S101 - who calls has looked
        codes = (*(one.code for one in own), *step.codes)
        rule = BY_CODE[codes[0]] if codes else Rule("", step.name, Severity.INFO, step.page)
        for finding in step.plan(configuration):
            yield _named(locate(self._path, configuration, rule, finding, self._settings), step)

    def _lines_of(self, data: bytes, one: Diagnostic) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The lines that a change replaces and writes, as they may be shown; none if it breaks the file."""
        from migrator.diff import content, masked_diff_between
        from migrator.fixing import made

        changed = content(self._path, made(data, [one]), self._settings.limits)
        if changed.configuration is None:
            return (), ()
        if self._before is None or self._before.data != data:  # many changes are found in the same bytes
            self._before = content(self._path, data, self._settings.limits)
        diff = masked_diff_between(self._path, self._before, changed)
        _headings, _, lines = diff.partition("\n@@")
        return _lines(lines, "-"), _lines(lines, "+")


def _is_told(one: Diagnostic) -> bool:
    """Whether a step is about it, or it is more than advice."""
    return one.name in BY_NAME or one.severity.rank >= Severity.WARNING.rank


def _lines(diff: str, mark: str) -> tuple[str, ...]:
    """The lines of a diff with a mark."""
    return tuple(line[1:].strip() for line in diff.splitlines() if line.startswith(mark))


def _named(one: Diagnostic, step: Step) -> Diagnostic:
    return one._replace(name=step.name)


def _by_hand(one: Diagnostic) -> Diagnostic:
    return one._replace(fix=None)


def _item(one: Diagnostic) -> Item:
    start = None if one.span is None else one.span.start
    return Item(
        one.name,
        one.code or None,
        one.severity,
        one.message,
        one.help or "",
        one.place,
        None if start is None else start.line,
        None if start is None else start.column,
        related=tuple(
            f"{related.message}: line {related.span.start.line}"
            for related in one.related
            if related.span is not None
        ),
    )


def _diff(path: str, before: bytes, after: bytes, limits: Limits) -> str:
    """What changed, with every secret masked."""
    if before == after:
        return ""
    from migrator.diff import masked_diff

    return masked_diff(path, before, after, limits)
