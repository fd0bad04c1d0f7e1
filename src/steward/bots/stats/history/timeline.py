"""All that is kept over time, and its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from steward.bots.stats.counts.losses import Losses
from steward.bots.stats.history.activity import Activity
from steward.bots.stats.history.calendar import Calendars
from steward.bots.stats.history.gauges import Gauges
from steward.bots.stats.history.read import StatsHistory
from steward.bots.stats.history.retention import old_numbers
from steward.bots.stats.history.rollup import Rollup
from steward.bots.stats.history.series import Measure
from steward.bots.stats.privacy.personal import forget_member
from steward.bots.stats.setup.guild_settings import GuildSettings
from steward.guilds.privacy.opt_outs import OptOuts
from steward.guilds.retention import Retention
from steward.runtime.clock import Clock
from steward.store import Store
from steward.store.queries.cache import QueryCache


@dataclass(frozen=True, slots=True)
class Timeline:
    """What writes the series, what reads them and what deletes them."""

    store: Store
    gauges: Gauges
    activity: Activity
    rollup: Rollup
    history: StatsHistory
    losses: Losses
    retention: Retention

    async def load(self) -> None:
        """Read what must be known before anything is counted."""
        await self.activity.load()

    async def flush(self) -> None:
        """Return once all that has been told until now is in the tables; see `StatsHistory`."""
        await self.gauges.flush()
        await self.activity.flush()
        await self.rollup.flush()

    async def forget_member(self, guild_id: int, user_id: int) -> None:
        """Forget what is known of a member; see `forget_member`."""
        await self.activity.flush()  # what is being written now would come after the deletion
        self.activity.forget_member(guild_id, user_id)
        await forget_member(self.store, guild_id, user_id)


def make_timeline(
    store: Store,
    queries: QueryCache,
    clock: Clock,
    settings_of: Callable[[int], GuildSettings],
    opt_outs: OptOuts,
    *,
    counted: Callable[[], Sequence[Measure]],
    keep_people: timedelta | None,
) -> Timeline:
    """Put the parts together."""
    calendars = Calendars(lambda guild_id: settings_of(guild_id).zone_info)
    losses, rollup = Losses(store), Rollup(store, calendars)
    return Timeline(
        store,
        Gauges(store, calendars, counted=counted),
        Activity(
            store,
            calendars,
            clock,
            counts_people=lambda guild_id: settings_of(guild_id).count_people,
            opt_outs=opt_outs,
            losses=losses,
        ),
        rollup,
        StatsHistory(store, calendars, queries, clock),
        losses,
        Retention(store, clock, partial(old_numbers, calendars=calendars, keep_people=keep_people), flush=rollup.flush),
    )
