"""Deploy model files: checked together, stored together, or refused whole."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn import Known, ProcessInfo, read
from engine.commands.fire_timer import arm_next_start
from engine.commands.work import Work
from engine.model.actor import OWNER, Actor
from engine.model.errors import DeploymentRefused, Forbidden
from engine.model.problem import Problem
from engine.services.decision_files import deployed_library, imported
from engine.services.decision_reading import still_readable
from engine.services.deployment import DeployFile, Reading, check, read_files
from engine.store.bundles import (
    DECISION,
    DECISION_FILE,
    FORM,
    PROCESS,
    Bundle,
    Resource,
    definitions_using,
    find_resource,
    get_bundle,
    known_groups,
    known_keys,
    put_bundle,
    put_resource,
    resources_of,
)
from engine.store.records import known_registers, put_record_type
from engine.store.subscriptions import replace_triggers
from engine.store.timers import disarm_start_timers


@dataclass(frozen=True, slots=True)
class Deployed:
    key: str
    version: int
    name: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a deployment made, or found unchanged; `problems` are its warnings (with `check_only` its errors too)."""

    definitions: tuple[Deployed, ...] = ()
    decisions: tuple[Deployed, ...] = ()
    forms: tuple[Deployed, ...] = ()
    registers: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class DeployBundle:
    """Deploy files as one set. Definitions that use a changed form, decision or called process get a new version too.

    `check_only` stores nothing and returns all problems.
    """

    files: tuple[DeployFile, ...]
    actor: Actor
    check_only: bool = False

    def handle(self, work: Work) -> Deployment:
        """Raise Forbidden, DeploymentRefused with every problem of every file."""
        if not self.actor.has_role(OWNER):
            raise Forbidden("deploy models")
        reading = read_files(self.files, deployed_library(work.connection))
        found = check(reading, _known(work), known_registers(work.connection))
        problems = sorted({*found, *_broken_elsewhere(work, reading)})
        if self.check_only:
            return Deployment(problems=tuple(problems))
        if any(problem.is_error for problem in problems):
            raise DeploymentRefused(problems)
        return _Deploying(work, self.actor, reading).run(problems)


def _known(work: Work) -> Known:
    return Known(
        forms=known_keys(work.connection, FORM),
        decisions=known_keys(work.connection, DECISION),
        processes=known_keys(work.connection, PROCESS),
        groups=known_groups(work.connection),
        now=work.plant_time,
    )


def _broken_elsewhere(work: Work, reading: Reading) -> list[Problem]:
    """Return what would be wrong with deployed decisions that import a file of this deployment."""
    libraries = {namespace: data for namespace, (_, _, data) in reading.libraries.items()}
    files = {
        resource.sha256: (resource.file, resource.content)
        for key in definitions_using(work.connection, DECISION_FILE, list(libraries))
        for resource in resources_of(work.connection, get_bundle(work.connection, key).id)
        if resource.kind == DECISION and resource.key not in reading.decisions
    }
    return still_readable(files.values(), libraries, deployed_library(work.connection))


class _Deploying:
    """Stores a checked deployment: resources first, then a bundle for each definition that they touch."""

    def __init__(self, work: Work, actor: Actor, reading: Reading) -> None:
        self.work, self.actor, self.reading = work, actor, reading
        self.infos: dict[str, ProcessInfo] = {key: info for key, (info, _) in reading.processes.items()}

    def run(self, problems: list[Problem]) -> Deployment:
        reading = self.reading
        decisions = [self._put(DECISION, key, *parts) for key, parts in reading.decisions.items()]
        for namespace, parts in reading.libraries.items():
            self._put(DECISION_FILE, namespace, *parts)
        forms = [
            self._put(FORM, key, form.name or key, file, data) for key, (form, file, data) in reading.forms.items()
        ]
        for key, (info, diagram) in reading.processes.items():
            self._put(PROCESS, key, info.name or key, diagram.file, diagram.data)
        for type_, (register, _, data) in reading.registers.items():
            put_record_type(self.work.connection, type_, register.name, data, self.work.now)
        bundles = [self._bundle(key) for key in self._touched()]
        return Deployment(
            tuple(Deployed(b.definition_key, b.version, b.name) for b in bundles),
            tuple(Deployed(r.key, r.version, r.name) for r in decisions),
            tuple(Deployed(r.key, r.version, r.name) for r in forms),
            tuple(reading.registers),
            tuple(problems),
        )

    def _put(self, kind: str, key: str, name: str, file: str, data: bytes) -> Resource:
        return put_resource(self.work.connection, kind, key, name, file, data, self.work.now, self.actor.name)

    def _touched(self) -> list[str]:
        """Return this deployment's processes, then deployed ones that use something of it."""
        using = [
            key
            for kind, keys in (
                (DECISION, self.reading.decisions),
                (DECISION_FILE, self.reading.libraries),
                (FORM, self.reading.forms),
                (PROCESS, self.reading.processes),
            )
            for key in definitions_using(self.work.connection, kind, list(keys))
        ]
        return list(dict.fromkeys([*self.reading.processes, *using]))

    def _bundle(self, key: str) -> Bundle:
        """Make the definition's bundle of the newest resources; a new version takes over its start events."""
        info = self._info(key)
        start_form = _start_form(info)
        main, others = self._closure(key)
        bundle, is_new = put_bundle(
            self.work.connection,
            main,
            others,
            name=info.name or key,
            names=dict(info.names),
            properties={**info.properties, "start_form": start_form} if start_form else dict(info.properties),
            callable_only=info.properties.get("callable_only") == "true" or not info.contents.starts(),
            now=self.work.now,
            actor=self.actor.name,
        )
        if is_new:
            replace_triggers(self.work.connection, key, info.triggers, self.work.now)
            disarm_start_timers(self.work.connection, key)
            for trigger in info.triggers:
                if trigger.kind == "timer":
                    arm_next_start(self.work, key, trigger.element_id)
        return bundle

    def _closure(self, key: str) -> tuple[Resource, list[Resource]]:
        """Return the process's file and all that it and the processes it calls refer to."""
        main = find_resource(self.work.connection, PROCESS, key)
        assert main is not None
        found: dict[tuple[str, str], Resource] = {}
        todo, seen = [key], {key}
        while todo:
            info = self._info(todo.pop())
            references, start_form = info.references, _start_form(info)
            wanted = [(FORM, k) for k in (references.forms | {start_form} if start_form else references.forms)] + [
                (DECISION, k) for k in references.decisions
            ]
            wanted += [(PROCESS, k) for k in references.processes - seen]
            for kind, name in wanted:
                resource = find_resource(self.work.connection, kind, name)
                if resource is None:  # another dialect's: a warning said so
                    continue
                found[(kind, name)] = resource
                if kind == DECISION:
                    found |= self._imported(resource)
                if kind == PROCESS:
                    seen.add(name)
                    todo.append(name)
        return main, list(found.values())

    def _imported(self, decision: Resource) -> dict[tuple[str, str], Resource]:
        """Return the files that a decision's file imports, directly or through others."""
        connection = self.work.connection
        files = (
            find_resource(connection, DECISION_FILE, namespace)
            for namespace in imported(decision.content, deployed_library(connection))
        )
        return {(DECISION_FILE, file.key): file for file in files if file is not None}

    def _info(self, key: str) -> ProcessInfo:
        if key not in self.infos:
            resource = find_resource(self.work.connection, PROCESS, key)
            assert resource is not None
            diagram = read(resource.content, resource.file)
            self.infos.update({process.key: process for process in diagram.processes})
        return self.infos[key]


def _start_form(info: ProcessInfo) -> str | None:
    """Return the form that people fill in to start: the plain start event's, else the process's property."""
    starts = (info.elements[node.id].form_key for node in info.contents.starts())
    return next((form for form in starts if form), None) or info.properties.get("start_form")
