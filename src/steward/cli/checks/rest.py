"""The doctor's requests to Discord's REST API, without retries or cache."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

import steward
from steward.errors import NotReady
from steward.settings import Secret

TIMEOUT = aiohttp.ClientTimeout(total=10)
HTTP_OK = 200
HTTP_UNAUTHORIZED = 401
HTTP_FORBIDDEN = 403
HTTP_NOT_FOUND = 404
HTTP_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """An answer of Discord; `body` is the JSON document, None if there was none, `date` the header, else empty."""

    status: int
    body: Any
    date: str

    @property
    def good(self) -> bool:
        """Whether the request succeeded with an object."""
        return self.status == HTTP_OK and isinstance(self.body, dict)

    @property
    def code(self) -> int:
        """Discord's own error code, 0 if there is none."""
        code = self.body.get("code", 0) if isinstance(self.body, dict) else 0
        return code if isinstance(code, int) else 0


class DoctorRest:
    """Sends requests as the bot; `api_url` is the base, without a trailing slash."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str, token: Secret) -> None:
        self._session = session
        self._api_url = api_url
        self._headers = {
            "Authorization": f"Bot {token.reveal()}",
            "User-Agent": f"DiscordBot (steward, {steward.__version__})",
        }

    async def get(self, path: str) -> CheckAnswer:
        """Request a path, such as `/users/@me`; `NotReady` if the server does not answer within ten seconds."""
        try:
            async with self._session.get(self._api_url + path, headers=self._headers, timeout=TIMEOUT) as response:
                raw = await response.read()
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            reason = str(error) or type(error).__name__
            raise NotReady(f"{self._api_url} doesn't answer: {reason}.") from error
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        return CheckAnswer(response.status, body, response.headers.get("Date", ""))
