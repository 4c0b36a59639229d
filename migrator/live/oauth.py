"""OAuth 2.0 tokens: through the browser (authorization code with PKCE), by a device code, or refreshed.

Sources: RFC 6749, RFC 7636 (PKCE), RFC 8252 (native applications), RFC 8628 (device code), RFC 9207 (issuer),
RFC 8414 and OpenID Connect Discovery. What is sent is built, and what comes back is read, by oauthlib.
"""

from __future__ import annotations

import json
import re
import time
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlencode, urlsplit

from migrator.live import EXTRA
from migrator.live.concealing import Concealment
from migrator.live.https import JsonAnswer, Unanswered, ask
from migrator.live.oauth_refusals import help_for
from migrator.live.web_addresses import shown_address, why_not_to_ask
from migrator.tuples import NamedTuple
from migrator.values.secret import printable
from migrator.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from oauthlib.oauth2 import Client

    from migrator.live.https import Asking
    from migrator.live.web_addresses import Redirect
    from migrator.providers import Issuer

_TENANT = "{tenant}"
_TENANTS = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?")
_LIFETIME = ("expires_in", "expires_at")
_FORM = MappingProxyType({"Content-Type": "application/x-www-form-urlencoded"})
_VERIFIER = 64  # letters; RFC 7636 has 43 to 128
_LONGEST_TOKEN = 65_536
_LONGEST_TOLD = 300  # letters of what a provider says
_LONGEST_ADDRESS = 2_000  # letters of an address that somebody is to open
_INTERVAL, _SLOWER = 5.0, 5.0  # seconds between two questions; RFC 8628, sections 3.2 and 3.5
_GO_ON = ("authorization_pending", "slow_down")
_BUSY = ("server_error", "temporarily_unavailable")
_MOST_SILENCES = 3  # one after the other, until it is given up
_SHORTEST, _LONGEST = 1.0, 60.0  # seconds between them, whatever the provider says
_LOGIN_SCOPES = frozenset({"offline_access", "openid", "profile", "email"})  # of the login, not of mail
_WELL_KNOWN = "/.well-known/openid-configuration"
MISSING = f"OAuth 2.0 needs the extra: {EXTRA}"


class Failed(NamedTuple):
    """No tokens, why, and what to do; `code` is the provider's own word for it. Nothing secret is in it.

    `is_silence` says that there was no answer, or a busy provider: it may be otherwise the next time.
    """

    reason: str
    code: str | None = None
    help: str | None = None
    is_silence: bool = False


class Registration(NamedTuple):
    """What the provider knows the program by; `user` is the mailbox that its page is to offer."""

    client_id: str
    client_secret: str | None = None
    user: str | None = None

    def __repr__(self) -> str:
        return f"Registration({self.client_id})"  # the rest is secret, or somebody's name


class Endpoints(NamedTuple):
    """Where a provider is asked.

    `issuer` is what it calls itself, with {tenant} where that is not known beforehand, and `tells_issuer`
    whether its answers must say so. `secret_in_header` is where the client secret goes.
    """

    token: str
    authorize: str | None = None
    device_code: str | None = None
    issuer: str | None = None
    tells_issuer: bool = False
    secret_in_header: bool = False
    authorize_with: Mapping[str, str] = MappingProxyType({})


class Tokens(NamedTuple):
    """What was given; `expires_at` is in seconds since 1970, None where nothing was said of it."""

    access_token: str
    refresh_token: str | None = None
    expires_at: float | None = None
    scopes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Tokens({self.expires_at}, {self.scopes})"  # the rest is secret


def is_available() -> bool:
    """Whether the library is installed."""
    try:
        import oauthlib.oauth2  # noqa: F401 - this is the question
    except ImportError:
        return False
    return True


def endpoints_of(issuer: Issuer, tenant: str | None, host: str | None = None) -> Endpoints | Failed:
    """The endpoints that the table of providers has; `host` is that of a national cloud."""
    if _TENANT not in issuer.token:
        tenant = ""
    elif tenant is None or _TENANTS.fullmatch(tenant) is None:
        told = "the tenant is missing" if tenant is None else f"{printable(tenant)} is no tenant"
        return Failed(told, help="give its ID or a domain name of it with --tenant-id")

    def at(url: str, own: str = tenant) -> str:
        parts = urlsplit(url.replace(_TENANT, own))
        return parts._replace(netloc=host).geturl() if host is not None and _TENANT in url else parts.geturl()

    return Endpoints(
        at(issuer.token),
        at(issuer.authorize),
        None if issuer.device_code is None else at(issuer.device_code),
        at(issuer.identifier, _TENANT),
        authorize_with=issuer.authorize_with,
    )


def scopes_of(issuer: Issuer, host: str | None) -> tuple[str, ...]:
    """The permissions that the mail servers want; none known where `host` is another cloud's."""
    usual = urlsplit(issuer.token).hostname
    is_other = host is not None and _TENANT in issuer.token and host.removesuffix(".") != usual
    return () if is_other else issuer.scopes


def discovered(issuer: str, asking: Asking) -> Endpoints | Failed:
    """The endpoints that a provider publishes under its address, which must be what it calls itself."""
    answer = ask(issuer.rstrip("/") + _WELL_KNOWN, asking)
    if isinstance(answer, Unanswered):
        return Failed(answer.reason)
    told = answer.text("issuer")
    if answer.is_error or told != issuer:
        name = f"calls itself {_told(told)}" if told else "does not say who it is"
        return Failed(f"{printable(issuer)} {name}", help="give --issuer exactly as the provider writes it")
    token, authorize = answer.text("token_endpoint"), answer.text("authorization_endpoint")
    device = answer.text("device_authorization_endpoint")
    for url in filter(None, (token, authorize, device)):
        reason = why_not_to_ask(url)
        if reason is not None:
            return Failed(f"{printable(issuer)} names {_told(shown_address(url))}: {reason}")
    if not token:
        return Failed(f"{printable(issuer)} names no token endpoint")
    ways = answer.members.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Endpoints(
        token,
        authorize or None,
        device or None,
        issuer,
        tells_issuer=answer.members.get("authorization_response_iss_parameter_supported") is True,
        secret_in_header="client_secret_post" not in ways if isinstance(ways, list) else True,
    )


class ProviderLogin(NamedTuple):
    """Who asks whom for what; `patience` is in seconds, for the user to log in."""

    registration: Registration
    endpoints: Endpoints
    scopes: tuple[str, ...]
    asking: Asking
    patience: float = 300.0


def by_browser(login: ProviderLogin, wanted: Redirect, show: Callable[[str], None]) -> Tokens | Failed:
    """Tokens for a code that the browser brings to a page on this machine; `show` opens an address there."""
    from secrets import token_urlsafe

    from oauthlib.oauth2 import WebApplicationClient

    from migrator.live.loopback import RedirectListener

    registration, endpoints = login.registration, login.endpoints
    if endpoints.authorize is None:
        return Failed("the provider has no page to log in at", help="try --device-code")
    client = WebApplicationClient(registration.client_id)
    state = token_urlsafe(32)
    verifier = client.create_code_verifier(_VERIFIER)
    challenge = client.create_code_challenge(verifier, "S256")
    try:
        listener = RedirectListener(wanted, state)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        return Failed(
            f"nothing can wait at {wanted} for the browser: {why}", help="give another --redirect-uri"
        )
    with listener:
        redirect = str(listener.redirect)
        # The library takes https alone, and a provider on this machine needs none
        scheme, _, rest = endpoints.authorize.partition(":")
        address = client.prepare_request_uri(
            f"https:{rest}",
            redirect_uri=redirect,
            scope=list(login.scopes),
            state=state,
            code_challenge=challenge,
            code_challenge_method="S256",
            **{
                **endpoints.authorize_with,
                **({"login_hint": registration.user} if registration.user else {}),
            },
        )
        show(f"{scheme}:{address.partition(':')[2]}")
        arrived = listener.wait(login.patience)
    if arrived is None:
        return _nobody_came(login.patience, listener.turned_away)
    hidden = {state, verifier, arrived.fields.get("code", "")}
    fault = _issuer_fault(arrived.fields.get("iss"), endpoints)
    if fault is not None:
        return fault
    if "error" in arrived.fields:
        return _refused(arrived.fields["error"], arrived.fields.get("error_description", ""), hidden)
    body = client.prepare_request_body(
        code=arrived.fields["code"],
        redirect_uri=redirect,
        include_client_id=True,
        code_verifier=verifier,
        **_secret_in_body(login),
    )
    return _exchange(client, login, body, hidden)


def by_device(
    login: ProviderLogin, show: Callable[[str, str], None], pause: Callable[[float], None]
) -> Tokens | Failed:
    """Tokens for a login on any device; `show` tells the address to open there and the code to enter.

    `pause` waits for so many seconds between two questions.
    """
    from oauthlib.oauth2 import DeviceClient

    endpoints = login.endpoints
    if endpoints.device_code is None:
        return Failed("the provider has no device code for this", help="leave --device-code out")
    client = DeviceClient(login.registration.client_id)
    body = urlencode(
        dict(client_id=login.registration.client_id, scope=" ".join(login.scopes), **_secret_in_body(login))
    )
    answer = ask(endpoints.device_code, login.asking, body, _headers(login))
    if isinstance(answer, Unanswered):
        return Failed(answer.reason)
    code, user_code = answer.text("device_code"), answer.text("user_code")
    hidden = {code, login.registration.client_secret or ""}
    if answer.is_error or answer.members.get("error") is not None:
        return _refused(answer.text("error"), answer.text("error_description"), hidden)
    address = answer.text("verification_uri") or answer.text("verification_url")
    is_short = len(user_code) <= _LONGEST_TOLD and len(address) <= _LONGEST_ADDRESS
    if not code or not user_code or not is_short or why_not_to_ask(address) is not None:
        return Failed("the provider's answer holds no code, or no address to enter it at")
    if any(one and one in address + user_code for one in hidden):
        return Failed("the provider's answer would have a secret entered, or shown in an address")
    show(address, user_code)
    interval = _bounded(answer.seconds("interval") or _INTERVAL)
    left = min(login.patience, answer.seconds("expires_in") or login.patience)
    body = client.prepare_request_body(code, include_client_id=True, **_secret_in_body(login))
    silences = 0
    while left > 0:
        pause(min(interval, left))
        start = time.monotonic()
        given = _exchange(client, login, body, hidden)
        if isinstance(given, Tokens):
            return given
        silences = silences + 1 if given.is_silence else 0
        if given.code not in _GO_ON and not 0 < silences <= _MOST_SILENCES:
            return given
        left -= interval + time.monotonic() - start
        if given.code == "slow_down" or given.is_silence:
            interval = _bounded(interval + _SLOWER)
    return Failed("nobody finished the login in time", "expired_token", help_for("expired_token", ""))


def refreshed(login: ProviderLogin, refresh_token: str) -> Tokens | Failed:
    """New tokens for a refresh token, which stays where no other comes."""
    from oauthlib.oauth2 import WebApplicationClient

    client = WebApplicationClient(login.registration.client_id)
    body = client.prepare_refresh_body(
        refresh_token=refresh_token, client_id=login.registration.client_id, **_secret_in_body(login)
    )
    given = _exchange(client, login, body, {refresh_token})
    if isinstance(given, Tokens) and given.refresh_token is None:
        return given._replace(refresh_token=refresh_token)
    return given


def _bounded(seconds: float) -> float:
    return min(max(seconds, _SHORTEST), _LONGEST)


def _nobody_came(patience: float, turned_away: int) -> Failed:
    requests = counted(turned_away, "request")
    strangers = f"; {requests} turned away as no answer to this login" if turned_away else ""
    return Failed(
        f"no answer came from the browser within {patience:g} s{strangers}",
        help="look what the browser shows: a redirect address that is not registered is told there alone",
    )


def _issuer_fault(told: str | None, endpoints: Endpoints) -> Failed | None:
    """Why an answer is not taken: it must be from whom it was asked (RFC 9207, section 2.4)."""
    if told is None:
        if not endpoints.tells_issuer:
            return None
        return Failed("the answer does not say which provider it is from, as this one's must")
    if endpoints.issuer is None:
        return None
    before, tenant, after = endpoints.issuer.partition(_TENANT)
    between = told[len(before) : len(told) - len(after)]
    is_same = told.startswith(before) and told.endswith(after) and _TENANTS.fullmatch(between) is not None
    if is_same if tenant else told == endpoints.issuer:
        return None
    return Failed(f"the answer is from another provider, {_told(told)}: it was not used")


def _secret_in_body(login: ProviderLogin) -> dict[str, str]:
    secret = login.registration.client_secret
    return {} if secret is None or login.endpoints.secret_in_header else {"client_secret": secret}


def _headers(login: ProviderLogin) -> dict[str, str]:
    """RFC 6749, section 2.3.1: both are encoded as in a form before they are in base64."""
    secret = login.registration.client_secret
    if secret is None or not login.endpoints.secret_in_header:
        return dict(_FORM)
    from base64 import b64encode

    pair = f"{quote_plus(login.registration.client_id)}:{quote_plus(secret)}"
    return {**_FORM, "Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _exchange(client: Client, login: ProviderLogin, body: str, hidden: Collection[str]) -> Tokens | Failed:
    """What the token endpoint gives for a request."""
    from oauthlib.oauth2 import OAuth2Error

    start = time.time()
    answer = ask(login.endpoints.token, login.asking, body, _headers(login))
    if isinstance(answer, Unanswered):
        is_asked = why_not_to_ask(login.endpoints.token) is None
        return Failed(answer.reason, is_silence=is_asked)
    # The lifetime is read below, however it is written; what oauthlib makes of it differs by its version
    members = {
        name: value
        for name, value in answer.members.items()
        if name not in _LIFETIME and value is not None  # some write that there is no error
    }
    try:
        client.parse_request_body_response(json.dumps(members))
    except OAuth2Error as error:
        if not answer.text("error"):
            return Failed("the provider's answer holds neither tokens nor a reason")
        return _refused(
            str(error.error), str(error.description or ""), {*hidden, login.registration.client_secret or ""}
        )
    except (TypeError, ValueError, AttributeError, ArithmeticError, RecursionError):
        return Failed("the provider's answer is none of OAuth 2.0")
    return _tokens(answer, login.scopes, start)


def _tokens(answer: JsonAnswer, wanted: tuple[str, ...], start: float) -> Tokens | Failed:
    token, refresh_token = answer.text("access_token"), answer.text("refresh_token")
    if answer.is_error or not (is_usable(token) and (not refresh_token or is_usable(refresh_token))):
        return Failed("the provider's answer holds no token that could be used")
    if answer.text("token_type").lower() != "bearer":
        return Failed("the provider gave a token of another kind than Bearer, which mail servers do not take")
    concealed = Concealment()
    for one in (token, refresh_token):
        concealed.add(one)
    granted = tuple(one for one in answer.text("scope").split() if concealed.masked(one) == one)
    missing = [one for one in wanted if one not in _LOGIN_SCOPES and _kind(one) not in map(_kind, granted)]
    if granted and missing:
        return Failed(
            f"the provider gave a token without the permission {', '.join(missing)}",
            "invalid_scope",
            "consent to it when asked, and compare the permissions of the registration",
        )
    lifetime = answer.seconds("expires_in")
    expires_at = None if lifetime is None else start + lifetime
    return Tokens(token, refresh_token or None, expires_at, granted or wanted)


def is_usable(token: str) -> bool:
    """Whether a text can be a token: printable ASCII without spaces, of a length that can be sent."""
    return bool(re.fullmatch(r"[!-~]+", token)) and len(token) <= _LONGEST_TOKEN


def _kind(scope: str) -> str:
    """What a scope is for, whatever the name of the mail service: Microsoft has several for the same."""
    return (scope.rpartition("/")[2] or scope).lower()


def _refused(code: str, description: str, hidden: Collection[str]) -> Failed:
    """A refusal in the provider's words, and what to do; what was sent is masked where it is said again."""
    concealed = Concealment()
    for one in hidden:
        concealed.add(one)
    told_code = _told(concealed.masked(code))
    told = ": ".join(filter(None, (told_code, _told(concealed.masked(description)))))
    reason = f"the provider refuses ({told or 'without a reason'})"
    return Failed(reason, told_code or None, help_for(code, description), is_silence=code in _BUSY)


def _told(text: str) -> str:
    """A text of the provider on one line, not too long."""
    shown = printable(" ".join(text.split()))
    return shown if len(shown) <= _LONGEST_TOLD else shown[: _LONGEST_TOLD - 1] + "…"
