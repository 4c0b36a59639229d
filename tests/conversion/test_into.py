"""Settings written into files that are there; what edits are made of is tested with the documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator import definition
from migrator.checking import read_document
from migrator.conversion.into import ChangeKind, NotRewritten, Rewritten, write_settings
from migrator.document.limits import Limits
from migrator.document.source import Unreadable
from migrator.document.xml import XmlDocument
from migrator.section import read_configuration
from tests.test_fixtures import CORPUS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from migrator.section import Section
    from tests.test_fixtures import Fixture

SECRET = "hunter2-hunter2"
WANTED = {
    "Host": "smtp.example.com",
    "HostPort": "587-starttls",
    "LoginMethod": "AuthLoginMethod",
    "User": "dma@example.com",
    "Password": SECRET,
    "MaxSubjectLength": "78",
    "From": "dma@example.com",
}
NO_LOGIN = {"Host": "relay.example.com", "HostPort": "25", "LoginMethod": "NoLoginMethod"}


def rewritten(
    path: str, data: bytes | str, wanted: Mapping[str, str], keep: Collection[str] = ()
) -> Rewritten:
    """What becomes of a file that can take the settings; once they are there, nothing more happens."""
    data = data.encode() if isinstance(data, str) else data
    result = write_settings(path, data, wanted, keep=keep)
    assert isinstance(result, Rewritten), result
    again = write_settings(path, result.data, wanted, keep=keep)
    assert isinstance(again, Rewritten), again
    assert again.data == result.data
    assert not again.is_changed
    assert result.is_changed == (result.data != data)
    return result


def refused(path: str, data: bytes | str, wanted: Mapping[str, str] = WANTED) -> str:
    """Why a file cannot take the settings."""
    result = write_settings(path, data.encode() if isinstance(data, str) else data, wanted)
    assert isinstance(result, NotRewritten), result
    assert result.help
    assert SECRET not in repr(result)
    return result.message


def section_of(path: str, data: bytes) -> Section:
    document = read_document(path, data, Limits())
    assert not isinstance(document, Unreadable), document
    configuration = read_configuration(document)
    assert configuration is not None
    assert configuration.section is not None
    return configuration.section


XML = """\
<?xml version="1.0" encoding="utf-8"?>
<DataMiner id="7">
  <!-- one of many -->
  <SMTP>
    <!-- the relay -->
    <Host >old.example.com</Host>  <!-- until May -->
    <HostPort>587-starttls</HostPort>

    <User><![CDATA[dma@example.com]]></User>
    <!-- ask Jo -->
    <Password>hunter3-hunter3</Password>
    <Helo>dma7.example.com</Helo>
    <Extra x='1'/>
  </SMTP>
  <DMA/>
</DataMiner>
"""
AFTER = """\
<?xml version="1.0" encoding="utf-8"?>
<DataMiner id="7">
  <!-- one of many -->
  <SMTP>
    <!-- the relay -->
    <Host >smtp.example.com</Host>  <!-- until May -->
    <HostPort>587-starttls</HostPort>
    <LoginMethod>AuthLoginMethod</LoginMethod>

    <User><![CDATA[dma@example.com]]></User>
    <!-- ask Jo -->
    <Password>hunter2-hunter2</Password>
    <MaxSubjectLength>78</MaxSubjectLength>
    <From>dma@example.com</From>
    <Extra x='1'/>
  </SMTP>
  <DMA/>
</DataMiner>
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_settings_are_changed_one_by_one(line_end: str, encoding: str) -> None:
    before, after = (
        text.replace('encoding="utf-8"', f'encoding="{encoding.removesuffix("-sig")}"')
        .replace("\n", line_end)
        .encode(encoding)
        for text in (XML, AFTER)
    )

    result = rewritten("DataMiner.xml", before, WANTED)

    assert result.data == after
    assert [(one.name, one.kind.value) for one in result.changes] == [
        ("Host", "changed"),
        ("HostPort", "unchanged"),
        ("LoginMethod", "added"),
        ("User", "unchanged"),
        ("Password", "changed"),
        ("Helo", "removed"),
        ("MaxSubjectLength", "added"),
        ("From", "added"),
    ]
    assert result.unknown == ("Extra",)
    assert not result.has_new_section


def test_changes_show_no_secret_of_where_they_come_from() -> None:
    section = "<SMTP><Password>hunter3-hunter3</Password><hunter3-hunter3/><hunter4-hunter4/></SMTP>"
    wanted = {"Helo": "hunter4-hunter4.example.com", "From": "hunter3-hunter3@example.com"}
    result = write_settings("x.xml", section.encode(), wanted, secrets={"hunter4-hunter4"})

    assert isinstance(result, Rewritten)
    assert {one.after for one in result.changes} == {None, "••••.example.com", "••••@example.com"}
    assert result.unknown == ("••••", "••••")


def test_changes_show_no_secret() -> None:
    result = rewritten("x.xml", XML, {**WANTED, "From": f"{SECRET}@example.com"})
    shown = {one.name: (one.before, one.after) for one in result.changes}

    assert shown["Host"] == ("old.example.com", "smtp.example.com")
    assert shown["Password"] == ("••••", "••••")
    assert shown["From"] == (None, "••••@example.com")
    assert shown["Helo"] == ("dma7.example.com", None)


def test_changes_show_that_a_secret_is_empty() -> None:
    result = rewritten("x.xml", XML, {**WANTED, "Password": ""})

    assert ("Password", ChangeKind.REPLACED, "••••", "") in result.changes


def test_settings_that_are_kept_stay_there_or_not() -> None:
    result = rewritten("x.xml", XML, {**WANTED, "Helo": "other"}, {"Helo", "Password", "MaxSubjectLength"})
    section = section_of("x.xml", result.data)

    assert (section.text("Helo"), section.text("Password")) == ("dma7.example.com", "hunter3-hunter3")
    assert section.get("MaxSubjectLength") is None
    kinds = {one.name: one.kind for one in result.changes}
    assert kinds["Helo"] is kinds["Password"] is ChangeKind.UNCHANGED


_NEW_SECTIONS = [
    pytest.param("x.xml", "<SMTP/>", "<SMTP>\n  <Host>a</Host>\n  <User/>\n</SMTP>", False, id="bare"),
    pytest.param(
        "x.xml",
        "<DataMiner>\r\n\t<DMA/>\r\n</DataMiner>",
        "<DataMiner>\r\n\t<DMA/>\r\n\t<SMTP>\r\n\t\t<Host>a</Host>\r\n\t\t<User/>\r\n\t</SMTP>\r\n</DataMiner>",
        True,
        id="missing",
    ),
    pytest.param(
        "x.xml",
        "<DataMiner><DMA/></DataMiner>",
        "<DataMiner><DMA/><SMTP><Host>a</Host><User/></SMTP></DataMiner>",
        True,
        id="one line",
    ),
    pytest.param(
        "x.xml",
        "<DataMiner/>\n",
        "<DataMiner>\n  <SMTP>\n    <Host>a</Host>\n    <User/>\n  </SMTP>\n</DataMiner>\n",
        True,
        id="empty",
    ),
    pytest.param(
        "x.xml",
        '<d:DataMiner xmlns:d="http://www.skyline.be/config/dataminer"/>',
        '<d:DataMiner xmlns:d="http://www.skyline.be/config/dataminer">\n  <d:SMTP>\n    <d:Host>a</d:Host>\n'
        "    <d:User/>\n  </d:SMTP>\n</d:DataMiner>",
        True,
        id="prefix",
    ),
    pytest.param(
        "x.json", "{}\n", '{\n  "SMTP": {\n    "Host": "a",\n    "User": ""\n  }\n}\n', True, id="JSON"
    ),
    pytest.param(
        "x.json", '{"$schema":"s"}', '{"$schema":"s","SMTP":{"Host":"a","User":""}}', True, id="JSON, schema"
    ),
    pytest.param("x.json", '{"SMTP": null}', '{"SMTP": {"Host": "a", "User": ""}}', False, id="JSON, null"),
    pytest.param(
        "x.json",
        '{"DataMiner": {"DMA": {}}}',
        '{"DataMiner": {"DMA": {}, "SMTP": {"Host": "a", "User": ""}}}',
        True,
        id="JSON, DataMiner",
    ),
    pytest.param("x.yaml", "{}\n", "SMTP:\n  Host: a\n  User: ''\n", True, id="YAML"),
    pytest.param(
        "x.yaml", "# c\nSMTP: # d\n", "# c\nSMTP: # d\n  Host: a\n  User: ''\n", False, id="YAML, null"
    ),
    pytest.param("x.yaml", "SMTP: {}", "SMTP:\n  Host: a\n  User: ''", False, id="YAML, empty"),
    pytest.param(
        "x.yaml", "DataMiner: ~\n", "DataMiner:\n  SMTP:\n    Host: a\n    User: ''\n", True, id="YAML, root"
    ),
    pytest.param(
        "x.yaml",
        "DataMiner:\n    DMA: {}\n# end\n",
        "DataMiner:\n    DMA: {}\n    SMTP:\n        Host: a\n        User: ''\n# end\n",
        True,
        id="YAML, DataMiner",
    ),
]


@pytest.mark.parametrize(("path", "before", "after", "is_new"), _NEW_SECTIONS)
def test_a_section_is_filled_or_inserted(path: str, before: str, after: str, is_new: bool) -> None:
    result = rewritten(path, before, {"User": "", "Host": "a"})

    assert result.data.decode() == after
    assert result.has_new_section is is_new
    assert {one.kind for one in result.changes} == {ChangeKind.INSERTED}


_MAPPINGS = [
    pytest.param(
        "x.yaml",
        "SMTP:\r\n  # the relay\r\n  HostPort: 587 # for now\r\n"
        "  Password: '1'\r\n  x: 1\r\n  From: '' # d\r\n",
        NO_LOGIN,
        "SMTP:\r\n  Host: relay.example.com\r\n  # the relay\r\n  HostPort: '25' # for now\r\n"
        "  LoginMethod: NoLoginMethod\r\n  x: 1\r\n  # d\r\n",
        id="YAML",
    ),
    pytest.param(
        "x.yaml",
        "SMTP:\n  Host: relay.example.com\n  HostPort: 25\n  LoginMethod: NoLoginMethod\n",
        NO_LOGIN,
        None,
        id="YAML, port as a number",
    ),
    pytest.param(
        "x.json",
        '{"SMTP": {"HostPort": 25, "MaxSubjectLength": "78", "Host": true}}',
        {**NO_LOGIN, "Host": "true", "MaxSubjectLength": "78"},
        '{"SMTP": {"HostPort": 25, "LoginMethod": "NoLoginMethod", "MaxSubjectLength": 78, "Host": "true"}}',
        id="JSON, types",
    ),
    pytest.param(
        "x.json",
        '{\n  "SMTP": {\n    "Password": "x",\n    "Host": "a"\n  }\n}\n',
        {"Host": "a", "From": "b"},
        '{\n  "SMTP": {\n    "Host": "a",\n    "From": "b"\n  }\n}\n',
        id="JSON, order of the file",
    ),
    pytest.param("x.json", '{"SMTP": {"Host": "a"}}', {}, '{"SMTP": {}}', id="JSON, nothing wanted"),
    pytest.param("x.yaml", "SMTP:\n  Host: a\n", {}, "SMTP: {}\n", id="YAML, nothing wanted"),
    pytest.param("x.xml", "<SMTP><Host>a</Host></SMTP>", {}, "<SMTP></SMTP>", id="XML, nothing wanted"),
    pytest.param(
        "x.yaml",
        "SMTP:\n  Host: |-\n    a\n  User: # c\n",
        {"Host": "b", "User": "c"},
        "SMTP:\n  Host: |-\n    b\n  User: c # c\n",
        id="YAML, block scalar and nothing",
    ),
]


@pytest.mark.parametrize(("path", "before", "wanted", "after"), _MAPPINGS)
def test_other_formats(path: str, before: str, wanted: dict[str, str], after: str | None) -> None:
    assert rewritten(path, before, wanted).data.decode() == (before if after is None else after)


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("x.xml", "<SMTP>", "the file ends inside <SMTP>, opened in line 1"),
        ("x.xml", "<Other/>", "the root is another element, neither DataMiner nor SMTP"),
        ("x.xml", "<DMS/>", "this is DMS.xml, the list of the cluster's agents"),
        ("x.xml", "<DataMiner><SMTP/><SMTP/></DataMiner>", "there are 2 SMTP sections"),
        (
            "x.xml",
            "<DataMiner><DMA><SMTP/></DMA></DataMiner>",
            "an SMTP section stands in DMA, and not directly under DataMiner",
        ),
        (
            "x.xml",
            "<DataMiner><SMTP/><secret><SMTP/></secret></DataMiner>",
            "an SMTP section stands in another element, and not directly under DataMiner",
        ),
        ("x.xml", "<SMTP><Host>a</Host><Host>b</Host></SMTP>", "Host is there twice"),
        (
            "x.xml",
            "<SMTP>text</SMTP>",
            (
                "Host, HostPort, LoginMethod, User, Password, MaxSubjectLength, "
                "From cannot be inserted into the section as it stands"
            ),
        ),
        (
            "x.xml",
            "<SMTP><Host>a<!-- c -->b</Host></SMTP>",
            "Host cannot be changed in place: a comment, an element or an alias stands in its value",
        ),
        (
            "x.xml",
            "<SMTP><Helo>a<!-- c --></Helo></SMTP>",
            "Helo cannot be removed: a comment would go with it, or an alias stands for its value",
        ),
        ("x.json", "", "the file is empty"),
        ("x.json", "[]", "the file holds neither SMTP nor DataMiner"),
        ("x.json", '{"name": "x"}', "the file holds neither SMTP nor DataMiner"),
        ("x.json", '{"SMTP": ""}', "SMTP holds no mapping"),
        ("x.json", '{"DataMiner": {"SMTP": []}}', "SMTP holds no mapping"),
        ("x.json", '{"SMTP": {}, "SMTP": {}}', "there are 2 SMTP sections"),
        ("x.json", '{"SMTP": {"Host": "a", "Host": "b"}}', "Host is there twice"),
        ("x.yaml", "SMTP: {}\nDataMiner: {}\n", "SMTP and DataMiner stand side by side"),
        (
            "x.yaml",
            "x: &x smtp\nSMTP:\n  Host: *x\n",
            "Host cannot be changed in place: a comment, an element or an alias stands in its value",
        ),
        (
            "x.yaml",
            "SMTP: {Host: smtp.example.com, # d\n From: a}",
            (
                "HostPort, LoginMethod, User, Password, MaxSubjectLength cannot be inserted into the section "
                "as it stands"
            ),
        ),
        (
            "x.yaml",
            "DataMiner: # c\n  {DMA: 1 # d\n  }\n",
            "the section cannot be written into DataMiner as it stands",
        ),
    ],
)
def test_files_that_cannot_take_settings(path: str, text: str, says: str) -> None:
    assert refused(path, text) == says


@pytest.mark.parametrize("inside", ["<SMTP><Host>a</Host><Helo>b.example.com</Helo></SMTP>", ""])
def test_an_encoding_in_which_nothing_is_changed_is_told(inside: str) -> None:
    text = f'<?xml version="1.0" encoding="iso-2022-jp"?><DataMiner>{inside}<DMA>日</DMA></DataMiner>'
    data = text.encode("iso-2022-jp")

    assert refused("x.xml", data).startswith("the file is in an encoding with escape sequences (ISO 2022)")
    if inside:
        rewritten("x.xml", data, {"Host": "a", "Helo": "b.example.com"})


def test_a_character_that_xml_cannot_hold_is_named() -> None:
    for text in ("<SMTP/>", "<SMTP><User>x</User></SMTP>", "<DataMiner/>"):
        message = "User holds the character U+0007, which XML cannot hold"
        assert refused("x.xml", text, {"User": "a\ab"}) == message
    assert (
        rewritten("x.json", "{}", {"User": "a\ab"}).data == b'{\n  "SMTP": {\n    "User": "a\\u0007b"\n  }\n}'
    )


@pytest.mark.parametrize("path", ["x.xml", "x.json", "x.yaml"])
def test_bytes_that_are_no_text_are_told(path: str) -> None:
    text = "<SMTP/>" if path == "x.xml" else "{}"

    assert refused(path, text, {"User": "\udce9"}) == "User is no text"


def test_what_is_no_setting_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no setting"):
        write_settings("x.xml", b"<SMTP/>", {"host": "x"})


# Whatever stands in the file


_NAMES = list(definition.settings())
_VALUES = st.text(
    st.sampled_from("ab.@<&>'\"] #:-{,}1\u00e9\u65e5\U0001f600\t"), max_size=8
) | st.sampled_from(
    ["no", "~", "012", "1e3", "587", "25", "78", "smtp.example.com", "a\nb", "x\r\ny ", "]]>", ""]
)
SETTINGS = st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=8)


@pytest.mark.usefixtures("untraced")
def test_most_fixtures_take_settings() -> None:
    results = [write_settings(one.path.name, one.path.read_bytes(), WANTED) for one in CORPUS]

    assert sum(isinstance(one, Rewritten) and not one.has_new_section for one in results) > 390


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SETTINGS)
@pytest.mark.parametrize("fixture", [pytest.param(one, id=one.name) for one in CORPUS][::12])
def test_fixtures_take_any_settings(fixture: Fixture, wanted: dict[str, str]) -> None:
    path, data = fixture.path.name, fixture.path.read_bytes()

    result = write_settings(path, data, wanted)

    if isinstance(result, Rewritten):
        assert rewritten(path, data, wanted) == result
        assert {name: one.value for name, one in section_of(path, result.data).settings.items()} == wanted


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("fixture", [pytest.param(one, id=one.name) for one in CORPUS])
def test_fixtures_take_back_what_they_said(fixture: Fixture) -> None:
    """Other settings and then the first ones again: what stands around them is as it was."""
    path, data = fixture.path.name, fixture.path.read_bytes()
    there = write_settings(path, data, WANTED)
    if not isinstance(there, Rewritten) or there.has_new_section or "D005" in fixture.name:
        return
    first = {name: one.value for name, one in section_of(path, data).settings.items()}

    back = rewritten(path, there.data, first).data

    assert section_of(path, back).settings.keys() == first.keys()
    assert _around(path, back) == _around(path, data)


def _around(path: str, data: bytes) -> tuple[str, str, list[str]]:
    """What stands before and behind the section, in XML, and all comments."""
    section = section_of(path, data)
    document, text = section.document, section.document.source.text
    comments = [one.text for one in document.comments()]
    if not isinstance(document, XmlDocument):
        return "", "", comments
    place = document.place_of(section.node)
    return text[: place.start], text[place.end :], comments


_LAYOUTS = {  # what begins the section, what ends it, and a comment on a line
    "x.xml": ("<DataMiner>\n  <SMTP>\n", "  </SMTP>\n  <DMA/>\n</DataMiner>\n", "    <!-- {} -->\n"),
    "x.yaml": ("DataMiner:\n  SMTP:\n", "  DMA: {}\n", "    # {}\n"),
    "x.json": ('{\n  "SMTP": {\n', "  }\n}\n", ""),
}


def _line(path: str, name: str, value: str) -> str:
    """A setting as a line; a line end in its value is left out."""
    value = value.replace("\n", " ").replace("\r", " ")
    match path:
        case "x.xml":
            return f"    <{name}>{escape(value)}</{name}>\n"
        case "x.yaml":
            return f"    {name}: {json.dumps(value)}\n"
        case _:
            return f'    "{name}": {json.dumps(value)}'


@settings(max_examples=100)
@given(st.sampled_from(sorted(_LAYOUTS)), SETTINGS, SETTINGS, st.lists(st.booleans(), min_size=8, max_size=8))
def test_lines_of_settings_that_stay_and_comments_are_as_they_were(
    path: str, old: dict[str, str], new: dict[str, str], has_comment: list[bool]
) -> None:
    head, tail, comment = _LAYOUTS[path]
    if path != "x.xml":  # a number there, and no text
        old.pop("MaxSubjectLength", None)
    lines = [_line(path, name, value) for name, value in old.items()]
    commented = [
        (comment.format(at) if has else "") + line
        for at, (line, has) in enumerate(zip(lines, has_comment, strict=False))
    ]
    text = ",\n".join(commented) + "\n" if path == "x.json" else "".join(commented)
    if not text.strip() or (path == "x.yaml" and not new):  # the last setting would take the comments along
        return
    data = (head + text + tail).encode()

    result = rewritten(path, data, new).data.decode()

    section = section_of(path, result.encode())
    assert {name: one.value for name, one in section.settings.items()} == new
    stays = [
        line.rstrip("\n")
        for line, name in zip(lines, old, strict=True)
        if _is_same(path, old[name], new.get(name))
    ]
    comments = [comment.format(at) for at, has in enumerate(has_comment[: len(old)]) if has and comment]
    for line in (*stays, *comments):
        assert line in result
    at = 0
    for line in stays:
        at = result.index(line, at)


def _is_same(path: str, old: str, new: str | None) -> bool:
    return _line(path, "", old) == _line(path, "", new or "") and new is not None and "\n" not in old
