"""The same as in `test_secrets` for JSON and YAML: a secret leaves through no output."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migrator.checking import CheckSettings, check, read_document
from migrator.describe import describe
from migrator.document.limits import Limits
from migrator.document.source import Unreadable
from migrator.reporters.description import as_json, as_text
from migrator.section import read_configuration
from tests.cli.running import dmsmtp
from tests.test_secrets import CANARY, FIRST, LAYOUT, SECOND, assert_silent, every_format

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = ("Password", "OAuthClientSecret", "Pasword", "SmtpPassword", "PASSWORD", "Pwd", "ApiKey")
ESCAPED = "".join(f"\\u{ord(one):04x}" for one in CANARY)
# {} is the name; what follows the canary elsewhere in the file must be masked too
JSON_MEMBERS = {
    "text": f'"{{}}": "{CANARY}"',
    "escaped": f'"{{}}": "{ESCAPED}"',
    "with white space": f'"{{}}": " {CANARY}\\n"',
    "list": f'"{{}}": ["{CANARY}", ["{CANARY}"]]',
    "nested": f'"{{}}": {{{{"b": "{CANARY}"}}}}',
    "as a key": f'"{{}}": {{{{"{CANARY}": "x", "a": {{{{"{CANARY}": 1, "{CANARY}": 2}}}}}}}}',
    "twice": f'"{{}}": "other", "{{}}": "{CANARY}"',
    "attribute": f'"Helo": {{{{"@{{}}": "{CANARY}", "$": "a"}}}}',
    "attribute of it": f'"{{}}": {{{{"@a": "{CANARY}", "$": "{CANARY}"}}}}',
    "attribute of the section": f'"@{{}}": "{CANARY}"',
    "in another setting": f'"Helo": {{{{"{{}}": "{CANARY}"}}}}',
    "in a list": f'"Helo": [{{{{"{{}}": "{CANARY}"}}}}]',
    "in other places too": f'"{{}}": "{CANARY}", "Helo": "x{CANARY}y", "{CANARY}": 1, "{ESCAPED}": 2',
}
YAML_MEMBERS = {
    "plain": f"{{}}: {CANARY}",
    "over lines": f"{{}}: a\n     {CANARY}",
    "single": f"{{}}: '{CANARY}'",
    "double": f'{{}}: "{CANARY}"',
    "escaped": f'{{}}: "{ESCAPED}"',
    "literal": f"{{}}: |\n     {CANARY}\n     b",
    "folded": f"{{}}: >-\n     a\n     {CANARY}",
    "block mapping": f"{{}}:\n     {CANARY}: {CANARY}\n     {CANARY}: b",
    "block list": f"{{}}:\n   - {CANARY}",
    "flow": f"{{}}: [{CANARY}, {{{{{CANARY}: {CANARY}}}}}]",
    "comment": f"{{}}: a # {CANARY}",
    "cut by a comment": f"{{}}: ab #{CANARY}",
    "alias": f"{{}}: &a {CANARY}\n   User: *a",
    "name of an anchor": f"{{}}: &{CANARY} x\n   User: *{CANARY}",
    "an anchor alone": f"{{}}: &{CANARY}",
    "an alias alone": f"{{}}: *{CANARY}",
    "a tag": f"{{}}: !{CANARY}",
    "a tag and text": f"{{}}: !x {CANARY}",
    "a reserved character": f"{{}}: @{CANARY}",
    "a colon": f"{{}}: a: {CANARY}",
    "in other places too": f"{{}}: {CANARY}\n   User: x{CANARY}y\n   {CANARY}: a\n   From: '{CANARY}'",
    "broken quotes": f"{{}}: 'it's {CANARY}'",
    "open quotes": f"{{}}: '{CANARY}",
}


def json_files() -> Iterator[tuple[str, str]]:
    for name in NAMES:
        for how, member in JSON_MEMBERS.items():
            inside = member.replace("{}", name).replace("{{", "{").replace("}}", "}")
            section = f'{{"Host": "smtp.example.com", "HostPort": "587-STARTTLS", {inside}}}'
            yield (
                f"{name}: {how}",
                f'{{"DataMiner": {{"DMA": [{{"{name}": "{CANARY}"}}], "SMTP": {section}}}}}',
            )
            yield (
                f"{name}: {how}, over lines",
                f'{{"SMTP": {section}}}'.replace(", ", ",\n").replace("{", "{\n"),
            )
    for how, text in {
        "unknown setting": f'{{"SMTP": {{"Note": "{CANARY}"}}}}',
        "unknown in a list": f'{{"SMTP": {{"Note": [{{"x": "{CANARY}"}}]}}}}',
        "at the top": f'{{"SMTP": {{}}, "x": "{CANARY}", "@y": "{CANARY}", "$": "{CANARY}", "": "{CANARY}"}}',
        "under nothing": f'{{"SMTP": {{"Host": {{"": "{CANARY}"}}}}}}',
        "schema": f'{{"$schema": "{CANARY}", "SMTP": {{}}}}',
        "text": f'{{"SMTP": {{"$": "{CANARY}"}}}}',
        "text of the section": f'{{"DataMiner": {{"SMTP": "{CANARY}"}}}}',
        "only text": f'"{CANARY}"',
        "another file": f'{{"x": {{"y": "{CANARY}"}}}}',
        "login in Host": f'{{"SMTP": {{"Host": "user:{CANARY}@smtp.example.com", "Helo": "{CANARY}"}}}}',
        "comment": f'{{"SMTP": {{}}}} // {CANARY}',
        "cut": f'{{"SMTP": {{"Password": "{CANARY}',
        "quote": f'{{"SMTP": {{"Password": "{FIRST}"{SECOND}"}}}}',
        "backslash": f'{{"SMTP": {{"Password": "{FIRST}\\{SECOND}"}}}}',
        "control character": f'{{"SMTP": {{"Password": "{FIRST}\t{SECOND}"}}}}',
        "no quotes": f'{{"SMTP": {{"Password": {CANARY}}}}}',
        "half a character": f'{{"SMTP": {{"Password": "{CANARY}\\ud800"}}}}',
    }.items():
        yield how, text


def yaml_files() -> Iterator[tuple[str, str]]:
    for name in NAMES:
        for how, member in YAML_MEMBERS.items():
            inside = member.replace("{}", name).replace("{{", "{").replace("}}", "}")
            start = f"# {CANARY}\nDataMiner: &{CANARY}9 # {CANARY}\n  Other: {CANARY}\n  SMTP:\n   "
            yield f"{name}: {how}", f"{start}Host: smtp.example.com\n   {inside}\n   HostPort: 587-STARTTLS\n"
    for how, text in {
        "login in Host": f"SMTP:\n  Host: user:{CANARY}@smtp.example.com\n  Helo: {CANARY}\n",
        "top": f"SMTP: {{}}\nx: {CANARY}\n",
        "only text": f"{CANARY}\n",
        "a second document": f"SMTP: {{}}\n---\n{CANARY}\n",
        "merge": f"x: &x {{Password: {CANARY}}}\nSMTP:\n  <<: *x\n",
        "directive": f"%{CANARY} {CANARY}\n---\nSMTP: {{}}\n",
        "tag directive": f"%TAG !{CANARY}! {CANARY}\n---\nSMTP: {{}}\n",
        "text of the section": f"DataMiner:\n  SMTP: {CANARY}\n",
        "complex key": f"SMTP:\n  ? [{CANARY}]\n  : a\n",
    }.items():
        yield how, text


FILES = [("x.json", how, text) for how, text in json_files()] + [
    ("x.yaml", how, text) for how, text in yaml_files()
]


def outputs(path: str, data: bytes, *, whole_file: bool = False) -> Iterator[str]:
    """All that is shown about a file, in every format."""
    report = check(
        path, data, CheckSettings(whole_file=whole_file, excerpts=True, fingerprints=True, fix_spans=True)
    )
    assert not any(one.code == "D007" for one in report.diagnostics), report
    yield from every_format(report)
    document = read_document(path, data, Limits())
    configuration = None if isinstance(document, Unreadable) else read_configuration(document)
    if configuration is not None and configuration.section is not None:
        words = describe(path, configuration, configuration.section)
        yield "".join(as_text(words, LAYOUT))
        yield as_json(words)


@pytest.mark.parametrize("whole_file", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_place_leaks(encoding: str, whole_file: bool) -> None:
    for path, how, text in FILES:
        for output in outputs(path, text.encode(encoding), whole_file=whole_file):
            assert_silent(output, (path, how, text))


ELSEWHERE = ("in other places", "alias", "name of an anchor")  # where it would not be the same any more
INSERTED = [
    "",
    '"',
    "'",
    "\\",
    "{",
    "]",
    ",",
    ":",
    ": ",
    " #",
    "\n",
    "\n   ",
    "\x01",
    "\t",
    "*",
    "!",
    "&",
    "\ud7ff",
]


@pytest.mark.parametrize("inserted", INSERTED)
def test_nothing_put_into_a_secret_makes_it_leak(inserted: str) -> None:
    for path, how, text in FILES[INSERTED.index(inserted) % 4 :: 4]:  # all with all take a minute
        if not how.startswith(("Password", "Pasword")) or any(other in how for other in ELSEWHERE):
            continue
        for place in range(text.find(CANARY), text.rfind(CANARY) + len(CANARY) + 2, 5):
            for output in outputs(path, (text[:place] + inserted + text[place:]).encode()):
                assert_silent(output, (path, how, place))


def test_no_cut_leaks() -> None:
    for path, how, text in FILES[:: 1 + len(FILES) // 12]:
        for end in range(len(text)):
            for output in outputs(path, text[:end].encode()):
                assert_silent(output, (path, how, end))


@pytest.mark.parametrize(
    "command", [["lint"], ["lint", "--output-format", "json"], ["validate"], ["describe"]]
)
def test_no_command_leaks(command: list[str], tmp_path: Path) -> None:
    for path, how, text in FILES[:: 1 + len(FILES) // 8]:
        (tmp_path / path).write_text(text, "utf-8")
        outcome = dmsmtp(*command, tmp_path / path)
        assert outcome.code in (0, 1)
        assert_silent(outcome.text + outcome.err, (path, how))


@pytest.mark.parametrize(
    ("path", "text", "line", "marks"),
    [
        (
            "x.json",
            '{"SMTP": {"Password": "hunter2hunter2", "HostPort": "587-STARTTLS", "x": 1}}',
            '{"SMTP": {"Password": "••••", "HostPort": "587-STARTTLS", "x": ••••}}',
            "587-STARTTLS",
        ),
        (
            "x.yaml",
            "SMTP: {Password: 'hunter2hunter2', HostPort: 587-STARTTLS, x: 1} # c\n",
            "SMTP: {Password: '••••', HostPort: 587-STARTTLS, x: ••••} #••••",
            "587-STARTTLS",
        ),
        (
            "x.yaml",
            "SMTP:\n  HostPort: &a '587-STARTTLS'  # c",
            "  HostPort: &•••• '587-STARTTLS'  #••••",
            "587-STARTTLS",
        ),
        (
            "x.yaml",
            "DataMiner:\n  a: &a 587-STARTTLS\n  SMTP:\n    HostPort: *a",
            "    HostPort: *••••",
            "*••••",
        ),
    ],
)
def test_excerpts_point_at_the_value(path: str, text: str, line: str, marks: str) -> None:
    report = check(path, text.encode(), CheckSettings(excerpts=True, fingerprints=True, fix_spans=True))
    (excerpt,) = [
        one for one, found in zip(report.excerpts, report.diagnostics, strict=True) if found.code == "H207"
    ]

    assert excerpt is not None
    assert excerpt.text == line
    assert excerpt.text[excerpt.start : excerpt.end] == marks


@pytest.mark.parametrize(("path", "member"), [("x.json", '"{}": " x "'), ("x.yaml", "'{}': ' x '")])
@pytest.mark.parametrize("name", ["Password", "OAuthClientSecret"])
def test_a_finding_about_a_secret_points_at_its_name(path: str, member: str, name: str) -> None:
    method = "XOAUTH2" if name.startswith("OAuth") else "NTLM"
    text = f'{{"SMTP": {{"LoginMethod": "{method}", {member.format(name)}}}}}'
    found = [
        one for one in check(path, text.encode(), CheckSettings()).diagnostics if one.place == f"SMTP/{name}"
    ]

    assert found
    for one in found:
        assert one.span is not None
        assert text[one.span.start.offset : one.span.end.offset] == name
