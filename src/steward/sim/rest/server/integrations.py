"""Routes of integrations, which are the bots of a guild. Source: discord-api-docs, developers/resources/guild.mdx."""

from __future__ import annotations

from steward.sim.guilds.audit_log import INTEGRATION_DELETE
from steward.sim.guilds.guild import Guild
from steward.sim.people.bot import BotAccount
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import or_refuse, refuse_if


def integrations(call: Call) -> Body:
    guild = call.guild("manage_guild")
    return [_shown(guild, bot) for bot in guild.bots.values()]


def delete(call: Call) -> None:
    """Remove an integration and its bot."""
    guild = call.guild("manage_guild")
    wanted = call.id("integration_id")
    bot = or_refuse(next((bot for bot in guild.bots.values() if _id_of(guild, bot) == wanted), None), 10005)
    refuse_if(bot is call.bot, 50013)
    gone = {"id": str(wanted), "guild_id": str(guild.id), "application_id": str(bot.application_id)}
    guild.emit("INTEGRATION_DELETE", gone)
    guild.emit("GUILD_INTEGRATIONS_UPDATE", {"guild_id": str(guild.id)})
    call.log(guild, INTEGRATION_DELETE, wanted, before=_logged(guild, bot))
    guild.remove_bot(bot)


def _id_of(guild: Guild, bot: BotAccount) -> int:
    """Return the id of a bot's integration, which here is that of its role."""
    return guild.roles.of_bot(bot).id


def _logged(guild: Guild, bot: BotAccount) -> Json:
    """Return the fields of an integration in the audit log."""
    shown = _shown(guild, bot)
    return {name: shown[name] for name in ("name", "type")}


def _shown(guild: Guild, bot: BotAccount) -> Json:
    return {
        "id": str(_id_of(guild, bot)),
        "name": bot.name,
        "type": "discord",
        "enabled": True,
        "account": {"id": str(bot.id), "name": bot.name},
        "application": bot.public_application(),
        "scopes": ["bot", "applications.commands"],
    }


_ALL = "/guilds/{guild_id}/integrations"
ROUTES = (Route("GET", _ALL, integrations), Route("DELETE", f"{_ALL}/{{integration_id}}", delete))
