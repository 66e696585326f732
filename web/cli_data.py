"""`closeloop init`, `demo`, `backup` and `restore`: the database and what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from engine.config import from_environment
from web.cli import opened_engine


@click.command()
def init() -> None:
    """Bring the database to the newest schema and deploy the shipped models that have changed."""
    from engine.app import Engine
    from web import logs

    settings = from_environment()
    logs.configure(settings.log_level)
    engine = Engine(settings)
    try:
        engine.migrate()
        deployed = engine.deploy_shipped()
    finally:
        engine.close()
    for definition in deployed.definitions:
        click.echo(f"{definition.key} version {definition.version}: {definition.name}", err=True)
    click.echo("The database is ready.", err=True)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write the database and all attachments into FILE (.tar.zst); servers may run meanwhile."""
    with opened_engine() as engine, _progress("Attachments") as step:
        done = engine.backup(file, step)
    click.echo(f"{file}: database and {done.attachments} attachments, {done.size} bytes before compression.", err=True)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put the backup FILE in place of the present data, which is kept aside. Stop the servers first."""
    from engine.app import Engine
    from web import logs

    settings = from_environment()
    logs.configure(settings.log_level)
    engine = Engine(settings)
    try:
        with _progress("Attachments") as step:
            done, aside = engine.restore(file, step)
    finally:
        engine.close()
    if aside is not None:
        click.echo(f"The database before is kept as {aside}.", err=True)
    click.echo(f"Restored the state of {done.created_at}, with {done.attachments} attachments.", err=True)


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal, nothing elsewhere."""
    stream = click.get_text_stream("stderr")
    if not stream.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, label=label, file=stream) as bar:

        def step(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield step


COMMANDS = (init, backup, restore)
