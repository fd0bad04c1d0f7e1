"""The music bot: what to listen to next, with a reason, for one member, for a voice channel, for the server."""

from __future__ import annotations

from pathlib import Path

from steward.bots.bot import Bot
from steward.bots.music.settings import MusicSettings

BOT = Bot(
    "music",
    "Music",
    "steward.bots.music.part:MusicPart",
    settings=MusicSettings,
    migrations=Path(__file__).parent / "migrations",
    personal="steward.bots.music.privacy.personal:MUSIC_DATA",
    on_by_default=False,  # it isn't finished, and asks services of others
)
