"""How the history of a wallet looks: each entry with the game or the market that it is about."""

from __future__ import annotations

from steward.bots.bets.ledger.entry_subjects import EntrySubject
from steward.bots.bets.ledger.history import History, HistoryLine
from steward.bots.bets.section import BetsSection
from steward.bots.bets.views.games import versus
from steward.bots.bets.views.wallet import HISTORY, PLAY_MONEY, member_named
from steward.client.components import turns
from steward.client.embeds import BLUE, Message, at, plain
from steward.text.cutting import cut_label

LONGEST_SUBJECT = 150  # ten of them fit in an embed, whatever is escaped in them
WHAT = {  # `on`: the bet or the market
    "claim": "daily claim",
    "grant": "granted",
    "forgive": "debt cleared",
    "bet": "staked on {on}",
    "cancel": "{on}: cancelled, stake back",
    "settle": "{on}: {end}",
    "reverse": "{on}: settled anew, since the result was corrected",
    "market_bet": "staked on {on}",
    "market_bet_back": "{on}: stake taken back",
    "market_paid": "{on}: {end}",
    "retire": "taken out of circulation",
    "season_close": "the season ended",
    "season_begin": "a season began",
}
BY_MANAGERS = frozenset({"grant", "forgive"})
NO_HISTORY = "Nothing has happened in your wallet yet. `/wallet claim` gets you started."


def history_view(found: History, section: BetsSection) -> Message:
    """Show a page of what happened in a wallet."""
    lines = [_line(line, section) for line in found.lines] or [NO_HISTORY]
    embed = {
        "title": f"Your wallet: {section.points(found.balance)}",
        "description": "\n".join(lines),
        "color": BLUE,
        "footer": {"text": PLAY_MONEY},
    }
    return {"embeds": [embed], "components": turns(found.page, found.has_more, HISTORY.id)}


def _line(line: HistoryLine, section: BetsSection) -> str:
    sign = "+" if line.amount > 0 else "-"
    amount, balance = section.points(abs(line.amount)), section.points(line.balance)
    return f"{at(line.at, 'd')} **{sign}{amount}** {_what(line)} · {balance}"


def _what(line: HistoryLine) -> str:
    """Say what an entry is about."""
    if line.kind == "transfer":
        return f"{'from' if line.amount > 0 else 'to'} {member_named(line.other_id)}"
    what = WHAT.get(line.kind, line.kind.replace("_", " "))
    what = what.format(on=_named(line.subject), end=_end(line))
    return f"{what} by {member_named(line.actor_id)}" if line.kind in BY_MANAGERS else what


def _named(subject: EntrySubject | None) -> str:
    """Name the bet or the market that an entry is about."""
    if subject is None:
        return "a bet"
    if subject.bet is None:
        return f"“{plain(cut_label(subject.question, LONGEST_SUBJECT))}”"
    if subject.legs > 1:
        return f"a parlay of {subject.legs} legs (bet {subject.bet})"
    return " ".join([*map(versus, subject.games[:1]), f"(bet {subject.bet})"])


def _end(line: HistoryLine) -> str:
    """Say how what was staked has ended: by what it paid."""
    staked = None if line.subject is None else line.subject.staked
    if staked is None:
        return "settled"
    if line.amount == staked:
        return "stake back"
    return "won" if line.amount > staked else "lost, a part of the stake back"
