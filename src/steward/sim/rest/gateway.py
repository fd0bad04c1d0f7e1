"""The gateway's URL."""

from __future__ import annotations

from steward.sim.rest.call import Body, Call, Route


def gateway_for_bots(call: Call) -> Body:
    logins = call.hub.logins_of(call.bot)
    limit = logins.payload(call.world.clock.monotonic())
    return {"url": call.gateway_url(), "shards": logins.allowance.shards, "session_start_limit": limit}


ROUTES = (
    Route("GET", "/gateway", lambda call: {"url": call.gateway_url()}),
    Route("GET", "/gateway/bot", gateway_for_bots),
)
