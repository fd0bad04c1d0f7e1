"""
Events of the time between two processes: read from the old session before the new one begins.

discord.py cannot start from a stored session: without READY it knows no guild. So the old session is resumed on a
connection of its own, only to be read to its end, and closed; RESUME costs no login. What is gone (a session lives
on for some minutes) is gone: Discord answers INVALID_SESSION, and the counts of the new session put the sums right.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import orjson
import structlog
import yarl

from steward.client.bookmark import Session

log = structlog.get_logger(__name__)

DISPATCH, RESUME, RECONNECT, INVALID_SESSION, HELLO = 0, 6, 7, 9, 10
WITHIN = 15.0
END_SESSION = 1000

Deliver = Callable[[Session, str, dict[str, Any]], None]


async def read_missed_events(session: Session, token: str, deliver: Deliver) -> int:
    """
    Read what the old session still holds and end it.

    Args:
        session: where reading stopped.
        token: the bot's.
        deliver: called with the place, name and payload of each event, in order.

    Returns:
        How many events were delivered; 0 when the session is gone or cannot be reached.

    """
    count = 0
    try:
        async with asyncio.timeout(WITHIN), aiohttp.ClientSession() as http:
            url = yarl.URL(session.url).with_query(v="10", encoding="json")
            async with http.ws_connect(url, max_msg_size=0) as socket:
                async for message in socket:
                    if message.type is not aiohttp.WSMsgType.TEXT:
                        break
                    frame = orjson.loads(message.data)
                    if frame["op"] == HELLO:
                        await socket.send_str(_resume(session, token))
                    elif frame["op"] in (RECONNECT, INVALID_SESSION) or frame["t"] == "RESUMED":
                        break
                    elif frame["op"] == DISPATCH:
                        deliver(Session(session.id, frame["s"], session.url), frame["t"], frame["d"])
                        count += 1
                await socket.close(code=END_SESSION)
    except (OSError, aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
        log.warning("missed_events_unreachable", error=f"{type(error).__name__}: {error}", read=count)
    if count:
        log.info("missed_events_read", count=count)
    return count


def _resume(session: Session, token: str) -> str:
    payload = {"op": RESUME, "d": {"token": token, "session_id": session.id, "seq": session.sequence}}
    return orjson.dumps(payload).decode()
