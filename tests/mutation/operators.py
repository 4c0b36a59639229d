"""What is changed: for a node of a syntax tree, the nodes that stand in its place in mutants."""

from __future__ import annotations

import ast
import copy
import re
from typing import TYPE_CHECKING, Any, TypeVar

from tests.mutation import regexes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_T = TypeVar("_T")
_Node = TypeVar("_Node", bound=ast.AST)

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_NAMES = {"any": "all", "all": "any", "min": "max", "max": "min"}
_METHODS = {
    "startswith": "endswith",
    "endswith": "startswith",
    "partition": "rpartition",
    "rpartition": "partition",
    "find": "rfind",
    "rfind": "find",
}
_LEFT_OUT = frozenset(
    ("lower", "upper", "casefold", "strip", "lstrip", "rstrip", "removeprefix", "removesuffix")
)
_MEMBERS = {
    "Safety": {"SAFE": "UNSAFE", "UNSAFE": "SAFE"},
    "Severity": {"ERROR": "WARNING", "WARNING": "INFO", "INFO": "ERROR"},
}
_WORDS = re.compile(r"[^\W\d_][,;:.]? [^\W\d_]")
_WORD = re.compile(r"[^\W\d_]{2}")
_PATTERN = re.compile(r"\[[^\]]+\]|\(\?|\\[dsw]")  # what only a regular expression holds


def is_prose(text: str) -> bool:
    """Whether a text is words for people: two of them stand beside each other."""
    return _WORDS.search(text) is not None


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node, each a mutant of its own."""
    of_type = _CHANGES.get(type(node))
    return iter(()) if of_type is None else of_type(node)


def _negated(node: ast.If | ast.While | ast.IfExp) -> Iterator[ast.AST]:
    if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):  # which are changed themselves
        yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))


def _not_negated(node: ast.UnaryOp) -> Iterator[ast.expr]:
    if isinstance(node.op, ast.Not):
        yield node.operand


def _calculated(node: ast.BinOp | ast.AugAssign) -> Iterator[ast.AST]:
    if type(node.op) in _ARITHMETIC:
        yield _with(node, op=_ARITHMETIC[type(node.op)]())


def _returned(node: ast.Return) -> Iterator[ast.stmt]:
    if node.value is None:
        yield ast.Pass()
    elif not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(ast.Constant(None))


def _other(kind: type[ast.stmt]) -> Callable[[ast.AST], Iterator[ast.stmt]]:
    return lambda _: iter((kind(),))


def _without_a_filter(node: ast.comprehension) -> Iterator[ast.comprehension]:
    yield from (_with(node, ifs=_without(node.ifs, at)) for at in range(len(node.ifs)))


def _members(node: ast.Attribute) -> Iterator[ast.Attribute]:
    others = _MEMBERS.get(node.value.id, {}) if isinstance(node.value, ast.Name) else {}
    if node.attr in others:
        yield _with(node, attr=others[node.attr])


def _without_one_entry(node: ast.Dict) -> Iterator[ast.Dict]:
    if len(node.keys) > 1:
        for at in range(len(node.keys)):
            yield ast.Dict(keys=_without(node.keys, at), values=_without(node.values, at))


def _comparisons(node: ast.Compare) -> Iterator[ast.Compare]:
    for at, operator in enumerate(node.ops):
        yield _with(node, ops=[*node.ops[:at], _COMPARISONS[type(operator)](), *node.ops[at + 1 :]])


def _without_one_condition(node: ast.BoolOp) -> Iterator[ast.expr]:
    for at in range(len(node.values)):
        rest = _without(node.values, at)
        yield rest[0] if len(rest) == 1 else _with(node, values=rest)


def _without_one_element(node: ast.List | ast.Tuple | ast.Set) -> Iterator[ast.expr]:
    is_table = all(isinstance(one, ast.Constant | ast.Attribute | ast.Tuple) for one in node.elts)
    if len(node.elts) > 1 and is_table and not isinstance(getattr(node, "ctx", None), ast.Store):
        yield from (_with(node, elts=_without(node.elts, at)) for at in range(len(node.elts)))


def _constants(node: ast.Constant) -> Iterator[ast.Constant]:
    match node.value:
        case bool():
            yield ast.Constant(not node.value)
        case int():
            yield ast.Constant(node.value + 1)
        case str() if _PATTERN.search(node.value):
            yield from (ast.Constant(changed) for changed in regexes.changes(node.value))
        case str() if not is_prose(node.value):
            yield ast.Constant("" if node.value else "x")


def _joined(node: ast.JoinedStr) -> Iterator[ast.JoinedStr]:
    literals = [one.value for one in node.values if isinstance(one, ast.Constant)]
    if not any(_WORD.search(str(literal)) for literal in literals):  # else it may be a message
        for at, one in enumerate(node.values):
            if isinstance(one, ast.Constant):
                yield _with(node, values=_without(node.values, at))


def _calls(node: ast.Call) -> Iterator[ast.expr]:
    yield from (_with(node, keywords=_without(node.keywords, at)) for at in range(len(node.keywords)))
    match node.func:
        case ast.Name(id=name) if name in _NAMES:
            yield _with(node, func=ast.Name(_NAMES[name], ast.Load()))
        case ast.Attribute(attr=name) if name in _METHODS:
            yield _with(node, func=_with(node.func, attr=_METHODS[name]))
        case ast.Attribute(value=value, attr=name) if name in _LEFT_OUT:
            yield value


def _without(values: list[_T], at: int) -> list[_T]:
    return values[:at] + values[at + 1 :]


def _with(node: _Node, **fields: object) -> _Node:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


_CHANGES: dict[type[ast.AST], Callable[[Any], Iterator[ast.AST]]] = {
    ast.Compare: _comparisons,
    ast.BoolOp: _without_one_condition,
    ast.UnaryOp: _not_negated,
    ast.BinOp: _calculated,
    ast.AugAssign: _calculated,
    ast.If: _negated,
    ast.While: _negated,
    ast.IfExp: _negated,
    ast.comprehension: _without_a_filter,
    ast.Constant: _constants,
    ast.JoinedStr: _joined,
    ast.Call: _calls,
    ast.Attribute: _members,
    ast.List: _without_one_element,
    ast.Tuple: _without_one_element,
    ast.Set: _without_one_element,
    ast.Dict: _without_one_entry,
    ast.Return: _returned,
    ast.Raise: _other(ast.Pass),
    ast.Expr: _other(ast.Pass),
    ast.Continue: _other(ast.Break),
    ast.Break: _other(ast.Continue),
}
