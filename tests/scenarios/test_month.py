"""The first of a month: beside the daily report comes the monthly one, of the month before and nothing else."""

import asyncio
from datetime import UTC, datetime

from steward.sim import time as accelerated
from tests.stage import QUIET, admin, stage, until


def test_on_the_first_of_the_month_the_report_on_the_month_before_is_posted(tmp_path):
    """From 30 January over the first of February: what happened in January is in it, what in February is not."""

    async def main(clock):
        async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
            olga = await admin(scene, steward)
            for number in range(6):
                scene.guild.join(f"of January {number}")
            scene.guild.ban(scene.guild.join("rude"))
            olga.say(scene.set.general, "hello")
            await asyncio.sleep(12 * 3600)
            for number in range(2):
                scene.guild.join(f"of the last day {number}")
            february = datetime(2026, 2, 1, tzinfo=UTC)
            await asyncio.sleep((february - clock.now()).total_seconds() - 1)
            members = scene.guild.member_count
            await asyncio.sleep(10)
            scene.guild.join("of February")
            await until(lambda: len(monthly(scene)) == 1, within=120)
            await asyncio.sleep(3600)
            (message,) = monthly(scene)
            embed = message.embeds[0]
            shown = {field["name"]: field["value"] for field in embed["fields"]}
            assert embed["title"] == "Monthly report: January 2026"
            assert embed["footer"]["text"] == "01 Jan 00:00 to 01 Feb 00:00 UTC"
            assert (shown["Joins"], shown["Leaves"], shown["Bans"]) == ("10", "1", "1")  # olga is the tenth
            assert shown["Members"] == f"{members:,}"
            assert shown["Messages"] == "1"
            assert [attachment["filename"] for attachment in message.attachments] == ["chart1.png", "chart2.png"]
            daily = [each.embeds[0]["title"] for each in scene.reports.messages if each is not message]
            assert "Daily report: Saturday, 31 January 2026" in daily

    accelerated.run(main, start=datetime(2026, 1, 30, 18, tzinfo=UTC))


def monthly(scene):
    return [message for message in scene.reports.messages if message.embeds[0]["title"].startswith("Monthly")]
