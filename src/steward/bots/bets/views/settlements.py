"""What the bets channel tells of games whose bets were settled, settled anew or refunded."""

from __future__ import annotations

from steward.bots.bets.fixtures.games import Game
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.settlement.results import GameResult, GameStatus
from steward.bots.bets.settling.finals import RefundCount
from steward.bots.bets.settling.summary import MemberResult, SettlementSummary
from steward.bots.bets.views.wallet import NOBODY, PLAY_MONEY
from steward.client.embeds import AMBER, BLUE, GREEN, Message, clean
from steward.text.plurals import counted

LONGEST_TEAM = 60
HUNDREDTHS = 100
UNPLAYED = {
    GameStatus.CANCELLED: "called off",
    GameStatus.NO_CONTEST: "no contest",
    GameStatus.ABANDONED: "abandoned",
    GameStatus.AWARDED: "awarded",
    GameStatus.RETIRED: "retired",
}


def settled_post(told: SettlementSummary, section: BetsSection) -> Message | None:
    """Tell how the bets on a game were settled, or settled anew; None where that changed nothing."""
    again = told.again
    lines = [_winner(one, section) for one in told.winners]
    if told.more_winners:
        lines.append(f"… and {counted(told.more_winners, 'member')} more ahead")
    counts = [(told.won, "won"), (told.lost, "lost"), (told.returned, "refunded")]
    parts = ", ".join(f"{number:,} {word}" for number, word in counts if number)
    if told.settled:
        lines.append(f"{counted(told.settled, 'bet')} settled{' anew' if again else ''}: {parts}")
    if told.going_on:
        goes = "goes" if told.going_on == 1 else "go"
        lines.append(f"{counted(told.going_on, 'parlay')} with this game {goes} on")
    if told.untold:
        wait = "waits" if told.untold == 1 else "wait"
        lines.append(f"{counted(told.untold, 'bet')} {wait}: the result doesn't say all that they need")
    if told.grading.kept:
        stay = "stays as it was" if told.grading.kept == 1 else "stay as they were"
        lines.append(f"{counted(told.grading.kept, 'bet')} of a season that has ended {stay}")
    if not lines or (again and not (told.settled or told.grading.kept or told.going_on)):
        return None
    title = score_line(told.game, told.grading.result)
    return _post(f"Corrected: {title}" if again else title, lines, AMBER if again else GREEN)


def refunded_post(game: Game, bets: RefundCount) -> Message:
    """Tell that bets on a game are void, since it wasn't played in time."""
    said = [f"{counted(bets.refunds, 'bet')} refunded"] if bets.refunds else []
    if bets.parlays:
        said.append(f"{counted(bets.parlays, 'parlay')} {'counts' if bets.parlays == 1 else 'count'} without it")
    lines = [f"It wasn't played in time, or nobody told how it ended: {', '.join(said)}."]
    return _post(f"{matchup(game)}: void", lines, BLUE)


def matchup(game: Game) -> str:
    """Name a game by its teams."""
    number = f" ({game.number})" if game.number > 1 else ""
    return f"{clean(game.home_name, LONGEST_TEAM)} - {clean(game.away_name, LONGEST_TEAM)}{number}"


def score_line(game: Game, result: GameResult) -> str:
    """Name a game with its result."""
    unplayed = UNPLAYED.get(result.status)
    if unplayed is not None:
        return f"{matchup(game)}: {unplayed}"
    return f"{matchup(game)} {score(result)}"


def score(result: GameResult) -> str:
    """Write a score: with extra time, the one after it, and who won the shoot-out."""
    if result.regulation is None:
        return result.winner or "over"
    home, away = (sum(parts) for parts in zip(result.regulation, result.overtime, strict=True))
    said = f"{home}:{away}"
    if any(result.overtime):
        said += f" ({result.regulation[0]}:{result.regulation[1]} in regular time)"
    return f"{said}, shoot-out to {result.shootout}" if result.shootout else said


def amount(points: int, mode: BetsMode, section: BetsSection) -> str:
    """Write an amount as members read it: points, or units from hundredths."""
    if mode is BetsMode.HOUSE:
        return section.points(points)
    whole, part = divmod(abs(points), HUNDREDTHS)
    return f"{'-' if points < 0 else ''}{whole:,}{f'.{part:02}' if part else ''} u"


def _winner(one: MemberResult, section: BetsSection) -> str:
    who = NOBODY if one.user_id is None else f"<@{one.user_id}>"
    return f"{who} won {amount(one.paid, one.mode, section)}, {amount(one.net, one.mode, section)} more than staked"


def _post(title: str, lines: list[str], colour: int) -> Message:
    embed = {"title": title, "description": "\n".join(lines), "color": colour, "footer": {"text": PLAY_MONEY}}
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}
