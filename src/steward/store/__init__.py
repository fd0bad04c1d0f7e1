"""
The store: one database behind a small interface. docs/store.md lists its guarantees.

`open_store` gives a `Store`; bots pass it plain functions (`Work`), each run in one transaction.
"""

from steward.runtime.wall_time import instant_of
from steward.store.dialect import Dialect, chunks, marks
from steward.store.instants import from_millis, to_millis
from steward.store.interface import Store
from steward.store.jobs.jobs import JobOccurrence
from steward.store.jobs.runner import JobRunner
from steward.store.jobs.schedule import DailyAt, OnDates, Schedule, monthly, previous, weekly
from steward.store.jobs.status import JobStatus
from steward.store.opening import open_store
from steward.store.outbox.queue import OutboxMessage, Undeliverable
from steward.store.outbox.sender import OutboxSender
from steward.store.server.options import ServerOptions
from steward.store.transaction import Row, Transaction, Value, Work
from steward.store.writing.batched import BatchedWriter

__all__ = [
    "BatchedWriter",
    "DailyAt",
    "Dialect",
    "JobOccurrence",
    "JobRunner",
    "JobStatus",
    "OnDates",
    "OutboxMessage",
    "OutboxSender",
    "Row",
    "Schedule",
    "ServerOptions",
    "Store",
    "Transaction",
    "Undeliverable",
    "Value",
    "Work",
    "chunks",
    "from_millis",
    "instant_of",
    "marks",
    "monthly",
    "open_store",
    "previous",
    "to_millis",
    "weekly",
]
