"""Routes of guilds."""

from __future__ import annotations

import pytest

from steward.runtime.clock import Clock
from steward.sim.guilds.permissions import BITS
from tests.sim.gateway_client import connected
from tests.sim.rest_client import rest


async def test_a_guild_has_counts_only_on_request(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", members=5000, online=800)
        plain = await client.get(f"/guilds/{guild.id}")
        assert "approximate_member_count" not in plain
        for spelling in ("1", "true", "True"):
            counted = await client.get(f"/guilds/{guild.id}?with_counts={spelling}")
            assert (counted["approximate_member_count"], counted["approximate_presence_count"]) == (5000, 800)


async def test_counts_follow_joins_and_leaves(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", members=10, online=3)
        alice = guild.join("alice")
        guild.join("bob").go_offline()
        preview = await client.get(f"/guilds/{guild.id}/preview")
        assert (preview["approximate_member_count"], preview["approximate_presence_count"]) == (12, 4)
        alice.leave()
        preview = await client.get(f"/guilds/{guild.id}/preview")
        assert (preview["approximate_member_count"], preview["approximate_presence_count"]) == (11, 3)


async def test_unknown_guilds_are_404_and_those_without_the_bot_403(clock: Clock):
    async with rest(clock) as (sim, client):
        other = sim.add_guild("Others", bot=sim.add_bot("Other"))
        answered = await client.call("GET", "/guilds/123")
        assert (answered.status, answered.body["code"]) == (404, 10004)
        answered = await client.call("GET", f"/guilds/{other.id}")
        assert (answered.status, answered.body["code"]) == (403, 50001)


async def test_invalid_snowflakes_are_refused_by_field(clock: Clock):
    async with rest(clock) as (_, client):
        answered = await client.call("GET", "/guilds/penguins")
        assert answered.status == 400
        assert answered.body["errors"]["guild_id"]["_errors"][0]["code"] == "NUMBER_TYPE_COERCE"


async def test_channels_are_listed_and_made(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        category = guild.add_category("Counters")
        body = {"name": "Members: 10", "type": 2, "parent_id": str(category.id), "bitrate": 64000}
        made = await client.call("POST", f"/guilds/{guild.id}/channels", json=body)
        assert (made.status, made.body["name"], made.body["parent_id"]) == (201, "Members: 10", str(category.id))
        listed = await client.get(f"/guilds/{guild.id}/channels")
        assert [channel["name"] for channel in listed] == ["Counters", "Members: 10"]


async def test_the_event_of_a_new_channel_has_its_settings(clock: Clock):
    async with rest(clock) as (sim, client), connected(sim) as listening:
        guild = sim.add_guild("Penguins")
        await listening.log_in()
        body = {"name": "reports", "topic": "Daily", "nsfw": True, "rate_limit_per_user": 9}
        made = await client.call("POST", f"/guilds/{guild.id}/channels", json=body)
        told = await listening.event("CHANNEL_CREATE")
        assert told == made.body
        assert (told["topic"], told["nsfw"], told["rate_limit_per_user"]) == ("Daily", True, 9)
        wrong = await client.call("POST", f"/guilds/{guild.id}/channels", json={"name": "x", "topic": "x" * 1025})
        assert (wrong.status, set(wrong.body["errors"]), len(guild.channels)) == (400, {"topic"}, 1)


@pytest.mark.parametrize(
    ("permissions", "allowed", "status"),
    [
        (("manage_channels",), "manage_messages", 403),
        (("manage_channels", "manage_messages"), "manage_messages", 201),
        (("manage_channels", "manage_roles"), "manage_roles", 403),
        (("administrator",), "manage_roles", 201),
    ],
)
async def test_a_new_channel_grants_only_permissions_of_its_creator(
    clock: Clock, permissions: tuple[str, ...], allowed: str, status: int
):
    """MANAGE_ROLES is for administrators to set (resources/guild.mdx, "Create Guild Channel")."""
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=permissions)
        body = {"name": "x", "permission_overwrites": [{"id": str(guild.id), "type": 0, "allow": str(BITS[allowed])}]}
        assert (await client.call("POST", f"/guilds/{guild.id}/channels", json=body)).status == status


async def test_a_channel_copies_its_categorys_overwrites_unless_given(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        category = guild.add_category("Staff")
        category.deny("everyone", "connect")
        path, body = f"/guilds/{guild.id}/channels", {"name": "x", "parent_id": str(category.id)}
        taken = await client.call("POST", path, json=body | {"permission_overwrites": []})
        assert taken.body["permission_overwrites"] == [
            overwrite.payload() for overwrite in category.overwrites.values()
        ]
        own = [{"id": str(guild.id), "type": 0, "allow": "0", "deny": str(BITS["send_messages"])}]
        kept = await client.call("POST", path, json=body | {"permission_overwrites": own})
        assert kept.body["permission_overwrites"] == own
        category.deny("everyone", "speak")
        assert guild.channels[int(taken.body["id"])].overwrites[guild.id].deny == BITS["connect"]


async def test_names_of_text_channels_are_normalised(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        made = await client.call("POST", f"/guilds/{guild.id}/channels", json={"name": "Daily  Reports"})
        assert made.body["name"] == "daily-reports"


async def test_creating_a_channel_needs_the_permission(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel",))
        answered = await client.call("POST", f"/guilds/{guild.id}/channels", json={"name": "x"})
        assert (answered.status, answered.body["code"]) == (403, 50013)


async def test_a_channel_needs_a_name_of_a_length_and_a_known_type(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        wrong = {"name": "x" * 101, "type": 99, "parent_id": "1"}
        answered = await client.call("POST", f"/guilds/{guild.id}/channels", json=wrong)
        assert (answered.status, answered.body["code"]) == (400, 50035)
        assert set(answered.body["errors"]) == {"name", "type", "parent_id"}


async def test_roles_and_their_sizes(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        role = guild.add_role("Fishers")
        guild.join("alice").give(role.id)
        roles = await client.get(f"/guilds/{guild.id}/roles")
        assert {role["name"] for role in roles} == {"@everyone", "Fishers", "Steward"}
        counts = await client.get(f"/guilds/{guild.id}/roles/member-counts")
        assert counts[str(role.id)] == 1


async def test_the_audit_log_has_bans_with_user_and_reason(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        alice, bob = guild.join("alice"), guild.join("bob")
        guild.ban(alice, reason="spam")
        guild.kick(bob)
        guild.unban(alice.user)
        log = await client.get(f"/guilds/{guild.id}/audit-logs")
        assert [entry["action_type"] for entry in log["audit_log_entries"]] == [23, 20, 22]
        bans = await client.get(f"/guilds/{guild.id}/audit-logs?action_type=22")
        entry = bans["audit_log_entries"][0]
        assert (entry["target_id"], entry["user_id"]) == (str(alice.id), str(guild.owner_id))
        assert entry["reason"] == "spam"
        first = await client.get(f"/guilds/{guild.id}/audit-logs?after=0&limit=1")
        assert first["audit_log_entries"] == [entry]


async def test_the_audit_log_needs_its_permission(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel",))
        answered = await client.call("GET", f"/guilds/{guild.id}/audit-logs")
        assert (answered.status, answered.body["code"]) == (403, 50013)


async def test_a_prune_is_one_audit_log_entry_with_its_count(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", members=50, online=10)
        regular = guild.meet("regular")
        guild.prune(1000, reason="gone quiet")
        assert guild.member_count == 10 + 1  # those online, and the bot
        assert regular.id in guild.members  # the first to be met is among those online
        (entry,) = (await client.get(f"/guilds/{guild.id}/audit-logs"))["audit_log_entries"]
        assert (entry["action_type"], entry["target_id"], entry["reason"]) == (21, None, "gone quiet")
        assert entry["options"] == {"delete_member_days": "7", "members_removed": "39"}
        assert sim.recorder.dispatched["GUILD_MEMBER_REMOVE"] == 39


@pytest.mark.parametrize(("boosts", "tier"), [(0, 0), (1, 0), (2, 1), (7, 2), (14, 3)])
async def test_boosts_are_sent_with_their_tier(clock: Clock, boosts: int, tier: int):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        guild.set_boosts(boosts)
        told = await client.get(f"/guilds/{guild.id}")
        assert (told["premium_subscription_count"], told["premium_tier"]) == (boosts, tier)
        assert sim.recorder.dispatched["GUILD_UPDATE"] == 1


async def test_adding_a_bot_is_in_the_audit_log(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        other = sim.add_bot("Other")
        guild.add_bot(other, "send_messages")
        (entry,) = (await client.get(f"/guilds/{guild.id}/audit-logs"))["audit_log_entries"]
        assert (entry["action_type"], entry["target_id"]) == (28, str(other.id))
