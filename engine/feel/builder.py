"""Grammar rules to syntax tree: called by the parser at every reduction."""

from __future__ import annotations

import re
from decimal import DecimalException
from typing import Any

from lark import Token, Transformer, v_args

from engine.feel import tree
from engine.feel.errors import FeelSyntaxError
from engine.feel.temporal import parse_temporal
from engine.feel.tree import Node
from engine.feel.values import NUMBERS

_OPERATORS = {"EQ": "=", "NE": "!=", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.S)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def unescape(token: str) -> str:
    """Return the text of a string literal written in quotes."""
    body = token[1:-1]
    if "\\" not in body:
        return body

    def one(found: re.Match[str]) -> str:
        what = found.group(1)
        if len(what) > 1:
            code = int(what[1:], 16)
            return chr(code) if code <= 0x10FFFF else found.group()
        return _SIMPLE.get(what, "\\" + what)

    text = _ESCAPE.sub(one, body)
    return _SURROGATES.sub(lambda m: m.group().encode("utf-16", "surrogatepass").decode("utf-16"), text)


def _at(token: Token) -> int:
    return token.start_pos or 0


@v_args(inline=True)
class TreeBuilder(Transformer[Token, Any]):
    """One method a rule; positions come from tokens and first children."""

    def expression_text(self, node: Node) -> Node:
        return _plain(node)

    def any_value(self, token: Token) -> tree.UnaryTests:
        return tree.UnaryTests(_at(token), ())

    def negated_tests(self, opening: Token, *rest: Any) -> tree.UnaryTests:
        return tree.UnaryTests(_at(opening), rest[:-1], negated=True)

    def unary_tests(self, *tests: Node) -> tree.UnaryTests:
        return tree.UnaryTests(tests[0].at, tests)

    def or_(self, *terms: Node) -> Node:
        return tree.Or(terms[0].at, tuple(map(_plain, terms)))

    def and_(self, *terms: Node) -> Node:
        return tree.And(terms[0].at, tuple(map(_plain, terms)))

    def compare(self, left: Node, operator: str, right: Node) -> Node:
        return tree.Compare(left.at, operator, _plain(left), _plain(right))

    def compare_op(self, token: Token) -> str:
        return _OPERATORS[token.type]

    def between(self, value: Node, low: Node, high: Node) -> Node:
        return tree.Between(value.at, _plain(value), _plain(low), _plain(high))

    def in_(self, value: Node, test: Node) -> Node:
        tests = test.tests if isinstance(test, tree.TestList) else (test,)
        return tree.In(value.at, _plain(value), tests)

    def in_test(self, value: Node, operator: str, operand: Node) -> Node:
        return tree.In(value.at, _plain(value), (tree.Test(operand.at, operator, _plain(operand)),))

    def test(self, operator: str, operand: Node) -> Node:
        return tree.Test(operand.at, operator, _plain(operand))

    def instance_of(self, value: Node, type_name: tree.TypeName) -> Node:
        return tree.InstanceOf(value.at, _plain(value), type_name)

    def arithmetic(self, left: Node, operator: Token, right: Node) -> Node:
        return tree.Arithmetic(_at(operator), str(operator), _plain(left), _plain(right))

    def negate(self, sign: Token, operand: Node) -> Node:
        return tree.Negate(_at(sign), _plain(operand))

    def path(self, base: Node, name: Token) -> Node:
        return tree.Path(_at(name), _plain(base), str(name))

    def filter(self, base: Node, _open: Token, condition: Node, _close: Token) -> Node:
        return tree.Filter(base.at, _plain(base), _plain(condition))

    def call(self, function: Node, _open: Token, *rest: Any) -> Node:
        return tree.Call(function.at, function, tuple(map(_plain, rest[:-1])))

    def named_call(self, function: Node, _open: Token, *rest: Any) -> Node:
        return tree.NamedCall(function.at, function, rest[:-1])

    def named(self, name: Token, value: Node) -> tuple[str, Node]:
        return str(name), _plain(value)

    def number(self, token: Token) -> Node:
        try:
            return tree.Literal(_at(token), NUMBERS.create_decimal(str(token)))
        except DecimalException:
            raise FeelSyntaxError("the number is out of range", position=_at(token)) from None

    def string(self, token: Token) -> Node:
        return tree.Literal(_at(token), unescape(token))

    def temporal(self, token: Token) -> Node:
        text = unescape(token[token.index('"') :])
        value = parse_temporal(text)
        if value is None:
            raise FeelSyntaxError('"{found}" is no date, time or duration', position=_at(token), found=text)
        return tree.Literal(_at(token), value)

    def true(self, token: Token) -> Node:
        return tree.Literal(_at(token), True)

    def false(self, token: Token) -> Node:
        return tree.Literal(_at(token), False)

    def null(self, token: Token) -> Node:
        return tree.Literal(_at(token), None)

    def name(self, token: Token) -> Node:
        return tree.Name(_at(token), str(token))

    def parenthesised(self, opening: Token, *rest: Any) -> Node:
        tests = rest[:-1]
        if len(tests) == 1:
            return tests[0]
        return tree.TestList(_at(opening), tests)

    def list_of(self, opening: Token, *rest: Any) -> Node:
        return tree.ListOf(_at(opening), tuple(map(_plain, rest[:-1])))

    def context(self, opening: Token, *rest: Any) -> Node:
        return tree.Context(_at(opening), rest[:-1])

    def entry(self, key: Token, value: Node) -> tuple[str, Node]:
        return (unescape(key) if key.type == "STRING" else str(key)), _plain(value)

    def range_of(self, opening: Token, low: Node, _dots: Token, high: Node, closing: Token) -> Node:
        return tree.RangeOf(_at(opening), _plain(low), _plain(high), opening.type == "LSQB", closing.type == "RSQB")

    def if_(self, word: Token, condition: Node, yes: Node, no: Node) -> Node:
        return tree.If(_at(word), _plain(condition), _plain(yes), _plain(no))

    def iteration(self, name: Token, source: Node, _dots: Token | None = None, end: Node | None = None) -> Any:
        return tree.Iteration(str(name), _plain(source), end if end is None else _plain(end))

    def for_(self, word: Token, *rest: Any) -> Node:
        return tree.For(_at(word), rest[:-1], _plain(rest[-1]))

    def quantified(self, word: Token, *rest: Any) -> Node:
        return tree.Quantified(_at(word), word.type == "EVERY", rest[:-1], _plain(rest[-1]))

    def parameters(self, _open: Token, *rest: Any) -> tuple[tree.Parameter, ...]:
        return rest[:-1]

    def parameter(self, name: Token, type_name: tree.TypeName | None = None) -> tree.Parameter:
        return tree.Parameter(str(name), type_name)

    def function_of(self, word: Token, parameters: tuple[tree.Parameter, ...], body: Node) -> Node:
        return tree.FunctionOf(_at(word), parameters, _plain(body))

    def external(self, word: Token, parameters: tuple[tree.Parameter, ...], _external: Token, body: Node) -> Node:
        return tree.FunctionOf(_at(word), parameters, _plain(body), external=True)

    def plain_type(self, name: str) -> tree.TypeName:
        return tree.TypeName(name)

    def generic_type(self, name: str, _open: Token, *rest: Any) -> tree.TypeName:
        inner = rest[:-1]
        if isinstance(inner[0], tuple):
            return tree.TypeName(name, fields=inner)
        return tree.TypeName(name, arguments=inner)

    def function_type(self, name: str, _open: Token, *rest: Any) -> tree.TypeName:
        return tree.TypeName(name, arguments=rest[:-3], result=rest[-1])

    def field(self, name: Token, type_name: tree.TypeName) -> tuple[str, tree.TypeName]:
        return str(name), type_name

    def qualified(self, *names: Token) -> str:
        return ".".join(names)


def _plain(node: Node) -> Node:
    """Refuse a list of tests where a value must stand."""
    if isinstance(node, tree.TestList):
        raise FeelSyntaxError(
            'a list in "(…)" may stand only after "in"', position=node.at, mend="write […] for a list"
        )
    return node
