"""Members who left, and what of events hangs on their membership; `departures` says what, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from steward.bots.events.rsvp import departures
from steward.errors import NeedsOperator, NotReady
from steward.guilds.memberships import Memberships
from steward.store import Transaction


class EventMemberships(Memberships):
    """Takes members who left out of events and polls."""

    def hanging(self, tx: Transaction, guild_id: int, among: Sequence[int] | None = None) -> list[int]:
        """Return who has an answer, a vote, a poll, a role or a link to the calendar."""
        return departures.hanging(tx, guild_id, among)

    def guilds(self, tx: Transaction) -> list[int]:
        return departures.guilds_with_members(tx)

    async def before_moving_up(self, occurrence_id: int) -> None:
        """Have those who are gone out of a line before somebody in it may get a seat."""
        await self.settle(departures.those_in_line, occurrence_id)

    async def before_reminding(self, occurrence_id: int) -> None:
        """Have those who are gone out of an event before its people are told of it; a start waits for Discord."""
        await self.connected()
        await self.settle(departures.those_to_be_told, occurrence_id)

    async def before_making(self, poll_id: int) -> None:
        """Have those who are gone out of a poll before it becomes an event."""
        await self.settle(departures.voters, poll_id)

    async def end(self, guild_id: int, batches: Sequence[Sequence[int]]) -> None:
        """End it: the answers to each occurrence together, so that none of those who left moves up."""
        await self._end_answers(guild_id, batches)
        for batch in batches:
            rest = await self._store.read(partial(departures.hanging, guild_id=guild_id, among=batch))
            end = partial(self._end_rest, guild_id)
            await self._store.skipper.write("membership", rest, end, ids=lambda user_id: [guild_id, user_id])

    async def _end_rest(self, guild_id: int, user_ids: Sequence[int]) -> None:
        await self._store.write(partial(departures.end_rest, guild_id=guild_id, user_ids=user_ids))

    async def _end_answers(self, guild_id: int, batches: Sequence[Sequence[int]]) -> None:
        """Take all who are gone out of each occurrence; one where that fails holds up no other."""
        answered: set[int] = set()
        for batch in batches:
            answered.update(await self._store.read(partial(departures.answered_by, guild_id=guild_id, user_ids=batch)))
        failed: Exception | None = None
        for occurrence_id in sorted(answered):
            end = partial(departures.end_answers, occurrence_id=occurrence_id, batches=batches)
            try:
                await self._store.write(end)
            except (NotReady, NeedsOperator):  # the database's own
                raise
            except Exception as error:  # noqa: BLE001 - the boundary of occurrences: a fault is its own one's only
                failed = error
        if failed is not None:
            raise failed
