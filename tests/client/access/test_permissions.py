from __future__ import annotations

from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.client.access.permissions import (
    COUNTER,
    EVERYTHING,
    POST,
    VOICE_COUNTER,
    Permission,
    channel_permissions,
    guild_permissions,
)

VOICE, TEXT = 2, 0
GUILD, BOT, ROLE, OTHER_ROLE, OWNER = "1", "2", "3", "4", "5"


def guild(everyone: int = 0, role: int = 0, other_role: int = 0):
    roles = [(GUILD, everyone), (ROLE, role), (OTHER_ROLE, other_role)]
    return {
        "id": GUILD,
        "owner_id": OWNER,
        "roles": [{"id": number, "permissions": str(int(bits))} for number, bits in roles],
    }


def member(*roles: str, user: str = BOT):
    return {"user": {"id": user}, "roles": list(roles)}


def channel(kind: int, *overwrites: tuple[str, int, int]):
    rows = [{"id": number, "allow": str(int(allow)), "deny": str(int(deny))} for number, allow, deny in overwrites]
    return {"type": kind, "permission_overwrites": rows}


def test_a_member_may_do_what_everyone_and_their_roles_may():
    held = guild_permissions(
        guild(Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.BAN_MEMBERS), member(ROLE)
    )
    assert held == Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES


def test_the_owner_and_administrators_may_do_everything_everywhere():
    locked = channel(VOICE, (GUILD, 0, EVERYTHING))
    assert channel_permissions(guild(), member(user=OWNER), locked) == EVERYTHING
    assert channel_permissions(guild(0, Permission.ADMINISTRATOR), member(ROLE), locked) == EVERYTHING


def test_who_cannot_see_a_channel_can_do_nothing_there():
    held = channel_permissions(guild(COUNTER), member(), channel(TEXT, (GUILD, 0, Permission.VIEW_CHANNEL)))
    assert held == Permission(0)


def test_who_cannot_send_cannot_embed():
    everyone = Permission.VIEW_CHANNEL | Permission.EMBED_LINKS
    assert not channel_permissions(guild(everyone), member(), channel(TEXT)) & Permission.EMBED_LINKS


def test_denying_connect_on_a_voice_channel_takes_manage_channels_away():
    locked = (GUILD, 0, Permission.CONNECT)
    everyone = guild(VOICE_COUNTER)
    assert not channel_permissions(everyone, member(ROLE), channel(VOICE, locked)) & Permission.MANAGE_CHANNELS
    assert channel_permissions(everyone, member(ROLE), channel(TEXT, locked)) & Permission.MANAGE_CHANNELS
    allowed = channel(VOICE, locked, (ROLE, Permission.CONNECT, 0))
    assert channel_permissions(everyone, member(ROLE), allowed) & Permission.MANAGE_CHANNELS


def test_of_role_overwrites_allowing_wins_and_the_members_own_comes_last():
    send = Permission.SEND_MESSAGES
    everyone = guild(Permission.VIEW_CHANNEL)
    roles = channel(TEXT, (ROLE, 0, send), (OTHER_ROLE, send, 0))
    assert channel_permissions(everyone, member(ROLE, OTHER_ROLE), roles) & send
    own = channel(TEXT, (ROLE, send, 0), (BOT, 0, send))
    assert not channel_permissions(everyone, member(ROLE), own) & send


def test_missing_overwrites_are_none():
    assert channel_permissions(guild(COUNTER), member(), {"type": TEXT}) == COUNTER


def test_permissions_are_named_as_discord_names_them():
    assert (Permission.MANAGE_CHANNELS | Permission.CONNECT).labels() == ["Manage Channels", "Connect"]


@pytest.fixture(scope="module")
def client():
    return discord.Client(intents=discord.Intents(guilds=True))


BITS = st.integers(0, 1 << 30)
# discord.py leaves permissions of the whole server in place, and takes those of voice out of text channels.
CHANNEL = COUNTER | POST | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE | Permission.MANAGE_ROLES


@pytest.mark.parametrize("kind", [TEXT, VOICE])
@given(everyone=BITS, role=BITS, overwrites=st.lists(st.tuples(st.sampled_from([GUILD, ROLE, BOT, "9"]), BITS, BITS)))
def test_discord_py_computes_the_same(client, kind, everyone, role, overwrites):
    unique = {number: (number, allow, deny) for number, allow, deny in overwrites}
    payload = channel(kind, *unique.values())
    ours = channel_permissions(guild(everyone, role), member(ROLE), payload)
    theirs = _by_discord_py(client, guild(everyone, role), payload)
    compared = CHANNEL | (VOICE_COUNTER | Permission.SPEAK if kind == VOICE else Permission(0))
    assert ours & compared == theirs & compared


def _by_discord_py(client: Any, guild_payload: Any, channel_payload: Any) -> int:
    full_roles: Any = [
        {
            **role,
            "name": "r",
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": position,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        for position, role in enumerate(guild_payload["roles"])
    ]
    overwrites = [{**row, "type": int(row["id"] == BOT)} for row in channel_payload["permission_overwrites"]]
    user: Any = {"id": BOT, "username": "b", "discriminator": "0", "avatar": None}
    whole: Any = {"id": GUILD, "name": "g", "owner_id": OWNER, "roles": full_roles, "channels": [], "members": []}
    made = discord.Guild(data=whole, state=client._connection)
    who = discord.Member(
        data={"user": user, "roles": [ROLE], "flags": 0, "joined_at": None, "deaf": False, "mute": False},
        guild=made,
        state=client._connection,
    )
    kind: Any = discord.VoiceChannel if channel_payload["type"] == VOICE else discord.TextChannel
    where = kind(
        state=client._connection,
        guild=made,
        data={
            "id": "7",
            "type": channel_payload["type"],
            "name": "c",
            "position": 0,
            "permission_overwrites": overwrites,
            "bitrate": 64000,
            "user_limit": 0,
        },
    )
    return int(where.permissions_for(who).value)
