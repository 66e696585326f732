"""Random block-structured processes, in the manner of Zeebe's generator: a diagram, what to do in it, and the path to result."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from tests.features.paths import Par, Times
from tests.features.stage import diagram, ext, flow

TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
MESSAGE = '<messageEventDefinition messageRef="msg"/>'
ERROR = '<errorEventDefinition errorRef="err"/>'
SHARED = (
    '<message id="msg" name="M">'
    + ext('<zeebe:subscription correlationKey="=key"/>')
    + '</message><error id="err" errorCode="E"/>'
)


@dataclass
class Made:
    """A finished process. `acts` says of an element that waits how it goes on; what is not in it must be left alone."""

    data: bytes
    variables: dict[str, Any]
    acts: dict[str, str]
    once: dict[str, str]
    """Events that may come again and again, but are to come once for each of these elements."""
    path: list[Any]


@dataclass
class Generator:
    rng: random.Random
    parts: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    acts: dict[str, str] = field(default_factory=dict)
    once: dict[str, str] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=lambda: {"key": "k"})
    count: int = 0

    def make(self, depth: int) -> Made:
        start, end = self.name("start"), self.name("end")
        self.parts.append(f'<startEvent id="{start}"/>')
        last, path = self.sequence(start, depth)
        self.parts.append(f'<endEvent id="{end}"/>' + flow(last, end))
        body = "".join(self.parts)
        return Made(
            diagram(body, SHARED, after="".join(self.called)), self.variables, self.acts, self.once, [start, *path, end]
        )

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}_{self.count}"

    def sequence(self, after: str, depth: int) -> tuple[str, list[Any]]:
        path: list[Any] = []
        for _ in range(self.rng.randint(1, 3)):
            after, more = self.block(after, depth)
            path += more
        return after, path

    def block(self, after: str, depth: int) -> tuple[str, list[Any]]:
        """Add a block behind an element; return its last element and its path."""
        leaves = [self.task, self.task, self.job, self.script, self.bounded, self.choice_of_events]
        nested = [
            self.exclusive,
            self.parallel,
            self.inclusive,
            self.loop,
            self.sub_process,
            self.repeated,
            self.call,
            self.event_sub,
        ]
        return self.rng.choice(leaves if depth <= 0 else leaves + nested * 2)(after, depth - 1)

    def put(self, after: str, kind: str, tag: str, inner: str = "", attributes: str = "") -> str:
        name = self.name(kind)
        self.parts.append(f'<{tag} id="{name}" {attributes}>{inner}</{tag}>' + flow(after, name))
        return name

    def task(self, after: str, depth: int) -> tuple[str, list[Any]]:
        name = self.put(after, "user", "userTask")
        self.acts[name] = "complete"
        return name, [name]

    def job(self, after: str, depth: int) -> tuple[str, list[Any]]:
        name = self.put(after, "job", "serviceTask", ext('<zeebe:taskDefinition type="work"/>'))
        self.acts[name] = self.rng.choice(["job", "job", "fail first"])
        return name, [name]

    def script(self, after: str, depth: int) -> tuple[str, list[Any]]:
        name = self.put(after, "script", "scriptTask", ext('<zeebe:script expression="=1 + 1" resultVariable="two"/>'))
        return name, [name]

    def bounded(self, after: str, depth: int) -> tuple[str, list[Any]]:
        """Add a task or service with a boundary event that fires or not, interrupting or not; both ways meet again."""
        kind = self.rng.choice(["timer", "message", "error"])
        fires, interrupts = self.rng.random() < 0.6, kind == "error" or self.rng.random() < 0.6
        is_job = kind == "error"
        host = self.put(
            after,
            "host",
            "serviceTask" if is_job else "userTask",
            ext('<zeebe:taskDefinition type="work"/>') if is_job else "",
        )
        boundary, merge = self.name("boundary"), self.name("merge")
        definition = {"timer": TIMER, "message": MESSAGE, "error": ERROR}[kind]
        self.parts.append(
            f'<boundaryEvent id="{boundary}" attachedToRef="{host}" cancelActivity="{str(interrupts).lower()}">{definition}</boundaryEvent>'
        )
        self.parts.append(f'<exclusiveGateway id="{merge}"/>')
        beside = self.put(boundary, "beside", "task")
        if not fires:
            self.parts.append(flow(host, merge) + flow(beside, merge))
            self.acts[host] = "job" if is_job else "complete"
            return merge, [host, merge]
        act = {"timer": "fire", "message": "deliver", "error": "throw"}[kind]
        if interrupts:
            self.parts.append(flow(host, merge) + flow(beside, merge))
            self.acts[host if is_job else boundary] = act
            return merge, [boundary, beside, merge]
        end = self.name("end")
        self.parts.append(f'<endEvent id="{end}"/>' + flow(beside, end) + flow(host, merge))
        self.acts[boundary], self.acts[host], self.once[boundary] = act, f"complete after {boundary}", host
        return merge, [Par([[boundary, beside, end], [host]]), merge]

    def choice_of_events(self, after: str, depth: int) -> tuple[str, list[Any]]:
        gateway, merge = self.put(after, "events", "eventBasedGateway"), self.name("merge")
        events = [self.put(gateway, "event", "intermediateCatchEvent", inner) for inner in (TIMER, MESSAGE)]
        self.parts.append(f'<exclusiveGateway id="{merge}"/>' + "".join(flow(event, merge) for event in events))
        chosen = self.rng.randrange(2)
        self.acts[events[chosen]] = ("fire", "deliver")[chosen]
        return merge, [gateway, events[chosen], merge]

    def branches(self, split: str, join: str, depth: int, conditions: list[str | None]) -> list[list[Any]]:
        found = []
        for number, condition in enumerate(conditions):
            entry = self.name("branch")
            self.parts.append(f'<task id="{entry}"/>' + flow(split, entry, condition, f"{split}_{number}"))
            last, path = self.sequence(entry, depth)
            self.parts.append(flow(last, join))
            found.append([entry, *path])
        return found

    def exclusive(self, after: str, depth: int) -> tuple[str, list[Any]]:
        split, join = self.name("xor"), self.name("merge")
        self.parts.append(
            f'<exclusiveGateway id="{split}" default="{split}_2"/>'
            + flow(after, split)
            + f'<exclusiveGateway id="{join}"/>'
        )
        chosen = self.rng.randrange(3)
        self.variables[split] = chosen
        paths = self.branches(split, join, depth, [f"={split} = 0", f"={split} = 1", None])
        return join, [split, *paths[chosen], join]

    def parallel(self, after: str, depth: int) -> tuple[str, list[Any]]:
        split, join = self.name("and"), self.name("join")
        self.parts.append(f'<parallelGateway id="{split}"/>' + flow(after, split) + f'<parallelGateway id="{join}"/>')
        return join, [split, Par(self.branches(split, join, depth, [None] * self.rng.randint(2, 3))), join]

    def inclusive(self, after: str, depth: int) -> tuple[str, list[Any]]:
        split, join = self.name("or"), self.name("join")
        self.parts.append(
            f'<inclusiveGateway id="{split}" default="{split}_2"/>'
            + flow(after, split)
            + f'<inclusiveGateway id="{join}"/>'
        )
        chosen = self.rng.choice([[0], [1], [0, 1], []])
        self.variables[split] = chosen
        paths = self.branches(split, join, depth, [f"=list contains({split}, 0)", f"=list contains({split}, 1)", None])
        return join, [split, Par([paths[number] for number in chosen or [2]]), join]

    def loop(self, after: str, depth: int) -> tuple[str, list[Any]]:
        """Add a loop inside a sub-process, whose local variable counts the rounds: instances in parallel must not share it."""
        outside, self.parts = self.parts, []
        start, merge, split, times = self.name("start"), self.name("again"), self.name("xor"), self.rng.randint(1, 3)
        self.parts.append(f'<startEvent id="{start}"/><exclusiveGateway id="{merge}"/>' + flow(start, merge))
        last, path = self.sequence(merge, depth)
        text = f'<zeebe:script expression="={split} + 1" resultVariable="{split}"/>'
        counter = self.put(last, "count", "scriptTask", ext(text))
        out = self.name("out")
        self.parts.append(f'<exclusiveGateway id="{split}" default="{split}_out"/>' + flow(counter, split))
        self.parts.append(f'<task id="{out}"/>' + flow(split, out, None, f"{split}_out"))
        self.parts.append(flow(split, merge, f"={split} < {times}"))
        inner, self.parts = "".join(self.parts), outside
        local = ext(f'<zeebe:ioMapping><zeebe:input source="=0" target="{split}"/></zeebe:ioMapping>')
        name = self.put(after, "loop", "subProcess", local + inner)
        return name, [start, Times(times, [merge, *path, counter, split]), out, name]

    def scope(self, depth: int, *, only_task: bool = False) -> tuple[str, list[Any]]:
        """Write the contents of a sub-process apart; `only_task` leaves a single task that nobody completes."""
        outside, self.parts = self.parts, []
        start, end = self.name("start"), self.name("end")
        self.parts.append(f'<startEvent id="{start}"/>')
        if only_task:
            last, path = self.put(start, "left", "userTask"), []
        else:
            last, path = self.sequence(start, depth)
        self.parts.append(f'<endEvent id="{end}"/>' + flow(last, end))
        inner, self.parts = "".join(self.parts), outside
        return inner, [start] if only_task else [start, *path, end]

    def sub_process(self, after: str, depth: int) -> tuple[str, list[Any]]:
        inner, path = self.scope(depth)
        name = self.put(after, "sub", "subProcess", inner)
        return name, [*path, name]

    def repeated(self, after: str, depth: int) -> tuple[str, list[Any]]:
        inner, path = self.scope(depth)
        count, sequential = self.rng.randint(0, 3), str(self.rng.random() < 0.5).lower()
        loop = f'<zeebe:loopCharacteristics inputCollection="={list(range(count))}" inputElement="item" outputCollection="items" outputElement="=item"/>'
        name = self.put(
            after,
            "each",
            "subProcess",
            f'<multiInstanceLoopCharacteristics isSequential="{sequential}">{ext(loop)}</multiInstanceLoopCharacteristics>{inner}',
        )
        return name, [Times(count, [*path, name])] if count else [name]

    def call(self, after: str, depth: int) -> tuple[str, list[Any]]:
        inner, path = self.scope(depth)
        process = self.name("process")
        self.called.append(f'<process id="{process}" isExecutable="true">{inner}</process>')
        name = self.put(after, "call", "callActivity", ext(f'<zeebe:calledElement processId="{process}"/>'))
        return name, [*path, name]

    def event_sub(self, after: str, depth: int) -> tuple[str, list[Any]]:
        """Add a sub-process whose event sub-process interrupts it, runs beside it, or never comes."""
        how = self.rng.choice(["interrupts", "beside", "never"])
        inner, path = self.scope(depth, only_task=how == "interrupts")
        start, end, holder = self.name("caught"), self.name("end"), self.name("handler")
        definition, act = self.rng.choice([(TIMER, "fire"), (MESSAGE, "deliver")])
        handler = (
            f'<subProcess id="{holder}" triggeredByEvent="true"><startEvent id="{start}" isInterrupting="{str(how == "interrupts").lower()}">'
            f'{definition}</startEvent><endEvent id="{end}"/>{flow(start, end)}</subProcess>'
        )
        guard = ""
        if how == "beside":  # holds the scope open until the event has come
            self.acts[start] = act
            guard = self.name("guard")
            inner += f'<parallelGateway id="{guard}_and"/><userTask id="{guard}"/>'
            inner = (
                inner.replace(f'sourceRef="{path[0]}"', f'sourceRef="{guard}_and"')
                + flow(path[0], f"{guard}_and", None, f"{guard}_in")
                + flow(f"{guard}_and", guard)
            )
            self.acts[guard], self.once[start] = f"complete after {start}", guard
            path = [path[0], f"{guard}_and", Par([path[1:], [guard], [start, end, holder]])]
        elif how == "interrupts":
            self.acts[start] = act
            path = [*path, start, end, holder]
        name = self.put(after, "sub", "subProcess", inner + handler)
        return name, [*path, name]
