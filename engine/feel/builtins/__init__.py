"""The built-in functions, one module for each kind; importing this package declares them all."""

from engine.feel.builtins import aggregates, contexts, conversion, lists, numbers, ranges, strings, temporal

__all__ = ["aggregates", "contexts", "conversion", "lists", "numbers", "ranges", "strings", "temporal"]
