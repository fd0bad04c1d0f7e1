"""Routes to prune inactive members. Source: discord-api-docs, resources/guild.mdx, "Get Guild Prune Count" ff."""

from __future__ import annotations

from steward.sim.guilds.guild import Guild
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import refuse_if
from steward.sim.rest.form import Form, as_whole

_FEWEST_DAYS, _MAX_DAYS, _DAYS = 1, 30, 7
_MAX_ROLES = 250
_NEEDED = ("manage_guild", "kick_members")


def count(call: Call) -> Body:
    guild = call.guild(*_NEEDED)
    form = Form({name: value for name, value in call.query.items() if name != "include_roles"})
    form.body["include_roles"] = [part for text in call.texts("include_roles") for part in text.split(",") if part]
    days, role_ids = _wanted(guild, form)
    return {"pruned": guild.members.prunable(days, role_ids)}


def begin(call: Call) -> Body:
    guild = call.guild(*_NEEDED)
    form = call.form(optional=True)
    asked = form.body.get("include_roles")
    if isinstance(asked, str):
        form.body["include_roles"] = [part for part in asked.split(",") if part]
    counted = form.flag("compute_prune_count", default=True)
    days, role_ids = _wanted(guild, form)
    removed = guild.prune(days=days, role_ids=role_ids, by=call.bot.id, reason=call.reason)
    return {"pruned": removed if counted else None}


def _wanted(guild: Guild, form: Form) -> tuple[int, frozenset[int]]:
    days = form.whole("days", _FEWEST_DAYS, _MAX_DAYS, default=_DAYS) or _DAYS
    role_ids = [as_whole(found) for found in form.items("include_roles", most=_MAX_ROLES)]
    form.check()
    refuse_if(any(role_id not in guild.roles for role_id in role_ids), 10011)
    return days, frozenset(role_id for role_id in role_ids if role_id is not None)


_PRUNE = "/guilds/{guild_id}/prune"
ROUTES = (Route("GET", _PRUNE, count), Route("POST", _PRUNE, begin))
