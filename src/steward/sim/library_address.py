"""
Point discord.py at a simulator: it has no option for that, but two class attributes that everything goes by.

Other libraries need none of this: docs/test-your-own-bot.md, "Other libraries".
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def pointed_at(api_url: str, gateway_url: str) -> Iterator[None]:
    """While entered, discord.py talks to these addresses; without discord.py nothing happens."""
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
