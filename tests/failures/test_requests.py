"""Requests that go wrong (F16, F19, F20, F21): each costs what it must, and nothing beside it."""

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest

from steward.sim import Fault
from tests.parts import stats_of
from tests.stage import QUIET, admin, stage, until, until_midnight

RENAMES = {"method": "PATCH", "route": "/channels/{channel_id}"}
POSTS = {"method": "POST", "route": "/channels/{channel_id}/messages"}
LOGIN = {"method": "GET", "route": "/users/@me"}


async def test_f16_a_hidden_limit_of_ten_minutes_holds_only_the_rename_it_was_for(clock, tmp_path):
    """The headers say that requests are left; the body says 582 s."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.bans.name == "Bans: 7")
        olga = await admin(scene, steward)
        await asyncio.sleep(900)
        scene.sim.faults.rest(**RENAMES, action=Fault.rate_limited("user", 582))
        scene.guild.join("ada")
        await until(lambda: scene.sim.recorder.count(status=429) == 1, within=60)
        [refused] = scene.sim.recorder.requests(status=429)
        began = clock.monotonic()
        assert (await olga.run("/counters list")).embeds
        assert clock.monotonic() - began < 3
        scene.guild.ban(scene.guild.join("another"))
        await until(lambda: scene.bans.name == "Bans: 8", within=3)
        assert scene.members.name != f"Members: {scene.guild.member_count}"
        await until(lambda: scene.members.name == f"Members: {scene.guild.member_count}", within=900)
        assert clock.monotonic() - began >= 582 - 60
        assert scene.sim.recorder.count(status=429) == 1
        assert refused.path == f"/channels/{scene.members.id}"


async def test_f19_a_deleted_counter_is_parked_after_one_try_and_said_once_until_set_up_anew(clock, tmp_path, capsys):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.members.name != "Members: 0")
        path = f"/channels/{scene.members.id}"
        scene.sim.faults.withhold_dispatches()  # nobody tells of it: the rename finds out
        await asyncio.sleep(1)
        scene.members.delete()
        for number in range(30):
            steward.host.names.want(scene.members.id, f"Members: {number}", number)
            await asyncio.sleep(60)
        gone = [request for request in scene.sim.recorder.requests(status=404) if request.path == path]
        assert len(gone) == 1
        scene.sim.faults.release_dispatches()
        await asyncio.sleep(60)
        assert capsys.readouterr().out.count("counter_channel_gone") == 1
        assert sum(str(scene.members.id) in problem for problem in await steward.problems.now()) == 1
        anew = scene.guild.add_voice_channel("Crew: 0")
        [lost] = [item for item in stats_of(steward).settings.of(scene.guild.id).counters if item.counted == "members"]
        await stats_of(steward).settings.change(
            scene.guild.id, 1, lambda own: own.with_counter(type(lost)(anew.id, lost.counted, "Crew: {count}"))
        )
        await until(lambda: anew.name == f"Crew: {scene.guild.member_count}", within=60)


@pytest.mark.evening
async def test_f19_a_deleted_heartbeat_channel_costs_one_try_and_the_rest_goes_on(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.heartbeat.messages)
        path = f"/channels/{scene.heartbeat.id}"
        scene.heartbeat.delete()
        await asyncio.sleep(until_midnight(clock) + 100)
        gone = [request for request in scene.sim.recorder.requests(status=404) if request.path.startswith(path)]
        assert len(gone) <= 2  # the message, then its channel
        assert sum("heartbeat" in problem.lower() for problem in await steward.problems.now()) == 1
        assert scene.reports.messages


@pytest.mark.evening
async def test_f19_a_report_channel_of_whose_end_only_a_refusal_tells_gets_one_report_until_another_is_set(
    clock, tmp_path
):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        seals = scene.sim.add_guild("Seals", members=50)
        news, other = seals.add_text_channel("news"), seals.add_text_channel("other")
        await asyncio.sleep(5)  # the bot has heard of the server and its channels
        await stats_of(steward).settings.change(seals.id, 1, lambda now: replace(now, report_channel_id=news.id))
        scene.sim.faults.lose_next()
        news.delete()
        await asyncio.sleep(until_midnight(clock) + 86_400 + 3600)
        tried = [request.path for request in scene.sim.recorder.requests(**POSTS, status=404)]
        assert tried == [f"/channels/{news.id}/messages"]
        assert any(
            f"<#{news.id}>, the channel for reports, was deleted" in problem for problem in await steward.problems.now()
        )
        assert len(scene.reports.messages) == 2
        await stats_of(steward).settings.change(seals.id, 1, lambda now: replace(now, report_channel_id=other.id))
        await asyncio.sleep(86_400)
        late = ["late" in message.embeds[0]["footer"]["text"] for message in other.messages]
        assert late == [True, False]  # that of the day before, which nothing was made of, and the next
        assert not any("reports is gone" in problem for problem in await steward.problems.now())


async def test_f20_a_login_that_cloudflare_refuses_waits_a_quarter_of_an_hour_and_is_made(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.sim.faults.rest(**LOGIN, action=Fault.cloudflare(), times=2)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready, within=7200, every=10)
        tries = [request.at for request in scene.sim.recorder.requests(**LOGIN)]
        waits = [(later - first).total_seconds() for first, later in pairwise(tries)]
        assert len(waits) == 2
        assert all(wait >= 900 for wait in waits)
        assert waits[0] != waits[1]  # spread: many bots behind one address do not come back at once


async def test_f21_a_message_whose_answer_is_lost_is_there_once_and_its_id_is_learned(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.sim.faults.rest(**POSTS, action=Fault.drop_response())
        async with scene.steward() as steward:
            await until(lambda: scene.heartbeat.messages)
            await asyncio.sleep(3600)
            assert len(scene.heartbeat.messages) == 1
            [heartbeat] = scene.heartbeat.messages
            edits = scene.sim.recorder.requests(method="PATCH", route="/channels/{channel_id}/messages/{message_id}")
            assert len(edits) > 5
            assert {request.path for request in edits} == {f"/channels/{scene.heartbeat.id}/messages/{heartbeat.id}"}
            assert steward.health.ready


async def test_f53_what_a_counter_shows_was_true_within_the_last_ten_minutes(clock, tmp_path):
    """Through quiet hours, in which the counts are asked for less often, and a lively one after them."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.online.name == "Online: 200")
        truth = {"Online: 200": clock.monotonic()}
        oldest = 0.0
        for minute in range(600):
            lively = 300 <= minute < 420 or minute in (50, 170, 500)
            if lively:
                scene.guild.set_online(200 + minute % 97)
            truth[f"Online: {scene.guild.online_count}"] = clock.monotonic()
            for _ in range(6):
                await asyncio.sleep(10)
                truth[f"Online: {scene.guild.online_count}"] = clock.monotonic()
                oldest = max(oldest, clock.monotonic() - truth[scene.online.name])
        assert 60 < oldest <= 611
        polls = scene.sim.recorder.requests(method="GET", route="/users/@me/guilds")
        assert 600 / 9 <= len(polls) < 600 / 5
        assert steward.health.ready


@pytest.mark.evening
async def test_a_report_whose_charts_are_refused_comes_without_them(clock, tmp_path):
    """Without Attach Files the words come all the same, once."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        scene.reports.deny(scene.guild.everyone, "attach_files")
        await until(lambda: bool(scene.reports.messages), within=90_000, every=60)
        (message,) = scene.reports.messages
        assert (message.embeds[0]["title"].split(":")[0], message.attachments) == ("Daily report", [])
        assert all("image" not in embed for embed in message.embeds)
