"""Puts a mutant in the place of a module that others have imported already.

A value that others have imported by name stays with them as it was: such a mutant may survive where it should not.
"""

import ast
import functools
import inspect
from types import FunctionType, ModuleType
from typing import Any

from tests.mutation.mutants import Mutant


def implant(mutant: Mutant, module: ModuleType) -> None:
    """Has the module's own functions, methods and values do as the mutant says; raises what loading it raises."""
    statement = mutant.tree.body[mutant.statement]
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        scratch = dict(vars(module))
        _run([statement], scratch, module)
        _transplant(scratch[statement.name], getattr(module, statement.name))
    else:
        # What is made of the changed value further down is made anew.
        _run(
            [later for later in mutant.tree.body[mutant.statement :] if isinstance(later, (ast.Assign, ast.AnnAssign))],
            vars(module),
            module,
        )


def _run(statements: list[Any], names: dict[str, Any], module: ModuleType) -> None:
    tree = ast.Module(body=statements, type_ignores=[])
    exec(compile(tree, str(module.__file__), "exec", dont_inherit=True), names)  # noqa: S102


def _transplant(new: Any, old: Any) -> None:
    if inspect.isclass(old):
        for name, part in vars(new).items():
            if name in vars(old):
                _transplant(part, vars(old)[name])
        return
    for one, other in zip(_functions(new), _functions(old), strict=True):
        other.__code__, other.__defaults__, other.__kwdefaults__ = one.__code__, one.__defaults__, one.__kwdefaults__
    if isinstance(old, functools._lru_cache_wrapper):
        old.cache_clear()


def _functions(value: Any) -> list[FunctionType]:
    """The function under a decorator, a class method or a property."""
    match value:
        case property():
            return [part for part in (value.fget, value.fset) if isinstance(part, FunctionType)]
        case classmethod() | staticmethod():
            return _functions(value.__func__)
        case _ if hasattr(value, "__wrapped__"):
            return _functions(value.__wrapped__)
        case FunctionType():
            return [value]
    return []
