"""Reports are made as each guild's settings say, and not for a channel that is gone."""

import asyncio
from dataclasses import replace
from datetime import time

from tests.parts import events_of, stats_of
from tests.scenarios.events.crowd import inbox
from tests.scenarios.events.organisers import organiser
from tests.stage import QUIET, stage, until


async def jobs_of(steward, guild_id):
    """The reports that are planned for a guild."""
    ends = f".{guild_id}"
    return {job.job.removesuffix(ends) for job in await steward.jobs.status() if job.job.endswith(ends)}


async def planned(steward, guild_id):
    await asyncio.sleep(5)  # jobs are planned a moment after they are known
    return await jobs_of(steward, guild_id)


async def test_reports_begin_move_and_end_with_the_settings_and_an_undo_brings_them_back(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        news, section, guild_id = scene.guild.add_text_channel("news"), events_of(steward).section, scene.guild.id
        assert "events.participation" not in await planned(steward, guild_id)
        await section.change(guild_id, 7, lambda now: replace(now, report_channel_id=news.id, report_time=time(10)))
        assert "events.participation" in await planned(steward, guild_id)
        await section.change(guild_id, 7, lambda now: replace(now, report_channel_id=None))
        assert "events.participation" not in await planned(steward, guild_id)
        await section.undo(guild_id, 8)
        assert "events.participation" in await planned(steward, guild_id)
        assert section.of(guild_id).report_time == time(10)


async def test_who_set_something_up_is_known_from_the_changes_until_it_is_changed_or_forgotten(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        section, guild_id = events_of(steward).section, scene.guild.id

        async def setter():
            return await section.set_by(guild_id, lambda settings: settings.report_channel_id)

        assert await setter() is None
        await section.change(guild_id, 7, lambda now: replace(now, report_channel_id=1))
        await section.change(guild_id, 8, lambda now: replace(now, report_time=time(10)))
        assert await setter() == 7
        await section.change(guild_id, 9, lambda now: replace(now, report_channel_id=2))
        assert await setter() == 9
        await steward.privacy.forget(guild_id, 9)
        assert await setter() is None


async def test_a_deleted_channel_is_a_problem_at_once_and_one_that_another_was_chosen_for_is_none(clock, tmp_path):
    """F19: a wish of the one bot stays, that of the other ends at the next report, and whoever had it is told."""
    async with stage(clock, tmp_path, **QUIET) as scene:
        seals = scene.sim.add_guild("Seals", members=50)
        news, other = seals.add_text_channel("news"), seals.add_text_channel("other")
        async with scene.steward() as steward:
            olga, section = await organiser(scene, steward), events_of(steward).section
            for settings in (stats_of(steward).settings, section):
                await settings.change(seals.id, olga.id, lambda now: replace(now, report_channel_id=news.id))
            news.delete()
            await asyncio.sleep(1)
            gone = [problem for problem in await steward.problems.now() if f"<#{news.id}>" in problem]
            assert len(gone) == 2
            assert "daily_report" not in str(await planned(steward, seals.id))
            await asyncio.sleep(4 * 86_400)  # it is a Monday; the next report is due on Thursday
            assert stats_of(steward).settings.of(seals.id).report_channel_id == news.id
            assert section.of(seals.id).report_channel_id is None
            assert any("was deleted: I make no more" in told for told in inbox(scene, olga))
            for settings in (stats_of(steward).settings, section):
                await settings.change(seals.id, olga.id, lambda now: replace(now, report_channel_id=other.id))
            assert not [problem for problem in await steward.problems.now() if f"<#{news.id}>" in problem]
            assert {"stats.daily_report", "events.participation"} <= await planned(steward, seals.id)


async def test_a_channel_that_is_made_while_the_list_of_channels_is_on_its_way_is_not_taken_for_gone(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        seals = scene.sim.add_guild("Seals", members=50)
        news = seals.add_text_channel("news")
        for settings in (stats_of(steward).settings, events_of(steward).section):
            await settings.change(seals.id, 7, lambda now: replace(now, report_channel_id=news.id))
        assert {"stats.daily_report", "events.participation"} <= await planned(steward, seals.id)
        assert not [problem for problem in await steward.problems.now() if f"<#{news.id}>" in problem]
