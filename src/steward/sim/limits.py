"""
Discord's limits as data: real values where they are known, observed ones where Discord does not tell.

Sources: discord-api-docs (topics/rate-limits, events/gateway, resources/message) and, for what is undocumented, the
issue threads #1900, #2208, #1829 (renames) and discord-userdoccers pages/resources/message (old messages).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, inf


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls in so many seconds."""

    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Approximation:
    """
    How far approximate counts are from the truth.

    Args:
        lag: seconds for which a count is told again before it is counted anew.
        noise: the largest deviation, as a share of the count: 0.02 for two percent up or down.

    """

    lag: float = 0.0
    noise: float = 0.0


def observed_routes() -> dict[tuple[str, str], Rate]:
    """Return the limits of the routes for which one has been observed, by method and route."""
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
    Every limit the simulator keeps, in seconds of its clock.

    Args:
        requests: of one bot to all routes together.
        routes: by method and route; `other_routes` holds for the rest.
        renames: changes of a channel's name or topic, a limit that no header tells.
        reactions: changes of reactions in a channel, of whatever kind.
        message_deletes: by the greatest age of the message in seconds (docs issue #8330); each a bucket of its own.
        old_message_edits: edits of messages older than `old_message_seconds`, per channel.
        invite_reads: looks at invites; one more and Cloudflare shuts the address out (docs issue #7145).
        invalid_requests: answers 401, 403 and 429 an address may provoke before Cloudflare shuts it out.
        cloudflare_seconds: how long it stays shut out.
        identifies: logins at the gateway a day; one more resets the bot's token.
        max_concurrency: how many shards may log in within `identify_spacing` seconds.
        heartbeat_interval: what HELLO asks for; a client silent for 1.5 times as long is disconnected.
        heartbeat_latency: how long an acknowledgement takes. Never none: discord.py notes the time of a beat only after
            sending it, and would misread an answer that is quicker than that.
        sends: payloads a client may send on one connection.
        presence_updates: op 3 on one connection; more are dropped without a word.
        payload_bytes: the longest payload a client may send.
        session_seconds: how long a session outlives its connection.
        replay_events: how many events a session keeps for RESUME, beyond those that wait for its client: all that
            `queued_events` lets it leave unread, and what happens until it is back.
        replay_bytes: how many bytes of events, so that member lists do not fill the memory.
        nonce_seconds: how long an enforced nonce is remembered.
        request_bytes: the longest body of a request.
        file_bytes: the largest uploaded file.
        interaction_answer_seconds: how long an interaction waits for its first answer.
        interaction_token_seconds: how long its token is good for follow-ups and edits.
        overdue_event_seconds: how long after its time a scheduled event that has not begun is cancelled.
        empty_event_seconds: how long an event in an empty voice channel goes on.
        kept_messages: how many messages of people, and how many of bots, a channel keeps
            (`steward.sim.channels.history`).
        kept_file_bytes: how many bytes of uploaded files are kept; of more, the oldest go.
        queued_events: how many events may wait for a gateway client that does not read; one more and it is cut off.
        counts: how exact approximate member and presence counts are.
        command_creates: application commands with new names that a bot may make, globally or in one guild (30034).

    """

    requests: Rate = Rate(50, 1.0)
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
    identify_spacing: float = 5.0
    heartbeat_interval: float = 41.25
    heartbeat_latency: float = 0.03
    sends: Rate = Rate(120, 60.0)
    presence_updates: Rate = Rate(5, 20.0)
    payload_bytes: int = 4096
    session_seconds: float = 300.0
    replay_events: int = 100_000
    replay_bytes: int = 48 * 1024 * 1024
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
    """Counts calls in windows that begin with their first call, as Discord's buckets do."""

    __slots__ = ("_began", "rate", "used")

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.used = 0
        self._began = float("-inf")

    def take(self, now: float) -> bool:
        """Count a call at that time and return whether the limit allows it; a refused call is not counted."""
        self._turn(now)
        if self.used >= self.rate.calls:
            return False
        if self.used == 0:
            self._began = now
        self.used += 1
        return True

    def remaining(self, now: float) -> int:
        """Return how many more calls this window allows."""
        self._turn(now)
        return self.rate.calls - self.used

    def reset_after(self, now: float) -> float:
        """Return the seconds until the window ends, rounded up to a millisecond; a full rate when it has not begun."""
        self._turn(now)
        left = self.rate.seconds if self.used == 0 else self._began + self.rate.seconds - now
        return ceil(left * 1000) / 1000

    def _turn(self, now: float) -> None:
        # A microsecond of grace: sums of floats in two processes need not agree to the last bit.
        if self.used and now - self._began >= self.rate.seconds - 1e-6:
            self.used = 0
