"""
The role of those who come: given with the seat, taken when the seat is lost or the event is over.

Whoever had it before keeps it. Discord does not say so when a role is given, so the member is looked at first, and what
was found is kept before anything is given: after a crash a role of ours is not taken for one of the member's own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog

from steward.bots.events.model.occurrences import Occurrence, State, occurrence
from steward.bots.events.posts.promises import Effect, Refusals
from steward.bots.events.rsvp.answers import those_who_come
from steward.client.embeds import plain
from steward.client.posts.desired_state import DesiredKind
from steward.client.rest.errors import Gone, Refused
from steward.errors import NeedsOperator, NotReady
from steward.store import Store, Transaction, marks
from steward.store.desired import desired
from steward.store.desired.desired import DesiredItem
from steward.store.outbox import outbox

if TYPE_CHECKING:
    from steward.client.rest.rest import Rest

log = structlog.get_logger(__name__)

ROLE = "event_role"
"""Under this kind a role, by its id, is given to those who should have it."""

AT_ONCE = 20
UNKNOWN_ROLE = 10011  # Discord's code (docs: Opcodes and Status Codes > JSON)
REASON = "an event of this server"


@dataclass(frozen=True, slots=True)
class Grant:
    """
    A role that a member should have, or should no longer have, for an event.

    Attributes:
        held: whether the member had it before any event gave it; None while nobody has looked, so it was not given.

    """

    occurrence_id: int
    user_id: int
    role_id: int
    guild_id: int
    wanted: bool
    held: bool | None


def follow(tx: Transaction, event: Occurrence, among: Collection[int] | None = None) -> None:
    """Let the role follow from who comes now, of all or of those for whom that changed; in the same transaction."""
    which = "" if among is None else f" AND user_id IN ({marks(among)})"
    sql = f"SELECT user_id, role_id, wanted FROM event_role_grants WHERE occurrence_id = ?{which}"  # noqa: S608 - marks
    rows = tx.all(sql, (event.id, *(among or ())))
    role_id = event.details.role_id
    if role_id is None and not rows:
        return
    coming = those_who_come(tx, event, among) if role_id is not None and event.state is State.POSTED else []
    should = {(user_id, role_id) for user_id in coming}
    is_so = {(user_id, role) for user_id, role, wanted in rows if wanted}
    for user_id, role in sorted(should ^ is_so):
        key = {"occurrence_id": event.id, "user_id": user_id, "role_id": role}
        wanted = int((user_id, role) in should)
        tx.upsert("event_role_grants", key=key, values={"guild_id": event.guild_id, "wanted": wanted})
    for role in sorted({role for _, role in should ^ is_so if role is not None}):
        desired.put(tx, ROLE, role, guild_id=event.guild_id, lane=event.guild_id)


def take_all(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Have all roles taken that events of a guild have given to a member; in the same transaction."""
    tx.execute("UPDATE event_role_grants SET wanted = 0 WHERE guild_id = ? AND user_id = ?", (guild_id, user_id))
    sql = "SELECT DISTINCT role_id FROM event_role_grants WHERE guild_id = ? AND user_id = ? ORDER BY role_id"
    for (role_id,) in tx.all(sql, (guild_id, user_id)):
        desired.put(tx, ROLE, role_id, guild_id=guild_id, lane=guild_id)


class RoleGrants(DesiredKind[None]):
    """Gives and takes the roles; one that may not be given is refused for everybody."""

    name = ROLE
    failed = "An event's role can't be given or taken"

    def __init__(self, store: Store, rest: Rest, refusals: Refusals) -> None:
        self._store = store
        self._rest = rest
        self._refusals = refusals

    def read(self, _: Transaction, __: DesiredItem) -> None:
        """Read nothing: there may be thousands of members, of which some are read at a time."""

    async def write(self, item: DesiredItem, _: None) -> None:
        """Give a role to all who should have it, and take it from the others; one that fails holds up no other."""
        last, failed = (0, 0), None
        while grants := await self._store.read(partial(_open_grants, role_id=item.number, after=last)):
            for grant in grants:
                last = (grant.occurrence_id, grant.user_id)
                try:
                    await self._end(grant)
                except (NotReady, NeedsOperator, Refused):  # it is not about this member
                    raise
                except Exception as error:  # noqa: BLE001 - the boundary of grants: a fault is its own member's only
                    failed = error
        if failed is not None:
            raise failed  # the others are done: this one is shown and tried again later

    async def explain(self, item: DesiredItem, error: Refused) -> str:
        """Tell the organisers of all events that wait for a role, and return why it is refused."""
        waiting = await self._store.read(partial(_waiting, role_id=item.number))
        said = [await self._refusals.explain(one, error, effect=Effect.ROLE) for one in waiting]
        return said[0] if said else str(error)

    async def _end(self, grant: Grant) -> None:
        try:
            if grant.wanted:
                await self._give(grant)
            elif not await self._store.write(partial(_leave, grant=grant)):
                await self._rest.remove_role(grant.guild_id, grant.user_id, grant.role_id, reason=REASON)
        except Gone as error:  # the member has left, or the role is deleted
            log.info("event_role_gone", role=grant.role_id, user=grant.user_id, reason=str(error))
            if error.code == UNKNOWN_ROLE and grant.wanted:
                await self._store.write(partial(_tell_organiser, grant=grant))
        await self._store.write(partial(_note, grant=grant))

    async def _give(self, grant: Grant) -> None:
        if await self._held(grant):
            return
        try:
            await self._rest.add_role(grant.guild_id, grant.user_id, grant.role_id, reason=REASON)
        except Refused:  # it was not given, so whoever has it at the next try has it from elsewhere
            await self._store.write(partial(_set_held, grant=grant, held=None))
            raise

    async def _held(self, grant: Grant) -> bool:
        """Return whether a member had the role before any event gave it."""
        if grant.held is not None:
            return grant.held
        held = await self._store.read(partial(_known_held, grant=grant))
        if held is None:
            member = await self._rest.member(grant.guild_id, grant.user_id)
            held = str(grant.role_id) in member["roles"]
        return await self._store.write(partial(_set_held, grant=grant, held=held)) or False


def _open_grants(tx: Transaction, role_id: int, after: tuple[int, int]) -> list[Grant]:
    """Return the next that a role is to be given to, or taken from."""
    sql = (
        "SELECT occurrence_id, user_id, guild_id, wanted, held FROM event_role_grants"
        " WHERE (wanted = 0 OR has = 0) AND role_id = ? AND (occurrence_id, user_id) > (?, ?)"
        " ORDER BY occurrence_id, user_id LIMIT ?"
    )
    return [
        Grant(occurrence_id, user_id, role_id, guild_id, bool(wanted), None if held is None else bool(held))
        for occurrence_id, user_id, guild_id, wanted, held in tx.all(sql, (role_id, *after, AT_ONCE))
    ]


def _waiting(tx: Transaction, role_id: int) -> list[int]:
    """Return the occurrences for which a role is to be given or taken."""
    sql = (
        "SELECT DISTINCT occurrence_id FROM event_role_grants WHERE (wanted = 0 OR has = 0) AND role_id = ?"
        " ORDER BY occurrence_id LIMIT ?"
    )
    return [row[0] for row in tx.all(sql, (role_id, AT_ONCE))]


def _known_held(tx: Transaction, grant: Grant) -> bool | None:
    """Return what was found for any event that gives the member this role; None while nobody has looked."""
    sql = "SELECT held FROM event_role_grants WHERE user_id = ? AND role_id = ? AND held IS NOT NULL LIMIT 1"
    held = tx.value(sql, (grant.user_id, grant.role_id))
    return None if held is None else bool(held)


def _set_held(tx: Transaction, grant: Grant, held: bool | None) -> bool | None:
    """Keep what was found before the role is given, and return it; what another process has found holds."""
    key = (grant.occurrence_id, grant.user_id, grant.role_id)
    unless = "" if held is None else " AND held IS NULL"
    sql = f"UPDATE event_role_grants SET held = ? WHERE occurrence_id = ? AND user_id = ? AND role_id = ?{unless}"  # noqa: S608
    tx.execute(sql, (None if held is None else int(held), *key))
    return _known_held(tx, grant)


def _leave(tx: Transaction, grant: Grant) -> bool:
    """Return whether a role that this event wants no more is left: it was not given, or another event wants it."""
    whose = (grant.user_id, grant.role_id)
    if grant.held is not None:  # the other one may be about to look, and would take it for the member's own
        sql = "UPDATE event_role_grants SET held = ? WHERE user_id = ? AND role_id = ? AND wanted = 1 AND held IS NULL"
        tx.execute(sql, (int(grant.held), *whose))
    wanted = "SELECT 1 FROM event_role_grants WHERE user_id = ? AND role_id = ? AND wanted = 1 LIMIT 1"
    return grant.held is not False or tx.value(wanted, whose) is not None


def _tell_organiser(tx: Transaction, grant: Grant) -> None:
    """Promise whoever made the event the message that its role is deleted, once for each time of it."""
    event = occurrence(tx, grant.occurrence_id)
    if event.organiser_id:
        what = f"The role for attendees of **{plain(event.details.title)}** was deleted, so nobody gets it."
        payload = {"content": f"{what} Choose another one with `/event edit`, Who and where."}
        key = f"event:{event.id}:role_gone:{grant.role_id}"
        outbox.put_direct(tx, key=key, user_id=event.organiser_id, payload=payload)


def _note(tx: Transaction, grant: Grant) -> None:
    """Note that it is so now. What is neither wanted nor there is forgotten."""
    key = (grant.occurrence_id, grant.user_id, grant.role_id)
    sql = "UPDATE event_role_grants SET has = ? WHERE occurrence_id = ? AND user_id = ? AND role_id = ?"
    tx.execute(sql, (int(grant.wanted), *key))
    if not grant.wanted:
        sql = "DELETE FROM event_role_grants WHERE occurrence_id = ? AND user_id = ? AND role_id = ? AND wanted = 0"
        tx.execute(sql, key)
