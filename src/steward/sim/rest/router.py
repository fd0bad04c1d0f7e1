"""Finds the route of a path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote

from steward.sim.rest import (
    applications,
    channels,
    commands,
    emojis,
    gateway,
    guilds,
    interactions,
    invites,
    member_changes,
    members,
    messages,
    pins,
    reactions,
    roles,
    scheduled_events,
    threads,
    users,
    voice,
    webhook_messages,
    webhooks,
)
from steward.sim.rest.call import Handler, Route

ALL_ROUTES: tuple[Route, ...] = (
    *gateway.ROUTES,
    *users.ROUTES,
    *applications.ROUTES,
    *commands.ROUTES,
    *interactions.ROUTES,
    *threads.ROUTES,
    *webhook_messages.ROUTES,
    *webhooks.ROUTES,
    *invites.ROUTES,
    *guilds.ROUTES,
    *members.ROUTES,
    *channels.ROUTES,
    *messages.ROUTES,
    *member_changes.ROUTES,
    *roles.ROUTES,
    *voice.ROUTES,
    *emojis.ROUTES,
    *pins.ROUTES,
    *reactions.ROUTES,
    *scheduled_events.ROUTES,
)


class Found(NamedTuple):
    """What a path leads to: `handler` is None where the method is not allowed; `by_token` as in `Route`."""

    template: str
    path: dict[str, str]
    handler: Handler | None
    by_token: bool = False


class Router:
    """The table of routes."""

    def __init__(self, routes: Iterable[Route] = ALL_ROUTES) -> None:
        self._by_length: defaultdict[int, dict[tuple[str, ...], dict[str, Route]]] = defaultdict(dict)
        for route in routes:
            parts = tuple(route.template.strip("/").split("/"))
            self._by_length[len(parts)].setdefault(parts, {})[route.method] = route

    def find(self, method: str, path: str) -> Found | None:
        """Return where a path below the API's base leads, or None for nowhere; literal parts win over parameters."""
        given = path.strip("/").split("/")
        matches = [
            (parts, methods)
            for parts, methods in self._by_length.get(len(given), {}).items()
            if all(part.startswith("{") or part == text for part, text in zip(parts, given, strict=True))
        ]
        if not matches:
            return None
        parts, methods = min(matches, key=lambda match: sum(part.startswith("{") for part in match[0]))
        names = {part[1:-1]: unquote(text) for part, text in zip(parts, given, strict=True) if part.startswith("{")}
        route = methods.get(method)
        by_token = any(found.by_token for found in methods.values())
        return Found("/" + "/".join(parts), names, route.handler if route else None, by_token)
