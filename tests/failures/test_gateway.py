"""The gateway fails in every known way (F01, F05, F06, F10, F13): the bot stays, or says what a person must do."""

import asyncio
from datetime import timedelta
from math import inf

import pytest
from structlog.testing import capture_logs

from steward.bots.stats.counts.facts import EventKind
from steward.client.rest.errors import TryLater
from steward.errors import NeedsOperator, NotReady
from steward.sim import Fault
from tests.parts import stats_of
from tests.stage import admin, stage, until


async def kept(steward, kind):
    await stats_of(steward).service.flush()
    return [
        event.name
        for event in reversed(await stats_of(steward).service.book.latest(steward.settings.guild_id, kind, 1000))
    ]


async def test_f01_a_gateway_that_falls_silent_is_noticed_in_60_s_and_resumed_in_105(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(100)
        began = clock.monotonic()
        scene.sim.faults.silence()
        scene.guild.join("told into the void")
        await until(lambda: not steward.health.ready, within=60)
        assert "sent nothing" in steward.health.sentence or "Trying again" in steward.health.sentence
        await until(lambda: steward.health.situation != "Connected.", within=105)
        scene.sim.faults.speak()
        await until(lambda: steward.health.ready, within=105 - (clock.monotonic() - began))
        await asyncio.sleep(5)
        assert await kept(steward, EventKind.JOIN) == ["told into the void"]
        assert len(scene.sim.recorder.identifies) == 1


async def talk(scene, seconds):
    """Let one member say something every ten seconds."""
    speaker, channel = scene.guild.join("talker"), scene.set.general
    for _ in range(int(seconds / 10)):
        speaker.say(channel, "hello")
        await asyncio.sleep(10)


async def test_f02_events_withheld_for_three_minutes_where_people_talk_end_in_an_alarm_and_a_resumed_session(
    clock, tmp_path
):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await talk(scene, 1200)
        scene.sim.faults.withhold_dispatches()
        joined = scene.guild.join("told to nobody")
        talking = asyncio.create_task(talk(scene, 600))
        with capture_logs() as lines:
            await until(lambda: any(line["event"] == "dispatches_missing" for line in lines), within=200)
        assert steward.health.silence < 50, "heartbeats were answered all the while"
        scene.sim.faults.release_dispatches()
        await until(lambda: steward.health.connections == 2, within=30)
        await talking
        assert joined.name in await kept(steward, EventKind.JOIN)
        assert len(scene.sim.recorder.identifies) == 1
        assert steward.health.connections == 2, "it reconnected again though events came"


async def test_f02_a_resumed_session_that_stays_silent_is_given_up_for_a_new_one(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await talk(scene, 1200)
        scene.sim.faults.withhold_dispatches()
        await until(lambda: len(scene.sim.recorder.identifies) == 2, within=400)
        assert not steward.health.ready
        scene.sim.faults.release_dispatches()
        await until(lambda: steward.health.ready, within=30)
        await until(lambda: scene.members.name == f"Members: {scene.guild.member_count}", within=900)


async def test_where_people_seldom_talk_silence_is_nothing_strange(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        speaker = scene.guild.join("talker")
        for minutes in (7, 3, 9, 25, 2, 40, 6, 120):
            speaker.say(scene.set.general, "hello")
            await asyncio.sleep(minutes * 60)
        assert steward.health.connections == 1


@pytest.mark.parametrize("code", [None, 1006, 4000, 4007, 4008, 4009])
async def test_a_cut_connection_is_taken_up_again_and_nothing_sent_meanwhile_is_lost(clock, tmp_path, code):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        for number in range(5):
            scene.guild.join(f"before {number}")
        if code == 1006:
            await scene.sim.stop_listening()
            await scene.sim.start_listening()
        else:
            scene.sim.faults.disconnect(code)
        for number in range(5):
            scene.guild.join(f"meanwhile {number}")
        await until(lambda: steward.health.connections == 2)
        await asyncio.sleep(5)
        names = [f"before {number}" for number in range(5)] + [f"meanwhile {number}" for number in range(5)]
        assert sorted(await kept(steward, EventKind.JOIN)) == sorted(names)
        assert stats_of(steward).service.guild(scene.guild.id).counts.members == scene.guild.member_count


async def test_a_request_to_reconnect_is_followed_without_a_new_login(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        scene.sim.faults.reconnect()
        await until(lambda: steward.health.connections == 2)
        assert len(scene.sim.recorder.identifies) == 1


@pytest.mark.parametrize("resumable", [True, False])
async def test_f05_an_invalid_session_is_resumed_or_replaced_after_five_seconds(clock, tmp_path, resumable):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(30)
        invalid_at = clock.monotonic()
        scene.sim.faults.invalidate(resumable=resumable)
        await until(lambda: steward.health.connections == 2, every=0.1)
        assert len(scene.sim.recorder.identifies) == (1 if resumable else 2)
        assert len([session for session in scene.sim.sessions if session.connected]) == 1
        assert clock.monotonic() - invalid_at < 15


async def test_f06_a_gateway_that_refuses_every_login_for_a_day_gets_at_most_300_of_them(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.sim.faults.answer_identify_with_invalid_session(None)
        await asyncio.sleep(86400)
        assert 10 < len(scene.sim.recorder.identifies) <= 300
        assert not steward.health.ready
        scene.sim.faults.clear()
        await until(lambda: steward.health.ready, within=900)


@pytest.mark.slow
async def test_f06_a_bot_that_crashes_15_s_after_every_start_spends_at_most_300_logins_a_day(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        end = clock.monotonic() + 86400
        while clock.monotonic() < end:
            async with scene.steward() as steward:
                await until(lambda: steward.health.ready, within=1000, every=10)
                await asyncio.sleep(15)
        assert 20 < len(scene.sim.recorder.identifies) <= 300


async def test_f10_ten_minutes_without_network_at_the_start_end_in_ready_within_30_s(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        await scene.sim.stop_listening()
        async with scene.steward() as steward:
            await asyncio.sleep(600)
            assert not steward.health.ready
            assert "no connection to Discord" in steward.health.sentence
            await scene.sim.start_listening()
            await until(lambda: steward.health.ready, within=30)


async def test_f10_ten_minutes_without_network_in_the_middle_end_in_ready_within_30_s(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await scene.sim.stop_listening()
        await asyncio.sleep(600)
        assert not steward.health.ready
        await scene.sim.start_listening()
        await until(lambda: steward.health.ready, within=30)


async def test_a_gateway_absent_at_the_start_while_rest_answers_is_waited_for(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.sim.faults.rest(method="GET", route="/gateway/bot", action=Fault.status(503), times=30)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready, within=900)
            assert len(scene.sim.recorder.identifies) == 1


async def test_f13_a_wrong_token_ends_it_with_a_sentence_and_spends_no_login(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        right = scene.sim.bot.token
        scene.extra["BOT_TOKEN"] = right[:-4] + ("AAAA" if not right.endswith("AAAA") else "BBBB")
        with pytest.raises(NeedsOperator, match=r"doesn't accept the token.*Reset Token") as refused:
            async with scene.steward():
                await asyncio.sleep(60)
        assert refused.value.exit_code == 78
        assert scene.sim.recorder.identifies == []


async def test_f13_intents_refused_even_without_a_privileged_one_end_it_with_the_portal_switch_named(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_MEMBERS_INTENT="false") as scene:
        with pytest.raises(NeedsOperator, match=r"Server Members Intent.*STEWARD_MEMBERS_INTENT=false") as refused:
            async with scene.steward() as steward:
                await until(lambda: steward.health.ready)
                scene.sim.faults.disconnect(4014)
                await asyncio.sleep(600)
        assert refused.value.exit_code == 78
        assert len(scene.sim.recorder.identifies) == 1


async def test_without_the_intent_asked_for_it_runs_from_counts(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_MEMBERS_INTENT="false") as scene:
        bot = scene.sim.add_bot("Humble", privileged_intents=set())
        scene.guild.add_bot(bot, *scene.guild.bot_permissions)
        scene.extra["BOT_TOKEN"] = bot.token
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            for number in range(30):
                scene.guild.join(f"member {number}")
            await until(lambda: scene.members.name == f"Members: {scene.guild.member_count}", within=900)


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("CHANNEL_CREATE", {"id": "1", "type": 0, "guild_id": "GUILD", "name": "no position"}),
        ("GUILD_MEMBER_ADD", {"guild_id": "GUILD"}),
        ("GUILD_MEMBER_ADD", []),
        ("GUILD_BAN_ADD", {"guild_id": "GUILD", "user": {}}),
        ("CHANNEL_UPDATE", None),
        ("MESSAGE_CREATE", {"id": "not a number"}),
        ("AN_EVENT_OF_THE_FUTURE", {"anything": 1}),
    ],
)
async def test_a_dispatch_that_cannot_be_read_costs_that_event_only(clock, tmp_path, event, data):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        if isinstance(data, dict):
            data = {key: str(scene.guild.id) if value == "GUILD" else value for key, value in data.items()}
        scene.sim.faults.dispatch_raw(event, data)
        scene.guild.join("ada")
        await asyncio.sleep(5)
        assert await kept(steward, EventKind.JOIN) == ["ada"]
        assert steward.health.connections == 1


async def test_a_ready_that_cannot_be_read_is_asked_for_again(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.sim.faults.malform_next("READY", drop=("user",))
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready, within=120)
            assert len(scene.sim.recorder.identifies) == 2


async def test_f08_after_ten_readys_each_loop_and_report_runs_once(clock, tmp_path):
    """Whatever begins at READY begins once: beats and readings keep their pace, and one report comes."""
    at_two = {"STEWARD_REPORT_TIME": "02:00", "UPDATE_INTERVAL": "600", "STEWARD_HEARTBEAT_INTERVAL": "300"}
    edits = {"method": "PATCH", "route": "/channels/{channel_id}/messages/{message_id}"}
    polls = {"method": "GET", "route": "/users/@me/guilds"}
    async with stage(clock, tmp_path, **at_two) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        for _ in range(10):
            scene.sim.faults.invalidate(resumable=False)
            await asyncio.sleep(400)
        assert steward.health.connections == 11
        before = {kind: scene.sim.recorder.count(**of) for kind, of in (("edits", edits), ("polls", polls))}
        await asyncio.sleep(3600)
        assert scene.sim.recorder.count(**edits) - before["edits"] == 3600 / 300
        assert scene.sim.recorder.count(**polls) - before["polls"] == 3600 / 600
        titles = [message.embeds[0]["title"].partition(":")[0] for message in scene.reports.messages]
        assert sorted(titles) == ["Daily report", "Weekly report"]
        assert scene.sim.recorder.count(status=429) == 0
        assert len(scene.heartbeat.messages) == 1


@pytest.mark.parametrize("fault", [Fault.status(403), Fault.status(404), Fault.malformed_json(), Fault.cloudflare()])
async def test_no_answer_to_where_the_gateway_is_ends_the_bot(clock, tmp_path, fault):
    async with stage(clock, tmp_path) as scene:
        scene.sim.faults.rest(method="GET", route="/gateway/bot", action=fault, times=2)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready, within=120)


@pytest.mark.parametrize("fault", [Fault.status(403), Fault.malformed_json(), Fault.status(502), Fault.reset()])
async def test_no_answer_to_the_login_but_401_ends_the_bot(clock, tmp_path, fault):
    async with stage(clock, tmp_path) as scene:
        scene.sim.faults.rest(method="GET", route="/users/@me", action=fault)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready, within=180)


async def test_a_request_that_hangs_is_given_up_and_holds_nothing_up_for_long(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.sim.faults.rest(method="GET", route="/gateway/bot", action=Fault.delay(3600))
        async with scene.steward() as steward:
            began = clock.monotonic()
            await until(lambda: steward.health.ready, within=60)
            assert clock.monotonic() - began > 30


async def test_while_the_ledger_cannot_be_written_no_login_is_sent_and_none_is_lost(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        logins = len(scene.sim.recorder.identifies)
        working, steward.client.ledger.record = steward.client.ledger.record, full_disk
        scene.sim.faults.invalidate(resumable=False)
        await asyncio.sleep(300)
        assert len(scene.sim.recorder.identifies) == logins
        assert "The disk is full" in steward.health.sentence
        steward.client.ledger.record = working
        await until(lambda: steward.health.ready, within=60)


async def full_disk():
    raise NotReady("The disk is full.")


async def test_a_new_session_shows_a_presence_at_once(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(30)
        shown = len(scene.sim.recorder.ops(3))
        scene.sim.faults.invalidate(resumable=False)
        await until(lambda: steward.health.connections == 2)
        await asyncio.sleep(5)
        assert len(scene.sim.recorder.ops(3)) == shown + 1


async def test_a_token_taken_back_while_it_runs_ends_the_bot_with_a_sentence(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(10)
        scene.sim.faults.rest(action=Fault.status(401), times=inf)
        with pytest.raises(NeedsOperator, match=r"doesn't accept the token.*Reset Token"):
            async with asyncio.timeout(900):
                await asyncio.shield(steward.tasks.doomed)


@pytest.mark.parametrize("at_the_start", [True, False])
async def test_f70_ten_seconds_of_401_do_not_end_the_bot(clock, tmp_path, at_the_start):
    async with stage(clock, tmp_path) as scene:
        if at_the_start:
            scene.sim.faults.rest(action=Fault.status(401), times=inf)
        async with scene.steward() as steward:
            if not at_the_start:
                await until(lambda: steward.health.ready)
                scene.sim.faults.rest(action=Fault.status(401), times=inf)
                with pytest.raises(TryLater, match="doesn't accept the token"):
                    await steward.client.rest.guild(scene.guild.id)
                assert any("doesn't accept the token" in problem for problem in await steward.problems.now())
            await asyncio.sleep(10)
            scene.sim.faults.clear()
            await asyncio.sleep(60)
            assert steward.health.ready
            assert not any("for a minute more" in problem for problem in await steward.problems.now())
            scene.guild.join("ada")
            await asyncio.sleep(5)
            await stats_of(steward).service.flush()
            assert stats_of(steward).service.recorded == 1


@pytest.mark.parametrize(("times", "ends"), [(2, False), (3, True)])
async def test_f70_a_gateway_that_refuses_the_token_is_asked_three_times_at_the_most(clock, tmp_path, times, ends):
    async with stage(clock, tmp_path) as scene, asyncio.TaskGroup() as group:
        refused = []

        async def refuse():
            for number in range(1, times + 1):
                await until(lambda number=number: len(scene.sim.recorder.identifies) == number, within=300, every=0.01)
                scene.sim.faults.disconnect(4004)
                refused.append(clock.monotonic())

        group.create_task(refuse())
        if ends:
            with pytest.raises(NeedsOperator, match="doesn't accept the token"):
                async with scene.steward() as steward:
                    await until(lambda: refused)
                    await asyncio.sleep(5)
                    assert any("for a minute more" in problem for problem in await steward.problems.now())
                    await asyncio.sleep(300)
            assert refused[-1] - refused[0] >= 60
            return
        async with scene.steward() as steward:
            await asyncio.sleep(300)
            assert steward.health.ready


async def test_a_clock_that_was_ahead_does_not_lock_the_bot_out(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            ahead = 30 * 86_400_000

            def jump(tx):
                tx.execute("UPDATE identifies SET at = at + ?", (ahead,))
                tx.execute("UPDATE channel_renames SET at = at + ?", (ahead,))

            await steward.store.write(jump)
        scene.guild.join("ada")
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await until(lambda: scene.members.name == f"Members: {scene.guild.member_count}", within=900)


async def test_a_removed_bot_and_an_outage_are_told_apart_and_neither_forgets_anything(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(10)
        scene.sim.faults.outage(scene.guild)
        await asyncio.sleep(10)
        assert any("an outage for this server" in problem for problem in await steward.problems.now())
        scene.sim.faults.end_outage(scene.guild)
        await asyncio.sleep(10)
        assert await steward.problems.now() == []
        scene.guild.remove_bot(scene.sim.bot)
        await asyncio.sleep(10)
        assert any("removed from the server" in problem for problem in await steward.problems.now())


async def test_f54_a_bot_that_fails_at_every_event_costs_the_others_nothing(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        for event in ("GUILD_MEMBER_ADD", "GUILD_MEMBER_REMOVE", "MESSAGE_CREATE", "CHANNEL_UPDATE"):
            steward.client._sinks[event].insert(0, _fail)  # before all others
        olga = await admin(scene, steward)
        for number in range(50):
            scene.guild.join(f"member {number}")
        began = clock.monotonic()
        assert (await olga.run("/counters list")).embeds
        assert clock.monotonic() - began < 1
        await until(lambda: scene.members.name == f"Members: {scene.guild.member_count}", within=600)
        summary = await stats_of(steward).service.summary(
            scene.guild.id, clock.now() - timedelta(days=1), clock.now(), names=0
        )
        assert summary.counts[EventKind.JOIN] == 51
        assert steward.health.unreadable >= 51


def _fail(_):
    raise RuntimeError("always")
