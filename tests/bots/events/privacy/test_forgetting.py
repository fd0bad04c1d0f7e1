"""A member is forgotten: nothing of what lies ahead is left to a stand-in."""

from steward.bots.events.posts.promises import Effect, Refusals
from tests.bots.events.life import OLGA, Life, living
from tests.bots.events.whole import whole


async def test_a_click_while_a_member_is_forgotten_leaves_no_stand_in_in_what_lies_ahead(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        made = await life.made(seats=1)
        await life.answer(made, 11, 12)
        take_out, clicks = life.answering.take_out, [11]

        async def and_click(occurrence_id, user_id):
            await take_out(occurrence_id, user_id)
            if clicks:
                await life.answer(made, clicks.pop())

        life.answering.take_out = and_click
        await life.forget(11)
        assert [(one.user_id, one.seated) for one in (await whole(store, made.id)).answers] == [(12, True)]


async def test_whoever_is_forgotten_while_a_refusal_is_explained_is_not_told_of_it(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        asked = await life.made()
        await life.forget(OLGA)
        await Refusals(store, promises=None).tell(asked, Effect.ROLE, "I may not give the role.")
        assert await life.said("I may not give the role.") == []
