"""The outbox as `OutboxSender` sees it, in SQL: what to send next, and the outcome."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from steward.errors import StewardError
from steward.store.desired import desired
from steward.store.instants import from_millis, to_millis
from steward.store.outbox.outbox import Notice, drop_files, put_direct
from steward.store.retention import Rows, deletion_limit_of
from steward.store.transaction import Transaction

LONGEST_REST = timedelta(minutes=5)
"""The longest wait between two attempts."""

KEPT = timedelta(days=30)
"""Sent messages are deleted after this."""

_LONGEST_REST_MS = LONGEST_REST // timedelta(milliseconds=1)


class Undeliverable(StewardError):
    """
    The message can never be sent: its channel is gone or closed to the bot. It is parked with this reason.

    Args:
        sentence: what happened, for the operator.
        why: the same in a few words to follow a colon, for the user who waits for it; empty to use the sentence.

    """

    def __init__(self, sentence: str, *, why: str = "", remedy: str = "") -> None:
        super().__init__(sentence, remedy=remedy)
        self.why = f"{why}." if why else sentence


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One message that is being sent."""

    id: int
    key: str
    channel_id: int
    """The channel; for a direct message the user's id, so that each user has an own queue."""
    payload: dict[str, Any]
    """The body of Discord's "Create Message", without the nonce."""
    attempted_at: datetime | None
    """When it was first tried, aware, in UTC: it may have arrived then. None: never tried."""
    attempts: int
    """Attempts before this one."""
    files: tuple[tuple[str, bytes], ...] = ()
    """Names and contents of attachments; an embed shows one by `attachment://name`."""
    user_id: int | None = None
    """The recipient of a direct message; None: it goes to the channel."""
    instead_channel_id: int | None = None
    """Where the user is mentioned if direct messages are closed."""

    @property
    def nonce(self) -> str:
        """Lets Discord recognise a repeated send: constant for a key, 20 of the 25 characters allowed."""
        return nonce(self.key)


@dataclass(frozen=True, slots=True)
class Head:
    """The next message of a channel, without its content: there may be many heads, of which few are sent at once."""

    id: int
    key: str
    channel_id: int
    attempts: int
    """How often it has been tried."""
    retry_at: int
    """When it can be tried, in milliseconds since 1970; 0: it has never been tried."""


def nonce(key: str) -> str:
    """Return the nonce of the message with that key."""
    return urlsafe_b64encode(sha256(key.encode()).digest()[:15]).decode()


def heads(tx: Transaction, busy: Collection[int], limit: int) -> list[Head]:
    """
    Return messages that can be sent now, each the oldest of its channel; those already tried come first.

    Args:
        busy: the few channels to leave out.

    """
    elsewhere = f"AND channel_id NOT IN ({', '.join('?' * len(busy))})" if busy else ""
    found: list[Head] = []
    for due, args in (
        ("retry_at > 0 AND retry_at <= ?", (tx.now_ms,)),
        ("retry_at > ?", (tx.now_ms + _LONGEST_REST_MS,)),  # beyond the longest wait: the clock was wrong
        ("retry_at <= 0", ()),  # not "= 0": for that MariaDB reads all sent rows
    ):
        if len(found) < limit:
            sql = (
                "SELECT id, message_key, channel_id, attempts, retry_at FROM outbox o"  # noqa: S608 - only marks
                f" WHERE state = 'waiting' AND {due} {elsewhere}"
                " AND NOT EXISTS (SELECT 1 FROM outbox e"
                " WHERE e.state = 'waiting' AND e.channel_id = o.channel_id AND e.id < o.id)"
                " ORDER BY retry_at, id LIMIT ?"
            )
            found += [Head(*row) for row in tx.all(sql, (*args, *busy, limit - len(found)))]
    return found


def next_retry(tx: Transaction) -> int | None:
    """Return when the next waiting retry is due, in milliseconds since 1970; None if there is none."""
    sql = "SELECT MIN(retry_at) FROM outbox WHERE state = 'waiting' AND retry_at > ? AND retry_at <= ?"
    retry_at: int | None = tx.value(sql, (tx.now_ms, tx.now_ms + _LONGEST_REST_MS))
    return retry_at


def mark_attempt(tx: Transaction, head: Head, rests: timedelta | None = None) -> OutboxMessage | None:
    """
    Record an attempt before anything is sent.

    Args:
        rests: how long other processes must leave it alone; None if there are none.

    Returns:
        The message as it was before, or None if another process has begun to send it.

    """
    sql = (
        "UPDATE outbox SET attempted_at = COALESCE(attempted_at, ?), attempts = attempts + 1, retry_at = ?"
        " WHERE id = ? AND state = 'waiting' AND attempts = ?"
    )
    message = _message(tx, head)
    retry_at = head.retry_at if rests is None else to_millis(tx.now + rests)
    taken = message is not None and tx.execute(sql, (tx.now_ms, retry_at, head.id, head.attempts)) == 1
    return message if taken else None


def mark_sent(tx: Transaction, message: OutboxMessage, message_id: int) -> None:
    """Mark it sent and delete its content, which may name members; Discord has it now."""
    sql = (
        "UPDATE outbox SET state = 'sent', payload = '{}', message_id = ?, ended_at = ?, error = NULL,"
        " told_user_id = NULL, told = NULL"
        " WHERE id = ? AND state = 'waiting'"
    )
    if tx.execute(sql, (message_id, tx.now_ms, message.id)) == 1:
        drop_files(tx, message.key)
        desired.free(tx, message.key)


def mark_failed(tx: Transaction, message: OutboxMessage, error: str, retry_at: int) -> None:
    """Record why it could not be sent and when to try again."""
    sql = "UPDATE outbox SET error = ?, retry_at = ?"
    tx.execute(sql + _MINE, (error, retry_at, *_mine(message)))


def park(tx: Transaction, message: OutboxMessage, error: Undeliverable) -> None:
    """Give it up, delete its content, and put the notice for its user into the outbox."""
    notice = _notice(tx, message.id)
    if tx.execute(_PARK + _MINE, (str(error), tx.now_ms, *_mine(message))):
        _end(tx, message.key, notice, error)


def park_unreadable(tx: Transaction, head: Head) -> None:
    """Park a message that cannot be read, so that the others of its channel are sent."""
    error = Undeliverable("The message can't be read.", why="it can't be read any more")
    try:
        notice = _notice(tx, head.id)
    except Exception:  # noqa: BLE001 - the notice cannot be read either, whatever the driver or the text says
        notice = None
    if tx.execute(f"{_PARK} WHERE id = ? AND state = 'waiting'", (str(error), tx.now_ms, head.id)):
        _end(tx, head.key, notice, error)


def _notice(tx: Transaction, message_id: int) -> Notice | None:
    told = tx.value("SELECT told FROM outbox WHERE id = ? AND told_user_id IS NOT NULL", (message_id,))
    return None if told is None else Notice(**json.loads(told))


def _end(tx: Transaction, key: str, notice: Notice | None, error: Undeliverable) -> None:
    drop_files(tx, key)
    desired.free(tx, key)
    if notice is not None:
        text = " ".join(filter(None, (f"{notice.what}: {error.why}", error.remedy, notice.remedy)))
        put_direct(tx, key=f"{key}:refused", user_id=notice.user_id, payload={"content": text})


_PARK = "UPDATE outbox SET state = 'parked', payload = '{}', error = ?, ended_at = ?, told_user_id = NULL, told = NULL"


_MINE = " WHERE id = ? AND state = 'waiting' AND attempts = ?"


def _mine(message: OutboxMessage) -> tuple[int, int]:
    # The attempt number is the fence: another process that has begun to send it has raised it.
    return message.id, message.attempts + 1


def forget_old(tx: Transaction) -> int:
    """Delete some of the messages that ended before `KEPT`, the oldest first (see `retention`); return how many."""
    ended = "outbox WHERE state IN ('sent', 'parked')"
    until = deletion_limit_of(tx, "ended_at", Rows(ended), to_millis(tx.now - KEPT), now=tx.now_ms)
    return tx.execute(f"DELETE FROM {ended} AND ended_at < ?", (until,))  # noqa: S608 - ours


def _message(tx: Transaction, head: Head) -> OutboxMessage | None:
    row = tx.one(
        "SELECT payload, attempted_at, attempts, user_id, instead_channel_id FROM outbox WHERE id = ?", (head.id,)
    )
    if row is None:
        return None
    attempted = row["attempted_at"]
    files = tx.all("SELECT name, content FROM outbox_files WHERE message_key = ? ORDER BY position", (head.key,))
    return OutboxMessage(
        id=head.id,
        key=head.key,
        channel_id=head.channel_id,
        payload=json.loads(row["payload"]),
        attempted_at=None if attempted is None else from_millis(attempted),
        attempts=row["attempts"],
        files=tuple((name, bytes(content)) for name, content in files),
        user_id=row["user_id"],
        instead_channel_id=row["instead_channel_id"],
    )
