"""Jobs: machine work that programs elsewhere fetch, do and hand back."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from engine.commands.activate_jobs import ActivateJobs
from engine.commands.complete_job import CompleteJob
from engine.commands.extend_job import ExtendJob
from engine.commands.fail_job import FailJob
from engine.commands.throw_job_error import ThrowJobError
from engine.queries import work
from web import current
from web.api.fields import Instant, Key, ListArgs, Strict, Variables, list_of
from web.api.resource import Resource, execute, no_content, query
from web.api.waiting import wait_for

resource = Resource("jobs", __name__, "Work for external workers.")
MAX_LEASE_S = 24 * 3600
MAX_WAIT_S = 60


class Job(Schema):
    id = fields.String(required=True)
    type = fields.String(required=True)
    instance_id = fields.String(required=True)
    element_id = fields.String(required=True)
    headers = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    variables = Variables(required=True)
    retries = fields.Integer(required=True, metadata={"description": "Tries left."})
    lease_until = Instant(required=True, allow_none=True)


class JobArgs(ListArgs):
    instance_id = Key(load_default=None)


class Lease(Strict):
    lease_s = fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(min=1, max=MAX_LEASE_S),
        metadata={"description": "Seconds in which nobody else gets the job."},
    )


class Activation(Lease):
    types = fields.List(
        Key(), required=True, validate=validate.Length(min=1, max=100), metadata={"description": "`*` is every type."}
    )
    max = fields.Integer(strict=True, required=True, validate=validate.Range(min=1, max=200))
    instance_id = Key(load_default=None, allow_none=True)
    wait_s = fields.Float(
        load_default=0.0,
        validate=validate.Range(min=0, max=MAX_WAIT_S),
        metadata={"description": "Seconds to wait for a first job; 0 answers at once."},
    )


class Result(Strict):
    variables = Variables(load_default=dict)


class Failure(Strict):
    message = fields.String(required=True, validate=validate.Length(max=10_000))
    retries = fields.Integer(
        strict=True,
        load_default=None,
        validate=validate.Range(min=0, max=1000),
        metadata={"description": "Tries left; one less than before where left out. None left makes an incident."},
    )
    backoff_s = fields.Integer(
        strict=True,
        load_default=0,
        validate=validate.Range(min=0, max=MAX_LEASE_S * 30),
        metadata={"description": "Seconds until the next try."},
    )


class Thrown(Strict):
    error_code = Key(required=True)
    variables = Variables(load_default=dict)


@resource.route("/jobs")
@resource.arguments(JobArgs, location="query")
@resource.response(200, list_of(Job, "Jobs"))
def list_jobs(args: dict[str, Any]) -> Any:
    """List the open jobs of cases that the caller may see."""
    return query(work.list_jobs, actor=current.actor(), **args)


@resource.route("/jobs/activate", methods=["POST"])
@resource.arguments(Activation)
@resource.response(200, list_of(Job, "ActivatedJobs"))
def activate_jobs(body: dict[str, Any]) -> Any:
    """Lease waiting jobs of running cases to the caller, the oldest first."""
    command = ActivateJobs(
        types=tuple(body["types"]),
        max=body["max"],
        lease_s=body["lease_s"],
        instance_id=body["instance_id"],
        actor=current.actor(),
    )
    return {"items": wait_for(lambda: current.execute(command), body["wait_s"]), "next": None}


@resource.route("/jobs/<string:job_id>/complete", methods=["POST"])
@resource.changes
@resource.arguments(Result, required=False)
@resource.response(204)
def complete_job(body: dict[str, Any], job_id: str) -> Response:
    """Hand back a job's result; the case goes on with it."""
    execute(CompleteJob(job_id=job_id, actor=current.actor(), variables=body["variables"]))
    return no_content()


@resource.route("/jobs/<string:job_id>/fail", methods=["POST"])
@resource.changes
@resource.arguments(Failure)
@resource.response(204)
def fail_job(body: dict[str, Any], job_id: str) -> Response:
    """Report that a job has failed."""
    execute(FailJob(job_id=job_id, actor=current.actor(), **body))
    return no_content()


@resource.route("/jobs/<string:job_id>/throw", methods=["POST"])
@resource.changes
@resource.arguments(Thrown)
@resource.response(204)
def throw_job_error(body: dict[str, Any], job_id: str) -> Response:
    """Answer a job with an error that the diagram catches."""
    execute(ThrowJobError(job_id=job_id, actor=current.actor(), **body))
    return no_content()


@resource.route("/jobs/<string:job_id>/extend", methods=["POST"])
@resource.changes
@resource.arguments(Lease)
@resource.response(204)
def extend_job(body: dict[str, Any], job_id: str) -> Response:
    """Keep a job for longer, counted from now."""
    execute(ExtendJob(job_id=job_id, actor=current.actor(), lease_s=body["lease_s"]))
    return no_content()
