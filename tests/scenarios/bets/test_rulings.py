"""A dispute, the freeze, the correction that waits, and the ruling, on the whole product."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.odds.prices import Odds
from steward.bots.bets.placing.bets import BetLeg, place
from steward.bots.bets.section import BetsMode
from tests.bots.bets.fixtures.kept import DAY, HOUR
from tests.parts import bets_of
from tests.scenarios.bets.test_settling import FeedsOfBot, said, told_final
from tests.scenarios.bets.test_wallets import ALONE, adds_up, balance
from tests.stage import QUIET, admin, stage, until


@dataclass
class Played:
    """A game that is settled: Ada won by it, Ben and the bet manager Otto lost; Olga manages bets, too."""

    scene: Any
    steward: Any
    kept: FeedsOfBot
    starts_ms: int
    olga: Any
    otto: Any
    ada: Any
    ben: Any

    async def wallets(self):
        return [await balance(self.scene, self.steward, one) for one in (self.ada, self.ben)]

    async def corrected(self, home, away):
        await told_final(self.kept, home, away, self.starts_ms)

    async def told(self, number):
        await until(lambda: len(said(self.scene.reports)) == number)
        return said(self.scene.reports)[-1]


async def bets(scene, steward, member, game, side, starts_ms):
    legs = [BetLeg(game.id, BetPick("1x2", side), Odds(5, 2), starts_ms)]
    placed = partial(place, stake=100, legs=legs, mode=BetsMode.HOUSE, key=f"place:{member.id}")
    await steward.store.write(lambda tx: placed(tx, scene.guild.id, member.id))


@asynccontextmanager
async def played(clock, folder):
    async with stage(clock, folder, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga, otto = await admin(scene, steward), await admin(scene, steward, "otto")
        ada, ben = scene.guild.join("ada"), scene.guild.join("ben")
        panel = await olga.select(await olga.run("/setup"), scene.reports, menu="bets:setup_bets_channel_id.1")
        await olga.click(panel, "Save")
        kept = FeedsOfBot(steward.store, clock)
        starts_ms = kept.now + DAY
        await kept.tell(kept.fixture("derby"))
        game = await kept.game()
        for member, side in ((ada, "home"), (ben, "away"), (otto, "away")):
            await member.run("/wallet claim")
            await bets(scene, steward, member, game, side, starts_ms)
        await asyncio.sleep((DAY + 2 * HOUR) / 1000)
        await told_final(kept, 2, 1, starts_ms)
        await until(lambda: len(said(scene.reports)) == 1)
        yield Played(scene, steward, kept, starts_ms, olga, otto, ada, ben)
        await adds_up(steward)


async def test_a_dispute_freezes_a_game_until_a_manager_without_a_bet_rules_and_it_is_paid_anew(clock, tmp_path):
    async with played(clock, tmp_path) as game:
        stranger = game.scene.guild.join("stranger")
        refused = await stranger.run("/result dispute", game="Arsenal", reason="I don't like it")
        assert "You have no bet on such a game" in refused.content
        (offered,) = (await game.ben.autocomplete("/result dispute", game="ars")).interaction.choices
        answer = await game.ben.run("/result dispute", game=offered["value"], reason="Chelsea scored *three*")
        assert "has 48 hours to decide" in answer.content
        post = await game.told(2)
        assert (post["title"], game.scene.reports.messages[-1].mentions) == ("Disputed: Arsenal v Chelsea", [])
        await game.corrected(1, 3)
        await asyncio.sleep(600)
        assert await game.wallets() == [1150, 900]
        assert "those who manage bets" in (await game.ben.run("/result rule")).content
        listed = await game.otto.run("/result rule")
        assert "Chelsea scored \\*three\\*" in listed.embeds[0]["description"]
        assert "You have a bet on this game" in (await game.otto.select(listed, "Arsenal v Chelsea")).content
        panel = await game.olga.select(await game.olga.run("/result rule"), "Arsenal v Chelsea")
        told = {one["name"]: one["value"] for one in panel.embeds[0]["fields"]}
        assert (told["Bets are settled by"], told["Reported"]) == ("Arsenal v Chelsea 2-1", "CSV files: 1-3")
        panel = await game.olga.submit(
            await game.olga.click(panel, "Another score"),
            regular="1-3", after="1-2", half="", shootout="none", reason="The league corrected it",
        )  # fmt: skip
        assert "After overtime a side can't have less" in panel.content
        assert panel.message.components[1]["components"][0]["disabled"]
        panel = await game.olga.submit(await game.olga.click(panel, "Why"), reason="The league corrected it")
        panel = await game.olga.select(panel, "1-3")
        decided = await game.olga.click(panel, "Decide")
        assert decided.content == "Arsenal v Chelsea 1-3: bets are settled by that now."
        post = await game.told(3)
        assert post["title"] == "Decided: Arsenal v Chelsea 1-3"
        assert f"Decided by <@{game.olga.id}>: The league corrected it" in post["description"]
        assert await game.wallets() == [900, 1150]
        assert "Nothing waits" in (await game.olga.run("/result rule")).content
        log = (await game.ada.run("/result log", game="Arsenal v Chelsea")).embeds[0]["description"]
        for line in ("**2-1** by the feeds", "disputed by a bettor", f"**1-3** Decided by <@{game.olga.id}>"):
            assert line in log
        await game.corrected(2, 1)
        await asyncio.sleep(600)
        assert await game.wallets() == [900, 1150]
        assert (await game.told(4))["title"] == "Waits: Arsenal v Chelsea"


async def test_a_dispute_about_which_nobody_rules_ends_after_two_days(clock, tmp_path):
    async with played(clock, tmp_path) as game:
        await game.ben.run("/result dispute", game="Arsenal", reason="No")
        assert "disputed already" in (await game.ada.run("/result dispute", game="Arsenal", reason="Yes")).content
        await asyncio.sleep(2 * DAY / 1000 - 60)
        assert len(said(game.scene.reports)) == 2
        await asyncio.sleep(120)
        assert (await game.told(3))["title"] == "It stands: Arsenal v Chelsea"
        assert await game.wallets() == [1150, 900]
        await asyncio.sleep(DAY / 1000)
        assert len(said(game.scene.reports)) == 3


async def test_a_correction_after_more_than_a_day_takes_two_bet_managers(clock, tmp_path):
    async with played(clock, tmp_path) as game:
        petra = await admin(game.scene, game.steward, "petra")
        await asyncio.sleep(1.2 * DAY / 1000)
        await game.corrected(1, 3)
        post = await game.told(2)
        assert post["title"] == "Waits: Arsenal v Chelsea"
        assert "A feed now tells **1-3**, more than a day later. A bet manager" in post["description"].replace(
            "\n", " "
        )
        for who, content in (
            (game.olga, "A second bet manager"),
            (game.olga, "You proposed that"),
            (petra, "bets are settled by that now"),
        ):
            panel = await who.select(await who.run("/result rule"), "Arsenal v Chelsea")
            panel = await who.submit(await who.click(panel, "Why"), reason="The league says so")
            offered = "1-3" if content == "A second bet manager" else "Confirm: 1-3"
            assert content in (await who.click(await who.select(panel, offered), "Decide")).content
        await until(lambda: said(game.scene.reports)[-1]["title"] == "Decided: Arsenal v Chelsea 1-3")
        assert (
            f"Decided by <@{game.olga.id}>, confirmed by <@{petra.id}>" in said(game.scene.reports)[-1]["description"]
        )
        assert await game.wallets() == [900, 1150]


async def test_the_role_of_bet_managers_is_pinged_where_they_are_to_decide_if_it_can_be(clock, tmp_path):
    async with played(clock, tmp_path) as game:
        role, messages = game.scene.guild.add_role("Bookmakers"), game.scene.reports.messages
        game.scene.reports.deny(game.scene.guild.everyone, "mention_everyone")
        panel = await game.olga.select(await game.olga.run("/setup"), role, menu="bets:setup_role.1")
        await game.olga.click(panel, "Save")
        await game.ben.run("/result dispute", game="Arsenal", reason="No")
        assert (await game.told(2))["title"] == "Disputed: Arsenal v Chelsea"
        assert (messages[-1].content, messages[-1].mention_roles) == ("", [])  # nobody may mention it
        role.mentionable = True
        await asyncio.sleep(2.2 * DAY / 1000)
        assert ((await game.told(3))["title"], messages[-1].content) == ("It stands: Arsenal v Chelsea", "")
        await game.corrected(1, 3)
        assert (await game.told(4))["title"] == "Waits: Arsenal v Chelsea"
        assert (messages[-1].content, messages[-1].mention_roles) == (f"<@&{role.id}>", [role.id])
        panel = await game.olga.select(await game.olga.run("/result rule"), "Arsenal v Chelsea")
        panel = await game.olga.submit(await game.olga.click(panel, "Why"), reason="The league says so")
        await game.olga.click(await game.olga.select(panel, "1-3"), "Decide")
        assert (await game.told(5))["title"] == "Proposed: Arsenal v Chelsea 1-3"
        assert (messages[-1].mention_roles, messages[-1].mentions) == ([role.id], [])
        sent = [
            request.body for request in game.scene.sim.recorder.requests(method="POST") if "messages" in request.path
        ]
        assert sent[-1]["allowed_mentions"] == {"roles": [str(role.id)]}


async def test_a_wrong_result_is_corrected_though_nobody_disputes_it_by_a_manager_without_a_bet(clock, tmp_path):
    async with played(clock, tmp_path) as game:
        assert "Choose a `game`" in (await game.olga.run("/result rule")).content
        (offered,) = (await game.olga.autocomplete("/result rule", game="ars")).interaction.choices
        assert (await game.ben.autocomplete("/result rule", game="ars")).interaction.choices == []
        assert "those who manage bets" in (await game.ben.run("/result rule", game=offered["value"])).content
        assert "You have a bet" in (await game.otto.run("/result rule", game=offered["value"])).content
        panel = await game.olga.run("/result rule", game=offered["value"])
        assert "nobody disputes it" in str(panel.embeds)
        form = await game.olga.click(panel, "Another score")
        panel = await game.olga.submit(form, regular="1-3", after="", half="", shootout="none", reason="I was there")
        assert "bets are settled by that now" in (await game.olga.click(panel, "Decide")).content
        post = await game.told(2)
        assert post["title"] == "Decided: Arsenal v Chelsea 1-3"
        assert f"Decided by <@{game.olga.id}>: I was there" in post["description"]
        assert await game.wallets() == [900, 1150]


async def test_rules_of_settlement_and_mentions_are_chosen_in_discord(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await olga.run("/setup")
        form = await olga.click(panel, "Settlement rules")
        panel = await olga.submit(form, variants=["soccer_same_day", "soccer_three_days"])
        assert "contradict each other" in str(panel.embeds)
        panel = await olga.submit(
            await olga.click(panel, "Settlement rules"), variants=["soccer_three_days", "draw_offered"]
        )
        told = {one["name"]: one["value"] for one in panel.embeds[0]["fields"]}
        assert told["Rules that differ"] == "Football: up to 3 days late, Winner: a draw loses"
        await olga.click(panel, "Save")
        assert bets_of(steward).section.of(scene.guild.id).variants == ("soccer_three_days", "draw_offered")
        form = await olga.click(await olga.run("/setup"), "Settlement rules")
        await olga.click(await olga.submit(form, variants=[]), "Save")
        assert bets_of(steward).section.of(scene.guild.id).variants == ()
        assert "When you win you are mentioned" in (await olga.run("/bets format", wins="mention")).content
