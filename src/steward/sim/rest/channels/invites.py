"""
Routes of invites. A hidden limit applies to reading them: after about 250 in ten minutes, Cloudflare bans for a day.

Source: discord-api-docs, developers/resources/invite.mdx, and issue #7145 for the limit.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from steward.sim.channels.channel import CATEGORY, Channel
from steward.sim.channels.thread import Thread
from steward.sim.guilds import audit_log
from steward.sim.guilds.invite import Invite
from steward.sim.rest.call import Call, RestAnswer, Route
from steward.sim.rest.errors import RestRefused

_LONGEST_AGE, _MAX_USES = 604_800, 100
_DAY = 86_400


def create(call: Call) -> RestAnswer:
    channel = call.channel()
    if channel.guild is None or channel.kind == CATEGORY or isinstance(channel, Thread):
        raise RestRefused.by_code(50024)
    call.require_in_channel(channel, "create_instant_invite")
    form = call.form() if call.body is not None else None
    age = form.whole("max_age", 0, _LONGEST_AGE, default=_DAY) if form else _DAY
    uses = form.whole("max_uses", 0, _MAX_USES, default=0) if form else 0
    temporary = form.flag("temporary") if form else False
    if form is not None:
        form.check()
    code = call.new_code(8)
    expires = call.world.clock.now() + timedelta(seconds=age) if age else None
    made = Invite(
        code, channel, call.bot.user, call.world.clock.now(), expires, age or 0, uses or 0, temporary=temporary
    )
    call.world.invites[code] = made
    channel.emit("INVITE_CREATE", made.created())
    call.log(channel.guild, audit_log.INVITE_CREATE, None, after=made.logged())
    return RestAnswer(200, made.payload(with_uses=True))


def invite(call: Call) -> RestAnswer:
    call.hidden.read_invite(call.bot)
    found = named_invite(call)
    counts = {}
    if call.flag("with_counts") and found.channel.guild is not None:
        counts = found.channel.guild.approximate_counts.payload()
    return RestAnswer(200, found.payload() | counts)


def delete(call: Call) -> RestAnswer:
    found = named_invite(call)
    guild = found.channel.guild
    if guild is None or call.bot.id not in guild.bots:
        raise RestRefused.by_code(50001)
    call.require_in_channel(found.channel, "manage_channels")
    del call.world.invites[found.code]
    data = {"guild_id": str(guild.id), "channel_id": str(found.channel.id), "code": found.code}
    found.channel.emit("INVITE_DELETE", data)
    call.log(guild, audit_log.INVITE_DELETE, None, before=found.logged())
    return RestAnswer(200, found.payload())


def of_channel(call: Call) -> RestAnswer:
    channel = call.channel("manage_channels")
    return RestAnswer(200, _listed(call, channel))


def of_guild(call: Call) -> RestAnswer:
    guild = call.guild("manage_guild")
    return RestAnswer(200, [found for channel in guild.channels.values() for found in _listed(call, channel)])


def _listed(call: Call, channel: Channel) -> list[dict[str, object]]:
    now = call.world.clock.now()
    mine = [found for found in call.world.invites.values() if found.channel is channel]
    return [found.payload(with_uses=True) for found in mine if _is_valid(found, now)]


def _is_valid(found: Invite, now: datetime) -> bool:
    return found.expires_at is None or found.expires_at > now


def named_invite(call: Call) -> Invite:
    """Return the invite of the path, which must exist and not have expired (10006)."""
    found = call.world.invites.get(call.path["code"])
    if found is None or not _is_valid(found, call.world.clock.now()):
        raise RestRefused.by_code(10006)
    return found


ROUTES = (
    Route("GET", "/invites/{code}", invite),
    Route("DELETE", "/invites/{code}", delete),
    Route("GET", "/channels/{channel_id}/invites", of_channel),
    Route("POST", "/channels/{channel_id}/invites", create),
    Route("GET", "/guilds/{guild_id}/invites", of_guild),
)
