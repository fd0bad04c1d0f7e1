"""One occurrence in a database in memory, answered by the product's own units of work; it looks like the model."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from steward.bots.events.model.details import Details, Option
from steward.bots.events.model.occurrences import occurrence, set_details
from steward.bots.events.model.series import Series, add_series
from steward.bots.events.recurrence import planning
from steward.bots.events.rsvp import answers
from steward.bots.events.rsvp.answers import Respondent, RsvpOutcome
from steward.bots.events.rsvp.lineup import lineup
from steward.bots.events.rsvp.roster import RosterPlace, RsvpTally
from steward.bots.events.rsvp.seating import tallies
from steward.bots.installed import MIGRATIONS
from steward.store import Transaction
from steward.store.dialect import SqliteDialect
from steward.store.migrate import load_schema, statements

NOW = datetime(2026, 1, 5, tzinfo=UTC)
ORGANISER = 10**6
T = TypeVar("T")


class Seated:
    """
    See the module.

    Args:
        options: what may be answered.
        seats: how many may come in all; None for no bound.

    """

    def __init__(self, options: Sequence[Option], seats: int | None) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        self.connection.deserialize(_empty())
        self.moved_up: list[RosterPlace] = []
        self.line = 0
        with self.begun() as tx:
            start = (NOW + timedelta(days=1)).replace(tzinfo=None)
            series = Series(
                1, 1, 1, 1, ZoneInfo("UTC"), start, None, 0, Details("Raid", options=tuple(options), seats=seats)
            )
            add_series(tx, series)
            event = planning.begin(tx, series)
            assert event is not None
            self.id = event.id

    @contextmanager
    def begun(self) -> Iterator[Transaction]:
        """Give a transaction that is committed at the end."""
        self.connection.execute("BEGIN")
        yield Transaction(self.connection, SqliteDialect(), NOW)
        self.connection.execute("COMMIT")

    def answer(self, user_id: int, option: str) -> None:
        """Have a member put in, who is bound by neither roles nor time."""
        member = Respondent(user_id, f"member {user_id}")
        self._do(lambda tx: answers.answer(tx, self.id, member, option, by=ORGANISER))

    def take_out(self, user_id: int) -> None:
        """Take a member out."""
        self._do(lambda tx: answers.take_out(tx, self.id, user_id))

    def take_all_out(self, user_ids: Collection[int]) -> None:
        """Take several members out at once."""
        self._do(lambda tx: answers.take_all_out(tx, self.id, user_ids))

    def change(self, options: Sequence[Option], seats: int | None) -> None:
        """Offer other answers and seats, and give the free ones away."""

        def work(tx: Transaction) -> RsvpOutcome:
            details = occurrence(tx, self.id).details
            set_details(tx, self.id, replace(details, options=tuple(options), seats=seats))
            return answers.move_up(tx, self.id)

        self._do(work)

    @property
    def places(self) -> list[RosterPlace]:
        """All answers as they are kept, in the order of their arrival."""
        sql = "SELECT user_id, option_key, arrival, seated FROM event_answers ORDER BY arrival"
        with self.begun() as tx:
            return [RosterPlace(user, option, arrival, bool(seated)) for user, option, arrival, seated in tx.all(sql)]

    @property
    def counted(self) -> dict[str, RsvpTally]:
        """The counters of what anybody has answered."""
        with self.begun() as tx:
            return {key: tally for key, tally in tallies(tx, self.id).items() if tally != RsvpTally()}

    @property
    def shown(self) -> tuple[dict[str, list[int]], list[int]]:
        """Who is shown with a seat, by answer, and who in the line."""
        with self.begun() as tx:
            found = lineup(tx, occurrence(tx, self.id))
        seated = {key: [answer.user_id for answer in some] for key, some in found.seated.items() if some}
        return seated, [answer.user_id for answer in found.waiting]

    def _do(self, work: Callable[[Transaction], RsvpOutcome]) -> None:
        with self.begun() as tx:
            outcome = work(tx)
        self.moved_up, self.line = list(outcome.moved_up), outcome.line


@cache
def _empty() -> bytes:
    """Return a database that has the tables and nothing else."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for step in load_schema(MIGRATIONS).migrations:
            for statement in statements(step.sql, SqliteDialect()):
                connection.execute(statement)
        connection.commit()
        return connection.serialize()
