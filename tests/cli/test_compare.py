"""`compare`, from the files of a cluster to its reports."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from migrator.cluster import places
from migrator.definition import schema_path
from migrator.reporters import CLUSTER_FORMATS
from tests.cli.running import CLEAN, dmsmtp, environment, in_process_of_its_own, without_privileges
from tests.cluster.clusters import document

if TYPE_CHECKING:
    from collections.abc import Mapping

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "cluster"
CANARY, OTHER_CANARY = "Kx7QvWz93TmPbY2d", "Zr4LsNc81HfGuE6j"


def written(folder: Path, *agents: Mapping[str, str | None]) -> Path:
    for number, one in enumerate(agents):
        place = folder / f"agent{number}"
        place.mkdir(parents=True)
        (place / "DataMiner.xml").write_text(document(one, number), "utf-8")
    return folder


def report(*arguments: str | Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(dmsmtp("compare", *arguments, "--output-format", "json").out)
    return told


@pytest.fixture
def alike(tmp_path: Path) -> Path:
    return written(tmp_path / "cluster", {}, {}, {})


@pytest.fixture
def differing(tmp_path: Path) -> Path:
    return written(tmp_path / "cluster", {}, {"HostPort": "25"}, {})


def test_what_is_expected_of_the_fixture() -> None:
    def told(one: dict[str, Any]) -> str:
        path = Path(one["path"]).relative_to(FIXTURE).as_posix()
        start, end = (f"{one[side]['line']}:{one[side]['column']}" for side in ("start", "end"))
        return f"{path} {start}-{end} {one['severity']} {one['code']} {one['place']}"

    found = report(FIXTURE)

    assert [told(one) for one in found["diagnostics"]] == (FIXTURE / "expected").read_text(
        "utf-8"
    ).splitlines()
    assert found["failures"] == []
    assert all(one["agent"] and one["related"] for one in found["diagnostics"])
    assert [pair["assumed"] for pair in found["cluster"]["pairs"]] == [True, True]


def test_the_report_for_programs_is_as_the_schema_says() -> None:
    schema = json.loads(schema_path("report.schema.json").read_text("utf-8"))
    told = report(FIXTURE)

    Draft202012Validator(schema).validate(told)
    assert "cluster" in schema["properties"]
    rows = {row["setting"]: row for row in told["cluster"]["settings"]}
    assert [name for name, row in rows.items() if row["differs"]] == ["HostPort", "From"]
    assert rows["Host"]["groups"][0]["others"] == ["SMTP.example.com"]
    assert [len(group["agents"]) for group in rows["HostPort"]["groups"]] == [1, 7]
    assert not rows["Password"]["groups"][0]["comparable"]
    assert rows["Helo"]["own"]


def test_the_table_at_the_terminal(differing: Path) -> None:
    table = dmsmtp("compare", differing).text.partition("3 agents, compared with what most agents have\n")[2]

    assert table == (
        "Host          smtp.example.com  all 3 agents\n"
        "HostPort    * 25                DMA-1 (ID 1)\n"
        "              587-starttls      2 agents\n"
        "LoginMethod   NoLoginMethod     all 3 agents\n"
        "* differs from the usual, which stands last\n"
    )


def test_the_table_in_markdown(differing: Path) -> None:
    lines = dmsmtp("compare", differing, "--output-format", "markdown").lines

    assert "| HostPort | differs | 25 | DMA-1 (ID 1) |" in lines
    assert "|  |  | 587-starttls | 2 agents |" in lines
    (found,) = (line for line in lines if "C901" in line)
    assert found.startswith("- DMA-1")
    assert found.endswith("; make them alike, as `dmsmtp apply` does, unless this agent is meant to differ")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 1),
        (["--fail-on", "error"], 0),
        (["--fail-on", "never"], 0),
        (["--ignore", "C901"], 0),
        (["--ignore", "agents-differ"], 0),
        (["--select", "C902"], 0),
        (["--min-severity", "error"], 1),
    ],
)
def test_exit_codes(arguments: list[str], code: int, differing: Path) -> None:
    assert dmsmtp("compare", differing, *arguments).code == code


def test_agents_that_are_alike(alike: Path) -> None:
    outcome = dmsmtp("compare", alike)

    assert outcome.code == 0
    assert outcome.err == "dmsmtp: nothing found in 3 files\n"
    assert "differs" not in outcome.text


def test_the_table_explains_no_mark_that_it_does_not_have(tmp_path: Path) -> None:
    agents = ({"Helo": f"dma{number}.example.com"} for number in (1, 2))
    table = dmsmtp("compare", written(tmp_path / "cluster", *agents)).text

    assert "dma2.example.com" in table
    assert "differs" not in table  # each machine has a Helo of its own


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "no path given, and the configuration names no agents"),
        (["-"], "agents are read from files, and not from standard input"),
        (["cluster/agent0"], "one agent was given: to compare needs two"),
        (["DMS.xml"], "a DMS.xml lists the agents of a cluster: give their DataMiner.xml too"),
        (["cluster", "--reference", "DMA-9"], "DMA-9: no agent has this name, path or ID"),
        (["cluster", "--failover", "DMA-0"], "--failover DMA-0: write it as A=B, two agents by name or path"),
        (["cluster", "--failover", "DMA-0=DMA-9"], "DMA-9: no agent has this name, path or ID"),
        (["cluster", "--select", "H207"], "this command does not report H207; `dmsmtp lint` does"),
        (["cluster", "--report", "htm=x"], 'there is no format "htm"; did you mean "html"?'),
        (["cluster", "-o", "cluster/agent0/DataMiner.xml"], "the report would overwrite this file"),
    ],
)
def test_what_cannot_be_done(
    arguments: list[str], expected: str, alike: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(alike.parent)
    Path("DMS.xml").write_text("<DMS/>", "utf-8")
    before = {path: path.read_bytes() for path in alike.rglob("*.xml")}

    outcome = dmsmtp("compare", *arguments)

    assert outcome.code == 2
    assert expected in outcome.err
    assert {path: path.read_bytes() for path in alike.rglob("*.xml")} == before


def test_lint_does_not_find_what_takes_several_files(alike: Path) -> None:
    outcome = dmsmtp("lint", "--select", "C901", alike)

    assert outcome.code == 2
    assert "this command does not report C901; `dmsmtp compare` does" in outcome.err


def test_a_comment_keeps_a_difference_quiet(differing: Path) -> None:
    file = differing / "agent1" / "DataMiner.xml"
    text = file.read_text("utf-8").replace(
        "<HostPort>", "\n<!-- dmsmtp: ignore[C901] a relay -->\n<HostPort>"
    )
    file.write_text(text, "utf-8")

    outcome = dmsmtp("compare", differing)

    assert outcome.code == 0
    assert outcome.err == "dmsmtp: nothing found in 3 files; 1 suppressed\n"
    assert "D008" not in dmsmtp("lint", differing).text


def test_one_agent_alone_to_compare_with(differing: Path) -> None:
    told = report(differing, "--reference", "DMA-1")

    assert [one["agent"] for one in told["diagnostics"]] == ["DMA-0 (ID 0)", "DMA-2 (ID 2)"]
    assert 'HostPort is "587-starttls" here and "25" on DMA-1 (ID 1)' in told["diagnostics"][0]["message"]
    assert told["cluster"]["reference"] == 1


def test_the_graver_of_two_findings_is_left(tmp_path: Path) -> None:
    odd = {"From": "x@example.com"}
    folder = written(tmp_path, {}, odd, {}, {})

    assert [one["code"] for one in report(folder)["diagnostics"]] == ["C901"]
    assert [one["code"] for one in report(folder, "--failover", "DMA-0=DMA-1")["diagnostics"]] == ["C902"]


def test_no_agent_is_lost(differing: Path) -> None:
    (differing / "agent0" / "DataMiner.xml").write_bytes(b"<DataMiner")
    (differing / "agent3").mkdir()
    (differing / "agent3" / "DataMiner.xml").write_text("<Other/>", "utf-8")

    outcome = dmsmtp("compare", differing, differing / "gone.xml")

    assert outcome.code == 2
    assert "error[D001]" in outcome.text
    assert "error[D005]" in outcome.text
    assert f"{differing / 'gone.xml'}: there is no such file" in outcome.err
    unread = next(line for line in outcome.lines if line.startswith("not read: "))
    assert all(name in unread for name in ("agent0", "agent3", "gone.xml"))


@pytest.mark.posix
def test_a_file_that_may_not_be_read(public_folder: Path) -> None:
    folder = written(public_folder / "cluster", {}, {"HostPort": "25"}, {})
    dmsmtp("compare", folder)  # loads what might be unreadable later
    (folder / "agent0" / "DataMiner.xml").chmod(0)

    with without_privileges():
        outcome = dmsmtp("compare", folder)

    assert outcome.code == 2
    assert "it may not be read" in outcome.err
    assert "not read: " in outcome.text


@pytest.mark.posix
def test_a_file_that_never_comes(differing: Path) -> None:
    pipe = differing / "agent0" / "DataMiner.xml"
    pipe.unlink()
    os.mkfifo(pipe)  # to open one waits until somebody writes

    outcome = dmsmtp("compare", "--timeout", "1", pipe, differing / "agent1", differing / "agent2")

    assert outcome.code == 2
    assert f"{pipe}: it did not come within 1 s: is the share there?" in outcome.err
    assert "HostPort    * " in outcome.text
    with pipe.open("wb"):  # so that the one who waits is released
        pass


def test_a_file_that_changes_meanwhile(differing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = differing / "agent1" / "DataMiner.xml"
    original = places.Placer.report_on

    def changed(placer: places.Placer, one: places.OnAgent) -> object:
        file.write_text(document({"HostPort": "26"}, 1), "utf-8")
        return original(placer, one)

    monkeypatch.setattr(places.Placer, "report_on", changed)
    outcome = dmsmtp("compare", differing)

    assert outcome.code == 2
    assert f"{file}: it changed while the agents were compared: compare them again" in outcome.err


def test_the_agents_of_the_configuration(differing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = differing.parent / "dmsmtp.toml"
    agents = "".join(
        f'[[cluster.agents]]\nname = "Agent {number}"\npath = "cluster/agent{number}/DataMiner.xml"\n'
        for number in range(3)
    )
    config.write_text(f'[cluster]\nfailover = [["Agent 0", "cluster/agent1"]]\n{agents}', "utf-8")
    monkeypatch.chdir(differing.parent)

    told = report()

    assert [one["label"] for one in told["cluster"]["agents"]] == [f"Agent {n} (ID {n})" for n in range(3)]
    assert [one["code"] for one in told["diagnostics"]] == ["C902"]
    assert [one["path"] for one in told["diagnostics"]] == ["cluster/agent1/DataMiner.xml"]
    assert '"path" = "' in dmsmtp("lint", "--show-settings", differing).text
    assert report("cluster/agent0", "cluster/agent2")["cluster"]["agents"][0]["label"] == "Agent 0 (ID 0)"


@pytest.mark.parametrize(
    ("pair", "unknown"),
    [
        (("Agnet 0", "cluster/agent2/DataMiner.xml"), None),
        (("Agnet 0", "Agent 1"), "Agnet 0"),
        (("Agnet 0", "9"), "Agnet 0 or 9"),
        (("Agent 0", "cluster/agent1/DataMiner.xml"), None),
    ],
)
def test_a_configured_pair_of_agents_that_nobody_knows_is_told(
    pair: tuple[str, str], unknown: str | None, differing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agents = "".join(
        f'[[cluster.agents]]\nname = "Agent {number}"\npath = "cluster/agent{number}/DataMiner.xml"\n'
        for number in range(2)
    )
    (differing / "agent3").mkdir()
    (differing / "agent3" / "DataMiner.xml").write_text(document({}, 3), "utf-8")
    config = f"[cluster]\nfailover = [{json.dumps(pair)}]\n{agents}"
    (differing.parent / "dmsmtp.toml").write_text(config, "utf-8")
    monkeypatch.chdir(differing.parent)

    said = dmsmtp("compare", "cluster/agent2", "cluster/agent3").err

    words = f"{pair[0]} and {pair[1]} as a Failover pair, and no agent here has the name, path or ID"
    assert (f"dmsmtp: the configuration has {words} {unknown}\n" in said) == (unknown is not None)
    assert ("no agent here has" in said) == (unknown is not None)


def test_differences_that_are_known_are_not_told_again(differing: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "known.json"

    written = dmsmtp("compare", "--write-baseline", baseline, differing)
    known = dmsmtp("compare", "--baseline", baseline, "--output-format", "json", differing)
    (differing / "agent2" / "DataMiner.xml").write_text(document({"From": "other@example.com"}, 2), "utf-8")
    new = report(differing, "--baseline", baseline)
    (differing / "agent1" / "DataMiner.xml").write_text(document({}, 1), "utf-8")
    gone = dmsmtp("compare", "--baseline", baseline, differing)

    assert (written.code, written.out) == (0, b"")
    assert written.err == f"dmsmtp: 1 finding in 3 files written to {baseline}\n"
    told = json.loads(known.out)
    assert (known.code, told["diagnostics"], told["summary"]["suppressed"]) == (0, [], 1)
    assert [row["setting"] for row in told["cluster"]["settings"] if row["differs"]] == ["HostPort"]
    assert {one["path"] for one in new["diagnostics"]} == {(differing / "agent2/DataMiner.xml").as_posix()}
    assert "1 known finding of the baseline is no longer there" in gone.err


def test_a_baseline_that_is_written_anew_or_left_out(
    differing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("dmsmtp.toml").write_text('baseline = "known.json"\n', "utf-8")

    assert "known.json: there is no such baseline" in dmsmtp("compare", differing).err
    assert dmsmtp("compare", "--write-baseline", "known.json", differing).code == 0
    assert dmsmtp("compare", differing).code == 0
    assert dmsmtp("compare", "--no-baseline", differing).code == 1
    assert "writes the baseline alone" in dmsmtp("compare", "--write-baseline", "x", "-o", "y", differing).err


def test_a_file_given_twice_is_one_agent(alike: Path) -> None:
    assert len(report(alike, alike / "agent0", alike / "agent0" / "DataMiner.xml")["cluster"]["agents"]) == 3


def test_dms_xml_that_lies_beside_or_is_given(alike: Path) -> None:
    text = '<DMS><DMA ip="192.0.2.9" id="9"/></DMS>'
    note = "dmsmtp: DMS.xml lists agents of which no file was given: 9 (192.0.2.9)\n"
    assert note not in dmsmtp("compare", alike).err
    (alike.parent / "list.xml").write_text(text, "utf-8")
    assert note in dmsmtp("compare", alike, alike.parent / "list.xml").err
    (alike / "agent1" / "DMS.xml").write_text(text, "utf-8")
    assert note in dmsmtp("compare", alike).err
    assert dmsmtp("compare", "-q", alike).err == ""


def test_formats_and_reports_of_one_run(differing: Path, tmp_path: Path) -> None:
    further = [f"--report={name}={tmp_path / name}" for name in CLUSTER_FORMATS]
    outcome = dmsmtp("compare", differing, *further)

    assert outcome.code == 1
    for name in CLUSTER_FORMATS:
        text = (tmp_path / name).read_text("utf-8")
        assert "C901" in text
        assert dmsmtp("compare", differing, "--output-format", name).text == text or name in (
            "sarif",
            "junit",
        )
    assert outcome.text == (tmp_path / "full").read_text("utf-8")


def test_the_number_of_processes_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(tmp_path, *([{}] * 20), *({"From": f"a{n % 3}@example.com"} for n in range(20)))
    monkeypatch.setattr("migrator.parallel.FEWEST", 4)

    one, several = (dmsmtp("compare", folder, "--jobs", number) for number in ("1", "3"))

    assert one == several
    assert one.code == 1


def test_other_formats_of_files(tmp_path: Path) -> None:
    (tmp_path / "a.smtp.xml").write_text(CLEAN, "utf-8")
    (tmp_path / "b.smtp.yaml").write_text(
        "SMTP:\n  Host: smtp.example.com\n  HostPort: 587-starttls\n  LoginMethod: NoLoginMethod\n"
        "  From: dma@example.com\n",
        "utf-8",
    )
    (tmp_path / "c.smtp.json").write_text(json.dumps({"SMTP": {"Host": "smtp.example.com", "HostPort": 25}}))

    places_ = [(one["place"], Path(one["path"]).name) for one in report(tmp_path)["diagnostics"]]

    assert places_ == [
        ("SMTP", "c.smtp.json"),
        ("SMTP", "c.smtp.json"),
        ("SMTP/HostPort", "c.smtp.json"),
    ]


@pytest.mark.parametrize("name", CLUSTER_FORMATS)
def test_no_secret_is_shown(name: str, tmp_path: Path) -> None:
    secret, other = {"Password": CANARY, "Helo": "a.example.com"}, {"Password": OTHER_CANARY}
    folder = written(
        tmp_path,
        {**secret, "id": CANARY},
        {**secret, "User": OTHER_CANARY, "Host": f"u:{CANARY}@smtp.example.com"},
        {**other, "User": CANARY, "name": OTHER_CANARY},
        {**other, "Pasword": CANARY},
    )

    outcome = dmsmtp("compare", folder, "--output-format", name)
    text = (outcome.text + outcome.err).lower()

    assert outcome.code == 1
    for canary in (CANARY, OTHER_CANARY):
        windows = [canary[start : start + 6].lower() for start in range(len(canary) - 5)]
        assert not [one for one in windows if one in text]


def test_no_secret_of_the_fixture_is_shown() -> None:
    secrets = {
        match.decode()
        for file in FIXTURE.rglob("*.xml")
        for match in re.findall(rb"<Password>([^<]+)<", file.read_bytes().replace(b"\0", b""))
    }
    assert len(secrets) == 6
    for name in CLUSTER_FORMATS:
        outcome = dmsmtp("compare", FIXTURE, "--output-format", name)
        assert not [one for one in secrets if one in outcome.text + outcome.err]


def test_in_a_process_of_its_own(differing: Path) -> None:
    outcome = in_process_of_its_own("compare", differing, env=environment(PYTHONUTF8="1"))

    assert outcome.code == 1
    assert outcome.text == dmsmtp("compare", differing).text
    assert outcome.err == dmsmtp("compare", differing).err


SECTION = """\
SMTP:
  Host: smtp.example.com
  HostPort: 587-starttls
  LoginMethod: AuthLoginMethod
  User: dma@example.com
  Password: "{}"
  From: dma@example.com
"""


@pytest.mark.parametrize(
    ("passwords", "differs", "comparable"),
    [
        (["${env:A_PASSWORD}", CANARY, CANARY], False, False),
        (["${env:A_PASSWORD}", "${env:OTHER}", "${env:OTHER}"], False, False),
        (["${env:A_PASSWORD}", "${env:A_PASSWORD}"], False, False),
        (["$${x}", "${x}"], False, True),
        (["$${env:A_PASSWORD}", CANARY, CANARY], True, True),
        ([OTHER_CANARY, CANARY, CANARY], True, True),
    ],
)
def test_variables_that_nobody_looked_up(
    passwords: list[str], differs: bool, comparable: bool, tmp_path: Path
) -> None:
    for number, password in enumerate(passwords):
        (tmp_path / f"{number}.smtp.yaml").write_text(SECTION.format(password), "utf-8")

    told = report(tmp_path)

    row = next(row for row in told["cluster"]["settings"] if row["setting"] == "Password")
    assert row["differs"] == differs
    assert all(group["comparable"] for group in row["groups"]) == comparable
    assert "C905" not in [one["code"] for one in told["diagnostics"]]
    assert ("C901" in [one["code"] for one in told["diagnostics"]]) == differs
