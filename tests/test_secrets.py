"""A secret leaves through no message, excerpt, report or description, whatever is wrong with its file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from migrator.checking import CheckSettings, FileReport, check, read_document
from migrator.definition import nodes, settings
from migrator.describe import describe
from migrator.diagnostic import Quieted, Suppressed
from migrator.document.limits import Limits
from migrator.document.source import Unreadable
from migrator.reporters import FORMATS, Layout, pieces, reporter
from migrator.reporters.description import as_json, as_text
from migrator.section import read_configuration
from migrator.summary import Tally
from tests.cli.running import dmsmtp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CANARY = "Kx7QvWz93TmPbY2d"
FIRST, SECOND = CANARY[:8], CANARY[8:]
WINDOWS = [CANARY[start : start + 6].lower() for start in range(len(CANARY) - 5)]
LAYOUT = Layout(colour=False, width=100_000)  # cuts no line, so that nothing is hidden by chance

AROUND = """<?xml version="1.0" encoding="utf-8"?>
<DataMiner id="7">
  <DMA><DMAName>Agent 7</DMAName></DMA>
  {}
</DataMiner>
"""
SECTION = """<SMTP>
    <Host>smtp.example.com</Host>
    <HostPort>587-STARTTLS</HostPort>
    <LoginMethod>AuthLoginMethod</LoginMethod>
    <User>dma@example.com</User>
    {}
    <From>dma@example.com</From>
  </SMTP>"""


def _in_file(text: str) -> str:
    return AROUND.format(text)


def _in_section(text: str) -> str:
    return _in_file(SECTION.format(text))


def _escaped(text: str) -> str:
    return "".join(f"&#x{ord(one):x};" if place % 3 else one for place, one in enumerate(text))


_SECRET_TEXTS = {
    "text": "{}",
    "with white space": " \t{}\n ",
    "over lines": "\n{}\n",
    "CDATA": "<![CDATA[{}]]>",
    "in pieces": f"{FIRST}<!-- -->{SECOND}<![CDATA[ ]]>",
    "references": _escaped(CANARY),
    "decimal references": "".join(f"&#{ord(one)};" for one in CANARY),
    "in a comment": "<!-- {} -->",
    "beside a comment": "<!-- the old one: {} -->other",
    "in an instruction": "<?note {}?>",
    "as an instruction": f"<?{CANARY} ?>",
    "nested": "<b>{}</b>",
    "nested deeper": "<b><c d='1'>{}</c></b>",
    "nested in another setting": "<Host>{}</Host>",
    "behind a nested element": "<b />{}",
    "a tag in the password": f"ab<{CANARY}/>cd",
    "a tag with content in the password": f"ab<{CANARY}>cd</{CANARY}>",
    "a tag with a prefix in the password": f"ab<p:{CANARY} xmlns:p='urn:p'/>cd",
    "an attribute in the password": f"ab<b {CANARY}='1'/>cd",
    "an attribute's value in the password": "ab<b c='{}'/>cd",
    "a namespace in the password": "ab<b xmlns='{}'/>cd",
}


_FEW_TEXTS = ("text", "CDATA", "nested", "a tag in the password")


def _secret_settings() -> Iterator[tuple[str, str]]:
    for name in ("Password", "OAuthClientSecret", "Pasword", "SmtpPassword", "PASSWORD", "Pwd", "ApiKey"):
        for how in _SECRET_TEXTS if name in ("Password", "Pasword") else _FEW_TEXTS:
            text = _SECRET_TEXTS[how]
            yield f"{name}: {how}", _in_section(f"<{name}>{text.format(CANARY)}</{name}>")
        yield f"{name}: attribute", _in_section(f"<{name} value='{CANARY}' />")
        yield f"{name}: in a namespace", _in_section(f"<p:{name} xmlns:p='urn:p'>{CANARY}</p:{name}>")
        yield f"{name}: twice", _in_section(f"<{name}>other</{name}><{name}>{CANARY}</{name}>")
        yield f"{name}: in another setting", _in_section(f"<Helo><{name}>{CANARY}</{name}></Helo>")
        yield f"{name}: attribute of SMTP", _in_file(f"<SMTP {name}='{CANARY}'><Host>a</Host></SMTP>")
        yield f"{name}: attribute of a setting", _in_section(f"<Helo {name}='{CANARY}'>a.example.com</Helo>")
        yield f"{name}: elsewhere", _in_file(f"<Other><{name}>{CANARY}</{name}></Other>")
        yield f"{name}: attribute elsewhere", _in_file(f"<Other {name}='{CANARY}' />")


def _strays() -> Iterator[tuple[str, str]]:
    for name, text in {
        "a comment": f"<!-- {CANARY} -->",
        "a section in a comment": f"<!-- <SMTP><Password>{CANARY}</Password></SMTP> -->",
        "an instruction": f"<?note {CANARY}?>",
        "an instruction's name": f"<?{CANARY} ?>",
        "an unknown element": f"<Note>{CANARY}</Note>",
        "an unknown element's attribute": f"<Note text='{CANARY}' />",
        "an unknown element in one": f"<Note><b>{CANARY}</b></Note>",
        "text": CANARY,
        "CDATA": f"<![CDATA[{CANARY}]]>",
        "a second section": f"<SMTP><Password>{CANARY}</Password></SMTP>",
        "a misspelt section": f"<Smtp><Host>a</Host><Password>{CANARY}</Password></Smtp>",
    }.items():
        yield f"{name} in the section", _in_section(text)
        yield f"{name} in the file", _in_file(SECTION.format("") + text)
        yield f"{name} without a section", _in_file(text)
        yield f"{name} in another file", f"<Other>{text}</Other>"
        yield f"{name} in a section alone", SECTION.format(text)
    for name in settings():
        yield f"a comment in {name}", _in_section(f"<{name}>a<!-- {CANARY} --></{name}>")
        yield f"an instruction in {name}", _in_section(f"<{name}>a<?b {CANARY}?></{name}>")
        yield f"an element in {name}", _in_section(f"<{name}>a<b>{CANARY}</b></{name}>")
        yield f"an attribute of {name}", _in_section(f"<{name} b='{CANARY}'>a</{name}>")
    yield "a comment before the root", f"<!-- {CANARY} -->{SECTION.format('')}"
    yield "a comment behind the root", f"{SECTION.format('')}<!-- {CANARY} -->"
    yield "a misplaced section", _in_file(f"<DMA>{SECTION.format(f'<Password>{CANARY}</Password>')}</DMA>")
    yield "an attribute of the section", _in_file(f"<SMTP a='{CANARY}'><Host>a</Host></SMTP>")


def _logins() -> Iterator[tuple[str, str]]:
    for host in (
        f"user:{CANARY}@smtp.example.com",
        f"{CANARY}@smtp.example.com",
        f"smtp://user:{CANARY}@smtp.example.com:587",
        f"smtps://{CANARY}:x@smtp.example.com/",
        f"user:{CANARY}@",
        f"user:x@{CANARY}@smtp.example.com",
        f" user:{CANARY}@[::1]:25 ",
        f"user:{CANARY}@smtp example com",
        f"//user:{CANARY}@smtp.example.com",
        f"user:{CANARY[:8]}&amp;{CANARY[8:]}@smtp.example.com",
    ):
        yield f"Host: {host}", _in_file(f"<SMTP><Host>{host}</Host></SMTP>")


def _documented_nodes() -> Iterator[tuple[str, str]]:
    for path, node in nodes().items():
        _, *elements, leaf = path.split("/") if "@" in path else ("", "")
        if node.get("secret", False) and leaf:
            start, end = "".join(f"<{one}" for one in elements), "".join(f"</{one}>" for one in elements)
            yield path, _in_file(f"{start} {leaf[1:]}='{CANARY}'>{end}{SECTION.format('')}")


def _copies() -> Iterator[tuple[str, str]]:
    """The text of a secret in other places, where it is a secret as well."""
    password = f"<Password>{CANARY}</Password>"
    for shape in ("{}", " {} ", "x{}y", "{}@example.com", "25{}", "user:{}"):
        text = shape.format(CANARY)
        for name in settings():
            if name != "Password":
                yield f"{name}: {shape}", _in_file(f"<SMTP>{password}<{name}>{text}</{name}></SMTP>")
        yield f"Unknown: {shape}", _in_section(f"{password}<Unknown>{text}</Unknown>")
        yield f"DMAName: {shape}", _in_file(f"<DMA><DMAName>{text}</DMAName></DMA>{SECTION.format(password)}")
        yield f"id: {shape}", f"<DataMiner id='{text}'>{SECTION.format(password)}</DataMiner>"
    yield "an element's name", _in_section(f"{password}<{CANARY}>x</{CANARY}>")
    yield "a part of an element's name", _in_section(f"{password}<My{CANARY} />")
    yield "an element's name elsewhere", _in_file(f"{SECTION.format(password)}<{CANARY} />")
    yield "an element's name around", _in_file(f"<{CANARY}>{SECTION.format(password)}</{CANARY}>")
    yield "an attribute's name", _in_section(f"{password}<Helo {CANARY}='1'>a.example.com</Helo>")
    yield "a prefix", _in_section(f"{password}<{CANARY}:Helo xmlns:{CANARY}='urn:p'>a</{CANARY}:Helo>")
    yield "another agent's name for it", _in_file(f"<LDAP password='{CANARY}' />" + SECTION.format(CANARY))
    yield (
        "a documented value equal to a secret elsewhere",
        _in_file(f"<LDAP password='{CANARY}' host='{CANARY}' /><SNMP /><SMTP><User>{CANARY}</User></SMTP>"),
    )


PLACES = {
    **dict(_secret_settings()),
    **dict(_strays()),
    **dict(_logins()),
    **dict(_documented_nodes()),
    **dict(_copies()),
}


def _cut(text: str, mark: str, plus: int = 0) -> str:
    return text[: text.index(mark) + plus] if mark in text else text


BREAKS: dict[str, Callable[[str], str | bytes]] = {
    "as it is": lambda text: text,
    "on one line": lambda text: text.replace("\n", ""),
    "with CRLF": lambda text: text.replace("\n", "\r\n"),
    "in UTF-16": lambda text: text.replace("utf-8", "utf-16").encode("utf-16"),
    "cut before it": lambda text: _cut(text, FIRST),
    "cut in it": lambda text: _cut(text, FIRST, 7),
    "cut behind it": lambda text: _cut(text, SECOND, 8),
    "cut in the next tag": lambda text: _cut(text, SECOND, 11),
    "cut before the end of the section": lambda text: _cut(text, "</SMTP>"),
    "an & in it": lambda text: text.replace(CANARY, f"{FIRST}&{SECOND}"),
    "an & before it": lambda text: text.replace(CANARY, f"&{CANARY};"),
    "a reference in it": lambda text: text.replace(CANARY, f"{FIRST}&{SECOND};"),
    "a < in it": lambda text: text.replace(CANARY, f"{FIRST}<{SECOND}"),
    "a < and a > in it": lambda text: text.replace(CANARY, f"a<{CANARY}>b"),
    "a < and a / in it": lambda text: text.replace(CANARY, f"a</{CANARY}>b"),
    "a < and a space in it": lambda text: text.replace(CANARY, f"{FIRST}< {SECOND}"),
    "]]> in it": lambda text: text.replace(CANARY, f"{FIRST}]]>{SECOND}"),
    "-- in it": lambda text: text.replace(CANARY, f"{FIRST}--{SECOND}"),
    "?> in it": lambda text: text.replace(CANARY, f"{FIRST}?>{SECOND}"),
    "quotes in it": lambda text: text.replace(CANARY, f"{FIRST}'\"{SECOND}"),
    "a control character in it": lambda text: text.replace(CANARY, f"{FIRST}\x01{SECOND}"),
    "a zero byte in it": lambda text: text.replace(CANARY, f"{FIRST}\0{SECOND}"),
    "a byte of another encoding in it": lambda text: text.replace(CANARY, f"{FIRST}\xe9{SECOND}").encode(
        "latin-1"
    ),
    "a wrong declaration": lambda text: text.replace("utf-8", "utf-16"),
    "a declaration of another encoding": lambda text: text.replace("utf-8", "cp037"),
    "a DOCTYPE": lambda text: (
        f'<!DOCTYPE DataMiner [<!ENTITY p "{CANARY}">]>{text.partition("?>")[2] or text}'
    ),
    "an end tag of another name": lambda text: text.replace("</", f"</{CANARY}", 3),
    "an end tag missing": lambda text: text.replace("</Password>", "").replace("</Note>", ""),
    "an end tag too many": lambda text: text.replace("</SMTP>", f"</SMTP></{CANARY}>"),
    "end tags swapped": lambda text: text.replace("</Password>", "</Host>").replace("</DMA>", "</DMAName>"),
    "an attribute twice": lambda text: text.replace("<SMTP>", f"<SMTP a='{CANARY}' a='{CANARY}'>"),
    "an attribute without quotes": lambda text: text.replace("<SMTP>", f"<SMTP a={CANARY}>"),
    "an attribute with a <": lambda text: text.replace("<SMTP>", f"<SMTP a='<{CANARY}'>"),
    "a prefix that nothing declares": lambda text: text.replace("<SMTP>", f"<{CANARY}:SMTP>"),
    "two roots": lambda text: text + f"<{CANARY} />",
    "text behind the root": lambda text: text + CANARY,
    "the section twice": lambda text: text.replace("</DataMiner>", f"{text[text.find('<SMTP') :]}"),
    "no password": lambda text: text.replace("<Password>", "<Passwort>").replace(
        "</Password>", "</Passwort>"
    ),
}


def assert_silent(text: str, about: object) -> None:
    folded = text.lower()
    leaked = [window for window in WINDOWS if window in folded]
    assert not leaked, f"{about}: {leaked[0]} in:\n{text}"


def every_format(report: FileReport) -> Iterator[str]:
    """A report in every format; where they tell suppressed findings, all of them once more as such."""
    quiet = tuple(Suppressed(one, Quieted.BASELINE) for one in report.diagnostics)
    for name in FORMATS:
        tally = Tally()
        yield "".join(
            pieces(reporter(name, LAYOUT), tally.follow([report._replace(suppressed=quiet)]), tally)
        )


def outputs(
    data: bytes, *, path: str = "x.xml", whole_file: bool = False, limits: Limits | None = None
) -> Iterator[str]:
    """All that is shown about a file, in every format."""
    chosen = CheckSettings(
        whole_file=whole_file, excerpts=True, fingerprints=True, fix_spans=True, limits=limits or Limits()
    )
    report = check(path, data, chosen)
    assert not any(one.code == "D007" for one in report.diagnostics), report
    yield from every_format(report)
    document = read_document(path, data, chosen.limits)
    configuration = None if isinstance(document, Unreadable) else read_configuration(document)
    if configuration is not None and configuration.section is not None:
        words = describe(path, configuration, configuration.section)
        yield "".join(as_text(words, LAYOUT))
        yield as_json(words)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


@pytest.mark.parametrize("damage", BREAKS)
def test_no_place_leaks_however_the_file_is_broken(damage: str) -> None:
    every = 1 if damage in ("as it is", "on one line") else 3  # all of them with all of them take a minute
    for place, text in list(PLACES.items())[list(BREAKS).index(damage) % every :: every]:
        if damage == "?> in it" and place.startswith("an instruction in"):
            continue  # the rest of it is the value of that setting then
        for output in outputs(_bytes(BREAKS[damage](text))):
            assert_silent(output, place)


@pytest.mark.parametrize("damage", ["as it is", "on one line"])
def test_no_place_leaks_where_the_whole_file_is_checked(damage: str) -> None:
    for place, text in list(PLACES.items())[list(BREAKS).index(damage) % 2 :: 2]:
        for output in outputs(_bytes(BREAKS[damage](text)), whole_file=True):
            assert_silent(output, place)


@pytest.mark.parametrize(
    "limits", [Limits(size=100), Limits(depth=2), Limits(nodes=3)], ids=["size", "depth", "nodes"]
)
def test_no_place_leaks_where_the_file_is_too_large(limits: Limits) -> None:
    for place, text in PLACES.items():
        for output in outputs(_bytes(text), limits=limits):
            assert_silent(output, place)


IN_SECRET_PLACES = f"""<?xml version="1.0" encoding="utf-8"?><!-- {CANARY} -->
<DataMiner id="7" note="{CANARY}"><LDAP password="{CANARY}" /><Other a="{CANARY}">{CANARY}</Other>{CANARY}
<SMTP password="{CANARY}"><?note {CANARY}?>
<Host>user:{CANARY}@smtp.example.com</Host><HostPort>587-STARTTLS</HostPort><LoginMethod>NTLM</LoginMethod>
<User>me</User><Password>{CANARY}<b {CANARY}="{CANARY}">{CANARY}</b><{CANARY} /></Password>
<OAuthClientSecret>{CANARY}</OAuthClientSecret><Pasword>{CANARY}</Pasword><Note>{CANARY}</Note>
<Helo a="{CANARY}"> pc<!-- {CANARY} --></Helo><MaxSubjectLength>x</MaxSubjectLength>
<From>me</From>{CANARY}</SMTP><SMTP><Password>{CANARY}</Password></SMTP></DataMiner>"""
EVERYWHERE = IN_SECRET_PLACES
for value in ("587-STARTTLS", "NTLM", "me<", " pc<", ">x<"):
    copy = value.replace(value.strip("<>").strip(), CANARY)
    EVERYWHERE = EVERYWHERE.replace(value, copy)


def test_no_cut_of_a_file_full_of_secrets_leaks() -> None:
    data = EVERYWHERE.encode()
    for end in range(len(data) + 1):
        for output in outputs(data[:end]):
            assert_silent(output, f"cut at {end}")


@pytest.mark.parametrize(
    "character", ["&", "<", ">", '"', "'", "\x01", "]]>", "--", "\xe9", "</SMTP>", "<a>", "</a>"]
)
def test_nothing_put_into_a_file_full_of_secrets_makes_it_leak(character: str) -> None:
    data = IN_SECRET_PLACES.encode()
    for place in range(0, len(data) + 1, 9):
        for output in outputs(data[:place] + character.encode("latin-1") + data[place:]):
            assert_silent(output, f"{character} at {place}")


# What is no secret by itself is not the canary here, so that these files may be cut or changed anywhere.
MAPPINGS = {
    "x.json": {
        "$schema": CANARY,
        "DataMiner": {
            "@id": "7",
            "@note": CANARY,
            "LDAP": {"@password": CANARY},
            "Other": [CANARY, {CANARY: CANARY}],
            "SMTP": {
                "Host": f"user:{CANARY}@smtp.example.com",
                "HostPort": "587-STARTTLS",
                "LoginMethod": "Ntlm",
                "User": ["me"],
                "Password": {CANARY: CANARY, "b": [CANARY, {"c": CANARY}]},
                "OAuthClientSecret": CANARY,
                "Pasword": [CANARY],
                "SmtpPassword": 12,
                "Note": {CANARY: CANARY},
                "@password": CANARY,
                "$": CANARY,
                "From": "me",
            },
        },
    },
    "x.yaml": f"""# {CANARY}
DataMiner:
  '@note': {CANARY}
  LDAP: {{'@password': "{CANARY}"}}
  Other: [{CANARY}, {{? {CANARY} : {CANARY}}}] # {CANARY}
  SMTP:
    Host: "user:{CANARY}@smtp.example.com"
    HostPort: 587-STARTTLS
    LoginMethod: Ntlm
    Password: &a {CANARY} # {CANARY}
    OAuthClientSecret: |
      {FIRST}
      {CANARY}
    Pasword: >-
      {CANARY}
    SmtpPassword: *a
    Pwd: {{ {CANARY}: [{CANARY}] }}
    Note:
      - {CANARY}
      - '{CANARY}'
    From: me
""",
}


def _written(path: str) -> str:
    content = MAPPINGS[path]
    return content if isinstance(content, str) else json.dumps(content, indent=1)


@pytest.mark.parametrize("path", MAPPINGS)
def test_no_cut_of_a_mapping_full_of_secrets_leaks(path: str) -> None:
    data = _written(path).encode()
    for end in range(0, len(data) + 1, 3 if path == "x.yaml" else 1):
        for output in outputs(data[:end], path=path):
            assert_silent(output, f"cut at {end}")


@pytest.mark.parametrize("path", MAPPINGS)
@pytest.mark.parametrize(
    "text",
    ['"', "'", "{", "}", "]", ",", ":", ": ", "\n", " #", "\t", "\0", "\\", "*", "&", "!t ", "---\n", "\xe9"],
)
def test_nothing_put_into_a_mapping_full_of_secrets_makes_it_leak(text: str, path: str) -> None:
    data = _written(path).encode()
    for place in range(0, len(data) + 1, 19 if path == "x.yaml" else 9):
        for output in outputs(data[:place] + text.encode("latin-1") + data[place:], path=path):
            assert_silent(output, f"{text!r} at {place}")


@pytest.mark.parametrize("path", MAPPINGS)
@pytest.mark.parametrize("is_one_line", [False, True])
def test_no_mapping_leaks_where_the_whole_file_is_checked(path: str, is_one_line: bool) -> None:
    text = _written(path)
    data = (text.replace("\n", "") if is_one_line else text).encode()

    for output in outputs(data, path=path, whole_file=True):
        assert_silent(output, path)


COMMANDS: dict[str, list[str]] = {
    "lint": ["lint"],
    "lint, concise": ["lint", "--output-format", "concise"],
    "lint, json": ["lint", "--output-format", "json"],
    "lint, everything": ["lint", "--whole-file", "--select", "D,S,H,A,M"],
    "lint, everything, json": ["lint", "--whole-file", "--output-format", "json"],
    "lint, sarif": ["lint", "--whole-file", "--output-format", "sarif"],
    "lint, github": ["lint", "--whole-file", "--output-format", "github"],
    "lint, gitlab": ["lint", "--whole-file", "--output-format", "gitlab"],
    "lint, junit": ["lint", "--whole-file", "--output-format", "junit"],
    "validate": ["validate"],
    "validate, everything": ["validate", "--whole-file"],
    "describe": ["describe"],
    "describe, json": ["describe", "--output-format", "json"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
@pytest.mark.parametrize(
    "damage", ["as it is", "on one line", "in UTF-16", "an & in it", "a < and a > in it", "cut in it"]
)
def test_no_command_leaks(command: list[str], damage: str, tmp_path: Path) -> None:
    data = _bytes(BREAKS[damage](EVERYWHERE))
    (tmp_path / "DataMiner.xml").write_bytes(data)

    for outcome in (
        dmsmtp(*command, tmp_path / "DataMiner.xml"),
        dmsmtp(*command, "-", stdin=data),
        dmsmtp(*command, "-o", tmp_path / "report", tmp_path / "DataMiner.xml"),
    ):
        assert outcome.code in (0, 1)
        assert_silent(outcome.text + outcome.err, command)
    if (tmp_path / "report").exists():
        assert_silent((tmp_path / "report").read_text("utf-8"), command)


def test_other_settings_are_shown_as_they_are() -> None:
    """The tests above would pass with a program that says nothing."""
    text = _in_section(f"<Password>{CANARY}</Password><Helo>pc.example.com</Helo>")

    shown = "".join(outputs(text.encode()))

    assert "587-STARTTLS" in shown
    assert "smtp.example.com" in shown
    assert "dma@example.com" in shown
    assert "A password is set (\u2022\u2022\u2022\u2022)." in shown


def test_the_mask_is_always_of_one_length() -> None:
    for secret in ("a", "abc", "correct horse battery staple" * 20):
        text = _in_section(f"<Password>{secret}</Password>").replace("\n", "")
        full, _, report, *_ = outputs(text.encode())

        assert "<Password>\u2022\u2022\u2022\u2022</Password>" in full
        assert secret == "a" or secret not in full
        document: dict[str, Any] = json.loads(report)
        assert all(one["start"] is not None for one in document["diagnostics"])


@pytest.mark.parametrize("name", ["Password", "OAuthClientSecret"])
def test_a_finding_about_a_secret_points_at_its_name(name: str) -> None:
    """A span of the value would tell its length."""
    for text in (f" {CANARY} ", f"a<b>{CANARY}</b>", f"<!-- -->{CANARY}"):
        data = _in_section(f"<{name}>{text}</{name}>").encode()
        start, end = data.index(b"<" + name.encode()), data.index(b"</" + name.encode())

        for one in check("x.xml", data, CheckSettings()).diagnostics:
            assert one.span is not None
            if start <= one.span.start.offset <= end:
                assert (one.span.start.offset, one.span.end.offset) == (start + 1, start + 1 + len(name))
