"""Text to tokens, with names that contain spaces, operators or keywords.

Two words side by side are never anything but one name in FEEL, so adjacent words join without any knowledge of the
scope. Only names that contain an operator character or a keyword (`a-b`, `date and time`) must be known: those of the
built-in functions, those that the caller declares, and those that the text itself introduces as context keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lark import Token

from engine.feel.errors import FeelLimitExceeded, FeelSyntaxError
from engine.feel.limits import LIMITS
from engine.feel.mend import character_mend

# As in the standard, but for full-width and CJK punctuation: `金额＞100` is a slip to be told, not a name.
NAME_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff"
    "\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3005-\u3007\u3021-\u3029\u3031-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff21-\uff3a\uff3f\uff41-\uff5a\uff66-\uffdc\U00010000-\U000effff"
)
NAME_PART = NAME_START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"

SPACE = re.compile(r"(?:[\s\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]+|//[^\n]*|/\*.*?\*/)+", re.S)
WORD = re.compile(f"[{NAME_START}][{NAME_PART}]*")
NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.S)
NAME = re.compile(f"[{NAME_START}][{NAME_PART} ./\\-'+*]*")
NAME_TAIL = re.compile(f"(?:[{NAME_PART}]+)")
QUOTED_NAME = re.compile(r"`([^`\n]+)`")
KEY = re.compile(f"[{NAME_START}]" + r"""(?:[^":,{}\[\]()\n/]|/(?![/*]))*""")
INSTANCE_OF = re.compile(r"instance\s+of\b")

KEYWORDS = {
    "if": "IF", "for": "FOR", "some": "SOME", "every": "EVERY", "function": "FUNCTION",
    "true": "TRUE", "false": "FALSE", "null": "NULL",
}  # fmt: skip
JOINTS = {
    "then": "_THEN", "else": "_ELSE", "in": "_IN", "return": "_RETURN", "satisfies": "_SATISFIES",
    "and": "_AND", "or": "_OR", "between": "_BETWEEN",
}  # fmt: skip
OPERATORS = {
    "**": "POWER", "..": "DOTS", "!=": "NE", "<=": "LE", ">=": "GE", "->": "ARROW",
    "=": "EQ", "<": "LT", ">": "GT", "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH",
    "(": "LPAR", ")": "RPAR", "[": "LSQB", "]": "RSQB", "{": "LBRACE", "}": "RBRACE",
    ",": "_COMMA", ":": "_COLON", ".": "_DOT",
}  # fmt: skip
OPERAND_ENDS = frozenset(
    ["NUMBER", "STRING", "TEMPORAL", "NAME", "TRUE", "FALSE", "NULL", "RPAR", "RSQB", "RBRACE", "RANGE_CLOSE"]
)
BUILTIN_NAMES = (
    "date and time", "days and time duration", "years and months duration", "day of year", "get or else",
)  # fmt: skip


def is_plain(name: str) -> bool:
    """Say whether the lexer finds the name without being told of it."""
    words = name.split()
    if words[0] == "not" and len(words) > 1:
        return False
    return all(WORD.fullmatch(words[0]) if i == 0 else NAME_TAIL.fullmatch(w) for i, w in enumerate(words)) and not any(
        w in JOINTS or (i == 0 and w in KEYWORDS) for i, w in enumerate(words)
    )


def is_name(name: str) -> bool:
    """Say whether FEEL can name a variable so: words and the signs . / - ' + *, and more than a keyword."""
    return bool(NAME.fullmatch(name)) and name not in JOINTS and name not in KEYWORDS


def normal_name(text: str) -> str:
    """Return the name with single spaces."""
    return " ".join(text.split())


@dataclass(slots=True)
class _Bracket:
    kind: str
    dots: bool = False


class _KnownNames:
    """Names to be matched whole, longest first."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {normal_name(n) for n in names if is_name(n) and not is_plain(n)} | set(BUILTIN_NAMES)
        self._compile()

    def _compile(self) -> None:
        ordered = sorted(self._names, key=len, reverse=True)
        body = "|".join(r"\s+".join(re.escape(part) for part in name.split(" ")) for name in ordered)
        self._pattern = re.compile(f"(?:{body})(?![{NAME_PART}])")

    def add(self, name: str) -> None:
        if not is_plain(name) and name not in self._names:
            self._names.add(name)
            self._compile()

    def match(self, text: str, position: int) -> re.Match[str] | None:
        return self._pattern.match(text, position)


class Lexer:
    """Tokens of one text; `tests` reads it as a decision table cell."""

    def __init__(self, text: str, names: Iterable[str] = (), *, tests: bool = False) -> None:
        if len(text) > LIMITS.text_length:
            raise FeelLimitExceeded("characters in an expression", LIMITS.text_length)
        self.text = text
        self.known = _KnownNames(names)
        self.tests = tests
        self.stack: list[_Bracket] = []
        self.previous = ""
        self.position = 0

    def __iter__(self) -> Iterator[Token]:
        for kind, value, start in self._scan():
            self.previous = kind
            yield Token(kind, value, start_pos=start, end_pos=self.position)

    def error(self, template: str, position: int, mend: str | None = None, found: str = "") -> FeelSyntaxError:
        return FeelSyntaxError(template, text=self.text, position=position, mend=mend, found=found)

    def _space(self, position: int) -> int:
        found = SPACE.match(self.text, position)
        return found.end() if found else position

    def _scan(self) -> Iterator[tuple[str, str, int]]:
        text = self.text
        self.position = self._space(0)
        if self.tests:
            yield from self._tests_start()
        while self.position < len(text):
            start = self.position
            kind, value, end = self._token(start)
            self.position = end
            yield kind, value, start
            self.position = self._space(self.position)

    def _tests_start(self) -> Iterator[tuple[str, str, int]]:
        """Recognise `-` and `not(…)` where they stand for the whole cell."""
        rest = self.text[self.position :].strip()
        if rest == "-":
            start, self.position = self.position, len(self.text)
            yield "ANY_VALUE", "-", start
        elif re.match(r"not\s*\(", rest) and _closes_at_end(rest):
            start = self.position
            self.position = self._space(start + 3)
            yield "_UNARY_NOT", "not", start

    def _token(self, at: int) -> tuple[str, str, int]:
        text, char = self.text, self.text[at]
        if char == '"':
            return self._string(at)
        if char == "@":
            found = STRING.match(text, self._space(at + 1))
            if not found:
                raise self.error('"@" must be followed by a date, time or duration in double quotes', at)
            return "TEMPORAL", found.group(), found.end()
        if char == "`":
            found = QUOTED_NAME.match(text, at)
            if found:
                return "NAME", found.group(1), found.end()
        if self.previous in ("LBRACE", "_COMMA") and self.stack and self.stack[-1].kind == "{":
            key = self._context_key(at)
            if key:
                return key
        if (found := NUMBER.match(text, at)) and not (char == "." and self.previous in OPERAND_ENDS):
            return "NUMBER", found.group(), found.end()
        if WORD.match(text, at):
            return self._word(at)
        return self._sign(at)

    def _sign(self, at: int) -> tuple[str, str, int]:
        text = self.text
        for length in (2, 1):
            if (symbol := text[at : at + length]) in OPERATORS:
                return self._symbol(symbol, at)
        raise self.error('"{found}" is not part of FEEL', at, character_mend(text, at), found=text[at])

    def _string(self, at: int) -> tuple[str, str, int]:
        found = STRING.match(self.text, at)
        if not found:
            raise self.error("the text has no closing quote", at, 'end it with "')
        return "STRING", found.group(), found.end()

    def _context_key(self, at: int) -> tuple[str, str, int] | None:
        found = KEY.match(self.text, at)
        if not found or not self.text.startswith(":", self._space(found.end())):
            return None
        name = normal_name(found.group())
        self.known.add(name)
        return "NAME", name, found.end()

    def _word(self, at: int) -> tuple[str, str, int]:
        text = self.text
        after_dot = self.previous == "_DOT"
        if found := self.known.match(text, at):
            return "NAME", normal_name(found.group()), found.end()
        found = WORD.match(text, at)
        assert found
        word, end = found.group(), found.end()
        if not after_dot:
            if self.previous in OPERAND_ENDS and (instance := INSTANCE_OF.match(text, at)):
                return "_INSTANCE_OF", instance.group(), instance.end()
            if word in JOINTS:
                return JOINTS[word], word, end
            follows = text[self._space(end) : self._space(end) + 1]
            if word == "external" and self.previous == "RPAR" and follows == "{":
                return "EXTERNAL", word, end
            if word in KEYWORDS and not (word == "function" and follows == "<"):
                return KEYWORDS[word], word, end
        words = [word]
        while True:
            following = self._space(end)
            if following == end or INSTANCE_OF.match(text, following):
                break
            tail = NAME_TAIL.match(text, following)
            if not tail or tail.group() in JOINTS or "." in text[following : following + 1]:
                break
            if words == ["not"]:
                raise self.error('"not" is a function', at, 'write "not(…)" with brackets')
            words.append(tail.group())
            end = tail.end()
        return "NAME", " ".join(words), end

    def _symbol(self, symbol: str, at: int) -> tuple[str, str, int]:
        end = at + len(symbol)
        kind = OPERATORS[symbol]
        if symbol in "([{":
            if symbol == "[" and self._closes_range(end):
                self._pop()
                return "RANGE_CLOSE", symbol, end
            self._push(symbol)
        elif symbol == "]" and self._opens_range(end):
            self._push("]")
            return "RANGE_OPEN", symbol, end
        elif symbol in ")]}":
            self._pop()
        elif symbol == ".." and self.stack:
            self.stack[-1].dots = True
        return kind, symbol, end

    def _push(self, kind: str) -> None:
        if len(self.stack) >= LIMITS.nesting:
            raise FeelLimitExceeded("nested brackets", LIMITS.nesting)
        self.stack.append(_Bracket(kind))

    def _pop(self) -> None:
        if self.stack:
            self.stack.pop()

    def _opens_range(self, end: int) -> bool:
        """Tell the `]` of `]1..5]` from one that closes."""
        if self.previous in OPERAND_ENDS:
            return False
        return self.previous != "LSQB" or self._operand_follows(end, '"@')

    def _closes_range(self, end: int) -> bool:
        """Tell the `[` of `[1..5[` from one that opens a filter."""
        if not (self.stack and self.stack[-1].dots and self.previous in OPERAND_ENDS):
            return False
        return not self._operand_follows(end, '"@([{-')

    def _operand_follows(self, end: int, openers: str) -> bool:
        at = self._space(end)
        if at >= len(self.text):
            return False
        if self.text[at] in openers or NUMBER.match(self.text, at):
            return True
        word = WORD.match(self.text, at)
        return word is not None and word.group() not in JOINTS and word.group() != "instance"


def _closes_at_end(text: str) -> bool:
    """Say whether the first bracket of the text is closed by its last character."""
    depth = 0
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"|[()]', text):
        if found.group() == "(":
            depth += 1
        elif found.group() == ")":
            depth -= 1
            if depth == 0:
                return found.end() == len(text)
    return False
