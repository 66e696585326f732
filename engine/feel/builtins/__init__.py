"""The built-in functions, one module for each kind; importing this package declares them all."""

from engine.feel.builtins import contexts, conversion, lists, numbers, ranges, strings, temporal

__all__ = ["contexts", "conversion", "lists", "numbers", "ranges", "strings", "temporal"]
