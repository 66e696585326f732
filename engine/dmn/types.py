"""Item definitions to FEEL types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.dmn.boxed import ItemDefinition
from engine.dmn.errors import Problem
from engine.feel import FeelError, Run, Scope, compile_unary_tests
from engine.feel.types import (
    SIMPLE_NAMES,
    AllowedType,
    AnyType,
    ContextType,
    FunctionType,
    ListType,
    SimpleType,
    Type,
    coerce,
)
from engine.feel.values import kind_of

_ALIASES = {"integer": "number", "long": "number", "double": "number", "int": "number", "float": "number"}


class Types(Mapping[str, Type]):
    """The types that a file names: its own, and those of its imports under `import.name`."""

    def __init__(self, definitions: tuple[ItemDefinition, ...], imported: Mapping[str, Mapping[str, Type]]) -> None:
        self.problems: list[Problem] = []
        self._definitions = {d.name: d for d in definitions}
        self._imported = imported
        self._made: dict[str, Type] = {}
        self._making: set[str] = set()
        for name in self._definitions:
            self[name]

    def __getitem__(self, name: str) -> Type:
        if name in self._made:
            return self._made[name]
        if name in self._definitions:
            if name in self._making:
                return AnyType()
            self._making.add(name)
            self._made[name] = self._make(self._definitions[name])
            self._making.discard(name)
            return self._made[name]
        prefix, dot, rest = name.partition(".")
        if dot and prefix in self._imported:
            return self._imported[prefix][rest]
        return self._imported[""][name]

    def __iter__(self) -> Iterator[str]:
        yield from self._definitions
        for prefix, types in self._imported.items():
            yield from (f"{prefix}.{name}" if prefix else name for name in types)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def find(self, name: str | None) -> Type | None:
        """Return the type of a `typeRef`; None for none, Any, or one that is unknown."""
        if not name or name == "Any":
            return None
        try:
            return self[name]
        except KeyError:
            pass
        name = _ALIASES.get(name, name)
        return SimpleType(SIMPLE_NAMES[name]) if name in SIMPLE_NAMES else None

    def is_known(self, name: str | None) -> bool:
        """Say whether a `typeRef` means something."""
        return not name or name == "Any" or self.find(name) is not None

    def _make(self, item: ItemDefinition) -> Type:
        made: Type
        if item.components:
            made = ContextType(tuple((c.name, self._make(c)) for c in item.components))
        elif item.function is not None:
            parameters = tuple(self.find(p) or AnyType() for p in item.function.parameters)
            made = FunctionType(parameters, self.find(item.function.result) or AnyType())
        else:
            if not self.is_known(item.type_ref):
                self.problems.append(
                    Problem(item.id, "dmn.unknown_type", f'there is no type "{item.type_ref}"', item.line)
                )
            made = self.find(item.type_ref) or AnyType()
        made = self._restricted(made, item.allowed, item)
        if item.is_collection:
            made = ListType(made)
        return self._restricted(made, item.constraint, item)

    def _restricted(self, base: Type, tests: str | None, item: ItemDefinition) -> Type:
        if not tests:
            return base
        try:
            return AllowedType(base, allows(tests))
        except FeelError as error:
            self.problems.append(
                Problem(item.id, "dmn.feel", f"allowed values: {error.message}", item.line, tests[:80], error)
            )
            return base


def fit(scope: Scope, value: Any, wanted: Type | None, what: str) -> Any:
    """Return the value as its declared type takes it; null with a warning where it does not fit."""
    if wanted is None or value is None:
        return value
    fitted = coerce(value, wanted, scope.run)
    if fitted is None:
        scope.run.warn("wrong_type", f"{what}: {kind_of(value)} does not fit the declared type")
    return fitted


def allows(tests: str) -> Callable[[Any], bool]:
    """Return the check of allowed values written as unary tests. Raises FeelError."""
    compiled = compile_unary_tests(tests)
    return lambda value: compiled.run(Scope({}, None, Run()), value)
