"""What members answer: one transaction each, with everything that follows from it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from weakref import WeakValueDictionary

from steward.bots.events.model.occurrences import DisplayKind, Occurrence, occurrence
from steward.bots.events.roles import roles
from steward.bots.events.rsvp import answers
from steward.bots.events.rsvp.answers import Respondent, RsvpOutcome
from steward.bots.events.rsvp.lineup import NamesPage, page_of
from steward.bots.events.rsvp.notices import tell_moved_up
from steward.store import Store, Transaction
from steward.store.desired import desired


class RsvpService:
    """
    Takes answers to events, those to one event in the order in which they come.

    Args:
        before: awaited with an occurrence before somebody may move up there.

    """

    def __init__(self, store: Store, before: Callable[[int], Awaitable[None]] | None = None) -> None:
        self._store = store
        self._before = before
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def answer(
        self, occurrence_id: int, member: Respondent, option: str, *, by: int | None = None, guild_id: int | None = None
    ) -> RsvpOutcome:
        """Give a member's answer, as `answers.answer` does; who moves up by it is told."""
        return await self._settled(
            occurrence_id,
            partial(
                answers.answer, occurrence_id=occurrence_id, member=member, option=option, by=by, guild_id=guild_id
            ),
        )

    async def take_out(self, occurrence_id: int, user_id: int, *, given_by: int | None = None) -> RsvpOutcome:
        """Take a member's answer back, as `answers.take_out` does; who moves up by it is told."""
        return await self._settled(
            occurrence_id, partial(answers.take_out, occurrence_id=occurrence_id, user_id=user_id, given_by=given_by)
        )

    async def withdraw(self, occurrence_id: int, user_id: int, *, guild_id: int) -> RsvpOutcome:
        """Take a member's answer back, as `answers.withdraw` does; who moves up by it is told."""
        return await self._settled(
            occurrence_id, partial(answers.withdraw, occurrence_id=occurrence_id, user_id=user_id, guild_id=guild_id)
        )

    async def note(self, occurrence_id: int, user_id: int, note: str, *, guild_id: int | None = None) -> None:
        """Put a few words beside a member's answer, as `answers.set_note` does."""
        await self._store.write(
            partial(answers.set_note, occurrence_id=occurrence_id, user_id=user_id, note=note, guild_id=guild_id)
        )

    async def seen(
        self, occurrence_id: int, page: int = 0, *, guild_id: int | None = None
    ) -> tuple[Occurrence, NamesPage]:
        """
        Return an occurrence and a page of its answers, from 0; one that is not there gives the last.

        Raises `BadEvent` if there is none of that id in the guild (None: in any).
        """

        def work(tx: Transaction) -> tuple[Occurrence, NamesPage]:
            event = occurrence(tx, occurrence_id, guild_id)
            return event, page_of(tx, event, page)

        return await self._store.read(work)

    async def noted(self, occurrence_id: int, user_id: int, *, guild_id: int) -> tuple[Occurrence, str]:
        """
        Return an occurrence and the words beside a member's answer.

        Raises `BadEvent` if there is none of that id in the guild, or the member has not answered.
        """

        def work(tx: Transaction) -> tuple[Occurrence, str]:
            event, note = occurrence(tx, occurrence_id, guild_id), answers.note_of(tx, occurrence_id, user_id)
            if note is None:
                raise answers.NO_ANSWER
            return event, note

        return await self._store.read(work)

    async def refresh(self, occurrence_id: int) -> None:
        """Have a post brought to what it should show, whatever it shows now."""
        await self._store.write(partial(desired.mark, kind=DisplayKind.POST, number=occurrence_id))

    async def _settled(self, occurrence_id: int, work: Callable[[Transaction], RsvpOutcome]) -> RsvpOutcome:
        if self._before is not None:
            async with self._turns.setdefault(occurrence_id, asyncio.Lock()):  # one may wait for Discord, the next not
                await self._before(occurrence_id)

        def whole(tx: Transaction) -> RsvpOutcome:
            outcome = work(tx)
            tell_moved_up(tx, outcome.occurrence, outcome.moved_up)
            if outcome.changed:
                concerned = [place.user_id for place in (outcome.before, outcome.now, *outcome.moved_up) if place]
                roles.follow(tx, outcome.occurrence, concerned)
            return outcome

        return await self._store.write(whole)
