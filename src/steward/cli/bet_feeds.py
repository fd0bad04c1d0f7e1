"""`steward bets feeds|waiting|decide|result`: how feeds are, and the operator's word about what they tell."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from steward.bots.bets.errors import BetsError
from steward.bots.bets.feeds.installed import feed_client, installed_feeds
from steward.bots.bets.feeds.reports import FeedReport, feed_reports
from steward.bots.bets.fixtures import unmatched
from steward.bots.bets.fixtures.games import Game, find_games
from steward.bots.bets.fixtures.results import told_results, waiting_results
from steward.bots.bets.fixtures.unmatched import Unmatched
from steward.bots.bets.grading.results import GameResult, Score
from steward.bots.bets.grading.typed import read_score
from steward.bots.bets.queue import deciding
from steward.bots.bets.queue.deciding import TypedScores
from steward.bots.bets.queue.decisions import ItemChoice, ItemDecision
from steward.bots.bets.settings import BetsSettings
from steward.bots.installed import every_migration
from steward.cli.outcome import CommandOutcome
from steward.cli.settings_flags import load_settings
from steward.runtime.clock import SystemClock
from steward.settings import Settings
from steward.store import Transaction, from_millis, open_store
from steward.text.plurals import counted

MOST = 1000


def add_decisions(decided: argparse.ArgumentParser, result: argparse.ArgumentParser) -> None:
    """Add what the two commands of decisions take."""
    decided.add_argument("item", type=int, help="its number in `steward bets waiting`")
    which = decided.add_mutually_exclusive_group(required=True)
    which.add_argument("--team", type=int, metavar="N", help="the name is of the team with this number")
    which.add_argument("--game", type=int, metavar="N", help="the feed means the game with this number")
    which.add_argument("--new", action="store_true", help="it is a team or a game that is new here")
    which.add_argument("--ignore", action="store_true", help="nobody needs it; it isn't asked again for two weeks")
    decided.add_argument("--swapped", action="store_true", help="with --game: the feed has home and away swapped")
    result.add_argument("game", type=int, help="its number in `steward bets waiting`")
    said = result.add_mutually_exclusive_group(required=True)
    said.add_argument("--score", type=score, metavar="2-1", help="without extra time")
    said.add_argument("--void", action="store_true", help="it doesn't count: stakes go back")
    result.add_argument("--overtime", type=score, default=(0, 0), metavar="1-0", help="scored in extra time alone")
    result.add_argument("--half", type=score, metavar="1-0", help="at half-time")
    result.add_argument("--shootout", choices=("home", "away"), default="", help="who won it, if there was one")


def score(text: str) -> Score:
    """
    Return a score, home first.

    Raises:
        argparse.ArgumentTypeError: it is none.

    """
    try:
        return read_score(text)
    except BetsError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def feeds_now(settings: Settings, tx: Transaction) -> CommandOutcome:
    """Return how the providers are that are set up."""
    clock = SystemClock()
    reports = feed_reports(tx, installed_feeds(settings.of(BetsSettings), feed_client(clock), clock))
    lines = [line for report in reports for line in _report(report)] or ["No feed is set up: see docs/feeds.md."]
    return CommandOutcome("\n".join(lines), {"feeds": [_facts(report) for report in reports]})


def waiting_now(tx: Transaction) -> CommandOutcome:
    """Return what waits for a decision."""
    names, games = unmatched.waiting(tx, MOST), waiting_results(tx, MOST)
    lines = [*(_item(tx, item) for item in names), *(line for game in games for line in _game(tx, game))]
    items = [{**item._asdict(), "reason": item.reason.value} for item in names]
    results = [{"game": game.id, "home": game.home_name, "away": game.away_name, "why": game.note} for game in games]
    return CommandOutcome("\n".join(lines) or "Nothing waits.", {"items": items, "results": results})


def decide_item(args: argparse.Namespace) -> CommandOutcome:
    """Keep what somebody says of a name or a game."""

    def work(tx: Transaction) -> str:
        if args.ignore:
            deciding.decide_item(tx, args.item, ItemDecision(ItemChoice.IGNORED))
            return f"{args.item} is ignored."
        if args.team is not None:
            deciding.decide_item(tx, args.item, ItemDecision(ItemChoice.TEAM, args.team))
            return f"{args.item} is the team {args.team}."
        if args.game is not None:
            choice = ItemChoice.SWAPPED if args.swapped else ItemChoice.GAME
            deciding.decide_item(tx, args.item, ItemDecision(choice, args.game))
            return f"{args.item} is the game {args.game}."
        made = deciding.decide_item(tx, args.item, ItemDecision(ItemChoice.NEW))
        return f"{args.item} is new, and has the number {made}."

    return CommandOutcome(_write(args, work))


def decide_result(args: argparse.Namespace) -> CommandOutcome:
    """Have somebody's word be the result of a game."""
    scores = None
    if not args.void:
        (home, away), (more, others) = args.score, args.overtime
        after = (home + more, away + others) if more or others else None
        scores = TypedScores(args.score, after, args.half, args.shootout)

    def work(tx: Transaction) -> str:
        game = deciding.decide_result(tx, args.game, scores).game
        named = f"{game.home_name} v {game.away_name}"
        return f"Bets on {named} are settled by that; after more than a day, once a server's bet managers confirm it."

    return CommandOutcome(_write(args, work))


def _write(args: argparse.Namespace, work: Callable[[Transaction], str]) -> str:
    settings = load_settings(args)

    async def write() -> str:
        async with open_store(settings.database, SystemClock(), migrations=every_migration()) as store:
            return await store.write(work)

    return asyncio.run(write())


def _report(report: FeedReport) -> Iterator[str]:
    state, budget = report.state, report.budget
    day = "" if budget.per_day is None else f", {report.spent} of {counted(budget.per_day, 'request')} today"
    left = "" if state.remaining is None else f", {state.remaining:,} left by its own count"
    heard = "never answered" if state.succeeded_ms is None else f"answered {_when(state.succeeded_ms)}"
    yield f"{report.title}: {heard}{day}{left}, {counted(state.waiting, 'name')} to decide about."
    yield from (f"- {problem}" for problem in report.problems)


def _facts(report: FeedReport) -> dict[str, Any]:
    state = report.state
    spent = {kind.value: cost for kind, cost in state.spent.items()}
    told = {"title": report.title, "per_day": report.budget.per_day, "spent": spent, "remaining": state.remaining}
    return {**told, "succeeded_ms": state.succeeded_ms, "waiting": state.waiting, "problems": list(report.problems)}


def _item(tx: Transaction, item: Unmatched) -> str:
    about = f"{item.home} v {item.away}, {_when(item.starts_ms)} ({item.provider})"
    if item.name:
        return f"{item.id}: which team is “{item.name}”? {about}"
    game = "" if item.game is None else find_games(tx, [item.game]).get(item.game)
    kept = f" It may be the game {game.id}, {game.home_name} v {game.away_name}." if isinstance(game, Game) else ""
    return f"{item.id}: which game is it ({item.reason.value.replace('_', ' ')})? {about}.{kept}"


def _game(tx: Transaction, game: Game) -> Iterator[str]:
    yield f"game {game.id}: {game.home_name} v {game.away_name}, {_when(game.starts_ms)}. {game.note}"
    for told in told_results(tx, game.id):
        said = "isn't over" if told.result is None else _said(told.result)
        yield f"- {told.provider}: {said}"


def _said(result: GameResult) -> str:
    if result.regulation is None:
        return result.status.value
    extra = "" if result.overtime == (0, 0) else f", {result.overtime[0]}-{result.overtime[1]} in extra time"
    return f"{result.status.value}, {result.regulation[0]}-{result.regulation[1]}{extra}"


def _when(moment_ms: int) -> str:
    return f"{from_millis(moment_ms):%Y-%m-%d %H:%M} UTC"
