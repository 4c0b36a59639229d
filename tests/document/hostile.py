"""Files made to cost much. Run as a program with the name of one, this checks it and says what that took."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from migrator.checking import CheckSettings, check

if TYPE_CHECKING:
    from collections.abc import Callable

_SIZE = 16 * 1024 * 1024
_MANY = 100_000


def _full(unit: str, head: str = "", tail: str = "") -> bytes:
    """As much of a unit as the limit of size allows."""
    fixed = len((head + tail).encode())
    return (head + unit * ((_SIZE - fixed) // len(unit.encode())) + tail).encode()


def _numbered(pattern: str, head: str, tail: str, count: int = _MANY) -> bytes:
    return (head + "".join(pattern.format(number) for number in range(count)) + tail).encode()


FILES: dict[str, Callable[[], bytes]] = {
    "one text": lambda: _full("text ", "<SMTP><Host>", "</Host></SMTP>"),
    "one text beyond the BMP": lambda: _full("text ", "<SMTP><Host>\U0001f600", "</Host></SMTP>"),
    "one text of references": lambda: _full("&amp;&#65;", "<SMTP><Host>", "</Host></SMTP>"),
    "one secret": lambda: _full("secret", "<SMTP><Password>", "</Password><x/></SMTP>"),
    "one name": lambda: _full("", f"<SMTP><{'n' * 8_000_000}></{'n' * 8_000_000}>", "</SMTP>"),
    "one comment": lambda: _full("<SMTP>", "<DataMiner><!--", "--></DataMiner>"),
    "line feeds": lambda: _full("\n", "<SMTP>", "</SMTP>"),
    "carriage returns": lambda: _full("\r", "<SMTP>", "</SMTP>"),
    "lines of GB 18030": lambda: (
        _full("\u65e5\n", '<?xml version="1.0" encoding="gb18030"?><SMTP>', "<x/></SMTP>")
        .decode()
        .encode("gb18030")
    ),
    "elements": lambda: _full("<a/>", "<SMTP>", "</SMTP>"),
    "attributes": lambda: _numbered(" a{}=''", "<SMTP", "/>", 1_000_000),
    "comments": lambda: _full("<!---->", "<SMTP>", "</SMTP>"),
    "CDATA sections": lambda: _full("<![CDATA[]]>", "<SMTP>", "</SMTP>"),
    "instructions": lambda: _full("<?x?>", "<SMTP>", "</SMTP>"),
    "open elements": lambda: _full("<a>"),
    "open tags": lambda: _full("<a "),
    "open quotes": lambda: _full("<a b='", "<SMTP>"),
    "open comments": lambda: _full("<!--", "<SMTP>"),
    "less-than signs": lambda: _full("<", "<SMTP>"),
    "ampersands": lambda: _full("&", "<SMTP>"),
    "NUL": lambda: _full("\0"),
    "what is no text": lambda: _full("abcd")[:-1] + b"\xff",
    "entity bomb": lambda: _numbered(
        "<!ENTITY a{0} '&b;&b;&b;&b;'>", "<!DOCTYPE SMTP [<!ENTITY b 'b'>", "]><SMTP>&a1;</SMTP>"
    ),
    # with as many findings, and excerpts of them
    "found in one line": lambda: _numbered("<a/>", "<SMTP>", "</SMTP>"),
    "found in many lines": lambda: _numbered("<a/>\r\n", "<SMTP>\r\n", "</SMTP>"),
    "found texts": lambda: _numbered("x<!---->", "<SMTP>", "</SMTP>"),
    "found instructions": lambda: _numbered("<?x {}?>", "<SMTP><Host>", "</Host></SMTP>"),
    "found in UTF-16": lambda: b"\xff\xfe" + _numbered("<a>\u65e5</a>", "<SMTP>", "</SMTP>").decode().encode("utf-16-le"),
}


def main() -> None:
    data = FILES[sys.argv[1]]()
    started = time.process_time()
    report = check("x.xml", data, CheckSettings(excerpts=True))
    seconds = time.process_time() - started
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
    codes = Counter(one.code for one in report.diagnostics)
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "codes": codes}))


if __name__ == "__main__":
    main()
