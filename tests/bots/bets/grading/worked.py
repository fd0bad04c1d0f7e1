"""The worked cases as picks and results of the product."""

from datetime import UTC, datetime, timedelta

from steward.bots.bets.grading.lines import read_line
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.results import EntrantResult, GameResult, GameStatus, of_sets
from steward.bots.bets.odds.prices import OddsFormat, read_odds

LISTED = datetime(2024, 3, 2, 15, tzinfo=UTC)
PERIODS = {"ht_1x2": ("1x2", "h1"), "set1_winner": ("moneyline", "set1")}
FIELD = ("position", "score", "started")


def odds_of(case):
    return read_odds(case["odds"], OddsFormat(case["odds_format"]))


def pick_of(case):
    market, period = PERIODS.get(case["market"], (case["market"], ""))
    line = None if case["line"] is None else read_line(case["line"])
    return BetPick(market, case["selection"], line, period, "player" if market == "prop" else "")


def result_of(case):
    told = case["result"]
    status = told.get("status", "final").replace("walkover", "awarded")
    if "sets" in told:
        return of_sets([tuple(score) for score in told["sets"]], told["winner"], GameStatus(status))
    minutes, innings = told.get("minutes"), told.get("innings")
    return GameResult(
        GameStatus(status),
        regulation=tuple(told["reg"]) if "reg" in told else None,
        overtime=tuple(told.get("ot", (0, 0))),
        shootout=told.get("shootout_winner", ""),
        winner=told.get("winner") or "",
        qualified=told.get("qualified", ""),
        periods={"h1": tuple(told["ht"])} if "ht" in told else {},
        method=told.get("method", ""),
        round=told.get("round", 0),
        seconds=told.get("time", 0),
        progress=told.get("holes", minutes) if innings is None else round(2 * float(innings)),
        entrants=dict(_entrants(told)),
        listed=LISTED,
        started=LISTED + timedelta(hours=told.get("rescheduled_hours", 0)),
    )


def _entrants(told):
    if "value" in told:
        yield "player", EntrantResult(told["played"], value=told["value"])
    elif any(key in told for key in FIELD):
        began = told.get("started", True)
        yield (
            "P",
            EntrantResult(began, position=told.get("position"), tied=told.get("tied", 1), strokes=told.get("score", 0)),
        )
        if "score" in told:
            yield "Q", EntrantResult(began, strokes=told["opponent_score"], out=told.get("opponent_out", False))
