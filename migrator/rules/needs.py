"""What must be there before a rule can find anything, so that most rules need not be asked about most files.

Each need is met wherever a rule that has it finds something, and in few other sections, as far as that can be
told at little cost: a rule still looks for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from migrator.document.xml import XmlDocument
from migrator.values.host import is_named_for_reading, parse_host
from migrator.values.host_port import OTHER_SERVICES, HostPort, Suffix
from migrator.values.login_method import LoginMethod
from migrator.values.mail_address import parse_mail_address
from migrator.values.secret import is_reference

if TYPE_CHECKING:
    from migrator.rules.model import Circumstances
    from migrator.section import Configuration, Section

Need = Callable[["Configuration", "Section", "Circumstances"], bool]
"""Whether it is met by a configuration, the section of it that is checked, and the circumstances."""

_USUAL_LENGTHS = range(20, 256)
_ADVISED = frozenset({LoginMethod.CRAM_MD5, LoginMethod.NTLM, LoginMethod.AUTO})
_UNUSUAL_PORTS = frozenset(
    {HostPort(465, Suffix.SSL), HostPort(465, Suffix.STARTTLS), HostPort(587, Suffix.SSL)}
)


def nothing(_file: Configuration, _section: Section, _circumstances: Circumstances) -> bool:
    """The rule is always asked."""
    return True


def mapping(file: Configuration, _section: Section, _circumstances: Circumstances) -> bool:
    """JSON or YAML, whose keys may be there twice."""
    return not isinstance(file.document, XmlDocument)


def unusual_outline(file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """Other than one SMTP section, where it belongs, with known settings, all of it in one namespace."""
    return (
        len(file.sections) != 1
        or bool(file.misplaced)
        or len(section.entries) != len(section.settings)
        or section.node.namespace != file.root.namespace
    )


def target(_file: Configuration, _section: Section, circumstances: Circumstances) -> bool:
    """A target version."""
    return circumstances.target is not None


def provider(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """A Host of a known mail provider."""
    return section.provider is not None


def unusual_host(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """No Host, one that is an address, or one with something wrong with it."""
    host = section.host
    return host is None or bool(host.problems) or host.value is None or host.value.address is not None


def clear_text(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """A port, or none, for which no TLS is documented."""
    return section.is_clear_text


def unusual_port(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """Port 465 or 587 with TLS, by another suffix than usual."""
    return section.transport in _UNUSUAL_PORTS


def other_service(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """The port of something that takes no mail, or a Host that is named like one."""
    if section.transport is not None and section.transport.port in OTHER_SERVICES:
        return True
    host = section.host
    return host is not None and host.value is not None and is_named_for_reading(host.value.name)


def incomplete_login(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """A login without a User or a Password, or one of these without a login."""
    method = section.method
    has_user, has_password = bool(section.text("User")), bool(section.text("Password"))
    if method is LoginMethod.NONE:
        return has_user or has_password
    return not has_user or not (has_password or method is LoginMethod.XOAUTH2)


def advised_method(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """A LoginMethod that there is something to say of, or none."""
    return section.method in _ADVISED or "LoginMethod" not in section.settings


def oauth(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """XOAUTH2."""
    return section.method is LoginMethod.XOAUTH2


def incomplete_oauth(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """XOAUTH2 without a client ID, a client secret or a token endpoint."""
    return section.method is LoginMethod.XOAUTH2 and not (
        section.text("OAuthClientID")
        and section.text("OAuthClientSecret")
        and section.text("OAuthTokenEndpoint")
    )


def known_issuer(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """XOAUTH2 with a known mail provider, or with one that is known to give out tokens."""
    return section.method is LoginMethod.XOAUTH2 and (
        section.provider is not None or section.token_issuer is not None
    )


def unused_oauth(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """Settings of OAuth beside another method than XOAUTH2."""
    return section.method is not LoginMethod.XOAUTH2 and section.uses_oauth


def unusual_from(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """No From, or one that is more or less than a mail address in ASCII."""
    text = section.text("From")
    if not text:
        return True
    address, problems = parse_mail_address(text)
    return bool(problems) or address is None or address.is_international


def unusual_helo(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """A Helo that is no full host name."""
    text = section.text("Helo")
    if not text:
        return False
    host, problems = parse_host(text)
    return bool(problems) or host is None or host.address is not None or "." not in text.rstrip(".")


def unusual_length(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """A MaxSubjectLength that is very short, or longer than Microsoft 365 keeps."""
    text = section.text("MaxSubjectLength")
    return text.isdecimal() and int(text[:4]) not in _USUAL_LENGTHS


def empty_value(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """A setting without a value."""
    return "" in [setting.text for setting in section.settings.values()]


def white_space(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """White space around a value."""
    settings = section.settings.values()
    return [setting.value for setting in settings] != [setting.text for setting in settings]


def readable_secret(_file: Configuration, section: Section, _circumstances: Circumstances) -> bool:
    """A secret that is no reference in the form of a GUID."""
    password, client_secret = section.text("Password"), section.text("OAuthClientSecret")
    return bool(
        (password and not is_reference(password)) or (client_secret and not is_reference(client_secret))
    )


def placeholder(file: Configuration, _section: Section, _circumstances: Circumstances) -> bool:
    """A sign of a placeholder somewhere in an XML file."""
    text = file.document.source.text
    # The last begins the references that may hide the others
    return ("$" in text or "%" in text or "{" in text or "#" in text) and isinstance(
        file.document, XmlDocument
    )
