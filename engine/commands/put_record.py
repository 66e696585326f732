"""Write an entry of a register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.work import Work
from engine.model.actor import MANAGER, OWNER, Actor
from engine.model.errors import Forbidden
from engine.services.registers import load_register, save_record
from engine.store.records import Record


def require_keeper(actor: Actor) -> None:
    """Owners and managers keep the registers; everyone may read them."""
    if not actor.has_role(OWNER, MANAGER):
        raise Forbidden("change records")


@dataclass(frozen=True, slots=True)
class PutRecord:
    """Create the record, or replace its values.

    `revision` is the one that was edited, 0 for a record that must be new, None for whatever there is.
    """

    type: str
    key: str
    actor: Actor
    data: Mapping[str, Any]
    revision: int | None = None

    def handle(self, work: Work) -> Record:
        """Raise Forbidden, NotFound for an unknown register, InvalidInput, RevisionConflict."""
        require_keeper(self.actor)
        register = load_register(work.connection, self.type)
        return save_record(work.surroundings, register, self.key, self.data, actor=self.actor.name, seen=self.revision)
