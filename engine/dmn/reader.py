"""DMN 1.1 to 1.5 XML to plain values. Namespaces differ by version and are not looked at but to refuse other files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.dmn import boxed
from engine.dmn.errors import DmnError
from engine.xml import Element, XmlError, children, find_child, local_name, namespace, parse

_KINDS = {"F": "FEEL", "J": "Java", "P": "PMML"}


def read(data: bytes) -> boxed.Definitions:
    """Return the definitions of a file. Raises DmnError."""
    try:
        root = parse(data)
    except XmlError as error:
        raise DmnError(str(error), code=error.code) from None
    if local_name(root) != "definitions" or "/dmn/" not in namespace(root).lower():
        raise DmnError("this is not a DMN file", code="not_dmn")
    elements = [_READERS[local_name(e)](e) for e in _elements(root) if local_name(e) in _READERS]
    return boxed.Definitions(
        id=root.get("id", ""),
        name=root.get("name", ""),
        namespace=root.get("namespace", ""),
        elements=tuple(elements),
        types=tuple(_item_definition(e) for e in children(root, "itemDefinition")),
        imports=tuple(boxed.Import(e.get("name", ""), e.get("namespace", "")) for e in children(root, "import")),
        names=frozenset(_names(root)),
    )


def _elements(parent: Element) -> Iterator[Element]:
    return (e for e in parent if isinstance(e.tag, str))


_NAMED = {"inputData", "decision", "businessKnowledgeModel", "decisionService", "itemDefinition", "import"}


def _names(root: Element) -> Iterator[str]:
    """Yield the names that expressions anywhere in the file may read; parameters and context entries are local."""
    for element in _elements(root):
        if local_name(element) in _NAMED:
            yield element.get("name", "")
            yield from (v.get("name", "") for v in children(element, "variable"))
            if local_name(element) == "itemDefinition":
                yield from (c.get("name", "") for c in element.iter() if isinstance(c.tag, str))
    for column in root.iter("{*}column"):
        yield column.get("name", "")


def _line(element: Element) -> int | None:
    line: Any = element.sourceline
    return line or None


def _text(element: Element | None, name: str = "text") -> str | None:
    """Return the stripped text of a child."""
    found = None if element is None else find_child(element, name)
    return None if found is None else (found.text or "").strip()


def _type_ref(element: Element | None) -> str | None:
    """Return the type's name; a prefix (`feel:string`, DMN 1.1) is dropped, an import's name stays (`types.tPerson`)."""
    if element is None:
        return None
    text = element.get("typeRef") or _text(element, "typeRef")
    if not text:
        return None
    text = text.strip()
    if text.startswith("{"):
        text = text.rpartition("}")[2]
    prefix, colon, rest = text.partition(":")
    return rest if colon and prefix in element.nsmap else text


def _reference(element: Element) -> boxed.Reference:
    place, _, target = element.get("href", "").rpartition("#")
    return boxed.Reference(target, place or None)


def _references(parent: Element, name: str) -> tuple[boxed.Reference, ...]:
    return tuple(_reference(e) for e in children(parent, name))


def _requirements(parent: Element) -> tuple[boxed.Reference, ...]:
    wanted = ("requiredInput", "requiredDecision", "requiredKnowledge")
    return tuple(
        _reference(target)
        for requirement in _elements(parent)
        if local_name(requirement) in ("informationRequirement", "knowledgeRequirement")
        for target in _elements(requirement)
        if local_name(target) in wanted
    )


def _drg(element: Element) -> dict[str, object]:
    variable = find_child(element, "variable")
    name = element.get("name") or element.get("id", "")
    return {
        "id": element.get("id", name),
        "name": name,
        "variable": (variable.get("name") if variable is not None else None) or name,
        "type_ref": _type_ref(variable),
        "line": _line(element),
    }


def _input_data(element: Element) -> boxed.Drg:
    return boxed.InputData(**_drg(element))  # type: ignore[arg-type]


def _decision(element: Element) -> boxed.Drg:
    expression = next((_expression(e) for e in _elements(element) if local_name(e) in _EXPRESSIONS), None)
    return boxed.Decision(**_drg(element), expression=expression, requires=_requirements(element))  # type: ignore[arg-type]


def _knowledge(element: Element) -> boxed.Drg:
    logic = find_child(element, "encapsulatedLogic")
    function = None if logic is None else _function(logic)
    return boxed.Knowledge(**_drg(element), function=function, requires=_requirements(element))  # type: ignore[arg-type]


def _service(element: Element) -> boxed.Drg:
    return boxed.Service(
        **_drg(element),  # type: ignore[arg-type]
        outputs=_references(element, "outputDecision"),
        input_decisions=_references(element, "inputDecision"),
        input_data=_references(element, "inputData"),
    )


_READERS = {
    "inputData": _input_data,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
}


def _item_definition(element: Element) -> boxed.ItemDefinition:
    function = find_child(element, "functionItem")
    return boxed.ItemDefinition(
        name=element.get("name", ""),
        type_ref=_type_ref(element),
        is_collection=element.get("isCollection") == "true",
        allowed=_text(find_child(element, "allowedValues")),
        constraint=_text(find_child(element, "typeConstraint")),
        components=tuple(_item_definition(e) for e in children(element, "itemComponent")),
        function=None if function is None else boxed.FunctionItem(
            tuple(_type_ref(p) for p in children(function, "parameters")), function.get("outputTypeRef")
        ),
        id=element.get("id", element.get("name", "")),
        line=_line(element),
    )  # fmt: skip


def _expression(element: Element) -> boxed.Boxed:
    return _EXPRESSIONS[local_name(element)](element)


def _inner(element: Element | None) -> boxed.Boxed | None:
    """Return the first expression among the children."""
    if element is None:
        return None
    return next((_expression(e) for e in _elements(element) if local_name(e) in _EXPRESSIONS), None)


def _required(element: Element, name: str) -> boxed.Boxed:
    return _inner(find_child(element, name)) or boxed.Literal(element.get("id", ""), None, _line(element), "")


def _base(element: Element) -> tuple[str, str | None, int | None]:
    return element.get("id", ""), _type_ref(element), _line(element)


def _literal(element: Element) -> boxed.Boxed:
    return boxed.Literal(*_base(element), _text(element) or "", element.get("expressionLanguage"))


def _table(element: Element) -> boxed.Boxed:
    inputs, outputs = tuple(map(_input, children(element, "input"))), tuple(map(_output, children(element, "output")))
    return boxed.Table(
        *_base(element),
        inputs=inputs,
        outputs=outputs,
        rules=tuple(_rule(e, n) for n, e in enumerate(children(element, "rule"), 1)),
        hit_policy=element.get("hitPolicy", "UNIQUE"),
        aggregation=element.get("aggregation"),
    )


def _input(element: Element) -> boxed.Column:
    expression = find_child(element, "inputExpression")
    text = _text(expression) or ""
    return boxed.Column(
        element.get("id", ""), element.get("label") or text, text, _type_ref(expression),
        _text(find_child(element, "inputValues")) or None, None, _line(element),
        None if expression is None else expression.get("expressionLanguage"),
    )  # fmt: skip


def _output(element: Element) -> boxed.Column:
    name = element.get("name", "")
    return boxed.Column(
        element.get("id", ""), element.get("label") or name, name, _type_ref(element),
        _text(find_child(element, "outputValues")) or None, _text(find_child(element, "defaultOutputEntry")) or None,
        _line(element),
    )  # fmt: skip


def _rule(element: Element, number: int) -> boxed.Rule:
    return boxed.Rule(
        element.get("id") or f"rule {number}",
        tuple(_cell(e) for e in children(element, "inputEntry")),
        tuple(_cell(e) for e in children(element, "outputEntry")),
        tuple(_text(e) or "" for e in children(element, "annotationEntry")),
        _line(element),
    )


def _cell(element: Element) -> boxed.Cell:
    return boxed.Cell(element.get("id", ""), _text(element) or "", _line(element), element.get("expressionLanguage"))


def _context(element: Element) -> boxed.Boxed:
    entries = []
    for entry in children(element, "contextEntry"):
        variable = find_child(entry, "variable")
        name = None if variable is None else variable.get("name")
        entries.append(boxed.Entry(name, _type_ref(variable), _inner(entry)))
    return boxed.Context(*_base(element), tuple(entries))


def _list(element: Element) -> boxed.Boxed:
    return boxed.List(
        *_base(element), tuple(_expression(e) for e in _elements(element) if local_name(e) in _EXPRESSIONS)
    )


def _relation(element: Element) -> boxed.Boxed:
    rows = (
        tuple(_expression(e) for e in _elements(r) if local_name(e) in _EXPRESSIONS) for r in children(element, "row")
    )
    return boxed.Relation(*_base(element), tuple(c.get("name", "") for c in children(element, "column")), tuple(rows))


def _invocation(element: Element) -> boxed.Boxed:
    bindings = []
    for binding in children(element, "binding"):
        parameter = find_child(binding, "parameter")
        bindings.append(("" if parameter is None else parameter.get("name", ""), _inner(binding)))
    return boxed.Invocation(*_base(element), _inner(element), tuple(bindings))


def _function(element: Element) -> boxed.Function:
    parameters = tuple(boxed.Parameter(p.get("name", ""), _type_ref(p)) for p in children(element, "formalParameter"))
    kind = element.get("kind", "FEEL")
    return boxed.Function(*_base(element), parameters, _inner(element), _KINDS.get(kind, kind))


def _conditional(element: Element) -> boxed.Boxed:
    return boxed.Conditional(*_base(element), *(_required(element, name) for name in ("if", "then", "else")))


def _filter(element: Element) -> boxed.Boxed:
    return boxed.Filter(*_base(element), _required(element, "in"), _required(element, "match"))


def _iterator(element: Element) -> boxed.Boxed:
    kind = local_name(element)
    body = _required(element, "return" if kind == "for" else "satisfies")
    return boxed.Iterator(*_base(element), kind, element.get("iteratorVariable", ""), _required(element, "in"), body)


_EXPRESSIONS = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
}
