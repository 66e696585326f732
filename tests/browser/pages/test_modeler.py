"""The embedded modeler in a real browser: shipped diagrams open and save unchanged, errors stop, nothing is lost."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine import xml
from engine.app import Engine
from engine.commands.start_instance import StartInstance
from engine.model.actor import SYSTEM
from engine.queries.definitions import get_definition, get_resource, get_xml
from tests.browser.pages.drawing import with_layout
from tests.factories import deploy, one_task

pytestmark = pytest.mark.browser

PROJECT = Path(__file__).resolve().parents[3]
DIAGRAMS = sorted(PROJECT.glob("processes/*/*.bpmn"))
TABLES = sorted(PROJECT.glob("processes/*/*.dmn"))
FORMS = sorted(PROJECT.glob("forms/*.form"))
LAYOUT = (
    "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    "http://www.omg.org/spec/DMN/20180521/DI/",
    "http://www.omg.org/spec/DMN/20180521/DC/",
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI",
)


def open_editor(page: Page, key: str) -> None:
    page.goto(f"/processes/{key}/edit")
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    expect(page.locator("[data-checked]")).to_contain_text("Checked")


def open_table(page: Page, path: Path) -> None:
    page.goto(f"/processes/{path.parent.name}/decision/{path.stem}/edit")
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    expect(page.locator("[data-checked]")).to_contain_text("Checked")


def open_form(page: Page, key: str, name: str) -> None:
    page.goto(f"/processes/{key}/form/{name}/edit")
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    expect(page.locator("[data-checked]")).to_contain_text("Checked")


def asked(part: Any) -> Any:
    """Leave out of a form what is layout or says which program wrote it."""
    if isinstance(part, list):
        return [asked(one) for one in part]
    if isinstance(part, dict):
        return {key: asked(value) for key, value in part.items() if key not in ("layout", "exporter", "schemaVersion")}
    return part


def drawn(page: Page) -> bytes:
    return page.evaluate("async () => (await window.modeler.saveXML({ format: true })).xml").encode()


def nudge(page: Page, element: str) -> None:
    """Move an element a little, by the editor's own command."""
    page.evaluate(
        "id => modeler.get('modeling').moveElements([modeler.get('elementRegistry').get(id)], { x: 0, y: 10 })", element
    )


def rename(page: Page, element: str, name: str) -> None:
    page.evaluate(
        "([id, name]) => modeler.get('modeling').updateProperties(modeler.get('elementRegistry').get(id), { name })",
        [element, name],
    )


def remove(page: Page, element: str) -> None:
    page.evaluate("id => modeler.get('modeling').removeElements([modeler.get('elementRegistry').get(id)])", element)


def meaning(data: bytes) -> Counter[tuple[str, tuple[tuple[str, str], ...], str]]:
    """Count all elements with place, attributes and text; layout, formatting and order left out."""
    found: Counter[tuple[str, tuple[tuple[str, str], ...], str]] = Counter()

    def read(element: object, path: str) -> None:
        if not isinstance(element.tag, str) or element.tag.startswith(tuple(f"{{{name}}}" for name in LAYOUT)):
            return
        here = f"{path}/{element.tag}#{element.get('id', '')}"
        text = "" if len(element) else (element.text or "").strip()
        found[here, tuple(sorted(element.attrib.items())), text] += 1
        for child in element:
            read(child, here)

    read(xml.parse(data), "")
    return found


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_shipped_diagram_opens_and_saves_unchanged(page: Page, path: Path) -> None:
    open_editor(page, path.stem)
    saved, shipped_file = meaning(drawn(page)), meaning(path.read_bytes())
    assert sum(shipped_file.values()) > 40
    assert saved == shipped_file
    assert page.locator("[data-errors]").is_hidden()


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_shipped_table_opens_and_saves_unchanged(page: Page, path: Path) -> None:
    open_table(page, path)
    assert meaning(drawn(page)) == meaning(path.read_bytes())
    assert page.locator("[data-errors]").is_hidden()


def test_a_changed_rule_is_deployed_as_a_new_version_of_the_process(page: Page, engine: Engine) -> None:
    path = next(table for table in TABLES if table.stem == "service_level")
    before = engine.query(get_definition, key="after_sales").row.version
    open_table(page, path)
    cell = page.locator("td.output-cell", has_text="72")
    cell.first.click()
    page.keyboard.press("End")
    page.keyboard.type("0")
    page.locator(".decision-table-name").click()
    button = page.get_by_role("button", name="Deploy", exact=True)
    expect(button).to_have_attribute("aria-disabled", "false")
    button.click()
    expect(page.locator("[data-status]")).to_contain_text(f"Version {before + 1} deployed")
    kept = engine.query(get_resource, key="service_level", kind="decision", definition_key="after_sales")
    assert b"<text>720</text>" in kept


def test_shipped_forms_open_and_save_unchanged(page: Page) -> None:
    open_form(page, "after_sales", "fault_report")
    for path in FORMS:
        schema = json.loads(path.read_text("utf-8"))
        warnings, saved = page.evaluate(
            "async (schema) => [(await editor.importSchema(schema)).warnings, editor.saveSchema()]", schema
        )
        assert warnings == [], path.name
        assert asked(saved) == asked(schema), path.name


def test_a_changed_label_is_deployed_as_a_new_version_of_the_process(page: Page, engine: Engine) -> None:
    before = engine.query(get_definition, key="after_sales").row.version
    open_form(page, "after_sales", "fault_report")
    page.locator(".fjs-form-field", has_text="Fault in a few words").last.click()
    page.locator(".bio-properties-panel-group-header-title", has_text="General").click()
    label = page.locator("#bio-properties-panel-label, [data-entry-id=label] [contenteditable=true]").first
    label.click()
    page.keyboard.type("Now: ")
    button = page.get_by_role("button", name="Deploy", exact=True)
    expect(button).to_have_attribute("aria-disabled", "false")
    button.click()
    expect(page.locator("[data-status]")).to_contain_text(f"Version {before + 1} deployed")
    kept = engine.query(get_resource, key="fault_report", kind="form", definition_key="after_sales")
    assert b"Now: " in kept


def test_a_moved_step_is_deployed_as_a_new_version_with_the_same_meaning(page: Page, engine: Engine) -> None:
    before = engine.query(get_definition, key="after_sales").row.version
    open_editor(page, "after_sales")
    deploy_button = page.get_by_role("button", name="Deploy", exact=True)
    expect(deploy_button).to_have_attribute("aria-disabled", "true")
    nudge(page, "diagnose")
    expect(deploy_button).to_have_attribute("aria-disabled", "false")
    deploy_button.click()
    expect(page.locator("[data-status]")).to_contain_text(f"Version {before + 1} deployed")
    deployed = engine.query(get_xml, key="after_sales", version=before + 1)
    assert deployed != engine.query(get_xml, key="after_sales", version=before)
    assert meaning(deployed) == meaning(engine.query(get_xml, key="after_sales", version=before))
    page.goto("/processes/after_sales")  # nothing is unsaved any more: no question
    expect(page.get_by_role("heading", name=f"Version {before + 1} against {before}")).to_be_visible()


def test_an_error_is_marked_keeps_deploy_off_and_is_mended_by_undo(page: Page, engine: Engine) -> None:
    deploy(engine, ("small.bpmn", with_layout(one_task("small"))))
    open_editor(page, "small")
    page.evaluate(
        """() => { const task = modeler.get('elementRegistry').get('check');
        const form = modeler.get('bpmnFactory').create('zeebe:FormDefinition', { formId: 'nowhere' });
        const own = task.businessObject.extensionElements;
        modeler.get('modeling').updateModdleProperties(task, own, { values: [...own.values, form] }); }"""
    )
    expect(page.locator("[data-errors]")).to_have_text("1 error")
    expect(page.locator("[data-problems] .where")).to_have_text("Check")
    expect(page.locator("#main .djs-overlay .mark")).to_have_text("1")
    expect(page.get_by_role("button", name="Deploy", exact=True)).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Deploy", exact=True).click(force=True)
    assert engine.query(get_definition, key="small").row.version == 1
    page.locator("[data-problems] li").click()
    assert page.evaluate("modeler.get('selection').get()[0].id") == "check"
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-errors]")).to_be_hidden()
    expect(page.locator("[data-status]")).to_have_text("No changes")


def test_leaving_with_unsaved_changes_is_asked_about(page: Page, engine: Engine) -> None:
    deploy(engine, ("small.bpmn", with_layout(one_task("small"))))
    open_editor(page, "small")
    page.locator(".props").click()  # browsers ask only where somebody has done something
    rename(page, "check", "Check twice")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.href = '/processes'")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert "Check twice" in drawn(page).decode()


def test_a_version_deployed_meanwhile_is_not_overwritten_unasked(page: Page, engine: Engine) -> None:
    deploy(engine, ("raced.bpmn", with_layout(one_task("raced"))))
    open_editor(page, "raced")
    rename(page, "check", "Mine")
    deploy(engine, ("raced.bpmn", with_layout(one_task("raced")).replace('name="Check"', 'name="Theirs"')))
    button = page.get_by_role("button", name="Deploy", exact=True)
    expect(button).to_have_attribute("aria-disabled", "false")
    button.click()
    expect(page.locator("[data-meanwhile]")).to_contain_text("version 2 meanwhile")
    assert "Mine" in drawn(page).decode()
    page.get_by_role("button", name="Deploy anyway").click()
    expect(page.locator("[data-status]")).to_contain_text("Version 3 deployed")
    assert b'name="Mine"' in engine.query(get_xml, key="raced", version=3)


def test_a_new_process_is_drawn_and_deployed(page: Page, engine: Engine) -> None:
    page.goto("/processes")
    page.get_by_role("link", name="New process").click()
    page.get_by_label("Name").fill("Tools lent")
    page.get_by_label("Key").fill("tools_lent")
    page.get_by_role("button", name="Draw it").click()
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    button = page.get_by_role("button", name="Deploy", exact=True)
    expect(button).to_have_attribute("aria-disabled", "false")
    rename(page, "first", "Lend the tool")
    expect(button).to_have_attribute("aria-disabled", "false")
    button.click()
    expect(page.locator("[data-status]")).to_contain_text("Version 1 deployed")
    assert page.url.endswith("/processes/tools_lent/edit")
    assert engine.query(get_definition, key="tools_lent").elements["first"].name == "Lend the tool"


def test_properties_and_expressions_are_edited_under_the_strict_policy(page: Page) -> None:
    open_editor(page, "after_sales")
    page.evaluate("modeler.get('selection').select(modeler.get('elementRegistry').get('diagnose'))")
    page.locator(".bio-properties-panel-group-header-title", has_text="Assignment").click()
    expression = page.locator(".bio-properties-panel-group .cm-content").first
    expect(expression).to_be_visible()
    expression.click()
    page.keyboard.type(" ")
    expect(page.locator("[data-status]")).to_have_text("Not deployed yet")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("place", ["/processes/delivery/edit", "/processes/delivery", "/cases"])
def test_the_mark_of_bpmn_io_is_in_sight_and_uncovered(page: Page, engine: Engine, place: str, theme: str) -> None:
    if place == "/cases":
        deploy(engine, ("marked.bpmn", with_layout(one_task("marked"))))
        place = f"/cases/{engine.execute(StartInstance(definition_key='marked', actor=SYSTEM)).id}"
    page.emulate_media(color_scheme=theme)
    page.goto(place)
    mark = page.locator(".bjs-powered-by svg")
    mark.wait_for()
    page.wait_for_timeout(300)
    seen = page.evaluate(
        """() => { const link = document.querySelector('.bjs-powered-by'), svg = link.querySelector('svg');
        const around = link.closest('.dia').getBoundingClientRect(), box = svg.getBoundingClientRect();
        const at = [[.1, .2], [.5, .5], [.9, .8]].map(([x, y]) => document.elementFromPoint(box.x + x * box.width, box.y + y * box.height));
        return { right: around.right - box.right, free: at.every((one) => link.contains(one)), width: box.width,
          ink: getComputedStyle(svg).color, ground: getComputedStyle(link).backgroundColor,
          inside: box.bottom <= Math.min(around.bottom, innerHeight) }; }"""
    )
    assert seen["free"]
    assert seen["inside"]
    assert seen["right"] >= 24
    assert seen["width"] >= 50
    assert contrast(seen["ink"], seen["ground"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """Give the WCAG contrast of two CSS colours "rgb(r, g, b)"."""

    def luminance(colour: str) -> float:
        parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
