"""Where passwords and tokens come from; never from an argument, which others on the machine could read."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Protocol

from migrator.cli.output import Refusal, say
from migrator.cli.prompt import PASSWORD_VARIABLE, secret_line, typed_secret
from migrator.live.session import Login
from migrator.values.login_method import LoginMethod
from migrator.values.secret import is_reference
from migrator.values.variable import is_text

if TYPE_CHECKING:
    from migrator.cli.live_options import LoginOptions, ServerOptions
    from migrator.live import token_file
    from migrator.section import Section, Setting

_CLIENT_SECRET = "DMSMTP_CLIENT_SECRET"
_HOW = f"set {PASSWORD_VARIABLE}, or give it with --password-stdin"


class _NotToBeHad(Refusal):
    """A secret that one file needs is not to be had."""


class Logins(Protocol):
    """Gives each section what it logs in with."""

    def login_of(self, section: Section) -> Login | None:
        """The login that is tried; None where there is none to try."""


class OneToken:
    """Logs in with one token, whatever LoginMethod says."""

    def __init__(self, token: str) -> None:
        self._token = token

    def login_of(self, section: Section) -> Login:
        """A login of User with the token."""
        from migrator.live.sasl import Credentials

        return Login(LoginMethod.XOAUTH2, Credentials(section.text("User"), token=self._token))


class Keys:
    """Gives each section what it logs in with; nobody is asked twice for the same."""

    def __init__(self, options: LoginOptions, server: ServerOptions, *, is_stdin_free: bool = True) -> None:
        """`is_stdin_free` says that standard input holds no file to check, and no list of files."""
        if options.password_stdin and not is_stdin_free:
            raise Refusal("--password-stdin: standard input holds the file, or the list of files, already")
        self._given = (
            _from_standard_input() if options.password_stdin else _from_environment(PASSWORD_VARIABLE)
        )
        self._file = options.token_file
        self._kept = None if options.token_file is None else _kept(options.token_file)
        self._is_refreshed = False
        self._server = server
        self._asked: dict[tuple[str, str], str] = {}

    def login_of(self, section: Section) -> Login | None:
        """The login that the settings ask for; None where they ask for none."""
        method, user = section.method, section.text("User")
        if method is LoginMethod.NONE or (method is LoginMethod.AUTO and not section.has_credentials):
            return None
        from migrator.live.sasl import Credentials

        if method is None:
            wants_one = section.has_credentials or section.uses_oauth
            return Login(method, Credentials(user)) if wants_one else None
        if method is LoginMethod.XOAUTH2:
            return Login(method, Credentials(user, token=self._token(section)))
        try:
            return Login(method, Credentials(user, self._password(section) if user else None))
        except _NotToBeHad as missing:  # which keeps nobody from asking the servers of other files
            return Login(method, Credentials(user), *missing.sentences)

    def _token(self, section: Section) -> str | None:
        """The access token in the file, a new one where it counts no more and can be had."""
        kept, path = self._kept, self._file
        if kept is None or path is None:
            return None
        if not self._is_refreshed and kept.is_stale(time.time()):
            kept = self._kept = _refreshed(path, kept, section, self._server)
            self._is_refreshed = True
        return kept.tokens.access_token

    def _password(self, section: Section) -> str:
        if self._given is not None:
            return self._given
        setting = section.given("Password")
        own = None if setting is None else _meant(section, setting, _HOW)
        if own is not None and not is_reference(own):
            return own
        why = (
            "there is no Password"
            if setting is None
            else "Password looks like a reference, which only its own agent can resolve"
        )
        host, user = section.text("Host"), section.text("User")
        who = (host.lower(), user)
        if who not in self._asked:
            self._asked[who] = _ask(f"{why}. Password of {section.name(user)} at {section.name(host)}: ")
        return self._asked[who]


def refuse_without_login(options: LoginOptions) -> None:
    """Say which options mean nothing where no login is made."""
    given = {
        "--password-stdin": options.password_stdin,
        "--token-file": options.token_file is not None,
        "--allow-cleartext": options.allow_cleartext,
    }
    for option, is_given in given.items():
        if is_given:
            raise Refusal(f"{option} goes with --login: without it no login is made")


def client_secret(section: Section | None) -> str:
    """The client secret: from the environment, from a file that holds it itself, or from a prompt."""
    given = _from_environment(_CLIENT_SECRET)
    if given is not None:
        return given
    setting = None if section is None else section.given("OAuthClientSecret")
    own = None if section is None or setting is None else _meant(section, setting, f"set {_CLIENT_SECRET}")
    if own is not None and not is_reference(own):
        return own
    why = (
        "the client secret is needed"
        if setting is None
        else "OAuthClientSecret looks like a reference, which only its own agent can resolve"
    )
    secret = _ask(
        f"{why}. Client secret: ", f"set {_CLIENT_SECRET}, or run it at a terminal, which asks for it"
    )
    if not secret:
        raise Refusal(f"no client secret was given: set {_CLIENT_SECRET}, or type it")
    return secret


def _meant(section: Section, setting: Setting, how: str) -> str:
    """The secret that a setting stands for: JSON and YAML may name variables. `how` else it is given."""
    if "$" not in setting.value:
        return setting.value
    from migrator.conversion.secrets import resolved_text
    from migrator.conversion.tree import Problem
    from migrator.document.xml import XmlDocument

    if isinstance(section.document, XmlDocument):
        return setting.value
    found = resolved_text(setting.name, setting.value, os.environ)
    if isinstance(found, Problem):
        raise _NotToBeHad(f"{found.message}: {found.help}, or {how}")
    return found


def _ask(words: str, how: str = _HOW) -> str:
    if sys.stdin is None or not sys.stdin.isatty():
        raise _NotToBeHad(f"{words.partition('.')[0]}: {how}")
    typed = typed_secret(words)
    if typed is None:
        raise Refusal(f"nothing was typed: {how}")
    return typed


def _from_environment(name: str) -> str | None:
    """What a variable holds; None where it is not set, or empty."""
    given = os.environ.get(name) or None
    if given is not None and not is_text(given):  # it would be refused as if the secret were wrong
        raise Refusal(f"{name} is no text: set it in UTF-8")
    return given


def _from_standard_input() -> str:
    line = secret_line("--password-stdin")
    if not line:
        raise Refusal("--password-stdin: there is nothing on standard input")
    return line


def _kept(path: str) -> token_file.Kept:
    from migrator.live import token_file

    found = token_file.load(path)
    if isinstance(found, token_file.Unusable):
        raise Refusal(f"--token-file {path}: {found.reason}")
    return found


def _refreshed(path: str, kept: token_file.Kept, section: Section, server: ServerOptions) -> token_file.Kept:
    """The file's tokens after a refresh, which are kept in it, too."""
    from migrator.live import oauth, token_file
    from migrator.live.https import Asking
    from migrator.writing import NotWritten

    endpoints, refresh_token = kept.endpoints, kept.tokens.refresh_token
    if endpoints is None or refresh_token is None or kept.client_id is None:
        say(f"--token-file {path}: the token has expired, and nothing in it says how to get another")
        return kept
    if not oauth.is_available():
        raise Refusal(f"--token-file {path}: the token has expired; to refresh it, {oauth.MISSING}")
    former = token_file.former(path)  # before the refresh token is used, which may count once alone
    if isinstance(former, token_file.Unusable):
        raise Refusal(f"--token-file {path}: the token has expired, and is not refreshed: {former.reason}")
    if (newer := _refreshed_elsewhere(path, kept)) is not None:
        return newer
    secret = client_secret(section) if kept.needs_secret else None
    registration = oauth.Registration(kept.client_id, secret)
    login = oauth.ProviderLogin(
        registration, endpoints, kept.tokens.scopes, Asking(server.timeout, server.ca_file)
    )
    given = oauth.refreshed(login, refresh_token)
    if isinstance(given, oauth.Failed):
        if (newer := _refreshed_elsewhere(path, kept)) is not None:
            return newer
        otherwise = "try again later" if given.is_silence else "get new ones with dmsmtp retrieve-tokens"
        advice = given.help or otherwise
        raise Refusal(
            f"--token-file {path}: the token has expired, and was not refreshed: {given.reason}; {advice}"
        )
    new = kept._replace(tokens=given)
    written = token_file.save(path, new)
    if isinstance(written, NotWritten):
        say(f"--token-file {path}: the refreshed tokens are used, but not kept: {written.reason}")
    return new


def _refreshed_elsewhere(path: str, kept: token_file.Kept) -> token_file.Kept | None:
    """Tokens that count and that another run has kept in the file since: it used up the refresh token."""
    from migrator.live import token_file

    found = token_file.load(path)
    if isinstance(found, token_file.Unusable) or found.data == kept.data or found.is_stale(time.time()):
        return None
    return found
