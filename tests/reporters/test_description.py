from __future__ import annotations

import json

from migrator.describe import Description, Origin, SettingLine
from migrator.reporters import Layout
from migrator.reporters.description import as_json, as_text
from migrator.values.version import since

ONE = Description(
    "C.xml",
    "Agent 7",
    (
        ("Connection", ("It connects.", "And it goes on and on, so that it does not fit on one line.")),
        ("Login", ("It logs in.",)),
    ),
    ("Something is inferred.",),
    since({"main": ["10.5.0 CU13", "10.6.0 CU1"], "feature": "10.6.4"}),
    (
        SettingLine("Host", "b\u00fccher.中文", Origin.FILE, 12),
        SettingLine("HostPort", "25", Origin.DEFAULT, None),
        SettingLine("User", "", Origin.FILE, 13),
        SettingLine("Helo", None, Origin.NOT_SET, None),
    ),
)


def test_text() -> None:
    assert "".join(as_text(ONE, Layout(width=50))).splitlines() == [
        "C.xml, agent Agent 7",
        "",
        "Connection",
        "  It connects.",
        "  And it goes on and on, so that it does not fit",
        "    on one line.",
        "",
        "Login",
        "  It logs in.",
        "",
        "Inferred, or not documented",
        "  Something is inferred.",
        "",
        "Settings",
        "  Host      b\u00fccher.中文  line 12",
        "  HostPort  25           default",
        "  User      (empty)      line 13",
        "  Helo                   not set",
    ]


def test_where_nothing_is_inferred_there_is_no_heading_for_it() -> None:
    one = Description("x", None, ONE.facts, (), None, ONE.settings)

    lines = "".join(as_text(one, Layout())).splitlines()

    assert lines[0] == "x"
    assert "Inferred, or not documented" not in lines


def test_colour() -> None:
    text = "".join(as_text(ONE, Layout(colour=True)))

    assert text.startswith("\x1b[1mC.xml, agent Agent 7\x1b[0m\n\n\x1b[1mConnection\x1b[0m\n")
    assert "\x1b[2m  Helo                   not set\x1b[0m\n" in text


def test_json() -> None:
    assert json.loads(as_json(ONE)) == {
        "version": 1,
        "path": "C.xml",
        "agent": "Agent 7",
        "facts": {"connection": list(ONE.facts[0][1]), "login": ["It logs in."]},
        "inferred": ["Something is inferred."],
        "oldest": {"main": ["10.5.0 CU13", "10.6.0 CU1"], "feature": "10.6.4"},
        "settings": [
            {"name": "Host", "value": "b\u00fccher.中文", "origin": "file", "line": 12},
            {"name": "HostPort", "value": "25", "origin": "default", "line": None},
            {"name": "User", "value": "", "origin": "file", "line": 13},
            {"name": "Helo", "value": None, "origin": "not set", "line": None},
        ],
    }


def test_text_cannot_steer_a_terminal() -> None:
    one = Description("\x1b[2J", "\u202e", (("Login", ("\x1b[31m",)),), (), None, ONE.settings)

    assert "".join(as_text(one, Layout())).splitlines()[:4] == [
        "\\x1b[2J, agent \\u202e",
        "",
        "Login",
        "  \\x1b[31m",
    ]
