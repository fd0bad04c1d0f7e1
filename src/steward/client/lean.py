"""
A Discord client that keeps nothing it does not need.

No member cache, no message cache, no chunking, no mentions, the fewest intents: the same memory at 1,000 and at
1,000,000 members. What bots need of an event they take from its raw payload, by `on_gateway`. discord.py itself is
handed only what interactions and the connection stand on: of a guild its name, not its channels, roles and emojis,
of which it would keep 38 KB a guild.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord
import structlog
from discord.http import Route

from steward.client.discord_clock import DiscordClock
from steward.client.gateway.gateway import LONGEST_PAUSE, Gateway
from steward.client.gateway.health import GatewayHealth, QuietWatch
from steward.client.gateway.identify_ledger import IdentifyLedger
from steward.client.gateway.missed_events import KEEP_SESSION, MissedEvents, ResumableSession, recall
from steward.client.gateway.reading_pace import ReadingPace
from steward.client.gateway.second_process import SecondProcess
from steward.client.gateway.token_watch import PAUSE_TO_LOG_IN, TRIES_TO_LOG_IN, TokenWatch
from steward.client.payloads import Unreadable, snowflake
from steward.client.rest.asking import ANSWER_WITHIN, asking
from steward.client.rest.errors import Gone, Refused, TryLater
from steward.client.rest.gate import Gate
from steward.client.rest.request_pace import EditPace, RequestPace
from steward.client.rest.request_times import RequestTimes
from steward.client.rest.rest import GUILDS_A_PAGE, Rest
from steward.client.rest.token_requests import TokenRequests
from steward.errors import NeedsOperator
from steward.runtime.backoff import full_jitter
from steward.runtime.quarantine import Owner
from steward.store import Store

log = structlog.get_logger(__name__)

Sink = Callable[[dict[str, Any]], None]

DISALLOWED_INTENTS = 4014
WITHOUT_MEMBERS = (
    "Discord doesn't allow the Server Members intent: single joins and leaves aren't recorded, and the number of"
    " members is Discord's own. Switch it on at discord.com/developers/applications (Bot > Server Members Intent) and"
    " restart."
)

FOR_DISCORD_PY = frozenset({"READY", "RESUMED", "GUILD_CREATE", "GUILD_DELETE", "INTERACTION_CREATE", "USER_UPDATE"})
KEPT_PER_GUILD = frozenset(
    {
        "channels",
        "emojis",
        "guild_scheduled_events",
        "members",
        "presences",
        "roles",
        "soundboard_sounds",
        "stage_instances",
        "stickers",
        "threads",
        "voice_states",
    }
)
NOTHING_SHOWN: dict[str, Any] = {"attachments": [], "components": [], "embeds": []}
MADE_JUST_NOW = ("INTERACTION_CREATE", "MESSAGE_CREATE")  # their ids say when
REFUSED_WAIT = 60.0
OVERLAP = 5.0
WAIT_AT_MAX_FOR_A_LIMIT = 30.0  # longer waits come back as `TryLater`, and whoever asked decides


@dataclass(frozen=True, slots=True)
class Interruption:
    """A time of which no session has told: events between `began_at` and `ended_at` are lost."""

    began_at: datetime
    ended_at: datetime


class LeanClient(discord.Client):
    """
    discord.py's client, configured lean and kept alive by `Gateway`.

    Should Discord refuse the Server Members intent, it goes on without.

    Args:
        store: where the bookmark of an earlier process is.
        health: where the connection's state is written.
        members_intent: ask for the privileged Server Members intent: single joins and leaves need it.
        activity_intents: ask to be told of messages (not of what they say) and of who is in voice.

    """

    def __init__(
        self,
        *,
        store: Store,
        ledger: IdentifyLedger,
        health: GatewayHealth,
        members_intent: bool,
        activity_intents: bool,
        request_times: RequestTimes | None = None,
        discord_clock: DiscordClock | None = None,
        answer_within: float = ANSWER_WITHIN,
        guilds_a_page: int = GUILDS_A_PAGE,
    ) -> None:
        trace, gate = RequestPace().trace(), Gate(health.clock)
        gate.join(trace)
        if request_times is not None:
            request_times.join(trace)
        if discord_clock is not None:
            discord_clock.join(trace)
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice here, so no warning
        self._asked = discord.Intents(
            guilds=True,
            guild_scheduled_events=True,
            moderation=True,
            members=members_intent,
            guild_messages=activity_intents,
            voice_states=activity_intents,
        )
        super().__init__(
            intents=self._asked,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=WAIT_AT_MAX_FOR_A_LIMIT,
            http_trace=trace,
        )
        self.gate = gate
        self.token_watch = TokenWatch(self.http)
        """Whether Discord still takes the token; its `run` ends in `NeedsOperator` once it does not."""
        self.token_watch.join(trace)
        self.token_requests = TokenRequests(self.http, gate, request_times, discord_clock)
        """What interactions are answered by."""
        self.second = SecondProcess(health.clock)
        """Whether another process runs with the same token."""
        self.rest = Rest(
            self.http,
            gate,
            EditPace(health.clock),
            within=answer_within,
            guilds_a_page=guilds_a_page,
            second=self.second,
        )
        self.health = health
        self.ledger = ledger
        self._store = store
        self.reading_pace = ReadingPace()
        self._missed: MissedEvents | None = None
        self._missed_place: ResumableSession | None = None
        self._gateway = Gateway(
            self,
            self.rest,
            ledger,
            health,
            account=self._account,
            before_login=self._read_missed_events,
            concede=self._concede,
            pace=self.reading_pace,
            token_watch=self.token_watch,
        )
        self.quiet_watch = QuietWatch(health, self._gateway.reconnect)
        self.continues = False
        """Whether the present session goes on where the last process stopped reading: nothing lies between."""
        self._interrupted: list[Callable[[Interruption], None]] = []
        self._sinks: defaultdict[str, list[Sink]] = defaultdict(list)
        self._watch_for_a_second_process()
        if discord_clock is not None:
            for event in MADE_JUST_NOW:
                self._sinks[event].append(discord_clock.saw)
        parsers = self._connection.parsers
        for event, parse in parsers.items():
            parsers[event] = self._guarded(event, parse)

    def _watch_for_a_second_process(self) -> None:
        if self._store.shared:
            return  # others on the same database do their part of the work

        def compared(look: Callable[[dict[str, Any], int], None]) -> Sink:
            def sink(data: dict[str, Any]) -> None:
                if self.user is not None and not self.telling_of_the_past:
                    look(data, self.user.id)

            return sink

        self._sinks["MESSAGE_CREATE"].append(compared(self.second.message))
        self._sinks["GUILD_AUDIT_LOG_ENTRY_CREATE"].append(compared(self.second.audited))

    def _began(self, _: dict[str, Any]) -> None:
        """Begin a new session: what no session has told is lost."""
        now = self.health.clock.now()
        first, missed = self.health.connections == 0, self._missed
        self.continues = first and missed is not None and not missed.over
        if self.continues and missed is not None:
            # What happened just before the new session began may still be on its way in the old one.
            asyncio.get_running_loop().call_later(OVERLAP, self._finish, missed, now)
        elif first:
            self._lost_since(missed.read_until if missed is not None else None, now)
        else:
            self._lost_since(self.health.read_until, now)
        self.second.connected()
        self.health.connected(new_session=True)

    def _finish(self, missed: MissedEvents, began: datetime) -> None:
        if not missed.whole:
            self.continues = False
            self._lost_since(missed.read_until, began)
        missed.stop()

    def _lost_since(self, read_until: datetime | None, now: datetime) -> None:
        if read_until is None or read_until >= now:
            return
        log.warning("events_lost", since=read_until.isoformat(), seconds=round((now - read_until).total_seconds(), 1))
        for sink in self._interrupted:
            sink(Interruption(read_until, now))

    def _concede(self, code: int) -> bool:
        """Do without the privileged intent if it is refused: the next IDENTIFY does not ask for it."""
        if code != DISALLOWED_INTENTS or not self.single_events:
            return False
        self._asked.members = False  # discord.py reads it at each IDENTIFY
        self.health.degraded = WITHOUT_MEMBERS
        log.warning("members_intent_refused", remedy="Switch it on in the Developer Portal and restart.")
        return True

    @property
    def single_events(self) -> bool:
        """Whether joins and leaves are told one by one: the Server Members intent is asked for and not refused."""
        return self._asked.members

    def on_interruption(self, sink: Callable[[Interruption], None]) -> None:
        """
        Have `sink` called whenever events have been lost, with the time that nobody has told of.

        It is called at READY, after READY's own sinks and before the guilds are told; within `OVERLAP` seconds of it
        where an old session was still being read and broke off. What an earlier process has kept is not lost.
        """
        self._interrupted.append(sink)

    def on_gateway(self, event: str, sink: Sink, *, owner: Owner | None = None) -> None:
        """
        Have `sink` called with the payload of every `event`, at once and in order, before any coroutine runs.

        Args:
            event: Discord's name of it, such as GUILD_MEMBER_ADD.
            sink: takes the payload as Discord sent it; what it raises is logged, and the event passed over.
            owner: whose it is; while that is off, the sink isn't called.

        """
        self._sinks[event].append(sink if owner is None else owner.guard(sink))

    def _guarded(self, event: str, parse: Sink) -> Sink:
        """Put the sinks behind one of discord.py's parsers, and both behind a guard."""
        if event == "GUILD_CREATE":
            parse = _without_lists(parse)
        elif event == "INTERACTION_CREATE":
            parse = _without_contents(parse)
        parsers = (parse,) if event in FOR_DISCORD_PY else ()
        sinks, dispatched, tell, is_foreign = self._sinks[event], self.health.dispatched, self._tell, self._is_foreign
        guild_key = "id" if event in {"GUILD_DELETE", "GUILD_UPDATE"} else "guild_id"

        def guarded(data: dict[str, Any]) -> None:
            dispatched()
            told = bool(sinks) and not is_foreign(data, guild_key)
            if parsers and not tell(event, data, parsers) and event == "READY":
                raise ValueError("READY cannot be read")  # nothing works without it: the gateway starts anew
            if told:
                tell(event, data, sinks)

        return guarded

    def _is_foreign(self, data: Any, guild_key: str) -> bool:
        """Tell whether an event is of a guild that the bot isn't in: nothing is to be kept of it."""
        guild_id = data.get(guild_key) if type(data) is dict else None
        try:
            return guild_id is not None and self.get_guild(snowflake(guild_id)) is None
        except Unreadable:
            return False  # the sinks say so

    def _tell(self, event: str, data: dict[str, Any], readers: Iterable[Sink]) -> bool:
        """Hand a payload to each reader; one that cannot read it costs that reading, never the process."""
        readable = True
        for reader in readers:
            try:
                reader(data)
            except Exception as error:  # noqa: BLE001 - the dispatch boundary
                readable = False
                self.health.unreadable += 1
                log.error("dispatch_unreadable", dispatch=event, error=_said(error))
        return readable

    async def login(self, token: str) -> None:
        """
        Log in over REST, trying again for as long as Discord cannot be reached.

        Raises:
            NeedsOperator: the token is not valid: Discord has said so three times within 15 seconds.

        """
        failures = refusals = 0
        while True:
            try:
                async with asking("log in"):
                    await super().login(token)
            except (TryLater, Refused, Gone) as error:
                # A refusal here is no verdict on the bot: it comes from what stands before Discord.
                failures += 1
                least = error.retry_after if isinstance(error, TryLater) else REFUSED_WAIT
                pause = least + full_jitter(
                    failures, base_delay=max(1.0, least / 8), max_delay=max(LONGEST_PAUSE, least / 4)
                )
                self.health.lost(f"{error} Trying again in {pause:.0f} s.")
                log.warning("login_failed", reason=str(error), again_in_seconds=round(pause, 1))
                await self._wait_to_log_in(pause)
            except NeedsOperator as error:
                refusals += 1
                if refusals == TRIES_TO_LOG_IN:
                    raise
                pause = PAUSE_TO_LOG_IN * refusals
                self.health.lost(f"{error} Trying again in {pause:.0f} s.")
                log.warning("login_failed", reason=str(error), again_in_seconds=pause)
                await self._wait_to_log_in(pause)
            else:
                self.token_watch.logged_in()
                return

    async def _wait_to_log_in(self, seconds: float) -> None:
        await self.http.close()
        self.http.connector = discord.utils.MISSING  # closed with its session; the next login makes another
        await asyncio.sleep(seconds)

    @property
    def place(self) -> ResumableSession | None:
        """Where in which session the present event stands: all events before it have been handed to the sinks."""
        return self._missed_place or self._gateway.place

    @property
    def event_key(self) -> str:
        """
        Name the present event by its session and its number there: told again after a resume, it has the same name.

        Raises:
            LookupError: no session is there.

        """
        missed = self._missed_place
        if missed is not None:
            return f"{missed.id}:{missed.sequence}"
        return self._gateway.event_key

    @property
    def telling_of_the_past(self) -> bool:
        """Whether the present event comes from the session of an earlier process."""
        return self._missed_place is not None

    def _account(self) -> str:
        return f"{self.user.id if self.user else 0} at {Route.BASE}"

    async def connect(self, *, reconnect: bool = True) -> None:
        """Keep connected until closed; `reconnect` is always on."""
        self.on_gateway("READY", self._began)
        self.on_gateway("RESUMED", lambda _: self.health.connected())
        try:
            await self._gateway.run()
        finally:
            if self._missed is not None:
                await self._missed.ended()

    async def _read_missed_events(self) -> None:
        """Before the first login of this process, read what the session of the last one still holds."""
        if self.health.connections or self._missed is not None or self.http.token is None:
            return
        bookmark = await recall(self._store, self._account())
        if bookmark is not None:
            self._missed = MissedEvents(
                bookmark, self.http.token, self._deliver_missed, self.health.clock, self.reading_pace
            )
            await self._missed.begin()

    def _deliver_missed(self, place: ResumableSession, event: str, data: dict[str, Any]) -> None:
        self._missed_place = place
        try:
            if event != "READY":
                self._tell(event, data, self._sinks[event])
        finally:
            self._missed_place = None

    async def leave(self) -> None:
        """Disconnect as `close` does, while `connect` runs, and return once Discord has read all that was sent."""
        await self._gateway.leave()

    async def close(self) -> None:
        """Disconnect; the session stays for some minutes, for the next process to read what it missed."""
        if self.ws is not None and self.ws.open:  # type: ignore[redundant-expr]
            await self.ws.close(code=KEEP_SESSION)
        await super().close()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Note that the IDENTIFY goes out; its spacing has been kept already."""
        self._gateway.identifies()


def _said(error: Exception) -> str:
    """Return what is wrong with a payload, without what it says: that may be about people."""
    says_nothing_of_it = isinstance(error, Unreadable | KeyError)
    return f"{type(error).__name__}: {error}" if says_nothing_of_it else type(error).__name__


def _without_lists(parse: Sink) -> Sink:
    """Hand discord.py a guild without what it would keep of it for ever."""

    def parsed(data: dict[str, Any]) -> None:
        parse({name: [] if name in KEPT_PER_GUILD else value for name, value in data.items()})

    return parsed


def _without_contents(parse: Sink) -> Sink:
    """Hand discord.py an interaction without what its message shows, which costs half of all reading of a click."""

    def parsed(data: dict[str, Any]) -> None:
        message = data.get("message")
        parse(data if type(message) is not dict else data | {"message": message | NOTHING_SHOWN})

    return parsed
