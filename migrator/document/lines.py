"""How new lines are laid out, in every format."""

from __future__ import annotations

from migrator.tuples import NamedTuple


class Lines(NamedTuple):
    """How lines are written: what ends one, what stands before it, and by how much more is inside it."""

    line_end: str
    indent: str
    unit: str

    def deeper(self) -> Lines:
        """The same, inside."""
        return self._replace(indent=self.indent + self.unit)

    @property
    def begin(self) -> str:
        """What begins a line."""
        return self.line_end + self.indent
