"""The adapter overrides what SpiffWorkflow does not promise to keep: an upgrade must fail here, loudly, before it runs wrong."""

import inspect
from importlib.metadata import version

import pytest
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

SIGNATURES = {
    (Task, "__init__"): ["self", "workflow", "task_spec", "parent", "state", "id"],
    (Task, "_add_child"): ["self", "task_spec", "state"],
    (Task, "_child_added_notify"): ["self", "child"],
    (Task, "_inherit_data"): ["self"],
    (Task, "_set_state"): ["self", "value"],
    (Task, "_ready"): ["self"],
    (Task, "run"): ["self"],
    (Task, "complete"): ["self"],
    (Task, "cancel"): ["self"],
    (TaskSpec, "__init__"): ["self", "wf_spec", "name", "kwargs"],
    (TaskSpec, "_predict"): ["self", "my_task", "seen", "looked_ahead", "mask"],
    (TaskSpec, "_update"): ["self", "my_task"],
    (TaskSpec, "_update_hook"): ["self", "my_task"],
    (TaskSpec, "_on_ready"): ["self", "my_task"],
    (TaskSpec, "_run"): ["self", "my_task"],
    (TaskSpec, "_run_hook"): ["self", "my_task"],
    (TaskSpec, "_on_complete"): ["self", "my_task"],
    (TaskSpec, "_on_complete_hook"): ["self", "my_task"],
    (TaskSpec, "_on_cancel"): ["self", "my_task"],
    (TaskSpec, "connect"): ["self", "taskspec"],
    (TaskSpec, "_connect_notify"): ["self", "taskspec"],
    (BpmnSpecMixin, "__init__"): ["self", "wf_spec", "bpmn_id", "kwargs"],
    (WorkflowSpec, "__init__"): ["self", "name", "filename", "addstart"],
    (WorkflowSpec, "_add_notify"): ["self", "task_spec"],
    (BpmnProcessSpec, "__init__"): ["self", "name", "description", "filename", "svg"],
    (BpmnProcessSpec, "_add_notify"): ["self", "task_spec"],
    (Workflow, "__init__"): ["self", "workflow_spec", "deserializing"],
    (Workflow, "_task_completed_notify"): ["self", "task"],
    (BpmnWorkflow, "__init__"): ["self", "spec", "subprocess_specs", "script_engine", "kwargs"],
    (BpmnWorkflow, "create_subprocess"): ["self", "my_task", "spec_name"],
    (BpmnSubWorkflow, "__init__"): ["self", "spec", "parent_task_id", "top_workflow", "kwargs"],
    (BpmnSubWorkflow, "_calculate_depth"): ["self"],
}


def test_the_version_is_the_one_that_the_adapter_was_written_for():
    assert version("SpiffWorkflow") == "3.2.0"


@pytest.mark.parametrize(
    ("owner", "name"), SIGNATURES, ids=lambda value: value if isinstance(value, str) else value.__name__
)
def test_what_the_adapter_overrides_looks_as_it_did(owner, name):
    assert list(inspect.signature(getattr(owner, name)).parameters) == SIGNATURES[owner, name]


def test_the_states_have_the_values_that_snapshots_hold():
    assert [TaskState.FUTURE, TaskState.WAITING, TaskState.READY, TaskState.STARTED] == [4, 8, 16, 32]
    assert TaskState.FINISHED_MASK == 64 | 128 | 256


def test_a_task_keeps_the_fields_that_the_token_rests_on():
    lines = [line.strip() for line in inspect.getsource(Task.__init__).splitlines()]
    names = {line.removeprefix("self.").split(" ")[0] for line in lines if line.startswith("self.")}
    assert {"id", "workflow", "_parent", "_children", "_state", "task_spec", "data", "internal_data"} <= names
