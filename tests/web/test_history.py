"""History entries as sentences."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask_babel import Babel, force_locale

from engine.model.history import HistoryEntry
from web.history import lines

WEB = Path(__file__).resolve().parents[2] / "web"


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("web", root_path=str(WEB))
    Babel(app, default_translation_directories=str(WEB / "translations"))
    return app


def told(app: Flask, kind: str, element: str | None, data: dict[str, Any], locale: str = "en") -> str:
    entry = HistoryEntry(1, datetime(2026, 3, 4, tzinfo=UTC), "system", kind, element, data)
    with app.test_request_context(), force_locale(locale):
        g.people = {}
        (line,) = lines([entry], lambda name: {"grade": "Grade the fault"}.get(name or "", ""))
        return str(line.text)


DECIDED = {
    "decision": "severity", "version": 3, "definition_version": 7, "result": 2,
    "matched": [{"decision": "severity", "rule": 4, "rule_id": "r4", "inputs": {"Fault": "leak <b>", "Load": 0.5}}],
}  # fmt: skip


def test_a_decision_tells_its_result_its_rule_and_what_the_rule_saw(app: Flask) -> None:
    text = told(app, "DecisionEvaluated", "grade", DECIDED)
    assert text == (
        "<b>Grade the fault</b> was decided: <b>2</b> "
        "(table severity, version 3, rule 4: Fault = leak &lt;b&gt;, Load = 0.5)"
    )


def test_a_decision_is_told_in_chinese(app: Flask) -> None:
    text = told(app, "DecisionEvaluated", "grade", DECIDED, "zh_Hans")
    assert (
        text
        == "<b>Grade the fault</b>的决策结果：<b>2</b>（决策表 severity、版本 3、规则 4：Fault = leak &lt;b&gt;、Load = 0.5）"
    )


def test_what_decided_below_is_told_too(app: Flask) -> None:
    below = {"decision": "area", "rule": 1, "rule_id": "r1", "inputs": {"site": "A"}}
    data = {"decision": "all", "version": 1, "result": {"hours": 4, "by": ["x", True]}, "matched": [below]}
    text = told(app, "DecisionEvaluated", "grade", data)
    assert "hours = 4, by = x, yes" in text
    assert "table area, rule 1: site = A; table all, version 1" in text


def test_an_entry_of_an_older_release_is_still_a_sentence(app: Flask) -> None:
    data = {"decision": "severity", "result": None, "matched": [{"decision": "severity", "rule": 1, "rule_id": "r1"}]}
    text = told(app, "DecisionEvaluated", "grade", data)
    assert text == "<b>Grade the fault</b> was decided: <b>–</b> (table severity, rule 1)"


def test_warnings_are_told_at_their_step_or_without_one(app: Flask) -> None:
    data = {"messages": ["a is null", "b < c"]}
    assert told(app, "WarningNoted", "grade", data) == "Note at <b>Grade the fault</b>: a is null; b &lt; c"
    assert told(app, "WarningNoted", None, data) == "Note: a is null; b &lt; c"
