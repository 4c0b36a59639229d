"""The order of the site's pages: that of the links on docs/index.md, and on the index of a folder.

So it stands in one place, which is read as well where the pages are shown without a site.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START: Final = "docs/index"
_ENDING: Final = ".md"
_INDEX: Final = "README"
_HEADING: Final = re.compile(r"^## (.+)$", re.MULTILINE)
_LINK: Final = re.compile(r"\]\(([^)#:]+\.md)(?:#[^)]*)?\)")


class Group(NamedTuple):
    """Pages under one heading, by their paths from the repository on, without the ending."""

    heading: str
    pages: tuple[str, ...]


def groups(repository: Path) -> list[Group]:
    """The pages of the site, as docs/index.md lists them; a page that it does not list comes at the end."""
    _, *parts = _HEADING.split((repository / f"{START}{_ENDING}").read_text("utf-8"))
    listed = [
        Group(heading, tuple(_linked(START, text)))
        for heading, text in zip(parts[::2], parts[1::2], strict=True)
    ]
    known = {START, *(page for group in listed for page in group.pages)}
    *others, last = listed
    return [*others, last._replace(pages=(*last.pages, *(sorted(_written(repository) - known))))]


def below(repository: Path, page: str) -> tuple[str, ...]:
    """The pages of a folder, as its index lists them; none for any other page."""
    folder, _, name = page.rpartition("/")
    if name != _INDEX or not folder.startswith("docs/"):
        return ()
    linked = _linked(page, (repository / f"{page}{_ENDING}").read_text("utf-8"))
    return tuple(one for one in linked if posixpath.dirname(one) == folder)


def _linked(page: str, text: str) -> Iterator[str]:
    """The pages that the text of a page leads to, each once."""
    folder = posixpath.dirname(page)
    targets = (posixpath.normpath(posixpath.join(folder, match)) for match in _LINK.findall(text))
    yield from dict.fromkeys(target.removesuffix(_ENDING) for target in targets)


def _written(repository: Path) -> set[str]:
    """The pages in docs/ but those that the index of their folder lists."""
    folders = {path.parent for path in (repository / "docs").glob(f"*/{_INDEX}{_ENDING}")}
    return {
        path.relative_to(repository).with_suffix("").as_posix()
        for path in (repository / "docs").rglob(f"*{_ENDING}")
        if path.parent not in folders or path.stem == _INDEX
    }
