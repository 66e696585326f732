import re

import pytest

from engine.config import Settings
from web.app import create_app

PAGES = ["/login", "/inbox", "/profile", "/no/such/page", "/static/none.js"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(chen, path):
    headers = chen.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"


@pytest.mark.parametrize("path", ["/inbox", "/profile", "/cases", "/processes", "/start"])
def test_no_page_holds_a_script_or_a_handler_of_its_own(chen, path):
    page = chen.get(path).text
    scripts = re.findall(r"<script\b([^>]*)>", page)
    assert scripts
    assert [
        attributes for attributes in scripts if "src=" not in attributes and "application/json" not in attributes
    ] == []
    assert re.findall(r"<[^>]+\son[a-z]+\s*=", page) == []
    assert "javascript:" not in page


def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(client):
    cookie = client.get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_cookies_are_secure_and_https_is_remembered(engine, settings: Settings):
    from dataclasses import replace

    engine.settings = replace(settings, base_url="https://plant.example")
    answer = create_app(engine).test_client().get("/login")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_a_post_without_its_token_is_refused_and_changes_nothing(chen):
    answer = chen.client.post("/profile/display", data={"theme": "dark"})
    assert answer.status_code == 400
    assert "nothing was changed" in answer.text
    assert 'data-theme="system"' in chen.get("/profile").text


def test_pages_are_not_kept_and_built_files_are(chen):
    page = chen.get("/inbox")
    assert page.headers["Cache-Control"] == "private, no-cache"
    script = re.search(r'src="(/static/app-[^"]+)"', page.text).group(1)
    assert "immutable" in chen.get(script).headers["Cache-Control"]


def test_a_page_that_fails_says_what_is_safe_and_gives_a_reference(app, chen, monkeypatch, caplog):
    def fail(**_):
        raise RuntimeError("secret detail")

    monkeypatch.setitem(app.view_functions, "tasks.inbox", fail)
    answer = chen.get("/inbox")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    reference = re.search(r'class="refno">([0-9A-Z]{4}-[0-9A-Z]{4})<', answer.text).group(1)
    assert reference in caplog.text


def test_the_page_of_a_failure_does_not_need_the_database(app, chen, engine, monkeypatch):
    chen.get("/inbox")

    def fail(*_, **__):
        raise RuntimeError("no database")

    monkeypatch.setattr(engine, "query", fail)
    assert chen.get("/inbox").status_code == 500
    assert chen.get("/login").status_code in (200, 500)


def test_an_unknown_address_is_answered_with_a_page_that_leads_back(chen):
    answer = chen.get("/no/such/page")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert 'href="/"' in answer.text
