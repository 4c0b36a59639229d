"""What is asked of a server in one go: connecting, TLS, EHLO, a login, a mail; and what was seen of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from migrator.live import tls
from migrator.live.clock import Clock
from migrator.live.connection import CertificateRefused, Connection, Ended
from migrator.live.hello import ACCEPTED, READY, offers_of
from migrator.live.reaching import Address, connect, resolve
from migrator.live.tls import HandshakeFailure, Strictness
from migrator.live.transcript import Transcript
from migrator.observations import (
    ALWAYS_CLOSED,
    NO_TLS,
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
from migrator.tuples import NamedTuple
from migrator.values.host_port import Security
from migrator.values.login_method import MECHANISMS, LoginMethod

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrator.live import sasl
    from migrator.live.message import Mail
    from migrator.values.host_port import HostPort

_MOST_ATTEMPTS = 5  # connections of one session
_GO_ON = 354
_BY_TLS = (TroubleKind.TLS_FAILED, TroubleKind.CLOSED)  # what a stricter handshake can be the cause of
_CLOSED_AT_TLS = "the server closes the connection where TLS is as strict as usual"
_OFTEN_TEMPORARY = (Stage.GREETING, Stage.EHLO, Stage.STARTTLS)


NO_METHOD = "there is no LoginMethod that is documented"
"""Why a login is not tried whose method nobody can tell."""


class Login(NamedTuple):
    """A login to try: with a mechanism, or for Auto with the strongest that both sides have.

    `method` is None where the settings name none: what it would be made with is not known then. `lacking`
    says why a password could not be had.
    """

    method: LoginMethod | None
    credentials: sasl.Credentials
    lacking: str | None = None


class Wishes(NamedTuple):
    """What a session is to do.

    `helo` is the name to introduce oneself by; None: this machine's address; empty: likewise, in the place of
    one that cannot be said. `timeout` is in seconds, for all of it. Without `login` it ends before a login,
    without `mail` before MAIL. `allow_cleartext` lets a login go unencrypted to another machine.
    """

    helo: str | None = None
    login: Login | None = None
    mail: Mail | None = None
    timeout: float = 30.0
    ca_file: str | None = None
    allow_cleartext: bool = False

    def __repr__(self) -> str:
        return f"Wishes({self.helo}, {self.login})"  # the mail holds what the settings say


class Record:
    """What a session has seen so far."""

    def __init__(self) -> None:
        self.addresses: tuple[Address, ...] = ()
        self.steps: list[Step] = []
        self.before: Offers | None = None
        self.offers: Offers | None = None
        self.tls: Tls | None = None
        self.failed_handshakes: dict[Strictness, HandshakeFailure] = {}
        self.refusal: Trouble | None = None
        self.logged_in: str | None = None
        self.untried: str | None = None
        self.accepted: Reply | None = None


def observe(server: Server, wishes: Wishes) -> Observations:
    """What is seen of a server; nothing is raised, whatever it does.

    OSError where the file of certificates cannot be read.
    """
    secrets: Iterable[str] = () if wishes.login is None else wishes.login.credentials.secrets
    session = _Session(server, wishes, Transcript(secrets), datetime.now(UTC))
    trouble = session.run()
    seen = session.record
    return Observations(
        server=server,
        at=session.now,
        addresses=tuple(dict.fromkeys(one.text for one in seen.addresses)),
        steps=tuple(seen.steps),
        before=seen.before,
        offers=seen.offers,
        tls=seen.tls,
        trouble=trouble,
        refusal=seen.refusal if trouble is None else None,
        spoken=session.try_otherwise(trouble),
        elsewhere=session.try_elsewhere(trouble),
        logged_in=seen.logged_in,
        untried=seen.untried,
        is_sent=wishes.mail is not None and wishes.mail.is_sent,
        accepted=seen.accepted,
        transcript=session.transcript.lines,
    )


class _Session:
    def __init__(self, server: Server, wishes: Wishes, transcript: Transcript, now: datetime) -> None:
        self._server = server
        self._wishes = wishes
        self.transcript = transcript
        # Reading what this machine trusts takes a while, which is none of the server's
        needed = Strictness if server.security is not Security.CLEAR_TEXT else ()
        self._contexts = {one: tls.context(one, wishes.ca_file) for one in needed}
        self._clock = Clock(wishes.timeout)
        self.now = now
        self.record = Record()
        self._strictness = Strictness.FULL
        self._is_noting = True
        self._was_closed_at_tls = False

    def run(self) -> Trouble | None:
        """Go through all stages, with as many connections as that takes; what ended it early."""
        try:
            self.record.addresses = resolve(self._server.host, self._server.port, self._clock)
        except Ended as ended:
            return self._failed(ended.trouble)
        self._note(Stage.NAMES, ", ".join(dict.fromkeys(one.text for one in self.record.addresses)))
        trouble: Trouble | None = None
        for _ in range(_MOST_ATTEMPTS):
            try:
                self._attempt()
            except CertificateRefused as refused:
                trouble = Trouble(Stage.TLS, TroubleKind.TLS_FAILED, refused.reason)
                if not self._loosen(HandshakeFailure(refused.code, refused.reason)):
                    return self._failed(trouble)
            except Ended as ended:
                trouble = ended.trouble
                if not self._may_try_again(trouble):
                    return self._failed(self._first_reason(trouble))
            else:
                return None
        return trouble

    def _attempt(self) -> None:
        sock, address = connect(self.record.addresses, self._clock)
        if self.transcript.lines:
            self.transcript.add("(connects again)", is_ours=True)
        connection = Connection(sock, address.text, self._clock, self.transcript)
        try:
            self._note(Stage.TCP, f"connected to {address.text}, port {self._server.port}")
            self._secure(connection)
            self._log_in(connection)
            self._send(connection)
            connection.quit()
        finally:
            connection.close()

    def _secure(self, connection: Connection) -> None:
        if self._server.security is Security.IMPLICIT_TLS:
            self._encrypt(connection)
        self._greet(connection)
        offers = self._say_hello(connection)
        if self._server.security is Security.STARTTLS:
            self.record.before = offers
            self._start_tls(connection, offers)
            self._encrypt(connection)
            offers = self._say_hello(connection)
        self.record.offers = offers

    def _greet(self, connection: Connection) -> None:
        connection.start(Stage.GREETING)
        reply = connection.read_reply()
        self._note(Stage.GREETING, str(reply))
        if reply.code != READY:
            raise connection.unexpected(reply)

    def _say_hello(self, connection: Connection) -> Offers:
        connection.start(Stage.EHLO)
        name = self._wishes.helo or _address_literal(connection.local_address)
        reply = connection.ask(f"EHLO {name}")
        if not reply.is_positive and not reply.is_temporary:
            refused = connection.ended(TroubleKind.REPLY, reply=reply)
            try:
                reply = connection.ask(f"HELO {name}")
            except Ended as ended:
                # Who refuses for good may hang up as well: the refusal says why
                raise refused if ended.trouble.kind is TroubleKind.CLOSED else ended from None
            if reply.code != ACCEPTED:
                raise refused
            offers = Offers()
        elif reply.code != ACCEPTED:  # a second greeting, say: replies would be taken for those to the next
            raise connection.unexpected(reply)
        else:
            offers = offers_of(reply, connection.said)
        instead = " instead of Helo, which cannot be sent" if self._wishes.helo == "" else ""
        self._note(Stage.EHLO, f"as {name}{instead}; offers {', '.join(offers.keywords) or 'nothing'}")
        return offers

    def _start_tls(self, connection: Connection, offers: Offers) -> None:
        connection.start(Stage.STARTTLS)
        if not offers.starttls:
            raise connection.ended(TroubleKind.NO_STARTTLS)
        reply = connection.ask("STARTTLS")
        if reply.code != READY:
            if reply.is_positive or reply.is_temporary:
                raise connection.unexpected(reply)
            raise connection.ended(TroubleKind.NO_STARTTLS, reply=reply)
        if connection.has_unread_data():
            raise connection.ended(TroubleKind.INJECTED)
        self._note(Stage.STARTTLS, str(reply))

    def _encrypt(self, connection: Connection) -> None:
        connection.encrypt(self._contexts[self._strictness], self._server.host)
        self._is_noting = True
        if connection.tls is not None:
            found = tls.examine(connection.tls, self._server.host, self.now, self.record.failed_handshakes)
            self.record.tls = found
            self._note(Stage.TLS, f"{found.protocol}, {found.cipher}")

    def _log_in(self, connection: Connection) -> None:
        login, offers = self._wishes.login, self.record.offers
        if login is None or offers is None:
            return
        if login.method is None:
            self.record.untried = NO_METHOD
            return
        from migrator.live import logging_in, sasl

        mechanism = MECHANISMS.get(login.method) or sasl.strongest(offers.mechanisms)
        self.record.untried = self._why_not(connection, mechanism, offers, login)
        if self.record.untried is not None or mechanism is None:
            return
        try:
            reply = logging_in.log_in(connection, mechanism, login.credentials, self._server.host)
        except sasl.MissingLibraryError as error:
            self.record.untried = str(error)
            return
        self.record.logged_in = mechanism
        self._note(Stage.LOGIN, f"with {mechanism}: {reply}")

    def _why_not(
        self, connection: Connection, mechanism: str | None, offers: Offers, login: Login
    ) -> str | None:
        """Why a login is not tried."""
        if mechanism is None or mechanism not in offers.mechanisms:
            return "the server does not offer the login method"
        from migrator.live import sasl

        lacking = sasl.lacking(mechanism, login.credentials)
        if lacking is not None:
            return login.lacking or lacking
        if connection.tls is None and not (self._wishes.allow_cleartext or connection.is_loopback):
            return "the connection is not encrypted (--allow-cleartext sends it nevertheless)"
        if self.record.tls is not None and not self.record.tls.is_verified:
            return "who the server is was not proved (--ca-file names a certificate to trust)"
        return None

    def _send(self, connection: Connection) -> None:
        mail, offers = self._wishes.mail, self.record.offers
        if mail is None or offers is None or self.record.untried is not None:
            return
        connection.start(Stage.SENDER)
        if offers.size is not None and 0 < offers.size < len(mail.data):
            connection.stage = Stage.MESSAGE
            raise connection.ended(TroubleKind.TOO_LARGE, f"{offers.size} bytes")
        if mail.needs_smtputf8 and not offers.smtputf8:
            raise connection.ended(TroubleKind.NO_SMTPUTF8)
        options = f" SIZE={len(mail.data)}" if offers.size is not None else ""
        if mail.needs_smtputf8:
            options += " SMTPUTF8 BODY=8BITMIME"
        self._step(connection, Stage.SENDER, f"MAIL FROM:<{mail.sender}>{options}")
        self._step(connection, Stage.RECIPIENT, f"RCPT TO:<{mail.recipient}>")
        connection.start(Stage.MESSAGE, is_last=True)  # RFC 5321, 4.5.3.2.6: the answer may take minutes
        reply = connection.ask("DATA")
        if reply.code != _GO_ON:
            raise connection.unexpected(reply)
        self.transcript.add(f"({len(mail.data)} bytes of the message)", is_ours=True)
        connection.send_data(mail.stuffed)
        mail.is_sent = True
        reply = connection.read_reply()
        if reply.is_completion or not reply.is_positive:  # another is no answer to a mail
            mail.is_taken = reply.is_completion
        self.record.accepted = self._expect(connection, reply)
        self._note(Stage.MESSAGE, str(self.record.accepted))

    def _step(self, connection: Connection, stage: Stage, line: str) -> None:
        connection.start(stage)
        self._note(stage, str(self._expect(connection, connection.ask(line))))

    @staticmethod
    def _expect(connection: Connection, reply: Reply) -> Reply:
        if not reply.is_completion:
            raise connection.unexpected(reply)
        return reply

    def _may_try_again(self, trouble: Trouble) -> bool:
        """Whether another connection may get further: with less strict TLS, or after a temporary refusal."""
        if self._clock.is_over or trouble.words in NO_TLS:
            return False
        if trouble.stage is Stage.TLS and trouble.kind in _BY_TLS:
            if trouble.kind is TroubleKind.CLOSED and not self._was_closed_at_tls:
                # A server that is busy closes once, and says nothing about TLS with it
                self._was_closed_at_tls = True
                self._is_noting = False  # what comes before TLS was told already
                return True
            return self._loosen(HandshakeFailure(None, trouble.words or _CLOSED_AT_TLS))
        is_first = self.record.refusal is None
        if trouble.reply is not None and trouble.reply.is_temporary and trouble.stage in _OFTEN_TEMPORARY:
            if is_first:  # what comes now is told instead
                self.record.refusal = trouble
                self.record.steps = [one for one in self.record.steps if one.stage is Stage.NAMES]
                self._is_noting = True
            return is_first
        return False

    def _loosen(self, failure: HandshakeFailure) -> bool:
        """Make the next handshake less strict; False where it was the loosest already."""
        levels = list(Strictness)
        self.record.failed_handshakes[self._strictness] = failure
        following = levels[levels.index(self._strictness) + 1 :]
        if not following or self._clock.is_over:
            return False
        self._strictness = following[0]
        self._is_noting = False  # what comes before TLS was told already
        return True

    def _first_reason(self, trouble: Trouble) -> Trouble:
        """Where no handshake was loose enough, or came about any more, why the strictest failed.

        What is wrong with a certificate is told beside what keeps it from being looked at more closely.
        """
        failures = self.record.failed_handshakes
        full = failures.get(Strictness.FULL)
        if full is None or self.record.tls is not None:
            return trouble
        if full.code is None:
            is_always = full.reason == _CLOSED_AT_TLS and trouble.kind is TroubleKind.CLOSED
            reason = ALWAYS_CLOSED if is_always else full.reason
            return Trouble(Stage.TLS, TroubleKind.TLS_FAILED, reason)
        self.record.tls = tls.examine(None, self._server.host, self.now, failures)
        return trouble

    def _note(self, stage: Stage, words: str) -> None:
        if self._is_noting:
            self.record.steps.append(Step(stage, self._clock.elapsed, words))

    def _failed(self, trouble: Trouble) -> Trouble:
        self._is_noting = True
        words = " ".join(filter(None, (trouble.kind.value, trouble.words and f"({trouble.words})")))
        told = words if trouble.reply is None else str(trouble.reply)
        if not (self.record.steps and self.record.steps[-1].words == told):
            self._note(trouble.stage, told)
        return trouble

    def try_otherwise(self, trouble: Trouble | None) -> tuple[Security, ...]:
        """What else the port was seen to speak, where it does not speak what was asked for."""
        from migrator.live.protocol_detection import spoken

        offers = self.record.offers
        if trouble is None and self._server.security is Security.CLEAR_TEXT and offers is not None:
            wanted: tuple[Security, ...] = (Security.STARTTLS,) if offers.starttls else ()
        elif trouble is not None and trouble.may_be_transport:
            wanted = tuple(one for one in Security if one is not self._server.security)
        else:
            wanted = ()
        return spoken(self._server, self.record.addresses, wanted, self._clock)

    def try_elsewhere(self, trouble: Trouble | None) -> tuple[HostPort, ...]:
        """Which usual HostPorts were seen to work, where nothing answers on this one."""
        from migrator.live.protocol_detection import elsewhere

        if trouble is None or trouble.stage is not Stage.TCP:
            return ()
        return elsewhere(self._server, self.record.addresses, self._clock)


def _address_literal(address: str) -> str:
    return f"[IPv6:{address.partition('%')[0]}]" if ":" in address else f"[{address}]"
