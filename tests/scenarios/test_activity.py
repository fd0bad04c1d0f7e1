"""Members talk and sit in voice for days on the simulator; the sums are what happened."""

import asyncio
import random
from collections import Counter
from datetime import timedelta

import pytest

from steward.bots.stats.history.calendar import Level
from steward.bots.stats.history.series import ChannelShare, Measure, Span
from tests.parts import stats_of
from tests.stage import QUIET, stage, until

DAYS = 2


async def value(steward, guild, measure, begin, clock, level=Level.HOUR):
    span = Span(begin, clock.now() + timedelta(hours=1))
    (series,) = await stats_of(steward).timeline.history.series(guild.id, [measure], span, level=level)
    return series.value


@pytest.mark.slow
async def test_days_of_talk_and_voice_are_summed_up_as_they_happened(clock, tmp_path):
    chance = random.Random(4)
    written, sat = Counter(), Counter()
    async with stage(clock, tmp_path, STEWARD_TIMEZONE="Asia/Kolkata", **QUIET) as scene, scene.steward() as steward:
        guild = scene.guild
        rooms = [guild.add_text_channel(f"room-{number}") for number in range(4)]
        lounge, table = guild.add_voice_channel("Lounge"), guild.add_voice_channel("Table")
        people = [guild.meet(f"member{number}") for number in range(6)]
        await until(lambda: steward.health.ready)
        begin, entered = clock.now(), {}
        joins = leaves = 0
        while clock.now() < begin + timedelta(days=DAYS):
            who = chance.choice(people)
            what = chance.random()
            if what < 0.6:
                room = chance.choice(rooms)
                who.say(room, "hello")
                written[room.id] += 1
            elif what < 0.9:
                seconds = clock.now().timestamp()
                if who.id in entered:
                    sat[who.id] += seconds - entered.pop(who.id)
                    who.leave_voice()
                else:
                    who.join_voice(chance.choice((lounge, table)))
                    entered[who.id] = seconds
            elif what < 0.97:
                guild.join(f"newcomer{joins}")
                joins += 1
            else:
                guild.join(f"passer-by{joins}").leave()
                joins, leaves = joins + 1, leaves + 1
            await asyncio.sleep(chance.uniform(60, 3000))
        for who in people:
            if who.id in entered:
                sat[who.id] += clock.now().timestamp() - entered.pop(who.id)
                who.leave_voice()
        await asyncio.sleep(5)
        await stats_of(steward).timeline.flush()
        assert await value(steward, guild, Measure.MESSAGES, begin, clock) == written.total()
        assert await value(steward, guild, Measure.MESSAGES, begin, clock, Level.DAY) == written.total()
        assert await value(steward, guild, Measure.JOINS, begin, clock) == joins
        assert await value(steward, guild, Measure.LEAVES, begin, clock) == leaves
        seconds = await value(steward, guild, Measure.VOICE_SECONDS, begin, clock)
        assert abs(seconds - sat.total()) <= 2 * len(people) * DAYS  # what is told is told some milliseconds later
        history, span = stats_of(steward).timeline.history, Span(begin, clock.now())
        shares = await history.channels(guild.id, span, top=20)
        assert {share.id: share.messages for share in shares if share.messages} == dict(written)
        top = await history.top_members(guild.id, span, by=Measure.VOICE_SECONDS)
        assert [share.id for share in top] == [user_id for user_id, _ in sat.most_common()]
        voice = await value(steward, guild, Measure.PEAK_VOICE, begin, clock)
        assert 1 <= voice <= len(people)


async def test_bots_webhooks_and_the_system_do_not_count_and_a_thread_counts_as_its_channel(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        room = scene.guild.add_text_channel("room")
        begin = clock.now()
        scene.guild.meet("ada").say(room, "hello")
        robot = scene.guild.add_bot(scene.sim.add_bot("Robot"))
        robot.say(room, "beep")
        await asyncio.sleep(2)
        await stats_of(steward).timeline.flush()
        shares = await stats_of(steward).timeline.history.channels(scene.guild.id, Span(begin, clock.now()))
        assert [share for share in shares if share.id == room.id] == [ChannelShare(room.id, 1, 0)]


async def test_a_restart_while_people_sit_in_voice_counts_on_and_not_the_time_between(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        lounge, ada = scene.guild.add_voice_channel("Lounge"), scene.guild.meet("ada")
        begin = clock.now()
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            ada.join_voice(lounge)
            await asyncio.sleep(1800)
        await asyncio.sleep(3600)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(1800)
            ada.leave_voice()
            await asyncio.sleep(2)
            await stats_of(steward).timeline.flush()
            seconds = await value(steward, scene.guild, Measure.VOICE_SECONDS, begin, clock)
            assert 3600 - 5 <= seconds <= 3600 + 5


async def test_messages_written_while_the_bot_restarts_are_counted_once(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        room, ada = scene.guild.add_text_channel("room"), scene.guild.meet("ada")
        begin = clock.now()
        for run in range(3):
            async with scene.steward() as steward:
                await until(lambda steward=steward: steward.health.ready)
                for _ in range(5):
                    ada.say(room, "hello")
                    await asyncio.sleep(2)
                if run == 2:
                    await asyncio.sleep(10)
                    await stats_of(steward).timeline.flush()
                    assert await value(steward, scene.guild, Measure.MESSAGES, begin, clock) == 15 + 4
            ada.say(room, "is anybody there?")
            ada.say(room, "no")
            await asyncio.sleep(20)


async def test_without_the_switch_nothing_is_counted_and_unknown_is_not_none(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_ACTIVITY="false") as scene, scene.steward() as steward:
        await until(lambda: scene.members.name == "Members: 1000")
        begin = clock.now()
        scene.guild.meet("ada").say(scene.guild.add_text_channel("room"), "hello")
        await asyncio.sleep(400)
        await stats_of(steward).timeline.flush()
        assert await value(steward, scene.guild, Measure.MESSAGES, begin, clock) is None
        assert await value(steward, scene.guild, Measure.JOINS, begin, clock) == 0
