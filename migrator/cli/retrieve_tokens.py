"""`retrieve-tokens`."""

from __future__ import annotations

import contextlib
import time
from threading import Thread
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from migrator.cli import file_options, live_options, options
from migrator.cli.credentials import OneToken, client_secret
from migrator.cli.output import ExitCode, Refusal, deliver, layout, refuse_unwritable, say
from migrator.cli.reporting import exit_code
from migrator.cli.send_test_email import address_in, mail_from, send, told_where_sent
from migrator.cli.servers import (
    Subject,
    closing_words,
    only_subject,
    prepared,
    question_of,
)
from migrator.live import oauth, token_file
from migrator.live.https import Asking
from migrator.live.web_addresses import parse_redirect, shown_address, why_not_to_ask
from migrator.providers import issuers
from migrator.reporters import pieces
from migrator.reporters.tokens import Told, as_members, as_text
from migrator.summary import Tally
from migrator.tuples import NamedTuple
from migrator.values.secret import printable
from migrator.writing import NotWritten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.checking import FileReport
    from migrator.cli.config import FileSettings, RunSettings
    from migrator.live.message import Mail
    from migrator.live.oauth import Endpoints, Failed, Tokens
    from migrator.live.web_addresses import Redirect
    from migrator.providers import Issuer
    from migrator.reporters.server import Servers
    from migrator.section import Section
    from migrator.values.mail_address import MailAddress

_PROVIDER, _TOKENS = "Provider", "Tokens"
_DEFAULT_WAIT = 300.0
_ANY_REDIRECT = "http://localhost"


def _option(help_: str, metavar: str, panel: str = _PROVIDER) -> object:
    return typer.Option(metavar=metavar, callback=options.named, help=help_, rich_help_panel=panel)


def _permissions(texts: list[str] | None) -> list[str] | None:
    """Permissions one by one: where a provider writes several into one text, spaces stand between them."""
    if texts is None:
        return None
    found = " ".join(texts).split()
    if not found:
        raise Refusal("--scope is empty: was a variable not set?")
    return found


class ProviderOptions(NamedTuple):
    """Who is asked, and as what; what is not given is in the file."""

    provider: Annotated[str | None, _option("microsoft or google; then no PATH is needed.", "NAME")] = None
    issuer: Annotated[
        str | None, _option("Another provider, by the address that it publishes its own at.", "URL")
    ] = None
    tenant_id: Annotated[str | None, _option("Tenant at Microsoft: its ID or a domain name of it.", "ID")] = (
        None
    )
    client_id: Annotated[str | None, _option("Application or client ID of the registration.", "ID")] = None
    with_client_secret: Annotated[
        bool,
        typer.Option(
            "--with-client-secret",
            help="The registration has a client secret (Google's always has). It comes from "
            "DMSMTP_CLIENT_SECRET in the environment, from the file, or you are asked.",
            rich_help_panel=_PROVIDER,
        ),
    ] = False
    scope: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SCOPE",
            callback=_permissions,
            help="Ask for this permission instead of the usual ones; repeatable.",
            rich_help_panel=_PROVIDER,
        ),
    ] = None


class WayOptions(NamedTuple):
    """How the user logs in."""

    device_code: Annotated[
        bool,
        typer.Option(
            "--device-code",
            help="Log in on any device, with a code, where the provider has that.",
            rich_help_panel=_PROVIDER,
        ),
    ] = False
    no_browser: Annotated[
        bool,
        typer.Option(
            "--no-browser",
            help="Show the address to open in a browser of this machine, and open none.",
            rich_help_panel=_PROVIDER,
        ),
    ] = False
    redirect_uri: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="The registered address on this machine that the browser comes back to; without a port, "
            "any [default: http://localhost].",
            show_default=False,
            rich_help_panel=_PROVIDER,
        ),
    ] = _ANY_REDIRECT
    wait: Annotated[
        float,
        typer.Option(
            parser=live_options.seconds,
            metavar="SECONDS",
            help="How long you may take to log in [default: 300].",
            show_default=False,
            rich_help_panel=_PROVIDER,
        ),
    ] = _DEFAULT_WAIT


class UseOptions(NamedTuple):
    """What becomes of the tokens."""

    token_file: Annotated[
        str | None,
        _option(
            "Keep them in FILE, for you alone; send-test-email and probe --login read and refresh it.",
            "FILE",
            _TOKENS,
        ),
    ] = None
    send_to: Annotated[
        str | None,
        _option("Send a test mail with them, with the settings in PATH.", "ADDRESS", _TOKENS),
    ] = None
    sender: live_options.Sender = None
    allow_cleartext: Annotated[
        bool,
        typer.Option(
            "--allow-cleartext",
            help="With --send-to: log in to another machine even where the connection is not encrypted.",
            rich_help_panel=_TOKENS,
        ),
    ] = False


class _Asked(NamedTuple):
    """A provider, by its name, and what is asked of it."""

    name: str
    endpoints: Endpoints
    scopes: tuple[str, ...]
    needs_secret: bool


class _Post(NamedTuple):
    """A mail to send with the tokens."""

    subject: Subject
    mail: Mail
    recipient: MailAddress


def retrieve_tokens(
    path: file_options.OnePath = None,
    *,
    provider: ProviderOptions,
    way: WayOptions,
    use: UseOptions,
    server: live_options.ServerOptions,
    findings: live_options.FindingOptions,
    output: live_options.OtherOutputOptions,
    _version: options.Version = False,
) -> None:
    """DataMiner does not use these tokens: they prove the app registration, the permission and the mailbox.

    Gets OAuth 2.0 tokens through the browser, or by a device code. They are shown nowhere, and gone at the
    end unless --token-file keeps them; --send-to sends a mail with them at once.
    """
    redirect = parse_redirect(way.redirect_uri)
    if redirect is None:
        raise Refusal(
            f"--redirect-uri {shown_address(way.redirect_uri)}: "
            "give an http:// address of this machine without a query, such as http://localhost"
        )
    _refuse_contradictions(path, provider, way, use)
    run, settings = prepared(findings, output, server, use.token_file)
    subject = _subject(path, provider, settings, run, output.output_file)
    if subject is not None and not isinstance(subject, Subject):
        raise typer.Exit(_report(None, [subject], [], run, output))
    section = None if subject is None else subject.section
    post = None if subject is None else _post(subject, use)
    asking = Asking(server.timeout, server.ca_file)
    client_id = _client_id(provider, section)
    asked = _asked(provider, section, asking)
    given: Tokens | Failed
    kept_in = None
    if isinstance(asked, oauth.Failed):
        name, given = provider.issuer or "", asked
    else:
        _refuse_other_file(use.token_file)
        secret = client_secret(section) if asked.needs_secret else None
        registration = oauth.Registration(client_id, secret, _mailbox(section))
        login = oauth.ProviderLogin(registration, asked.endpoints, asked.scopes, asking, way.wait)
        name, given = asked.name, _retrieved(login, redirect, way)
        kept_in = _keep(use.token_file, given, asked, client_id)
    shown = str if section is None else section.name
    way_name = "device code" if way.device_code else "browser"
    told = Told(shown(name), shown(client_id), way_name, given, kept_in)
    with told_where_sent(None if post is None else post.mail):
        reports, servers = _sent(post, given, use, server, quiet=run.quiet)
        code = _report(told, reports, servers, run, output)
    raise typer.Exit(code)


def _retrieved(login: oauth.ProviderLogin, redirect: Redirect, way: WayOptions) -> Tokens | Failed:
    """The tokens that the provider gives, when the user has logged in there."""
    if way.device_code:
        return oauth.by_device(login, _show_code, time.sleep)
    return oauth.by_browser(login, redirect, lambda url: _show_page(url, opens=not way.no_browser))


def _sent(
    post: _Post | None,
    given: Tokens | Failed,
    use: UseOptions,
    server: live_options.ServerOptions,
    *,
    quiet: bool,
) -> tuple[list[FileReport], Servers]:
    """What became of the mail, where one is to be sent and there are tokens."""
    if post is None or isinstance(given, oauth.Failed):
        return [], []
    keys = live_options.LoginOptions(allow_cleartext=use.allow_cleartext)
    question = question_of(post.subject.section, server, keys, OneToken(given.access_token), post.mail)
    report, servers = send(post.subject, question, post.recipient, quiet=quiet)
    return [report], servers


def _refuse_contradictions(
    path: str | None, provider: ProviderOptions, way: WayOptions, use: UseOptions
) -> None:
    if not oauth.is_available():
        raise Refusal(oauth.MISSING)
    if provider.provider is not None and provider.issuer is not None:
        raise Refusal("--provider and --issuer both say who is asked: give one of them")
    is_named = provider.provider is not None or provider.issuer is not None
    if use.send_to is not None and is_named and path is None:
        raise Refusal("--send-to needs the PATH of the settings that the mail is sent with")
    if use.send_to is None and (use.sender is not None or use.allow_cleartext):
        raise Refusal("--from and --allow-cleartext go with --send-to")
    if way.device_code and (way.no_browser or way.redirect_uri != _ANY_REDIRECT):
        raise Refusal("--device-code needs no browser here: leave --no-browser and --redirect-uri out")
    if provider.issuer is not None:
        reason = why_not_to_ask(provider.issuer)
        if reason is not None:
            raise Refusal(f"--issuer {shown_address(provider.issuer)}: {reason}")
        if not provider.scope:
            raise Refusal("--issuer needs --scope: which permission a mail server wants, the provider says")


def _subject(
    path: str | None, provider: ProviderOptions, settings: FileSettings, run: RunSettings, target: str | None
) -> Subject | FileReport | None:
    """The file that is meant; None where there is none, and the provider is named."""
    if path is None and (provider.provider is not None or provider.issuer is not None):
        return None
    return only_subject(path, settings, run, target)


def _post(subject: Subject, use: UseOptions) -> _Post | None:
    if use.send_to is None:
        return None
    if not subject.section.text("User"):
        raise Refusal("--send-to: there is no User, which XOAUTH2 takes for the mailbox: add it")
    recipient = address_in("--send-to", use.send_to)
    return _Post(subject, mail_from(subject.section, use.sender, recipient), recipient)


def _client_id(provider: ProviderOptions, section: Section | None) -> str:
    client_id = provider.client_id or ("" if section is None else section.text("OAuthClientID"))
    if not client_id:
        raise Refusal("the client ID is missing: give the one of the registration with --client-id")
    if not client_id.isascii() or not client_id.isprintable():
        raise Refusal(
            "the client ID holds other letters than those of ASCII: compare it with the registration"
        )
    _refuse_secret("the client ID", client_id, section)
    return client_id


def _refuse_secret(what: str, text: str, section: Section | None) -> None:
    """Refuse what would stand in an address that is shown, where it is a secret of the file by mistake."""
    if section is not None and text in section.secrets:
        raise Refusal(f"{what} is the same as a secret of the file: compare both with the registration")


def _mailbox(section: Section | None) -> str | None:
    """Whose login the page is to offer: User, unless that is a secret by mistake, which no address shows."""
    user = "" if section is None else section.text("User")
    is_shown = section is not None and not section.has_secret_in(user)
    return user if "@" in user and is_shown else None


def _asked(provider: ProviderOptions, section: Section | None, asking: Asking) -> _Asked | Failed:
    """Who is asked for what; a failure where the provider itself has to say it, and does not."""
    if provider.issuer is not None:
        found = oauth.discovered(provider.issuer, asking)
        if isinstance(found, oauth.Failed):
            return found
        scopes = tuple(provider.scope or ())
        return _Asked(urlsplit(provider.issuer).netloc, found, scopes, provider.with_client_secret)
    issuer = _issuer(provider.provider, section)
    tenant, host = provider.tenant_id, None
    if section is not None and section.token_issuer is issuer:  # whose address can be read, then
        endpoint = urlsplit(section.text("OAuthTokenEndpoint"))
        tenant, host = tenant or endpoint.path.strip("/").partition("/")[0], endpoint.hostname
    _refuse_secret("the tenant", tenant or "", section)
    endpoints = oauth.endpoints_of(issuer, tenant, host)
    if isinstance(endpoints, oauth.Failed):
        raise Refusal(f"{endpoints.reason}: {endpoints.help}")
    scopes = tuple(provider.scope or oauth.scopes_of(issuer, host))
    if not scopes:
        raise Refusal(
            f"{printable(host or '')} is not where {issuer.name} usually gives tokens, and which permission "
            "its mail servers want is not known: give it with --scope"
        )
    return _Asked(issuer.name, endpoints, scopes, provider.with_client_secret or issuer.has_client_secret)


def _issuer(name: str | None, section: Section | None) -> Issuer:
    """The provider that is named or that the settings are for."""
    if name is not None:
        for one in issuers():
            if one.name.lower() == name.lower():
                return one
        raise Refusal(f"--provider {name}: give microsoft or google, or another one's address with --issuer")
    issuer = None if section is None else section.token_issuer
    if issuer is None and section is not None and not section.text("OAuthTokenEndpoint"):
        issuer = None if section.provider is None else section.provider.issuer
    if issuer is None:
        raise Refusal(
            "whom to ask for tokens cannot be told from the settings: name it with --provider or --issuer"
        )
    return issuer


def _refuse_other_file(path: str | None) -> None:
    refuse_unwritable(path, "the tokens")
    former = None if path is None else token_file.former(path)
    if isinstance(former, token_file.Unusable):
        raise Refusal(f"--token-file {path}: {former.reason}")


def _keep(path: str | None, tokens: Tokens | Failed, asked: _Asked, client_id: str) -> str | None:
    """Keep the tokens, if there are any, where they are to be kept; the path."""
    if path is None or isinstance(tokens, oauth.Failed):
        return None
    former = token_file.former(path)  # once more, as a login takes its time
    if isinstance(former, token_file.Unusable):
        raise Refusal(f"--token-file {path}: there are tokens, and they are not kept: {former.reason}")
    kept = token_file.Kept(tokens, client_id, asked.endpoints, asked.needs_secret, former)
    written = token_file.save(path, kept)
    if isinstance(written, NotWritten):
        raise Refusal(f"--token-file {path}: there are tokens, and they are not kept: {written.reason}")
    return path


def _show_page(url: str, *, opens: bool) -> None:
    if not opens:
        say(f"open this address in a browser of this machine, and log in: {url}")
        return
    say(f"log in in the browser that opens; where none does, open {url}")
    # Some browsers of consoles come back only when they are closed
    Thread(target=_open, args=(url,), daemon=True).start()


def _open(url: str) -> None:
    import webbrowser

    with contextlib.suppress(webbrowser.Error, OSError, ValueError):
        webbrowser.open(url)


def _show_code(address: str, code: str) -> None:
    say(f"open {address} on any device, enter the code {code}, and log in; enter nobody else's code there")


def _report(
    told: Told | None,
    found: list[FileReport],
    servers: Servers,
    run: RunSettings,
    output: live_options.OtherOutputOptions,
) -> ExitCode:
    """Write the report; what the run comes to."""
    tally = Tally()
    reports = list(tally.follow(found))
    is_json = run.output_format == "json"
    written = (_as_json if is_json else _as_text)(told, servers, reports, tally, output)
    deliver(written, output.output_file, machine=is_json)
    if reports:
        closing_words(tally, asked=bool(servers), quiet=run.quiet)
    code = exit_code(tally, run)
    has_failed = told is not None and isinstance(told.given, oauth.Failed)
    return ExitCode.FOUND if code is ExitCode.DONE and has_failed else code


def _as_text(
    told: Told | None,
    servers: Servers,
    reports: list[FileReport],
    tally: Tally,
    output: live_options.OtherOutputOptions,
) -> Iterator[str]:
    from migrator.reporters.server import ServersAsText

    shape = layout(no_color=output.no_color, to_file=output.output_file is not None, hints=False)
    if told is not None:
        yield from as_text(told, time.time(), shape)
    if reports:
        yield "\n"
        yield from pieces(ServersAsText(servers, shape, transcript=output.verbose), reports, tally)


def _as_json(
    told: Told | None,
    servers: Servers,
    reports: list[FileReport],
    tally: Tally,
    output: live_options.OtherOutputOptions,
) -> Iterator[str]:
    from migrator.reporters.server import ServersAsJson

    further = {"tokens": None if told is None else as_members(told, time.time())}
    yield from pieces(ServersAsJson(servers, further, transcript=output.verbose), reports, tally)
