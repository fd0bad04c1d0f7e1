"""Report channels that are gone: no report is made for one until another channel is chosen."""

from __future__ import annotations

from dataclasses import replace

from steward.bots.stats.setup.guild_settings import GuildSettings, StatsSection, Watcher
from steward.client.payloads import Payload, possible_snowflake, records, snowflake
from steward.guilds.owned import OwnedGateway


class ReportChannels:
    """
    Hands a guild's settings on, without the report channel where that is gone; the settings themselves stay.

    Args:
        gateway: tells which channels there are.
        settings: what each guild has set up.
        tell: who makes the reports.

    """

    def __init__(self, gateway: OwnedGateway, settings: StatsSection, tell: Watcher) -> None:
        self._settings = settings
        self._tell = tell
        self._chosen: dict[int, int | None] = {}
        self._gone: dict[int, int] = {}
        gateway.on_gateway("GUILD_CREATE", self._listed)
        gateway.on_gateway("CHANNEL_DELETE", self._deleted)

    def configured(self, guild_id: int, settings: GuildSettings) -> None:
        """Follow a guild's settings."""
        self._chosen[guild_id] = settings.report_channel_id
        if settings.report_channel_id == self._gone.get(guild_id):
            settings = replace(settings, report_channel_id=None)
        else:
            self._gone.pop(guild_id, None)
        self._tell(guild_id, settings)

    def refused(self, channel_id: int) -> None:
        """Note a channel that a report could not be posted in because it is gone: its end went untold."""
        for guild_id in [guild_id for guild_id, chosen in self._chosen.items() if chosen == channel_id]:
            self._found(guild_id, channel_id)

    def problem_in(self, guild_id: int) -> str | None:
        """Return what is wrong in one guild."""
        return _sentence(self._gone[guild_id]) if guild_id in self._gone else None

    def _listed(self, data: Payload) -> None:
        guild_id = snowflake(data["id"])
        channel_id = self._settings.of(guild_id).report_channel_id
        if channel_id is None or data.get("unavailable"):
            return
        there = any(snowflake(channel["id"]) == channel_id for channel in records(data["channels"]))
        if there == (guild_id in self._gone):
            self._found(guild_id, None if there else channel_id)

    def _deleted(self, data: Payload) -> None:
        guild_id, channel_id = possible_snowflake(data.get("guild_id")) or 0, snowflake(data["id"])
        if channel_id == self._settings.of(guild_id).report_channel_id:
            self._found(guild_id, channel_id)

    def _found(self, guild_id: int, gone: int | None) -> None:
        self._gone.pop(guild_id, None)
        if gone is not None:
            self._gone[guild_id] = gone
        self.configured(guild_id, self._settings.of(guild_id))


def _sentence(channel_id: int) -> str:
    return (
        f"<#{channel_id}>, the channel for reports, was deleted: no report is made."
        " Choose another with `/report schedule` or `/setup`."
    )
