"""Processes a request: faults, Cloudflare, authentication, rate limits, the route, and the record."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from math import ceil
from urllib.parse import unquote

import orjson
from aiohttp import web

from steward.runtime.clock import Clock
from steward.sim.faults import Fault, Faults
from steward.sim.limits import Limits
from steward.sim.people.bot import BotAccount
from steward.sim.recorder import Recorder
from steward.sim.rest.body import readable
from steward.sim.rest.call import Call, RestAnswer
from steward.sim.rest.errors import CloudflareBan, Limited, RestRefused
from steward.sim.rest.exchange import Exchange
from steward.sim.rest.form import as_whole
from steward.sim.rest.limits.buckets import Bucket, Buckets
from steward.sim.rest.limits.cloudflare import PAGE, Cloudflare
from steward.sim.rest.limits.hidden import HiddenLimits
from steward.sim.rest.router import RestRouter, RouteMatch
from steward.sim.world import World

_HEADERS = {"Content-Type": "application/json", "Via": "1.1 google"}
_OPEN_TO_ALL = "/gateway"
_VERSIONS = ("v9", "v10")
_UNKNOWN = RouteMatch("unknown", {}, None)


class Api:
    """
    Discord's REST API.

    Args:
        hidden: limits that no header reveals.
        recorder: records each request.
        describe_gateway: returns the gateway's URL and a bot's session start limit.

    """

    def __init__(
        self,
        world: World,
        *,
        limits: Limits,
        hidden: HiddenLimits,
        clock: Clock,
        recorder: Recorder,
        faults: Faults,
        describe_gateway: Callable[[BotAccount], tuple[str, dict[str, int]]],
    ) -> None:
        self._world = world
        self._limits = limits
        self._hidden = hidden
        self._clock = clock
        self._recorder = recorder
        self._faults = faults
        self._describe_gateway = describe_gateway
        self._router = RestRouter()
        self._buckets = Buckets(limits, clock)
        self._cloudflare = Cloudflare(limits, clock)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request below `/api`."""
        path = below_version(request.rel_url.raw_path)
        found = self._router.find(request.method, path) or _UNKNOWN
        if found is _UNKNOWN and request.method == "OPTIONS":
            return web.Response(status=204)
        fault = self._faults.take(request.method, found.template)
        exchange = Exchange(self._clock, request, path, found.template, fault)
        await exchange.read(self._limits)
        if fault is not None and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        early = self._early(request, fault, exchange)
        if early is None:
            try:
                early = self._serve(request, found, fault, exchange)
            except CloudflareBan:
                self._cloudflare.ban()
                early = self._page(exchange)
            except Exception:
                exchange.status = 500  # a bug in the simulator: aiohttp responds and logs it
                self._recorder.note(exchange.recorded())
                raise
        self._cloudflare.count(exchange.status, exchange.scope)
        self._recorder.note(exchange.recorded())
        return early

    def _early(self, request: web.BaseRequest, fault: Fault | None, exchange: Exchange) -> web.Response | None:
        """Return the response of Cloudflare or of a fault, if the request does not reach the API."""
        banned = self._cloudflare.banned_for()
        kind = fault.kind if fault is not None else ""
        if banned or kind == "cloudflare":
            return self._page(exchange)
        if kind == "reset":
            exchange.answered = False
            cut(request, reset=True)
            return web.Response()
        if fault is not None and kind == "status":
            exchange.status = fault.code
            exchange.result = {"message": f"{fault.code}: Simulated fault", "code": 0}
            return web.Response(status=fault.code, body=orjson.dumps(exchange.result), headers=_HEADERS)
        return None

    def _page(self, exchange: Exchange) -> web.Response:
        """Return Cloudflare's error page, which lacks Discord's headers."""
        exchange.status, exchange.scope = 429, "cloudflare"
        after = str(ceil(self._cloudflare.banned_for()) or 3600)
        headers = {"Content-Type": "text/html; charset=UTF-8", "Retry-After": after}
        return web.Response(status=429, body=PAGE.encode(), headers=headers)

    def _serve(
        self, request: web.BaseRequest, found: RouteMatch, fault: Fault | None, exchange: Exchange
    ) -> web.Response:
        headers = dict(_HEADERS)
        bucket: Bucket | None = None
        try:
            bot = self._authenticated(request, found)
            exchange.bot_id = bot.id
            if not found.by_token:  # discord-api-docs, topics/rate-limits.mdx: interactions have no global limit
                self._buckets.take_global(bot.id)
            if not found.unlimited:
                bucket = self._buckets.bucket(bot.id, request.method, found.template, found.path)
                exchange.bucket = bucket.name
            if found is _UNKNOWN:
                raise RestRefused.by_status(404, "Not Found")
            if found.handler is None:
                raise RestRefused.by_status(405, "Method Not Allowed")
            if bucket is not None:
                bucket.take()
            if fault is not None and fault.kind == "rate_limited":
                raise Limited(fault.seconds, fault.scope)
            exchange.need_readable()
            answer = found.handler(self._call(request, bot, found, exchange))
        except RestRefused as refused:
            answer = RestAnswer(refused.status, refused.body)
        except Limited as limited:
            answer = RestAnswer(429, limited.body())
            exchange.scope = limited.scope
            headers |= {"Retry-After": str(ceil(limited.retry_after)), "X-RateLimit-Scope": limited.scope}
            if limited.scope == "global":
                headers["X-RateLimit-Global"] = "true"
        if bucket is not None and exchange.scope != "global":
            headers |= bucket.headers()
        exchange.status = answer.status
        exchange.result = answer.body.decode("latin-1") if isinstance(answer.body, bytes) else answer.body
        return self._response(request, answer, headers, fault, exchange)

    def _response(
        self,
        request: web.BaseRequest,
        answer: RestAnswer,
        headers: dict[str, str],
        fault: Fault | None,
        exchange: Exchange,
    ) -> web.Response:
        kind = fault.kind if fault is not None else ""
        if kind == "drop_response":
            exchange.answered = False
            cut(request)
            return web.Response()
        if answer.body is None:
            del headers["Content-Type"]
            return web.Response(status=answer.status, headers=headers)
        headers["Content-Type"] = answer.kind
        raw = answer.body if isinstance(answer.body, bytes) else orjson.dumps(answer.body)
        return web.Response(
            status=answer.status, body=raw[: len(raw) // 2] if kind == "malformed_json" else raw, headers=headers
        )

    def _authenticated(self, request: web.BaseRequest, found: RouteMatch) -> BotAccount:
        if found.by_token:
            return self._bot_of_path(found)
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        bot = self._world.bot_with_token(token) if kind == "Bot" else None
        if bot is None and found.template == _OPEN_TO_ALL:
            return next(iter(self._world.bots.values()))
        if bot is None:
            raise RestRefused.by_status(401, "Unauthorized")
        return bot

    def _bot_of_path(self, found: RouteMatch) -> BotAccount:
        """Return the bot whose interaction or application is in the path; the route itself checks the token."""
        interaction = self._world.interactions.with_token(found.path.get("interaction_token", ""))
        if interaction is not None:
            return interaction.bot
        application = as_whole(found.path.get("webhook_id", ""))
        known = self._world.bots
        return known[application] if application in known else next(iter(known.values()))

    def _call(self, request: web.BaseRequest, bot: BotAccount, found: RouteMatch, exchange: Exchange) -> Call:
        reason = request.headers.get("X-Audit-Log-Reason")
        return Call(
            world=self._world,
            bot=bot,
            path=found.path,
            query=request.query,
            limits=self._limits,
            hidden=self._hidden,
            describe_gateway=self._describe_gateway,
            body=exchange.body,
            files=exchange.files,
            reason=unquote(readable(reason))[:512] if reason else None,
        )


def below_version(path: str) -> str:
    """Return a path without `/api` and version."""
    parts = path.removeprefix("/api").strip("/").split("/")
    if parts and parts[0] in _VERSIONS:
        parts = parts[1:]
    return "/" + "/".join(parts)


def cut(request: web.BaseRequest, *, reset: bool = False) -> None:
    """Abort the connection of a request, with a TCP reset if `reset`."""
    transport = request.transport
    if transport is None:
        return
    if reset and (wire := transport.get_extra_info("socket")) is not None:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
