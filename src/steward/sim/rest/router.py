"""Finds the route of a path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote

from steward.sim.rest import gateway
from steward.sim.rest.call import Handler, Route
from steward.sim.rest.channels import channels, invite_targets, invites, threads, webhooks
from steward.sim.rest.commerce import entitlements
from steward.sim.rest.expressions import emojis, soundboard, stickers
from steward.sim.rest.guilds import applications, guilds, member_changes, members, roles, scheduled_events, users
from steward.sim.rest.interactions import commands, interactions
from steward.sim.rest.messages import messages, pins, polls, reactions, webhook_messages
from steward.sim.rest.moderation import auto_moderation, prune
from steward.sim.rest.news import following, services
from steward.sim.rest.search import messages as message_search
from steward.sim.rest.search import threads as thread_search
from steward.sim.rest.server import channel_order, integrations, settings, templates, welcome, widget
from steward.sim.rest.stages import instances, voice_states
from steward.sim.rest.unserved import unserved

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
    *invite_targets.ROUTES,
    *guilds.ROUTES,
    *members.ROUTES,
    *channels.ROUTES,
    *messages.ROUTES,
    *member_changes.ROUTES,
    *roles.ROUTES,
    *emojis.ROUTES,
    *soundboard.ROUTES,
    *settings.ROUTES,
    *channel_order.ROUTES,
    *widget.ROUTES,
    *welcome.ROUTES,
    *templates.ROUTES,
    *integrations.ROUTES,
    *prune.ROUTES,
    *auto_moderation.ROUTES,
    *entitlements.ROUTES,
    *following.ROUTES,
    *services.ROUTES,
    *message_search.ROUTES,
    *thread_search.ROUTES,
    *instances.ROUTES,
    *voice_states.ROUTES,
    *pins.ROUTES,
    *polls.ROUTES,
    *reactions.ROUTES,
    *scheduled_events.ROUTES,
    *stickers.ROUTES,
)


class RouteMatch(NamedTuple):
    """The route of a path; `handler` is None if the method is not allowed, other fields are as in `Route`."""

    template: str
    path: dict[str, str]
    handler: Handler | None
    by_token: bool = False
    unlimited: bool = False


class RestRouter:
    """The table of routes, including Discord's routes that the simulator does not serve."""

    def __init__(self, routes: Iterable[Route] = ALL_ROUTES) -> None:
        self._by_start: defaultdict[tuple[int, str], dict[tuple[str, ...], dict[str, Route]]] = defaultdict(dict)
        served = tuple(routes)
        for route in (*served, *unserved(served)):
            parts = tuple(route.template.strip("/").split("/"))
            self._by_start[len(parts), parts[0]].setdefault(parts, {})[route.method] = route

    def find(self, method: str, path: str) -> RouteMatch | None:
        """
        Return the route of a path relative to the API's base, or None.

        Literal segments are preferred to parameters, which are never empty.
        """
        given = path.strip("/").split("/")
        matches = [
            (parts, methods)
            for parts, methods in self._by_start.get((len(given), given[0]), {}).items()
            if all(text and (part.startswith("{") or part == text) for part, text in zip(parts, given, strict=True))
        ]
        if not matches:
            return None
        parts, methods = min(matches, key=lambda match: sum(part.startswith("{") for part in match[0]))
        names = {part[1:-1]: unquote(text) for part, text in zip(parts, given, strict=True) if part.startswith("{")}
        route = methods.get(method)
        by_token = any(found.by_token for found in methods.values())
        unlimited = route is not None and route.unlimited
        return RouteMatch("/" + "/".join(parts), names, route.handler if route else None, by_token, unlimited)
