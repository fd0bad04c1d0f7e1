"""How markets and picks are called, wherever members read of them."""

from __future__ import annotations

from collections.abc import Mapping

from steward.bots.bets.grading.lines import QUARTERS, show_line
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.rules import ANY, NO_ROWS, Rows, Scoring, rule_for

MARKET_NAMES = {
    "moneyline": "Winner",
    "draw_no_bet": "Winner, draw no bet",
    "spread": "Spread",
    "asian_handicap": "Asian handicap",
    "games_handicap": "Handicap in games",
    "sets_handicap": "Handicap in sets",
    "1x2": "Result after regular time",
    "3way": "Result",
    "european_handicap": "European handicap",
    "double_chance": "Double chance",
    "btts": "Both teams score",
    "odd_even": "Total odd or even",
    "correct_score": "Exact score",
    "set_betting": "Score in sets",
    "total": "Total",
    "games_total": "Total games",
    "team_total_home": "Total of {home}",
    "team_total_away": "Total of {away}",
    "prop": "Player",
    "rounds_total": "Rounds",
    "method": "How it ends",
    "distance": "Goes the distance",
    "to_qualify": "Goes through",
    "outright": "Winner",
    "win": "Winner",
    "3ball": "Best of three",
    "top_n": "Finishes in the top",
    "matchup": "Better of two",
}
_METHODS = {"ko": "knockout", "submission": "submission", "decision": "decision"}
_CHANCES = {"1x": "{home} or draw", "12": "{home} or {away}", "x2": "{away} or draw"}
_PERIODS = {"h": "half", "q": "quarter", "p": "period", "set": "set", "f": "inning"}
_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}
_COUNTED: Mapping[tuple[str, Scoring], str] = {
    ("soccer", Scoring.REGULATION): "90 minutes plus stoppage time; extra time and penalties don't count",
    (ANY, Scoring.REGULATION): "the score after regulation; overtime doesn't count",
    ("mlb", Scoring.OVERTIME): "the final score, including extra innings, whoever pitches",
    (ANY, Scoring.OVERTIME): "the final score, including overtime",
    (ANY, Scoring.SHOOTOUT): "the final score, including overtime; a shoot-out counts as one goal",
    (ANY, Scoring.GAMES): "all games played; a tie-break counts as one",
    (ANY, Scoring.SETS): "completed sets",
    (ANY, Scoring.WINNER): "who is declared the winner",
}
_FACTS: Mapping[str, str] = {
    "to_qualify": "who goes through, including extra time and penalties",
    "method": "the official decision",
    "distance": "the official decision",
}


def market_name(market: str, period: str, home: str, away: str) -> str:
    """Return what a market is called, with the part of the game that it is about."""
    name = MARKET_NAMES.get(market, market.replace("_", " ").capitalize()).format(home=home, away=away)
    return f"{name}, {period_name(period)}" if period else name


def period_name(period: str) -> str:
    """Return what a part of a game is called: `h1` is the 1st half."""
    letters, figures = period.rstrip("0123456789"), period.lstrip("abcdefghijklmnopqrstuvwxyz")
    if letters not in _PERIODS or not figures:
        return period
    number = int(figures)
    if letters == "set":
        return f"set {number}"
    return f"{_ORDINALS.get(number, f'{number}th')} {_PERIODS[letters]}"


def selection_name(pick: BetPick, home: str, away: str) -> str:
    """Return what a selection is called within its market: `Arsenal -1.5`, `Over 2.5`, `Draw`."""
    sides = {"home": home, "away": away, "draw": "Draw", "over": "Over", "under": "Under", "yes": "Yes", "no": "No"}
    side, _, how = pick.selection.partition(":")
    if pick.market == "double_chance":
        name = _CHANCES.get(pick.selection, pick.selection).format(home=home, away=away)
    elif how and side in sides:
        name = f"{sides[side]} by {_METHODS.get(how, how)}"
    elif pick.market == "set_betting":
        winner, _, score = pick.selection.partition(" ")
        name = f"{sides.get(winner, winner)} {score}"
    else:
        name = sides.get(pick.selection, pick.selection)
    if pick.market == "top_n" and pick.line is not None:
        return f"{name} in the top {pick.line // QUARTERS}"
    if pick.line is None:
        return name
    return f"{name} {show_line(pick.line, signed=pick.selection not in {'over', 'under'})}"


def pick_name(pick: BetPick, home: str, away: str) -> str:
    """Return what a pick is called on its own: `Arsenal -1.5 (Asian handicap)`, `Over 2.5 (Total, 1st half)`."""
    subject = f"{pick.subject}: " if pick.subject else ""
    return f"{subject}{selection_name(pick, home, away)} ({market_name(pick.market, pick.period, home, away)})"


def counted_score(pick: BetPick, sport: str, own: Rows = NO_ROWS) -> str:
    """Say which score decides a bet; `own` are the rules of the guild or its league."""
    if pick.period:
        return f"the {period_name(pick.period)} only"
    if pick.market in _FACTS:
        return _FACTS[pick.market]
    scoring = rule_for(sport, pick.market, own).scoring
    return _COUNTED.get((sport, scoring)) or _COUNTED[ANY, scoring]
