"""Conversions between kinds (DMN 10.3.4.1)."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from engine.feel.errors import Undefined
from engine.feel.jsonvalues import to_json as json_value
from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.text import to_text
from engine.feel.values import NUMBERS, deep_to_feel

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,6})?\Z", re.A)


@builtin
def string(run: Run, from_: object) -> str | None:
    return None if from_ is None else to_text(run, from_)


@builtin
def number(run: Run, from_: str) -> Decimal:
    return _number(from_)


@builtin(name="number")
def number_of(run: Run, from_: Decimal) -> Decimal:
    return from_


@builtin(name="number")
def number_with_separators(
    run: Run, from_: str, grouping_separator: str | None, decimal_separator: str | None = None
) -> Decimal:
    if grouping_separator not in (None, " ", ".", ",") or decimal_separator not in (None, ".", ","):
        raise Undefined("separators are space, comma or point")
    if grouping_separator is not None and grouping_separator == decimal_separator:
        raise Undefined("the two separators must differ")
    plain = from_.replace(grouping_separator, "") if grouping_separator else from_
    if decimal_separator == ",":
        plain = plain.replace(",", ".")
    return _number(plain)


def _number(text: str) -> Decimal:
    if not _NUMBER.match(text) or len(text) > 7000:
        raise Undefined(f'"{text[:40]}" is not a number')
    return NUMBERS.create_decimal(text)


@builtin
def from_json(run: Run, value: str) -> Any:
    try:
        return deep_to_feel(json.loads(value, parse_float=Decimal, parse_constant=_no_number))
    except RecursionError:
        raise Undefined("the JSON is nested too deeply") from None


def _no_number(name: str) -> None:
    raise Undefined(f"{name} is no JSON")


@builtin
def to_json(run: Run, value: object) -> str:
    run.check_string(to_text(run, value))
    return run.check_string(json.dumps(json_value(value), ensure_ascii=False))


@builtin
def boolean(run: Run, from_: object) -> Any:
    if type(from_) is bool:
        return from_
    if from_ in ("true", "false"):
        return from_ == "true"
    raise Undefined("neither true nor false")
