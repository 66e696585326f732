import math
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forms import Message
from engine.model.errors import InvalidInput
from tests.unit.forms.making import NOW, answer, errors_of, form_of


def field(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "key": "x", **more}


CHOICE = [{"value": "a", "label": "A"}, {"value": 2, "label": "Two"}]


@pytest.mark.parametrize(
    ("component", "sent", "stored"),
    [
        (field("textfield"), "  hello\r\nthere ", "hello there"),
        (field("textarea"), "one\r\ntwo  ", "one\ntwo"),
        (field("textfield"), "={{x}} ${1}", "={{x}} ${1}"),
        (field("number"), 3.0, 3),
        (field("number", decimalDigits=2), 0.25, 0.25),
        (field("number", step=0.1), 0.3, 0.3),
        (field("checkbox"), True, True),
        (field("select", values=CHOICE), "a", "a"),
        (field("select", values=CHOICE), "2", 2),
        (field("radio", values=CHOICE), 2, 2),
        (field("checklist", values=CHOICE), ["2", "a"], [2, "a"]),
        (field("datetime"), "2026-02-28", "2026-02-28"),
        (field("datetime", subtype="time"), "08:05", "08:05"),
        (field("datetime", subtype="datetime"), "2026-02-28T08:05", "2026-02-28T08:05"),
        (field("filepicker"), ["f1", "f1"], ["f1"]),
        (field("textfield"), "", ""),
        (field("number"), None, None),
        (field("number"), "", None),
        (field("checklist", values=CHOICE), None, []),
    ],
)
def test_a_right_value_is_stored_as_its_type(component: dict[str, Any], sent: Any, stored: Any):
    found = answer(form_of(component), {"x": sent})
    assert found == {"x": stored}
    assert type(found["x"]) is type(stored)


@pytest.mark.parametrize(
    ("component", "sent", "message"),
    [
        (field("textfield", validate={"required": True}), "  ", "Please fill this in."),
        (field("textfield", validate={"minLength": 3}), "ab", "At least 3 characters, please."),
        (field("textfield", validate={"maxLength": 3}), "abcd", "At most 3 characters, please."),
        (field("textfield", validate={"pattern": "^[A-Z]{2}$"}), "abc", "This does not have the right form."),
        (field("textfield", validate={"pattern": "(a+)+$"}), "a" * 60 + "!", "This does not have the right form."),
        (
            field("textfield", validate={"validationType": "email"}),
            "me@",
            "Please give an e-mail address, such as name@example.com.",
        ),
        (field("textfield"), 5, "Please give a text."),
        (field("textfield"), "\ud800", "Please give a text."),
        (field("number"), "5", "Please give a number, such as 12.5."),
        (field("number"), True, "Please give a number, such as 12.5."),
        (field("number"), math.inf, "Please give a number, such as 12.5."),
        (field("number"), 2**70, "This number is too large."),
        (field("number", validate={"min": 0.1}), 0.05, "0.1 or more, please."),
        (field("number", validate={"max": 10}), 11, "10 or less, please."),
        (field("number", decimalDigits=0), 1.5, "A whole number, please."),
        (field("number", decimalDigits=1), 1.55, "At most 1 digits after the point, please."),
        (field("number", step=5), 7, "In steps of 5, please."),
        (field("checkbox", validate={"required": True}), False, "Please tick this."),
        (field("checkbox"), "on", "Please give yes or no."),
        (field("select", values=CHOICE), "b", "Please choose one of the options."),
        (field("select", values=CHOICE, validate={"required": True}), None, "Please choose."),
        (field("checklist", values=CHOICE), ["a", "a"], "Each may be chosen once."),
        (field("checklist", values=CHOICE), "a", "Please give a list."),
        (field("datetime"), "2026-02-30", "Please give a date, such as 2026-03-31."),
        (field("datetime"), "20260228", "Please give a date, such as 2026-03-31."),
        (field("datetime", subtype="time"), "25:00", "Please give a time, such as 14:30."),
        (field("datetime", disallowPassedDates=True), "2026-03-30", "This is in the past. Today or later, please."),
        (field("filepicker"), ["a", "b"], "Please give one file only."),
        (field("filepicker", validate={"required": True}), [], "Please add a file."),
    ],
)
def test_a_wrong_value_gets_a_message_beside_its_field(component: dict[str, Any], sent: Any, message: str):
    assert errors_of(form_of(component), {"x": sent}) == {"x": [message]}


def test_messages_carry_what_a_translation_needs():
    (message,) = errors_of(form_of(field("number", validate={"max": 10})), {"x": 11})["x"]
    assert isinstance(message, Message)
    assert (message.msgid, message.params) == ("{most} or less, please.", {"most": 10})


def test_every_wrong_field_is_said_at_once():
    form = form_of(field("number"), {"type": "textfield", "key": "y", "validate": {"required": True}})
    assert set(errors_of(form, {"x": "?", "nobody": 1})) == {"x", "y", "nobody"}


def test_options_come_from_a_variable_or_an_expression():
    from_key = form_of(field("select", valuesKey="offers"))
    assert answer(from_key, {"x": "b"}, {"offers": ["a", "b"]}) == {"x": "b"}
    computed = form_of(field("select", valuesExpression="=for i in items return {value: i.id, label: i.text}"))
    assert answer(computed, {"x": 2}, {"items": [{"id": 1, "text": "one"}, {"id": 2, "text": "two"}]}) == {"x": 2}
    assert errors_of(computed, {"x": 3}, {"items": [{"id": 1, "text": "one"}]})["x"]


def test_a_record_picker_takes_only_keys_of_the_register():
    form = form_of(field("recordpicker", recordType="equipment"))

    def record(kind: str, key: str) -> dict[str, str] | None:
        return {"serial_number": key} if (kind, key) == ("equipment", "TC-1") else None

    assert answer(form, {"x": "TC-1"}, record=record) == {"x": "TC-1"}
    assert errors_of(form, {"x": "TC-2"}, record=record) == {
        "x": ["There is no such entry. Please choose one from the register."]
    }


def test_a_file_that_is_not_of_this_case_is_refused():
    form = form_of(field("filepicker"))
    assert errors_of(form, {"x": ["other"]}, attachment=lambda key: None)["x"] == [
        "This file is not there any more. Please add it again."
    ]


def test_hidden_fields_are_not_required_and_their_values_are_dropped():
    form = form_of(
        {"type": "checkbox", "key": "custom"},
        {"type": "textfield", "key": "colour", "validate": {"required": True}, "conditional": {"hide": "=not(custom)"}},
        {
            "type": "group",
            "id": "g",
            "conditional": {"hide": '=colour != "red"'},
            "components": [{"type": "textfield", "key": "why", "validate": {"required": True}}],
        },
    )
    sent = {"custom": False, "colour": "red", "why": "because"}
    assert answer(form, sent, {"colour": "red"}) == {"custom": False}
    assert set(errors_of(form, {"custom": True, "colour": "red"})) == {"why"}
    assert answer(form, {"custom": True, "colour": "blue", "why": "?"}) == {"custom": True, "colour": "blue"}


@pytest.mark.parametrize("lock", ["readonly", "disabled"])
def test_a_locked_field_may_be_sent_unchanged_and_never_changed(lock: str):
    form = form_of(field("number", **{lock: True}), {"type": "textfield", "key": "y"})
    assert answer(form, {"x": 5, "y": "a"}, {"x": 5}) == {"y": "a"}
    assert errors_of(form, {"x": 6, "y": "a"}, {"x": 5}) == {"x": ["This value cannot be changed here."]}


def test_a_computed_value_that_nobody_may_change_becomes_a_variable():
    form = form_of(field("number", readonly=True, defaultValue="=price * 2"))
    assert answer(form, {}, {"price": 4}) == {"x": 8}


def test_a_value_is_never_read_as_an_expression():
    form = form_of(field("textfield"), {"type": "text", "id": "t", "text": "You said {{x}}"})
    filling = form.fill({"x": "{{secret}} =1+1 **bold**", "secret": "hush"}, now=NOW)
    shown = filling.text(form.components[1], "text", markdown=True)
    assert "hush" not in shown
    assert r"\*\*bold\*\*" in shown


def test_inputs_not_mentioned_keep_the_variable_or_the_default():
    form = form_of(
        {"type": "textfield", "key": "a", "defaultValue": "d"},
        {"type": "number", "key": "b", "defaultValue": "=1 + 1"},
        {"type": "textfield", "key": "c", "validate": {"required": True}},
    )
    assert form.initial({"c": "here"}, now=NOW) == {"a": "d", "b": 2, "c": "here"}
    assert answer(form, {}, {"c": "here"}) == {"a": "d", "b": 2, "c": "here"}


def test_dotted_keys_write_into_the_context_and_keep_the_rest_of_it():
    form = form_of({"type": "textfield", "key": "customer.name"})
    data = {"customer": {"id": 7, "name": "old"}}
    assert answer(form, {"customer": {"name": "new"}}, data) == {"customer": {"id": 7, "name": "new"}}
    assert data == {"customer": {"id": 7, "name": "old"}}
    assert set(errors_of(form, {"customer": {"id": 8}}, data)) == {"customer.id"}


@pytest.mark.parametrize(
    ("kept", "stored"),
    [
        ("no_timezone", "2026-03-31T14:30"),
        ("utc_offset", "2026-03-31T14:30+08:00"),
        ("utc_normalized", "2026-03-31T06:30Z"),
    ],
)
def test_date_and_time_are_stored_as_the_form_says(kept: str, stored: str):
    form = form_of(field("datetime", subtype="datetime", timeSerializingFormat=kept))
    found = form.validate({"x": "2026-03-31T14:30"}, {}, now=NOW, zone=ZoneInfo("Asia/Shanghai"))
    assert found == {"x": stored}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
EVERYTHING = form_of(
    *(
        {"type": kind, "key": kind, "values": CHOICE, "recordType": "r", "itemsExpression": "=items"}
        for kind in ("textfield", "textarea", "number", "datetime", "select", "radio", "checkbox", "checklist",
                     "filepicker", "recordpicker", "inspection")
    )
)  # fmt: skip
ITEMS = {"items": [{"id": "1", "text": "one"}, {"id": "2", "text": "two", "kind": "measure", "high": 2}]}


@given(st.dictionaries(st.sampled_from(sorted(EVERYTHING.keys)), JSON))
def test_whatever_is_sent_is_taken_or_refused_and_never_breaks(raw: dict[str, Any]):
    with suppress(InvalidInput):
        taken = EVERYTHING.validate(raw, ITEMS, now=NOW)
        assert taken.keys() == EVERYTHING.keys
        orjson.dumps(taken)
