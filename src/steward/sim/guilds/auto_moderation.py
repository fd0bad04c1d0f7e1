"""
Auto moderation of members' messages.

Source: discord-api-docs, developers/resources/auto-moderation.mdx. Discord's word lists (presets), its spam detection
and checks of profiles are not reproduced: such rules are stored and match nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from steward.sim.channels.message import AUTO_MODERATION, Message, roles_named_in, users_named_in
from steward.sim.guilds import audit_log
from steward.sim.guilds.patterns import Pattern, Work
from steward.sim.guilds.permissions import BITS
from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.people.member import Member

KEYWORD, SPAM, PRESET, MENTIONS, PROFILE = 1, 3, 4, 5, 6
BLOCK, ALERT, TIME_OUT, QUARANTINE = 1, 2, 3, 4
_EXEMPT = BITS["administrator"] | BITS["manage_guild"]
_LOGGED = {
    BLOCK: audit_log.MESSAGE_BLOCKED,
    ALERT: audit_log.MESSAGE_FLAGGED,
    TIME_OUT: audit_log.MEMBER_TIMED_OUT,
    QUARANTINE: audit_log.MEMBER_QUARANTINED,
}
_SENTENCE = "Message was blocked by automatic moderation"  # Discord's, with its code 200000


@dataclass(slots=True, frozen=True)
class TriggeredRule:
    """A rule that a text triggered, with the matching keyword or pattern and the matched text."""

    rule: Json
    keyword: str | None
    content: str | None


class Blocked(PermissionError):
    """A rule blocked a member's message; `code` is Discord's error code."""

    code = 200000


def check(channel: Channel, member: Member, text: str) -> list[TriggeredRule]:
    """
    Return the rules that a member's text triggers in a channel.

    Raises:
        Blocked: one of them blocks it; the actions of all were executed.

    """
    guild = channel.guild
    if guild is None or not guild.auto_moderation or guild.roles.permissions_of(member.id) & _EXEMPT:
        return []
    here = {str(channel.id), str(channel.parent_id)}
    mine = {str(role_id) for role_id in member.role_ids}
    rules = [
        rule
        for rule in guild.auto_moderation.values()
        if rule["enabled"] and not here & set(rule["exempt_channels"]) and not mine & set(rule["exempt_roles"])
    ]
    work = Work()
    triggered = [found for rule in rules if (found := _match(rule, text, work)) is not None]
    if any(action["type"] == BLOCK for found in triggered for action in found.rule["actions"]):
        execute(channel, member, text, triggered, None)
        raise Blocked(f"{member.name} may not write that in #{channel.name}: {_SENTENCE}.")
    return triggered


def execute(
    channel: Channel, member: Member, text: str, triggered: list[TriggeredRule], message: Message | None
) -> None:
    """Execute the actions of triggered rules; `message` is None if it was blocked."""
    for found in triggered:
        for action in found.rule["actions"]:
            _execute(channel, member, text, found, action, message)


def _match(rule: Json, text: str, work: Work) -> TriggeredRule | None:
    metadata = rule["trigger_metadata"]
    if rule["trigger_type"] == MENTIONS:
        pinged = len(users_named_in(text)) + len(roles_named_in(text))
        return TriggeredRule(rule, None, None) if pinged > metadata["mention_total_limit"] else None
    if rule["trigger_type"] != KEYWORD:
        return None
    allowed = _in(text, metadata["allow_list"])
    for word, keyword in _in(text, metadata["keyword_filter"]).items():
        for match in keyword.finditer(text):
            if not any(fits.search(match[0]) for fits in allowed.values()):
                return TriggeredRule(rule, word, match[0])
    for wanted in metadata["regex_patterns"]:
        for found in pattern(wanted).found_in(text, work):
            if found and not any(fits.search(found) for fits in allowed.values()):
                return TriggeredRule(rule, wanted, found)
    return None


@lru_cache(maxsize=512)
def pattern(text: str) -> Pattern:
    """
    Return a compiled pattern, cached so that it is not compiled for each message.

    Raises:
        PatternError: it is invalid or not supported.

    """
    return Pattern(text)


def _in(text: str, words: list[str]) -> dict[str, re.Pattern[str]]:
    """Return the patterns of keywords that may match; a substring search sorts out most of a thousand."""
    lowered = text.lower()
    return {word: _keyword(word) for word in words if _bare(word).lower() in lowered}


@lru_cache(maxsize=2048)
def _keyword(word: str) -> re.Pattern[str]:
    return re.compile(pattern_of(word), re.IGNORECASE)


def _bare(word: str) -> str:
    return word.strip("*").strip()


def pattern_of(word: str) -> str:
    """Return the pattern of a keyword: `cat` whole word, `cat*` prefix, `*cat` suffix, `*cat*` anywhere."""
    inner = re.escape(_bare(word))
    before = "" if word.startswith("*") else r"(?<!\w)"
    after = "" if word.endswith("*") else r"(?!\w)"
    return f"{before}{inner}{after}" if inner else r"(?!)"


def _execute(
    channel: Channel, member: Member, text: str, found: TriggeredRule, action: Json, message: Message | None
) -> None:
    guild, metadata = member.guild, action["metadata"]
    alert = _alert(channel, member, text, found, metadata) if action["type"] == ALERT else None
    if action["type"] == TIME_OUT:
        member.timed_out_until = guild.world.clock.now() + timedelta(seconds=metadata["duration_seconds"])
        member.changed()
    data: Json = {
        "guild_id": str(guild.id),
        "action": action,
        "rule_id": found.rule["id"],
        "rule_trigger_type": found.rule["trigger_type"],
        "user_id": str(member.id),
        "channel_id": str(channel.id),
        "content": text,
        "matched_keyword": found.keyword,
        "matched_content": found.content,
    }
    if message is not None:
        data["message_id"] = str(message.id)
    if alert is not None:
        data["alert_system_message_id"] = str(alert.id)
    hidden = data | {"content": "", "matched_content": ""}
    needed = BITS["manage_guild"]
    guild.emit("AUTO_MODERATION_ACTION_EXECUTION", data, needs=needed, blanked=lambda bot: hidden)
    options = {
        "auto_moderation_rule_name": found.rule["name"],
        "auto_moderation_rule_trigger_type": str(found.rule["trigger_type"]),
        "channel_id": str(channel.id),
    }
    guild.log_change(_LOGGED[action["type"]], member.id, member.id, None, options)


def _alert(channel: Channel, member: Member, text: str, found: TriggeredRule, metadata: Json) -> Message | None:
    """Post the alert in the moderators' channel, if it exists."""
    alerts = member.guild.channels.get(int(metadata["channel_id"]))
    if alerts is None:
        return None
    shown = {
        "rule_name": found.rule["name"], "channel_id": str(channel.id), "keyword": found.keyword,
        "keyword_matched_content": found.content,
    }  # fmt: skip
    fields = [{"name": name, "value": value, "inline": False} for name, value in shown.items() if value is not None]
    embed = {"type": "auto_moderation_message", "description": text, "fields": fields}
    made = Message(member.guild.world.snowflakes.next(), alerts.id, member.user, kind=AUTO_MODERATION, embeds=[embed])
    return alerts.post(made)
