"""
The dashboard on the port of the health pages, below `/dashboard/`.

All addresses in it are relative, so that it works below any path behind a proxy; it needs no WebSocket. It only reads:
the one thing that can be sent is a password.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

import orjson
from aiohttp.web_request import BaseRequest
from aiohttp.web_response import Response

from steward.errors import StewardError
from steward.runtime.page_headers import FILE_HEADERS, page_headers
from steward.runtime.static_files import StaticFiles, content_answer
from steward.web.dashboard.access import COOKIE, DashboardAccess, is_ours
from steward.web.dashboard.now import SPANS, DashboardNow

ROOT = "/dashboard"
READING = ("GET", "HEAD")
DIGITS_OF_A_SECOND = 12
MOST_SENT = 4096
"""Bytes of what a browser may send."""
_SECURITY = page_headers("'self' data:")
FILES = StaticFiles("steward.web.dashboard", _SECURITY)
ONLY_HERE = (
    "The dashboard has no password, so it's shown on this machine only, at 127.0.0.1 or localhost. To read it from"
    " elsewhere, set STEWARD_DASHBOARD_PASSWORD."
)


class Dashboard:
    """See the module."""

    def __init__(self, access: DashboardAccess, now: DashboardNow) -> None:
        self._access = access
        self._now = now

    @staticmethod
    def owns(path: str) -> bool:
        """Return whether the dashboard answers a path."""
        return path in {"/", ROOT} or path.startswith(f"{ROOT}/")

    async def answer(self, request: BaseRequest) -> Response:
        """Answer a request for a path that is ours."""
        if not self._access.knows_host(request.headers.get("Host", "")):
            text = "Open this page by the address it listens on, or name this one in STEWARD_DASHBOARD_HOSTS.\n"
            return Response(status=HTTPStatus.MISDIRECTED_REQUEST, text=text, headers=_SECURITY)
        path = request.path.removeprefix(ROOT)
        if path in {"", "/"} and request.path != f"{ROOT}/":
            return Response(status=307, headers={**_SECURITY, "Location": f"{ROOT[1:]}/"})
        if not path.startswith("/api/"):
            return self._file(request, path)
        if path == "/api/sign-in":
            return await self._sign_in(request)
        return await self._read(request, path, dict(parse_qsl(request.query_string)))

    async def _read(self, request: BaseRequest, path: str, asked: Mapping[str, str]) -> Response:
        if request.method not in READING:
            return _said({"error": "The dashboard only reads."}, status=405)
        refusal = self._access.refusal(request.headers, request.remote)
        if refusal:
            said = ONLY_HERE if refusal == "no password" else "Sign in."
            return _said({"error": said, "sign_in": refusal == "sign in"}, status=401)
        try:
            if path == "/api/now":
                return _answered(content_answer(await self._now.now(), request.headers, FILE_HEADERS))
            if path == "/api/series" and asked.get("span", "1h") in SPANS:
                found = await self._now.series(asked.get("span", "1h"), _second(asked.get("after", "")))
                return _answered(content_answer(found, request.headers, FILE_HEADERS))
        except StewardError as error:
            return _said({"error": str(error)}, status=503)
        return _said({"error": "There is no such page."}, status=404)

    def _file(self, request: BaseRequest, path: str) -> Response:
        found = FILES.answer(path, request.headers)
        if found is None or request.method not in READING:
            return Response(status=404 if found is None else 405, text="There is no such file.\n", headers=_SECURITY)
        return _answered(found)

    async def _sign_in(self, request: BaseRequest) -> Response:
        if request.method == "DELETE" and is_ours(request.headers):
            self._access.sign_out(request.headers)
            return _said({}, cookie=f"{COOKIE}=; Max-Age=0; {_attributes(request)}")
        if request.method != "POST":
            return _said({"error": "Send a password."}, status=405)
        if not is_ours(request.headers) or request.content_type != "application/json":
            return _said({"error": "Sign in on the dashboard's own page."}, status=403)
        wait = self._access.wait(request.remote)
        if wait > 0:
            return _said({"error": "Too many tries.", "wait": round(wait, 1)}, status=429)
        session = self._access.sign_in(await _password(request), request.remote)
        if session is None:
            wait = max(0.0, self._access.wait(request.remote))
            return _said({"error": "That's not the password.", "wait": round(wait, 1)}, status=403)
        return _said({}, cookie=f"{COOKIE}={session}; {_attributes(request)}")


def _second(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS_OF_A_SECOND else 0


async def _password(request: BaseRequest) -> str:
    body = await request.content.read(MOST_SENT)
    try:
        said = orjson.loads(body)
    except ValueError:
        return ""
    password = said.get("password") if isinstance(said, dict) else None
    return password if isinstance(password, str) else ""


def _attributes(request: BaseRequest) -> str:
    """Return how the cookie is kept: where TLS ends at a proxy, it is sent by TLS only."""
    secure = "; Secure" if request.headers.get("X-Forwarded-Proto", request.scheme) == "https" else ""
    return f"HttpOnly; SameSite=Strict{secure}"


def _answered(found: tuple[int, bytes, dict[str, str]]) -> Response:
    status, body, headers = found
    return Response(status=status, body=body, headers=headers)


def _said(facts: Mapping[str, object], *, status: int = 200, cookie: str = "") -> Response:
    headers = {**FILE_HEADERS, "Cache-Control": "no-store", **({"Set-Cookie": cookie} if cookie else {})}
    return Response(body=orjson.dumps(facts), status=status, headers={**headers, "Content-Type": "application/json"})
