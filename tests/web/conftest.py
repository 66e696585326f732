"""An application over a real engine on SQLite, people of every kind, and two small processes."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from engine.app import Engine
from engine.commands.create_group import CreateGroup
from engine.commands.create_user import CreateUser
from engine.commands.deploy_bundle import DeployBundle
from engine.commands.start_instance import StartInstance
from engine.config import Settings
from engine.model.actor import SYSTEM, Actor
from engine.services.deployment import DeployFile
from tests.factories import MovedClock
from web.app import create_app
from web.auth import hash_password

MODELS = Path(__file__).parent / "models"
PASSWORD = "correct horse"
PEOPLE = {
    "chen": ("Chen Wei", "陈伟", ("quality",), ("staff",)),
    "wang": ("Wang Jun", "王军", ("quality",), ("staff",)),
    "zhao": ("Zhao Min", "赵敏", ("warehouse",), ("staff",)),
    "li": ("Li Na", "李娜", (), ("manager",)),
    "owen": ("Owen Shaw", "", (), ("owner",)),
    "root": ("Root", "", (), ("admin",)),
}


@cache
def password_hash() -> str:
    return hash_password(PASSWORD)  # slow on purpose: once for all tests


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(datetime(2025, 11, 20, 6, 2, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)


def make_settings(folder: Path) -> Settings:
    return Settings(data_dir=folder, secret_key="k" * 40, base_url="http://localhost", plant_name="Taihu Conveyor")


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with people and models once; each test works on a copy."""
    folder = tmp_path_factory.mktemp("web")
    furnish(folder)
    return folder


def furnish(folder: Path) -> None:
    """Put groups, people and models into a new database."""
    engine = Engine(make_settings(folder))
    engine.prepare()
    for name, title, chinese in (("quality", "Quality", "质检组"), ("warehouse", "Warehouse", "仓库")):
        engine.execute(CreateGroup(name=name, actor=SYSTEM, title=title, titles={"zh_Hans": chinese}))
    for name, (text, chinese, groups, roles) in PEOPLE.items():
        engine.execute(
            CreateUser(
                name=name,
                actor=SYSTEM,
                display_name=text,
                display_names={"zh_Hans": chinese} if chinese else {},
                password_hash=password_hash(),
                groups=groups,
                roles=roles,
            )
        )
    files = tuple(DeployFile(path.name, path.read_bytes()) for path in sorted(MODELS.iterdir()))
    engine.execute(DeployBundle(files=files, actor=SYSTEM))
    engine.stop()


@pytest.fixture
def engine(settings: Settings, clock: MovedClock, furnished: Path) -> Iterator[Engine]:
    shutil.copytree(furnished, settings.data_dir, dirs_exist_ok=True)
    engine = Engine(settings, clock=clock)
    yield engine
    engine.stop()


@pytest.fixture
def app(engine: Engine) -> Flask:
    app = create_app(engine)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str], "Person"]:
    """Sign somebody in through the login page; each call is a browser of its own."""

    def sign_in(name: str) -> Person:
        person = Person(app.test_client(), name)
        answer = person.post("/login", {"name": name, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return person

    return sign_in


@pytest.fixture
def chen(sign_in: Callable[[str], "Person"]) -> "Person":
    return sign_in("chen")


@pytest.fixture
def start(engine: Engine) -> Callable[..., str]:
    """Start a case as its only manager and give its id."""

    def start(definition: str = "inspection", **variables: object) -> str:
        return engine.execute(StartInstance(definition_key=definition, actor=actor("li"), variables=variables)).id

    return start


def actor(name: str) -> Actor:
    _, _, groups, roles = PEOPLE[name]
    return Actor(name, frozenset(roles), frozenset(groups))


class Person:
    """A browser with somebody before it: sends the form token that its pages hold."""

    def __init__(self, client: FlaskClient, name: str) -> None:
        self.client = client
        self.name = name
        self.actor = actor(name)

    def get(self, path: str, **options: object) -> TestResponse:
        return self.client.get(path, **options)  # type: ignore[arg-type]

    def post(self, path: str, data: object = None, **options: object) -> TestResponse:
        token = self.token()
        if isinstance(data, list):  # repeated fields, in order
            data = MultiDict([*data, ("csrf_token", token)])
        else:
            data = {**(data or {}), "csrf_token": token}  # type: ignore[dict-item]
        return self.client.post(path, data=data, **options)  # type: ignore[arg-type]

    def token(self) -> str:
        page = self.client.get("/login", follow_redirects=True).text
        found = re.search(r'name="csrf[-_]token" (?:content|value)="([^"]+)"', page)
        assert found, page
        return found.group(1)
