"""The people of a demo who use the events bot, an organiser and a crowd, through commands, forms and buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from steward.cli.demo.seen_event import COMES, GivenAnswer, SeenEvent, is_event_post
from steward.sim.channels.message import Message
from steward.sim.guilds.guild import Guild
from steward.sim.interactions import shown
from steward.sim.interactions.reply import ShownReply
from steward.sim.people.member import Member
from steward.sim.people.names import invented_name

CROWD = 200
ONE_IN = 4  # in a small guild, at most this part of its members is in the crowd
FIRST_NAME = 3000  # of the invented names; the names before it are in use
WITHIN = 60  # virtual seconds to wait for the bot


class People:
    """
    An organiser, a crowd, and what they can do.

    Raises `LookupError` or `ValueError` if the bot does not offer something, `TimeoutError` if it is late. The events'
    posts are in the `hall`; `acts` are interactions that the bot had to answer, `unanswered` those it did not in time.
    """

    def __init__(self, guild: Guild) -> None:
        crowd = min(CROWD, guild.member_count // ONE_IN)
        self.hall = guild.add_text_channel("events")
        self.voice = guild.add_voice_channel("Raid")
        self.organiser = guild.meet("olga")
        self._organisers = guild.add_role("Organisers", "manage_events").id
        self.organiser.give(self._organisers)
        self.crowd = [guild.meet(invented_name(FIRST_NAME + number)) for number in range(crowd)]
        self.seen_events: list[SeenEvent] = []
        self.acts = 0
        self.unanswered = 0

    def meet_visitor(self) -> Member:
        """Return a member as whom one may try everything on the page."""
        visitor = self.organiser.guild.meet("alice")
        visitor.give(self._organisers)
        return visitor

    def seen(self, title: str) -> SeenEvent:
        """Return the newest event with that title."""
        found = next((seen for seen in reversed(self.seen_events) if seen.title == title), None)
        if found is None:
            raise LookupError(f"There is no event {title!r}.")
        return found

    async def command(self, command: str, **options: Any) -> ShownReply:
        """Run a command as the organiser."""
        return self.counted(await self.organiser.run(command, self.hall, **options))

    async def create(self, title: str, *, weekly: bool = False, **form: str) -> SeenEvent:
        """Create an event: the form, a reminder an hour ahead, its place or repetition, and Post."""
        organiser = self.organiser
        preview = self.counted(await organiser.submit(await self.command("/event create"), title=title, **form))
        await self._choose(preview, "draft_reminders", "60")
        if weekly:
            await self._choose(preview, "draft_repeats", "weekly")
        else:
            who_and_where = self.counted(await organiser.click(preview, "Who and where"))
            self.counted(await organiser.submit(who_and_where, voice_channel=[self.voice]))
        return await self._posted(title, preview, "Post")

    def find(self, title: str) -> SeenEvent:
        """Find the newest post of a series, which the bot has posted by itself."""
        fits = [one for one in self.hall.messages if is_event_post(one) and one.embeds[0]["title"] == title]
        if not fits:
            raise LookupError(f"There is no post of {title!r}.")
        self.seen_events.append(SeenEvent(title, self.hall, fits[-1]))
        return self.seen_events[-1]

    async def poll(self, **options: str) -> Message:
        """Create a poll for a time and return its post."""
        before = len(self.hall.messages)
        await self.command("/poll when", **options)
        await self.until(lambda: len(self.hall.messages) > before)
        return self.hall.messages[-1]

    async def vote(self, member: Member, poll: Message, time: int) -> bool:
        """Vote for one of a poll's times, from 0; return whether the bot confirmed it."""
        reply = self.counted(await member.click(poll, shown.buttons(poll.components)[time]))
        return "you can make" in await reply.words()

    async def make_of_poll(self, title: str, poll: Message, voters: Iterable[Member]) -> SeenEvent:
        """Create an event from a closed poll, at its best time; its voters have answered already."""
        seen = await self._posted(title, poll, next(iter(shown.buttons(poll.components)), "Make the event"))
        seen.answers.update({member.id: GivenAnswer(COMES) for member in voters})
        return seen

    async def answer(self, seen: SeenEvent, member: Member, answer: str) -> None:
        """Click a button of an event's post, and remember the bot's reply."""
        reply = self.counted(await member.click(seen.post, answer))
        if reply.error is None:
            before = seen.answers.get(member.id)
            seen.answers[member.id] = GivenAnswer(answer, before.note if before is not None else "")  # the note stays
            if "waitlist" in await reply.words():
                seen.queued.add(member.id)

    async def note(self, seen: SeenEvent, member: Member, note: str) -> None:
        """Add a note to one's answer."""
        opened = self.counted(await member.click(seen.post, "Add a note"))
        if self.counted(await member.submit(opened, note=note)).error is None:
            seen.answers[member.id] = GivenAnswer(seen.answers[member.id].answer, note)

    async def last_of(self, title: str) -> str:
        """Type a title at `/events attendance`, and return the first choice offered."""
        offered = self.counted(await self.organiser.autocomplete("/events attendance", self.hall, event=title))
        if not offered.choices:
            raise LookupError(f"No event {title!r} is offered.")
        return str(offered.interaction.choices[0]["value"])

    async def until(self, holds: Callable[[], bool], *, within: int = WITHIN, every: int = 1) -> None:
        """Wait until something holds, and look `every` so many virtual seconds."""
        for _ in range(0, within, every):
            if holds():
                return
            await asyncio.sleep(every)
        raise TimeoutError(f"nothing came from the bot within {within} s")

    def counted(self, reply: ShownReply) -> ShownReply:
        """Count an interaction that the bot had to answer, and return its reply."""
        self.acts += 1
        self.unanswered += reply.error is not None
        return reply

    async def _choose(self, preview: ShownReply, menu: str, value: str) -> None:
        components = shown.walk(preview.message.components if preview.message else [])
        ids = [part["custom_id"] for part in components if menu in part.get("custom_id", "")]
        if not ids:
            raise LookupError(f"The preview has no {menu!r}: {preview.content or preview.error}")
        self.counted(await self.organiser.select(preview, value, menu=ids[0]))

    async def _posted(self, title: str, where: Message | ShownReply, button: str) -> SeenEvent:
        known = {message.id for message in self.hall.messages}
        self.counted(await self.organiser.click(where, button))

        def new() -> list[Message]:
            return [one for one in self.hall.messages if one.id not in known and is_event_post(one)]

        await self.until(lambda: bool(new()))
        self.seen_events.append(SeenEvent(title, self.hall, new()[0]))
        return self.seen_events[-1]
