"""`/odds` and `/schedule`: games, when they are, and what they pay."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import discord
from discord import app_commands

from steward.bots.bets.boards.days import TODAY, TOMORROW, YESTERDAY, games_of_day, read_day
from steward.bots.bets.errors import BetsError
from steward.bots.bets.fixtures.games import Game, find_games, listed_games
from steward.bots.bets.fixtures.leagues import LeagueRow, leagues
from steward.bots.bets.fixtures.market_prices import prices_of
from steward.bots.bets.fixtures.results import ready_results
from steward.bots.bets.fixtures.search import open_games
from steward.bots.bets.placing.preferences import preferences_of
from steward.bots.bets.placing.quoting import why_closed
from steward.bots.bets.views import games as views
from steward.client.components import Action, Reply
from steward.client.components.actions import number, page
from steward.client.embeds import Message, quoted
from steward.client.interactions import answered, guild_of
from steward.client.panels.chooser import LONGEST_CHOICE, Named, Offered, the_one, typed_id
from steward.client.panels.pager import turn_pages
from steward.guilds.host import Host
from steward.runtime.wall_time import wall_of
from steward.store import Store, Transaction, from_millis
from steward.text.clock_times import wall_label
from steward.text.cutting import cut_label
from steward.text.matching import best_matches

SCHEDULE = Action("bets", "schedule", args=(number, number, page))  # league or 0, ordinal of the day
EVERY_LEAGUE = LeagueRow(0, "", "Games", "", "")
PICKED = "game:"
_DAYS = (TODAY, TOMORROW, YESTERDAY)


async def _offered_games(binding: GameCommands, interaction: discord.Interaction, typed: str) -> Named:
    return await binding.games.offered(interaction, typed)


async def _offered_leagues(binding: GameCommands, _: discord.Interaction, typed: str) -> Named:
    found = await binding.store.read(leagues)
    fitting = best_matches(typed, [(league.name, league) for league in found]) if typed.strip() else found
    return [(league.name, league.key) for league in fitting]


async def _offered_days(_: object, __: discord.Interaction, typed: str) -> Named:
    begun = [(day, day) for day in _DAYS if day.startswith(typed.strip().lower())]
    return begun or [(typed, typed)]


GameOption = app_commands.Transform[str, Offered(_offered_games, narrowed=False)]
"""A game that takes bets, for commands whose binding has `games`, a `GameChooser`."""
LeagueOption = app_commands.Transform[str, Offered(_offered_leagues, narrowed=False)]
DayOption = app_commands.Transform[str, Offered(_offered_days, longest=50, narrowed=False)]


def picked(game: Game) -> str:
    """Return what stands for a game in a choice; no team is called so, while some are called by a number."""
    return f"{PICKED}{game.id}"


class GameChooser:
    """
    Offers games that take bets while a member types, and finds the one that was meant.

    Args:
        priced: offer those alone that have odds now.

    """

    def __init__(self, host: Host, *, priced: bool = False) -> None:
        self._priced = priced
        self._store = host.store
        self._zones = host.guilds.zones

    async def offered(self, interaction: discord.Interaction, typed: str) -> Named:
        """Return games by name, with their start on the member's own clock."""
        found = await self._store.read(partial(open_games, typed=typed, priced=self._priced))
        zone = await self._zones.typed_by(guild_of(interaction), interaction.user.id)
        return [
            (_with_start(game, wall_label(wall_of(from_millis(game.starts_ms), zone))), picked(game)) for game in found
        ]

    def found(self, tx: Transaction, typed: str) -> Game:
        """
        Return the game that was picked, or the only one that takes bets and whose teams begin so.

        Raises:
            BetsError: there is none.
            Ambiguous: several do.

        """
        typed = typed.strip()
        number = typed_id(typed.removeprefix(PICKED)) if typed.startswith(PICKED) else None
        if number is not None and (game := find_games(tx, [number]).get(number)) is not None:
            return game
        fitting = open_games(tx, typed, priced=True) if self._priced else []
        fitting = fitting or open_games(tx, typed)  # else it's said that there are no odds
        found = the_one(typed, fitting, "games", option="game", offer=lambda one: (views.label(one), picked(one)))
        if found is None:
            raise BetsError(
                f"I know no game “{quoted(typed)}” that's still to come.",
                remedy="Pick one from the list that shows while you type, or see `/schedule`.",
            )
        return found


class GameCommands:
    """`/odds` and `/schedule`."""

    def __init__(self, host: Host) -> None:
        self.store: Store = host.store
        self.games = GameChooser(host)
        self._clock = host.clock
        self._zones = host.guilds.zones
        added: tuple[tuple[str, str, Any], ...] = (
            ("odds", "What a game pays", self.odds),
            ("schedule", "The games of a day", self.schedule),
        )
        for name, description, callback in added:
            host.interactions.add(app_commands.Command(name=name, description=description, callback=callback))
        turn_pages(host.interactions, SCHEDULE, self._turned)

    @app_commands.describe(game="A team, or both with a v between")
    @answered(private=True)
    async def odds(self, interaction: discord.Interaction, game: GameOption) -> Reply:
        def read(tx: Transaction) -> Message:
            number = self.games.found(tx, game).id
            listed = listed_games(tx, [number])[number]
            prices = prices_of(tx, number)
            preferences = preferences_of(tx, guild_of(interaction), interaction.user.id)
            return views.odds_view(listed.game, listed.league, prices, preferences.odds_format, why_closed(tx, listed))

        return Reply(await self.store.read(read))

    @app_commands.describe(
        league="Default: all leagues", day="Such as today, saturday or 24 december, on your own clock; default: today"
    )
    @answered(private=True)
    async def schedule(
        self, interaction: discord.Interaction, league: LeagueOption | None = None, day: DayOption | None = None
    ) -> Reply:
        zone = await self._zones.typed_by(guild_of(interaction), interaction.user.id)
        meant = read_day(day or "", self._clock.now(), zone)
        return Reply(await self.store.read(partial(_schedule, league=league, day=meant, page=0)))

    async def _turned(self, _: discord.Interaction, league: int, ordinal: int, page: int) -> Message:
        return await self.store.read(partial(_schedule, league=league, day=_day(ordinal), page=page))


def _schedule(tx: Transaction, league: int | str | None, day: date, page: int) -> Message:
    """Draw a page of a day; the league by its key, its name or its number, all of them if it is empty or 0."""
    every = leagues(tx)
    chosen = _league(every, league) if league else EVERY_LEAGUE
    shown = [chosen] if chosen.id else every
    found = games_of_day(tx, shown, day, page)
    scores = {number: views.score_of(result) for number, result in ready_results(tx, found.games).items()}
    named = {} if chosen.id else {one.id: one.name for one in every}
    title = views.day_title(found, chosen.name)
    return views.schedule_view(found, title, named, scores, lambda to: SCHEDULE.id(chosen.id, day.toordinal(), to))


def _league(every: list[LeagueRow], meant: int | str) -> LeagueRow:
    if isinstance(meant, int):
        return next((one for one in every if one.id == meant), EVERY_LEAGUE)
    for one in every:
        if meant == one.key:
            return one
    found = the_one(
        meant,
        best_matches(meant, [(one.name, one) for one in every]),
        "leagues",
        option="league",
        offer=lambda one: (one.name, one.key),
    )
    if found is None:
        raise BetsError(f"I know no games of a league “{quoted(meant)}”.", remedy="Pick one from the list.")
    return found


def _day(ordinal: int) -> date:
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal() - 1))


def _with_start(game: Game, start: str) -> str:
    return f"{cut_label(views.label(game), LONGEST_CHOICE - len(start) - 2)}, {start}"
