"""Functions on texts (DMN 10.3.4.3), and those that Camunda adds."""

from __future__ import annotations

import base64
import uuid as uuids
from decimal import Decimal
from typing import Any

from engine.feel.errors import Undefined
from engine.feel.patterns import compile_pattern, replacement_template, within_time
from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.values import to_feel

_ALL = Decimal("Infinity")


@builtin
def substring(run: Run, string: str, start_position: Decimal, length: Decimal = _ALL) -> str:
    start = int(start_position)
    if start == 0:
        raise Undefined("positions count from 1")
    if start < 0:
        start = len(string) + start
        if start < 0:
            raise Undefined("the position is before the text")
    else:
        start -= 1
        if start > len(string):
            raise Undefined("the position is after the text")
    if length == _ALL:
        return string[start:]
    if length < 1:
        raise Undefined("the length must be at least 1")
    return string[start : start + int(length)]


@builtin
def string_length(run: Run, string: str) -> Decimal:
    return Decimal(len(string))


@builtin
def upper_case(run: Run, string: str) -> str:
    return run.check_string(string.upper())


@builtin
def lower_case(run: Run, string: str) -> str:
    return run.check_string(string.lower())


@builtin
def substring_before(run: Run, string: str, match: str) -> str:
    return string.partition(match)[0] if match and match in string else ""


@builtin
def substring_after(run: Run, string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@builtin
def contains(run: Run, string: str, match: str) -> bool:
    return match in string


@builtin
def starts_with(run: Run, string: str, match: str) -> bool:
    return string.startswith(match)


@builtin
def ends_with(run: Run, string: str, match: str) -> bool:
    return string.endswith(match)


@builtin
def matches(run: Run, input: str, pattern: str, flags: str | None = None) -> bool:
    compiled = compile_pattern(pattern, flags or "")
    return bool(within_time(lambda seconds: compiled.search(input, timeout=seconds)))


@builtin
def replace(run: Run, input: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    compiled = compile_pattern(pattern, flags or "")
    if within_time(lambda seconds: compiled.match("", timeout=seconds)):
        raise Undefined("the pattern matches the empty text")
    parts = list(replacement) if "q" in (flags or "") else replacement_template(replacement, compiled.groups)
    size = 0

    def one(found: Any) -> str:
        nonlocal size
        text = "".join(
            (found.group(p) or "") if isinstance(p, int) and p <= compiled.groups else p if isinstance(p, str) else ""
            for p in parts
        )
        size += len(text)
        if size > run.limits.string_size:
            run.check_string(" " * size)
        return text

    return run.check_string(within_time(lambda seconds: compiled.sub(one, input, timeout=seconds)))


@builtin
def split(run: Run, string: str, delimiter: str) -> list[Any]:
    compiled = compile_pattern(delimiter)
    if within_time(lambda seconds: compiled.match("", timeout=seconds)):
        raise Undefined("the delimiter matches the empty text")
    parts: list[Any] = []
    end = 0
    for found in within_time(lambda seconds: list(compiled.finditer(string, timeout=seconds))):
        parts.append(string[end : found.start()])
        end = found.end()
    return run.check_list([*parts, string[end:]])


@builtin
def extract(run: Run, input: str, pattern: str) -> list[Any]:
    compiled = compile_pattern(pattern)
    found = within_time(lambda seconds: [m.group() for m in compiled.finditer(input, timeout=seconds)])
    return run.check_list(found)


@builtin
def string_join(run: Run, list: list[Any], delimiter: str | None = None) -> str:
    return _joined(run, list, delimiter, None, None)


@builtin(name="string join")
def string_join_between(
    run: Run, list: list[Any], delimiter: str | None, prefix: str | None, suffix: str | None
) -> str:
    return _joined(run, list, delimiter, prefix, suffix)


def _joined(run: Run, list: list[Any], delimiter: str | None, prefix: str | None, suffix: str | None) -> str:
    texts = [to_feel(item) for item in list]
    texts = [t for t in texts if t is not None]
    if any(type(t) is not str for t in texts):
        raise Undefined("only texts can be joined")
    size = sum(map(len, texts)) + len(texts) * len(delimiter or "")
    if size > run.limits.string_size:
        run.check_string(" " * size)
    return run.check_string((prefix or "") + (delimiter or "").join(texts) + (suffix or ""))


@builtin
def trim(run: Run, string: str) -> str:
    return string.strip()


@builtin
def is_blank(run: Run, string: str) -> bool:
    return not string.strip()


@builtin
def to_base64(run: Run, value: str) -> str:
    return run.check_string(base64.b64encode(value.encode("utf-8", "replace")).decode("ascii"))


@builtin
def uuid(run: Run) -> str:
    return str(uuids.uuid4())
