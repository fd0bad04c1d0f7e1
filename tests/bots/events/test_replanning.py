"""A series that is moved, or changed, from one of its times on: through random lives, and beside a plain model."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

import pytest

from steward.bots.events import calendars
from steward.bots.events.answers import Member
from steward.bots.events.details import BadEvent, Reminder
from steward.bots.events.lists import Lists
from steward.bots.events.rule_moves import series_moved
from steward.bots.events.weekly_plan import WeeklyPlan
from steward.errors import StewardError
from steward.store import instant_of
from tests.bots.events.life import A_DAY, GUILD, HOUR, OLGA, Life, detailed, living
from tests.bots.events.test_weekly_plan import entry

BERLIN = ZoneInfo("Europe/Berlin")
RULES = (
    "FREQ=WEEKLY;COUNT=12",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,SU;COUNT=14",
    "FREQ=DAILY;COUNT=20",
    "FREQ=DAILY;INTERVAL=3;COUNT=12",
)
LEADS = (0, 24 * 60, 9 * 24 * 60)


@dataclass
class Turn:
    """One time of a series as it should be."""

    wall: datetime
    title: str = "Raid"
    skipped: bool = False
    own: datetime | None = None  # where it was moved by itself

    @property
    def starts_at(self):
        return instant_of(self.own or self.wall, BERLIN)


class Model:
    """A series as people think of it: a list of times."""

    def __init__(self, life, event, walls):
        self.life, self.first, self.turns = life, event, [Turn(wall) for wall in walls]
        self.numbers = 100

    def ahead(self):
        now = self.life.clock.now()
        return [turn for turn in self.turns if not turn.skipped and turn.starts_at + HOUR > now]

    async def id_of(self, turn):
        """The occurrence, as a command finds it: among what lies ahead, or as a time of its series."""
        for event in await self.life.lookups.ahead(GUILD):
            if event.original == turn.wall:
                return event.id
            if any(time.original == turn.wall for time in await self.life.lookups.times(event.event_id)):
                return await self.life.organising.keep(event.event_id, turn.wall)
        raise AssertionError(turn)

    def last_part(self):
        """The turns of the last series that there is of it, among those that lie ahead."""
        return [turn for turn in self.ahead() if turn.wall >= self.first]

    async def move_series(self, turn, shift):
        self.numbers += 1
        id_, to = await self.id_of(turn), turn.wall + shift
        now = self.life.clock.now().astimezone(BERLIN).replace(tzinfo=None)
        before = [one.wall for one in self.turns if now - HOUR < one.wall < turn.wall]
        change = partial(series_moved, to=to)
        if instant_of(to, BERLIN) <= self.life.clock.now() or any(to <= wall for wall in before):
            with pytest.raises(BadEvent):
                await self.life.organising.replan(id_, change, past_id=self.numbers)
            return
        moved = await self.life.organising.replan(id_, change, past_id=self.numbers)
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

    async def check(self):
        """Compare what members see with what should be: every time once."""
        found, page = [], None
        while page is None or page.more:
            page = await Lists(self.life.store).listed(GUILD, 0 if page is None else page.number + 1, days=360)
            found += [(line.starts_at, line.details.title) for line in page.lines]
        wanted = sorted((turn.starts_at, turn.title) for turn in self.ahead())
        assert sorted(found) == wanted


@pytest.mark.parametrize("seed", range(6))
async def test_however_a_series_is_changed_each_of_its_times_takes_place_once_where_it_should(clock, tmp_path, seed):
    random = Random(seed)
    await sleep_until(clock, datetime(2026, 3, 16, 12, tzinfo=UTC))  # the clocks of Berlin go forward on the 29th
    async with living(clock, tmp_path) as store:
        life, rule = Life(store, clock), RULES[seed % len(RULES)]
        event = await life.made(rule=rule, lead=random.choice(LEADS), ahead=A_DAY, zone=BERLIN)
        walls = [time.original for time in await life.lookups.times(event.event_id)]
        model = Model(life, event.original, walls)
        await model.check()
        for step in range(14):
            ahead = model.last_part()
            if not ahead:
                break
            turn = random.choice(ahead[:6])
            match random.choice(("live", "skip", "move", "series", "series", "rename", "lead")):
                case "live":
                    await life.after(random.randrange(1, 4) * A_DAY)
                case "skip":
                    await life.organising.cancel(await model.id_of(turn))
                    turn.skipped = True
                case "move":
                    to = turn.wall + timedelta(hours=2, minutes=step + 1)
                    await life.organising.move(await model.id_of(turn), to)
                    turn.own = to
                case "series":
                    shift = timedelta(days=random.randrange(-2, 3), hours=random.randrange(-3, 4))
                    await model.move_series(turn, shift)
                case "rename":
                    await model.rename(turn, f"Title {step}")
                case "lead":
                    await model.give_lead(turn, random.choice(LEADS))
            await life.happens()
            await model.check()
        kept = [turn for turn in model.ahead() if turn.starts_at < clock.now() + 10 * A_DAY]
        await life.after(10 * A_DAY)
        rows = await store.read(
            lambda tx: tx.all("SELECT starts_at FROM event_occurrences WHERE shown >= 0 AND state <> 'cancelled'")
        )
        posted = [datetime.fromtimestamp(row[0] / 1000, UTC) for row in rows]
        assert all(posted.count(turn.starts_at) == 1 for turn in kept)


async def sleep_until(clock, instant):
    await asyncio.sleep((instant - clock.now()).total_seconds())


async def times(life):
    """What lies ahead, as members see it."""
    page = await Lists(life.store).listed(GUILD, 0, days=60)
    return [line.starts_at for line in page.lines]


def to(shift, event):
    return partial(series_moved, to=event.original + shift)


async def test_a_posted_time_moves_with_its_answers_and_reminders_and_who_comes_is_told_once(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY", ahead=2 * A_DAY, reminders=(Reminder(60),))
        await life.answer(event, 11, 12)
        await life.answer(event, 13, option="no")
        before = await times(life)
        moved = await life.organising.replan(event.id, to(A_DAY + HOUR, event), past_id=8)
        assert (moved.id, moved.starts_at) == (event.id, event.starts_at + A_DAY + HOUR)
        assert await times(life) == [at + A_DAY + HOUR for at in before]
        assert len((await life.answering.seen(event.id)).answers) == 3
        (told,) = await life.said("is moved to")
        assert "<@11> <@12>" in told
        await life.after(2 * A_DAY)
        assert await life.said("begins") == []
        await life.after(A_DAY + HOUR)
        assert len(await life.said("begins")) == 1


async def test_moved_back_a_series_is_what_it_was(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=MONTHLY;BYDAY=1MO;COUNT=9", ahead=2 * HOUR, lead=40 * 24 * 60)
        third = (await life.lookups.times(event.event_id))[2].original
        await life.organising.skip(event.event_id, third)
        moved = await life.organising.keep(event.event_id, (await life.lookups.times(event.event_id))[2].original)
        await life.organising.move(moved, (await life.answering.seen(moved)).event.original + 5 * HOUR)
        before = [(time.original, time.starts_at) for time in await life.lookups.times(event.event_id)]
        there = await life.organising.replan(event.id, to(8 * A_DAY, event), past_id=8)
        assert (await life.lookups.series(there)).rule == "FREQ=MONTHLY;BYDAY=2TU;COUNT=9"
        assert len({time.starts_at for time in await life.lookups.times(event.event_id)}) == 8
        await life.organising.replan(event.id, to(-8 * A_DAY, there), past_id=9)
        assert [(time.original, time.starts_at) for time in await life.lookups.times(event.event_id)] == before


async def test_from_a_time_far_ahead_on_what_comes_before_stays_and_no_post_comes_out_of_its_turn(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY", ahead=HOUR)
        first, second, third, fourth, *_ = await times(life)
        far = await life.organising.keep(event.event_id, third.replace(tzinfo=None))
        await life.organising.replan(far, to(A_DAY, (await life.answering.seen(far)).event), past_id=8)
        assert (await times(life))[:4] == [first, second, third + A_DAY, fourth + A_DAY]
        for part in (event.event_id, 8):
            entries = await store.read(partial(calendars.of_event, guild_id=GUILD, event_id=part))
            assert [entry.starts_at for entry in entries][:9] == await times(life)
        await life.after(7 * A_DAY)
        rows = await store.read(lambda tx: tx.all("SELECT starts_at FROM event_occurrences WHERE shown >= 0"))
        assert len(rows) == 2
        with pytest.raises(BadEvent, match="Before that the series has another time"):
            await life.organising.replan(far, partial(series_moved, to=second.replace(tzinfo=None)), past_id=9)
        await life.organising.end(event.event_id)
        assert await times(life) == []


async def test_a_part_that_is_moved_ends_where_the_series_goes_on_otherwise(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY", ahead=A_DAY)
        first, second, third, *_ = await times(life)
        far = await life.organising.keep(event.event_id, third.replace(tzinfo=None))
        await life.organising.replan(far, partial(series_moved, to=(third - A_DAY).replace(tzinfo=None)), past_id=8)
        for far, words in ((13 * A_DAY + HOUR, "After that it goes on otherwise"), (14 * A_DAY, "The rule ends on")):
            with pytest.raises(StewardError, match=words):
                await life.organising.replan(event.id, to(far, event), past_id=9)
        later = 6 * A_DAY + HOUR
        for shift, before in ((-HOUR, [first - HOUR, second - HOUR]), (later + HOUR, [first + later])):
            await life.organising.replan(event.id, to(shift, (await life.answering.seen(event.id)).event), past_id=9)
            assert (await times(life))[: len(before) + 1] == [*before, third - A_DAY]


async def test_another_rule_cancels_what_it_has_not_and_keeps_the_rest_with_its_answers(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY", ahead=HOUR, lead=16 * 24 * 60)
        ahead = await life.lookups.ahead(GUILD)
        for user, one in enumerate(ahead[:3]):
            await life.answer(one, user + 11)
        before = await times(life)
        other = partial(replace, rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO")
        await life.organising.replan(event.id, other, past_id=8)
        await life.happens()
        assert await times(life) == before[::2]
        (told,) = await life.said("is cancelled")
        assert "<@12>" in told
        assert len((await life.answering.seen(ahead[2].id)).answers) == 1
        assert await life.said("is moved to") == []
        await life.organising.replan(event.id, partial(replace, rule=None), past_id=9)
        assert await times(life) == before[:1]


async def test_times_that_another_rule_adds_are_posted_in_their_turn(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY", ahead=HOUR)
        *_, planned = await life.lookups.ahead(GUILD)
        await life.answering.answer(planned.id, Member(11, "ada"), "yes", by=OLGA)
        await life.organising.replan(event.id, partial(replace, rule="FREQ=DAILY"), past_id=8)
        for days in range(1, 9):
            rows = await store.read(lambda tx: tx.all("SELECT 1 FROM event_occurrences WHERE shown >= 0"))
            assert len(rows) == days
            await life.after(A_DAY)
        assert len((await life.answering.seen(planned.id)).answers) == 1


async def test_another_lead_holds_for_the_next_post(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY", ahead=HOUR)
        await life.organising.replan(event.id, partial(replace, lead=3 * 24 * 60), past_id=8)
        for days, posted in ((3, 1), (1.1, 2)):
            await life.after(days * A_DAY)
            rows = await store.read(lambda tx: tx.all("SELECT 1 FROM event_occurrences WHERE shown >= 0"))
            assert len(rows) == posted


async def test_a_day_of_the_weekly_plan_is_changed_by_the_plan(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        await WeeklyPlan(store).set(5, GUILD, OLGA, entry(2, "Raid"))
        (event,) = await life.lookups.ahead(GUILD)
        with pytest.raises(BadEvent, match="weekly plan"):
            await life.organising.replan(event.id, to(A_DAY, event), past_id=8)
