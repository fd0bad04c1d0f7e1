"""A bot of your own in Steward: members thank each other, and a channel gets a report each evening."""

from dataclasses import dataclass
from datetime import time
from pathlib import Path

import discord
from discord import app_commands

from steward.bots.bot import Bot, Part
from steward.client.access.permissions import POST
from steward.client.components import Reply
from steward.client.interactions import answered, guild_of
from steward.guilds.host import Host
from steward.guilds.privacy.kept import Kept
from steward.guilds.reports import GuildReports, Posting, Wished
from steward.guilds.settings_book import GuildSection
from steward.guilds.setup.section import ChannelChoice, SetupSection
from steward.settings.declare import setting
from steward.settings.time_kinds import clock_time
from steward.store import DailyAt
from steward.store.export.export import Table
from steward.store.export.personal import PersonalData, selected


@dataclass(frozen=True, kw_only=True)
class ThanksSettings:
    """The thanks bot."""

    thanks_time: time = setting(clock_time(), "When the channel gets its report, in server time.", default=time(20))


@dataclass(frozen=True, slots=True)
class ThanksSection(GuildSection):
    """The settings of a server."""

    channel_id: int | None = None


MINE = "SELECT at, by_user, user_id FROM thanks WHERE guild_id = ? AND ? IN (by_user, user_id) ORDER BY id"
COLUMNS = frozenset({"thanks.by_user", "thanks.user_id"})
EVENING = ChannelChoice("channel_id", "Evening message", "Report thanks in …", POST)
GONE = "{channel}, where I reported thanks, was deleted. `/setup` chooses another."
DATA = (PersonalData("thanks", COLUMNS, selected(MINE), lambda rows: f"{len(rows)} thanks by you or to you"),)


class ThanksPart(Part):
    """Counts thanks and reports them."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.section = host.guilds.settings.section("thanks", ThanksSection())
        self.reports = GuildReports(host, self.section, self._wished, self._draw, gone=GONE)
        self.section.watch(self.reports.configured)
        self.setup = SetupSection(host, self.section, "Thanks", EVENING, reports=self.reports)
        self.kept = Kept("Thanks", lambda: DATA, self.flush, self._forget)
        self.exports = {"thanks": Table("thanks", "thanks", ("at", "by_user", "user_id"), ("at", "by_user"))}
        host.interactions.add(ThanksCommands(self))

    async def give(self, guild_id: int, by: int, to: int) -> None:
        sql = "INSERT INTO thanks (guild_id, at, by_user, user_id) VALUES (?, ?, ?, ?)"
        await self._host.store.write(lambda tx: tx.execute(sql, (guild_id, tx.now_ms, by, to)))

    def _wished(self, section: ThanksSection) -> Wished | None:
        daily = DailyAt(self._host.settings.of(ThanksSettings).thanks_time, section.zone_info)
        return None if section.channel_id is None else Wished(section.channel_id, {"evening": daily})

    async def _draw(self, guild_id: int, *_: object) -> Posting:
        sql = "SELECT COUNT(*) FROM thanks WHERE guild_id = ?"
        number = await self._host.store.read(lambda tx: tx.value(sql, (guild_id,)))
        return Posting({"content": f"{number} thanks so far. Who helped you today? `/thanks give`"})

    async def _forget(self, guild_id: int, user_id: int) -> None:
        sql = "DELETE FROM thanks WHERE guild_id = ? AND ? IN (by_user, user_id)"
        await self._host.store.write(lambda tx: tx.execute(sql, (guild_id, user_id)))


class ThanksCommands(app_commands.Group):
    """The commands under `/thanks`."""

    def __init__(self, thanks: ThanksPart) -> None:
        super().__init__(name="thanks", description="Thank each other")
        self._thanks = thanks

    @app_commands.command(description="Thank somebody")
    @answered()
    async def give(self, interaction: discord.Interaction, to: discord.User) -> Reply:
        await self._thanks.give(guild_of(interaction), interaction.user.id, to.id)
        return Reply.say(f"{interaction.user.mention} thanks {to.mention}!")


HERE = Path(__file__).parent
BOT = Bot("thanks", "Thanks", "steward_thanks:ThanksPart", ThanksSettings, HERE / "migrations", needs="0.1")
