"""S112 and S113: the rest of DataMiner.xml, for `--whole-file`.

What is documented stands in `schemas/dataminer.nodes.json`. The verdict is that of the XSD 1.1 made from it;
the words are ours, because a validator's may quote a secret.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from lxml import etree

from migrator import definition
from migrator.document.model import Part, Target
from migrator.document.xml import XSI, XmlNode
from migrator.rules.model import Finding, at_name
from migrator.rules.placement import is_misspelled_section
from migrator.values.secret import mask, quote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    import xmlschema

    from migrator.document.model import Attribute, Node
    from migrator.section import Configuration

_TYPES = {  # XML Schema Part 2: Datatypes, without the white space around it
    "integer": (re.compile(r"[+-]?[0-9]+"), "an integer"),
    "decimal": (re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"), "a decimal number"),
    "boolean": (re.compile(r"true|false|0|1"), "true or false"),
}
_WHITE_SPACE = " \t\r\n"


def invalid_node(configuration: Configuration) -> Iterator[Finding]:
    """A documented node outside SMTP has a wrong value, is missing, or is there too often.

    ## Why
    The documentation names types and values for much of DataMiner.xml. What DataMiner does with another value
    is not documented, and the documentation is incomplete, so this is a warning. It is reported with
    `--whole-file` only.

    ## Bad
        <DataMiner id="seven">
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

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
    None: only you know the right value. Write it, unless you know that DataMiner takes this one.

    ## See
    - DataMiner documentation, "DataMiner schema"
    - `dmsmtp schema dataminer-1.1.xsd`
    """
    secrets = configuration.secrets
    reported: set[Node] = set()
    for finding in _documented(configuration, secrets):
        node = finding.target.node
        reported.add(node)
        above = node.parent()
        if above is not None:  # which a validator names where a child is out of place
            reported.add(above)
        yield finding
    if len(configuration.sections) > 1:  # which the validator says of DataMiner, and S104 of the section
        reported.add(configuration.root)
    for node in _refused(configuration):
        if node not in reported and definition.SECTION not in node.path():
            reported.add(node)
            yield Finding(
                at_name(node),
                f"{_shown_name(node.name)} is not as documented",
                "compare it with `dmsmtp schema dataminer-1.1.xsd`",
            )


def undocumented_node(configuration: Configuration) -> Iterator[Finding]:
    """A node of DataMiner.xml is not named in the documentation.

    ## Why
    Real files hold nodes that no page names, and that is no mistake. But a misspelt name looks the same, and
    what it should have set is then not set. It is reported with `--whole-file` only.

    ## Bad
        <DataMiner id="7">
          <Loging>
            <DaysToKeep>7</DaysToKeep>
          </Loging>
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Good
        <DataMiner id="7">
          <Logging>
            <DaysToKeep>7</DaysToKeep>
          </Logging>
          <SMTP>
            <Host>smtp.example.com</Host>
            <HostPort>587-starttls</HostPort>
            <LoginMethod>NoLoginMethod</LoginMethod>
            <From>dma@example.com</From>
          </SMTP>
        </DataMiner>

    ## Fix
    None: the node may well be right. Check its name, and leave it if it is.

    ## See
    - DataMiner documentation, "DataMiner schema"
    """
    secrets = configuration.secrets
    for path, node in _walk(configuration):
        siblings = _children(path)
        for child in node.children():
            if child.name == definition.SECTION or (path == definition.ROOT and is_misspelled_section(child)):
                continue
            if child.namespace != node.namespace or child.name not in siblings:
                yield _undocumented(Target(child), f"<{mask(child.name, secrets)}>", child.name, siblings)
        names = _attributes(path)
        for attribute in _own_attributes(node):
            if attribute.name not in names:
                shown = f'the attribute "{mask(attribute.name, secrets)}"'
                yield _undocumented(Target(node, Part.NAME, attribute), shown, attribute.name, names)


def _undocumented(target: Target, shown: str, name: str, known: dict[str, Any]) -> Finding:
    from migrator.values.nearest import nearest

    near = nearest(name, known)
    where = f" in the namespace of {definition.ROOT}" if near == name else ""
    return Finding(
        target,
        f"{shown} is not named in the documentation",
        f"was {near}{where} meant?" if near is not None else "check its name; it may well be right",
    )


def _documented(configuration: Configuration, secrets: frozenset[str]) -> Iterator[Finding]:
    for path, node in _walk(configuration):
        meaning = definition.nodes()[path]
        if "type" not in meaning:
            for stray in node.strays():
                if stray.kind == "text":
                    yield Finding(
                        Target(node, stray=stray), f"text inside {node.name}, which takes none", "remove it"
                    )
        elif node.children():
            yield Finding(
                at_name(node), f"elements inside {node.name}, which holds text alone", "write its value alone"
            )
        elif (problem := _value_problem(meaning, node.text(), secrets)) is not None:
            is_secret = meaning.get("secret", False)
            yield Finding(
                Target(node, Part.NAME if is_secret else Part.VALUE),
                f"{node.name}: {problem}",
                _help(meaning),
            )
        yield from _attribute_problems(path, node, secrets)
        yield from _child_problems(path, node)


def _attribute_problems(path: str, node: Node, secrets: frozenset[str]) -> Iterator[Finding]:
    known = _attributes(path)
    given = {attribute.name: attribute for attribute in _own_attributes(node)}
    for name, meaning in known.items():
        attribute = given.get(name)
        if attribute is None:
            if meaning.get("required", False):
                yield Finding(at_name(node), f'{node.name} has no attribute "{name}"', "add it")
            continue
        problem = _value_problem(meaning, attribute.value, secrets)
        if problem is not None:
            part = Part.NAME if meaning.get("secret", False) or not attribute.value else Part.VALUE
            yield Finding(Target(node, part, attribute), f"{node.name}/@{name}: {problem}", _help(meaning))


def _child_problems(path: str, node: Node) -> Iterator[Finding]:
    known = _children(path)
    seen: dict[str, Node] = {}
    last = -1
    order = list(known)
    is_ordered = definition.nodes()[path].get("ordered", False) and node.has_order()
    for child in node.children():
        meaning = known.get(child.name)
        if meaning is None or child.namespace != node.namespace:
            continue
        most = meaning["occurs"][1]
        before = seen.get(child.name)
        is_repeated = before is not None or len(child.members()) > 1
        if is_repeated and most == 1 and child.name != definition.SECTION:
            yield Finding(
                at_name(child),
                f"{child.name} is there more than once",
                "keep one",
                related=() if before is None else ((at_name(before), "the first one"),),
            )
        seen.setdefault(child.name, child)
        if is_ordered and order.index(child.name) < last:
            yield Finding(
                at_name(child),
                f"{child.name} stands behind {order[last]}; documented is the other order",
                f"move it before {order[last]}",
            )
        last = max(last, order.index(child.name))
    for name, meaning in known.items():
        if meaning["occurs"][0] and (name not in seen or not seen[name].members()):
            yield Finding(at_name(node), f"{node.name} has no {name}", "add it")


def _walk(configuration: Configuration) -> Iterator[tuple[str, Node]]:
    """Documented elements in file order, with their paths; SMTP and what is not documented are left out."""
    if configuration.root.name != definition.ROOT:
        return
    pending: list[tuple[str, Node]] = [(definition.ROOT, configuration.root)]
    while pending:
        path, node = pending.pop()
        yield path, node
        known = _children(path)
        pending += [
            (f"{path}/{child.name}", member)
            for child in reversed(node.children())
            if child.name in known and child.name != definition.SECTION and child.namespace == node.namespace
            for member in reversed(child.members())
        ]


@cache
def _children(path: str) -> dict[str, Any]:
    """Documented child elements by name, in the order of the table."""
    prefix = f"{path}/"
    return {
        name: meaning
        for node, meaning in definition.nodes().items()
        if node.startswith(prefix) and "/" not in (name := node[len(prefix) :]) and not name.startswith("@")
    }


@cache
def _attributes(path: str) -> dict[str, Any]:
    """Documented attributes by name."""
    prefix = f"{path}/@"
    return {
        node[len(prefix) :]: meaning
        for node, meaning in definition.nodes().items()
        if node.startswith(prefix)
    }


def _own_attributes(node: Node) -> list[Attribute]:
    return [attribute for attribute in node.attributes() if attribute.namespace is None]


def _value_problem(meaning: dict[str, Any], value: str, secrets: frozenset[str]) -> str | None:
    if value in meaning.get("or", ()):
        return None
    shown = "the value" if meaning.get("secret", False) else quote(value, secrets)
    kind = _TYPES.get(meaning.get("type", ""))
    if kind is not None and not kind[0].fullmatch(value.strip(_WHITE_SPACE)):
        others = "".join(f" nor {word}" for word in meaning.get("or", ()))
        return f"{shown} is neither {kind[1]}{others}" if others else f"{shown} is not {kind[1]}"
    if "enum" in meaning and value not in meaning["enum"]:
        return f"{shown} is none of the documented values"
    if "pattern" in meaning and not re.fullmatch(meaning["pattern"], value):
        return f"{shown} does not have the documented form"
    return None


def _help(meaning: dict[str, Any]) -> str:
    if "enum" in meaning:
        return "write " + " or ".join([", ".join(meaning["enum"][:-1]), meaning["enum"][-1]])
    if "or" in meaning:
        return f"write {_TYPES[meaning['type']][1]}, or {', '.join(meaning['or'])}"
    if meaning.get("type") in _TYPES:
        return f"write {_TYPES[meaning['type']][1]}"
    return meaning.get("note") or "compare it with `dmsmtp schema dataminer-1.1.xsd`"


def _shown_name(name: str) -> str:
    return f"<{name}>" if name in definition.known_names() else "an element"


def _refused(configuration: Configuration) -> Iterator[Node]:
    """Nodes that the XSD 1.1 finds wrong; nothing is fetched for it."""
    root = configuration.root
    if not isinstance(root, XmlNode):
        return
    bare = _without_comments(root.element)
    originals = dict(zip(bare.iter(), root.element.iter("*"), strict=True))
    for error in _schema().iter_errors(bare, use_location_hints=False):
        yield XmlNode(originals.get(cast("Element", error.elem), root.element))


def _without_comments(root: etree._Element) -> Element:
    """A copy for the validator, which takes comments for elements.

    It asks for each error how many children there are, and what is at a place among them: lxml counts them
    each time. Instructions for validators in the file (`xsi:…`) are left out: the verdict is ours.
    """
    from xml.etree.ElementTree import TreeBuilder

    copy = TreeBuilder()
    for event, element in etree.iterwalk(root, ("start", "end", "comment", "pi")):
        if event == "start":
            names = (name for name in element.attrib if not str(name).startswith(f"{{{XSI}}}"))
            copy.start(element.tag, {name: element.attrib[name] for name in names})
        elif event == "end":
            copy.end(element.tag)
        text = element.text if event == "start" else element.tail
        if text:
            copy.data(text)
    return copy.close()


@cache
def _schema() -> xmlschema.XMLSchema11:
    import xmlschema

    return xmlschema.XMLSchema11(str(definition.schema_path("dataminer-1.1.xsd")))
