"""`/help` on the whole product: what each member may use, as commands to click."""

import re

from tests.scenarios.events.organisers import organiser
from tests.stage import admin, stage, until


def text(reply):
    return reply.embeds[0]["description"]


async def test_each_member_sees_the_commands_that_they_may_use_and_no_others(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        boss, olga = await admin(scene, steward, "boss"), await organiser(scene, steward)
        ada = scene.guild.join("ada")
        for who, seen, hidden in (
            (
                ada,
                ("events list", "stats growth", "privacy show", "timezone set"),
                ("event create", "setup", "bot_status"),
            ),
            (olga, ("event create", "event template save", "poll when"), ("setup", "counters add")),
            (boss, ("setup", "counters why", "report now"), ("event create", "bot_status")),
        ):
            reply = await who.run("/help")
            assert reply.ephemeral
            assert [name for name in seen if f"</{name}:" not in text(reply)] == []
            assert [name for name in hidden if f"</{name}:" in text(reply)] == []


async def test_a_click_leads_to_the_command_also_after_a_restart(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await admin(scene, steward)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await until(lambda: bool(steward.interactions._sync.ids))
            ada = scene.guild.join("ada")
            mention = re.search(r"</privacy show:(\d+)>", text(await ada.run("/help")))
            (put,) = scene.sim.recorder.requests(method="PUT", status=200)
            made = {command["name"]: command["id"] for command in put.result}
            assert mention[1] == made["privacy"]


async def test_who_runs_the_bot_sees_the_operators_commands_and_a_bot_switched_off_is_left_out(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await admin(scene, steward)
        root = scene.guild.join("root")
        root.give(scene.guild.add_role("Root", "administrator").id)
        assert "</bot_status:" in text(await root.run("/help"))
        steward.bots.owners["events"].switch_off(clock.now(), "it blocked the event loop")
        told = text(await root.run("/help"))
        assert "</event create:" not in told
        assert "**Events**" not in told
        assert "</setup:" in told
