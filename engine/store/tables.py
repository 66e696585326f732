"""The tables, as SQLAlchemy Core. Rows in and model values out is the business of the modules beside this."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from engine.store.columns import ID, KEY, NAME, Instant, Json, Prose, Words, metadata

resources = Table(
    "resources",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", String(16), nullable=False),  # process, decision, decision_file, form
    Column("key", KEY, nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", NAME, nullable=False),
    Column("file", NAME, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("deployed_at", Instant, nullable=False),
    Column("deployed_by", KEY, nullable=False),
    UniqueConstraint("kind", "key", "version"),
)

bundles = Table(
    "bundles",
    metadata,
    Column("id", ID, primary_key=True),
    Column("definition_key", KEY, nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", NAME, nullable=False),
    Column("names", Json, nullable=False),
    Column("properties", Json, nullable=False),  # of the process element: prefix, subject, start form…
    Column("sha256", String(64), nullable=False),
    Column("latest", Boolean, nullable=False),
    Column("callable_only", Boolean, nullable=False),  # no start of its own: called by others
    Column("deployed_at", Instant, nullable=False),
    Column("deployed_by", KEY, nullable=False),
    UniqueConstraint("definition_key", "version"),
)

bundle_resources = Table(
    "bundle_resources",
    metadata,
    Column("bundle_id", ForeignKey("bundles.id"), primary_key=True),
    Column("resource_id", ForeignKey("resources.id"), primary_key=True, index=True),
    Column("main", Boolean, nullable=False),
)

start_triggers = Table(
    "start_triggers",
    metadata,
    Column("definition_key", KEY, primary_key=True),
    Column("element_id", KEY, primary_key=True),
    Column("kind", String(16), nullable=False),  # message, signal, timer
    Column("name", KEY, nullable=False),
    Column("schedule", String(255), nullable=False),
    Column("anchor_at", Instant, nullable=False),  # from which a cycle counts
    Column("fired", Integer, nullable=False),
    Index("ix_start_triggers_kind_name", "kind", "name"),
)

instances = Table(
    "instances",
    metadata,
    Column("id", ID, primary_key=True),
    Column("bundle_id", ForeignKey("bundles.id"), nullable=False),
    Column("definition_key", KEY, nullable=False),
    Column("definition_version", Integer, nullable=False),
    Column("business_key", KEY, index=True),
    Column("subject", NAME, nullable=False),
    Column("customer", NAME, nullable=False),
    Column("stage", Words(64, cut=True), nullable=False),  # stage property of the step reached last
    Column("state", String(16), nullable=False),
    Column("variables", Json, nullable=False),
    Column("snapshot", LargeBinary, nullable=False),
    Column("active", Json, nullable=False),  # ids of the elements where tokens are
    Column("incidents", Integer, nullable=False),
    Column("history_seq", Integer, nullable=False),  # entries written so far
    Column("revision", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("started_by", KEY, nullable=False),
    Column("ended_at", Instant),
    Index("ix_instances_state_started_at", "state", "started_at", "id"),
    Index("ix_instances_definition_key_state", "definition_key", "state", "started_at", "id"),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ForeignKey("instances.id"), nullable=False, index=True),
    Column("element_id", KEY, nullable=False),
    Column("name", NAME, nullable=False),
    Column("names", Json, nullable=False),
    Column("details", Json, nullable=False),  # what tells it apart from others of its step, by locale
    Column("form_key", KEY),
    Column("assignee", KEY),
    Column("candidate_groups", Json, nullable=False),
    Column("candidate_users", Json, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due_at", Instant),
    Column("follow_up_at", Instant),
    Column("locals", Json, nullable=False),
    Column("state", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", KEY),
    Index("ix_tasks_assignee_state_due_at", "assignee", "state", "due_at", "id"),
    Index("ix_tasks_state_due_at", "state", "due_at", "id"),
    Index("ix_tasks_ended_by_ended_at", "ended_by", "ended_at", "id"),
)

task_candidates = Table(
    "task_candidates",  # of open tasks only: the index behind the inbox
    metadata,
    Column("kind", String(5), primary_key=True),  # group, user
    Column("name", KEY, primary_key=True),
    Column("task_id", ForeignKey("tasks.id"), primary_key=True, index=True),
)

timers = Table(
    "timers",
    metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ForeignKey("instances.id"), index=True),
    Column("definition_key", KEY),  # of a timer start event
    Column("element_id", KEY, nullable=False),
    Column("due_at", Instant, nullable=False, index=True),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False, default=0),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ForeignKey("instances.id"), index=True),
    Column("element_id", KEY, nullable=False),
    Column("type", KEY, nullable=False),
    Column("headers", Json, nullable=False),
    Column("variables", Json, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("internal", Boolean, nullable=False),  # run by engine.services rather than an external worker
    Column("created_at", Instant, nullable=False),
    Index("ix_jobs_internal_due_at", "internal", "due_at", "id"),
    Index("ix_jobs_type_due_at", "type", "due_at", "id"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ForeignKey("instances.id"), nullable=False, index=True),
    Column("element_id", KEY, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("name", KEY, nullable=False),
    Column("correlation_key", KEY),
    Index("ix_subscriptions_kind_name", "kind", "name", "correlation_key"),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ForeignKey("instances.id"), nullable=False, index=True),
    Column("element_id", KEY, nullable=False),
    Column("message", Prose(), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("resolved_at", Instant),
)

history = Table(
    "history",  # one row a command: its entries together
    metadata,
    Column("instance_id", ForeignKey("instances.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),  # of the first entry
    Column("at", Instant, nullable=False),
    Column("actor", KEY, nullable=False),
    Column("entries", Json, nullable=False),  # [[kind, element id, data], …]
)

records = Table(
    "records",
    metadata,
    Column("type", Words(64), primary_key=True),
    Column("key", KEY, primary_key=True),
    Column("title", NAME, nullable=False),
    Column("search", Prose(), nullable=False),  # lower-cased values, for finding
    Column("data", Json, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("updated_by", KEY, nullable=False),
)

record_types = Table(
    "record_types",
    metadata,
    Column("type", Words(64), primary_key=True),
    Column("name", NAME, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),  # the register's .form file
    Column("deployed_at", Instant, nullable=False),
)

groups = Table(
    "groups",
    metadata,
    Column("name", KEY, primary_key=True),
    Column("title", Words(255, cut=True), nullable=False),
    Column("titles", Json, nullable=False),  # by locale
)

users = Table(
    "users",
    metadata,
    Column("name", KEY, primary_key=True),
    Column("display_name", Words(255, cut=True), nullable=False),
    Column("display_names", Json, nullable=False),  # by locale
    Column("password_hash", String(255)),
    Column("roles", Json, nullable=False),
    Column("locale", String(16)),
    Column("theme", String(8)),
    Column("active", Boolean, nullable=False),
    Column("session_epoch", Integer, nullable=False),  # raised to end every session of the user
    Column("created_at", Instant, nullable=False),
)

user_groups = Table(
    "user_groups",
    metadata,
    Column("user_name", ForeignKey("users.name"), primary_key=True),
    Column("group_name", ForeignKey("groups.name"), primary_key=True, index=True),
)

tokens = Table(
    "tokens", metadata,
    Column("sha256", String(64), primary_key=True),
    Column("user_name", ForeignKey("users.name"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
)  # fmt: skip

attachments = Table(
    "attachments",
    metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ForeignKey("instances.id"), index=True),
    Column("task_id", ForeignKey("tasks.id"), index=True),
    Column("field", KEY),
    Column("name", NAME, nullable=False),
    Column("media_type", String(255), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("created_by", KEY, nullable=False),
)

notifications = Table(
    "notifications",  # what was sent, or would be: the outbox
    metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ForeignKey("instances.id"), index=True),
    Column("channel", String(64), nullable=False),
    Column("recipient", Words(500), nullable=False),
    Column("subject", NAME, nullable=False),
    Column("text", Prose(), nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
)

sequences = Table(
    "sequences",  # gapless numbers: taken in the transaction that uses them
    metadata,
    Column("name", KEY, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("actor", KEY, primary_key=True),
    Column("key", KEY, primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("result", Json, nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
)
