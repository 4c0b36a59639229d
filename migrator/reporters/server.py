"""What was seen of a mail server, stage by stage, for people or as members of a JSON report."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from migrator.files import posix_path
from migrator.reporters.full import FullReport
from migrator.reporters.json_report import JsonReport
from migrator.reporters.style import BOLD, DIM, paint, wrapped
from migrator.values.secret import printable
from migrator.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from migrator.observations import Certificate, Observations, Offers, Tls
    from migrator.reporters import Layout

    Servers = Sequence[tuple[Sequence[str], Observations]]
    """What was seen of each server, with the paths of the files that name it."""

_MOST_PATHS = 3
_STAGES = 10  # columns of the names of stages
_TIMES = 8


def as_text(
    paths: Sequence[str], seen: Observations, layout: Layout, *, transcript: bool = False
) -> Iterator[str]:
    """A line a stage, with the time that it took; then the certificate, and what was not tried and why."""
    title = f"{seen.server}, {seen.server.security}"
    named = ", ".join(printable(path) for path in paths[:_MOST_PATHS])
    more = f" and {len(paths) - _MOST_PATHS:,} more" if len(paths) > _MOST_PATHS else ""
    yield paint(printable(title), BOLD, colour=layout.colour) + f" ({named}{more})\n"
    for step in seen.steps:
        time = paint(f"{step.seconds * 1000:>{_TIMES - 3},.0f} ms", DIM, colour=layout.colour)
        yield _row(step.stage, time, step.words, layout)
    if seen.tls is not None:
        yield _row("proof", " " * _TIMES, _proof(seen.tls), layout)
        if seen.tls.certificate is not None:
            yield _row("", " " * _TIMES, _certificate(seen.tls.certificate, seen), layout)
    if seen.untried is not None:
        yield _row("login", " " * _TIMES, f"not tried: {seen.untried}", layout)
    if transcript:
        yield "\n"
        for line in seen.transcript:
            yield f"  {'C' if line.is_ours else 'S'}: {printable(line.text)}\n"
    yield "\n"


def _row(name: str, time: str, words: str, layout: Layout) -> str:
    margin = " " * (2 + _STAGES + _TIMES + 2)
    lines = wrapped(printable(words), layout.width, margin, margin)
    return f"  {name:<{_STAGES}}{time}  {lines.removeprefix(margin)}"


def _proof(tls: Tls) -> str:
    faults = [one for one in (tls.untrusted, tls.misnamed, tls.outdated, tls.weak) if one is not None]
    return (
        f"the certificate is not in order: {'; '.join(faults)}" if faults else "the certificate is in order"
    )


def _certificate(one: Certificate, seen: Observations) -> str:
    days = (one.not_after - seen.at).days
    left = f"{counted(days, 'day')} left" if days >= 0 else "expired"
    parts = [
        f"for {one.owner}",
        f"issued by {one.issuer}",
        f"valid {one.not_before:%Y-%m-%d} to {one.not_after:%Y-%m-%d} ({left})",
        f"key {one.key}" if one.key else "",
        f"signed with {one.signature}" if one.signature else "",
    ]
    return ", ".join(part for part in parts if part)


def as_members(paths: Sequence[str], seen: Observations, *, transcript: bool = False) -> dict[str, Any]:
    """The same for programs; times are seconds, dates ISO 8601."""
    members: dict[str, Any] = {
        "host": seen.server.host,
        "port": seen.server.port,
        "security": seen.server.security.value,
        "paths": [posix_path(path) for path in paths],
        "at": seen.at.isoformat(),
        "addresses": list(seen.addresses),
        "stages": [
            {"stage": step.stage.value, "seconds": round(step.seconds, 6), "words": step.words}
            for step in seen.steps
        ],
        "failed_at": None if seen.trouble is None else seen.trouble.stage.value,
        "tls": None if seen.tls is None else _tls(seen.tls),
        "offers_before_tls": None if seen.before is None else _offers(seen.before),
        "offers": None if seen.offers is None else _offers(seen.offers),
        "also_speaks": [one.value for one in seen.spoken],
        "answers_elsewhere": [str(one) for one in seen.elsewhere],
        "logged_in_with": seen.logged_in,
        "login_not_tried": seen.untried,
        "sent": seen.is_sent,
        "accepted": None if seen.accepted is None else str(seen.accepted),
    }
    if transcript:
        members["transcript"] = [
            {"from": "client" if line.is_ours else "server", "text": line.text} for line in seen.transcript
        ]
    return members


def _offers(offers: Offers) -> dict[str, Any]:
    return {
        "mechanisms": list(offers.mechanisms),
        "size": offers.size,
        "starttls": offers.starttls,
        "smtputf8": offers.smtputf8,
        "keywords": list(offers.keywords),
    }


def _tls(tls: Tls) -> dict[str, Any]:
    one = tls.certificate
    return {
        "protocol": tls.protocol,
        "cipher": tls.cipher,
        "verified": tls.is_verified,
        "untrusted": tls.untrusted,
        "misnamed": tls.misnamed,
        "outdated": tls.outdated,
        "weak": tls.weak,
        "certificate": None
        if one is None
        else {
            "subject": one.subject,
            "issuer": one.issuer,
            "names": list(one.names),
            "not_before": one.not_before.isoformat(),
            "not_after": one.not_after.isoformat(),
            "key": one.key,
            "signature": one.signature,
        },
    }


class ServersAsText(FullReport):
    """What was seen of each server, then the findings as `full` has them."""

    def __init__(self, servers: Servers, layout: Layout, *, transcript: bool = False) -> None:
        super().__init__(layout)
        self._servers = servers
        self._transcript = transcript

    def start(self) -> str:
        """The servers."""
        return "".join(
            line
            for paths, seen in self._servers
            for line in as_text(paths, seen, self._layout, transcript=self._transcript)
        )


class ServersAsJson(JsonReport):
    """The report of findings, with what was seen of each server as a member more."""

    def __init__(
        self,
        servers: Servers,
        further: Mapping[str, object] = MappingProxyType({}),
        *,
        transcript: bool = False,
    ) -> None:
        told = [as_members(paths, seen, transcript=transcript) for paths, seen in servers]
        super().__init__({"servers": told, **further})
