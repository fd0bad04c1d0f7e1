"""The gateway's URL."""

from __future__ import annotations

from steward.sim.rest.call import Body, Call, Route

_GUILDS_A_SHARD = 1000


def gateway_for_bots(call: Call) -> Body:
    limit = call.hub.logins_of(call.bot).payload(call.world.clock.monotonic())
    shards = max(1, -(-len(call.world.guilds_of(call.bot)) // _GUILDS_A_SHARD))
    return {"url": call.gateway_url, "shards": shards, "session_start_limit": limit}


ROUTES = (
    Route("GET", "/gateway", lambda call: {"url": call.gateway_url}),
    Route("GET", "/gateway/bot", gateway_for_bots),
)
