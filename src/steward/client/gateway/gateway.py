"""
The gateway connection, kept up for as long as the process lives.

discord.py's own loop (`Client.connect`, 2.7.1) ends the bot when one dispatch cannot be read, when the gateway is
unreachable at the first try, and hammers a gateway that answers every IDENTIFY with INVALID_SESSION. This loop takes
its place. It guarantees:

- the process ends only for what a person must put right (close codes 4010-4014, a third 4004 within an hour), and not
  for that if the bot can do without (`concede`); three refusals of the token take a minute at the least;
- a connection on which a login is not answered within two minutes is given up, and its session with it;
- no IDENTIFY without the ledger's leave; whatever can be resumed is resumed, which costs none;
- after an outage the next try comes within 20 s of the network's return, or within 35 s of a request that hangs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from logging import DEBUG, WARNING
from random import random
from typing import NoReturn

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from steward.client.gateway.frames import Socket
from steward.client.gateway.health import GatewayHealth
from steward.client.gateway.identify_ledger import IdentifyLedger
from steward.client.gateway.missed_events import ResumableSession
from steward.client.gateway.reading_pace import ReadingPace
from steward.client.gateway.token_watch import PAUSE, TRIES, TokenWatch
from steward.client.rest.errors import TOKEN_REFUSED, TOKEN_REMEDY
from steward.client.rest.rest import Rest
from steward.errors import NeedsOperator, StewardError
from steward.runtime.backoff import full_jitter

log = structlog.get_logger(__name__)

OPEN_WITHIN = 60.0
ANSWERED_WITHIN = 120.0  # READY comes within a second; before RESUMED there may be much to be told
LONGEST_PAUSE = 20.0
TOKEN_NOT_TAKEN = 4004
TOKENS_REFUSED, REFUSALS_COUNT_FOR = 3, 3600.0  # by the gateway, within so many seconds: each try costs a login
TOKEN_PAUSE = TRIES * PAUSE / (TOKENS_REFUSED - 1)  # so that it's tried for as long as the token watch says
NOT_FINISHED = 4000  # closed with it, a session can be resumed; with 1000 or 1001 it cannot

FATAL_CLOSES = {
    4004: (TOKEN_REFUSED, TOKEN_REMEDY),
    4010: ("Discord says the shard number isn't valid.", "Check the shard settings."),
    4011: ("This bot is in too many servers for one connection.", "Discord requires sharding from 2,500 servers on."),
    4012: ("Discord no longer speaks this version of the gateway.", "Update Steward."),
    4013: ("Discord doesn't know one of the intents that were requested.", "Update Steward."),
    4014: (
        "Discord doesn't allow this bot the Server Members intent.",
        (
            "Switch it on at discord.com/developers/applications (Bot > Server Members Intent), or set"
            " STEWARD_MEMBERS_INTENT=false to run without single joins and leaves."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a connection ended; `reached` when Discord had answered on it."""

    reason: str
    reached: bool


class Gateway:
    """
    Connects, listens, and connects again.

    Args:
        client: whose `ws` it keeps; discord.py parses and dispatches the events.
        rest: to ask for the gateway's address and the logins left.
        account: names the bot and the Discord it is at.
        before_login: awaited once leave is given, right before the IDENTIFY.
        concede: asked, with the code of a close that would end the bot, whether it does without what was refused.
        pace: kept while reading, for those who have not done with what was read.
        token_watch: told when Discord closes the connection for the token (4004); what it finds is waited for.

    """

    def __init__(
        self,
        client: discord.Client,
        rest: Rest,
        ledger: IdentifyLedger,
        health: GatewayHealth,
        *,
        account: Callable[[], str],
        before_login: Callable[[], Awaitable[None]],
        concede: Callable[[int], bool],
        pace: ReadingPace,
        token_watch: TokenWatch,
    ) -> None:
        self._client = client
        self._rest = rest
        self._ledger = ledger
        self._health = health
        self._account = account
        self._before_login = before_login
        self._concede = concede
        self._pace = pace
        self._token_watch = token_watch
        self._session: ResumableSession | None = None
        self._identified = False
        self._renew = False
        self._tokens_refused: list[float] = []  # when the gateway did so
        self._leaving = False
        self._left = asyncio.Event()

    async def run(self) -> None:
        """
        Keep the connection up until the client is closed, or `leave` is called.

        Raises:
            NeedsOperator: Discord refuses the bot for a reason that only a person can remove.

        """
        try:
            await self._stay_connected()
        finally:
            self._left.set()

    async def _stay_connected(self) -> None:
        unreachable = rejected = 0
        while not self._is_over():
            connections = self._health.connections
            ending = await self._connect_and_listen()
            if self._is_over():
                return
            if self._health.connections > connections:
                unreachable = rejected = 0
            elif ending.reached:
                unreachable, rejected = 0, rejected + 1
            else:
                unreachable += 1
            await self._pause(ending.reason, unreachable, rejected)

    def _is_over(self) -> bool:
        return self._leaving or self._client.is_closed()

    async def _pause(self, reason: str, unreachable: int, rejected: int) -> None:
        """Wait as long as what happened asks for: a cut after success is followed up at once."""
        if unreachable:
            seconds = full_jitter(unreachable, max_delay=LONGEST_PAUSE)
        elif rejected:
            seconds = full_jitter(rejected, base_delay=2.0, max_delay=LONGEST_PAUSE, min_delay=1.0)
        else:
            seconds = random()  # noqa: S311 - a pause
        first = unreachable + rejected <= 1
        log.log(
            WARNING if first else DEBUG,  # one line an outage; the state of things is on the health pages
            "gateway_lost",
            reason=reason,
            again_in_seconds=round(seconds, 1),
            resumes=self._session is not None,
        )
        self._health.lost(f"{reason} Trying again in {seconds:.0f} s.")
        await asyncio.sleep(seconds)

    async def _connect_and_listen(self) -> Ending:
        """Connect, listen until the connection ends, and return how it did."""
        try:
            await self._open()
            await self._listen()
        except ReconnectWebSocket as cut:
            self._session = self.place if cut.resume and not self._renew else None
            self._renew = False
            asked = (
                "The connection to Discord was cut."
                if cut.resume
                else "Discord asked for a new session, or did not answer the login."
            )
            return Ending(asked, reached=True)
        except discord.ConnectionClosed as closed:
            sentence = FATAL_CLOSES.get(closed.code)
            if sentence is not None:
                if not self._concede(closed.code) and not self._comes_back(closed.code):
                    raise NeedsOperator(sentence[0], remedy=sentence[1]) from closed
                self._session = None
                if closed.code == TOKEN_NOT_TAKEN:
                    await self._wait_for_token(sentence[0])
                return Ending(sentence[0], reached=True)
            self._session = self.place
            return Ending(f"Discord closed the connection with code {closed.code}.", reached=True)
        except NeedsOperator:
            raise
        except StewardError as error:
            return Ending(str(error), reached=False)
        except (OSError, aiohttp.ClientError, TimeoutError) as error:
            return Ending(f"Discord's gateway can't be reached ({str(error) or type(error).__name__}).", reached=False)
        except Exception as error:  # noqa: BLE001 - the gateway's boundary: no frame may end the process
            log.error("gateway_frame_unreadable", error=f"{type(error).__name__}: {error}")
            self._session = self.place if self._health.established else None
            if self._client.ws is not None:
                await self._client.ws.close(code=NOT_FINISHED)
            return Ending("Discord sent something that couldn't be read.", reached=True)

    def _comes_back(self, code: int) -> bool:
        """Tell whether a token that was refused is tried again: where REST takes it, the gateway does so soon."""
        if code != TOKEN_NOT_TAKEN:
            return False
        self._token_watch.refused()
        now = self._health.clock.monotonic()
        self._tokens_refused = [at for at in self._tokens_refused if now - at < REFUSALS_COUNT_FOR] + [now]
        return len(self._tokens_refused) < TOKENS_REFUSED

    async def _wait_for_token(self, reason: str) -> None:
        """Wait until REST takes the token; the gateway may take a while longer."""
        self._health.lost(f"{reason} Trying again in {TOKEN_PAUSE:.0f} s.")
        await asyncio.sleep(TOKEN_PAUSE)
        await self._token_watch.settled()

    async def _listen(self) -> NoReturn:
        """
        Take up what Discord sends, for ever.

        Raises:
            ReconnectWebSocket, discord.ConnectionClosed: it ended, or neither READY nor RESUMED has come in time.

        """
        try:
            async with asyncio.timeout(ANSWERED_WITHIN):
                while not self._health.established:
                    await self._read_event()
        except TimeoutError:
            await self._client.ws.close(code=NOT_FINISHED)
            raise ReconnectWebSocket(None, resume=False) from None
        while True:
            await self._read_event()

    async def _read_event(self) -> None:
        """Read an event; those that a RESUME repeats, too, no faster than others do their part."""
        await self._client.ws.poll_event()
        self._health.heard()
        await self._pace.keep()

    async def _open(self) -> None:
        session = self._session
        if session is None:
            self._client.ws = await self._log_in()
        else:
            async with asyncio.timeout(OPEN_WITHIN):
                self._client.ws = await Socket.from_client(
                    self._client,
                    gateway=yarl.URL(session.url),
                    session=session.id,
                    sequence=session.sequence,
                    resume=True,
                )

    async def _log_in(self) -> DiscordWebSocket:
        gateway = await self._rest.gateway()
        await self._wait_for_leave(await self._ledger.wait(gateway))
        await self._before_login()
        await self._ledger.record()
        self._identified = False
        try:
            async with asyncio.timeout(OPEN_WITHIN):
                return await Socket.from_client(self._client, gateway=yarl.URL(gateway.url))
        finally:
            if not self._identified:
                await self._ledger.take_back()

    async def reconnect(self, new_session: bool) -> None:
        """End the connection, so that `run` makes another, which resumes the session or logs in to a new one."""
        self._renew = new_session
        if self._client.ws is not None and self._client.ws.open:  # type: ignore[redundant-expr]
            await self._client.ws.close(code=NOT_FINISHED)

    async def leave(self) -> None:
        """
        End the connection for good, and return once Discord has ended it, too: it has read all that was sent before.

        Cut off with events still on their way, a connection is reset, and Discord may not read what came last.
        """
        self._leaving = True
        await self._client.ws.close(code=NOT_FINISHED)
        await self._left.wait()

    def identifies(self) -> None:
        """Note that the IDENTIFY is being sent: what was recorded for it is spent."""
        self._identified = True

    async def _wait_for_leave(self, seconds: float) -> None:
        if seconds <= 0:
            return
        until = self._health.clock.now() + timedelta(seconds=seconds)
        self._health.lost(f"Waiting until {until:%H:%M:%S} UTC before the next login, to keep within the daily budget.")
        if seconds > LONGEST_PAUSE:
            log.warning("login_waits", seconds=round(seconds), reason="many logins in the last 24 hours")
        await asyncio.sleep(seconds)

    @property
    def place(self) -> ResumableSession | None:
        """Where in which session the reading is; None before the first READY."""
        ws = self._client.ws
        if ws is None or ws.session_id is None or ws.sequence is None:  # type: ignore[redundant-expr]
            return None
        return ResumableSession(ws.session_id, ws.sequence, str(ws.gateway), self._account(), self._health.read_until)

    @property
    def event_key(self) -> str:
        """
        Name the present event by its session and its number there; quicker than `place`, as each event may ask.

        Raises:
            LookupError: there is no session yet.

        """
        ws = self._client.ws
        if ws is None or ws.session_id is None:  # type: ignore[redundant-expr]
            raise LookupError("an event outside of any session")
        return f"{ws.session_id}:{ws.sequence}"
