"""A port that is taken and a disk that fills up: the bot runs, and says so (F44, F76)."""

import asyncio
import json
import socket
from contextlib import suppress
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from steward.bots.stats.counts import service
from steward.bots.stats.history import activity
from steward.bots.stats.intake import absences
from steward.bots.stats.intake.gaps import Reason
from tests.parts import stats_of
from tests.scenarios.test_monitoring import free_port, page
from tests.small_disk import fill, mounted
from tests.stage import stage, until, until_midnight

A_MINUTE = timedelta(minutes=1)


async def test_f76_with_its_port_taken_the_bot_runs_says_so_and_serves_its_pages_once_it_is_free(clock, tmp_path):
    port = free_port()
    holder = socket.create_server(("127.0.0.1", port))
    async with stage(clock, tmp_path, STEWARD_HEALTH_PORT=str(port)) as scene, scene.steward() as steward:
        await until(lambda: scene.members.name == "Members: 1000")
        assert any(f"port {port} (address already in use)" in problem for problem in await steward.problems.now())
        holder.close()
        await asyncio.sleep(70)
        assert (await page(port, "/readyz"))[0] == 200
        assert await steward.problems.now() == []


async def test_f76_a_disk_nearly_full_is_an_alert_raised_once_and_cleared_once_and_the_bot_stays_ready(clock, tmp_path):
    port = free_port()
    settings = {"STEWARD_HEALTH_PORT": str(port), "STEWARD_DISK_WARN_MB": "90"}
    with mounted(tmp_path, "size=100m"), capture_logs() as lines:
        async with stage(clock, tmp_path, **settings) as scene, scene.steward() as steward:
            await until(lambda: steward.health.ready)
            (tmp_path / "filling").write_bytes(bytes(20_000_000))
            await asyncio.sleep(120)
            status, said = await page(port, "/readyz")
            assert status == 200
            assert "The disk is nearly full: 8" in said
            (tmp_path / "filling").unlink()
            await asyncio.sleep(120)
            assert "nearly full" not in (await page(port, "/readyz"))[1]
    of_disk = [line["event"] for line in lines if line.get("alert") == "disk"]
    assert of_disk == ["alert_raised", "alert_cleared"]


async def test_f44_while_the_disk_takes_nothing_the_bot_is_not_ready_and_then_goes_on_by_itself(clock, tmp_path):
    port = free_port()
    settings = {"STEWARD_HEALTH_PORT": str(port), "STEWARD_DISK_WARN_MB": "0"}
    with mounted(tmp_path, "size=8m"):
        async with stage(clock, tmp_path, **settings) as scene, scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(60)
            joined, status, said = 0, 200, ""
            with (tmp_path / "filling").open("wb", buffering=0) as filling:
                while status == 200 and joined < 400:  # SQLite goes on as long as its log and file needn't grow
                    with suppress(OSError):
                        filling.write(bytes(65536))
                        continue
                    scene.guild.join(f"member {joined}")
                    joined += 1
                    await asyncio.sleep(1)
                    status, said = await page(port, "/readyz")
            assert status == 503
            assert "disk is full" in json.loads(said)["storage"]
            (tmp_path / "filling").unlink()
            await asyncio.sleep(120)
            assert (await page(port, "/readyz"))[0] == 200
            await stats_of(steward).finish()
            assert await steward.store.read(lambda tx: tx.value("SELECT COUNT(*) FROM member_events")) == joined > 0


@pytest.mark.evening
async def test_f44_what_a_disk_full_for_too_long_costs_is_bounded_said_and_shown_as_a_gap(clock, tmp_path, monkeypatch):
    monkeypatch.setattr(service, "MAX_UNWRITTEN", 20)
    monkeypatch.setattr(activity, "MAX_TALLIES", 5)
    port = free_port()
    settings = {"STEWARD_HEALTH_PORT": str(port), "STEWARD_DISK_WARN_MB": "0"}
    with mounted(tmp_path, "size=8m"):
        async with stage(clock, tmp_path, **settings) as scene, scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(60)
            lost, marked = stats_of(steward).timeline.losses, []
            lost.on_marked(marked.append)
            fill(tmp_path)
            people = []
            with capture_logs() as lines:
                for number in range(400):
                    people.append(scene.guild.join(f"member {number}"))
                    people[-1].say(scene.set.general, "hi")
                    await asyncio.sleep(10)
            assert len(stats_of(steward).service._unwritten) == 20
            assert len(stats_of(steward).timeline.activity._members) == 5
            # Once, and again where the log had room for a small write, with which all before was marked.
            assert [line["event"] for line in lines].count("statistics_dropped") == 1 + len(marked)
            assert any("had to be dropped" in problem for problem in await steward.problems.now())
            assert f"steward_statistics_dropped_total {float(lost.total)}\n" in (await page(port, "/metrics"))[1]
            scene.guild.ban(people[0])
            (tmp_path / "filling").unlink()
            await asyncio.sleep(120)
            await stats_of(steward).finish()
            assert not any("had to be dropped" in problem for problem in await steward.problems.now())
            kept = await steward.store.read(
                lambda tx: tx.value("SELECT COUNT(*) FROM member_events WHERE kind = 'join'")
            )
            gaps = await stats_of(steward).service.book.gaps(
                scene.guild.id, clock.now() - timedelta(days=1), clock.now()
            )
            net = sum(gap.net for gap in gaps)
            assert net == 400 - kept
            assert {gap.reason for gap in gaps} == {Reason.NOT_SAVED}
            await asyncio.sleep(until_midnight(clock) + 300)
            [report] = scene.reports.messages
            assert f"{net} more members" in str(report.embeds[0])


async def test_f44_gaps_that_a_full_disk_does_not_take_are_bounded_and_the_oldest_are_shown_as_one(
    clock, tmp_path, monkeypatch
):
    monkeypatch.setattr(absences, "MAX_ENDED", 2)
    with mounted(tmp_path, "size=8m"):
        async with stage(clock, tmp_path, STEWARD_DISK_WARN_MB="0") as scene, scene.steward() as steward:
            await until(lambda: steward.health.ready)
            fill(tmp_path)
            while steward.store.trouble is None:
                scene.guild.join("told").say(scene.set.general, "hi")
                await asyncio.sleep(10)
            for _ in range(5):
                scene.sim.faults.outage(scene.guild)
                await asyncio.sleep(600)
                scene.guild.join("untold")
                scene.sim.faults.end_outage(scene.guild)
                await asyncio.sleep(600)
            assert len(stats_of(steward)._absences._ended) == 2
            assert any("had to be dropped" in problem for problem in await steward.problems.now())
            (tmp_path / "filling").unlink()
            await asyncio.sleep(120)
            await stats_of(steward).finish()
            gaps = await stats_of(steward).service.book.gaps(
                scene.guild.id, clock.now() - timedelta(days=1), clock.now()
            )
            assert [(gap.reason, gap.net, (gap.ended_at - gap.began_at) // A_MINUTE) for gap in gaps] == [
                (Reason.NOT_SAVED, 3, 50),
                (Reason.OUTAGE, 1, 10),
                (Reason.OUTAGE, 1, 10),
            ]
