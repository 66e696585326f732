"""What every resource of the API shares: its blueprint, the caller, and how commands and queries are run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import orjson
from flask import Response, request
from flask_smorest import Blueprint
from werkzeug.exceptions import NotFound

from engine.model.errors import InvalidInput
from engine.store.idempotency import IdempotencyKey
from web import current
from web.api.parsing import ApiParser
from web.api.tokens import authenticate

PREFIX = "/api/v1"
IDEMPOTENCY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "The same request again with the same key gets the first answer and changes nothing.",
}
_KEY = re.compile(r"[!-~]{1,255}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class Resource(Blueprint):
    """A blueprint below /api/v1 that lets only callers with a token in, and documents that."""

    ARGUMENTS_PARSER = ApiParser()

    def __init__(self, name: str, import_name: str, description: str) -> None:
        super().__init__(f"api_{name}", import_name, url_prefix=PREFIX, description=description)
        self.tag = name
        self.before_request(authenticate)
        self.before_request(_refuse_control_characters)
        self._prepare_doc_cbks.append(_document_access)

    def add_url_rule(self, rule: str, *args: Any, tags: list[str] | None = None, **options: Any) -> None:
        super().add_url_rule(rule, *args, tags=tags or [self.tag], **options)

    @staticmethod
    def changes(view: Callable[..., Any]) -> Callable[..., Any]:
        """Mark a POST that takes an `Idempotency-Key`."""
        view._apidoc = {**getattr(view, "_apidoc", {}), "changes": True}  # type: ignore[attr-defined]
        return view


def execute(command: Any) -> Any:
    """Run a command; under the request's `Idempotency-Key`, if it has one, the first result is kept and given again."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return current.execute(command)
    if not _KEY.fullmatch(key):
        raise InvalidInput({"Idempotency-Key": ["1 to 255 visible ASCII characters."]})
    fingerprint = hashlib.sha256(repr(command).encode()).hexdigest()
    result = current.engine().execute_once(command, IdempotencyKey(current.actor().name, key, fingerprint), _to_json)
    return SimpleNamespace(**result) if isinstance(result, dict) else result


def no_content() -> Response:
    """Answer 204, without the body `null` that an empty result would get."""
    return Response(status=204)


def _to_json(result: Any) -> Any:
    return orjson.loads(orjson.dumps(result))


def query(read: Callable[..., Any], **arguments: Any) -> Any:
    """Run a query."""
    return current.query(read, **arguments)


def _refuse_control_characters() -> None:
    """Answer 404 for addresses that no stored key can have; some databases cannot even compare them."""
    for value in (request.view_args or {}).values():
        if isinstance(value, str) and (len(value) > 255 or _CONTROL.search(value)):
            raise NotFound


def _document_access(doc: dict[str, Any], doc_info: dict[str, Any], **_: Any) -> dict[str, Any]:
    doc["security"] = [{"bearer": []}]
    doc.setdefault("responses", {})["401"] = "UNAUTHORIZED"
    if doc_info.get("changes"):
        doc.setdefault("parameters", []).append(IDEMPOTENCY_HEADER)
    return doc
