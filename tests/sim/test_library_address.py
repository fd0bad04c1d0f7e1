"""discord.py pointed at a simulator, and back."""

from __future__ import annotations

import importlib.util

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from steward.sim.library_address import pointed_at


def test_discord_py_is_pointed_there_and_back_whatever_happens():
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    with pytest.raises(KeyError), pointed_at("http://127.0.0.1:1/api/v10", "ws://127.0.0.1:1/"):
        assert Route("GET", "/gateway").url == "http://127.0.0.1:1/api/v10/gateway"
        assert str(DiscordWebSocket.DEFAULT_GATEWAY) == "ws://127.0.0.1:1/"
        raise KeyError
    assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


def test_nothing_happens_where_discord_py_is_not_installed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    before = Route.BASE
    with pointed_at("http://127.0.0.1:1/api/v10", "ws://127.0.0.1:1/"):
        assert before == Route.BASE
