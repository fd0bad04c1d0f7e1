"""Linking an account: whether it is there and can be seen, as far as that can be known while somebody waits."""

from __future__ import annotations

import asyncio

from steward.bots.music.errors import MusicError
from steward.bots.music.providers.services import MusicServices
from steward.bots.music.views.links import TITLES
from steward.errors import NotReady

CHECKED_WITHIN = 2.2
"""Seconds for a service to say whether an account is there."""


async def check_account(services: MusicServices, service: str, name: str) -> bool:
    """
    Ask a service about an account; return whether it answered.

    Raises:
        MusicError: the service isn't set up here.
        StewardError: there is no such account, or it hides what it hears.

    """
    found = services.of(service)
    if found is None:
        ready = [TITLES[one.name] for one in services.providers if one.name in TITLES]
        remedy = f"Use {' or '.join(ready)}." if ready else "`/music artists` works without any account."
        raise MusicError(f"{TITLES[service]} isn't set up for this bot.", remedy=remedy)
    try:
        async with asyncio.timeout(CHECKED_WITHIN):
            await found.now_playing(name)
    except (TimeoutError, NotReady):
        return False
    return True
