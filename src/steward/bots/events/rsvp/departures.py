"""
What hangs on a membership, in SQL, and how it ends with it.

When a member leaves, is kicked or is banned, these end: their answers to what lies ahead (so the seat, the place in
line, the note and the reminders), their votes in polls that may still become events, the record of roles that an event
gave them (Discord has taken the roles), and their link to the calendar; a poll of theirs goes on without an organiser
to mention. None of it comes back by itself: a member who returns answers anew, at the end of the line. What is over
stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from steward.bots.events.calendar.feeds import forget_feeds
from steward.bots.events.model.timeline import LONGEST
from steward.bots.events.polls.store import forget_votes, without_organiser
from steward.bots.events.roles import roles
from steward.bots.events.rsvp import answers
from steward.bots.events.rsvp.notices import tell_moved_up
from steward.store import Transaction, marks, to_millis

_ANSWERS = (
    "event_answers a JOIN event_occurrences o ON o.id = a.occurrence_id"
    " WHERE o.starts_at > ? AND o.ends_at > ? AND o.state <> 'over'"
)
_VOTES = "event_poll_votes v JOIN event_polls p ON p.id = v.poll_id WHERE p.state <> 'made'"
_HANGS = (  # whose it is, in which guild, and where it is kept
    ("a.user_id", "o.guild_id", _ANSWERS),
    ("v.user_id", "p.guild_id", _VOTES),
    ("organiser_id", "guild_id", "event_polls WHERE state <> 'made'"),
    ("user_id", "guild_id", "event_role_grants WHERE 1 = 1"),
    ("user_id", "guild_id", "event_feeds WHERE 1 = 1"),
)


def hanging(tx: Transaction, guild_id: int, among: Sequence[int] | None = None) -> list[int]:
    """Return the users of whom anything hangs on their membership of a guild, or those among some."""
    found: set[int] = set()
    for user, guild, kept, times in _kept(tx):
        which = "" if among is None else f" AND {user} IN ({marks(among)})"
        sql = f"SELECT DISTINCT {user} FROM {kept} AND {guild} = ? AND {user} > 0{which}"  # noqa: S608 - ours
        found.update(row[0] for row in tx.all(sql, (*times, guild_id, *(among or ()))))
    return sorted(found)


def guilds_with_members(tx: Transaction) -> list[int]:
    """Return the guilds in which anything hangs on anybody's membership."""
    asked = [(f"SELECT DISTINCT {guild} FROM {kept}", times) for _, guild, kept, times in _kept(tx)]  # noqa: S608 - ours
    return sorted({row[0] for sql, times in asked for row in tx.all(sql, times)})


def answered_by(tx: Transaction, guild_id: int, user_ids: Sequence[int]) -> list[int]:
    """Return the upcoming occurrences of a guild that any of these users has answered."""
    (_, _, kept, times), *_ = _kept(tx)
    sql = f"SELECT DISTINCT o.id FROM {kept} AND o.guild_id = ? AND a.user_id IN ({marks(user_ids)})"  # noqa: S608 - ours
    return [row[0] for row in tx.all(sql, (*times, guild_id, *user_ids))]


def end_answers(tx: Transaction, occurrence_id: int, batches: Iterable[Sequence[int]]) -> None:
    """Take all of these out of an occurrence at once, so that none of them moves up; who does is told."""
    found: dict[int, None] = {}  # whoever is banned is told of twice
    for batch in batches:
        sql = f"SELECT user_id FROM event_answers WHERE occurrence_id = ? AND user_id IN ({marks(batch)})"  # noqa: S608
        found |= dict.fromkeys(row[0] for row in tx.all(sql, (occurrence_id, *batch)))
    user_ids = list(found)
    for user_id in user_ids:  # Discord has taken the role with the membership
        sql = "DELETE FROM event_role_grants WHERE occurrence_id = ? AND user_id = ?"
        tx.execute(sql, (occurrence_id, user_id))
    outcome = answers.take_all_out(tx, occurrence_id, user_ids)
    tell_moved_up(tx, outcome.occurrence, outcome.moved_up)
    roles.follow(tx, outcome.occurrence, [*user_ids, *(place.user_id for place in outcome.moved_up)])


def end_rest(tx: Transaction, guild_id: int, user_ids: Collection[int]) -> None:
    """End what else hangs on these memberships of a guild."""
    for user_id in user_ids:
        forget_votes(tx, guild_id, user_id, made=False)
        without_organiser(tx, guild_id, user_id)
        forget_feeds(tx, guild_id, user_id)
        tx.execute("DELETE FROM event_role_grants WHERE guild_id = ? AND user_id = ?", (guild_id, user_id))


def those_in_line(tx: Transaction, occurrence_id: int, most: int) -> tuple[int, list[int]]:
    """Return the guild of an occurrence, and the first who wait there."""
    return _some(tx, occurrence_id, "seated = 0", most)


def those_to_be_told(tx: Transaction, occurrence_id: int, most: int) -> tuple[int, list[int]]:
    """Return the guild of an occurrence, and the first who have answered it."""
    return _some(tx, occurrence_id, "1 = 1", most)


def voters(tx: Transaction, poll_id: int, most: int) -> tuple[int, list[int]]:
    """Return the guild of a poll, and some of those who have voted."""
    sql = "SELECT DISTINCT user_id FROM event_poll_votes WHERE poll_id = ? ORDER BY user_id LIMIT ?"
    guild_id = tx.value("SELECT guild_id FROM event_polls WHERE id = ?", (poll_id,))
    return int(guild_id or 0), [row[0] for row in tx.all(sql, (poll_id, most))]


def _some(tx: Transaction, occurrence_id: int, which: str, most: int) -> tuple[int, list[int]]:
    sql = (
        f"SELECT user_id FROM event_answers WHERE occurrence_id = ? AND {which} AND user_id > 0"  # noqa: S608 - ours
        " ORDER BY arrival LIMIT ?"
    )
    guild_id = tx.value("SELECT guild_id FROM event_occurrences WHERE id = ?", (occurrence_id,))
    return int(guild_id or 0), [row[0] for row in tx.all(sql, (occurrence_id, most))]


def _kept(tx: Transaction) -> Iterator[tuple[str, str, str, tuple[int, ...]]]:
    """Yield the columns of user and guild, the tables and what else holds, and the values of its marks."""
    times = (to_millis(tx.now - LONGEST), tx.now_ms)  # written out, each instant would be a statement of its own
    for user, guild, kept in _HANGS:
        yield user, guild, kept, times if "?" in kept else ()
