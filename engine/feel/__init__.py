"""The FEEL language of DMN 1.5: text → tokens → syntax tree → closures.

Expressions have no side effects, no unbounded loops and no way to Python. Imports nothing of the engine above it.

lexer, grammar.lark, builder, parser: text to `tree`. closures, sequences, calls, unarytests: tree to closures.
operators, temporal, types, values: what values mean. registry, builtins: functions. run: one evaluation and its bounds.
"""

from engine.feel import tree
from engine.feel.errors import FeelError, FeelLimitExceeded, FeelSyntaxError
from engine.feel.evaluation import (
    Compiled,
    CompiledTests,
    Evaluation,
    compile_expression,
    compile_unary_tests,
    evaluate,
    evaluate_with_warnings,
)
from engine.feel.jsonvalues import to_json
from engine.feel.limits import LIMITS, Limits
from engine.feel.run import Run, Scope, Warning
from engine.feel.text import to_text
from engine.feel.values import Function, Range, YearsMonths, kind_of, to_feel

__all__ = [
    "LIMITS", "Compiled", "CompiledTests", "Evaluation", "FeelError", "FeelLimitExceeded", "FeelSyntaxError",
    "Function", "Limits", "Range", "Run", "Scope", "Warning", "YearsMonths", "compile_expression",
    "compile_unary_tests", "evaluate", "evaluate_with_warnings", "kind_of", "to_feel", "to_json", "to_text", "tree",
]  # fmt: skip
