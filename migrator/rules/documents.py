"""D rules: whether a file can be read at all. Their findings come from reading it; their pages stand here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import definition
from migrator.document.model import Literal, Target
from migrator.rules.model import Finding, at_name
from migrator.section import is_secret_entry
from migrator.values.nearest import nearest
from migrator.values.secret import mask, shown_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.document.model import Document, Node
    from migrator.section import Configuration

_ROOTS = (definition.ROOT, definition.SECTION)


def not_well_formed() -> None:
    """The file cannot be parsed as its format.

    ## Why
    DataMiner cannot read the file either, and no other rule can look into it. The finding points at the place
    where reading had to stop; the mistake is there or shortly before. What stands in the file is not shown,
    because it might be a password.

    The usual cause in a DataMiner.xml that was edited by hand is a `&` or `<` inside a password: in XML they
    are written `&amp;` and `&lt;`. In a repository it may be a merge that was not finished: then
    the finding says so.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <From>R&D@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>R&amp;D@example.com</From>
        </SMTP>

    ## Fix
    None: nobody but you knows what the file was meant to say. Correct what stands at the place of the
    finding, or shortly before it.

    ## See
    - XML 1.0 (Fifth Edition), section 2.1
    """


def doctype_forbidden() -> None:
    """The file has a DOCTYPE.

    ## Why
    A DOCTYPE can define entities that expand without end or fetch other files. DataMiner.xml needs none, so
    reading stops there: nothing is expanded, and nothing is fetched.

    ## Bad
        <!DOCTYPE SMTP>
        <SMTP>
          <Host>smtp.example.com</Host>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None. Remove the declaration; if something in the file refers to an entity that it defined, write the text
    in its place.

    ## See
    - XML 1.0 (Fifth Edition), section 2.8
    - CWE-611 and CWE-776
    """


def undecodable() -> None:
    """The bytes of the file are not text in the encoding that it should have.

    ## Why
    The byte order mark and the XML declaration say in which encoding a file is written; without both it is
    UTF-8. A file that was saved in another one is read wrongly or not at all, and an umlaut in a password
    becomes another password.

    This also reports a declaration that contradicts the byte order mark, or that names an encoding that is
    not known.

    ## Bad
        <?xml version="1.0" encoding="utf-16"?>
        <SMTP>
          <Host>smtp.example.com</Host>
        </SMTP>

    ## Good
        <?xml version="1.0" encoding="utf-8"?>
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None. Save the file as UTF-8 in your editor and let the declaration say so.

    ## See
    - XML 1.0 (Fifth Edition), section 4.3.3 and appendix F
    """


def duplicate_key(configuration: Configuration) -> Iterator[Finding]:
    """A mapping of JSON or YAML has a key twice.

    ## Why
    Which of the two values counts depends on the program that reads the file; most take the last one and say
    nothing.

    ## Bad
        {"SMTP": {"Host": "smtp.example.com", "Host": "relay.example.com", "HostPort": "587-starttls",
                  "LoginMethod": "NoLoginMethod", "From": "dma@example.com"}}

    ## Good
        {"SMTP": {"Host": "smtp.example.com", "HostPort": "587-starttls",
                  "LoginMethod": "NoLoginMethod", "From": "dma@example.com"}}

    ## Fix
    None: only you know which value is the right one. Keep that one, and remove the other key.

    ## See
    - RFC 8259, section 4
    - YAML 1.1, section 3.2.1.3
    """
    for node, before in configuration.document.duplicates():
        secret = _secret_around(node)
        if secret is not None:  # the key may be part of the secret
            yield Finding(
                Target(secret),
                f"a key inside {mask(secret.name, configuration.secrets)} is there more than once",
                "write one value",
            )
            continue
        yield Finding(
            Target(node),
            f"{shown_name(node.name, configuration.secrets)} is there more than once",
            "keep one: which of them counts depends on the program that reads the file",
            related=((Target(before), "the first one"),),
        )


def _secret_around(node: Node) -> Node | None:
    """The outermost node around this one that holds a secret."""
    found, above = None, node.parent()
    while above is not None:
        found = above if is_secret_entry(above.name.removeprefix("@")) else found
        above = above.parent()
    return found


def unused_suppression() -> None:
    """An ignore comment keeps nothing quiet.

    ## Why
    What it was written for is mended, or stands on another line now. Left in the file, it would hide the next
    mistake of this kind.

    A comment counts for the lines that it stands on. If it stands alone there, it counts for the next line
    that holds something else than comments. Nothing is said of a rule that this run did not ask, because it
    was not selected, or needs `--whole-file` or `--target-version`; nor of one that found something there and
    left it to another one, because it will speak again once that is mended.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <!-- dmsmtp: ignore[H208] the relay is in the same rack -->
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <!-- dmsmtp: ignore[H208] the relay is in the same rack -->
          <HostPort>587</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    Safe: the comment is removed, or from a comment that is of use the codes that are not. It is dmsmtp's own
    comment; a reason that stands in it goes with it.

    ## See
    - dmsmtp documentation, configuration.md, "What cannot be mended now"
    """


def invalid_suppression() -> None:
    """An ignore comment does not count, or not in full.

    ## Why
    It is written `dmsmtp: ignore[H208] why`, in a comment of XML or YAML, on the line of the finding or the
    line before; `dmsmtp: ignore-file[H208] why` stands before the first element or key. Between the brackets
    stand codes, beginnings of codes or names of rules, with commas. What is written otherwise keeps nothing
    quiet, and looks as if it did.

    D codes cannot be ignored: they say that a file was not checked.

    ## Bad
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>465</HostPort> <!-- dmsmtp: ignore[D001] -->
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    A code is missing:

        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>465</HostPort> <!-- dmsmtp: ignore -->
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Good
        # dmsmtp: ignore-file[cleartext-transport] the relay is on the same switch
        SMTP:
          Host: smtp.example.com
          HostPort: "25"
          LoginMethod: NoLoginMethod
          From: dma@example.com

    ## Fix
    None: what was meant is not known. Write the code of the finding that should be quiet, or remove the
    comment.

    ## See
    - dmsmtp documentation, configuration.md, "What cannot be mended now"
    """


def unsupported_yaml() -> None:
    """The file uses YAML that is not read here: a tag, a merge key, several documents, a key that is no text.

    ## Why
    These change what a value is, or where it comes from, and programs disagree about them. A configuration
    should say what it says in one way. Anchors and aliases are read: an alias stands for the value of its
    anchor.

    ## Bad
        SMTP:
          Host: !!str smtp.example.com

    ## Good
        SMTP:
          Host: smtp.example.com
          HostPort: 587-starttls
          LoginMethod: NoLoginMethod
          From: dma@example.com

    ## Fix
    None. Write the value itself.

    ## See
    - YAML 1.1, section 3.2.1.2 (tags); "Merge Key Language-Independent Type for YAML" (`<<`)
    """


def not_a_configuration(document: Document) -> Finding:
    r"""The file is well-formed, but it is no DataMiner configuration.

    ## Why
    The root element of DataMiner.xml is `DataMiner`, in no namespace or in
    `http://www.skyline.be/config/dataminer`; a file that holds the section alone has the root `SMTP`. With
    any other root there is nothing to check, and saying nothing would look like a clean file.

    ## Bad
        <Configuration>
          <SMTP>
            <Host>smtp.example.com</Host>
          </SMTP>
        </Configuration>

    ## Good
        <DataMiner id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Fix
    None. Check that you named the right file: it lies in `C:\Skyline DataMiner` on each agent.

    ## See
    - DataMiner documentation, DataMiner.xml
    """
    root = document.root
    if not root.name:
        return _no_section(root)
    help_ = "name a DataMiner.xml, or a file that holds the SMTP section alone"
    if root.name in _ROOTS:
        message = f"the root is {root.name} in a namespace that is not DataMiner's"
        help_ = f'its namespace is "{definition.NAMESPACE}", or none'
    elif root.name.lower() in (one.lower() for one in _ROOTS):
        wanted = next(one for one in _ROOTS if one.lower() == root.name.lower())
        message, help_ = f"the root is not written {wanted}: names are case-sensitive", f"write {wanted}"
    elif root.name == "DMS":
        message = "this is DMS.xml, the list of the cluster's agents"
        help_ = "the SMTP section is in DataMiner.xml, in the same folder"
    else:
        name = root.name if root.name in definition.known_names() else "another element"
        message = f"the root is {name}, neither {definition.ROOT} nor {definition.SECTION}"
        near = nearest(root.name, _ROOTS)
        help_ = help_ if near is None else f"was {near} meant?"
    return Finding(at_name(root), message, help_)


def _no_section(top: Node) -> Finding:
    """A mapping in which neither SMTP nor DataMiner is found, or both, or one that holds no mapping."""
    keys = top.children() if top.literal() is Literal.MAPPING else []
    found = [key for key in keys if key.name in _ROOTS]
    other = next((key for key in found if key.name != found[0].name), None)
    if other is not None:
        help_ = "keep one of them; DataMiner may hold SMTP"
        return Finding(Target(other), "SMTP and DataMiner stand side by side", help_)
    if found:
        help_ = "write the settings under SMTP, as keys with values"
        return Finding(Target(found[0]), f"{found[0].name} holds no mapping", help_)
    target, help_ = Target(top), "write the settings under the key SMTP"
    for key in keys:
        near = nearest(key.name, _ROOTS)
        if near is not None:
            target, help_ = Target(key), f"was {near} meant? Names are case-sensitive"
            break
    return Finding(target, "the file holds neither SMTP nor DataMiner", help_)


def file_too_large() -> None:
    """The file is larger, deeper or fuller than a configuration can be.

    ## Why
    A DataMiner.xml has some kilobytes. A file above the limits (16 MiB, 1 MiB for YAML, 256 levels, 200,000
    nodes, 10,000 attributes of one element) is something else, or made to keep a program busy, and is not
    read.

    ## Bad
    A database export that was named DataMiner.xml.

    ## Good
        <DataMiner id="7">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Fix
    None. If the file is right, raise the limit with `--max-size`, `--max-depth` or `--max-nodes`; that of
    attributes is fixed.

    ## See
    - CWE-400
    """


def rule_crashed() -> None:
    """It is dmsmtp itself that failed on this file.

    ## Why
    This is a mistake in dmsmtp, not in your file. What else was found stands. It is an error, because what
    would have been found is not known. The finding says which of these it is:
    - A rule failed. The others still ran.
    - The schema refuses the section, and no rule says why.
    - A fix would have left a file that cannot be read, and was not made.

    ## Bad
    Nothing that you could write on purpose.

    ## Good
        <SMTP>
          <Host>smtp.example.com</Host>
          <HostPort>587-starttls</HostPort>
          <LoginMethod>NoLoginMethod</LoginMethod>
          <From>dma@example.com</From>
        </SMTP>

    ## Fix
    None. Please report it, with the file if it holds no secrets. A rule that failed can be ignored until it
    is mended; where the schema refuses the section, `dmsmtp schema smtp.xsd` shows what it takes; what a fix
    would have done is done by hand.
    """
