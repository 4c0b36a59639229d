"""Files that hold secrets: every place, in every format, and every kind of damage.

«name» is a secret, «~name» a text that is none by itself, but that no report shows. Each text of one template
has a name of its own, unless it is meant to stand in two places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrator.definition import nodes, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

XML, JSON, YAML = "DataMiner.xml", "agent.smtp.json", "agent.smtp.yaml"
SECRET_SETTINGS = tuple(name for name, one in settings().items() if one.is_secret)
# Misspelt, in another case, of another program: what is named nearly like a secret is one
NEARLY = ("Pasword", "SmtpPassword", "PASSWORD", "Pwd", "ApiKey", "access_token", "refresh-token")
NAMES = (*SECRET_SETTINGS, *NEARLY)


class Template(NamedTuple):
    """A file that holds secrets, and what it is called."""

    path: str
    text: str


AROUND = """<?xml version="1.0" encoding="utf-8"?>
<DataMiner id="7">
  <DMA><DMAName>Agent 7</DMAName></DMA>
  {}
</DataMiner>
"""
SECTION = """<SMTP>
    <Host>smtp.example.com</Host>
    <HostPort>587-STARTTLS</HostPort>
    <LoginMethod>AuthLoginMethod</LoginMethod>
    <User>dma@example.com</User>
    {}
    <From>dma@example.com</From>
  </SMTP>"""


def in_file(text: str) -> str:
    """A whole file with this in it."""
    return AROUND.format(text)


def in_section(text: str) -> str:
    """A whole file with this among the settings."""
    return in_file(SECTION.format(text))


_SECRET_TEXTS = {
    "text": "«s»",
    "with white space": " \t«s»\n ",
    "over lines": "\n«s»\n",
    "CDATA": "<![CDATA[«s»]]>",
    "in pieces": "«s:first»<!-- -->«s:second»<![CDATA[ ]]>",
    "references": "«s:escaped»",
    "decimal references": "«s:decimal»",
    "in a comment": "<!-- «s» -->",
    "beside a comment": "<!-- the old one: «s» -->other",
    "in an instruction": "<?note «s»?>",
    "as an instruction": "<?«s» ?>",
    "nested": "<b>«s»</b>",
    "nested deeper": "<b><c d='1'>«s»</c></b>",
    "nested in another setting": "<Host>«s»</Host>",
    "behind a nested element": "<b />«s»",
    "a tag in it": "ab<«s»/>cd",
    "a tag with content in it": "ab<«s»>cd</«s»>",
    "a tag with a prefix in it": "ab<p:«s» xmlns:p='urn:p'/>cd",
    "an attribute in it": "ab<b «s»='1'/>cd",
    "an attribute's value in it": "ab<b c='«s»'/>cd",
    "a namespace in it": "ab<b xmlns='«s»'/>cd",
}
_FEW_TEXTS = ("text", "CDATA", "nested", "a tag in it")
_THOROUGH = ("Password", "Pasword")  # in every way; the others in a few


def _secret_settings() -> Iterator[tuple[str, str]]:
    for name in NAMES:
        for how in _SECRET_TEXTS if name in _THOROUGH else _FEW_TEXTS:
            yield f"{name}: {how}", in_section(f"<{name}>{_SECRET_TEXTS[how]}</{name}>")
        yield f"{name}: attribute", in_section(f"<{name} value='«s»' />")
        yield f"{name}: in a namespace", in_section(f"<p:{name} xmlns:p='urn:p'>«s»</p:{name}>")
        yield f"{name}: twice", in_section(f"<{name}>«s»</{name}><{name}>«t»</{name}>")
        yield f"{name}: in another setting", in_section(f"<Helo><{name}>«s»</{name}></Helo>")
        yield f"{name}: attribute of SMTP", in_file(f"<SMTP {name}='«s»'><Host>a</Host></SMTP>")
        yield f"{name}: attribute of a setting", in_section(f"<Helo {name}='«s»'>a.example.com</Helo>")
        yield f"{name}: elsewhere", in_file(f"<Other><{name}>«s»</{name}></Other>")
        yield f"{name}: attribute elsewhere", in_file(f"<Other {name}='«s»' />")


def _strays() -> Iterator[tuple[str, str]]:
    for name, text in {
        "a comment": "<!-- «~s» -->",
        "a section in a comment": "<!-- <SMTP><Password>«~s»</Password></SMTP> -->",
        "an instruction": "<?note «~s»?>",
        "an instruction's name": "<?«~s» ?>",
        "an unknown element": "<Note>«~s»</Note>",
        "an unknown element's attribute": "<Note text='«~s»' />",
        "an unknown element in one": "<Note><b>«~s»</b></Note>",
        "text": "«~s»",
        "CDATA": "<![CDATA[«~s»]]>",
        "a second section": "<SMTP><Password>«s»</Password></SMTP>",
        "a misspelt section": "<Smtp><Host>a</Host><Password>«s»</Password></Smtp>",
    }.items():
        yield f"{name} in the section", in_section(text)
        yield f"{name} in the file", in_file(SECTION.format("") + text)
        yield f"{name} without a section", in_file(text)
        yield f"{name} in another file", f"<Other>{text}</Other>"
        yield f"{name} in a section alone", SECTION.format(text)
    for name in settings():
        yield f"a comment in {name}", in_section(f"<{name}>a<!-- «~s» --></{name}>")
        yield f"an instruction in {name}", in_section(f"<{name}>a<?b «~s»?></{name}>")
        yield f"an element in {name}", in_section(f"<{name}>a<b>«~s»</b></{name}>")
        yield f"an attribute of {name}", in_section(f"<{name} b='«~s»'>a</{name}>")
    yield "a comment before the root", f"<!-- «~s» -->{SECTION.format('')}"
    yield "a comment behind the root", f"{SECTION.format('')}<!-- «~s» -->"
    yield "a misplaced section", in_file(f"<DMA>{SECTION.format('<Password>«s»</Password>')}</DMA>")
    yield "an attribute of the section", in_file("<SMTP a='«~s»'><Host>a</Host></SMTP>")


def _logins() -> Iterator[tuple[str, str]]:
    for host in (
        "user:«s»@smtp.example.com",
        "«s»@smtp.example.com",
        "smtp://user:«s»@smtp.example.com:587",
        "smtps://«s»:x@smtp.example.com/",
        "user:«s»@",
        "user:x@«s»@smtp.example.com",
        " user:«s»@[::1]:25 ",
        "user:«s»@smtp example com",
        "//user:«s»@smtp.example.com",
        "user:«s:first»&amp;«s:second»@smtp.example.com",
        "smtp.example.com/?password=«s»",
        "smtp.example.com/?a=b&amp;access_token=«s»#c",
    ):
        yield f"Host: {host}", in_file(f"<SMTP><Host>{host}</Host></SMTP>")


def _addresses() -> Iterator[tuple[str, str]]:
    for name in ("OAuthTokenEndpoint", "OAuthConfigData", "Helo", "User", "Note"):
        for text in (
            "https://user:«s»@login.example.com/token",
            "https://login.example.com/token?client_secret=«s»",
            "https://login.example.com/token?a=b&amp;password=«s»&amp;c=d",
            "client_secret=«s»",
            '{"tenant": "a", "client_secret": "«s»"}',
        ):
            yield f"{name}: {text}", in_section(f"<{name}>{text}</{name}>")


def _documented_nodes() -> Iterator[tuple[str, str]]:
    for path, node in nodes().items():
        if node.get("secret", False):
            _, *elements, leaf = path.split("/")
            start, end = "".join(f"<{one}" for one in elements), "".join(f"</{one}>" for one in elements)
            yield path, in_file(f"{start} {leaf[1:]}='«s»'>{end}{SECTION.format('')}")


def _copies() -> Iterator[tuple[str, str]]:
    """The text of a secret in other places, where it is a secret as well."""
    password = "<Password>«s»</Password>"
    for shape in ("{}", " {} ", "x{}y", "{}@example.com", "25{}", "user:{}"):
        text = shape.format("«s»")
        for name in settings():
            if name != "Password":
                yield f"{name}: {shape}", in_file(f"<SMTP>{password}<{name}>{text}</{name}></SMTP>")
        yield f"Unknown: {shape}", in_section(f"{password}<Unknown>{text}</Unknown>")
        yield f"DMAName: {shape}", in_file(f"<DMA><DMAName>{text}</DMAName></DMA>{SECTION.format(password)}")
        yield f"id: {shape}", f"<DataMiner id='{text}'>{SECTION.format(password)}</DataMiner>"
    yield "an element's name", in_section(f"{password}<«s»>x</«s»>")
    yield "a part of an element's name", in_section(f"{password}<My«s» />")
    yield "an element's name elsewhere", in_file(f"{SECTION.format(password)}<«s» />")
    yield "an element's name around", in_file(f"<«s»>{SECTION.format(password)}</«s»>")
    yield "an attribute's name", in_section(f"{password}<Helo «s»='1'>a.example.com</Helo>")
    yield "a prefix", in_section(f"{password}<«s»:Helo xmlns:«s»='urn:p'>a</«s»:Helo>")
    yield "beside another secret", in_file("<LDAP password='«s»' />" + SECTION.format("«~t»"))
    yield (
        "a documented value equal to a secret elsewhere",
        in_file("<LDAP password='«s»' host='«s»' /><SNMP /><SMTP><Host>a</Host></SMTP>"),
    )


# {} is the name of the setting
_JSON_MEMBERS = {
    "text": '"{}": "«s»"',
    "escaped": '"{}": "«s:json»"',
    "with white space": '"{}": " «s»\\n"',
    "list": '"{}": ["«s»", ["«t»"]]',
    "nested": '"{}": {"b": "«s»"}',
    "as a key": '"{}": {"«s»": "x", "a": {"«t»": 1, "«t»": 2}}',
    "twice": '"{}": "«s»", "{}": "«t»"',
    "attribute": '"Helo": {"@{}": "«s»", "$": "a"}',
    "attribute of it": '"{}": {"@a": "«s»", "$": "«t»"}',
    "attribute of the section": '"@{}": "«s»"',
    "in another setting": '"Helo": {"{}": "«s»"}',
    "in a list": '"Helo": [{"{}": "«s»"}]',
    "in other places too, slashes in it": '"{}": "«s:first»/«s:second»/", "«s:first»/«s:second»/": 1',
    "in other places too": '"{}": "«s»", "Helo": "x«s»y", "«s»": 1, "«s:json»": 2',
}
_JSON_FILES = {
    "unknown setting": '{"SMTP": {"Note": "«~s»"}}',
    "unknown in a list": '{"SMTP": {"Note": [{"x": "«~s»"}]}}',
    "at the top": '{"SMTP": {}, "x": "«~s»", "@y": "«~t»", "$": "«~u»", "": "«~v»"}',
    "under nothing": '{"SMTP": {"Host": {"": "«~s»"}}}',
    "schema": '{"$schema": "«~s»", "SMTP": {}}',
    "text": '{"SMTP": {"$": "«~s»"}}',
    "text of the section": '{"DataMiner": {"SMTP": "«~s»"}}',
    "only text": '"«~s»"',
    "another file": '{"x": {"y": "«~s»"}}',
    "login in Host": '{"SMTP": {"Host": "user:«s»@smtp.example.com", "Helo": "«s»"}}',
    "comment": '{"SMTP": {}} // «~s»',
    "cut": '{"SMTP": {"Password": "«s»',
    "quote": '{"SMTP": {"Password": "«s:first»"«s:second»"}}',
    "backslash": '{"SMTP": {"Password": "«s:first»\\«s:second»"}}',
    "control character": '{"SMTP": {"Password": "«s:first»\t«s:second»"}}',
    "no quotes": '{"SMTP": {"Password": «s»}}',
    "half a character": '{"SMTP": {"Password": "«s»\\ud800"}}',
}
_YAML_MEMBERS = {
    "plain": "{}: «s»",
    "over lines": "{}: a\n     «s»",
    "single": "{}: '«s»'",
    "double": '{}: "«s»"',
    "escaped": '{}: "«s:json»"',
    "literal": "{}: |\n     «s»\n     b",
    "folded": "{}: >-\n     a\n     «s»",
    "block mapping": "{}:\n     «s»: «t»\n     «s»: b",
    "block list": "{}:\n   - «s»",
    "flow": "{}: [«s», {«t»: «u»}]",
    "comment": "{}: a # «~s»",
    "cut by a comment": "{}: ab #«~s»",
    "alias": "{}: &a «s»\n   User: *a",
    "name of an anchor": "{}: &«~s» x\n   User: *«~s»",
    "an anchor alone": "{}: &«~s»",
    "an alias alone": "{}: *«~s»",
    "a tag": "{}: !«~s»",
    "a tag and text": "{}: !x «s»",
    "a reserved character": "{}: @«s»",
    "a tab": "{}:\n   \t«s»",
    "a colon": "{}: a: «s»",
    "in other places too": "{}: «s»\n   User: x«s»y\n   «s»: a\n   From: '«s»'",
    "broken quotes": "{}: 'it's «s»'",
    "open quotes": "{}: '«s»",
}
_YAML_FILES = {
    "login in Host": "SMTP:\n  Host: 'user:«s»@smtp.example.com'\n  Helo: «s»\n",
    "top": "SMTP: {}\nx: «~s»\n",
    "only text": "'«~s»'\n",
    "a second document": "SMTP: {}\n---\n«~s»\n",
    "merge": "x: &x {Password: «s»}\nSMTP:\n  <<: *x\n",
    "directive": "%«~s» «~t»\n---\nSMTP: {}\n",
    "tag directive": "%TAG !«~s»! «~t»\n---\nSMTP: {}\n",
    "text of the section": "DataMiner:\n  SMTP: «~s»\n",
    "complex key": "SMTP:\n  ? [«~s»]\n  : a\n",
}


_FEW_MEMBERS = ("text", "list", "nested", "plain", "literal", "flow")
# Where the same text stands twice, or an alias for it: changed in one place it is another text
_TWICE = ("in other places too", "alias", "name of an anchor")


def _members(members: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in NAMES:
        for how, member in members.items():
            if name in _THOROUGH or how in _FEW_MEMBERS:
                yield name, how, member.replace("{}", name)


def _json_files() -> Iterator[tuple[str, str]]:
    for name, how, member in _members(_JSON_MEMBERS):
        section = f'{{"Host": "smtp.example.com", "HostPort": "587-STARTTLS", {member}}}'
        yield f"{name}: {how}", f'{{"DataMiner": {{"DMA": [{{"{name}": "«dma»"}}], "SMTP": {section}}}}}'
        lines = f'{{"SMTP": {section}}}'.replace(", ", ",\n").replace("{", "{\n")
        yield f"{name}: {how}, over lines", lines
    yield from _JSON_FILES.items()


def _yaml_files() -> Iterator[tuple[str, str]]:
    start = "# «~c»\nDataMiner: &«~anchor» # «~d»\n  Other: «~e»\n  SMTP:\n   Host: smtp.example.com\n   "
    for name, how, member in _members(_YAML_MEMBERS):
        yield f"{name}: {how}", f"{start}{member}\n   HostPort: 587-STARTTLS\n"
    yield from _YAML_FILES.items()


_ALL: dict[str, Template] = {
    f"{path}, {how}": Template(path, text)
    for path, found in (
        (XML, (*_secret_settings(), *_strays(), *_logins(), *_addresses(), *_documented_nodes())),
        (JSON, _json_files()),
        (YAML, _yaml_files()),
    )
    for how, text in found
}
COPIES: dict[str, Template] = {
    **{name: one for name, one in _ALL.items() if any(how in name for how in _TWICE)},
    **{f"{XML}, {how}": Template(XML, text) for how, text in _copies()},
}
"""The text of a secret in several places; where only one of them is changed it is no secret any more."""

PLACES: dict[str, Template] = {name: one for name, one in _ALL.items() if name not in COPIES}
"""One place each, and little around it; they may be cut or changed anywhere."""

EVERYTHING: dict[str, Template] = {
    "XML": Template(
        XML,
        """<?xml version="1.0" encoding="utf-8"?><!-- «~comment» -->
<DataMiner id="7" note="«~attribute»"><LDAP host="ldap.example.com" password="«ldap»" />
<SNMP readCommunity="«read»" writeCommunity='«write»' /><AzureAD clientSecret="«azure»" password="«ad»" />
<Crowd password="«crowd»" /><ExternalAuthentication password="«external»" sharedSecret="«shared»" />
<Other a="«~other»" Password="«other-password»">«~text»</Other>«~stray»
<SMTP password="«smtp»"><?note «~instruction»?>
<Host>user:«login»@smtp.example.com</Host><HostPort>587-STARTTLS</HostPort><LoginMethod>NTLM</LoginMethod>
<User>me</User><Password>«password»<b «name»="«value»">«inner»</b><«tag» /></Password>
<OAuthClientSecret>«client-secret»</OAuthClientSecret><Pasword>«misspelt»</Pasword><Note>«~note»</Note>
<refresh_token><![CDATA[«refresh»]]></refresh_token><AccessToken value="«access»">«token»</AccessToken>
<Helo a="«~of-helo»"> pc<!-- «~in-helo» --></Helo><MaxSubjectLength>x</MaxSubjectLength>
<From>me</From>«~in-section»</SMTP><SMTP><Password>«second»</Password></SMTP></DataMiner>""",
    ),
    "XML, nothing wrong": Template(
        XML,
        """<?xml version="1.0" encoding="utf-8"?>
<DataMiner>
  <SMTP>
    <Host>smtp.example.com</Host>
    <HostPort>465</HostPort>
    <LoginMethod>LoginPlainMethod</LoginMethod>
    <User>dma@example.com</User>
    <Password>«password»</Password>
    <From>dma@example.com</From>
  </SMTP>
</DataMiner>
""",
    ),
    "JSON": Template(
        JSON,
        """{"$schema": "«~schema»", "DataMiner": {
 "@id": "7", "@note": "«~note»", "LDAP": {"@password": "«ldap»"},
 "Other": ["«~text»", {"x": "«~value»"}],
 "SMTP": {
  "Host": "user:«login»@smtp.example.com",
  "HostPort": "587-STARTTLS", "LoginMethod": "Ntlm", "User": ["me"],
  "Password": {"«name»": "«inner»", "b": ["«listed»", {"c": "«deep»"}]},
  "OAuthClientSecret": "«client-secret»", "Pasword": ["«misspelt»"], "SmtpPassword": 12,
  "AccessToken": "«access»", "Note": {"x": "«~y»"}, "@password": "«attribute»", "$": "«~text-of»",
  "From": "me"
 }}}
""",
    ),
    "YAML": Template(
        YAML,
        """# «~comment»
DataMiner:
  '@note': «~note»
  LDAP: {'@password': "«ldap»"}
  Other: [«~text», {? x : «~value»}] # «~remark»
  SMTP:
    Host: "user:«login»@smtp.example.com"
    HostPort: 587-STARTTLS
    LoginMethod: Ntlm
    Password: &a «password» # «~beside»
    OAuthClientSecret: |
      «literal:first»
      «client-secret»
    Pasword: >-
      «misspelt»
    SmtpPassword: *a
    Pwd: { «name»: [«listed»] }
    Note:
      - «~item»
      - '«~quoted»'
    From: me
""",
    ),
}
"""Many at once; they may be cut or changed anywhere, too."""

EVERYTHING_TWICE: dict[str, Template] = {
    "XML, copies": Template(
        XML,
        """<?xml version="1.0" encoding="utf-8"?><DataMiner id="«password»">
<LDAP password="«ldap»" host="«ldap»" />
<SMTP><Host>«password»</Host><HostPort>«password»</HostPort><LoginMethod>«password»</LoginMethod>
<User>«password»@example.com</User><Password>«password»</Password><From>x«password»y</From>
<Helo> «ldap»</Helo><MaxSubjectLength>«ldap»</MaxSubjectLength><«password»>«~x»</«password»>
<OAuthTokenEndpoint>https://login.example.com/?token=«password»</OAuthTokenEndpoint></SMTP></DataMiner>""",
    ),
}
"""Secrets whose text stands in every other place, too."""

FOR_TOKENS: dict[str, Template] = {
    "XML, OAuth": Template(
        XML,
        """<SMTP>
  <Host>smtp.office365.com</Host>
  <HostPort>587-STARTTLS</HostPort>
  <LoginMethod>XOAUTH2</LoginMethod>
  <User>dma@example.com</User>
  <From>dma@example.com</From>
  <OAuthClientID>0d9f9c0a-0000-4000-8000-3c6f0a9e1b77</OAuthClientID>
  <OAuthClientSecret>«client-secret»</OAuthClientSecret>
  <OAuthTokenEndpoint>https://login.microsoftonline.com/example.com/oauth2/v2.0/token</OAuthTokenEndpoint>
  <Password>«password»</Password>
</SMTP>
""",
    ),
}
"""Settings that tokens can be retrieved with."""


def _behind_declaration(text: str) -> str:
    return text.partition("?>")[2] or text


_DAMAGES_TO_XML: dict[str, Callable[[str], str]] = {
    "a wrong declaration": lambda text: text.replace("utf-8", "utf-16"),
    "a declaration of another encoding": lambda text: text.replace("utf-8", "cp037"),
    "a DOCTYPE": lambda text: f'<!DOCTYPE DataMiner [<!ENTITY p "«~entity»">]>{_behind_declaration(text)}',
    "an end tag of another name": lambda text: text.replace("</", "</«~end»", 3),
    "an end tag missing": lambda text: text.replace("</Password>", "").replace("</Note>", ""),
    "an end tag too many": lambda text: text.replace("</SMTP>", "</SMTP></«~end»>"),
    "end tags swapped": lambda text: text.replace("</Password>", "</Host>").replace("</DMA>", "</DMAName>"),
    "an attribute twice": lambda text: text.replace("<SMTP", "<SMTP a='«~a»' a='«~a»'"),
    "an attribute without quotes": lambda text: text.replace("<SMTP", "<SMTP password=«~a»"),
    "an attribute with a <": lambda text: text.replace("<SMTP", "<SMTP a='<«~a»'"),
    "a prefix that nothing declares": lambda text: text.replace("<SMTP", "<«~a»:SMTP"),
    "two roots": lambda text: text + "<«~root» />",
    "text behind the root": lambda text: text + "«~behind»",
    "the section twice": lambda text: text.replace("</DataMiner>", f"{text[text.find('<SMTP') :]}"),
}
_DAMAGES_TO_MAPPINGS: dict[str, Callable[[str], str]] = {
    "commas missing": lambda text: text.replace('",', '"'),
    "quotes missing": lambda text: text.replace('"', ""),
    "other brackets": lambda text: text.replace("}", "]"),
    "another indentation": lambda text: text.replace("\n  ", "\n \t"),
}


def damages(path: str) -> dict[str, Callable[[str], str]]:
    """What can be wrong with a whole file of a format, by how that is called."""
    return {
        "as it is": lambda text: text,
        "on one line": lambda text: text.replace("\n", ""),
        "with CRLF": lambda text: text.replace("\n", "\r\n"),
        "another name for the password": lambda text: text.replace("Password", "Passwort"),
        "its name in lower case": lambda text: text.replace("Password", "password"),
        **(_DAMAGES_TO_XML if path == XML else _DAMAGES_TO_MAPPINGS),
    }


# What a secret may hold in its middle; written as it is here, so that it may end the secret, or the file
SPICES = (
    *("", "&", "&amp;", "&#38;", "&x;", "<", "&lt;", "<a>", "< ", "</a>", "]]>", "--", "?>"),
    *(
        "'",
        '"',
        "'\"",
        "\x01",
        "\0",
        "\\",
        "\\\\",
        '\\"',
        "\\u0041",
        "%41",
        "+",
        "/",
        " ",
        "\t",
        "\n",
        "\n   ",
    ),
    *(": ", ":", " #", "{", "}", "[", "]", ",", "*", "!", "é", "\u0130", "\u202e", "\U0001f511"),
    *("${env:HOME}", "$", "@"),
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1")
