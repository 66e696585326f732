"""A register's form: which field is the key, how a record is called, what a search finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.forms import messages as say
from engine.forms.component import Component, Values, find, is_empty
from engine.forms.expressions import Functions, evaluate, is_expression, syntax_error, words
from engine.forms.form import Form
from engine.forms.reading import read
from engine.model.errors import InvalidInput
from engine.model.problem import Problem

_KEYS = frozenset({"textfield", "number", "select", "radio", "recordpicker"})
_LONGEST_KEY = 255
_LONGEST_SEARCH = 4_000


@dataclass(frozen=True)
class RecordTypeForm:
    """One register, read from `forms/records/<type>.form`."""

    type: str
    form: Form
    key_field: str
    title_expression: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def validate(
        self,
        raw: Mapping[str, Any],
        present: Mapping[str, Any] | None = None,
        *,
        now: datetime,
        functions: Functions | None = None,
    ) -> Values:
        """Return the whole record to store; raises InvalidInput.

        `present` is the record that it replaces: the key stays, and so do fields that cannot be edited. Without it, as
        for a new record, an import or a service's own writing, fields that pages show locked are open.
        """
        kept: Values = {}
        for component in self.form.inputs:
            top = component.key.split(".")[0]
            if present and component.is_locked and top in present:
                kept[top] = present[top]
        filling = self.form.fill(kept, now=now, functions=functions)
        data = kept | filling.validate(raw, unlocked=present is None)
        key = self.key_of(data)
        wrong = (
            say.REQUIRED
            if not key
            else say.too_long(_LONGEST_KEY)
            if len(key) > _LONGEST_KEY
            else say.KEY_SIGN
            if "/" in key or key in (".", "..")
            else say.KEY_KEPT
            if present is not None and key != self.key_of(present)
            else None
        )
        if wrong:
            raise InvalidInput({self.key_field: [wrong]})
        return data

    def key_of(self, data: Mapping[str, Any]) -> str:
        value = find(data, self.key_field)
        return "" if is_empty(value) else str(value).strip()

    def title_of(self, data: Mapping[str, Any], *, now: datetime | None = None) -> str:
        """Return what the record is called in lists; its key where the expression gives nothing."""
        title = evaluate(self.title_expression, data, now=now, functions={}) if self.title_expression else None
        return words(title).strip()[:500] or self.key_of(data)

    def search_text(self, data: Mapping[str, Any], *, now: datetime | None = None) -> str:
        """Return the words that a search looks through, in small letters: the title and every text and number."""
        found = [self.title_of(data, now=now)]
        _collect(data, found)
        return " ".join(dict.fromkeys(found)).lower()[:_LONGEST_SEARCH]

    @cached_property
    def editing(self) -> Form:
        """The form for a record that is there: its key is shown and stays."""
        return replace(self.form, components=tuple(_locked(one, self.key_field) for one in self.form.components))

    @property
    def columns(self) -> tuple[Component, ...]:
        """The fields that a list of records has room for: short ones, the key left out."""
        short = {"textfield", "number", "datetime", "select", "radio", "checkbox", "recordpicker"}
        return tuple(one for one in self.form.inputs if one.type in short and one.key != self.key_field)

    def name_in(self, locale: str) -> str:
        return self.names.get(locale) or self.name


def is_record_type(form: Form) -> bool:
    return "record:key" in form.properties


def read_record_type(data: bytes, file: str) -> RecordTypeForm:
    """Read a register's form; never raises for bad input, `problems` says all that is wrong."""
    form = read(data, file)
    problems = list(form.problems)
    key_field = form.properties.get("record:key", "")
    title = form.properties.get("record:title", "")
    component = form.component(key_field)
    if not key_field:
        problems.append(Problem(file, "", "record-key", "add the property “record:key” with the key of a field"))
    elif component is None or component.type not in _KEYS:
        message = f"“record:key” names “{key_field}”, which is no text, number or choice of this form"
        problems.append(Problem(file, "", "record-key", message))
    elif not component.rules.required:
        problems.append(Problem(file, component.path, "record-key", "the key field must be required"))
    if title and not is_expression(title):
        problems.append(Problem(file, "", "record-title", "“record:title” is FEEL: start it with “=”"))
    elif title and (error := syntax_error(title.lstrip()[1:])):
        params = {"where": "record:title", "error": error}
        problems.append(Problem(file, "", "feel", f"record:title: {error}", template="{where}: {error}", params=params))
    prefix = "record:name:"
    return RecordTypeForm(
        type=form.key,
        form=form,
        key_field=key_field,
        title_expression=title,
        name=form.properties.get("record:name") or form.name,
        names={name[len(prefix) :]: text for name, text in form.properties.items() if name.startswith(prefix)},
        problems=tuple(problems),
    )


def _locked(component: Component, key: str) -> Component:
    if component.key == key:
        return replace(component, readonly=True)
    return replace(component, components=tuple(_locked(inner, key) for inner in component.components))


def _collect(value: Any, found: list[str], depth: int = 0) -> None:
    if depth > 10:
        return
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            _collect(one, found, depth + 1)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != "":
        found.append(str(value))
