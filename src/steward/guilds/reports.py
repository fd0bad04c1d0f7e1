"""
Reports at times of each guild's own clock: durable jobs, each of which puts a message in the outbox, exactly once.

No report is made for a channel that is gone, as the gateway tells, or as Discord has refused one for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, NamedTuple

import structlog

from steward.client.embeds import Message
from steward.client.payloads import Payload, records, snowflake
from steward.guilds.host import Host
from steward.guilds.settings_book import Section, T
from steward.store import DailyAt, JobOccurrence, OnDates, Transaction, Work
from steward.store.outbox import outbox

log = structlog.get_logger(__name__)

NO_ONE = 0


class Posting(NamedTuple):
    """A message as Discord's API takes it, and the files that go with it."""

    message: Message
    files: Sequence[tuple[str, bytes]] = ()


class Wished(NamedTuple):
    """Which reports a guild wants: where, and by the name of each, when."""

    channel_id: int
    schedules: Mapping[str, DailyAt | OnDates]


@dataclass(frozen=True, slots=True)
class Setter(Generic[T]):
    """
    Has whoever set a report up told of what can't be posted; for a channel that is gone, the wish ends.

    Attributes:
        what: can't be posted: "the attendance report".
        remedy: what they can do then.
        without: returns a guild's settings without the wish.

    """

    what: str
    remedy: str
    without: Callable[[T], T]


class GuildReports(Generic[T]):
    """
    Makes the reports of a bot.

    Args:
        wished: reads of a guild's settings which reports it wants; None for none.
        draw: draws one, of a guild and a name; None where there is nothing to tell.
        gone: says that a channel is gone, and the remedy; `{channel}` stands for it.
        setter: tells whoever set it up; None: the wish stays, and reports are made again once another channel is set.

    Attributes:
        wishes: which reports each guild wants.

    """

    def __init__(
        self,
        host: Host,
        section: Section[T],
        wished: Callable[[T], Wished | None],
        draw: Callable[[int, str, JobOccurrence], Awaitable[Posting | None]],
        *,
        gone: str,
        setter: Setter[T] | None = None,
    ) -> None:
        self._section = section
        self._store = host.store
        self._jobs = host.jobs
        self._wished = wished
        self._draw = draw
        self._said = gone
        self._setter = setter
        self._gone: dict[int, int] = {}
        self.wishes: dict[int, Wished] = {}
        host.gateway.on_gateway("GUILD_CREATE", self._listed)
        host.gateway.on_gateway("CHANNEL_CREATE", self._created)
        host.gateway.on_gateway("CHANNEL_DELETE", lambda data: self.refused(snowflake(data["id"])))

    def configured(self, guild_id: int, settings: T) -> None:
        """Follow a guild's settings: which reports are made, when and where."""
        before, wish = self.wishes.pop(guild_id, None), self._wished(settings)
        for name in before.schedules if before is not None else ():
            self._jobs.unregister(self._job(guild_id, name))
        if wish is None or wish.channel_id != self._gone.get(guild_id):
            self._gone.pop(guild_id, None)
        if wish is None:
            return
        self.wishes[guild_id] = wish
        if guild_id in self._gone and self._setter is None:
            return
        for name, schedule in wish.schedules.items():
            self._jobs.register(self._job(guild_id, name), schedule, partial(self._make, guild_id, name, wish))

    def refused(self, channel_id: int) -> None:
        """Note a channel that a report could not be posted in because it is gone: its end went untold."""
        for guild_id in [guild_id for guild_id, wish in self.wishes.items() if wish.channel_id == channel_id]:
            self._found(guild_id, channel_id)

    @property
    def problems(self) -> Mapping[int, str]:
        """Sentences about channels that are gone, by guild."""
        return {guild_id: self._said.format(channel=f"<#{channel_id}>") for guild_id, channel_id in self._gone.items()}

    def _listed(self, data: Payload) -> None:
        guild_id = snowflake(data["id"])
        wish = self.wishes.get(guild_id)
        if wish is not None and not data.get("unavailable"):
            there = any(snowflake(channel["id"]) == wish.channel_id for channel in records(data["channels"]))
            if there == (guild_id in self._gone):
                self._found(guild_id, None if there else wish.channel_id)

    def _created(self, data: Payload) -> None:
        """Note a channel that was made after the list which lacked it."""
        for guild_id in [guild_id for guild_id, gone in self._gone.items() if gone == snowflake(data["id"])]:
            self._found(guild_id, None)

    def _found(self, guild_id: int, gone: int | None) -> None:
        self._gone.pop(guild_id, None)
        if gone is not None:
            self._gone[guild_id] = gone
        self.configured(guild_id, self._section.of(guild_id))

    async def _make(self, guild_id: int, name: str, wish: Wished, occurrence: JobOccurrence) -> Work[None] | None:
        """Draw a report; the returned work puts it in the outbox."""
        channel_id, setter, notice = wish.channel_id, self._setter, None
        key = f"report:{guild_id}:{occurrence.job}.{occurrence.key}"
        if setter is not None and guild_id in self._gone:
            await self._end(setter, guild_id, channel_id, await self._section.set_by(guild_id, self._channel_of), key)
            return None
        posting = await self._draw(guild_id, name, occurrence)
        if posting is None:
            return None
        # Asked last: whoever is forgotten while a report is drawn isn't told of it.
        by = None if setter is None else await self._section.set_by(guild_id, self._channel_of)
        if setter is not None and by is not None:
            notice = outbox.Notice(by, f"I couldn't post {setter.what} in <#{channel_id}>", setter.remedy)
        message, files = posting

        def work(tx: Transaction) -> None:
            outbox.put(tx, key=key, channel_id=channel_id, payload=message, files=files, if_parked=notice)

        return work

    async def _end(self, setter: Setter[T], guild_id: int, channel_id: int, by: int | None, key: str) -> None:
        """Make no more reports for a channel that is gone; whoever wished for them is told, and may wish anew."""
        if by is not None:
            payload = {"content": self._said.format(channel=f"<#{channel_id}>")}
            await self._store.write(lambda tx: outbox.put_direct(tx, key=key, user_id=by, payload=payload))
        await self._section.change(guild_id, NO_ONE, setter.without)
        self._gone[guild_id] = channel_id
        log.warning("reports_stopped", bot=self._section.name, guild=guild_id, channel=channel_id)

    def _channel_of(self, settings: T) -> int | None:
        wish = self._wished(settings)
        return None if wish is None else wish.channel_id

    def _job(self, guild_id: int, name: str) -> str:
        """Return the job's name in the database."""
        return f"{self._section.name}.{name}.{guild_id}"
