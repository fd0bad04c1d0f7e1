"""One board a league's day in the bets channel, edited in place."""

import asyncio

from steward.bots.bets.settling.finals import result_is_ready
from tests.bots.bets.boards.bets import on, placed
from tests.bots.bets.fixtures.kept import DAY, HOUR, final, one_x_two
from tests.scenarios.bets.games import derby, kept_by
from tests.stage import QUIET, admin, stage, until

ALONE = {"STEWARD_BOTS": "bets"}


async def test_ten_bets_on_a_game_edit_one_board_which_shows_the_result(clock, tmp_path):
    # 25 of the complaints
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga, ada = await admin(scene, steward), scene.guild.join("ada")
        channel = scene.guild.add_text_channel("bets")
        game = await derby(steward, clock)

        async def bet():
            await steward.store.write(lambda tx: placed(tx, ada.id, on(game), guild_id=scene.guild.id))

        await bet()
        await asyncio.sleep(5)
        assert not channel.messages  # nobody has chosen a channel
        panel = await olga.select(await olga.run("/setup"), channel, menu="bets:setup_bets_channel_id.1")
        await olga.click(panel, "Save")
        await asyncio.sleep(2)
        for _ in range(9):
            await bet()
        await until(lambda: bool(channel.messages))
        await until(lambda: "10 bets" in shown(channel))
        assert len(channel.messages) == 1
        assert "**Arsenal v Chelsea** · 2.10 / 3.40 / 3.60 · 10 bets" in shown(channel)
        await asyncio.sleep(DAY / 1000 + 2 * HOUR / 1000)
        kept, result = kept_by(steward, clock), {"status": "FT", "result": final(2, 1), "tells_results": True}
        for _ in range(2):
            await kept.tell(kept.fixture("derby", after=game.starts_ms - kept.now, **result))
            await asyncio.sleep(301)
        ((number, version),) = kept.finals
        await steward.store.write(lambda tx: result_is_ready(tx, number, version))
        await until(lambda: "**Arsenal v Chelsea** · **2-1** · 10 bets" in shown(channel))
        await until(lambda: len(channel.messages) == 2)  # how bets were settled is told once beside it
        assert "10 bets" in shown(channel)


async def test_a_board_follows_odds_and_starts_every_five_minutes_and_the_kick_off(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga, ada = await admin(scene, steward), scene.guild.join("ada")
        channel = scene.guild.add_text_channel("bets")
        panel = await olga.select(await olga.run("/setup"), channel, menu="bets:setup_bets_channel_id.1")
        await olga.click(panel, "Save")
        game, kept = await derby(steward, clock), kept_by(steward, clock)
        await asyncio.sleep(2)
        await steward.store.write(lambda tx: placed(tx, ada.id, on(game), guild_id=scene.guild.id))
        await until(lambda: "2.10 / 3.40 / 3.60" in shown(channel))
        await asyncio.sleep(600)

        def edits():
            return len([edit for edit in scene.sim.recorder.requests(method="PATCH") if f"/{channel.id}/" in edit.path])

        async def told(odds, **more):
            after = game.starts_ms - kept.now
            await kept.tell(kept.fixture("derby", **{"after": after, "markets": (one_x_two(*odds),), **more}))

        before = edits()
        for number in range(100):  # a hundred moves within five minutes
            await told((f"2.{100 + number}", "3.40", "3.60"))
            await asyncio.sleep(2.5)
        await asyncio.sleep(301)
        assert edits() - before <= 2
        await told(("2.20", "3.40", "3.60"))
        await until(lambda: "2.20 / 3.40 / 3.60" in shown(channel), within=301)
        starts_ms = game.starts_ms + HOUR
        await told(("2.20", "3.40", "3.60"), after=starts_ms - kept.now)
        await until(lambda: f"<t:{starts_ms // 1000}:f>" in shown(channel), within=301)
        await asyncio.sleep((starts_ms - kept.now) / 1000 - 60)
        await told(("2.20", "3.40", "3.60"), after=starts_ms - kept.now)
        await asyncio.sleep(360)  # no feed tells that it has begun
        assert "/" not in shown(channel)
        assert shown(channel).endswith("**Arsenal v Chelsea** · 1 bet")


def shown(channel):
    boards = [one.embeds[0] for one in channel.messages if one.embeds[0]["title"].startswith("Premier League")]
    return "".join(board["description"] for board in boards)  # empty before it's put up
