"""Reading certificates, whatever is in them, and telling whether they are for a host."""

from __future__ import annotations

import json
import os
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID

from migrator.live.certificates import matches, read
from migrator.observations import Certificate
from tests.cli.running import dmsmtp
from tests.live.asking import see, settings
from tests.live.servers import Smtp, serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.live.certificates import Authority

NOW = datetime.now(UTC)


def der(alternatives: bytes) -> bytes:
    """A certificate whose alternative names are these bytes."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.com")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(
            x509.UnrecognizedExtension(ExtensionOID.SUBJECT_ALTERNATIVE_NAME, alternatives), critical=False
        )
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


NAMED = bytes.fromhex("3006 8204 6d61696c")  # DNS:mail
X400 = bytes.fromhex("3004 a302 0500")  # an x400Address, which the library knows no name of


ADDRESS_AS_NAME = bytes.fromhex("300b 8209 3132372e302e302e31")  # DNS:127.0.0.1


@pytest.mark.parametrize("alternatives", [X400, b"", b"\x30\x00", b"\xff\xff", NAMED[:-1]])
def test_names_that_cannot_be_read_leave_the_rest(alternatives: bytes) -> None:
    found = read(der(alternatives))

    assert found is not None
    assert (found.subject, found.names, found.owner) == ("mail.example.com", (), "mail.example.com")


def test_names_that_can_be_read() -> None:
    found = read(der(NAMED))

    assert found is not None
    assert (found.names, found.owner) == (("mail",), "mail")


def test_an_address_among_the_host_names_is_none() -> None:
    found = read(der(ADDRESS_AS_NAME))

    assert found is not None
    assert found.names == ("DNS:127.0.0.1",)
    assert not matches(found.names, "127.0.0.1")


@pytest.mark.parametrize("data", [None, b"", b"no certificate", der(NAMED)[:-20]])
def test_what_is_no_certificate(data: bytes | None) -> None:
    assert read(data) is None


class _NewTroubleError(Exception):
    """One that no version of the library has so far."""


def test_whatever_the_library_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: bytes) -> x509.Certificate:
        raise _NewTroubleError

    monkeypatch.setattr(x509, "load_der_x509_certificate", fail)

    assert read(der(NAMED)) is None


MANY = tuple(f"m{number}.example.com" for number in range(25))
LONG = f"{'a' * 60}.{'b' * 60}.example.com"


def test_all_names_of_a_certificate_count(authority: Authority) -> None:
    issued = authority.issue("many", names=(*MANY, LONG))
    found = read(x509.load_pem_x509_certificate(issued.certificate.read_bytes()).public_bytes(Encoding.DER))

    assert found is not None
    assert found.names == (*MANY, LONG)
    assert matches(found.names, MANY[-1])
    assert matches(found.names, LONG)
    assert not matches(found.names, "m25.example.com")
    assert found.owner.startswith("m0.example.com, m1.example.com")
    assert found.owner.endswith(", m19.example.com and 6 more")


@pytest.mark.parametrize(("number", "more"), [(1, ""), (20, ""), (21, " and 1 more")])
def test_as_many_names_as_a_sentence_has_room_for(number: int, more: str) -> None:
    names = tuple(f"m{one}" for one in range(number))

    owner = Certificate("subject", "issuer", names, NOW, NOW).owner

    assert owner == ", ".join(names[:20]) + more


@pytest.mark.parametrize("place", [0, 24])
def test_a_self_signed_certificate_with_the_right_name_is_not_misnamed(
    place: int, authority: Authority
) -> None:
    names = [*MANY]
    names[place] = "127.0.0.1"
    issued = authority.issue(f"own{place}", names=tuple(names), is_self_signed=True)
    with serving(Smtp(implicit=issued.context())) as port:
        seen = see(settings(port, "-ssl"))

    assert seen.tls is not None
    assert (seen.tls.untrusted is None, seen.tls.verify_code) == (False, 18)
    assert seen.tls.misnamed is None


@pytest.mark.parametrize(("trusted", "is_verified"), [("this one", True), ("another", False)])
def test_a_certificate_that_is_trusted_need_not_have_signed_itself(
    trusted: str, is_verified: bool, authority: Authority
) -> None:
    issued = {name: authority.issue(name.replace(" ", "-")) for name in ("this one", "another")}
    with serving(Smtp(implicit=issued["this one"].context())) as port:
        seen = see(settings(port, "-ssl"), ca_file=str(issued[trusted].certificate))

    assert seen.tls is not None
    assert seen.tls.is_verified == is_verified


def test_an_address_that_a_certificate_has_as_a_host_name_is_misnamed(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.live.certificates._general_name", x509.DNSName)
    context = authority.issue("address", names=("127.0.0.1",)).context()
    with serving(Smtp(implicit=context)) as port:
        seen = see(settings(port, "-ssl"), authority)

    assert seen.tls is not None
    assert (seen.tls.untrusted, seen.tls.misnamed) == (None, "it is for DNS:127.0.0.1")


@pytest.mark.parametrize(("subject", "is_misnamed"), [("127.0.0.1", True), ("localhost", False)])
def test_a_subject_is_no_name_for_an_address(
    subject: str, is_misnamed: bool, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To say that it is for the very address would help nobody."""
    monkeypatch.setattr("tests.live.certificates._general_name", lambda _: x509.RFC822Name("a@example.com"))
    context = authority.issue("subject", names=(subject,)).context()
    with serving(Smtp(implicit=context)) as port:
        seen = see(settings(port, "-ssl", Host=subject), authority)

    assert seen.tls is not None
    wrong = f"it has no names but its subject, {subject}" if is_misnamed else None
    assert (seen.tls.untrusted, seen.tls.misnamed) == (None, wrong)


@pytest.mark.posix
@pytest.mark.parametrize(("name", "found"), [("127.0.0.1", []), ("mail.example.com", ["L109"])])
def test_what_is_trusted_may_come_through_a_pipe(
    name: str, found: list[str], authority: Authority, tmp_path: Path
) -> None:
    """It is read once alone; a comment may be in any letters."""
    issued = authority.issue("piped", names=(name,))
    pipe, path = tmp_path / "pipe", tmp_path / "DataMiner.xml"
    os.mkfifo(pipe)
    content = "# größte Stelle\n".encode() + authority.file.read_bytes()
    writer = threading.Thread(target=pipe.write_bytes, args=(content,), daemon=True)
    writer.start()
    with serving(Smtp(implicit=issued.context())) as port:
        path.write_text(settings(port, "-ssl"), "utf-8")
        outcome = dmsmtp("probe", path, "--ca-file", pipe, "--output-format", "json")

    assert [one["code"] for one in json.loads(outcome.out)["diagnostics"]] == found


@pytest.mark.posix
def test_a_pipe_without_a_certificate(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"",), daemon=True)
    writer.start()
    outcome = dmsmtp("probe", tmp_path, "--ca-file", pipe)

    assert outcome.code == 2
    assert outcome.err == f"dmsmtp: --ca-file {pipe}: there is no certificate in it (PEM)\n"
