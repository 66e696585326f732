"""A deployment's files read and checked together, before anything is stored."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from engine import bpmn, forms
from engine.bpmn import Diagram, Known
from engine.forms import Form, RecordTypeForm
from engine.model.problem import Problem
from engine.services.decision_files import Library
from engine.services.decision_reading import read_decisions
from engine.services.records import host_functions
from engine.store.bundles import DECISION, FORM, PROCESS

FUNCTIONS = frozenset({*host_functions(lambda *_: None, lambda _: []), "current_user"})
"""What expressions of a diagram may call beside FEEL's own functions."""


@dataclass(frozen=True, slots=True)
class DeployFile:
    """A file to deploy; `name` tells its kind by its ending: .bpmn (or .bpmn20.xml, .xml), .dmn, .form."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


@dataclass(slots=True)
class Reading:
    """What the files hold, by key, and all that is wrong with them."""

    diagrams: list[Diagram] = field(default_factory=list)
    processes: dict[str, tuple[bpmn.ProcessInfo, Diagram]] = field(default_factory=dict)
    decisions: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)  # key: (name, file, bytes)
    libraries: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)  # namespace: (name, file, bytes)
    forms: dict[str, tuple[Form, str, bytes]] = field(default_factory=dict)
    registers: dict[str, tuple[RecordTypeForm, str, bytes]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        return any(problem.is_error for problem in self.problems)


def read_files(files: Iterable[DeployFile], library: Library = lambda _: None) -> Reading:
    """Read every file; a key that two files define is a problem too. `library` holds decision files deployed before."""
    reading = Reading()
    decisions: list[tuple[str, bytes]] = []
    for file in files:
        name = file.name.lower()
        if name.endswith((".bpmn", ".xml")):
            _read_diagram(reading, file)
        elif name.endswith(".dmn"):
            decisions.append((file.name, file.data))
        elif name.endswith((".form", ".json")):
            _read_form(reading, file)
        else:
            message = "This is no model: deploy .bpmn, .dmn and .form files."
            reading.problems.append(Problem(file.name, "", "unknown-file", message))
    _add_decisions(reading, decisions, library)
    return reading


def check(reading: Reading, known: Known, registers: frozenset[str] = frozenset()) -> list[Problem]:
    """Return all problems: of each file alone, and references against the deployment's own files and what is deployed."""
    all_known = Known(
        forms=known.forms | reading.forms.keys(),
        decisions=known.decisions | reading.decisions.keys(),
        processes=known.processes | reading.processes.keys(),
        groups=known.groups,
        functions=FUNCTIONS,
        form_fields={key: form.keys for key, (form, _, _) in reading.forms.items()},
        now=known.now,
    )
    problems = list(reading.problems)
    for diagram in reading.diagrams:
        problems += diagram.problems
        problems += bpmn.check(diagram, all_known)
    return problems + _unknown_registers(reading, registers | reading.registers.keys())


def _unknown_registers(reading: Reading, known: Set[str]) -> list[Problem]:
    everything = [(form, file) for form, file, _ in reading.forms.values()]
    everything += [(register.form, file) for register, file, _ in reading.registers.values()]
    return [
        Problem(
            file,
            component.path,
            "unknown-register",
            f"There is no register “{type_}” to choose from. Deploy its form with this one, or choose another register.",
        )
        for form, file in everything
        for component in form.inputs
        if (type_ := component.attribute("recordType")) and component.type == "recordpicker" and type_ not in known
    ]


def _read_diagram(reading: Reading, file: DeployFile) -> None:
    diagram = bpmn.read(file.data, file.name)
    reading.diagrams.append(diagram)
    for process in diagram.processes:
        _define(reading, reading.processes, PROCESS, process.key, (process, diagram), file.name)


def _add_decisions(reading: Reading, files: list[tuple[str, bytes]], library: Library) -> None:
    found = read_decisions(files, library)
    reading.problems += found.problems
    reading.libraries = found.libraries
    for key, name, file, data in found.decisions:
        _define(reading, reading.decisions, DECISION, key, (name, file, data), file)


def _read_form(reading: Reading, file: DeployFile) -> None:
    form = forms.read(file.data, file.name)
    if forms.is_record_type(form):
        register = forms.read_record_type(file.data, file.name)
        reading.problems += register.problems
        _define(reading, reading.registers, "register", register.type, (register, file.name, file.data), file.name)
        return
    reading.problems += form.problems
    if form.key:
        _define(reading, reading.forms, FORM, form.key, (form, file.name, file.data), file.name)


def _define(reading: Reading, kind: dict[str, Any], what: str, key: str, value: Any, file: str) -> None:
    if key in kind:
        message = f"The {what} “{key}” is defined twice in this deployment; give one of them another id."
        reading.problems.append(Problem(file, key, "duplicate-key", message))
    longest = 64 if what == "register" else 255
    if len(key) > longest:
        message = f"The id “{key[:40]}…” of the {what} is too long. Use at most {longest} characters."
        reading.problems.append(Problem(file, key, "id-too-long", message))
    kind[key] = value
