"""How markets of members look: the form, the post, the list."""

from __future__ import annotations

from collections.abc import Sequence

from steward.bots.bets.markets.draft import MarketDraft
from steward.bots.bets.markets.market import VOID_ANSWER, MarketOutcome, MarketStatus, MemberMarket
from steward.bots.bets.odds.prices import show_odds
from steward.bots.bets.section import BetsSection
from steward.bots.bets.views import actions
from steward.bots.bets.views.wallet import PLAY_MONEY
from steward.client.components import Style, button, option, row, select, turns
from steward.client.embeds import AMBER, BLUE, GREEN, Message, field, plain
from steward.text.cutting import cut_label, cut_list
from steward.text.plurals import counted

A_ROW = 5
LONGEST_LIST, SHORT_QUESTION = 4096, 80
VOID_LABEL = "Void: everybody gets their stake back"


def preview(draft: MarketDraft, market: MemberMarket | None, section: BetsSection, *notes: str) -> Message:
    """
    Show a market in the making.

    Args:
        market: what it becomes; None while it can't be posted.
        notes: sentences above it; empty ones are left out.

    """
    buttons = [
        button("Change", actions.MARKET_WRITE.id(draft.id)),
        button("Discard", actions.MARKET_DISCARD.id(draft.id)),
    ]
    if market is None:
        return {"content": "\n".join(filter(None, notes)), "embeds": [], "components": [row(*buttons)]}
    told = "This is how it will look. You can't bet in your own market, and you can't change it once it's posted."
    post = button("Post", actions.MARKET_POST.id(draft.id), style=Style.GREEN)
    return {
        "content": "\n".join(filter(None, (*notes, told))),
        "embeds": market_post(market, section)["embeds"],
        "components": [row(post, *buttons)],
    }


def market_post(market: MemberMarket, section: BetsSection) -> Message:
    """Show a market as it is now."""
    fields = [_outcome(market, outcome, section) for outcome in market.outcomes]
    colour = {MarketStatus.OPEN: BLUE, MarketStatus.SETTLED: GREEN}.get(market.status, AMBER)
    embed = {
        "title": cut_label(plain(market.question), 256),
        "description": f"{_state(market)}\nWhat decides it: {plain(market.source)}",
        "color": colour,
        "fields": fields,
        "footer": {"text": f"{_kind(market, section)} {PLAY_MONEY}"},
    }
    return {"content": "", "embeds": [embed], "components": _buttons(market)}


def closing_question(market: MemberMarket) -> str:
    """Ask whether betting in a market is to be closed before its time."""
    if not market.staked:
        return f"**Close {plain(market.question)}?** Nobody has bet in it, so it's over then."
    return (
        f"**Close {plain(market.question)}?** Then nobody bets in it or takes a stake back, and it can't be opened"
        " again. What happened has to be said within two days; otherwise everybody is refunded."
    )


def closed_said(market: MemberMarket) -> str:
    """Tell who closed betting in a market what comes next."""
    if market.status is MarketStatus.SETTLED:
        return "It's over: nobody had bet in it."
    return "Betting is closed. What happened is said in its post, or with `/market show`, within two days."


def void_question(market: MemberMarket, section: BetsSection) -> Message:
    """Ask whether a market is to be void, before it is asked why."""
    bets = sum(outcome.bets for outcome in market.outcomes)
    back = f"{counted(bets, 'bet')}, {section.points(market.staked)} in all, {'goes' if bets == 1 else 'go'} back"
    text = f"**Void {plain(market.question)}?** {back if bets else 'Nobody has bet in it'}. It can't be undone."
    buttons = (
        button("Void", actions.MARKET_VOID_WHY.id(market.id), style=Style.RED),
        button("Cancel", actions.MARKET_STAYS_OPEN.id()),
    )
    return {"content": text, "components": [row(*buttons)]}


def market_list(markets: Sequence[MemberMarket], shown: int, section: BetsSection, *, has_more: bool) -> Message:
    """Show a page of the markets that aren't settled."""
    lines = []
    for market in markets:
        question = plain(cut_label(market.question, SHORT_QUESTION))
        lines.append(f"**{question}** in <#{market.channel_id}>\n{_state(market)} {_on_it(market, section)}")
    text = cut_list(lines, LONGEST_LIST) or "There are no markets now. `/market create` makes one."
    embed = {"title": "Markets", "description": text, "color": BLUE, "footer": {"text": PLAY_MONEY}}
    return {"embeds": [embed], "components": turns(shown, has_more, actions.MARKETS_LIST.id)}


def _state(market: MemberMarket) -> str:
    """Say what can be done with a market now, and until when."""
    until = f"<t:{market.deadline_ms // 1000}:R>"
    answer = f"**{plain(market.answer_label(market.answer))}**"
    creator = "A bet manager" if market.creator_id is None else f"<@{market.creator_id}> or a bet manager"
    if market.status is MarketStatus.OPEN:
        return f"Open: it closes <t:{market.closes_ms // 1000}:f>."
    if market.status is MarketStatus.CLOSED:
        return f"Closed. {creator} says what happened; otherwise everybody is refunded {until}."
    if market.status is MarketStatus.PROPOSED:
        return (
            f"Proposed: {answer}. Somebody else without a stake confirms it; otherwise everybody is refunded {until}."
        )
    if market.status is MarketStatus.CONFIRMED:
        return f"Confirmed: {answer}. Whoever has a stake can object; otherwise it's settled {until}."
    if market.status is MarketStatus.OBJECTED:
        return f"Objected to: {answer}. A bet manager without a stake decides; otherwise everybody is refunded {until}."
    why = f" A bet manager says why: “{plain(market.void_reason)}”" if market.void_reason else ""
    return f"Settled: {answer}.{why}"


def _kind(market: MemberMarket, section: BetsSection) -> str:
    if market.has_odds:
        return "The house pays these odds."
    kept = f", and the house keeps {market.takeout_bps / 100:g}% of it" if market.takeout_bps else ""
    pool = f"A pool of {section.points(market.staked)}"
    return f"{pool}: the winners share what the others staked{kept}. Odds change with each bet."


def _on_it(market: MemberMarket, section: BetsSection) -> str:
    bets = counted(sum(outcome.bets for outcome in market.outcomes), "bet")
    return f"{bets}, {section.points(market.staked)} in all."


def _outcome(market: MemberMarket, outcome: MarketOutcome, section: BetsSection) -> Message:
    pays = market.pays(outcome)
    said = f"{section.points(outcome.staked)} in {counted(outcome.bets, 'bet')}"
    if pays is not None:
        said += f", pays {show_odds(pays, section.odds_format)}"
    won = market.status is MarketStatus.SETTLED and market.answer == outcome.number
    return field(f"{'✅ ' if won else ''}{plain(outcome.label)}", said)


def _buttons(market: MemberMarket) -> list[Message]:
    if market.status is MarketStatus.OPEN:
        bets = [button(outcome.label, actions.MARKET_BET.id(market.id, outcome.number)) for outcome in market.outcomes]
        rows = [row(*bets[at : at + A_ROW]) for at in range(0, len(bets), A_ROW)]
        back = button("Take my stake back", actions.MARKET_BACK.id(market.id), style=Style.RED)
        close = button("Close betting now", actions.MARKET_CLOSE.id(market.id))
        return [*rows, row(back, close, button("Void", actions.MARKET_VOID.id(market.id)))]
    answers = [option(outcome.label, str(outcome.number)) for outcome in market.outcomes]
    answers.append(option(VOID_LABEL, str(VOID_ANSWER)))
    if market.status is MarketStatus.CLOSED:
        return [row(select(actions.MARKET_PROPOSE.id(market.id), answers, placeholder="What happened?"))]
    if market.status is MarketStatus.PROPOSED:
        label = f"Confirm: {market.answer_label(market.answer)}"
        confirm = button(label, actions.MARKET_CONFIRM.id(market.id, market.answer or VOID_ANSWER), style=Style.GREEN)
        return [
            row(confirm),
            row(select(actions.MARKET_PROPOSE.id(market.id), answers, placeholder="Propose something else")),
        ]
    if market.status is MarketStatus.CONFIRMED:
        return [row(button("Object", actions.MARKET_OBJECT.id(market.id), style=Style.RED))]
    if market.status is MarketStatus.OBJECTED:
        return [
            row(select(actions.MARKET_DECIDE.id(market.id), answers, placeholder="For bet managers: what happened?"))
        ]
    return []
