"""The site that is made of the pages: strict, whole, and without anything from elsewhere."""

from __future__ import annotations

import posixpath
import re
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from docs.navigation import below, groups
from tests.cli.running import unmeasured
from tests.docs.reading import DOCS, REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

INDEX = """\
# Index

## First

- [One](one.md)
- [Words](words/README.md)

## Last

- [Read me](../README.md)
"""
WORDS = "# Words\n\n[two](two.md), [one](../one.md), [three](three.md#a), [two](two.md)\n"
OWN_PAGES = {"search.html"}  # of Sphinx, beside those that are written
BUILD = """\
import sys
from pathlib import Path
from docs.website import build
sys.exit(build(Path(sys.argv[1]), Path(sys.argv[2])))
"""


class Link(NamedTuple):
    """Where a page leads, or what it loads."""

    page: str
    target: str
    is_loaded: bool


def written(folder: Path, texts: Mapping[str, str]) -> Path:
    """A small repository, with these pages in docs/ as well."""
    pages = {
        "README.md": "# Read me\n",
        "docs/index.md": INDEX,
        "docs/one.md": "# One\n\n## A part\n\n[to it](#a-part)\n",
        "docs/words/README.md": WORDS,
        "docs/words/two.md": "# Two\n",
        "docs/words/three.md": "# Three\n\n## A\n",
        **{f"docs/{name}.md": text for name, text in texts.items()},
    }
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def made(source: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Make the site of a repository, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", BUILD, source, folder],
        capture_output=True,
        encoding="utf-8",
        env=unmeasured(PYTHONPATH=str(REPOSITORY)),
        check=False,
    )


def links_of(site: Path, page: Path) -> tuple[list[Link], set[str]]:
    """The links of a page, and what may be linked to in it."""
    tree = html.parse(str(page)).getroot()
    name = page.relative_to(site).as_posix()
    links = [
        Link(name, target, element.tag != "a")
        for element, _, target, _ in tree.iterlinks()
        if not target.startswith("data:")
    ]
    return links, {*tree.xpath("//@id"), ""}


def broken(site: Path) -> list[Link]:
    """The links that lead nowhere, and what is loaded from elsewhere."""
    pages = {path.relative_to(site).as_posix(): links_of(site, path) for path in site.rglob("*.html")}
    anchors = {name: names for name, (_, names) in pages.items()}
    return [link for links, _ in pages.values() for link in links if not leads(site, link, anchors)]


def leads(site: Path, link: Link, anchors: dict[str, set[str]]) -> bool:
    parts = urlsplit(link.target)
    if parts.scheme or parts.netloc:
        return not link.is_loaded and parts.scheme in {"https", "http"}
    path = posixpath.normpath(posixpath.join(posixpath.dirname(link.page), unquote(parts.path)))
    target = link.page if not parts.path else path
    return (site / target).is_file() and unquote(parts.fragment) in anchors.get(target, {""})


def reached(site: Path, first: str) -> set[str]:
    """The pages that one comes to from a first one by what stands at the side."""
    found, waiting = {first}, [first]
    while waiting:
        page = waiting.pop()
        tree = html.parse(str(site / page)).getroot()
        for link in tree.xpath("//*[contains(@class, 'sidebar-tree')]//a/@href"):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page), link))
            if not link.startswith("#") and target not in found:
                found.add(target)
                waiting.append(target)
    return found


def test_pages_stand_in_the_order_of_the_index(tmp_path: Path) -> None:
    repository = written(tmp_path, {"zero": "# Zero\n"})

    assert [(one.heading, one.pages) for one in groups(repository)] == [
        ("First", ("docs/one", "docs/words/README")),
        ("Last", ("README", "docs/zero")),
    ]


def test_pages_of_a_folder_stand_in_the_order_of_its_index(tmp_path: Path) -> None:
    repository = written(tmp_path, {})

    assert below(repository, "docs/words/README") == ("docs/words/two", "docs/words/three")
    assert below(repository, "docs/one") == ()
    assert below(repository, "README") == ()


def test_every_page_has_its_place() -> None:
    places = [page for group in groups(REPOSITORY) for page in group.pages]
    places += [page for index in places for page in below(REPOSITORY, index)]

    assert len(places) == len(set(places))
    assert {path.relative_to(REPOSITORY).with_suffix("").as_posix() for path in DOCS.rglob("*.md")} == {
        page for page in (*places, "docs/index") if page.startswith("docs/")
    }
    assert {f"{page}.md" for page in places} >= {path.name for path in REPOSITORY.glob("*.md")}


# One test, as the site takes some seconds to make.
@pytest.mark.posix
def test_the_site_is_whole(tmp_path: Path) -> None:
    outcome = made(REPOSITORY, tmp_path)

    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")
    assert broken(tmp_path) == []
    pages = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html")}
    assert reached(tmp_path, "docs/index.html") == pages - OWN_PAGES - {"index.html"}
    sources = {path.relative_to(REPOSITORY).with_suffix(".html").as_posix() for path in DOCS.rglob("*.md")}
    assert pages >= {*sources, "README.html", "CONTRIBUTING.html", "SECURITY.html", "CHANGELOG.html"}
    page = html.parse(str(tmp_path / "docs/rules/H207.html")).getroot().text_content()
    assert "safe, with lint --fix" in page  # as it stands in the source
    assert 'url=docs/index.html"' in (tmp_path / "index.html").read_text("utf-8")
    assert "port-suffix-case" in (tmp_path / "searchindex.js").read_text("utf-8")
    for path in tmp_path.rglob("*.css"):
        assert not re.search(r"@import|url\([\"']?(?:https?:)?//", path.read_text("utf-8"))


@pytest.mark.posix
def test_the_site_is_refused_where_something_is_wrong(tmp_path: Path) -> None:
    wrong = {
        "file": "# File\n\n[gone](gone.md)\n",
        "anchor": "# Anchor\n\n[gone](one.md#gone)\n",
        "own": "# Own\n\n[gone](#gone)\n",
        "level": "# Level\n\n### Too deep\n",
        "words/unlisted": "# Not on the index of its folder\n",
    }
    outcome = made(written(tmp_path / "source", wrong), tmp_path / "site")

    assert outcome.returncode == 1
    told = outcome.stderr.splitlines()
    assert all(any(f"docs/{name}.md:" in line and "WARNING" in line for line in told) for name in wrong)
    assert not any(f"docs/{name}.md" in line for line in told for name in ("index", "one", "words/two"))


def test_a_link_that_leads_nowhere_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '<a href="https://example.com">out</a><a href="#here">here</a><a href="other.html#there">there</a>'
        '<a href="gone.html">1</a><a href="#gone">2</a><a href="other.html#gone">3</a>'
        '<script src="https://example.com/4.js"></script><img src="5.png"><b id="here"></b>',
        "utf-8",
    )
    (tmp_path / "other.html").write_text('<b id="there"></b>', "utf-8")

    assert [link.target for link in broken(tmp_path)] == [
        "gone.html",
        "#gone",
        "other.html#gone",
        "https://example.com/4.js",
        "5.png",
    ]
