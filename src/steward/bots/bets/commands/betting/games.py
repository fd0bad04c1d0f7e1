"""`/odds` and `/schedule`: games, when they are, and what they pay."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from steward.bots.bets.errors import BetsError
from steward.bots.bets.placing.preferences import preferences_of
from steward.bots.bets.section import BetsSection
from steward.client.components import Action, Reply
from steward.client.components.actions import number, page
from steward.client.embeds import Message, quoted
from steward.client.interactions import answered, guild_of
from steward.client.panels.chooser import Named, Offered, the_one
from steward.client.panels.pager import turn_pages
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.store import Store, Transaction
from steward.text.matching import best_matches

if TYPE_CHECKING:
    from steward.bots.bets.commands.betting.finding import GameChooser
    from steward.bots.bets.fixtures.leagues import LeagueRow

SCHEDULE = Action("bets", "schedule", args=(number, number, page))  # league or 0, ordinal of the day


async def _offered_games(binding: GameCommands, interaction: discord.Interaction, typed: str) -> Named:
    return await binding.games.offered(interaction, typed)


async def _offered_leagues(binding: GameCommands, _: discord.Interaction, typed: str) -> Named:
    from steward.bots.bets.fixtures.leagues import leagues

    found = await binding.store.read(leagues)
    fitting = best_matches(typed, [(league.name, league) for league in found]) if typed.strip() else found
    return [(league.name, league.key) for league in fitting]


async def _offered_days(_: object, __: discord.Interaction, typed: str) -> Named:
    from steward.bots.bets.boards.days import TODAY, TOMORROW, YESTERDAY

    begun = [(day, day) for day in (TODAY, TOMORROW, YESTERDAY) if day.startswith(typed.strip().lower())]
    return begun or [(typed, typed)]


GameOption = app_commands.Transform[str, Offered(_offered_games, narrowed=False)]
"""A game that takes bets, for commands whose binding has `games`, a `finding.GameChooser`."""
LeagueOption = app_commands.Transform[str, Offered(_offered_leagues, narrowed=False)]
DayOption = app_commands.Transform[str, Offered(_offered_days, longest=50, narrowed=False)]


class GameCommands:
    """`/odds` and `/schedule`."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        self.store: Store = host.store
        self._section = section
        self._host = host
        self._clock = host.clock
        self._zones = host.guilds.zones
        added: tuple[tuple[str, str, Any], ...] = (
            ("odds", "What a game pays", self.odds),
            ("schedule", "The games of a day", self.schedule),
        )
        for name, description, callback in added:
            host.interactions.add(app_commands.Command(name=name, description=description, callback=callback))
        turn_pages(host.interactions, SCHEDULE, self._turned)

    @property
    def games(self) -> GameChooser:
        """What finds games; its code is loaded once somebody looks for one."""
        from steward.bots.bets.commands.betting.finding import GameChooser

        return GameChooser(self._host)

    @app_commands.describe(game="A team, or both with a v between")
    @answered(private=True)
    async def odds(self, interaction: discord.Interaction, game: GameOption) -> Reply:
        from steward.bots.bets.fixtures.games import listed_games
        from steward.bots.bets.fixtures.market_prices import prices_of
        from steward.bots.bets.placing.quoting import why_closed
        from steward.bots.bets.views.games import odds_view

        guild_id = guild_of(interaction)
        section = self._section.of(guild_id)

        def read(tx: Transaction) -> Message:
            number = self.games.found(tx, game).id
            listed = listed_games(tx, [number])[number]
            prices = prices_of(tx, number)
            style = preferences_of(tx, guild_id, interaction.user.id).reads(section)
            return odds_view(listed.game, listed.league, prices, style, why_closed(tx, listed))

        return Reply(await self.store.read(read))

    @app_commands.describe(
        league="Default: all leagues", day="Such as today, saturday or 24 december, on your own clock; default: today"
    )
    @answered(private=True)
    async def schedule(
        self, interaction: discord.Interaction, league: LeagueOption | None = None, day: DayOption | None = None
    ) -> Reply:
        from steward.bots.bets.boards.days import read_day

        zone = await self._zones.typed_by(guild_of(interaction), interaction.user.id)
        meant = read_day(day or "", self._clock.now(), zone)
        return Reply(await self.store.read(partial(self._schedule, league=league, day=meant, page=0)))

    async def _turned(self, _: discord.Interaction, league: int, ordinal: int, page: int) -> Message:
        from steward.bots.bets.boards.days import day_numbered

        return await self.store.read(partial(self._schedule, league=league, day=day_numbered(ordinal), page=page))

    def _schedule(self, tx: Transaction, league: int | str | None, day: date, page: int) -> Message:
        from steward.bots.bets.commands.betting.finding import require_games

        require_games(tx, self._host)
        return _schedule(tx, league, day, page)


def _schedule(tx: Transaction, league: int | str | None, day: date, page: int) -> Message:
    """Draw a page of a day; the league by its key, its name or its number, all of them if it is empty or 0."""
    from steward.bots.bets.boards.days import games_of_day
    from steward.bots.bets.fixtures.leagues import LeagueRow, leagues
    from steward.bots.bets.fixtures.results import ready_results
    from steward.bots.bets.views.games import day_title, schedule_view, score_of

    every = leagues(tx)
    chosen = (_league(every, league) if league else None) or LeagueRow(0, "", "Games", "", "")
    shown = [chosen] if chosen.id else every
    found = games_of_day(tx, shown, day, page)
    scores = {number: score_of(result) for number, result in ready_results(tx, found.games).items()}
    named = {} if chosen.id else {one.id: one.name for one in every}
    title = day_title(found, chosen.name)
    return schedule_view(found, title, named, scores, lambda to: SCHEDULE.id(chosen.id, day.toordinal(), to))


def _league(every: list[LeagueRow], meant: int | str) -> LeagueRow | None:
    if isinstance(meant, int):
        return next((one for one in every if one.id == meant), None)
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
