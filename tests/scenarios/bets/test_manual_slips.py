"""`/slip` on the whole product: cappers post in units, bet managers grade."""

import asyncio

from steward.bots.bets.views.wallet import PLAY_MONEY
from tests.stage import QUIET, admin, stage

ALONE = {"STEWARD_BOTS": "bets"}
RAIN = {"text": "Rain in Bergen", "odds": "2.10", "units": 150}


async def test_a_capper_posts_in_units_and_somebody_else_grades_it_for_all_to_see(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga, ada = await admin(scene, steward), scene.guild.join("ada")
        assert "Here members bet points" in (await ada.run("/slip post", **RAIN)).content
        form = await olga.click(await olga.run("/setup"), "Betting")
        await olga.click(await olga.submit(form, mode="units", parlays="one_per_event"), "Save")
        assert "tracks units" in (await ada.run("/market create")).content
        await asyncio.sleep(60)
        posted = await ada.run("/slip post", **RAIN)
        told = f"<@{ada.id}> has 1.5 units on **Rain in Bergen** @ 2.10."
        assert (posted.ephemeral, *posted.content.split("\n")) == (False, told, f"-# {PLAY_MONEY}")
        for odds in ("1.00", "0", "-50", "lots"):
            await asyncio.sleep(30)
            assert "odds" in (await ada.run("/slip post", **RAIN | {"odds": odds})).content.lower()
        assert "those who manage bets" in (await ada.run("/slip grade", slip="rain", outcome="win")).content
        await asyncio.sleep(60)
        await olga.run("/slip post", **RAIN | {"text": "Snow in Bergen"})
        assert "your own slip" in (await olga.run("/slip grade", slip="snow", outcome="win")).content
        graded = await olga.run("/slip grade", slip="rain", outcome="win")
        told = f"Graded by <@{olga.id}>: <@{ada.id}>'s **Rain in Bergen** @ 2.10: ✅ won, +1.65 units."
        assert (graded.ephemeral, *graded.content.split("\n")) == (False, told, f"-# {PLAY_MONEY}")
        assert "isn't there" in (await ada.run("/slip delete", slip="rain")).content
        await asyncio.sleep(60)
        await ada.run("/slip post", **RAIN | {"text": "Sun in Bergen", "units": 25})
        (offered,) = (await ada.autocomplete("/slip delete", slip="sun")).interaction.choices
        assert "It stays in their record" in (await ada.run("/slip delete", slip=offered["value"])).content
        listed = (await olga.run("/slip list", member=ada)).embeds[0]["description"].splitlines()
        assert listed[0] == f"<@{ada.id}>: +1.65 units by 1 slip, 1 slip deleted"
        assert listed[2] == "🗑️ deleted: 0.25 units on **Sun in Bergen** @ 2.10"
        assert "1 slip that you graded" in (await olga.run("/privacy show")).content


async def test_a_slip_beyond_those_that_are_offered_is_graded_by_its_id(clock, tmp_path, monkeypatch):
    monkeypatch.setattr("steward.bots.bets.markets.manual_slips.OFFERED", 1)
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        olga, ada = await admin(scene, steward), scene.guild.join("ada")
        form = await olga.click(await olga.run("/setup"), "Betting")
        await olga.click(await olga.submit(form, mode="units", parlays="one_per_event"), "Save")
        await ada.run("/slip post", **RAIN)
        await asyncio.sleep(60)
        await ada.run("/slip post", **RAIN | {"text": "Snow in Bergen"})

        def newest(tx):
            return tx.value("SELECT MAX(id) FROM bet_manual_slips")

        graded = await olga.run("/slip grade", slip=str(await steward.store.read(newest)), outcome="win")
        assert "Snow in Bergen" in graded.content
        (offered,) = (await olga.autocomplete("/slip grade", slip="")).choices
        assert offered == "Rain in Bergen"
