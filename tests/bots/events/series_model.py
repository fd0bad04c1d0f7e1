"""A series as people think of it, beside the one in the database."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from steward.bots.events.model.details import BadEvent
from steward.bots.events.model.lists import Lists
from steward.bots.events.recurrence.planning import series_moved
from steward.store import instant_of
from tests.bots.events.coming_up import coming_up
from tests.bots.events.life import GUILD, HOUR, detailed

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class Turn:
    """One time of a series as it should be."""

    wall: datetime
    title: str = "Raid"
    lead: int = 0
    skipped: bool = False
    own: datetime | None = None  # where it was moved by itself
    posted: bool = False

    @property
    def starts_at(self):
        return instant_of(self.own or self.wall, BERLIN)


class Model:
    """A series as people think of it: a list of times."""

    def __init__(self, life, walls, lead):
        self.life, self.first, self.turns = life, walls[0], [Turn(wall, lead=lead) for wall in walls]
        self.numbers = 100

    def ahead(self):
        now = self.life.clock.now()
        return [turn for turn in self.turns if not turn.skipped and turn.starts_at + HOUR > now]

    async def id_of(self, turn):
        """The occurrence, as a command finds it: among what lies ahead, or as a time of its series."""
        for event in await coming_up(self.life.store, GUILD):
            if event.original == turn.wall:
                return event.id
            if any(time.original == turn.wall for time in await self.life.lookups.times(event.event_id)):
                return await self.life.organising.keep(event.event_id, turn.wall)
        raise AssertionError(turn)

    def last_part(self):
        """The turns of the last series that there is of it, among those that lie ahead."""
        return [turn for turn in self.ahead() if turn.wall >= self.first]

    async def move(self, turn, shift):
        """Move one time by itself, to a minute that no other has."""
        id_, self.numbers = await self.id_of(turn), self.numbers + 1
        turn.own = (turn.own or turn.wall).replace(minute=self.numbers - 100) + shift
        await self.life.organising.move(id_, turn.own)

    async def move_series(self, turn, shift):
        self.numbers += 1
        id_, to = await self.id_of(turn), turn.wall + shift
        now = self.life.clock.now().astimezone(BERLIN).replace(tzinfo=None)
        before = [one.wall for one in self.turns if now - HOUR < one.wall < turn.wall]
        change = partial(series_moved, to=to)
        if instant_of(to, BERLIN) <= self.life.clock.now() or any(to <= wall for wall in before):
            with pytest.raises(BadEvent):
                await self.life.organising.replan(id_, change, past_id=self.numbers, moves=True)
            return
        moved = await self.life.organising.replan(id_, change, past_id=self.numbers, moves=True)
        assert moved.id == id_
        for later in self.turns:
            if later.wall > turn.wall:
                later.wall += shift
        turn.wall, turn.own, self.first = to, None, to

    async def rename(self, turn, title):
        self.numbers += 1
        await self.life.organising.replan(
            await self.id_of(turn), detailed(title=title), past_id=self.numbers, what="the title"
        )
        self.first = turn.wall
        for later in self.turns:
            if later.wall >= turn.wall:
                later.title = title

    async def give_lead(self, turn, lead):
        self.numbers += 1
        await self.life.organising.replan(await self.id_of(turn), partial(replace, lead=lead), past_id=self.numbers)
        self.first = turn.wall
        for later in self.turns:
            if later.wall >= turn.wall:
                later.lead = lead

    async def live(self, days):
        for _ in range(24 * days):
            await self.life.after(HOUR)
            await self.check_posts()

    def due(self, turn):
        """When a time that was not moved by itself is posted."""
        if turn.lead:
            return instant_of(turn.wall - timedelta(minutes=turn.lead), BERLIN)
        before = [one.wall for one in self.turns if one.wall < turn.wall]
        return min(instant_of(before[-1], BERLIN) + HOUR, turn.starts_at) if before else self.life.clock.now()

    async def check_posts(self):
        """Compare what is posted with what should be: each in its turn, and none after its start."""
        sql = "SELECT starts_at FROM event_occurrences WHERE posts > 0 AND state <> 'cancelled'"
        rows = await self.life.store.read(lambda tx: tx.all(sql))
        posted, now = [datetime.fromtimestamp(row[0] / 1000, UTC) for row in rows], self.life.clock.now()
        for turn in self.ahead():
            is_due = turn.posted or now >= (turn.starts_at if turn.own else self.due(turn))
            there = posted.count(turn.starts_at)
            assert there == is_due or (turn.own and there == 1), (now, turn, self.turns)
            turn.posted = bool(there)

    async def check(self):
        """Compare what members see with what should be: every time once."""
        found, page = [], None
        while page is None or page.more:
            page = await Lists(self.life.store).listed(GUILD, 0 if page is None else page.number + 1, days=360)
            found += [(line.starts_at, line.details.title) for line in page.lines]
        wanted = sorted((turn.starts_at, turn.title) for turn in self.ahead())
        assert sorted(found) == wanted
