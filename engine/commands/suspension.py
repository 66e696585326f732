"""What suspending and resuming share."""

from __future__ import annotations

from engine.commands.work import Work
from engine.model.actor import MANAGER, Actor
from engine.model.errors import Forbidden, InstanceNotRunning
from engine.model.history import Entry
from engine.model.instance import InstanceState
from engine.store.instances import append_history, get_instance, update_instance
from engine.store.visibility import require_visible


def change_state(work: Work, instance_id: str, actor: Actor, act: str, state: InstanceState, kind: str) -> None:
    """Switch a case between running and suspended; the state it has already is fine and writes nothing."""
    require_visible(work.connection, instance_id, actor)
    if not actor.has_role(MANAGER):
        raise Forbidden(act)
    instance = get_instance(work.connection, instance_id).instance
    if instance.state is state:
        return
    if instance.state.is_over:
        raise InstanceNotRunning(instance.state.value)
    append_history(work.connection, instance_id, work.now, actor.name, [Entry(kind)])
    update_instance(work.connection, instance_id, instance.revision, {"state": state.value})
