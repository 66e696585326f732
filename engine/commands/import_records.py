"""Import many entries of a register at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.put_record import require_keeper
from engine.commands.work import Work
from engine.model.actor import Actor
from engine.model.errors import InvalidInput
from engine.services.registers import load_register, save_record
from engine.store.records import find_record


@dataclass(frozen=True, slots=True)
class Imported:
    created: int
    updated: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class ImportRecords:
    """Create or replace a record for each row of field values; one wrong row and nothing is imported."""

    type: str
    rows: tuple[Mapping[str, Any], ...]
    actor: Actor

    def handle(self, work: Work) -> Imported:
        """Raise Forbidden, NotFound; InvalidInput with the fields as `<row from 1>.<field>`, all rows at once."""
        require_keeper(self.actor)
        register = load_register(work.connection, self.type)
        errors: dict[str, list[str]] = {}
        created = updated = unchanged = 0
        for number, row in enumerate(self.rows, start=1):
            key = register.key_of(row)
            old = find_record(work.connection, self.type, key) if key else None
            if old is not None and old.data == dict(row):
                unchanged += 1
                continue
            try:
                save_record(work.surroundings, register, key, row, actor=self.actor.name)
            except InvalidInput as error:
                errors |= {f"{number}.{field}": messages for field, messages in error.errors.items()}
                continue
            created, updated = (created + 1, updated) if old is None else (created, updated + 1)
        if errors:
            raise InvalidInput(errors, "Some rows need attention; nothing was imported.")
        return Imported(created, updated, unchanged)
