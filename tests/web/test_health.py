from pathlib import Path

from flask import Flask

from engine.app import Engine
from engine.config import Settings
from web.app import create_app


def test_a_server_with_its_database_is_ready(app: Flask) -> None:
    client = app.test_client()
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 200)


def test_a_database_without_the_schema_is_not_ready_and_says_why(tmp_path: Path) -> None:
    client = create_app(Engine(Settings(data_dir=tmp_path))).test_client()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "closeloop init" in response.text
    assert str(tmp_path) not in response.text
    assert client.get("/healthz").status_code == 200


def test_a_database_that_does_not_answer_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / "closeloop.db").write_bytes(b"not a database at all, and long enough to be read as one" * 40)
    response = create_app(Engine(Settings(data_dir=tmp_path))).test_client().get("/readyz")
    assert response.status_code == 503
    assert str(tmp_path) not in response.text


def test_metrics_count_what_is_stored_and_what_was_asked(app: Flask) -> None:
    client = app.test_client()
    client.get("/healthz")
    text = client.get("/metrics").text
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(lines["closeloop_open_tasks"]) == 0
    assert float(lines["closeloop_armed_timers"]) == 0
    assert float(lines['closeloop_requests_total{status="200"}']) == 1
    assert float(lines["closeloop_request_seconds_count"]) == 1
