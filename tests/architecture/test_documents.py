"""What the documents promise is there."""

import dataclasses
import re
from pathlib import Path

import pytest

from engine.config import Settings

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]


def test_the_readme_names_every_setting_and_no_other():
    told = set(re.findall(r"^\| `(CLOSELOOP_\w+)`", (PROJECT / "README.md").read_text("utf-8"), flags=re.M))
    assert told == {f"CLOSELOOP_{field.name.upper()}" for field in dataclasses.fields(Settings)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_every_link_inside_the_project_leads_somewhere(document):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_command_of_make_that_a_document_names_is_there():
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text("utf-8"), flags=re.M))
    named = {
        name
        for document in DOCUMENTS
        for name in re.findall(r"(?:`|^)make ([a-z]+)", document.read_text("utf-8"), flags=re.M)
    }
    assert named
    assert named <= targets


def test_decisions_are_numbered_without_a_gap():
    numbers = sorted(int(path.name[:4]) for path in (PROJECT / "docs/decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
