"""
What time it is by Discord's clock, which is gone by instead of the machine's.

A machine's clock may be hours off (a hardware clock in local time, a dead battery, a wrong answer of NTP), and it may
be set while Steward runs. By such a clock events would seem to be old, reminders would go out at the wrong hour, and
what is to be kept would seem to be due for deletion. Discord tells its time with each answer: its `Date` header (RFC
9110, 6.6.1), in whole seconds. Between two answers the monotonic clock counts on, which nobody can set.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from types import SimpleNamespace

import aiohttp
import structlog
from multidict import CIMultiDictProxy

from steward.client.payloads import Payload, first_made, snowflake
from steward.runtime.clock import Clock
from steward.runtime.http_date import read_http_date

log = structlog.get_logger(__name__)

DISAGREES_FROM = 60.0
"""A machine's clock that is so far off, in seconds, is a problem, and nothing is deleted for its age."""
JUMP = 2.0
"""A machine's clock that parts from the monotonic one by more, in seconds, was set, or the machine slept."""
SETTLES_IN = 600.0
"""For so many seconds after the clocks were found to differ nothing is deleted for its age."""
LASTS = 3600.0
"""For so many seconds after an answer Discord's time is known well enough to delete by it."""
GRAIN = 1.0  # a Date is cut to the second
CLOCK_REMEDY = (
    "Switch on time synchronisation (timedatectl set-ntp true), and look at the hardware clock (hwclock --show): it is"
    " to run in UTC."
)


class DiscordClock:
    """
    Tells Discord's time; the machine's until Discord has answered. To be read on the event loop's thread.

    Guarantees: while the machine's clock is right, it is gone by unchanged. After an answer the time is off by no more
    than a second and what the answer took, and further answers make it no less true; setting the machine's clock
    changes nothing about it. An answer that contradicts those before it by a minute is not believed, unless the next
    one does so, too.
    """

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._offset = 0.0  # what is added to the machine's clock, in seconds
        self._apart = machine.now().timestamp() - machine.monotonic()  # the machine's two clocks
        self._in_doubt_from = 0  # this id, and any larger one, would contradict the clock
        self._heard_at: float | None = None
        self._doubted_at: float | None = None
        self._is_known = False
        self._is_contradicted = False

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        now = self._look_for_a_jump()
        return now + timedelta(seconds=self._offset) if self._offset else now

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return self._machine.monotonic()

    @property
    def ahead(self) -> float | None:
        """By how many seconds the machine's clock is ahead of Discord's, less than 0 if behind; None if unknown."""
        self._look_for_a_jump()
        return -self._offset if self._is_known else None

    def is_sure(self) -> bool:
        """
        Tell whether what is old may be deleted: the clocks agree and have done so for a while, and Discord was heard.

        What is deleted by a wrong clock is lost, so even the time that is put right is not enough for it.
        """
        self._look_for_a_jump()
        now, heard, doubted = self.monotonic(), self._heard_at, self._doubted_at
        return (
            self._is_known
            and heard is not None
            and now - heard <= LASTS
            and (doubted is None or now - doubted >= SETTLES_IN)
            and abs(self._offset) < DISAGREES_FROM
        )

    def join(self, trace: aiohttp.TraceConfig) -> None:
        """Learn of the answers that `trace` sees, from when all that were there before have let the request begin."""
        trace.on_request_start.append(self._asks)
        trace.on_request_end.append(self._hears)

    def answered(self, date: str | None, took: float) -> None:
        """
        Take in the `Date` of an answer that has just come.

        Args:
            date: the header; without one, or one that is no date, it says nothing.
            took: seconds from the request to the answer; Discord wrote the date between the two.

        """
        now = self._look_for_a_jump()
        at = read_http_date(date)
        if at is None:
            return
        told, machine = at.timestamp(), now.timestamp()
        least, most = told - machine, told + GRAIN - (machine - took)
        offset = min(max(self._offset, least), most)  # it moves only as far as it must
        if abs(offset - self._offset) >= DISAGREES_FROM:
            self._doubt()
            if self._is_known and not self._is_contradicted:
                self._is_contradicted = True
                return
        if offset < self._offset:
            self._in_doubt_from = 0
        self._offset = offset
        self._heard_at, self._is_known, self._is_contradicted = self.monotonic(), True, False

    def heard(self, date: str | None, took: float) -> None:
        """Take in what `answered` does, unless an answer was taken in within the last second: it says the same."""
        if self._heard_at is None or self.monotonic() - self._heard_at >= GRAIN:
            self.answered(date, took)

    def saw(self, payload: Payload) -> None:
        """
        Look at the id of something that has just happened: Discord's time was that of its making, or later.

        It may be a repetition, and so be older, and it comes without a second witness: so it raises doubt about the
        time, but does not move it.

        Raises:
            Unreadable: it is no id.

        """
        made = snowflake(payload["id"])
        if made < self._in_doubt_from:  # each message comes here, and Discord's time doesn't go back
            return
        self._in_doubt_from = first_made(ceil((self.now().timestamp() + DISAGREES_FROM) * 1000))
        if made >= self._in_doubt_from:
            self._doubt()

    def _doubt(self) -> None:
        self._doubted_at = self.monotonic()

    def _look_for_a_jump(self) -> datetime:
        """
        Count on by the monotonic clock if the machine's was set; after a sleep the next answer puts that right.

        Returns:
            What the machine's clock says.

        """
        now = self._machine.now()
        before, self._apart = self._apart, now.timestamp() - self._machine.monotonic()
        jump = self._apart - before
        if abs(jump) >= JUMP:
            self._offset -= jump
            self._is_known = self._is_contradicted = False
            self._doubt()
            log.warning("machine_clock_jumped", seconds=round(jump, 1))
        return now

    async def _asks(self, _: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        context.asked_at = self.monotonic()

    async def _hears(
        self, _: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestEndParams
    ) -> None:
        headers: CIMultiDictProxy[str] = request.response.headers
        self.answered(headers.get("Date"), self.monotonic() - context.asked_at)
