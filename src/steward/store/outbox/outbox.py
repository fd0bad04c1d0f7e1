"""
The outbox, in SQL: a message is committed as a row, then sent exactly once, then marked.

    waiting -> sent | parked

Bots use these functions; those of `OutboxSender` are in `steward.store.outbox.queue`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from steward.store.instants import to_millis
from steward.store.transaction import Transaction, Value

TOPIC = "outbox"
"""Announced when a message is put."""


PARKED_SHOWN, MAX_PARKED_SHOWN = timedelta(days=1), 20


@dataclass(frozen=True, slots=True)
class Notice:
    """
    A direct message to one user, sent once if a message is parked.

    It says what did not happen, why, how that can be fixed, and what the user can do then.

    Attributes:
        what: what did not happen, without a full stop.
        remedy: what the user can do once it is fixed.

    """

    user_id: int
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ParkedMessage:
    """A message that can never be sent, and why."""

    key: str
    channel_id: int
    reason: str


def put(
    tx: Transaction,
    *,
    key: str,
    channel_id: int,
    payload: Mapping[str, Any],
    files: Sequence[tuple[str, bytes]] = (),
    if_parked: Notice | None = None,
) -> bool:
    """
    Put a message into the outbox: it is sent after the commit, exactly once for each `key`, in the channel's order.

    Args:
        key: identifies the message, at most 180 characters, such as `report:123:2026-03-29`; a key used in the
            last 30 days is not sent again.
        payload: the body of Discord's "Create Message"; JSON values only.
        files: names and contents of attachments; deleted once the message is sent.
        if_parked: sent if the message is parked.

    Returns:
        False if there already is a message with that key; it stays unchanged.

    """
    notice: dict[str, int | str | None] = {}
    if if_parked is not None:
        notice = {"told_user_id": if_parked.user_id, "told": _packed(asdict(if_parked))}
    return _insert(tx, key, payload, {"channel_id": channel_id, **notice}, files)


def put_direct(
    tx: Transaction,
    *,
    key: str,
    user_id: int,
    payload: Mapping[str, Any],
    files: Sequence[tuple[str, bytes]] = (),
    instead_channel_id: int | None = None,
) -> bool:
    """
    Put a direct message to one user into the outbox.

    Args:
        instead_channel_id: where it is sent, mentioning the user, if the bot cannot send direct messages to the user;
            None: nowhere.

    """
    to = {"channel_id": user_id, "user_id": user_id, "instead_channel_id": instead_channel_id}
    return _insert(tx, key, payload, to, files)


def _insert(
    tx: Transaction,
    key: str,
    payload: Mapping[str, Any],
    to: Mapping[str, int | str | None],
    files: Sequence[tuple[str, bytes]],
) -> bool:
    row = {
        "message_key": key,
        "payload": _packed(payload),
        "state": "waiting",
        "created_at": tx.now_ms,
        "retry_at": 0,
    }
    tx.notify(TOPIC)
    new = tx.insert_new("outbox", {**row, **to})
    for position, (name, content) in enumerate(files if new else ()):
        tx.execute(
            "INSERT INTO outbox_files (message_key, position, name, content) VALUES (?, ?, ?, ?)",
            (key, position, name, content),
        )
    return new


def _packed(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def sent_id(tx: Transaction, key: str) -> int | None:
    """Return Discord's id of the message with that key, or None if it is not sent yet."""
    message_id: int | None = tx.value("SELECT message_id FROM outbox WHERE message_key = ?", (key,))
    return message_id


def is_waiting(tx: Transaction, key: str) -> bool:
    """Tell whether the message with that key is still to be sent."""
    return tx.value("SELECT 1 FROM outbox WHERE message_key = ? AND state = 'waiting'", (key,)) is not None


def to_user(tx: Transaction, user_id: int) -> list[Mapping[str, Value]]:
    """Return the messages to a user, sent or not, and the notices for that user."""
    sql = (
        "SELECT message_key, created_at AS at, state, CASE WHEN user_id = ? THEN payload ELSE told END AS message"
        " FROM outbox WHERE user_id = ? OR told_user_id = ? ORDER BY id"
    )
    names = ("message_key", "at", "state", "message")
    return [dict(zip(names, row, strict=True)) for row in tx.all(sql, (user_id, user_id, user_id))]


def forget_user(tx: Transaction, user_id: int, is_about: Callable[[str], bool]) -> None:
    """Delete messages to a user, sent or not, with their attachments, and the notices for that user."""
    sql = "SELECT message_key, user_id FROM outbox WHERE user_id = ? OR told_user_id = ?"
    for key, to in tx.all(sql, (user_id, user_id)):
        if not is_about(key):
            continue
        if to == user_id:
            tx.execute("DELETE FROM outbox WHERE message_key = ?", (key,))
            drop_files(tx, key)
        else:
            tx.execute("UPDATE outbox SET told_user_id = NULL, told = NULL WHERE message_key = ?", (key,))


def drop_files(tx: Transaction, key: str) -> None:
    tx.execute("DELETE FROM outbox_files WHERE message_key = ?", (key,))


def waiting(tx: Transaction) -> int:
    """Return how many messages are to be sent."""
    return int(tx.value("SELECT COUNT(*) FROM outbox WHERE state = 'waiting'"))


def parked(tx: Transaction) -> list[ParkedMessage]:
    """Return the newest messages parked in the last day."""
    rows = tx.all(
        "SELECT message_key, channel_id, error FROM outbox WHERE state = 'parked' AND ended_at > ?"
        " ORDER BY id DESC LIMIT ?",
        (to_millis(tx.now - PARKED_SHOWN), MAX_PARKED_SHOWN),
    )
    return [ParkedMessage(*row) for row in rows]
