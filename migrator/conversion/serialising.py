"""A tree as text: XML, JSON and YAML, as somebody would have written it by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from migrator.conversion.scalars import (
    xml_comment,
    yaml_comment,
    yaml_key,
    yaml_text,
)
from migrator.conversion.shape import Listing, Mapping, Member, Shape, shape
from migrator.conversion.tree import Element, Note, Remark, root_path, without_remarks
from migrator.document.convention import SCHEMA_KEY
from migrator.document.xml_characters import attribute_value, character_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.conversion.tree import Tree

_INDENT = "  "
_MODELINE = "# yaml-language-server: $schema="


def as_xml(tree: Tree, *, declares: bool = False) -> str:
    """XML, indented by two spaces; `declares` puts an XML declaration before it."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>'] if declares else []
    lines += _xml_comments(tree.head)
    lines.append("".join(_xml(tree.root, "\n")))
    lines += _xml_comments(tree.tail)
    return "\n".join([*lines, ""])


def as_json(tree: Tree, schema: str | None, notes: list[Note]) -> str:
    """JSON, with `$schema` where one is given. Comments have no place in it: they are noted."""
    bare, remarks = without_remarks(tree)
    notes += (Note("JSON has no comments: this one is left out", one.span) for one in remarks)
    document = {} if schema is None else {SCHEMA_KEY: schema}
    document[bare.root.name] = _plain(shape(bare.root, root_path(bare.root), notes))
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_yaml(tree: Tree, schema: str | None, notes: list[Note]) -> str:
    """YAML with the comments, and with the line by which editors find a schema where one is given."""
    value = shape(tree.root, root_path(tree.root), notes)
    members = (Member(tree.root.name, value, tree.head),)
    lines = [] if schema is None else [f"{_MODELINE}{schema}"]
    _yaml_mapping(Mapping(members, tree.tail), "", lines)
    return "\n".join([*lines, ""])


def _xml(element: Element, line: str) -> Iterator[str]:
    """An element in pieces; `line` is a line end with the indentation of the element."""
    attributes = "".join(f' {name}="{attribute_value(value)}"' for name, value in element.attributes)
    if not any(element.content):
        yield f"<{element.name}{attributes}/>"
        return
    yield f"<{element.name}{attributes}>"
    # White space beside elements is layout; beside comments alone it would be a value
    is_layout = bool(element.children) and not element.is_mixed
    inner = line + _INDENT if is_layout else line
    for one in element.content:
        if isinstance(one, str):
            if not is_layout:
                yield character_data(one)
        elif isinstance(one, Element):
            if is_layout:
                yield inner
            yield from _xml(one, inner)
        else:
            for count, comment in enumerate(_xml_comments([one])):
                if is_layout:
                    yield " " if one.is_trailing and not count else inner
                yield comment
    yield f"{line if is_layout else ''}</{element.name}>"


def _xml_comments(remarks: Iterable[Remark]) -> list[str]:
    """One comment a line, as YAML has them."""
    return [xml_comment(line) for one in remarks for line in _lines(one)]


def _lines(remark: Remark) -> list[str]:
    lines = [line.strip() for line in remark.text.splitlines()]
    return [line for line in lines if line] or [""]


def _plain(value: Shape) -> Any:  # noqa: ANN401 - it is what json takes
    if isinstance(value, Mapping):
        return {member.key: _plain(member.value) for member in value.members}
    if isinstance(value, Listing):
        return [_plain(item.value) for item in value.items]
    return value


def _yaml_mapping(mapping: Mapping, indent: str, lines: list[str]) -> None:
    for member in mapping.members:
        _yaml_comments(member.before, indent, lines)
        _yaml_member(yaml_key(member.key).replace("\n", f"\n{indent}"), member, indent, lines)
    _yaml_comments(mapping.end, indent, lines)


def _yaml_listing(listing: Listing, indent: str, lines: list[str]) -> None:
    for item in listing.items:
        _yaml_comments(item.before, indent, lines)
        if isinstance(item.value, Mapping) and item.value.members:
            first, *others = item.value.members
            # Comments of the first key stand before the dash: no line could begin with them behind it
            _yaml_comments(first.before, indent, lines)
            bare = Mapping((Member(first.key, first.value, (), first.behind), *others), item.value.end)
            start = len(lines)
            _yaml_mapping(bare, indent + _INDENT, lines)
            lines[start] = f"{indent}- {lines[start][len(indent) + 2 :]}"
            if item.behind is not None:
                _yaml_comments((item.behind,), indent, lines)
        else:
            _yaml_member("-", item, indent, lines)
    _yaml_comments(listing.end, indent, lines)


def _yaml_member(label: str, member: Member, indent: str, lines: list[str]) -> None:
    """A key or a dash with its value, in as many lines as it takes."""
    value, behind = member.value, member.behind
    if isinstance(value, Mapping) and value.members:
        lines.append(f"{indent}{label}")
        _yaml_mapping(value, indent + _INDENT, lines)
    elif isinstance(value, Listing):
        lines.append(f"{indent}{label}")
        _yaml_listing(value, indent + _INDENT, lines)
    else:
        written = (
            "{}" if isinstance(value, Mapping) else str(value) if isinstance(value, int) else yaml_text(value)
        )
        trailing = "" if behind is None else f"  {yaml_comment(behind.text)}"
        if isinstance(value, Mapping) and value.end:
            lines.append(f"{indent}{label} {{")
            _yaml_comments(value.end, indent + _INDENT, lines)
            lines.append(f"{indent}{_INDENT}}}{trailing}")
        else:
            lines.append(f"{indent}{label} {written}{trailing}")
        return
    if behind is not None:
        _yaml_comments((behind,), indent, lines)


def _yaml_comments(remarks: Iterable[Remark], indent: str, lines: list[str]) -> None:
    for one in remarks:
        lines += [f"{indent}{yaml_comment(line)}" for line in _lines(one)]
