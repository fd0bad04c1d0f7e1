"""A database of the version before `guilds` kept settings and opt-outs is taken over, and loses nothing."""

import shutil
from datetime import time

from steward.bots.installed import MIGRATIONS
from steward.bots.stats.setup.guild_settings import ReportKind
from steward.guilds.privacy.kept import OptOuts
from steward.store import open_store
from tests.bots.stats.sections import stats_section
from tests.parts import events_of
from tests.stage import QUIET, stage

BEFORE = {"guilds": 1, "stats": 4}
FLAT = (
    '{"zone": "Europe/Paris", "zone_chosen": true, "counters": [{"channel_id": 7, "counted": "members",'
    ' "template": null, "style": "plain", "role_id": null}], "report_channel_id": 8, "report_time": "09:30:00",'
    ' "reports": ["daily"], "heartbeat_channel_id": null, "goal": null, "count_people": false}'
)
EARLIER = '{"zone": "UTC", "report_channel_id": 5}'


def folders_before(tmp_path, before=BEFORE):
    """Return the steps that the former version knew."""
    for part, folder in MIGRATIONS:
        kept = tmp_path / part
        kept.mkdir()
        for file in folder.glob("V*.sql"):
            if int(file.name[1:].partition("__")[0]) <= before.get(part, 99):
                shutil.copy(file, kept)
        yield part, kept


async def test_settings_their_history_and_opt_outs_are_taken_over(clock, new_database, tmp_path):
    async with open_store(new_database, clock, migrations=tuple(folders_before(tmp_path))) as store:
        insert = "INSERT INTO stats_settings (guild_id, at, changed_by, settings) VALUES (?, ?, ?, ?)"
        for guild_id, at, text in ((10, 1, EARLIER), (11, 2, EARLIER), (10, 3, FLAT)):
            await store.write(lambda tx, row=(guild_id, at, 9, text): tx.execute(insert, row))
        wish = "INSERT INTO stats_opt_outs (guild_id, user_id, at) VALUES (10, 77, 5)"
        await store.write(lambda tx: tx.execute(wish))
    async with open_store(new_database, clock, migrations=MIGRATIONS) as store:
        settings, opt_outs = stats_section(store), OptOuts(store)
        await settings.book.load()
        await opt_outs.load()
        held = settings.of(10)
        assert (held.zone, held.zone_chosen, held.report_channel_id) == ("Europe/Paris", True, 8)
        assert (held.reports, held.count_people, held.counters[0].channel_id) == ({ReportKind.DAY}, False, 7)
        assert settings.of(11).report_channel_id == 5
        assert [(change.at.timestamp(), change.changed_by) for change in await settings.book.history(10)] == [
            (0.003, 9),
            (0.001, 9),
        ]
        assert (await settings.undo(10, 9)).report_channel_id == 5
        assert ((10, 77) in opt_outs, (11, 77) in opt_outs) == (True, False)
        await settings.change(12, 1, lambda now: now)
        tables = await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM guild_settings"))
        assert tables == 5


async def test_reports_on_who_came_are_taken_over_into_the_settings_and_can_be_taken_back(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene:
        async with scene.steward() as steward:
            row = {"guild_id": scene.guild.id, "channel_id": 5, "report_time": "10:15", "set_by": 7}
            await steward.store.write(lambda tx: tx.insert_new("event_reports", row))
        for _ in range(2):
            async with scene.steward() as steward:
                section, guild_id = events_of(steward).section, scene.guild.id
                held = section.of(guild_id)
                assert (held.report_channel_id, held.report_time) == (5, time(10, 15))
                assert await section.set_by(guild_id, lambda settings: settings.report_channel_id) == 7
                assert len(await section.book.history(guild_id)) == 1
        async with scene.steward() as steward:
            assert (await events_of(steward).section.undo(scene.guild.id, 8)).report_channel_id is None
