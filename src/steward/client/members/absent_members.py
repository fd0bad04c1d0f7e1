"""
Which of some users aren't members of a guild: for a bot that keeps no members and may not be told of them.

One gateway message asks for up to a hundred (REQUEST_GUILD_MEMBERS with `user_ids`). It needs no privileged intent;
only a full list does (docs: Gateway Events > "Request Guild Members"). Whoever is not in the answer is asked for once
more over REST, one request each, so nobody is taken for gone by mistake.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count
from typing import Any

from steward.client.lean import LeanClient
from steward.client.payloads import records, snowflake
from steward.client.rest.errors import Gone, TryLater

AT_ONCE = 100  # docs: Gateway Events > "Request Guild Members"
SENT_WITHIN = 70.0  # discord.py holds messages back until the gateway's minute is over
ANSWERED_WITHIN = 10.0
UNKNOWN_MEMBER, UNKNOWN_USER = 10007, 10013  # docs: Opcodes and Status Codes > JSON


class AbsentMembers:
    """Asks Discord who is not there."""

    def __init__(self, client: LeanClient) -> None:
        self._client = client
        self._asked: dict[str, asyncio.Future[set[int]]] = {}
        self._numbers = count(1)
        client.on_gateway("GUILD_MEMBERS_CHUNK", self._told)

    async def among(self, guild_id: int, user_ids: Sequence[int]) -> set[int]:
        """
        Return those of some users who are not members of a guild.

        Raises:
            TryLater: Discord is not there, or doesn't answer.
            Gone: the guild isn't there for the bot.
            Refused: Discord doesn't say.

        """
        absent: set[int] = set()
        for first in range(0, len(user_ids), AT_ONCE):
            asked = user_ids[first : first + AT_ONCE]
            found = await self._members(guild_id, asked)
            for user_id in asked:
                if user_id not in found and await self._is_absent(guild_id, user_id):
                    absent.add(user_id)
        return absent

    async def _members(self, guild_id: int, user_ids: Sequence[int]) -> set[int]:
        socket = self._client.ws
        if not self._client.health.ready or socket is None:
            raise TryLater("I couldn't ask who is a member: I'm not connected to Discord.")
        nonce = f"absent-{next(self._numbers)}"
        told: asyncio.Future[set[int]] = asyncio.get_running_loop().create_future()
        self._asked[nonce] = told
        try:
            async with asyncio.timeout(SENT_WITHIN):
                await socket.request_chunks(guild_id, limit=0, user_ids=[*user_ids], nonce=nonce)
            async with asyncio.timeout(ANSWERED_WITHIN):
                return set(await told)
        except (TimeoutError, OSError) as error:
            raise TryLater(f"I couldn't ask who is a member of guild {guild_id}: Discord didn't answer.") from error
        finally:
            del self._asked[nonce]

    def _told(self, data: dict[str, Any]) -> None:
        told = self._asked.get(data.get("nonce", ""))
        if told is not None and not told.done():  # up to a hundred members come in one chunk
            told.set_result({snowflake(member["user"]["id"]) for member in records(data["members"])})

    async def _is_absent(self, guild_id: int, user_id: int) -> bool:
        try:
            await self._client.rest.member(guild_id, user_id)
        except Gone as error:
            if error.code not in {UNKNOWN_MEMBER, UNKNOWN_USER}:
                raise  # the guild is gone, which says nothing of its members
            return True
        return False
