"""What a merge that was not finished leaves in a file."""

from __future__ import annotations

import pytest

from migrator.checking import read_document
from migrator.document.limits import Limits
from migrator.document.source import Fault, Unreadable

_LIMITS = Limits()
_OURS, _THEIRS = "<<<<<<< HEAD", ">>>>>>> main"
_XML = f"""<SMTP>
{_OURS}
  <Host>smtp1.example.com</Host>
=======
  <Host>smtp2.example.com</Host>
{_THEIRS}
</SMTP>
"""
_YAML = f"SMTP:\n{_OURS}\n  Host: a.example.com\n=======\n  Host: b.example.com\n{_THEIRS}\n"
_JSON = f'{{"SMTP": {{\n{_OURS}\n"Host": "a"\n=======\n"Host": "b"\n{_THEIRS}\n}}}}\n'


def _read(path: str, text: str) -> Unreadable:
    read = read_document(path, text.encode(), _LIMITS)
    assert isinstance(read, Unreadable)
    return read


@pytest.mark.parametrize(("path", "text"), [("x.xml", _XML), ("x.yaml", _YAML), ("x.json", _JSON)])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_merge_that_was_not_finished_is_said_to_be_one(path: str, text: str, line_end: str) -> None:
    problem = _read(path, text.replace("\n", line_end))

    assert problem.fault is Fault.NOT_WELL_FORMED
    assert problem.message == "a merge was not finished: both sides of a conflict stand here"
    assert problem.span.start[:2] == (2, 1)
    assert problem.span.end[:2] == (2, 8)


def test_marks_of_diff3_and_without_names() -> None:
    with_base = _read("x.xml", _XML.replace("=======", "||||||| base\n======="))
    assert "merge" in with_base.message
    assert "remove all else from <<<<<<< to >>>>>>>" in with_base.help
    assert "merge" in _read("x.xml", _XML.replace(" HEAD", "").replace(" main", "")).message


@pytest.mark.parametrize(
    "text",
    [
        _XML.replace(_THEIRS, ""),
        _XML.replace("=======", "========"),
        _XML.replace(_OURS, " " + _OURS),
        _XML.replace(_OURS, "").replace("</SMTP>", f"{_OURS}</SMTP>"),
    ],
)
def test_near_miss(text: str) -> None:
    assert "merge" not in _read("x.xml", text).message


def test_a_file_that_parses_is_none() -> None:
    text = f"<SMTP><!--\n{_OURS}\n=======\n{_THEIRS}\n--></SMTP>"
    assert not isinstance(read_document("x.xml", text.encode(), _LIMITS), Unreadable)
