"""How the tables of rule tests are written and judged.

A table row is a text with its settings, one mistake marked by guillemets: «» stand around the span that the
finding must have, and are taken out before the file is checked.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from migrator.checking import CheckSettings, check
from migrator.rules import CRASHED
from migrator.rules.model import Circumstances
from tests.document.reading import applied

if TYPE_CHECKING:
    from migrator.diagnostic import Diagnostic

AS_OF = date(2026, 11, 23)  # the day for which all expectations of the tests hold: --as-of 2026-11-23
_LINT = CheckSettings(circumstances=Circumstances(AS_OF))
ORDINARY = {
    "Host": "smtp.example.com",
    "HostPort": "587-starttls",
    "LoginMethod": "NoLoginMethod",
    "From": "dma@example.com",
}


def section(**settings: str | None) -> str:
    """An ordinary SMTP section with some settings given otherwise, or left out (None); values are raw XML."""
    values = {**ORDINARY, **settings}
    lines = [f"  <{name}>{value}</{name}>" for name, value in values.items() if value is not None]
    return "\n".join(["<SMTP>", *lines, "</SMTP>"])


def findings(marked: str, settings: CheckSettings = _LINT) -> list[Diagnostic]:
    """What is found in a text, its marks taken out.

    No rule may crash: to a near miss it would look as if the rule found nothing.
    """
    data = marked.replace("«", "").replace("»", "").encode()
    found = list(check("x", data, settings).diagnostics)
    assert [one.message for one in found if one.code == CRASHED.code] == []
    return found


def codes(marked: str, settings: CheckSettings = _LINT) -> list[str]:
    """Codes of what is found, in order."""
    return [one.code for one in findings(marked, settings)]


def only(marked: str, code: str, settings: CheckSettings = _LINT) -> Diagnostic:
    """The one finding of a code; it must stand exactly where the marks are."""
    found = [one for one in findings(marked, settings) if one.code == code]
    assert [one.code for one in found] == [code], codes(marked)
    one = found[0]
    assert one.span is not None
    before, _, rest = marked.partition("«")
    inside, mark, _ = rest.partition("»")
    assert mark, "the row has no marks"
    start = len(before.encode())
    assert (one.span.start.offset, one.span.end.offset) == (start, start + len(inside.encode())), one
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    assert (one.span.start.line, one.span.start.column) == (line, column)
    return one


def fixed(marked: str, code: str) -> str:
    """The text after the fix of its one finding of a code."""
    text = marked.replace("«", "").replace("»", "")
    one = only(marked, code)
    assert one.fix is not None
    return applied(text.encode(), one.fix.edits).decode()
