"""The page about a cluster: it loads nothing, holds no markup from a file, and works in a real browser."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrator.cluster.comparing import matrix
from migrator.reporters import cluster_reporter, pieces
from migrator.summary import Tally
from tests.browser import found
from tests.cli.running import dmsmtp
from tests.cluster.clusters import NONE, known

if TYPE_CHECKING:
    from collections.abc import Mapping

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "cluster"
PICTURE = Path(__file__).resolve().parents[2] / "docs" / "cluster.png"
PICTURE_SIZE = "1000,1250"
HOSTILE = "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;'"
VOID = frozenset({"meta", "input"})


class Tags(HTMLParser):
    """Tags that are opened, with their attributes; every one that must be is closed again."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag == "li" and self.open and self.open[-1] == "li":
            self.open.pop()
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol") and self.open[-1] == "li":
            self.open.pop()
        assert self.open.pop() == tag


def page(*agents: Mapping[str, str | None]) -> str:
    one = known(*agents)
    return "".join(pieces(cluster_reporter("html", matrix(one.cluster, one.notes)), [], Tally()))


def test_it_is_whole_and_loads_nothing() -> None:
    text = dmsmtp("compare", FIXTURE, "--output-format", "html").text
    tags = Tags(text)

    assert tags.open == []
    assert {tag for tag, _ in tags.found}.isdisjoint({"img", "link", "iframe", "object", "embed"})
    assert not [attributes for _, attributes in tags.found if {"src", "href", "srcset"} & set(attributes)]
    assert "http:" not in text
    assert "https:" not in text
    assert "url(" not in text
    assert text.count("<script>") == text.count("</script>") == 1


def test_markup_from_a_file_is_text() -> None:
    usual = page({"name": HOSTILE, "User": HOSTILE, "Host": HOSTILE}, {"name": HOSTILE, "User": "a"}, NONE)
    tags = Tags(usual)

    assert "img" not in {tag for tag, _ in tags.found}
    assert "<img" not in usual
    assert usual.count("</script>") == 1


def test_differences_are_marked_in_words() -> None:
    text = page({}, {}, {"HostPort": "25"})

    assert '<tbody data-setting="HostPort" data-differs>' in text
    assert '<tbody data-setting="Host">' in text
    assert '<tr data-group class="odd"><td>25 <b class="odd">differs</b></td>' in text
    secrets = page(*({"Password": one} for one in ("same-one", "same-one", "another", None)))
    assert '<tr data-group class="odd"><td>•••• different</td>' in secrets
    assert '<tr data-group class="odd"><td>missing <b class="odd">differs</b></td>' in secrets


def test_many_agents_are_folded() -> None:
    assert "<details>" not in page(*([{}] * 3))
    assert page(*({"id": str(number)} for number in range(1, 20))).count("<details><summary>19 agents") == 3


@pytest.fixture(scope="module")
def browser() -> str:
    return found()


def opened(browser: str, folder: Path, address: str, size: str) -> tuple[str, bytes]:
    """What a browser makes of a page: its DOM, and a picture of it."""
    picture = folder / "picture.png"
    outcome = subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={folder / 'profile'}",
            f"--window-size={size}",
            f"--screenshot={picture}",
            "--dump-dom",
            address,
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert picture.exists(), outcome.stderr[-500:]
    return outcome.stdout, picture.read_bytes()


@pytest.mark.linux
def test_the_picture_in_the_documentation(browser: str, tmp_path: Path) -> None:
    """It is taken anew, into the documentation, where the environment has PICTURES."""
    file = tmp_path / "cluster.html"
    with contextlib.chdir(FIXTURE.parents[1]):
        dmsmtp("compare", "fixtures/cluster", "--output-format", "html", "-o", file)

    dom, picture = opened(browser, tmp_path, file.as_uri(), PICTURE_SIZE)

    assert ">7 of 7 settings</output>" in dom
    if "PICTURES" in os.environ:
        PICTURE.write_bytes(picture)
    assert PICTURE.read_bytes()[:24] == picture[:24]  # the signature of PNG, and the size


@pytest.mark.linux
def test_it_works_in_a_browser(browser: str, tmp_path: Path) -> None:
    file = tmp_path / "cluster.html"
    agents = [{"id": str(number), "name": f"DMA-{number}"} for number in range(1, 1000)]
    file.write_text(page(*agents, {"id": "1000", "name": "OSLO", "HostPort": "25"}), "utf-8")
    dom, picture = opened(browser, tmp_path, f"{file.as_uri()}#agent=oslo&only=1", "900,600")

    shown = re.findall(r'<tbody data-setting="(\w+)"(?: data-differs="")?>', dom)
    assert shown == ["HostPort"]
    assert len(re.findall(r"<tbody[^>]* hidden", dom)) == 2
    assert (
        re.findall(r"<li(?: class=\"\")?>(OSLO[^<]*|DMA-[^<]*)<", dom.partition("<table>")[2])
        == ["OSLO (ID 1000)"] * 3
    )
    assert ">1 of 3 settings</output>" in dom
    assert picture.startswith(b"\x89PNG")
