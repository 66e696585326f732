"""The description of the API as JSON and as a page made on the server: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, render_template
from flask_smorest import Api

from web.auth import public

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Field:
    """A line of a schema's table; `depth` counts the objects around it."""

    name: str
    type: str
    required: bool
    description: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    description: str
    content_type: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    summary: str
    parameters: tuple[Field, ...]
    body_type: str
    body: tuple[Field, ...]
    answers: tuple[Answer, ...]

    @property
    def anchor(self) -> str:
        return f"{self.method}-{self.path.strip('/')}".replace("/", "-").replace("{", "").replace("}", "")


def make_blueprint(api: Api) -> Blueprint:
    """Make the two public addresses; the description is written once, when first asked for."""
    blueprint = Blueprint("api_docs", __name__)
    written: list[str] = []

    @blueprint.get("/api/v1/openapi.json")
    @public
    def openapi() -> Response:
        if not written:
            written.append(current_app.json.dumps(api.spec.to_dict()))
        return Response(written[0], mimetype="application/json")

    @blueprint.get("/api/docs")
    @public
    def page() -> str:
        spec = api.spec.to_dict()
        return render_template("api/docs.html", info=spec["info"], groups=list(_groups(spec)))

    return blueprint


def _groups(spec: dict[str, Any]) -> Iterator[tuple[str, list[Operation]]]:
    """Yield the operations under their tags, in the order of registration."""
    found: dict[str, list[Operation]] = {}
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                shared = item.get("parameters", [])
                operation = _operation(spec, method, path, item[method], shared)
                found.setdefault(item[method]["tags"][0], []).append(operation)
    yield from found.items()


def _operation(spec: dict[str, Any], method: str, path: str, doc: dict[str, Any], shared: list[Any]) -> Operation:
    parameters = [_resolve(spec, parameter) for parameter in (*shared, *doc.get("parameters", []))]
    body_type, body = _content(spec, _resolve(spec, doc.get("requestBody", {})))
    return Operation(
        method=method,
        path=path,
        summary=doc.get("summary", ""),
        parameters=tuple(
            Field(p["name"], _type(spec, p["schema"]), p.get("required", False), p.get("description", p["in"]))
            for p in parameters
        ),
        body_type=body_type,
        body=body,
        answers=tuple(_answer(spec, str(status), answer) for status, answer in sorted(doc["responses"].items())),
    )


def _answer(spec: dict[str, Any], status: str, doc: dict[str, Any]) -> Answer:
    doc = _resolve(spec, doc)
    content_type, fields = _content(spec, doc)
    is_problem = content_type == "application/problem+json"
    return Answer(status, doc["description"], content_type, () if is_problem else fields)


def _content(spec: dict[str, Any], doc: dict[str, Any]) -> tuple[str, tuple[Field, ...]]:
    for content_type, media in doc.get("content", {}).items():
        return content_type, tuple(_fields(spec, media.get("schema", {})))
    return "", ()


def _fields(spec: dict[str, Any], schema: dict[str, Any], depth: int = 0) -> Iterator[Field]:
    schema = _resolve(spec, schema)
    required = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        description = inner.get("description", "").replace("`", "")
        if "enum" in inner:
            description = f"{description} {' · '.join(str(value) for value in inner['enum'])}".strip()
        yield Field(name, _type(spec, inner), name in required, description, depth)
        resolved = _resolve(spec, inner)
        yield from _fields(spec, resolved.get("items", resolved), depth + 1)


def _type(spec: dict[str, Any], schema: dict[str, Any]) -> str:
    schema = _resolve(spec, schema)
    kinds = schema.get("type", "any")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    text = " or ".join(kinds)
    if "items" in schema:
        text = text.replace("array", f"array of {_type(spec, schema['items'])}")
    return f"{text} ({schema['format']})" if "format" in schema else text


def _resolve(spec: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference inside the description."""
    while "$ref" in part:
        node: Any = spec
        for step in part["$ref"].removeprefix("#/").split("/"):
            node = node[step]
        part = node
    return part
