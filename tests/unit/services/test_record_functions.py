from typing import Any

from engine.feel import evaluate
from engine.services.records import host_functions

PARTS = [{"key": "a", "machine": "M1", "stock": 3}, {"key": "b", "machine": "M2", "stock": 0.5}]


def find(kind: str, key: str) -> dict[str, Any] | None:
    return next((part for part in PARTS if kind == "part" and part["key"] == key), None)


FUNCTIONS = host_functions(find, lambda kind: PARTS if kind == "part" else [])


def feel(text: str) -> Any:
    return evaluate(text, {}, functions=FUNCTIONS)


def test_an_expression_reads_a_record_by_its_key():
    assert feel('record("part", "a").machine') == "M1"


def test_what_is_not_there_is_null():
    assert feel('record("part", "z")') is None
    assert feel('record("nothing", "a").machine') is None
    assert feel("record(1, 2)") is None
    assert feel('record("part", null)') is None


def test_records_are_those_that_fit_the_filter():
    assert feel('records("part", {}).key') == ["a", "b"]
    assert feel('records("part", {machine: "M2", stock: 0.5}).key') == ["b"]
    assert feel('records("part", {stock: 9})') == []


def test_numbers_find_keys_written_as_text():
    functions = host_functions(lambda kind, key: {"key": key}, lambda kind: [])
    assert evaluate('record("order", 1200).key', {}, functions=functions) == "1200"
    assert evaluate('record("order", 12.50).key', {}, functions=functions) == "12.5"


def test_what_an_expression_reads_cannot_be_changed_through_it():
    FUNCTIONS["record"]("part", "a")["machine"] = "changed"
    assert PARTS[0]["machine"] == "M1"
