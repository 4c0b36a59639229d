"""What a section makes DataMiner do: true to the documentation, with what is inferred told apart."""

from __future__ import annotations

import itertools
import json
import re

import pytest

from migrator.checking import read_document
from migrator.definition import login_methods, settings
from migrator.describe import Description, Origin, SettingLine, describe
from migrator.document.limits import Limits
from migrator.document.source import Unreadable
from migrator.section import read_configuration
from migrator.values.login_method import LoginMethod
from migrator.values.version import since

GUID = "3b4f1c52-6d0e-4f4e-9a57-0c1d2e3f4a5b"
MASK = "\u2022" * 4
XOAUTH2_SINCE = {"main": ["10.5.0 CU13", "10.6.0 CU1"], "feature": "10.6.4"}


def told(text: str) -> Description:
    """The description of a file."""
    document = read_document("x", text.encode(), Limits())
    assert not isinstance(document, Unreadable)
    configuration = read_configuration(document)
    assert configuration is not None
    assert configuration.section is not None
    return describe("x.xml", configuration, configuration.section)


def of(**values: str) -> Description:
    """The description of a section with these settings."""
    return told("<SMTP>" + "".join(f"<{name}>{value}</{name}>" for name, value in values.items()) + "</SMTP>")


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("${env:MAIL_PASSWORD}", "in the environment, as MAIL_PASSWORD"),
        ("${env:A}${env:B}", "in the environment, as A and B"),
        ("frost${env:A}", MASK),
        ("$${env:A}", MASK),
    ],
)
def test_where_a_secret_is_that_a_variable_names(password: str, words: str) -> None:
    settings = {"LoginMethod": "NTLM", "User": "me", "Password": password}
    in_json = dict(told(json.dumps({"SMTP": settings})).facts)["Login"]

    assert f"A password is set ({words})." in in_json
    assert f"A password is set ({MASK})." in facts("Login", **settings)  # XML has no variables


def facts(subject: str, **values: str) -> list[str]:
    """What is said about a subject."""
    return list(dict(of(**values).facts)[subject])


NO_CLEAR = "The connection is probably not encrypted."
STARTTLS = "The connection begins in clear text and is then encrypted (STARTTLS)."
IMPLICIT = "The connection is encrypted from its first byte (implicit TLS)."
PORTS = {
    "25": (25, NO_CLEAR),
    "587": (587, NO_CLEAR),
    "25-nossl": (25, NO_CLEAR),
    "465": (465, IMPLICIT),
    "2465-ssl": (2465, IMPLICIT),
    "465-ssl": (465, IMPLICIT),
    "587-starttls": (587, STARTTLS),
    "465-starttls": (465, STARTTLS),
    "465-nossl": (465, "The connection is not encrypted: -nossl turns that off on port 465."),
}


@pytest.mark.parametrize("text", PORTS)
def test_the_connection(text: str) -> None:
    port, security = PORTS[text]

    one = of(Host="smtp.example.com", HostPort=text, LoginMethod="NoLoginMethod")

    assert dict(one.facts)["Connection"] == (
        f"DataMiner connects to smtp.example.com on port {port}.",
        security,
    )
    inferred = [
        sentence for sentence in one.inferred if sentence.startswith(f"That {text} means no encryption is")
    ]
    assert len(inferred) == (security == NO_CLEAR)
    assert len(one.inferred) == len(inferred)


def test_the_default_port_is_said_to_be_one() -> None:
    one = of(Host="smtp.example.com")

    assert (
        dict(one.facts)["Connection"][0] == "DataMiner connects to smtp.example.com on port 25, the default."
    )
    assert one.inferred[0].startswith("That 25 means no encryption is inferred")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("587-STARTTLS", '"587-STARTTLS" is not spelled as documented (587-starttls was probably meant)'),
        ("0587", '"0587" is not spelled as documented (587 was probably meant)'),
        ("587 starttls", '"587 starttls" is not spelled as documented (587-starttls was probably meant)'),
        ("99999", '"99999" is no port'),
        ("smtp", '"smtp" is no port'),
    ],
)
def test_a_port_that_is_not_documented_is_not_known(text: str, why: str) -> None:
    connection = facts("Connection", Host="smtp.example.com", HostPort=text)

    assert connection == [
        f"DataMiner connects to smtp.example.com, on a port that is not known: HostPort {why}."
    ]


def test_an_empty_port() -> None:
    one = of(Host="a.example.com", HostPort="", LoginMethod="NTLM")

    assert "on a port that is not known: HostPort is empty." in dict(one.facts)["Connection"][0]
    assert one.inferred == ("What DataMiner does with an empty HostPort is not documented.",)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_the_machine_itself(host: str) -> None:
    connection = facts("Connection", Host=host, HostPort="25")

    assert connection[-1] == "The server is this machine itself, so nothing crosses the network."


@pytest.mark.parametrize(
    "host", ["smtp://mail.example.com", "mail.example.com:25", "a b", "-a-", "user:pw@a"]
)
def test_a_host_that_is_none(host: str) -> None:
    shown = MASK if "@" in host else host

    assert facts("Connection", Host=host, HostPort="465") == [
        f'Where DataMiner connects to is not known: Host "{shown}" is no name or address.',
        IMPLICIT,
    ]


def test_a_host_with_an_underscore_is_a_host() -> None:
    assert "connects to my_relay on port" in facts("Connection", Host="my_relay")[0]


@pytest.mark.parametrize("values", [{}, {"Host": ""}, {"Host": " "}])
def test_no_host(values: dict[str, str]) -> None:
    assert facts("Connection", **values) == ["There is no Host, so there is no server to connect to."]


METHODS = {
    "NoLoginMethod": "DataMiner does not log in (NoLoginMethod).",
    "LoginPlainMethod": "DataMiner logs in with user and password as they are (LoginPlainMethod).",
    "AuthLoginMethod": (
        "DataMiner logs in with user and password in base64, which anyone can read back (AuthLoginMethod)."
    ),
    "CramMD5Method": (
        "DataMiner proves that it knows the password without sending it (CramMD5Method, RFC 2195)."
    ),
    "NTLM": "DataMiner logs in with NTLM, the authentication of Windows.",
    "Auto": "DataMiner and the server negotiate how to log in (Auto).",
    "XOAUTH2": (
        "DataMiner logs in with OAuth 2.0 (XOAUTH2), which is set up in Cube and not by hand in this file."
    ),
}
PROTECTIONS = {
    IMPLICIT: "The encryption of the connection protects them.",
    STARTTLS: "The encryption of the connection protects them.",
    NO_CLEAR: "Probably nothing protects them on the way.",
    PORTS["465-nossl"][1]: "Nothing protects them on the way.",
}


@pytest.mark.parametrize(("method", "port"), list(itertools.product(METHODS, PORTS)))
def test_every_login_method_with_every_port(method: str, port: str) -> None:
    login = facts("Login", Host="a.example.com", HostPort=port, LoginMethod=method, User="me", Password="it")

    shows_password = method in ("LoginPlainMethod", "AuthLoginMethod")
    unneeded = ", which NoLoginMethod does not need" if method == "NoLoginMethod" else ""
    expected = [METHODS[method], f"The user is me{unneeded}.", f"A password is set ({MASK}){unneeded}."]
    if shows_password:
        expected.insert(1, PROTECTIONS[PORTS[port][1]])
    assert login[: len(expected)] == expected
    assert len(login) == len(expected) + (method == "XOAUTH2")  # its own settings are missing


def test_every_documented_login_method_has_words() -> None:
    assert set(METHODS) == set(login_methods()) == set(LoginMethod)


@pytest.mark.parametrize(
    ("values", "protection"),
    [
        ({"Host": "localhost", "HostPort": "25"}, "They do not leave this machine."),
        ({"Host": "a.example.com", "HostPort": "x"}, "Whether the connection protects them is not known."),
    ],
)
def test_what_else_protects_a_password(values: dict[str, str], protection: str) -> None:
    login = facts("Login", **values, LoginMethod="AuthLoginMethod", User="me", Password="it")

    assert login[1] == protection


@pytest.mark.parametrize(
    ("method", "says"),
    [
        ("LOGIN", '"LOGIN" is not documented (AuthLoginMethod was probably meant)'),
        ("ntlm", '"ntlm" is not documented (NTLM was probably meant)'),
        ("Kerberos", '"Kerberos" is not documented'),
    ],
)
def test_a_login_method_that_is_not_documented_is_not_known(method: str, says: str) -> None:
    assert facts("Login", LoginMethod=method) == [f"How DataMiner logs in is not known: LoginMethod {says}."]


@pytest.mark.parametrize(
    ("values", "fact", "doubt"),
    [
        ({}, "There is no LoginMethod.", "without a LoginMethod"),
        ({"LoginMethod": ""}, "LoginMethod is empty.", "with an empty LoginMethod"),
    ],
)
def test_without_a_login_method(values: dict[str, str], fact: str, doubt: str) -> None:
    one = of(**values)

    assert dict(one.facts)["Login"] == (fact,)
    assert one.inferred == (f"What DataMiner does {doubt} is not documented.",)


@pytest.mark.parametrize(
    ("method", "says"),
    [
        ("NoLoginMethod", []),
        ("Auto", ["Neither User nor Password is set."]),
        ("NTLM", ["There is no User, and this needs one.", "There is no Password, and this needs one."]),
        (
            "AuthLoginMethod",
            ["There is no User, and this needs one.", "There is no Password, and this needs one."],
        ),
    ],
)
def test_credentials_that_are_missing(method: str, says: list[str]) -> None:
    assert facts("Login", LoginMethod=method, User="", Password=" ")[1:] == says


def test_oauth() -> None:
    one = of(
        Host="smtp.office365.com",
        HostPort="587-starttls",
        LoginMethod="XOAUTH2",
        User="dma@example.com",
        OAuthClientID=GUID,
        OAuthClientSecret="geheim",
        OAuthTokenEndpoint=f"https://login.microsoftonline.com/{GUID}/oauth2/v2.0/token",
    )

    assert dict(one.facts)["Login"] == (
        METHODS["XOAUTH2"],
        "The user is dma@example.com.",
        f"Its tokens come from https://login.microsoftonline.com/{GUID}/oauth2/v2.0/token.",
        f"The client ID is {GUID}.",
        f"A client secret is set ({MASK}).",
    )
    assert dict(one.facts)["Versions"] == (
        (
            "The oldest main release that understands it is 10.5.0 CU13 (10.6.0 CU1 in 10.6), "
            "the oldest feature release 10.6.4."
        ),
        "That is because of LoginMethod XOAUTH2, OAuthClientID, OAuthClientSecret and OAuthTokenEndpoint.",
    )
    assert one.inferred == ()
    assert one.oldest == since(XOAUTH2_SINCE)


def test_oauth_that_is_not_set_up() -> None:
    one = of(Host="a.example.com", HostPort="465", LoginMethod="XOAUTH2", Password="it")

    assert dict(one.facts)["Login"][1:] == (
        "There is no User, and this needs one.",
        f"A password is set ({MASK}).",
        "There is no OAuthTokenEndpoint and no OAuthClientID: set it up in Cube.",
    )
    assert one.inferred == ("What Password does with XOAUTH2 is not documented.",)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"OAuthClientID": "x"}, "OAuthClientID counts with XOAUTH2 alone."),
        (
            {"OAuthClientID": "x", "OAuthConfigData": "y", "OAuthClientSecret": ""},
            "OAuthClientID and OAuthConfigData count with XOAUTH2 alone.",
        ),
    ],
)
def test_oauth_settings_with_another_method(values: dict[str, str], says: str) -> None:
    assert facts("Login", LoginMethod="NoLoginMethod", **values)[-1] == says


@pytest.mark.parametrize("name", ["Password", "OAuthClientSecret"])
@pytest.mark.parametrize("text", [GUID, f"{{{GUID.upper()}}}", f" {GUID} "])
def test_a_secret_that_looks_like_a_reference(name: str, text: str) -> None:
    one = of(Host="a.example.com", HostPort="465", LoginMethod="XOAUTH2", **{name: text})

    assert any(f"is set (reference {MASK})." in sentence for sentence in dict(one.facts)["Login"])
    assert any(
        sentence.startswith(f"That {name} is a reference is inferred from its form")
        for sentence in one.inferred
    )
    assert next(line.value for line in one.settings if line.name == name) == f"reference {MASK}"


def test_mail() -> None:
    assert facts("Mail", From="dma@example.com", Helo="pc.example.com", MaxSubjectLength="78") == [
        "The sender is dma@example.com, instead of the default address in System Center.",
        "The agent introduces itself to the server as pc.example.com.",
        "A subject has at most 78 characters.",
    ]
    (default,) = facts("Mail")
    assert default == (
        "The sender is the default address, which is not in this file but in Cube: "
        "System Center > Agents > system > Email. Without one there, DataMiner finds no sender."
    )


@pytest.mark.parametrize(
    ("length", "fact", "doubt"),
    [
        ("78", "A subject has at most 78 characters.", "What becomes of a longer subject is not documented."),
        (
            "0078",
            "A subject has at most 78 characters.",
            "What becomes of a longer subject is not documented.",
        ),
        ("0", None, "What a MaxSubjectLength of 0 means is not documented."),
        ("000", None, "What a MaxSubjectLength of 0 means is not documented."),
        (
            "1" * 5000,
            f"A subject has at most {'1' * 59}… characters.",
            "What becomes of a longer subject is not documented.",
        ),
        ("many", 'How long a subject may be is not known: "many" is no number.', None),
        ("\u0663", 'How long a subject may be is not known: "\u0663" is no number.', None),
        ("-1", 'How long a subject may be is not known: "-1" is no number.', None),
    ],
)
def test_the_length_of_subjects(length: str, fact: str | None, doubt: str | None) -> None:
    one = of(From="a@b", LoginMethod="NoLoginMethod", MaxSubjectLength=length)

    assert list(dict(one.facts)["Mail"][1:]) == ([] if fact is None else [fact])
    assert list(one.inferred) == ([] if doubt is None else [doubt])


ALL_UNDERSTAND = "As far as the documentation tells, every main and feature release understands it."


@pytest.mark.parametrize("method", ["NoLoginMethod", "LoginPlainMethod", "AuthLoginMethod", "CramMD5Method"])
def test_what_every_version_understands(method: str) -> None:
    one = of(LoginMethod=method, Host="a", HostPort="587-starttls", User="u", MaxSubjectLength="1", Helo="a")

    assert dict(one.facts)["Versions"] == (ALL_UNDERSTAND,)
    assert one.oldest is None


def test_what_no_version_is_documented_to_understand() -> None:
    rest = ALL_UNDERSTAND.replace(" it.", " the rest.")
    assert facts("Versions", LoginMethod="LOGIN") == [
        'No release is documented to understand LoginMethod "LOGIN".',
        rest,
    ]
    one = told("<SMTP><host>a</host><Password>secret</Password><secret>b</secret></SMTP>")
    assert list(dict(one.facts)["Versions"]) == [
        f"No release is documented to understand host and {MASK}.",
        rest,
    ]
    assert facts("Versions", HostPort="587-STARTTLS") == [
        'No release is documented to understand HostPort "587-STARTTLS".',
        rest,
    ]


def test_what_is_unknown_is_told_once_and_apart_from_what_is_known() -> None:
    one = told("<SMTP><Tls/><Port>1</Port><Tls/><LoginMethod>NTLM</LoginMethod></SMTP>")
    assert dict(one.facts)["Versions"][:2] == (
        "No release is documented to understand Tls and Port.",
        "DataMiner 4.2 and newer understand the rest, and so every main and feature release.",
    )
    one = told("<SMTP><Tls/><LoginMethod>XOAUTH2</LoginMethod></SMTP>")
    assert dict(one.facts)["Versions"][1].startswith("The oldest main release that understands the rest is ")


@pytest.mark.parametrize(("method", "version"), [("NTLM", "4.2"), ("Auto", "5.0")])
def test_what_came_before_the_trains(method: str, version: str) -> None:
    assert facts("Versions", LoginMethod=method) == [
        f"DataMiner {version} and newer understand it, and so every main and feature release.",
        f"That is because of LoginMethod {method}.",
    ]


def test_where_each_value_comes_from() -> None:
    one = told(
        "<SMTP>\n<Host>a.example.com</Host>\n\n<Password>it</Password><User/>\n"
        "<OAuthClientSecret> </OAuthClientSecret><Helo> pc </Helo></SMTP>"
    )

    lines = {line.name: line for line in one.settings}
    assert list(lines) == list(settings())
    assert lines["Host"] == SettingLine("Host", "a.example.com", Origin.FILE, 2)
    assert lines["HostPort"] == SettingLine("HostPort", "25", Origin.DEFAULT, None)
    assert lines["Password"] == SettingLine("Password", MASK, Origin.FILE, 4)
    assert lines["User"] == SettingLine("User", "", Origin.FILE, 4)
    assert lines["OAuthClientSecret"] == SettingLine("OAuthClientSecret", MASK, Origin.FILE, 5)
    assert lines["Helo"] == SettingLine("Helo", " pc ", Origin.FILE, 5)
    assert lines["From"] == SettingLine("From", None, Origin.NOT_SET, None)


@pytest.mark.parametrize(
    ("text", "agent"),
    [
        ("<SMTP />", None),
        ("<DataMiner><SMTP /></DataMiner>", None),
        ("<DataMiner id='7'><SMTP /></DataMiner>", "ID 7"),
        ("<DataMiner><DMA><DMAName> A 7 </DMAName></DMA><SMTP /></DataMiner>", "A 7"),
        ("<DataMiner id='7'><DMA><DMAName>A 7</DMAName></DMA><SMTP /></DataMiner>", "A 7 (ID 7)"),
        (
            (
                "<DataMiner id='7'><DMA><DMAName>secret</DMAName></DMA>"
                "<SMTP><Password>secret</Password></SMTP></DataMiner>"
            ),
            f"{MASK} (ID 7)",
        ),
    ],
)
def test_the_agent(text: str, agent: str | None) -> None:
    assert told(text).agent == agent


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<DataMiner><SMTP /></DataMiner>", None),
        ("<SMTP />", None),
        ("<DataMiner><DMA><SMTP /></DMA></DataMiner>", "The section stands inside another element."),
        (
            "<DataMiner xmlns='http://www.skyline.be/config/dataminer'><SMTP xmlns='' /></DataMiner>",
            "The section is in another XML namespace than the root",
        ),
    ],
)
def test_a_section_that_is_probably_not_read(text: str, says: str | None) -> None:
    subject, sentences = told(text).facts[0]

    assert subject == ("Connection" if says is None else "Section")
    assert says is None or sentences[0].startswith(says)


def test_what_stands_there_twice() -> None:
    one = told(
        "<DataMiner><SMTP><LoginMethod>NTLM</LoginMethod><Host>a.example.com</Host><HostPort>465</HostPort>"
        "<Host>b.example.com</Host></SMTP><SMTP /></DataMiner>"
    )

    assert one.inferred == (
        "Which of several SMTP sections counts is not documented; this is the first one.",
        "Which of several Host settings counts is not documented; this is the first one.",
    )


def test_white_space_around_values() -> None:
    one = of(Host=" a.example.com", HostPort="465\n", LoginMethod="NTLM", Password=" it ")

    assert one.inferred == ("That white space around Host and HostPort does not count is inferred.",)
    assert dict(one.facts)["Connection"][0] == "DataMiner connects to a.example.com on port 465."


def test_values_cannot_steer_a_terminal() -> None:
    one = of(Host="a.example.com", User="a\u202eb\u200bc", From="&#xd;&#x9b;x")

    text = " ".join([sentence for _, sentences in one.facts for sentence in sentences])
    assert "The user is a\\u202eb\\u200bc." in text
    assert "\\r\\x9bx" not in text  # white space at the ends does not belong to it
    assert "\\x9bx" in text
    assert text.isprintable()


@pytest.mark.parametrize("method", [*METHODS, None])
@pytest.mark.parametrize("port", [*PORTS, None])
def test_every_sentence_is_one(method: str | None, port: str | None) -> None:
    """Begins with a capital, ends with a full stop, holds no doubled word, space or empty pair of quotes."""
    values = {
        "Host": "a.example.com",
        "HostPort": port,
        "LoginMethod": method,
        "User": "me",
        "Password": "it",
    }
    one = of(**{name: value for name, value in values.items() if value is not None})

    for sentence in [*one.inferred, *(sentence for _, sentences in one.facts for sentence in sentences)]:
        assert re.fullmatch(r"[A-Z].*[^.]\.", sentence), sentence
        assert "  " not in sentence
        assert '""' not in sentence
        assert not re.search(r"\b(\w+) \1\b", sentence), sentence
        assert len(sentence) < 250
