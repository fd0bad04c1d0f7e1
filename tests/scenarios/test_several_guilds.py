"""One bot, several servers: each with its own counters, zone and reports, set up apart."""

import asyncio
from dataclasses import replace

from steward.bots.stats.counters import Counted, Counter
from tests.stage import stage, until

ADMIN = 7


async def test_a_second_guild_is_set_up_while_the_bot_runs(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        seals = scene.sim.add_guild("Seals", members=50, online=10)
        size, reports = seals.add_voice_channel("Seals: 0"), seals.add_text_channel("reports")
        await until(lambda: scene.members.name == "Members: 1000")

        def edit(settings):
            counter = Counter(size.id, Counted.MEMBERS, template="{count} seals")
            return replace(settings, zone="Asia/Tokyo", report_channel_id=reports.id).with_counter(counter)

        await steward.stats.settings.change(seals.id, ADMIN, edit)
        await until(lambda: size.name == "50 seals", within=700)
        seals.join("ada")
        await until(lambda: size.name == "51 seals", within=700)
        await until(lambda: reports.messages, within=86400, every=60)
        assert clock.now().hour == 15  # midnight in Tokyo
        assert not scene.reports.messages


async def test_counters_taken_away_are_left_alone(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        seals = scene.sim.add_guild("Seals", members=50)
        size = seals.add_voice_channel("Seals: 0")
        counter = Counter(size.id, Counted.MEMBERS)
        await steward.stats.settings.change(seals.id, ADMIN, lambda settings: settings.with_counter(counter))
        await until(lambda: size.name == "Seals: 50", within=700)
        await steward.stats.settings.undo(seals.id, ADMIN)
        seals.join("ada")
        await asyncio.sleep(1500)
        assert size.name == "Seals: 50"
