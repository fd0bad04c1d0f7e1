"""What the bets channel tells of games whose bets were settled, settled anew or refunded."""

from __future__ import annotations

from collections.abc import Sequence

from steward.bots.bets.fixtures.games import Game
from steward.bots.bets.fixtures.ladder import LATE
from steward.bots.bets.grading.results import GameResult, GameStatus
from steward.bots.bets.grading.typed import VOID_RESULT
from steward.bots.bets.section import BetsSection
from steward.bots.bets.settling.finals import RefundCount
from steward.bots.bets.settling.gradings import Grading
from steward.bots.bets.settling.reviews import GameReview, ReviewKind
from steward.bots.bets.settling.rulings import PendingGame
from steward.bots.bets.settling.summary import MemberResult, SettlementSummary
from steward.bots.bets.views.games import score_of, versus
from steward.bots.bets.views.wallet import NOBODY, PLAY_MONEY
from steward.client.embeds import AMBER, BLUE, GREEN, Message, plain
from steward.text.plurals import counted

WHY_UNPLAYED = {
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
        lines.append(f"… and {told.more_winners:,} more")
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
    title = score_line(told.game, told.grading.result)
    if told.grading.version is None:
        lines = [decided_by(told.grading), *(lines or ["No bet ends otherwise."])]
        return _post(f"Decided: {title}", lines, AMBER if again else GREEN, told.mentioned)
    if not lines or (again and not (told.settled or told.grading.kept or told.going_on)):
        return None
    if again:
        return _post(f"Corrected: {title}", lines, AMBER, told.mentioned)
    return _post(title, lines, GREEN, told.mentioned, f"Wrong? /result dispute within 24 hours. {PLAY_MONEY}")


def stands_post(game: Game, grading: Grading) -> Message:
    """Tell that somebody has ruled, and that nothing changes."""
    return _post(f"It stands: {score_line(game, grading.result)}", [decided_by(grading)], BLUE)


def review_post(game: Game, review: GameReview, role_id: int | None = None) -> Message:
    """Tell that a bet manager is to rule on a game; a role of theirs is mentioned, here and below."""
    if review.kind is ReviewKind.DISPUTE:
        until = "" if review.until_ms is None else f" by <t:{review.until_ms // 1000}:f>; otherwise it stands"
        lines = [
            f"A bettor disputes the result: {plain(review.reason)}",
            f"A bet manager without a bet on it decides{until}. Until then no result settles its bets anew.",
        ]
        return _post(f"Disputed: {versus(game)}", lines, AMBER, role_id=role_id)
    lines = ["Another result was told, and it's too late to follow it unasked: bet managers decide."]
    return _post(f"Waits: {versus(game)}", lines, AMBER, role_id=role_id)


def waiting_post(pending: PendingGame, role_id: int | None = None) -> Message:
    """Tell that a game has a result which isn't certain, what was reported, and who decides."""
    current, note = pending.current, pending.game.note
    told = dict.fromkeys(named(one.result) for one in pending.told if one.result is not None)
    stays = "Until then no bet on it is settled."
    if current is not None:
        told.pop(named(current.result), None)
        stays = f"Until then bets stay settled by {named(current.result)}."
    reported = " or ".join(f"**{one}**" for one in told)
    if note == LATE and reported:
        said = f"A feed now tells {reported}, more than a day later."
    else:
        said = f"{note} Feeds tell {reported}." if reported else note
    lines = [said, f"A bet manager without a bet on it decides with `/result rule`. {stays}"]
    return _post(f"Waits: {versus(pending.game)}", lines, AMBER, role_id=role_id)


def proposed_post(game: Game, review: GameReview, role_id: int | None = None) -> Message:
    """Tell that a second bet manager is to confirm what a first one proposes."""
    result = versus(game) if review.proposed is None else score_line(game, review.proposed)
    who = NOBODY if review.proposer_id is None else f"<@{review.proposer_id}>"
    lines = [f"{who} proposes it: {plain(review.proposal)}", "A second bet manager without a bet on it has to confirm."]
    return _post(f"Proposed: {result}", lines, AMBER, role_id=role_id)


def unruled_post(game: Game, review: GameReview) -> Message:
    """Tell that a review has ended by itself."""
    said = "It was disputed, and nobody decided within two days: what the feeds tell stands."
    if review.kind is ReviewKind.UNASKED:
        said = "A bet manager proposed another result, and no second one confirmed it within two days."
    return _post(f"It stands: {versus(game)}", [said], BLUE)


def decided_by(grading: Grading) -> str:
    """Say who ruled, and why."""
    who = NOBODY if grading.grader_id is None else f"<@{grading.grader_id}>"
    second = "" if grading.seconder_id is None else f", confirmed by <@{grading.seconder_id}>"
    return f"Decided by {who}{second}: {plain(grading.reason)}"


def refunded_post(game: Game, bets: RefundCount) -> Message:
    """Tell that bets on a game are void, since it wasn't played in time."""
    said = [f"{counted(bets.refunds, 'bet')} refunded"] if bets.refunds else []
    if bets.going_on:
        said.append(f"{counted(bets.going_on, 'parlay')} {'goes' if bets.going_on == 1 else 'go'} on without it")
    lines = [f"It wasn't played in time, or nobody told how it ended: {', '.join(said)}."]
    return _post(f"{versus(game)}: void", lines, BLUE)


def score_line(game: Game, result: GameResult) -> str:
    """Name a game with its result."""
    unplayed = WHY_UNPLAYED.get(result.status)
    if unplayed is not None:
        return f"{versus(game)}: {unplayed}"
    return f"{versus(game)} {score(result)}"


def named(result: GameResult) -> str:
    """Name a result without its game."""
    return (
        "void" if result == VOID_RESULT else score(result) if result.status is GameStatus.FINAL else result.status.value
    )


def score(result: GameResult) -> str:
    """Return the score of a result, or who won without one."""
    return score_of(result) or result.winner or "over"


def _winner(one: MemberResult, section: BetsSection) -> str:
    who = NOBODY if one.user_id is None else f"<@{one.user_id}>"
    return f"{who} won {section.amount(one.paid, one.mode)}, {section.amount(one.net, one.mode)} more than staked"


def _post(
    title: str,
    lines: list[str],
    colour: int,
    mentioned: Sequence[int] = (),
    footer: str = PLAY_MONEY,
    role_id: int | None = None,
) -> Message:
    embed = {"title": title, "description": "\n".join(lines), "color": colour, "footer": {"text": footer}}
    # Discord pings nobody who is named in an embed only.
    if role_id is not None:
        return {"content": f"<@&{role_id}>", "embeds": [embed], "allowed_mentions": {"roles": [str(role_id)]}}
    if not mentioned:
        return {"embeds": [embed], "allowed_mentions": {"parse": []}}
    users = [str(user_id) for user_id in mentioned]
    called = " ".join(f"<@{user_id}>" for user_id in users)
    return {"content": called, "embeds": [embed], "allowed_mentions": {"users": users}}
