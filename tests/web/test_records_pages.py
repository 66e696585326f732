"""Registers in pages: who reads, who writes, what a list finds, CSV in and out."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from engine.app import Engine
from engine.commands.put_record import PutRecord
from engine.commands.put_record_type import PutRecordType
from engine.model.actor import SYSTEM
from engine.model.errors import NotFound
from engine.queries.records import get_record

EQUIPMENT = {
    "id": "equipment",
    "components": [
        {"type": "textfield", "key": "serial", "label": "Serial number", "validate": {"required": True}},
        {"type": "select", "key": "model", "label": "Model", "values": [{"value": "tc", "label": "Turning centre"}, "vmc"]},
        {"type": "number", "key": "voltage", "label": "Voltage", "validate": {"max": 1000}},
        {"type": "textfield", "key": "origin", "label": "Origin", "readonly": True},
    ],
    "properties": {
        "record:key": "serial",
        "record:title": '=model + " " + serial',
        "record:name": "Equipment",
        "record:name:zh_Hans": "设备",
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def register(engine: Engine) -> None:
    engine.execute(PutRecordType(file="equipment.form", data=json.dumps(EQUIPMENT).encode(), actor=SYSTEM))


@pytest.fixture
def put(engine: Engine) -> Callable[..., None]:
    def put(serial: str, **data: Any) -> None:
        engine.execute(PutRecord(type="equipment", key=serial, actor=SYSTEM, data={"serial": serial, **data}))

    return put


@pytest.fixture
def stored(engine: Engine) -> Callable[[str], dict[str, Any] | None]:
    def stored(key: str) -> dict[str, Any] | None:
        try:
            return engine.query(get_record, type="equipment", key=key).data
        except NotFound:
            return None

    return stored


def shown(page: str) -> list[str]:
    return re.findall(r'/records/equipment/entries/([^"]+)"', page)


def test_everyone_reads_the_registers_and_only_keepers_are_offered_to_write(sign_in, put):
    put("WX-1", model="tc")
    staff, manager = sign_in("chen"), sign_in("li")
    for path in ("/records", "/records/equipment", "/records/equipment/entries/WX-1"):
        assert staff.get(path).status_code == 200, path
    assert "/records/equipment/new" not in staff.get("/records/equipment").text
    assert "/records/equipment/new" in manager.get("/records/equipment").text
    assert 'name="f.model"' not in staff.get("/records/equipment/entries/WX-1").text


@pytest.mark.parametrize("path", ["/new", "/entries/WX-1", "/entries/WX-1/delete", "/import", "/import/agreed"])
def test_staff_cannot_write_by_any_address(sign_in, put, stored, path: str):
    put("WX-1", model="tc")
    assert sign_in("chen").post(f"/records/equipment{path}", {"f.serial": "WX-2"}).status_code == 403
    assert (stored("WX-1") or {})["model"] == "tc"
    assert stored("WX-2") is None


@pytest.mark.parametrize("path", ["/records/nothing", "/records/equipment/entries/none", "/records/nothing/pick"])
def test_what_is_not_there_is_not_found(chen, path: str):
    assert chen.get(path).status_code == 404


def test_a_list_is_searched_by_every_word_and_paged(sign_in, put):
    for number in range(55):
        put(f"WX-{number:03}", model="tc" if number % 2 else "vmc")
    chen = sign_in("chen")
    first = chen.get("/records/equipment").text
    assert len(shown(first)) == 50
    assert "1–50 of 55" in first
    later = re.search(r'href="([^"]+)" rel="next"', first)
    assert later
    second = chen.get(later[1].replace("&amp;", "&")).text
    assert shown(second) == [f"WX-{number:03}" for number in range(50, 55)]
    assert "51–55 of 55" in second
    assert shown(chen.get("/records/equipment?q=TC+wx-00").text) == ["WX-001", "WX-003", "WX-005", "WX-007", "WX-009"]
    assert "Nothing found for “100%”" in chen.get("/records/equipment?q=100%25").text


def test_a_picker_is_offered_what_fits(chen, put):
    put("WX-1", model="tc")
    put("WX-2", model="vmc")
    options = chen.get("/records/equipment/pick?q=wx-1").text
    assert 'data-key="WX-1" data-title="tc WX-1"' in options
    assert "WX-2" not in options


def test_an_entry_is_made_and_a_key_that_is_there_is_never_overwritten(sign_in, stored):
    li = sign_in("li")
    assert (
        li.post("/records/equipment/new", {"f.serial": "WX-1", "f.model": "tc", "f.voltage": "４00"}).status_code == 302
    )
    assert stored("WX-1") == {"serial": "WX-1", "model": "tc", "voltage": 400, "origin": ""}
    again = li.post("/records/equipment/new", {"f.serial": "WX-1", "f.model": "vmc"})
    assert again.status_code == 422
    assert "There is an entry with this key already." in again.text
    assert (stored("WX-1") or {})["model"] == "tc"


def test_a_refused_entry_comes_back_as_typed_with_a_message_beside_each_field(sign_in):
    page = sign_in("li").post("/records/equipment/new", {"f.serial": "", "f.voltage": "1200"})
    assert page.status_code == 422
    assert 'value="1200"' in page.text
    assert 'id="f-voltage-e"' in page.text
    assert '<a href="#f-serial">Serial number: Please fill this in.</a>' in page.text


def test_an_entry_is_changed_its_key_and_locked_fields_stay(sign_in, put, stored):
    put("WX-1", model="tc", origin="Wuxi")
    li = sign_in("li")
    sent = {"f.serial": "WX-9", "f.origin": "forged", "f.model": "vmc", "revision": "1"}
    assert li.post("/records/equipment/entries/WX-1", sent).status_code == 302
    assert stored("WX-1") == {"serial": "WX-1", "model": "vmc", "voltage": None, "origin": "Wuxi"}
    assert stored("WX-9") is None


def test_who_was_slower_sees_both_versions_and_keeps_what_was_typed(sign_in, put, stored):
    put("WX-1", model="tc")
    li = sign_in("li")
    assert (
        li.post("/records/equipment/entries/WX-1", {"f.model": "vmc", "f.voltage": "230", "revision": "1"}).status_code
        == 302
    )
    late = li.post("/records/equipment/entries/WX-1", {"f.model": "tc", "f.voltage": "400", "revision": "1"})
    assert late.status_code == 409
    assert 'value="400"' in late.text
    assert "Li Na saved this entry while you were editing." in late.text
    assert (stored("WX-1") or {})["voltage"] == 230
    assert 'name="revision" value="2"' in late.text


def test_an_entry_is_deleted(sign_in, put, stored):
    put("WX-1", model="tc")
    assert sign_in("owen").post("/records/equipment/entries/WX-1/delete").status_code == 302
    assert stored("WX-1") is None


def upload(person: Any, text: str) -> Any:
    return person.post("/records/equipment/import", {"file": (io.BytesIO(text.encode()), "machines.csv")})


def ticket(page: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found, page
    return found[1]


def test_a_file_is_shown_first_and_imported_when_agreed(sign_in, put, stored):
    put("WX-1", model="tc", voltage=400)
    put("WX-2", model="tc")
    li = sign_in("li")
    text = "serial,Model,voltage,origin\nWX-1,turning centre,230,\nWX-2,tc,,\nWX-3,vmc,400,Wuxi\n"
    seen = upload(li, text)
    assert seen.status_code == 200
    counts = re.findall(r'<dd class="num">(\d+)</dd>', seen.text)
    assert counts == ["1", "1", "1"]
    assert stored("WX-3") is None
    assert li.post("/records/equipment/import/agreed", {"ticket": ticket(seen.text)}).status_code == 302
    assert (stored("WX-1") or {})["voltage"] == 230
    assert stored("WX-3") == {"serial": "WX-3", "model": "vmc", "voltage": 400, "origin": "Wuxi"}


def test_a_wrong_file_changes_nothing_and_says_every_row(sign_in, stored):
    page = upload(sign_in("li"), "serial,model,voltage\nWX-1,tc,9999\n,tc,1\nWX-3,wrong,1\n")
    assert page.status_code == 422
    cells = re.findall(r'<td class="r">(\d*)</td><td class="strong">(\w*)</td>', page.text)
    assert cells == [("2", "voltage"), ("3", "serial"), ("4", "model")]
    assert stored("WX-1") is None


def test_only_the_person_who_saw_a_file_can_import_it(sign_in, stored):
    seen = ticket(upload(sign_in("li"), "serial\nWX-1\n").text)
    assert sign_in("owen").post("/records/equipment/import/agreed", {"ticket": seen}).status_code == 404
    assert sign_in("li").post("/records/equipment/import/agreed", {"ticket": seen + "x"}).status_code == 422
    assert stored("WX-1") is None


def test_the_export_comes_back_unchanged_and_runs_no_formula(sign_in, put):
    put("=WX", model="tc", voltage=-5)
    li = sign_in("li")
    answer = li.get("/records/equipment/export.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.get_data().decode("utf-8-sig")
    assert text.splitlines() == ["serial,model,voltage,origin", "'=WX,tc,-5,"]
    assert re.findall(r'<dd class="num">(\d+)</dd>', upload(li, text).text) == ["0", "0", "1"]


def test_what_was_typed_is_never_markup(sign_in, put):
    put("<script>alert(1)<\\script>", model=None, origin="<img src=x>")
    li = sign_in("li")
    for path in ("/records/equipment", "/records/equipment/pick"):
        page = li.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
