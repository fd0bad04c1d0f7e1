"""
What a guild is made of, in numbers: roles, channels, boosts.

Kept as numbers, not as lists. They begin with GUILD_CREATE and follow the events; one told twice is known by its id,
which Discord gives once and never again.
"""

from __future__ import annotations

from steward.bots.stats.counts.service import StatsService
from steward.client.payloads import Payload, count, possible_snowflake, records, snowflake
from steward.guilds.owned import OwnedGateway
from steward.runtime.bounded_dict import BoundedDict

CATEGORY = 4
REMEMBERED = 1024  # ids of what was made and removed lately


class Structure:
    """Follows what guilds are made of."""

    def __init__(self, gateway: OwnedGateway, service: StatsService) -> None:
        self._service = service
        self._told = BoundedDict[tuple[str, int], None](REMEMBERED)
        for event, sink in (
            ("GUILD_CREATE", self._created),
            ("GUILD_UPDATE", self._updated),
            ("GUILD_ROLE_CREATE", lambda data: self._role("made", snowflake(data["role"]["id"]), data, 1)),
            ("GUILD_ROLE_DELETE", lambda data: self._role("removed", snowflake(data["role_id"]), data, -1)),
            ("CHANNEL_CREATE", lambda data: self._channel("made", data, 1)),
            ("CHANNEL_DELETE", lambda data: self._channel("removed", data, -1)),
        ):
            gateway.on_gateway(event, sink)

    def _created(self, data: Payload) -> None:
        if data.get("unavailable"):
            return
        guild_id, roles, boosts = snowflake(data["id"]), _roles(data), _boosts(data)
        channels = sum(channel["type"] != CATEGORY for channel in records(data["channels"]))
        stats = self._service.guild(guild_id)
        stats.counts.roles, stats.counts.channels, stats.counts.boosts = roles, channels, boosts
        stats.changed()

    def _updated(self, data: Payload) -> None:
        stats = self._service.guilds.get(snowflake(data["id"]))
        if stats is not None:
            stats.counts.roles, stats.counts.boosts = _roles(data), _boosts(data)
            stats.changed()

    def _role(self, what: str, role_id: int, data: Payload, step: int) -> None:
        stats = self._service.guilds.get(snowflake(data["guild_id"]))
        if stats is not None and stats.counts.roles is not None and not self._is_repeated(what, role_id):
            stats.counts.roles += step
            stats.changed()

    def _channel(self, what: str, data: Payload, step: int) -> None:
        stats = self._service.guilds.get(possible_snowflake(data.get("guild_id")) or 0)
        if stats is None or stats.counts.channels is None or data["type"] == CATEGORY:
            return
        if not self._is_repeated(what, snowflake(data["id"])):
            stats.counts.channels += step
            stats.changed()

    def _is_repeated(self, what: str, one: int) -> bool:
        if (what, one) in self._told:
            return True
        self._told[what, one] = None
        return False


def _roles(guild: Payload) -> int:
    return max(0, len(records(guild["roles"])) - 1)  # without @everyone


def _boosts(guild: Payload) -> int:
    return count(guild.get("premium_subscription_count") or 0)
