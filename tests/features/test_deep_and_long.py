import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from engine.bpmn import build, read
from tests.features.stage import NOW, Stage, chain, diagram, ext

START = '<startEvent id="s"/>'


def line(length: int, tag: str = "task") -> bytes:
    names = [f"t{number}" for number in range(length)]
    return diagram(
        START + "".join(f'<{tag} id="{name}"/>' for name in names) + '<endEvent id="e"/>' + chain("s", *names, "e")
    )


def test_a_chain_of_5000_elements_runs():
    assert len(Stage(line(5000)).start().path) == 5002


def work_of(act: Callable[[], Any]) -> int:
    """Count the calls that an act makes: its cost, the same on a busy machine."""
    count = 0

    def tally(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(tally)
    try:
        act()
    finally:
        sys.setprofile(before)
    return count


def test_a_step_costs_the_same_after_a_long_history():
    run, advance = build("p", [read(line(3000, "userTask"), "x")], {}).start({}, now=NOW)
    costs = []

    def complete():
        nonlocal advance
        advance = run.complete_task(advance.tasks_opened[0].id, {}, now=NOW)

    while advance.tasks_opened:
        costs.append(work_of(complete))
    assert advance.state == "completed"
    assert max(costs[-1000:-1]) <= 1.1 * min(costs[10:1000])


def nested(depth: int) -> bytes:
    body, inner = '<task id="u"/>', "u"
    for level in range(depth):
        body = f'<subProcess id="p{level}"><startEvent id="s{level}"/>{body}{chain(f"s{level}", inner)}</subProcess>'
        inner = f"p{level}"
    return diagram(START + body + chain("s", inner))


def calls(depth: int, last: str = '<task id="u"/>') -> bytes:
    """Call processes through processes; `last` is the element u of the innermost."""
    called = "".join(
        f'<process id="q{n}" isExecutable="true"><startEvent id="qs{n}"/><callActivity id="c{n}">'
        + ext(f'<zeebe:calledElement processId="q{n + 1}"/>')
        + f"</callActivity>{chain(f'qs{n}', f'c{n}')}</process>"
        for n in range(depth)
    )
    end = f'<process id="q{depth}" isExecutable="true"><startEvent id="ls"/>{last}{chain("ls", "u")}</process>'
    call = '<callActivity id="c">' + ext('<zeebe:calledElement processId="q0"/>') + "</callActivity>"
    return diagram(START + call + chain("s", "c"), after=called + end)


def repeated(times: int) -> bytes:
    loop = f'<zeebe:loopCharacteristics inputCollection="=for i in 1..{times} return i" inputElement="x"/>'
    condition = "<completionCondition>=numberOfActiveInstances &lt; 0</completionCondition>"
    inner = f"<multiInstanceLoopCharacteristics>{ext(loop)}{condition}</multiInstanceLoopCharacteristics>"
    return diagram(START + f'<userTask id="a">{inner}</userTask>' + chain("s", "a"))


def whole_case(data: bytes) -> None:
    """Go from the file to the case's end."""
    run, advance = build("p", [read(data, "x")], {}).start({}, now=NOW)
    for task in advance.tasks_opened:
        advance = run.complete_task(task.id, {}, now=NOW)
    assert advance.state == "completed"
    run.snapshot()


@pytest.mark.parametrize(
    ("shape", "small", "large"),
    [(line, 500, 5000), (repeated, 100, 1000), (nested, 10, 50), (calls, 10, 50)],
    ids=["chain", "instances", "sub-processes", "calls"],
)
def test_work_grows_with_size_and_no_faster(shape, small, large):
    few, many = (work_of(partial(whole_case, shape(size))) for size in (small, large))
    assert many < few * large / small * 1.5


def test_fifty_nested_sub_processes_run():
    body = '<userTask id="u"/>'
    inner = "u"
    for depth in range(50):
        body = f'<subProcess id="p{depth}"><startEvent id="s{depth}"/>{body}{chain(f"s{depth}", inner)}</subProcess>'
        inner = f"p{depth}"
    stage = Stage(diagram(START + body + chain("s", inner))).start()
    assert stage.tasks == ["u"]
    assert len(stage.run.active_elements) == 51
    assert stage.complete("u").done


def test_fifty_calls_deep_run():
    stage = Stage(calls(50, '<userTask id="u"/>')).start(x=1)
    assert stage.complete("u", y=2).done
    assert stage.variables == {"x": 1, "y": 2}


def test_a_thousand_instances_run_in_any_order():
    loop = (
        "<multiInstanceLoopCharacteristics>"
        + ext(
            '<zeebe:loopCharacteristics inputCollection="=xs" inputElement="x" outputCollection="out" outputElement="=r"/>'
        )
        + "</multiInstanceLoopCharacteristics>"
    )
    data = diagram(START + f'<userTask id="a">{loop}</userTask>' + chain("s", "a"))
    run, advance = build("p", [read(data, "x")], {}).start({"xs": list(range(1000))}, now=NOW)
    assert len(run.snapshot()) < 60_000
    for task in reversed(advance.tasks_opened):
        advance = run.complete_task(task.id, {"r": task.locals["x"] * 2}, now=NOW)
    assert advance.state == "completed"
    assert run.variables["out"] == [2 * number for number in range(1000)]


def test_an_ordinary_snapshot_takes_a_few_hundred_bytes():
    timer = '<boundaryEvent id="b" attachedToRef="a"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>'
    run, _ = build("p", [read(diagram(START + '<userTask id="a"/>' + timer + chain("s", "a")), "x")], {}).start(
        {"much": "x" * 5000}, now=NOW
    )
    assert len(run.snapshot()) < 300


def test_cases_in_many_threads_share_one_definition():
    loop = (
        "<multiInstanceLoopCharacteristics>"
        + ext('<zeebe:loopCharacteristics inputCollection="=[1,2,3]" inputElement="x"/>')
        + "</multiInstanceLoopCharacteristics>"
    )
    body = (
        START
        + '<parallelGateway id="f"/><userTask id="a"/><userTask id="b">'
        + loop
        + '</userTask><inclusiveGateway id="j"/><userTask id="z"/>'
        + chain("s", "f", "a", "j", "z")
        + chain("f", "b", "j")
    )
    definition = build("p", [read(diagram(body), "x")], {})
    before = _shape(definition)
    paths: list[list[str | None]] = []

    def play() -> None:
        for _ in range(30):
            run, advance = definition.start({}, now=NOW)
            path = [entry.element_id for entry in advance.history if entry.kind == "ElementCompleted"]
            todo = list(advance.tasks_opened)
            while todo:
                run = definition.restore(run.snapshot(), run.variables)
                advance = run.complete_task(todo.pop(0).id, {}, now=NOW)
                todo += advance.tasks_opened
                path += [entry.element_id for entry in advance.history if entry.kind == "ElementCompleted"]
            paths.append(path)

    threads = [threading.Thread(target=play) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(paths) == 120
    assert all(path == paths[0] for path in paths)
    assert _shape(definition) == before


def _shape(definition: object) -> list[object]:
    """Describe every specification of a definition, to see that running changes none."""
    return [
        (spec.name, list(spec._inputs), list(spec._outputs), sorted(vars(spec)), len(spec.links), len(spec.boundaries))
        for process in definition._processes.values()  # type: ignore[attr-defined]
        for spec in process.task_specs.values()
    ]
