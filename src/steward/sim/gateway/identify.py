"""Validation of IDENTIFY and RESUME."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from steward.sim.gateway.connection import Hangup
from steward.sim.gateway.opcodes import Close
from steward.sim.people.user import Json


@dataclass(slots=True, frozen=True)
class IdentifyData:
    """The data of op 2."""

    token: str
    intents: int
    shard: tuple[int, int]
    compress: bool
    presence: Json | None
    large_threshold: int

    @classmethod
    def read(cls, data: Any) -> Self:
        """Validate a client's IDENTIFY; `Hangup` if it is invalid."""
        if not isinstance(data, dict) or not isinstance(data.get("properties"), dict):
            raise Hangup(Close.DECODE_ERROR)
        token, intents, presence = data.get("token"), data.get("intents"), data.get("presence")
        if not isinstance(token, str) or not (presence is None or isinstance(presence, dict)):
            raise Hangup(Close.DECODE_ERROR)
        if not isinstance(intents, int) or isinstance(intents, bool):
            raise Hangup(Close.INVALID_INTENTS)
        threshold = data.get("large_threshold", 50)
        if not isinstance(threshold, int) or isinstance(threshold, bool) or not 50 <= threshold <= 250:  # noqa: PLR2004 - Discord's bounds
            raise Hangup(Close.DECODE_ERROR)
        shard, compress = _shard(data.get("shard")), bool(data.get("compress"))
        return cls(token.removeprefix("Bot "), intents, shard, compress, presence, threshold)


def _shard(found: Any) -> tuple[int, int]:
    match found:
        case None:
            return 0, 1
        case [int(shard), int(shards)] if shards > 0:
            return shard, shards
        case _:
            raise Hangup(Close.INVALID_SHARD)


def resume_data(data: Any) -> tuple[str, str, int]:
    """Return token, session id and sequence number of op 6; `Hangup` if they are invalid."""
    match data:
        case {"token": str(token), "session_id": str(session_id), "seq": int(seq)} if seq >= 0:
            return token.removeprefix("Bot "), session_id, seq
        case _:
            raise Hangup(Close.DECODE_ERROR)
