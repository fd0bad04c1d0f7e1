"""Discord's refusals, by what to do about them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import aiohttp
import discord

from steward.client.access.permissions import Permission
from steward.errors import NeedsOperator, NotReady, StewardError

ANSWER_WITHIN = 35.0  # discord.py itself waits up to 30 s for a rate limit to pass
CLOUDFLARE_WAIT = 900.0  # a ban by Cloudflare names no end; less than a quarter of an hour prolongs it

REFUSED_TOKEN_WAIT = 10.0

THREAD_ARCHIVED = 50083  # Discord's code: nothing may be changed in an archived thread

TOKEN_REFUSED = "Discord doesn't accept the token."  # noqa: S105 - a sentence, not a token
TOKEN_REMEDY = "Copy it again from the developer portal (Bot > Reset Token) into BOT_TOKEN."  # noqa: S105


class Refused(StewardError):
    """
    Discord says no, and will go on saying so until somebody changes a permission (403) or the request (400).

    Args:
        code: Discord's own code; 0 where there is none.

    """

    def __init__(self, sentence: str, *, code: int = 0) -> None:
        super().__init__(sentence)
        self.code = code


class Forbidden(Refused):
    """A permission is missing (403)."""


class Gone(StewardError):
    """
    What was addressed no longer exists (404): a channel, a message, a guild.

    Args:
        code: Discord's own code, which says what it was; 0 where there is none.

    """

    def __init__(self, sentence: str, *, code: int = 0) -> None:
        super().__init__(sentence)
        self.code = code


class TryLater(NotReady):
    """
    Discord, or the way to it, is not there for the moment.

    Args:
        retry_after: seconds until it may be tried again; 0 when nobody knows.

    """

    def __init__(self, sentence: str, *, retry_after: float = 0.0) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


@asynccontextmanager
async def asking(what: str, *, within: float = ANSWER_WITHIN) -> AsyncIterator[None]:
    """
    Turn discord.py's and aiohttp's errors inside the block into the ones above.

    Args:
        what: what Discord is asked to do, to follow "could not": "rename channel 123".
        within: seconds after which it is given up.

    Raises:
        Refused: 400; `Forbidden`, a kind of it: 403.
        Gone: 404.
        TryLater: 401, 429, 5xx, no connection, no answer, or one that cannot be read.
        NeedsOperator: a login was refused.

    """
    try:
        async with asyncio.timeout(within):
            yield
    except discord.RateLimited as error:
        raise TryLater(f"I couldn't {what}: Discord's rate limit.", retry_after=error.retry_after) from error
    except discord.LoginFailure as error:
        raise NeedsOperator(TOKEN_REFUSED, remedy=TOKEN_REMEDY) from error
    except discord.HTTPException as error:
        raise _classified(what, error) from error
    except TimeoutError as error:
        raise TryLater(f"I couldn't {what}: Discord didn't answer.") from error
    except (OSError, aiohttp.ClientError) as error:
        raise TryLater(f"I couldn't {what}: no connection to Discord ({type(error).__name__}).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise TryLater(f"I couldn't {what}: Discord's answer can't be read ({type(error).__name__}).") from error


def _classified(what: str, error: discord.HTTPException) -> StewardError:
    said = (
        f"I couldn't {what}: Discord says {error.text or 'no, without a reason'} ({error.status}, code {error.code})."
    )
    if error.status == HTTPStatus.UNAUTHORIZED:
        # `TokenWatch` finds out whether it stays so.
        return TryLater(f"I couldn't {what}: {TOKEN_REFUSED}", retry_after=REFUSED_TOKEN_WAIT)
    if error.status == HTTPStatus.NOT_FOUND:
        return Gone(said, code=error.code)
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        # A 429 that discord.py does not wait for comes from Cloudflare: no `Via` header, an HTML body.
        return TryLater(f"I couldn't {what}: Cloudflare is holding this address off.", retry_after=CLOUDFLARE_WAIT)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return TryLater(f"I couldn't {what}: Discord has an outage ({error.status}).")
    if error.status == HTTPStatus.FORBIDDEN:
        return Forbidden(said, code=error.code)
    return Refused(said, code=error.code)


def refusal(what: str, channel_id: int, error: Refused, needed: Permission) -> str:
    """
    Say what cannot be done in a channel, why, and what helps.

    Args:
        what: to follow "I can't": "rename".
        channel_id: where.
        needed: what the bot needs there; 403 does not say which of these is missing.

    """
    if isinstance(error, Forbidden):
        return (
            f"I can't {what} <#{channel_id}>: I'm missing a permission there."
            f" Give me {needed.said} in the channel's settings > Permissions."
        )
    return f"I can't {what} <#{channel_id}>. {error}"
