"""Start a case of a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.commands.attached_files import AttachedFiles
from engine.commands.work import Case, Work
from engine.model import history
from engine.model.actor import Actor
from engine.model.errors import Conflict, Forbidden, InvalidInput
from engine.model.history import Entry
from engine.model.identifier import new_id
from engine.model.instance import Instance, InstanceState
from engine.services.bundles import LoadedBundle
from engine.services.numbering import yearly_number
from engine.store.bundles import get_bundle


@dataclass(frozen=True, slots=True)
class Started:
    """A case just started, after all work up to its first wait states."""

    id: str
    business_key: str | None
    state: str
    task_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StartInstance:
    """Start the newest version, or a given one.

    `from_form` validates `variables` by the process's start form. `element_id` names the message, signal or timer
    start event that was triggered. Without a business key, a process with the property `business_key:prefix` gets
    the next number of the year.
    """

    definition_key: str
    actor: Actor
    version: int | None = None
    business_key: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    from_form: bool = False
    element_id: str | None = None

    def handle(self, work: Work) -> Started:
        """Raise NotFound, InvalidInput; Forbidden for an actor without any role; Conflict for a process that is only called or starts by itself."""
        if not self.actor.roles:
            raise Forbidden("start a case")
        bundle = work.bundles.get(work.connection, get_bundle(work.connection, self.definition_key, self.version).id)
        if self.element_id is None and bundle.bundle.callable_only:
            raise Conflict(
                f"The process “{self.definition_key}” is not started by hand: it starts by itself or is called."
            )
        if self.business_key is not None and not 0 < len(self.business_key) <= 255:
            raise InvalidInput({"business_key": ["A business key has 1 to 255 characters."]})
        files = AttachedFiles(work, self.actor, None)
        variables = self._variables(work, bundle, files)
        business_key = self.business_key or self._next_key(work, bundle)
        instance_id = new_id(work.now)
        run, advance = bundle.definition.start(
            variables,
            now=work.plant_time,
            functions=work.functions,
            element_id=self.element_id,
            business_key=business_key,
        )
        instance = Instance(
            instance_id,
            bundle.bundle.id,
            bundle.bundle.definition_key,
            bundle.bundle.version,
            business_key,
            InstanceState.RUNNING,
            {},
            b"",
            1,
            work.now,
            self.actor.name,
        )
        own = [Entry(history.INSTANCE_STARTED, None, {"version": bundle.bundle.version, "variables": variables})]
        work.create(Case(instance, run, bundle), advance, self.actor, own)
        files.give_to(instance_id)
        return Started(instance_id, business_key, advance.state.value, tuple(t.id for t in advance.tasks_opened))

    def _variables(self, work: Work, bundle: LoadedBundle, files: AttachedFiles) -> dict[str, Any]:
        form = bundle.forms.get(bundle.bundle.properties.get("start_form", ""))
        if self.from_form and form is not None:
            functions = {**work.functions, "attachment": files.find}
            return form.validate(
                self.variables, {}, now=work.plant_time, functions=functions, zone=work.surroundings.zone
            )
        return dict(self.variables)

    def _next_key(self, work: Work, bundle: LoadedBundle) -> str | None:
        prefix = bundle.bundle.properties.get("business_key:prefix")
        return yearly_number(work.surroundings, f"business_key:{prefix}", prefix) if prefix else None
