"""Boxed expressions to closures over FEEL scopes; faults are collected, and a faulty part evaluates to null."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.dmn import boxed
from engine.dmn.errors import Problem
from engine.dmn.tables import TableCompiler
from engine.dmn.types import Types, fit
from engine.feel import CompiledTests, FeelError, FeelSyntaxError, Scope, compile_expression, compile_unary_tests
from engine.feel.calls import find_function, invoke_named, make_function
from engine.feel.run import Closure
from engine.feel.sequences import make_filter, make_loop, make_quantifier
from engine.feel.types import AnyType, FunctionType, Type
from engine.feel.values import kind_of


class Compiler:
    """Compiles the expressions of one file; `owner` is the decision under way."""

    def __init__(self, names: frozenset[str], types: Types, problems: list[Problem]) -> None:
        self.names = names
        self.types = types
        self.problems = problems
        self.owner = ""

    def problem(self, element: str, rule: str, message: str, line: int | None) -> None:
        """Keep a fault."""
        self.problems.append(Problem(element or self.owner, rule, message, line))

    def expression(self, text: str, element: str, line: int | None) -> Closure:
        """Return the closure of FEEL text."""
        try:
            return compile_expression(text, self.names).closure
        except FeelError as error:
            return self._unreadable(text, element, line, error)

    def tests(self, text: str, element: str, line: int | None) -> CompiledTests | None:
        """Return a compiled cell; None where it cannot be read."""
        try:
            return compile_unary_tests(text, self.names)
        except FeelError as error:
            self._unreadable(text, element, line, error)
            return None

    def is_feel(self, language: str | None, element: str, line: int | None) -> bool:
        """Say whether an expression is FEEL; report one in another language."""
        if not language or language.rstrip("/").rpartition("/")[2].lower() == "feel":
            return True
        self.problem(element, "dmn.language", f'expressions in "{language}" are not run; write FEEL', line)
        return False

    def _unreadable(self, text: str, element: str, line: int | None, error: FeelError) -> Closure:
        if line is not None and isinstance(error, FeelSyntaxError):
            line += error.line - 1
        short, message = text[:80], error.message
        self.problems.append(Problem(element or self.owner, "dmn.feel", f"{short}: {message}", line, short, error))

        def unreadable(scope: Scope) -> None:
            scope.run.warn("unreadable", message)

        return unreadable

    def check_type(self, type_ref: str | None, element: str, line: int | None) -> None:
        """Report a type that does not exist."""
        if not self.types.is_known(type_ref):
            self.problem(element, "dmn.unknown_type", f'there is no type "{type_ref}"', line)

    def compile(self, expression: boxed.Boxed | None) -> Closure:
        """Return the closure of any boxed expression; nothing is null."""
        if expression is None:
            return _null
        self.check_type(expression.type_ref, expression.id, expression.line)
        closure = _COMPILERS[type(expression)](self, expression)
        wanted = self.types.find(expression.type_ref)
        if wanted is None or isinstance(expression, boxed.Function):
            return closure
        what = expression.id or self.owner
        return lambda scope: fit(scope, closure(scope), wanted, what)

    def _literal(self, node: boxed.Literal) -> Closure:
        if not self.is_feel(node.language, node.id, node.line) or not node.text:
            return _null
        return self.expression(node.text, node.id, node.line)

    def _table(self, node: boxed.Table) -> Closure:
        return TableCompiler(self, node).compile()

    def _context(self, node: boxed.Context) -> Closure:
        entries: list[tuple[str | None, Closure, Type | None]] = []
        outer = self.names
        for entry in node.entries:
            self.check_type(entry.type_ref, node.id, node.line)
            entries.append((entry.name, self.compile(entry.value), self.types.find(entry.type_ref)))
            self.names = self.names | {entry.name or ""}
        self.names = outer

        def build(scope: Scope) -> Any:
            result: dict[str, Any] = {}
            inner = scope.inner(result)
            for name, closure, wanted in entries:
                value = fit(inner, closure(inner), wanted, name or "result")
                if name is None:
                    return value
                result[name] = value
            return result

        return build

    def _list(self, node: boxed.List) -> Closure:
        items = [self.compile(i) for i in node.items]
        return lambda scope: [item(scope) for item in items]

    def _relation(self, node: boxed.Relation) -> Closure:
        rows = [[self.compile(cell) for cell in row] for row in node.rows]
        columns = node.columns
        if any(len(row) != len(columns) for row in rows):
            self.problem(node.id, "dmn.relation", "a row has not as many cells as there are columns", node.line)

        def build(scope: Scope) -> list[Any]:
            return [dict(zip(columns, [cell(scope) for cell in row], strict=False)) for row in rows]

        return build

    def _invocation(self, node: boxed.Invocation) -> Closure:
        bindings = [(name, self.compile(value)) for name, value in node.bindings]
        called = node.called
        function = self.compile(called)
        name = called.text if isinstance(called, boxed.Literal) else ""

        def invoke(scope: Scope) -> Any:
            callee = (find_function(scope, name) if name else None) or function(scope)
            return invoke_named(scope.run, callee, {key: value(scope) for key, value in bindings})

        return invoke

    def _function(self, node: boxed.Function) -> Closure:
        return self.function_builder(node, "function")

    def function_builder(self, node: boxed.Function, name: str, result: str | None = None) -> Callable[[Scope], Any]:
        """Return what makes the function value of a definition in a scope."""
        for parameter in node.parameters:
            self.check_type(parameter.type_ref, node.id, node.line)
        names = tuple(p.name for p in node.parameters)
        types = tuple(self.types.find(p.type_ref) or AnyType() for p in node.parameters)
        result_type = self.types.find(result) or self.types.find(node.type_ref)
        if isinstance(result_type, FunctionType):
            result_type = result_type.result
        if node.kind != "FEEL":
            self.problem(node.id, "dmn.language", f"functions in {node.kind} are not run", node.line)
            body: Closure = _external
        else:
            outer, self.names = self.names, self.names.union(names)
            body = self.compile(node.body)
            self.names = outer
        return lambda scope: make_function(name, names, types, body, scope, result_type)

    def _conditional(self, node: boxed.Conditional) -> Closure:
        condition, yes, no = map(self.compile, (node.condition, node.yes, node.no))

        def choose(scope: Scope) -> Any:
            chosen = condition(scope)
            if chosen is not None and type(chosen) is not bool:
                scope.run.warn("wrong_type", f"a condition must be true or false, not {kind_of(chosen)}")
                return None
            return yes(scope) if chosen is True else no(scope)

        return choose

    def _filter(self, node: boxed.Filter) -> Closure:
        return make_filter(self.compile(node.source), self.compile(node.match))

    def _iterator(self, node: boxed.Iterator) -> Closure:
        parts: list[Any] = [(node.variable, self.compile(node.source), None)]
        outer, self.names = self.names, self.names | {node.variable}
        body = self.compile(node.body)
        self.names = outer
        if node.kind == "for":
            return make_loop(parts, body)
        return make_quantifier(node.kind == "every", parts, body, strict=True)


def _null(scope: Scope) -> None:
    return None


def _external(scope: Scope) -> None:
    scope.run.warn("external_function", "functions of other languages are not run")


_COMPILERS: dict[type[boxed.Boxed], Callable[[Compiler, Any], Closure]] = {
    boxed.Literal: Compiler._literal,
    boxed.Table: Compiler._table,
    boxed.Context: Compiler._context,
    boxed.List: Compiler._list,
    boxed.Relation: Compiler._relation,
    boxed.Invocation: Compiler._invocation,
    boxed.Function: Compiler._function,
    boxed.Conditional: Compiler._conditional,
    boxed.Filter: Compiler._filter,
    boxed.Iterator: Compiler._iterator,
}
