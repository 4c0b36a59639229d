"""Write what is generated in docs/: ``python docs/generate.py``, or with ``--check`` name what is stale.

The pages of the rules and of the migration steps come from their docstrings and registries, the usage and the
options on the pages of the commands from the program itself, the page of the settings from the schema.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent


def generated() -> dict[str, str]:
    """Give the text of every page by its path in docs/."""
    from docs import command_pages, rule_pages, setting_page, step_pages

    folders = {
        "commands": command_pages.pages(FOLDER / "commands"),
        "rules": rule_pages.pages(),
        "steps": step_pages.pages(),
    }
    return {setting_page.NAME: setting_page.page()} | {
        f"{folder}/{name}": text for folder, pages in folders.items() for name, text in pages.items()
    }


def stale() -> list[str]:
    """Name the pages that are missing, are not what their sources give, or belong to nothing any more."""
    pages = generated()
    changed = [name for name, text in pages.items() if _on_disk(FOLDER / name) != text]
    return [*changed, *(path.relative_to(FOLDER).as_posix() for path in _left_over(pages))]


def _on_disk(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def _left_over(pages: dict[str, str]) -> list[Path]:
    folders = sorted({name.partition("/")[0] for name in pages if "/" in name})
    return [
        path
        for folder in folders
        for path in sorted((FOLDER / folder).glob("*.md"))
        if path.relative_to(FOLDER).as_posix() not in pages
    ]


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` name those that are stale and return 1."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python docs/generate.py [--check]\n")
        return 2
    if arguments:
        names = stale()
        sys.stdout.writelines(f"docs/{name} is stale: run python docs/generate.py\n" for name in names)
        return 1 if names else 0
    pages = generated()
    for name, text in pages.items():
        path = FOLDER / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    for path in _left_over(pages):
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(FOLDER.parent))  # as a script has its own folder there, not the repository's
    sys.exit(main(sys.argv[1:]))
