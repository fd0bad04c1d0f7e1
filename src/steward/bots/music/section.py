"""What one guild has set up for music."""

from __future__ import annotations

from dataclasses import dataclass

from steward.guilds.settings_book import GuildSection


@dataclass(frozen=True, slots=True)
class MusicSection(GuildSection):
    """
    The settings of one guild.

    Attributes:
        channel_ids: where music is answered for all to see; none: everywhere.
        weekly_channel_id: where five artists to discover are posted each week; None for no such posts.

    """

    channel_ids: tuple[int, ...] = ()
    weekly_channel_id: int | None = None
