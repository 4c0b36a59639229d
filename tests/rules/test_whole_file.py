"""S112 and S113: the rest of DataMiner.xml, with `--whole-file` alone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, tostring

import pytest
from lxml import etree

from migrator.checking import CheckSettings, check
from migrator.definition import NAMESPACE
from migrator.diagnostic import Diagnostic, Severity
from migrator.rules.whole_file import _without_comments
from tests.rules.tables import only, section

if TYPE_CHECKING:
    from migrator.document.model import Node
    from migrator.section import Configuration

WHOLE = CheckSettings(whole_file=True)
SMTP = section()


def around(inner: str, attributes: str = ' id="7"') -> str:
    """A DataMiner.xml with an ordinary SMTP section and something else."""
    return f"<DataMiner{attributes}>\n{inner}\n{SMTP}\n</DataMiner>"


def found(text: str) -> list[str]:
    return [one.code for one in check("x.xml", text.encode(), WHOLE).diagnostics]


def finding(marked: str, code: str) -> Diagnostic:
    return only(marked, code, WHOLE)


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ('<AlarmSocket port="«eighty»"/>', "not an integer"),
        ('<DaaS enabled="«yes»"/>', "not true or false"),
        ("<WarningThreshold>«1,5»</WarningThreshold>", "not a decimal number"),
        ("<WarningThreshold>«.»</WarningThreshold>", "not a decimal number"),
        ("<WarningThreshold>«1e3»</WarningThreshold>", "not a decimal number"),
        ("<WarningThreshold>«--1»</WarningThreshold>", "not a decimal number"),
        ("<QOS>«Voce»</QOS>", "none of the documented values"),
        ('<DMA><DMAName mode="«auto»">x</DMAName></DMA>', "none of the documented values"),
        ('<Colors><Color type="minor" value="«0,0,256»"/></Colors>', "documented form"),
        ('<ProcessOptions protocolProcesses="«some»"/>', "neither an integer nor protocol nor replicationIP"),
        ("<DMA/><«DMA»/>", "more than once"),
        ("<DMA><Location1/><«DMAName»/></DMA>", "stands behind Location1"),
        ("<«NetworkAdapters»/>", "has no MAC"),
        ("<Logging>«seven»</Logging>", "takes none"),
        ("<LDAP><User><Filter>x</Filter></User><QueryTimeout>«a»</QueryTimeout></LDAP>", "not an integer"),
        ('<LDAP host="a" port="«b»"/>', 'LDAP/@port: "b" is not an integer'),
        ('<AlarmSocket «port»=""/>', 'AlarmSocket/@port: "" is not an integer'),
        ("<SnmpTrapDistribution>«TRUE»</SnmpTrapDistribution>", '"TRUE" is not true or false'),
        ("<SnmpTrapDistribution>«true false»</SnmpTrapDistribution>", "not true or false"),
        ("<WarningThreshold>«1\u00a0»</WarningThreshold>", "not a decimal number"),
        ("<QOS>« Voice»</QOS>", 'QOS: " Voice" is none of the documented values'),
        ("<Logging><?x y?>«seven»<?x y?></Logging>", "takes none"),
        ("<DMA><Own/><DMAName/><«DMAName»/></DMA>", "more than once"),
        ('<DMA><x:DMAName xmlns:x="urn:example:x"/><DMAName/><«DMAName»/></DMA>', "more than once"),
        ('<Own/><x:QOS xmlns:x="urn:example:x">Voce</x:QOS><QOS>«Voce»</QOS>', "documented values"),
        # what the documented values do not tell, but the schema does
        ("<«QOS»>Voice<b/><c/></QOS>", "elements inside QOS, which holds text alone"),
        ("<DMA><«DMAName»>x<b/></DMAName></DMA>", "elements inside DMAName, which"),
        ("<«SnmpTrapDistribution»><b/>1</SnmpTrapDistribution>", "elements inside SnmpTrapDistribution"),
    ],
)
def test_a_documented_node_with_a_wrong_value_or_place(inner: str, words: str) -> None:
    one = finding(around(inner), "S112")
    assert words in one.message
    assert one.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("inner", "help_"),
    [
        (
            "<QOS>«Voce»</QOS>",
            "write Background, BestEffort, ExcellentEffort, AudioVideo, Voice or Control",
        ),
        ('<DMA><DMAName mode="«auto»">x</DMAName></DMA>', "write manual or automatic"),
        ('<ProcessOptions protocolProcesses="«some»"/>', "write an integer, or protocol, replicationIP"),
        ('<DaaS enabled="«yes»"/>', "write true or false"),
        (
            '<Colors><Color type="minor" value="«0,0,256»"/></Colors>',
            "three numbers from 0 to 255; the documented pattern refuses some of them",
        ),
    ],
)
def test_says_what_is_documented(inner: str, help_: str) -> None:
    assert finding(around(inner), "S112").help == help_


def test_each_of_several_is_said() -> None:
    text = around("<DMA><Location2/><DMAName/><DMAName/><DMAName/><Location1/></DMA>")
    diagnostics = check("x.xml", text.encode(), WHOLE).diagnostics
    assert [one.message for one in diagnostics] == [
        "DMAName stands behind Location2; documented is the other order",
        "DMAName is there more than once",
        "DMAName stands behind Location2; documented is the other order",
        "DMAName is there more than once",
        "DMAName stands behind Location2; documented is the other order",
        "Location1 stands behind Location2; documented is the other order",
    ]
    first = diagnostics[0].span
    related = [(other.message, other.span) for one in diagnostics for other in one.related]
    assert related == [("the first one", first)] * 2


def test_a_name_that_only_later_editions_of_xml_allow_is_no_obstacle() -> None:
    text = around("<QOS>Voice<b/></QOS><\U00010000 a\u0250='1'/>")
    assert found(text) == ["S112", "S113", "S113"]


def test_the_validator_counts_no_children_again_for_each_error() -> None:
    root = etree.fromstring("<a><!-- c -->1<b/>2<?p i?>3<!-- c --><b/><!-- c -->4</a>")
    copy = _without_comments(root)
    assert isinstance(copy, Element)  # one of lxml goes through its children to count them
    assert tostring(copy, "unicode") == "<a>1<b />23<b />4</a>"


def test_a_missing_id() -> None:
    one = finding(around("", attributes="").replace("<DataMiner", "<«DataMiner»"), "S112")
    assert 'no attribute "id"' in one.message


@pytest.mark.parametrize(
    "inner",
    [
        '<AlarmSocket port=" 80 "/>',
        '<AlarmSocket port="+80"/>',
        '<AlarmSocket port="-80"/>',
        '<DaaS enabled="1"/>',
        "<WarningThreshold>1.5</WarningThreshold>",
        "<WarningThreshold>15</WarningThreshold>",
        "<WarningThreshold>-15.</WarningThreshold>",
        "<WarningThreshold>+.5</WarningThreshold>",
        "<QOS>Voice</QOS>",
        '<Colors><Color type="minor" value="0,0,255"/><Color type="major" value="206,216,249"/></Colors>',
        '<ProcessOptions protocolProcesses="replicationIP" scriptingProcesses="5"/>',
        "<DMA><!-- c --><DMAName>x<!-- c -->y</DMAName><?p i?><Location1/></DMA>",
        "<NetworkAdapters><MAC>a</MAC><MAC>b</MAC></NetworkAdapters>",
        '<DMA xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="nonsense" />',
        "<MobileGateway><IP>192.0.2.1</IP></MobileGateway>",
        "<WarningThreshold>\t1.5\n</WarningThreshold>",
        "<WarningThreshold>&#13;1.5&#32;</WarningThreshold>",
        "<SnmpTrapDistribution>false</SnmpTrapDistribution>",
        "<Logging><?x y?><!-- z --></Logging>",
        '<LDAP xml:lang="en" xmlns:x="urn:example:x" x:port="a"/>',
    ],
)
def test_a_documented_node_that_is_right(inner: str) -> None:
    assert found(around(inner)) == []
    assert found(around(inner, attributes=f' xmlns="{NAMESPACE}" id="7"')) == []


@pytest.mark.parametrize(
    ("inner", "what", "help_"),
    [
        ("<«Loging»/>", "<Loging>", "was Logging meant?"),
        ('<LDAP «hots»="a"/>', 'the attribute "hots"', "was host meant?"),
        (
            '<LDAP «readCommunity»="a"/>',  # it belongs to SNMP
            'the attribute "readCommunity"',
            "check its name; it may well be right",
        ),
        ("<LDAP><«VirtualIPTo»/></LDAP>", "<VirtualIPTo>", "check its name; it may well be right"),
        ("<DMA><«Location4»>x</Location4></DMA>", "<Location4>", "check its name; it may well be right"),
        ("<DMA><«Smtp»/></DMA>", "<Smtp>", "check its name; it may well be right"),
        ("<«Whatever»><QOS/></Whatever>", "<Whatever>", "check its name; it may well be right"),
        (
            '<«x:Logging» xmlns:x="urn:example:x"/>',
            "<Logging>",
            "was Logging in the namespace of DataMiner meant?",
        ),
        (
            '<DMA><«DMAName» xmlns="urn:example:x">x</DMAName></DMA>',
            "<DMAName>",
            "was DMAName in the namespace of DataMiner meant?",
        ),
    ],
)
def test_a_node_that_the_documentation_does_not_name(inner: str, what: str, help_: str) -> None:
    one = finding(around(inner), "S113")
    assert one.severity is Severity.INFO
    assert (one.message, one.help) == (f"{what} is not named in the documentation", help_)


@pytest.mark.parametrize(
    "inner",
    ["<Loging/>", '<AlarmSocket port="eighty"/>', "<QOS>Voce</QOS>", "<DMA/><DMA/>", "<NetworkAdapters/>"],
)
def test_nothing_is_said_without_the_option(inner: str) -> None:
    assert [one.code for one in check("x.xml", around(inner).encode(), CheckSettings()).diagnostics] == []


def test_other_rules_keep_their_mistakes() -> None:
    assert found(around("<Smtp/>").replace(SMTP, "")) == ["S111"]
    assert found(around(SMTP)) == ["S104"]
    assert found(around("<DMA><SMTP/></DMA>")) == ["S105"]


def test_what_stands_behind_the_section_counts_as_well() -> None:
    text = around("<DMA/>").replace("</DataMiner>", "<Own/><QOS>Voce</QOS></DataMiner>")
    assert found(text) == ["S113", "S112"]


@pytest.mark.parametrize(
    "content",
    [
        "text<Host>smtp.example.com</Host>",
        "<Host>smtp.<b/>example.com</Host>",
        "<Host>smtp.example.com</Host><HostPort>x</HostPort><Own/>",
        '<Host a="b"/>',
    ],
)
def test_what_stands_in_the_section_is_for_other_rules(content: str) -> None:
    text = around("<DMA/>").replace(SMTP, f"<SMTP>{content}</SMTP>")
    assert not {"S112", "S113"} & set(found(text))


def test_a_section_alone_lacks_nothing() -> None:
    assert found(SMTP) == []


@pytest.mark.parametrize(
    ("marked", "code"),
    [
        ('{"DataMiner": {"@id": "7", "QOS": "«Voce»", "SMTP": {"Host": "smtp.example.com"}}}', "S112"),
        ('{"DataMiner": {"@id": "7", "«Own»": 7, "SMTP": {"Host": "smtp.example.com"}}}', "S113"),
    ],
)
def test_json_is_looked_at_as_well(marked: str, code: str) -> None:
    assert finding(marked, code).severity in (Severity.WARNING, Severity.INFO)


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (
            '"Colors": {"Color": [{"@type": "x"}, {"@type": "minor", "@value": "y"}, "z", {"b": ""}]}',
            [
                'Color/@type: "x" is none of the documented values',
                'Color/@value: "y" does not have the documented form',
                "text inside Color, which takes none",
                "<b> is not named in the documentation",
            ],
        ),
        ('"NetworkAdapters": {"MAC": ["a", "b"]}', []),
        ('"NetworkAdapters": {"MAC": []}', ["NetworkAdapters has no MAC"]),
        ('"NetworkAdapters": {"MAC": ["a", {"b": ""}]}', ["elements inside MAC", "<b> is not named"]),
        ('"QOS": ["Voice"]', []),
        ('"QOS": ["Voice", "Voce"]', ["QOS is there more than once", 'QOS: "Voce" is none of']),
        ('"Logging": [{"Error": "0"}, {"Error": "0"}, {}]', ["Logging is there more than once"]),
        ('"Own": ["", ""]', ["<Own> is not named"]),
        ('"DMA": {"Location1": "", "DMAName": ""}', []),
        ('"DMA": {"$children": [{"Location1": ""}, {"DMAName": ""}]}', ["DMAName stands behind Location1"]),
    ],
)
def test_lists_and_mappings_stand_for_elements(inner: str, expected: list[str]) -> None:
    text = f'{{"DataMiner": {{"@id": "7", {inner}, "SMTP": {{"Host": "smtp.example.com"}}}}}}'
    told = [one for one in check("x.json", text.encode(), WHOLE).diagnostics if one.code in ("S112", "S113")]
    assert len(told) == len(expected)
    for one, words in zip(told, expected, strict=True):
        assert words in one.message


@pytest.mark.parametrize(
    "section",
    [
        "<SMTP><Host>a</Host><Password> hunter2hunter2 </Password></SMTP>",
        "<SMTP><Host>dma:hunter2hunter2@a</Host></SMTP>",
        "<SMTP><Host>smtp.sendgrid.net</Host><User>hunter2hunter2</User></SMTP>",
    ],
)
def test_what_is_secret_in_another_way_is_not_shown(section: str) -> None:
    text = f'<DataMiner id="hunter2hunter2"><hunter2hunter2/>{section}</DataMiner>'
    report = check("x.xml", text.encode(), CheckSettings(whole_file=True, excerpts=True))
    assert {"S112", "S113"} <= {one.code for one in report.diagnostics}
    assert "hunter2" not in str(report)


def test_the_value_of_a_secret_is_not_shown() -> None:
    text = around('<SNMP port="hunter2hunter2" readCommunity="hunter2hunter2"/>')
    report = check("x.xml", text.encode(), CheckSettings(whole_file=True, excerpts=True))
    assert [one.code for one in report.diagnostics] == ["S112"]
    assert "hunter2" not in str(report)


@pytest.mark.parametrize(
    ("inner", "message"),
    [("<«QOS»>Voice</QOS>", "<QOS> is not as documented"), ("<«Own»/>", "an element is not as documented")],
)
def test_what_the_schema_alone_finds_wrong_is_told_once(
    inner: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(configuration: Configuration) -> list[Node]:
        return [configuration.root.children()[0]] * 2

    monkeypatch.setattr("migrator.rules.whole_file._refused", refused)

    one = finding(around(inner), "S112")
    assert (one.message, one.help) == (message, "compare it with `dmsmtp schema dataminer-1.1.xsd`")
