"""Mutants of a module: its code with one thing changed."""

from __future__ import annotations

import ast
import copy
import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.mutation.operators import changes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

ROOT = Path(__file__).parents[2]
_CONTEXT = 24  # characters shown on either side of a change
# Calls whose texts are messages, or names for type checkers.
_WORDY_CALLS = frozenset(("Finding", "TypeVar", "cast"))
# Where there is nothing to change: type hints.
_HINTS = frozenset(("annotation", "returns", "type_params"))


class Key(NamedTuple):
    """What a mutant is known by, wherever in its file it stands."""

    module: str
    function: str  # or class; "" for what stands in the module itself
    change: str


@dataclass(frozen=True)
class _Place:
    parent: ast.AST
    field: str
    index: int | None = None

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


@dataclass(frozen=True)
class _Scope:
    name: str = ""
    in_function: bool = False
    statement: ast.stmt | None = None


@dataclass(frozen=True)
class Mutant:
    """One change; `in_function`: it shows whenever the body of the function runs, and not before."""

    key: Key
    path: Path
    in_function: bool
    _tree: ast.Module
    _place: _Place
    _old: ast.AST
    _new: ast.AST

    def code(self) -> CodeType:
        """The code of the whole module, with the change."""
        self._place.put(self._new)
        try:
            return _compiled(self._tree, self.path)
        finally:
            self._place.put(self._old)

    def is_in(self, share: float) -> bool:
        """Whether the mutant belongs to a random sample that is a share of all, always the same one."""
        digest = hashlib.sha256("\0".join(self.key).encode()).digest()
        return int.from_bytes(digest[:8], "big") < share * 2**64


def module_name(path: Path) -> str:
    """Name of the module in a file."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def mutants(path: Path) -> list[Mutant]:
    """All mutants of a file, in the order of its text."""
    module = module_name(path)
    tree = ast.parse(path.read_bytes(), path)
    unchanged = _compiled(tree, path)
    found: list[Mutant] = []
    seen: Counter[Key] = Counter()
    for node, place, scope in _nodes(tree, _Scope()):
        for new in changes(node):
            assert scope.statement is not None
            key = Key(module, scope.name, _shown(scope.statement, place, node, new))
            seen[key] += 1
            if seen[key] > 1:
                key = key._replace(change=f"{key.change} ({seen[key]})")
            mutant = Mutant(key, path, scope.in_function, tree, place, node, new)
            if mutant.code() != unchanged:
                found.append(mutant)
    return found


def names(path: Path) -> set[str]:
    """Names that functions and classes of a file, and the module itself, have in keys of mutants."""
    tree = ast.parse(path.read_bytes(), path)
    return {scope.name for _, _, scope in _nodes(tree, _Scope())}


def _compiled(tree: ast.Module, path: Path) -> CodeType:
    return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)


def _nodes(node: ast.AST, scope: _Scope) -> Iterator[tuple[ast.AST, _Place, _Scope]]:
    """Every node that may be changed, with its place and what is around it."""
    for field, value in ast.iter_fields(node):
        if field in _HINTS:
            continue
        inner = _inside(node, field, scope)
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _is_left_alone(child, node):
                continue
            around = inner
            if isinstance(child, ast.stmt):
                around = _Scope(inner.name, inner.in_function, child)
                if not inner.in_function and isinstance(child, ast.FunctionDef | ast.ClassDef):
                    around = _Scope(f"{inner.name}.{child.name}".lstrip("."), False, child)
            yield child, _Place(node, field, index), around
            yield from _nodes(child, around)


def _inside(node: ast.AST, field: str, scope: _Scope) -> _Scope:
    in_body = isinstance(node, ast.FunctionDef) and field == "body"
    return _Scope(scope.name, scope.in_function or in_body, scope.statement)


def _is_left_alone(node: ast.AST, parent: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):  # a docstring
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.Call(func=ast.Name(id="lru_cache")):  # how much it keeps is no behaviour
            return True
        case ast.Constant():
            return isinstance(parent, ast.JoinedStr | ast.FormattedValue) or (
                isinstance(node.value, str) and (_is_wordy(parent) or _is_element(parent))
            )
        case ast.JoinedStr():
            return isinstance(parent, ast.FormattedValue)
    return False


def _is_wordy(parent: ast.AST) -> bool:
    return (
        isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id in _WORDY_CALLS
    )


def _is_element(parent: ast.AST) -> bool:
    """Whether a text in it is one of several, and so left out as a whole in a mutant of its own."""
    match parent:
        case (
            ast.List(elts=several) | ast.Tuple(elts=several) | ast.Set(elts=several) | ast.Dict(keys=several)
        ):
            return len(several) > 1
    return False


def _shown(statement: ast.stmt, place: _Place, old: ast.AST, new: ast.AST) -> str:
    """The change and a little of what stands around it: `not 1 [<= → <] port`."""
    before = _tokens(_head(statement))
    place.put(new)
    after = _tokens(_head(new if old is statement else statement))
    place.put(old)
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    left, right = "".join(before[:start]), "".join(before[len(before) - end :])
    removed, added = "".join(before[start : len(before) - end]), "".join(after[start : len(after) - end])
    left = left if len(left) <= _CONTEXT else "…" + left[-_CONTEXT:]
    right = right if len(right) <= _CONTEXT else right[:_CONTEXT] + "…"
    return f"{left}[{removed.strip()} → {added.strip()}]{right}"


def _head(node: ast.AST) -> str:
    """The text of a statement without the statements in it."""
    shallow = copy.copy(node)
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        if isinstance(getattr(shallow, field, None), list):
            setattr(shallow, field, [])
    return " ".join(ast.unparse(ast.fix_missing_locations(shallow)).split())


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[<>=!]+|.", text)


def _common(one: list[str], other: list[str]) -> int:
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return length
