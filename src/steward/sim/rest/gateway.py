"""The gateway's URL."""

from __future__ import annotations

from steward.sim.rest.call import Call, RestAnswer, Route

_GUILDS_A_SHARD = 1000


def gateway(call: Call) -> RestAnswer:
    url, _ = call.describe_gateway(call.bot)
    return RestAnswer(200, {"url": url})


def gateway_for_bots(call: Call) -> RestAnswer:
    url, session_start_limit = call.describe_gateway(call.bot)
    shards = max(1, -(-len(call.world.guilds_of(call.bot)) // _GUILDS_A_SHARD))
    return RestAnswer(200, {"url": url, "shards": shards, "session_start_limit": session_start_limit})


ROUTES = (Route("GET", "/gateway", gateway), Route("GET", "/gateway/bot", gateway_for_bots))
