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

from steward.client.errors import TryLater, asking
from steward.client.gateway import LONGEST_PAUSE, Gateway
from steward.client.health import GatewayHealth
from steward.client.identify_ledger import IdentifyLedger
from steward.client.rest import Rest
from steward.errors import NeedsOperator
from steward.runtime.backoff import full_jitter

log = structlog.get_logger(__name__)

Sink = Callable[[dict[str, Any]], None]

WAIT_AT_MOST_FOR_A_LIMIT = 30.0  # longer waits come back as `TryLater`, and whoever asked decides


class LeanClient(discord.Client):
    """
    discord.py's client, configured lean and kept alive by `Gateway`.

    Args:
        ledger: the durable record of IDENTIFYs.
        health: where the connection's state is written.
        members_intent: ask for the privileged Server Members intent: single joins and leaves need it.
        activity: the presence shown from the first moment.

    """

    def __init__(
        self,
        *,
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
        self._ledger = ledger
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
        """Wrap one of discord.py's parsers: a payload that cannot be read costs that event, never the process."""
        sinks = self._sinks[event]
        health = self.health

        def guarded(data: dict[str, Any]) -> None:
            health.dispatched()
            try:
                parse(data)
                for sink in sinks:
                    sink(data)
            except Exception as error:
                health.unreadable += 1
                log.error("dispatch_unreadable", dispatch=event, error=f"{type(error).__name__}: {error}")
                if event == "READY":
                    raise  # nothing works without it: the gateway starts anew

        return guarded

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

    async def connect(self, *, reconnect: bool = True) -> None:
        """Keep the gateway connection up until closed; `reconnect` is always on."""
        await self._gateway.run()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Write the IDENTIFY down before it is sent; its spacing has been kept already."""
        await self._ledger.record()
