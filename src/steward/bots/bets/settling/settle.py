"""Settles placed bets, some hundred in a unit of work, each once however often it is begun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from steward.bots.bets.boards.board_changes import bets_changed
from steward.bots.bets.boards.closing import note_closing
from steward.bots.bets.fixtures.games import find_games
from steward.bots.bets.fixtures.leagues import find_league
from steward.bots.bets.grading.grades import VOIDED, BetGrade
from steward.bots.bets.grading.rules import Rows
from steward.bots.bets.ledger.accounts import BOOK, escrow
from steward.bots.bets.ledger.posting import Movement, find_all, post
from steward.bots.bets.ledger.reversals import reversals
from steward.bots.bets.ledger.seasons import last_close, payee
from steward.bots.bets.placing.bets import Bet, BetLeg, BetStatus, ended_seasons, find_bets
from steward.bots.bets.section import BetsMode
from steward.bots.bets.settling.game_grader import BetEnd, GameGrader, ended
from steward.bots.bets.settling.gradings import Grading, newest_grading
from steward.errors import Broken
from steward.store import Transaction, chunks, marks

AT_ONCE = 500
"""Bets of a unit of work: other writers wait for a tenth of a second."""
NO_VERSION = -1
"""In place of a grading, of a leg that is void since its game wasn't played in time, or nobody told how it ended."""


class LegPlace(NamedTuple):
    """A leg within its bet, by its position."""

    bet: int
    at: int


class BetChanges(NamedTuple):
    """
    What becomes of some bets.

    Attributes:
        ends: how each bet ends that ends otherwise than before; None for one that is open again.
        legs: the new grade of each leg that has one.
        seen: legs that are not graded otherwise, but were looked at.

    """

    ends: dict[int, BetEnd | None]
    legs: dict[LegPlace, BetGrade]
    seen: list[LegPlace]

    def leave(self, bets: Collection[int]) -> None:
        """Have some bets stay as they are."""
        for number in bets:
            del self.ends[number]
        for place in [one for one in self.legs if one.bet in bets]:
            del self.legs[place]
            self.seen.append(place)


def settle_some(tx: Transaction, guild_id: int, game: int, own: Rows, most: int) -> Grading | None:
    """
    Grade the next bets of a guild on a game by its newest grading, and pay them.

    Returns:
        The grading; its `done_ms` says whether these were the last. None if there was nothing to do.

    """
    grading = newest_grading(tx, guild_id, game)
    if grading is None or grading.done_ms is not None:
        return None
    numbers = _next_bets(tx, grading, most)
    bets = find_bets(tx, numbers)
    changes = _graded(bets, _grader(tx, grading, own), grading)
    past = _past_season(tx, guild_id, [bets[number] for number in changes.ends])
    changes.leave(past)
    _keep_legs(tx, changes, grading.number)
    pay(tx, guild_id, bets, changes.ends)
    is_done = len(numbers) < most
    begun = grading.begun_ms if grading.begun_ms is not None else tx.now_ms
    reached, kept = max(numbers, default=grading.reached), grading.kept + len(past)
    done = tx.now_ms if is_done else None
    tx.execute(
        "UPDATE bet_gradings SET begun_at = ?, reached = ?, kept = ?, done_at = ?"
        " WHERE guild_id = ? AND game = ? AND number = ?",
        (begun, reached, kept, done, guild_id, game, grading.number),
    )
    return grading._replace(begun_ms=begun, reached=reached, kept=kept, done_ms=done)


def void_legs(tx: Transaction, guild_id: int, bets: Mapping[int, Bet], legs: Collection[LegPlace]) -> None:
    """Have legs that wait no longer be void, and pay what that ends."""
    changes = BetChanges({}, {}, [])
    for number, bet in bets.items():
        if bet.status is BetStatus.CANCELLED:
            changes.seen.extend(one for one in legs if one.bet == number)
            continue
        graded = list(bet.legs)
        for place in legs:
            if place.bet == number:
                graded[place.at] = graded[place.at]._replace(grade=VOIDED)
                changes.legs[place] = VOIDED
        _end(changes, bet, graded)
    _keep_legs(tx, changes, NO_VERSION)
    pay(tx, guild_id, bets, changes.ends)


def pay(tx: Transaction, guild_id: int, bets: Mapping[int, Bet], ends: Mapping[int, BetEnd | None]) -> None:
    """
    End bets in this way, money included; what they paid before is taken back first.

    Raises:
        Broken: one isn't as it was read any more.

    """
    _change_bets(tx, bets, ends)
    changed = [bets[number] for number in ends]
    note_closing(tx, changed)
    bets_changed(tx, guild_id, {leg.game for bet in changed for leg in bet.legs})
    house = [bets[number] for number in ends if bets[number].mode is BetsMode.HOUSE]
    paid = _settlements(tx, guild_id, [bet for bet in house if bet.status is BetStatus.SETTLED])
    movements = list(reversals(tx, guild_id, list(paid.values())).values()) if paid else []
    over = ended_seasons(tx, guild_id, house)
    movements += [_settlement(bet, end, over.get(bet.id)) for bet in house if (end := ends[bet.id]) is not None]
    if movements:
        post(tx, guild_id, movements)


def _next_bets(tx: Transaction, grading: Grading, most: int) -> list[int]:
    """Return the next bets of which a leg isn't graded by this yet, even if it was void before there was a result."""
    rows = tx.all(
        "SELECT DISTINCT l.bet FROM bet_legs l JOIN bet_bets b ON b.id = l.bet"
        " WHERE l.game = ? AND l.version < ? AND l.bet > ? AND b.guild_id = ?"
        " AND b.status <> 'cancelled' ORDER BY l.bet LIMIT ?",
        (grading.game, grading.number, grading.reached, grading.guild_id, most),
    )
    return [row[0] for row in rows]


def _grader(tx: Transaction, grading: Grading, own: Rows) -> GameGrader:
    game = find_games(tx, [grading.game])[grading.game]
    league = find_league(tx, game.league)
    return GameGrader(league.sport, ZoneInfo(league.zone), grading.result, game.actual_ms, own)


def _graded(bets: Mapping[int, Bet], grader: GameGrader, grading: Grading) -> BetChanges:
    changes = BetChanges({}, {}, [])
    for number, bet in bets.items():
        legs = list(bet.legs)
        for at, leg in enumerate(legs):
            if leg.game != grading.game:
                continue
            found, place = grader.grade(leg, bet.placed_ms), LegPlace(number, at)
            if found is not None:
                legs[at] = leg._replace(grade=found)
                changes.legs[place] = found
            elif leg.grade is not None:  # it was told before, and still counts
                changes.seen.append(place)
        _end(changes, bet, legs)
    return changes


def _end(changes: BetChanges, bet: Bet, legs: Sequence[BetLeg]) -> None:
    """Note how a bet ends if its legs end like this, unless it has ended so already."""
    before = None if bet.outcome is None or bet.payout is None else BetEnd(bet.outcome, bet.payout)
    now = ended(bet.stake, legs)
    if now != before:
        changes.ends[bet.id] = now


def _past_season(tx: Transaction, guild_id: int, bets: Iterable[Bet]) -> set[int]:
    """Return the bets that were settled in a season that has ended: what they paid isn't taken back any more."""
    settled = [bet for bet in bets if bet.status is BetStatus.SETTLED and bet.mode is BetsMode.HOUSE]
    if not settled:
        return set()
    ended_at = last_close(tx, guild_id)
    return {bet for bet, number in _settlements(tx, guild_id, settled).items() if number <= ended_at}


def _settlements(tx: Transaction, guild_id: int, bets: Collection[Bet]) -> dict[int, int]:
    """Return the transactions that paid bets last, by bet."""
    keys = {_key(bet, bet.settlements): bet.id for bet in bets}
    return {keys[key]: number for key, number in find_all(tx, guild_id, keys).items()}


def _settlement(bet: Bet, end: BetEnd, ended: int | None) -> Movement:
    entries = {escrow(bet.id): -bet.stake, BOOK: bet.stake - end.payout, payee(bet.user_id, ended): end.payout}
    return Movement(_key(bet, bet.settlements + 1), "settle", entries)


def _key(bet: Bet, number: int) -> str:
    return f"settle:{bet.id}:{number}"


def _change_bets(tx: Transaction, bets: Mapping[int, Bet], ends: Mapping[int, BetEnd | None]) -> None:
    """Change bets, each only if it is as it was read."""
    alike: dict[tuple[BetStatus, BetEnd | None], list[int]] = defaultdict(list)
    for number, end in ends.items():
        alike[bets[number].status, None if end is None else end._replace(payout=0)].append(number)
    for (status, end), numbers in alike.items():
        for some in chunks(sorted(numbers)):
            was = [value for number in some for value in (number, bets[number].settlements)]
            case = f"CASE id{' WHEN ? THEN ?' * len(some)} END"
            where = f"WHERE id IN ({marks(some)}) AND status = ? AND settlements = {case}"
            if end is None:
                sql = f"UPDATE bet_bets SET status = 'open', outcome = NULL, payout = NULL, changed_at = ? {where}"  # noqa: S608
                changed = tx.execute(sql, (tx.now_ms, *some, status, *was))
            else:
                sql = (
                    f"UPDATE bet_bets SET status = 'settled', outcome = ?, payout = {case}, changed_at = ?,"  # noqa: S608
                    f" settled_at = COALESCE(settled_at, ?), settlements = settlements + 1 {where}"
                )
                paid = [value for number in some for value in (number, _payout(ends[number]))]
                changed = tx.execute(sql, (end.outcome.value, *paid, tx.now_ms, tx.now_ms, *some, status, *was))
            if changed != len(some):
                raise Broken(f"Of the bets {some[0]} to {some[-1]}, one was changed meanwhile.")


def _payout(end: BetEnd | None) -> int:
    return 0 if end is None else end.payout


def _keep_legs(tx: Transaction, changes: BetChanges, version: int) -> None:
    """Keep the grades of legs, and by which version: those alike in one statement."""
    alike: dict[tuple[int, BetGrade], list[int]] = defaultdict(list)
    for place, found in changes.legs.items():
        alike[place.at, found].append(place.bet)
    for (at, found), numbers in alike.items():
        for some in chunks(sorted(numbers)):
            sql = "UPDATE bet_legs SET version = ?, outcome = ?, won = ?, back = ?, parts = ? WHERE number = ?"
            where = f" AND bet IN ({marks(some)})"
            tx.execute(sql + where, (version, found.outcome.value, *found[1:], at + 1, *some))
    seen: dict[int, list[int]] = defaultdict(list)
    for place in changes.seen:
        seen[place.at].append(place.bet)
    for at, some in _in_chunks(seen):
        sql = f"UPDATE bet_legs SET version = ? WHERE number = ? AND bet IN ({marks(some)})"  # noqa: S608 - marks
        tx.execute(sql, (version, at + 1, *some))


def _in_chunks(numbers: Mapping[int, Sequence[int]]) -> Iterator[tuple[int, Sequence[int]]]:
    return ((key, some) for key, values in numbers.items() for some in chunks(sorted(values)))
