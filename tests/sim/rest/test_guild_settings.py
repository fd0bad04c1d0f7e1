"""A guild's settings, its widget, welcome, onboarding, templates, integrations and the order of its channels."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import discord
import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from tests.sim.gateway_client import GUILDS, connected
from tests.sim.rest.resources import EVERYTHING, PICTURE, PNG, channel_of, library, own_member
from tests.sim.rest_client import rest


async def test_discord_py_edits_a_guild_with_an_event(clock: Clock):
    async with library(clock) as (guild, seen, client):
        chat = channel_of(guild, "chat")
        edited = await seen.edit(
            name="Emperors", icon=PNG, verification_level=discord.VerificationLevel.high,
            system_channel=seen.get_channel(chat.id), afk_timeout=900, reason="new season",
        )  # fmt: skip
        assert (edited.name, edited.afk_timeout) == ("Emperors", 900)
        assert (guild.name, guild.system_channel_id) == ("Emperors", chat.id)
        assert edited.icon is not None
        guild.join("alice")
        assert [message.kind for message in chat.messages] == [7]  # joins are greeted there
        await asyncio.sleep(1)
        assert "guild_update" in client.names_heard()
        entry = guild.audit_log.entries()[0]
        assert (entry.action, entry.reason) == (1, "new season")
        assert {"key": "name", "old_value": "Penguins", "new_value": "Emperors"} in entry.changes
        assert {"key": "afk_timeout", "old_value": 300, "new_value": 900} in entry.changes


async def test_a_guild_becomes_a_community_by_an_administrator_with_rules_and_news(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        path, rules = f"/guilds/{guild.id}", guild.add_text_channel("rules")
        asked = {"features": ["COMMUNITY"], "rules_channel_id": str(rules.id)}
        assert (await client.call("PATCH", path, json=asked)).body["code"] == 50013
        guild.set_bot_permissions("administrator")
        refused = await client.call("PATCH", path, json=asked)
        assert list(refused.body["errors"]) == ["public_updates_channel_id"]
        asked["public_updates_channel_id"] = str(rules.id)
        assert (await client.call("PATCH", path, json=asked)).body["features"] == ["COMMUNITY"]
        assert (await client.get(f"{path}/preview"))["features"] == ["COMMUNITY"]


async def test_discord_py_pauses_invites_for_a_day_at_most(clock: Clock):
    async with library(clock) as (guild, seen, _):
        until = discord.utils.utcnow() + timedelta(hours=3)
        await seen.edit(invites_disabled_until=until)
        assert guild.settings["incidents_data"]["invites_disabled_until"] == until.isoformat()
        with pytest.raises(discord.HTTPException, match="24 hours"):
            await seen.edit(invites_disabled_until=until + timedelta(days=2))


async def test_discord_py_moves_channels_with_events(clock: Clock):
    async with library(clock) as (guild, seen, client):
        room = guild.add_category("rooms")
        room.deny("everyone", "send_messages")
        await asyncio.sleep(1)
        news = seen.get_channel(channel_of(guild, "news").id)
        assert isinstance(news, discord.TextChannel)
        await news.move(beginning=True, category=seen.get_channel(room.id), sync_permissions=True)
        assert channel_of(guild, "news").parent_id == room.id
        assert channel_of(guild, "news").overwrites[guild.id].deny == room.overwrites[guild.id].deny
        await asyncio.sleep(1)
        assert "guild_channel_update" in client.names_heard()


async def test_voice_regions_and_a_vanity_url_that_is_not_set(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        everywhere = await client.get("/voice/regions")
        assert await client.get(f"/guilds/{guild.id}/regions") == everywhere
        assert sum(region["optimal"] for region in everywhere) == 1
        assert await client.get(f"/guilds/{guild.id}/vanity-url") == {"code": None, "uses": 0}


async def test_an_enabled_widget_is_public(clock: Clock):
    async with library(clock) as (guild, seen, client):
        hall = channel_of(guild, "hall")
        with pytest.raises(discord.Forbidden) as refused:
            await seen.widget()
        assert refused.value.code == 50004
        await seen.edit_widget(enabled=True, channel=seen.get_channel(channel_of(guild, "chat").id))
        alice = guild.join("alice")
        alice.join_voice(hall)
        widget = await seen.widget()
        assert [channel.name for channel in widget.channels] == ["hall", "stage"]
        assert [member.name for member in widget.members if member.connected_channel] == ["alice"]
        assert str(alice.id) not in {str(member.id) for member in widget.members}
        address = f"{discord.http.Route.BASE}/guilds/{guild.id}/widget.png?style=banner2"
        picture = await client.http.get_from_cdn(address)
        assert picture.startswith(b"\x89PNG")


async def test_discord_py_edits_a_welcome_screen(clock: Clock):
    async with library(clock) as (guild, seen, _):
        with pytest.raises(discord.NotFound) as refused:
            await seen.welcome_screen()
        assert refused.value.code == 10069
        chat = seen.get_channel(channel_of(guild, "chat").id)
        assert isinstance(chat, discord.TextChannel)
        channels = [discord.WelcomeChannel(channel=chat, description="Say hello", emoji="👋")]
        screen = await seen.edit_welcome_screen(description="Brr.", welcome_channels=channels, enabled=True)
        assert (screen.description, screen.welcome_channels[0].description) == ("Brr.", "Say hello")
        assert guild.has("WELCOME_SCREEN_ENABLED")
        assert (await seen.welcome_screen()).description == "Brr."


async def test_discord_py_sets_up_an_onboarding_of_seven_channels(clock: Clock):
    async with library(clock) as (guild, seen, _):
        role = guild.add_role("Swimmer")
        rooms = [guild.add_text_channel(f"room-{number}") for number in range(7)]
        await asyncio.sleep(1)
        option = discord.OnboardingPromptOption(title="Swimming", emoji="🏊", roles=[discord.Object(role.id)])
        prompt = discord.OnboardingPrompt(
            type=discord.OnboardingPromptType.multiple_choice, title="What do you like?", options=[option]
        )
        with pytest.raises(discord.HTTPException) as refused:
            await seen.edit_onboarding(prompts=[prompt], default_channels=[discord.Object(rooms[0].id)], enabled=True)
        assert refused.value.code == 350000
        found = await seen.edit_onboarding(
            prompts=[prompt], default_channels=[discord.Object(room.id) for room in rooms], enabled=True
        )
        assert found.enabled
        assert [asked.title for asked in found.prompts] == ["What do you like?"]
        assert (await seen.onboarding()).prompts[0].id == found.prompts[0].id


async def test_a_prompt_keeps_its_id_and_a_new_one_gets_one(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        path = f"/guilds/{guild.id}/onboarding"
        prompt = {"id": "0", "title": "Why?", "options": [{"title": "Fish", "role_ids": [str(guild.add_role("x").id)]}]}
        (made,) = (await client.call("PUT", path, json={"prompts": [prompt]})).body["prompts"]
        assert made["id"] != "0"
        asked = made | {"title": "Why not?"}
        kept, fresh = (await client.call("PUT", path, json={"prompts": [asked, prompt]})).body["prompts"]
        assert (kept["id"], kept["options"][0]["id"]) == (made["id"], made["options"][0]["id"])
        assert fresh["id"] not in (made["id"], "0")


async def test_discord_py_creates_one_template_with_its_dirty_flag(clock: Clock):
    async with library(clock) as (guild, seen, client):
        made = await seen.create_template(name="Colony", description="For penguins")
        with pytest.raises(discord.HTTPException) as refused:
            await seen.create_template(name="Another")
        assert refused.value.code == 30031
        assert not (await client.fetch_template(made.code)).is_dirty
        guild.add_text_channel("new")
        (found,) = await seen.templates()
        assert found.is_dirty
        assert not (await found.sync()).is_dirty
        assert (await found.edit(name="Rookery")).name == "Rookery"
        await found.delete()
        with pytest.raises(discord.NotFound) as gone:
            await client.fetch_template(made.code)
        assert gone.value.code == 10057


async def test_deleting_an_integration_removes_its_bot(clock: Clock):
    async with library(clock) as (guild, seen, client):
        other = guild.add_bot(guild.world.add_bot("Other"), "send_messages")
        await asyncio.sleep(1)
        listed = await seen.integrations()
        assert sorted(found.name for found in listed) == ["Other", "Steward"]
        await next(found for found in listed if found.name == "Other").delete(reason="unused")
        assert other.id not in guild.bots
        await asyncio.sleep(1)
        assert {"integration_create", "raw_integration_delete"} & set(client.names_heard())


async def test_a_bots_name_and_avatar_are_changed_with_an_event(clock: Clock):
    async with library(clock) as (guild, _, client):
        assert client.user is not None
        await client.user.edit(username="Butler", avatar=PNG)
        await asyncio.sleep(1)
        assert client.user.name == "Butler"
        assert client.user.avatar is not None
        assert own_member(guild).user.name == "Butler"


async def test_an_avatar_that_is_no_picture_is_refused(clock: Clock):
    async with rest(clock) as (_, client):
        for wrong in ("x", "data:text/html;base64,aGk=", "data:image/png;base64,", 5, PICTURE + "!"):
            answered = await client.call("PATCH", "/users/@me", json={"avatar": wrong})
            assert (answered.status, list(answered.body["errors"])) == (400, ["avatar"])


async def test_a_guild_update_shows_what_was_set(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        await client.log_in(GUILDS)
        guild.rename("Emperors")
        assert (await client.event("GUILD_UPDATE"))["name"] == "Emperors"
        guild.settings["preferred_locale"] = "de"
        guild.changed()
        assert (await client.event("GUILD_UPDATE"))["preferred_locale"] == "de"


async def test_a_deleted_channel_is_no_longer_referenced(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        rooms = [guild.add_text_channel(f"room-{number}") for number in range(8)]
        gone, hall = rooms[0], guild.add_voice_channel("hall")
        ids = [str(room.id) for room in rooms]
        path = f"/guilds/{guild.id}"
        named = ("rules_channel_id", "system_channel_id", "public_updates_channel_id", "safety_alerts_channel_id")
        settings = dict.fromkeys(named, ids[0]) | {"afk_channel_id": str(hall.id)}
        assert (await client.call("PATCH", path, json=settings)).status == 200
        await client.call("PATCH", f"{path}/widget", json={"enabled": True, "channel_id": ids[0]})
        shown = [{"channel_id": channel_id, "description": "x"} for channel_id in ids[:2]]
        await client.call("PATCH", f"{path}/welcome-screen", json={"enabled": True, "welcome_channels": shown})
        option = {"title": "Fish", "channel_ids": ids[:2]}
        prompts = [{"id": "0", "title": "Why?", "options": [option]}]
        asked = {"prompts": prompts, "default_channel_ids": ids, "enabled": True, "mode": 1}
        assert (await client.call("PUT", f"{path}/onboarding", json=asked)).status == 200
        told = sim.recorder.dispatched["GUILD_UPDATE"]
        gone.delete()
        hall.delete()
        assert sim.recorder.dispatched["GUILD_UPDATE"] == told + 2
        assert guild.system_channel_id is None
        assert ids[0] not in str(guild.payload())
        assert str(hall.id) not in str(guild.payload())
        screen, found = await client.get(f"{path}/welcome-screen"), await client.get(f"{path}/onboarding")
        assert [room["channel_id"] for room in screen["welcome_channels"]] == [ids[1]]
        assert (found["default_channel_ids"], found["prompts"][0]["options"][0]["channel_ids"]) == (ids[1:], [ids[1]])
        again = await client.call("PUT", f"{path}/onboarding", json={"enabled": True})
        assert again.status == 200
        rooms[1].delete()
        assert sim.recorder.dispatched["GUILD_UPDATE"] == told + 2  # no setting named it
        few = await client.call("PUT", f"{path}/onboarding", json={"enabled": True})
        assert (few.status, few.body["code"]) == (400, 350000)
