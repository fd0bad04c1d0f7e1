"""Members and bans of a guild."""

from __future__ import annotations

from steward.sim.guild import Guild
from steward.sim.rest.call import Answer, Call, Route
from steward.sim.rest.errors import Refused
from steward.sim.user import Json

_MOST = 1000
_MOST_DELETE_SECONDS = 604_800


def member(call: Call) -> Answer:
    guild, user_id = call.guild(), call.id("user_id")
    if call.world.user(user_id) is None:
        raise Refused.by_code(10013)
    if user_id not in guild.roll:
        raise Refused.by_code(10007)
    return Answer(200, guild.member_payload(user_id))


def members(call: Call) -> Answer:
    guild = call.guild()
    if "members" not in call.bot.privileged_intents:
        raise Refused.by_code(50001)
    limit = call.number("limit", 1, _MOST, 1)
    found = guild.roll.after(call.cursor("after") or 0, limit)
    return Answer(200, [guild.member_payload(user_id) for user_id in found])


def kick(call: Call) -> Answer:
    guild, user_id = call.guild(), call.id("user_id")
    call.need_in_guild(guild, "kick_members")
    found = guild.member(user_id)
    if found is None:
        raise Refused.by_code(10007)
    if user_id == guild.owner_id:
        raise Refused.by_code(50013)
    guild.kick(found, by=call.bot.id, reason=call.reason)
    return Answer(204)


def bans(call: Call) -> Answer:
    guild = call.guild()
    call.need_in_guild(guild, "ban_members")
    limit = call.number("limit", 1, _MOST, _MOST)
    before, after = call.cursor("before"), call.cursor("after")
    roll = guild.ban_roll
    found = roll.after(after or 0, limit) if before is None else roll.before(before, limit)
    return Answer(200, [_ban(guild, user_id) for user_id in found])


def one_ban(call: Call) -> Answer:
    guild, user_id = call.guild(), call.id("user_id")
    call.need_in_guild(guild, "ban_members")
    if user_id not in guild.ban_roll:
        raise Refused.by_code(10026)
    return Answer(200, _ban(guild, user_id))


def ban(call: Call) -> Answer:
    guild, user_id = call.guild(), call.id("user_id")
    call.need_in_guild(guild, "ban_members")
    if call.body is not None:
        form = call.form()
        form.whole("delete_message_seconds", 0, _MOST_DELETE_SECONDS)
        form.check()
    user = call.world.user(user_id)
    if user is None:
        raise Refused.by_code(10013)
    if user_id in (guild.owner_id, call.bot.id):
        raise Refused.by_code(50013)
    guild.ban(user, by=call.bot.id, reason=call.reason)
    return Answer(204)


def unban(call: Call) -> Answer:
    guild, user_id = call.guild(), call.id("user_id")
    call.need_in_guild(guild, "ban_members")
    user = call.world.user(user_id)
    if user is None or user_id not in guild.ban_roll:
        raise Refused.by_code(10026)
    guild.unban(user, by=call.bot.id, reason=call.reason)
    return Answer(204)


def _ban(guild: Guild, user_id: int) -> Json:
    user = guild.world.user(user_id)
    assert user is not None  # noqa: S101 - whoever is banned has an account
    return {"user": user.payload(), "reason": guild.ban_reasons.get(user_id)}


_BAN = "/guilds/{guild_id}/bans/{user_id}"
ROUTES = (
    Route("GET", "/guilds/{guild_id}/members", members),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", member),
    Route("DELETE", "/guilds/{guild_id}/members/{user_id}", kick),
    Route("GET", "/guilds/{guild_id}/bans", bans),
    Route("GET", _BAN, one_ban),
    Route("PUT", _BAN, ban),
    Route("DELETE", _BAN, unban),
)
