import json
from datetime import UTC, datetime
from typing import Any

import pytest

from engine import forms
from engine.model.errors import InvalidInput

NOW = datetime(2026, 3, 31, 6, 0, tzinfo=UTC)


def form_of(*components: dict[str, Any], **top: Any) -> forms.Form:
    """Build a form that must have no problems."""
    form = read_of(*components, **top)
    assert list(form.problems) == []
    return form


def read_of(*components: dict[str, Any], **top: Any) -> forms.Form:
    content = {"id": "test_form", "type": "default", "components": list(components)} | top
    return forms.read(json.dumps(content).encode(), "forms/test_form.form")


def answer(
    form: forms.Form, raw: dict[str, Any], data: dict[str, Any] | None = None, **functions: Any
) -> dict[str, Any]:
    return form.validate(raw, data or {}, now=NOW, functions=functions)


def errors_of(
    form: forms.Form, raw: dict[str, Any], data: dict[str, Any] | None = None, **functions: Any
) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as caught:
        answer(form, raw, data, **functions)
    return caught.value.errors
