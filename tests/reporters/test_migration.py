"""Reports on a migration: as text, as JSON, as Markdown, and as a page that a browser opens."""

from __future__ import annotations

import json
import re
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from migrator.checking import CheckSettings
from migrator.migrations.migrating import migrate
from migrator.migrations.model import Goal
from migrator.migrations.report import Report, report
from migrator.migrations.result import Migration, State
from migrator.reporters import Layout
from migrator.reporters.migration import as_text
from migrator.reporters.migration_html import as_html
from migrator.reporters.migration_json import as_json
from migrator.reporters.migration_markdown import as_markdown
from tests import browser
from tests.migrations.agents import PASSWORD, content
from tests.migrations.test_steps import version
from tests.rules.tables import AS_OF, section

if TYPE_CHECKING:
    from pathlib import Path

VOID = {"meta", "br"}


def cluster() -> Report:
    goal = Goal(version("10.6.4"), AS_OF)
    files = [(f"{number}/{name}", data) for number in range(1, 21) for name, data in [content(number)]]
    files += [
        ("broken.xml", b"<SMTP><Host>"),
        ("<b>&amp;*odd*|`.xml", section(Helo="<![CDATA[<i>a|`b]]>", HostPort="465-ssl").encode()),
    ]
    done = [migrate(path, data, goal, CheckSettings()).migration for path, data in files]
    done.append(Migration("gone.xml", failure="it does not exist"))
    return report(done, goal, is_written=False)


def texts(one: Report) -> dict[str, str]:
    return {
        "full": "".join(as_text(one, Layout(), diffs=True)),
        "json": as_json(one),
        "markdown": as_markdown(one),
        "html": "".join(as_html(one)),
    }


class _Page(HTMLParser):
    """What is open at the end, all links and their targets, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", ["full", "json", "markdown", "html"])
def test_a_report_holds_all_agents_and_no_secret(name: str) -> None:
    one = cluster()
    text = texts(one)[name]

    assert PASSWORD not in text
    assert "canary" not in text
    for migration in one.migrations[:20]:
        assert text.count(migration.path) >= 1
    assert "Microsoft: Register an application" in text.replace("\n   ", "")
    assert "it does not exist" in text
    assert "D001" in text


def test_text_begins_with_the_cluster_at_a_glance() -> None:
    lines = "".join(as_text(cluster(), Layout(), diffs=False)).splitlines()

    assert lines[0] == "Migration to DataMiner 10.6.4"
    assert lines[1] == "23 agents: 1 done, 1 manual, 19 pending, 2 could not be migrated"
    assert lines[2].startswith("6 agents log in with a password where that ends; it works by default until")
    assert max(map(len, lines[:40])) <= 100


def test_text_shows_diffs_where_they_are_wanted() -> None:
    one = cluster()

    assert "-    <HostPort>587-STARTTLS</HostPort>" in "".join(as_text(one, Layout(), diffs=True))
    assert "-    <HostPort>587-STARTTLS" not in "".join(as_text(one, Layout(), diffs=False))
    coloured = "".join(as_text(one, Layout(colour=True), diffs=True))
    assert "\x1b[31m-    <HostPort>587-STARTTLS</HostPort>\x1b[0m" in coloured


def test_json_has_figures_and_items() -> None:
    document = json.loads(as_json(cluster()))

    assert (document["version"], document["to"], document["from"]) == (1, "10.6.4", None)
    assert document["summary"] == {"agents": 23, "failed": 2, "pending": 19, "manual": 1, "done": 1}
    first = document["agents"][0]
    assert first["state"] == "pending"
    assert first["changes"][0]["before"] == ["<HostPort>587-STARTTLS</HostPort>"]
    assert document["worksheet"]["days_left"] == 38
    assert all(task["title"] for task in document["worksheet"]["tasks"])


def test_json_says_nothing_of_a_file_that_could_not_be_read_but_why() -> None:
    *_, broken, _, gone = json.loads(as_json(cluster()))["agents"]

    assert (broken["unreadable"]["code"], broken["failure"]) == ("D001", None)
    assert (gone["unreadable"], gone["failure"]) == (None, "it does not exist")
    for one, path in ((broken, "broken.xml"), (gone, "gone.xml")):
        said = {name: value for name, value in one.items() if name not in ("unreadable", "failure")}
        assert said == {
            "path": path,
            "name": None,
            "state": "failed",
            "origin": "from a version that nothing in the file tells",
            "written": False,
            "backup": None,
            "changes": [],
            "waiting": [],
            "manual": [],
            "others": {},
            "suppressed": 0,
            "diff": "",
        }


def test_markdown_has_a_table_of_agents() -> None:
    text = as_markdown(cluster())

    rows = [line for line in text.splitlines() if line.startswith("| ")]
    head = rows[0].count("|")
    assert rows[0].startswith("| agent | state |")
    assert all(len(re.findall(r"(?<!\\)\|", re.sub(r"`[^`]*`", "", row))) <= head for row in rows)
    assert "- [ ] " in text


def test_html_is_one_file_that_is_well_formed() -> None:
    text = "".join(as_html(cluster()))
    page = _Page(text)

    assert page.open == []
    assert not re.search(r"https?://[^\s<\"]+\.(?:css|js|png)|<script|<link|<img|url\(", text)
    targets = {value for _, name, value in page.attributes if name == "id"}
    links = {value[1:] for _, name, value in page.attributes if name == "href" and value}
    assert links <= targets
    assert "<b>&amp;*odd*|`.xml" in page.text
    assert "@media print" in text
    assert 'name="viewport"' in text


def test_states_follow_from_what_is_left() -> None:
    counts = cluster().states

    assert list(counts) == [State.FAILED, State.PENDING, State.MANUAL, State.DONE]
    assert sum(counts.values()) == 23


@pytest.mark.linux
def test_html_opens_in_a_browser(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text("".join(as_html(cluster())), "utf-8")
    outcome = subprocess.run(
        [
            browser.found(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--window-size=400,800",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        timeout=60,
        check=True,
    )

    shown = outcome.stdout.decode()
    assert "<h1>Migration to DataMiner 10.6.4</h1>" in shown
    assert shown.count('class="agent"') == 23
