"""Reads the body of a request: JSON, or a multipart form with files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import orjson
from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from steward.sim.limits import Limits
from steward.sim.rest.errors import Refused
from steward.sim.uploads import File, Upload

_FILE = re.compile(r"files\[(\d+)\]")
_CHUNK = 1 << 16
_DEEPEST = 100  # levels of JSON; well below what can be written out again, with what is put around it


async def read(request: web.BaseRequest, limits: Limits) -> tuple[Any, list[Upload]]:
    """
    Return the parsed JSON (None without a body) and the files.

    Raises:
        Refused: it is too large (40005), no JSON or none that was compressed as it says (50109).

    """
    if not request.body_exists:
        return None, []
    if request.content_type.startswith("multipart/"):
        return await _read_form(request, limits)
    raw = bytearray()
    try:
        async for chunk in request.content.iter_chunked(_CHUNK):
            raw += chunk
            if len(raw) > limits.request_bytes:
                raise Refused.by_code(40005)
    except web.RequestPayloadError:  # not compressed as it says
        _give_up(request)
        raise Refused.by_code(50109) from None
    if not raw:
        return None, []
    if request.content_type != "application/json":
        return None, []
    return _parse(bytes(raw)), []


async def _read_form(request: web.BaseRequest, limits: Limits) -> tuple[Any, list[Upload]]:
    body: Any = None
    files: list[Upload] = []
    total = 0
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if not isinstance(part, BodyPartReader):
                continue
            content = bytes(await part.read())
            total += len(content)
            if total > limits.request_bytes:
                raise Refused.by_code(40005)
            if part.name == "payload_json":
                body = _parse(content)
            elif place := _FILE.fullmatch(part.name or ""):
                kind = readable(part.headers.get("Content-Type", "application/octet-stream"))
                files.append(Upload(int(place[1]), File(readable(part.filename or "file"), content, kind)))
    except web.RequestPayloadError:
        _give_up(request)
        raise Refused.by_code(50109) from None
    except (ValueError, AssertionError, HttpProcessingError):  # how aiohttp says that a multipart body is malformed
        raise Refused(400, {"message": "Invalid multipart body.", "code": 50109}) from None
    return ({} if body is None else body), files


def _give_up(request: web.BaseRequest) -> None:
    """Expect no more of a request that cannot be read to its end: its connection closes when it is answered."""
    request.content.feed_eof()
    request.protocol.close()


def readable(header: str) -> str:
    """Return the text of a header, with U+FFFD for what is not UTF-8 in it: surrogates could not be written out."""
    return header.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _parse(raw: bytes) -> Any:
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Refused.by_code(50109) from None
    if _is_deep(found):
        raise Refused.by_code(50109)
    return found


def _is_deep(found: Any) -> bool:
    level = [found]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(found: Any) -> Iterable[Any]:
    if isinstance(found, dict):
        return found.values()
    return found if isinstance(found, list) else ()
