"""The bots of a running Steward, by their own types."""

from __future__ import annotations

from steward.bots.bets.part import BetsPart
from steward.bots.events.part import EventsPart
from steward.bots.music.part import MusicPart
from steward.bots.stats.part import StatsPart
from steward.running import Steward


def bets_of(steward: Steward) -> BetsPart:
    return steward.bots.part(BetsPart)


def events_of(steward: Steward) -> EventsPart:
    return steward.bots.part(EventsPart)


def music_of(steward: Steward) -> MusicPart:
    return steward.bots.part(MusicPart)


def stats_of(steward: Steward) -> StatsPart:
    return steward.bots.part(StatsPart)
