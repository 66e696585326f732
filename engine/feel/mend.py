"""Likely mends: what a writer of another language probably meant, said in FEEL."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_SYMBOLS = (
    ("===", 'write "=" to compare'),
    ("==", 'write "=" to compare'),
    ("&&", 'write "and"'),
    ("||", 'write "or"'),
    ("<>", 'write "!=" for "is not equal"'),
    ("!==", 'write "!="'),
    ("${", 'leave out "${" and "}": the expression stands alone'),
    ("#{", 'leave out "#{" and "}": the expression stands alone'),
    ("{{", 'leave out "{{" and "}}"'),
)


_LONGEST = 80


def character_mend(text: str, at: int) -> str | None:
    """Guess the mend for a character that no FEEL token starts with."""
    for symbol, mend in _SYMBOLS:
        if text.startswith(symbol, at) or (at and text.startswith(symbol, at - 1)):
            return mend
    char = text[at]
    if char == "'":
        return 'write texts in double quotes: "…"'
    if char in "“”„«»＂":
        return 'use straight double quotes: "…"'
    if char in "，；（）：＝＜＞。":
        return "use the ASCII sign instead of the full-width one"
    if char == "!":
        return 'write "not(…)"'
    if char == "&":
        return 'write "and", or "+" to join texts'
    if char == "|":
        return 'write "or"'
    if char == "%":
        return 'write "modulo(a, b)"'
    if char == ";":
        return 'write "," between items'
    if char == "\\":
        return 'a "\\" may stand only inside a text'
    return None


def token_mend(text: str, at: int, found: str) -> str | None:
    """Guess the mend where a token stands that the grammar does not expect."""
    for symbol, mend in _SYMBOLS:
        for offset in range(len(symbol)):
            if at >= offset and text.startswith(symbol, at - offset):
                return mend
    rest = text[at:]
    if (found == ":" and "?" in text[:at]) or (found == "?" and ":" in rest):
        return 'write "if … then … else …"'
    if re.match(r"not\b", rest):
        return 'write "not(…)" with brackets'
    if re.match(r"(AND|OR|NOT|IF|THEN|ELSE|TRUE|FALSE|NULL|True|False|None)\b", rest):
        word = re.match(r"\w+", rest)
        assert word
        small = "null" if word.group() == "None" else word.group().lower()
        return f'write "{small}"'
    return None


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that the unknown one is probably a misspelling of."""
    if len(name) > _LONGEST:
        return None
    candidates = [k for k in known if k != name and len(k) <= _LONGEST]
    lowered = {k.lower(): k for k in candidates}
    if name.lower() in lowered:
        return lowered[name.lower()]
    found = difflib.get_close_matches(name, candidates, n=1, cutoff=0.75)
    return found[0] if found else None
