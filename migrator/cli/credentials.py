"""Where passwords and tokens come from; never from an argument, which others on the machine could read."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from migrator.cli.output import Refusal
from migrator.cli.prompt import PASSWORD_VARIABLE, typed_secret
from migrator.files import why_unreadable
from migrator.live.sasl import Credentials
from migrator.live.session import Login
from migrator.values.login_method import LoginMethod
from migrator.values.secret import is_reference

if TYPE_CHECKING:
    from migrator.cli.live_options import LoginOptions
    from migrator.section import Section

_LONGEST = 65_536  # characters of a password or a token
_HOW = f"set {PASSWORD_VARIABLE}, or give it with --password-stdin"


class Keys:
    """Gives each section what it logs in with; nobody is asked twice for the same."""

    def __init__(self, options: LoginOptions, *, is_stdin_free: bool = True) -> None:
        """`is_stdin_free` says that standard input holds no file to check."""
        if options.password_stdin and not is_stdin_free:
            raise Refusal("--password-stdin: standard input holds the file already")
        self._given = _from_standard_input() if options.password_stdin else os.environ.get(PASSWORD_VARIABLE)
        self._token = None if options.token_file is None else _token(options.token_file)
        self._asked: dict[tuple[str, str], str] = {}

    def login_of(self, section: Section) -> Login | None:
        """The login that the settings ask for; None where they ask for none."""
        method, user = section.method, section.text("User")
        if method is None or method is LoginMethod.NONE:
            return None
        if method is LoginMethod.XOAUTH2:
            return Login(method, Credentials(user, token=self._token))
        if method is LoginMethod.AUTO and section.given("Password") is None and not user:
            return None
        return Login(method, Credentials(user, self._password(section) if user else None))

    def _password(self, section: Section) -> str:
        if self._given is not None:
            return self._given
        setting = section.given("Password")
        if setting is not None and not is_reference(setting.text):
            return setting.value
        why = (
            "there is no Password"
            if setting is None
            else "Password looks like a reference, which only its own agent can resolve"
        )
        who = (section.text("Host"), section.text("User"))
        if who not in self._asked:
            self._asked[who] = _ask(f"{why}. Password of {section.name(who[1])} at {section.name(who[0])}: ")
        return self._asked[who]


def _ask(words: str) -> str:
    if sys.stdin is None or not sys.stdin.isatty():
        raise Refusal(f"{words.partition('.')[0]}: {_HOW}")
    password = typed_secret(words)
    if password is None:
        raise Refusal(f"no password was given: {_HOW}")
    return password


def _from_standard_input() -> str:
    if sys.stdin is None:
        raise Refusal("--password-stdin: standard input is closed")
    line = sys.stdin.readline(_LONGEST).rstrip("\r\n")
    if not line:
        raise Refusal("--password-stdin: there is nothing on standard input")
    return line


def _token(path: str) -> str:
    """The token in a file: alone, or as `access_token` of a JSON object."""
    try:
        with open(path, encoding="utf-8-sig") as file:  # noqa: PTH123 - as given
            text = file.read(_LONGEST).strip()
    except OSError as error:
        raise Refusal(f"--token-file {path}: {why_unreadable(error)}") from error
    except UnicodeDecodeError as error:
        raise Refusal(f"--token-file {path}: this is no text") from error
    token: object = text
    if text.startswith("{"):
        try:
            token = json.loads(text).get("access_token")
        except (ValueError, RecursionError) as error:
            raise Refusal(f"--token-file {path}: this is no JSON") from error
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        raise Refusal(f"--token-file {path}: there is no access token in it")
    return token
