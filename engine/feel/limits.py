"""Bounds of every expression and every evaluation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How large and how long an evaluation may become."""

    text_length: int = 32_000
    nesting: int = 120
    call_depth: int = 64
    steps: int = 1_000_000
    list_size: int = 100_000
    string_size: int = 1_000_000
    seconds: float = 2.0
    regex_seconds: float = 1.0
    warnings: int = 100


LIMITS = Limits()
