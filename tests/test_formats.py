"""One section, three formats: the same mistakes give the same findings in XML, JSON and YAML."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lxml import etree

from migrator import definition
from migrator.checking import CheckSettings, check
from migrator.diagnostic import Diagnostic, Severity
from migrator.document.limits import Limits
from migrator.rules import OFFLINE_CODES, RULES
from migrator.rules.model import Circumstances
from migrator.values.version import parse_version
from tests.document.reading import applied
from tests.rules.tables import ORDINARY
from tests.test_fixtures import CORPUS

if TYPE_CHECKING:
    from tests.test_fixtures import Fixture

Tree = list[tuple[str, Any]]
"""Names with texts or trees, in file order; @name is an attribute, $ the text beside other things."""

AS_OF = date(2026, 11, 23)
LINT = CheckSettings(circumstances=Circumstances(AS_OF, parse_version("10.0.0 CU5").value))
VALIDATE = CheckSettings(codes=frozenset(rule.code for rule in RULES if rule.in_validate))
WHOLE_NUMBER = re.compile("0|[1-9][0-9]*")
WINDOWS = {
    "xml": "<SMTP><User>störung</User></SMTP>",
    "json": '{"SMTP": {"User": "störung"}}',
    "yaml": "SMTP: {User: störung}",
}
GUID = "b7594298-4945-5181-8976-81348c8ad7f7"
LOGIN = {"LoginMethod": "AuthLoginMethod", "User": "dma@example.com", "Password": GUID}
OAUTH = {
    "LoginMethod": "XOAUTH2",
    "User": "dma@example.com",
    "OAuthClientID": "dataminer",
    "OAuthTokenEndpoint": "https://login.example.org/oauth2/token",
}
MICROSOFT = {
    "Host": "smtp.office365.com",
    "OAuthTokenEndpoint": "https://login.microsoftonline.com/contoso.example.com/oauth2/v2.0/token",
    "OAuthClientID": GUID,
}


def section(**changes: Any) -> Tree:
    """An ordinary section with some settings given otherwise, or left out (None)."""
    return [(name, value) for name, value in {**ORDINARY, **changes}.items() if value is not None]


# What a section is like, and the codes that its mistakes have (others may be found besides).
SECTIONS: list[tuple[str, Tree, str]] = [
    ("nothing wrong", section(), ""),
    ("another case", section(host="a.example.com", Host=None), "S101"),
    ("another program's name", section(Port="587-starttls", HostPort=None), "S101"),
    ("misspelt", section(Hots="a.example.com", Host=None), "S101"),
    ("misspelt beside the right one", section(Hosts="a.example.com"), "S101"),
    ("unknown", section(Retries="3"), "S101"),
    ("misspelt secret", section(Pasword="hunter2hunter2"), "S101"),
    ("a section inside", [*section(), ("SMTP", section())], "S101"),
    ("twice", [*section(), ("Host", "relay.example.com")], "S102"),
    ("three times", [*section(), ("From", "a@example.com"), ("From", "a@example.com")], "S102"),
    ("a secret twice", [*section(**LOGIN), ("Password", "hunter2hunter2")], "S102"),
    ("attribute of the section", [("@secure", "1"), *section()], "S106"),
    ("attribute", section(Host=[("@a", "b"), ("$", "smtp.example.com")]), "S106"),
    ("attribute of a secret", section(**{**LOGIN, "Password": [("@a", "b"), ("$", GUID)]}), "S106"),
    ("attribute alone", section(Host=[("@value", "smtp.example.com")]), "S106 H201"),
    ("nested", section(Host=[("b", "smtp.example.com")]), "S107"),
    (
        "a setting nested",
        section(Host=[("HostPort", "25"), ("$", "smtp.example.com")], HostPort=None),
        "S107",
    ),
    ("nested in a secret", section(**{**LOGIN, "Password": [("b", "x")]}), "S107"),
    ("text between the settings", [*section(), ("$", "smtp.example.com")], "S107"),
    ("an empty setting", section(Helo=""), "S108"),
    ("a blank setting", section(Helo=" \t"), "S108"),
    ("empty credentials", section(User="", Password=""), ""),
    ("white space around Host", section(Host=" smtp.example.com"), "S109"),
    ("white space around HostPort", section(HostPort="587-starttls\n"), "S109"),
    ("white space around LoginMethod", section(LoginMethod="\tNoLoginMethod"), "S109"),
    ("white space around MaxSubjectLength", section(MaxSubjectLength=" 78 "), "S109"),
    ("an invisible character", section(From="\u200bdma@example.com"), "S109"),
    ("empty section", [], "H201"),
    ("no Host", section(Host=None), "H201"),
    ("empty Host", section(Host=""), "H201"),
    ("space in Host", section(Host="smtp example com"), "H202"),
    ("mail address as Host", section(Host="dma@example.com"), "H203"),
    ("international Host", section(Host="m\u00fcller.example.com"), "H202"),
    ("URL as Host", section(Host="smtp://smtp.example.com"), "H203"),
    ("port in Host", section(Host="smtp.example.com:587", HostPort=None), "H203"),
    ("login in Host", section(Host="me:hunter2hunter2@smtp.example.com"), "H203"),
    ("no HostPort at all", section(HostPort="smtp"), "H204"),
    ("HostPort with a space", section(HostPort="587 starttls"), "H204"),
    ("empty HostPort", section(HostPort=""), "H204"),
    ("port out of range", section(HostPort="70000"), "H205"),
    ("port 0", section(HostPort="0"), "H205"),
    ("redundant suffix", section(HostPort="465-ssl"), "H206"),
    ("suffix in capitals", section(HostPort="587-STARTTLS"), "H207"),
    ("587 alone", section(HostPort="587", **LOGIN), "A306"),
    ("587 alone without login", section(HostPort="587"), "H208"),
    ("587-ssl", section(HostPort="587-ssl"), "H209"),
    ("465-starttls", section(HostPort="465-starttls"), "H210"),
    ("25", section(HostPort="25"), "H211"),
    ("465-nossl", section(HostPort="465-nossl"), "H212"),
    ("address with TLS", section(Host="192.0.2.25"), "H213"),
    ("no HostPort", section(HostPort=None), "H214"),
    ("leading zero", section(HostPort="0587-starttls"), "H215"),
    ("leading zero alone", section(HostPort="012345"), "H215"),
    ("a port for reading mail", section(HostPort="993-ssl"), "H216"),
    ("underscore", section(Host="smtp_1.example.com"), "H217"),
    ("LoginMethod in lower case", section(LoginMethod="ntlm"), "A301"),
    ("Cube's LoginMethod", section(LoginMethod="No authentication"), "A301"),
    ("no as LoginMethod", section(LoginMethod="no"), "A301"),
    ("empty LoginMethod", section(LoginMethod=""), "A301"),
    ("no LoginMethod", section(LoginMethod=None), "A302"),
    ("no User", section(**{**LOGIN, "User": None}), "A303"),
    ("no Password", section(**{**LOGIN, "Password": None}), "A304"),
    ("empty Password", section(**{**LOGIN, "Password": ""}), "A304"),
    ("unused credentials", section(User="me", Password=GUID), "A305"),
    ("credentials in clear", section(HostPort="25", **LOGIN), "A306"),
    ("CRAM-MD5", section(**{**LOGIN, "LoginMethod": "CramMD5Method"}), "A307"),
    ("NTLM", section(**{**LOGIN, "LoginMethod": "NTLM"}), "A308"),
    ("Auto", section(LoginMethod="Auto"), "A309"),
    ("OAuth without client", section(**{**OAUTH, "OAuthClientID": None}), "O401 V801"),
    ("OAuth without endpoint", section(**{**OAUTH, "OAuthTokenEndpoint": None}), "O402"),
    ("OAuth without secret", section(**OAUTH), "O403"),
    ("OAuth in clear", section(HostPort="25", **OAUTH), "O404"),
    ("unused OAuth", section(OAuthConfigData="x"), "V802"),
    ("endpoint without TLS", section(**{**OAUTH, "OAuthTokenEndpoint": "http://login.example.org/"}), "O406"),
    ("two providers", section(**{**OAUTH, **MICROSOFT, "Host": "smtp.gmail.com"}), "O407"),
    ("OAuth with a name as User", section(**{**OAUTH, "User": "EXAMPLE\\dma"}), "O408"),
    ("Microsoft without From", section(**{**OAUTH, **MICROSOFT, "From": None}), "O409"),
    ("Microsoft with another From", section(**{**OAUTH, **MICROSOFT, "From": "b@example.net"}), "O410"),
    ("Microsoft with an odd client", section(**{**OAUTH, **MICROSOFT, "OAuthClientID": "x"}), "O411"),
    ("password at Microsoft", section(Host="smtp.office365.com", **LOGIN), "P501"),
    ("password at Google", section(Host="smtp.gmail.com", **LOGIN), "P502"),
    ("port that is not offered", section(Host="smtp.gmail.com", HostPort="2525-starttls"), "P503"),
    ("user at SendGrid", section(Host="smtp.sendgrid.net", **LOGIN), "P504"),
    ("no login at Google", section(Host="smtp.gmail.com"), "P505"),
    ("From is no address", section(From="DataMiner"), "M601"),
    ("From is a number", section(From="012345"), "M601"),
    ("From is no", section(From="no"), "M601"),
    ("no From", section(From=None), "M602"),
    ("localhost as Helo", section(Helo="localhost"), "M603"),
    ("single label as Helo", section(Helo="dma1"), "M603"),
    ("leading zero in MaxSubjectLength", section(MaxSubjectLength="078"), "M604"),
    ("sign in MaxSubjectLength", section(MaxSubjectLength="+78"), "M604"),
    ("negative MaxSubjectLength", section(MaxSubjectLength="-1"), "M604"),
    ("fraction in MaxSubjectLength", section(MaxSubjectLength="7.8"), "M604"),
    ("word as MaxSubjectLength", section(MaxSubjectLength="long"), "M604"),
    ("empty MaxSubjectLength", section(MaxSubjectLength=""), "M604"),
    ("short MaxSubjectLength", section(MaxSubjectLength="5"), "M605"),
    ("long MaxSubjectLength", section(MaxSubjectLength="998"), "M605"),
    ("display name", section(From="NOC <noc@example.com>"), "M606"),
    ("international From", section(From="m\u00fcller@example.com"), "M607"),
    ("plain-text secret", section(**{**LOGIN, "Password": "correct horse: battery #staple"}), "X701"),
    ("placeholder", section(**{**LOGIN, "Password": "changeme"}), "X702"),
    ("invisible character", section(**{**LOGIN, "User": "d\u200bma@example.com"}), "S114"),
    ("white space around a secret", section(**{**LOGIN, "Password": f" {GUID}"}), "X703"),
    ("an example left in place", section(From="address@example.com"), "X705"),
    ("NTLM and an old version", section(**OAUTH), "V801"),
    ("implicit TLS and an old version", section(HostPort="465"), "V803"),
]
# The same for whole files.
FILES: list[tuple[str, Tree, str]] = [
    ("no section", [("DataMiner", [("@id", "7"), ("DMA", [("DMAName", "a")])])], "S103"),
    ("two sections", [("DataMiner", [("SMTP", section()), ("SMTP", section(Host=None))])], "S104"),
    ("misplaced", [("DataMiner", [("DMA", [("SMTP", section())])])], "S105"),
    ("one misplaced", [("DataMiner", [("DMA", [("SMTP", section())]), ("SMTP", section())])], "S105"),
    ("misspelt section", [("DataMiner", [("Smtp", section())])], "S111"),
    ("misspelt beside another", [("DataMiner", [("SMPT", section()), ("SMTP", section())])], "S111"),
    ("empty section in a file", [("DataMiner", [("SMTP", [])])], "H201"),
    ("empty file", [("DataMiner", [])], "S103"),
]
ROWS = [
    *((f"{name}, bare", [("SMTP", tree)], codes) for name, tree, codes in SECTIONS),
    *(
        (
            f"{name}, in a file",
            [("DataMiner", [("@id", "7"), ("DMA", [("DMAName", "a")]), ("SMTP", tree)])],
            codes,
        )
        for name, tree, codes in SECTIONS
    ),
    *FILES,
]
# What the table cannot hold: D is about reading; namespaces are XML's, and so are unresolved placeholders;
# what a comment may cut short is YAML's.
NOT_HERE = {"S110", "S112", "S113", "X704", "X706", "O405"}
each_row = pytest.mark.parametrize(
    ("tree", "codes"), [pytest.param(tree, codes, id=name) for name, tree, codes in ROWS]
)


def as_xml(tree: Tree) -> str:
    def write(name: str, value: Any) -> str:
        if not isinstance(value, list):
            return escape(value) if name == "$" else f"<{name}>{escape(value)}</{name}>"
        own = "".join(f" {key[1:]}={quoteattr(one)}" for key, one in value if key[0] == "@")
        return f"<{name}{own}>{''.join(write(*one) for one in value if one[0][0] != '@')}</{name}>"

    return "".join(write(*one) for one in tree)


def as_json(tree: Tree) -> str:
    """Keys may be there twice, so that no dictionary is made of it."""

    def write(name: str, value: Any) -> str:
        if isinstance(value, list):
            return as_json(value)
        return value if name == "MaxSubjectLength" and WHOLE_NUMBER.fullmatch(value) else json.dumps(value)

    return "{" + ", ".join(f"{json.dumps(name)}: {write(name, value)}" for name, value in tree) + "}"


def as_yaml(tree: Tree, indent: str = "") -> str:
    """In block style, each text in the shortest way that keeps it."""
    lines = []
    for name, value in tree:
        key = name if name[0] != "@" else f"'{name}'"
        if isinstance(value, list):
            lines.append(
                f"{indent}{key}:\n{as_yaml(value, indent + '  ')}" if value else f"{indent}{key}: {{}}\n"
            )
        elif (
            re.fullmatch(r"[\w./@+-]*\w", value, re.ASCII)
            and value[0] not in "@-"
            and value.lower() != "null"
        ):
            lines.append(f"{indent}{key}: {value}\n")
        elif value.isprintable() and "'" not in value:
            lines.append(f"{indent}{key}: '{value}'\n")
        else:
            lines.append(f"{indent}{key}: {json.dumps(value)}\n")
    return "".join(lines)


WRITERS = {"xml": as_xml, "json": as_json, "yaml": as_yaml}
SAME = {
    "S102": "D004",
    "S104": "D004",
    "duplicate-setting": "duplicate-key",
    "duplicate-section": "duplicate-key",
}


def summary(one: Diagnostic) -> tuple[object, ...]:
    """What must be the same in all formats. D004 is for keys what S102 and S104 are for elements."""
    is_twice = one.code in SAME or one.code == "D004"
    message = one.place if is_twice else one.message
    return SAME.get(one.code, one.code), SAME.get(one.name, one.name), one.severity, message, one.place


def findings(tree: Tree, form: str, chosen: CheckSettings = LINT) -> list[tuple[object, ...]]:
    report = check(f"x.{form}", WRITERS[form](tree).encode(), chosen)
    assert "D007" not in [one.code for one in report.diagnostics], report
    return [summary(one) for one in report.diagnostics]


@each_row
def test_a_mistake_gives_the_same_findings_in_all_formats(tree: Tree, codes: str) -> None:
    expected = findings(tree, "xml")

    assert {SAME.get(code, code) for code in codes.split()} <= {one[0] for one in expected}
    assert findings(tree, "json") == expected, as_json(tree)
    assert findings(tree, "yaml") == expected, as_yaml(tree)


def test_the_table_holds_every_code_and_sound_sections() -> None:
    codes = {code for _, _, some in ROWS for code in some.split()}

    assert codes | NOT_HERE == {one for one in OFFLINE_CODES if not one.startswith("D")}
    assert not codes & NOT_HERE
    assert findings([("SMTP", section(HostPort="587-starttls"))], "json", CheckSettings()) == []


def _whole(element: etree._Element) -> Any:
    """An element as a tree; None where a mapping could not hold it as it is."""
    children: Tree = [("@" + str(name), str(value)) for name, value in element.attrib.items()]
    if len(element) and "".join([element.text or "", *(child.tail or "" for child in element)]).strip():
        return None
    if any(not isinstance(child.tag, str) for child in element) or "{" in "".join(map(str, element.attrib)):
        return None
    for child in element:
        inside = _whole(child)
        if inside is None or etree.QName(child).namespace != etree.QName(element).namespace:
            return None
        children.append((etree.QName(child).localname, inside))
    text = element.text or ""
    if not children:
        return text if text.strip() or etree.QName(element).localname not in ("SMTP", "DataMiner") else []
    return [*children, ("$", text)] if text.strip() else children


def _tree(fixture: Fixture) -> Tree | None:
    try:
        root = etree.fromstring(fixture.path.read_bytes(), etree.XMLParser(remove_comments=True))
    except etree.XMLSyntaxError:
        return None
    inside = _whole(root)
    return (
        None if inside is None or "\r" in as_xml([("a", inside)]) else [(etree.QName(root).localname, inside)]
    )


FIXTURES = [
    pytest.param(tree, fixture.settings, id=fixture.name)
    for fixture in CORPUS
    if fixture.path.suffix == ".xml"
    and not fixture.codes & {"D001", "D002", "D003", "D005", "D006", "D008", "D009", "S110", "X704"}
    and not fixture.is_whole_file
    and (tree := _tree(fixture)) is not None
]


def test_most_fixtures_can_be_written_otherwise() -> None:
    assert len(FIXTURES) > 250


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(("tree", "chosen"), FIXTURES)
@pytest.mark.parametrize("form", ["json", "yaml"])
def test_fixtures_give_the_same_in_all_formats(tree: Tree, chosen: CheckSettings, form: str) -> None:
    def shown(form: str) -> Counter[tuple[object, ...]]:
        """A key that is unknown and there twice is one finding more than an element is."""
        return Counter(one for one in findings(tree, form, chosen) if one[0] != "D004")

    assert shown(form) == shown("xml")


NAMES = (*definition.settings(), "host", "Port", "Pasword", "Hosts", "Retries")
VALUES = {
    "HostPort": (
        "25",
        "465-ssl",
        "587-starttls",
        "587-STARTTLS",
        "0587",
        "70000",
        "0",
        " 25",
        "\u0662\u0665",
    ),
    "LoginMethod": (*definition.login_methods(), "auto", "LOGIN", " NTLM", "no"),
    "MaxSubjectLength": ("78", "0", "078", "+78", "-1", "78 ", "7.8", "9" * 30),
}
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="$%{#\ufffe\uffff"),
    max_size=12,
) | st.sampled_from(
    ["no", "null", "~", "012345", "1e3", "true", "- a", "a: b", "a #b", "'", '"', "*a", "&a", "!a"]
)


@st.composite
def entries(draw: st.DrawFn) -> tuple[str, Any]:
    name = draw(st.sampled_from(NAMES))
    text = draw(st.sampled_from(VALUES[name]) | TEXT if name in VALUES else TEXT)
    match draw(st.sampled_from(["", "", "", "", "", "attribute", "nested"])):
        case "attribute":
            return name, [("@secure", "1"), ("$", text)]
        case "nested":
            return name, [("b", text)]
        case _:
            return name, text


sections = st.lists(entries(), max_size=8, unique_by=lambda entry: entry[0])
in_a_file = st.booleans()


def around(tree: Tree, *, is_in_file: bool) -> Tree:
    return [("DataMiner", [("@id", "7"), ("SMTP", tree)])] if is_in_file else [("SMTP", tree)]


@settings(max_examples=400, deadline=None)
@given(sections, in_a_file)
@example([("Host", "")], False)
@example([("Host", [("@secure", "1"), ("$", "")])], True)
def test_any_section_gives_the_same_in_all_formats(tree: Tree, is_in_file: bool) -> None:
    whole = around(tree, is_in_file=is_in_file)
    try:
        etree.fromstring(as_xml(whole).encode())
    except etree.XMLSyntaxError:  # a character that XML does not have
        return
    expected = findings(whole, "xml")

    assert findings(whole, "json") == expected
    assert findings(whole, "yaml") == expected


SCHEMA = Draft202012Validator(json.loads(definition.schema_path("smtp.schema.json").read_bytes()))
_SCALARS = st.none() | st.booleans() | st.integers(-1, 70_000) | st.sampled_from([587.0, 25.5, 1e3]) | TEXT
_SECTIONS = st.dictionaries(
    st.sampled_from((*NAMES, "@a", "$", "$schema")),
    _SCALARS
    | st.sampled_from([value for values in VALUES.values() for value in values])
    | st.lists(_SCALARS, max_size=2)
    | st.dictionaries(st.sampled_from(("$", "@a", "b", "Host")), _SCALARS, max_size=2),
    max_size=5,
)
_ANY_SECTION = _SECTIONS | _SCALARS | st.lists(_SECTIONS, max_size=2)
_ROOTS = st.dictionaries(
    st.sampled_from(("SMTP", "SMTP", "DataMiner", "$schema", "smtp", "Host", "@a", "$", "")),
    _ANY_SECTION | st.fixed_dictionaries({"SMTP": _ANY_SECTION}),
    max_size=3,
)


def is_valid_to_validate(value: Any) -> bool:
    """What `validate` says; a DataMiner without a section is advice, to the schema it is an error."""
    report = check("x.json", json.dumps(value).encode(), VALIDATE._replace(codes=VALIDATE.codes | {"S103"}))
    assert "D007" not in [one.code for one in report.diagnostics], report
    return not [one for one in report.diagnostics if one.severity is Severity.ERROR or one.code == "S103"]


@settings(max_examples=800, deadline=None)
@given(st.fixed_dictionaries({"SMTP": _SECTIONS}) | _ROOTS | _SCALARS | st.lists(_ROOTS, max_size=1))
@example({"SMTP": {"Host": {"$": "a"}}})
@example({"SMTP": {"Host": {}}})
@example({"SMTP": {"Host": []}})
@example({"SMTP": {"Host": None, "HostPort": 25}})
@example({"SMTP": {"HostPort": None}})
@example({"SMTP": {"MaxSubjectLength": "78"}})
@example({"SMTP": {"MaxSubjectLength": 78.0}})
@example({"SMTP": None})
@example({"SMTP": []})
@example({"SMTP": {}, "@a": "b"})
@example({"SMTP": {}, "$": "b"})
@example({"SMTP": {}, "$schema": None})
@example({"DataMiner": {"SMTP": None}})
@example({"DataMiner": {"SMTP": ""}})
@example({"DataMiner": {"SMTP": [{"Host": "a"}]}})
@example({"DataMiner": {"SMTP": {"Helo": True}, "Other": [1, {"a": None}]}, "$schema": "x"})
@example({"DataMiner": {"DMA": {"SMTP": {}}}})
@example({"DataMiner": None, "x": 1})
def test_the_json_schema_agrees_with_validate(value: Any) -> None:
    assert is_valid_to_validate(value) == SCHEMA.is_valid(value), json.dumps(value)


@each_row
def test_fixes_of_json_and_yaml_do_what_they_say(tree: Tree, codes: str) -> None:
    del codes
    for form in ("json", "yaml"):
        data = WRITERS[form](tree).encode()
        before = check(f"x.{form}", data, LINT).diagnostics
        for one in before:
            if one.fix is not None:
                after = check(f"x.{form}", applied(data, one.fix.edits), LINT).diagnostics
                assert not [other for other in after if (other.code, other.place) == (one.code, one.place)]
                assert not {other.code for other in after} & {"D001", "D004", "D010"}


@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"HostPort": "587-STARTTLS"}, "H207"),
        ({"HostPort": "0587-starttls"}, "H215"),
        ({"HostPort": " 587-starttls"}, "S109"),
        ({"HostPort": "587 starttls"}, "H204"),
        ({"HostPort": "465-ssl"}, "H206"),
        ({"LoginMethod": "ntlm"}, "A301"),
        ({"host": "a", "Host": None}, "S101"),
        ({"Port": "25", "HostPort": None}, "S101"),
        ({"MaxSubjectLength": "078"}, "M604"),
        ({"MaxSubjectLength": " 78"}, "S109"),
        ({"From": "NOC <noc@example.com>"}, "M606"),
    ],
)
def test_there_are_fixes(form: str, changes: dict[str, Any], code: str) -> None:
    data = WRITERS[form]([("SMTP", section(**changes))]).encode()
    (found,) = [one for one in check(f"x.{form}", data, CheckSettings()).diagnostics if one.code == code]

    assert found.fix is not None


@pytest.mark.parametrize("name", ["a.xml", "a.json", "a.smtp.yaml", "x"])
def test_only_xml_can_name_its_encoding(name: str) -> None:
    text = WINDOWS.get(name.rpartition(".")[2], WINDOWS["xml"])

    (one,) = check(name, text.encode("windows-1252"), LINT).diagnostics

    other = "" if name in ("a.json", "a.smtp.yaml") else ", or name its real encoding in the XML declaration"
    assert (one.code, one.help) == ("D003", f"save the file as UTF-8{other}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.xml", "<SMTP><Host><a/></Host></SMTP>"),
        ("a.json", '{"SMTP": {"Host": {"a": ""}}}'),
        ("a.yaml", "SMTP:\n  Host:\n    a: ''\n"),
    ],
)
@pytest.mark.parametrize(
    ("limits", "option"),
    [
        (Limits(size=8, yaml_size=8), "--max-size"),
        (Limits(depth=1), "--max-depth"),
        (Limits(nodes=1), "--max-nodes"),
    ],
)
def test_what_raises_a_limit_is_named(name: str, text: str, limits: Limits, option: str) -> None:
    (one,) = check(name, text.encode(), LINT._replace(limits=limits)).diagnostics

    assert one.code == "D006"
    raised = f"raise the limit with {option} if it is"
    assert one.help == f"check that this is a configuration of DataMiner; {raised}"
