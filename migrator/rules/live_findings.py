"""What the L rules share: where their findings point, and how they tell what a server said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.rules.model import at_value

if TYPE_CHECKING:
    from migrator.document.model import Target
    from migrator.observations import Observations, Reply
    from migrator.section import Section

ASK_SERVER = "ask whoever runs the mail server"
LOOK_FIRST = "whether the mail arrives is not known: look into the mailbox before you send another"


def at(section: Section, *names: str) -> Target:
    """The value of the first of these settings that is there, else of Host."""
    for name in names:
        setting = section.get(name)
        if setting is not None:
            return at_value(setting)
    return at_host(section)


def at_host(section: Section) -> Target:
    """The value of Host, without which no server is asked."""
    return at_value(section.settings["Host"])


def server(section: Section, seen: Observations) -> str:
    """Host and port, for a message."""
    return section.name(str(seen.server))


def in_brackets(section: Section, words: str) -> str:
    """Further facts, behind others."""
    return f" ({section.name(words)})" if words else ""


def works_elsewhere(seen: Observations) -> str:
    """Which other HostPorts were seen to work, behind what to do."""
    found = " and ".join(f'"{one}"' for one in seen.elsewhere)
    return (
        f"; on this host {found} {'was' if len(seen.elsewhere) == 1 else 'were'} seen to work"
        if found
        else ""
    )


def reply_words(section: Section, reply: Reply | None) -> str:
    """What the server said, behind what it did."""
    return "" if reply is None else f": {section.name(str(reply))}"


def help_for(reply: Reply | None, otherwise: str) -> str:
    """What the reply means and what to do; where nobody knows, what usually helps."""
    from migrator.replies import explain_reply  # which lint, that asks no server, starts without

    explained = () if reply is None else explain_reply(str(reply), is_whole=True)
    return f"{explained[0].meaning}: {explained[0].help}" if explained else otherwise
