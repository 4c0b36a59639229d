"""Reading a server's certificate, verified or not, with the library `cryptography` where it is installed."""

from __future__ import annotations

from datetime import UTC
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING

from migrator.observations import Certificate
from migrator.values.secret import printable

if TYPE_CHECKING:
    from types import ModuleType

    from cryptography import x509

_LONGEST = 120  # characters of a subject or an issuer
_LONGEST_NAME = 255  # characters of a name; that of a host has 253 at most


def is_readable() -> bool:
    """Whether certificates can be read: the extra `dmsmtp[live]` is installed."""
    if library.cache_info().currsize:  # one was to be read
        return library() is not None
    try:
        import cryptography  # noqa: F401 - this is the question; its parts take half as long as a start
    except ImportError:
        return False
    return True


@cache
def library() -> ModuleType | None:
    """What reads certificates; None where it is not installed, or does not work here."""
    try:
        from cryptography import x509
    except ImportError:
        return None
    return x509


def read(der: bytes | None) -> Certificate | None:
    """A certificate; None where there is none, where it cannot be read, or nothing is there to read it."""
    if der is None:
        return None
    x509_ = library()
    if x509_ is None:
        return None
    try:
        found: x509.Certificate = x509_.load_der_x509_certificate(der)
        return Certificate(
            _name(found.subject),
            _name(found.issuer),
            _names(found),
            found.not_valid_before_utc.astimezone(UTC),
            found.not_valid_after_utc.astimezone(UTC),
            _key(found),
            _signature(found),
        )
    except Exception:  # noqa: BLE001 - what a server sends may be anything, and so is what the library raises
        return None


def _short(text: str, longest: int = _LONGEST) -> str:
    shown = printable(text)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _name(name: x509.Name) -> str:
    from cryptography.x509.oid import NameOID

    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(oid):
            return _short(str(attribute.value))
    return _short(name.rfc4514_string())


def _names(found: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        extension = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except Exception:  # noqa: BLE001 - there is none, or one that cannot be read, for whatever reason
        return ()
    # An address that stands among the host names is for nobody who connects to it
    dns = (f"DNS:{one}" if _is_address(one) else one for one in extension.get_values_for_type(x509.DNSName))
    addresses = extension.get_values_for_type(x509.IPAddress)
    return tuple(_short(str(one), _LONGEST_NAME) for one in (*dns, *addresses))


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _key(found: x509.Certificate) -> str | None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    try:
        key = found.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return None
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    return type(key).__name__.removesuffix("PublicKey").lstrip("_")


def _signature(found: x509.Certificate) -> str | None:
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        algorithm = found.signature_hash_algorithm
    except (UnsupportedAlgorithm, ValueError):
        return None
    return None if algorithm is None else algorithm.name.upper()


def matches(names: tuple[str, ...], host: str) -> bool:
    """Whether one of a certificate's names is that of a host (RFC 6125, section 6.4).

    A star stands for the whole first label alone.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        wanted = host.removesuffix(".").lower()
        _, _, parent = wanted.partition(".")
        return any(
            one.lower() == wanted or (one.startswith("*.") and parent and one[2:].lower() == parent)
            for one in names
        )
    return str(address) in names
