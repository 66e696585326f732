"""What is known while a file is read: its dialect, its messages and errors, the problems found so far."""

from __future__ import annotations

from typing import Any

from engine import xml
from engine.bpmn.expressions import Expression, Feel, FeelError, Literal
from engine.bpmn.juel import JuelError, is_juel, translate, translate_expression
from engine.model.problem import Problem

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
MODELER = "http://camunda.org/schema/modeler/1.0"
VENDORS = (
    "http://camunda.org/schema/1.0/bpmn",
    "http://operaton.org/schema/1.0/bpmn",
    "http://flowable.org/bpmn",
    "http://activiti.org/bpmn",
    "http://www.activiti.org/bpmn",
)

XmlElement = xml.Element


class Reading:
    """One file being read. `zeebe`: the Camunda 8 dialect; otherwise JUEL and simple Python are translated."""

    def __init__(self, file: str, root: XmlElement) -> None:
        self.file, self.root = file, root
        self.problems: list[Problem] = []
        has_vendor = any(vendor in root.nsmap.values() for vendor in VENDORS)
        self.zeebe = _is_zeebe(root, has_vendor)
        self.other_dialect = not self.zeebe and has_vendor
        self.shared: dict[tuple[str, str], XmlElement] = {}
        self.ids: set[str] = set()
        for child in root:
            if child.get("id"):
                self.shared[xml.local_name(child), child.get("id", "")] = child

    def error(self, element: XmlElement | str, rule: str, message: str, **params: Any) -> None:
        """Note an error; with `params` the message is a template for them, so that pages can translate it."""
        name = element if isinstance(element, str) else nearest_id(element)
        if params:
            text = message.format_map(params)
            self._note(Problem(self.file, name, rule, text, template=message, params=params))
        else:
            self._note(Problem(self.file, name, rule, message))

    def warn(self, element: XmlElement | str, rule: str, message: str) -> None:
        name = element if isinstance(element, str) else nearest_id(element)
        self._note(Problem(self.file, name, rule, message, "warning"))

    def _note(self, problem: Problem) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def expression(self, element: XmlElement, text: str | None, what: str) -> Expression | None:
        """Compile an attribute's text: FEEL behind “=”, translated JUEL, else a literal; None for none or a problem."""
        if text is None or not text.strip():
            return None
        if text.lstrip().startswith("="):
            return self.feel(element, text.lstrip()[1:], what)
        if not self.zeebe and is_juel(text):
            return self._translated(element, text, what, whole=True)
        return Literal(text.strip())

    def feel(self, element: XmlElement, text: str, what: str) -> Expression | None:
        """Compile FEEL; what cannot be read is noted with its place."""
        try:
            return Feel(text.strip())
        except FeelError as error:
            template = "The {what} “={text}” cannot be read: {error}."
            self.error(element, "feel-syntax", template, what=what, text=text.strip(), error=error)
            return None

    def condition(
        self, element: XmlElement, text: str | None, what: str, language: str | None = None
    ) -> Expression | None:
        """Compile a condition, which is never a literal; other dialects' texts are translated."""
        if text is None or not text.strip():
            self.error(
                element, "condition-empty", f"The {what} is empty. Write what must hold, such as “=amount > 100”."
            )
            return None
        text = text.strip()
        if text.startswith("="):
            return self.feel(element, text[1:], what)
        if language and "feel" in language.lower():
            return self.feel(element, text, what)
        if self.zeebe:
            self.error(
                element,
                "condition-without-equals",
                f"The {what} “{text}” is read as plain text. Add “=” in front of it.",
            )
            return None
        return self._translated(element, text, what, whole=is_juel(text), language=language)

    def _translated(
        self, element: XmlElement, text: str, what: str, *, whole: bool, language: str | None = None
    ) -> Expression | None:
        try:
            return Feel(translate(text) if whole else translate_expression(text))
        except (JuelError, FeelError) as error:
            written = f" (written in {language})" if language else ""
            message = f"The {what}{written} cannot be said in FEEL: {error}. Write it as FEEL, beginning with “=”."
            self.error(element, "not-translatable", message)
        return None


def bpmn(element: XmlElement, name: str) -> XmlElement | None:
    """Return the first direct child with this BPMN tag."""
    return element.find(f"{{{BPMN}}}{name}")


def extensions(element: XmlElement, namespaces: tuple[str, ...]) -> list[XmlElement]:
    """Return the direct extension elements in these namespaces."""
    holder = bpmn(element, "extensionElements")
    return [] if holder is None else [child for child in holder if xml.namespace(child) in namespaces]


def zeebe(element: XmlElement, name: str) -> XmlElement | None:
    """Return the `zeebe:` extension element with this name."""
    return next((child for child in extensions(element, (ZEEBE,)) if xml.local_name(child) == name), None)


def vendor(element: XmlElement, *names: str) -> str | None:
    """Return the first of these attributes in a namespace of Camunda 7, Operaton, Flowable or Activiti."""
    for name in names:
        for namespace in VENDORS:
            value = element.get(f"{{{namespace}}}{name}")
            if value:
                return value
    return None


def _is_zeebe(root: XmlElement, has_vendor: bool) -> bool:
    """Tell the native dialect; where two are declared, by the platform that the modeler noted, else by what is used."""
    platform = root.get(f"{{{MODELER}}}executionPlatform")
    if platform is not None and (has_vendor or platform == "Camunda Cloud"):
        return platform == "Camunda Cloud"
    if has_vendor:
        return next(root.iter(f"{{{ZEEBE}}}*"), None) is not None
    return ZEEBE in root.nsmap.values()


def nearest_id(element: XmlElement) -> str:
    """Return the id of the element or of the nearest one around it that has one."""
    current: XmlElement | None = element
    while current is not None:
        if current.get("id"):
            return current.get("id", "")
        current = current.getparent()
    return ""
