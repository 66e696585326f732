"""FEEL values as text, as the function `string` writes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel.lexer import WORD
from engine.feel.run import Run
from engine.feel.temporal import format_temporal
from engine.feel.values import Function, Range, YearsMonths, to_feel


def number_text(number: Decimal) -> str:
    """Return the number without exponent and without trailing zeros behind the point."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def to_text(run: Run, value: Any, *, nested: bool = False) -> str:
    """Return the value as FEEL writes it; a text stands in quotes only inside lists and contexts."""
    run.step()
    value = to_feel(value)
    kind = type(value)
    if value is None:
        return "null"
    if kind is str:
        return _quoted(value) if nested else value
    if kind is bool:
        return "true" if value else "false"
    if kind is Decimal:
        return number_text(value)
    if kind is list:
        text = "[" + ", ".join(to_text(run, v, nested=True) for v in value) + "]"
    elif kind is dict:
        text = "{" + ", ".join(f"{_key(str(k))}: {to_text(run, v, nested=True)}" for k, v in value.items()) + "}"
    elif kind is Range:
        text = _range(run, value)
    elif kind is Function:
        text = f"function({', '.join(value.parameters)})"
    else:
        text = format_temporal(value) if kind is not YearsMonths else str(value)
        return f'@"{text}"' if nested else text
    return run.check_string(text)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(name: str) -> str:
    return name if all(WORD.fullmatch(word) for word in name.split(" ")) else _quoted(name)


def _range(run: Run, value: Range) -> str:
    if value.low is None:
        return f"({'<=' if value.high_included else '<'} {to_text(run, value.high, nested=True)})"
    if value.high is None:
        return f"({'>=' if value.low_included else '>'} {to_text(run, value.low, nested=True)})"
    opening, closing = "[" if value.low_included else "(", "]" if value.high_included else ")"
    low, high = to_text(run, value.low, nested=True), to_text(run, value.high, nested=True)
    return f"{opening}{low}..{high}{closing}"
