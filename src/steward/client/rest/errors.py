"""Discord's refusals, by what to do about them."""

from __future__ import annotations

from steward.client.access.permissions import Permission
from steward.errors import NotReady, StewardError

REFUSED_TOKEN_WAIT = 10.0

THREAD_ARCHIVED = 50083  # Discord's code: nothing may be changed in an archived thread

TOKEN_REFUSED = "Discord doesn't accept the token."  # noqa: S105 - a sentence, not a token
TOKEN_REMEDY = "Copy it again from the developer portal (Bot > Reset Token) into BOT_TOKEN."  # noqa: S105


class _CodedError(StewardError):
    """
    An error with a code of Discord's.

    Args:
        code: Discord's own code, which says what it was; 0 where there is none.

    """

    def __init__(self, sentence: str, *, code: int = 0) -> None:
        super().__init__(sentence)
        self.code = code


class Refused(_CodedError):
    """Discord says no, and will go on saying so until somebody changes a permission (403) or the request (400)."""


class Forbidden(Refused):
    """A permission is missing (403)."""


class Gone(_CodedError):
    """What was addressed no longer exists (404): a channel, a message, a guild."""


class TryLater(NotReady):
    """
    Discord, or the way to it, is not there for the moment.

    Args:
        retry_after: seconds until it may be tried again; 0 when nobody knows.

    """

    def __init__(self, sentence: str, *, retry_after: float = 0.0) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


def refusal(what: str, channel_id: int, error: Refused, needed: Permission) -> str:
    """
    Say what cannot be done in a channel, why, and what helps.

    Args:
        what: to follow "I can't": "rename".
        needed: what the bot needs there; 403 does not say which of these is missing.

    """
    if isinstance(error, Forbidden):
        return (
            f"I can't {what} <#{channel_id}>: I'm missing a permission there."
            f" Give me {needed.said} in the channel's settings > Permissions."
        )
    return f"I can't {what} <#{channel_id}>. {error}"
