"""Reads the body of a request: JSON, URL-encoded, or multipart with files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from steward.sim.limits import Limits
from steward.sim.rest.errors import RestRefused, refuse_if
from steward.sim.rest.form import FieldText
from steward.sim.uploads import File, Upload

_FILE = re.compile(r"files\[(\d+)\]")
_PAYLOAD = "payload_json"
_URL_ENCODED = "application/x-www-form-urlencoded"
_MAX_FIELDS = 1000
_EXACT = 1 << 53  # above, floats do not represent every integer
_CHUNK = 1 << 16
_DEEPEST = 100  # nested levels of JSON; well below what orjson can serialize


async def read(request: web.BaseRequest, limits: Limits) -> tuple[Any, list[Upload]]:
    """
    Return the parsed JSON (None without a body) and the files.

    Form fields are read as `FieldText`, repeated ones as a list; `payload_json` takes precedence
    (reference.mdx, "Uploading Files"). Refused: a body too large (40005), invalid JSON or compression (50109).
    """
    if not request.body_exists:
        return None, []
    if request.content_type.startswith("multipart/"):
        return await _read_form(request, limits)
    raw = bytearray()
    try:
        async for chunk in request.content.iter_chunked(_CHUNK):
            raw += chunk
            refuse_if(len(raw) > limits.request_bytes, 40005)
    except web.RequestPayloadError:  # invalid compression
        _give_up(request)
        raise RestRefused.by_code(50109) from None
    if not raw:
        return None, []
    if request.content_type == _URL_ENCODED:
        return _read_fields(bytes(raw)), []
    if request.content_type != "application/json":
        return None, []
    return _parse(bytes(raw)), []


def _read_fields(raw: bytes) -> Any:
    try:
        fields = parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise RestRefused.by_code(50109) from None
    return _combined(fields)


def _combined(fields: list[tuple[str, str]]) -> Any:
    """Return the body that corresponds to the fields of a form."""
    found: dict[str, Any] = {}
    payload: Any = {}
    for name, text in fields:
        if name == _PAYLOAD:
            payload = _parse(text.encode())
        elif name not in found:
            found[name] = FieldText(text)
        elif isinstance(found[name], list):
            found[name].append(FieldText(text))
        else:
            found[name] = [found[name], FieldText(text)]
    return found | payload if isinstance(payload, dict) else payload


async def _read_form(request: web.BaseRequest, limits: Limits) -> tuple[Any, list[Upload]]:
    fields: list[tuple[str, str]] = []
    files: list[Upload] = []
    total = 0
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if not isinstance(part, BodyPartReader):
                continue
            content = bytes(await part.read())
            total += len(content)
            refuse_if(total > limits.request_bytes, 40005)
            match = _FILE.fullmatch(part.name or "")
            if (match is None and part.filename is None) or part.name == _PAYLOAD:
                fields.append((readable(part.name or ""), content.decode("utf-8", "replace")))
                continue
            kind = readable(part.headers.get("Content-Type", "application/octet-stream"))
            number = int(match[1][:9]) if match is not None else len(files)
            files.append(Upload(number, File(readable(part.filename or "file"), content, kind)))
            refuse_if(len(fields) + len(files) > _MAX_FIELDS, 50109)
    except web.RequestPayloadError:
        _give_up(request)
        raise RestRefused.by_code(50109) from None
    except (ValueError, AssertionError, HttpProcessingError):  # aiohttp raises these for a malformed body
        raise RestRefused(400, {"message": "Invalid multipart body.", "code": 50109}) from None
    return _combined(fields), files


def _give_up(request: web.BaseRequest) -> None:
    """Stop reading a request; its connection closes after the response."""
    request.content.feed_eof()
    request.protocol.close()


def readable(header: str) -> str:
    """Return the text of a header with U+FFFD for invalid UTF-8, since surrogates cannot be serialized."""
    return header.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _parse(raw: bytes) -> Any:
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise RestRefused.by_code(50109) from None
    refuse_if(_is_deep(found), 50109)
    return _with_integers(found)


def _with_integers(found: Any) -> Any:
    """Return JSON with integral floats (`1.0`) as integers, as Discord reads them."""
    if isinstance(found, float):
        return int(found) if found.is_integer() and abs(found) < _EXACT else found
    items = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, inner in items:
        if isinstance(inner, float | dict | list):
            found[key] = _with_integers(inner)
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
