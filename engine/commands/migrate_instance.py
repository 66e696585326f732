"""Move a running case to another version of its process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.commands.correlate_message import deliver_buffered
from engine.commands.work import Case, Work
from engine.model import history
from engine.model.actor import OWNER, Actor
from engine.model.errors import Forbidden, MigrationRefused
from engine.model.history import Entry
from engine.model.instance import InstanceState
from engine.model.migration import WOULD_STOP, Migration, Place
from engine.store.bundles import get_bundle
from engine.store.instances import pin
from engine.store.migration import persist_migration
from engine.store.visibility import require_visible


@dataclass(frozen=True, slots=True)
class Migrated:
    """What the move did, or would do: where the case stood and stands, events armed and disarmed, tasks renamed."""

    id: str
    definition_key: str
    from_version: int
    version: int
    dry_run: bool
    moved: tuple[Place, ...]
    armed: tuple[str, ...]
    disarmed: tuple[str, ...]
    renamed_tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MigrateInstance:
    """Move a running or suspended case to another version; `mapping` leads from old elements to new ones.

    Process owners move any case, also one that they may not look into: what they learn is where it stands in their own
    diagram, and nothing of its variables, tasks' people or files. That a version is left behind is theirs to see to.
    """

    instance_id: str
    actor: Actor
    version: int
    mapping: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False

    def handle(self, work: Work) -> Migrated:
        """Raise NotFound, Forbidden for anyone but owners, InstanceNotRunning, MigrationRefused."""
        if not self.actor.has_role(OWNER):
            require_visible(work.connection, self.instance_id, self.actor)
            raise Forbidden("move a case to another version")
        case = work.open_case(self.instance_id, suspended=True)
        at = case.instance
        target = work.bundles.get(work.connection, get_bundle(work.connection, at.definition_key, self.version).id)
        if target.bundle.id == at.bundle_id:
            return self._told(at.definition_key, at.definition_version, Migration())
        try:
            run, migration = target.definition.take_over(
                case.run, self.mapping, now=work.plant_time, functions=work.functions
            )
        except MigrationRefused as refused:
            raise refused if self.actor.sees_all else _without_values(refused) from None
        if not self.dry_run:
            moved = Case(at, run, target, case.history_seq, case.stage, case.incidents)
            data = {"from": at.definition_version, "version": self.version, "mapping": dict(self.mapping)}
            persist_migration(work.connection, migration)
            work.save(moved, migration.advance, self.actor, [Entry(history.INSTANCE_MIGRATED, None, data)])
            pin(work.connection, self.instance_id, target.bundle.id, self.version)
            if migration.resubscribed and at.state is InstanceState.RUNNING:
                deliver_buffered(work, self.instance_id, self.actor)
        return self._told(at.definition_key, at.definition_version, migration)

    def _told(self, key: str, before: int, migration: Migration) -> Migrated:
        return Migrated(
            self.instance_id,
            key,
            before,
            self.version,
            self.dry_run,
            tuple(migration.moved),
            tuple(migration.armed),
            tuple(migration.disarmed),
            tuple(task.id for task in migration.tasks),
        )


def _without_values(refused: MigrationRefused) -> MigrationRefused:
    """Say less of what would stop: why an expression fails tells of the case's variables."""
    text = "The case would stop here: something that the move arms does not fit its values."
    return MigrationRefused(
        [
            replace(one, message=text, template=text, params={}) if one.rule == WOULD_STOP else one
            for one in refused.problems
        ]
    )
