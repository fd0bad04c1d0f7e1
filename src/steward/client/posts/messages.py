"""Messages that the outbox has put up and that are edited in place from then on, each at most once a second."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from steward.client.posts.desired_state import DesiredKind, NotSentYet, sent_message
from steward.client.rest.errors import Gone, Refused
from steward.store import Store, Transaction
from steward.store.desired import desired
from steward.store.desired.desired import DesiredItem, Outcome

if TYPE_CHECKING:
    from steward.client.payloads import Payload
    from steward.client.rest.rest import Rest

EDIT_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class DesiredMessage:
    """
    A message as it should be.

    Attributes:
        key: of the message in the outbox.
        missed: what is said once somebody has deleted it; None where nobody misses it any more.

    """

    key: str
    content: Payload
    missed: str | None


class Messages(DesiredKind[tuple[DesiredMessage, int | None]]):
    """
    A kind of messages; the lane of each is its channel.

    Args:
        view: reads the message of a number as it should be.
        failed: begins the sentence about one that cannot be read.
        said: says why Discord refuses the message of a number; None for Discord's own words.

    """

    every = EDIT_EVERY

    def __init__(
        self,
        store: Store,
        rest: Rest,
        name: str,
        view: Callable[[Transaction, int], DesiredMessage],
        *,
        failed: str,
        said: Callable[[int, Refused], Awaitable[str]] | None = None,
    ) -> None:
        self._store = store
        self._rest = rest
        self.name = name
        self._view = view
        self.failed = failed
        self._said = said

    def read(self, tx: Transaction, item: DesiredItem) -> tuple[DesiredMessage, int | None]:
        """Return a message as it should be, and its id; None where it was deleted or never put up."""
        message = self._view(tx, item.number)
        return message, item.ref or sent_message(tx, message.key)

    async def write(self, item: DesiredItem, state: tuple[DesiredMessage, int | None]) -> Outcome:
        """Edit a message if it does not show the newest."""
        message, message_id = state
        if message_id is None:
            return Outcome(None, None if message.missed is None else item.problem)
        if not item.is_shown and not await self._edited(item.lane, message_id, message.content):
            return Outcome(None, message.missed)
        return Outcome(message_id)

    async def explain(self, item: DesiredItem, error: Refused) -> str:
        return str(error) if self._said is None else await self._said(item.number, error)

    async def is_there(self, number: int) -> bool:
        """
        Return whether Discord still has the message of a number, which is brought up to date by the way.

        Raises:
            Refused, TryLater: Discord does not say.

        """

        def work(tx: Transaction) -> tuple[int, DesiredMessage, int | None] | None:
            item = desired.find(tx, self.name, number)
            return None if item is None else (item.lane, *self.read(tx, item))

        try:
            found = await self._store.read(work)
        except NotSentYet:
            return False
        channel_id, message, message_id = found or (0, None, None)
        if message is None or message_id is None:
            return False
        return await self._edited(channel_id, message_id, message.content)

    async def _edited(self, channel_id: int, message_id: int, content: Payload) -> bool:
        try:
            await self._rest.edit_message(channel_id, message_id, content)
        except Gone:
            return False
        return True
