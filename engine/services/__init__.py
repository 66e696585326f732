"""What a service task can do, and what commands and queries share above the store: loaded bundles, FEEL host functions.

A service is a function of a job and its `Surroundings`; it returns the job's result variables, raises `BpmnError` for a
modelled error, anything else for a technical failure. It runs inside the transaction that completes the job.
"""

from engine.services.notify import notify
from engine.services.numbering import issue_number
from engine.services.record_write import write_record
from engine.services.surroundings import Service, Surroundings

SERVICES: dict[str, Service] = {
    "notify": notify,
    "number-issue": issue_number,
    "record-write": write_record,
}
"""Job types that the engine runs itself; all others wait for external workers."""

__all__ = ["SERVICES", "Service", "Surroundings"]
