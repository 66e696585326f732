"""What a waiting token waits for: timers, messages, signals, conditions; armed once, compared with the `now` that is passed in.

Mends, against SpiffWorkflow 3.2.0: `datetime.now` is read in every timer; month cycles are a fixed number of seconds; `-PT5M` is
five minutes ahead; a non-interrupting boundary event catches one message and raises at the second.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from engine.bpmn.diagram import Event
from engine.bpmn.expressions import Failure, Surroundings, text_or_none
from engine.bpmn.token import Token
from engine.model import history
from engine.model.advance import Subscription, TimerArming
from engine.model.cron import CronError
from engine.model.schedule import ScheduleError, as_instant, parse_cycle, parse_duration, parse_instant

FOLLOWS = "timer:follows"
"""The property by which an owner asks that an armed date or duration moves when `variables` change."""


def arm(token: Token, event: Event) -> None:
    """Begin to wait. Raises Failure where the timer or the key cannot be evaluated."""
    if event.kind == "timer":
        _arm_timer(token, event)
    elif event.kind in ("message", "signal"):
        _subscribe(token, event)
    elif event.kind == "conditional":
        token.internal_data.setdefault("was", 0)
        watch(token)
        token.workflow.case.changed = True


def watch(token: Token) -> None:
    """Look at the token's condition, or at a timer that follows, whenever variables change; after a restore too."""
    if ("was" in token.internal_data or "from" in token.internal_data) and "incident" not in token.internal_data:
        token.workflow.case.watching[token.id] = token


def disarm(token: Token) -> None:
    """Stop waiting without having fired."""
    advance = token.workflow.case.advance
    if token.internal_data.pop("due", None):
        advance.timers_disarmed.append(token.id)
    unsubscribe(token)


def unsubscribe(token: Token) -> None:
    case = token.workflow.case
    if token.internal_data.pop("sub", None):
        case.advance.subscriptions_closed.append(token.id)
    case.watching.pop(token.id, None)


def next_round(token: Token, event: Event) -> dict[str, object] | None:
    """Return what the next round of a timer starts from; None when it is over."""
    if event.timer != "cycle":
        return None
    state = {key: token.internal_data[key] for key in ("at", "n", "last", "text")}
    return state if next_due(state, token) is not None else None


def _arm_timer(token: Token, event: Event) -> None:
    case, state = token.workflow.case, token.internal_data
    now = case.around.now
    if "due" in state:
        return
    try:
        if event.timer == "cycle":
            if "at" not in state:
                state.update(at=now.astimezone(UTC).isoformat(), n=0, text=_text(token, event, case.around))
            due = next_due(state, token)
            if due is None:
                raise Failure(f"The timer “{state['text']}” has no occurrence left.")
            state["n"] += 1
            state["last"] = due.astimezone(UTC).isoformat()
        else:
            due = _instant(token, event, case.around)
            if follows_variables(token):
                state["from"] = now.astimezone(UTC).isoformat()
                watch(token)
    except (ScheduleError, CronError, OverflowError) as error:
        raise Failure(f"The timer cannot be armed: {error}.") from error
    due = due.astimezone(UTC)
    state["due"] = due.isoformat()
    case.advance.timers_armed.append(TimerArming(token.id, token.task_spec.node.id, due))
    token.log(history.TIMER_ARMED, {"due_at": due.isoformat()})


def restart_cycle(token: Token, event: Event) -> None:
    """Have an armed timer repeat as the event says, counted from the instant for which it is armed."""
    state = token.internal_data
    text = _text(token, event, token.workflow.case.around)
    anchor = datetime.fromisoformat(state["due"])
    if parse_cycle(text).start is not None:
        anchor += timedelta(microseconds=1)  # else the armed occurrence would come twice
    state.update(at=anchor.isoformat(), n=0, last=state["due"], text=text)


def next_due(state: dict[str, object], token: Token) -> datetime | None:
    """Return the next occurrence of a cycle; None when it is over."""
    zone = token.workflow.case.around.now.tzinfo
    assert zone is not None
    cycle = parse_cycle(str(state["text"]), zone)
    last = state.get("last")
    armed = datetime.fromisoformat(str(state["at"])).astimezone(zone)
    last_due = datetime.fromisoformat(str(last)).astimezone(zone) if last else None
    return cycle.due(armed, int(str(state["n"])), last_due)


def follows_variables(token: Token) -> bool:
    return token.task_spec.node.properties.get(FOLLOWS) == "variables"


def follow_variables(token: Token) -> None:
    """Move the due instant to where the variables put it now, as if they had been so when the timer was armed."""
    case, state, event = token.workflow.case, token.internal_data, token.task_spec.node.event
    around = replace(case.around, now=datetime.fromisoformat(state["from"]).astimezone(case.around.now.tzinfo))
    try:
        due = _instant(token, event, around).astimezone(UTC)
    except (Failure, ScheduleError, OverflowError) as error:
        token.log(history.WARNING_NOTED, {"message": f"The timer stays where it is: {error}"})
        return
    before = state["due"]
    if due.isoformat() != before:
        state["due"] = due.isoformat()
        case.advance.move_timer(TimerArming(token.id, token.task_spec.node.id, due))
        token.log(history.TIMER_MOVED, {"from": before, "due_at": due.isoformat()})


def _text(token: Token, event: Event, around: Surroundings) -> str:
    scope = token.workflow
    text = text_or_none(event.when, scope.context(token), around)
    if text is None:
        raise Failure(f"The timer “{event.when.text if event.when else ''}” gave no time.")
    return text.strip()


def _instant(token: Token, event: Event, around: Surroundings) -> datetime:
    """Evaluate a date or duration timer; a text of the other kind is understood too."""
    now = around.now
    assert event.when is not None
    assert now.tzinfo is not None
    value = event.when.value(token.workflow.context(token), around)
    if isinstance(value, date):
        return as_instant(value, now.tzinfo)
    text = _text(token, event, around)
    return parse_duration(text).after(now) if text[:1] in "Pp-" else parse_instant(text, now.tzinfo)


def _subscribe(token: Token, event: Event) -> None:
    scope = token.workflow
    case = scope.case
    context = scope.context(token)
    name = text_or_none(event.name, context, case.around)
    if name is None:
        raise Failure(f"The {event.kind} name is empty.")
    key = None
    if event.key is not None:
        key = text_or_none(event.key, context, case.around)
        if key is None:
            raise Failure(f"The correlation key “{event.key.text}” of the message “{name}” is empty.")
    token.internal_data["sub"] = [event.kind, name]
    case.advance.subscriptions_opened.append(
        Subscription(token.id, token.task_spec.node.id, "message" if event.kind == "message" else "signal", name, key)
    )
