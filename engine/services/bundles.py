"""Bundles made runnable: parsed once per process, shared by cases and threads, dropped when long unused."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine import bpmn, dmn, forms
from engine.model.history import DECISION_EVALUATED, Entry
from engine.services import decision_files
from engine.store.bundles import (
    DECISION,
    DECISION_FILE,
    FORM,
    PROCESS,
    Bundle,
    Resource,
    get_bundle_by_id,
    resources_of,
)
from engine.store.database import Connection


@dataclass(frozen=True, slots=True)
class LoadedBundle:
    """A bundle with its runnable definition, its forms by key and its decisions by key."""

    bundle: Bundle
    resources: tuple[Resource, ...]
    definition: bpmn.Definition
    forms: Mapping[str, forms.Form]
    decisions: Mapping[str, dmn.Model]

    def told(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return a step's history with the version of each decision and the definition's, which may be migrated later."""
        return [
            replace(entry, data={**entry.data, **self._versions(str(entry.data.get("decision")))})
            if entry.kind == DECISION_EVALUATED
            else entry
            for entry in entries
        ]

    def _versions(self, decision: str) -> dict[str, int]:
        resource = next((r for r in self.resources if (r.kind, r.key) == (DECISION, decision)), None)
        own = {"definition_version": self.bundle.version}
        return own if resource is None else {"version": resource.version, **own}


class Bundles:
    """A bounded cache of loaded bundles by id; a bundle never changes, so an entry is never stale."""

    def __init__(self, capacity: int = 128) -> None:
        self._capacity = capacity
        self._loaded: OrderedDict[str, LoadedBundle] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, connection: Connection, bundle_id: str) -> LoadedBundle:
        with self._lock:
            if (found := self._loaded.get(bundle_id)) is not None:
                self._loaded.move_to_end(bundle_id)
                return found
        loaded = load(get_bundle_by_id(connection, bundle_id), resources_of(connection, bundle_id))
        with self._lock:
            self._loaded[bundle_id] = loaded
            while len(self._loaded) > self._capacity:
                self._loaded.popitem(last=False)
        return loaded


def load(bundle: Bundle, resources: list[Resource]) -> LoadedBundle:
    """Parse a bundle's files; they were checked when deployed."""
    library = {r.key: r.content for r in resources if r.kind == DECISION_FILE}
    decisions = {
        r.key: decision_files.load(r.content, tuple(decision_files.imported(r.content, library.get).values()))
        for r in resources
        if r.kind == DECISION
    }
    diagrams = {r.sha256: bpmn.read(r.content, r.file) for r in resources if r.kind == PROCESS}
    return LoadedBundle(
        bundle,
        tuple(resources),
        bpmn.build(bundle.definition_key, list(diagrams.values()), decisions),
        {r.key: forms.read(r.content, r.file) for r in resources if r.kind == FORM},
        decisions,
    )
