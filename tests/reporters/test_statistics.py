from __future__ import annotations

import ast
import inspect
import json
import pkgutil

from migrator import reporters
from migrator.checking import FileReport
from migrator.diagnostic import Edit, Fix, Safety
from migrator.reporters import Layout, statistics_reporter
from tests.reporters.reports import finding, shown

SAFE = Fix("mend", Safety.SAFE, (Edit(0, 1, ""),))
UNSAFE = Fix("mend", Safety.UNSAFE, (Edit(0, 1, ""),))
REPORTS = (
    FileReport("a.xml", (finding(), finding(fix=SAFE), finding(code="S108", name="empty-setting"))),
    FileReport("b.xml", (finding(fix=UNSAFE), finding(fix=SAFE), finding(code="A301", name="x"))),
    FileReport("c.xml", failure="it is gone"),
    FileReport("d.xml", fixed=(finding(),)),
)


def test_the_most_frequent_first_then_by_code() -> None:
    assert shown(statistics_reporter(as_json=False), *REPORTS).splitlines() == [
        "count  code  name              fix",
        "    4  H207  port-suffix-case  2 with --fix, 1 with --unsafe-fixes",
        "    1  A301  x",
        "    1  S108  empty-setting",
    ]


def test_the_command_that_has_the_options_where_another_one_was_called() -> None:
    table = shown(statistics_reporter(Layout(fixing="lint"), as_json=False), *REPORTS)

    assert table.splitlines()[1].endswith("  2 with lint --fix, 1 with lint --unsafe-fixes")


def test_for_programs() -> None:
    told = json.loads(shown(statistics_reporter(as_json=True), *REPORTS))

    assert told["version"] == 1
    assert [(one["code"], one["count"]) for one in told["statistics"]] == [
        ("H207", 4),
        ("A301", 1),
        ("S108", 1),
    ]
    assert told["statistics"][0]["name"] == "port-suffix-case"
    assert told["statistics"][0]["fixable"] == {"safe": 2, "unsafe": 1}


def test_where_nothing_was_found() -> None:
    assert shown(statistics_reporter(as_json=False), FileReport("a.xml")) == ""
    assert json.loads(shown(statistics_reporter(as_json=True)))["statistics"] == []


def test_many_findings_widen_the_column() -> None:
    text = shown(statistics_reporter(as_json=False), FileReport("a.xml", (finding(),) * 123_456))

    assert text.splitlines() == [" count  code  name              fix", "123456  H207  port-suffix-case"]


def test_colour() -> None:
    head = shown(statistics_reporter(Layout(colour=True), as_json=False), *REPORTS).splitlines()[0]

    assert head == "\x1b[1mcount  code  name              fix\x1b[0m"


def test_no_function_of_the_package_has_the_name_of_a_module_in_it() -> None:
    """Whoever imports such a module puts it in the function's place."""
    modules = {one.name for one in pkgutil.iter_modules(reporters.__path__)}
    body = ast.parse(inspect.getsource(reporters)).body

    assert not modules & {one.name for one in body if isinstance(one, ast.FunctionDef)}
