"""Who was there, measured from voice, beside who said so."""

import asyncio

from steward.bots.events.attendance.measured import presences
from tests.scenarios.events.crowd import event, guests, posted
from tests.stage import stage

MINUTE, HOUR = 60, 3600


async def test_time_in_the_events_channel_while_it_takes_place_is_attendance(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall, voice = scene.guild.add_text_channel("hall"), scene.guild.add_voice_channel("Raid")
        elsewhere = scene.guild.add_voice_channel("Lounge")
        made = await event(scene, steward, hall, voice_channel_id=voice.id)
        post, (ada, ben, cid, dan) = await posted(hall), guests(scene, 4)
        for guest in (ada, ben, cid):
            await guest.click(post, "Yes")
        ada.join_voice(voice)  # two hours early, and stays
        await asyncio.sleep(2 * HOUR + 30 * MINUTE)
        ben.join_voice(voice)
        cid.join_voice(elsewhere)
        dan.join_voice(voice)
        await asyncio.sleep(2 * MINUTE)
        dan.leave_voice()
        await asyncio.sleep(2 * HOUR)
        found = await steward.store.read(lambda tx: presences(tx, made.id))
        assert [(one.name, one.comes, one.minutes, one.attended) for one in found] == [
            ("guest 1", True, 60, True),
            ("guest 2", True, 30, True),
            ("guest 3", True, 0, False),
            ("", False, 2, False),
        ]


async def test_attendance_goes_on_over_a_restart(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        hall, voice = scene.guild.add_text_channel("hall"), scene.guild.add_voice_channel("Raid")
        async with scene.steward() as steward:
            made = await event(scene, steward, hall, voice_channel_id=voice.id)
            ada = scene.guild.join("ada")
            await ada.click(await posted(hall), "Yes")
            await asyncio.sleep(2 * HOUR)
            ada.join_voice(voice)
            await asyncio.sleep(20 * MINUTE)
        await asyncio.sleep(10 * MINUTE)
        async with scene.steward() as steward:
            await asyncio.sleep(HOUR)
            (found,) = await steward.store.read(lambda tx: presences(tx, made.id))
            assert 49 <= found.minutes <= 50  # what happened while it was away is not known
