"""The requirement graph: what each element sees, and its value (DMN 10.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.dmn import boxed
from engine.dmn.errors import DmnError, Problem
from engine.dmn.logic import Compiler
from engine.dmn.run import DecisionRun
from engine.dmn.types import Types, fit
from engine.feel import Function, Scope, to_feel
from engine.feel.run import Closure


class Linked:
    """A file whose expressions are compiled and whose imports are found."""

    def __init__(
        self, definitions: boxed.Definitions, others: list[boxed.Definitions], path: tuple[str, ...] = ()
    ) -> None:
        self.path = path
        if len(path) > 10:
            raise DmnError("the files import each other", code="dmn.import", element=definitions.id)
        self.definitions = definitions
        self.problems: list[Problem] = []
        self.imports: dict[str, Linked] = {}
        self.types: Types
        for wanted in definitions.imports:
            found = next((o for o in others if o.namespace == wanted.namespace and o is not definitions), None)
            if found is not None:
                self.imports[wanted.name] = Linked(found, others, (*path, wanted.name))
            elif wanted.namespace:
                self.problems.append(
                    Problem(wanted.name, "dmn.import", f'no file has the namespace "{wanted.namespace}"')
                )
        self.elements = {e.id: e for e in definitions.elements}
        self.types = Types(definitions.types, {name: linked.types for name, linked in self.imports.items()})
        self.problems += self.types.problems
        names = definitions.names.union(*(linked.definitions.names for linked in self.imports.values()))
        self._compiler = Compiler(names, self.types, self.problems)
        self._closures: dict[str, Closure] = {}
        self._functions: dict[str, Callable[[Scope], Function]] = {}
        for element in definitions.elements:
            self._compile(element)

    def _compile(self, element: boxed.Drg) -> None:
        compiler = self._compiler
        compiler.owner = element.id
        compiler.check_type(element.type_ref, element.id, element.line)
        if isinstance(element, boxed.Decision):
            if element.expression is None:
                compiler.problem(element.id, "dmn.no_logic", "the decision has no logic", element.line)
            self._closures[element.id] = compiler.compile(element.expression)
        elif isinstance(element, boxed.Knowledge):
            if element.function is None:
                compiler.problem(element.id, "dmn.no_logic", "the knowledge model has no logic", element.line)
            else:
                build = compiler.function_builder(element.function, element.name, element.type_ref)
                self._functions[element.id] = build
        for reference in _references(element):
            if self.resolve(reference) is None:
                compiler.problem(element.id, "dmn.reference", f'there is no element "{reference.id}"', element.line)

    def find(self, name: str) -> boxed.Drg | None:
        """Return the decision, service or knowledge model of that id or name."""
        callable_ = [e for e in self.definitions.elements if not isinstance(e, boxed.InputData)]
        by_id = next((e for e in callable_ if e.id == name), None)
        return by_id or next((e for e in callable_ if e.name == name), None)

    def resolve(self, reference: boxed.Reference) -> tuple[str, Linked, boxed.Drg] | None:
        """Return the import's name ("" for this file), the file and the element of a link."""
        if reference.id in self.elements and reference.namespace in (None, self.definitions.namespace):
            return "", self, self.elements[reference.id]
        for name, linked in self.imports.items():
            same = reference.namespace in (None, linked.definitions.namespace)
            if same and reference.id in linked.elements:
                return name, linked, linked.elements[reference.id]
        return None

    def decide(self, element: boxed.Decision, scope: Scope) -> Any:
        """Return the value of a decision whose requirements are in scope."""
        return self._closures[element.id](scope)

    def function(self, element: boxed.Knowledge, scope: Scope) -> Function | None:
        """Return the function of a knowledge model."""
        build = self._functions.get(element.id)
        return None if build is None else build(scope)


def _references(element: boxed.Drg) -> tuple[boxed.Reference, ...]:
    if isinstance(element, (boxed.Decision, boxed.Knowledge)):
        return element.requires
    if isinstance(element, boxed.Service):
        return element.outputs + element.input_decisions + element.input_data
    return ()


class Session:
    """Values of one evaluation: those given, and those of the decisions made so far."""

    def __init__(
        self, run: DecisionRun, given: Mapping[str, Any], fixed: dict[tuple[int, str], Any] | None = None
    ) -> None:
        self.run = run
        self.given = given
        self.root = Scope(given, None, run)
        self.values: dict[tuple[int, str], Any] = dict(fixed or {})
        self.under_way: set[tuple[int, str]] = set()

    def invoke(self, linked: Linked, element: boxed.Drg) -> Any:
        """Return the value of an element asked for by name."""
        if isinstance(element, boxed.Decision):
            return self.decision(linked, element)
        function = self._function(linked, element)
        if function is None:
            return None
        missing = [p for p in function.parameters if p not in self.given]
        if missing:
            self.run.warn("missing_input", f"not given: {', '.join(missing)}")
        return function.call(self.run, [to_feel(self.given.get(p)) for p in function.parameters])

    def decision(self, linked: Linked, element: boxed.Decision) -> Any:
        """Return the value of a decision, made at most once."""
        key = (id(linked), element.id)
        if key in self.values:
            return self.values[key]
        if key in self.under_way:
            self.run.warn("cycle", f'the decision "{element.name}" requires itself')
            return None
        self.under_way.add(key)
        try:
            scope = self.root.inner(self._frame(linked, element.requires))
            outer, self.run.types = self.run.types, linked.types
            value = linked.decide(element, scope)
            value = fit(scope, value, linked.types.find(element.type_ref), element.name)
            self.run.types = outer
        finally:
            self.under_way.discard(key)
        self.values[key] = value
        return value

    def _frame(
        self, linked: Linked, requires: tuple[boxed.Reference, ...], prefix: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Return the names that requirements bring into scope."""
        frame: dict[str, Any] = {}
        for reference in requires:
            resolved = linked.resolve(reference)
            if resolved is None:
                continue
            place, owner, element = resolved
            target = frame
            if place:
                target = frame.setdefault(place, {})
            if isinstance(element, boxed.InputData):
                found, value = self._input(owner, element)
                if found:
                    target[element.variable] = value
            elif isinstance(element, boxed.Decision):
                target[element.variable] = self.decision(owner, element)
            else:
                target[element.variable] = self._function(owner, element)
        return frame

    def _input(self, linked: Linked, element: boxed.InputData) -> tuple[bool, Any]:
        key = (id(linked), element.id)
        if key in self.values:
            return True, self.values[key]
        source = self._place(linked.path, element.variable)
        if source is None:
            self.run.warn("missing_input", f'the input "{element.variable}" is not given')
            return False, None
        value = fit(self.root, to_feel(source[element.variable]), linked.types.find(element.type_ref), element.variable)
        self.values[key] = value
        return True, value

    def _place(self, path: tuple[str, ...], name: str) -> Mapping[str, Any] | None:
        """Return where the value of an input is given: below the names of the imports that lead to it, or beside them."""
        for start in range(len(path) + 1):
            at: Any = self.given
            for step in path[start:]:
                at = at.get(step) if isinstance(at, Mapping) else None
            if isinstance(at, Mapping) and name in at:
                return at
        return None

    def _function(self, linked: Linked, element: boxed.Drg) -> Function | None:
        if isinstance(element, boxed.Service):
            return self._service(linked, element)
        assert isinstance(element, boxed.Knowledge)
        shell = linked.function(element, Scope({}, None, self.run))
        if shell is None:
            return None

        def call(run: Any, arguments: list[Any]) -> Any:
            outer, run.types = run.types, linked.types
            try:
                frame = self._frame(linked, element.requires)
                function = linked.function(element, Scope(frame, None, run))
                assert function is not None
                frame.setdefault(element.variable, function)
                return function.call(run, arguments)
            finally:
                run.types = outer

        return Function(
            element.name, shell.parameters, call,
            parameter_types=shell.parameter_types, result_type=shell.result_type,
        )  # fmt: skip

    def _service(self, linked: Linked, service: boxed.Service) -> Function:
        resolved = [linked.resolve(r) for r in (*service.input_data, *service.input_decisions)]
        inputs = [(place, owner, element) for place, owner, element in (r for r in resolved if r is not None)]
        names = tuple(f"{place}.{e.variable}" if place else e.variable for place, _, e in inputs)

        result = linked.types.find(service.type_ref)

        def call(run: Any, arguments: list[Any]) -> Any:
            if len(arguments) != len(names):
                run.warn("bad_arguments", f"{service.name} takes {len(names)} arguments, not {len(arguments)}")
                return None
            fixed = {}
            for (_, owner, element), argument in zip(inputs, arguments, strict=True):
                value = fit(self.root, argument, owner.types.find(element.type_ref), element.variable)
                if value is None and argument is not None:
                    return None
                fixed[id(owner), element.id] = value
            inner = Session(run, {e.variable: fixed[id(o), e.id] for _, o, e in inputs}, fixed)
            return fit(inner.root, inner._outputs(linked, service), result, service.name)

        return Function(service.name, names, call, result_type=result)

    def _outputs(self, linked: Linked, service: boxed.Service) -> Any:
        values = {}
        for reference in service.outputs:
            resolved = linked.resolve(reference)
            if resolved is not None and isinstance(resolved[2], boxed.Decision):
                values[resolved[2].variable] = self.decision(resolved[1], resolved[2])
        return next(iter(values.values())) if len(service.outputs) == 1 and values else values
