"""The convention by which JSON and YAML hold XML: what is a mapping, a list, a text or a number.

Attributes are keys that begin with `@`, text beside attributes is under `$`. An element that may occur
again, or does, is in a list. Where children of one name stand apart, or text stands between children, no
mapping can hold the order: then all of the content is a list under `$children`. So it is where an order is
documented and the children have another: keys of a mapping come back in the documented one. Values are their
own text; the one number is MaxSubjectLength of the SMTP section.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from migrator import definition
from migrator.conversion.scalars import is_whole_number
from migrator.conversion.tree import Element, Note, Remark
from migrator.document.convention import ATTRIBUTE_MARK, CONTENT_KEY, TEXT_KEY
from migrator.document.source import WHITE_SPACE
from migrator.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Path = tuple[str, ...]


class Member(NamedTuple):
    """A key with its value, or an item of a list, whose key is empty; with the comments around it."""

    key: str
    value: Shape
    before: tuple[Remark, ...] = ()
    behind: Remark | None = None

    def __repr__(self) -> str:
        return f"Member({self.key})"  # the value may be a secret


class Mapping(NamedTuple):
    """Keys with values, in order; `end` are the comments behind the last one."""

    members: tuple[Member, ...]
    end: tuple[Remark, ...] = ()


class Listing(NamedTuple):
    """Values in order."""

    items: tuple[Member, ...]
    end: tuple[Remark, ...] = ()


Shape = str | int | Mapping | Listing


class _Around:
    """Comments that wait for what they stand before."""

    def __init__(self) -> None:
        self.remarks: list[Remark] = []

    def take(self) -> tuple[Remark, ...]:
        if not self.remarks:
            return ()
        taken, self.remarks = tuple(self.remarks), []
        return taken


def shape(element: Element, path: Path, notes: list[Note]) -> Shape:
    """What stands under the key of an element; `path` are the local names from the root to it.

    A comment inside a text has no place there: it is noted.
    """
    if element.is_text_alone:
        return _value(element.text, path)
    attributes = [Member(ATTRIBUTE_MARK + name, value) for name, value in element.attributes]
    children = element.children
    if not children:
        return _leaf(element, path, attributes, notes)
    names = [child.name for child in children]
    are_different = len(set(names)) == len(names)
    order = documented_order(path)
    is_another = order is not None and out_of_order([child.local_name for child in children], order)
    if element.is_mixed or is_another or not (are_different or _are_together(names)):
        return Mapping((*attributes, Member(CONTENT_KEY, _content(element, path, notes))))
    members: list[Member] = []
    found, end = _surrounded(element, path, notes)
    groups = [[one] for one in found] if are_different else _by_name(found)
    for same in groups:
        first, member = same[0]
        if len(same) > 1 or first.is_listed or _may_repeat((*path, first.local_name)):
            items = tuple(Member("", one.value, one.before, one.behind) for _, one in same)
            members.append(Member(member.key, Listing(items)))
        else:
            members.append(member)
    return Mapping((*attributes, *members), end)


def _leaf(element: Element, path: Path, attributes: list[Member], notes: list[Note]) -> Shape:
    text = element.text
    remarks = [one for one in element.content if isinstance(one, Remark)]
    if is_container(path) and not text.strip(WHITE_SPACE):
        return Mapping(tuple(attributes), tuple(remarks))
    if remarks:
        notes += [Note("a comment inside a value has no place in the output", one.span) for one in remarks]
    if not attributes:
        return _value(text, path)
    return Mapping((*attributes, Member(TEXT_KEY, text)) if text else tuple(attributes))


@cache
def _numbers() -> frozenset[Path]:
    """The ends of the paths under which numbers stand."""
    return frozenset(
        (definition.SECTION, one.name) for one in definition.settings().values() if one.is_number
    )


def _value(text: str, path: Path) -> Shape:
    if is_container(path) and not text.strip(WHITE_SPACE):
        return Mapping(())
    return int(text) if path[-2:] in _numbers() and is_whole_number(text) else text


def _content(element: Element, path: Path, notes: list[Note]) -> Listing:
    """All of the content in order: texts, and each child as a mapping of its own."""
    items: list[Member] = []
    waiting = _Around()
    is_mixed = element.is_mixed
    text = ""

    def flush() -> None:
        nonlocal text
        if text and is_mixed:
            items.append(Member("", text, waiting.take()))
        text = ""

    for one in element.content:
        if isinstance(one, str):
            text += one
        elif isinstance(one, Remark):
            flush()
            waiting.remarks.append(one)
        else:
            flush()
            value = shape(one, (*path, one.local_name), notes)
            items.append(Member("", Mapping((Member(one.name, value),)), waiting.take()))
    flush()
    return Listing(tuple(items), waiting.take())


def _surrounded(
    element: Element, path: Path, notes: list[Note]
) -> tuple[list[tuple[Element, Member]], tuple[Remark, ...]]:
    """The children with the comments around them, and the comments behind the last one."""
    found: list[tuple[Element, Member]] = []
    waiting = _Around()
    for one in element.content:
        if isinstance(one, Element):
            value = shape(one, (*path, one.local_name), notes)
            found.append((one, Member(one.name, value, waiting.take())))
        elif isinstance(one, Remark):
            last = found[-1][1] if found and one.is_trailing and not waiting.remarks else None
            if last is not None and last.behind is None and "\n" not in one.text:
                found[-1] = found[-1][0], last._replace(behind=one)
            elif last is not None and not isinstance(last.value, (Mapping, Listing)):
                # One line stands behind a value, so what is more stands before it
                found[-1] = found[-1][0], last._replace(before=(*last.before, one))
            else:
                waiting.remarks.append(one)
    return found, waiting.take()


def _are_together(names: Iterable[str]) -> bool:
    """Whether children of one name stand together, each next to the other."""
    runs = [name for name, _ in groupby(names)]
    return len(set(runs)) == len(runs)


def _by_name(found: Iterable[tuple[Element, Member]]) -> list[list[tuple[Element, Member]]]:
    return [list(group) for _, group in groupby(found, key=lambda one: one[1].key)]


@lru_cache(maxsize=1024)
def _may_repeat(path: Path) -> bool:
    node = definition.nodes().get("/".join(path))
    if node is None:
        return False
    most = node.get("occurs", [0, 1])[1]
    return most is None or most > 1


@lru_cache(maxsize=1024)
def documented_order(path: Path) -> dict[str, int] | None:
    """The places of the children of an element that are documented to have an order, by their names."""
    prefix = "/".join(path)
    node = definition.nodes().get(prefix)
    if node is None or not node.get("ordered", False):
        return None
    names = (one.removeprefix(f"{prefix}/") for one in definition.nodes() if one.startswith(f"{prefix}/"))
    return {name: place for place, name in enumerate(one for one in names if "/" not in one)}


def out_of_order(names: Iterable[str], order: dict[str, int]) -> bool:
    """Whether elements of these names stand otherwise; where others stand is free."""
    places = [order[name] for name in names if name in order]
    return any(one > other for one, other in pairwise(places))


@lru_cache(maxsize=1024)
def is_container(path: Path) -> bool:
    """Whether this is documented as an element that holds no text."""
    node = definition.nodes().get("/".join(path))
    return node is not None and "type" not in node
