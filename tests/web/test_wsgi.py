import importlib
import sys

import pytest

from engine.commands.create_user import CreateUser
from engine.model.actor import SYSTEM
from engine.model.errors import WrongDatabase, WrongSetting
from web import demo
from web.auth import hash_password


@pytest.fixture
def load(monkeypatch, settings):
    """Import the entry as gunicorn does, with settings from the environment."""

    def load(**environment: str):
        monkeypatch.setenv("CLOSELOOP_DATA_DIR", str(settings.data_dir))
        monkeypatch.setattr("web.logs.configure", lambda level: None)  # it would take pytest's handlers away
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delitem(sys.modules, "web.wsgi", raising=False)
        return importlib.import_module("web.wsgi").app

    return load


def test_the_entry_serves_the_pages(engine, load):
    assert load().test_client().get("/login").status_code == 200


def test_an_empty_database_stops_the_start(load):
    with pytest.raises(WrongDatabase):
        load()


def test_the_demo_plant_is_not_served_to_the_world(engine, load):
    name = demo.PEOPLE[0].name
    engine.execute(CreateUser(name=name, actor=SYSTEM, password_hash=hash_password(demo.PASSWORD)))
    with pytest.raises(WrongSetting, match="demo"):
        load(CLOSELOOP_BASE_URL="https://plant.example")
    assert load(CLOSELOOP_BASE_URL="http://127.0.0.1:8000").test_client().get("/login").status_code == 200
