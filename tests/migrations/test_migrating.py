"""One file migrated: what steps of their own make of it, and what holds for any file."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.checking import CheckSettings, check, read_document
from migrator.diagnostic import Safety, Severity
from migrator.document.limits import Limits
from migrator.document.model import Rename
from migrator.document.source import Unreadable
from migrator.migrations import BY_NAME
from migrator.migrations.migrating import Result, migrate
from migrator.migrations.model import Goal, Step, StepKind, Wish
from migrator.migrations.result import Item, State
from migrator.migrations.variables import mark
from migrator.providers import Provider
from migrator.rules import BY_CODE
from migrator.rules.model import Circumstances, Finding, PlannedFix, at_name
from migrator.section import read_configuration
from migrator.values.host_port import parse_host_port
from tests.migrations.agents import PASSWORD, content
from tests.migrations.test_steps import version
from tests.rules.tables import AS_OF, section
from tests.test_fixing import ENCODINGS, written
from tests.test_formats import around, sections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.migrations.result import Migration
    from migrator.section import Configuration

LOGIN = {"LoginMethod": "AuthLoginMethod", "User": "dma@example.com", "Password": PASSWORD}
OAUTH = ("10.5.0 CU13", "10.5.0 CU14", "10.6.0 CU1", "10.6.4", "10.7.0", "11.0.3")
EVERYWHERE = ("4.2", "9.6.3", "10.0.0", "10.1.11", "10.5.0", *OAUTH)


def migrated(
    data: str | bytes, to: str = "10.6.4", path: str = "x.xml", *, wishes: tuple[Wish, ...] = (), **more: Any
) -> Result:
    goal = Goal(version(to), AS_OF, wishes=frozenset(wishes), **more)
    return migrate(path, data.encode() if isinstance(data, str) else data, goal, CheckSettings())


def items(one: Migration) -> list[Item]:
    return [*one.changes, *one.waiting, *one.manual]


def found(result: Result) -> list[tuple[str, bool]]:
    """The steps that have something to say, and whether they change it."""
    return [(item.step, bool(item.change)) for item in items(result.migration)]


def file(*parts: str) -> str:
    return "\n".join(['<DataMiner id="7">', *parts, "</DataMiner>"])


def twice(second: str) -> str:
    return section(Helo="a.example.com").replace("</SMTP>", f"{second}</SMTP>")


SECTION, PLACE, SETTING = "duplicate-section", "misplaced-section", "duplicate-setting"


@pytest.mark.parametrize(
    ("before", "step", "merged"),
    [
        (file(section(), section()), SECTION, [True]),
        (file(section(), section(), section()), SECTION, [True, True]),
        (file(section(), section(Host="relay.example.com")), SECTION, [False]),
        (file(section(), section(Helo="a.example.com")), SECTION, [False]),
        (file(section(), section(From=" dma@example.com ")), SECTION, [True]),
        (file(section(**LOGIN), section(**LOGIN)), SECTION, [True]),
        (file(section(**LOGIN), section(**{**LOGIN, "Password": f" {PASSWORD}"})), SECTION, [False]),
        (file(section(), section().replace("<SMTP>", "<SMTP><!-- old -->")), SECTION, [False]),
        (file(section(), section().replace("<SMTP>", '<SMTP a="b">')), SECTION, [False]),
        (file(section(), section().replace("<Host>", '<Host a="b">')), SECTION, [False]),
        (file(section(), section().replace("<SMTP>", "<SMTP>text")), SECTION, [False]),
        (file(section(), section().replace("<Host>", "<Host><?x?>")), SECTION, [False]),
        (file(section(), section(Host="<a>b</a>")), SECTION, [False]),
        (file(section(Host="<a>b</a>"), section(Host="<a>c</a>")), SECTION, [False]),
        (file(*[section().replace("<Host>", '<Host a="b">')] * 2), SECTION, [False]),
        (file(section(), section().replace("<Host>", '<Host xmlns="u">')), SECTION, [False]),
        (file(section(), "<DMA>", section(), "</DMA>"), PLACE, [True]),
        (file(section(), "<DMA>", section(From="b@example.com"), "</DMA>"), PLACE, [False]),
        (file("<DMA>", section(), "</DMA>"), PLACE, [False]),
        (file("<DMA>", section(), section(), "</DMA>"), PLACE, [False, False]),
        (twice("<Helo>a.example.com</Helo>"), SETTING, [True]),
        (twice("<Helo>b.example.com</Helo>"), SETTING, [False]),
        (twice("<Helo> a.example.com\n  </Helo>"), SETTING, [True]),
        (twice("<Helo>a.example. com</Helo>"), SETTING, [False]),
        (twice("<Helo>a.example.com\u00a0</Helo>"), SETTING, [True]),
        (twice("<Password>x</Password><Password>x </Password>"), SETTING, [False]),
        (
            twice("<OAuthClientSecret> x</OAuthClientSecret><OAuthClientSecret>x</OAuthClientSecret>"),
            SETTING,
            [False],
        ),
        (twice('<Helo a="">a.example.com</Helo>'), SETTING, [False]),
        (twice('<User a="">a</User><User a="">a</User>'), SETTING, [False]),
        (twice("<Helo>a.example.com</Helo>\n<Helo/>"), SETTING, [True, False]),
        (file(section(), "<SNMP/>", "<DMA><DMAName>SMTP</DMAName></DMA>"), SECTION, []),
    ],
)
def test_what_is_there_twice(before: str, step: str, merged: list[bool]) -> None:
    result = migrated(before)

    assert [is_changed for name, is_changed in found(result) if name == step] == merged
    assert (result.data != before.encode()) == any(merged)


def test_what_is_there_twice_goes_before_one_of_the_two_is_changed() -> None:
    user, port = "<User>bob</User>", "<HostPort>587-starttls</HostPort>"
    text = file(section(**{**LOGIN, "Host": "smtp.sendgrid.net", "User": "bob"}))
    twice = text.replace("</SMTP>", f"  {port}\n  {user}\n</SMTP>")

    data = migrated(twice, unsafe=True).data.decode()

    assert data == text.replace(user, "<User>apikey</User>")


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_key_that_is_there_twice(form: str) -> None:
    twice = [("Host", "smtp.example.com"), ("HostPort", "465"), ("Host", "smtp.example.com")]
    text = {
        "json": '{"SMTP": {' + ", ".join(f'"{name}": "{value}"' for name, value in twice) + "}}",
        "yaml": "SMTP:\n" + "".join(f"  {name}: '{value}'\n" for name, value in twice),
    }[form]

    result = migrated(text, path=f"x.{form}")

    assert ("duplicate-setting", True) in found(result)
    assert result.data.decode().count("smtp.example.com") == 1


def test_a_section_that_is_there_twice_in_json() -> None:
    one = '"SMTP": {"Host": "smtp.example.com", "HostPort": "465"}'

    result = migrated(f"{{{one}, {one}}}", path="x.json")

    assert (SECTION, True) in found(result)
    assert result.data.decode() == f"{{{one}}}"


def test_another_key_that_is_there_twice_is_no_setting() -> None:
    text = '{"DataMiner": {"DMA": {"id": 1, "id": 2}}}'

    result = migrated(text, path="x.json")

    assert SETTING not in {step for step, _ in found(result)}
    assert "duplicate-key" in {step for step, _ in found(result)}
    assert result.data == text.encode()


def test_two_sections_that_differ_are_shown_without_secrets() -> None:
    other = section(**{**LOGIN, "Password": "another-canary", "HostPort": "465"})
    (item,) = migrated(file(section(**LOGIN), other)).migration.manual

    assert 'HostPort "587-starttls"' in item.message
    assert 'HostPort "465"' in item.message
    assert item.message.count("Password ••••") == 2
    assert PASSWORD not in repr(item)
    assert "another-canary" not in repr(item)
    assert item.related == ("the one that is checked: line 2",)


@pytest.mark.parametrize(
    ("text", "related"),
    [
        (file(section(), section()), "the one that is checked: line 2"),
        (twice("<Helo>a.example.com</Helo>"), "the first one: line 6"),
        (twice("<Helo>b.example.com</Helo>"), "the first one: line 6"),
    ],
)
def test_what_is_there_twice_is_told_with_the_first(text: str, related: str) -> None:
    (item,) = items(migrated(text).migration)

    assert item.related == (related,)


def test_two_sections_that_differ_are_shown_where_one_holds_little() -> None:
    (empty,) = migrated(file(section(), "<SMTP/>")).migration.manual
    (without,) = migrated(file(section(Password=""), section(Password=PASSWORD))).migration.manual

    assert empty.message.endswith(" against (no settings)")
    assert 'Password "") against' in without.message
    assert without.message.endswith("Password ••••)")


@pytest.mark.parametrize(
    ("settings_", "port", "after"),
    [
        ({"Host": "smtp.sendgrid.net", "User": "apikey"}, "587", "587-starttls"),
        ({"Host": "smtp.sendgrid.net", "User": "apikey"}, "25", "25-starttls"),
        ({"Host": "smtp.sendgrid.net", "User": "apikey"}, "587-nossl", "587-starttls"),
        ({"Host": "smtp.mailgun.org", "User": "a@example.com"}, "2525", "2525-starttls"),
        ({"Host": "smtp.mailgun.org", "LoginMethod": "NoLoginMethod", "User": None}, "2525", "2525-starttls"),
        ({"Host": "smtp.sendgrid.net", "LoginMethod": "XOAUTH2"}, "587", "587-starttls"),
        ({"Host": "smtp.sendgrid.net", "User": "apikey"}, "465", None),
        ({"Host": "smtp.sendgrid.net", "User": "apikey"}, "587-starttls", None),
        ({"Host": "smtp.example.com"}, "587", None),
        ({"Host": "smtp.example.com"}, "25", None),
        ({"Host": "127.0.0.1"}, "25", None),
    ],
)  # fmt: skip
def test_a_known_provider_in_clear_text(
    settings_: dict[str, str | None], port: str, after: str | None
) -> None:
    before = section(**{**LOGIN, **settings_, "HostPort": port})

    result = migrated(before, unsafe=True)

    assert (("provider-in-clear-text", True) in found(result)) == (after is not None)
    if after is not None:
        assert f"<HostPort>{after}</HostPort>" in result.data.decode()
        assert "clear-text" not in {step for step, _ in found(result)}
        waiting = migrated(before)
        assert waiting.migration.state is State.PENDING
        assert "provider-in-clear-text" in {item.step for item in waiting.migration.waiting}
        assert "clear-text" not in {step for step, _ in found(waiting)}


@pytest.mark.parametrize(
    ("settings_", "code"),
    [({**LOGIN, "HostPort": "587"}, "A306"), ({"HostPort": "587"}, "H208"), ({"HostPort": "25"}, "H211")],
)
def test_a_step_of_its_own_names_what_lint_finds(settings_: dict[str, str], code: str) -> None:
    text = section(**{"Host": "smtp.sendgrid.net", "User": "apikey", **settings_})

    (item,) = (one for one in items(migrated(text).migration) if one.step == "provider-in-clear-text")

    assert (item.code, item.severity) == (code, BY_CODE[code].severity)
    assert code in {one.code for one in check("a.xml", text.encode(), CheckSettings()).diagnostics}


@pytest.mark.parametrize("port", ["25", "587", "587-ssl", "465-starttls", "465-nossl"])
def test_a_wrong_port_of_a_provider_is_told_once(port: str) -> None:
    """What is known second-hand of a provider's port is advice to lint, beside graver findings."""
    waiting = migrated(section(**{**LOGIN, "Host": "smtppro.zoho.com", "HostPort": port}))

    assert [item.step for item in waiting.migration.waiting] == ["provider-port"]


@pytest.mark.parametrize(
    ("taken", "written"),
    [
        (("587",), "587"),
        (("587-starttls", "587"), "587-starttls"),
        (("587", "587-starttls"), "587-starttls"),
    ],
)
def test_what_a_provider_takes_on_a_port_decides(
    monkeypatch: pytest.MonkeyPatch, taken: tuple[str, ...], written: str
) -> None:
    offered = tuple(filter(None, (parse_host_port(one).value for one in taken)))
    monkeypatch.setattr(Provider, "securities", lambda _self, _port: offered)

    result = migrated(section(**LOGIN, Host="smtp.sendgrid.net", HostPort="587"), unsafe=True)

    assert f"<HostPort>{written}</HostPort>" in result.data.decode()


@pytest.mark.parametrize("port", ["25", "2500", None])
@pytest.mark.parametrize("method", ["AuthLoginMethod", "NoLoginMethod", "XOAUTH2"])
def test_nobody_is_asked_for_the_port_of_a_provider_that_is_known(port: str | None, method: str) -> None:
    text = section(**{**LOGIN, "Host": "smtp.gmail.com", "HostPort": port, "LoginMethod": method})

    told = {step for step, _ in found(migrated(text))}

    assert "provider-port" in told
    assert "clear-text" not in told
    result = migrated(text, unsafe=True)
    if port is not None:
        assert not {"provider-port", "clear-text"} & {item.step for item in result.migration.manual}


@pytest.mark.parametrize(
    ("host", "login"),
    [
        ("smtp.sendgrid.net", {**LOGIN, "User": "apikey"}),
        ("smtp.mailgun.org", {}),
        ("example-com.mail.protection.outlook.com", {}),
    ],
)
def test_the_port_of_a_known_provider_that_is_not_written_is_for_people(
    host: str, login: dict[str, str]
) -> None:
    result = migrated(section(**login, Host=host, HostPort=None), unsafe=True)

    assert not result.migration.changes
    (item,) = result.migration.manual
    assert item.step == "provider-in-clear-text"
    assert item.help == 'write HostPort, as "25-starttls"'


@pytest.mark.parametrize(
    ("settings_", "is_told"),
    [
        ({**LOGIN, "HostPort": "25"}, True),
        ({**LOGIN, "HostPort": "465-nossl"}, True),
        ({"HostPort": "587"}, True),
        ({"HostPort": "25"}, True),
        ({"HostPort": "465-nossl"}, True),
        ({"HostPort": "587", "LoginMethod": "XOAUTH2"}, True),
        ({"HostPort": "25", "Host": "localhost"}, False),
        ({"HostPort": "25-starttls"}, False),
        ({**LOGIN, "HostPort": "25", "Host": "localhost"}, False),
        ({**LOGIN}, False),
    ],
)
def test_clear_text_elsewhere_is_for_people(settings_: dict[str, str], is_told: bool) -> None:
    result = migrated(section(**settings_), unsafe=True)

    told = [item for item in result.migration.manual if item.step == "clear-text"]
    assert bool(told) is is_told
    assert all("RFC 8314" in item.help for item in told)
    assert ("clear-text", True) not in found(result)


@pytest.mark.parametrize(
    ("settings_", "is_advice"), [({"HostPort": "25"}, True), ({**LOGIN, "HostPort": "25"}, False)]
)
def test_clear_text_without_a_login_is_advice(settings_: dict[str, str], is_advice: bool) -> None:
    (item,) = (one for one in migrated(section(**settings_)).migration.manual if one.step == "clear-text")

    assert item.help.startswith("advice: ") is is_advice


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<DataMiner id="7"/>', "nothing, where that is meant; else add an SMTP section"),
        (file("<!--", section(), "-->"), "nothing, where that is meant; else remove the comment marks"),
        (file(section()), None),
        ("<SMTP/>", None),
    ],
)
def test_an_agent_without_a_section_is_not_done(text: str, said: str | None) -> None:
    result = migrated(text)

    told = [item for item in result.migration.manual if item.step == "missing-section"]
    assert [item.help[: len(said or "")] for item in told] == ([] if said is None else [said])
    assert not told or result.migration.state is State.MANUAL


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<DataMiner id='7'/>", "<DataMiner xmlns=\"{}\" id='7'/>"),
        ("<DataMiner>\r\n<SMTP/></DataMiner>", '<DataMiner xmlns="{}">\r\n<SMTP/></DataMiner>'),
        ("<SMTP><Host>a</Host></SMTP>", '<SMTP xmlns="{}"><Host>a</Host></SMTP>'),
        ('<DataMiner xmlns="{}"><SMTP/></DataMiner>', None),
        ('<p:DataMiner xmlns:p="{}"><p:SMTP/></p:DataMiner>', None),
        ('<DataMiner><DMA xmlns="u"/></DataMiner>', None),
    ],
)
def test_the_default_namespace_of_the_root(before: str, after: str | None) -> None:
    namespace = "http://www.skyline.be/config/dataminer"
    data = before.replace("{}", namespace)

    added = migrated(data, wishes=(Wish.ADD_NAMESPACE,))

    assert added.data.decode() == (data if after is None else after.replace("{}", namespace))
    assert migrated(data).data.decode() == data
    if after is not None:
        removed = migrated(added.data, wishes=(Wish.REMOVE_NAMESPACE,))
        assert removed.data.decode() == data


@pytest.mark.parametrize("wish", [Wish.ADD_NAMESPACE, Wish.REMOVE_NAMESPACE])
@pytest.mark.parametrize("root", ['"@xmlns": "http://www.skyline.be/config/dataminer", ', ""])
def test_the_namespace_of_json_is_left_alone(wish: Wish, root: str) -> None:
    text = f'{{"DataMiner": {{{root}"SMTP": {{"Host": "smtp.example.com", "HostPort": "465"}}}}}}'

    result = migrated(text, path="x.json", wishes=(wish,))

    assert found(result) == []
    assert result.data == text.encode()


@pytest.mark.parametrize(
    "text",
    [
        '<p:DataMiner xmlns:p="http://www.skyline.be/config/dataminer"><p:SMTP/></p:DataMiner>',
        '<DataMiner xmlns="http://www.skyline.be/config/dataminer" xmlns:x="u"><SMTP/></DataMiner>',
    ],
)
def test_a_namespace_that_is_not_plain_is_left_to_people(text: str) -> None:
    result = migrated(text, wishes=(Wish.REMOVE_NAMESPACE,))

    assert result.data == text.encode()
    assert ("remove-namespace", Severity.INFO) in [
        (item.step, item.severity) for item in result.migration.manual
    ]


@pytest.mark.parametrize(
    ("secret", "is_changed"),
    [
        (PASSWORD, True),
        ("${env:", False),  # the name of the variable would show it
        ("0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77", False),
        ("${env:DMSMTP_PASSWORD}", False),
        ("${env:_Pw}", False),
        ("${env:dmsmtp_PW_2b}", False),
        ("${env:A}${env:B}", False),
        ("${env:dmsmtp_PW.2-b}", True),
        ("${env:D}", False),
        ("${env:2D}", True),
        ("${env:D E}", True),
        ("", False),
    ],
)
def test_secrets_become_variables_where_asked_for(secret: str, is_changed: bool) -> None:
    text = f'SMTP:\n  Host: a.example.com\n  HostPort: "465"\n  LoginMethod: Auto\n  Password: "{secret}"\n'

    result = migrated(text, path="x.yaml", wishes=(Wish.SECRETS_TO_VARIABLES,))

    assert (("secrets-to-variables", True) in found(result)) is is_changed
    assert (b"${env:DMSMTP_PASSWORD}" in result.data) == (is_changed or "DMSMTP" in secret)
    assert migrated(text, path="x.yaml").data == text.encode()


def test_a_secret_beside_one_that_is_a_variable_becomes_one_too() -> None:
    text = (
        "SMTP:\n  Host: a.example.com\n  LoginMethod: Auto\n"
        "  Password: ${env:PW}\n  OAuthClientSecret: canary+on\n"
    )

    result = migrated(text, path="x.yaml", wishes=(Wish.SECRETS_TO_VARIABLES,))

    assert b"${env:PW}" in result.data
    assert b"${env:DMSMTP_OAUTH_CLIENT_SECRET}" in result.data


def test_a_secret_without_a_login_becomes_a_variable_too() -> None:
    text = "SMTP:\n  Host: a.example.com\n  LoginMethod: NoLoginMethod\n  OAuthClientSecret: canary+on\n"

    result = migrated(text, path="x.yaml", wishes=(Wish.SECRETS_TO_VARIABLES,))

    assert b"${env:DMSMTP_OAUTH_CLIENT_SECRET}" in result.data
    assert "DMSMTP_OAUTH_CLIENT_SECRET" in result.migration.changes[0].change


@pytest.mark.parametrize(
    ("more", "where"),
    [
        (f"  # it was {PASSWORD}, once\n", "in a comment, line 2"),
        (f"  User: {PASSWORD}\n", "in another value, line 2"),
        (f"  Helo: x{PASSWORD}\n", "in another value, line 2"),
        (f"  OAuthClientSecret: {PASSWORD}\n", None),
        ("  # it is in the safe\n", None),
    ],
)
def test_a_secret_that_would_stay_elsewhere_is_left_to_people(more: str, where: str | None) -> None:
    """Nobody could tell any more that it is one, and it would be committed."""
    text = f"SMTP:\n{more}  Host: a.example.com\n  LoginMethod: Auto\n  Password: {PASSWORD}\n"

    result = migrated(text, path="x.yaml", wishes=(Wish.SECRETS_TO_VARIABLES,))

    assert (result.data == text.encode()) is (where is not None)
    told = [item.message for item in result.migration.manual if item.step == "secrets-to-variables"]
    assert told == ([f"Password stands in plain text, and once more {where}"] if where else [])
    assert PASSWORD not in repr(result.migration)


def test_of_a_secret_that_cannot_be_replaced_is_said_what_to_write() -> None:
    text = f"SMTP:\n  LoginMethod: Auto\n  Password: &it {PASSWORD}\n  OAuthClientSecret: *it\n"

    result = migrated(text, path="x.yaml", wishes=(Wish.SECRETS_TO_VARIABLES,))

    assert result.data == text.encode()
    told = [item.help for item in result.migration.manual if item.step == "secrets-to-variables"]
    assert told[0].startswith('write "${env:DMSMTP_PASSWORD}"; keep its value in a password safe')


def test_without_a_section_there_is_no_secret_to_take_out() -> None:
    result = migrated('<DataMiner id="7"/>', wishes=(Wish.SECRETS_TO_VARIABLES,))

    assert found(result) == [("missing-section", False)]


def test_a_variable_is_told_with_the_mark_of_its_secret() -> None:
    text = f"SMTP:\n  Host: a.example.com\n  HostPort: '465'\n  LoginMethod: Auto\n  Password: {PASSWORD}\n"

    result = migrated(text, path="x.yaml", wishes=(Wish.SECRETS_TO_VARIABLES,), key=b"key")

    assert result.migration.variables == (("DMSMTP_PASSWORD", mark(PASSWORD, b"key")),)
    assert migrated(text, path="x.yaml").migration.variables == ()
    kept = text.replace(PASSWORD, "0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77")
    assert migrated(kept, path="x.yaml", wishes=(Wish.SECRETS_TO_VARIABLES,)).migration.variables == ()
    again = migrated(result.data, path="x.yaml", wishes=(Wish.SECRETS_TO_VARIABLES,))
    assert again.migration.variables == ()


@pytest.mark.parametrize("to", ["10.5.0", "10.6.0", "10.6.3", "10.5.12", "9.6.3"])
def test_nothing_is_dropped_on_the_way_back(to: str) -> None:
    oauth = {
        "LoginMethod": "XOAUTH2",
        "User": "dma@example.com",
        "OAuthClientID": "7f1d1c0e-5a55-4b0f-8f43-2f1f3f7f4d10",
        "OAuthTokenEndpoint": "https://login.microsoftonline.com/example.com/oauth2/v2.0/token",
    }
    before = section(Host="smtp.office365.com", **oauth)

    result = migrated(before, to, unsafe=True)

    assert result.data == before.encode()
    assert ("login-method-unknown", False) in found(result)
    unknown = [item.place for item in result.migration.manual if item.step == "setting-unknown"]
    assert unknown == ["SMTP/OAuthClientID", "SMTP/OAuthTokenEndpoint"]
    only_settings = section(OAuthConfigData="x")
    assert ("setting-unknown", False) in found(migrated(only_settings, to, unsafe=True))


@pytest.mark.parametrize("endpoint", ["http://token.example.com", "https://oauth2.googleapis.com/token"])
def test_what_goes_with_a_login_on_the_way_back_is_not_asked_for(endpoint: str) -> None:
    """Of a login that the version does not know nothing can be set up in Cube."""
    oauth = {"LoginMethod": "XOAUTH2", "User": "CORP\\dma", "From": None}
    before = section(Host="smtp.office365.com", OAuthTokenEndpoint=endpoint, OAuthClientID="x", **oauth)
    less = section(Host="smtp.gmail.com", **{**oauth, "User": None})

    back, forward = (migrated(before, to, unsafe=True).migration.manual for to in ("10.6.3", "10.6.4"))

    assert {one.step for one in back} == {"login-method-unknown", "setting-unknown"}
    assert {one.code for one in forward} & {"O406", "O407", "O408", "O409", "O411"}
    steps = {item.step for item in migrated(less, "10.6.3", unsafe=True).migration.manual}
    assert steps == {"login-method-unknown"}


@pytest.mark.parametrize("to", ["4.2", "10.5.0 CU12"])
def test_every_setting_that_a_version_does_not_know_has_one_line(to: str) -> None:
    names = ("OAuthClientID", "OAuthClientSecret", "OAuthTokenEndpoint", "OAuthConfigData")
    oauth = section(LoginMethod="XOAUTH2", User="dma@example.com", **dict.fromkeys(names, "x"))
    ignored = oauth.replace("  <OAuthConfigData", "  <!-- dmsmtp: ignore[V802] -->\n  <OAuthConfigData")

    for before, told in ((oauth, names), (ignored, names[:3])):
        lines = [one.place for one in migrated(before, to).migration.manual if one.step == "setting-unknown"]
        assert lines == [f"SMTP/{name}" for name in told]


@pytest.mark.parametrize("method", ["NoLoginMethod", "XOAUTH2"])  # with XOAUTH2 lint finds V801 alone
def test_ignore_comments_are_counted_once(method: str) -> None:
    text = section(HostPort="587-STARTTLS", LoginMethod=method, User="dma@example.com", OAuthConfigData="x")
    for name, code in (("HostPort", "H207"), ("OAuthConfigData", "V802")):
        text = text.replace(f"  <{name}", f"  <!-- dmsmtp: ignore[{code}] -->\n  <{name}")

    migration = migrated(text, "10.5.0").migration

    assert migration.suppressed == 2
    assert "setting-unknown" not in {item.step for item in migration.manual}
    assert "D008" not in dict(migration.others)


@pytest.mark.parametrize(
    ("settings_", "told"),
    [
        ({"Host": None, "HostPort": None, "LoginMethod": None, "From": None}, ["missing-host"]),
        ({**LOGIN, "Password": None}, ["missing-password"]),
        ({"Host": "smtp..example.com", "HostPort": "99999"}, ["invalid-host", "port-out-of-range"]),
        (
            {"LoginMethod": "XOAUTH2", "User": "a@example.com"},
            ["missing-client-id", "missing-token-endpoint"],
        ),
        ({"Host": "my_relay.example.com"}, ["underscore-in-host"]),
        ({"From": None}, []),
    ],
)
def test_what_no_step_is_about_and_is_more_than_advice_is_for_people(
    settings_: dict[str, str | None], told: list[str]
) -> None:
    result = migrated(section(**settings_))

    assert sorted(item.step for item in result.migration.manual) == told
    assert result.migration.state is (State.MANUAL if told else State.DONE)


def test_the_way_back_is_no_time_to_update() -> None:
    manual = migrated(section(), "4.2").migration.manual

    (item,) = (one for one in manual if one.step == "affected-release")
    assert "update" not in item.help
    assert "choose another version to migrate to, without it (main release 10.0.0 CU20" in item.help


def test_an_ignore_comment_keeps_a_step_out() -> None:
    before = section(HostPort="587-STARTTLS").replace(
        "  <HostPort>", "  <!-- dmsmtp: ignore[H207] -->\n  <HostPort>"
    )

    result = migrated(before)

    assert result.data == before.encode()
    assert result.migration.suppressed == 1


def test_an_ignore_comment_keeps_one_of_two_changes_out() -> None:
    twice = section().replace(
        "</SMTP>", "{}<From>dma@example.com</From>\n  <Host>smtp.example.com</Host></SMTP>"
    )

    result = migrated(twice.format("  <!-- dmsmtp: ignore[S102] -->\n  "))

    assert [item.place for item in result.migration.changes] == ["SMTP/Host"]
    assert result.data.decode().count("<From>") == 2


def test_a_rule_that_the_configuration_leaves_out_is_no_step() -> None:
    before = section(HostPort="587-STARTTLS").encode()
    goal = Goal(version("10.6.4"), AS_OF)
    some = CheckSettings(codes=CheckSettings().codes - {"H207"})

    assert migrate("x.xml", before, goal, some).data == before


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<SMTP><Host>", "D001"),
        (b"", "D001"),
        (b"<!DOCTYPE a><SMTP/>", "D002"),
        (b'<?xml version="1.0" encoding="utf-8"?><SMTP>\xff</SMTP>', "D003"),
        (b"<Other/>", "D005"),
        (b"<SMTP/>" + b" " * Limits().size, "D006"),
        (b"SMTP:\n  ? [Host]\n  : a\n", "D010"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_file_that_cannot_be_read_is_told(data: bytes, code: str) -> None:
    result = migrated(data, path="x.yaml" if data.startswith(b"SMTP") else "x.xml")

    assert result.data == data
    assert result.migration.state is State.FAILED
    assert result.migration.unreadable is not None
    assert result.migration.unreadable.code == code
    assert result.migration.agent is None


def test_a_change_shows_its_lines() -> None:
    (item,) = migrated(section(HostPort="587-STARTTLS")).migration.changes

    assert (item.step, item.code, item.place) == ("port-suffix-case", "H207", "SMTP/HostPort")
    assert (item.line, item.column, item.change) == (3, 13, 'write "587-starttls"')
    assert item.before == ("<HostPort>587-STARTTLS</HostPort>",)
    assert item.after == ("<HostPort>587-starttls</HostPort>",)


def test_a_change_shows_lines_that_look_like_headings_of_a_diff() -> None:
    settings_ = "{Host: smtp.example.com, HostPort: 587-STARTTLS, LoginMethod: NoLoginMethod}"

    (item,) = migrated(f"--- {{SMTP: {settings_}}}\n", path="x.yaml").migration.changes

    assert item.before == (f"--- {{SMTP: {settings_}}}",)
    assert item.after == (item.before[0].replace("STARTTLS", "starttls"),)
    helo = "<Helo>a.example.com\n-- b</Helo>"
    (removed,) = migrated(section().replace("</SMTP>", f"{helo}\n{helo}\n</SMTP>")).migration.changes
    assert removed.before == ("<Helo>a.example.com", "-- b</Helo>")


def test_a_file_has_a_diff_where_something_changes() -> None:
    assert migrated(section()).migration.diff == ""
    assert "-  <HostPort>587-STARTTLS" in migrated(section(HostPort="587-STARTTLS")).migration.diff


def test_a_change_shows_all_of_its_lines() -> None:
    text = file(section(Helo="a.example.com", MaxSubjectLength="80", User="", Password=""))

    (item,) = migrated(text.replace("SMTP>", "smtp>"), unsafe=True).migration.changes

    assert item.step == "section-name"
    assert (item.before, item.after) == (("<smtp>", "</smtp>"), ("<SMTP>", "</SMTP>"))


def test_a_change_that_would_break_the_file_is_told_without_its_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def harm(configuration: Configuration) -> Iterator[Finding]:
        change = PlannedFix("rename it", Safety.SAFE, (Rename(configuration.root, "Other"),))
        yield Finding(at_name(configuration.root), "it is named", "name it otherwise", fix=change)

    step = Step("harmful", StepKind.SAFE, None, plan=harm, wish=Wish.ADD_NAMESPACE)
    monkeypatch.setattr("migrator.migrations.migrating.STEPS", (step,))
    monkeypatch.setitem(BY_NAME, "harmful", step)

    result = migrated(section(), wishes=(Wish.ADD_NAMESPACE,))

    assert result.data == section().encode()
    (told,), (waiting,) = result.migration.manual, result.migration.waiting
    assert told.message.endswith("(harmful) would break the file, and was not made")
    assert (waiting.change, waiting.before, waiting.after) == ("rename it", (), ())
    assert result.migration.others == ()


def test_a_rule_that_fails_keeps_no_step_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_configuration: object) -> list[Finding]:
        raise ValueError

    broken = BY_CODE["S103"]._replace(check_file=fail)
    monkeypatch.setattr("migrator.rules.asking.rules_to_ask", lambda *_, **__: (BY_CODE["H207"], broken))

    result = migrated(section(HostPort="587-STARTTLS"))

    assert [item.step for item in result.migration.changes] == ["port-suffix-case"]
    assert [item.code for item in result.migration.manual] == ["D007"]


# What holds for any file


def values(path: str, data: bytes) -> dict[str, str]:
    document = read_document(path, data, Limits())
    assert not isinstance(document, Unreadable)
    configuration = read_configuration(document)
    assert configuration is not None
    section_ = configuration.section
    return {} if section_ is None else {one.name: one.text() for one in section_.entries}


@settings(max_examples=80)
@given(
    sections,
    st.booleans(),
    st.sampled_from(("xml", "json", "yaml")),
    st.sampled_from(ENCODINGS),
    st.sampled_from(("\n", "\r\n")),
    st.booleans(),
    st.sampled_from(EVERYWHERE),
    st.sampled_from(OAUTH),
)
def test_what_holds_for_migrations(
    tree: Any, in_file: bool, form: str, encoding: str, line_end: str, unsafe: bool, first: str, last: str
) -> None:
    path = f"x.{form}"
    data = written(around(tree, is_in_file=in_file), form, encoding, line_end, "")
    if data is None or migrated(data, path=path).migration.unreadable is not None:
        return
    to = partial(migrated, path=path, unsafe=unsafe)

    result = to(data, last)

    # twice changes nothing, and by way of another version it comes to the same
    assert to(result.data, last).data == result.data
    assert to(to(data, first).data, last).data == result.data
    assert (result.data == data) == (not result.migration.changes)
    # no value goes without a line in the report
    told = {item.place for item in result.migration.changes}
    before, after = values(path, data), values(path, result.data)
    for name, value in before.items():
        if after.get(name) != value:
            assert any((place and place.endswith(name)) or place == "SMTP" for place in told), name
    # what a step claims to have solved, lint does not find
    left = check(path, result.data, CheckSettings(circumstances=Circumstances(AS_OF, version(last))))
    waiting = {item.code for item in items(to(result.data, last).migration)}
    solved = {item.code for item in result.migration.changes if item.step in BY_NAME} - waiting
    assert not solved & {one.code for one in left.diagnostics}


@pytest.mark.parametrize("number", range(1, 21))
def test_only_edits_change_bytes(number: int) -> None:
    name, data = content(number)
    result = migrated(data, path=name, unsafe=True)

    is_wide = data.startswith(b"\xff\xfe")
    before, after = (one.decode("utf-16" if is_wide else "latin-1") for one in (data, result.data))
    lines = set(re.split("(?<=\n)", before))
    changed = [line for line in re.split("(?<=\n)", after) if line not in lines]
    assert len(changed) <= len(result.migration.changes)
    assert PASSWORD not in repr(result.migration)
    assert data[:3] == result.data[:3]
