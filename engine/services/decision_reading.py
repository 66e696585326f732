"""The decision files of a deployment, read with what they import and analysed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine import dmn
from engine.model.problem import Problem
from engine.services.decision_files import Library, imported

_LONGEST_NAMESPACE = 255


@dataclass(slots=True)
class DecisionReading:
    """What decision files hold, and all that is wrong with them."""

    decisions: list[tuple[str, str, str, bytes]] = field(default_factory=list)  # (id, name, file, bytes)
    libraries: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)  # namespace: (name, file, bytes)
    problems: list[Problem] = field(default_factory=list)
    findings: list[tuple[str, dmn.Finding]] = field(
        default_factory=list
    )  # (file, finding); warnings among the problems


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    data: bytes
    outline: dmn.Outline

    @property
    def namespace(self) -> str:
        return self.outline.namespace


def read_decisions(files: Iterable[tuple[str, bytes]], library: Library) -> DecisionReading:
    """Read decision files given as (name, data); those that others import, or may import, are `libraries` too."""
    reading = DecisionReading()
    outlined: list[_File] = []
    for name, data in files:
        try:
            outlined.append(_File(name, data, dmn.outline(data)))
        except dmn.DmnError as error:
            reading.problems.append(Problem(name, error.element or "", "dmn", str(error)))
    own = {file.namespace: file.data for file in outlined}
    wanted = {namespace for file in outlined for namespace in file.outline.imports}
    for file in outlined:
        if file.namespace in wanted or _is_library(file.outline, library):
            reading.libraries[file.namespace] = (file.outline.name or file.name, file.name, file.data)
    reading.problems += _unclear(outlined, wanted)
    effort = dmn.Effort()
    for file in outlined:
        _read(reading, file.name, file.data, lambda namespace: own.get(namespace) or library(namespace), effort)
    return reading


def still_readable(
    files: Iterable[tuple[str, bytes]], libraries: Mapping[str, bytes], library: Library
) -> list[Problem]:
    """Return what would be wrong with deployed files once the files that they import are replaced by these."""
    return [
        problem
        for file, data in files
        for problem in _problems(file, data, lambda namespace: libraries.get(namespace) or library(namespace))[1]
    ]


def _is_library(outline: dmn.Outline, library: Library) -> bool:
    """Say whether a file can only be meant to be imported, or is a new version of one that is."""
    if not outline.namespace:
        return False
    known = library(outline.namespace)
    return not outline.has_decisions or (known is not None and dmn.outline(known).id == outline.id)


def _unclear(files: Sequence[_File], wanted: set[str]) -> Iterator[Problem]:
    """Yield the faults of namespaces by which files are imported."""
    count = Counter(file.namespace for file in files)
    for file in files:
        if file.namespace in wanted and count[file.namespace] > 1:
            message = f"Several files have the namespace “{file.namespace}”, and one imports it. Give each its own."
            yield Problem(file.name, "", "dmn.import", message)
        if file.namespace in wanted and len(file.namespace) > _LONGEST_NAMESPACE:
            message = f"The namespace is too long to import the file by it: at most {_LONGEST_NAMESPACE} characters."
            yield Problem(file.name, "", "dmn.import", message)


def _read(reading: DecisionReading, file: str, data: bytes, library: Library, effort: dmn.Effort) -> None:
    model, problems = _problems(file, data, library)
    reading.problems += problems
    if model is None:
        return
    for decision in (*model.decisions, *model.services):
        reading.decisions.append((decision.id, decision.name, file, data))
    if not problems:
        for finding in dmn.analyse(model, effort):
            reading.findings.append((file, finding))
            reading.problems.append(_warning(file, finding))


def _problems(file: str, data: bytes, library: Library) -> tuple[dmn.Model | None, Sequence[Problem]]:
    try:
        model = dmn.load(data, imported(data, library).values())
    except dmn.DmnError as error:
        return None, [Problem(file, error.element or "", "dmn", str(error))]
    return model, [_problem(file, problem) for problem in model.problems()]


def _problem(file: str, problem: dmn.Problem) -> Problem:
    if problem.error is None:
        place = "" if problem.line is None else f" (line {problem.line} of the file)"
        return Problem(file, problem.element, problem.rule, problem.message + place)
    template = "The cell or expression “{text}” cannot be read: {error}."
    params = {"text": problem.text, "error": problem.error}
    return Problem(file, problem.element, problem.rule, template.format_map(params), template=template, params=params)


def _warning(file: str, finding: dmn.Finding) -> Problem:
    rule = f"table-{finding.kind.replace('_', '-')}"
    element = finding.table or finding.decision
    return Problem(file, element, rule, finding.message, "warning", finding.template, finding.params)
