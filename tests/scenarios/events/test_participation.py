"""Who said that they come, and who came: reports, attendance, reliability."""

import asyncio
from datetime import UTC, datetime, timedelta

from discord.utils import snowflake_time

from tests.scenarios.events.crowd import event, guests, inbox, posted
from tests.scenarios.events.organisers import organiser
from tests.stage import admin, stage, until

MINUTE, HOUR, DAY = 60, 3600, 86_400
# The clock of a test begins on Monday 5 January 2026, 00:00 UTC.


def fields(message):
    return {field["name"]: field["value"] for field in message.embeds[0]["fields"]}


async def played(scene, steward, hall, voice, coming, *, number=1, title="Raid night", **details):
    """Have an event of an hour take place: each of `coming` says yes, those with True come."""
    made = await event(scene, steward, hall, title=title, voice_channel_id=voice.id, **details)
    post = await posted(hall, number)
    for guest in coming:
        await guest.click(post, "Yes")
    await asyncio.sleep(2 * HOUR)
    for guest, comes in coming.items():
        if comes:
            guest.join_voice(voice)
    await asyncio.sleep(HOUR)
    for guest, comes in coming.items():
        if comes:
            guest.leave_voice()
    await asyncio.sleep(MINUTE)
    return made


async def seen_at(scene, clock, day, hour, channel):
    """Let the bot run for an hour from then on and return what was posted in it."""
    await asyncio.sleep((datetime(2026, 1, day, hour, tzinfo=UTC) - clock.now()).total_seconds())
    before = len(channel.messages)
    async with scene.steward():
        await asyncio.sleep(HOUR)
    return channel.messages[before:]


async def test_reports_come_on_thursdays_and_mondays_at_the_servers_own_time_once_each(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        hall, voice = scene.guild.add_text_channel("hall"), scene.guild.add_voice_channel("Raid")
        news = scene.guild.add_text_channel("news")
        await asyncio.sleep(DAY)
        async with scene.steward() as steward:
            olga, boss = await organiser(scene, steward), await admin(scene, steward, "boss")
            ada, ben, cid, dan = guests(scene, 4)
            await boss.run("/report schedule", timezone="America/New_York")
            said = await olga.run("/events report", channel=news, time="08:30")
            assert f"<#{news.id}> at 08:30" in said.content
            await played(scene, steward, hall, voice, {ada: True, ben: False, cid: True})
            await played(scene, steward, hall, voice, {ada: True, cid: False}, number=2, title="Quiz")
            await event(scene, steward, hall, title="Chat")
            await dan.click(await posted(hall, 3), "Maybe")
            await asyncio.sleep(3 * HOUR + 5 * MINUTE)
        (midweek,) = await seen_at(scene, clock, 8, 13, news)
        sent = snowflake_time(midweek.id)
        assert timedelta(0) <= sent - datetime(2026, 1, 8, 13, 30, tzinfo=UTC) < timedelta(minutes=1)
        assert midweek.embeds[0]["title"] == "Participation: this week so far"
        raid, quiz, chat = midweek.embeds[0]["description"].split("\n")
        assert "**Raid night**: 3 said yes, 2 of 3 came (67 %)" in raid
        assert "**Quiz**: 2 said yes, 1 of 2 came (50 %)" in quiz
        assert "**Chat**: 0 said yes; not measured" in chat
        shown = fields(midweek)
        assert shown["Came, of those who said yes"] == "3 of 5 (60 %)"
        assert shown["Came every time"] == "guest 1 (2)"
        assert shown["Didn't answer"] == "guest 2 (2), guest 4 (2), guest 1 (1), guest 3 (1)"
        assert await seen_at(scene, clock, 8, 15, news) == []  # a restart makes no second one
        (weekly,) = await seen_at(scene, clock, 12, 13, news)
        assert weekly.embeds[0]["title"] == "Participation: the past week"
        assert weekly.embeds[0]["description"] == midweek.embeds[0]["description"]
        assert await seen_at(scene, clock, 15, 13, news) == []  # no events, no report


async def test_for_an_event_of_a_role_an_answer_is_expected_of_its_members_only(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall, voice = scene.guild.add_text_channel("hall"), scene.guild.add_voice_channel("Raid")
        olga = await organiser(scene, steward)
        ada, ben, cid = guests(scene, 3)
        raiders = scene.guild.add_role("Raiders")
        for guest in (ada, ben):
            guest.give(raiders.id)
        await event(scene, steward, hall, title="Chat")
        await cid.click(await posted(hall), "Yes")
        await asyncio.sleep(4 * HOUR)
        await played(scene, steward, hall, voice, {ada: True}, number=2, roles=frozenset({raiders.id}))
        report = await olga.run("/events report")
        # Of the chat an answer was expected of those who answer events; of the raid of its role.
        assert fields(report)["Didn't answer"] == "guest 1 (1), guest 2 (1)"


async def test_whoever_does_not_want_to_be_counted_is_not_measured(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall, voice = scene.guild.add_text_channel("hall"), scene.guild.add_voice_channel("Raid")
        olga = await organiser(scene, steward)
        ada, ben = guests(scene, 2)
        await ada.run("/privacy count-me", count=False)
        made = await played(scene, steward, hall, voice, {ada: True, ben: True})
        rows = await steward.store.read(lambda tx: tx.all("SELECT user_id FROM event_attendance"))
        assert [row[0] for row in rows] == [ben.id]
        shown = (await olga.run("/events attendance", event=str(made.id))).embeds[0]["description"]
        assert "2 said yes, 1 of 1 came (100 %)" in shown
        assert "guest 1: Yes, doesn't want to be counted" in shown
        assert "guest 2: Yes, 60 min" in shown
        assert "chosen not to be counted" in (await ada.run("/events reliability")).content


async def test_reliability_is_the_members_own_and_the_organisers(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall, voice = scene.guild.add_text_channel("hall"), scene.guild.add_voice_channel("Raid")
        olga = await organiser(scene, steward)
        ada, ben = guests(scene, 2)
        assert "nothing to show" in (await ada.run("/events reliability")).content
        await played(scene, steward, hall, voice, {ada: True, ben: True})
        made = await played(scene, steward, hall, voice, {ada: True, ben: False}, number=2)
        await played(scene, steward, hall, voice, {ada: False, ben: False}, number=3)  # nobody was there: not measured
        own = await ben.run("/events reliability")
        assert own.ephemeral
        assert "**1 of 2**" in own.content
        asked = await olga.run("/events reliability", event=str(made.id))
        assert asked.ephemeral
        assert asked.embeds[0]["description"] == "guest 1: 2 of 2 (100 %)\nguest 2: 1 of 2 (50 %)"
        for command in ("/events reliability", "/events attendance"):
            assert "need Manage Events" in (await ben.run(command, event=str(made.id))).content
        assert "need Manage Events" in (await ben.run("/events report")).content


async def test_an_event_without_a_voice_channel_is_said_not_to_be_measured(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        olga, ada = await organiser(scene, steward), scene.guild.join("ada")
        made = await event(scene, steward, hall)
        assert "hasn't started" in (await olga.run("/events attendance", event=str(made.id))).content
        await ada.click(await posted(hall), "Yes")
        await asyncio.sleep(4 * HOUR)
        shown = (await olga.run("/events attendance", event=str(made.id))).embeds[0]["description"]
        assert "not measured: no voice channel was set" in shown
        assert shown.endswith("ada: Yes")


async def test_a_report_is_set_up_only_where_the_bot_may_post_and_can_be_switched_off(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await organiser(scene, steward)
        news, closed = scene.guild.add_text_channel("news"), scene.guild.add_text_channel("closed")
        closed.deny(scene.guild.everyone, "send_messages")
        closed.allow(olga, "send_messages")
        assert "No channel is set" in (await olga.run("/events report", time="09:00")).content
        assert "Send Messages" in (await olga.run("/events report", channel=closed)).content
        assert "“late”" in (await olga.run("/events report", channel=news, time="late")).content
        assert "at 09:00" in (await olga.run("/events report", channel=news)).content
        assert "at 10:15" in (await olga.run("/events report", time="10:15")).content
        await asyncio.sleep(MINUTE)  # that were many commands
        assert "won't post who came" in (await olga.run("/events report", off=True)).content
        assert "No channel is set" in (await olga.run("/events report", time="09:00")).content


async def test_reports_whose_channel_is_deleted_end_with_one_word_and_begin_anew_by_the_command(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        hall, news = scene.guild.add_text_channel("hall"), scene.guild.add_text_channel("news")

        async def quick(steward, hall):
            start = (clock.now() + timedelta(minutes=2)).replace(tzinfo=None, second=0, microsecond=0)
            await event(scene, steward, hall, start=start, minutes=5)
            await asyncio.sleep(10 * MINUTE)

        await asyncio.sleep(2 * DAY)
        async with scene.steward() as steward:
            olga = await organiser(scene, steward)
            await olga.run("/events report", channel=news)
            await quick(steward, hall)
        news.deny(scene.guild.everyone, "send_messages")
        await seen_at(scene, clock, 8, 9, news)
        (told,) = inbox(scene, olga)
        assert f"I couldn't post the attendance report in <#{news.id}>: I can't write there." in told
        news.delete()
        for day in (12, 15):
            await asyncio.sleep((datetime(2026, 1, day, 8, 55, tzinfo=UTC) - clock.now()).total_seconds())
            async with scene.steward() as steward:
                await asyncio.sleep(10 * MINUTE)
                gone = [
                    problem for problem in await steward.problems.now() if "attendance reports, was deleted" in problem
                ]
                assert len(gone) == (1 if day == 12 else 0)
        assert len(inbox(scene, olga)) == 2
        assert "was deleted: I make no more. `/events report` sets another channel." in inbox(scene, olga)[1]
        other = scene.guild.add_text_channel("other")
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            assert "at 09:00" in (await olga.run("/events report", channel=other)).content
            await quick(steward, hall)
        assert len(await seen_at(scene, clock, 19, 9, other)) == 1
