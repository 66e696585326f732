"""Decision files for tests, written as a modeler would write them."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = {
    "1.1": "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "1.2": "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
}


def definitions(*content: str, version: str = "1.3", namespace: str = "urn:test") -> bytes:
    """Return a whole file."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<definitions xmlns="{NAMESPACES[version]}" id="file" name="File" namespace="{namespace}">{"".join(content)}</definitions>'
    ).encode()


def literal(text: str) -> str:
    """Return a literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(name: str, logic: str, *requires: str, type_ref: str = "") -> str:
    """Return a decision whose id is its name in snake case; `requires` are such as `input:x`, `decision:y`, `knowledge:z`."""
    links = ""
    for require in requires:
        kind, _, target = require.partition(":")
        if kind == "knowledge":
            links += f'<knowledgeRequirement><requiredKnowledge href="#{target}"/></knowledgeRequirement>'
        else:
            links += f'<informationRequirement><required{kind.title()} href="#{target}"/></informationRequirement>'
    kind = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
    return f"<decision id={quoteattr(name.replace(' ', '_'))} name={quoteattr(name)}><variable name={quoteattr(name)}{kind}/>{links}{logic}</decision>"


def table(
    inputs: Iterable[str],
    outputs: Iterable[str],
    rules: Iterable[tuple[str, ...]],
    policy: str = "",
    aggregation: str = "",
    values: dict[str, str] | None = None,
    defaults: dict[str, str] | None = None,
) -> str:
    """Return a decision table; each rule has its inputs' cells, then its outputs'. `values` are allowed ones by name."""
    inputs, outputs, values, defaults = list(inputs), list(outputs), values or {}, defaults or {}
    text = "<decisionTable id='table'"
    text += f" hitPolicy='{policy}'" if policy else ""
    text += f" aggregation='{aggregation}'>" if aggregation else ">"
    for name in inputs:
        allowed = f"<inputValues><text>{escape(values[name])}</text></inputValues>" if name in values else ""
        text += f"<input label={quoteattr(name)}><inputExpression><text>{escape(name)}</text></inputExpression>{allowed}</input>"
    for name in outputs:
        allowed = f"<outputValues><text>{escape(values[name])}</text></outputValues>" if name in values else ""
        default = (
            f"<defaultOutputEntry><text>{escape(defaults[name])}</text></defaultOutputEntry>"
            if name in defaults
            else ""
        )
        text += f"<output name={quoteattr(name)}>{allowed}{default}</output>"
    for number, cells in enumerate(rules, 1):
        text += f"<rule id='r{number}'>"
        text += "".join(f"<inputEntry><text>{escape(c)}</text></inputEntry>" for c in cells[: len(inputs)])
        text += "".join(f"<outputEntry><text>{escape(c)}</text></outputEntry>" for c in cells[len(inputs) :])
        text += "</rule>"
    return text + "</decisionTable>"
