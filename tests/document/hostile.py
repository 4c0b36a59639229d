"""Files made to cost much, and what it costs to check them."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from migrator.checking import CheckSettings, check

if TYPE_CHECKING:
    from collections.abc import Callable

_SIZE = 16 * 1024 * 1024
_MANY = 100_000


def _full(unit: str, head: str = "", tail: str = "") -> bytes:
    """As much of a unit as the limit of size allows."""
    fixed = len((head + tail).encode())
    times = (_SIZE - fixed) // len(unit.encode()) if unit else 0
    return (head + unit * times + tail).encode()


def _numbered(pattern: str, head: str, tail: str, count: int = _MANY) -> bytes:
    return (head + "".join(pattern.format(number) for number in range(count)) + tail).encode()


FILES: dict[str, Callable[[], bytes]] = {
    "one text": lambda: _full("text ", "<SMTP><Host>\U0001f600", "</Host></SMTP>"),
    "one text of references": lambda: _full("&amp;&#65;", "<SMTP><Host>", "</Host></SMTP>"),
    "one name": lambda: _full("", f"<SMTP><{'n' * 8_000_000}></{'n' * 8_000_000}></SMTP>"),
    "one comment": lambda: _full("<SMTP>", "<DataMiner><!--", "--></DataMiner>"),
    "line ends": lambda: _full("\n\r", "<SMTP>", "</SMTP>"),
    "elements": lambda: _full("<a/>", "<SMTP>", "</SMTP>"),
    "attributes": lambda: _numbered(" a{}=''", "<SMTP", "/>", 1_000_000),
    "CDATA sections": lambda: _full("<![CDATA[]]>", "<SMTP>", "</SMTP>"),
    "open elements": lambda: _full("<a>"),
    "open quotes": lambda: _full("<a b='", "<SMTP>"),
    "open comments": lambda: _full("<!--", "<SMTP>"),
    "less-than signs": lambda: _full("<", "<SMTP>"),
    "no text": lambda: _full("abcd")[:-1] + b"\xff",
    "slashes": lambda: _full("/", "<SMTP><Host>a:", "</Host></SMTP>"),
    "space in a tag": lambda: _full(" ", "<SMTP", "><Foo/></SMTP>"),
    "unused comments": lambda: _numbered("<!-- dmsmtp: ignore[H208] {} -->\n", "<SMTP>", "</SMTP>", 90_000),
    "a comment of many lines": lambda: _numbered(
        "\n", "<SMTP><Host/><!-- dmsmtp: ignore[" + "H208," * 1_000 + "H208] ", "--></SMTP>"
    ),
    "comments and findings in one line": lambda: _numbered(
        "<!-- dmsmtp: ignore[S107] --><?x?>", "<SMTP><Host>", "</Host></SMTP>", 60_000
    ),
    "entity bomb": lambda: _numbered(
        "<!ENTITY a{0} '&b;&b;&b;&b;'>", "<!DOCTYPE SMTP [<!ENTITY b 'b'>", "]><SMTP>&a1;</SMTP>"
    ),
    "findings in a long value": lambda: _numbered(
        "<?a {}?>smtp.example.net", "<SMTP><Host>", "</Host></SMTP>", 60_000
    ),
    "findings in one line": lambda: _numbered("<?x {}?>", "<SMTP><Host>", "</Host></SMTP>"),
    "findings in many lines": lambda: (
        b"\xff\xfe" + _numbered("\u65e5<!---->\r\n", "<SMTP>", "</SMTP>").decode().encode("utf-16-le")
    ),
}


class Cost(NamedTuple):
    """What the check of a file took, and how often it found what."""

    seconds: float
    megabytes: float
    codes: Counter[str]


def check_file(name: str) -> Cost:
    """Check one of the files; the memory is the most that this process has ever had."""
    import resource

    sys.settrace(None)  # measuring coverage takes several times as long
    data = FILES[name]()
    started = time.process_time()
    report = check("x.xml", data, CheckSettings(excerpts=True, fingerprints=True, fix_spans=True))
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = peak / (1024 * 1024 if sys.platform == "darwin" else 1024)  # bytes there, kilobytes elsewhere
    return Cost(seconds, megabytes, Counter(one.code for one in report.diagnostics))
