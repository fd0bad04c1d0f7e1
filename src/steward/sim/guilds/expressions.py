"""What the emoji, stickers and sounds of guilds have in common (discord-api-docs, developers/resources/emoji.mdx)."""

from __future__ import annotations

from steward.sim.people.user import Json


def without_maker(found: Json) -> Json:
    """Return an emoji, a sticker or a sound as those see it who may not manage them."""
    return {name: value for name, value in found.items() if name != "user"}
