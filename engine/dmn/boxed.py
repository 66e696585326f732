"""A decision file as plain values: the requirement graph and the boxed expressions in it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to another element; `namespace` is None inside the same file."""

    id: str
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class Boxed:
    """Any expression of a decision file."""

    id: str
    type_ref: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Literal(Boxed):
    """FEEL text; `language` where it says another than FEEL."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """An input or output clause of a table. `values` are its allowed values, `default` its default output.

    `language` is set where its expression says one.
    """

    id: str
    label: str
    text: str
    type_ref: str | None
    values: str | None
    default: str | None
    line: int | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one entry of a rule."""

    id: str
    text: str
    line: int | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a table."""

    id: str
    inputs: tuple[Cell, ...]
    outputs: tuple[Cell, ...]
    annotations: tuple[str, ...]
    line: int | None


@dataclass(frozen=True, slots=True)
class Table(Boxed):
    """A decision table; `hit_policy` and `aggregation` are written as in the standard."""

    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]
    hit_policy: str
    aggregation: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A context entry; without a name it is the context's result."""

    name: str | None
    type_ref: str | None
    value: Boxed | None


@dataclass(frozen=True, slots=True)
class Context(Boxed):
    """Named values, each seeing those before it."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class List(Boxed):
    """A list of expressions."""

    items: tuple[Boxed, ...]


@dataclass(frozen=True, slots=True)
class Relation(Boxed):
    """A list of contexts with the same names."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Boxed, ...], ...]


@dataclass(frozen=True, slots=True)
class Invocation(Boxed):
    """A function called with named parameters."""

    called: Boxed | None
    bindings: tuple[tuple[str, Boxed | None], ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A formal parameter."""

    name: str
    type_ref: str | None


@dataclass(frozen=True, slots=True)
class Function(Boxed):
    """A function definition; `kind` is FEEL, Java or PMML."""

    parameters: tuple[Parameter, ...]
    body: Boxed | None
    kind: str


@dataclass(frozen=True, slots=True)
class Conditional(Boxed):
    """If, then, else."""

    condition: Boxed
    yes: Boxed
    no: Boxed


@dataclass(frozen=True, slots=True)
class Filter(Boxed):
    """The items of a list that match."""

    source: Boxed
    match: Boxed


@dataclass(frozen=True, slots=True)
class Iterator(Boxed):
    """`kind` for, some or every over a list."""

    kind: str
    variable: str
    source: Boxed
    body: Boxed


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A named type."""

    name: str
    type_ref: str | None
    is_collection: bool
    allowed: str | None
    constraint: str | None
    components: tuple[ItemDefinition, ...]
    function: FunctionItem | None
    id: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class FunctionItem:
    """A function type."""

    parameters: tuple[str | None, ...]
    result: str | None


@dataclass(frozen=True, slots=True)
class Drg:
    """Any element of the requirement graph; `variable` is the name under which expressions see it."""

    id: str
    name: str
    variable: str
    type_ref: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class InputData(Drg):
    """A value given from outside."""


@dataclass(frozen=True, slots=True)
class Decision(Drg):
    """A decision with its logic and what it requires."""

    expression: Boxed | None
    requires: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Knowledge(Drg):
    """A business knowledge model."""

    function: Function | None
    requires: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Service(Drg):
    """A decision service."""

    outputs: tuple[Reference, ...]
    input_decisions: tuple[Reference, ...]
    input_data: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """Another file used under a name."""

    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """One file."""

    id: str
    name: str
    namespace: str
    elements: tuple[Drg, ...]
    types: tuple[ItemDefinition, ...]
    imports: tuple[Import, ...]
    names: frozenset[str] = field(default=frozenset())
    """Every name that the file introduces, for the lexer."""
