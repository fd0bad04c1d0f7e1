"""`/wallet` and `/season` on the whole product."""

import asyncio
from functools import partial

import pytest

from steward.bots.bets.ledger.accounts import BOOK, find_wallet, wallet
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.bets.ledger.reversals import reversals
from tests.bots.bets.ledger.book import flaws
from tests.parts import bets_of
from tests.scenarios.test_privacy import texts_with
from tests.stage import QUIET, admin, stage, until, until_midnight

ALONE = {"STEWARD_BOTS": "bets"}


async def balance(scene, steward, member):
    found = await steward.store.read(partial(find_wallet, guild_id=scene.guild.id, user_id=member.id))
    return None if found is None else found.balance


async def adds_up(steward):
    assert await steward.store.read(flaws) == []


def text(reply):
    return reply.embeds[0]["description"]


async def owing(scene, steward, member, amount):
    """Have a member owe so much: what they won is spent, and then taken back."""

    def work(tx):
        guild, own = scene.guild.id, wallet(member.id)
        won = Movement("settle:1", "settle", {BOOK: -amount, own: amount})
        spent = Movement("place:1", "place", {own: -amount, BOOK: amount}, member.id)
        settled, _ = post(tx, guild, [won, spent])
        post(tx, guild, list(reversals(tx, guild, [settled.id]).values()))

    await steward.store.write(work)


@pytest.mark.evening
async def test_a_member_claims_gives_and_sees_what_happened(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada, ben = scene.guild.join("ada"), scene.guild.join("ben")
        shown = await ada.run("/wallet show")
        assert (shown.ephemeral, text(shown)) == (True, "**0 points**")
        assert "1,000 points to collect: `/wallet claim`" in str(shown.embeds)
        assert "Play money" in shown.embeds[0]["footer"]["text"]
        assert "Nothing has happened" in text(await ada.run("/wallet history"))
        claimed = await ada.run("/wallet claim")
        assert claimed.content.startswith("Welcome! You got 1,000 points and have 1,000 points now. The next")
        assert "already claimed" in (await ada.run("/wallet claim")).content
        assert "wallet is new" in (await ada.run("/wallet give", member=ben, amount="5")).content
        await asyncio.sleep(until_midnight(clock) + 60)
        assert "already claimed" in (await ada.run("/wallet claim")).content  # two hours ago
        await asyncio.sleep(18 * 3600)
        assert "have 1,100 points now" in (await ada.run("/wallet claim")).content
        assert "**1,100 points**" in text(await ada.run("/wallet show"))
        gift = await ada.run("/wallet give", member=ben, amount="½")
        assert "at once" in gift.content  # 550
        gift = await ada.run("/wallet give", member=ben, amount="1e2")
        assert (gift.ephemeral, gift.content) == (False, f"<@{ada.id}> gave <@{ben.id}> 100 points.")
        for amount, told in (("-5", "can't read"), ("lots", "can't read"), ("1e9", "at once is 500 points")):
            await asyncio.sleep(30)
            assert told in (await ada.run("/wallet give", member=ben, amount=amount)).content
        lines = text(await ada.run("/wallet history")).splitlines()
        assert [line.partition("> ")[2] for line in lines] == [
            f"**-100 points** to <@{ben.id}> · 1,000 points",
            "**+100 points** daily claim · 1,100 points",
            "**+1,000 points** daily claim · 1,000 points",
        ]
        assert f"from <@{ada.id}>" in text(await ben.run("/wallet history"))
        await adds_up(steward)


async def test_gifts_go_to_people_who_are_here_and_not_to_oneself(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada, ben = scene.guild.join("ada"), scene.guild.join("ben")
        ben.leave()
        for member, told in ((ada, "That's you"), (ben, "isn't in this server"), (scene.sim.bot.user, "no wallets")):
            assert told in (await ada.run("/wallet give", member=member, amount="5")).content


async def test_history_is_turned_page_by_page(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE) as scene, scene.steward() as steward:
        olga, ada = await admin(scene, steward), scene.guild.join("ada")
        for number in range(12):
            await olga.run("/wallet grant", member=ada, amount=str(number + 1))
            await asyncio.sleep(10)
        page = await ada.run("/wallet history")
        assert len(text(page).splitlines()) == 10
        page = await ada.click(page, "Later")
        assert len(text(page).splitlines()) == 2
        assert f"**+1 point** granted by <@{olga.id}> · 1 point" in text(page)
        page = await ada.click(page, "Earlier")
        assert "**+12 points**" in text(page)


async def test_bet_managers_grant_and_forgive_and_nobody_else(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE) as scene, scene.steward() as steward:
        olga, ada, ben = await admin(scene, steward), scene.guild.join("ada"), scene.guild.join("ben")
        role = scene.guild.add_role("Croupier")
        for command in ("/wallet grant", "/wallet forgive"):
            options = {"member": ada, **({"amount": "5"} if "grant" in command else {})}
            assert "those who manage bets" in (await ada.run(command, **options)).content
        assert "those who manage bets" in (await ada.run("/season close")).content
        panel = await olga.select(await olga.run("/setup"), role, menu="bets:setup_role.1")
        await olga.click(panel, "Save")
        ben.give(role.id)
        granted = await ben.run("/wallet grant", member=ada, amount="2k")
        assert (granted.ephemeral, granted.content) == (True, f"<@{ada.id}> got 2,000 points and has 2,000 points now.")
        assert "need a number here" in (await olga.run("/wallet grant", member=ada, amount="all")).content
        assert "owes nothing" in (await olga.run("/wallet forgive", member=ada)).content
        await owing(scene, steward, ada, 2300)
        assert "was corrected" in text(await ada.run("/wallet show"))
        await asyncio.sleep(60)
        assert "owed 300 points, and owes nothing now" in (await ben.run("/wallet forgive", member=ada)).content
        assert await balance(scene, steward, ada) == 0
        await adds_up(steward)


async def test_a_season_is_closed_once_after_a_question_and_its_standings_stay(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE) as scene, scene.steward() as steward:
        olga, ada, ben = await admin(scene, steward), scene.guild.join("ada"), scene.guild.join("ben")
        for member in (ada, ben):
            await member.run("/wallet claim")
        await olga.run("/wallet grant", member=ben, amount="1")
        ben.leave()  # 20 of the complaints: who has left breaks nothing
        question = await olga.run("/season close")
        assert "**End season 1? This can't be undone.**" in question.content
        assert (await olga.click(question, "Cancel")).content == "Okay, the season goes on."
        for question in [await olga.run("/season close") for _ in range(2)]:
            await asyncio.sleep(30)
            assert "season 2 has begun" in (await olga.click(question, "End it")).content
        assert await balance(scene, steward, ada) == 1000
        now, then = await ada.run("/season standings"), await ada.run("/season standings", season=1)
        assert text(then) == text(now) == f"1. <@{ada.id}>: 1,000 points"
        assert "2 members with points" in then.embeds[0]["footer"]["text"]
        assert "hasn't begun" in (await ada.run("/season standings", season=3)).content
        assert "season 2" in (await ada.run("/wallet show")).embeds[0]["title"]
        await adds_up(steward)


async def test_a_member_who_comes_back_has_what_they_had(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE) as scene:
        async with scene.steward() as steward:
            await admin(scene, steward)
            ada = scene.guild.join("ada")
            await ada.run("/wallet claim")
            ada.leave()
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(5)
            again = scene.guild.join(ada.user)
            assert "already claimed" in (await again.run("/wallet claim")).content
            assert await balance(scene, steward, again) == 1000


async def test_who_is_forgotten_is_in_no_table_and_the_ledger_keeps_its_sums(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE) as scene, scene.steward() as steward:
        olga, ada, ben = await admin(scene, steward), scene.guild.join("ada"), scene.guild.join("ben")
        await ada.run("/wallet claim")
        await olga.run("/wallet grant", member=ben, amount="7")
        shown = (await ada.run("/privacy show")).content
        assert "- a wallet of play money, with 1,000 in it" in shown
        assert "- 1 entry in that wallet" in shown
        assert "1 time that you moved play money" in shown
        tables = {"bet_accounts", "bet_transactions"}
        assert tables <= (await texts_with(steward, str(ada.id))).keys()
        question = await ada.run("/privacy forget-me")
        assert "play money" in question.content
        await ada.click(question, "Delete")
        await olga.click(await olga.run("/privacy forget-me"), "Delete")
        assert (await texts_with(steward, str(ada.id))).keys() == {"opt_outs"}
        assert not tables & (await texts_with(steward, str(olga.id))).keys()
        assert "granted by a former member" in text(await ben.run("/wallet history"))
        assert text(await ben.run("/season standings")) == f"1. <@{ben.id}>: 7 points"
        await adds_up(steward)
        assert "already claimed" in (await ada.run("/wallet claim")).content
        await asyncio.sleep(86_400)
        assert "100 points to collect" in str((await ada.run("/wallet show")).embeds)
        assert (await ada.run("/wallet claim")).content.startswith("You got 100 points and have 100 points now.")
        assert await balance(scene, steward, ada) == 100


async def test_bets_are_set_up_in_discord_and_members_read_what_was_chosen(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE) as scene, scene.steward() as steward:
        olga, ada = await admin(scene, steward), scene.guild.join("ada")
        panel = await olga.run("/setup")
        assert panel.embeds[0]["title"] == "Bets of Penguins"
        form = await olga.click(panel, "Play money")
        panel = await olga.submit(form, currency="coin, *fish*", sign="", starting_balance="many", daily_claim="0")
        assert "called by letters" in text(panel)
        assert "can't read that as an amount" in text(panel)
        form = await olga.click(panel, "Play money")
        panel = await olga.submit(
            form, currency="fish coin, fish coins", sign="", starting_balance="2k", daily_claim="off"
        )
        panel = await olga.submit(
            await olga.click(panel, "Gifts and markets"), gift_limit="0", daily_gift_limit="", market_takeout="5 %"
        )
        preview = await olga.click(panel, "Preview")
        assert "2,000 fish coins to begin with, 0 fish coins a day" in str(preview.embeds)
        await asyncio.sleep(60)
        await olga.click(panel, "Save")
        section = bets_of(steward).section.of(scene.guild.id)
        assert (section.currency, section.starting_balance, section.daily_claim) == ("fish coins", 2000, 0)
        assert (section.market_takeout, section.market_exposure) == (5, 10_000)
        assert (
            await ada.run("/wallet claim")
        ).content == "Welcome! You got 2,000 fish coins and have 2,000 fish coins now."
        assert "none here" in str((await ada.run("/wallet show")).embeds)
        assert "can't give each other fish coins" in (await ada.run("/wallet give", member=olga, amount="1")).content
        panel = await olga.run("/setup")
        panel = await olga.submit(
            await olga.click(panel, "Play money"), currency="fish", sign="🐟", starting_balance="5", daily_claim="1"
        )
        form = await olga.click(panel, "Betting")
        panel = await olga.submit(form, mode="units", parlays="one_per_event")
        await olga.click(panel, "Save")
        assert section.points(1) == "1 fish coin"
        assert bets_of(steward).section.of(scene.guild.id).points(1) == "🐟 1"
        await asyncio.sleep(60)
        for command in ("/wallet show", "/wallet claim", "/wallet history", "/season standings"):
            assert "tracks units" in (await ada.run(command)).content


async def test_play_money_is_exported_by_those_who_manage_the_server(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE) as scene, scene.steward() as steward:
        olga, ada = await admin(scene, steward), scene.guild.join("ada")
        await ada.run("/wallet claim")
        for what, rows in (("accounts of play money", 2), ("entries of play money", 2)):
            reply = await olga.run("/export", what=what)
            assert f"{rows} rows" in reply.content


async def test_whoever_has_left_stands_in_no_standings_and_counts_on(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        ada, ben = scene.guild.join("ada"), scene.guild.join("ben")
        for member in (ada, ben):
            await member.run("/wallet claim")
        ada.leave()
        for command, asked in (("/season standings", {}), ("/leaderboard", {"by": "balance"})):
            shown = await olga.run(command, **asked)
            assert text(shown) == f"1. <@{ben.id}>: 1,000 points", command
            assert "2 members with points" in shown.embeds[0]["footer"]["text"]
