"""The machine's clock, by libfaketime."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.chaos.attacks.attack import Attack, Ground, Scene

PLACES = ("/usr/lib/*/faketime", "/usr/lib/faketime", "/usr/lib64/faketime", "/usr/local/lib/faketime")


def library() -> Path | None:
    """Return libfaketime, the kind for programs with threads."""
    return next((found for place in PLACES for found in Path("/").glob(f"{place[1:]}/libfaketimeMT.so.1")), None)


class Clock(Attack):
    """The clock jumps, hours ahead or behind, and back."""

    name = "clock"

    def draw(self) -> None:
        hours = self.random.uniform(0.1, 6.0)
        self.offset = int(hours * 3600) * self.random.choice((1, -1))
        self.seconds = self.span(4, 12)

    def __str__(self) -> str:
        return f"the clock {self.offset / 3600:+.1f} h for {self.seconds:.1f} s"

    @classmethod
    def missing(cls) -> str | None:
        if sys.platform != "linux" or library() is None:
            return "libfaketime is not installed (the package faketime)"
        return None

    @asynccontextmanager
    async def prepared(self, folder: Path) -> AsyncIterator[Ground]:
        self.set(folder, 0)
        yield Ground(
            {
                "LD_PRELOAD": str(library()),
                "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"),
                "FAKETIME_CACHE_DURATION": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # else a wait of one thread for another takes a tenth of a second
            }
        )

    def set(self, folder: Path, offset: int) -> None:
        (folder / "clock").write_text(f"{offset:+d}\n")

    async def strike(self, scene: Scene) -> None:
        self.set(scene.folder, self.offset)
        await asyncio.sleep(self.seconds)
        self.set(scene.folder, 0)
        await asyncio.sleep(2)


ATTACKS = (Clock,)
