"""Reads the body of a request: JSON, or a multipart form with files."""

from __future__ import annotations

import re
from typing import Any

import orjson
from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from steward.sim.limits import Limits
from steward.sim.rest.errors import Refused
from steward.sim.uploads import File, Upload

_FILE = re.compile(r"files\[(\d+)\]")
_CHUNK = 1 << 16


async def read(request: web.BaseRequest, limits: Limits) -> tuple[Any, list[Upload]]:
    """
    Return the parsed JSON (None without a body) and the files.

    Raises:
        Refused: it is too large (40005), no JSON (50109), or of an unknown type.

    """
    if not request.body_exists:
        return None, []
    if request.content_type.startswith("multipart/"):
        return await _read_form(request, limits)
    raw = bytearray()
    async for chunk in request.content.iter_chunked(_CHUNK):
        raw += chunk
        if len(raw) > limits.request_bytes:
            raise Refused.by_code(40005)
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
                kind = part.headers.get("Content-Type", "application/octet-stream")
                files.append(Upload(int(place[1]), File(part.filename or "file", content, kind)))
    except (ValueError, AssertionError, HttpProcessingError):  # how aiohttp says that a multipart body is malformed
        raise Refused(400, {"message": "Invalid multipart body.", "code": 50109}) from None
    return ({} if body is None else body), files


def _parse(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Refused.by_code(50109) from None
