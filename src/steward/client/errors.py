"""Discord's refusals, by what to do about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import aiohttp
import discord

from steward.errors import NeedsOperator, NotReady, StewardError

CLOUDFLARE_WAIT = 900.0  # a ban by Cloudflare names no end; less than a quarter of an hour prolongs it


class Refused(StewardError):
    """Discord says no, and will go on saying so until somebody changes a permission (403) or the request (400)."""


class Gone(StewardError):
    """What was addressed no longer exists (404): a channel, a message, a guild."""


class TryLater(NotReady):
    """
    Discord, or the way to it, is not there for the moment.

    Args:
        sentence: what happened.
        retry_after: seconds until it may be tried again; 0 when nobody knows.

    """

    def __init__(self, sentence: str, *, retry_after: float = 0.0) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


@contextmanager
def asking(what: str) -> Iterator[None]:
    """
    Turn discord.py's and aiohttp's errors inside the block into the ones above.

    Args:
        what: what Discord is asked to do, to follow "could not": "rename channel 123".

    Raises:
        Refused: 400 or 403.
        Gone: 404.
        TryLater: 429, 5xx, or no connection.
        NeedsOperator: 401, the token is not valid.

    """
    try:
        yield
    except discord.RateLimited as error:
        raise TryLater(f"Could not {what}: Discord's rate limit.", retry_after=error.retry_after) from error
    except discord.HTTPException as error:
        raise _classified(what, error) from error
    except (OSError, aiohttp.ClientError, TimeoutError) as error:
        raise TryLater(f"Could not {what}: no connection to Discord ({type(error).__name__}).") from error


def _classified(what: str, error: discord.HTTPException) -> StewardError:
    said = f"Could not {what}: Discord says {error.status} {error.text or 'without a reason'} (code {error.code})."
    if error.status == HTTPStatus.UNAUTHORIZED:
        return NeedsOperator(
            f"Could not {what}: Discord does not accept the token.",
            remedy="Copy it again from the developer portal (Bot > Reset Token) into BOT_TOKEN.",
        )
    if error.status == HTTPStatus.NOT_FOUND:
        return Gone(said)
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        # A 429 that discord.py does not wait for comes from Cloudflare: no `Via` header, an HTML body.
        return TryLater(f"Could not {what}: Cloudflare is holding this address off.", retry_after=CLOUDFLARE_WAIT)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return TryLater(f"Could not {what}: Discord has an outage ({error.status}).")
    return Refused(said)
