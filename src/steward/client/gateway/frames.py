"""
Frames of the gateway that can't be read at once: mended where that is possible, else passed over.

A session that is resumed tells them again, so a frame that ends the connection would end it for ever.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson
from discord.gateway import DiscordWebSocket

from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

_SEQUENCE = re.compile(r'"s"\s*:\s*(\d{1,18})\b')


def read_frame(text: str) -> dict[str, Any]:
    """
    Return what a frame says; lone surrogates and control characters in it are done without.

    Raises:
        ValueError: it is no JSON.

    """
    try:
        frame: dict[str, Any] = orjson.loads(text)
    except orjson.JSONDecodeError:
        frame = orjson.loads(mended(text))
    return frame


def mended(text: str) -> str:
    """
    Return a frame as JSON that every parser reads.

    Raises:
        ValueError: it is none, or nothing that can be read.

    """
    try:
        readable = json.dumps(json.loads(text, strict=False), ensure_ascii=False).encode("utf-8", "replace").decode()
    except RecursionError:
        raise ValueError("lists in lists, thousands deep") from None
    orjson.loads(readable)  # which reads no numbers of a thousand digits
    return readable


def pass_over(text: str, after: int | None) -> int:
    """
    Go on after a frame that no parser reads.

    Args:
        after: the number of the event before it in the session; None if there is none.

    Returns:
        Its own number, at which the session is now.

    Raises:
        ValueError: which one it is can't be told.

    """
    found = _SEQUENCE.search(text)
    if found is None or after is None or int(found[1]) != after + 1:
        raise ValueError("a frame can't be read, and which one it is can't be told")
    log.error("gateway_frame_unreadable", error="it is no JSON, and was passed over")
    return after + 1


class Socket(DiscordWebSocket):
    """discord.py's connection, which outlives what discord.py can't read."""

    passed_over = 0
    """How many frames were passed over."""

    async def received_message(self, msg: Any, /) -> None:
        """Take up a frame; one that no parser reads is passed over, if it is plain which one in the session it is."""
        try:
            await super().received_message(msg)
        except UnicodeDecodeError as error:
            await self._received_odd(error.object.decode("utf-8", "replace"))
        except json.JSONDecodeError as error:
            await self._received_odd(error.doc)

    async def _received_odd(self, text: str) -> None:
        try:
            readable = mended(text)
        except ValueError:
            self.sequence = pass_over(text, self.sequence)
            self.passed_over += 1
        else:
            await super().received_message(readable)
