"""One connection to a server: lines out, replies in, within bounds of time and size.

Sources: RFC 5321 sections 4.2 and 4.5.3 for replies and their lengths, RFC 3207 for STARTTLS.
"""

from __future__ import annotations

import contextlib
import re
import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING

from migrator.observations import Reply, Stage, Trouble, TroubleKind
from migrator.values.secret import MASK

if TYPE_CHECKING:
    import ssl

    from migrator.live.clock import Clock
    from migrator.live.transcript import Transcript

_CHUNK = 4096  # bytes read at once
_LONGEST_LINE = 16 * 1024  # bytes; RFC 5321 has 512, a challenge of RFC 4954 12,288
_LONGEST_REPLY = 64 * 1024
_MOST_LINES = 200
# Compiled when a server speaks
_REPLY_LINE = rb"(?s)([2-5][0-9]{2})(?:([ -])(.*))?"
_MAY_BE_REPLY = rb"(?s)[2-5](?:[0-9](?:[0-9](?:[ -].*)?)?)?"
_CHALLENGE = b"334"
_CONTROL = r"[\x00-\x1f\x7f]"
_FIRST_CHARACTERS = 32  # that are shown of what is no SMTP
_MAY_END_BY_TLS = (Stage.TLS, Stage.GREETING, Stage.EHLO)


class Ended(Exception):  # noqa: N818 - an answer of the server's, no fault of ours
    """The dialogue cannot go on; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.kind.value)
        self.trouble = trouble


class CertificateRefused(Exception):  # noqa: N818 - likewise
    """TLS was spoken, and the server's certificate is not in order, with OpenSSL's code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Connection:
    """A connection that is open, to an address. `stage` is what its troubles are said to have happened at.

    `said` are the lines of the last reply as they came, of which nothing may be shown.
    """

    def __init__(self, sock: socket.socket, address: str, clock: Clock, transcript: Transcript) -> None:
        self._socket = sock
        self._encrypted: ssl.SSLSocket | None = None
        self._address = address
        self._clock = clock
        self._transcript = transcript
        self._buffer = b""
        self._has_spoken = False
        self.said: list[str] = []
        self.stage = Stage.GREETING

    @property
    def tls(self) -> ssl.SSLSocket | None:
        """The encrypted connection, where it is one."""
        return self._encrypted

    @property
    def local_address(self) -> str:
        """This machine's address as the server sees it, unless something translates it on the way."""
        try:
            return str(self._socket.getsockname()[0])
        except OSError as error:  # not every system knows it behind the end of a connection
            raise self._broken_off(error) from error

    @property
    def is_loopback(self) -> bool:
        """Whether the other end is this machine, by its address: a name may say anything."""
        address = ip_address(self._address.partition("%")[0])
        return (getattr(address, "ipv4_mapped", None) or address).is_loopback

    def start(self, stage: Stage, *, is_last: bool = False) -> None:
        """A stage begins; none but QUIT, which nobody waits for, follows the last one."""
        self.stage = stage
        self._clock.start_stage(is_last=is_last)

    def ask(self, line: str) -> Reply:
        """Send a line, and read the reply to it."""
        self.send(line)
        return self.read_reply()

    def send(self, line: str, *, is_secret: bool = False) -> None:
        """Send one line; ValueError where it would be more than one, wherever its text comes from."""
        if re.search(_CONTROL, line):
            raise ValueError("a line with control characters")
        if is_secret:
            self._transcript.conceal_sent(line)
        self._transcript.add(MASK if is_secret else line, is_ours=True)
        self.send_data(line.encode("utf-8", "surrogatepass") + b"\r\n")

    def conceal(self, secret: str) -> None:
        """From now on this text is not shown, whoever says it."""
        self._transcript.conceal(secret)

    def send_data(self, data: bytes) -> None:
        """Send bytes as they are."""
        try:
            self._socket.settimeout(self._clock.remaining())
            self._socket.sendall(data)
        except TimeoutError as error:
            raise self.ended(TroubleKind.SILENT) from error
        except OSError as error:
            raise self._broken_off(error) from error

    def read_reply(self, *, is_secret: bool = False) -> Reply:
        """The next reply, of one line or several.

        With `is_secret` it is one within a login: a challenge (334) is given back as it came, for the
        mechanism alone, and not shown.
        """
        texts = self.said = []
        first = b""
        size = 0
        while True:
            line = self._read_line()
            size += len(line)
            match = re.fullmatch(_REPLY_LINE, line)
            if match is None:
                raise self._not_a_reply(line)
            self._has_spoken = True
            conceals = is_secret and match[1] == _CHALLENGE
            told = line.decode("utf-8", "backslashreplace")
            self._transcript.add(f"{told[:4]}{MASK}" if conceals and told[4:] else told, is_ours=False)
            texts.append(told[4:])
            first = first or match[1]
            if match[1] != first:  # whatever was meant, it would be taken for the other
                raise self.ended(TroubleKind.MALFORMED, f"{first.decode()} and {told[:3]} in one reply")
            if match[2] != b"-":
                lines = texts if conceals else (self._transcript.shown(one.strip()) for one in texts)
                return Reply(int(match[1]), tuple(lines))
            if len(texts) >= _MOST_LINES or size > _LONGEST_REPLY:
                raise self.ended(TroubleKind.ENDLESS, f"more than {len(texts)} lines")

    def _read_line(self) -> bytes:
        while b"\n" not in self._buffer:
            if len(self._buffer) > _LONGEST_LINE:
                raise self._too_long()
            self._buffer += self._receive()
        line, _, self._buffer = self._buffer.partition(b"\n")
        if len(line) > _LONGEST_LINE:
            raise self._too_long()
        return line.rstrip(b"\r")

    def _too_long(self) -> Ended:
        if not self._has_spoken and not re.fullmatch(_MAY_BE_REPLY, self._buffer):
            return self._not_a_reply(self._buffer)
        return self.ended(TroubleKind.ENDLESS, f"a line of more than {_LONGEST_LINE:,} bytes")

    def _receive(self) -> bytes:
        try:
            self._socket.settimeout(self._clock.remaining())
            data = self._socket.recv(_CHUNK)
        except TimeoutError as error:
            if self._buffer and not self._has_spoken and not re.fullmatch(_MAY_BE_REPLY, self._buffer):
                raise self._not_a_reply(self._buffer) from error
            raise self.ended(TroubleKind.SILENT) from error
        except OSError as error:
            raise self._broken_off(error) from error
        if not data:
            if self._buffer and not self._has_spoken and not re.fullmatch(_MAY_BE_REPLY, self._buffer):
                raise self._not_a_reply(self._buffer)
            raise self.ended(TroubleKind.CLOSED)
        return data

    def _broken_off(self, error: OSError) -> Ended:
        """That the connection ended; where TLS was why, its reason.

        In TLS 1.3 a server may refuse a client that believes to be through with the handshake, and its reason
        is there to be read by the one whose first words it does not take.
        """
        reason = _reason_of_tls(error)
        if self._encrypted is not None and reason is None and self.stage is Stage.EHLO:
            reason = _reason_of_tls(self._last_word())
        if reason is None or self.stage not in _MAY_END_BY_TLS:
            return self.ended(TroubleKind.CLOSED)
        return self.ended(TroubleKind.TLS_FAILED, reason)

    def _last_word(self) -> OSError | None:
        try:
            self._socket.settimeout(0)
            self._socket.recv(1)
        except OSError as error:
            return error
        return None

    def _not_a_reply(self, data: bytes) -> Ended:
        kind = TroubleKind.MALFORMED if self._has_spoken else TroubleKind.NOT_SMTP
        told = self._transcript.shown(data.decode("utf-8", "backslashreplace"))
        return self.ended(kind, told[:_FIRST_CHARACTERS])

    def ended(self, kind: TroubleKind, words: str = "", reply: Reply | None = None) -> Ended:
        """That the dialogue cannot go on, at this stage."""
        return Ended(Trouble(self.stage, kind, words, reply))

    def unexpected(self, reply: Reply) -> Ended:
        """That a reply is not the one with which it goes on: a refusal, or one to something else."""
        if reply.is_positive:
            return self.ended(TroubleKind.MALFORMED, str(reply))
        return self.ended(TroubleKind.REPLY, reply=reply)

    def has_unread_data(self) -> bool:
        """Whether the server has said more than was read."""
        if self._buffer:
            return True
        try:
            self._socket.settimeout(0)
            return bool(self._socket.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """Speak TLS from here on."""
        import ssl

        self.start(Stage.TLS)
        try:
            self._socket.settimeout(self._clock.remaining())
            name = _certified_name(host)
            wrapped = context.wrap_socket(self._socket, server_hostname=name, do_handshake_on_connect=False)
            self._socket = wrapped
            wrapped.do_handshake()  # where it is asked for, it is not left out on a connection that has ended
            self._encrypted = wrapped
        except TimeoutError as error:
            raise self.ended(TroubleKind.SILENT) from error
        except ssl.SSLCertVerificationError as error:
            raise CertificateRefused(error.verify_code, error.verify_message) from error
        except OSError as error:
            raise self._broken_off(error) from error

    def quit(self) -> None:
        """Say goodbye; whether it is heard does not matter."""
        with contextlib.suppress(OSError, Ended):
            self._clock.start_stage()
            self._socket.settimeout(min(self._clock.remaining(), 1))
            self._socket.sendall(b"QUIT\r\n")

    def close(self) -> None:
        """End the connection."""
        with contextlib.suppress(OSError):
            self._socket.close()


def _reason_of_tls(error: OSError | None) -> str | None:
    """Why TLS ended, in the library's words; None where the connection did."""
    import ssl

    ends = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLWantReadError)
    if not isinstance(error, ssl.SSLError) or isinstance(error, ends):
        return None
    return (error.reason or "unknown").replace("_", " ").lower()


def _certified_name(host: str) -> str:
    """A host as a certificate has it: no dot at its end, no zone."""
    return host.partition("%")[0].removesuffix(".")
