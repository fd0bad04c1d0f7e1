"""The bots that are switched on: built, loaded, at work, and apart from each other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from steward.bots.bot import Bot, Part
from steward.bots.installed import OURS
from steward.client.interactions import Interactions
from steward.errors import NeedsOperator, NotReady, StewardError
from steward.guilds.commands import Setups
from steward.guilds.host import Host
from steward.guilds.privacy.kept import Kept
from steward.runtime.logs.loggers import get_logger
from steward.runtime.quarantine import Owner
from steward.runtime.tasks import Supervisor, Work
from steward.store.export.export import Table

log = get_logger(__name__)

FINISH_WITHIN = 3.0
OFF = "this part of me is switched off"
LOADED_WITHIN = 10.0  # seconds

PartType = TypeVar("PartType", bound=Part)


class RunningBots:
    """
    Runs bots side by side. One of somebody else's that fails at the start is left out; ours end the start.

    Args:
        tasks: runs their background work.

    Attributes:
        parts: each that runs, by its name.
        left_out: a sentence on each that failed at the start.

    """

    def __init__(self, host: Host, interactions: Interactions, tasks: Supervisor) -> None:
        self._host = host
        self._interactions = interactions
        self._tasks = tasks
        self._bots: dict[str, tuple[Bot, Owner]] = {}
        self._work: dict[str, list[str]] = {}
        self.parts: dict[str, Part] = {}
        self.left_out: list[str] = []
        host.machine.quarantine.add_listener(self._switched_off)

    async def build(self, bots: Iterable[Bot]) -> None:
        """Import each, put it together, and have it watched."""
        loop = asyncio.get_running_loop()
        for bot in bots:
            owner = Owner(bot.name, bot.package)
            try:
                make = await loop.run_in_executor(None, bot.load)  # it would hold the loop up
                host = self._host.owned_by(owner)
                part = make(host)
                if not isinstance(part, Part):
                    raise TypeError(f"{bot.part} returned no Part")
                if part.retention is not None:
                    part.retention.register(host.jobs, f"{bot.name}.retention")
                self.parts[bot.name] = part
            except Exception as error:  # noqa: BLE001 - of ours it is raised again
                self._leave_out(bot, owner, error)
            else:
                self._bots[bot.name] = bot, owner
                self._host.machine.quarantine.watch(owner)

    async def load(self) -> None:
        """
        Have each read what it has kept.

        Raises:
            NotReady: one of ours takes longer than ten seconds.

        """
        for bot, owner in list(self._bots.values()):
            try:
                await loaded(bot.name, self.parts[bot.name].load())
            except Exception as error:  # noqa: BLE001 - of ours it is raised again
                self._leave_out(bot, owner, error)

    def part(self, kind: type[PartType]) -> PartType:
        """
        Return the part of this type that runs.

        Raises:
            LookupError: its bot is off.

        """
        for part in self.parts.values():
            if isinstance(part, kind):
                return part
        raise LookupError(f"No {kind.__name__} is running.")

    @property
    def owners(self) -> Mapping[str, Owner]:
        """Whose name is on what each has registered, by its name."""
        return {name: owner for name, (_, owner) in self._bots.items()}

    @property
    def titles(self) -> Mapping[str, str]:
        """What each is called, as members read it, by its name."""
        return {name: bot.title for name, (bot, _) in self._bots.items()}

    @property
    def kept(self) -> Sequence[Kept]:
        """What they keep about members, and what those of ours have kept that are off."""
        off = [bot for bot in OURS if bot.name not in self.parts and bot.personal is not None]
        return [
            *(part.kept for part in self.parts.values() if part.kept is not None),
            *(Kept(bot.title, bot.personal_data, _nothing, _nothing, OFF, is_off=True) for bot in off),
        ]

    @property
    def setups(self) -> Setups:
        """The sections of `/setup` of those that are not switched off, in their order."""
        there = {name: self.parts[name].setup for name, (_, owner) in self._bots.items() if owner.is_on}
        sections = [(name, section) for name, section in there.items() if section is not None]
        return dict(sorted(sections, key=lambda item: item[1].order))

    @property
    def exports(self) -> Mapping[str, Table]:
        """What `/export` offers of them."""
        return {name: table for part in self.parts.values() for name, table in part.exports.items()}

    @property
    def problems(self) -> Sequence[str]:
        """Sentences about what needs the operator's attention."""
        found = list(self.left_out)
        for name, part in self.parts.items():
            try:
                found += part.problems
            except Exception as error:  # the others' are told all the same
                log.error("problems_unreadable", bot=name, exc_info=error)
                found.append(f"The bot {name} couldn't say what needs attention ({type(error).__name__}); see the log.")
        return found

    def channel_gone(self, channel_id: int) -> None:
        """Note that a message could not be posted because its channel is gone."""
        for part in self.parts.values():
            if part.reports is not None:
                part.reports.refused(channel_id)

    def start(self, once_logged_in: Callable[[Work], Work]) -> None:
        """Begin the background work of all; what needs Discord is put off by `once_logged_in`."""
        for bot, owner in list(self._bots.values()):
            part = self.parts[bot.name]
            try:
                for name, work in part.offline_work():
                    self._start(bot, owner, name, work)
                for name, work in part.work():
                    self._start(bot, owner, name, once_logged_in(work))
            except Exception as error:  # noqa: BLE001 - of ours it is raised again
                self._leave_out(bot, owner, error)

    def _start(self, bot: Bot, owner: Owner, name: str, work: Work) -> None:
        """Begin work of a bot. NeedsOperator ends the process where one of ours raises it, and else that bot only."""

        async def alone() -> None:
            try:
                await work()
            except NeedsOperator as error:
                self._leave_out(bot, owner, error)

        self._tasks.start(name, work if bot in OURS else alone)
        self._work.setdefault(bot.name, []).append(name)

    async def flush(self) -> None:
        """Return once all that has happened until now can be read from the database."""
        for part in self.parts.values():
            await part.flush()

    async def finish(self) -> None:
        """Keep what has happened, if that is possible soon; if not, Discord tells it again from the bookmark on."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FINISH_WITHIN):
                for bot, owner in self._bots.values():
                    if owner.is_on:  # of one that is off, the bookmark stands where it last listened
                        await self._finish(bot.name)

    async def _finish(self, name: str) -> None:
        try:
            await self.parts[name].finish()
        except Exception as error:  # the others have things to keep, too
            log.error("bot_not_finished", bot=name, exc_info=error)

    def _switched_off(self, owner: Owner) -> None:
        self._host.machine.jobs.stop(owner)
        for name in self._work.pop(owner.name, ()):
            self._tasks.stop(name)

    def _leave_out(self, bot: Bot, owner: Owner, error: Exception) -> None:
        """Run without a bot that has failed; raise what one of ours has raised."""
        if bot in OURS:
            raise error
        log.error("plugin_failed", bot=bot.name, exc_info=error)
        owner.switch_off(self._host.clock.now(), "it failed")
        self._interactions.remove(owner)
        self._switched_off(owner)
        self._host.machine.quarantine.forget(owner)
        self.parts.pop(bot.name, None)
        self._bots.pop(bot.name, None)
        why = str(error) if isinstance(error, StewardError) else f"{type(error).__name__}: {error}."
        self.left_out.append(f"The bot {bot.name} is left out: it failed. {why} The log has more.")


async def loaded(bot: str, load: Awaitable[None]) -> None:
    """
    Have a bot read what it has kept.

    Args:
        load: the reading; it needs no connection to Discord.

    Raises:
        NotReady: it takes longer than ten seconds.

    """
    try:
        async with asyncio.timeout(LOADED_WITHIN):
            await load
    except TimeoutError:
        raise NotReady(
            f"The {bot} bot has not read what it keeps within {LOADED_WITHIN:g} s.",
            remedy="If the database is slow, start again later. If a change of yours waits there for Discord to be"
            " ready, move that into background work: the bot connects only after it is loaded.",
        ) from None


async def _nothing(*_: int) -> None:
    """Do nothing for a bot that is off."""
