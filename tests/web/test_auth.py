from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from engine.commands.set_password import SetPassword
from engine.model.actor import SYSTEM
from tests.web.conftest import PASSWORD, Person, password_hash
from web.app import create_app
from web.auth import hash_password, local_path


def test_every_page_asks_who_is_there(client):
    answer = client.get("/inbox?scope=mine")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/inbox?scope%3Dmine"


def test_no_page_but_the_doors_is_open_to_strangers(app, client):
    """Every rule of every blueprint, asked for without a session."""
    opened = []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static" or rule.endpoint.startswith("api"):
            continue
        converters = rule._converters
        values = {name: sorted(getattr(converters[name], "items", ["1"]))[0] for name in rule.arguments}
        path = rule.build(values, append_unknown=False)[1]
        answer = client.get(path)
        if not (answer.status_code == 302 and answer.location.startswith("/login")):
            opened.append(rule.endpoint)
    assert sorted(opened) == ["auth.login", "health.alive", "health.metrics", "health.ready"]


def test_signing_in_leads_to_where_one_wanted_to_go(app):
    person = Person(app.test_client(), "chen")
    answer = person.post("/login", {"name": "chen", "password": PASSWORD, "next": "/profile"})
    assert answer.location == "/profile"
    assert "Chen Wei" in person.get("/profile").text


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "inbox",
        "/\tevil",
        "/\n/evil",
    ],
)
def test_only_paths_of_this_site_are_followed_after_signing_in(app, target):
    person = Person(app.test_client(), "chen")
    answer = person.post("/login", {"name": "chen", "password": PASSWORD, "next": target})
    assert answer.location == "/"


def test_a_local_path_keeps_its_query():
    assert local_path("/cases?q=S-1&state=open") == "/cases?q=S-1&state=open"


def test_the_host_header_decides_nothing(client):
    answer = client.get("/inbox", headers={"Host": "evil.example"})
    assert urlsplit(answer.location).netloc == ""
    assert "evil.example" not in client.get("/login", headers={"Host": "evil.example"}).text


@pytest.mark.parametrize(("name", "password"), [("chen", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(app, name, password):
    person = Person(app.test_client(), "chen")
    answer = person.post("/login", {"name": name, "password": password})
    assert answer.status_code == 401
    assert "The user name or the password is not right." in answer.text
    assert person.get("/inbox").status_code == 302


def test_a_user_without_password_cannot_sign_in(app, engine):
    from engine.commands.create_user import CreateUser

    engine.execute(CreateUser(name="robot", actor=SYSTEM, roles=("staff",)))
    person = Person(app.test_client(), "chen")
    assert person.post("/login", {"name": "robot", "password": ""}).status_code == 401


@pytest.fixture
def quick(monkeypatch):
    """Compare passwords without the slow hash."""
    monkeypatch.setattr("web.auth.check_password", lambda user, password: user is not None and password == PASSWORD)


@pytest.mark.usefixtures("quick")
def test_guessing_one_account_is_slowed_down(app):
    person = Person(app.test_client(), "chen")
    answers = [person.post("/login", {"name": "chen", "password": f"guess {n}"}).status_code for n in range(12)]
    assert answers == [401] * 10 + [429] * 2
    assert person.post("/login", {"name": "Chen ", "password": PASSWORD}).status_code == 429
    assert person.post("/login", {"name": "wang", "password": PASSWORD}).status_code == 302


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("proxies", "last"), [(0, 429), (1, 401)])
def test_addresses_are_limited_each_as_the_trusted_proxy_names_them(engine, proxies, last):
    engine.settings = replace(engine.settings, trusted_proxies=proxies)
    person = Person(create_app(engine).test_client(), "chen")

    def guess(name: str, address: str) -> int:
        return person.post(
            "/login", {"name": name, "password": "x"}, headers={"X-Forwarded-For": f"6.6.6.6, {address}"}
        ).status_code

    assert [guess(f"user{n}", "10.0.0.1") for n in range(60)] == [401] * 60
    assert guess("user60", "10.0.0.1") == 429
    assert guess("user60", "10.0.0.2") == last


def test_a_session_begins_anew_when_somebody_signs_in(app):
    person = Person(app.test_client(), "chen")
    before = person.token()
    with person.client.session_transaction() as session:
        session["planted"] = "yes"
    person.post("/login", {"name": "chen", "password": PASSWORD})
    with person.client.session_transaction() as session:
        assert "planted" not in session
    assert person.client.post("/logout", data={"csrf_token": before}).status_code == 400


def test_signing_out_ends_the_session(chen):
    assert chen.post("/logout").location == "/login"
    assert chen.get("/inbox").status_code == 302


def test_a_new_password_ends_all_other_sessions(engine, sign_in):
    here, there = sign_in("chen"), sign_in("chen")
    answer = here.post("/profile/password", {"old": PASSWORD, "new": "a longer password", "again": "a longer password"})
    assert answer.status_code == 302
    assert here.get("/inbox").status_code == 200
    assert there.get("/inbox").status_code == 302


def test_a_password_set_by_an_administrator_ends_the_session(engine, chen):
    engine.execute(SetPassword(name="chen", password_hash=hash_password("given by root"), actor=SYSTEM))
    assert chen.get("/inbox").status_code == 302


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"old": "wrong", "new": "long enough 1", "again": "long enough 1"}, "This is not your present password."),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "Use at least 10 characters."),
        ({"old": PASSWORD, "new": "long enough 1", "again": "long enough 2"}, "The two new passwords differ."),
    ],
)
def test_a_password_is_changed_only_by_the_rules(engine, chen, fields, message):
    answer = chen.post("/profile/password", fields)
    assert answer.status_code == 422
    assert message in answer.text
    assert chen.get("/inbox").status_code == 200


def test_what_was_typed_survives_the_end_of_the_session(chen, start):
    start()
    chen.post("/logout")
    page = chen.post("/tasks/17/complete", [("f.fault", "<Limit> switch"), ("f.fault", "second")])
    assert page.status_code == 401
    assert "&lt;Limit&gt; switch" in page.text
    again = chen.post(
        "/login",
        [
            ("name", "chen"),
            ("password", PASSWORD),
            ("again_action", "/tasks/17/complete"),
            ("again_name", "f.fault"),
            ("again_value", "<Limit> switch"),
        ],
    )
    assert again.status_code == 200
    assert 'action="/tasks/17/complete"' in again.text
    assert '<input type="hidden" name="f.fault" value="&lt;Limit&gt; switch">' in again.text


def test_the_hash_of_a_password_is_argon2():
    assert password_hash().startswith("$argon2id$")
