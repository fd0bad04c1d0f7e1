"""The machine's clock is wrong for a while or always: the bot uses Discord's, deletes nothing and says so (F62)."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from structlog.testing import capture_logs

from steward.bots.events.model.details import Reminder
from tests.parts import stats_of
from tests.scenarios.events.crowd import event, posted, said
from tests.stage import stage, until
from tests.store.settable_clock import SettableClock

MINUTE, HOUR, DAY = 60, 3600, 86_400
TABLES = ("member_events", "events", "event_occurrences", "event_answers", "stats_series", "outbox", "job_occurrences")


def wrong(scene, **ahead):
    """Have the machine's clock of the stage, from here on the bot's only, be ahead by so much."""
    scene.clock = SettableClock(scene.clock)
    scene.clock.set_by(timedelta(**ahead))
    return scene.clock


async def kinds(steward):
    sql = "SELECT kind, COUNT(*) FROM member_events GROUP BY kind"
    return dict(tuple(row) for row in await steward.store.read(lambda tx: tx.all(sql)))


async def sizes(steward):
    def work(tx):
        return {table: tx.value(f"SELECT COUNT(*) FROM {table}") for table in TABLES}

    return await steward.store.read(work)


def is_no_less(after, before):
    return all(after[table] >= rows for table, rows in before.items())


async def ready(steward):
    await until(lambda: steward.health.ready)


@pytest.mark.parametrize("hours", [-26, -0.9, 1.1, 26])
async def test_f62_every_join_and_leave_is_kept_however_far_the_machines_clock_is_off(clock, tmp_path, hours):
    async with stage(clock, tmp_path) as scene:
        wrong(scene, hours=hours)
        async with scene.steward() as steward:
            await ready(steward)
            people = [scene.guild.join(f"guest {number}") for number in range(20)]
            await asyncio.sleep(30)
            for person in people[:5]:
                person.leave()
            await asyncio.sleep(30)
            await stats_of(steward).service.flush()
            assert await kinds(steward) == {"join": 20, "leave": 5}
            newest = await steward.store.read(lambda tx: tx.value("SELECT MAX(at) FROM member_events"))
            assert abs(newest / 1000 - clock.now().timestamp()) < 33


async def test_f62_a_clock_set_back_and_forth_while_the_bot_runs_costs_no_event(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        machine = wrong(scene)
        async with scene.steward() as steward:
            await ready(steward)
            for number, days in enumerate((500, -500, -500, 500)):
                scene.guild.join(f"guest {number}").leave()
                machine.set_by(timedelta(days=days))
                scene.guild.join(f"friend {number}").leave()
                await asyncio.sleep(400)
            await stats_of(steward).service.flush()
            assert await kinds(steward) == {"join": 8, "leave": 8}


@pytest.mark.parametrize("from_the_start", [True, False])
async def test_f62_a_clock_that_is_500_days_ahead_for_ten_minutes_deletes_nothing(clock, tmp_path, from_the_start):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await ready(steward)
            hall = scene.guild.add_text_channel("hall")
            for number in range(20):
                scene.guild.join(f"guest {number}")
            for title in ("Raid", "Quiz"):
                await event(scene, steward, hall, title=title, minutes=10)
            await scene.guild.join("ada").click(await posted(hall), "Yes")
            await asyncio.sleep(3 * HOUR)
            before = await sizes(steward)
        machine = wrong(scene, days=500 if from_the_start else 0)
        async with scene.steward() as steward:
            await ready(steward)
            if not from_the_start:
                machine.set_by(timedelta(days=500))
            await asyncio.sleep(10 * MINUTE)
            machine.set_by(timedelta(days=-500))
            await asyncio.sleep(10 * MINUTE)
            assert is_no_less(await sizes(steward), before)


async def test_f62_what_is_due_for_deletion_waits_until_the_clocks_agree_and_the_operator_is_told(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_KEEP_MEMBER_EVENTS_DAYS="30", STEWARD_HEALTH_PORT="0") as scene:
        async with scene.steward() as steward:
            await ready(steward)
            for number in range(5):
                scene.guild.join(f"guest {number}")
            await asyncio.sleep(MINUTE)
        await asyncio.sleep(40 * DAY)
        machine = wrong(scene, hours=2)
        with capture_logs() as lines:
            async with scene.steward() as steward:
                await ready(steward)
                scene.guild.join("ada")
                await asyncio.sleep(6 * HOUR)  # past 04:30
                problem = next(one for one in await steward.problems.now() if "clock" in one)
                assert problem.startswith("This machine's clock is 2 hours ahead of Discord's.")
                assert "timedatectl set-ntp true" in problem
                assert problem in (await steward.problems.readiness())[1]["problems"]
                shown = next(
                    field for field in scene.heartbeat.messages[0].embeds[0]["fields"] if "attention" in field["name"]
                )
                assert "This machine's clock is 2 hours ahead" in shown["value"]
                assert (await kinds(steward))["join"] == 6
                machine.set_by(timedelta(hours=-2))
                await asyncio.sleep(HOUR)
                assert not any("clock" in one for one in await steward.problems.now())
                assert (await kinds(steward))["join"] == 1
        told = [line for line in lines if line["event"] == "alert_raised" and line["alert"] == "clock"]
        assert len(told) == 1


@pytest.mark.parametrize("while_running", [True, False])
async def test_f62_a_reminder_goes_out_at_discords_time_when_the_machines_clock_is_three_hours_ahead(
    clock, tmp_path, while_running
):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await ready(steward)
            hall = scene.guild.add_text_channel("hall")
            await event(scene, steward, hall, reminders=(Reminder(60),))
            await scene.guild.join("ada").click(await posted(hall), "Yes")
        machine = wrong(scene, hours=0 if while_running else 3)
        async with scene.steward() as steward:
            await ready(steward)
            if while_running:
                machine.set_by(timedelta(hours=3))
            await asyncio.sleep(50 * MINUTE)
            assert said(hall, "begins") == []
            await asyncio.sleep(12 * MINUTE)
            assert len(said(hall, "begins")) == 1


async def test_f62_each_answer_of_the_simulator_tells_its_time(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, aiohttp.ClientSession() as http:
        await asyncio.sleep(1000.5)
        for path in ("gateway", "users/@me", "nowhere"):
            async with http.get(f"{scene.sim.api_url}/{path}") as answer:
                assert answer.headers["Date"] == f"{clock.now():%a, %d %b %Y %H:%M:%S} GMT"
