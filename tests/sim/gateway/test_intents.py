"""The table of intents."""

from __future__ import annotations

import discord
import pytest

from steward.sim.gateway.intents import DOCUMENTED, VALID, needed_for


def bits(**intents: bool) -> int:
    return discord.Intents(**intents).value


@pytest.mark.parametrize(
    ("event", "needed"),
    [
        ("CHANNEL_UPDATE", bits(guilds=True)),
        ("THREAD_CREATE", bits(guilds=True)),
        ("GUILD_MEMBER_ADD", bits(members=True)),
        ("GUILD_BAN_ADD", bits(moderation=True)),
        ("GUILD_EMOJIS_UPDATE", bits(expressions=True)),
        ("GUILD_SOUNDBOARD_SOUNDS_UPDATE", bits(expressions=True)),
        ("INTEGRATION_CREATE", bits(integrations=True)),
        ("WEBHOOKS_UPDATE", bits(webhooks=True)),
        ("INVITE_CREATE", bits(invites=True)),
        ("VOICE_STATE_UPDATE", bits(voice_states=True)),
        ("PRESENCE_UPDATE", bits(presences=True)),
        ("MESSAGE_CREATE", bits(guild_messages=True)),
        ("MESSAGE_REACTION_ADD", bits(guild_reactions=True)),
        ("MESSAGE_POLL_VOTE_ADD", bits(guild_polls=True)),
        ("TYPING_START", bits(guild_typing=True)),
        ("GUILD_SCHEDULED_EVENT_USER_ADD", bits(guild_scheduled_events=True)),
        ("AUTO_MODERATION_RULE_CREATE", bits(auto_moderation_configuration=True)),
        ("AUTO_MODERATION_ACTION_EXECUTION", bits(auto_moderation_execution=True)),
        ("INTERACTION_CREATE", 0),
        ("GUILD_MEMBERS_CHUNK", 0),
    ],
)
def test_events_in_a_guild_need_the_intent_that_discord_py_knows_for_them(event: str, needed: int):
    assert needed_for(event) == needed


@pytest.mark.parametrize(
    ("event", "needed"),
    [
        ("MESSAGE_CREATE", bits(dm_messages=True)),
        ("MESSAGE_REACTION_ADD", bits(dm_reactions=True)),
        ("MESSAGE_POLL_VOTE_ADD", bits(dm_polls=True)),
        ("TYPING_START", bits(dm_typing=True)),
        ("CHANNEL_PINS_UPDATE", bits(dm_messages=True)),
    ],
)
def test_direct_messages_have_intents_of_their_own(event: str, needed: int):
    assert needed_for(event, direct=True) == needed


def test_the_documented_bits_are_those_that_discord_py_knows():
    assert discord.Intents.all().value == DOCUMENTED
    assert DOCUMENTED & VALID == DOCUMENTED
