"""JUEL (`${…}`, `#{…}`) and simple Python conditions, translated to FEEL when a file of another dialect is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.bpmn.java_words import one_based, say_empty, say_function, say_member, say_method

MAX_DEPTH = 100


class JuelError(ValueError):
    """The text cannot be said in FEEL; says at which character and why."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)[lLfFdD]?
    | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<name>[A-Za-z_$][\w$]*)
    | (?P<sign>\+=|&&|\|\||===?|!==?|<=|>=|<>|[-+*/%()\[\]{}.,?:<>!=])
    )""",
    re.VERBOSE,
)
_COMPARE = {
    "==": "=",
    "===": "=",
    "!==": "!=", "eq": "=", "is": "=", "!=": "!=", "ne": "!=", "<>": "!=",
    "<": "<", "lt": "<", ">": ">", "gt": ">", "<=": "<=", "le": "<=", ">=": ">=", "ge": ">=",
}  # fmt: skip
_CONSTANTS = {"true": "true", "false": "false", "null": "null", "True": "true", "False": "false", "None": "null"}
_RESERVED = {"and", "or", "not", "empty", "div", "mod", "in", *_COMPARE}
_NUMBER_OF = {
    "nrOfInstances": "numberOfInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
    "loopCounter": "(loopCounter - 1)",  # JUEL dialects count from 0, Camunda 8 from 1
}


def is_juel(text: str) -> bool:
    return "${" in text or "#{" in text


def translate(text: str) -> str:
    """Translate a text with `${…}` parts to a FEEL expression; text around them is joined. Raises JuelError."""
    parts: list[str] = []
    at = 0
    for start, end in _holes(text):
        if text[at:start].strip() or (parts and text[at:start]):
            parts.append(_quote(text[at:start]))
        parts.append(translate_expression(text[start + 2 : end]))
        at = end + 1
    rest = text[at:]
    if rest.strip():
        parts.append(_quote(rest))
    if len(parts) == 1:
        return parts[0]
    return " + ".join(part if part.startswith('"') else f"string({part})" for part in parts)


def _holes(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for match in re.finditer(r"[$#]\{", text):
        if found and match.start() < found[-1][1]:
            continue
        depth, quote, escaped = 0, "", False
        for position in range(match.end(), len(text)):
            char = text[position]
            if escaped:
                escaped = False
            elif quote:
                escaped = char == "\\"
                quote = "" if char == quote else quote
            elif char in "\"'":
                quote = char
            elif char == "{":
                depth += 1
            elif char == "}":
                if not depth:
                    found.append((match.start(), position))
                    break
                depth -= 1
        else:
            raise JuelError(f"“{text}” has no closing brace")
    return found


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def translate_expression(text: str) -> str:
    """Translate one expression without its `${}`; simple Python and JavaScript are understood too. Raises JuelError."""
    text = text.strip().rstrip(";").rstrip()
    callback = re.fullmatch(r"next\(\s*null\s*,(.*)\)", text, re.DOTALL)  # how bpmn-elements hands out a result
    return _Translation(callback[1] if callback else text).whole()


class _Translation:
    """A recursive descent over the precedence levels of JUEL."""

    def __init__(self, text: str) -> None:
        self.text, self.index, self.depth = text, 0, 0
        self.tokens: list[_Token] = []
        at = 0
        while at < len(text.rstrip()):
            match = _TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise self.error(at, f"“{text[at:].strip()[:1]}” has no meaning here")
            self.tokens.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
            at = match.end()

    def error(self, at: int, why: str) -> JuelError:
        return JuelError(f"“{self.text.strip()}”, character {at + 1}: {why}")

    def whole(self) -> str:
        result = self.choice()
        if self.index < len(self.tokens):
            token = self.tokens[self.index]
            raise self.error(token.at, f"“{token.text}” is not expected")
        return result

    def peek(self) -> str:
        return self.tokens[self.index].text if self.index < len(self.tokens) else ""

    def here(self) -> int:
        return self.tokens[self.index].at if self.index < len(self.tokens) else len(self.text)

    def accept(self, *texts: str) -> str:
        token = self.peek()
        if token in texts and self.tokens[self.index].kind != "string":
            self.index += 1
            return token
        return ""

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.error(self.here(), f"“{text}” is expected")

    def choice(self) -> str:
        self.depth += 1  # here and in `unary`, through which every nesting passes
        test = self.disjunction()
        if self.accept("?"):
            yes = self.choice()
            self.expect(":")
            test = f"(if {test} then {yes} else {self.choice()})"
        self.depth -= 1
        return test

    def disjunction(self) -> str:
        left = self.conjunction()
        while self.accept("||", "or"):
            left = f"{left} or {self.conjunction()}"
        return left

    def conjunction(self) -> str:
        left = self.comparison()
        while self.accept("&&", "and"):
            right = self.comparison()
            left = f"{left} and {right}"
        return left

    def comparison(self) -> str:
        left = self.sum()
        while True:
            sign = self.accept(*_COMPARE)
            if sign == "is" and self.accept("not"):
                sign = "!="
            if sign:
                left = f"{left} {_COMPARE[sign]} {self.sum()}"
            elif self.accept("in"):
                left = f"list contains({self.sum()}, {left})"
            else:
                return left

    def sum(self) -> str:
        left = self.product()
        while sign := self.accept("+", "-", "+="):
            left = f"string({left}) + string({self.product()})" if sign == "+=" else f"{left} {sign} {self.product()}"
        return left

    def product(self) -> str:
        left = self.unary()
        while sign := self.accept("*", "/", "%", "div", "mod"):
            right = self.unary()
            left = (
                f"modulo({left}, {right})"
                if sign in ("%", "mod")
                else f"{left} {'/' if sign == 'div' else sign} {right}"
            )
        return left

    def unary(self) -> str:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(self.here(), "it is nested too deeply")
        if self.accept("!"):
            result = f"not({self.unary()})"
        elif self.accept("not"):
            result = f"not({self.comparison()})"
        elif self.accept("-"):
            result = f"-{self.unary()}"
        elif self.accept("empty"):
            result = say_empty(self.unary())
        else:
            result = self.path()
        self.depth -= 1
        return result

    def path(self) -> str:
        start = self.index
        result = self.primary()
        while True:
            if self.accept("."):
                token = self.tokens[self.index] if self.index < len(self.tokens) else None
                if token is None or token.kind != "name":
                    raise self.error(self.here(), "a name is expected after the dot")
                self.index += 1
                result = self.method(result, token) if self.accept("(") else self.member(result, token.text)
            elif self.accept("["):
                key = self.choice()
                self.expect("]")
                result = f"get value({result}, {key})" if key.startswith('"') else f"{result}[{one_based(key)}]"
            elif self.accept("("):
                result = self.function(result, self.tokens[start])
            else:
                return result

    def primary(self) -> str:
        if self.accept("("):
            inner = self.choice()
            self.expect(")")
            return f"({inner})"
        if self.accept("["):
            items = [] if self.peek() == "]" else [self.choice()]
            while self.accept(","):
                items.append(self.choice())
            self.expect("]")
            return f"[{', '.join(items)}]"
        if self.index >= len(self.tokens):
            raise self.error(len(self.text), "it ends too early")
        token = self.tokens[self.index]
        self.index += 1
        if token.kind == "string":
            return _quote(re.sub(r"\\(.)", r"\1", token.text[1:-1]))
        if token.kind == "number":
            return token.text
        if token.kind == "name" and token.text not in _RESERVED:
            if self.peek() == ":" and self.index + 2 < len(self.tokens) and self.tokens[self.index + 2].text == "(":
                self.index += 2
                return f"{token.text}:{self.tokens[self.index - 1].text}"
            return _CONSTANTS.get(token.text) or _NUMBER_OF.get(token.text, token.text)
        raise self.error(token.at, f"“{token.text}” is not expected")

    def arguments(self) -> list[str]:
        found: list[str] = []
        while not self.accept(")"):
            if found:
                self.expect(",")
            found.append(self.choice())
        return found

    def member(self, target: str, name: str) -> str:
        if target in ("environment", "this.environment", "this") and name in ("variables", "output"):
            return "environment"
        return say_member(target, name) or self._refuse(
            self.tokens[self.index - 1], f"“{target}.{name}” cannot be read"
        )

    def method(self, target: str, name: _Token) -> str:
        arguments = self.arguments()
        return say_method(target, name.text, arguments) or self._refuse(name, f"the method “{name.text}”")

    def function(self, name: str, token: _Token) -> str:
        arguments = self.arguments()
        return say_function(name, arguments) or self._refuse(token, f"the function “{name}”")

    def _refuse(self, token: _Token, what: str) -> str:
        raise self.error(token.at, f"{what} has no counterpart in FEEL; set a variable before, and read it here")
