from __future__ import annotations

import pytest

from migrator.document.format import Format, format_of


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("DataMiner.xml", "{", Format.XML),
        ("a.JSON", "<SMTP/>", Format.JSON),
        ("a.smtp.json", "", Format.JSON),
        ("a.yaml", "<SMTP/>", Format.YAML),
        ("A.YML", "", Format.YAML),
        ("DataMiner.xml.bak", "<SMTP/>", Format.XML),
        ("<stdin>", " \r\n<?xml", Format.XML),
        ("<stdin>", "<!-- a: b -->", Format.XML),
        ("<stdin>", "\n {", Format.JSON),
        ("<stdin>", "[", Format.JSON),
        ("<stdin>", "SMTP:\n  Host: a", Format.YAML),
        ("<stdin>", "SMTP:", Format.YAML),
        ("<stdin>", '"SMTP": {}', Format.YAML),
        ("<stdin>", "'SMTP' : {}", Format.YAML),
        ("<stdin>", "$schema: x", Format.YAML),
        ("<stdin>", "# comment\nSMTP:", Format.YAML),
        ("<stdin>", "---\nSMTP:", Format.YAML),
        ("<stdin>", "%YAML 1.1", Format.YAML),
        ("<stdin>", "SMTP", Format.XML),
        ("<stdin>", "http://x", Format.XML),
        ("<stdin>", "", Format.XML),
        ("", "", Format.XML),
        ("folder.json/DataMiner", "<a/>", Format.XML),
        ("folder.json\\DataMiner", "<a/>", Format.XML),
    ],
)
def test_the_name_tells_the_format_and_else_the_text(path: str, text: str, expected: Format) -> None:
    assert format_of(path, text) is expected
