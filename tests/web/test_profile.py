import re

import pytest

from engine.queries.people import get_user


def test_a_profile_names_person_role_and_groups(chen):
    page = chen.get("/profile").text
    assert "<h2>Chen Wei</h2>" in page
    assert "chen, staff" in page
    assert '<span class="tag">Quality</span>' in page


def test_the_language_counts_from_the_next_page_on(chen, engine):
    assert chen.post("/profile/display", {"locale": "zh_Hans"}).location == "/profile"
    page = chen.get("/profile").text
    assert '<html lang="zh-Hans"' in page
    assert "<h2>陈伟</h2>" in page
    assert engine.query(get_user, name="chen").locale == "zh_Hans"


@pytest.mark.parametrize(("theme", "stored", "shown"), [("dark", "dark", "dark"), ("system", None, "light")])
def test_the_theme_is_drawn_before_any_script(chen, engine, theme, stored, shown):
    chen.post("/profile/display", {"theme": "light"})
    chen.post("/profile/display", {"theme": theme})
    assert engine.query(get_user, name="chen").theme == stored
    assert f'data-bs-theme="{shown}" data-theme="{theme}"' in chen.get("/inbox").text


@pytest.mark.parametrize("choice", [{"locale": "../../etc"}, {"theme": "<script>"}])
def test_only_what_is_offered_can_be_chosen(chen, engine, choice):
    before = engine.query(get_user, name="chen")
    assert chen.post("/profile/display", choice).status_code == 422
    assert engine.query(get_user, name="chen") == before


def test_a_profile_makes_nobody_an_administrator(chen, engine):
    chen.post("/profile/display", {"theme": "dark", "roles": "admin", "groups": "warehouse", "name": "root"})
    user = engine.query(get_user, name="chen")
    assert (user.roles, user.groups) == (("staff",), ("quality",))


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("zh-CN,zh;q=0.9", "zh-Hans"), ("de-DE,en-GB;q=0.8", "en"), ("fr", "en"), ("zh-TW", "zh-Hans")],
)
def test_the_door_speaks_the_browsers_language(client, accepted, language):
    page = client.get("/login", headers={"Accept-Language": accepted}).text
    assert re.search(r'<html lang="([^"]+)"', page).group(1) == language


def test_the_language_chosen_at_the_door_stays_until_signing_in(client):
    client.get("/login?lang=zh_Hans")
    assert '<html lang="zh-Hans"' in client.get("/login", headers={"Accept-Language": "en"}).text
