"""The one XML loader: every diagram, decision file and test file passes through here.

May import lxml and nothing of the engine. Refuses document types (and with them every entity), reads nothing from
disk or network, and bounds size, depth and element count before anybody sees the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

Element = etree._Element

MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 200
MAX_ELEMENTS = 500_000


class XmlError(Exception):
    """The bytes are not XML that may be read; `line` is 1-based, or None where no line can be named."""

    def __init__(self, code: str, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line}: {message}")
        self.code = code
        self.message = message
        self.line = line


def parse(data: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Element:
    """Return the root element, without comments and processing instructions.

    Text given as `str` is read as UTF-8 whatever its declaration says. Raises XmlError.
    """
    if isinstance(data, str):
        data, encoding = data.encode("utf-8", "surrogatepass"), "utf-8"
    else:
        encoding = None
    if len(data) > max_bytes:
        raise XmlError("xml_too_large", f"the file is larger than {max_bytes // 1024 // 1024} MB")
    parser = etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise XmlError("xml_syntax", error.msg or "not well-formed XML", error.lineno or None) from None
    except (ValueError, LookupError) as error:
        raise XmlError("xml_syntax", str(error)) from None
    info: Any = root.getroottree().docinfo
    if info.doctype:
        raise XmlError("xml_doctype", "a document type declaration (DOCTYPE) is not allowed", 1)
    _check_bounds(root, max_depth)
    return root


def _check_bounds(root: Element, max_depth: int) -> None:
    depth = count = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        if depth > max_depth:
            raise XmlError("xml_too_deep", f"elements are nested deeper than {max_depth}", element.sourceline)
        if count > MAX_ELEMENTS:
            raise XmlError("xml_too_large", f"more than {MAX_ELEMENTS} elements", element.sourceline)


def to_bytes(root: Element) -> bytes:
    """Serialise as UTF-8 with an XML declaration."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def local_name(element: Element) -> str:
    """Return the tag without its namespace."""
    return etree.QName(element).localname


def namespace(element: Element) -> str:
    """Return the namespace URI of the tag, "" where it has none."""
    return etree.QName(element).namespace or ""


def children(element: Element, name: str) -> Iterator[Element]:
    """Yield the direct children with this local name, in any namespace."""
    for child in element:
        if isinstance(child.tag, str) and local_name(child) == name:
            yield child


def find_child(element: Element, name: str) -> Element | None:
    """Return the first direct child with this local name, in any namespace."""
    return next(children(element, name), None)
