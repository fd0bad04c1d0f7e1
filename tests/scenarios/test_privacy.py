"""`/privacy` on the whole product: a member sees what is kept, is not counted, is forgotten."""

import asyncio

import pytest

from steward.bots.stats.counts.facts import EventKind
from tests.parts import stats_of
from tests.scenarios.test_setup import schedule
from tests.stage import admin, stage, until_midnight


async def rows_about(steward, user_id):
    """Count the rows with this user's id in every table that has one."""

    def work(tx):
        tables = [name for (name,) in tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {}
        for table in tables:
            columns = [row["name"] for row in tx.all(f"PRAGMA table_info({table})")]
            if "user_id" in columns and table != "opt_outs":
                found[table] = tx.value(f"SELECT COUNT(*) FROM {table} WHERE user_id = ?", (user_id,))
        return found

    return await steward.store.read(work)


async def test_f58_whoever_asks_is_forgotten_and_not_counted_again(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada = scene.guild.join("ada")
        for number in range(3):
            ada.say(scene.set.general, f"hello {number}")
        await asyncio.sleep(120)
        assert sum((await rows_about(steward, ada.id)).values()) > 1
        shown = (await ada.run("/privacy show")).content
        assert "- 1 join, with your name at the time (<t:" in shown
        assert "- 3 messages and 0.0 h in voice, counted over 1 day (<t:" in shown
        done = await ada.click(await ada.run("/privacy forget-me"), "Delete")
        assert "deleted" in done.content
        ada.say(scene.set.general, "and again")
        ada.leave()
        scene.guild.join(ada.user)
        await asyncio.sleep(120)
        assert set((await rows_about(steward, ada.id)).values()) == {0}
        again = (await ada.run("/privacy show")).content
        assert again.startswith("I've stored nothing about you in this server.\n")
        assert "not counted" in again
        joins = await stats_of(steward).service.today(scene.guild.id, clock.now().replace(hour=0, minute=0))
        assert joins[EventKind.JOIN] == 3  # the number stays


async def test_a_member_is_not_counted_and_counted_again(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada = scene.guild.join("ada")
        await ada.run("/privacy count-me", count=False)
        ada.say(scene.set.general, "unseen")
        await asyncio.sleep(60)
        assert (await rows_about(steward, ada.id))["stats_members"] == 0
        await ada.run("/privacy count-me", count=True)
        ada.say(scene.set.general, "seen")
        await asyncio.sleep(60)
        assert (await rows_about(steward, ada.id))["stats_members"] > 0


@pytest.mark.evening
async def test_f58_no_table_names_whoever_was_in_a_report_or_has_chosen_in_setup(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        ada = await admin(scene, steward, "adalovelace")
        await schedule(ada, await ada.run("/setup"), reports=["daily"])
        await asyncio.sleep(until_midnight(clock) + 120)
        assert "adalovelace" in str(scene.reports.messages[0].embeds)
        question = await ada.run("/privacy forget-me")
        assert "stay in Discord" in question.content
        await ada.click(question, "Delete")
        await asyncio.sleep(120)
        assert (await texts_with(steward, "adalovelace", str(ada.id))).keys() == {"opt_outs"}


async def texts_with(steward, *traces):
    """Return the rows that hold one of `traces` anywhere, by table."""

    def work(tx):
        tables = [name for (name,) in tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {table: [str(tuple(row)) for row in tx.all(f"SELECT * FROM {table}")] for table in tables}
        held = {table: [row for row in found if any(trace in row for trace in traces)] for table, found in rows.items()}
        return {table: found for table, found in held.items() if found}

    return await steward.store.read(work)
