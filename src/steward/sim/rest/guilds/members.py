"""Routes of members and bans."""

from __future__ import annotations

from itertools import islice

from steward.sim.guilds.guild import Guild
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import RestRefused, or_refuse, refuse_if
from steward.sim.rest.form import REQUIRED, as_whole, invalid_field
from steward.sim.rest.guilds.role_hierarchy import require_above_member

_MOST = 1000
_MAX_BANS_AT_ONCE = 200
_MAX_DELETE_SECONDS = 604_800


def member(call: Call) -> Body:
    guild, user_id = call.guild(), call.id("user_id")
    refuse_if(call.world.user(user_id) is None, 10013)
    refuse_if(user_id not in guild.members, 10007)
    return guild.members.peek(user_id).payload()


def members(call: Call) -> Body:
    guild = call.guild()
    refuse_if("members" not in call.bot.privileged_intents, 50001)
    limit = call.number("limit", 1, _MOST, 1)
    found = guild.members.roll.after(call.cursor("after") or 0, limit)
    return [guild.members.peek(user_id).payload() for user_id in found]


def kick(call: Call) -> None:
    guild, user_id = call.guild(), call.id("user_id")
    call.require_in_guild(guild, "kick_members")
    found = or_refuse(guild.members.get(user_id), 10007)
    require_above_member(call, guild, found)
    guild.kick(found, by=call.bot.id, reason=call.reason)


def bans(call: Call) -> Body:
    guild = call.guild("ban_members")
    limit = call.number("limit", 1, _MOST, _MOST)
    before, after = call.cursor("before"), call.cursor("after")
    roll = guild.bans.roll
    found = roll.after(after or 0, limit) if before is None else roll.before(before, limit)
    return [_ban(guild, user_id) for user_id in found]


def one_ban(call: Call) -> Body:
    guild, user_id = call.guild(), call.id("user_id")
    call.require_in_guild(guild, "ban_members")
    refuse_if(user_id not in guild.bans, 10026)
    return _ban(guild, user_id)


def ban(call: Call) -> None:
    guild, user_id = call.guild(), call.id("user_id")
    call.require_in_guild(guild, "ban_members")
    form = call.form(optional=True)
    forget = form.whole("delete_message_seconds", 0, _MAX_DELETE_SECONDS) or 0
    form.check()
    user = or_refuse(call.world.user(user_id), 10013)
    _need_bannable(call, guild, user_id)
    guild.ban(user, by=call.bot.id, reason=call.reason, forget=forget)


def ban_many(call: Call) -> Body:
    """Ban up to 200 users at once, and return the banned and the failed ids."""
    guild = call.guild("ban_members", "manage_guild")
    form = call.form()
    form.required("user_ids")
    ids = [as_whole(found) for found in form.items("user_ids", most=_MAX_BANS_AT_ONCE)]
    forget = form.whole("delete_message_seconds", 0, _MAX_DELETE_SECONDS) or 0
    form.check()
    banned, failed = [], []
    for user_id in ids:
        user = call.world.user(user_id or 0)
        try:
            _need_bannable(call, guild, user_id or 0)
        except RestRefused:
            user = None
        if user is None or user.id in guild.bans:
            failed.append(str(user_id))
            continue
        guild.ban(user, by=call.bot.id, reason=call.reason, forget=forget)
        banned.append(str(user_id))
    refuse_if(not banned, 500000)
    return {"banned_users": banned, "failed_users": failed}


def search(call: Call) -> Body:
    """Find members by a prefix of the user name or nickname."""
    guild = call.guild()
    wanted = call.query.get("query", "").casefold()
    if not wanted:
        raise invalid_field("query", *REQUIRED)
    limit = call.number("limit", 1, _MOST, 1)
    everybody = guild.members.roll.after(0, len(guild.members))
    found = islice((user_id for user_id in everybody if _is_named(guild, user_id, wanted)), limit)
    return [guild.members.peek(user_id).payload() for user_id in found]


def _is_named(guild: Guild, user_id: int, wanted: str) -> bool:
    who = guild.members.stored.get(user_id), guild.world.user(user_id)
    return any(found is not None and found.name.casefold().startswith(wanted) for found in who)


def _need_bannable(call: Call, guild: Guild, user_id: int) -> None:
    refuse_if(user_id in (guild.owner_id, call.bot.id), 50013)
    if user_id in guild.members and (member := guild.members.get(user_id)) is not None:
        require_above_member(call, guild, member)


def unban(call: Call) -> None:
    guild, user_id = call.guild(), call.id("user_id")
    call.require_in_guild(guild, "ban_members")
    user = or_refuse(call.world.user(user_id), 10026)
    refuse_if(user_id not in guild.bans, 10026)
    guild.unban(user, by=call.bot.id, reason=call.reason)


def _ban(guild: Guild, user_id: int) -> Json:
    user = guild.world.user(user_id)
    assert user is not None  # noqa: S101 - each banned user has an account
    return {"user": user.payload(), "reason": guild.bans.reason(user_id)}


_BAN = "/guilds/{guild_id}/bans/{user_id}"
ROUTES = (
    Route("GET", "/guilds/{guild_id}/members", members),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", member),
    Route("DELETE", "/guilds/{guild_id}/members/{user_id}", kick),
    Route("GET", "/guilds/{guild_id}/members/search", search),
    Route("POST", "/guilds/{guild_id}/bulk-ban", ban_many),
    Route("GET", "/guilds/{guild_id}/bans", bans),
    Route("GET", _BAN, one_ban),
    Route("PUT", _BAN, ban),
    Route("DELETE", _BAN, unban),
)
