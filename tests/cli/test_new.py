"""The commands that make a section: `new`, and `--into` of a file that is there."""

from __future__ import annotations

import codecs
import json
import sys
from getpass import GetPassWarning
from pathlib import Path
from unittest import mock

import pytest
import yaml

from migrator import definition
from tests.cli.running import Outcome, dmsmtp, environment, in_process_of_its_own

REPOSITORY = Path(__file__).parents[2]

PASSWORD = "hunter2-hunter2"
RELAY = ("custom", "--host", "relay.example.com", "--from", "dma@example.com")
LOGIN = ("custom", "--host", "smtp.example.com", "--user", "dma@example.com", "--from", "dma@example.com")
RELAY_XML = """\
<SMTP>
  <Host>relay.example.com</Host>
  <HostPort>587-starttls</HostPort>
  <LoginMethod>NoLoginMethod</LoginMethod>
  <From>dma@example.com</From>
</SMTP>
"""
FILE = """\
<DataMiner>\r
\t<!-- one of many -->\r
\t<SMTP>\r
\t\t<Host>relay.example.com</Host> <!-- the old one -->\r
\t\t<Password>hunter3-hunter3</Password>\r
\t\t<Extra/>\r
\t</SMTP>\r
</DataMiner>\r
"""


def at_a_terminal(
    *arguments: str | Path, lines: str, password: str = PASSWORD, reads: bool = True
) -> Outcome:
    """Run `new` where somebody answers."""
    with (
        mock.patch("migrator.cli.new._is_terminal", lambda stream: stream is sys.stdin or not reads),
        mock.patch("getpass.getpass", return_value=password),
    ):
        return dmsmtp("new", *arguments, stdin=lines.encode())


def test_a_section_without_a_login() -> None:
    outcome = dmsmtp("new", *RELAY)

    assert (outcome.code, outcome.text, outcome.err) == (0, RELAY_XML, "")


def test_other_formats() -> None:
    expected = {
        "Host": "relay.example.com",
        "HostPort": "587-starttls",
        "LoginMethod": "NoLoginMethod",
        "From": "dma@example.com",
    }

    assert json.loads(dmsmtp("new", *RELAY, "--format", "json").text) == {"SMTP": expected}
    assert yaml.safe_load(dmsmtp("new", *RELAY, "--format", "yaml").text) == {"SMTP": expected}
    with_namespace = dmsmtp("new", *RELAY, "--namespace").text
    assert with_namespace == RELAY_XML.replace("<SMTP>", f'<SMTP xmlns="{definition.NAMESPACE}">')


@pytest.mark.parametrize(("name", "starts"), [("a.xml", "<SMTP>"), ("a.json", "{"), ("a.smtp.YML", "SMTP:")])
def test_a_new_file(name: str, starts: str, tmp_path: Path) -> None:
    outcome = dmsmtp("new", *RELAY, "-o", tmp_path / name)
    again = dmsmtp("new", *RELAY, "-o", tmp_path / name)

    assert (outcome.code, outcome.out, outcome.err) == (0, b"", f"dmsmtp: {tmp_path / name} is written\n")
    assert (tmp_path / name).read_text().startswith(starts)
    assert (again.code, again.err) == (
        2,
        f"dmsmtp: {tmp_path / name}: it is there already: remove it, or name another file\n",
    )


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("n.txt", (), "its ending tells no format: name it .xml, .json or .yaml, or give --format"),
        ("n", (), "its ending tells no format: name it .xml, .json or .yaml, or give --format"),
        ("n.smtp.json", ("--format", "yaml"), "its ending says json, and --format yaml: make them agree"),
        ("n.XML", ("--format", "json"), "its ending says xml, and --format json: make them agree"),
    ],
)
def test_an_ending_that_tells_another_format(
    name: str, arguments: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    outcome = dmsmtp("new", *RELAY, "-o", tmp_path / name, *arguments)

    assert (outcome.code, outcome.err) == (2, f"dmsmtp: {tmp_path / name}: {says}\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "format_"), [("n.txt", "yaml"), ("n", "json"), ("n.yml", "yaml"), ("n.xml", "xml")]
)
def test_an_ending_that_tells_no_other_format(name: str, format_: str, tmp_path: Path) -> None:
    assert dmsmtp("new", *RELAY, "-o", tmp_path / name, "--format", format_).code == 0


def test_the_password_comes_from_the_environment_or_standard_input() -> None:
    from_environment = dmsmtp("new", *LOGIN, env={"DMSMTP_PASSWORD": PASSWORD})
    from_input = dmsmtp("new", *LOGIN, "--password-stdin", stdin=f"{PASSWORD}\r\nx\n".encode())
    missing = dmsmtp("new", *LOGIN)
    empty = dmsmtp("new", *LOGIN, "--password-stdin", stdin=b"\n")

    assert from_environment.code == from_input.code == 0
    assert from_environment.out == from_input.out
    assert f"<Password>{PASSWORD}</Password>" in from_input.text
    assert PASSWORD not in from_input.err
    assert (missing.code, missing.out) == (2, b"")
    assert "set DMSMTP_PASSWORD, or give --password-stdin" in missing.err
    assert (empty.code, empty.err) == (2, "dmsmtp: the password is empty: a login needs one\n")


@pytest.mark.parametrize("line", ["hünter2-hünter2", "\u4e2d\u6587-hunter2", "a\ufeffb-hunter2"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_a_password_on_standard_input_is_utf_8_whatever_the_console_has(line: str, mark: bytes) -> None:
    outcome = in_process_of_its_own(
        "new",
        *LOGIN,
        "--password-stdin",
        stdin=mark + line.encode() + b"\r\n",
        env=environment(PYTHONIOENCODING="cp1252:strict"),
    )

    assert outcome.code == 0, outcome.err
    assert f"<Password>{line}</Password>" in outcome.text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"h\xfcnter2-hunter2\n", "standard input is not UTF-8: send the secret in UTF-8"),
        ("hunter2-hunter2\n".encode("utf-16"), "standard input is not UTF-8: send the secret in UTF-8"),
        ("hunter2-hunter2\n".encode("utf-16-le"), "a zero byte is on standard input"),
        (b"h" * 70_000, "the line on standard input is too long for a secret"),
    ],
)
def test_a_password_on_standard_input_that_is_no_text(data: bytes, says: str) -> None:
    outcome = in_process_of_its_own(
        "new", *LOGIN, "--password-stdin", stdin=data, env=environment(PYTHONIOENCODING="utf-8:strict")
    )

    assert (outcome.code, outcome.out) == (2, b"")
    assert outcome.err.startswith(f"dmsmtp: --password-stdin: {says}")


def test_an_empty_variable_is_none() -> None:
    outcome = dmsmtp("new", *LOGIN, env={"DMSMTP_PASSWORD": ""})

    assert (outcome.code, outcome.out) == (2, b"")
    assert "the password is missing: set DMSMTP_PASSWORD" in outcome.err


def test_a_password_names_no_variable() -> None:
    env = {"DMSMTP_PASSWORD": "a${env:PATH}b"}

    assert (
        json.loads(dmsmtp("new", *LOGIN, "--format", "json", env=env).text)["SMTP"]["Password"]
        == "a$${env:PATH}b"
    )
    assert "<Password>a${env:PATH}b</Password>" in dmsmtp("new", *LOGIN, env=env).text


@pytest.mark.posix
def test_a_file_with_a_password_is_for_its_owner(tmp_path: Path) -> None:
    dmsmtp("new", *LOGIN, "-o", tmp_path / "a.xml", env={"DMSMTP_PASSWORD": PASSWORD})

    assert (tmp_path / "a.xml").stat().st_mode & 0o777 == 0o600


def test_questions_at_a_terminal() -> None:
    outcome = at_a_terminal("custom", lines="\nsmtp.example.com\n\ndma@example.com\n\n")

    assert outcome.code == 0
    assert "<HostPort>587-starttls</HostPort>" in outcome.text
    assert f"<Password>{PASSWORD}</Password>" in outcome.text
    assert "<From>dma@example.com</From>" in outcome.text
    assert outcome.err.startswith(
        "Mail server (name or IP address): " * 2 + "Port and encryption [587-starttls]: "
    )
    assert PASSWORD not in outcome.err


def test_a_wrong_answer_is_told_at_once_and_asked_again() -> None:
    lines = ["http://smtp.example.com/", "smtp.example.com", "465-starttls x", "465", "u", "nobody", ""]
    outcome = at_a_terminal("custom", lines="".join(f"{line}\n" for line in lines))

    assert outcome.code == 0
    assert "<Host>smtp.example.com</Host>\n  <HostPort>465</HostPort>" in outcome.text
    for question in ("Mail server (", "Port and encryption", "From ("):
        assert outcome.err.count(question) == 2, question
    assert outcome.err.count("User name") == 1
    assert 'dmsmtp: "http://smtp.example.com/" holds a scheme' in outcome.err


def test_a_wrong_id_is_told_at_once_and_asked_again() -> None:
    lines = ["nobody", "a@example.com", "nope", "example.com", "1", "7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10"]
    outcome = at_a_terminal("microsoft", lines="".join(f"{line}\n" for line in lines))

    assert outcome.code == 0
    for question in ("Mail address of the mailbox", "Tenant ID (nothing", "Application ID (nothing"):
        assert outcome.err.count(question) == 2, question
    assert "Tenant ID            example.com\n" in outcome.err
    empty = at_a_terminal("google", lines="a@example.com\n\n")
    assert (empty.code, empty.err.count("Client ID (nothing")) == (0, 1)


def test_where_no_login_is_taken_nobody_is_asked_for_a_user() -> None:
    outcome = at_a_terminal("custom", "--host", "contoso-com.mail.protection.outlook.com", lines="\n\n\n")

    assert outcome.code == 0
    assert "User name" not in outcome.err


def test_a_terminal_is_not_asked_in_vain() -> None:
    ended = at_a_terminal("custom", lines="")
    silent = at_a_terminal("custom", "--no-input", lines="x\n")

    assert ended.code == 2
    assert ended.err.endswith(": \ndmsmtp: --host is missing: the input ended before it\n")
    assert (silent.code, silent.err) == (2, "dmsmtp: --host is missing: mail server (name or IP address)\n")


@pytest.mark.parametrize("fault", [EOFError, GetPassWarning])
def test_a_password_that_would_be_shown_is_not_asked_for(fault: type[Exception]) -> None:
    with (
        mock.patch("migrator.cli.new._is_terminal", lambda stream: stream is sys.stdin),
        mock.patch("getpass.getpass", side_effect=fault),
    ):
        outcome = dmsmtp("new", *LOGIN, "--host-port", "465", "--password-stdin")

    assert (outcome.code, outcome.out) == (2, b"")
    assert outcome.err.endswith("dmsmtp: no password could be read without showing it: set DMSMTP_PASSWORD\n")


def test_a_password_is_not_shown_on_a_terminal() -> None:
    outcome = at_a_terminal(*LOGIN, lines="\n", reads=False)

    assert outcome.code == 0
    assert "Password" not in outcome.text
    assert "the password is left out on a terminal: -o FILE or --into FILE writes it" in outcome.err


def test_what_lint_takes_for_an_error_is_not_written(tmp_path: Path) -> None:
    outcome = dmsmtp("new", *RELAY, "--host-port", "587-STARTTLS", "-o", tmp_path / "a.xml")

    assert (outcome.code, outcome.out, list(tmp_path.iterdir())) == (1, b"", [])
    assert outcome.err.startswith('dmsmtp: error[H207] SMTP/HostPort: "587-STARTTLS": ')
    assert dmsmtp("new", "custom", "--host", "a\ab").code == 2


def test_the_worksheet(tmp_path: Path) -> None:
    shown = dmsmtp("new", "microsoft", "--user", "dma@contoso.com")
    written = dmsmtp("new", "microsoft", "--user", "dma@contoso.com", "-o", tmp_path / "a.xml")
    quiet = dmsmtp("new", "microsoft", "--user", "dma@contoso.com", "--quiet")

    assert shown.code == written.code == quiet.code == 0
    assert shown.text == (tmp_path / "a.xml").read_text() == quiet.text
    assert "LoginMethod" not in shown.text
    assert shown.err == written.text
    assert "Application ID       (yours)\n" in shown.err
    assert quiet.err == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((*RELAY, "--diff"), "--diff and --no-backup go with --into"),
        (
            (*RELAY, "-o", "a", "--into", "b"),
            "-o writes a new file, and --into one that is there: give one of them",
        ),
        ((*RELAY, "--into", "b", "--format", "xml"), "--into keeps the format and the namespace of the file"),
        (
            ("google", "--password-stdin"),
            "google logs in with OAuth 2.0, which Cube sets up: give no password and no login method",
        ),
        (
            (*RELAY, "--login-method", "XOAUTH2"),
            "XOAUTH2 is set up in Cube alone: take the preset microsoft or google",
        ),
        (
            (*RELAY, "--client-id", "x"),
            "--tenant-id and --client-id are for the presets microsoft and google",
        ),
        (
            ("google", "--user", "a@example.com", "--tenant-id", "example.com"),
            "--tenant-id is for the preset microsoft: Google asks for none, so leave it out",
        ),
        (
            (*RELAY, "--format", "yaml", "--namespace"),
            "--namespace is for XML, and yaml has none: leave it out",
        ),
        (
            (*RELAY, "--login-method", "NoLoginMethod", "--user", "u"),
            "NoLoginMethod logs in as nobody: leave out the user, or take another login method",
        ),
        (
            ("custom", "--host", "contoso-com.mail.protection.outlook.com", "--user", "u"),
            "NoLoginMethod logs in as nobody: leave out the user, or take another login method",
        ),
        (
            (*RELAY, "--login-method", "NoLoginMethod", "--password-stdin"),
            "NoLoginMethod needs no password: leave out --password-stdin",
        ),
        (
            ("microsoft", "--user", "a@example.com", "--tenant-id", "nope", "--client-id", "1"),
            "--tenant-id: a tenant ID of Microsoft is a GUID, or a domain of the tenant",
        ),
        (
            ("microsoft", "--user", "a@example.com", "--client-id", "1"),
            "--client-id: an application ID of Microsoft is a GUID",
        ),
        (
            ("google", "--user", "a@example.com", "--client-id", "GOCSPX-canary"),
            "--client-id: a client ID of Google ends in .apps.googleusercontent.com",
        ),
        *(
            (
                ("google", "--user", "a@example.com", "--host", host),
                (
                    "google is for the mail servers of Google that take OAuth 2.0, such as smtp.gmail.com, "
                    "and this host is not known as one: leave it out, or take the preset custom"
                ),
            )
            for host in ("x.example.com", "smtp.office365.com", "192.0.2.1")
        ),
        (("google",), "--user is missing: mail address of the mailbox that sends"),
        ((*RELAY, "--into", "-"), "--into -: name a file, as it is written in its place"),
        ((*RELAY, "--into", "gone.xml"), "--into gone.xml: there is no such file; -o FILE writes a new one"),
    ],
)
def test_what_cannot_be_meant(arguments: tuple[str, ...], says: str) -> None:
    outcome = dmsmtp("new", *arguments)

    assert (outcome.code, outcome.out, outcome.err) == (2, b"", f"dmsmtp: {says}\n")


def test_an_unknown_preset_is_refused() -> None:
    assert dmsmtp("new", "yahoo").code == 2
    assert dmsmtp("new").code == 2


# Into a file that is there


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    path = tmp_path / "DataMiner.xml"
    path.write_bytes(FILE.encode("utf-16"))
    return path


AFTER = (
    FILE.replace(
        "\t\t<Password>",
        "\t\t<HostPort>587-starttls</HostPort>\r\n\t\t<LoginMethod>NoLoginMethod</LoginMethod>\r\n"
        "\t\t<From>dma@example.com</From>\r\n\t\t<Password>",
    )
    .replace("\t\t<Password>hunter3-hunter3</Password>\r\n", "")
    .encode("utf-16")
)


def test_a_section_goes_into_a_file(file: Path) -> None:
    outcome = dmsmtp("new", *RELAY, "--into", file)

    (backup,) = file.parent.glob("*.bak")
    assert (outcome.code, outcome.out) == (0, b"")
    assert file.read_bytes() == AFTER
    assert backup.read_bytes() == FILE.encode("utf-16")
    assert outcome.err.splitlines() == [
        'dmsmtp: HostPort added: "587-starttls"',
        'dmsmtp: LoginMethod added: "NoLoginMethod"',
        'dmsmtp: Password removed: "••••"',
        'dmsmtp: From added: "dma@example.com"',
        "dmsmtp: Extra: no setting, so it stays",
        f"dmsmtp: {file} is written with these changes",
        "dmsmtp: on an agent, DataMiner is stopped while its file changes, and started again for it to count",
        f"dmsmtp: the former content is in {backup}, with the same secrets",
    ]


def test_a_second_time_nothing_is_written(file: Path) -> None:
    dmsmtp("new", *RELAY, "--into", file, "--no-backup")
    again = dmsmtp("new", *RELAY, "--into", file)

    assert (again.code, again.err.splitlines()[-1]) == (0, f"dmsmtp: {file} says this already")
    assert list(file.parent.iterdir()) == [file]


def test_a_diff_shows_and_does_not_write(file: Path) -> None:
    outcome = dmsmtp("new", *RELAY, "--into", file, "--diff")
    dmsmtp("new", *RELAY, "--into", file, "--no-backup", "--quiet")
    again = dmsmtp("new", *RELAY, "--into", file, "--diff")

    assert outcome.code == 1
    assert "+        <HostPort>587-starttls</HostPort>" in outcome.lines
    assert "hunter3" not in outcome.text + outcome.err
    assert (again.code, again.out) == (0, b"")


def test_a_diff_needs_no_password_and_leaves_it_out(file: Path) -> None:
    outcome = dmsmtp("new", *LOGIN, "--into", file, "--diff")

    assert outcome.code == 1
    assert "Password" not in outcome.err
    assert "the password is not compared: set DMSMTP_PASSWORD, or give --password-stdin\n" in outcome.err
    assert "lint finds" not in outcome.err
    assert any("<Password>" in line and line.startswith(" ") for line in outcome.lines)


def test_a_password_that_is_not_compared_is_not_said_to_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "DataMiner.xml"
    path.write_text("<DataMiner/>")

    assert "lint finds" not in dmsmtp("new", *LOGIN, "--into", path, "--diff").err


def test_a_diff_shows_that_a_password_that_is_there_changes(file: Path) -> None:
    dmsmtp("new", *LOGIN, "--into", file, "--no-backup", env={"DMSMTP_PASSWORD": "hunter2+"})
    same = dmsmtp("new", *LOGIN, "--into", file, "--diff", env={"DMSMTP_PASSWORD": "hunter2+"})
    other = dmsmtp("new", *LOGIN, "--into", file, "--diff", env={"DMSMTP_PASSWORD": "hunter4+"})
    by_line = dmsmtp("new", *LOGIN, "--into", file, "--diff", "--password-stdin", stdin=b"hunter4+\n")

    assert (same.code, same.out) == (0, b"")
    assert other.code == by_line.code == 1
    assert "Password changed" in other.err
    assert "not compared" not in other.err
    assert "hunter" not in other.text + other.err + by_line.text + by_line.err


def test_a_file_that_cannot_take_a_section_stays(tmp_path: Path) -> None:
    path = tmp_path / "DataMiner.xml"
    path.write_text("<DataMiner>\n  <SMTP/>\n  <SMTP/>\n</DataMiner>\n")
    outcome = dmsmtp("new", *RELAY, "--into", path)

    assert (outcome.code, outcome.err) == (
        2,
        f"dmsmtp: {path}:3:4: there are 2 SMTP sections; keep one of them\n",
    )
    assert list(tmp_path.iterdir()) == [path]


def test_what_cube_set_up_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "DataMiner.xml"
    path.write_text("<SMTP><LoginMethod>XOAUTH2</LoginMethod></SMTP>")
    outcome = dmsmtp("new", "microsoft", "--user", "a@contoso.com", "--into", path)

    assert (outcome.code, outcome.out) == (2, b"")
    assert outcome.err == (
        f"dmsmtp: {path}: OAuth 2.0 is set up in it already; change it in Cube, which writes all agents\n"
    )


def test_a_login_that_cube_has_set_up_is_not_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "DataMiner.xml"
    path.write_text("<SMTP><LoginMethod>XOAUTH2</LoginMethod></SMTP>")
    outcome = dmsmtp("new", *RELAY, "--into", path)

    assert (outcome.code, outcome.out) == (2, b"")
    assert "it logs in with XOAUTH2, which Cube has set up and can alone set up again" in outcome.err
    assert path.read_text() == "<SMTP><LoginMethod>XOAUTH2</LoginMethod></SMTP>"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--login-method", "nologinmethod"], 'error[A301] SMTP/LoginMethod: "nologinmethod" is not'),
        (["--host", "a..b", "--user", "x"], "error[H202] SMTP/Host: "),
        (["--helo", "dma1", "--from", "dma", "--user", "x"], "error[M601] SMTP/From: "),
        (["--max-subject-length", "078", "--user", "x"], "error[M604] SMTP/MaxSubjectLength: "),
    ],
)
def test_what_was_typed_is_judged_before_more_is_asked(options: list[str], words: str) -> None:
    outcome = dmsmtp("new", "custom", *options)

    assert (outcome.code, outcome.text) == (1, "")
    assert words in outcome.err
    assert "missing" not in outcome.err


def test_the_configuration_of_the_file_counts(tmp_path: Path) -> None:
    path, config = tmp_path / "DataMiner.xml", tmp_path / "dmsmtp.toml"
    path.write_text("<SMTP/>")
    config.write_text("as-of = 2027-02-01\n")
    wanted = ["--host", "smtp.office365.com", "--user", "a@b.com", "--from", "a@b.com"]
    environment = {"DMSMTP_PASSWORD": "frost+on+tulips"}

    refused = dmsmtp("new", "custom", *wanted, "--into", path, env=environment)
    assert refused.code == 1
    assert "error[P501]" in refused.err
    config.write_text(
        'as-of = 2027-02-01\nmicrosoft-basic-auth = "enabled"\nno-backup = true\nquiet = true\n'
    )
    found = dmsmtp("new", "custom", *wanted, "--into", path, "--diff", env=environment)
    assert "info[P501]" in found.err
    outcome = dmsmtp("new", "custom", *wanted, "--into", path, "--config", config, env=environment)
    assert (outcome.code, outcome.err) == (0, "")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["DataMiner.xml", "dmsmtp.toml"]
    isolated = dmsmtp("new", "custom", *RELAY[1:], "--into", path, "--isolated")
    assert "the former content is in" in isolated.err
    config.write_text("as-of = 2027\n")
    wrong = dmsmtp("new", "custom", *wanted, "--into", path, env=environment)
    assert wrong.code == 2
    assert "its configuration cannot be used" in wrong.err


def test_no_more_is_said_of_what_was_typed_than_is_certain() -> None:
    outcome = dmsmtp("new", "custom", "--host-port", "25", "--login-method", "AuthLoginMethod", "--user", "x")

    assert outcome.code == 2
    assert "--host is missing" in outcome.err  # with which it may be in order: this machine


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (["--into", "no.xml"], "--into no.xml: there is no such file"),
        (["-o", "there.xml"], "there.xml: it is there already: remove it"),
        (["-o", "no/new.xml"], "there is no folder no"),
    ],
)
def test_nothing_is_asked_for_a_file_that_cannot_be_written(
    target: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there.xml").write_text("<SMTP/>")
    monkeypatch.chdir(tmp_path)
    outcome = dmsmtp("new", "custom", *target)  # without a host

    assert outcome.code == 2
    assert words in outcome.err


def test_a_secret_in_yaml_is_meant_word_for_word(tmp_path: Path) -> None:
    path = tmp_path / "agent"
    path.write_text("SMTP:\n  Host: smtp.example.com\n")
    dmsmtp("new", *LOGIN, "--into", path, "--no-backup", env={"DMSMTP_PASSWORD": "a${b"})

    assert yaml.safe_load(path.read_text())["SMTP"]["Password"] == "a$${b"
