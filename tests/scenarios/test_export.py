"""`/export` on the whole product: what is kept, as CSV and JSON, for administrators."""

import asyncio
import csv
import io
import json

from tests.stage import admin, download, stage


async def exported(olga, **options):
    reply = await olga.run("/export", **options)
    (attachment,) = reply.message.attachments
    return attachment["filename"], await download(attachment["url"])


async def test_joins_are_exported_as_csv_that_no_spreadsheet_takes_for_a_formula(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        ada = scene.guild.join("=1+1")
        await asyncio.sleep(10)
        name, content = await exported(olga, what="joins, leaves, bans")
        assert content.startswith(b"\xef\xbb\xbf")  # or Excel garbles the names
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert name == "events.csv"
        assert [(row["kind"], row["user_id"], row["name"]) for row in rows][-1] == ("join", str(ada.id), "'=1+1")


async def test_series_are_exported_as_json(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        scene.guild.join("ada").say(scene.set.general, "hello")
        await asyncio.sleep(3600)
        for what in ("each day", "each hour", "each channel", "each member"):
            _, content = await exported(olga, what=what, format="json")
            rows = json.loads(content)
            assert sum(row["messages"] or 0 for row in rows) == 1, what


async def test_the_time_in_voice_is_exported_up_to_this_moment(clock, tmp_path):
    """It is counted once a minute, and whenever somebody asks."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        scene.guild.join("ada").join_voice(scene.guild.add_voice_channel("Lounge"))
        await asyncio.sleep(1170)
        _, content = await exported(olga, what="each member", format="json")
        assert 1169 <= sum(row["voice_seconds"] for row in json.loads(content)) <= 1171
