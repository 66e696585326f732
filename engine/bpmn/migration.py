"""A case's tokens moved onto another version of its process, through the rows of its snapshot: all of them, or none.

Mends, against SpiffWorkflow 3.2.0: `migrate_workflow` wipes task ids and due instants, and arms no boundary event on an open task.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.bpmn.element import ElementSpec
from engine.bpmn.events import AttachedSpec, BoundarySpec, EventGatewaySpec, EventStartSpec
from engine.bpmn.expressions import Literal
from engine.bpmn.following import follow_version
from engine.bpmn.gateways import JoiningSpec
from engine.bpmn.multi_instance import MultiInstanceSpec, RepeatedSpec
from engine.bpmn.process_spec import ScopeSpec
from engine.bpmn.run import Run
from engine.bpmn.snapshot import dump, fill, unpack
from engine.bpmn.sub_process import CallSpec, SubProcessSpec
from engine.bpmn.workflow import Case
from engine.model.errors import MigrationRefused
from engine.model.migration import WOULD_STOP, Migration, Place
from engine.model.problem import Problem

Pair = tuple[ElementSpec, ElementSpec | None]
"""What a token stood at, and where it goes; None where it goes with the event that it waited for, or cannot move."""


def migrate(
    old: Case,
    new: Case,
    mapping: Mapping[str, str],
    *,
    now: datetime,
    functions: Mapping[str, Callable[..., Any]],
) -> tuple[Run, Migration]:
    """Fill the new version's empty case with the tokens of the old. `mapping` names elements, flows into joins or processes.

    Raises MigrationRefused with everything that cannot move.
    """
    mover = _Mover(old, new, mapping)
    business_key, scopes = unpack(dump(old))
    scopes = mover.move(scopes)
    mover.refuse_if_any()
    run = Run(new)
    run._begin(now, functions)
    fill(new, business_key, scopes)
    mover.note_disarmed()
    stops = follow_version(new, mover.before, mover.scopes_before, mapping, mover.migration)
    mover.migration.advance = run._end(new)
    stops += [(incident.element_id, incident.message) for incident in mover.migration.advance.incidents]
    for element, reason in stops:
        mover.refuse(element, WOULD_STOP, "The case would stop here: {reason}", reason=reason)
    mover.refuse_if_any()
    return run, mover.migration


class _Mover:
    def __init__(self, old: Case, new: Case, mapping: Mapping[str, str]) -> None:
        self.old, self.new, self.mapping = old, new, mapping
        self.migration = Migration()
        self.before: dict[str, ElementSpec] = {}
        """What each token that moves stood at, by its id."""
        self.scopes_before: dict[str, ScopeSpec] = {}
        """The specification that each scope had, by the id of its activity's token; "" for the case itself."""
        self.problems: dict[tuple[str, str], Problem] = {}
        self.gone: list[tuple[str, dict[str, Any]]] = []
        self.pairs: list[list[Pair]] = []
        self.places: list[dict[int, int]] = []
        self.there = set(_ids(new))
        known = set(_ids(old))
        for source, target in mapping.items():
            if source not in known:
                self.refuse(source, "mapping-unknown", "The version that the case runs on has no “{id}”.", id=source)
            elif target not in self.there:
                self.refuse(source, "mapping-unknown", "The new version has no “{id}” to map to.", id=target)

    def refuse(self, element: str, rule: str, template: str, **params: Any) -> None:
        text = template.format_map(params)
        problem = Problem(self.new.spec.name, element, rule, text, template=template, params=params)
        self.problems.setdefault((element, rule), problem)

    def refuse_if_any(self) -> None:
        if self.problems:
            raise MigrationRefused(list(self.problems.values()))

    def move(self, scopes: list[list[Any]]) -> list[list[Any]]:
        """Rewrite the rows; those of events that the new version leaves out are dropped."""
        names: list[list[str]] = []
        for owner, process, completed, own, compensable, rows in scopes:
            specs = self._scope_specs(owner, process)
            names.append([row[0] for row in rows])
            pairs: list[Pair] = []
            self.pairs.append(pairs)
            self.places.append({})
            kept: list[list[Any]] = []
            if specs is not None:
                self.scopes_before["" if owner is None else names[owner[0]][owner[1]]] = specs[0]
                for row in rows:
                    pairs.append(self._move_row(*specs, row, pairs))
                    target = pairs[-1][1]
                    if target is not None:
                        self.places[-1][len(pairs) - 1] = len(kept)
                        kept.append([row[0], target.name, self.places[-1].get(row[2], -1), *row[3:]])
                compensable[:] = self._undoable(*specs, compensable)
                process = specs[1].name if process is not None else None
            if owner is not None and owner[0] < len(self.places):
                owner = [owner[0], self.places[owner[0]].get(owner[1], 0)]
            scopes[len(self.pairs) - 1] = [owner, process, completed, own, compensable, kept]
        return scopes

    def _scope_specs(self, owner: list[int] | None, process: str | None) -> tuple[ScopeSpec, ScopeSpec] | None:
        """Return a scope's specification before and after; None where its activity cannot move."""
        if owner is None:
            return self.old.spec, self.new.spec
        if not self.pairs[owner[0]]:
            return None
        before, after = self.pairs[owner[0]][owner[1]]
        if not isinstance(before, SubProcessSpec) or not isinstance(after, SubProcessSpec):
            return None
        if process is None:
            return (before.inner, after.inner) if before.inner is not None and after.inner is not None else None
        target = self.mapping.get(process, process)
        call = after.node.call
        called = call.process if call is not None else None
        if target not in self.new.subprocess_specs or (isinstance(called, Literal) and called.text != target):
            text = "The case is inside the called process “{process}”, which “{name}” does not call in the new version."
            self.refuse(before.node.id, "called-process", text, process=process, name=_label(after))
            return None
        return self.old.subprocess_specs[process], self.new.subprocess_specs[target]

    def _move_row(self, old: ScopeSpec, new: ScopeSpec, row: list[Any], pairs: list[Pair]) -> Pair:
        name, element, parent, _, _, internal = row
        before: ElementSpec = old.task_specs[element]
        target_id = self.mapping.get(before.node.id, before.node.id)
        after: ElementSpec | None = new.task_specs.get(target_id + before.name[len(before.node.id) :])
        above = pairs[parent] if parent >= 0 else None
        internal = internal or {}
        if above is not None and above[1] is None and not _waits_beside(before, above, internal):
            return before, None  # what cannot move says so itself
        if _waits_beside(before, above, internal):
            if after is None or not _waits_for_the_same(before, after, above):
                self.gone.append((name, internal))
                self.migration.disarmed.append(before.node.id)
                return before, None
        elif not self._can_stand(before, after, target_id, internal):
            return before, None
        assert after is not None
        self.before[name] = before
        self._carry_on(before, after, above, internal)
        if not before.attached or "fired" in internal:
            place = Place(before.node.id, after.node.id)
            if place not in self.migration.moved and not (above and isinstance(above[0], EventGatewaySpec)):
                self.migration.moved.append(place)
        return before, after

    def _can_stand(
        self, before: ElementSpec, after: ElementSpec | None, target: str, internal: Mapping[str, Any]
    ) -> bool:
        """Tell whether a token at one element can stand at the other; note why not."""
        element, name = before.node.id, _label(before)
        if "#undo" in before.name or any(key in internal for key in ("todo", "undoes", "inside")):
            text = "“{name}” is undoing work at the moment. Move the case when that is through."
            self.refuse(element, "undoing", text, name=name)
        elif after is None and target in self.there:
            text = "“{target}” lies in another sub-process or process than “{name}”, or is not of its kind."
            self.refuse(element, "other-scope", text, name=name, target=target)
        elif after is None:
            text = "The case stands at “{name}”, which the new version does not have. Map it to an element that it has."
            self.refuse(element, "element-removed", text, name=name)
        elif isinstance(before, RepeatedSpec) != isinstance(after, RepeatedSpec) or (
            isinstance(before, RepeatedSpec) and isinstance(after, RepeatedSpec) and before.loop.kind != after.loop.kind
        ):
            text = "“{name}” is repeated in another way in the new version. Move the case when it is through."
            self.refuse(element, "repetition-changed", text, name=name)
        elif not _is_alike(before, after):
            text = "“{name}” is of another kind than “{target}” in the new version. Map it to an element of its kind."
            self.refuse(element, "other-kind", text, name=name, target=_label(after))
        else:
            return True
        return False

    def _carry_on(self, before: ElementSpec, after: ElementSpec, above: Pair | None, internal: dict[str, Any]) -> None:
        """Fit what the token remembers to the new version."""
        if isinstance(after, JoiningSpec) and "via" in internal:
            internal["via"] = flow = self.mapping.get(internal["via"], internal["via"])
            if flow not in after.incoming:
                text = "A branch came to “{name}” by the flow “{flow}”, which no longer leads there. Map the flow to one that does."
                self.refuse(before.node.id, "flow-removed", text, name=_label(before), flow=flow)
        if above is not None and isinstance(above[1], EventGatewaySpec):
            internal["via"] = next(link.id for link in above[1].links if link.target is after)
        if isinstance(after, MultiInstanceSpec) and "total" in internal:
            if after.loop.output_collection:
                internal.setdefault("results", [None] * internal["total"])
            else:
                internal.pop("results", None)
        if isinstance(after, SubProcessSpec) and after.inner is not None and "rest" in internal:
            internal["rest"] = [self.mapping.get(name, name) for name in internal["rest"]]
            for name in internal["rest"]:
                if name not in after.inner.elements:
                    text = "“{name}” was still to be done, and the new version does not have it. Map it."
                    self.refuse(before.node.id, "element-removed", text, name=name)

    def _undoable(self, old: ScopeSpec, new: ScopeSpec, entries: list[list[Any]]) -> list[list[Any]]:
        """Rewrite what could be undone; what the new version gives no way to undo is forgotten."""
        kept = []
        for element, local, *inside in entries:
            target = self.mapping.get(element, element)
            after = new.elements.get(target)
            if after is None:
                text = "What “{name}” did can be undone, and the new version does not have it. Map it to an element that undoes it."
                self.refuse(element, "element-removed", text, name=_label(old.elements[element]))
                continue
            before, each = _each(old.elements[element]), _each(after)
            if inside and isinstance(before, SubProcessSpec) and isinstance(each, SubProcessSpec):
                if before.inner is not None and each.inner is not None:
                    kept.append([target, local, self._undoable(before.inner, each.inner, inside[0])])
            elif not inside and each.handler is not None:
                kept.append([target, local])
        return kept

    def note_disarmed(self) -> None:
        advance = self.new.advance
        for name, internal in self.gone:
            if "due" in internal:
                advance.timers_disarmed.append(name)
            if "sub" in internal:
                advance.subscriptions_closed.append(name)
            if "incident" in internal:
                advance.incidents_resolved.append(internal["incident"][0])


def _each(spec: ElementSpec) -> ElementSpec:
    return spec.each if isinstance(spec, RepeatedSpec) else spec


def _label(spec: ElementSpec) -> str:
    return str(spec.node.name or spec.node.id)


def _waits_beside(spec: ElementSpec, above: Pair | None, internal: Mapping[str, Any]) -> bool:
    """Tell whether the token only waits for an event that a version may add or leave out."""
    behind_gateway = above is not None and isinstance(above[0], EventGatewaySpec)
    return behind_gateway or (isinstance(spec, AttachedSpec) and "fired" not in internal)


def _waits_for_the_same(before: ElementSpec, after: ElementSpec, above: Pair | None) -> bool:
    if not _is_alike(before, after):
        return False
    if isinstance(after, EventStartSpec):
        return True
    target = above[1] if above is not None else None
    if isinstance(after, BoundarySpec):
        return target is not None and after in target.boundaries
    return target is not None and any(link.target is after for link in target.links)


def _is_alike(before: ElementSpec, after: ElementSpec) -> bool:
    return (
        type(before) is type(after)
        and before.node.event.kind == after.node.event.kind
        and before.node.event_sub_process == after.node.event_sub_process
        and isinstance(before, CallSpec) == isinstance(after, CallSpec)
    )


def _ids(case: Case) -> Iterator[str]:
    """Yield what a mapping may name: processes, elements and flows."""
    todo: list[ScopeSpec] = list(case.subprocess_specs.values())
    yield from case.subprocess_specs
    while todo:
        for spec in todo.pop().task_specs.values():
            yield spec.node.id
            yield from (link.id for link in (*spec.links, *spec.conditional, spec.default) if link and link.id)
            if getattr(spec, "inner", None) is not None and not spec.name.endswith("#undo"):
                todo.append(spec.inner)
