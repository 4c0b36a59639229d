"""What a reply to EHLO offers, however it is written."""

from __future__ import annotations

import pytest

from migrator.live.hello import offers_of
from migrator.observations import Offers, Reply


def offered(*lines: str) -> Offers:
    return offers_of(Reply(250, ("mail.example.com STARTTLS SMTPUTF8", *lines)))


def test_the_first_line_names_the_server_alone() -> None:
    assert offered() == offers_of(Reply(250)) == Offers()


@pytest.mark.parametrize("line", ["STARTTLS", "starttls", " StartTLS ", "STARTTLS REQUIRED"])
def test_starttls(line: str) -> None:
    assert offered("HELP", line).starttls


@pytest.mark.parametrize("line", ["", "STARTTLSX", "X-STARTTLS", "NO STARTTLS", "STARTTLS="])
def test_what_is_not_starttls(line: str) -> None:
    assert not offered(line).starttls


@pytest.mark.parametrize(
    ("lines", "mechanisms"),
    [
        (["AUTH PLAIN LOGIN"], ("PLAIN", "LOGIN")),
        (["auth plain"], ("PLAIN",)),
        (["AUTH=LOGIN PLAIN"], ("LOGIN", "PLAIN")),  # as old servers of Microsoft's
        (["Auth=Login plain"], ("LOGIN", "PLAIN")),
        (["AUTH PLAIN", "AUTH=PLAIN LOGIN"], ("PLAIN", "LOGIN")),
        (["AUTH"], ()),
        (["XAUTH PLAIN"], ()),
    ],
)
def test_mechanisms(lines: list[str], mechanisms: tuple[str, ...]) -> None:
    assert offered(*lines).mechanisms == mechanisms


@pytest.mark.parametrize(
    ("line", "size"),
    [
        ("SIZE 26214400", 26214400),
        ("size 0", 0),
        ("SIZE", None),
        ("SIZE -1", None),
        ("SIZE 1e9", None),
        ("SIZE \u0663", None),
        (f"SIZE {'9' * 18}", 10**18 - 1),
        (f"SIZE {'9' * 5_000}", None),
        ("SIZE x 10", 10),
    ],
)
def test_size(line: str, size: int | None) -> None:
    assert offered(line).size == size


def test_keywords_are_kept_once_each() -> None:
    assert offered("PIPELINING", "AUTH PLAIN", "auth PLAIN LOGIN").keywords == (
        "PIPELINING",
        "AUTH PLAIN LOGIN",
    )
