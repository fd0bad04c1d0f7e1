"""
Stickers: Discord's standard packs and those of guilds.

Source: discord-api-docs, developers/resources/sticker.mdx. The only pack is the one in its example.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.guilds.guild import Guild
    from steward.sim.world import World

STANDARD, OF_GUILD = 1, 2
PNG, APNG, LOTTIE, GIF = 1, 2, 3, 4
MAX_IN_MESSAGE = 3
MAX_BY_TIER = (5, 15, 30, 60)
PACKS: Sequence[Json] = (
    {
        "id": "847199849233514549",
        "sku_id": "847199849233514547",
        "name": "Wumpus Beyond",
        "description": "Say hello to Wumpus!",
        "banner_asset_id": "761773777976819706",
        "stickers": [
            {
                "id": "749054660769218631",
                "name": "Wave",
                "tags": "wumpus, hello, sup, hi, oi, heyo, heya, yo, greetings, greet, welcome, wave",
                "type": STANDARD,
                "format_type": LOTTIE,
                "description": "Wumpus waves hello",
                "pack_id": "847199849233514549",
                "sort_value": 12,
            }
        ],
    },
)
_STANDARD = {int(sticker["id"]): sticker for pack in PACKS for sticker in pack["stickers"]}


def find(world: World, sticker_id: int) -> tuple[Guild | None, Json] | None:
    """Return a sticker's guild (None for a standard sticker) and object, or None if the id is unknown."""
    if sticker_id in _STANDARD:
        return None, _STANDARD[sticker_id]
    guilds = (guild for guild in world.guilds.values() if sticker_id in guild.stickers)
    return next(((guild, guild.stickers[sticker_id]) for guild in guilds), None)


def new(guild: Guild, name: str, tags: str, *, form: int = PNG, description: str | None = None) -> Json:
    """Return a new sticker, not yet added to its guild; `form` is Discord's format type."""
    return {
        "id": str(guild.world.snowflakes.next()),
        "name": name,
        "tags": tags,
        "type": OF_GUILD,
        "format_type": form,
        "description": description,
        "available": True,
        "guild_id": str(guild.id),
    }
