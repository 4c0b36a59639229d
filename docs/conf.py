"""How Sphinx makes the site, from the pages as they are: `make site`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from docs import navigation  # noqa: E402 - Sphinx runs this file, with a path of its own

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "dmsmtp"
extensions = ["myst_parser"]
root_doc = navigation.START
include_patterns = ["*.md", "docs/**.md", "fixtures/README.md"]
exclude_patterns = [".*", "**/.*", "build", "dist"]
myst_heading_anchors = 4  # headings are anchors by their words, as on sites that host code
smartquotes = False  # two hyphens begin an option
suppress_warnings = ["misc.highlighting_failure"]  # some examples are wrong on purpose

html_theme = "furo"
html_title = "dmsmtp"
html_copy_source = False
html_show_copyright = False
html_use_index = False

_FRONT = """\
<!doctype html>
<meta charset="utf-8">
<title>dmsmtp</title>
<meta http-equiv="refresh" content="0; url=docs/index.html">
<a href="docs/index.html">dmsmtp</a>
"""


def _add_navigation(app: Sphinx, page: str, text: list[str]) -> None:
    """Say to Sphinx, below the text of an index, which pages come next."""
    source = Path(app.srcdir)
    if page == root_doc:
        text[0] += "".join(_tree(group.pages, group.heading) for group in navigation.groups(source))
    else:
        text[0] += _tree(navigation.below(source, page), "")


def _tree(pages: tuple[str, ...], caption: str) -> str:
    if not pages:
        return ""
    options = ":hidden:\n" + (f":caption: {caption}\n" if caption else "")
    return f"\n```{{toctree}}\n{options}\n" + "".join(f"/{page}\n" for page in pages) + "```\n"


def _add_front(app: Sphinx, failure: Exception | None) -> None:
    """Lead from the top of the site to its first page."""
    if failure is None:
        (Path(app.outdir) / "index.html").write_text(_FRONT, "utf-8")


def _show_own_branch(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Show at the side the pages of a folder in that folder alone, as there are many of them."""
    whole = context["toctree"]
    context["toctree"] = lambda **how: whole(**{**how, "collapse": True})


def setup(app: Sphinx) -> None:
    """Connect what is above to Sphinx."""
    app.connect("html-page-context", _show_own_branch, priority=100)  # before the theme asks
    app.connect("source-read", _add_navigation)
    app.connect("build-finished", _add_front)
