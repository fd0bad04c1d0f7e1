"""`/poll when`: members say when they could, and the best time becomes an event."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import discord
from discord import app_commands

from steward.bots.events.actions import POLL_CLOSE, POLL_MAKE, POLL_VOTE
from steward.bots.events.answers import Member
from steward.bots.events.details import LONGEST_TITLE, BadEvent, Details
from steward.bots.events.hearing import Hearing
from steward.bots.events.poll import Poll, PollTime
from steward.bots.events.polls import FEWEST_TIMES, MOST_TIMES, add_poll, close_poll, make_event, poll_of, toggle
from steward.bots.events.views.poll import voted
from steward.bots.events.views.post import at
from steward.client.channel_access import ChannelAccess, require_writer
from steward.client.embeds import plain
from steward.client.interactions import Interactions, Reply, Use, answered
from steward.client.interactions.guild_of import guild_of
from steward.client.permissions import POST
from steward.guilds.zones import Zones
from steward.runtime.clock import Clock
from steward.store import Store, instant_of
from steward.text.durations import minutes_of
from steward.text.plurals import counted

OPEN_FOR = timedelta(days=3)
LONGEST_OPEN = timedelta(days=30)
HOUR = 60
SEPARATORS = re.compile(r"[;\n]")
HOW = "Write two to ten times, such as `fri 20:00; sat 18:00; sun 11:00`."

Title = app_commands.Range[str, 1, LONGEST_TITLE]


class PollCommands(app_commands.Group):
    """
    The commands under `/poll`.

    Args:
        store: keeps the polls.
        hearing: understands times.
        access: tests permissions before anything is saved.
        clock: the time.
        zones: of servers and members.
        before_making: awaited with a poll before it becomes an event.

    """

    def __init__(
        self,
        store: Store,
        hearing: Hearing,
        access: ChannelAccess,
        clock: Clock,
        zones: Zones,
        *,
        before_making: Callable[[int], Awaitable[None]],
    ) -> None:
        super().__init__(
            name="poll",
            description="Find a time",
            default_permissions=discord.Permissions(manage_events=True),
        )
        self._store = store
        self._hearing = hearing
        self._access = access
        self._clock = clock
        self._zones = zones
        self._before_making = before_making

    def register(self, interactions: Interactions) -> None:
        """Have the commands and their buttons answered."""
        interactions.add(self)
        interactions.on(POLL_VOTE, self._vote, private=True)
        interactions.on(POLL_CLOSE, self._close, private=True)
        interactions.on(POLL_MAKE, self._make, private=True)

    @app_commands.command(description="Ask when people can make it; the best time becomes an event")
    @app_commands.describe(
        title="Of the event",
        times="Two to ten, with ; between them: fri 20:00; sat 18:00",
        closes="Until when it is open; default: three days, or until the first of the times",
        length="How long the event takes; default: an hour",
    )
    @answered(private=True)
    async def when(
        self,
        interaction: discord.Interaction,
        title: Title,
        times: str,
        closes: str | None = None,
        length: str | None = None,
    ) -> Reply:
        guild_id, user_id = guild_of(interaction), interaction.user.id
        zone = await self._zones.typed_by(guild_id, user_id)
        channel_id = interaction.channel_id or 0
        require_writer(channel_id, interaction.permissions)
        found, notes, worded = await self._times(times, zone, interaction.locale)
        minutes = (worded or HOUR) if length is None else minutes_of(length, "The length")
        details = Details(title, minutes=minutes).checked()
        closes_at = await self._closes_at(closes, zone, interaction.locale, [time.starts_at for time in found])
        await self._access.require(guild_id, channel_id, POST)
        poll = Poll(
            interaction.id,
            guild_id,
            channel_id,
            interaction.user.id,
            zone,
            details.title,
            minutes,
            closes_at,
            found,
        )
        await self._store.write(partial(add_poll, poll=poll))
        said = "\n".join([f"{time.position}. {at(time.starts_at)}" for time in found] + notes)
        said = "\n".join(filter(None, (said, await self._zones.note(guild_id, user_id, zone))))
        return Reply.say(f"The poll for **{plain(details.title)}** is posted here, open until {at(closes_at)}.\n{said}")

    async def _times(
        self, text: str, zone: ZoneInfo, locale: discord.Locale
    ) -> tuple[list[PollTime], list[str], int | None]:
        """Return the times that were written, what was assumed of them, and the length that one of them names."""
        written = [part.strip() for part in SEPARATORS.split(text) if part.strip()]
        if not FEWEST_TIMES <= len(written) <= MOST_TIMES:
            raise BadEvent(
                f"You gave {counted(len(written), 'time')}; a poll has {FEWEST_TIMES} to {MOST_TIMES}.", remedy=HOW
            )
        walls: dict[datetime, datetime] = {}
        notes: list[str] = []
        minutes: int | None = None
        for part in written:
            heard = await self._hearing.listen(part, zone, locale=locale)
            first, *others = heard.readings
            if first.rule:
                raise BadEvent(
                    f"“{plain(part)}” repeats, and a poll asks about single times.",
                    remedy="Leave out “every”; once it's an event, `/event edit` makes it repeat.",
                )
            minutes = minutes or first.minutes
            walls.setdefault(instant_of(first.start, zone), first.start)
            notes += [f"“{plain(part)}”: {note}" for note in heard.notes]
            if others:
                notes.append(f"I read “{plain(part)}” as {first.label}; it could also be {others[0].label}.")
        if len(walls) < FEWEST_TIMES:
            raise BadEvent("Those are all the same time.", remedy=HOW)
        found = [PollTime(number, walls[starts_at], starts_at) for number, starts_at in enumerate(sorted(walls), 1)]
        return found, notes, minutes

    async def _closes_at(
        self, text: str | None, zone: ZoneInfo, locale: discord.Locale, times: list[datetime]
    ) -> datetime:
        now = self._clock.now()
        if text is None:
            return min(now + OPEN_FOR, times[0])
        heard = await self._hearing.listen(text, zone, locale=locale)
        closes_at = instant_of(heard.readings[0].start, zone)
        if closes_at > times[-1]:
            raise BadEvent("The poll would still be open after its last time.", remedy="Let it close earlier.")
        if closes_at > now + LONGEST_OPEN:
            raise BadEvent(f"A poll is open for up to {LONGEST_OPEN.days} days.", remedy="Let it close earlier.")
        return closes_at

    async def _vote(self, use: Use) -> Reply:
        poll_id, position = map(int, use.args)
        user = use.interaction.user
        member = Member(user.id, user.display_name)
        vote = partial(toggle, poll_id=poll_id, position=position, member=member, guild_id=guild_of(use.interaction))
        time, could = await self._store.write(vote)
        return Reply.say(voted(time, could=could))

    async def _close(self, use: Use) -> Reply:
        (poll_id,) = map(int, use.args)
        await self._require_own(use, poll_id)
        await self._store.write(partial(close_poll, poll_id=poll_id))
        return Reply.say("The poll is closed.")

    async def _make(self, use: Use) -> Reply:
        poll_id, position = map(int, (*use.args, *use.values))  # of the best time by a button, of others by the menu
        await self._require_own(use, poll_id)
        await self._before_making(poll_id)
        event = await self._store.write(partial(make_event, poll_id=poll_id, position=position))
        return Reply.say(
            f"I created **{plain(event.details.title)}**: {at(event.starts_at)}. `/event edit` changes it."
        )

    async def _require_own(self, use: Use, poll_id: int) -> None:
        poll = await self._store.read(partial(poll_of, poll_id=poll_id, guild_id=guild_of(use.interaction)))
        if poll.organiser_id != use.interaction.user.id and not use.interaction.permissions.manage_events:
            raise BadEvent(
                "That's somebody else's poll.", remedy="Its organiser can do that, and anyone with Manage Events."
            )
