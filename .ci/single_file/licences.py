"""The licences of all that the single file holds, as one text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LINE = "=" * 79
_HEADING = """\
dmsmtp has the licence that comes first here. This build of it holds the programs and libraries that follow,
each with its own licence.
"""
_UNKNOWN = "Taken from the system on which this was built, which has no text of its licence."


def text(ours: Distribution, paths: Iterable[Path]) -> str:
    """All licences: of dmsmtp, Python and PyInstaller, and of what brought these files.

    Raises:
        KeyError: if a file lies among installed packages and belongs to none.
        LookupError: if a package has no text of its licence.
    """
    site, library = (Path(sysconfig.get_path(name)) for name in ("platlib", "stdlib"))
    owners = _owners()
    names = {"pyinstaller"}
    foreign = set()
    for path in paths:
        if path.is_relative_to(site):
            names.add(owners[path.relative_to(site).as_posix()])
        elif not path.is_relative_to(library):
            foreign.add(path)
    packages = [_package(Distribution.from_name(name)) for name in sorted(names, key=str.lower)]
    entries = [_package(ours), _python(library), *packages, *_of_the_system(sorted(foreign))]
    return _HEADING + "".join(f"\n{_LINE}\n{title}\n{_LINE}\n\n{body.strip()}\n" for title, body in entries)


def _owners() -> dict[str, str]:
    """The package of each file beside ours."""
    owners: dict[str, str] = {}
    for one in distributions():
        owners |= dict.fromkeys(map(str, one.files or ()), one.name)
    return owners


def _package(one: Distribution) -> tuple[str, str]:
    files = [file for file in one.files or () if ".dist-info" in str(file) and _is_licence(file.name)]
    if not files:
        raise LookupError(f"{one.name} brings no text of its licence")
    said = one.metadata.json
    named = str(said.get("license_expression") or said.get("license") or "")
    title = f"{one.name} {one.version}" + (f" ({named})" if named and "\n" not in named else "")
    return title, "\n\n".join(_read(Path(str(file.locate()))) for file in files)


def _is_licence(name: str) -> bool:
    return any(word in name.lower() for word in ("licen", "copying", "notice"))


def _python(library: Path) -> tuple[str, str]:
    title = f"Python {sys.version.split()[0]}"
    for folder in (library, Path(sys.base_prefix)):
        if (folder / "LICENSE.txt").is_file():
            return title, _read(folder / "LICENSE.txt")
    return title, dict(_of_the_system([Path(os.__file__)])).popitem()[1]


def _of_the_system(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """What came with no package of Python and not with its library; Debian keeps a text of each package."""
    # Where Python lies in a folder of its own, all that is there is Python
    is_apart = Path(sys.base_prefix) != Path("/usr")
    packages = set()
    for path in paths:
        if package := _debian_package(path):
            packages.add(package)
        elif not (is_apart and path.is_relative_to(sys.base_prefix)):
            yield path.name, _UNKNOWN
    for package in sorted(packages):
        copyright_file = Path("/usr/share/doc", package, "copyright")
        yield package, _read(copyright_file) if copyright_file.is_file() else _UNKNOWN


def _debian_package(path: Path) -> str | None:
    """The package that a file belongs to, which may know it in /lib or in /usr/lib."""
    if shutil.which("dpkg") is None:
        return None
    real = path.resolve()
    for one in (real, Path("/usr", *real.parts[1:]), Path("/", *real.parts[2:])):
        found = subprocess.run(["dpkg", "-S", one], capture_output=True, text=True, check=False)  # noqa: S603, S607
        if found.returncode == 0:
            return found.stdout.partition(":")[0]
    return None


def _read(path: Path) -> str:
    return path.read_text("utf-8", "replace")
