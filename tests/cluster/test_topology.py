"""Who the agents are: names, Failover pairs, what DMS.xml lists, and what is said about all that."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrator.agents import Pair
from migrator.checking import CheckSettings
from migrator.cluster.dms_xml import Listed, Members
from migrator.cluster.meaning import digest_of
from migrator.cluster.reading import AgentReader, FileRead
from migrator.cluster.topology import Declared, Known, Topology, Unclear, topology
from migrator.document.limits import Limits
from migrator.files import InputFile
from tests.cluster.clusters import DIGEST, KEY, NONE, REFERENCE, cluster, document, known, read
from tests.cluster.clusters import found as found_in

if TYPE_CHECKING:
    from collections.abc import Mapping

SAME: Mapping[str, str | None] = {}
TWINS: list[Mapping[str, str | None]] = [{"id": "7", "name": "A"}, {"id": "7", "name": "A"}]


def unclear(*agents: Mapping[str, str | None], declared: Declared) -> str:
    files = [read(document(one, number), f"a{number}/DataMiner.xml") for number, one in enumerate(agents)]
    found = topology(files, declared, DIGEST)
    assert isinstance(found, Unclear)
    return found.reason


@pytest.mark.parametrize(
    ("agents", "expected"),
    [
        ([{"id": "7", "name": "A"}], ["A (ID 7)"]),
        ([{"id": None, "name": "A"}], ["A"]),
        ([{"id": "7", "name": None}], ["ID 7"]),
        ([{"id": None, "name": None}], ["a0/DataMiner.xml"]),
        (TWINS, ["A (ID 7) in a0", "A (ID 7) in a1"]),
        ([{"id": None, "name": "  "}], ["a0/DataMiner.xml"]),
        ([{"id": " 7 ", "name": "A"}], ["A (ID 7)"]),
        ([{"id": "  ", "name": "A"}], ["A"]),
    ],
)
def test_labels(agents: list[Mapping[str, str | None]], expected: list[str]) -> None:
    assert [one.label.replace(os.sep, "/") for one in cluster(*agents).agents] == expected


def test_the_configuration_names_agents() -> None:
    declared = Declared((Known("Main", os.path.abspath("a0/DataMiner.xml"), "9"),))  # noqa: PTH100

    assert [one.label for one in cluster(SAME, SAME, declared=declared).agents] == [
        "Main (ID 9)",
        "DMA-1 (ID 1)",
    ]


def test_an_id_of_the_configuration_that_the_file_does_not_have_is_told() -> None:
    paths = [os.path.abspath(f"a{number}/DataMiner.xml") for number in range(4)]  # noqa: PTH100
    given = ("7", "1", None, "3")
    declared = Declared(tuple(map(Known, "ABCD", paths, given)))

    (note,) = known(SAME, SAME, SAME, {"id": None}, declared=declared).notes

    assert note.replace(os.sep, "/") == (
        "A (ID 7): its ID is that of the configuration, and its file a0/DataMiner.xml has 0: "
        "is it that of another agent?"
    )


@pytest.mark.posix
def test_links_on_the_way_to_the_folder_of_the_configuration_count_for_nothing(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    for name in ("a0", "a1"):
        (real / name).mkdir(parents=True)
    link.symlink_to("real")

    for given, folder in ((real, link), (link, real), (link, link)):
        declared = Declared(
            (Known("Main", str(folder / "a0" / "DataMiner.xml")), Known("Other", str(folder / "a1"))),
            configured=(("Main", "Other"),),
            reference=str(folder / "a1" / "DataMiner.xml"),
            folder=str(folder),
        )
        files = [
            read(document(SAME, number), str(given / f"a{number}" / "DataMiner.xml")) for number in range(2)
        ]
        found = topology(files, declared, DIGEST)

        assert isinstance(found, Topology), found
        assert [one.name for one in found.cluster.agents] == ["Main", "Other"]
        assert found.cluster.pairs == (Pair(0, 1),)
        assert found.cluster.reference == 1


def test_two_files_with_one_id_are_taken_as_a_pair_and_that_is_said() -> None:
    found = known(*TWINS, SAME)

    assert found.cluster.pairs == (Pair(0, 1, is_assumed=True),)
    (note,) = found.notes
    assert note.replace(os.sep, "/") == (
        "A (ID 7) in a0 and A (ID 7) in a1 have one DataMiner ID: taken as a Failover pair"
    )


@pytest.mark.parametrize(
    ("clusters", "pairs", "copies"),
    [
        (["A", "B"], [], []),
        (["A", "A"], [(0, 1)], []),
        (["A", ""], [(0, 1)], []),
        (["A", None], [(0, 1)], []),
        (["A", "B", "A"], [(0, 2)], []),
        (["A", "B", "A", "B"], [(0, 2), (1, 3)], []),
        (["A", "B", None], [], []),
        (["A", None, None], [], [1, 2]),
        (["A", "B", "A", "A"], [], [2, 3]),
    ],
)
def test_agents_of_two_clusters_are_neither_a_pair_nor_copies(
    clusters: list[str | None], pairs: list[tuple[int, int]], copies: list[int], tmp_path: Path
) -> None:
    """As where the agents of several customers are in one folder."""
    paths = [str(tmp_path / f"a{number}" / "DataMiner.xml") for number in range(len(clusters))]
    for path, name in zip(map(Path, paths), clusters, strict=True):
        path.parent.mkdir()
        path.write_text(document({"id": "1"}, 0), "utf-8")
        if name is not None:
            (path.parent / "DMS.xml").write_text(DMS.format(f'<Cluster name="{name}"/>'), "utf-8")
    reader = AgentReader(lambda _: CheckSettings(), 1024, KEY)
    files = list(reader.read_all(InputFile(path, path) for path in paths))

    found = topology(files, Declared(), DIGEST)

    assert not isinstance(found, Unclear)
    assert found.cluster.pairs == tuple(Pair(*numbers, is_assumed=True) for numbers in pairs)
    assert [agent for code, agent, _, _ in found_in(found.cluster) if code == "C903"] == copies
    declared = topology(files, Declared(pairs=((paths[0], paths[1]),)), DIGEST)
    assert not isinstance(declared, Unclear)
    assert Pair(0, 1) in declared.cluster.pairs


def test_white_space_around_an_id_does_not_count() -> None:
    """As in DMS.xml, and to the schema."""
    found = known({"id": "7", "name": "A"}, {"id": " 7\n", "name": "A"})

    assert found.cluster.pairs == (Pair(0, 1, is_assumed=True),)


def test_three_files_with_one_id_are_no_pair() -> None:
    assert known(*TWINS, TWINS[0]).cluster.pairs == ()


@pytest.mark.parametrize("pair", [("a0", "a1"), ("a0/DataMiner.xml", "a1/DataMiner.xml"), ("a1", "./a0")])
def test_a_declared_pair(pair: tuple[str, str]) -> None:
    found = known(*TWINS, declared=Declared(pairs=(pair,)))

    assert found.cluster.pairs == (Pair(0, 1),)
    assert found.notes == ()


@pytest.mark.parametrize("is_there", [True, False])
def test_each_path_is_looked_at_a_few_times_however_many_pairs_there_are(
    is_there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = 60
    names = [f"DMA-{one}" for one in range(number)]
    pairs = tuple(zip(names[::2], names[1::2], strict=True))
    agents: list[Mapping[str, str | None]] = [{"id": None, "name": name} for name in names]
    looked_at: list[str] = []
    real = os.path.abspath

    def counting(path: str) -> str:
        looked_at.append(path)
        return real(path)

    monkeypatch.setattr("migrator.cluster.topology.os.path.abspath", counting)
    declared = Declared(tuple(Known(name, f"/{name}") for name in names), configured=pairs)
    found = known(*(agents if is_there else [SAME]), declared=declared)

    assert len(found.cluster.pairs) == (len(pairs) if is_there else 0)
    assert len(looked_at) < 5 * number


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("DMA-0", "DMA-9")], "DMA-9: no agent has this name, path or ID"),
        ([("DMA-0", "DMA-0")], "DMA-0 and DMA-0: this is one agent, and a Failover pair has two"),
        ([("DMA-0", "1"), ("0", "2")], "0 and 2: an agent is in one Failover pair alone"),
        (
            [("A", "DMA-0")],
            'A: several agents have this name; give its path, as in "a3/DataMiner.xml" or "a4',
        ),
    ],
)
def test_a_pair_that_is_unclear(pairs: list[tuple[str, str]], expected: str) -> None:
    told = unclear(SAME, SAME, SAME, *TWINS, declared=Declared(pairs=tuple(pairs)))

    assert told.startswith(expected)


@pytest.mark.parametrize("pair", [("A", "absent"), ("absent", "A")])
def test_a_configured_pair_of_which_one_is_absent_and_one_is_unclear(pair: tuple[str, str]) -> None:
    told = unclear(SAME, *TWINS, declared=Declared(configured=(pair,)))

    assert told.startswith("A: several agents have this name; give its path")


def test_a_reference_must_be_there_and_have_a_section() -> None:
    assert cluster(SAME, SAME, declared=Declared(reference="1")).reference == 1
    assert unclear(SAME, declared=Declared(reference="x")) == "x: no agent has this name, path or ID"
    assert unclear(SAME, NONE, declared=Declared(reference="DMA-1")) == (
        "DMA-1: this agent has no section to compare with"
    )
    assert unclear(SAME, {"Host": None}, declared=Declared(reference="DMA-1")) == (
        "DMA-1: this agent names no Host to compare with"
    )
    inside = {"SMTP": "<Logging><SMTP><Host>smtp.example.com</Host></SMTP></Logging>"}
    assert unclear(SAME, inside, declared=Declared(reference="DMA-1")) == (
        "DMA-1: this agent has no section directly under DataMiner to compare with"
    )
    assert unclear(SAME, {"SMTP": "<SMTP>"}, declared=Declared(reference="a1/DataMiner.xml")) == (
        "a1/DataMiner.xml: this agent could not be read: D001 not-well-formed"
    )


def test_a_secret_of_one_agent_is_shown_on_none() -> None:
    with_secret = {"Password": "frost+on+tulips"}
    one = cluster(with_secret, {"User": "frost+on+tulips"}, {"User": "dma"})

    assert [agent.values["User"].text for agent in one.agents[1:]] == ["••••", "dma"]
    assert one.agents[1].values["User"].is_hidden
    assert "frost" not in repr(one.agents)


def test_of_what_is_there_twice_the_first_counts_and_that_is_said() -> None:
    section, other = "<SMTP><Host>a.example.com</Host></SMTP>", "<SMTP><Host>b.example.com</Host></SMTP>"
    setting = "<SMTP><Host>a.example.com</Host><X/><Host>b.example.com</Host></SMTP>"
    same = "<SMTP><Host>a.example.com</Host><Host>a.example.com</Host></SMTP>"
    texts = (section + other, section + section, setting, same, section)

    found = known(*({"SMTP": text} for text in texts))

    (note,) = found.notes
    assert note.startswith("DMA-0 (ID 0), DMA-2 (ID 2): the section, or a setting in it, is there twice")
    assert {agent.values["Host"].text for agent in found.cluster.agents} == {"a.example.com"}


# DMS.xml

DMS = '<DMS xmlns="http://www.skyline.be/config/dms">{}</DMS>'
AGENTS = (
    '<Cluster name="C"/><DMA ip="192.0.2.1"/><DMA ip="dma2.example.com" id="2"/><DMA ip="192.0.2.3" id="3"/>'
)


def said(inside: str, *agents: Mapping[str, str | None]) -> list[str]:
    files = [read(document(one, number), f"a{number}/DataMiner.xml") for number, one in enumerate(agents, 1)]
    found = topology([read(DMS.format(inside), "DMS.xml"), *files], Declared(), DIGEST)
    assert not isinstance(found, Unclear)
    return list(found.notes)


@pytest.mark.parametrize(
    "text", [DMS.format(AGENTS), f"<DMS>{AGENTS}</DMS>", f"<DMS><Agents>{AGENTS}</Agents></DMS>"]
)
def test_what_dms_xml_lists(text: str) -> None:
    members = read(text).members

    assert members is not None
    assert members.cluster == "C"
    assert members.listed == (
        Listed(None, "192.0.2.1"),
        Listed("2", "dma2.example.com"),
        Listed("3", "192.0.2.3"),
    )
    assert not members.has_failover


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<DMS><DMA", "line 1: "),
        (b"\xff\xfe\xff", "line 1: "),
        (b"<DataMiner/>", "its root is not DMS"),
        (b"<DMS>" + b" " * 2048 + b"</DMS>", ""),
    ],
)
def test_a_dms_xml_that_cannot_be_read_is_told(data: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "DataMiner.xml"
    path.write_text(document(SAME, 1), "utf-8")
    (tmp_path / "DMS.xml").write_bytes(data)
    reader = AgentReader(lambda _: CheckSettings(limits=Limits(size=1024)), 1024, KEY)

    found = topology(list(reader.read_all([InputFile(str(path), str(path))])), Declared(), DIGEST)

    assert not isinstance(found, Unclear)
    (note,) = found.notes
    assert note.startswith(f"{tmp_path / 'DMS.xml'} lists nothing that can be read: {why}")


def test_a_dms_xml_is_read_once_for_all_agents_of_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "DMS.xml").write_text(DMS.format(AGENTS), "utf-8")
    paths = [str(tmp_path / f"{number}.smtp.xml") for number in range(9)]
    for path in paths:
        Path(path).write_text(document(SAME, 1), "utf-8")
    looked_for: list[str] = []
    real = os.path.isfile

    def counting(path: str) -> bool:
        looked_for.append(path)
        return real(path)

    monkeypatch.setattr("migrator.cluster.reading.os.path.isfile", counting)
    reader = AgentReader(lambda _: CheckSettings(), 1024, KEY)

    files = list(reader.read_all(InputFile(path, path) for path in paths))

    assert [one.beside is not None and one.beside.cluster for one in files] == ["C"] * len(paths)
    assert looked_for == [str(tmp_path / "DMS.xml")]


def test_a_dms_xml_is_no_agent_and_another_file_is_no_dms_xml() -> None:
    assert read(DMS.format("")).agent is None
    assert read("<DataMiner><DMS/></DataMiner>").members is None


def test_nothing_is_said_where_all_is_known() -> None:
    assert said(AGENTS, SAME, SAME, SAME) == []


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (AGENTS, ["DMS.xml lists agents of which no file was given: 3 (192.0.2.3)"]),
        ('<DMA ip="a" id="2"/><DMA ip="b" id="2"/>', ["DMS.xml lists agent 2 more than once"]),
        ('<DMA ip="a"/><DMA ip="b"/>', ["DMS.xml lists 2 agents without an ID: a, b"]),
        (
            "<Failover/>",
            [
                (
                    "DMS.xml speaks of Failover, and no pair is known among these files: what it says is not "
                    "documented, so name the pair with --failover A=B"
                )
            ],
        ),
        ('<DMA ip="a" id="2"><Failover/></DMA>', ["DMS.xml speaks of Failover"]),
    ],
)
def test_what_is_said_about_dms_xml(inside: str, expected: list[str]) -> None:
    told = said(inside, SAME, SAME)

    assert len(told) == len(expected)
    assert all(one.startswith(start) for one, start in zip(told, expected, strict=True))


def test_what_many_lists_have_in_common_is_said_once() -> None:
    text = DMS.format('<DMA ip="a" id="0"/><DMA ip="b" id="0"/>')
    lists = [read(text, f"a{number}/DMS.xml") for number in range(3)]
    other = read(DMS.format('<DMA ip="a"/><DMA ip="b"/>'), "DMS.xml")

    found = topology([*lists, other, read(document(SAME, 0))], Declared(), DIGEST)

    assert not isinstance(found, Unclear)
    assert found.notes == (
        "a0/DMS.xml and 2 more list agent 0 more than once",
        "DMS.xml lists 2 agents without an ID: a, b",
    )


def test_of_an_agent_that_is_missed_a_file_that_was_not_read_may_be_the_one() -> None:
    members = read(DMS.format(AGENTS), "DMS.xml")
    files = [members, read(document(SAME, 2), "a2/DataMiner.xml"), read("<DataMiner>", "a3/DataMiner.xml")]

    found = topology(files, Declared(configured=(("DMA-2", "DMA-3"),)), DIGEST)

    assert not isinstance(found, Unclear)
    listed, half = found.notes
    assert listed == "DMS.xml lists agents of which no file was read: 3 (192.0.2.3)"
    assert half == (
        "DMA-2 (ID 2) is in a Failover pair with DMA-3, whose file was not read; "
        "a3/DataMiner.xml was not read: D001 not-well-formed"
    )


def test_a_known_pair_answers_a_failover_tag() -> None:
    assert not [one for one in said("<Failover/>", *TWINS) if "speaks of" in one]


def test_a_long_list_is_gone_through_once() -> None:
    """One of all agents lies beside each of them."""
    compared = 0

    class Counting(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

    number = 300
    members = Members(
        "DMS.xml", None, tuple(Listed(Counting(one), "") for one in range(number)), has_failover=False
    )
    found = topology([FileRead(InputFile("DMS.xml", "DMS.xml"), members=members)], Declared(), DIGEST)

    assert not isinstance(found, Unclear)
    (note,) = found.notes
    assert "of which no file was given" in note
    assert compared < 10 * number


def test_a_password_in_dms_xml_is_never_read() -> None:
    members = read(DMS.format('<Redirects><Redirect pwd="frost+on+tulips"/></Redirects>')).members

    assert "frost" not in repr(members)


def test_what_cannot_be_read_is_still_an_agent() -> None:
    for text in ("<DataMiner>", "<Other/>", "<!DOCTYPE x><DataMiner/>", "\0"):
        one = read(text)

        assert one.agent is not None
        assert one.agent.problem
        assert one.report is not None
        assert one.report.diagnostics


def test_a_digest_imports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(name: str, *_rest: object) -> None:
        raise AssertionError(name)

    monkeypatch.setattr("builtins.__import__", forbidden)
    found = digest_of(b"a", KEY)
    monkeypatch.undo()

    assert found == digest_of(b"a", KEY)


def test_the_digest_tells_secrets_apart_and_holds_none() -> None:
    first, same, other = (
        read(document({"Password": text}, 1)).agent for text in (REFERENCE, REFERENCE, "frost+on+tulips")
    )

    assert first is not None
    assert same is not None
    assert other is not None
    assert first.values["Password"].meaning == same.values["Password"].meaning
    assert first.values["Password"].meaning != other.values["Password"].meaning
    assert first.values["Password"].text == "reference ••••"
    assert CheckSettings().codes.isdisjoint({"C901", "C905"})
