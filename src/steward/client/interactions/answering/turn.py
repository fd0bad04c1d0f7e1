"""One interaction, from its arrival to its answer: deferred in time, and never left without a word."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord

from steward.client.components.reply import Reply
from steward.client.interactions.answering.answer import Answer, TooLateToOpen
from steward.client.interactions.answering.failures import INTERRUPTED, error_id, told_of, unforeseen
from steward.client.interactions.answering.load import Before, Lanes, Load
from steward.client.interactions.answering.token import Expired
from steward.client.rest.errors import Refused
from steward.errors import StewardError
from steward.runtime.logs.loggers import get_logger

if TYPE_CHECKING:  # in a bot without Steward's own libraries it can't be imported
    from steward.client.rest.token_requests import TokenRequests

log = get_logger(__name__)

DEFER_AFTER = 1.5  # Discord waits 3 s; the other half is for the way there and for a busy loop
LAST_WORDS_WITHIN = 1.0
LATE = "late"
"""The lane of those that wait for long and are acknowledged meanwhile: thousands that come after them go not before."""
WAY_BACK = "steward.way_back"
"""Names components in `Interaction.extras` that are shown below the sentence of an error."""

Late = Callable[[Reply, bool], Awaitable[None]]
Work = Coroutine[Any, Any, Reply | None]


class Turn:
    """
    Runs a handler and answers with what it returns.

    Args:
        work: the handler, called but not awaited.
        lane: with whom it takes turns.
        opens_form: as it was declared: its first answer may be a form, so it is never acknowledged before.
        late: given a reply that comes after Discord's 15 minutes, and whether it is for the member alone; None: it is
            lost.

    """

    def __init__(
        self,
        interaction: discord.Interaction,
        work: Work,
        load: Load,
        lane: Hashable,
        *,
        private: bool,
        opens_form: bool = False,
        late: Late | None = None,
        requests: TokenRequests | None = None,
    ) -> None:
        self.opens_form = opens_form
        self._load = load
        self._lane = lane
        self._late = late
        self._interaction = interaction
        self._work = work
        self._answer = Answer(interaction, private=private, requests=requests)
        self._timer: asyncio.TimerHandle | None = None
        self._acknowledging: asyncio.Task[None] | None = None
        self._told: Reply | None = None

    async def run(self) -> None:
        """Bring it to its end. It raises nothing; cancelled, it ends the handler and tells the member."""
        await self._to_its_end(self._run())

    async def run_when_called(self, before: Before) -> None:
        """Do as `run` when it is its turn."""
        await self._to_its_end(self._run_when_called(before))

    async def run_acknowledged(self, until: float, before: Before) -> None:
        """
        Acknowledge it when it is its turn, then do as `run`, when it is its turn again.

        Args:
            until: when it is too old to be acknowledged, in monotonic seconds; then it is dropped, undone.
            before: what must be done before; it may be acknowledged earlier.

        """
        await self._to_its_end(self._run_acknowledged(until, before))

    async def run_later(self) -> None:
        """Do what the reply has left for later, if anything; to be called when its turn is over. It raises nothing."""
        told, self._told = self._told, None
        if told is None or told.later is None:
            return
        try:
            reply = await told.later()
            if reply is not None:
                await self._answer.send(reply)
        except StewardError as error:
            log.warning("interaction_not_completed", reason=str(error))
        except Exception as error:
            log.error("interaction_failed", error_id=error_id(self._interaction.id), exc_info=error)

    async def _run(self) -> None:
        self._acknowledge_in_time()
        reply = await self._outcome()
        if self._timer is not None:
            self._timer.cancel()
        if self._acknowledging is not None:
            await self._acknowledging
        await self._tell(reply)

    async def _run_when_called(self, before: Before) -> None:
        self._acknowledge_in_time()
        await self._called(self._load.answering, before)

    async def _run_acknowledged(self, until: float, before: Before) -> None:
        async with self._load.admitting.turn(self._lane):
            if await self._acknowledged(until):
                await self._called(self._load.working, before)
            else:
                self._load.dropped += 1
                self._work.close()

    async def _acknowledged(self, until: float) -> bool:
        """Acknowledge it when it is its turn; False if it is too old."""
        async with self._load.acknowledging.turn(self._lane):
            if self._load.is_too_old(until):
                return False
            with self._load.acknowledged():
                return await self._acknowledge()

    async def _called(self, lanes: Lanes, before: Before) -> None:
        """Run it when those of one's own that came earlier are done, and it is its turn."""
        if before is not None:
            await asyncio.wait((before,))
        async with lanes.turn(self._lane):
            await self._run()

    def _acknowledge_in_time(self) -> None:
        """Have it acknowledged if it takes long from now, unless it is; a task is begun for it only then."""
        if self._timer is None and not self._answer.is_begun:
            self._timer = asyncio.get_running_loop().call_later(DEFER_AFTER, self._begin_to_acknowledge)

    def _begin_to_acknowledge(self) -> None:
        self._acknowledging = asyncio.create_task(self._acknowledge_late())

    async def _acknowledge_late(self) -> None:
        async with self._load.acknowledging.turn(LATE):
            if not await self._acknowledge():
                log.warning("interaction_not_deferred", reason="Discord takes no answer any more.")

    async def _to_its_end(self, running: Coroutine[Any, Any, None]) -> None:
        try:
            await running
        except asyncio.CancelledError:
            self._work.close()
            if self._acknowledging is not None:
                self._acknowledging.cancel()
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_WORDS_WITHIN):
                    await self._tell(Reply.say(INTERRUPTED, private=True))
            raise
        finally:
            if self._timer is not None:
                self._timer.cancel()

    @property
    def was_taken(self) -> bool:
        """Whether somebody else answered first."""
        return self._answer.was_taken

    async def _acknowledge(self) -> bool:
        """Return whether the member may still be answered, as far as is known."""
        try:
            await self._answer.defer()
        except Expired:
            return False
        except StewardError as error:  # the handler goes on: its work may matter more than its words
            log.warning("interaction_not_deferred", reason=str(error))
        return True

    async def _outcome(self) -> Reply | None:
        try:
            return await self._work
        except Exception as error:  # noqa: BLE001 - the boundary of handlers: whatever they raise becomes a sentence
            told = told_of(self._interaction, error)
            components = self._interaction.extras.get(WAY_BACK)
            return replace(told, message=told.message | {"components": components}) if components else told

    async def _tell(self, reply: Reply | None) -> None:
        try:
            await (self._answer.leave() if reply is None else self._send_in_time_or_late(reply))
        except StewardError as error:
            log.warning("interaction_unanswered", reason=str(error))
        else:
            self._told = reply

    async def _send_in_time_or_late(self, reply: Reply) -> None:
        try:
            await self._send(reply)
        except Expired:
            if self._late is None or not self._answer.is_begun or reply.update or reply.modal is not None:
                raise
            await self._late(reply, self._answer.is_private(reply))

    async def _send(self, reply: Reply) -> None:
        try:
            await self._answer.send(reply)
        except TooLateToOpen as error:
            await self._answer.send(Reply.say(str(error), private=True))
        except Refused as error:  # Discord does not take what the handler made
            log.error("interaction_failed", error_id=error_id(self._interaction.id), exc_info=error)
            await self._answer.send(unforeseen(error_id(self._interaction.id)))
