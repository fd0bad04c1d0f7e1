"""One round: a bot starts, is used, is attacked, recovers, rests, and is held to what it told its members."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from steward.runtime.clock import SystemClock
from steward.sim import Limits, Rate, Simulator
from steward.sim.recorder import Request
from tests.chaos.attacks import ATTACKS
from tests.chaos.attacks.attack import Attack, Calm, Scene
from tests.chaos.bot import Bot
from tests.chaos.checker import BEHIND, WRONG, Breach, breaches, look, never_given
from tests.chaos.databases import database
from tests.chaos.ledger import Ledger
from tests.chaos.line import Line
from tests.chaos.traffic import PATIENCE, Community
from tests.stage import MEMORY_OF_NO_CONCERN

READY_WITHIN = 60.0  # seconds, on a machine that is busy with other things
RECOVERS_WITHIN = 90.0
LOOKS = 2  # in a row that must find nothing behind
SETTLES_WITHIN = 45.0  # posts, events and reports stand as they should, once there is quiet
RENAMES = Rate(2, 6.0)  # minutes of the real limit in a round's time
AFTER_A_START = 15.0  # seconds in which a process may find a bucket empty that the one before it has spent
A_MINUTE = 60
DUE_IN = (8.0, 20.0)  # a report and a reminder fall due in a round that has a full minute so soon after its start


@dataclass
class Result:
    """
    What a round came to.

    Attributes:
        seed, attack, engine: what is needed to play it again.
        deed: the attack in words.
        told: answers that told a member that something is kept; `kinds`: how many of each kind.
        unanswered: how often Discord said that the bot did not answer.
        events: joins, leaves, bans and messages.
        recovery: seconds from the end of the attack until a member was answered again; None: not in time.
        settled: seconds of quiet until nothing was behind.
        starts, logins, limited: of the process, at the gateway, and 429s that no script asked for.
        due: whether a report and a reminder fell due.
        broken: what was not kept, as kind and sentence.
        excuses: sentences that told a member no, with how often.

    """

    seed: int
    attack: str
    engine: str
    deed: str
    told: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    unanswered: int = 0
    events: int = 0
    recovery: float | None = None
    settled: float = 0.0
    starts: int = 0
    logins: int = 0
    limited: int = 0
    due: bool = False
    seconds: float = 0.0
    broken: list[tuple[str, str]] = field(default_factory=list)
    excuses: dict[str, int] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        return asdict(self)


class Round:
    """
    One round.

    Args:
        seed: of all that is random in it.
        attack: its name; `attacks` has them.
        folder: empty, for the bot's data.
        longest: seconds that the attack lasts at most.
        due: whether a report and a reminder may fall due in it.
        rest: called with the parts once the bot has stopped, before its database goes away.

    """

    def __init__(
        self,
        seed: int,
        attack: str | type[Attack],
        folder: Path,
        *,
        longest: float = 40.0,
        calm: float = 2.0,
        due: bool = True,
        rest: Callable[[Scene], None] | None = None,
    ) -> None:
        kind = ATTACKS[attack] if isinstance(attack, str) else attack
        self._attack = kind(Random(f"{seed} {kind.name}"), longest)
        self._random = Random(f"{seed} people")
        self._folder = folder
        self._calm = calm
        self._due = due
        self._rest = rest
        self._seen: set[Breach] = set()
        self._limited: list[str] = []
        self._inherited: set[tuple[int, str, str]] = set()
        self._bot: Bot | None = None
        self.result = Result(seed, kind.name, kind.engine, str(self._attack))

    async def play(self) -> Result:
        """Play it; whatever goes wrong is in the result."""
        began = time.monotonic()
        async with AsyncExitStack() as stack:
            ground = await stack.enter_async_context(self._attack.prepared(self._folder))
            sim = await stack.enter_async_context(Simulator(clock=SystemClock(), limits=Limits(renames=RENAMES)))
            sim.recorder.subscribe(self._hear)
            kept = database(self._attack.engine, self._folder, self.result.seed)
            stack.callback(kept.drop)
            due = self._due_at() if self._due else None
            ledger = Ledger(
                places=(str(self._folder), "127.0.0.1", "localhost", "steward.sqlite3", kept.engine + "://")
            )
            community = Community(sim, ledger, self._random, due)
            environ = {
                **community.stage.environment(sim),
                **MEMORY_OF_NO_CONCERN,
                **kept.environ(),
                "STEWARD_HEALTH_PORT": "0",
                "STEWARD_DISK_WARN_MB": "0",
                "STEWARD_DATA_DIR": str(self._folder),
                "STEWARD_RENAME_WINDOW": f"{RENAMES.seconds:g}",
                **({"STEWARD_REPORT_TIME": time.strftime("%H:%M", time.gmtime(due))} if due is not None else {}),
                **ground.environ,
            }
            bot = self._bot = Bot(self._folder, environ, words=ground.words, console=ground.console)
            await stack.enter_async_context(bot)
            scene = Scene(sim, community, ledger, bot, kept, self._folder)
            await self._through(scene, due)
            if self._rest is not None:
                self._rest(scene)
        result = self.result
        result.broken += sorted((breach.kind, breach.sentence) for breach in self._seen)
        result.broken += [("429", request) for request in self._limited]
        result.limited = len(self._limited) + len(self._inherited)
        result.seconds = round(time.monotonic() - began, 1)
        return result

    async def _through(self, scene: Scene, due: float | None) -> None:
        bot, community, ledger = scene.bot, scene.community, scene.ledger
        if await self._served(scene, READY_WITHIN) is None:
            self._broken(WRONG, f"the bot is not ready {READY_WITHIN:.0f} s after its start")
            return
        if due is not None and time.time() > due - 1:
            due = None  # the machine is busy: nothing is owed for a time before the first start
        line = asyncio.create_task(Line(scene.sim, bot, ledger).watch())
        living = asyncio.create_task(community.live())
        await self._until_posted(scene)
        await asyncio.sleep(self._random.uniform(self._calm / 2, self._calm))
        try:
            await self._attack.strike(scene)
        except Exception as error:  # noqa: BLE001 - whatever it meets is what the round has found
            self._broken(WRONG, f"the attack met {type(error).__name__}: {error}")
        self.result.recovery = await self._served(scene, RECOVERS_WITHIN)
        if self.result.recovery is None:
            self._broken(WRONG, f"nobody is answered {RECOVERS_WITHIN:.0f} s after the attack")
        await asyncio.sleep(self._calm / 2)
        if due is not None:
            await asyncio.sleep(max(0.0, due + 1 - time.time()))
        community.rest()
        try:
            async with asyncio.timeout(PATIENCE * 6):
                await living
        except Exception as error:  # noqa: BLE001 - members go on whatever the bot does, so this is a finding
            self._broken(WRONG, f"a member met {type(error).__name__}: {error}")
        await self._settle(scene, due)
        line.cancel()
        with suppress(asyncio.CancelledError):
            await line
        code, seconds = await bot.stop()
        if code != 0:
            self._broken(WRONG, f"told to stop, it ended with {code} after {seconds:.1f} s")
        self._note(await self._compare(scene, due))
        self._count(scene)
        self.result.told, self.result.unanswered = ledger.told.total(), ledger.unanswered
        self.result.kinds = dict(ledger.told)
        self.result.due = due is not None
        self.result.events = sum(map(len, ledger.moves.values())) + len(ledger.messages)
        for leak in ledger.leaks:
            self._broken(WRONG, f"a member was told where things are: {leak}")
        if isinstance(self._attack, Calm):
            self._note(never_given(ledger))
        for excuse in ledger.excuses:
            self.result.excuses[excuse] = self.result.excuses.get(excuse, 0) + 1

    def _due_at(self) -> float | None:
        now = time.time()
        minute = (now // A_MINUTE + 1) * A_MINUTE
        return minute if DUE_IN[0] <= minute - now <= DUE_IN[1] and minute % 86_400 else None

    async def _served(self, scene: Scene, within: float) -> float | None:
        """Return the seconds until a member is answered."""
        began = time.monotonic()
        while time.monotonic() - began < within and not scene.bot.given_up:
            if await scene.community.is_served():
                return round(time.monotonic() - began, 2)
            await asyncio.sleep(0.25)
        return None

    async def _until_posted(self, scene: Scene) -> None:
        until = time.monotonic() + READY_WITHIN
        while not scene.community.posts():
            if time.monotonic() > until:
                self._broken(WRONG, f"no event is posted {READY_WITHIN:.0f} s after members began")
                return
            await asyncio.sleep(0.1)

    async def _settle(self, scene: Scene, due: float | None) -> None:
        """
        Look again and again until nothing is behind, twice in a row; what must never be is noted at once.

        One look is not enough: the database is read a moment before Discord is, and something may fall due between.
        """
        began = time.monotonic()
        calm = 0
        while True:
            found = await self._compare(scene, due)
            self._seen |= {breach for breach in found if breach.kind not in (BEHIND, WRONG)}
            self.result.settled = round(time.monotonic() - began, 1)
            passing = any(breach.kind in (BEHIND, WRONG) for breach in found)
            calm = 0 if passing else calm + 1
            if calm == LOOKS or self.result.settled > SETTLES_WITHIN:
                break
            await asyncio.sleep(0.5)
        self._note(found)

    async def _compare(self, scene: Scene, due: float | None) -> list[Breach]:
        community = scene.community
        try:
            kept = await asyncio.to_thread(look, scene.database, community.guild.id, community.second.id)
        except Exception as error:  # noqa: BLE001 - a database that cannot be read is a finding
            return [Breach(WRONG, f"the database cannot be read: {type(error).__name__}: {error}")]
        return breaches(kept, scene.ledger, community, due)

    def _count(self, scene: Scene) -> None:
        bot, result = scene.bot, self.result
        result.starts, result.logins = bot.starts, len(scene.sim.recorder.identifies)
        if result.logins > result.starts + self._attack.logins:
            self._broken(WRONG, f"{result.logins} logins in {result.starts} starts")
        for code in bot.ends:
            if code not in self._attack.ends:
                self._broken(WRONG, f"it ended by itself with {code}")

    def _hear(self, request: Request) -> None:
        """Note a 429, but for the first answer that tells a new process what the one before has spent of a bucket."""
        if request.status != 429 or request.fault is not None or request.scope == "shared":
            return
        bot = self._bot
        if bot is not None and bot.starts > 1 and time.monotonic() - bot.began < AFTER_A_START:
            first = (bot.starts, request.method, request.path)
            if first not in self._inherited:
                self._inherited.add(first)
                return
        self._limited.append(f"{request.method} {request.route}, {request.scope}")

    def _note(self, found: list[Breach]) -> None:
        self._seen |= set(found)

    def _broken(self, kind: str, sentence: str) -> None:
        self._seen.add(Breach(kind, sentence))
