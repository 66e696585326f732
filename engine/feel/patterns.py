"""Regular expressions of XPath and XQuery Functions, run by the `regex` library under a time limit."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import regex

from engine.feel.errors import FeelLimitExceeded, Undefined
from engine.feel.limits import LIMITS

_NAME_START = r"\p{L}\p{Nl}:_"
_NAME_PART = r"\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}:_.\-\u00b7"
_MAX_PATTERN = 1_000
_MAX_REPEATS = 20_000
_REPEAT = re.compile(r"\{(\d+)(?:,(\d*))?\}")


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, flags: str = "") -> regex.Pattern[str]:
    """Return the compiled pattern; flags are s, m, i, x, q as in fn:matches. Raises Undefined."""
    if set(flags) - set("smixq"):
        raise Undefined(f'unknown flags "{flags}"')
    if len(pattern) > _MAX_PATTERN:
        raise FeelLimitExceeded("characters in a pattern", _MAX_PATTERN)
    _check_repeats(pattern)
    options = regex.VERSION1
    for letter, option in (("s", regex.DOTALL), ("m", regex.MULTILINE), ("i", regex.IGNORECASE)):
        if letter in flags:
            options |= option
    source = regex.escape(pattern) if "q" in flags else _translate(pattern, flags)
    try:
        return regex.compile(source, options)
    except regex.error as error:
        raise Undefined(f"the pattern is not valid: {error}") from None
    except (OverflowError, RecursionError, MemoryError, ValueError):
        raise Undefined("the pattern is too large") from None


def _check_repeats(pattern: str) -> None:
    """Refuse counts that the library would unroll into a huge program, however they are nested."""
    product = 1
    for found in _REPEAT.finditer(pattern):
        product *= max(1, *(int(n) if len(n) < 7 else _MAX_REPEATS + 1 for n in found.groups() if n))
        if product > _MAX_REPEATS:
            raise FeelLimitExceeded("repeats in a pattern", _MAX_REPEATS)


def _translate(pattern: str, flags: str) -> str:
    r"""Rewrite what XPath writes differently: ends of lines, class subtraction, \i and \c, free spacing."""
    if "x" in flags:
        pattern = _without_space(pattern)
    out: list[str] = []
    depth = 0
    position = 0
    while position < len(pattern):
        char = pattern[position]
        if char == "\\" and position + 1 < len(pattern):
            text, length = _escape(pattern, position, inside=depth > 0)
            out.append(text)
            position += length
            continue
        if char == "[":
            if depth and out[-1:] == ["-"]:
                out[-1] = "--"
            elif depth:
                raise Undefined('the pattern has "[" inside a character class')
            depth += 1
        elif char == "]" and depth:
            depth -= 1
        elif depth and char in "&|~" and pattern[position + 1 : position + 2] == char:
            char = "\\" + char
        elif char == "." and depth == 0 and "s" not in flags:
            char = r"[^\n\r]"
        elif char == "$" and depth == 0:
            char = r"(?=\n|\Z)" if "m" in flags else r"\Z"
        elif pattern.startswith("(?", position) and depth == 0 and not pattern.startswith("(?:", position):
            raise Undefined('the pattern has a group of an unknown kind "(?"')
        out.append(char)
        position += 1
    return "".join(out)


def _without_space(pattern: str) -> str:
    """Drop white space outside character classes."""
    out, depth = [], 0
    for position, char in enumerate(pattern):
        escaped = position > 0 and pattern[position - 1] == "\\"
        depth += (char == "[" and not escaped) - (char == "]" and not escaped and depth > 0)
        if depth or char not in " \t\n\r":
            out.append(char)
    return "".join(out)


def _escape(pattern: str, position: int, *, inside: bool) -> tuple[str, int]:
    """Return an escape as the library writes it, and its length in the pattern."""
    letter = pattern[position + 1]
    if letter in "pP" and pattern.startswith("{Is", position + 2):
        return f"\\{letter}{{In", 5  # a block of Unicode, by the name that the library knows it under
    return _letter(letter, inside=inside), 2


def _letter(letter: str, *, inside: bool) -> str:
    if letter == "0" or (inside and letter.isdigit()):
        raise Undefined(f'"\\{letter}" cannot stand there in a pattern')
    if letter in "iIcC":
        members = _NAME_START if letter in "iI" else _NAME_PART
        if inside:
            if letter.isupper():
                raise Undefined(f'"\\{letter}" inside a character class is not supported')
            return members
        return f"[{'^' if letter.isupper() else ''}{members}]"
    if letter.isalpha() and letter not in "nrtdDwWsSpP":
        raise Undefined(f'the pattern has the unknown escape "\\{letter}"')
    return "\\" + letter


def within_time(work: Callable[[float], Any]) -> Any:
    """Run a match with its time limit in seconds; raises FeelLimitExceeded."""
    try:
        return work(LIMITS.regex_seconds)
    except TimeoutError:
        raise FeelLimitExceeded("seconds in a pattern", LIMITS.regex_seconds) from None


def replacement_template(replacement: str, groups: int) -> list[str | int]:
    """Return the parts of a replacement: text, or the number of a group. Raises Undefined."""
    parts: list[str | int] = []
    position = 0
    while position < len(replacement):
        char = replacement[position]
        following = replacement[position + 1 : position + 2]
        if char == "\\":
            if following not in ("\\", "$"):
                raise Undefined('in a replacement "\\" may only stand before "\\" or "$"')
            parts.append(following)
            position += 2
        elif char == "$":
            if not (following.isascii() and following.isdigit()):
                raise Undefined('in a replacement "$" must be followed by the number of a group')
            end = position + 2
            while replacement[end : end + 1].isdigit() and int(replacement[position + 1 : end + 1]) <= groups:
                end += 1
            parts.append(int(replacement[position + 1 : end]))
            position = end
        else:
            parts.append(char)
            position += 1
    return parts
