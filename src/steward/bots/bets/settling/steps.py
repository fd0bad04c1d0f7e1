"""The steps of settling, each a unit of work: bets are settled or refunded, and what waits for somebody is told."""

from __future__ import annotations

from functools import partial

from steward.bots.bets.fixtures.games import find_games
from steward.bots.bets.fixtures.ladder import LadderStage
from steward.bots.bets.kinds import REVIEW, SETTLE, VOID_BETS
from steward.bots.bets.section import BetsSection
from steward.bots.bets.settling.finals import follow_result, refunded, settle_missed, void_some
from steward.bots.bets.settling.gradings import Grading
from steward.bots.bets.settling.notices import tell_of_game
from steward.bots.bets.settling.reviews import ReviewKind, end_review, open_review
from steward.bots.bets.settling.rulings import pending_game
from steward.bots.bets.settling.settle import AT_ONCE, settle_some
from steward.bots.bets.settling.summary import summary_of
from steward.bots.bets.views.settlements import refunded_post, review_post, settled_post, unruled_post, waiting_post
from steward.store import Transaction, from_millis
from steward.store.due import due
from steward.store.due.due import DueItem


def settle(tx: Transaction, item: DueItem, section: BetsSection, most: int = AT_ONCE) -> None:
    """Settle the next bets of a guild on a game; the last are told of."""
    grading = settle_some(tx, item.guild_id, item.number, section.settlement_rows, most)
    if grading is None:
        return
    if grading.done_ms is None:
        due.put(tx, SETTLE, item.number, tx.now, guild_id=item.guild_id, name=item.name)
    else:
        _tell(tx, grading, section)


def void(tx: Transaction, item: DueItem, section: BetsSection, most: int = AT_ONCE) -> None:
    """Refund the next bets of a guild on a game that wait no longer; after the last it is told."""
    is_done = void_some(tx, item.guild_id, item.number, section.settlement_rows, most)
    if not is_done:
        due.put(tx, VOID_BETS, item.number, tx.now, guild_id=item.guild_id, name=item.name)
        return
    bets = refunded(tx, item.guild_id, item.number)
    if any(bets):
        message = refunded_post(find_games(tx, [item.number])[item.number], bets)
        what = f"refunded:{sum(bets)}"
        tell_of_game(tx, section.bets_channel_id, item.guild_id, item.number, what, message)


def review(tx: Transaction, item: DueItem, section: BetsSection, role_id: int | None = None) -> None:
    """Tell that a game waits for a bet manager; a review about which nobody rules in time ends, and changes nothing."""
    found = open_review(tx, item.guild_id, item.number)
    if found is None:
        return
    game = find_games(tx, [item.number])[item.number]
    tell = partial(tell_of_game, tx, section.bets_channel_id, item.guild_id, item.number)
    if found.until_ms is None or tx.now_ms < found.until_ms:
        if found.kind is not ReviewKind.UNASKED:  # of which it is told what was proposed
            tell(f"review:{found.number}", review_post(game, found, role_id))
        if found.until_ms is not None:
            until = from_millis(found.until_ms)
            due.put(tx, REVIEW, item.number, until, guild_id=item.guild_id, name=item.name)
    elif end_review(tx, found):
        tell(f"unruled:{found.number}", unruled_post(game, found))
        follow_result(tx, item.guild_id, item.number)


def waits(tx: Transaction, item: DueItem, section: BetsSection, role_id: int | None = None) -> None:
    """Tell that the result of a game isn't certain, unless that is over or somebody has ruled already."""
    pending = pending_game(tx, item.guild_id, item.number)
    if pending is not None and pending.game.stage == LadderStage.WAITING:
        message = waiting_post(pending, role_id)
        tell_of_game(tx, section.bets_channel_id, item.guild_id, item.number, f"waits:{item.due_at}", message)


def sweep(tx: Transaction, found: list[tuple[int, int]]) -> None:
    """Have refunded what waits no longer, and settled what was missed."""
    for guild_id, game in found:
        due.put(tx, VOID_BETS, game, tx.now, guild_id=guild_id, name=str(guild_id))
    settle_missed(tx)


def _tell(tx: Transaction, grading: Grading, section: BetsSection) -> None:
    """Tell of a settlement in the channel for bets, once."""
    if section.bets_channel_id is None:
        return
    told = summary_of(tx, grading)
    message = settled_post(told, section)
    if message is not None:
        kind = "regraded" if told.again else "settled"
        what = f"{kind}:{grading.number}"
        tell_of_game(tx, section.bets_channel_id, grading.guild_id, grading.game, what, message)
