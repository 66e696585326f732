from typing import Any

import pytest

from tests.unit.forms.making import answer, errors_of, form_of

FORM = form_of({"type": "inspection", "key": "results", "itemsExpression": "=section.items", "label": "Function"})
ITEMS = [
    {"id": "2.1", "text": "No alarm for 10 min", "method": "Look at the panel", "kind": "pass"},
    {"id": "2.2", "text": "Runout", "kind": "measure", "unit": "mm", "high": 0.008},
    {"id": "2.3", "text": "Temperature", "kind": "measure", "unit": "°C", "low": 20, "high": 45},
]
DATA = {"section": {"items": ITEMS}}


def given(*changes: dict[str, Any]) -> dict[str, Any]:
    good = [
        {"id": "2.1", "result": "pass"},
        {"id": "2.2", "value": 0.006},
        {"id": "2.3", "result": "pass", "value": 41.5},
    ]
    by_id = {one["id"]: one for one in good}
    for change in changes:
        by_id[change["id"]] = by_id.get(change["id"], {}) | change
    return {"results": list(by_id.values())}


def test_every_item_comes_back_in_the_checklists_order_with_its_own_text():
    sent = {"results": list(reversed(given({"id": "2.1", "text": "forged"})["results"]))}
    results = answer(FORM, sent, DATA)["results"]
    assert [(one["id"], one["text"], one["result"], one["value"]) for one in results] == [
        ("2.1", "No alarm for 10 min", "pass", None),
        ("2.2", "Runout", "pass", 0.006),
        ("2.3", "Temperature", "pass", 41.5),
    ]


@pytest.mark.parametrize("value", [19.99, 45.01, -300])
def test_a_value_outside_its_limits_fails_whatever_was_sent(value: float):
    change = {"id": "2.3", "result": "pass", "value": value, "note": "too warm"}
    assert answer(FORM, given(change), DATA)["results"][2]["result"] == "fail"


@pytest.mark.parametrize("value", [20, 45, 20.0])
def test_limits_belong_to_what_is_allowed(value: float):
    assert answer(FORM, given({"id": "2.3", "value": value}), DATA)["results"][2]["result"] == "pass"


def test_a_person_may_fail_what_measures_well():
    change = {"id": "2.2", "result": "fail", "note": "noisy", "defect_class": "B"}
    result = answer(FORM, given(change), DATA)["results"][1]
    assert (result["result"], result["note"], result["defect_class"]) == ("fail", "noisy", "B")


def test_open_items_are_refused_each_at_its_place():
    assert errors_of(FORM, {}, DATA) == {
        "results.0.result": ["Not answered yet. Pass or fail?"],
        "results.1.value": ["Not measured yet."],
        "results.2.value": ["Not measured yet."],
    }


def test_a_failed_item_needs_a_note():
    assert errors_of(FORM, given({"id": "2.1", "result": "fail"}), DATA) == {
        "results.0.note": ["A failed item needs a note: what is wrong?"]
    }
    assert set(errors_of(FORM, given({"id": "2.3", "value": 99, "note": "  "}), DATA)) == {"results.2.note"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"id": "2.1", "result": "maybe"}, "results.0.result"),
        ({"id": "2.1", "value": 5}, "results.0.value"),
        ({"id": "2.2", "value": "0.006"}, "results.1.value"),
        ({"id": "2.2", "role": "admin"}, "results.1.role"),
        ({"id": "2.2", "note": 5}, "results.1.note"),
        ({"id": "9.9", "result": "pass"}, "results"),
    ],
)
def test_wrong_parts_are_refused_at_their_place(change: dict[str, Any], path: str):
    assert path in errors_of(FORM, given(change), DATA)


def test_an_item_answered_twice_is_refused():
    twice = {"results": [*given()["results"], {"id": "2.1", "result": "fail", "note": "x"}]}
    assert errors_of(FORM, twice, DATA) == {"results": ["Item 2.1 is answered twice."]}


def test_a_required_photo_is_asked_for_when_the_item_is_answered():
    data = {"section": {"items": [{"id": "1", "text": "Panel", "required_photo": True}]}}
    assert errors_of(FORM, {"results": [{"id": "1", "result": "pass"}]}, data) == {
        "results.0.photos": ["Please add a photo."]
    }
    taken = answer(FORM, {"results": [{"id": "1", "result": "pass", "photos": ["a1"]}]}, data)
    assert taken["results"][0]["photos"] == ["a1"]


@pytest.mark.parametrize("items", [None, "x", [{"id": "1"}], [{"id": 1, "text": "a"}, {"id": "1", "text": "b"}]])
def test_a_checklist_that_cannot_be_read_lets_nobody_pass(items: Any):
    assert set(errors_of(FORM, {"results": []}, {"section": {"items": items}})) == {"results"}


def test_defect_classes_are_those_of_the_form_where_it_has_some():
    form = form_of(
        {"type": "inspection", "key": "results", "itemsExpression": "=items", "values": [{"value": "A", "label": "A"}]}
    )
    data = {"items": [{"id": "1", "text": "one"}]}
    failed = {"id": "1", "result": "fail", "note": "n"}
    assert answer(form, {"results": [failed | {"defect_class": "A"}]}, data)["results"][0]["defect_class"] == "A"
    assert set(errors_of(form, {"results": [failed | {"defect_class": "Z"}]}, data)) == {"results.0.defect_class"}
