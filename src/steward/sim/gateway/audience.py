"""Decides which sessions receive an event."""

from __future__ import annotations

from steward.sim.events import Event
from steward.sim.gateway import intents
from steward.sim.gateway.session import GatewaySession
from steward.sim.guilds.guild import Guild


def receives(session: GatewaySession, event: Event) -> bool:
    """Return whether a session receives an event: by intent, shard, membership and permission."""
    bot = session.bot
    if event.only is not None and event.only is not bot:
        return False
    needed = intents.needed_for(event.name, direct=event.guild is None)
    if needed and not session.intents & needed and event.about != bot.id:
        return False
    if event.guild is None:
        return session.shard[0] == 0
    return _receives_in_guild(session, event, event.guild)


def _receives_in_guild(session: GatewaySession, event: Event, guild: Guild) -> bool:
    bot = session.bot
    if bot.id not in guild.bots or not session.covers(guild):
        return False
    if not guild.available and event.name != "GUILD_DELETE":
        return False
    if event.needs and not guild.roles.permissions_of(bot.id) & event.needs:
        return False
    return event.channel is None or event.channel.visible_to(bot)
