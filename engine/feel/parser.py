"""Text to syntax tree, with errors that an owner can act upon."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedToken

from engine.feel.builder import TreeBuilder
from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import Lexer
from engine.feel.mend import token_mend
from engine.feel.tree import Literal, Node, UnaryTests

_OPERAND = frozenset(["NUMBER", "STRING", "NAME", "LPAR", "LSQB", "LBRACE"])
_SIGNS = {
    "_THEN": '"then"', "_ELSE": '"else"', "_IN": '"in"', "_RETURN": '"return"', "_SATISFIES": '"satisfies"',
    "_AND": '"and"', "RPAR": '")"', "RSQB": '"]"', "RBRACE": '"}"', "_COMMA": '","', "_COLON": '":"', "NAME": "a name",
    "STRING": "a text", "LPAR": '"("', "GT": '">"', "ARROW": '"->"', "DOTS": '".."', "$END": "the end",
}  # fmt: skip

_LARK = Lark(
    (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8"),
    parser="lalr",
    lexer="basic",
    start=["expression_text", "tests_text"],
    maybe_placeholders=False,
    transformer=TreeBuilder(),
)


# Most cells of large tables are one text or number: those need no parser.
_PLAIN_TEXT = re.compile(r'"[^"\\\n]{0,200}"')
_PLAIN_NUMBER = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?")


def _constant(text: str) -> Literal | None:
    if len(text) > 300:
        return None
    text = text.strip()
    if _PLAIN_TEXT.fullmatch(text):
        return Literal(0, text[1:-1])
    return Literal(0, Decimal(text)) if _PLAIN_NUMBER.fullmatch(text) else None


def parse_expression(text: str, names: Iterable[str] = ()) -> Node:
    """Return the tree of an expression. Raises FeelSyntaxError, FeelLimitExceeded."""
    if (constant := _constant(text)) is not None:
        return constant
    tree: Node = _parse(text, names, "expression_text")
    return tree


def parse_unary_tests(text: str, names: Iterable[str] = ()) -> UnaryTests:
    """Return the tree of a decision table cell; an empty cell allows any value."""
    if not text.strip():
        return UnaryTests(0, ())
    if (constant := _constant(text)) is not None:
        return UnaryTests(0, (constant,))
    tree: UnaryTests = _parse(text, names, "tests_text")
    return tree


def _parse(text: str, names: Iterable[str], start: str) -> Any:
    parser = _LARK.parse_interactive("", start=start)
    last: Token | None = None
    try:
        for last in Lexer(text, names, tests=start == "tests_text"):
            parser.feed_token(last)
        return parser.feed_eof(last)
    except UnexpectedToken as error:
        raise _explain(text, error, parser.accepts()) from None
    except FeelSyntaxError as error:
        raise error if error.text else error.within(text) from None


def _explain(text: str, error: UnexpectedToken, accepted: set[str]) -> FeelSyntaxError:
    token = error.token
    at_end = token.type == "$END"
    at = len(text) if at_end else (token.start_pos or 0)
    expected = _expected(accepted)
    if not text.strip():
        return FeelSyntaxError("the expression is empty", text=text, expected=expected)
    if at_end:
        return FeelSyntaxError("the expression ends too early", text=text, position=at, expected=expected)
    found = str(token.value)
    mend = token_mend(text, at, found)
    return FeelSyntaxError(
        '"{found}" cannot stand here', text=text, position=at, mend=mend, expected=expected, found=found
    )


def _expected(accepted: set[str]) -> tuple[str, ...]:
    """Return the accepted tokens in words: values and operators as one word each."""
    found = []
    if accepted >= _OPERAND:
        found.append("a value")
        accepted = accepted - _OPERAND
    if "PLUS" in accepted:
        found.append("an operator")
        accepted = accepted - {"LPAR", "_IN", "_AND"}
    return (*found, *sorted(_SIGNS[a] for a in accepted if a in _SIGNS))
