"""The read side: functions of a `Reader` that return frozen views, pages by key and never by offset.

Every function that shows cases or tasks takes the actor and hides what it may not know of.
"""

from engine.queries.reader import Page, Reader

__all__ = ["Page", "Reader"]
