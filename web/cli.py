"""The command `closeloop`: its group, and how refusals are told on a terminal. The commands are in `cli_*`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from engine.config import SettingError, from_environment
from engine.model.errors import DeploymentRefused, EngineError, InvalidInput

if TYPE_CHECKING:
    from engine.app import Engine


class Commands(click.Group):
    """A group whose commands end with one line on stderr and exit code 1 where they are refused."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingError as error:
            raise click.ClickException(str(error)) from error
        except DeploymentRefused as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            raise click.ClickException(error.text) from error
        except InvalidInput as error:
            lines = [f"{field}: {text}" for field, texts in error.errors.items() for text in texts]
            raise click.ClickException("\n".join([error.text, *lines])) from error
        except EngineError as error:
            raise click.ClickException(error.text) from error


@contextmanager
def opened_engine(*, prepare: bool = False) -> Iterator[Engine]:
    """Open the engine that the environment describes; its database must have this release's schema, or is given it."""
    from engine.app import Engine
    from web import logs

    settings = from_environment()
    logs.configure(settings.log_level)
    engine = Engine(settings)
    try:
        if prepare:
            engine.prepare()
        else:
            engine.require_current()
        yield engine
    finally:
        engine.stop()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="closeloop", message="%(version)s")
def main() -> None:
    """Run a plant's processes. Settings come from CLOSELOOP_* variables; logs go to stderr."""


def _register() -> None:
    from web import cli_data, cli_models, cli_people, cli_serve

    for module in (cli_serve, cli_models, cli_people, cli_data):
        for command in module.COMMANDS:
            main.add_command(command)


_register()
