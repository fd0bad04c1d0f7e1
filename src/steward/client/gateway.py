"""
The gateway connection, kept up for as long as the process lives.

discord.py's own loop (`Client.connect`, 2.7.1) ends the bot when one dispatch cannot be read, when the gateway is
unreachable at the first try, and hammers a gateway that answers every IDENTIFY with INVALID_SESSION. This loop takes
its place. It guarantees:

- the process ends only for what a person must put right (close codes 4004, 4010-4014, a token refused over REST);
- no IDENTIFY without the ledger's leave; whatever can be resumed is resumed, which costs none;
- after an outage the next try comes within 20 s of the network's return.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import random

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from steward.client.errors import TryLater
from steward.client.health import GatewayHealth
from steward.client.identify_ledger import IdentifyLedger
from steward.client.rest import Rest
from steward.errors import NeedsOperator
from steward.runtime.backoff import full_jitter

log = structlog.get_logger(__name__)

OPEN_WITHIN = 60.0
LONGEST_PAUSE = 20.0

FATAL_CLOSES = {
    4004: (
        "Discord does not accept the token.",
        "Copy it again from the developer portal (Bot > Reset Token) into BOT_TOKEN.",
    ),
    4010: ("Discord says the shard number is not valid.", "Check the shard settings."),
    4011: ("This bot is in too many guilds for one connection.", "Discord requires sharding from 2,500 guilds on."),
    4012: ("Discord no longer speaks this version of the gateway.", "Update Steward."),
    4013: ("Discord does not know one of the intents asked for.", "Update Steward."),
    4014: (
        "Discord refuses the Server Members intent to this bot.",
        (
            "Switch it on at discord.com/developers/applications (Bot > Server Members Intent), or set"
            " STEWARD_MEMBERS_INTENT=false to run without single joins and leaves."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Session:
    """What RESUME needs: the session, the last event received in it, and where to resume."""

    id: str
    sequence: int
    url: str


class Gateway:
    """
    Connects, listens, and connects again.

    Args:
        client: whose `ws` it keeps; discord.py parses and dispatches the events.
        rest: to ask for the gateway's address and the logins left.
        ledger: asked before every IDENTIFY.
        health: told what is going on.
        random: a source of numbers in [0, 1), to spread waits.

    """

    def __init__(
        self,
        client: discord.Client,
        rest: Rest,
        ledger: IdentifyLedger,
        health: GatewayHealth,
        *,
        random: Callable[[], float] = random,
    ) -> None:
        self._client = client
        self._rest = rest
        self._ledger = ledger
        self._health = health
        self._random = random
        self._session: Session | None = None

    async def run(self) -> None:
        """
        Keep the connection up until the client is closed.

        Raises:
            NeedsOperator: Discord refuses the bot for a reason that only a person can remove.

        """
        failures = 0
        while not self._client.is_closed():
            connections = self._health.connections
            reason = await self._connect_and_listen()
            if self._client.is_closed():
                return
            failures = 0 if self._health.connections > connections else failures + 1
            pause = full_jitter(failures, cap=LONGEST_PAUSE, random=self._random) if failures else self._random()
            self._health.lost(f"{reason} Trying again in {pause:.0f} s.")
            log.warning("gateway_lost", reason=reason, again_in_seconds=round(pause, 1), resumes=bool(self._session))
            await asyncio.sleep(pause)

    async def _connect_and_listen(self) -> str:
        """Return why the connection ended."""
        try:
            await self._open()
            while True:
                await self._client.ws.poll_event()
                self._health.heard()
        except ReconnectWebSocket as cut:
            self._session = self._current_session() if cut.resume else None
            return "Discord asked for a new session." if not cut.resume else "The connection to Discord was cut."
        except discord.ConnectionClosed as closed:
            sentence = FATAL_CLOSES.get(closed.code)
            if sentence is not None:
                raise NeedsOperator(sentence[0], remedy=sentence[1]) from closed
            self._session = self._current_session()
            return f"Discord closed the connection with code {closed.code}."
        except (TryLater, OSError, aiohttp.ClientError, TimeoutError) as error:
            return f"Discord's gateway cannot be reached ({error or type(error).__name__})."
        except NeedsOperator:
            raise
        except Exception as error:  # noqa: BLE001 - the gateway's boundary: no frame may end the process
            log.error("gateway_frame_unreadable", error=f"{type(error).__name__}: {error}")
            self._session = self._current_session() if self._health.established else None
            await self._client.ws.close(code=4000)
            return "Discord sent something that could not be read."

    async def _open(self) -> None:
        session = self._session
        if session is None:
            gateway = await self._rest.gateway()
            await self._wait_for_leave(await self._ledger.wait(gateway))
            connecting = DiscordWebSocket.from_client(self._client, gateway=yarl.URL(gateway.url), shard_id=None)
        else:
            connecting = DiscordWebSocket.from_client(
                self._client,
                gateway=yarl.URL(session.url),
                session=session.id,
                sequence=session.sequence,
                resume=True,
            )
        self._client.ws = await asyncio.wait_for(connecting, OPEN_WITHIN)

    async def _wait_for_leave(self, seconds: float) -> None:
        if seconds <= 0:
            return
        self._health.lost(f"Waiting {seconds:.0f} s before the next login, to keep within Discord's daily budget.")
        if seconds > LONGEST_PAUSE:
            log.warning("login_waits", seconds=round(seconds), reason="many logins in the last 24 hours")
        await asyncio.sleep(seconds)

    def _current_session(self) -> Session | None:
        ws = self._client.ws
        if ws is None or ws.session_id is None or ws.sequence is None:  # type: ignore[redundant-expr]
            return None
        return Session(ws.session_id, ws.sequence, str(ws.gateway))
