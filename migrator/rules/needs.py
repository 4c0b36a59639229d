"""What must be there before a rule can find anything, so that most rules need not be asked about most files.

A need is a bit, and needs are some together. Each is met wherever a rule that has it finds something, and in
few other sections, as far as that can be told at little cost: a rule still looks for itself. Which are met,
`asking.py` tells.
"""

from __future__ import annotations

from typing import Final

NOTHING: Final = 0
"""The rule is always asked."""
MAPPING: Final = 1 << 0
"""JSON or YAML, whose keys may be there twice."""
UNUSUAL_OUTLINE: Final = 1 << 1
"""Other than one SMTP section, where it belongs, with known settings, all of it in one namespace."""
TARGET: Final = 1 << 2
"""A target version."""
PROVIDER: Final = 1 << 3
"""A Host of a known mail provider."""
UNUSUAL_HOST: Final = 1 << 4
"""No Host, one that is an address, or one with something wrong with it."""
CLEAR_TEXT: Final = 1 << 5
"""A port, or none, for which no TLS is documented."""
UNUSUAL_PORT: Final = 1 << 6
"""Port 465 or 587 with TLS, by another suffix than usual."""
OTHER_SERVICE: Final = 1 << 7
"""The port of something that takes no mail, or a Host that is named like one."""
INCOMPLETE_LOGIN: Final = 1 << 8
"""A login without a User or a Password, or one of these without a login."""
ADVISED_METHOD: Final = 1 << 9
"""A LoginMethod that there is something to say of, or none."""
READABLE_SECRET: Final = 1 << 10
"""A secret that is no reference in the form of a GUID."""
OAUTH: Final = 1 << 11
"""XOAUTH2."""
INCOMPLETE_OAUTH: Final = 1 << 12
"""XOAUTH2 without a client ID, a client secret or a token endpoint."""
KNOWN_ISSUER: Final = 1 << 13
"""XOAUTH2 with a known mail provider, or with one that is known to give out tokens."""
UNUSED_OAUTH: Final = 1 << 14
"""Settings of OAuth beside another method than XOAUTH2."""
UNUSUAL_FROM: Final = 1 << 15
"""No From, or one that is more or less than an ordinary mail address."""
UNUSUAL_HELO: Final = 1 << 16
"""A Helo that is no full host name."""
UNUSUAL_LENGTH: Final = 1 << 17
"""A MaxSubjectLength that is very short, or longer than Microsoft 365 keeps."""
USUAL_LENGTHS = range(20, 256)
"""What is neither."""
MANY_DIGITS = 4
"""So many digits tell that a length is too long, however many there are."""
EMPTY_VALUE: Final = 1 << 18
"""A setting without a value."""
WHITE_SPACE: Final = 1 << 19
"""White space around a value."""
PLACEHOLDER: Final = 1 << 20
"""A sign of a placeholder in a value."""
EXAMPLE: Final = 1 << 21
"""A part of an example of the DataMiner documentation in a value."""
INVALID_PORT: Final = 1 << 22
"""A HostPort with something wrong with it."""
INVALID_METHOD: Final = 1 << 23
"""A LoginMethod with something wrong with it."""
INVALID_LENGTH: Final = 1 << 24
"""A MaxSubjectLength that is not in plain digits, or in JSON or YAML, which may have it as a text."""
INVISIBLE: Final = 1 << 25
"""A character in a value that is not printed."""
MARKUP: Final = 1 << 26
"""Attributes, markup in a value or text between the settings; told where the schema refuses a section."""
