"""A poll in the making: the times as they were typed, until it is clear what each of them means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from steward.bots.events.model.details import BadEvent, Details
from steward.bots.events.polls.poll import Poll, PollTime
from steward.client.embeds import plain
from steward.client.panels.drafts import Drafts
from steward.client.panels.typed_times import TypedTime
from steward.store import instant_of

FEWEST_TIMES, MAX_TIMES = 2, 10
OPEN_FOR = timedelta(days=3)
LONGEST_OPEN = timedelta(days=30)
HOUR = 60
HOW = "Write two to ten times, such as `fri 20:00; sat 18:00; sun 11:00`."


@dataclass(frozen=True, slots=True)
class PollDraft:
    """
    A poll in the making.

    Attributes:
        id: of the command that began it; it becomes the poll's, so that it is made once.
        minutes: how long the event takes; None where the option was left out.
        closes: when it closes; None where the option was left out.

    """

    id: int
    channel_id: int
    zone: ZoneInfo
    title: str
    minutes: int | None
    times: tuple[TypedTime, ...]
    closes: TypedTime | None = None

    @property
    def doubt(self) -> int | None:
        """The number of the first time with more than one reading, `closes` coming last; None where all is clear."""
        return next((number for number, typed in enumerate(self._typed()) if not typed.is_clear), None)

    def doubted(self, number: int) -> TypedTime:
        """Return a time by its number."""
        return list(self._typed())[number]

    def meaning(self, number: int, reading: int) -> PollDraft:
        """Return the draft with one reading of a time chosen."""
        clear = self.doubted(number).meaning(reading)
        if number == len(self.times):
            return replace(self, closes=clear)
        return replace(self, times=(*self.times[:number], clear, *self.times[number + 1 :]))

    def _typed(self) -> Iterator[TypedTime]:
        yield from self.times
        if self.closes is not None:
            yield self.closes

    @property
    def length(self) -> int:
        """
        The minutes that the event takes: as the option says, else as the times say, else an hour.

        Raises `BadEvent` if the times say different lengths.
        """
        worded = self._worded_lengths()
        if self.minutes is None and len(worded) > 1:
            raise BadEvent(
                "Your times have different lengths, and a poll is about one event.",
                remedy="Write only when each starts, and how long it takes in `length`.",
            )
        return self.minutes or min(worded, default=HOUR)

    @property
    def overrules(self) -> bool:
        """Whether `length` says something else than the times do."""
        return self.minutes is not None and bool(self._worded_lengths() - {self.minutes})

    def _worded_lengths(self) -> set[int]:
        return {typed.readings[0].minutes for typed in self.times if typed.readings[0].minutes is not None}

    def poll(self, guild_id: int, organiser_id: int, now: datetime) -> Poll:
        """Return the poll that it becomes; raises `BadEvent` if it cannot be so."""
        details = Details(self.title, minutes=self.length).checked()
        walls: dict[datetime, datetime] = {}
        for typed in self.times:
            starts_at = instant_of(typed.readings[0].start, self.zone)
            if starts_at <= now:
                raise BadEvent(f"“{plain(typed.text)}” has passed.", remedy="Choose a later time.")
            walls.setdefault(starts_at, typed.readings[0].start)
        if len(walls) < FEWEST_TIMES:
            raise BadEvent("Those are all the same time.", remedy=HOW)
        times = [PollTime(number, walls[starts_at], starts_at) for number, starts_at in enumerate(sorted(walls), 1)]
        closes_at = self._closes_at(now, times)
        return Poll(
            self.id,
            guild_id,
            self.channel_id,
            organiser_id,
            self.zone,
            details.title,
            details.minutes,
            closes_at,
            times,
        )

    def _closes_at(self, now: datetime, times: list[PollTime]) -> datetime:
        if self.closes is None:
            return min(now + OPEN_FOR, times[0].starts_at)
        closes_at = instant_of(self.closes.readings[0].start, self.zone)
        if closes_at <= now:
            raise BadEvent(
                f"The poll would be closed already: “{plain(self.closes.text)}” has passed.",
                remedy="Start it again with a later `closes`.",
            )
        if closes_at > times[-1].starts_at:
            raise BadEvent("The poll would still be open after its last time.", remedy="Let it close earlier.")
        if closes_at > now + LONGEST_OPEN:
            raise BadEvent(f"A poll is open for up to {LONGEST_OPEN.days} days.", remedy="Let it close earlier.")
        return closes_at


POLL_DRAFTS = Drafts(PollDraft, "events.draft.poll.")
