"""What a check has to say about a file: one frozen, sortable record a finding."""

from enum import Enum, StrEnum

from migrator.tuples import NamedTuple


class Severity(StrEnum):
    """How bad a finding is; compare with `rank`."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """2 for an error, 1 for a warning, 0 for advice."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 2, Severity.WARNING: 1, Severity.INFO: 0}


class Safety(StrEnum):
    """Whether a fix keeps the meaning (safe) or may change it (unsafe)."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Position(NamedTuple):
    """A point in a file.

    Lines end at LF, CRLF or a lone CR and count from 1. Columns count Unicode characters from 1: a tab is
    one, a byte order mark none. The offset counts bytes of the file as it lies on disk, byte order mark
    included, from 0.
    """

    line: int
    column: int
    offset: int


class Span(NamedTuple):
    """A stretch of a file; the end is exclusive."""

    start: Position
    end: Position


class Edit(NamedTuple):
    """Bytes `start` to `end` (exclusive) of the file become `content`.

    The content is text that is already escaped for its format and place, to be written in the file's own
    encoding.
    """

    start: int
    end: int
    content: str


class Fix(NamedTuple):
    """Edits that mend a finding, all of them or none.

    `spans`, where they were asked for, say what each edit replaces in lines and columns. `tells_length` says
    that the edits take a secret away, so that who sees them knows how long it is: reports leave them out.
    """

    title: str
    safety: Safety
    edits: tuple[Edit, ...]
    spans: tuple[Span, ...] = ()
    tells_length: bool = False


class Related(NamedTuple):
    """Another place that a finding is about; in another file where `path` is given."""

    message: str
    place: str | None
    span: Span | None
    path: str | None = None


Kind = tuple[str, str | None, str | None]
"""Code, place and fingerprint of a finding: the same for the same mistake, wherever it stands."""


class Diagnostic(NamedTuple):
    """One finding.

    `span` is None where the finding is that dmsmtp itself failed. `place` is a path without indices, such as
    `SMTP/HostPort`. `help` says what to do. `agent` names the agent where a finding is about one of many.
    `fingerprint`, where it was asked for, is the same for the same mistake wherever it stands: it comes from
    the code, the place and the value found there, unless that is or may be a secret.
    """

    path: str
    span: Span | None
    code: str
    name: str
    severity: Severity
    message: str
    help: str | None = None
    place: str | None = None
    agent: str | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    fingerprint: str | None = None

    def sort_key(self) -> tuple[int, int, str, str]:
        """Order within a file: by start, then by code; findings without a place come first."""
        start = (-1, -1) if self.span is None else (self.span.start.offset, self.span.end.offset)
        return (start[0], start[1], self.code, self.message)

    @property
    def kind(self) -> Kind:
        """What tells it from findings of other mistakes."""
        return (self.code, self.place, self.fingerprint)


def in_a_sentence(code: str | None, line: int | None, message: str, help_: str | None) -> str:
    """A finding as the reason why nothing could be done with a file."""
    where = "" if line is None else f" at line {line}"
    return f"{code}{where}: {message}" + (f"; {help_}" if help_ else "")


class Undone(StrEnum):
    """What could not be done with a file, as reports call it."""

    CHECK = "not-checked"
    WRITE = "not-written"
    LOGIN = "login-not-tried"
    ASK = "server-not-asked"


class Shortfall(NamedTuple):
    """Something that was asked for and could not be done, and why."""

    kind: Undone
    reason: str


class Quieted(Enum):
    """What keeps a finding quiet."""

    COMMENT = "an ignore comment in the file"
    BASELINE = "the baseline"


class Suppressed(NamedTuple):
    """A finding that is not reported, by what, and the reason that was given for it."""

    diagnostic: Diagnostic
    by: Quieted
    reason: str | None = None
