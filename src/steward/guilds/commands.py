"""The commands that belong to no bot."""

from __future__ import annotations

from steward.client.interactions import Interactions
from steward.guilds.help import offer_help
from steward.guilds.timezone import TimezoneCommands
from steward.guilds.zones import Zones
from steward.runtime.clock import Clock


def offer_commands(interactions: Interactions, zones: Zones, clock: Clock) -> None:
    """Have `/help` and `/timezone` answered."""
    offer_help(interactions)
    interactions.add(TimezoneCommands(zones, clock))
