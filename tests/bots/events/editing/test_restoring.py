"""When what was skipped ahead of its post is posted once it is restored: as if it had never been skipped."""

from datetime import timedelta
from functools import partial

import pytest

from steward.bots.events.model.details import BadEvent
from steward.bots.events.model.occurrences import State
from steward.bots.events.recurrence.planning import series_moved
from steward.bots.events.rsvp.answers import Respondent
from steward.bots.installed import MIGRATIONS
from steward.store import open_store
from tests.bots.events.life import A_DAY, HOUR, OLGA, Life, living
from tests.bots.events.whole import whole


async def states(life):
    """Return how far each kept time of the series has come, by its day."""
    rows = await life.store.read(lambda tx: tx.all("SELECT original_wall, state FROM event_occurrences ORDER BY 1"))
    return {int(wall[8:10]): state for wall, state in rows}


@pytest.mark.parametrize("lead", [0, 12 * 60])
async def test_a_skipped_time_that_is_restored_is_posted_with_those_that_never_were(clock, tmp_path, lead):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        made = await life.made(rule="FREQ=DAILY", lead=lead)  # at 02:00
        other = await life.made(rule="FREQ=DAILY", lead=lead, id_=8)
        skipped = await life.organising.skip(made.event_id, made.original + timedelta(days=2))
        assert (await life.organising.restore(skipped.id)).state is State.PLANNED
        for _ in range(72):
            await life.after(HOUR)
            rows = await store.read(
                lambda tx: tx.all("SELECT event_id, original_wall FROM event_occurrences WHERE state = 'posted'")
            )
            kept = [{wall for event_id, wall in rows if event_id == one.event_id} for one in (made, other)]
            assert kept[0] == kept[1]


async def test_a_skipped_time_whose_turn_has_passed_is_posted_at_once(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        life = Life(store, clock)
        made = await life.made(rule="FREQ=DAILY")  # at 02:00 on the 5th
        skipped = await life.organising.skip(made.event_id, made.original + timedelta(days=1))
        await life.after(4 * HOUR)  # the first is over, so the next one's turn has come
        assert await states(life) == {5: "over", 6: "cancelled", 7: "planned"}
        await life.organising.restore(skipped.id)
        await life.happens()
        assert (await states(life))[6] == "posted"


async def test_what_is_not_cancelled_or_would_be_over_cannot_be_restored(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        made = await life.made()
        with pytest.raises(BadEvent, match="isn't cancelled"):
            await life.organising.restore(made.id)
        await life.organising.cancel(made.id)
        await life.after(A_DAY)
        with pytest.raises(BadEvent, match="is over"):
            await life.organising.restore(made.id)


async def test_restored_after_a_move_of_the_series_it_is_at_the_new_time(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        made = await life.made(rule="FREQ=DAILY", ahead=26 * HOUR)
        skipped = await life.organising.skip(made.event_id, made.original + timedelta(days=1))
        later = partial(series_moved, to=made.original + timedelta(hours=3))
        await life.organising.replan(made.id, later, past_id=99, moves=True)
        back = await life.organising.restore(skipped.id)
        assert back.starts_at == skipped.starts_at + timedelta(hours=3)


async def test_a_seat_given_back_while_a_time_was_skipped_is_given_on_before_a_newcomer_gets_it(clock, tmp_path):
    """Ahead of its post, too: whoever waited comes before whoever answers next."""
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        made = await life.made(rule="FREQ=DAILY", seats=1)
        kept = await life.organising.keep(made.event_id, made.original + timedelta(days=2))
        for user in (11, 12):
            await life.answering.answer(kept, Respondent(user, f"guest {user}"), "yes", by=OLGA)
        await life.organising.skip(made.event_id, made.original + timedelta(days=2))
        await life.answering.take_out(kept, 11)
        assert (await life.organising.restore(kept)).state is State.PLANNED
        assert (await life.answering.answer(kept, Respondent(13, "guest 13"), "yes", by=OLGA)).line == 1
        assert [one.user_id for one in (await whole(store, kept)).answers if one.seated] == [12]
        assert await life.said("you're in!") == []
