"""Processes a request: faults, Cloudflare, authentication, rate limits, the route, and the record."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from urllib.parse import unquote

import orjson
from aiohttp import web

from steward.sim.faults import Fault, Faults
from steward.sim.gateway.hub import Hub, gateway_url_for
from steward.sim.people.bot import BotAccount
from steward.sim.recorder import Recorder, Request
from steward.sim.rest import body
from steward.sim.rest.call import Call, RestAnswer, answer_of
from steward.sim.rest.errors import CloudflareBan, Limited, RestRefused
from steward.sim.rest.form import as_whole
from steward.sim.rest.limits.buckets import Bucket, Buckets
from steward.sim.rest.limits.cloudflare import PAGE, Cloudflare
from steward.sim.rest.limits.hidden import HiddenLimits
from steward.sim.rest.router import RestRouter, RouteMatch
from steward.sim.uploads import Upload
from steward.sim.world import World

_HEADERS = {"Content-Type": "application/json", "Via": "1.1 google"}
_OPEN_TO_ALL = "/gateway"
_VERSIONS = ("v9", "v10")
_UNKNOWN = RouteMatch("unknown", {}, None)


@dataclass(slots=True)
class Exchange:
    """A request in progress; `unreadable` is why its body cannot be read, if so."""

    request: web.BaseRequest
    route: RouteMatch
    fault: Fault | None
    record: Request
    files: list[Upload] = field(default_factory=list)
    unreadable: RestRefused | None = None


class Api:
    """Discord's REST API."""

    def __init__(self, world: World, hub: Hub, hidden: HiddenLimits, recorder: Recorder, faults: Faults) -> None:
        self._world = world
        self._hub = hub
        self._hidden = hidden
        self._recorder = recorder
        self._faults = faults
        self._router = RestRouter()
        self._buckets = Buckets(world)
        self._cloudflare = Cloudflare(world)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request below `/api`."""
        began = time.perf_counter()
        path = below_version(request.rel_url.raw_path)
        route = self._router.find(request.method, path) or _UNKNOWN
        if route is _UNKNOWN and request.method == "OPTIONS":
            return web.Response(status=204)
        exchange = await self._received(request, path, route)
        record = exchange.record
        try:
            response = self._early(exchange)
            if response is None:
                response = self._serve(exchange)
        except CloudflareBan:
            self._cloudflare.ban()
            response = self._page(record)
        except Exception:
            record.status = 500  # a bug in the simulator: aiohttp responds and logs it
            self._recorder.record(record)
            raise
        record.seconds = time.perf_counter() - began
        self._cloudflare.count(record.status, record.scope)
        if not record.answered:
            record.status = 0
        self._recorder.record(record)
        return response

    async def _received(self, request: web.BaseRequest, path: str, route: RouteMatch) -> Exchange:
        """Read the whole request, even if it will fail, so that the connection can be reused."""
        fault = self._faults.take(request.method, route.template)
        record = Request(
            self._world.clock.now(),
            request.method,
            route.template,
            path,
            status=0,
            query=dict(request.query),
            fault=fault.kind if fault is not None else None,
            user_agent=body.readable(request.headers.get("User-Agent", "")),
        )
        exchange = Exchange(request, route, fault, record)
        try:
            record.body, exchange.files = await body.read(request, self._world.limits)
        except RestRefused as refused:
            exchange.unreadable = refused
        if fault is not None and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        return exchange

    def _early(self, exchange: Exchange) -> web.Response | None:
        """Return the response of Cloudflare or of a fault, if the request does not reach the API."""
        record, fault = exchange.record, exchange.fault
        if self._cloudflare.banned_for() or record.fault == "cloudflare":
            return self._page(record)
        if record.fault == "reset":
            return cut(exchange, reset=True)
        if fault is not None and fault.kind == "status":
            record.status = fault.code
            record.result = {"message": f"{fault.code}: Simulated fault", "code": 0}
            return web.Response(status=fault.code, body=orjson.dumps(record.result), headers=_HEADERS)
        return None

    def _page(self, record: Request) -> web.Response:
        """Return Cloudflare's error page, which lacks Discord's headers."""
        record.status, record.scope = 429, "cloudflare"
        after = str(ceil(self._cloudflare.banned_for()) or 3600)
        headers = {"Content-Type": "text/html; charset=UTF-8", "Retry-After": after}
        return web.Response(status=429, body=PAGE.encode(), headers=headers)

    def _serve(self, exchange: Exchange) -> web.Response:
        request, route, record = exchange.request, exchange.route, exchange.record
        headers = dict(_HEADERS)
        bucket: Bucket | None = None
        try:
            bot = self._authenticated(request, route)
            record.bot_id = bot.id
            if not route.by_token:  # discord-api-docs, topics/rate-limits.mdx: interactions have no global limit
                self._buckets.take_global(bot)
            if not route.unlimited:
                bucket = self._buckets.bucket(bot.id, request.method, route.template, route.path)
                record.bucket = bucket.name
            if route is _UNKNOWN:
                raise RestRefused.by_status(404, "Not Found")
            if route.handler is None:
                raise RestRefused.by_status(405, "Method Not Allowed")
            if bucket is not None:
                bucket.take()
            if exchange.fault is not None and exchange.fault.kind == "rate_limited":
                raise Limited(exchange.fault.seconds, exchange.fault.scope)
            if exchange.unreadable is not None:
                raise exchange.unreadable
            answer = answer_of(route.handler(self._call(exchange, bot)))
        except RestRefused as refused:
            answer = RestAnswer(refused.status, refused.body)
        except Limited as limited:
            answer = RestAnswer(429, limited.body)
            record.scope, record.hidden_limit = limited.scope, limited.hidden
            headers |= {"Retry-After": str(ceil(limited.retry_after)), "X-RateLimit-Scope": limited.scope}
            if limited.scope == "global":
                headers["X-RateLimit-Global"] = "true"
        if bucket is not None and record.scope != "global":
            headers |= bucket.headers()
            record.remaining, record.reset_after = bucket.remaining, bucket.reset_after
        record.status = answer.status
        record.result = answer.body.decode("latin-1") if isinstance(answer.body, bytes) else answer.body
        return self._response(exchange, answer, headers)

    def _response(self, exchange: Exchange, answer: RestAnswer, headers: dict[str, str]) -> web.Response:
        fault = exchange.record.fault
        if fault == "drop_response":
            return cut(exchange)
        if answer.body is None:
            del headers["Content-Type"]
            return web.Response(status=answer.status, headers=headers)
        headers["Content-Type"] = answer.kind
        raw = answer.body if isinstance(answer.body, bytes) else orjson.dumps(answer.body)
        sent = raw[: len(raw) // 2] if fault == "malformed_json" else raw
        return web.Response(status=answer.status, body=sent, headers=headers)

    def _authenticated(self, request: web.BaseRequest, route: RouteMatch) -> BotAccount:
        if route.by_token:
            return self._bot_of_path(route)
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        bot = self._world.bot_with_token(token) if kind == "Bot" else None
        if bot is None and route.template == _OPEN_TO_ALL:
            return next(iter(self._world.bots.values()))
        if bot is None:
            raise RestRefused.by_status(401, "Unauthorized")
        return bot

    def _bot_of_path(self, route: RouteMatch) -> BotAccount:
        """Return the bot whose interaction or application is in the path; the route itself checks the token."""
        interaction = self._world.interactions.with_token(route.path.get("interaction_token", ""))
        if interaction is not None:
            return interaction.bot
        application = as_whole(route.path.get("webhook_id", ""))
        known = self._world.bots
        return known[application] if application in known else next(iter(known.values()))

    def _call(self, exchange: Exchange, bot: BotAccount) -> Call:
        request = exchange.request
        reason = request.headers.get("X-Audit-Log-Reason")
        return Call(
            self._world,
            self._hub,
            self._hidden,
            bot,
            partial(gateway_url_for, request),
            exchange.route.path,
            request.query,
            exchange.record.body,
            exchange.files,
            reason=unquote(body.readable(reason))[:512] if reason else None,
        )


def below_version(path: str) -> str:
    """Return a path without `/api` and version."""
    parts = path.removeprefix("/api").strip("/").split("/")
    if parts and parts[0] in _VERSIONS:
        parts = parts[1:]
    return "/" + "/".join(parts)


def cut(exchange: Exchange, *, reset: bool = False) -> web.Response:
    """Abort the connection of a request, with a TCP reset if `reset`; the returned response is not sent."""
    exchange.record.answered = False
    transport = exchange.request.transport
    if transport is not None:
        if reset and (wire := transport.get_extra_info("socket")) is not None:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()
