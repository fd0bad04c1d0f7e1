"""The gateway's core: logins, resumes, and dispatch of events to sessions."""

from __future__ import annotations

import asyncio
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
from steward.sim.gateway.ready import first_events, guild_create
from steward.sim.gateway.session import GatewaySession
from steward.sim.people.bot import BotAccount, make_token
from steward.sim.recorder import GatewayPayload, Identify, Recorder
from steward.sim.world import World

_MAX_GUILDS_A_SHARD = 2500
_BEFORE_LOGIN = (Op.HEARTBEAT, Op.IDENTIFY, Op.RESUME)


def gateway_url(authority: str) -> str:
    """Return the gateway's URL at a host and port. A client is told the one by which it came: it can reach that."""
    return f"ws://{authority}/"


class Hub:
    """All sessions of all bots."""

    def __init__(self, world: World, recorder: Recorder) -> None:
        self.sessions: dict[str, GatewaySession] = {}
        self.connections: set[GatewayConnection] = set()
        self.faults = GatewayFaults()
        self._world = world
        self._limits = world.limits
        self._clock = world.clock
        self._recorder = recorder
        self._logins: dict[int, Logins] = {}
        self._expiries: dict[str, asyncio.TimerHandle] = {}
        self._members = members.MemberRequests(world)

    def logins_of(self, bot: BotAccount) -> Logins:
        """Return the IDENTIFY budget of a bot."""
        return self._logins.setdefault(bot.id, Logins(self._limits))

    def close(self) -> None:
        """Drop all sessions and cancel their timers."""
        for timer in self._expiries.values():
            timer.cancel()
        self._expiries.clear()
        self.sessions.clear()

    async def connect(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, framing: Framing, url: str
    ) -> None:
        """Serve a client on a prepared websocket, which it opened at `url`, until one side closes."""
        connection = GatewayConnection(self, self._world, socket, transport, framing, url)
        self.connections.add(connection)
        await connection.run()

    # Events

    def dispatch(self, event: Event) -> None:
        """Send an event to every session that receives it, subject to faults."""
        self._recorder.dispatched[event.name] += 1
        if self.sessions:
            for due in self.faults.pass_on(event):
                self.send(due)

    def send(self, event: Event) -> None:
        """Send an event to its sessions now."""
        receivers = [session for session in self.sessions.values() if session.receives(event)]
        if not receivers:
            return
        dropped = self.faults.dropped(event.name)
        copies = self.faults.copies()
        whole: bytes | None = None
        for session in receivers:
            if event.name == "GUILD_CREATE" and event.guild is not None:
                body = orjson.dumps(without(guild_create(event.guild, session), dropped))
            elif event.blanked is not None and not session.intents & intents.MESSAGE_CONTENT:
                body = orjson.dumps(without(event.blanked(session.bot), dropped))
            else:
                body = whole = whole if whole is not None else orjson.dumps(without(event.data, dropped))
            for _ in range(copies):
                session.dispatch(event.name, body)

    def dispatch_raw(self, name: str, data: Any) -> None:
        """Send any payload to every session, valid or not."""
        for session in tuple(self.sessions.values()):
            session.dispatch(name, orjson.dumps(data))

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
        mine = sum(guild.shard_of(shards) == shard for guild in self._world.guilds_of(bot))
        checks = (
            (not 0 <= shard < shards, Close.INVALID_SHARD),
            (asked.intents < 0 or asked.intents & ~intents.VALID, Close.INVALID_INTENTS),
            (asked.intents & barred, Close.DISALLOWED_INTENTS),
            (mine > _MAX_GUILDS_A_SHARD, Close.SHARDING_REQUIRED),
        )
        for wrong, code in checks:
            if wrong:
                return code
        logins, now = self.logins_of(bot), self._clock.monotonic()
        if not logins.take(now):
            self._reset_token(bot)
            return Close.AUTHENTICATION_FAILED
        return None if self.faults.takes_identify() and not logins.too_soon(shard, now) else "op 9"

    def _reset_token(self, bot: BotAccount) -> None:
        bot.token = make_token(bot.id, self._world.random)
        for session in [found for found in self.sessions.values() if found.bot is bot]:
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
            limits=self._limits,
            clock=self._clock,
        )
        session.presence = asked.presence
        session.connection, connection.session = connection, session
        self.sessions[session_id] = session
        guilds = [guild for guild in self._world.guilds_of(bot) if session.covers(guild)]
        for name, data in first_events(session, guilds, connection.url):
            session.dispatch(name, orjson.dumps(without(data, self.faults.dropped(name))))

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
        if not session.can_replay_from(seq):
            self.end(session)
            connection.send(Op.INVALID_SESSION, False)
            return
        if (timer := self._expiries.pop(session_id, None)) is not None:
            timer.cancel()
        if session.connection is not None:  # the old socket's end is not yet noticed
            session.connection.session = None
            session.connection.drop()
        session.connection, connection.session = connection, session
        connection.replay(session.replay_from(seq))
        session.dispatch("RESUMED", b'{"_trace":["sim"]}')

    # End of connections and sessions

    def disconnected(self, connection: GatewayConnection, *, ends_session: bool) -> None:
        """Handle a closed socket: its session ends, or waits for a RESUME."""
        self.connections.discard(connection)
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection = connection.session = None
        if session.id not in self.sessions:
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
        self._expiries[session.id] = loop.call_later(self._limits.session_seconds, self.end, session)

    def end(self, session: GatewaySession) -> None:
        """End a session; it cannot be resumed."""
        self.sessions.pop(session.id, None)
        if (timer := self._expiries.pop(session.id, None)) is not None:
            timer.cancel()
