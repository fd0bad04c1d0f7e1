"""
The plain bot: the same work as most discord.py bots do it, with the settings of single-server bots before Steward.

It has every intent, default caches and all members loaded. A timer renames counters from `guild.members` and the whole
ban list; each join, leave, ban and unban goes into a dictionary whose JSON file is rewritten; a report is sent at
midnight; a heartbeat message is edited each minute. It is a good bot of its kind: it skips renames that change nothing,
writes JSON with the fast encoder, remembers its heartbeat message, and fetches nothing that its caches hold.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import discord
from discord.ext import commands, tasks

KINDS = ("joins", "leaves", "bans", "unbans")
NAMES_SHOWN = 10


class PlainBot(commands.Bot):
    """
    Serves one server.

    Args:
        environ: its settings: GUILD_ID, the ids of its channels, UPDATE_INTERVAL in seconds.
        folder: of its file `member_stats.json`.

    """

    def __init__(self, environ: Mapping[str, str], folder: Path) -> None:
        super().__init__(command_prefix="!", intents=discord.Intents.all())
        self.guild_id = int(environ["GUILD_ID"])
        self.member_channel_id = int(environ["MEMBER_COUNT_CHANNEL_ID"])
        self.online_channel_id = int(environ["ONLINE_COUNT_CHANNEL_ID"])
        self.ban_channel_id = int(environ["BAN_COUNT_CHANNEL_ID"])
        self.heartbeat_channel_id = int(environ["HEARTBEAT_CHANNEL_ID"])
        self.stats_channel_id = int(environ["STATS_CHANNEL_ID"])
        self.path = folder / "member_stats.json"
        self.stats: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
        if self.path.exists():
            self.stats = json.loads(self.path.read_text())
        self.started = datetime.now(UTC)
        self.day = self.started.date()
        self.heartbeat_message: discord.Message | None = None
        self.update_counters.change_interval(seconds=float(environ.get("UPDATE_INTERVAL", "300")))

    async def on_connect(self) -> None:
        print("connected", flush=True)

    async def on_ready(self) -> None:
        guild = self.guild
        while not guild.chunked:
            await asyncio.sleep(0.2)
        for loop in (self.update_counters, self.heartbeat, self.daily_report):
            if not loop.is_running():  # on_ready is called again after a lost connection
                loop.start()
        print("ready", flush=True)

    @property
    def guild(self) -> discord.Guild:
        guild = self.get_guild(self.guild_id)
        assert guild is not None
        return guild

    # Joins, leaves, bans

    async def on_member_join(self, member: discord.Member) -> None:
        self.note("joins", member.guild, member)

    async def on_member_remove(self, member: discord.Member) -> None:
        self.note("leaves", member.guild, member)

    async def on_member_ban(self, guild: discord.Guild, user: discord.User | discord.Member) -> None:
        self.note("bans", guild, user)

    async def on_member_unban(self, guild: discord.Guild, user: discord.User) -> None:
        self.note("unbans", guild, user)

    def note(self, kind: str, guild: discord.Guild, user: discord.User | discord.Member) -> None:
        if guild.id != self.guild_id:
            return
        self.stats[kind].append({"id": user.id, "name": user.name, "time": datetime.now(UTC).isoformat()})
        self.path.write_text(json.dumps(self.stats))

    # Counters

    @tasks.loop(seconds=300)
    async def update_counters(self) -> None:
        guild = self.guild
        members = len(guild.members)
        online = sum(1 for member in guild.members if member.status is not discord.Status.offline)
        bans = len([ban async for ban in guild.bans(limit=None)])
        await self.show(self.member_channel_id, f"Members: {members}")
        await self.show(self.online_channel_id, f"Online: {online}")
        await self.show(self.ban_channel_id, f"Bans: {bans}")
        await self.change_presence(activity=discord.CustomActivity(f"{members:,} members"))

    async def show(self, channel_id: int, name: str) -> None:
        channel = self.get_channel(channel_id)
        if isinstance(channel, discord.VoiceChannel) and channel.name != name:
            await channel.edit(name=name)

    # Messages

    @tasks.loop(minutes=1)
    async def heartbeat(self) -> None:
        embed = discord.Embed(title="Heartbeat", timestamp=datetime.now(UTC))
        embed.add_field(name="Uptime", value=str(datetime.now(UTC) - self.started).split(".")[0])
        embed.add_field(name="Ping", value=f"{self.latency * 1000:.0f} ms")
        for kind, records in self.of(datetime.now(UTC).date()).items():
            embed.add_field(name=f"{kind.capitalize()} today", value=str(len(records)))
        channel = self.text_channel(self.heartbeat_channel_id)
        if self.heartbeat_message is None:
            self.heartbeat_message = await channel.send(embed=embed)
        else:
            await self.heartbeat_message.edit(embed=embed)

    @tasks.loop(minutes=1)
    async def daily_report(self) -> None:
        today = datetime.now(UTC).date()
        if today == self.day:
            return
        yesterday, self.day = self.day, today
        embed = discord.Embed(title=f"Daily report: {yesterday}", description=f"{len(self.guild.members)} members")
        for kind, records in self.of(yesterday).items():
            names = ", ".join(record["name"] for record in records[:NAMES_SHOWN])
            embed.add_field(name=f"{kind.capitalize()}: {len(records)}", value=names or "-", inline=False)
        await self.text_channel(self.stats_channel_id).send(embed=embed)

    def of(self, day: date) -> dict[str, list[dict[str, Any]]]:
        beginning = day.isoformat()
        return {kind: [one for one in self.stats[kind] if one["time"].startswith(beginning)] for kind in KINDS}

    def text_channel(self, channel_id: int) -> discord.TextChannel:
        channel = self.get_channel(channel_id)
        assert isinstance(channel, discord.TextChannel)
        return channel


if __name__ == "__main__":
    import yarl
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    Route.BASE = os.environ["DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["BENCHMARK_GATEWAY"])
    PlainBot(os.environ, Path.cwd()).run(os.environ["BOT_TOKEN"], log_handler=None)
