"""Deploy a register's form."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.work import Work
from engine.forms import read_record_type
from engine.model.actor import OWNER, Actor
from engine.model.errors import DeploymentRefused, Forbidden
from engine.store.records import put_record_type


@dataclass(frozen=True, slots=True)
class PutRecordType:
    """Make a `.form` file with the property `record:key` the form of a register, new or existing."""

    file: str
    data: bytes
    actor: Actor

    def handle(self, work: Work) -> str:
        """Return the record type; raise Forbidden, DeploymentRefused."""
        if not self.actor.has_role(OWNER):
            raise Forbidden("deploy registers")
        register = read_record_type(self.data, self.file)
        if any(problem.is_error for problem in register.problems):
            raise DeploymentRefused(register.problems)
        put_record_type(work.connection, register.type, register.name, self.data, work.now)
        return register.type
