"""The demo's weekend of bets on the whole bot, and that its check finds faults."""

import asyncio
from datetime import timedelta

from steward.cli.demo.bets.bet_check import bet_figures
from steward.cli.demo.bets.bet_scenes import WEEKEND, BetScenes
from steward.cli.demo.bets.bettors import Bettors
from steward.cli.demo.bets.league import DemoLeague
from steward.cli.demo.people import People
from steward.cli.demo.scenes import ScenePlayer
from tests.stage import QUIET, stage, until


async def test_a_weekend_is_paid_as_members_reckon_and_every_fault_is_detected(clock, tmp_path):
    monday = (clock.now() + WEEKEND + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    league = DemoLeague(tmp_path / "league", monday, clock)
    await asyncio.sleep((monday - WEEKEND - clock.now()).total_seconds())
    bots = {"STEWARD_BOTS": "bets", "STEWARD_BETS_CSV_FOLDER": str(league.folder)}
    async with stage(clock, tmp_path, members=100, online=20, **bots, **QUIET) as scene, scene.steward() as steward:
        bettors = Bettors(scene.guild, People(scene.guild))
        player = ScenePlayer(clock, "#bets", [])

        async def figures():
            return await bet_figures(steward.store, scene.guild.id, bettors, player.failed)

        await until(lambda: steward.health.ready)
        telling = asyncio.create_task(league.live())
        await player.play(BetScenes(bettors, league, monday).scenes(), monday - WEEKEND)
        telling.cancel()
        found = await figures()
        assert found.wrong == []
        assert (found.asked_again, found.parlays, found.market.due, found.posts.due) == (1, 5, 10, 6)
        assert min(found.refunded.due, found.corrected.due) > 0
        assert found.placed.due == found.settled.due == len(bettors.bets)
        assert "10 bets refunded" in player.lines[-2].text

        for sql, wrong in (
            ("UPDATE bet_bets SET payout = payout + 1 WHERE id = 1", "a bet was not paid as its games ended"),
            ("UPDATE bet_bets SET settlements = 3 WHERE settlements = 2", "settled anew once"),
            ("UPDATE bet_bets SET outcome = 'push' WHERE outcome = 'void'", "was not refunded once"),
            ("UPDATE bet_market_stakes SET payout = 1", "a stake in the market was not paid as agreed"),
            ("UPDATE bet_accounts SET balance = balance + 1 WHERE kind = 'wallet'", "a wallet doesn't hold"),
            ("UPDATE bet_bets SET returned = returned + 1 WHERE id = 1", "a bet was not recorded as it was confirmed"),
        ):
            assert wrong not in "; ".join((await figures()).wrong)
            await steward.store.write(lambda tx, sql=sql: tx.execute(sql))
            assert wrong in "; ".join((await figures()).wrong)
        assert (await figures()).flaws > 0
        told = next(one for one in bettors.hall.messages if one.embeds and "2-2" in one.embeds[0]["title"])
        bettors.hall.messages.remove(told)
        assert "a message about a game is missing or was sent twice" in (await figures()).wrong
