"""The role of those who come: given with the seat, taken when the seat is lost or the event is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import structlog

from steward.bots.events.answers import those_who_come
from steward.bots.events.occurrences import Occurrence, State
from steward.bots.events.reconciling import Reconciler
from steward.client.errors import Gone
from steward.client.rest import Rest
from steward.runtime.clock import Clock
from steward.store import Store, Transaction

log = structlog.get_logger(__name__)

TOPIC = "event_roles"
"""Announced whenever a role is to be given or taken."""

AT_ONCE = 20
REASON = "an event of this server"
REMEDY = "Give the bot Manage Roles, and a role above that one."


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that a member should have, or should no longer have, for an event."""

    occurrence_id: int
    user_id: int
    role_id: int
    guild_id: int
    wanted: bool

    @property
    def rests_with(self) -> int:
        """A role that may not be given is refused for everybody."""
        return self.role_id


def follow(tx: Transaction, event: Occurrence) -> None:
    """Let the role follow from who comes now; in the transaction that changed it."""
    rows = tx.all("SELECT user_id, role_id, wanted FROM event_role_grants WHERE occurrence_id = ?", (event.id,))
    role_id = event.details.role_id
    if role_id is None and not rows:
        return
    coming = those_who_come(tx, event) if role_id is not None and event.state is State.POSTED else []
    should = {(user_id, role_id) for user_id in coming}
    is_so = {(user_id, role) for user_id, role, wanted in rows if wanted}
    for user_id, role in sorted(should ^ is_so):
        key = {"occurrence_id": event.id, "user_id": user_id, "role_id": role}
        wanted = int((user_id, role) in should)
        tx.upsert("event_role_grants", key=key, values={"guild_id": event.guild_id, "wanted": wanted})
        tx.notify(TOPIC)


class Roles:
    """
    Gives and takes the roles.

    Args:
        store: knows what should be, and what is.
        rest: Discord.
        clock: the time.

    """

    def __init__(self, store: Store, rest: Rest, clock: Clock) -> None:
        self._store = store
        self._rest = rest
        self._reconciler = Reconciler[Grant](
            store,
            clock,
            topics=(TOPIC,),
            find=_open,
            bring=self._bring,
            said=lambda error: f"An event's role cannot be given or taken: {error} {REMEDY}",
        )
        self.run = self._reconciler.run

    @property
    def problems(self) -> list[str]:
        """What stands in the way, a sentence each."""
        return self._reconciler.problems

    async def _bring(self, grant: Grant) -> bool:
        try:
            if grant.wanted:
                await self._rest.add_role(grant.guild_id, grant.user_id, grant.role_id, reason=REASON)
            elif not await self._store.read(partial(_wanted_elsewhere, grant=grant)):
                await self._rest.remove_role(grant.guild_id, grant.user_id, grant.role_id, reason=REASON)
        except Gone as error:  # the member has left, or the role is deleted
            log.info("event_role_gone", role=grant.role_id, user=grant.user_id, reason=str(error))
        await self._store.write(partial(_note, grant=grant))
        return True


def _open(tx: Transaction, *, without: Sequence[int]) -> list[Grant]:
    marks = ", ".join("?" * len(without)) or "0"
    sql = (
        "SELECT occurrence_id, user_id, role_id, guild_id, wanted FROM event_role_grants"  # noqa: S608 - only marks
        f" WHERE wanted <> has AND role_id NOT IN ({marks}) LIMIT {AT_ONCE}"
    )
    return [
        Grant(occurrence_id, user_id, role_id, guild_id, bool(wanted))
        for occurrence_id, user_id, role_id, guild_id, wanted in tx.all(sql, without)
    ]


def _wanted_elsewhere(tx: Transaction, grant: Grant) -> bool:
    """Tell whether another event wants the same member to have the same role."""
    sql = "SELECT 1 FROM event_role_grants WHERE user_id = ? AND role_id = ? AND wanted = 1 LIMIT 1"
    return tx.value(sql, (grant.user_id, grant.role_id)) is not None


def _note(tx: Transaction, grant: Grant) -> None:
    """Note that it is so now. What is neither wanted nor there is forgotten."""
    key = (grant.occurrence_id, grant.user_id, grant.role_id)
    sql = "UPDATE event_role_grants SET has = ? WHERE occurrence_id = ? AND user_id = ? AND role_id = ?"
    tx.execute(sql, (int(grant.wanted), *key))
    if not grant.wanted:
        sql = "DELETE FROM event_role_grants WHERE occurrence_id = ? AND user_id = ? AND role_id = ? AND wanted = 0"
        tx.execute(sql, key)
