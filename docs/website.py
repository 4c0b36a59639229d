"""Make the site: ``python docs/website.py FOLDER``. Every warning is an error, and nothing is fetched."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

_DOCS: Final = Path(__file__).resolve().parent
_STRICT: Final = ("--fail-on-warning", "--nitpicky", "--quiet", "--fresh-env")


def build(source: Path, folder: Path) -> int:
    """Make the site of the repository `source` in a folder; 0, or another number where something is wrong."""
    from sphinx.cmd.build import main as sphinx

    with tempfile.TemporaryDirectory() as between:
        return sphinx(
            [*_STRICT, "--conf-dir", str(_DOCS), "--doctree-dir", between, str(source), str(folder)]
        )


def main(arguments: list[str]) -> int:
    """Make the site in the folder that is named."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write("usage: python docs/website.py FOLDER\n")
        return 2
    return build(_DOCS.parent, Path(arguments[0]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
