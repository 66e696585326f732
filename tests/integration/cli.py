"""Runs `closeloop` as a person at a terminal does."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from web.cli import main

PROJECT = Path(__file__).resolve().parents[2]
CLOSELOOP = str(Path(sys.executable).with_name("closeloop"))


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """Give a child's environment: nothing of the developer's settings, data in `data_dir`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CLOSELOOP_")}
    return {**inherited, "CLOSELOOP_DATA_DIR": str(data_dir), **settings}


@dataclass(frozen=True)
class Done:
    """A command at its end."""

    returncode: int
    stdout: str
    stderr: str


def run(data_dir: Path, *arguments: str, given: str = "", **settings: str) -> Done:
    """Run a command in this process; an exception that a person would see as a traceback is raised."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    environ = {"CLOSELOOP_DATA_DIR": str(data_dir), **settings}
    try:
        result = CliRunner().invoke(main, arguments, input=given, env=environ)
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


def succeed(data_dir: Path, *arguments: str, given: str = "", **settings: str) -> str:
    """Run a command that must succeed and return what it printed."""
    done = run(data_dir, *arguments, given=given, **settings)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def serving(
    data_dir: Path, *arguments: str, command: str = "serve", **settings: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve on a free port; give the process and its base address."""
    process = subprocess.Popen(
        [CLOSELOOP, command, "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env=environment(data_dir, **settings),
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if "http" in line:
                address = next(word for word in line.replace('"', " ").replace(",", " ").split() if "://" in word)
                break
        else:
            raise AssertionError("the server ended before it served")
        yield process, address
    finally:
        process.terminate()
        process.wait(timeout=30)
