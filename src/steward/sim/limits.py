"""
Discord's limits as data: documented values, or observed ones where Discord documents none.

Sources: discord-api-docs (topics/rate-limits, events/gateway, resources/message) and, for what is undocumented, the
issue threads #1900, #2208, #1829 (renames) and discord-userdoccers pages/resources/message (old messages).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, inf


@dataclass(frozen=True, slots=True)
class Rate:
    """A number of calls per number of seconds."""

    calls: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.calls} in {self.seconds:g} s"


@dataclass(frozen=True, slots=True)
class Approximation:
    """
    Error of approximate counts.

    Args:
        lag: seconds for which a count is cached before it is refreshed.
        noise: the largest relative error: 0.02 for two percent up or down.

    """

    lag: float = 0.0
    noise: float = 0.0


@dataclass(frozen=True, slots=True)
class LargeBots:
    """
    What differs for a bot in many guilds; `steward.sim.gateway.allowance` has the rules and their sources.

    Args:
        above: a bot in more guilds than this is a large one.
        max_concurrency: at least so many shards may log in at once, and the number of shards must be a multiple (4010).
        identifies: at least so many logins per day; 5 for every 1,000 guilds if that is more.
        requests: at least so many a second to all routes together, where `max_concurrency` is above 1, whatever the
            guilds, and unless `Limits.requests` is given.
        requests_a_key: likewise, for each of the `max_concurrency`.

    """

    above: int = 150_000
    max_concurrency: int = 16
    identifies: int = 2000
    requests: int = 500
    requests_a_key: int = 25


def observed_routes() -> dict[tuple[str, str], Rate]:
    """Return the observed per-route limits, by method and route."""
    return {
        ("GET", "/users/@me/guilds"): Rate(1, 1.0),
        ("GET", "/gateway/bot"): Rate(2, 5.0),
        ("PATCH", "/channels/{channel_id}"): Rate(5, 15.0),
        ("POST", "/channels/{channel_id}/messages"): Rate(5, 5.0),
        ("PATCH", "/channels/{channel_id}/messages/{message_id}"): Rate(5, 5.0),
        ("POST", "/channels/{channel_id}/typing"): Rate(5, 5.0),
    }


@dataclass(frozen=True, slots=True)
class Limits:
    """
    All limits the simulator enforces; times in seconds of its clock.

    Args:
        requests: of one bot to all routes together; None for 50 a second, and more where `max_concurrency` is above 1
            (`large_bots`).
        routes: by method and route; `other_routes` applies to the rest.
        renames: changes of a channel's name or topic; no header reveals this limit.
        reactions: adding and removing reactions in one channel.
        message_deletes: by the greatest age of the message in seconds (docs issue #8330); each a bucket of its own.
        old_message_edits: edits of messages older than `old_message_seconds`, per channel.
        invite_reads: invite lookups; one more triggers Cloudflare's ban (docs issue #7145).
        invalid_requests: 401, 403 and 429 responses per address before Cloudflare bans it.
        cloudflare_seconds: duration of that ban.
        identifies: gateway logins per day; one more resets the bot's token.
        max_concurrency: how many shards may log in within `identify_spacing` seconds.
        large_bots: what differs for bots in many guilds.
        heartbeat_interval: sent in HELLO; a client silent for 1.5 times as long is disconnected.
        heartbeat_latency: delay of an acknowledgement. Must be > 0: discord.py records the time of a heartbeat only
            after sending it, and would misread an earlier acknowledgement.
        sends: payloads per connection that a client may send.
        presence_updates: op 3 per connection; more are dropped silently.
        payload_bytes: maximum size of a client's payload.
        session_seconds: how long a session can be resumed after its connection ended.
        replay_events: events a session stores for RESUME, besides those queued for a connected client. Must exceed
            `queued_events`: a client may leave that many unread, and more happen until it resumes.
        replay_bytes: maximum bytes of all events a session stores; those queued are never dropped.
            GUILD_CREATE and other large ones are stored compressed.
        replay_bytes_together: maximum bytes that all sessions store. Beyond it those end that have waited longest for a
            RESUME; if none waits, the session that stores the most forgets the older half.
        nonce_seconds: how long an enforced nonce is remembered.
        request_bytes: maximum size of a request body.
        file_bytes: maximum size of an uploaded file.
        interaction_answer_seconds: time limit for an interaction's first response.
        interaction_token_seconds: lifetime of its token for follow-ups and edits.
        overdue_event_seconds: delay after which a scheduled event that was not started is cancelled.
        empty_event_seconds: how long an event continues in an empty voice channel.
        kept_messages: messages stored per channel, by people and by bots each
            (`steward.sim.channels.history`).
        kept_file_bytes: bytes of uploaded files stored; the oldest are dropped first.
        queued_events: unread events per gateway connection; one more closes it.
        counts: error of approximate member and presence counts.
        command_creates: new command names per day that a bot may create, globally or per guild (30034).

    """

    requests: Rate | None = None
    routes: Mapping[tuple[str, str], Rate] = field(default_factory=observed_routes)
    other_routes: Rate = Rate(10, 5.0)
    renames: Rate = Rate(2, 600.0)
    reactions: Rate = Rate(1, 0.25)
    message_deletes: tuple[tuple[float, Rate], ...] = (
        (10.0, Rate(5, 1.0)),
        (14 * 86_400.0, Rate(3, 0.333)),
        (inf, Rate(30, 4.0)),
    )
    old_message_edits: Rate = Rate(3, 6.0)
    old_message_seconds: float = 3600.0
    invite_reads: Rate = Rate(250, 600.0)
    invalid_requests: Rate = Rate(10_000, 600.0)
    cloudflare_seconds: float = 86_400.0
    identifies: Rate = Rate(1000, 86_400.0)
    max_concurrency: int = 1
    large_bots: LargeBots = LargeBots()
    identify_spacing: float = 5.0
    heartbeat_interval: float = 41.25
    heartbeat_latency: float = 0.03
    sends: Rate = Rate(120, 60.0)
    presence_updates: Rate = Rate(5, 20.0)
    payload_bytes: int = 4096
    session_seconds: float = 300.0
    replay_events: int = 100_000
    replay_bytes: int = 48 * 1024 * 1024
    replay_bytes_together: int = 256 * 1024 * 1024
    nonce_seconds: float = 300.0
    request_bytes: int = 25 * 1024 * 1024
    file_bytes: int = 10 * 1024 * 1024
    interaction_answer_seconds: float = 3.0
    interaction_token_seconds: float = 900.0
    overdue_event_seconds: float = 4 * 3600.0
    empty_event_seconds: float = 180.0
    kept_messages: int = 5000
    kept_file_bytes: int = 64 * 1024 * 1024
    queued_events: int = 20_000
    counts: Approximation = Approximation()
    command_creates: Rate = Rate(200, 86_400.0)


class RateWindow:
    """Counts calls in fixed windows that start with the first call, as Discord's buckets do."""

    __slots__ = ("_began", "rate", "used")

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.used = 0
        self._began = float("-inf")

    def take(self, now: float) -> bool:
        """Return whether a call at this time is allowed, and count it if so."""
        self._turn(now)
        if self.used >= self.rate.calls:
            return False
        if self.used == 0:
            self._began = now
        self.used += 1
        return True

    def remaining(self, now: float) -> int:
        """Return the calls left in this window."""
        self._turn(now)
        return self.rate.calls - self.used

    def reset_after(self, now: float) -> float:
        """Return seconds until the window ends, rounded up to a millisecond; the full window if none has started."""
        self._turn(now)
        left = self.rate.seconds if self.used == 0 else self._began + self.rate.seconds - now
        return ceil(left * 1000) / 1000

    def _turn(self, now: float) -> None:
        # A microsecond of grace: sums of floats in two processes need not agree to the last bit.
        if self.used and now - self._began >= self.rate.seconds - 1e-6:
            self.used = 0
