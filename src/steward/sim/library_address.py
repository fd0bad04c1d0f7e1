"""
Point discord.py at a simulator. It has no option for that, so two of its class attributes are replaced.

Other libraries need none of this: docs/test-your-own-bot.md, "Other libraries".
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def pointed_at(api_url: str, gateway_url: str) -> Iterator[None]:
    """Make discord.py use these addresses within the context; does nothing if discord.py is not installed."""
    if importlib.util.find_spec("discord") is None:
        yield
        return
    route = importlib.import_module("discord.http").Route
    socket = importlib.import_module("discord.gateway").DiscordWebSocket
    before = route.BASE, socket.DEFAULT_GATEWAY
    route.BASE, socket.DEFAULT_GATEWAY = api_url, type(socket.DEFAULT_GATEWAY)(gateway_url)
    try:
        yield
    finally:
        route.BASE, socket.DEFAULT_GATEWAY = before
