"""How a member is forgotten: what lies ahead is taken back, what was stays as numbers of nobody in particular."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from secrets import randbelow

from steward.bots.events import roles
from steward.bots.events.answering import Answering
from steward.bots.events.answers import NATIVE
from steward.bots.events.draft import Draft
from steward.bots.events.drafts import drop_draft
from steward.bots.events.feeds import forget_feeds
from steward.bots.events.personal import is_about
from steward.bots.events.poll_draft import PollDraft
from steward.bots.events.polls import forget_votes
from steward.store import Store, Transaction, outbox

NOBODY = "(forgotten)"
NO_ONE = 0
"""Organises what a forgotten member made."""

_OF_GUILD = "occurrence_id IN (SELECT id FROM event_occurrences WHERE guild_id = ?)"


class Forgetting:
    """
    Forgets members.

    Args:
        store: remembers them.
        answering: takes their answers back.
        flush: returns once all that was measured until now is written.

    """

    def __init__(self, store: Store, answering: Answering, flush: Callable[[], Awaitable[None]]) -> None:
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
        for occurrence_id in await self._store.read(partial(_ahead, guild_id=guild_id, user_id=user_id)):
            await self._answering.take_out(occurrence_id, user_id)
        # The same stand-in for all that they did: who came of those who said so is still known, of nobody by name.
        await self._store.write(
            partial(_forget, guild_id=guild_id, user_id=user_id, stand_in=NATIVE - 1 - randbelow(2**62))
        )


def _ahead(tx: Transaction, guild_id: int, user_id: int) -> list[int]:
    rows = tx.all(
        "SELECT a.occurrence_id FROM event_answers a JOIN event_occurrences o ON o.id = a.occurrence_id"
        " WHERE a.user_id = ? AND o.guild_id = ?"
        " AND (o.state IN ('planned', 'posted') OR (o.state = 'cancelled' AND o.ends_at > ?))",
        (user_id, guild_id, tx.now_ms),
    )
    return [row[0] for row in rows]


def _forget(tx: Transaction, guild_id: int, user_id: int, stand_in: int) -> None:
    tx.execute(
        f"UPDATE event_answers SET user_id = ?, name = ?, note = '' WHERE user_id = ? AND {_OF_GUILD}",  # noqa: S608
        (stand_in, NOBODY, user_id, guild_id),
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
    tx.execute("UPDATE event_role_grants SET wanted = 0 WHERE guild_id = ? AND user_id = ?", (guild_id, user_id))
    tx.notify(roles.TOPIC)
    for table in ("events", "event_polls"):
        sql = f"UPDATE {table} SET organiser_id = ? WHERE guild_id = ? AND organiser_id = ?"  # noqa: S608 - ours
        tx.execute(sql, (NO_ONE, guild_id, user_id))
    tx.execute("UPDATE event_reports SET set_by = NULL WHERE guild_id = ? AND set_by = ?", (guild_id, user_id))
    forget_votes(tx, guild_id, user_id)
    forget_feeds(tx, guild_id, user_id)
    for kind in (Draft, PollDraft):
        drop_draft(tx, kind, guild_id, user_id)
    # What is left of a direct message that was sent is whose it was.
    outbox.forget_user(tx, user_id, partial(is_about, tx, guild_id))
