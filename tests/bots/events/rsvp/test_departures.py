"""What hangs on a membership, and that it ends, on each database."""

import random
from functools import partial

from steward.bots.events.calendar.feeds import Feeds
from steward.bots.events.rsvp.departures import answered_by, end_answers, end_rest, guilds_with_members, hanging
from steward.bots.installed import MIGRATIONS
from steward.store import open_store
from tests.bots.events.life import A_DAY, GUILD, HOUR, Life, living
from tests.bots.events.whole import whole

ADA, BEN, CID, DAN = 11, 12, 13, 14


async def leave(life, *users):
    """Have members leave together, as the bot does once it has heard of them."""
    for event_id in await life.store.read(partial(answered_by, guild_id=GUILD, user_ids=users)):
        await life.store.write(partial(end_answers, occurrence_id=event_id, batches=[users]))
    await life.store.write(partial(end_rest, guild_id=GUILD, user_ids=users))


async def test_what_hangs_on_members_is_found_and_ended_on_each_database(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        life = Life(store, clock)
        past = await life.made(id_=6)
        await life.answer(past, DAN)
        await life.after(A_DAY)
        event = await life.made(seats=1, role_id=99)
        await life.answer(event, ADA, BEN, CID)
        await Feeds(store, clock).give(GUILD, BEN)
        await Feeds(store, clock).give(GUILD + 1, BEN)
        assert await store.read(guilds_with_members) == [GUILD, GUILD + 1]
        assert await store.read(partial(hanging, guild_id=GUILD)) == [ADA, BEN, CID], "Dan's event is over"
        assert await store.read(partial(hanging, guild_id=GUILD, among=[BEN, DAN])) == [BEN]
        await leave(life, ADA, BEN)
        assert await store.read(partial(hanging, guild_id=GUILD)) == [CID]
        assert await store.read(partial(hanging, guild_id=GUILD + 1)) == [BEN], "another server's is its own"
        (told,) = await life.said("you're in!")
        assert f"<@{CID}>" in told
        assert f"<@{BEN}>" not in told
        assert [one.user_id for one in (await whole(life.store, past.id)).answers] == [DAN]


async def test_the_statements_are_the_same_at_each_instant_for_the_database_keeps_them_ready(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life, asked = Life(store, clock), []

        def ask(tx):
            hanging(tx, GUILD, [ADA])
            answered_by(tx, GUILD, [ADA])
            guilds_with_members(tx)
            asked.append(tx.statements)

        await store.write(ask)
        await life.after(HOUR)
        await store.write(ask)
        assert asked[0] == asked[1]
        assert len(asked[0]) > 5


async def test_seats_stay_exact_whoever_answers_leaves_and_returns(clock, tmp_path):
    chance = random.Random(12)
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(seats=3, ahead=100 * HOUR)
        there, seated, told = set(range(1, 13)), set(), 0
        for _ in range(250):
            user = chance.choice(range(1, 13))
            if user not in there:
                there.add(user)  # back again, without an answer
            elif chance.random() < 0.2:
                gone = {user, *chance.sample(range(1, 13), chance.randrange(4))} & there
                there -= gone
                await leave(life, *gone)
            else:
                await life.answer(event, user, option=chance.choice(("yes", "yes", "yes", "late", "no")))
            answers = (await whole(life.store, event.id)).answers
            coming = [one for one in answers if one.option in {"yes", "late"}]
            waiting = [one for one in coming if not one.seated]
            assert {one.user_id for one in answers} <= there
            assert len(coming) - len(waiting) == min(3, len(coming))
            seated = {one.user_id for one in coming if one.seated}
            messages = await life.said("you're in!")
            for message in messages[told:]:
                assert all(f"<@{user}>" not in message for user in range(1, 13) if user not in seated)
            told = len(messages)
        assert told > 10


async def test_whoever_left_and_was_banned_makes_one_seat_free(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(seats=1)
        await life.answer(event, ADA, BEN, CID)
        await store.write(partial(end_answers, occurrence_id=event.id, batches=[[ADA], [ADA]]))
        answers = (await whole(store, event.id)).answers
        assert {one.user_id: one.seated for one in answers} == {BEN: True, CID: False}
