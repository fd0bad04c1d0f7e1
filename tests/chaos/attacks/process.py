"""Signals."""

from __future__ import annotations

import asyncio
import signal
import time

from tests.chaos.attacks.attack import NOT_READY, Attack, Calm, Scene


class Kill(Attack):
    """Killed at any moment, also while it starts."""

    name = "sigkill"
    ends = frozenset({NOT_READY, -signal.SIGKILL})

    def draw(self) -> None:
        self.pauses = [self.random.uniform(0.0, 4.0) for _ in range(self.random.randint(1, 3))]

    def __str__(self) -> str:
        return f"SIGKILL, {len(self.pauses)} times"

    async def strike(self, scene: Scene) -> None:
        for pause in self.pauses:
            await asyncio.sleep(pause)
            scene.ledger.kills.append(time.time())
            scene.bot.signal(signal.SIGKILL)
            await scene.bot.ended()


class Freeze(Attack):
    """Stopped for a while and continued: a laptop's lid, a paused container."""

    name = "sigstop"

    def draw(self) -> None:
        self.seconds = self.span(5, 40)

    def __str__(self) -> str:
        return f"SIGSTOP for {self.seconds:.1f} s"

    async def strike(self, scene: Scene) -> None:
        with scene.ledger.absent():
            scene.bot.signal(signal.SIGSTOP)
            try:
                await asyncio.sleep(self.seconds)
            finally:
                scene.bot.signal(signal.SIGCONT)


class Stop(Attack):
    """Told to stop, and started again."""

    name = "sigterm"
    number = signal.SIGTERM
    ends = frozenset({NOT_READY, 0})

    def draw(self) -> None:
        self.twice = self.random.random() < 0.3

    def __str__(self) -> str:
        return f"{self.number.name}{' twice' if self.twice else ''}, and a start"

    async def strike(self, scene: Scene) -> None:
        scene.bot.signal(self.number)
        if self.twice:
            await asyncio.sleep(0.1)
            scene.bot.signal(self.number)
        async with asyncio.timeout(15):
            await scene.bot.ended()


class HangUp(Stop):
    """Its terminal is closed."""

    name = "sighup"
    number = signal.SIGHUP


ATTACKS = (Calm, Kill, Freeze, Stop, HangUp)
