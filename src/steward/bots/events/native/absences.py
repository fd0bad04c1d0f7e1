"""What people did with Discord's own events while nobody told of it, found by comparing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import structlog

from steward.bots.events.model.details import BadEvent
from steward.bots.events.model.occurrences import occurrence
from steward.bots.events.native import mirrors
from steward.bots.events.native.payload import ACTIVE, CANCELED, SCHEDULED
from steward.bots.events.rsvp.answers import NATIVE, Respondent, givers, may_answer
from steward.bots.events.rsvp.service import RsvpService
from steward.client.payloads import Payload, count, snowflake, text, user_name
from steward.client.rest.errors import Gone, Refused
from steward.errors import NotReady
from steward.runtime.isolation import Isolation
from steward.store import Store, Transaction
from steward.store.desired.desired import DesiredItem

if TYPE_CHECKING:
    from steward.client.rest.rest import Rest

log = structlog.get_logger(__name__)

Hear = Callable[[Payload], Awaitable[None]]


class NativeAbsences:
    """Takes over what Discord's events are now, where that is not known to be so."""

    def __init__(self, rest: Rest, store: Store, answering: RsvpService, *, changed: Hear, deleted: Hear) -> None:
        self._rest = rest
        self._store = store
        self._answering = answering
        self._changed = changed
        self._deleted = deleted
        self._isolation = Isolation("compare Discord's events", of="occurrence")

    async def look(self, guild_id: int) -> None:
        """
        Compare all of a guild: one call, one for each event that has ended, one for each hundred who are interested.

        Raises:
            Refused, Gone, TryLater: Discord does not say.

        """
        natives = await self._store.read(partial(mirrors.natives, guild_id=guild_id))
        if not natives:
            return
        listed = {snowflake(data["id"]): data for data in await self._rest.scheduled_events.open(guild_id)}
        not_ready: NotReady | None = None
        for id_, native in natives.items():
            with self._isolation.item(native.number):
                try:
                    await self._compare(id_, native, listed.get(id_))
                except (Gone, Refused) as error:
                    log.info("native_event_not_compared", occurrence=native.number, reason=str(error))
                except NotReady as error:  # one that cannot be read now holds up no other
                    not_ready = error
        if not_ready is not None:
            raise not_ready

    async def _compare(self, id_: int, native: DesiredItem, listed: Payload | None) -> None:
        data = listed or await self._ended(id_, native.guild_id)
        if data is None:
            await self._deleted({"id": id_})
            return
        status = count(data["status"])
        # While Discord is yet to be told of a change, what it shows is old, not somebody's wish.
        if status == CANCELED or await self._store.read(partial(mirrors.in_step, native=native)):
            await self._changed(data)
        if status in {SCHEDULED, ACTIVE}:
            await self._compare_interest(id_, native, count(data.get("user_count") or 0))

    async def _ended(self, id_: int, guild_id: int) -> Payload | None:
        """Read an event that is not open any more; None where it was deleted."""
        try:
            return await self._rest.scheduled_events.read(guild_id, id_)
        except Gone:
            return None

    async def _compare_interest(self, id_: int, native: DesiredItem, interested: int) -> None:
        by = await self._store.read(partial(givers, occurrence_id=native.number))
        lost = {user_id for user_id, giver in by.items() if giver == NATIVE}
        if not interested and not lost:
            return
        async for page in self._rest.scheduled_events.interested(native.guild_id, id_):
            lost.difference_update(snowflake(one["user"]["id"]) for one in page)
            new = [
                member_of(one["user"], one["member"])
                for one in page
                if "member" in one and snowflake(one["user"]["id"]) not in by
            ]
            for member, option in await self._store.read(partial(_accepted, native=native, members=new)):
                with suppress(BadEvent):  # what has changed since, the gateway tells
                    await self._answering.answer(native.number, member, option, by=NATIVE)
        for user_id in lost:
            await self._answering.take_out(native.number, user_id, given_by=NATIVE)


def member_of(user: Payload, member: Payload) -> Respondent:
    """Return who answers, as Discord shows them in their guild."""
    name = text(member.get("nick")) if member.get("nick") else user_name(user)
    return Respondent(snowflake(user["id"]), name, frozenset(map(snowflake, member["roles"])))


def _accepted(tx: Transaction, native: DesiredItem, members: list[Respondent]) -> list[tuple[Respondent, str]]:
    """Return those whose answer would be taken, and which that is."""
    try:
        event = occurrence(tx, native.number)
    except BadEvent:
        return []
    accepted = []
    for member in members:
        with suppress(BadEvent):
            may_answer(tx, event, member)
            accepted.append((member, event.details.coming[0]))
    return accepted
