"""Common to emoji, stickers and sounds. Source: discord-api-docs, developers/resources/emoji.mdx."""

from __future__ import annotations

from steward.sim.people.user import Json


def without_creator(found: Json) -> Json:
    """Return an emoji, sticker or sound without `user`, as shown to bots that may not manage expressions."""
    return {name: value for name, value in found.items() if name != "user"}
