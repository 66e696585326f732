"""Texts beside a field: English with the msgid and parameters that a page needs to translate them."""

from __future__ import annotations

from typing import Any


class Message(str):
    """A message in English that remembers its template.

    A page shows `translate(message.msgid).format(**message.params)`.
    """

    __slots__ = ("msgid", "params")

    msgid: str
    params: dict[str, Any]

    def __new__(cls, msgid: str, **params: Any) -> Message:
        text = super().__new__(cls, msgid.format(**params))
        text.msgid = msgid
        text.params = params
        return text


def _l(msgid: str, **params: Any) -> Message:
    """Mark a text for the catalogue (the extractor knows this name) and fill it in English."""
    return Message(msgid, **params)


REQUIRED = _l("Please fill this in.")
CHOOSE = _l("Please choose.")
TICK = _l("Please tick this.")
UNKNOWN = _l("This form has no such field.")
READ_ONLY = _l("This value cannot be changed here.")
NOT_TEXT = _l("Please give a text.")
NOT_NUMBER = _l("Please give a number, such as 12.5.")
NUMBER_TOO_LARGE = _l("This number is too large.")
NOT_YES_NO = _l("Please give yes or no.")
NOT_LIST = _l("Please give a list.")
NOT_DATE = _l("Please give a date, such as 2026-03-31.")
NOT_TIME = _l("Please give a time, such as 14:30.")
NOT_DATETIME = _l("Please give date and time, such as 2026-03-31 14:30.")
PASSED_DATE = _l("This is in the past. Today or later, please.")
NOT_OPTION = _l("Please choose one of the options.")
TWICE = _l("Each may be chosen once.")
NOT_EMAIL = _l("Please give an e-mail address, such as name@example.com.")
NOT_PHONE = _l("Please give a telephone number, such as +86 138 0000 0000.")
NO_RECORD = _l("There is no such entry. Please choose one from the register.")
NO_FILE = _l("This file is not there any more. Please add it again.")
ONE_FILE = _l("Please give one file only.")
NEEDS_FILE = _l("Please add a file.")
BROKEN = _l("This field could not be prepared. Please tell the owner of the process.")

ITEM_OPEN = _l("Not answered yet. Pass or fail?")
ITEM_MEASURE = _l("Not measured yet.")
ITEM_RESULT = _l("Please answer pass or fail.")
ITEM_NOTE = _l("A failed item needs a note: what is wrong?")
ITEM_NO_VALUE = _l("Nothing is measured here.")
ITEM_PHOTO = _l("Please add a photo.")

KEY_SIGN = _l("A key has no “/” in it.")
KEY_KEPT = _l("The key of an entry stays as it is. Make a new entry instead.")
NOT_CSV = _l("This is not a CSV file. Save the sheet as “CSV UTF-8”.")
EMPTY_CSV = _l("The file is empty.")
UNKNOWN_COLUMN = _l("No field has this name.")
COLUMN_TWICE = _l("This column is there twice.")
NO_KEY_COLUMN = _l("The column with the key is missing.")


def pattern() -> Message:
    return _l("This does not have the right form.")


def too_short(least: int) -> Message:
    return _l("At least {least} characters, please.", least=least)


def too_long(most: int) -> Message:
    return _l("At most {most} characters, please.", most=most)


def too_small(least: Any) -> Message:
    return _l("{least} or more, please.", least=least)


def too_great(most: Any) -> Message:
    return _l("{most} or less, please.", most=most)


def digits(count: int) -> Message:
    return (
        _l("At most {count} digits after the point, please.", count=count) if count else _l("A whole number, please.")
    )


def step(size: Any) -> Message:
    return _l("In steps of {size}, please.", size=size)


def unknown_item(key: str) -> Message:
    return _l("Item {key} is not in this checklist.", key=key)


def item_twice(key: str) -> Message:
    return _l("Item {key} is answered twice.", key=key)


def too_many_rows(most: int) -> Message:
    return _l("At most {most} rows at once, please.", most=most)


def too_many_cells(count: int, columns: int) -> Message:
    return _l("{count} cells, but the header has {columns}. Is a comma not in quotes?", count=count, columns=columns)


def same_key(row: int) -> Message:
    return _l("Row {row} has the same key.", row=row)
