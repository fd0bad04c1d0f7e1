"""The requests about Discord's own events. Source: discord-api-docs, resources/guild-scheduled-event."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from discord.http import HTTPClient, Route

from steward.client.payloads import Payload

USERS_A_PAGE = 100


class ScheduledEvents:
    """
    Discord's own events of guilds; what each method raises is as for `Rest`.

    Args:
        asking: what each request is sent within, by its route and what it is for.

    """

    def __init__(self, http: HTTPClient, asking: Callable[[Route, str], AbstractAsyncContextManager[None]]) -> None:
        self._http = http
        self._asking = asking

    async def open(self, guild_id: int) -> list[Payload]:
        """Return those of a guild that are yet to end, each with its `user_count`: one call."""
        route = Route("GET", "/guilds/{guild_id}/scheduled-events", guild_id=guild_id)
        async with self._asking(route, f"read the events of guild {guild_id}"):
            answer: list[Payload] = await self._http.request(route, params={"with_user_count": "true"})
        return answer

    async def read(self, guild_id: int, event_id: int) -> Payload:
        """Read one."""
        route = _one(guild_id, "GET", event_id)
        async with self._asking(route, f"read an event of guild {guild_id}"):
            answer: Payload = await self._http.request(route)
        return answer

    async def interested(self, guild_id: int, event_id: int) -> AsyncIterator[list[Payload]]:
        """Yield who is interested, `user` and, of whoever is in the guild, `member`: one call for 100."""
        route = _one(guild_id, "GET", event_id, "/users")
        after = 0
        while True:
            params = {"limit": USERS_A_PAGE, "with_member": "true", "after": after}
            async with self._asking(route, f"read who is interested in an event of guild {guild_id}"):
                page: list[Payload] = await self._http.request(route, params=params)
            yield page
            if len(page) < USERS_A_PAGE:
                return
            after = max(int(one["user"]["id"]) for one in page)

    async def create(self, guild_id: int, event: Payload) -> int:
        """Make one and return its id; needs CREATE_EVENTS. A guild has up to 100 open ones."""
        route = Route("POST", "/guilds/{guild_id}/scheduled-events", guild_id=guild_id)
        async with self._asking(route, f"make an event in guild {guild_id}"):
            answer = await self._http.request(route, json=event)
        return int(answer["id"])

    async def edit(self, guild_id: int, event_id: int, change: Payload) -> None:
        """Change one; needs CREATE_EVENTS for the bot's own."""
        route = _one(guild_id, "PATCH", event_id)
        async with self._asking(route, f"change an event of guild {guild_id}"):
            await self._http.request(route, json=change)


def _one(guild_id: int, method: str, event_id: int, what: str = "") -> Route:
    path = f"/guilds/{{guild_id}}/scheduled-events/{{guild_scheduled_event_id}}{what}"
    return Route(method, path, guild_id=guild_id, guild_scheduled_event_id=event_id)
