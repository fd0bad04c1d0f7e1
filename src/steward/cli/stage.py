"""A simulated server with the channels of the stats bot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from steward.sim import Simulator
from steward.sim.channels.channel import Channel
from steward.sim.guilds.guild import Guild


@dataclass(frozen=True, slots=True)
class Stage:
    """One server, ready for the bot, with its channels by setting; in `general` members talk."""

    guild: Guild
    channels: Mapping[str, Channel]
    general: Channel

    def environment(self, sim: Simulator) -> dict[str, str]:
        """Return the settings that point the bot to this server."""
        ids = {name: str(channel.id) for name, channel in self.channels.items()}
        return {
            "DISCORD_API_URL": sim.api_url,
            "BOT_TOKEN": sim.bot.token,
            "GUILD_ID": str(self.guild.id),
            **ids,
        }


def build_stage(sim: Simulator, *, name: str = "Penguins", members: int, online: int, bans: int) -> Stage:
    """Build a server with counters, a heartbeat channel and a report channel."""
    guild = sim.add_guild(name, members=members, online=online, bans=bans)
    return Stage(
        guild,
        {
            "MEMBER_COUNT_CHANNEL_ID": guild.add_voice_channel("Members: 0"),
            "ONLINE_COUNT_CHANNEL_ID": guild.add_voice_channel("Online: 0"),
            "BAN_COUNT_CHANNEL_ID": guild.add_voice_channel("Bans: 0"),
            "HEARTBEAT_CHANNEL_ID": guild.add_text_channel("heartbeat"),
            "STATS_CHANNEL_ID": guild.add_text_channel("reports"),
        },
        guild.add_text_channel("general"),
    )
