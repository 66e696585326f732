"""Identifiers that sort by when they were made: UUID version 7 (RFC 9562, 5.7) as 32 hexadecimal digits.

Rows made together lie together in an index, and what one step opens keeps its order. They are names, not secrets.
"""

from __future__ import annotations

import itertools
import secrets
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_count = itertools.count(secrets.randbits(24))  # next() is atomic, so threads share it


def new_id(now: datetime) -> str:
    """Make an identifier at the instant `now`; those of one process made in one millisecond sort as they were made."""
    milliseconds = max(0, (now - _EPOCH) // _MILLISECOND)
    count = next(_count) & 0x3FFF_FFFF  # 12 bits before the variant, 18 behind it
    high = milliseconds << 16 | 0x7000 | count >> 18
    low = 0b10 << 62 | (count & 0x3_FFFF) << 44 | secrets.randbits(44)
    return f"{high:016x}{low:016x}"
