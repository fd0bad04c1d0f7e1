"""What feeds leave open: shown to whoever runs the bot, and decided once it was asked again, for it is for good."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from steward.bots.bets.errors import BetsError
from steward.bots.bets.feeds.installed import BetFeeds
from steward.bots.bets.fixtures.games import find_games
from steward.bots.bets.fixtures.leagues import find_league
from steward.bots.bets.fixtures.results import told_results
from steward.bots.bets.queue.deciding import (
    BadDecision,
    TypedScores,
    decide_item,
    decide_result,
    open_item,
    stated_result,
)
from steward.bots.bets.queue.decisions import ItemChoice, ItemDecision
from steward.bots.bets.queue.listing import TeamChoice, game_choices, team_choices, team_name, waiting_page
from steward.bots.bets.views import actions
from steward.bots.bets.views import feeds as views
from steward.bots.bets.views.games import team, versus
from steward.client.components import Action, Reply
from steward.client.components.actions import number
from steward.client.embeds import Message
from steward.client.interactions import Use, guild_of
from steward.client.interactions.router import ASK_AGAIN, UNKNOWN, Unknown
from steward.guilds.host import Host
from steward.runtime.logs.loggers import get_logger
from steward.store import Transaction
from steward.text.matching import best_matches

log = get_logger(__name__)


class FeedQueue:
    """Answers what is pressed below `/feeds`."""

    def __init__(self, host: Host, feeds: BetFeeds) -> None:
        self._store = host.store
        self._zones = host.guilds.zones
        self._feeds = feeds
        self._handlers = {
            actions.FEEDS_PICK: self._pick,
            actions.FEEDS_ITEM: self._item,
            actions.FEEDS_CHOOSE: self._choose,
            actions.FEEDS_ASK: self._ask,
            actions.FEEDS_DECIDE: self._decide,
            actions.FEEDS_FIND: self._find,
            actions.FEEDS_FOUND: self._found,
            actions.FEEDS_GAME: self._game,
            actions.FEEDS_WRITE: self._write,
            actions.FEEDS_WRITTEN: self._written,
            actions.FEEDS_VOID: self._void,
            actions.FEEDS_SETTLE: self._settle,
        }

    async def page(self, number: int, note: str = "") -> Message:
        """Return how feeds are, and a page of what waits."""
        reports = await self._feeds.reports()
        return views.feeds_view(reports, await self._store.read(partial(waiting_page, number=number)), note)

    async def pressed(self, action: Action, use: Use) -> Reply:
        """Answer a press; what was decided in the meantime is said above what still waits."""
        try:
            return await self._handlers[action](use)
        except BadDecision as error:
            return Reply(await self.page(0, str(error)), update=True)

    async def _pick(self, use: Use) -> Reply:
        if ":" not in use.value:
            (game,) = _numbers(use.value, 1)
            return await self._show_game(game)
        return await self._show_item(use, *_numbers(use.value, 2))

    async def _item(self, use: Use) -> Reply:
        return await self._show_item(use, *map(int, use.args))

    async def _show_item(self, use: Use, item: int, since_ms: int, *, typed: str | None = None) -> Reply:
        """
        Ask what an item is.

        Args:
            typed: the name of the team that is looked for; None for any.

        """
        zone = await self._zones.typed_by(guild_of(use.interaction), use.interaction.user.id)
        draw = partial(_draw_item, number=item, since_ms=since_ms, zone=zone, typed=typed)
        return Reply(await self._store.read(draw), update=True)

    async def _choose(self, use: Use) -> Reply:
        choice, _, target = use.value.partition(":")
        return await self._ask_about(use, ItemDecision(_choice(choice), *_numbers(target, 1)))

    async def _ask(self, use: Use) -> Reply:
        return await self._ask_about(use, ItemDecision(_choice(use.args[2])))

    async def _ask_about(self, use: Use, decision: ItemDecision) -> Reply:
        item, since_ms = map(int, use.args[:2])

        def read(tx: Transaction) -> Message:
            return views.sure_view(open_item(tx, item, since_ms), decision, _named(tx, decision))

        return Reply(await self._store.read(read), update=True)

    async def _decide(self, use: Use) -> Reply:
        item, since_ms, target = int(use.args[0]), int(use.args[1]), int(use.args[3])
        decision = ItemDecision(_choice(use.args[2]), target)

        def work(tx: Transaction) -> str:
            said = views.decided_said(open_item(tx, item, since_ms), decision, _named(tx, decision))
            decide_item(tx, item, decision, since_ms=since_ms)
            return said

        return await self._done(use, await self._store.write(work))

    async def _find(self, use: Use) -> Reply:
        return Reply(modal=views.find_form().modal(actions.FEEDS_FOUND.id(*use.args)))

    async def _found(self, use: Use) -> Reply:
        return await self._show_item(use, *map(int, use.args), typed=use.fields["team"])

    async def _game(self, use: Use) -> Reply:
        return await self._show_game(int(use.args[0]))

    async def _show_game(self, game: int) -> Reply:
        def read(tx: Transaction) -> Message:
            return views.result_view(stated_result(tx, game, None, waits=True).game, told_results(tx, game))

        return Reply(await self._store.read(read), update=True)

    async def _write(self, use: Use) -> Reply:
        return Reply(modal=views.result_form().modal(actions.FEEDS_WRITTEN.id(*use.args)))

    async def _written(self, use: Use) -> Reply:
        values, errors = views.result_form().read(use)
        if errors.error is not None:
            raise errors.error
        return await self._ask_about_result(use, TypedScores(**values))

    async def _void(self, use: Use) -> Reply:
        return await self._ask_about_result(use, None)

    async def _ask_about_result(self, use: Use, scores: TypedScores | None) -> Reply:
        stated = partial(stated_result, number=int(use.args[0]), scores=scores, waits=True)
        return Reply(views.sure_result_view(await self._store.read(stated), scores), update=True)

    async def _settle(self, use: Use) -> Reply:
        scores = views.scores_in(use.args[1:])
        work = partial(decide_result, number=int(use.args[0]), scores=scores, waits=True)
        return await self._done(use, views.decided_result_said(await self._store.write(work)))

    async def _done(self, use: Use, said: str) -> Reply:
        log.info("bets_feed_decided", said=said, user=use.interaction.user.id)
        return Reply(await self.page(0, said), update=True)


def _numbers(text: str, count: int) -> list[int]:
    """Return the numbers in the value of a choice."""
    try:
        found = [number(word) for word in text.split(":")]
    except ValueError:
        found = []
    if len(found) != count:
        raise Unknown(UNKNOWN, remedy=ASK_AGAIN)
    return found


def _choice(text: str) -> ItemChoice:
    try:
        return ItemChoice(text)
    except ValueError as error:
        raise Unknown(UNKNOWN, remedy=ASK_AGAIN) from error


def _draw_item(tx: Transaction, number: int, since_ms: int, zone: ZoneInfo, typed: str | None) -> Message:
    item = open_item(tx, number, since_ms)
    league = find_league(tx, item.league).name
    if not item.name:
        games = views.game_options(game_choices(tx, item), zone)
        return views.item_view(item, league, games, of=len(games))
    teams = team_choices(tx, item)
    return views.item_view(item, league, views.team_options(_called(teams, typed)), of=len(teams))


def _called(teams: list[TeamChoice], typed: str | None) -> list[TeamChoice]:
    """
    Return the teams whose names fit what was typed; all of them if nothing was.

    Raises:
        BetsError: there is none.

    """
    if typed is None:
        return teams
    found = best_matches(typed, [(team.name, team) for team in teams])
    if not found:
        raise BetsError("No team of this league is called so.", remedy="Write a part of the name it has here.")
    return found


def _named(tx: Transaction, decision: ItemDecision) -> str:
    """Return what a decision is about as it is shown; empty if it names no team or game."""
    if decision.choice is ItemChoice.TEAM:
        return team(team_name(tx, decision.target))
    game = find_games(tx, [decision.target]).get(decision.target)
    return "" if game is None else versus(game)
