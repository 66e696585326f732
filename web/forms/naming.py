"""How inputs are called: `f.<key>` in the request, `f-<path>` as anchors that errors lead to."""

from __future__ import annotations


def name_of(key: str) -> str:
    return f"f.{key}"


def part_name(key: str, item_id: str, part: str) -> str:
    """Name one part of an inspected item's answer: result, value, note, defect_class, photos."""
    return f"f.{key}:{part}:{item_id}"


def anchor(path: str) -> str:
    return "f-" + path.replace(".", "-")
