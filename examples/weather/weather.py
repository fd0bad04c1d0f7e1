"""
A service that is slow, busy and sometimes down, behind one policy: each caller gets an answer or an error, in time.

    python examples/weather/weather.py

It does not depend on HTTP: `ask` may be any library's async function.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from steward.errors import StewardError
from steward.runtime.clock import Clock, SystemClock
from steward.runtime.resilience import Breaker, Bulkhead, Policy, Retry

NAME = "The weather service"


class Weather:
    """Sends two requests at a time, each for five seconds and up to three times; pauses while the service is down."""

    def __init__(self, ask: Callable[[str], Awaitable[str]], clock: Clock) -> None:
        self._ask = ask
        policy = Policy(
            timeout=5,
            retry=Retry(attempts=3, base_delay=0.5),
            bulkhead=Bulkhead(NAME, at_once=2, queue=20),
            breaker=Breaker(NAME, clock, failure_threshold=5, recovery_timeout=60),
        )
        self.forecast = policy(self._forecast)

    async def _forecast(self, place: str) -> str:
        return await self._ask(place)

    async def answer(self, place: str) -> str:
        """Return what to tell a member."""
        try:
            return await self.forecast(place)
        except (StewardError, OSError) as error:
            return str(error)


async def sunny(place: str) -> str:
    await asyncio.sleep(0.1)
    return f"{place}: sunny"


async def main() -> None:
    weather = Weather(sunny, SystemClock())
    print(await asyncio.gather(*map(weather.answer, ("Berlin", "Lisbon", "Oslo"))))


if __name__ == "__main__":
    asyncio.run(main())
