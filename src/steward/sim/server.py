"""The simulator: one Discord on a loopback port."""

from __future__ import annotations

import asyncio
from random import Random
from types import TracebackType
from typing import Self

from aiohttp import web

from steward.runtime.clock import Clock
from steward.sim.bot import PRIVILEGED_INTENTS, Bot
from steward.sim.events import Event
from steward.sim.faults import Faults
from steward.sim.gateway.compression import Framing, UnsupportedFraming, framing_for
from steward.sim.gateway.connection import Connection
from steward.sim.gateway.faults import GatewayFaults
from steward.sim.gateway.hub import Hub
from steward.sim.gateway.opcodes import Close
from steward.sim.gateway.session import Session
from steward.sim.guild import DEFAULT_BOT_PERMISSIONS, Guild
from steward.sim.limits import Limits
from steward.sim.recorder import Recorder
from steward.sim.rest.api import Api
from steward.sim.rest.call import Upload
from steward.sim.rest.hidden import HiddenLimits
from steward.sim.world import World

_HOST = "127.0.0.1"


class Simulator:
    """
    A Discord of one's own: REST v10 and the gateway on loopback.

    Use as `async with Simulator(clock=clock) as sim`; make guilds in it, point a client at `sim.api_url` with
    `sim.bot.token`, and act out a story with the guilds' members.

    Args:
        clock: its time; on an accelerated loop, that loop's clock.
        seed: of everything random in it: the same seed, the same tokens and ids at the same time.
        port: to listen on; 0 for a free one.
        limits: what it enforces.

    """

    def __init__(self, *, clock: Clock, seed: int = 1, port: int = 0, limits: Limits | None = None) -> None:
        self.limits = limits if limits is not None else Limits()
        self.recorder = Recorder()
        self._clock = clock
        self._port = port
        self._gateway_faults = GatewayFaults()
        self.faults = Faults(self._gateway_faults)
        random = Random(seed)  # noqa: S311 - repeatable on purpose
        self.world = World(clock, random, self._emit, self.limits)
        self._hub = Hub(
            self.world,
            limits=self.limits,
            clock=clock,
            random=random,
            recorder=self.recorder,
            faults=self._gateway_faults,
            address=lambda: self.gateway_url,
        )
        self.faults.attach(self._hub)
        self.hidden = HiddenLimits(self.limits, clock)
        self._files: dict[str, Upload] = {}
        self._api = Api(
            self.world,
            limits=self.limits,
            hidden=self.hidden,
            clock=clock,
            recorder=self.recorder,
            faults=self.faults,
            describe_gateway=self._describe_gateway,
            keep_file=self._keep_file,
        )
        self._server: web.Server | None = None
        self._listener: asyncio.Server | None = None
        self.bot = self.add_bot("Steward")

    # The world

    def add_bot(self, name: str, privileged_intents: set[str] | frozenset[str] = PRIVILEGED_INTENTS) -> Bot:
        """
        Make a bot account; `privileged_intents` are those switched on in its portal.

        Raises:
            ValueError: one of them is none of `members`, `presences`, `message_content`.

        """
        return self.world.add_bot(name, frozenset(privileged_intents))

    def add_guild(
        self,
        name: str,
        *,
        members: int = 10,
        online: int = 0,
        bans: int = 0,
        bot: Bot | None = None,
        permissions: tuple[str, ...] = DEFAULT_BOT_PERMISSIONS,
    ) -> Guild:
        """
        Make a guild.

        Args:
            name: its name.
            members: how many members it has, its owner and the bot among them.
            online: how many of them are online.
            bans: how many users are banned.
            bot: the bot in it; by default the first.
            permissions: what the bot's role grants.

        Raises:
            ValueError: the numbers cannot be.

        """
        return self.world.add_guild(
            name, bot or self.bot, members=members, online=online, bans=bans, permissions=permissions
        )

    # Where it is

    @property
    def port(self) -> int:
        """The port it listens on; 0 before it has one."""
        return self._port

    @property
    def api_url(self) -> str:
        """The base of REST calls."""
        return f"http://{_HOST}:{self._port}/api/v10"

    @property
    def gateway_url(self) -> str:
        """The address of the gateway."""
        return f"ws://{_HOST}:{self._port}/"

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The gateway sessions that are connected or may still be resumed."""
        return tuple(self._hub.sessions.values())

    def describe(self) -> str:
        """Return a few lines for somebody who wants to point a bot at it."""
        guilds = "\n".join(
            f"  {guild.id}  {guild.name}: {guild.member_count:,} members, {guild.online_count:,} online, "
            f"{guild.ban_count:,} bans"
            for guild in self.world.guilds.values()
        )
        channels = "\n".join(
            f"  {channel.id}  {channel.name}"
            for guild in self.world.guilds.values()
            for channel in guild.channels.values()
        )
        return (
            f"REST     {self.api_url}\nGateway  {self.gateway_url}\nToken    {self.bot.token}\n"
            f"Guilds\n{guilds or '  none'}\nChannels\n{channels or '  none'}"
        )

    # Listening

    async def start_listening(self) -> None:
        """Open the port, the same as before; nothing happens when it is open."""
        if self._listener is not None:
            return
        loop = asyncio.get_running_loop()
        self._server = web.Server(self._answer, access_log=None)
        self._listener = await loop.create_server(self._server, _HOST, self._port, reuse_address=True)
        self._port = self._listener.sockets[0].getsockname()[1]

    async def stop_listening(self) -> None:
        """Close the port and cut every connection: the network is gone. Sessions wait to be resumed."""
        if self._listener is None or self._server is None:
            return
        listener, server = self._listener, self._server
        self._listener = self._server = None
        listener.close()
        for connection in server.connections:
            if connection.transport is not None:
                connection.transport.abort()
        await server.shutdown(0.1)
        await listener.wait_closed()

    async def __aenter__(self) -> Self:
        await self.start_listening()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop_listening()
        self._hub.close()

    # Answering

    def _emit(self, event: Event) -> None:
        self._hub.dispatch(event)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._converse(request)
        if request.path.startswith("/api"):
            return await self._api.answer(request)
        if (file := self._files.get(request.path)) is not None:
            return web.Response(body=file.content, headers={"Content-Type": file.kind})
        return web.Response(status=404, text="The simulator serves /api/v10, the gateway and uploaded files.")

    async def _converse(self, request: web.BaseRequest) -> web.StreamResponse:
        socket = web.WebSocketResponse(timeout=5.0, compress=False, max_msg_size=1 << 20)
        await socket.prepare(request)
        query = request.query
        try:
            framing: Framing = framing_for(query.get("encoding", "json"), query.get("compress"))
        except UnsupportedFraming as error:
            await socket.close(code=Close.DECODE_ERROR, message=str(error).encode()[:120])
            return socket
        if query.get("v", "10") not in ("9", "10"):
            await socket.close(code=Close.INVALID_API_VERSION, message=b"Invalid API version.")
            return socket
        connection = Connection(
            self._hub,
            socket,
            request.transport,
            framing,
            limits=self.limits,
            faults=self._gateway_faults,
            clock=self._clock,
        )
        self._hub.connections.add(connection)
        await connection.run()
        return socket

    def _describe_gateway(self, bot: Bot) -> tuple[str, dict[str, int]]:
        return self.gateway_url, self._hub.logins_of(bot).payload(self._clock.monotonic())

    def _keep_file(self, file_id: int, name: str, file: Upload) -> str:
        path = f"/attachments/{file_id}/{name}"
        self._files[path] = file
        return f"http://{_HOST}:{self._port}{path}"
