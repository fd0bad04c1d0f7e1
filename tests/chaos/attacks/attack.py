"""What an attack is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import ClassVar

from steward.sim import Simulator
from tests.chaos.bot import Bot
from tests.chaos.databases import Database
from tests.chaos.ledger import Ledger
from tests.chaos.traffic import Community

CALM_FOR = 60.0  # seconds
NOT_READY = 75  # exit code: start me again later


@dataclass(frozen=True, slots=True)
class Scene:
    """What an attack may lay hands on."""

    sim: Simulator
    community: Community
    ledger: Ledger
    bot: Bot
    database: Database
    folder: Path


@dataclass(slots=True)
class Ground:
    """How the bot is started for an attack: settings, a program around it, where its console goes."""

    environ: Mapping[str, str] = field(default_factory=dict)
    words: Sequence[str] = ()
    console: int | None = None


class Attack:
    """
    One thing that goes wrong, for some seconds, while the bot is in use.

    Args:
        random: draws the parameters.
        longest: how many seconds it lasts at most.

    Attributes:
        engine: the database that the bot has meanwhile.
        logins: how many it may cost beyond one for each start of the process.
        ends: exit codes that the process may end with while it lasts.

    """

    name: ClassVar[str]
    engine: ClassVar[str] = "sqlite"
    logins: ClassVar[int] = 0
    ends: ClassVar[frozenset[int]] = frozenset({NOT_READY})

    def __init__(self, random: Random, longest: float) -> None:
        self.random = random
        self.longest = longest
        self.draw()

    def draw(self) -> None:
        """Draw the parameters."""

    def span(self, least: float, most: float) -> float:
        """Draw a number of seconds, no more than an attack may last here."""
        return self.random.uniform(least, max(least, min(most, self.longest)))

    def __str__(self) -> str:
        return self.name

    @classmethod
    def missing(cls) -> str | None:
        """Return why it cannot be done on this machine."""
        return None

    @asynccontextmanager
    async def prepared(self, folder: Path) -> AsyncIterator[Ground]:
        """Prepare what the bot is to run on while entered."""
        del folder
        yield Ground()

    async def strike(self, scene: Scene) -> None:
        """Do it, and return when it is over."""
        raise NotImplementedError


class Calm(Attack):
    """Nothing goes wrong; it lasts until a promise of each kind was given, or a minute."""

    name = "calm"

    async def strike(self, scene: Scene) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(CALM_FOR):
                while scene.ledger.never_told():
                    await asyncio.sleep(0.1)
