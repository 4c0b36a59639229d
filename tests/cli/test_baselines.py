"""A baseline, ignore comments, and what `--show-files` and `--show-settings` tell."""

from __future__ import annotations

import json
import os
from pathlib import Path
from unicodedata import normalize

import pytest

from tests.cli.running import CLEAN, ERROR, dmsmtp, in_process_of_its_own

IGNORED = ERROR.replace("  <HostPort>", "  <!-- dmsmtp: ignore[H207] agreed -->\n  <HostPort>")


@pytest.fixture(name="agents")
def _agents(tmp_path: Path) -> Path:
    """A repository of three agents, one of them with a known mistake."""
    for name, text in {"a": ERROR, "b": CLEAN, "c": CLEAN}.items():
        folder = tmp_path / "agents" / name
        folder.mkdir(parents=True)
        (folder / "DataMiner.xml").write_text(text, "utf-8")
    return tmp_path


def test_what_is_known_is_not_reported_again(agents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(agents)

    written = dmsmtp("lint", "--write-baseline", "known.json", "agents")
    known = dmsmtp("lint", "--baseline", "known.json", "agents")

    assert (written.code, written.text) == (0, "")
    assert "1 finding in 3 files written to known.json" in written.err
    assert (known.code, known.text) == (0, "")
    assert "1 suppressed" in known.err


def test_what_is_new_is_reported(agents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(agents)
    dmsmtp("lint", "--write-baseline", "known.json", "agents")
    other = agents / "agents" / "b" / "DataMiner.xml"
    other.write_text(ERROR, "utf-8")

    outcome = dmsmtp("lint", "--baseline", "known.json", "--output-format", "concise", "agents")

    assert outcome.code == 1
    assert [line.partition(":")[0] for line in outcome.lines] == [str(other.relative_to(agents))]


@pytest.fixture(name="spellings", params=[("NFC", "NFD"), ("NFD", "NFC")])
def _spellings(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Path]:
    """A file with a mistake, and where it lies on another system."""
    monkeypatch.chdir(tmp_path)
    before, after = (Path(normalize(form, "Zürich.smtp.xml")) for form in request.param)
    before.write_text(ERROR, "utf-8")
    return before, after


def test_what_is_known_on_another_system_is_so_in_whatever_form_a_name_has(
    spellings: tuple[Path, Path],
) -> None:
    before, after = spellings
    dmsmtp("lint", "--write-baseline", "known.json", before)
    before.rename(after)

    outcome = dmsmtp("lint", "--baseline", "known.json", after)

    assert (outcome.code, outcome.text) == (0, "")
    assert "1 suppressed" in outcome.err


def test_nor_is_it_lost_unsaid(spellings: tuple[Path, Path]) -> None:
    before, after = spellings
    other = Path("other.smtp.xml")
    other.write_text(ERROR, "utf-8")
    dmsmtp("lint", "--write-baseline", "known.json", before, other)
    before.rename(after)

    outcome = dmsmtp("lint", "--write-baseline", "known.json", other)

    assert "1 finding is no longer in it that this run did not look for" in outcome.err


def test_what_is_gone_is_told(agents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(agents)
    dmsmtp("lint", "--write-baseline", "known.json", "agents")
    (agents / "agents" / "a" / "DataMiner.xml").write_text(CLEAN, "utf-8")

    outcome = dmsmtp("lint", "--baseline", "known.json", "agents")

    assert "1 known finding of the baseline is no longer there" in outcome.err


def test_what_is_known_is_not_mended(agents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(agents)
    dmsmtp("lint", "--write-baseline", "known.json", "agents")

    dmsmtp("lint", "--fix", "--baseline", "known.json", "agents")

    assert (agents / "agents" / "a" / "DataMiner.xml").read_text("utf-8") == ERROR


def test_the_configuration_names_the_baseline_from_its_folder(
    agents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dmsmtp("lint", "--write-baseline", agents / "known.json", agents / "agents")
    (agents / "dmsmtp.toml").write_text('baseline = "known.json"\n', "utf-8")
    monkeypatch.chdir(agents / "agents")

    assert dmsmtp("lint", ".").code == 0
    assert dmsmtp("lint", "--isolated", ".").code == 1


def test_a_baseline_that_the_configuration_names_is_written_first(
    agents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (agents / "dmsmtp.toml").write_text('baseline = "known.json"\n', "utf-8")
    monkeypatch.chdir(agents)

    assert dmsmtp("lint", ".").code == 2
    assert dmsmtp("lint", "--write-baseline", "known.json", ".").code == 0
    assert dmsmtp("lint", ".").code == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "there is no such baseline"),
        (b"{", "not well-formed JSON"),
        (b"[]", "no baseline of dmsmtp"),
        (b'{"version": 2, "entries": []}', "a newer dmsmtp wrote this baseline"),
    ],
)
def test_a_baseline_that_cannot_be_read_is_an_error(
    tmp_path: Path, clean: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "known.json"
    if content is not None:
        path.write_bytes(content)

    outcome = dmsmtp("lint", "--baseline", path, clean)

    assert outcome.code == 2
    assert words in outcome.err


def test_no_baseline_is_written_of_half_a_run(tmp_path: Path, error: Path) -> None:
    outcome = dmsmtp("lint", "--write-baseline", tmp_path / "known.json", error, tmp_path / "missing.xml")

    assert outcome.code == 2
    assert not (tmp_path / "known.json").exists()


def test_an_ignore_comment_is_told_in_the_report(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(IGNORED, "utf-8")

    outcome = dmsmtp("lint", "--output-format", "json", path)

    assert (outcome.code, json.loads(outcome.out)["summary"]["suppressed"]) == (0, 1)


def test_what_a_diff_would_mend_is_no_finding_that_is_gone(tmp_path: Path) -> None:
    path, baseline = tmp_path / "a.xml", tmp_path / "known.json"
    wrong = CLEAN.replace("587-starttls", "587").replace("NoLoginMethod", "LOGIN")
    path.write_text(wrong.replace("</SMTP>", "<User>u</User><Password>p</Password></SMTP>"), "utf-8")
    dmsmtp("lint", "--write-baseline", baseline, "--select", "A306", path)

    shown = dmsmtp("lint", "--baseline", baseline, "--diff", path)
    mended = dmsmtp("lint", "--baseline", baseline, "--fix", path)

    assert "+  <LoginMethod>AuthLoginMethod</LoginMethod>" in shown.lines
    assert "no longer there" not in shown.err
    assert "1 known finding of the baseline is no longer there" in mended.err


def test_the_files_that_would_be_checked(agents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(agents)

    outcome = dmsmtp("lint", "--show-files", "--exclude", "b", "agents", "missing.xml")

    assert [line.replace("\\", "/") for line in outcome.lines] == [
        "agents/a/DataMiner.xml",
        "agents/c/DataMiner.xml",
    ]
    assert outcome.code == 2
    assert "missing.xml: there is no such file" in outcome.err


def test_files_that_are_named_twice_are_shown_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").mkdir()
    for name in ("a/DataMiner.xml", "a/b.smtp.xml"):
        (tmp_path / name).write_text(CLEAN, "utf-8")

    outcome = dmsmtp("lint", "--show-files", "a/b.smtp.xml", "a", "./a/b.smtp.xml")

    assert outcome.lines == ["a/b.smtp.xml", os.path.join("a", "DataMiner.xml")]  # noqa: PTH118 - as shown
    assert "in 2 files" in dmsmtp("lint", "a/b.smtp.xml", "a", "./a/b.smtp.xml").err


def test_the_settings_that_count(agents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(agents)
    (agents / "dmsmtp.toml").write_text('fail-on = "warning"\n', "utf-8")
    (agents / "agents" / "dmsmtp.toml").write_text('target-version = "10.6.4"\nignore = ["H208"]\n', "utf-8")

    outcome = dmsmtp("lint", "--show-settings", "--as-of", "2026-12-31", "--jobs", "3", "agents")

    lines = outcome.lines
    assert outcome.code == 0
    assert f"# rules: {agents / 'agents' / 'dmsmtp.toml'}" in lines
    assert f"# run: {agents / 'dmsmtp.toml'}" in lines
    assert 'ignore = ["H208"]' in lines
    assert 'target-version = "10.6.4"' in lines
    assert 'as-of = "2026-12-31"  # command line' in lines
    assert 'fail-on = "warning"' in lines
    assert "jobs = 3  # command line" in lines
    assert {"# select is not set", "# cluster is not set"} <= set(lines)


def test_the_settings_that_count_are_a_configuration_themselves(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clean.parent)
    shown = clean.parent / "shown.toml"
    (clean.parent / "dmsmtp.toml").write_text(
        """\
extend-select = ["M"]
exclude = ['*.o"ld.xml']
[severity]
missing-section = "info"
[per-file-ignores]
"lab/**" = ["A306"]
[cluster]
failover = [["DMA-7", "DMA-7B"]]
[[cluster.agents]]
name = "DMA-7"
id = 7
path = "a/DataMiner.xml"
[[cluster.agents]]
name = "DMA-7B"
path = 'b\\DataMiner.xml'
""",
        "utf-8",
    )
    shown.write_bytes(dmsmtp("lint", "--show-settings", clean).out)

    again = dmsmtp("lint", "--show-settings", "--config", shown, clean)

    assert (again.code, again.err) == (0, "")
    assert [line for line in again.lines if not line.startswith("# r")] == [
        line for line in shown.read_text("utf-8").splitlines() if not line.startswith("# r")
    ]
    assert '"id" = 7' in again.text


def test_a_baseline_does_not_take_the_place_of_a_file_that_is_checked(error: Path) -> None:
    outcome = dmsmtp("lint", error, "--write-baseline", error)

    assert outcome.code == 2
    assert "would overwrite this file" in outcome.err
    assert error.read_text("utf-8") == ERROR


def test_the_baseline_can_be_left_aside(agents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(agents)
    (agents / "dmsmtp.toml").write_text('baseline = "known.json"\n', "utf-8")
    dmsmtp("lint", "--write-baseline", "known.json", "agents")

    assert dmsmtp("lint", "--no-baseline", "agents").code == 1
    assert "fixed 1" in dmsmtp("lint", "--no-baseline", "--fix", "agents").err


def test_a_baseline_that_is_not_written_yet(error: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(error.parent)
    error.with_name("dmsmtp.toml").write_text('baseline = "known.json"\n', "utf-8")

    for command in ("lint", "validate"):
        told = dmsmtp(command, error)

        assert told.code == 2
        assert (
            "known.json: there is no such baseline: lint and compare write one with --write-baseline"
            in told.err
        )
    assert dmsmtp("lint", "--write-baseline", "known.json", error).code == 0
    assert "the baseline .: it is a folder: name a file in it" in dmsmtp("lint", "--baseline", ".", error).err


@pytest.mark.posix
def test_a_pipe_that_a_baseline_is_written_to_is_not_read_first(error: Path) -> None:
    written = in_process_of_its_own("lint", "--write-baseline", "/dev/stdout", error)

    assert written.code == 0
    assert [one["code"] for one in json.loads(written.out)["entries"]] == ["H207"]


def test_what_cannot_be_known_is_told(error: Path) -> None:
    known, broken = error.with_name("known.json"), error.with_name("broken.xml")
    broken.write_text("<SMTP><Host>", "utf-8")

    told = dmsmtp("lint", "--write-baseline", known, error, broken)

    assert told.code == 0
    assert told.err.splitlines() == [
        f"dmsmtp: 1 finding in 2 files written to {known}",
        "dmsmtp: 1 finding is not in it: D codes are never known from before",
    ]
    assert "not in it" not in dmsmtp("lint", "--write-baseline", known, error).err
    assert dmsmtp("lint", "--write-baseline", known, "--quiet", error, broken).err == ""


@pytest.mark.parametrize(
    "narrower",
    [
        ["agents/0"],
        ["--select", "H201", "agents"],
        ["--ignore", "H207", "agents"],
    ],
)
def test_what_a_narrower_run_leaves_out_of_it_is_told(
    narrower: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (("0", CLEAN), ("1", ERROR), ("2", ERROR)):
        (tmp_path / "agents" / name).mkdir(parents=True)
        (tmp_path / "agents" / name / "DataMiner.xml").write_text(f"<DataMiner>{text}</DataMiner>", "utf-8")
    monkeypatch.chdir(tmp_path)
    whole = dmsmtp("lint", "--write-baseline", "known.json", "agents")
    assert "no longer" not in whole.err + dmsmtp("lint", "--write-baseline", "known.json", "agents").err

    told = dmsmtp("lint", "--write-baseline", "known.json", *narrower)

    assert told.code == 0
    assert "dmsmtp: 2 findings are no longer in it that this run did not look for\n" in told.err


def test_what_went_or_was_mended_is_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.smtp.xml", "b.smtp.xml", "c.smtp.xml"):
        (tmp_path / name).write_text(ERROR, "utf-8")
    monkeypatch.chdir(tmp_path)
    dmsmtp("lint", "--write-baseline", "known.json", ".")
    (tmp_path / "a.smtp.xml").unlink()
    (tmp_path / "b.smtp.xml").write_text(CLEAN, "utf-8")

    assert "no longer" not in dmsmtp("lint", "--write-baseline", "known.json", ".").err
    (tmp_path / "c.smtp.xml").write_text("<SMTP>", "utf-8")
    assert "1 finding is no longer in it" in dmsmtp("lint", "--write-baseline", "known.json", ".").err
    (tmp_path / "known.json").write_text("<<<<<<<", "utf-8")
    assert "no longer" not in dmsmtp("lint", "--write-baseline", "known.json", ".").err


def test_who_writes_it_again_is_told_where_another_command_was_called(
    agents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(agents)
    (agents / "dmsmtp.toml").write_text('baseline = "known.json"\n', "utf-8")
    dmsmtp("lint", "--write-baseline", "known.json", "agents")
    dmsmtp("lint", "--no-baseline", "--fix", "agents")

    assert "write it again with --write-baseline\n" in dmsmtp("lint", "agents").err
    assert "write it again with lint --write-baseline\n" in dmsmtp("validate", "agents").err


@pytest.mark.parametrize("command", ["lint", "compare"])
def test_the_one_that_was_typed_is_not_left_aside(command: str, agents: Path) -> None:
    outcome = dmsmtp(command, "--baseline", "known.json", "--no-baseline", agents)

    assert (outcome.code, outcome.text) == (2, "")
    assert "--no-baseline leaves known findings aside, and --baseline names them" in outcome.err


def test_each_mistake_in_the_configuration_has_its_line(clean: Path) -> None:
    clean.with_name("dmsmtp.toml").write_text('selct = ["H"]\nfail-on = "warn"\n', "utf-8")

    outcome = dmsmtp("lint", "--config", clean.with_name("dmsmtp.toml"), clean)

    assert [line.rpartition("dmsmtp.toml:")[2][:2] for line in outcome.err.splitlines()] == ["1:", "2:"]


def test_a_format_that_was_typed_wins_over_counts_of_the_configuration(
    error: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error.with_name("dmsmtp.toml").write_text("statistics = true\n", "utf-8")
    monkeypatch.chdir(error.parent)

    assert dmsmtp("lint", error).text.startswith("count")
    assert json.loads(dmsmtp("lint", "--output-format", "sarif", error).out)["version"] == "2.1.0"


def test_counts_and_a_format_that_has_none_are_in_the_way_of_nothing_else(
    error: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error.with_name("dmsmtp.toml").write_text('statistics = true\noutput-format = "sarif"\n', "utf-8")
    monkeypatch.chdir(error.parent)

    assert "--statistics has full and json" in dmsmtp("lint", error).err
    assert "587-starttls" in dmsmtp("lint", "--diff", error).text
    assert dmsmtp("lint", "--write-baseline", "known.json", error).code == 0
