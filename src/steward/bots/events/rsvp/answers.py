"""Who answered what, in SQL: each answer is one transaction, and those to one occurrence come one after the other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from steward.bots.events.model.details import BadEvent, Details, Option
from steward.bots.events.model.occurrences import Occurrence, State, occurrence, touch
from steward.bots.events.rsvp.roster import RosterPlace
from steward.bots.events.rsvp.seating import Seating
from steward.store import Transaction, marks

LONGEST_NAME = 64
LONGEST_NOTE = 200
NO_ANSWER = BadEvent("Sign up first, then add a note.")
NATIVE = -1
"""Gives the RSVPs made through Discord's own event, bound by roles and time as on the post; user ids are > 0."""


@dataclass(frozen=True, slots=True)
class Rsvp:
    """One member's answer, as a post shows it."""

    user_id: int
    name: str
    option: str
    seated: bool
    note: str


@dataclass(frozen=True, slots=True)
class Respondent:
    """Who answers: the id, the name that is shown, and the roles that may be asked for."""

    id: int
    name: str
    roles: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class RsvpOutcome:
    """
    What an answer has changed.

    Attributes:
        before: the member's earlier answer, or None.
        now: the present one; None for none any more.
        line: the member's number among those who wait, up to one more than `LINE_COUNTED`; 0 for one who does not.

    """

    occurrence: Occurrence
    before: RosterPlace | None
    now: RosterPlace | None
    line: int
    moved_up: tuple[RosterPlace, ...]

    @property
    def changed(self) -> bool:
        """Whether anything is different from before."""
        return self.before != self.now or bool(self.moved_up)


def answer(
    tx: Transaction, occurrence_id: int, member: Respondent, option: str, *, by: int | None, guild_id: int | None = None
) -> RsvpOutcome:
    """
    Give a member's answer.

    Args:
        by: the organiser who gives it, bound by neither roles nor the time; None for the member. One by `NATIVE`
            changes none that is there; one given otherwise stays when the interest in Discord's event is lost.

    """
    event = _arrive(tx, occurrence_id, guild_id)
    details = event.details
    chosen = details.option(option)
    if chosen is None:
        raise BadEvent("That answer isn't offered any more.", remedy="The post will show the current ones.")
    seating = Seating(tx, event)
    before = seating.of(member.id)
    if by in {None, NATIVE}:
        if before is not None and _gives_back(details, before.option, chosen):
            _require_not_over(tx, event)
        else:
            may_answer(tx, event, member)
    if by == NATIVE and before is not None:  # an RSVP on the post wins over “Interested”
        return _settle(tx, event, seating, before, before)
    now = seating.take(member.id, option, event.arrivals, before)
    if now != before or giver_of(tx, occurrence_id, member.id) == NATIVE:
        values = {
            "name": member.name[:LONGEST_NAME],
            "option_key": option,
            "arrival": now.arrival,
            "seated": int(now.seated),
            "answered_at": tx.now_ms,
            "answered_by": member.id if by is None else by,
        }
        tx.upsert("event_answers", key={"occurrence_id": occurrence_id, "user_id": member.id}, values=values)
    return _settle(tx, event, seating, before, now)


def take_out(tx: Transaction, occurrence_id: int, user_id: int, *, given_by: int | None = None) -> RsvpOutcome:
    """Take a member's answer back; with `given_by` only one that was given by this user."""
    event = _arrive(tx, occurrence_id)
    seating = Seating(tx, event)
    before = seating.of(user_id)
    if given_by is not None and giver_of(tx, occurrence_id, user_id) != given_by:
        return _settle(tx, event, seating, before, before)
    if before is not None:
        seating.give_back(before)
    return _settle(tx, event, seating, before, None)


def keep_interest(tx: Transaction, occurrence_id: int) -> None:
    """Have answers that were given by Discord's own event count as given at the post: another event takes its place."""
    sql = "UPDATE event_answers SET answered_by = user_id WHERE occurrence_id = ? AND answered_by = ?"
    tx.execute(sql, (occurrence_id, NATIVE))


def take_all_out(tx: Transaction, occurrence_id: int, user_ids: Collection[int]) -> RsvpOutcome:
    """Take the answers of several members back at once, so that none of them moves up by another's."""
    event = _arrive(tx, occurrence_id)
    seating = Seating(tx, event)
    for place in filter(None, map(seating.of, user_ids)):
        seating.give_back(place)
    touch(tx, occurrence_id)
    return _settle(tx, event, seating, None, None)


def withdraw(tx: Transaction, occurrence_id: int, user_id: int, *, guild_id: int) -> RsvpOutcome:
    """
    Take a member's answer back, as they wish; open to them until the event is over, like every way of giving back.

    Raises `BadEvent` if the guild has no such event, or it is cancelled or over.
    """
    _require_not_over(tx, occurrence(tx, occurrence_id, guild_id))
    return take_out(tx, occurrence_id, user_id)


def move_up(tx: Transaction, occurrence_id: int) -> RsvpOutcome:
    """Give the free seats to those who wait: after the seats of an event were changed."""
    event = _arrive(tx, occurrence_id)
    return _settle(tx, event, Seating(tx, event), None, None)


def set_note(tx: Transaction, occurrence_id: int, user_id: int, note: str, *, guild_id: int | None = None) -> None:
    """
    Put a few words beside a member's answer.

    Raises `BadEvent` if the guild has no such event, the member has not answered, or the note is too long.
    """
    occurrence(tx, occurrence_id, guild_id)
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        raise BadEvent(f"A note has up to {LONGEST_NOTE} characters; this has {len(note)}.", remedy="Shorten it.")
    sql = "UPDATE event_answers SET note = ? WHERE occurrence_id = ? AND user_id = ?"
    if tx.execute(sql, (note, occurrence_id, user_id)) == 0 and note_of(tx, occurrence_id, user_id) is None:
        raise NO_ANSWER
    touch(tx, occurrence_id)


def giver_of(tx: Transaction, occurrence_id: int, user_id: int) -> int | None:
    """Return who gave a member's answer; None where there is none."""
    sql = "SELECT answered_by FROM event_answers WHERE occurrence_id = ? AND user_id = ?"
    giver: int | None = tx.value(sql, (occurrence_id, user_id))
    return giver


def givers(tx: Transaction, occurrence_id: int) -> dict[int, int]:
    """Return who has answered, each with who gave the answer."""
    rows = tx.all("SELECT user_id, answered_by FROM event_answers WHERE occurrence_id = ?", (occurrence_id,))
    return dict(map(tuple, rows))


def answers(tx: Transaction, occurrence_id: int) -> list[Rsvp]:
    """Return all answers in the order of their arrival."""
    rows = tx.all(
        "SELECT user_id, name, option_key, seated, note FROM event_answers WHERE occurrence_id = ? ORDER BY arrival",
        (occurrence_id,),
    )
    return [Rsvp(user_id, name, option, bool(seated), note) for user_id, name, option, seated, note in rows]


def has_answers(tx: Transaction, occurrence_id: int) -> bool:
    return tx.value("SELECT 1 FROM event_answers WHERE occurrence_id = ? LIMIT 1", (occurrence_id,)) is not None


def note_of(tx: Transaction, occurrence_id: int, user_id: int) -> str | None:
    """Return the words beside a member's answer; None where there is no answer."""
    sql = "SELECT note FROM event_answers WHERE occurrence_id = ? AND user_id = ?"
    found: str | None = tx.value(sql, (occurrence_id, user_id))
    return found


def those_who_come(tx: Transaction, event: Occurrence, among: Collection[int] | None = None) -> list[int]:
    """Return the ids of the members who come and have a seat, in the order of their arrival: all, or those of some."""
    coming = event.details.coming
    which = "" if among is None else f" AND user_id IN ({marks(among)})"
    sql = (
        "SELECT user_id FROM event_answers WHERE occurrence_id = ? AND seated = 1"  # noqa: S608 - marks
        f" AND option_key IN ({marks(coming)}){which} ORDER BY arrival"
    )
    return [row[0] for row in tx.all(sql, (event.id, *coming, *(among or ())))]


def _arrive(tx: Transaction, occurrence_id: int, guild_id: int | None = None) -> Occurrence:
    """
    Give the next answer its number, and return the occurrence, which has it in `arrivals`.

    The update comes first: it locks the row, so that whoever else answers, here or in another process, waits its turn.
    """
    tx.execute("UPDATE event_occurrences SET arrivals = arrivals + 1 WHERE id = ?", (occurrence_id,))
    return occurrence(tx, occurrence_id, guild_id)


def may_answer(tx: Transaction, event: Occurrence, member: Respondent) -> None:
    """Raise `BadEvent` if a member cannot answer for themselves: it is over, or not open for them."""
    _require_not_over(tx, event)
    if tx.now >= event.closes_at:
        raise BadEvent("Sign-ups are closed.", remedy="Ask the organiser: they can still add you.")
    wanted = event.details.roles
    if wanted and wanted.isdisjoint(member.roles):
        names = ", ".join(f"<@&{role}>" for role in sorted(wanted))
        raise BadEvent(f"Only members with {names} can sign up.", remedy="Ask the organiser for the role.")


def _gives_back(details: Details, before: str, option: Option) -> bool:
    """
    Return whether who answered `before` only gives something back by choosing another option.

    That is open to them whatever roles, the end of sign-up and limits say: those are gates on taking.
    """
    if option.declines:
        return True
    had = details.option(before)
    return had is not None and had.comes and not option.comes and option.seats is None


def _require_not_over(tx: Transaction, event: Occurrence) -> None:
    if event.state is State.CANCELLED:
        raise BadEvent("This event is cancelled.", remedy="`/events list` shows the others.")
    if event.state is State.OVER or tx.now >= event.ends_at:
        raise BadEvent("This event is over.", remedy="`/events list` shows the others.")


def _settle(
    tx: Transaction, event: Occurrence, seating: Seating, before: RosterPlace | None, now: RosterPlace | None
) -> RsvpOutcome:
    moved_up = {place.user_id: place for place in (seating.move_up() if event.is_open(tx.now) else [])}
    if now is not None:
        now = moved_up.pop(now.user_id, now)
    outcome = RsvpOutcome(event, before, now, seating.line(now), tuple(moved_up.values()))
    seating.save()
    if outcome.changed:
        touch(tx, event.id)
    return outcome
