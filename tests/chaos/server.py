"""A live server that can be killed and started again, and a client of its API."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import PROJECT
from tests.integration.rest import Answer

_READY_S = 60


class Server:
    """`closeloop serve` over one data folder; killed with SIGKILL, without a chance to say goodbye."""

    def __init__(self, data_dir: Path, tokens: dict[str, str]) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.tokens = tokens
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)
        self.pid = 0
        self.starts = 0
        self._log = (data_dir.parent / "server.log").open("w")
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            cwd=PROJECT,
            env={**os.environ, "CLOSELOOP_DATA_DIR": str(data_dir), "CLOSELOOP_LOG_LEVEL": "WARNING"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def start(self) -> None:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(f"serve --port {self.port}\n")
        self._nursery.stdin.flush()
        self.pid = int(self._nursery.stdout.readline())
        self.starts += 1
        until = time.monotonic() + _READY_S
        while time.monotonic() < until:
            with suppress(httpx.TransportError):
                if self.client.get("/readyz").status_code == 200:
                    return
            time.sleep(0.02)
        raise TimeoutError("the server is not ready")

    def kill(self) -> None:
        """Kill it, and see that it is gone."""
        os.kill(self.pid, signal.SIGKILL)
        while True:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.005)

    def close(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        self._nursery.wait(10)
        self.client.close()
        self._log.close()

    def call(self, person: str, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.tokens[person]}", **options.pop("headers", {})}
        response = self.client.request(method, "/api/v1" + path, json=body, headers=headers, **options)
        return response.status_code, response.json()

    def upload(self, person: str, path: str, name: str, data: bytes) -> Answer:
        headers = {"Authorization": f"Bearer {self.tokens[person]}"}
        response = self.client.post("/api/v1" + path, files={"file": (name, data)}, headers=headers)
        return response.status_code, response.json()

    def when_over(self, instance_id: str) -> dict[str, Any]:
        """Return the case once it has ended: its last jobs run after the last task was answered."""
        until = time.monotonic() + _READY_S
        while (case := self.call("admin", "GET", f"/instances/{instance_id}")[1])["state"] == "running":
            assert time.monotonic() < until, case["active_elements"]
            time.sleep(0.1)
        return dict(case)
