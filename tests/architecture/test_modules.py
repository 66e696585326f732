"""Sizes and names that keep the house readable."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = [path for folder in ("engine", "web", "tests") for path in (PROJECT / folder).rglob("*.py")]
SCRIPTS = [*(PROJECT / "web/static/src").rglob("*.js"), PROJECT / "web/static/build.mjs"]
LONGEST = 300
SAYS_NOTHING = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"}


def test_no_module_is_longer_than_a_reader_can_hold():
    long = {
        str(path.relative_to(PROJECT)): n
        for path in SOURCES + SCRIPTS
        if (n := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_no_module_has_a_name_that_says_nothing():
    vague = [
        str(path.relative_to(PROJECT)) for path in SOURCES + SCRIPTS if SAYS_NOTHING & set(path.stem.lower().split("_"))
    ]
    assert vague == []


def test_no_class_has_a_name_that_says_nothing():
    import ast

    vague = [
        f"{path.relative_to(PROJECT)}: {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Manager", "Helper", "Utils", "Util"))
    ]
    assert vague == []


def test_every_package_can_be_installed():
    """The installation takes packages, not bare folders: a missing `__init__.py` loses one silently."""
    bare = {
        str(path.parent.relative_to(PROJECT))
        for path in SOURCES
        if "tests" not in path.relative_to(PROJECT).parts and not (path.parent / "__init__.py").is_file()
    }
    assert bare == set()
