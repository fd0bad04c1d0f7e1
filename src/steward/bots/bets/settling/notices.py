"""What the bets channel of a guild is told of a game: once each, in answer to the first post about it."""

from __future__ import annotations

from steward.client.payloads import Payload
from steward.store import Transaction
from steward.store.outbox import outbox

FIRST = "settled:1"


def tell_of_game(
    tx: Transaction, channel_id: int | None, guild_id: int, game: int, what: str, message: Payload
) -> None:
    """
    Tell the channel for bets something of a game, once.

    Args:
        channel_id: None: there is none.
        what: names it among all that is told of the game.

    """
    if channel_id is None:
        return
    key = f"bets:{guild_id}:{game}:"
    first = outbox.sent_id(tx, key + FIRST)
    if first is not None and what != FIRST:
        message = {**message, "message_reference": {"message_id": str(first), "fail_if_not_exists": False}}
    outbox.put(tx, key=key + what, channel_id=channel_id, payload=message)
