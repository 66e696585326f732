import json
from typing import Any

import pytest

from engine import forms
from engine.model.errors import InvalidInput
from tests.unit.forms.making import NOW

PROPERTIES = {
    "record:key": "serial",
    "record:title": '=model + " " + serial',
    "record:name": "Equipment",
    "record:name:zh_Hans": "设备",
}
COMPONENTS = [
    {"type": "textfield", "key": "serial", "label": "Serial number", "validate": {"required": True},
     "properties": {"label:zh_Hans": "序列号"}},
    {"type": "select", "key": "model", "label": "Model", "values": [{"value": "tc", "label": "Turning centre"}, "vmc"]},
    {"type": "number", "key": "voltage", "label": "Voltage"},
    {"type": "checkbox", "key": "sold", "label": "Sold"},
    {"type": "checklist", "key": "options", "label": "Options", "values": ["cover", "pump"]},
    {"type": "datetime", "key": "built_on", "label": "Built on"},
    {"type": "textarea", "key": "notes", "label": "Notes", "readonly": True},
]  # fmt: skip


def register(**properties: str) -> forms.RecordTypeForm:
    content = {"id": "equipment", "components": COMPONENTS, "properties": PROPERTIES | properties}
    return forms.read_record_type(json.dumps(content).encode(), "forms/records/equipment.form")


KIND = register()


def sheet_of(text: str | bytes) -> forms.Sheet:
    return forms.read_csv(KIND, text if isinstance(text, bytes) else text.encode(), now=NOW)


def found(text: str) -> list[tuple[int, str]]:
    return [(error.row, error.column) for error in sheet_of(text).errors]


def test_a_register_knows_its_key_title_and_search_words():
    data = {"serial": "WX-1", "model": "tc", "voltage": 400, "built_on": "2025-01-01"}
    assert (KIND.type, KIND.name, KIND.name_in("zh_Hans"), KIND.key_of(data)) == (
        "equipment",
        "Equipment",
        "设备",
        "WX-1",
    )
    assert KIND.title_of(data) == "tc WX-1"
    assert {"wx-1", "400", "2025-01-01"} <= set(KIND.search_text(data).split())
    assert list(KIND.problems) == []


def test_a_title_that_gives_nothing_is_the_key():
    assert KIND.title_of({"serial": "WX-1", "model": None}) == "WX-1"


@pytest.mark.parametrize(
    ("properties", "rule"),
    [
        ({"record:key": "nobody"}, "record-key"),
        ({"record:key": "voltage"}, "record-key"),
        ({"record:title": "model"}, "record-title"),
        ({"record:title": "=model +"}, "feel"),
    ],
)
def test_a_register_that_cannot_work_is_refused(properties: dict[str, str], rule: str):
    assert [problem.rule for problem in register(**properties).problems] == [rule]


def test_a_record_keeps_its_key_and_what_pages_show_locked():
    present = KIND.validate({"serial": "WX-1", "notes": "from the plant"}, now=NOW)
    assert present["notes"] == "from the plant"
    assert KIND.validate({"serial": "WX-1", "voltage": 230}, present, now=NOW)["notes"] == "from the plant"
    for wrong in ({"serial": "WX-2"}, {"serial": "WX-1", "notes": "forged"}):
        with pytest.raises(InvalidInput):
            KIND.validate(wrong, present, now=NOW)


@pytest.mark.parametrize("key", ["", " ", "a/b", "..", "x" * 256])
def test_a_key_that_no_address_can_carry_is_refused(key: str):
    with pytest.raises(InvalidInput) as caught:
        KIND.validate({"serial": key}, now=NOW)
    assert set(caught.value.errors) == {"serial"}


def test_cells_become_values_of_their_field():
    sheet = sheet_of(
        "\ufeffserial,Model,voltage,sold,options,built_on\r\nWX-1,Turning Centre,４00,yes,cover|pump,2025-02-01\r\n\r\nWX-2,vmc,1.5,否,,\r\n"
    )
    assert list(sheet.errors) == []
    assert sheet.rows == 2
    first, second = sheet.records
    assert (first["model"], first["voltage"], first["sold"], first["options"]) == ("tc", 400, True, ["cover", "pump"])
    assert (second["model"], second["voltage"], second["sold"], second["options"]) == ("vmc", 1.5, False, [])


def test_labels_of_any_language_may_head_the_columns_and_chinese_spreadsheets_are_read():
    assert sheet_of("序列号;voltage\nWX-备;5".encode("gb18030")).records[0]["serial"] == "WX-备"


def test_every_wrong_cell_is_said_with_row_and_column():
    text = "serial,model,voltage,built_on\nWX-1,tc,x,2025-02-30\n,tc,1,\nWX-1,nothing,1,\nWX-3,tc,1,,,\n"
    assert found(text) == [(2, "voltage"), (2, "built_on"), (3, "serial"), (4, "model"), (5, "")]
    assert sheet_of(text).records == ()


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", [(1, "")]),
        ("serial,nobody\nWX-1,x", [(1, "nobody")]),
        ("serial,serial\nWX-1,x", [(1, "serial")]),
        ("model\ntc", [(1, "serial")]),
        ("serial\nWX-1\nWX-1", [(3, "serial")]),
        ('serial\n"WX-1', [(1, "")]),
    ],
)
def test_a_file_that_does_not_fit_is_refused_whole(text: str, places: list[tuple[int, str]]):
    assert found(text) == places


def test_what_is_exported_comes_back_the_same_and_runs_no_formula():
    record: dict[str, Any] = KIND.validate(
        {"serial": "=cmd()", "model": "tc", "voltage": -5, "sold": True, "options": ["pump"], "notes": "＝1"}, now=NOW
    )
    text = "".join(forms.write_csv(KIND, [record]))
    assert "'=cmd()" in text
    assert "'＝1" in text
    assert ",-5," in text
    assert sheet_of(text).records == (record,)
