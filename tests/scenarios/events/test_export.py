"""`/events export` on the whole product: all that is kept of events, for those who manage the server."""

import asyncio
import csv
import io
import json

import pytest

from steward.bots.events.privacy.export import TABLES
from steward.store import to_millis
from steward.store.export.export import ROWS_A_PAGE, Exporter
from tests.scenarios.events.crowd import event, guests, posted
from tests.scenarios.events.organisers import organiser
from tests.stage import admin, download, stage, until


async def exported(boss, **options):
    reply = await boss.run("/events export", **options)
    (attachment,) = reply.message.attachments
    return attachment["filename"], await download(attachment["url"])


async def test_everything_about_events_is_exported(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, boss = await organiser(scene, steward), await admin(scene, steward, "boss")
        hall, voice = scene.guild.add_text_channel("hall"), scene.guild.add_voice_channel("Raid")
        made = await event(scene, steward, hall, voice_channel_id=voice.id)
        elsewhere = scene.sim.add_guild("Seals", members=20)
        await until(lambda: steward.client.get_guild(elsewhere.id) is not None)
        ada, ben = guests(scene, 2)
        await ada.click(await posted(hall), "Yes")
        await ben.click(await posted(hall), "No")
        await olga.run("/poll when", hall, title="Quiz", times="friday 20:00; saturday 20:00")
        await asyncio.sleep(2 * 3600)
        ada.join_voice(voice)
        await asyncio.sleep(1800)
        contents = {}
        for kept in TABLES:
            name, content = await exported(boss, what=kept, format="json")
            assert name == f"{TABLES[kept].stem}.json"
            contents[kept] = json.loads(content)
            await asyncio.sleep(30)
        (series,) = contents["events"]
        assert json.loads(series["details"])["title"] == "Raid night"
        (time,) = contents["each time"]
        assert (time["id"], time["starts_at"]) == (str(made.id), made.starts_at.isoformat())
        assert [(row["user_id"], row["option_key"]) for row in contents["answers"]] == [
            (str(ada.id), "yes"),
            (str(ben.id), "no"),
        ]
        (there,) = contents["attendance"]
        assert there["user_id"] == str(ada.id)
        assert 1_790_000 <= there["millis"] <= 1_930_000
        assert [(row["title"], row["position"], row["name"]) for row in contents["polls"]] == [
            ("Quiz", 1, None),
            ("Quiz", 2, None),
        ]
        _, content = await exported(boss, what="answers")
        assert content.startswith(b"\xef\xbb\xbf")  # for Excel
        assert [row["option_key"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))] == ["yes", "no"]
        assert "need Manage Server" in (await olga.run("/events export", what="answers")).content


@pytest.mark.parametrize("kept", ["answers", "attendance", "each time"])
async def test_each_row_is_exported_once_however_many_pages_there_are(clock, tmp_path, kept):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall)
        many = 2 * ROWS_A_PAGE + 1

        def work(tx):
            for number in range(many):
                if kept == "each time":
                    tx.execute(
                        "INSERT INTO event_occurrences (event_id, guild_id, original_wall, starts_at, ends_at, state,"
                        " channel_id) VALUES (?, ?, ?, ?, ?, 'over', 1)",
                        (made.event_id, scene.guild.id, f"x{number}", to_millis(made.starts_at), 0),
                    )
                elif kept == "attendance":
                    tx.execute("INSERT INTO event_attendance VALUES (?, ?, 1)", (made.id, number + 1))
                else:
                    tx.execute(
                        "INSERT INTO event_answers (occurrence_id, user_id, name, option_key, arrival, seated,"
                        " answered_at, answered_by) VALUES (?, ?, 'ada', 'yes', ?, 1, 0, 0)",
                        (made.id, number + 1, number),
                    )

        await steward.store.write(work)
        rows = [row async for row in Exporter(steward.store).rows(scene.guild.id, TABLES[kept])]
        keys = [tuple(row[name] for name in TABLES[kept].key) for row in rows]
        assert len(keys) == len(set(keys)) == many + (kept == "each time")


async def test_f31_an_export_that_takes_a_quarter_of_an_hour_comes_by_a_direct_message(clock, tmp_path, monkeypatch):
    export = Exporter.export

    async def slow(self, *asked):
        await asyncio.sleep(16 * 60)
        return await export(self, *asked)

    monkeypatch.setattr(Exporter, "export", slow)
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        boss, hall = await admin(scene, steward, "boss"), scene.guild.add_text_channel("hall")
        await event(scene, steward, hall)
        await boss.run("/events export", hall, what="events")
        direct = scene.sim.world.direct_channel(scene.sim.bot, boss.user)
        await until(lambda: bool(direct.messages), within=120)
        (message,) = direct.messages
        assert "Events: 1 row, times in UTC." in message.content
        assert b"Raid night" in await download(message.attachments[0]["url"])
        assert "Raid night" not in str([other.attachments for other in hall.messages])
