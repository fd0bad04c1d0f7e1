"""What `/setup` says of bets before it is saved, and what members are told where nothing brings games."""

import asyncio

from steward.bots.bets.section import BetsMode
from tests.bots.bets.boards.bets import on, placed
from tests.scenarios.bets.games import derby
from tests.scenarios.bets.test_markets import bets, made
from tests.stage import QUIET, admin, stage

ALONE = {"STEWARD_BOTS": "bets"}


def attention(panel):
    """Return what needs attention in a panel."""
    fields = {one["name"]: one["value"] for one in panel.embeds[0]["fields"]}
    return fields.get("Needs attention", "")


async def test_where_no_feed_is_set_up_members_and_setup_say_so(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga, ada = await admin(scene, steward), scene.guild.join("ada")
        await ada.run("/wallet claim")
        for command, options in (
            ("/bet", {"game": "Arsenal", "pick": "Arsenal", "stake": "5"}),
            ("/parlay", {"game": "Arsenal", "pick": "Arsenal"}),
            ("/odds", {"game": "Arsenal"}),
            ("/schedule", {}),
        ):
            said = (await ada.run(command, **options)).content
            assert said.startswith("No feed is set up, so there are no games to bet on."), command
        panel = await olga.run("/setup")
        assert "No feed is set up, so there are no games" in attention(panel)
        assert "No feed is set up" in (await olga.click(panel, "Save")).content
        await derby(steward, clock)  # of a feed that was set up once
        await asyncio.sleep(60)  # commands have a pace
        assert "I know no game" in (await ada.run("/odds", game="Lakers")).content
        assert "No games that day" in (await ada.run("/schedule", day="yesterday")).embeds[0]["description"]


async def test_setup_warns_that_nobody_is_told_anything_until_a_bets_channel_is_chosen(clock, tmp_path):
    feed = {"STEWARD_BETS_CSV_FOLDER": str(tmp_path)}
    async with stage(clock, tmp_path, **ALONE, **QUIET, **feed) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await olga.run("/setup")
        assert attention(panel).startswith("⚠️ No bets channel is chosen: nobody is told how bets end, or of refunds")
        panel = await olga.select(panel, scene.reports, menu="bets:setup_bets_channel_id.1")
        assert attention(panel) == ""
        assert "⚠️" not in (await olga.click(panel, "Save")).content
        assert "No games that day" in (await olga.run("/schedule")).embeds[0]["description"]


async def test_setup_warns_before_it_is_saved_that_open_bets_are_paid_to_wallets_that_nobody_opens_in_units(
    clock, tmp_path
):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga, ada = await admin(scene, steward), scene.guild.join("ada")

        async def in_units():
            """Open the panel, and choose units."""
            form = await olga.click(await olga.run("/setup"), "Betting")
            return await olga.submit(form, mode="units", parlays="one_per_event")

        assert "open" not in attention(await in_units())
        await ada.run("/wallet claim")
        game = await derby(steward, clock)
        await steward.store.write(
            lambda tx: placed(tx, ada.id, on(game), mode=BetsMode.HOUSE, guild_id=scene.guild.id, stake=10)
        )
        panel = await in_units()
        assert "1 bet with play money is open. What it pays goes to wallets, which nobody can open" in attention(panel)
        post = await made(olga, scene.reports)
        await bets(ada, post, "Reds", "20")
        await bets(ada, post, "Blues", "20")
        panel = await in_units()
        assert "1 bet and 2 stakes in markets with play money are open. What they pay goes" in attention(panel)
        assert "1 bet and 2 stakes" in str((await olga.click(panel, "Preview")).embeds)
        assert "1 bet and 2 stakes" in (await olga.click(panel, "Save")).content
        assert "play money are open" not in attention(await olga.run("/setup"))
