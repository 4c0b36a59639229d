"""Secrets in configuration files, and in the text of an error that is ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.secrets.canaries import WORLDS, filled, leaks, names_in
from tests.secrets.commands import FILE, WAYS, Way
from tests.secrets.files import EVERYTHING, FOR_TOKENS
from tests.secrets.watching import complaint, seen_of

if TYPE_CHECKING:
    from pathlib import Path

CONFIGURATIONS = {
    "a comment": "# «~s»\nselect = ['H'] # «~t»\n",
    "a key for a password": "password = '«s»'\nuser = 1\n",
    "a key for a password, in a table": "[login]\nclient-secret = '«s»'\n",
    "a password in a table of ours": "[cluster]\nagents = [{ name = 'a', path = 'b', password = '«s»' }]\n",
    "a password of another type": "password = ['«s»', { token = '«t»' }]\n",
    "no quotes": "password = «s»\n",
    "an open quote": "password = '«s»\nselect = ['H']\n",
    "a wrong escape": 'password = "«s:first»\\y«s:second»"\n',
    "a control character": 'password = "«s:first»\x01«s:second»"\n',
    "a line of its own": "select = ['H']\n«~s»\n",
    "a key without a value": "«~s»\n=\n",
    "text behind a value": "select = ['H'] «~s»\n",
    "another encoding": "password = '«s»\xff'\n",
    "the same key twice": "password = '«s»'\npassword = '«t»'\n",
    "an open list": "select = ['«~s»'\n",
}
_CALLS = ("lint", "migrate --to 10.6.4", "compare", "apply", "probe --timeout 2", "check --timeout 2")


@pytest.mark.parametrize("template", CONFIGURATIONS.values(), ids=CONFIGURATIONS.keys())
@pytest.mark.parametrize("name", ["dmsmtp.toml", "pyproject.toml", "other.toml"])
def test_nothing_of_a_configuration_file_is_shown(template: str, name: str, tmp_path: Path) -> None:
    table = "[tool.dmsmtp]\n" if name == "pyproject.toml" else ""
    other = "[tool.other]\npassword = '«other»'\n" if table else ""
    path, file = EVERYTHING["XML, nothing wrong"]
    for call in _CALLS:
        option = " --config other.toml" if name == "other.toml" else ""
        files = f"{FILE} {FILE}" if call in ("compare", "apply") else FILE
        way = Way(f"{call}{option} {files}")
        seen = {}
        for world in WORLDS:
            content = filled(other + table + template, world).encode("latin-1")
            data = filled(file, world).encode()
            seen[world] = seen_of(way, path, data, world, tmp_path / "desk", {name: content})
        assert complaint(way._replace(holds=(name,)), path, file, seen) is None


FAULTS = {
    "validate": "migrator.checking.read_document",
    "lint": "migrator.checking.read_document",
    "describe": "migrator.cli.describe.describe_section",
    "convert": "migrator.conversion.job.convert",
    "migrate": "migrator.migrations.running.migrate",
    "new": "migrator.cli.new.settings",
    "compare": "migrator.cluster.reading.values_of",
    "apply": "migrator.cluster.planning.write_settings",
    "probe": "migrator.cli.probe.ask_all",
    "check": "migrator.cli.check.ask_all",
    "send-test-email": "migrator.cli.send_test_email.ask_all",
    "retrieve-tokens": "migrator.live.oauth.by_browser",
}
"""Where our own code fails, by command."""


@pytest.mark.parametrize("command", FAULTS)
def test_a_fault_of_ours_shows_nothing(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its text might quote anything, and so might the texts of those that it came from."""
    (template,) = (one.text for one in FOR_TOKENS.values())
    if command != "retrieve-tokens":
        template = EVERYTHING["XML, nothing wrong"].text
    failed: list[str] = []

    def fail(*arguments: Any, **options: Any) -> Any:
        failed.append(command)
        cause = KeyError(repr((arguments, options)), filled("«s» «other»", "one"))
        raise ValueError(filled("«s» «other»", "one")) from cause

    monkeypatch.setattr(FAULTS[command], fail)
    for way in WAYS[command]:
        seen = seen_of(way, "DataMiner.xml", filled(template, "one").encode(), "one", tmp_path / "desk")
        told = b"".join(seen[one] for one in ("standard output", "standard error", "log"))
        names = names_in("«s» «other»", template, *way.arguments.split(), *map(str, (*way.files, *way.env)))
        if not failed:
            continue
        assert not leaks(told.decode(), names, ["one"]), way.arguments
        assert b"Traceback" not in told
    assert failed
