"""How changed code gets into a process: into a function that is there, or into a module that is imported."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import inspect
import sys
from functools import cached_property
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from tests.mutation.mutants import Mutant


def swap(mutant: Mutant) -> None:
    """Give the function that a mutant is about its changed code."""
    module, name = importlib.import_module(mutant.key.module), mutant.key.function
    (code,) = (code for code in _nested(mutant.code()) if code.co_qualname == name)
    found, function = _function(module, name)
    if hasattr(found, "cache_clear"):  # what it returned when tests were imported is not what it returns now
        found.cache_clear()
    # A change may leave out the only use of super(), whose cell the function keeps.
    function.__code__ = code.replace(co_freevars=function.__code__.co_freevars)


def import_changed(mutant: Mutant) -> None:
    """Have the module of a mutant, which nobody has imported yet, made of its changed code."""
    name, path, code = mutant.key.module, str(mutant.path), mutant.code()
    folders = [str(mutant.path.parent)] if mutant.path.name == "__init__.py" else None
    sys.meta_path.insert(0, _Finder(name, path, code, folders))


def _nested(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _nested(constant)


def _function(module: ModuleType, name: str) -> tuple[Any, FunctionType]:
    """What a name stands for, and the function in it."""
    found: Any = module
    for part in name.split("."):
        found = inspect.getattr_static(found, part)
    if isinstance(found, staticmethod | classmethod):
        found = found.__func__
    elif isinstance(found, property):
        found = found.fget
    elif isinstance(found, cached_property):
        found = found.func
    function = inspect.unwrap(found)
    if not isinstance(function, FunctionType) or function.__code__.co_qualname != name:
        raise TypeError(f"{name} in {module.__name__} is no function that can be changed")
    return found, function


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return self._code


class _Finder:
    def __init__(self, name: str, path: str, code: CodeType, folders: list[str] | None) -> None:
        self._name, self._folders = name, folders
        self._loader = _Loader(name, path, code)

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._name:
            return None
        return importlib.util.spec_from_file_location(
            name, self._loader.path, loader=self._loader, submodule_search_locations=self._folders
        )
