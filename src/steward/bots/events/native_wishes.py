"""What people do with Discord's own event, taken over into the occurrence that it shows."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from steward.bots.events import mirrors
from steward.bots.events.answering import Answering
from steward.bots.events.answers import NATIVE, answer_of
from steward.bots.events.details import BadEvent, Details
from steward.bots.events.native import NativeEvents
from steward.bots.events.native_absences import NativeAbsences, member_of
from steward.bots.events.native_payload import ACTIVE, CANCELED, SCHEDULED, Facts, facts_of, facts_told
from steward.bots.events.occurrences import Occurrence, State, occurrence, set_details
from steward.bots.events.organising import Organising
from steward.client.errors import Gone, Refused
from steward.client.lean import Interruption, LeanClient
from steward.errors import NeedsOperator, NotReady
from steward.runtime.backoff import full_jitter
from steward.store import Store, Transaction

log = structlog.get_logger(__name__)

Payload = dict[str, Any]
Hear = Callable[[Payload, int], Awaitable[None]]

MOST_WAITING = 10_000
A_MINUTE = timedelta(minutes=1)


class NativeWishes:
    """
    Hears what people do with Discord's events: move, rename or call one off, be interested or not.

    What nobody has told of, since no session was there, is looked for once one is. discord.py keeps quiet about the
    interest of members it does not know, so the raw events are read.

    Args:
        client: where they come from.
        store: knows which occurrence is meant.
        answering: takes what interest is shown as answers.
        organising: does what is wished.
        native: knows what was Steward's own doing.

    """

    def __init__(
        self, client: LeanClient, store: Store, answering: Answering, organising: Organising, native: NativeEvents
    ) -> None:
        self._rest = client.rest
        self._store = store
        self._answering = answering
        self._organising = organising
        self._native = native
        self._absences = NativeAbsences(
            client.rest,
            store,
            answering,
            changed=partial(self._heard, self._changed),
            deleted=partial(self._heard, self._deleted),
        )
        self._waiting: deque[Callable[[], Awaitable[None]]] = deque(maxlen=MOST_WAITING)
        self._wake = asyncio.Event()
        for event, hear in (
            ("GUILD_SCHEDULED_EVENT_UPDATE", self._updated),
            ("GUILD_SCHEDULED_EVENT_DELETE", self._deleted),
            ("GUILD_SCHEDULED_EVENT_USER_ADD", self._interested),
            ("GUILD_SCHEDULED_EVENT_USER_REMOVE", self._uninterested),
        ):
            client.on_gateway(event, partial(self._told, hear))
        client.on_interruption(self._interrupted)

    def _put(self, work: Callable[[], Awaitable[None]]) -> None:
        self._waiting.append(work)
        self._wake.set()

    def _told(self, hear: Hear, data: Payload) -> None:
        self._put(partial(self._heard, hear, data))

    def _interrupted(self, _: Interruption) -> None:
        if self._absent not in self._waiting:
            self._put(self._absent)

    async def run(self) -> None:
        """Do what is wished, one after the other, for ever."""
        while True:
            while self._waiting:
                await self._waiting.popleft()()  # first out, then done: what is put meanwhile may push out the oldest
            self._wake.clear()
            await self._wake.wait()

    async def _absent(self) -> None:
        """Find out what nobody has told: a guild at a time, in its turn with what is told now."""
        await self._patiently(self._look_around)

    async def _look_around(self) -> None:
        for guild_id in await self._store.read(mirrors.guilds_with_natives):
            self._put(partial(self._patiently, partial(self._absences.look, guild_id)))

    async def _heard(self, hear: Hear, data: Payload) -> None:
        await self._patiently(partial(self._hear, hear, data))

    async def _patiently(self, work: Callable[[], Awaitable[None]]) -> None:
        failures = 0
        while True:
            try:
                await work()
            except NotReady as error:  # neither Discord nor the database may be there for a while
                failures += 1
                log.warning("native_event_delayed", reason=str(error))
                await asyncio.sleep(full_jitter(failures, cap=60.0))
            except (BadEvent, Gone, Refused) as error:
                log.info("native_event_wish_refused", reason=str(error))
                return
            except NeedsOperator:
                raise
            except Exception as error:  # the boundary of wishes: a fault is its own wish's only
                log.error("native_event_passed_over", exc_info=error)
                return
            else:
                return

    async def _hear(self, hear: Hear, data: Payload) -> None:
        native_id = int(data.get("guild_scheduled_event_id") or data["id"])
        occurrence_id = await self._store.read(partial(mirrors.occurrence_shown_by, native_id=native_id))
        if occurrence_id is None:
            return
        try:
            await hear(data, occurrence_id)
        except BadEvent as error:
            log.info("native_event_wish_refused", occurrence=occurrence_id, reason=str(error))
            await self._store.write(partial(_again, occurrence_id=occurrence_id))

    async def _updated(self, data: Payload, occurrence_id: int) -> None:
        status, told = int(data["status"]), facts_told(data)
        if status in {SCHEDULED, ACTIVE} and self._native.sent_by_us(int(data["id"]), told):
            return
        if status == ACTIVE and not await self._store.read(partial(mirrors.has_followed, occurrence_id=occurrence_id)):
            return  # it began by itself, and Discord is yet to be told of a change
        await self._changed(data, occurrence_id)

    async def _changed(self, data: Payload, occurrence_id: int) -> None:
        event = await self._store.read(partial(occurrence, occurrence_id=occurrence_id))
        if event.state is not State.POSTED:
            return
        if int(data["status"]) == CANCELED:
            await self._organising.cancel(occurrence_id)
        elif int(data["status"]) == SCHEDULED:
            await self._take_over(event, facts_told(data))
        elif int(data["status"]) == ACTIVE:  # whenever it was begun, the occurrence keeps its own start
            await self._take_over(event, facts_told(data)._replace(starts_at=event.starts_at))

    async def _take_over(self, event: Occurrence, told: Facts) -> None:
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
            await self._organising.move(event.id, told.starts_at.astimezone(event.zone).replace(tzinfo=None))

    async def _deleted(self, data: Payload, occurrence_id: int) -> None:
        await self._store.write(partial(_without_native, native_id=int(data["id"]), occurrence_id=occurrence_id))

    async def _interested(self, data: Payload, occurrence_id: int) -> None:
        event = await self._store.read(partial(occurrence, occurrence_id=occurrence_id))
        user_id = int(data["user_id"])
        given = await self._store.read(partial(answer_of, occurrence_id=occurrence_id, user_id=user_id))
        comes = next(option.key for option in event.details.options if option.comes)
        if given is not None:
            return  # what was said at the post is more than a bell
        found = await self._rest.member(event.guild_id, user_id)
        await self._answering.answer(occurrence_id, member_of(found["user"], found), comes, by=NATIVE)

    async def _uninterested(self, data: Payload, occurrence_id: int) -> None:
        await self._answering.take_out(occurrence_id, int(data["user_id"]), given_by=NATIVE)


def _again(tx: Transaction, occurrence_id: int) -> None:
    """Have Discord's event brought back to what holds."""
    mirrors.follow(tx, occurrence(tx, occurrence_id))


def _without_native(tx: Transaction, native_id: int, occurrence_id: int) -> None:
    """Do without Discord's event from now on, as somebody wishes who has deleted it."""
    mirrors.forget(tx, native_id)
    event = occurrence(tx, occurrence_id)
    if event.state is State.POSTED and event.details.native:
        set_details(tx, occurrence_id, replace(event.details, native=False))
