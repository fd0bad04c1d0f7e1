"""Routes of auto moderation rules. Source: discord-api-docs, developers/resources/auto-moderation.mdx."""

from __future__ import annotations

from collections.abc import Mapping

from steward.sim.guilds.audit_log import RULE_CREATE
from steward.sim.guilds.auto_moderation import (
    ALERT,
    BLOCK,
    KEYWORD,
    MENTIONS,
    PRESET,
    PROFILE,
    QUARANTINE,
    SPAM,
    TIME_OUT,
    pattern,
)
from steward.sim.guilds.patterns import PatternError
from steward.sim.guilds.permissions import BITS
from steward.sim.people.user import Json
from steward.sim.rest.call import Call
from steward.sim.rest.fields import Field, choice, flag, listed, needed, snowflake, take, text, whole
from steward.sim.rest.form import NOT_OBJECT, Form
from steward.sim.rest.resource import Operation, Resource, ResourceChange, log_change

_ON_MESSAGE, _ON_MEMBER = 1, 2
_MOST = {KEYWORD: 6, SPAM: 1, PRESET: 1, MENTIONS: 1, PROFILE: 1}
_LONGEST_TIMEOUT = 2_419_200
_WORDS, _PATTERNS, _ALLOWED = listed(text(1, 60), 1000), listed(text(1, 260), 10), listed(text(1, 60), 100)
_OF_WORDS = {
    "keyword_filter": Field(_WORDS, default=[]),
    "regex_patterns": Field(_PATTERNS, default=[]),
    "allow_list": Field(_ALLOWED, default=[]),
}
_METADATA: Mapping[int, Mapping[str, Field]] = {
    KEYWORD: _OF_WORDS,
    PROFILE: _OF_WORDS,
    SPAM: {},
    PRESET: {
        "presets": Field(listed(choice(1, 2, 3), 3), default=[]),
        "allow_list": Field(listed(text(1, 60), 1000), default=[]),
    },
    MENTIONS: {
        "mention_total_limit": Field(whole(0, 50), default=20),
        "mention_raid_protection_enabled": Field(flag, default=False),
    },
}
_ACTIONS: Mapping[int, Mapping[str, Field]] = {
    BLOCK: {"custom_message": Field(text(0, 150))},
    ALERT: {"channel_id": needed(snowflake)},
    TIME_OUT: {"duration_seconds": Field(whole(0, _LONGEST_TIMEOUT), default=60)},
    QUARANTINE: {},
}
_FITS = {BLOCK: (KEYWORD, SPAM, PRESET, MENTIONS), TIME_OUT: (KEYWORD, MENTIONS), QUARANTINE: (PROFILE,)}


def _need(call: Call, operation: Operation, rule: Json | None) -> None:
    call.require_in_guild(call.guild(), "manage_guild")


def _check(call: Call, form: Form, values: Json, old: Json | None) -> None:
    kind = old["trigger_type"] if old is not None else values.get("trigger_type")
    if kind is None:
        return
    event = values.get("event_type") or (old or {}).get("event_type")
    if event != (_ON_MEMBER if kind == PROFILE else _ON_MESSAGE):
        form.refuse("event_type", "AUTO_MODERATION_INVALID_EVENT_TYPE", "Invalid event type for this trigger type")
    if old is None or form.body.get("trigger_metadata") is not None:
        values["trigger_metadata"] = _metadata(form, kind)
    if old is None or form.body.get("actions") is not None:
        values["actions"] = _actions(call, form, kind)
    if (
        old is None
        and sum(rule["trigger_type"] == kind for rule in call.guild().auto_moderation.values()) >= _MOST[kind]
    ):
        words = "Maximum number of rules exceeded for trigger type"
        form.refuse("trigger_type", "AUTO_MODERATION_MAX_RULES_OF_TYPE_EXCEEDED", words)


def _metadata(form: Form, kind: int) -> Json:
    asked = form.body.get("trigger_metadata") or {}
    if not isinstance(asked, dict):
        form.refuse("trigger_metadata", *NOT_OBJECT)
        return {}
    part = form.part("trigger_metadata", asked)
    found = take(part, _METADATA[kind], new=True)
    for number, wanted in enumerate(found.get("regex_patterns", ())):
        try:
            pattern(wanted or "")
        except PatternError as error:
            words = f"Invalid regex pattern. {error}"
            part.refuse(f"regex_patterns.{number}", "AUTO_MODERATION_INVALID_REGEX", words)
    return found


def _actions(call: Call, form: Form, kind: int) -> list[Json]:
    found = []
    for part in form.parts("actions", most=5):
        action = take(part, {"type": needed(choice(*_ACTIONS))}, new=True).get("type")
        if action is None:
            continue
        if kind not in _FITS.get(action, (kind,)):
            part.refuse("type", "AUTO_MODERATION_INVALID_ACTION_TYPE", "Invalid action type for this trigger type")
        if action == TIME_OUT:
            call.require_in_guild(call.guild(), "moderate_members")
        metadata = part.body.get("metadata") or {}
        if not isinstance(metadata, dict):
            part.refuse("metadata", *NOT_OBJECT)
            continue
        inner = part.part("metadata", metadata)
        given = {name: value for name, value in take(inner, _ACTIONS[action], new=True).items() if value is not None}
        if "channel_id" in given and int(given["channel_id"]) not in call.guild().channels:
            inner.refuse("channel_id", "CHANNEL_INVALID", f"Channel {given['channel_id']} does not exist")
        found.append({"type": action, "metadata": given})
    return found


def _make(call: Call, values: Json) -> Json:
    made = {"id": str(call.world.snowflakes.next()), "guild_id": str(call.guild().id), "creator_id": str(call.bot.id)}
    return made | values


def _emit(call: Call, change: ResourceChange) -> None:
    guild = call.guild()
    guild.emit(f"AUTO_MODERATION_RULE_{change.what}", change.item, needs=BITS["manage_guild"])
    log_change(call, guild, RULE_CREATE, change)


ROUTES = Resource(
    path="/guilds/{guild_id}/auto-moderation/rules",
    key="rule_id",
    unknown=0,
    fields={
        "name": needed(text(1, 100)),
        "event_type": needed(choice(_ON_MESSAGE, _ON_MEMBER)),
        "enabled": Field(flag, default=False),
        "exempt_roles": Field(listed(snowflake, 20), default=[]),
        "exempt_channels": Field(listed(snowflake, 50), default=[]),
    },
    once={"trigger_type": needed(choice(*_MOST))},
    store=lambda call: call.guild().auto_moderation,
    require=_need,
    check=_check,
    make=_make,
    emit=_emit,
).routes()
