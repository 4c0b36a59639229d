from __future__ import annotations

import json

import pytest

from migrator.conversion.convert import OutputFormat
from migrator.conversion.secrets import Secrets
from tests.conversion.comparing import converted

XML = b"<SMTP><Host>a</Host><User>u</User><Password>hunter2&amp;</Password></SMTP>"


def _section(
    path: str, data: bytes, output: OutputFormat = OutputFormat.JSON, **options: object
) -> dict[str, str]:
    document = converted(path, data, output, **options).document
    assert document is not None
    found: dict[str, str] = json.loads(document)["SMTP"]
    return found


@pytest.mark.parametrize(
    ("secrets", "expected"),
    [
        (Secrets.KEEP, {"Host": "a", "User": "u", "Password": "hunter2&"}),
        (Secrets.OMIT, {"Host": "a", "User": "u"}),
        (Secrets.ENV, {"Host": "a", "User": "u", "Password": "${env:DMSMTP_PASSWORD}"}),
    ],
)
def test_what_becomes_of_secrets(secrets: Secrets, expected: dict[str, str]) -> None:
    result = converted("a.xml", XML, OutputFormat.JSON, secrets=secrets)

    assert json.loads(result.document or b"")["SMTP"] == expected
    assert result.holds_secret == (secrets is Secrets.KEEP)


@pytest.mark.parametrize("secrets", [Secrets.OMIT, Secrets.ENV])
@pytest.mark.parametrize(
    "xml",
    [
        "<SMTP><Password>hunter2</Password><User>hunter2</User></SMTP>",
        "<SMTP><Password>hunter2</Password><Helo>a-hunter2-b</Helo></SMTP>",
        "<SMTP><Host>me:hunter2@smtp.example.com</Host></SMTP>",
        "<SMTP><Password>hunter2</Password><!-- it was hunter2 --></SMTP>",
        "<SMTP><!-- <Password>hunter2</Password> --></SMTP>",
        "<!-- password: hunter2 --><SMTP/>",
        "<SMTP><OAuthClientSecret>hunter2</OAuthClientSecret></SMTP>",
    ],
)
def test_a_secret_is_nowhere(xml: str, secrets: Secrets) -> None:
    for output in (OutputFormat.JSON, OutputFormat.YAML):
        for whole_file in (False, True):
            result = converted("a.xml", xml.encode(), output, secrets=secrets, whole_file=whole_file)
            assert result.document is not None
            assert b"hunter2" not in result.document
            assert "hunter2" not in "".join(one.message for one in result.notes)


@pytest.mark.parametrize("secrets", [Secrets.OMIT, Secrets.ENV])
@pytest.mark.parametrize("whole_file", [False, True])
def test_what_a_comment_cut_off_a_secret_goes_with_it(secrets: Secrets, whole_file: bool) -> None:
    data = b"DataMiner:\n  SMTP:\n    User: ops #1\n    Password: frost #tulips\n    Helo: a.b # 2\n"

    result = converted("a.yaml", data, OutputFormat.YAML, secrets=secrets, whole_file=whole_file)
    document = (result.document or b"").decode()

    assert "tulips" not in document
    assert "User: ops  # 1" in document
    assert "Helo: a.b  # 2" in document
    assert "a comment is left out: a secret may stand in it" in [one.message for one in result.notes]
    kept = converted("a.yaml", data, OutputFormat.YAML, whole_file=whole_file).document or b""
    assert b"Password: frost  # tulips" in kept


@pytest.mark.parametrize("secrets", [Secrets.OMIT, Secrets.ENV])
@pytest.mark.parametrize("whole_file", [False, True])
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.yaml", "DataMiner:\n  SMTP:\n    Password: 'frost' #in May\n    Helo: a.b\n"),
        (
            "a.xml",
            "<DataMiner><SMTP><Password>frost</Password><!--in May--><Helo>a.b</Helo></SMTP></DataMiner>",
        ),
    ],
)
def test_a_comment_that_nothing_can_have_cut_off_stays(
    path: str, text: str, secrets: Secrets, whole_file: bool
) -> None:
    result = converted(path, text.encode(), OutputFormat.YAML, secrets=secrets, whole_file=whole_file)

    assert b"# in May" in (result.document or b"")
    assert "frost" not in (result.document or b"").decode()


def test_a_comment_behind_a_variable_stays() -> None:
    data = b"SMTP:\n  Password: ${env:MAIL_PASSWORD} #from the vault\n"

    result = converted("a.yaml", data, OutputFormat.YAML, secrets=Secrets.ENV)
    assert result.document == b"SMTP:\n  Password: '${env:MAIL_PASSWORD}'  # from the vault\n"


@pytest.mark.parametrize("secrets", [Secrets.OMIT, Secrets.ENV])
def test_secrets_of_the_whole_file(secrets: Secrets) -> None:
    xml = b"""<DataMiner id="7"><SNMP readCommunity="hunter2" port="161"/><AzureAD clientSecret="hunter2"
        clientId="c"/><Own><MyPassword><Inner>hunter2</Inner></MyPassword></Own>
        <SMTP><Password>hunter2</Password></SMTP></DataMiner>"""

    result = converted("a.xml", xml, OutputFormat.JSON, secrets=secrets, whole_file=True)
    document = (result.document or b"").decode()

    assert "hunter2" not in document
    found = json.loads(document)["DataMiner"]
    assert found["SNMP"]["@port"] == "161"
    assert found["AzureAD"]["@clientId"] == "c"
    if secrets is Secrets.ENV:
        assert found["SNMP"]["@readCommunity"] == "${env:DMSMTP_SNMP_READCOMMUNITY}"
        assert found["SMTP"]["Password"] == "${env:DMSMTP_PASSWORD}"
        assert found["Own"]["MyPassword"]["Inner"] == "${env:DMSMTP_OWN_MYPASSWORD_INNER}"


def test_variables_are_resolved_where_a_value_is_needed() -> None:
    data = b'{"SMTP": {"User": "${env:X}", "Password": "a${env:X}$${env:Y}$"}}'
    environment = {"X": "<1>"}

    xml = converted("a.json", data, OutputFormat.XML, environment=environment).document
    assert b"<User>${env:X}</User>" in (xml or b"")
    assert b"<Password>a&lt;1&gt;${env:Y}$</Password>" in (xml or b"")
    message = converted("a.json", data, OutputFormat.SLNET_JSON, environment=environment).document
    assert json.loads(message or b"")["UpdateSmtpConfigMessage"]["Password"] == "a<1>${env:Y}$"
    assert _section("a.json", data)["Password"] == "a${env:X}$${env:Y}$"


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("${env:NOT_SET}", "the environment variable NOT_SET is not set"),
        ("${env:}", "Password has ${env: without a variable's name behind it"),
        ("${env:a b}", "Password has ${env: without a variable's name behind it"),
        ("a${env:X", "Password has ${env: without a variable's name behind it"),
        ("${env:BYTES}", "the environment variable BYTES is no text"),
        ("${env:EMPTY}", "the variable that Password names is empty"),
        ("${env:EMPTY}${env:EMPTY}", "the variable that Password names is empty"),
    ],
)
def test_a_variable_that_says_nothing_is_named(password: str, message: str) -> None:
    data = json.dumps({"SMTP": {"Password": password}}).encode()

    for output in (OutputFormat.XML, OutputFormat.SLNET_JSON):
        result = converted("a.json", data, output, environment={"X": "1", "BYTES": "a\udce9", "EMPTY": ""})

        assert result.document is None
        assert [one.message for one in result.problems] == [message]
        assert result.problems[0].span is not None


@pytest.mark.parametrize(
    "xml",
    [
        "<SMTP><Password>x</Password></SMTP>",
        "<SMTP><Host>me:hunter2@smtp.example.com</Host></SMTP>",
        "<SMTP><!-- the password is hunter2 --></SMTP>",
    ],
)
def test_what_holds_a_secret_is_known(xml: str) -> None:
    assert converted("a.xml", xml.encode(), OutputFormat.YAML).holds_secret
    assert not converted("a.xml", xml.encode(), OutputFormat.YAML, secrets=Secrets.OMIT).holds_secret


def test_names_of_variables_are_no_secrets() -> None:
    data = b'{"SMTP": {"Password": "${env:OWN}"}}'

    for secrets in Secrets:
        assert _section("a.json", data, secrets=secrets) == {"Password": "${env:OWN}"}
    assert not converted("a.json", data, OutputFormat.YAML).holds_secret
    without = converted("a.json", data, OutputFormat.XML, secrets=Secrets.OMIT).document
    assert without == b"<SMTP/>\n"  # where it would be taken for the password


@pytest.mark.parametrize(
    "password",
    ["${env:HOME}", "&#36;{env:HOME}", "$&#123;env:HOME}", "$&#x7B;env:HOME}", "$<![CDATA[{env:HOME}]]>"],
)
def test_xml_names_no_variables(password: str) -> None:
    xml = f"<SMTP><Password>{password}</Password></SMTP>".encode()

    assert _section("a.xml", xml)["Password"] == "$${env:HOME}"
    for environment in ({}, {"HOME": "frost"}):
        back = converted("a.xml", xml, OutputFormat.XML, environment=environment)
        assert back.document == b"<SMTP>\n  <Password>${env:HOME}</Password>\n</SMTP>\n"


def test_a_variable_that_the_file_names_already_stands_for_nothing_else() -> None:
    data = json.dumps(
        {"SMTP": {"Password": "geheim", "OAuthClientSecret": "a${env:DMSMTP_PASSWORD}"}}
    ).encode()

    assert _section("a.json", data, secrets=Secrets.ENV) == {
        "Password": "${env:DMSMTP_PASSWORD_2}",
        "OAuthClientSecret": "${env:DMSMTP_OAUTH_CLIENT_SECRET}",
    }


def test_two_secrets_of_one_name_have_a_variable_each() -> None:
    xml = b'<DataMiner id="7"><X><Token>a123</Token><Token>b123</Token></X></DataMiner>'

    document = converted("a.xml", xml, OutputFormat.JSON, secrets=Secrets.ENV, whole_file=True).document

    assert json.loads(document or b"")["DataMiner"]["X"]["Token"] == [
        "${env:DMSMTP_X_TOKEN}",
        "${env:DMSMTP_X_TOKEN_2}",
    ]


def test_a_name_that_is_a_secret_is_not_said() -> None:
    data = b'{"DataMiner": {"SMTP": {"Password": "hunter2"}, "hunter2": "\\u0001", "X": {"hunter2": [[]]}}}'

    result = converted("a.json", data, OutputFormat.XML, whole_file=True, force=True)

    said = [*(one.message for one in result.problems), *(one.message for one in result.notes)]
    assert len(said) == 2
    assert "hunter2" not in "".join(said)
