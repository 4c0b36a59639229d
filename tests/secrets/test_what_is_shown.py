"""What is shown in the place of a secret, and what is shown beside it."""

from __future__ import annotations

import json

import pytest

from migrator.checking import CheckSettings, check
from migrator.diagnostic import Quieted, Suppressed
from migrator.reporters import FORMATS, Layout, pieces, reporter
from migrator.summary import Tally
from tests.cli.running import dmsmtp
from tests.secrets.files import in_section

_SETTINGS = CheckSettings(excerpts=True, fingerprints=True, fix_spans=True)
_LAYOUT = Layout(colour=False, width=100_000)  # cuts no line, so that nothing is hidden by chance
_SECRET = "hunter2hunter2"


def _reports(text: str) -> dict[str, str]:
    """The report in every format; where they tell suppressed findings, all of them once more as such."""
    report = check("x.xml", text.encode(), _SETTINGS)
    quiet = tuple(Suppressed(one, Quieted.BASELINE) for one in report.diagnostics)
    found = {}
    for name in FORMATS:
        tally = Tally()
        reports = tally.follow([report._replace(suppressed=quiet)])
        found[name] = "".join(pieces(reporter(name, _LAYOUT), reports, tally))
    return found


def test_other_settings_are_shown_as_they_are() -> None:
    """The other tests of secrets would pass with a program that says nothing."""
    text = in_section(f"<Password>{_SECRET}</Password><Helo>pc.example.com</Helo>")

    assert "587-STARTTLS" in _reports(text)["full"]
    described = dmsmtp("describe", "-", stdin=text.encode()).text
    assert "smtp.example.com" in described
    assert "dma@example.com" in described
    assert "A password is set (••••)." in described


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_shows_a_finding_that_is_kept_quiet_with_its_secret(name: str) -> None:
    text = in_section(f"<Password>{_SECRET}</Password><Helo>{_SECRET}</Helo>")

    assert _SECRET not in _reports(text)[name]


@pytest.mark.parametrize("secret", ["a", "abc", "correct horse battery staple" * 20])
def test_the_mask_is_always_of_one_length(secret: str) -> None:
    reports = _reports(in_section(f"<Password>{secret}</Password>").replace("\n", ""))

    assert "<Password>••••</Password>" in reports["full"]
    assert secret == "a" or secret not in reports["full"]
    assert all(one["start"] is not None for one in json.loads(reports["json"])["diagnostics"])


@pytest.mark.parametrize("name", ["Password", "OAuthClientSecret"])
@pytest.mark.parametrize("text", [f" {_SECRET} ", f"a<b>{_SECRET}</b>", f"<!-- -->{_SECRET}"])
def test_a_finding_about_a_secret_points_at_its_name(name: str, text: str) -> None:
    """A span of the value would tell its length."""
    data = in_section(f"<{name}>{text}</{name}>").encode()
    start, end = data.index(b"<" + name.encode()), data.index(b"</" + name.encode())

    spans = [one.span for one in check("x.xml", data, CheckSettings()).diagnostics]

    inside = {
        (one.start.offset, one.end.offset)
        for one in spans
        if one is not None and start <= one.start.offset <= end
    }
    assert None not in spans
    assert inside == {(start + 1, start + 1 + len(name))}


@pytest.mark.parametrize(("path", "member"), [("x.json", '"{}": " x "'), ("x.yaml", "'{}': ' x '")])
@pytest.mark.parametrize("name", ["Password", "OAuthClientSecret"])
def test_a_finding_about_a_secret_of_a_mapping_points_at_its_name(path: str, member: str, name: str) -> None:
    method = "XOAUTH2" if name.startswith("OAuth") else "NTLM"
    text = f'{{"SMTP": {{"LoginMethod": "{method}", {member.format(name)}}}}}'
    found = [
        one for one in check(path, text.encode(), CheckSettings()).diagnostics if one.place == f"SMTP/{name}"
    ]

    assert found
    for one in found:
        assert one.span is not None
        assert text[one.span.start.offset : one.span.end.offset] == name


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
    report = check(path, text.encode(), _SETTINGS)
    (excerpt,) = [
        one for one, found in zip(report.excerpts, report.diagnostics, strict=True) if found.code == "H207"
    ]

    assert excerpt is not None
    assert excerpt.text == line
    assert excerpt.text[excerpt.start : excerpt.end] == marks
