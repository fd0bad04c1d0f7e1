"""
What a guild is made of, in numbers: roles, channels, boosts.

Kept as numbers, not as lists. They begin with GUILD_CREATE and follow the events; one told twice is known by its id,
which Discord gives once and never again.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from steward.bots.stats.service import StatsService
from steward.client.lean import LeanClient

Payload = dict[str, Any]

CATEGORY = 4
REMEMBERED = 1024  # ids of what was made and removed lately


class Structure:
    """
    Follows what guilds are made of.

    Args:
        client: where the events come from.
        service: whose counts are kept right.

    """

    def __init__(self, client: LeanClient, service: StatsService) -> None:
        self._service = service
        self._told: OrderedDict[tuple[str, str], None] = OrderedDict()
        for event, sink in (
            ("GUILD_CREATE", self._created),
            ("GUILD_UPDATE", self._updated),
            ("GUILD_ROLE_CREATE", lambda data: self._role("made", data["role"]["id"], data, 1)),
            ("GUILD_ROLE_DELETE", lambda data: self._role("removed", data["role_id"], data, -1)),
            ("CHANNEL_CREATE", lambda data: self._channel("made", data, 1)),
            ("CHANNEL_DELETE", lambda data: self._channel("removed", data, -1)),
        ):
            client.on_gateway(event, sink)

    def _created(self, data: Payload) -> None:
        if data.get("unavailable"):
            return
        stats = self._service.guild(int(data["id"]))
        counts = stats.counts
        counts.roles = len(data["roles"]) - 1  # without @everyone
        counts.channels = sum(channel["type"] != CATEGORY for channel in data["channels"])
        counts.boosts = data.get("premium_subscription_count") or 0
        stats.changed()

    def _updated(self, data: Payload) -> None:
        stats = self._service.guilds.get(int(data["id"]))
        if stats is not None:
            stats.counts.roles = len(data["roles"]) - 1
            stats.counts.boosts = data.get("premium_subscription_count") or 0
            stats.changed()

    def _role(self, what: str, role_id: str, data: Payload, step: int) -> None:
        stats = self._service.guilds.get(int(data["guild_id"]))
        if stats is not None and stats.counts.roles is not None and not self._is_repeated(what, role_id):
            stats.counts.roles += step
            stats.changed()

    def _channel(self, what: str, data: Payload, step: int) -> None:
        stats = self._service.guilds.get(int(data.get("guild_id") or 0))
        if stats is None or stats.counts.channels is None or data["type"] == CATEGORY:
            return
        if not self._is_repeated(what, data["id"]):
            stats.counts.channels += step
            stats.changed()

    def _is_repeated(self, what: str, one: str) -> bool:
        if (what, one) in self._told:
            return True
        self._told[what, one] = None
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return False
