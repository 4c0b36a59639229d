"""Which agents are meant, and who they are to each other: what the commands on a cluster share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.cli import arguments
from migrator.cli.config import selection
from migrator.cli.output import Refusal
from migrator.cli.progress import watched
from migrator.cli.reporting import once, spared_by
from migrator.cluster.meaning import digest_with
from migrator.cluster.topology import Declared, Known, Unclear, topology
from migrator.config.effective import absolute
from migrator.files import STANDARD_INPUT
from migrator.parallel import together_in_order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from migrator.cli.cluster_options import AgentFileOptions
    from migrator.cli.config import LazyConfigs, RunSettings
    from migrator.cluster.reading import AgentReader, FileRead
    from migrator.cluster.topology import Topology
    from migrator.files import Selection

KEY_SIZE = 32
"""Bytes of the key of a run's digests."""


def selection_of_agents(paths: Sequence[str] | None, files: AgentFileOptions, run: RunSettings) -> Selection:
    """The files of the agents: those that were given, or else those that the configuration names."""
    named = paths
    if not named and files.files_from is None:
        named = [_shortened(agent.path) for agent in run.cluster.agents]
        if not named:
            raise Refusal(
                "no path given, and the configuration names no agents: give the folder with their files, or "
                "name them in [cluster] of dmsmtp.toml"
            )
    chosen = selection(named, run, files_from=files.files_from)
    if STANDARD_INPUT in chosen.paths:
        raise Refusal("agents are read from files, and not from standard input: give their paths")
    return chosen


def _shortened(path: str) -> str:
    """A path as it is seen from the working folder, where the file lies below it."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # on another drive
        return path
    return path if relative.startswith(os.pardir) else relative


def read_files(
    chosen: Selection, reader: AgentReader, processes: int, targets: Sequence[str | None]
) -> list[FileRead]:
    """What the files are, each once; `targets` are files that reports are written to."""
    to_read = once(spared_by(arguments.found(chosen), targets))
    files = list(watched(together_in_order(reader.read_all, to_read, processes), "read"))
    if all(file.agent is None for file in files):
        raise Refusal("a DMS.xml lists the agents of a cluster: give their DataMiner.xml too")
    return files


def topology_of(
    files: Sequence[FileRead],
    run: RunSettings,
    configs: LazyConfigs,
    key: bytes,
    *,
    failover: Sequence[str],
    reference: str | None = None,
    secrets: Collection[str] = (),
) -> Topology:
    """Who the agents are; `key` is that of the digests with which the files were read.

    `secrets` come from elsewhere, and are shown no more than those of the agents.
    """
    config = configs.of_run()
    folder = Path() if config is None or config.path is None else config.path.parent
    found = topology(
        files,
        Declared(
            tuple(
                Known(one.name, os.path.abspath(one.path), one.identity)  # noqa: PTH100 - links stay
                for one in run.cluster.agents
            ),
            tuple(map(_pair, failover)),
            tuple(_configured_pairs(run, folder)),
            reference,
            absolute(folder),
        ),
        digest_with(key),
        secrets,
    )
    if isinstance(found, Unclear):
        raise Refusal(found.reason)
    return found


def _configured_pairs(run: RunSettings, folder: Path) -> Iterator[tuple[str, str]]:
    """The pairs of the configuration; a path in it counts from its folder."""
    names = {agent.name for agent in run.cluster.agents}

    def resolved(text: str) -> str:
        path = folder / text
        return str(path) if text not in names and os.path.lexists(path) else text

    for first, second in run.cluster.failover:
        yield resolved(first), resolved(second)


def _pair(text: str) -> tuple[str, str]:
    first, equals, second = text.partition("=")
    if not equals or not first or not second or "=" in second:
        raise Refusal(f"--failover {text}: write it as A=B, two agents by name or path")
    return first, second
