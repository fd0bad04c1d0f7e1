"""From CSV files in the operator's folder to a placed bet and its payout, on the whole product."""

import asyncio
import re
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from steward.bots.bets.settling.rulings import pending_games
from tests.scenarios.bets.test_placing import Played
from tests.scenarios.bets.test_wallets import ALONE, adds_up, balance
from tests.stage import QUIET, admin, stage

HEADER = "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,B365H,B365D,B365A,B365CH,B365CD,B365CA"
HOURS = 3600
LONDON = ZoneInfo("Europe/London")
PAGE = Path(__file__).resolve().parents[3] / "docs" / "feeds.md"


def samples():
    """Return the file that docs/feeds.md shows, and the line that replaces its first game once that is over."""
    how = PAGE.read_text().partition("\n## Set up a CSV feed\n")[2].partition("\n## ")[0]
    return re.findall(r"^```csv\n(.*?)^```$", how, re.DOTALL | re.MULTILINE)


def scored(sample, line):
    """Return the file of the sample with the score of its first game."""
    header, _, *later = sample.splitlines()
    return "\n".join([header, line.strip(), *later]) + "\n"


def start_of(sample):
    """Return when the first game of the sample begins."""
    _, date, clock, *_ = sample.splitlines()[1].split(",")
    return datetime.strptime(f"{date} {clock}", "%d/%m/%Y %H:%M").replace(tzinfo=LONDON)


def season(folder, start, score=",", home="Arsenal", closing=",,"):
    """Write a file as football-data.co.uk does, of a game tomorrow and one next week."""
    local = start.astimezone(LONDON)
    later = local + timedelta(days=7)
    lines = [
        HEADER,
        f"E0,{local:%d/%m/%Y,%H:%M},{home},Chelsea,{score},2.10,3.40,3.60,{closing}",
        f"E0,{later:%d/%m/%Y,%H:%M},Leeds,Burnley,,,1.80,3.60,4.50,,,",
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
        season(files, start, "2,1", closing="1.90,3.50,4.20")

        async def open_bets():
            return [bet for bet in (await played.bets()).values() if bet.status == "open"]

        async with asyncio.timeout(2 * HOURS):
            while await open_bets():
                await asyncio.sleep(60)
        assert await balance(scene, steward, ada) == 1110
        assert await balance(scene, steward, ben) == 900
        past = (await ada.run("/bets history")).embeds[0]["description"]
        assert "✅ won" in past
        assert "210 points back · +10.5% CLV · bet" in past
        record = {one["name"]: one["value"] for one in (await ada.run("/book show")).embeds[0]["fields"]}
        assert record["Closing line value"] == "+10.5% on average\nof 1 bet with a closing price"
        assert "❌ lost" in (await ben.run("/bets history")).embeds[0]["description"]
        await adds_up(steward)


async def test_the_sample_of_the_docs_is_read_bet_on_and_settled(clock, tmp_path):
    sample, line = samples()
    start = start_of(sample)
    await asyncio.sleep((start - clock.now()).total_seconds() - 24 * HOURS)
    file = tmp_path / "games.csv"
    file.write_text(sample)
    settings = {**ALONE, **QUIET, "STEWARD_BETS_CSV_FOLDER": str(tmp_path)}
    async with stage(clock, tmp_path, **settings) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada = scene.guild.join("ada")
        async with asyncio.timeout(120):
            while not (await ada.autocomplete("/bet", game="ars")).choices:
                await asyncio.sleep(10)
        await ada.run("/wallet claim")
        assert await balance(scene, steward, ada) == 1000
        slip = await ada.run("/bet", game="Arsenal", pick="Arsenal", stake="100")
        assert "210 points" in str(slip.embeds)
        assert "is placed" in (await ada.click(slip, "Confirm")).embeds[0]["title"]
        await asyncio.sleep((start - clock.now()).total_seconds() + 2 * HOURS)
        renamed = file.with_suffix(".csv.new")
        renamed.write_text(scored(sample, line))
        renamed.replace(file)
        async with asyncio.timeout(12 * 60):  # "about ten minutes": the next game begins within a week
            while await balance(scene, steward, ada) != 1110:
                await asyncio.sleep(60)
        await adds_up(steward)


async def test_in_a_league_of_its_own_the_result_of_a_game_with_no_others_near_waits_for_a_person(clock, tmp_path):
    sample, line = (text.replace("E0,", "Pub League,") for text in samples())
    start = start_of(sample)
    await asyncio.sleep((start - clock.now()).total_seconds() - 24 * HOURS)
    file = tmp_path / "games.csv"
    file.write_text(sample)
    settings = {**ALONE, **QUIET, "STEWARD_BETS_CSV_FOLDER": str(tmp_path)}
    async with stage(clock, tmp_path, **settings) as scene, scene.steward() as steward:
        await admin(scene, steward)
        played, ada = Played(scene, steward, clock), scene.guild.join("ada")
        await played.grants(1000, ada)
        async with asyncio.timeout(120):
            while not (await ada.autocomplete("/bet", game="ars")).choices:
                await asyncio.sleep(10)
        await ada.click(await ada.run("/bet", game="Arsenal", pick="Arsenal", stake="100"), "Confirm")
        await asyncio.sleep((start - clock.now()).total_seconds() + 2 * HOURS)
        file.write_text(scored(sample, line))
        await asyncio.sleep(24 * HOURS)
        (pending,) = await steward.store.read(partial(pending_games, guild_id=scene.guild.id))
        assert "may have had extra time" in pending.why
        assert [bet.status for bet in (await played.bets()).values()] == ["open"]
