"""
Which bots there are: ours, and those that installed packages offer as entry points of the group `steward.bots`.

A new bot of ours is one line in `OURS`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import steward
from steward.bots import bets, events, music, ops, stats
from steward.bots.bot import Bot
from steward.runtime.logs.loggers import get_logger
from steward.settings import settings_table
from steward.settings.declare import declared
from steward.settings.problems import BadValue, nearest

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

log = get_logger(__name__)

OURS = (events.BOT, stats.BOT, bets.BOT, music.BOT, ops.BOT)
GROUP = "steward.bots"
HERE = Path(__file__).parents[1]
FLOORS = frozenset({"core", "client", "guilds", "steward"})  # their tables and custom ids carry these names
NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """
    The bots that are switched on.

    Attributes:
        bots: each of them, ours first.
        left_out: a sentence on each that should be on and can't be.

    """

    bots: tuple[Bot, ...]
    left_out: tuple[str, ...] = ()


def choose(names: Collection[str] | None) -> Chosen:
    """
    Return the bots of these names, or those that are on by default where none are named; the others aren't imported.

    Raises:
        BadValue: there is no bot of one of the names.

    """
    others = plugins()
    known = [*(bot.name for bot in OURS), *others]
    for name in sorted(names or ()):
        if name not in known:
            near = nearest(name, known)
            hint = f"Did you mean {near}?" if near is not None else f"These are installed: {', '.join(known)}."
            raise BadValue(f"names a bot that isn't installed, {name}", hint)
    wanted = [*(bot.name for bot in OURS if bot.on_by_default), *others] if names is None else names
    bots, left_out = [bot for bot in OURS if bot.name in wanted], []
    for name, plugin in others.items():
        if name in wanted:
            found = load_plugin(name, plugin)
            if isinstance(found, Bot):
                bots.append(found)
            else:
                left_out.append(found)
    return Chosen(tuple(bots), tuple(left_out))


def sections(names: Collection[str] | None) -> tuple[Sequence[type], bool]:
    """
    Return the settings of the bots of these names, and of all of ours: a typo is found in those that are off, too.

    The second value tells whether all bots that are installed are among them.
    """
    bots = dict.fromkeys((*OURS, *choose(names).bots))
    knows_all = {bot.name for bot in bots} >= plugins().keys()
    return [bot.settings for bot in bots if bot.settings is not None], knows_all


def migrations(bots: Iterable[Bot] = ()) -> tuple[tuple[str, Path], ...]:
    """
    Return the folders with the steps of all tables, in order: those of Steward, of our bots, and of further bots.

    Our own bots' tables are there even while they are off, so that they can be switched on and off at any time.
    """
    floors = [("client", HERE / "client/migrations"), ("guilds", HERE / "guilds/migrations")]
    of_bots = [(bot.name, bot.migrations) for bot in dict.fromkeys((*OURS, *bots)) if bot.migrations is not None]
    return (*floors, *of_bots)


MIGRATIONS = migrations()


def every_migration() -> tuple[tuple[str, Path], ...]:
    """Return the folders with the steps of all tables, those of every bot that is installed included."""
    return migrations(choose(None).bots)


@cache
def load_plugin(name: str, plugin: EntryPoint) -> Bot | str:
    """Return the bot of another package, or a sentence on why it can't be had; the settings and the start ask alike."""
    said = f"The bot {name} is left out:"
    of = f"the package {plugin.dist.name}" if plugin.dist is not None else "its package"
    try:
        bot: Bot = plugin.load()
    except Exception as error:  # whatever somebody else's code raises costs that bot only
        log.error("plugin_not_imported", bot=name, exc_info=error)
        why = f"importing {plugin.value} failed ({type(error).__name__}: {error})."
        return f"{said} {why} Update or remove {of}; the log has more."
    wrong = _what_is_wrong(bot, name)
    if wrong is not None:
        return f"{said} {plugin.value} {wrong}. Update or remove {of}."
    if _version(bot.needs) > _version(steward.__version__):
        why = f"it needs Steward {bot.needs}, and this is {steward.__version__}."
        return f"{said} {why} Update Steward, or install an older version of {of}."
    return bot


def _what_is_wrong(bot: object, name: str) -> str | None:
    """Return why a value can't be a bot of that name, as the rest of a sentence."""
    if not isinstance(bot, Bot) or bot.name != name:
        return "isn't a Bot of that name"
    if not NAME.fullmatch(name) or name in FLOORS:
        return "has a name that no bot can have: use small letters, digits and _, at most 32"
    if bot.migrations is not None and not Path(bot.migrations).is_dir():
        return f"names a folder of migrations that isn't there, {bot.migrations}"
    if bot.settings is not None:
        if not is_dataclass(bot.settings):
            return "has settings that are no dataclass"
        taken = {item.field for item in settings_table(one.settings for one in OURS if one.settings is not None)}
        twice = sorted(taken & {item.field for item in declared(bot.settings)})
        if twice:
            return f"declares settings that there are already: {', '.join(twice)}"
    return None


@cache
def plugins() -> dict[str, EntryPoint]:
    """Return what other packages offer, by name."""
    if not any(map(_offers_any, sys.path)):
        return {}
    from importlib.metadata import entry_points  # 0.5 MB, which only who has a plug-in pays

    ours = {bot.name for bot in OURS}
    return {point.name: point for point in entry_points(group=GROUP) if point.name not in ours}


def _offers_any(folder: str) -> bool:
    """Return whether a package that is installed in a folder offers a bot."""
    found = Path(folder).glob("*.*-info/entry_points.txt")  # dist-info, egg-info
    return any(GROUP in file.read_text("utf-8", errors="replace") for file in found)


def _version(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", text)))
