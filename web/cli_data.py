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
    from web import shipped

    with opened_engine(prepare=True) as engine:
        deployment = shipped.deploy(engine)
    for problem in deployment.problems:
        click.echo(str(problem), err=True)
    for definition in deployment.definitions:
        click.echo(f"{definition.key} version {definition.version}: {definition.name}", err=True)
    click.echo("The database is ready.", err=True)


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
    from engine.store.backup import keep_aside, read_backup
    from web.serving import in_use

    settings = from_environment()
    engine = Engine(settings)
    with in_use(settings, alone=True), _progress("Attachments") as step:
        aside = keep_aside(engine.database, engine.clock())
        done = read_backup(engine.database, engine.files.folder, file, step)
        engine.prepare()
    engine.stop()
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
