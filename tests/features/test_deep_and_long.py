import threading
import time

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


def test_a_step_costs_the_same_after_a_long_history():
    run, advance = build("p", [read(line(3000, "userTask"), "x")], {}).start({}, now=NOW)
    times = []
    while advance.tasks_opened:
        begun = time.perf_counter()
        advance = run.complete_task(advance.tasks_opened[0].id, {}, now=NOW)
        times.append(time.perf_counter() - begun)
    first, last = (
        sorted(times[:1000])[100],
        sorted(times[-1000:])[100],
    )  # the quick ones: a busy machine slows the others
    assert last < 3 * first
    assert advance.state == "completed"


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
    called = "".join(
        f'<process id="q{n}" isExecutable="true"><startEvent id="qs{n}"/><callActivity id="c{n}">'
        + ext(f'<zeebe:calledElement processId="q{n + 1}"/>')
        + f"</callActivity>{chain(f'qs{n}', f'c{n}')}</process>"
        for n in range(50)
    )
    last = (
        '<process id="q50" isExecutable="true"><startEvent id="ls"/><userTask id="u"/>'
        + chain("ls", "u")
        + "</process>"
    )
    call = '<callActivity id="c">' + ext('<zeebe:calledElement processId="q0"/>') + "</callActivity>"
    stage = Stage(diagram(START + call + chain("s", "c"), after=called + last)).start(x=1)
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
