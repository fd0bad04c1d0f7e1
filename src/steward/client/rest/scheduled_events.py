"""The requests about Discord's own events. Source: discord-api-docs, resources/guild-scheduled-event."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from discord.http import Route

from steward.client.payloads import Payload

USERS_A_PAGE = 100


class ScheduledEvents:
    """
    Discord's own events of guilds; what each method raises is as for `Rest`.

    Args:
        ask: sends a request, by its route and what it is for, and returns Discord's answer.

    """

    def __init__(self, ask: Callable[..., Awaitable[Any]]) -> None:
        self._ask = ask

    async def open(self, guild_id: int) -> list[Payload]:
        """Return those of a guild that are yet to end, each with its `user_count`: one call."""
        route = Route("GET", "/guilds/{guild_id}/scheduled-events", guild_id=guild_id)
        what, params = f"read the events of guild {guild_id}", {"with_user_count": "true"}
        answer: list[Payload] = await self._ask(route, what, params=params)
        return answer

    async def read(self, guild_id: int, event_id: int) -> Payload:
        answer: Payload = await self._ask(_one(guild_id, "GET", event_id), f"read an event of guild {guild_id}")
        return answer

    async def interested(self, guild_id: int, event_id: int) -> AsyncIterator[list[Payload]]:
        """Yield who is interested, `user` and, of whoever is in the guild, `member`: one call for 100."""
        what = f"read who is interested in an event of guild {guild_id}"
        after = 0
        while True:
            params = {"limit": USERS_A_PAGE, "with_member": "true", "after": after}
            page: list[Payload] = await self._ask(_one(guild_id, "GET", event_id, "/users"), what, params=params)
            yield page
            if len(page) < USERS_A_PAGE:
                return
            after = max(int(one["user"]["id"]) for one in page)

    async def create(self, guild_id: int, event: Payload) -> int:
        """Make one and return its id; needs CREATE_EVENTS. A guild has up to 100 open ones."""
        route = Route("POST", "/guilds/{guild_id}/scheduled-events", guild_id=guild_id)
        return int((await self._ask(route, f"make an event in guild {guild_id}", json=event))["id"])

    async def edit(self, guild_id: int, event_id: int, change: Payload) -> None:
        """Change one; needs CREATE_EVENTS for the bot's own."""
        await self._ask(_one(guild_id, "PATCH", event_id), f"change an event of guild {guild_id}", json=change)


def _one(guild_id: int, method: str, event_id: int, what: str = "") -> Route:
    path = f"/guilds/{{guild_id}}/scheduled-events/{{guild_scheduled_event_id}}{what}"
    return Route(method, path, guild_id=guild_id, guild_scheduled_event_id=event_id)
