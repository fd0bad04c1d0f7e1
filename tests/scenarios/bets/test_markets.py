"""`/market` on the whole product: members ask, bet and agree, in accelerated time."""

import asyncio
from functools import partial

from steward.bots.bets.ledger.accounts import find_wallet
from tests.bots.bets.ledger.book import flaws
from tests.scenarios.test_privacy import texts_with
from tests.stage import QUIET, admin, stage, until

ALONE = {"STEWARD_BOTS": "bets"}
MINUTE, HOUR, DAY = 60, 3600, 86_400
LET = {"question": "Who wins the quiz?", "outcomes": "Reds\nBlues", "source": "The quizmaster", "closes": "in 2 hours"}


async def balance(scene, steward, member):
    found = await steward.store.read(partial(find_wallet, guild_id=scene.guild.id, user_id=member.id))
    return None if found is None else found.balance


async def made(who, hall, **fields):
    """Make a market and return its post."""
    before = len(hall.messages)
    preview = await who.submit(await who.run("/market create", hall), **LET | fields)
    assert "This is how it will look" in preview.content, preview.content
    assert "is posted here" in (await who.click(preview, "Post")).content
    await until(lambda: len(hall.messages) > before)
    return hall.messages[before]


async def bets(who, post, outcome, amount):
    """Bet, and return what was answered."""
    form = await who.click(post, outcome)
    return (await who.submit(form, amount=amount)).content


async def crowd(scene, *names):
    """Return members with the starting balance."""
    members = [scene.guild.join(name) for name in names]
    for member in members:
        await member.run("/wallet claim")
    return members


def state(post):
    return post.embeds[0]["description"]


async def test_a_market_is_made_bet_in_closed_agreed_on_and_paid_a_day_later(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        cleo, ada, ben, dora = await crowd(scene, "cleo", "ada", "ben", "dora")
        post = await made(cleo, hall)
        assert post.embeds[0]["title"] == "Who wins the quiz?"
        assert "What decides it: The quizmaster" in state(post)
        assert "can't bet in it" in (await cleo.click(post, "Reds")).content
        assert await bets(ada, post, "Reds", "300") == (
            "You bet 300 points on **Reds**. Until the market closes you can take it back."
        )
        await bets(ben, post, "Blues", "half")
        await until(lambda: post.embeds[0]["fields"][0]["value"] == "300 points in 1 bet, pays 2.66")
        assert post.embeds[0]["fields"][1]["value"] == "500 points in 1 bet, pays 1.60"
        assert "I can't read that" in await bets(ben, post, "Blues", "-5")
        assert "and this takes 501" in await bets(ben, post, "Blues", "501")
        assert "isn't there" in (await ada.run("/market show", market="what?")).content
        (offered,) = (await ada.autocomplete("/market show", market="quiz")).interaction.choices
        assert offered["name"] == "Who wins the quiz?"
        await asyncio.sleep(2 * HOUR)
        await until(lambda: "Closed." in state(post))
        assert (await ada.run("/market show", market=offered["value"])).embeds == post.embeds
        told = scene.sim.world.direct_channel(scene.sim.bot, cleo.user).messages
        await until(lambda: bool(told))
        assert "is closed. What happened?" in told[0].content
        assert "a bet manager, can propose" in (await dora.select(post, "Reds")).content
        assert "You proposed **Reds**" in (await cleo.select(post, "Reds")).content
        await until(lambda: "Proposed: **Reds**" in state(post))
        assert "You proposed it" in (await cleo.click(post, "Confirm: Reds")).content
        assert "have a stake" in (await ada.click(post, "Confirm: Reds")).content
        assert "You confirmed **Reds**" in (await dora.click(post, "Confirm: Reds")).content
        await until(lambda: "Confirmed: **Reds**" in state(post))
        assert await balance(scene, steward, ada) == 700
        await asyncio.sleep(DAY)
        await until(lambda: state(post).startswith("Settled: **Reds**"))
        assert post.components == []
        assert "✅ Reds" in post.embeds[0]["fields"][0]["name"]
        assert [await balance(scene, steward, one) for one in (cleo, ada, ben)] == [1000, 1500, 500]
        await until(lambda: "the winners are paid" in hall.messages[-1].content)
        assert [len(message.mentions) for message in hall.messages] == [0] * len(hall.messages)
        assert await steward.store.read(flaws) == []


async def test_ten_bets_are_one_post_that_is_edited_at_most_once_a_second(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        (cleo, *others) = await crowd(scene, "cleo", *(f"guest {number}" for number in range(10)))
        post = await made(cleo, hall)
        began = clock.monotonic()
        await asyncio.gather(*(bets(one, post, "Blues", "10") for one in others))
        await until(lambda: post.embeds[0]["fields"][1]["value"] == "100 points in 10 bets")
        edits = [edit for edit in scene.sim.recorder.requests(method="PATCH") if str(post.id) in edit.path]
        assert 1 <= len(edits) <= clock.monotonic() - began + 1
        assert len(hall.messages) == 1


async def test_a_market_about_which_nobody_says_anything_is_refunded_by_itself(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        cleo, ada, ben = await crowd(scene, "cleo", "ada", "ben")
        post = await made(cleo, hall)
        await bets(ada, post, "Reds", "300")
        await bets(ben, post, "Blues", "all")
        assert (await ben.click(post, "Take my stake back")).content == "You have your 1,000 points back."
        await bets(ben, post, "Blues", "10")
        ben.leave()  # the stake stays, and is paid
        await asyncio.sleep(2 * HOUR + 2 * DAY - 2 * MINUTE)
        assert await balance(scene, steward, ada) == 700
        await asyncio.sleep(4 * MINUTE)
        await until(lambda: "Settled: **void**" in state(post))
        assert [await balance(scene, steward, one) for one in (ada, ben)] == [1000, 1000]
        await until(lambda: "got their stake back" in hall.messages[-1].content)
        assert await steward.store.read(flaws) == []


async def test_an_objection_is_decided_by_a_bet_manager_even_if_the_channel_is_gone(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        cleo, ada, ben, dora = await crowd(scene, "cleo", "ada", "ben", "dora")
        post = await made(cleo, hall)
        await bets(ada, post, "Reds", "300")
        await bets(ben, post, "Blues", "100")
        hall.delete()
        await asyncio.sleep(2 * HOUR)

        async def shown(who):
            return await who.run("/market show", market="quiz")

        await cleo.select(await shown(cleo), "Reds")
        await dora.click(await shown(dora), "Confirm: Reds")
        await asyncio.sleep(HOUR)
        assert "with a stake in this market can object" in (await dora.click(await shown(dora), "Object")).content
        question = await ben.click(await shown(ben), "Object")
        assert "Then a bet manager without a stake decides" in question.content
        assert "You objected" in (await ben.click(question, "Object")).content
        await asyncio.sleep(DAY)
        assert "those who manage bets" in (await dora.select(await shown(dora), "Blues")).content
        assert "You decided: **Blues**" in (await olga.select(await shown(olga), "Blues")).content
        assert [await balance(scene, steward, one) for one in (ada, ben)] == [700, 1300]
        assert "Settled: **Blues**" in (await shown(ada)).embeds[0]["description"]
        assert await steward.store.read(flaws) == []


async def test_only_bet_managers_make_markets_at_odds_that_the_house_pays(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        ada, ben = await crowd(scene, "ada", "ben")
        priced = {"outcomes": "Yes @ 2.50\nNo @ 6/4"}
        refused = await ada.submit(await ada.run("/market create", hall), **LET | priced)
        assert "Only bet managers make markets with fixed odds" in refused.content
        again = await ada.submit(await ada.click(refused, "Change"), **LET | {"outcomes": "Yes", "closes": "yesterday"})
        assert "You wrote 1 outcome" in again.content
        assert (await ada.click(again, "Discard")).content == "Okay, I've thrown it away."
        post = await made(olga, hall, **priced)
        assert "pays 2.50" in post.embeds[0]["fields"][0]["value"]
        await bets(ada, post, "Yes", "1000")
        await bets(ben, post, "No", "33")
        await asyncio.sleep(2 * HOUR)
        await until(lambda: "Closed." in state(post))
        await olga.select(post, "No")
        await until(lambda: "Proposed" in state(post))
        await (scene.guild.join("eva")).click(post, "Confirm: No")
        await asyncio.sleep(DAY + MINUTE)
        assert [await balance(scene, steward, one) for one in (ada, ben)] == [0, 967 + 82]
        assert await steward.store.read(flaws) == []


async def test_a_restart_and_a_long_absence_lose_nothing(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene:
        async with scene.steward() as steward:
            await admin(scene, steward)
            hall = scene.guild.add_text_channel("hall")
            cleo, ada, ben = await crowd(scene, "cleo", "ada", "ben")
            post = await made(cleo, hall)
            await bets(ada, post, "Reds", "300")
            await bets(ben, post, "Blues", "100")
        await asyncio.sleep(3 * DAY)
        async with scene.steward() as steward:
            await until(lambda: "Closed." in state(post))  # and there are two days now to say what happened
            await cleo.select(post, "Blues")
            await until(lambda: "Proposed" in state(post))
            await scene.guild.join("eva").click(post, "Confirm: Blues")
        await asyncio.sleep(DAY)
        async with scene.steward() as steward:
            await until(lambda: "Settled: **Blues**" in state(post))
            assert [await balance(scene, steward, one) for one in (ada, ben)] == [700, 1300]
            assert await steward.store.read(flaws) == []


async def test_members_see_what_they_staked_and_who_is_forgotten_is_in_no_table(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        cleo, ada, ben = await crowd(scene, "cleo", "ada", "ben")
        post = await made(cleo, hall)
        await bets(ada, post, "Reds", "300")
        await bets(ben, post, "Blues", "100")
        assert "- 1 bet in markets of members" in (await ada.run("/privacy show")).content
        assert "- 1 market that you made" in (await cleo.run("/privacy show")).content
        await asyncio.sleep(2 * HOUR)
        await until(lambda: "Closed." in state(post))
        await cleo.select(post, "Reds")
        await cleo.run("/market create", hall)  # a draft
        for member in (ada, cleo):
            await member.click(await member.run("/privacy forget-me"), "Delete")
            assert (await texts_with(steward, str(member.id))).keys() == {"opt_outs"}
        await until(lambda: "Closed. A bet manager says" in state(post))
        await asyncio.sleep(2 * DAY)
        await until(lambda: "Settled: **void**" in state(post))
        assert await balance(scene, steward, ben) == 1000
        assert await steward.store.read(flaws) == []


async def test_a_time_with_two_readings_is_asked_about(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        (cleo,) = await crowd(scene, "cleo")
        question = await cleo.submit(await cleo.run("/market create", hall), **LET | {"closes": "3/4 20:00"})
        assert "can be read in more than one way" in question.content
        preview = await cleo.click(question, question.buttons[0])
        assert "This is how it will look" in preview.content


async def test_what_the_house_keeps_and_risks_is_set_up_in_discord(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        form = await olga.click(await olga.run("/setup"), "Gifts and markets")
        panel = await olga.submit(form, market_takeout="lots")
        assert "a whole number from 0 to 50 percent" in panel.embeds[0]["description"]
        form = await olga.click(panel, "Gifts and markets")
        panel = await olga.submit(form, market_takeout="10%", market_exposure="0")
        await olga.click(panel, "Save")
        (ada,) = await crowd(scene, "ada")
        post = await made(olga, hall)
        assert "the house keeps 10% of it" in post.embeds[0]["footer"]["text"]
        refused = await olga.submit(await olga.run("/market create", hall), **LET | {"outcomes": "Yes @ 2\nNo @ 2"})
        assert "no markets with fixed odds" in refused.content
        listed = (await ada.run("/market list")).embeds[0]["description"]
        assert "**Who wins the quiz?**" in listed
        assert "0 bets, 0 points in all." in listed


async def test_who_made_a_market_closes_betting_once_the_answer_is_known(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        cleo, ada, ben, dora = await crowd(scene, "cleo", "ada", "ben", "dora")
        post = await made(cleo, hall)
        await bets(ada, post, "Reds", "300")
        await bets(ben, post, "Blues", "100")
        assert "Only who made this market, or a bet manager" in (await ada.click(post, "Close betting now")).content
        question = await cleo.click(post, "Close betting now")
        assert "nobody bets in it or takes a stake back" in question.content
        assert (await cleo.click(question, "Cancel")).content == "Okay, it stays open."
        question = await cleo.click(post, "Close betting now")
        form = await ben.click(post, "Reds")  # opened in time, sent too late
        assert "Betting is closed" in (await cleo.click(question, "Close betting")).content
        assert "no more bets" in (await ben.submit(form, amount="900")).content
        assert "stays in it" in (await ben.click(post, "Take my stake back")).content
        await until(lambda: "Closed." in state(post))
        await cleo.select(post, "Reds")
        await until(lambda: "Proposed" in state(post))
        await dora.click(post, "Confirm: Reds")
        await asyncio.sleep(DAY + MINUTE)
        assert [await balance(scene, steward, one) for one in (ada, ben)] == [1100, 900]
        assert await steward.store.read(flaws) == []


async def test_a_bet_manager_voids_an_open_market_and_its_post_says_why(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        cleo, ada, ben = await crowd(scene, "cleo", "ada", "ben")
        post = await made(cleo, hall)
        await bets(ada, post, "Reds", "300")
        await bets(ben, post, "Blues", "100")
        assert "those who manage bets" in (await cleo.click(post, "Void")).content
        question = await olga.click(post, "Void")
        assert "2 bets, 400 points in all, go back. It can't be undone." in question.content
        again = await olga.submit(await olga.click(question, "Void"), reason=" ")
        assert "The reason is empty" in again.content
        assert await balance(scene, steward, ada) == 700
        first, second = [await olga.click(question, "Void") for _ in range(2)]
        assert "is void" in (await olga.submit(first, reason="The quiz is off")).content
        assert "isn't open any more" in (await olga.submit(second, reason="Once more")).content
        await until(lambda: "A bet manager says why: “The quiz is off”" in state(post))
        assert post.components == []
        assert [await balance(scene, steward, one) for one in (ada, ben)] == [1000, 1000]
        await until(lambda: f"<@{olga.id}> says why" in hall.messages[-1].content)
        assert [len(message.mentions) for message in hall.messages] == [0] * len(hall.messages)
        assert await steward.store.read(flaws) == []
