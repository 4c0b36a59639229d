"""JUnit XML as another program reads it."""

from __future__ import annotations

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from lxml import etree

from migrator.checking import FileReport
from migrator.diagnostic import Quieted, Severity, Suppressed
from tests.reporters.reports import BROKEN, CLEAN, UNWRITTEN, as_bytes, finding, hostile, report, written


def suites(*reports: FileReport) -> list[TestSuite]:
    """The suites, whose counts must be those of their tests, and whose tests have names of their own."""
    data = as_bytes(written("junit", *reports))
    etree.fromstring(data, etree.XMLParser(resolve_entities=False))  # well-formed to libxml2, too
    read = JUnitXml.fromstring(data)
    assert isinstance(read, JUnitXml)
    found = list(read)
    for suite in found:
        tests = list(suite)
        results = [result for test in tests for result in test.result]
        counts = [sum(isinstance(one, kind) for one in results) for kind in (Failure, Error, Skipped)]
        assert [suite.tests, suite.failures, suite.errors, suite.skipped] == [len(tests), *counts]
        assert len({(test.classname, test.name) for test in tests}) == len(tests) > 0
    return found


def test_a_clean_file_is_a_test_that_passes() -> None:
    (suite,) = suites(report(CLEAN, "a.xml"))

    (test,) = suite
    assert (suite.name, test.classname, test.name, test.is_passed) == ("a.xml", "a_xml", "no findings", True)


def test_no_files_are_no_suites() -> None:
    assert suites() == []


def test_each_file_is_a_suite_and_each_finding_a_test() -> None:
    first, second = suites(report(BROKEN, "a.xml"), report(BROKEN, "b.xml"))

    assert [test.name for test in first] == [
        "S109 surrounding-whitespace SMTP/Host",
        "H207 port-suffix-case SMTP/HostPort",
        "S108 empty-setting SMTP/Helo",
        "A305 unused-credentials SMTP/Password",
    ]
    assert [test.is_passed for test in second] == [False, False, True, False]


@pytest.mark.parametrize("severity", [Severity.ERROR, Severity.WARNING])
def test_errors_and_warnings_fail(severity: Severity) -> None:
    ((test,),) = suites(FileReport("x.xml", (finding(severity, help="right it"),)))

    (failure,) = test.result
    assert isinstance(failure, Failure)
    assert (failure.type, failure.message) == (severity.value, "wrong")
    assert failure.text == "x.xml:2:3: wrong; right it"


def test_advice_passes_with_its_text_as_output() -> None:
    ((test,),) = suites(FileReport("x.xml", (finding(Severity.INFO),)))

    assert test.is_passed
    assert test.system_out == "x.xml:2:3: wrong"


def test_a_path_that_could_not_be_checked_is_an_error() -> None:
    ((test,),) = suites(FileReport("x.xml", failure="it is gone"))

    (error,) = test.result
    assert isinstance(error, Error)
    assert error.message == "could not be checked: it is gone"


def test_what_could_not_be_done_is_an_error_beside_the_findings() -> None:
    ((undone, one),) = suites(FileReport("x.xml", (finding(),), shortfalls=(UNWRITTEN,)))

    (error,) = undone.result
    assert isinstance(error, Error)
    assert (undone.name, error.type, error.message) == ("write", "not-written", UNWRITTEN.reason)
    assert one.name == "H207 port-suffix-case"


def test_what_could_not_be_done_is_all_there_is_to_say_of_a_file_without_findings() -> None:
    ((undone,),) = suites(FileReport("x.xml", shortfalls=(UNWRITTEN,)))

    assert undone.name == "write"


def test_what_is_suppressed_is_skipped_with_the_reason() -> None:
    one = finding()
    quiet = (Suppressed(one, Quieted.COMMENT, "so it is"), Suppressed(one, Quieted.BASELINE))

    (suite,) = suites(FileReport("x.xml", suppressed=quiet))

    assert [_only(test).message for test in suite] == [
        "ignored by a comment in the file: so it is",
        "known to the baseline",
    ]
    assert [test.name for test in suite] == ["H207 port-suffix-case", "H207 port-suffix-case #2"]


def _only(test: TestCase) -> Skipped:
    (result,) = test.result
    assert isinstance(result, Skipped)
    return result


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("v1.2/dma 7/DataMiner.xml", "v1_2.dma 7.DataMiner_xml"),
        ("<stdin>", "<stdin>"),
    ],
)
def test_tests_are_grouped_by_folder(path: str, group: str) -> None:
    ((test,),) = suites(FileReport(path))

    assert test.classname == group


def test_tests_say_where() -> None:
    root = etree.fromstring(as_bytes(written("junit", report(BROKEN, "a.xml"))))

    assert [(one.get("file"), one.get("line")) for one in root.iter("testcase")] == [
        ("a.xml", "2"),
        ("a.xml", "3"),
        ("a.xml", "6"),
        ("a.xml", "7"),
    ]


def test_hostile_texts() -> None:
    for one in hostile():
        (suite,) = suites(one)
        assert suite.tests == len(one.diagnostics) + len(one.suppressed) + len(one.undone)
