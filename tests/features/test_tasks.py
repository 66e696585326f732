from tests.features.stage import Stage, chain, diagram, ext, flow

START = '<startEvent id="s"/>'


def test_a_user_task_waits_and_its_variables_reach_the_case():
    stage = Stage(diagram(START + '<userTask id="a" name="Inspect"/><endEvent id="e"/>' + chain("s", "a", "e"))).start(order=7)
    assert stage.tasks == ["a"]
    assert stage.run.active_elements == ["a"]
    stage.complete("a", result="ok")
    assert stage.done
    assert stage.variables == {"order": 7, "result": "ok"}
    assert stage.path == ["s", "a", "e"]
    assert stage.told("FlowTaken") == ["s_a", "a_e"]
