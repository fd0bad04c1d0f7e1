"""Closes polls in time; one that cannot be closed holds up no other."""

from __future__ import annotations

from functools import partial

from steward.bots.events.polls.store import TOPIC, close_poll, closes_in, overdue
from steward.bots.events.posts.reconciling import Reconciler
from steward.store import Store

LOOK_EVERY = 60.0  # the clock may be set, and another process may have made a poll


class PollCloser:
    """
    Closes the polls.

    Args:
        store: keeps them.

    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._reconciler = Reconciler(
            store,
            topic=TOPIC,
            find=overdue,
            bring=self._close,
            failed="A poll can't be closed",
            next_in=closes_in,
            look_every=LOOK_EVERY,
        )
        self.run = self._reconciler.run

    @property
    def problems(self) -> list[str]:
        """What stands in the way, a sentence each."""
        return list(self._reconciler.problems.values())

    async def _close(self, poll_id: int) -> bool:
        await self._store.write(partial(close_poll, poll_id=poll_id))
        return True
