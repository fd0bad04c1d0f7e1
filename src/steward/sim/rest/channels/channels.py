"""Routes to read, change and delete channels and their overwrites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from steward.sim.channels.channel import DIRECT, VOICE, Channel, normalised_name
from steward.sim.channels.thread import Thread
from steward.sim.guilds import audit_log
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import ALL, BITS, Overwrite
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.channels import channel_settings, threads
from steward.sim.rest.errors import or_refuse, refuse_if
from steward.sim.rest.form import NOT_OBJECT, REQUIRED, Form, as_whole

_LONGEST_STATUS = 500


def channel(call: Call) -> Body:
    return call.channel().payload()


def modify(call: Call) -> Body:
    channel = call.channel()
    guild = or_refuse(channel.guild, 50024)
    if isinstance(channel, Thread):
        return threads.change(call, channel)
    call.require_in_channel(channel, "manage_channels")
    form = call.form()
    name = form.text("name", shortest=1, longest=100)
    if name is not None and not normalised_name(name, channel.kind):
        form.refuse("name", *REQUIRED)
    overwrites = read_overwrites(call, guild, form)
    kind = channel_settings.new_type(form, channel.kind)
    values = channel_settings.read(form, guild, channel.kind)
    form.check()
    if "permission_overwrites" in form:
        call.require_in_channel(channel, "manage_roles")
        require_granted_permissions(call, guild, overwrites, channel)
    if name is not None or "topic" in form:
        call.hidden.rename(channel)
    before, allowed = channel.payload(), {found.id: replace(found) for found in channel.overwrites.values()}
    if name is not None:
        channel.name = normalised_name(name, channel.kind)
    if "permission_overwrites" in form:
        channel.overwrites.clear()  # in place: its threads share them
        channel.overwrites.update(overwrites)
    channel.kind = kind
    channel_settings.apply(values, channel)
    channel.changed()
    call.log(guild, audit_log.CHANNEL_UPDATE, channel.id, before=before, after=channel.payload())
    _log_overwrites(call, channel, allowed)
    return channel.payload()


def delete(call: Call) -> Body:
    channel = call.channel()
    if channel.kind == DIRECT:
        return channel.payload()
    call.require_in_channel(channel, "manage_threads" if isinstance(channel, Thread) else "manage_channels")
    before = channel.payload()
    channel.delete()
    action = audit_log.THREAD_DELETE if isinstance(channel, Thread) else audit_log.CHANNEL_DELETE
    call.log(channel.own_guild, action, channel.id, before=before)
    return channel.payload()


def set_overwrite(call: Call) -> None:
    channel, target = call.channel(), call.id("overwrite_id")
    guild = or_refuse(channel.guild, 50003)
    call.require_in_channel(channel, "manage_roles")
    form = call.form()
    form.required("type")
    overwrite = _overwrite(call, guild, form, form.body | {"id": str(target)}, "")
    form.check()
    overwrite = or_refuse(overwrite, 10009)
    require_granted_permissions(call, guild, {target: overwrite}, channel)
    before = dict(channel.overwrites)
    channel.overwrites[target] = overwrite
    channel.changed()
    _log_overwrites(call, channel, before)


def delete_overwrite(call: Call) -> None:
    channel, target = call.channel(), call.id("overwrite_id")
    call.require_in_channel(channel, "manage_roles")
    before = dict(channel.overwrites)
    refuse_if(channel.overwrites.pop(target, None) is None, 10009)
    channel.changed()
    _log_overwrites(call, channel, before)


def set_voice_status(call: Call) -> None:
    """Set the status of a voice channel; a bot outside of it needs MANAGE_CHANNELS, too."""
    channel = call.channel()
    refuse_if(channel.kind != VOICE, 50024)
    guild = channel.own_guild
    outside = call.member(guild).voice_channel is not channel
    call.require_in_channel(channel, "set_voice_channel_status", *(("manage_channels",) if outside else ()))
    form = call.form()
    status = form.text("status", longest=_LONGEST_STATUS)
    form.check()
    channel.status = status or None
    ids = {"id": str(channel.id), "guild_id": str(guild.id)}
    channel.emit("VOICE_CHANNEL_STATUS_UPDATE", ids | {"status": channel.status})


def typing(call: Call) -> None:
    channel = call.channel()
    call.require_in_channel(channel, channel.write_permission)
    channel.typing(call.bot.user)


def read_overwrites(call: Call, guild: Guild, form: Form) -> dict[int, Overwrite]:
    """Return the overwrites of a form by id; errors are recorded in the form."""
    found: dict[int, Overwrite] = {}
    for number, item in enumerate(form.items("permission_overwrites", most=100)):
        prefix = f"permission_overwrites.{number}."
        if not isinstance(item, dict):
            form.refuse(prefix.rstrip("."), *NOT_OBJECT)
        elif (overwrite := _overwrite(call, guild, form, item, prefix)) is not None:
            found[overwrite.id] = overwrite
    return found


def _overwrite(call: Call, guild: Guild, form: Form, item: dict[str, Any], prefix: str) -> Overwrite | None:
    values = {name: as_whole(item.get(name) or 0) for name in ("allow", "deny")}
    for name, bits in values.items():
        if bits is None or not 0 <= bits < 1 << 64:
            form.refuse(f"{prefix}{name}", "NUMBER_TYPE_COERCE", f"Value {item.get(name)!r} is not int.")
    target = as_whole(item.get("id"))
    if target is None:
        form.refuse(f"{prefix}id", *REQUIRED)
        return None
    kind = as_whole(item.get("type"))
    if kind is None:
        kind = 0 if target in guild.roles else 1
    known = target in guild.roles if kind == 0 else call.world.user(target) is not None
    if kind not in (0, 1) or not known:
        return None
    return Overwrite(target, kind, (values["allow"] or 0) & ALL, (values["deny"] or 0) & ALL)


def _log_overwrites(call: Call, channel: Channel, before: Mapping[int, Overwrite]) -> None:
    """Write each created, changed or deleted overwrite to the audit log."""
    guild, after = channel.own_guild, channel.overwrites
    for target in dict.fromkeys([*before, *after]):
        old, new = before.get(target), after.get(target)
        action = audit_log.OVERWRITE_UPDATE if old and new else audit_log.OVERWRITE_CREATE
        action = action if new else audit_log.OVERWRITE_DELETE
        shown = [found.payload() if found is not None else None for found in (old, new)]
        kind = (new or old or Overwrite(target, 1)).kind
        options = {"id": str(target), "type": str(kind)}
        if kind == 0 and target in guild.roles:
            options["role_name"] = guild.roles[target].name
        call.log(guild, action, channel.id, before=shown[0], after=shown[1], options=options)


def require_granted_permissions(
    call: Call, guild: Guild, overwrites: Mapping[int, Overwrite], channel: Channel | None = None
) -> None:
    """
    Require the bot to have all permissions that overwrites change (50013).

    In a new channel (None), only an administrator may set MANAGE_ROLES (discord-api-docs, resources/guild.mdx, "Create
    Guild Channel").
    """
    held = guild.roles.permissions_of(call.bot.id)
    if channel is not None:
        held |= call.permissions(channel)
    elif not held & BITS["administrator"]:
        held &= ~BITS["manage_roles"]
    for overwrite in overwrites.values():
        before = channel.overwrites.get(overwrite.id) if channel is not None else None
        before = before or Overwrite(overwrite.id, overwrite.kind)
        refuse_if(((overwrite.allow ^ before.allow) | (overwrite.deny ^ before.deny)) & ~held, 50013)


_OVERWRITE = "/channels/{channel_id}/permissions/{overwrite_id}"
ROUTES = (
    Route("GET", "/channels/{channel_id}", channel),
    Route("PATCH", "/channels/{channel_id}", modify),
    Route("DELETE", "/channels/{channel_id}", delete),
    Route("PUT", _OVERWRITE, set_overwrite),
    Route("DELETE", _OVERWRITE, delete_overwrite),
    Route("POST", "/channels/{channel_id}/typing", typing),
    Route("PUT", "/channels/{channel_id}/voice-status", set_voice_status),
)
