"""What components do, by their custom ids: known from the start, while messages are drawn once somebody asks."""

from __future__ import annotations

from typing import NamedTuple

from steward.bots.bets.markets.draft import MOST_OUTCOMES
from steward.client.components import Action
from steward.client.components.actions import number, page, up_to

OWN_CANCEL = Action("bets", "own_cancel")
OWN_CANCEL_SURE = Action("bets", "own_cancel_sure", args=(number,))
OWN_CANCEL_NOT = Action("bets", "own_cancel_not")
CANCEL_BET = Action("bets", "cancel_bet", args=(number,))


class SlipActions(NamedTuple):
    """What the components of a slip do; each with the slip's id, `confirm` and `remove` with its revision too."""

    confirm: Action
    stake: Action
    stake_set: Action
    discard: Action
    remove: Action


def actions_of(kind: str) -> SlipActions:
    """Return the actions of a kind of slip."""
    slip, shown = (number,), (number, number)
    return SlipActions(
        Action("bets", f"{kind}_confirm", args=shown),
        Action("bets", f"{kind}_stake", args=slip),
        Action("bets", f"{kind}_stake_set", args=slip),
        Action("bets", f"{kind}_discard", args=slip),
        Action("bets", f"{kind}_remove", args=shown),
    )


SINGLE, PARLAY = actions_of("slip"), actions_of("parlay")

MARKET_WRITE = Action("bets", "market_write", args=(number,))  # draft
MARKET_WRITTEN = Action("bets", "market_written", args=(number,))
MARKET_MEANT = Action("bets", "market_meant", args=(number, up_to(5)))  # draft, reading
MARKET_POST = Action("bets", "market_post", args=(number,))
MARKET_DISCARD = Action("bets", "market_discard", args=(number,))
MARKET_BET = Action("bets", "market_bet", args=(number, up_to(MOST_OUTCOMES)))  # market, outcome
MARKET_BET_SENT = Action("bets", "market_bet_sent", args=(number, up_to(MOST_OUTCOMES), number))  # and press
MARKET_BACK = Action("bets", "market_back", args=(number,))
MARKET_PROPOSE = Action("bets", "market_propose", args=(number,))
MARKET_CONFIRM = Action("bets", "market_confirm", args=(number, up_to(MOST_OUTCOMES)))  # market, answer
MARKET_OBJECT = Action("bets", "market_object", args=(number,))
MARKET_OBJECTION = Action("bets", "market_objection", args=(number,))
MARKET_NO_OBJECTION = Action("bets", "market_no_objection")
MARKET_DECIDE = Action("bets", "market_decide", args=(number,))
MARKET_CLOSE = Action("bets", "market_close", args=(number,))
MARKET_CLOSING = Action("bets", "market_closing", args=(number,))
MARKET_STAYS_OPEN = Action("bets", "market_stays_open")
MARKET_VOID = Action("bets", "market_void", args=(number,))
MARKET_VOID_WHY = Action("bets", "market_void_why", args=(number,))
MARKET_VOIDED = Action("bets", "market_voided", args=(number,))
MARKETS_LIST = Action("bets", "markets", args=(page,))

RULING_PICK = Action("bets", "ruling_pick")
RULING_CHOOSE = Action("bets", "ruling_choose", args=(number,))  # draft
RULING_WRITE = Action("bets", "ruling_write", args=(number,))
RULING_WRITTEN = Action("bets", "ruling_written", args=(number,))
RULING_REASON = Action("bets", "ruling_reason", args=(number,))
RULING_REASONED = Action("bets", "ruling_reasoned", args=(number,))
RULING_CONFIRM = Action("bets", "ruling_confirm", args=(number,))
RULING_DISCARD = Action("bets", "ruling_discard", args=(number,))

FEEDS_PAGE = Action("bets", "feeds_page", args=(page,))
FEEDS_PICK = Action("bets", "feeds_pick")
FEEDS_ITEM = Action("bets", "feeds_item", args=(number, number))  # item, since when it waits
FEEDS_CHOOSE = Action("bets", "feeds_choose", args=(number, number))
FEEDS_ASK = Action("bets", "feeds_ask", args=(number, number, str))  # and what it is
FEEDS_DECIDE = Action("bets", "feeds_decide", args=(number, number, str, number))  # and which team or game
FEEDS_FIND = Action("bets", "feeds_find", args=(number, number))
FEEDS_FOUND = Action("bets", "feeds_found", args=(number, number))
FEEDS_GAME = Action("bets", "feeds_game", args=(number,))
FEEDS_WRITE = Action("bets", "feeds_write", args=(number,))
FEEDS_WRITTEN = Action("bets", "feeds_written", args=(number,))
FEEDS_VOID = Action("bets", "feeds_void", args=(number,))
FEEDS_SETTLE = Action("bets", "feeds_settle", args=(number, str, str, str, str))  # game, scores as they are typed
FEEDS_FORMS = (FEEDS_FIND, FEEDS_WRITE)
"""They open one."""
FEEDS_PRESSES = (
    *FEEDS_FORMS,
    *(FEEDS_PICK, FEEDS_ITEM, FEEDS_CHOOSE, FEEDS_ASK, FEEDS_DECIDE, FEEDS_FOUND),
    *(FEEDS_GAME, FEEDS_WRITTEN, FEEDS_VOID, FEEDS_SETTLE),
)
