"""What people are told when Discord refuses something in a channel: the cause first, then the remedy."""

from __future__ import annotations

from steward.client.errors import Forbidden, Refused
from steward.client.permissions import Permission


def refusal(what: str, channel_id: int, error: Refused, needed: Permission) -> str:
    """
    Say what cannot be done in a channel, why, and what helps.

    Args:
        what: to follow "I can't": "rename".
        channel_id: where.
        error: Discord's answer.
        needed: what the bot needs there; 403 does not say which of these is missing.

    """
    if isinstance(error, Forbidden):
        return (
            f"I can't {what} <#{channel_id}>: I'm missing a permission there."
            f" Give me {needed.said} in the channel's settings > Permissions."
        )
    return f"I can't {what} <#{channel_id}>. {error}"
