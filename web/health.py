"""What watches a server asks: is it alive, can it work, how much does it do."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from engine.model.errors import EngineError
from engine.queries import work
from web import current
from web.auth import public

log = logging.getLogger(__name__)
blueprint = Blueprint("health", __name__)
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Figures:
    """Counts of one application's requests; each has its own, so that tests do not add up."""

    def __init__(self, engine: Any) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("closeloop_requests", "Requests answered.", ["status"], registry=self.registry)
        self.seconds = Histogram(
            "closeloop_request_seconds", "Seconds to an answer.", buckets=_BUCKETS, registry=self.registry
        )
        self.registry.register(_Rows(engine))


class _Rows(Collector):
    """Counts of what is stored, read when asked for."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine

    def collect(self) -> Iterator[GaugeMetricFamily]:
        counts = self.engine.query(work.count_work, now=self.engine.clock())
        for name, text in _GAUGES.items():
            yield GaugeMetricFamily(f"closeloop_{name}", text, value=counts[name])

    def describe(self) -> list[GaugeMetricFamily]:
        return []


_GAUGES = {
    "running_instances": "Cases that run.",
    "open_tasks": "User tasks that are open.",
    "late_tasks": "Open user tasks past their due instant.",
    "armed_timers": "Timers that are armed.",
    "due_timers": "Timers that should have fired.",
    "open_jobs": "Jobs that wait or are being done.",
    "due_jobs": "Jobs that could be done now.",
    "open_incidents": "Incidents that wait for a person.",
}


def init(app: Flask) -> None:
    """Add the three addresses, and count every request."""
    figures = Figures(app.extensions["closeloop"])
    app.extensions["closeloop_figures"] = figures
    app.register_blueprint(blueprint)

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        if request.endpoint != "static":
            figures.requests.labels(str(response.status_code)).inc()
            figures.seconds.observe(time.perf_counter() - g.get("began", time.perf_counter()))
        return response


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """Answer 200 as long as requests are answered at all."""
    return _plain("ok")


@blueprint.get("/readyz")
@public
def ready() -> Response:
    """Answer 200 where the database can be read and has this release's schema, else 503.

    Anyone may ask, so the answer names no place; the log does.
    """
    try:
        current.engine().require_current()
    except EngineError as error:
        log.warning("not ready: %s", error.text)
        return _plain(
            "The database is not of this release or cannot be used; the log and “closeloop init” say why.", 503
        )
    except Exception as error:  # whatever keeps the database from answering
        log.warning("not ready", exc_info=error)
        return _plain(f"The database does not answer: {type(error).__name__}.", 503)
    return _plain("ready")


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """Write the figures in Prometheus' text format."""
    figures: Figures = current_app.extensions["closeloop_figures"]
    return Response(generate_latest(figures.registry), content_type=CONTENT_TYPE_LATEST)


def _plain(text: str, status: int = 200) -> Response:
    return Response(
        text + "\n", status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )
