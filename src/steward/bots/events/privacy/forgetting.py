"""How a member is forgotten: what lies ahead is taken back, what was stays as numbers of nobody in particular."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from secrets import randbelow

from steward.bots.events.calendar.feeds import forget_feeds
from steward.bots.events.editing.draft import EVENT_DRAFTS
from steward.bots.events.polls.draft import POLL_DRAFTS
from steward.bots.events.polls.store import forget_votes
from steward.bots.events.roles import roles
from steward.bots.events.rsvp.answers import NATIVE
from steward.bots.events.rsvp.service import RsvpService
from steward.store import Store, Transaction
from steward.store.outbox import outbox

NOBODY = "(forgotten)"
NO_ONE = 0
"""Organises what a forgotten member made."""

_OF_GUILD = "occurrence_id IN (SELECT id FROM event_occurrences WHERE guild_id = ?)"
_PAST_OF_GUILD = (
    "occurrence_id IN (SELECT id FROM event_occurrences WHERE guild_id = ?"
    " AND state NOT IN ('planned', 'posted') AND (state <> 'cancelled' OR ends_at <= ?))"
)


class Forgetting:
    """Forgets members."""

    def __init__(self, store: Store, answering: RsvpService, flush: Callable[[], Awaitable[None]]) -> None:
        self._store = store
        self._answering = answering
        self._flush = flush

    async def forget(self, guild_id: int, user_id: int) -> None:
        """
        Forget a member of a guild.

        Answers to what lies ahead are taken back, so whoever waits moves up, and a role is taken. Events that they
        made go on without an organiser; whoever may manage events can change them.
        """
        await self._flush()  # what is being written now would come after the deletion
        # The same stand-in for all that they did: who came of those who said so is still known, of nobody by name.
        stand_in = NATIVE - 1 - randbelow(2**62)
        forget = partial(_forget, guild_id=guild_id, user_id=user_id, stand_in=stand_in)
        while ahead := await self._store.write(forget):  # again after each, for they may answer meanwhile
            for occurrence_id in ahead:
                await self._answering.take_out(occurrence_id, user_id)


def _forget(tx: Transaction, guild_id: int, user_id: int, stand_in: int) -> list[int]:
    """Forget all but the answers to what lies ahead, and return to which occurrences there are some."""
    from steward.bots.events.privacy.personal import is_about

    tx.execute(
        "UPDATE event_answers SET user_id = ?, name = ?, note = '' WHERE user_id = ?"  # noqa: S608 - ours
        f" AND {_PAST_OF_GUILD}",
        (stand_in, NOBODY, user_id, guild_id, tx.now_ms),
    )
    tx.execute(
        f"UPDATE event_answers SET answered_by = ? WHERE answered_by = ? AND {_OF_GUILD}",  # noqa: S608
        (stand_in, user_id, guild_id),
    )
    tx.execute(
        f"UPDATE event_attendance SET user_id = ? WHERE user_id = ? AND {_OF_GUILD}",  # noqa: S608
        (stand_in, user_id, guild_id),
    )
    # A role that they have is taken, and then forgotten (see `roles`).
    roles.take_all(tx, guild_id, user_id)
    for table in ("events", "event_polls"):
        sql = f"UPDATE {table} SET organiser_id = ? WHERE guild_id = ? AND organiser_id = ?"  # noqa: S608 - ours
        tx.execute(sql, (NO_ONE, guild_id, user_id))
    tx.execute("UPDATE event_reports SET set_by = NULL WHERE guild_id = ? AND set_by = ?", (guild_id, user_id))
    forget_votes(tx, guild_id, user_id)
    forget_feeds(tx, guild_id, user_id)
    for drafts in (EVENT_DRAFTS, POLL_DRAFTS):
        drafts.drop(tx, guild_id, user_id)
    # What is left of a direct message that was sent is whose it was.
    outbox.forget_user(tx, user_id, partial(is_about, tx, guild_id))
    left = f"SELECT occurrence_id FROM event_answers WHERE user_id = ? AND {_OF_GUILD}"  # noqa: S608 - ours
    return [row[0] for row in tx.all(left, (user_id, guild_id))]
