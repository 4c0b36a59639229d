"""X rules: secrets that stand readable in the file, and values that nobody filled in.

Nothing is said about the value of a secret: findings point at its name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.diagnostic import Severity
from migrator.document.xml import XmlDocument
from migrator.rules.model import Finding, at_name, at_value
from migrator.values.login_method import LoginMethod
from migrator.values.secret import MASK, is_reference, may_belong_to_value
from migrator.values.variable import NAMES_NOTHING, holds_variable, names_nothing, names_variables_alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.section import Section, Setting

_PASSWORD, _CLIENT_SECRET = "Password", "OAuthClientSecret"
# What people write until they know better, in lower case and without what stands between words.
_STAND_INS = frozenset(
    {
        *("changeme", "changeit", "changethis", "changed", "replaceme", "replacethis", "fillmein", "fillin"),
        *("password", "passwd", "passwort", "wachtwoord", "kennwort", "secret", "clientsecret", "pwd"),
        *("yourpassword", "yoursecret", "yourclientsecret", "yourpasswordhere", "yoursecrethere"),
        *("passwordhere", "enterpassword", "enterpasswordhere", "enteryourpassword", "insertpassword"),
        *("smtppassword", "mailpassword", "emailpassword", "thepassword", "mypassword", "apppassword"),
        *("todo", "tbd", "tba", "fixme", "na", "placeholder", "dummy", "example"),
        *("redacted", "removed", "hidden", "masked", "omitted", "censored", "scrubbed", "encrypted"),
    }
)
_OF_ONE_SIGN = r"([*•●·.?#_xX-])\1{2,}"
_EMPTY_QUOTES = frozenset({'""', "''", "``", "\u201c\u201d", "\u2018\u2019"})
_AROUND = {"<": ">", "[": "]", "{": "}", "(": ")", '"': '"', "'": "'"}
_BETWEEN_WORDS = r"[\s_./-]"

_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
_NOT_ENCODED = r"(?!%[0-9A-Fa-f]{2}[^%]*%[0-9A-Fa-f]{2})"  # an address has %C3%BC for a letter
_UNRESOLVED = (
    rf"\$\{{(?:env:)?{_NAME}(?::-[^{{}}]*)?\}}"  # ${env:NAME}, ${NAME}, ${NAME:-default}
    rf"|{_NOT_ENCODED}%{_NAME}%"
    rf"|\$\({_NAME}\)"
    rf"|\{{\{{\s*{_NAME}\s*\}}\}}"
    rf"|#\{{{_NAME}\}}#"
)
_FREE_TEXT = "OAuthConfigData"

_TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
_EXAMPLES = {
    "Host": {"mail.skyline.be": Severity.WARNING},
    "User": {"mymailname@mail.com": Severity.ERROR, "address@example.com": Severity.ERROR},
    "From": {"mymailname@mail.com": Severity.ERROR, "address@example.com": Severity.ERROR},
    "Helo": {"pc.company.local": Severity.WARNING},
    "OAuthClientID": {_TENANT: Severity.ERROR},
}
_EXAMPLE_FORMS = {
    "Password": r"\AMyMailPassword\Z",
    "OAuthClientSecret": r"(?i)\AGOCSPX-x+\Z",
    "OAuthTokenEndpoint": rf"(?i)/{_TENANT}(?:/|$)",
    "OAuthClientID": r"(?i)\A8{12}-x+\.apps\.googleusercontent\.com\Z",
}
PARTS_OF_EXAMPLES = frozenset(
    {
        *(text for texts in _EXAMPLES.values() for text in texts),
        *("mymailpassword", "gocspx-x", _TENANT, "8" * 12),
    }
)
"""Of each example of the documentation, a part in lower case."""


def plaintext_secret(section: Section) -> Iterator[Finding]:
    """A secret stands readable in the file.

    ## Why
    Who can read the file, a backup of it or a repository that it is kept in, has the login. A GUID is left
    alone: it is probably a reference to a secret that the agent keeps encrypted elsewhere. For other
    passwords in DataMiner.xml the documentation says that DataMiner puts such a reference in place of the
    plain text when it restarts; for these it does not say so. Nor is `${env:NAME}` in JSON and YAML a secret:
    it names the variable that holds one. A secret that the login method is known not to use is not looked at;
    where LoginMethod is missing, or none that is known, it may be used.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>frost+on+tulips</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: no fix touches a secret. Keep this file out of version control and shared folders, and its copies
    too; or enter the secret in Cube, which writes to every agent without a file of yours. For a repository,
    `dmsmtp convert --secrets env` writes the section as YAML or JSON, with a variable's name in its place.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    - CWE-256, CWE-312
    """
    for setting in _secrets_in_use(section):
        if not is_reference(setting.text) and not is_variable(setting, section):
            yield Finding(
                at_name(setting.node),
                f"{setting.name} stands in plain text",
                "keep this file out of version control and shared folders, and its copies too; "
                "entered in Cube, a secret goes to every agent without passing through a file of yours",
            )


def is_variable(secret: Setting, section: Section) -> bool:
    """Whether the names of environment variables stand for a secret, as they may in JSON and YAML."""
    if isinstance(section.document, XmlDocument):
        return False
    from migrator.values.variable import names_variables_alone

    return names_variables_alone(secret.text)


def placeholder_secret(section: Section) -> Iterator[Finding]:
    """A secret is a word that stands for one, such as changeme.

    ## Why
    The login fails: `changeme`, `TODO`, asterisks or a pair of empty quotes are what templates, exports and
    screens show in place of a secret. A secret that the login method does not use is not looked at.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>changeme</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: no fix touches a secret. Enter the real one, on the agent or in Cube.

    ## See
    - CWE-1392 (default credentials)
    """
    for setting in _secrets_in_use(section):
        if _is_stand_in(setting.text):
            yield Finding(
                at_name(setting.node),
                f"{setting.name} holds a word that stands for a secret, not one",
                "enter the real one, on the agent or in Cube",
            )


def secret_with_whitespace(section: Section) -> Iterator[Finding]:
    """A secret begins or ends with white space.

    ## Why
    White space at the ends usually comes along when a secret is copied, or when somebody lays the file out
    anew. It may belong to the secret all the same, and whether DataMiner takes it off is not documented. A
    secret that the login method does not use is not looked at.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>
            0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77
          </Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>AuthLoginMethod</LoginMethod>
          <User>dma@example.com</User>
          <Password>0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77</Password>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: no fix touches a secret. Remove the white space, unless it belongs to the secret.

    ## See
    - XML 1.0, section 2.10 (white space)
    """
    for setting in _secrets_in_use(section):
        if setting.value != setting.text:
            yield Finding(
                at_name(setting.node),
                f"{setting.name} has white space at its beginning or end",
                "remove it, unless it belongs to the secret",
            )


def secret_cut_short(section: Section) -> Iterator[Finding]:
    """A secret ends where a comment of YAML begins that looks like a part of it.

    ## Why
    White space and `#` begin a comment in YAML: of `Password: frost #tulips` the password is `frost`, and the
    login fails. A comment with white space behind its `#` is taken for one, so is `#gitleaks:allow` and the
    like, and each behind a variable such as `${env:NAME}`. A secret that the login method does not use is not
    looked at.

    ## Bad
        SMTP:
          Host: smtp.example.com
          HostPort: 587-starttls
          LoginMethod: AuthLoginMethod
          User: dma@example.com
          Password: 0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77 #changed in May
          From: dma@example.com

    ## Good
        SMTP:
          Host: smtp.example.com
          HostPort: 587-starttls
          LoginMethod: AuthLoginMethod
          User: dma@example.com
          Password: 0b6e3c52-7f7c-4c8e-9d35-3f4c9a1d2b77 # changed in May
          From: dma@example.com

    ## Fix
    None: no fix touches a secret. Put the whole value into quotes, or white space behind the `#` of the
    comment.

    ## See
    - YAML 1.2.2, section 6.6 (comments)
    """
    for setting in _secrets_in_use(section):
        if is_variable(setting, section):
            continue
        comment = section.document.comment_behind_plain(setting.node)
        if comment is not None and may_belong_to_value(comment.text):
            yield Finding(
                at_name(setting.node),
                f"{setting.name} ends before a # that may belong to it, as a comment begins there",
                "put the whole value into quotes, or white space behind the # of the comment",
            )


def unresolved_placeholder(section: Section) -> Iterator[Finding]:
    """A setting holds a placeholder that nothing has filled in.

    ## Why
    `${NAME}`, `${env:NAME}`, `%NAME%`, `$(NAME)`, `{{NAME}}` and `#{NAME}#` are meant for a tool that writes
    the file. DataMiner documents none of them, and would take the text as it stands. In a secret and in
    OAuthConfigData, which may hold such signs themselves, only a whole value counts. In HostPort, LoginMethod
    and MaxSubjectLength it is found by the rules on these (H204, A301, M604).

    In JSON and YAML `${env:NAME}` stands for a secret, or for a part of one; a name has letters, digits and
    `_`, so `${env:MY-NAME}` is found. In other settings nothing looks a variable up, so it is found there;
    other placeholders are not, as a tool may still fill them in.

    ## Bad
        <SMTP>
          <Host>smtp.${DOMAIN}</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: what belongs there is not known. Run the tool that fills it in, or write the value.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    is_xml = isinstance(section.document, XmlDocument)
    for setting in section.settings.values():
        if not (_is_left_in_xml(setting) if is_xml else _is_variable_elsewhere(setting)):
            continue
        if setting.name == "Host" and MASK in section.quote(setting.text):
            continue  # a login stands in it: see H203
        what = setting.name if setting.is_secret else section.quote(setting.text)
        if is_xml:
            yield Finding(
                at_value(setting),
                f"{what} holds a placeholder that was not filled in; DataMiner would take it literally",
                "run the tool that fills it in, or write the value",
            )
        elif setting.is_secret:
            message, help_ = NAMES_NOTHING
            yield Finding(at_value(setting), f"{what} {message}", help_)
        else:
            yield Finding(
                at_value(setting),
                f"{what} names a variable, and nothing looks it up there: variables stand for secrets alone",
                "write the value",
            )


def _is_left_in_xml(setting: Setting) -> bool:
    """Whether a placeholder was left: in what may hold such signs itself, all of it must be one."""
    if setting.is_secret or setting.name == _FREE_TEXT:
        return re.fullmatch(_UNRESOLVED, setting.text) is not None
    return re.search(_UNRESOLVED, setting.text) is not None


def _is_variable_elsewhere(setting: Setting) -> bool:
    """Whether what stands for a secret in JSON and YAML stands where none is, or stands for nothing."""
    if setting.is_secret:
        return names_nothing(setting.value)
    if setting.name == _FREE_TEXT:
        return names_variables_alone(setting.text)
    return holds_variable(setting.text)


def example_value(section: Section) -> Iterator[Finding]:
    """A value of the DataMiner documentation was left in place.

    ## Why
    Names and secrets of the documentation's examples are nobody's login: mail does not go out with them. The
    server `mail.skyline.be` and the name `pc.company.local` are only a warning. The server `smtp.mail.com` is
    left alone, because it exists.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>address@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None: your own value is not known. Write it in place of the example.

    ## See
    - DataMiner documentation, "Configuring outgoing email"
    """
    for setting in section.settings.values():
        severity = _severity_as_example(setting)
        if severity is None:
            continue
        what = setting.name if setting.is_secret else section.quote(setting.text)
        yield Finding(
            at_value(setting),
            f"{what} is an example of the DataMiner documentation",
            "write your own",
            severity=severity,
        )


def _secrets_in_use(section: Section) -> Iterator[Setting]:
    """The secrets with a value, but for those that the login method is known not to use."""
    method = section.method
    password, client_secret = section.given(_PASSWORD), section.given(_CLIENT_SECRET)
    if password is not None and method not in (LoginMethod.NONE, LoginMethod.XOAUTH2):
        yield password
    if client_secret is not None and method in (None, LoginMethod.XOAUTH2):
        yield client_secret


def _is_stand_in(secret: str) -> bool:
    if MASK in secret or secret in _EMPTY_QUOTES:
        return True
    if re.fullmatch(_OF_ONE_SIGN, "".join(secret.split())):  # xxxx xxxx xxxx xxxx: Google's app password
        return True
    secret = secret.strip("*") or secret  # ***REMOVED***: what takes secrets out of the history of git
    if _AROUND.get(secret[0]) == secret[-1]:
        secret = secret[1:-1]
    return re.sub(_BETWEEN_WORDS, "", secret.lower()) in _STAND_INS


def _severity_as_example(setting: Setting) -> Severity | None:
    """How grave it is that this value stands there; None where it is no example."""
    form, texts = _EXAMPLE_FORMS.get(setting.name), _EXAMPLES.get(setting.name)
    if form is not None and re.search(form, setting.text):
        return Severity.ERROR
    return None if texts is None else texts.get(setting.text.lower())
