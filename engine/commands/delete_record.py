"""Delete an entry of a register."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.put_record import require_keeper
from engine.commands.work import Work
from engine.model.actor import Actor
from engine.store.records import delete_record, get_record


@dataclass(frozen=True, slots=True)
class DeleteRecord:
    """Delete a record; cases keep what they copied from it."""

    type: str
    key: str
    actor: Actor

    def handle(self, work: Work) -> None:
        """Raise Forbidden, NotFound."""
        require_keeper(self.actor)
        get_record(work.connection, self.type, self.key)
        delete_record(work.connection, self.type, self.key)
