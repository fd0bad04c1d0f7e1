"""The gateway's core: logins, resumes, and dispatch of events to sessions."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from aiohttp import web

from steward.sim.events import Event
from steward.sim.gateway import intents, members, requests
from steward.sim.gateway.compression import Framing
from steward.sim.gateway.connection import GatewayConnection, Hangup
from steward.sim.gateway.faults import GatewayFaults, without
from steward.sim.gateway.identify import IdentifyData, resume_data
from steward.sim.gateway.logins import Logins
from steward.sim.gateway.opcodes import Close, Op
from steward.sim.gateway.ready import FirstEvents, guild_create
from steward.sim.gateway.replay import ReplayLog, ReplayMemory
from steward.sim.gateway.session import GatewaySession
from steward.sim.gateway.sessions import Sessions
from steward.sim.people.bot import BotAccount, make_token
from steward.sim.people.user import Json
from steward.sim.recorder import GatewayPayload, Identify, Recorder
from steward.sim.world import World

_MAX_GUILDS_A_SHARD = 2500
_BEFORE_LOGIN = (Op.HEARTBEAT, Op.IDENTIFY, Op.RESUME)


def gateway_url(authority: str) -> str:
    """Return the gateway's URL at a host and port."""
    return f"ws://{authority}/"


def gateway_url_for(request: web.BaseRequest) -> str:
    """Return the gateway's URL at the host and port by which a client came: it can reach that."""
    host = request.host
    if re.search(r":\d+$", host) is None and request.transport is not None:  # eris leaves the port out
        host = f"{host}:{request.transport.get_extra_info('sockname')[1]}"
    return gateway_url(host)


class Hub:
    """All sessions of all bots."""

    def __init__(self, world: World, recorder: Recorder) -> None:
        self.sessions = Sessions()
        self.connections: set[GatewayConnection] = set()
        self.faults = GatewayFaults()
        self._world = world
        self._limits = world.limits
        self._clock = world.clock
        self._recorder = recorder
        self._logins: dict[int, Logins] = {}
        self._expiries: dict[GatewaySession, asyncio.TimerHandle] = {}  # those that have waited longest first
        self._first_events = FirstEvents(self.faults)
        self._memory = ReplayMemory(self._limits.replay_bytes_together, self._make_room)
        self._members = members.MemberRequests(world)

    def logins_of(self, bot: BotAccount) -> Logins:
        """Return the IDENTIFY budget of a bot."""
        return self._logins.setdefault(bot.id, Logins(bot, self._limits))

    def close(self) -> None:
        """Drop all sessions and cancel their timers."""
        self._first_events.close()
        for session in tuple(self.sessions):
            self.end(session)

    async def connect(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, framing: Framing, url: str
    ) -> None:
        """Serve a client on a prepared websocket, which it opened at `url`, until one side closes."""
        self._memory.loop = asyncio.get_running_loop()
        connection = GatewayConnection(self, self._world, socket, transport, framing, url)
        self.connections.add(connection)
        await connection.run()

    # Events

    def dispatch(self, event: Event) -> None:
        """Send an event to every session that receives it, subject to faults."""
        self._recorder.dispatched[event.name] += 1
        if len(self.sessions):
            for due in self.faults.pass_on(event):
                self.send(due)

    def send(self, event: Event) -> None:
        """Send an event to its sessions now."""
        receivers = [session for session in self.sessions.for_guild(event.guild) if session.receives(event)]
        if not receivers:
            return
        dropped = self.faults.dropped(event.name)
        copies = self.faults.copies()
        bodies: dict[str | int, bytes] = {}  # of sessions that receive the same
        for session in receivers:
            key, data = _form(event, session)
            if key not in bodies:
                bodies[key] = orjson.dumps(without(data(), dropped))
            for _ in range(copies):
                session.dispatch(event.name, bodies[key])

    def dispatch_raw(self, name: str, data: Any) -> None:
        """Send any payload to every session, valid or not."""
        body = orjson.dumps(data)
        for session in self.sessions:
            session.dispatch(name, body)

    # Payloads of clients

    def received(self, connection: GatewayConnection, op: Op, data: Any) -> None:
        """Handle a client's payload; `Hangup` if the connection is to be closed."""
        session = connection.session
        bot_id = session.bot.id if session else None
        self._recorder.record_payload(GatewayPayload(self._clock.now(), op, data, bot_id))
        if session is None and op not in _BEFORE_LOGIN:
            raise Hangup(Close.NOT_AUTHENTICATED)
        match op:
            case Op.IDENTIFY:
                self._identify(connection, data)
            case Op.RESUME:
                self._resume(connection, data)
            case Op.PRESENCE_UPDATE if session is not None:
                if not isinstance(data, dict):
                    raise Hangup(Close.DECODE_ERROR)
                if connection.may_update_presence():
                    session.presence = data
            case Op.REQUEST_GUILD_MEMBERS if session is not None:
                self._members.answer(session, data)
            case Op.REQUEST_SOUNDBOARD_SOUNDS | Op.REQUEST_CHANNEL_INFO if session is not None:
                requests.describe_channels(session, self._world, op, data)
            case Op.VOICE_STATE_UPDATE if session is not None:
                requests.update_voice_state(session, self._world, data)
            case Op.HEARTBEAT:
                if session is not None and isinstance(data, int):
                    session.acknowledge(data)
            case _:
                raise Hangup(Close.UNKNOWN_OPCODE)

    def _identify(self, connection: GatewayConnection, data: Any) -> None:
        if connection.session is not None:
            raise Hangup(Close.ALREADY_AUTHENTICATED)
        asked = IdentifyData.read(data)
        bot = self._world.bot_with_token(asked.token)
        if bot is None:
            raise Hangup(Close.AUTHENTICATION_FAILED)
        refused = self._refusal(bot, asked)
        self._recorder.identifies.append(Identify(self._clock.now(), bot.id, asked.intents, asked.shard, refused))
        if isinstance(refused, Close):
            raise Hangup(refused)
        if refused is not None:
            connection.send(Op.INVALID_SESSION, False)
            return
        if asked.compress:
            connection.compress_payloads()
        self._open(connection, bot, asked)

    def _refusal(self, bot: BotAccount, asked: IdentifyData) -> Close | str | None:
        shard, shards = asked.shard
        barred = sum(bit for name, bit in intents.PRIVILEGED.items() if name not in bot.privileged_intents)
        mine = len(bot.guilds.of_shard(shard, shards))
        logins, now = self.logins_of(bot), self._clock.monotonic()
        checks = (
            (not 0 <= shard < shards or shards % logins.allowance.shard_step, Close.INVALID_SHARD),
            (asked.intents < 0 or asked.intents & ~intents.VALID, Close.INVALID_INTENTS),
            (asked.intents & barred, Close.DISALLOWED_INTENTS),
            (mine > _MAX_GUILDS_A_SHARD, Close.SHARDING_REQUIRED),
        )
        for wrong, code in checks:
            if wrong:
                return code
        if not logins.take(now):
            self._reset_token(bot)
            return Close.AUTHENTICATION_FAILED
        return None if self.faults.takes_identify() and not logins.too_soon(shard, now) else "op 9"

    def _reset_token(self, bot: BotAccount) -> None:
        bot.token = make_token(bot.id, self._world.random)
        for session in [found for found in self.sessions if found.bot is bot]:
            connection = session.connection
            self.end(session)
            if connection is not None:
                connection.hang_up(Close.AUTHENTICATION_FAILED)

    def _open(self, connection: GatewayConnection, bot: BotAccount, asked: IdentifyData) -> None:
        session_id = f"{self._world.random.getrandbits(128):032x}"
        session = GatewaySession(
            session_id,
            bot,
            asked.intents,
            asked.shard,
            large_threshold=asked.large_threshold,
            log=ReplayLog(self._limits, self._clock, self._memory),
        )
        session.presence = asked.presence
        session.connection, connection.session = connection, session
        self.sessions.add(session)
        self._first_events.begin(session, bot.guilds.of_shard(*asked.shard), connection.url)

    def _resume(self, connection: GatewayConnection, data: Any) -> None:
        if connection.session is not None:
            raise Hangup(Close.ALREADY_AUTHENTICATED)
        token, session_id, seq = resume_data(data)
        bot = self._world.bot_with_token(token)
        if bot is None:
            raise Hangup(Close.AUTHENTICATION_FAILED)
        self._recorder.resumes.append(GatewayPayload(self._clock.now(), Op.RESUME, data, bot.id))
        session = self.sessions.get(session_id)
        if session is None or session.bot is not bot:
            connection.send(Op.INVALID_SESSION, False)
            return
        if seq > session.seq:
            self.end(session)
            raise Hangup(Close.INVALID_SEQ)
        if not session.log.reaches(seq):
            self.end(session)
            connection.send(Op.INVALID_SESSION, False)
            return
        if (timer := self._expiries.pop(session, None)) is not None:
            timer.cancel()
        if session.connection is not None:  # the old socket's end is not yet noticed
            session.connection.session = None
            session.connection.drop()
        session.connection, connection.session = connection, session
        connection.replay(session.log.after(seq))
        session.dispatch("RESUMED", b'{"_trace":["sim"]}')

    # End of connections and sessions

    def disconnected(self, connection: GatewayConnection, *, ends_session: bool) -> None:
        """Handle a closed socket: its session ends, or waits for a RESUME."""
        self.connections.discard(connection)
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection = connection.session = None
        if session not in self.sessions:
            return
        if ends_session:
            self.end(session)
        else:
            self._await_resume(session)

    def invalidate(self, connection: GatewayConnection, *, resumable: bool) -> None:
        """Send op 9: on the same socket the client may IDENTIFY again, or RESUME if `resumable`."""
        session = connection.session
        connection.invalidate(resumable)
        if session is None:
            return
        session.connection = None
        if resumable:
            self._await_resume(session)
        else:
            self.end(session)

    def _await_resume(self, session: GatewaySession) -> None:
        loop = asyncio.get_running_loop()
        self._expiries[session] = loop.call_later(self._limits.session_seconds, self.end, session)

    def end(self, session: GatewaySession) -> None:
        """End a session; it cannot be resumed."""
        self.sessions.discard(session)
        session.end()
        if (timer := self._expiries.pop(session, None)) is not None:
            timer.cancel()

    def _make_room(self) -> None:
        """End those that have waited longest for a RESUME; if none waits, halve what is stored for the largest."""
        while self._memory.exceeded and self._expiries:
            self.end(next(iter(self._expiries)))
        while self._memory.exceeded:
            largest_first = sorted(self.sessions, key=lambda session: session.log.kept, reverse=True)
            if not any(session.log.halve(session.unsent) for session in largest_first):
                return  # all is unsent


def _form(event: Event, session: GatewaySession) -> tuple[str | int, Callable[[], Json]]:
    """Return the payload of an event for a session, and a key that those have in common who receive the same."""
    if event.name == "GUILD_CREATE" and event.guild is not None:
        return session.id, partial(guild_create, event.guild, session)
    if event.blanked is not None and not session.intents & intents.MESSAGE_CONTENT:
        return session.bot.id, partial(event.blanked, session.bot)
    return "", lambda: event.data
