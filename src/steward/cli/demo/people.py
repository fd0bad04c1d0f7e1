"""The people of a demo who use the events bot: an organiser and a crowd, by commands, forms and buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from steward.cli.demo.sheet import COMES, Said, Sheet, is_event_post
from steward.sim.channels.message import Message
from steward.sim.guilds.guild import Guild
from steward.sim.interactions import shown
from steward.sim.interactions.reply import ShownReply
from steward.sim.people.member import Member
from steward.sim.people.names import invented_name

CROWD = 200
ONE_IN = 4  # so many of the members at most are in the crowd, where there are few
FIRST_NAME = 3000  # of the invented names; those before are met elsewhere
WITHIN = 60  # virtual seconds in which what was asked for must be there


class People:
    """
    An organiser, a crowd, and what they can do.

    What the bot does not offer raises `LookupError` or `ValueError`, what does not come in time `TimeoutError`.

    Args:
        guild: theirs; it gets a channel for events and one for voice.

    Attributes:
        organiser: may manage events.
        crowd: members, always in the same order.
        hall: where events are posted.
        voice: where they take place.
        sheets: the events, as members know them.
        acts: how often the bot was to answer; `unanswered`: how often it did not in time.

    """

    def __init__(self, guild: Guild) -> None:
        crowd = min(CROWD, guild.member_count // ONE_IN)
        self.hall = guild.add_text_channel("events")
        self.voice = guild.add_voice_channel("Raid")
        self.organiser = guild.meet("olga")
        self.organiser.give(guild.add_role("Organisers", "manage_events").id)
        self.crowd = [guild.meet(invented_name(FIRST_NAME + number)) for number in range(crowd)]
        self.sheets: list[Sheet] = []
        self.acts = 0
        self.unanswered = 0

    def sheet(self, title: str) -> Sheet:
        """Return the newest event of that title."""
        found = next((sheet for sheet in reversed(self.sheets) if sheet.title == title), None)
        if found is None:
            raise LookupError(f"There is no event {title!r}.")
        return found

    async def command(self, command: str, **options: Any) -> ShownReply:
        """Give a command as the organiser."""
        return self._heard(await self.organiser.run(command, self.hall, **options))

    async def create(self, title: str, *, weekly: bool = False, **form: str) -> Sheet:
        """Make an event: the form, the reminder an hour ahead, where or how often, and Post."""
        organiser = self.organiser
        preview = self._heard(await organiser.submit(await self.command("/event create"), title=title, **form))
        await self._choose(preview, "draft_reminders", "60")
        if weekly:
            await self._choose(preview, "draft_repeats", "weekly")
        else:
            who_and_where = self._heard(await organiser.click(preview, "Who and where"))
            self._heard(await organiser.submit(who_and_where, voice=[self.voice]))
        return await self._posted(title, preview, "Post")

    def find(self, title: str) -> Sheet:
        """Look at the newest post of a series, which the bot has put up by itself."""
        fits = [one for one in self.hall.messages if is_event_post(one) and one.embeds[0]["title"] == title]
        if not fits:
            raise LookupError(f"There is no post of {title!r}.")
        self.sheets.append(Sheet(title, self.hall, fits[-1]))
        return self.sheets[-1]

    async def poll(self, **options: str) -> Message:
        """Ask for a time and return the poll's post."""
        before = len(self.hall.messages)
        await self.command("/poll when", **options)
        await self._until(lambda: len(self.hall.messages) > before)
        return self.hall.messages[-1]

    async def vote(self, member: Member, poll: Message, time: int) -> bool:
        """Say in a poll that one could at one of its times, from 0; return whether it was noted."""
        reply = self._heard(await member.click(poll, shown.buttons(poll.components)[time]))
        return "you can make" in await reply.words()

    async def make_of_poll(self, title: str, poll: Message, voters: Iterable[Member]) -> Sheet:
        """Make an event of a poll that is closed, at its best time; those who voted for it need not answer."""
        sheet = await self._posted(title, poll, next(iter(shown.buttons(poll.components)), "Make the event"))
        sheet.said.update({member.id: Said(COMES) for member in voters})
        return sheet

    async def answer(self, sheet: Sheet, member: Member, answer: str) -> None:
        """Click a button of an event's post, and remember what the bot said to it."""
        reply = self._heard(await member.click(sheet.post, answer))
        if reply.error is None:
            before = sheet.said.get(member.id)
            sheet.said[member.id] = Said(answer, before.note if before is not None else "")  # a note stays
            if "waitlist" in await reply.words():
                sheet.queued.add(member.id)

    async def note(self, sheet: Sheet, member: Member, note: str) -> None:
        """Put a note beside one's answer."""
        opened = self._heard(await member.click(sheet.post, "Add a note"))
        if self._heard(await member.submit(opened, note=note)).error is None:
            sheet.said[member.id] = Said(sheet.said[member.id].answer, note)

    async def last_of(self, title: str) -> str:
        """Type a title at `/events attendance`, as for an event that is over, and return the choice offered first."""
        offered = self._heard(await self.organiser.autocomplete("/events attendance", self.hall, event=title))
        if not offered.choices:
            raise LookupError(f"No event {title!r} is offered.")
        return str(offered.interaction.choices[0]["value"])

    async def _choose(self, preview: ShownReply, menu: str, value: str) -> None:
        components = shown.walk(preview.message.components if preview.message else [])
        ids = [part["custom_id"] for part in components if menu in part.get("custom_id", "")]
        if not ids:
            raise LookupError(f"The preview has no {menu!r}: {preview.content or preview.error}")
        self._heard(await self.organiser.select(preview, value, menu=ids[0]))

    async def _posted(self, title: str, where: Message | ShownReply, button: str) -> Sheet:
        known = {message.id for message in self.hall.messages}
        self._heard(await self.organiser.click(where, button))

        def new() -> list[Message]:
            return [one for one in self.hall.messages if one.id not in known and is_event_post(one)]

        await self._until(lambda: bool(new()))
        self.sheets.append(Sheet(title, self.hall, new()[0]))
        return self.sheets[-1]

    async def _until(self, holds: Callable[[], bool]) -> None:
        for _ in range(WITHIN):
            if holds():
                return
            await asyncio.sleep(1)
        raise TimeoutError(f"nothing came from the bot within {WITHIN} s")

    def _heard(self, reply: ShownReply) -> ShownReply:
        self.acts += 1
        self.unanswered += reply.error is not None
        return reply
