"""`--show-files` and `--show-settings`: what would be checked, and by which rules."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from migrator.cli import arguments
from migrator.cli.output import ExitCode, Refusal, deliver, say
from migrator.cli.reporting import found_once, spared_by
from migrator.config.effective import merge
from migrator.config.model import ClusterAgent, ClusterConfig, ConfigError
from migrator.files import Missing
from migrator.values.secret import json_text, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.cli.config import LazyConfigs, RunSettings
    from migrator.config.model import RuleConfig, RunConfig
    from migrator.files import Selection


def show_files(chosen: Selection, output_file: str | None) -> ExitCode:
    """List the files that are meant, one a line, in the order in which they are checked."""
    missing: list[Missing] = []
    files = spared_by(found_once(chosen), [output_file])

    def lines() -> Iterator[str]:
        for file in files:
            if isinstance(file, Missing):
                missing.append(file)
            else:
                yield f"{printable(file.shown)}\n"

    deliver(lines(), output_file, machine=False)
    for one in missing:
        say(f"{one.shown}: {one.reason}")
    return ExitCode.REFUSED if missing else ExitCode.DONE


def show_settings(
    chosen: Selection,
    configs: LazyConfigs,
    rules: RuleConfig,
    given: RunConfig,
    run: RunSettings,
    output_file: str | None,
) -> ExitCode:
    """Show what counts for the first file and for the run, each with where it comes from."""
    files = spared_by(arguments.found(chosen), [output_file])
    file = next(files)
    if output_file is not None:
        deque(files, maxlen=0)  # none of the others is to be overwritten
    if isinstance(file, Missing):
        raise Refusal(f"{file.shown}: {file.reason}")
    found = configs.of_file(file.configured_as)
    if isinstance(found, ConfigError):
        raise Refusal(*found.sentences)
    run_config = configs.of_run()
    of_file = merge(found, rules)

    def lines() -> Iterator[str]:
        yield f"# {printable(file.shown)}\n"
        yield f"# rules: {_where(None if found is None else found.path)}\n"
        for key, value in of_file.rules._asdict().items():
            yield _line(key, value, getattr(rules, key) is not None)
        yield f"# run: {_where(None if run_config is None else run_config.path)}\n"
        for key, value in run._asdict().items():
            yield _line(key, value, getattr(given, key) is not None)

    deliver(lines(), output_file, machine=False)
    return ExitCode.DONE


def _where(path: object) -> str:
    return "no configuration file" if path is None else printable(str(path))


def _line(key: str, value: object, is_given: bool) -> str:
    """A setting as a configuration file would have it; one that nothing says is a comment."""
    name = key.replace("_", "-")
    if value is None or value == ClusterConfig():
        return f"# {name} is not set\n"
    return f"{name} = {_toml(value)}{'  # command line' if is_given else ''}\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, ClusterAgent):
        number = {} if value.identity is None else {"id": int(value.identity)}
        return _toml({"name": value.name, **number, "path": value.path})
    if isinstance(value, ClusterConfig):
        return _toml({key: member for key, member in value._asdict().items() if member != ()})
    if isinstance(value, dict):
        members = ", ".join(f"{json_text(str(key))} = {_toml(member)}" for key, member in value.items())
        return f"{{ {members} }}"
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return f"[{', '.join(map(_toml, value))}]"
    return json_text(str(value))
