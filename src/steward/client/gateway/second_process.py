"""
Notices another Steward that runs with the same token: both do everything, each with a database of its own.

Discord tells every process what the bot does, so each hears the deeds of the other. Three signs are sure, and cost no
request:

- a message of ours that carries a nonce of Steward's kind which this process has not sent (docs: Message > "nonce");
- more renames of a channel by us in the audit log than this process has tried;
- an interaction that was answered before our first answer (40060), twice within an hour: once may be chance.

Whichever of the two is quicker may see nothing: then the other says so. A process alone shows none of them. The first
minute is left out: then Discord may still tell of what a process that has just ended did on the same database.
"""

from __future__ import annotations

import re
from collections import Counter

from steward.client.payloads import Payload, snowflake
from steward.runtime.bounded_dict import BoundedDict
from steward.runtime.clock import Clock

SETTLED_AFTER = 60.0
FORGOTTEN_AFTER = 3600.0
REMEMBERED = 4096

CHANNEL_UPDATE = 11  # docs: Audit Log > "Audit Log Events"
ORDINARY_MESSAGE = 0  # docs: Message > "Message Types"
_NONCE = re.compile(r"[0-9a-f]{24}")

PROBLEM = (
    "Another Steward is running with this bot's token, so everything is done twice. Stop one of them, or reset the"
    " token in the Developer Portal (page Bot) and give it to one only."
)


class SecondProcess:
    """Compares what Discord tells of the bot's deeds with what this process did."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._connected_at: float | None = None
        self._seen_at: float | None = None
        self._taken_at: float | None = None
        self._nonces = BoundedDict[str, None](REMEMBERED)
        self._renames: Counter[int] = Counter()  # tried, and not yet seen in the audit log
        self._entries = BoundedDict[int, None](REMEMBERED)

    @property
    def problem(self) -> str | None:
        """A sentence with the remedy while there was a sign within the last hour."""
        recent = self._seen_at is not None and self._clock.monotonic() - self._seen_at <= FORGOTTEN_AFTER
        return PROBLEM if recent else None

    def connected(self) -> None:
        """Note that the gateway is up; only the first time matters."""
        if self._connected_at is None:
            self._connected_at = self._clock.monotonic()

    def sends(self, nonce: str) -> None:
        """Note a message of this process; before it is sent."""
        self._nonces[nonce] = None

    def renames(self, channel_id: int) -> None:
        """Note a try of this process to rename a channel; before it is sent."""
        self._renames[channel_id] += 1

    def message(self, data: Payload, own_id: int) -> None:
        """Look at a message that Discord tells of."""
        nonce = data.get("nonce")
        if data["author"]["id"] != str(own_id) or data.get("webhook_id") or data.get("type") != ORDINARY_MESSAGE:
            return
        if isinstance(nonce, str) and _NONCE.fullmatch(nonce) and nonce not in self._nonces:
            self._saw()

    def audited(self, data: Payload, own_id: int) -> None:
        """Look at an entry of the audit log that Discord tells of."""
        if data.get("user_id") != str(own_id) or data.get("action_type") != CHANNEL_UPDATE:
            return
        changes = data.get("changes")
        if changes and not any(change.get("key") == "name" for change in changes):
            return
        entry, channel_id = snowflake(data["id"]), snowflake(data["target_id"])
        if entry in self._entries:  # told twice
            return
        self._entries[entry] = None
        if self._renames[channel_id] > 0:
            self._renames[channel_id] -= 1
        elif self._is_settled:
            self._saw()
        if not self._renames[channel_id]:
            del self._renames[channel_id]

    def answer_taken(self) -> None:
        """Note an interaction that somebody answered before our first answer."""
        now, before = self._clock.monotonic(), self._taken_at
        if self._is_settled:
            self._taken_at = now
            if before is not None and now - before <= FORGOTTEN_AFTER:
                self._saw()

    @property
    def _is_settled(self) -> bool:
        since = self._connected_at
        return since is not None and self._clock.monotonic() - since >= SETTLED_AFTER

    def _saw(self) -> None:
        if self._is_settled:
            self._seen_at = self._clock.monotonic()
