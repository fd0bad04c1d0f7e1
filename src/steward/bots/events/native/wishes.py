"""What people do with Discord's own event, taken over into the occurrence that it shows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from steward.bots.events.editing.service import EventService
from steward.bots.events.model.details import BadEvent, Details
from steward.bots.events.model.occurrences import DisplayKind, Occurrence, State, occurrence, set_details
from steward.bots.events.native import mirrors
from steward.bots.events.native.absences import NativeAbsences, member_of
from steward.bots.events.native.events import NativeEvents
from steward.bots.events.native.guild_queues import GuildQueues, Work
from steward.bots.events.native.payload import ACTIVE, CANCELED, SCHEDULED, NativeFacts, facts_of, facts_told
from steward.bots.events.rsvp.answers import NATIVE, giver_of
from steward.bots.events.rsvp.service import RsvpService
from steward.client.payloads import Payload, count, snowflake
from steward.client.rest.errors import Gone, Refused
from steward.guilds.owned import OwnedGateway
from steward.runtime.wall_time import wall_of
from steward.store import Store, Transaction
from steward.store.desired import desired

if TYPE_CHECKING:
    from steward.client.rest.rest import Rest

log = structlog.get_logger(__name__)

Hear = Callable[[Payload, int], Awaitable[None]]

ALL_GUILDS = 0
"""The queue of what is about no guild in particular."""
A_MINUTE = timedelta(minutes=1)


class NativeWishes:
    """
    Takes over what people do with Discord's events: move, rename or cancel one, be interested or not.

    At each new session Discord's events are read, too: what was done while no session was there, and what an earlier
    process had not got round to. discord.py drops the interest of members it does not know, so raw events are read.
    """

    def __init__(
        self,
        rest: Rest,
        gateway: OwnedGateway,
        store: Store,
        answering: RsvpService,
        organising: EventService,
        native: NativeEvents,
    ) -> None:
        self._rest = rest
        self._store = store
        self._answering = answering
        self._organising = organising
        self._native = native
        self._absences = NativeAbsences(
            rest,
            store,
            answering,
            changed=partial(self._hear, self._changed),
            deleted=partial(self._hear, self._deleted),
        )
        self._queues = GuildQueues(self._look)
        self.run = self._queues.run
        for event, hear, key in (
            ("GUILD_SCHEDULED_EVENT_UPDATE", self._updated, _of_event),
            ("GUILD_SCHEDULED_EVENT_DELETE", self._deleted, _of_event),
            ("GUILD_SCHEDULED_EVENT_USER_ADD", self._interested, _of_user),
            ("GUILD_SCHEDULED_EVENT_USER_REMOVE", self._uninterested, _of_user),
        ):
            gateway.on_gateway(event, partial(self._told, hear, key))
        gateway.on_gateway("READY", self._new_session)

    @property
    def problems(self) -> list[str]:
        """What stands in the way, a sentence."""
        failures = self._queues.failures
        if not failures:
            return []
        servers = "one server" if len(failures) == 1 else f"{len(failures):,} servers"
        last = next(reversed(failures.values()))
        return [f"Changes and interest in Discord's own events of {servers} are late: {last} I keep trying."]

    def _told(self, hear: Hear, key: Callable[[Payload], Hashable], data: Payload) -> None:
        self._queues.put(
            snowflake(data["guild_id"]), key(data), partial(_unless_refused, partial(self._hear, hear, data))
        )

    def _new_session(self, _: Payload) -> None:
        self._queues.put(ALL_GUILDS, "look around", partial(_unless_refused, self._look_around))

    async def _look_around(self) -> None:
        for guild_id in await self._store.read(mirrors.guilds_with_natives):
            self._queues.reread(guild_id)

    async def _look(self, guild_id: int) -> None:
        await _unless_refused(partial(self._absences.look, guild_id))

    async def _hear(self, hear: Hear, data: Payload) -> None:
        native_id = snowflake(data.get("guild_scheduled_event_id") or data["id"])
        occurrence_id = await self._store.read(partial(desired.number_of, kind=DisplayKind.NATIVE, ref=native_id))
        if occurrence_id is None:
            return
        try:
            await hear(data, occurrence_id)
        except BadEvent as error:
            log.info("native_event_wish_refused", occurrence=occurrence_id, reason=str(error))
            await self._store.write(partial(_again, occurrence_id=occurrence_id))

    async def _updated(self, data: Payload, occurrence_id: int) -> None:
        status, told = count(data["status"]), facts_told(data)
        if status in {SCHEDULED, ACTIVE} and self._native.sent_by_us(snowflake(data["id"]), told):
            return
        if status == ACTIVE and not await self._store.read(partial(mirrors.has_followed, occurrence_id=occurrence_id)):
            return  # it began by itself, and Discord is yet to be told of a change
        await self._changed(data, occurrence_id)

    async def _changed(self, data: Payload, occurrence_id: int) -> None:
        event = await self._store.read(partial(occurrence, occurrence_id=occurrence_id))
        if event.state is not State.POSTED:
            return
        status = count(data["status"])
        if status == CANCELED:
            await self._organising.cancel(occurrence_id)
        elif status == SCHEDULED:
            await self._take_over(event, facts_told(data))
        elif status == ACTIVE:  # whenever it was begun, the occurrence keeps its own start
            await self._take_over(event, facts_told(data)._replace(starts_at=event.starts_at))

    async def _take_over(self, event: Occurrence, told: NativeFacts) -> None:
        ours = facts_of(event)
        minutes = event.details.minutes
        if told.ends_at is not None:
            minutes = max(1, round((told.ends_at - told.starts_at) / A_MINUTE))
        if (told.title, told.description, minutes) != (ours.title, ours.description, event.details.minutes):

            def change(details: Details) -> Details:
                title = details.title if told.title == ours.title else told.title  # which may have markdown
                return replace(details, title=title, description=told.description, minutes=minutes)

            await self._organising.edit(event.id, change, what="see the post")
        if told.starts_at != ours.starts_at:
            await self._organising.move(event.id, wall_of(told.starts_at, event.zone))

    async def _deleted(self, data: Payload, occurrence_id: int) -> None:
        await self._store.write(partial(_without_native, native_id=snowflake(data["id"]), occurrence_id=occurrence_id))

    async def _interested(self, data: Payload, occurrence_id: int) -> None:
        event = await self._store.read(partial(occurrence, occurrence_id=occurrence_id))
        user_id = snowflake(data["user_id"])
        giver = await self._store.read(partial(giver_of, occurrence_id=occurrence_id, user_id=user_id))
        if giver is not None:
            return  # an RSVP on the post wins over “Interested”
        member = await self._rest.member(event.guild_id, user_id)
        await self._answering.answer(
            occurrence_id, member_of(member["user"], member), event.details.coming[0], by=NATIVE
        )

    async def _uninterested(self, data: Payload, occurrence_id: int) -> None:
        await self._answering.take_out(occurrence_id, snowflake(data["user_id"]), given_by=NATIVE)


def _of_event(data: Payload) -> Hashable:
    """Tell events apart, and that one was cancelled from what came before and after: it may have been deleted then."""
    return snowflake(data["id"]), data.get("status") == CANCELED


def _of_user(data: Payload) -> Hashable:
    return snowflake(data["guild_scheduled_event_id"]), snowflake(data["user_id"])


async def _unless_refused(work: Work) -> None:
    """Do what is wished; what cannot be done is logged, and everything else is the queue's."""
    try:
        await work()
    except (BadEvent, Gone, Refused) as error:
        log.info("native_event_wish_refused", reason=str(error))


def _again(tx: Transaction, occurrence_id: int) -> None:
    """Have Discord's event brought back to what holds."""
    mirrors.follow(tx, occurrence(tx, occurrence_id))


def _without_native(tx: Transaction, native_id: int, occurrence_id: int) -> None:
    """Do without Discord's event from now on, as somebody wishes who has deleted it."""
    mirrors.forget(tx, native_id)
    event = occurrence(tx, occurrence_id)
    if event.state is State.POSTED and event.details.native:
        set_details(tx, occurrence_id, replace(event.details, native=False))
