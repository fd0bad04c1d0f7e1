"""How often a member may give commands, as the operator has set it."""

from tests.stage import admin, stage


async def test_a_member_who_is_too_fast_is_told_when_by_the_names_of_old_settings(clock, tmp_path):
    async with (
        stage(clock, tmp_path, BURST_LIMIT="2", MAX_REQUESTS_PER_MINUTE="3") as scene,
        scene.steward() as steward,
    ):
        olga = await admin(scene, steward)
        answers = [await olga.run("/stats overview") for _ in range(3)]
        assert ["Try again <t:" in answer.content for answer in answers] == [False, False, True]
        other = await admin(scene, steward, "oskar")
        assert (await other.run("/stats overview")).embeds


async def test_a_burst_larger_than_a_minutes_commands_is_as_many(clock, tmp_path):
    async with (
        stage(clock, tmp_path, BURST_LIMIT="9", MAX_REQUESTS_PER_MINUTE="2") as scene,
        scene.steward() as steward,
    ):
        olga = await admin(scene, steward)
        answers = [await olga.run("/stats overview") for _ in range(3)]
        assert ["Try again <t:" in answer.content for answer in answers] == [False, False, True]
