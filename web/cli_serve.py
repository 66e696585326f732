"""`closeloop serve`, `web` and `scheduler`: what keeps running until it is told to stop."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli import opened_engine

_THREADS = 8


def _server_options(command: click.decorators.FC) -> click.decorators.FC:
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    for option in (
        click.option("--key", "key", type=file, help="The certificate's private key (PEM)."),
        click.option("--cert", type=file, help="A certificate with its chain (PEM): serve HTTPS."),
        click.option("--threads", type=click.IntRange(1, 256), default=_THREADS, show_default=True),
        click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True),
        click.option("--host", default="127.0.0.1", show_default=True),
    ):
        command = option(command)
    return command


@click.command()
@_server_options
def serve(host: str, port: int, threads: int, cert: Path | None, key: Path | None) -> None:
    """Serve the pages and the API, and run the scheduler, in one process."""
    _run(host, port, threads, cert, key, scheduler=True)


@click.command()
@_server_options
def web(host: str, port: int, threads: int, cert: Path | None, key: Path | None) -> None:
    """Serve the pages and the API; a `closeloop scheduler` runs beside it."""
    _run(host, port, threads, cert, key, scheduler=False)


@click.command()
def scheduler() -> None:
    """Fire timers and run jobs; any number may run at a time."""
    from web import serving

    with opened_engine() as engine:
        serving.run_scheduler(engine)


def _run(host: str, port: int, threads: int, cert: Path | None, key: Path | None, *, scheduler: bool) -> None:
    from web import demo, serving

    if (cert is None) != (key is None):
        raise click.UsageError("--cert and --key go together.")
    with opened_engine() as engine:
        if not serving.is_loopback(host) and demo.password_is_known(engine):
            raise click.ClickException(
                f"The demo plant's password is public, so it is served on 127.0.0.1 only, not on {host}. "
                "Give its people other passwords, or make an empty plant with another CLOSELOOP_DATA_DIR."
            )
        if cert is None or key is None:
            serving.serve_http(engine, host, port, threads, scheduler=scheduler)
            return
    serving.serve_https(host, port, threads, cert, key, scheduler=scheduler)


COMMANDS = (serve, web, scheduler)
