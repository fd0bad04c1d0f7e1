"""Follow a table on a web service without overloading it, and report each change."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from steward.errors import StewardError
from steward.runtime.backoff import AdaptivePause
from steward.runtime.clock import Clock, SystemClock
from steward.runtime.http import HostLimits, HttpClient
from steward.runtime.limits import Limiter, LimitReached, Rule
from steward.runtime.resilience import retry_after


async def changes(http: HttpClient, url: str) -> AsyncIterator[Any]:
    """Yield the table after each change: polled each minute while it changes, else each ten minutes."""
    pause, last = AdaptivePause(60, 600), None
    while True:
        least, changed = 0.0, False
        try:
            table = (await http.get(url)).json()
        except StewardError as error:  # the next poll may succeed
            least = retry_after(error)
            print(error)
        else:
            changed, last = table != last, table
            if changed:
                yield table
        await asyncio.sleep(pause.after(changed=changed, least=least))


class Desk:
    """Answers members who ask for the table, three times a minute each, from the cache."""

    def __init__(self, http: HttpClient, clock: Clock, url: str) -> None:
        self._http = http
        self._url = url
        self._limiter = Limiter({"user": Rule(3, per=60)}, clock)

    async def answer(self, user_id: int) -> str:
        try:
            await self._limiter.check(user=user_id)
            return str((await self._http.get(self._url, stale_for=3600)).json())
        except LimitReached as reached:
            return f"Ask again in {reached.retry_after:.0f} s."
        except StewardError as error:
            return str(error)


async def main(url: str) -> None:
    clock = SystemClock()
    async with HttpClient(clock, limits=HostLimits(timeout=10)) as http:
        print(await Desk(http, clock, url).answer(17))
        async for table in changes(http, url):
            print(table)


if __name__ == "__main__":
    asyncio.run(main("https://scores.example/table"))
