"""Every small change that could be made to a source, one at a time."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    one: other
    for pair in (
        (ast.Lt, ast.LtE),
        (ast.Gt, ast.GtE),
        (ast.Eq, ast.NotEq),
        (ast.Is, ast.IsNot),
        (ast.In, ast.NotIn),
        (ast.And, ast.Or),
        (ast.Add, ast.Sub),
        (ast.Mult, ast.Div),
        (ast.BitAnd, ast.BitOr),
        (ast.Continue, ast.Break),
    )
    for one, other in (pair, pair[::-1])
} | {ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult}
_RENAMED = {
    one: other
    for pair in (
        *(("any", "all"), ("min", "max"), ("startswith", "endswith"), ("lstrip", "rstrip"), ("lower", "upper")),
        *(("match", "search"), ("append", "extend"), ("popleft", "pop")),
    )
    for one, other in (pair, pair[::-1])
}
_NOT_RUN = ("annotation", "returns", "decorator_list", "type_params", "bases")
"""What says something of the code and is not run with it."""
_Place = tuple[tuple[str, int | None], ...]
"""The way from one node down to another: fields, and numbers where a field is a list."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A source with one change in it."""

    line: int
    change: str
    statement: int
    """Which of the module's statements has changed."""
    tree: ast.Module


def mutants_of(source: str) -> list[Mutant]:
    """All mutants of a source, in its order."""
    tree = ast.parse(source)
    return [
        _mutant(tree, statement, place, old, new)
        for statement, node in enumerate(tree.body)
        for place, old in _parts(node)
        for new in _changed(old)
    ]


def unchanged(source: str) -> list[Mutant]:
    """The source once for each of its statements, as it is: what the tests must not notice."""
    tree = ast.parse(source)
    return [Mutant(0, "nothing", statement, tree) for statement in range(len(tree.body))]


def _mutant(tree: ast.Module, statement: int, place: _Place, old: ast.AST, new: ast.AST) -> Mutant:
    line = getattr(old, "lineno", getattr(tree.body[statement], "lineno", 0))
    mutated = _replaced(tree, (("body", statement), *place), ast.copy_location(new, old))
    return Mutant(line, f"{_short(old)}  ->  {_short(new)}", statement, ast.fix_missing_locations(mutated))


def _replaced(node: Any, place: _Place, new: ast.AST) -> Any:
    """A copy with another node at the place; what is not on the way there is shared."""
    if not place:
        return new
    (field, index), *rest = place
    value = getattr(node, field)
    if index is None:
        return _with(node, **{field: _replaced(value, tuple(rest), new)})
    return _with(node, **{field: [*value[:index], _replaced(value[index], tuple(rest), new), *value[index + 1 :]]})


def _short(node: ast.AST) -> str:
    line = " ".join(ast.unparse(node).split()) or type(node).__name__
    return line if len(line) <= 100 else f"{line[:97]}..."


def _parts(node: ast.AST, place: _Place = ()) -> Iterator[tuple[_Place, ast.AST]]:
    """A node and every other below it that is run."""
    if _is_docstring(node) or _is_entry(node):
        return
    yield place, node
    if isinstance(node, ast.JoinedStr):
        return
    for field, value in ast.iter_fields(node):
        if field in _NOT_RUN:
            continue
        parts = enumerate(value) if isinstance(value, list) else [(None, value)]
        for index, part in parts:
            if isinstance(part, ast.AST):
                yield from _parts(part, (*place, (field, index)))


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_entry(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def _changed(node: Any) -> Iterator[ast.AST]:
    """What a node is changed to."""
    match node:
        case ast.If() | ast.IfExp():
            yield from (_with(node, test=ast.Constant(value)) for value in (True, False))
        case ast.While():
            yield _with(node, test=ast.Constant(False))
        case ast.comprehension(ifs=[_, *_]):
            yield _with(node, ifs=[])
        case ast.UnaryOp():
            yield node.operand
        case ast.Compare(ops=operators):
            yield from (_with(node, ops=_swapped_one(operators, index)) for index in range(len(operators)))
        case ast.BoolOp() | ast.BinOp() if type(node.op) in _SWAPPED:
            yield _with(node, op=_SWAPPED[type(node.op)]())
        case ast.AugAssign():
            yield ast.Pass()
            yield _with(node, op=_SWAPPED[type(node.op)]())
        case ast.Continue() | ast.Break():
            yield _SWAPPED[type(node)]()
        case ast.Constant():
            yield from _changed_constant(node.value)
        case ast.JoinedStr():
            yield _with(node, values=[ast.Constant("XX"), *node.values])
        case ast.Return(value=ast.expr()) if not _is_none(node.value):
            yield ast.Return(ast.Constant(None))
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) | ast.Raise() | ast.Delete() | ast.Expr():
            yield ast.Pass()
        case ast.Call():
            yield from _changed_call(node)


def _changed_constant(value: object) -> Iterator[ast.AST]:
    match value:
        case bool():
            yield ast.Constant(not value)
        case int() | float():
            yield ast.Constant(value + 1)
        case str():
            yield ast.Constant(f"XX{value}XX")
        case bytes():
            yield ast.Constant(b"XX" + value + b"XX")


def _changed_call(call: ast.Call) -> Iterator[ast.AST]:
    """Another function, or one argument less; the first is what it is all about."""
    match call.func:
        case ast.Attribute(attr=name) if name in _RENAMED:
            yield _with(call, func=_with(call.func, attr=_RENAMED[name]))
        case ast.Name(id=name) if name in _RENAMED:
            yield _with(call, func=_with(call.func, id=_RENAMED[name]))
    for index in range(1, len(call.args)):
        yield _with(call, args=[*call.args[:index], *call.args[index + 1 :]])
    for index in range(len(call.keywords)):
        yield _with(call, keywords=[*call.keywords[:index], *call.keywords[index + 1 :]])


def _is_none(value: ast.AST | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _swapped_one(operators: list[ast.cmpop], index: int) -> list[ast.AST]:
    return [*operators[:index], _SWAPPED[type(operators[index])](), *operators[index + 1 :]]


def _with(node: ast.AST, **fields: object) -> Any:
    changed = copy.copy(node)
    for field, value in fields.items():
        setattr(changed, field, value)
    return changed
