"""Functions on contexts (DMN 10.3.4.10), and those that Camunda adds."""

from __future__ import annotations

from typing import Any

from engine.feel.errors import FeelError, Undefined
from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.values import to_feel


@builtin
def get_value(run: Run, m: dict[str, Any], key: str) -> Any:
    if key not in m:
        run.warn("unknown_member", f'the context has no member "{key}"')
    return to_feel(m.get(key))


@builtin(name="get value")
def get_value_at(run: Run, context: dict[str, Any], keys: list[Any]) -> Any:
    value: Any = context
    for key in keys:
        if type(value) is not dict or key not in value:
            run.warn("unknown_member", f'there is no member "{key}"')
            return None
        value = to_feel(value[key])
    return value


@builtin
def get_entries(run: Run, m: dict[str, Any]) -> list[Any]:
    run.step(len(m))
    return [{"key": key, "value": value} for key, value in m.items()]


@builtin
def context(run: Run, entries: list[Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for entry in entries:
        run.step()
        if type(entry) is not dict or type(entry.get("key")) is not str or "value" not in entry:
            raise Undefined("every entry needs a key (text) and a value")
        if entry["key"] in result:
            raise Undefined(f'the key "{entry["key"]}" stands twice')
        result[entry["key"]] = entry["value"]
    return result


@builtin
def context_put(run: Run, context: dict[str, Any], key: str, value: object) -> dict[str, Any]:
    run.step(len(context))
    return {**context, key: value}


@builtin(name="context put")
def context_put_at(run: Run, context: dict[str, Any], keys: list[Any], value: object) -> dict[str, Any]:
    if not keys or any(type(k) is not str for k in keys):
        raise Undefined("the keys must be texts, at least one")
    run.step(len(context) + 1)
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = to_feel(context.get(keys[0]))
    if inner is not None and type(inner) is not dict:
        raise Undefined(f'"{keys[0]}" is no context')
    return {**context, keys[0]: context_put_at(run, inner or {}, keys[1:], value)}


@builtin(name="context merge")
def context_merge_of(run: Run, *contexts: dict[str, Any]) -> dict[str, Any]:
    return context_merge(run, list(contexts))


@builtin
def context_merge(run: Run, contexts: list[Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for item in map(to_feel, contexts):
        if type(item) is not dict:
            raise Undefined("only contexts can be merged")
        run.step(len(item))
        result.update(item)
    return result


@builtin
def get_or_else(run: Run, value: object, default: object) -> object:
    return default if value is None else value


@builtin(name="assert")
def assert_(run: Run, value: object, condition: object, cause: str = "") -> object:
    if condition is not True:
        raise FeelError(cause or "the condition of an assertion does not hold", "assertion_failed")
    return value
