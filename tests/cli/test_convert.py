from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from tests.cli.running import CLEAN, COMMAND, ERROR, WARNING, dmsmtp, environment

if TYPE_CHECKING:
    from pathlib import Path

YAML = """\
SMTP:
  Host: smtp.example.com
  HostPort: 587-starttls
  LoginMethod: NoLoginMethod
  From: dma@example.com
"""
WITH_PASSWORD = CLEAN.replace("NoLoginMethod", "AuthLoginMethod").replace(
    "<From>", "<User>u</User>\n  <Password>hunter2+</Password>\n  <From>"
)
WHOLE = f'<DataMiner id="7">{CLEAN}<!-- note --></DataMiner>'


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return _written(tmp_path / "in" / "a.xml", CLEAN)


class TestOutput:
    @pytest.mark.parametrize("target", [["-o", "-"], []])
    def test_standard_output(self, source: Path, target: list[str]) -> None:
        outcome = dmsmtp("convert", source, "--format", "yaml", *target)

        assert (outcome.code, outcome.text, outcome.err) == (0, YAML, "")

    @pytest.mark.parametrize(
        ("name", "begins"), [("x.yaml", "SMTP:"), ("x.YML", "SMTP:"), ("x.json", "{"), ("x.xml", "<SMTP>")]
    )
    def test_the_ending_tells_the_format(self, source: Path, tmp_path: Path, name: str, begins: str) -> None:
        outcome = dmsmtp("convert", source, "-o", tmp_path / name)

        assert (outcome.code, outcome.out) == (0, b"")
        assert outcome.err == f"dmsmtp: written: {tmp_path / name}\n"
        assert (tmp_path / name).read_text("utf-8").startswith(begins)

    def test_standard_input(self) -> None:
        assert dmsmtp("convert", "-", "--format", "yaml", stdin=CLEAN.encode()).text == YAML
        back = dmsmtp("convert", "-", "--format", "xml", stdin=YAML.encode())
        assert back.text == CLEAN

    def test_the_format_of_the_input_can_be_named(self, tmp_path: Path) -> None:
        file = _written(tmp_path / "a.xml", YAML)

        assert dmsmtp("convert", file, "--format", "json").code == 1
        outcome = dmsmtp("convert", file, "--input-format", "yaml", "--format", "json")
        assert (outcome.code, json.loads(outcome.text)["SMTP"]["Host"]) == (0, "smtp.example.com")

    @pytest.mark.posix
    def test_only_a_file_with_a_secret_is_for_its_owner_alone(self, source: Path, tmp_path: Path) -> None:
        secret = _written(tmp_path / "b.xml", WITH_PASSWORD)

        dmsmtp("convert", source, "-o", tmp_path / "a.json")
        dmsmtp("convert", secret, "-o", tmp_path / "b.json")
        dmsmtp("convert", secret, "-o", tmp_path / "c.json", "--secrets", "env")

        modes = [(tmp_path / f"{name}.json").stat().st_mode & 0o077 for name in "abc"]
        assert [bool(mode) for mode in modes] == [True, False, True]

    def test_what_is_overwritten_is_kept(self, source: Path, tmp_path: Path) -> None:
        target = _written(tmp_path / "out" / "a.yaml", "SMTP:\n  Host: b\n")

        outcome = dmsmtp("convert", source, "-o", target)

        assert target.read_text("utf-8") == YAML
        backup = next(target.parent.glob("a.yaml.*.bak"))
        assert backup.read_text("utf-8") == "SMTP:\n  Host: b\n"
        assert "the former content is in a .bak file beside it" in outcome.err
        again = dmsmtp("convert", source, "-o", target)
        assert (again.code, again.err) == (0, f"dmsmtp: {target}: nothing to change\n")
        dmsmtp("convert", source, "-o", target, "--schema", "x", "--no-backup")
        assert target.read_text("utf-8") != YAML
        assert len(list(target.parent.iterdir())) == 2

    @pytest.mark.posix
    @pytest.mark.parametrize("path", ["/dev/fd/1", "/dev/stdout"])
    def test_what_is_open_is_not_replaced(self, path: str, source: Path, tmp_path: Path) -> None:
        """Whoever holds it open, such as a shell, would write on into nothing."""
        target = tmp_path / "out.txt"
        with target.open("wb") as log:
            outcome = subprocess.run(
                [*COMMAND, "convert", source, "--format", "json", "-o", path],
                stdout=log,
                stderr=subprocess.PIPE,
                env=environment(),
                check=False,
            )
            log.write(b"last")

        assert outcome.returncode == 2
        assert b"name the file, or - for standard output" in outcome.stderr
        assert target.read_bytes() == b"last"

    def test_what_is_converted_is_not_overwritten(self, source: Path) -> None:
        outcome = dmsmtp("convert", source, "-o", source)

        assert outcome.code == 2
        assert outcome.err == f"dmsmtp: {source}: this is the file that is converted: name another one\n"
        assert source.read_text("utf-8") == CLEAN

    @pytest.mark.parametrize("option", ["--config", "--files-from"])
    def test_nor_is_what_the_run_goes_by(self, option: str, source: Path, tmp_path: Path) -> None:
        used = _written(
            tmp_path / "used.txt", "# a comment of TOML\n" if option == "--config" else f"{source}\n"
        )
        before = used.read_bytes()
        paths = [source] if option == "--config" else []

        outcome = dmsmtp("convert", *paths, option, used, "-o", used, "--format", "json", "--no-backup")

        assert outcome.code == 2
        assert f"{used}: the document would overwrite this file, which " in outcome.err
        assert used.read_bytes() == before

    def test_a_section_does_not_take_the_place_of_a_whole_file(self, source: Path, tmp_path: Path) -> None:
        target = _written(tmp_path / "DataMiner.xml", WHOLE)

        outcome = dmsmtp("convert", source, "-o", target)

        assert outcome.code == 2
        assert "it holds a whole DataMiner.xml, and the section alone would take its place" in outcome.err
        assert target.read_text("utf-8") == WHOLE

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("DataMiner.xml", WHOLE.replace("<From>", "<Password>a&b</Password><From>")),
            ("DataMiner.xml", WHOLE.replace("<DataMiner", '<DataMiner xmlns="urn:another"', 1)),
            ("DataMiner.xml", WHOLE.replace("DataMiner", "d:DataMiner")),
            ("a.json", '{"DataMiner": {"SMTP": {"Host": "a",}}}'),
            ("a.yaml", "DataMiner:\n  SMTP: {Host: a\n"),
            ("a.yaml", "DataMiner:\n  SMTP:\n    Host: a\nSMTP:\n  Host: b\n"),
        ],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_nor_of_one_that_is_broken(
        self, name: str, content: str, encoding: str, source: Path, tmp_path: Path
    ) -> None:
        target = tmp_path / name
        target.write_bytes(content.encode(encoding))

        outcome = dmsmtp("convert", source, "-o", target)

        assert outcome.code == 2
        assert "it holds a whole DataMiner.xml" in outcome.err
        assert target.read_bytes() == content.encode(encoding)

    @pytest.mark.parametrize("content", ["{ hunter2\n", "<SMTP><Host>a&b</Host></SMTP>", ""])
    def test_what_is_broken_otherwise_is_overwritten(
        self, content: str, source: Path, tmp_path: Path
    ) -> None:
        target = _written(tmp_path / "a.xml", content)

        assert dmsmtp("convert", source, "-o", target).code == 0
        assert target.read_text("utf-8") == CLEAN

    def test_a_file_too_large_to_be_read_stays(self, source: Path, tmp_path: Path) -> None:
        target = _written(tmp_path / "b.xml", CLEAN + " " * 400)

        outcome = dmsmtp("convert", source, "-o", target, "--max-size", str(len(CLEAN)))

        assert outcome.code == 2
        assert "it is larger than dmsmtp reads" in outcome.err
        assert target.read_text("utf-8") == CLEAN + " " * 400

    def test_what_is_left_to_do_on_an_agent(self, tmp_path: Path) -> None:
        source = _written(tmp_path / "a.xml", WHOLE)

        outcome = dmsmtp("convert", source, "--whole-file", "-o", tmp_path / "DataMiner.xml")

        assert "DataMiner is stopped while its file changes" in outcome.err

    def test_a_folder_that_is_not_there(self, source: Path, tmp_path: Path) -> None:
        outcome = dmsmtp("convert", source, "-o", tmp_path / "no" / "a.json")

        assert outcome.code == 2
        assert "its folder does not exist" in outcome.err


class TestDiff:
    def test_a_change_is_shown_and_not_made(self, tmp_path: Path) -> None:
        source = _written(tmp_path / "a.xml", WITH_PASSWORD)
        target = _written(tmp_path / "a.yaml", YAML.replace("587", "25"))

        outcome = dmsmtp("convert", source, "-o", target, "--diff")

        assert outcome.code == 1
        changes = ["-  HostPort: 25-starttls", "+  HostPort: 587-starttls", "+  Password: ••••"]
        assert set(changes) < set(outcome.lines)
        assert target.read_text("utf-8") == YAML.replace("587", "25")

    def test_a_new_file_is_all_new(self, source: Path, tmp_path: Path) -> None:
        outcome = dmsmtp("convert", source, "-o", tmp_path / "b.yaml", "--diff")

        assert outcome.code == 1
        assert outcome.text == (
            f"--- /dev/null\n+++ {tmp_path / 'b.yaml'}\n@@ -0,0 +1,5 @@\n"
            + "".join(f"+{line}\n" for line in YAML.splitlines())
        )
        assert not (tmp_path / "b.yaml").exists()

    def test_what_cannot_be_read_is_masked(self, source: Path, tmp_path: Path) -> None:
        target = _written(tmp_path / "b.yaml", "{ hunter2\n")

        outcome = dmsmtp("convert", source, "-o", target, "--diff")

        assert outcome.code == 1
        assert "hunter2" not in outcome.text
        assert "-••••\n" in outcome.text

    def test_no_change(self, source: Path, tmp_path: Path) -> None:
        target = _written(tmp_path / "a.yaml", YAML)

        outcome = dmsmtp("convert", source, "-o", target, "--diff")

        assert (outcome.code, outcome.text) == (0, "")


class TestManyFiles:
    def test_each_gets_a_name_of_its_own(self, tmp_path: Path) -> None:
        for agent in ("dma1", "dma2"):
            _written(tmp_path / "agents" / agent / "DataMiner.xml", WHOLE)
        _written(tmp_path / "agents" / "b.smtp.json", '{"SMTP": {"Host": "b"}}')
        out = tmp_path / "out"
        out.mkdir()

        outcome = dmsmtp("convert", tmp_path / "agents", "--output-dir", out, "--format", "yaml")

        assert outcome.code == 0
        names = [file.name for file in sorted(out.iterdir())]
        assert names == ["b.smtp.yaml", "dma1.smtp.yaml", "dma2.smtp.yaml"]
        assert f"written: 3 files in {out}" in outcome.err

    def test_names_that_collide_are_refused(self, tmp_path: Path) -> None:
        files = [
            _written(tmp_path / folder / name, CLEAN) for folder, name in (("x", "a.xml"), ("y", "A.xml"))
        ]
        out = tmp_path / "out"
        out.mkdir()

        outcome = dmsmtp("convert", *files, "--output-dir", out, "--format", "json")

        assert outcome.code == 2
        assert f"{files[0]} and {files[1]} would all be written there" in outcome.err
        assert list(out.iterdir()) == []

    def test_one_that_fails_does_not_stop_the_others(self, tmp_path: Path) -> None:
        files = [
            _written(tmp_path / f"{name}.xml", text)
            for name, text in {"a": ERROR, "b": CLEAN, "c": "<SMTP>"}.items()
        ]
        out = tmp_path / "out"
        out.mkdir()

        outcome = dmsmtp("convert", *files, tmp_path / "d.xml", "--output-dir", out, "--format", "json")

        assert outcome.code == 2
        assert [file.name for file in out.iterdir()] == ["b.smtp.json"]
        assert "error[H207]" in outcome.err
        assert "error[D001]" in outcome.err
        assert "d.xml: there is no such file" in outcome.err
        without = dmsmtp("convert", *files, "--output-dir", out, "--format", "json")
        assert without.code == 1

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["--format", "json"], "2 files are to be converted: give --output-dir FOLDER"),
            (["-o", "x.json"], "2 files are to be converted: give --output-dir FOLDER"),
            (["--output-dir", "no", "--format", "json"], "no: there is no such folder"),
        ],
    )
    def test_more_than_one_needs_a_folder(self, tmp_path: Path, arguments: list[str], says: str) -> None:
        files = [_written(tmp_path / name, CLEAN) for name in ("a.xml", "b.xml")]

        outcome = dmsmtp("convert", *files, *arguments)

        assert outcome.code == 2
        assert says in outcome.err


class TestInvalidInput:
    def test_the_findings_are_those_of_lint(self, tmp_path: Path) -> None:
        file = _written(tmp_path / "a.xml", ERROR.replace("<Host>", "<Host> "))

        outcome = dmsmtp("convert", file, "--format", "json")

        assert (outcome.code, outcome.out) == (1, b"")
        listed = dmsmtp("lint", "--quiet", file).text
        assert outcome.err.startswith(listed)
        assert "error[H207]" in listed
        assert "or give --force to convert what can be" in outcome.err

    def test_force_is_no_help_where_nothing_could_be_read(self, tmp_path: Path) -> None:
        file = _written(tmp_path / "a.xml", CLEAN.replace("</SMTP>", ""))

        outcome = dmsmtp("convert", file, "--format", "json")

        assert (outcome.code, outcome.out) == (1, b"")
        assert "not converted, as it is not valid: mend what is listed above\n" in outcome.err

    def test_what_can_be_is_converted_by_force_and_the_rest_listed(self, tmp_path: Path) -> None:
        file = _written(tmp_path / "a.xml", CLEAN.replace("</SMTP>", "  <Hots>x</Hots>\n</SMTP>"))

        outcome = dmsmtp("convert", file, "--format", "yaml", "--force")

        assert (outcome.code, outcome.text) == (0, YAML)
        assert f"dmsmtp: {file}:6:4: Hots, which is no setting here, is left out\n" in outcome.err

    def test_warnings_are_counted(self, tmp_path: Path) -> None:
        file = _written(tmp_path / "a.xml", WARNING)

        outcome = dmsmtp("convert", file, "--format", "yaml")

        assert outcome.code == 0
        assert "Host: ' smtp.example.com'" in outcome.text
        assert outcome.err == "dmsmtp: 1 warning in 1 file: `dmsmtp lint` shows what\n"
        assert dmsmtp("convert", file, "--format", "yaml", "--quiet").err == ""

    def test_nothing_to_convert(self, tmp_path: Path) -> None:
        file = _written(tmp_path / "a.xml", '<DataMiner id="7"/>')

        outcome = dmsmtp("convert", file, "--format", "yaml")

        assert outcome.code == 2
        assert f"{file}: there is no SMTP section to convert" in outcome.err


class TestLosses:
    def test_they_are_said_item_by_item(self, tmp_path: Path) -> None:
        file = _written(
            tmp_path / "a.xml", CLEAN.replace("  <HostPort", "  <!-- b -->\n  <!-- c -->\n  <HostPort")
        )

        outcome = dmsmtp("convert", file, "--format", "json")

        assert outcome.code == 0
        assert [line.partition(":")[2] for line in outcome.err.replace(str(file), "f").splitlines()] == [
            " f:3:3: JSON has no comments: this one is left out",
            " f:4:3: JSON has no comments: this one is left out",
        ]

    def test_strictly_nothing_may_be_lost(self, tmp_path: Path) -> None:
        file = _written(tmp_path / "a.xml", CLEAN.replace("  <HostPort", "  <!-- b -->\n  <HostPort"))

        outcome = dmsmtp("convert", file, "--format", "json", "--strict")

        assert (outcome.code, outcome.out) == (2, b"")
        assert "not converted, as --strict lets nothing be left out" in outcome.err
        assert dmsmtp("convert", file, "--format", "yaml", "--strict").code == 0


class TestSecrets:
    def test_they_are_kept_for_pipes_and_left_out_on_a_terminal(self, tmp_path: Path) -> None:
        file = _written(tmp_path / "a.xml", WITH_PASSWORD)

        assert "Password: hunter2+" in dmsmtp("convert", file, "--format", "yaml").text
        with mock.patch("migrator.cli.output._is_terminal", return_value=True):
            shown = dmsmtp("convert", file, "--format", "yaml")
            assert "hunter2" not in shown.text
            assert "SMTP/Password is left out: it is a secret" in shown.err
            assert "hunter2+" in dmsmtp("convert", file, "--format", "yaml", "--secrets", "keep").text
            dmsmtp("convert", file, "-o", tmp_path / "a.json")
        assert "hunter2+" in (tmp_path / "a.json").read_text("utf-8")

    def test_variables(self, tmp_path: Path) -> None:
        file = _written(tmp_path / "a.xml", WITH_PASSWORD)
        target = tmp_path / "a.yaml"
        dmsmtp("convert", file, "-o", target, "--secrets", "env")
        assert "Password: '${env:DMSMTP_PASSWORD}'\n" in target.read_text("utf-8")

        missing = dmsmtp("convert", target, "--format", "xml")
        assert (missing.code, missing.out) == (2, b"")
        assert f"{target}:6:3: the environment variable DMSMTP_PASSWORD is not set" in missing.err
        back = dmsmtp("convert", target, "--format", "xml", env={"DMSMTP_PASSWORD": "hunter2+"})
        assert (back.code, back.text) == (0, WITH_PASSWORD)

    def test_no_secret_is_in_what_is_said(self, tmp_path: Path) -> None:
        file = _written(
            tmp_path / "a.json", json.dumps({"SMTP": {"Password": "hunter2\x01", "X": "hunter2\x01"}})
        )

        for arguments in (
            ["--format", "xml", "--force"],
            ["--format", "xml"],
            ["--format", "slnet", "--force"],
        ):
            outcome = dmsmtp("convert", file, *arguments, "--secrets", "omit")
            assert "hunter2" not in outcome.text + outcome.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "into which format?"),
        (["-o", "x.txt"], "x.txt: its ending tells no format"),
        (
            ["-o", "x.json", "--format", "yaml"],
            "its ending says json, and --format yaml: make them agree",
        ),
        (
            ["-o", "x.xml", "--format", "slnet"],
            "its ending says xml, and --format slnet: make them agree",
        ),
        (
            ["-o", "x.yml", "--format", "slnet-json"],
            "its ending says yaml, and --format slnet-json: make",
        ),
        (["-o", "x.json", "--output-dir", "."], "give one of them"),
        (["--format", "json", "--diff"], "name it with -o"),
        (["--format", "json", "--namespace"], "--namespace is for XML"),
        (["-o", "x.json", "--namespace"], "--namespace is for XML"),
        (["--format", "xml", "--secrets", "env"], "--secrets env is for JSON and YAML"),
        (["--format", "slnet", "--secrets", "env"], "--secrets env is for JSON and YAML"),
        (["--format", "xml", "--schema", "x"], "--schema is for JSON and YAML"),
        *(
            (["--format", format_, "--schema", location], "--schema: a location is one line of text")
            for format_ in ("json", "yaml")
            for location in ("", "x\ny: z", "x\u2028y", "\udcff")
        ),
        (
            ["--format", "slnet", "--whole-file"],
            "--whole-file: the message has fields for the SMTP section alone",
        ),
        (["-o", "x.txt", "--format", "slnet", "--diff"], "--diff shows changes of configurations"),
    ],
)
def test_what_cannot_be_meant(source: Path, arguments: list[str], says: str) -> None:
    outcome = dmsmtp("convert", source, *arguments)

    assert outcome.code == 2
    assert says in outcome.err


def test_the_message_of_slnetclienttest(source: Path, tmp_path: Path) -> None:
    text = dmsmtp("convert", source, "--format", "slnet")
    as_json = dmsmtp("convert", source, "--format", "slnet-json")
    dmsmtp("convert", source, "--format", "slnet", "-o", tmp_path / "m.json")

    assert text.text.startswith("UpdateSmtpConfigMessage\n  DataMinerID         -1\n")
    assert "  LoginMethod         NoLogin\n" in text.text
    assert "send the message once for each agent of the cluster; no restart is needed" in text.err
    assert json.loads(as_json.text)["UpdateSmtpConfigMessage"]["Port"] == "587-starttls"
    assert (tmp_path / "m.json").read_text("utf-8") == as_json.text


def test_a_crash_is_one_files_failure(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise ValueError("hunter2")

    monkeypatch.setattr("migrator.conversion.job.convert", fail)
    outcome = dmsmtp("convert", source, "--format", "json")

    assert outcome.code == 2
    assert outcome.err.startswith(f"dmsmtp: {source}: this should not happen (ValueError")
    assert "hunter2" not in outcome.err


def test_a_crash_while_files_are_written_is_told_for_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise ValueError("hunter2")

    monkeypatch.setattr("migrator.writing.create_files", fail)
    first, broken, last = (
        _written(tmp_path / f"{name}.smtp.xml", text)
        for name, text in zip("abc", (CLEAN, "", CLEAN), strict=True)
    )

    outcome = dmsmtp("convert", first, broken, last, "--output-dir", tmp_path, "--format", "json")

    assert outcome.code == 2
    for path in (first, last):
        assert f"dmsmtp: {path}: this should not happen (ValueError" in outcome.err
    assert f"{broken}: not converted, as it is not valid" in outcome.err
    assert "hunter2" not in outcome.err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_became_of_many_files_is_told_in_their_order(jobs: str, tmp_path: Path) -> None:
    wrong = {3: "broken", 150: "taken", 290: "broken"}
    for number in range(300):
        _written(
            tmp_path / "in" / f"{number:03}.smtp.xml", CLEAN if wrong.get(number) != "broken" else "<SMTP>"
        )
    (tmp_path / "out" / "150.smtp.yaml").mkdir(parents=True)

    outcome = dmsmtp(
        "convert", tmp_path / "in", "--output-dir", tmp_path / "out", "--format", "yaml", "-j", jobs
    )

    assert outcome.code == 2
    told = [int(number) for number in re.findall(r"^dmsmtp: .*?(\d{3})\.smtp", outcome.err, re.MULTILINE)]
    assert told == list(wrong)
    written = {path.name[:3] for path in (tmp_path / "out").iterdir() if path.is_file()}
    assert written == {f"{number:03}" for number in range(300) if number not in wrong}
    assert f"written: 297 files in {tmp_path / 'out'}" in outcome.err
    assert "dmsmtp: not converted: 3 files, each told above\n" in outcome.err


class TestConfiguration:
    """What `lint` goes by in a file, `convert` goes by, too."""

    def test_what_is_ignored_stands_in_nobodys_way(self, tmp_path: Path) -> None:
        file = _written(tmp_path / "a.xml", ERROR)
        assert dmsmtp("convert", file, "--format", "yaml").code == 1

        for text in (
            'ignore = ["H207"]',
            'severity = { H207 = "warning" }',
            'per-file-ignores = { "a.*" = ["H"] }',
        ):
            _written(tmp_path / "dmsmtp.toml", f"{text}\n")
            outcome = dmsmtp("convert", file, "--format", "yaml")
            assert (outcome.code, "587-STARTTLS" in outcome.text) == (0, True)
            assert dmsmtp("convert", file, "--format", "yaml", "--isolated").code == 1

    @pytest.mark.parametrize(
        "text",
        [
            "whole-file = true",
            'target-version = "10.1.0"',
            'extend-select = ["X"]\nseverity = { X = "info" }',
        ],
    )
    def test_the_findings_that_are_counted_are_those_of_lint(self, text: str, tmp_path: Path) -> None:
        file = _written(
            tmp_path / "a.xml",
            WHOLE.replace("<SMTP>", "<Logging><Error>x</Error></Logging><SMTP>")
            .replace("NoLoginMethod", "XOAUTH2")
            .replace("<From>", "<OAuthClientSecret>hunter2+</OAuthClientSecret><From>"),
        )
        config = _written(tmp_path / "own.toml", f"{text}\n")

        def counted(*arguments: str | Path) -> str:
            return dmsmtp(*arguments).err.rpartition("dmsmtp: ")[2].partition(" in 1 file")[0]

        as_configured, isolated = (
            counted("convert", file, "--format", "yaml", "--force", "--secrets", "keep", *options)
            for options in (("--config", config), ("--isolated",))
        )
        assert as_configured == counted("lint", file, "--config", config)
        assert as_configured != isolated

    def test_what_concerns_the_run(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        _written(tmp_path / "in" / "a.smtp.xml", CLEAN)
        _written(tmp_path / "in" / "old" / "b.smtp.xml", CLEAN)
        _written(tmp_path / "out" / "a.smtp.yaml", "")
        _written(tmp_path / "dmsmtp.toml", 'exclude = ["old"]\nno-backup = true\nquiet = true\n')
        monkeypatch.chdir(tmp_path)

        outcome = dmsmtp("convert", "in", "--output-dir", "out", "--format", "yaml")

        assert (outcome.code, outcome.err) == (0, "")
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.smtp.yaml"]

    @pytest.mark.parametrize("target", [["--format", "yaml"], ["--into", "b.xml"]])
    def test_one_that_is_broken_is_told_as_by_lint(
        self, target: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = _written(tmp_path / "a.xml", CLEAN)
        _written(tmp_path / "b.xml", CLEAN)
        _written(tmp_path / "dmsmtp.toml", 'ignroe = ["H207"]\n')
        monkeypatch.chdir(tmp_path)

        outcome = dmsmtp("convert", file, *target)

        assert (outcome.code, outcome.out) == (2, b"")
        assert outcome.err == dmsmtp("lint", "--quiet", file).err
        assert "dmsmtp.toml:1: " in outcome.err


class TestFoundInUse:
    """What went wrong for somebody once."""

    def test_a_variable_that_is_empty_takes_no_password_away(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DMSMTP_PASSWORD", "")
        file = _written(tmp_path / "a.smtp.yaml", f"{YAML}  Password: ${{env:DMSMTP_PASSWORD}}\n")
        agent = _written(tmp_path / "DataMiner.xml", CLEAN)

        for target in (["--format", "xml"], ["--into", agent]):
            outcome = dmsmtp("convert", file, *target)
            assert (outcome.code, outcome.out) == (2, b"")
            assert "the variable that Password names is empty; set it to what" in outcome.err
        assert agent.read_bytes() == CLEAN.encode()

    def test_a_comment_alone_in_an_element_makes_no_value_of_it(self, tmp_path: Path) -> None:
        text = "<DataMiner><Own><!-- x --></Own><SMTP><Helo><!-- n --></Helo></SMTP></DataMiner>"
        file = _written(tmp_path / "a.xml", text)

        written = dmsmtp("convert", file, "--whole-file", "--format", "xml").text

        assert "<Own><!-- x --></Own>" in written
        assert "<Helo><!-- n --></Helo>" in written

    def test_a_list_among_children_is_told_where_it_stands(self, tmp_path: Path) -> None:
        file = _written(
            tmp_path / "a.json", '{"DataMiner": {"SMTP": {"Host": "a"}, "O": {"$children": ["a", ["z"]]}}}'
        )

        outcome = dmsmtp("convert", file, "--whole-file", "--format", "xml")

        assert outcome.code == 2
        assert "a list in a list stands for no element" in outcome.err


def test_a_file_that_several_paths_name_is_converted_once(tmp_path: Path) -> None:
    agent, out = tmp_path / "agents" / "dma1" / "DataMiner.xml", tmp_path / "out"
    agent.parent.mkdir(parents=True)
    out.mkdir()
    agent.write_text("<SMTP><Host>smtp.example.com</Host></SMTP>", "utf-8")
    paths = [tmp_path / "agents", agent.parent, agent.parent / ".." / "dma1" / "DataMiner.xml"]

    assert dmsmtp("convert", *paths, "--format", "json", "--output-dir", out).code == 0
    assert [one.name for one in out.iterdir()] == ["dma1.smtp.json"]
    assert dmsmtp("convert", *paths, "--format", "json").code == 0
    assert dmsmtp("convert", *paths, "--into", out / "dma1.smtp.json").code == 0
