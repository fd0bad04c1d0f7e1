"""What members read about wallets and seasons."""

from __future__ import annotations

from steward.bots.bets.ledger.accounts import Wallet
from steward.bots.bets.ledger.seasons import Standings
from steward.bots.bets.ledger.wallets import Claimed, NextClaim
from steward.bots.bets.section import BetsSection
from steward.client.components import Action
from steward.client.components.actions import number, page
from steward.client.embeds import AMBER, BLUE, Message, at, field
from steward.text.plurals import counted

HISTORY = Action("bets", "history", args=(page,))
CLOSE = Action("bets", "season_close", args=(number,))  # season
KEEP = Action("bets", "season_keep")

PLAY_MONEY = "Play money: it can't be bought, sold or swapped for anything of value."
NOBODY = "a former member"


def wallet_view(own: Wallet | None, due: NextClaim, season: int, section: BetsSection) -> Message:
    """Show a member's wallet, and what they can claim next."""
    balance = 0 if own is None else own.balance
    said = f"**{section.points(balance)}**"
    if balance < 0:
        said += "\nThe result of a bet was corrected after you had spent its winnings. Claims and wins pay it back."
    amount = section.points(due.amount)
    claims = f"{amount} to collect: `/wallet claim`" if due.at is None else f"the next {at(due.at, 'R')}: {amount}"
    fields = [
        field("Daily claim", claims if due.amount else "none here"),
        field("Gifts", _gifts(section)),
    ]
    return {
        "embeds": [
            {
                "title": f"Your wallet, season {season}",
                "description": said,
                "color": AMBER if balance < 0 else BLUE,
                "fields": fields,
                "footer": {"text": PLAY_MONEY},
            }
        ]
    }


def claimed(done: Claimed, section: BetsSection) -> str:
    said = f"You got {section.points(done.amount)} and have {section.points(done.balance)} now."
    if done.is_first:
        said = f"Welcome! {said}"
    return f"{said} The next claim is ready {at(done.again_at, 'R')}." if section.daily_claim else said


def given(giver: int, receiver: int, amount: int, section: BetsSection) -> str:
    return f"<@{giver}> gave <@{receiver}> {section.points(amount)}."


def standings_view(found: Standings, section: BetsSection) -> Message:
    """Show who is ahead, or who was when a season ended."""
    lines = [f"{one.place}. {member_named(one.user_id)}: {section.points(one.points)}" for one in found.places]
    title = f"Season {found.season}{', as it ended' if found.is_over else ''}"
    footer = f"{counted(found.members, 'member')} with {section.currency}. {PLAY_MONEY}"
    text = "\n".join(lines) or f"Nobody has any {section.currency}."
    return {"embeds": [{"title": title, "description": text, "color": BLUE, "footer": {"text": footer}}]}


def close_question(season: int, section: BetsSection) -> str:
    """Ask whoever is about to end a season."""
    begins = f"begins with {section.points(section.starting_balance)} for everybody who has a wallet"
    return (
        f"**End season {season}? This can't be undone.**\n"
        f"All wallets are emptied, debts included; the standings are kept. Season {season + 1} {begins}. Stakes of open"
        " bets stay where they are; what those bets pay, or give back, counts for no wallet any more."
    )


def kept_in(ended: int | None) -> str:
    """Name where the stake of a bet goes that was placed in a season that has ended, or in this one."""
    return "your wallet" if ended is None else f"the account of season {ended}, which has ended"


def _gifts(section: BetsSection) -> str:
    if not section.gift_limit:
        return "none here"
    return f"up to {section.points(section.gift_limit)} at once, {section.points(section.daily_gift_limit)} a day"


def member_named(user_id: int | None) -> str:
    """Mention a member; somebody forgotten has no name."""
    return f"<@{user_id}>" if user_id is not None and user_id > 0 else NOBODY
