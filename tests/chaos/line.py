"""The line between Discord and the bot, watched from Discord's end: when it was cut goes into the ledger."""

from __future__ import annotations

import asyncio
import time

from steward.sim import Simulator
from tests.chaos.bot import Bot
from tests.chaos.ledger import Absence, Ledger

EVERY = 0.02  # seconds


class Line:
    """
    Looks again and again whether a session of the bot is connected.

    Args:
        sim: Discord.
        bot: the process.
        ledger: hears of each time in which none was, and of each change from one connection to another.

    """

    def __init__(self, sim: Simulator, bot: Bot, ledger: Ledger) -> None:
        self._sim = sim
        self._bot = bot
        self._ledger = ledger

    async def watch(self) -> None:
        """Do so for ever; a cut that still lasts is in the ledger, too, as one that ends now."""
        last, known = time.time(), self._connections()
        while True:
            await asyncio.sleep(EVERY)
            now, connections = time.time(), self._connections()
            if not connections or not known & connections:
                self._note(last, now)
            last, known = now, connections

    def _connections(self) -> set[int]:
        if self._bot.pid is None:
            return set()
        return {id(session.connection) for session in self._sim.sessions if session.connection is not None}

    def _note(self, began: float, now: float) -> None:
        absences = self._ledger.absences
        if absences and absences[-1].ended == began and absences[-1].guild_id is None:
            began = absences.pop().began
        absences.append(Absence(began, now))
