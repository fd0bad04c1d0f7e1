"""Counters in channel names, on the whole product."""

from tests.stage import stage, until


async def test_counters_show_the_truth_within_a_minute_of_the_first_login(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward():
        await until(lambda: scene.bans.name != "Bans: 0" and scene.online.name != "Online: 0")
        names = (scene.members.name, scene.online.name, scene.bans.name)
        assert names == (f"Members: {scene.guild.member_count}", f"Online: {scene.guild.online_count}", "Bans: 7")
