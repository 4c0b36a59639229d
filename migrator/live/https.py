"""Asking a provider of tokens over HTTPS: one request, one answer of JSON, within bounds."""

from __future__ import annotations

import json
import re
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from migrator.live import tls
from migrator.live.web_addresses import is_loopback, shown_address, why_not_to_ask
from migrator.observations import NOBODY_KNOWN
from migrator.tuples import NamedTuple
from migrator.values.secret import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 262_144  # bytes of an answer
_LONGEST_REASON = 120  # characters
_FROM_PROXY = re.compile(r"Tunnel connection failed: ([0-9]{3})\b")
_MOST_DIGITS = 12  # of a number of seconds
_PAUSE = 0.05  # seconds; Windows lets nobody interrupt who waits without an end
_LOWEST_ERROR, _LOWEST_FAULT = 400, 500  # RFC 9110, section 15: of who asks, of who is asked


class Unanswered(NamedTuple):
    """There was no answer that could be read, and why: no secret is in the reason."""

    reason: str


class JsonAnswer(NamedTuple):
    """The members of a JSON object, which hold secrets."""

    members: Mapping[str, Any]
    is_error: bool = False

    def __repr__(self) -> str:
        return f"JsonAnswer({self.is_error})"  # the members may be secrets

    def text(self, name: str) -> str:
        """A member that is a text; empty where it is none."""
        value = self.members.get(name)
        return value if isinstance(value, str) else ""

    def seconds(self, name: str) -> float | None:
        """A member that is a number of seconds above 0, as a number or, as some write it, a text."""
        value = self.members.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = value[:_MOST_DIGITS]
        try:
            number = 0.0 if isinstance(value, bool) or value is None else float(value)
        except (TypeError, ValueError, OverflowError):
            return None
        return number if 0 < number < float("inf") else None


class Asking(NamedTuple):
    """How a provider is asked: `timeout` in seconds, for all of a request."""

    timeout: float = 30.0
    ca_file: str | None = None


def ask(
    url: str, asking: Asking, body: str | None = None, headers: Mapping[str, str] | None = None
) -> JsonAnswer | Unanswered:
    """What is answered to a GET, or to a POST of a form; redirections are not followed.

    The time counts for everything, a byte now and then included.
    """
    reason = why_not_to_ask(url)
    if reason is not None:
        return Unanswered(f"{shown_address(url)}: {reason}")
    answers: list[JsonAnswer | Unanswered] = []
    faults: list[Exception] = []

    def work() -> None:
        try:
            answers.append(_ask(url, asking, body, headers or {}))
        except Exception as error:  # noqa: BLE001 - raised again below, where somebody sees it
            faults.append(error)

    # A thread, as a socket's own time-out begins anew with each byte; it keeps nobody waiting at the end
    thread = Thread(target=work, daemon=True)
    thread.start()
    left = asking.timeout
    while thread.is_alive() and left > 0:
        thread.join(min(_PAUSE, left))
        left -= _PAUSE
    if faults:
        raise faults[0]
    if not answers:
        return Unanswered(f"{_host(url)} did not answer{_way(url)} within {asking.timeout:g} s")
    return answers[0]


def _ask(url: str, asking: Asking, body: str | None, headers: Mapping[str, str]) -> JsonAnswer | Unanswered:
    # Only who asks pays for loading these
    import http.client
    import urllib.error
    import urllib.request

    class NoRedirection(urllib.request.HTTPRedirectHandler):
        """What was sent is for one address alone."""

        def redirect_request(self, *_: object) -> None:
            """Follow none."""

    host = _host(url)
    request = urllib.request.Request(  # noqa: S310 - https, or http on this machine
        url,
        None if body is None else body.encode("ascii"),
        {"Accept": "application/json", "User-Agent": "dmsmtp", **headers},
    )
    handlers: list[urllib.request.BaseHandler] = [NoRedirection()]
    if is_loopback(urlsplit(url).hostname or ""):
        handlers.append(urllib.request.ProxyHandler({}))
    if urlsplit(url).scheme == "https":
        context = tls.context(tls.Strictness.FULL, asking.ca_file)
        handlers.append(urllib.request.HTTPSHandler(context=context))
    opener = urllib.request.build_opener(*handlers)
    try:
        try:
            response = opener.open(request, timeout=asking.timeout)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return _read(response.read(_LONGEST + 1), response.status or 0, host)
    except urllib.error.URLError as error:
        why = _why(error.reason)
    except OSError as error:
        why = _why(error)
    except (ValueError, http.client.InvalidURL):
        why = "its address cannot be used"
    except http.client.HTTPException:
        why = "it does not speak HTTP"
    return Unanswered(f"{host} could not be asked{_way(url)}: {why}")


def _read(data: bytes, status: int, host: str) -> JsonAnswer | Unanswered:
    if len(data) > _LONGEST:
        return Unanswered(f"{host} answered with more than {_LONGEST // 1024} KiB")
    try:
        members = json.loads(data)
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, dict):
        is_out_of_order = status >= _LOWEST_FAULT
        usual = " and no JSON object: is it the right address?"
        why = ", which is a fault on its side" if is_out_of_order else usual
        return Unanswered(f"{host} answered with status {status}{why}")
    return JsonAnswer(members, status >= _LOWEST_ERROR or not 200 <= status < 300)  # noqa: PLR2004 - RFC 9110


def _host(url: str) -> str:
    return printable(urlsplit(url).netloc)


def _way(url: str) -> str:
    """That it goes through a proxy, whose trouble it may be; its address may hold a password."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    is_direct = is_loopback(parts.hostname or "") or not getproxies().get(parts.scheme)
    return "" if is_direct or proxy_bypass(parts.netloc) else " through the proxy of the environment"


def _why(error: object) -> str:
    """Why it failed, in words that hold nothing of what was sent."""
    import ssl

    if isinstance(error, ssl.SSLCertVerificationError):
        # Often it is that of a proxy that looks into TLS, which this machine's browser trusts
        how = " (--ca-file names a certificate to trust)" if error.verify_code in NOBODY_KNOWN else ""
        return f"its certificate is not in order: {error.verify_message}{how}"
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or type(error).__name__}".lower().replace("_", " ")
    if isinstance(error, OSError) and error.strerror:
        from migrator.live.reaching import why_unreached

        return why_unreached(error)
    if isinstance(error, OSError | str) and str(error):
        return _words_of_library(str(error))
    return type(error).__name__


def _words_of_library(text: str) -> str:
    """What the library says; of a proxy the status alone, as behind it stand words of the proxy's own."""
    match = _FROM_PROXY.match(text)
    if match is None:
        return printable(text[:_LONGEST_REASON])
    from http import HTTPStatus

    phrase = next((f" {one.phrase}" for one in HTTPStatus if str(one.value) == match[1]), "")
    return f"the proxy answers {match[1]}{phrase}"
