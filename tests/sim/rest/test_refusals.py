"""
Requests that the simulator refuses as Discord does: one row per rule, with its page of Discord's documentation.

Rules with tests of their own are in the file of their route; these need one request each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from steward.runtime.clock import Clock
from tests.sim.rest.resources import EVERYTHING, PICTURE
from tests.sim.rest_client import rest

SNOWFLAKES = [str(10**17 + number) for number in range(201)]


@dataclass(frozen=True)
class Rule:
    """A request that Discord refuses; ids are placeholders in braces, such as `{text}`."""

    says: str
    source: str
    method: str
    path: str
    body: Any = None
    status: int = 400
    code: int = 50035
    field: str = ""
    without: tuple[str, ...] = ()
    """Permissions that the bot lacks."""


CHANNEL, THREADS, MESSAGE = "resources/channel.mdx", "topics/threads.mdx", "resources/message.mdx"
GUILD, INVITE, WEBHOOK, ROLES = (
    "resources/guild.mdx",
    "resources/invite.mdx",
    "resources/webhook.mdx",
    "topics/permissions.mdx",
)
AUTOMOD, STAGE = "resources/auto-moderation.mdx", "resources/stage-instance.mdx"
MESSAGES = "/channels/{text}/messages"
RULES = (
    Rule("a bitrate is at most 96000 without boosts", CHANNEL, "PATCH", "/channels/{voice}",
         {"bitrate": 96_001}, field="bitrate"),
    Rule("a stage's bitrate is at most 64000", CHANNEL, "PATCH", "/channels/{stage}",
         {"bitrate": 64_001}, field="bitrate"),
    Rule("a voice channel's user limit is at most 99", CHANNEL, "PATCH", "/channels/{voice}",
         {"user_limit": 100}, field="user_limit"),
    Rule("a stage's user limit is at most 10000", CHANNEL, "PATCH", "/channels/{stage}",
         {"user_limit": 10_001}, field="user_limit"),
    Rule("a topic has at most 1024 characters", CHANNEL, "PATCH", "/channels/{text}",
         {"topic": "x" * 1025}, field="topic"),
    Rule("a forum's topic has at most 4096 characters", CHANNEL, "PATCH", "/channels/{forum}",
         {"topic": "x" * 4097}, field="topic"),
    Rule("slowmode is at most six hours", CHANNEL, "PATCH", "/channels/{text}",
         {"rate_limit_per_user": 21_601}, field="rate_limit_per_user"),
    Rule("a category has no parent", CHANNEL, "PATCH", "/channels/{category}",
         {"parent_id": "{category}"}, field="parent_id"),
    Rule("a parent is a category", CHANNEL, "PATCH", "/channels/{text}", {"parent_id": "{voice}"}, field="parent_id"),
    Rule("a text channel cannot become voice", CHANNEL, "PATCH", "/channels/{text}", {"type": 2}, field="type"),
    Rule("a category holds 50 channels", CHANNEL, "POST", "/guilds/{guild}/channels",
         {"name": "x", "parent_id": "{full}"}, field="parent_id"),
    Rule("a forum contains no messages", CHANNEL, "POST", "/channels/{forum}/messages", {"content": "x"}, code=50008),
    Rule("allowed mentions name at most 100 users", MESSAGE, "POST", MESSAGES,
         {"content": "x", "allowed_mentions": {"users": SNOWFLAKES[:101]}}, field="allowed_mentions"),
    Rule("allowed mentions parse known kinds", MESSAGE, "POST", MESSAGES,
         {"content": "x", "allowed_mentions": {"parse": ["all"]}}, field="allowed_mentions"),
    Rule("TTS needs a permission", MESSAGE, "POST", MESSAGES,
         {"content": "x", "tts": True}, 403, 50013, without=("send_tts_messages",)),
    Rule("a reply needs READ_MESSAGE_HISTORY", MESSAGE, "POST", MESSAGES,
         {"content": "x", "message_reference": {"message_id": "{message}"}}, code=160002,
         without=("read_message_history",)),
    Rule("a poll needs SEND_POLLS", MESSAGE, "POST", MESSAGES,
         {"poll": {"question": {"text": "?"}, "answers": [{"poll_media": {"text": "a"}}]}}, status=403, code=50013,
         without=("send_polls",)),
    Rule("a sticker must exist", MESSAGE, "POST", MESSAGES, {"content": "x", "sticker_ids": ["5"]}, code=50081),
    Rule("a message has at most three stickers", MESSAGE, "POST", MESSAGES,
         {"sticker_ids": ["5"] * 4}, field="sticker_ids"),
    Rule("a system message cannot be edited", MESSAGE, "PATCH", MESSAGES + "/{notice}", {"content": "x"}, 403, 50021),
    Rule("a system message cannot be pinned", MESSAGE, "PUT", MESSAGES + "/pins/{notice}", status=403, code=50021),
    Rule("a system message cannot start a thread", THREADS, "POST", MESSAGES + "/{notice}/threads",
         {"name": "x"}, code=50068),
    Rule("a thread has no threads", THREADS, "POST", "/channels/{thread}/threads",
         {"name": "x", "type": 11}, code=50024),
    Rule("a voice channel has no threads", THREADS, "POST", "/channels/{voice}/threads",
         {"name": "x", "type": 11}, code=50024),
    Rule("only moderators write in a locked thread", THREADS, "POST", "/channels/{locked}/messages",
         {"content": "x"}, code=160005, without=("manage_threads",)),
    Rule("an invite lasts at most a week", INVITE, "POST", "/channels/{text}/invites",
         {"max_age": 604_801}, field="max_age"),
    Rule("an invite has at most 100 uses", INVITE, "POST", "/channels/{text}/invites",
         {"max_uses": 101}, field="max_uses"),
    Rule("a category has no invites", INVITE, "POST", "/channels/{category}/invites", {}, code=50024),
    Rule("no webhook is called clyde", WEBHOOK, "POST", "/channels/{text}/webhooks",
         {"name": "my Clyde"}, field="name"),
    Rule("no webhook is called discord", WEBHOOK, "POST", "/channels/{text}/webhooks",
         {"name": "Discord"}, field="name"),
    Rule("a category has no webhooks", WEBHOOK, "POST", "/channels/{category}/webhooks", {"name": "x"}, code=50024),
    Rule("a ban deletes at most a week of messages", GUILD, "PUT", "/guilds/{guild}/bans/{member}",
         {"delete_message_seconds": 604_801}, field="delete_message_seconds"),
    Rule("the owner cannot be banned", ROLES, "PUT", "/guilds/{guild}/bans/{owner}", {}, 403, 50013),
    Rule("the owner cannot be kicked", ROLES, "DELETE", "/guilds/{guild}/members/{owner}", status=403, code=50013),
    Rule("the owner cannot be renamed", ROLES, "PATCH", "/guilds/{guild}/members/{owner}", {"nick": "x"}, 403, 50013),
    Rule("a nickname has at most 32 characters", GUILD, "PATCH", "/guilds/{guild}/members/{member}",
         {"nick": "x" * 33}, field="nick"),
    Rule("a timeout lasts at most 28 days", GUILD, "PATCH", "/guilds/{guild}/members/{member}",
         {"communication_disabled_until": "2026-03-05T00:00:00Z"}, field="communication_disabled_until"),
    Rule("at most 200 users are banned at once", GUILD, "POST", "/guilds/{guild}/bulk-ban",
         {"user_ids": SNOWFLAKES}, field="user_ids"),
    Rule("a role's name has at most 100 characters", GUILD, "POST", "/guilds/{guild}/roles",
         {"name": "x" * 101}, field="name"),
    Rule("a colour has 24 bits", GUILD, "POST", "/guilds/{guild}/roles", {"color": 1 << 24}, field="color"),
    Rule("@everyone cannot be deleted", GUILD, "DELETE", "/guilds/{guild}/roles/{guild}", code=50028),
    Rule("a bot's role cannot be deleted", ROLES, "DELETE", "/guilds/{guild}/roles/{own_role}", status=403, code=50013),
    Rule("a page has at most 1000 members", GUILD, "GET", "/guilds/{guild}/members?limit=1001", field="limit"),
    Rule("a page has at most 1000 bans", GUILD, "GET", "/guilds/{guild}/bans?limit=1001", field="limit"),
    Rule("a page has at most 100 entries of the audit log", "resources/audit-log.mdx", "GET",
         "/guilds/{guild}/audit-logs?limit=101", field="limit"),
    Rule("a guild's name has two characters or more", GUILD, "PATCH", "/guilds/{guild}", {"name": "x"}, field="name"),
    Rule("the AFK timeout has known values", GUILD, "PATCH", "/guilds/{guild}",
         {"afk_timeout": 61}, field="afk_timeout"),
    Rule("the system channel is not a voice channel", GUILD, "PATCH", "/guilds/{guild}",
         {"system_channel_id": "{voice}"}, field="system_channel_id"),
    Rule("an icon is a picture", GUILD, "PATCH", "/guilds/{guild}", {"icon": "http://x.org/x.png"}, field="icon"),
    Rule("only administrators enable COMMUNITY", GUILD, "PATCH", "/guilds/{guild}",
         {"features": ["COMMUNITY"]}, 403, 50013),
    Rule("an unknown channel is not moved", GUILD, "PATCH", "/guilds/{guild}/channels", [{"id": "5"}], 404, 10003),
    Rule("channels are not moved into a voice channel", GUILD, "PATCH", "/guilds/{guild}/channels",
         [{"id": "{text}", "parent_id": "{voice}"}], 404, 10003),
    Rule("pruning needs at least one day", GUILD, "GET", "/guilds/{guild}/prune?days=0", field="days"),
    Rule("pruning takes at most thirty days", GUILD, "POST", "/guilds/{guild}/prune", {"days": 31}, field="days"),
    Rule("a role to prune exists", GUILD, "GET", "/guilds/{guild}/prune?include_roles=5", status=404, code=10011),
    Rule("a disabled widget has no data", GUILD, "GET", "/guilds/{guild}/widget.json", status=403, code=50004),
    Rule("a disabled widget has no picture", GUILD, "GET", "/guilds/{guild}/widget.png", status=403, code=50004),
    Rule("a widget has known styles", GUILD, "GET", "/guilds/{guild}/widget.png?style=x", field="style"),
    Rule("a new guild has no welcome screen", GUILD, "GET", "/guilds/{guild}/welcome-screen",
         status=404, code=10069),
    Rule("a welcome screen has at most five channels", GUILD, "PATCH", "/guilds/{guild}/welcome-screen",
         {"welcome_channels": [{"channel_id": "5", "description": "x"}] * 6}, field="welcome_channels"),
    Rule("onboarding needs seven channels", GUILD, "PUT", "/guilds/{guild}/onboarding", {"enabled": True}, code=350000),
    Rule("a template has a name", GUILD, "POST", "/guilds/{guild}/templates", {}, field="name"),
    Rule("an unknown template is not synced", GUILD, "PUT", "/guilds/{guild}/templates/x", status=404, code=10057),
    Rule("an integration must exist", GUILD, "DELETE", "/guilds/{guild}/integrations/5", status=404, code=10005),
    Rule("a bot cannot delete its own integration", GUILD, "DELETE", "/guilds/{guild}/integrations/{own_role}",
         status=403, code=50013),
    Rule("a rule needs a trigger type", AUTOMOD, "POST", "/guilds/{guild}/auto-moderation/rules",
         {"name": "x", "event_type": 1}, field="trigger_type"),
    Rule("a keyword rule has the message event type", AUTOMOD, "POST", "/guilds/{guild}/auto-moderation/rules",
         {"name": "x", "event_type": 2, "trigger_type": 1}, field="event_type"),
    Rule("a spam rule has no timeout", AUTOMOD, "POST", "/guilds/{guild}/auto-moderation/rules",
         {"name": "x", "event_type": 1, "trigger_type": 3,
          "actions": [{"type": 3, "metadata": {"duration_seconds": 5}}]}, field="actions"),
    Rule("a pattern must be valid", AUTOMOD, "POST", "/guilds/{guild}/auto-moderation/rules",
         {"name": "x", "event_type": 1, "trigger_type": 1, "trigger_metadata": {"regex_patterns": ["("]}},
         field="trigger_metadata"),
    Rule("an emoji's name has two characters or more", "resources/emoji.mdx", "POST", "/guilds/{guild}/emojis",
         {"name": "x", "image": PICTURE}, field="name"),
    Rule("an emoji is a picture", "resources/emoji.mdx", "POST", "/guilds/{guild}/emojis",
         {"name": "fish", "image": "x"}, field="image"),
    Rule("a volume is at most 1", "resources/soundboard.mdx", "POST", "/guilds/{guild}/soundboard-sounds",
         {"name": "flap", "volume": 1.5, "sound": "data:audio/ogg;base64,T2dnUw=="}, field="volume"),
    Rule("a stage instance needs a stage channel", STAGE, "POST", "/stage-instances",
         {"topic": "x", "channel_id": "{voice}"}, code=50024),
    Rule("a stage has no instance", STAGE, "GET", "/stage-instances/{stage}", status=404, code=10067),
    Rule("a text channel cannot be followed", CHANNEL, "POST", "/channels/{text}/followers",
         {"webhook_channel_id": "{text}"}, code=50024),
    Rule("a text channel has no crossposts", MESSAGE, "POST", MESSAGES + "/{message}/crosspost", code=50024),
    Rule("a text channel has no voice status", CHANNEL, "PUT", "/channels/{text}/voice-status", {}, code=50024),
    Rule("a sound is played from the bot's voice channel", "resources/soundboard.mdx", "POST",
         "/channels/{voice}/send-soundboard-sound", {"sound_id": "1"}, code=40032),
    Rule("a forum has known layouts", CHANNEL, "PATCH", "/channels/{forum}",
         {"default_forum_layout": 3}, field="default_forum_layout"),
    Rule("a forum has at most twenty tags", CHANNEL, "PATCH", "/channels/{forum}",
         {"available_tags": [{"name": "x"}] * 21}, field="available_tags"),
    Rule("a page has at most 100 messages", MESSAGE, "GET", MESSAGES + "?limit=101", field="limit"),
)  # fmt: skip


def filled(template: Any, places: dict[str, int]) -> Any:
    """Return a body or a path with the ids inserted."""
    if isinstance(template, str):
        for name, place in places.items():
            template = template.replace(f"{{{name}}}", str(place))
    elif isinstance(template, list):
        return [filled(value, places) for value in template]
    elif isinstance(template, dict):
        return {key: filled(value, places) for key, value in template.items()}
    return template


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.says)
async def test_the_request_is_refused(clock: Clock, rule: Rule):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        text, full, member = guild.add_text_channel("chat"), guild.add_category("full"), guild.join("alice")
        for number in range(50):
            guild.add_text_channel(f"room-{number}", parent=full)
        message = member.say(text, "hello")
        assert (await client.call("PUT", f"/channels/{text.id}/messages/pins/{message.id}")).status == 204
        thread = (await client.call("POST", f"/channels/{text.id}/threads", json={"name": "x", "type": 11})).body["id"]
        locked = (await client.call("POST", f"/channels/{text.id}/threads", json={"name": "y", "type": 11})).body["id"]
        guild.threads[int(locked)].locked = True
        text.deny(sim.bot.user, *rule.without)
        places = {
            "guild": guild.id, "owner": guild.owner_id, "member": member.id, "own_role": guild.roles.of_bot(sim.bot).id,
            "text": text.id, "voice": guild.add_voice_channel("hall").id, "stage": guild.add_stage_channel("stage").id,
            "forum": guild.add_forum("ideas").id, "category": guild.add_category("rooms").id, "full": full.id,
            "thread": thread, "locked": locked, "message": message.id, "notice": text.messages[-1].id,
        }  # fmt: skip
        body = {} if rule.body is None else {"json": filled(rule.body, places)}
        answered = await client.call(rule.method, filled(rule.path, places), **body)
        assert (answered.status, answered.body["code"]) == (rule.status, rule.code), answered.body
        assert list(answered.body.get("errors", [""])) == [rule.field]


async def test_boosted_guilds_stages_and_forums_allow_more(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        guild.set_boosts(14)
        voice, stage, forum = (
            guild.add_voice_channel("hall"),
            guild.add_stage_channel("stage"),
            guild.add_forum("ideas"),
        )
        for channel, body in (
            (voice, {"bitrate": 384_000}), (stage, {"user_limit": 10_000}), (forum, {"topic": "x" * 4096}),
        ):  # fmt: skip
            answered = await client.call("PATCH", f"/channels/{channel.id}", json=body)
            assert answered.status == 200, answered.body
