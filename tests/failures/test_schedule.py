"""Reports across crashes and restarts (F32, F33, F38): one for each day, late when late, never twice."""

import asyncio
from datetime import timedelta

import pytest

from steward.sim import Fault
from tests.parts import stats_of
from tests.stage import QUIET, stage, until, until_midnight

pytestmark = pytest.mark.evening


def titles(scene):
    return [message.embeds[0]["title"] for message in scene.reports.messages]


def footers(scene):
    return [message.embeds[0]["footer"]["text"] for message in scene.reports.messages]


async def test_f32_a_bot_that_was_down_at_midnight_reports_once_and_says_how_late(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(until_midnight(clock) - 1)
        await asyncio.sleep(301)
        async with scene.steward():
            await asyncio.sleep(600)
        assert titles(scene) == ["Daily report: Monday, 5 January 2026"]
        assert "sent 5 minutes late" in footers(scene)[0]


async def test_f32_what_was_missed_beyond_the_grace_is_recorded_as_skipped_and_not_sent(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
        await asyncio.sleep(timedelta(days=4, hours=1).total_seconds())
        async with scene.steward() as steward:
            await asyncio.sleep(600)
            rows = await steward.store.read(
                lambda tx: tx.all(
                    "SELECT state FROM job_occurrences WHERE job LIKE 'stats.daily%' AND due_at <= ? ORDER BY due_at",
                    (tx.now_ms,),
                )
            )
            assert [row[0] for row in rows] == ["skipped", "skipped", "skipped", "done"]
        assert titles(scene) == ["Daily report: Thursday, 8 January 2026"]


async def test_restarting_all_night_long_gives_one_report(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward():
            await asyncio.sleep(until_midnight(clock) - 20)
        for _ in range(20):
            async with scene.steward():
                await asyncio.sleep(7)
        async with scene.steward():
            await asyncio.sleep(3600)
        assert titles(scene) == ["Daily report: Monday, 5 January 2026"]


@pytest.mark.parametrize("fault", [Fault.drop_response(), Fault.status(500), Fault.reset(), Fault.malformed_json()])
async def test_f33_a_report_whose_answer_is_lost_is_there_once(clock, tmp_path, fault):
    async with stage(clock, tmp_path) as scene, scene.steward():
        await asyncio.sleep(until_midnight(clock) - 5)
        scene.sim.faults.rest(method="POST", route="/channels/{channel_id}/messages", action=fault)
        await asyncio.sleep(600)
        assert titles(scene) == ["Daily report: Monday, 5 January 2026"]


async def test_f33_a_report_sent_by_a_process_that_died_before_noting_it_is_found_again_an_hour_later(clock, tmp_path):
    """Discord has forgotten the nonce by then: the channel's history tells."""
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await asyncio.sleep(until_midnight(clock) + 30)
            assert len(scene.reports.messages) == 1

            def forget(tx):
                tx.execute("UPDATE outbox SET state = 'waiting', message_id = NULL, ended_at = NULL")

            await steward.store.write(forget)
        await asyncio.sleep(3600)
        async with scene.steward():
            await asyncio.sleep(60)
        assert len(scene.reports.messages) == 1


async def test_f38_a_report_that_fails_unforeseen_does_not_stop_the_next(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        working = stats_of(steward).service.summary

        async def broken(*_args, **_kwargs):
            raise ZeroDivisionError("division by zero")

        stats_of(steward).service.summary = broken
        await asyncio.sleep(until_midnight(clock) + 7200)
        assert any("ZeroDivisionError" in problem for problem in await steward.problems.now())
        stats_of(steward).service.summary = working
        await asyncio.sleep(86400)
        assert titles(scene) == ["Daily report: Tuesday, 6 January 2026"]


async def test_a_closed_report_channel_parks_the_report_and_says_so_once(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.reports.deny(scene.guild.everyone, "send_messages")
        scene.reports.deny(scene.guild.everyone, "view_channel")
        await asyncio.sleep(until_midnight(clock) + 3600)
        posts = scene.sim.recorder.requests(method="POST", route="/channels/{channel_id}/messages", status=403)
        assert len(posts) == 1
        assert any("Not sent" in problem for problem in await steward.problems.now())


async def test_a_join_that_is_told_just_after_midnight_is_in_the_report_of_its_day(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(until_midnight(clock) - 0.2)
        scene.sim.faults.withhold_dispatches()
        scene.guild.join("ada")
        await asyncio.sleep(0.4)
        scene.sim.faults.release_dispatches()
        await asyncio.sleep(60)
        fields = {field["name"]: field["value"] for field in scene.reports.messages[0].embeds[0]["fields"]}
        assert fields["Joins"] == "1"
