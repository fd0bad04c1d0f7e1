"""The audit log with an unmodified discord.py: an entry for each action, with its changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import discord

from steward.runtime.clock import Clock
from steward.sim import Limits, Rate, Simulator
from steward.sim.guilds.guild import Guild
from tests.sim.discord_client import LeanClient, logged_in
from tests.sim.rest_client import rest

Action = discord.AuditLogAction


@asynccontextmanager
async def party(clock: Clock) -> AsyncIterator[tuple[Guild, LeanClient, discord.Guild]]:
    """Yield a guild, a bot with ADMINISTRATOR, and the guild in the bot's client."""
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", permissions=("administrator",))
        guild.add_text_channel("chat")
        intents = discord.Intents(guilds=True, moderation=True, members=True, guild_messages=True)
        async with logged_in(
            sim, intents=intents, member_cache_flags=discord.MemberCacheFlags.from_intents(intents)
        ) as client:
            seen = client.get_guild(guild.id)
            assert seen is not None
            yield guild, client, seen


async def told(client: LeanClient) -> list[discord.AuditLogEntry]:
    """Return the entries that the client received since the last call, oldest first."""
    await asyncio.sleep(1)
    found = [entry for name, entry in client.heard if name == "audit_log_entry_create"]
    client.heard.clear()
    return found


def changed(entry: discord.AuditLogEntry) -> dict[str, tuple[Any, Any]]:
    """Return the changes of an entry: old and new values."""
    before, after = dict(entry.changes.before), dict(entry.changes.after)
    return {name: (before.get(name), after.get(name)) for name in dict.fromkeys([*before, *after])}


async def test_a_channels_life_is_logged_with_what_changed(clock: Clock):
    async with party(clock) as (_, client, guild):
        made = await guild.create_text_channel("rules", topic="Be kind", reason="new here")
        await made.edit(name="law", slowmode_delay=5)
        await made.edit(name="law")
        await made.delete()
        created, updated, deleted = await told(client)
        assert (created.action, created.reason, created.user_id) == (Action.channel_create, "new here", client.user.id)  # type: ignore[union-attr]
        assert changed(created)["topic"] == (None, "Be kind")
        assert (updated.action, changed(updated)) == (
            Action.channel_update, {"name": ("rules", "law"), "slowmode_delay": (0, 5)},
        )  # fmt: skip
        assert (deleted.action, changed(deleted)["name"]) == (Action.channel_delete, ("law", None))


async def test_each_overwrite_has_an_entry_of_its_own(clock: Clock):
    async with party(clock) as (_, client, guild):
        channel = guild.text_channels[0]
        await channel.set_permissions(guild.default_role, send_messages=False)
        await channel.set_permissions(guild.default_role, send_messages=True)
        await channel.edit(overwrites={})
        entries = await told(client)
        assert [entry.action for entry in entries] == [
            Action.overwrite_create, Action.overwrite_update, Action.overwrite_delete,
        ]  # fmt: skip
        assert entries[0].extra == guild.default_role
        assert changed(entries[1])["deny"] == (
            discord.Permissions(send_messages=True), discord.Permissions.none(),
        )  # fmt: skip


async def test_roles_and_their_members_are_logged(clock: Clock):
    async with party(clock) as (world, client, guild):
        alice = world.join("alice")
        member = await guild.fetch_member(alice.id)
        role = await guild.create_role(name="mods")
        await role.edit(name="moderators", hoist=True)
        await member.add_roles(role, reason="trusted")
        await member.edit(nick="Al", roles=[])
        await role.delete()
        created, edited, given, renamed, taken, deleted = await told(client)
        assert (created.action, changed(created)["name"]) == (Action.role_create, (None, "mods"))
        assert changed(edited) == {"name": ("mods", "moderators"), "hoist": (False, True)}
        assert (given.action, given.reason, given.target.id) == (Action.member_role_update, "trusted", alice.id)  # type: ignore[union-attr]
        assert [found.id for found in given.after.roles] == [role.id]
        assert (renamed.action, changed(renamed)) == (Action.member_update, {"nick": (None, "Al")})
        assert [found.id for found in taken.before.roles] == [role.id]
        assert (deleted.action, changed(deleted)["hoist"]) == (Action.role_delete, (True, None))


async def test_moves_in_voice_within_minutes_are_counted_in_one_entry(clock: Clock):
    async with party(clock) as (world, client, guild):
        here, there = world.add_voice_channel("here"), world.add_voice_channel("there")
        people = [world.join(name) for name in ("alice", "bob")]
        await asyncio.sleep(1)
        target = guild.get_channel(there.id)
        assert isinstance(target, discord.VoiceChannel)
        for person in people:
            person.join_voice(here)
            await (await guild.fetch_member(person.id)).move_to(target)
        (heard,) = await told(client)
        assert heard.action is Action.member_move
        (read,) = [entry async for entry in guild.audit_logs(action=Action.member_move)]
        assert (read.extra.count, read.extra.channel.id) == (2, there.id)  # type: ignore[union-attr]
        await (await guild.fetch_member(people[0].id)).move_to(None)
        assert [entry.action for entry in await told(client)] == [Action.member_disconnect]


async def test_messages_of_others_are_logged_when_deleted_or_pinned(clock: Clock):
    async with party(clock) as (world, client, guild):
        channel, alice = guild.text_channels[0], world.join("alice")
        chat = world.channels[channel.id]
        own = await channel.send("mine")
        await own.delete()
        for _ in range(2):
            await channel.get_partial_message(alice.say(chat, "spam").id).delete()
        kept = channel.get_partial_message(alice.say(chat, "ham").id)
        await kept.pin(reason="good")
        await kept.unpin()
        await channel.delete_messages([discord.Object(alice.say(chat, "spam").id) for _ in range(2)])
        deleted, pinned, unpinned, bulk = await told(client)
        assert (deleted.action, deleted.target.id) == (Action.message_delete, alice.id)  # type: ignore[union-attr]
        assert (pinned.action, pinned.reason, pinned.extra.message_id) == (Action.message_pin, "good", kept.id)  # type: ignore[union-attr]
        assert unpinned.action is Action.message_unpin
        assert (bulk.action, bulk.extra.count) == (Action.message_bulk_delete, 2)  # type: ignore[union-attr]
        (read,) = [entry async for entry in guild.audit_logs(action=Action.message_delete)]
        assert (read.extra.count, read.extra.channel.id) == (2, chat.id)  # type: ignore[union-attr]


async def test_threads_invites_webhooks_and_events_are_logged(clock: Clock):
    async with party(clock) as (_, client, guild):
        channel = guild.text_channels[0]
        thread = await channel.create_thread(name="talk", type=discord.ChannelType.public_thread)
        await thread.edit(locked=True)
        await thread.delete()
        invite = await channel.create_invite(max_uses=5)
        await invite.delete()
        webhook = await channel.create_webhook(name="news")
        await webhook.edit(name="olds")
        await webhook.delete()
        begins = clock.now() + timedelta(days=1)
        event = await guild.create_scheduled_event(
            name="Picnic", start_time=begins, end_time=begins + timedelta(hours=1), location="park",
            entity_type=discord.EntityType.external, privacy_level=discord.PrivacyLevel.guild_only,
        )  # fmt: skip
        await event.edit(name="Party")
        await event.delete()
        entries = await told(client)
        assert [entry.action.name for entry in entries] == [
            "thread_create", "thread_update", "thread_delete", "invite_create", "invite_delete", "webhook_create",
            "webhook_update", "webhook_delete", "scheduled_event_create", "scheduled_event_update",
            "scheduled_event_delete",
        ]  # fmt: skip
        assert changed(entries[1]) == {"locked": (False, True)}
        assert changed(entries[3])["max_uses"] == (None, 5)
        assert changed(entries[6])["name"] == ("news", "olds")
        assert changed(entries[9]) == {"name": ("Picnic", "Party")}


async def test_actions_of_members_are_logged_with_their_id(clock: Clock):
    async with party(clock) as (guild, client, _):
        alice, bob = guild.join("alice"), guild.join("bob")
        alice.give(guild.add_role("mods", "manage_messages", "pin_messages", "create_public_threads").id)
        chat = next(iter(guild.channels.values()))
        await told(client)
        alice.rename("Al")
        alice.delete(bob.say(chat, "spam"))
        alice.pin(bob.say(chat, "ham"))
        alice.open_thread(chat, "talk")
        bob.delete(bob.say(chat, "oops"))
        entries = await told(client)
        assert [(entry.action.name, entry.user_id) for entry in entries] == [
            ("member_update", alice.id), ("message_delete", alice.id), ("message_pin", alice.id),
            ("thread_create", alice.id),
        ]  # fmt: skip


async def test_the_log_is_filtered_by_user_target_action_and_id(clock: Clock):
    limits = Limits(requests=Rate(1000, 1.0), other_routes=Rate(1000, 1.0))
    async with rest(clock, limits=limits) as (sim, client):
        guild = sim.add_guild("Penguins")
        people = [guild.join(name) for name in ("alice", "bob", "carol")]
        guild.kick(people[0])
        guild.ban(people[1], by=people[2].id)
        path = f"/guilds/{guild.id}/audit-logs"
        kicked, banned = reversed((await client.get(path))["audit_log_entries"])
        for query, expected in (
            (f"user_id={people[2].id}", [banned]),
            (f"target_id={people[0].id}", [kicked]),
            ("action_type=22", [banned]),
            (f"before={banned['id']}", [kicked]),
            (f"after={kicked['id']}", [banned]),
            ("after=0", [kicked, banned]),
            ("limit=1", [banned]),
        ):
            assert (await client.get(f"{path}?{query}"))["audit_log_entries"] == expected
        assert (await client.call("GET", f"{path}?limit=101")).status == 400
        sim.world.guilds[guild.id].set_bot_permissions("view_channel")
        assert (await client.call("GET", path)).body["code"] == 50013
