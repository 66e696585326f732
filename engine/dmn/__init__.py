"""Decision files: tables, requirement graphs and boxed expressions of DMN 1.1 to 1.5, on FEEL.

reader: XML to `boxed`. logic, tables, types: boxed to closures. deciding, policies: a table answered. graph: what
requires what. model: the door. analysis, domains, findings: gaps and overlaps of tables.
"""

from engine.dmn.analysis import analyse
from engine.dmn.errors import DmnError, Problem
from engine.dmn.findings import Effort, Finding
from engine.dmn.model import DecisionName, Model, Outline, load, outline
from engine.dmn.run import Conflict, Matched, Outcome

__all__ = [
    "Conflict",
    "DecisionName",
    "DmnError",
    "Effort",
    "Finding",
    "Matched",
    "Model",
    "Outcome",
    "Outline",
    "Problem",
    "analyse",
    "load",
    "outline",
]
