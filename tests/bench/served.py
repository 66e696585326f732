"""`closeloop serve` as it is installed: seconds to ready, memory, and completing tasks through REST."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.bench.engine_steps import chain

CLI = str(Path(sys.executable).parent / "closeloop")
STEPS, CASES = 20, 20


def run_cli(folder: Path, *arguments: str) -> str:
    """Run the command line on a data folder and return what it printed."""
    environment = {**os.environ, "CLOSELOOP_DATA_DIR": str(folder)}
    return subprocess.run([CLI, *arguments], env=environment, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def served(folder: Path) -> Iterator[tuple[httpx.Client, subprocess.Popen[bytes], float]]:
    """Serve a data folder; yield a client of its API as admin, the process, and the seconds until it was ready."""
    run_cli(folder, "init")
    run_cli(folder, "user", "create", "bench", "--role", "admin")
    token = run_cli(folder, "token", "create", "bench")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen(
        [CLI, "serve", "--port", str(port)],
        env={**os.environ, "CLOSELOOP_DATA_DIR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                if httpx.get(f"{base}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            if process.poll() is not None or time.perf_counter() - began > 60:
                raise RuntimeError("the server did not become ready")
            time.sleep(0.02)
        ready_s = time.perf_counter() - began
        with httpx.Client(base_url=f"{base}/api/v1", headers={"Authorization": f"Bearer {token}"}) as client:
            yield client, process, ready_s
    finally:
        process.terminate()
        process.wait(timeout=30)


def resident_mb(process: subprocess.Popen[bytes]) -> float:
    """Return the process's resident memory in MB."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS")


def measure(folder: Path) -> dict[str, float]:
    """Return `ready_s`, `resident_mb`, `http_complete_p50_ms` and `http_complete_p95_ms` of one client."""
    times: list[float] = []
    with served(folder) as (client, process, ready_s):
        files = {"files": ("chain.bpmn", chain(STEPS).encode())}
        client.post("/deployments", files=files).raise_for_status()
        for number in range(CASES + 1):
            case = client.post("/instances", json={"definition_key": "chain"}).raise_for_status().json()
            items = client.get("/tasks", params={"instance_id": case["id"]}).raise_for_status().json()["items"]
            task_ids = [item["id"] for item in items]
            while task_ids:
                began = time.perf_counter()
                answer = client.post(f"/tasks/{task_ids[0]}/complete", json={"variables": {"result": number}})
                elapsed = time.perf_counter() - began
                task_ids = answer.raise_for_status().json()["next_task_ids"]
                if number:  # the first case warms the caches
                    times.append(elapsed * 1000)
        memory = resident_mb(process)
    quantiles = statistics.quantiles(times, n=100)
    return {
        "ready_s": ready_s,
        "resident_mb": memory,
        "http_complete_p50_ms": quantiles[49],
        "http_complete_p95_ms": quantiles[94],
    }
