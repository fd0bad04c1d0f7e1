"""
Routes of invites. A hidden limit applies to reading them: after about 250 in ten minutes, Cloudflare bans for a day.

Source: discord-api-docs, developers/resources/invite.mdx, and issue #7145 for the limit.
"""

from __future__ import annotations

from datetime import timedelta

from steward.sim.channels.channel import CATEGORY, Channel
from steward.sim.channels.thread import Thread
from steward.sim.guilds import audit_log
from steward.sim.guilds.invite import Invite
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import RestRefused, or_refuse, refuse_if

_LONGEST_AGE, _MAX_USES = 604_800, 100
_DAY = 86_400


def create(call: Call) -> Body:
    channel = call.channel()
    if channel.guild is None or channel.kind == CATEGORY or isinstance(channel, Thread):
        raise RestRefused.by_code(50024)
    call.require_in_channel(channel, "create_instant_invite")
    form = call.form(optional=True)
    age = form.whole("max_age", 0, _LONGEST_AGE, default=_DAY) or 0
    uses = form.whole("max_uses", 0, _MAX_USES) or 0
    temporary = form.flag("temporary")
    form.check()
    code, now = call.new_code(8), call.world.clock.now()
    expires = now + timedelta(seconds=age) if age else None
    invite = Invite(code, channel, call.bot.user, now, expires, age, uses, temporary=temporary)
    call.world.invites[code] = invite
    channel.emit("INVITE_CREATE", invite.created())
    call.log(channel.guild, audit_log.INVITE_CREATE, None, after=invite.logged())
    return invite.payload(with_uses=True)


def read(call: Call) -> Body:
    call.hidden.read_invite(call.bot)
    invite = named_invite(call)
    counted = call.flag("with_counts")
    return invite.payload() | (invite.channel.own_guild.approximate_counts.payload() if counted else {})


def delete(call: Call) -> Body:
    invite = named_invite(call)
    guild = invite.channel.own_guild
    refuse_if(call.bot.id not in guild.bots, 50001)
    call.require_in_channel(invite.channel, "manage_channels")
    del call.world.invites[invite.code]
    data = {"guild_id": str(guild.id), "channel_id": str(invite.channel.id), "code": invite.code}
    invite.channel.emit("INVITE_DELETE", data)
    call.log(guild, audit_log.INVITE_DELETE, None, before=invite.logged())
    return invite.payload()


def of_guild(call: Call) -> Body:
    return _listed(call, *call.guild("manage_guild").channels.values())


def _listed(call: Call, *channels: Channel) -> Body:
    mine = [invite for channel in channels for invite in call.world.invites.values() if invite.channel is channel]
    return [invite.payload(with_uses=True) for invite in mine if not invite.expired]


def named_invite(call: Call) -> Invite:
    """Return the invite of the path, which must exist and not have expired (10006)."""
    invite = or_refuse(call.world.invites.get(call.path["code"]), 10006)
    refuse_if(invite.expired, 10006)
    return invite


ROUTES = (
    Route("GET", "/invites/{code}", read),
    Route("DELETE", "/invites/{code}", delete),
    Route("GET", "/channels/{channel_id}/invites", lambda call: _listed(call, call.channel("manage_channels"))),
    Route("POST", "/channels/{channel_id}/invites", create),
    Route(
        "GET", "/guilds/{guild_id}/invites", lambda call: _listed(call, *call.guild("manage_guild").channels.values())
    ),
)
