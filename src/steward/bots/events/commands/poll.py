"""`/poll when`: members say when they could, and the best time becomes an event."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from zoneinfo import ZoneInfo

import discord
from discord import app_commands

from steward.bots.events.model.details import LONGEST_TITLE, BadEvent, Details
from steward.bots.events.polls.draft import FEWEST_TIMES, HOW, MAX_TIMES, POLL_DRAFTS, PollDraft
from steward.bots.events.polls.poll import Poll
from steward.bots.events.polls.store import add_poll, close_poll, is_posted, make_event, poll_of, toggle
from steward.bots.events.rsvp.actions import POLL_CLOSE, POLL_MAKE, POLL_MEANT, POLL_VOTE
from steward.bots.events.rsvp.answers import Respondent
from steward.bots.events.views.poll import posted, voted
from steward.client.access.channel_access import writable
from steward.client.access.permissions import POST
from steward.client.components import Reply
from steward.client.embeds import Message, at, plain
from steward.client.interactions import Use, answered, guild_of
from steward.client.panels.panel import Panel
from steward.client.panels.typed_times import TimeReader, TypedTime, which_reading
from steward.errors import StewardError
from steward.guilds.host import Host
from steward.store import Transaction
from steward.text.durations import minutes_of
from steward.text.plurals import counted

SEPARATORS = re.compile(r"[;\n]")
DRAFT_GONE = BadEvent("I don't have that poll any more.", remedy="Start it again with `/poll when`.")
POSTED_ALREADY = BadEvent("It's posted already.")

Title = app_commands.Range[str, 1, LONGEST_TITLE]


class PollCommands(app_commands.Group):
    """The commands under `/poll`."""

    def __init__(self, host: Host, reader: TimeReader, *, before_making: Callable[[int], Awaitable[None]]) -> None:
        super().__init__(
            name="poll",
            description="Find a time",
            default_permissions=discord.Permissions(manage_events=True),
        )
        interactions = host.interactions
        self._store = host.store
        self._reader = reader
        self._access = host.access
        self._clock = host.clock
        self._zones = host.guilds.zones
        self._before_making = before_making
        interactions.add(self)
        self._panel = Panel(interactions, host.store, POLL_DRAFTS, self._ask, self._missing, command="poll")
        self._panel.on(POLL_MEANT, self._meant)
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
        channel_id = writable(interaction)
        draft = PollDraft(
            interaction.id,
            channel_id,
            zone,
            Details(title).checked().title,
            None if length is None else minutes_of(length, "The length"),
            await self._times(times, zone, interaction.locale),
            None if closes is None else await self._closing_time(closes, zone, interaction.locale),
        )
        await self._access.require(guild_id, channel_id, POST)
        done = await self._next(interaction, draft)
        return done if isinstance(done, Reply) else await self._panel.show(interaction, done)

    async def _times(self, text: str, zone: ZoneInfo, locale: discord.Locale) -> tuple[TypedTime, ...]:
        written = [part.strip() for part in SEPARATORS.split(text) if part.strip()]
        if not FEWEST_TIMES <= len(written) <= MAX_TIMES:
            raise BadEvent(
                f"You gave {counted(len(written), 'time')}; a poll has {FEWEST_TIMES} to {MAX_TIMES}.", remedy=HOW
            )
        remedy = "Leave out “every”; once it's an event, `/event edit` makes it repeat."
        return tuple([await self._reader.read_once(part, zone, remedy=remedy, locale=locale) for part in written])

    async def _closing_time(self, text: str, zone: ZoneInfo, locale: discord.Locale) -> TypedTime:
        remedy = "Write when it closes, such as `thursday 20:00`."
        closes = await self._reader.read_once(text, zone, remedy=remedy, locale=locale)
        if any(reading.minutes is not None for reading in closes.readings):
            raise BadEvent(
                f"“{plain(text)}” has a start and an end, and a poll closes at one time.",
                remedy="Write when it closes, such as `thursday 20:00`; how long the event takes goes into `length`.",
            )
        return closes

    async def _next(self, interaction: discord.Interaction, draft: PollDraft) -> PollDraft | Reply:
        """Post the poll, unless one of its times can be read in more than one way."""
        if draft.doubt is not None:
            return draft
        guild_id, user_id = guild_of(interaction), interaction.user.id
        poll = draft.poll(guild_id, user_id, self._clock.now())
        if not await self._store.write(partial(_post, poll=poll)):
            raise POSTED_ALREADY
        zone_note = await self._zones.note(guild_id, user_id, draft.zone)
        said = Reply.say("\n".join(filter(None, (*posted(draft, poll), zone_note))))
        return Reply({"components": []} | said.message, update=True)

    async def _ask(self, interaction: discord.Interaction, draft: PollDraft, problem: StewardError | None) -> Message:
        """Ask about the next time that can be read in more than one way, or say why the poll can't be posted."""
        if problem is not None:
            return {"content": str(problem)}
        zone_note = await self._zones.note(guild_of(interaction), interaction.user.id, draft.zone)
        number = draft.doubt
        assert number is not None  # noqa: S101 - else it is posted
        return which_reading(
            draft.doubted(number), draft.zone, lambda reading, _: POLL_MEANT.id(draft.id, number, reading), zone_note
        )

    async def _missing(self, use: Use) -> Reply:
        if await self._store.read(partial(is_posted, poll_id=int(use.args[0]), guild_id=guild_of(use.interaction))):
            raise POSTED_ALREADY
        raise DRAFT_GONE

    async def _meant(self, use: Use, draft: PollDraft) -> PollDraft | Reply:
        _, number, reading = map(int, use.args)
        writable(use.interaction)
        if draft.doubt == number:  # else it was chosen already
            draft = draft.meaning(number, reading)
        return await self._next(use.interaction, draft)

    async def _vote(self, use: Use) -> Reply:
        poll_id, position = map(int, use.args)
        user = use.interaction.user
        member = Respondent(user.id, user.display_name)
        vote = partial(toggle, poll_id=poll_id, position=position, member=member, guild_id=guild_of(use.interaction))
        time, could = await self._store.write(vote)
        return Reply.say(voted(time, could=could))

    async def _close(self, use: Use) -> Reply:
        (poll_id,) = map(int, use.args)
        await self._require_own(use, poll_id)
        await self._store.write(partial(close_poll, poll_id=poll_id))
        return Reply.say("The poll is closed.")

    async def _make(self, use: Use) -> Reply:
        poll_id = int(use.args[0])
        position = int(use.args[1] if len(use.args) > 1 else use.value)  # the best by a button, others by the menu
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


def _post(tx: Transaction, poll: Poll) -> bool:
    """Post a poll and forget its draft; False if another press has posted it."""
    if not add_poll(tx, poll):
        return False
    POLL_DRAFTS.drop(tx, poll.guild_id, poll.organiser_id)
    return True
