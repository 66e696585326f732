"""A form over its data, laid out for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import render_template
from flask_babel import gettext
from markupsafe import Markup

from engine.feel import Compiled, FeelError, compile_expression
from engine.forms import Component, Filling, Form
from engine.forms.component import find, flatten
from engine.forms.fields import option_text
from web import current
from web.forms import lookups
from web.forms.checklist import checklist
from web.forms.fields import Complaint, FieldShown, FormShown, Part, Section
from web.forms.naming import anchor, name_of
from web.forms.shown import FileShown, OptionShown, Picked
from web.forms.texts import language, markdown, say, shown, typed, zone

if TYPE_CHECKING:
    from engine.queries.tasks import FormView

FULL = 16
HALF = 8
_SHORT = frozenset({"textfield", "number", "datetime", "select", "recordpicker"})

Errors = Mapping[str, Sequence[str]]


def render_form(
    view: FormView, values: Mapping[str, Any] | None = None, errors: Errors | None = None, *, readonly: bool = False
) -> Markup:
    """Draw a task's or start form: as it is first, or with what was typed and what is wrong with it."""
    assert view.form is not None
    return render(view.form, view.data, values, errors, readonly=readonly)


def render(
    form: Form,
    data: Mapping[str, Any],
    values: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    *,
    readonly: bool = False,
) -> Markup:
    """Draw a form's fields, without the `form` element around them."""
    layout = _Layout(form, data, values or {}, errors or {}, readonly)
    return Markup(render_template("forms/form.html", form=layout.form()))  # noqa: S704 - our own template


class _Layout:
    def __init__(
        self, form: Form, data: Mapping[str, Any], values: Mapping[str, Any], errors: Errors, readonly: bool
    ) -> None:
        self.source = form
        self.filling: Filling = form.fill(data, now=current.now(), functions=lookups.functions(), zone=zone())
        locked = {component.key for component in form.inputs if component.is_locked}
        sent = {key: value for key, value in flatten(values, form.keys).items() if key not in locked}
        self.values = self.filling.initial() | sent
        self.hidden = self.filling.hidden(self.values)
        self.errors = errors
        self.readonly = readonly
        self.locale = language()

    def form(self) -> FormShown:
        sections: list[Section] = []
        loose: list[Component] = []
        for component in self.source.components:
            if component.type in ("group", "inspection"):
                sections += self.loose(loose)
                loose = []
                sections.append(self.section(component))
            else:
                loose.append(component)
        sections += self.loose(loose)
        fields = [field for one in sections for part in one.parts for field in (*part.fields, part.checklist) if field]
        shown = [field for field in _opened(fields) if field.checklist and not field.hidden]
        return FormShown(
            sections=sections,
            complaints=self.complaints(),
            live=self.live(),
            readonly=self.readonly,
            checklists=[field.checklist for field in shown if field.checklist],
        )

    def loose(self, components: Sequence[Component]) -> list[Section]:
        """Put fields outside any group into a panel without a title."""
        return [Section([Part(fields=[self.field(one) for one in components])])] if components else []

    def section(self, component: Component) -> Section:
        members = component.components if component.type == "group" else (component,)
        title = self.text(component, "label") if component.type == "group" else ""
        help_text = self.text(component, "description") if component.type == "group" else ""
        parts: list[Part] = []
        run: list[FieldShown] = []
        for member in members:
            shown = self.field(member)
            if shown.checklist is None:
                run.append(shown)
                continue
            if run:
                parts.append(Part(title, help_text, run))
                title, help_text, run = "", "", []
            parts.append(Part(shown.label or title, shown.help or help_text, checklist=shown))
            title, help_text = "", ""
        if run:
            parts.append(Part(title, help_text, run))
        return Section(parts, component.path, _live(component.hide), component.path in self.hidden)

    def text(self, component: Component, name: str) -> str:
        return self.filling.text(component, name, self.locale, show=shown)

    def field(self, component: Component) -> FieldShown:
        kind = component.type
        value = self.values.get(component.key)
        rules = component.rules
        look: dict[str, Any] = component.attribute("appearance", {}) if kind in ("textfield", "number") else {}
        today = current.now().astimezone(zone())
        return FieldShown(
            type=kind,
            key=component.key,
            id=anchor(component.key or component.path.replace("/", ".")),
            name=name_of(component.key),
            label=self.text(component, "label"),
            help=self.text(component, "description"),
            columns=self.columns(component),
            value=typed(component, value),
            subtype=component.attribute("subtype", "date") if kind == "datetime" else "",
            checked=value is True,
            options=self.options(component, value),
            files=[FileShown(one, lookups.find_file(one)) for one in value or ()] if kind == "filepicker" else (),
            accept=str(component.attribute("accept") or component.attribute("acceptedFormats", "")),
            multiple=component.attribute("multiple") is True,
            errors=[say(message) for message in self.errors.get(component.key, ())] if component.key else (),
            required=rules.required,
            locked=component.is_locked or self.readonly,
            hidden=component.path in self.hidden,
            hide=_live(component.hide),
            before=str(look.get("prefixAdorner") or look.get("prefixer") or ""),
            after=str(look.get("suffixAdorner") or look.get("suffixer") or ""),
            longest=rules.max_length,
            earliest=today.strftime("%Y-%m-%d") if component.attribute("disallowPassedDates") is True else "",
            body=markdown(self.filling.text(component, "text", self.locale, show=shown, markdown=True))
            if kind == "text"
            else "",
            **self.record(component, value),
            inner=[self.field(one) for one in component.components],
            checklist=checklist(component, self.filling, value, self.errors) if kind == "inspection" else None,
            height=component.attribute("height") if kind == "spacer" else None,
        )

    def options(self, component: Component, value: Any) -> list[OptionShown]:
        if component.type not in ("select", "radio", "checklist"):
            return []
        chosen = {option_text(one) for one in (value if isinstance(value, list) else [value]) if one is not None}
        found = ((option_text(option.value), option.text(self.locale)) for option in self.filling.options(component))
        return [OptionShown(text, label, text in chosen) for text, label in found]

    def record(self, component: Component, value: Any) -> dict[str, Any]:
        if component.type != "recordpicker":
            return {}
        record_type = str(component.attribute("recordType", ""))
        record = lookups.find(record_type, str(value)) if value else None
        return {
            "record_type": record_type,
            "picked": Picked(record.key, record.title) if record else None,
            "offered": None if component.is_locked or self.readonly else lookups.offered(record_type),
        }

    def columns(self, component: Component) -> int:
        """Return the share of a row of 16, as form-js lays it out; short fields stand in pairs unless it says more."""
        if component.columns:
            return component.columns
        if component.row:
            beside = [one for one in _siblings(self.source.components, component) if one.row == component.row]
            return max(FULL // max(len(beside), 1), 2)
        return HALF if component.type in _SHORT else FULL

    def complaints(self) -> list[Complaint]:
        """Say every error with the field's name, each a link to where it is mended."""
        found: list[Complaint] = []
        for path, messages in self.errors.items():
            component = next(
                (one for one in self.source.inputs if path == one.key or path.startswith(f"{one.key}.")), None
            )
            label = path if component is None else self.text(component, "label") or component.key
            if component is not None and path != component.key and component.type == "inspection":
                label = self.item_label(component, path) or label
            text = " ".join(say(message) for message in messages)
            found.append(Complaint(_joined(label, text), anchor(path) if component else ""))
        return found

    def item_label(self, component: Component, path: str) -> str:
        items = self.filling.items(component) or ()
        place = path[len(component.key) + 1 :].split(".", maxsplit=1)[0]
        if not place.isdecimal() or int(place) >= len(items):
            return ""
        item = items[int(place)]
        return f"{item.id} {item.say('text', self.locale)}"

    def live(self) -> dict[str, Any]:
        """Return the variables that the conditions read, and nothing else of the case."""
        names: set[str] = set()
        for outer in self.source.components:
            for component in outer.walk():
                names |= _reads(component.hide) if _live(component.hide) else set()
        return {name: find(self.filling.data, name) for name in sorted(names) if name in self.filling.data}


def _joined(label: str, text: str) -> str:
    return gettext("%(field)s: %(message)s", field=label, message=text) if label else text


def _live(hide: str | None) -> str:
    """Return a condition that the browser can follow; those that call the engine's functions are for the server alone."""
    condition = _condition(hide)
    return "" if condition is None or condition.calls else condition.text


def _reads(hide: str | None) -> set[str]:
    condition = _condition(hide)
    return set(condition.reads) if condition else set()


def _condition(hide: str | None) -> Compiled | None:
    try:
        return compile_expression(hide.lstrip().removeprefix("=")) if hide else None
    except FeelError:
        return None


def _opened(fields: Sequence[FieldShown]) -> list[FieldShown]:
    return [inner for field in fields for inner in (field, *_opened(field.inner))]


def _siblings(components: Sequence[Component], wanted: Component) -> Sequence[Component]:
    if any(one is wanted for one in components):
        return components
    for one in components:
        if found := _siblings(one.components, wanted):
            return found
    return ()
