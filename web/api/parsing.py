"""Reads a request into a schema's values; whatever is wrong becomes one of the engine's refusals or an HTTP error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import orjson
from flask import Request
from marshmallow import RAISE, Schema, ValidationError
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from engine.model.errors import InvalidInput


class ApiParser(FlaskParser):
    """JSON by orjson (no NaN, no lone surrogates, no integer the store cannot keep); nothing unknown is let through."""

    DEFAULT_UNKNOWN_BY_LOCATION = {
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": RAISE,
        "files": RAISE,
        "form": RAISE,
    }

    def _raw_load_json(self, req: Request) -> Any:
        body = req.get_data(cache=True)
        if not body:
            return missing
        if req.mimetype != "application/json" and not req.mimetype.endswith("+json"):
            raise UnsupportedMediaType("The body must be application/json.")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise BadRequest(f"The body is not JSON: {error}.") from error

    def load_json(self, req: Request, schema: Schema) -> Any:
        return self._raw_load_json(req)

    def load_files(self, req: Request, schema: Schema) -> Any:
        if req.mimetype != "multipart/form-data":
            raise UnsupportedMediaType("The body must be multipart/form-data.")
        return super().load_files(req, schema)

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        (messages,) = error.normalized_messages().values()  # under the name of the location
        raise InvalidInput(field_errors(messages)) from error


def field_errors(messages: Any) -> dict[str, list[str]]:
    """Flatten marshmallow's nested messages to dotted field paths; "body" stands for the body as a whole."""
    errors: dict[str, list[str]] = {}
    for path, message in _flat(messages, ()):
        errors.setdefault(path or "body", []).append(message)
    return errors


def _flat(messages: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(inner, path if key == "_schema" else (*path, str(key)))
    elif isinstance(messages, list):
        for inner in messages:
            yield from _flat(inner, path)
    else:
        yield ".".join(path), str(messages)
