"""Rules of auto moderation, and their effect on members' messages."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import discord
import pytest

from steward.runtime.clock import Clock
from steward.sim.guilds.auto_moderation import Blocked, pattern_of
from tests.sim.rest.resources import EVERYTHING, channel_of, library
from tests.sim.rest_client import rest

BLOCK = discord.AutoModRuleAction(custom_message="Mind your beak")


async def keyword_rule(seen: Any, *words: str, **more: Any) -> discord.AutoModRule:
    arguments: dict[str, Any] = {
        "name": "Words", "event_type": discord.AutoModRuleEventType.message_send, "actions": [BLOCK], "enabled": True,
        "trigger": discord.AutoModTrigger(keyword_filter=list(words)),
    }  # fmt: skip
    found: discord.AutoModRule = await seen.create_automod_rule(**(arguments | more))
    return found


async def test_a_blocked_word_is_refused_sent_as_an_event_and_logged(clock: Clock):
    async with library(clock) as (guild, seen, client):
        rule = await keyword_rule(seen, "walrus*")
        chat, alice = channel_of(guild, "chat"), guild.join("alice")
        alice.say(chat, "hello")
        with pytest.raises(Blocked, match="blocked by automatic moderation"):
            alice.say(chat, "look, WALRUSES!")
        assert [message.content for message in chat.messages] == ["hello"]
        await asyncio.sleep(1)
        (told,) = [found for name, found in client.heard if name == "automod_action"]
        assert (told.rule_id, told.matched_content, told.content) == (rule.id, "WALRUS", "look, WALRUSES!")
        assert told.message_id is None
        assert "automod_rule_create" in client.names_heard()
        assert [entry.action for entry in guild.audit_log.entries()][:2] == [143, 140]


async def test_edits_and_posts_are_checked_like_new_messages(clock: Clock):
    async with library(clock) as (guild, seen, _):
        await keyword_rule(seen, "walrus")
        forum, chat, alice = guild.add_forum("ideas"), channel_of(guild, "chat"), guild.join("alice")
        sent = alice.say(chat, "hello")
        with pytest.raises(Blocked):
            alice.edit(sent, "a walrus")
        with pytest.raises(Blocked):
            alice.post(forum, "A walrus?", "Why not")
        assert (sent.content, guild.threads) == ("hello", {})


async def test_alerts_and_timeouts_keep_the_message(clock: Clock):
    async with library(clock) as (guild, seen, client):
        room = channel_of(guild, "news")
        actions = [
            discord.AutoModRuleAction(channel_id=room.id), discord.AutoModRuleAction(duration=timedelta(minutes=5)),
        ]  # fmt: skip
        await keyword_rule(seen, "fish", actions=actions)
        alice, chat = guild.join("alice"), channel_of(guild, "chat")
        sent = alice.say(chat, "fish for all")
        assert [(found.kind, found.author.id) for found in room.messages] == [(24, alice.id)]
        assert alice.timed_out
        await asyncio.sleep(1)
        told = [found for name, found in client.heard if name == "automod_action"]
        assert [found.message_id for found in told] == [sent.id, sent.id]
        with pytest.raises(PermissionError):
            alice.say(chat, "but")


async def test_moderators_and_exempt_roles_and_channels_are_not_checked(clock: Clock):
    async with library(clock) as (guild, seen, _):
        role, chat, news = guild.add_role("Poet"), channel_of(guild, "chat"), channel_of(guild, "news")
        await keyword_rule(
            seen, "fish", exempt_roles=[discord.Object(role.id)], exempt_channels=[discord.Object(news.id)]
        )
        alice, bob, carol = guild.join("alice"), guild.join("bob"), guild.join("carol")
        bob.give(role.id)
        carol.give(guild.add_role("Mod", "manage_guild").id)
        for who, where in ((bob, chat), (carol, chat), (alice, news)):
            assert who.say(where, "fish").content == "fish"
        with pytest.raises(Blocked):
            alice.say(chat, "fish")


async def test_a_rule_is_edited_disabled_and_deleted(clock: Clock):
    async with library(clock) as (guild, seen, client):
        rule = await keyword_rule(seen, "fish")
        alice, chat = guild.join("alice"), channel_of(guild, "chat")
        await rule.edit(enabled=False)
        alice.say(chat, "fish")
        edited = await rule.edit(
            enabled=True, trigger=discord.AutoModTrigger(mention_limit=None, keyword_filter=["eel"])
        )
        assert edited.trigger.keyword_filter == ["eel"]
        alice.say(chat, "fish")
        assert [found.id for found in await seen.fetch_automod_rules()] == [rule.id]
        await rule.delete()
        with pytest.raises(discord.NotFound):
            await seen.fetch_automod_rule(rule.id)
        await asyncio.sleep(1)
        assert {"automod_rule_update", "automod_rule_delete"} <= set(client.names_heard())


async def test_too_many_mentions_are_blocked(clock: Clock):
    async with library(clock) as (guild, seen, _):
        await keyword_rule(seen, trigger=discord.AutoModTrigger(mention_limit=2))
        alice, chat = guild.join("alice"), channel_of(guild, "chat")
        people = " ".join(f"<@{guild.join(name).id}>" for name in ("bob", "carol", "dave"))
        alice.say(chat, people.rsplit(" ", 1)[0])
        with pytest.raises(Blocked):
            alice.say(chat, people)


@pytest.mark.parametrize(
    ("word", "text", "fits"),
    [
        ("cat", "a cat.", True), ("cat", "cats", False), ("cat*", "Cats", True), ("cat*", "tomcat", False),
        ("*cat", "tomcat", True), ("*cat", "cats", False), ("*cat*", "location", True),
        ("the cat", "The Cat sat", True),
        ("*", "anything", False),
    ],
)  # fmt: skip
def test_keywords_match_as_documented(word: str, text: str, fits: bool):
    assert (re.search(pattern_of(word), text, re.IGNORECASE) is not None) is fits


async def test_patterns_match_except_allowed_words(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        metadata = {"regex_patterns": ["f.sh"], "allow_list": ["fash"]}
        body = {"name": "x", "event_type": 1, "trigger_type": 1, "trigger_metadata": metadata, "enabled": True}
        made = await client.call(
            "POST", f"/guilds/{guild.id}/auto-moderation/rules", json=body | {"actions": [{"type": 1}]}
        )
        assert made.status == 200
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        alice.say(chat, "fash")
        with pytest.raises(Blocked):
            alice.say(chat, "fish")


def rule_of(**metadata: Any) -> dict[str, Any]:
    return {
        "name": "x", "event_type": 1, "trigger_type": 1, "trigger_metadata": metadata, "enabled": True,
        "actions": [{"type": 1}],
    }  # fmt: skip


@pytest.mark.parametrize("wrong", ["(?<!a)b", "[[a]b]", r"(a)\1", r"\p{L}", "(" * 200, "a{9999}", 5], ids=str)
async def test_an_invalid_pattern_is_refused_with_the_field(clock: Clock, wrong: Any):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        body = rule_of(regex_patterns=["fish", wrong])
        answered = await client.call("POST", f"/guilds/{guild.id}/auto-moderation/rules", json=body)
        assert answered.status == 400
        assert list(answered.body["errors"]["trigger_metadata"]["regex_patterns"]) == ["1"]
        assert guild.auto_moderation == {}


async def test_a_pattern_beyond_its_work_does_not_match(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        body = rule_of(regex_patterns=["(a|a|aa)*b", "(a+)+$", "(.*)(.*)(.*)(.*)x"])
        assert (await client.call("POST", f"/guilds/{guild.id}/auto-moderation/rules", json=body)).status == 200
        alice, chat = guild.join("alice"), guild.add_text_channel("chat")
        said = "a" * 1999 + "!"
        assert alice.say(chat, said).content == said


async def test_of_a_thousand_keywords_the_matching_one_is_reported(clock: Clock):
    async with library(clock) as (guild, seen, client):
        await keyword_rule(seen, *(f"word{number}" for number in range(1000)))
        alice, chat = guild.join("alice"), channel_of(guild, "chat")
        alice.say(chat, "word word1000 sword5")
        with pytest.raises(Blocked):
            alice.say(chat, "the WORD734, then word2x")
        await asyncio.sleep(1)
        (told,) = [found for name, found in client.heard if name == "automod_action"]
        assert (told.matched_keyword, told.matched_content) == ("word734", "WORD734")
