"""`closeloop check`, `deploy` and `feel`: models and expressions at a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.model.problem import Problem
from web.cli import opened_engine

if TYPE_CHECKING:
    from engine.commands.deploy_bundle import Deployment
    from engine.services.deployment import DeployFile

SUFFIXES = (".bpmn", ".bpmn20.xml", ".dmn", ".form")
_paths = click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(exists=True, path_type=Path))


@click.command()
@_paths
@click.option("--deployed", is_flag=True, help="Let the models refer to what is deployed already.")
def check(paths: tuple[Path, ...], deployed: bool) -> None:
    """Print the problems of models, one a line; exit 1 if any is an error. Needs no database."""
    files = read_models(paths)
    problems = _check_with_deployed(files) if deployed else _check_alone(files, paths)
    for problem in sorted(problems):
        click.echo(str(problem) if problem.is_error else _warning(problem))
    if any(problem.is_error for problem in problems):
        raise SystemExit(1)


def _check_alone(files: tuple[DeployFile, ...], paths: Sequence[Path]) -> Iterable[Problem]:
    from engine.bpmn import Known
    from engine.services import deployment

    groups = _groups_beside(paths)
    problems = deployment.check(deployment.read_files(files), Known(groups=groups, now=datetime.now(UTC)))
    return [problem for problem in problems if groups or problem.rule != "unknown-group"]


def _groups_beside(paths: Sequence[Path]) -> frozenset[str]:
    """Return the names of the groups that a `groups.json` among the models defines; none where there is none."""
    found = [file for path in paths if path.is_dir() for file in path.rglob("groups.json")]
    return frozenset(group["name"] for file in found for group in json.loads(file.read_text("utf-8")))


def _check_with_deployed(files: tuple[DeployFile, ...]) -> Iterable[Problem]:
    from engine.commands.deploy_bundle import DeployBundle
    from engine.model.actor import SYSTEM

    with opened_engine() as engine:
        checked: Deployment = engine.execute(DeployBundle(files=files, actor=SYSTEM, check_only=True))
    return checked.problems


def _warning(problem: Problem) -> str:
    return f"{problem.file}:{problem.element}: {problem.rule}: warning: {problem.message}"


@click.command()
@_paths
def deploy(paths: tuple[Path, ...]) -> None:
    """Check files and folders and deploy them as one set; nothing is deployed where any has an error."""
    from engine.commands.deploy_bundle import DeployBundle
    from engine.model.actor import SYSTEM

    files = read_models(paths)
    with opened_engine() as engine:
        deployment = engine.execute(DeployBundle(files=files, actor=SYSTEM))
    for problem in deployment.problems:
        click.echo(_warning(problem), err=True)
    for definition in deployment.definitions:
        click.echo(f"{definition.key} version {definition.version}: {definition.name}")
    for kind in ("decisions", "forms"):
        for resource in getattr(deployment, kind):
            click.echo(f"{resource.key} version {resource.version}")


@click.command()
@click.argument("expression", metavar="EXPR")
@click.option("--context", default="{}", metavar="JSON", help="An object: the variables.")
def feel(expression: str, context: str) -> None:
    """Evaluate a FEEL expression and print the result as JSON."""
    from engine.feel import FeelError, evaluate, to_json

    try:
        variables = json.loads(context, parse_float=Decimal)
    except ValueError as error:
        raise click.BadParameter(f"not JSON: {error}", param_hint="--context") from error
    if not isinstance(variables, dict):
        raise click.BadParameter("must be a JSON object", param_hint="--context")
    try:
        result = to_json(evaluate(expression.removeprefix("="), variables, now=datetime.now(UTC)))
    except FeelError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(result, ensure_ascii=False))


def read_models(paths: Sequence[Path]) -> tuple[DeployFile, ...]:
    """Read the files named and the models below the folders named, each once, in a stable order."""
    from engine.services.deployment import DeployFile

    found: dict[Path, None] = {}
    for path in paths:
        below = sorted(file for file in path.rglob("*") if file.name.endswith(SUFFIXES)) if path.is_dir() else [path]
        found.update(dict.fromkeys(below))
    if not found:
        raise click.ClickException(f"No model there: {', '.join(SUFFIXES)} files are looked for.")
    return tuple(DeployFile(str(file), file.read_bytes()) for file in found)


COMMANDS = (check, deploy, feel)
