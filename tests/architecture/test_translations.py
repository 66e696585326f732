"""Every text that people read is there in Chinese."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

PROJECT = Path(__file__).resolve().parents[2]
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    with (PROJECT / "web/translations/zh_Hans/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="zh_Hans")


@pytest.fixture(scope="module")
def extracted() -> dict[str | tuple[str, ...], str]:
    return dict(_messages())


def test_no_text_is_without_its_chinese(chinese, extracted):
    missing = {place: message for message, place in extracted.items() if not _translated(chinese, message)}
    assert missing == {}


def test_no_translation_is_a_guess(chinese):
    assert [message.id for message in chinese if message.id and message.fuzzy] == []


def test_every_translation_keeps_its_placeholders(chinese):
    wrong = [(message.id, str(error)) for message in chinese if message.id for error in message.check(chinese)]
    assert wrong == []


def test_no_translation_is_left_from_a_text_that_is_gone(chinese, extracted):
    assert [message.id for message in chinese if message.id and message.id not in extracted] == []


def test_chinese_uses_chinese_punctuation(chinese):
    def slips(text: str) -> bool:
        return any(a > "一" and b in ",;?!" for a, b in itertools.pairwise(text))

    assert [text for message in chinese if message.id for text in _strings(message.string) if slips(text)] == []


def _translated(catalog: Catalog, message: str | tuple[str, ...]) -> bool:
    known = catalog.get(message[0] if isinstance(message, tuple) else message)
    return known is not None and all(_strings(known.string)) and bool(known.string)


def _strings(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def _messages() -> Iterator[tuple[str | tuple[str, ...], str]]:
    with (PROJECT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    for name, line, message, _comments, _context in extract_from_dir(PROJECT, methods, options, keywords=KEYWORDS):
        if message and not name.startswith((".", "node_modules")):
            yield message, f"{name}:{line}"
