"""Memory of each bot in one, a hundred and a thousand guilds; the counters are in the first one."""

from __future__ import annotations

from benchmarks.bots import BOTS, Bot, stage
from benchmarks.memory import Memory, report, settled
from benchmarks.run import Run
from steward.cli.stage import Stage as Community
from steward.sim import Simulator
from steward.sim.guilds.guild import Guild

LIMIT = 600.0
TARGET = 82.0  # MiB; measured for lean discord.py alone in a thousand guilds
SIZES = (1, 100, 1_000)
MEMBERS, CHANNELS, ROLES, EMOJIS = 100, 40, 25, 50  # of each guild


async def measure(run: Run) -> None:
    """Measure each bot once it has received all guilds."""
    for guilds in SIZES[:2] if run.quick else SIZES:
        for bot in BOTS:
            run.progress(f"{bot.who} bot in {guilds:,} guilds")
            report(run, "guilds_memory", guilds, bot.who, await _memory(bot, guilds), target=TARGET)
        run.ratio(f"guilds_memory.resident.{guilds}", "floor")
        run.ratio(f"guilds_memory.resident.{guilds}", "plain")


async def _memory(bot: Bot, guilds: int) -> Memory:
    def furnish(sim: Simulator, community: Community) -> None:
        fill(community.guild)
        for number in range(2, guilds + 1):
            fill(sim.add_guild(f"Guild {number}", members=MEMBERS, online=MEMBERS // 6))

    async with stage(MEMBERS, furnish) as scene, scene.started(bot) as child:
        await child.until_it_says(bot.ready)
        return await settled(child.pid)


def fill(guild: Guild) -> None:
    """Fill a guild up to an ordinary number of channels, roles and emojis."""
    for number in range(CHANNELS - len(guild.channels)):
        add = guild.add_voice_channel if number % 4 == 0 else guild.add_text_channel
        add(f"channel-{number}")
    for number in range(ROLES - len(guild.roles)):
        guild.add_role(f"Role {number}", "view_channel", "send_messages")
    for number in range(EMOJIS):
        guild.add_emoji(f"emoji_{number}")
