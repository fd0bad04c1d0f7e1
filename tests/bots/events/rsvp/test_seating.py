"""What a click reads of the database: as much where thousands have answered as where a hundred have."""

import asyncio
import shutil
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from steward.bots.events.editing.service import EventService
from steward.bots.events.model.details import MAYBE, NO, YES, Details
from steward.bots.events.model.occurrences import occurrence
from steward.bots.events.model.series import Series
from steward.bots.events.roles import roles
from steward.bots.events.rsvp.answers import Respondent, Rsvp, answer, answers, move_up, take_out
from steward.bots.events.rsvp.lineup import A_PAGE, NAMED, lineup, page_of
from steward.bots.events.rsvp.roster import RsvpTally
from steward.bots.events.rsvp.seating import LINE_COUNTED, tallies
from steward.bots.events.rsvp.service import RsvpService
from steward.bots.events.views.replies import answered
from steward.bots.installed import MIGRATIONS
from steward.store import open_store, to_millis
from tests.bots.events.happening import gone
from tests.bots.events.seated import Seated
from tests.store.query_plan import analyze, query_plan

BEFORE_TALLIES = 11
WALL = "2026-01-06T00:00"
IN_LINE = (
    "SELECT user_id FROM event_answers"
    " WHERE occurrence_id = ? AND seated = 0 AND option_key = ? ORDER BY arrival LIMIT 5"
)


@contextmanager
def steps(connection):
    """Count the steps of SQLite's virtual machine: what is read of a table takes some for each row."""
    counted = [0]

    def step():
        counted[0] += 1

    connection.set_progress_handler(step, 1)
    try:
        yield counted
    finally:
        connection.set_progress_handler(None, 1)


@contextmanager
def filled(number, seats=10):
    """An event with so many answers, most of which wait for a seat."""
    kept = Seated((YES, MAYBE, NO), seats)
    with closing(kept.connection):
        fill(kept, number, seats)
        yield kept


def fill(kept, number, seats):
    rows = [(kept.id, user, f"m{user}", "yes", user, int(user <= seats), user) for user in range(1, number + 1)]
    with kept.begun() as tx:
        columns = ("occurrence_id", "user_id", "name", "option_key", "arrival", "seated", "answered_by", "answered_at")
        tx.executemany(tx.dialect.insert_new("event_answers", columns), [(*row, 0) for row in rows])
        row = {"occurrence_id": kept.id, "option_key": "yes", "seated": seats, "waiting": number - seats}
        tx.insert_new("event_tallies", row)
        tx.execute("UPDATE event_occurrences SET arrivals = ?, state = 'posted' WHERE id = ?", (number, kept.id))


def cost(kept, work):
    with kept.begun() as tx, steps(kept.connection) as counted:
        work(tx)
    return counted[0]


ACTS = {
    "takes a place in the line": lambda kept, tx: answer(tx, kept.id, Respondent(10**5, "ada"), "yes", by=None),
    "answers what has no bound": lambda kept, tx: answer(tx, kept.id, Respondent(10**5 + 1, "ben"), "maybe", by=None),
    "gives a seat back, and the first in line moves up": lambda kept, tx: answer(
        tx, kept.id, Respondent(3, "m3"), "no", by=None
    ),
    "is taken out of the line": lambda kept, tx: take_out(tx, kept.id, 50),
    "changes the answer in the line": lambda kept, tx: answer(tx, kept.id, Respondent(60, "m60"), "maybe", by=None),
    "answers the same again": lambda kept, tx: answer(tx, kept.id, Respondent(40, "m40"), "yes", by=None),
    "has the role follow": lambda kept, tx: roles.follow(tx, occurrence(tx, kept.id), [4, 70]),
    "is shown on the first page": lambda kept, tx: page_of(tx, occurrence(tx, kept.id), 0),
    "has nobody move up": lambda kept, tx: move_up(tx, kept.id),
}


def test_f65_a_click_reads_as_much_where_ten_thousand_have_answered_as_where_two_hundred_have():
    with filled(200) as few, filled(10_000) as many:
        for what, act in ACTS.items():
            small, large = (cost(kept, lambda tx, kept=kept, act=act: act(kept, tx)) for kept in (few, many))
            assert large <= small + 20, f"whoever {what} reads {large} steps, not {small}"
        for kept in (few, many):
            assert {key: tally.seated for key, tally in kept.counted.items()}["yes"] == 10


def test_f65_a_post_and_a_page_read_a_bounded_number_of_names():
    with filled(10_000, seats=3000) as kept, kept.begun() as tx:
        event = occurrence(tx, kept.id)
        shown = lineup(tx, event)
        assert (len(shown.seated["yes"]), len(shown.waiting)) == (NAMED, NAMED)
        assert (shown.tally("yes").seated, shown.all_waiting) == (3000, 7000)
        last = page_of(tx, event, 10**6)
        assert (last.number, last.last, len(last.answers)) == (333, 333, 10_000 - 333 * A_PAGE)
        every = [one.user_id for number in range(334) for one in page_of(tx, event, number).answers]
    assert every == list(range(1, 10_001))


def test_whoever_is_far_back_in_a_line_is_told_that_many_are_ahead():
    with filled(LINE_COUNTED + 30) as kept, kept.begun() as tx:
        near = answer(tx, kept.id, Respondent(LINE_COUNTED + 10, "m"), "yes", by=None)
        far = answer(tx, kept.id, Respondent(LINE_COUNTED + 11, "m"), "yes", by=None)
        last = answer(tx, kept.id, Respondent(10**6, "m"), "yes", by=None)
    assert near.line == LINE_COUNTED
    assert f"#{LINE_COUNTED}:" in answered(near)["content"]
    for outcome in (far, last):
        assert "with at least 1,000 ahead: I'll tell you" in answered(outcome)["content"]


async def test_a_line_is_read_at_its_head_on_each_database(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        made = await event_of(store, clock, seats=1)
        rows = [(made.id, user, "m", "yes", user, 0, user, 0) for user in range(1, 3001)]
        columns = ("occurrence_id", "user_id", "name", "option_key", "arrival", "seated", "answered_by", "answered_at")
        await store.write(lambda tx: tx.executemany(tx.dialect.insert_new("event_answers", columns), rows))
        await asyncio.to_thread(analyze, database, "event_answers")
        plan = await store.read(lambda tx: query_plan(tx, IN_LINE, (made.id, "yes")))
        assert (plan.index, plan.sorts, plan.read <= 6) == ("event_answers_in_line", False, True), plan.text


async def event_of(store, clock, **details):
    start = (clock.now() + timedelta(days=1)).replace(tzinfo=None, microsecond=0)
    series = Series(7, 1, 2, 3, ZoneInfo("UTC"), start, None, 0, Details("Raid", **details))
    return await EventService(store, gone).create(series)


def former(tmp_path):
    """The migrations as they were before answers were counted."""
    found = []
    for part, folder in MIGRATIONS:
        copied = tmp_path / part
        copied.mkdir()
        for file in Path(folder).glob("V*.sql"):
            if part != "events" or int(file.name[1:].partition("__")[0]) <= BEFORE_TALLIES:
                shutil.copy(file, copied)
        found.append((part, copied))
    return found


async def test_answers_of_an_earlier_version_are_counted_when_it_is_updated(clock, new_database, tmp_path):
    columns = ("occurrence_id", "user_id", "name", "option_key", "arrival", "seated", "answered_by", "answered_at")
    given = [("yes", 1), ("yes", 1), ("no", 1), ("yes", 0), ("yes", 0), ("maybe", 1)]
    start = to_millis(clock.now() + timedelta(days=1))
    event = {"id": 7, "guild_id": 1, "channel_id": 2, "organiser_id": 3, "zone": "UTC", "start_wall": WALL}
    event |= {"lead_minutes": 0, "details": Details("Raid", seats=2).encoded(), "created_at": 0}
    made = {"id": 9, "event_id": 7, "guild_id": 1, "original_wall": WALL, "starts_at": start, "ends_at": start + 1}
    made |= {"state": "posted", "channel_id": 2, "arrivals": len(given)}
    rows = [(9, user, f"m{user}", key, user, seated, user, 0) for user, (key, seated) in enumerate(given, 1)]
    async with open_store(new_database, clock, migrations=former(tmp_path)) as store:
        await store.write(lambda tx: (tx.insert_new("events", event), tx.insert_new("event_occurrences", made)))
        await store.write(lambda tx: tx.executemany(tx.dialect.insert_new("event_answers", columns), rows))
        before = await store.read(lambda tx: answers(tx, 9))
    async with open_store(new_database, clock, migrations=MIGRATIONS) as store:
        assert await store.read(lambda tx: answers(tx, 9)) == before
        counted = await store.read(lambda tx: tallies(tx, 9))
        assert counted == {"yes": RsvpTally(2, 2), "no": RsvpTally(1, 0), "maybe": RsvpTally(1, 0)}
        outcome = await RsvpService(store).answer(9, Respondent(1, "m1"), "no")
        assert [place.user_id for place in outcome.moved_up] == [4]
        now = await store.read(lambda tx: answers(tx, 9))
        assert Rsvp(5, "m5", "yes", seated=False, note="") in now


@pytest.mark.parametrize("seats", [2, None])
async def test_counters_and_answers_change_together_on_each_database(clock, database, seats):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        made, answering = await event_of(store, clock, seats=seats), RsvpService(store)
        for user in range(1, 7):
            await answering.answer(made.id, Respondent(user, f"m{user}"), "yes")
        await answering.answer(made.id, Respondent(2, "m2"), "maybe")
        await answering.take_out(made.id, 4)
        kept = await store.read(lambda tx: answers(tx, made.id))
        counted = {}
        for one in kept:
            counted.setdefault(one.option, RsvpTally()).count(one)
        assert await store.read(lambda tx: tallies(tx, made.id)) == counted
        assert sum(one.seated and one.option == "yes" for one in kept) == (2 if seats else 4)
