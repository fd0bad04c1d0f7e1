"""Routes to read voice states. Source: discord-api-docs, developers/resources/voice.mdx."""

from __future__ import annotations

from steward.sim.rest.call import Call, RestAnswer, Route
from steward.sim.rest.errors import RestRefused


def state(call: Call) -> RestAnswer:
    return _state(call, call.id("user_id"))


def own_state(call: Call) -> RestAnswer:
    return _state(call, call.bot.id)


def _state(call: Call, user_id: int) -> RestAnswer:
    member = call.guild().members.get(user_id)
    if member is None or member.voice_channel is None:
        raise RestRefused.by_code(10065)
    return RestAnswer(200, member.voice_state())


ROUTES = (
    Route("GET", "/guilds/{guild_id}/voice-states/@me", own_state),
    Route("GET", "/guilds/{guild_id}/voice-states/{user_id}", state),
)
