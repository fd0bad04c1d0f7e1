"""What bets keep about members, for `/privacy`: asked for while the bot is off, too, so little is loaded for it."""

from __future__ import annotations

from collections.abc import Sequence

from steward.bots.bets.kinds import MARKET_DRAFT, PARLAY_DRAFT, RULING_DRAFT, SLIP_DRAFT
from steward.bots.bets.ledger.former_members import kept_of_former_member
from steward.bots.bets.markets.former_members import kept_parts
from steward.bots.bets.stand_ins import known_stand_in
from steward.client.panels.drafts import draft_data
from steward.store import Transaction
from steward.store.export.personal import PersonalData, Record, selected
from steward.text.plurals import counted


def _points(records: Sequence[Record]) -> str:
    return f"a wallet of play money, with {int(records[0]['balance'] or 0):,} in it"


def _how_they_bet(records: Sequence[Record]) -> str:
    read = records[0]["odds_format"]
    return f"that you read {read!s} odds" if read else "whether you take better prices, and are mentioned when you win"


_STEPS = (
    ("bet_reviews", "opened_by", "opened_at", "reason", "disputed"),
    ("bet_reviews", "proposer_id", "opened_at", "proposal", "proposed"),
    ("bet_gradings", "grader_id", "at", "reason", "ruled"),
    ("bet_gradings", "seconder_id", "at", "reason", "confirmed"),
)
"""Table, the column with the member's id, when, why, and what they did."""


def _rulings(tx: Transaction, guild_id: int, user_id: int) -> list[Record]:
    found: list[Record] = []
    for table, member, at, reason, step in _STEPS:
        sql = (
            f"SELECT r.{at} AS at, '{step}' AS step, h.name AS home, a.name AS away, r.{reason} AS reason"  # noqa: S608
            f" FROM {table} r LEFT JOIN bet_games g ON g.id = r.game LEFT JOIN bet_teams h ON h.id = g.home"
            f" LEFT JOIN bet_teams a ON a.id = g.away WHERE r.guild_id = ? AND r.{member} = ?"
            f" ORDER BY r.{at}, r.game, r.number"
        )
        found += selected(sql)(tx, guild_id, user_id)
    return found


def _break(tx: Transaction, guild_id: int, user_id: int) -> list[dict[str, int]]:
    member = known_stand_in(tx, guild_id, user_id)
    sql = "SELECT at, until_at FROM bet_breaks WHERE guild_id = ? AND member_stand_in = ?"
    rows = [] if member is None else tx.all(sql, (guild_id, member))
    return [{"at": at, "until_at": until} for at, until in rows]


BETS_DATA = (
    PersonalData(
        "wallet",
        frozenset({"bet_accounts.owner_id"}),
        selected(
            "SELECT used_at AS at, balance, entries FROM bet_accounts"
            " WHERE guild_id = ? AND kind = 'wallet' AND owner_id = ?"
        ),
        _points,
    ),
    PersonalData(
        "wallet_entries",
        frozenset(),
        selected(
            "SELECT t.at AS at, t.kind AS kind, e.amount AS amount, e.balance AS balance FROM bet_accounts a"
            " JOIN bet_entries e ON e.account_id = a.id JOIN bet_transactions t ON t.id = e.transaction_id"
            " WHERE a.guild_id = ? AND a.kind = 'wallet' AND a.owner_id = ? ORDER BY e.number"
        ),
        lambda records: f"{counted(len(records), 'entry', 'entries')} in that wallet",
    ),
    PersonalData(
        "play_money_moved",
        frozenset({"bet_transactions.actor_id"}),
        selected("SELECT at, kind FROM bet_transactions WHERE guild_id = ? AND actor_id = ? ORDER BY at, id"),
        lambda records: f"{counted(len(records), 'time')} that you moved play money",
    ),
    PersonalData(
        "bets",
        frozenset({"bet_bets.user_id"}),
        selected(
            "SELECT b.placed_at AS at, b.mode AS mode, b.stake AS stake, b.status AS status, b.outcome AS outcome,"
            " b.payout AS payout, h.name AS home, a.name AS away, l.market AS market, l.period AS period,"
            " l.selection AS selection, l.line AS quarters, l.numerator AS numerator, l.denominator AS denominator"
            " FROM bet_bets b LEFT JOIN bet_legs l ON l.bet = b.id LEFT JOIN bet_games g ON g.id = l.game"
            " LEFT JOIN bet_teams h ON h.id = g.home LEFT JOIN bet_teams a ON a.id = g.away"
            " WHERE b.guild_id = ? AND b.user_id = ? ORDER BY b.placed_at, b.id, l.number"
        ),
        lambda records: f"{counted(len(records), 'bet')}, each leg of a parlay counted",
    ),
    PersonalData(
        "markets",
        frozenset({"bet_markets.creator_id"}),
        selected(
            "SELECT made_at AS at, question, source, status FROM bet_markets"
            " WHERE guild_id = ? AND creator_id = ? ORDER BY made_at, id"
        ),
        lambda records: f"{counted(len(records), 'market')} that you made",
    ),
    PersonalData(
        "market_stakes",
        frozenset({"bet_market_stakes.user_id"}),
        selected(
            "SELECT s.placed_at AS at, m.question AS question, o.label AS outcome, s.stake AS stake,"
            " s.status AS status, s.payout AS payout FROM bet_market_stakes s"
            " LEFT JOIN bet_markets m ON m.id = s.market"
            " LEFT JOIN bet_market_outcomes o ON o.market = s.market AND o.number = s.outcome"
            " WHERE s.guild_id = ? AND s.user_id = ? ORDER BY s.placed_at, s.id"
        ),
        lambda records: f"{counted(len(records), 'bet')} in markets of members",
    ),
    PersonalData(
        "market_steps",
        frozenset({"bet_market_steps.user_id"}),
        selected(
            "SELECT s.at AS at, m.question AS question, s.step AS step, s.answer AS answer FROM bet_market_steps s"
            " LEFT JOIN bet_markets m ON m.id = s.market WHERE s.guild_id = ? AND s.user_id = ? ORDER BY s.at, s.market"
        ),
        lambda records: f"{counted(len(records), 'time')} that you had a say in a market",
    ),
    PersonalData(
        "manual_slips",
        frozenset({"bet_manual_slips.user_id"}),
        selected(
            "SELECT placed_at AS at, said, numerator, denominator, stake AS hundredths, status, outcome, payout"
            " FROM bet_manual_slips WHERE guild_id = ? AND user_id = ? ORDER BY id"
        ),
        lambda records: f"{counted(len(records), 'slip')} that you wrote",
    ),
    PersonalData(
        "manual_slips_graded",
        frozenset({"bet_manual_slips.graded_by"}),
        selected(
            "SELECT changed_at AS at, said, outcome FROM bet_manual_slips"
            " WHERE guild_id = ? AND graded_by = ? ORDER BY id"
        ),
        lambda records: f"{counted(len(records), 'slip')} that you graded",
    ),
    draft_data(MARKET_DRAFT, "market_draft", "a market that you began and haven't posted"),
    PersonalData(
        "betting_limits",
        frozenset({"bet_limits.user_id"}),
        selected(
            "SELECT changed_at AS at, kind, period, amount, next_amount, next_at FROM bet_limits"
            " WHERE guild_id = ? AND user_id = ? ORDER BY kind, period"
        ),
        lambda records: f"{counted(len(records), 'limit')} of your betting that you set",
    ),
    PersonalData(
        "betting_break",
        frozenset(),
        _break,
        lambda _: "your break from betting, until it ends",
        stays=True,
    ),
    PersonalData(
        "forgotten_this_season",
        frozenset(),
        kept_of_former_member,
        lambda _: "that you've had this season's starting balance, until the season ends",
        stays=True,
    ),
    PersonalData(
        "markets_before",
        frozenset(),
        kept_parts,
        lambda records: f"that you had a part in {counted(len(records), 'market')}, until settled",
        stays=True,
    ),
    PersonalData(
        "bet_preferences",
        frozenset({"bet_preferences.user_id"}),
        selected(
            "SELECT changed_at AS at, odds_format, takes_better, mentioned FROM bet_preferences"
            " WHERE guild_id = ? AND user_id = ?"
        ),
        _how_they_bet,
    ),
    PersonalData(
        "disputes_and_rulings",
        frozenset(
            {"bet_gradings.grader_id", "bet_gradings.seconder_id", "bet_reviews.opened_by", "bet_reviews.proposer_id"}
        ),
        _rulings,
        lambda records: f"{counted(len(records), 'time')} that you disputed or ruled on a result",
    ),
    draft_data(RULING_DRAFT, "ruling_draft", "a ruling that you began"),
    draft_data(SLIP_DRAFT, "bet_slip", "a bet slip that you haven't confirmed"),
    draft_data(PARLAY_DRAFT, "parlay_slip", "a parlay that you haven't confirmed"),
)
