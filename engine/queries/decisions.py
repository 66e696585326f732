"""Decisions evaluated outside of cases, decision files looked through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import dmn, feel
from engine.model.actor import OWNER, Actor
from engine.model.errors import Forbidden, InvalidInput, NotFound
from engine.model.problem import Problem
from engine.queries.reader import Reader
from engine.services import decision_files
from engine.services.decision_reading import read_decisions
from engine.services.registers import feel_functions
from engine.store.bundles import DECISION, find_resource


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with decision files; findings come as (file, finding) and are warnings among the problems."""

    problems: tuple[Problem, ...]
    findings: tuple[tuple[str, dmn.Finding], ...]


def check(reader: Reader, *, files: Iterable[tuple[str, bytes]], actor: Actor) -> Checked:
    """Look through decision files given as (name, data); what they import may be deployed already. Raises Forbidden."""
    if not actor.has_role(OWNER):
        raise Forbidden("check models")
    reading = read_decisions(files, decision_files.deployed_library(reader.connection))
    return Checked(tuple(sorted(set(reading.problems))), tuple(reading.findings))


def evaluate(reader: Reader, *, key: str, variables: Mapping[str, Any], actor: Actor) -> Any:
    """Evaluate the newest version of a decision or decision service; return its result as JSON values.

    Raises NotFound; InvalidInput where the table's own rules refuse the values (two rules of a UNIQUE table match), or
    the result cannot be said in JSON.
    """
    resource = find_resource(reader.connection, DECISION, key)
    if resource is None:
        raise NotFound("decision", key)
    try:
        imports = decision_files.imported(resource.content, decision_files.deployed_library(reader.connection))
        model = decision_files.load(resource.content, tuple(imports.values()))
        functions = feel_functions(reader.connection)
        return feel.to_json(model.explain(key, variables, now=reader.now, functions=functions, strict=True).value)
    except (dmn.DmnError, feel.FeelError) as error:
        raise InvalidInput({"variables": [str(error)]}) from None
