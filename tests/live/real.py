"""Real mail servers as processes of the test: Dovecot's submission and Exim, in front of a sink of mails.

They run from configurations in a folder of the test, on loopback, and end with it. Both must be started by
root; the mark `root` says so.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.live.certificates import Issued
from tests.live.servers import LOOPBACK, PASSWORD, TOKEN, USER, Smtp, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PATIENCE = 20  # seconds for a server to start, or to end

_DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = submission
listen = 127.0.0.1
hostname = localhost
mail_location = maildir:{folder}/mail/%u
mail_uid = dovecot
mail_gid = dovecot
first_valid_uid = 1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
auth_mechanisms = plain login cram-md5 xoauth2
auth_failure_delay = 0
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
submission_relay_host = 127.0.0.1
submission_relay_port = {sink}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  args = password={{PLAIN}}{password} user={user}
}}
userdb {{
  driver = static
  args = uid=dovecot gid=dovecot home={folder}/mail/%u
}}
service submission-login {{
  inet_listener submission {{
    port = {starttls}
  }}
  inet_listener submissions {{
    port = {implicit}
    ssl = yes
  }}
}}
"""
# Whether a token is good, Dovecot asks the provider: introspection (RFC 7662).
_OAUTH2 = """\
introspection_mode = auth
introspection_url = http://127.0.0.1:{port}/
username_attribute = username
active_attribute = active
active_value = true
"""
_POSTED = """\
introspection_mode = post
introspection_url = {url}
username_attribute = sub
active_attribute = active
active_value = true
"""
_EXIM = """\
primary_hostname = localhost
spool_directory = {folder}/spool
log_file_path = {folder}/spool/%slog
pid_file_path = {folder}/spool/pid
daemon_smtp_ports = {starttls} : {implicit}
tls_on_connect_ports = {implicit}
local_interfaces = 127.0.0.1
tls_advertise_hosts = *
tls_certificate = {certificate}
tls_privatekey = {key}
keep_environment =
deliver_drop_privilege = true
acl_smtp_rcpt = check_rcpt
begin acl
check_rcpt:
  accept authenticated = *
  deny message = relay not permitted
begin routers
sink:
  driver = manualroute
  route_list = * 127.0.0.1 byname
  transport = sink
  self = send
begin transports
sink:
  driver = smtp
  port = {sink}
  allow_localhost
begin authenticators
spa:
  driver = spa
  public_name = NTLM
  server_password = {password}
  server_set_id = $auth1
"""


class Server(NamedTuple):
    """A server that runs: its ports, the sink behind it, and its log."""

    starttls: int
    implicit: int
    sink: Smtp
    log: Path

    def mails(self, number: int) -> list[str]:
        """The mails in the sink, once there are so many."""
        _wait_for(lambda: len(self.sink.messages) >= number)
        return self.sink.messages


@contextlib.contextmanager
def dovecot(folder: Path, issued: Issued, introspection: str | None = None) -> Iterator[Server]:
    """Dovecot with PLAIN, LOGIN, CRAM-MD5 and XOAUTH2.

    `introspection` is where its OAuth provider says whether a token is good; without it there is a stand-in
    of the test.
    """
    program = _program("dovecot")
    for name in ("run", "state", "mail"):
        (folder / name).mkdir(parents=True)
    shutil.chown(folder / "mail", "dovecot", "dovecot")
    with _provider() as port:
        text = _OAUTH2.format(port=port) if introspection is None else _POSTED.format(url=introspection)
        (folder / "oauth2.conf").write_text(text, "utf-8")
        with _running(folder, issued, _DOVECOT, [program, "-F", "-c"], folder / "log") as server:
            yield server


@contextlib.contextmanager
def _provider() -> Iterator[int]:
    """An OAuth provider that knows one token, and says so."""

    class Provider(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_known = self.headers.get("Authorization") == f"Bearer {TOKEN}"
            told = json.dumps({"active": is_known, "username": USER}).encode()
            self.send_response(200 if is_known else 401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((LOOPBACK, 0), Provider) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def exim(folder: Path, issued: Issued) -> Iterator[Server]:
    """Exim with NTLM."""
    program = _program("exim4")
    spool = folder / "spool"
    spool.mkdir(parents=True)
    readable = Issued(folder / "server.pem", folder / "server.key")
    shutil.copy(issued.certificate, readable.certificate)
    shutil.copy(issued.key, readable.key)
    for path in (spool, readable.key):
        shutil.chown(path, "Debian-exim", "Debian-exim")
    with _running(folder, readable, _EXIM, [program, "-bdf", "-C"], spool / "mainlog") as server:
        yield server


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if found is None:
        pytest.skip(f"install {name} (make tools does, where it may)")
    return found


@contextlib.contextmanager
def _running(
    folder: Path, issued: Issued, configuration: str, command: list[str], log: Path
) -> Iterator[Server]:
    sink = Smtp()
    with serving(sink) as sink_port:
        starttls, implicit = _free_ports(2)
        file = folder / "server.conf"
        file.write_text(
            configuration.format(
                folder=folder,
                certificate=issued.certificate,
                key=issued.key,
                sink=sink_port,
                starttls=starttls,
                implicit=implicit,
                user=USER,
                password=PASSWORD,
            ),
            "utf-8",
        )
        file.chmod(0o644)
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen([*command, file], stdout=output, stderr=output, start_new_session=True)
        try:
            if not _wait_for(lambda: _answers(starttls) and _answers(implicit)):
                told = (folder / "output").read_text() + (log.read_text() if log.exists() else "")
                pytest.fail(f"{command[0]} did not start: {told}")
            yield Server(starttls, implicit, sink, log)
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_ports(number: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(socket.create_server((LOOPBACK, 0))) for _ in range(number)]
        return [sock.getsockname()[1] for sock in socks]


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), 1):
        return True
    return False


def _wait_for(is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
