"""`/report` on the whole product, and the weekly and monthly reports at their times."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from steward.sim import time as accelerated
from tests.parts import stats_of
from tests.stage import QUIET, admin, stage, until, until_midnight


async def test_a_report_can_be_looked_at_and_posted_at_any_time(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        scene.guild.join("ada")
        await asyncio.sleep(3600)
        preview = await olga.run("/report preview")
        fields = {field["name"]: field["value"] for field in preview.embeds[0]["fields"]}
        assert (preview.ephemeral, fields["Joins"]) == (True, "2")
        posted = await olga.run("/report now", kind="weekly")
        assert posted.embeds[0]["title"].startswith("Weekly report")
        assert not posted.ephemeral


@pytest.mark.evening
async def test_reports_are_scheduled_by_command(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        olga, news = await admin(scene, steward), scene.guild.add_text_channel("news")
        reply = await olga.run("/report schedule", time="09:00", timezone="Asia/Tokyo", weekly=False)
        assert "at 09:00 (Asia/Tokyo)" in reply.content
        assert "weekly" not in reply.content
        wrong = await olga.run("/report schedule", timezone="tokyoo")
        assert "I don't know a place called “tokyoo”" in wrong.content
        (offered,) = wrong.buttons
        assert offered.startswith("Tokyo, Japan: ")
        fixed = await olga.run("/report schedule", channel=news)
        assert "environment" in fixed.content
        await until(lambda: bool(scene.reports.messages), within=90000, every=60)
        assert clock.now().hour == 0  # 09:00 in Tokyo


def test_each_midnight_brings_a_daily_report_and_that_to_monday_a_weekly_one(tmp_path):
    async def main(clock):
        async with stage(clock, tmp_path, **QUIET) as scene, scene.steward():
            counts = []
            for _ in range(3):  # to Sunday, to Monday, to Tuesday
                await asyncio.sleep(until_midnight(clock) + 60)
                titles = [message.embeds[0]["title"].partition(":")[0] for message in scene.reports.messages]
                counts.append((titles.count("Daily report"), titles.count("Weekly report")))
            assert counts == [(1, 0), (2, 1), (3, 1)]
            daily = [message.embeds[0] for message in scene.reports.messages if "Daily" in message.embeds[0]["title"]]
            days = "Saturday, 3", "Sunday, 4", "Monday, 5"
            assert [embed["title"] for embed in daily] == [f"Daily report: {day} January 2026" for day in days]
            assert all("late" not in embed["footer"]["text"] for embed in daily)

    accelerated.run(main, start=datetime(2026, 1, 3, 22, tzinfo=UTC))


@pytest.mark.evening
@pytest.mark.parametrize("away", [False, True], ids=["at once", "while the bot is away"])
async def test_no_report_is_tried_in_a_channel_that_was_deleted_and_its_server_is_told(clock, tmp_path, away):
    """F19: another channel, and reports are made again."""
    async with stage(clock, tmp_path, **QUIET) as scene:
        seals = scene.sim.add_guild("Seals", members=50)
        news, pulse = seals.add_text_channel("news"), seals.add_text_channel("pulse")
        where = {"report_channel_id": news.id, "heartbeat_channel_id": pulse.id}
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await stats_of(steward).settings.change(seals.id, 1, lambda now: replace(now, **where))
            if not away:
                news.delete()
                await asyncio.sleep(1)
                assert any(str(news.id) in problem for problem in await steward.problems.now())
        if away:
            news.delete()
        async with scene.steward() as steward:
            await asyncio.sleep(until_midnight(clock) + 600)
            posts = str(scene.sim.recorder.requests(method="POST"))
            assert (f"/channels/{news.id}/" in posts, f"/channels/{pulse.id}/" in posts) == (False, True)
            assert f"<#{news.id}>, the channel for reports, was deleted" in str(pulse.messages[-1].embeds)
            other = seals.add_text_channel("other")
            await stats_of(steward).settings.change(seals.id, 1, lambda now: replace(now, report_channel_id=other.id))
            assert not any("channel for reports" in problem for problem in await steward.problems.now())
            await until(lambda: bool(other.messages), within=2 * 86_400, every=60)
