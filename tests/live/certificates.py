"""Certificates of every kind that a server may have, made by the test itself."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Issued:
    """A certificate and its key, in files."""

    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """For a server, as loose as OpenSSL allows: how strict it is, is for the client to decide."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.set_ciphers("ALL:@SECLEVEL=0")
        made.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        made.options &= ~(ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1)
        made.load_cert_chain(self.certificate, self.key)
        return made


class Authority:
    """Issues certificates."""

    def __init__(self, folder: Path, name: str = "Authority of the test") -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        own = _builder(self._name, self._name, self._key).add_extension(
            x509.BasicConstraints(True, None), True
        )
        self._certificate = own.sign(self._key, hashes.SHA256())
        self.file = folder / "ca.pem"
        self.file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def issue(
        self,
        label: str,
        *,
        names: tuple[str, ...] = ("localhost", "127.0.0.1", "::1"),
        days: int = 365,
        is_self_signed: bool = False,
        rsa_bits: int | None = None,
    ) -> Issued:
        """A server's certificate, good for so many days from now; negative ones are past."""
        key: _Key = (
            ec.generate_private_key(ec.SECP256R1())
            if rsa_bits is None
            else rsa.generate_private_key(65537, rsa_bits)
        )
        subject = _name(names[0])
        issuer, signer = (subject, key) if is_self_signed else (self._name, self._key)
        alternatives = x509.SubjectAlternativeName([_general_name(one) for one in names])
        builder = _builder(subject, issuer, key, days).add_extension(alternatives, False)
        certificate = builder.sign(signer, hashes.SHA256())
        issued = Issued(self._folder / f"{label}.pem", self._folder / f"{label}.key")
        issued.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        issued.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        issued.key.chmod(0o600)
        return issued


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general_name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _builder(subject: x509.Name, issuer: x509.Name, key: _Key, days: int = 365) -> x509.CertificateBuilder:
    last = _NOW + timedelta(days=days, hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(_NOW, last) - timedelta(days=1))
        .not_valid_after(last)
    )
