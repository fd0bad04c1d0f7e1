"""How a member's own bets look, and what is said when one is cancelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from steward.bots.bets.boards.own_bets import BetPage, OwnBet, PlacedStake
from steward.bots.bets.fixtures.games import Game
from steward.bots.bets.grading.grades import BetOutcome
from steward.bots.bets.markets.manual_slips import ManualSlip, ManualSlipStatus
from steward.bots.bets.markets.market import MarketStatus
from steward.bots.bets.odds.prices import Odds, OddsFormat, product, show_odds
from steward.bots.bets.placing.bets import Bet, BetLeg, BetStatus
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.views import actions
from steward.bots.bets.views.games import team, versus
from steward.bots.bets.views.picks import pick_name
from steward.bots.bets.views.records.leaderboard import percent
from steward.bots.bets.views.wallet import PLAY_MONEY, kept_in
from steward.bots.bets.views.words import ended
from steward.client.components import option, row, select, turns
from steward.client.embeds import BLUE, Message, at, plain
from steward.store import from_millis
from steward.text.cutting import cut_list

LONGEST_BET = 780  # five of them fit in an embed
NO_BETS = "No bets yet. Try `/bet`."
NONE_OPEN = "No open bets. Try `/bet`."


def bets_view(
    found: BetPage, section: BetsSection, style: OddsFormat, turn: Callable[[int], str], *, is_open: bool
) -> Message:
    """List a member's own bets."""
    blocks = [_block(bet, found.games, section, style) for bet in found.bets]
    embed = {
        "title": "Your open bets" if is_open else "Your past bets",
        "description": "\n\n".join(blocks) or (NONE_OPEN if is_open else NO_BETS),
        "color": BLUE,
        "footer": {"text": PLAY_MONEY},
    }
    offered = [
        option(f"Bet {bet.id}: {_label(bet, found.games)}, {section.amount(bet.stake, bet.mode)}", str(bet.id))
        for bet in found.bets
        if isinstance(bet, Bet) and bet.id in found.unlocked
    ]
    menu = [row(select(actions.OWN_CANCEL.id(), offered, placeholder="Cancel a bet …"))] if offered else []
    return {"embeds": [embed], "components": [*menu, *turns(found.page, found.has_more, turn)]}


def cancel_question(bet: Bet, games: Mapping[int, Game], section: BetsSection, ended: int | None = None) -> str:
    """Ask whether a bet is to be cancelled."""
    back = (
        f" Your stake of {section.points(bet.stake)} goes back to {kept_in(ended)}."
        if bet.mode is BetsMode.HOUSE
        else ""
    )
    return f"Cancel bet {bet.id}, {_title(bet, games)}?{back}"


def cancelled_said(bet: Bet, section: BetsSection, ended: int | None = None) -> str:
    """Say that a bet is cancelled."""
    back = (
        f" Your stake of {section.points(bet.stake)} is back in {kept_in(ended)}." if bet.mode is BetsMode.HOUSE else ""
    )
    return f"Bet {bet.id} is cancelled.{back}"


def _label(bet: Bet, games: Mapping[int, Game]) -> str:
    """Name a bet in a choice, where nothing is markdown."""
    return _title(bet, games, str)


def _title(bet: Bet, games: Mapping[int, Game], name: Callable[[str], str] = team) -> str:
    """Name a bet in a few words, teams by `name`."""
    if len(bet.legs) > 1:
        return f"a parlay of {len(bet.legs)} legs"
    (leg,) = bet.legs
    game = games.get(leg.game)
    names = (name(game.home_name), name(game.away_name)) if game else ("Home", "Away")
    return pick_name(leg.pick, *names)


def _block(bet: OwnBet, games: Mapping[int, Game], section: BetsSection, style: OddsFormat) -> str:
    if isinstance(bet, PlacedStake):
        return _stake(bet, section, style)
    return _slip(bet, section, style) if isinstance(bet, ManualSlip) else _bet(bet, games, section, style)


def _stake(one: PlacedStake, section: BetsSection, style: OddsFormat) -> str:
    """Say the same of a stake in a market."""
    market, staked = one.market, f"{section.points(one.stake)} staked"
    outcome = market.outcome(one.outcome)
    odds = "in a pool" if outcome.odds is None else show_odds(outcome.odds, style)
    head = f"**{plain(outcome.label)}** {odds} · {plain(market.question)}"
    if one.status is BetStatus.SETTLED and one.payout is not None:
        lost = one.payout < one.stake
        end = BetOutcome.LOSE if lost else BetOutcome.WIN
        said = _ended(end, one.stake, one.payout, one.changed_ms, section, BetsMode.HOUSE)
    elif one.status is BetStatus.CANCELLED:
        said = f"🚫 taken back {at(from_millis(one.changed_ms), 'd')}, {staked}"
    else:
        pays = market.pays(outcome)
        may = f", may return {section.points(one.returned)}" if one.returned else ""
        if outcome.odds is None:
            may = ", nobody bets against it yet" if pays is None else f", pays {show_odds(pays, style)} as it stands"
        is_open = market.status is MarketStatus.OPEN
        waits = f", closes {at(from_millis(market.closes_ms), 'R')}" if is_open else ", waits for what happened"
        said = f"{staked}{may}{waits}"
    return f"{head}\n{said} · market in <#{market.channel_id}>"


def _slip(slip: ManualSlip, section: BetsSection, style: OddsFormat) -> str:
    """Say the same of a slip."""
    staked = f"{section.amount(slip.stake, BetsMode.UNITS)} staked"
    if slip.status is ManualSlipStatus.DELETED:
        said = f"🗑️ deleted {at(from_millis(slip.changed_ms), 'd')}, {staked}"
    elif slip.outcome is None or slip.payout is None:
        said = f"{staked}, may return {section.amount(slip.returned, BetsMode.UNITS)}, waits for a bet manager"
    else:
        said = _ended(slip.outcome, slip.stake, slip.payout, slip.changed_ms, section, BetsMode.UNITS)
    return f"**{plain(slip.said)}** {show_odds(slip.odds, style)}\n{said} · slip"


def _bet(bet: Bet, games: Mapping[int, Game], section: BetsSection, style: OddsFormat) -> str:
    """Say what a bet is on, what it costs and returns, and how it stands."""
    legs = [_leg(leg, games.get(leg.game), style, parlay=len(bet.legs) > 1) for leg in bet.legs]
    head = ""
    if len(bet.legs) > 1:
        head = f"**Parlay of {len(bet.legs)} legs** {show_odds(Odds(*product(leg.odds for leg in bet.legs)), style)}\n"
    return f"{head}{cut_list(legs, LONGEST_BET - len(head) - 200)}\n{_state(bet, games, section)}"


def _leg(leg: BetLeg, game: Game | None, style: OddsFormat, *, parlay: bool) -> str:
    sign = ""
    if parlay and leg.grade is not None:
        back, of = leg.grade.multiplier(*leg.odds.ratio)
        sign = f"{ended(leg.grade.outcome, of, back)[0]} "
    names = (team(game.home_name), team(game.away_name)) if game else ("Home", "Away")
    of_game = f" · {versus(game)}" if game else ""
    return f"{sign}**{pick_name(leg.pick, *names)}** {show_odds(leg.odds, style)}{of_game}"


def _state(bet: Bet, games: Mapping[int, Game], section: BetsSection) -> str:
    stake = f"{section.amount(bet.stake, bet.mode)} staked"
    named = f"bet {bet.id}"
    if bet.status is BetStatus.OPEN:
        starts = [games[leg.game].starts_ms for leg in bet.legs if leg.game in games and leg.grade is None]
        locks = f", locks {at(from_millis(min(starts)), 'R')}" if starts else ""
        return f"{stake}, may return {section.amount(bet.returned, bet.mode)}{locks} · {named}"
    if bet.status is BetStatus.CANCELLED or bet.outcome is None:
        return f"🚫 cancelled {at(from_millis(bet.changed_ms), 'd')}, {stake} · {named}"
    corrected = ", corrected" if bet.settlements > 1 else ""
    end = _ended(bet.outcome, bet.stake, bet.payout or 0, bet.changed_ms, section, bet.mode, corrected)
    closing = percent(bet.closing_bps)
    return " · ".join(filter(None, (end, f"{closing} CLV" if closing else "", named)))


def _ended(
    outcome: BetOutcome, stake: int, payout: int, at_ms: int, section: BetsSection, mode: BetsMode, corrected: str = ""
) -> str:
    sign, said = ended(outcome, stake, payout)
    figures = f"{section.amount(stake, mode)} staked, {section.amount(payout, mode)} back"
    return f"{sign} {said}{corrected} {at(from_millis(at_ms), 'd')}: {figures}"
