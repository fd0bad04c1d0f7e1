"""
A Discord client that keeps nothing it does not need.

No member cache, no message cache, no chunking, no mentions, the fewest intents: the same memory at 1,000 and at
1,000,000 members. What bots need of an event they take from its raw payload, by `on_gateway`.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import discord
import structlog

from steward.client.bookmark import Session, recall
from steward.client.errors import TryLater, asking
from steward.client.gateway import LONGEST_PAUSE, Gateway
from steward.client.health import GatewayHealth
from steward.client.identify_ledger import IdentifyLedger
from steward.client.missed_events import read_missed_events
from steward.client.rest import Rest
from steward.errors import NeedsOperator
from steward.runtime.backoff import full_jitter
from steward.store import Store

log = structlog.get_logger(__name__)

Sink = Callable[[dict[str, Any]], None]

KEEP_SESSION = 4000
WAIT_AT_MOST_FOR_A_LIMIT = 30.0  # longer waits come back as `TryLater`, and whoever asked decides


class LeanClient(discord.Client):
    """
    discord.py's client, configured lean and kept alive by `Gateway`.

    Args:
        store: where the bookmark of an earlier process is.
        ledger: the durable record of IDENTIFYs.
        health: where the connection's state is written.
        members_intent: ask for the privileged Server Members intent: single joins and leaves need it.
        activity: the presence shown from the first moment.

    """

    def __init__(
        self,
        *,
        store: Store,
        ledger: IdentifyLedger,
        health: GatewayHealth,
        members_intent: bool,
        activity: discord.BaseActivity | None = None,
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice here, so no warning
        super().__init__(
            intents=discord.Intents(guilds=True, moderation=True, members=members_intent),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=WAIT_AT_MOST_FOR_A_LIMIT,
            activity=activity,
        )
        self.rest = Rest(self.http)
        self.health = health
        self._store = store
        self._ledger = ledger
        self._missed: Session | None = None
        self._gateway = Gateway(self, self.rest, ledger, health)
        self._sinks: defaultdict[str, list[Sink]] = defaultdict(list)
        parsers = self._connection.parsers
        for event, parse in parsers.items():
            parsers[event] = self._guarded(event, parse)
        self.on_gateway("READY", lambda _: health.connected())
        self.on_gateway("RESUMED", lambda _: health.connected())

    def on_gateway(self, event: str, sink: Sink) -> None:
        """
        Have `sink` called with the payload of every `event`, at once and in order, before any coroutine runs.

        Args:
            event: Discord's name of it, such as GUILD_MEMBER_ADD.
            sink: takes the payload as Discord sent it; what it raises is logged, and the event passed over.

        """
        self._sinks[event].append(sink)

    def _guarded(self, event: str, parse: Sink) -> Sink:
        """Put the sinks behind one of discord.py's parsers, and both behind a guard."""

        def guarded(data: dict[str, Any]) -> None:
            self.health.dispatched()
            if not self._tell(event, data, parse) and event == "READY":
                raise ValueError("READY cannot be read")  # nothing works without it: the gateway starts anew
            self._tell(event, data, *self._sinks[event])

        return guarded

    def _tell(self, event: str, data: dict[str, Any], *readers: Sink) -> bool:
        """Hand a payload to each reader; one that cannot read it costs that reading, never the process."""
        readable = True
        for reader in readers:
            try:
                reader(data)
            except Exception as error:  # noqa: BLE001 - the dispatch boundary
                readable = False
                self.health.unreadable += 1
                log.error("dispatch_unreadable", dispatch=event, error=f"{type(error).__name__}: {error}")
        return readable

    async def login(self, token: str) -> None:
        """
        Log in over REST, trying again for as long as Discord cannot be reached.

        Raises:
            NeedsOperator: the token is not valid.

        """
        failures = 0
        while True:
            try:
                with asking("log in"):
                    await super().login(token)
            except TryLater as error:
                failures += 1
                pause = max(error.retry_after, full_jitter(failures, cap=LONGEST_PAUSE))
                self.health.lost(f"{error} Trying again in {pause:.0f} s.")
                log.warning("login_failed", reason=str(error), again_in_seconds=round(pause, 1))
                await self.http.close()
                self.http.connector = discord.utils.MISSING  # closed with its session; the next login makes another
                await asyncio.sleep(pause)
            except discord.LoginFailure as error:
                raise NeedsOperator(
                    "Discord does not accept the token.",
                    remedy="Copy it again from the developer portal (Bot > Reset Token) into BOT_TOKEN.",
                ) from error
            else:
                return

    @property
    def place(self) -> Session | None:
        """Where in which session the present event stands: all events before it have been handed to the sinks."""
        return self._missed or self._gateway.place

    async def connect(self, *, reconnect: bool = True) -> None:
        """Read what was missed since the last process, then keep connected until closed; `reconnect` is always on."""
        bookmark = await recall(self._store)
        if bookmark is not None and self.http.token is not None:
            try:
                await read_missed_events(bookmark, self.http.token, self._deliver_missed)
            finally:
                self._missed = None
        await self._gateway.run()

    def _deliver_missed(self, place: Session, event: str, data: dict[str, Any]) -> None:
        self._missed = place
        if event != "READY":
            self._tell(event, data, *self._sinks[event])

    async def close(self) -> None:
        """Disconnect; the session stays for some minutes, for the next process to read what it missed."""
        if self.ws is not None and self.ws.open:  # type: ignore[redundant-expr]
            await self.ws.close(code=KEEP_SESSION)
        await super().close()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Write the IDENTIFY down before it is sent; its spacing has been kept already."""
        await self._ledger.record()
