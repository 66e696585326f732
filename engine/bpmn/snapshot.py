"""A case's tokens as bytes and back: JSON in zstd, without specification, instance variables or finished tokens."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import orjson
import zstandard
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.arming import watch
from engine.bpmn.gateways import JoiningSpec
from engine.bpmn.process_spec import ScopeSpec
from engine.bpmn.token import Token
from engine.bpmn.workflow import Case, ScopeWorkflow

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
MAX_BYTES = 64 * 1024 * 1024
_local = threading.local()  # zstd contexts are not thread-safe, and cost more to make than to use


def dump(case: Case) -> bytes:
    """Write the tokens of all scopes, parents before children."""
    scopes: list[list[Any]] = []
    todo: list[tuple[ScopeWorkflow, list[int] | None]] = [(case, None)]
    while todo:
        scope, owner = todo.pop()
        tokens, places = _tokens(scope)
        own = scope.data if scope.spec.is_process and scope is not case else None
        scopes.append(
            [
                owner,
                scope.spec.name if scope.spec.is_process else None,
                int(scope.completed),
                own,
                scope.compensable,
                tokens,
            ]
        )
        here = len(scopes) - 1
        todo.extend(
            (case.subprocesses[name], [here, place]) for name, place in places.items() if name in case.subprocesses
        )
    return _compressor().compress(orjson.dumps([VERSION, case.business_key, scopes]))


def _tokens(scope: ScopeWorkflow) -> tuple[list[list[Any]], dict[str, int]]:
    """Return a scope's tokens, each as [id, element, place of its parent, state, locals, inner state], and their places."""
    rows: list[list[Any]] = []
    places: dict[str, int] = {}
    todo = [(token, -1) for token in reversed(scope.task_tree._children.values())]
    while todo:
        token, parent = todo.pop()
        place = places[token.id] = len(rows)
        rows.append([token.id, token.task_spec.name, parent, token._state, token.data or 0, token.internal_data or 0])
        todo.extend((child, place) for child in reversed(token._children.values()))
    return rows, places


def load(case: Case, data: bytes) -> None:
    """Fill a new case with the tokens of a snapshot."""
    fill(case, *unpack(data))


def unpack(data: bytes) -> tuple[str | None, list[list[Any]]]:
    """Return the business key and the scopes, parents before children, as `dump` lists them."""
    version, business_key, scopes = orjson.loads(_decompressor().decompress(data, max_output_size=MAX_BYTES))
    if version != VERSION:
        raise ValueError(f"the snapshot has the version {version}, this release reads {VERSION}")
    return business_key, scopes


def fill(case: Case, business_key: str | None, scopes: list[list[Any]]) -> None:
    """Put the tokens of these scopes into a new case."""
    case.business_key = business_key
    restored: list[list[Token]] = []
    for owner, process, completed, own, compensable, rows in scopes:
        if owner is None:
            scope: ScopeWorkflow = case
        else:
            token = restored[owner[0]][owner[1]]
            scope = case.create_subprocess(token, _spec_of(token, process, case.subprocess_specs))
            if own is not None:
                scope.data = own
        scope.completed = bool(completed)
        scope.compensable = compensable
        scope.task_tree = Token(scope, scope.spec.start, None, TaskState.COMPLETED)
        restored.append([])
        for row in rows:
            restored[-1].append(_restore(scope, row, restored[-1]))


def _spec_of(owner: Token, process: str | None, processes: Mapping[str, ScopeSpec]) -> ScopeSpec:
    if process is not None:
        return processes[process]
    inner: ScopeSpec = owner.task_spec.inner
    return inner


def _restore(scope: ScopeWorkflow, row: list[Any], before: list[Token]) -> Token:
    name, element, parent, state, data, internal = row
    spec = scope.spec.task_specs[element]
    token = Token(scope, spec, scope.task_tree if parent < 0 else before[parent], state, name)
    if data:
        token.data = data
    if internal:
        token.internal_data = internal
    if state == TaskState.READY:
        scope.case.ready.append(token)
    elif state == TaskState.WAITING and isinstance(spec, JoiningSpec):
        spec.note(token)
    watch(token)
    return token


def _compressor() -> zstandard.ZstdCompressor:
    found: zstandard.ZstdCompressor | None = getattr(_local, "compressor", None)
    if found is None:
        found = _local.compressor = zstandard.ZstdCompressor(level=3, write_checksum=False)
    return found


def _decompressor() -> zstandard.ZstdDecompressor:
    found: zstandard.ZstdDecompressor | None = getattr(_local, "decompressor", None)
    if found is None:
        found = _local.decompressor = zstandard.ZstdDecompressor()
    return found
