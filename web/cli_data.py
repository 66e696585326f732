"""`closeloop init`, `demo`, `backup` and `restore`: the database and what is in it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from engine.config import from_environment
from web.cli import opened_engine


@click.command()
def init() -> None:
    """Bring the database to the newest schema and deploy the shipped models that have changed."""
    from web import shipped

    with opened_engine(prepare=True) as engine:
        deployment = shipped.deploy(engine)
    for problem in deployment.problems:
        click.echo(str(problem), err=True)
    for definition in deployment.definitions:
        click.echo(f"{definition.key} version {definition.version}: {definition.name}", err=True)
    click.echo("The database is ready.", err=True)


@click.command()
def demo() -> None:
    """Make the demo plant: people, registers, and cases in every stage; once, and never in a plant with cases."""
    from engine.model.actor import SYSTEM
    from engine.queries import instances
    from web import demo as plant

    with opened_engine() as engine:
        has_cases = bool(engine.query(instances.list_instances, actor=SYSTEM, limit=1).items)
        if has_cases and not plant.password_is_known(engine):
            raise click.ClickException("This plant has cases of its own; the demo is for an empty database.")
        with _progress("Cases") as step:
            made = plant.fill(engine, step)
    if made:
        click.echo(f"{made} cases are made.", err=True)
    click.echo(f"Sign in with the password {plant.PASSWORD} as one of")
    for person in plant.PEOPLE:
        click.echo(f"  {person.name:<12}{person.display_name}, {person.role}{''.join(f', {g}' for g in person.groups)}")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write the database and all attachments into FILE (.tar.zst); servers may run meanwhile."""
    from engine.store.backup import write_backup

    with opened_engine() as engine, _progress("Attachments") as step:
        done = write_backup(engine.database, engine.files.folder, file, engine.clock(), step)
    click.echo(f"{file}: database and {done.attachments} attachments, {done.size} bytes before compression.", err=True)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put the backup FILE in place of the present data, which is kept aside. Stop the servers first."""
    from engine.app import Engine
    from engine.store.backup import read_backup
    from web.serving import in_use

    settings = from_environment()
    engine = Engine(settings)
    with in_use(settings, alone=True), _progress("Attachments") as step:
        done, aside = read_backup(engine.database, engine.files.folder, file, engine.clock(), step)
        engine.prepare()
    engine.stop()
    if aside is not None:
        click.echo(f"The database before is kept as {aside}.", err=True)
    click.echo(f"Restored the state of {done.created_at}, with {done.attachments} attachments.", err=True)


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def step(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield step


COMMANDS = (init, demo, backup, restore)
