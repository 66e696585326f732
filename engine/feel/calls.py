"""Closures of invocations and function literals."""

from __future__ import annotations

from typing import Any

from engine.feel import tree
from engine.feel.closures import compile_node, compiles, is_defined
from engine.feel.registry import Builtin, find_builtin, host_function
from engine.feel.run import Closure, Run, Scope
from engine.feel.types import AnyType, Type, coerce, conforms, type_of_name
from engine.feel.values import Function, Range, kind_of


def find_function(scope: Scope, name: str) -> Function | Builtin | None:
    """Return the function that a name calls: of the scope, of the host, built-in. A variable that is none is passed over."""
    at: Scope | None = scope
    while at is not None:
        value = at.names.get(name)
        if type(value) is Function:
            return value
        at = at.parent
    if name in scope.run.functions:
        return host_function(name, scope.run.functions[name])
    return find_builtin(name)


def invoke(run: Run, function: Any, arguments: list[Any]) -> Any:
    """Call a function value by position; null with a warning where it is none."""
    if type(function) is not Function and not isinstance(function, Builtin):
        run.warn("not_a_function", f"{kind_of(function)} cannot be called")
        return None
    run.enter_call()
    try:
        return function.call(run, arguments)
    finally:
        run.leave_call()


def invoke_named(run: Run, function: Any, arguments: dict[str, Any]) -> Any:
    """Call a function value by parameter names."""
    if type(function) is Function and function.named is None:
        if set(arguments) != set(function.parameters):
            run.warn("bad_arguments", f"{function.name} has the parameters {', '.join(function.parameters) or 'none'}")
            return None
        return invoke(run, function, [arguments[p] for p in function.parameters])
    if type(function) is not Function and not isinstance(function, Builtin):
        run.warn("not_a_function", f"{kind_of(function)} cannot be called")
        return None
    run.enter_call()
    try:
        assert function.named is not None
        return function.named(run, arguments)
    finally:
        run.leave_call()


def _callee(node: tree.Node, depth: int) -> Closure:
    if not isinstance(node, tree.Name):
        return compile_node(node, depth)
    name = node.name
    read = compile_node(node, depth)

    def find(scope: Scope) -> Any:
        found = find_function(scope, name)
        return read(scope) if found is None else found

    return find


@compiles(tree.Call)
def _call(node: tree.Call, depth: int) -> Closure:
    special = _SPECIAL.get(node.function.name) if isinstance(node.function, tree.Name) else None
    if special is not None and len(node.arguments) == 1:
        return special(node.arguments[0], depth)
    function = _callee(node.function, depth)
    arguments = [compile_node(a, depth) for a in node.arguments]

    def call(scope: Scope) -> Any:
        callee = function(scope)
        if type(callee) is Range and len(arguments) == 0:
            return None
        return invoke(scope.run, callee, [a(scope) for a in arguments])

    return call


@compiles(tree.NamedCall)
def _named_call(node: tree.NamedCall, depth: int) -> Closure:
    function = _callee(node.function, depth)
    arguments = [(name, compile_node(value, depth)) for name, value in node.arguments]
    twice = len({name for name, _ in arguments}) != len(arguments)

    def call(scope: Scope) -> Any:
        if twice:
            scope.run.warn("bad_arguments", "a parameter is given twice")
            return None
        return invoke_named(scope.run, function(scope), {name: value(scope) for name, value in arguments})

    return call


def _is_defined(node: tree.Node, depth: int) -> Closure:
    """Compile `is defined(x)`: true where the variable or every step of the path exists, even if null."""
    if isinstance(node, tree.Name):
        name = node.name
        return lambda scope: is_defined(scope, name)
    if isinstance(node, tree.Path):
        base, member, outer = compile_node(node.base, depth), node.name, _is_defined(node.base, depth)

        def defined(scope: Scope) -> bool:
            if not outer(scope):
                return False
            value = base(scope)
            return type(value) is dict and member in value

        return defined
    value = compile_node(node, depth)
    return lambda scope: value(scope) is not None


_SPECIAL = {"is defined": _is_defined}


@compiles(tree.FunctionOf)
def _function(node: tree.FunctionOf, depth: int) -> Closure:
    body = compile_node(node.body, depth)
    names = tuple(p.name for p in node.parameters)
    type_names = [p.type for p in node.parameters]
    external = node.external

    def build(scope: Scope) -> Function:
        types = tuple(AnyType() if t is None else type_of_name(t, scope.run.types) for t in type_names)
        if external:
            return Function("function", names, _refuse_external, parameter_types=types, result_type=AnyType())
        return make_function("function", names, types, body, scope)

    return build


def _refuse_external(run: Run, arguments: list[Any]) -> None:
    run.warn("external_function", "functions of other languages are not run")


def make_function(
    name: str,
    names: tuple[str, ...],
    types: tuple[Type | None, ...],
    body: Closure,
    scope: Scope,
    result: Type | None = None,
) -> Function:
    """Return a function value whose body sees its parameters and the scope where it was written."""

    def call(run: Run, arguments: list[Any]) -> Any:
        if len(arguments) != len(names):
            run.warn("bad_arguments", f"{name} takes {len(names)} arguments, not {len(arguments)}")
            return None
        values = []
        for parameter, value, wanted in zip(names, arguments, types, strict=True):
            fitted = coerce(value, wanted, run)
            if fitted is None and value is not None:
                run.warn("bad_arguments", f'{kind_of(value)} does not fit the parameter "{parameter}" of {name}')
                return None
            values.append(fitted)
        answer = body(scope.inner(dict(zip(names, values, strict=True))))
        fitted = answer if result is None else coerce(answer, result, run)
        if fitted is None and answer is not None:
            run.warn("wrong_type", f"{name}: {kind_of(answer)} does not fit the type of its result")
        return fitted

    return Function(name, names, call, parameter_types=types, result_type=result)


@compiles(tree.InstanceOf)
def _instance_of(node: tree.InstanceOf, depth: int) -> Closure:
    value, type_name = compile_node(node.value, depth), node.type

    def check(scope: Scope) -> bool | None:
        wanted = type_of_name(type_name, scope.run.types)
        if wanted is None:
            scope.run.warn("unknown_type", f'there is no type "{type_name.name}"')
            return None
        v = value(scope)
        return (
            v is not None and conforms(v, wanted, scope.run, allowed=False) if type_name.name != "Null" else v is None
        )

    return check
