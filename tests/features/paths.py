"""The path that a random process must take: element ids, `Par` (any order between its paths) and `Times` (a path, so many times)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass
class Par:
    paths: list[list[Any]]


@dataclass
class Times:
    count: int
    path: list[Any]


def count(path: list[Any]) -> Counter[str]:
    """Count how often each element must complete."""
    found: Counter[str] = Counter()
    for item in path:
        if isinstance(item, str):
            found[item] += 1
        elif isinstance(item, Par):
            for one in item.paths:
                found += count(one)
        else:
            for name, times in count(item.path).items():
                found[name] += times * item.count
    return found


def orders(path: list[Any]) -> Iterator[tuple[set[str], set[str]]]:
    """Yield neighbours that must follow one another: all of the first before any of the second."""
    before: set[str] = set()
    for item in path:
        names = set(count([item]))
        if before and names:
            yield before, names
        if names:
            before = names
        if isinstance(item, Par):
            for one in item.paths:
                yield from orders(one)
