"""The format of a file that is written: told by the ending of its name, or by --format."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from migrator.cli.output import Refusal, is_standard_output
from migrator.document.format import format_of_name

if TYPE_CHECKING:
    from collections.abc import Collection


class FileFormat(StrEnum):
    """Formats of configurations."""

    XML = "xml"
    JSON = "json"
    YAML = "yaml"


def told_by_ending(
    target: str | None, wanted: str | None, *, fitting: Collection[str] = ()
) -> FileFormat | None:
    """What the ending of an output's name tells; None for no file, and where it tells nothing.

    Whoever reads the file goes by its ending. So another format than the one that is `wanted` is refused,
    unless it is among those that are `fitting`; as is a file for which neither is there.
    """
    if target is None or is_standard_output(target):
        return None
    found = format_of_name(target)
    ending = None if found is None else FileFormat[found.name]
    if ending is None and wanted is None:
        raise Refusal(f"{target}: its ending tells no format: name it .xml, .json or .yaml, or give --format")
    if ending is not None and wanted is not None and str(ending) not in (str(wanted), *fitting):
        raise Refusal(f"{target}: its ending says {ending}, and --format {wanted}: make them agree")
    return ending
