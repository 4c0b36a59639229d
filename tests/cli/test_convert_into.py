"""`convert --into`: the settings of one file in the section of another, and nothing else of it changed."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import dmsmtp

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "canary-hunter2"
RELAY = """\
SMTP:
  Host: relay.example.com
  HostPort: 465
  LoginMethod: AuthLoginMethod
  User: ops@example.com
  Password: ${env:MAIL_PASSWORD}
"""
AGENT = (
    "<?xml version='1.0'?>\r\n<!-- agent --><DataMiner id = '7'>\r\n\t<SMTP>\r\n\t\t<!-- host -->\r\n"
    "\t\t<Host>old.example.com</Host>\r\n\t\t<HostPort>465</HostPort> <!-- port -->\r\n"
    "\t\t<Password>31a686af-2b1d-5e59-9875-e31e15029e9f</Password>\r\n\t</SMTP>\r\n\t<DMA/>\r\n</DataMiner>"
).encode("utf-16")


@pytest.fixture(name="files")
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.setenv("MAIL_PASSWORD", SECRET)
    relay, agent = tmp_path / "relay.smtp.yaml", tmp_path / "DataMiner.xml"
    relay.write_text(RELAY, "utf-8")
    agent.write_bytes(AGENT)
    return relay, agent


def test_settings_are_written_and_all_else_stays(files: tuple[Path, Path]) -> None:
    relay, agent = files

    outcome = dmsmtp("convert", relay, "--into", agent)

    assert (outcome.code, outcome.text) == (0, "")
    expected = AGENT.decode("utf-16").replace("old.example.com", "relay.example.com")
    expected = expected.replace("31a686af-2b1d-5e59-9875-e31e15029e9f", SECRET)
    login = "<LoginMethod>AuthLoginMethod</LoginMethod>\r\n\t\t<User>ops@example.com</User>\r\n\t\t"
    assert agent.read_bytes().decode("utf-16") == expected.replace("<Password>", f"{login}<Password>")
    assert SECRET not in outcome.err
    assert dmsmtp("convert", relay, "--into", agent).err.endswith("says this already\n")


def test_a_diff_shows_and_writes_nothing(files: tuple[Path, Path]) -> None:
    relay, agent = files

    outcome = dmsmtp("convert", relay, "--into", agent, "--diff")

    assert outcome.code == 1
    assert "-    <Host>old.example.com</Host>".replace("    ", "        ") in outcome.lines
    assert agent.read_bytes() == AGENT
    assert SECRET not in outcome.text + outcome.err


@pytest.mark.posix
def test_what_comes_once_is_read_once(files: tuple[Path, Path], tmp_path: Path) -> None:
    pipe, told = tmp_path / "pipe", b'{"SMTP": {"Host": "old.example.com"}}'
    os.mkfifo(pipe)
    thread = threading.Thread(target=pipe.write_bytes, args=(told,), daemon=True)
    thread.start()
    outcome = dmsmtp("convert", files[0], "--into", pipe, "--diff", "--secrets", "env")

    assert outcome.code == 1, outcome.err
    assert 'Host changed: "old.example.com" -> "relay.example.com"' in outcome.err


def test_secrets_can_stay_those_of_the_file(files: tuple[Path, Path]) -> None:
    relay, agent = files

    assert dmsmtp("convert", relay, "--into", agent, "--secrets", "omit", "--no-backup").code == 0
    assert "31a686af-2b1d-5e59-9875-e31e15029e9f" in agent.read_bytes().decode("utf-16")
    assert [path.name for path in agent.parent.iterdir() if path.name.endswith(".bak")] == []


@pytest.mark.parametrize(
    ("password", "host", "options"),
    [
        ("relay", "relay.example.com", ["--secrets", "omit"]),  # which shows the secret
        ("relay", "relay\\x01.example.com", ["--force"]),  # which XML cannot hold
    ],
)
def test_what_is_left_out_stays_as_the_file_has_it(
    password: str, host: str, options: list[str], files: tuple[Path, Path]
) -> None:
    relay, agent = files
    text = RELAY.replace("${env:MAIL_PASSWORD}", password).replace("relay.example.com", f'"{host}"')
    relay.write_text(text, "utf-8")

    outcome = dmsmtp("convert", relay, "--into", agent, *options)

    assert outcome.code == 0
    assert "left out" in outcome.err
    assert "<Host>old.example.com</Host>" in agent.read_bytes().decode("utf-16")
    assert "<User>ops@example.com</User>" in agent.read_bytes().decode("utf-16")


def test_a_reference_that_is_copied_is_to_be_entered_again(files: tuple[Path, Path]) -> None:
    relay, agent = files
    relay.write_text(RELAY.replace("${env:MAIL_PASSWORD}", "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77"), "utf-8")
    words = "dmsmtp: Password looks like a reference, which probably only the agent that it comes from can "

    assert words in dmsmtp("convert", relay, "--into", agent, "--diff").err
    assert words in dmsmtp("convert", relay, "--into", agent).err
    assert words not in dmsmtp("convert", relay, "--into", agent).err  # which has it already


@pytest.mark.parametrize("name", ["agent.json", "agent"])
def test_a_variable_stays_one_where_the_file_knows_variables(name: str, files: tuple[Path, Path]) -> None:
    relay, agent = files
    other = agent.with_name(name)
    other.write_text('{"SMTP": {"Host": "old.example.com"}}', "utf-8")

    assert dmsmtp("convert", relay, "--into", other).code == 0
    assert "${env:MAIL_PASSWORD}" in other.read_text("utf-8")
    assert dmsmtp("convert", relay, "--into", other, "--secrets", "env").code == 0


def test_a_missing_variable_is_named(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    relay, agent = files
    monkeypatch.delenv("MAIL_PASSWORD")

    outcome = dmsmtp("convert", relay, "--into", agent)

    assert outcome.code == 2
    assert "MAIL_PASSWORD is not set" in outcome.err
    assert agent.read_bytes() == AGENT


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["-o", "x.xml"], "--output-file has no meaning beside --into"),
        (["--whole-file"], "--whole-file has no meaning"),
        (["--format", "json"], "--format has no meaning"),
        (["--secrets", "env"], "--secrets env is for JSON and YAML"),
    ],
)
def test_what_means_nothing_beside_it(files: tuple[Path, Path], options: list[str], words: str) -> None:
    relay, agent = files

    outcome = dmsmtp("convert", relay, "--into", agent, *options)

    assert outcome.code == 2
    assert words in outcome.err
    assert agent.read_bytes() == AGENT


def test_an_invalid_input_is_not_written(files: tuple[Path, Path]) -> None:
    relay, agent = files
    relay.write_text(RELAY.replace("465", "465-SSL"), "utf-8")

    outcome = dmsmtp("convert", relay, "--into", agent)

    assert outcome.code == 1
    assert "H207" in outcome.err
    assert agent.read_bytes() == AGENT


def test_the_file_must_be_there(files: tuple[Path, Path]) -> None:
    relay, agent = files

    outcome = dmsmtp("convert", relay, "--into", agent.with_name("missing.xml"))

    assert outcome.code == 2
    assert "there is no such file" in outcome.err


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        ("<Host>a.example.com</Host>", "<Host>b.example.com</Host>", True),
        ("<User>a</User>", "", True),
        ("<Helo>a.example.com</Helo>", "<Helo>b.example.com</Helo>", False),
    ],
)
def test_a_secret_that_stays_beside_another_login_is_told(
    before: str, after: str, is_told: bool, files: tuple[Path, Path]
) -> None:
    relay, agent = files
    agent.write_text(f"<SMTP>{before}<Password>frost+on+tulips</Password></SMTP>", "utf-8")
    relay.write_text(f"<SMTP>{after}<Password>hunter2+</Password></SMTP>", "utf-8")
    words = "dmsmtp: Password stays, and belongs to the login before: enter what the new one has\n"

    for more in ("--diff", "--no-backup"):
        options = ("--into", agent, "--input-format", "xml", "--force", "--secrets", "omit", more)
        assert (words in dmsmtp("convert", relay, *options).err) is is_told
    assert "frost+on+tulips" in agent.read_text("utf-8")
    assert words not in dmsmtp("convert", relay, *options).err


def test_errors_that_come_into_the_file_are_told(files: tuple[Path, Path]) -> None:
    relay, agent = files
    words = (
        "dmsmtp: lint finds errors in it that were not there before: A304; `dmsmtp explain A304` says what "
        "that is\n"
    )
    relay.write_text("\n".join(RELAY.splitlines()[:-1]), "utf-8")
    before = agent.read_bytes()

    assert words in dmsmtp("convert", relay, "--into", agent, "--diff").err
    assert "lint finds" not in dmsmtp("convert", relay, "--into", agent, "--secrets", "omit").err
    agent.write_bytes(before)
    config = agent.with_name("dmsmtp.toml")
    config.write_text('ignore = ["A304"]\n', "utf-8")
    assert "lint finds" not in dmsmtp("convert", relay, "--into", agent, "--diff").err
    config.write_text("ignore = 3\n", "utf-8")
    assert dmsmtp("convert", relay, "--into", agent).code == 2
    config.unlink()
    outcome = dmsmtp("convert", relay, "--into", agent)
    assert outcome.code == 0
    assert words in outcome.err
    assert "lint finds" not in dmsmtp("convert", relay, "--into", agent).err


CUBE = """\
<SMTP>
  <Host>smtp.office365.com</Host>
  <LoginMethod>XOAUTH2</LoginMethod>
  <User>dma@example.com</User>
  <OAuthClientID>3b4f1c52-6d0e-4f4e-9a57-0c1d2e3f4a5b</OAuthClientID>
  <OAuthClientSecret>31a686af-2b1d-5e59-9875-e31e15029e9f</OAuthClientSecret>
  <OAuthTokenEndpoint>https://login.microsoftonline.com/x/token</OAuthTokenEndpoint>
  <From>dma@example.com</From>
</SMTP>
"""


@pytest.mark.parametrize("change", ["--diff", "--no-backup"])
def test_a_login_that_cube_has_set_up_is_not_taken_away(change: str, files: tuple[Path, Path]) -> None:
    relay, agent = files
    agent.write_text(CUBE, "utf-8")

    outcome = dmsmtp("convert", relay, "--into", agent, change)

    assert (outcome.code, outcome.text) == (2, "")
    assert "it logs in with XOAUTH2, which Cube has set up and can alone set up again" in outcome.err
    assert agent.read_text("utf-8") == CUBE


def test_another_port_costs_no_login_that_cube_has_set_up(files: tuple[Path, Path]) -> None:
    relay, agent = files
    agent.write_text(CUBE, "utf-8")
    relay.write_text(CUBE.replace("<Login", "<HostPort>587-starttls</HostPort><Login"), "utf-8")

    outcome = dmsmtp("convert", relay, "--into", agent, "--input-format", "xml")

    assert outcome.code == 0
    assert "OAuth 2.0" not in outcome.err
    assert agent.read_text("utf-8").count("<HostPort>587-starttls</HostPort>") == 1


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("<LoginMethod>xoauth2<", "<LoginMethod>XOAUTH2<"),
        ("<User> dma@example.com<", "<User>dma@example.com<"),
        ("<Password/><From>", "<From>"),
    ],
)
def test_a_login_that_is_written_otherwise_is_no_other_one(
    written: str, instead: str, files: tuple[Path, Path]
) -> None:
    relay, agent = files
    assert instead in CUBE
    agent.write_text(CUBE.replace(instead, written), "utf-8")
    relay.write_text(CUBE, "utf-8")

    outcome = dmsmtp("convert", relay, "--into", agent, "--input-format", "xml")

    assert outcome.code == 0
    assert agent.read_text("utf-8") == CUBE


@pytest.mark.parametrize(
    ("setting", "other"),
    [
        ("<Host>smtp.office365.com<", "<Host>smtp.example.com<"),
        ("<User>dma@", "<User>noc@"),
        ("<OAuthClientID>3", "<OAuthClientID>4"),
        ("<OAuthClientSecret>3", "<OAuthClientSecret>4"),
        ("<OAuthTokenEndpoint>https://login.microsoftonline.com/x/", "<OAuthTokenEndpoint>https://a.com/"),
        ("<From>", "<Password>frost</Password><From>"),
    ],
)
def test_each_setting_of_a_login_that_cube_has_set_up_counts(
    setting: str, other: str, files: tuple[Path, Path]
) -> None:
    relay, agent = files
    assert setting in CUBE
    agent.write_text(CUBE, "utf-8")
    relay.write_text(CUBE.replace(setting, other), "utf-8")

    assert dmsmtp("convert", relay, "--into", agent, "--input-format", "xml").code == 2
    assert agent.read_text("utf-8") == CUBE


def test_settings_of_oauth_stay_beside_another_login(files: tuple[Path, Path]) -> None:
    relay, agent = files
    agent.write_text(CUBE.replace("XOAUTH2", "AuthLoginMethod"), "utf-8")

    outcome = dmsmtp("convert", relay, "--into", agent)

    assert outcome.code == 0
    names = "OAuthClientID, OAuthClientSecret, OAuthTokenEndpoint"
    assert f"dmsmtp: {names} stay, as Cube alone could bring them back\n" in outcome.err
    assert "From removed" in outcome.err
    after = agent.read_text("utf-8")
    assert [line for line in CUBE.splitlines() if "OAuth" in line and "XOAUTH2" not in line] == [
        line for line in after.splitlines() if "OAuth" in line
    ]


def test_oauth_that_comes_into_a_file_is_to_be_set_up_in_cube(files: tuple[Path, Path]) -> None:
    _, agent = files
    source = agent.with_name("cube.smtp.xml")
    source.write_text(CUBE, "utf-8")

    words = "in Cube, enter the client secret again where there is one, retrieve tokens, and apply"
    assert words in dmsmtp("convert", source, "--into", agent, "--diff").err
    assert words in dmsmtp("convert", source, "--into", agent).err
    assert words not in dmsmtp("convert", source, "--into", agent).err  # which has it already
