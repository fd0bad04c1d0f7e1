"""The emoji of a guild, to read. Source: discord-api-docs, developers/resources/emoji.mdx."""

from __future__ import annotations

from steward.sim.rest.call import Answer, Call, Route
from steward.sim.rest.errors import Refused


def emojis(call: Call) -> Answer:
    return Answer(200, list(call.guild().emojis.values()))


def emoji(call: Call) -> Answer:
    found = call.guild().emojis.get(call.id("emoji_id"))
    if found is None:
        raise Refused.by_code(10014)
    return Answer(200, found)


ROUTES = (
    Route("GET", "/guilds/{guild_id}/emojis", emojis),
    Route("GET", "/guilds/{guild_id}/emojis/{emoji_id}", emoji),
)
