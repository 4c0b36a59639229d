"""A cluster as a page that holds all it needs: no script, style or picture comes from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import migrator
from migrator.reporters.html import escaped, head
from migrator.reporters.matrix import labels, said, spellings, title
from migrator.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.checking import FileReport
    from migrator.cluster.comparing import GroupRow, Matrix, Row
    from migrator.diagnostic import Diagnostic
    from migrator.summary import Tally

_MOST_OPEN, _MOST_USUAL = 12, 3  # agents of a group, odd or usual, that are shown without being asked for

_STYLE = """
:root { color-scheme: light dark; --edge: #c9ced6; --soft: #6b7280; --odd: #8a3b00; --back: #fff4e5; }
@media (prefers-color-scheme: dark) {
  :root { --edge: #434a56; --soft: #a2a9b5; --odd: #ffb871; --back: #33240f; }
}
body { font: 16px/1.45 system-ui, sans-serif; margin: 1rem auto; max-width: 70rem; padding: 0 1rem; }
h1 { font-size: 1.35rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; position: sticky; top: 0;
  padding: .6rem 0; background: Canvas; border-bottom: 1px solid var(--edge); }
label { font-size: .9rem; }
input[type=search] { display: block; font: inherit; padding: .3rem .5rem; width: 14rem; max-width: 100%; }
table { border-collapse: collapse; width: 100%; margin-top: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; }
tbody th { padding-top: 1rem; font-size: 1.02rem; border-bottom: 1px solid var(--edge); }
.note { margin: .3rem 0; font-size: .9rem; }
th small, td small, .soft, output { color: var(--soft); font-weight: normal; }
td:first-child { width: 45%; overflow-wrap: anywhere; font-family: ui-monospace, Consolas, monospace; }
td small { display: block; font-family: system-ui, sans-serif; }
tr.odd td { background: var(--back); } tr.odd td:first-child { border-left: 4px solid var(--odd); }
b.odd { color: var(--odd); font-family: system-ui, sans-serif; font-size: .85rem; }
ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .15rem .9rem; }
summary { cursor: pointer; }
ol li { margin: .3rem 0; } .error { color: #b00020; } .warning { color: var(--odd); }
@media (prefers-color-scheme: dark) { .error { color: #ff8a80; } }
@media (max-width: 40rem) {
  table, tbody, tr, th, td { display: block; } td:first-child { width: auto; }
  td { padding: .2rem .6rem; } input[type=search] { width: 100%; } form label { flex: 1 1 9rem; }
}
@media print { form { display: none; } tr { break-inside: avoid; } }
[hidden] { display: none !important; }
"""
_SCRIPT = """
(function () {
  "use strict";
  var form = document.querySelector("form"), shown = document.querySelector("output");
  var rows = Array.prototype.map.call(document.querySelectorAll("tbody[data-setting]"), function (body) {
    return {
      body: body, name: body.dataset.setting.toLowerCase(), differs: body.hasAttribute("data-differs"),
      groups: Array.prototype.map.call(body.querySelectorAll("tr[data-group]"), function (group) {
        return {
          row: group, details: group.querySelector("details"),
          agents: Array.prototype.map.call(group.querySelectorAll("li"), function (one) {
            return { item: one, name: one.textContent.toLowerCase() };
          })
        };
      })
    };
  });
  function filter() {
    var setting = form.elements.setting.value.trim().toLowerCase();
    var agent = form.elements.agent.value.trim().toLowerCase();
    var only = form.elements.only.checked, count = 0;
    rows.forEach(function (row) {
      var any = false;
      row.groups.forEach(function (group) {
        var some = false;
        group.agents.forEach(function (one) {
          var fits = one.name.indexOf(agent) >= 0;
          one.item.hidden = !fits;
          some = some || fits;
        });
        group.row.hidden = !some;
        if (group.details) { group.details.open = agent !== "" && some; }
        any = any || some;
      });
      row.body.hidden = !any || row.name.indexOf(setting) < 0 || (only && !row.differs);
      count += row.body.hidden ? 0 : 1;
    });
    shown.value = count + " of " + rows.length + " settings";
  }
  form.addEventListener("input", filter);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (one) { one.open = true; });
  });
  var given = new URLSearchParams(location.hash.slice(1));
  form.elements.setting.value = given.get("setting") || "";
  form.elements.agent.value = given.get("agent") || "";
  form.elements.only.checked = given.has("only");
  form.hidden = false;
  filter();
})();
"""


class PageReport:
    """The table and the findings as one HTML page."""

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix

    def start(self) -> str:
        """The table, and what stands before it."""
        lines = "".join(f"{line}\n" for line in _before_findings(self._matrix))
        return head(title(self._matrix), _STYLE, has_script=True) + lines

    def file(self, report: FileReport) -> str:
        """The findings of a file, a line each."""
        told = [_finding(one) for one in report.diagnostics]
        if report.failure is not None:
            told.append(
                f'<li><b class="error">not read</b> {escaped(report.path)}: {escaped(report.failure)}</li>'
            )
        return "".join(f"{line}\n" for line in told)

    def end(self, tally: Tally) -> str:
        """The figures, and what the page does."""
        return (
            f"</ol>\n<p>{escaped(tally.found())}</p>\n"
            f'<p class="soft">dmsmtp {escaped(migrator.__version__)}. Secrets are not in this page.</p>\n'
            f"<script>{_SCRIPT}</script>\n</body>\n</html>\n"
        )


def _before_findings(matrix: Matrix) -> Iterator[str]:
    yield from (f'<p class="soft note">{escaped(note)}</p>' for note in matrix.notes)
    for words, numbers in (("Cannot send mail", matrix.without), ("Not read", matrix.unread)):
        if numbers:
            yield f"<h2>{words}</h2>{_list(labels(matrix, numbers))}"
    yield (
        '<form hidden><label>Setting <input type="search" name="setting" autocomplete="off"></label>'
        '<label>Agent <input type="search" name="agent" autocomplete="off"></label>'
        '<label><input type="checkbox" name="only"> only differences</label><output></output></form>'
    )
    yield "<table>"
    for row in sorted(matrix.rows, key=lambda row: not row.differs):
        yield from _setting(matrix, row)
    yield "</table>\n<h2>Findings</h2>\n<ol>"


def _setting(matrix: Matrix, row: Row) -> Iterator[str]:
    words = "each machine has its own" if row.is_own else counted(len(row.groups), "group")
    if len(row.groups) == 1 and row.groups[0].is_comparable:
        words = "all alike"
    mark = " data-differs" if row.differs else ""
    yield f'<tbody data-setting="{escape(row.setting)}"{mark}>'
    yield f'<tr><th colspan="2" scope="rowgroup">{escape(row.setting)} <small>{words}</small></th></tr>'
    for group in row.groups:
        yield _group(matrix, row, group)
    yield "</tbody>"


def _group(matrix: Matrix, row: Row, group: GroupRow) -> str:
    is_odd = group.is_odd and not row.is_own
    names = labels(matrix, group.agents)
    agents = _list(names)
    if len(names) > (_MOST_OPEN if group.is_odd else _MOST_USUAL):
        agents = f"<details><summary>{counted(len(names), 'agent')}</summary>{agents}</details>"
    others = spellings(group)
    value = escaped(said(group)) + (f"<small>{escaped(others)}</small>" if others else "")
    is_said = group.is_secret and group.value is not None  # by the value: "different"
    mark = ' <b class="odd">differs</b>' if is_odd and not is_said else ""
    style = ' class="odd"' if is_odd else ""
    return f"<tr data-group{style}><td>{value}{mark}</td><td>{agents}</td></tr>"


def _list(names: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{escaped(name)}' for name in names)}</ul>"


def _finding(one: Diagnostic) -> str:
    where = escaped(one.agent or one.path)
    help_ = f' <span class="soft">{escaped(one.help)}</span>' if one.help else ""
    label = f'<b class="{one.severity.value}">{one.severity.value} {one.code} {escaped(one.name)}</b>'
    return f"<li>{label} {where}: {escaped(one.message)}{help_}</li>"
