"""Forms drawn from their files and read back: what a browser without script sees and sends."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import flask
import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from engine import forms as rules
from engine.app import Engine
from engine.commands.import_records import ImportRecords
from engine.commands.put_record_type import PutRecordType
from engine.model.actor import SYSTEM
from engine.model.errors import InvalidInput
from web import current
from web.forms import render
from web.forms.answers import accepts, read

CUSTOMER = {
    "id": "customer",
    "components": [
        {"type": "textfield", "key": "code", "label": "Code", "validate": {"required": True}},
        {"type": "textfield", "key": "name", "label": "Name"},
    ],
    "properties": {"record:key": "code", "record:title": "=name", "record:name": "Customers"},
}
ITEMS = [
    {"id": "1.1", "text": "Paint undamaged", "text_zh": "油漆完好", "method": "Look from 50 cm"},
    {"id": "1.2", "text": "Runout", "kind": "measure", "unit": "mm", "low": 0, "high": 0.008},
]


@pytest.fixture
def page(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.fixture
def customers(engine: Engine) -> Any:
    engine.execute(PutRecordType(file="customer.form", data=json.dumps(CUSTOMER).encode(), actor=SYSTEM))

    def customers(count: int) -> None:
        rows = tuple({"code": f"C{number}", "name": f"Hengli {number}"} for number in range(count))
        engine.execute(ImportRecords(type="customer", rows=rows, actor=SYSTEM))

    return customers


def form_of(*components: dict[str, Any]) -> rules.Form:
    form = rules.read(json.dumps({"id": "f", "components": list(components)}).encode(), "f.form")
    assert list(form.problems) == []
    return form


def field(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "key": "x", "label": "Ex", **more}


def drawn(form: rules.Form, data: dict[str, Any] | None = None, **more: Any) -> str:
    return str(render(form, data or {}, **more))


def tag(html: str, start: str) -> str:
    found = re.search(rf"<{start}[^>]*>", html)
    assert found, html
    return found[0]


def sent(form: rules.Form, *pairs: tuple[str, str], data: dict[str, Any] | None = None) -> dict[str, Any]:
    values, errors = read(form, data or {}, MultiDict(pairs))
    assert errors == {}
    return values


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    ("component", "value", "start", "holds"),
    [
        (field("textfield"), 'a"<b>', "input", 'value="a&#34;&lt;b&gt;"'),
        (field("number"), 0.25, "input", 'inputmode="decimal" value="0.25"'),
        (field("datetime"), "2025-11-20", "input", 'type="date" value="2025-11-20"'),
        (field("datetime", subtype="time"), "08:30", "input", 'type="time" value="08:30"'),
        (field("datetime", subtype="datetime"), "2025-11-20T06:30Z", "input", 'value="2025-11-20T14:30"'),
        (field("checkbox"), True, "input", " checked"),
        (field("select", values=["a", "b"]), "b", 'option value="b"', " selected"),
        (field("radio", values=["a", "b"]), "b", 'input type="radio" name="f.x" value="b"', " checked"),
        (field("checklist", values=["a", "b"]), ["a"], 'input type="checkbox" name="f.x" value="a"', " checked"),
        (field("textfield", readonly=True), "v", "input", " readonly"),
    ],
)
def test_a_field_shows_its_value_and_has_a_label(component: dict[str, Any], value: Any, start: str, holds: str):
    html = drawn(form_of(component), {"x": value})
    assert holds in tag(html, start)
    assert re.search(r'<label class="(lbl|radio)" for="f-x"|<legend class="lbl">Ex', html)


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    ("component", "pairs", "value"),
    [
        (field("textfield"), [("f.x", " a ")], " a "),
        (field("number"), [("f.x", "１2.5 ")], 12.5),
        (field("number"), [("f.x", "twelve")], "twelve"),
        (field("number"), [("f.x", "")], None),
        (field("checkbox"), [], False),
        (field("checkbox"), [("f.x", "yes")], True),
        (field("checklist", values=["a", "b"]), [("f.x", "a"), ("f.x", "b")], ["a", "b"]),
        (field("checklist", values=["a"]), [], []),
        (field("radio", values=["a"]), [], None),
        (field("datetime"), [("f.x", "2025-11-20")], "2025-11-20"),
        (field("filepicker"), [("f.x", "id1")], ["id1"]),
    ],
)
def test_what_a_browser_sends_becomes_the_value_as_typed(
    component: dict[str, Any], pairs: list[tuple[str, str]], value: Any
):
    assert sent(form_of(component), *pairs) == {"x": value}


@pytest.mark.usefixtures("page")
def test_a_locked_field_is_never_read():
    assert sent(form_of(field("textfield", disabled=True)), ("f.x", "forged")) == {}


@pytest.mark.usefixtures("page")
def test_an_error_stands_beside_its_field_and_leads_to_it_from_the_top():
    form = form_of(field("number", description="In mm"))
    html = drawn(form, values={"x": "wide"}, errors={"x": ["Please give a number."]})
    assert '<a href="#f-x">Ex: Please give a number.</a>' in html
    assert 'aria-describedby="f-x-h f-x-e"' in html
    assert re.search(r'<p class="err" id="f-x-e">.*Please give a number', html)


@pytest.mark.usefixtures("page")
def test_messages_and_labels_are_in_the_readers_language():
    form = form_of(field("number", validate={"max": 10}, properties={"label:zh_Hans": "长度"}))
    with pytest.raises(InvalidInput) as caught:
        form.validate({"x": 11}, {}, now=current.now())
    with force_locale("zh_Hans"):
        html = drawn(form, errors=caught.value.errors)
    assert "长度" in html
    assert "please" not in html
    assert "10" in html


@pytest.mark.usefixtures("page")
def test_a_text_is_markdown_and_never_markup():
    form = form_of(
        {
            "type": "text",
            "id": "t",
            "text": "**Bold** {{x}} <script>alert(1)</script> [a](javascript:alert(1)) ![p](http://elsewhere/p.png)",
        }
    )
    html = drawn(form, {"x": "<b>**{{secret}}**</b>", "secret": "hush"})
    assert "<strong>Bold</strong>" in html
    assert "&lt;b&gt;**{{secret}}**&lt;/b&gt;" in html
    for wrong in ("<script>", 'href="javascript', "<img", "hush"):
        assert wrong not in html


@pytest.mark.usefixtures("page")
def test_values_inside_a_text_are_written_for_people():
    form = form_of({"type": "text", "id": "t", "text": "{{on}}; {{at}}; {{ok}}; {{names}}; {{nobody}}."})
    data = {"on": "2024-11-20", "at": "2024-11-20T06:30:00Z", "ok": True, "names": ["a", "b"]}
    assert "20 Nov 2024; 20 Nov 2024, 14:30; yes; a, b; ." in drawn(form, data).replace("\\", "")
    with force_locale("zh_Hans"):
        assert "是" in drawn(form, data)


@pytest.mark.usefixtures("page")
def test_what_a_condition_hides_is_hidden_at_once_and_the_browser_gets_only_what_conditions_read():
    form = form_of(
        {"type": "checkbox", "key": "custom", "label": "Custom"},
        field("textfield", conditional={"hide": '=not(custom) or stage = "late"'}),
        {"type": "textfield", "key": "y", "label": "Y", "conditional": {"hide": '=record("customer", "a") = null'}},
    )
    html = drawn(form, {"stage": "new", "price": 12_000})
    assert re.search(r'data-key="x"[^>]* data-hide="not\(custom\) or stage = &#34;late&#34;" hidden', html)
    assert "{&#34;stage&#34;: &#34;new&#34;}" in html
    assert "12000" not in html
    assert "record(" not in html
    assert re.search(r'data-key="y"[^>]* hidden', html)


@pytest.mark.usefixtures("page")
def test_few_records_are_a_list_and_many_are_searched(customers):
    form = form_of(field("recordpicker", recordType="customer"))
    customers(3)
    assert '<option value="C1" selected>Hengli 1 (C1)</option>' in drawn(form, {"x": "C1"})
    customers(40)
    html = drawn(form, {"x": "C1"})
    assert 'data-pick="/records/customer/pick"' in html
    assert 'role="combobox"' in tag(html, "input")
    assert "Hengli 1<" in html


@pytest.mark.usefixtures("page")
def test_a_checklist_shows_limits_answers_and_the_count():
    form = form_of(field("inspection", itemsExpression="=items"))
    answers = [{"id": "1.2", "value": 0.02, "result": "fail", "note": "worn"}]
    html = drawn(form, {"items": ITEMS, "x": answers})
    assert "0 – 0.008 mm" in html
    assert 'aria-label="0 passed, 1 failed, 1 open"' in html
    assert 'value="0.02"' in tag(html, 'input class="field num" id="f-x-1-value"')
    assert "worn</textarea>" in html
    with force_locale("zh_Hans"):
        assert "油漆完好" in drawn(form, {"items": ITEMS})


@pytest.mark.usefixtures("page")
def test_a_checklist_is_read_back_item_by_item():
    form = form_of(field("inspection", itemsExpression="=items"))
    pairs = [
        ("f.x:result:1.1", "fail"),
        ("f.x:note:1.1", "scratch"),
        ("f.x:value:1.2", "0.004"),
        ("f.x:result:9", "pass"),
    ]
    values = sent(form, *pairs, data={"items": ITEMS})
    assert values == {"x": [{"id": "1.1", "result": "fail", "note": "scratch"}, {"id": "1.2", "value": 0.004}]}


@pytest.mark.usefixtures("page")
def test_an_error_inside_a_checklist_leads_to_its_input():
    form = form_of(field("inspection", itemsExpression="=items"))
    html = drawn(form, {"items": ITEMS}, errors={"x.1.value": ["Not measured yet."]})
    assert '<a href="#f-x-1-value">1.2 Runout: Not measured yet.</a>' in html
    assert 'id="f-x-1-value"' in html
    assert 'id="f-x-1-value-e"' in html


@pytest.mark.usefixtures("page")
def test_whoever_may_not_fill_a_form_gets_no_input():
    form = form_of(
        *(
            {"type": kind, "key": kind, "label": kind, "values": ["a"], "recordType": "none", "itemsExpression": "=items"}
            for kind in ("textfield", "number", "select", "radio", "checkbox", "checklist", "datetime", "textarea",
                         "filepicker", "recordpicker", "inspection")
        )
    )  # fmt: skip
    html = drawn(form, {"items": ITEMS}, readonly=True)
    assert re.findall(r'<(?:input|select|textarea|button)[^>]* name="[^"]*"', html) == []


@pytest.mark.parametrize(
    ("formats", "name", "media_type", "fits"),
    [
        ("", "x.exe", "application/zip", True),
        ("image/*", "x.png", "image/png", True),
        ("image/*", "x.png", "application/pdf", False),
        (".pdf, .PNG", "a.png", "image/png", True),
        (".pdf", "a.png", "image/png", False),
    ],
)
def test_a_file_fits_the_kinds_that_are_asked_for(formats: str, name: str, media_type: str, fits: bool):
    assert accepts(formats, name, media_type) is fits


def test_a_file_is_kept_when_the_rest_is_refused(app: Flask, sign_in):
    form = form_of(field("filepicker", multiple=True, accept="image/*"))
    picture = b"\x89PNG\r\n\x1a\n" + b"0" * 40

    @app.post("/try-form")
    def try_form() -> Any:
        values, errors = read(form, {}, flask.request.form, flask.request.files)
        return {"values": values, "errors": errors, "html": drawn(form, {}, values=values, errors=errors)}

    li = sign_in("li")
    files = [(io.BytesIO(picture), "front.png"), (io.BytesIO(b"%PDF-1.7 text"), "notes.pdf")]
    answer = li.post("/try-form", {"f.x": files}, content_type="multipart/form-data").get_json()
    assert answer["errors"] == {"x": ["“notes.pdf” is not of the kind asked for here."]}
    (kept,) = answer["values"]["x"]
    assert "front.png" in answer["html"]
    again = li.post("/try-form", {"f.x": kept}).get_json()
    assert again["values"] == {"x": [kept]}
