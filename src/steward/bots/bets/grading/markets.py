"""The markets, each a row: how its bets are graded, which selections it has, and which lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from steward.bots.bets.grading.grades import LOST, VOIDED, WON, BetGrade, dead_heat
from steward.bots.bets.grading.lines import QUARTERS, by_halves, graded
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.results import BY_WINNER, EntrantResult, GameResult, Score, Ungradable
from steward.bots.bets.grading.rules import Scoring, SettlementRule
from steward.errors import StewardError


class BadPick(StewardError):
    """There is no such market, selection, or line."""


Grader = Callable[[BetPick, GameResult, SettlementRule], BetGrade]


class Market(NamedTuple):
    """
    A kind of bet.

    Attributes:
        selections: pattern of all there are.
        step: lines are multiples of so many quarters, and `offset`; 0 for a market without a line.

    """

    grade: Grader
    selections: str
    step: int = 0
    offset: int = 0


def require_pick(pick: BetPick) -> None:
    """Raise `BadPick` unless the market exists, and has the selection and the line."""
    market = MARKETS.get(pick.market)
    if market is None:
        raise BadPick("There is no such market.")
    if re.fullmatch(market.selections, pick.selection) is None:
        raise BadPick("This market has no such selection.")
    if (pick.line is None) != (market.step == 0):
        raise BadPick("This market has no line." if market.step == 0 else "This market needs a line.")
    if pick.line is not None and (pick.line - market.offset) % market.step:
        raise BadPick("This market has no such line.")


def is_official(result: GameResult, rule: SettlementRule, score: Score | None = None) -> bool:
    """Whether a game got far enough for its result to count."""
    if result.progress is None or rule.minimum is None:
        return result.is_whole
    if rule.minimum_ahead is not None and score is not None and score[0] > score[1]:
        return result.progress >= rule.minimum_ahead
    return result.progress >= rule.minimum


def _with_overtime(result: GameResult, extra: Score = (0, 0)) -> Score | None:
    if result.regulation is None:
        return None
    return (
        result.regulation[0] + result.overtime[0] + extra[0],
        result.regulation[1] + result.overtime[1] + extra[1],
    )


_SCORES: Mapping[Scoring, Callable[[GameResult], Score | None]] = {
    Scoring.REGULATION: lambda result: result.regulation,
    Scoring.OVERTIME: _with_overtime,
    Scoring.SHOOTOUT: lambda result: _with_overtime(result, BY_WINNER.get(result.shootout, (0, 0))),
    Scoring.GAMES: lambda result: result.games,
    Scoring.SETS: lambda result: result.sets,
    Scoring.WINNER: lambda result: BY_WINNER.get(result.winner),
}


def _score(pick: BetPick, result: GameResult, rule: SettlementRule) -> tuple[Score | None, bool]:
    """Return the score that counts, None if there is none, and whether it is official; an official one is there."""
    if pick.period:
        score = result.periods.get(pick.period)
        official = score is not None or result.is_whole
    else:
        score = _SCORES[rule.scoring](result)
        official = is_official(result, rule, score)
        level = score is not None and score[0] == score[1] and rule.scoring is not Scoring.REGULATION
        if official and level and not rule.may_tie and result.progress is None:
            raise Ungradable("The result is level, but a game of this sport goes on until one side wins.")
    if official and score is None:
        raise _untold(pick)
    return score, official


def _handicap(pick: BetPick, result: GameResult, rule: SettlementRule) -> BetGrade:
    score, official = _score(pick, result, rule)
    if score is None or not official:
        return VOIDED
    margin = score[0] - score[1] if pick.selection == "home" else score[1] - score[0]
    if margin == 0 and pick.line is None:
        return rule.tie
    return graded(QUARTERS * margin + (pick.line or 0))


def _over_under(pick: BetPick, quarters: int, rule: SettlementRule, *, official: bool) -> BetGrade:
    """Grade a total, which can only grow: in a game that was stopped it is decided once it is past the line."""
    excess, over = quarters - (pick.line or 0), pick.selection == "over"
    if official:
        return graded(excess if over else -excess)
    passed = (WON if over else LOST) if rule.decided_stands else VOIDED
    return by_halves(excess, lambda part: passed if part > 0 else VOIDED)


def _total(count: Callable[[Score], int]) -> Grader:
    def grade(pick: BetPick, result: GameResult, rule: SettlementRule) -> BetGrade:
        score, official = _score(pick, result, rule)
        return VOIDED if score is None else _over_under(pick, QUARTERS * count(score), rule, official=official)

    return grade


def _choice(
    winners: Callable[[Score, int], Collection[str]], is_decided: Callable[[Score], bool] | None = None
) -> Grader:
    def grade(pick: BetPick, result: GameResult, rule: SettlementRule) -> BetGrade:
        score, official = _score(pick, result, rule)
        decided = score is not None and rule.decided_stands and is_decided is not None and is_decided(score)
        if score is None or not (official or decided):
            return VOIDED
        return WON if pick.selection in winners(score, pick.line or 0) else LOST

    return grade


def _fact(winner: Callable[[GameResult], str]) -> Grader:
    """Grade by what is told beside the score; an empty text is not told."""

    def grade(pick: BetPick, result: GameResult, _: SettlementRule) -> BetGrade:
        told = winner(result)
        if told:
            return WON if pick.selection == told else LOST
        if result.is_whole:
            raise _untold(pick)
        return VOIDED

    return grade


def _rounds(pick: BetPick, result: GameResult, rule: SettlementRule) -> BetGrade:
    if not result.round:
        raise _untold(pick)
    begun = result.round - 1 + (result.seconds >= rule.half_round)  # rounds of which more than half was fought
    return _over_under(pick, QUARTERS * begun, rule, official=is_official(result, rule))


def _prop(pick: BetPick, result: GameResult, rule: SettlementRule) -> BetGrade:
    player = _entrant(pick, result)
    if not player.took_part or (rule.must_begin and not player.began):
        return VOIDED
    if player.value is None:
        raise _untold(pick)
    official = is_official(result, rule, _SCORES[rule.scoring](result))
    return _over_under(pick, QUARTERS * player.value, rule, official=official)


def _places(pick: BetPick, result: GameResult, rule: SettlementRule) -> BetGrade:
    entrant = _entrant(pick, result)
    if not entrant.took_part or not is_official(result, rule):
        return VOIDED
    if entrant.position is None:
        return LOST
    return dead_heat(entrant.position, entrant.tied, (pick.line or QUARTERS) // QUARTERS)


def _matchup(pick: BetPick, result: GameResult, rule: SettlementRule) -> BetGrade:
    own = _entrant(pick, result)
    others = [entrant for key, entrant in result.entrants.items() if key != pick.selection]
    if not all(entrant.took_part for entrant in (own, *others)):
        return VOIDED
    best = min((other.out, other.strokes) for other in others)
    mine = (own.out, own.strokes)
    return WON if mine < best else LOST if mine > best else rule.tie


def _entrant(pick: BetPick, result: GameResult) -> EntrantResult:
    found = result.entrants.get(pick.subject or pick.selection)
    if found is None:
        raise _untold(pick)
    return found


def _untold(pick: BetPick) -> Ungradable:
    return Ungradable(f"The result doesn't say how {' '.join(filter(None, (pick.market, pick.period)))} ended.")


def _three_way(score: Score, line: int) -> Collection[str]:
    margin = QUARTERS * (score[0] - score[1]) + line
    return ("home",) if margin > 0 else ("away",) if margin < 0 else ("draw",)


def _double_chance(score: Score, _: int) -> Collection[str]:
    home, away = score
    return ("1x", "12") if home > away else ("12", "x2") if home < away else ("1x", "x2")


def _sets(score: Score, _: int) -> Collection[str]:
    home, away = score
    return (f"home {home}-{away}" if home > away else f"away {away}-{home}",)


def _method(result: GameResult) -> str:
    return f"{result.winner}:{AS_METHOD.get(result.method, result.method)}" if result.method else ""


def _distance(result: GameResult) -> str:
    return ("yes" if result.method == "decision" else "no") if result.method else ""


AS_METHOD = {"tko": "ko", "dq": "ko"}
_SIDES, _THREE, _OVER_UNDER, _YES_NO, _ENTRANT = "home|away", "home|draw|away", "over|under", "yes|no", ".+"

MARKETS: Mapping[str, Market] = {
    "moneyline": Market(_handicap, _SIDES),
    "draw_no_bet": Market(_handicap, _SIDES),
    "spread": Market(_handicap, _SIDES, 1),
    "asian_handicap": Market(_handicap, _SIDES, 1),
    "games_handicap": Market(_handicap, _SIDES, 1),
    "sets_handicap": Market(_handicap, _SIDES, 1),
    "1x2": Market(_choice(_three_way), _THREE),
    "3way": Market(_choice(_three_way), _THREE),
    "european_handicap": Market(_choice(_three_way), _THREE, QUARTERS),
    "double_chance": Market(_choice(_double_chance), "1x|12|x2"),
    "btts": Market(_choice(lambda score, _: ("yes",) if all(score) else ("no",), all), _YES_NO),
    "odd_even": Market(_choice(lambda score, _: ("odd",) if sum(score) % 2 else ("even",)), "odd|even"),
    "correct_score": Market(_choice(lambda score, _: (f"{score[0]}-{score[1]}",)), "[0-9]{1,3}-[0-9]{1,3}"),
    "set_betting": Market(_choice(_sets), "(home|away) [0-9]-[0-9]"),
    "total": Market(_total(sum), _OVER_UNDER, 1),
    "games_total": Market(_total(sum), _OVER_UNDER, 1),
    "team_total_home": Market(_total(lambda score: score[0]), _OVER_UNDER, 1),
    "team_total_away": Market(_total(lambda score: score[1]), _OVER_UNDER, 1),
    "prop": Market(_prop, _OVER_UNDER, 1),
    "rounds_total": Market(_rounds, _OVER_UNDER, QUARTERS, 2),
    "method": Market(_fact(_method), "(home|away):(ko|submission|decision)"),
    "distance": Market(_fact(_distance), _YES_NO),
    "to_qualify": Market(_fact(lambda result: result.qualified), _SIDES),
    "outright": Market(_places, _ENTRANT),
    "win": Market(_places, _ENTRANT),
    "3ball": Market(_places, _ENTRANT),
    "top_n": Market(_places, _ENTRANT, QUARTERS),
    "matchup": Market(_matchup, _ENTRANT),
}
