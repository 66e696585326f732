"""Diagrams broken at random: reading never raises, and what loads without an error can be built and started."""

import random
from pathlib import Path

import pytest
from lxml import etree

from engine import xml
from engine.bpmn import NoPlainStart, build, read
from tests.corpora.playing import play

SHIPPED = sorted((Path(__file__).parents[3] / "processes").glob("*/*.bpmn"))
TEXTS = ["", "=", "${a", "=x.y", "R/", "P", "PT1H", "中", None]


def break_it(root: etree._Element, rng: random.Random) -> None:
    """Remove, rename, move or overwrite something."""
    elements = [element for element in root.iter() if "/DD/" not in str(element.tag) and element is not root]
    ids = [element.get("id", "") for element in elements]
    element, other = rng.choice(elements), rng.choice(elements)
    act = rng.choice(["attribute", "element", "value", "text", "move", "tag"])
    if act == "attribute" and element.attrib:
        del element.attrib[rng.choice(list(element.attrib))]
    elif act == "element":
        element.getparent().remove(element)
    elif act == "value" and element.attrib:
        element.set(rng.choice(list(element.attrib)), rng.choice([*ids, "", "x", "=1", "true"]))
    elif act == "text":
        element.text = rng.choice(TEXTS)
    elif act == "move" and element is not other and element not in other.iterancestors():
        element.append(other) if other not in element.iterancestors() else None
    else:
        element.tag = other.tag


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(60))
def test_a_broken_diagram_is_refused_or_runs(path, seed):
    rng = random.Random(f"{path.stem} {seed}")
    root = xml.parse(path.read_bytes())
    for _ in range(rng.randint(1, 4)):
        break_it(root, rng)
    diagram = read(etree.tostring(root), "broken.bpmn")
    if any(problem.is_error for problem in diagram.problems):
        return
    for info in diagram.processes:
        try:
            play(build(info.key, [diagram], {}), seed, None, steps=10)
        except NoPlainStart:
            assert info.triggers
