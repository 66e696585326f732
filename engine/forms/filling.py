"""One filling-in of a form: what is shown over the given variables, and what is taken from an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from marshmallow import RAISE, Schema, ValidationError, fields

from engine.forms import messages as say
from engine.forms.component import Component, Option, Values, drop, find, flatten, has, is_empty, put
from engine.forms.expressions import Functions, evaluate, fill, is_expression
from engine.forms.fields import FIELDS, Answer
from engine.forms.inspection import Inspection, Item, items_of
from engine.forms.options import option_of
from engine.model.errors import InvalidInput

if TYPE_CHECKING:
    from engine.forms.form import Form


class Filling:
    """A form over the variables that its task sees.

    `functions` are FEEL's host functions; of them `record(type, key)` proves what a record picker sends and
    `attachment(id)` what a file picker sends, where given. Dates without an offset are of `zone`.
    """

    def __init__(
        self, form: Form, data: Mapping[str, Any], *, now: datetime, functions: Functions, zone: tzinfo = UTC
    ) -> None:
        self.form = form
        self.data = data
        self.now = now
        self.functions = functions
        self.zone = zone
        self._items: dict[str, tuple[Item, ...] | None] = {}

    # --- what is shown ---------------------------------------------------------------------------------------

    def initial(self) -> Values:
        """Return the first value of every input by dotted path: the variable, else the default, else empty."""
        return {component.key: self.first(component) for component in self.form.inputs}

    def first(self, component: Component) -> Any:
        if has(self.data, component.key):
            return find(self.data, component.key)
        if is_expression(component.default):
            return self.evaluate(component.default)
        return component.empty() if component.default is None else component.default

    def evaluate(self, expression: str, values: Mapping[str, Any] | None = None) -> Any:
        return evaluate(expression, values or self.data, now=self.now, functions=self.functions)

    def text(
        self,
        component: Component,
        name: str,
        locale: str = "en",
        *,
        show: Callable[[Any], str] | None = None,
        markdown: bool = False,
    ) -> str:
        """Return the label, description or text in the language, its expressions filled in as `show` writes values."""
        text = component.text(name, locale)
        return fill(text, self.data, now=self.now, functions=self.functions, show=show, markdown=markdown)

    def options(self, component: Component) -> tuple[Option, ...]:
        """Return what can be chosen: written in the form, read from a variable, or computed."""
        if component.options:
            return component.options
        found = None
        if expression := component.attribute("valuesExpression"):
            found = self.evaluate(expression)
        elif key := component.attribute("valuesKey"):
            found = find(self.data, key)
        if not isinstance(found, list):
            return ()
        return tuple(option for one in found if (option := option_of(one, component.properties)) is not None)

    def items(self, component: Component) -> tuple[Item, ...] | None:
        """Return the checklist of an inspection; None where the expression gives none."""
        if component.path not in self._items:
            self._items[component.path] = items_of(self.evaluate(component.attribute("itemsExpression", "")))
        return self._items[component.path]

    def hidden(self, values: Mapping[str, Any]) -> frozenset[str]:
        """Return the paths of the components that are hidden over the values (by dotted path), in document order.

        What is hidden has no value for the conditions after it.
        """
        seen: Values = dict(self.data)
        for key, value in values.items():
            put(seen, key, value)
        found: set[str] = set()
        for component in self.form.components:
            self._hide(component, seen, found)
        return frozenset(found)

    def _hide(self, component: Component, seen: Values, found: set[str]) -> None:
        if component.hide and self.evaluate(component.hide, seen) is True:
            for inner in component.walk():
                found.add(inner.path)
                if inner.key:
                    drop(seen, inner.key)
            return
        for inner in component.components:
            self._hide(inner, seen, found)

    # --- what is taken ---------------------------------------------------------------------------------------

    def record(self, record_type: str, key: str) -> Any:
        find_record = self.functions.get("record")
        return find_record(record_type, key) if find_record else {}

    def attachment(self, key: str) -> Any:
        find_attachment = self.functions.get("attachment")
        return find_attachment(key) if find_attachment else {}

    def schema(self, hidden: frozenset[str], *, unlocked: bool = False) -> Schema:
        """Return the rules of what is shown and open, a field for each dotted path; anything else is refused."""
        rules: dict[str, fields.Field[Any]] = {
            component.key: _field(component, self)
            for component in self.form.inputs
            if component.path not in hidden and (unlocked or not component.is_locked)
        }
        return Schema.from_dict(rules, name="Form")(unknown=RAISE)

    def validate(self, raw: Mapping[str, Any], *, unlocked: bool = False) -> Values:
        """Return the variables that the answer sets; raises InvalidInput with a message for each wrong field.

        Inputs not mentioned keep their first value; hidden ones are dropped; locked ones may be sent unchanged, or are
        taken like any other with `unlocked`.
        """
        flat = flatten(raw, self.form.keys)
        first = self.initial()
        errors: dict[str, list[str]] = {key: [say.UNKNOWN] for key in flat if key not in self.form.keys}
        answers = first | {key: value for key, value in flat.items() if key in self.form.keys}
        locked = {component.key for component in self.form.inputs if component.is_locked and not unlocked}
        answers |= {key: first[key] for key in locked}
        hidden = self.hidden(answers)
        shown = {component.key: component for component in self.form.inputs if component.path not in hidden}
        for key in locked & flat.keys() & shown.keys():
            if not _same(flat[key], first[key]):
                errors[key] = [say.READ_ONLY]
        taken: Values = {}
        try:
            loaded = self.schema(hidden, unlocked=unlocked).load(
                {key: answers[key] for key in shown if key not in locked}
            )
            taken = flatten(loaded, self.form.keys)  # marshmallow takes dotted names apart
        except ValidationError as error:
            errors |= _by_path(error.messages)
        if errors:
            raise InvalidInput(errors)
        for key in locked & shown.keys():
            if shown[key].readonly and not has(self.data, key) and not is_empty(first[key]):
                taken[key] = first[key]
        return self._variables(taken)

    def _variables(self, taken: Values) -> Values:
        variables: Values = {}
        for key, value in taken.items():
            top = key.split(".")[0]
            if top != key and top not in variables and isinstance(self.data.get(top), Mapping):
                variables[top] = dict(self.data[top])
            put(variables, key, value)
        return variables


def _field(component: Component, filling: Filling) -> Answer:
    return (Inspection if component.type == "inspection" else FIELDS[component.type])(component, filling)


def _same(sent: Any, present: Any) -> bool:
    return sent == present or (is_empty(sent) and is_empty(present)) or str(sent) == str(present)


def _by_path(messages: Any, prefix: str = "") -> dict[str, list[str]]:
    """Flatten marshmallow's nested messages to dotted paths."""
    found: dict[str, list[str]] = {}
    for name, inner in messages.items():
        path = f"{prefix}{name}"
        if isinstance(inner, Mapping):
            found |= _by_path(inner, f"{path}.")
        else:
            found[path] = list(inner)
    return found
