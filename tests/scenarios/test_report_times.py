"""Reports whose time or zone changes, and those that do not begin with an hour: each thing in one report."""

import asyncio
from datetime import timedelta

import pytest

from tests.stage import QUIET, admin, stage, until, until_midnight


def fields(message):
    return {field["name"]: field["value"] for field in message.embeds[0]["fields"]}


def daily(scene):
    return [message for message in scene.reports.messages if message.embeds[0]["title"].startswith("Daily")]


@pytest.mark.evening
async def test_a_report_at_another_time_goes_on_where_the_last_one_ended(clock, tmp_path):
    """No hour is left out, and nothing is owed of a schedule that was not there."""
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        await until(lambda: len(daily(scene)) == 1, within=90_000, every=60)
        await asyncio.sleep(3600)
        for number in range(7):
            scene.guild.join(f"early {number}")
        await asyncio.sleep(7 * 3600)
        await olga.run("/report schedule", time="09:00")
        await until(lambda: len(daily(scene)) == 2, within=2 * 90_000, every=600)
        assert fields(daily(scene)[1])["Joins"] == "7"
        assert not any("late" in message.embeds[0]["footer"]["text"] for message in scene.reports.messages)


async def test_each_message_is_in_one_report_whatever_its_minute(clock, tmp_path):
    settings = {**QUIET, "STEWARD_REPORT_TIME": "09:30"}
    async with stage(clock, tmp_path, **settings) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        at = clock.now().replace(hour=9, minute=18)
        await asyncio.sleep((at - clock.now()).total_seconds())
        for _ in range(5):
            olga.say(scene.set.general, "before")
        await asyncio.sleep(27 * 60)
        for _ in range(3):
            olga.say(scene.set.general, "after")
        await until(lambda: len(daily(scene)) == 2, within=2 * 90_000, every=600)
        told = [int(fields(message).get("Messages", "0")) for message in daily(scene)]
        assert sum(told) == 8
        assert clock.now() - at < timedelta(days=2)


@pytest.mark.evening
async def test_members_at_the_end_of_a_report_fit_its_joins(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(until_midnight(clock) - 120)
        for number in range(5):
            scene.guild.join(f"late {number}")
        await until(lambda: len(daily(scene)) == 1, within=600, every=5)
        assert fields(daily(scene)[0])["Members"] == f"{scene.guild.member_count:,}"
