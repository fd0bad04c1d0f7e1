"""Routes to read guilds, their channels, roles and audit log, and to create channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steward.sim.channels.channel import ANNOUNCEMENT, CATEGORY, FORUM, STAGE, TEXT, VOICE
from steward.sim.guilds import audit_log
from steward.sim.guilds import payload as guild_payload
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, RestAnswer, Route
from steward.sim.rest.channels import channel_settings
from steward.sim.rest.channels.channels import read_overwrites, require_granted_permissions
from steward.sim.rest.errors import refuse_if

_KINDS = (TEXT, VOICE, CATEGORY, ANNOUNCEMENT, STAGE, FORUM)
_MAX_CHANNELS = 500


def create_channel(call: Call) -> RestAnswer:
    guild = call.guild("manage_channels")
    form = call.form()
    form.required("name")
    name = form.text("name", shortest=1, longest=100)
    kind = form.whole("type", 0, 16, default=TEXT)
    if kind not in _KINDS:
        form.refuse("type", "BASE_TYPE_CHOICES", f"Value must be one of {_KINDS}.")
    overwrites = read_overwrites(call, guild, form)
    values = channel_settings.read(form, guild, kind or TEXT)
    form.check()
    channel = guild.new_channel(name or "", kind or TEXT, parent_id=values.get("parent_id"), overwrites=overwrites)
    channel_settings.apply(values, channel)
    require_granted_permissions(call, guild, overwrites)
    refuse_if(len(guild.channels) >= _MAX_CHANNELS, 30013)
    guild.insert(channel)
    call.log(guild, audit_log.CHANNEL_CREATE, channel.id, after=channel.payload())
    return RestAnswer(201, channel.payload())


def role_member_counts(call: Call) -> Body:
    guild = call.guild()
    counts = {str(role_id): 0 for role_id in guild.roles if role_id != guild.id}
    for member in guild.members.stored.values():
        for role_id in member.role_ids:
            counts[str(role_id)] += 1
    return counts


def audit_logs(call: Call) -> Body:
    guild = call.guild("view_audit_log")
    action = call.cursor("action_type")
    entries = guild.audit_log.entries(
        action=action,
        by=call.cursor("user_id"),
        target=call.cursor("target_id"),
        before=call.cursor("before"),
        after=call.cursor("after"),
        limit=call.number("limit", 1, 100, 50),
    )
    people = {user_id for entry in entries for user_id in (entry.by, entry.target) if user_id}
    users = [user.payload() for user_id in sorted(people) if (user := call.world.user(user_id))]
    targets = {entry.target for entry in entries}
    webhooks = {found.id: found for found in call.world.webhooks.values() if found.channel.guild is guild}
    named: dict[str, Mapping[int, Any]] = {
        "threads": guild.threads,
        "guild_scheduled_events": guild.scheduled_events,
        "webhooks": webhooks,
    }
    found: Json = {name: [one.payload() for key, one in kept.items() if key in targets] for name, kept in named.items()}
    found |= {name: [] for name in ("integrations", "application_commands", "auto_moderation_rules")}
    return found | {"audit_log_entries": [entry.payload() for entry in entries], "users": users}


_GUILD = "/guilds/{guild_id}"
ROUTES = (
    Route("GET", _GUILD, lambda call: guild_payload.full(call.guild(), with_counts=call.flag("with_counts"))),
    Route("GET", f"{_GUILD}/preview", lambda call: guild_payload.preview(call.guild())),
    Route("GET", f"{_GUILD}/channels", lambda call: [one.payload() for one in call.guild().channels.values()]),
    Route("POST", f"{_GUILD}/channels", create_channel),
    Route("GET", f"{_GUILD}/roles", lambda call: [one.payload() for one in call.guild().roles.values()]),
    Route("GET", f"{_GUILD}/roles/member-counts", role_member_counts),
    Route("GET", f"{_GUILD}/audit-logs", audit_logs),
)
