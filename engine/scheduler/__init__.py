"""Does what is due: fires timers and runs the engine's own jobs, woken for the next due row, never polling for it.

Any number of schedulers may share a database: due rows are claimed by leases.
"""

from engine.scheduler.scheduler import Scheduler

__all__ = ["Scheduler"]
