"""`number-issue`: the next number of a series, gapless per plant and year."""

from __future__ import annotations

from typing import Any

from engine.services.surroundings import Surroundings, required
from engine.store.jobs import Job
from engine.store.numbers import next_number


def issue_number(job: Job, around: Surroundings) -> dict[str, Any]:
    """Return `{"number": "A-2026-0001"}`: header `sequence` names the series, `prefix` its letter."""
    prefix = job.headers.get("prefix", "")
    return {"number": yearly_number(around, str(required(job, "sequence")), prefix)}


def yearly_number(around: Surroundings, sequence: str, prefix: str) -> str:
    """Take the next number of this year, counted in the plant's time zone: prefix, year and at least four digits."""
    year = around.plant_time.year
    number = next_number(around.connection, f"{sequence}:{year}")
    return "-".join(part for part in (prefix, str(year), f"{number:04d}") if part)
