"""
One guild as it is now: its counts, and the names its counters should have.

Member counts follow joins and leaves from the exact number that comes with each connection. Discord's approximate
number is taken for them only where single events are not told, or where the two have been far apart for three
readings: then events have been lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from steward.bots.stats.counters.counters import Counted, Counter
from steward.bots.stats.counts.facts import BANS, GuildCounts, MemberEvent
from steward.bots.stats.setup.guild_settings import GuildSettings

GAP, MIN_GAP, READINGS = 0.02, 5, 3

Wish = Callable[[int, str, int], None]
"""Takes a channel's id, the name it should have, and the number in it."""


class GuildStats:
    """
    The live numbers of one guild.

    Args:
        single_events: whether joins and leaves are told one by one (the Server Members intent).

    Attributes:
        moves: how many joins and leaves have been counted.
        put_right: whether the number of members has since been taken over without having been told of each: who of
            them is a bot is to be counted anew, and whoever does that takes this back.

    """

    __slots__ = ("_far_apart", "_labels", "_single_events", "_wish", "counts", "moves", "put_right", "settings")

    def __init__(
        self, guild_id: int, settings: GuildSettings, wish: Wish, *, single_events: Callable[[], bool]
    ) -> None:
        self.counts = GuildCounts(guild_id)
        self.settings = settings
        self._wish = wish
        self._single_events = single_events
        self._labels: dict[int, str] = {}
        self._far_apart = 0
        self.moves = 0
        self.put_right = False

    @property
    def counters(self) -> tuple[Counter, ...]:
        """The channels that show a number."""
        return self.settings.counters

    def configure(self, settings: GuildSettings) -> None:
        self.settings = settings
        self.counts.goal = settings.goal.members if settings.goal is not None else None
        self.changed()

    def seen(self, name: str, members: int, channels: Mapping[int, str]) -> None:
        """Take over the guild as Discord describes it at connection: its exact count and its channels' names."""
        self.counts.name = name
        self._put_right(members)
        for counter in self.counters:
            if counter.channel_id in channels:
                self._labels[counter.channel_id] = counter.label_in(channels[counter.channel_id])
        self.changed()

    def renamed(self, channel_id: int, name: str) -> None:
        """Follow an administrator who gives an adopted counter another label."""
        for counter in self.counters:
            if counter.channel_id == channel_id:
                self._labels[channel_id] = counter.label_in(name)
                self.changed()

    def polled(self, members: int, online: int) -> None:
        """Take over Discord's approximate counts."""
        counts = self.counts
        counts.online = online
        exact = counts.members if self._single_events() else None
        far = exact is not None and abs(members - exact) > max(MIN_GAP, exact * GAP)
        self._far_apart = self._far_apart + 1 if far else 0
        if exact is None or self._far_apart >= READINGS:
            self._put_right(members)
        self.changed()

    def _put_right(self, members: int) -> None:
        counts = self.counts
        self._far_apart = 0
        if counts.members is None:
            counts.members = members
        elif counts.members != members:
            counts.members = members
            self.put_right = True
            if counts.bots is not None:
                counts.humans = max(0, members - counts.bots)

    def count(self, event: MemberEvent) -> None:
        """Move the counts by one event; what the counters should show is for `changed`, once for many events."""
        counts, step = self.counts, event.kind.step
        if event.kind in BANS:
            if counts.bans is not None:
                counts.bans += step
        elif step:
            self.moves += 1
            if counts.members is not None:
                counts.members += step
            if event.bot and counts.bots is not None:
                counts.bots += step
            elif event.bot is False and counts.humans is not None:
                counts.humans += step

    def turn_to(self, now: datetime, *, shown: bool = False) -> None:
        """Look at the date, where a counter shows it or will."""
        if shown or any(counter.counted is Counted.DATE for counter in self.counters):
            today = now.astimezone(self.settings.zone_info).date()
            if today != self.counts.today:
                self.counts.today = today
                self.changed()

    def name_of(self, counter: Counter) -> str | None:
        """Return the name that a counter's channel should have; None while the number is unknown."""
        return counter.name(self.counts, self._labels.get(counter.channel_id, ""))

    def changed(self) -> None:
        """Wish anew for the counters' names: a count has changed."""
        for counter in self.counters:
            value = counter.value(self.counts)
            name = self.name_of(counter)
            if name is not None and value is not None:
                self._wish(counter.channel_id, name, value)
