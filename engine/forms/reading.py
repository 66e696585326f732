"""From the bytes of a `.form` file to components, with every problem found on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import regex

from engine.forms.component import CHOICES, CONTAINERS, TYPES, Component, Option, Rules
from engine.forms.expressions import expressions_in, is_expression, syntax_error
from engine.forms.form import Form
from engine.forms.options import option_of
from engine.model.problem import Problem

_KEY = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_SUBTYPES = ("date", "time", "datetime")
_REFUSED = {
    "html": "raw HTML is not shown; use a text component with Markdown",
    "iframe": "pages of other sites are not shown; put a link into a text component",
    "image": "pictures by address are not shown; attach the file",
}
_OWN = frozenset(
    {"id", "type", "key", "label", "description", "validate", "conditional", "readonly", "disabled", "defaultValue",
     "values", "components", "layout", "properties"}
)  # fmt: skip
MAX_COMPONENTS = 2_000
MAX_DEPTH = 20


def read(data: bytes, file: str) -> Form:
    """Read one form; never raises for bad input, `Form.problems` says all that is wrong."""
    reader = _Reader(file)
    try:
        schema = json.loads(data)
    except (ValueError, RecursionError) as error:
        reader.problem("", "json", f"this is not JSON: {error}")
        schema = {}
    if not isinstance(schema, dict):
        reader.problem("", "json", "a form is a JSON object with “id” and “components”")
        schema = {}
    key = schema.get("id")
    if not reader.problems and (not isinstance(key, str) or not key.strip()):
        reader.problem("", "form-id", "the form has no id; a task's formDefinition refers to it")
        key = ""
    components = reader.components(schema.get("components") or [], "", 0)
    properties = reader.texts(schema.get("properties"), "")
    reader.check_keys(components)
    return Form(
        key=str(key or ""),
        name=str(schema.get("name") or properties.get("name") or properties.get("record:name") or key or ""),
        file=file,
        components=components,
        properties=properties,
        source=MappingProxyType(schema),
        problems=tuple(reader.problems),
    )


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.count = 0

    def problem(self, path: str, rule: str, message: str, *, warning: bool = False, **params: Any) -> None:
        """Note a problem; with `params` the message is a template for them, so that pages can translate it."""
        text, template = (message.format_map(params), message) if params else (message, "")
        self.problems.append(Problem(self.file, path, rule, text, "warning" if warning else "error", template, params))

    def texts(self, value: Any, path: str) -> Mapping[str, str]:
        if value is None:
            return MappingProxyType({})
        if not isinstance(value, dict):
            self.problem(path, "form-attribute", "“properties” is an object of texts")
            return MappingProxyType({})
        return MappingProxyType({str(name): str(text) for name, text in value.items()})

    def components(self, found: Any, parent: str, depth: int) -> tuple[Component, ...]:
        if not isinstance(found, list) or depth > MAX_DEPTH:
            self.problem(parent, "form-component", "“components” is a list, at most 20 groups deep")
            return ()
        read = (self.component(one, parent, place, depth) for place, one in enumerate(found, start=1))
        return tuple(component for component in read if component is not None)

    def component(self, found: Any, parent: str, place: int, depth: int) -> Component | None:
        self.count += 1
        if self.count > MAX_COMPONENTS:
            if self.count == MAX_COMPONENTS + 1:
                self.problem(parent, "form-component", f"a form has at most {MAX_COMPONENTS} components")
            return None
        if not isinstance(found, dict):
            self.problem(f"{parent}/{place}" if parent else str(place), "form-component", "a component is an object")
            return None
        name = str(found.get("key") or found.get("id") or place)
        path = f"{parent}/{name}" if parent else name
        kind = found.get("type")
        if kind == "button":
            self.problem(path, "form-component", "the page has its own buttons; this one is left out", warning=True)
            return None
        if not isinstance(kind, str) or kind not in TYPES:
            mend = _REFUSED.get(str(kind), f"known are {', '.join(sorted(TYPES))}")
            self.problem(path, "form-component", f"component type “{kind}”: {mend}")
            return None
        made = Component(
            type=kind,
            path=path,
            label=self.text(found, "label", path),
            description=self.text(found, "description", path),
            rules=self.rules(found.get("validate"), path),
            hide=self.hide(found.get("conditional"), path),
            readonly=self.flag(found, "readonly", path),
            disabled=self.flag(found, "disabled", path),
            default=found.get("defaultValue"),
            options=self.options(found.get("values"), found, path) if kind in CHOICES | {"inspection"} else (),
            components=self.components(found.get("components") or [], path, depth + 1) if kind in CONTAINERS else (),
            attributes=MappingProxyType({k: v for k, v in found.items() if k not in _OWN}),
            properties=self.texts(found.get("properties"), path),
            **self.place(found.get("layout"), path),
            key=self.key(found, path) if kind in TYPES - CONTAINERS - {"text", "separator", "spacer"} else "",
        )
        self.check(made)
        return made

    def key(self, found: dict[str, Any], path: str) -> str:
        key = found.get("key")
        if isinstance(key, str) and _KEY.fullmatch(key):
            return key
        self.problem(path, "form-key", f"“key” names the variable: letters, digits, _ and points; found “{key}”")
        return ""

    def text(self, found: dict[str, Any], name: str, path: str) -> str:
        value = found.get(name)
        if value is None or isinstance(value, str):
            return value or ""
        self.problem(path, "form-attribute", f"“{name}” is a text")
        return ""

    def flag(self, found: dict[str, Any], name: str, path: str) -> bool:
        value = found.get(name)
        if is_expression(value):
            self.problem(path, "form-attribute", f"“{name}” is true or false, not an expression; use a hide condition")
            return True
        return value is True

    def hide(self, found: Any, path: str) -> str | None:
        hide = found.get("hide") if isinstance(found, dict) else found
        if hide in (None, "", False):
            return None
        if not is_expression(hide):
            self.problem(path, "form-condition", f"“hide” is FEEL: add “=” before {hide!r}")
            return None
        return str(hide)

    def place(self, found: Any, path: str) -> dict[str, Any]:
        if found is None:
            return {}
        columns = found.get("columns") if isinstance(found, dict) else "?"
        if columns is not None and (isinstance(columns, bool) or columns not in range(1, 17)):
            self.problem(path, "form-attribute", "“layout” has “columns” from 1 to 16")
            return {}
        row = found.get("row")
        return {"columns": columns, "row": row if isinstance(row, str) else None}

    def rules(self, found: Any, path: str) -> Rules:
        if found is None:
            return Rules()
        if not isinstance(found, dict):
            self.problem(path, "form-attribute", "“validate” is an object")
            return Rules()
        pattern = found.get("pattern")
        if pattern:
            try:
                regex.compile(str(pattern))
            except regex.error as error:
                self.problem(path, "form-pattern", f"the pattern cannot be read: {error}")
                pattern = None
        kind = found.get("validationType")
        return Rules(
            required=found.get("required") is True,
            min=self.number(found, "min", path),
            max=self.number(found, "max", path),
            min_length=self.whole(found, "minLength", path),
            max_length=self.whole(found, "maxLength", path),
            pattern=str(pattern) if pattern else None,
            kind=kind if kind in ("email", "phone") else None,
        )

    def number(self, found: dict[str, Any], name: str, path: str) -> float | None:
        value = found.get(name)
        if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
            return value
        self.problem(path, "form-attribute", f"“{name}” is a number")
        return None

    def whole(self, found: dict[str, Any], name: str, path: str) -> int | None:
        value = self.number(found, name, path)
        if value is not None and (value != int(value) or value < 0):
            self.problem(path, "form-attribute", f"“{name}” is a whole number")
            return None
        return None if value is None else int(value)

    def options(self, found: Any, component: dict[str, Any], path: str) -> tuple[Option, ...]:
        if found is None:
            return ()
        if not isinstance(found, list):
            self.problem(path, "form-options", "“values” is a list of {“label”, “value”}")
            return ()
        options = tuple(option for one in found if (option := option_of(one, component.get("properties"))) is not None)
        values = [str(option.value) for option in options]
        if len(options) < len(found):
            self.problem(path, "form-options", "each of “values” is a text, or an object with “label” and “value”")
        if len(set(values)) < len(values):
            self.problem(path, "form-options", "two of “values” have the same value")
        return options

    def check(self, component: Component) -> None:
        """Say what an owner must mend in this component."""
        if component.type in CHOICES and not component.options:
            sources = ("valuesKey", "valuesExpression")
            if not any(component.attribute(source) for source in sources):
                self.problem(
                    component.path, "form-options", "nothing to choose: add values, valuesKey or valuesExpression"
                )
        if component.type == "datetime" and component.attribute("subtype", "date") not in _SUBTYPES:
            self.problem(component.path, "form-attribute", f"“subtype” is one of {', '.join(_SUBTYPES)}")
        if component.type == "recordpicker" and not isinstance(component.attribute("recordType"), str):
            self.problem(component.path, "form-attribute", "“recordType” names the register to choose from")
        if component.type == "inspection" and not is_expression(component.attribute("itemsExpression")):
            self.problem(
                component.path, "form-attribute", "“itemsExpression” is FEEL that gives the items; start it with “=”"
            )
        for where, text in self.texts_with_feel(component):
            error = syntax_error(text)
            if error:
                self.problem(component.path, "feel", "{where}: {error}", where=where, error=error)

    @staticmethod
    def texts_with_feel(component: Component) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = [("conditional.hide", text) for text in expressions_in(component.hide)]
        if is_expression(component.default):
            found.append(("defaultValue", component.default.lstrip()[1:]))
        for name in ("valuesExpression", "itemsExpression"):
            value = component.attribute(name)
            if isinstance(value, str):
                found.append((name, value.lstrip().removeprefix("=")))
        shown = {"label": component.label, "description": component.description, "text": component.attribute("text")}
        for name, value in (*shown.items(), *component.properties.items()):
            if name.split(":")[0] in shown:
                found.extend((name, text) for text in expressions_in(value))
        return found

    def check_keys(self, components: tuple[Component, ...]) -> None:
        """Refuse two components that write the same variable, or one inside the other's value."""
        seen: dict[str, str] = {}
        for component in (inner for outer in components for inner in outer.walk() if inner.key):
            if component.key in seen:
                message = f"“{component.key}” is also the key of {seen[component.key]}; each variable has one field"
                self.problem(component.path, "form-key", message)
            seen[component.key] = component.path
        for key, path in seen.items():
            outer = next((other for other in seen if key.startswith(f"{other}.")), None)
            if outer is not None:
                self.problem(path, "form-key", f"“{key}” lies inside the value of “{outer}”")
