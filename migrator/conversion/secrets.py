"""Secrets on their way from one format to another: kept, left out, or replaced by names of variables.

A tree holds secrets as JSON and YAML write them, which know variables: see `migrator.values.variable`.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from migrator import definition
from migrator.conversion.tree import Element, Note, Problem, Remark, Tree, root_path
from migrator.document.convention import ATTRIBUTE_MARK, declares_namespace
from migrator.document.source import WHITE_SPACE
from migrator.section import is_secret_entry
from migrator.values.secret import is_secret_name, mask, may_belong_to_value
from migrator.values.variable import (
    NAMES_NOTHING,
    as_variable,
    escape,
    known_variables,
    names_variables_alone,
    resolve,
    variables_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from migrator.diagnostic import Span
    from migrator.document.model import Document, Target
    from migrator.values.variable import Unresolved

    Change = Callable[[tuple[str, ...], str, Target | None], str | None]

_HIDDEN_COMMENT: Final = "a comment is left out: a secret may stand in it"
_WORD: Final = re.compile(r"[^\W_]+")


class Secrets(Enum):
    """What becomes of secrets."""

    KEEP = "keep"
    OMIT = "omit"
    ENV = "env"


def escaped(tree: Tree) -> Tree:
    """A tree that was read from XML with its secrets as JSON and YAML write them."""
    return _changed(tree, lambda _path, text, _target: escape(text))


def resolved(
    tree: Tree, environment: Mapping[str, str], span_of: Callable[[Target], Span], problems: list[Problem]
) -> Tree:
    """The tree with the secrets themselves; a variable that says nothing, or is not named, is a problem."""

    def change(path: tuple[str, ...], text: str, target: Target | None) -> str:
        found = _looked_up(path[-1], text, environment)
        if isinstance(found, str):
            return found
        span = None if target is None else span_of(target)
        problems.extend(one._replace(span=span) for one in found)
        return text

    return _changed(tree, change)


def resolved_text(name: str, text: str, environment: Mapping[str, str]) -> str | Problem:
    """The secret that a setting of JSON or YAML stands for, or what is wrong with a variable in it."""
    found = _looked_up(name, text, environment)
    return found if isinstance(found, str) else found[0]


def _looked_up(name: str, text: str, environment: Mapping[str, str]) -> str | list[Problem]:
    found = resolve(text, environment)
    if found.value is None:
        return [_problem(name, one) for one in found.problems]
    if text and not found.value:
        return [Problem(f"the variable that {name} names is empty", f"set it to what {name} should be")]
    return found.value


def _problem(name: str, unresolved: Unresolved) -> Problem:
    variable = unresolved.name
    if variable is None:
        what, help_ = NAMES_NOTHING
        return Problem(f"{name} {what}", help_)
    if unresolved.is_set:
        return Problem(f"the environment variable {variable} is no text", "set it in UTF-8")
    help_ = f"set {variable} to what {name} should be"
    return Problem(f"the environment variable {variable} is not set", help_)


def with_variables(tree: Tree, document: Document, texts: Collection[str], notes: list[Note]) -> Tree:
    """The tree of a document with the name of a variable in the place of each secret.

    Elsewhere nothing stands for a secret: what holds one of these texts is left out, and noted.
    """
    tree = _without_rests(tree, document, notes)
    secrets = _secrets_in(tree.root, root_path(tree.root), is_inside=False)
    taken = {name for text in secrets for name in variables_in(text)}

    def change(path: tuple[str, ...], text: str, _target: Target | None) -> str:
        if not text or names_variables_alone(text):
            return text
        base = _variable(path)
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add(name)
        return as_variable(name)

    return _without_texts(_changed(tree, change), texts, notes)


def without_secrets(
    tree: Tree, document: Document, texts: Collection[str], notes: list[Note], *, keeps_variables: bool
) -> Tree:
    """The tree of a document without its secrets, and without what holds one of these texts; both are noted.

    Names of variables stay where the format has them.
    """

    def change(path: tuple[str, ...], text: str, _target: Target | None) -> str | None:
        if keeps_variables and names_variables_alone(text):
            return text
        notes.append(Note(f"{mask('/'.join(path[1:] or path), texts)} is left out: it is a secret"))
        return None

    return _without_texts(_changed(_without_rests(tree, document, notes), change), texts, notes)


def holds_secret(tree: Tree) -> bool:
    """Whether a secret itself stands in the tree, and not only names of variables."""
    found = _secrets_in(tree.root, root_path(tree.root), is_inside=False)
    return any(text and not names_variables_alone(text) for text in found)


def holds_text(tree: Tree, texts: Collection[str]) -> bool:
    """Whether one of these texts may stand in a value or comment of the tree."""
    others: list[Note] = []
    _without_texts(tree, texts, others)
    return bool(others)


def _secrets_in(element: Element, path: tuple[str, ...], *, is_inside: bool) -> Iterator[str]:
    is_secret = is_inside or _is_secret(path)
    if is_secret:
        yield element.text.strip(WHITE_SPACE)
    for name, value in element.attributes:
        if not declares_namespace(name) and (is_secret or _is_secret((*path, _attribute(name)))):
            yield value
    for child in element.children:
        yield from _secrets_in(child, (*path, child.local_name), is_inside=is_secret)


def _attribute(name: str) -> str:
    return ATTRIBUTE_MARK + name.rpartition(":")[2]


def _changed(tree: Tree, change: Change) -> Tree:
    """The tree with its secrets changed; None takes the element or attribute away."""
    root = _change_element(tree.root, root_path(tree.root), change, is_inside=False)
    return tree if root is tree.root or root is None else tree._replace(root=root)


def _change_element(
    element: Element, path: tuple[str, ...], change: Change, *, is_inside: bool
) -> Element | None:
    is_secret = is_inside or _is_secret(path)
    attributes = element.attributes
    if attributes:
        attributes = tuple(_change_attributes(element, path, change, is_inside=is_secret))
    content: list[str | Element | Remark] = []
    for one in _with_one_text(element) if is_secret else element.content:
        if isinstance(one, Element):
            inside = _change_element(one, (*path, one.local_name), change, is_inside=is_secret)
            content += [] if inside is None else [inside]
        elif isinstance(one, str) and is_secret and one.strip(WHITE_SPACE):
            changed = change(path, one, element.target)
            if changed is None:
                return None
            content.append(changed)
        else:
            content.append(one)
    if tuple(content) == element.content and attributes == element.attributes:
        return element
    return element._replace(content=tuple(content), attributes=attributes)


def _with_one_text(element: Element) -> tuple[str | Element | Remark, ...]:
    """The content, where a text around comments is one: a value may be cut by them."""
    if sum(isinstance(one, str) for one in element.content) < 2 or element.children:  # noqa: PLR2004 - a pair
        return element.content
    return (element.text, *(one for one in element.content if isinstance(one, Remark)))


def _change_attributes(
    element: Element, path: tuple[str, ...], change: Change, *, is_inside: bool
) -> list[tuple[str, str]]:
    found = []
    for name, value in element.attributes:
        inside = (*path, _attribute(name))
        if value and not declares_namespace(name) and (is_inside or _is_secret(inside)):
            changed = change(inside, value, element.target)
            found += [] if changed is None else [(name, changed)]
        else:
            found.append((name, value))
    return found


@lru_cache(maxsize=1024)
def _is_secret(path: tuple[str, ...]) -> bool:
    """Whether the value of an element or attribute is or may be a secret."""
    node = definition.nodes().get("/".join(path), {})
    return bool(node.get("secret", False)) or is_secret_entry(path[-1].removeprefix(ATTRIBUTE_MARK))


def _without_rests(tree: Tree, document: Document, notes: list[Note]) -> Tree:
    """The tree without comments that may be the rest of the secret that they stand behind."""
    return tree._replace(root=_whole(tree.root, root_path(tree.root), document, notes))


def _whole(element: Element, path: tuple[str, ...], document: Document, notes: list[Note]) -> Element:
    content: list[str | Element | Remark] = []
    is_cut_short = False
    for one in element.content:
        if isinstance(one, Element):
            inside = (*path, one.local_name)
            is_cut_short = _is_secret(inside) and _may_be_cut_short(one, document)
            content.append(_whole(one, inside, document, notes))
        elif isinstance(one, Remark) and is_cut_short and one.is_trailing:
            notes.append(Note(_HIDDEN_COMMENT, one.span))
        else:
            content.append(one)
    return element._replace(content=tuple(content))


def _may_be_cut_short(element: Element, document: Document) -> bool:
    if element.target is None or names_variables_alone(element.text):
        return False
    comment = document.comment_behind_plain(element.target.node)
    return comment is not None and may_belong_to_value(comment.text)


def _without_texts(tree: Tree, texts: Collection[str], notes: list[Note]) -> Tree:
    """The tree without values and comments in which one of these texts stands."""
    head, tail = (tuple(_clean_remarks(found, texts, notes)) for found in (tree.head, tree.tail))
    return Tree(_clean(tree.root, texts, notes), head, tail)


def _clean(element: Element, texts: Collection[str], notes: list[Note]) -> Element:
    content: list[str | Element | Remark] = []
    is_shown = partial(_is_shown, texts=texts)
    for one in element.content:
        if isinstance(one, Element):
            inside = _clean(one, texts, notes)
            is_emptied = bool(one.content) and not inside.content and not one.children
            content += [] if is_emptied else [inside]
        elif isinstance(one, Remark):
            content += _clean_remarks([one], texts, notes)
        elif is_shown(one):
            content.append(one)
        else:
            notes.append(Note(f"the value of {mask(element.name, texts)} is left out: a secret stands in it"))
    attributes = tuple((name, value) for name, value in element.attributes if is_shown(value))
    if len(attributes) < len(element.attributes):
        notes.append(Note(f"an attribute of {mask(element.name, texts)} is left out: a secret stands in it"))
    return element._replace(content=tuple(content), attributes=attributes)


def _clean_remarks(remarks: Collection[Remark], texts: Collection[str], notes: list[Note]) -> list[Remark]:
    """Comments that hold no secret, as far as one can tell."""
    kept = []
    for one in remarks:
        if _is_shown(one.text, texts) and not _names_secret(one.text):
            kept.append(one)
        else:
            notes.append(Note(_HIDDEN_COMMENT, one.span))
    return kept


def _names_secret(comment: str) -> bool:
    """Whether a comment speaks of a secret, and so may hold one."""
    return any(is_secret_name(word) for word in _WORD.findall(comment))


def _is_shown(text: str, texts: Collection[str]) -> bool:
    return not texts or mask(text, texts) == text or names_variables_alone(text)


def _variable(path: tuple[str, ...]) -> str:
    """The name of the variable for a secret: what the schema's example says, or else its path."""
    known = known_variables().get(path[-1]) if path[-2:-1] == (definition.SECTION,) else None
    if known is not None:
        return known
    name = "_".join(path[1:] or path)
    return "DMSMTP_" + re.sub("[^0-9A-Za-z]+", "_", name).strip("_").upper()
