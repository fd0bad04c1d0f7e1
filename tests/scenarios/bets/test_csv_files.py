"""From CSV files in the operator's folder to a placed bet and its payout, on the whole product."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.scenarios.bets.test_placing import Played
from tests.scenarios.bets.test_wallets import ALONE, adds_up, balance
from tests.stage import QUIET, admin, stage

HEADER = "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,B365H,B365D,B365A"
HOURS = 3600


def season(folder, start, score=","):
    """Write a file as football-data.co.uk does, of a game tomorrow and one next week."""
    local = start.astimezone(ZoneInfo("Europe/London"))
    later = local + timedelta(days=7)
    lines = [
        HEADER,
        f"E0,{local:%d/%m/%Y,%H:%M},Arsenal,Chelsea,{score},2.10,3.40,3.60",
        f"E0,{later:%d/%m/%Y,%H:%M},Leeds,Burnley,,,1.80,3.60,4.50",
    ]
    (folder / "E0.csv").write_text("\n".join(lines) + "\n")


async def test_a_bet_on_a_game_of_a_file_is_paid_once_the_file_has_the_score(clock, tmp_path):
    files = tmp_path / "football"
    files.mkdir()
    start = (clock.now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    season(files, start)
    settings = {**ALONE, **QUIET, "STEWARD_BETS_CSV_FOLDER": str(files)}
    async with stage(clock, tmp_path, **settings) as scene, scene.steward() as steward:
        await admin(scene, steward)
        played, ada, ben = Played(scene, steward, clock), scene.guild.join("ada"), scene.guild.join("ben")
        await played.grants(1000, ada, ben)

        async def offered():
            return (await ada.autocomplete("/bet", game="ars")).choices

        async with asyncio.timeout(2 * HOURS):
            while not await offered():
                await asyncio.sleep(60)
        games = {game.home_name: game for game in await played.feed.games()}
        for member, pick in ((ada, "1x2|home||"), (ben, "1x2|away||")):
            slip = await played.slip(member, games["Arsenal"], pick)
            assert "is placed" in (await member.click(slip, "Confirm")).embeds[0]["title"]
        await asyncio.sleep((start - clock.now()).total_seconds() + 2 * HOURS)
        assert await offered() == []
        season(files, start, "2,1")

        async def open_bets():
            return [bet for bet in (await played.bets()).values() if bet.status == "open"]

        async with asyncio.timeout(2 * HOURS):
            while await open_bets():
                await asyncio.sleep(60)
        assert await balance(scene, steward, ada) == 1110
        assert await balance(scene, steward, ben) == 900
        assert "✅ won" in (await ada.run("/bets history")).embeds[0]["description"]
        assert "❌ lost" in (await ben.run("/bets history")).embeds[0]["description"]
        await adds_up(steward)
