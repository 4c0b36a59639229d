"""What is shown of servers: nothing that is a secret of the files that name them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING

from migrator.live import probing
from migrator.live.probing import Question, ask_all, by_server
from migrator.live.session import Wishes
from migrator.observations import (
    Certificate,
    Line,
    Observations,
    Offers,
    Reply,
    Server,
    Stage,
    Step,
    Tls,
    Trouble,
    TroubleKind,
)
from migrator.values.host_port import HostPort, Security
from migrator.values.secret import MASK
from tests.rules.observed import section_of
from tests.rules.tables import section

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

SECRET = "smtp.secret-host.example"
SAID = f"at {SECRET} now"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
OFFERS = Offers((SAID,), 10, True, False, (SAID,))
REPLY = Reply(250, (SAID,))
TROUBLE = Trouble(Stage.EHLO, TroubleKind.REPLY, SAID, REPLY)
# Every text that may come from a server or a file holds the secret
SEEN = Observations(
    server=Server(SECRET, 587, Security.STARTTLS),
    at=NOW,
    addresses=(SAID,),
    steps=(Step(Stage.EHLO, 0.5, SAID),),
    before=OFFERS,
    offers=OFFERS,
    tls=Tls(SAID, SAID, Certificate(SAID, SAID, (SAID,), NOW, NOW, SAID, SAID), SAID, SAID, SAID, SAID),
    trouble=TROUBLE,
    refusal=TROUBLE,
    spoken=(Security.CLEAR_TEXT,),
    elsewhere=(HostPort(25),),
    logged_in=SAID,
    untried=SAID,
    accepted=REPLY,
    transcript=(Line(True, SAID),),
)


def shown(**settings: str | None) -> Observations:
    """What is shown of the server to who has a file with these settings."""
    question = Question(SEEN.server, Wishes())
    one = section_of(section(Host=SECRET, **settings))
    ((paths, found),) = by_server([("x.xml", one, question)], {question: SEEN})
    assert paths == ["x.xml"]
    return found


def test_a_host_that_is_a_secret_is_shown_nowhere() -> None:
    found = shown(Password=SECRET)

    assert SECRET not in repr(found)
    assert found.server == Server(MASK, 587, Security.STARTTLS)
    assert repr(found).count(MASK) == repr(SEEN).count(SECRET)


def test_all_else_is_as_it_was() -> None:
    found = shown(Password=SECRET)

    for name, value in SEEN._asdict().items():
        assert repr(getattr(found, name)) == re.sub(re.escape(SECRET), MASK, repr(value))
    assert found.tls is not None
    assert isinstance(found.tls.certificate, Certificate)
    assert found.spoken == SEEN.spoken
    assert found.elsewhere == SEEN.elsewhere
    assert found.steps[0].stage is Stage.EHLO


def test_words_of_our_own_stay() -> None:
    """A password may be a word that every report holds."""
    found = shown(Password="STARTTLS")

    assert found.server.security is Security.STARTTLS
    assert found == SEEN


def test_where_nothing_is_secret_all_is_shown() -> None:
    assert shown(Password=None) == SEEN


def test_who_watches_hears_of_a_server_while_others_are_still_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many that do not answer, nothing would be seen for minutes."""
    is_heard = Event()
    heard: list[int] = []

    def observe(server: Server, _wishes: Wishes) -> Observations:
        if server.port > 1:
            assert is_heard.wait(20)
        return SEEN._replace(server=server)

    def watch(asked: Iterator[None]) -> Iterator[None]:
        for count, one in enumerate(asked, 1):
            heard.append(count)
            is_heard.set()
            yield one

    monkeypatch.setattr(probing, "observe", observe)
    questions = [Question(Server("x", port, Security.CLEAR_TEXT), Wishes()) for port in (3, 1, 2, 1)]

    seen = ask_all(questions, 3, watch)

    assert heard == [1, 2, 3]
    assert [one.server.port for one in seen.values()] == [3, 1, 2]
