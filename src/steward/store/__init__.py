"""
The store: one database behind a small interface. docs/store.md says what it guarantees.

`open_store` gives a `Store`; bots pass it plain functions (`Work`) that run in one transaction each.
"""

from steward.runtime.wall_time import instant_of
from steward.store.batched import BatchedWriter
from steward.store.dialect import Dialect
from steward.store.instants import from_millis, to_millis
from steward.store.interface import Store
from steward.store.job_status import JobStatus
from steward.store.jobs import JobOccurrence
from steward.store.opening import open_store
from steward.store.outbox_queue import OutboxMessage, Undeliverable
from steward.store.runner import JobRunner
from steward.store.schedule import DailyAt, OnDates, Schedule, monthly, previous, weekly
from steward.store.sender import OutboxSender
from steward.store.server.options import ServerOptions
from steward.store.transaction import Row, Transaction, Value, Work

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
    "from_millis",
    "instant_of",
    "monthly",
    "open_store",
    "previous",
    "to_millis",
    "weekly",
]
