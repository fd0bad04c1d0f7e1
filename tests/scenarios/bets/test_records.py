"""`/bets`, `/leaderboard` and `/book` on the whole product."""

import asyncio

import pytest

from steward.bots.bets.ledger.accounts import ISSUANCE, wallet
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.bets.section import BetsMode
from tests.bots.bets.boards.bets import done, on, placed, settled
from tests.bots.bets.fixtures.kept import DAY
from tests.scenarios.bets.games import derby
from tests.stage import QUIET, admin, stage, until

ALONE = {"STEWARD_BOTS": "bets"}
HOUSE = BetsMode.HOUSE


def embed(reply):
    return reply.embeds[0]


def text(reply):
    return embed(reply)["description"]


def fields(reply):
    return {one["name"]: one["value"] for one in embed(reply).get("fields", ())}


async def given(scene, steward, work):
    """Run a unit of work in which `put` places bets in the guild."""

    def run(tx):
        return work(tx, lambda user, *legs, **more: placed(tx, user.id, *legs, guild_id=scene.guild.id, **more))

    return await steward.store.write(run)


async def test_nothing_yet_is_said_with_what_to_do(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        for command in ("/bets open", "/bets history", "/book show"):
            assert "Try `/bet`." in text(await olga.run(command)), command
        board = text(await olga.run("/leaderboard"))
        assert board == "No bets were settled this week. Try `/bet`, or another `period`."
        assert fields(await olga.run("/book house"))["At the worst, open bets may cost"] == "No open bets."
        await asyncio.sleep(60)
        assert "No bets on “golf” are settled yet" in (await olga.run("/leaderboard", sport="golf")).content


async def test_a_member_sees_their_own_bets_and_how_they_ended(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada, ben = scene.guild.join("ada"), scene.guild.join("ben")
        game = await derby(steward, clock)

        def work(tx, put):
            post(tx, scene.guild.id, [Movement("grant:1", "grant", {ISSUANCE: -1000, wallet(ada.id): 1000})])
            bets = [put(ada, on(game), stake=100, mode=HOUSE) for _ in range(6)]
            put(ada, on(game), on(game, "over", "1.91", "total", 10), stake=125)
            settled(tx, bets[0], "lose", 0)
            settled(tx, bets[0], "win", 250)
            settled(tx, bets[1], "void", 100)

        await given(scene, steward, work)
        first = await ada.run("/bets open")
        assert first.ephemeral
        assert f"1.25 units staked, may return 5.96 units, locks <t:{game.starts_ms // 1000}:R>" in text(first)
        assert "**Parlay of 2 legs** 4.77" in text(first)
        assert "100 points staked, may return 250 points" in text(first)
        assert text(first).count("Arsenal v Chelsea") == 6
        past = await ada.run("/bets history")
        assert "✅ won, corrected" in text(past)
        assert "100 points staked, 250 points back" in text(past)
        assert "CLV" not in text(past), "the game hasn't begun"
        assert "↩️ void, stake back" in text(past)
        assert "Try `/bet`." in text(await ben.run("/bets open"))


@pytest.mark.evening
async def test_leaderboards_hide_who_left_and_keep_the_sums(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        form = await olga.click(await olga.run("/setup"), "Betting")
        panel = await olga.submit(form, mode="units", parlays="one_per_event")
        await olga.click(panel, "Save")
        ada, ben, carla = (scene.guild.join(name) for name in ("ada", "ben", "carla"))
        game = await derby(steward, clock)
        await asyncio.sleep(DAY / 1000 + 60)

        def work(tx):
            for user, payout in ((ada, 250), (ben, 250), (carla, 0), (olga, 150)):
                for _ in range(1 + 9 * (user is not ben)):
                    done(tx, user.id, "win" if payout else "lose", payout, on(game))
            tx.execute("UPDATE bet_bets SET guild_id = ?", (scene.guild.id,))

        await steward.store.write(work)
        ada.leave()
        board = await ben.run("/leaderboard", period="season")
        assert not board.ephemeral
        assert text(board).splitlines() == [
            f"1. <@{olga.id}> **+5 units** · +50.0% return · +19.0% CLV · 10 bets",
            f"2. <@{ben.id}> **+1.5 units** · +150.0% return · +19.0% CLV · 1 bet",
            f"3. <@{carla.id}> **-10 units** · -100.0% return · +19.0% CLV · 10 bets",
        ]
        assert "4 members, 31 bets, 31 units staked, +11.5 units in all." in embed(board)["footer"]["text"]
        by_roi = await ben.run("/leaderboard", period="week", by="roi", sport="football")
        assert [line.split()[1] for line in text(by_roi).splitlines()] == [f"<@{olga.id}>", f"<@{carla.id}>"]
        assert "Football, by return on stakes" in embed(by_roi)["title"]
        assert "tracks units" in (await ben.run("/leaderboard", by="balance")).content
        shown = await ben.run("/book show", member=carla)
        assert (fields(shown)["Profit"], fields(shown)["Closing line value"]) == (
            "-10 units", "+19.0% on average\nof 10 bets with a closing price",
        )  # fmt: skip
        assert "10 settled bets: 0 won, 10 lost" in text(shown)


async def test_the_book_has_a_chart_once_there_is_more_than_a_day_of_it(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga, ada = await admin(scene, steward), scene.guild.join("ada")
        game = await derby(steward, clock)

        def work(tx, put):
            post(tx, scene.guild.id, [Movement("grant:1", "grant", {ISSUANCE: -1000, wallet(ada.id): 1000})])
            for days, outcome, payout in ((1, "win", 250), (2, "lose", 0)):
                settled(tx, put(ada, on(game), mode=HOUSE), outcome, payout, tx.now_ms - days * DAY)
            put(ada, on(game), mode=HOUSE)

        await given(scene, steward, work)
        shown = await ada.run("/book show")
        assert fields(shown)["Streak"] == "1 won in a row now\nlongest: 1 won in a row, 1 lost in a row"
        assert embed(shown)["image"]["url"].endswith("chart1.png")
        assert "those who manage bets" in (await ada.run("/book house")).content
        house = await olga.run("/book house")
        assert "may cost 150 points · 1 bet, 100 points staked" in fields(house)["At the worst, open bets may cost"]
        assert fields(house)["This season"] == "-50 points on 2 bets"
        await until(lambda: steward.health.ready)
