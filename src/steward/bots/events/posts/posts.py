"""Keeps each post as it should be: the newest state only, at most one edit a second a post."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from steward.bots.events.model.details import BadEvent
from steward.bots.events.posts.reconciling import Reconciler
from steward.client.rest.errors import Gone, Refused
from steward.client.rest.rest import Rest
from steward.errors import StewardError
from steward.store import Store, Transaction
from steward.store.outbox import outbox

EDIT_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Post:
    """
    A post, and how far it is what it should be.

    Attributes:
        key: of its message in the outbox.
        revision: of what it should show.
        shown: the revision that it does show; below 0 before it was put up.
        content: what it should show.
        missed: what is said once somebody has deleted it; None where nobody misses it any more.

    """

    key: str
    channel_id: int
    message_id: int | None
    revision: int
    shown: int
    content: dict[str, Any]
    missed: str | None


@dataclass(frozen=True, slots=True)
class PostTable:
    """
    Where posts of a kind are kept, each by its number.

    Attributes:
        stale: reads those that do not show what they should, or are not known by their message.
        channel_of: reads the channel of one; posts of a channel are edited one after the other.
        read: reads one; raises `BadEvent` where it is not there any more.
        set_message: notes which message is the post; None for none any more.
        set_shown: notes which revision it shows; returns False if another process has shown a newer one meanwhile.
        topic: announced when there is more to show; None where `Posts.changed` tells of it.

    """

    stale: Callable[[Transaction], Sequence[int]]
    channel_of: Callable[[Transaction, int], int | None]
    read: Callable[[Transaction, int], Post]
    set_message: Callable[[Transaction, int, int | None], None]
    set_shown: Callable[[Transaction, int, int], bool]
    topic: str | None = None


class Posts:
    """
    Brings posts of a kind to what they should show.

    Args:
        store: knows what each should show, and what it shows.
        rest: Discord.
        table: where they are kept.
        said: says why Discord refuses the post of a number; None for Discord's own words.

    """

    def __init__(
        self,
        store: Store,
        rest: Rest,
        table: PostTable,
        said: Callable[[int, Refused], Awaitable[str]] | None = None,
    ) -> None:
        self._store = store
        self._rest = rest
        self._table = table
        self._doubted: set[int] = set()
        self._missed: dict[int, str] = {}
        self._reconciler = Reconciler(
            store,
            find=table.stale,
            bring=self._bring,
            said=said,
            lane=table.channel_of,
            topic=table.topic,
            pause=EDIT_EVERY,
        )
        self.run = self._reconciler.run
        self.changed = self._reconciler.changed

    @property
    def problems(self) -> list[str]:
        """What stands in the way of a post, a sentence each."""
        return [*self._reconciler.problems.values(), *self._missed.values()]

    def refresh(self, number: int) -> None:
        """Edit a post even if it is thought to show the newest."""
        self._doubted.add(number)
        self.changed(number)

    def put_up_anew(self, number: int) -> None:
        """Edit a post that is another message now, whatever was said of the one before."""
        self._missed.pop(number, None)
        self._reconciler.problems.pop(number, None)
        self._reconciler.free(number)
        self.refresh(number)

    async def is_there(self, number: int) -> bool:
        """
        Return whether Discord still has a post, which is brought up to date by the way.

        Raises:
            BadEvent: there is nothing of that number.
            Refused, TryLater: Discord does not say.

        """
        post = await self._store.read(partial(self._read, number=number))
        if post.message_id is None:
            post, _ = await self._store.write(partial(self._learn, number=number))
        if post.message_id is None:
            return False
        try:
            await self._rest.edit_message(post.channel_id, post.message_id, post.content)
        except Gone:
            return False
        return True

    async def _bring(self, number: int) -> bool:
        try:
            post = await self._store.read(partial(self._read, number=number))
        except BadEvent:  # it is not there any more
            self._doubted.discard(number)
            return True
        if post.missed is None:
            self._missed.pop(number, None)
        if post.shown < 0:  # it was never put up
            return True
        waits = False
        if post.message_id is None:
            post, waits = await self._store.write(partial(self._learn, number=number))
        if post.message_id is None:
            return not waits
        if post.shown < post.revision or number in self._doubted:
            await self._edit(number, post, post.message_id)
        return True

    async def _edit(self, number: int, post: Post, message_id: int) -> None:
        self._doubted.discard(number)
        try:
            await self._rest.edit_message(post.channel_id, message_id, post.content)
        except Gone:
            if post.missed is not None:
                self._missed[number] = post.missed
            await self._store.write(lambda tx: self._table.set_message(tx, number, None))
        except StewardError:
            self._doubted.add(number)
            raise
        else:
            self._missed.pop(number, None)
        if not await self._store.write(lambda tx: self._table.set_shown(tx, number, post.revision)):
            self.refresh(number)  # which of the two edits came last, nobody knows

    def _read(self, tx: Transaction, number: int) -> Post:
        return self._table.read(tx, number)

    def _learn(self, tx: Transaction, number: int) -> tuple[Post, bool]:
        """Keep which message is a post, once it is sent; return the post, and whether it still waits to be sent."""
        post = self._table.read(tx, number)
        waits = outbox.is_waiting(tx, post.key)  # first: it may be sent now
        message_id = outbox.sent_id(tx, post.key)
        if message_id is not None:
            self._table.set_message(tx, number, message_id)
        elif not waits:  # it was given up
            self._table.set_shown(tx, number, post.revision)
        return replace(post, message_id=message_id), waits
