"""Calls that wait for something to turn up, so few at a time that the server's other callers never queue behind them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, current_app

_STEP_S = 0.25
"""Between two looks: jobs may be made by any process, and a look takes about a millisecond."""


def init(app: Flask, threads: int) -> None:
    """Let waiting calls hold at most a quarter of the server's threads; with fewer than four threads none waits."""
    app.extensions["closeloop_waiting"] = threading.BoundedSemaphore(threads // 4) if threads >= 4 else None


def wait_for(look: Callable[[], Sequence[Any]], wait_s: float) -> Sequence[Any]:
    """Look until something is there or `wait_s` is over; once only where all places to wait are taken."""
    found = look()
    places: threading.BoundedSemaphore | None = current_app.extensions["closeloop_waiting"]
    if found or wait_s <= 0 or places is None or not places.acquire(blocking=False):
        return found
    try:
        end = time.monotonic() + wait_s
        while not found and (left := end - time.monotonic()) > 0:
            time.sleep(min(_STEP_S, left))
            found = look()
        return found
    finally:
        places.release()
