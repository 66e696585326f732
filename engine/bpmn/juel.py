"""JUEL (`${…}`, `#{…}`) and simple Python conditions, translated to FEEL when a file of another dialect is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    | (?P<sign>\+=|&&|\|\||==|!=|<=|>=|<>|[-+*/%()\[\]{}.,?:<>!=])
    )""",
    re.VERBOSE,
)
_COMPARE = {
    "==": "=", "eq": "=", "is": "=", "!=": "!=", "ne": "!=", "<>": "!=",
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
_SERVICES = {"execution", "task", "caseExecution", "delegateTask", "delegateExecution"}


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
        depth, quote = 0, ""
        for position in range(match.end(), len(text)):
            char = text[position]
            if quote:
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
    """Translate one expression without its `${}`; simple Python comparisons are understood too. Raises JuelError."""
    return _Translation(text).whole()


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
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(self.here(), "it is nested too deeply")
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
        return left if " or " not in left else f"({left})"

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
        if self.accept("!"):
            return f"not({self.unary()})"
        if self.accept("not"):
            return f"not({self.comparison()})"
        if self.accept("-"):
            return f"-{self.unary()}"
        if self.accept("empty"):
            inner = self.unary()
            return f'({inner} = null or {inner} = "" or {inner} = [])'
        return self.path()

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
                result = f"get value({result}, {key})" if key.startswith('"') else f"{result}[{_one_based(key)}]"
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
        if target in _SERVICES and name in ("processBusinessKey", "businessKey", "processInstanceBusinessKey"):
            return "businessKey"
        if target == "environment":
            raise self.error(self.here(), "“environment” does not exist here; name the variable itself")
        return f"{target}.{name}"

    def method(self, target: str, name: _Token) -> str:
        """Say a Java method in FEEL where it has a meaning there."""
        arguments = self.arguments()
        one = arguments[0] if len(arguments) == 1 else None
        if target in _SERVICES and name.text in ("getVariable", "getVariableLocal") and one and one.startswith('"'):
            return one.strip('"')
        if target in _SERVICES and name.text in ("getProcessBusinessKey", "getBusinessKey"):
            return "businessKey"
        if one is not None:
            known = {
                "equals": f"{target} = {one}", "contains": f"list contains({target}, {one})", "get": f"get value({target}, {one})",
                "startsWith": f"starts with({target}, {one})", "endsWith": f"ends with({target}, {one})",
                "equalsIgnoreCase": f"lower case({target}) = lower case({one})",
            }  # fmt: skip
            if name.text == "get" and not one.startswith('"'):
                return f"{target}[{_one_based(one)}]"
        else:
            known = {
                "size": f"count({target})", "isEmpty": f"count({target}) = 0", "length": f"string length({target})",
                "toString": f"string({target})", "toLowerCase": f"lower case({target})", "toUpperCase": f"upper case({target})",
                "intValue": target, "longValue": target, "doubleValue": target, "booleanValue": target,
            } if not arguments else {}  # fmt: skip
            if not arguments and re.fullmatch(r"(get|is)[A-Z]\w*", name.text) and name.text not in known:
                stem = re.sub(r"^(get|is)", "", name.text)
                return f"{target}.{stem[0].lower()}{stem[1:]}"
        if name.text in known:
            return known[name.text]
        raise self.error(
            name.at, f"the method “{name.text}” has no counterpart in FEEL; set a variable before, and read it here"
        )

    def function(self, name: str, token: _Token) -> str:
        arguments = self.arguments()
        short = name.partition(":")[2]
        variable = arguments[0].strip('"') if arguments else ""
        if (name == "now" and not arguments) or (name == "dateTime" and not arguments):
            return "now()"
        if short == "get" and arguments:
            return variable
        comparisons = {"equals": "=", "eq": "=", "notEquals": "!=", "ne": "!=", "lowerThan": "<", "lt": "<", "greaterThan": ">", "gt": ">",
                       "lowerThanOrEquals": "<=", "lte": "<=", "greaterThanOrEquals": ">=", "gte": ">="}  # fmt: skip
        if short in comparisons and len(arguments) == 2:
            return f"{variable} {comparisons[short]} {arguments[1]}"
        if short in ("empty", "isEmpty") and variable:
            return f'({variable} = null or {variable} = "")'
        if short in ("exists", "isNotEmpty", "notEmpty") and variable:
            return f'({variable} != null and {variable} != "")'
        raise self.error(
            token.at, f"the function “{name}” has no counterpart in FEEL; set a variable before, and read it here"
        )


def _one_based(index: str) -> str:
    return str(int(index) + 1) if index.isdigit() else f"{index} + 1"
