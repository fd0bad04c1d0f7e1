"""Routes to change members: nick, roles, voice, timeout. Source: discord-api-docs, developers/resources/guild.mdx."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from steward.sim.channels.channel import Channel
from steward.sim.guilds import audit_changes, audit_log
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import BITS, VOICE_CHANNEL_TYPES
from steward.sim.guilds.role import Role
from steward.sim.people.member import Member
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import RestRefused, or_refuse, refuse_if
from steward.sim.rest.form import Form, as_whole
from steward.sim.rest.guilds.role_hierarchy import require_above_member, require_above_role

_LONGEST_NICK = 32
_LONGEST_TIMEOUT = timedelta(days=28)
_NEEDED = {
    "nick": "manage_nicknames",
    "roles": "manage_roles",
    "mute": "mute_members",
    "deaf": "deafen_members",
    "channel_id": "move_members",
    "communication_disabled_until": "moderate_members",
}


def edit(call: Call) -> Body:
    guild, member = _member(call)
    form = call.form()
    for field, permission in _NEEDED.items():
        if field in form:
            call.require_in_guild(guild, permission)
    require_above_member(call, guild, member)
    administrator = guild.roles.permissions_of(member.id) & BITS["administrator"]
    refuse_if(form.body.get("communication_disabled_until") is not None and administrator, 50013)
    before = replace(member, role_ids=list(member.role_ids))
    _read(call, guild, form, member)
    member.changed()
    _log(call, guild, before, member)
    return member.payload()


def edit_me(call: Call) -> Body:
    guild = call.guild()
    member = call.member(guild)
    form = call.form()
    nick = form.text("nick", longest=_LONGEST_NICK)
    form.check()
    if "nick" in form:
        call.require_in_guild(guild, "change_nickname")
        member.rename(nick or None, reason=call.reason)
    return member.payload()


def give_role(call: Call) -> None:
    guild, member, role = _role(call)
    if role.id not in member.role_ids:
        member.give(role.id)
        call.log(guild, audit_log.MEMBER_ROLES, member.id, changes=audit_changes.of_roles([role], []))


def take_role(call: Call) -> None:
    guild, member, role = _role(call)
    if role.id in member.role_ids:
        member.take(role.id)
        call.log(guild, audit_log.MEMBER_ROLES, member.id, changes=audit_changes.of_roles([], [role]))


def _log(call: Call, guild: Guild, before: Member, member: Member) -> None:
    """Write the changes of a member's settings, roles and voice channel to the audit log as separate entries."""
    if before.voice_channel is not member.voice_channel and member.voice_channel is None:
        call.log(guild, audit_log.MEMBER_DISCONNECT, None, options={"count": "1"})
    elif before.voice_channel is not member.voice_channel is not None:
        options = {"channel_id": str(member.voice_channel.id), "count": "1"}
        call.log(guild, audit_log.MEMBER_MOVE, None, options=options)
    call.log(guild, audit_log.MEMBER_UPDATE, member.id, before=before.payload(), after=member.payload())
    added = [guild.roles[role_id] for role_id in member.role_ids if role_id not in before.role_ids]
    removed = [guild.roles[role_id] for role_id in before.role_ids if role_id not in member.role_ids]
    if added or removed:
        call.log(guild, audit_log.MEMBER_ROLES, member.id, changes=audit_changes.of_roles(added, removed))


def _member(call: Call) -> tuple[Guild, Member]:
    guild, user_id = call.guild(), call.id("user_id")
    refuse_if(call.world.user(user_id) is None, 10013)
    member = or_refuse(guild.members.get(user_id), 10007)
    return guild, member


def _role(call: Call) -> tuple[Guild, Member, Role]:
    guild, member = _member(call)
    role = or_refuse(guild.roles.get(call.id("role_id")), 10011)
    call.require_in_guild(guild, "manage_roles")
    require_above_role(call, guild, role)
    refuse_if(role is guild.everyone or role.bot_id is not None, 50028)
    return guild, member, role


def _read(call: Call, guild: Guild, form: Form, member: Member) -> None:
    nick = form.text("nick", longest=_LONGEST_NICK)
    until = _timeout(call, form)
    mute, deaf = form.flag("mute", default=member.mute), form.flag("deaf", default=member.deaf)
    form.check()
    target = _target(guild, member, form)
    role_ids = _role_ids(call, guild, member, form)
    changed = (member.mute, member.deaf) != (mute, deaf)
    member.mute, member.deaf = mute, deaf
    if "channel_id" in form and target is not member.voice_channel:
        member.move_to(target)
    elif changed and member.voice_channel is not None:
        member.emit_voice_state()
    member.role_ids = role_ids
    if "nick" in form:
        member.nick = nick or None
    if "communication_disabled_until" in form:
        member.timed_out_until = until


def _target(guild: Guild, member: Member, form: Form) -> Channel | None:
    """Return the requested voice channel of a member, None for none."""
    refuse_if(member.voice_channel is None and any(field in form for field in ("channel_id", "mute", "deaf")), 40032)
    channel_id = form.body.get("channel_id")
    target = guild.channels.get(as_whole(channel_id) or 0)
    refuse_if(channel_id is not None and (target is None or target.kind not in VOICE_CHANNEL_TYPES), 10003)
    return target


def _role_ids(call: Call, guild: Guild, member: Member, form: Form) -> list[int]:
    """Return the requested roles of a member; the bot must be allowed to change them."""
    if "roles" not in form:
        return member.role_ids
    wanted = {as_whole(found) for found in form.items("roles", most=250)}
    form.check()
    for role_id in wanted ^ set(member.role_ids):
        role = guild.roles.get(role_id or 0)
        if role is None or role is guild.everyone or role.bot_id is not None:
            raise RestRefused.by_code(50028)
        require_above_role(call, guild, role)
    return [role_id for role_id in guild.roles if role_id in wanted]


def _timeout(call: Call, form: Form) -> datetime | None:
    found = form.time("communication_disabled_until")
    if found is not None and found > call.world.clock.now() + _LONGEST_TIMEOUT:
        words = "Timeouts cannot be longer than 28 days"
        form.refuse("communication_disabled_until", "TIMEOUT_TOO_LONG", words)
    return found


_ONE = "/guilds/{guild_id}/members/{user_id}"
ROUTES = (
    Route("PATCH", "/guilds/{guild_id}/members/@me", edit_me),
    Route("PATCH", _ONE, edit),
    Route("PUT", f"{_ONE}/roles/{{role_id}}", give_role),
    Route("DELETE", f"{_ONE}/roles/{{role_id}}", take_role),
)
