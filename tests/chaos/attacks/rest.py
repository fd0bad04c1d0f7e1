"""What Discord's REST API does instead of answering."""

from __future__ import annotations

import asyncio
from math import inf

from steward.sim import Fault
from tests.chaos.attacks.attack import Attack, Scene

MESSAGES = "/channels/{channel_id}/messages"
EDITS = "/channels/{channel_id}/messages/{message_id}"
CALLBACKS = "/interactions/{interaction_id}/{interaction_token}/callback"
CHANNELS = "/channels/{channel_id}"


class ServerErrors(Attack):
    """Every request, or those of one route, fail with 500, 502 or 503 for a while."""

    name = "5xx"

    def draw(self) -> None:
        self.code = self.random.choice((500, 502, 503))
        self.route = self.random.choice((None, MESSAGES, EDITS, CHANNELS))
        self.seconds = self.span(2, 20)

    def __str__(self) -> str:
        return f"{self.code} from {self.route or 'every route'} for {self.seconds:.1f} s"

    async def strike(self, scene: Scene) -> None:
        scene.sim.faults.rest(action=Fault.status(self.code), route=self.route, times=inf)
        await asyncio.sleep(self.seconds)
        scene.sim.faults.clear()


class RateLimited(Attack):
    """Answers of 429: for one route, shared, or for all."""

    name = "429"

    def draw(self) -> None:
        self.scope = self.random.choice(("user", "global", "shared"))
        self.after = self.random.uniform(0.5, 4.0)
        self.times = self.random.randint(1, 8)

    def __str__(self) -> str:
        return f"429, {self.scope}, for {self.after:.1f} s, {self.times} times"

    async def strike(self, scene: Scene) -> None:
        scene.sim.faults.rest(action=Fault.rate_limited(self.scope, self.after), times=self.times)
        await asyncio.sleep(self.after + 2)
        scene.sim.faults.clear()


class LostAnswers(Attack):
    """What was asked is done, and the answer is lost."""

    name = "lost-answers"
    fault = Fault.drop_response()
    words = "done, and the answer lost"

    def draw(self) -> None:
        self.route = self.random.choice((None, MESSAGES, EDITS, CALLBACKS))
        self.times = self.random.randint(2, 15)

    def __str__(self) -> str:
        return f"{self.times} requests to {self.route or 'any route'} {self.words}"

    async def strike(self, scene: Scene) -> None:
        scene.sim.faults.rest(action=self.fault, route=self.route, times=self.times)
        await asyncio.sleep(4)
        scene.sim.faults.clear()


class Cut(LostAnswers):
    """The connection is reset before anything is done."""

    name = "reset"
    fault = Fault.reset()
    words = "cut off, not done"


class HalfJson(LostAnswers):
    """What was asked is done, and half of the JSON comes back."""

    name = "half-json"
    fault = Fault.malformed_json()
    words = "done, and answered by half of the JSON"


class Cloudflare(Attack):
    """Cloudflare's page in place of an answer: error 1015, HTML."""

    name = "cloudflare"

    def draw(self) -> None:
        self.route = self.random.choice((MESSAGES, EDITS, CHANNELS))
        self.times = self.random.randint(1, 3)

    def __str__(self) -> str:
        return f"Cloudflare's error page from {self.route}, {self.times} times"

    async def strike(self, scene: Scene) -> None:
        scene.sim.faults.rest(action=Fault.cloudflare(), route=self.route, times=self.times)
        await asyncio.sleep(4)
        scene.sim.faults.clear()


class Slow(Attack):
    """Every answer takes its time."""

    name = "slow"

    def draw(self) -> None:
        self.delay = self.random.uniform(0.3, 2.5)
        self.seconds = self.span(3, 12)

    def __str__(self) -> str:
        return f"every answer {self.delay:.1f} s late for {self.seconds:.1f} s"

    async def strike(self, scene: Scene) -> None:
        scene.sim.faults.rest(action=Fault.delay(self.delay), times=inf)
        await asyncio.sleep(self.seconds)
        scene.sim.faults.clear()


ATTACKS = (ServerErrors, RateLimited, LostAnswers, Cut, HalfJson, Cloudflare, Slow)
