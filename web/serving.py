"""Runs the servers and the scheduler until SIGTERM or SIGINT, then lets what is being answered finish.

HTTP is waitress's, in this process. waitress has no TLS, so HTTPS is gunicorn's: one worker process with threads, which
also holds the scheduler.
"""

from __future__ import annotations

import fcntl
import ipaddress
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from engine.config import Settings, from_environment
from engine.model.errors import EngineError

if TYPE_CHECKING:
    from engine.app import Engine

log = logging.getLogger("closeloop")
_GRACE_S = 20
_STOPPING = {signal.SIGTERM, signal.SIGINT}


class StillRunning(EngineError):
    """A server or scheduler runs on the data that is to be replaced."""

    code = "still_running"
    message = "A server or scheduler is running on {folder}; stop it first."


class AddressNotFree(EngineError):
    """Nothing can be served at the address."""

    code = "address_not_free"
    message = "Nothing can be served at {place}: {reason}. Choose another address with --host and --port."


def serve_http(engine: Engine, host: str, port: int, threads: int, *, scheduler: bool) -> None:
    """Serve until told to stop; with the scheduler in this process where asked."""
    import waitress  # type: ignore[import-untyped]

    from web.app import create_app

    app = create_app(engine, threads=threads)
    with in_use(engine.settings):
        # Threads inherit the mask: the signal reaches this one, which else would sleep on until its next turn.
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
        try:
            server = waitress.create_server(app, host=host, port=port, threads=threads, ident=None)
        except OSError as error:
            raise AddressNotFree(place=f"{_bracketed(host)}:{port}", reason=error.strerror) from error
        for place in getattr(server, "effective_listen", None) or [(server.effective_host, server.effective_port)]:
            log.info("serving http://%s:%s", _bracketed(str(place[0])), place[1])
        for number in _STOPPING:
            signal.signal(number, _leave)
        if scheduler:
            engine.start()
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
            server.run()
        finally:
            server.close()
            engine.stop()
            log.info("stopped")


def serve_https(host: str, port: int, threads: int, cert: Path, key: Path, *, scheduler: bool) -> None:
    """Serve HTTPS until told to stop. The engine is opened after the fork: no connection or thread crosses it."""
    _Https(host, port, threads, cert, key, scheduler=scheduler).run()


def run_scheduler(engine: Engine) -> None:
    """Run the scheduler alone until told to stop."""
    with in_use(engine.settings):
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
        engine.start()
        log.info("scheduler runs")
        signal.sigwait(_STOPPING)
        engine.stop()
        log.info("stopped")


@contextmanager
def in_use(settings: Settings, *, alone: bool = False) -> Iterator[None]:
    """Mark the data as in use; `alone` is for what replaces it, and refuses while anybody else has it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / "in-use.lock").open("w") as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StillRunning(folder=str(settings.data_dir)) from None
        yield


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class _Https(BaseApplication):
    """gunicorn with one worker of several threads."""

    def __init__(self, host: str, port: int, threads: int, cert: Path, key: Path, *, scheduler: bool) -> None:
        self._threads = threads
        self._scheduler = scheduler
        self._options: dict[str, Any] = {
            "bind": f"{_bracketed(host)}:{port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": threads,
            "certfile": str(cert),
            "keyfile": str(key),
            "graceful_timeout": _GRACE_S,
            "control_socket_disable": True,
            "proc_name": "closeloop",
            "worker_exit": self._close,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from engine.app import Engine
        from web.app import create_app

        settings = from_environment()
        self._engine = Engine(settings)
        self._marked = in_use(settings)
        self._marked.__enter__()
        if self._scheduler:
            self._engine.start()
        return create_app(self._engine, threads=self._threads)

    def _close(self, _server: Any, _worker: Any) -> None:
        self._engine.stop()
        self._marked.__exit__(None, None, None)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
