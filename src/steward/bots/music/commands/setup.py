"""What is chosen in `/setup` for music: where it is answered, and where weekly picks are posted."""

from __future__ import annotations

from steward.bots.music.section import MusicSection
from steward.client.access.permissions import POST
from steward.client.components import channel_select
from steward.client.embeds import Message
from steward.client.interactions import Use
from steward.guilds.host import Host
from steward.guilds.reports import GuildReports
from steward.guilds.settings_book import Section
from steward.guilds.setup.draft import SectionDraft
from steward.guilds.setup.section import TEXT_CHANNELS, ChannelChoice, SetupSection

MOST_CHANNELS = 10


class MusicSetup(SetupSection[MusicSection]):
    """The section of music."""

    def __init__(self, host: Host, section: Section[MusicSection], reports: GuildReports[MusicSection]) -> None:
        weekly = ChannelChoice(
            "weekly_channel_id", "Weekly picks", "Post five to discover a week in …", POST, said=_weekly
        )
        super().__init__(host, section, "Music", weekly, reports=reports)
        self._panel.on(self.action("channels"), self._choose_channels)

    def held(self, settings: MusicSection) -> list[tuple[str, str]]:
        channels = ", ".join(f"<#{channel_id}>" for channel_id in settings.channel_ids)
        return [("Music channels", channels or "all"), *super().held(settings)]

    def rows(self, draft: SectionDraft[MusicSection]) -> list[Message]:
        """Return the menu of channels."""
        menu = channel_select(
            self.action("channels").id(),
            kinds=TEXT_CHANNELS,
            placeholder="Answer about music in …",
            least=0,
            most=MOST_CHANNELS,
            chosen=draft.settings.channel_ids,
        )
        return [menu, *super().rows(draft)]

    async def _choose_channels(self, use: Use, draft: SectionDraft[MusicSection]) -> SectionDraft[MusicSection]:
        return draft.choosing(channel_ids=tuple(map(int, use.values)))


def _weekly(settings: MusicSection) -> str:
    return f"Mondays at 18:00 ({settings.zone}), in <#{settings.weekly_channel_id}>"
