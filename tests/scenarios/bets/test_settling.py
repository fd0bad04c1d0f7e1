"""A feed's final, the post about it, the wallet, and the correction, on the whole product."""

import asyncio
from dataclasses import replace
from functools import partial

from steward.bots.bets.fixtures.intake import take_in
from steward.bots.bets.fixtures.leagues import keep_leagues
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.odds.prices import Odds
from steward.bots.bets.placing.bets import BetLeg, place
from steward.bots.bets.section import BetsMode
from steward.bots.bets.settling.finals import told_of_result
from tests.bots.bets.fixtures.kept import DAY, HOUR, Kept, final
from tests.parts import bets_of
from tests.scenarios.bets.test_wallets import ALONE, adds_up, balance
from tests.stage import QUIET, admin, stage, until


class FeedsOfBot(Kept):
    """What feeds tell the running bot; a result that is ready is settled."""

    def _take(self, tx, provider, league, answer):
        number = keep_leagues(tx, [league])[league.key]
        return take_in(tx, league, number, provider, answer, told_of_result)


async def told_final(kept, home, away, starts_ms):
    """Have a feed tell a final score twice, five minutes apart."""
    for _ in range(2):
        told = kept.fixture("derby", status="FT", result=final(home, away), tells_results=True)
        await kept.tell(replace(told, starts_ms=starts_ms))
        await asyncio.sleep(301)


def said(channel):
    """Return what is told of settled games; the board of the day says who plays with a v between."""
    embeds = [message.embeds[0] for message in channel.messages if message.embeds]
    return [embed for embed in embeds if " v " not in embed["description"]]


async def test_a_final_is_paid_and_told_and_a_correction_takes_it_back_once(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga, ada, ben = await admin(scene, steward), scene.guild.join("ada"), scene.guild.join("ben")
        panel = await olga.select(await olga.run("/setup"), scene.reports, menu="bets:setup_bets_channel_id.1")
        await olga.click(panel, "Save")
        assert bets_of(steward).section.of(scene.guild.id).bets_channel_id == scene.reports.id
        for member in (ada, ben):
            await member.run("/wallet claim")
        kept = FeedsOfBot(steward.store, clock)
        starts_ms = kept.now + DAY
        await kept.tell(kept.fixture("derby"))
        game = await kept.game()
        for member, side in ((ada, "home"), (ben, "away")):
            legs = [BetLeg(game.id, BetPick("1x2", side), Odds(5, 2), starts_ms)]
            placed = partial(place, stake=100, legs=legs, mode=BetsMode.HOUSE, key=f"place:{side}")
            await steward.store.write(lambda tx, member=member, placed=placed: placed(tx, scene.guild.id, member.id))
        await asyncio.sleep((DAY + 2 * HOUR) / 1000)
        await told_final(kept, 2, 1, starts_ms)
        await until(lambda: len(said(scene.reports)) == 1)
        (post,) = said(scene.reports)
        assert post["title"] == "Arsenal v Chelsea 2-1"
        assert f"<@{ada.id}> won 250 points, 150 points more than staked" in post["description"]
        assert "2 bets settled: 1 won, 1 lost" in post["description"]
        assert (await balance(scene, steward, ada), await balance(scene, steward, ben)) == (1150, 900)
        await told_final(kept, 1, 2, starts_ms)
        await until(lambda: len(said(scene.reports)) == 2)
        assert said(scene.reports)[1]["title"] == "Corrected: Arsenal v Chelsea 1-2"
        assert (await balance(scene, steward, ada), await balance(scene, steward, ben)) == (900, 1150)
        await told_final(kept, 1, 2, starts_ms)
        assert len(said(scene.reports)) == 2
        await adds_up(steward)


async def test_a_game_that_was_put_off_is_refunded_though_feeds_say_nothing_more(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene:
        async with scene.steward() as steward:
            await admin(scene, steward)
            ada = scene.guild.join("ada")
            await ada.run("/wallet claim")
            kept = FeedsOfBot(steward.store, clock)
            starts_ms = kept.now + DAY
            await kept.tell(kept.fixture("derby"))
            legs = [BetLeg((await kept.game()).id, BetPick("1x2", "home"), Odds(5, 2), starts_ms)]
            await steward.store.write(
                partial(
                    place, guild_id=scene.guild.id, user_id=ada.id, stake=100, legs=legs, mode=BetsMode.HOUSE, key="1"
                )
            )
            await kept.tell(kept.fixture("derby", status="PST"))
            assert await balance(scene, steward, ada) == 900
        await asyncio.sleep(3.1 * DAY / 1000)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(60)
            assert await balance(scene, steward, ada) == 1000
            await adds_up(steward)
