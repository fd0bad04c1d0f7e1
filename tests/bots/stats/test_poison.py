"""One thing that can't be written or summed up costs itself only, on each engine, and does not come back (F61)."""

from datetime import UTC, datetime, timedelta

from structlog.testing import capture_logs

from steward.bots.stats.counts.facts import EventKind, MemberEvent
from steward.bots.stats.counts.store import Mark
from steward.bots.stats.history.calendar import Level
from steward.bots.stats.history.series import Measure
from steward.store import kv
from tests.bots.stats.book import GUILD, HOUR, MONDAY, book_of

TOO_LARGE = 2**63


class Place:
    """A place in the session that can be looked up."""

    def keep(self, tx):
        kv.put(tx, "place", "kept")


def joined(user, at=MONDAY, guild=GUILD):
    return MemberEvent(guild, EventKind.JOIN, user, f"user{user}", at, f"join:{user}")


async def test_f61_an_event_that_cannot_be_written_is_passed_over_with_its_place_and_the_others_are_kept(
    clock, database
):
    poison = [joined(TOO_LARGE), joined(3, guild=TOO_LARGE), joined(4)._replace(name="\ud800")]
    sound = [joined(user) for user in range(10, 20)]
    counts = {GUILD: Mark(10, 1), 11: Mark(TOO_LARGE, 1), 12: Mark(5, 0)}
    async with book_of(clock, database) as book:
        with capture_logs() as lines:
            await book.events.record([poison[0], *sound[:5], poison[1], *sound[5:], poison[2]], Place(), counts)
        assert await kept(book) == {event.user_id for event in sound}
        assert await book.store.read(lambda tx: kv.get(tx, "place")) == "kept"
        assert await book.events.marks() == {GUILD: Mark(10, 1), 12: Mark(5, 0)}
        assert book.store.skipper.counts == {"member event": 3, "counts": 1}
        assert "user" not in repr([line["ids"] for line in lines])


async def test_f61_events_of_absurd_times_stop_no_sum_of_any_server_also_after_a_restart(clock, database):
    """An earlier version kept them as Discord sent them; what follows them is summed up, once."""
    absurd = [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)]
    async with book_of(clock, database, zone="Pacific/Auckland") as book:
        await book.events.record([joined(user, at) for user, at in enumerate(absurd, 1)])
        await book.store.write(
            lambda tx: tx.execute("UPDATE member_events SET kind = 'rename' WHERE user_id = 1")  # of a later version
        )
        await book.events.record([joined(7), *(joined(9 + n, at) for n, at in enumerate(absurd)), joined(8)])
        await book.write()
        assert await joins(book) == 2
    async with book_of(clock, database, zone="Pacific/Auckland") as book:
        await book.events.record([joined(30)])
        await book.write()
        assert await joins(book) == 3
        assert not book.store.skipper.total, "it came back"


async def test_f61_the_last_event_that_cannot_be_summed_up_is_looked_at_once(clock, database):
    async with book_of(clock, database, zone="Pacific/Auckland") as book:
        await book.events.record([joined(7), joined(8, datetime(9999, 12, 31, 23, tzinfo=UTC))])
        await book.write()
        await book.write()
        assert book.store.skipper.counts == {"event to be summed up": 1}


async def test_f61_what_cannot_be_read_of_the_last_minutes_does_not_keep_the_next_process_from_starting(
    clock, database
):
    async with book_of(clock, database) as book:
        await book.events.record([joined(1), joined(2)])
        await book.store.write(lambda tx: tx.execute("UPDATE member_events SET kind = 'rename' WHERE user_id = 1"))
        assert [event.user_id for event in await book.events.last(timedelta(days=1), MONDAY)] == [2]


async def test_f61_activity_that_cannot_be_written_costs_no_other_channel_and_member(clock, database):
    async with book_of(clock, database) as book:
        book.says(MONDAY, channel=1, user=7)
        book.says(MONDAY, channel=TOO_LARGE, user=8)
        book.says(MONDAY, channel=2, user=TOO_LARGE)
        book.sits(MONDAY, MONDAY + timedelta(minutes=1), channel=TOO_LARGE, user=7)
        await book.write()
        assert await book.values(Measure.MESSAGES, MONDAY, HOUR, Level.HOUR) == [2]
        members = await book.store.read(
            lambda tx: tx.all("SELECT DISTINCT user_id FROM stats_members ORDER BY user_id")
        )
        assert [row[0] for row in members] == [7, 8]
        assert book.store.skipper.counts == {"activity": 2}
        assert not book.activity._channels
        assert not book.activity._members
        book.says(MONDAY, channel=1, user=7)
        await book.write()
        assert await book.values(Measure.MESSAGES, MONDAY, HOUR, Level.HOUR) == [3]
        assert book.store.skipper.total == 2


async def test_f61_a_sample_that_cannot_be_written_costs_no_other(clock, database):
    async with book_of(clock, database) as book:
        book.sample(MONDAY, members=TOO_LARGE)
        book.sample(MONDAY + timedelta(minutes=5), members=10)
        await book.write()
        assert await book.values(Measure.MEMBERS, MONDAY, HOUR, Level.HOUR) == [10]


async def kept(book):
    return {row[0] for row in await book.store.read(lambda tx: tx.all("SELECT user_id FROM member_events"))}


async def joins(book):
    return sum(value or 0 for value in await book.values(Measure.JOINS, MONDAY, HOUR, Level.HOUR))
