"""Discord is asked: discord.py's and aiohttp's errors become the refusals of this house."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import aiohttp
import discord

from steward.client.rest.errors import (
    REFUSED_TOKEN_WAIT,
    TOKEN_REFUSED,
    TOKEN_REMEDY,
    Forbidden,
    Gone,
    Refused,
    TryLater,
)
from steward.errors import NeedsOperator, StewardError

ANSWER_WITHIN = 35.0  # discord.py itself waits up to 30 s for a rate limit to pass
CLOUDFLARE_WAIT = 900.0  # a ban by Cloudflare names no end; less than a quarter of an hour prolongs it


@asynccontextmanager
async def asking(what: str, *, within: float = ANSWER_WITHIN) -> AsyncIterator[None]:
    """
    Turn discord.py's and aiohttp's errors inside the block into those of `steward.client.rest.errors`.

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
