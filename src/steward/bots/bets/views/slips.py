"""How a slip looks, and what a member reads once its bet is placed or cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from steward.bots.bets.ledger.amounts import LONGEST_AMOUNT
from steward.bots.bets.odds.prices import Odds, OddsFormat, product, show_odds
from steward.bots.bets.placing.bets import Bet, BetStatus
from steward.bots.bets.placing.quoting import LegNow
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.slips.parlays import FEWEST_LEGS, MOST_LEGS
from steward.bots.bets.slips.slip import BetSlip
from steward.bots.bets.views.actions import CANCEL_BET, PARLAY, SlipActions
from steward.bots.bets.views.picks import counted_score
from steward.bots.bets.views.wallet import PLAY_MONEY, kept_in
from steward.client.components import Style, button, option, row, select, text_input
from steward.client.embeds import AMBER, BLUE, GREEN, Message, at, field, plain
from steward.client.panels.form import ModalForm
from steward.store import from_millis
from steward.text.cutting import cut_label, cut_text

LONGEST_DESCRIPTION = 4096  # of an embed
LONGEST_LEAGUE = 40
MOVED = "⚠️ The price has moved. Confirm if you still want it."


def slip_view(
    slip: BetSlip,
    legs: Sequence[LegNow],
    section: BetsSection,
    odds_format: OddsFormat,
    actions: SlipActions,
    note: str = "",
) -> Message:
    """
    Show a slip.

    Args:
        note: why something was refused; empty if nothing was.

    """
    notes = [f"⚠️ {note}"] if note else []
    notes += [MOVED] if any(leg.was is not None for leg in slip.legs) else []
    parlay = actions is PARLAY
    told = [_leg_lines(one, section, odds_format, is_open=True) for one in legs] or [
        "Add a leg with `/parlay game: pick:`."
    ]
    embed = {
        "title": f"Your parlay, {len(legs)} of up to {MOST_LEGS} legs" if parlay else "Your slip",
        "description": cut_text("\n\n".join([*notes, *told]), LONGEST_DESCRIPTION),
        "color": AMBER if notes else BLUE,
        "fields": _figures((leg.odds for leg in slip.legs), slip.stake, slip.returned, slip.mode, section, odds_format),
        "footer": {"text": PLAY_MONEY},
    }
    ready = bool(slip.stake) and len(legs) >= (FEWEST_LEGS if parlay else 1)
    buttons = [
        button("Confirm", actions.confirm.id(slip.id, slip.revision), style=Style.GREEN, disabled=not ready),
        button("Change stake" if slip.stake else "Set stake", actions.stake.id(slip.id)),
        button("Discard" if parlay else "Cancel", actions.discard.id(slip.id)),
    ]
    rows = [row(*buttons)]
    if parlay and legs:
        options = [option(one.label, str(slip.legs.index(one.leg))) for one in legs]
        menu = select(actions.remove.id(slip.id, slip.revision), options, placeholder="Remove a leg …")
        rows.insert(0, row(menu))
    return {"embeds": [embed], "components": rows}


def stake_form(slip: BetSlip) -> ModalForm:
    """Ask for the stake."""
    units = slip.mode is BetsMode.UNITS
    placeholder = "0.25 to 5, such as 1 or 2.5" if units else "such as 250, 2.5k, half or all"
    label = "In units" if units else "How much"
    return ModalForm("Your stake", (text_input(label, "stake", placeholder=placeholder, most=LONGEST_AMOUNT), str))


def placed_view(
    bet: Bet, legs: Sequence[LegNow], section: BetsSection, odds_format: OddsFormat, ended: int | None = None
) -> Message:
    """Show a bet that was placed from a slip, with a button that cancels it while it is open."""
    is_open = bet.status is BetStatus.OPEN
    title = {
        BetStatus.OPEN: f"Bet {bet.id} is placed",
        BetStatus.CANCELLED: f"Bet {bet.id} is cancelled",
        BetStatus.SETTLED: f"Bet {bet.id} is settled",
    }[bet.status]
    told = [_leg_lines(one, section, odds_format, is_open=is_open) for one in legs]
    if bet.status is BetStatus.CANCELLED and bet.mode is BetsMode.HOUSE:
        told.insert(0, f"Your stake of {section.amount(bet.stake, bet.mode)} is back in {kept_in(ended)}.")
    elif is_open:
        ends = section.cancel_ends(bet.placed_ms)
        until = "until it locks" if ends is None else f"until {at(from_millis(ends), 't')}, unless it locks before"
        told.append(f"You can cancel it {until}.")
    figures = _figures((leg.odds for leg in bet.legs), bet.stake, bet.returned, bet.mode, section, odds_format)
    if not is_open:  # what it would return is over
        figures[-1:] = [] if bet.payout is None else [field("Paid", section.amount(bet.payout, bet.mode))]
    embed = {
        "title": title,
        "description": cut_text("\n\n".join(told), LONGEST_DESCRIPTION),
        "color": GREEN if is_open else BLUE,
        "fields": figures,
        "footer": {"text": PLAY_MONEY},
    }
    buttons = [row(button("Cancel bet", CANCEL_BET.id(bet.id)))] if is_open else []
    return {"content": "", "embeds": [embed], "components": buttons}


def _leg_lines(one: LegNow, section: BetsSection, odds_format: OddsFormat, *, is_open: bool) -> str:
    leg, league = one.leg, plain(cut_label(one.league, LONGEST_LEAGUE))
    lines = [f"**{one.title}** · {league}", f"{one.name} at **{show_odds(leg.odds, odds_format)}**"]
    if leg.was is not None:
        before = one.named(leg.pick._replace(line=leg.was_line))
        lines.append(f"It was {before} at {show_odds(leg.was, odds_format)}.")
    start = from_millis(one.game.starts_ms)
    locks = ", when bets lock" if is_open else ""
    lines.append(f"Starts {at(start)}, {at(start, 'R')}{locks}")
    lines.append(f"Settled on: {counted_score(leg.pick, one.sport, section.settlement_rows)}")
    if is_open and one.closed:
        lines.append(f"⚠️ {one.closed}")
    return "\n".join(lines)


def _figures(
    odds: Iterable[Odds], stake: int, returned: int, mode: BetsMode, section: BetsSection, odds_format: OddsFormat
) -> list[Message]:
    together = product(odds)
    shown = show_odds(Odds(*together), odds_format) if together != (1, 1) else "none yet"
    if not stake:
        return [field("Odds", shown), field("Stake", "not set")]
    pays = section.amount(returned, mode)
    return [
        field("Odds", shown),
        field("Stake", section.amount(stake, mode)),
        field("Returns if it wins", f"{pays}, rounded down"),
    ]
