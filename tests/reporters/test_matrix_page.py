"""The page about a cluster: it loads nothing, holds no markup from a file, and works in a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrator.cluster.comparing import matrix
from migrator.reporters import cluster_reporter, pieces
from migrator.summary import Tally
from tests.cli.running import dmsmtp
from tests.cluster.clusters import NONE, known

if TYPE_CHECKING:
    from collections.abc import Mapping

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "cluster"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
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


def test_many_agents_are_folded() -> None:
    assert "<details>" not in page(*([{}] * 3))
    assert page(*({"id": str(number)} for number in range(1, 20))).count("<details><summary>19 agents") == 3


@pytest.fixture(scope="module")
def browser() -> str:
    """A browser that can be told what to do."""
    found = next((path for name in BROWSERS if (path := shutil.which(name)) is not None), None)
    if found is None:
        pytest.skip("install chromium, or run make tools")
    return found


def test_it_works_in_a_browser(browser: str, tmp_path: Path) -> None:
    file, picture = tmp_path / "cluster.html", tmp_path / "cluster.png"
    agents = [{"id": str(number), "name": f"DMA-{number}"} for number in range(1, 1000)]
    file.write_text(page(*agents, {"id": "1000", "name": "OSLO", "HostPort": "25"}), "utf-8")
    asked = f"{file.as_uri()}#agent=oslo&only=1"
    outcome = subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--window-size=900,600",
            f"--screenshot={picture}",
            "--dump-dom",
            asked,
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )

    dom = outcome.stdout
    shown = re.findall(r'<tbody data-setting="(\w+)"(?: data-differs="")?>', dom)
    assert shown == ["HostPort"], outcome.stderr[-500:]
    assert len(re.findall(r"<tbody[^>]* hidden", dom)) == 2
    assert (
        re.findall(r"<li(?: class=\"\")?>(OSLO[^<]*|DMA-[^<]*)<", dom.partition("<table>")[2])
        == ["OSLO (ID 1000)"] * 3
    )
    assert ">1 of 3 settings</output>" in dom
    assert picture.read_bytes().startswith(b"\x89PNG")
