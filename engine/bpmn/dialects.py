"""Other dialects: attributes of Camunda 7, Operaton, Flowable and Activiti, mapped once to the native meaning."""

from __future__ import annotations

import re

from engine import xml
from engine.bpmn.diagram import Assignment, Call, Decision, HumanWork, Job, Loop, Script
from engine.bpmn.expressions import Expression, Feel, FeelError, Literal
from engine.bpmn.juel import JuelError, translate_expression
from engine.bpmn.reading import VENDORS, Reading, XmlElement, bpmn, extensions, vendor


def human_work(reading: Reading, element: XmlElement) -> HumanWork:
    """Read form key, assignment and dates of a user task; standard `potentialOwner` too."""

    def text(what: str, *attributes: str) -> Expression | None:
        return reading.expression(element, vendor(element, *attributes), what)

    users, groups = _potential_owners(element)
    return HumanWork(
        form=text("form key", "formRef", "formKey"),
        assignee=text("assignee", "assignee") or _performer(reading, element),
        groups=text("candidate groups", "candidateGroups") or (Literal(",".join(groups)) if groups else None),
        users=text("candidate users", "candidateUsers") or (Literal(",".join(users)) if users else None),
        due=text("due date", "dueDate"),
        follow_up=text("follow-up date", "followUpDate"),
        priority=text("priority", "priority"),
    )


def _performer(reading: Reading, element: XmlElement) -> Expression | None:
    for tag in ("humanPerformer", "performer"):
        if (holder := bpmn(element, tag)) is not None:
            return reading.expression(element, _formal_text(holder), "assignee")
    return None


def _formal_text(holder: XmlElement) -> str:
    return "".join(part.text or "" for part in holder.iter() if xml.local_name(part) == "formalExpression").strip()


def _potential_owners(element: XmlElement) -> tuple[list[str], list[str]]:
    users: list[str] = []
    groups: list[str] = []
    for holder in xml.children(element, "potentialOwner"):
        for part in _formal_text(holder).split(","):
            match = re.fullmatch(r"(user|group)\((.*)\)", part.strip())
            if match:
                (users if match[1] == "user" else groups).append(match[2].strip())
            elif part.strip():
                groups.append(part.strip())
    return users, groups


def job(reading: Reading, element: XmlElement) -> Job | None:
    """Read who does the work: topic, type, class or delegate name, which an external worker then serves."""
    for attribute in ("topic", "type", "class", "delegateExpression", "expression"):
        text = vendor(element, attribute)
        if text and not (attribute == "type" and text == "external"):
            name = re.sub(r"^[$#]\{(.*)\}$", r"\1", text.strip())
            return Job(Literal(name), None, _fields(element), vendor(element, "resultVariable", "resultVariableName"))
    return None


def _fields(element: XmlElement) -> dict[str, str]:
    """Read injected fields, constants and properties as headers."""
    found: dict[str, str] = {}
    for item in extensions(element, VENDORS):
        if xml.local_name(item) == "field":
            value = item.get("stringValue") or item.get("expression") or _all_text(item)
            found[item.get("name", "")] = value
    return found


def _all_text(element: XmlElement) -> str:
    return "".join(str(part) for part in element.itertext()).strip()


def decision(reading: Reading, element: XmlElement) -> Decision | None:
    text = vendor(element, "decisionRef", "decisionTableReferenceKey")
    if not text:
        return None
    key = reading.expression(element, text, "decision")
    return None if key is None else Decision(key, vendor(element, "resultVariable") or "result")


def script(reading: Reading, element: XmlElement) -> Script | None:
    """Read a script: FEEL as it is, one JUEL expression translated, any other language refused with the FEEL to write."""
    holder = bpmn(element, "script")
    language = (element.get("scriptFormat") or "").lower()
    text = (holder.text or "").strip() if holder is not None else ""
    result = vendor(element, "resultVariable", "resultVariableName")
    if "feel" in language or text.startswith("="):
        compiled = reading.feel(element, text.removeprefix("="), "script")
        return None if compiled is None else Script(compiled, result)
    if language in ("juel", "uel") and text:
        translated = reading.expression(element, text, "script")
        return None if translated is None else Script(translated, result)
    if language in _PYTHON:
        reading.error(element, "python-script", f"Scripts are written in FEEL, not in Python. {_feel_for(text)}")
    elif reading.zeebe:
        message = f"Scripts are written in FEEL, not in {element.get('scriptFormat')}. {_feel_for(text)}"
        reading.error(element, "script-language", message)
    return None


_PYTHON = ("", "python", "python2", "python3", "text/x-python", "application/x-python", "jython")


def script_job(reading: Reading, element: XmlElement) -> Job | None:
    """Hand a script in a language that is not run here to an outside worker, which may know it."""
    language = element.get("scriptFormat") or ""
    if language.lower() in _PYTHON or reading.zeebe:
        return None
    holder = bpmn(element, "script")
    name = element.get("id", "")
    reading.warn(
        element,
        "script-language",
        f"The script is written in {language}, which is not run here; it waits for an outside worker of the type “{name}”. "
        "Write it as FEEL to have it run.",
    )
    headers = {"language": language, "script": "" if holder is None else _all_text(holder)}
    return Job(Literal(name), None, headers, vendor(element, "resultVariable", "resultVariableName"))


def _feel_for(text: str) -> str:
    """Show the FEEL for the commonest script, one assignment."""
    match = re.fullmatch(r"\s*(\w+)\s*=\s*([^=].*?);?\s*", text)
    if match:
        try:
            feel = translate_expression(match[2])
            Feel(feel)
        except (JuelError, FeelError):
            feel = ""  # the general mend serves
        if feel:
            return f"Use a FEEL script with the expression “={feel}” and the result variable “{match[1]}”."
    return "Use a FEEL script with an expression such as “=price * amount” and a result variable."


def call(reading: Reading, element: XmlElement) -> Call | None:
    """Read `calledElement`; variables cross as `in`/`out` say, none where there are none (Camunda 7)."""
    text = element.get("calledElement") or vendor(element, "caseRef")
    process = reading.expression(element, text, "called process")
    if process is None:
        return None
    items = [item for item in extensions(element, VENDORS) if xml.local_name(item) in ("in", "out")]
    every = {xml.local_name(item) for item in items if item.get("variables") == "all"}
    inherits = vendor(element, "inheritVariables") == "true"
    plain = not reading.other_dialect
    return Call(process, all_in="in" in every or inherits or plain, all_out="out" in every or (plain and not items))


def mappings(reading: Reading, element: XmlElement) -> tuple[tuple[Assignment, ...], tuple[Assignment, ...]]:
    """Read `inputOutput` of Camunda 7, and `in`/`out` of call activities."""
    inputs: list[Assignment] = []
    outputs: list[Assignment] = []
    for item in extensions(element, VENDORS):
        tag = xml.local_name(item)
        if tag == "inputOutput":
            _parameters(reading, item, "inputParameter", inputs)
            _parameters(reading, item, "outputParameter", outputs)
        elif tag in ("in", "out") and item.get("target"):
            source = item.get("source") or ""
            expression = item.get("sourceExpression")
            value = (
                reading.expression(element, expression, f"{tag} mapping")
                if expression
                else _variable(reading, element, source)
            )
            if value is not None:
                (inputs if tag == "in" else outputs).append(Assignment(value, item.get("target", "")))
    return tuple(inputs), tuple(outputs)


def _variable(reading: Reading, element: XmlElement, name: str) -> Expression | None:
    return reading.feel(element, name, "mapping") if name else None


def _parameters(reading: Reading, holder: XmlElement, tag: str, into: list[Assignment]) -> None:
    for item in xml.children(holder, tag):
        value = _parameter(reading, item)
        if value is not None and item.get("name"):
            into.append(Assignment(value, item.get("name", "")))


def _parameter(reading: Reading, item: XmlElement) -> Expression | None:
    inner = next(iter(item), None)
    if inner is None:
        return reading.expression(item, item.text, "parameter") or Literal((item.text or "").strip())
    tag = xml.local_name(inner)
    if tag in ("list", "map"):
        parts = []
        for entry in inner:
            value = _parameter(reading, entry)
            if value is None:
                return None
            text = (
                value.text[1:]
                if isinstance(value, Feel)
                else '"' + value.text.replace("\\", "\\\\").replace('"', '\\"') + '"'
            )
            parts.append(text if tag == "list" else f'"{entry.get("key")}": {text}')
        return reading.feel(item, f"[{', '.join(parts)}]" if tag == "list" else f"{{{', '.join(parts)}}}", "parameter")
    if tag == "script" and "feel" in (inner.get("scriptFormat") or "").lower():
        return reading.feel(item, (inner.text or "").strip().removeprefix("="), "parameter")
    if tag == "script":
        reading.error(
            item,
            "script-language",
            f"A parameter is computed by a script in {inner.get('scriptFormat')}. Write it as FEEL, such as “=a + b”.",
        )
    return None


def loop(reading: Reading, element: XmlElement) -> Loop | None:
    """Read multi-instance by `collection`/`elementVariable`, by standard BPMN references, or by a number; standard loops."""
    holder = bpmn(element, "multiInstanceLoopCharacteristics")
    if holder is None:
        return _standard_loop(reading, element)
    collection = _collection(reading, holder)
    cardinality = bpmn(holder, "loopCardinality")
    count = None
    if cardinality is not None and collection is None:
        count = _number(reading, element, (cardinality.text or "").strip())
    if collection is None and count is None:
        reading.error(
            element,
            "collection-missing",
            "The multi-instance names neither a list nor a number. Set “Input collection”, such as “=items”.",
        )
        return None
    item = bpmn(holder, "inputDataItem")
    done = bpmn(holder, "completionCondition")
    return Loop(
        kind="sequential" if holder.get("isSequential") == "true" else "parallel",
        collection=collection,
        cardinality=count,
        element=vendor(holder, "elementVariable") or (None if item is None else item.get("name") or item.get("id")),
        completion=None
        if done is None or not (done.text or "").strip()
        else reading.condition(element, done.text, "completion condition", done.get("language")),
    )


def _number(reading: Reading, element: XmlElement, text: str) -> Expression | None:
    if re.fullmatch(r"\d+", text):
        return reading.feel(element, text, "number of instances")
    return reading.condition(element, text, "number of instances")


def _collection(reading: Reading, holder: XmlElement) -> Expression | None:
    text = vendor(holder, "collection")
    if not text:
        for item in extensions(holder, VENDORS):
            if xml.local_name(item) == "collection":
                text = _all_text(item)
    if not text and (reference := bpmn(holder, "loopDataInputRef")) is not None:
        text = (reference.text or "").strip()
    if not text:
        return None
    found = reading.expression(holder, text, "collection")
    return reading.feel(holder, text, "collection") if isinstance(found, Literal) else found


def _standard_loop(reading: Reading, element: XmlElement) -> Loop | None:
    holder = bpmn(element, "standardLoopCharacteristics")
    if holder is None:
        return None
    condition = bpmn(holder, "loopCondition")
    maximum = holder.get("loopMaximum") or ""
    if condition is None and not maximum.isdigit():
        reading.error(
            element, "loop-endless", "The loop has neither a condition nor a highest number. Say when it ends."
        )
        return None
    return Loop(
        kind="standard",
        condition=None
        if condition is None
        else reading.condition(element, condition.text, "loop condition", condition.get("language")),
        test_before=holder.get("testBefore") == "true",
        maximum=int(maximum) if maximum.isdigit() else None,
    )
