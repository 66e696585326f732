"""Java methods and EL functions that have a counterpart in FEEL; used by `juel`."""

from __future__ import annotations

import re

_DATES = re.compile(r"(plus|minus)(Years|Months|Weeks|Days|Hours|Minutes|Seconds)")
_PERIODS = {
    "Years": "P{}Y", "Months": "P{}M", "Weeks": "P{}D", "Days": "P{}D", "Hours": "PT{}H", "Minutes": "PT{}M", "Seconds": "PT{}S",
}  # fmt: skip
_SERVICES = {"execution", "task", "caseExecution", "delegateTask", "delegateExecution"}


def say_member(target: str, name: str) -> str | None:
    """Say a property; the context objects of other engines are left out."""
    if target in _SERVICES and name in ("processBusinessKey", "businessKey", "processInstanceBusinessKey"):
        return "businessKey"
    if target == "environment":
        return None if name == "services" else name
    return f"{target}.{name}"


def say_method(target: str, name: str, arguments: list[str]) -> str | None:
    """Say a method in FEEL, None where it has no meaning there."""
    if len(arguments) == 1:
        return _with_one(target, name, arguments[0])
    if arguments:
        return None
    if target in _SERVICES:
        return "businessKey" if name in ("getProcessBusinessKey", "getBusinessKey") else None
    if name == "isEmpty":
        return say_empty(target)
    found = _PLAIN.get(name)
    if found is not None:
        return found.format(target)
    getter = re.fullmatch(r"(?:get|is)([A-Z]\w*)", name)
    return f"{target}.{getter[1][0].lower()}{getter[1][1:]}" if getter else None


_PLAIN = {
    "size": "count({})",
    "length": "string length({})",
    "toString": "string({})",
    "toLowerCase": "lower case({})",
    "toUpperCase": "upper case({})",
    **dict.fromkeys(("intValue", "longValue", "doubleValue", "booleanValue", "toDate", "toInstant"), "{}"),
}
_ONE = {
    "equals": "{0} = {1}",
    "contains": "(if {0} instance of string then contains({0}, {1}) else list contains({0}, {1}))",
    "startsWith": "starts with({0}, {1})",
    "endsWith": "ends with({0}, {1})",
    "equalsIgnoreCase": "lower case({0}) = lower case({1})",
}


def _with_one(target: str, name: str, argument: str) -> str | None:
    if target in _SERVICES:
        named = argument.startswith('"') and name in ("getVariable", "getVariableLocal")
        return argument.strip('"') if named else None
    date = _DATES.fullmatch(name)
    if date is not None:
        if not argument.isdigit():
            return None
        amount = _PERIODS[date[2]].format(int(argument) * 7 if date[2] == "Weeks" else argument)
        return f'{target} {"+" if date[1] == "plus" else "-"} duration("{amount}")'
    if name == "get":
        return f"get value({target}, {argument})" if argument.startswith('"') else f"{target}[{one_based(argument)}]"
    found = _ONE.get(name)
    return None if found is None else found.format(target, argument)


_COMPARISONS = {
    "equals": "=", "eq": "=", "notEquals": "!=", "ne": "!=", "lowerThan": "<", "lt": "<", "greaterThan": ">", "gt": ">",
    "lowerThanOrEquals": "<=", "lte": "<=", "greaterThanOrEquals": ">=", "gte": ">=",
}  # fmt: skip


def say_function(name: str, arguments: list[str]) -> str | None:
    """Say a function such as `now()` or Flowable's `vars:get(x)` in FEEL, None where it has no meaning there."""
    if name in ("now", "dateTime") and not arguments:
        return "now()"
    short = name.partition(":")[2]
    if not short or not arguments:
        return None
    variable = arguments[0].strip('"')
    if short in ("get", "getDataObject"):
        return variable
    if short in _COMPARISONS and len(arguments) == 2:
        return f"{variable} {_COMPARISONS[short]} {arguments[1]}"
    if short in ("empty", "isEmpty"):
        return say_empty(variable)
    if short in ("exists", "isNotEmpty", "notEmpty"):
        return f"not({say_empty(variable)})"
    return None


def say_empty(value: str) -> str:
    """Say that a value is null or has nothing in it; comparing what is of another type gives null, which counts as no."""
    return f'(({value} = null or {value} = "" or {value} = [] or {value} = {{}}) = true)'


def one_based(index: str) -> str:
    """Say an index that counts from 0 in FEEL, where lists count from 1."""
    return str(int(index) + 1) if index.isdigit() else f"{index} + 1"
