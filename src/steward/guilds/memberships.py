"""
Hears of memberships that end, finds those that ended unheard, and ends what hangs on them: a bot says what.

The bot keeps no members and may not be told of them. So it learns who is gone in three ways:

- Discord tells: GUILD_MEMBER_REMOVE with the Server Members intent; GUILD_BAN_ADD and the kicks of the audit log
  without it. What happened between two processes is told by the old session.
- When a guild comes into sight anew (a new session, an outage that has ended), Discord is asked for the members on
  whom anything hangs: one gateway message for a hundred. Without the intent that is done every hour, too.
- Before something that goes by who is there, such as a waitlist that moves up, Discord is asked for those concerned
  where it doesn't tell of leaves or the guild hasn't been looked through yet. An answer holds for a minute. If none
  comes in four seconds, nobody waits for it.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from array import array
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import structlog

from steward.client.payloads import Payload, records, snowflake
from steward.client.rest.audit_log import AuditAction
from steward.errors import NeedsOperator, NotReady, StewardError
from steward.guilds.host import Host
from steward.runtime.backoff import full_jitter
from steward.runtime.bounded_dict import BoundedDict
from steward.runtime.clock import Clock
from steward.runtime.lanes import WorkLanes
from steward.runtime.waiting import wait_within
from steward.store import Transaction

if TYPE_CHECKING:
    from steward.client.members.absent_members import AbsentMembers

log = structlog.get_logger(__name__)

RETRY_AFTER = 600.0  # seconds
LOOK_EVERY = 3600.0
GATHER = 2.0  # seconds: many who are thrown out at once leave at once, and none of them moves up meanwhile
SPACING = 1.0  # between two questions: the gateway takes 120 messages a minute, and others send some, too
UNTOLD_EVERY = 3600.0
HOLDS = 60.0
SETTLED_WITHIN = 4.0
CONNECTED_WITHIN = 30.0
MAX_ASKED = 1000
A_BATCH = 100  # what one question to Discord may name
MAX_REMEMBERED = 1000

Concerned = Callable[[Transaction, int, int], tuple[int, list[int]]]
"""Reads the guild of something, and so many at the most of the users whom it is about."""


class PendingGuilds:
    """
    Does something for guilds, ten at once; where it fails it is done again after ten minutes.

    Args:
        work: what is done, as the log names it.
        failed: begins the sentence about a guild for which it fails.

    Attributes:
        problems: what stands in the way, a sentence each, by guild.

    """

    def __init__(self, work: str, do: Callable[[int], Awaitable[None]], clock: Clock, *, failed: str) -> None:
        self._work = work
        self._do = do
        self._failed = failed
        self._lanes = WorkLanes(work, self._look, self._serve, clock, look_every=LOOK_EVERY)
        self._waiting: dict[int, None] = {}
        self._resting: set[int] = set()
        self._wake = asyncio.Event()
        self.problems: dict[int, str] = {}

    def put(self, guild_id: int) -> None:
        """Have it done for a guild, once more where it is being done."""
        self._waiting[guild_id] = None
        self._wake.set()

    async def run(self) -> None:
        """Do it, until cancelled."""
        await self._lanes.run(self._wake)

    async def _look(self) -> tuple[Iterable[int], None]:
        return [guild_id for guild_id in self._waiting if guild_id not in self._resting], None

    async def _serve(self, guild_id: int) -> None:
        del self._waiting[guild_id]
        try:
            await self._do(guild_id)
        except (NotReady, NeedsOperator) as error:  # Discord's or the database's own
            log.warning("events_delayed", work=self._work, guild=guild_id, error=str(error))
            rest = full_jitter(3)
        except Exception as error:  # the boundary of guilds: a fault is its own guild's only
            log.error("members_not_followed", work=self._work, guild=guild_id, exc_info=error)
            why = str(error) if isinstance(error, StewardError) else f"{type(error).__name__}, see the log."
            self.problems[guild_id] = f"{self._failed}: {why}"
            rest = RETRY_AFTER
        else:
            self.problems.pop(guild_id, None)
            return
        self._waiting[guild_id] = None
        self._resting.add(guild_id)
        asyncio.get_running_loop().call_later(rest, self._rested, guild_id)

    def _rested(self, guild_id: int) -> None:
        self._resting.discard(guild_id)
        self._wake.set()


class Memberships(ABC):
    """Hears of memberships that end, and ends what hangs on them; a bot says what that is."""

    def __init__(self, host: Host, absent: AbsentMembers) -> None:
        self._client = host.client
        self._absent = absent
        self._store = host.store
        self._clock = clock = host.clock
        self._gone: dict[int, array[int]] = {}  # 8 bytes for each user who left; a set takes ten times as much
        self._unseen: set[int] | None = None  # guilds yet to be looked through; None: not known which there are
        self._asked = BoundedDict[tuple[Concerned, int], tuple[int, float]](MAX_REMEMBERED)  # of which guild, when
        self._began = clock.monotonic()
        self._turn, self._ending = asyncio.Lock(), asyncio.Lock()
        self._ends = PendingGuilds("end memberships", self._end, clock, failed="Members who left can't be taken out")
        self._looks = PendingGuilds("look for who has left", self._look, clock, failed="Who has left can't be found")
        for event, sink in (
            ("READY", self._ready),
            ("GUILD_CREATE", self._came),
            ("GUILD_DELETE", self._went),
            ("GUILD_MEMBER_REMOVE", self._left),
            ("GUILD_BAN_ADD", self._left),
            ("GUILD_AUDIT_LOG_ENTRY_CREATE", self._audited),
        ):
            host.gateway.on_gateway(event, sink)

    @property
    def problems(self) -> list[str]:
        """What stands in the way, a sentence each."""
        return [*self._ends.problems.values(), *self._looks.problems.values()]

    async def run(self) -> None:
        """End what hangs on memberships that end, for ever."""
        async with asyncio.TaskGroup() as running:
            running.create_task(self._ends.run(), name="end memberships")
            running.create_task(self._looks.run(), name="look for members who left")
            running.create_task(self._look_hourly(), name="look where nobody tells of leaves")

    @abstractmethod
    def hanging(self, tx: Transaction, guild_id: int, among: Sequence[int] | None = None) -> list[int]:
        """Return the users of whom anything hangs on their membership of a guild, or those among some."""

    @abstractmethod
    def guilds(self, tx: Transaction) -> list[int]:
        """Return the guilds in which anything hangs on anybody's membership."""

    @abstractmethod
    async def end(self, guild_id: int, batches: Sequence[Sequence[int]]) -> None:
        """End what hangs on these memberships of a guild."""

    async def connected(self) -> None:
        """Wait for Discord after a start, for as long as that may take."""
        left = self._began + CONNECTED_WITHIN - self._clock.monotonic()
        await wait_within(self._client.health.first_connection, max(0.0, left))

    async def settle(self, concerned: Concerned, number: int) -> None:
        """Have those who are gone out before something that goes by who is there."""
        if self._client.single_events and not self._gone and self._unseen is not None and not self._unseen:
            return
        try:
            async with asyncio.timeout(SETTLED_WITHIN):
                guild_id, asked_at = self._asked.get((concerned, number), (0, -HOLDS))
                if self._clock.monotonic() - asked_at >= HOLDS:
                    guild_id = await self._ask(concerned, number)
                if guild_id in self._gone:
                    await self._end(guild_id)
        except Exception as error:  # noqa: BLE001 - the boundary: whoever answers doesn't wait for who is gone
            log.info("members_not_asked", reason=str(error) or type(error).__name__)

    async def _ask(self, concerned: Concerned, number: int) -> int:
        """Ask Discord for those concerned where it isn't known who has left, and return the guild."""
        guild_id, user_ids = await self._store.read(lambda tx: concerned(tx, number, MAX_ASKED))
        if not self._is_known(guild_id):
            self._asked[concerned, number] = guild_id, self._clock.monotonic()
            if user_ids and (absent := await self._absent.among(guild_id, user_ids)):
                self._note(guild_id, absent)
        return guild_id

    def _is_known(self, guild_id: int) -> bool:
        """Return whether all who left a guild have been heard of or found."""
        return self._client.single_events and self._unseen is not None and guild_id not in self._unseen

    def _ready(self, data: Payload) -> None:
        self._unseen = {snowflake(guild["id"]) for guild in records(data["guilds"])}

    def _came(self, data: Payload) -> None:
        if not data.get("unavailable") and not self._client.telling_of_the_past and self._unseen is not None:
            guild_id = snowflake(data["id"])
            self._unseen.add(guild_id)
            self._looks.put(guild_id)

    def _went(self, data: Payload) -> None:
        if self._unseen is not None and not self._client.telling_of_the_past:
            self._unseen.discard(snowflake(data["id"]))

    def _left(self, data: Payload) -> None:
        self._note(snowflake(data["guild_id"]), [snowflake(data["user"]["id"])])

    def _audited(self, data: Payload) -> None:
        if data["action_type"] == AuditAction.KICK:
            self._note(snowflake(data["guild_id"]), [snowflake(data["target_id"])])

    def _note(self, guild_id: int, user_ids: Iterable[int]) -> None:
        """Note that these are gone; what hangs on them ends soon."""
        first = guild_id not in self._gone
        self._gone.setdefault(guild_id, array("Q")).extend(user_ids)
        if first:
            asyncio.get_running_loop().call_later(GATHER, self._ends.put, guild_id)

    async def _end(self, guild_id: int) -> None:
        """End what hangs on the memberships that have ended in a guild."""
        async with self._ending:
            gone = self._gone.get(guild_id, array("Q"))[:]
            await self.end(guild_id, _batches(gone))
            left = self._gone.pop(guild_id, gone)[len(gone) :]
            if left:  # meanwhile
                self._note(guild_id, left)

    async def _look(self, guild_id: int) -> None:
        """Find out who is gone of those on whose membership anything hangs in a guild."""
        user_ids = await self._store.read(partial(self.hanging, guild_id=guild_id))
        if user_ids and self._client.get_guild(guild_id) is not None:
            absent: set[int] = set()
            for batch in _batches(user_ids):
                async with self._turn:  # guilds take turns, so a large one holds up no other
                    absent |= await self._absent.among(guild_id, batch)
                    await asyncio.sleep(SPACING)
            if absent:
                log.info("members_left_unheard", guild=guild_id, count=len(absent))
                self._note(guild_id, absent)
        if self._unseen is not None:
            self._unseen.discard(guild_id)

    async def _look_hourly(self) -> None:
        while True:
            with suppress(NotReady, NeedsOperator):  # the database's own: in an hour, then
                if not self._client.single_events:
                    for guild_id in await self._store.read(self.guilds):
                        self._looks.put(guild_id)
            await asyncio.sleep(UNTOLD_EVERY)


def _batches(user_ids: Sequence[int]) -> list[Sequence[int]]:
    return [user_ids[first : first + A_BATCH] for first in range(0, len(user_ids), A_BATCH)]
