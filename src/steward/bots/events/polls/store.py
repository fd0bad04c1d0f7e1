"""Polls for a time, in SQL: who could when, and the event that comes of it. Each change is one transaction."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from steward.bots.events.model.details import YES, BadEvent, Details
from steward.bots.events.model.occurrences import Occurrence
from steward.bots.events.model.series import Series, add_series, read_wall, wall_text
from steward.bots.events.polls.poll import Poll, PollState, PollTime
from steward.bots.events.recurrence import planning
from steward.bots.events.rsvp import answers
from steward.bots.events.rsvp.answers import LONGEST_NAME, Respondent
from steward.bots.events.rsvp.notices import tell
from steward.bots.events.views.poll import closing, poll_post
from steward.client.embeds import at, plain
from steward.client.posts.messages import DesiredMessage
from steward.store import Transaction, from_millis, to_millis
from steward.store.desired import desired
from steward.store.due import due
from steward.store.outbox import outbox

POLL = "event_poll"
"""Under this kind the post of a poll is kept as it should be."""
CLOSING = "event_poll_close"
"""Under this kind it is due that a poll closes."""

GONE = BadEvent("That poll isn't there any more.", remedy="Start another with `/poll when`.")
PASSED = BadEvent("That time has passed.", remedy="Choose another, or start another poll with `/poll when`.")
CLOSED = BadEvent("That poll is closed.", remedy="Ask the organiser.")


def add_poll(tx: Transaction, poll: Poll) -> bool:
    """Keep a poll and promise its post; False if it is kept already."""
    row = {
        "id": poll.id,
        "guild_id": poll.guild_id,
        "channel_id": poll.channel_id,
        "organiser_id": poll.organiser_id,
        "zone": poll.zone.key,
        "title": poll.title,
        "minutes": poll.minutes,
        "closes_at": to_millis(poll.closes_at),
        "state": poll.state.value,
    }
    if not tx.insert_new("event_polls", row):
        return False
    for time in poll.times:
        tx.execute(
            "INSERT INTO event_poll_times (poll_id, position, start_wall, starts_at) VALUES (?, ?, ?, ?)",
            (poll.id, time.position, wall_text(time.wall), to_millis(time.starts_at)),
        )
    what = f"The poll for **{plain(poll.title)}** couldn't be posted in <#{poll.channel_id}>"
    notice = outbox.Notice(poll.organiser_id, what, "`/poll when` makes another.")
    payload = poll_post(poll, tx.now)
    key, channel_id = poll_key(poll.id), poll.channel_id
    outbox.put(tx, key=key, channel_id=channel_id, payload=payload, if_parked=notice)
    desired.promise(tx, POLL, poll.id, guild_id=poll.guild_id, lane=channel_id, key=key)
    due.put(tx, CLOSING, poll.id, poll.closes_at, guild_id=poll.guild_id)
    return True


def poll_of(tx: Transaction, poll_id: int, guild_id: int | None = None) -> Poll:
    """
    Return a poll.

    Args:
        guild_id: the guild that asks, which has no other's; None where Steward itself does.

    Raises:
        BadEvent: there is none of that id.

    """
    row = tx.one("SELECT * FROM event_polls WHERE id = ?", (poll_id,))
    if row is None or guild_id not in {None, row["guild_id"]}:
        raise GONE
    voters: dict[int, list[tuple[int, str]]] = {}
    for position, user_id, name in tx.all(
        "SELECT position, user_id, name FROM event_poll_votes WHERE poll_id = ? ORDER BY arrival", (poll_id,)
    ):
        voters.setdefault(position, []).append((user_id, name))
    times = tx.all(
        "SELECT position, start_wall, starts_at FROM event_poll_times WHERE poll_id = ? ORDER BY position", (poll_id,)
    )
    return Poll(
        id=row["id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        organiser_id=row["organiser_id"],
        zone=ZoneInfo(row["zone"]),
        title=row["title"],
        minutes=row["minutes"],
        closes_at=from_millis(row["closes_at"]),
        times=[
            PollTime(position, read_wall(wall), from_millis(starts), voters.get(position, ()))
            for position, wall, starts in times
        ],
        state=PollState(row["state"]),
    )


def post_of_poll(tx: Transaction, poll_id: int) -> DesiredMessage:
    poll = poll_of(tx, poll_id)
    lost = f"The poll for {plain(poll.title)} was deleted. /poll when makes another."
    missed = lost if poll.state is PollState.OPEN else None
    return DesiredMessage(poll_key(poll_id), poll_post(poll, tx.now), missed)


def is_posted(tx: Transaction, poll_id: int, guild_id: int) -> bool:
    """Return whether a poll was made of a draft in a guild; it has its id."""
    return tx.value("SELECT 1 FROM event_polls WHERE id = ? AND guild_id = ?", (poll_id, guild_id)) is not None


def toggle(
    tx: Transaction, poll_id: int, position: int, member: Respondent, guild_id: int | None = None
) -> tuple[PollTime, bool]:
    """
    Note that a member could at a time, or take that back; return the time, and whether they could now.

    Raises `BadEvent` if the poll is closed, has no such time, or is not the guild's (None: any guild).
    """
    _change(tx, poll_id)
    poll = poll_of(tx, poll_id, guild_id)
    if poll.state is PollState.MADE:
        raise CLOSED
    time = next((time for time in poll.times if time.position == position), None)
    if time is None:
        raise GONE
    key = (poll_id, position, member.id)
    if tx.execute("DELETE FROM event_poll_votes WHERE poll_id = ? AND position = ? AND user_id = ?", key):
        return time, False  # once it is closed, too: nobody is held to a time until the event is made
    if poll.state is not PollState.OPEN or tx.now >= poll.closes_at:
        raise CLOSED
    tx.execute("UPDATE event_polls SET votes = votes + 1 WHERE id = ?", (poll_id,))
    arrival = tx.value("SELECT votes FROM event_polls WHERE id = ?", (poll_id,))
    tx.execute(
        "INSERT INTO event_poll_votes (poll_id, position, user_id, name, arrival) VALUES (?, ?, ?, ?, ?)",
        (*key, member.name[:LONGEST_NAME], arrival),
    )
    return time, True


def close_poll(tx: Transaction, poll_id: int) -> None:
    """Close a poll and tell its organiser how it ended, once."""
    sql = "UPDATE event_polls SET state = 'closed' WHERE id = ? AND state = 'open'"
    if tx.execute(sql, (poll_id,)) == 0:
        return
    _change(tx, poll_id)
    poll = poll_of(tx, poll_id)
    payload = closing(poll, poll.best(tx.now))
    posted = desired.find(tx, POLL, poll_id)
    message_id = (posted and posted.ref) or outbox.sent_id(tx, poll_key(poll_id))
    if message_id is not None:
        payload["message_reference"] = {"message_id": str(message_id), "fail_if_not_exists": False}
    outbox.put(tx, key=f"{poll_key(poll_id)}:closed", channel_id=poll.channel_id, payload=payload)


def make_event(tx: Transaction, poll_id: int, position: int) -> Occurrence:
    """
    Make an event of a poll at one of its times; those who could then are signed up, and told.

    Raises `BadEvent` if it was made already, or the time has passed.
    """
    _change(tx, poll_id)
    poll = poll_of(tx, poll_id)
    if poll.state is PollState.MADE:
        raise BadEvent("The event exists already.", remedy="See `/events list`.")
    time = next((time for time in poll.times if time.position == position), None)
    if time is None or time.starts_at <= tx.now:
        raise PASSED
    details = Details(poll.title, minutes=poll.minutes).checked()
    series = Series(poll.id, poll.guild_id, poll.channel_id, poll.organiser_id, poll.zone, time.wall, None, 0, details)
    add_series(tx, series)
    event = planning.begin(tx, series)
    if event is None:
        raise PASSED
    for user_id, name in time.voters:
        answers.answer(tx, event.id, Respondent(user_id, name), YES.key, by=user_id)
    if time.voters:
        text = f"**{plain(poll.title)}** takes place {at(event.starts_at)}. You said you can make it, so you're in!"
        tell(tx, event, "poll", text, [user_id for user_id, _ in time.voters])
    tx.execute("UPDATE event_polls SET state = 'made' WHERE id = ?", (poll_id,))
    return event


def poll_key(poll_id: int) -> str:
    """Name the message that is a poll's post, in the outbox."""
    return f"poll:{poll_id}"


def _change(tx: Transaction, poll_id: int) -> None:
    """Note that the post is to show something else; it locks a row, so who changes the poll meanwhile comes after."""
    desired.mark(tx, POLL, poll_id)


def forget_votes(tx: Transaction, guild_id: int, user_id: int, *, made: bool = True) -> None:
    """Take a member out of the polls of a guild, with `made` out of those that have become events, too."""
    which = "" if made else " AND p.state <> 'made'"
    rows = tx.all(
        "SELECT DISTINCT v.poll_id FROM event_poll_votes v JOIN event_polls p ON p.id = v.poll_id"  # noqa: S608 - ours
        f" WHERE v.user_id = ? AND p.guild_id = ?{which}",
        (user_id, guild_id),
    )
    for (poll_id,) in rows:
        tx.execute("DELETE FROM event_poll_votes WHERE poll_id = ? AND user_id = ?", (poll_id, user_id))
        _change(tx, poll_id)


def without_organiser(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Have the polls of a member that are to become events go on without an organiser."""
    sql = "UPDATE event_polls SET organiser_id = 0 WHERE guild_id = ? AND organiser_id = ? AND state <> 'made'"
    tx.execute(sql, (guild_id, user_id))
