"""The scenes around events on each day of a demo, and their times."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from steward.cli.demo.people import People
from steward.cli.demo.scenes import Scene
from steward.cli.demo.seen_event import COMES
from steward.sim.channels.message import Message
from steward.sim.people.member import Member

RAID_SEATS, QUIZ_SEATS = 12, 6
QUIZZERS, VOTERS, LEAVERS, MISSING = 20, 30, 3, 2
BEST = 1  # the poll's time that wins, from 0
SOON = 10.0  # virtual seconds within which members are notified


class Programme:
    """
    What the organiser and the crowd do around events.

    Args:
        began: the first midnight.

    """

    def __init__(self, people: People, began: datetime) -> None:
        self._people = people
        self._began = began
        self._poll: Message | None = None
        self._voters: list[Member] = []

    def scenes(self) -> Iterator[tuple[datetime, Scene]]:
        """Yield the scenes and their times, day after day, for ever."""
        daily = {
            "08:10": self._post_raid,
            "10:00": self._ask_for_a_time,
            "12:05": self._race_for_seats,
            "12:30": self._write_a_note,
            "13:05": self._make_event_of_poll,
            "15:00": self._give_up_seats,
            "16:00": self._move_raid,
            "19:31": lambda: self._hear_reminder("Raid night"),
            "20:25": self._gather,
            "22:31": self._look_who_came,
        }
        weekly = {
            "09:00": self._put_up_quiz,
            "09:10": self._answer_quiz,
            "17:01": lambda: self._hear_reminder("Quiz"),
        }
        for day in count():
            scenes = daily | (weekly if day % 7 == 0 else {})
            for at, scene in sorted(scenes.items()):
                hours, minutes = map(int, at.split(":"))
                yield self._began + timedelta(days=day, hours=hours, minutes=minutes), scene

    async def _post_raid(self) -> str:
        await self._people.create("Raid night", when="today 20:00", length="2h", seats=str(RAID_SEATS))
        return f"olga posts Raid night: today at 20:00, {RAID_SEATS} seats"

    async def _put_up_quiz(self) -> str:
        if any(seen.title == "Quiz" for seen in self._people.seen_events):
            self._people.find("Quiz")
            return "this week's Quiz is there: the bot posted it when the last was over"
        await self._people.create("Quiz", weekly=True, when="today 18:00", seats=str(QUIZ_SEATS))
        return f"olga posts Quiz: every week at 18:00, {QUIZ_SEATS} seats"

    async def _answer_quiz(self) -> str:
        quiz = self._people.seen("Quiz")
        for member in self._people.crowd[:QUIZZERS]:
            await self._people.answer(quiz, member, COMES)
            await asyncio.sleep(SOON)
        return f"{len(quiz.answers)} click Yes at Quiz: {len(quiz.seated())} are in, {len(quiz.queued)} wait"

    async def _ask_for_a_time(self) -> str:
        times = "today 21:00; today 22:45; tomorrow 23:00"
        poll = self._poll = await self._people.poll(title="Film night", times=times, closes="today 13:00")
        crowd = self._people.crowd[-VOTERS:]
        self._voters = []
        for number, member in enumerate(crowd):
            time = BEST if number % 3 else BEST + 1 - 2 * (number % 2)
            if await self._people.vote(member, poll, time) and time == BEST:
                self._voters.append(member)
        return f"olga asks when a film night could be: {len(crowd)} vote"

    async def _make_event_of_poll(self) -> str:
        if self._poll is None:
            raise LookupError("There is no poll.")
        film = await self._people.make_of_poll("Film night", self._poll, self._voters)
        await asyncio.sleep(SOON)
        seated = film.mentioned("so you're in", since=self._poll)
        return f"the poll becomes an event with one click: {len(seated)} voters have seats and are notified"

    async def _race_for_seats(self) -> str:
        raid, crowd = self._people.seen("Raid night"), self._people.crowd
        await asyncio.gather(*(self._people.answer(raid, member, COMES) for member in crowd))
        return f"{len(crowd)} click Yes at Raid night at once: {len(raid.seated())} are in, {len(raid.queued)} wait"

    async def _write_a_note(self) -> str:
        raid = self._people.seen("Raid night")
        member = self._seated()[0]
        await self._people.note(raid, member, "brings cake")
        return f"{member.name} adds a note: brings cake"

    async def _give_up_seats(self) -> str:
        raid = self._people.seen("Raid night")
        leavers = self._seated()[1:][-LEAVERS:]
        for member in leavers:
            await self._people.answer(raid, member, "No")
        await asyncio.sleep(SOON)
        return f"{len(leavers)} give up their seats: {len(raid.moved_up)} move up from the waitlist and are notified"

    async def _move_raid(self) -> str:
        raid = self._people.seen("Raid night")
        await self._people.command("/event move", event=raid.title, when="today 20:30")
        await asyncio.sleep(SOON)
        return f"olga moves Raid night to 20:30: {len(raid.mentioned('has moved to'))} members are notified"

    async def _hear_reminder(self, title: str) -> str:
        return f"{title} begins in an hour: {len(self._people.seen(title).reminded)} are reminded"

    async def _gather(self) -> str:
        raid, seated = self._people.seen("Raid night"), self._seated()
        coming = seated[: max(1, len(seated) - MISSING)]
        for member in coming:
            member.join_voice(self._people.voice)
        raid.came = {member.id for member in coming}
        return f"{len(coming)} of the {len(seated)} who have a seat at Raid night are in its voice channel"

    async def _look_who_came(self) -> str:
        for member in self._people.crowd:
            member.leave_voice()
        event = await self._people.last_of("Raid night")
        found = await self._people.command("/events attendance", event=event)
        counts = found.embeds[0]["description"].split("\n")[0].rpartition("**: ")[2] if found.embeds else found.content
        return f"olga asks who came to Raid night: {counts}"

    def _seated(self) -> list[Member]:
        """Return the members with a seat at the raid; `LookupError` if nobody has one."""
        seats = self._people.seen("Raid night").seated()
        seated = [member for member in self._people.crowd if member.id in seats]
        if not seated:
            raise LookupError("Nobody has a seat at Raid night.")
        return seated
