"""JSONTestSuite: what every reader of JSON takes, what it refuses, and what it may do either with."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from migrator.document.source import Fault
from tests.suites import plain
from tests.suites.packages import exported
from tests.suites.suite import Case, Label, Restriction, Suite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LABELS = {"y": Label.TAKE, "n": Label.REFUSE, "i": Label.OPEN}


def _cases(folder: Path) -> Iterator[Case]:
    for case in exported(folder / "data" / "parsing.js"):
        yield _case(case, _LABELS[case["name"][0]])
    for case in exported(folder / "data" / "transform.js"):  # what readers make of these may differ
        yield _case(case, Label.OPEN)


def _case(case: dict[str, str], label: Label) -> Case:
    data = case["input"].encode()
    return Case(case["name"].removesuffix(".json"), data, label, partial(_reference, data))


def _reference(data: bytes) -> object:
    """What Python's own reader makes of it."""
    return json.loads(
        data,
        object_pairs_hook=plain.mapping,
        parse_int=plain.number,
        parse_float=plain.number,
    )


JSON = Suite(
    title="JSONTestSuite",
    package="json-test-suite",
    file_name="case.json",
    cases=_cases,
    values=plain.of_mapping,
    restrictions=(
        Restriction(
            "values nested more than 256 deep",
            "no configuration is; the limit bounds what a made-up file costs",
            Fault.TOO_LARGE,
            ("nested more than",),
        ),
    ),
)
